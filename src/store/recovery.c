/*
 * Alarms, routing controls and safety rules.
 */
#include "internal.h"

#include "signpost/store/recovery.h"

#include <assert.h>

/* The columns of ALARM_COLUMNS, ALARM_CHECKS, CONTROL_COLUMNS, RULE_COLUMNS and RULE_CONTROLS
 * (statements.c). */
enum { A_REGION, A_NAME, A_STATE, A_SINCE };
enum { K_ID, K_WITHOUT_DATA };
enum { C_NAME, C_PANEL, C_IS_ON, C_CREATED, C_CHANGED };
enum { R_NAME, R_PANEL, R_KIND, R_TYPE, R_THRESHOLD, R_INVERTED, R_WAIT, R_ROW };
enum { N_IS_TARGET, N_CONTROL };

static void bind_text(sqlite3_stmt *statement, int index, const char *text)
{
    store__bind_text(statement, index, text, strlen(text));
}

/* Runs a statement that must touch one row; `none` is the status when it does not. */
static int run_for_one(struct store *store, enum statement_id id, int none,
                       struct problem *out_problem)
{
    assert(!sqlite3_get_autocommit(store->db));
    int rc = store__run(store, id, out_problem);
    return rc == 0 && sqlite3_changes64(store->db) == 0 ? none : rc;
}

static int too_many(const char *what, int most, struct problem *out_problem)
{
    return problem_set(out_problem, SP_ELIMIT,
                       "there are %d %s already, as many as there can be: delete those that are "
                       "not needed",
                       most, what);
}

/* ---- alarms ---- */

static int decode_alarm(struct store *store, sqlite3_stmt *statement, struct alarm *out_alarm,
                        struct problem *out_problem)
{
    char state[32];
    struct alarm alarm = { .since_ms = (uint64_t)sqlite3_column_int64(statement, A_SINCE) };
    if (!store__copy_text(alarm.region, sizeof alarm.region, statement, A_REGION) ||
        !store__copy_text(alarm.name, sizeof alarm.name, statement, A_NAME) ||
        !store__copy_text(state, sizeof state, statement, A_STATE) ||
        alarm_state_find(state, &alarm.state, NULL) != 0)
        return store__no_sense(store, "alarm", alarm.name, out_problem);
    *out_alarm = alarm;
    return 0;
}

int store_visit_alarms(struct store *store, int (*visit)(void *context, const struct alarm *alarm),
                       void *context, struct problem *out_problem)
{
    struct alarm alarm;
    bool row;
    sqlite3_stmt *statement = store->statements[ALARMS_ALL];
    int rc;
    while ((rc = store__step(store, statement, &row, out_problem)) == 0 && row) {
        rc = decode_alarm(store, statement, &alarm, out_problem);
        if (rc == 0)
            rc = visit(context, &alarm);
        if (rc != 0)
            break;
    }
    sqlite3_reset(statement);
    return rc;
}

int store_find_alarm(struct store *store, const char *region, const char *name,
                     struct alarm *out_alarm, struct problem *out_problem)
{
    bool row;
    sqlite3_stmt *statement = store->statements[ALARM_READ];
    bind_text(statement, 1, region);
    bind_text(statement, 2, name);
    int rc = store__step(store, statement, &row, out_problem);
    if (rc == 0)
        rc = row ? decode_alarm(store, statement, out_alarm, out_problem) : SP_ENOENT;
    sqlite3_reset(statement);
    sqlite3_clear_bindings(statement);
    return rc;
}

int store_put_alarm(struct store *store, const struct alarm *alarm, struct problem *out_problem)
{
    sqlite3_stmt *statement = store->statements[ALARM_PUT];
    bind_text(statement, 1, alarm->region);
    bind_text(statement, 2, alarm->name);
    bind_text(statement, 3, alarm_state_name(alarm->state));
    sqlite3_bind_int64(statement, 4, (int64_t)alarm->since_ms);
    sqlite3_bind_int(statement, 5, ALARMS_MAX);
    int rc = run_for_one(store, ALARM_PUT, SP_ELIMIT, out_problem);
    return rc == SP_ELIMIT ? too_many("alarms", ALARMS_MAX, out_problem) : rc;
}

