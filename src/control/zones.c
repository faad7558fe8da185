/*
 * Zones by id, and what becomes of changes.
 */
#include "internal.h"

#include "signpost/base/clock.h"
#include "signpost/store/delegation_sets.h"
#include "signpost/store/vpcs.h"

#include <string.h>

/* ---- changes ---- */

int control__new_change(struct control *control, const char *comment, struct change *out_change,
                        struct problem *out_problem)
{
    struct change taken;
    int rc = 0;
    *out_change = (struct change){ .submitted_ms = clock_unix_ms() };
    if (strlen(comment) >= sizeof out_change->comment)
        return problem_set(out_problem, SP_EINVAL, "the comment is longer than 256 characters");
    memcpy(out_change->comment, comment, strlen(comment) + 1);
    /* Seeded dice roll the same after a restart, so an id that is drawn may be taken. */
    while (rc == 0) {
        public_id_draw(out_change->id, 'C', &control->dice);
        rc = store_read_change(control->store, out_change->id, &taken, out_problem);
    }
    return rc == SP_ENOENT ? 0 : rc;
}

/* Forgets those that every worker has. */
static void settle(struct control *control)
{
    uint64_t slowest = mailbox_slowest(control->mailbox);
    unsigned seen = 0;
    while (seen < control->unseen_count && control->unseen[seen].serial <= slowest)
        seen++;
    if (seen == 0)
        return;
    control->seen_sequence = control->unseen[seen - 1].sequence;
    control->unseen_count -= seen;
    memmove(control->unseen, control->unseen + seen,
            control->unseen_count * sizeof *control->unseen);
}

/* Without room the two newest become one, which waits for the later of them. */
void control__note_change(struct control *control, int64_t sequence)
{
    settle(control);
    if (control->unseen_count == CHANGES_UNSEEN_MAX)
        control->unseen_count--;
    control->unseen[control->unseen_count++] =
        (struct unseen_change){ sequence, control->published->serial };
}

/* A change belongs to the first entry at or behind it; one behind all of them left DNS alone. */
static bool is_seen(struct control *control, int64_t sequence)
{
    settle(control);
    if (sequence <= control->seen_sequence || control->unseen_count == 0)
        return true;
    return sequence > control->unseen[control->unseen_count - 1].sequence;
}

int control_read_change(struct control *control, const char *id, struct change *out_change,
                        bool *out_in_sync, struct problem *out_problem)
{
    int rc = store_read_change(control->store, id, out_change, out_problem);
    if (rc == 0)
        *out_in_sync = is_seen(control, out_change->sequence) &&
                       clock_unix_ms() - out_change->submitted_ms >= control->change_delay_ms;
    return rc;
}

void control_set_change_delay(struct control *control, uint64_t delay_ms)
{
    control->change_delay_ms = delay_ms;
}

/* ---- zones ---- */

int control_find_zone_id(struct control *control, const char *public_id,
                         struct hosted_zone *out_zone, struct problem *out_problem)
{
    return store_find_public_id(control->store, public_id, out_zone, out_problem);
}

int control_zone_is_bare(struct control *control, const struct hosted_zone *zone, bool *out_bare,
                         struct problem *out_problem)
{
    return store_zone_is_bare(control->store, zone, out_bare, out_problem);
}

int control_set_zone_comment(struct control *control, const struct hosted_zone *zone,
                             const char *comment, struct problem *out_problem)
{
    struct hosted_zone changed = *zone;
    if (strlen(comment) >= sizeof changed.comment)
        return problem_set(out_problem, SP_EINVAL, "the comment is longer than 256 characters");
    memcpy(changed.comment, comment, strlen(comment) + 1);
    int rc = store_begin(control->store, out_problem);
    return rc == 0 ? store_commit_zone_comment(control->store, &changed, out_problem) : rc;
}

