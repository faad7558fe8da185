/*
 * Replies, one question a row.  An expectation reads like dig's output in short:
 *     "NOERROR aa | www.lab.test 60 A 192.0.2.1 | lab.test 172800 NS ns.lab.test | ..."
 * flags, then the three sections, the records of each in sorted order.
 */
#include "signpost/answer/answer.h"

#include "reply_text.h"
#include "zones.h"

static const struct test_record lab_records[] = {
    { "lab.test", DNS_TYPE_SOA, 900, "ns1.lab.test host.lab.test 1 7200 900 1209600 86400" },
    { "lab.test", DNS_TYPE_NS, 172800, "ns1.lab.test" },
    { "lab.test", DNS_TYPE_NS, 172800, "ns.example.org" },
    { "lab.test", DNS_TYPE_MX, 60, "10 web.lab.test" },
    { "ns1.lab.test", DNS_TYPE_A, 60, "192.0.2.53" },
    { "www.lab.test", DNS_TYPE_A, 120, "192.0.2.1" },
    { "www.lab.test", DNS_TYPE_A, 120, "192.0.2.2" },
    { "www.lab.test", DNS_TYPE_A, 120, "192.0.2.3" },
    { "web.lab.test", DNS_TYPE_A, 30, "192.0.2.1" },
    { "web.lab.test", DNS_TYPE_AAAA, 30, "2001:db8::1" },
    { "c1.lab.test", DNS_TYPE_CNAME, 60, "web.lab.test" },
    { "c2.lab.test", DNS_TYPE_CNAME, 60, "www.example.org" },
    { "c3.lab.test", DNS_TYPE_CNAME, 60, "gone.lab.test" },
    { "c4.lab.test", DNS_TYPE_CNAME, 60, "c1.lab.test" },
    { "cw.lab.test", DNS_TYPE_CNAME, 60, "any.wild.lab.test" },
    { "cs.lab.test", DNS_TYPE_CNAME, 60, "www.sub.lab.test" },
    { "ch.lab.test", DNS_TYPE_CNAME, 60, "x.child.lab.test" },
    { "loop.lab.test", DNS_TYPE_CNAME, 60, "pool.lab.test" },
    { "pool.lab.test", DNS_TYPE_CNAME, 60, "loop.lab.test" },
    { "a.b.lab.test", DNS_TYPE_A, 60, "192.0.2.1" },
    { "*.wild.lab.test", DNS_TYPE_A, 60, "192.0.2.7" },
    { "acme.wild.lab.test", DNS_TYPE_TXT, 60, "x" },
    { "srv.lab.test", DNS_TYPE_SRV, 60, "1 2 80 web.lab.test" },
    { "sub.lab.test", DNS_TYPE_NS, 60, "ns1.sub.lab.test" },
    { "sub.lab.test", DNS_TYPE_NS, 60, "ns.example.org" },
    { "ns1.sub.lab.test", DNS_TYPE_A, 60, "192.0.2.5" },
    { "www.sub.lab.test", DNS_TYPE_A, 60, "192.0.2.6" },
    { "signed.lab.test", DNS_TYPE_NS, 60, "ns.example.org" },
    { "signed.lab.test", DNS_TYPE_DS, 60, "00010d0100" },
    { "gluemx.lab.test", DNS_TYPE_MX, 60, "1 www.sub.lab.test" },
};

static const struct test_record child_records[] = {
    { "child.lab.test", DNS_TYPE_SOA, 60, "ns1.lab.test host.lab.test 1 2 3 4 300" },
    { "child.lab.test", DNS_TYPE_NS, 60, "ns.example.org" },
    { "www.child.lab.test", DNS_TYPE_A, 60, "192.0.2.99" },
};

static struct snapshot *snapshot;
static struct health_table *health;
static struct dice dice;

