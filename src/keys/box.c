#include "box.h"

#include <openssl/evp.h>
#include <openssl/rand.h>

static bool encrypt(EVP_CIPHER_CTX *context, const uint8_t *key, struct span label,
                    struct span secret, uint8_t *out_box)
{
    uint8_t *cipher = out_box + BOX_NONCE_SIZE;
    int size = 0;
    return RAND_bytes(out_box, BOX_NONCE_SIZE) == 1 &&
           EVP_EncryptInit_ex2(context, EVP_aes_256_gcm(), key, out_box, NULL) == 1 &&
           EVP_EncryptUpdate(context, NULL, &size, label.data, (int)label.size) == 1 &&
           EVP_EncryptUpdate(context, cipher, &size, secret.data, (int)secret.size) == 1 &&
           EVP_EncryptFinal_ex(context, cipher + size, &size) == 1 &&
           EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, BOX_TAG_SIZE,
                               cipher + secret.size) == 1;
}

bool box_close(const uint8_t key[BOX_KEY_SIZE], struct span label, struct span secret,
               uint8_t *out_box)
{
    EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new();
    bool done = context != NULL && encrypt(context, key, label, secret, out_box);
    EVP_CIPHER_CTX_free(context);
    return done;
}

static bool decrypt(EVP_CIPHER_CTX *context, const uint8_t *key, struct span label, struct span box,
                    uint8_t *out_secret)
{
    uint8_t tag[BOX_TAG_SIZE];
    size_t secret_size = box.size - BOX_EXTRA;
    const uint8_t *cipher = box.data + BOX_NONCE_SIZE;
    int size = 0;
    for (unsigned i = 0; i < BOX_TAG_SIZE; i++)
        tag[i] = cipher[secret_size + i];
    return EVP_DecryptInit_ex2(context, EVP_aes_256_gcm(), key, box.data, NULL) == 1 &&
           EVP_DecryptUpdate(context, NULL, &size, label.data, (int)label.size) == 1 &&
           EVP_DecryptUpdate(context, out_secret, &size, cipher, (int)secret_size) == 1 &&
           EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, BOX_TAG_SIZE, tag) == 1 &&
           EVP_DecryptFinal_ex(context, out_secret + size, &size) == 1;
}

bool box_open(const uint8_t key[BOX_KEY_SIZE], struct span label, struct span box,
              uint8_t *out_secret)
{
    if (box.size < BOX_EXTRA)
        return false;
    EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new();
    bool done = context != NULL && decrypt(context, key, label, box, out_secret);
    EVP_CIPHER_CTX_free(context);
    if (!done)
        OPENSSL_cleanse(out_secret, box.size - BOX_EXTRA);
    return done;
}
