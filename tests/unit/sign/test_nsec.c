/*
 * What a "no" says: which name comes next, and which types it speaks of (R-SEC-11, R-SEC-12,
 * R-SEC-15).
 */
#include "signpost/sign/nsec.h"

#include "signed.h"

/* ---- the next name ---- */

/* Names in short: "a*63.b*5..lab.test" is a label of 63 a's, one of five b's, and the rest as it
 * stands; \DDD is one octet. */
static unsigned expand(uint8_t out[DNS_NAME_SIZE_MAX + 64], const char *text)
{
    unsigned size = 0;
    while (*text != 0) {
        unsigned label = size++;
        while (*text != '.' && *text != 0) {
            unsigned octet = (uint8_t)*text++, times = 1;
            int taken = 0;
            if (octet == '\\') {
                assert_int_equal(sscanf(text, "%3u", &octet), 1);
                text += 3;
            }
            if (*text == '*') {
                assert_int_equal(sscanf(text, "*%u%n", &times, &taken), 1);
                text += taken;
            }
            assert_true(size + times < DNS_NAME_SIZE_MAX);
            memset(out + size, (int)octet, times);
            size += times;
        }
        out[label] = (uint8_t)(size - label - 1);
        if (*text == '.')
            text++;
    }
    out[size++] = 0;
    assert_int_equal(dns_name_check(out, size), size);
    return size;
}

/* With "lab.test" (10 octets) behind them: 3 x 64 + 51 + 2 + 10 = 255. */
#define THREE "c*63.d*63.e*63.lab.test"

static void the_next_name_is_the_first_that_can_exist(void **state)
{
    static const struct row {
        const char *why;
        unsigned owner_size;
        const char *owner;
        const char *next;
    } rows[] = {
        { "R-SEC-11: the first name below", 14, "www.lab.test", "\\000.www.lab.test" },
        { "the zone's own name", 10, "lab.test", "\\000.lab.test" },
        { "a wildcard is a name like any other", 12, "*.lab.test", "\\000.*.lab.test" },
        { "a label of 63 octets does not matter while there is room", 74, "a*63.lab.test",
          "\\000.a*63.lab.test" },
        { "253 octets: just room for the label below", 253, "x*50." THREE, "\\000.x*50." THREE },
        { "254 octets: one more octet in the label", 254, "x*51." THREE, "x*51\\000." THREE },
        { "255 octets: the last octet plus one", 255, "x*52." THREE, "x*51y." THREE },
        { "255 octets: after @ comes [, upper case does not exist", 255, "x*51@." THREE,
          "x*51[." THREE },
        { "255 octets: after \\000 comes \\001", 255, "x*51\\000." THREE, "x*51\\001." THREE },
        { "255 octets: after ` comes a", 255, "x*51`." THREE, "x*51a." THREE },
        { "255 octets: \\255 is left out and the octet before it counts", 255, "x*51\\255." THREE,
          "x*50y." THREE },
        { "255 octets: as many of them as there are", 255, "x@\\255*50." THREE, "x[." THREE },
        { "255 octets: a label of nothing else: its parent's label, which is full", 255,
          "\\255*52." THREE, "c*62d.d*63.e*63.lab.test" },
        { "the parent's label has room: one octet more", 255, "\\255*53.c*62.d*63.e*63.lab.test",
          "c*62\\000.d*63.e*63.lab.test" },
        { "254 octets and a full label: its last octet plus one", 254,
          "y*63.x*51.d*63.e*63.lab.test", "y*62z.x*51.d*63.e*63.lab.test" },
        { "254 octets and a full label of \\255: the parent's", 254,
          "\\255*63.x*51.d*63.e*63.lab.test", "x*51\\000.d*63.e*63.lab.test" },
        { "the last name of the zone: round to its own", 255,
          "\\255*52.\\255*63.\\255*63.\\255*63.lab.test", "lab.test" },
        { "and the one before it", 255, "\\255*51\\254.\\255*63.\\255*63.\\255*63.lab.test",
          "\\255*52.\\255*63.\\255*63.\\255*63.lab.test" },
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        uint8_t owner[DNS_NAME_SIZE_MAX + 64], expected[DNS_NAME_SIZE_MAX + 64],
            zone[DNS_NAME_SIZE_MAX], next[DNS_NAME_SIZE_MAX];
        unsigned owner_size = expand(owner, rows[i].owner);
        unsigned expected_size = expand(expected, rows[i].next);
        const char *name = strstr(rows[i].owner, "lab.test");
        test_name(zone, name);
        if (owner_size != rows[i].owner_size)
            fail_msg("%s: the owner has %u octets", rows[i].why, owner_size);
        unsigned size = nsec_next_name(next, owner, zone);
        if (size != expected_size || memcmp(next, expected, size) != 0)
            fail_msg("%s", rows[i].why);
    }
}

