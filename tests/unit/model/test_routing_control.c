/*
 * Safety rules: what they let happen (R-ARC-4 to R-ARC-6, S-31).  There are four controls, a to d,
 * and time is 100,000 ms.
 */
#include "tests.h"

#include "signpost/model/routing_control.h"

#define NOW_MS 100000

static void add_names(struct control_names *list, const char *letters)
{
    for (; *letters != '\0'; letters++)
        assert_int_equal(control_names_add(list, (const char[]){ *letters, '\0' }, NULL), 0);
}

/* "a" is on and "." is off, by place; "ab.." has a and b on. */
static bool is_on(const char *states, unsigned place)
{
    return states[place] != '.';
}

static int judge(const struct safety_rule *rule, const char *before, const char *after,
                 uint64_t changed_ms, struct problem *out_problem)
{
    struct routing_control controls[4] = {
        { .name = "a", .changed_ms = changed_ms }, { .name = "b" }, { .name = "c" }, { .name = "d" }
    };
    bool will_be_on[4];
    for (unsigned i = 0; i < 4; i++) {
        controls[i].is_on = is_on(before, i);
        will_be_on[i] = is_on(after, i);
    }
    const struct control_states states = { controls, will_be_on, 4, NOW_MS };
    return safety_rule_judge(rule, &states, out_problem);
}

static struct safety_rule rule_of(enum rule_kind kind, enum rule_type type, uint32_t threshold,
                                  const char *controls, const char *targets)
{
    struct safety_rule rule = { .name = "r",
                                .panel = "default",
                                .kind = kind,
                                .type = type,
                                .threshold = threshold,
                                .wait_ms = RULE_WAIT_MS_DEFAULT };
    add_names(&rule.controls, controls);
    add_names(&rule.targets, targets);
    return rule;
}

static void an_assertion_counts_what_will_be_on(void **state)
{
    static const struct row {
        const char *why;
        enum rule_type type;
        uint32_t threshold;
        bool inverted;
        const char *before, *after;
        bool refuses;
    } rows[] = {
        { "S-31b: from one to the other in one call", RULE_ATLEAST, 1, false, "a...", ".b..",
          false },
        { "S-31c: none is left", RULE_ATLEAST, 1, false, "a...", "....", true },
        { "one of two stays", RULE_ATLEAST, 1, false, "ab..", "a...", false },
        { "two are wanted", RULE_ATLEAST, 2, false, "ab..", "a...", true },
        { "AND wants all", RULE_AND, 0, false, "abc.", "ab..", true },
        { "AND has all", RULE_AND, 0, false, "ab..", "abc.", false },
        { "OR wants one", RULE_OR, 0, false, "a...", "....", true },
        { "OR has one", RULE_OR, 0, false, "ab..", "a...", false },
        { "inverted OR: none may be on", RULE_OR, 0, true, "....", "a...", true },
        { "inverted OR: the last one goes", RULE_OR, 0, true, "a...", "....", false },
        { "inverted AND: not all of them", RULE_AND, 0, true, "ab..", "abc.", true },
        { "inverted ATLEAST 2: one at most", RULE_ATLEAST, 2, true, "a...", "ab..", true },
        { "what it does not assert does not matter", RULE_ATLEAST, 1, false, "...d", "....",
          false },
        { "what was wrong before stays so unasked", RULE_AND, 0, false, "a..d", "a...", false },
        { "a way out of it that is none", RULE_AND, 0, false, "a...", "ab..", true },
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct safety_rule rule =
            rule_of(RULE_ASSERTION, rows[i].type, rows[i].threshold, "abc", "");
        rule.is_inverted = rows[i].inverted;
        int rc = judge(&rule, rows[i].before, rows[i].after, 0, NULL);
        if (rc != (rows[i].refuses ? SP_ECONFLICT : 0))
            fail_msg("%s: %d", rows[i].why, rc);
    }
}

static void a_gate_is_looked_at_as_it_was(void **state)
{
    static const struct row {
        const char *why, *before, *after;
        bool refuses;
    } rows[] = {
        { "it is shut", "..c.", "...d", true },
        { "it is open", "a.c.", "a..d", false },
        { "to open it and go through takes two calls", "..c.", "a..d", true },
        { "going through and shutting it takes one", "a.c.", "...d", false },
        { "the gate itself may turn", "..c.", "a.c.", false },
        { "b is neither gate nor target", "..c.", ".bc.", false },
    };
    (void)state;
    struct safety_rule rule = rule_of(RULE_GATING, RULE_AND, 0, "a", "cd");
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        int rc = judge(&rule, rows[i].before, rows[i].after, 0, NULL);
        if (rc != (rows[i].refuses ? SP_ECONFLICT : 0))
            fail_msg("%s: %d", rows[i].why, rc);
    }
}

static void changes_wait_for_each_other(void **state)
{
    static const struct row {
        const char *why;
        uint64_t changed_ms;
        uint32_t wait_ms;
        bool refuses;
    } rows[] = {
        { "it never changed", 0, 5000, false },
        { "too soon", NOW_MS - 4999, 5000, true },
        { "the wait is over", NOW_MS - 5000, 5000, false },
        { "no wait is wanted", NOW_MS, 0, false },
        { "the clock went back since then", NOW_MS + 60000, 5000, false },
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct safety_rule rule = rule_of(RULE_ASSERTION, RULE_ATLEAST, 1, "ab", "");
        rule.wait_ms = rows[i].wait_ms;
        int rc = judge(&rule, "ab..", "a...", rows[i].changed_ms, NULL);
        if (rc != (rows[i].refuses ? SP_ECONFLICT : 0))
            fail_msg("%s: %d", rows[i].why, rc);
        assert_int_equal(judge(&rule, "...d", "....", rows[i].changed_ms, NULL), 0);
    }
}

