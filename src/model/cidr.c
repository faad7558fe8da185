#include "signpost/model/cidr.h"

#include "word.h"

#define LENGTH_MAX_V4 24 /* R-CID-2 */
#define LENGTH_MAX_V6 48

int cidr_name_check(const char *name, struct problem *out_problem)
{
    if (word_is_right(name, CIDR_NAME_SIZE - 1, "-_"))
        return 0;
    return problem_set(out_problem, SP_EINVAL,
                       "\"%.80s\" cannot be the name of a collection: it must be 1 to %d letters, "
                       "digits, \"-\" and \"_\"",
                       name, CIDR_NAME_SIZE - 1);
}

static int check_location(const char *location, struct problem *out_problem)
{
    if (word_is_right(location, CIDR_LOCATION_TEXT_SIZE - 1, "-_"))
        return 0;
    if (strcmp(location, "*") == 0)
        return problem_set(out_problem, SP_EINVAL,
                           "location \"*\" has no blocks: it is everything that is in no other");
    return problem_set(out_problem, SP_EINVAL,
                       "\"%.40s\" cannot be a location: it must be 1 to %d letters, digits, \"-\" "
                       "and \"_\"",
                       location, CIDR_LOCATION_TEXT_SIZE - 1);
}

int cidr_block_from_text(struct cidr_block *out_block, const char *location, const char *prefix,
                         struct problem *out_problem)
{
    int rc = check_location(location, out_problem);
    if (rc != 0)
        return rc;
    const char *why = prefix_from_text(&out_block->prefix, prefix);
    if (why != NULL)
        return problem_set(out_problem, SP_EINVAL, "\"%.60s\" %s", prefix, why);
    unsigned most = out_block->prefix.family == IP_V4 ? LENGTH_MAX_V4 : LENGTH_MAX_V6;
    if (out_block->prefix.length == 0)
        return problem_set(out_problem, SP_EINVAL,
                           "%.60s: a block of every address is the location \"*\", which needs no "
                           "block",
                           prefix);
    if (out_block->prefix.length > most)
        return problem_set(out_problem, SP_EINVAL,
                           "%.60s: an %s block is at most /%u long, not /%u", prefix,
                           most == LENGTH_MAX_V4 ? "IPv4" : "IPv6", most, out_block->prefix.length);
    strcpy(out_block->location, location);
    return 0;
}

int cidr_block_compare(const struct cidr_block *a, const struct cidr_block *b)
{
    int order = strcmp(a->location, b->location);
    return order != 0 ? order : prefix_compare(&a->prefix, &b->prefix);
}

/* Where in the order the block stands, or would. */
static uint32_t find_place(const struct cidr_collection *collection, const struct cidr_block *block)
{
    uint32_t low = 0, high = collection->block_count;
    while (low < high) {
        uint32_t middle = (low + high) / 2;
        if (cidr_block_compare(&collection->blocks[middle], block) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* The block of that prefix, in whatever location; NULL: none. */
static const struct cidr_block *find_prefix(const struct cidr_collection *collection,
                                            const struct ip_prefix *prefix)
{
    for (uint32_t i = 0; i < collection->block_count; i++)
        if (prefix_compare(&collection->blocks[i].prefix, prefix) == 0)
            return &collection->blocks[i];
    return NULL;
}

/* Makes room at a place, or closes it. */
static void move_tail(struct cidr_collection *collection, uint32_t to, uint32_t from)
{
    memmove(&collection->blocks[to], &collection->blocks[from],
            (collection->block_count - from) * sizeof collection->blocks[0]);
    collection->block_count += to - from;
}

static int put(struct cidr_collection *collection, const struct cidr_block *block,
               struct problem *out_problem)
{
    char text[PREFIX_TEXT_SIZE];
    const struct cidr_block *there = find_prefix(collection, &block->prefix);
    if (there != NULL && strcmp(there->location, block->location) == 0)
        return 0;
    if (there != NULL)
        return problem_set(out_problem, SP_ECONFLICT,
                           "the block %s is in location %s already: a block is in one location "
                           "only; remove it there first",
                           prefix_to_text(text, &block->prefix), there->location);
    if (collection->block_count == CIDR_BLOCKS_MAX)
        return problem_set(out_problem, SP_ELIMIT, "a collection holds at most %d blocks",
                           CIDR_BLOCKS_MAX);
    uint32_t at = find_place(collection, block);
    move_tail(collection, at + 1, at);
    collection->blocks[at] = *block;
    return 0;
}

static void take_away(struct cidr_collection *collection, const struct cidr_block *block)
{
    uint32_t at = find_place(collection, block);
    if (at < collection->block_count && cidr_block_compare(&collection->blocks[at], block) == 0)
        move_tail(collection, at, at + 1);
}

int cidr_collection_apply(struct cidr_collection *collection, const struct cidr_batch *batch,
                          struct problem *out_problem)
{
    int rc = 0;
    if (batch->version != 0 && batch->version != collection->version)
        return problem_set(out_problem, SP_ECONFLICT,
                           "the collection is at version %llu, not %llu: somebody else has changed "
                           "it; look at it again",
                           (unsigned long long)collection->version,
                           (unsigned long long)batch->version);
    if (batch->count > CIDR_BLOCKS_MAX)
        return problem_set(out_problem, SP_ELIMIT, "%u blocks are too many; at most %d at a time",
                           batch->count, CIDR_BLOCKS_MAX);
    for (uint32_t i = 0; rc == 0 && i < batch->count; i++)
        if (batch->items[i].action == CIDR_PUT)
            rc = put(collection, &batch->items[i].block, out_problem);
        else
            take_away(collection, &batch->items[i].block);
    collection->version++;
    return rc;
}

bool cidr_collection_has_location(const struct cidr_collection *collection, const char *location)
{
    for (uint32_t i = 0; i < collection->block_count; i++)
        if (strcmp(collection->blocks[i].location, location) == 0)
            return true;
    return false;
}

uint32_t cidr_location_size(const struct cidr_collection *collection, uint32_t at)
{
    uint32_t end = at;
    while (end < collection->block_count &&
           strcmp(collection->blocks[end].location, collection->blocks[at].location) == 0)
        end++;
    return end - at;
}
