/*
 * dns/path.h - a name made ready for looking up: lower case, its label starts, and the hash of
 * every suffix, so that each step from the root towards the name is one probe of a map.
 */
#ifndef SIGNPOST_DNS_PATH_H
#define SIGNPOST_DNS_PATH_H

#include "signpost/base/hash.h"
#include "signpost/base/limits.h"

#include <stddef.h>
#include <stdint.h>

/* The hash of the root; every other name's is built upon it. */
#define DNS_ROOT_HASH 0x243f6a8885a308d3u

struct name_path {
    uint8_t size;                            /* octets of the wire name */
    uint8_t label_count;                     /* the root not counted */
    uint8_t starts[DNS_LABEL_COUNT_MAX + 1]; /* of each label from the left, then of the root */
    uint8_t name[DNS_NAME_SIZE_MAX + 9]; /* wire, lower case; read and written in words of eight */
    uint64_t hashes[DNS_LABEL_COUNT_MAX + 1]; /* of the suffix that begins at each label */
};

/* The hash of "label below the name with that hash"; label begins with its length octet and is
 * lower case. */
static inline uint64_t dns_label_hash(uint64_t parent_hash, const uint8_t *label)
{
    return hash_bytes(parent_hash, label, 1u + *label);
}

/* Reads the wire name at data, which may be followed by anything; letter case is folded.  Octets
 * taken, 0 when it is malformed, compressed or longer than size.  Leaves the hashes alone. */
unsigned dns_path_read(struct name_path *path, const uint8_t *data, size_t size);

/* Fills in the hashes. */
void dns_path_hash(struct name_path *path);

/* Both, for a valid wire name of size octets. */
void dns_path_init(struct name_path *path, const uint8_t *name, size_t size);

#endif
