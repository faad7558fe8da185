#include "signpost/keys/key_store.h"

#include "credential.h"
#include "files.h"
#include "pair.h"
#include "token.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Keys lie in the token, where there is one, or in files; what came into files before there was a
 * token is found there still.  No decrypted key is kept for longer than it is held: they are needed
 * once a day. */
struct key_store {
    struct key_store_settings settings; /* its texts are ours */
    struct credential credential;
    struct token *token; /* NULL: none is configured */
    char *place;
};

/* ---- opening and closing ---- */

static void free_settings(struct key_store_settings *settings)
{
    free((char *)settings->directory);
    free((char *)settings->credential);
    free((char *)settings->pkcs11_module);
    free((char *)settings->pkcs11_token);
    free((char *)settings->pkcs11_pin);
}

static bool copy_settings(const struct key_store_settings *from, struct key_store_settings *to)
{
    to->directory = strdup(from->directory);
    to->credential = strdup(from->credential);
    to->pkcs11_module = strdup(from->pkcs11_module);
    to->pkcs11_token = strdup(from->pkcs11_token);
    to->pkcs11_pin = strdup(from->pkcs11_pin);
    return to->directory != NULL && to->credential != NULL && to->pkcs11_module != NULL &&
           to->pkcs11_token != NULL && to->pkcs11_pin != NULL;
}

static int open_places(struct key_store *store, struct problem *out_problem)
{
    const struct key_store_settings *settings = &store->settings;
    int rc =
        credential_open(&store->credential, settings->credential, settings->directory, out_problem);
    if (rc == 0 && (settings->pkcs11_module[0] != '\0' || settings->pkcs11_token[0] != '\0' ||
                    settings->pkcs11_pin[0] != '\0'))
        rc = token_create(settings, &store->token, out_problem);
    if (rc == 0 &&
        asprintf(&store->place, "%s %s", store->token != NULL ? "PKCS #11 token" : "files in",
                 store->token != NULL ? settings->pkcs11_token : settings->directory) < 0)
        rc = SP_ENOMEM;
    return rc;
}

int key_store_open(const struct key_store_settings *settings, struct key_store **out_store,
                   struct problem *out_problem)
{
    struct key_store *store = calloc(1, sizeof *store);
    int rc = store == NULL || !copy_settings(settings, &store->settings) ? SP_ENOMEM : 0;
    if (rc == 0)
        rc = open_places(store, out_problem);
    if (rc == 0)
        *out_store = store;
    else
        key_store_close(store);
    return rc;
}

void key_store_close(struct key_store *store)
{
    if (store == NULL)
        return;
    token_destroy(store->token);
    credential_close(&store->credential);
    free_settings(&store->settings);
    free(store->place);
    free(store);
}

const char *key_store_place(const struct key_store *store)
{
    return store->place;
}

int key_store_check(struct key_store *store, struct problem *out_problem)
{
    return store->token == NULL ? 0 : token_check(store->token, out_problem);
}

/* ---- keys ---- */

static int check_arn(const char *arn, struct problem *out_problem)
{
    if (key_arn_is_right(arn))
        return 0;
    return problem_set(out_problem, SP_EINVAL, "\"%.100s\" is no ARN of a key", arn);
}

/* The UUID is a file's name, and a label in a token; there are tools that match the halves of a key
 * by their id, so it gets one. */
static int tell_missing(const struct key_store *store, const char *arn, struct problem *out_problem)
{
    const struct key_store_settings *settings = &store->settings;
    const char *uuid = files_name(arn);
    if (store->token == NULL)
        return problem_set(out_problem, SP_ENOENT,
                           "there is no key %s: the file %s/%s is missing; bring it back from a "
                           "backup",
                           arn, settings->directory, uuid);
    return problem_set(out_problem, SP_ENOENT,
                       "there is no key %s, neither in the token nor as a file in %s; make it with "
                       "'pkcs11-tool --module %s --token-label \"%s\" --login --keypairgen "
                       "--key-type EC:prime256v1 --label %s --id %.8s%.4s'",
                       arn, settings->directory, settings->pkcs11_module, settings->pkcs11_token,
                       uuid, uuid, uuid + 9);
}

