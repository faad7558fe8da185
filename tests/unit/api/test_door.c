/* Who comes in, what they may do, and what the audit says of it. */
#include "bench.h"

#include "signpost/base/clock.h"
#include "signpost/control/access_keys.h"
#include "signpost/sigv4/sigv4.h"

#define ZONES53 "/2013-04-01/hostedzone"
#define ZONES   "/signpost/v1/zones"
#define HOST    "192.0.2.9:5380"

static const char zone_text[] = "$TTL 300\nwww A 192.0.2.1\n";

static struct access_key whole, reader, limited;
static struct arena *arena; /* of the last signature */
static struct arena *names; /* of the whole test */

static void make_key(struct bench *bench, struct access_key *key, bool read_only, const char *zone)
{
    struct problem problem = { 0 };
    uint8_t name[DNS_NAME_SIZE_MAX];
    const char *why;
    *key = (struct access_key){ .read_only = read_only };
    if (zone != NULL) {
        dns_name_from_text(name, zone, strlen(zone), NULL, &why);
        assert_int_equal(access_key_add_zone(key, name, &problem), 0);
    }
    assert_int_equal(control_create_access_key(bench->control, key, &problem), 0);
}

/* Zones lab.test and other.test, and a key of each kind; signatures are required. */
static int set_up(void **state)
{
    bench_rule = DOOR_EVERYWHERE;
    bench_set_up(state);
    struct bench *bench = *state;
    log_open("/dev/null", LOG_LEVEL_ERROR, false);
    make_key(bench, &whole, false, NULL);
    make_key(bench, &reader, true, NULL);
    make_key(bench, &limited, false, "lab.test");
    assert_int_equal(ask(bench, "POST", ZONES "/lab.test/import", zone_text), 200);
    assert_int_equal(ask(bench, "POST", ZONES "/other.test/import", zone_text), 200);
    bench->foreign = true;
    names = arena_create();
    return 0;
}

static int tear_down(void **state)
{
    int rc = bench_tear_down(state);
    bench_rule = DOOR_BEYOND_LOOPBACK;
    arena_destroy(arena);
    arena_destroy(names);
    arena = NULL;
    return rc;
}

/* ---- signing ---- */

enum trick {
    RIGHT,
    NOT_SIGNED,
    VERSION_2,
    NO_SIGNATURE,
    OTHER_SERVICE,
    OTHER_REGION,
    UNKNOWN_KEY,
    WRONG_SECRET,
    OTHER_METHOD,
    OTHER_PATH,
    OTHER_BODY,
    HASH_STATED,
    OTHER_BODY_THAN_STATED,
    BODY_NOT_SIGNED,
    NO_HASH_AT_ALL,
    OLD,
    OF_TOMORROW
};

struct signing {
    struct http_header headers[6];
    struct sigv4_header signed_headers[6];
    unsigned count;
};

static void add_header(struct signing *signing, const char *name, const char *value)
{
    signing->headers[signing->count] = (struct http_header){ name, value };
    signing->signed_headers[signing->count++] = (struct sigv4_header){ name, value };
}

static const char *time_of(enum trick trick, char out[SIGV4_TIME_SIZE])
{
    int64_t late_s = trick == OLD ? -302 : trick == OF_TOMORROW ? 86400 : 0;
    sigv4_time((uint64_t)(clock_unix_s() + late_s), out);
    return out;
}

static const char *authorization(const struct sigv4_request *request, const struct access_key *key,
                                 enum trick trick)
{
    const char *id = trick == UNKNOWN_KEY ? "AKNOBODY" : key->id;
    const char *secret = trick == WRONG_SECRET ? "lighthouse" : key->secret;
    char *value = (char *)sigv4_authorization(arena, request, id, secret,
                                              trick == OTHER_REGION ? "mars-1" : "us-east-1",
                                              trick == OTHER_SERVICE ? "s3" : "route53");
    if (trick == VERSION_2)
        return "AWS AKX:c2lnbmF0dXJl";
    if (trick == NO_SIGNATURE)
        *strstr(value, ", Signature") = '\0';
    return value;
}

