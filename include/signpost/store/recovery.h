/*
 * store/recovery.h - alarms, routing controls, safety rules and zonal shifts, as they are stored.
 *
 * Everything that writes does so inside a transaction begun before (store_begin), which goes on:
 * the caller ends it with store_commit_transaction, or store_rollback after an error.  What is
 * visited is the callee's for the call only; a callback that returns other than 0 ends the reading
 * with that status.  Control thread only.
 */
#ifndef SIGNPOST_STORE_RECOVERY_H
#define SIGNPOST_STORE_RECOVERY_H

#include "signpost/model/alarm.h"
#include "signpost/model/routing_control.h"
#include "signpost/model/zonal_shift.h"
#include "signpost/store/objects.h"

/* ---- alarms ---- */

/* By Region, then by name. */
int store_visit_alarms(struct store *store, int (*visit)(void *context, const struct alarm *alarm),
                       void *context, struct problem *out_problem);

/* SP_ENOENT without words. */
int store_find_alarm(struct store *store, const char *region, const char *name,
                     struct alarm *out_alarm, struct problem *out_problem);

/* A new one, or in the place of the one of that name.  SP_ELIMIT. */
int store_put_alarm(struct store *store, const struct alarm *alarm, struct problem *out_problem);
int store_delete_alarm(struct store *store, const char *region, const char *name,
                       struct problem *out_problem); /* SP_ENOENT without words */

/* The checks that follow an alarm, deleted ones left out. */
int store_visit_alarm_checks(struct store *store, const char *region, const char *name,
                             int (*visit)(void *context, const char *check_id,
                                          enum insufficient_data without_data),
                             void *context, struct problem *out_problem);

/* ---- routing controls ---- */

/* In the order of their names. */
int store_visit_routing_controls(struct store *store,
                                 int (*visit)(void *context,
                                              const struct routing_control *routing_control),
                                 void *context, struct problem *out_problem);

/* SP_ENOENT without words. */
int store_find_routing_control(struct store *store, const char *name,
                               struct routing_control *out_found, struct problem *out_problem);

/* SP_EEXIST without words; SP_ELIMIT. */
int store_add_routing_control(struct store *store, const struct routing_control *routing_control,
                              struct problem *out_problem);
/* Stores the state of one that is there. */
int store_put_routing_state(struct store *store, const struct routing_control *routing_control,
                            struct problem *out_problem);
int store_delete_routing_control(struct store *store, const char *name,
                                 struct problem *out_problem); /* SP_ENOENT without words */

/* The checks that follow it by its name or its ARN, deleted ones left out. */
int store_visit_control_checks(struct store *store, const struct routing_control *routing_control,
                               int (*visit)(void *context, const char *check_id), void *context,
                               struct problem *out_problem);

/* ---- safety rules ---- */

/* In the order of their names. */
int store_visit_safety_rules(struct store *store,
                             int (*visit)(void *context, const struct safety_rule *rule),
                             void *context, struct problem *out_problem);

/* SP_EEXIST without words; SP_ELIMIT.  Its controls must be there. */
int store_add_safety_rule(struct store *store, const struct safety_rule *rule,
                          struct problem *out_problem);
int store_delete_safety_rule(struct store *store, const char *name,
                             struct problem *out_problem); /* SP_ENOENT without words */

/* A rule that names the control; "" when there is none. */
int store_find_rule_of_control(struct store *store, const char *control_name,
                               char out_rule[RECOVERY_NAME_SIZE], struct problem *out_problem);

/* ---- zonal shifts ---- */

/* Active ones first, then those that have ended, newest first. */
int store_visit_shifts(struct store *store,
                       int (*visit)(void *context, const struct zonal_shift *shift), void *context,
                       struct problem *out_problem);

/* SP_ENOENT without words. */
int store_find_shift(struct store *store, const char *id, struct zonal_shift *out_shift,
                     struct problem *out_problem);
/* The active one of a resource (wire, lower case). */
int store_find_active_shift(struct store *store, const uint8_t *resource,
                            struct zonal_shift *out_shift, struct problem *out_problem);
/* The active one that ends first. */
int store_find_next_shift(struct store *store, struct zonal_shift *out_shift,
                          struct problem *out_problem);

/* A new one, or in the place of the one with that id.  Of those that have ended, the newest
 * SHIFTS_KEPT stay. */
int store_put_shift(struct store *store, const struct zonal_shift *shift,
                    struct problem *out_problem);

#endif
