/*
 * policy/simple.c - one record set: an alias, or records with a health check (R-SIM-1).
 *
 * Nothing else could answer, so its own health decides only whether an alias that evaluates it
 * finds it healthy (R-HLT-15).
 */
#include "internal.h"

static const struct member *next(struct sequence *sequence)
{
    return sequence__has(sequence, 0) ? NULL : sequence__propose(sequence, 0);
}

const struct policy policy__simple = { NULL, next, NULL };