static int load_file(struct key_store *store, const char *arn, EVP_PKEY **out_key,
                     struct problem *out_problem)
{
    int rc = files_load(store->settings.directory, &store->credential, arn, out_key, out_problem);
    return rc == SP_ENOENT ? tell_missing(store, arn, out_problem) : rc;
}

static int tell_public(EVP_PKEY *key, const char *arn, uint8_t out_public[KEY_PUBLIC_SIZE],
                       struct problem *out_problem)
{
    if (pair_public(key, out_public))
        return 0;
    return problem_set(out_problem, SP_EIO, "OpenSSL does not tell the public half of %s", arn);
}

static int find_file(struct key_store *store, const char *arn, uint8_t out_public[KEY_PUBLIC_SIZE],
                     struct problem *out_problem)
{
    EVP_PKEY *key = NULL;
    int rc = load_file(store, arn, &key, out_problem);
    if (rc == 0)
        rc = tell_public(key, arn, out_public, out_problem);
    EVP_PKEY_free(key);
    return rc;
}

/* A token that cannot be had does not keep anybody from the keys that are files; but whether a key
 * that is no file exists, it alone knows. */
static int settle(int rc_token, const struct problem *of_token, int rc_file,
                  struct problem *out_problem)
{
    if (rc_file != SP_ENOENT || rc_token == SP_ENOENT)
        return rc_file;
    return problem_set(out_problem, rc_token, "%s", of_token->text);
}

static int find_both(struct key_store *store, const char *arn, uint8_t out_public[KEY_PUBLIC_SIZE],
                     struct problem *out_problem)
{
    struct problem of_token = { 0 };
    int rc = SP_ENOENT;
    if (store->token != NULL)
        rc = token_find(store->token, files_name(arn), out_public, &of_token);
    if (rc == 0)
        return 0;
    return settle(rc, &of_token, find_file(store, arn, out_public, out_problem), out_problem);
}

int key_store_find(struct key_store *store, const char *arn, uint8_t out_public[KEY_PUBLIC_SIZE],
                   struct problem *out_problem)
{
    int rc = check_arn(arn, out_problem);
    return rc != 0 ? rc : find_both(store, arn, out_public, out_problem);
}

static int make_file(struct key_store *store, const char *arn, uint8_t out_public[KEY_PUBLIC_SIZE],
                     struct problem *out_problem)
{
    EVP_PKEY *key = pair_make();
    if (key == NULL)
        return problem_set(out_problem, SP_EIO, "OpenSSL cannot make a key on P-256");
    int rc = files_save(store->settings.directory, &store->credential, arn, key, out_problem);
    if (rc == 0)
        rc = tell_public(key, arn, out_public, out_problem);
    EVP_PKEY_free(key);
    return rc;
}

int key_store_make(struct key_store *store, const char *arn, uint8_t out_public[KEY_PUBLIC_SIZE],
                   struct problem *out_problem)
{
    struct problem missing = { 0 };
    int rc = key_store_find(store, arn, out_public, &missing);
    if (rc == SP_ENOENT && store->token == NULL)
        return make_file(store, arn, out_public, out_problem);
    if (rc != 0)
        problem_set(out_problem, rc, "%s", missing.text);
    return rc;
}

/* ---- keys from elsewhere ---- */

static int compare(const char *arn, const uint8_t there[KEY_PUBLIC_SIZE], EVP_PKEY *key,
                   struct problem *out_problem)
{
    uint8_t mine[KEY_PUBLIC_SIZE];
    int rc = tell_public(key, arn, mine, out_problem);
    if (rc != 0 || memcmp(there, mine, KEY_PUBLIC_SIZE) == 0)
        return rc;
    return problem_set(out_problem, SP_EEXIST, "there is another key already for %s", arn);
}

