/*
 * api/call.h - one request as the resources see it: routed, its zone and arguments read.
 *
 * A resource function returns 0 or an SP_E... with the words in call->problem; the router makes the
 * error response of it.  On success `end` has written a response with api_call_answer or
 * api_call_json.
 */
#ifndef SIGNPOST_API_CALL_H
#define SIGNPOST_API_CALL_H

#include "door.h"

#include "signpost/api/api.h"
#include "signpost/http/target.h"

#include <jansson.h>

struct api_call;

/* One line of a table in router.c.  The pattern stands below /signpost/v1/; "{zone}" is the name
 * of a zone, which the router reads, "{id}" any other part, whose escapes are undone.  arguments:
 * the names a query may have, ended by NULL. */
struct api_route {
    const char *method;
    const char *pattern;
    const char *arguments[5];
    int (*begin)(struct api_call *call);                   /* NULL: nothing to do */
    int (*body)(struct api_call *call, struct span piece); /* NULL: collected into call->text */
    int (*end)(struct api_call *call);
    void (*gone)(struct api_call *call); /* frees call->state; NULL: it is in the arena */
};

struct api_call {
    struct api *api;
    struct http_exchange *exchange;
    struct door_visit visit;
    bool is_deferred;              /* routed only when the body is whole and its signature fits */
    struct route53_call *route53;  /* the Route 53 API's; NULL: not, or not routed yet */
    const char *changed_zone;      /* the id of the zone that it changes; NULL: none */
    const struct api_route *route; /* NULL while none was found */
    struct http_target target;
    uint8_t zone[DNS_NAME_SIZE_MAX]; /* "{zone}": wire, lower case */
    const char *zone_text;           /* with its final dot */
    const char *id;                  /* "{id}" */
    struct http_buffer text;         /* the body */
    uint64_t body_size;
    void *state; /* the resource's own */
    struct problem problem;
    uint64_t serial; /* waits until every worker has it */
    bool is_stored;  /* and no more for the disk */
    struct api_call *next;
    struct api_call **link; /* NULL: not waiting */
};

struct api {
    struct api_settings settings;
    struct door door;
    struct route53_settings route53;
    struct api_call *waiting;
};

/* The table of what stands below /signpost/v1/, as the document describes it. */
const struct api_route *api_routes(size_t *out_count);

struct control *api_call_control(const struct api_call *call);

/* Ends the call with what has been written into the response's body. */
int api_call_answer(struct api_call *call, const char *content_type);

/* Ends the call with a document, whose reference it takes over.  NULL: SP_ENOMEM. */
int api_call_json(struct api_call *call, json_t *document);

/* The response goes out only when what is stored will last, and every worker has the newest
 * snapshot. */
void api_call_wait(struct api_call *call);

/* Writes a document into the body, taking over the reference.  SP_ENOMEM. */
int api_write_json(struct http_buffer *buffer, json_t *document);

/* A response {"MEMBER":[...]}, one item after the other: a hundred thousand of them would make a
 * big tree. */
struct api_list {
    struct api_call *call;
    bool begun;
};
void api_list_open(struct api_list *list, struct api_call *call, const char *member);
int api_list_add(struct api_list *list, json_t *item); /* takes over the reference */
int api_list_close(struct api_list *list);             /* ends the call */

/* A string value of any octets; those that are not UTF-8 become question marks. */
json_t *api_json_text(const char *text);
json_t *api_json_name(const uint8_t *name); /* a wire name, as text with its final dot */
json_t *api_json_time(int64_t unix_s);      /* "2026-11-21T03:00:00Z" */
json_t *api_json_name_servers(const struct api_call *call, const struct hosted_zone *zone);

/* The body as a JSON object; the caller's reference.  SP_EINVAL. */
int api_call_document(struct api_call *call, json_t **out_document);

/* SP_EINVAL when the object has a member that the list, which ends with NULL, has not.  where goes
 * in front of the message: "changes[3]: ". */
int api_check_members(struct api_call *call, json_t *object, const char *where,
                      const char *const *known);

/* "0" or "1" (also "true", "false", "yes", "no"); not there: false.  SP_EINVAL. */
int api_call_flag(struct api_call *call, const char *name, bool *out_flag);

