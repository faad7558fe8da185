/*
 * model/health_check.h - a health check as people mean it: an id, and up or down.
 *
 * Record sets name checks by their id.  Any thread.
 */
#ifndef SIGNPOST_MODEL_HEALTH_CHECK_H
#define SIGNPOST_MODEL_HEALTH_CHECK_H

#include "signpost/base/limits.h"
#include "signpost/base/status.h"

#include <stdbool.h>
#include <stdint.h>

struct health_check {
    char id[HEALTH_CHECK_ID_SIZE_MAX + 1];
    bool up;
    uint64_t since_ms;  /* Unix milliseconds of the last turn, at first of the creation */
    int64_t created_at; /* Unix seconds */
    bool is_deleted;    /* it is there only because record sets still name it (R-REC-10) */
    uint32_t use_count; /* record sets that name it */
};

/* Whether a user may choose that id: 1 to 64 of letters, digits, '-', '_' and '.'.  SP_EINVAL. */
int health_check_id_check(const char *id, struct problem *out_problem);

#endif