static struct view make_view(bool over_tcp)
{
    static const struct sockaddr_in client = { .sin_family = AF_INET };
    return (struct view){ .snapshot = snapshot,
                          .health = health,
                          .dice = &dice,
                          .source = (const struct sockaddr_storage *)(const void *)&client,
                          .over_tcp = over_tcp };
}

static int set_up(void **state)
{
    (void)state;
    health = health_table_create(8);
    snapshot = snapshot_create();
    snapshot->options.minimal_responses = true;
    snapshot_put_zone(snapshot, test_zone("lab.test", lab_records, COUNT_OF(lab_records)));
    snapshot_put_zone(snapshot,
                      test_zone("child.lab.test", child_records, COUNT_OF(child_records)));
    dice_init_seeded(&dice, 1);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    snapshot_unref(snapshot);
    health_table_destroy(health);
    return 0;
}

/* Flags, then EDNS size (0: no OPT). */
static size_t make_query(uint8_t *out, const char *name, uint16_t type, uint16_t edns_size)
{
    static const uint8_t header[] = { 0x12, 0x34, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0 };
    memcpy(out, header, sizeof header);
    uint8_t *to = out + sizeof header;
    to += test_raw_name(to, name);
    put_u16(to, type);
    put_u16(to + 2, DNS_CLASS_IN);
    to += 4;
    if (edns_size > 0) {
        memset(to, 0, 11);
        put_u16(to + 1, DNS_TYPE_OPT);
        put_u16(to + 3, edns_size);
        out[11] = 1;
        to += 11;
    }
    return (size_t)(to - out);
}

static size_t ask(uint8_t *reply, const char *name, uint16_t type, uint16_t edns_size, bool tcp)
{
    uint8_t query[600];
    struct view view = make_view(tcp);
    struct answer_note note;
    size_t size = make_query(query, name, type, edns_size);
    return answer_query(&view, (struct span){ query, size }, reply, &note);
}

struct row {
    const char *why, *name;
    uint16_t type;
    const char *expected;
};

static void check_rows(const struct row *rows, unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        static uint8_t reply[ANSWER_SIZE_MAX_TCP];
        char text[8192];
        size_t size = ask(reply, rows[i].name, rows[i].type, 0, false);
        reply_text(text, sizeof text, reply, size);
        if (strcmp(text, rows[i].expected) != 0)
            fail_msg("%s: %s\n  is       %s\n  expected %s", rows[i].name, rows[i].why, text,
                     rows[i].expected);
    }
}

#define SOA_TEXT "lab.test 900 SOA ns1.lab.test host.lab.test 1 7200 900 1209600 86400"

