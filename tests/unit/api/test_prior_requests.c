/* Changes whose answers wait for the workers: A-CHG-6. */
#include "bench.h"
#include "broken_log.h"

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
    api_on_seen(bench->api); /* those that wait for the disk alone do not count */
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

static void a_change_waits_for_the_disk_even_when_the_workers_have_it(void **state)
{
    static struct http_exchange change;
    struct bench *bench = *state;
    make_zone(bench, 0);
    bench->asleep = true;
    send_change(bench, &change, 0, 0);
    mailbox_receive(bench->mailbox, 0);
    assert_true(control_has_unsynced(bench->control));
    assert_true(change.waiting);
    api_on_seen(bench->api);
    assert_false(control_has_unsynced(bench->control));
    assert_false(change.waiting);
    assert_int_equal(change.response.status, 200);
    leave(bench, &change);
}

static void a_change_that_the_disk_does_not_confirm_is_no_success(void **state)
{
    static struct http_exchange change;
    struct bench *bench = *state;
    make_zone(bench, 0);
    bench->asleep = true;
    send_change(bench, &change, 0, 0);
    struct broken_log broken = break_log();
    let_worker_see(bench);
    mend_log(&broken);
    assert_false(change.waiting);
    assert_int_equal(change.response.status, 500);
    assert_non_null(strstr(change.response.body.data, "<Code>InternalFailure</Code>"));
    leave(bench, &change);

    send_change(bench, &change, 0, 1); /* nor is anything after it */
    assert_int_equal(change.response.status, 500);
    leave(bench, &change);
    assert_int_equal(ask(bench, "GET", "/signpost/v1/zones", NULL), 200); /* reading goes on */
}

static const struct CMUnitTest tests[] = {
    WITH_BENCH(a_change_waits_for_the_disk_even_when_the_workers_have_it),
    WITH_BENCH(a_change_that_the_disk_does_not_confirm_is_no_success),
    WITH_BENCH(a_zone_has_so_many_changes_waiting_and_no_more),
};

RUN_TESTS(tests)
