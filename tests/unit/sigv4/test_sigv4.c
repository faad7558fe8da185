/*
 * Signatures against those of an outsider: the rows of two tables below were computed by botocore's
 * signers (SigV4Auth, SigV4QueryAuth) at 2026-01-02T03:04:05Z with the key AKSIGNPOST and the
 * secret "lighthouse".
 */
#include "signpost/sigv4/sigv4.h"

#include "tests.h"

#define TIME   "20260102T030405Z"
#define NOW_S  1767323045u /* the same */
#define KEY    "AKSIGNPOST"
#define SECRET "lighthouse"
#define EMPTY  "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
#define ZONES  "/2013-04-01/hostedzone"
#define SCOPE  "20260102/eu-west-1/route53/aws4_request"
#define SIGNED "SignedHeaders=host;x-amz-date"
#define DIGITS "24d0ec6a25f5c9328e6ebbfd50a1bce5b81933c43842a5ef3161b7279293c7e7"
#define HEADER(credential, headers, signature)                                                     \
    "AWS4-HMAC-SHA256 Credential=" credential ", " headers ", Signature=" signature

static const struct sigv4_header host_and_date[] = { { "Host", "127.0.0.1:8053" },
                                                     { "X-Amz-Date", TIME } };

static struct sigv4_request request_for(const char *method, const char *target)
{
    return (struct sigv4_request){ method, target, host_and_date, 2, EMPTY };
}

static int setup(void **state)
{
    *state = arena_create();
    return *state == NULL;
}

static int teardown(void **state)
{
    arena_destroy(*state);
    return 0;
}

static void the_example_of_the_specification_is_signed(void **state)
{
    struct sigv4_request request = request_for(
        "GET", ZONES "/%2Fhostedzone%2FZ0EXAMPLE/rrset?type=TXT&name=%5C052.example.com.");
    assert_string_equal(sigv4_canonical_request(*state, &request, "host;x-amz-date", false),
                        "GET\n" ZONES
                        "/%252Fhostedzone%252FZ0EXAMPLE/rrset\nname=%5C052.example.com.&type=TXT\n"
                        "host:127.0.0.1:8053\nx-amz-date:" TIME "\n\nhost;x-amz-date\n" EMPTY);
    assert_string_equal(sigv4_authorization(*state, &request, KEY, SECRET, "eu-west-1", "route53"),
                        HEADER(KEY "/" SCOPE, SIGNED, DIGITS));
}

static void headers_are_signed_as_botocore_does(void **state)
{
    static const struct row {
        const char *why;
        const char *target;
        const char *expect;
    } rows[] = {
        { "the root", "/", "e7f632e4363573f3a3da10ece0d5a86023743aa9d750b696ed1d13d0efb27c14" },
        { "above the root", "/..",
          "e7f632e4363573f3a3da10ece0d5a86023743aa9d750b696ed1d13d0efb27c14" },
        { "asterisk, blank, dots, slashes; arguments unsorted, twice and without a value",
          ZONES "/*/a%20b/../~c//d/./?b=2&a=3&a=1&c",
          "634786b398324b0a60d4db00b1290cf0b1182d61a78d96c16e047ca7a70a45d6" },
        { "arguments with escapes, and octets beyond ASCII", ZONES "?name=%2A.a%2Bb%20c&%C3%A9=1",
          "1f7c68f775c3e6955775f1e36dfd8f46af27deb21dbfe5d8bb25805bb0147580" },
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct sigv4_request request = request_for("GET", rows[i].target);
        const char *header =
            sigv4_authorization(*state, &request, KEY, SECRET, "eu-west-1", "route53");
        if (header == NULL || strstr(header, rows[i].expect) == NULL)
            fail_msg("%s: %s", rows[i].why, header);
    }
}

