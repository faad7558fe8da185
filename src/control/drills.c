/*
 * A drill is stored, with all that must be undone, before anything is broken; so there is no moment
 * at which the process may end and leave something broken that nobody knows of.  States say how far
 * it came: one that was only being begun, or being restored, is restored at the next start; one
 * that was running goes on to its end.
 *
 * Overrides carry the drill's name as their owner and its end as their expiry, and are taken off
 * only when they are still the drill's.
 */
#include "signpost/control/drills.h"

#include "drill_parts.h"

#include "signpost/base/log.h"
#include "signpost/control/checks.h"
#include "signpost/control/routing_controls.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define RETRY_AFTER_MS 1000

static int no_such_drill(int64_t id, struct problem *out_problem)
{
    return problem_set(out_problem, SP_ENOENT,
                       "there is no drill %" PRId64 ": \"signpost drill list\" shows those that "
                       "are remembered",
                       id);
}

/* Who an override of a drill belongs to: "drill 7".  Returns out. */
static const char *owner_of(char out[OVERRIDE_OWNER_SIZE_MAX + 1], int64_t id)
{
    snprintf(out, OVERRIDE_OWNER_SIZE_MAX + 1, "drill %" PRId64, id);
    return out;
}

/* ---- undoing ---- */

/* What goes wrong does not keep the rest from being undone; the first problem is told. */
struct undoing {
    struct control *control;
    struct drill_record *drill; /* gets the remarks */
    uint64_t now_ms;
    int rc;
    struct problem *problem;
    struct check_view view;
    unsigned count;
    struct drill_step steps[DRILL_STEPS_MAX];
};

__attribute__((format(printf, 2, 3))) static void remark(struct undoing *undoing,
                                                         const char *format, ...)
{
    char *remarks = undoing->drill->remarks;
    size_t size = strlen(remarks);
    va_list arguments;
    va_start(arguments, format);
    if (size > 0 && size < DRILL_REMARKS_SIZE - 3)
        size += (size_t)snprintf(remarks + size, DRILL_REMARKS_SIZE - size, "; ");
    vsnprintf(remarks + size, DRILL_REMARKS_SIZE - size, format, arguments);
    va_end(arguments);
}

static void settle(struct undoing *undoing, int rc, const struct problem *problem)
{
    if (rc == 0 || undoing->rc != 0)
        return;
    undoing->rc = rc;
    if (undoing->problem != NULL)
        *undoing->problem = *problem;
}

static void undo_check(struct undoing *undoing, const struct drill_step *step)
{
    char owner[OVERRIDE_OWNER_SIZE_MAX + 1];
    struct problem problem = { 0 };
    struct check_view *view = &undoing->view;
    if (!control_has_check(undoing->control, step->target)) {
        remark(undoing, "the health check %s has been deleted", step->target);
        return;
    }
    int rc = control_read_check(undoing->control, step->target, view, &problem);
    if (rc == 0 && view->status.override.given) {
        if (strcmp(view->status.override.owner, owner_of(owner, undoing->drill->id)) == 0)
            rc = control_clear_check(undoing->control, step->target, view, &problem);
        else
            remark(undoing, "the health check %s keeps the override of %s", step->target,
                   view->status.override.owner);
    }
    settle(undoing, rc, &problem);
}

static void undo_checks(struct undoing *undoing)
{
    for (unsigned i = 0; i < undoing->count; i++)
        if (undoing->steps[i].kind == DRILL_BREAK_CHECK)
            undo_check(undoing, &undoing->steps[i]);
}

static void undo_outage(struct undoing *undoing)
{
    struct problem problem = { 0 };
    bool any = false;
    for (unsigned i = 0; i < undoing->count; i++)
        any = any || undoing->steps[i].kind == DRILL_BREAK_REGION ||
              undoing->steps[i].kind == DRILL_BREAK_ZONE;
    if (any)
        settle(undoing, control__set_outage(undoing->control, NULL, 0, &problem), &problem);
}

