/*
 * Health checks from start to finish: what is changed, overridden and probed shows in their state,
 * and after a restart, also one that nobody announced.
 */
#include "world.h"

#include "signpost/base/clock.h"
#include "signpost/control/checks.h"

static struct check_view view; /* large, and looked at by one test at a time */

static void must(int rc, const struct problem *problem)
{
    if (rc != 0)
        fail_msg("%d: %s", rc, problem->text);
}

static struct health_check_config config_of(enum health_check_type type)
{
    struct health_check_config config;
    health_check_config_init(&config, type);
    if (health_check_type_is_endpoint(type)) {
        config.has_address = true;
        assert_null(prefix_from_text(&config.address, "192.0.2.1"));
        config.port = 8080;
        config.failure_threshold = 2;
    }
    return config;
}

static void create(struct world *world, const char *id, struct health_check_config *config)
{
    struct problem problem = { 0 };
    must(control_create_check(world->control, id, config, true, &view, &problem), &problem);
}

static void create_type(struct world *world, const char *id, enum health_check_type type)
{
    struct health_check_config config = config_of(type);
    create(world, id, &config);
}

static void create_all_of(struct world *world, const char *id, unsigned count,
                          const char *const *children)
{
    struct health_check_config config = config_of(HEALTH_CHECK_CALCULATED);
    config.health_threshold = (uint16_t)count;
    config.child_count = (uint16_t)count;
    for (unsigned i = 0; i < count; i++)
        strcpy(config.children[i], children[i]);
    create(world, id, &config);
}

static const struct check_view *look_at(struct world *world, const char *id)
{
    struct problem problem = { 0 };
    must(control_read_check(world->control, id, &view, &problem), &problem);
    return &view;
}

static bool is_up(struct world *world, const char *id)
{
    return health_is_up(world->health, control_check_slot(world->control, id));
}

static void set(struct world *world, const char *id, bool up, uint64_t expires_ms)
{
    struct problem problem = { 0 };
    struct health_override override = { .up = up, .expires_ms = expires_ms };
    strcpy(override.owner, "alice");
    strcpy(override.reason, "drill");
    must(control_override_check(world->control, id, &override, &view, &problem), &problem);
}

/* What a prober would have found, as often as it says. */
static void probe(struct world *world, const char *id, bool passed, unsigned times)
{
    static uint32_t generations[WORLD_SLOTS]; /* by slot, as the last orders had them */
    struct board_order taken;
    health_slot slot = control_check_slot(world->control, id);
    while (board_take_order(world->board, &taken))
        generations[taken.slot] = taken.generation;
    struct probe_result result = { .outcome = passed ? PROBE_PASSED : PROBE_CONNECT_TIMEOUT,
                                   .http_status = passed ? 200 : 0,
                                   .connection_ms = -1,
                                   .tls_ms = -1,
                                   .first_byte_ms = -1 };
    for (unsigned i = 0; i < times; i++) {
        result.at_ms = clock_unix_ms();
        board_report(world->board, slot, generations[slot], 0, &result);
    }
}

static void tick(struct world *world)
{
    struct problem problem = { 0 };
    control_tick(world->control, clock_unix_ms(), &problem);
    must(problem.status, &problem);
}

/* As after kill -9: nothing is stored at the end, since the files are put back as they were. */
static void crash(struct world *world)
{
    const char *path = world->scratch->path;
    char command[1200];
    snprintf(command, sizeof command, "for f in %s*; do cp \"$f\" \"$f.crash\" || exit; done",
             path);
    assert_int_equal(system(command), 0);
    stop(world);
    snprintf(command, sizeof command,
             "for f in %s*.crash; do mv \"$f\" \"${f%%.crash}\" || exit; done", path);
    assert_int_equal(system(command), 0);
    start(world);
}

/* ---- making and changing ---- */

static void an_endpoint_check_begins_healthy_and_is_probed(void **state)
{
    struct world *world = *state;
    struct board_order order;
    struct probe_target target;
    create_type(world, "web", HEALTH_CHECK_HTTP);
    assert_true(view.check.up); /* R-HCK-4 */
    assert_int_equal(view.check.version, 1);
    assert_int_equal(view.status.checker_count, 1);
    assert_true(board_take_order(world->board, &order));
    assert_true(board_read_target(world->board, &order, &target));
    assert_string_equal(target.id, "web");
    assert_int_equal(target.port, 8080);
}

