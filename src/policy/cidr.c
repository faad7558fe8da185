/*
 * policy/cidr.c - the member whose location holds the client's prefix, else the default (R-CID).
 */
#include "internal.h"

#include <string.h>

static const struct member *find_member(const struct group *group, const char *location)
{
    for (unsigned i = 0; i < group->member_count; i++)
        if (strcmp(group->members[i].by.cidr_location, location) == 0)
            return &group->members[i];
    return NULL;
}

/* R-CID-5, R-CID-6, R-CID-10.  The scope is the matching block, or when the default answers the
 * longest block that could have matched (R-ECS-5). */
static void begin(struct sequence *sequence)
{
    struct evaluation *evaluation = sequence->evaluation;
    const struct group *group = sequence->group;
    const struct ip_prefix *client = &evaluation->client.prefix;
    const struct collection *collection =
        snapshot_collection(evaluation->snapshot, group->collection, group->collection_hash);
    const char *location = NULL;
    uint8_t length = 0;
    if (collection != NULL)
        location = collection_find(collection, client, &length);
    sequence->by.cidr.match = location == NULL ? NULL : find_member(group, location);
    sequence->by.cidr.length = length;
    if (collection != NULL && sequence->by.cidr.match == NULL)
        length = prefix_table_longest(collection->blocks, client->family);
    client__widen_scope(evaluation, length);
    client__tell(evaluation);
}

static const struct member *next(struct sequence *sequence)
{
    const struct member *match = sequence->by.cidr.match;
    const struct member *fallback = find_member(sequence->group, "*");
    if (match != NULL && !sequence__has(sequence, sequence__index(sequence, match)))
        return sequence__propose(sequence, sequence__index(sequence, match));
    if (fallback != NULL && !sequence__has(sequence, sequence__index(sequence, fallback)))
        return sequence__propose(sequence, sequence__index(sequence, fallback));
    return NULL;
}

static void describe(const struct sequence *sequence, const struct member *member,
                     struct trace_step *step)
{
    bool is_candidate =
        member == sequence->by.cidr.match || strcmp(member->by.cidr_location, "*") == 0;
    if (member == sequence->by.cidr.match)
        step->by.block.length = sequence->by.cidr.length;
    if (step->kind == TRACE_LEFT && !is_candidate)
        step->reason = TRACE_ELSEWHERE;
}

const struct policy policy__cidr = { begin, next, describe };
