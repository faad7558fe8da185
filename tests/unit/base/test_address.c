#include "signpost/base/address.h"

#include "tests.h"

#include <arpa/inet.h>

static void addresses_are_what_they_look_like(void **state)
{
    (void)state;
    static const struct row {
        const char *host, *text;
        bool loopback, wildcard;
    } rows[] = {
        { "127.0.0.1", "127.0.0.1@5300", true, false },
        { "127.9.9.9", "127.9.9.9@5300", true, false },
        { "0.0.0.0", "0.0.0.0@5300", false, true },
        { "192.0.2.1", "192.0.2.1@5300", false, false },
        { "::1", "::1@5300", true, false },
        { "::", "::@5300", false, true },
        { "2001:db8::1", "2001:db8::1@5300", false, false },
        { "::ffff:127.0.0.1", "::ffff:127.0.0.1@5300", false, false },
    };
    for (unsigned i = 0; i < COUNT_OF(rows); i++) {
        struct sockaddr_storage address = { 0 };
        char text[ADDRESS_TEXT_SIZE];
        bool v6 = strchr(rows[i].host, ':') != NULL;
        address.ss_family = v6 ? AF_INET6 : AF_INET;
        void *octets = v6 ? (void *)&((struct sockaddr_in6 *)&address)->sin6_addr
                          : (void *)&((struct sockaddr_in *)&address)->sin_addr;
        assert_int_equal(inet_pton(address.ss_family, rows[i].host, octets), 1);
        address_set_port(&address, 5300);
        assert_int_equal(address_port(&address), 5300);
        assert_string_equal(address_to_text(text, &address), rows[i].text);
        assert_int_equal(address_is_loopback(&address), rows[i].loopback);
        assert_int_equal(address_is_wildcard(&address), rows[i].wildcard);
        assert_int_equal(address_size(&address),
                         v6 ? sizeof(struct sockaddr_in6) : sizeof(struct sockaddr_in));
    }
}

static const struct CMUnitTest tests[] = { cmocka_unit_test(addresses_are_what_they_look_like) };

RUN_TESTS(tests)
