/*
 * sign/ecdsa.c - see the header for the promises.
 *
 * OpenSSL has called these functions deprecated since 3.0, and they are used all the same: one key
 * object serves all zones because its scalar can be exchanged, where EVP wants a key and a context
 * for each zone, or a fresh context for each signature, which was measured at 29 to 35 us against
 * 25 to 27 us here.  Each signature allocates inside OpenSSL; nothing of ours does after
 * ecdsa_create.
 */
#define OPENSSL_API_COMPAT 0x10100000L

#include "ecdsa.h"

#include "signpost/base/status.h"

#include <openssl/bn.h>
#include <openssl/crypto.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/err.h>
#include <openssl/obj_mac.h>
#include <openssl/sha.h>

#include <stdbool.h>
#include <stdlib.h>

struct ecdsa {
    EC_KEY *key;
    BIGNUM *scalar;
    uint64_t key_id; /* whose scalar the key has; 0: none */
    SHA256_CTX digest;
};

struct ecdsa *ecdsa_create(void)
{
    struct ecdsa *ecdsa = calloc(1, sizeof *ecdsa);
    if (ecdsa == NULL)
        return NULL;
    ecdsa->key = EC_KEY_new_by_curve_name(NID_X9_62_prime256v1);
    ecdsa->scalar = BN_new();
    if (ecdsa->key != NULL && ecdsa->scalar != NULL)
        return ecdsa;
    ecdsa_destroy(ecdsa);
    ERR_clear_error();
    return NULL;
}

void ecdsa_destroy(struct ecdsa *ecdsa)
{
    if (ecdsa == NULL)
        return;
    EC_KEY_free(ecdsa->key); /* clears its scalar */
    BN_clear_free(ecdsa->scalar);
    free(ecdsa);
}

void ecdsa_begin(struct ecdsa *ecdsa)
{
    SHA256_Init(&ecdsa->digest);
}

void ecdsa_add(struct ecdsa *ecdsa, const uint8_t *data, size_t size)
{
    SHA256_Update(&ecdsa->digest, data, size);
}

static bool use_key(struct ecdsa *ecdsa, const struct signing_key *key)
{
    if (ecdsa->key_id == key->id)
        return true;
    ecdsa->key_id = 0;
    if (BN_bin2bn(key->private_key, SIGNING_PRIVATE_SIZE, ecdsa->scalar) == NULL ||
        EC_KEY_set_private_key(ecdsa->key, ecdsa->scalar) != 1)
        return false;
    ecdsa->key_id = key->id;
    return true;
}

static bool put_number(uint8_t *to, const BIGNUM *number)
{
    return BN_bn2binpad(number, to, RRSIG_SIGNATURE_SIZE / 2) == RRSIG_SIGNATURE_SIZE / 2;
}

int ecdsa_sign(struct ecdsa *ecdsa, const struct signing_key *key,
               uint8_t out_signature[RRSIG_SIGNATURE_SIZE])
{
    uint8_t digest[SHA256_DIGEST_LENGTH];
    SHA256_Final(digest, &ecdsa->digest);
    ECDSA_SIG *pair = NULL;
    if (use_key(ecdsa, key))
        pair = ECDSA_do_sign(digest, sizeof digest, ecdsa->key);
    bool done = pair != NULL && put_number(out_signature, ECDSA_SIG_get0_r(pair)) &&
                put_number(out_signature + RRSIG_SIGNATURE_SIZE / 2, ECDSA_SIG_get0_s(pair));
    ECDSA_SIG_free(pair);
    if (done)
        return 0;
    ERR_clear_error();
    return SP_EIO;
}
