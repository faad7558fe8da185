/*
 * model/service_zones.h - the hosted zones of AWS services that aliases may name (A-CHG-53).
 *
 * Each has one id for all the world's accounts, and names of one suffix.  Any thread.
 */
#ifndef SIGNPOST_MODEL_SERVICE_ZONES_H
#define SIGNPOST_MODEL_SERVICE_ZONES_H

#include "signpost/model/resource.h"

#include <stdbool.h>
#include <stdint.h>

#define SERVICE_SUFFIX_SIZE 64

struct service_zone {
    enum resource_kind kind; /* of a load balancer that is no network load balancer: application */
    char suffix[SERVICE_SUFFIX_SIZE]; /* "eu-west-1.elb.amazonaws.com", without a final dot */
};

/* Whether there is such a zone. */
bool service_zone_find(const char *id, struct service_zone *out_zone);

/* Whether a name (wire, lower case) is one of that service's. */
bool service_zone_covers(const struct service_zone *zone, const uint8_t *name);

#endif
