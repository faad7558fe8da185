/*
 * Each check has a slot in the health table, and keeps it as long as a record set may name the
 * check: also while it is deleted, so that compiled zones are right when it comes back.  A deleted
 * check's slot is up.  Slots are given out in turn, so that one that was given back is not used
 * again while a worker still has a zone of long ago.
 */
#include "signpost/control/checks.h"

#include "internal.h"

#include "signpost/base/clock.h"
#include "signpost/model/uuid.h"

#include <search.h>
#include <stdlib.h>
#include <string.h>

struct known_check {
    char id[HEALTH_CHECK_ID_SIZE_MAX + 1]; /* the key of the tree; must stay the first member */
    health_slot slot;
    bool is_deleted;
    bool is_stale; /* a deletion that is under way takes its row away */
};

struct checks {
    void *by_id; /* as tsearch(3) keeps it */
    uint32_t slot_count;
    health_slot last; /* that was given out */
    struct known_check *by_slot[];
};

static int compare(const void *a, const void *b)
{
    return strcmp(a, b);
}

static struct known_check *find(const struct checks *checks, const char *id)
{
    struct known_check *const *place = tfind(id, &checks->by_id, compare);
    return place != NULL ? *place : NULL;
}

health_slot control__find_check(void *control, const char *public_id)
{
    const struct known_check *known = find(((struct control *)control)->checks, public_id);
    return known != NULL ? known->slot : HEALTH_NO_CHECK;
}

/* The next slot that is free; HEALTH_NO_CHECK: none. */
static health_slot find_slot(const struct checks *checks)
{
    for (uint32_t i = 1; i <= checks->slot_count; i++) {
        health_slot slot = (checks->last + i) % checks->slot_count;
        if (slot != HEALTH_NO_CHECK && checks->by_slot[slot] == NULL)
            return slot;
    }
    return HEALTH_NO_CHECK;
}

/* A new check, deleted until the caller says otherwise. */
static int lease(struct checks *checks, const char *id, struct known_check **out_known,
                 struct problem *out_problem)
{
    health_slot slot = find_slot(checks);
    if (slot == HEALTH_NO_CHECK)
        return problem_set(out_problem, SP_ELIMIT,
                           "there are %u health checks already, as many as there can be: delete "
                           "those that are not needed",
                           checks->slot_count - 1);
    struct known_check *known = calloc(1, sizeof *known);
    if (known == NULL)
        return control__no_memory(out_problem);
    strncpy(known->id, id, sizeof known->id - 1);
    known->slot = slot;
    known->is_deleted = true;
    if (tsearch(known, &checks->by_id, compare) == NULL) {
        free(known);
        return control__no_memory(out_problem);
    }
    checks->by_slot[slot] = known;
    checks->last = slot;
    *out_known = known;
    return 0;
}

static void set_up(struct control *control, health_slot slot)
{
    health_restore(control->health, slot, (struct health_state){ .up = true });
}

static void release(struct control *control, struct known_check *known)
{
    tdelete(known, &control->checks->by_id, compare);
    control->checks->by_slot[known->slot] = NULL;
    set_up(control, known->slot);
    free(known);
}

/* ---- start and end ---- */

struct loading {
    struct control *control;
    struct problem *problem;
};

/* What is deleted and not in use waits in the store for the next deletion, and is of no interest.
 */
static int load_check(void *context, const struct health_check *check)
{
    const struct loading *loading = context;
    struct control *control = loading->control;
    struct known_check *known;
    if (check->is_deleted && check->use_count == 0)
        return 0;
    int rc = lease(control->checks, check->id, &known, loading->problem);
    if (rc != 0)
        return rc;
    known->is_deleted = check->is_deleted;
    if (!check->is_deleted)
        health_restore(control->health, known->slot,
                       (struct health_state){ check->up, check->since_ms });
    return 0;
}

int control__load_checks(struct control *control, struct problem *out_problem)
{
    struct loading loading = { control, out_problem };
    struct store_object_visitor visitor = { .check = load_check, .context = &loading };
    uint32_t slot_count = health_table_size(control->health);
    struct checks *checks = calloc(1, sizeof *checks + slot_count * sizeof(struct known_check *));
    if (checks == NULL)
        return SP_ENOMEM;
    checks->slot_count = slot_count;
    control->checks = checks;
    return store_visit_checks(control->store, &visitor, out_problem);
}

void control__destroy_checks(struct checks *checks)
{
    if (checks == NULL)
        return;
    tdestroy(checks->by_id, free);
    free(checks);
}

/* ---- making ---- */

static struct known_check *find_live(const struct control *control, const char *id)
{
    struct known_check *known = find(control->checks, id);
    return known != NULL && !known->is_deleted ? known : NULL;
}

bool control_has_check(const struct control *control, const char *id)
{
    return find_live(control, id) != NULL;
}

int control__no_such_check(const char *id, struct problem *out_problem)
{
    return problem_set(out_problem, SP_ENOENT,
                       "there is no health check \"%.80s\": \"signpost health list\" shows those "
                       "that are there",
                       id);
}

/* The id that the user wants, or one that nobody has. */
static int choose_id(struct control *control, const char *wanted, char *out_id,
                     struct problem *out_problem)
{
    if (wanted == NULL) {
        do
            uuid_draw(out_id, &control->dice);
        while (find(control->checks, out_id) != NULL);
        return 0;
    }
    int rc = health_check_id_check(wanted, out_problem);
    if (rc == 0 && control_has_check(control, wanted))
        rc = problem_set(out_problem, SP_EEXIST,
                         "the health check %s exists already: \"signpost health set\" changes it",
                         wanted);
    if (rc == 0)
        strcpy(out_id, wanted);
    return rc;
}

