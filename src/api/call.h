/*
 * api/call.h - one request as the resources see it: routed, its zone and arguments read.
 *
 * A resource function returns 0 or an SP_E... with the words in call->problem; the router makes the
 * error response of it.  On success `end` has written a response with api_call_answer or
 * api_call_json.
 */
#ifndef SIGNPOST_API_CALL_H
#define SIGNPOST_API_CALL_H

#include "signpost/api/api.h"
#include "signpost/http/target.h"

#include <jansson.h>

struct api_call;

/* One line of the table in router.c.  The pattern stands below /signpost/v1/; "{zone}" is the name
 * of a zone, which the router reads.  arguments: the names a query may have, ended by NULL. */
struct api_route {
    const char *method;
    const char *pattern;
    const char *arguments[4];
    int (*begin)(struct api_call *call);                   /* NULL: nothing to do */
    int (*body)(struct api_call *call, struct span piece); /* NULL: collected into call->text */
    int (*end)(struct api_call *call);
    void (*gone)(struct api_call *call); /* frees call->state; NULL: it is in the arena */
};

struct api_call {
    struct api *api;
    struct http_exchange *exchange;
    const struct api_route *route; /* NULL while none was found */
    struct http_target target;
    uint8_t zone[DNS_NAME_SIZE_MAX]; /* "{zone}": wire, lower case */
    const char *zone_text;           /* with its final dot */
    struct http_buffer text;         /* the body */
    uint64_t body_size;
    void *state; /* the resource's own */
    struct problem problem;
    uint64_t serial; /* waits until every worker has it */
    struct api_call *next;
    struct api_call **link; /* NULL: not waiting */
};

struct api {
    struct api_settings settings;
    struct api_call *waiting;
};

struct control *api_call_control(const struct api_call *call);

/* Ends the call with what has been written into the response's body. */
int api_call_answer(struct api_call *call, const char *content_type);

/* Ends the call with a document, whose reference it takes over.  NULL: SP_ENOMEM. */
int api_call_json(struct api_call *call, json_t *document);

/* The response goes out only when every worker has the newest snapshot. */
void api_call_wait(struct api_call *call);

/* Writes a document into the body, taking over the reference.  SP_ENOMEM. */
int api_write_json(struct http_buffer *buffer, json_t *document);

/* A string value of any octets; those that are not UTF-8 become question marks. */
json_t *api_json_text(const char *text);
json_t *api_json_name(const uint8_t *name); /* a wire name, as text with its final dot */
json_t *api_json_name_servers(const struct api_call *call, const struct hosted_zone *zone);

/* "0" or "1" (also "true", "false", "yes", "no"); not there: false.  SP_EINVAL. */
int api_call_flag(struct api_call *call, const char *name, bool *out_flag);

/* Reads a name out of a request: wire, lower case.  what is for the message.  SP_EINVAL. */
int api_call_name(struct api_call *call, const char *what, const char *text,
                  uint8_t out_name[DNS_NAME_SIZE_MAX]);

/* One of the seventeen types.  SP_EINVAL. */
int api_call_type(struct api_call *call, const char *text, uint16_t *out_type);

/* What stands in the table of routes: zones.c, records.c, status.c. */
int api_status_end(struct api_call *call);
int api_zones_list_end(struct api_call *call);
int api_zone_import_begin(struct api_call *call);
int api_zone_import_body(struct api_call *call, struct span piece);
int api_zone_import_end(struct api_call *call);
void api_zone_import_gone(struct api_call *call);
int api_zone_export_end(struct api_call *call);
int api_zone_delete_end(struct api_call *call);
int api_records_list_end(struct api_call *call);
int api_records_change_end(struct api_call *call);

#endif
