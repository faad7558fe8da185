/*
 * model/cidr.h - CIDR collections: named locations, each a list of address blocks (R-CID-1).
 *
 * A location is there as long as it has a block, and a block is in one location only (R-CID-3);
 * blocks of different length may lie in one another.  Plain data.  Any thread.
 */
#ifndef SIGNPOST_MODEL_CIDR_H
#define SIGNPOST_MODEL_CIDR_H

#include "signpost/base/limits.h"
#include "signpost/base/prefix.h"
#include "signpost/base/status.h"
#include "signpost/model/uuid.h"

#include <stdbool.h>
#include <stdint.h>

#define CIDR_NAME_SIZE          65 /* R-CID-1, with a zero */
#define CIDR_LOCATION_TEXT_SIZE 17 /* the same */
#define CIDR_REFERENCE_SIZE     65 /* as the API's CidrNonce, with a zero */

struct cidr_block {
    char location[CIDR_LOCATION_TEXT_SIZE];
    struct ip_prefix prefix;
};

struct cidr_collection {
    char id[UUID_TEXT_SIZE];
    char name[CIDR_NAME_SIZE];
    char caller_reference[CIDR_REFERENCE_SIZE]; /* "": not made by the Route 53 API */
    uint64_t version;                           /* 1 when it is made, one more with every change */
    int64_t created_at;                         /* Unix seconds */
    uint32_t block_count;
    struct cidr_block blocks[CIDR_BLOCKS_MAX]; /* by location, then as prefix_compare has it */
};

enum cidr_action { CIDR_PUT, CIDR_REMOVE };

struct cidr_change {
    enum cidr_action action;
    struct cidr_block block;
};

/* What is done to a collection: everything or nothing, in that order. */
struct cidr_batch {
    uint64_t version; /* that the collection must have; 0: any */
    uint32_t count;
    const struct cidr_change *items;
};

/* Whether a collection may have that name: 1 to 64 of letters, digits, '-' and '_'.  SP_EINVAL. */
int cidr_name_check(const char *name, struct problem *out_problem);

/* Reads one block of one location, both as text: R-CID-1, R-CID-2.  SP_EINVAL. */
int cidr_block_from_text(struct cidr_block *out_block, const char *location, const char *prefix,
                         struct problem *out_problem);

/* Carries the batch out and counts the version up.  What is there already may be put again, and
 * what is not there removed.  SP_ECONFLICT: another version, or a block is in another location;
 * SP_ELIMIT: too many blocks.  After an error the collection can only be thrown away. */
int cidr_collection_apply(struct cidr_collection *collection, const struct cidr_batch *batch,
                          struct problem *out_problem);

/* By location, then as prefix_compare has it. */
int cidr_block_compare(const struct cidr_block *a, const struct cidr_block *b);

bool cidr_collection_has_location(const struct cidr_collection *collection, const char *location);

/* How many blocks from `at` on are of the same location as the one there: the collection is walked
 * location by location.  0 at the end. */
uint32_t cidr_location_size(const struct cidr_collection *collection, uint32_t at);

#endif
