/* Values of records: A-CHG-23, A-CHG-25, R-TYP; texts that nobody wrote must be read back. */
#include "tests.h"

#include "values.h"

#include "signpost/dns/types.h"
#include "signpost/model/zone_file.h"

#define FATAL(kind, text, value) "FATAL problem: " kind " (" text ") encountered with '" value "'"
#define QUOTES(value)                                                                              \
    FATAL("InvalidCharacterString", "Value should be enclosed in quotation marks", value)
#define UNSUPPORTED(value)                                                                         \
    FATAL("UnsupportedCharacter", "Value contains unsupported characters", value)
#define S85  "abcdefghijklmnopqrstuvwxyz0123456789abcdefghijklmnopqrstuvwxyz0123456789abcdefghijklm"
#define S255 S85 S85 S85

static void good_values_are_read(void **state)
{
    static const struct row {
        enum dns_type type;
        const char *given;
        const char *zone_file; /* the same as a zone file has it */
        const char *listed;    /* when nobody wrote it; NULL: as given */
    } rows[] = {
        { DNS_TYPE_A, "192.0.2.1", "192.0.2.1", NULL },
        { DNS_TYPE_AAAA, "2001:DB8::1", "2001:db8::1", "2001:db8::1" },
        { DNS_TYPE_AAAA, "::ffff:192.0.2.1", "::ffff:192.0.2.1", NULL },
        { DNS_TYPE_CNAME, "WWW.harbor.test", "www.harbor.test.", "www.harbor.test." },
        { DNS_TYPE_CNAME, "\\052.harbor.test.", "*.harbor.test.", NULL },
        { DNS_TYPE_CNAME, "a;(b)@\\344.test", "a\\;\\(b\\)\\@\\228.test.",
          "a\\073\\050b\\051\\100\\344.test." },
        { DNS_TYPE_NS, "ns-7.awsdns-00.com", "ns-7.awsdns-00.com.", "ns-7.awsdns-00.com." },
        { DNS_TYPE_PTR, "harbor.test.", "harbor.test.", NULL },
        { DNS_TYPE_MX, "10 mail.harbor.test.", "10 mail.harbor.test.", NULL },
        { DNS_TYPE_MX, "  10   Mail.harbor.test ", "10 mail.harbor.test.", "10 mail.harbor.test." },
        { DNS_TYPE_MX, "0 .", "0 .", NULL },
        { DNS_TYPE_SRV, "1 10 5269 xmpp.harbor.test.", "1 10 5269 xmpp.harbor.test.", NULL },
        { DNS_TYPE_SOA, "ns.test. h\\056m.test. 1 7200 900 1209600 86400",
          "ns.test. h\\.m.test. 1 7200 900 1209600 86400", NULL },
        { DNS_TYPE_NAPTR, "100 50 \"u\" \"E2U+sip\" \"!^(.*)$!sip:\\\\1@x!\" .",
          "100 50 \"u\" \"E2U+sip\" \"!^(.*)$!sip:\\\\1@x!\" .", NULL },
        { DNS_TYPE_NAPTR, "100 50 \"s\" \"\" \"\" _sip._udp.harbor.test.",
          "100 50 \"s\" \"\" \"\" _sip._udp.harbor.test.", NULL },
        { DNS_TYPE_CAA, "0 issue \"ca.example.net; policy=ev\"",
          "0 issue \"ca.example.net; policy=ev\"", NULL },
        { DNS_TYPE_DS, "60485 5 1 2BB183AF5F22588179A53B0A98631FAD1A292118",
          "60485 5 1 2bb183af5f22588179a53b0a98631fad1a292118",
          "60485 5 1 2bb183af5f22588179a53b0a98631fad1a292118" },
        { DNS_TYPE_SSHFP, "1 1 09f6a01d2175742b257c6b98b7c72c44c4040683",
          "1 1 09f6a01d2175742b257c6b98b7c72c44c4040683", NULL },
        { DNS_TYPE_TLSA, "3 1 1 d2abde240d7cd3ee6b4b28c54df034b9d2abde240d7cd3ee6b4b28c54df034b9",
          "3 1 1 d2abde240d7cd3ee6b4b28c54df034b9d2abde240d7cd3ee6b4b28c54df034b9", NULL },
        { DNS_TYPE_SVCB, "0 svc.harbor.test.", "0 svc.harbor.test.", NULL },
        { DNS_TYPE_HTTPS, "1 . alpn=\"h2,h3\" port=8443 ipv4hint=192.0.2.1",
          "1 . alpn=\"h2,h3\" port=8443 ipv4hint=192.0.2.1", NULL },
        { DNS_TYPE_HTTPS, "1 . alpn=h2 ohttp", "1 . alpn=\"h2\" key8", "1 . alpn=\"h2\" ohttp" },
        { DNS_TYPE_HTTPS, "1 . mandatory=alpn,ohttp alpn=\"h2\" ohttp",
          "1 . mandatory=alpn,key8 alpn=\"h2\" key8", NULL },
        { DNS_TYPE_TXT, "\"v=spf1 ip4:192.0.2.0/24 -all; (c)\"",
          "\"v=spf1 ip4:192.0.2.0/24 -all; (c)\"", NULL },
        { DNS_TYPE_TXT, "\"a\" \"b & c\"", "\"a\" \"b & c\"", NULL },
        { DNS_TYPE_TXT, "\"a\"   \"b\" ", "\"a\" \"b\"", "\"a\" \"b\"" },
        { DNS_TYPE_TXT, "\"ex\\344mple.com\"", "\"ex\\228mple.com\"", NULL },
        { DNS_TYPE_TXT, "\"say \\\"hi\\\" and \\\\\"", "\"say \\\"hi\\\" and \\\\\"", NULL },
        { DNS_TYPE_TXT, "\"\\040\\x\\9\"", "\" x9\"", "\" x9\"" },
        { DNS_TYPE_TXT, "\"\"", "\"\"", NULL },
        { DNS_TYPE_TXT, "\"" S255 "\"", "\"" S255 "\"", NULL },
        { DNS_TYPE_SPF, "\"v=spf1 -all\"", "\"v=spf1 -all\"", NULL },
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct arena *arena = arena_create();
        struct problem problem = { 0 };
        struct span got, expect;
        const char *fault = route53_read_value(arena, (uint16_t)rows[i].type, rows[i].given, &got);
        if (fault != NULL)
            fail_msg("%s: %s", rows[i].given, fault);
        if (rdata_from_text(arena, (uint16_t)rows[i].type, rows[i].zone_file, NULL, &expect,
                            &problem) != 0)
            fail_msg("%s: %s", rows[i].zone_file, problem.text);
        if (got.size != expect.size || memcmp(got.data, expect.data, got.size) != 0)
            fail_msg("%s is not %s", rows[i].given, rows[i].zone_file);
        const char *listed = rows[i].listed == NULL ? rows[i].given : rows[i].listed;
        assert_string_equal(route53_value_text(arena, (uint16_t)rows[i].type, got), listed);
        struct span again;
        assert_null(route53_read_value(arena, (uint16_t)rows[i].type, listed, &again));
        assert_int_equal(again.size, got.size);
        assert_memory_equal(again.data, got.data, got.size);
        arena_destroy(arena);
    }
}

