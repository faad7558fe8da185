/*
 * Drills from start to end: everything breaks or nothing, and everything is restored: by whoever
 * runs the drill, by the clock, or at the next start.
 */
#include "drilling.h"
#include "full_disk.h"

#include "internal.h"

#define HOUR_MS 3600000ull

static int start_at(struct world *world, const struct drill_plan *plan, uint64_t now_ms,
                    struct drill_record *out_drill, struct problem *out_problem)
{
    const struct drill_order order = {
        .plan = plan, .owner = "ops", .definition = "{}", .prediction = "{}"
    };
    return control_start_drill(world->control, &order, now_ms, out_drill, out_problem);
}

static struct drill_record begin_drill(struct world *world, const char *breaks, const char *names)
{
    struct problem problem = { 0 };
    struct drill_record drill;
    must(start_at(world, plan_of(breaks, names), clock_unix_ms(), &drill, &problem), &problem);
    return drill;
}

static void assert_refused(struct world *world, const char *breaks, const char *names,
                           int expect_rc, const char *expect)
{
    struct problem problem = { 0 };
    struct drill_record drill;
    int rc = start_at(world, plan_of(breaks, names), clock_unix_ms(), &drill, &problem);
    assert_string_equal(problem.text, expect);
    assert_int_equal(rc, expect_rc);
}

static void assert_one_runs(struct world *world)
{
    struct problem problem = { 0 };
    struct drill_record drill;
    int rc = start_at(world, plan_of("check web-2 down", ""), clock_unix_ms(), &drill, &problem);
    assert_int_equal(rc, SP_ECONFLICT);
    assert_non_null(
        strstr(problem.text, "drill 1 (spring, of ops) is not over: it ends by itself in 3"));
}

static struct drill_record restored(struct world *world, int64_t id)
{
    struct problem problem = { 0 };
    struct drill_record drill;
    must(control_restore_drill(world->control, id, clock_unix_ms(), &drill, &problem), &problem);
    return drill;
}

static struct drill_record read_drill(struct world *world, int64_t id)
{
    struct problem problem = { 0 };
    struct drill_record drill;
    must(control_read_drill(world->control, id, &drill, &problem), &problem);
    return drill;
}

static void assert_answers(struct world *world, const char *www, const char *lb, const char *cell)
{
    assert_string_equal(answer_to(world, "www"), www);
    assert_string_equal(answer_to(world, "lb"), lb);
    assert_string_equal(answer_to(world, "cell"), cell);
}

static void assert_whole(struct world *world)
{
    assert_answers(world, "192.0.2.1", "192.0.2.11 192.0.2.12", "192.0.2.21");
}

static void assert_broken(struct world *world)
{
    assert_answers(world, "192.0.2.9", "192.0.2.12", "192.0.2.9");
}

/* One of everything that we break ourselves. */
static const char everything[] = "check web-1 down\nzone eu-west-1a\ncontrol c1 Off\nhook web-2";

/* ---- breaking and restoring ---- */

static void everything_breaks_at_once_and_is_restored_on_demand(void **state)
{
    struct world *world = *state;
    assert_whole(world);
    struct drill_record drill = begin_drill(world, everything, "www lb cell");
    assert_int_equal(drill.ends_ms - drill.started_ms, HOUR_MS);
    assert_broken(world);
    assert_int_equal(read_drill(world, drill.id).state, DRILL_RUNNING);

    struct drill_record after = restored(world, drill.id);
    assert_int_equal(after.state, DRILL_RESTORED);
    assert_int_equal(after.restored_by, DRILL_END_CLIENT);
    assert_true(after.restored_ms >= drill.started_ms);
    assert_string_equal(after.remarks, "");
    assert_whole(world);

    uint64_t restored_ms = after.restored_ms;
    assert_int_equal(restored(world, drill.id).restored_ms, restored_ms); /* harmless */
    assert_whole(world);
}

static void a_forced_check_says_whose_drill_it_is(void **state)
{
    struct world *world = *state;
    struct problem problem = { 0 };
    struct drill_record drill = begin_drill(world, "check web-1 down", "");
    must(control_read_check(world->control, "web-1", &view, &problem), &problem);
    assert_true(view.status.override.given);
    assert_false(view.status.override.up);
    assert_string_equal(view.status.override.owner, "drill 1");
    assert_string_equal(view.status.override.reason, "spring");
    assert_int_equal(view.status.override.expires_ms, drill.ends_ms);
}

