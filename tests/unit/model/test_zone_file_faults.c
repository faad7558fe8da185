/* Files that are refused, with the line where the fault is, the reason, and advice where it helps.
 */
#include "drafts.h"

static const char types_text[] =
    "A, AAAA, CAA, CNAME, DS, HTTPS, MX, NAPTR, NS, PTR, SOA, SPF, SRV, "
    "SSHFP, SVCB, TLSA and TXT";

struct row {
    const char *file;
    const char *expect; /* without "lab.zone:" */
};

static void check_fault(const char *file, size_t size, const char *expect)
{
    char text[PROBLEM_TEXT_SIZE + 16];
    snprintf(text, sizeof text, "lab.zone:%s", expect);
    for (size_t piece = 0; piece < 4; piece++) { /* whole, and in pieces of 1, 2 and 3 */
        struct reading reading = read_octets(file, size, piece);
        if (reading.problem.status == 0)
            fail_msg("accepted: %s", file);
        assert_int_equal(reading.problem.status, SP_EINVAL);
        assert_string_equal(reading.problem.text, text);
        draft_destroy(reading.draft);
    }
}

static void check_rows(const struct row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++)
        check_fault(rows[i].file, strlen(rows[i].file), rows[i].expect);
}

static void broken_text_is_refused(void **state)
{
    static const struct row rows[] = {
        { "$TTL 60\na TXT \"open\nb TXT \"x\"\n", "2: the quote is not closed in its line" },
        { "$TTL 60\na TXT \"open", "2: the quote is not closed in its line" },
        { "$TTL 60\na TXT \"open\r\n", "2: the quote is not closed in its line" },
        { "$TTL 60\na TXT (\n\n x\n", "2: the parenthesis is never closed" },
        { "$TTL 60\na TXT ( ( x )\n", "2: the parenthesis is never closed" },
        { "$TTL 60\na TXT x )\n", "2: a closing parenthesis that nothing opened" },
        { "$TTL 60\na TXT x\\\n", "2: a backslash at the end of the line" },
        { "$TTL 60\na TXT x\\", "2: a backslash at the end of the line" },
        { "$TTL 60\na TXT x\"y\"\n",
          "2: a quote inside a word; put quotes around all of it, or write \\\"" },
        { "$TTL 60\na TXT v=\"y\"\n",
          "2: \"v=\"y\"\" has a quote inside; put quotes around all of it, "
          "or write \\\"; it is written: TXT \"text\" ..." },
    };
    (void)state;
    check_rows(rows, COUNT_OF(rows));
    check_fault("$TTL 60\na\0b A 192.0.2.1\n", 24,
                "2: an octet of value zero: this is no text file");
    check_fault("$TTL 60\na TXT \"\0\"\n", 18, "2: an octet of value zero: this is no text file");
    check_fault("$TTL 60\na TXT \\\0\n", 17, "2: an octet of value zero: this is no text file");
}

static void directives_that_cannot_be_followed_are_refused(void **state)
{
    static const struct row rows[] = {
        { "$INCLUDE other.zone\n", "1: \"$INCLUDE\" is not followed; put the files into one" },
        { "\n$generate 1-5 a$ A 192.0.2.$\n",
          "2: \"$generate\" is not carried out; write its records out" },
        { "$FOO x\n", "1: \"$FOO\" is not a directive ($ORIGIN, $TTL); a name starts with \\$" },
        { "$TTL\n", "1: \"$TTL\" is followed by one TTL" },
        { "$TTL 1 2\n", "1: \"$TTL\" is followed by one TTL" },
        { "$TTL x\n", "1: \"x\" is not a TTL: seconds up to 2147483647, or such as 1h30m" },
        { "$TTL 2147483648\n",
          "1: \"2147483648\" is not a TTL: seconds up to 2147483647, or such as 1h30m" },
        { "$TTL 3551w\n", "1: \"3551w\" is not a TTL: seconds up to 2147483647, or such as 1h30m" },
        { "$ORIGIN\n", "1: \"$ORIGIN\" is followed by one name" },
        { "$ORIGIN \"a\"\n", "1: \"$ORIGIN\" is followed by one name" },
        { "$ORIGIN a..b\n", "1: \"a..b\": a name cannot have an empty label" },
    };
    (void)state;
    check_rows(rows, COUNT_OF(rows));
}

