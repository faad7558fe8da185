#include "signpost/base/prefix.h"

#include "tests.h"

#include <arpa/inet.h>
#include <netinet/in.h>

static struct ip_prefix prefix_of(const char *text)
{
    struct ip_prefix prefix;
    const char *why = prefix_from_text(&prefix, text);
    if (why != NULL)
        fail_msg("%s %s", text, why);
    return prefix;
}

static void prefixes_are_read_and_written(void **state)
{
    (void)state;
    static const struct row {
        const char *text, *written;
        uint8_t family, length;
    } rows[] = {
        { "192.0.2.0/24", "192.0.2.0/24", IP_V4, 24 },
        { "192.0.2.128/25", "192.0.2.128/25", IP_V4, 25 },
        { "0.0.0.0/0", "0.0.0.0/0", IP_V4, 0 },
        { "255.255.255.255/32", "255.255.255.255", IP_V4, 32 },
        { "192.0.2.1", "192.0.2.1", IP_V4, 32 },
        { "::/0", "::/0", IP_V6, 0 },
        { "2001:DB8:0:0::/32", "2001:db8::/32", IP_V6, 32 },
        { "2001:db8::1", "2001:db8::1", IP_V6, 128 },
        { "fd00::/8", "fd00::/8", IP_V6, 8 },
        { "ffff:ffff:ffff:ffff:ffff:ffff:ffff:fffe/127",
          "ffff:ffff:ffff:ffff:ffff:ffff:ffff:fffe/127", IP_V6, 127 },
    };
    for (unsigned i = 0; i < COUNT_OF(rows); i++) {
        char text[PREFIX_TEXT_SIZE];
        struct ip_prefix prefix = prefix_of(rows[i].text);
        assert_int_equal(prefix.family, rows[i].family);
        assert_int_equal(prefix.length, rows[i].length);
        assert_string_equal(prefix_to_text(text, &prefix), rows[i].written);
    }
}

static void what_is_no_prefix_is_refused_with_the_reason(void **state)
{
    (void)state;
    static const struct row {
        const char *text, *why;
    } rows[] = {
        { "", "is no IPv4 or IPv6 address" },
        { "/24", "is no IPv4 or IPv6 address" },
        { "www.lab.test", "is no IPv4 or IPv6 address" },
        { "192.0.2", "is no IPv4 or IPv6 address" },
        { "192.0.2.256", "is no IPv4 or IPv6 address" },
        { "2001:db8::g/32", "is no IPv4 or IPv6 address" },
        { "fe80::1%lo", "is no IPv4 or IPv6 address" },
        { "2001:0db8:0000:0000:0000:0000:0000:0000:0000:0000:0000/32",
          "is no IPv4 or IPv6 address" },
        { "192.0.2.0/33", "has a length that is none from 0 to 32" },
        { "192.0.2.0/", "has a length that is none from 0 to 32" },
        { "192.0.2.0/+24", "has a length that is none from 0 to 32" },
        { "192.0.2.0/024", "has a length that is none from 0 to 32" },
        { "192.0.2.0/24/1", "has a length that is none from 0 to 32" },
        { "192.0.2.0/24 ", "has a length that is none from 0 to 32" },
        { "2001:db8::/129", "has a length that is none from 0 to 128" },
        { "2001:db8::/4294967328", "has a length that is none from 0 to 128" },
        { "192.0.2.1/24", "has bits set behind its length" },
        { "128.0.0.0/0", "has bits set behind its length" },
        { "2001:db8::1/127", "has bits set behind its length" },
    };
    for (unsigned i = 0; i < COUNT_OF(rows); i++) {
        struct ip_prefix prefix;
        const char *why = prefix_from_text(&prefix, rows[i].text);
        if (why == NULL)
            fail_msg("\"%s\" was taken", rows[i].text);
        assert_string_equal(why, rows[i].why);
    }
}