static void all_headers_and_the_body_are_signed(void **state)
{
    static const struct sigv4_header headers[] = {
        { "X-Two-Words", "  one   two " },
        { "Content-Type", "application/xml" },
        { "Host", "127.0.0.1:8053" },
        { "x-amz-content-sha256",
          "2a31f44da4bd7decbbd3ddfd1a37ae04d02ec665e2c2688816ccc65631586ed1" },
        { "X-Amz-Date", TIME },
    };
    struct sigv4_request request = { "POST", ZONES "/Z1/rrset/", headers, COUNT_OF(headers), NULL };
    char hash[SIGV4_HEX_SIZE];
    sigv4_hash((struct span){ (const uint8_t *)"<x/>", 4 }, hash);
    assert_string_equal(hash, headers[3].value);
    request.payload_hash = hash;
    assert_string_equal(
        sigv4_authorization(*state, &request, KEY, SECRET, "eu-west-1", "route53"),
        HEADER(KEY "/" SCOPE,
               "SignedHeaders=content-type;host;x-amz-content-sha256;x-amz-date;x-two-words",
               "4b7be031427bfd9a24495e4397f1a53c2b92b056e0a715f0249ff07718b9ee6f"));
}

#define PRESIGNED(expires, more)                                                                   \
    "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=" KEY "%2F20260102%2Feu-west-1%2Froute53"   \
    "%2Faws4_request&X-Amz-Date=" TIME "&X-Amz-Expires=" expires "&X-Amz-SignedHeaders=host" more  \
    "&X-Amz-Signature="

static void presigned_targets_of_botocore_are_verified(void **state)
{
    static const struct row {
        const char *target;
        uint64_t expires_s;
    } rows[] = {
        { ZONES "?" PRESIGNED(
              "600", "") "e27f4b580b6e1959701109549c820ae55faa6a3748e01eeef4806507b0cd9c96",
          600 },
        { ZONES "/%2Fhostedzone%2FZ0EXAMPLE/rrset?type=TXT&name=%5C052.example.com.&" PRESIGNED(
              "3600", "") "ea3e0d71b4dc7dbdb49cb03ae4076c541aa0b7faa68e2ac6c342975ed720eaf3",
          3600 },
        { ZONES "?maxitems=2&" PRESIGNED(
              "60", "&X-Amz-Security-Token=to%2Fken%2B%3D") "1d217765bae5e9fca224d22fa0c8f424c7939e"
                                                            "b21f7069297bf7bfc1417c1849",
          60 },
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct sigv4_request request = request_for("GET", rows[i].target);
        struct sigv4_claim claim;
        const char *why;
        char signature[SIGV4_HEX_SIZE];
        assert_int_equal(sigv4_read_claim(*state, &request, "route53", &claim, &why),
                         SIGV4_NO_FAULT);
        assert_true(claim.is_presigned);
        assert_string_equal(claim.access_key, KEY);
        assert_int_equal(claim.expires_s, rows[i].expires_s);
        assert_int_equal(sigv4_signature(*state, &request, &claim, SECRET, signature), 0);
        assert_true(sigv4_equal(signature, claim.signature));
        assert_int_equal(sigv4_signature(*state, &request, &claim, "Lighthouse", signature), 0);
        assert_false(sigv4_equal(signature, claim.signature));
    }
}

