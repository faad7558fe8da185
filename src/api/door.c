#include "door.h"

#include "call.h"

#include "signpost/base/clock.h"
#include "signpost/base/limits.h"
#include "signpost/base/log.h"

#include <string.h>

#define SERVICE    "route53"
#define EMPTY_HASH "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

static const char wrong_signature[] =
    "The request signature we calculated does not match the signature you provided. Check your AWS "
    "Secret Access Key and signing method. Consult the service documentation for details.";

/* As much of a text as there is room for. */
static void copy_text(char *to, size_t to_size, const char *from)
{
    size_t size = strnlen(from, to_size);
    if (size == to_size)
        size = text_whole_size(from, to_size - 1);
    memcpy(to, from, size);
    to[size] = '\0';
}

static void fill_entry(const struct door_visit *visit, const char *operation,
                       struct audit_entry *out_entry)
{
    const char *key_id = visit->claim.access_key;
    *out_entry = (struct audit_entry){ .time_ms = clock_unix_ms() };
    copy_text(out_entry->key_id, sizeof(out_entry->key_id), key_id != NULL ? key_id : "");
    copy_text(out_entry->source, sizeof(out_entry->source), visit->exchange->request.source);
    copy_text(out_entry->operation, sizeof(out_entry->operation), operation);
    copy_text(out_entry->request_id, sizeof(out_entry->request_id), visit->request_id);
}

/* ---- refusals ---- */

static void write_json_error(struct http_exchange *exchange, unsigned status, const char *code,
                             const char *message)
{
    struct http_response *response = &exchange->response;
    http_buffer_finish(&response->body);
    if (api_write_json(&response->body, json_pack("{s:{s:s,s:o}}", "error", "code", code, "message",
                                                  api_json_text(message))) != 0)
        response->body.failed = true;
    http_buffer_add_text(&response->body, "\n");
    response->status = status;
    response->content_type = "application/json";
}

/* One row for those of the last minutes that were only counted. */
static void tell_untold(const struct door_visit *visit)
{
    struct door *door = visit->door;
    struct audit_entry entry = { .time_ms = clock_unix_ms(), .operation = "(refused at the door)" };
    snprintf(entry.result, sizeof(entry.result), "%llu more", (unsigned long long)door->untold);
    log_write(LOG_LEVEL_WARNING, "more requests were refused at the door than are told", "count",
              entry.result, NULL);
    control_add_audit(door->control, &entry);
    door->untold = 0;
}

/* Whether there is room for one more refusal in this minute's log and audit. */
static bool may_tell(const struct door_visit *visit)
{
    struct door *door = visit->door;
    uint64_t minute = clock_monotonic_ms() / 60000;
    if (minute != door->minute) {
        if (door->untold > 0)
            tell_untold(visit);
        door->minute = minute;
        door->refused = 0;
    }
    if (door->refused < AUDIT_REFUSED_MAX) {
        door->refused++;
        return true;
    }
    door->untold++;
    return false;
}

static void tell_refusal(const struct door_visit *visit, const char *operation, const char *zone,
                         const char *code, const char *message)
{
    struct audit_entry entry;
    if (!may_tell(visit))
        return;
    fill_entry(visit, operation, &entry);
    copy_text(entry.zone, sizeof(entry.zone), zone);
    copy_text(entry.result, sizeof(entry.result), code);
    log_write(LOG_LEVEL_WARNING, "request refused", "operation", entry.operation, "key",
              entry.key_id, "source", entry.source, "code", code, "reason", message, NULL);
    control_add_audit(visit->door->control, &entry);
}

static void write_error(const struct door_visit *visit, unsigned status, const char *code,
                        const char *message)
{
    if (visit->is_route53)
        route53_write_error(visit->exchange, visit->request_id, status, code, message);
    else
        write_json_error(visit->exchange, status, code, message);
}

/* Before the request is routed, its operation is its method and path; a query may hold a signature.
 */
