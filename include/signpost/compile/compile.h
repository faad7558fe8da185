/*
 * compile/compile.h - from the model to what the query path reads.
 *
 * Sorting, linking and wire encoding happen here, once.  A new snapshot shares every zone and every
 * name that a change left alone with the one it follows.  Control thread only.  checks may be NULL:
 * then there are none.
 */
#ifndef SIGNPOST_COMPILE_COMPILE_H
#define SIGNPOST_COMPILE_COMPILE_H

#include "signpost/model/draft.h"
#include "signpost/zone/snapshot.h"

/* What record sets name and compiling must find.  Both may say that there is none: such a check
 * counts as healthy (R-REC-10). */
struct compile_checks {
    health_slot (*find)(void *context, const char *public_id); /* HEALTH_NO_CHECK: none */
    void *context;
};

/* The snapshot that follows base once the draft is stored.  The draft's zone may still lack its id:
 * zones are told apart by name.  base stays as it is.  The caller owns the result (snapshot_unref).
 * SP_ENOMEM. */
int compile_next(const struct snapshot *base, const struct draft *draft,
                 const struct compile_checks *checks, struct snapshot **out_snapshot,
                 struct problem *out_problem);

/* The snapshot that follows base once the zone of that name is gone. */
int compile_without(const struct snapshot *base, const uint8_t *name,
                    struct snapshot **out_snapshot, struct problem *out_problem);

/* Start-up: zone after zone, each followed by its record sets, the sets of one owner in a row. */
struct compiler;
struct compiler *compiler_create(const struct compile_checks *checks); /* NULL: no memory */
void compiler_destroy(struct compiler *compiler);
int compiler_add_zone(struct compiler *compiler, const struct hosted_zone *zone);
int compiler_add_set(struct compiler *compiler, const uint8_t *owner, const struct record_set *set);
int compiler_finish(struct compiler *compiler, struct snapshot **out_snapshot);

#endif
