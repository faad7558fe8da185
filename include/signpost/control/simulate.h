/*
 * control/simulate.h - one question asked many times, by many clients: what comes of it how often.
 *
 * Each question goes the whole way of control/explain.h.  Results of several simulations of the
 * same question can be added up: they are counts.  Control thread only.
 */
#ifndef SIGNPOST_CONTROL_SIMULATE_H
#define SIGNPOST_CONTROL_SIMULATE_H

#include "signpost/control/explain.h"

struct simulation_plan {
    struct question question; /* its subnet is each client in turn */
    const struct ip_prefix *clients;
    unsigned client_count;
    unsigned queries_each;
    uint64_t seed;
    const struct supposition *supposition; /* NULL: health as it is */
};

/* Answers are equal when they give the same records in whatever order, through the same members. */
struct simulated_answer {
    uint8_t rcode;
    const char *members;  /* labels of those that were taken: "DE -> blue"; "" when nothing chose */
    unsigned value_count; /* of the last record set of the Answer section */
    const char *const *values; /* as in a zone file, sorted; with the type in front if that is not
                                  the one asked for */
};

struct simulated_share {
    unsigned answer; /* index */
    unsigned count;
};

struct simulated_client {
    struct ip_prefix prefix;
    unsigned share_count;
    const struct simulated_share *shares;
    unsigned other_count; /* answers beyond SIMULATION_ANSWERS_MAX */
};

/* A weighted group, and those of its members that were in play: all others were down, led nowhere,
 * or had weight 0 while others stood.  A group comes several times when other members were in play
 * for other clients. */
struct simulated_group {
    const struct group *group;
    bool is_last_resort;
    uint64_t draw_count;
    unsigned member_count;
    struct simulated_member {
        const struct member *member;
        uint64_t observed;
        double expected; /* by its share of the weights in play */
    } * members;
};

struct simulation {
    uint64_t query_count;
    unsigned client_count;
    const struct simulated_client *clients;
    unsigned answer_count;
    const struct simulated_answer *answers;
    unsigned group_count;
    const struct simulated_group *groups;
    bool lacks_groups; /* there were more than SIMULATION_GROUPS_MAX */
};

/* Everything in the simulation lives until it is destroyed.  SP_ENOENT: no such health
 * check; SP_ELIMIT: more than SIMULATION_QUERIES_MAX, or SIMULATION_STEPS_MAX on the way. */
int control_simulate(struct control *control, const struct simulation_plan *plan,
                     struct simulation **out_simulation, struct problem *out_problem);
void simulation_destroy(struct simulation *simulation); /* NULL is fine */

#endif
