/*
 * One look with an injected clock: what happens when, and what comes of it.
 */
#include "judge.h"

#include "tests.h"

#include <zlib.h>

enum { TCP, HTTP, SEARCH };

#define NEEDLE "all is well"

static struct judge judge;

/* ---- a look told in steps, at milliseconds from its start ---- */

static void begin(int kind, bool is_name)
{
    judge__finish(&judge);
    const struct judge_task task = { .is_name = is_name,
                                     .speaks_http = kind != TCP,
                                     .search_string = kind == SEARCH ? NEEDLE : NULL };
    assert_true(judge__begin(&judge, &task, 0));
}

static bool connect_at(double ms)
{
    return judge__on_connected(&judge, (uint64_t)(ms * 1000));
}

/* Lines with \n between them; an empty one ends the headers. */
static bool tell(const char *lines, double ms)
{
    bool goes_on = true;
    while (*lines != '\0' && goes_on) {
        size_t size = strcspn(lines, "\n") + 1;
        goes_on = judge__on_line(&judge, lines, size, (uint64_t)(ms * 1000));
        lines += size;
    }
    return goes_on;
}

static bool tell_body(const void *data, size_t size, double ms)
{
    return judge__on_body(&judge, (struct span){ data, size }, (uint64_t)(ms * 1000));
}

static void expect(const char *why, enum probe_outcome outcome)
{
    if (judge.phase != JUDGE_DONE || judge.result.outcome != outcome)
        fail_msg("%s: phase %u, outcome %u, expected %u", why, judge.phase, judge.result.outcome,
                 outcome);
    judge__finish(&judge);
}

/* ---- time ---- */

static void limits_are_kept_to_the_microsecond(void **state)
{
    (void)state;
    static const struct row {
        const char *why;
        int kind;
        double connect_ms, status_ms; /* both from the start */
        enum probe_outcome expect;
    } rows[] = {
        { "S-30a: TCP, 9.9 s", TCP, 9900, 0, PROBE_PASSED },
        { "R-HCE-10: TCP, at the limit", TCP, 10000, 0, PROBE_PASSED },
        { "R-HCE-10: TCP, just behind it", TCP, 10000.001, 0, PROBE_CONNECT_TIMEOUT },
        { "S-30a: TCP, 10.1 s", TCP, 10100, 0, PROBE_CONNECT_TIMEOUT },
        { "S-30b: connect 3.9 s, status after 1.9 s", HTTP, 3900, 5800, PROBE_PASSED },
        { "R-HCE-11: both at their limits", HTTP, 4000, 6000, PROBE_PASSED },
        { "S-30c: connect 4.1 s", HTTP, 4100, 4101, PROBE_CONNECT_TIMEOUT },
        { "S-30c: status after 2.1 s", HTTP, 1, 2101, PROBE_RESPONSE_TIMEOUT },
        { "R-HCE-11: status just too late", HTTP, 1000, 3000.001, PROBE_RESPONSE_TIMEOUT },
    };
    for (unsigned i = 0; i < COUNT_OF(rows); i++) {
        begin(rows[i].kind, false);
        connect_at(rows[i].connect_ms);
        tell("HTTP/1.1 200 OK\n\n", rows[i].status_ms);
        expect(rows[i].why, rows[i].expect);
    }
}

static void nothing_happening_is_a_verdict_too(void **state)
{
    (void)state;
    begin(HTTP, true);
    assert_true(judge__on_time(&judge, 4000000));
    assert_false(judge__on_time(&judge, 4000001));
    expect("a name without an answer", PROBE_RESOLUTION_FAILED);
    begin(HTTP, false);
    assert_int_equal(judge.deadline_us, 4000000);
    assert_false(judge__on_time(&judge, 4000001));
    expect("no connection", PROBE_CONNECT_TIMEOUT);
    begin(HTTP, false);
    connect_at(100);
    assert_int_equal(judge.deadline_us, 2100000);
    judge__on_secured(&judge, 1900000);
    assert_int_equal(judge.deadline_us, 2100000); /* TLS counts in the 2 s (R-HCE-11) */
    assert_false(judge__on_time(&judge, 2100001));
    expect("no status", PROBE_RESPONSE_TIMEOUT);
    begin(SEARCH, false);
    connect_at(0);
    tell("HTTP/1.1 200 OK\n", 1000);
    assert_int_equal(judge.deadline_us, 3000000);
    assert_false(judge__on_time(&judge, 3000001));
    expect("headers without an end", PROBE_RESPONSE_TIMEOUT);
}

