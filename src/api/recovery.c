/*
 * Alarms, routing controls and safety rules.
 */
#include "call.h"

#include "signpost/base/clock.h"
#include "signpost/base/log.h"
#include "signpost/control/alarms.h"
#include "signpost/control/routing_controls.h"

#include <string.h>

static int fault(struct api_call *call, const char *member, const char *reason)
{
    return problem_set(&call->problem, SP_EINVAL, "%s: %s", member, reason);
}

/* A member that is a string; it lives as long as the document. */
static int read_text(struct api_call *call, const json_t *object, const char *member,
                     const char **out_text)
{
    *out_text = json_string_value(json_object_get(object, member));
    return *out_text != NULL ? 0 : fault(call, member, "it must be a string");
}

static int answer_deleted(struct api_call *call, const char *what, const char *member)
{
    log_write(LOG_LEVEL_INFO, what, member, call->id, NULL);
    return api_call_json(call,
                         json_pack("{s:o,s:b}", member, api_json_text(call->id), "deleted", 1));
}

/* ---- alarms ---- */

static json_t *alarm_object(const struct alarm *alarm)
{
    return json_pack("{s:o,s:s,s:s,s:I}", "name", api_json_text(alarm->name), "region",
                     alarm->region, "state", alarm_state_name(alarm->state), "since_ms",
                     (json_int_t)alarm->since_ms);
}

static int read_region(struct api_call *call, const char **out_region)
{
    *out_region = http_target_argument(&call->target, "region");
    if (*out_region != NULL)
        return 0;
    return problem_set(&call->problem, SP_EINVAL,
                       "argument region: it must say in which Region the alarm is, such as "
                       "us-east-1");
}

static int write_alarm(void *context, const struct alarm *alarm)
{
    return api_list_add(context, alarm_object(alarm));
}

int api_alarms_list_end(struct api_call *call)
{
    struct api_list list;
    api_list_open(&list, call, "alarms");
    int rc = control_list_alarms(api_call_control(call), write_alarm, &list, &call->problem);
    return rc == 0 ? api_list_close(&list) : rc;
}

int api_alarm_read_end(struct api_call *call)
{
    struct alarm alarm;
    const char *region;
    int rc = read_region(call, &region);
    if (rc == 0)
        rc = control_read_alarm(api_call_control(call), region, call->id, &alarm, &call->problem);
    return rc == 0 ? api_call_json(call, alarm_object(&alarm)) : rc;
}

static int read_alarm_state(struct api_call *call, json_t *document, enum alarm_state *out_state)
{
    static const char *const known[] = { "state", NULL };
    const char *text = NULL;
    int rc = api_check_members(call, document, "", known);
    if (rc == 0)
        rc = read_text(call, document, "state", &text);
    return rc == 0 ? alarm_state_find(text, out_state, &call->problem) : rc;
}

/* Answers take what follows from the health table, so nothing is published, and nobody waits. */
int api_alarm_set_end(struct api_call *call)
{
    struct alarm alarm;
    enum alarm_state state = ALARM_OK;
    const char *region = NULL;
    json_t *document = NULL;
    int rc = read_region(call, &region);
    if (rc == 0)
        rc = api_call_document(call, &document);
    if (rc == 0)
        rc = read_alarm_state(call, document, &state);
    json_decref(document);
    if (rc == 0)
        rc = control_set_alarm(api_call_control(call), region, call->id, state, clock_unix_ms(),
                               &alarm, &call->problem);
    if (rc != 0)
        return rc;
    log_write(LOG_LEVEL_INFO, "alarm set", "alarm", alarm.name, "region", alarm.region, "state",
              alarm_state_name(alarm.state), NULL);
    return api_call_json(call, alarm_object(&alarm));
}

int api_alarm_delete_end(struct api_call *call)
{
    const char *region = NULL;
    int rc = read_region(call, &region);
    if (rc == 0)
        rc = control_delete_alarm(api_call_control(call), region, call->id, clock_unix_ms(),
                                  &call->problem);
    return rc == 0 ? answer_deleted(call, "alarm deleted", "alarm") : rc;
}

/* ---- routing controls ---- */

static int add_check(void *context, const char *check_id)
{
    return json_array_append_new(context, json_string(check_id)) == 0 ? 0 : SP_ENOMEM;
}

