/*
 * health/table.h - which endpoints are up, as the query path sees it.
 *
 * One word per health check: up or down, and since when.  The board (probe/board.h)
 * writes, one thread at a time, every worker reads; nobody locks.  Two words may be a moment apart,
 * and no answer depends on their agreeing.  What a word says is the effective status: after
 * Disabled and Inverted (R-HCK-5).
 */
#ifndef SIGNPOST_HEALTH_TABLE_H
#define SIGNPOST_HEALTH_TABLE_H

#include <stdbool.h>
#include <stdint.h>

struct health_table;          /* opaque: only health/ knows what a word means */
typedef uint32_t health_slot; /* leased by control/, never moved while leased */

/* The slot of what has no health check, or one that is gone: always up (R-HLT-3, R-REC-10). */
#define HEALTH_NO_CHECK 0

struct health_state {
    bool up;
    bool is_set;       /* an override says so */
    uint64_t since_ms; /* Unix milliseconds of the last turn; 0: up from the start */
};

/* Every slot is up.  NULL: no memory. */
struct health_table *health_table_create(uint32_t slot_count);
/* A table of one's own to ask "what if" with.  Any thread; NULL: no memory. */
struct health_table *health_table_copy(const struct health_table *table);
void health_table_destroy(struct health_table *table); /* NULL is fine */
uint32_t health_table_size(const struct health_table *table);

/* The one writer only.  Saying what is so already keeps the time of the last turn; whether it is
 * set stays as it was. */
void health_report(struct health_table *table, health_slot slot, bool up, uint64_t now_ms);
/* All of it: what a restart brings back, or an override. */
void health_restore(struct health_table *table, health_slot slot, struct health_state state);

/* Any thread. */
bool health_is_up(const struct health_table *table, health_slot slot);
struct health_state health_state(const struct health_table *table, health_slot slot);

#endif
