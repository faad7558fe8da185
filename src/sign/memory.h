/*
 * memory.h - signatures that were made before, as many as there is room for.
 *
 * One thread's.  Nothing is ever taken out: what nobody asks for gives way to what is new.
 */
#ifndef SIGNPOST_SIGN_MEMORY_H
#define SIGNPOST_SIGN_MEMORY_H

#include "signpost/base/hash.h"
#include "signpost/sign/signer.h"

#include <stddef.h>
#include <stdint.h>

/* What a signature is found by. */
struct signature_key {
    uint64_t owner_hash;
    uint64_t content;
    uint64_t key_id;
    uint32_t ttl_s;
    uint16_t type;
};

struct signature {
    struct signature_key key;
    uint64_t made_ms; /* Unix milliseconds */
    uint32_t validity_s;
    uint8_t octets[RRSIG_SIGNATURE_SIZE];
};

static inline uint64_t signature_hash(const struct signature_key *key)
{
    uint64_t hash =
        hash_fold(key->owner_hash ^ ((uint64_t)key->ttl_s << 16 | key->type), hash_key[1]);
    hash = hash_fold(hash ^ key->content, hash_key[1]);
    return hash_fold(hash ^ key->key_id, hash_key[1]);
}

struct signature_memory;

/* Room for `count` signatures, which is at least 8 and rounded up to a multiple of it.  Memory that
 * was never written to costs nothing.  NULL: no memory. */
struct signature_memory *signature_memory_create(unsigned count);
void signature_memory_destroy(struct signature_memory *memory); /* NULL is fine */

/* The signature of that key, however old, or NULL; stays until the next put.  hash: of the key. */
struct signature *signature_memory_find(struct signature_memory *memory,
                                        const struct signature_key *key, uint64_t hash);

/* A place for a key that was not found.  All but the key is for the caller to fill in. */
struct signature *signature_memory_put(struct signature_memory *memory,
                                       const struct signature_key *key, uint64_t hash);

#endif
