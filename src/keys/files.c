#include "files.h"

#include "disk.h"
#include "pair.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WHAT          "the key's file"
#define MAGIC         "SIGNKEY\1" /* the last octet is the version */
#define MAGIC_SIZE    8
#define CHECK_AT      MAGIC_SIZE
#define ARN_AT        (CHECK_AT + CREDENTIAL_CHECK_SIZE)
#define HEADER_SIZE   (ARN_AT + KEY_ARN_SIZE)
#define FILE_SIZE     (HEADER_SIZE + KEY_PRIVATE_MAX + BOX_EXTRA)
#define UUID_SIZE     36
#define MAGIC_LETTERS (MAGIC_SIZE - 1)

const char *files_name(const char *arn)
{
    return arn + strlen(arn) - UUID_SIZE;
}

/* ARNs that differ in nothing but the UUID are as good as any to ask whether it is one. */
static bool is_uuid(const char *name)
{
    char arn[KEY_ARN_SIZE];
    return strlen(name) == UUID_SIZE &&
           snprintf(arn, sizeof arn, "arn:aws:kms:us-east-1:000000000000:key/%s", name) > 0 &&
           key_arn_is_right(arn);
}

bool files_has_any(const char *directory)
{
    DIR *list = opendir(directory);
    bool found = false;
    struct dirent *entry;
    while (list != NULL && !found && (entry = readdir(list)) != NULL)
        found = is_uuid(entry->d_name);
    if (list != NULL)
        closedir(list);
    return found;
}

static void put_header(const struct credential *credential, const char *arn,
                       uint8_t header[HEADER_SIZE])
{
    memset(header, 0, HEADER_SIZE);
    memcpy(header, MAGIC, MAGIC_SIZE);
    memcpy(header + CHECK_AT, credential->check, CREDENTIAL_CHECK_SIZE);
    memcpy(header + ARN_AT, arn, strlen(arn));
}

/* ---- reading ---- */

static int check_magic(const char *path, struct span file, struct problem *out_problem)
{
    if (file.size < MAGIC_SIZE || memcmp(file.data, MAGIC, MAGIC_LETTERS) != 0)
        return problem_set(out_problem, SP_EDAMAGED,
                           "%s is no file of a key; bring it back from a backup", path);
    if (file.data[MAGIC_LETTERS] != (uint8_t)MAGIC[MAGIC_LETTERS])
        return problem_set(out_problem, SP_EDAMAGED,
                           "%s has version %u, which this Signpost does not know; a newer one "
                           "wrote it",
                           path, file.data[MAGIC_LETTERS]);
    if (file.size < HEADER_SIZE + BOX_EXTRA)
        return problem_set(out_problem, SP_EDAMAGED,
                           "%s is cut off after %zu octets; bring it back from a backup", path,
                           file.size);
    return 0;
}

static int check_header(const char *path, struct credential *credential, struct span file,
                        struct problem *out_problem)
{
    int rc = check_magic(path, file, out_problem);
    if (rc != 0 || memcmp(file.data + CHECK_AT, credential->check, CREDENTIAL_CHECK_SIZE) == 0 ||
        credential_is_back(credential, file.data + CHECK_AT))
        return rc;
    return problem_set(out_problem, SP_EDAMAGED,
                       "%s was encrypted with another credential than %s; bring that one back",
                       path, credential->path);
}

static int decrypt(const char *path, const struct credential *credential, struct span file,
                   EVP_PKEY **out_key, struct problem *out_problem)
{
    uint8_t pkcs8[KEY_PRIVATE_MAX];
    struct span header = { file.data, HEADER_SIZE };
    struct span box = { file.data + HEADER_SIZE, file.size - HEADER_SIZE };
    if (!box_open(credential->file_key, header, box, pkcs8))
        return problem_set(out_problem, SP_EDAMAGED,
                           "%s was altered since it was written; bring it back from a backup",
                           path);
    *out_key = pair_from_pkcs8((struct span){ pkcs8, box.size - BOX_EXTRA });
    OPENSSL_cleanse(pkcs8, sizeof pkcs8);
    return *out_key != NULL
               ? 0
               : problem_set(out_problem, SP_EDAMAGED,
                             "%s holds what OpenSSL cannot use as a key on P-256", path);
}

/* After decrypting: only then is the header known to be what was written. */
static int check_arn(const char *path, const char *arn, struct span file,
                     struct problem *out_problem)
{
    const char *found = (const char *)file.data + ARN_AT;
    if (strncmp(found, arn, KEY_ARN_SIZE) == 0)
        return 0;
    return problem_set(out_problem, SP_EDAMAGED, "%s holds the key \"%.*s\" and not \"%s\"", path,
                       KEY_ARN_SIZE - 1, found, arn);
}

static int use(const char *path, struct credential *credential, const char *arn, struct span file,
               EVP_PKEY **out_key, struct problem *out_problem)
{
    EVP_PKEY *key = NULL;
    int rc = credential_need(credential, out_problem);
    if (rc == 0)
        rc = check_header(path, credential, file, out_problem);
    if (rc == 0)
        rc = decrypt(path, credential, file, &key, out_problem);
    if (rc == 0)
        rc = check_arn(path, arn, file, out_problem);
    if (rc == 0)
        *out_key = key;
    else
        EVP_PKEY_free(key);
    return rc;
}

static int load(const char *path, struct credential *credential, const char *arn,
                EVP_PKEY **out_key, struct problem *out_problem)
{
    struct secret file = { NULL, 0 };
    int rc = disk_read(path, WHAT, FILE_SIZE, DISK_CIPHER, &file, out_problem);
    if (rc == 0)
        rc =
            use(path, credential, arn, (struct span){ file.data, file.size }, out_key, out_problem);
    secret_free(&file);
    return rc;
}

int files_load(const char *directory, struct credential *credential, const char *arn,
               EVP_PKEY **out_key, struct problem *out_problem)
{
    char *path = NULL;
    if (asprintf(&path, "%s/%s", directory, files_name(arn)) < 0)
        return SP_ENOMEM;
    int rc = load(path, credential, arn, out_key, out_problem);
    free(path);
    return rc;
}

/* ---- writing ---- */

static size_t encrypt(const struct credential *credential, const char *arn, EVP_PKEY *key,
                      uint8_t file[FILE_SIZE])
{
    uint8_t pkcs8[KEY_PRIVATE_MAX];
    size_t size = pair_to_pkcs8(key, pkcs8);
    put_header(credential, arn, file);
    bool done = size > 0 && box_close(credential->file_key, (struct span){ file, HEADER_SIZE },
                                      (struct span){ pkcs8, size }, file + HEADER_SIZE);
    OPENSSL_cleanse(pkcs8, sizeof pkcs8);
    return done ? HEADER_SIZE + size + BOX_EXTRA : 0;
}

int files_save(const char *directory, struct credential *credential, const char *arn, EVP_PKEY *key,
               struct problem *out_problem)
{
    uint8_t file[FILE_SIZE];
    int rc = credential_make(credential, out_problem);
    if (rc != 0)
        return rc;
    size_t size = encrypt(credential, arn, key, file);
    if (size == 0)
        return problem_set(out_problem, SP_EIO, "OpenSSL cannot encrypt the key %s", arn);
    return disk_write_new(directory, files_name(arn), (struct span){ file, size }, out_problem);
}
