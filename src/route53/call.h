/*
 * route53/call.h - one request of the Route 53 API as its operation sees it: routed, read, checked.
 */
#ifndef ROUTE53_CALL_H
#define ROUTE53_CALL_H

#include "refusal.h"

#include "signpost/control/control.h"
#include "signpost/route53/route53.h"
#include "signpost/xml/document.h"

struct route53_call {
    struct control *control;
    const struct route53_settings *settings;
    struct http_exchange *exchange;
    const char *request_id;
    bool is_wrong_method; /* the path is right, the method is not: 405 */
    struct arena *arena;  /* of the request: everything that goes into the response may live here */
    const struct route53_operation *operation;

    /* The variables of the path, escapes undone, an id's own prefix taken off (A-ID-1) but for tags
     * (A-ID-2).  NULL: the pattern has none such. */
    const char *zone, *id, *name, *version, *type;

    const void *query; /* struct r53_..._query, zeroed where nothing was given; NULL: takes none */
    const void *body;  /* struct r53_..._request, checked against its shape; NULL: takes none */
    void *response;    /* struct r53_..._response, zeroed; NULL: an empty root */

    const char *location;   /* for 201: "hostedzone/Z...", below the base and version (A-HTTP-7) */
    const char *audit_zone; /* origin or id of the zone that this is about, for the audit */
    bool changed;           /* answered when every worker has what is published */
    struct problem problem; /* what control had to say */
    struct route53_refusal refusal;
};

/* ---- call.c: what operations share ---- */

/* A zeroed piece of the arena as that struct, and the problem of having none. */
#define ROUTE53_NEW(call, type) ((type *)arena_alloc((call)->arena, sizeof(type)))
int route53_no_memory(struct route53_call *call);

/* What to return after control has failed with rc, when no code of the API's fits better: no room
 * on the disk, a damaged or locked database, no memory -> InternalFailure or ServiceUnavailable;
 * anything else InvalidInput with the problem's words. */
int route53_pass(struct route53_call *call, int rc);

/* The zone of the path or of any id (bare or with "/hostedzone/"): NoSuchHostedZone with the id as
 * given when there is none. */
int route53_find_zone(struct route53_call *call, const char *id, struct hosted_zone *out_zone);

/* An id without its own prefix: "/hostedzone/Z1" -> "Z1" for kind "hostedzone". */
const char *route53_bare_id(const char *id, const char *kind);

/* The `ChangeInfo` of a change; NULL: no memory. */
struct r53_change_info *route53_change_info(struct route53_call *call, const struct change *change);

/* MaxItems or MaxResults (A-XML-11): NULL or "" gives fallback; above most is most; what is no
 * number or below 1 is InvalidInput. */
int route53_page_size(struct route53_call *call, const char *text, unsigned fallback, unsigned most,
                      unsigned *out_size);
const char *route53_number(struct route53_call *call, uint64_t number); /* as text, in the arena */

/* Tokens of lists with NextToken: opaque to the client, made of any text.  open returns NULL for
 * one that we did not make. */
const char *route53_token_make(struct route53_call *call, const char *text);
const char *route53_token_open(struct route53_call *call, const char *token);

/* A copy in the arena.  NULL: no memory. */
const char *route53_copy(struct route53_call *call, const char *text);

/* Names (A-NAM).  The text as Route 53 lists it: escaped, with its final dot; in the arena. */
const char *route53_name_text(struct route53_call *call, const uint8_t *name);

/* names.c: reads a name of a request (A-NAM-1, A-NAM-2, A-NAM-5) to wire form, lower case.  NULL
 * when it went well, else "FATAL problem: ..." in the arena.  lenient: octets above 0x7e count as
 * escaped (start parameters of lists). */
const char *route53_read_name(struct arena *arena, const char *text, bool lenient,
                              uint8_t out_name[DNS_NAME_SIZE_MAX]);

#endif
