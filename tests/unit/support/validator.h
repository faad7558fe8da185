/*
 * validator.h - an outsider's judgement of signed replies: ldns reads them and verifies every
 * signature.
 *
 * A reply becomes a line, "NOERROR aa | www.lab.test A 3 + | ... | ...": flags, then of each
 * section the record sets with their number of records, in the order of the message; "+" says that
 * a signature of the set is there and right.  NSEC shows its next name and its types instead of the
 * number.  A signature that is wrong, or is of nothing, fails the test.
 */
#ifndef SIGNPOST_TEST_VALIDATOR_H
#define SIGNPOST_TEST_VALIDATOR_H

#include "signpost/zone/signing.h"

#include "zones.h"

#include <ldns/ldns.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>

/* A zone-signing key of a zone, as the zone has it and as validators see it. */
struct test_key {
    struct signing_key key;
    uint8_t dnskey[4 + 64]; /* RDATA */
    ldns_rr_list *trusted;
};

static inline void test_key_make(struct test_key *out, const char *zone)
{
    uint8_t point[65];
    size_t size;
    BIGNUM *scalar = NULL;
    EVP_PKEY *pair = EVP_EC_gen("P-256");
    assert_non_null(pair);
    assert_int_equal(
        EVP_PKEY_get_octet_string_param(pair, OSSL_PKEY_PARAM_PUB_KEY, point, sizeof point, &size),
        1);
    assert_int_equal(EVP_PKEY_get_bn_param(pair, OSSL_PKEY_PARAM_PRIV_KEY, &scalar), 1);
    BN_bn2binpad(scalar, out->key.private_key, SIGNING_PRIVATE_SIZE);
    BN_clear_free(scalar);
    EVP_PKEY_free(pair);
    memcpy(out->dnskey, (uint8_t[]){ 1, 0, 3, 13 }, 4);
    memcpy(out->dnskey + 4, point + 1, 64);

    ldns_rr *rr = ldns_rr_new_frm_type(LDNS_RR_TYPE_DNSKEY);
    ldns_rdf *key = ldns_rdf_new_frm_data(LDNS_RDF_TYPE_B64, 64, point + 1);
    ldns_rr_set_owner(rr, ldns_dname_new_frm_str(zone));
    ldns_rr_set_class(rr, LDNS_RR_CLASS_IN);
    ldns_rr_set_rdf(rr, ldns_native2rdf_int16(LDNS_RDF_TYPE_INT16, 256), 0);
    ldns_rr_set_rdf(rr, ldns_native2rdf_int8(LDNS_RDF_TYPE_INT8, 3), 1);
    ldns_rr_set_rdf(rr, ldns_native2rdf_int8(LDNS_RDF_TYPE_ALG, 13), 2);
    ldns_rr_set_rdf(rr, key, 3);
    out->key.tag = ldns_calc_keytag(rr);
    out->trusted = ldns_rr_list_new();
    ldns_rr_list_push_rr(out->trusted, rr);
}

static inline void test_key_free(struct test_key *key)
{
    ldns_rr_list_deep_free(key->trusted);
}

/* Signs an unpublished zone with that key; nothing is signed ahead but a DNSKEY set, with a
 * signature that is none. */
static inline void test_sign_zone(struct zone *zone, const struct test_key *key)
{
    static const uint8_t no_signature[] = { 0, 3, 1, 2, 3 };
    uint8_t packed[2 + sizeof key->dnskey];
    put_u16(packed, sizeof key->dnskey);
    memcpy(packed + 2, key->dnskey, sizeof key->dnskey);
    const struct signature_source signature = { 0, 1, { no_signature, sizeof no_signature } };
    const struct signed_set_source dnskey = { DNS_TYPE_DNSKEY,           3600, 1,
                                              { packed, sizeof packed }, 1,    &signature };
    struct zone_signing *signing = zone_signing_create(&key->key, &dnskey, 1);
    assert_non_null(signing);
    zone_set_signing(zone, signing);
}

/* ---- judging ---- */

struct verdict {
    char text[16384];
    unsigned verified; /* signatures */
};