static void a_region_is_all_of_its_zones_and_a_resource_without_any_is_down(void **state)
{
    struct world *world = *state;
    begin_drill(world, "region eu-west-1", "lb");
    assert_string_equal(answer_to(world, "lb"), "");
    restored(world, 1);
    assert_whole(world);
}

static void the_clock_ends_a_drill_that_nobody_has_restored(void **state)
{
    struct world *world = *state;
    struct problem problem = { 0 };
    struct drill_record drill = begin_drill(world, everything, "www");
    assert_int_equal(control__expire_drills(world->control, drill.ends_ms - 1, &problem),
                     drill.ends_ms);
    assert_broken(world);
    assert_int_equal(control__expire_drills(world->control, drill.ends_ms, &problem), 0);
    assert_whole(world);
    assert_int_equal(problem.status, 0);
    struct drill_record after = read_drill(world, drill.id);
    assert_int_equal(after.restored_by, DRILL_END_TIME);
    assert_int_equal(after.restored_ms, drill.ends_ms);
    assert_int_equal(restored(world, drill.id).restored_by,
                     DRILL_END_TIME); /* too late, and fine */
}

static void on_a_full_disk_nothing_breaks(void **state)
{
    struct world *world = *state;
    struct problem problem = { 0 };
    struct drill_record drill;
    fill_disk(true);
    int rc = start_at(world, plan_of(everything, ""), clock_unix_ms(), &drill, &problem);
    fill_disk(false);
    assert_int_equal(rc, SP_EFULL);
    assert_whole(world);
    begin_drill(world, everything, "");
}

static void what_a_full_disk_keeps_broken_is_restored_a_second_later(void **state)
{
    struct world *world = *state;
    struct problem problem = { 0 };
    struct drill_record drill = begin_drill(world, everything, "www");
    fill_disk(true);
    uint64_t next_ms = control__expire_drills(world->control, drill.ends_ms, &problem);
    int rc = control_restore_drill(world->control, drill.id, drill.ends_ms, &drill, &problem);
    fill_disk(false);
    assert_int_equal(next_ms, drill.ends_ms + 1000);
    assert_int_equal(rc, SP_EFULL);
    assert_int_equal(problem.status, SP_EFULL);
    assert_int_equal(control__expire_drills(world->control, next_ms, &problem), 0);
    assert_whole(world);
    assert_int_equal(read_drill(world, 1).state, DRILL_RESTORED);
}

/* ---- the process ends in between ---- */

static void a_running_drill_goes_on_after_a_restart(void **state)
{
    struct world *world = *state;
    struct problem problem = { 0 };
    struct drill_record drill = begin_drill(world, everything, "www");
    restart(world);
    assert_broken(world);
    assert_one_runs(world);
    assert_int_equal(control__expire_drills(world->control, drill.ends_ms, &problem), 0);
    assert_whole(world);
}

static void one_whose_time_has_passed_is_restored_at_the_start(void **state)
{
    struct world *world = *state;
    struct problem problem = { 0 };
    struct drill_record drill = begin_drill(world, everything, "www");
    restart(world);
    must(control__load_drills(world->control, drill.ends_ms + 5000, &problem), &problem);
    assert_whole(world);
    struct drill_record after = read_drill(world, drill.id);
    assert_int_equal(after.restored_by, DRILL_END_START);
    assert_int_equal(after.restored_ms, drill.ends_ms + 5000);
}

/* As a process leaves it that ends between two of the steps of a start or of a restoring. */
static void a_drill_that_came_half_way_is_restored_at_the_start(void **state)
{
    static const enum drill_state states[] = { DRILL_BREAKING, DRILL_RESTORING };
    struct world *world = *state;
    for (unsigned i = 0; i < COUNT_OF(states); i++) {
        struct problem problem = { 0 };
        struct drill_record drill = begin_drill(world, everything, "www");
        drill.state = states[i];
        must(store_set_drill_state(world->store, &drill, &problem), &problem);
        must(control_clear_check(world->control, "web-1", &view, &problem), &problem);
        restart(world);
        assert_whole(world);
        assert_int_equal(read_drill(world, drill.id).restored_by, DRILL_END_START);
    }
}

/* ---- what is gone, or not ours ---- */

