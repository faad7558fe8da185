#include "signpost/zone/collection.h"

#include "signpost/base/hash.h"
#include "signpost/base/status.h"

#include <stdlib.h>
#include <string.h>

uint64_t collection_hash(const char *id)
{
    return hash_bytes(hash_key[0], (const uint8_t *)id, (unsigned)strlen(id));
}

static void destroy(struct map_entry *entry)
{
    struct collection *collection = (struct collection *)entry;
    prefix_table_destroy(collection->blocks);
    free(collection->locations);
    free(collection);
}

static bool is_same(const struct map_entry *a, const struct map_entry *b)
{
    return strcmp(((const struct collection *)a)->id, ((const struct collection *)b)->id) == 0;
}

const struct map_type collection_map_type = { is_same, NULL, destroy };

void collection_unref(struct collection *collection)
{
    if (collection != NULL && --collection->entry.refs == 0)
        destroy(&collection->entry);
}

/* The index of a location, which is added when it is new. */
static uint32_t intern(struct collection *collection, const char *location)
{
    uint32_t i = 0;
    while (i < collection->location_count && strcmp(collection->locations[i], location) != 0)
        i++;
    if (i == collection->location_count)
        strcpy(collection->locations[collection->location_count++], location);
    return i;
}

int collection_create(const char *id, const struct collection_block *blocks, size_t block_count,
                      struct collection **out_collection)
{
    uint32_t twice;
    struct collection *collection = calloc(1, sizeof *collection);
    struct prefix_row *rows = calloc(block_count + 1, sizeof *rows);
    int rc = collection == NULL || rows == NULL ? SP_ENOMEM : 0;
    if (rc == 0) {
        collection->entry = (struct map_entry){ .hash = collection_hash(id), .refs = 1 };
        strncpy(collection->id, id, sizeof collection->id - 1);
        collection->locations = calloc(block_count + 1, sizeof *collection->locations);
        rc = collection->locations == NULL ? SP_ENOMEM : 0;
    }
    for (size_t i = 0; rc == 0 && i < block_count; i++)
        rows[i] = (struct prefix_row){ blocks[i].prefix, intern(collection, blocks[i].location) };
    if (rc == 0)
        rc = prefix_table_create(rows, block_count, &collection->blocks, &twice);
    free(rows);
    if (rc == 0)
        *out_collection = collection;
    else if (collection != NULL)
        collection_unref(collection);
    return rc;
}

const char *collection_find(const struct collection *collection, const struct ip_prefix *client,
                            uint8_t *out_length)
{
    struct prefix_match match;
    if (!prefix_table_find(collection->blocks, client, &match))
        return NULL;
    *out_length = match.length;
    return collection->locations[match.value];
}
