/*
 * The turns of checks during a drill: their histories put together.
 */
#include "checks.h"
#include "drill_parts.h"

#include "signpost/control/checks.h"

#include <stdlib.h>
#include <string.h>

/* What is restored turns a moment after the drill counts as restored. */
#define MOMENT_MS 1000

struct gathering {
    const char *check;
    uint64_t until_ms;
    struct drill_turn *turns;
    size_t count, room;
    struct problem *problem;
};

static int add_turn(void *context, const struct health_event *event)
{
    struct gathering *gathering = context;
    if (event->at_ms > gathering->until_ms)
        return 0;
    if (gathering->count == gathering->room) {
        size_t room = gathering->room == 0 ? 64 : 2 * gathering->room;
        struct drill_turn *turns = realloc(gathering->turns, room * sizeof *turns);
        if (turns == NULL)
            return control__no_memory(gathering->problem);
        gathering->turns = turns;
        gathering->room = room;
    }
    struct drill_turn *turn = &gathering->turns[gathering->count++];
    strcpy(turn->check, gathering->check);
    turn->event = *event;
    return 0;
}

static int compare_turns(const void *a, const void *b)
{
    const struct drill_turn *left = a, *right = b;
    if (left->event.at_ms != right->event.at_ms)
        return left->event.at_ms < right->event.at_ms ? -1 : 1;
    return strcmp(left->check, right->check);
}

static int gather(struct control *control, const struct check_set *set, uint64_t after_ms,
                  struct gathering *gathering)
{
    int rc = 0;
    for (health_slot slot = 1; rc == 0 && slot < set->slot_count; slot++) {
        const struct known_check *known = set->has[slot] ? control__check_at(control, slot) : NULL;
        if (known == NULL || known->is_deleted)
            continue;
        gathering->check = known->id;
        rc = control_list_check_events(control, known->id, after_ms, add_turn, gathering,
                                       gathering->problem);
    }
    return rc;
}

static int add_checks(struct control *control, const struct drill_plan *plan, struct check_set *set,
                      struct problem *out_problem)
{
    int rc = control__add_checks_of_plan(control, plan, set, out_problem);
    for (unsigned i = 0; rc == 0 && i < plan->watch_count; i++)
        rc = control__add_checks_of_question(control, &plan->watches[i], set, out_problem);
    return rc;
}

int control_read_drill_turns(struct control *control, const struct drill_record *drill,
                             const struct drill_plan *plan, struct drill_turn **out_turns,
                             size_t *out_count, struct problem *out_problem)
{
    struct gathering gathering = { .until_ms = UINT64_MAX, .problem = out_problem };
    struct check_set *set = control__create_check_set(control);
    int rc =
        set == NULL ? control__no_memory(out_problem) : add_checks(control, plan, set, out_problem);
    if (drill->restored_ms > 0)
        gathering.until_ms = drill->restored_ms + plan->settle_ms + MOMENT_MS;
    if (rc == 0)
        rc = gather(control, set, drill->started_ms - 1, &gathering);
    free(set);
    if (rc != 0) {
        free(gathering.turns);
        return rc;
    }
    if (gathering.count > 0)
        qsort(gathering.turns, gathering.count, sizeof gathering.turns[0], compare_turns);
    *out_turns = gathering.turns;
    *out_count = gathering.count;
    return 0;
}