static void broken_heads_are_refused(void **state)
{
    static const struct row rows[] = {
        { " 60 A 192.0.2.1\n", "1: the line begins with a blank, but no name stands above it" },
        { "a A 192.0.2.1\n", "1: \"A\" has no TTL to go by; put a line such as $TTL 300 above it" },
        { "@ SOA a b 1 2 3 4 4294967295\n",
          "1: \"SOA\" has no TTL, nor a minimum that could be one; put a line $TTL above it" },
        { "a\n", "1: the record has no type; it is written: name TTL IN type value" },
        { "a 60 IN\n", "1: the record has no type; it is written: name TTL IN type value" },
        { "a 1x A 192.0.2.1\n",
          "1: \"1x\" is not a TTL: seconds up to 2147483647, or such as 1h30m" },
        { "a -1 A 192.0.2.1\n", "1: \"-1\" is not a TTL, a class or a type" },
        { "a 60 61 A 192.0.2.1\n", "1: \"61\" is not a TTL, a class or a type" },
        { "a 60 CH A 192.0.2.1\n", "1: \"CH\" is not the class IN, the only one there is here" },
        { "a 60 CLASS3 A 192.0.2.1\n",
          "1: \"CLASS3\" is not the class IN, the only one there is here" },
        { "a 60 \"A\" 192.0.2.1\n",
          "1: \"A\" stands in quotes where a TTL, a class or a type belongs" },
        { "\"a\" 60 A 192.0.2.1\n", "1: \"a\" stands in quotes where a name belongs" },
        { "a 60 A 192.0.2.1\n www 60 A 192.0.2.1\n", "2: \"www\" is not a TTL, a class or a type; "
                                                     "a line that begins with a blank has no owner "
                                                     "name" },
        { "a 60 RRSIG A 8\n", "1: \"RRSIG\" belongs to a signed zone; import the zone without its "
                              "signatures and keys" },
    };
    static const char *const other_types[] = {
        "LOC", "DNAME", "HINFO", "TYPE65534", "AXFR", "ANY"
    };
    (void)state;
    check_rows(rows, COUNT_OF(rows));
    for (size_t i = 0; i < COUNT_OF(other_types); i++) {
        char file[64], expect[256];
        snprintf(file, sizeof file, "\na 60 IN %s \\# 0\n", other_types[i]);
        snprintf(expect, sizeof expect,
                 "2: \"%s\" is a type that Route 53 does not have; it has %s", other_types[i],
                 types_text);
        check_fault(file, strlen(file), expect);
    }
}

static void owners_must_be_names_within_the_zone(void **state)
{
    static const struct row rows[] = {
        { "www.example. 60 A 192.0.2.1\n", "1: www.example. is outside the zone lab.test." },
        { "test. 60 A 192.0.2.1\n", "1: test. is outside the zone lab.test." },
        { "xlab.test. 60 A 192.0.2.1\n", "1: xlab.test. is outside the zone lab.test." },
        { "$ORIGIN example.\nwww 60 A 192.0.2.1\n",
          "2: www.example. is outside the zone lab.test." },
        { "a..b 60 A 192.0.2.1\n", "1: \"a..b\": a name cannot have an empty label" },
        { "a\\256 60 A 192.0.2.1\n",
          "1: \"a\\256\": an escape is a backslash and a character, or a "
          "backslash and three decimal digits up to 255" },
        { "0123456789012345678901234567890123456789012345678901234567890123 60 A 192.0.2.1\n",
          "1: \"0123456789012345678901234567890123456789012345678901234567890123\": a label has at "
          "most 63 octets" },
    };
    (void)state;
    check_rows(rows, COUNT_OF(rows));
}