/* All in one step, whatever safety rules say: so it was before. */
static void undo_controls(struct undoing *undoing)
{
    struct routing_state states[DRILL_STEPS_MAX];
    struct routing_call call = { .states = states, .asks_no_rule = true };
    struct problem problem = { 0 };
    for (unsigned i = 0; i < undoing->count; i++) {
        const struct drill_step *step = &undoing->steps[i];
        if (step->kind != DRILL_BREAK_CONTROL)
            continue;
        if (control__has_routing_control(undoing->control, step->target))
            states[call.count++] = (struct routing_state){ step->target, step->was_on };
        else
            remark(undoing, "the routing control %s has been deleted", step->target);
    }
    if (call.count > 0)
        settle(undoing,
               control_set_routing_states(undoing->control, &call, undoing->now_ms, &problem),
               &problem);
}

static int undo(struct control *control, struct drill_record *drill, uint64_t now_ms,
                struct problem *out_problem)
{
    struct undoing *undoing = calloc(1, sizeof *undoing);
    if (undoing == NULL)
        return control__no_memory(out_problem);
    undoing->control = control;
    undoing->drill = drill;
    undoing->now_ms = now_ms;
    undoing->problem = out_problem;
    drill->remarks[0] = '\0';
    int rc = store_read_drill_steps(control->store, drill->id, undoing->steps, &undoing->count,
                                    out_problem);
    if (rc == 0) {
        undo_checks(undoing);
        undo_outage(undoing);
        undo_controls(undoing);
        rc = undoing->rc;
    }
    free(undoing);
    return rc;
}

/* ---- restoring ---- */

static void log_restored(const struct drill_record *drill)
{
    char id[24];
    snprintf(id, sizeof id, "%" PRId64, drill->id);
    if (drill->remarks[0] == '\0')
        log_write(LOG_LEVEL_INFO, "drill restored", "drill", id, "by",
                  drill_end_name(drill->restored_by), NULL);
    else
        log_write(LOG_LEVEL_WARNING, "drill restored, but for what is gone", "drill", id, "by",
                  drill_end_name(drill->restored_by), "remarks", drill->remarks, NULL);
}

/* That it is being restored is stored first: a process that ends half-way leaves no running drill
 * of which a part is missing.  When that fails, the disk being full, the rest is tried all the
 * same. */
static int restore(struct control *control, struct drill_record *drill, enum drill_end end,
                   uint64_t now_ms, struct problem *out_problem)
{
    drill->state = DRILL_RESTORING;
    int rc = store_set_drill_state(control->store, drill, out_problem);
    int undone = undo(control, drill, now_ms, rc == 0 ? out_problem : NULL);
    if (rc == 0)
        rc = undone;
    if (rc == 0) {
        drill->state = DRILL_RESTORED;
        drill->restored_ms = now_ms;
        drill->restored_by = end;
        rc = store_set_drill_state(control->store, drill, out_problem);
    }
    if (rc == 0) {
        control->drill.id = 0;
        log_restored(drill);
    }
    return rc;
}

int control_restore_drill(struct control *control, int64_t id, uint64_t now_ms,
                          struct drill_record *out_drill, struct problem *out_problem)
{
    int rc = control_read_drill(control, id, out_drill, out_problem);
    if (rc != 0 || out_drill->state == DRILL_RESTORED)
        return rc;
    return restore(control, out_drill, DRILL_END_CLIENT, now_ms, out_problem);
}

uint64_t control__expire_drills(struct control *control, uint64_t now_ms,
                                struct problem *out_problem)
{
    struct open_drill *open = &control->drill;
    struct drill_record drill;
    struct problem problem = { 0 };
    if (open->id != 0 && open->due_ms <= now_ms) {
        int rc = control_read_drill(control, open->id, &drill, &problem);
        if (rc == 0)
            rc = restore(control, &drill, DRILL_END_TIME, now_ms, &problem);
        if (rc != 0) {
            open->due_ms = now_ms + RETRY_AFTER_MS;
            if (out_problem != NULL)
                *out_problem = problem;
        }
    }
    return open->id != 0 ? open->due_ms : 0;
}