static void each_part_has_its_own_time(void **state)
{
    (void)state;
    struct ip_prefix address = { .family = IP_V4, .length = 32, .octets = { 192, 0, 2, 1 } };
    begin(SEARCH, true);
    assert_true(judge__on_resolved(&judge, &address, 3900000));
    assert_true(connect_at(7800)); /* 3.9 s later */
    assert_true(judge__on_secured(&judge, 8000000));
    assert_true(judge__on_first_octet(&judge, 9600000));
    assert_true(tell("HTTP/1.1 200 Fine\n\n", 9700));
    assert_false(tell_body(NEEDLE, strlen(NEEDLE), 11650));
    assert_float_equal(judge.result.connection_ms, 3900, 0.01);
    assert_float_equal(judge.result.tls_ms, 200, 0.01);
    assert_float_equal(judge.result.first_byte_ms, 5700, 0.01);
    assert_int_equal(judge.result.http_status, 200);
    assert_string_equal(judge.result.detail, "Fine");
    assert_true(judge.result.has_resolved);
    expect("R-HCE-13: 1.95 s after the status", PROBE_PASSED);
}

static void what_was_not_reached_has_no_time(void **state)
{
    (void)state;
    begin(HTTP, false);
    assert_false(judge__on_failure(&judge, PROBE_CONNECT_REFUSED, "Connection refused", 1000));
    assert_true(judge.result.connection_ms < 0);
    assert_true(judge.result.tls_ms < 0);
    assert_true(judge.result.first_byte_ms < 0);
    assert_string_equal(judge.result.detail, "Connection refused");
    assert_false(judge__on_connected(&judge, 2000)); /* a verdict stands */
    expect("refused", PROBE_CONNECT_REFUSED);
}

/* ---- status and headers ---- */

static void the_status_decides(void **state)
{
    (void)state;
    static const struct row {
        const char *why, *lines;
        enum probe_outcome expect;
        unsigned status;
    } rows[] = {
        { "200", "HTTP/1.1 200 OK\n\n", PROBE_PASSED, 200 },
        { "S-30d: 301", "HTTP/1.1 301 Moved\nLocation: /x\n\n", PROBE_PASSED, 301 },
        { "S-30d: 304", "HTTP/1.1 304 Not Modified\n\n", PROBE_PASSED, 304 },
        { "S-30d: 399", "HTTP/1.1 399 Odd\n\n", PROBE_PASSED, 399 },
        { "S-30d: 400", "HTTP/1.1 400 Bad Request\n", PROBE_HTTP_STATUS, 400 },
        { "S-30d: 404", "HTTP/1.1 404 Not Found\n", PROBE_HTTP_STATUS, 404 },
        { "S-30d: 503", "HTTP/1.1 503 Service Unavailable\n", PROBE_HTTP_STATUS, 503 },
        { "R-HCE-12: 1xx is skipped", "HTTP/1.1 100 Continue\n\nHTTP/1.1 200 OK\n\n", PROBE_PASSED,
          200 },
        { "R-HCE-12: with its headers", "HTTP/1.1 103 Hints\nLink: x\n\nHTTP/1.1 500 No\n",
          PROBE_HTTP_STATUS, 500 },
        { "HTTP/1.0", "HTTP/1.0 200 OK\n\n", PROBE_PASSED, 200 },
        { "no reason phrase", "HTTP/1.1 204\n\n", PROBE_PASSED, 204 },
        { "an empty one", "HTTP/1.1 204 \n\n", PROBE_PASSED, 204 },
        { "another protocol", "SSH-2.0-OpenSSH_9.2p1\n", PROBE_MALFORMED, 0 },
        { "another version", "HTTP/2 200\n", PROBE_MALFORMED, 0 },
        { "a status of four digits", "HTTP/1.1 2000 OK\n", PROBE_MALFORMED, 0 },
        { "a status of none", "HTTP/1.1 OK\n", PROBE_MALFORMED, 0 },
        { "no status at all", "\n", PROBE_MALFORMED, 0 },
    };
    for (unsigned i = 0; i < COUNT_OF(rows); i++) {
        begin(HTTP, false);
        connect_at(1);
        assert_false(tell(rows[i].lines, 2));
        assert_int_equal(judge.result.http_status, rows[i].status);
        expect(rows[i].why, rows[i].expect);
    }
}

