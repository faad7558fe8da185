/* How checks are doing: the texts of probes, who looks, and what adds up to what. */
#include "tests.h"

#include "signpost/model/health_status.h"

/* ---- probes ---- */

static struct probe_result result_of(enum probe_outcome outcome, uint16_t http_status,
                                     const char *detail)
{
    struct probe_result result = { .outcome = outcome, .http_status = http_status };
    strncpy(result.detail, detail, sizeof result.detail - 1);
    return result;
}

/* R-HCS-3. */
static void a_probe_says_what_became_of_it(void **state)
{
    static const struct row {
        enum probe_outcome outcome;
        uint16_t http_status;
        const char *detail;
        const char *text;
    } rows[] = {
        { PROBE_PASSED, 200, "OK", "Success: HTTP Status Code 200, OK" },
        { PROBE_PASSED, 304, "", "Success: HTTP Status Code 304" },
        { PROBE_PASSED, 0, "", "Success: Connection established" },
        { PROBE_HTTP_STATUS, 503, "Service Temporarily Unavailable",
          "Failure: HTTP Status Code 503, Service Temporarily Unavailable" },
        { PROBE_STRING_MISSING, 200, "OK",
          "Failure: HTTP Status Code 200, OK. The search string is not in the first 5120 bytes of "
          "the body" },
        { PROBE_BODY_LATE, 200, "OK",
          "Failure: HTTP Status Code 200, OK. The search string did not come within 2 seconds of "
          "the status code" },
        { PROBE_CONNECT_TIMEOUT, 0, "",
          "Failure: Connection timed out. The endpoint or the internet connection is down, or "
          "requests are being blocked by your firewall." },
        { PROBE_CONNECT_REFUSED, 0, "Connection refused",
          "Failure: The connection could not be established: Connection refused" },
        { PROBE_RESPONSE_TIMEOUT, 0, "",
          "Failure: No status code came within 2 seconds of the connection" },
        { PROBE_CONNECTION_CLOSED, 0, "",
          "Failure: The connection was closed before a status code came" },
        { PROBE_MALFORMED, 0, "no status line",
          "Failure: The response is not well-formed HTTP: no status line" },
        { PROBE_HEADERS_TOO_LONG, 200, "OK",
          "Failure: HTTP Status Code 200, OK. The headers of the response are longer than 16384 "
          "bytes" },
        { PROBE_TLS_FAILED, 0, "SSL alert handshake_failure",
          "Failure: SSL alert handshake_failure" },
        { PROBE_TLS_FAILED, 0, "wrong version number",
          "Failure: The TLS handshake failed: wrong version number" },
        { PROBE_RESOLUTION_FAILED, 0, "", "Failure: DNS resolution failed" },
        { PROBE_TARGET_DENIED, 0, "",
          "Failure: The address is private, loopback or otherwise special, and this server is set "
          "to refuse these" },
        { PROBE_NOT_STARTED, 0, "Too many open files",
          "Failure: The probe could not be started, which is not the endpoint's fault: Too many "
          "open files" },
    };
    char text[PROBE_TEXT_SIZE];
    (void)state;
    for (unsigned i = 0; i < COUNT_OF(rows); i++) {
        struct probe_result result =
            result_of(rows[i].outcome, rows[i].http_status, rows[i].detail);
        assert_string_equal(probe_result_text(text, &result), rows[i].text);
        assert_int_equal(probe_passed(&result), rows[i].outcome == PROBE_PASSED);
    }
}

static void every_outcome_has_a_text(void **state)
{
    char text[PROBE_TEXT_SIZE];
    (void)state;
    for (unsigned outcome = 0; outcome < PROBE_OUTCOME_COUNT; outcome++) {
        struct probe_result result = result_of(outcome, 0, "");
        probe_result_text(text, &result);
        assert_int_equal(strncmp(text, outcome == 0 ? "Success: " : "Failure: ", 9), 0);
        assert_true(strlen(text) > 20);
        assert_null(strstr(text, "(null)"));
    }
}