static void paths_and_queries_have_one_form(void **state)
{
    static const struct row {
        const char *why;
        const char *target;
        const char *expect; /* path and query */
    } rows[] = {
        { "no path at all", "", "/\n" },
        { "a final slash stays", "/a/rrset/", "/a/rrset/\n" },
        { "and none is added", "/a/rrset", "/a/rrset\n" },
        { "empty segments go", "//a///b", "/a/b\n" },
        { "so does a single dot, with its slash at the end", "/a/./b/.", "/a/b\n" },
        { "two dots take the segment before them along", "/a/b/../c", "/a/c\n" },
        { "more of them than segments", "/a/../../../b", "/b\n" },
        { "what is left of nothing is the root", "/a/../", "/\n" },
        { "escapes are escaped again", "/%2F/%5c052", "/%252F/%255c052\n" },
        { "an escaped dot is no dot", "/a/%2e%2e/b", "/a/%252e%252e/b\n" },
        { "reserved characters of a path",
          "/*:@!$&'()+,;= ", "/%2A%3A%40%21%24%26%27%28%29%2B%2C%3B%3D%20\n" },
        { "unreserved ones", "/aZ09-._~", "/aZ09-._~\n" },
        { "arguments are sorted by name, then value", "/?b=1&a=2&a=1&B=3", "/\nB=3&a=1&a=2&b=1" },
        { "an upper-case escape of each octet that needs one", "/?a=%2f%c3%A9\xc3\xa9",
          "/\na=%2F%C3%A9%C3%A9" },
        { "needless escapes are undone", "/?%61=%7e", "/\na=~" },
        { "a plus is a plus", "/?a=b+c", "/\na=b%2Bc" },
        { "what looks like an escape and is none", "/?a=100%&b=%zz", "/\na=100%25&b=%25zz" },
        { "an escaped zero octet", "/?a=%00b", "/\na=%00b" },
        { "a name without a value", "/?a&b=", "/\na=&b=" },
        { "empty arguments are left out", "/?&&a=1&", "/\na=1" },
        { "the second equals sign is a value's", "/?a=b=c", "/\na=b%3Dc" },
        { "the second question mark is a value's", "/?a=?", "/\na=%3F" },
        { "the signature stays unless it is said to be presigned", "/?X-Amz-Signature=1",
          "/\nX-Amz-Signature=1" },
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct sigv4_request request = request_for("GET", rows[i].target);
        char expect[256];
        snprintf(expect, sizeof(expect), "GET\n%s\nhost:127.0.0.1:8053\n\nhost\n%s", rows[i].expect,
                 EMPTY);
        const char *text = sigv4_canonical_request(*state, &request, "host", false);
        if (text == NULL || strcmp(text, expect) != 0)
            fail_msg("%s: %s", rows[i].why, text);
    }
}

static void headers_have_one_form(void **state)
{
    static const struct sigv4_header headers[] = {
        { "Host", "h" },      { "X-B", " \t two \t blanks  " },
        { "x-a", "1" },       { "X-A", "2, 3 " },
        { "X-Empty", "   " }, { "Not-Signed", "x" },
        { "X-Zone", "a;b:c" }
    };
    static const struct row {
        const char *why;
        const char *list;
        const char *expect;
    } rows[] = {
        { "of one", "host", "host:h\n\nhost\n" },
        { "sorted and in lower case", "X-Zone;Host", "host:h\nx-zone:a;b:c\n\nhost;x-zone\n" },
        { "trimmed, with single blanks", "host;x-b", "host:h\nx-b:two blanks\n\nhost;x-b\n" },
        { "several of one name are joined", "host;x-a", "host:h\nx-a:1,2, 3\n\nhost;x-a\n" },
        { "an empty one", "host;x-empty", "host:h\nx-empty:\n\nhost;x-empty\n" },
        { "one that is not there", "host;x-gone", "host:h\nx-gone:\n\nhost;x-gone\n" },
        { "named twice", "host;host", "host:h\n\nhost;host\n" },
        { "nothing between two semicolons", ";host;;", "host:h\n\nhost\n" },
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct sigv4_request request = { "GET", "/", headers, COUNT_OF(headers), EMPTY };
        char expect[256];
        snprintf(expect, sizeof(expect), "GET\n/\n\n%s%s", rows[i].expect, EMPTY);
        const char *text = sigv4_canonical_request(*state, &request, rows[i].list, false);
        if (text == NULL || strcmp(text, expect) != 0)
            fail_msg("%s: %s", rows[i].why, text);
    }
}

/* ---- what a request says of itself ---- */

#define NO_CREDENTIAL                                                                              \
    "Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/"     \
    "term, got '"

