/*
 * zone_internal.h - what the files of zone/ share among themselves.
 */
#ifndef SIGNPOST_ZONE_INTERNAL_H
#define SIGNPOST_ZONE_INTERNAL_H

#include "signpost/zone/zone.h"

extern const struct map_type zone__name_map_type;

/* The TTL of negative answers: RFC 2308 §3, R-ANS-21. */
uint32_t zone__negative_ttl(const struct rrset *soa);

/* A suffix of a path, as the key of a map. */
struct zone__suffix {
    const uint8_t *name;
    size_t size;
};

#endif
