/*
 * From a request to its response: the path and method choose a row of operations.c; arguments, body
 * and response go through the shapes of that row.
 */
#include "operations.h"

#include "signpost/http/target.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#define VERSION "2013-04-01"

/* ---- routing ---- */

/* "2013-04-01/": four digits, two, two. */
static bool is_date(const char *text)
{
    static const char form[] = "dddd-dd-dd";
    for (unsigned i = 0; form[i] != '\0'; i++)
        if (form[i] == 'd' ? !isdigit((unsigned char)text[i]) : text[i] != form[i])
            return false;
    return text[sizeof form - 1] == '/' || text[sizeof form - 1] == '\0' ||
           text[sizeof form - 1] == '?';
}

bool route53_owns(const char *target)
{
    return target[0] == '/' && is_date(target + 1);
}

static const char **variable(struct route53_call *call, const char *part, size_t size)
{
    static const struct {
        const char *name;
        size_t offset;
    } variables[] = {
        { "{zone}", offsetof(struct route53_call, zone) },
        { "{id}", offsetof(struct route53_call, id) },
        { "{name}", offsetof(struct route53_call, name) },
        { "{version}", offsetof(struct route53_call, version) },
        { "{type}", offsetof(struct route53_call, type) },
    };
    for (unsigned i = 0; i < sizeof variables / sizeof variables[0]; i++)
        if (strlen(variables[i].name) == size && strncmp(variables[i].name, part, size) == 0)
            return (const char **)((char *)call + variables[i].offset);
    return NULL;
}

/* Takes a pattern's part and the segments it stands for.  An id that was pasted with its prefix may
 * be two segments, "hostedzone/Z1", or one, "/hostedzone/Z1" (A-ID-1). */
static bool match_part(struct route53_call *call, const struct http_target *target, unsigned *at,
                       const char *part, size_t size, const char *kind)
{
    if (*at >= target->segment_count)
        return false;
    const char *segment = target->segments[*at];
    const char **value = variable(call, part, size);
    if (value == NULL) {
        (*at)++;
        return strlen(segment) == size && strncmp(segment, part, size) == 0;
    }
    bool is_prefix = kind != NULL && strcmp(segment, kind) == 0 && *at + 1 < target->segment_count;
    *at += is_prefix ? 2 : 1;
    *value = is_prefix ? target->segments[*at - 1] : segment;
    return **value != '\0';
}

