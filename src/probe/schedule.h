/*
 * schedule.h - whose turn it is to look, and when.
 *
 * A binary heap of looks, the earliest first.  Time comes in as data: milliseconds of any clock
 * that does not go back.  Looks of checks that are gone or changed stay until they are due; who
 * takes them out sees by the generation that they are stale.  One thread.
 */
#ifndef PROBE_SCHEDULE_H
#define PROBE_SCHEDULE_H

#include "signpost/health/table.h"

#include <stdbool.h>
#include <stdint.h>

struct look {
    uint64_t due_ms;
    health_slot slot;
    uint32_t generation;
    uint32_t checker;
};

struct schedule {
    uint32_t count, room;
    struct look *looks;
};

/* A zeroed one is an empty schedule. */
void schedule__finish(struct schedule *schedule);

/* Makes room for so many more, which can then be added without fail.  SP_ENOMEM. */
int schedule__reserve(struct schedule *schedule, uint32_t count);
void schedule__add(struct schedule *schedule, const struct look *look);

/* The earliest look, if it is due; false: there is none. */
bool schedule__take(struct schedule *schedule, uint64_t now_ms, struct look *out_look);

/* When the earliest is due; false: there is none. */
bool schedule__peek(const struct schedule *schedule, uint64_t *out_due_ms);

uint32_t schedule__count_due(const struct schedule *schedule, uint64_t now_ms);

/* When the checker of that number, of so many, looks at a new check for the first time: all of them
 * spread evenly over the interval, so that the first comes within a share of it.  The phase, any
 * number, keeps checks that are made at the same moment apart. */
uint64_t schedule__first_look(uint64_t now_ms, uint32_t interval_ms, unsigned number,
                              unsigned count, uint32_t phase);

#endif
