#include "signpost/zone/snapshot.h"

#include "signpost/base/status.h"
#include "signpost/dns/name.h"

#include "zone_internal.h"

#include <stdlib.h>
#include <string.h>

static const struct prefix_list everybody = { 2, { { .family = IP_V4 }, { .family = IP_V6 } } };

struct snapshot *snapshot_create(void)
{
    struct snapshot *snapshot = calloc(1, sizeof *snapshot);
    if (snapshot != NULL) {
        snapshot->refs = 1;
        snapshot->options.edns_size = EDNS_SIZE_DEFAULT;
        snapshot->options.client_subnet = everybody;
    }
    return snapshot;
}

struct snapshot *snapshot_copy(const struct snapshot *snapshot)
{
    struct snapshot *copy = malloc(sizeof *copy);
    if (copy == NULL)
        return NULL;
    *copy = *snapshot;
    copy->refs = 1;
    map_ref(copy->zones);
    map_ref(copy->collections);
    map_ref(copy->resources);
    geography_ref(copy->geography);
    return copy;
}

void snapshot_unref(struct snapshot *snapshot)
{
    if (snapshot == NULL || --snapshot->refs > 0)
        return;
    map_unref(&zone_map_type, snapshot->zones);
    map_unref(&collection_map_type, snapshot->collections);
    map_unref(&resource_map_type, snapshot->resources);
    geography_unref(snapshot->geography);
    free(snapshot);
}

static bool zone_name_matches(const struct map_entry *entry, const void *key)
{
    const struct zone *zone = (const struct zone *)entry;
    const struct zone__suffix *suffix = key;
    return zone->name_size == suffix->size && memcmp(zone->name, suffix->name, suffix->size) == 0;
}

static const struct zone *find_suffix(const struct snapshot *snapshot, const struct name_path *path,
                                      unsigned skipped)
{
    unsigned start = path->starts[skipped];
    struct zone__suffix suffix = { path->name + start, path->size - start };
    return (const struct zone *)map_find(snapshot->zones, path->hashes[skipped], zone_name_matches,
                                         &suffix);
}

const struct zone *snapshot_zone(const struct snapshot *snapshot, const uint8_t *name)
{
    struct name_path path;
    dns_path_init(&path, name, dns_name_size(name));
    return find_suffix(snapshot, &path, 0);
}

/* The most specific zone among those of at most `depth` labels. */
static const struct zone *find_from(const struct snapshot *snapshot, const struct name_path *path,
                                    unsigned depth)
{
    for (;; depth--) {
        if (snapshot->zones_of_depth[depth] > 0) {
            const struct zone *zone = find_suffix(snapshot, path, path->label_count - depth);
            if (zone != NULL)
                return zone;
        }
        if (depth == 0)
            return NULL;
    }
}

const struct zone *snapshot_find(const struct snapshot *snapshot, const struct name_path *path)
{
    return find_from(snapshot, path, path->label_count);
}

const struct zone *snapshot_find_above(const struct snapshot *snapshot,
                                       const struct name_path *path, const struct zone *zone)
{
    return zone->depth == 0 ? NULL : find_from(snapshot, path, zone->depth - 1u);
}

static void count_out(struct snapshot *snapshot, const struct zone *zone)
{
    snapshot->zone_count--;
    snapshot->record_count -= zone->record_count;
    snapshot->zones_of_depth[zone->depth]--;
}

int snapshot_put_zone(struct snapshot *snapshot, struct zone *zone)
{
    const struct zone *old = snapshot_zone(snapshot, zone->name);
    uint64_t old_record_count = old == NULL ? 0 : old->record_count;
    int rc = map_put(&zone_map_type, &snapshot->zones, &zone->entry);
    if (rc != 0)
        return rc;
    if (old == NULL) {
        snapshot->zone_count++;
        snapshot->zones_of_depth[zone->depth]++;
    }
    snapshot->record_count += zone->record_count - old_record_count;
    return 0;
}

int snapshot_remove_zone(struct snapshot *snapshot, const uint8_t *name)
{
    struct zone *old = (struct zone *)snapshot_zone(snapshot, name);
    if (old == NULL)
        return SP_ENOENT;
    old->entry.refs++; /* it is the key and must outlive its own removal */
    int rc = map_remove(&zone_map_type, &snapshot->zones, &old->entry);
    if (rc == 0)
        count_out(snapshot, old);
    zone_unref(old);
    return rc;
}

/* ---- what zones name ---- */

int snapshot_put_collection(struct snapshot *snapshot, struct collection *collection)
{
    return map_put(&collection_map_type, &snapshot->collections, &collection->entry);
}

int snapshot_remove_collection(struct snapshot *snapshot, const char *id)
{
    struct collection key = { .entry.hash = collection_hash(id) };
    strncpy(key.id, id, sizeof key.id - 1);
    return map_remove(&collection_map_type, &snapshot->collections, &key.entry);
}

static bool collection_matches(const struct map_entry *entry, const void *key)
{
    return strcmp(((const struct collection *)entry)->id, key) == 0;
}

const struct collection *snapshot_collection(const struct snapshot *snapshot, const char *id,
                                             uint64_t hash)
{
    return (const struct collection *)map_find(snapshot->collections, hash, collection_matches, id);
}

int snapshot_put_resource(struct snapshot *snapshot, struct resource *resource)
{
    return map_put(&resource_map_type, &snapshot->resources, &resource->entry);
}

int snapshot_remove_resource(struct snapshot *snapshot, const uint8_t *name)
{
    struct name_path path;
    struct resource key = { .name_size = (uint8_t)dns_name_size(name) };
    dns_path_init(&path, name, key.name_size);
    key.entry.hash = path.hashes[0];
    memcpy(key.name, name, key.name_size);
    return map_remove(&resource_map_type, &snapshot->resources, &key.entry);
}

static bool resource_matches(const struct map_entry *entry, const void *key)
{
    return dns_name_equal(((const struct resource *)entry)->name, key);
}

const struct resource *snapshot_resource(const struct snapshot *snapshot, const uint8_t *name,
                                         uint64_t hash)
{
    return (const struct resource *)map_find(snapshot->resources, hash, resource_matches, name);
}

void snapshot_set_geography(struct snapshot *snapshot, struct geography *geography)
{
    geography_unref(snapshot->geography);
    snapshot->geography = geography;
}

bool prefix_list_contains(const struct prefix_list *list, const struct ip_prefix *address)
{
    for (unsigned i = 0; i < list->count; i++)
        if (prefix_contains(&list->items[i], address))
            return true;
    return false;
}