static void answers_with_minimal_responses(void **state)
{
    (void)state;
    static const struct row rows[] = {
        { "S-01a: all values", "www.lab.test", DNS_TYPE_A,
          "NOERROR aa rd | www.lab.test 120 A 192.0.2.1; www.lab.test 120 A 192.0.2.2; "
          "www.lab.test 120 A 192.0.2.3 | | " },
        { "S-01b: the question's letter case comes back", "WwW.lab.TEST", DNS_TYPE_A,
          "NOERROR aa rd | WwW.lab.TEST 120 A 192.0.2.1; WwW.lab.TEST 120 A 192.0.2.2; "
          "WwW.lab.TEST 120 A 192.0.2.3 | | " },
        { "S-01c: NODATA", "www.lab.test", DNS_TYPE_AAAA, "NOERROR aa rd | | " SOA_TEXT " | " },
        { "S-02a: the apex SOA keeps its TTL", "lab.test", DNS_TYPE_SOA,
          "NOERROR aa rd | " SOA_TEXT " | | " },
        { "S-02c: NXDOMAIN with the SOA's TTL", "nope.lab.test", DNS_TYPE_A,
          "NXDOMAIN aa rd | | " SOA_TEXT " | " },
        { "S-03a: an empty non-terminal is NODATA", "b.lab.test", DNS_TYPE_A,
          "NOERROR aa rd | | " SOA_TEXT " | " },
        { "S-03b: below an empty non-terminal", "c.b.lab.test", DNS_TYPE_A,
          "NXDOMAIN aa rd | | " SOA_TEXT " | " },
        { "S-03c: under no zone", "www.other.test", DNS_TYPE_A, "REFUSED rd | | | " },
        { "S-04a: a wildcard's owner is the question", "q.w.e.wild.lab.test", DNS_TYPE_A,
          "NOERROR aa rd | q.w.e.wild.lab.test 60 A 192.0.2.7 | | " },
        { "S-04b: an existing name blocks it", "acme.wild.lab.test", DNS_TYPE_A,
          "NOERROR aa rd | | " SOA_TEXT " | " },
        { "a wildcard without the type", "q.wild.lab.test", DNS_TYPE_MX,
          "NOERROR aa rd | | " SOA_TEXT " | " },
        { "S-05a: the target follows its CNAME", "c1.lab.test", DNS_TYPE_A,
          "NOERROR aa rd | c1.lab.test 60 CNAME web.lab.test; web.lab.test 30 A 192.0.2.1 | | " },
        { "a chain of two", "c4.lab.test", DNS_TYPE_A,
          "NOERROR aa rd | c1.lab.test 60 CNAME web.lab.test; c4.lab.test 60 CNAME c1.lab.test; "
          "web.lab.test 30 A 192.0.2.1 | | " },
        { "S-05b: CNAME asked for", "c1.lab.test", DNS_TYPE_CNAME,
          "NOERROR aa rd | c1.lab.test 60 CNAME web.lab.test | | " },
        { "S-05c: out of the zone", "c2.lab.test", DNS_TYPE_A,
          "NOERROR aa rd | c2.lab.test 60 CNAME www.example.org | | " },
        { "S-05d: target missing", "c3.lab.test", DNS_TYPE_A,
          "NXDOMAIN aa rd | c3.lab.test 60 CNAME gone.lab.test | " SOA_TEXT " | " },
        { "S-05e: target without the type", "c1.lab.test", DNS_TYPE_TXT,
          "NOERROR aa rd | c1.lab.test 60 CNAME web.lab.test | " SOA_TEXT " | " },
        { "a CNAME to a wildcard", "cw.lab.test", DNS_TYPE_A,
          "NOERROR aa rd | any.wild.lab.test 60 A 192.0.2.7; "
          "cw.lab.test 60 CNAME any.wild.lab.test | | " },
        { "a CNAME to below a cut", "cs.lab.test", DNS_TYPE_A,
          "NOERROR aa rd | cs.lab.test 60 CNAME www.sub.lab.test | "
          "sub.lab.test 60 NS ns.example.org; sub.lab.test 60 NS ns1.sub.lab.test | "
          "ns1.sub.lab.test 60 A 192.0.2.5" },
        { "R-ANS-10: a CNAME into another zone of ours", "ch.lab.test", DNS_TYPE_A,
          "NOERROR aa rd | ch.lab.test 60 CNAME x.child.lab.test | | " },
        { "R-ANS-11: a loop", "loop.lab.test", DNS_TYPE_A, "SERVFAIL rd | | | " },
        { "the loop's own CNAME", "loop.lab.test", DNS_TYPE_CNAME,
          "NOERROR aa rd | loop.lab.test 60 CNAME pool.lab.test | | " },
        { "S-06a: a referral with glue", "www.sub.lab.test", DNS_TYPE_A,
          "NOERROR rd | | sub.lab.test 60 NS ns.example.org; sub.lab.test 60 NS ns1.sub.lab.test | "
          "ns1.sub.lab.test 60 A 192.0.2.5" },
        { "the cut itself", "sub.lab.test", DNS_TYPE_NS,
          "NOERROR rd | | sub.lab.test 60 NS ns.example.org; sub.lab.test 60 NS ns1.sub.lab.test | "
          "ns1.sub.lab.test 60 A 192.0.2.5" },
        { "glue asked for", "ns1.sub.lab.test", DNS_TYPE_A,
          "NOERROR rd | | sub.lab.test 60 NS ns.example.org; sub.lab.test 60 NS ns1.sub.lab.test | "
          "ns1.sub.lab.test 60 A 192.0.2.5" },
        { "S-06b: DS at the cut is the parent's", "sub.lab.test", DNS_TYPE_DS,
          "NOERROR aa rd | | " SOA_TEXT " | " },
        { "DS where there is one", "signed.lab.test", DNS_TYPE_DS,
          "NOERROR aa rd | signed.lab.test 60 DS 00010d0100 | | " },
        { "DS below the cut is the child's", "www.sub.lab.test", DNS_TYPE_DS,
          "NOERROR rd | | sub.lab.test 60 NS ns.example.org; sub.lab.test 60 NS ns1.sub.lab.test | "
          "ns1.sub.lab.test 60 A 192.0.2.5" },
        { "the enclosed zone answers for itself", "www.child.lab.test", DNS_TYPE_A,
          "NOERROR aa rd | www.child.lab.test 60 A 192.0.2.99 | | " },
        { "R-ANS-21: its minimum is above its TTL", "no.child.lab.test", DNS_TYPE_A,
          "NXDOMAIN aa rd | | child.lab.test 60 SOA ns1.lab.test host.lab.test 1 2 3 4 300 | " },
        { "but DS at its apex is the parent's, which knows that it exists", "child.lab.test",
          DNS_TYPE_DS, "NOERROR aa rd | | " SOA_TEXT " | " },
        { "DS at an apex without a parent here", "lab.test", DNS_TYPE_DS,
          "NOERROR aa rd | | " SOA_TEXT " | " },
        { "R-ANS-2: no transfer", "lab.test", DNS_TYPE_AXFR, "REFUSED rd | | | " },
        { "R-TYP-7: a type that cannot be", "www.lab.test", 46,
          "NOERROR aa rd | | " SOA_TEXT " | " },
        { "R-ANS-26: ANY", "web.lab.test", DNS_TYPE_ANY,
          "NOERROR aa rd | web.lab.test 30 A 192.0.2.1; web.lab.test 30 AAAA 2001:db8::1 | | " },
        { "R-ANS-26: ANY at a CNAME does not follow it", "c1.lab.test", DNS_TYPE_ANY,
          "NOERROR aa rd | c1.lab.test 60 CNAME web.lab.test | | " },
        { "ANY at an empty non-terminal", "b.lab.test", DNS_TYPE_ANY,
          "NOERROR aa rd | | " SOA_TEXT " | " },
    };
    check_rows(rows, COUNT_OF(rows));
}

