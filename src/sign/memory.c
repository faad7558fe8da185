/*
 * sign/memory.c - see the header for the promises.
 *
 * A hash leads to two sets of eight blocks, and a signature is in one of them.  A block is two
 * cache lines; a line of the first one holds, beside what is its own, an octet of hash and a mark
 * for each of the eight.  So a look costs one line or two, and a block more when it finds
 * something. Two sets, because names fall into sets by chance: with one, a memory half full would
 * already have sets with more names than places, and their signatures would be made again and
 * again.
 *
 * The mark tells whether a signature was asked for again: 0 is a free place, 2 a new one, and every
 * question adds to it.  The lowest gives way, and then all of its set grow older until the lowest
 * is 1.  So a flood of names that are asked for once runs through a few places, and what is asked
 * for again stays as long as it is.
 */
#include "memory.h"

#include "signpost/base/dice.h"

#include <stdbool.h>
#include <stdlib.h>
#include <sys/mman.h>

#define WAYS       8
#define MARK_NEW   2
#define MARK_AGAIN 4 /* added for each question */
#define MARK_MAX   16

struct block {
    uint8_t tags[WAYS]; /* these two of the set's first block alone */
    uint8_t marks[WAYS];
    struct signature signature;
};

struct set {
    struct block blocks[WAYS];
};

_Static_assert(sizeof(struct block) == SIGNATURE_MEMORY_SIZE, "what the header promises");

struct signature_memory {
    struct set *sets;
    uint32_t set_count;
    struct dice dice;
};

struct signature_memory *signature_memory_create(unsigned count)
{
    struct signature_memory *memory = malloc(sizeof *memory);
    if (memory == NULL)
        return NULL;
    dice_init_seeded(&memory->dice, count);
    memory->set_count = count / WAYS + (count % WAYS != 0);
    memory->sets = mmap(NULL, memory->set_count * sizeof *memory->sets, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory->sets != MAP_FAILED)
        return memory;
    free(memory);
    return NULL;
}

void signature_memory_destroy(struct signature_memory *memory)
{
    if (memory == NULL)
        return;
    munmap(memory->sets, memory->set_count * sizeof *memory->sets);
    free(memory);
}

/* The upper half of the hash chooses one, the lower half another, maybe the same. */
static struct set *find_set(const struct signature_memory *memory, uint32_t half)
{
    return &memory->sets[(uint64_t)half * memory->set_count >> 32];
}

static bool keys_are_equal(const struct signature_key *a, const struct signature_key *b)
{
    return a->owner_hash == b->owner_hash && a->content == b->content && a->key_id == b->key_id &&
           a->ttl_s == b->ttl_s && a->type == b->type;
}

static struct signature *find_in_set(struct set *set, const struct signature_key *key, uint8_t tag)
{
    struct block *first = &set->blocks[0];
    for (unsigned i = 0; i < WAYS; i++) {
        struct signature *signature = &set->blocks[i].signature;
        if (first->tags[i] != tag || first->marks[i] == 0 || !keys_are_equal(&signature->key, key))
            continue;
        if (first->marks[i] <= MARK_MAX - MARK_AGAIN)
            first->marks[i] += MARK_AGAIN;
        return signature;
    }
    return NULL;
}

struct signature *signature_memory_find(struct signature_memory *memory,
                                        const struct signature_key *key, uint64_t hash)
{
    struct set *set = find_set(memory, (uint32_t)(hash >> 32));
    struct signature *signature = find_in_set(set, key, (uint8_t)hash);
    if (signature == NULL)
        signature = find_in_set(find_set(memory, (uint32_t)hash), key, (uint8_t)hash);
    return signature;
}

/* The first of the lowest. */
static unsigned lowest_way(const struct set *set)
{
    const uint8_t *marks = set->blocks[0].marks;
    unsigned lowest = 0;
    for (unsigned i = 1; i < WAYS; i++)
        if (marks[i] < marks[lowest])
            lowest = i;
    return lowest;
}

static void grow_older(struct set *set, uint8_t lowest)
{
    uint8_t *marks = set->blocks[0].marks;
    for (unsigned i = 0; i < WAYS && lowest > 1; i++)
        marks[i] = (uint8_t)(marks[i] - (lowest - 1));
}

/* Where there is a free place, else one of the two by chance: whatever is driven out comes back,
 * and so finds its way to where there is room for it. */
static struct set *choose_set(struct signature_memory *memory, uint64_t hash)
{
    struct set *sets[] = { find_set(memory, (uint32_t)(hash >> 32)),
                           find_set(memory, (uint32_t)hash) };
    for (unsigned i = 0; i < 2; i++)
        if (sets[i]->blocks[0].marks[lowest_way(sets[i])] == 0)
            return sets[i];
    return sets[dice_below(&memory->dice, 2)];
}

struct signature *signature_memory_put(struct signature_memory *memory,
                                       const struct signature_key *key, uint64_t hash)
{
    struct set *set = choose_set(memory, hash);
    struct block *first = &set->blocks[0];
    unsigned way = lowest_way(set);
    grow_older(set, first->marks[way]);
    first->tags[way] = (uint8_t)hash;
    first->marks[way] = MARK_NEW;
    set->blocks[way].signature.key = *key;
    return &set->blocks[way].signature;
}