static void sign(struct signing *signing, const struct access_key *key, enum trick trick,
                 const char *method, const char *target, const char *body)
{
    char hash[SIGV4_HEX_SIZE], time[SIGV4_TIME_SIZE];
    const char *text = trick == OTHER_BODY || trick == OTHER_BODY_THAN_STATED ? "other" : body;
    sigv4_hash((struct span){ (const uint8_t *)text, strlen(text) }, hash);
    if (trick == BODY_NOT_SIGNED)
        strcpy(hash, "UNSIGNED-PAYLOAD");
    if (trick == NO_HASH_AT_ALL)
        strcpy(hash, "STREAMING");
    add_header(signing, "Host", HOST);
    add_header(signing, "X-Amz-Date", arena_copy(arena, time_of(trick, time), SIGV4_TIME_SIZE));
    if (trick == HASH_STATED || trick == OTHER_BODY_THAN_STATED || trick == BODY_NOT_SIGNED ||
        trick == NO_HASH_AT_ALL)
        add_header(signing, "x-amz-content-sha256", arena_copy(arena, hash, sizeof(hash)));
    struct sigv4_request request = { trick == OTHER_METHOD ? "LINK" : method,
                                     trick == OTHER_PATH ? "/signpost/v1/x" : target,
                                     signing->signed_headers, signing->count, hash };
    if (trick != NOT_SIGNED)
        add_header(signing, "Authorization", authorization(&request, key, trick));
    if (*body != '\0')
        add_header(signing, "Content-Length", arena_format(arena, "%zu", strlen(body)));
}

static unsigned ask_as(struct bench *bench, const struct access_key *key, enum trick trick,
                       const char *method, const char *target, const char *body)
{
    static struct signing signing;
    forget(bench);
    arena_destroy(arena);
    arena = arena_create();
    signing = (struct signing){ 0 };
    sign(&signing, key, trick, method, target, body);
    bench->headers = signing.headers;
    bench->header_count = signing.count;
    unsigned status = ask(bench, method, target, body);
    bench->headers = NULL;
    bench->header_count = 0;
    return status;
}

/* What the response says, in XML or in JSON. */
static bool says(const struct bench *bench, const char *code, const char *message)
{
    char xml[128], json[128];
    const char *text = bench->exchange.response.body.data;
    snprintf(xml, sizeof(xml), "<Code>%s</Code>", code);
    snprintf(json, sizeof(json), "{\"error\":{\"code\":\"%s\"", code);
    return (strstr(text, xml) != NULL || strncmp(text, json, strlen(json)) == 0) &&
           strstr(text, message) != NULL;
}

/* ---- the table of section 4 ---- */

static const char mismatch[] =
    "The request signature we calculated does not match the signature you provided. Check your AWS "
    "Secret Access Key and signing method. Consult the service documentation for details.";

