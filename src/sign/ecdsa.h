/*
 * ecdsa.h - ECDSAP256SHA256 (RFC 6605): octets in, a signature out.
 *
 * One thread's.  It holds one private key at a time, that of the last signature, until another
 * takes its place or it is destroyed.
 */
#ifndef SIGNPOST_SIGN_ECDSA_H
#define SIGNPOST_SIGN_ECDSA_H

#include "signpost/sign/signer.h"
#include "signpost/zone/signing.h"

#include <stddef.h>
#include <stdint.h>

struct ecdsa;

struct ecdsa *ecdsa_create(void);        /* NULL: no memory, or OpenSSL fails */
void ecdsa_destroy(struct ecdsa *ecdsa); /* wipes the private key; NULL is fine */

/* What is to be signed, in pieces. */
void ecdsa_begin(struct ecdsa *ecdsa);
void ecdsa_add(struct ecdsa *ecdsa, const uint8_t *data, size_t size);

/* Ends it: r and s as RFC 6605 §4 has them.  SP_EIO: OpenSSL fails. */
int ecdsa_sign(struct ecdsa *ecdsa, const struct signing_key *key,
               uint8_t out_signature[RRSIG_SIGNATURE_SIZE]);

#endif