#define NS_TEXT  "lab.test 172800 NS ns.example.org; lab.test 172800 NS ns1.lab.test"
#define NS1_TEXT "ns1.lab.test 60 A 192.0.2.53"

static void answers_with_full_responses(void **state)
{
    (void)state;
    static const struct row rows[] = {
        { "R-ANS-14, R-ANS-16: apex NS, and addresses of those in the zone", "web.lab.test",
          DNS_TYPE_A, "NOERROR aa rd | web.lab.test 30 A 192.0.2.1 | " NS_TEXT " | " NS1_TEXT },
        { "S-05f: MX brings the address of its target", "lab.test", DNS_TYPE_MX,
          "NOERROR aa rd | lab.test 60 MX 10 web.lab.test | " NS_TEXT
          " | ns1.lab.test 60 A 192.0.2.53; web.lab.test 30 A 192.0.2.1; "
          "web.lab.test 30 AAAA 2001:db8::1" },
        { "SRV too", "srv.lab.test", DNS_TYPE_SRV,
          "NOERROR aa rd | srv.lab.test 60 SRV 1 2 80 web.lab.test | " NS_TEXT
          " | ns1.lab.test 60 A 192.0.2.53; web.lab.test 30 A 192.0.2.1; "
          "web.lab.test 30 AAAA 2001:db8::1" },
        { "R-ANS-15: NS asked for is not repeated", "lab.test", DNS_TYPE_NS,
          "NOERROR aa rd | " NS_TEXT " | | " NS1_TEXT },
        { "an address in Answer is not repeated", "ns1.lab.test", DNS_TYPE_A,
          "NOERROR aa rd | ns1.lab.test 60 A 192.0.2.53 | " NS_TEXT " | " },
        { "glue is for referrals only", "gluemx.lab.test", DNS_TYPE_MX,
          "NOERROR aa rd | gluemx.lab.test 60 MX 1 www.sub.lab.test | " NS_TEXT " | " NS1_TEXT },
        { "negative answers have nothing but the SOA", "www.lab.test", DNS_TYPE_AAAA,
          "NOERROR aa rd | | " SOA_TEXT " | " },
        { "a CNAME out of the zone is positive", "c2.lab.test", DNS_TYPE_A,
          "NOERROR aa rd | c2.lab.test 60 CNAME www.example.org | " NS_TEXT " | " NS1_TEXT },
    };
    snapshot->options.minimal_responses = false;
    check_rows(rows, COUNT_OF(rows));
}

