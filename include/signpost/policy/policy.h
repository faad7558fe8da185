/*
 * policy/policy.h - one group of record sets, one client, the health of this moment: which answers?
 *
 * The algorithm is R-HLT's: a group is searched for something healthy first, following aliases that
 * evaluate their target's health and backing out of those where nothing is; when there is nothing,
 * the group's last resort picks as if health were not looked at.  What each policy proposes, and in
 * which order, is one file each.
 * Nothing here allocates, locks or can fail; what is too deep or goes in circles gives
 * CHOICE_BROKEN.
 */
#ifndef SIGNPOST_POLICY_POLICY_H
#define SIGNPOST_POLICY_POLICY_H

#include "signpost/base/dice.h"
#include "signpost/policy/trace.h"
#include "signpost/zone/snapshot.h"

#include <stdbool.h>
#include <stdint.h>

/* A client as policies see it; located when the first of them asks. */
struct client {
    struct ip_prefix prefix; /* of the client-subnet option, else the packet's source (R-ECS-2) */
    bool is_from_subnet;
    bool is_located;
    bool has_origin;
    bool is_assumed; /* at us-east-1, for want of better (R-LAT-5, R-GPX-8) */
    enum place_source source;
    struct place place;
    struct latency_origin origin;
};

/* What stays the same while one question is answered. */
struct evaluation {
    const struct snapshot *snapshot;
    const struct zone *zone;
    const struct health_table *health;
    struct dice *dice;
    struct client client;
    struct trace *trace; /* NULL: nobody asks why */
    uint8_t scope;       /* how much of the client's prefix mattered so far (R-ECS-5) */
    uint32_t steps_left; /* POLICY_STEPS_MAX less the members of the groups searched */
    uint32_t failure_count;
    struct policy_failure {
        const struct group *group;
        bool is_last_resort;
    } failures[POLICY_FAILURES_KEPT]; /* groups known to hold nothing for this client: not searched
                                         twice */
};

void evaluation_init(struct evaluation *evaluation, const struct snapshot *snapshot,
                     const struct health_table *health, struct dice *dice, struct trace *trace);

enum choice_kind {
    CHOICE_FOUND,
    CHOICE_NOTHING, /* no member applies: no answer (R-ANS-20, R-GEO-6) */
    CHOICE_BROKEN,  /* a loop, or too deep: SERVFAIL (R-HLT-18) */
};

/* What answers: the records of one set, or of several multivalue members, under one TTL. */
struct choice {
    enum choice_kind kind;
    bool is_drawn;  /* some of more (R-MVA-2): one of too many selections to be foreseen */
    bool gives_one; /* one record of the set, at random (R-ALI-14) */
    uint8_t set_count;
    uint32_t ttl_s;
    const struct rrset *sets[MULTIVALUE_MAX]; /* in the order in which they are sent */
};

/* Any thread, with an evaluation of its own whose zone is set. */
void policy_choose(struct evaluation *evaluation, const struct group *group,
                   struct choice *out_choice);

#endif
