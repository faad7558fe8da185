#include "signpost/control/zonal_shifts.h"

#include "shifts.h"

#include "signpost/control/resources.h"
#include "signpost/store/recovery.h"

#include <stdio.h>
#include <string.h>

#define RETRY_AFTER_MS 1000

/* ---- what it does ---- */

/* The zones of an entry in a list; the addresses of one stand in a row. */
static void list_zones(const struct resource_entry *entry, struct shift_view *view)
{
    for (uint32_t i = 0; i < entry->address_count; i++) {
        const char *zone = entry->addresses[i].zone;
        if (i > 0 && strcmp(zone, entry->addresses[i - 1].zone) == 0)
            continue;
        strcpy(view->zones[view->zone_count].name, zone);
        view->zones[view->zone_count++].is_left =
            view->is_applied && strcmp(zone, view->shift.away_from) == 0;
    }
}

static int look_at(struct control *control, const struct zonal_shift *shift,
                   struct shift_view *out_view, struct problem *out_problem)
{
    struct resource_entry entry, left;
    int rc = store_find_resource(control->store, shift->resource, &entry, out_problem);
    *out_view = (struct shift_view){ .shift = *shift };
    if (rc != 0)
        return rc == SP_ENOENT ? 0 : rc;
    left = entry;
    control__suffer_outage(&control->outage, &left);
    out_view->is_applied = shift->status == SHIFT_ACTIVE && shift_applies(&left, shift->away_from);
    list_zones(&entry, out_view);
    return 0;
}

/* ---- changing ---- */

/* What the resource gives is worked out inside the transaction, from the shift as it will be. */
static int store_and_publish(struct control *control, const struct zonal_shift *shift,
                             struct problem *out_problem)
{
    struct snapshot *next = snapshot_copy(control->published);
    int rc =
        next == NULL ? control__no_memory(out_problem) : store_begin(control->store, out_problem);
    if (rc == 0) {
        rc = store_put_shift(control->store, shift, out_problem);
        if (rc == 0)
            rc = control__put_resource_into(control, next, shift->resource, out_problem);
        if (rc == 0)
            rc = store_commit_transaction(control->store, out_problem);
        if (rc != 0)
            store_rollback(control->store);
    }
    if (rc == 0)
        control__publish(control, next);
    else
        snapshot_unref(next);
    return rc;
}

static int change(struct control *control, const struct zonal_shift *shift,
                  struct shift_view *out_view, struct problem *out_problem)
{
    int rc = store_and_publish(control, shift, out_problem);
    return rc == 0 ? look_at(control, shift, out_view, out_problem) : rc;
}

static void end_shift(struct zonal_shift *shift, enum shift_status status, uint64_t now_ms)
{
    shift->status = status;
    shift->ended_ms = now_ms;
}

/* ---- starting ---- */

static int check_zone(const struct resource_entry *entry, const char *away_from,
                      struct problem *out_problem)
{
    char list[512] = "";
    size_t size = 0;
    for (uint32_t i = 0; i < entry->address_count; i++) {
        const char *zone = entry->addresses[i].zone;
        if (strcmp(zone, away_from) == 0)
            return 0;
        if ((i == 0 || strcmp(zone, entry->addresses[i - 1].zone) != 0) && size < sizeof list)
            size += (size_t)snprintf(list + size, sizeof list - size, " %s", zone);
    }
    return problem_set(out_problem, SP_EINVAL,
                       "the resource has no address in the zone \"%.60s\"; it may be one of:%s",
                       away_from, list);
}

/* R-ZSH-3. */
static int check_free(struct control *control, const uint8_t *resource, struct problem *out_problem)
{
    struct zonal_shift active;
    int rc = store_find_active_shift(control->store, resource, &active, out_problem);
    if (rc != 0)
        return rc == SP_ENOENT ? 0 : rc;
    return problem_set(out_problem, SP_ECONFLICT,
                       "ZonalShiftAlreadyExists: the resource is shifted away from %s already "
                       "(%s): cancel or update that shift",
                       active.away_from, active.id);
}

/* Seeded dice roll the same after every start. */
static int draw_id(struct control *control, char out_id[UUID_TEXT_SIZE],
                   struct problem *out_problem)
{
    struct zonal_shift taken;
    int rc;
    do {
        uuid_draw(out_id, &control->dice);
        rc = store_find_shift(control->store, out_id, &taken, out_problem);
    } while (rc == 0);
    return rc == SP_ENOENT ? 0 : rc;
}

int control_start_shift(struct control *control, const uint8_t *resource, const char *away_from,
                        uint64_t time_ms, const char *comment, uint64_t now_ms,
                        struct shift_view *out_view, struct problem *out_problem)
{
    struct resource_entry entry;
    struct zonal_shift shift = { .status = SHIFT_ACTIVE,
                                 .started_ms = now_ms,
                                 .expires_ms = now_ms + time_ms };
    control__expire_shifts(control, now_ms, NULL);
    int rc = control_read_resource(control, resource, &entry, out_problem);
    if (rc == 0)
        rc = check_zone(&entry, away_from, out_problem);
    if (rc == 0)
        rc = shift_comment_check(comment, out_problem);
    if (rc == 0)
        rc = check_free(control, resource, out_problem);
    if (rc == 0)
        rc = draw_id(control, shift.id, out_problem);
    if (rc != 0)
        return rc;
    memcpy(shift.resource, entry.name, sizeof shift.resource);
    strcpy(shift.away_from, away_from);
    strcpy(shift.comment, comment);
    return change(control, &shift, out_view, out_problem);
}