static void values_must_be_what_their_type_asks_for(void **state)
{
    static const struct row rows[] = {
        { "a 60 A\n", "1: the value ends too early; it is written: A address" },
        { "a 60 A 192.0.2\n", "1: \"192.0.2\" is not an IPv4 address; it is written: A address" },
        { "a 60 A \"192.0.2.1\"\n",
          "1: \"192.0.2.1\" must stand without quotes; it is written: A address" },
        { "a 60 A 192.0.2.1 192.0.2.2\n",
          "1: \"192.0.2.2\" is left over at the end; it is written: A address" },
        { "a 60 AAAA 1:2\n", "1: \"1:2\" is not an IPv6 address; it is written: AAAA address" },
        { "a 60 MX mail\n",
          "1: \"mail\" is not a number from 0 to 65535; it is written: MX preference exchange" },
        { "a 60 MX 65536 mail\n",
          "1: \"65536\" is not a number from 0 to 65535; it is written: MX preference exchange" },
        { "a 60 MX -1 mail\n",
          "1: \"-1\" is not a number from 0 to 65535; it is written: MX preference exchange" },
        { "a 60 MX (10\n\n a..b)\n",
          "3: \"a..b\": a name cannot have an empty label; it is written: MX preference exchange" },
        { "@ 60 SOA a b 1 2 3 4\n",
          "1: the value ends too early; it is written: SOA server mailbox "
          "serial refresh retry expire minimum" },
        { "@ 60 SOA a b 4294967296 2 3 4 5\n", "1: \"4294967296\" is not a number from 0 to "
                                               "4294967295; it is written: SOA server mailbox "
                                               "serial refresh retry expire minimum" },
        { "a 60 TXT\n", "1: the value ends too early; it is written: TXT \"text\" ..." },
        { "a 60 TXT \"\\999\"\n", "1: \"\\999\": an escape is a backslash and a character, or a "
                                  "backslash and three decimal "
                                  "digits up to 255; it is written: TXT \"text\" ..." },
        { "a 60 DS 1 8 2 abc\n", "1: the number of hexadecimal digits is odd; it is written: DS "
                                 "key-tag algorithm digest-type digest" },
        { "a 60 DS 1 8 2 xy\n",
          "1: \"xy\" is not made of hexadecimal digits; it is written: DS key-tag "
          "algorithm digest-type digest" },
        { "a 60 DS 1 FOO 2 00\n",
          "1: \"FOO\" is not the number or name of a DNSSEC algorithm; it is written: DS key-tag "
          "algorithm digest-type digest" },
        { "a 60 SSHFP 5 1 00\n", "1: the algorithm of an SSHFP record is 1, 2, 3, 4 or 6; it is "
                                 "written: SSHFP algorithm hash-type fingerprint" },
        { "a 60 A \\# 5 C0000201\n",
          "1: \"5\" is not the number of octets that follow it; it is written: A address" },
        { "a 60 A \\# 3 C00002\n",
          "1: the record's data ends too early or holds a malformed name; it "
          "is written: A address" },
        { "a 60 CNAME \\# 2 C000\n",
          "1: the record's data ends too early or holds a malformed name; it "
          "is written: CNAME target" },
        { "a 60 A \\#\n",
          "1: after \\# comes the number of octets, 0 to 65535; it is written: A address" },
    };
    (void)state;
    check_rows(rows, COUNT_OF(rows));
}

