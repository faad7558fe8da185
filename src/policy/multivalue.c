/*
 * policy/multivalue.c - up to eight healthy members at once, at random (R-MVA).
 */
#include "internal.h"

/* Those that may answer: indices of the healthy members, or of all in the last resort. */
static unsigned list_candidates(const struct evaluation *evaluation, const struct group *group,
                                bool is_last_resort, uint8_t *out_list)
{
    unsigned count = 0;
    for (unsigned i = 0; i < group->member_count; i++)
        if (is_last_resort || health_is_up(evaluation->health, group->members[i].check))
            out_list[count++] = (uint8_t)i;
    return count;
}

/* Fisher and Yates, stopped when enough are drawn: each selection, in each order, is equally
 * likely. */
static unsigned draw(struct dice *dice, uint8_t *list, unsigned count)
{
    unsigned taken = count < MULTIVALUE_MAX ? count : MULTIVALUE_MAX;
    for (unsigned i = 0; i < taken; i++) {
        unsigned other = i + dice_below(dice, count - i);
        uint8_t swap = list[i];
        list[i] = list[other];
        list[other] = swap;
    }
    return taken;
}

static void note_member(struct evaluation *evaluation, const struct group *group,
                        bool is_last_resort, unsigned depth, unsigned index, bool is_taken)
{
    const struct member *member = &group->members[index];
    struct trace_step *step = trace_add(evaluation->trace, is_taken ? TRACE_TAKEN : TRACE_LEFT,
                                        depth, is_last_resort, group);
    if (step == NULL)
        return;
    step->member = member;
    step->health = health_state(evaluation->health, member->check);
    step->reason = !is_last_resort && !step->health.up ? TRACE_CHECK_DOWN : TRACE_NOT_NEEDED;
}

static void note(struct evaluation *evaluation, const struct group *group, bool is_last_resort,
                 unsigned depth, const uint8_t *list, unsigned taken)
{
    if (evaluation->trace == NULL)
        return;
    trace_add(evaluation->trace, TRACE_GROUP, depth, is_last_resort, group);
    for (unsigned i = 0; i < group->member_count; i++) {
        unsigned k = 0;
        while (k < taken && list[k] != i)
            k++;
        note_member(evaluation, group, is_last_resort, depth, i, k < taken);
    }
    trace_add(evaluation->trace, taken > 0 ? TRACE_FOUND : TRACE_NOTHING, depth, is_last_resort,
              group);
}

/* No record comes twice in a set (RFC 2181 §5): a set whose values are all those of another one
 * that was chosen is not sent. */
static bool is_repeat(const struct choice *choice, const struct rrset *set)
{
    for (unsigned i = 0; i < choice->set_count; i++)
        if (records_are_among(&set->records, &choice->sets[i]->records))
            return true;
    return false;
}

bool policy__multivalue(struct evaluation *evaluation, const struct group *group,
                        bool is_last_resort, unsigned depth, struct choice *out_choice)
{
    uint8_t list[GROUP_MEMBERS_MAX];
    unsigned count = list_candidates(evaluation, group, is_last_resort, list);
    unsigned taken = draw(evaluation->dice, list, count);
    note(evaluation, group, is_last_resort, depth, list, taken);
    if (taken == 0)
        return false;
    out_choice->kind = CHOICE_FOUND;
    out_choice->is_drawn = taken < count;
    out_choice->gives_one = false;
    out_choice->set_count = 0;
    out_choice->ttl_s = UINT32_MAX;
    for (unsigned i = 0; i < taken; i++) {
        const struct rrset *set = &group->members[list[i]].values;
        if (!group->has_repeats || !is_repeat(out_choice, set))
            out_choice->sets[out_choice->set_count++] = set;
        if (set->ttl_s < out_choice->ttl_s) /* R-MVA-6 */
            out_choice->ttl_s = set->ttl_s;
    }
    return true;
}
