/*
 * model/resource.h - the registry of simulated resources: what an alias to a load balancer, a
 * distribution or a website stands for (R-ALI-9).
 *
 * An entry has addresses by availability zone, and what decides whether an alias that evaluates its
 * target finds it healthy.  Plain data.  Any thread.
 */
#ifndef SIGNPOST_MODEL_RESOURCE_H
#define SIGNPOST_MODEL_RESOURCE_H

#include "signpost/base/limits.h"
#include "signpost/base/prefix.h"
#include "signpost/base/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum resource_kind {
    RESOURCE_APPLICATION_LOAD_BALANCER,
    RESOURCE_NETWORK_LOAD_BALANCER,
    RESOURCE_CLASSIC_LOAD_BALANCER,
    RESOURCE_CLOUDFRONT,
    RESOURCE_S3_WEBSITE,
    RESOURCE_API_GATEWAY,
    RESOURCE_BEANSTALK,
    RESOURCE_VPC_ENDPOINT,
    RESOURCE_GLOBAL_ACCELERATOR,
    RESOURCE_OTHER,
};
#define RESOURCE_KIND_COUNT 10

#define RESOURCE_ZONE_SIZE   33 /* "us-east-1a", with a zero */
#define RESOURCE_TARGET_SIZE 33 /* the name of a target group, with a zero */

struct resource_address {
    char zone[RESOURCE_ZONE_SIZE];
    struct ip_prefix address; /* in full length */
};

struct resource_targets {
    char name[RESOURCE_TARGET_SIZE];
    uint32_t healthy;
    uint32_t registered;
};

struct resource_entry {
    uint8_t name[DNS_NAME_SIZE_MAX]; /* wire, lower case */
    enum resource_kind kind;
    uint32_t ttl_s;
    bool is_down;
    uint32_t address_count;
    struct resource_address addresses[2 * RESOURCE_ADDRESSES_MAX]; /* those of a zone in a row */
    uint32_t target_count;
    struct resource_targets targets[RESOURCE_TARGETS_MAX];
};

/* "application-load-balancer", "s3-website" ... */
const char *resource_kind_name(enum resource_kind kind);
/* SP_EINVAL with a list of those that there are. */
int resource_kind_find(const char *name, enum resource_kind *out_kind, struct problem *out_problem);

uint32_t resource_kind_ttl(enum resource_kind kind);                     /* R-ALI-6 */
bool resource_kind_accepts_type(enum resource_kind kind, uint16_t type); /* R-ALI-15 */
bool resource_kind_may_evaluate(enum resource_kind kind);                /* R-ALI-12 */
bool resource_kind_gives_one(enum resource_kind kind);                   /* R-ALI-14 */

/* Adds one address, as text, to a zone: behind those that the zone has already.  SP_EINVAL,
 * SP_ELIMIT. */
int resource_add_address(struct resource_entry *entry, const char *zone, const char *address,
                         struct problem *out_problem);

/* Adds a target group.  SP_EINVAL, SP_ELIMIT. */
int resource_add_targets(struct resource_entry *entry, const char *name, uint64_t healthy,
                         uint64_t registered, struct problem *out_problem);

/* Whether the entry as a whole may stand.  SP_EINVAL. */
int resource_check(const struct resource_entry *entry, struct problem *out_problem);

/* What an alias that evaluates its target sees: R-ALI-10 to R-ALI-13.  A load balancer of which no
 * target group is known counts as one whose targets are well. */
bool resource_is_healthy(const struct resource_entry *entry);

#endif
