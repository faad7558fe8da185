/*
 * route53/zones.h - what the operations on hosted zones, VPCs and delegation sets share.
 *
 * What returns int ends the operation with a refusal unless it is 0.
 */
#ifndef ROUTE53_ZONES_H
#define ROUTE53_ZONES_H

#include "call.h"
#include "shapes.h"

#include "signpost/control/delegation_sets.h"
#include "signpost/control/vpcs.h"

/* An id of an argument or of the body, its own prefix taken off; what is left may have 32
 * characters (A-ID-1, A-ID-3).  The prefix does not count, so the shape cannot check that. */
enum id_place { ID_OF_QUERY, ID_OF_BODY };
int route53_read_id(struct route53_call *call, const char *text, const char *kind,
                    enum id_place place, const char **out_id);

/* hosted_zones.c: `HostedZone`, the same wherever it stands (A-ZON-23). */
int route53_fill_hosted_zone(struct route53_call *call, const struct hosted_zone *zone,
                             struct r53_hosted_zone *out);

/* delegation_sets.c: `DelegationSet`; set is NULL for a zone's own servers. */
int route53_fill_delegation_set(struct route53_call *call, const struct delegation_set *set,
                                const uint16_t servers[ZONE_SERVER_COUNT],
                                struct r53_delegation_set *out);

/* delegation_sets.c: a reusable set by its bare id: NoSuchDelegationSet; DelegationSetNotReusable
 * for the id of a zone, which stands for the zone's own servers. */
int route53_find_delegation_set(struct route53_call *call, const char *id,
                                struct delegation_set *out_set);

/* vpcs.c: a VPC of a request: InvalidVPCId. */
int route53_read_vpc(struct route53_call *call, const struct r53_vpc *asked, struct vpc *out_vpc);
int route53_fill_vpc(struct route53_call *call, const struct vpc *vpc, struct r53_vpc *out);

/* vpcs.c: `VPCs` of a zone. */
int route53_list_vpcs(struct route53_call *call, const struct hosted_zone *zone,
                      struct xml_list *out_vpcs);

/* vpcs.c: ConflictingDomainExists when the VPC has a zone of that name already (R-PHZ-3). */
int route53_check_vpc_is_free(struct route53_call *call, const uint8_t *name,
                              const struct vpc *vpc);

#endif
