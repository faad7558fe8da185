/*
 * control/delegation_sets.h - reusable delegation sets, and which servers zones may have (A-DEL,
 * R-ZON-5 to R-ZON-8).  Ids are public ones, bare.  Control thread only.
 */
#ifndef SIGNPOST_CONTROL_DELEGATION_SETS_H
#define SIGNPOST_CONTROL_DELEGATION_SETS_H

#include "signpost/control/control.h"
#include "signpost/store/delegation_sets.h"

/* At most `count`, in order of their ids, from that one on, which need not exist. */
int control_visit_delegation_sets(struct control *control, const char *from_id, unsigned count,
                                  const struct delegation_set_visitor *visitor,
                                  struct problem *out_problem);
int control_count_delegation_sets(struct control *control, uint64_t *out_count,
                                  struct problem *out_problem);

/* Zones that use it. */
int control_count_delegation_set_users(struct control *control, const char *id, uint64_t *out_count,
                                       struct problem *out_problem);

/* SP_ENOENT without words. */
int control_find_delegation_set(struct control *control, const char *id,
                                struct delegation_set *out_set, struct problem *out_problem);

/* Whether a set, deleted or not, was made with that caller reference. */
int control_is_delegation_reference_used(struct control *control, const char *reference,
                                         bool *out_used, struct problem *out_problem);

/* With a zone, which must be public, its servers become the set, and the zone uses it from now on;
 * without one (NULL) servers are drawn.  SP_EEXIST: the caller reference was used before. */
int control_create_delegation_set(struct control *control, const char *caller_reference,
                                  const struct hosted_zone *zone, struct delegation_set *out_set,
                                  struct problem *out_problem);

/* SP_ENOENT without words; SP_ECONFLICT: a zone uses it. */
int control_delete_delegation_set(struct control *control, const char *id,
                                  struct problem *out_problem);

/* A public zone of that name (wire, lower case), above it or below it that has one of these servers
 * (R-ZON-8).  SP_ENOENT without words: none. */
int control_find_server_conflict(struct control *control, const uint8_t *name,
                                 const uint16_t servers[ZONE_SERVER_COUNT],
                                 struct hosted_zone *out_zone, struct problem *out_problem);

#endif
