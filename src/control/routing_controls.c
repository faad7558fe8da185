#include "signpost/control/routing_controls.h"

#include "recovery.h"

#include "signpost/control/checks.h"
#include "signpost/store/recovery.h"

#include <stdlib.h>
#include <string.h>

static int no_such_control(const char *name, struct problem *out_problem)
{
    return problem_set(out_problem, SP_ENOENT,
                       "there is no routing control \"%.260s\": \"signpost control list\" shows "
                       "those that are there",
                       name);
}

static int no_such_rule(const char *name, struct problem *out_problem)
{
    return problem_set(out_problem, SP_ENOENT,
                       "there is no safety rule \"%.80s\": \"signpost rule list\" shows those that "
                       "are there",
                       name);
}

/* Ends a transaction. */
static int finish(struct control *control, int rc, struct problem *out_problem)
{
    if (rc == 0)
        rc = store_commit_transaction(control->store, out_problem);
    if (rc != 0)
        store_rollback(control->store);
    return rc;
}

/* ---- controls ---- */

int control_create_routing_control(struct control *control, const char *name, const char *panel,
                                   uint64_t now_ms, struct routing_control *out_created,
                                   struct problem *out_problem)
{
    struct routing_control created = { .created_ms = now_ms };
    int rc = recovery_name_check("routing control", name, out_problem);
    if (rc == 0)
        rc = recovery_name_check("control panel", panel, out_problem);
    if (rc == 0)
        rc = store_begin(control->store, out_problem);
    if (rc != 0)
        return rc;
    strcpy(created.name, name);
    strcpy(created.panel, panel);
    rc = store_add_routing_control(control->store, &created, out_problem);
    if (rc == SP_EEXIST)
        problem_set(out_problem, rc,
                    "the routing control %s exists already: \"signpost control set %s=on\" turns "
                    "it",
                    name, name);
    rc = finish(control, rc, out_problem);
    if (rc == 0)
        *out_created = created;
    return rc;
}

int control_read_routing_control(struct control *control, const char *name_or_arn,
                                 struct routing_control *out_found, struct problem *out_problem)
{
    struct routing_control found;
    const char *name = routing_control_name(name_or_arn);
    int rc = name == NULL ? SP_ENOENT
                          : store_find_routing_control(control->store, name, &found, out_problem);
    if (rc == SP_ENOENT || (rc == 0 && !routing_control_is(&found, name_or_arn)))
        return no_such_control(name_or_arn, out_problem);
    if (rc == 0)
        *out_found = found;
    return rc;
}

/* Notes a check that follows a control, and ends the visit. */
static int note_check(void *context, const char *check_id)
{
    strcpy(context, check_id);
    return SP_ECONFLICT;
}

static int check_unused(struct control *control, const struct routing_control *unwanted,
                        struct problem *out_problem)
{
    char check_id[HEALTH_CHECK_ID_SIZE_MAX + 1], rule[RECOVERY_NAME_SIZE];
    int rc =
        store_visit_control_checks(control->store, unwanted, note_check, check_id, out_problem);
    if (rc == SP_ECONFLICT)
        return problem_set(out_problem, rc,
                           "the health check %s follows the routing control %s: delete it first",
                           check_id, unwanted->name);
    if (rc == 0)
        rc = store_find_rule_of_control(control->store, unwanted->name, rule, out_problem);
    if (rc == 0 && rule[0] != '\0')
        rc = problem_set(out_problem, SP_ECONFLICT,
                         "the safety rule %s names the routing control %s: delete it first", rule,
                         unwanted->name);
    return rc;
}

int control_delete_routing_control(struct control *control, const char *name_or_arn,
                                   struct problem *out_problem)
{
    struct routing_control unwanted;
    int rc = control_read_routing_control(control, name_or_arn, &unwanted, out_problem);
    if (rc == 0)
        rc = check_unused(control, &unwanted, out_problem);
    if (rc == 0)
        rc = store_begin(control->store, out_problem);
    if (rc != 0)
        return rc;
    rc = store_delete_routing_control(control->store, unwanted.name, out_problem);
    return finish(control, rc, out_problem);
}

int control_list_routing_controls(struct control *control,
                                  int (*visit)(void *context,
                                               const struct routing_control *routing_control),
                                  void *context, struct problem *out_problem)
{
    return store_visit_routing_controls(control->store, visit, context, out_problem);
}