static void parameters_of_svcb_must_be_right(void **state)
{
    static const struct svcb_row {
        const char *params;
        const char *expect;
    } rows[] = {
        { "1 . foo=1", "\"foo=1\" is not a parameter: mandatory, alpn, no-default-alpn, port, "
                       "ipv4hint, ech, ipv6hint, dohpath, ohttp" },
        { "1 . key65333=1", "\"key65333=1\" is not a parameter: mandatory, alpn, no-default-alpn, "
                            "port, ipv4hint, ech, ipv6hint, dohpath, ohttp" },
        { "1 . \"alpn=h2\"", "\"alpn=h2\" is not a parameter: mandatory, alpn, no-default-alpn, "
                             "port, ipv4hint, ech, ipv6hint, dohpath, ohttp" },
        { "32768 .", "the priority of an SVCB or HTTPS record is 0 to 32767" },
        { "0 . port=1", "an SVCB or HTTPS record of priority 0 (alias mode) has no parameters" },
        { "1 . port=65536", "\"port=65536\" is not a port from 0 to 65535" },
        { "1 . port", "\"port\" needs a value" },
        { "1 . port=1 port=1", "\"port=1\" is a second parameter of that key" },
        { "1 . port=1 key3=\\000\\001", "\"key3=\\000\\001\" is a second parameter of that key" },
        { "1 . port=\"1\"2", "\"port=\"1\"2\" has its quotes in the wrong place" },
        { "1 . alpn=h2,", "\"alpn=h2,\" has an empty protocol id" },
        { "1 . alpn=\"\"", "\"alpn=\"\"\" has an empty protocol id" },
        { "1 . alpn=h\\\\2",
          "\"alpn=h\\\\2\" has a backslash before something else than a comma or "
          "backslash" },
        { "1 . no-default-alpn", "no-default-alpn needs alpn beside it" },
        { "1 . alpn=h2 no-default-alpn=x", "\"no-default-alpn=x\" takes no value" },
        { "1 . ipv4hint=1.2.3", "\"ipv4hint=1.2.3\" is not a list of IPv4 addresses" },
        { "1 . ipv4hint=1.2.3.4,", "\"ipv4hint=1.2.3.4,\" has an empty item in its list" },
        { "1 . ipv6hint=0000:0000:0000:0000:0000:0000:0000:0000:000000",
          "\"ipv6hint=0000:0000:0000:0000:0000:0000:0000:0000:000000\" is not a list of IPv6 "
          "addresses" },
        { "1 . ech=0", "\"ech=0\" is not base64" },
        { "1 . ech=AEX", "\"ech=AEX\" is not base64" },
        { "1 . dohpath=\"\"", "\"ech\" and \"dohpath\" need a value" },
        { "1 . mandatory=port", "\"mandatory\" lists a key that the record does not have" },
        { "1 . mandatory=mandatory", "\"mandatory\" cannot list itself" },
        { "1 . mandatory=port,port port=1", "\"mandatory=port,port\" lists a key twice" },
        { "\\# 8 0001 00 0000 0001 00", "a parameter of this SVCB or HTTPS record has a malformed "
                                        "value" },
        { "\\# 8 0001 00 0009 0001 00",
          "a parameter of this SVCB or HTTPS record has a key that Route 53 does not know" },
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char file[256], expect[512];
        snprintf(file, sizeof file, "$TTL 60\na SVCB %s\n", rows[i].params);
        snprintf(expect, sizeof expect, "2: %s; it is written: SVCB priority target key=value ...",
                 rows[i].expect);
        check_fault(file, strlen(file), expect);
    }
}

