/*
 * zone/collection.h - a compiled CIDR collection: which location a client's prefix belongs to.
 *
 * Groups name their collection by its id and their locations by name, so that editing a collection
 * reaches every group that uses it at once (R-CID-12).  Making and freeing is the control thread's.
 */
#ifndef SIGNPOST_ZONE_COLLECTION_H
#define SIGNPOST_ZONE_COLLECTION_H

#include "signpost/base/map.h"
#include "signpost/geo/prefix_table.h"

#include <stdint.h>

#define COLLECTION_ID_SIZE  37 /* a UUID and a zero */
#define COLLECTION_LOCATION 17 /* R-CID-1, with a zero */

struct collection_block {
    struct ip_prefix prefix;
    char location[COLLECTION_LOCATION];
};

struct collection {
    struct map_entry entry;
    char id[COLLECTION_ID_SIZE];
    struct prefix_table *blocks; /* the value is an index of locations */
    uint32_t location_count;
    char (*locations)[COLLECTION_LOCATION];
};

/* One reference.  SP_EEXIST: a block is there twice; SP_ENOMEM. */
int collection_create(const char *id, const struct collection_block *blocks, size_t block_count,
                      struct collection **out_collection);
void collection_unref(struct collection *collection); /* NULL is fine */

/* What a group keeps of its collection's id. */
uint64_t collection_hash(const char *id);

/* The location of the longest block that contains the client's prefix (R-CID-5, R-CID-6), and the
 * block's length; NULL: no match.  Any thread. */
const char *collection_find(const struct collection *collection, const struct ip_prefix *client,
                            uint8_t *out_length);

extern const struct map_type collection_map_type;

#endif
