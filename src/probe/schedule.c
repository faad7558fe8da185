#include "schedule.h"

#include "signpost/base/status.h"

#include <stdlib.h>

void schedule__finish(struct schedule *schedule)
{
    free(schedule->looks);
    *schedule = (struct schedule){ 0 };
}

int schedule__reserve(struct schedule *schedule, uint32_t count)
{
    uint32_t wanted = schedule->count + count;
    if (wanted <= schedule->room)
        return 0;
    uint32_t room = wanted > 2 * schedule->room ? wanted : 2 * schedule->room;
    struct look *looks = realloc(schedule->looks, room * sizeof *looks);
    if (looks == NULL)
        return SP_ENOMEM;
    schedule->looks = looks;
    schedule->room = room;
    return 0;
}

/* Children of place n are at 2n+1 and 2n+2. */
void schedule__add(struct schedule *schedule, const struct look *look)
{
    uint32_t place = schedule->count++;
    while (place > 0 && schedule->looks[(place - 1) / 2].due_ms > look->due_ms) {
        schedule->looks[place] = schedule->looks[(place - 1) / 2];
        place = (place - 1) / 2;
    }
    schedule->looks[place] = *look;
}

/* Fills the place at the top with the last of the heap. */
static void close_gap(struct schedule *schedule)
{
    struct look last = schedule->looks[--schedule->count];
    uint32_t place = 0, child;
    while ((child = 2 * place + 1) < schedule->count) {
        if (child + 1 < schedule->count &&
            schedule->looks[child + 1].due_ms < schedule->looks[child].due_ms)
            child++;
        if (schedule->looks[child].due_ms >= last.due_ms)
            break;
        schedule->looks[place] = schedule->looks[child];
        place = child;
    }
    schedule->looks[place] = last;
}

bool schedule__take(struct schedule *schedule, uint64_t now_ms, struct look *out_look)
{
    if (schedule->count == 0 || schedule->looks[0].due_ms > now_ms)
        return false;
    *out_look = schedule->looks[0];
    close_gap(schedule);
    return true;
}

bool schedule__peek(const struct schedule *schedule, uint64_t *out_due_ms)
{
    if (schedule->count == 0)
        return false;
    *out_due_ms = schedule->looks[0].due_ms;
    return true;
}

/* What lies below a look that is not due is not due either. */
static uint32_t count_due_from(const struct schedule *schedule, uint32_t place, uint64_t now_ms)
{
    if (place >= schedule->count || schedule->looks[place].due_ms > now_ms)
        return 0;
    return 1 + count_due_from(schedule, 2 * place + 1, now_ms) +
           count_due_from(schedule, 2 * place + 2, now_ms);
}

uint32_t schedule__count_due(const struct schedule *schedule, uint64_t now_ms)
{
    return count_due_from(schedule, 0, now_ms);
}

uint64_t schedule__first_look(uint64_t now_ms, uint32_t interval_ms, unsigned number,
                              unsigned count, uint32_t phase)
{
    uint32_t share_ms = interval_ms / count;
    return now_ms + (uint64_t)interval_ms * number / count + phase % (share_ms > 0 ? share_ms : 1);
}