static void a_claim_in_the_header_names_what_it_lacks(void **state)
{
    static const struct row {
        const char *why;
        const char *authorization;
        enum sigv4_fault fault;
        const char *words;
    } rows[] = {
        { "A-SIG-1: commas with a blank", HEADER(KEY "/" SCOPE, SIGNED, DIGITS), SIGV4_NO_FAULT,
          NULL },
        { "A-SIG-1: commas without",
          "AWS4-HMAC-SHA256 Credential=" KEY "/" SCOPE "," SIGNED ",Signature=" DIGITS,
          SIGV4_NO_FAULT, NULL },
        { "A-SIG-2: any region",
          HEADER(KEY "/20260102/mars-1/route53/aws4_request", SIGNED, DIGITS), SIGV4_NO_FAULT,
          NULL },
        { "no header", NULL, SIGV4_ABSENT, NULL },
        { "an empty one", "", SIGV4_ABSENT, NULL },
        { "A-SIG-12: version 2", "AWS " KEY ":c2lnbmF0dXJl", SIGV4_ABSENT, NULL },
        { "A-SIG-12: version 3", "AWS3-HTTPS AWSAccessKeyId=" KEY, SIGV4_ABSENT, NULL },
        { "another algorithm", "AWS4-HMAC-SHA2561 Credential=x", SIGV4_ABSENT, NULL },
        { "nothing but the algorithm", "AWS4-HMAC-SHA256", SIGV4_INCOMPLETE,
          "Authorization header requires 'Credential' parameter. Authorization header requires "
          "'SignedHeaders' parameter. Authorization header requires 'Signature' parameter." },
        { "no signature", "AWS4-HMAC-SHA256 Credential=" KEY "/" SCOPE ", " SIGNED,
          SIGV4_INCOMPLETE, "Authorization header requires 'Signature' parameter." },
        { "A-SIG-1: another service",
          HEADER(KEY "/20260102/eu-west-1/s3/aws4_request", SIGNED, DIGITS), SIGV4_INCOMPLETE,
          "Credential should be scoped to correct service: 'route53'." },
        { "another end", HEADER(KEY "/20260102/eu-west-1/route53/aws5", SIGNED, DIGITS),
          SIGV4_INCOMPLETE,
          "Credential should be scoped with a valid terminator: 'aws4_request', not 'aws5'." },
        { "too few parts", HEADER(KEY "/20260102/eu-west-1", SIGNED, DIGITS), SIGV4_INCOMPLETE,
          NO_CREDENTIAL KEY "/20260102/eu-west-1'." },
        { "too many parts", HEADER(KEY "/" SCOPE "/x", SIGNED, DIGITS), SIGV4_INCOMPLETE,
          NO_CREDENTIAL KEY "/" SCOPE "/x'." },
        { "an empty part", HEADER("/" SCOPE, SIGNED, DIGITS), SIGV4_INCOMPLETE,
          NO_CREDENTIAL "/" SCOPE "'." },
        { "A-SIG-7: host is not signed", HEADER(KEY "/" SCOPE, "SignedHeaders=x-amz-date", DIGITS),
          SIGV4_INCOMPLETE, "'host' must be a 'SignedHeader' in the AWS Authorization." },
        { "A-SIG-8: the date is not signed",
          HEADER(KEY "/" SCOPE, "SignedHeaders=hosts;host;x-amz", DIGITS), SIGV4_INCOMPLETE,
          "'x-amz-date' must be a 'SignedHeader' in the AWS Authorization." },
        { "a signature too short", HEADER(KEY "/" SCOPE, SIGNED, "abc"), SIGV4_INCOMPLETE,
          "Signature must be 64 hexadecimal digits in lower case, got 'abc'." },
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct sigv4_header headers[] = { host_and_date[0],
                                          host_and_date[1],
                                          { "AUTHORIZATION", rows[i].authorization } };
        struct sigv4_request request = { "GET", "/", headers, rows[i].authorization == NULL ? 2 : 3,
                                         NULL };
        struct sigv4_claim claim;
        const char *why = NULL;
        enum sigv4_fault fault = sigv4_read_claim(*state, &request, "route53", &claim, &why);
        if (fault != rows[i].fault || (why == NULL) != (rows[i].words == NULL) ||
            (why != NULL && strcmp(why, rows[i].words) != 0))
            fail_msg("%s: %d %s", rows[i].why, (int)fault, why);
        if (fault == SIGV4_NO_FAULT) {
            assert_string_equal(claim.access_key, KEY);
            assert_string_equal(claim.time, TIME);
            assert_string_equal(claim.signature, DIGITS);
            assert_false(claim.is_presigned);
        }
    }
}

