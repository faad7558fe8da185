#include "pair.h"

#include "signpost/keys/key_store.h"

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/x509.h>

#include <string.h>

#define COORDINATE_SIZE    (KEY_PUBLIC_SIZE / 2)
#define POINT_UNCOMPRESSED 4  /* SEC 1 §2.3.3: this octet, then x and y */
#define SIGNATURE_DER_SIZE 72 /* of two numbers of 32 octets; usually two less */

EVP_PKEY *pair_make(void)
{
    return EVP_EC_gen("P-256");
}

/* ---- PKCS #8 (RFC 5208) ---- */

static bool is_on_p256(const EVP_PKEY *key)
{
    char group[32] = "";
    return EVP_PKEY_is_a(key, "EC") == 1 &&
           EVP_PKEY_get_group_name(key, group, sizeof group, NULL) == 1 &&
           strcmp(group, SN_X9_62_prime256v1) == 0;
}

EVP_PKEY *pair_from_pkcs8(struct span pkcs8)
{
    const uint8_t *at = pkcs8.data;
    PKCS8_PRIV_KEY_INFO *info = d2i_PKCS8_PRIV_KEY_INFO(NULL, &at, (long)pkcs8.size);
    bool is_whole = info != NULL && at == pkcs8.data + pkcs8.size;
    EVP_PKEY *key = is_whole ? EVP_PKCS82PKEY(info) : NULL;
    PKCS8_PRIV_KEY_INFO_free(info);
    if (key != NULL && is_on_p256(key))
        return key;
    EVP_PKEY_free(key);
    return NULL;
}

bool pair_is_whole(EVP_PKEY *key)
{
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new(key, NULL);
    bool is_whole = context != NULL && EVP_PKEY_check(context) == 1;
    EVP_PKEY_CTX_free(context);
    return is_whole;
}

size_t pair_to_pkcs8(EVP_PKEY *key, uint8_t out_pkcs8[KEY_PRIVATE_MAX])
{
    PKCS8_PRIV_KEY_INFO *info = EVP_PKEY2PKCS8(key);
    int size = info == NULL ? 0 : i2d_PKCS8_PRIV_KEY_INFO(info, NULL);
    bool fits = size > 0 && size <= KEY_PRIVATE_MAX;
    if (fits)
        i2d_PKCS8_PRIV_KEY_INFO(info, &out_pkcs8);
    PKCS8_PRIV_KEY_INFO_free(info);
    return fits ? (size_t)size : 0;
}

/* ---- its halves ---- */

static bool get_number(const EVP_PKEY *key, const char *name, uint8_t out[COORDINATE_SIZE])
{
    BIGNUM *number = NULL;
    bool done = EVP_PKEY_get_bn_param(key, name, &number) == 1 &&
                BN_bn2binpad(number, out, COORDINATE_SIZE) == COORDINATE_SIZE;
    BN_clear_free(number);
    return done;
}

bool pair_public(const EVP_PKEY *key, uint8_t out_public[KEY_PUBLIC_SIZE])
{
    return is_on_p256(key) && get_number(key, OSSL_PKEY_PARAM_EC_PUB_X, out_public) &&
           get_number(key, OSSL_PKEY_PARAM_EC_PUB_Y, out_public + COORDINATE_SIZE);
}

static EVP_PKEY *from_point(EVP_PKEY_CTX *context, uint8_t *point, size_t size)
{
    OSSL_PARAM parameters[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, (char *)"P-256", 0),
        OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, point, size),
        OSSL_PARAM_construct_end(),
    };
    EVP_PKEY *key = NULL;
    if (EVP_PKEY_fromdata_init(context) == 1)
        EVP_PKEY_fromdata(context, &key, EVP_PKEY_PUBLIC_KEY, parameters);
    return key;
}

EVP_PKEY *pair_from_public(const uint8_t public_key[KEY_PUBLIC_SIZE])
{
    uint8_t point[1 + KEY_PUBLIC_SIZE] = { POINT_UNCOMPRESSED };
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_name(NULL, "EC", NULL);
    memcpy(point + 1, public_key, KEY_PUBLIC_SIZE);
    EVP_PKEY *key = context != NULL ? from_point(context, point, sizeof point) : NULL;
    EVP_PKEY_CTX_free(context);
    return key;
}

