#include "signpost/dns/query.h"

#include "tests.h"

/* Packets as hex; "Q" stands for the question a.test A IN. */
#define ID "1234"
#define Q                                                                                          \
    "0161"                                                                                         \
    "0474657374"                                                                                   \
    "00"                                                                                           \
    "0001"                                                                                         \
    "0001"
#define HEAD(flags, qd, an, ns, ar) ID flags qd an ns ar
#define OPT_PLAIN                                                                                  \
    "00"                                                                                           \
    "0029"                                                                                         \
    "04d0"                                                                                         \
    "00000000"                                                                                     \
    "0000"

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

/* In memory of exactly its size, so that the sanitizers see every octet read beyond it. */
static int parse(struct dns_query *query, const char *hex)
{
    uint8_t buffer[2000];
    size_t size = from_hex(buffer, hex);
    uint8_t *exact = malloc(size);
    memcpy(exact, buffer, size);
    int verdict = dns_query_parse(query, (struct span){ exact, size });
    free(exact);
    return verdict;
}

static void query_verdicts(void **state)
{
    (void)state;
    static const struct row {
        const char *why;
        int verdict;
        const char *hex;
    } rows[] = {
        { "a plain question", DNS_NOERROR, HEAD("0000", "0001", "0000", "0000", "0000") Q },
        { "one with EDNS", DNS_NOERROR, HEAD("0000", "0001", "0000", "0000", "0001") Q OPT_PLAIN },
        { "an empty packet", DNS_SILENCE, "" },
        { "half a header", DNS_SILENCE, "123400000001" },
        { "eleven octets", DNS_SILENCE, "1234000000010000000000" },
        { "a reply: answering it could loop", DNS_SILENCE,
          HEAD("8000", "0001", "0000", "0000", "0000") Q },
        { "a header alone", DNS_FORMERR, HEAD("0000", "0001", "0000", "0000", "0000") },
        { "opcode IQUERY", DNS_NOTIMP, HEAD("0800", "0001", "0000", "0000", "0000") Q },
        { "opcode NOTIFY, R-ANS-2", DNS_NOTIMP, HEAD("2000", "0001", "0000", "0000", "0000") Q },
        { "opcode UPDATE, R-ANS-2", DNS_NOTIMP, HEAD("2800", "0001", "0000", "0000", "0000") Q },
        { "opcode 15", DNS_NOTIMP, HEAD("7800", "0001", "0000", "0000", "0000") Q },
        { "no question", DNS_FORMERR, HEAD("0000", "0000", "0000", "0000", "0000") },
        { "two questions (RFC 9619)", DNS_FORMERR,
          HEAD("0000", "0002", "0000", "0000", "0000") Q Q },
        { "a question cut in its name", DNS_FORMERR,
          HEAD("0000", "0001", "0000", "0000", "0000") "0161"
                                                       "04746573" },
        { "a question cut in its class", DNS_FORMERR,
          HEAD("0000", "0001", "0000", "0000", "0000") "016100"
                                                       "000100" },
        { "a pointer to itself in the question", DNS_FORMERR,
          HEAD("0000", "0001", "0000", "0000", "0000") "c00c"
                                                       "0001"
                                                       "0001" },
        { "a pointer into the header", DNS_FORMERR,
          HEAD("0000", "0001", "0000", "0000", "0000") "0161c000"
                                                       "0001"
                                                       "0001" },
        { "a label type of 01", DNS_FORMERR,
          HEAD("0000", "0001", "0000", "0000", "0000") "4161"
                                                       "00"
                                                       "0001"
                                                       "0001" },
        { "an octet behind the question", DNS_FORMERR,
          HEAD("0000", "0001", "0000", "0000", "0000") Q "00" },
        { "an octet behind the OPT", DNS_FORMERR,
          HEAD("0000", "0001", "0000", "0000", "0001") Q OPT_PLAIN "00" },
        { "an answer in a query", DNS_FORMERR,
          HEAD("0000", "0001", "0001", "0000", "0000") Q "c00c"
                                                         "0001"
                                                         "0001"
                                                         "00000000"
                                                         "0000" },
        { "an authority in a query", DNS_FORMERR,
          HEAD("0000", "0001", "0000", "0001", "0000") Q "c00c"
                                                         "0001"
                                                         "0001"
                                                         "00000000"
                                                         "0000" },
        { "IXFR brings its SOA (RFC 1995)", DNS_NOERROR,
          HEAD("0000", "0001", "0000", "0001", "0000") "0161"
                                                       "0474657374"
                                                       "00"
                                                       "00fb"
                                                       "0001"
                                                       "c00c"
                                                       "0006"
                                                       "0001"
                                                       "00000000"
                                                       "0000" },
        { "an unknown additional record", DNS_NOERROR,
          HEAD("0000", "0001", "0000", "0000", "0001") Q "c00c"
                                                         "00fa"
                                                         "00ff"
                                                         "00000000"
                                                         "0002aabb" },
        { "an additional record that is missing", DNS_FORMERR,
          HEAD("0000", "0001", "0000", "0000", "0001") Q },
        { "an additional record cut short", DNS_FORMERR,
          HEAD("0000", "0001", "0000", "0000", "0001") Q "00"
                                                         "0029"
                                                         "04d0" },
        { "two OPT records (RFC 6891 §6.1.1)", DNS_FORMERR,
          HEAD("0000", "0001", "0000", "0000", "0002") Q OPT_PLAIN OPT_PLAIN },
        { "an OPT below a name", DNS_FORMERR,
          HEAD("0000", "0001", "0000", "0000", "0001") Q "016100"
                                                         "0029"
                                                         "04d0"
                                                         "00000000"
                                                         "0000" },
        { "EDNS version 1", DNS_BADVERS,
          HEAD("0000", "0001", "0000", "0000", "0001") Q "00"
                                                         "0029"
                                                         "04d0"
                                                         "00010000"
                                                         "0000" },
        { "EDNS version 1, options that version 0 does not allow", DNS_BADVERS,
          HEAD("0000", "0001", "0000", "0000", "0001") Q "00"
                                                         "0029"
                                                         "04d0"
                                                         "00010000"
                                                         "0006"
                                                         "0008ffffaabb" },
        { "an unknown option, R-ANS-4", DNS_NOERROR,
          HEAD("0000", "0001", "0000", "0000", "0001") Q "00"
                                                         "0029"
                                                         "04d0"
                                                         "00000000"
                                                         "0006"
                                                         "fde9"
                                                         "0002"
                                                         "aabb" },
        { "an option longer than the OPT", DNS_FORMERR,
          HEAD("0000", "0001", "0000", "0000", "0001") Q "00"
                                                         "0029"
                                                         "04d0"
                                                         "00000000"
                                                         "0005"
                                                         "fde9"
                                                         "0002"
                                                         "aa" },
        { "half an option header", DNS_FORMERR,
          HEAD("0000", "0001", "0000", "0000", "0001") Q "00"
                                                         "0029"
                                                         "04d0"
                                                         "00000000"
                                                         "0002"
                                                         "fde9" },
    };
    for (unsigned i = 0; i < COUNT_OF(rows); i++) {
        struct dns_query query;
        int verdict = parse(&query, rows[i].hex);
        if (verdict != rows[i].verdict)
            fail_msg("%s: %d instead of %d", rows[i].why, verdict, rows[i].verdict);
    }
}