static bool refuse(const struct door_visit *visit, unsigned status, const char *code,
                   const char *message)
{
    const struct http_request *request = &visit->exchange->request;
    const char *operation = arena_format(visit->exchange->arena, "%s %.*s", request->method,
                                         (int)strcspn(request->target, "?"), request->target);
    tell_refusal(visit, operation != NULL ? operation : request->method, "", code, message);
    write_error(visit, status, code, message);
    return false;
}

static bool refuse_no_memory(const struct door_visit *visit)
{
    write_error(visit, 500, visit->is_route53 ? "InternalFailure" : "Internal",
                status_text(SP_ENOMEM));
    return false;
}

/* ---- entering ---- */

/* What others ask for at a place of their choosing (A-HTTP-9).  Exactly so: a path that only means
 * the same needs a signature like all others. */
static bool is_open_to_all(const char *target)
{
    static const char *const paths[] = { "/metrics", "/healthz" };
    size_t size = strcspn(target, "?");
    for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++)
        if (strlen(paths[i]) == size && strncmp(paths[i], target, size) == 0)
            return true;
    return false;
}

static bool is_required(const struct door *door, const struct http_request *request)
{
    if (request->is_local || door->rule == DOOR_NOWHERE)
        return false;
    return door->rule == DOOR_EVERYWHERE || !request->is_loopback;
}

/* The request as it is signed.  false: no memory. */
static bool describe(const struct door_visit *visit, struct sigv4_request *out_request)
{
    const struct http_request *request = &visit->exchange->request;
    struct sigv4_header *headers =
        arena_alloc(visit->exchange->arena, request->header_count * sizeof(*headers));
    if (headers == NULL)
        return false;
    for (unsigned i = 0; i < request->header_count; i++)
        headers[i] = (struct sigv4_header){ request->headers[i].name, request->headers[i].value };
    *out_request = (struct sigv4_request){ .method = request->method,
                                           .target = request->target,
                                           .headers = headers,
                                           .header_count = request->header_count };
    return true;
}

static bool verify(const struct door_visit *visit, const char *payload_hash)
{
    struct sigv4_request request;
    char signature[SIGV4_HEX_SIZE];
    if (!describe(visit, &request))
        return refuse_no_memory(visit);
    request.payload_hash = payload_hash;
    if (sigv4_signature(visit->exchange->arena, &request, &visit->claim, visit->key->secret,
                        signature) != 0)
        return refuse_no_memory(visit);
    return sigv4_equal(signature, visit->claim.signature) ||
           refuse(visit, 403, "SignatureDoesNotMatch", wrong_signature);
}

/* A-SIG-9: what the head says of the body.  NULL: the body itself must be hashed first. */
static const char *stated_hash(const struct http_request *request)
{
    const char *stated = http_request_header(request, "x-amz-content-sha256");
    const char *size = http_request_header(request, "Content-Length");
    if (stated != NULL)
        return stated;
    bool is_empty = http_request_header(request, "Transfer-Encoding") == NULL &&
                    (size == NULL || strcmp(size, "0") == 0);
    return is_empty ? EMPTY_HASH : NULL;
}

/* The signature is verified as soon as it can be; whatever the head states, the body is held to it.
 */
static bool settle(struct door_visit *visit)
{
    const char *stated = stated_hash(&visit->exchange->request);
    if (stated != NULL && strcmp(stated, SIGV4_UNSIGNED_PAYLOAD) != 0 &&
        strlen(stated) != SIGV4_HEX_SIZE - 1)
        return refuse(visit, 403, "SignatureDoesNotMatch", wrong_signature);
    if (stated != NULL && !verify(visit, stated))
        return false;
    visit->settled = stated != NULL;
    if (visit->settled && strcmp(stated, SIGV4_UNSIGNED_PAYLOAD) == 0)
        return true;
    if (visit->settled)
        strcpy(visit->payload_hash, stated);
    visit->digest = sigv4_digest_create();
    return visit->digest != NULL || refuse_no_memory(visit);
}

