/*
 * model/vpc.h - the VPCs that private zones are associated with (R-PHZ-1, A-VPC-1).
 */
#ifndef SIGNPOST_MODEL_VPC_H
#define SIGNPOST_MODEL_VPC_H

#include <stdbool.h>

#define VPC_ID_SIZE        22          /* "vpc-", 17 hexadecimal digits, and a zero */
#define VPC_REGION_SIZE    65          /* as the API's VPCRegion, and a zero */
#define VPC_REGION_DEFAULT "us-east-1" /* of a VPC whose Region nobody has named */

/* The id alone tells one from another; the Region goes with it. */
struct vpc {
    char id[VPC_ID_SIZE];
    char region[VPC_REGION_SIZE];
};

/* Makes one of an id and a Region, which may be NULL or "".  False: the id is not "vpc-" and 8 or
 * 17 hexadecimal digits, or the Region is too long. */
bool vpc_make(struct vpc *out_vpc, const char *id, const char *region);

#endif
