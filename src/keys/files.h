/*
 * keys/files.h - keys as files, one for each, named after the UUID of the ARN.
 *
 * A file begins with "SIGNKEY" and the version 1, then which credential it was encrypted with (8
 * octets that say nothing else), then the ARN, padded with zeros to 76 octets; the rest is a box
 * (box.h) with the PKCS #8 of the key, labelled with all that is before it.
 */
#ifndef KEYS_FILES_H
#define KEYS_FILES_H

#include "credential.h"

#include <openssl/evp.h>

/* The UUID of an ARN: the name of its file. */
const char *files_name(const char *arn);

/* Whether anything in the directory has the name of a key. */
bool files_has_any(const char *directory);

/* The caller frees.  SP_ENOENT, SP_EDAMAGED, SP_EIO, SP_ENOMEM. */
int files_load(const char *directory, struct credential *credential, const char *arn,
               EVP_PKEY **out_key, struct problem *out_problem);

/* SP_EEXIST: there is a file for it already.  SP_EDAMAGED: see credential_make; SP_EFULL, SP_EIO.
 */
int files_save(const char *directory, struct credential *credential, const char *arn, EVP_PKEY *key,
               struct problem *out_problem);

#endif