/* R-ANS-14: by name, in every reply, whatever the letter case of the question. */
static void apex_ns_come_in_the_order_of_their_names(void **state)
{
    (void)state;
    static const struct test_record ns_records[] = {
        { "z", DNS_TYPE_SOA, 60, "a b 1 2 3 4 5" },   { "z", DNS_TYPE_NS, 60, "ns-99.c.example" },
        { "z", DNS_TYPE_NS, 60, "ns-720.b.example" }, { "z", DNS_TYPE_NS, 60, "ns-1185.a.example" },
        { "w.z", DNS_TYPE_A, 60, "192.0.2.1" },
    };
    static const char *const questions[] = { "w.z", "W.Z" };
    snapshot_put_zone(snapshot, test_zone("z", ns_records, COUNT_OF(ns_records)));
    snapshot->options.minimal_responses = false;
    for (unsigned i = 0; i < 20; i++) {
        uint8_t reply[512];
        size_t size = ask(reply, questions[i % 2], DNS_TYPE_A, 0, false);
        struct reply_reader reader = { reply, size, 12 + 5 + 4 };
        static const char *const order[] = { "ns-1185.a.example", "ns-720.b.example",
                                             "ns-99.c.example" };
        char name[DNS_NAME_TEXT_SIZE];
        reply_read_name(&reader, name);
        reader.at += 10 + 4;
        for (unsigned n = 0; n < COUNT_OF(order); n++) {
            reply_read_name(&reader, name);
            reader.at += 10;
            reply_read_name(&reader, name);
            assert_string_equal(name, order[n]);
        }
    }
}

static void minimal_any_is_one_set(void **state)
{
    (void)state;
    static const struct row row = { "RFC 8482", "web.lab.test", DNS_TYPE_ANY,
                                    "NOERROR aa rd | web.lab.test 30 A 192.0.2.1 | | " };
    snapshot->options.minimal_any = true;
    check_rows(&row, 1);
}

/* R-ANS-17.  Each of the six orders has p = 1/6; missing one in 600 has p < 1e-46. */
static void values_come_in_every_order(void **state)
{
    (void)state;
    bool seen[256] = { false };
    unsigned orders = 0;
    for (unsigned i = 0; i < 600; i++) {
        uint8_t reply[512];
        size_t size = ask(reply, "www.lab.test", DNS_TYPE_A, 0, false);
        assert_int_equal(size, 12 + 18 + 3 * 16);
        unsigned order = reply[30 + 15] * 16u + reply[30 + 31] * 4u + reply[30 + 47];
        orders += !seen[order];
        seen[order] = true;
    }
    assert_int_equal(orders, 6);
}

