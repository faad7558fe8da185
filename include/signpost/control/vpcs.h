/*
 * control/vpcs.h - the VPCs of private zones (A-VPC, R-PHZ).
 *
 * Nothing of it touches DNS.  Whether a VPC may be associated or taken away is the caller's to find
 * out before, in the same turn of the loop.  Control thread only.
 */
#ifndef SIGNPOST_CONTROL_VPCS_H
#define SIGNPOST_CONTROL_VPCS_H

#include "signpost/control/control.h"
#include "signpost/store/vpcs.h"

/* In order of their ids. */
int control_visit_vpcs(struct control *control, const struct hosted_zone *zone,
                       const struct vpc_visitor *visitor, struct problem *out_problem);
int control_count_vpcs(struct control *control, const struct hosted_zone *zone, uint64_t *out_count,
                       struct problem *out_problem);

/* The VPC of that id that the zone is associated with.  SP_ENOENT without words. */
int control_find_vpc(struct control *control, const struct hosted_zone *zone, const char *vpc_id,
                     struct vpc *out_vpc, struct problem *out_problem);

/* The zone of that name (wire, lower case) that the VPC is associated with (R-PHZ-3).  SP_ENOENT
 * without words. */
int control_find_zone_of_vpc(struct control *control, const uint8_t *name, const char *vpc_id,
                             struct hosted_zone *out_zone, struct problem *out_problem);

/* The comment may be "". */
int control_associate_vpc(struct control *control, const struct hosted_zone *zone,
                          const struct vpc *vpc, const char *comment, struct change *out_change,
                          struct problem *out_problem);
int control_disassociate_vpc(struct control *control, const struct hosted_zone *zone,
                             const char *vpc_id, const char *comment, struct change *out_change,
                             struct problem *out_problem);

/* ---- authorizations of other accounts; nothing looks at them (A-VPC-9) ---- */

/* At most `count` in order of the VPCs' ids, from that one on, which need not exist. */
int control_visit_vpc_authorizations(struct control *control, const struct hosted_zone *zone,
                                     const char *from_vpc_id, unsigned count,
                                     const struct vpc_visitor *visitor,
                                     struct problem *out_problem);
int control_count_vpc_authorizations(struct control *control, const struct hosted_zone *zone,
                                     uint64_t *out_count, struct problem *out_problem);

/* Success as well when it is there already. */
int control_authorize_vpc(struct control *control, const struct hosted_zone *zone,
                          const struct vpc *vpc, struct problem *out_problem);

/* A Region of NULL fits any.  SP_ENOENT without words. */
int control_deauthorize_vpc(struct control *control, const struct hosted_zone *zone,
                            const char *vpc_id, const char *region, struct problem *out_problem);

#endif
