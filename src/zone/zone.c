#include "signpost/zone/zone.h"

#include "signpost/base/status.h"
#include "signpost/dns/name.h"
#include "signpost/dns/types.h"

#include "zone_internal.h"

#include <stdlib.h>
#include <string.h>

/* ---- zones ---- */

static struct zone *allocate(const uint8_t *name, size_t name_size)
{
    struct zone *zone = calloc(1, sizeof *zone + name_size);
    if (zone != NULL) {
        zone->entry.refs = 1;
        zone->name_size = (uint8_t)name_size;
        memcpy(zone->name, name, name_size);
    }
    return zone;
}

struct zone *zone_create(const uint8_t *name)
{
    struct name_path path;
    struct zone *zone = allocate(name, dns_name_size(name));
    struct zone_name *apex = zone == NULL ? NULL : zone_name_create(zone, name, NULL, 0);
    if (apex == NULL)
        goto fail;
    dns_path_init(&path, name, zone->name_size);
    zone->entry.hash = path.hashes[0];
    zone->depth = path.label_count;
    if (map_put(&zone__name_map_type, &zone->names, &apex->entry) != 0)
        goto fail;
    zone->apex = apex;
    return zone;

fail:
    zone_name_unref(apex);
    zone_unref(zone);
    return NULL;
}

struct zone *zone_copy(const struct zone *zone)
{
    struct zone *copy = malloc(sizeof *copy + zone->name_size);
    if (copy == NULL)
        return NULL;
    memcpy(copy, zone, sizeof *copy + zone->name_size);
    copy->entry.refs = 1;
    map_ref(copy->names);
    zone__signing_ref(copy->signing);
    return copy;
}

static void destroy_zone(struct map_entry *entry)
{
    struct zone *zone = (struct zone *)entry;
    map_unref(&zone__name_map_type, zone->names);
    zone_signing_unref(zone->signing);
    free(zone);
}

void zone_unref(struct zone *zone)
{
    if (zone != NULL && --zone->entry.refs == 0)
        destroy_zone(&zone->entry);
}

static bool zones_are_same(const struct map_entry *a, const struct map_entry *b)
{
    const struct zone *left = (const struct zone *)a;
    const struct zone *right = (const struct zone *)b;
    return left->name_size == right->name_size &&
           memcmp(left->name, right->name, left->name_size) == 0;
}

static struct map_entry *clone_zone(const struct map_entry *entry)
{
    struct zone *copy = zone_copy((const struct zone *)entry);
    return copy == NULL ? NULL : &copy->entry;
}

const struct map_type zone_map_type = { zones_are_same, clone_zone, destroy_zone };

/* ---- changing the names ---- */

static bool suffix_matches(const struct map_entry *entry, const void *key)
{
    const struct zone_name *name = (const struct zone_name *)entry;
    const struct zone__suffix *suffix = key;
    return name->owner_size == suffix->size && memcmp(name->owner, suffix->name, suffix->size) == 0;
}

/* The name that is the path without its first `skipped` labels. */
static const struct zone_name *find_suffix(const struct zone *zone, const struct name_path *path,
                                           unsigned skipped)
{
    unsigned start = path->starts[skipped];
    struct zone__suffix suffix = { path->name + start, path->size - start };
    return (const struct zone_name *)map_find(zone->names, path->hashes[skipped], suffix_matches,
                                              &suffix);
}

const struct zone_name *zone_find_exact(const struct zone *zone, const uint8_t *name, uint64_t hash)
{
    struct zone__suffix suffix = { name, dns_name_size(name) };
    return (const struct zone_name *)map_find(zone->names, hash, suffix_matches, &suffix);
}