static void a_change_counts_versions_and_asks_for_the_right_one(void **state)
{
    struct world *world = *state;
    struct problem problem = { 0 };
    struct health_check_config config = config_of(HEALTH_CHECK_HTTP);
    create(world, "web", &config);
    config.failure_threshold = 5;
    must(control_update_check(world->control, "web", 1, &config, &view, &problem), &problem);
    assert_int_equal(view.check.version, 2);
    assert_int_equal(control_update_check(world->control, "web", 1, &config, &view, &problem),
                     SP_ECONFLICT); /* R-HCK-3 */
    assert_non_null(strstr(problem.text, "at version 2"));
    must(control_update_check(world->control, "web", 0, &config, &view, &problem), &problem);
    config.request_interval_s = 10; /* R-HCK-2 */
    assert_int_equal(control_update_check(world->control, "web", 0, &config, &view, &problem),
                     SP_EINVAL);
    restart(world);
    assert_int_equal(look_at(world, "web")->check.version, 3);
    assert_int_equal(view.check.config.failure_threshold, 5);
    assert_int_equal(view.check.config.request_interval_s, 30);
}

static void a_calculated_check_has_children_that_are_there_and_no_calculated_ones(void **state)
{
    struct world *world = *state;
    struct problem problem = { 0 };
    static const struct row {
        const char *child, *words;
    } rows[] = {
        { "nobody", "child_health_checks: there is no health check \"nobody\"" },
        { "both", "child_health_checks: both is a calculated health check" }, /* R-HCC-1 */
        { "new", "child_health_checks: new cannot be its own child" },
    };
    create_type(world, "a", HEALTH_CHECK_MANUAL);
    create_all_of(world, "both", 1, (const char *[]){ "a" });
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct health_check_config config = config_of(HEALTH_CHECK_CALCULATED);
        config.child_count = 1;
        strcpy(config.children[0], rows[i].child);
        assert_int_equal(
            control_create_check(world->control, "new", &config, true, &view, &problem), SP_EINVAL);
        assert_non_null(strstr(problem.text, rows[i].words));
        assert_false(control_has_check(world->control, "new"));
    }
}

static void a_child_cannot_be_deleted_before_its_parent(void **state)
{
    struct world *world = *state;
    struct problem problem = { 0 };
    create_type(world, "a", HEALTH_CHECK_MANUAL);
    create_all_of(world, "all", 1, (const char *[]){ "a" });
    assert_int_equal(control_delete_check(world->control, "a", &problem), SP_ECONFLICT);
    assert_non_null(strstr(problem.text, "all counts a among its children")); /* R-HCK-8 */
    must(control_delete_check(world->control, "all", &problem), &problem);
    must(control_delete_check(world->control, "a", &problem), &problem);
}

static void special_addresses_are_refused_when_the_configuration_says_so(void **state)
{
    struct world *world = *state;
    struct problem problem = { 0 };
    struct health_check_config config = config_of(HEALTH_CHECK_TCP);
    control_deny_special_targets(world->control, true);
    assert_int_equal(control_create_check(world->control, "web", &config, true, &view, &problem),
                     SP_EINVAL); /* R-HCE-6 */
    control_deny_special_targets(world->control, false);
    create(world, "web", &config);
}

/* ---- turning ---- */

static void a_parent_turns_with_its_children(void **state)
{
    struct world *world = *state;
    create_type(world, "a", HEALTH_CHECK_MANUAL);
    create_type(world, "b", HEALTH_CHECK_HTTP);
    create_all_of(world, "all", 2, (const char *[]){ "a", "b" });
    set(world, "a", false, 0);
    assert_false(is_up(world, "all"));
    restart(world);
    assert_false(is_up(world, "a"));
    assert_true(is_up(world, "b"));
    assert_false(is_up(world, "all"));
    struct problem problem = { 0 };
    must(control_clear_check(world->control, "a", &view, &problem), &problem);
    assert_true(is_up(world, "all"));
    probe(world, "b", false, 2);
    assert_false(is_up(world, "all"));
}

