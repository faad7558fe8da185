/*
 * store/signing.h - key-signing keys, the pairs behind them, and which zones shall be signed, as
 * they are stored.
 *
 * Everything that writes does so inside a transaction begun before (store_begin), which goes on.
 * Zones are named by their number; what they have goes with them.  Control thread only.
 */
#ifndef SIGNPOST_STORE_SIGNING_H
#define SIGNPOST_STORE_SIGNING_H

#include "signpost/model/signing.h"
#include "signpost/store/store.h"

/* ---- pairs ---- */

/* SP_ENOENT without words. */
int store_find_key_pair(struct store *store, const char *arn, struct key_pair *out_pair,
                        struct problem *out_problem);

/* A new one.  SP_ELIMIT: there are KEY_PAIRS_MAX. */
int store_add_key_pair(struct store *store, const struct key_pair *pair,
                       struct problem *out_problem);

/* ---- keys of zones ---- */

/* In the order in which they were made. */
int store_read_keys(struct store *store, int64_t zone_id,
                    struct key_signing_key out_keys[KEY_SIGNING_KEYS_MAX], unsigned *out_count,
                    struct problem *out_problem);

/* A new one, or in the place of the one of that name; its pair must be there. */
int store_put_key(struct store *store, int64_t zone_id, const struct key_signing_key *key,
                  struct problem *out_problem);

/* SP_ENOENT without words. */
int store_delete_key(struct store *store, int64_t zone_id, const char *name,
                     struct problem *out_problem);

/* ---- zones ---- */

int store_read_signing(struct store *store, int64_t zone_id, enum signing_status *out_status,
                       struct problem *out_problem);

/* Not SIGNING_NEVER. */
int store_put_signing(struct store *store, int64_t zone_id, enum signing_status status,
                      struct problem *out_problem);

#endif
