/*
 * probe/watched.h - one check on the board: its checkers, its children, what is observed.
 *
 * Under the board's lock.
 */
#ifndef PROBE_WATCHED_H
#define PROBE_WATCHED_H

#include "signpost/probe/board.h"

struct watched {
    health_slot slot;
    uint32_t generation; /* of what the prober shall look at */
    char id[HEALTH_CHECK_ID_SIZE_MAX + 1];
    enum health_check_type type;
    bool inverted, disabled;
    uint8_t failure_threshold;
    uint16_t health_threshold;
    struct probe_target *target; /* endpoint types that are not disabled; NULL: nothing to probe */
    struct latency_sums *sums;   /* one for each Region; NULL: not measured */
    struct health_override *override; /* NULL: none */

    unsigned checker_count; /* endpoint types */
    uint64_t checkers;      /* a mask: places in the list of all checkers */
    struct checker_status *seen;

    unsigned child_count;
    health_slot *children;
    unsigned parent_count, parent_room;
    health_slot *parents; /* calculated checks that have this one as a child */

    bool observed;
    bool keeps_observed;                      /* restored, and nobody knows better yet */
    char observed_reason[HEALTH_REASON_SIZE]; /* of what was told */
    uint16_t healthy_count, watched_count;
};

/* NULL: no memory.  Not known to its children yet. */
struct watched *watched__create(const struct board_check *check,
                                const struct checker_list *checkers, uint64_t now_ms);
void watched__destroy(struct watched *watched); /* NULL is fine */

/* Moves into a check with a new config what the old one knew, parents and override too. */
void watched__take_over(struct watched *fresh, struct watched *old);

bool watched__add_parent(struct watched *child, health_slot parent); /* false: no memory */
void watched__remove_parent(struct watched *child, health_slot parent);

/* Works out what checkers and children say.  The table has the state of the children. */
void watched__observe(struct watched *watched, const struct health_table *table);

bool watched__effective(const struct watched *watched); /* R-HCK-5, or the override */
bool watched__is_set(const struct watched *watched);    /* an override of the whole check stands */

/* false: no memory. */
bool watched__set_override(struct watched *watched, const struct health_override *override);

/* Takes in the result of a probe.  Returns whether the checker's verdict has turned (R-HCE-18). */
bool watched__report(struct watched *watched, struct checker_status *seen,
                     const struct probe_result *result);

/* What the checker at that place of the list thinks; NULL: it does not look at this check. */
struct checker_status *watched__seen_by(const struct watched *watched, unsigned checker);

void watched__read(const struct watched *watched, struct health_status *out_status);

/* ---- slots in the order in which they came, each at most once ---- */

struct slot_queue {
    uint32_t room;
    uint32_t first, count;
    health_slot *ring;
    bool *is_in; /* by slot */
};

bool slot_queue__init(struct slot_queue *queue, uint32_t slot_count); /* false: no memory */
void slot_queue__finish(struct slot_queue *queue);
void slot_queue__add(struct slot_queue *queue, health_slot slot);
health_slot slot_queue__take(struct slot_queue *queue); /* HEALTH_NO_CHECK: empty */

#endif
