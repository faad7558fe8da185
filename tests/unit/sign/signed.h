/*
 * signed.h - zones with a zone-signing key, record sets to sign, and ldns, which says whether it
 * believes the signature.
 */
#ifndef SIGNPOST_TEST_SIGNED_H
#define SIGNPOST_TEST_SIGNED_H

#include "signpost/sign/signer.h"

#include "zones.h"

#include <ldns/ldns.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>

#define SIGNED __attribute__((unused)) static

#define NOW_MS      1790000000500u /* in 2026, and not a whole second */
#define VALIDITY_S  86400
#define SAMPLE_SIZE 200000 /* more than any message holds */

/* ---- keys ---- */

struct test_key {
    uint8_t private_key[SIGNING_PRIVATE_SIZE];
    uint8_t public_key[64];
};

/* RFC 6605 §6.1. */
SIGNED const struct test_key rfc_key = {
    { 0x19, 0x4e, 0x92, 0x9d, 0x0f, 0xce, 0xbb, 0xec, 0x42, 0xe5, 0x1b,
      0xa6, 0xb8, 0x85, 0x08, 0xb8, 0x96, 0x6d, 0x79, 0x74, 0xf6, 0xcf,
      0x43, 0xbf, 0xa2, 0x4d, 0x6c, 0xdf, 0xc1, 0x2d, 0xea, 0x64 },
    { 0x1a, 0x88, 0xc8, 0x86, 0x15, 0xd4, 0x37, 0xfb, 0xb8, 0xbf, 0x9e, 0x19, 0x42,
      0xa1, 0x92, 0x9f, 0x28, 0x56, 0x27, 0x06, 0xae, 0x6c, 0x2b, 0xd3, 0x99, 0xe7,
      0xb1, 0xbf, 0xb6, 0xd1, 0xe9, 0xe7, 0x5b, 0x92, 0xb4, 0xaa, 0x42, 0x91, 0x7a,
      0xe1, 0xc6, 0x1b, 0x70, 0x1e, 0xf0, 0x35, 0xc3, 0xfe, 0x7b, 0xe3, 0x00, 0x9c,
      0xba, 0xfe, 0x5a, 0x2f, 0x71, 0x31, 0x6c, 0x90, 0x2d, 0xcf, 0x0d, 0x00 },
};

SIGNED void make_key(struct test_key *key)
{
    uint8_t point[65];
    size_t size;
    BIGNUM *scalar = NULL;
    EVP_PKEY *pair = EVP_EC_gen("P-256");
    assert_non_null(pair);
    assert_int_equal(EVP_PKEY_get_bn_param(pair, OSSL_PKEY_PARAM_PRIV_KEY, &scalar), 1);
    assert_int_equal(BN_bn2binpad(scalar, key->private_key, sizeof key->private_key), 32);
    assert_int_equal(
        EVP_PKEY_get_octet_string_param(pair, OSSL_PKEY_PARAM_PUB_KEY, point, sizeof point, &size),
        1);
    assert_int_equal(size, sizeof point);
    memcpy(key->public_key, point + 1, sizeof key->public_key);
    BN_clear_free(scalar);
    EVP_PKEY_free(pair);
}

SIGNED ldns_rr *rr_from_wire(const uint8_t *owner, uint32_t ttl_s, const uint8_t *record,
                             size_t size)
{
    static uint8_t wire[DNS_NAME_SIZE_MAX + SAMPLE_SIZE];
    size_t owner_size = dns_name_size(owner), at = 0;
    ldns_rr *rr;
    memcpy(wire, owner, owner_size);
    memcpy(wire + owner_size, record, size);
    put_u32(wire + owner_size + 4, ttl_s);
    if (ldns_wire2rr(&rr, wire, owner_size + size, &at, LDNS_SECTION_ANSWER) != LDNS_STATUS_OK)
        return NULL;
    assert_int_equal(at, owner_size + size);
    return rr;
}