static void what_is_gone_meanwhile_is_remarked_and_the_rest_restored(void **state)
{
    struct world *world = *state;
    struct problem problem = { 0 };
    begin_drill(world, "check idle down\ncheck web-1 down\ncontrol c2 Off\nzone eu-west-1a", "www");
    must(control_delete_check(world->control, "idle", &problem), &problem);
    must(control_delete_routing_control(world->control, "c2", &problem), &problem);
    struct drill_record drill = restored(world, 1);
    assert_int_equal(drill.state, DRILL_RESTORED);
    assert_string_equal(drill.remarks, "the health check idle has been deleted; the routing "
                                       "control c2 has been deleted");
    assert_string_equal(read_drill(world, 1).remarks, drill.remarks);
    assert_whole(world);
}

static void put_override(struct world *world, const char *id, const char *owner)
{
    struct problem problem = { 0 };
    struct health_override override = { .up = false };
    strcpy(override.owner, owner);
    must(control_override_check(world->control, id, &override, &view, &problem), &problem);
}

static void an_override_that_somebody_else_has_put_meanwhile_stays(void **state)
{
    struct world *world = *state;
    struct problem problem = { 0 };
    begin_drill(world, "check web-1 up", "www");
    put_override(world, "web-1", "alice");
    struct drill_record drill = restored(world, 1);
    assert_string_equal(drill.remarks, "the health check web-1 keeps the override of alice");
    assert_string_equal(answer_to(world, "www"), "192.0.2.9");
    must(control_clear_check(world->control, "web-1", &view, &problem), &problem);
    assert_whole(world);
}

/* ---- refusals ---- */

static void what_is_not_there_cannot_break(void **state)
{
    static const struct row {
        const char *breaks, *names, *expect;
    } rows[] = {
        { "zone eu-west-1a\ncheck gone down", "",
          "break[1]: there is no health check \"gone\": \"signpost health list\" shows those that "
          "are there" },
        { "hook web-1 gone", "",
          "break[0]: there is no health check \"gone\": \"signpost health list\" shows those that "
          "are there" },
        { "region eu-west-2", "",
          "break[0]: no resource has an address in eu-west-2: \"signpost resource list\" shows the "
          "zones of each" },
        { "zone eu-west-1c", "",
          "break[0]: no resource has an address in eu-west-1c: \"signpost resource list\" shows "
          "the zones of each" },
        { "check web-1 down", "www www.elsewhere.example.",
          "watch[1]: no zone here has the name www.elsewhere.example.: \"signpost zone list\" "
          "shows those that are there" },
    };
    struct world *world = *state;
    struct problem problem = { 0 };
    struct drill_record drill;
    for (unsigned i = 0; i < COUNT_OF(rows); i++)
        assert_refused(world, rows[i].breaks, rows[i].names, SP_ENOENT, rows[i].expect);
    assert_int_equal(
        start_at(world, plan_of("control c9 Off", ""), clock_unix_ms(), &drill, &problem),
        SP_ENOENT);
    assert_memory_equal(problem.text, "break[0]: ", 10);
    assert_int_equal(control_read_drill(world->control, 1, &drill, &problem), SP_ENOENT);
    assert_whole(world);
}

static void one_drill_runs_at_a_time(void **state)
{
    struct world *world = *state;
    begin_drill(world, "check web-1 down", "");
    assert_one_runs(world);
    restored(world, 1);
    assert_int_equal(begin_drill(world, "check web-2 down", "").id, 2);
}

static void a_check_that_has_an_override_is_left_alone(void **state)
{
    struct world *world = *state;
    put_override(world, "web-2", "alice");
    assert_refused(world, "zone eu-west-1a\ncheck web-1 down\ncheck web-2 down", "", SP_ECONFLICT,
                   "break[2]: web-2 has an override of alice already: take it off with \"signpost "
                   "health clear web-2\"");
    assert_whole(world);
}

static void create_rule(struct world *world)
{
    struct problem problem = { 0 };
    struct safety_rule rule = { .name = "floor",
                                .panel = "default",
                                .kind = RULE_ASSERTION,
                                .type = RULE_AND,
                                .controls = { .count = 1, .names = { "c1" } } };
    must(control_create_safety_rule(world->control, &rule, &problem), &problem);
}