static void what_cannot_stand_together_is_refused_with_the_later_line(void **state)
{
    static const struct row rows[] = {
        { "$TTL 60\na A 192.0.2.1\n\na CNAME b\n",
          "4: RRSet of type CNAME with DNS name a.lab.test. is not permitted as it conflicts with "
          "other records with the same DNS name in zone lab.test." },
        { "$TTL 60\na CNAME b\n\na TXT x\n",
          "4: RRSet of type TXT with DNS name a.lab.test. is not permitted because a conflicting "
          "RRSet of type CNAME with the same DNS name already exists in zone lab.test." },
        { "$TTL 60\na CNAME b\na CNAME c\n",
          "3: a second CNAME at the same name; the first is in line 2" },
        { "$TTL 60\n@ SOA a b 1 2 3 4 5\n@ SOA a b 2 2 3 4 5\n",
          "3: a second SOA at the same name; the first is in line 2" },
        { "$TTL 60\na SOA a b 1 2 3 4 5\n", "2: \"SOA\" stands only at the top of the zone" },
        { "$TTL 60\n@ CNAME b\n",
          "2: RRSet of type CNAME with DNS name lab.test. is not permitted at apex in zone "
          "lab.test." },
        { "$TTL 60\n* NS b\n", "2: *.lab.test. NS: a wildcard cannot be delegated" },
        { "$TTL 60\n*.a NS b\n\na CNAME b\n TXT x\n",
          "2: *.a.lab.test. NS: a wildcard cannot be delegated; lab.zone:5: RRSet of type TXT with "
          "DNS name a.lab.test. is not permitted because a conflicting RRSet of type CNAME with "
          "the "
          "same DNS name already exists in zone lab.test." },
    };
    (void)state;
    check_rows(rows, COUNT_OF(rows));
}

static void an_endless_entry_is_cut_off(void **state)
{
    static const char line[] = "0123456789012345678901234567890123456789\n";
    struct draft *draft = lab_draft(true);
    struct zone_reader *reader = zone_reader_create(draft, "lab.zone");
    struct problem problem = { 0 };
    static const char start[] = "$TTL 60\na TXT (\n";
    int rc = zone_reader_feed(reader, (struct span){ (const uint8_t *)start, sizeof start - 1 },
                              &problem);
    unsigned lines = 0;
    (void)state;
    for (; rc == 0 && lines < 100000; lines++)
        rc = zone_reader_feed(reader, (struct span){ (const uint8_t *)line, sizeof line - 1 },
                              &problem);
    assert_int_equal(rc, SP_ELIMIT);
    assert_true(lines > 20000 && lines < 30000);
    assert_non_null(strstr(problem.text, "the entry is longer than a mebibyte"));
    zone_reader_destroy(reader);
    draft_destroy(draft);
}

static void after_a_fault_every_call_says_the_same(void **state)
{
    struct draft *draft = lab_draft(true);
    struct zone_reader *reader = zone_reader_create(draft, "lab.zone");
    struct problem first = { 0 }, second = { 0 }, third = { 0 };
    struct span bad = { (const uint8_t *)"a b c\n", 6 };
    struct span good = { (const uint8_t *)"a 60 A 192.0.2.1\n", 17 };
    (void)state;
    assert_int_equal(zone_reader_feed(reader, bad, &first), SP_EINVAL);
    assert_int_equal(zone_reader_feed(reader, good, &second), SP_EINVAL);
    assert_int_equal(zone_reader_finish(reader, &lab_defaults, NULL, &third), SP_EINVAL);
    assert_string_equal(first.text, "lab.zone:1: \"b\" is not a TTL, a class or a type");
    assert_string_equal(second.text, first.text);
    assert_string_equal(third.text, first.text);
    zone_reader_destroy(reader);
    draft_destroy(draft);
    zone_reader_destroy(NULL);
    draft_destroy(NULL);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(broken_text_is_refused),
    cmocka_unit_test(directives_that_cannot_be_followed_are_refused),
    cmocka_unit_test(broken_heads_are_refused),
    cmocka_unit_test(owners_must_be_names_within_the_zone),
    cmocka_unit_test(values_must_be_what_their_type_asks_for),
    cmocka_unit_test(parameters_of_svcb_must_be_right),
    cmocka_unit_test(what_cannot_stand_together_is_refused_with_the_later_line),
    cmocka_unit_test(an_endless_entry_is_cut_off),
    cmocka_unit_test(after_a_fault_every_call_says_the_same),
};

RUN_TESTS(tests)
