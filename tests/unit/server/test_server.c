#include "signpost/server/server.h"

#include "zones.h"

#include <unistd.h>

static const struct test_record records[] = {
    { "lab.test", DNS_TYPE_SOA, 900, "ns.test host.test 1 2 3 4 60" },
    { "lab.test", DNS_TYPE_NS, 900, "ns.test" },
    { "www.lab.test", DNS_TYPE_A, 60, "192.0.2.1" },
};

static struct mailbox *mailbox;
static struct health_table *health;
static struct server *server;

static struct snapshot *make_snapshot(uint32_t ttl_s)
{
    struct test_record copy[COUNT_OF(records)];
    struct snapshot *snapshot = snapshot_create();
    memcpy(copy, records, sizeof copy);
    copy[2].ttl_s = ttl_s;
    snapshot->options.minimal_responses = true;
    snapshot_put_zone(snapshot, test_zone("lab.test", copy, COUNT_OF(copy)));
    return snapshot;
}

static struct server_settings make_settings(void)
{
    struct server_settings settings = { .listen_count = 2,
                                        .health = health,
                                        .worker_count = 2,
                                        .tcp_connections = 8,
                                        .tcp_idle_timeout_s = 10,
                                        .tcp_total_timeout_s = 60 };
    struct sockaddr_in *v4 = (struct sockaddr_in *)&settings.listen[0];
    struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)&settings.listen[1];
    v4->sin_family = AF_INET;
    v4->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    v6->sin6_family = AF_INET6;
    v6->sin6_addr = in6addr_loopback;
    return settings;
}

static int set_up(void **state)
{
    (void)state;
    struct problem problem = { 0 };
    health = health_table_create(1);
    struct server_settings settings = make_settings();
    mailbox = mailbox_create(settings.worker_count);
    if (server_create(&settings, mailbox, &server, &problem) != 0)
        fail_msg("%s", problem.text);
    mailbox_publish(mailbox, make_snapshot(60));
    assert_int_equal(server_start(server, &problem), 0);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    server_destroy(server);
    mailbox_destroy(mailbox);
    health_table_destroy(health);
    return 0;
}

static int connect_to(unsigned index, int type)
{
    struct server_settings settings = make_settings();
    struct sockaddr_storage *address = &settings.listen[index];
    uint16_t port = htons(server_port(server, index));
    if (address->ss_family == AF_INET)
        ((struct sockaddr_in *)address)->sin_port = port;
    else
        ((struct sockaddr_in6 *)address)->sin6_port = port;
    int fd = socket(address->ss_family, type, 0);
    struct timeval patience = { 10, 0 };
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    socklen_t size =
        address->ss_family == AF_INET ? sizeof(struct sockaddr_in) : sizeof(struct sockaddr_in6);
    assert_int_equal(connect(fd, (struct sockaddr *)address, size), 0);
    return fd;
}

static size_t make_query(uint8_t *out, uint16_t id)
{
    static const uint8_t header[] = { 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0 };
    memcpy(out, header, sizeof header);
    put_u16(out, id);
    size_t size = sizeof header + test_raw_name(out + sizeof header, "www.lab.test");
    memcpy(out + size, "\0\1\0\1", 4);
    return size + 4;
}

/* The TTL of the one record that the reply must hold. */
static uint32_t check_reply(const uint8_t *reply, size_t size, uint16_t id)
{
    assert_int_equal(size, 12 + 18 + 16);
    assert_int_equal(get_u16(reply), id);
    assert_int_equal(get_u16(reply + 6), 1);
    return get_u32(reply + 12 + 18 + 6);
}

static uint32_t ask_udp(unsigned index, uint16_t id)
{
    uint8_t query[100], reply[512];
    int fd = connect_to(index, SOCK_DGRAM);
    size_t size = make_query(query, id);
    assert_int_equal(send(fd, query, size, 0), (ssize_t)size);
    ssize_t got = recv(fd, reply, sizeof reply, 0);
    close(fd);
    assert_true(got > 0);
    return check_reply(reply, (size_t)got, id);
}