/* The DNSKEY record of the key, flags 257 as in RFC 6605. */
SIGNED ldns_rr *dnskey_of(const uint8_t *zone, const struct test_key *key)
{
    uint8_t record[RRSET_FIXED_SIZE + 4 + 64] = { 0, DNS_TYPE_DNSKEY, 0, DNS_CLASS_IN };
    record[9] = 4 + 64;
    memcpy(record + RRSET_FIXED_SIZE, "\1\1\3\15", 4);
    memcpy(record + RRSET_FIXED_SIZE + 4, key->public_key, 64);
    ldns_rr *rr = rr_from_wire(zone, 3600, record, sizeof record);
    assert_non_null(rr);
    return rr;
}

/* ---- zones ---- */

struct signed_zone {
    struct zone *zone;
    ldns_rr *dnskey;
};

/* A new key id each time, also for the same key. */
SIGNED void sign_zone(struct signed_zone *zone, const struct test_key *key,
                      const struct signed_set_source *sources, unsigned count)
{
    struct signing_key signing_key = { .id = 0 };
    ldns_rr_free(zone->dnskey);
    zone->dnskey = dnskey_of(zone->zone->name, key);
    signing_key.tag = ldns_calc_keytag(zone->dnskey);
    memcpy(signing_key.private_key, key->private_key, sizeof signing_key.private_key);
    struct zone_signing *signing = zone_signing_create(&signing_key, sources, count);
    assert_non_null(signing);
    zone_set_signing(zone->zone, signing);
}

SIGNED struct signed_zone make_signed_zone_at(const uint8_t *name, const struct test_key *key)
{
    struct signed_zone zone = { zone_create(name), NULL };
    assert_non_null(zone.zone);
    sign_zone(&zone, key, NULL, 0);
    return zone;
}

SIGNED struct signed_zone make_signed_zone(const char *name, const struct test_key *key)
{
    uint8_t wire[DNS_NAME_SIZE_MAX];
    test_name(wire, name);
    return make_signed_zone_at(wire, key);
}

SIGNED void free_signed_zone(struct signed_zone *zone)
{
    zone_unref(zone->zone);
    ldns_rr_free(zone->dnskey);
}

/* ---- record sets ---- */

struct sample {
    struct sign_subject subject;
    uint8_t owner[DNS_NAME_SIZE_MAX];
    struct dns_records parts[MULTIVALUE_MAX];
    const struct dns_records *pointers[MULTIVALUE_MAX];
    uint32_t size;
    uint8_t data[SAMPLE_SIZE];
};

/* An empty set. */
SIGNED void sample_open(struct sample *sample, const uint8_t *owner, uint16_t type, uint32_t ttl_s)
{
    struct name_path path;
    dns_path_init(&path, owner, dns_name_size(owner));
    memcpy(sample->owner, owner, path.size);
    sample->size = 0;
    sample->subject = (struct sign_subject){ .owner = sample->owner,
                                             .owner_hash = path.hashes[0],
                                             .type = type,
                                             .ttl_s = ttl_s,
                                             .is_foreseen = true,
                                             .parts = sample->pointers };
}

SIGNED void sample_add_part(struct sample *sample)
{
    unsigned part = sample->subject.part_count++;
    assert_true(part < MULTIVALUE_MAX);
    sample->parts[part] =
        (struct dns_records){ .type = sample->subject.type, .data = sample->data + sample->size };
    sample->pointers[part] = &sample->parts[part];
}

/* A record of the last part; what is stored has another TTL than what is sent. */
SIGNED void sample_add(struct sample *sample, const uint8_t *rdata, size_t size)
{
    struct dns_records *part = &sample->parts[sample->subject.part_count - 1];
    uint8_t *record = sample->data + sample->size;
    assert_true(sample->size + RRSET_FIXED_SIZE + size <= sizeof sample->data);
    put_u16(record, sample->subject.type);
    put_u16(record + 2, DNS_CLASS_IN);
    put_u32(record + 4, 1234567);
    put_u16(record + 8, (uint16_t)size);
    memcpy(record + RRSET_FIXED_SIZE, rdata, size);
    sample->size += (uint32_t)(RRSET_FIXED_SIZE + size);
    part->size += (uint32_t)(RRSET_FIXED_SIZE + size);
    part->count++;
}

