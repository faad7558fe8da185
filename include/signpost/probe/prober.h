/*
 * probe/prober.h - the thread that looks at endpoints.
 *
 * It has a loop of its own, on which every probe is a handful of events; what a probe finds goes to
 * the board.  Each checker looks at each of its checks every interval, counted from the end of its
 * last look (R-HCE-2); the first looks are spread over the interval.  Whatever an endpoint does, it
 * costs its own check only.
 */
#ifndef SIGNPOST_PROBE_PROBER_H
#define SIGNPOST_PROBE_PROBER_H

#include "signpost/base/dice.h"
#include "signpost/probe/board.h"

struct prober;

struct prober_settings {
    struct board *board;     /* must outlive the prober */
    unsigned probes_max;     /* sockets at once, at most PROBES_UNDER_WAY_MAX */
    bool deny_special;       /* R-HCE-6, for the addresses that names resolve to */
    const char *resolver;    /* "ADDRESS" or "ADDRESS@PORT" of a name server; "": the system's */
    const struct dice *dice; /* copied; spreads the first looks */
};

/* Control thread.  SP_ENOMEM, SP_EIO, SP_EINVAL (the resolver). */
int prober_create(const struct prober_settings *settings, struct prober **out_prober,
                  struct problem *out_problem);

/* Looks at the checks on the board, and follows its orders, until prober_destroy. */
int prober_start(struct prober *prober, struct problem *out_problem);

/* Ends the thread; probes under way are dropped.  NULL is fine. */
void prober_destroy(struct prober *prober);

/* Any thread. */
struct prober_figures {
    uint64_t started, passed, failed; /* probes since the start */
    uint64_t not_started; /* of the started ones, those for which the system had no socket or
                             memory: they count as no result at all */
    uint64_t under_way;
    uint64_t waiting;         /* due, but for want of sockets not begun */
    uint64_t lateness_ms_sum; /* between when a probe was due and when it began */
    uint64_t lateness_ms_max;
    uint64_t cpu_us; /* of the thread, user and system */
};
void prober_read_figures(const struct prober *prober, struct prober_figures *out_figures);

#endif
