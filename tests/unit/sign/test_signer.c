/*
 * Signatures as a validator sees them: ldns verifies what the signer signs, and nothing else.
 */
#define OPENSSL_API_COMPAT 0x10100000L /* for the function that one test stands in front of */

#include "signpost/sign/signer.h"

#include "signpost/base/status.h"

#include "signed.h"

#include <dlfcn.h>

static const struct signer_settings settings = { .remembered = 64, .per_second = 1000 };

/* ---- what is believed ---- */

#define VALUES_MAX 6

struct row {
    const char *why;
    const char *owner;
    uint16_t type;
    uint32_t ttl_s;
    const char *values[VALUES_MAX]; /* "|" begins another part */
};

static void fill(struct sample *sample, const struct row *row)
{
    uint8_t owner[DNS_NAME_SIZE_MAX], rdata[4096];
    test_name(owner, row->owner);
    sample_open(sample, owner, row->type, row->ttl_s);
    sample_add_part(sample);
    for (unsigned i = 0; i < VALUES_MAX && row->values[i] != NULL; i++) {
        if (strcmp(row->values[i], "|") == 0)
            sample_add_part(sample);
        else
            sample_add(sample, rdata, test_rdata(rdata, row->type, row->values[i]));
    }
    sample_close(sample);
}

static void check_row(struct signing_test *test, const struct row *row)
{
    fill(&test->sample, row);
    assert_int_equal(sign_at(test, NOW_MS, VALIDITY_S), 0);
    if (!is_believed(test, NOW_MS))
        fail_msg("made: %s", row->why);
    uint64_t remembered = counter_read(&test->figures.remembered);
    assert_int_equal(sign_at(test, NOW_MS + 5000, VALIDITY_S), 0);
    assert_int_equal(counter_read(&test->figures.remembered), remembered + 1);
    if (!is_believed(test, NOW_MS + 5000))
        fail_msg("remembered: %s", row->why);
}

