/*
 * zone/resource.h - a compiled resource: what an alias to a load balancer or a website gives.
 *
 * The resources are simulated: a registry says what they are (R-ALI-9).  Making and freeing is the
 * control thread's.
 */
#ifndef SIGNPOST_ZONE_RESOURCE_H
#define SIGNPOST_ZONE_RESOURCE_H

#include "signpost/base/limits.h"
#include "signpost/base/map.h"
#include "signpost/dns/types.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct rrset;

struct resource {
    struct map_entry entry;
    bool is_healthy; /* to an alias that evaluates it (R-ALI-10 to R-ALI-13) */
    bool gives_one;  /* one address at a time (R-ALI-14: website endpoints) */
    uint8_t name_size;
    uint8_t name[DNS_NAME_SIZE_MAX];
    const struct rrset *sets[2]; /* A and AAAA, in this piece; NULL: none of that type */
};

struct resource_source {
    const uint8_t *name; /* wire, lower case */
    uint32_t ttl_s;
    bool is_healthy;
    bool gives_one;
    size_t a_count;
    const uint8_t (*a)[4];
    size_t aaaa_count;
    const uint8_t (*aaaa)[16];
};

/* One reference, everything copied.  NULL: no memory. */
struct resource *resource_create(const struct resource_source *source);
void resource_unref(struct resource *resource); /* NULL is fine */

/* The addresses for a type of record; NULL: none, or no type of addresses.  Any thread. */
static inline const struct rrset *resource_set(const struct resource *resource, uint16_t type)
{
    if (type != DNS_TYPE_A && type != DNS_TYPE_AAAA)
        return NULL;
    return resource->sets[type == DNS_TYPE_AAAA];
}

extern const struct map_type resource_map_type;

#endif
