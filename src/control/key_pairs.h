/*
 * control/key_pairs.h - what of keys needs OpenSSL.
 */
#ifndef CONTROL_KEY_PAIRS_H
#define CONTROL_KEY_PAIRS_H

#include "signpost/model/signing.h"

/* A fresh pair on P-256; its ARN is the caller's to set.  SP_EIO. */
int key_pair_make(struct key_pair *out_pair, struct problem *out_problem);

/* SHA-256 of an owner (wire, lower case) and the RDATA of its DNSKEY (RFC 4034 §5.1.4). */
int key_digest(const uint8_t *owner, const uint8_t rdata[DNSKEY_RDATA_SIZE],
               uint8_t out_digest[KEY_DIGEST_SIZE], struct problem *out_problem);

/* In base64, with a zero. */
#define KEY_BASE64_SIZE ((KEY_PUBLIC_SIZE + 2) / 3 * 4 + 1)
void key_base64(const uint8_t public_key[KEY_PUBLIC_SIZE], char out[KEY_BASE64_SIZE]);

#endif