static void many_values(struct test_record *records, unsigned count, char values[][24])
{
    for (unsigned i = 0; i < count; i++) {
        snprintf(values[i], 24, "10.0.%u.%u", i / 256, i % 256);
        records[i] = (struct test_record){ "big.test", DNS_TYPE_A, 60, values[i] };
    }
    records[count] = (struct test_record){ "big.test", DNS_TYPE_SOA, 60, "a b 1 2 3 4 5" };
}

/* R-ANS-22, R-ANS-23, R-ANS-24: an answer is whole or TC alone. */
static void replies_keep_to_the_size_of_transport_and_client(void **state)
{
    (void)state;
    static const struct size_row {
        const char *why;
        unsigned values;
        uint16_t edns_size, server_size;
        bool tcp, truncated;
    } rows[] = {
        { "30 values fit into 512 octets", 30, 0, 1232, false, false },
        { "31 do not", 31, 0, 1232, false, true },
        { "but with EDNS", 31, 1232, 1232, false, false },
        { "the client's size counts", 31, 600, 1232, false, false },
        { "75 values with 1232 octets: the OPT takes 11", 75, 1232, 1232, false, true },
        { "74 do fit", 74, 1232, 1232, false, false },
        { "ours counts when it is smaller", 100, 4096, 1232, false, true },
        { "S-36c: a client may ask for more than 4096", 255, 65000, 4096, false, true },
        { "S-36d: TCP", 4000, 0, 1232, true, false },
        { "more than any message holds", 4100, 0, 1232, true, true },
    };
    static struct test_record records[4101];
    static char values[4100][24];
    for (unsigned i = 0; i < COUNT_OF(rows); i++) {
        static uint8_t reply[ANSWER_SIZE_MAX_TCP];
        many_values(records, rows[i].values, values);
        snapshot_put_zone(snapshot, test_zone("big.test", records, rows[i].values + 1));
        snapshot->options.edns_size = rows[i].server_size;
        size_t size = ask(reply, "big.test", DNS_TYPE_A, rows[i].edns_size, rows[i].tcp);
        bool truncated = (reply[2] & 2) != 0;
        if (truncated != rows[i].truncated)
            fail_msg("%s: %zu octets", rows[i].why, size);
        assert_int_equal(get_u16(reply + 6), truncated ? 0 : rows[i].values);
        size_t client_size = rows[i].edns_size > 512 ? rows[i].edns_size : 512;
        if (!rows[i].tcp)
            assert_true(size <= client_size && size <= rows[i].server_size);
        assert_int_equal(reply[11], rows[i].edns_size > 0); /* the OPT survives truncation */
    }
}

/* RFC 9471: a referral without the glue it needs is truncated. */
static void referral_whose_glue_does_not_fit_is_truncated(void **state)
{
    (void)state;
    static struct test_record records[64];
    static char names[30][40], values[30][24];
    unsigned count = 0;
    records[count++] = (struct test_record){ "z", DNS_TYPE_SOA, 60, "a b 1 2 3 4 5" };
    for (unsigned i = 0; i < 20; i++) {
        snprintf(names[i], sizeof names[i], "n%02u.sub.z", i);
        snprintf(values[i], sizeof values[i], "10.0.0.%u", i);
        records[count++] = (struct test_record){ "sub.z", DNS_TYPE_NS, 60, names[i] };
        records[count++] = (struct test_record){ names[i], DNS_TYPE_A, 60, values[i] };
    }
    snapshot_put_zone(snapshot, test_zone("z", records, count));
    uint8_t reply[ANSWER_SIZE_MAX_UDP];
    ask(reply, "www.sub.z", DNS_TYPE_A, 0, false);
    assert_int_equal(reply[2] & 2, 2);
    assert_int_equal(get_u16(reply + 8), 0);
    size_t size = ask(reply, "www.sub.z", DNS_TYPE_A, 1232, false);
    assert_int_equal(reply[2] & 2, 0);
    assert_int_equal(get_u16(reply + 8), 20);
    assert_int_equal(get_u16(reply + 10), 21);
    assert_true(size < 1232);
}

