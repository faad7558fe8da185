/*
 * keys/pair.h - what is asked of a key on P-256, wherever OpenSSL has it from.
 */
#ifndef KEYS_PAIR_H
#define KEYS_PAIR_H

#include "signpost/base/span.h"
#include "signpost/model/signing.h"

#include <openssl/evp.h>

/* NULL: no memory, or OpenSSL refuses.  The caller frees. */
EVP_PKEY *pair_make(void);

/* PKCS #8 of exactly that size with a key on P-256, or NULL. */
EVP_PKEY *pair_from_pkcs8(struct span pkcs8);

/* Whether its halves belong together: PKCS #8 may carry any public half beside the private one. */
bool pair_is_whole(EVP_PKEY *key);

/* The size, or 0: it does not fit. */
size_t pair_to_pkcs8(EVP_PKEY *key, uint8_t out_pkcs8[KEY_PRIVATE_MAX]);

/* false: it is no key on P-256. */
bool pair_public(const EVP_PKEY *key, uint8_t out_public[KEY_PUBLIC_SIZE]);

/* NULL: x and y are no point on P-256. */
EVP_PKEY *pair_from_public(const uint8_t public_key[KEY_PUBLIC_SIZE]);

bool pair_verify(EVP_PKEY *key, const uint8_t digest[KEY_DIGEST_SIZE],
                 const uint8_t signature[KEY_SIGNATURE_SIZE]);

bool pair_sign(EVP_PKEY *key, const uint8_t digest[KEY_DIGEST_SIZE],
               uint8_t out_signature[KEY_SIGNATURE_SIZE]);

#endif
