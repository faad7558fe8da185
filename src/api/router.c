/*
 * From a request to the function that answers it.  The tables below are the whole interface; a
 * known path with another method, or an argument that the table does not name, is refused before a
 * resource sees anything of it.
 */
#include "call.h"

#include "signpost/base/limits.h"
#include "signpost/base/log.h"

#include <string.h>

static const struct api_route routes[] = {
    { .method = "GET", .pattern = "status", .end = api_status_end },
    { .method = "GET", .pattern = "openapi.json", .end = api_openapi_end },
    { .method = "GET", .pattern = "zones", .end = api_zones_list_end },
    { .method = "POST",
      .pattern = "zones/{zone}/import",
      .arguments = { "replace", "file" },
      .begin = api_zone_import_begin,
      .body = api_zone_import_body,
      .end = api_zone_import_end,
      .gone = api_zone_import_gone },
    { .method = "GET", .pattern = "zones/{zone}/export", .end = api_zone_export_end },
    { .method = "GET",
      .pattern = "zones/{zone}/records",
      .arguments = { "name", "type", "set_identifier" },
      .end = api_records_list_end },
    { .method = "POST", .pattern = "zones/{zone}/changes", .end = api_records_change_end },
    { .method = "GET", .pattern = "zones/{zone}/dnssec", .end = api_dnssec_read_end },
    { .method = "PUT", .pattern = "zones/{zone}/dnssec", .end = api_dnssec_put_end },
    { .method = "POST", .pattern = "zones/{zone}/dnssec/rotate", .end = api_dnssec_rotate_end },
    { .method = "DELETE",
      .pattern = "zones/{zone}",
      .arguments = { "force" },
      .end = api_zone_delete_end },
    { .method = "GET", .pattern = "health-checks", .end = api_checks_list_end },
    { .method = "POST", .pattern = "health-checks", .end = api_check_create_end },
    { .method = "GET", .pattern = "health-checks/{id}", .end = api_check_read_end },
    { .method = "PATCH", .pattern = "health-checks/{id}", .end = api_check_update_end },
    { .method = "DELETE", .pattern = "health-checks/{id}", .end = api_check_delete_end },
    { .method = "PUT", .pattern = "health-checks/{id}/override", .end = api_check_override_end },
    { .method = "DELETE", .pattern = "health-checks/{id}/override", .end = api_check_clear_end },
    { .method = "GET",
      .pattern = "health-checks/{id}/history",
      .arguments = { "after_ms" },
      .end = api_check_history_end },
    { .method = "GET", .pattern = "collections", .end = api_collections_list_end },
    { .method = "POST", .pattern = "collections", .end = api_collection_create_end },
    { .method = "GET", .pattern = "collections/{id}", .end = api_collection_read_end },
    { .method = "DELETE", .pattern = "collections/{id}", .end = api_collection_delete_end },
    { .method = "POST", .pattern = "collections/{id}/changes", .end = api_collection_change_end },
    { .method = "GET", .pattern = "resources", .end = api_resources_list_end },
    { .method = "GET", .pattern = "resources/{id}", .end = api_resource_read_end },
    { .method = "PUT", .pattern = "resources/{id}", .end = api_resource_put_end },
    { .method = "DELETE", .pattern = "resources/{id}", .end = api_resource_delete_end },
    { .method = "GET", .pattern = "alarms", .end = api_alarms_list_end },
    { .method = "GET",
      .pattern = "alarms/{id}",
      .arguments = { "region" },
      .end = api_alarm_read_end },
    { .method = "PUT",
      .pattern = "alarms/{id}",
      .arguments = { "region" },
      .end = api_alarm_set_end },
    { .method = "DELETE",
      .pattern = "alarms/{id}",
      .arguments = { "region" },
      .end = api_alarm_delete_end },
    { .method = "GET", .pattern = "routing-controls", .end = api_routing_controls_list_end },
    { .method = "POST", .pattern = "routing-controls", .end = api_routing_control_create_end },
    { .method = "PUT", .pattern = "routing-controls/states", .end = api_routing_states_set_end },
    { .method = "DELETE",
      .pattern = "routing-controls/{id}",
      .end = api_routing_control_delete_end },
    { .method = "GET", .pattern = "safety-rules", .end = api_safety_rules_list_end },
    { .method = "POST", .pattern = "safety-rules", .end = api_safety_rule_create_end },
    { .method = "DELETE", .pattern = "safety-rules/{id}", .end = api_safety_rule_delete_end },
    { .method = "GET", .pattern = "zonal-shifts", .end = api_shifts_list_end },
    { .method = "POST", .pattern = "zonal-shifts", .end = api_shift_start_end },
    { .method = "GET", .pattern = "zonal-shifts/{id}", .end = api_shift_read_end },
    { .method = "PATCH", .pattern = "zonal-shifts/{id}", .end = api_shift_update_end },
    { .method = "DELETE", .pattern = "zonal-shifts/{id}", .end = api_shift_cancel_end },
    { .method = "GET", .pattern = "locations", .end = api_locations_export_end },
    { .method = "POST",
      .pattern = "locations/import",
      .arguments = { "file" },
      .begin = api_locations_import_begin,
      .body = api_locations_import_body,
      .end = api_locations_import_end,
      .gone = api_locations_import_gone },
    { .method = "GET", .pattern = "locations/{id}", .end = api_location_read_end },
    { .method = "GET", .pattern = "latencies", .end = api_latencies_export_end },
    { .method = "POST",
      .pattern = "latencies/import",
      .arguments = { "file" },
      .begin = api_latencies_import_begin,
      .body = api_locations_import_body,
      .end = api_locations_import_end,
      .gone = api_locations_import_gone },
    { .method = "GET", .pattern = "drills", .end = api_drills_list_end },
    { .method = "POST", .pattern = "drills", .end = api_drill_start_end },
    { .method = "POST", .pattern = "drills/predict", .end = api_drill_predict_end },
    { .method = "GET", .pattern = "drills/{id}", .end = api_drill_read_end },
    { .method = "POST", .pattern = "drills/{id}/restore", .end = api_drill_restore_end },
    { .method = "GET", .pattern = "drills/{id}/report", .end = api_drill_report_read_end },
    { .method = "PUT", .pattern = "drills/{id}/report", .end = api_drill_report_put_end },
    { .method = "POST", .pattern = "explain", .end = api_explain_end },
    { .method = "POST", .pattern = "simulate", .end = api_simulate_end },
    { .method = "GET", .pattern = "keys", .end = api_keys_list_end },
    { .method = "POST", .pattern = "keys", .end = api_key_create_end },
    { .method = "DELETE", .pattern = "keys/{id}", .end = api_key_delete_end },
    { .method = "GET",
      .pattern = "audit",
      .arguments = { "after", "limit", "zone", "key" },
      .end = api_audit_list_end },
};

