/* Questions as a resolver sends them, and replies read octet by octet. */
#include "signpost/dns/message.h"

#include "signpost/dns/name.h"
#include "signpost/dns/query.h"

#include "tests.h"

static struct arena *arena;

static int create_arena(void **state)
{
    (void)state;
    arena = arena_create();
    return arena == NULL;
}

static int destroy_arena(void **state)
{
    (void)state;
    arena_destroy(arena);
    return 0;
}

/* ---- questions ---- */

/* What the server's own reader makes of a question. */
static void a_question_reads_back(void **state)
{
    static const struct row {
        const char *why, *name, *subnet;
        uint16_t type, edns_size;
        bool has_edns;
        uint16_t udp_size;
    } rows[] = {
        { "plain", "www.lab.test", NULL, DNS_TYPE_A, 0, false, 512 },
        { "the root", ".", NULL, DNS_TYPE_NS, 0, false, 512 },
        { "with EDNS", "www.lab.test", NULL, DNS_TYPE_TXT, 4096, true, 4096 },
        { "an IPv4 client, R-ECS-1", "www.lab.test", "203.0.113.0/25", DNS_TYPE_A, 0, true, 1232 },
        { "an IPv6 client, R-ECS-1", "w.lab.test", "2001:db8:1::/48", DNS_TYPE_AAAA, 1400, true,
          1400 },
        { "a client without a bit", "w.lab.test", "0.0.0.0/0", DNS_TYPE_A, 0, true, 1232 },
        { "a client of every bit", "w.lab.test", "2001:db8::1", DNS_TYPE_A, 0, true, 1232 },
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        uint8_t name[DNS_NAME_SIZE_MAX], packet[DNS_QUESTION_SIZE_MAX];
        struct ip_prefix subnet;
        const char *why;
        struct dns_query query;
        assert_int_not_equal(
            dns_name_from_text(name, rows[i].name, strlen(rows[i].name), NULL, &why), 0);
        if (rows[i].subnet != NULL)
            assert_null(prefix_from_text(&subnet, rows[i].subnet));
        struct dns_question question = { .id = (uint16_t)(0xfff0 + i),
                                         .name = name,
                                         .type = rows[i].type,
                                         .edns_size = rows[i].edns_size,
                                         .subnet = rows[i].subnet != NULL ? &subnet : NULL };
        size_t size = dns_question_write(packet, &question);
        if (dns_query_parse(&query, (struct span){ packet, size }) != DNS_NOERROR)
            fail_msg("%s: it cannot be read", rows[i].why);
        assert_int_equal(query.id, 0xfff0 + i);
        assert_int_equal(query.type, rows[i].type);
        assert_true(dns_name_equal(query.path.name, name));
        assert_int_equal(query.has_edns, rows[i].has_edns);
        assert_int_equal(query.udp_size, rows[i].udp_size);
        assert_int_equal(query.has_subnet, rows[i].subnet != NULL);
        if (rows[i].subnet != NULL)
            assert_int_equal(query.subnet.length, subnet.length);
        if (rows[i].subnet != NULL && subnet.length > 0)
            assert_int_equal(prefix_compare(&query.subnet, &subnet), 0);
        assert_false(query.recursion_desired);
    }
}

/* ---- replies ---- */

/* Pieces of replies as hex.  The question is www.lab.test A at offset 12, lab.test at 16. */
#define QUESTION                                                                                   \
    "03777777036c61620474657374000001"                                                             \
    "0001"
#define HEAD(flags, an, ns, ar) "1234" flags "0001" an ns ar QUESTION
#define TTL_60                  "0000003c"
#define A_RECORD(last)          "c00c00010001" TTL_60 "0004c00002" last
#define OPT_SCOPE_24                                                                               \
    "00002904d000000000000b00080007000118"                                                         \
    "18cb0071"

static size_t from_hex(uint8_t *out, const char *hex)
{
    size_t size = 0;
    for (; *hex != 0; hex += 2) {
        unsigned octet;
        if (sscanf(hex, "%2x", &octet) != 1)
            fail_msg("bad hex: %s", hex);
        out[size++] = (uint8_t)octet;
    }
    return size;
}

static uint8_t *exact; /* memory of just that size, so that sanitizers see what is read beyond */

static int read_hex(struct dns_message *message, const char *hex, struct problem *problem)
{
    uint8_t buffer[2000];
    size_t size = from_hex(buffer, hex);
    free(exact);
    exact = malloc(size + (size == 0));
    memcpy(exact, buffer, size);
    return dns_message_read(message, (struct span){ exact, size }, arena, problem);
}

