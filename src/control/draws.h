/*
 * control/draws.h - how often each member of the weighted groups was taken, and how often it should
 * have been.
 *
 * Whether a member stands (its check is up, its target holds something healthy) does not depend on
 * dice, so it is the same for all questions of one client.  Members that were drawn and then left
 * are out of play; what the others got is, question by question, chance by their weights alone.  So
 * the counts of a client are set against the shares of the members in play, and clients are added
 * up as far as the same members were in play: then a chi-square test is exact.
 */
#ifndef CONTROL_DRAWS_H
#define CONTROL_DRAWS_H

#include "signpost/base/arena.h"
#include "signpost/control/simulate.h"

#define VISITS_PER_CLIENT 64 /* weighted groups that the questions of one client come by */

/* One weighted group during one pass, as one client has seen it. */
struct visit {
    const struct group *group;
    bool is_last_resort;
    bool is_out[GROUP_MEMBERS_MAX]; /* left after it was drawn, or its check is down */
    unsigned taken[GROUP_MEMBERS_MAX];
};

/* Starts as zeros. */
struct draws {
    struct visit visits[VISITS_PER_CLIENT];
    unsigned visit_count;
    struct simulated_group groups[SIMULATION_GROUPS_MAX];
    unsigned group_count;
    bool lacks_groups; /* there was no room for some */
};

/* Counts what one question drew. */
void draws__count(struct draws *draws, const struct trace *trace);

/* The client has asked its last question: adds its counts to the groups, whose members are in the
 * arena.  SP_ENOMEM. */
int draws__settle_client(struct draws *draws, struct arena *arena);

#endif
