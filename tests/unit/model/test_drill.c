/* Drills: what a plan may be, what it is called, and how times are read. */
#include "plans.h"

/* ---- times ---- */

static void times_are_seconds_minutes_or_hours(void **state)
{
    static const struct row {
        const char *text;
        uint64_t ms;
        const char *expect; /* "": it is right */
    } rows[] = {
        { "90", 90000, "" },
        { "90s", 90000, "" },
        { "2m", 120000, "" },
        { "1h", 3600000, "" },
        { "0", 0, "" },
        { "24h", 86400000, "" },
        { "1d", 86400000, "" },
        { "25h", 0, "\"25h\" is too long: at most 24 hours" },
        { "86401", 0, "\"86401\" is too long: at most 24 hours" },
        { "99999999999999999999", 0, "\"99999999999999999999\" is too long: at most 24 hours" },
        { "", 0, "\"\" is no time: write \"90s\", \"2m\", \"1h\" or a number of seconds" },
        { "2 m", 0, "\"2 m\" is no time: write \"90s\", \"2m\", \"1h\" or a number of seconds" },
        { "-2m", 0, "\"-2m\" is no time: write \"90s\", \"2m\", \"1h\" or a number of seconds" },
        { "2d", 0, "\"2d\" is too long: at most 24 hours" },
        { "1.5m", 0, "\"1.5m\" is no time: write \"90s\", \"2m\", \"1h\" or a number of seconds" },
    };
    (void)state;
    for (unsigned i = 0; i < COUNT_OF(rows); i++) {
        struct problem problem = { 0 };
        uint64_t ms = 0;
        int rc = drill_time_read(rows[i].text, &ms, &problem);
        assert_string_equal(problem.text, rows[i].expect);
        assert_int_equal(rc == 0, rows[i].expect[0] == '\0');
        assert_int_equal(ms, rows[i].ms);
    }
}

/* ---- plans ---- */

static int check_broken(const char *const *breaks, struct problem *out_problem)
{
    struct drill_break parts[8];
    struct drill_plan plan = { .name = "", .for_ms = 60000, .breaks = parts };
    for (; *breaks != NULL; breaks++)
        parts[plan.break_count++] = break_of(*breaks);
    return drill_plan_check(&plan, out_problem);
}

static void what_breaks_is_named_rightly_and_once(void **state)
{
    static const struct row {
        const char *breaks[4];
        const char *expect; /* "": it is right */
    } rows[] = {
        { { "check web-1 down", "check web-2 up", "region eu-west-1" }, "" },
        { { "zone eu-west-1a", "control cell-1 Off floor", "hook web-1" }, "" },
        { { "hook", "hook" }, "" },
        { { "zone x", "region x" }, "" }, /* a Region and a zone are not the same thing */
        { { NULL },
          "break: a drill must break something: a check, a Region or zone, a routing control, or "
          "what a hook does" },
        { { "check web-1 down", "check a/b down" },
          "break[1]: \"a/b\" cannot be the id of a health check: it must be 1 to 64 letters, "
          "digits, \"-\", \"_\" and \".\"" },
        { { "region eu.west" },
          "break[0]: \"eu.west\" cannot be a Region: it must be 1 to 32 letters, digits, \"-\" and "
          "\"_\"" },
        { { "zone *" },
          "break[0]: \"*\" cannot be an availability zone: it must be 1 to 32 letters, digits, "
          "\"-\" and \"_\"" },
        { { "check web-1 down", "zone a", "check web-1 up" },
          "break[2]: break[0] breaks \"web-1\" already" },
        { { "hook web-1 web-2 web-1" }, "break[0]: \"web-1\" is named twice" },
    };
    (void)state;
    for (unsigned i = 0; i < COUNT_OF(rows); i++) {
        struct problem problem = { 0 };
        int rc = check_broken(rows[i].breaks, &problem);
        assert_string_equal(problem.text, rows[i].expect);
        assert_int_equal(rc, rows[i].expect[0] == '\0' ? 0 : SP_EINVAL);
    }
}

/* A plan that is right, for one thing to be wrong with it. */
struct sample {
    struct drill_break breaks[DRILL_STEPS_MAX + 1];
    struct drill_watch watches[DRILL_WATCHES_MAX + 1];
    struct drill_plan plan;
};

static struct sample *sample(void)
{
    static struct sample made;
    made.breaks[0] = break_of("check web-1 down");
    made.watches[0] = watch_of("www.shop.test.", NULL);
    made.plan = (struct drill_plan){ .name = "spring",
                                     .for_ms = 60000,
                                     .settle_ms = DRILL_SETTLE_MS_DEFAULT,
                                     .break_count = 1,
                                     .breaks = made.breaks,
                                     .watch_count = 1,
                                     .watches = made.watches };
    return &made;
}

static void assert_refused(const struct drill_plan *plan, int expect_rc, const char *expect)
{
    struct problem problem = { 0 };
    assert_int_equal(drill_plan_check(plan, &problem), expect_rc);
    assert_string_equal(problem.text, expect);
}

