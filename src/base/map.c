/*
 * base/map.c - see the header for the idea.
 *
 * All writing goes down from the root through "places": a place is a slot (or the root pointer)
 * whose holder is already exclusively ours.  own_node makes the node in a place exclusively ours as
 * well, by copying it when anyone else holds it.  Running out of memory on the way down leaves a
 * map with the same content, only less shared.
 */
#include "signpost/base/map.h"

#include "signpost/base/status.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

static unsigned slot_count(const struct map_node *node, unsigned shift)
{
    return shift < MAP_DEPTH_BITS ? (unsigned)__builtin_popcountll(node->bitmap)
                                  : (unsigned)node->bitmap;
}

static uintptr_t entry_slot(struct map_entry *entry)
{
    return (uintptr_t)entry | 1;
}

static struct map_node *node_create(unsigned count)
{
    struct map_node *node = malloc(sizeof *node + count * sizeof *node->slots);
    if (node != NULL) {
        node->bitmap = 0;
        node->refs = 1;
    }
    return node;
}

static void entry_unref(const struct map_type *type, struct map_entry *entry)
{
    if (--entry->refs == 0)
        type->destroy(entry);
}

static void node_unref(const struct map_type *type, struct map_node *node, unsigned shift)
{
    if (--node->refs > 0)
        return;
    unsigned count = slot_count(node, shift);
    for (unsigned i = 0; i < count; i++) {
        if (map_slot_is_entry(node->slots[i]))
            entry_unref(type, map_slot_entry(node->slots[i]));
        else
            node_unref(type, (struct map_node *)node->slots[i], shift + MAP_LEVEL_BITS);
    }
    free(node);
}

void map_unref(const struct map_type *type, struct map_node *root)
{
    if (root != NULL)
        node_unref(type, root, 0);
}

/* A second holder of everything below a node. */
static void ref_slots(struct map_node *node, unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        if (map_slot_is_entry(node->slots[i]))
            map_slot_entry(node->slots[i])->refs++;
        else
            ((struct map_node *)node->slots[i])->refs++;
    }
}

static struct map_node *own_node(uintptr_t *place, unsigned shift)
{
    struct map_node *node = (struct map_node *)*place;
    if (node->refs == 1)
        return node;
    unsigned count = slot_count(node, shift);
    struct map_node *copy = node_create(count);
    if (copy == NULL)
        return NULL;
    copy->bitmap = node->bitmap;
    memcpy(copy->slots, node->slots, count * sizeof *copy->slots);
    ref_slots(copy, count);
    node->refs--;
    *place = (uintptr_t)copy;
    return copy;
}

/* Opens a gap at index; the node moves, so the place is written again. */
static int insert_slot(uintptr_t *place, unsigned shift, unsigned index, uintptr_t slot)
{
    struct map_node *node = (struct map_node *)*place;
    unsigned count = slot_count(node, shift);
    node = realloc(node, sizeof *node + (count + 1) * sizeof *node->slots);
    if (node == NULL)
        return SP_ENOMEM;
    memmove(node->slots + index + 1, node->slots + index, (count - index) * sizeof *node->slots);
    node->slots[index] = slot;
    *place = (uintptr_t)node;
    return 0;
}

static void remove_slot(struct map_node *node, unsigned shift, unsigned index)
{
    unsigned count = slot_count(node, shift);
    memmove(node->slots + index, node->slots + index + 1,
            (count - index - 1) * sizeof *node->slots);
}

static uint64_t place_bit(uint64_t hash, unsigned shift)
{
    return (uint64_t)1 << (hash >> shift & 63);
}

/* A node that holds two entries which fell into the same place one level up. */
static struct map_node *node_of_two(struct map_entry *a, struct map_entry *b, unsigned shift)
{
    if (shift >= MAP_DEPTH_BITS || place_bit(a->hash, shift) != place_bit(b->hash, shift)) {
        struct map_node *node = node_create(2);
        if (node == NULL)
            return NULL;
        if (shift >= MAP_DEPTH_BITS) {
            node->bitmap = 2;
            node->slots[0] = entry_slot(a);
            node->slots[1] = entry_slot(b);
        } else {
            node->bitmap = place_bit(a->hash, shift) | place_bit(b->hash, shift);
            bool a_first = place_bit(a->hash, shift) < place_bit(b->hash, shift);
            node->slots[0] = entry_slot(a_first ? a : b);
            node->slots[1] = entry_slot(a_first ? b : a);
        }
        return node;
    }
    struct map_node *node = node_create(1);
    struct map_node *below = node == NULL ? NULL : node_of_two(a, b, shift + MAP_LEVEL_BITS);
    if (below == NULL) {
        free(node);
        return NULL;
    }
    node->bitmap = place_bit(a->hash, shift);
    node->slots[0] = (uintptr_t)below;
    return node;
}

static int put_among_collisions(const struct map_type *type, uintptr_t *place, unsigned shift,
                                struct map_entry *entry)
{
    struct map_node *node = (struct map_node *)*place;
    for (unsigned i = 0; i < node->bitmap; i++) {
        struct map_entry *old = map_slot_entry(node->slots[i]);
        if (type->same(old, entry)) {
            node->slots[i] = entry_slot(entry);
            entry_unref(type, old);
            return 0;
        }
    }
    int rc = insert_slot(place, shift, (unsigned)node->bitmap, entry_slot(entry));
    if (rc == 0)
        ((struct map_node *)*place)->bitmap++;
    return rc;
}