static void ldns_believes_every_set(void **state)
{
    static const struct row rows[] = {
        { "one record", "www.example.net", DNS_TYPE_A, 3600, { "192.0.2.1" } },
        { "already in order", "a.example.net", DNS_TYPE_A, 60, { "192.0.2.1", "192.0.2.2" } },
        { "not in order",
          "b.example.net",
          DNS_TYPE_A,
          60,
          { "192.0.2.200", "10.0.0.1", "192.0.2.1", "255.0.0.0", "0.0.0.0" } },
        { "of several parts (R-MVA-2)",
          "c.example.net",
          DNS_TYPE_A,
          60,
          { "192.0.2.9", "|", "192.0.2.1", "|", "192.0.2.5" } },
        { "RFC 4034 §6.3: equal records count once",
          "d.example.net",
          DNS_TYPE_A,
          60,
          { "192.0.2.9", "|", "192.0.2.1", "192.0.2.3", "|", "192.0.2.9" } },
        { "nothing but equal records",
          "d2.example.net",
          DNS_TYPE_TXT,
          60,
          { "same", "same", "same" } },
        { "RFC 4034 §6.3: a shorter one comes before its extension",
          "e.example.net",
          DNS_TYPE_SPF,
          60,
          { "0261610161", "026161", "02616100", "0000", "00" } },
        { "the order is of octets, not of lengths",
          "f.example.net",
          DNS_TYPE_SPF,
          60,
          { "0180", "02017f", "03ff0000", "01ff" } },
        { "a wildcard owner", "*.example.net", DNS_TYPE_A, 60, { "192.0.2.1" } },
        { "a star that is no wildcard", "a.*.example.net", DNS_TYPE_A, 60, { "192.0.2.1" } },
        { "R-SEC-13: a name that a wildcard answers for",
          "x.y.example.net",
          DNS_TYPE_A,
          60,
          { "192.0.2.1" } },
        { "TTL 0", "www.example.net", DNS_TYPE_A, 0, { "192.0.2.1" } },
        { "R-SEC-9: the highest TTL", "www.example.net", DNS_TYPE_A, 604800, { "192.0.2.1" } },
        { "TTL 2^31 - 1", "www.example.net", DNS_TYPE_A, 2147483647, { "192.0.2.1" } },
        { "octet 1 in a label", "\\001.example.net", DNS_TYPE_A, 60, { "192.0.2.1" } },
        { "octet 0 in a label", "a\\000b.example.net", DNS_TYPE_A, 60, { "192.0.2.1" } },
        { "octet 128 in a label", "\\128.example.net", DNS_TYPE_A, 60, { "192.0.2.1" } },
        { "octet 255 in a label", "\\255.example.net", DNS_TYPE_A, 60, { "192.0.2.1" } },
        { "a dot inside a label", "a\\.b.example.net", DNS_TYPE_A, 60, { "192.0.2.1" } },
        { "R-REC-1: SOA",
          "example.net",
          DNS_TYPE_SOA,
          900,
          { "ns.example.net host.example.net 1 7200 900 1209600 86400" } },
        { "NS", "example.net", DNS_TYPE_NS, 60, { "ns2.example.org", "ns1.example.org" } },
        { "CNAME", "c1.example.net", DNS_TYPE_CNAME, 60, { "target.example.com" } },
        { "PTR", "p.example.net", DNS_TYPE_PTR, 60, { "b.example.com", "a.example.com" } },
        { "MX",
          "example.net",
          DNS_TYPE_MX,
          60,
          { "20 a.example.com", "10 b.example.com", "10 a.example.com" } },
        { "TXT", "t.example.net", DNS_TYPE_TXT, 60, { "v=1 B", "V=1 a", "v=1" } },
        { "AAAA", "q.example.net", DNS_TYPE_AAAA, 60, { "2001:db8::2", "2001:db8::1" } },
        { "SRV", "_s._tcp.example.net", DNS_TYPE_SRV, 60, { "2 1 1 b.test", "1 2 1 a.test" } },
        { "NAPTR",
          "n.example.net",
          DNS_TYPE_NAPTR,
          60,
          { "000a000a0175077369702b643275000161016200", "0001000a0175000000" } },
        { "DS",
          "sub.example.net",
          DNS_TYPE_DS,
          60,
          { "d9600d02000102030405060708090a0b0c0d0e0f000102030405060708090a0b0c0d0e0f" } },
        { "SSHFP",
          "h.example.net",
          DNS_TYPE_SSHFP,
          60,
          { "0401000102030405060708090a0b0c0d0e0f00010203",
            "0101000102030405060708090a0b0c0d0e0f00010203" } },
        { "TLSA", "_443._tcp.example.net", DNS_TYPE_TLSA, 60, { "030101aabb", "030101aa" } },
        { "SVCB", "v.example.net", DNS_TYPE_SVCB, 60, { "000101610000010003026832", "000000" } },
        { "HTTPS",
          "w.example.net",
          DNS_TYPE_HTTPS,
          60,
          { "0001000001000302683200030002"
            "1fd6" } },
        { "SPF", "s.example.net", DNS_TYPE_SPF, 60, { "06763d73706631" } },
        { "CAA",
          "example.net",
          DNS_TYPE_CAA,
          60,
          { "0005697373756563612e74657374", "800569737375653b" } },
    };
    struct signing_test *test = open_signing(&settings, "example.net");
    bool is_covered[DNS_TYPE_COUNT] = { false };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        check_row(test, &rows[i]);
        is_covered[dns_type_index(rows[i].type)] = true;
    }
    for (unsigned i = 0; i < DNS_TYPE_COUNT; i++)
        if (!is_covered[i])
            fail_msg("no row has a record of type %s", dns_type_at(i)->name);
    close_signing(test);
}

static void zones_of_every_size_sign(void **state)
{
    static const struct {
        const char *zone, *owner;
    } rows[] = { { ".", "www.example.net" },
                 { ".", "." },
                 { "test", "test" },
                 { "test", "*.test" },
                 { "1.0.0.127.in-addr.arpa", "1.0.0.127.in-addr.arpa" } };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct signing_test *test = open_signing(&settings, rows[i].zone);
        sample_one(&test->sample, rows[i].owner, DNS_TYPE_A, 60, "192.0.2.1");
        assert_int_equal(sign_at(test, NOW_MS, VALIDITY_S), 0);
        assert_true(is_believed(test, NOW_MS));
        close_signing(test);
    }
}

/* The longest names there are, of zone and owner. */
static void the_longest_names_fit_the_room(void **state)
{
    uint8_t zone[DNS_NAME_SIZE_MAX] = { 0 }, rdata[4] = { 192, 0, 2, 1 };
    struct signing_test *test = open_signing(&settings, "example.net");
    (void)state;
    for (unsigned at = 0; at < 254; at += 2)
        memcpy(zone + at, "\1a", 2);
    free_signed_zone(&test->zone);
    test->zone = make_signed_zone_at(zone, &rfc_key);
    sample_open(&test->sample, zone, DNS_TYPE_A, 60);
    sample_add_part(&test->sample);
    sample_add(&test->sample, rdata, sizeof rdata);
    sample_close(&test->sample);
    assert_int_equal(sign_at(test, NOW_MS, VALIDITY_S), 0);
    assert_int_equal(test->rrsig.size, RRSIG_RECORD_SIZE_MAX);
    assert_true(is_believed(test, NOW_MS));
    close_signing(test);
}

