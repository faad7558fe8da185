#include "signpost/dns/name.h"

#include "zones.h"

static void name_text_becomes_wire(void **state)
{
    (void)state;
    static const struct row {
        const char *why, *text, *wire;
        size_t size;
    } rows[] = {
        { "a plain name", "www.lab.test.", "\3www\3lab\4test", 14 },
        { "the final dot may be missing", "www.lab.test", "\3www\3lab\4test", 14 },
        { "the root", ".", "", 1 },
        { "letter case is kept", "WwW.", "\3WwW", 5 },
        { "a dot inside a label", "a\\.b.test.", "\3a.b\4test", 10 },
        { "decimal escapes", "\\065\\255.", "\2A\377", 4 },
        { "an escape of a letter is the letter", "\\a.", "\1a", 3 },
        { "a zero octet", "\\000.", "\1\0", 3 },
    };
    for (unsigned i = 0; i < COUNT_OF(rows); i++) {
        uint8_t wire[DNS_NAME_SIZE_MAX];
        const char *why = NULL;
        size_t size = dns_name_from_text(wire, rows[i].text, strlen(rows[i].text), NULL, &why);
        if (size != rows[i].size || memcmp(wire, rows[i].wire, size) != 0)
            fail_msg("%s (%s)", rows[i].why, why == NULL ? "wrong octets" : why);
        assert_int_equal(dns_name_check(wire, size), size);
    }
}

static void name_text_that_is_none_is_refused_with_a_reason(void **state)
{
    (void)state;
    char long_label[80], long_name[300] = "";
    memset(long_label, 'a', 64);
    long_label[64] = 0;
    for (unsigned i = 0; i < 128; i++)
        strcat(long_name, "a.");
    const char *const rows[] = { "",      "a..b",   ".a",    "a\\",      "a\\2",
                                 "a\\25", "a\\256", "\\99x", long_label, long_name };
    for (unsigned i = 0; i < COUNT_OF(rows); i++) {
        uint8_t wire[DNS_NAME_SIZE_MAX];
        const char *why = NULL;
        if (dns_name_from_text(wire, rows[i], strlen(rows[i]), NULL, &why) != 0)
            fail_msg("accepted: %s", rows[i]);
        assert_non_null(why);
    }
}

static void name_limits_are_reached_exactly(void **state)
{
    (void)state;
    /* Three labels of 63, one of 61: 3 * 64 + 62 + 1 = 255 octets. */
    char text[300] = "";
    for (unsigned i = 0; i < 3; i++) {
        memset(text + strlen(text), 'a', 63);
        text[64 * i + 63] = '.';
    }
    memset(text + 192, 'b', 61);
    uint8_t wire[DNS_NAME_SIZE_MAX];
    const char *why;
    assert_int_equal(dns_name_from_text(wire, text, strlen(text), NULL, &why), 255);
    text[253] = 'b';
    assert_int_equal(dns_name_from_text(wire, text, strlen(text), NULL, &why), 0);
}

static void name_below_an_origin_is_completed(void **state)
{
    (void)state;
    uint8_t origin[DNS_NAME_SIZE_MAX], wire[DNS_NAME_SIZE_MAX], expected[DNS_NAME_SIZE_MAX];
    const char *why;
    test_raw_name(origin, "lab.test.");
    test_raw_name(expected, "www.lab.test.");
    dns_name_from_text(wire, "www", 3, origin, &why);
    assert_true(dns_name_equal(wire, expected));
    dns_name_from_text(wire, "@", 1, origin, &why);
    assert_true(dns_name_equal(wire, origin));
    dns_name_from_text(wire, "www.lab.test.", 13, origin, &why);
    assert_true(dns_name_equal(wire, expected));
}

/* Every octet, in text and back, in both notations. */
static void name_survives_text_and_key(void **state)
{
    (void)state;
    for (unsigned octet = 0; octet < 256; octet++) {
        uint8_t wire[] = { 3, 'a', (uint8_t)octet, 'b', 1, '*', 4, 't', 'e', 's', 't', 0 };
        uint8_t back[DNS_NAME_SIZE_MAX];
        char text[DNS_NAME_TEXT_SIZE];
        const char *why = "";
        size_t length = dns_name_to_text(text, wire);
        assert_int_equal(strlen(text), length);
        assert_int_equal(dns_name_from_text(back, text, length, NULL, &why), sizeof wire);
        assert_memory_equal(back, wire, sizeof wire);

        length = dns_name_to_key(text, wire);
        assert_int_equal(dns_name_from_key(back, text, length), sizeof wire);
        assert_memory_equal(back, wire, sizeof wire);
    }
}