#define ROUTE_COUNT (sizeof(routes) / sizeof(routes[0]))

const struct api_route *api_routes(size_t *out_count)
{
    *out_count = ROUTE_COUNT;
    return routes;
}

/* Outside /signpost/v1/: what others look for at a place of their choosing. */
static const struct api_route outer_routes[] = {
    { .method = "GET", .pattern = "metrics", .end = api_metrics_end },
    { .method = "GET", .pattern = "healthz", .end = api_healthz_end },
};

#define OUTER_ROUTE_COUNT (sizeof(outer_routes) / sizeof(outer_routes[0]))

/* Harmless when the call is not waiting. */
static void stop_waiting(struct api_call *call)
{
    if (call->link == NULL)
        return;
    *call->link = call->next;
    if (call->next != NULL)
        call->next->link = call->link;
    call->link = NULL;
}

/* ---- errors ---- */

static const struct refusal {
    int status; /* SP_E... */
    unsigned http;
    const char *code;
} refusals[] = {
    { SP_EINVAL, 400, "Invalid" }, { SP_ENOENT, 404, "NotFound" },
    { SP_EEXIST, 409, "Exists" },  { SP_ECONFLICT, 409, "Conflict" },
    { SP_ELIMIT, 413, "Limit" },   { SP_EBUSY, 503, "Busy" },
    { SP_EFULL, 507, "Full" },     { SP_EDAMAGED, 500, "Damaged" },
    { 0, 500, "Internal" }, /* everything else: no memory, the system refused */
};

static void refuse(struct api_call *call, unsigned http, const char *code, const char *message)
{
    struct http_response *response = &call->exchange->response;
    door_leave(&call->visit, code, call->zone_text);
    http_buffer_finish(&response->body); /* half a good answer may stand there */
    json_t *document =
        json_pack("{s:{s:s,s:o}}", "error", "code", code, "message", api_json_text(message));
    if (api_write_json(&response->body, document) != 0)
        response->body.failed = true;
    http_buffer_add_text(&response->body, "\n");
    response->status = http;
    response->content_type = "application/json";
    call->exchange->waiting = false;
    stop_waiting(call);
}

