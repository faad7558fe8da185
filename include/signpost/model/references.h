/*
 * model/references.h - what record sets name beyond their zone, as the checks of a change ask for
 * it.
 *
 * The model knows no store, so whoever runs a change lends it these questions.  One that is NULL is
 * not asked: what it would look for counts as being there, and leads nowhere.  Control thread only.
 */
#ifndef SIGNPOST_MODEL_REFERENCES_H
#define SIGNPOST_MODEL_REFERENCES_H

#include "signpost/base/status.h"
#include "signpost/model/quotas.h"
#include "signpost/model/resource.h"

#include <stdbool.h>
#include <stdint.h>

struct arena;
struct draft;
struct hosted_zone;

struct model_references {
    const struct quotas *quotas; /* of record sets and their values; NULL: there are none */

    /* Whether an alias may lead to names of AWS services only that are in the registry (R-ALI-9);
     * else to any (A-CHG-53). */
    bool needs_registered_targets;

    void *context; /* given to each of them */
    bool (*has_health_check)(void *context, const char *id);
    bool (*has_collection)(void *context, const char *id);
    bool (*has_location)(void *context, const char *collection, const char *location);

    /* The name (wire, lower case) of the zone of ours that a name lies in; NULL: in none. */
    const uint8_t *(*zone_of)(void *context, const uint8_t *name);

    /* The others return 0 or why they cannot tell, with its words. */

    /* Whether it is a hosted zone of ours. */
    int (*find_zone)(void *context, const char *public_id, bool *out_there,
                     struct problem *out_problem);

    /* Whether the registry has a resource of that name (wire, lower case), and its kind. */
    int (*find_resource)(void *context, const uint8_t *name, bool *out_there,
                         enum resource_kind *out_kind, struct problem *out_problem);

    /* Whether nobody may change the record sets of that owner (wire, lower case) and type, and what
     * was said about that; in an arena that lives as long as the change.  out_comment: NULL when
     * they may be changed. */
    int (*find_protection)(void *context, const struct hosted_zone *zone, const uint8_t *owner,
                           uint16_t type, struct arena *arena, const char **out_comment,
                           struct problem *out_problem);

    /* Puts what is stored at owner into the draft, as both `before` and `sets`, unless the draft
     * has that name already: where aliases lead in a draft that holds only the names of a change.
     */
    int (*fetch_name)(void *context, struct draft *draft, const uint8_t *owner,
                      struct problem *out_problem);
};

#endif
