/* What master files may say, and what is understood; test_zone_file_faults.c has what they may not.
 */
#include "drafts.h"

struct row {
    const char *why;
    const char *file;
    const char *expect; /* the records as written again, without the default SOA and NS */
};

static void check_rows(const struct row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct draft *draft = read_good(rows[i].file);
        char *text = write_records(draft);
        if (strcmp(text, rows[i].expect) != 0)
            fail_msg("%s\nexpected: %s\n     got: %s", rows[i].why, rows[i].expect, text);
        free(text);
        draft_destroy(draft);
    }
}

static void owners_are_relative_repeated_or_absolute(void **state)
{
    static const struct row rows[] = {
        { "relative to the zone", "www 60 A 192.0.2.1\n", "www 60 IN A 192.0.2.1\n" },
        { "absolute", "www.lab.test. 60 A 192.0.2.1\n", "www 60 IN A 192.0.2.1\n" },
        { "the zone itself", "@ 60 TXT x\n", "@ 60 IN TXT \"x\"\n" },
        { "upper case is stored in lower case", "WWW.LAB.Test. 60 A 192.0.2.1\n",
          "www 60 IN A 192.0.2.1\n" },
        { "a blank repeats the owner", "a 60 A 192.0.2.1\n 60 TXT x\n\t60 MX 1 @\n",
          "a 60 IN A 192.0.2.1\na 60 IN MX 1 lab.test.\na 60 IN TXT \"x\"\n" },
        { "a blank repeats it over comments and empty lines too",
          "a 60 A 192.0.2.1\n\n  ; nothing\n;nothing\n \n 60 TXT x\n",
          "a 60 IN A 192.0.2.1\na 60 IN TXT \"x\"\n" },
        { "a blank repeats it over $ORIGIN", "a 60 A 192.0.2.1\n$ORIGIN b\n 60 TXT x\n",
          "a 60 IN A 192.0.2.1\na 60 IN TXT \"x\"\n" },
        { "$ORIGIN is relative to the one before",
          "$ORIGIN b\na 60 A 192.0.2.1\n$ORIGIN c\n@ 60 A 192.0.2.2\n$ORIGIN d.lab.test.\n"
          "a 60 A 192.0.2.3\n",
          "a.b 60 IN A 192.0.2.1\nc.b 60 IN A 192.0.2.2\na.d 60 IN A 192.0.2.3\n" },
        { "$ORIGIN may lie above the zone", "$ORIGIN test.\nwww.lab 60 A 192.0.2.1\n",
          "www 60 IN A 192.0.2.1\n" },
        { "the root as origin", "$ORIGIN .\nwww.lab.test 60 A 192.0.2.1\n",
          "www 60 IN A 192.0.2.1\n" },
        { "directives in any case", "$origin b\n$Ttl 5\na A 192.0.2.1\n",
          "a.b 5 IN A 192.0.2.1\n" },
        { "a name that looks like a type", "mx 60 MX 1 a\nin 60 IN A 192.0.2.1\n",
          "in 60 IN A 192.0.2.1\nmx 60 IN MX 1 a.lab.test.\n" },
    };
    (void)state;
    check_rows(rows, COUNT_OF(rows));
}

