/* Changes whose answers wait for the workers: A-CHG-6. */
#include "bench.h"

#define TOLD "PriorRequestNotComplete"

static char paths[2][96]; /* of the record sets of two zones */

static void make_zone(struct bench *bench, unsigned which)
{
    static const char end[] = "</Id>", start[] = "<Id>/hostedzone/";
    char body[512];
    snprintf(body, sizeof body,
             "<CreateHostedZoneRequest><Name>z%u.test</Name><CallerReference>%u</CallerReference>"
             "</CreateHostedZoneRequest>",
             which, which);
    assert_int_equal(ask(bench, "POST", "/2013-04-01/hostedzone", body), 201);
    const char *id = strstr(bench->exchange.response.body.data, start) + sizeof start - 1;
    snprintf(paths[which], sizeof paths[which], "/2013-04-01/hostedzone/%.*s/rrset",
             (int)(strstr(id, end) - id), id);
}

/* A change that stays, as other connections' do. */
static void send_change(struct bench *bench, struct http_exchange *exchange, unsigned zone,
                        unsigned number)
{
    char body[512];
    int size = snprintf(
        body, sizeof body,
        "<ChangeResourceRecordSetsRequest><ChangeBatch><Changes><Change><Action>CREATE</Action>"
        "<ResourceRecordSet><Name>n%u.z%u.test</Name><Type>A</Type><TTL>5</TTL><ResourceRecords>"
        "<ResourceRecord><Value>192.0.2.1</Value></ResourceRecord></ResourceRecords>"
        "</ResourceRecordSet></Change></Changes></ChangeBatch></ChangeResourceRecordSetsRequest>",
        number, zone);
    *exchange = (struct http_exchange){
        .arena = arena_create(),
        .resume = on_resume,
        .request = { .method = "POST",
                     .target = paths[zone],
                     .source = "socket",
                     .is_local = true,
                     .is_loopback = true },
    };
    bench->handler.begin(bench->handler.context, exchange);
    bench->handler.body(bench->handler.context, exchange,
                        (struct span){ (const uint8_t *)body, (size_t)size });
    bench->handler.end(bench->handler.context, exchange);
    http_buffer_add(&exchange->response.body, "", 1);
}

static void leave(struct bench *bench, struct http_exchange *exchange)
{
    bench->handler.gone(bench->handler.context, exchange);
    http_buffer_finish(&exchange->response.body);
    arena_destroy(exchange->arena);
}

static void a_zone_has_so_many_changes_waiting_and_no_more(void **state)
{
    static struct http_exchange waiting[CHANGES_WAITING_MAX + 1], refused, later;
    struct bench *bench = *state;
    make_zone(bench, 0);
    make_zone(bench, 1);
    bench->asleep = true;
    for (unsigned i = 0; i < CHANGES_WAITING_MAX; i++) {
        send_change(bench, &waiting[i], 0, i);
        assert_int_equal(waiting[i].response.status, 200);
        assert_true(waiting[i].waiting);
    }
    send_change(bench, &refused, 0, CHANGES_WAITING_MAX);
    assert_int_equal(refused.response.status, 400);
    assert_false(refused.waiting);
    assert_non_null(strstr(refused.response.body.data,
                           "<Code>" TOLD "</Code><Message>The request was rejected because Route "
                           "53 was still processing a prior request.</Message>"));
    send_change(bench, &waiting[CHANGES_WAITING_MAX], 1, 0); /* another zone */
    assert_true(waiting[CHANGES_WAITING_MAX].waiting);

    let_worker_see(bench);
    assert_int_equal(bench->resumed, CHANGES_WAITING_MAX + 1 + 2); /* and the two zones */
    send_change(bench, &later, 0, CHANGES_WAITING_MAX); /* what was refused has left nothing */
    assert_int_equal(later.response.status, 200);
    for (unsigned i = 0; i <= CHANGES_WAITING_MAX; i++)
        leave(bench, &waiting[i]);
    leave(bench, &refused);
    leave(bench, &later);
}

static const struct CMUnitTest tests[] = {
    WITH_BENCH(a_zone_has_so_many_changes_waiting_and_no_more),
};

RUN_TESTS(tests)
