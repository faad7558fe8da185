/*
 * policy/geoproximity.c - the nearest member, distances stretched or shrunk by a bias (R-GPX).
 *
 * Equal distances: the set identifier that comes first, which is the order of the members
 * (R-GPX-7).
 */
#include "internal.h"

/* R-GPX-4: of two formulas that AWS has published, which differ for negative biases. */
static double stretch(const struct evaluation *evaluation, double km, int bias)
{
    if (bias < 0 && evaluation->snapshot->options.divide_negative_bias)
        return km / (1 + bias / 100.0);
    return km * (1 - bias / 100.0);
}

static double distance_km(struct evaluation *evaluation, const struct member *member)
{
    return geo_distance_km(&client__origin(evaluation)->point, &member->by.proximity.point);
}

static void begin(struct sequence *sequence)
{
    const struct group *group = sequence->group;
    for (unsigned i = 0; i < group->member_count; i++)
        sequence->by.scores[i] =
            stretch(sequence->evaluation, distance_km(sequence->evaluation, &group->members[i]),
                    group->members[i].by.proximity.bias);
}

static const struct member *next(struct sequence *sequence)
{
    return sequence__propose_lowest(sequence);
}

static void describe(const struct sequence *sequence, const struct member *member,
                     struct trace_step *step)
{
    step->by.distance.km = distance_km(sequence->evaluation, member);
    step->by.distance.biased_km = sequence->by.scores[sequence__index(sequence, member)];
}

const struct policy policy__geoproximity = { begin, next, describe };
