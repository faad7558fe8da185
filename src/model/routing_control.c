#include "signpost/model/routing_control.h"

#include "word.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

/* ---- names ---- */

static const char *const kind_names[RULE_KIND_COUNT] = { "ASSERTION", "GATING" };
static const char *const type_names[RULE_TYPE_COUNT] = { "ATLEAST", "AND", "OR" };

static const char arn_start[] = "arn:aws:route53-recovery-control::000000000000:controlpanel/";
static const char arn_middle[] = "/routingcontrol/";

int recovery_name_check(const char *what, const char *name, struct problem *out_problem)
{
    if (word_is_right(name, RECOVERY_NAME_SIZE_MAX, "-_."))
        return 0;
    return problem_set(out_problem, SP_EINVAL,
                       "\"%.80s\" cannot be the name of a %s: it must be 1 to %d letters, digits, "
                       "\"-\", \"_\" and \".\"",
                       name, what, RECOVERY_NAME_SIZE_MAX);
}

const char *rule_kind_name(enum rule_kind kind)
{
    return kind_names[kind];
}

int rule_kind_find(const char *name, enum rule_kind *out_kind, struct problem *out_problem)
{
    unsigned number;
    int rc = word_find(kind_names, RULE_KIND_COUNT, "kind of rule", name, &number, out_problem);
    if (rc == 0)
        *out_kind = (enum rule_kind)number;
    return rc;
}

const char *rule_type_name(enum rule_type type)
{
    return type_names[type];
}

int rule_type_find(const char *name, enum rule_type *out_type, struct problem *out_problem)
{
    unsigned number;
    int rc = word_find(type_names, RULE_TYPE_COUNT, "type of rule", name, &number, out_problem);
    if (rc == 0)
        *out_type = (enum rule_type)number;
    return rc;
}

const char *routing_control_arn(char out[ROUTING_CONTROL_ARN_SIZE],
                                const struct routing_control *control)
{
    snprintf(out, ROUTING_CONTROL_ARN_SIZE, "%s%s%s%s", arn_start, control->panel, arn_middle,
             control->name);
    return out;
}

const char *routing_control_name(const char *name_or_arn)
{
    if (strncmp(name_or_arn, "arn:", 4) != 0)
        return name_or_arn;
    const char *middle = strstr(name_or_arn, arn_middle);
    if (strncmp(name_or_arn, arn_start, strlen(arn_start)) != 0 || middle == NULL)
        return NULL;
    return middle + strlen(arn_middle);
}

bool routing_control_is(const struct routing_control *control, const char *name_or_arn)
{
    char arn[ROUTING_CONTROL_ARN_SIZE];
    return strcmp(control->name, name_or_arn) == 0 ||
           strcmp(routing_control_arn(arn, control), name_or_arn) == 0;
}

/* ---- rules ---- */

int control_names_add(struct control_names *list, const char *name, struct problem *out_problem)
{
    int rc = recovery_name_check("routing control", name, out_problem);
    if (rc != 0)
        return rc;
    if (list->count == RULE_CONTROLS_MAX)
        return problem_set(out_problem, SP_ELIMIT,
                           "a safety rule has at most %d controls in a list", RULE_CONTROLS_MAX);
    strcpy(list->names[list->count++], name);
    return 0;
}

static bool has_name(const struct control_names *list, unsigned count, const char *name)
{
    for (unsigned i = 0; i < count; i++)
        if (strcmp(list->names[i], name) == 0)
            return true;
    return false;
}

/* R-ARC-4: a gate over itself could never be turned again. */
static int check_lists(const struct safety_rule *rule, struct problem *out_problem)
{
    const struct control_names *controls = &rule->controls, *targets = &rule->targets;
    bool gates = rule->kind == RULE_GATING;
    if (controls->count == 0 || gates != (targets->count > 0))
        return problem_set(out_problem, SP_EINVAL,
                           gates ? "a gating rule needs gating controls and target controls"
                                 : "an assertion rule needs asserted controls, and has no targets");
    for (unsigned i = 0; i < controls->count; i++)
        if (has_name(controls, i, controls->names[i]))
            return problem_set(out_problem, SP_EINVAL, "the control %s is there twice",
                               controls->names[i]);
    for (unsigned i = 0; i < targets->count; i++)
        if (has_name(targets, i, targets->names[i]) ||
            has_name(controls, controls->count, targets->names[i]))
            return problem_set(out_problem, SP_EINVAL, "the control %s is there twice",
                               targets->names[i]);
    return 0;
}

