/*
 * control/checks.h - the checks that are known, by their slots.
 */
#ifndef CONTROL_CHECKS_H
#define CONTROL_CHECKS_H

#include "internal.h"

struct known_check {
    char id[HEALTH_CHECK_ID_SIZE_MAX + 1]; /* the key of the tree; must stay the first member */
    health_slot slot;
    enum health_check_type type;
    bool is_deleted;
    bool is_stale; /* a deletion that is under way takes its row away */
};

/* NULL: nobody has that slot. */
const struct known_check *control__check_at(const struct control *control, health_slot slot);

/* Stores what the board has news of, in one transaction.  On an error it stays to be stored. */
int control__store_news(struct control *control, struct problem *out_problem);

#endif