static void company_that_does_not_fit_is_left_out_without_tc(void **state)
{
    (void)state;
    static struct test_record records[32];
    static char names[8][80], values[24][24];
    unsigned count = 0;
    records[count++] = (struct test_record){ "z", DNS_TYPE_SOA, 60, "a b 1 2 3 4 5" };
    for (unsigned i = 0; i < 4; i++) {
        snprintf(names[i], sizeof names[i], "n%u%050u.example%u", i, 0, i);
        records[count++] = (struct test_record){ "z", DNS_TYPE_NS, 60, names[i] };
    }
    for (unsigned i = 0; i < 24; i++) {
        snprintf(values[i], sizeof values[i], "10.0.0.%u", i);
        records[count++] = (struct test_record){ "w.z", DNS_TYPE_A, 60, values[i] };
    }
    snapshot_put_zone(snapshot, test_zone("z", records, count));
    snapshot->options.minimal_responses = false;
    uint8_t reply[ANSWER_SIZE_MAX_UDP];
    ask(reply, "w.z", DNS_TYPE_A, 0, false);
    assert_int_equal(reply[2] & 2, 0);
    assert_int_equal(get_u16(reply + 6), 24);
    assert_int_equal(get_u16(reply + 8), 0);
    ask(reply, "w.z", DNS_TYPE_A, 1232, false);
    assert_int_equal(get_u16(reply + 8), 4);
}

/* Two MX records for each of a hundred targets: more than a reply can remember it has. */
static void addresses_of_many_targets_come_once_each(void **state)
{
    (void)state;
    enum { TARGETS = 100 };
    static struct test_record records[1 + 3 * TARGETS];
    static char texts[3 * TARGETS][40], addresses[TARGETS][16];
    static uint8_t reply[ANSWER_SIZE_MAX_TCP];
    static char text[40000];
    records[0] = (struct test_record){ "mail.test", DNS_TYPE_SOA, 900, "a.test b.test 1 2 3 4 5" };
    for (unsigned i = 0; i < TARGETS; i++) {
        char *owner = texts[3 * i], *first = texts[3 * i + 1], *second = texts[3 * i + 2];
        snprintf(owner, sizeof texts[0], "t%u.mail.test", i);
        snprintf(first, sizeof texts[0], "1 t%u.mail.test", i);
        snprintf(second, sizeof texts[0], "2 t%u.mail.test", i);
        snprintf(addresses[i], sizeof addresses[i], "192.0.2.%u", i);
        records[1 + 3 * i] = (struct test_record){ owner, DNS_TYPE_A, 60, addresses[i] };
        records[2 + 3 * i] = (struct test_record){ "mail.test", DNS_TYPE_MX, 60, first };
        records[3 + 3 * i] = (struct test_record){ "mail.test", DNS_TYPE_MX, 60, second };
    }
    snapshot->options.minimal_responses = false;
    snapshot_put_zone(snapshot, test_zone("mail.test", records, COUNT_OF(records)));
    size_t size = ask(reply, "mail.test", DNS_TYPE_MX, 0, true);
    reply_text(text, sizeof text, reply, size);
    assert_int_equal(get_u16(reply + 6), 2 * TARGETS);
    assert_in_range(get_u16(reply + 10), 50, TARGETS);
    for (unsigned i = 0; i < TARGETS; i++) {
        char record[60];
        snprintf(record, sizeof record, " t%u.mail.test 60 A ", i);
        const char *found = strstr(text, record);
        if (found != NULL && strstr(found + 1, record) != NULL)
            fail_msg("t%u comes twice", i);
    }
}