int safety_rule_check(const struct safety_rule *rule, struct problem *out_problem)
{
    int rc = recovery_name_check("safety rule", rule->name, out_problem);
    if (rc == 0)
        rc = recovery_name_check("control panel", rule->panel, out_problem);
    if (rc == 0)
        rc = check_lists(rule, out_problem);
    if (rc != 0)
        return rc;
    if (rule->type == RULE_ATLEAST &&
        (rule->threshold < 1 || rule->threshold > rule->controls.count))
        return problem_set(out_problem, SP_EINVAL,
                           "threshold: for ATLEAST it must be from 1 to %u, the number of controls",
                           rule->controls.count);
    if (rule->type != RULE_ATLEAST && rule->threshold != 0)
        return problem_set(out_problem, SP_EINVAL, "threshold: only ATLEAST has one");
    if (rule->wait_ms > RULE_WAIT_MS_MAX)
        return problem_set(out_problem, SP_EINVAL, "wait_period_ms: it must be at most %d",
                           RULE_WAIT_MS_MAX);
    return 0;
}

/* ---- judging ---- */

static int compare(const void *name, const void *control)
{
    return strcmp(name, ((const struct routing_control *)control)->name);
}

/* The number of a control among the states; those that rules name are there. */
static size_t find(const struct control_states *states, const char *name)
{
    const struct routing_control *found =
        bsearch(name, states->controls, states->count, sizeof *states->controls, compare);
    return (size_t)(found - states->controls);
}

/* Whether one of the listed controls changes, and when one last did. */
static bool is_touched(const struct control_names *guarded, const struct control_states *states,
                       uint64_t *out_last_ms)
{
    bool touched = false;
    *out_last_ms = 0;
    for (unsigned i = 0; i < guarded->count; i++) {
        size_t at = find(states, guarded->names[i]);
        const struct routing_control *control = &states->controls[at];
        touched = touched || control->is_on != states->will_be_on[at];
        if (control->changed_ms > *out_last_ms)
            *out_last_ms = control->changed_ms;
    }
    return touched;
}

static unsigned needed(const struct safety_rule *rule)
{
    if (rule->type == RULE_ATLEAST)
        return rule->threshold;
    return rule->type == RULE_AND ? rule->controls.count : 1;
}

static unsigned count_on(const struct safety_rule *rule, const struct control_states *states)
{
    unsigned count = 0;
    for (unsigned i = 0; i < rule->controls.count; i++) {
        size_t at = find(states, rule->controls.names[i]);
        count += rule->kind == RULE_GATING ? states->controls[at].is_on : states->will_be_on[at];
    }
    return count;
}

/* "at least 1 of cell-1, cell-2", or "fewer than"; long lists are cut short. */
static void describe(const struct safety_rule *rule, char *out, size_t size)
{
    const struct control_names *list = &rule->controls;
    unsigned shown = list->count > 6 ? 6 : list->count;
    int at = snprintf(out, size, "%s %u of ", rule->is_inverted ? "fewer than" : "at least",
                      needed(rule));
    for (unsigned i = 0; i < shown; i++)
        at += snprintf(out + at, size - (size_t)at, "%s%s", i > 0 ? ", " : "", list->names[i]);
    if (shown < list->count)
        snprintf(out + at, size - (size_t)at, " and %u more", list->count - shown);
}

static int refuse(const struct safety_rule *rule, struct problem *out_problem, const char *format,
                  ...) __attribute__((format(printf, 3, 4)));

static int refuse(const struct safety_rule *rule, struct problem *out_problem, const char *format,
                  ...)
{
    char why[768];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(why, sizeof why, format, arguments);
    va_end(arguments);
    return problem_set(out_problem, SP_ECONFLICT,
                       "the safety rule %s refuses: %s; or break glass: --break-glass %s "
                       "(safety_rules_to_override)",
                       rule->name, why, rule->name);
}

static int refuse_count(const struct safety_rule *rule, unsigned on, struct problem *out_problem)
{
    char wanted[RECOVERY_NAME_SIZE * 6 + 64];
    describe(rule, wanted, sizeof wanted);
    if (rule->kind == RULE_GATING)
        return refuse(
            rule, out_problem,
            "its targets may change only while %s are On, and %u are: open the gate first", wanted,
            on);
    return refuse(rule, out_problem,
                  "it wants %s to be On, and after this change %u would be: change others in the "
                  "same call",
                  wanted, on);
}

int safety_rule_judge(const struct safety_rule *rule, const struct control_states *states,
                      struct problem *out_problem)
{
    uint64_t last_ms;
    if (!is_touched(rule->kind == RULE_GATING ? &rule->targets : &rule->controls, states, &last_ms))
        return 0;
    if (last_ms != 0 && last_ms <= states->now_ms && states->now_ms - last_ms < rule->wait_ms)
        return refuse(rule, out_problem,
                      "one of its controls has changed %llu ms ago, and it wants %u ms between "
                      "changes: wait",
                      (unsigned long long)(states->now_ms - last_ms), rule->wait_ms);
    unsigned on = count_on(rule, states);
    return (on >= needed(rule)) != rule->is_inverted ? 0 : refuse_count(rule, on, out_problem);
}
