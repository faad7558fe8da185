/*
 * key_stage.h - a key store in a directory of its own, and what an outsider says of its keys.
 */
#ifndef KEYS_TEST_KEY_STAGE_H
#define KEYS_TEST_KEY_STAGE_H

#include "tests.h"

#include "signpost/keys/key_store.h"

#include <dirent.h>
#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/x509.h>
#include <sys/stat.h>
#include <unistd.h>

#define STAGE __attribute__((unused)) static

#define UUID       "11111111-2222-3333-4444-555555555555"
#define ARN        "arn:aws:kms:us-east-1:111122223333:key/" UUID
#define OTHER_UUID "99999999-2222-3333-4444-555555555555"
#define OTHER_ARN  "arn:aws:kms:us-east-1:111122223333:key/" OTHER_UUID
#define NOBODY     65534

struct stage {
    char directory[32];
    char keys[64]; /* not made yet */
    struct key_store_settings settings;
    struct key_store *store;
    struct problem problem; /* of the last call that failed */
};

STAGE int stage_set_up(void **state)
{
    struct stage *stage = calloc(1, sizeof *stage);
    strcpy(stage->directory, "/tmp/signpost-keys-XXXXXX");
    assert_non_null(mkdtemp(stage->directory));
    snprintf(stage->keys, sizeof stage->keys, "%s/keys", stage->directory);
    stage->settings = (struct key_store_settings){ stage->keys, "", "", "", "" };
    umask(022);
    *state = stage;
    return 0;
}

STAGE int stage_tear_down(void **state)
{
    struct stage *stage = *state;
    char command[64];
    key_store_close(stage->store);
    snprintf(command, sizeof command, "rm -rf %s", stage->directory);
    assert_int_equal(system(command), 0);
    free(stage);
    return 0;
}

#define STAGE_TEST(test) cmocka_unit_test_setup_teardown(test, stage_set_up, stage_tear_down)

/* Closes what is open; returns what opening says. */
STAGE int reopen(struct stage *stage)
{
    key_store_close(stage->store);
    stage->store = NULL;
    stage->problem = (struct problem){ 0 };
    return key_store_open(&stage->settings, &stage->store, &stage->problem);
}

STAGE void open_well(struct stage *stage)
{
    if (reopen(stage) != 0)
        fail_msg("%s", stage->problem.text);
}

/* ---- what is asked of the store ---- */

STAGE int find(struct stage *stage, const char *arn, uint8_t out_public[KEY_PUBLIC_SIZE])
{
    stage->problem = (struct problem){ 0 };
    return key_store_find(stage->store, arn, out_public, &stage->problem);
}

STAGE void make(struct stage *stage, const char *arn, uint8_t out_public[KEY_PUBLIC_SIZE])
{
    if (key_store_make(stage->store, arn, out_public, &stage->problem) != 0)
        fail_msg("%s", stage->problem.text);
}

STAGE int import(struct stage *stage, const char *arn, struct span pkcs8)
{
    stage->problem = (struct problem){ 0 };
    return key_store_import(stage->store, arn, pkcs8, &stage->problem);
}

/* The words of a refusal name all of these; NULL: nothing. */
STAGE void assert_refusal(const struct stage *stage, const char *why, int rc, int expect,
                          const char *word, const char *other_word)
{
    if (rc != expect)
        fail_msg("%s: %d and not %d: %s", why, rc, expect, stage->problem.text);
    if (stage->problem.status != rc)
        fail_msg("%s: the problem says %d", why, stage->problem.status);
    if ((word != NULL && strstr(stage->problem.text, word) == NULL) ||
        (other_word != NULL && strstr(stage->problem.text, other_word) == NULL))
        fail_msg("%s: no \"%s\", \"%s\" in \"%s\"", why, word, other_word, stage->problem.text);
}

/* ---- what an outsider says ---- */

STAGE EVP_PKEY *public_key(const uint8_t public_half[KEY_PUBLIC_SIZE])
{
    uint8_t point[1 + KEY_PUBLIC_SIZE] = { 4 };
    EVP_PKEY *key = NULL;
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_name(NULL, "EC", NULL);
    memcpy(point + 1, public_half, KEY_PUBLIC_SIZE);
    OSSL_PARAM parameters[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, (char *)"prime256v1", 0),
        OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, point, sizeof point),
        OSSL_PARAM_construct_end(),
    };
    assert_int_equal(EVP_PKEY_fromdata_init(context), 1);
    assert_int_equal(EVP_PKEY_fromdata(context, &key, EVP_PKEY_PUBLIC_KEY, parameters), 1);
    EVP_PKEY_CTX_free(context);
    return key;
}