/* Reads a name out of a request: wire, lower case.  what is for the message.  SP_EINVAL. */
int api_call_name(struct api_call *call, const char *what, const char *text,
                  uint8_t out_name[DNS_NAME_SIZE_MAX]);

/* One of the seventeen types.  SP_EINVAL. */
int api_call_type(struct api_call *call, const char *text, uint16_t *out_type);

/* What stands in the table of routes: zones.c, records.c, dnssec.c, health.c, collections.c,
 * resources.c, recovery.c, shifts.c, drills.c, locations.c, explain.c, simulate.c, access_keys.c,
 * status.c, metrics.c. */
int api_status_end(struct api_call *call);
int api_openapi_end(struct api_call *call);
int api_healthz_end(struct api_call *call);
int api_keys_list_end(struct api_call *call);
int api_key_create_end(struct api_call *call);
int api_key_delete_end(struct api_call *call);
int api_audit_list_end(struct api_call *call);
int api_metrics_end(struct api_call *call);
int api_zones_list_end(struct api_call *call);
int api_zone_import_begin(struct api_call *call);
int api_zone_import_body(struct api_call *call, struct span piece);
int api_zone_import_end(struct api_call *call);
void api_zone_import_gone(struct api_call *call);
int api_zone_export_end(struct api_call *call);
int api_zone_delete_end(struct api_call *call);
int api_records_list_end(struct api_call *call);
int api_records_change_end(struct api_call *call);
int api_dnssec_read_end(struct api_call *call);
int api_dnssec_put_end(struct api_call *call);
int api_dnssec_rotate_end(struct api_call *call);
int api_checks_list_end(struct api_call *call);
int api_check_create_end(struct api_call *call);
int api_check_read_end(struct api_call *call);
int api_check_update_end(struct api_call *call);
int api_check_delete_end(struct api_call *call);
int api_check_override_end(struct api_call *call);
int api_check_clear_end(struct api_call *call);
int api_check_history_end(struct api_call *call);
int api_collections_list_end(struct api_call *call);
int api_collection_create_end(struct api_call *call);
int api_collection_read_end(struct api_call *call);
int api_collection_change_end(struct api_call *call);
int api_collection_delete_end(struct api_call *call);
int api_resources_list_end(struct api_call *call);
int api_resource_read_end(struct api_call *call);
int api_resource_put_end(struct api_call *call);
int api_resource_delete_end(struct api_call *call);
int api_alarms_list_end(struct api_call *call);
int api_alarm_read_end(struct api_call *call);
int api_alarm_set_end(struct api_call *call);
int api_alarm_delete_end(struct api_call *call);
int api_routing_controls_list_end(struct api_call *call);
int api_routing_control_create_end(struct api_call *call);
int api_routing_control_delete_end(struct api_call *call);
int api_routing_states_set_end(struct api_call *call);
int api_safety_rules_list_end(struct api_call *call);
int api_safety_rule_create_end(struct api_call *call);
int api_safety_rule_delete_end(struct api_call *call);
int api_shifts_list_end(struct api_call *call);
int api_shift_read_end(struct api_call *call);
int api_shift_start_end(struct api_call *call);
int api_shift_update_end(struct api_call *call);
int api_shift_cancel_end(struct api_call *call);
int api_locations_import_begin(struct api_call *call);
int api_latencies_import_begin(struct api_call *call);
int api_locations_import_body(struct api_call *call, struct span piece);
int api_locations_import_end(struct api_call *call);
void api_locations_import_gone(struct api_call *call);
int api_locations_export_end(struct api_call *call);
int api_latencies_export_end(struct api_call *call);
int api_location_read_end(struct api_call *call);
int api_drills_list_end(struct api_call *call);
int api_drill_read_end(struct api_call *call);
int api_drill_predict_end(struct api_call *call);
int api_drill_start_end(struct api_call *call);
int api_drill_restore_end(struct api_call *call);
int api_drill_report_put_end(struct api_call *call);
int api_drill_report_read_end(struct api_call *call);
int api_explain_end(struct api_call *call);
int api_simulate_end(struct api_call *call);

#endif
