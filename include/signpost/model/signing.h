/*
 * model/signing.h - key-signing keys and the pairs behind them (R-SEC-1, R-SEC-2).
 *
 * A key of a zone names a pair by an ARN; keys of different zones may name the same pair, as
 * they may share a key of AWS KMS.  Plain data.  Any thread.
 */
#ifndef SIGNPOST_MODEL_SIGNING_H
#define SIGNPOST_MODEL_SIGNING_H

#include "signpost/base/limits.h"
#include "signpost/base/status.h"
#include "signpost/dns/name.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define KEY_NAME_SIZE      129 /* R-SEC-1, with a zero */
#define KEY_ARN_SIZE       76  /* A-KSK-1, with a zero */
#define KEY_PUBLIC_SIZE    64  /* RFC 6605 §4: x and y of a point on P-256 */
#define KEY_PRIVATE_SIZE   32  /* a scalar on P-256, big-endian */
#define KEY_SIGNATURE_SIZE 64  /* RFC 6605 §4: r and s */
#define KEY_PRIVATE_MAX    256 /* octets of a private key on P-256 in PKCS #8; 138 are usual */
#define DNSKEY_RDATA_SIZE  (4 + KEY_PUBLIC_SIZE)
#define KEY_FLAGS          257 /* RFC 4034 §2.1.1: zone key, secure entry point */
#define ZSK_FLAGS          256 /* the same without the entry point (R-SEC-2) */
#define KEY_PROTOCOL       3   /* RFC 4034 §2.1.2 */
#define KEY_ALGORITHM      13  /* RFC 6605 §3: ECDSAP256SHA256 */
#define KEY_DIGEST_TYPE    2   /* RFC 4509 §2.1: SHA-256 */
#define KEY_DIGEST_SIZE    32
#define KEY_TROUBLE_SIZE   513 /* StatusMessage: 512 octets, and a zero */

/* A pair as older versions of Signpost kept it in the database. */
struct key_pair {
    char arn[KEY_ARN_SIZE];
    uint8_t public_key[KEY_PUBLIC_SIZE];
    size_t private_size;
    uint8_t private_key[KEY_PRIVATE_MAX]; /* PKCS #8, DER */
};

struct key_signing_key {
    char name[KEY_NAME_SIZE];
    char arn[KEY_ARN_SIZE];
    bool is_active;                      /* of the states of R-SEC-4, ACTIVE or INACTIVE */
    uint64_t created_ms, changed_ms;     /* Unix milliseconds */
    uint8_t public_key[KEY_PUBLIC_SIZE]; /* of the pair; read with the key, not stored with it */
    char trouble[KEY_TROUBLE_SIZE];      /* why it cannot be used (ACTION_NEEDED); "" else */
};

/* R-SEC-4: what is told as ServeSignature is NOT_SIGNING for the first two. */
enum signing_status {
    SIGNING_NEVER, /* the zone was never told to be signed: it has no DNSSEC at all */
    SIGNING_OFF,
    SIGNING_ON,
};

/* 3 to 128 letters, digits and '_'.  SP_EINVAL. */
int key_name_check(const char *name, struct problem *out_problem);

/* "arn:aws:kms:us-east-1:111122223333:key/" and a UUID (A-KSK-1). */
bool key_arn_is_right(const char *arn);

/* The RDATA of the DNSKEY record of a public key (RFC 4034 §2.1), and its key tag (RFC 4034,
 * appendix B). */
void key_rdata(uint16_t flags, const uint8_t public_key[KEY_PUBLIC_SIZE],
               uint8_t out_rdata[DNSKEY_RDATA_SIZE]);
void key_dnskey_rdata(const struct key_signing_key *key, uint8_t out_rdata[DNSKEY_RDATA_SIZE]);
uint16_t key_tag(const uint8_t rdata[DNSKEY_RDATA_SIZE]);

/* What a DS record has the digest of (RFC 4034 §5.1.4): an owner (wire, lower case) and the RDATA
 * of its DNSKEY; its size. */
#define KEY_DS_DATA_SIZE (DNS_NAME_SIZE_MAX + DNSKEY_RDATA_SIZE)
size_t key_ds_data(const uint8_t *owner, const uint8_t rdata[DNSKEY_RDATA_SIZE],
                   uint8_t out[KEY_DS_DATA_SIZE]);

/* RDATA of the DS record with that digest (RFC 4034 §5.1). */
#define DS_RDATA_SIZE (4 + KEY_DIGEST_SIZE)
void key_ds_rdata(uint16_t tag, const uint8_t digest[KEY_DIGEST_SIZE],
                  uint8_t out_rdata[DS_RDATA_SIZE]);

/* An ARN of our own making for a UUID. */
void key_arn_make(const char *uuid, char out[KEY_ARN_SIZE]);

#endif