/* Whether r and s are a signature of the text. */
STAGE bool verifies(const uint8_t public_half[KEY_PUBLIC_SIZE], const char *text,
                    const uint8_t signature[KEY_SIGNATURE_SIZE])
{
    EVP_PKEY *key = public_key(public_half);
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    ECDSA_SIG *numbers = ECDSA_SIG_new();
    uint8_t *der = NULL;
    ECDSA_SIG_set0(numbers, BN_bin2bn(signature, 32, NULL), BN_bin2bn(signature + 32, 32, NULL));
    int size = i2d_ECDSA_SIG(numbers, &der);
    assert_int_equal(EVP_DigestVerifyInit(context, NULL, EVP_sha256(), NULL, key), 1);
    int rc = EVP_DigestVerify(context, der, (size_t)size, (const uint8_t *)text, strlen(text));
    OPENSSL_free(der);
    ECDSA_SIG_free(numbers);
    EVP_MD_CTX_free(context);
    EVP_PKEY_free(key);
    return rc == 1;
}

STAGE int sign(struct stage *stage, const char *arn, const char *text,
               uint8_t out_signature[KEY_SIGNATURE_SIZE])
{
    uint8_t digest[KEY_DIGEST_SIZE];
    stage->problem = (struct problem){ 0 };
    assert_int_equal(key_digest((struct span){ (const uint8_t *)text, strlen(text) }, digest, NULL),
                     0);
    struct held_key *key = NULL;
    int rc = key_store_hold(stage->store, arn, &key, &stage->problem);
    if (rc == 0)
        rc = held_key_sign(key, digest, out_signature, &stage->problem);
    held_key_release(key);
    return rc;
}

/* The store signs with the private half of this public one. */
STAGE void assert_signs(struct stage *stage, const char *arn,
                        const uint8_t public_half[KEY_PUBLIC_SIZE])
{
    uint8_t signature[KEY_SIGNATURE_SIZE];
    if (sign(stage, arn, "what is signed", signature) != 0)
        fail_msg("%s", stage->problem.text);
    assert_true(verifies(public_half, "what is signed", signature));
    assert_false(verifies(public_half, "something else", signature));
}

/* PKCS #8 of a fresh key: of a curve's name, or "" for Ed25519. */
STAGE size_t fresh_pkcs8(const char *curve, uint8_t out[512])
{
    EVP_PKEY *key = curve[0] != '\0' ? EVP_EC_gen(curve) : EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
    PKCS8_PRIV_KEY_INFO *info = EVP_PKEY2PKCS8(key);
    int size = i2d_PKCS8_PRIV_KEY_INFO(info, NULL);
    assert_true(size > 0 && size <= 512);
    i2d_PKCS8_PRIV_KEY_INFO(info, &out);
    PKCS8_PRIV_KEY_INFO_free(info);
    EVP_PKEY_free(key);
    return (size_t)size;
}

/* ---- files ---- */

STAGE const char *path_in(const char *directory, const char *name)
{
    static char paths[4][128];
    static unsigned turn;
    char *path = paths[turn++ % 4];
    snprintf(path, sizeof paths[0], "%s/%s", directory, name);
    return path;
}

STAGE void put_file(const char *path, const void *data, size_t size, unsigned mode)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(data, 1, size, file), size);
    fclose(file);
    assert_int_equal(chmod(path, mode), 0);
}

STAGE size_t get_file(const char *path, uint8_t *out, size_t room)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL)
        fail_msg("%s is missing", path);
    size_t size = fread(out, 1, room, file);
    fclose(file);
    return size;
}

STAGE unsigned mode_of(const char *path)
{
    struct stat status;
    assert_int_equal(lstat(path, &status), 0);
    return status.st_mode & 07777;
}

/* Files in a directory; 0 where there is none. */
STAGE unsigned count_files(const char *path)
{
    unsigned count = 0;
    DIR *directory = opendir(path);
    struct dirent *entry;
    while (directory != NULL && (entry = readdir(directory)) != NULL)
        count += entry->d_name[0] != '.';
    if (directory != NULL)
        closedir(directory);
    return count;
}

/* Root may do everything, so what it must not be able to do is tried as nobody. */
STAGE void become_nobody(void)
{
    if (getuid() == 0)
        assert_int_equal(seteuid(NOBODY), 0);
}

STAGE void become_myself(void)
{
    assert_int_equal(seteuid(getuid()), 0);
}

#endif