static void times_of_a_drill_have_limits(void **state)
{
    struct sample *right = sample();
    (void)state;
    assert_refused(&right->plan, 0, "");
    struct drill_plan plan = right->plan;
    plan.for_ms = 999;
    assert_refused(&plan, SP_EINVAL, "for: it must be at least 1 s");
    plan.for_ms = DRILL_MS_MAX + 1;
    assert_refused(&plan, SP_ELIMIT, "for: it may be 24 hours at most");
    plan = right->plan;
    plan.settle_ms = 0;
    assert_refused(&plan, 0, "");
    plan.settle_ms = DRILL_MS_MAX + 1;
    assert_refused(&plan, SP_ELIMIT, "settle: it may be 24 hours at most");
    plan = right->plan;
    plan.objectives.back_within_ms = DRILL_MS_MAX + 1;
    assert_refused(&plan, SP_ELIMIT, "objectives.back_within: it may be 24 hours at most");
}

static void a_drill_without_questions_has_no_objectives(void **state)
{
    struct drill_plan plan = sample()->plan;
    (void)state;
    plan.watch_count = 0;
    assert_refused(&plan, 0, "");
    plan.objectives.never_empty = true;
    assert_refused(&plan, SP_EINVAL,
                   "objectives: nothing is watched that could meet or miss them: add the questions "
                   "to \"watch\"");
}

static void each_question_is_watched_once(void **state)
{
    struct sample *made = sample();
    (void)state;
    made->watches[1] = watch_of("www.shop.test.", "203.0.113.0/25");
    made->watches[2] = watch_of("www.shop.test.", "203.0.113.128/25");
    made->plan.watch_count = 3;
    assert_refused(&made->plan, 0, "");
    made->watches[2] = made->watches[1];
    assert_refused(&made->plan, SP_EINVAL, "watch[2]: it is the same question as watch[1]");
}

static void lists_have_bounds(void **state)
{
    static const char *names[DRILL_NAMES_MAX + 1];
    struct sample *made = sample();
    (void)state;
    made->plan.break_count = DRILL_STEPS_MAX + 1;
    assert_refused(&made->plan, SP_ELIMIT, "break: 65 things are too many; at most 64");
    made->plan.break_count = 1;
    made->plan.watch_count = DRILL_WATCHES_MAX + 1;
    assert_refused(&made->plan, SP_ELIMIT, "watch: 65 questions are too many; at most 64");
    made = sample();
    made->breaks[0] = break_of("hook");
    made->breaks[0].names = names;
    made->breaks[0].name_count = DRILL_NAMES_MAX + 1;
    assert_refused(&made->plan, SP_ELIMIT, "break[0]: it names 101 checks; at most 100");
}

static void a_hook_breaks_with_a_command_of_bearable_length(void **state)
{
    char command[DRILL_COMMAND_SIZE_MAX + 2];
    struct sample *made = sample();
    (void)state;
    made->breaks[0] = break_of("hook web-1");
    made->breaks[0].restore = "";
    assert_refused(&made->plan, 0, "");
    memset(command, 'x', sizeof command);
    command[sizeof command - 1] = '\0';
    made->breaks[0].restore = command;
    assert_refused(&made->plan, SP_ELIMIT,
                   "break[0]: the command \"restore\" is too long; at most 4096 octets: put it "
                   "into a script");
    made->breaks[0].start = "";
    assert_refused(&made->plan, SP_EINVAL,
                   "break[0]: a hook needs \"start\", the command that breaks something");
}

static void a_drill_has_a_name_in_any_case(void **state)
{
    static const struct row {
        const char *name;
        const char *breaks[3];
        const char *expect;
    } rows[] = {
        { "spring", { "check web-1 down" }, "spring" },
        { "", { "check web-1 down" }, "web-1 down" },
        { "", { "check web-1 up", "zone a" }, "web-1 up and 1 more" },
        { "", { "region eu-west-1", "zone a", "hook" }, "eu-west-1 lost and 2 more" },
        { "", { "control cell-1 Off" }, "cell-1 Off" },
        { "", { "hook web-1" }, "a hook" },
    };
    char name[DRILL_NAME_SIZE_MAX + 1];
    (void)state;
    for (unsigned i = 0; i < COUNT_OF(rows); i++) {
        struct drill_break parts[3];
        struct drill_plan plan = { .name = rows[i].name, .breaks = parts };
        for (unsigned j = 0; j < 3 && rows[i].breaks[j] != NULL; j++)
            parts[plan.break_count++] = break_of(rows[i].breaks[j]);
        assert_string_equal(drill_plan_name(name, &plan), rows[i].expect);
    }
}

static void a_name_is_one_line(void **state)
{
    char name[DRILL_NAME_SIZE_MAX + 2];
    struct drill_plan plan = sample()->plan;
    (void)state;
    plan.name = "two\nlines";
    assert_refused(&plan, SP_EINVAL, "name: it has control characters; a name is one line of text");
    memset(name, 'n', sizeof name);
    name[sizeof name - 1] = '\0';
    plan.name = name;
    assert_refused(&plan, SP_EINVAL, "name: it is too long; at most 128 octets");
    plan.name = name + 1;
    assert_refused(&plan, 0, "");
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(times_are_seconds_minutes_or_hours),
    cmocka_unit_test(what_breaks_is_named_rightly_and_once),
    cmocka_unit_test(times_of_a_drill_have_limits),
    cmocka_unit_test(a_drill_without_questions_has_no_objectives),
    cmocka_unit_test(each_question_is_watched_once),
    cmocka_unit_test(lists_have_bounds),
    cmocka_unit_test(a_hook_breaks_with_a_command_of_bearable_length),
    cmocka_unit_test(a_drill_has_a_name_in_any_case),
    cmocka_unit_test(a_name_is_one_line),
};

RUN_TESTS(tests)
