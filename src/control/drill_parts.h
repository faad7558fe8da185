/*
 * control/drill_parts.h - what a drill's plan comes to with the objects that are there.
 */
#ifndef CONTROL_DRILL_PARTS_H
#define CONTROL_DRILL_PARTS_H

#include "internal.h"

#include "signpost/control/drills.h"

/* Whether the plan may stand and everything in it is there.  SP_EINVAL, SP_ENOENT. */
int control__check_drill(struct control *control, const struct drill_plan *plan,
                         struct problem *out_problem);

/* "break[2]: " in front of the words of a problem; returns rc. */
int control__locate(unsigned part, int rc, struct problem *out_problem);

/* The Regions and availability zones that are lost; how many. */
unsigned control__drill_zones(const struct drill_plan *plan,
                              const char *out_zones[DRILL_STEPS_MAX]);

/* A set of health checks: true at the slots of those that are in it. */
struct check_set {
    uint32_t slot_count;
    bool has[];
};
struct check_set *control__create_check_set(const struct control *control); /* NULL: no memory */

/* Adds the checks that the answers to a question may depend on: those of every group that it leads
 * to, healthy or not, and the children of calculated ones. */
int control__add_checks_of_question(struct control *control, const struct drill_watch *watch,
                                    struct check_set *set, struct problem *out_problem);

/* Adds the checks that a drill breaks or says to turn. */
int control__add_checks_of_plan(struct control *control, const struct drill_plan *plan,
                                struct check_set *set, struct problem *out_problem);

/* Adds the children of the calculated ones. */
int control__add_children(struct control *control, struct check_set *set,
                          struct problem *out_problem);

#endif