static void the_address_of_a_name_is_said(void **state)
{
    char text[PROBE_TEXT_SIZE];
    struct probe_result result = result_of(PROBE_PASSED, 200, "OK");
    (void)state;
    result.has_resolved = true;
    prefix_from_text(&result.resolved, "192.0.2.1");
    assert_string_equal(probe_result_text(text, &result),
                        "Success: HTTP Status Code 200, OK. Resolved IP: 192.0.2.1");
    result.outcome = PROBE_CONNECT_TIMEOUT;
    result.http_status = 0;
    result.detail[0] = '\0';
    assert_non_null(strstr(probe_result_text(text, &result), "firewall. Resolved IP: 192.0.2.1"));
}

/* An endpoint chooses its reason phrase. */
static void what_an_endpoint_says_stays_printable(void **state)
{
    char text[PROBE_TEXT_SIZE];
    struct probe_result result = result_of(PROBE_HTTP_STATUS, 500, "a\x1b[31m\r\n\xff\"b");
    (void)state;
    assert_string_equal(probe_result_text(text, &result),
                        "Failure: HTTP Status Code 500, a?[31m???\"b");
    memset(result.detail, 'x', sizeof result.detail); /* without a zero at its end */
    assert_int_equal(strlen(probe_result_text(text, &result)),
                     strlen("Failure: HTTP Status Code 500, ") + PROBE_DETAIL_SIZE - 1);
}

/* ---- checkers ---- */

/* R-HCE-1. */
static void without_a_list_there_are_two_in_each_region(void **state)
{
    struct checker_list list;
    (void)state;
    checker_list_init(&list);
    assert_int_equal(list.count, 16);
    for (unsigned i = 0; i < list.count; i++) {
        assert_int_equal(list.at[i].region, i / 2);
        assert_int_equal(list.at[i].number, 1 + i % 2);
        assert_false(list.at[i].has_source);
        assert_string_equal(list.at[i].interface, "");
    }
}

static void a_checker_is_a_region_and_where_it_sends_from(void **state)
{
    static const struct row {
        const char *text;
        const char *expect; /* region.number source interface; NULL: refused */
    } rows[] = {
        { "us-east-1", "us-east-1.1 - -" },
        { "us-east-1@127.0.0.2", "us-east-1.2 127.0.0.2 -" },
        { "eu-west-1@2001:db8::1", "eu-west-1.1 2001:db8::1 -" },
        { "us-east-1@veth1", "us-east-1.3 - veth1" },
        { "us-east-1@eth0.100", "us-east-1.4 - eth0.100" },
        { "sa-east-1@123456789012345", "sa-east-1.1 - 123456789012345" },
        { "sa-east-1@1234567890123456", NULL },
        { "us-east-1@", NULL },
        { "us-east-1@a b", NULL },
        { "us-east-1@a/b", NULL },
        { "us-east-1@192.0.2.0/24", NULL },
        { "us-east-1@2001:db8::x", NULL },
        { "us-east-1@..", NULL },
        { "eu-north-1", NULL },
        { "", NULL },
        { "@127.0.0.1", NULL },
        { "us-east-1 ", NULL },
        { "us-east-1-and-a-name-that-is-much-too-long-for-any-region", NULL },
    };
    struct checker_list list = { 0 };
    (void)state;
    for (unsigned i = 0; i < COUNT_OF(rows); i++) {
        struct problem problem = { 0 };
        unsigned before = list.count;
        char text[160], source[PREFIX_TEXT_SIZE] = "-";
        int rc = checker_list_add(&list, rows[i].text, &problem);
        assert_int_equal(rc, rows[i].expect == NULL ? SP_EINVAL : 0);
        assert_int_equal(list.count, before + (rc == 0));
        assert_int_equal(problem.status, rc);
        if (rc != 0)
            continue;
        const struct checker *checker = &list.at[before];
        if (checker->has_source)
            prefix_to_text(source, &checker->source);
        snprintf(text, sizeof text, "%s.%u %s %s", checker_region_name(checker->region),
                 checker->number, source, checker->interface[0] != '\0' ? checker->interface : "-");
        assert_string_equal(text, rows[i].expect);
    }
}