/* NULL: it failed, and the call has the words. */
static json_t *control_object(struct api_call *call, const struct routing_control *control)
{
    char arn[ROUTING_CONTROL_ARN_SIZE];
    uint64_t since_ms = control->changed_ms != 0 ? control->changed_ms : control->created_ms;
    json_t *checks = json_array();
    if (control_list_control_checks(api_call_control(call), control, add_check, checks,
                                    &call->problem) != 0) {
        json_decref(checks);
        return NULL;
    }
    return json_pack("{s:s,s:s,s:s,s:s,s:I,s:o}", "name", control->name, "panel", control->panel,
                     "arn", routing_control_arn(arn, control), "state",
                     control->is_on ? "On" : "Off", "since_ms", (json_int_t)since_ms,
                     "health_checks", checks);
}

static int write_control(void *context, const struct routing_control *control)
{
    struct api_list *list = context;
    return api_list_add(list, control_object(list->call, control));
}

int api_routing_controls_list_end(struct api_call *call)
{
    struct api_list list;
    api_list_open(&list, call, "routing_controls");
    int rc =
        control_list_routing_controls(api_call_control(call), write_control, &list, &call->problem);
    return rc == 0 ? api_list_close(&list) : rc;
}

static int create_control(struct api_call *call, json_t *document,
                          struct routing_control *out_created)
{
    static const char *const known[] = { "name", "panel", NULL };
    const char *name = NULL, *panel = CONTROL_PANEL_DEFAULT;
    int rc = api_check_members(call, document, "", known);
    if (rc == 0)
        rc = read_text(call, document, "name", &name);
    if (rc == 0 && json_object_get(document, "panel") != NULL)
        rc = read_text(call, document, "panel", &panel);
    if (rc == 0)
        rc = control_create_routing_control(api_call_control(call), name, panel, clock_unix_ms(),
                                            out_created, &call->problem);
    return rc;
}

int api_routing_control_create_end(struct api_call *call)
{
    struct routing_control created;
    json_t *document = NULL;
    int rc = api_call_document(call, &document);
    if (rc == 0)
        rc = create_control(call, document, &created);
    json_decref(document);
    if (rc != 0)
        return rc;
    log_write(LOG_LEVEL_INFO, "routing control created", "control", created.name, "panel",
              created.panel, NULL);
    return api_call_json(call, control_object(call, &created));
}

int api_routing_control_delete_end(struct api_call *call)
{
    int rc = control_delete_routing_control(api_call_control(call), call->id, &call->problem);
    return rc == 0 ? answer_deleted(call, "routing control deleted", "routing_control") : rc;
}

/* ---- their states ---- */

static int read_state(struct api_call *call, json_t *change, size_t index,
                      struct routing_state *out_state)
{
    static const char *const known[] = { "name", "state", NULL };
    char where[40];
    const char *name = json_string_value(json_object_get(change, "name"));
    const char *state = json_string_value(json_object_get(change, "state"));
    snprintf(where, sizeof(where), "changes[%zu]: ", index);
    int rc = api_check_members(call, change, where, known);
    if (rc != 0)
        return rc;
    bool is_on = state != NULL && strcmp(state, "On") == 0;
    if (name == NULL || state == NULL || (!is_on && strcmp(state, "Off") != 0))
        return problem_set(&call->problem, SP_EINVAL,
                           "%sit must be {\"name\":\"cell-1\",\"state\":\"On\"}, or \"Off\"",
                           where);
    *out_state = (struct routing_state){ name, is_on };
    return 0;
}

static int read_states(struct api_call *call, const json_t *changes, struct routing_call *out_call)
{
    size_t index, count = json_array_size(changes);
    json_t *change;
    int rc = 0;
    struct routing_state *states =
        count > 0 ? arena_alloc(call->exchange->arena, count * sizeof(*states)) : NULL;
    if (count == 0)
        return fault(call, "changes", "it must be a list of at least one change");
    if (states == NULL)
        return SP_ENOMEM;
    json_array_foreach(changes, index, change)
    {
        if (rc == 0)
            rc = read_state(call, change, index, &states[index]);
    }
    out_call->states = states;
    out_call->count = count;
    return rc;
}

