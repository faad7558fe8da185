/* Requests and what comes back, without a socket. */
#include "bench.h"

static const char zone_text[] = "$TTL 300\n@ MX 10 mail\nmail A 192.0.2.25\nwww A 192.0.2.1\n"
                                "www A 192.0.2.2\n";

static void import(struct bench *bench)
{
    assert_int_equal(ask(bench, "POST", "/signpost/v1/zones/lab.test/import", zone_text), 200);
}

static void every_mistake_is_named(void **state)
{
    static const struct row {
        const char *method, *target, *body;
        unsigned status;
        const char *code, *expect;
    } rows[] = {
        { "GET", "/", "", 404, "NotFound", "nothing at this path" },
        { "GET", "/signpost/v2/zones", "", 404, "NotFound", "nothing" },
        { "GET", "/signpost/v1/zones/", "", 404, "NotFound", "nothing" },
        { "GET", "/signpost/v1/zones/lab.test/import/x", "", 404, "NotFound", "nothing" },
        { "PUT", "/signpost/v1/zones", "", 405, "Invalid", "GET" },
        { "HEAD", "/signpost/v1/status", "", 405, "Invalid", "GET" },
        { "GET", "/signpost/v1/zones/lab.test", "", 405, "Invalid", "DELETE" },
        { "GET", "/signpost/v1/zones?a=1", "", 400, "Invalid", "argument \"a\"" },
        { "GET", "/signpost/v1/zones/a%/export", "", 400, "Invalid", "percent" },
        { "GET", "/signpost/v1/zones/a..b/export", "", 400, "Invalid",
          "\"a..b\" is no domain name" },
        { "GET", "/signpost/v1/zones//export", "", 404, "NotFound", "nothing" },
        { "GET", "/signpost/v1/zones/no.test/export", "", 404, "NotFound", "no.test." },
        { "GET", "/signpost/v1/zones/no.test/records", "", 404, "NotFound", "no.test." },
        { "GET", "/signpost/v1/zones/lab.test/records?type=X", "", 400, "Invalid", "type \"X\"" },
        { "GET", "/signpost/v1/zones/lab.test/records?name=a..b", "", 400, "Invalid",
          "argument name" },
        { "DELETE", "/signpost/v1/zones/no.test", "", 404, "NotFound", "no.test." },
        { "DELETE", "/signpost/v1/zones/lab.test", "", 409, "Conflict", "force" },
        { "DELETE", "/signpost/v1/zones/lab.test?force=2", "", 400, "Invalid", "force" },
        { "POST", "/signpost/v1/zones/lab.test/import", "@ A 1\n", 409, "Exists", "replace" },
        { "POST", "/signpost/v1/zones/lab.test/import?replace=1", "; nothing\n", 400, "Invalid",
          "holds no record" },
        { "POST", "/signpost/v1/zones/x.test/import?file=f.zone", "$TTL 1\n@ A x\n", 400, "Invalid",
          "f.zone:2:" },
        { "POST", "/signpost/v1/zones/x.test/import", "$TTL 1\n@ TXT \"open", 400, "Invalid",
          "zone file:2:" },
        { "POST", "/signpost/v1/zones/lab.test/changes", "", 400, "Invalid", "not JSON" },
        { "POST", "/signpost/v1/zones/lab.test/changes", "[]", 400, "Invalid", "an object" },
        { "POST", "/signpost/v1/zones/lab.test/changes", "{\"changes\":[],\"x\":1}", 400, "Invalid",
          "member \"x\"" },
        { "POST", "/signpost/v1/zones/lab.test/changes", "{\"changes\":[],\"changes\":[]}", 400,
          "Invalid", "duplicate" },
        { "POST", "/signpost/v1/zones/lab.test/changes", "{\"changes\":[1]}", 400, "Invalid",
          "changes[0]: it must be an object" },
    };
    struct bench *bench = *state;
    import(bench);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const struct row *row = &rows[i];
        unsigned status = ask(bench, row->method, row->target, row->body);
        json_t *document = reply_of(bench);
        const json_t *error = json_object_get(document, "error");
        const char *message = json_string_value(json_object_get(error, "message"));
        if (status != row->status || message == NULL || strstr(message, row->expect) == NULL ||
            strcmp(json_string_value(json_object_get(error, "code")), row->code) != 0)
            fail_msg("%s %s %s -> %u %s", row->method, row->target, row->body, status,
                     bench->exchange.response.body.data);
        assert_int_equal(bench->exchange.response.header_count == 1, status == 405);
        json_decref(document);
    }
}