static void bad_values_are_refused_in_route_53s_words(void **state)
{
    static const struct row {
        enum dns_type type;
        const char *given;
        const char *fault;
    } rows[] = {
#define BAD_A(value)                                                                               \
    { DNS_TYPE_A, value,                                                                           \
      FATAL("ARRDATAIllegalIPv4Address", "Value is not a valid IPv4 address", value) }
#define BAD_AAAA(value)                                                                            \
    {                                                                                              \
        DNS_TYPE_AAAA, value,                                                                      \
            FATAL("AAAARRDATAIllegalIPv6Address", "Value is not a valid IPv6 address", value)      \
    }
        BAD_A("192.0.2"),
        BAD_A("192.0.2.256"),
        BAD_A("192.0.2.1 "),
        BAD_A("192.0.2.1;c"),
        BAD_A("\\# 4 c0000201"),
        BAD_A(""),
        BAD_A("::1"),
        BAD_A("harbor.test"),
        BAD_AAAA("192.0.2.1"),
        BAD_AAAA("2001:db8::1::"),
        BAD_AAAA("fe80::1%eth0"),
        { DNS_TYPE_TXT, "text", QUOTES("text") },
        { DNS_TYPE_TXT, "", QUOTES("") },
        { DNS_TYPE_TXT, " ", QUOTES(" ") },
        { DNS_TYPE_TXT, "\"open", QUOTES("\"open") },
        { DNS_TYPE_TXT, "\"open\\\"", QUOTES("\"open\\\"") },
        { DNS_TYPE_TXT, "\"a\" b", QUOTES("\"a\" b") },
        { DNS_TYPE_TXT, "\"a\"b\"", QUOTES("\"a\"b\"") },
        { DNS_TYPE_TXT, "\"a\tb\"", UNSUPPORTED("\"a\tb\"") },
        { DNS_TYPE_TXT, "\"a\nb\"", UNSUPPORTED("\"a\nb\"") },
        { DNS_TYPE_TXT, "\"\xc3\xbc\"", UNSUPPORTED("\"\xc3\xbc\"") },
        { DNS_TYPE_TXT, "\"" S255 "1\"",
          FATAL("CharacterStringTooLong", "Value is too long", "\"" S255 "1\"") },
        { DNS_TYPE_SPF, "v=spf1", QUOTES("v=spf1") },
        { DNS_TYPE_CNAME, "a..b", FATAL("DomainLabelEmpty", "Domain label is empty", "a..b") },
        { DNS_TYPE_CNAME, "", FATAL("DomainNameEmpty", "Domain name is empty", "") },
        { DNS_TYPE_CNAME, "a b", UNSUPPORTED(" ") },
        { DNS_TYPE_MX, "10 a..b", FATAL("DomainLabelEmpty", "Domain label is empty", "a..b") },
        { DNS_TYPE_MX, "mail.test",
          FATAL("MXRRDATANotTwoFields", "MX record doesn't have 2 fields", "mail.test") },
        { DNS_TYPE_MX, "10 mail test",
          FATAL("MXRRDATANotTwoFields", "MX record doesn't have 2 fields", "10 mail test") },
        { DNS_TYPE_MX, "", FATAL("MXRRDATANotTwoFields", "MX record doesn't have 2 fields", "") },
        { DNS_TYPE_MX, "65536 mail",
          FATAL("MXRRDATAIllegalNumber", "a field is not a number from 0 to 65535", "65536 mail") },
        { DNS_TYPE_MX, "-1 mail",
          FATAL("MXRRDATAIllegalNumber", "a field is not a number from 0 to 65535", "-1 mail") },
        { DNS_TYPE_SRV, "1 2 x.test",
          FATAL("SRVRRDATANotFourFields", "SRV record doesn't have 4 fields", "1 2 x.test") },
        { DNS_TYPE_SOA, "ns.test h.test 1 2h 3 4 5",
          FATAL("SOARRDATAIllegalNumber", "a field is not a number from 0 to 4294967295",
                "ns.test h.test 1 2h 3 4 5") },
        { DNS_TYPE_CAA, "0 issue ca.example.net", QUOTES("0 issue ca.example.net") },
        { DNS_TYPE_CAA, "0 is-sue \"x\"",
          FATAL("CAARRDATAIllegalFormat", "a field has other than letters and digits",
                "0 is-sue \"x\"") },
        { DNS_TYPE_NAPTR, "1 2 \"\" \"\" \"\"",
          FATAL("NAPTRRRDATANotSixFields", "NAPTR record doesn't have 6 fields",
                "1 2 \"\" \"\" \"\"") },
        { DNS_TYPE_DS, "1 RSASHA1 1 00",
          FATAL("DSRRDATAIllegalNumber", "a field is not a number from 0 to 255",
                "1 RSASHA1 1 00") },
        { DNS_TYPE_SSHFP, "1 1 xyz",
          FATAL("SSHFPRRDATAIllegalFormat", "a field has other than hexadecimal digits",
                "1 1 xyz") },
        { DNS_TYPE_HTTPS, "1 . key3=\"x\"",
          FATAL("HTTPSRRDATAIllegalFormat", "parameters go by their names, not by numbers",
                "1 . key3=\"x\"") },
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct arena *arena = arena_create();
        struct span rdata;
        const char *fault =
            route53_read_value(arena, (uint16_t)rows[i].type, rows[i].given, &rdata);
        if (fault == NULL || strcmp(fault, rows[i].fault) != 0)
            fail_msg("expected: %s\n     got: %s", rows[i].fault, fault);
        arena_destroy(arena);
    }
}

