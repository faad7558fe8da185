/*
 * Alarms and routing controls from start to finish: what follows them turns in the same call, and
 * is the same after a restart (R-HCW-2, R-HCR-1, R-ARC-1 to R-ARC-8).
 */
#include "world.h"

#include "full_disk.h"

#include "signpost/control/alarms.h"
#include "signpost/control/checks.h"
#include "signpost/control/routing_controls.h"

#include <sqlite3.h>

#define NOW_MS 1700000000000

static void must(int rc, const struct problem *problem)
{
    if (rc != 0)
        fail_msg("%d: %s", rc, problem->text);
}

static struct check_view view; /* large */

static void assert_check(struct world *world, const char *id, bool up, const char *reason)
{
    struct problem problem = { 0 };
    must(control_read_check(world->control, id, &view, &problem), &problem);
    if (view.status.up != up || strcmp(view.status.observed_reason, reason) != 0)
        fail_msg("%s is %s: \"%s\"", id, view.status.up ? "up" : "down",
                 view.status.observed_reason);
}

/* ---- alarms ---- */

static void create_alarm_check(struct world *world, const char *id,
                               enum insufficient_data without_data)
{
    static struct health_check_config config;
    struct problem problem = { 0 };
    health_check_config_init(&config, HEALTH_CHECK_CLOUDWATCH_METRIC);
    strcpy(config.alarm_region, "us-east-1");
    strcpy(config.alarm_name, "high-load");
    config.insufficient_data = without_data;
    must(control_create_check(world->control, id, &config, true, &view, &problem), &problem);
}

static struct alarm set_alarm(struct world *world, const char *name, enum alarm_state state,
                              uint64_t now_ms)
{
    struct problem problem = { 0 };
    struct alarm alarm;
    must(control_set_alarm(world->control, "us-east-1", name, state, now_ms, &alarm, &problem),
         &problem);
    return alarm;
}

static void checks_follow_their_alarm(void **state)
{
    struct world *world = *state;
    create_alarm_check(world, "h", INSUFFICIENT_DATA_HEALTHY);
    create_alarm_check(world, "u", INSUFFICIENT_DATA_UNHEALTHY);
    create_alarm_check(world, "l", INSUFFICIENT_DATA_LAST_KNOWN);

    /* Nobody has set it; S-29b: a new check is up. */
    assert_check(world, "h", true, "the alarm has no data, which counts as healthy");
    assert_check(world, "u", false, "the alarm has no data, which counts as unhealthy");
    assert_check(world, "l", true, "");

    set_alarm(world, "high-load", ALARM_ALARM, NOW_MS);
    assert_check(world, "h", false, "the alarm is in state ALARM");
    assert_check(world, "u", false, "the alarm is in state ALARM");
    assert_check(world, "l", false, "the alarm is in state ALARM");

    set_alarm(world, "high-load", ALARM_INSUFFICIENT_DATA, NOW_MS);
    assert_check(world, "h", true, "the alarm has no data, which counts as healthy"); /* S-29a */
    assert_check(world, "u", false, "the alarm has no data, which counts as unhealthy");
    assert_check(world, "l", false, "the alarm is in state ALARM"); /* S-29b */

    set_alarm(world, "high-load", ALARM_OK, NOW_MS);
    set_alarm(world, "high-load", ALARM_INSUFFICIENT_DATA, NOW_MS);
    assert_check(world, "l", true, "the alarm is OK"); /* S-29 */
}

static void an_alarm_may_be_there_before_its_check(void **state)
{
    struct world *world = *state;
    set_alarm(world, "high-load", ALARM_ALARM, NOW_MS);
    create_alarm_check(world, "l", INSUFFICIENT_DATA_LAST_KNOWN);
    assert_check(world, "l", false, "the alarm is in state ALARM");
    set_alarm(world, "other", ALARM_OK, NOW_MS);
    assert_check(world, "l", false, "the alarm is in state ALARM");
}

