/*
 * One word of 64 bits per slot: the time of the last turn in milliseconds, shifted left by two,
 * then whether an override says so, and in the lowest bit whether the check is down, so that a
 * fresh table of zeros is all up.
 */
#include "signpost/health/table.h"

#include <stdatomic.h>
#include <stdlib.h>

struct health_table {
    uint32_t slot_count;
    _Atomic uint64_t words[];
};

struct health_table *health_table_create(uint32_t slot_count)
{
    struct health_table *table =
        calloc(1, sizeof *table + (size_t)slot_count * sizeof table->words[0]);
    if (table != NULL)
        table->slot_count = slot_count;
    return table;
}

static uint64_t load(const struct health_table *table, health_slot slot)
{
    return atomic_load_explicit(&table->words[slot], memory_order_relaxed);
}

static void store(struct health_table *table, health_slot slot, uint64_t word)
{
    atomic_store_explicit(&table->words[slot], word, memory_order_relaxed);
}

struct health_table *health_table_copy(const struct health_table *table)
{
    struct health_table *copy = health_table_create(table->slot_count);
    for (health_slot slot = 0; copy != NULL && slot < table->slot_count; slot++)
        store(copy, slot, load(table, slot));
    return copy;
}

void health_table_destroy(struct health_table *table)
{
    free(table);
}

uint32_t health_table_size(const struct health_table *table)
{
    return table->slot_count;
}

static uint64_t word_of(struct health_state state)
{
    return state.since_ms << 2 | (uint64_t)state.is_set << 1 | !state.up;
}

static struct health_state state_of(uint64_t word)
{
    return (struct health_state){ (word & 1) == 0, (word & 2) != 0, word >> 2 };
}

void health_report(struct health_table *table, health_slot slot, bool up, uint64_t now_ms)
{
    struct health_state state = state_of(load(table, slot));
    if (state.up != up)
        health_restore(table, slot, (struct health_state){ up, state.is_set, now_ms });
}

void health_restore(struct health_table *table, health_slot slot, struct health_state state)
{
    if (slot != HEALTH_NO_CHECK)
        store(table, slot, word_of(state));
}

bool health_is_up(const struct health_table *table, health_slot slot)
{
    return (load(table, slot) & 1) == 0;
}

struct health_state health_state(const struct health_table *table, health_slot slot)
{
    return state_of(load(table, slot));
}
