/*
 * model/key_sets.h - the sets of a zone's apex that key-signing keys sign (R-SEC-5, R-SEC-6):
 * DNSKEY and, where they are published, CDS and CDNSKEY (RFC 7344), each with its signatures for
 * the time to come.
 *
 * What is signed stands in canonical form (RFC 4034 §6); a private key never comes near.  Plain
 * data.  Any thread.
 */
#ifndef SIGNPOST_MODEL_KEY_SETS_H
#define SIGNPOST_MODEL_KEY_SETS_H

#include "signpost/base/span.h"
#include "signpost/model/key_schedule.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define KEY_SETS_MAX 3

/* Values are packed as in dns/rdata.h: two octets of length before each. */
#define KEY_SET_VALUES_SIZE                                                                        \
    ((KEY_SIGNING_KEYS_MAX + ZONE_SIGNING_KEYS_MAX) * (2 + DNSKEY_RDATA_SIZE))

#define RRSIG_HEAD_SIZE_MAX  (18 + DNS_NAME_SIZE_MAX) /* RFC 4034 §3.1, without the signature */
#define RRSIG_RDATA_SIZE_MAX (RRSIG_HEAD_SIZE_MAX + KEY_SIGNATURE_SIZE)

/* For each time from when (8 octets), how many RRSIG values (one octet), and these, packed. */
#define KEY_SET_SIGNATURES_SIZE                                                                    \
    (SIGNATURES_AHEAD * (9 + KEY_SIGNING_KEYS_MAX * (2 + RRSIG_RDATA_SIZE_MAX)))

struct key_set {
    uint16_t type;
    uint32_t ttl_s;
    unsigned value_count;
    size_t values_size;
    uint8_t values[KEY_SET_VALUES_SIZE]; /* packed, in canonical order (RFC 4034 §6.3) */
    size_t signatures_size;
    size_t last_at; /* where those of the last time begin, while they are added */
    uint8_t signatures[KEY_SET_SIGNATURES_SIZE];
};

struct key_sets {
    unsigned count;
    struct key_set items[KEY_SETS_MAX]; /* in order of type */
};

/* Puts a value of at most DNSKEY_RDATA_SIZE octets in its place; a set has room for as many as
 * there may be keys. */
void key_set_add(struct key_set *set, struct span rdata);

/* ---- signatures ---- */

struct rrsig {
    uint16_t tag; /* of the key that signs */
    int64_t inception_s, expiration_s;
};

/* The RDATA of the set's RRSIG record up to the signature; its size. */
size_t key_set_rrsig_head(const struct key_set *set, const uint8_t *zone_name,
                          const struct rrsig *rrsig, uint8_t out[RRSIG_HEAD_SIZE_MAX]);

/* What is signed (RFC 4034 §3.1.8.1): that, then the records; its size. */
#define KEY_SET_DATA_SIZE                                                                          \
    (RRSIG_HEAD_SIZE_MAX + KEY_SET_VALUES_SIZE +                                                   \
     (KEY_SIGNING_KEYS_MAX + ZONE_SIGNING_KEYS_MAX) * (DNS_NAME_SIZE_MAX + 8))
size_t key_set_signed_data(const struct key_set *set, const uint8_t *zone_name,
                           const struct rrsig *rrsig, uint8_t out[KEY_SET_DATA_SIZE]);

/* The signatures from another time on come next, SIGNATURES_AHEAD times at most; and one of them,
 * KEY_SIGNING_KEYS_MAX times at most. */
void key_set_begin_signatures(struct key_set *set, int64_t from_s);
void key_set_add_signature(struct key_set *set, const uint8_t *zone_name, const struct rrsig *rrsig,
                           const uint8_t signature[KEY_SIGNATURE_SIZE]);

/* Takes those of the next time off the front.  false: none are left, or they make no sense, and
 * then packed->size is not 0. */
bool key_set_next_signatures(struct span *packed, int64_t *out_from_s, unsigned *out_count,
                             struct span *out_values);

#endif
