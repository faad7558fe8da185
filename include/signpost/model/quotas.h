/*
 * model/quotas.h - how many of each thing there may be (R-QTA).
 *
 * Signpost has no quotas by default; Route 53's are one word of the configuration, and each can be
 * set alone.  What can never be exceeded, because a table is as large or a rule says so, is the
 * most that a quota may be.  Who creates a thing asks; what is there already stays.  Plain data.
 */
#ifndef SIGNPOST_MODEL_QUOTAS_H
#define SIGNPOST_MODEL_QUOTAS_H

#include "signpost/base/limits.h"
#include "signpost/base/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Numbers alone, so that two can be compared with memcmp. */
struct quotas {
    unsigned hosted_zones;                /* R-QTA-1 */
    unsigned record_sets_per_zone;        /* R-QTA-2 */
    unsigned values_per_record_set;       /* R-QTA-3 */
    unsigned group_members;               /* R-QTA-4 */
    unsigned geoproximity_members;        /* R-QTA-5 */
    unsigned zones_per_delegation_set;    /* R-QTA-6 */
    unsigned delegation_sets;             /* R-QTA-6 */
    unsigned vpcs_per_zone;               /* R-QTA-7 */
    unsigned vpc_authorizations_per_zone; /* R-QTA-7 */
    unsigned key_signing_keys_per_zone;   /* R-QTA-9 */
    unsigned cidr_collections;            /* R-QTA-10 */
    unsigned cidr_blocks_per_collection;  /* R-QTA-10 */
    unsigned health_checks;               /* R-QTA-11 */
    unsigned health_check_children;       /* R-QTA-12 */
    unsigned query_logging_per_zone;      /* R-QTA-15 */
    unsigned traffic_policies;            /* R-QTA-16 */
    unsigned traffic_policy_versions;     /* R-QTA-16 */
    unsigned traffic_policy_instances;    /* R-QTA-16 */
};

/* No quota at all; as a number it is what the API tells. */
#define QUOTA_UNLIMITED 2147483647u

struct quota_row {
    const char *name; /* as the configuration writes it */
    size_t offset;    /* of the member of struct quotas */
    unsigned route53; /* Route 53's default */
    unsigned most;    /* what holds in any case; QUOTA_UNLIMITED: nothing does */
};

extern const struct quota_row quota_rows[];
extern const unsigned quota_row_count;

struct quotas quotas_none(void);
struct quotas quotas_route53(void);

/* The member of a row. */
unsigned quotas_value(const struct quotas *quotas, const struct quota_row *row);

/* Changes one by "name=value", from 1 to the row's most.  SP_EINVAL. */
int quotas_set(struct quotas *quotas, const char *assignment, struct problem *out_problem);

#endif