static bool find_key(struct door_visit *visit)
{
    struct access_key *key = arena_alloc(visit->exchange->arena, sizeof(*key));
    struct problem problem = { 0 };
    if (key == NULL)
        return refuse_no_memory(visit);
    int rc = control_find_access_key(visit->door->control, visit->claim.access_key, key, &problem);
    visit->key = key;
    if (rc == 0)
        return true;
    if (rc == SP_ENOENT)
        return refuse(visit, 403, "InvalidClientTokenId",
                      "The security token included in the request is invalid.");
    write_error(visit, 503, visit->is_route53 ? "ServiceUnavailable" : "Busy", problem.text);
    return false;
}

static bool check_clock(const struct door_visit *visit)
{
    const char *why = sigv4_check_time(visit->exchange->arena, &visit->claim,
                                       clock_unix_ms() / 1000, visit->door->skew_s);
    return why == NULL || refuse(visit, 403, "SignatureDoesNotMatch", why);
}

static bool check_claim(struct door_visit *visit, enum sigv4_fault fault, const char *why)
{
    switch (fault) {
    case SIGV4_ABSENT:
        return refuse(visit, 403, "MissingAuthenticationToken", "Missing Authentication Token");
    case SIGV4_INCOMPLETE:
        return refuse(visit, 400, "IncompleteSignature", why);
    case SIGV4_NO_MEMORY:
        return refuse_no_memory(visit);
    case SIGV4_NO_FAULT:
        break;
    }
    return find_key(visit) && check_clock(visit) && settle(visit);
}

/* Where nothing proves who is asking, it may be a page in a browser on this machine. */
static bool check_browser(const struct door_visit *visit)
{
    const struct http_request *request = &visit->exchange->request;
    const char *why = request->is_local ? NULL : http_request_is_foreign(request);
    return why == NULL || refuse(visit, 403, visit->is_route53 ? "AccessDenied" : "Forbidden", why);
}

bool door_enter(struct door *door, struct http_exchange *exchange, struct door_visit *visit)
{
    struct sigv4_request request;
    const char *why = "";
    bool is_open = is_open_to_all(exchange->request.target);
    *visit = (struct door_visit){ .door = door,
                                  .exchange = exchange,
                                  .is_route53 = route53_owns(exchange->request.target),
                                  .is_required = !is_open && is_required(door, &exchange->request),
                                  .settled = true };
    uuid_draw(visit->request_id, &door->dice);
    if (!describe(visit, &request))
        return refuse_no_memory(visit);
    enum sigv4_fault fault =
        sigv4_read_claim(exchange->arena, &request, SERVICE, &visit->claim, &why);
    if (visit->is_required)
        return check_claim(visit, fault, why);
    return (is_open && !exchange->request.is_loopback) || check_browser(visit);
}

bool door_body(struct door_visit *visit, struct span piece)
{
    if (visit->digest != NULL)
        sigv4_digest_add(visit->digest, piece);
    return true;
}

/* From here to door_leave no other request has a turn. */
static void begin_audit(const struct door_visit *visit)
{
    if (visit->is_checked && visit->entry != NULL)
        control_set_audit(visit->door->control, visit->entry);
}

bool door_check(struct door_visit *visit)
{
    char hash[SIGV4_HEX_SIZE];
    if (visit->digest != NULL) {
        sigv4_digest_end(visit->digest, hash);
        bool right = visit->settled
                         ? sigv4_equal(hash, visit->payload_hash) ||
                               refuse(visit, 403, "SignatureDoesNotMatch", wrong_signature)
                         : verify(visit, hash);
        if (!right) {
            visit->entry = NULL;
            return false;
        }
    }
    visit->is_checked = true;
    begin_audit(visit);
    return true;
}

/* ---- permissions ---- */

struct wish {
    const char *operation; /* for the audit */
    const char *action;    /* for the refusal */
    const char *resource;
    char zone[DNS_NAME_TEXT_SIZE];
    struct access_wish access;
};

static bool deny(const struct door_visit *visit, const struct wish *wish)
{
    const char *message = arena_format(
        visit->exchange->arena,
        "User: arn:aws:iam::%s:user/%s is not authorized to perform: %s on resource: %s",
        visit->door->account_id, visit->key->id, wish->action, wish->resource);
    if (message == NULL)
        return refuse_no_memory(visit);
    tell_refusal(visit, wish->operation, wish->zone, "AccessDenied", message);
    write_error(visit, 403, "AccessDenied", message);
    return false;
}