static void every_case_has_its_code_and_words(void **state)
{
    static const struct row {
        const char *why;
        enum trick trick;
        unsigned status; /* 0: it is let through */
        const char *code;
        const char *message;
    } rows[] = {
        { "a right signature", RIGHT, 0, NULL, NULL },
        { "A-SIG-2: of any region", OTHER_REGION, 0, NULL, NULL },
        { "A-SIG-9: the hash of the body is stated", HASH_STATED, 0, NULL, NULL },
        { "A-SIG-9: the body is not signed", BODY_NOT_SIGNED, 0, NULL, NULL },
        { "no Authorization", NOT_SIGNED, 403, "MissingAuthenticationToken",
          "Missing Authentication Token" },
        { "A-SIG-12: of version 2", VERSION_2, 403, "MissingAuthenticationToken",
          "Missing Authentication Token" },
        { "a part is missing", NO_SIGNATURE, 400, "IncompleteSignature",
          "Authorization header requires " },
        { "wrong service", OTHER_SERVICE, 400, "IncompleteSignature",
          "Credential should be scoped to correct service: " },
        { "unknown key", UNKNOWN_KEY, 403, "InvalidClientTokenId",
          "The security token included in the request is invalid." },
        { "wrong secret", WRONG_SECRET, 403, "SignatureDoesNotMatch", mismatch },
        { "another method was signed", OTHER_METHOD, 403, "SignatureDoesNotMatch", mismatch },
        { "another path was signed", OTHER_PATH, 403, "SignatureDoesNotMatch", mismatch },
        { "another body was signed", OTHER_BODY, 403, "SignatureDoesNotMatch", mismatch },
        { "A-SIG-9: another hash is stated, and signed", OTHER_BODY_THAN_STATED, 403,
          "SignatureDoesNotMatch", mismatch },
        { "what is stated is no hash", NO_HASH_AT_ALL, 403, "SignatureDoesNotMatch", mismatch },
        { "A-SIG-3: too old", OLD, 403, "SignatureDoesNotMatch", "Signature expired: " },
        { "A-SIG-3: too new", OF_TOMORROW, 403, "SignatureDoesNotMatch",
          "Signature not yet current: " },
    };
    static const struct target {
        const char *method, *target, *body;
        unsigned status; /* once it is let through */
    } targets[] = {
        { "GET", ZONES53 "?maxitems=1&marker=%2A%5C052", "", 200 },
        { "POST", ZONES53, "<CreateHostedZoneRequest/>", 400 },
        { "GET", ZONES53 "/Z%2FNONE", "", 404 },
        { "GET", "/2013-04-01/nothing", "", 404 },
        { "PUT", ZONES53, "x", 405 },
        { "GET", "/2012-12-12/hostedzone", "", 404 },
        { "GET", ZONES, "", 200 },
        { "POST", ZONES "/lab.test/changes", "{\"changes\":[]}", 400 },
        { "GET", "/signpost/v1/nothing", "", 404 },
        { "GET", "/elsewhere", "", 404 },
    };
    struct bench *bench = *state;
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        for (size_t j = 0; j < COUNT_OF(targets); j++) {
            const struct row *row = &rows[i];
            const struct target *to = &targets[j];
            /* Where there is nothing, a right signature is told so before the body comes. */
            if (row->trick == OTHER_BODY_THAN_STATED && to->status != 200 && to->status != 400)
                continue;
            unsigned expect = row->status != 0 ? row->status : to->status;
            unsigned status = ask_as(bench, &whole, row->trick, to->method, to->target, to->body);
            if ((status != expect && !(row->status == 0 && status / 100 == expect / 100)) ||
                (row->status != 0 && !says(bench, row->code, row->message)))
                fail_msg("%s: %s %s -> %u %s", row->why, to->method, to->target, status,
                         bench->exchange.response.body.data);
        }
}

static void what_is_refused_leaves_no_trace(void **state)
{
    struct bench *bench = *state;
    const char *target = ZONES "/new.test/import";
    assert_int_equal(ask_as(bench, &whole, WRONG_SECRET, "POST", target, zone_text), 403);
    assert_int_equal(ask_as(bench, &whole, OTHER_BODY, "POST", target, zone_text), 403);
    assert_int_equal(ask_as(bench, &whole, OTHER_BODY_THAN_STATED, "POST", target, zone_text), 403);
    assert_int_equal(ask_as(bench, &whole, RIGHT, "GET", ZONES "/new.test/export", ""), 404);
    assert_int_equal(ask_as(bench, &whole, HASH_STATED, "POST", target, zone_text), 200);
    assert_int_equal(ask_as(bench, &whole, RIGHT, "GET", ZONES "/new.test/export", ""), 200);
}

static void presigned_requests_are_served(void **state)
{
    struct bench *bench = *state;
    struct http_header host = { "Host", HOST };
    struct sigv4_header signed_host = { "Host", HOST };
    char time[SIGV4_TIME_SIZE], signature[SIGV4_HEX_SIZE];
    static const char *const paths[] = { ZONES53, ZONES };
    arena = arena_create();
    for (size_t i = 0; i < COUNT_OF(paths); i++)
        for (int wrong = 0; wrong <= 1; wrong++) {
            sigv4_time((uint64_t)clock_unix_s() - 4000, time);
            struct sigv4_claim claim = { .day = arena_format(arena, "%.8s", time),
                                         .region = "us-east-1",
                                         .service = "route53",
                                         .time = time,
                                         .signed_headers = "host",
                                         .is_presigned = true };
            const char *target = arena_format(
                arena,
                "%s?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=%s%%2F%.8s%%2Fus-east-1"
                "%%2Froute53%%2Faws4_request&X-Amz-Date=%s&X-Amz-Expires=%d&X-Amz-SignedHeaders="
                "host",
                paths[i], whole.id, time, time, wrong ? 3600 : 7200);
            struct sigv4_request request = {
                "GET", target, &signed_host, 1,
                "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
            };
            assert_int_equal(sigv4_signature(arena, &request, &claim, whole.secret, signature), 0);
            bench->headers = &host;
            bench->header_count = 1;
            target = arena_format(arena, "%s&X-Amz-Signature=%s", target, signature);
            assert_int_equal(ask(bench, "GET", target, ""), wrong ? 403 : 200);
            if (wrong)
                assert_true(says(bench, "SignatureDoesNotMatch", " - 60 min.)"));
            forget(bench);
        }
    bench->header_count = 0;
}