/* A zone whose own name leaves no room: it is the only name. */
static void a_zone_with_no_room_below_it_follows_itself(void **state)
{
    static const char *const names[] = { "x*51." THREE, "x*52." THREE };
    uint8_t zone[DNS_NAME_SIZE_MAX + 64], next[DNS_NAME_SIZE_MAX];
    (void)state;
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        unsigned size = expand(zone, names[i]);
        assert_int_equal(nsec_next_name(next, zone, zone), size);
        assert_memory_equal(next, zone, size);
    }
}

/* ---- the types ---- */

/* The record as ldns writes it, without owner, TTL and class: "\000.www.lab.test. A RRSIG NSEC". */
static void nsec_text(char *out, size_t size, const struct dns_records *records,
                      const uint8_t *owner, uint32_t ttl_s)
{
    assert_int_equal(records->type, DNS_TYPE_NSEC);
    assert_int_equal(records->count, 1);
    assert_int_equal(get_u32(records->data + 4), ttl_s);
    ldns_rr *rr = rr_from_wire(owner, ttl_s, records->data, records->size);
    assert_non_null(rr);
    assert_int_equal(ldns_rr_get_type(rr), LDNS_RR_TYPE_NSEC);
    assert_int_equal(ldns_rr_get_class(rr), LDNS_RR_CLASS_IN);
    char *next = ldns_rdf2str(ldns_rr_rdf(rr, 0));
    char *types = ldns_rdf2str(ldns_rr_rdf(rr, 1));
    size_t length = (size_t)snprintf(out, size, "%s %s", next, types);
    while (length > 0 && out[length - 1] == ' ')
        out[--length] = 0;
    free(next);
    free(types);
    ldns_rr_free(rr);
}

#define ALL_BUT_A "PTR MX TXT AAAA SRV NAPTR SSHFP RRSIG NSEC TLSA SVCB HTTPS SPF CAA"
#define ALL       "A " ALL_BUT_A

static void the_bitmap_says_what_is_missing_and_nothing_else(void **state)
{
    static const struct row {
        const char *why;
        const char *owner;
        enum nsec_form form;
        uint16_t lacking;
        bool has_cds;
        const char *types;
    } rows[] = {
        { "R-SEC-11: no such name", "x.lab.test", NSEC_BARE, DNS_TYPE_A, false, "RRSIG NSEC" },
        { "RFC 9824 §3.2: no such name, said clearly", "x.lab.test", NSEC_NXNAME, DNS_TYPE_A, false,
          "RRSIG NSEC TYPE128" },
        { "RFC 6840 §4.3: an alias", "x.lab.test", NSEC_ALIAS, DNS_TYPE_A, false,
          "CNAME RRSIG NSEC" },
        { "R-SEC-15: a delegation without DS", "sub.lab.test", NSEC_INSECURE, DNS_TYPE_DS, false,
          "NS RRSIG NSEC" },
        { "R-SEC-12: all but A", "www.lab.test", NSEC_LACKS, DNS_TYPE_A, false, ALL_BUT_A },
        { "R-SEC-12: all but TXT", "www.lab.test", NSEC_LACKS, DNS_TYPE_TXT, false,
          "A PTR MX AAAA SRV NAPTR SSHFP RRSIG NSEC TLSA SVCB HTTPS SPF CAA" },
        { "all but HTTPS", "www.lab.test", NSEC_LACKS, DNS_TYPE_HTTPS, false,
          "A PTR MX TXT AAAA SRV NAPTR SSHFP RRSIG NSEC TLSA SVCB SPF CAA" },
        { "without CAA there is no second window", "www.lab.test", NSEC_LACKS, DNS_TYPE_CAA, false,
          "A PTR MX TXT AAAA SRV NAPTR SSHFP RRSIG NSEC TLSA SVCB HTTPS SPF" },
        { "CNAME is never there", "www.lab.test", NSEC_LACKS, DNS_TYPE_CNAME, false, ALL },
        { "DS is never there", "www.lab.test", NSEC_LACKS, DNS_TYPE_DS, false, ALL },
        { "NS would make it a delegation", "www.lab.test", NSEC_LACKS, DNS_TYPE_NS, false, ALL },
        { "a type that no record has", "www.lab.test", NSEC_LACKS, 13, false, ALL },
        { "a type of a window that is not written", "www.lab.test", NSEC_LACKS, 32769, false, ALL },
        { "the last window", "www.lab.test", NSEC_LACKS, 65535, false, ALL },
        { "CDS is the apex's alone", "www.lab.test", NSEC_LACKS, DNS_TYPE_MX, true,
          "A PTR TXT AAAA SRV NAPTR SSHFP RRSIG NSEC TLSA SVCB HTTPS SPF CAA" },
        { "R-SEC-12: the apex has NS, SOA and DNSKEY", "lab.test", NSEC_LACKS, DNS_TYPE_A, false,
          "NS SOA PTR MX TXT AAAA SRV NAPTR SSHFP RRSIG NSEC DNSKEY TLSA SVCB HTTPS SPF CAA" },
        { "and CDS and CDNSKEY where they are published", "lab.test", NSEC_LACKS, DNS_TYPE_A, true,
          "NS SOA PTR MX TXT AAAA SRV NAPTR SSHFP RRSIG NSEC DNSKEY TLSA CDS CDNSKEY SVCB HTTPS "
          "SPF CAA" },
        { "asked for where they are not", "lab.test", NSEC_LACKS, DNS_TYPE_CDS, false,
          "A NS SOA PTR MX TXT AAAA SRV NAPTR SSHFP RRSIG NSEC DNSKEY TLSA SVCB HTTPS SPF CAA" },
        { "DS at the apex: of the zone above", "lab.test", NSEC_LACKS, DNS_TYPE_DS, false,
          "A NS SOA PTR MX TXT AAAA SRV NAPTR SSHFP RRSIG NSEC DNSKEY TLSA SVCB HTTPS SPF CAA" },
    };
    static const uint8_t value[] = { 0, 5, 0, 0, 0, 0, 0 };
    static const struct signature_source signature = { 0, 1, { value, sizeof value } };
    static const struct signed_set_source cds[] = {
        { DNS_TYPE_CDS, 3600, 1, { value, sizeof value }, 1, &signature },
        { DNS_TYPE_CDNSKEY, 3600, 1, { value, sizeof value }, 1, &signature },
    };
    struct signed_zone zone = make_signed_zone("lab.test", &rfc_key);
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        uint8_t owner[DNS_NAME_SIZE_MAX], room[NSEC_RECORD_SIZE_MAX];
        struct dns_records records;
        char text[2000], expected[2000];
        test_name(owner, rows[i].owner);
        sign_zone(&zone, &rfc_key, cds, rows[i].has_cds ? COUNT_OF(cds) : 0);
        nsec_write(room, zone.zone, owner, rows[i].form, rows[i].lacking, 77, &records);
        nsec_text(text, sizeof text, &records, owner, 77);
        snprintf(expected, sizeof expected, "\\000.%s. %s", rows[i].owner, rows[i].types);
        if (strcmp(text, expected) != 0)
            fail_msg("%s:\n  %s, not\n  %s", rows[i].why, text, expected);
    }
    free_signed_zone(&zone);
}