static void an_override_survives_a_crash_and_ends_in_time(void **state)
{
    struct world *world = *state;
    uint64_t now_ms = clock_unix_ms();
    struct problem problem = { 0 };
    create_type(world, "web", HEALTH_CHECK_HTTP);
    set(world, "web", false, now_ms + 60000);
    crash(world);
    assert_false(is_up(world, "web"));
    assert_string_equal(look_at(world, "web")->status.override.owner, "alice");
    assert_string_equal(view.status.override.reason, "drill");
    assert_int_equal(view.status.override.expires_ms, now_ms + 60000);
    assert_int_not_equal(view.status.override.since_ms, 0);
    control_tick(world->control, now_ms + 59999, &problem);
    assert_false(is_up(world, "web"));
    control_tick(world->control, now_ms + 60000, &problem);
    assert_true(is_up(world, "web"));
    crash(world);
    assert_true(is_up(world, "web"));
    assert_false(look_at(world, "web")->status.override.given);
}

/* R-HCK-6 is about data that is out of date; what somebody said of it is not. */
static void a_check_that_nobody_probes_says_what_it_was_told_once_it_is_enabled_again(void **state)
{
    struct world *world = *state;
    struct problem problem = { 0 };
    struct health_check_config config = config_of(HEALTH_CHECK_MANUAL);
    must(control_create_check(world->control, "told", &config, false, &view, &problem), &problem);
    config.disabled = true;
    must(control_update_check(world->control, "told", 0, &config, &view, &problem), &problem);
    assert_true(is_up(world, "told"));
    config.disabled = false;
    must(control_update_check(world->control, "told", 0, &config, &view, &problem), &problem);
    assert_false(is_up(world, "told"));
}

static void a_clock_that_is_put_back_does_not_stop_the_storing(void **state)
{
    struct world *world = *state;
    struct problem problem = { 0 };
    uint64_t now_ms = clock_unix_ms();
    create_type(world, "web", HEALTH_CHECK_HTTP);
    control_tick(world->control, now_ms + 3600000, &problem);
    uint64_t next_ms = control_tick(world->control, now_ms, &problem);
    must(problem.status, &problem);
    assert_in_range(next_ms, now_ms, now_ms + 60000);
}

static void bad_overrides_are_refused(void **state)
{
    struct world *world = *state;
    struct problem problem = { 0 };
    struct health_override past = { .expires_ms = 1000, .owner = "me" };
    struct health_override regions = { .regions = 1, .owner = "me" };
    create_type(world, "told", HEALTH_CHECK_MANUAL);
    assert_int_equal(control_override_check(world->control, "told", &past, &view, &problem),
                     SP_EINVAL);
    assert_int_equal(control_override_check(world->control, "told", &regions, &view, &problem),
                     SP_EINVAL);
    assert_non_null(strstr(problem.text, "has no checkers"));
    assert_true(is_up(world, "told"));
}

/* ---- what is kept ---- */

static void a_crash_neither_flips_a_check_nor_forgets_a_failure(void **state)
{
    struct world *world = *state;
    create_type(world, "web", HEALTH_CHECK_HTTP);
    probe(world, "web", false, 2);
    assert_false(is_up(world, "web"));
    tick(world); /* which the news of it brings about at once */
    uint64_t since_ms = look_at(world, "web")->check.since_ms;
    crash(world);
    assert_false(is_up(world, "web"));
    assert_int_equal(look_at(world, "web")->check.since_ms, since_ms);
    assert_int_equal(view.status.checkers[0].last_failure.outcome, PROBE_CONNECT_TIMEOUT);
    probe(world, "web", true, 1);
    assert_false(is_up(world, "web")); /* threshold 2 */
    probe(world, "web", true, 1);
    assert_true(is_up(world, "web"));
}

static void an_ordinary_end_keeps_a_streak_too(void **state)
{
    struct world *world = *state;
    create_type(world, "web", HEALTH_CHECK_HTTP);
    probe(world, "web", false, 1);
    restart(world);
    assert_true(is_up(world, "web"));
    probe(world, "web", false, 1);
    assert_false(is_up(world, "web"));
}

static int append_event(void *context, const struct health_event *event)
{
    sprintf((char *)context + strlen(context), "%s:%s ", health_cause_name(event->cause),
            event->up ? "up" : "down");
    return 0;
}

static void assert_events(struct world *world, const char *id, const char *expect)
{
    struct problem problem = { 0 };
    char text[1000] = "";
    must(control_list_check_events(world->control, id, 0, append_event, text, &problem), &problem);
    assert_string_equal(text, expect);
}