/* A token that cannot be had now is no reason not to make a file. */
static int import(struct key_store *store, const char *arn, EVP_PKEY *key,
                  struct problem *out_problem)
{
    uint8_t there[KEY_PUBLIC_SIZE];
    int rc = find_both(store, arn, there, out_problem);
    if (rc == 0)
        return compare(arn, there, key, out_problem);
    if (rc != SP_ENOENT && (store->token == NULL || rc != SP_EIO))
        return rc;
    return files_save(store->settings.directory, &store->credential, arn, key, out_problem);
}

int key_store_import(struct key_store *store, const char *arn, struct span pkcs8,
                     struct problem *out_problem)
{
    int rc = check_arn(arn, out_problem);
    if (rc != 0)
        return rc;
    EVP_PKEY *key = pair_from_pkcs8(pkcs8);
    if (key != NULL && pair_is_whole(key))
        rc = import(store, arn, key, out_problem);
    else
        rc = problem_set(out_problem, SP_EINVAL,
                         "what should be the key %s is no key on P-256 in PKCS #8", arn);
    EVP_PKEY_free(key);
    return rc;
}

/* ---- signatures ---- */

struct held_key {
    struct token *token; /* it lies there */
    EVP_PKEY *key;       /* or came out of a file */
    char arn[KEY_ARN_SIZE];
};

static int hold_either(struct key_store *store, struct held_key *key, struct problem *out_problem)
{
    uint8_t public_key[KEY_PUBLIC_SIZE];
    struct problem of_token = { 0 };
    int rc = SP_ENOENT;
    if (store->token != NULL)
        rc = token_find(store->token, files_name(key->arn), public_key, &of_token);
    if (rc != 0)
        return settle(rc, &of_token, load_file(store, key->arn, &key->key, out_problem),
                      out_problem);
    key->token = store->token;
    return 0;
}

int key_store_hold(struct key_store *store, const char *arn, struct held_key **out_key,
                   struct problem *out_problem)
{
    int rc = check_arn(arn, out_problem);
    if (rc != 0)
        return rc;
    struct held_key *key = calloc(1, sizeof *key);
    if (key == NULL)
        return problem_set(out_problem, SP_ENOMEM, "there is not enough memory for the key %s",
                           arn);
    strcpy(key->arn, arn);
    rc = hold_either(store, key, out_problem);
    if (rc == 0)
        *out_key = key;
    else
        held_key_release(key);
    return rc;
}

void held_key_release(struct held_key *key)
{
    if (key == NULL)
        return;
    EVP_PKEY_free(key->key);
    free(key);
}

int held_key_sign(struct held_key *key, const uint8_t digest[KEY_DIGEST_SIZE],
                  uint8_t out_signature[KEY_SIGNATURE_SIZE], struct problem *out_problem)
{
    if (key->token != NULL)
        return token_sign(key->token, files_name(key->arn), digest, out_signature, out_problem);
    if (pair_sign(key->key, digest, out_signature))
        return 0;
    return problem_set(out_problem, SP_EIO, "OpenSSL cannot sign with the key %s", key->arn);
}

/* ---- secrets that lie elsewhere ---- */

static struct span span_of(const char *text)
{
    return (struct span){ (const uint8_t *)text, strlen(text) };
}

int key_store_seal(struct key_store *store, const char *label, struct span secret, uint8_t *out,
                   struct problem *out_problem)
{
    _Static_assert(KEY_SEAL_EXTRA == BOX_EXTRA, "a seal is a box");
    int rc = credential_make(&store->credential, out_problem);
    if (rc != 0 || box_close(store->credential.seal_key, span_of(label), secret, out))
        return rc;
    return problem_set(out_problem, SP_EIO, "OpenSSL cannot encrypt %s", label);
}

int key_store_unseal(struct key_store *store, const char *label, struct span sealed, uint8_t *out,
                     struct problem *out_problem)
{
    int rc = credential_need(&store->credential, out_problem);
    if (rc != 0 || box_open(store->credential.seal_key, span_of(label), sealed, out))
        return rc;
    return problem_set(out_problem, SP_EDAMAGED,
                       "the secret %s in the database was encrypted with another credential than "
                       "%s, or altered since; bring that credential back",
                       label, store->credential.path);
}
