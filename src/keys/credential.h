/*
 * keys/credential.h - the file that everything else is encrypted with.
 *
 * Two keys come from all of its octets (HKDF, RFC 5869): one for the files of keys, one for what is
 * sealed elsewhere.  They stay in memory, as the file stays readable; the file's octets do not.
 */
#ifndef KEYS_CREDENTIAL_H
#define KEYS_CREDENTIAL_H

#include "signpost/base/status.h"

#include "box.h"

#define CREDENTIAL_CHECK_SIZE 8

struct credential {
    char *path;
    const char *directory; /* of the files: where the default one is made */
    bool is_default;       /* nobody named one */
    bool is_loaded;
    uint8_t file_key[BOX_KEY_SIZE];
    uint8_t seal_key[BOX_KEY_SIZE];
    uint8_t check[CREDENTIAL_CHECK_SIZE]; /* tells credentials apart, and nothing about them */
};

/* Where the file lies that a setting names: as it stands, or one of systemd's, when there is no
 * slash.  The caller frees.  SP_EINVAL: systemd gave none; key is the setting's name. */
int credential_path(const char *key, const char *setting, char **out_path,
                    struct problem *out_problem);

/* Loads the one that the setting names.  The default one waits until it is needed.  The directory
 * must outlive it.  SP_EINVAL, SP_EIO, SP_ENOMEM. */
int credential_open(struct credential *credential, const char *setting, const char *directory,
                    struct problem *out_problem);
void credential_close(struct credential *credential);

/* For what was encrypted before: SP_EDAMAGED when the default one is gone. */
int credential_need(struct credential *credential, struct problem *out_problem);

/* For what is encrypted now: makes the default one where there is none, unless the directory has
 * keys, which then were encrypted with one that is lost (SP_EDAMAGED). */
int credential_make(struct credential *credential, struct problem *out_problem);

/* Whether the file now holds the credential of that check, which is in use from then on: somebody
 * was told to bring it back.  What else it may hold changes nothing. */
bool credential_is_back(struct credential *credential, const uint8_t check[CREDENTIAL_CHECK_SIZE]);

#endif
