#include "asker.h"

#include "signpost/base/clock.h"
#include "signpost/compile/compile.h"
#include "signpost/control/checks.h"

#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

/* ---- what is asked ---- */

static void set_source(struct sockaddr_storage *out_source, const struct ip_prefix *address)
{
    memset(out_source, 0, sizeof *out_source);
    if (address->family == IP_V4) {
        struct sockaddr_in *v4 = (struct sockaddr_in *)out_source;
        v4->sin_family = AF_INET;
        memcpy(&v4->sin_addr, address->octets, 4);
    } else {
        struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)out_source;
        v6->sin6_family = AF_INET6;
        memcpy(&v6->sin6_addr, address->octets, 16);
    }
}

void asker__prepare(struct asker *asker, const struct question *question)
{
    struct dns_question asked = { .name = question->name,
                                  .type = question->type,
                                  .subnet = question->has_subnet ? &question->subnet : NULL };
    asker->query_size = dns_question_write(asker->query, &asked);
    set_source(&asker->source, &question->source);
}

void asker__ask(struct asker *asker)
{
    struct answer_note note;
    struct view view = {
        .snapshot = asker->snapshot,
        .health = asker->health,
        .dice = &asker->dice,
        .source = &asker->source,
        .over_tcp = true,
        .trace = &asker->trace,
    };
    trace_init(&asker->trace, asker->steps, TRACE_STEPS_MAX);
    asker->reply_size =
        answer_query(&view, (struct span){ asker->query, asker->query_size }, asker->reply, &note);
}

/* ---- what it is asked of ---- */

/* The reason is the trace, so it need not stand in the reply as well; and who is said to ask is
 * believed. */
static int borrow_snapshot(struct asker *asker, const struct control *control)
{
    static const struct prefix_list everybody = { 2, { { .family = IP_V4 }, { .family = IP_V6 } } };
    asker->snapshot = snapshot_copy(control->published);
    if (asker->snapshot == NULL)
        return SP_ENOMEM;
    asker->snapshot->options.explain_clients.count = 0;
    asker->snapshot->options.client_subnet = everybody;
    return 0;
}

static int suppose(struct asker *asker, struct control *control,
                   const struct supposition *supposition, struct problem *out_problem)
{
    struct supposed_slot slots[SUPPOSED_CHECKS_MAX];
    for (unsigned i = 0; i < supposition->count; i++) {
        const struct supposed_check *check = &supposition->checks[i];
        slots[i] = (struct supposed_slot){ control_check_slot(control, check->id), check->up,
                                           check->is_observation };
        if (slots[i].slot == HEALTH_NO_CHECK)
            return control__no_such_check(check->id, out_problem);
    }
    asker->supposed = board_suppose(control->board, slots, supposition->count);
    asker->health = asker->supposed;
    return asker->supposed != NULL ? 0 : SP_ENOMEM;
}

int asker__create(struct control *control, const struct supposition *supposition, uint64_t seed,
                  struct asker **out_asker, struct problem *out_problem)
{
    struct asker *asker = calloc(1, sizeof *asker);
    int rc = asker == NULL ? SP_ENOMEM : borrow_snapshot(asker, control);
    if (rc == 0) {
        dice_init_seeded(&asker->dice, seed);
        asker->health = control->health;
        if (supposition != NULL && supposition->count > 0)
            rc = suppose(asker, control, supposition, out_problem);
    }
    if (rc == 0)
        *out_asker = asker;
    else
        asker__destroy(asker);
    return rc;
}

/* ---- one zone alone ---- */

/* Puts the zone as it is stored in the place of the one that is served under its name. */
static int put_stored_zone(struct asker *asker, struct control *control,
                           const struct hosted_zone *zone, struct problem *out_problem)
{
    struct compile_checks checks = { control__find_check, control };
    struct snapshot *with = NULL;
    struct draft *draft = draft_create(zone, true);
    int rc = draft == NULL ? SP_ENOMEM : store_read_zone(control->store, draft, out_problem);
    if (rc == 0)
        rc = compile_next(asker->snapshot, draft, &checks, &with, out_problem);
    draft_destroy(draft);
    if (rc != 0)
        return rc;
    snapshot_unref(asker->snapshot);
    asker->snapshot = with;
    return 0;
}

/* Takes away the zones below it that the name is in, and those above it, which might answer for
 * its apex. */
static int remove_others(struct snapshot *snapshot, const struct name_path *path,
                         const uint8_t *name)
{
    const struct zone *found;
    int rc = 0;
    while (rc == 0 && (found = snapshot_find(snapshot, path)) != NULL &&
           found != snapshot_zone(snapshot, name))
        rc = snapshot_remove_zone(snapshot, found->name);
    while (rc == 0 && (found = snapshot_zone(snapshot, name)) != NULL &&
           (found = snapshot_find_above(snapshot, path, found)) != NULL)
        rc = snapshot_remove_zone(snapshot, found->name);
    return rc;
}

int asker__confine(struct asker *asker, struct control *control, const struct hosted_zone *zone,
                   const uint8_t *name, struct problem *out_problem)
{
    struct name_path path;
    uint8_t lower[DNS_NAME_SIZE_MAX];
    bool served = false;
    size_t size = dns_name_size(name);
    int rc = control__is_served(control, zone, &served, out_problem);
    if (rc == 0 && !served)
        rc = put_stored_zone(asker, control, zone, out_problem);
    dns_name_lower(lower, name, size);
    dns_path_init(&path, lower, size);
    return rc == 0 ? remove_others(asker->snapshot, &path, zone->name) : rc;
}

int asker__place_strangers(struct asker *asker, const struct place *place)
{
    struct geography *with = geography_with_strangers(asker->snapshot->geography, place);
    if (with == NULL)
        return SP_ENOMEM;
    snapshot_set_geography(asker->snapshot, with);
    return 0;
}

void asker__destroy(struct asker *asker)
{
    if (asker == NULL)
        return;
    health_table_destroy(asker->supposed);
    snapshot_unref(asker->snapshot);
    free(asker);
}