static void name_keys_sort_and_look_as_route_53_lists_names(void **state)
{
    (void)state;
    static const char *const in_order[][2] = {
        { "test.", "test." },         { "*.test.", "test.\\052." },   { "a.test.", "test.a." },
        { "x.a.test.", "test.a.x." }, { "a-b.test.", "test.a-b." }, /* '-' sorts before '.':
                                                                       R-NAM-6, labels reversed with
                                                                       dots */
        { "b.test.", "test.b." },     { "Tb.test.", "test.\\124b." },
    };
    char keys[COUNT_OF(in_order)][DNS_NAME_TEXT_SIZE];
    for (unsigned i = 0; i < COUNT_OF(in_order); i++) {
        uint8_t wire[DNS_NAME_SIZE_MAX];
        test_raw_name(wire, in_order[i][0]);
        dns_name_to_key(keys[i], wire);
        assert_string_equal(keys[i], in_order[i][1]);
    }
    assert_true(strcmp(keys[4], keys[3]) < 0);
    assert_true(strcmp(keys[4], keys[2]) < 0);
}

static void names_look_as_route_53_writes_them(void **state)
{
    (void)state;
    static const char *const rows[][2] = {
        { ".", "." },
        { "WWW.lab-1._x.test.", "www.lab-1._x.test." },
        { "*.a\\.b.test.", "\\052.a\\056b.test." },
        { "\\000\\255/.test.", "\\000\\377\\057.test." },
    };
    for (unsigned i = 0; i < COUNT_OF(rows); i++) {
        uint8_t wire[DNS_NAME_SIZE_MAX];
        char text[DNS_NAME_TEXT_SIZE];
        const char *why;
        dns_name_from_text(wire, rows[i][0], strlen(rows[i][0]), NULL, &why);
        assert_int_equal(dns_name_to_octal(text, wire), strlen(rows[i][1]));
        assert_string_equal(text, rows[i][1]);
    }
}

static void name_keys_that_are_none_are_refused(void **state)
{
    (void)state;
    static const char *const rows[] = { "test", "test..", ".", "te\\st.", "\\400.", "a\\05." };
    for (unsigned i = 0; i < COUNT_OF(rows); i++) {
        uint8_t wire[DNS_NAME_SIZE_MAX];
        if (dns_name_from_key(wire, rows[i], strlen(rows[i])) != 0)
            fail_msg("accepted: %s", rows[i]);
    }
}

static void name_within_counts_whole_labels_only(void **state)
{
    (void)state;
    static const struct row {
        const char *name, *origin;
        bool within;
    } rows[] = {
        { "lab.test", "lab.test", true },       { "www.LAB.test", "lab.TEST", true },
        { "xlab.test", "lab.test", false },     { "test", "lab.test", false },
        { "a.b.c.lab.test", "lab.test", true }, { "www.lab.test", ".", true },
    };
    for (unsigned i = 0; i < COUNT_OF(rows); i++) {
        uint8_t name[DNS_NAME_SIZE_MAX], origin[DNS_NAME_SIZE_MAX];
        test_raw_name(name, rows[i].name);
        test_raw_name(origin, rows[i].origin);
        assert_int_equal(dns_name_is_within(name, origin), rows[i].within);
    }
}

/* The example of RFC 4034 §6.1. */
static void name_compare_is_canonical(void **state)
{
    (void)state;
    static const char *const in_order[] = {
        "example.",         "a.example.",      "yljkjljk.a.example.",
        "Z.a.example.",     "zABC.a.EXAMPLE.", "z.example.",
        "\\001.z.example.", "*.z.example.",    "\\200.z.example."
    };
    for (unsigned i = 0; i < COUNT_OF(in_order); i++) {
        for (unsigned j = 0; j < COUNT_OF(in_order); j++) {
            uint8_t a[DNS_NAME_SIZE_MAX], b[DNS_NAME_SIZE_MAX];
            test_raw_name(a, in_order[i]);
            test_raw_name(b, in_order[j]);
            int order = dns_name_compare(a, b);
            assert_int_equal((order > 0) - (order < 0), (i > j) - (i < j));
        }
    }
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(name_text_becomes_wire),
    cmocka_unit_test(name_text_that_is_none_is_refused_with_a_reason),
    cmocka_unit_test(name_limits_are_reached_exactly),
    cmocka_unit_test(name_below_an_origin_is_completed),
    cmocka_unit_test(name_survives_text_and_key),
    cmocka_unit_test(name_keys_sort_and_look_as_route_53_lists_names),
    cmocka_unit_test(names_look_as_route_53_writes_them),
    cmocka_unit_test(name_keys_that_are_none_are_refused),
    cmocka_unit_test(name_within_counts_whole_labels_only),
    cmocka_unit_test(name_compare_is_canonical),
};

RUN_TESTS(tests)
