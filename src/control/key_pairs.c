#include "key_pairs.h"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

#include <string.h>

#define POINT_UNCOMPRESSED 4 /* SEC 1 §2.3.3: this octet, then x and y */

static bool export_public(EVP_PKEY *key, struct key_pair *pair)
{
    uint8_t point[1 + KEY_PUBLIC_SIZE];
    size_t size = 0;
    if (EVP_PKEY_get_octet_string_param(key, OSSL_PKEY_PARAM_PUB_KEY, point, sizeof point, &size) !=
            1 ||
        size != sizeof point || point[0] != POINT_UNCOMPRESSED)
        return false;
    memcpy(pair->public_key, point + 1, KEY_PUBLIC_SIZE);
    return true;
}

static bool export_private(EVP_PKEY *key, struct key_pair *pair)
{
    PKCS8_PRIV_KEY_INFO *info = EVP_PKEY2PKCS8(key);
    uint8_t *at = pair->private_key;
    int size = info == NULL ? 0 : i2d_PKCS8_PRIV_KEY_INFO(info, NULL);
    bool fits = size > 0 && (size_t)size <= sizeof pair->private_key;
    if (fits)
        pair->private_size = (size_t)i2d_PKCS8_PRIV_KEY_INFO(info, &at);
    PKCS8_PRIV_KEY_INFO_free(info);
    return fits;
}

int key_pair_make(struct key_pair *out_pair, struct problem *out_problem)
{
    struct key_pair pair = { .private_size = 0 };
    EVP_PKEY *key = EVP_EC_gen("P-256");
    bool made = key != NULL && export_public(key, &pair) && export_private(key, &pair);
    EVP_PKEY_free(key);
    if (made)
        *out_pair = pair;
    OPENSSL_cleanse(&pair, sizeof pair);
    return made ? 0 : problem_set(out_problem, SP_EIO, "OpenSSL cannot make a key on P-256");
}

int key_digest(const uint8_t *owner, const uint8_t rdata[DNSKEY_RDATA_SIZE],
               uint8_t out_digest[KEY_DIGEST_SIZE], struct problem *out_problem)
{
    uint8_t data[DNS_NAME_SIZE_MAX + DNSKEY_RDATA_SIZE];
    unsigned size = 0;
    size_t owner_size = dns_name_size(owner);
    memcpy(data, owner, owner_size);
    memcpy(data + owner_size, rdata, DNSKEY_RDATA_SIZE);
    if (EVP_Digest(data, owner_size + DNSKEY_RDATA_SIZE, out_digest, &size, EVP_sha256(), NULL) ==
            1 &&
        size == KEY_DIGEST_SIZE)
        return 0;
    return problem_set(out_problem, SP_EIO, "OpenSSL cannot make a SHA-256 digest");
}

void key_base64(const uint8_t public_key[KEY_PUBLIC_SIZE], char out[KEY_BASE64_SIZE])
{
    EVP_EncodeBlock((unsigned char *)out, public_key, KEY_PUBLIC_SIZE);
}
