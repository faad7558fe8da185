/*
 * zone_internal.h - what the files of zone/ share among themselves.
 */
#ifndef SIGNPOST_ZONE_INTERNAL_H
#define SIGNPOST_ZONE_INTERNAL_H

#include "signpost/zone/signing.h"
#include "signpost/zone/zone.h"

extern const struct map_type zone__name_map_type;

/* The TTL of negative answers: RFC 2308 §3, R-ANS-21. */
uint32_t zone__negative_ttl(const struct rrset *soa);

/* A suffix of a path, as the key of a map. */
struct zone__suffix {
    const uint8_t *name;
    size_t size;
};

/* Packed values as records, TYPE CLASS TTL RDLENGTH RDATA: octets they take, and writing them,
 * which returns where the next set's records go. */
size_t zone__records_size(struct span values, uint32_t count);
uint8_t *zone__encode_records(uint8_t *to, uint16_t type, uint32_t ttl_s, struct span values);

/* Another reference; NULL is fine. */
struct zone_signing *zone__signing_ref(struct zone_signing *signing);

#endif
