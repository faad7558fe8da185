/*
 * model/record_set.h - what the files of this module ask of record sets and of lists of them.
 */
#ifndef SIGNPOST_MODEL_RECORD_SET_H
#define SIGNPOST_MODEL_RECORD_SET_H

#include "signpost/model/hosted_zone.h"

/* A deep copy in the arena, its next NULL.  NULL: no memory. */
struct record_set *record_set__copy(struct arena *arena, const struct record_set *set);

/* Where a set of that identity stands in the list, or would: the link that leads there. */
struct record_set **record_set__find_link(struct record_set **list, uint16_t type,
                                          const char *set_identifier);

/* Puts the values into an order of their own, so that sets can be compared whatever the order of
 * theirs.  out_values has room for value_count spans.  Their number; 0 when it is not value_count,
 * because the packing is broken. */
uint32_t record_set__sort_values(const struct record_set *set, struct span *out_values);

/* For qsort over struct span. */
int record_set__compare_values(const void *a, const void *b);

/* Whether all but the values is the same: TTL, alias, routing and health check too. */
bool record_set__same_attributes(const struct record_set *a, const struct record_set *b);

#endif