static void every_part_of_a_change_is_checked(void **state)
{
    static const struct row {
        const char *change, *expect;
    } rows[] = {
        { "{}", "changes[0].action: it must be" },
        { "{'action':'create'}", "changes[0].action: it must be" },
        { "{'action':'CREATE','x':1}", "changes[0]: unknown member \"x\"" },
        { "{'action':'CREATE','name':1}", "changes[0].name: it must be a string" },
        { "{'action':'CREATE','name':''}", "changes[0]: name: \"\" is no domain name" },
        { "{'action':'CREATE','name':'www'}", "\"www\" is not in the zone lab.test." },
        { "{'action':'CREATE','name':'a.xlab.test'}", "is not in the zone" },
        { "{'action':'CREATE','name':'a.lab.test'}", "changes[0].type: it must be" },
        { "{'action':'CREATE','name':'a.lab.test','type':'LOC'}", "unknown type \"LOC\"" },
        { "{'action':'CREATE','name':'a.lab.test','type':'A'}", "changes[0].ttl: it must be" },
        { "{'action':'CREATE','name':'a.lab.test','type':'A','ttl':-1}", "changes[0].ttl" },
        { "{'action':'CREATE','name':'a.lab.test','type':'A','ttl':2147483648}", "changes[0].ttl" },
        { "{'action':'CREATE','name':'a.lab.test','type':'A','ttl':1.5}", "changes[0].ttl" },
        { "{'action':'CREATE','name':'a.lab.test','type':'A','ttl':1}", "changes[0].values" },
        { "{'action':'CREATE','name':'a.lab.test','type':'A','ttl':1,'values':[]}",
          "changes[0].values" },
        { "{'action':'CREATE','name':'a.lab.test','type':'A','ttl':1,'values':[1]}",
          "list of strings" },
        { "{'action':'CREATE','name':'a.lab.test','type':'A','ttl':1,'values':['x']}",
          "changes[0]: " },
        { "{'action':'CREATE','name':'www.lab.test','type':'A','ttl':1,'values':['192.0.2.1']}",
          "exists" },
        { "{'action':'DELETE','name':'no.lab.test','type':'A','ttl':1,'values':['192.0.2.1']}",
          "no.lab.test." },
        { "{'action':'UPSERT','name':'www.lab.test','type':'CNAME','ttl':1,'values':['a.test']}",
          "CNAME" },
    };
    struct bench *bench = *state;
    import(bench);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char body[256];
        snprintf(body, sizeof(body), "{'changes':[%s]}", rows[i].change);
        quote(body);
        unsigned status = ask(bench, "POST", "/signpost/v1/zones/lab.test/changes", body);
        json_t *document = reply_of(bench);
        const char *message =
            json_string_value(json_object_get(json_object_get(document, "error"), "message"));
        if (status != 400 || message == NULL || strstr(message, rows[i].expect) == NULL)
            fail_msg("%s -> %u %s", rows[i].change, status, bench->exchange.response.body.data);
        json_decref(document);
    }
}