static int read_overridden(struct api_call *call, const json_t *rules,
                           struct routing_call *out_call)
{
    size_t index, count = json_array_size(rules);
    const json_t *rule;
    if (rules != NULL && !json_is_array(rules))
        return fault(call, "safety_rules_to_override", "it must be a list of names");
    const char **names = arena_alloc(call->exchange->arena, (count + 1) * sizeof(*names));
    if (names == NULL)
        return SP_ENOMEM;
    json_array_foreach(rules, index, rule)
    {
        names[index] = json_string_value(rule);
        if (names[index] == NULL)
            return fault(call, "safety_rules_to_override", "it must be a list of names");
    }
    out_call->overridden = names;
    out_call->overridden_count = count;
    return 0;
}

static int set_states(struct api_call *call, json_t *document, struct routing_call *out_call)
{
    static const char *const known[] = { "changes", "safety_rules_to_override", NULL };
    int rc = api_check_members(call, document, "", known);
    if (rc == 0)
        rc = read_states(call, json_object_get(document, "changes"), out_call);
    if (rc == 0)
        rc = read_overridden(call, json_object_get(document, "safety_rules_to_override"), out_call);
    if (rc == 0)
        rc = control_set_routing_states(api_call_control(call), out_call, clock_unix_ms(),
                                        &call->problem);
    return rc;
}

/* The controls of the call, as they are now. */
static int answer_states(struct api_call *call, const struct routing_call *done)
{
    struct api_list list;
    struct routing_control control;
    int rc = 0;
    api_list_open(&list, call, "routing_controls");
    for (size_t i = 0; rc == 0 && i < done->count; i++) {
        rc = control_read_routing_control(api_call_control(call), done->states[i].control, &control,
                                          &call->problem);
        if (rc == 0) {
            log_write(LOG_LEVEL_INFO, "routing control set", "control", control.name, "state",
                      control.is_on ? "On" : "Off", NULL);
            rc = write_control(&list, &control);
        }
    }
    for (size_t i = 0; i < done->overridden_count; i++)
        log_write(LOG_LEVEL_WARNING, "safety rule overridden", "rule", done->overridden[i], NULL);
    return rc == 0 ? api_list_close(&list) : rc;
}

int api_routing_states_set_end(struct api_call *call)
{
    struct routing_call done = { 0 };
    json_t *document = NULL;
    int rc = api_call_document(call, &document);
    if (rc == 0)
        rc = set_states(call, document, &done);
    if (rc == 0)
        rc = answer_states(call, &done);
    json_decref(document);
    return rc;
}

/* ---- safety rules ---- */

static json_t *name_list(const struct control_names *list)
{
    json_t *array = json_array();
    for (unsigned i = 0; i < list->count; i++)
        json_array_append_new(array, json_string(list->names[i]));
    return array;
}

static json_t *rule_object(const struct safety_rule *rule)
{
    bool gates = rule->kind == RULE_GATING;
    json_t *object =
        json_pack("{s:s,s:s,s:s,s:o,s:s,s:I,s:b,s:I}", "name", rule->name, "panel", rule->panel,
                  "kind", rule_kind_name(rule->kind),
                  gates ? "gating_controls" : "asserted_controls", name_list(&rule->controls),
                  "type", rule_type_name(rule->type), "threshold", (json_int_t)rule->threshold,
                  "inverted", rule->is_inverted, "wait_period_ms", (json_int_t)rule->wait_ms);
    if (gates)
        json_object_set_new(object, "target_controls", name_list(&rule->targets));
    return object;
}

static int write_rule(void *context, const struct safety_rule *rule)
{
    return api_list_add(context, rule_object(rule));
}

int api_safety_rules_list_end(struct api_call *call)
{
    struct api_list list;
    api_list_open(&list, call, "safety_rules");
    int rc = control_list_safety_rules(api_call_control(call), write_rule, &list, &call->problem);
    return rc == 0 ? api_list_close(&list) : rc;
}

/* A list that may be left out. */
static int read_names(struct api_call *call, const json_t *document, const char *member,
                      struct control_names *out_list)
{
    const json_t *list = json_object_get(document, member);
    const json_t *name;
    size_t index;
    int rc = list == NULL || json_is_array(list)
                 ? 0
                 : fault(call, member, "it must be a list of names of routing controls");
    json_array_foreach(list, index, name)
    {
        if (rc == 0 && !json_is_string(name))
            rc = fault(call, member, "it must be a list of names of routing controls");
        if (rc == 0)
            rc = control_names_add(out_list, json_string_value(name), &call->problem);
    }
    return rc;
}