int store_delete_alarm(struct store *store, const char *region, const char *name,
                       struct problem *out_problem)
{
    bind_text(store->statements[ALARM_DELETE], 1, region);
    bind_text(store->statements[ALARM_DELETE], 2, name);
    return run_for_one(store, ALARM_DELETE, SP_ENOENT, out_problem);
}

static bool decode_alarm_check(sqlite3_stmt *statement, char id[HEALTH_CHECK_ID_SIZE_MAX + 1],
                               enum insufficient_data *out_without_data)
{
    char without_data[32];
    return store__copy_text(id, HEALTH_CHECK_ID_SIZE_MAX + 1, statement, K_ID) &&
           store__copy_text(without_data, sizeof without_data, statement, K_WITHOUT_DATA) &&
           insufficient_data_find(without_data, out_without_data, NULL) == 0;
}

int store_visit_alarm_checks(struct store *store, const char *region, const char *name,
                             int (*visit)(void *context, const char *check_id,
                                          enum insufficient_data without_data),
                             void *context, struct problem *out_problem)
{
    char id[HEALTH_CHECK_ID_SIZE_MAX + 1] = "";
    enum insufficient_data without_data;
    bool row;
    sqlite3_stmt *statement = store->statements[ALARM_CHECKS];
    int rc;
    bind_text(statement, 1, region);
    bind_text(statement, 2, name);
    while ((rc = store__step(store, statement, &row, out_problem)) == 0 && row) {
        rc = decode_alarm_check(statement, id, &without_data)
                 ? visit(context, id, without_data)
                 : store__no_sense(store, "health check", id, out_problem);
        if (rc != 0)
            break;
    }
    sqlite3_reset(statement);
    sqlite3_clear_bindings(statement);
    return rc;
}

/* ---- routing controls ---- */

static int decode_control(struct store *store, sqlite3_stmt *statement,
                          struct routing_control *out_control, struct problem *out_problem)
{
    struct routing_control control = {
        .is_on = sqlite3_column_int(statement, C_IS_ON) != 0,
        .created_ms = (uint64_t)sqlite3_column_int64(statement, C_CREATED),
        .changed_ms = (uint64_t)sqlite3_column_int64(statement, C_CHANGED),
    };
    if (!store__copy_text(control.name, sizeof control.name, statement, C_NAME) ||
        !store__copy_text(control.panel, sizeof control.panel, statement, C_PANEL))
        return store__no_sense(store, "routing control", control.name, out_problem);
    *out_control = control;
    return 0;
}

int store_visit_routing_controls(struct store *store,
                                 int (*visit)(void *context,
                                              const struct routing_control *routing_control),
                                 void *context, struct problem *out_problem)
{
    struct routing_control control;
    bool row;
    sqlite3_stmt *statement = store->statements[CONTROLS_ALL];
    int rc;
    while ((rc = store__step(store, statement, &row, out_problem)) == 0 && row) {
        rc = decode_control(store, statement, &control, out_problem);
        if (rc == 0)
            rc = visit(context, &control);
        if (rc != 0)
            break;
    }
    sqlite3_reset(statement);
    return rc;
}

int store_find_routing_control(struct store *store, const char *name,
                               struct routing_control *out_found, struct problem *out_problem)
{
    bool row;
    sqlite3_stmt *statement = store->statements[CONTROL_READ];
    bind_text(statement, 1, name);
    int rc = store__step(store, statement, &row, out_problem);
    if (rc == 0)
        rc = row ? decode_control(store, statement, out_found, out_problem) : SP_ENOENT;
    sqlite3_reset(statement);
    sqlite3_clear_bindings(statement);
    return rc;
}

int store_add_routing_control(struct store *store, const struct routing_control *routing_control,
                              struct problem *out_problem)
{
    struct routing_control before;
    sqlite3_stmt *statement = store->statements[CONTROL_INSERT];
    int rc = store_find_routing_control(store, routing_control->name, &before, out_problem);
    if (rc != SP_ENOENT)
        return rc == 0 ? SP_EEXIST : rc;
    bind_text(statement, 1, routing_control->name);
    bind_text(statement, 2, routing_control->panel);
    sqlite3_bind_int(statement, 3, routing_control->is_on);
    sqlite3_bind_int64(statement, 4, (int64_t)routing_control->created_ms);
    sqlite3_bind_int64(statement, 5, (int64_t)routing_control->changed_ms);
    sqlite3_bind_int(statement, 6, ROUTING_CONTROLS_MAX);
    rc = run_for_one(store, CONTROL_INSERT, SP_ELIMIT, out_problem);
    return rc == SP_ELIMIT ? too_many("routing controls", ROUTING_CONTROLS_MAX, out_problem) : rc;
}