static void ttl_and_class_come_in_either_order_or_not_at_all(void **state)
{
    static const struct row rows[] = {
        { "TTL, class", "a 60 IN A 192.0.2.1\n", "a 60 IN A 192.0.2.1\n" },
        { "class, TTL", "a IN 60 A 192.0.2.1\n", "a 60 IN A 192.0.2.1\n" },
        { "lower case", "a in 1H a 192.0.2.1\n", "a 3600 IN A 192.0.2.1\n" },
        { "CLASS1 is IN", "a CLASS1 60 A 192.0.2.1\n", "a 60 IN A 192.0.2.1\n" },
        { "units", "a 1w2d3h4m5s A 192.0.2.1\n", "a 788645 IN A 192.0.2.1\n" },
        { "what follows the last unit is seconds", "a 1h30 A 192.0.2.1\n",
          "a 3630 IN A 192.0.2.1\n" },
        { "zero and the largest", "a 0 A 192.0.2.1\nb 2147483647 A 192.0.2.1\n",
          "a 0 IN A 192.0.2.1\nb 2147483647 IN A 192.0.2.1\n" },
        { "$TTL holds from its line on, and for records without a TTL only",
          "$TTL 1m\na A 192.0.2.1\nb 5 A 192.0.2.1\nc A 192.0.2.1\n$TTL 2m\nd A 192.0.2.1\n",
          "a 60 IN A 192.0.2.1\nb 5 IN A 192.0.2.1\nc 60 IN A 192.0.2.1\nd 120 IN A 192.0.2.1\n" },
        { "without $TTL the last TTL goes on (RFC 1035 §5.1)",
          "a 7 A 192.0.2.1\nb A 192.0.2.1\nc 9 A 192.0.2.1\nd A 192.0.2.1\n",
          "a 7 IN A 192.0.2.1\nb 7 IN A 192.0.2.1\nc 9 IN A 192.0.2.1\nd 9 IN A 192.0.2.1\n" },
        { "without any the SOA's minimum does", "@ SOA a b 1 2 3 4 55\nb A 192.0.2.1\n",
          "@ 55 IN SOA a.lab.test. b.lab.test. 1 2 3 4 55\nb 55 IN A 192.0.2.1\n" },
        { "times of the SOA have units too", "@ 60 SOA a b 4294967295 2h 15m 2w 1d\n",
          "@ 60 IN SOA a.lab.test. b.lab.test. 4294967295 7200 900 1209600 86400\n" },
    };
    (void)state;
    check_rows(rows, COUNT_OF(rows));
}

static void lines_and_words_are_cut_as_rfc_1035_says(void **state)
{
    static const struct row rows[] = {
        { "parentheses hold lines together",
          "a 60 TXT ( one ; first\n\n  two\n) three\nb 60 A 192.0.2.1\n",
          "a 60 IN TXT \"one\" \"two\" \"three\"\nb 60 IN A 192.0.2.1\n" },
        { "they may touch words, stand inside one another and come first",
          "( a 60 TXT(one(two)three))\n", "a 60 IN TXT \"one\" \"two\" \"three\"\n" },
        { "CRLF", "a 60 TXT x\r\n 60 A 192.0.2.1\r\n\r\n",
          "a 60 IN A 192.0.2.1\na 60 IN TXT \"x\"\n" },
        { "tabs", "a\t60\tIN\tA\t192.0.2.1\t\n", "a 60 IN A 192.0.2.1\n" },
        { "no newline at the end", "a 60 A 192.0.2.1", "a 60 IN A 192.0.2.1\n" },
        { "a comment at the end", "a 60 A 192.0.2.1;x", "a 60 IN A 192.0.2.1\n" },
        { "a byte order mark",
          "\xef\xbb\xbf"
          "a 60 A 192.0.2.1\n",
          "a 60 IN A 192.0.2.1\n" },
        { "only the beginning of one", "\xef\xbb 60 A 192.0.2.1\n",
          "\\239\\187 60 IN A 192.0.2.1\n" },
        { "in quotes nothing is special", "a 60 TXT \"a;b (c) d\t\\\"e\\\\\" \"\"\n",
          "a 60 IN TXT \"a;b (c) d\\009\\\"e\\\\\" \"\"\n" },
        { "quotes may touch", "a 60 TXT \"a\"\"b\"\n", "a 60 IN TXT \"a\" \"b\"\n" },
        { "escapes outside of quotes", "a 60 TXT a\\;b\\ c\\\"d\\(e\\065\n",
          "a 60 IN TXT \"a;b c\\\"d(eA\"\n" },
        { "escapes are decimal", "a 60 TXT \"\\000\\127\\255\"\n",
          "a 60 IN TXT \"\\000\\127\\255\"\n" },
        { "UTF-8 as it stands", "a 60 TXT \"\xc3\xa4\"\n", "a 60 IN TXT \"\\195\\164\"\n" },
        { "an empty file is a zone with nothing but its defaults", "", "" },
        { "so is one of comments", "; nothing\n\n   \t\n;", "" },
    };
    (void)state;
    check_rows(rows, COUNT_OF(rows));
}

