/*
 * compile/sources.h - the record sets of one owner, as zone_name_create wants them.
 */
#ifndef COMPILE_SOURCES_H
#define COMPILE_SOURCES_H

#include "signpost/base/arena.h"
#include "signpost/compile/compile.h"

/* What record sets are compiled against. */
struct compile_scope {
    const struct hosted_zone *zone;      /* whose aliases to itself are aliases to its records */
    const struct compile_checks *checks; /* NULL: none */
};

/* Starts as zeros. */
struct sources {
    unsigned count;
    unsigned room;
    struct rrset_source *items;
    struct arena *arena; /* what items point to; NULL while they point to the model's own */
};

/* Adds one set; what it points to must outlive the sources.  SP_ENOMEM. */
int sources__add(struct sources *sources, const struct compile_scope *scope,
                 const struct record_set *set);

/* Adds one set whose pointers are good for this call only.  SP_ENOMEM. */
int sources__add_copy(struct sources *sources, const struct compile_scope *scope,
                      const struct record_set *set);

/* Makes the owner's name of them, or takes it away when there are none.  SP_ENOMEM. */
int sources__put(struct sources *sources, struct zone *zone, const uint8_t *owner);

void sources__clear(struct sources *sources);  /* none left; memory is kept for the next owner */
void sources__finish(struct sources *sources); /* frees everything */

#endif
