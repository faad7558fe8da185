#include "drafts.h"

static void server_names_have_the_shape_of_route_53(void **state)
{
    static const struct row {
        uint16_t number;
        const char *expect;
    } rows[] = {
        { 0, "ns-0.awsdns-00.com.ns.test." },         { 155, "ns-155.awsdns-19.com.ns.test." },
        { 511, "ns-511.awsdns-63.com.ns.test." },     { 512, "ns-512.awsdns-00.net.ns.test." },
        { 935, "ns-935.awsdns-52.net.ns.test." },     { 1337, "ns-1337.awsdns-39.org.ns.test." },
        { 1842, "ns-1842.awsdns-38.co.uk.ns.test." }, { 2047, "ns-2047.awsdns-63.co.uk.ns.test." },
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        uint8_t name[DNS_NAME_SIZE_MAX];
        char text[DNS_NAME_TEXT_SIZE];
        size_t size = hosted_zone_server_name(name, &lab_defaults, rows[i].number);
        assert_int_equal(size, dns_name_size(name));
        dns_name_to_text(text, name);
        assert_string_equal(text, rows[i].expect);
    }
}

static void server_names_need_room_below_the_server_domain(void **state)
{
    struct zone_defaults defaults = { 0 };
    uint8_t name[DNS_NAME_SIZE_MAX];
    (void)state;
    for (unsigned i = 0; i < 120; i++)
        memcpy(defaults.server_domain + 2 * i, "\1a", 3);
    assert_int_equal(hosted_zone_server_name(name, &defaults, 1), 0);
}

static void a_draw_takes_one_server_of_each_family_and_never_a_reserved_one(void **state)
{
    struct dice dice;
    (void)state;
    dice_init_seeded(&dice, 53);
    for (unsigned i = 0; i < 5000; i++) {
        struct hosted_zone zone = { 0 };
        hosted_zone_draw(&zone, &dice);
        for (unsigned family = 0; family < 4; family++) {
            assert_int_equal(zone.name_servers[family] / 512, family);
            assert_int_not_equal(zone.name_servers[family] % 512, 0);
        }
        assert_int_equal(strlen(zone.public_id), 21);
        assert_int_equal(zone.public_id[0], 'Z');
        assert_int_equal(strspn(zone.public_id, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"), 21);
    }
}

static void draws_differ(void **state)
{
    struct dice dice;
    struct hosted_zone a = { 0 }, b = { 0 };
    (void)state;
    dice_init_seeded(&dice, 53);
    hosted_zone_draw(&a, &dice);
    hosted_zone_draw(&b, &dice);
    assert_string_not_equal(a.public_id, b.public_id);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(server_names_have_the_shape_of_route_53),
    cmocka_unit_test(server_names_need_room_below_the_server_domain),
    cmocka_unit_test(a_draw_takes_one_server_of_each_family_and_never_a_reserved_one),
    cmocka_unit_test(draws_differ),
};

RUN_TESTS(tests)
