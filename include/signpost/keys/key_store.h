/*
 * keys/key_store.h - where the private halves of key-signing keys lie, behind one interface.
 *
 * A key is found by an ARN as AWS KMS has them, "arn:aws:kms:us-east-1:111122223333:key/UUID".
 * Without a token it is a file named after the UUID, encrypted (AES-256-GCM) with a key that comes
 * from a credential.  With a token (PKCS #11) it is the key whose label is the UUID; it never
 * leaves the token, and is made with the token's own tools.  Files are found beside a token, too.
 * Keys that this interface has made are never deleted by it, as KMS keeps its keys.
 * Control thread only; calls may take as long as the token does.
 */
#ifndef SIGNPOST_KEYS_KEY_STORE_H
#define SIGNPOST_KEYS_KEY_STORE_H

#include "signpost/base/span.h"
#include "signpost/base/status.h"
#include "signpost/model/signing.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct key_store_settings {
    const char *directory;     /* of the files; made with mode 0700 when it is first needed */
    const char *credential;    /* file of at least 32 octets, all of which count; a name without a
                                  slash is one of systemd's ($CREDENTIALS_DIRECTORY).  "": the file
                                  "credential" in the directory, made when it is first needed */
    const char *pkcs11_module; /* the token's library; "": no token */
    const char *pkcs11_token;  /* its label */
    const char *pkcs11_pin;    /* file with the PIN, found as the credential is; "": it has none */
};

struct key_store;

/* Copies the settings.  Opens the credential if it is named: what is configured and cannot be had
 * is SP_EINVAL or SP_EIO with what to do, SP_ENOMEM.  A token that is away is no reason not to
 * start (see key_store_check), but one whose library cannot be used is.  Nothing is written yet. */
int key_store_open(const struct key_store_settings *settings, struct key_store **out_store,
                   struct problem *out_problem);
void key_store_close(struct key_store *store); /* wipes what it knew; NULL is fine */

/* Whether keys can be had where they lie now: SP_EIO while the token is away, is locked or refuses
 * the PIN, with what to do.  Every other call finds out by itself when it is back.  To be called,
 * like the calls below, as the user that the daemon becomes. */
int key_store_check(struct key_store *store, struct problem *out_problem);

/* Where keys lie, for people: "files in DIRECTORY" or "PKCS #11 token LABEL".  Lives as long. */
const char *key_store_place(const struct key_store *store);

/* The public half of the ARN's key.  SP_ENOENT: there is none, with what to do; SP_EDAMAGED: it
 * cannot be decrypted, or is no key on P-256; SP_EIO. */
int key_store_find(struct key_store *store, const char *arn, uint8_t out_public[KEY_PUBLIC_SIZE],
                   struct problem *out_problem);

/* The same, of a fresh key where there is none.  With a token none is made: SP_ENOENT.  SP_EFULL.
 */
int key_store_make(struct key_store *store, const char *arn, uint8_t out_public[KEY_PUBLIC_SIZE],
                   struct problem *out_problem);

/* Takes a key over (PKCS #8, DER) as the ARN's, into a file even where there is a token.  One that
 * is there already with the same public half is success; SP_EEXIST: with another.  SP_EINVAL: no
 * such key; SP_EFULL, SP_EIO. */
int key_store_import(struct key_store *store, const char *arn, struct span pkcs8,
                     struct problem *out_problem);

/* ---- signing ---- */

/* A key held for a run of signatures: of a file the decrypted key, so hold none for longer. */
struct held_key;

/* The key of that ARN, for held_key_release.  Errors as key_store_find, and SP_ENOMEM. */
int key_store_hold(struct key_store *store, const char *arn, struct held_key **out_key,
                   struct problem *out_problem);
void held_key_release(struct held_key *key); /* NULL is fine; before the store is closed */

/* ECDSA over a SHA-256 digest: r and s, 32 octets each (RFC 6605 §4).  Errors as key_store_find. */
int held_key_sign(struct held_key *key, const uint8_t digest[KEY_DIGEST_SIZE],
                  uint8_t out_signature[KEY_SIGNATURE_SIZE], struct problem *out_problem);

/* ---- secrets that lie elsewhere ---- */

#define KEY_SEAL_EXTRA 28 /* nonce and tag, octets that sealing adds */

/* Encrypts a secret with the credential's key, bound to a label: out has room for secret.size +
 * KEY_SEAL_EXTRA octets.  SP_EIO, and what making the credential can meet. */
int key_store_seal(struct key_store *store, const char *label, struct span secret, uint8_t *out,
                   struct problem *out_problem);

/* Back again: out has room for sealed.size - KEY_SEAL_EXTRA.  SP_EDAMAGED: sealed with another
 * credential, with another label, or altered. */
int key_store_unseal(struct key_store *store, const char *label, struct span sealed, uint8_t *out,
                     struct problem *out_problem);

/* ---- keys without a place of their own: the zone-signing keys ---- */

/* A fresh pair on P-256: private half as a big-endian scalar.  SP_EIO. */
int key_pair_make(uint8_t out_private[KEY_PRIVATE_SIZE], uint8_t out_public[KEY_PUBLIC_SIZE],
                  struct problem *out_problem);

/* SHA-256.  SP_EIO. */
int key_digest(struct span data, uint8_t out_digest[KEY_DIGEST_SIZE], struct problem *out_problem);

/* In base64, with a zero. */
#define KEY_BASE64_SIZE ((KEY_PUBLIC_SIZE + 2) / 3 * 4 + 1)
void key_base64(const uint8_t public_key[KEY_PUBLIC_SIZE], char out[KEY_BASE64_SIZE]);

#endif
