/*
 * store/zones.h - pages of the list of zones, in the orders of the Route 53 API.
 *
 * Each visits at most `count` zones with visitor->zone; what is visited is the callee's for the
 * call only, and other than 0 ends the reading with that status.  Ids are public ones, bare; the
 * first of a page need not exist.  Control thread only.
 */
#ifndef SIGNPOST_STORE_ZONES_H
#define SIGNPOST_STORE_ZONES_H

#include "signpost/model/vpc.h"
#include "signpost/store/store.h"

struct zone_filter {
    const char *delegation_set; /* of that reusable one only; NULL: of any, or none */
    bool private_only;
};

/* In order of their ids (A-ZON-22). */
int store_visit_zones_by_id(struct store *store, const char *from_id,
                            const struct zone_filter *filter, unsigned count,
                            const struct store_visitor *visitor, struct problem *out_problem);

/* In order of their name keys, then of their ids (A-ZON-24). */
int store_visit_zones_by_name(struct store *store, const char *from_key, const char *from_id,
                              unsigned count, const struct store_visitor *visitor,
                              struct problem *out_problem);

/* Private zones of a VPC, in order of their ids (A-VPC-4). */
int store_visit_zones_of_vpc(struct store *store, const struct vpc *vpc, const char *from_id,
                             unsigned count, const struct store_visitor *visitor,
                             struct problem *out_problem);

/* Every public zone of that name (wire, lower case), above it or below it, in any order. */
int store_visit_related_zones(struct store *store, const uint8_t *name,
                              const struct store_visitor *visitor, struct problem *out_problem);

int store_count_zones(struct store *store, uint64_t *out_count, struct problem *out_problem);

/* Whether a zone was ever made with that caller reference (A-ZON-5). */
int store_is_zone_reference_used(struct store *store, const char *reference, bool *out_used,
                                 struct problem *out_problem);

#endif