static void headers_are_well_formed_or_fail(void **state)
{
    (void)state;
    static const struct row {
        const char *why, *lines;
        enum probe_outcome expect;
    } rows[] = {
        { "S-30f: no colon", "Server nginx\n\n", PROBE_MALFORMED },
        { "a blank before the colon", "Server : nginx\n\n", PROBE_MALFORMED },
        { "no name", ": nginx\n\n", PROBE_MALFORMED },
        { "a blank in the name", "My Server: nginx\n\n", PROBE_MALFORMED },
        { "a control character in the value", "Server: a\001b\n\n", PROBE_MALFORMED },
        { "a carriage return in the value", "Server: a\rb\n\n", PROBE_MALFORMED },
        { "continuation of nothing", " and so on\n\n", PROBE_MALFORMED },
        { "an empty value", "Server:\n\n", PROBE_PASSED },
        { "blanks around the value", "Server: \t x \t\n\n", PROBE_PASSED },
        { "octets beyond ASCII", "Server: caf\xc3\xa9\n\n", PROBE_PASSED },
        { "every character of a name", "!#$%&'*+-.^_`|~09azAZ: x\n\n", PROBE_PASSED },
        { "a continued value", "Server: a\n b\n\tc\n\n", PROBE_PASSED },
        { "carriage returns at the ends", "Server: a\r\n\r\n", PROBE_PASSED },
    };
    for (unsigned i = 0; i < COUNT_OF(rows); i++) {
        begin(HTTP, false);
        connect_at(1);
        assert_true(tell("HTTP/1.1 200 OK\n", 2));
        assert_false(tell(rows[i].lines, 2));
        expect(rows[i].why, rows[i].expect);
    }
}

/* Headers of exactly that many octets, status line and empty line counted. */
static bool tell_headers_of(size_t size)
{
    static char line[20000];
    static const char status[] = "HTTP/1.1 200 OK\r\n";
    size_t rest = size - strlen(status) - 2;
    memset(line, 'x', rest);
    memcpy(line, "Server: ", 8);
    memcpy(line + rest - 2, "\r\n", 2);
    return judge__on_line(&judge, status, strlen(status), 2000) &&
           judge__on_line(&judge, line, rest, 2000) && judge__on_line(&judge, "\r\n", 2, 2000);
}

static void headers_have_an_end(void **state)
{
    (void)state;
    static const struct row {
        const char *why;
        size_t size;
        enum probe_outcome expect;
    } rows[] = {
        { "R-HCE-15: 16,384 octets", 16384, PROBE_PASSED },
        { "R-HCE-15: one more", 16385, PROBE_HEADERS_TOO_LONG },
        { "S-30f: 17,000 octets", 17000, PROBE_HEADERS_TOO_LONG },
    };
    for (unsigned i = 0; i < COUNT_OF(rows); i++) {
        begin(HTTP, false);
        connect_at(1);
        assert_false(tell_headers_of(rows[i].size));
        expect(rows[i].why, rows[i].expect);
    }
    begin(HTTP, false);
    connect_at(1);
    while (tell("HTTP/1.1 100 Continue\n\n", 2))
        ;
    expect("interim responses without end", PROBE_HEADERS_TOO_LONG);
}

/* ---- the string ---- */

/* The needle ends with the octet of that number. */
static size_t write_body(uint8_t *out, size_t end, size_t size)
{
    memset(out, '.', size);
    memcpy(out + end - strlen(NEEDLE), NEEDLE, strlen(NEEDLE));
    return size;
}

static void begin_body(const char *headers)
{
    begin(SEARCH, false);
    connect_at(1);
    assert_true(tell("HTTP/1.1 200 OK\n", 2));
    assert_true(tell(headers, 2));
    assert_true(tell("\n", 2));
}

static void the_string_must_end_within_5120_octets(void **state)
{
    (void)state;
    uint8_t text[6000];
    static const struct row {
        const char *why;
        size_t end;
        enum probe_outcome expect;
    } rows[] = {
        { "at the beginning", sizeof NEEDLE - 1, PROBE_PASSED },
        { "S-30g: ends at octet 5120", 5120, PROBE_PASSED },
        { "S-30g: ends at octet 5121", 5121, PROBE_STRING_MISSING },
    };
    for (unsigned i = 0; i < COUNT_OF(rows); i++)
        for (size_t piece = 1; piece <= sizeof text; piece += 577) {
            bool goes_on = true;
            begin_body("");
            write_body(text, rows[i].end, sizeof text);
            for (size_t at = 0; at < sizeof text && goes_on; at += piece)
                goes_on =
                    tell_body(text + at, piece < sizeof text - at ? piece : sizeof text - at, 3);
            expect(rows[i].why, rows[i].expect);
        }
}