/* A query may hold a signature that is good for a while yet. */
static void log_failure(const struct api_call *call, const char *reason)
{
    const struct http_request *request = &call->exchange->request;
    const char *path = arena_format(call->exchange->arena, "%.*s",
                                    (int)strcspn(request->target, "?"), request->target);
    log_write(LOG_LEVEL_ERROR, "request failed", "method", request->method, "path",
              path != NULL ? path : "", "reason", reason, NULL);
}

static void refuse_with_problem(struct api_call *call, int rc)
{
    const struct refusal *refusal = refusals;
    while (refusal->status != rc && refusal->status != 0)
        refusal++;
    const char *text = call->problem.text[0] != '\0' ? call->problem.text : status_text(rc);
    if (refusal->http >= 500)
        log_failure(call, text);
    refuse(call, refusal->http, refusal->code, text);
}

/* ---- finding the route ---- */

/* What the variables of a pattern stand for; NULL: it has none such. */
struct variables {
    const char *zone;
    const char *id;
};

/* Whether the pattern's part of that size is a variable, which then gets its value. */
static bool take_variable(const char *part, size_t size, const char *segment,
                          struct variables *variables)
{
    if (size == 6 && strncmp(part, "{zone}", 6) == 0)
        variables->zone = segment;
    else if (size == 4 && strncmp(part, "{id}", 4) == 0)
        variables->id = segment;
    else
        return false;
    return *segment != '\0';
}

/* Whether the segments from `first` on are those of the pattern. */
static bool matches(const struct http_target *target, unsigned first, const char *pattern,
                    struct variables *out_variables)
{
    unsigned i = first;
    *out_variables = (struct variables){ 0 };
    for (;;) {
        size_t size = strcspn(pattern, "/");
        if (i == target->segment_count)
            return false;
        const char *segment = target->segments[i++];
        if (!take_variable(pattern, size, segment, out_variables) &&
            (strlen(segment) != size || strncmp(segment, pattern, size) != 0))
            return false;
        if (pattern[size] == '\0')
            return i == target->segment_count;
        pattern += size + 1;
    }
}

static void refuse_method(struct api_call *call, const char *allow)
{
    char message[128];
    snprintf(message, sizeof(message), "this path takes %s only", allow);
    http_response_header(&call->exchange->response, "Allow", allow);
    refuse(call, 405, "Invalid", message);
}

/* The table that a path belongs to. */
static const struct api_route *routes_of(const struct http_target *target, size_t *out_count,
                                         unsigned *out_first)
{
    if (target->segment_count > 2 && strcmp(target->segments[0], "signpost") == 0 &&
        strcmp(target->segments[1], "v1") == 0) {
        *out_count = ROUTE_COUNT;
        *out_first = 2;
        return routes;
    }
    *out_count = OUTER_ROUTE_COUNT;
    *out_first = 0;
    return outer_routes;
}

/* false: the call has been refused. */
static bool find_route(struct api_call *call, struct variables *out_variables)
{
    size_t count;
    unsigned first;
    const struct api_route *table = routes_of(&call->target, &count, &first);
    const char *allow = NULL;
    for (const struct api_route *route = table; route < table + count; route++) {
        if (!matches(&call->target, first, route->pattern, out_variables))
            continue;
        if (strcmp(call->exchange->request.method, route->method) == 0) {
            call->route = route;
            return true;
        }
        allow = allow == NULL ? route->method
                              : arena_format(call->exchange->arena, "%s, %s", allow, route->method);
    }
    if (allow != NULL)
        refuse_method(call, allow);
    else
        refuse(call, 404, "NotFound", "there is nothing at this path");
    return false;
}

static int check_arguments(struct api_call *call)
{
    for (unsigned i = 0; i < call->target.argument_count; i++) {
        const char *name = call->target.arguments[i].name;
        const char *const *known = call->route->arguments;
        if (strncmp(name, "X-Amz-", 6) == 0)
            continue; /* of a presigned request: the door has read it */
        while (*known != NULL && strcmp(*known, name) != 0)
            known++;
        if (*known == NULL)
            return problem_set(&call->problem, SP_EINVAL, "unknown query argument \"%.100s\"",
                               name);
    }
    return 0;
}

static int read_zone(struct api_call *call, const char *text)
{
    char name[DNS_NAME_TEXT_SIZE];
    int rc = api_call_name(call, "zone", text, call->zone);
    if (rc != 0)
        return rc;
    size_t size = dns_name_to_text(name, call->zone);
    call->zone_text = arena_copy(call->exchange->arena, name, size + 1);
    return call->zone_text == NULL ? SP_ENOMEM : 0;
}

