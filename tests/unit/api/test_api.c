/*
 * The whole interface without a socket: requests go in as structs, one worker is played by the
 * test, the store is a file in a directory of its own.
 */
#include "signpost/api/api.h"

#include "signpost/base/hash.h"
#include "signpost/base/log.h"

#include <jansson.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static const char zone_text[] = "$TTL 300\n@ MX 10 mail\nmail A 192.0.2.25\nwww A 192.0.2.1\n"
                                "www A 192.0.2.2\n";

struct bench {
    char directory[32];
    struct store *store;
    struct mailbox *mailbox;
    struct control *control;
    struct zone_defaults defaults;
    struct api *api;
    struct http_handler handler;
    struct http_exchange exchange; /* the last one */
    bool asleep;                   /* the worker takes no snapshots */
    unsigned resumed;
    bool foreign; /* ask over TCP */
    struct bench *self;
};

static struct bench *bench_of_resume;

static void on_resume(struct http_exchange *exchange)
{
    exchange->waiting = false;
    bench_of_resume->resumed++;
}

static void read_status(void *context, struct api_status *out_status)
{
    (void)context;
    out_status->workers = 1;
    out_status->uptime_s = 5;
    out_status->transports[0] = (struct api_counter){ "udp4", 3 };
    out_status->transports[1] = (struct api_counter){ "tcp4", 4 };
    out_status->types[0] = (struct api_counter){ "A", 7 };
    out_status->rcodes[0] = (struct api_counter){ "NOERROR", 7 };
    out_status->tcp_open = 2;
}

static void remove_directory(const char *directory)
{
    char command[64];
    snprintf(command, sizeof(command), "rm -r %s", directory);
    if (system(command) != 0)
        fail_msg("cannot remove %s", directory);
}

static int set_up(void **state)
{
    struct bench *bench = calloc(1, sizeof(*bench));
    struct problem problem;
    struct answer_options options = { .edns_size = 1232 };
    const char *why;
    char path[64];
    strcpy(bench->directory, "/tmp/signpost-api-XXXXXX");
    assert_non_null(mkdtemp(bench->directory));
    snprintf(path, sizeof(path), "%s/db", bench->directory);
    dns_name_from_text(bench->defaults.server_domain, "signpost.test", 13, NULL, &why);
    dns_name_from_text(bench->defaults.hostmaster, "host.test", 9, NULL, &why);
    log_open("/dev/null", LOG_LEVEL_ERROR, false);
    bench->mailbox = mailbox_create(1);
    assert_int_equal(store_open(path, &bench->store, &problem), 0);
    assert_int_equal(control_create(bench->store, bench->mailbox, &bench->defaults, &options, NULL,
                                    &bench->control, &problem),
                     0);
    struct api_settings settings = { bench->control, read_status, bench };
    bench->api = api_create(&settings);
    bench->handler = api_handler(bench->api);
    bench_of_resume = bench;
    *state = bench;
    return 0;
}

static void forget(struct bench *bench)
{
    struct http_exchange *exchange = &bench->exchange;
    if (exchange->arena == NULL)
        return;
    bench->handler.gone(bench->handler.context, exchange);
    http_buffer_finish(&exchange->response.body);
    arena_destroy(exchange->arena);
    *exchange = (struct http_exchange){ 0 };
}

static int tear_down(void **state)
{
    struct bench *bench = *state;
    forget(bench);
    api_destroy(bench->api);
    control_destroy(bench->control);
    mailbox_destroy(bench->mailbox);
    store_close(bench->store);
    remove_directory(bench->directory);
    free(bench);
    return 0;
}

/* What a worker and the main loop do. */
static void let_worker_see(struct bench *bench)
{
    mailbox_receive(bench->mailbox, 0);
    api_on_seen(bench->api);
}

