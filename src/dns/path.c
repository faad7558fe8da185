#include "signpost/dns/path.h"

#include <string.h>

/* Eight octets at once: bit 7 of each sum says "at least A" and "beyond Z".  Length octets are at
 * most 63 and so below 'A'. */
static uint64_t lower_word(uint64_t word)
{
    const uint64_t ones = 0x0101010101010101u;
    uint64_t heptets = word & 0x7f * ones;
    uint64_t from_a = heptets + (0x80 - 'A') * ones;
    uint64_t beyond_z = heptets + (0x7f - 'Z') * ones;
    uint64_t is_upper = ~word & (from_a ^ beyond_z) & 0x80 * ones;
    return word | is_upper >> 2;
}

/* Octets of the wire name at data; starts and count are filled on the way.  0: malformed. */
static unsigned find_labels(struct name_path *path, const uint8_t *data, size_t size)
{
    unsigned at = 0;
    unsigned count = 0;
    if (size > DNS_NAME_SIZE_MAX)
        size = DNS_NAME_SIZE_MAX;
    while (at < size) {
        unsigned label = data[at];
        path->starts[count] = (uint8_t)at;
        if (label == 0) {
            path->label_count = (uint8_t)count;
            path->size = (uint8_t)(at + 1);
            return at + 1;
        }
        if (label > DNS_LABEL_SIZE_MAX)
            return 0;
        count++;
        at += 1 + label;
    }
    return 0;
}

unsigned dns_path_read(struct name_path *path, const uint8_t *data, size_t size)
{
    unsigned name_size = find_labels(path, data, size);
    unsigned at = 0;
    uint64_t word;
    /* Whole words as far as the source surely reaches, then the rest octet by octet. */
    for (; at + 8 <= size && at < name_size; at += 8) {
        memcpy(&word, data + at, 8);
        word = lower_word(word);
        memcpy(path->name + at, &word, 8);
    }
    for (; at < name_size; at++)
        path->name[at] = (uint8_t)lower_word(data[at]);
    return name_size;
}

void dns_path_hash(struct name_path *path)
{
    uint64_t hash = DNS_ROOT_HASH ^ hash_key[0];
    unsigned i = path->label_count;
    path->hashes[i] = hash;
    while (i-- > 0) {
        hash = dns_label_hash(hash, path->name + path->starts[i]);
        path->hashes[i] = hash;
    }
}

void dns_path_init(struct name_path *path, const uint8_t *name, size_t size)
{
    dns_path_read(path, name, size);
    dns_path_hash(path);
}
