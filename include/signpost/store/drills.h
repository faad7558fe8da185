/*
 * store/drills.h - failover drills as they are stored: what was to break, what must be undone, what
 * came of it.
 *
 * A drill is stored before anything breaks, so that whoever starts next knows what to restore.
 * Functions that change something are one transaction each, begun and committed here; on an error
 * nothing has changed.  Control thread only.
 */
#ifndef SIGNPOST_STORE_DRILLS_H
#define SIGNPOST_STORE_DRILLS_H

#include "signpost/model/drill.h"
#include "signpost/model/health_status.h"
#include "signpost/store/store.h"

enum drill_state {
    DRILL_BREAKING,  /* stored, but not everything is broken yet */
    DRILL_RUNNING,   /* everything is broken */
    DRILL_RESTORING, /* not everything is restored yet */
    DRILL_RESTORED,
};
#define DRILL_STATE_COUNT 4

enum drill_end { /* who restored it */
                 DRILL_END_NONE,
                 DRILL_END_CLIENT,
                 DRILL_END_TIME,  /* its own time was over */
                 DRILL_END_START, /* a daemon that started, after the one before had not */
};
#define DRILL_END_COUNT 4

struct drill_record {
    int64_t id; /* from 1 on, never used again */
    char name[DRILL_NAME_SIZE_MAX + 1];
    char owner[OVERRIDE_OWNER_SIZE_MAX + 1];
    enum drill_state state;
    uint64_t started_ms; /* Unix milliseconds, all of them */
    uint64_t ends_ms;
    uint64_t restored_ms; /* 0: not yet */
    enum drill_end restored_by;
    bool has_report;
    char remarks[DRILL_REMARKS_SIZE]; /* what could not be restored because it is gone; "" */
};

/* One thing that is undone at the end. */
struct drill_step {
    enum drill_break_kind kind;             /* no hook */
    char target[DRILL_TARGET_SIZE_MAX + 1]; /* as in struct drill_break */
    bool was_on;                            /* of a routing control before the drill */
};

const char *drill_end_name(enum drill_end end); /* "client", "time", "start"; "" for none */

/* A new one, which gets its id, in the state DRILL_BREAKING; those that are restored go, beyond the
 * last DRILLS_KEPT. */
int store_add_drill(struct store *store, struct drill_record *drill, const char *definition,
                    const char *prediction, const struct drill_step *steps, unsigned count,
                    struct problem *out_problem);

/* State, and when it is restored by whom and with which remarks.  SP_ENOENT without words. */
int store_set_drill_state(struct store *store, const struct drill_record *drill,
                          struct problem *out_problem);

/* As if it had never been. */
int store_remove_drill(struct store *store, int64_t id, struct problem *out_problem);

/* SP_ENOENT without words. */
int store_set_drill_report(struct store *store, int64_t id, const char *report,
                           struct problem *out_problem);

/* SP_ENOENT without words. */
int store_read_drill(struct store *store, int64_t id, struct drill_record *out_drill,
                     struct problem *out_problem);

/* The one that is not restored yet.  SP_ENOENT without words: there is none. */
int store_find_open_drill(struct store *store, struct drill_record *out_drill,
                          struct problem *out_problem);

/* Newest first.  A visit that returns other than 0 ends the reading with that status. */
int store_visit_drills(struct store *store,
                       int (*visit)(void *context, const struct drill_record *drill), void *context,
                       struct problem *out_problem);

/* In the order in which they were given; at most DRILL_STEPS_MAX. */
int store_read_drill_steps(struct store *store, int64_t id,
                           struct drill_step out_steps[DRILL_STEPS_MAX], unsigned *out_count,
                           struct problem *out_problem);

/* The texts that came with a drill; the caller frees.  SP_ENOENT without words: no such drill, or
 * no report of it. */
enum drill_text { DRILL_TEXT_DEFINITION, DRILL_TEXT_PREDICTION, DRILL_TEXT_REPORT };
int store_read_drill_text(struct store *store, int64_t id, enum drill_text which, char **out_text,
                          struct problem *out_problem);

#endif
