/*
 * control/protections.h - record sets that nobody may change until the protection is taken away
 * (A-PRT).
 *
 * A protection names an owner and a type, whether there are record sets of it or not, and holds for
 * every way by which records change.  Control thread only.
 */
#ifndef SIGNPOST_CONTROL_PROTECTIONS_H
#define SIGNPOST_CONTROL_PROTECTIONS_H

#include "signpost/control/control.h"
#include "signpost/store/protections.h"

/* All or none.  SP_EEXIST: one is there already. */
int control_add_protections(struct control *control, const struct hosted_zone *zone,
                            const struct protection *protections, unsigned count,
                            struct problem *out_problem);

/* All or none, whatever their comments.  SP_ENOENT: one is not there. */
int control_delete_protections(struct control *control, const struct hosted_zone *zone,
                               const struct protection *protections, unsigned count,
                               struct problem *out_problem);

/* SP_ENOENT without words. */
int control_find_protection(struct control *control, const struct hosted_zone *zone,
                            const uint8_t *owner, uint16_t type, struct protection *out_protection,
                            struct problem *out_problem);

/* See store_visit_protections. */
int control_visit_protections(struct control *control, const struct hosted_zone *zone,
                              const char *owner_key, const char *type, unsigned count,
                              int (*visit)(void *context, const struct protection *protection),
                              void *context, struct problem *out_problem);

#endif
