/*
 * The search of R-HLT through a tree of groups.
 *
 *     resolve   something healthy, else the group's last resort: it must answer
 *     search    the policy's members in its order, until one is found that stands
 *     consider  one member: its check, then what is behind it
 *
 * A branch that evaluates its target's health is searched for something healthy only; when nothing
 * is, the search backs out of it and goes on with the next member (R-HLT-11).  Whether a group
 * holds anything for a client does not depend on dice, so a group that held nothing is not searched
 * a second time in one question: trees whose branches meet again cost no more than their groups.
 */
#include "internal.h"

#include <string.h>

static const struct policy *const policies[ROUTING_POLICY_COUNT] = {
    [ROUTING_SIMPLE] = &policy__simple,
    [ROUTING_WEIGHTED] = &policy__weighted,
    [ROUTING_LATENCY] = &policy__latency,
    [ROUTING_FAILOVER] = &policy__failover,
    [ROUTING_GEOLOCATION] = &policy__geolocation,
    [ROUTING_CIDR] = &policy__cidr,
    [ROUTING_GEOPROXIMITY] = &policy__geoproximity,
};

static bool search(struct evaluation *evaluation, const struct group *group, bool is_last_resort,
                   unsigned depth, struct choice *choice);

static bool resolve(struct evaluation *evaluation, const struct group *group, unsigned depth,
                    struct choice *choice)
{
    if (search(evaluation, group, false, depth, choice))
        return true;
    return choice->kind != CHOICE_BROKEN && search(evaluation, group, true, depth, choice);
}

static bool take(struct choice *choice, const struct rrset *set, bool gives_one)
{
    choice->kind = CHOICE_FOUND;
    choice->is_drawn = false;
    choice->gives_one = gives_one;
    choice->set_count = 1;
    choice->sets[0] = set;
    choice->ttl_s = set->ttl_s;
    return true;
}

static bool leave(struct trace_step *step, enum trace_reason reason)
{
    if (step != NULL) {
        step->kind = TRACE_LEFT;
        step->reason = (uint8_t)reason;
    }
    return false;
}

/* R-ALI-9 to R-ALI-15. */
static bool consider_resource(const struct sequence *sequence, const struct member *member,
                              struct trace_step *step, struct choice *choice)
{
    const struct resource *resource =
        snapshot_resource(sequence->evaluation->snapshot, member->target, member->target_hash);
    if (resource == NULL)
        return leave(step, TRACE_RESOURCE_MISSING);
    if (member->evaluates_target && !sequence->is_last_resort && !resource->is_healthy)
        return leave(step, TRACE_RESOURCE_DOWN);
    const struct rrset *set = resource_set(resource, sequence->group->type);
    return set != NULL ? take(choice, set, resource->gives_one) : leave(step, TRACE_RESOURCE_EMPTY);
}

/* R-HLT-5 to R-HLT-7, R-HLT-11, R-HLT-12. */
static bool consider_alias(const struct sequence *sequence, const struct member *member,
                           struct trace_step *step, struct choice *choice)
{
    struct evaluation *evaluation = sequence->evaluation;
    const struct zone_name *name =
        zone_find_exact(evaluation->zone, member->target, member->target_hash);
    const struct rrset *set = name == NULL ? NULL : zone_name_set(name, sequence->group->type);
    if (set == NULL)
        return leave(step, TRACE_TARGET_MISSING);
    if (set->group == NULL)
        return take(choice, set, false);
    if (sequence->depth == ALIAS_DEPTH_MAX) {
        choice->kind = CHOICE_BROKEN;
        return leave(step, TRACE_TOO_DEEP);
    }
    bool must_be_healthy = member->evaluates_target && !sequence->is_last_resort;
    bool found = must_be_healthy
                     ? search(evaluation, set->group, false, sequence->depth + 1u, choice)
                     : resolve(evaluation, set->group, sequence->depth + 1u, choice);
    if (found)
        return true;
    if (choice->kind == CHOICE_BROKEN)
        return leave(step, TRACE_TOO_DEEP);
    return leave(step, must_be_healthy ? TRACE_TARGET_DOWN : TRACE_TARGET_EMPTY);
}

static struct trace_step *note(const struct sequence *sequence, const struct member *member,
                               enum trace_kind kind)
{
    struct evaluation *evaluation = sequence->evaluation;
    const struct policy *policy = policies[sequence->group->policy];
    struct trace_step *step = trace_add(evaluation->trace, kind, sequence->depth,
                                        sequence->is_last_resort, sequence->group);
    if (step != NULL && member != NULL) {
        step->member = member;
        step->health = health_state(evaluation->health, member->check);
        if (policy->describe != NULL)
            policy->describe(sequence, member, step);
    }
    return step;
}