/* ---- where nothing is required ---- */

static void a_signature_is_required_where_strangers_can_come(void **state)
{
    static const struct row {
        const char *why;
        enum door_rule rule;
        bool foreign, beyond;
        const char *host; /* then not signed */
        const char *target;
        unsigned status;
    } rows[] = {
        { "the control socket needs none", DOOR_EVERYWHERE, false, false, "x", ZONES, 200 },
        { "loopback needs none by itself", DOOR_BEYOND_LOOPBACK, true, false, "127.0.0.1", ZONES,
          200 },
        { "but no name that was rebound to it", DOOR_BEYOND_LOOPBACK, true, false, "evil.example",
          ZONES, 403 },
        { "nor for the other API", DOOR_BEYOND_LOOPBACK, true, false, "evil.example", ZONES53,
          403 },
        { "Route 53's own name leads here", DOOR_BEYOND_LOOPBACK, true, false,
          "route53.amazonaws.com", ZONES53, 200 },
        { "beyond loopback it needs one", DOOR_BEYOND_LOOPBACK, true, true, "127.0.0.1", ZONES,
          403 },
        { "with no, nowhere", DOOR_NOWHERE, true, false, "127.0.0.1", ZONES53, 200 },
        { "with yes, on loopback too", DOOR_EVERYWHERE, true, false, "127.0.0.1", ZONES, 403 },
        { "A-HTTP-9: figures are open", DOOR_EVERYWHERE, true, true, "dns.lab.test", "/metrics",
          200 },
        { "A-HTTP-9: so is the question whether it is well", DOOR_EVERYWHERE, true, true,
          "dns.lab.test", "/healthz?x=1", 400 },
        { "and without an argument", DOOR_EVERYWHERE, true, true, "dns.lab.test", "/healthz", 200 },
        { "but on loopback not for foreign pages", DOOR_EVERYWHERE, true, false, "evil.example",
          "/metrics", 403 },
        { "another spelling of them is not open", DOOR_EVERYWHERE, true, true, "x", "/%6detrics",
          403 },
        { "another spelling of a path is that path", DOOR_EVERYWHERE, true, true, "x",
          "/%73ignpost/v1/zones", 403 },
        { "a slash more", DOOR_EVERYWHERE, true, true, "x", "//signpost/v1/zones", 403 },
        { "nothing at all", DOOR_EVERYWHERE, true, true, "x", "", 403 },
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct bench *bench;
        struct http_header host = { "Host", rows[i].host };
        bench_rule = rows[i].rule;
        bench_set_up((void **)&bench);
        bench->foreign = rows[i].foreign;
        bench->beyond = rows[i].beyond;
        bench->headers = &host;
        bench->header_count = 1;
        unsigned status = ask(bench, "GET", rows[i].target, "");
        if (status != rows[i].status)
            fail_msg("%s: %u %s", rows[i].why, status, bench->exchange.response.body.data);
        bench_tear_down((void **)&bench);
    }
    bench_rule = DOOR_BEYOND_LOOPBACK;
}

/* ---- permissions ---- */