/* ---- a request of our own ---- */

static void begin_native(struct api_call *call)
{
    struct http_exchange *exchange = call->exchange;
    struct variables variables = { 0 };
    const char *why = http_target_parse(exchange->arena, exchange->request.target, &call->target);
    if (why != NULL) {
        refuse(call, 400, "Invalid", why);
        return;
    }
    if (!find_route(call, &variables))
        return;
    call->id = variables.id;
    int rc = check_arguments(call);
    if (rc == 0 && variables.zone != NULL)
        rc = read_zone(call, variables.zone);
    if (rc == 0 && !door_may_native(&call->visit, call->route->pattern,
                                    variables.zone != NULL ? call->zone : NULL))
        return;
    if (rc == 0 && call->route->begin != NULL)
        rc = call->route->begin(call);
    if (rc != 0)
        refuse_with_problem(call, rc);
}

static int collect(struct api_call *call, struct span piece)
{
    unsigned most = call->visit.is_route53 ? ROUTE53_BODY_SIZE_MAX : HTTP_BODY_SIZE_MAX;
    if (call->body_size > most)
        return problem_set(&call->problem, SP_ELIMIT, "the body has more than %u octets", most);
    http_buffer_add(&call->text, piece.data, piece.size);
    return call->text.failed ? SP_ENOMEM : 0;
}

static int take_piece(struct api_call *call, struct span piece)
{
    bool is_streamed = call->route != NULL && call->route->body != NULL;
    return is_streamed ? call->route->body(call, piece) : collect(call, piece);
}

/* A body that was held back goes the way it would have gone piece by piece. */
static int give_deferred(struct api_call *call)
{
    struct span text = { (const uint8_t *)call->text.data, call->text.size };
    return call->route->body != NULL ? call->route->body(call, text) : 0;
}

static void end_native(struct api_call *call)
{
    int rc = call->is_deferred ? give_deferred(call) : 0;
    if (rc == 0)
        rc = call->route->end(call);
    if (rc != 0)
        refuse_with_problem(call, rc);
    else
        door_leave(&call->visit, NULL, call->zone_text);
}

/* ---- a request of the Route 53 API ---- */

/* A-HTTP-4: a body says beforehand how large it is. */
static bool refuse_chunks(struct api_call *call)
{
    if (http_request_header(&call->exchange->request, "Transfer-Encoding") == NULL)
        return false;
    route53_write_error(call->exchange, call->visit.request_id, 411, "InvalidInput",
                        "The request must carry a Content-Length, not a Transfer-Encoding.");
    return true;
}

static void begin_route53(struct api_call *call)
{
    struct route53_intent intent;
    if (refuse_chunks(call))
        return;
    call->route53 =
        route53_begin(&call->api->route53, call->exchange, call->visit.request_id, &intent);
    if (call->route53 != NULL && !door_may_route53(&call->visit, &intent))
        call->route53 = NULL;
    else if (call->route53 != NULL && intent.writes)
        call->changed_zone = intent.zone_id;
}

/* Changes are made one after the other and queue by themselves; but when workers do not take them
 * over, the answers that wait must not use up every connection (A-CHG-6). */
static bool has_too_many_before(const struct api_call *call)
{
    unsigned count = 0;
    for (const struct api_call *other = call->api->waiting;
         other != NULL && call->changed_zone != NULL; other = other->next)
        count += other->is_stored && other->changed_zone != NULL &&
                 strcmp(other->changed_zone, call->changed_zone) == 0;
    return count >= CHANGES_WAITING_MAX;
}

static void refuse_for_prior(struct api_call *call)
{
    static const char code[] = "PriorRequestNotComplete";
    route53_write_error(call->exchange, call->visit.request_id, 400, code,
                        "The request was rejected because Route 53 was still processing a prior "
                        "request.");
    door_leave(&call->visit, code, call->changed_zone);
}

static void end_route53(struct api_call *call)
{
    struct span text = { (const uint8_t *)call->text.data, call->text.size };
    struct route53_outcome outcome;
    if (has_too_many_before(call)) {
        refuse_for_prior(call);
        return;
    }
    route53_run(call->route53, text, &outcome);
    door_leave(&call->visit, outcome.code, outcome.zone);
    if (call->exchange->response.status >= 500)
        log_failure(call, outcome.why);
    if (outcome.changed)
        api_call_wait(call);
}

/* ---- the handler ---- */

static void begin_call(struct api_call *call)
{
    if (call->visit.is_route53)
        begin_route53(call);
    else
        begin_native(call);
}