/* ---- updating and ending ---- */

static int find(struct control *control, const char *id, struct zonal_shift *out_shift,
                struct problem *out_problem)
{
    int rc = store_find_shift(control->store, id, out_shift, out_problem);
    if (rc != SP_ENOENT)
        return rc;
    return problem_set(out_problem, rc,
                       "there is no zonal shift \"%.60s\": \"signpost shift list\" shows those "
                       "that are known",
                       id);
}

/* R-ZSH-3. */
static int find_active(struct control *control, const char *id, uint64_t now_ms,
                       struct zonal_shift *out_shift, struct problem *out_problem)
{
    control__expire_shifts(control, now_ms, NULL);
    int rc = find(control, id, out_shift, out_problem);
    if (rc != 0 || out_shift->status == SHIFT_ACTIVE)
        return rc;
    return problem_set(out_problem, SP_ECONFLICT,
                       "ZonalShiftStatusNotActive: the zonal shift %s is %s: start another one", id,
                       shift_status_name(out_shift->status));
}

int control_update_shift(struct control *control, const char *id, uint64_t time_ms,
                         const char *comment, uint64_t now_ms, struct shift_view *out_view,
                         struct problem *out_problem)
{
    struct zonal_shift shift;
    int rc = find_active(control, id, now_ms, &shift, out_problem);
    if (rc == 0 && comment != NULL)
        rc = shift_comment_check(comment, out_problem);
    if (rc != 0)
        return rc;
    if (comment != NULL)
        strcpy(shift.comment, comment);
    if (time_ms != 0)
        shift.expires_ms = now_ms + time_ms;
    return change(control, &shift, out_view, out_problem);
}

int control_cancel_shift(struct control *control, const char *id, uint64_t now_ms,
                         struct shift_view *out_view, struct problem *out_problem)
{
    struct zonal_shift shift;
    int rc = find_active(control, id, now_ms, &shift, out_problem);
    if (rc != 0)
        return rc;
    end_shift(&shift, SHIFT_CANCELED, now_ms);
    return change(control, &shift, out_view, out_problem);
}

int control__cancel_shift_of(struct control *control, const uint8_t *resource, uint64_t now_ms,
                             struct problem *out_problem)
{
    struct zonal_shift shift;
    int rc = store_find_active_shift(control->store, resource, &shift, out_problem);
    if (rc != 0)
        return rc == SP_ENOENT ? 0 : rc;
    end_shift(&shift, SHIFT_CANCELED, now_ms);
    return store_put_shift(control->store, &shift, out_problem);
}

/* ---- time ---- */

static int store_alone(struct control *control, const struct zonal_shift *shift,
                       struct problem *out_problem)
{
    int rc = store_begin(control->store, out_problem);
    if (rc != 0)
        return rc;
    rc = store_put_shift(control->store, shift, out_problem);
    if (rc == 0)
        rc = store_commit_transaction(control->store, out_problem);
    if (rc != 0)
        store_rollback(control->store);
    return rc;
}

/* Ends those that are due, one after the other; 0 with the time when the next one is, 0: never. */
static int end_due(struct control *control, uint64_t now_ms,
                   int (*put)(struct control *control, const struct zonal_shift *shift,
                              struct problem *out_problem),
                   uint64_t *out_next_ms, struct problem *out_problem)
{
    struct zonal_shift shift;
    int rc;
    *out_next_ms = 0;
    while ((rc = store_find_next_shift(control->store, &shift, out_problem)) == 0) {
        if (shift.expires_ms > now_ms) {
            *out_next_ms = shift.expires_ms;
            return 0;
        }
        end_shift(&shift, SHIFT_EXPIRED, shift.expires_ms);
        rc = put(control, &shift, out_problem);
        if (rc != 0)
            return rc;
    }
    return rc == SP_ENOENT ? 0 : rc;
}

int control__end_due_shifts(struct control *control, uint64_t now_ms, struct problem *out_problem)
{
    uint64_t next_ms;
    return end_due(control, now_ms, store_alone, &next_ms, out_problem);
}

uint64_t control__expire_shifts(struct control *control, uint64_t now_ms,
                                struct problem *out_problem)
{
    uint64_t next_ms;
    int rc = end_due(control, now_ms, store_and_publish, &next_ms, out_problem);
    return rc == 0 ? next_ms : now_ms + RETRY_AFTER_MS;
}

/* ---- reading ---- */

int control_read_shift(struct control *control, const char *id, struct shift_view *out_view,
                       struct problem *out_problem)
{
    struct zonal_shift shift;
    int rc = find(control, id, &shift, out_problem);
    return rc == 0 ? look_at(control, &shift, out_view, out_problem) : rc;
}

struct listing {
    struct control *control;
    int (*visit)(void *context, const struct shift_view *view);
    void *context;
    struct problem *problem;
};

static int list_shift(void *context, const struct zonal_shift *shift)
{
    const struct listing *listing = context;
    struct shift_view view;
    int rc = look_at(listing->control, shift, &view, listing->problem);
    return rc == 0 ? listing->visit(listing->context, &view) : rc;
}

int control_list_shifts(struct control *control,
                        int (*visit)(void *context, const struct shift_view *view), void *context,
                        struct problem *out_problem)
{
    struct listing listing = { control, visit, context, out_problem };
    return store_visit_shifts(control->store, list_shift, &listing, out_problem);
}