static void the_date_is_taken_from_two_headers(void **state)
{
    static const struct row {
        const char *why;
        struct sigv4_header header;
        const char *time;  /* NULL: refused */
        const char *words; /* then */
    } rows[] = {
        { "X-Amz-Date", { "x-amz-date", TIME }, TIME, NULL },
        { "Date, as HTTP writes it", { "Date", "Fri, 02 Jan 2026 03:04:05 GMT" }, TIME, NULL },
        { "Date, as AWS writes it", { "Date", TIME }, TIME, NULL },
        { "neither",
          { "Expires", TIME },
          NULL,
          "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header." },
        { "another form",
          { "x-amz-date", "2026-01-02T03:04:05Z" },
          NULL,
          "Date must be in ISO-8601 'basic format'. Got '2026-01-02T03:04:05Z'." },
        { "no such day",
          { "x-amz-date", "20261302T030405Z" },
          NULL,
          "Date must be in ISO-8601 'basic format'. Got '20261302T030405Z'." },
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct sigv4_header headers[] = {
            { "Host", "h" },
            rows[i].header,
            { "Authorization", HEADER(KEY "/" SCOPE, "SignedHeaders=date;host;x-amz-date", DIGITS) }
        };
        struct sigv4_request request = { "GET", "/", headers, 3, NULL };
        struct sigv4_claim claim;
        const char *why = NULL;
        enum sigv4_fault fault = sigv4_read_claim(*state, &request, "route53", &claim, &why);
        if ((fault == SIGV4_NO_FAULT) != (rows[i].time != NULL))
            fail_msg("%s: %s", rows[i].why, why);
        if (rows[i].time != NULL)
            assert_string_equal(claim.time, rows[i].time);
        else
            assert_string_equal(why, rows[i].words);
    }
}

static void a_claim_in_the_query_names_what_it_lacks(void **state)
{
    static const struct row {
        const char *why;
        const char *target;
        enum sigv4_fault fault;
        const char *words;
    } rows[] = {
        { "nothing", "/?a=b", SIGV4_ABSENT, NULL },
        { "another algorithm", "/?X-Amz-Algorithm=AWS3", SIGV4_ABSENT, NULL },
        { "all of it", "/?X-Amz-Algorithm=AWS4-HMAC-SHA256", SIGV4_INCOMPLETE,
          "AWS query-string parameters must include 'X-Amz-Credential'. "
          "AWS query-string parameters must include 'X-Amz-Date'. "
          "AWS query-string parameters must include 'X-Amz-Expires'. "
          "AWS query-string parameters must include 'X-Amz-SignedHeaders'. "
          "AWS query-string parameters must include 'X-Amz-Signature'." },
        { "never", "/?" PRESIGNED("0", "") DIGITS, SIGV4_INCOMPLETE,
          "X-Amz-Expires must be a number from 1 to 604800, got '0'." },
        { "longer than a week", "/?" PRESIGNED("604801", "") DIGITS, SIGV4_INCOMPLETE,
          "X-Amz-Expires must be a number from 1 to 604800, got '604801'." },
        { "no number", "/?" PRESIGNED("-1", "") DIGITS, SIGV4_INCOMPLETE,
          "X-Amz-Expires must be a number from 1 to 604800, got '-1'." },
        { "a week", "/?" PRESIGNED("604800", "") DIGITS, SIGV4_NO_FAULT, NULL },
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct sigv4_request request = request_for("GET", rows[i].target);
        struct sigv4_claim claim;
        const char *why = NULL;
        enum sigv4_fault fault = sigv4_read_claim(*state, &request, "route53", &claim, &why);
        if (fault != rows[i].fault || (why == NULL) != (rows[i].words == NULL) ||
            (why != NULL && strcmp(why, rows[i].words) != 0))
            fail_msg("%s: %d %s", rows[i].why, (int)fault, why);
    }
}