static bool may(struct door_visit *visit, const struct wish *wish)
{
    if (visit->key != NULL && !access_key_may(visit->key, &wish->access))
        return deny(visit, wish);
    if (!wish->access.writes)
        return true;
    visit->entry = arena_alloc(visit->exchange->arena, sizeof(*visit->entry));
    if (visit->entry == NULL)
        return refuse_no_memory(visit);
    fill_entry(visit, wish->operation, visit->entry);
    copy_text(visit->entry->zone, sizeof(visit->entry->zone), wish->zone);
    strcpy(visit->entry->result, "ok");
    begin_audit(visit);
    return true;
}

/* A zone that is not there is nobody's: the operation will say so. */
bool door_may_route53(struct door_visit *visit, const struct route53_intent *intent)
{
    struct arena *arena = visit->exchange->arena;
    struct hosted_zone zone;
    struct wish wish = { .operation = intent->operation, .access = { .writes = intent->writes } };
    wish.action = arena_format(arena, "route53:%s", intent->operation);
    wish.resource = arena_format(arena, "arn:aws:route53:::%s",
                                 intent->resource != NULL ? intent->resource : "*");
    if (wish.action == NULL || wish.resource == NULL)
        return refuse_no_memory(visit);
    if (intent->zone_id != NULL) {
        copy_text(wish.zone, sizeof(wish.zone), intent->zone_id);
        if (control_find_zone_id(visit->door->control, intent->zone_id, &zone, NULL) == 0) {
            dns_name_to_text(wish.zone, zone.name);
            wish.access.zone = zone.name;
        }
    }
    return may(visit, &wish);
}

/* What is asked with a body, and changes nothing. */
static bool is_question(const char *pattern)
{
    static const char *const questions[] = { "explain", "simulate", "drills/predict" };
    for (size_t i = 0; i < sizeof(questions) / sizeof(questions[0]); i++)
        if (strcmp(pattern, questions[i]) == 0)
            return true;
    return false;
}

/* Of a key that is made or deleted the audit names the path, which has its id. */
static const char *native_operation(const struct door_visit *visit, const char *pattern,
                                    bool is_guarded)
{
    const struct http_request *request = &visit->exchange->request;
    const char *path = is_guarded ? strstr(request->target, "/v1/") : NULL;
    path = path != NULL ? path + 4 : pattern;
    return arena_format(visit->exchange->arena, "%s %.*s", request->method, (int)strcspn(path, "?"),
                        path);
}

bool door_may_native(struct door_visit *visit, const char *pattern, const uint8_t *zone)
{
    struct wish wish = { .access = { .zone = zone } };
    wish.access.writes =
        strcmp(visit->exchange->request.method, "GET") != 0 && !is_question(pattern);
    wish.access.is_guarded = strncmp(pattern, "keys", 4) == 0 || strcmp(pattern, "audit") == 0;
    wish.operation = wish.action = native_operation(visit, pattern, wish.access.is_guarded);
    if (wish.operation == NULL)
        return refuse_no_memory(visit);
    if (zone != NULL)
        dns_name_to_text(wish.zone, zone);
    wish.resource = zone != NULL ? wish.zone : "*";
    return may(visit, &wish);
}

/* ---- leaving ---- */

/* The commit that took the row along has said "ok".  When nothing was committed, or what was is not
 * the whole truth, there is a row of its own. */
void door_leave(struct door_visit *visit, const char *code, const char *zone)
{
    struct audit_entry *entry = visit->entry;
    if (entry == NULL)
        return;
    visit->entry = NULL;
    bool is_taken = visit->is_checked && !control_withdraw_audit(visit->door->control);
    if (is_taken && code == NULL)
        return;
    if (code != NULL)
        copy_text(entry->result, sizeof(entry->result), code);
    if (zone != NULL)
        copy_text(entry->zone, sizeof(entry->zone), zone);
    control_add_audit(visit->door->control, entry);
}

void door_finish(struct door_visit *visit)
{
    sigv4_digest_destroy(visit->digest);
    visit->digest = NULL;
}