/* The same, made this zone's own so that it may be changed. */
static struct zone_name *own_suffix(struct zone *zone, const struct name_path *path,
                                    unsigned skipped)
{
    unsigned start = path->starts[skipped];
    struct zone_name key = {
        .entry = { .hash = path->hashes[skipped] },
        .owner = path->name + start,
        .owner_size = (uint8_t)(path->size - start),
    };
    struct zone_name *name =
        (struct zone_name *)map_own(&zone__name_map_type, &zone->names, &key.entry);
    if (skipped + zone->depth == path->label_count && name != NULL)
        zone->apex = name;
    return name;
}

static bool is_wildcard_at(const struct name_path *path, unsigned skipped)
{
    return dns_name_is_wildcard(path->name + path->starts[skipped]);
}

/* The path to an owner.  Questions are lower case, and so are paths; the owners that no question
 * shall ever find are not. */
static void init_owner_path(struct name_path *path, const uint8_t *owner)
{
    size_t size = dns_name_size(owner);
    dns_path_init(path, owner, size);
    memcpy(path->name, owner, size);
}

/* Tells the names above a new one that it is there, making empty non-terminals as needed. */
static int link_parents(struct zone *zone, const struct name_path *path)
{
    for (unsigned skipped = 1; skipped + zone->depth <= path->label_count; skipped++) {
        struct zone_name *parent = NULL;
        bool is_there = find_suffix(zone, path, skipped) != NULL;
        if (is_there) {
            parent = own_suffix(zone, path, skipped);
        } else {
            parent = zone_name_create(zone, path->name + path->starts[skipped], NULL, 0);
            if (parent != NULL &&
                map_put(&zone__name_map_type, &zone->names, &parent->entry) != 0) {
                zone_name_unref(parent);
                parent = NULL;
            }
        }
        if (parent == NULL)
            return SP_ENOMEM;
        parent->child_count++;
        if (is_wildcard_at(path, skipped - 1))
            parent->has_wildcard = true;
        if (is_there)
            return 0; /* whatever is above knows already */
    }
    return 0;
}

/* The other way round: a name is gone, and with it every empty non-terminal that was only there for
 * its sake. */
static int unlink_parents(struct zone *zone, const struct name_path *path)
{
    for (unsigned skipped = 1; skipped + zone->depth <= path->label_count; skipped++) {
        struct zone_name *parent = own_suffix(zone, path, skipped);
        if (parent == NULL)
            return SP_ENOMEM;
        parent->child_count--;
        if (is_wildcard_at(path, skipped - 1))
            parent->has_wildcard = false;
        bool is_apex = skipped + zone->depth == path->label_count;
        if (is_apex || parent->child_count > 0 || parent->set_count > 0)
            return 0;
        struct zone_name key = *parent;
        int rc = map_remove(&zone__name_map_type, &zone->names, &key.entry);
        if (rc != 0)
            return rc;
    }
    return 0;
}

static void count_out(struct zone *zone, const struct zone_name *name)
{
    zone->record_count -= name->record_count;
    zone->cut_count -= name->is_cut;
}

static void count_in(struct zone *zone, const struct zone_name *name)
{
    zone->record_count += name->record_count;
    zone->cut_count += name->is_cut;
}

int zone_put_name(struct zone *zone, struct zone_name *name)
{
    struct name_path path;
    init_owner_path(&path, name->owner);
    const struct zone_name *old = find_suffix(zone, &path, 0);
    bool is_apex = path.label_count == zone->depth;
    bool is_new = old == NULL;
    name->is_cut = !is_apex && zone_name_set(name, DNS_TYPE_NS) != NULL;
    if (!is_new) {
        name->child_count = old->child_count;
        name->has_wildcard = old->has_wildcard;
        count_out(zone, old);
    }
    int rc = map_put(&zone__name_map_type, &zone->names, &name->entry);
    if (rc != 0) {
        zone_name_unref(name);
        return rc;
    }
    count_in(zone, name);
    if (is_apex)
        zone->apex = name;
    return is_new ? link_parents(zone, &path) : 0;
}