/* Whatever is asked for, its own bit is missing, and those of RRSIG and NSEC are there. */
static void no_type_is_said_to_be_there_when_it_was_asked_for(void **state)
{
    struct signed_zone zone = make_signed_zone("lab.test", &rfc_key);
    static const char *const owners[] = { "lab.test", "www.lab.test" };
    (void)state;
    for (unsigned type = 1; type < 65536; type++) {
        if (type == DNS_TYPE_RRSIG || type == DNS_TYPE_NSEC)
            continue;
        for (size_t i = 0; i < COUNT_OF(owners); i++) {
            uint8_t owner[DNS_NAME_SIZE_MAX], room[NSEC_RECORD_SIZE_MAX];
            struct dns_records records;
            test_name(owner, owners[i]);
            nsec_write(room, zone.zone, owner, NSEC_LACKS, (uint16_t)type, 77, &records);
            size_t next_size = dns_name_size(room + RRSET_FIXED_SIZE);
            ldns_rdf *bitmap = ldns_rdf_new_frm_data(LDNS_RDF_TYPE_NSEC,
                                                     records.size - RRSET_FIXED_SIZE - next_size,
                                                     room + RRSET_FIXED_SIZE + next_size);
            assert_false(ldns_nsec_bitmap_covers_type(bitmap, (ldns_rr_type)type));
            assert_true(ldns_nsec_bitmap_covers_type(bitmap, LDNS_RR_TYPE_RRSIG));
            assert_true(ldns_nsec_bitmap_covers_type(bitmap, LDNS_RR_TYPE_NSEC));
            ldns_rdf_deep_free(bitmap);
        }
    }
    free_signed_zone(&zone);
}

static void the_longest_record_fits_its_room(void **state)
{
    struct signed_zone zone = make_signed_zone("lab.test", &rfc_key);
    uint8_t owner[DNS_NAME_SIZE_MAX + 64];
    uint8_t *room = malloc(NSEC_RECORD_SIZE_MAX);
    struct dns_records records;
    (void)state;
    assert_int_equal(expand(owner, "x*50." THREE), 253);
    nsec_write(room, zone.zone, owner, NSEC_LACKS, DNS_TYPE_A, 77, &records);
    assert_true(records.size > RRSET_FIXED_SIZE + 255 && records.size <= NSEC_RECORD_SIZE_MAX);
    free(room);
    free_signed_zone(&zone);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(the_next_name_is_the_first_that_can_exist),
    cmocka_unit_test(a_zone_with_no_room_below_it_follows_itself),
    cmocka_unit_test(the_bitmap_says_what_is_missing_and_nothing_else),
    cmocka_unit_test(no_type_is_said_to_be_there_when_it_was_asked_for),
    cmocka_unit_test(the_longest_record_fits_its_room),
};

RUN_TESTS(tests)