int control_list_control_checks(struct control *control,
                                const struct routing_control *routing_control,
                                int (*visit)(void *context, const char *check_id), void *context,
                                struct problem *out_problem)
{
    return store_visit_control_checks(control->store, routing_control, visit, context, out_problem);
}

/* ---- states ---- */

/* All controls, and what a call makes of them. */
struct cluster {
    struct routing_control *controls;
    bool *will_be_on;
    bool *is_named;
    size_t count;
};

static int load_control(void *context, const struct routing_control *routing_control)
{
    struct cluster *cluster = context;
    if (cluster->count == ROUTING_CONTROLS_MAX)
        return SP_ENOMEM;
    cluster->controls[cluster->count] = *routing_control;
    cluster->will_be_on[cluster->count++] = routing_control->is_on;
    return 0;
}

static void finish_cluster(struct cluster *cluster)
{
    free(cluster->controls);
    free(cluster->will_be_on);
    free(cluster->is_named);
}

/* finish_cluster in any case. */
static int load_cluster(struct control *control, struct cluster *cluster,
                        struct problem *out_problem)
{
    *cluster = (struct cluster){
        .controls = calloc(ROUTING_CONTROLS_MAX, sizeof *cluster->controls),
        .will_be_on = calloc(ROUTING_CONTROLS_MAX, sizeof *cluster->will_be_on),
        .is_named = calloc(ROUTING_CONTROLS_MAX, sizeof *cluster->is_named),
    };
    if (cluster->controls == NULL || cluster->will_be_on == NULL || cluster->is_named == NULL)
        return control__no_memory(out_problem);
    return store_visit_routing_controls(control->store, load_control, cluster, out_problem);
}

static int compare(const void *name, const void *control)
{
    return strcmp(name, ((const struct routing_control *)control)->name);
}

static int name_state(struct cluster *cluster, const struct routing_state *state,
                      struct problem *out_problem)
{
    const char *name = routing_control_name(state->control);
    const struct routing_control *found =
        name == NULL ? NULL
                     : bsearch(name, cluster->controls, cluster->count, sizeof *found, compare);
    if (found == NULL || !routing_control_is(found, state->control))
        return no_such_control(state->control, out_problem);
    size_t i = (size_t)(found - cluster->controls);
    if (cluster->is_named[i])
        return problem_set(out_problem, SP_EINVAL, "the routing control %s is there twice",
                           cluster->controls[i].name);
    cluster->is_named[i] = true;
    cluster->will_be_on[i] = state->is_on;
    return 0;
}

struct judging {
    const struct routing_call *call;
    struct control_states states;
    bool *is_found; /* of the overridden rules */
    int refusal;    /* of the first rule that refuses; the problem has its words */
    struct problem *problem;
};

static int judge_rule(void *context, const struct safety_rule *rule)
{
    struct judging *judging = context;
    bool is_overridden = false;
    for (size_t i = 0; i < judging->call->overridden_count; i++)
        if (strcmp(judging->call->overridden[i], rule->name) == 0)
            is_overridden = judging->is_found[i] = true;
    if (!is_overridden && judging->refusal == 0)
        judging->refusal = safety_rule_judge(rule, &judging->states, judging->problem);
    return 0;
}

static int check_overridden(const struct judging *judging, struct problem *out_problem)
{
    for (size_t i = 0; i < judging->call->overridden_count; i++)
        if (!judging->is_found[i])
            return no_such_rule(judging->call->overridden[i], out_problem);
    return 0;
}

static int judge(struct control *control, const struct cluster *cluster,
                 const struct routing_call *call, uint64_t now_ms, struct problem *out_problem)
{
    struct judging judging = {
        .call = call,
        .states = { cluster->controls, cluster->will_be_on, cluster->count, now_ms },
        .is_found = calloc(call->overridden_count + 1, sizeof *judging.is_found),
        .problem = out_problem,
    };
    if (judging.is_found == NULL)
        return control__no_memory(out_problem);
    int rc = store_visit_safety_rules(control->store, judge_rule, &judging, out_problem);
    if (rc == 0) /* first of all: a misspelt rule is why another refuses */
        rc = check_overridden(&judging, out_problem);
    free(judging.is_found);
    return rc == 0 ? judging.refusal : rc;
}

/* finish_cluster in any case. */
static int prepare(struct control *control, const struct routing_call *call, uint64_t now_ms,
                   struct cluster *cluster, struct problem *out_problem)
{
    int rc = load_cluster(control, cluster, out_problem);
    if (rc == 0 && call->count == 0)
        rc = problem_set(out_problem, SP_EINVAL, "there is no change in it");
    for (size_t i = 0; rc == 0 && i < call->count; i++)
        rc = name_state(cluster, &call->states[i], out_problem);
    if (rc == 0 && !call->asks_no_rule)
        rc = judge(control, cluster, call, now_ms, out_problem);
    return rc;
}

