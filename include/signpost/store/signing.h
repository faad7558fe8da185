/*
 * store/signing.h - key-signing keys, which zones shall be signed, and what they are signed with,
 * as it is stored.
 *
 * Private halves of key-signing keys are not here but in the key store; those of zone-signing keys
 * are, sealed.  Everything that writes does so inside a transaction begun before (store_begin),
 * which goes on, unless it says otherwise.  Zones are named by their number; what they have goes
 * with them.  Control thread only.
 */
#ifndef SIGNPOST_STORE_SIGNING_H
#define SIGNPOST_STORE_SIGNING_H

#include "signpost/model/key_sets.h"
#include "signpost/store/store.h"

/* ---- what ARNs stand for ---- */

/* The public half of an ARN's pair.  SP_ENOENT without words. */
int store_find_key_pair(struct store *store, const char *arn, uint8_t out_public[KEY_PUBLIC_SIZE],
                        struct problem *out_problem);

/* SP_ELIMIT: there are KEY_PAIRS_MAX.  SP_ECONFLICT: a zone has a key of that ARN with another
 * public half. */
int store_put_key_pair(struct store *store, const char *arn,
                       const uint8_t public_key[KEY_PUBLIC_SIZE], struct problem *out_problem);

/* The pairs whose private halves older versions of Signpost have left here.  Other than 0 ends the
 * reading with that status. */
int store_visit_old_pairs(struct store *store,
                          int (*visit)(void *context, const struct key_pair *pair), void *context,
                          struct problem *out_problem);

/* Overwrites all of them, in a transaction of its own. */
int store_wipe_old_pairs(struct store *store, struct problem *out_problem);

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

/* The numbers of all zones that shall be signed. */
int store_visit_signed_zones(struct store *store, int (*visit)(void *context, int64_t zone_id),
                             void *context, struct problem *out_problem);

/* The zone of that number.  SP_ENOENT without words. */
int store_find_zone_number(struct store *store, int64_t zone_id, struct hosted_zone *out_zone,
                           struct problem *out_problem);

/* ---- what they are signed with ---- */

/* All zeros when there is none. */
int store_read_key_ring(struct store *store, int64_t zone_id, struct key_ring *out_ring,
                        struct problem *out_problem);
int store_put_key_ring(struct store *store, int64_t zone_id, const struct key_ring *ring,
                       struct problem *out_problem);

int store_read_key_sets(struct store *store, int64_t zone_id, struct key_sets *out_sets,
                        struct problem *out_problem);

/* In the place of all that the zone has. */
int store_put_key_sets(struct store *store, int64_t zone_id, const struct key_sets *sets,
                       struct problem *out_problem);

#endif
