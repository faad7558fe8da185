/*
 * base/counters.h - figures that one thread counts and any thread reads.
 *
 * Each worker owns a page.  Only its owner adds, so adding is a plain load and store; readers may
 * see a figure a moment old, never a torn one.
 */
#ifndef SIGNPOST_BASE_COUNTERS_H
#define SIGNPOST_BASE_COUNTERS_H

#include <stdatomic.h>
#include <stdint.h>

typedef _Atomic uint64_t counter;

/* Owner only. */
static inline void counter_add(counter *figure, uint64_t amount)
{
    uint64_t value = atomic_load_explicit(figure, memory_order_relaxed);
    atomic_store_explicit(figure, value + amount, memory_order_relaxed);
}

/* Any thread. */
static inline uint64_t counter_read(const counter *figure)
{
    return atomic_load_explicit(figure, memory_order_relaxed);
}

#endif