int store_put_routing_state(struct store *store, const struct routing_control *routing_control,
                            struct problem *out_problem)
{
    sqlite3_stmt *statement = store->statements[CONTROL_SET];
    bind_text(statement, 1, routing_control->name);
    sqlite3_bind_int(statement, 2, routing_control->is_on);
    sqlite3_bind_int64(statement, 3, (int64_t)routing_control->changed_ms);
    return run_for_one(store, CONTROL_SET, SP_ENOENT, out_problem);
}

int store_delete_routing_control(struct store *store, const char *name, struct problem *out_problem)
{
    bind_text(store->statements[CONTROL_DELETE], 1, name);
    return run_for_one(store, CONTROL_DELETE, SP_ENOENT, out_problem);
}

int store_visit_control_checks(struct store *store, const struct routing_control *routing_control,
                               int (*visit)(void *context, const char *check_id), void *context,
                               struct problem *out_problem)
{
    char arn[ROUTING_CONTROL_ARN_SIZE], id[HEALTH_CHECK_ID_SIZE_MAX + 1] = "";
    bool row;
    sqlite3_stmt *statement = store->statements[CONTROL_CHECKS];
    int rc;
    bind_text(statement, 1, routing_control->name);
    bind_text(statement, 2, routing_control_arn(arn, routing_control));
    while ((rc = store__step(store, statement, &row, out_problem)) == 0 && row) {
        rc = store__copy_text(id, sizeof id, statement, 0)
                 ? visit(context, id)
                 : store__no_sense(store, "health check", id, out_problem);
        if (rc != 0)
            break;
    }
    sqlite3_reset(statement);
    sqlite3_clear_bindings(statement);
    return rc;
}

/* ---- safety rules ---- */

static bool decode_rule_row(sqlite3_stmt *statement, struct safety_rule *out_rule)
{
    char kind[16], type[16];
    int64_t wait_ms = sqlite3_column_int64(statement, R_WAIT);
    *out_rule = (struct safety_rule){
        .threshold = (uint32_t)sqlite3_column_int(statement, R_THRESHOLD),
        .is_inverted = sqlite3_column_int(statement, R_INVERTED) != 0,
        .wait_ms = (uint32_t)wait_ms,
    };
    return store__copy_text(out_rule->name, sizeof out_rule->name, statement, R_NAME) &&
           store__copy_text(out_rule->panel, sizeof out_rule->panel, statement, R_PANEL) &&
           store__copy_text(kind, sizeof kind, statement, R_KIND) &&
           store__copy_text(type, sizeof type, statement, R_TYPE) &&
           rule_kind_find(kind, &out_rule->kind, NULL) == 0 &&
           rule_type_find(type, &out_rule->type, NULL) == 0;
}

static int read_rule_controls(struct store *store, int64_t row_id, struct safety_rule *rule,
                              struct problem *out_problem)
{
    bool row;
    sqlite3_stmt *statement = store->statements[RULE_CONTROLS];
    int rc;
    sqlite3_bind_int64(statement, 1, row_id);
    while ((rc = store__step(store, statement, &row, out_problem)) == 0 && row) {
        struct control_names *list =
            sqlite3_column_int(statement, N_IS_TARGET) != 0 ? &rule->targets : &rule->controls;
        if (list->count == RULE_CONTROLS_MAX ||
            !store__copy_text(list->names[list->count++], RECOVERY_NAME_SIZE, statement,
                              N_CONTROL)) {
            rc = store__no_sense(store, "safety rule", rule->name, out_problem);
            break;
        }
    }
    sqlite3_reset(statement);
    return rc;
}

