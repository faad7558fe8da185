/*
 * policy/latency.c - the member whose Region is nearest to the client in milliseconds (R-LAT).
 *
 * Equal latencies: the Region whose name comes first, which is the order of the members (R-LAT-5).
 */
#include "internal.h"

#include <string.h>

/* R-LAT-4: clients in China get this Region before all others. */
#define REGION_FOR_CHINA "cn-north-1"

static bool is_for_china(const struct member *member, const struct place *place)
{
    return memcmp(place->country, "CN", 2) == 0 &&
           strcmp(geo_region_at(member->by.region)->name, REGION_FOR_CHINA) == 0;
}

static void begin(struct sequence *sequence)
{
    const struct group *group = sequence->group;
    const struct latency_origin *origin = client__origin(sequence->evaluation);
    const struct place *place = &sequence->evaluation->client.place;
    bool is_measured;
    for (unsigned i = 0; i < group->member_count; i++)
        sequence->by.scores[i] =
            is_for_china(&group->members[i], place)
                ? -1
                : geography_latency_ms(origin, group->members[i].by.region, &is_measured);
}

static const struct member *next(struct sequence *sequence)
{
    return sequence__propose_lowest(sequence);
}

static void describe(const struct sequence *sequence, const struct member *member,
                     struct trace_step *step)
{
    step->by.latency.milliseconds = geography_latency_ms(
        &sequence->evaluation->client.origin, member->by.region, &step->by.latency.is_measured);
}

const struct policy policy__latency = { begin, next, describe };
