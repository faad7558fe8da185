/*
 * policy/internal.h - what a policy is to the search, and the search to a policy.
 */
#ifndef POLICY_INTERNAL_H
#define POLICY_INTERNAL_H

#include "signpost/policy/policy.h"

/* Bits for the members of one group. */
#define SEQUENCE_WORDS ((GROUP_MEMBERS_MAX + 63) / 64)

/* One group being searched: the members that were proposed so far, and what the policy needs to
 * propose the next.  Lives on the stack of the search. */
struct sequence {
    struct evaluation *evaluation;
    const struct group *group;
    bool is_last_resort; /* nothing is healthy: R-HLT-9 */
    uint8_t depth;
    uint64_t proposed[SEQUENCE_WORDS];
    union {
        struct {
            uint32_t sum; /* of the weights of members not proposed yet */
            uint32_t draw, total;
        } weighted;
        struct {
            const struct member *match; /* NULL: no member for the client's location */
            uint8_t length;             /* of the block that matched */
        } cidr;
        double scores[GROUP_MEMBERS_MAX]; /* latency in ms, biased distance in km; by member */
    } by;
};

/* One routing policy.  begin and describe may be NULL. */
struct policy {
    void (*begin)(struct sequence *sequence);
    /* The member to try now, each one once; NULL: there is no other. */
    const struct member *(*next)(struct sequence *sequence);
    /* Puts into a trace step what the policy knows of a member, and for one that was not proposed
     * why it was not. */
    void (*describe)(const struct sequence *sequence, const struct member *member,
                     struct trace_step *step);
};

extern const struct policy policy__simple;
extern const struct policy policy__weighted;
extern const struct policy policy__latency;
extern const struct policy policy__failover;
extern const struct policy policy__geolocation;
extern const struct policy policy__cidr;
extern const struct policy policy__geoproximity;

/* Multivalue proposes a set, not a sequence.  false: no member is healthy. */
bool policy__multivalue(struct evaluation *evaluation, const struct group *group,
                        bool is_last_resort, unsigned depth, struct choice *out_choice);

static inline bool sequence__has(const struct sequence *sequence, unsigned index)
{
    return (sequence->proposed[index / 64] >> index % 64 & 1) != 0;
}

/* Marks a member as proposed and returns it. */
static inline const struct member *sequence__propose(struct sequence *sequence, unsigned index)
{
    sequence->proposed[index / 64] |= (uint64_t)1 << index % 64;
    return &sequence->group->members[index];
}

static inline unsigned sequence__index(const struct sequence *sequence, const struct member *member)
{
    return (unsigned)(member - sequence->group->members);
}

/* The member with the lowest score that was not proposed yet, the first of equals; NULL: none. */
const struct member *sequence__propose_lowest(struct sequence *sequence);

/* Notes that this policy looked at the client (R-ECS-5) and says where the client is. */
const struct place *client__place(struct evaluation *evaluation);

/* The same for latencies and distances, which an unlocated client has from us-east-1. */
const struct latency_origin *client__origin(struct evaluation *evaluation);

/* Puts what is known of the client into the trace. */
void client__tell(const struct evaluation *evaluation);

/* Notes that an answer holds for so many bits of the client's prefix. */
void client__widen_scope(struct evaluation *evaluation, unsigned length);

#endif