/* ---- at the start of the process ---- */

static int resume(struct control *control, const struct drill_record *drill,
                  struct problem *out_problem)
{
    struct drill_step steps[DRILL_STEPS_MAX];
    const char *zones[DRILL_STEPS_MAX];
    unsigned count = 0, zone_count = 0;
    int rc = store_read_drill_steps(control->store, drill->id, steps, &count, out_problem);
    for (unsigned i = 0; i < count; i++)
        if (steps[i].kind == DRILL_BREAK_REGION || steps[i].kind == DRILL_BREAK_ZONE)
            zones[zone_count++] = steps[i].target;
    if (rc == 0 && zone_count > 0)
        rc = control__set_outage(control, zones, zone_count, out_problem);
    return rc;
}

/* A drill that cannot be restored now is tried again by control_tick. */
int control__load_drills(struct control *control, uint64_t now_ms, struct problem *out_problem)
{
    struct drill_record drill;
    int rc = store_find_open_drill(control->store, &drill, out_problem);
    if (rc != 0)
        return rc == SP_ENOENT ? 0 : rc;
    control->drill = (struct open_drill){ drill.id, drill.ends_ms };
    if (drill.state == DRILL_RUNNING && now_ms < drill.ends_ms)
        return resume(control, &drill, out_problem);
    if (restore(control, &drill, DRILL_END_START, now_ms, NULL) != 0)
        control->drill.due_ms = now_ms + RETRY_AFTER_MS;
    return 0;
}

/* ---- beginning ---- */

static int check_none_runs(struct control *control, uint64_t now_ms, struct problem *out_problem)
{
    struct drill_record drill;
    if (control->drill.id == 0)
        return 0;
    int rc = control_read_drill(control, control->drill.id, &drill, out_problem);
    if (rc != 0)
        return rc;
    uint64_t left_ms = drill.ends_ms > now_ms ? drill.ends_ms - now_ms : 0;
    return problem_set(out_problem, SP_ECONFLICT,
                       "drill %" PRId64 " (%s, of %s) is not over: it ends by itself in %" PRIu64
                       " s, or when whoever runs it ends it",
                       drill.id, drill.name, drill.owner, (left_ms + 999) / 1000);
}

/* An override is one person's word; a drill would take its place, and not bring it back. */
static int check_free(struct control *control, const struct drill_break *part,
                      struct problem *out_problem)
{
    struct check_view *view = malloc(sizeof *view); /* large */
    int rc = view == NULL ? control__no_memory(out_problem)
                          : control_read_check(control, part->target, view, out_problem);
    if (rc == 0 && view->status.override.given)
        rc = problem_set(out_problem, SP_ECONFLICT,
                         "%s has an override of %s already: take it off with \"signpost health "
                         "clear %s\"",
                         part->target, view->status.override.owner, part->target);
    free(view);
    return rc;
}

static void add_overridden(const struct drill_break *part, struct routing_call *call,
                           const char **overridden)
{
    for (unsigned i = 0; i < part->name_count; i++) {
        size_t at = 0;
        while (at < call->overridden_count && strcmp(overridden[at], part->names[i]) != 0)
            at++;
        if (at == call->overridden_count)
            overridden[call->overridden_count++] = part->names[i];
    }
}

/* The routing controls that a drill switches, as one call. */
struct switching {
    struct routing_call call;
    struct routing_state states[DRILL_STEPS_MAX];
    const char *overridden[DRILL_STEPS_MAX * DRILL_NAMES_MAX];
};