/* Over all the parts.  ldns takes as many as 65,535 octets hold uncompressed: the root is short. */
static void a_set_of_thousands_is_brought_into_order(void **state)
{
    struct signing_test *test = open_signing(&settings, ".");
    struct sample *sample = &test->sample;
    uint8_t owner[DNS_NAME_SIZE_MAX], rdata[4];
    (void)state;
    test_name(owner, ".");
    sample_open(sample, owner, DNS_TYPE_A, 60);
    for (uint32_t i = 0; i < 4000; i++) {
        if (i % 500 == 0)
            sample_add_part(sample);
        put_u32(rdata, i * 2654435761u);
        sample_add(sample, rdata, sizeof rdata);
    }
    sample_close(sample);
    assert_int_equal(sign_at(test, NOW_MS, VALIDITY_S), 0);
    assert_true(is_believed(test, NOW_MS));
    close_signing(test);
}

static void a_set_that_no_message_holds_is_not_signed(void **state)
{
    struct signing_test *test = open_signing(&settings, "example.net");
    uint8_t owner[DNS_NAME_SIZE_MAX], rdata[4];
    (void)state;
    test_name(owner, "many.example.net");
    for (unsigned more = 0; more < 2; more++) {
        sample_open(&test->sample, owner, DNS_TYPE_A, 60);
        for (uint32_t i = 0; i < DNS_RECORDS_PER_MESSAGE_MAX + more; i++) {
            if (i % 2000 == 0)
                sample_add_part(&test->sample);
            put_u32(rdata, i);
            sample_add(&test->sample, rdata, sizeof rdata);
        }
        sample_close(&test->sample);
        assert_int_equal(sign_at(test, NOW_MS, VALIDITY_S), more ? SP_ELIMIT : 0);
    }
    close_signing(test);
}

/* ---- the fields ---- */

static void the_fields_are_those_of_rfc_4034(void **state)
{
    static const struct {
        const char *why, *owner;
        uint64_t now_s;
        uint32_t validity_s, ttl_s;
        unsigned labels;
        uint32_t expires, incepted;
    } rows[] = {
        { "R-SEC-6: an hour before, a day after", "www.example.net", 1790000000, 86400, 60, 3,
          1790086400, 1789996400 },
        { "the apex", "example.net", 1790000000, 86400, 604800, 2, 1790086400, 1789996400 },
        { "RFC 4034 §3.1.3: a leftmost star is not counted", "*.example.net", 1790000000, 86400, 60,
          2, 1790086400, 1789996400 },
        { "another star is", "a.*.example.net", 1790000000, 86400, 60, 4, 1790086400, 1789996400 },
        { "and so is a label that begins with one", "*a.example.net", 1790000000, 86400, 60, 3,
          1790086400, 1789996400 },
        { "the shortest validity", "www.example.net", 1790000000, 2, 60, 3, 1790000002,
          1789996400 },
        { "RFC 4034 §3.1.5: beyond 2106 the count begins again", "www.example.net", 4294967290u,
          86400, 60, 3, 86394, 4294963690u },
        { "after which the hour before is still in the old one", "www.example.net", 4294967396u,
          86400, 61, 3, 86500, 4294963796u },
    };
    struct signing_test *test = open_signing(&settings, "example.net");
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        for (unsigned again = 0; again < 2; again++) {
            sample_one(&test->sample, rows[i].owner, DNS_TYPE_A, rows[i].ttl_s, "192.0.2.1");
            assert_int_equal(sign_at(test, rows[i].now_s * 1000 + 1 + again, rows[i].validity_s),
                             0);
            const uint8_t *record = test->rrsig.data, *rdata = record + RRSET_FIXED_SIZE;
            assert_int_equal(test->rrsig.type, DNS_TYPE_RRSIG);
            assert_int_equal(test->rrsig.count, 1);
            assert_ptr_equal(record, test->room);
            assert_int_equal(get_u16(record), DNS_TYPE_RRSIG);
            assert_int_equal(get_u16(record + 2), DNS_CLASS_IN);
            assert_int_equal(get_u32(record + 4), rows[i].ttl_s);
            assert_int_equal(get_u16(record + 8), test->rrsig.size - RRSET_FIXED_SIZE);
            assert_int_equal(get_u16(rdata), DNS_TYPE_A);
            assert_int_equal(rdata[2], 13); /* R-SEC-2 */
            if (rdata[3] != rows[i].labels || get_u32(rdata + 4) != rows[i].ttl_s ||
                get_u32(rdata + 8) != rows[i].expires || get_u32(rdata + 12) != rows[i].incepted)
                fail_msg("%s: %u %u %u %u", rows[i].why, rdata[3], get_u32(rdata + 4),
                         get_u32(rdata + 8), get_u32(rdata + 12));
            assert_int_equal(get_u16(rdata + 16), 55648); /* RFC 6605 §6.1 */
            assert_memory_equal(rdata + 18, "\7example\3net", 13);
        }
    }
    close_signing(test);
}