struct gathering {
    struct control *control;
    bool is_on;
    struct followers followers;
};

static int gather_check(void *context, const char *check_id)
{
    struct gathering *gathering = context;
    return control__add_follower(&gathering->followers,
                                 control_check_slot(gathering->control, check_id), gathering->is_on,
                                 control__switch_reason(gathering->is_on));
}

static int store_state(struct control *control, struct routing_control *changed, bool is_on,
                       uint64_t now_ms, struct gathering *gathering, struct problem *out_problem)
{
    changed->is_on = gathering->is_on = is_on;
    changed->changed_ms = now_ms;
    int rc = store_put_routing_state(control->store, changed, out_problem);
    if (rc == 0)
        rc = store_visit_control_checks(control->store, changed, gather_check, gathering,
                                        out_problem);
    return rc == SP_ENOMEM ? control__no_memory(out_problem) : rc;
}

int control_set_routing_states(struct control *control, const struct routing_call *call,
                               uint64_t now_ms, struct problem *out_problem)
{
    struct gathering gathering = { .control = control };
    struct cluster cluster;
    int rc = store_begin(control->store, out_problem);
    if (rc != 0)
        return rc;
    rc = prepare(control, call, now_ms, &cluster, out_problem);
    for (size_t i = 0; rc == 0 && i < cluster.count; i++)
        if (cluster.controls[i].is_on != cluster.will_be_on[i])
            rc = store_state(control, &cluster.controls[i], cluster.will_be_on[i], now_ms,
                             &gathering, out_problem);
    rc = finish(control, rc, out_problem);
    if (rc == 0)
        control__tell_followers(control, &gathering.followers, now_ms);
    control__free_followers(&gathering.followers);
    finish_cluster(&cluster);
    return rc;
}

int control_judge_routing_states(struct control *control, const struct routing_call *call,
                                 uint64_t now_ms, struct problem *out_problem)
{
    struct cluster cluster;
    int rc = prepare(control, call, now_ms, &cluster, out_problem);
    finish_cluster(&cluster);
    return rc;
}

/* ---- safety rules ---- */

static int check_controls(struct control *control, const struct safety_rule *rule,
                          const struct control_names *list, struct problem *out_problem)
{
    struct routing_control found;
    for (unsigned i = 0; i < list->count; i++) {
        int rc = store_find_routing_control(control->store, list->names[i], &found, out_problem);
        if (rc == SP_ENOENT)
            return problem_set(out_problem, SP_EINVAL, "there is no routing control \"%s\"",
                               list->names[i]);
        if (rc == 0 && strcmp(found.panel, rule->panel) != 0)
            return problem_set(out_problem, SP_EINVAL,
                               "the routing control %s is of the panel %s, and the rule of %s: a "
                               "rule is about controls of its own panel",
                               found.name, found.panel, rule->panel);
        if (rc != 0)
            return rc;
    }
    return 0;
}

int control_create_safety_rule(struct control *control, const struct safety_rule *rule,
                               struct problem *out_problem)
{
    int rc = safety_rule_check(rule, out_problem);
    if (rc == 0)
        rc = check_controls(control, rule, &rule->controls, out_problem);
    if (rc == 0)
        rc = check_controls(control, rule, &rule->targets, out_problem);
    if (rc == 0)
        rc = store_begin(control->store, out_problem);
    if (rc != 0)
        return rc;
    rc = store_add_safety_rule(control->store, rule, out_problem);
    if (rc == SP_EEXIST)
        problem_set(out_problem, rc, "the safety rule %s exists already", rule->name);
    return finish(control, rc, out_problem);
}

int control_delete_safety_rule(struct control *control, const char *name,
                               struct problem *out_problem)
{
    int rc = store_begin(control->store, out_problem);
    if (rc != 0)
        return rc;
    rc = store_delete_safety_rule(control->store, name, out_problem);
    if (rc == SP_ENOENT)
        no_such_rule(name, out_problem);
    return finish(control, rc, out_problem);
}

int control_list_safety_rules(struct control *control,
                              int (*visit)(void *context, const struct safety_rule *rule),
                              void *context, struct problem *out_problem)
{
    return store_visit_safety_rules(control->store, visit, context, out_problem);
}
