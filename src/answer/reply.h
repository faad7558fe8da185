/*
 * reply.h - one reply while it is being put together; what the files of answer/ share.
 */
#ifndef SIGNPOST_ANSWER_REPLY_H
#define SIGNPOST_ANSWER_REPLY_H

#include "signpost/answer/answer.h"
#include "signpost/dns/writer.h"
#include "signpost/policy/policy.h"

/* Sets that a reply knows it holds.  When there are more, no further addresses join them: they
 * might be there already. */
#define REPLY_SETS_MAX 64

struct reply_set {
    const struct rrset *set;
    const uint8_t *owner; /* wire, lower case */
};

struct reply {
    const struct view *view;
    const struct zone *zone;
    const struct dns_query *query;
    struct dns_writer writer;
    enum dns_rcode rcode;
    bool authoritative;
    bool truncated;
    unsigned set_count;
    struct reply_set sets[REPLY_SETS_MAX]; /* what was written, in order */
    struct trace *trace;                   /* NULL: nobody asks why */
    bool is_evaluating;                    /* the evaluation below is set up: a policy was met */
    struct evaluation evaluation;
};

/* Writes a set in random order (R-ANS-17) and remembers it.  owner_name: the same owner as a wire
 * name that lives as long as the reply.  false: it did not fit. */
bool reply__put(struct reply *reply, enum dns_section section, struct dns_owner owner,
                const uint8_t *owner_name, const struct rrset *set);

/* What a group answers this client with.  Apart from the rest, so that records without a policy pay
 * nothing for it. */
void reply__choose(struct reply *reply, const struct group *group, struct choice *out_choice);

/* Writes what was chosen as one record set, or nothing of it.  false: it did not fit. */
bool reply__put_choice(struct reply *reply, enum dns_section section, struct dns_owner owner,
                       const uint8_t *owner_name, const struct choice *choice);

/* Writes the zone's SOA with the negative TTL, or its NS, into Authority: in their stored order,
 * which for the NS is by name (R-ANS-14). */
bool reply__put_soa(struct reply *reply);
bool reply__put_ns(struct reply *reply);

/* Whether a set of that type and owner is in the reply already. */
bool reply__holds(const struct reply *reply, uint16_t type, const uint8_t *owner_name);

/* Gives up what was written: TC alone tells the client to come back over TCP (R-ANS-23). */
void reply__truncate(struct reply *reply);

/* Addresses of the names that the reply's sets from first on point to (R-ANS-16), each once.  Glue,
 * the addresses at or below a delegation, only where it is asked for.  Ends with the first set that
 * does not fit, and is then false (RFC 9471: a referral without its glue must be truncated). */
bool reply__add_addresses(struct reply *reply, unsigned first, bool with_glue);

#endif