/* R-ARC-4, R-ARC-7. */
static void a_safety_rule_refuses_the_whole_drill_unless_it_is_overridden(void **state)
{
    struct world *world = *state;
    struct problem problem = { 0 };
    struct drill_record drill;
    create_rule(world);
    assert_int_equal(start_at(world, plan_of(everything, ""), clock_unix_ms(), &drill, &problem),
                     SP_ECONFLICT);
    assert_non_null(strstr(problem.text, "floor"));
    assert_whole(world);
    begin_drill(world, "check web-1 down\nzone eu-west-1a\ncontrol c1 Off floor", "");
    assert_broken(world);
    restored(world, 1);
    assert_whole(world);
}

static void a_control_comes_back_whatever_safety_rules_say_by_then(void **state)
{
    struct world *world = *state;
    struct problem problem = { 0 };
    struct safety_rule rule = { .name = "never-on",
                                .panel = "default",
                                .kind = RULE_ASSERTION,
                                .type = RULE_OR,
                                .is_inverted = true,
                                .controls = { .count = 1, .names = { "c1" } } };
    begin_drill(world, "control c1 Off", "cell");
    must(control_create_safety_rule(world->control, &rule, &problem), &problem);
    assert_string_equal(restored(world, 1).remarks, "");
    assert_whole(world);
}

/* The override, the last of the steps, is refused: its end lies in the past. */
static void what_fails_in_the_middle_has_never_been(void **state)
{
    struct world *world = *state;
    struct problem problem = { 0 };
    struct drill_record drill;
    assert_int_equal(
        start_at(world, plan_of(everything, ""), clock_unix_ms() - 2 * HOUR_MS, &drill, &problem),
        SP_EINVAL);
    assert_string_equal(problem.text, "expires_in: that time has passed already");
    assert_whole(world);
    assert_int_equal(control_read_drill(world->control, 1, &drill, &problem), SP_ENOENT);
    assert_int_equal(control__expire_drills(world->control, clock_unix_ms(), &problem), 0);
    restart(world);
    assert_whole(world);
    begin_drill(world, everything, "");
}

static void a_drill_has_an_owner(void **state)
{
    struct world *world = *state;
    struct problem problem = { 0 };
    struct drill_record drill;
    struct drill_order order = {
        .plan = plan_of("check web-1 down", ""), .owner = "", .definition = "{}", .prediction = "{}"
    };
    assert_int_equal(control_start_drill(world->control, &order, clock_unix_ms(), &drill, &problem),
                     SP_EINVAL);
    assert_string_equal(problem.text, "owner: it must be 1 to 64 octets");
}

/* ---- what is told afterwards ---- */

static void assert_turns(struct world *world, const struct drill_record *drill,
                         const struct drill_plan *plan, const char *expect)
{
    struct problem problem = { 0 };
    struct drill_turn *turns = NULL;
    char list[1000] = "";
    size_t count = 0;
    must(control_read_drill_turns(world->control, drill, plan, &turns, &count, &problem), &problem);
    for (size_t i = 0; i < count; i++) {
        assert_true(i == 0 || turns[i - 1].event.at_ms <= turns[i].event.at_ms);
        sprintf(list + strlen(list), "%s %s by %s, ", turns[i].check,
                turns[i].event.up ? "up" : "down", health_cause_name(turns[i].event.cause));
    }
    free(turns);
    assert_string_equal(list, expect);
}

/* Waits for the clock, so that what comes next has a time of its own. */
static void next_millisecond(void)
{
    for (uint64_t now_ms = clock_unix_ms(); clock_unix_ms() == now_ms;)
        ;
}

static void the_turns_are_those_of_checks_that_matter(void **state)
{
    struct world *world = *state;
    put_override(world, "web-2", "alice"); /* before the drill: no part of it */
    next_millisecond();
    struct drill_plan plan = *plan_of("check web-1 down\ncontrol c1 Off", "chain");
    struct drill_record drill = begin_drill(world, "check web-1 down\ncontrol c1 Off", "chain");
    assert_turns(world, &drill, &plan, "cell down by control, web-1 down by override, ");
    next_millisecond();
    put_override(world, "idle", "alice");
    assert_turns(world, &drill, &plan, "cell down by control, web-1 down by override, ");
    drill = restored(world, drill.id);
    restart(world);
    assert_turns(world, &drill, &plan,
                 "cell down by control, web-1 down by override, cell up by control, web-1 up by "
                 "override, ");
}

