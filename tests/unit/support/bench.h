/*
 * bench.h - the whole HTTP interface without a socket: requests go in as structs, one worker is
 * played by the test, the store is a file in a directory of its own.
 */
#ifndef SIGNPOST_TESTS_BENCH_H
#define SIGNPOST_TESTS_BENCH_H

#include "boards.h"
#include "tests.h"

#include "signpost/api/api.h"
#include "signpost/base/hash.h"
#include "signpost/base/log.h"

#include <jansson.h>
#include <unistd.h>

#define BENCH __attribute__((unused)) static

struct bench {
    char directory[32];
    struct store *store;
    struct mailbox *mailbox;
    struct health_table *health;
    struct board *board;
    struct control *control;
    struct zone_defaults defaults;
    struct api *api;
    struct http_handler handler;
    struct http_exchange exchange; /* the last one */
    bool asleep;                   /* the worker takes no snapshots */
    unsigned resumed;
    bool foreign; /* ask over TCP */
    bool beyond;  /* then from another machine */
    const struct http_header *headers;
    unsigned header_count;
};

static struct bench *bench_of_resume;

/* Of those that are set up from now on. */
BENCH enum door_rule bench_rule = DOOR_BEYOND_LOOPBACK;

BENCH void on_resume(struct http_exchange *exchange)
{
    exchange->waiting = false;
    bench_of_resume->resumed++;
}

BENCH void read_status(void *context, struct api_status *out_status)
{
    (void)context;
    out_status->workers = 1;
    out_status->uptime_s = 5;
    out_status->transports[0] = (struct api_counter){ "udp4", 3 };
    out_status->transports[1] = (struct api_counter){ "tcp4", 4 };
    out_status->types[0] = (struct api_counter){ "A", 7 };
    out_status->rcodes[0] = (struct api_counter){ "NOERROR", 7 };
    out_status->tcp_open = 2;
    out_status->signatures_made = 11;
    out_status->signatures_made_other = 12;
    out_status->signatures_remembered = 13;
    out_status->signatures_refused = 14;
    out_status->listen[0] = "127.0.0.1@53";
    out_status->listen[1] = "::1@53";
    out_status->endpoints[0] = (struct api_endpoint){ "http://127.0.0.1:5380", false };
    out_status->probes = (struct prober_figures){ .started = 9,
                                                  .passed = 5,
                                                  .failed = 3,
                                                  .under_way = 1,
                                                  .waiting = 2,
                                                  .lateness_ms_sum = 1500,
                                                  .lateness_ms_max = 750,
                                                  .cpu_us = 250000 };
}

BENCH void remove_directory(const char *directory)
{
    char command[64];
    snprintf(command, sizeof(command), "rm -r %s", directory);
    if (system(command) != 0)
        fail_msg("cannot remove %s", directory);
}

BENCH int bench_set_up(void **state)
{
    struct bench *bench = calloc(1, sizeof(*bench));
    struct problem problem;
    struct answer_options options = { .edns_size = 1232 };
    const char *why;
    char path[64];
    if (hash_key[0] == 0)
        hash_init();
    strcpy(bench->directory, "/tmp/signpost-api-XXXXXX");
    assert_non_null(mkdtemp(bench->directory));
    snprintf(path, sizeof(path), "%s/db", bench->directory);
    dns_name_from_text(bench->defaults.server_domain, "signpost.test", 13, NULL, &why);
    dns_name_from_text(bench->defaults.hostmaster, "host.test", 9, NULL, &why);
    log_open("/dev/null", LOG_LEVEL_ERROR, false);
    bench->mailbox = mailbox_create(1);
    bench->health = health_table_create(64);
    assert_int_equal(store_open(path, &bench->store, &problem), 0);
    bench->board = board_of_one_checker(bench->health);
    assert_int_equal(control_create(bench->store, bench->mailbox, bench->board, &bench->defaults,
                                    &options, NULL, &bench->control, &problem),
                     0);
    struct api_settings settings = { .control = bench->control,
                                     .signatures = bench_rule,
                                     .skew_s = SIGNATURE_SKEW_DEFAULT,
                                     .read_status = read_status,
                                     .context = bench };
    bench->api = api_create(&settings);
    bench->handler = api_handler(bench->api);
    bench_of_resume = bench;
    *state = bench;
    return 0;
}

BENCH void forget(struct bench *bench)
{
    struct http_exchange *exchange = &bench->exchange;
    if (exchange->arena == NULL)
        return;
    bench->handler.gone(bench->handler.context, exchange);
    http_buffer_finish(&exchange->response.body);
    arena_destroy(exchange->arena);
    *exchange = (struct http_exchange){ 0 };
}

BENCH int bench_tear_down(void **state)
{
    struct bench *bench = *state;
    forget(bench);
    api_destroy(bench->api);
    control_destroy(bench->control);
    mailbox_destroy(bench->mailbox);
    board_destroy(bench->board);
    health_table_destroy(bench->health);
    store_close(bench->store);
    remove_directory(bench->directory);
    free(bench);
    return 0;
}

/* What a worker and the main loop do. */
BENCH void let_worker_see(struct bench *bench)
{
    mailbox_receive(bench->mailbox, 0);
    api_on_seen(bench->api);
}

/* The status of the response; its body is in bench->exchange until the next question. */
BENCH unsigned ask(struct bench *bench, const char *method, const char *target, const char *body)
{
    struct http_exchange *exchange = &bench->exchange;
    const struct http_handler *handler = &bench->handler;
    forget(bench);
    exchange->arena = arena_create();
    exchange->resume = on_resume;
    exchange->request = (struct http_request){ .method = method,
                                               .target = target,
                                               .headers = bench->headers,
                                               .header_count = bench->header_count,
                                               .source = bench->foreign ? "192.0.2.1" : "socket",
                                               .is_local = !bench->foreign,
                                               .is_loopback = !bench->beyond };
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

BENCH json_t *reply_of(const struct bench *bench)
{
    json_error_t error;
    json_t *document = json_loads(bench->exchange.response.body.data, 0, &error);
    if (document == NULL)
        fail_msg("%s: %s", error.text, bench->exchange.response.body.data);
    return document;
}

/* The message of an error, or "". */
BENCH const char *message_of(const json_t *document)
{
    const char *message =
        json_string_value(json_object_get(json_object_get(document, "error"), "message"));
    return message != NULL ? message : "";
}

/* JSON is full of quotes, and so is C: single ones become double ones. */
BENCH void quote(char *text)
{
    for (; *text != '\0'; text++)
        *text = *text == '\'' ? '"' : *text;
}

#define WITH_BENCH(test) cmocka_unit_test_setup_teardown(test, bench_set_up, bench_tear_down)

#endif