static void a_check_that_gets_another_alarm_follows_that(void **state)
{
    struct world *world = *state;
    static struct health_check_config config;
    struct problem problem = { 0 };
    set_alarm(world, "other", ALARM_ALARM, NOW_MS);
    create_alarm_check(world, "l", INSUFFICIENT_DATA_LAST_KNOWN);
    config = view.check.config;
    strcpy(config.alarm_name, "other");
    must(control_update_check(world->control, "l", 0, &config, &view, &problem), &problem);
    assert_check(world, "l", false, "the alarm is in state ALARM");
    set_alarm(world, "high-load", ALARM_OK, NOW_MS);
    assert_check(world, "l", false, "the alarm is in state ALARM");
    set_alarm(world, "other", ALARM_OK, NOW_MS);
    assert_check(world, "l", true, "the alarm is OK");
}

static int list_alarm(void *context, const struct alarm *alarm)
{
    char *list = context;
    sprintf(list + strlen(list), "%s/%s:%s@%llu ", alarm->region, alarm->name,
            alarm_state_name(alarm->state), (unsigned long long)(alarm->since_ms - NOW_MS));
    return 0;
}

static void assert_alarms(struct world *world, const char *expect)
{
    char list[500] = "";
    assert_int_equal(control_list_alarms(world->control, list_alarm, list, NULL), 0);
    assert_string_equal(list, expect);
}

static void alarms_are_kept_with_the_time_of_their_last_change(void **state)
{
    struct world *world = *state;
    struct problem problem = { 0 };
    struct alarm alarm;
    set_alarm(world, "b", ALARM_OK, NOW_MS + 1);
    set_alarm(world, "a", ALARM_ALARM, NOW_MS + 2);
    set_alarm(world, "b", ALARM_OK, NOW_MS + 3);
    assert_alarms(world, "us-east-1/a:ALARM@2 us-east-1/b:OK@1 ");
    restart(world);
    set_alarm(world, "a", ALARM_INSUFFICIENT_DATA, NOW_MS + 4);
    assert_alarms(world, "us-east-1/a:INSUFFICIENT_DATA@4 us-east-1/b:OK@1 ");
    must(control_delete_alarm(world->control, "us-east-1", "a", NOW_MS, &problem), &problem);
    assert_alarms(world, "us-east-1/b:OK@1 ");
    assert_int_equal(control_read_alarm(world->control, "eu-west-1", "b", &alarm, &problem),
                     SP_ENOENT);
    assert_string_equal(problem.text, "there is no alarm \"b\" in eu-west-1: \"signpost alarm "
                                      "list\" shows those that have been set");
    assert_int_equal(control_delete_alarm(world->control, "us-east-1", "a", NOW_MS, NULL),
                     SP_ENOENT);
    assert_int_equal(
        control_set_alarm(world->control, "us-east-1", "", ALARM_OK, NOW_MS, &alarm, NULL),
        SP_EINVAL);
}

static void an_alarm_that_is_deleted_has_no_data(void **state)
{
    struct world *world = *state;
    struct problem problem = { 0 };
    create_alarm_check(world, "u", INSUFFICIENT_DATA_UNHEALTHY);
    set_alarm(world, "high-load", ALARM_OK, NOW_MS);
    assert_check(world, "u", true, "the alarm is OK");
    must(control_delete_alarm(world->control, "us-east-1", "high-load", NOW_MS, &problem),
         &problem);
    assert_check(world, "u", false, "the alarm has no data, which counts as unhealthy");
}

/* ---- routing controls ---- */

static void create_control(struct world *world, const char *name, const char *panel)
{
    struct problem problem = { 0 };
    struct routing_control created;
    must(control_create_routing_control(world->control, name, panel, NOW_MS, &created, &problem),
         &problem);
    assert_false(created.is_on); /* R-ARC-1 */
}

static void create_control_check(struct world *world, const char *id, const char *name_or_arn)
{
    static struct health_check_config config;
    struct problem problem = { 0 };
    health_check_config_init(&config, HEALTH_CHECK_RECOVERY_CONTROL);
    strcpy(config.routing_control, name_or_arn);
    must(control_create_check(world->control, id, &config, true, &view, &problem), &problem);
}

#define ARN(name)                                                                                  \
    "arn:aws:route53-recovery-control::000000000000:controlpanel/default/routingcontrol/" name

/* Two cells with a check each. */
static void create_cells(struct world *world)
{
    create_control(world, "c1", "default");
    create_control(world, "c2", "default");
    create_control_check(world, "h1", "c1");
    create_control_check(world, "h2", ARN("c2"));
}