/* A whole number that may be left out. */
static int read_number(struct api_call *call, const json_t *document, const char *member,
                       uint32_t *number)
{
    const json_t *value = json_object_get(document, member);
    json_int_t given = json_integer_value(value);
    if (value != NULL && (!json_is_integer(value) || given < 0 || given > UINT32_MAX))
        return fault(call, member, "it must be a whole number, and not below 0");
    if (value != NULL)
        *number = (uint32_t)given;
    return 0;
}

static int read_flag(struct api_call *call, const json_t *document, const char *member,
                     bool *out_flag)
{
    const json_t *value = json_object_get(document, member);
    *out_flag = json_is_true(value);
    return value == NULL || json_is_boolean(value)
               ? 0
               : fault(call, member, "it must be true or false");
}

/* Name, panel, kind and type. */
static int read_words(struct api_call *call, const json_t *document, struct safety_rule *rule)
{
    const char *name = NULL, *panel = CONTROL_PANEL_DEFAULT, *kind = NULL, *type = NULL;
    int rc = read_text(call, document, "name", &name);
    if (rc == 0 && json_object_get(document, "panel") != NULL)
        rc = read_text(call, document, "panel", &panel);
    if (rc == 0)
        rc = read_text(call, document, "kind", &kind);
    if (rc == 0)
        rc = rule_kind_find(kind, &rule->kind, &call->problem);
    if (rc == 0)
        rc = read_text(call, document, "type", &type);
    if (rc == 0)
        rc = rule_type_find(type, &rule->type, &call->problem);
    if (rc == 0)
        rc = recovery_name_check("safety rule", name, &call->problem);
    if (rc == 0)
        rc = recovery_name_check("control panel", panel, &call->problem);
    if (rc != 0)
        return rc;
    strcpy(rule->name, name);
    strcpy(rule->panel, panel);
    return 0;
}

static int read_rule(struct api_call *call, json_t *document, struct safety_rule *rule)
{
    static const char *const of_assertion[] = {
        "name",      "panel",    "kind",           "type",
        "threshold", "inverted", "wait_period_ms", "asserted_controls",
        NULL
    };
    static const char *const of_gate[] = { "name",
                                           "panel",
                                           "kind",
                                           "type",
                                           "threshold",
                                           "inverted",
                                           "wait_period_ms",
                                           "gating_controls",
                                           "target_controls",
                                           NULL };
    int rc = read_words(call, document, rule);
    bool gates = rule->kind == RULE_GATING;
    if (rc == 0)
        rc = api_check_members(call, document, "", gates ? of_gate : of_assertion);
    if (rc == 0)
        rc = read_names(call, document, gates ? "gating_controls" : "asserted_controls",
                        &rule->controls);
    if (rc == 0)
        rc = read_names(call, document, "target_controls", &rule->targets);
    if (rc == 0)
        rc = read_number(call, document, "threshold", &rule->threshold);
    if (rc == 0)
        rc = read_flag(call, document, "inverted", &rule->is_inverted);
    if (rc == 0)
        rc = read_number(call, document, "wait_period_ms", &rule->wait_ms);
    return rc;
}

int api_safety_rule_create_end(struct api_call *call)
{
    struct safety_rule rule = { .wait_ms = RULE_WAIT_MS_DEFAULT };
    json_t *document = NULL;
    int rc = api_call_document(call, &document);
    if (rc == 0)
        rc = read_rule(call, document, &rule);
    json_decref(document);
    if (rc == 0)
        rc = control_create_safety_rule(api_call_control(call), &rule, &call->problem);
    if (rc != 0)
        return rc;
    log_write(LOG_LEVEL_INFO, "safety rule created", "rule", rule.name, "panel", rule.panel, NULL);
    return api_call_json(call, rule_object(&rule));
}

int api_safety_rule_delete_end(struct api_call *call)
{
    int rc = control_delete_safety_rule(api_call_control(call), call->id, &call->problem);
    return rc == 0 ? answer_deleted(call, "safety rule deleted", "safety_rule") : rc;
}