static void there_are_64_checkers_at_most(void **state)
{
    struct checker_list list = { 0 };
    struct problem problem = { 0 };
    (void)state;
    for (unsigned i = 0; i < CHECKERS_MAX; i++)
        assert_int_equal(checker_list_add(&list, "us-west-2", NULL), 0);
    assert_int_equal(list.at[63].number, 64);
    assert_int_equal(checker_list_select(&list, 0), UINT64_MAX);
    assert_int_equal(checker_list_add(&list, "us-west-2", &problem), SP_ELIMIT);
    assert_string_equal(problem.text, "there are more than 64 checkers");
    assert_int_equal(list.count, 64);
}

static void a_check_is_looked_at_from_its_regions(void **state)
{
    static const struct row {
        const char *why;
        uint8_t regions;
        uint64_t expect;
    } rows[] = {
        { "no Regions are all of them", 0, 0xf },
        { "one Region has two checkers", 1u << 0, 0x5 },
        { "two Regions", 1u << 0 | 1u << 3, 0x7 },
        { "a Region without a checker adds none", 1u << 3 | 1u << 7, 0x2 },
        { "where none of them has one, all look", 1u << 7, 0xf },
    };
    struct checker_list list = { 0 }, none = { 0 };
    (void)state;
    checker_list_add(&list, "us-east-1", NULL);
    checker_list_add(&list, "eu-west-1", NULL);
    checker_list_add(&list, "us-east-1", NULL);
    checker_list_add(&list, "us-west-2", NULL);
    for (unsigned i = 0; i < COUNT_OF(rows); i++)
        if (checker_list_select(&list, rows[i].regions) != rows[i].expect)
            fail_msg("%s", rows[i].why);
    assert_int_equal(checker_list_select(&none, 1), 0);
}

/* ---- what adds up to what ---- */

/* S-25; R-HCE-19. */
static void more_than_18_percent_must_say_healthy(void **state)
{
    static const struct row {
        unsigned healthy, checkers;
        bool expect;
    } rows[] = {
        { 2, 16, false }, { 3, 16, true },  { 1, 6, false },   { 2, 6, true },
        { 9, 50, false }, { 10, 50, true }, { 1, 1, true },    { 0, 1, false },
        { 0, 0, true },   { 64, 64, true }, { 11, 64, false }, { 12, 64, true },
    };
    (void)state;
    for (unsigned i = 0; i < COUNT_OF(rows); i++)
        if (health_aggregate(rows[i].healthy, rows[i].checkers) != rows[i].expect)
            fail_msg("%u of %u", rows[i].healthy, rows[i].checkers);
}

/* S-27; R-HCK-5. */
static void disabled_is_healthy_and_inverted_turns_it_round(void **state)
{
    static const struct row {
        bool observed, disabled, inverted, expect;
    } rows[] = {
        { false, false, false, false }, { false, true, false, true }, { true, false, true, false },
        { true, true, true, false },    { false, true, true, false }, { true, false, false, true },
        { false, false, true, true },   { true, true, false, true },
    };
    (void)state;
    for (unsigned i = 0; i < COUNT_OF(rows); i++)
        assert_int_equal(health_effective(rows[i].observed, rows[i].disabled, rows[i].inverted),
                         rows[i].expect);
}

static void every_cause_has_a_name(void **state)
{
    enum health_cause cause;
    (void)state;
    for (unsigned i = 0; i < HEALTH_CAUSE_COUNT; i++) {
        assert_int_equal(health_cause_find(health_cause_name(i), &cause), 0);
        assert_int_equal(cause, i);
    }
    assert_string_equal(health_cause_name(HEALTH_CAUSE_OVERRIDE), "override");
    assert_int_equal(health_cause_find("whim", &cause), SP_EINVAL);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(a_probe_says_what_became_of_it),
    cmocka_unit_test(every_outcome_has_a_text),
    cmocka_unit_test(the_address_of_a_name_is_said),
    cmocka_unit_test(what_an_endpoint_says_stays_printable),
    cmocka_unit_test(without_a_list_there_are_two_in_each_region),
    cmocka_unit_test(a_checker_is_a_region_and_where_it_sends_from),
    cmocka_unit_test(there_are_64_checkers_at_most),
    cmocka_unit_test(a_check_is_looked_at_from_its_regions),
    cmocka_unit_test(more_than_18_percent_must_say_healthy),
    cmocka_unit_test(disabled_is_healthy_and_inverted_turns_it_round),
    cmocka_unit_test(every_cause_has_a_name),
};

RUN_TESTS(tests)
