/*
 * control/routing_controls.h - routing controls and safety rules (R-ARC-1 to R-ARC-8).
 *
 * A check of the type RECOVERY_CONTROL turns in the call that turns its control.  Times are Unix
 * milliseconds.  Control thread only.
 */
#ifndef SIGNPOST_CONTROL_ROUTING_CONTROLS_H
#define SIGNPOST_CONTROL_ROUTING_CONTROLS_H

#include "signpost/control/control.h"
#include "signpost/model/routing_control.h"

/* ---- controls ---- */

/* It is Off at first.  SP_EINVAL, SP_EEXIST, SP_ELIMIT. */
int control_create_routing_control(struct control *control, const char *name, const char *panel,
                                   uint64_t now_ms, struct routing_control *out_created,
                                   struct problem *out_problem);

/* By name or ARN.  SP_ENOENT; SP_ECONFLICT: a check or a rule names it. */
int control_delete_routing_control(struct control *control, const char *name_or_arn,
                                   struct problem *out_problem);

/* SP_ENOENT. */
int control_read_routing_control(struct control *control, const char *name_or_arn,
                                 struct routing_control *out_found, struct problem *out_problem);

/* In the order of their names. */
int control_list_routing_controls(struct control *control,
                                  int (*visit)(void *context,
                                               const struct routing_control *routing_control),
                                  void *context, struct problem *out_problem);

/* The ids of the checks that follow it. */
int control_list_control_checks(struct control *control,
                                const struct routing_control *routing_control,
                                int (*visit)(void *context, const char *check_id), void *context,
                                struct problem *out_problem);

/* ---- states ---- */

struct routing_state {
    const char *control; /* its name or its ARN */
    bool is_on;
};

struct routing_call {
    const struct routing_state *states;
    size_t count;
    const char *const *overridden; /* names of safety rules that are not asked (R-ARC-7) */
    size_t overridden_count;
    bool asks_no_rule; /* none is: what a drill has changed comes back */
};

/* All of it or nothing (R-ARC-3).  Controls that are so already are not changed, and no rule is
 * asked about them.  SP_ENOENT: a control or an overridden rule; SP_EINVAL: nothing to do, or a
 * control twice; SP_ECONFLICT: a safety rule refuses. */
int control_set_routing_states(struct control *control, const struct routing_call *call,
                               uint64_t now_ms, struct problem *out_problem);

/* What that would return, and nothing changes. */
int control_judge_routing_states(struct control *control, const struct routing_call *call,
                                 uint64_t now_ms, struct problem *out_problem);

/* ---- safety rules ---- */

/* SP_EINVAL: see safety_rule_check, and a control that is not there or of another panel;
 * SP_EEXIST, SP_ELIMIT. */
int control_create_safety_rule(struct control *control, const struct safety_rule *rule,
                               struct problem *out_problem);

/* SP_ENOENT. */
int control_delete_safety_rule(struct control *control, const char *name,
                               struct problem *out_problem);

/* In the order of their names. */
int control_list_safety_rules(struct control *control,
                              int (*visit)(void *context, const struct safety_rule *rule),
                              void *context, struct problem *out_problem);

#endif
