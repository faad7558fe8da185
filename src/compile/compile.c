#include "signpost/compile/compile.h"

#include "signpost/base/status.h"

#include <string.h>

/* A name has at most one set of each type. */
struct sources {
    unsigned count;
    struct rrset_source items[DNS_TYPE_COUNT];
};

static void add_source(struct sources *sources, const struct record_set *set)
{
    sources->items[sources->count++] = (struct rrset_source){
        .type = set->type,
        .ttl_s = set->ttl_s,
        .value_count = set->value_count,
        .values = set->values,
    };
}

static int put_sources(struct zone *zone, const uint8_t *owner, const struct sources *sources)
{
    if (sources->count == 0)
        return zone_remove_name(zone, owner);
    struct zone_name *name = zone_name_create(zone, owner, sources->items, sources->count);
    return name == NULL ? SP_ENOMEM : zone_put_name(zone, name);
}

static int compile_name(struct zone *zone, const struct draft_name *name)
{
    struct sources sources = { .count = 0 };
    for (const struct record_set *set = name->sets; set != NULL; set = set->next)
        add_source(&sources, set);
    return put_sources(zone, name->owner, &sources);
}

/* The zone to write the draft into: a new one, or a copy that shares every name. */
static struct zone *open_zone(const struct snapshot *base, const struct draft *draft)
{
    const struct zone *old = draft->whole ? NULL : snapshot_zone(base, draft->zone.name);
    return old == NULL ? zone_create(draft->zone.name) : zone_copy(old);
}

/* Hands a finished zone to a snapshot, whatever becomes of it. */
static int give_zone(struct snapshot *snapshot, struct zone *zone)
{
    zone_finish(zone);
    int rc = snapshot_put_zone(snapshot, zone);
    if (rc != 0)
        zone_unref(zone);
    return rc;
}

static int compile_zone(struct snapshot *next, const struct snapshot *base,
                        const struct draft *draft)
{
    struct zone *zone = open_zone(base, draft);
    int rc = zone == NULL ? SP_ENOMEM : 0;
    for (uint32_t i = 0; rc == 0 && i < draft->name_count; i++)
        rc = compile_name(zone, draft->names[i]);
    if (rc != 0) {
        zone_unref(zone);
        return rc;
    }
    return give_zone(next, zone);
}

static int no_memory(struct problem *out_problem)
{
    return problem_set(out_problem, SP_ENOMEM,
                       "there is not enough memory to compile the change; nothing was changed");
}

int compile_next(const struct snapshot *base, const struct draft *draft,
                 struct snapshot **out_snapshot, struct problem *out_problem)
{
    struct snapshot *next = snapshot_copy(base);
    if (next == NULL || compile_zone(next, base, draft) != 0) {
        snapshot_unref(next);
        return no_memory(out_problem);
    }
    *out_snapshot = next;
    return 0;
}

int compile_without(const struct snapshot *base, const uint8_t *name,
                    struct snapshot **out_snapshot, struct problem *out_problem)
{
    struct snapshot *next = snapshot_copy(base);
    int rc = next == NULL ? SP_ENOMEM : snapshot_remove_zone(next, name);
    if (rc != 0 && rc != SP_ENOENT) {
        snapshot_unref(next);
        return no_memory(out_problem);
    }
    *out_snapshot = next;
    return 0;
}
