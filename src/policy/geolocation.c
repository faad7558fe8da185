/*
 * policy/geolocation.c - the most specific member whose location contains the client (R-GEO).
 *
 * Members stand in the order subdivision, country, continent, default, so walking through them
 * widens the search as R-GEO-3 and R-GEO-4 say; those elsewhere are never candidates.
 */
#include "internal.h"

#include <string.h>

static bool contains(const struct member *member, const struct place *place)
{
    if (member->by.location.country[0] == '*')
        return true;
    if (member->by.location.continent != GEO_CONTINENT_NONE)
        return member->by.location.continent == place->continent;
    if (memcmp(member->by.location.country, place->country, sizeof place->country) != 0)
        return false;
    return member->by.location.subdivision[0] == 0 ||
           memcmp(member->by.location.subdivision, place->subdivision, sizeof place->subdivision) ==
               0;
}

static const struct member *next(struct sequence *sequence)
{
    const struct group *group = sequence->group;
    const struct place *place = client__place(sequence->evaluation);
    for (unsigned i = 0; i < group->member_count; i++)
        if (!sequence__has(sequence, i) && contains(&group->members[i], place))
            return sequence__propose(sequence, i);
    return NULL;
}

static void describe(const struct sequence *sequence, const struct member *member,
                     struct trace_step *step)
{
    if (step->kind == TRACE_LEFT && !contains(member, &sequence->evaluation->client.place))
        step->reason = TRACE_ELSEWHERE;
}

const struct policy policy__geolocation = { NULL, next, describe };
