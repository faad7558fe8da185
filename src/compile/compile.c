#include "signpost/compile/compile.h"

#include "signpost/base/status.h"

#include "sources.h"

static int compile_name(struct zone *zone, const struct compile_scope *scope,
                        const struct draft_name *name)
{
    struct sources sources = { 0 };
    int rc = 0;
    for (const struct record_set *set = name->sets; set != NULL && rc == 0; set = set->next)
        rc = sources__add(&sources, scope, set);
    if (rc == 0)
        rc = sources__put(&sources, zone, name->owner);
    sources__finish(&sources);
    return rc;
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
                        const struct draft *draft, const struct compile_checks *checks)
{
    const struct compile_scope scope = { &draft->zone, checks };
    struct zone *zone = open_zone(base, draft);
    int rc = zone == NULL ? SP_ENOMEM : 0;
    for (uint32_t i = 0; rc == 0 && i < draft->name_count; i++)
        rc = compile_name(zone, &scope, draft->names[i]);
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
                 const struct compile_checks *checks, struct snapshot **out_snapshot,
                 struct problem *out_problem)
{
    struct snapshot *next = snapshot_copy(base);
    if (next == NULL || compile_zone(next, base, draft, checks) != 0) {
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