static void names_may_hold_any_octet(void **state)
{
    static const struct row rows[] = {
        { "a dot inside a label", "a\\.b 60 A 192.0.2.1\n", "a\\.b 60 IN A 192.0.2.1\n" },
        { "labels that mean something elsewhere",
          "\\@ 60 A 192.0.2.1\n\\$ttl 60 A 192.0.2.1\n* 60 A 192.0.2.1\n",
          "\\$ttl 60 IN A 192.0.2.1\n* 60 IN A 192.0.2.1\n\\@ 60 IN A 192.0.2.1\n" },
        { "a blank, a quote, a parenthesis, a semicolon", "\\032\\\"\\(\\; 60 A 192.0.2.1\n",
          "\\032\\\"\\(\\; 60 IN A 192.0.2.1\n" },
        { "a letter by its code is lower case too", "\\065b 60 A 192.0.2.1\n",
          "ab 60 IN A 192.0.2.1\n" },
        { "in RDATA as well", "a 60 CNAME \\000\\255.x\n",
          "a 60 IN CNAME \\000\\255.x.lab.test.\n" },
    };
    (void)state;
    check_rows(rows, COUNT_OF(rows));
}

static void values_of_every_type_are_read(void **state)
{
    static const struct row rows[] = {
        { "AAAA", "a 60 AAAA 2001:DB8:0:0::192.0.2.1\n", "a 60 IN AAAA 2001:db8::c000:201\n" },
        { "CAA, quoted or not", "a 60 CAA 0 issue ca.test\n 60 CAA 128 iodef \"mailto:a;\\\"b\"\n",
          "a 60 IN CAA 0 issue \"ca.test\"\na 60 IN CAA 128 iodef \"mailto:a;\\\"b\"\n" },
        { "CAA without a value", "a 60 CAA 0 issue \"\"\n", "a 60 IN CAA 0 issue \"\"\n" },
        { "DS, an algorithm by name, a digest in words",
          "d 60 NS x.\n 60 DS 60485 RSASHA256 1 ( 2BB183AF5F22588179A53B0A\n 98631FAD1A292118 )\n",
          "d 60 IN NS x.\nd 60 IN DS 60485 8 1 2bb183af5f22588179a53b0a98631fad1a292118\n" },
        { "HTTPS in alias mode", "a 60 HTTPS 0 b.example.\n", "a 60 IN HTTPS 0 b.example.\n" },
        { "SVCB, parameters in any order",
          "a 60 SVCB 1 . port=53 alpn=h2,h3 mandatory=port,alpn no-default-alpn\n",
          "a 60 IN SVCB 1 . mandatory=alpn,port alpn=\"h2,h3\" no-default-alpn port=53\n" },
        { "SVCB, protocol ids of RFC 9460 appendix A",
          "a 60 SVCB 16 foo.example.org. alpn=\"f\\\\\\\\oo\\\\,bar,h2\"\n"
          "b 60 SVCB 16 foo.example.org. alpn=f\\\\\\092oo\\092,bar,h2\n",
          "a 60 IN SVCB 16 foo.example.org. alpn=\"f\\\\\\\\oo\\\\,bar,h2\"\n"
          "b 60 IN SVCB 16 foo.example.org. alpn=\"f\\\\\\\\oo\\\\,bar,h2\"\n" },
        { "HTTPS, hints, ech and the younger keys",
          "a 60 HTTPS 1 . ipv4hint=\"192.0.2.1,192.0.2.2\" ipv6hint=2001:db8::1 ech=AEX+DQ== "
          "dohpath=/dns-query{?dns} ohttp\n",
          "a 60 IN HTTPS 1 . ipv4hint=192.0.2.1,192.0.2.2 ech=AEX+DQ== ipv6hint=2001:db8::1 "
          "dohpath=\"/dns-query{?dns}\" key8\n" },
        { "keys by number, for those that have a name", "a 60 HTTPS 1 . key1=\\002h2 key8\n",
          "a 60 IN HTTPS 1 . alpn=\"h2\" key8\n" },
        { "MX", "a 60 MX 0 .\n", "a 60 IN MX 0 .\n" },
        { "NAPTR", "a 60 NAPTR 100 10 U \"E2U+sip\" \"!^.*$!sip:\\\\1@x!\" .\n",
          "a 60 IN NAPTR 100 10 \"U\" \"E2U+sip\" \"!^.*$!sip:\\\\1@x!\" .\n" },
        { "NAPTR with empty strings", "a 60 NAPTR 1 2 \"\" \"\" \"\" B\n",
          "a 60 IN NAPTR 1 2 \"\" \"\" \"\" b.lab.test.\n" },
        { "PTR and SRV", "a 60 PTR B\n 60 SRV 1 2 65535 C\n",
          "a 60 IN PTR b.lab.test.\na 60 IN SRV 1 2 65535 c.lab.test.\n" },
        { "SPF", "a 60 SPF \"v=spf1 -all\"\n", "a 60 IN SPF \"v=spf1 -all\"\n" },
        { "SSHFP", "a 60 SSHFP 4 1 123456789ABCDEF67890123456789ABCDEF67890\n",
          "a 60 IN SSHFP 4 1 123456789abcdef67890123456789abcdef67890\n" },
        { "TLSA by names", "a 60 TLSA DANE-EE SPKI Full 0A0b\n", "a 60 IN TLSA 3 1 0 0a0b\n" },
        { "generic RDATA of a known type, in one word or many (RFC 3597 §5)",
          "a 60 A \\# 4 C0000201\nb 60 TYPE1 \\# 4 c0 00 02 01\nc 60 TYPE1 192.0.2.1\n"
          "d 60 TYPE257 \\# ( 3 00\n 01 61 )\n",
          "a 60 IN A 192.0.2.1\nb 60 IN A 192.0.2.1\nc 60 IN A 192.0.2.1\n"
          "d 60 IN CAA 0 a \"\"\n" },
        { "names in generic RDATA are stored in lower case", "a 60 CNAME \\# 3 014100\n",
          "a 60 IN CNAME a.\n" },
        { "a text that begins with a number sign", "a 60 TXT \"\\#\" 1\n",
          "a 60 IN TXT \"#\" \"1\"\n" },
    };
    (void)state;
    check_rows(rows, COUNT_OF(rows));
}