static int take_delegation_set(struct control *control, const char *id, struct hosted_zone *zone,
                               struct problem *out_problem)
{
    struct delegation_set set;
    int rc = store_find_delegation_set(control->store, id, &set, out_problem);
    if (rc == SP_ENOENT)
        return problem_set(out_problem, rc, "there is no delegation set %s", id);
    if (rc != 0)
        return rc;
    memcpy(zone->delegation_set, set.id, sizeof zone->delegation_set);
    memcpy(zone->name_servers, set.name_servers, sizeof zone->name_servers);
    return 0;
}

static int copy_servers(struct control *control, const struct zone_wish *wish,
                        struct hosted_zone *zone, struct problem *out_problem)
{
    zone->is_private = wish->vpc_id != NULL;
    if (zone->is_private)
        delegation_set_reserved(zone->name_servers);
    else if (wish->delegation_set != NULL)
        return take_delegation_set(control, wish->delegation_set, zone, out_problem);
    else
        return control__avoid_servers(control, zone, out_problem);
    return 0;
}

static int copy_wish(struct control *control, const struct zone_wish *wish,
                     struct hosted_zone *out_zone, struct problem *out_problem)
{
    if (strlen(wish->caller_reference) >= sizeof out_zone->caller_reference ||
        strlen(wish->comment) >= sizeof out_zone->comment)
        return problem_set(out_problem, SP_EINVAL,
                           "the caller reference or the comment is too long");
    int rc = control__new_zone(control, wish->name, out_zone, out_problem);
    if (rc != 0)
        return rc;
    memcpy(out_zone->caller_reference, wish->caller_reference, strlen(wish->caller_reference) + 1);
    memcpy(out_zone->comment, wish->comment, strlen(wish->comment) + 1);
    return copy_servers(control, wish, out_zone, out_problem);
}

/* The first VPC of a private zone is there as soon as the zone is (R-PHZ-1). */
static int write_vpc(struct control *control, const struct draft *draft, void *context,
                     struct problem *out_problem)
{
    const struct zone_wish *wish = context;
    struct vpc vpc;
    if (wish->vpc_id == NULL)
        return 0;
    if (!vpc_make(&vpc, wish->vpc_id, wish->vpc_region))
        return problem_set(out_problem, SP_EINVAL, "\"%.40s\" is not the id of a VPC",
                           wish->vpc_id);
    return store_add_vpc(control->store, draft->zone.id, &vpc, out_problem);
}

/* Inside a transaction. */
static int create_zone(struct control *control, const struct zone_wish *wish, struct draft *draft,
                       struct change *out_change, struct problem *out_problem)
{
    struct companion vpc = { write_vpc, (void *)wish };
    int rc = draft_add_defaults(draft, control->defaults);
    if (rc != 0)
        return control__no_memory(out_problem);
    rc = control__new_change(control, "", out_change, out_problem);
    return rc == 0 ? control__carry_out(control, draft, &vpc, out_change, out_problem) : rc;
}

int control_create_zone(struct control *control, const struct zone_wish *wish,
                        struct hosted_zone *out_zone, struct change *out_change,
                        struct problem *out_problem)
{
    struct hosted_zone zone = { 0 };
    struct draft *draft = NULL;
    int rc = store_begin(control->store, out_problem);
    if (rc == 0)
        rc = copy_wish(control, wish, &zone, out_problem);
    if (rc == 0 && (draft = draft_create(&zone, true)) == NULL)
        rc = control__no_memory(out_problem);
    if (rc == 0)
        rc = create_zone(control, wish, draft, out_change, out_problem);
    if (rc == 0)
        *out_zone = draft->zone;
    else
        store_rollback(control->store);
    draft_destroy(draft);
    return rc;
}

int control_visit_sets(struct control *control, const struct hosted_zone *zone,
                       const struct set_position *from, unsigned count,
                       int (*visit)(void *context, const uint8_t *owner,
                                    const struct record_set *set),
                       void *context, struct problem *out_problem)
{
    return store_visit_sets(control->store, zone, from->owner_key, from->type, from->set_identifier,
                            count, visit, context, out_problem);
}
