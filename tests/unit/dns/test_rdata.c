#include "signpost/dns/rdata.h"

#include "zones.h"

static void rdata_is_accepted_or_refused_by_its_type(void **state)
{
    (void)state;
    static const struct row {
        const char *why;
        uint16_t type;
        const char *hex;
        bool right;
    } rows[] = {
        { "four octets", DNS_TYPE_A, "c0000201", true },
        { "three octets", DNS_TYPE_A, "c00002", false },
        { "five octets", DNS_TYPE_A, "c000020101", false },
        { "sixteen octets", DNS_TYPE_AAAA, "20010db8000000000000000000000001", true },
        { "fifteen octets", DNS_TYPE_AAAA, "20010db80000000000000000000000", false },
        { "a name", DNS_TYPE_NS, "016100", true },
        { "a name without its end", DNS_TYPE_NS, "0161", false },
        { "a compressed name", DNS_TYPE_CNAME, "c00c", false },
        { "more than a name", DNS_TYPE_PTR, "01610001", false },
        { "two names and five numbers", DNS_TYPE_SOA,
          "00000000000100000002000000030000000400000005", true },
        { "a number is missing", DNS_TYPE_SOA, "000000000001000000020000000300000004", false },
        { "preference and name", DNS_TYPE_MX, "000a016100", true },
        { "preference alone", DNS_TYPE_MX, "000a", false },
        { "one empty string", DNS_TYPE_TXT, "00", true },
        { "two strings", DNS_TYPE_TXT, "01610162", true },
        { "no string at all", DNS_TYPE_TXT, "", false },
        { "a string beyond the end", DNS_TYPE_SPF, "0261", false },
        { "numbers and target", DNS_TYPE_SRV, "000100020003016100", true },
        { "regexp without replacement", DNS_TYPE_NAPTR, "000100020175037369700321782100", true },
        { "replacement without regexp", DNS_TYPE_NAPTR, "00010002000000016100", true },
        { "R-TYP-4: regexp and replacement", DNS_TYPE_NAPTR,
          "000100020000"
          "0121"
          "016100",
          false },
        { "a NAPTR cut in its regexp", DNS_TYPE_NAPTR, "00010002000005", false },
        { "a SHA-256 digest", DNS_TYPE_DS,
          "00010d02"
          "0000000000000000000000000000000000000000000000000000000000000000",
          true },
        { "a short SHA-256 digest", DNS_TYPE_DS, "00010d0200", false },
        { "an unknown digest type", DNS_TYPE_DS, "00010df000", true },
        { "no digest", DNS_TYPE_DS, "00010d02", false },
        { "a SHA-1 fingerprint", DNS_TYPE_SSHFP,
          "0101"
          "0000000000000000000000000000000000000000",
          true },
        { "algorithm 5", DNS_TYPE_SSHFP,
          "0501"
          "0000000000000000000000000000000000000000",
          false },
        { "hash type 3", DNS_TYPE_SSHFP,
          "0103"
          "00",
          false },
        { "a whole certificate", DNS_TYPE_TLSA, "03010001", true },
        { "usage 4", DNS_TYPE_TLSA, "04010001", false },
        { "no data", DNS_TYPE_TLSA, "030100", false },
        { "issue", DNS_TYPE_CAA,
          "0005"
          "6973737565"
          "6361",
          true },
        { "a tag with a hyphen", DNS_TYPE_CAA,
          "0002"
          "2d61"
          "6361",
          false },
        { "no tag", DNS_TYPE_CAA,
          "0000"
          "6361",
          false },
        { "alias mode", DNS_TYPE_HTTPS, "0000016100", true },
        { "R-TYP-5: alias mode with parameters", DNS_TYPE_HTTPS,
          "000001610000030002"
          "01bb",
          false },
        { "R-TYP-5: priority 32768", DNS_TYPE_SVCB, "800000", false },
        { "a port", DNS_TYPE_SVCB,
          "000100"
          "0003000201bb",
          true },
        { "a port of one octet", DNS_TYPE_SVCB,
          "000100"
          "0003000101",
          false },
        { "keys out of order", DNS_TYPE_SVCB,
          "000100"
          "0003000201bb"
          "00010003026832",
          false },
        { "a key twice", DNS_TYPE_SVCB,
          "000100"
          "0003000201bb"
          "0003000201bb",
          false },
        { "alpn h2", DNS_TYPE_HTTPS,
          "000100"
          "00010003026832",
          true },
        { "an empty alpn", DNS_TYPE_HTTPS,
          "000100"
          "00010000",
          false },
        { "an alpn with an empty protocol", DNS_TYPE_HTTPS,
          "000100"
          "0001000100",
          false },
        { "R-TYP-5: no-default-alpn alone", DNS_TYPE_HTTPS,
          "000100"
          "00020000",
          false },
        { "no-default-alpn beside alpn", DNS_TYPE_HTTPS,
          "000100"
          "00010003026832"
          "00020000",
          true },
        { "mandatory keys that are there", DNS_TYPE_HTTPS,
          "000100"
          "000000020003"
          "0003000201bb",
          true },
        { "a mandatory key that is not", DNS_TYPE_HTTPS,
          "000100"
          "000000020004"
          "0003000201bb",
          false },
        { "mandatory lists itself", DNS_TYPE_HTTPS,
          "000100"
          "000000020000",
          false },
        { "an empty ech", DNS_TYPE_HTTPS,
          "000100"
          "00050000",
          false },
        { "R-TYP-5: a key without a name", DNS_TYPE_HTTPS,
          "000100"
          "fde80000",
          false },
        { "half an IPv4 hint", DNS_TYPE_HTTPS,
          "000100"
          "00040002c000",
          false },
        { "R-TYP-7: a type outside the table", 39, "016100", false },
    };
    for (unsigned i = 0; i < COUNT_OF(rows); i++) {
        uint8_t rdata[300];
        const char *at = rows[i].hex;
        size_t size = 0;
        for (; *at != 0; at += 2) {
            unsigned octet;
            sscanf(at, "%2x", &octet);
            rdata[size++] = (uint8_t)octet;
        }
        const char *why = dns_rdata_check(rows[i].type, (struct span){ rdata, size });
        if ((why == NULL) != rows[i].right)
            fail_msg("type %u, %s: %s", rows[i].type, rows[i].why, why == NULL ? "accepted" : why);
    }
}

