/*
 * model/zonal_shift.h - traffic of a resource kept away from one availability zone for a time
 * (section 16.2).
 *
 * Plain data.  Any thread.
 */
#ifndef SIGNPOST_MODEL_ZONAL_SHIFT_H
#define SIGNPOST_MODEL_ZONAL_SHIFT_H

#include "signpost/model/resource.h"
#include "signpost/model/uuid.h"

enum shift_status { /* R-ZSH-2 */
                    SHIFT_ACTIVE,
                    SHIFT_EXPIRED,
                    SHIFT_CANCELED,
};
#define SHIFT_STATUS_COUNT 3

struct zonal_shift {
    char id[UUID_TEXT_SIZE];
    uint8_t resource[DNS_NAME_SIZE_MAX]; /* its name: wire, lower case */
    char away_from[RESOURCE_ZONE_SIZE];
    char comment[SHIFT_COMMENT_SIZE_MAX + 1];
    enum shift_status status;
    uint64_t started_ms; /* Unix milliseconds, all of them */
    uint64_t expires_ms;
    uint64_t ended_ms; /* 0 while it is active */
};

const char *shift_status_name(enum shift_status status);                /* "ACTIVE" ... */
int shift_status_find(const char *name, enum shift_status *out_status); /* SP_EINVAL, no words */

/* A number and "m" or "h", at most 72 hours (R-ZSH-1).  SP_EINVAL. */
int shift_time_from_text(const char *text, uint64_t *out_ms, struct problem *out_problem);

/* At most SHIFT_COMMENT_SIZE_MAX octets without control characters.  SP_EINVAL. */
int shift_comment_check(const char *comment, struct problem *out_problem);

/* Whether a shift away from that zone moves anything: the resource has addresses there, and would
 * have something usable without them (R-ZSH-5).  A resource that is down, or whose target groups
 * have no healthy target at all, has nothing usable anywhere. */
bool shift_applies(const struct resource_entry *entry, const char *away_from);

/* Takes the addresses of a zone out of an entry. */
void resource_leave_zone(struct resource_entry *entry, const char *zone);

/* The same for a zone, or for each zone of a Region: "eu-west-1" stands for "eu-west-1a". */
void resource_lose_place(struct resource_entry *entry, const char *place);

#endif
