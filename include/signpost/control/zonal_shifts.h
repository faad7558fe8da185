/*
 * control/zonal_shifts.h - zonal shifts of registered resources (R-ZSH-1 to R-ZSH-7).
 *
 * What a shift takes out of a resource's answers is seen in the snapshot that the call publishes;
 * control_tick ends a shift whose time has come.  Times are Unix milliseconds.  Control thread
 * only.
 */
#ifndef SIGNPOST_CONTROL_ZONAL_SHIFTS_H
#define SIGNPOST_CONTROL_ZONAL_SHIFTS_H

#include "signpost/control/control.h"
#include "signpost/model/zonal_shift.h"

/* A shift, and what it does now. */
struct shift_view {
    struct zonal_shift shift;
    bool is_applied;     /* R-ZSH-2; false once it has ended */
    unsigned zone_count; /* of the resource; 0: it is gone */
    struct {
        char name[RESOURCE_ZONE_SIZE];
        bool is_left; /* nothing goes there (R-ZSH-4: a weight of 0) */
    } zones[2 * RESOURCE_ADDRESSES_MAX];
};

/* comment: "" when there is none.  SP_ENOENT: no such resource; SP_EINVAL: it has nothing in that
 * zone, or a wrong comment; SP_ECONFLICT: it is shifted already (R-ZSH-3). */
int control_start_shift(struct control *control, const uint8_t *resource, const char *away_from,
                        uint64_t time_ms, const char *comment, uint64_t now_ms,
                        struct shift_view *out_view, struct problem *out_problem);

/* time_ms: from now on; 0 leaves its end as it is, as a NULL comment leaves the comment.
 * SP_ENOENT; SP_ECONFLICT: it has ended (R-ZSH-3). */
int control_update_shift(struct control *control, const char *id, uint64_t time_ms,
                         const char *comment, uint64_t now_ms, struct shift_view *out_view,
                         struct problem *out_problem);

/* The same errors. */
int control_cancel_shift(struct control *control, const char *id, uint64_t now_ms,
                         struct shift_view *out_view, struct problem *out_problem);

int control_read_shift(struct control *control, const char *id, struct shift_view *out_view,
                       struct problem *out_problem);

/* Active ones first, then those that have ended, newest first. */
int control_list_shifts(struct control *control,
                        int (*visit)(void *context, const struct shift_view *view), void *context,
                        struct problem *out_problem);

#endif