static void query_fields_are_read(void **state)
{
    (void)state;
    struct dns_query query;
    assert_int_equal(parse(&query, HEAD("0110", "0001", "0000", "0000", "0001") "0141"
                                                                                "0454455354"
                                                                                "00"
                                                                                "001c"
                                                                                "0001"
                                                                                "00"
                                                                                "0029"
                                                                                "1000"
                                                                                "00008000"
                                                                                "0004"
                                                                                "0003"
                                                                                "0000"),
                     DNS_NOERROR);
    assert_int_equal(query.id, 0x1234);
    assert_true(query.recursion_desired);
    assert_true(query.checking_disabled);
    assert_int_equal(query.type, DNS_TYPE_AAAA);
    assert_int_equal(query.class, DNS_CLASS_IN);
    assert_int_equal(query.question_size, 12);
    assert_memory_equal(query.path.name, "\1a\4test", 8);
    assert_true(query.has_edns);
    assert_true(query.dnssec_ok);
    assert_true(query.wants_nsid);
    assert_int_equal(query.udp_size, 4096);
}

static void query_udp_size_is_at_least_512(void **state)
{
    (void)state;
    struct dns_query query;
    parse(&query, HEAD("0000", "0001", "0000", "0000", "0000") Q);
    assert_int_equal(query.udp_size, 512);
    parse(&query, HEAD("0000", "0001", "0000", "0000", "0001") Q "00"
                                                                 "0029"
                                                                 "0010"
                                                                 "00000000"
                                                                 "0000");
    assert_int_equal(query.udp_size, 512);
}