/* ---- what is not believed ---- */

static void a_changed_octet_is_not_believed(void **state)
{
    static const unsigned places[] = { 0, 1, 3, 4, 5, 6, 16 }; /* preference, letters */
    struct signing_test *test = open_signing(&settings, "example.net");
    (void)state;
    sample_one(&test->sample, "www.example.net", DNS_TYPE_MX, 60, "10 mail.example.net");
    assert_int_equal(sign_at(test, NOW_MS, VALIDITY_S), 0);
    assert_true(is_believed(test, NOW_MS));
    for (unsigned i = RRSET_FIXED_SIZE; i < test->rrsig.size; i++) {
        test->room[i] ^= 1;
        if (is_believed(test, NOW_MS))
            fail_msg("octet %u of the signature's record", i);
        test->room[i] ^= 1;
    }
    for (size_t i = 0; i < COUNT_OF(places); i++) {
        uint8_t *octet = &test->sample.data[RRSET_FIXED_SIZE + places[i]];
        *octet ^= 1;
        if (is_believed(test, NOW_MS))
            fail_msg("octet %u of the record's data", places[i]);
        *octet ^= 1;
    }
    assert_true(is_believed(test, NOW_MS));
    close_signing(test);
}

static void neither_is_a_record_more_or_less_nor_another_time(void **state)
{
    static const struct row three = {
        "", "www.example.net", DNS_TYPE_A, 60, { "192.0.2.1", "192.0.2.2", "192.0.2.3" }
    };
    static const struct row two = {
        "", "www.example.net", DNS_TYPE_A, 60, { "192.0.2.1", "192.0.2.2" }
    };
    struct signing_test *test = open_signing(&settings, "example.net");
    (void)state;
    fill(&test->sample, &three);
    assert_int_equal(sign_at(test, NOW_MS, VALIDITY_S), 0);
    assert_true(is_believed(test, NOW_MS - SIGNATURE_BACKDATE_S * 1000));
    assert_false(is_believed(test, NOW_MS - SIGNATURE_BACKDATE_S * 1000 - 1000));
    assert_true(is_believed(test, NOW_MS + VALIDITY_S * 1000u));
    assert_false(is_believed(test, NOW_MS + VALIDITY_S * 1000u + 1000));
    fill(&test->sample, &two);
    assert_false(is_believed(test, NOW_MS));
    sample_one(&test->sample, "ww.example.net", DNS_TYPE_A, 60, "192.0.2.1");
    assert_false(is_believed(test, NOW_MS));
    close_signing(test);
}

/* ---- keys ---- */

/* One signer serves zones whose keys take turns. */
static void every_zone_is_signed_with_its_own_key(void **state)
{
    struct signing_test *test = open_signing(&settings, "example.net");
    struct signed_zone first = test->zone, second;
    struct test_key key;
    char owner[40];
    (void)state;
    make_key(&key);
    second = make_signed_zone("example.net", &key);
    for (unsigned i = 0; i < 20; i++) {
        snprintf(owner, sizeof owner, "n%u.example.net", i / 2);
        sample_one(&test->sample, owner, DNS_TYPE_A, 60, "192.0.2.1");
        test->zone = i % 2 == 0 ? first : second;
        assert_int_equal(sign_at(test, NOW_MS, VALIDITY_S), 0);
        assert_true(is_believed(test, NOW_MS));
        assert_false(
            ldns_believes(i % 2 == 0 ? &second : &first, &test->sample, &test->rrsig, NOW_MS));
    }
    assert_int_equal(counter_read(&test->figures.made), 20);
    test->zone = first;
    free_signed_zone(&second);
    close_signing(test);
}

