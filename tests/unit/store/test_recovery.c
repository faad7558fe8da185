/* Alarms, routing controls, safety rules and zonal shifts: what is stored comes back, up to its
 * limits, and rows that nobody has written so are found. */
#include "scratch.h"

#include "internal.h"

#include "signpost/store/recovery.h"

static void end(struct store *store)
{
    struct problem problem = { 0 };
    if (store_commit_transaction(store, &problem) != 0)
        fail_msg("%s", problem.text);
}

static void must(int rc, const struct problem *problem)
{
    if (rc != 0)
        fail_msg("%d: %s", rc, problem->text);
}

/* ---- limits ---- */

static int count_alarm(void *context, const struct alarm *alarm)
{
    (void)alarm;
    ++*(unsigned *)context;
    return 0;
}

static void there_are_so_many_alarms_and_no_more(void **state)
{
    const struct scratch *scratch = *state;
    struct store *store = open_store(scratch->path);
    struct problem problem = { 0 };
    struct alarm alarm = { .region = "us-east-1", .state = ALARM_OK, .since_ms = 1 };
    unsigned count = 0;
    begin(store);
    for (unsigned i = 0; i < ALARMS_MAX; i++) {
        snprintf(alarm.name, sizeof alarm.name, "alarm %u", i);
        must(store_put_alarm(store, &alarm, &problem), &problem);
    }
    strcpy(alarm.name, "one more");
    assert_int_equal(store_put_alarm(store, &alarm, &problem), SP_ELIMIT);
    assert_string_equal(problem.text, "there are 10000 alarms already, as many as there can be: "
                                      "delete those that are not needed");
    strcpy(alarm.name, "alarm 7");
    alarm.state = ALARM_ALARM;
    must(store_put_alarm(store, &alarm, &problem), &problem);
    end(store);
    must(store_visit_alarms(store, count_alarm, &count, &problem), &problem);
    assert_int_equal(count, ALARMS_MAX);
    store_close(store);
}

static void there_are_so_many_controls_and_rules_and_no_more(void **state)
{
    const struct scratch *scratch = *state;
    struct store *store = open_store(scratch->path);
    struct problem problem = { 0 };
    struct routing_control control = { .panel = "default", .created_ms = 1 };
    struct safety_rule rule = { .panel = "default", .kind = RULE_ASSERTION, .type = RULE_OR };
    assert_int_equal(control_names_add(&rule.controls, "c0", NULL), 0);
    begin(store);
    for (unsigned i = 0; i < ROUTING_CONTROLS_MAX; i++) {
        snprintf(control.name, sizeof control.name, "c%u", i);
        must(store_add_routing_control(store, &control, &problem), &problem);
    }
    assert_int_equal(store_add_routing_control(store, &control, &problem), SP_EEXIST);
    strcpy(control.name, "one-more");
    assert_int_equal(store_add_routing_control(store, &control, &problem), SP_ELIMIT);
    for (unsigned i = 0; i < SAFETY_RULES_MAX; i++) {
        snprintf(rule.name, sizeof rule.name, "r%u", i);
        must(store_add_safety_rule(store, &rule, &problem), &problem);
    }
    assert_int_equal(store_add_safety_rule(store, &rule, &problem), SP_EEXIST);
    strcpy(rule.name, "one-more");
    assert_int_equal(store_add_safety_rule(store, &rule, &problem), SP_ELIMIT);
    end(store);
    store_close(store);
}

/* ---- shifts ---- */

static struct zonal_shift shift_number(unsigned number, enum shift_status status)
{
    struct zonal_shift shift = { .away_from = "az1",
                                 .comment = "rack 7",
                                 .status = status,
                                 .started_ms = 1000 + number,
                                 .expires_ms = 100000 - number,
                                 .ended_ms = status == SHIFT_ACTIVE ? 0 : 2000 + number };
    char name[32];
    snprintf(shift.id, sizeof shift.id, "00000000-0000-4000-8000-%012u", number);
    snprintf(name, sizeof name, "lb%u.example.", number);
    wire(shift.resource, name);
    return shift;
}

struct shifts_seen {
    unsigned active, ended;
    uint64_t last_ended_ms;
};

static int see_shift(void *context, const struct zonal_shift *shift)
{
    struct shifts_seen *seen = context;
    if (shift->status == SHIFT_ACTIVE) {
        assert_int_equal(seen->ended, 0);
        seen->active++;
        return 0;
    }
    assert_true(seen->ended++ == 0 || shift->ended_ms < seen->last_ended_ms);
    seen->last_ended_ms = shift->ended_ms;
    return 0;
}

static void the_newest_of_ended_shifts_are_kept(void **state)
{
    const struct scratch *scratch = *state;
    struct store *store = open_store(scratch->path);
    struct problem problem = { 0 };
    struct shifts_seen seen = { 0 };
    struct zonal_shift found;
    begin(store);
    for (unsigned i = 0; i < SHIFTS_KEPT + 20; i++) {
        struct zonal_shift shift = shift_number(i, i % 500 == 0 ? SHIFT_ACTIVE : SHIFT_EXPIRED);
        must(store_put_shift(store, &shift, &problem), &problem);
    }
    end(store);
    must(store_visit_shifts(store, see_shift, &seen, &problem), &problem);
    assert_int_equal(seen.active, 3);
    assert_int_equal(seen.ended, SHIFTS_KEPT);
    assert_int_equal(store_find_shift(store, shift_number(1, SHIFT_ACTIVE).id, &found, &problem),
                     SP_ENOENT);
    must(store_find_next_shift(store, &found, &problem), &problem);
    assert_string_equal(found.id, shift_number(1000, SHIFT_ACTIVE).id);
    store_close(store);
}