static void an_imported_zone_is_listed_and_exported(void **state)
{
    struct bench *bench = *state;
    const char *name, *id, *text;
    int created, records, names;
    json_t *servers, *warnings;
    import(bench);
    json_t *document = reply_of(bench);
    assert_int_equal(json_unpack(document, "{s:s,s:s,s:b,s:i,s:i,s:o,s:o,s:i!}", "zone", &name,
                                 "id", &id, "created", &created, "records", &records, "names",
                                 &names, "name_servers", &servers, "warnings", &warnings,
                                 "sequence", &(int){ 0 }),
                     0);
    assert_string_equal(name, "lab.test.");
    assert_int_equal(id[0], 'Z');
    assert_true(created);
    assert_int_equal(records, 9); /* four of ours, the SOA and four NS */
    assert_int_equal(names, 3);
    assert_int_equal(json_array_size(servers), 4);
    json_decref(document);

    assert_int_equal(ask(bench, "GET", "/signpost/v1/zones", NULL), 200);
    document = reply_of(bench);
    json_t *zone = json_array_get(json_object_get(document, "zones"), 0);
    int is_private = 1;
    assert_int_equal(json_unpack(zone, "{s:s,s:b,s:i,s:s,s:o,s:i,s:s!}", "name", &name, "private",
                                 &is_private, "records", &records, "created_at", &text,
                                 "name_servers", &servers, "sequence", &(int){ 0 }, "id", &id),
                     0);
    assert_false(is_private);
    assert_string_equal(name, "lab.test.");
    assert_int_equal(records, 9);
    assert_int_equal(strlen(text), strlen("2026-11-21T03:00:00Z"));
    json_decref(document);

    /* Escapes and letter case of the path do not matter. */
    assert_int_equal(ask(bench, "GET", "/signpost/v1/zones/%4Cab.%5C116est./export", NULL), 200);
    assert_string_equal(bench->exchange.response.content_type, "text/dns");
    assert_non_null(strstr(bench->exchange.response.body.data, "192.0.2.25"));
}

static void records_can_be_narrowed_down(void **state)
{
    static const struct row {
        const char *query;
        size_t sets;
    } rows[] = {
        { "", 5 },
        { "?type=A", 2 },
        { "?name=www.lab.test", 1 },
        { "?name=WWW.lab.test.&type=a", 1 },
        { "?name=www.lab.test&type=MX", 0 },
        { "?name=none.lab.test", 0 },
    };
    struct bench *bench = *state;
    import(bench);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char target[128];
        snprintf(target, sizeof(target), "/signpost/v1/zones/lab.test/records%s", rows[i].query);
        assert_int_equal(ask(bench, "GET", target, NULL), 200);
        json_t *document = reply_of(bench);
        assert_int_equal(json_array_size(json_object_get(document, "record_sets")), rows[i].sets);
        json_decref(document);
    }
}

static void a_change_shows_in_the_records(void **state)
{
    static const char body[] =
        "{\"changes\":[{\"action\":\"UPSERT\",\"name\":\"www.lab.test\",\"type\":\"A\",\"ttl\":7,"
        "\"values\":[\"192.0.2.9\",\"192.0.2.8\"]},"
        "{\"action\":\"DELETE\",\"name\":\"mail.lab.test\",\"type\":\"A\",\"ttl\":300,"
        "\"values\":[\"192.0.2.25\"]}]}";
    struct bench *bench = *state;
    const char *status, *name, *type, *first, *second, *policy;
    int sequence, serial, ttl;
    import(bench);
    assert_int_equal(ask(bench, "POST", "/signpost/v1/zones/lab.test/changes", body), 200);
    json_t *document = reply_of(bench);
    assert_int_equal(json_unpack(document, "{s:i,s:i,s:s!}", "sequence", &sequence, "serial",
                                 &serial, "status", &status),
                     0);
    assert_string_equal(status, "INSYNC");
    assert_int_equal(serial, (int)control_serial(bench->control));
    json_decref(document);

    assert_int_equal(ask(bench, "GET", "/signpost/v1/zones/lab.test/records?type=A", NULL), 200);
    document = reply_of(bench);
    assert_int_equal(json_unpack(json_object_get(document, "record_sets"),
                                 "[{s:s,s:s,s:i,s:[s,s],s:s!}!]", "name", &name, "type", &type,
                                 "ttl", &ttl, "values", &first, &second, "policy", &policy),
                     0);
    assert_string_equal(name, "www.lab.test.");
    assert_int_equal(ttl, 7);
    assert_string_equal(first, "192.0.2.9");
    assert_string_equal(policy, "simple");
    json_decref(document);
}

