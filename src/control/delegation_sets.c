#include "internal.h"

#include "signpost/base/clock.h"
#include "signpost/control/delegation_sets.h"
#include "signpost/store/zones.h"

#include <string.h>

int control_visit_delegation_sets(struct control *control, const char *from_id, unsigned count,
                                  const struct delegation_set_visitor *visitor,
                                  struct problem *out_problem)
{
    return store_visit_delegation_sets(control->store, from_id, count, visitor, out_problem);
}

int control_count_delegation_sets(struct control *control, uint64_t *out_count,
                                  struct problem *out_problem)
{
    return store_count_delegation_sets(control->store, out_count, out_problem);
}

int control_count_delegation_set_users(struct control *control, const char *id, uint64_t *out_count,
                                       struct problem *out_problem)
{
    return store_count_delegation_set_users(control->store, id, out_count, out_problem);
}

int control_find_delegation_set(struct control *control, const char *id,
                                struct delegation_set *out_set, struct problem *out_problem)
{
    return store_find_delegation_set(control->store, id, out_set, out_problem);
}

int control_is_delegation_reference_used(struct control *control, const char *reference,
                                         bool *out_used, struct problem *out_problem)
{
    return store_is_delegation_set_known(control->store, "", reference, out_used, out_problem);
}

/* ---- creation and deletion ---- */

/* Seeded dice roll the same after a restart, so an id that is drawn may be taken. */
static int draw_set(struct control *control, struct delegation_set *set,
                    struct problem *out_problem)
{
    bool taken = true;
    int rc = 0;
    while (rc == 0 && taken) {
        delegation_set_draw(set, &control->dice);
        rc = store_is_delegation_set_known(control->store, set->id, "", &taken, out_problem);
    }
    return rc;
}

static int new_set(struct control *control, const char *caller_reference,
                   struct delegation_set *set, struct problem *out_problem)
{
    bool used;
    if (strlen(caller_reference) >= sizeof set->caller_reference)
        return problem_set(out_problem, SP_EINVAL, "the caller reference is too long");
    int rc = control_is_delegation_reference_used(control, caller_reference, &used, out_problem);
    if (rc == 0 && used)
        return problem_set(out_problem, SP_EEXIST,
                           "a delegation set has already been created with the caller reference "
                           "\"%s\"",
                           caller_reference);
    *set = (struct delegation_set){ .created_at = clock_unix_s() };
    memcpy(set->caller_reference, caller_reference, strlen(caller_reference) + 1);
    return rc == 0 ? draw_set(control, set, out_problem) : rc;
}

static int give_to_zone(struct control *control, const struct hosted_zone *zone,
                        const struct delegation_set *set, struct problem *out_problem)
{
    struct hosted_zone user = *zone;
    memcpy(user.delegation_set, set->id, sizeof user.delegation_set);
    return store_put_zone(control->store, &user, out_problem);
}

int control_create_delegation_set(struct control *control, const char *caller_reference,
                                  const struct hosted_zone *zone, struct delegation_set *out_set,
                                  struct problem *out_problem)
{
    struct delegation_set set;
    int rc = new_set(control, caller_reference, &set, out_problem);
    if (rc != 0)
        return rc;
    if (zone != NULL)
        memcpy(set.name_servers, zone->name_servers, sizeof set.name_servers);
    rc = store_begin(control->store, out_problem);
    if (rc == 0)
        rc = store_add_delegation_set(control->store, &set, out_problem);
    if (rc == 0 && zone != NULL)
        rc = give_to_zone(control, zone, &set, out_problem);
    rc = control__commit(control, rc, out_problem);
    if (rc == 0)
        *out_set = set;
    return rc;
}

int control_delete_delegation_set(struct control *control, const char *id,
                                  struct problem *out_problem)
{
    uint64_t users;
    int rc = store_count_delegation_set_users(control->store, id, &users, out_problem);
    if (rc == 0 && users > 0)
        return problem_set(out_problem, SP_ECONFLICT,
                           "the delegation set %s is used by %llu hosted zones", id,
                           (unsigned long long)users);
    if (rc == 0)
        rc = store_begin(control->store, out_problem);
    if (rc == 0)
        rc = store_remove_delegation_set(control->store, id, clock_unix_s(), out_problem);
    return control__commit(control, rc, out_problem);
}

/* ---- servers that are taken ---- */

struct conflict {
    const uint16_t *servers;
    bool found;
    struct hosted_zone zone;
};

static int compare_servers(void *context, const struct hosted_zone *zone)
{
    struct conflict *conflict = context;
    if (!conflict->found && delegation_sets_overlap(conflict->servers, zone->name_servers)) {
        conflict->found = true;
        conflict->zone = *zone;
    }
    return 0;
}

int control_find_server_conflict(struct control *control, const uint8_t *name,
                                 const uint16_t servers[ZONE_SERVER_COUNT],
                                 struct hosted_zone *out_zone, struct problem *out_problem)
{
    struct conflict conflict = { .servers = servers };
    struct store_visitor visitor = { .zone = compare_servers, .context = &conflict };
    int rc = store_visit_related_zones(control->store, name, &visitor, out_problem);
    if (rc == 0 && !conflict.found)
        return SP_ENOENT;
    if (rc == 0)
        *out_zone = conflict.zone;
    return rc;
}

struct usage {
    const uint8_t *name;
    struct servers_in_use in_use;
};

static int note_servers(void *context, const struct hosted_zone *zone)
{
    struct usage *usage = context;
    servers_in_use_add(&usage->in_use, zone->name_servers, dns_name_equal(zone->name, usage->name));
    return 0;
}

int control__avoid_servers(struct control *control, struct hosted_zone *zone,
                           struct problem *out_problem)
{
    char text[DNS_NAME_TEXT_SIZE];
    struct usage usage = { .name = zone->name };
    struct store_visitor visitor = { .zone = note_servers, .context = &usage };
    int rc = store_visit_related_zones(control->store, zone->name, &visitor, out_problem);
    if (rc == 0)
        rc = servers_in_use_avoid(&usage.in_use, zone->name_servers, &control->dice);
    if (rc != SP_ELIMIT)
        return rc;
    dns_name_to_text(text, zone->name);
    return problem_set(out_problem, rc,
                       "there are so many zones %s that no name servers are left for another one",
                       text);
}
