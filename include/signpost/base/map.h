/*
 * base/map.h - a hash map whose versions share what they have in common.
 *
 * A hash array mapped trie (Bagwell 2001) with 64-way nodes: a bitmap says which of the 64 places
 * are taken, the taken ones stand side by side.  A map is just the pointer to its root, NULL when
 * empty. map_ref gives a second owner of the same version in no time; writing to one of the two
 * then copies the nodes on the way to the place written, and nothing else.  What only one owner
 * holds is written in place, so filling a fresh map copies nothing.
 *
 * Reference counts are plain numbers: one thread makes, changes and frees all versions.  Any thread
 * may search a version that its owner keeps alive and unchanged.
 */
#ifndef SIGNPOST_BASE_MAP_H
#define SIGNPOST_BASE_MAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* First member of whatever is put into a map. */
struct map_entry {
    uint64_t hash;
    uint32_t refs;
};

/* What the map must know of its entries. */
struct map_type {
    bool (*same)(const struct map_entry *a,
                 const struct map_entry *b); /* keys, equal hashes given */
    struct map_entry *(*clone)(
        const struct map_entry *entry);       /* refs 1; NULL: no memory.  For map_own only */
    void (*destroy)(struct map_entry *entry); /* the last reference is gone */
};

/* Readable here only so that map_find can be inlined into the query path. */
struct map_node {
    uint64_t bitmap; /* below MAP_DEPTH_BITS; further down the number of colliding entries */
    uint32_t refs;
    uintptr_t slots[]; /* a node, or an entry with its lowest bit set */
};

#define MAP_LEVEL_BITS 6
#define MAP_DEPTH_BITS 66 /* eleven levels use up a hash of 64 bits */

static inline struct map_node *map_ref(struct map_node *root)
{
    if (root != NULL)
        root->refs++;
    return root;
}

void map_unref(const struct map_type *type, struct map_node *root); /* NULL is fine */

/* Puts the entry in, in the place of one with the same key; takes over the caller's reference.
 * The root must be the caller's own reference.  SP_ENOMEM: the map's content is as before, and the
 * entry is still the caller's. */
int map_put(const struct map_type *type, struct map_node **root, struct map_entry *entry);

/* Removes the entry with the key's key.  SP_ENOENT; SP_ENOMEM: the content is as before. */
int map_remove(const struct map_type *type, struct map_node **root, const struct map_entry *key);

/* The entry with that key, made this version's own (cloned where it was shared) so that it may be
 * changed, its key excepted.  NULL: not there, or no memory. */
struct map_entry *map_own(const struct map_type *type, struct map_node **root,
                          const struct map_entry *key);

static inline bool map_slot_is_entry(uintptr_t slot)
{
    return (slot & 1) != 0;
}

static inline struct map_entry *map_slot_entry(uintptr_t slot)
{
    return (struct map_entry *)(slot & ~(uintptr_t)1);
}

static inline unsigned map_slot_index(uint64_t bitmap, uint64_t bit)
{
    return (unsigned)__builtin_popcountll(bitmap & (bit - 1));
}

/* The entry with that hash for which matches() holds, or NULL.  Inlined with its argument, so there
 * is no call in it. */
static inline __attribute__((always_inline)) const struct map_entry *map_find(
    const struct map_node *node, uint64_t hash,
    bool (*matches)(const struct map_entry *entry, const void *key), const void *key)
{
    unsigned shift = 0;
    while (node != NULL && shift < MAP_DEPTH_BITS) {
        uint64_t bit = (uint64_t)1 << (hash >> shift & 63);
        if ((node->bitmap & bit) == 0)
            return NULL;
        uintptr_t slot = node->slots[map_slot_index(node->bitmap, bit)];
        if (map_slot_is_entry(slot)) {
            const struct map_entry *entry = map_slot_entry(slot);
            return entry->hash == hash && matches(entry, key) ? entry : NULL;
        }
        node = (const struct map_node *)slot;
        shift += MAP_LEVEL_BITS;
    }
    for (uint64_t i = 0; node != NULL && i < node->bitmap; i++) {
        const struct map_entry *entry = map_slot_entry(node->slots[i]);
        if (matches(entry, key))
            return entry;
    }
    return NULL;
}

#endif
