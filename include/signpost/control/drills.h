/*
 * control/drills.h - failover drills: things are broken for a time, and restored whatever happens.
 *
 * What will have to be undone is stored before anything is broken, and control_tick restores what
 * nobody else has; a process that ends in between leaves it to the next one.  One drill runs at a
 * time.  Times are Unix milliseconds.  Control thread only.
 */
#ifndef SIGNPOST_CONTROL_DRILLS_H
#define SIGNPOST_CONTROL_DRILLS_H

#include "signpost/control/control.h"
#include "signpost/model/drill.h"
#include "signpost/store/drills.h"

/* ---- running ---- */

struct drill_order {
    const struct drill_plan *plan;
    const char *owner;
    const char *definition; /* where the plan was read from, and */
    const char *prediction; /* what was expected: kept with the drill as they are */
};

/* Breaks everything, or nothing.  SP_EINVAL: see drill_plan_check; SP_ENOENT: something that is to
 * break, or the zone of a question, is not there; SP_ECONFLICT: another drill runs, a check has an
 * override already, or a safety rule refuses. */
int control_start_drill(struct control *control, const struct drill_order *order, uint64_t now_ms,
                        struct drill_record *out_drill, struct problem *out_problem);

/* Restores a drill before its time; harmless when it is restored.  What is gone meanwhile is no
 * error: the remarks of the drill say so.  SP_ENOENT. */
int control_restore_drill(struct control *control, int64_t id, uint64_t now_ms,
                          struct drill_record *out_drill, struct problem *out_problem);

/* ---- reading ---- */

/* SP_ENOENT. */
int control_read_drill(struct control *control, int64_t id, struct drill_record *out_drill,
                       struct problem *out_problem);

/* The caller frees.  SP_ENOENT: also when there is no report yet. */
int control_read_drill_text(struct control *control, int64_t id, enum drill_text which,
                            char **out_text, struct problem *out_problem);

/* SP_ENOENT. */
int control_set_drill_report(struct control *control, int64_t id, const char *report,
                             struct problem *out_problem);

/* Newest first. */
int control_list_drills(struct control *control,
                        int (*visit)(void *context, const struct drill_record *drill),
                        void *context, struct problem *out_problem);

/* One turn of a check. */
struct drill_turn {
    char check[HEALTH_CHECK_ID_SIZE_MAX + 1];
    struct health_event event;
};

/* The turns from the drill's start on of all checks that it breaks or that its questions depend on,
 * oldest first, until it has settled.  The caller frees *out_turns (NULL when there are none). */
int control_read_drill_turns(struct control *control, const struct drill_record *drill,
                             const struct drill_plan *plan, struct drill_turn **out_turns,
                             size_t *out_count, struct problem *out_problem);

/* ---- predicting ---- */

/* Milliseconds after the break, or after the restoring. */
struct drill_times {
    uint64_t least_ms, most_ms;
};

/* Values as in a zone file, sorted. */
struct predicted_answer {
    unsigned value_count;
    const char *const *values;
};

/* Of one question: the answers that it may get, and when they change. */
struct predicted_watch {
    const struct drill_watch *watch;
    unsigned before_count, during_count; /* at most DRILL_ANSWERS_MAX each */
    const struct predicted_answer *before, *during;
    bool changes;
    uint32_t ttl_s; /* the longest of an answer before: how long caches hold on to it */
    unsigned check_count;
    const char *const *checks; /* that turn, of those that it depends on; by id */

    /* Of a question whose answers change. */
    struct drill_times turned, cached;    /* another answer; no cache has the old one any more */
    struct drill_times back, back_cached; /* the same after the restoring */
};

struct drill_prediction {
    unsigned watch_count;
    const struct predicted_watch *watches;
};

/* What is to be expected by thresholds, intervals, TTLs and the code that answers alone: nothing is
 * measured, and nobody sees anything of it.  Everything in it lives until it is destroyed; the plan
 * must live as long.  Errors as control_start_drill, but whether the drill could start now is not
 * asked. */
int control_predict_drill(struct control *control, const struct drill_plan *plan,
                          struct drill_prediction **out_prediction, struct problem *out_problem);
void drill_prediction_destroy(struct drill_prediction *prediction); /* NULL is fine */

/* How long an endpoint check may take to turn once its endpoint has failed, or is back: whoever's
 * threshold and interval these are. */
struct drill_times drill_turning_times(const struct health_check_config *config, bool goes_down);

#endif