static void server_answers_over_udp_on_every_address(void **state)
{
    (void)state;
    for (uint16_t id = 0; id < 20; id++) { /* new ports: both workers get their turn */
        assert_int_equal(ask_udp(0, id), 60);
        assert_int_equal(ask_udp(1, id), 60);
    }
    struct server_figures figures;
    server_read_figures(server, &figures);
    assert_int_equal(figures.queries[TRANSPORT_UDP4], 20);
    assert_int_equal(figures.queries[TRANSPORT_UDP6], 20);
    assert_int_equal(figures.qtypes[dns_type_index(DNS_TYPE_A)], 40);
    assert_int_equal(figures.rcodes[DNS_NOERROR], 40);
}

/* RFC 7766 §6.2.1.1: queries in one segment, replies in their order. */
static void server_answers_pipelined_tcp_queries(void **state)
{
    (void)state;
    enum { COUNT = 500 };
    static uint8_t queries[COUNT * 64], replies[COUNT * 64];
    for (unsigned index = 0; index < 2; index++) {
        size_t size = 0, got = 0, wanted = COUNT * (2 + 46);
        for (uint16_t id = 0; id < COUNT; id++) {
            size_t query_size = make_query(queries + size + 2, id);
            put_u16(queries + size, (uint16_t)query_size);
            size += 2 + query_size;
        }
        int fd = connect_to(index, SOCK_STREAM);
        assert_int_equal(send(fd, queries, size, 0), (ssize_t)size);
        while (got < wanted) {
            ssize_t now = recv(fd, replies + got, wanted - got, 0);
            assert_true(now > 0);
            got += (size_t)now;
        }
        for (uint16_t id = 0; id < COUNT; id++)
            check_reply(replies + id * 48 + 2, get_u16(replies + id * 48), id);
        close(fd);
    }
}

static void server_swaps_snapshots_while_it_answers(void **state)
{
    (void)state;
    for (uint32_t ttl = 1; ttl <= 200; ttl++) {
        mailbox_publish(mailbox, make_snapshot(ttl));
        uint32_t seen = ask_udp(0, 1);
        assert_true(seen <= ttl || seen == 60);
    }
    uint64_t newest = 201;
    for (unsigned tries = 0; mailbox_slowest(mailbox) < newest && tries < 10000; tries++)
        usleep(1000);
    assert_int_equal(mailbox_slowest(mailbox), newest);
    assert_int_equal(ask_udp(0, 2), 200);
    mailbox_collect(mailbox);
}

static void server_does_not_share_an_address_with_another(void **state)
{
    (void)state;
    struct problem problem = { 0 };
    struct server_settings settings = make_settings();
    struct server *other = NULL;
    struct mailbox *boxes = mailbox_create(settings.worker_count);
    ((struct sockaddr_in *)&settings.listen[0])->sin_port = htons(server_port(server, 0));
    assert_int_equal(server_create(&settings, boxes, &other, &problem), SP_EIO);
    assert_non_null(strstr(problem.text, "cannot listen on 127.0.0.1@"));
    assert_non_null(strstr(problem.text, "another server uses this address"));
    mailbox_destroy(boxes);
}

static void server_that_never_started_can_be_destroyed(void **state)
{
    (void)state;
    struct problem problem = { 0 };
    struct server_settings settings = make_settings();
    struct server *idle = NULL;
    struct mailbox *boxes = mailbox_create(settings.worker_count);
    assert_int_equal(server_create(&settings, boxes, &idle, &problem), 0);
    server_destroy(idle);
    server_destroy(NULL);
    mailbox_destroy(boxes);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)
static const struct CMUnitTest tests[] = {
    TEST(server_answers_over_udp_on_every_address),
    TEST(server_answers_pipelined_tcp_queries),
    TEST(server_swaps_snapshots_while_it_answers),
    TEST(server_does_not_share_an_address_with_another),
    TEST(server_that_never_started_can_be_destroyed),
};

RUN_TESTS(tests)