static void the_clock_may_be_off_by_five_minutes(void **state)
{
    static const struct row {
        const char *why;
        struct sigv4_claim claim;
        int64_t later_s; /* the server's clock against the claim's */
        unsigned skew_s;
        const char *expect; /* NULL: it is right */
    } rows[] = {
        { "to the second", { .day = "20260102", .time = TIME }, 0, 300, NULL },
        { "five minutes late", { .day = "20260102", .time = TIME }, 300, 300, NULL },
        { "five minutes early", { .day = "20260102", .time = TIME }, -300, 300, NULL },
        { "A-SIG-3: later",
          { .day = "20260102", .time = TIME },
          301,
          300,
          "Signature expired: 20260102T030405Z is now earlier than 20260102T030406Z "
          "(20260102T030906Z - 5 min.)" },
        { "A-SIG-3: earlier",
          { .day = "20260102", .time = TIME },
          -301,
          300,
          "Signature not yet current: 20260102T030405Z is still later than 20260102T030404Z "
          "(20260102T025904Z + 5 min.)" },
        { "another skew",
          { .day = "20260102", .time = TIME },
          91,
          90,
          "Signature expired: 20260102T030405Z is now earlier than 20260102T030406Z "
          "(20260102T030536Z - 90 sec.)" },
        { "A-SIG-3: the scope is of another day",
          { .day = "20260103", .time = TIME },
          0,
          300,
          "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from "
          "HTTP: '20260103' != '20260102', from '20260102T030405Z'." },
        { "the scope has more digits",
          { .day = "202601020", .time = TIME },
          0,
          300,
          "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from "
          "HTTP: '202601020' != '20260102', from '20260102T030405Z'." },
        { "presigned, within its time",
          { .day = "20260102", .time = TIME, .is_presigned = true, .expires_s = 3600 },
          3600,
          300,
          NULL },
        { "presigned, after its time",
          { .day = "20260102", .time = TIME, .is_presigned = true, .expires_s = 60 },
          61,
          300,
          "Signature expired: 20260102T030405Z is now earlier than 20260102T030406Z "
          "(20260102T030506Z - 1 min.)" },
        { "presigned for a time to come",
          { .day = "20260102", .time = TIME, .is_presigned = true, .expires_s = 3600 },
          -301,
          300,
          "Signature not yet current: 20260102T030405Z is still later than 20260102T030404Z "
          "(20260102T025904Z + 5 min.)" },
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const char *why = sigv4_check_time(
            *state, &rows[i].claim, (uint64_t)((int64_t)NOW_S + rows[i].later_s), rows[i].skew_s);
        if ((why == NULL) != (rows[i].expect == NULL) ||
            (why != NULL && strcmp(why, rows[i].expect) != 0))
            fail_msg("%s: %s", rows[i].why, why);
    }
}

static void a_hash_of_pieces_is_that_of_the_whole(void **state)
{
    char whole[SIGV4_HEX_SIZE], pieces[SIGV4_HEX_SIZE];
    struct sigv4_digest *digest = sigv4_digest_create();
    (void)state;
    assert_non_null(digest);
    sigv4_digest_add(digest, (struct span){ (const uint8_t *)"sign", 4 });
    sigv4_digest_add(digest, (struct span){ NULL, 0 });
    sigv4_digest_add(digest, (struct span){ (const uint8_t *)"post", 4 });
    sigv4_digest_end(digest, pieces);
    sigv4_digest_destroy(digest);
    sigv4_hash((struct span){ (const uint8_t *)"signpost", 8 }, whole);
    assert_string_equal(pieces, whole);
    sigv4_hash((struct span){ NULL, 0 }, whole);
    assert_string_equal(whole, EMPTY);
}

static void texts_are_equal_or_not(void **state)
{
    (void)state;
    assert_true(sigv4_equal("", ""));
    assert_true(sigv4_equal("abc", "abc"));
    assert_false(sigv4_equal("abc", "abd"));
    assert_false(sigv4_equal("abc", "abcd"));
    assert_false(sigv4_equal("abc", ""));
}

#define with_arena(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

static const struct CMUnitTest tests[] = {
    with_arena(the_example_of_the_specification_is_signed),
    with_arena(headers_are_signed_as_botocore_does),
    with_arena(all_headers_and_the_body_are_signed),
    with_arena(presigned_targets_of_botocore_are_verified),
    with_arena(paths_and_queries_have_one_form),
    with_arena(headers_have_one_form),
    with_arena(a_claim_in_the_header_names_what_it_lacks),
    with_arena(the_date_is_taken_from_two_headers),
    with_arena(a_claim_in_the_query_names_what_it_lacks),
    with_arena(the_clock_may_be_off_by_five_minutes),
    cmocka_unit_test(a_hash_of_pieces_is_that_of_the_whole),
    cmocka_unit_test(texts_are_equal_or_not),
};

RUN_TESTS(tests)