/* The reason is the model's own. */
static void what_only_the_model_knows_is_refused_too(void **state)
{
    static const struct row {
        enum dns_type type;
        const char *given;
        const char *kind;
    } rows[] = {
        { DNS_TYPE_SVCB, "32768 x.test", "SVCBRRDATAIllegalFormat (" },
        { DNS_TYPE_SVCB, "1 x.test bogus=1", "SVCBRRDATAIllegalFormat (" },
        { DNS_TYPE_HTTPS, "1 . no-default-alpn", "HTTPSRRDATAIllegalFormat (" },
        { DNS_TYPE_HTTPS, "1 . port=\"8\" port=9", "HTTPSRRDATAIllegalFormat (" },
        { DNS_TYPE_SSHFP, "5 1 00", "SSHFPRRDATAIllegalFormat (" },
        { DNS_TYPE_TLSA, "4 1 1 00", "TLSARRDATAIllegalFormat (" },
        { DNS_TYPE_DS, "1 1 1 0", "DSRRDATAIllegalFormat (" },
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct arena *arena = arena_create();
        struct span rdata;
        const char *fault =
            route53_read_value(arena, (uint16_t)rows[i].type, rows[i].given, &rdata);
        if (fault == NULL || strstr(fault, rows[i].kind) == NULL)
            fail_msg("%s: %s", rows[i].given, fault);
        arena_destroy(arena);
    }
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(good_values_are_read),
    cmocka_unit_test(bad_values_are_refused_in_route_53s_words),
    cmocka_unit_test(what_only_the_model_knows_is_refused_too),
};

RUN_TESTS(tests)