static void keys_may_do_what_they_were_made_for(void **state)
{
    static const struct row {
        const char *method, *target, *body;
        bool reader, limited; /* a whole key may do all of it */
    } rows[] = {
        { "GET", ZONES, "", true, true },
        { "GET", ZONES "/other.test/export", "", true, true },
        { "GET", "/signpost/v1/status", "", true, true },
        { "POST", "/signpost/v1/explain", "{}", true, true },
        { "POST", "/signpost/v1/simulate", "{}", true, true },
        { "POST", "/signpost/v1/drills/predict", "{}", true, true },
        { "POST", ZONES "/lab.test/changes", "{}", false, true },
        { "POST", ZONES "/LAB.test./changes", "{}", false, true },
        { "POST", ZONES "/x.lab.test/changes", "{}", false, false },
        { "POST", ZONES "/other.test/changes", "{}", false, false },
        { "POST", ZONES "/lab.test/import", "; none\n", false, true },
        { "POST", ZONES "/other.test/import", "; none\n", false, false },
        { "DELETE", ZONES "/other.test", "", false, false },
        { "POST", "/signpost/v1/health-checks", "{}", false, false },
        { "PUT", "/signpost/v1/resources/x.test", "{}", false, false },
        { "POST", "/signpost/v1/drills", "{}", false, false },
        { "POST", "/signpost/v1/locations/import", "", false, false },
        { "GET", "/signpost/v1/keys", "", false, false },
        { "POST", "/signpost/v1/keys", "[]", false, false },
        { "DELETE", "/signpost/v1/keys/AKNOBODY", "", false, false },
        { "GET", "/signpost/v1/audit", "", false, false },
        { "GET", ZONES53, "", true, true },
        { "GET", ZONES53 "byname", "", true, true },
        { "POST", ZONES53, "<x/>", false, false },
        { "POST", "/2013-04-01/healthcheck", "<x/>", false, false },
        { "DELETE", ZONES53 "/ZNOTTHERE", "", false, false },
    };
    struct bench *bench = *state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const struct row *row = &rows[i];
        const struct {
            const struct access_key *key;
            bool may;
        } tries[] = { { &reader, row->reader }, { &limited, row->limited }, { &whole, true } };
        for (size_t j = 0; j < COUNT_OF(tries); j++) {
            unsigned status =
                ask_as(bench, tries[j].key, RIGHT, row->method, row->target, row->body);
            if ((status != 403) != tries[j].may ||
                (status == 403 && !says(bench, "AccessDenied", "User: arn:aws:iam::000000000000:")))
                fail_msg("%s %s as %zu -> %u %s", row->method, row->target, j, status,
                         bench->exchange.response.body.data);
        }
    }
}

static const char *id_of_zone(struct bench *bench, const char *origin)
{
    struct problem problem = { 0 };
    struct hosted_zone zone;
    uint8_t name[DNS_NAME_SIZE_MAX];
    const char *why;
    dns_name_from_text(name, origin, strlen(origin), NULL, &why);
    assert_int_equal(control_find_zone(bench->control, name, &zone, &problem), 0);
    return arena_copy(names, zone.public_id, sizeof(zone.public_id));
}

static void a_zone_by_its_id_is_that_zone(void **state)
{
    struct bench *bench = *state;
    char target[128], resource[256];
    const char *other = id_of_zone(bench, "other.test"), *lab = id_of_zone(bench, "lab.test");
    snprintf(target, sizeof(target), ZONES53 "/%s/rrset/", other);
    snprintf(resource, sizeof(resource),
             "user/%s is not authorized to perform: route53:ChangeResourceRecordSets on resource: "
             "arn:aws:route53:::hostedzone/%s",
             limited.id, other);
    assert_int_equal(ask_as(bench, &limited, RIGHT, "POST", target, "<x/>"), 403);
    assert_true(says(bench, "AccessDenied", resource));
    snprintf(target, sizeof(target), ZONES53 "/%s/rrset/", lab);
    assert_int_equal(ask_as(bench, &limited, RIGHT, "POST", target, "<x/>"), 400);
    snprintf(target, sizeof(target), ZONES53 "/%%2Fhostedzone%%2F%s/rrset", lab);
    assert_int_equal(ask_as(bench, &limited, RIGHT, "POST", target, "<x/>"), 400);
}

/* ---- the audit ---- */