static void begin(void *context, struct http_exchange *exchange)
{
    struct api_call *call = arena_alloc(exchange->arena, sizeof(*call));
    exchange->user = call;
    if (call == NULL) {
        exchange->response.status = 500;
        exchange->response.body.failed = true;
        return;
    }
    call->api = context;
    call->exchange = exchange;
    if (!door_enter(&call->api->door, exchange, &call->visit))
        return;
    call->is_deferred = !call->visit.settled;
    if (!call->is_deferred)
        begin_call(call);
}

static void refuse_body(struct api_call *call, int rc)
{
    const char *code = rc == SP_ELIMIT ? "InvalidInput" : "InternalFailure";
    if (!call->visit.is_route53) {
        refuse_with_problem(call, rc);
        return;
    }
    door_leave(&call->visit, code, NULL);
    route53_write_error(call->exchange, call->visit.request_id, rc == SP_ELIMIT ? 413 : 500, code,
                        call->problem.text[0] != '\0' ? call->problem.text : status_text(rc));
}

static void body(void *context, struct http_exchange *exchange, struct span piece)
{
    struct api_call *call = exchange->user;
    (void)context;
    call->body_size += piece.size;
    if (!door_body(&call->visit, piece))
        return;
    int rc = take_piece(call, piece);
    if (rc != 0)
        refuse_body(call, rc);
}

static void end(void *context, struct http_exchange *exchange)
{
    struct api_call *call = exchange->user;
    (void)context;
    if (!door_check(&call->visit))
        return;
    if (call->is_deferred)
        begin_call(call);
    if (exchange->response.status != 0)
        return;
    if (call->visit.is_route53)
        end_route53(call);
    else
        end_native(call);
    if (!exchange->waiting && control_has_unsynced(call->api->settings.control))
        api_call_wait(call);
}

static void gone(void *context, struct http_exchange *exchange)
{
    struct api_call *call = exchange->user;
    (void)context;
    if (call == NULL)
        return;
    stop_waiting(call);
    if (call->route != NULL && call->route->gone != NULL)
        call->route->gone(call);
    door_finish(&call->visit);
    http_buffer_finish(&call->text);
}

struct http_handler api_handler(struct api *api)
{
    return (struct http_handler){ begin, body, end, gone, api };
}

struct api *api_create(const struct api_settings *settings)
{
    struct api *api = calloc(1, sizeof(*api));
    if (api == NULL)
        return NULL;
    api->settings = *settings;
    api->route53 = (struct route53_settings){
        .control = settings->control,
        .location_base = settings->location_base != NULL ? settings->location_base
                                                         : "https://route53.amazonaws.com",
        .account_id = settings->account_id != NULL ? settings->account_id : "000000000000",
    };
    api->door = (struct door){ .control = settings->control,
                               .rule = settings->signatures,
                               .skew_s = settings->skew_s,
                               .account_id = api->route53.account_id };
    dice_init(&api->door.dice);
    return api;
}

void api_destroy(struct api *api)
{
    free(api);
}

static void refuse_any(struct api_call *call, int rc)
{
    if (call->visit.is_route53)
        route53_write_error(call->exchange, call->visit.request_id, 500, "InternalFailure",
                            call->problem.text);
    else
        refuse_with_problem(call, rc);
}

/* The disk has failed those that wait for it: what they stored may not last. */
static void fail_unstored(struct api *api, int rc, const struct problem *problem)
{
    struct api_call *next;
    log_write(LOG_LEVEL_ERROR, "changes may be lost", "reason", problem->text, NULL);
    for (struct api_call *call = api->waiting; call != NULL; call = next) {
        next = call->next;
        if (call->is_stored)
            continue;
        call->problem = *problem;
        stop_waiting(call);
        call->exchange->waiting = false;
        refuse_any(call, rc);
        call->exchange->resume(call->exchange);
    }
}

void api_on_seen(struct api *api)
{
    struct control *control = api->settings.control;
    struct problem problem = { 0 };
    struct api_call *next;
    bool is_syncing = control_has_unsynced(control);
    int rc = is_syncing ? control_sync(control, &problem) : 0;
    if (rc != 0)
        fail_unstored(api, rc, &problem);
    for (struct api_call *call = api->waiting; call != NULL; call = next) {
        next = call->next;
        call->is_stored = true;
        if (control_is_in_sync(control, call->serial)) {
            stop_waiting(call);
            call->exchange->resume(call->exchange);
        }
    }
    control_collect(control);
}
