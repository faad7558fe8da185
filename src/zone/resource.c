/*
 * A resource is one piece of memory: the struct, a set each for A and AAAA, and their records.
 */
#include "signpost/zone/resource.h"

#include "signpost/dns/name.h"
#include "signpost/dns/types.h"
#include "signpost/zone/zone.h"

#include <stdlib.h>
#include <string.h>

static void destroy(struct map_entry *entry)
{
    free(entry);
}

static bool is_same(const struct map_entry *a, const struct map_entry *b)
{
    return dns_name_equal(((const struct resource *)a)->name, ((const struct resource *)b)->name);
}

const struct map_type resource_map_type = { is_same, NULL, destroy };

void resource_unref(struct resource *resource)
{
    if (resource != NULL && --resource->entry.refs == 0)
        destroy(&resource->entry);
}

static size_t records_size(size_t count, size_t address_size)
{
    return count * (RRSET_FIXED_SIZE + address_size);
}

/* Writes a set of addresses and its records; where the next records go. */
static uint8_t *encode(struct rrset *set, uint8_t *to, uint16_t type, uint32_t ttl_s,
                       const uint8_t *addresses, size_t count, size_t address_size)
{
    *set = (struct rrset){
        .records = { type, (uint32_t)count, (uint32_t)records_size(count, address_size), to },
        .ttl_s = ttl_s,
    };
    for (size_t i = 0; i < count; i++) {
        put_u16(to, type);
        put_u16(to + 2, DNS_CLASS_IN);
        put_u32(to + 4, ttl_s);
        put_u16(to + 8, (uint16_t)address_size);
        memcpy(to + RRSET_FIXED_SIZE, addresses + i * address_size, address_size);
        to += RRSET_FIXED_SIZE + address_size;
    }
    set->content = records_content(&set->records);
    return to;
}

struct resource *resource_create(const struct resource_source *source)
{
    struct rrset *sets;
    struct resource *resource =
        calloc(1, sizeof *resource + 2 * sizeof *sets + records_size(source->a_count, 4) +
                      records_size(source->aaaa_count, 16));
    if (resource == NULL)
        return NULL;
    struct name_path path;
    dns_path_init(&path, source->name, dns_name_size(source->name));
    resource->entry = (struct map_entry){ .hash = path.hashes[0], .refs = 1 };
    resource->is_healthy = source->is_healthy;
    resource->gives_one = source->gives_one;
    resource->name_size = path.size;
    memcpy(resource->name, source->name, path.size);
    sets = (struct rrset *)(void *)(resource + 1);
    uint8_t *to = (uint8_t *)(sets + 2);
    if (source->a_count > 0) {
        to = encode(&sets[0], to, DNS_TYPE_A, source->ttl_s, source->a[0], source->a_count, 4);
        resource->sets[0] = &sets[0];
    }
    if (source->aaaa_count > 0) {
        encode(&sets[1], to, DNS_TYPE_AAAA, source->ttl_s, source->aaaa[0], source->aaaa_count, 16);
        resource->sets[1] = &sets[1];
    }
    return resource;
}
