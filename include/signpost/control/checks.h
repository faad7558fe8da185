/*
 * control/checks.h - health checks: made, set and deleted by hand.
 *
 * What a check says reaches answers at once and without a new snapshot: one word in the health
 * table.  A check that is deleted while record sets name it goes on being named; it counts as up
 * (R-REC-10), and made anew it is the one that they name.  Control thread only.
 */
#ifndef SIGNPOST_CONTROL_CHECKS_H
#define SIGNPOST_CONTROL_CHECKS_H

#include "signpost/control/control.h"
#include "signpost/model/health_check.h"

/* A NULL id: one is drawn.  SP_EINVAL, SP_EEXIST; SP_ELIMIT: the health table is full. */
int control_create_check(struct control *control, const char *id, bool up,
                         struct health_check *out_check, struct problem *out_problem);

/* Setting what is so already keeps the time of the last turn.  SP_ENOENT. */
int control_set_check(struct control *control, const char *id, bool up,
                      struct health_check *out_check, struct problem *out_problem);

int control_delete_check(struct control *control, const char *id, struct problem *out_problem);

int control_read_check(struct control *control, const char *id, struct health_check *out_check,
                       struct problem *out_problem);

/* In order of their ids, without deleted ones. */
int control_list_checks(struct control *control, const struct store_object_visitor *visitor,
                        struct problem *out_problem);

/* Whether a record set may name it: it is there, and not deleted. */
bool control_has_check(const struct control *control, const char *id);

#endif
