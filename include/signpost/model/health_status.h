/*
 * model/health_status.h - how a health check is doing, and what became of its probes.
 *
 * A check's state is observed (by checkers, from children, from an alarm or a routing control),
 * then passed through Disabled and Inverted (R-HCK-5); an override stands above all of it.
 * Plain data.  Any thread.
 */
#ifndef SIGNPOST_MODEL_HEALTH_STATUS_H
#define SIGNPOST_MODEL_HEALTH_STATUS_H

#include "signpost/model/health_check.h"

#include <stddef.h>

/* ---- one probe ---- */

/* Their numbers are stored: a further one comes last. */
enum probe_outcome {
    PROBE_PASSED,            /* HTTP: the status was right, and the string was there if wanted */
    PROBE_HTTP_STATUS,       /* not 200 to 399 */
    PROBE_STRING_MISSING,    /* R-HCE-13 */
    PROBE_BODY_LATE,         /* the string was not there within the time for the body */
    PROBE_CONNECT_TIMEOUT,   /* R-HCE-10, R-HCE-11 */
    PROBE_CONNECT_REFUSED,   /* or unreachable; the detail says how */
    PROBE_RESPONSE_TIMEOUT,  /* no status in time */
    PROBE_CONNECTION_CLOSED, /* closed or reset before there was a status */
    PROBE_MALFORMED,         /* R-HCE-15, or no HTTP at all */
    PROBE_HEADERS_TOO_LONG,  /* R-HCE-15 */
    PROBE_TLS_FAILED,        /* R-HCE-17; the detail says how */
    PROBE_RESOLUTION_FAILED, /* R-HCE-4 */
    PROBE_TARGET_DENIED,     /* R-HCE-6 */
    PROBE_NOT_STARTED,       /* the system gave us no socket: our fault, not the endpoint's */
};
#define PROBE_OUTCOME_COUNT 14
#define PROBE_DETAIL_SIZE   64
#define PROBE_TEXT_SIZE     320

struct probe_result {
    enum probe_outcome outcome;
    uint64_t at_ms;                 /* Unix milliseconds of its end; 0: there was no probe yet */
    uint16_t http_status;           /* 0: none came */
    char detail[PROBE_DETAIL_SIZE]; /* the reason phrase, or what the system or OpenSSL said */
    bool has_resolved;              /* the endpoint is a name */
    struct ip_prefix resolved;
    /* Milliseconds; below 0: did not get so far.  From the start of the connection to its
     * establishment; of the TLS handshake; from the start of the connection to the first octet of
     * the response. */
    float connection_ms, tls_ms, first_byte_ms;
};

bool probe_passed(const struct probe_result *result);

/* "Success: HTTP Status Code 200, OK. Resolved IP: 192.0.2.1": R-HCS-3.  Returns out. */
const char *probe_result_text(char out[PROBE_TEXT_SIZE], const struct probe_result *result);

/* ---- checkers ---- */

/* One simulated checker; a Region may have several. */
struct checker {
    uint8_t region;
    uint8_t number; /* among those of its Region, from 1 */
    bool has_source;
    struct ip_prefix source; /* in full length; used for endpoints of its family */
    char interface[16];      /* SO_BINDTODEVICE; "": none */
};

struct checker_list {
    unsigned count;
    struct checker at[CHECKERS_MAX];
};

/* Two in each of the eight Regions. */
void checker_list_init(struct checker_list *list);

/* Adds "REGION", "REGION@ADDRESS" or "REGION@INTERFACE".  SP_EINVAL, SP_ELIMIT. */
int checker_list_add(struct checker_list *list, const char *text, struct problem *out_problem);

/* A bit for each checker that looks at a check of these Regions; all of them when none does. */
uint64_t checker_list_select(const struct checker_list *list, uint8_t regions);

/* What one checker thinks of one check. */
struct checker_status {
    uint8_t region, number;
    bool up;
    uint8_t streak; /* results in a row that contradict `up` (R-HCE-18) */
    struct probe_result last;
    struct probe_result last_failure; /* at_ms 0: it has not failed since started_ms */
    uint64_t started_ms;              /* Unix milliseconds of this checker's first look */
};

/* ---- the whole of a check ---- */

struct health_override {
    bool given;
    bool up;
    uint8_t regions;     /* 0: the check as a whole; else what the checkers of these Regions say */
    uint64_t since_ms;   /* Unix milliseconds, both */
    uint64_t expires_ms; /* 0: never */
    char owner[OVERRIDE_OWNER_SIZE_MAX + 1];
    char reason[OVERRIDE_REASON_SIZE_MAX + 1];
};

struct health_status {
    bool up; /* effective, as record sets see it */
    uint64_t since_ms;
    bool observed;                            /* before Disabled, Inverted and the override */
    char observed_reason[HEALTH_REASON_SIZE]; /* "16 of 16 checkers say healthy"; "" at first */
    uint16_t healthy_count;                   /* checkers, or children, that are up */
    uint16_t watched_count;                   /* of so many; 0: there are none */
    struct health_override override;
    unsigned checker_count;
    struct checker_status checkers[CHECKERS_MAX];
};

/* Why the effective status turned. */
enum health_cause {
    HEALTH_CAUSE_CREATED,
    HEALTH_CAUSE_PROBES,
    HEALTH_CAUSE_CHILDREN,
    HEALTH_CAUSE_ALARM,
    HEALTH_CAUSE_CONTROL,  /* a routing control */
    HEALTH_CAUSE_CONFIG,   /* disabled, inverted, other children ... */
    HEALTH_CAUSE_OVERRIDE, /* set, cleared or expired */
};
#define HEALTH_CAUSE_COUNT 7
const char *health_cause_name(enum health_cause cause);                /* "probes" ... */
int health_cause_find(const char *name, enum health_cause *out_cause); /* SP_EINVAL */

/* One turn of the effective status, as it is kept. */
struct health_event {
    uint64_t at_ms;
    bool up;
    enum health_cause cause;
    char reason[HEALTH_REASON_SIZE]; /* of the last probe, child, ... */
    uint16_t healthy_count, watched_count;
    float connection_ms, tls_ms, first_byte_ms; /* of the last probe; below 0: not known */
};

/* Aggregation: R-HCE-19. */
bool health_aggregate(unsigned healthy_count, unsigned checker_count);

/* R-HCK-5. */
bool health_effective(bool observed, bool disabled, bool inverted);

#endif