/* A question with an OPT record that holds these octets as its only options. */
static int parse_options(struct dns_query *query, const char *options_hex)
{
    char hex[600];
    snprintf(hex, sizeof hex, "%s%s00%04x%s%04zx%s", HEAD("0000", "0001", "0000", "0000", "0001"),
             Q, DNS_TYPE_OPT, "04d000000000", strlen(options_hex) / 2, options_hex);
    return parse(query, hex);
}

/* RFC 7871 §6: code 8, length, family, source length, scope length, address. */
static void client_subnets_are_believed_only_when_well_formed(void **state)
{
    (void)state;
    static const struct row {
        const char *why, *options;
        int verdict;
        const char *subnet; /* NULL: none was read */
    } rows[] = {
        { "IPv4 /24", "0008000700011800c63364", DNS_NOERROR, "198.51.100.0/24" },
        { "IPv4 in full", "0008000800012000c6336407", DNS_NOERROR, "198.51.100.7" },
        { "IPv4 /25", "0008000800011900c6336480", DNS_NOERROR, "198.51.100.128/25" },
        { "IPv6 /32", "000800080002200020010db8", DNS_NOERROR, "2001:db8::/32" },
        { "IPv4 /0: rather not", "0008000400010000", DNS_NOERROR, "0.0.0.0/0" },
        { "family 0 with /0, as dig +subnet=0", "0008000400000000", DNS_NOERROR, NULL },
        { "family 0 with an address", "000800070000180018c63364", DNS_FORMERR, NULL },
        { "an unknown family", "0008000700031800c63364", DNS_FORMERR, NULL },
        { "IPv4 longer than 32", "0008000900012100c633640700", DNS_FORMERR, NULL },
        { "IPv6 longer than 128",
          "0008001500028100"
          "20010db8000000000000000000000000"
          "00",
          DNS_FORMERR, NULL },
        { "an octet too few", "0008000600011800c633", DNS_FORMERR, NULL },
        { "an octet too many", "0008000800011800c6336400", DNS_FORMERR, NULL },
        { "a bit behind the prefix", "0008000700011700c63365", DNS_FORMERR, NULL },
        { "a bit behind /25", "0008000800011900c63364c0", DNS_FORMERR, NULL },
        { "a scope in a query", "0008000700011818c63364", DNS_FORMERR, NULL },
        { "no octet at all", "00080000", DNS_FORMERR, NULL },
        { "cut behind the family", "000800020001", DNS_FORMERR, NULL },
        { "twice", "0008000700011800c633640008000700011800c63364", DNS_FORMERR, NULL },
        { "beside another option", "000300000008000700011800c63364", DNS_NOERROR,
          "198.51.100.0/24" },
    };
    for (unsigned i = 0; i < COUNT_OF(rows); i++) {
        struct dns_query query;
        char text[PREFIX_TEXT_SIZE] = "";
        int verdict = parse_options(&query, rows[i].options);
        if (verdict != rows[i].verdict)
            fail_msg("%s: %d instead of %d", rows[i].why, verdict, rows[i].verdict);
        if (verdict != DNS_NOERROR)
            continue;
        assert_true(query.has_subnet);
        if (rows[i].subnet == NULL)
            assert_int_equal(query.subnet.family, 0);
        else
            assert_string_equal(prefix_to_text(text, &query.subnet), rows[i].subnet);
    }
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(query_verdicts),
    cmocka_unit_test(query_fields_are_read),
    cmocka_unit_test(query_udp_size_is_at_least_512),
    cmocka_unit_test(client_subnets_are_believed_only_when_well_formed),
};

RUN_TESTS(tests)