/* What stands in front of the ids that a pattern's first variable takes. */
static const char *prefix_of(const char *pattern)
{
    static const char *const kinds[] = { "hostedzone", "change", "delegationset" };
    if (strstr(pattern, "{zone}") != NULL)
        return "hostedzone";
    if (strncmp(pattern, "reusabledelegationsetlimit/", 27) == 0)
        return "delegationset";
    for (unsigned i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        if (strncmp(pattern, kinds[i], strlen(kinds[i])) == 0 && pattern[strlen(kinds[i])] == '/')
            return kinds[i];
    return NULL;
}

static bool matches(struct route53_call *call, const struct http_target *target,
                    const char *pattern)
{
    const char *kind = prefix_of(pattern);
    unsigned at = 1; /* behind the version */
    call->zone = call->id = call->name = call->version = call->type = NULL;
    for (;;) {
        size_t size = strcspn(pattern, "/");
        if (!match_part(call, target, &at, pattern, size, kind))
            return false;
        if (pattern[size] == '\0')
            return at == target->segment_count;
        pattern += size + 1;
    }
}

static const struct route53_operation *find_operation(struct route53_call *call,
                                                      const struct http_target *target,
                                                      const char *method, bool *out_path_known)
{
    *out_path_known = false;
    for (unsigned i = 0; i < route53_operation_count; i++) {
        if (!matches(call, target, route53_operations[i].pattern))
            continue;
        *out_path_known = true;
        if (strcmp(route53_operations[i].method, method) == 0)
            return &route53_operations[i];
    }
    return NULL;
}

/* ---- writing ---- */

static int to_body(void *context, const void *data, size_t size)
{
    struct http_buffer *body = context;
    http_buffer_add(body, data, size);
    return body->failed ? SP_ENOMEM : 0;
}

/* A-ERR-1.  The message may repeat what the client sent, whatever that is. */
static void write_error(struct http_exchange *exchange, const char *request_id, unsigned status,
                        const char *code, const char *message, const char *extra)
{
    struct http_buffer *body = &exchange->response.body;
    http_buffer_finish(body); /* half a good answer may stand there */
    http_buffer_add_text(body, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                               "<ErrorResponse xmlns=\"" ROUTE53_XMLNS "\"><Error><Type>");
    http_buffer_add_text(body, status >= 500 ? "Receiver" : "Sender");
    http_buffer_add_text(body, "</Type><Code>");
    http_buffer_add_text(body, code);
    http_buffer_add_text(body, "</Code><Message>");
    xml_write_text(message, to_body, body); /* a failure is the buffer's */
    http_buffer_add_text(body, "</Message>");
    if (extra != NULL)
        http_buffer_add_text(body, extra);
    http_buffer_add_text(body, "</Error><RequestId>");
    http_buffer_add_text(body, request_id);
    http_buffer_add_text(body, "</RequestId></ErrorResponse>");
    exchange->response.status = status;
    exchange->response.content_type = "text/xml";
    exchange->response.header_count = 0;
    http_response_header(&exchange->response, "x-amzn-RequestId", request_id);
}

void route53_write_error(struct http_exchange *exchange, const char *request_id, unsigned status,
                         const char *code, const char *message)
{
    write_error(exchange, request_id, status, code, message, NULL);
}

static void write_refusal(struct route53_call *call)
{
    const struct route53_refusal *refusal = &call->refusal;
    write_error(call->exchange, call->request_id, route53_code_status(refusal->code),
                route53_code_name(refusal->code), refusal->message, refusal->extra);
}

static void write_response(struct route53_call *call)
{
    const struct route53_operation *operation = call->operation;
    struct http_response *response = &call->exchange->response;
    const char *root = arena_format(call->arena, "%sResponse", operation->name);
    if (root == NULL || xml_write(operation->response, root, ROUTE53_XMLNS, call->response, to_body,
                                  &response->body) != 0) {
        route53_no_memory(call);
        write_refusal(call);
        return;
    }
    response->status = operation->status;
    response->content_type = "text/xml";
    http_response_header(response, "x-amzn-RequestId", call->request_id);
    if (call->location != NULL)
        http_response_header(response, "Location",
                             arena_format(call->arena, "%s/" VERSION "/%s",
                                          call->settings->location_base, call->location));
}

/* ---- the beginning ---- */

static int refuse_path(struct route53_call *call, const char *method, const char *target)
{
    return route53_refuse(call, UNKNOWN_OPERATION, "There is no operation %s %.*s.", method,
                          (int)strcspn(target, "?"), target);
}

static int route(struct route53_call *call, struct http_target *target)
{
    const struct http_request *request = &call->exchange->request;
    const char *why = http_target_parse(call->arena, request->target, target);
    bool path_known;
    if (why != NULL)
        return route53_refuse(call, INVALID_INPUT, "The request's target is not right: %s.", why);
    if (strcmp(target->segments[0], VERSION) != 0)
        return route53_refuse(call, INCOMPATIBLE_VERSION,
                              "Version %s of the API is not offered here: only " VERSION " is.",
                              target->segments[0]);
    if (target->segment_count > 1 && *target->segments[target->segment_count - 1] == '\0')
        target->segment_count--; /* A-HTTP-2 */
    call->operation = find_operation(call, target, request->method, &path_known);
    if (call->operation != NULL)
        return 0;
    refuse_path(call, request->method, request->target);
    call->is_wrong_method = path_known;
    return SP_EINVAL;
}

/* A-ID-1, A-ID-3; A-ID-2 for tags. */
static int take_ids(struct route53_call *call)
{
    const char *kind = prefix_of(call->operation->pattern);
    if (call->zone != NULL)
        call->zone = route53_bare_id(call->zone, "hostedzone");
    if (call->id != NULL && kind != NULL)
        call->id = route53_bare_id(call->id, kind);
    bool is_tag = strncmp(call->operation->pattern, "tags/", 5) == 0;
    const char *id = call->zone != NULL ? call->zone : call->id;
    bool is_short = call->zone != NULL || is_tag || (kind != NULL && strcmp(kind, "change") != 0);
    if (id == NULL || !is_short || strlen(id) <= 32 || (is_tag && strcmp(call->type, "hostedzone")))
        return 0;
    return route53_refuse(call, INVALID_INPUT,
                          "1 validation error detected: Value '%s' at '%s' failed to satisfy "
                          "constraint: Member must have length less than or equal to 32",
                          id, is_tag ? "resourceId" : "id");
}

static int read_arguments(struct route53_call *call, const struct http_target *target)
{
    const struct xml_shape *shape = call->operation->query;
    struct xml_faults faults = { .arena = call->arena };
    int rc = 0;
    if (shape == NULL)
        return 0;
    char *query = arena_alloc(call->arena, shape->size);
    if (query == NULL)
        return route53_no_memory(call);
    for (unsigned i = 0; i < shape->field_count && rc == 0; i++) {
        const struct xml_field *field = &shape->fields[i];
        const char *text = http_target_argument(target, field->name);
        if (text != NULL && *text != '\0') /* A-HTTP-3 */
            rc = xml_read_text(call->arena, field, text, query + field->offset, &faults);
        else if (field->required)
            rc = xml_fault(&faults, "The argument %s is missing", field->name);
    }
    if (rc != 0)
        return route53_no_memory(call);
    call->query = query;
    if (faults.count == 0)
        return 0;
    const char *all = xml_faults_join(&faults);
    return route53_refuse(call, INVALID_INPUT, "%s", all == NULL ? "" : all);
}

static void tell_intent(struct route53_call *call, struct route53_intent *out_intent)
{
    const struct route53_operation *operation = call->operation;
    const char *kind = strcspn(operation->pattern, "/") > 0 ? operation->pattern : "";
    *out_intent = (struct route53_intent){
        .operation = operation->name,
        .writes = strncmp(operation->name, "Get", 3) != 0 &&
                  strncmp(operation->name, "List", 4) != 0 &&
                  strncmp(operation->name, "Test", 4) != 0,
        .zone_id = call->zone,
    };
    if (call->zone == NULL && call->type != NULL && strcmp(call->type, "hostedzone") == 0)
        out_intent->zone_id = call->id;
    if (out_intent->zone_id != NULL)
        out_intent->resource = arena_format(call->arena, "hostedzone/%s", out_intent->zone_id);
    else
        out_intent->resource = arena_format(call->arena, "%.*s/%s", (int)strcspn(kind, "/"), kind,
                                            call->id != NULL ? call->id : "*");
    if (out_intent->resource == NULL)
        out_intent->resource = "*";
}

struct route53_call *route53_begin(const struct route53_settings *settings,
                                   struct http_exchange *exchange, const char *request_id,
                                   struct route53_intent *out_intent)
{
    struct http_target target;
    struct route53_call *call = arena_alloc(exchange->arena, sizeof *call);
    if (call == NULL) {
        route53_write_error(exchange, request_id, 500, "InternalFailure", "no memory");
        return NULL;
    }
    call->control = settings->control;
    call->settings = settings;
    call->exchange = exchange;
    call->arena = exchange->arena;
    call->request_id = request_id;
    if (route(call, &target) == 0 && take_ids(call) == 0 && read_arguments(call, &target) == 0) {
        tell_intent(call, out_intent);
        return call;
    }
    write_refusal(call);
    if (call->is_wrong_method)
        exchange->response.status = 405;
    return NULL;
}

/* ---- the end ---- */

/* botocore sends no document at all when it would have nothing in it. */
static bool needs_body(const struct xml_shape *shape)
{
    for (unsigned i = 0; i < shape->field_count; i++)
        if (shape->fields[i].required)
            return true;
    return false;
}

static int read_body(struct route53_call *call, struct span text)
{
    const struct xml_shape *shape = call->operation->request;
    struct xml_faults faults = { .arena = call->arena };
    if (shape == NULL)
        return 0;
    void *body = arena_alloc(call->arena, shape->size);
    const char *root = arena_format(call->arena, "%sRequest", call->operation->name);
    if (body == NULL || root == NULL)
        return route53_no_memory(call);
    call->body = body;
    if (text.size == 0 && !needs_body(shape))
        return 0;
    int rc = xml_read(call->arena, text, shape, root, ROUTE53_XMLNS, body, &faults, &call->problem);
    if (rc == SP_EINVAL)
        return route53_refuse(call, MALFORMED_INPUT, "%s", call->problem.text);
    if (rc != 0)
        return route53_no_memory(call);
    if (faults.count == 0)
        return 0;
    const char *all = xml_faults_join(&faults);
    return route53_refuse(call, INVALID_INPUT, "%s", all == NULL ? "" : all);
}

static int run(struct route53_call *call, struct span body)
{
    const struct xml_shape *shape = call->operation->response;
    int rc = read_body(call, body);
    if (rc == 0 && shape != NULL &&
        (call->response = arena_alloc(call->arena, shape->size)) == NULL)
        rc = route53_no_memory(call);
    return rc == 0 ? call->operation->run(call) : rc;
}

void route53_run(struct route53_call *call, struct span body, struct route53_outcome *out_outcome)
{
    int rc = run(call, body);
    if (rc != 0 && call->refusal.code == ROUTE53_NO_CODE)
        route53_pass(call, rc);
    if (rc == 0)
        write_response(call);
    else
        write_refusal(call);
    *out_outcome = (struct route53_outcome){
        .code =
            call->refusal.code == ROUTE53_NO_CODE ? NULL : route53_code_name(call->refusal.code),
        .why = call->refusal.message != NULL ? call->refusal.message : "",
        .zone = call->audit_zone,
        .changed = call->changed && call->refusal.code == ROUTE53_NO_CODE,
    };
}