int store_visit_safety_rules(struct store *store,
                             int (*visit)(void *context, const struct safety_rule *rule),
                             void *context, struct problem *out_problem)
{
    struct safety_rule rule;
    bool row;
    sqlite3_stmt *statement = store->statements[RULES_ALL];
    int rc;
    while ((rc = store__step(store, statement, &row, out_problem)) == 0 && row) {
        rc = decode_rule_row(statement, &rule)
                 ? read_rule_controls(store, sqlite3_column_int64(statement, R_ROW), &rule,
                                      out_problem)
                 : store__no_sense(store, "safety rule", rule.name, out_problem);
        if (rc == 0)
            rc = visit(context, &rule);
        if (rc != 0)
            break;
    }
    sqlite3_reset(statement);
    return rc;
}

/* The row's number is 0 when there is no row: its name is in use, or there are too many. */
static int insert_rule(struct store *store, const struct safety_rule *rule, int64_t *out_row_id,
                       struct problem *out_problem)
{
    bool row;
    sqlite3_stmt *statement = store->statements[RULE_INSERT];
    bind_text(statement, R_NAME + 1, rule->name);
    bind_text(statement, R_PANEL + 1, rule->panel);
    bind_text(statement, R_KIND + 1, rule_kind_name(rule->kind));
    bind_text(statement, R_TYPE + 1, rule_type_name(rule->type));
    sqlite3_bind_int64(statement, R_THRESHOLD + 1, rule->threshold);
    sqlite3_bind_int(statement, R_INVERTED + 1, rule->is_inverted);
    sqlite3_bind_int64(statement, R_WAIT + 1, rule->wait_ms);
    sqlite3_bind_int(statement, 8, SAFETY_RULES_MAX);
    int rc = store__step(store, statement, &row, out_problem);
    *out_row_id = rc == 0 && row ? sqlite3_column_int64(statement, 0) : 0;
    sqlite3_reset(statement);
    sqlite3_clear_bindings(statement);
    return rc;
}

static int insert_controls(struct store *store, int64_t row_id, bool are_targets,
                           const struct control_names *list, struct problem *out_problem)
{
    sqlite3_stmt *statement = store->statements[RULE_CONTROL_INSERT];
    int rc = 0;
    for (unsigned i = 0; rc == 0 && i < list->count; i++) {
        sqlite3_bind_int64(statement, 1, row_id);
        sqlite3_bind_int(statement, 2, are_targets);
        sqlite3_bind_int64(statement, 3, i);
        bind_text(statement, 4, list->names[i]);
        rc = store__run(store, RULE_CONTROL_INSERT, out_problem);
    }
    return rc;
}

static int find_equal(void *context, const struct safety_rule *rule)
{
    return strcmp(rule->name, context) == 0 ? SP_EEXIST : 0;
}

int store_add_safety_rule(struct store *store, const struct safety_rule *rule,
                          struct problem *out_problem)
{
    int64_t row_id;
    assert(!sqlite3_get_autocommit(store->db));
    int rc = insert_rule(store, rule, &row_id, out_problem);
    if (rc == 0 && row_id == 0)
        rc = store_visit_safety_rules(store, find_equal, (void *)rule->name, out_problem);
    if (rc == 0 && row_id == 0)
        rc = too_many("safety rules", SAFETY_RULES_MAX, out_problem);
    if (rc == 0)
        rc = insert_controls(store, row_id, false, &rule->controls, out_problem);
    if (rc == 0)
        rc = insert_controls(store, row_id, true, &rule->targets, out_problem);
    return rc;
}

int store_delete_safety_rule(struct store *store, const char *name, struct problem *out_problem)
{
    bind_text(store->statements[RULE_DELETE], 1, name);
    return run_for_one(store, RULE_DELETE, SP_ENOENT, out_problem);
}

int store_find_rule_of_control(struct store *store, const char *control_name,
                               char out_rule[RECOVERY_NAME_SIZE], struct problem *out_problem)
{
    bool row;
    sqlite3_stmt *statement = store->statements[RULE_OF_CONTROL];
    bind_text(statement, 1, control_name);
    int rc = store__step(store, statement, &row, out_problem);
    out_rule[0] = '\0';
    if (rc == 0 && row && !store__copy_text(out_rule, RECOVERY_NAME_SIZE, statement, 0))
        rc = store__no_sense(store, "a safety rule of", control_name, out_problem);
    sqlite3_reset(statement);
    sqlite3_clear_bindings(statement);
    return rc;
}
