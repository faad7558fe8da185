#include "credential.h"

#include "signpost/base/limits.h"

#include "disk.h"
#include "files.h"

#include <openssl/core_names.h>
#include <openssl/kdf.h>
#include <openssl/rand.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WHAT         "the credential (key-credential)"
#define DEFAULT_NAME "credential"

/* ---- the keys that come from it ---- */

static bool derive(EVP_KDF_CTX *context, const struct secret *secret, const char *purpose,
                   uint8_t *out, size_t size)
{
    OSSL_PARAM parameters[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, (char *)"SHA256", 0),
        OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_KEY, secret->data, secret->size),
        OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_INFO, (char *)purpose, strlen(purpose)),
        OSSL_PARAM_construct_end(),
    };
    EVP_KDF_CTX_reset(context);
    return EVP_KDF_derive(context, out, size, parameters) == 1;
}

static bool derive_all(struct credential *credential, const struct secret *secret)
{
    EVP_KDF *method = EVP_KDF_fetch(NULL, "HKDF", NULL);
    EVP_KDF_CTX *context = EVP_KDF_CTX_new(method);
    bool done = context != NULL &&
                derive(context, secret, "signpost key files 1", credential->file_key,
                       sizeof credential->file_key) &&
                derive(context, secret, "signpost seals 1", credential->seal_key,
                       sizeof credential->seal_key) &&
                derive(context, secret, "signpost credential check 1", credential->check,
                       sizeof credential->check);
    EVP_KDF_CTX_free(context);
    EVP_KDF_free(method);
    return done;
}

static int use(struct credential *credential, const struct secret *secret,
               struct problem *out_problem)
{
    if (secret->size < KEY_CREDENTIAL_SIZE_MIN)
        return problem_set(out_problem, SP_EIO,
                           WHAT ": %s has %zu octets, and needs at least %d; "
                                "'openssl rand -out FILE %d' makes such a file",
                           credential->path, secret->size, KEY_CREDENTIAL_SIZE_MIN,
                           KEY_CREDENTIAL_SIZE_MIN);
    if (!derive_all(credential, secret))
        return problem_set(out_problem, SP_EIO, "OpenSSL cannot derive keys with HKDF-SHA256");
    credential->is_loaded = true;
    return 0;
}

static int load(struct credential *credential, struct problem *out_problem)
{
    struct secret secret = { NULL, 0 };
    int rc = disk_read(credential->path, WHAT, KEY_CREDENTIAL_SIZE_MAX, DISK_SECRET, &secret,
                       out_problem);
    if (rc == 0)
        rc = use(credential, &secret, out_problem);
    secret_free(&secret);
    return rc;
}

/* ---- where it lies ---- */

int credential_path(const char *key, const char *setting, char **out_path,
                    struct problem *out_problem)
{
    const char *directory = strchr(setting, '/') == NULL ? getenv("CREDENTIALS_DIRECTORY") : "";
    if (directory == NULL)
        return problem_set(out_problem, SP_EINVAL,
                           "%s: \"%s\" has no slash and so is a credential of systemd, but systemd "
                           "gave none ($CREDENTIALS_DIRECTORY is not set); add \"LoadCredential=%s:"
                           "/path/of/the/file\" to the unit, or name a file with its path",
                           key, setting, setting);
    char *path = NULL;
    if (asprintf(&path, "%s%s%s", directory, directory[0] == '\0' ? "" : "/", setting) < 0)
        return SP_ENOMEM;
    *out_path = path;
    return 0;
}

static int open_named(struct credential *credential, const char *setting,
                      struct problem *out_problem)
{
    int rc = credential_path("key-credential", setting, &credential->path, out_problem);
    if (rc == 0)
        rc = load(credential, out_problem);
    if (rc != SP_ENOENT)
        return rc;
    return problem_set(out_problem, SP_EIO,
                       WHAT ": there is no file %s; bring it back, for what was encrypted with it "
                            "needs it, or make the first one with 'openssl rand -out FILE %d' and "
                            "mode 0600",
                       credential->path, KEY_CREDENTIAL_SIZE_MIN);
}

int credential_open(struct credential *credential, const char *setting, const char *directory,
                    struct problem *out_problem)
{
    *credential = (struct credential){ .directory = directory, .is_default = setting[0] == '\0' };
    if (credential->is_default)
        return asprintf(&credential->path, "%s/" DEFAULT_NAME, directory) < 0 ? SP_ENOMEM : 0;
    return open_named(credential, setting, out_problem);
}

void credential_close(struct credential *credential)
{
    free(credential->path);
    OPENSSL_cleanse(credential, sizeof *credential);
}

/* ---- when it is needed ---- */

static int tell_lost(const struct credential *credential, struct problem *out_problem)
{
    return problem_set(out_problem, SP_EDAMAGED,
                       WHAT ": %s is gone, and what was encrypted with it cannot be read without; "
                            "bring it back from a backup",
                       credential->path);
}

int credential_need(struct credential *credential, struct problem *out_problem)
{
    if (credential->is_loaded)
        return 0;
    int rc = load(credential, out_problem);
    return rc == SP_ENOENT ? tell_lost(credential, out_problem) : rc;
}

bool credential_is_back(struct credential *credential, const uint8_t check[CREDENTIAL_CHECK_SIZE])
{
    struct credential now = { .path = credential->path };
    bool is_back = load(&now, NULL) == 0 && memcmp(now.check, check, sizeof now.check) == 0;
    if (is_back) {
        memcpy(credential->file_key, now.file_key, sizeof now.file_key);
        memcpy(credential->seal_key, now.seal_key, sizeof now.seal_key);
        memcpy(credential->check, now.check, sizeof now.check);
    }
    OPENSSL_cleanse(&now, sizeof now);
    return is_back;
}

static int make_default(struct credential *credential, struct problem *out_problem)
{
    uint8_t octets[KEY_CREDENTIAL_SIZE_MIN];
    struct secret secret = { octets, sizeof octets };
    if (RAND_priv_bytes(octets, sizeof octets) != 1)
        return problem_set(out_problem, SP_EIO, "OpenSSL cannot make random octets");
    int rc = disk_write_new(credential->directory, DEFAULT_NAME,
                            (struct span){ octets, sizeof octets }, out_problem);
    if (rc == 0)
        rc = use(credential, &secret, out_problem);
    OPENSSL_cleanse(octets, sizeof octets);
    return rc;
}

int credential_make(struct credential *credential, struct problem *out_problem)
{
    if (credential->is_loaded)
        return 0;
    int rc = load(credential, out_problem);
    if (rc != SP_ENOENT)
        return rc;
    return files_has_any(credential->directory) ? tell_lost(credential, out_problem)
                                                : make_default(credential, out_problem);
}
