#include "signpost/model/alarm.h"

#include "word.h"

static const char *const state_names[ALARM_STATE_COUNT] = { "OK", "ALARM", "INSUFFICIENT_DATA" };

int alarm_check(const char *region, const char *name, struct problem *out_problem)
{
    size_t size = strlen(name);
    if (!word_is_right(region, REGION_NAME_SIZE - 1, "-"))
        return problem_set(out_problem, SP_EINVAL,
                           "\"%.60s\" cannot be the Region of an alarm: it must be a name such as "
                           "us-east-1",
                           region);
    if (size < 1 || size > ALARM_NAME_SIZE_MAX || word_has_control(name))
        return problem_set(out_problem, SP_EINVAL,
                           "\"%.80s\" cannot be the name of an alarm: it must be 1 to %d octets "
                           "without control characters",
                           name, ALARM_NAME_SIZE_MAX);
    return 0;
}

const char *alarm_state_name(enum alarm_state state)
{
    return state_names[state];
}

int alarm_state_find(const char *name, enum alarm_state *out_state, struct problem *out_problem)
{
    unsigned number;
    int rc =
        word_find(state_names, ALARM_STATE_COUNT, "state of an alarm", name, &number, out_problem);
    if (rc == 0)
        *out_state = (enum alarm_state)number;
    return rc;
}

bool alarm_says(enum alarm_state state, enum insufficient_data without_data, bool *out_up)
{
    if (state == ALARM_INSUFFICIENT_DATA && without_data == INSUFFICIENT_DATA_LAST_KNOWN)
        return false;
    *out_up = state == ALARM_OK ||
              (state == ALARM_INSUFFICIENT_DATA && without_data == INSUFFICIENT_DATA_HEALTHY);
    return true;
}