static void a_refusal_tells_why_and_the_way_out(void **state)
{
    struct problem problem = { 0 };
    struct safety_rule rule = rule_of(RULE_ASSERTION, RULE_ATLEAST, 2, "abc", "");
    (void)state;
    judge(&rule, "abc.", "a...", 0, &problem);
    assert_string_equal(problem.text,
                        "the safety rule r refuses: it wants at least 2 of a, b, c to be On, and "
                        "after this change 1 would be: change others in the same call; or break "
                        "glass: --break-glass r (safety_rules_to_override)");
    rule.is_inverted = true;
    judge(&rule, "a...", "abc.", 0, &problem);
    assert_non_null(strstr(problem.text, "it wants fewer than 2 of a, b, c to be On"));
    judge(&rule, "a...", "ab..", NOW_MS - 1200, &problem);
    assert_string_equal(problem.text,
                        "the safety rule r refuses: one of its controls has changed 1200 ms ago, "
                        "and it wants 5000 ms between changes: wait; or break glass: --break-glass "
                        "r (safety_rules_to_override)");
    rule = rule_of(RULE_GATING, RULE_OR, 0, "a", "bc");
    judge(&rule, ".b..", "..c.", 0, &problem);
    assert_non_null(strstr(problem.text, "its targets may change only while at least 1 of a are "
                                         "On, and 0 are: open the gate first"));
}

static void a_rule_must_make_sense(void **state)
{
    static const struct row {
        enum rule_kind kind;
        enum rule_type type;
        uint32_t threshold;
        const char *controls, *targets, *expect;
    } rows[] = {
        { RULE_ASSERTION, RULE_ATLEAST, 2, "ab", "", "" },
        { RULE_GATING, RULE_AND, 0, "a", "bc", "" },
        { RULE_ASSERTION, RULE_AND, 0, "", "", "needs asserted controls" },
        { RULE_ASSERTION, RULE_AND, 0, "a", "b", "has no targets" },
        { RULE_GATING, RULE_AND, 0, "a", "", "needs gating controls and target controls" },
        { RULE_GATING, RULE_AND, 0, "", "a", "needs gating controls and target controls" },
        { RULE_ASSERTION, RULE_AND, 0, "aba", "", "the control a is there twice" },
        { RULE_GATING, RULE_AND, 0, "ab", "cb", "the control b is there twice" },
        { RULE_ASSERTION, RULE_ATLEAST, 0, "ab", "", "threshold: for ATLEAST it must be from 1" },
        { RULE_ASSERTION, RULE_ATLEAST, 3, "ab", "", "to 2, the number of controls" },
        { RULE_ASSERTION, RULE_OR, 1, "ab", "", "threshold: only ATLEAST has one" },
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct problem problem = { 0 };
        struct safety_rule rule = rule_of(rows[i].kind, rows[i].type, rows[i].threshold,
                                          rows[i].controls, rows[i].targets);
        int rc = safety_rule_check(&rule, &problem);
        if (rc != (rows[i].expect[0] == '\0' ? 0 : SP_EINVAL) ||
            strstr(problem.text, rows[i].expect) == NULL)
            fail_msg("row %zu: %d %s", i, rc, problem.text);
    }
    struct safety_rule slow = rule_of(RULE_ASSERTION, RULE_OR, 0, "a", "");
    slow.wait_ms = RULE_WAIT_MS_MAX + 1;
    assert_int_equal(safety_rule_check(&slow, NULL), SP_EINVAL);
    slow.wait_ms = 0;
    strcpy(slow.name, "two words");
    assert_int_equal(safety_rule_check(&slow, NULL), SP_EINVAL);
}

static void a_list_has_its_limit(void **state)
{
    struct control_names list = { .count = 0 };
    (void)state;
    for (unsigned i = 0; i < RULE_CONTROLS_MAX; i++)
        assert_int_equal(control_names_add(&list, "a", NULL), 0);
    assert_int_equal(control_names_add(&list, "a", NULL), SP_ELIMIT);
    assert_int_equal(control_names_add(&list, "a b", NULL), SP_EINVAL);
}

static void a_control_goes_by_its_name_and_its_arn(void **state)
{
    static const struct routing_control cell = { .name = "cell-1", .panel = "shop" };
    static const struct row {
        const char *text;
        bool is_it;
    } rows[] = {
        { "cell-1", true },
        { "arn:aws:route53-recovery-control::000000000000:controlpanel/shop/routingcontrol/cell-1",
          true },
        { "arn:aws:route53-recovery-control::000000000000:controlpanel/x/routingcontrol/cell-1",
          false },
        { "arn:aws:route53-recovery-control::000000000001:controlpanel/shop/routingcontrol/cell-1",
          false },
        { "arn:aws:route53-recovery-control::000000000000:controlpanel/shop", false },
        { "arn:aws:sns:us-east-1:1:x/routingcontrol/cell-1", false },
        { "cell-2", false },
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const char *name = routing_control_name(rows[i].text);
        assert_int_equal(routing_control_is(&cell, rows[i].text), rows[i].is_it);
        if (rows[i].is_it)
            assert_string_equal(name, "cell-1");
    }
    assert_null(routing_control_name(rows[4].text));
    assert_null(routing_control_name(rows[5].text));
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(an_assertion_counts_what_will_be_on),
    cmocka_unit_test(a_gate_is_looked_at_as_it_was),
    cmocka_unit_test(changes_wait_for_each_other),
    cmocka_unit_test(a_refusal_tells_why_and_the_way_out),
    cmocka_unit_test(a_rule_must_make_sense),
    cmocka_unit_test(a_list_has_its_limit),
    cmocka_unit_test(a_control_goes_by_its_name_and_its_arn),
};
RUN_TESTS(tests)
