/*
 * model/alarm.h - alarms, which health checks of the type CLOUDWATCH_METRIC follow.
 *
 * Nothing is measured here: an alarm is in the state that it was set to, and one that nobody has
 * set has no data.  Plain data.  Any thread.
 */
#ifndef SIGNPOST_MODEL_ALARM_H
#define SIGNPOST_MODEL_ALARM_H

#include "signpost/model/health_check.h"

enum alarm_state {
    ALARM_OK,
    ALARM_ALARM,
    ALARM_INSUFFICIENT_DATA,
};
#define ALARM_STATE_COUNT 3

struct alarm {
    char region[REGION_NAME_SIZE];
    char name[ALARM_NAME_SIZE_MAX + 1];
    enum alarm_state state;
    uint64_t since_ms; /* Unix milliseconds of the last change of its state */
};

/* Whether an alarm may be called so (R-HCW-1): a Region such as "us-east-1", and 1 to 256 octets
 * without control characters.  SP_EINVAL. */
int alarm_check(const char *region, const char *name, struct problem *out_problem);

const char *alarm_state_name(enum alarm_state state); /* "OK", "ALARM", "INSUFFICIENT_DATA" */
int alarm_state_find(const char *name, enum alarm_state *out_state,
                     struct problem *out_problem); /* SP_EINVAL with those that there are */

/* What a check that follows an alarm in this state is (R-HCW-2).  false: it stays as it is. */
bool alarm_says(enum alarm_state state, enum insufficient_data without_data, bool *out_up);

#endif