static int put_at(const struct map_type *type, uintptr_t *place, unsigned shift,
                  struct map_entry *entry)
{
    struct map_node *node = own_node(place, shift);
    if (node == NULL)
        return SP_ENOMEM;
    if (shift >= MAP_DEPTH_BITS)
        return put_among_collisions(type, place, shift, entry);

    uint64_t bit = place_bit(entry->hash, shift);
    unsigned index = map_slot_index(node->bitmap, bit);
    if ((node->bitmap & bit) == 0) {
        int rc = insert_slot(place, shift, index, entry_slot(entry));
        if (rc == 0)
            ((struct map_node *)*place)->bitmap |= bit;
        return rc;
    }
    uintptr_t *slot = &node->slots[index];
    if (!map_slot_is_entry(*slot))
        return put_at(type, slot, shift + MAP_LEVEL_BITS, entry);

    struct map_entry *old = map_slot_entry(*slot);
    if (old->hash == entry->hash && type->same(old, entry)) {
        *slot = entry_slot(entry);
        entry_unref(type, old);
        return 0;
    }
    struct map_node *both = node_of_two(old, entry, shift + MAP_LEVEL_BITS);
    if (both == NULL)
        return SP_ENOMEM;
    *slot = (uintptr_t)both;
    return 0;
}

int map_put(const struct map_type *type, struct map_node **root, struct map_entry *entry)
{
    assert(((uintptr_t)entry & 1) == 0);
    if (*root == NULL && (*root = node_create(0)) == NULL)
        return SP_ENOMEM;
    uintptr_t place = (uintptr_t)*root;
    int rc = put_at(type, &place, 0, entry);
    *root = (struct map_node *)place;
    return rc;
}

static unsigned find_collision(const struct map_type *type, const struct map_node *node,
                               const struct map_entry *key)
{
    unsigned i = 0;
    while (i < node->bitmap && !type->same(map_slot_entry(node->slots[i]), key))
        i++;
    return i;
}

/* Where the key's entry hangs, every node on the way made ours; NULL with *out_rc when it is not
 * there or memory ran out. */
static uintptr_t *own_slot(const struct map_type *type, uintptr_t *place,
                           const struct map_entry *key, int *out_rc)
{
    for (unsigned shift = 0;; shift += MAP_LEVEL_BITS) {
        struct map_node *node = own_node(place, shift);
        if (node == NULL) {
            *out_rc = SP_ENOMEM;
            return NULL;
        }
        unsigned index;
        bool taken;
        if (shift >= MAP_DEPTH_BITS) {
            index = find_collision(type, node, key);
            taken = index < node->bitmap;
        } else {
            uint64_t bit = place_bit(key->hash, shift);
            index = map_slot_index(node->bitmap, bit);
            taken = (node->bitmap & bit) != 0;
        }
        *out_rc = SP_ENOENT;
        if (!taken)
            return NULL;
        place = &node->slots[index];
        if (map_slot_is_entry(*place)) {
            const struct map_entry *entry = map_slot_entry(*place);
            return entry->hash == key->hash && type->same(entry, key) ? place : NULL;
        }
    }
}

struct map_entry *map_own(const struct map_type *type, struct map_node **root,
                          const struct map_entry *key)
{
    if (*root == NULL)
        return NULL;
    int rc;
    uintptr_t place = (uintptr_t)*root;
    uintptr_t *slot = own_slot(type, &place, key, &rc);
    *root = (struct map_node *)place;
    if (slot == NULL)
        return NULL;
    struct map_entry *entry = map_slot_entry(*slot);
    if (entry->refs == 1)
        return entry;
    struct map_entry *copy = type->clone(entry);
    if (copy == NULL)
        return NULL;
    entry->refs--;
    *slot = entry_slot(copy);
    return copy;
}

/* Takes the key's entry out below place; a node left with one entry is replaced by that entry, so
 * that a map's shape depends on its content alone.  A node left empty becomes slot 0. */
static int remove_at(const struct map_type *type, uintptr_t *place, unsigned shift,
                     const struct map_entry *key)
{
    struct map_node *node = own_node(place, shift);
    if (node == NULL)
        return SP_ENOMEM;
    bool deepest = shift >= MAP_DEPTH_BITS;
    uint64_t bit = deepest ? 0 : place_bit(key->hash, shift);
    unsigned index = deepest ? find_collision(type, node, key) : map_slot_index(node->bitmap, bit);
    if (deepest ? index == node->bitmap : (node->bitmap & bit) == 0)
        return SP_ENOENT;
    uintptr_t *slot = &node->slots[index];
    if (!map_slot_is_entry(*slot)) {
        int rc = remove_at(type, slot, shift + MAP_LEVEL_BITS, key);
        if (rc != 0)
            return rc;
    } else {
        struct map_entry *entry = map_slot_entry(*slot);
        if (entry->hash != key->hash || !type->same(entry, key))
            return SP_ENOENT;
        entry_unref(type, entry);
        *slot = 0;
    }
    if (*slot == 0) {
        remove_slot(node, shift, index);
        node->bitmap = deepest ? node->bitmap - 1 : node->bitmap & ~bit;
    }
    unsigned count = slot_count(node, shift);
    bool lone = count == 1 && map_slot_is_entry(node->slots[0]);
    if (count == 0 || (lone && shift > 0)) {
        *place = count == 0 ? 0 : node->slots[0];
        free(node);
    }
    return 0;
}

int map_remove(const struct map_type *type, struct map_node **root, const struct map_entry *key)
{
    if (*root == NULL)
        return SP_ENOENT;
    uintptr_t place = (uintptr_t)*root;
    int rc = remove_at(type, &place, 0, key);
    *root = (struct map_node *)place;
    return rc;
}
