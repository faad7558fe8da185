/*
 * keys/token.h - keys in a PKCS #11 token, found by their label.
 *
 * A token may be gone, restarted or locked, and come back, at any time: what was open is opened
 * again when a call meets a fault.  A PIN that was refused is not tried again before the file
 * with it has changed, for tokens lock themselves after a few wrong ones.
 */
#ifndef KEYS_TOKEN_H
#define KEYS_TOKEN_H

#include "signpost/keys/key_store.h"

struct token;

/* Looks at the settings, which must outlive it; the token itself may be away.  SP_EINVAL, SP_EIO:
 * they cannot be used; SP_ENOMEM. */
int token_create(const struct key_store_settings *settings, struct token **out_token,
                 struct problem *out_problem);
void token_destroy(struct token *token); /* NULL is fine */

/* Whether the token can be had now.  SP_EIO. */
int token_check(struct token *token, struct problem *out_problem);

/* The public half.  SP_ENOENT: the token has no such key; SP_EDAMAGED: it is none on P-256; SP_EIO.
 */
int token_find(struct token *token, const char *label, uint8_t out_public[KEY_PUBLIC_SIZE],
               struct problem *out_problem);

/* The signature has been verified with the key's public half. */
int token_sign(struct token *token, const char *label, const uint8_t digest[KEY_DIGEST_SIZE],
               uint8_t out_signature[KEY_SIGNATURE_SIZE], struct problem *out_problem);

#endif
