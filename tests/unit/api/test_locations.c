/* Locations and latencies over HTTP: tables go in and come out, and one client is looked up. */
#include "bench.h"

#define V1 "/signpost/v1/"

static const char locations_text[] =
    "prefix,continent,country,subdivision,latitude,longitude,region\n"
    "192.0.2.0/24,AS,TR,,41.01,28.98,\n"
    "198.51.100.0/24,,US,CA,,,us-west-1\n"
    "203.0.113.0/24,EU,,,,,\n";

static const char latencies_text[] = "from,region,milliseconds\n192.0.2.0/25,eu-west-1,1.5\n";

static void ok(struct bench *bench, const char *method, const char *target, const char *body)
{
    unsigned status = ask(bench, method, target, body);
    if (status != 200)
        fail_msg("%s %s: %u %s", method, target, status, bench->exchange.response.body.data);
}

static void assert_text(struct bench *bench, const char *target, const char *expect)
{
    ok(bench, "GET", target, NULL);
    assert_string_equal(bench->exchange.response.body.data, expect);
    assert_string_equal(bench->exchange.response.content_type, "text/csv");
}

static void tables_go_in_and_come_out(void **state)
{
    struct bench *bench = *state;
    assert_text(bench, V1 "locations",
                "prefix,continent,country,subdivision,latitude,longitude,region\n");
    assert_text(bench, V1 "latencies", "from,region,milliseconds\n");
    ok(bench, "POST", V1 "locations/import?file=my.csv", locations_text);
    assert_string_equal(bench->exchange.response.body.data, "{\"rows\":3}\n");
    ok(bench, "POST", V1 "latencies/import", latencies_text);
    assert_string_equal(bench->exchange.response.body.data, "{\"rows\":1}\n");
    assert_text(bench, V1 "locations", locations_text);
    assert_text(bench, V1 "latencies", latencies_text);
}

static void an_import_is_answered_when_every_worker_has_it(void **state)
{
    struct bench *bench = *state;
    bench->asleep = true;
    ok(bench, "POST", V1 "locations/import", locations_text);
    assert_true(bench->exchange.waiting);
    let_worker_see(bench);
    assert_false(bench->exchange.waiting);
}

static void a_mistake_is_named_with_its_file_and_line(void **state)
{
    struct bench *bench = *state;
    static const struct row {
        const char *target, *body, *message;
    } rows[] = {
        { V1 "locations/import?file=my.csv", "prefix\nhere\n",
          "my.csv:2: \"here\" is no IPv4 or IPv6 address" },
        { V1 "locations/import", "prefix\n::/0\n::/0\n",
          "location file:3: the prefix ::/0 is there twice: first in line 2" },
        { V1 "latencies/import", "",
          "latency file:1: the file ends before a line names its columns" },
        { V1 "latencies/import?file=", "from,region,milliseconds\n::/0,x,1\n",
          "latency file:2: \"x\" is no AWS Region" },
    };
    ok(bench, "POST", V1 "locations/import", locations_text);
    for (unsigned i = 0; i < COUNT_OF(rows); i++) {
        assert_int_equal(ask(bench, "POST", rows[i].target, rows[i].body), 400);
        json_t *document = reply_of(bench);
        assert_string_equal(message_of(document), rows[i].message);
        json_decref(document);
    }
    assert_text(bench, V1 "locations", locations_text);
}

/* The members of a client in one line, and its three best Regions. */
static void assert_client(struct bench *bench, const char *client, const char *expect)
{
    static const char *const members[] = { "source",  "prefix",      "continent",
                                           "country", "subdivision", "region" };
    char target[96], text[256];
    size_t size = 0;
    snprintf(target, sizeof target, V1 "locations/%s", client);
    ok(bench, "GET", target, NULL);
    json_t *document = reply_of(bench);
    for (unsigned i = 0; i < COUNT_OF(members); i++) {
        const char *value = json_string_value(json_object_get(document, members[i]));
        size += (size_t)snprintf(text + size, sizeof text - size, "%s ", value ? value : "-");
    }
    const json_t *latencies = json_object_get(document, "latencies");
    assert_int_equal(json_array_size(latencies), 39);
    for (unsigned i = 0; i < 2; i++) {
        const json_t *latency = json_array_get(latencies, i);
        size += (size_t)snprintf(text + size, sizeof text - size, "%s%s %.1f %s", i > 0 ? ", " : "",
                                 json_string_value(json_object_get(latency, "region")),
                                 json_number_value(json_object_get(latency, "milliseconds")),
                                 json_string_value(json_object_get(latency, "source")));
    }
    if (json_is_true(json_object_get(document, "assumed")))
        snprintf(text + size, sizeof text - size, ", assumed");
    json_decref(document);
    assert_string_equal(text, expect);
}

static void one_client_is_looked_up(void **state)
{
    struct bench *bench = *state;
    ok(bench, "POST", V1 "locations/import", locations_text);
    ok(bench, "POST", V1 "latencies/import", latencies_text);
    assert_client(bench, "192.0.2.1",
                  "table 192.0.2.0/24 AS TR - il-central-1 "
                  "eu-west-1 1.5 measured, il-central-1 27.4 modelled");
    assert_client(bench, "198.51.100.0%2F28",
                  "table 198.51.100.0/24 NA US CA us-west-1 "
                  "us-west-1 5.0 modelled, us-gov-west-1 24.2 modelled");
    assert_client(bench, "203.0.113.1",
                  "table 203.0.113.0/24 EU - - - "
                  "us-east-1 5.0 modelled, us-east-2 14.8 modelled, assumed");
    assert_client(bench, "2001:db8::1",
                  "unlocated - - - - - "
                  "us-east-1 5.0 modelled, us-east-2 14.8 modelled, assumed");
}

static void what_is_no_client_is_refused(void **state)
{
    struct bench *bench = *state;
    static const struct row {
        const char *target, *message;
    } rows[] = {
        { V1 "locations/www.lab.test", "\"www.lab.test\" is no IPv4 or IPv6 address" },
        { V1 "locations/192.0.2.1%2F24", "\"192.0.2.1/24\" has bits set behind its length" },
    };
    for (unsigned i = 0; i < COUNT_OF(rows); i++) {
        assert_int_equal(ask(bench, "GET", rows[i].target, NULL), 400);
        json_t *document = reply_of(bench);
        assert_string_equal(message_of(document), rows[i].message);
        json_decref(document);
    }
}

static const struct CMUnitTest tests[] = {
    WITH_BENCH(tables_go_in_and_come_out),
    WITH_BENCH(an_import_is_answered_when_every_worker_has_it),
    WITH_BENCH(a_mistake_is_named_with_its_file_and_line),
    WITH_BENCH(one_client_is_looked_up),
    WITH_BENCH(what_is_no_client_is_refused),
};

RUN_TESTS(tests)