/* How many record sets name it already: it may have been there before. */
static int count_uses(struct control *control, const char *id, uint32_t *out_count,
                      struct problem *out_problem)
{
    struct health_check before;
    int rc = store_read_check(control->store, id, &before, out_problem);
    *out_count = rc == 0 ? before.use_count : 0;
    return rc == SP_ENOENT ? 0 : rc;
}

static int store_check(struct control *control, struct health_check *check,
                       struct problem *out_problem)
{
    int rc = store_begin(control->store, out_problem);
    if (rc == 0)
        rc = count_uses(control, check->id, &check->use_count, out_problem);
    if (rc == 0)
        rc = store_commit_check(control->store, check, out_problem);
    if (rc != 0)
        store_rollback(control->store);
    return rc;
}

int control_create_check(struct control *control, const char *id, bool up,
                         struct health_check *out_check, struct problem *out_problem)
{
    struct health_check check = { .up = up, .since_ms = clock_unix_ms() };
    int rc = choose_id(control, id, check.id, out_problem);
    if (rc != 0)
        return rc;
    struct known_check *known = find(control->checks, check.id);
    bool is_new = known == NULL;
    if (is_new)
        rc = lease(control->checks, check.id, &known, out_problem);
    if (rc != 0)
        return rc;
    check.created_at = (int64_t)(check.since_ms / 1000);
    rc = store_check(control, &check, out_problem);
    if (rc != 0) {
        if (is_new)
            release(control, known);
        return rc;
    }
    known->is_deleted = false;
    health_restore(control->health, known->slot, (struct health_state){ up, check.since_ms });
    *out_check = check;
    return 0;
}

/* ---- setting ---- */

/* The table knows the state first. */
static void fill_in_state(const struct control *control, struct health_check *check)
{
    const struct known_check *known = find(control->checks, check->id);
    struct health_state state = health_state(control->health, known->slot);
    check->up = state.up;
    check->since_ms = state.since_ms;
}

static int turn(struct control *control, const struct known_check *known, bool up,
                struct problem *out_problem)
{
    uint64_t now_ms = clock_unix_ms();
    int rc = store_begin(control->store, out_problem);
    if (rc == 0)
        rc = store_commit_check_state(control->store, known->id, up, now_ms, out_problem);
    if (rc == 0)
        health_report(control->health, known->slot, up, now_ms);
    return rc;
}

int control_set_check(struct control *control, const char *id, bool up,
                      struct health_check *out_check, struct problem *out_problem)
{
    struct health_check check;
    int rc = control_read_check(control, id, &check, out_problem);
    if (rc == 0 && check.up != up)
        rc = turn(control, find(control->checks, id), up, out_problem);
    if (rc != 0)
        return rc;
    fill_in_state(control, &check);
    *out_check = check;
    return 0;
}

/* ---- deleting ---- */

static int mark_stale(void *context, const struct health_check *check)
{
    struct known_check *known = find(((struct control *)context)->checks, check->id);
    if (known != NULL)
        known->is_stale = true;
    return 0;
}

/* Lets go of the checks whose rows are gone; or keeps them, when the deletion has failed. */
static void settle_stale(struct control *control, bool gone)
{
    struct checks *checks = control->checks;
    for (health_slot slot = 0; slot < checks->slot_count; slot++) {
        struct known_check *known = checks->by_slot[slot];
        if (known == NULL || !known->is_stale)
            continue;
        known->is_stale = false;
        if (gone)
            release(control, known);
    }
}

int control_delete_check(struct control *control, const char *id, struct problem *out_problem)
{
    struct store_object_visitor visitor = { .check = mark_stale, .context = control };
    struct known_check *known = find_live(control, id);
    if (known == NULL)
        return control__no_such_check(id, out_problem);
    int rc = store_begin(control->store, out_problem);
    if (rc == 0)
        rc = store_commit_delete_check(control->store, id, clock_unix_s(), &visitor, out_problem);
    if (rc == 0) {
        known->is_deleted = true;
        set_up(control, known->slot);
    }
    settle_stale(control, rc == 0);
    return rc;
}

/* ---- reading ---- */

int control_read_check(struct control *control, const char *id, struct health_check *out_check,
                       struct problem *out_problem)
{
    if (!control_has_check(control, id))
        return control__no_such_check(id, out_problem);
    int rc = store_read_check(control->store, id, out_check, out_problem);
    if (rc == 0)
        fill_in_state(control, out_check);
    return rc;
}

struct listing {
    const struct control *control;
    const struct store_object_visitor *visitor;
};

static int list_check(void *context, const struct health_check *check)
{
    const struct listing *listing = context;
    struct health_check current = *check;
    if (check->is_deleted)
        return 0;
    fill_in_state(listing->control, &current);
    return listing->visitor->check(listing->visitor->context, &current);
}

int control_list_checks(struct control *control, const struct store_object_visitor *visitor,
                        struct problem *out_problem)
{
    struct listing listing = { control, visitor };
    struct store_object_visitor live = { .check = list_check, .context = &listing };
    return store_visit_checks(control->store, &live, out_problem);
}
