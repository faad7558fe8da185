/*
 * policy/weighted.c - each member as often as its weight says (R-WGT).
 *
 * Members are drawn without replacement: when one turns out to be unhealthy, its weight leaves the
 * sum and the next draw is among the others, which is the same as never having counted it
 * (R-WGT-5).  Members of weight 0 come last and only while there is hope for a healthy one
 * (R-WGT-6); in the last resort they stay out, unless there are no others (R-WGT-3, R-WGT-7).
 */
#include "internal.h"

static void begin(struct sequence *sequence)
{
    sequence->by.weighted.sum = sequence->group->weight_sum;
}

/* The member that the draw falls on, among those with a weight. */
static const struct member *next_by_weight(struct sequence *sequence)
{
    const struct group *group = sequence->group;
    uint32_t total = sequence->by.weighted.sum;
    uint32_t draw = dice_below(sequence->evaluation->dice, total);
    uint32_t reached = 0;
    unsigned i = 0;
    for (;; i++) {
        if (sequence__has(sequence, i))
            continue;
        reached += group->members[i].by.weight;
        if (draw < reached)
            break;
    }
    sequence->by.weighted.draw = draw;
    sequence->by.weighted.total = total;
    sequence->by.weighted.sum -= group->members[i].by.weight;
    return sequence__propose(sequence, i);
}

/* One of the members of weight 0, each equally likely (R-WGT-3, R-WGT-8). */
static const struct member *next_of_zero(struct sequence *sequence)
{
    const struct group *group = sequence->group;
    unsigned left = 0, i = 0;
    for (unsigned k = 0; k < group->member_count; k++)
        left += !sequence__has(sequence, k);
    if (left == 0)
        return NULL;
    uint32_t draw = dice_below(sequence->evaluation->dice, left);
    sequence->by.weighted.draw = draw;
    sequence->by.weighted.total = left;
    for (;; i++)
        if (!sequence__has(sequence, i) && draw-- == 0)
            return sequence__propose(sequence, i);
}

static const struct member *next(struct sequence *sequence)
{
    if (sequence->by.weighted.sum > 0)
        return next_by_weight(sequence);
    if (sequence->is_last_resort && sequence->group->weight_sum > 0)
        return NULL;
    return next_of_zero(sequence);
}

static void describe(const struct sequence *sequence, const struct member *member,
                     struct trace_step *step)
{
    if (step->kind == TRACE_TAKEN) {
        step->by.weight.draw = sequence->by.weighted.draw;
        step->by.weight.total = sequence->by.weighted.total;
    } else if (member->by.weight == 0) {
        step->reason = TRACE_WEIGHT_ZERO;
    }
}

const struct policy policy__weighted = { begin, next, describe };