static void a_file_may_bring_its_own_soa_and_servers(void **state)
{
    struct draft *draft = read_good("$TTL 60\n@ SOA ns1 host 7 1h 1h 1h 1h\n NS ns1\n NS ns2\n");
    (void)state;
    char *text = write_text(draft);
    assert_string_equal(text, "$ORIGIN lab.test.\n$TTL 300\n"
                              "@ 60 IN SOA ns1.lab.test. host.lab.test. 7 3600 3600 3600 3600\n"
                              "@ 60 IN NS ns1.lab.test.\n@ 60 IN NS ns2.lab.test.\n");
    free(text);
    draft_destroy(draft);
}

static void pieces_of_any_size_make_no_difference(void **state)
{
    static const char text[] =
        "\xef\xbb\xbf; a zone\r\n$TTL 1h\r\n@ IN SOA ns1 host ( 1 ; serial\r\n"
        " 2h 15m ; times\r\n 2w 1d )\r\n\tNS\tns1\r\nns1 A 192.0.2.1\r\n"
        "t\\.x\\032 TXT \"a \\\" ; b\" c\\;d \"\\000\\255\"\r\n"
        "h HTTPS 1 . alpn=\"h2,h3\" port=443";
    struct reading whole = read_octets(text, sizeof text - 1, 0);
    (void)state;
    assert_int_equal(whole.problem.status, 0);
    assert_int_equal(whole.draft->name_count, 4);
    for (size_t piece = 1; piece < sizeof text; piece++) {
        struct reading reading = read_octets(text, sizeof text - 1, piece);
        assert_int_equal(reading.problem.status, 0);
        assert_same_drafts(whole.draft, reading.draft);
        draft_destroy(reading.draft);
    }
    draft_destroy(whole.draft);
}

static void lines_of_record_sets_are_kept(void **state)
{
    struct draft *draft = read_good("$TTL 5\n\na A 192.0.2.1\n  A 192.0.2.2\n TXT (\n x )\n");
    uint8_t owner[DNS_NAME_SIZE_MAX];
    (void)state;
    wire_name(owner, "a.lab.test.");
    struct record_set *sets = draft_find(draft, owner)->sets;
    assert_int_equal(record_set_find(sets, DNS_TYPE_A)->line, 3);
    assert_int_equal(record_set_find(sets, DNS_TYPE_TXT)->line, 5);
    draft_destroy(draft);
}

