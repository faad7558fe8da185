/*
 * probe/board.h - what every check says, and why: the results of probes added up.
 *
 * The board turns results into states: thresholds for each checker, their share, children, alarms
 * and routing controls, Disabled, Inverted, overrides.  It is the one writer of the health table;
 * a turn reaches answers before the call that caused it returns, and calculated checks turn in the
 * same call.  It opens no socket and reads no clock.
 *
 * Checks are known by their slot.  Two threads use a board, control and the prober; a lock inside
 * keeps them apart, and is never held for longer than one call takes.  Times are Unix milliseconds.
 */
#ifndef SIGNPOST_PROBE_BOARD_H
#define SIGNPOST_PROBE_BOARD_H

#include "signpost/health/table.h"
#include "signpost/model/health_status.h"

struct board;

/* The table must outlive the board; the list is copied.  NULL: no memory. */
struct board *board_create(struct health_table *table, const struct checker_list *checkers);
void board_destroy(struct board *board); /* NULL is fine */

const struct health_table *board_table(const struct board *board);
const struct checker_list *board_checkers(const struct board *board); /* never changes */

/* ---- control thread ---- */

/* What control says of a check.  Everything is copied. */
struct board_check {
    health_slot slot;
    const char *id;
    const struct health_check_config *config;
    const health_slot *children; /* config->child_count of them; a slot may have no check */
    const struct health_status *restored; /* what a restart brings back; NULL: it is new */
    /* Of a new one that nothing probes: what it is told at first. */
    bool begins_down;
    const char *reason; /* NULL: "" */
};

/* Makes a check, or gives it another config: then it keeps what it knows, checkers of Regions that
 * it has no more apart.  A new one is up until there is data (R-HCK-4), and so is one that is
 * enabled again (R-HCK-6), unless it is MANUAL.  A restored one says what it said, whatever
 * checkers there are now, until there is news.  SP_ENOMEM. */
int board_put(struct board *board, const struct board_check *check, uint64_t now_ms);

/* Its slot is up from then on (R-REC-10); results that come late are dropped. */
void board_remove(struct board *board, health_slot slot, uint64_t now_ms);

/* What a check that nothing probes is told: MANUAL, CLOUDWATCH_METRIC, RECOVERY_CONTROL. */
void board_observe(struct board *board, health_slot slot, bool up, const char *reason,
                   uint64_t now_ms);

/* Puts an override on a check, in the place of another, or takes it off (given is false), which
 * cannot fail.  SP_ENOMEM. */
int board_override(struct board *board, health_slot slot, const struct health_override *override,
                   uint64_t now_ms);

/* Takes off the overrides that have expired.  Returns when the next one will, 0: none. */
uint64_t board_expire(struct board *board, uint64_t now_ms);

void board_read(struct board *board, health_slot slot, struct health_status *out_status);

/* Checks that have turned, oldest first; false: there is no further one.  When nobody takes them,
 * those beyond HEALTH_EVENTS_WAITING_MAX are lost, oldest first; the states are not. */
bool board_take_event(struct board *board, health_slot *out_slot, struct health_event *out_event);

/* Checks of which anything that a restart should bring back is new since the last call: with
 * `urgent` only those whose effective status, config or override is.  Returns
 * HEALTH_NO_CHECK when there is none. */
health_slot board_take_news(struct board *board, bool urgent);
/* The same check again: it could not be stored. */
void board_return_news(struct board *board, health_slot slot, bool urgent);

/* A copy of the health table in which these checks say something else, and the calculated ones
 * what follows from it.  NULL: no memory. */
struct supposed_slot {
    health_slot slot;
    bool up;
    bool is_observation; /* `up` is what is observed: Disabled and Inverted still count */
};
struct health_table *board_suppose(struct board *board, const struct supposed_slot *supposed,
                                   unsigned count);

/* Who is told, on whatever thread it happens, that there are events or urgent news.  Set once,
 * before the prober starts. */
void board_on_news(struct board *board, void (*wake)(void *context), void *context);

/* ---- the prober's thread ---- */

/* What is to be looked at; changes only with the generation.  It is small, since there may be tens
 * of thousands. */
struct probe_target {
    health_slot slot;
    uint32_t generation;
    uint64_t checkers; /* a mask: whose turn it is to look */
    char id[HEALTH_CHECK_ID_SIZE_MAX + 1];
    enum health_check_type type;
    bool has_address;
    struct ip_prefix address;
    uint16_t port; /* the one that is used */
    uint8_t request_interval_s;
    bool enable_sni;
    char domain_name[HEALTH_CHECK_TEXT_SIZE_MAX + 1];
    char resource_path[HEALTH_CHECK_TEXT_SIZE_MAX + 1]; /* "/" when none was given */
    char search_string[HEALTH_CHECK_TEXT_SIZE_MAX + 1];
};

/* The next check that has come, changed or gone since the last call; false: none.  Checks that are
 * disabled, and those that nothing probes, are gone. */
struct board_order {
    health_slot slot;
    uint32_t generation;
    bool is_gone;
};
bool board_take_order(struct board *board, struct board_order *out_order);
/* false: it is gone meanwhile, or another generation; an order says so. */
bool board_read_target(struct board *board, const struct board_order *order,
                       struct probe_target *out_target);
void board_on_orders(struct board *board, void (*wake)(void *context), void *context);

/* What came of one probe.  Results of another generation are dropped. */
void board_report(struct board *board, health_slot slot, uint32_t generation, unsigned checker,
                  const struct probe_result *result);

/* ---- figures, any thread ---- */

/* Times that MeasureLatency asks for, added up since the start, by check and Region. */
struct latency_sums {
    uint64_t connection_count, tls_count, first_byte_count;
    double connection_ms, tls_ms, first_byte_ms;
};
void board_read_latencies(struct board *board, health_slot slot,
                          struct latency_sums out_sums[CHECKER_REGION_COUNT]);

#endif
