/*
 * store/vpcs.h - which VPCs private zones are associated with, and which may be (A-VPC).
 *
 * What changes something works inside a transaction, which goes on.  All of it goes with its zone.
 * Control thread only.
 */
#ifndef SIGNPOST_STORE_VPCS_H
#define SIGNPOST_STORE_VPCS_H

#include "signpost/model/vpc.h"
#include "signpost/store/store.h"

/* What is visited is the callee's for the call only; other than 0 ends the reading with that
 * status. */
struct vpc_visitor {
    int (*vpc)(void *context, const struct vpc *vpc);
    void *context;
};

/* In order of their ids. */
int store_visit_vpcs(struct store *store, const struct hosted_zone *zone,
                     const struct vpc_visitor *visitor, struct problem *out_problem);
int store_count_vpcs(struct store *store, const struct hosted_zone *zone, uint64_t *out_count,
                     struct problem *out_problem);

/* The VPC must not be the zone's already. */
int store_add_vpc(struct store *store, int64_t zone_id, const struct vpc *vpc,
                  struct problem *out_problem);
int store_remove_vpc(struct store *store, int64_t zone_id, const char *vpc_id,
                     struct problem *out_problem);

/* The zone of that name (wire, lower case) that the VPC is associated with.  SP_ENOENT without
 * words. */
int store_find_zone_of_vpc(struct store *store, const uint8_t *name, const char *vpc_id,
                           struct hosted_zone *out_zone, struct problem *out_problem);

/* Authorizations: at most `count` in order of the VPCs' ids, from that one on, which need not
 * exist. */
int store_visit_vpc_authorizations(struct store *store, const struct hosted_zone *zone,
                                   const char *from_vpc_id, unsigned count,
                                   const struct vpc_visitor *visitor, struct problem *out_problem);
int store_count_vpc_authorizations(struct store *store, const struct hosted_zone *zone,
                                   uint64_t *out_count, struct problem *out_problem);

/* One that is there already takes the Region. */
int store_put_vpc_authorization(struct store *store, int64_t zone_id, const struct vpc *vpc,
                                struct problem *out_problem);

/* A Region of NULL fits any.  SP_ENOENT without words. */
int store_remove_vpc_authorization(struct store *store, int64_t zone_id, const char *vpc_id,
                                   const char *region, struct problem *out_problem);

#endif
