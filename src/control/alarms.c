#include "signpost/control/alarms.h"

#include "recovery.h"

#include "signpost/control/checks.h"
#include "signpost/store/recovery.h"

#include <string.h>

static int no_such_alarm(const char *region, const char *name, struct problem *out_problem)
{
    return problem_set(out_problem, SP_ENOENT,
                       "there is no alarm \"%.260s\" in %.40s: \"signpost alarm list\" shows those "
                       "that have been set",
                       name, region);
}

/* ---- telling ---- */

struct gathering {
    struct control *control;
    enum alarm_state state;
    struct followers followers;
};

static int gather_check(void *context, const char *check_id, enum insufficient_data without_data)
{
    struct gathering *gathering = context;
    health_slot slot = control_check_slot(gathering->control, check_id);
    bool up;
    if (!alarm_says(gathering->state, without_data, &up))
        return 0;
    return control__add_follower(&gathering->followers, slot, up,
                                 control__alarm_reason(gathering->state, up));
}

/* The last steps of a change inside a transaction; rc is how it went until then. */
static int finish(struct control *control, int rc, const struct alarm *alarm, uint64_t now_ms,
                  struct problem *out_problem)
{
    struct gathering gathering = { .control = control, .state = alarm->state };
    if (rc == 0)
        rc = store_visit_alarm_checks(control->store, alarm->region, alarm->name, gather_check,
                                      &gathering, out_problem);
    if (rc == SP_ENOMEM)
        control__no_memory(out_problem);
    if (rc == 0)
        rc = store_commit_transaction(control->store, out_problem);
    if (rc == 0)
        control__tell_followers(control, &gathering.followers, now_ms);
    else
        store_rollback(control->store);
    control__free_followers(&gathering.followers);
    return rc;
}

/* ---- changing ---- */

int control_set_alarm(struct control *control, const char *region, const char *name,
                      enum alarm_state state, uint64_t now_ms, struct alarm *out_alarm,
                      struct problem *out_problem)
{
    struct alarm alarm = { .state = state, .since_ms = now_ms }, before;
    int rc = alarm_check(region, name, out_problem);
    if (rc != 0)
        return rc;
    strcpy(alarm.region, region);
    strcpy(alarm.name, name);
    rc = store_begin(control->store, out_problem);
    if (rc != 0)
        return rc;
    rc = store_find_alarm(control->store, region, name, &before, out_problem);
    if (rc == 0 && before.state == state)
        alarm.since_ms = before.since_ms;
    if (rc == 0 || rc == SP_ENOENT)
        rc = store_put_alarm(control->store, &alarm, out_problem);
    rc = finish(control, rc, &alarm, now_ms, out_problem);
    if (rc == 0)
        *out_alarm = alarm;
    return rc;
}

int control_delete_alarm(struct control *control, const char *region, const char *name,
                         uint64_t now_ms, struct problem *out_problem)
{
    struct alarm alarm;
    int rc = control_read_alarm(control, region, name, &alarm, out_problem);
    if (rc == 0)
        rc = store_begin(control->store, out_problem);
    if (rc != 0)
        return rc;
    alarm.state = ALARM_INSUFFICIENT_DATA;
    rc = store_delete_alarm(control->store, region, name, out_problem);
    return finish(control, rc, &alarm, now_ms, out_problem);
}

/* ---- reading ---- */

int control_read_alarm(struct control *control, const char *region, const char *name,
                       struct alarm *out_alarm, struct problem *out_problem)
{
    int rc = store_find_alarm(control->store, region, name, out_alarm, out_problem);
    return rc == SP_ENOENT ? no_such_alarm(region, name, out_problem) : rc;
}

int control_list_alarms(struct control *control,
                        int (*visit)(void *context, const struct alarm *alarm), void *context,
                        struct problem *out_problem)
{
    return store_visit_alarms(control->store, visit, context, out_problem);
}