static void scalars_with_leading_zeros_sign(void **state)
{
    struct signing_test *test = open_signing(&settings, "example.net");
    struct test_key one = { { 0 }, { 0 } };
    /* The scalar 1, and with it the curve's own point (SEC 2 §2.4.2). */
    static const uint8_t point[64] = {
        0x6b, 0x17, 0xd1, 0xf2, 0xe1, 0x2c, 0x42, 0x47, 0xf8, 0xbc, 0xe6, 0xe5, 0x63,
        0xa4, 0x40, 0xf2, 0x77, 0x03, 0x7d, 0x81, 0x2d, 0xeb, 0x33, 0xa0, 0xf4, 0xa1,
        0x39, 0x45, 0xd8, 0x98, 0xc2, 0x96, 0x4f, 0xe3, 0x42, 0xe2, 0xfe, 0x1a, 0x7f,
        0x9b, 0x8e, 0xe7, 0xeb, 0x4a, 0x7c, 0x0f, 0x9e, 0x16, 0x2b, 0xce, 0x33, 0x57,
        0x6b, 0x31, 0x5e, 0xce, 0xcb, 0xb6, 0x40, 0x68, 0x37, 0xbf, 0x51, 0xf5,
    };
    (void)state;
    one.private_key[31] = 1;
    memcpy(one.public_key, point, sizeof point);
    sign_zone(&test->zone, &one, NULL, 0);
    sample_one(&test->sample, "www.example.net", DNS_TYPE_A, 60, "192.0.2.1");
    assert_int_equal(sign_at(test, NOW_MS, VALIDITY_S), 0);
    assert_true(is_believed(test, NOW_MS));
    close_signing(test);
}

/* About one signature in 128 has an r or an s that begins with a zero octet. */
static void numbers_with_leading_zeros_are_filled_up(void **state)
{
    static const struct signer_settings many = { .remembered = 4096, .per_second = 0 };
    struct signing_test *test = open_signing(&many, "example.net");
    unsigned short_ones = 0;
    (void)state;
    for (unsigned i = 0; short_ones < 3; i++) {
        char owner[40];
        assert_true(i < 20000);
        snprintf(owner, sizeof owner, "n%u.example.net", i);
        sample_one(&test->sample, owner, DNS_TYPE_A, 60, "192.0.2.1");
        assert_int_equal(sign_at(test, NOW_MS, VALIDITY_S), 0);
        const uint8_t *signature = test->room + test->rrsig.size - RRSIG_SIGNATURE_SIZE;
        if (signature[0] != 0 && signature[RRSIG_SIGNATURE_SIZE / 2] != 0)
            continue;
        assert_true(is_believed(test, NOW_MS));
        short_ones++;
    }
    close_signing(test);
}

/* ---- OpenSSL ---- */

static bool refuses;

/* Stands in front of OpenSSL's. */
ECDSA_SIG *ECDSA_do_sign(const unsigned char *digest, int size, EC_KEY *key)
{
    ECDSA_SIG *(*real)(const unsigned char *, int, EC_KEY *);
    *(void **)&real = dlsym(RTLD_NEXT, "ECDSA_do_sign");
    return refuses ? NULL : real(digest, size, key);
}

static void what_openssl_refuses_is_not_remembered(void **state)
{
    struct signing_test *test = open_signing(&settings, "example.net");
    (void)state;
    sample_one(&test->sample, "www.example.net", DNS_TYPE_A, 60, "192.0.2.1");
    refuses = true;
    assert_int_equal(sign_at(test, NOW_MS, VALIDITY_S), SP_EIO);
    assert_int_equal(sign_at(test, NOW_MS, VALIDITY_S), SP_EIO);
    refuses = false;
    assert_int_equal(sign_at(test, NOW_MS, VALIDITY_S), 0);
    assert_true(is_believed(test, NOW_MS));
    assert_int_equal(counter_read(&test->figures.made), 1);
    assert_int_equal(counter_read(&test->figures.remembered), 0);
    close_signing(test);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(ldns_believes_every_set),
    cmocka_unit_test(zones_of_every_size_sign),
    cmocka_unit_test(the_longest_names_fit_the_room),
    cmocka_unit_test(a_set_of_thousands_is_brought_into_order),
    cmocka_unit_test(a_set_that_no_message_holds_is_not_signed),
    cmocka_unit_test(the_fields_are_those_of_rfc_4034),
    cmocka_unit_test(a_changed_octet_is_not_believed),
    cmocka_unit_test(neither_is_a_record_more_or_less_nor_another_time),
    cmocka_unit_test(every_zone_is_signed_with_its_own_key),
    cmocka_unit_test(scalars_with_leading_zeros_sign),
    cmocka_unit_test(numbers_with_leading_zeros_are_filled_up),
    cmocka_unit_test(what_openssl_refuses_is_not_remembered),
};

RUN_TESTS(tests)
