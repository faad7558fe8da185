/*
 * What alarms and routing controls have in common: health checks that say what they say.
 */
#include "recovery.h"

#include "signpost/base/clock.h"
#include "signpost/control/checks.h"
#include "signpost/store/recovery.h"

#include <stdlib.h>
#include <string.h>

/* ---- telling ---- */

struct follower {
    health_slot slot;
    bool up;
    const char *reason;
};

int control__add_follower(struct followers *followers, health_slot slot, bool up,
                          const char *reason)
{
    if (followers->count == followers->capacity) {
        size_t capacity = followers->capacity == 0 ? 16 : followers->capacity * 2;
        struct follower *items = realloc(followers->items, capacity * sizeof *items);
        if (items == NULL)
            return SP_ENOMEM;
        followers->items = items;
        followers->capacity = capacity;
    }
    followers->items[followers->count++] = (struct follower){ slot, up, reason };
    return 0;
}

void control__tell_followers(struct control *control, const struct followers *followers,
                             uint64_t now_ms)
{
    for (size_t i = 0; i < followers->count; i++) {
        const struct follower *follower = &followers->items[i];
        board_observe(control->board, follower->slot, follower->up, follower->reason, now_ms);
    }
}

void control__free_followers(struct followers *followers)
{
    free(followers->items);
    *followers = (struct followers){ 0 };
}

const char *control__alarm_reason(enum alarm_state state, bool up)
{
    if (state == ALARM_INSUFFICIENT_DATA)
        return up ? "the alarm has no data, which counts as healthy"
                  : "the alarm has no data, which counts as unhealthy";
    return state == ALARM_OK ? "the alarm is OK" : "the alarm is in state ALARM";
}

const char *control__switch_reason(bool is_on)
{
    return is_on ? "the routing control is On" : "the routing control is Off";
}

/* ---- asking ---- */

/* An alarm that nobody has set has no data. */
static int observe_alarm(struct control *control, const struct health_check_config *config,
                         bool *out_known, bool *out_up, const char **out_reason,
                         struct problem *out_problem)
{
    struct alarm alarm = { .state = ALARM_INSUFFICIENT_DATA };
    bool up = true;
    int rc = store_find_alarm(control->store, config->alarm_region, config->alarm_name, &alarm,
                              out_problem);
    if (rc != 0 && rc != SP_ENOENT)
        return rc;
    *out_known = alarm_says(alarm.state, config->insufficient_data, &up);
    if (*out_known) {
        *out_up = up;
        *out_reason = control__alarm_reason(alarm.state, up);
    }
    return 0;
}

/* SP_ENOENT without words. */
static int find_control(struct control *control, const char *name_or_arn,
                        struct routing_control *out_found, struct problem *out_problem)
{
    const char *name = routing_control_name(name_or_arn);
    int rc = name == NULL
                 ? SP_ENOENT
                 : store_find_routing_control(control->store, name, out_found, out_problem);
    return rc == 0 && !routing_control_is(out_found, name_or_arn) ? SP_ENOENT : rc;
}

/* Nothing is known of one that is not here (A-HCK-14). */
static int observe_control(struct control *control, const struct health_check_config *config,
                           bool *out_known, bool *out_up, const char **out_reason,
                           struct problem *out_problem)
{
    struct routing_control found;
    int rc = find_control(control, config->routing_control, &found, out_problem);
    if (rc != 0)
        return rc == SP_ENOENT ? 0 : rc;
    *out_known = true;
    *out_up = found.is_on;
    *out_reason = control__switch_reason(found.is_on);
    return 0;
}

int control__observe_source(struct control *control, const struct health_check_config *config,
                            bool *out_known, bool *out_up, const char **out_reason,
                            struct problem *out_problem)
{
    *out_known = false;
    if (config->type == HEALTH_CHECK_CLOUDWATCH_METRIC)
        return observe_alarm(control, config, out_known, out_up, out_reason, out_problem);
    if (config->type == HEALTH_CHECK_RECOVERY_CONTROL)
        return observe_control(control, config, out_known, out_up, out_reason, out_problem);
    return 0;
}

bool control__has_routing_control(struct control *control, const char *name_or_arn)
{
    struct routing_control found;
    return find_control(control, name_or_arn, &found, NULL) == 0;
}

/* ---- start ---- */

struct loading {
    struct control *control;
    struct followers followers;
    struct problem *problem;
};

static int load_check(void *context, const struct health_check *check)
{
    struct loading *loading = context;
    struct health_status status;
    const char *reason;
    bool known, up;
    health_slot slot = control_check_slot(loading->control, check->id);
    if (check->is_deleted)
        return 0;
    int rc = control__observe_source(loading->control, &check->config, &known, &up, &reason,
                                     loading->problem);
    if (rc != 0 || !known)
        return rc;
    board_read(loading->control->board, slot, &status);
    return status.observed == up ? 0 : control__add_follower(&loading->followers, slot, up, reason);
}

int control__load_recovery(struct control *control, struct problem *out_problem)
{
    struct loading loading = { .control = control, .problem = out_problem };
    struct store_object_visitor visitor = { .check = load_check, .context = &loading };
    int rc = store_visit_checks(control->store, &visitor, out_problem);
    if (rc == 0)
        control__tell_followers(control, &loading.followers, clock_unix_ms());
    control__free_followers(&loading.followers);
    return rc;
}