/* "KEY OPERATION ZONE RESULT" of the newest rows, newest first. */
static void assert_audit(struct bench *bench, unsigned count, const char *expect)
{
    char target[64], text[4096] = "";
    bench->foreign = false;
    snprintf(target, sizeof(target), "/signpost/v1/audit?limit=%u", count);
    assert_int_equal(ask(bench, "GET", target, ""), 200);
    json_t *document = reply_of(bench);
    const json_t *entry;
    size_t index;
    json_array_foreach(json_object_get(document, "entries"), index, entry)
    {
        const char *key = json_string_value(json_object_get(entry, "key"));
        size_t size = strlen(text);
        assert_non_null(json_string_value(json_object_get(entry, "request_id")));
        snprintf(text + size, sizeof(text) - size, "%s %s %s %s\n",
                 strcmp(key, whole.id) == 0    ? "whole"
                 : strcmp(key, reader.id) == 0 ? "reader"
                                               : key,
                 json_string_value(json_object_get(entry, "operation")),
                 json_string_value(json_object_get(entry, "zone")),
                 json_string_value(json_object_get(entry, "result")));
    }
    json_decref(document);
    bench->foreign = true;
    assert_string_equal(text, expect);
}

static void what_changes_something_is_audited(void **state)
{
    static const char change[] =
        "{\"changes\":[{\"action\":\"CREATE\",\"name\":\"a.lab.test\",\"type\":\"A\","
        "\"ttl\":5,\"values\":[\"192.0.2.1\"]}]}";
    struct bench *bench = *state;
    assert_audit(bench, 2,
                 " POST zones/{zone}/import other.test. ok\n"
                 " POST zones/{zone}/import lab.test. ok\n");
    assert_int_equal(ask_as(bench, &whole, RIGHT, "POST", ZONES "/lab.test/changes", change), 200);
    assert_audit(bench, 1, "whole POST zones/{zone}/changes lab.test. ok\n");
    assert_int_equal(ask_as(bench, &whole, RIGHT, "POST", ZONES "/lab.test/changes", change), 400);
    assert_int_equal(ask_as(bench, &whole, RIGHT, "GET", ZONES, ""), 200);
    assert_int_equal(ask_as(bench, &reader, RIGHT, "POST", ZONES "/lab.test/changes", "{}"), 403);
    assert_int_equal(
        ask_as(bench, &whole, WRONG_SECRET, "GET", ZONES "?X-Amz-Signature=secret", ""), 403);
    assert_audit(bench, 4,
                 "whole GET /signpost/v1/zones  SignatureDoesNotMatch\n"
                 "reader POST zones/{zone}/changes lab.test. AccessDenied\n"
                 "whole POST zones/{zone}/changes lab.test. Invalid\n"
                 "whole POST zones/{zone}/changes lab.test. ok\n");
    assert_int_equal(ask_as(bench, &whole, RIGHT, "DELETE", "/signpost/v1/keys/AKX", ""), 404);
    assert_audit(bench, 1, "whole DELETE keys/AKX  NotFound\n");
}

static int count_entry(void *context, const struct audit_entry *entry)
{
    (void)entry;
    ++*(unsigned *)context;
    return 0;
}

static void strangers_cannot_wash_the_audit_away(void **state)
{
    struct bench *bench = *state;
    struct problem problem = { 0 };
    unsigned count = 0;
    for (unsigned i = 0; i < AUDIT_REFUSED_MAX + 50; i++)
        assert_int_equal(ask_as(bench, &whole, NOT_SIGNED, "GET", ZONES, ""), 403);
    assert_int_equal(ask_as(bench, &whole, RIGHT, "DELETE", ZONES "/lab.test?force=1", ""), 200);
    struct audit_query query = { .limit = AUDIT_PAGE_MAX };
    assert_int_equal(control_visit_audit(bench->control, &query, count_entry, &count, &problem), 0);
    /* A turn of the minute in the middle lets as many through again, and one row tells the rest. */
    assert_in_range(count, AUDIT_REFUSED_MAX + 3, AUDIT_REFUSED_MAX + 3 + 51);
}

#define AT_THE_DOOR(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

static const struct CMUnitTest tests[] = {
    AT_THE_DOOR(every_case_has_its_code_and_words),
    AT_THE_DOOR(what_is_refused_leaves_no_trace),
    AT_THE_DOOR(presigned_requests_are_served),
    cmocka_unit_test(a_signature_is_required_where_strangers_can_come),
    AT_THE_DOOR(keys_may_do_what_they_were_made_for),
    AT_THE_DOOR(a_zone_by_its_id_is_that_zone),
    AT_THE_DOOR(what_changes_something_is_audited),
    AT_THE_DOOR(strangers_cannot_wash_the_audit_away),
};

RUN_TESTS(tests)
