/*
 * sigv4/internal.h - what the files of this module share.
 */
#ifndef SIGV4_INTERNAL_H
#define SIGV4_INTERNAL_H

#include "signpost/sigv4/sigv4.h"

#include <openssl/evp.h>

#define SHA256_SIZE 32

/* digest.c: OpenSSL looks an algorithm up by name in a table under a lock, so both are looked up
 * once in the life of the process.  Without them OpenSSL is not installed right: the process ends.
 */
const EVP_MD *sigv4__sha256(void);
void sigv4__hmac(struct span key, const char *text, uint8_t out[SHA256_SIZE]);
void sigv4__hex(char out[SIGV4_HEX_SIZE], const uint8_t hash[SHA256_SIZE]);

/* canonical.c: the names of a list "host;x-amz-date", lower case and sorted.  NULL: no memory. */
const char **sigv4__header_names(struct arena *arena, const char *signed_headers,
                                 unsigned *out_count);
const char *sigv4__join_names(struct arena *arena, const char *const *names, unsigned count);

/* One argument of the query, escapes undone; NULL: it is not there, or no memory. */
const char *sigv4__argument(struct arena *arena, const char *target, const char *name);

#endif
