/*
 * route53/route53.h - the Route 53 API, version 2013-04-01: from a request to what it is answered.
 *
 * Whoever carries requests (api/) verifies them first; what stands here routes, reads, runs and
 * writes. Control thread only.
 */
#ifndef SIGNPOST_ROUTE53_ROUTE53_H
#define SIGNPOST_ROUTE53_ROUTE53_H

#include "signpost/base/arena.h"
#include "signpost/base/span.h"
#include "signpost/control/control.h"
#include "signpost/http/exchange.h"

#include <stdbool.h>
#include <stdint.h>

struct route53_settings {
    struct control *control;
    const char *location_base; /* "https://route53.amazonaws.com": A-HTTP-7 */
    /* Account number in ARNs and in HostedZoneOwner: 12 digits. */
    const char *account_id;
};

struct route53_call;
struct route53_operation;

#define ROUTE53_XMLNS "https://route53.amazonaws.com/doc/2013-04-01/"

/* Whether a target ("/2013-04-01/hostedzone?...") is the Route 53 API's, of this version or
 * another: its first part is a date. */
bool route53_owns(const char *target);

/* What a key may be asked about, once the request is routed. */
struct route53_intent {
    const char *operation; /* "CreateHostedZone" */
    bool writes;           /* it changes something */
    const char *zone_id;   /* the zone in the path, bare; NULL: not about one zone */
    const char *resource;  /* "hostedzone/Z1": below "arn:aws:route53:::" */
};

/* Routes the request.  NULL: the response holds the refusal (404, 405, another version ...), its
 * body carrying request_id.  The call and all it needs live in the exchange's arena. */
struct route53_call *route53_begin(const struct route53_settings *settings,
                                   struct http_exchange *exchange, const char *request_id,
                                   struct route53_intent *out_intent);

/* What came of it, for the audit and for waiting. */
struct route53_outcome {
    const char *code; /* "NoSuchHostedZone"; NULL: it went well */
    const char *why;  /* the sentence beside it, in the arena; "" */
    const char *zone; /* origin or id of the zone it was about, NULL: none */
    bool changed;     /* to be sent when every worker has what is published */
};

/* Reads the body, runs the operation and writes the response, good or bad. */
void route53_run(struct route53_call *call, struct span body, struct route53_outcome *out_outcome);

/* Writes an error of the door: MissingAuthenticationToken, AccessDenied ... with that status. */
void route53_write_error(struct http_exchange *exchange, const char *request_id, unsigned status,
                         const char *code, const char *message);

#endif