static void a_shift_comes_back_as_it_was(void **state)
{
    const struct scratch *scratch = *state;
    struct store *store = open_store(scratch->path);
    struct problem problem = { 0 };
    struct zonal_shift shift = shift_number(5, SHIFT_ACTIVE), found;
    begin(store);
    must(store_put_shift(store, &shift, &problem), &problem);
    end(store);
    store_close(store);
    store = open_store(scratch->path);
    must(store_find_active_shift(store, shift.resource, &found, &problem), &problem);
    assert_string_equal(found.id, shift.id);
    assert_string_equal(found.away_from, "az1");
    assert_string_equal(found.comment, "rack 7");
    assert_int_equal(found.started_ms, 1005);
    assert_int_equal(found.expires_ms, 99995);
    shift.status = SHIFT_CANCELED;
    shift.ended_ms = 7;
    begin(store);
    must(store_put_shift(store, &shift, &problem), &problem);
    end(store);
    assert_int_equal(store_find_active_shift(store, shift.resource, &found, &problem), SP_ENOENT);
    assert_int_equal(store_find_next_shift(store, &found, &problem), SP_ENOENT);
    must(store_find_shift(store, shift.id, &found, &problem), &problem);
    assert_int_equal(found.status, SHIFT_CANCELED);
    assert_int_equal(found.ended_ms, 7);
    store_close(store);
}

/* ---- damage ---- */

static int ignore_alarm(void *context, const struct alarm *alarm)
{
    (void)context, (void)alarm;
    return 0;
}

static int ignore_control(void *context, const struct routing_control *control)
{
    (void)context, (void)control;
    return 0;
}

static int ignore_rule(void *context, const struct safety_rule *rule)
{
    (void)context, (void)rule;
    return 0;
}

static int ignore_shift(void *context, const struct zonal_shift *shift)
{
    (void)context, (void)shift;
    return 0;
}

static int read_all(struct store *store, struct problem *out_problem)
{
    int rc = store_visit_alarms(store, ignore_alarm, NULL, out_problem);
    if (rc == 0)
        rc = store_visit_routing_controls(store, ignore_control, NULL, out_problem);
    if (rc == 0)
        rc = store_visit_safety_rules(store, ignore_rule, NULL, out_problem);
    return rc == 0 ? store_visit_shifts(store, ignore_shift, NULL, out_problem) : rc;
}

static void fill(struct store *store)
{
    struct problem problem = { 0 };
    struct alarm alarm = { .region = "us-east-1", .name = "load", .state = ALARM_OK };
    struct routing_control control = { .name = "c1", .panel = "default" };
    struct safety_rule rule = {
        .name = "r", .panel = "default", .kind = RULE_ASSERTION, .type = RULE_OR
    };
    struct zonal_shift shift = shift_number(1, SHIFT_ACTIVE);
    assert_int_equal(control_names_add(&rule.controls, "c1", NULL), 0);
    begin(store);
    must(store_put_alarm(store, &alarm, &problem), &problem);
    must(store_add_routing_control(store, &control, &problem), &problem);
    must(store_add_safety_rule(store, &rule, &problem), &problem);
    must(store_put_shift(store, &shift, &problem), &problem);
    end(store);
    must(read_all(store, &problem), &problem);
}

static void rows_that_make_no_sense_are_found(void **state)
{
    static const char a_shift[] = "zonal shift 00000000-0000-4000-8000-000000000001 makes no sense";
    static const struct row {
        const char *sql, *expect;
    } rows[] = {
        { "UPDATE alarm SET state = 'LOUD'", "alarm load makes no sense" },
        { "UPDATE alarm SET region = printf('%033d', 1)", "alarm  makes no sense" },
        { "UPDATE routing_control SET panel = 'a' || char(0)",
          "routing control c1 makes no sense" },
        { "UPDATE safety_rule SET kind = 'HINT'", "safety rule r makes no sense" },
        { "UPDATE safety_rule SET type = 'XOR'", "safety rule r makes no sense" },
        { "INSERT INTO safety_rule_control SELECT rule_id, 0, value, control"
          " FROM safety_rule_control, json_each('[1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,"
          "20,21,22,23,24,25,26,27,28,29,30,31,32]')",
          "safety rule r makes no sense" },
        { "UPDATE zonal_shift SET status = 'PAUSED'", a_shift },
        { "UPDATE zonal_shift SET resource_key = 'x'", a_shift },
        { "UPDATE zonal_shift SET comment = printf('%0129d', 1)", a_shift },
    };
    const struct scratch *scratch = *state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct store *store = open_store(scratch->path);
        struct problem problem = { 0 };
        fill(store);
        if (sqlite3_exec(store->db, rows[i].sql, NULL, NULL, NULL) != SQLITE_OK)
            fail_msg("%s: %s", rows[i].sql, sqlite3_errmsg(store->db));
        int rc = read_all(store, &problem);
        if (rc != SP_EDAMAGED || strstr(problem.text, rows[i].expect) == NULL)
            fail_msg("%s: %d %s", rows[i].sql, rc, problem.text);
        assert_true(store->damaged);
        store->damaged = false; /* so that the next round finds one file, not one and its log */
        store_close(store);
        assert_int_equal(unlink(scratch->path), 0);
    }
}

static const struct CMUnitTest tests[] = {
    SCRATCH_TEST(there_are_so_many_alarms_and_no_more),
    SCRATCH_TEST(there_are_so_many_controls_and_rules_and_no_more),
    SCRATCH_TEST(the_newest_of_ended_shifts_are_kept),
    SCRATCH_TEST(a_shift_comes_back_as_it_was),
    SCRATCH_TEST(rows_that_make_no_sense_are_found),
};
RUN_TESTS(tests)