int zone_remove_name(struct zone *zone, const uint8_t *owner)
{
    struct name_path path;
    init_owner_path(&path, owner);
    const struct zone_name *old = find_suffix(zone, &path, 0);
    if (old == NULL)
        return 0;
    if (old->child_count > 0 || path.label_count == zone->depth) {
        struct zone_name *empty = zone_name_create(zone, owner, NULL, 0);
        return empty == NULL ? SP_ENOMEM : zone_put_name(zone, empty);
    }
    struct zone_name key = *old;
    key.owner = path.name;
    count_out(zone, old);
    int rc = map_remove(&zone__name_map_type, &zone->names, &key.entry);
    return rc == 0 ? unlink_parents(zone, &path) : rc;
}

/* SOA RDATA ends in five 32-bit numbers; the last is the minimum (RFC 1035 §3.3.13). */
uint32_t zone__negative_ttl(const struct rrset *soa)
{
    uint32_t minimum = get_u32(soa->records.data + soa->records.size - 4);
    return minimum < soa->ttl_s ? minimum : soa->ttl_s;
}

static const struct dns_block *block_at(const struct zone_name *apex, uint32_t at)
{
    return at == 0 ? NULL : (const void *)((const uint8_t *)apex + at);
}

void zone_finish(struct zone *zone)
{
    zone->soa = zone_name_set(zone->apex, DNS_TYPE_SOA);
    zone->ns = zone_name_set(zone->apex, DNS_TYPE_NS);
    zone->soa_block = block_at(zone->apex, zone->apex->soa_block_at);
    zone->ns_block = block_at(zone->apex, zone->apex->ns_block_at);
    zone->negative_ttl_s = zone->soa == NULL ? 0 : zone__negative_ttl(zone->soa);
}

/* ---- looking up ---- */

static bool wildcard_matches(const struct map_entry *entry, const void *key)
{
    const struct zone_name *name = (const struct zone_name *)entry;
    const struct zone__suffix *parent = key;
    return name->owner_size == parent->size + 2 && dns_name_is_wildcard(name->owner) &&
           memcmp(name->owner + 2, parent->name, parent->size) == 0;
}

/* The wildcard directly below the closest encloser (RFC 4592 §3.3.1), or no match. */
static struct zone_match find_wildcard(const struct zone *zone, const struct name_path *path,
                                       const struct zone_name *encloser, unsigned skipped)
{
    static const uint8_t wildcard_label[] = { 1, '*' };
    struct zone_match match = { ZONE_MATCH_NONE, NULL, 0 };
    if (!encloser->has_wildcard)
        return match;
    struct zone__suffix parent = { encloser->owner, encloser->owner_size };
    uint64_t hash = dns_label_hash(path->hashes[skipped], wildcard_label);
    match.name = (const struct zone_name *)map_find(zone->names, hash, wildcard_matches, &parent);
    if (match.name != NULL)
        match.kind = ZONE_MATCH_WILDCARD;
    return match;
}

struct zone_match zone_find(const struct zone *zone, const struct name_path *path)
{
    unsigned skipped = path->label_count - zone->depth;
    if (skipped == 0)
        return (struct zone_match){ ZONE_MATCH_NAME, zone->apex, 0 };

    if (zone->cut_count == 0) { /* nothing on the way down can be in the way */
        const struct zone_name *name = find_suffix(zone, path, 0);
        if (name != NULL)
            return (struct zone_match){ ZONE_MATCH_NAME, name, 0 };
    }
    const struct zone_name *encloser = zone->apex;
    while (skipped > 0) {
        const struct zone_name *name = find_suffix(zone, path, skipped - 1);
        if (name == NULL)
            return find_wildcard(zone, path, encloser, skipped);
        skipped--;
        if (name->is_cut)
            return (struct zone_match){ ZONE_MATCH_CUT, name, skipped };
        encloser = name;
    }
    return (struct zone_match){ ZONE_MATCH_NAME, encloser, 0 };
}

const struct zone_name *zone_find_glue(const struct zone *zone, const struct name_path *path)
{
    return find_suffix(zone, path, 0);
}