/* Whatever is cut off, the check must not read beyond it (the sanitizers watch). */
static void rdata_check_survives_every_cut(void **state)
{
    (void)state;
    static const uint8_t octets[] = { 0, 1, 0, 2, 1, 'a', 3, 's', 'i', 'p', 2, '!', '!', 0, 9, 9 };
    for (unsigned index = 0; index < DNS_TYPE_COUNT; index++) {
        for (size_t size = 0; size <= sizeof octets; size++) {
            uint8_t *copy = malloc(size + 1);
            memcpy(copy, octets, size);
            const char *why =
                dns_rdata_check(dns_type_at(index)->type, (struct span){ copy, size });
            if (why != NULL)
                assert_true(strlen(why) > 10);
            free(copy);
        }
    }
}

static void rdata_names_become_lower_case_and_nothing_else(void **state)
{
    (void)state;
    uint8_t mx[] = { 'A', 'B', 1, 'X', 0 };
    dns_rdata_lower(DNS_TYPE_MX, mx, sizeof mx);
    assert_memory_equal(mx, "AB\1x", 5);
    uint8_t txt[] = { 2, 'A', 'B' };
    dns_rdata_lower(DNS_TYPE_TXT, txt, sizeof txt);
    assert_memory_equal(txt, "\2AB", 3);
    uint8_t naptr[] = { 0, 1, 0, 2, 1, 'U', 1, 'S', 0, 1, 'R', 0 };
    dns_rdata_lower(DNS_TYPE_NAPTR, naptr, sizeof naptr);
    assert_memory_equal(naptr + 4, "\1U\1S\0\1r", 8);
    uint8_t soa[] = { 1, 'M', 0, 1, 'R', 0, 'A', 'A', 'A', 'A' };
    dns_rdata_lower(DNS_TYPE_SOA, soa, sizeof soa);
    assert_memory_equal(soa, "\1m\0\1r\0AAAA", 10);
}

static void values_come_off_in_order(void **state)
{
    (void)state;
    static const uint8_t packed[] = { 0, 2, 'a', 'b', 0, 0, 0, 1, 'c' };
    struct span values = { packed, sizeof packed }, rdata;
    assert_true(dns_values_next(&values, &rdata));
    assert_int_equal(rdata.size, 2);
    assert_true(dns_values_next(&values, &rdata));
    assert_int_equal(rdata.size, 0);
    assert_true(dns_values_next(&values, &rdata));
    assert_int_equal(rdata.data[0], 'c');
    assert_false(dns_values_next(&values, &rdata));
    assert_int_equal(values.size, 0);
    struct span broken = { packed, 3 };
    assert_false(dns_values_next(&broken, &rdata));
    assert_int_equal(broken.size, 3);
}

static void types_are_found_by_code_name_and_index(void **state)
{
    (void)state;
    for (unsigned i = 0; i < DNS_TYPE_COUNT; i++) {
        const struct dns_type_info *info = dns_type_at(i);
        assert_ptr_equal(dns_type_find(info->type), info);
        assert_ptr_equal(dns_type_find_name(info->name), info);
        assert_int_equal(dns_type_index(info->type), i);
        if (i > 0)
            assert_true(dns_type_at(i - 1)->type < info->type);
    }
    assert_ptr_equal(dns_type_find_name("https"), dns_type_find(65));
    assert_null(dns_type_find(46));
    assert_null(dns_type_find_name("RRSIG"));
    assert_int_equal(dns_type_index(65535), DNS_TYPE_COUNT);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(rdata_is_accepted_or_refused_by_its_type),
    cmocka_unit_test(rdata_check_survives_every_cut),
    cmocka_unit_test(rdata_names_become_lower_case_and_nothing_else),
    cmocka_unit_test(values_come_off_in_order),
    cmocka_unit_test(types_are_found_by_code_name_and_index),
};

RUN_TESTS(tests)