/* "c1=on c2=off", with the rules that are overridden. */
static int set_states(struct world *world, const char *text, const char *override, uint64_t now_ms,
                      struct problem *out_problem)
{
    static char names[8][200];
    struct routing_state states[8];
    struct routing_call call = { .states = states,
                                 .overridden = &override,
                                 .overridden_count = override != NULL };
    char name[200], state[8];
    int size;
    for (; sscanf(text, " %199[^=]=%7s%n", name, state, &size) == 2; text += size) {
        strcpy(names[call.count], name);
        states[call.count] = (struct routing_state){ names[call.count], strcmp(state, "on") == 0 };
        call.count++;
    }
    return control_set_routing_states(world->control, &call, now_ms, out_problem);
}

static void must_set(struct world *world, const char *text, uint64_t now_ms)
{
    struct problem problem = { 0 };
    must(set_states(world, text, NULL, now_ms, &problem), &problem);
}

static void checks_follow_their_control(void **state)
{
    struct world *world = *state;
    create_cells(world);
    assert_check(world, "h1", false, "the routing control is Off");
    must_set(world, "c1=on", NOW_MS);
    assert_check(world, "h1", true, "the routing control is On");
    assert_check(world, "h2", false, "the routing control is Off");
    must_set(world, "c1=off " ARN("c2") "=on", NOW_MS); /* S-31b */
    assert_check(world, "h1", false, "the routing control is Off");
    assert_check(world, "h2", true, "the routing control is On");
    create_control_check(world, "h3", "c2");
    assert_check(world, "h3", true, "the routing control is On");
}

static int list_control(void *context, const struct routing_control *control)
{
    char *list = context;
    sprintf(list + strlen(list), "%s/%s:%s@%d ", control->panel, control->name,
            control->is_on ? "on" : "off",
            control->changed_ms == 0 ? -1 : (int)(control->changed_ms - NOW_MS));
    return 0;
}

static void assert_controls(struct world *world, const char *expect)
{
    char list[500] = "";
    assert_int_equal(control_list_routing_controls(world->control, list_control, list, NULL), 0);
    assert_string_equal(list, expect);
}

static void all_of_a_call_happens_or_nothing(void **state)
{
    static const struct row {
        const char *states, *expect;
        int status;
    } rows[] = {
        { "c1=on none=on", "there is no routing control \"none\"", SP_ENOENT },
        { "c1=on arn:aws:x=on", "there is no routing control \"arn:aws:x\"", SP_ENOENT },
        { "c1=on c2=on " ARN("c1") "=off", "the routing control c1 is there twice", SP_EINVAL },
        { "", "there is no change in it", SP_EINVAL },
    };
    struct world *world = *state;
    create_cells(world);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct problem problem = { 0 };
        assert_int_equal(set_states(world, rows[i].states, NULL, NOW_MS, &problem), rows[i].status);
        assert_non_null(strstr(problem.text, rows[i].expect));
        assert_controls(world, "default/c1:off@-1 default/c2:off@-1 ");
        assert_check(world, "h1", false, "the routing control is Off");
    }
    must_set(world, "c2=on c1=off", NOW_MS + 7); /* what is so already is no change */
    assert_controls(world, "default/c1:off@-1 default/c2:on@7 ");
}

static void a_restart_flips_nothing(void **state)
{
    struct world *world = *state;
    create_cells(world);
    create_alarm_check(world, "l", INSUFFICIENT_DATA_LAST_KNOWN);
    set_alarm(world, "high-load", ALARM_ALARM, NOW_MS);
    set_alarm(world, "high-load", ALARM_INSUFFICIENT_DATA, NOW_MS);
    must_set(world, "c1=on", NOW_MS);
    control_read_check(world->control, "h1", &view, NULL);
    uint64_t since_ms = view.status.since_ms;
    for (int i = 0; i < 2; i++) {
        restart(world);
        assert_check(world, "h1", true, "the routing control is On");
        assert_int_equal(view.status.since_ms, since_ms);
        assert_check(world, "h2", false, "the routing control is Off");
        assert_check(world, "l", false, "the alarm is in state ALARM");
        assert_controls(world, "default/c1:on@0 default/c2:off@-1 ");
    }
}