SIGNED void sample_close(struct sample *sample)
{
    sample->subject.content = 0;
    for (unsigned i = 0; i < sample->subject.part_count; i++)
        sample->subject.content += records_content(&sample->parts[i]);
}

/* One record, in one go. */
SIGNED void sample_one(struct sample *sample, const char *owner, uint16_t type, uint32_t ttl_s,
                       const char *value)
{
    uint8_t wire[DNS_NAME_SIZE_MAX], rdata[4096];
    test_name(wire, owner);
    sample_open(sample, wire, type, ttl_s);
    sample_add_part(sample);
    sample_add(sample, rdata, test_rdata(rdata, type, value));
    sample_close(sample);
}

/* Whether a record like that one stands before it. */
SIGNED bool stands_before(const struct sample *sample, const uint8_t *record, size_t size)
{
    for (const uint8_t *other = sample->data; other < record;) {
        size_t other_size = RRSET_FIXED_SIZE + (size_t)get_u16(other + 8);
        if (other_size == size && memcmp(other, record, size) == 0)
            return true;
        other += other_size;
    }
    return false;
}

/* The set as a client has it: equal records are one. */
SIGNED ldns_rr_list *sample_rrs(const struct sample *sample)
{
    ldns_rr_list *list = ldns_rr_list_new();
    const uint8_t *end = sample->data + sample->size;
    for (const uint8_t *record = sample->data; record < end;) {
        size_t size = RRSET_FIXED_SIZE + (size_t)get_u16(record + 8);
        if (!stands_before(sample, record, size)) {
            ldns_rr *rr = rr_from_wire(sample->owner, sample->subject.ttl_s, record, size);
            assert_non_null(rr);
            ldns_rr_list_push_rr(list, rr);
        }
        record += size;
    }
    return list;
}

/* ---- the outsider ---- */

SIGNED bool ldns_believes(const struct signed_zone *zone, const struct sample *sample,
                          const struct dns_records *rrsig, uint64_t now_ms)
{
    assert_int_equal(rrsig->count, 1);
    ldns_rr *signature =
        rr_from_wire(sample->owner, sample->subject.ttl_s, rrsig->data, rrsig->size);
    if (signature == NULL)
        return false;
    ldns_rr_list *set = sample_rrs(sample);
    ldns_status status =
        ldns_verify_rrsig_time(set, signature, zone->dnskey, (time_t)(now_ms / 1000));
    ldns_rr_list_deep_free(set);
    ldns_rr_free(signature);
    return status == LDNS_STATUS_OK;
}

/* ---- signing ---- */

struct signing_test {
    struct signer *signer;
    struct signer_figures figures;
    struct signed_zone zone;
    struct sample sample;
    uint8_t room[RRSIG_RECORD_SIZE_MAX];
    struct dns_records rrsig;
};

SIGNED struct signing_test *open_signing(const struct signer_settings *settings, const char *zone)
{
    struct signing_test *test = calloc(1, sizeof *test);
    assert_non_null(test);
    test->signer = signer_create(settings, &test->figures);
    assert_non_null(test->signer);
    test->zone = make_signed_zone(zone, &rfc_key);
    return test;
}

SIGNED void close_signing(struct signing_test *test)
{
    signer_destroy(test->signer);
    free_signed_zone(&test->zone);
    free(test);
}

/* Signs the sample; rrsig is the result. */
SIGNED int sign_at(struct signing_test *test, uint64_t now_ms, uint32_t validity_s)
{
    struct sign_time time = { now_ms, validity_s };
    return signer_sign(test->signer, test->zone.zone, &test->sample.subject, &time, test->room,
                       &test->rrsig);
}

SIGNED bool is_believed(const struct signing_test *test, uint64_t now_ms)
{
    return ldns_believes(&test->zone, &test->sample, &test->rrsig, now_ms);
}

#endif