static bool has_turned(struct world *world, const struct drill_record *drill,
                       const struct drill_plan *plan, const char *check)
{
    struct problem problem = { 0 };
    struct drill_turn *turns = NULL;
    size_t count = 0;
    bool found = false;
    must(control_read_drill_turns(world->control, drill, plan, &turns, &count, &problem), &problem);
    for (size_t i = 0; i < count; i++)
        found = found || strcmp(turns[i].check, check) == 0;
    free(turns);
    return found;
}

static void turns_after_the_drill_has_settled_are_another_story(void **state)
{
    struct world *world = *state;
    struct drill_plan plan = *plan_of("check web-1 down", "site");
    struct drill_record drill = begin_drill(world, "check web-1 down", "site");
    drill = restored(world, drill.id);
    put_override(world, "web-2", "alice");
    drill.started_ms -= HOUR_MS; /* as if all that had been an hour ago */
    drill.restored_ms -= HOUR_MS;
    plan.settle_ms = HOUR_MS;
    assert_true(has_turned(world, &drill, &plan, "web-2"));
    plan.settle_ms = HOUR_MS / 2;
    assert_false(has_turned(world, &drill, &plan, "web-2"));
}

static int append_id(void *context, const struct drill_record *drill)
{
    char *list = context;
    sprintf(list + strlen(list), "%lld %s, ", (long long)drill->id,
            drill->state == DRILL_RESTORED ? "restored" : "runs");
    return 0;
}

static void drills_and_their_texts_are_remembered(void **state)
{
    struct world *world = *state;
    struct problem problem = { 0 };
    char list[200] = "", *text = NULL;
    begin_drill(world, "check web-1 down", "");
    restored(world, 1);
    begin_drill(world, "check web-2 down", "");
    restart(world);
    must(control_list_drills(world->control, append_id, list, &problem), &problem);
    assert_string_equal(list, "2 runs, 1 restored, ");

    assert_int_equal(control_read_drill_text(world->control, 1, DRILL_TEXT_REPORT, &text, &problem),
                     SP_ENOENT);
    assert_string_equal(problem.text, "there is no report of drill 1: whoever runs a drill to its "
                                      "end writes it");
    must(control_set_drill_report(world->control, 1, "{\"met\":true}", &problem), &problem);
    must(control_read_drill_text(world->control, 1, DRILL_TEXT_REPORT, &text, &problem), &problem);
    assert_string_equal(text, "{\"met\":true}");
    free(text);
    assert_int_equal(control_set_drill_report(world->control, 9, "{}", &problem), SP_ENOENT);
    assert_string_equal(problem.text, "there is no drill 9: \"signpost drill list\" shows those "
                                      "that are remembered");
}

static const struct CMUnitTest tests[] = {
    LAB_TEST(everything_breaks_at_once_and_is_restored_on_demand),
    LAB_TEST(a_forced_check_says_whose_drill_it_is),
    LAB_TEST(a_region_is_all_of_its_zones_and_a_resource_without_any_is_down),
    LAB_TEST(the_clock_ends_a_drill_that_nobody_has_restored),
    LAB_TEST(on_a_full_disk_nothing_breaks),
    LAB_TEST(what_a_full_disk_keeps_broken_is_restored_a_second_later),
    LAB_TEST(a_running_drill_goes_on_after_a_restart),
    LAB_TEST(one_whose_time_has_passed_is_restored_at_the_start),
    LAB_TEST(a_drill_that_came_half_way_is_restored_at_the_start),
    LAB_TEST(what_is_gone_meanwhile_is_remarked_and_the_rest_restored),
    LAB_TEST(an_override_that_somebody_else_has_put_meanwhile_stays),
    LAB_TEST(what_is_not_there_cannot_break),
    LAB_TEST(one_drill_runs_at_a_time),
    LAB_TEST(a_check_that_has_an_override_is_left_alone),
    LAB_TEST(a_safety_rule_refuses_the_whole_drill_unless_it_is_overridden),
    LAB_TEST(a_control_comes_back_whatever_safety_rules_say_by_then),
    LAB_TEST(what_fails_in_the_middle_has_never_been),
    LAB_TEST(a_drill_has_an_owner),
    LAB_TEST(the_turns_are_those_of_checks_that_matter),
    LAB_TEST(turns_after_the_drill_has_settled_are_another_story),
    LAB_TEST(drills_and_their_texts_are_remembered),
};

RUN_TESTS(tests)