static void gather_switching(struct switching *switching, const struct drill_plan *plan)
{
    switching->call =
        (struct routing_call){ .states = switching->states, .overridden = switching->overridden };
    for (unsigned i = 0; i < plan->break_count; i++) {
        const struct drill_break *part = &plan->breaks[i];
        if (part->kind != DRILL_BREAK_CONTROL)
            continue;
        switching->states[switching->call.count++] =
            (struct routing_state){ part->target, part->up };
        add_overridden(part, &switching->call, switching->overridden);
    }
}

static int check_startable(struct control *control, const struct drill_plan *plan,
                           const struct switching *switching, uint64_t now_ms,
                           struct problem *out_problem)
{
    int rc = check_none_runs(control, now_ms, out_problem);
    if (rc == 0)
        rc = control__check_drill(control, plan, out_problem);
    for (unsigned i = 0; rc == 0 && i < plan->break_count; i++)
        if (plan->breaks[i].kind == DRILL_BREAK_CHECK)
            rc =
                control__locate(i, check_free(control, &plan->breaks[i], out_problem), out_problem);
    if (rc == 0 && switching->call.count > 0)
        rc = control_judge_routing_states(control, &switching->call, now_ms, out_problem);
    return rc;
}

/* What will be undone, as it is now. */
static int gather_steps(struct control *control, const struct drill_plan *plan,
                        struct drill_step steps[DRILL_STEPS_MAX], unsigned *out_count,
                        struct problem *out_problem)
{
    unsigned count = 0;
    int rc = 0;
    for (unsigned i = 0; rc == 0 && i < plan->break_count; i++) {
        const struct drill_break *part = &plan->breaks[i];
        struct routing_control before = { .is_on = false };
        if (part->kind == DRILL_BREAK_HOOK)
            continue;
        if (part->kind == DRILL_BREAK_CONTROL)
            rc = control_read_routing_control(control, part->target, &before, out_problem);
        struct drill_step *step = &steps[count++];
        *step = (struct drill_step){ .kind = part->kind, .was_on = before.is_on };
        snprintf(step->target, sizeof step->target, "%s", part->target);
    }
    *out_count = count;
    return rc;
}

static int force_checks(struct control *control, const struct drill_plan *plan,
                        const struct drill_record *drill, struct problem *out_problem)
{
    struct health_override override = { .given = true, .expires_ms = drill->ends_ms };
    struct check_view *view = malloc(sizeof *view); /* large */
    int rc = view == NULL ? control__no_memory(out_problem) : 0;
    owner_of(override.owner, drill->id);
    snprintf(override.reason, sizeof override.reason, "%s", drill->name);
    for (unsigned i = 0; rc == 0 && i < plan->break_count; i++) {
        if (plan->breaks[i].kind != DRILL_BREAK_CHECK)
            continue;
        override.up = plan->breaks[i].up;
        rc = control_override_check(control, plan->breaks[i].target, &override, view, out_problem);
    }
    free(view);
    return rc;
}

static int break_all(struct control *control, const struct drill_plan *plan,
                     const struct switching *switching, const struct drill_record *drill,
                     struct problem *out_problem)
{
    const char *zones[DRILL_STEPS_MAX];
    unsigned zone_count = control__drill_zones(plan, zones);
    int rc = 0;
    if (switching->call.count > 0)
        rc = control_set_routing_states(control, &switching->call, drill->started_ms, out_problem);
    if (rc == 0 && zone_count > 0)
        rc = control__set_outage(control, zones, zone_count, out_problem);
    if (rc == 0)
        rc = force_checks(control, plan, drill, out_problem);
    return rc;
}

/* A drill that could not be begun has never been.  When even that cannot be stored, control_tick
 * goes on trying to restore it. */
static void abandon(struct control *control, struct drill_record *drill, uint64_t now_ms)
{
    if (undo(control, drill, now_ms, NULL) == 0 &&
        store_remove_drill(control->store, drill->id, NULL) == 0)
        control->drill.id = 0;
    else
        control->drill.due_ms = now_ms + RETRY_AFTER_MS;
}