/* What the store says of an alarm or a control counts, whatever it says of the check: a process
 * that was killed has stored the one and not the other. */
static void a_check_that_missed_its_news_hears_them_at_start(void **state)
{
    struct world *world = *state;
    sqlite3 *db;
    create_cells(world);
    create_alarm_check(world, "u", INSUFFICIENT_DATA_UNHEALTHY);
    stop(world);
    assert_int_equal(sqlite3_open(world->scratch->path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db,
                                  "UPDATE routing_control SET is_on = 1 WHERE name = 'c2';"
                                  "INSERT INTO alarm VALUES ('us-east-1', 'high-load', 'OK', 1)",
                                  NULL, NULL, NULL),
                     SQLITE_OK);
    sqlite3_close(db);
    start(world);
    assert_check(world, "h1", false, "the routing control is Off");
    assert_check(world, "h2", true, "the routing control is On");
    assert_check(world, "u", true, "the alarm is OK");
}

/* ---- safety rules ---- */

static struct safety_rule rule_named(const char *name, const char *first, const char *second)
{
    struct safety_rule rule = { .panel = "default",
                                .kind = RULE_ASSERTION,
                                .type = RULE_ATLEAST,
                                .threshold = 1,
                                .wait_ms = 0 };
    strcpy(rule.name, name);
    assert_int_equal(control_names_add(&rule.controls, first, NULL), 0);
    assert_int_equal(control_names_add(&rule.controls, second, NULL), 0);
    return rule;
}

static void create_rule(struct world *world, const struct safety_rule *rule)
{
    struct problem problem = { 0 };
    must(control_create_safety_rule(world->control, rule, &problem), &problem);
}

static void an_assertion_keeps_one_cell_on(void **state)
{
    struct world *world = *state;
    struct problem problem = { 0 };
    create_cells(world);
    must_set(world, "c1=on", NOW_MS);
    struct safety_rule rule = rule_named("min-one", "c1", "c2");
    create_rule(world, &rule);
    restart(world);

    assert_int_equal(set_states(world, "c1=off", NULL, NOW_MS, &problem), SP_ECONFLICT);
    assert_non_null(strstr(problem.text, "the safety rule min-one refuses: it wants at least 1 of "
                                         "c1, c2 to be On, and after this change 0 would be"));
    assert_check(world, "h1", true, "the routing control is On");
    must_set(world, "c1=off c2=on", NOW_MS); /* S-31b */
    for (int i = 0; i < 2; i++) {            /* whether min-one would refuse or not */
        const char *change = i == 0 ? "c1=on" : "c2=off";
        assert_int_equal(set_states(world, change, "min-on", NOW_MS, &problem), SP_ENOENT);
        assert_non_null(strstr(problem.text, "there is no safety rule \"min-on\""));
    }
    must(set_states(world, "c2=off", "min-one", NOW_MS, &problem), &problem); /* R-ARC-7 */
    assert_check(world, "h2", false, "the routing control is Off");

    assert_int_equal(control_delete_safety_rule(world->control, "min-one", NULL), 0);
    must_set(world, "c1=on", NOW_MS);
    must_set(world, "c1=off", NOW_MS);
}

static void a_rule_waits_between_changes(void **state)
{
    struct world *world = *state;
    struct problem problem = { 0 };
    create_cells(world);
    struct safety_rule rule = rule_named("calm", "c1", "c2");
    rule.wait_ms = 5000; /* R-ARC-6 */
    create_rule(world, &rule);
    must_set(world, "c1=on", NOW_MS);
    assert_int_equal(set_states(world, "c2=on", NULL, NOW_MS + 4999, &problem), SP_ECONFLICT);
    assert_non_null(strstr(problem.text, "one of its controls has changed 4999 ms ago"));
    restart(world);
    assert_int_equal(set_states(world, "c2=on", NULL, NOW_MS + 4999, NULL), SP_ECONFLICT);
    must_set(world, "c1=on", NOW_MS + 4999);
    must_set(world, "c2=on", NOW_MS + 5000);
}

