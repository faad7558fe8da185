/*
 * model/drill.h - a failover drill as people mean it: what breaks, for how long, which questions
 * are watched meanwhile, and how well it should go.
 *
 * Plain data, whose strings and lists are somebody else's.  Any thread.
 */
#ifndef SIGNPOST_MODEL_DRILL_H
#define SIGNPOST_MODEL_DRILL_H

#include "signpost/base/limits.h"
#include "signpost/base/prefix.h"
#include "signpost/base/status.h"

#include <stdbool.h>
#include <stdint.h>

enum drill_break_kind {
    DRILL_BREAK_CHECK,   /* a health check is forced up or down */
    DRILL_BREAK_REGION,  /* the addresses of resources leave, in all zones of a Region */
    DRILL_BREAK_ZONE,    /* the same in one availability zone */
    DRILL_BREAK_CONTROL, /* a routing control is switched */
    DRILL_BREAK_HOOK,    /* commands that whoever runs the drill runs; nothing that we do */
};
#define DRILL_BREAK_KIND_COUNT 5

struct drill_break {
    enum drill_break_kind kind;
    const char *target;  /* what breaks, by its name; NULL for a hook */
    bool up;             /* of a check; of a control whether it will be On */
    const char *start;   /* of a hook: the command that breaks */
    const char *restore; /* of a hook: the one that restores; "": there is none */
    unsigned name_count;
    const char *const *names; /* of a control the safety rules that are overridden (R-ARC-7), of a
                                 hook the health checks that it is expected to turn */
};

struct drill_watch {
    uint8_t name[DNS_NAME_SIZE_MAX]; /* wire, lower case */
    uint16_t type;
    bool has_client;
    struct ip_prefix client; /* who asks; nobody given: the query has no client-subnet */
};

/* Milliseconds; 0: no such objective. */
struct drill_objectives {
    uint64_t turned_within_ms; /* from the break to the other answer */
    uint64_t back_within_ms;   /* from the restoring to the answer of before */
    uint64_t cached_within_ms; /* from the break to the end of the last cached answer */
    bool never_empty;          /* no answer without records */
};

#define DRILL_SETTLE_MS_DEFAULT (5ull * 60 * 1000)

struct drill_plan {
    const char *name; /* "": none was given */
    uint64_t for_ms;
    uint64_t settle_ms; /* how long to go on watching at most once all is restored */
    unsigned break_count;
    const struct drill_break *breaks;
    unsigned watch_count;
    const struct drill_watch *watches;
    struct drill_objectives objectives;
};

/* Whether the plan by itself makes sense, whatever there is to break; the message names the part:
 * "break[2]: ...".  SP_EINVAL, SP_ELIMIT. */
int drill_plan_check(const struct drill_plan *plan, struct problem *out_problem);

/* Its name; without one what breaks first: "web-1 down and 2 more".  Returns out. */
const char *drill_plan_name(char out[DRILL_NAME_SIZE_MAX + 1], const struct drill_plan *plan);

/* "90s", "2m", "1h"; a number alone is seconds.  SP_EINVAL; longer than DRILL_MS_MAX: SP_ELIMIT. */
int drill_time_read(const char *text, uint64_t *out_ms, struct problem *out_problem);

/* "check", "region" ...: the member that such a break has in a definition. */
const char *drill_break_kind_name(enum drill_break_kind kind);
int drill_break_kind_find(const char *name, enum drill_break_kind *out_kind); /* SP_EINVAL */

#endif