static void a_change_is_answered_when_the_worker_has_it(void **state)
{
    struct bench *bench = *state;
    bench->asleep = true;
    ask(bench, "POST", "/signpost/v1/zones/lab.test/import", zone_text);
    assert_true(bench->exchange.waiting);
    api_on_seen(bench->api); /* somebody woke us, but not with this snapshot */
    assert_int_equal(bench->resumed, 0);
    let_worker_see(bench);
    assert_int_equal(bench->resumed, 1);
    assert_false(bench->exchange.waiting);
    let_worker_see(bench);
    assert_int_equal(bench->resumed, 1);
}

static void a_client_that_leaves_while_waiting_is_forgotten(void **state)
{
    struct bench *bench = *state;
    bench->asleep = true;
    ask(bench, "POST", "/signpost/v1/zones/lab.test/import", zone_text);
    assert_true(bench->exchange.waiting);
    forget(bench);
    let_worker_see(bench);
    assert_int_equal(bench->resumed, 0);
}

static void a_client_that_leaves_while_importing_leaves_nothing(void **state)
{
    struct bench *bench = *state;
    struct http_exchange *exchange = &bench->exchange;
    exchange->arena = arena_create();
    exchange->request = (struct http_request){ .method = "POST",
                                               .target = "/signpost/v1/zones/lab.test/import",
                                               .source = "socket",
                                               .is_local = true };
    bench->handler.begin(bench->handler.context, exchange);
    bench->handler.body(bench->handler.context, exchange,
                        (struct span){ (const uint8_t *)zone_text, 30 });
    forget(bench);
    assert_int_equal(ask(bench, "GET", "/signpost/v1/zones/lab.test/export", NULL), 404);
}

static void replacing_keeps_the_identity(void **state)
{
    struct bench *bench = *state;
    char id[40];
    import(bench);
    json_t *document = reply_of(bench);
    snprintf(id, sizeof(id), "%s", json_string_value(json_object_get(document, "id")));
    json_decref(document);
    assert_int_equal(ask(bench, "POST", "/signpost/v1/zones/lab.test/import?replace=1",
                         "$TTL 1\nx A 192.0.2.1\n"),
                     200);
    document = reply_of(bench);
    assert_string_equal(json_string_value(json_object_get(document, "id")), id);
    assert_true(json_is_false(json_object_get(document, "created")));
    assert_int_equal(json_integer_value(json_object_get(document, "records")), 6);
    json_decref(document);
}

static void deleting_takes_the_zone_away(void **state)
{
    struct bench *bench = *state;
    import(bench);
    assert_int_equal(ask(bench, "DELETE", "/signpost/v1/zones/lab.test?force=1", NULL), 200);
    assert_int_equal(ask(bench, "GET", "/signpost/v1/zones", NULL), 200);
    assert_string_equal(bench->exchange.response.body.data, "{\"zones\":[]}\n");
}

