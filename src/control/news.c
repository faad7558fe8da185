/*
 * What a restart brings back is stored as it comes: turns and overrides at once, everything else of
 * a check (what its checkers think, its last failure) a second later, or when ten thousand fail at
 * once within half a minute.  One transaction takes whatever has gathered, up to a bound, so that
 * an outage of ten thousand checks costs some long transactions and not ten thousand short ones.
 */
#include "checks.h"
#include "signing.h"

#include "signpost/control/checks.h"

#include <stdlib.h>

/* A transaction of that size takes some tens of milliseconds, and requests wait no longer. */
#define CHECKS_AT_ONCE 500
#define EVENTS_AT_ONCE 500
#define FLUSH_EVERY_MS 1000
#define RETRY_AFTER_MS 1000

struct waiting_event {
    health_slot slot;
    struct health_event event;
};

/* What has been taken from the board and is not stored yet. */
struct news {
    unsigned event_count;
    struct waiting_event events[EVENTS_AT_ONCE];
    unsigned check_count;
    struct {
        health_slot slot;
        bool urgent;
    } checks[CHECKS_AT_ONCE];
    uint64_t flush_ms; /* when what is not urgent is stored next */
};

struct news *control__create_news(void)
{
    return calloc(1, sizeof(struct news));
}

static void gather(struct control *control, bool urgent)
{
    struct news *news = control->news;
    health_slot slot;
    while (news->check_count < CHECKS_AT_ONCE &&
           (slot = board_take_news(control->board, urgent)) != HEALTH_NO_CHECK) {
        news->checks[news->check_count].slot = slot;
        news->checks[news->check_count++].urgent = urgent;
    }
}

static void gather_events(struct control *control)
{
    struct news *news = control->news;
    while (news->event_count < EVENTS_AT_ONCE &&
           board_take_event(control->board, &news->events[news->event_count].slot,
                            &news->events[news->event_count].event))
        news->event_count++;
}

/* The id of a check that is there; NULL: it was deleted meanwhile. */
static const char *live_id(const struct control *control, health_slot slot)
{
    const struct known_check *known = control__check_at(control, slot);
    return known != NULL && !known->is_deleted ? known->id : NULL;
}

static int store_statuses(struct control *control, struct problem *out_problem)
{
    const struct news *news = control->news;
    struct health_status status;
    int rc = 0;
    for (unsigned i = 0; rc == 0 && i < news->check_count; i++) {
        const char *id = live_id(control, news->checks[i].slot);
        if (id == NULL)
            continue;
        board_read(control->board, news->checks[i].slot, &status);
        rc = store_put_check_status(control->store, id, &status, true, out_problem);
    }
    return rc;
}

static int store_events(struct control *control, struct problem *out_problem)
{
    const struct news *news = control->news;
    int rc = 0;
    for (unsigned i = 0; rc == 0 && i < news->event_count; i++) {
        const char *id = live_id(control, news->events[i].slot);
        if (id != NULL)
            rc = store_add_check_event(control->store, id, &news->events[i].event, out_problem);
    }
    return rc;
}

/* The events stay where they are; the checks go back to the board, where later news of them join.
 */
static void keep_for_later(struct control *control)
{
    struct news *news = control->news;
    for (unsigned i = 0; i < news->check_count; i++)
        board_return_news(control->board, news->checks[i].slot, news->checks[i].urgent);
    news->check_count = 0;
}

static int store_gathered(struct control *control, struct problem *out_problem)
{
    struct news *news = control->news;
    if (news->event_count == 0 && news->check_count == 0)
        return 0;
    int rc = store_begin(control->store, out_problem);
    if (rc == 0)
        rc = store_statuses(control, out_problem);
    if (rc == 0)
        rc = store_events(control, out_problem);
    if (rc == 0)
        rc = store_commit_transaction(control->store, out_problem);
    if (rc == 0) {
        news->check_count = news->event_count = 0;
        return 0;
    }
    store_rollback(control->store);
    keep_for_later(control);
    return rc;
}

int control__store_news(struct control *control, struct problem *out_problem)
{
    gather_events(control);
    gather(control, true);
    return store_gathered(control, out_problem);
}

void control__store_all_news(struct control *control)
{
    const struct news *news = control->news;
    bool more = true;
    while (more) {
        gather_events(control);
        gather(control, true);
        gather(control, false);
        more = news->event_count == EVENTS_AT_ONCE || news->check_count == CHECKS_AT_ONCE;
        if (store_gathered(control, NULL) != 0)
            return;
    }
}

/* Both times may be 0: never. */
static uint64_t sooner(uint64_t a_ms, uint64_t b_ms)
{
    if (a_ms == 0 || b_ms == 0)
        return a_ms + b_ms;
    return a_ms < b_ms ? a_ms : b_ms;
}

static uint64_t tick_news(struct control *control, uint64_t now_ms, struct problem *out_problem)
{
    struct news *news = control->news;
    gather_events(control);
    gather(control, true);
    bool more = news->event_count == EVENTS_AT_ONCE || news->check_count == CHECKS_AT_ONCE;
    if (now_ms >= news->flush_ms || news->flush_ms > now_ms + FLUSH_EVERY_MS) { /* put back */
        gather(control, false);
        news->flush_ms = now_ms + FLUSH_EVERY_MS;
    }
    if (store_gathered(control, out_problem) != 0)
        return now_ms + RETRY_AFTER_MS;
    return more ? now_ms : news->flush_ms;
}

/* First what no disk and no lock can hold up: the overrides of a drill end by themselves. */
uint64_t control_tick(struct control *control, uint64_t now_ms, struct problem *out_problem)
{
    uint64_t next_ms = board_expire(control->board, now_ms);
    next_ms = sooner(next_ms, control__expire_drills(control, now_ms, out_problem));
    next_ms = sooner(next_ms, control__expire_shifts(control, now_ms, out_problem));
    next_ms = sooner(next_ms, control__turn_keys(control, now_ms));
    if (control__store_audit(control, out_problem) != 0)
        next_ms = sooner(next_ms, now_ms + RETRY_AFTER_MS);
    return sooner(next_ms, tick_news(control, now_ms, out_problem));
}
