#include "internal.h"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

static pthread_once_t fetched = PTHREAD_ONCE_INIT;
static EVP_MD *sha256;
static EVP_MAC *hmac;

/* Hashing cannot fail but for want of memory within OpenSSL, and a signature that is not computed
 * must not look like one that is. */
static void require(bool done)
{
    if (!done)
        abort();
}

static void fetch(void)
{
    sha256 = EVP_MD_fetch(NULL, "SHA256", NULL);
    hmac = EVP_MAC_fetch(NULL, "HMAC", NULL);
    require(sha256 != NULL && hmac != NULL);
}

const EVP_MD *sigv4__sha256(void)
{
    pthread_once(&fetched, fetch);
    return sha256;
}

void sigv4__hex(char out[SIGV4_HEX_SIZE], const uint8_t hash[SHA256_SIZE])
{
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < SHA256_SIZE; i++) {
        out[2 * i] = digits[hash[i] >> 4];
        out[2 * i + 1] = digits[hash[i] & 15];
    }
    out[SIGV4_HEX_SIZE - 1] = '\0';
}

void sigv4_hash(struct span data, char out[SIGV4_HEX_SIZE])
{
    uint8_t hash[SHA256_SIZE];
    require(EVP_Digest(data.data, data.size, hash, NULL, sigv4__sha256(), NULL) == 1);
    sigv4__hex(out, hash);
}

void sigv4__hmac(struct span key, const char *text, uint8_t out[SHA256_SIZE])
{
    char name[] = "SHA256";
    const OSSL_PARAM parameters[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, name, 0),
        OSSL_PARAM_construct_end(),
    };
    size_t size = 0;
    pthread_once(&fetched, fetch);
    EVP_MAC_CTX *context = EVP_MAC_CTX_new(hmac);
    require(context != NULL && EVP_MAC_init(context, key.data, key.size, parameters) == 1 &&
            EVP_MAC_update(context, (const uint8_t *)text, strlen(text)) == 1 &&
            EVP_MAC_final(context, out, &size, SHA256_SIZE) == 1 && size == SHA256_SIZE);
    EVP_MAC_CTX_free(context);
}

/* ---- in pieces ---- */

struct sigv4_digest {
    EVP_MD_CTX *context;
};

struct sigv4_digest *sigv4_digest_create(void)
{
    struct sigv4_digest *digest = malloc(sizeof(*digest));
    if (digest == NULL)
        return NULL;
    digest->context = EVP_MD_CTX_new();
    if (digest->context != NULL && EVP_DigestInit_ex2(digest->context, sigv4__sha256(), NULL) == 1)
        return digest;
    sigv4_digest_destroy(digest);
    return NULL;
}

void sigv4_digest_add(struct sigv4_digest *digest, struct span piece)
{
    require(EVP_DigestUpdate(digest->context, piece.data, piece.size) == 1);
}

void sigv4_digest_end(struct sigv4_digest *digest, char out[SIGV4_HEX_SIZE])
{
    uint8_t hash[SHA256_SIZE];
    require(EVP_DigestFinal_ex(digest->context, hash, NULL) == 1);
    sigv4__hex(out, hash);
}

void sigv4_digest_destroy(struct sigv4_digest *digest)
{
    if (digest == NULL)
        return;
    EVP_MD_CTX_free(digest->context);
    free(digest);
}

bool sigv4_equal(const char *a, const char *b)
{
    size_t size = strlen(a);
    return size == strlen(b) && CRYPTO_memcmp(a, b, size) == 0;
}
