#include "signpost/http/exchange.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static bool is_served(const char *host, const char *origin, bool is_tls)
{
    struct http_header headers[2];
    struct http_request request = { .headers = headers, .is_tls = is_tls };
    if (host != NULL)
        headers[request.header_count++] = (struct http_header){ "host", host };
    if (origin != NULL)
        headers[request.header_count++] = (struct http_header){ "ORIGIN", origin };
    return http_request_is_foreign(&request) == NULL;
}

static void only_this_machine_and_no_foreign_page_is_served(void **state)
{
    static const struct row {
        const char *why;
        const char *host;
        const char *origin;
        bool served;
    } rows[] = {
        { "an address with its port", "127.0.0.1:5380", NULL, true },
        { "an address without", "127.0.0.1", NULL, true },
        { "any of 127.0.0.0/8", "127.1.2.3:5380", NULL, true },
        { "the name that every machine has", "LocalHost:5380", NULL, true },
        { "IPv6", "[::1]:5380", NULL, true },
        { "the endpoint that a line in /etc/hosts leads to us", "route53.amazonaws.com:5380", NULL,
          true },
        { "a name below it", "x.route53.amazonaws.com", NULL, false },
        { "our own page", "127.0.0.1:5380", "http://127.0.0.1:5380", true },
        { "no Host at all", NULL, NULL, false },
        { "an empty one", "", NULL, false },
        { "a name that was rebound to 127.0.0.1", "evil.example:5380", NULL, false },
        { "a name that only looks like the address", "127.0.0.1.evil.example", NULL, false },
        { "one that begins like localhost", "localhost.evil.example", NULL, false },
        { "another address", "192.0.2.1:5380", NULL, false },
        { "a number that is no octet", "127.0.0.1111", NULL, false },
        { "too few numbers", "127.0.1", NULL, false },
        { "a port that is none", "127.0.0.1:x", NULL, false },
        { "a bracket left open", "[::1", NULL, false },
        { "another IPv6 address", "[::2]:5380", NULL, false },
        { "a page from elsewhere", "127.0.0.1:5380", "http://evil.example", false },
        { "a page of another server on this machine", "127.0.0.1:5380", "http://127.0.0.1:3000",
          false },
        { "a page that hides where it is from", "127.0.0.1:5380", "null", false },
        { "the same host, but another scheme", "127.0.0.1:5380", "https://127.0.0.1:5380", false },
    };
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        if (is_served(rows[i].host, rows[i].origin, false) != rows[i].served)
            fail_msg("%s", rows[i].why);
}

/* A browser shows no page of a name that was rebound to us: the certificate is for another. */
static void over_tls_any_host_is_ours_and_no_foreign_page(void **state)
{
    static const struct row {
        const char *why;
        const char *host;
        const char *origin;
        bool served;
    } rows[] = {
        { "whatever the certificate is for", "dns.lab.test", NULL, true },
        { "a Host must be there", NULL, NULL, false },
        { "our own page", "dns.lab.test", "https://dns.lab.test", true },
        { "a page from elsewhere", "localhost", "https://evil.example", false },
        { "a page of ours that came without TLS", "localhost", "http://localhost", false },
    };
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        if (is_served(rows[i].host, rows[i].origin, true) != rows[i].served)
            fail_msg("%s", rows[i].why);
}

static void two_hosts_are_one_too_many(void **state)
{
    static const struct http_header headers[] = { { "Host", "localhost" },
                                                  { "Host", "localhost" } };
    struct http_request request = { .headers = headers, .header_count = 2 };
    (void)state;
    assert_non_null(http_request_is_foreign(&request));
}

static void a_buffer_grows_and_can_be_emptied(void **state)
{
    struct http_buffer buffer = { 0 };
    (void)state;
    for (int i = 0; i < 10000; i++)
        http_buffer_add_text(&buffer, "0123456789");
    assert_int_equal(buffer.size, 100000);
    assert_memory_equal(buffer.data + 99990, "0123456789", 10);
    assert_false(buffer.failed);
    http_buffer_finish(&buffer);
    assert_null(buffer.data);
    http_buffer_add(&buffer, "x", 1);
    assert_int_equal(buffer.size, 1);
    http_buffer_finish(&buffer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_this_machine_and_no_foreign_page_is_served),
        cmocka_unit_test(over_tls_any_host_is_ours_and_no_foreign_page),
        cmocka_unit_test(two_hosts_are_one_too_many),
        cmocka_unit_test(a_buffer_grows_and_can_be_emptied),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