static inline void verdict__add(struct verdict *verdict, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
static inline void verdict__add(struct verdict *verdict, const char *format, ...)
{
    size_t used = strlen(verdict->text);
    va_list arguments;
    va_start(arguments, format);
    int size = vsnprintf(verdict->text + used, sizeof verdict->text - used, format, arguments);
    va_end(arguments);
    assert_true(size >= 0 && used + (size_t)size < sizeof verdict->text);
}

/* Without the final dot. */
static inline void verdict__add_name(struct verdict *verdict, const ldns_rdf *name)
{
    char *text = ldns_rdf2str(name);
    size_t size = strlen(text);
    if (size > 1)
        text[size - 1] = '\0';
    verdict__add(verdict, "%s", text);
    free(text);
}

static inline bool verdict__same_set(const ldns_rr *a, const ldns_rr *b)
{
    return ldns_rr_get_type(a) == ldns_rr_get_type(b) &&
           ldns_dname_compare(ldns_rr_owner(a), ldns_rr_owner(b)) == 0;
}

static inline bool verdict__covers(const ldns_rr *rrsig, const ldns_rr *rr)
{
    return ldns_rr_get_type(rrsig) == LDNS_RR_TYPE_RRSIG &&
           ldns_rdf2rr_type(ldns_rr_rrsig_typecovered(rrsig)) == ldns_rr_get_type(rr) &&
           ldns_dname_compare(ldns_rr_owner(rrsig), ldns_rr_owner(rr)) == 0;
}

static inline void verdict__verify(struct verdict *verdict, const ldns_rr_list *set,
                                   const ldns_rr_list *section, const ldns_rr_list *keys,
                                   time_t now)
{
    const ldns_rr *first = ldns_rr_list_rr(set, 0);
    for (size_t i = 0; i < ldns_rr_list_rr_count(section); i++) {
        const ldns_rr *rrsig = ldns_rr_list_rr(section, i);
        if (!verdict__covers(rrsig, first) || ldns_rr_get_type(first) == LDNS_RR_TYPE_DNSKEY)
            continue;
        ldns_status status = ldns_verify_rrsig_keylist_time(set, rrsig, keys, now, NULL);
        if (status != LDNS_STATUS_OK)
            fail_msg("%s: ... the signature: %s", verdict->text, ldns_get_errorstr_by_id(status));
        assert_int_equal(ldns_rr_ttl(rrsig), ldns_rr_ttl(first));
        verdict__add(verdict, " +");
        verdict->verified++;
    }
}

static inline void verdict__describe(struct verdict *verdict, const ldns_rr_list *set)
{
    const ldns_rr *first = ldns_rr_list_rr(set, 0);
    char *type = ldns_rr_type2str(ldns_rr_get_type(first));
    verdict__add_name(verdict, ldns_rr_owner(first));
    verdict__add(verdict, " %s", type);
    free(type);
    if (ldns_rr_get_type(first) == LDNS_RR_TYPE_NSEC) {
        char *types = ldns_rdf2str(ldns_rr_rdf(first, 1));
        verdict__add(verdict, " ");
        verdict__add_name(verdict, ldns_rr_rdf(first, 0));
        verdict__add(verdict, " [%.*s]", (int)strlen(types) - 1, types); /* a blank at the end */
        free(types);
    } else {
        verdict__add(verdict, " %zu", ldns_rr_list_rr_count(set));
    }
}

static inline void verdict__section(struct verdict *verdict, const ldns_rr_list *section,
                                    const ldns_rr_list *keys, time_t now)
{
    size_t count = ldns_rr_list_rr_count(section);
    for (size_t i = 0; i < count; i++) {
        ldns_rr *rr = ldns_rr_list_rr(section, i);
        bool known = false;
        ldns_rr_list *set = ldns_rr_list_new();
        for (size_t j = 0; j < count; j++) {
            ldns_rr *other = ldns_rr_list_rr(section, j);
            bool is_signature = ldns_rr_get_type(rr) == LDNS_RR_TYPE_RRSIG;
            known = known || (j < i && (is_signature ? verdict__covers(rr, other)
                                                     : verdict__same_set(other, rr)));
            if (verdict__same_set(other, rr))
                ldns_rr_list_push_rr(set, other);
        }
        if (!known) {
            verdict__add(verdict, i == 0 ? " " : "; ");
            verdict__describe(verdict, set);
            verdict__verify(verdict, set, section, keys, now);
        }
        ldns_rr_list_free(set);
    }
}

/* Judges a reply by those keys as of that time (Unix seconds). */
static inline void judge(struct verdict *verdict, const uint8_t *reply, size_t size,
                         const struct test_key *key, time_t now)
{
    static const char *const rcodes[16] = { "NOERROR",  "FORMERR", "SERVFAIL",
                                            "NXDOMAIN", "NOTIMP",  "REFUSED" };
    ldns_pkt *packet = NULL;
    verdict->text[0] = '\0';
    verdict->verified = 0;
    assert_int_equal(ldns_wire2pkt(&packet, reply, size), LDNS_STATUS_OK);
    verdict__add(verdict, "%s%s%s", rcodes[ldns_pkt_get_rcode(packet)],
                 ldns_pkt_aa(packet) ? " aa" : "", ldns_pkt_tc(packet) ? " tc" : "");
    const ldns_rr_list *sections[] = { ldns_pkt_answer(packet), ldns_pkt_authority(packet),
                                       ldns_pkt_additional(packet) };
    for (unsigned i = 0; i < 3; i++) {
        verdict__add(verdict, " |");
        verdict__section(verdict, sections[i], key->trusted, now);
    }
    ldns_pkt_free(packet);
}

#endif
