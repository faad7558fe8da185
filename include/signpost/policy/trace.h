/*
 * policy/trace.h - why an answer was chosen, written down while it is being chosen.
 *
 * The code that chooses calls these; with a NULL trace they cost one branch.  A trace points into
 * the snapshot that was asked and is good as long as that is held.  What there is no room for is
 * left out and `is_cut` says so: the answer itself never depends on the trace.
 *
 * Steps come in the order of the work.  A group is entered (TRACE_GROUP), its members leave
 * (TRACE_LEFT, with the reason) or are taken (TRACE_TAKEN); a branch that is taken or asked for its
 * health is followed by the steps of its target, one level deeper; at the end of a group stands
 * what came of it (TRACE_FOUND, TRACE_NOTHING).
 */
#ifndef SIGNPOST_POLICY_TRACE_H
#define SIGNPOST_POLICY_TRACE_H

#include "signpost/geo/geography.h"
#include "signpost/health/table.h"
#include "signpost/zone/zone.h"

#include <stdbool.h>
#include <stdint.h>

enum trace_kind { TRACE_GROUP, TRACE_LEFT, TRACE_TAKEN, TRACE_FOUND, TRACE_NOTHING };

/* Why a member left. */
enum trace_reason {
    TRACE_NOT_NEEDED,       /* a better one answers */
    TRACE_CHECK_DOWN,       /* its own health check */
    TRACE_TARGET_DOWN,      /* EvaluateTargetHealth: nothing healthy behind the alias (R-HLT-11) */
    TRACE_RESOURCE_DOWN,    /* EvaluateTargetHealth: the registry says so (R-ALI-10 to 13) */
    TRACE_TARGET_MISSING,   /* no record set of that name and type (A-CHG-55) */
    TRACE_RESOURCE_MISSING, /* no such resource is registered (R-ALI-9) */
    TRACE_RESOURCE_EMPTY,   /* the resource has no address of that type */
    TRACE_TARGET_EMPTY,     /* no member behind the alias applies to this client (R-HLT-17) */
    TRACE_WEIGHT_ZERO,      /* stays out while others stand (R-WGT-4, R-WGT-7) */
    TRACE_ELSEWHERE,        /* its location does not contain the client (R-GEO-3, R-CID-5) */
    TRACE_TOO_DEEP,         /* R-HLT-18 */
};

struct trace_step {
    uint8_t kind;
    uint8_t reason;      /* of TRACE_LEFT */
    uint8_t depth;       /* 0: the group that was asked */
    bool is_last_resort; /* nothing is healthy: health is not looked at (R-HLT-9) */
    const struct group *group;
    const struct member *member; /* NULL for the steps of a group */
    struct health_state health;  /* of the member's own check, as it was read */
    union {
        struct {
            uint32_t draw, total; /* weighted: which of how many */
        } weight;
        struct {
            double milliseconds;
            bool is_measured;
        } latency;
        struct {
            double km, biased_km;
        } distance;
        struct {
            uint8_t length; /* of the block that matched */
        } block;
    } by;
};

struct trace {
    /* Of the client, filled in when the first policy looks. */
    bool has_client;
    bool client_from_subnet; /* else the packet's source address */
    bool client_assumed;     /* unlocated: counted as at us-east-1 (R-LAT-5) */
    struct ip_prefix client;
    bool is_located; /* its place was asked for: the two below are set */
    enum place_source source;
    struct place place;

    bool is_cut;
    unsigned count;
    unsigned room;
    struct trace_step *steps; /* room of them, the caller's */
};

void trace_init(struct trace *trace, struct trace_step *steps, unsigned room);

/* A new step, or NULL: no trace, or no room. */
struct trace_step *trace_add(struct trace *trace, enum trace_kind kind, unsigned depth,
                             bool is_last_resort, const struct group *group);

/* "its health check is down": completes "NAME left, because ...". */
const char *trace_reason_text(enum trace_reason reason);

/* What tells a member from the others of its group: "blue", "eu-west-1", "US-CA", "PRIMARY"; of a
 * simple group where it leads, or "".  Plain ASCII.  Its length, at most size - 1; a zero follows.
 */
#define TRACE_LABEL_SIZE 1024
size_t trace_label(const struct group *group, const struct member *member, char *out, size_t size);

/* The trace on one line, for an Extended DNS Error: "geolocation DE -> weighted blue 70/100, check
 * up".  Its length, at most size - 1; a zero follows.  No allocation. */
size_t trace_line(const struct trace *trace, char *out, size_t size);

#endif
