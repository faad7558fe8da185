/*
 * control/recovery.h - telling health checks what they follow.
 */
#ifndef CONTROL_RECOVERY_H
#define CONTROL_RECOVERY_H

#include "internal.h"

#include "signpost/model/alarm.h"

/* Checks that are to be told something.  They are gathered before what they follow is stored, so
 * that nothing can fail afterwards.  Zeros are an empty list. */
struct followers {
    struct follower *items;
    size_t count, capacity;
};

/* SP_ENOMEM without words.  The reason must be a static text. */
int control__add_follower(struct followers *followers, health_slot slot, bool up,
                          const char *reason);

/* Tells them all. */
void control__tell_followers(struct control *control, const struct followers *followers,
                             uint64_t now_ms);

void control__free_followers(struct followers *followers);

/* Static texts: "the alarm is OK" ... */
const char *control__alarm_reason(enum alarm_state state, bool up);
const char *control__switch_reason(bool is_on);

#endif
