/*
 * api/door.h - who comes in, what they may do, and the line about it in the audit.
 *
 * One visit a request:
 *
 *     begin   door_enter       the head is known: who says to be there, is the clock right
 *     body    door_body        every piece, as it comes
 *     end     door_check       the body is whole: the signature fits (A-ERR-5: before routing
 * errors) door_may_...     the request is routed: may that key do this; from here on the next
 * commit of the store takes the audit row along (the operation, in the same turn of the loop)
 *             door_leave       what came of it
 *     gone    door_finish
 *
 * Each of the first four returns true when the request may go on; false: the response holds the
 * refusal and the audit knows.  Nothing is required over the control socket, nor where signatures
 * are not required, and all of them then say true.  Control thread only.
 */
#ifndef SIGNPOST_API_DOOR_H
#define SIGNPOST_API_DOOR_H

#include "signpost/api/api.h"
#include "signpost/base/dice.h"
#include "signpost/control/access_keys.h"
#include "signpost/http/exchange.h"
#include "signpost/model/access_key.h"
#include "signpost/model/uuid.h"
#include "signpost/route53/route53.h"
#include "signpost/sigv4/sigv4.h"

#include <stdbool.h>

struct door {
    struct control *control;
    enum door_rule rule;
    unsigned skew_s;        /* how far the client's clock may be off (A-SIG-3) */
    const char *account_id; /* in the names of users in refusals: 12 digits */
    struct dice dice;       /* for request ids */
    uint64_t minute;        /* of the refusals counted below */
    unsigned refused;       /* those of that minute that the audit has */
    uint64_t untold;        /* those that were only counted since it was told last */
};

struct door_visit {
    struct door *door; /* NULL: not entered */
    struct http_exchange *exchange;
    char request_id[UUID_TEXT_SIZE]; /* set by door_enter */
    bool is_route53;                 /* refusals are written as the Route 53 API does */
    bool is_required;                /* the request must be signed */
    bool settled; /* nothing is left for door_check but the hash of the body: routing errors may be
                     told at once */
    bool is_checked;              /* door_check has been passed */
    const struct access_key *key; /* in the arena; NULL: none is needed, everything is allowed */
    struct sigv4_claim claim;     /* zeroed where there is none that can be read */
    struct sigv4_digest *digest;  /* of the body; NULL: nobody asks for it */
    char payload_hash[SIGV4_HEX_SIZE]; /* what it must be, once the visit is settled */
    struct audit_entry *entry; /* in the arena: what will have been changed; NULL: nothing */
};

/* The visit is zeroed memory in the exchange's arena.  The Host and Origin checks against browsers
 * are made here too, wherever no signature proves who is asking. */
bool door_enter(struct door *door, struct http_exchange *exchange, struct door_visit *visit);
bool door_body(struct door_visit *visit, struct span piece);
bool door_check(struct door_visit *visit);

/* A request of the Route 53 API, as route53_begin has read it. */
bool door_may_route53(struct door_visit *visit, const struct route53_intent *intent);

/* One of /signpost/v1/: the route's method and pattern, and the zone in the path (wire, lower case;
 * NULL: none). */
bool door_may_native(struct door_visit *visit, const char *pattern, const uint8_t *zone);

/* How an operation that was let through has ended, told at any time after door_may_...: code NULL
 * for well, zone a text that is better than the one of the path or NULL.  Harmless when nothing was
 * let through, or when the commit has taken the row along already. */
void door_leave(struct door_visit *visit, const char *code, const char *zone);

/* Frees what is not in the arena.  A visit that was never entered is fine. */
void door_finish(struct door_visit *visit);

#endif