static void the_string_is_searched_as_it_is(void **state)
{
    (void)state;
    static const struct row {
        const char *why, *lines, *body;
        enum probe_outcome expect;
    } rows[] = {
        { "there", "HTTP/1.1 200 OK\n\n", "say " NEEDLE "!", PROBE_PASSED },
        { "after a false start", "HTTP/1.1 200 OK\n\n", "all is wall is all is well",
          PROBE_PASSED },
        { "S-30h: other case", "HTTP/1.1 200 OK\n\n", "All is well", PROBE_STRING_MISSING },
        { "cut off", "HTTP/1.1 200 OK\n\n", "all is wel", PROBE_STRING_MISSING },
        { "no body", "HTTP/1.1 200 OK\n\n", "", PROBE_STRING_MISSING },
        { "S-30i: 302 with it", "HTTP/1.1 302 Found\n\n", NEEDLE, PROBE_PASSED },
        { "R-HCE-13: 302 without it", "HTTP/1.1 302 Found\n\n", "gone", PROBE_STRING_MISSING },
        { "S-30h: of an encoding that is not undone", "HTTP/1.1 200 OK\nContent-Encoding: br\n\n",
          "\x0b\x05\x80 compressed", PROBE_STRING_MISSING },
        { "R-HCE-14: br, but as it is", "HTTP/1.1 200 OK\nContent-Encoding: br\n\n", NEEDLE,
          PROBE_PASSED },
        { "garbage that claims to be gzip", "HTTP/1.1 200 OK\nContent-Encoding: gzip\n\n", NEEDLE,
          PROBE_STRING_MISSING },
    };
    for (unsigned i = 0; i < COUNT_OF(rows); i++) {
        begin(SEARCH, false);
        connect_at(1);
        assert_true(tell(rows[i].lines, 2));
        if (tell_body(rows[i].body, strlen(rows[i].body), 3))
            judge__on_closed(&judge, NULL, 4000);
        expect(rows[i].why, rows[i].expect);
    }
}

static void a_body_that_is_late_fails(void **state)
{
    (void)state;
    begin_body("");
    assert_true(tell_body("all is ", 7, 2001));
    assert_false(tell_body("well", 4, 2103)); /* the status came at 2 ms */
    expect("S-30j", PROBE_BODY_LATE);
    begin_body("");
    assert_true(tell_body("all is ", 7, 2001));
    assert_false(tell_body("well", 4, 2002));
    expect("R-HCE-13: at the limit", PROBE_PASSED);
}

/* ---- compressed bodies ---- */

static size_t compress_as(int window_bits, const void *text, size_t size, uint8_t *out, size_t room)
{
    z_stream stream = { .next_in = (Bytef *)(uintptr_t)text, .avail_in = (uInt)size };
    stream.next_out = out;
    stream.avail_out = (uInt)room;
    assert_int_equal(deflateInit2(&stream, 9, Z_DEFLATED, window_bits, 8, Z_DEFAULT_STRATEGY),
                     Z_OK);
    assert_int_equal(deflate(&stream, Z_FINISH), Z_STREAM_END);
    deflateEnd(&stream);
    return room - stream.avail_out;
}

static void compressed_bodies_are_read(void **state)
{
    (void)state;
    static const struct row {
        const char *why, *header;
        int window_bits;
        size_t end;
        enum probe_outcome expect;
    } rows[] = {
        { "S-30h: gzip", "Content-Encoding: gzip\n", 31, 300, PROBE_PASSED },
        { "by its old name", "content-encoding:X-GZIP \n", 31, 300, PROBE_PASSED },
        { "deflate", "Content-Encoding: deflate\n", 15, 300, PROBE_PASSED },
        { "bare deflate", "Content-Encoding: deflate\n", -15, 300, PROBE_PASSED },
        { "R-HCE-14: octet 5120 of the text", "Content-Encoding: gzip\n", 31, 5120, PROBE_PASSED },
        { "R-HCE-14: octet 5121", "Content-Encoding: gzip\n", 31, 5121, PROBE_STRING_MISSING },
        { "nobody said so", "Server: x\n", 31, 300, PROBE_STRING_MISSING },
        { "twice over", "Content-Encoding: gzip\nContent-Encoding: gzip\n", 31, 300,
          PROBE_STRING_MISSING },
    };
    uint8_t text[6000], packed[6000];
    for (unsigned i = 0; i < COUNT_OF(rows); i++)
        for (size_t piece = 1; piece < 100; piece += 49) {
            bool goes_on = true;
            write_body(text, rows[i].end, sizeof text);
            size_t size =
                compress_as(rows[i].window_bits, text, sizeof text, packed, sizeof packed);
            begin_body(rows[i].header);
            for (size_t at = 0; at < size && goes_on; at += piece)
                goes_on = tell_body(packed + at, piece < size - at ? piece : size - at, 3);
            if (goes_on)
                judge__on_closed(&judge, NULL, 4000);
            expect(rows[i].why, rows[i].expect);
        }
}