/* The same questions with small sizes: whatever is left out, the reply stays readable. */
static void replies_of_every_size_are_well_formed(void **state)
{
    (void)state;
    static const char *const names[] = { "www.lab.test", "lab.test",         "c4.lab.test",
                                         "cs.lab.test",  "www.sub.lab.test", "srv.lab.test",
                                         "nope.lab.test" };
    static const uint16_t types[] = { DNS_TYPE_A, DNS_TYPE_ANY, DNS_TYPE_MX, DNS_TYPE_NS };
    snapshot->options.minimal_responses = false;
    for (unsigned n = 0; n < COUNT_OF(names); n++) {
        for (unsigned t = 0; t < COUNT_OF(types); t++) {
            for (uint16_t size = 60; size < 512; size++) {
                uint8_t query[600];
                char text[8192];
                /* A size below 512 cannot be asked for; the writer has to cope all the same. */
                struct dns_query parsed;
                size_t query_size = make_query(query, names[n], types[t], 0);
                assert_int_equal(dns_query_parse(&parsed, (struct span){ query, query_size }), 0);
                uint8_t *reply = malloc(size);
                snapshot->options.edns_size = size;
                struct view view = make_view(false);
                struct answer_note note;
                size_t got = answer_query(&view, (struct span){ query, query_size }, reply, &note);
                assert_true(got <= size);
                reply_text(text, sizeof text, reply, got);
                free(reply);
            }
        }
    }
}

static void nsid_is_given_when_asked_for(void **state)
{
    (void)state;
    uint8_t query[100], reply[512];
    struct view view = make_view(false);
    struct answer_note note;
    size_t size = make_query(query, "web.lab.test", DNS_TYPE_A, 1232);
    memcpy(query + size, "\0\3\0\0", 4);
    query[size - 1] = 4; /* RDLENGTH */
    size_t without = answer_query(&view, (struct span){ query, size + 4 }, reply, &note);
    memcpy(snapshot->options.nsid, "lab1", 4);
    snapshot->options.nsid_size = 4;
    size_t with = answer_query(&view, (struct span){ query, size + 4 }, reply, &note);
    assert_int_equal(with, without + 8);
    assert_memory_equal(reply + with - 8, "\0\3\0\4lab1", 8);
}

static void notes_tell_what_to_count(void **state)
{
    (void)state;
    uint8_t query[100], reply[512];
    struct view view = make_view(false);
    struct answer_note note;
    size_t size = make_query(query, "nope.lab.test", DNS_TYPE_MX, 0);
    answer_query(&view, (struct span){ query, size }, reply, &note);
    assert_int_equal(note.qtype, DNS_TYPE_MX);
    assert_int_equal(note.rcode, DNS_NXDOMAIN);
    assert_false(note.truncated);
    query[2] = 0x80;
    assert_int_equal(answer_query(&view, (struct span){ query, size }, reply, &note), 0);
    query[2] = 0x28;
    assert_int_equal(answer_query(&view, (struct span){ query, size }, reply, &note), 12);
    assert_int_equal(note.rcode, DNS_NOTIMP);
    assert_int_equal(note.qtype, 0);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)
static const struct CMUnitTest tests[] = {
    TEST(answers_with_minimal_responses),
    TEST(answers_with_full_responses),
    TEST(apex_ns_come_in_the_order_of_their_names),
    TEST(minimal_any_is_one_set),
    TEST(values_come_in_every_order),
    TEST(replies_keep_to_the_size_of_transport_and_client),
    TEST(referral_whose_glue_does_not_fit_is_truncated),
    TEST(company_that_does_not_fit_is_left_out_without_tc),
    TEST(addresses_of_many_targets_come_once_each),
    TEST(replies_of_every_size_are_well_formed),
    TEST(nsid_is_given_when_asked_for),
    TEST(notes_tell_what_to_count),
};

RUN_TESTS(tests)