static void status_has_every_figure(void **state)
{
    struct bench *bench = *state;
    int zones, records, total, a, open, started, cpu_us, made;
    const char *listen, *url;
    int signatures;
    import(bench);
    assert_int_equal(ask(bench, "GET", "/signpost/v1/status", NULL), 200);
    json_t *document = reply_of(bench);
    assert_int_equal(
        json_unpack(
            document,
            "{s:s,s:i,s:i,s:i,s:i,s:i,s:i,s:{s:i},s:{s:i,s:i,s:i!},s:{s:i!},"
            "s:{s:i!},s:i,s:i,s:i,s:{s:i,s:i,s:i,s:i!},s:{s:i,s:i!},s:i,s:i,s:i,s:i,s:n,"
            "s:[s,s!],s:[{s:s,s:b!}!],s:{s:i,s:i,s:i,s:i,s:i,s:i,s:i,s:i!},"
            "s:{s:i,s:i,s:i,s:i!}!}",
            "version", &(const char *){ NULL }, "pid", &(int){ 0 }, "uptime_s", &(int){ 0 },
            "workers", &(int){ 0 }, "serial", &(int){ 0 }, "zones", &zones, "records", &records,
            "memory", "resident_kib", &(int){ 0 }, "queries", "total", &total, "udp4", &(int){ 0 },
            "tcp4", &(int){ 0 }, "types", "A", &a, "rcodes", "NOERROR", &(int){ 0 }, "truncated",
            &(int){ 0 }, "ignored", &(int){ 0 }, "send_failed", &(int){ 0 }, "tcp", "open", &open,
            "accepted", &(int){ 0 }, "closed_idle", &(int){ 0 }, "closed_crowded", &(int){ 0 },
            "health_checks", "up", &(int){ 0 }, "down", &(int){ 0 }, "collections", &(int){ 0 },
            "resources", &(int){ 0 }, "locations", &(int){ 0 }, "latencies", &(int){ 0 }, "mmdb",
            "listen", &listen, &(const char *){ NULL }, "api", "url", &url, "signatures",
            &signatures, "probes", "started", &started, "passed", &(int){ 0 }, "failed",
            &(int){ 0 }, "under_way", &(int){ 0 }, "waiting", &(int){ 0 }, "lateness_ms_sum",
            &(int){ 0 }, "lateness_ms_max", &(int){ 0 }, "cpu_us", &cpu_us, "signatures", "made",
            &made, "made_other", &(int){ 0 }, "remembered", &(int){ 0 }, "refused", &(int){ 0 }),
        0);
    assert_string_equal(listen, "127.0.0.1@53");
    assert_string_equal(url, "http://127.0.0.1:5380");
    assert_false(signatures);
    assert_int_equal(started, 9);
    assert_int_equal(cpu_us, 250000);
    assert_int_equal(made, 11);
    assert_int_equal(zones, 1);
    assert_int_equal(records, 9);
    assert_int_equal(total, 7);
    assert_int_equal(a, 7);
    assert_int_equal(open, 2);
    json_decref(document);
}

static void over_tcp_a_request_must_be_from_here(void **state)
{
    struct bench *bench = *state;
    bench->foreign = true;
    assert_int_equal(ask(bench, "GET", "/signpost/v1/zones", NULL), 403); /* it has no Host */
}

static void a_body_has_its_bound(void **state)
{
    static const struct {
        const char *target;
        unsigned most;
    } rows[] = {
        { "/signpost/v1/zones/lab.test/changes", HTTP_BODY_SIZE_MAX },
        { "/2013-04-01/hostedzone", ROUTE53_BODY_SIZE_MAX },
    };
    static const uint8_t blanks[1 << 20];
    struct bench *bench = *state;
    struct http_exchange *exchange = &bench->exchange;
    import(bench);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        unsigned pieces = 0;
        forget(bench);
        exchange->arena = arena_create();
        exchange->request = (struct http_request){
            .method = "POST", .target = rows[i].target, .source = "socket", .is_local = true
        };
        bench->handler.begin(bench->handler.context, exchange);
        for (; exchange->response.status == 0 && pieces < 100; pieces++)
            bench->handler.body(bench->handler.context, exchange,
                                (struct span){ blanks, sizeof(blanks) });
        assert_int_equal(exchange->response.status, 413);
        assert_int_equal(pieces, rows[i].most / sizeof(blanks) + 1);
    }
}

static const struct CMUnitTest tests[] = {
    WITH_BENCH(every_mistake_is_named),
    WITH_BENCH(every_part_of_a_change_is_checked),
    WITH_BENCH(an_imported_zone_is_listed_and_exported),
    WITH_BENCH(records_can_be_narrowed_down),
    WITH_BENCH(a_change_shows_in_the_records),
    WITH_BENCH(a_change_is_answered_when_the_worker_has_it),
    WITH_BENCH(a_client_that_leaves_while_waiting_is_forgotten),
    WITH_BENCH(a_client_that_leaves_while_importing_leaves_nothing),
    WITH_BENCH(replacing_keeps_the_identity),
    WITH_BENCH(deleting_takes_the_zone_away),
    WITH_BENCH(status_has_every_figure),
    WITH_BENCH(over_tcp_a_request_must_be_from_here),
    WITH_BENCH(a_body_has_its_bound),
};

RUN_TESTS(tests)