static void a_drill_may_look_first_and_put_back_unasked(void **state)
{
    struct world *world = *state;
    const struct routing_state off[] = { { "c1", false } };
    struct routing_call call = { .states = off, .count = 1 };
    create_cells(world);
    must_set(world, "c1=on", NOW_MS);
    struct safety_rule rule = rule_named("min-one", "c1", "c2");
    create_rule(world, &rule);
    assert_int_equal(control_judge_routing_states(world->control, &call, NOW_MS, NULL),
                     SP_ECONFLICT);
    call.asks_no_rule = true;
    assert_int_equal(control_judge_routing_states(world->control, &call, NOW_MS, NULL), 0);
    assert_check(world, "h1", true, "the routing control is On");
    assert_int_equal(control_set_routing_states(world->control, &call, NOW_MS, NULL), 0);
    assert_check(world, "h1", false, "the routing control is Off");
}

static int list_rule(void *context, const struct safety_rule *rule)
{
    char *list = context;
    sprintf(list + strlen(list), "%s/%s:%s %s %u %d %u (", rule->panel, rule->name,
            rule_kind_name(rule->kind), rule_type_name(rule->type), rule->threshold,
            rule->is_inverted, rule->wait_ms);
    for (unsigned i = 0; i < rule->controls.count; i++)
        sprintf(list + strlen(list), "%s ", rule->controls.names[i]);
    strcat(list, "|");
    for (unsigned i = 0; i < rule->targets.count; i++)
        sprintf(list + strlen(list), " %s", rule->targets.names[i]);
    strcat(list, ") ");
    return 0;
}

static void rules_are_kept_as_they_were_given(void **state)
{
    struct world *world = *state;
    char list[500] = "";
    create_cells(world);
    create_control(world, "gate", "default");
    struct safety_rule assertion = rule_named("b", "c2", "c1");
    struct safety_rule gate = { .name = "a",
                                .panel = "default",
                                .kind = RULE_GATING,
                                .type = RULE_AND,
                                .is_inverted = true,
                                .wait_ms = 60000 };
    assert_int_equal(control_names_add(&gate.controls, "gate", NULL), 0);
    assert_int_equal(control_names_add(&gate.targets, "c2", NULL), 0);
    assert_int_equal(control_names_add(&gate.targets, "c1", NULL), 0);
    create_rule(world, &assertion);
    create_rule(world, &gate);
    restart(world);
    assert_int_equal(control_list_safety_rules(world->control, list_rule, list, NULL), 0);
    assert_string_equal(list, "default/a:GATING AND 0 1 60000 (gate | c2 c1) "
                              "default/b:ASSERTION ATLEAST 1 0 0 (c2 c1 |) ");
}

static void rules_are_about_controls_of_their_panel(void **state)
{
    struct world *world = *state;
    struct problem problem = { 0 };
    create_cells(world);
    create_control(world, "far", "other");
    struct safety_rule rule = rule_named("r", "c1", "far");
    assert_int_equal(control_create_safety_rule(world->control, &rule, &problem), SP_EINVAL);
    assert_string_equal(problem.text, "the routing control far is of the panel other, and the rule "
                                      "of default: a rule is about controls of its own panel");
    rule = rule_named("r", "c1", "none");
    assert_int_equal(control_create_safety_rule(world->control, &rule, &problem), SP_EINVAL);
    assert_string_equal(problem.text, "there is no routing control \"none\"");
    rule = rule_named("r", "c1", "c2");
    rule.threshold = 3;
    assert_int_equal(control_create_safety_rule(world->control, &rule, &problem), SP_EINVAL);
    rule.threshold = 2;
    create_rule(world, &rule);
    assert_int_equal(control_create_safety_rule(world->control, &rule, &problem), SP_EEXIST);
    assert_string_equal(problem.text, "the safety rule r exists already");
    assert_int_equal(control_delete_safety_rule(world->control, "x", &problem), SP_ENOENT);
}

/* ---- what is named ---- */

