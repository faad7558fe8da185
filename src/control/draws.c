#include "draws.h"

#include "signpost/base/status.h"

#include <string.h>

/* NULL: this client has seen too many. */
static struct visit *find_visit(struct draws *draws, const struct trace_step *step)
{
    for (unsigned i = 0; i < draws->visit_count; i++)
        if (draws->visits[i].group == step->group &&
            draws->visits[i].is_last_resort == step->is_last_resort)
            return &draws->visits[i];
    if (draws->visit_count == VISITS_PER_CLIENT) {
        draws->lacks_groups = true;
        return NULL;
    }
    struct visit *visit = &draws->visits[draws->visit_count++];
    memset(visit, 0, sizeof *visit);
    visit->group = step->group;
    visit->is_last_resort = step->is_last_resort;
    return visit;
}

static void count_step(struct draws *draws, const struct trace_step *step)
{
    struct visit *visit = find_visit(draws, step);
    if (visit == NULL)
        return;
    size_t index = (size_t)(step->member - step->group->members);
    bool was_drawn = step->by.weight.total > 0;
    if (step->kind == TRACE_TAKEN)
        visit->taken[index]++;
    else if (was_drawn || (!step->is_last_resort && !step->health.up))
        visit->is_out[index] = true;
}

/* A trace that was cut short may lack what left. */
void draws__count(struct draws *draws, const struct trace *trace)
{
    for (unsigned i = 0; i < trace->count && !trace->is_cut; i++)
        if (trace->steps[i].group->policy == ROUTING_WEIGHTED && trace->steps[i].member != NULL)
            count_step(draws, &trace->steps[i]);
}

/* ---- one client's shares ---- */

/* Its weight, or 1 when only members of weight 0 are left; 0: it is not in play (R-WGT-3 to 8). */
static unsigned weight_in_play(const struct visit *visit, unsigned index, bool only_zeros)
{
    unsigned weight = visit->group->members[index].by.weight;
    if (visit->is_out[index])
        return 0;
    return only_zeros ? weight == 0 : weight;
}

static bool only_zeros_are_taken(const struct visit *visit)
{
    for (unsigned i = 0; i < visit->group->member_count; i++)
        if (visit->taken[i] > 0)
            return visit->group->members[i].by.weight == 0;
    return false;
}

static bool is_same_game(const struct simulated_group *a, const struct simulated_group *b)
{
    if (a->group != b->group || a->is_last_resort != b->is_last_resort ||
        a->member_count != b->member_count)
        return false;
    for (unsigned i = 0; i < a->member_count; i++)
        if (a->members[i].member != b->members[i].member)
            return false;
    return true;
}

static void add(struct simulated_group *to, const struct simulated_group *group)
{
    to->draw_count += group->draw_count;
    for (unsigned i = 0; i < group->member_count; i++) {
        to->members[i].observed += group->members[i].observed;
        to->members[i].expected += group->members[i].expected;
    }
}

static int put_group(struct draws *draws, const struct simulated_group *group, struct arena *arena)
{
    for (unsigned i = 0; i < draws->group_count; i++)
        if (is_same_game(&draws->groups[i], group)) {
            add(&draws->groups[i], group);
            return 0;
        }
    if (draws->group_count == SIMULATION_GROUPS_MAX) {
        draws->lacks_groups = true;
        return 0;
    }
    struct simulated_group *kept = &draws->groups[draws->group_count];
    *kept = *group;
    kept->members = arena_copy(arena, group->members, group->member_count * sizeof *group->members);
    if (kept->members == NULL)
        return SP_ENOMEM;
    draws->group_count++;
    return 0;
}

static int settle_visit(struct draws *draws, const struct visit *visit, struct arena *arena)
{
    struct simulated_member members[GROUP_MEMBERS_MAX];
    struct simulated_group group = { visit->group, visit->is_last_resort, 0, 0, members };
    bool only_zeros = only_zeros_are_taken(visit);
    unsigned weights[GROUP_MEMBERS_MAX], sum = 0;
    for (unsigned i = 0; i < visit->group->member_count; i++) {
        unsigned weight = weight_in_play(visit, i, only_zeros);
        if (weight == 0)
            continue;
        members[group.member_count] =
            (struct simulated_member){ &visit->group->members[i], visit->taken[i], 0 };
        weights[group.member_count++] = weight;
        group.draw_count += visit->taken[i];
        sum += weight;
    }
    for (unsigned i = 0; i < group.member_count; i++)
        members[i].expected = (double)group.draw_count * weights[i] / sum;
    return group.draw_count > 0 ? put_group(draws, &group, arena) : 0;
}

int draws__settle_client(struct draws *draws, struct arena *arena)
{
    int rc = 0;
    for (unsigned i = 0; i < draws->visit_count && rc == 0; i++)
        rc = settle_visit(draws, &draws->visits[i], arena);
    draws->visit_count = 0;
    return rc;
}
