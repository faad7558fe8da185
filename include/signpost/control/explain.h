/*
 * control/explain.h - one question, its answer, and why it is that one.
 *
 * A real query packet goes through the code that answers the network, over the snapshot that is
 * published; only the trace is added.  Whoever is said to ask is believed, so client-subnet (the
 * configuration) does not count here.  Control thread only.
 */
#ifndef SIGNPOST_CONTROL_EXPLAIN_H
#define SIGNPOST_CONTROL_EXPLAIN_H

#include "signpost/control/control.h"
#include "signpost/dns/message.h"
#include "signpost/policy/trace.h"

/* Who asks what. */
struct question {
    uint8_t name[DNS_NAME_SIZE_MAX]; /* wire */
    uint16_t type;
    bool has_subnet; /* the query carries a client-subnet option with `subnet` */
    struct ip_prefix subnet;
    struct ip_prefix source; /* the address that the packet comes from */
};

/* Checks that are taken to be up or down whatever they are, and the calculated ones with them:
 * nobody else sees anything of it. */
struct supposed_check {
    const char *id;
    bool up;
    bool is_observation; /* Disabled, Inverted and an override still count */
};
struct supposition {
    const struct supposed_check *checks;
    unsigned count; /* at most SUPPOSED_CHECKS_MAX */
};

/* Everything in it lives until it is destroyed: it holds on to what was published. */
struct explanation {
    const struct trace *trace;
    struct span reply; /* as it would go over TCP */
    uint8_t rcode;
    bool is_authoritative; /* else it is a referral or an error */
    bool is_truncated;     /* too large even for TCP */
    unsigned answer_count;
    const struct reply_record *answers; /* of the Answer section, in its order */
    bool has_scope;                     /* the reply has a client-subnet option */
    uint8_t scope;

    /* Where the client is, whether a policy asked for it or not. */
    const struct ip_prefix *client;
    enum place_source place_source;
    struct place place;
};

/* seed: of the dice.  A supposition may be NULL.  SP_ENOENT: there is no such health check. */
int control_explain(struct control *control, const struct question *question,
                    const struct supposition *supposition, uint64_t seed,
                    struct explanation **out_explanation, struct problem *out_problem);
/* The same of one public zone alone, whether DNS is answered from it or not, and whatever zones lie
 * above or below it (R-TST-1); the name must be within it.  strangers: where a client is that
 * neither the location table nor a file knows; NULL: nowhere.  Without a supposition. */
int control_explain_zone(struct control *control, const struct hosted_zone *zone,
                         const struct question *question, const struct place *strangers,
                         uint64_t seed, struct explanation **out_explanation,
                         struct problem *out_problem);
void explanation_destroy(struct explanation *explanation); /* NULL is fine */

/* The records that a member stands for: its own, those of the resource it leads to, or those of a
 * plain record set that it leads to.  NULL: it leads to a group, or nowhere. */
const struct rrset *explanation_leaf(const struct explanation *explanation,
                                     const struct group *group, const struct member *member);

#endif
