/*
 * What the model's checks ask of the world: answered by the store and the objects beside the zones.
 */
#include "internal.h"

#include "signpost/control/checks.h"
#include "signpost/control/collections.h"
#include "signpost/control/protections.h"
#include "signpost/control/resources.h"

static bool has_health_check(void *context, const char *id)
{
    return control_has_check(context, id);
}

static bool has_collection(void *context, const char *id)
{
    return control_has_collection(context, id);
}

static bool has_location(void *context, const char *collection, const char *location)
{
    return control_has_location(context, collection, location);
}

static const uint8_t *zone_of(void *context, const uint8_t *name)
{
    const struct control *control = context;
    struct name_path path;
    dns_path_init(&path, name, dns_name_size(name));
    const struct zone *zone = snapshot_find(control->published, &path);
    return zone == NULL ? NULL : zone->name;
}

/* That there is none is an answer. */
static int settle(int rc, bool *out_there)
{
    *out_there = rc == 0;
    return rc == SP_ENOENT ? 0 : rc;
}

static int find_zone(void *context, const char *public_id, bool *out_there,
                     struct problem *out_problem)
{
    struct control *control = context;
    struct hosted_zone zone;
    return settle(store_find_public_id(control->store, public_id, &zone, out_problem), out_there);
}

static int find_resource(void *context, const uint8_t *name, bool *out_there,
                         enum resource_kind *out_kind, struct problem *out_problem)
{
    return settle(control_find_resource_kind(context, name, out_kind, out_problem), out_there);
}

static int find_protection(void *context, const struct hosted_zone *zone, const uint8_t *owner,
                           uint16_t type, struct arena *arena, const char **out_comment,
                           struct problem *out_problem)
{
    struct protection protection;
    int rc = control_find_protection(context, zone, owner, type, &protection, out_problem);
    *out_comment = NULL;
    if (rc != 0)
        return rc == SP_ENOENT ? 0 : rc;
    *out_comment = arena_copy(arena, protection.comment, strlen(protection.comment) + 1);
    return *out_comment == NULL ? control__no_memory(out_problem) : 0;
}

static int fetch_name(void *context, struct draft *draft, const uint8_t *owner,
                      struct problem *out_problem)
{
    struct control *control = context;
    return store_fetch_name(control->store, draft, owner, out_problem);
}

void control__init_references(struct control *control)
{
    control->references = (struct model_references){
        .quotas = &control->quotas,
        .context = control,
        .has_health_check = has_health_check,
        .has_collection = has_collection,
        .has_location = has_location,
        .zone_of = zone_of,
        .find_zone = find_zone,
        .find_resource = find_resource,
        .find_protection = find_protection,
        .fetch_name = fetch_name,
    };
}

void control_require_registered_targets(struct control *control, bool require)
{
    control->references.needs_registered_targets = require;
}

const struct model_references *control_references(const struct control *control)
{
    return &control->references;
}