static void a_reply_says_what_was_answered(void **state)
{
    struct dns_message message;
    (void)state;
    assert_int_equal(read_hex(&message,
                              HEAD("8400", "0002", "0000", "0001") A_RECORD("01") A_RECORD("02")
                                  OPT_SCOPE_24,
                              NULL),
                     0);
    assert_int_equal(message.id, 0x1234);
    assert_true(message.is_reply && message.is_authoritative && !message.is_truncated);
    assert_int_equal(message.rcode, DNS_NOERROR);
    assert_int_equal(message.question.size, 18);
    assert_memory_equal(message.question.data, "\3www\3lab\4test\0\0\1\0\1", 18);
    assert_int_equal(message.answer_count, 2);
    assert_int_equal(message.answers[1].ttl_s, 60);
    assert_int_equal(message.answers[1].type, DNS_TYPE_A);
    assert_memory_equal(message.answers[1].owner, "\3www\3lab\4test", 14);
    assert_memory_equal(message.answers[1].rdata.data, "\xc0\x00\x02\x02", 4);
    assert_true(message.has_scope);
    assert_int_equal(message.scope, 24);
    assert_int_equal(dns_message_final_set(&message), 0);
}

static void names_in_records_are_whole(void **state)
{
    struct dns_message message;
    (void)state;
    /* www CNAME web.lab.test, whose A follows: the final set begins behind the chain. */
    assert_int_equal(read_hex(&message,
                              HEAD("8400", "0002", "0000", "0000") "c00c00050001" TTL_60 "0006"
                                                                   "03776562c010"
                                                                   "c02a00010001" TTL_60
                                                                   "0004c0000201",
                              NULL),
                     0);
    assert_int_equal(message.answers[0].rdata.size, 14);
    assert_memory_equal(message.answers[0].rdata.data, "\3web\3lab\4test", 14);
    assert_int_equal(dns_message_final_set(&message), 1);
}

static void a_reply_without_answers_has_an_rcode(void **state)
{
    struct dns_message message;
    (void)state;
    assert_int_equal(read_hex(&message, HEAD("8403", "0000", "0000", "0000"), NULL), 0);
    assert_int_equal(message.rcode, DNS_NXDOMAIN);
    assert_int_equal(message.answer_count, 0);
    assert_int_equal(dns_message_final_set(&message), 0);
    assert_int_equal(read_hex(&message, HEAD("8600", "0000", "0000", "0000"), NULL), 0);
    assert_true(message.is_truncated);
}

static void what_is_no_reply_is_damaged(void **state)
{
    static const struct row {
        const char *why, *hex;
    } rows[] = {
        { "nothing", "" },
        { "half a header", "123484000001" },
        { "no question", "123484000000000000000000" },
        { "two questions", "123484000002000000000000" QUESTION QUESTION },
        { "a question that ends too early", "123484000001000000000000"
                                            "03777777036c6162" },
        { "an octet too many", HEAD("8400", "0000", "0000", "0000") "00" },
        { "fewer answers than it says", HEAD("8400", "0002", "0000", "0000") A_RECORD("01") },
        { "answers beyond what any reply holds", HEAD("8400", "ffff", "0000", "0000") },
        { "a pointer to itself",
          HEAD("8400", "0001", "0000", "0000") "c01e00010001" TTL_60 "0004c0000201" },
        { "a pointer forwards",
          HEAD("8400", "0001", "0000", "0000") "c0ff00010001" TTL_60 "0004c0000201" },
        { "a label of a kind that nobody has",
          HEAD("8400", "0001", "0000", "0000") "4000010001" TTL_60 "0004c0000201" },
        { "RDATA that ends behind the reply",
          HEAD("8400", "0001", "0000", "0000") "c00c00010001" TTL_60 "0008c0000201" },
        { "a name that leads out of its RDATA",
          HEAD("8400", "0001", "0000", "0000") "c00c00050001" TTL_60 "0002"
                                               "03776562c010" },
        { "an option that is longer than its record",
          HEAD("8400", "0000", "0000", "0001") "00002904d00000000000040008ffff" },
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct dns_message message;
        struct problem problem = { 0 };
        if (read_hex(&message, rows[i].hex, &problem) != SP_EDAMAGED)
            fail_msg("%s: it was read", rows[i].why);
        assert_non_null(strstr(problem.text, "cannot be read"));
    }
    free(exact);
    exact = NULL;
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(a_question_reads_back),
    cmocka_unit_test_setup_teardown(a_reply_says_what_was_answered, create_arena, destroy_arena),
    cmocka_unit_test_setup_teardown(names_in_records_are_whole, create_arena, destroy_arena),
    cmocka_unit_test_setup_teardown(a_reply_without_answers_has_an_rcode, create_arena,
                                    destroy_arena),
    cmocka_unit_test_setup_teardown(what_is_no_reply_is_damaged, create_arena, destroy_arena),
};
RUN_TESTS(tests)