static void a_bomb_costs_nothing(void **state)
{
    (void)state;
    size_t size = 50 << 20;
    uint8_t *zeros = calloc(1, size), *packed = malloc(1 << 20);
    size_t packed_size = compress_as(31, zeros, size, packed, 1 << 20);
    begin_body("Content-Encoding: gzip\n");
    assert_false(tell_body(packed, packed_size, 3));
    assert_int_equal(judge.body.searched, PROBE_BODY_SEARCHED);
    assert_true(judge.body.stream == NULL || judge.body.stream->total_out < 10000);
    expect("50 MiB of zeros", PROBE_STRING_MISSING);
    free(zeros);
    free(packed);
}

static void a_body_that_yields_nothing_has_an_end(void **state)
{
    (void)state;
    uint8_t member[100];
    size_t size = compress_as(31, "", 0, member, sizeof member), total = 0;
    begin_body("Content-Encoding: gzip\n");
    while (tell_body(member, size, 3))
        total += size;
    assert_in_range(total, PROBE_BODY_READ_MAX - 2 * size, PROBE_BODY_READ_MAX);
    expect("empty members without end", PROBE_STRING_MISSING);
}

/* ---- other ends ---- */

static void a_connection_that_ends_early_fails(void **state)
{
    (void)state;
    static const char *const lines[] = { "", "HTTP/1.1 100 Continue\n\n",
                                         "HTTP/1.1 200 OK\nServer: x\n" };
    for (unsigned i = 0; i < COUNT_OF(lines); i++) {
        begin(HTTP, false);
        connect_at(1);
        assert_true(tell(lines[i], 2));
        assert_false(judge__on_closed(&judge, "Connection reset by peer", 3000));
        expect(lines[i], PROBE_CONNECTION_CLOSED);
    }
    begin(HTTP, false);
    connect_at(1);
    assert_false(tell_body("x", 1, 2));
    expect("a body out of nothing", PROBE_MALFORMED);
}

static void a_long_reason_is_cut(void **state)
{
    (void)state;
    begin(HTTP, false);
    connect_at(1);
    tell("HTTP/1.1 500 0123456789012345678901234567890123456789012345678901234567890123456789\n",
         2);
    assert_int_equal(strlen(judge.result.detail), PROBE_DETAIL_SIZE - 1);
    expect("R-HCS-3", PROBE_HTTP_STATUS);
    begin(HTTP, false);
    connect_at(1);
    tell("HTTP/1.1 500 ääääääääääääääääääääääääääääääääääääääää\n", 2);
    assert_string_equal(judge.result.detail, "äääääääääääääääääääääääääääääää"); /* no half one */
    expect("R-HCS-3", PROBE_HTTP_STATUS);
}

static void a_second_connection_has_what_time_is_left(void **state)
{
    (void)state;
    begin(HTTP, false);
    connect_at(100);
    judge__on_reconnect(&judge, 600000);
    assert_int_equal(judge.deadline_us, 2100000);
    judge__on_secured(&judge, 700000);
    assert_float_equal(judge.result.tls_ms, 100, 0.01);
    assert_float_equal(judge.result.connection_ms, 100, 0.01);
    assert_false(tell("HTTP/1.1 200 OK\n\n", 2101));
    expect("R-HCE-17, within R-HCE-11", PROBE_RESPONSE_TIMEOUT);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(limits_are_kept_to_the_microsecond),
    cmocka_unit_test(nothing_happening_is_a_verdict_too),
    cmocka_unit_test(each_part_has_its_own_time),
    cmocka_unit_test(what_was_not_reached_has_no_time),
    cmocka_unit_test(the_status_decides),
    cmocka_unit_test(headers_are_well_formed_or_fail),
    cmocka_unit_test(headers_have_an_end),
    cmocka_unit_test(the_string_must_end_within_5120_octets),
    cmocka_unit_test(the_string_is_searched_as_it_is),
    cmocka_unit_test(a_body_that_is_late_fails),
    cmocka_unit_test(compressed_bodies_are_read),
    cmocka_unit_test(a_bomb_costs_nothing),
    cmocka_unit_test(a_body_that_yields_nothing_has_an_end),
    cmocka_unit_test(a_connection_that_ends_early_fails),
    cmocka_unit_test(a_long_reason_is_cut),
    cmocka_unit_test(a_second_connection_has_what_time_is_left),
};
RUN_TESTS(tests)