static void what_deserves_a_word_is_accepted_with_a_warning(void **state)
{
    static const struct warning_row {
        const char *why;
        const char *file;
        const char *expect;
    } rows[] = {
        { "TTLs of one set differ: the first counts (RFC 2181 §5.2)",
          "a 60 A 192.0.2.1\na 61 A 192.0.2.2\n",
          "lab.zone:2: a.lab.test. A: the TTL is 61 here and 60 in line 1; 60 is taken for all" },
        { "the same value twice", "a 60 A 192.0.2.1\n\na 60 A 192.0.2.1\n",
          "lab.zone:3: a.lab.test. A: the same value stands above; it counts once" },
        { "the SOA once more, as a zone transfer ends",
          "$TTL 60\n@ SOA a b 1 2 3 4 5\n@ SOA A B 1 2 3 4 5\n",
          "lab.zone:3: lab.test. SOA: the same value stands above; it counts once" },
        { "no TTL anywhere", "@ SOA a b 1 2 3 4 5\n",
          "lab.zone:1: there is no TTL; the SOA's minimum, 5, is taken" },
        { "an owner that lacks its dot", "a.lab.test 60 A 192.0.2.1\n",
          "lab.zone:1: \"a.lab.test\" has no final dot, so it means a.lab.test.lab.test." },
        { "a target that lacks its dot", "a 60 MX 1 (\n m.LAB.test)\n",
          "lab.zone:2: \"m.LAB.test\" has no final dot, so it means m.LAB.test.lab.test." },
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct reading reading = read_text(rows[i].file);
        if (reading.problem.status != 0)
            fail_msg("%s: %s", rows[i].why, reading.problem.text);
        if (reading.warnings[0] == NULL)
            fail_msg("%s: no warning", rows[i].why);
        assert_string_equal(reading.warnings[0], rows[i].expect);
        assert_null(reading.warnings[1]);
        draft_destroy(reading.draft);
    }
}

static void what_is_in_order_gets_no_warning(void **state)
{
    static const char *const files[] = {
        "$TTL 60\na.lab.test. A 192.0.2.1\nlab A 192.0.2.1\ntest CNAME lab\nxlab.test A "
        "192.0.2.1\n",
        "$TTL 60\na A 192.0.2.1\na A 192.0.2.2\na TXT 192.0.2.1\n",
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(files); i++) {
        struct reading reading = read_text(files[i]);
        assert_int_equal(reading.problem.status, 0);
        assert_null(reading.warnings[0]);
        draft_destroy(reading.draft);
    }
}

static void warnings_beyond_twenty_are_counted(void **state)
{
    char text[4096] = "$TTL 60\n";
    (void)state;
    for (unsigned i = 0; i < 26; i++)
        strcat(text, "a A 192.0.2.1\n");
    struct reading reading = read_text(text);
    unsigned count = 0;
    while (reading.warnings[count] != NULL)
        count++;
    assert_int_equal(count, 21);
    assert_string_equal(reading.warnings[20], "and 5 more warnings");
    draft_destroy(reading.draft);
}

static int refuse(void *context, struct span text)
{
    (void)text;
    ++*(int *)context;
    return SP_EIO;
}

static void a_sink_that_fails_ends_the_writing(void **state)
{
    struct draft *draft = lab_draft(true);
    struct draft_name *name = draft_name(draft, draft->zone.name);
    int calls = 0;
    (void)state;
    for (uint32_t i = 0; i < 20000; i++) {
        uint8_t rdata[4];
        bool added;
        put_u32(rdata, i);
        draft_add_value(draft, name, DNS_TYPE_A, 1, (struct span){ rdata, 4 }, 0, &added);
    }
    assert_int_equal(zone_file_write(draft, refuse, &calls), SP_EIO);
    assert_int_equal(calls, 1);
    draft_destroy(draft);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(owners_are_relative_repeated_or_absolute),
    cmocka_unit_test(ttl_and_class_come_in_either_order_or_not_at_all),
    cmocka_unit_test(lines_and_words_are_cut_as_rfc_1035_says),
    cmocka_unit_test(names_may_hold_any_octet),
    cmocka_unit_test(values_of_every_type_are_read),
    cmocka_unit_test(a_file_may_bring_its_own_soa_and_servers),
    cmocka_unit_test(pieces_of_any_size_make_no_difference),
    cmocka_unit_test(lines_of_record_sets_are_kept),
    cmocka_unit_test(what_deserves_a_word_is_accepted_with_a_warning),
    cmocka_unit_test(what_is_in_order_gets_no_warning),
    cmocka_unit_test(warnings_beyond_twenty_are_counted),
    cmocka_unit_test(a_sink_that_fails_ends_the_writing),
};

RUN_TESTS(tests)