static int store_and_break(struct control *control, const struct drill_order *order,
                           const struct switching *switching, struct drill_record *drill,
                           struct problem *out_problem)
{
    struct drill_step steps[DRILL_STEPS_MAX];
    unsigned count;
    int rc = gather_steps(control, order->plan, steps, &count, out_problem);
    if (rc == 0)
        rc = store_add_drill(control->store, drill, order->definition, order->prediction, steps,
                             count, out_problem);
    if (rc != 0)
        return rc;
    control->drill = (struct open_drill){ drill->id, drill->ends_ms };
    rc = break_all(control, order->plan, switching, drill, out_problem);
    if (rc == 0) {
        drill->state = DRILL_RUNNING;
        rc = store_set_drill_state(control->store, drill, out_problem);
    }
    if (rc != 0)
        abandon(control, drill, drill->started_ms);
    return rc;
}

static int check_order(const struct drill_order *order, struct problem *out_problem)
{
    int rc = drill_plan_check(order->plan, out_problem);
    if (rc != 0)
        return rc;
    if (strlen(order->owner) > OVERRIDE_OWNER_SIZE_MAX || order->owner[0] == '\0')
        return problem_set(out_problem, SP_EINVAL, "owner: it must be 1 to %d octets",
                           OVERRIDE_OWNER_SIZE_MAX);
    if (strlen(order->definition) > DRILL_DOCUMENT_SIZE_MAX)
        return problem_set(out_problem, SP_ELIMIT, "definition: it has more than %u octets",
                           DRILL_DOCUMENT_SIZE_MAX);
    return 0;
}

int control_start_drill(struct control *control, const struct drill_order *order, uint64_t now_ms,
                        struct drill_record *out_drill, struct problem *out_problem)
{
    struct drill_record drill = { .started_ms = now_ms, .ends_ms = now_ms + order->plan->for_ms };
    struct switching *switching = malloc(sizeof *switching); /* large */
    int rc = switching == NULL ? control__no_memory(out_problem) : check_order(order, out_problem);
    if (rc == 0) {
        gather_switching(switching, order->plan);
        rc = check_startable(control, order->plan, switching, now_ms, out_problem);
    }
    if (rc == 0) {
        drill_plan_name(drill.name, order->plan);
        strcpy(drill.owner, order->owner);
        rc = store_and_break(control, order, switching, &drill, out_problem);
    }
    if (rc == 0)
        *out_drill = drill;
    free(switching);
    return rc;
}

/* ---- reading ---- */

int control_read_drill(struct control *control, int64_t id, struct drill_record *out_drill,
                       struct problem *out_problem)
{
    int rc = store_read_drill(control->store, id, out_drill, out_problem);
    return rc == SP_ENOENT ? no_such_drill(id, out_problem) : rc;
}

int control_read_drill_text(struct control *control, int64_t id, enum drill_text which,
                            char **out_text, struct problem *out_problem)
{
    struct drill_record drill;
    int rc = control_read_drill(control, id, &drill, out_problem);
    if (rc != 0)
        return rc;
    rc = store_read_drill_text(control->store, id, which, out_text, out_problem);
    if (rc != SP_ENOENT)
        return rc;
    return problem_set(out_problem, SP_ENOENT,
                       "there is no report of drill %" PRId64 ": whoever runs a drill to its end "
                       "writes it",
                       id);
}

int control_set_drill_report(struct control *control, int64_t id, const char *report,
                             struct problem *out_problem)
{
    if (strlen(report) > DRILL_REPORT_SIZE_MAX)
        return problem_set(out_problem, SP_ELIMIT, "the report has more than %u octets",
                           DRILL_REPORT_SIZE_MAX);
    int rc = store_set_drill_report(control->store, id, report, out_problem);
    return rc == SP_ENOENT ? no_such_drill(id, out_problem) : rc;
}

int control_list_drills(struct control *control,
                        int (*visit)(void *context, const struct drill_record *drill),
                        void *context, struct problem *out_problem)
{
    return store_visit_drills(control->store, visit, context, out_problem);
}