static bool consider(const struct sequence *sequence, const struct member *member,
                     struct choice *choice)
{
    struct evaluation *evaluation = sequence->evaluation;
    struct trace_step *step = note(sequence, member, TRACE_TAKEN);
    if (!sequence->is_last_resort && !health_is_up(evaluation->health, member->check))
        return leave(step, TRACE_CHECK_DOWN);
    switch (member->kind) {
    case MEMBER_ALIAS:
        return consider_alias(sequence, member, step, choice);
    case MEMBER_RESOURCE:
        return consider_resource(sequence, member, step, choice);
    default:
        return take(choice, &member->values, false);
    }
}

/* The members that were not proposed, for whoever asks why. */
static void note_others(const struct sequence *sequence)
{
    if (sequence->evaluation->trace == NULL)
        return;
    for (unsigned i = 0; i < sequence->group->member_count; i++)
        if (!sequence__has(sequence, i))
            note(sequence, &sequence->group->members[i], TRACE_LEFT);
}

/* ---- groups that hold nothing for this client ---- */

static bool is_known_failure(const struct evaluation *evaluation, const struct group *group,
                             bool is_last_resort)
{
    for (uint32_t i = 0; i < evaluation->failure_count; i++)
        if (evaluation->failures[i].group == group &&
            evaluation->failures[i].is_last_resort == is_last_resort)
            return true;
    return false;
}

static void remember_failure(struct evaluation *evaluation, const struct group *group,
                             bool is_last_resort)
{
    if (evaluation->failure_count < POLICY_FAILURES_KEPT)
        evaluation->failures[evaluation->failure_count++] =
            (struct policy_failure){ group, is_last_resort };
}

/* ---- one group ---- */

static bool search_members(struct sequence *sequence, struct choice *choice)
{
    const struct policy *policy = policies[sequence->group->policy];
    const struct member *member;
    if (policy->begin != NULL)
        policy->begin(sequence);
    while ((member = policy->next(sequence)) != NULL) {
        if (consider(sequence, member, choice))
            return true;
        if (choice->kind == CHOICE_BROKEN)
            return false;
    }
    return false;
}

static bool search_sequence(struct evaluation *evaluation, const struct group *group,
                            bool is_last_resort, unsigned depth, struct choice *choice)
{
    struct sequence sequence;
    sequence.evaluation = evaluation;
    sequence.group = group;
    sequence.is_last_resort = is_last_resort;
    sequence.depth = (uint8_t)depth;
    memset(sequence.proposed, 0, sizeof sequence.proposed);
    note(&sequence, NULL, TRACE_GROUP);
    bool found = search_members(&sequence, choice);
    note_others(&sequence);
    note(&sequence, NULL, found ? TRACE_FOUND : TRACE_NOTHING);
    return found;
}

/* A group costs as much as it has members: a policy may look at all of them to propose none.  A
 * tree so large that its healthy members are not found in time counts as having none (R-ANS-29: its
 * last resort answers). */
static bool pay_for(struct evaluation *evaluation, const struct group *group, bool is_last_resort,
                    struct choice *choice)
{
    uint32_t reserved = is_last_resort ? 0 : POLICY_STEPS_RESERVED;
    bool has_enough = evaluation->steps_left >= reserved + group->member_count;
    if (has_enough)
        evaluation->steps_left -= group->member_count;
    else if (is_last_resort)
        choice->kind = CHOICE_BROKEN;
    return has_enough;
}

static bool search(struct evaluation *evaluation, const struct group *group, bool is_last_resort,
                   unsigned depth, struct choice *choice)
{
    if (is_known_failure(evaluation, group, is_last_resort) ||
        !pay_for(evaluation, group, is_last_resort, choice))
        return false;
    bool found = group->policy == ROUTING_MULTIVALUE
                     ? policy__multivalue(evaluation, group, is_last_resort, depth, choice)
                     : search_sequence(evaluation, group, is_last_resort, depth, choice);
    if (!found && choice->kind != CHOICE_BROKEN)
        remember_failure(evaluation, group, is_last_resort);
    return found;
}

void evaluation_init(struct evaluation *evaluation, const struct snapshot *snapshot,
                     const struct health_table *health, struct dice *dice, struct trace *trace)
{
    evaluation->snapshot = snapshot;
    evaluation->health = health;
    evaluation->dice = dice;
    evaluation->trace = trace;
    evaluation->scope = 0;
    evaluation->steps_left = POLICY_STEPS_MAX;
    evaluation->failure_count = 0;
    evaluation->client.is_located = false;
    evaluation->client.has_origin = false;
    evaluation->client.is_assumed = false;
}

void policy_choose(struct evaluation *evaluation, const struct group *group,
                   struct choice *out_choice)
{
    out_choice->kind = CHOICE_NOTHING;
    resolve(evaluation, group, 0, out_choice);
}

const struct member *sequence__propose_lowest(struct sequence *sequence)
{
    const double *scores = sequence->by.scores;
    unsigned count = sequence->group->member_count, lowest = count;
    for (unsigned i = 0; i < count; i++)
        if (!sequence__has(sequence, i) && (lowest == count || scores[i] < scores[lowest]))
            lowest = i;
    return lowest == count ? NULL : sequence__propose(sequence, lowest);
}