int key_pair_make(uint8_t out_private[KEY_PRIVATE_SIZE], uint8_t out_public[KEY_PUBLIC_SIZE],
                  struct problem *out_problem)
{
    EVP_PKEY *key = pair_make();
    bool done = key != NULL && get_number(key, OSSL_PKEY_PARAM_PRIV_KEY, out_private) &&
                pair_public(key, out_public);
    EVP_PKEY_free(key);
    return done ? 0 : problem_set(out_problem, SP_EIO, "OpenSSL cannot make a key on P-256");
}

/* ---- signatures ---- */

static bool put_signature(const uint8_t *der, size_t size, uint8_t out[KEY_SIGNATURE_SIZE])
{
    ECDSA_SIG *signature = d2i_ECDSA_SIG(NULL, &der, (long)size);
    bool done =
        signature != NULL &&
        BN_bn2binpad(ECDSA_SIG_get0_r(signature), out, COORDINATE_SIZE) == COORDINATE_SIZE &&
        BN_bn2binpad(ECDSA_SIG_get0_s(signature), out + COORDINATE_SIZE, COORDINATE_SIZE) ==
            COORDINATE_SIZE;
    ECDSA_SIG_free(signature);
    return done;
}

bool pair_sign(EVP_PKEY *key, const uint8_t digest[KEY_DIGEST_SIZE],
               uint8_t out_signature[KEY_SIGNATURE_SIZE])
{
    uint8_t der[SIGNATURE_DER_SIZE];
    size_t size = sizeof der;
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new(key, NULL);
    bool done = context != NULL && EVP_PKEY_sign_init(context) == 1 &&
                EVP_PKEY_sign(context, der, &size, digest, KEY_DIGEST_SIZE) == 1 &&
                put_signature(der, size, out_signature);
    EVP_PKEY_CTX_free(context);
    return done;
}

/* The size in DER, or 0. */
static size_t get_signature(const uint8_t signature[KEY_SIGNATURE_SIZE],
                            uint8_t der[SIGNATURE_DER_SIZE])
{
    ECDSA_SIG *numbers = ECDSA_SIG_new();
    BIGNUM *r = BN_bin2bn(signature, COORDINATE_SIZE, NULL);
    BIGNUM *s = BN_bin2bn(signature + COORDINATE_SIZE, COORDINATE_SIZE, NULL);
    int size = 0;
    if (numbers != NULL && r != NULL && s != NULL && ECDSA_SIG_set0(numbers, r, s) == 1)
        size = i2d_ECDSA_SIG(numbers, &der);
    else {
        BN_free(r);
        BN_free(s);
    }
    ECDSA_SIG_free(numbers);
    return size > 0 ? (size_t)size : 0;
}

bool pair_verify(EVP_PKEY *key, const uint8_t digest[KEY_DIGEST_SIZE],
                 const uint8_t signature[KEY_SIGNATURE_SIZE])
{
    uint8_t der[SIGNATURE_DER_SIZE];
    size_t size = get_signature(signature, der);
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new(key, NULL);
    bool is_right = size > 0 && context != NULL && EVP_PKEY_verify_init(context) == 1 &&
                    EVP_PKEY_verify(context, der, size, digest, KEY_DIGEST_SIZE) == 1;
    EVP_PKEY_CTX_free(context);
    return is_right;
}

int key_digest(struct span data, uint8_t out_digest[KEY_DIGEST_SIZE], struct problem *out_problem)
{
    unsigned size = 0;
    if (EVP_Digest(data.data, data.size, out_digest, &size, EVP_sha256(), NULL) == 1)
        return 0;
    return problem_set(out_problem, SP_EIO, "OpenSSL cannot make a SHA-256 digest");
}

void key_base64(const uint8_t public_key[KEY_PUBLIC_SIZE], char out[KEY_BASE64_SIZE])
{
    EVP_EncodeBlock((unsigned char *)out, public_key, KEY_PUBLIC_SIZE);
}