/* The status of the response; its body is in bench->exchange until the next question. */
static unsigned ask(struct bench *bench, const char *method, const char *target, const char *body)
{
    struct http_exchange *exchange = &bench->exchange;
    const struct http_handler *handler = &bench->handler;
    forget(bench);
    exchange->arena = arena_create();
    exchange->resume = on_resume;
    exchange->request =
        (struct http_request){ .method = method, .target = target, .is_local = !bench->foreign };
    handler->begin(handler->context, exchange);
    for (; body != NULL && *body != '\0' && exchange->response.status == 0; body++)
        handler->body(handler->context, exchange, (struct span){ (const uint8_t *)body, 1 });
    if (exchange->response.status == 0)
        handler->end(handler->context, exchange);
    if (exchange->waiting && !bench->asleep)
        let_worker_see(bench);
    http_buffer_add(&exchange->response.body, "", 1);
    return exchange->response.status;
}

static void import(struct bench *bench)
{
    assert_int_equal(ask(bench, "POST", "/signpost/v1/zones/lab.test/import", zone_text), 200);
}

static json_t *reply_of(const struct bench *bench)
{
    json_error_t error;
    json_t *document = json_loads(bench->exchange.response.body.data, 0, &error);
    if (document == NULL)
        fail_msg("%s: %s", error.text, bench->exchange.response.body.data);
    return document;
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
        { "POST", "/signpost/v1/zones/lab.test/changes", "[]", 400, "Invalid", "\"changes\"" },
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
        assert_int_equal(bench->exchange.response.allow != NULL, status == 405);
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
        for (char *at = body; *at != '\0'; at++)
            *at = *at == '\'' ? '"' : *at;
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
    assert_int_equal(json_unpack(zone, "{s:s,s:i,s:s,s:o,s:i,s:s!}", "name", &name, "records",
                                 &records, "created_at", &text, "name_servers", &servers,
                                 "sequence", &(int){ 0 }, "id", &id),
                     0);
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
    const char *status, *name, *type, *first, *second;
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
                                 "[{s:s,s:s,s:i,s:[s,s]!}!]", "name", &name, "type", &type, "ttl",
                                 &ttl, "values", &first, &second),
                     0);
    assert_string_equal(name, "www.lab.test.");
    assert_int_equal(ttl, 7);
    assert_string_equal(first, "192.0.2.9");
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
    int zones, records, total, a, open;
    import(bench);
    assert_int_equal(ask(bench, "GET", "/signpost/v1/status", NULL), 200);
    json_t *document = reply_of(bench);
    assert_int_equal(
        json_unpack(document,
                    "{s:s,s:i,s:i,s:i,s:i,s:i,s:i,s:{s:i},s:{s:i,s:i,s:i!},s:{s:i!},"
                    "s:{s:i!},s:i,s:i,s:i,s:{s:i,s:i,s:i,s:i!}!}",
                    "version", &(const char *){ NULL }, "pid", &(int){ 0 }, "uptime_s", &(int){ 0 },
                    "workers", &(int){ 0 }, "serial", &(int){ 0 }, "zones", &zones, "records",
                    &records, "memory", "resident_kib", &(int){ 0 }, "queries", "total", &total,
                    "udp4", &(int){ 0 }, "tcp4", &(int){ 0 }, "types", "A", &a, "rcodes", "NOERROR",
                    &(int){ 0 }, "truncated", &(int){ 0 }, "ignored", &(int){ 0 }, "send_failed",
                    &(int){ 0 }, "tcp", "open", &open, "accepted", &(int){ 0 }, "closed_idle",
                    &(int){ 0 }, "closed_crowded", &(int){ 0 }),
        0);
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
    struct bench *bench = *state;
    struct http_exchange *exchange = &bench->exchange;
    static const uint8_t blanks[1 << 20];
    unsigned pieces = 0;
    import(bench);
    forget(bench);
    exchange->arena = arena_create();
    exchange->request = (struct http_request){ .method = "POST",
                                               .target = "/signpost/v1/zones/lab.test/changes",
                                               .is_local = true };
    bench->handler.begin(bench->handler.context, exchange);
    for (; exchange->response.status == 0 && pieces < 100; pieces++)
        bench->handler.body(bench->handler.context, exchange,
                            (struct span){ blanks, sizeof(blanks) });
    assert_int_equal(exchange->response.status, 413);
    assert_int_equal(pieces, HTTP_BODY_SIZE_MAX / sizeof(blanks) + 1);
}

#define WITH_BENCH(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
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
    hash_init();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