static void every_turn_is_kept_with_its_cause(void **state)
{
    struct world *world = *state;
    struct problem problem = { 0 };
    create_type(world, "web", HEALTH_CHECK_HTTP);
    probe(world, "web", false, 2);
    set(world, "web", true, 0);
    must(control_clear_check(world->control, "web", &view, &problem), &problem);
    assert_events(world, "web", "override:down override:up probes:down created:up ");
    crash(world);
    assert_events(world, "web", "override:down override:up probes:down created:up ");
    assert_int_equal(
        control_list_check_events(world->control, "nobody", 0, append_event, NULL, &problem),
        SP_ENOENT);
}

static void a_deleted_check_is_up_forgets_and_is_not_probed(void **state)
{
    struct world *world = *state;
    struct problem problem = { 0 };
    struct board_order order;
    create_type(world, "web", HEALTH_CHECK_HTTP);
    health_slot slot = control_check_slot(world->control, "web");
    probe(world, "web", false, 2);
    must(control_delete_check(world->control, "web", &problem), &problem);
    assert_true(health_is_up(world->health, slot));
    assert_true(board_take_order(world->board, &order));
    assert_true(order.is_gone && order.slot == slot);
    tick(world);
    create_type(world, "web", HEALTH_CHECK_HTTP);
    assert_int_equal(view.status.checkers[0].last_failure.at_ms, 0);
    assert_events(world, "web", "created:up ");
}

/* ---- caller references (A-HCK-2, A-HCK-14) ---- */

static void a_reference_finds_its_check_for_ever(void **state)
{
    struct world *world = *state;
    struct problem problem = { 0 };
    struct health_check_config config = config_of(HEALTH_CHECK_MANUAL);
    char id[HEALTH_CHECK_ID_SIZE_MAX + 1];
    assert_int_equal(control_find_check_reference(world->control, "tide", id, NULL), SP_ENOENT);
    must(control_create_referred_check(world->control, "tide", &config, &view, &problem), &problem);
    assert_string_equal(view.check.caller_reference, "tide");
    restart(world);
    must(control_find_check_reference(world->control, "tide", id, &problem), &problem);
    assert_string_equal(look_at(world, id)->check.caller_reference, "tide");
    must(control_delete_check(world->control, id, &problem), &problem);
    restart(world);
    must(control_find_check_reference(world->control, "tide", id, &problem), &problem);
    assert_string_equal(id, "");
}

static void a_referred_check_may_follow_an_arn_of_nobody(void **state)
{
    struct world *world = *state;
    struct problem problem = { 0 };
    struct health_check_config config = config_of(HEALTH_CHECK_RECOVERY_CONTROL);
    strcpy(config.routing_control, "arn:aws:somewhere:else");
    must(control_create_referred_check(world->control, "a", &config, &view, &problem), &problem);
    assert_true(view.status.up);
    restart(world);
    config.inverted = true;
    must(control_update_check(world->control, view.check.id, 1, &config, &view, &problem),
         &problem);
    assert_false(view.status.up);
    strcpy(config.routing_control, "cell");
    assert_int_equal(control_create_referred_check(world->control, "b", &config, &view, &problem),
                     SP_EINVAL);
    assert_non_null(strstr(problem.text, "there is no routing control \"cell\""));
}

static const struct CMUnitTest tests[] = {
    WORLD_TEST(an_endpoint_check_begins_healthy_and_is_probed),
    WORLD_TEST(a_change_counts_versions_and_asks_for_the_right_one),
    WORLD_TEST(a_calculated_check_has_children_that_are_there_and_no_calculated_ones),
    WORLD_TEST(a_child_cannot_be_deleted_before_its_parent),
    WORLD_TEST(special_addresses_are_refused_when_the_configuration_says_so),
    WORLD_TEST(a_parent_turns_with_its_children),
    WORLD_TEST(an_override_survives_a_crash_and_ends_in_time),
    WORLD_TEST(a_check_that_nobody_probes_says_what_it_was_told_once_it_is_enabled_again),
    WORLD_TEST(a_clock_that_is_put_back_does_not_stop_the_storing),
    WORLD_TEST(bad_overrides_are_refused),
    WORLD_TEST(a_crash_neither_flips_a_check_nor_forgets_a_failure),
    WORLD_TEST(an_ordinary_end_keeps_a_streak_too),
    WORLD_TEST(every_turn_is_kept_with_its_cause),
    WORLD_TEST(a_deleted_check_is_up_forgets_and_is_not_probed),
    WORLD_TEST(a_reference_finds_its_check_for_ever),
    WORLD_TEST(a_referred_check_may_follow_an_arn_of_nobody),
};

RUN_TESTS(tests)
