/*
 * control/alarms.h - alarms: set, and told to the health checks that follow them.
 *
 * A check of the type CLOUDWATCH_METRIC turns in the call that sets its alarm.  An alarm that
 * nobody has set has no data, and one may be set before any check names it.  Control thread only.
 */
#ifndef SIGNPOST_CONTROL_ALARMS_H
#define SIGNPOST_CONTROL_ALARMS_H

#include "signpost/control/control.h"
#include "signpost/model/alarm.h"

/* now_ms: Unix milliseconds.  Setting what is so already keeps the time of the last change.
 * SP_EINVAL, SP_ELIMIT. */
int control_set_alarm(struct control *control, const char *region, const char *name,
                      enum alarm_state state, uint64_t now_ms, struct alarm *out_alarm,
                      struct problem *out_problem);

/* Its checks have no data from then on.  SP_ENOENT. */
int control_delete_alarm(struct control *control, const char *region, const char *name,
                         uint64_t now_ms, struct problem *out_problem);

/* SP_ENOENT. */
int control_read_alarm(struct control *control, const char *region, const char *name,
                       struct alarm *out_alarm, struct problem *out_problem);

/* By Region, then by name. */
int control_list_alarms(struct control *control,
                        int (*visit)(void *context, const struct alarm *alarm), void *context,
                        struct problem *out_problem);

#endif