static void one_prefix_lies_in_another(void **state)
{
    (void)state;
    static const struct row {
        const char *outer, *inner;
        bool contains;
    } rows[] = {
        { "192.0.2.0/24", "192.0.2.0/24", true },
        { "192.0.2.0/24", "192.0.2.255", true },
        { "192.0.2.0/24", "192.0.3.0", false },
        { "192.0.2.0/25", "192.0.2.0/24", false },
        { "192.0.2.128/25", "192.0.2.127", false },
        { "192.0.2.128/25", "192.0.2.128/31", true },
        { "0.0.0.0/0", "203.0.113.0/24", true },
        { "0.0.0.0/0", "::", false },
        { "::/0", "0.0.0.0", false },
        { "2001:db8::/33", "2001:db8:7fff::/48", true },
        { "2001:db8::/33", "2001:db8:8000::/48", false },
        { "2001:db8::1", "2001:db8::1", true },
        { "2001:db8::1", "2001:db8::", false },
    };
    for (unsigned i = 0; i < COUNT_OF(rows); i++) {
        struct ip_prefix outer = prefix_of(rows[i].outer);
        struct ip_prefix inner = prefix_of(rows[i].inner);
        if (prefix_contains(&outer, &inner) != rows[i].contains)
            fail_msg("%s in %s", rows[i].inner, rows[i].outer);
    }
}

static void prefixes_sort_by_family_address_and_length(void **state)
{
    (void)state;
    static const char *const sorted[] = { "0.0.0.0/0",     "0.0.0.0",       "192.0.2.0/23",
                                          "192.0.2.0/24",  "192.0.2.0",     "192.0.2.1",
                                          "255.0.0.0/8",   "::/0",          "::",
                                          "2001:db8::/32", "2001:db8::/48", "2001:db8:1::/48" };
    for (unsigned i = 0; i < COUNT_OF(sorted); i++)
        for (unsigned j = 0; j < COUNT_OF(sorted); j++) {
            struct ip_prefix a = prefix_of(sorted[i]);
            struct ip_prefix b = prefix_of(sorted[j]);
            int order = prefix_compare(&a, &b);
            assert_int_equal((order > 0) - (order < 0), (i > j) - (i < j));
        }
}

static void what_is_behind_the_length_is_cleared(void **state)
{
    (void)state;
    static const struct row {
        const char *address;
        uint8_t length;
        const char *masked;
    } rows[] = {
        { "255.255.255.255", 0, "0.0.0.0/0" },
        { "255.255.255.255", 23, "255.255.254.0/23" },
        { "255.255.255.255", 24, "255.255.255.0/24" },
        { "255.255.255.255", 32, "255.255.255.255" },
        { "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", 1, "8000::/1" },
        { "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", 128,
          "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff" },
    };
    for (unsigned i = 0; i < COUNT_OF(rows); i++) {
        char text[PREFIX_TEXT_SIZE];
        struct ip_prefix prefix = prefix_of(rows[i].address);
        prefix.length = rows[i].length;
        prefix_mask(&prefix);
        assert_string_equal(prefix_to_text(text, &prefix), rows[i].masked);
    }
}

static void a_socket_address_is_a_whole_address(void **state)
{
    (void)state;
    static const struct row {
        const char *address, *prefix;
    } rows[] = {
        { "192.0.2.1", "192.0.2.1" },
        { "2001:db8::1", "2001:db8::1" },
        { "::ffff:192.0.2.1", "192.0.2.1" },
    };
    for (unsigned i = 0; i < COUNT_OF(rows); i++) {
        struct sockaddr_storage address = { 0 };
        struct ip_prefix prefix;
        char text[PREFIX_TEXT_SIZE];
        bool v6 = strchr(rows[i].address, ':') != NULL;
        address.ss_family = v6 ? AF_INET6 : AF_INET;
        void *octets = v6 ? (void *)&((struct sockaddr_in6 *)&address)->sin6_addr
                          : (void *)&((struct sockaddr_in *)&address)->sin_addr;
        assert_int_equal(inet_pton(address.ss_family, rows[i].address, octets), 1);
        prefix_from_address(&prefix, &address);
        assert_string_equal(prefix_to_text(text, &prefix), rows[i].prefix);
    }
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(prefixes_are_read_and_written),
    cmocka_unit_test(what_is_no_prefix_is_refused_with_the_reason),
    cmocka_unit_test(one_prefix_lies_in_another),
    cmocka_unit_test(prefixes_sort_by_family_address_and_length),
    cmocka_unit_test(what_is_behind_the_length_is_cleared),
    cmocka_unit_test(a_socket_address_is_a_whole_address),
};

RUN_TESTS(tests)