static void what_is_named_cannot_be_deleted(void **state)
{
    struct world *world = *state;
    struct problem problem = { 0 };
    struct routing_control created;
    create_cells(world);
    create_control(world, "c3", "default");
    struct safety_rule rule = rule_named("r", "c1", "c3");
    create_rule(world, &rule);
    assert_int_equal(control_delete_routing_control(world->control, "c2", &problem), SP_ECONFLICT);
    assert_string_equal(problem.text,
                        "the health check h2 follows the routing control c2: delete it first");
    assert_int_equal(control_delete_routing_control(world->control, "c3", &problem), SP_ECONFLICT);
    assert_string_equal(problem.text,
                        "the safety rule r names the routing control c3: delete it first");
    must(control_delete_check(world->control, "h2", &problem), &problem);
    must(control_delete_routing_control(world->control, ARN("c2"), &problem), &problem);
    must(control_delete_safety_rule(world->control, "r", &problem), &problem);
    must(control_delete_routing_control(world->control, "c3", &problem), &problem);
    assert_controls(world, "default/c1:off@-1 ");
    assert_int_equal(control_delete_routing_control(world->control, "c3", NULL), SP_ENOENT);
    assert_int_equal(
        control_create_routing_control(world->control, "c1", "other", NOW_MS, &created, &problem),
        SP_EEXIST);
    assert_int_equal(
        control_create_routing_control(world->control, "a b", "default", NOW_MS, &created, NULL),
        SP_EINVAL);
}

static void a_check_needs_a_control_that_is_there(void **state)
{
    struct world *world = *state;
    struct problem problem = { 0 };
    static struct health_check_config config;
    health_check_config_init(&config, HEALTH_CHECK_RECOVERY_CONTROL);
    strcpy(config.routing_control, "c1");
    assert_int_equal(control_create_check(world->control, "h", &config, true, &view, &problem),
                     SP_EINVAL);
    assert_non_null(strstr(problem.text, "there is no routing control \"c1\""));
}

/* ---- a full disk ---- */

static void what_cannot_be_stored_has_not_happened(void **state)
{
    struct world *world = *state;
    struct alarm alarm;
    create_cells(world);
    create_alarm_check(world, "l", INSUFFICIENT_DATA_LAST_KNOWN);
    set_alarm(world, "high-load", ALARM_OK, NOW_MS);
    struct safety_rule rule = rule_named("r", "c1", "c2");
    fill_disk(true);
    int of_alarm = control_set_alarm(world->control, "us-east-1", "high-load", ALARM_ALARM, NOW_MS,
                                     &alarm, NULL);
    int of_deletion = control_delete_alarm(world->control, "us-east-1", "high-load", NOW_MS, NULL);
    int of_states = set_states(world, "c1=on", NULL, NOW_MS, NULL);
    int of_rule = control_create_safety_rule(world->control, &rule, NULL);
    fill_disk(false);
    assert_int_equal(of_alarm, SP_EFULL);
    assert_int_equal(of_deletion, SP_EFULL);
    assert_int_equal(of_states, SP_EFULL);
    assert_int_equal(of_rule, SP_EFULL);
    assert_check(world, "l", true, "the alarm is OK");
    assert_check(world, "h1", false, "the routing control is Off");
    assert_alarms(world, "us-east-1/high-load:OK@0 ");
    assert_controls(world, "default/c1:off@-1 default/c2:off@-1 ");
    must_set(world, "c1=on", NOW_MS);
    assert_check(world, "h1", true, "the routing control is On");
    create_rule(world, &rule);
}

static const struct CMUnitTest tests[] = {
    WORLD_TEST(checks_follow_their_alarm),
    WORLD_TEST(an_alarm_may_be_there_before_its_check),
    WORLD_TEST(a_check_that_gets_another_alarm_follows_that),
    WORLD_TEST(alarms_are_kept_with_the_time_of_their_last_change),
    WORLD_TEST(an_alarm_that_is_deleted_has_no_data),
    WORLD_TEST(checks_follow_their_control),
    WORLD_TEST(all_of_a_call_happens_or_nothing),
    WORLD_TEST(a_restart_flips_nothing),
    WORLD_TEST(a_check_that_missed_its_news_hears_them_at_start),
    WORLD_TEST(an_assertion_keeps_one_cell_on),
    WORLD_TEST(a_rule_waits_between_changes),
    WORLD_TEST(a_drill_may_look_first_and_put_back_unasked),
    WORLD_TEST(rules_are_kept_as_they_were_given),
    WORLD_TEST(rules_are_about_controls_of_their_panel),
    WORLD_TEST(what_is_named_cannot_be_deleted),
    WORLD_TEST(a_check_needs_a_control_that_is_there),
    WORLD_TEST(what_cannot_be_stored_has_not_happened),
};
RUN_TESTS(tests)
