/*
 * reply.h - one reply while it is being put together; what the files of answer/ share.
 */
#ifndef SIGNPOST_ANSWER_REPLY_H
#define SIGNPOST_ANSWER_REPLY_H

#include "signpost/answer/answer.h"
#include "signpost/dns/writer.h"
#include "signpost/policy/policy.h"
#include "signpost/sign/nsec.h"
#include "signpost/zone/signing.h"

/* Sets that a reply knows it holds.  When there are more, no further addresses join them: they
 * might be there already. */
#define REPLY_SETS_MAX 64

struct reply_set {
    const struct rrset *set;
    const uint8_t *owner; /* wire, lower case */
};

/* Who owns records in a reply. */
struct reply_owner {
    struct dns_owner at;
    const uint8_t *name; /* wire, lower case; lives as long as the reply */
    uint64_t hash;       /* of that name */
    bool is_foreseen;    /* the zone holds it: it is not just what somebody asked for */
    bool is_delegated;   /* at or below a cut: not ours to sign (R-SEC-15) */
};

struct reply {
    const struct view *view;
    const struct zone *zone;
    const struct dns_query *query;
    struct dns_writer writer;
    enum dns_rcode rcode;
    bool authoritative;
    bool truncated;
    bool is_signing; /* the client wants signatures, and the zone has them (R-SEC-10) */
    int sign_rc;     /* why a signature could not be had */
    unsigned set_count;
    struct reply_set sets[REPLY_SETS_MAX]; /* what was written, in order */
    struct trace *trace;                   /* NULL: nobody asks why */
    bool is_evaluating;                    /* the evaluation below is set up: a policy was met */
    struct evaluation evaluation;
};

/* Writes a set in random order (R-ANS-17), its signature behind it, and remembers it.  false: it
 * did not fit, or could not be signed, and nothing was written. */
bool reply__put(struct reply *reply, enum dns_section section, const struct reply_owner *owner,
                const struct rrset *set);

/* The same without a signature: what a delegation hands over (R-SEC-15). */
bool reply__put_unsigned(struct reply *reply, enum dns_section section,
                         const struct reply_owner *owner, const struct rrset *set);

/* What a group answers this client with.  Apart from the rest, so that records without a policy pay
 * nothing for it. */
void reply__choose(struct reply *reply, const struct group *group, struct choice *out_choice);

/* Writes what was chosen as one record set with one signature, or nothing of it. */
bool reply__put_choice(struct reply *reply, enum dns_section section,
                       const struct reply_owner *owner, const struct choice *choice);

/* Writes the zone's SOA with the negative TTL, or its NS, into Authority: in their stored order,
 * which for the NS is by name (R-ANS-14). */
bool reply__put_soa(struct reply *reply);
bool reply__put_ns(struct reply *reply);

/* Whether a set of that type and owner is in the reply already. */
bool reply__holds(const struct reply *reply, uint16_t type, const uint8_t *owner_name);

/* Gives up what was written.  Without room for it TC alone tells the client to come back over TCP
 * (R-ANS-23), where there is more room; and so it does where signatures may not be made as fast as
 * strangers ask.  Over TCP, or when they cannot be made at all, it is SERVFAIL. */
void reply__give_up(struct reply *reply);

/* Addresses of the names that the reply's sets from first on point to (R-ANS-16), each once.  Glue,
 * the addresses at or below a delegation, only where it is asked for.  Ends with the first set that
 * does not fit, and is then false (RFC 9471: a referral without its glue must be truncated). */
bool reply__add_addresses(struct reply *reply, unsigned first, bool with_glue);

/* ---- signing.c: only while is_signing ---- */

/* The signature of a set that was written into that section just now, as these parts. */
bool reply__sign(struct reply *reply, enum dns_section section, const struct reply_owner *owner,
                 const struct sign_subject *set);

/* The owner's NSEC record and its signature. */
bool reply__put_nsec(struct reply *reply, enum dns_section section, const struct reply_owner *owner,
                     enum nsec_form form, uint16_t lacking);

/* The signature of that record alone. */
bool reply__put_nsec_signature(struct reply *reply, const struct reply_owner *owner,
                               enum nsec_form form);

/* A set of the apex that key-signing keys have signed, with their signatures if they are wanted. */
bool reply__put_signed_ahead(struct reply *reply, const struct reply_owner *owner,
                             const struct signed_set *set);

#endif
