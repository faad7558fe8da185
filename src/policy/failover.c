/*
 * policy/failover.c - the primary while it is healthy, else the secondary (R-FLO).
 *
 * When neither is healthy the primary answers (R-FLO-4).  The primary is the first member; a group
 * of one role has that one only (R-FLO-1).
 */
#include "internal.h"

static const struct member *next(struct sequence *sequence)
{
    unsigned count = sequence->is_last_resort ? 1 : sequence->group->member_count;
    for (unsigned i = 0; i < count; i++)
        if (!sequence__has(sequence, i))
            return sequence__propose(sequence, i);
    return NULL;
}

const struct policy policy__failover = { NULL, next, NULL };
