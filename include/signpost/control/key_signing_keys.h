/*
 * control/key_signing_keys.h - the key-signing keys of zones, and whether a zone shall be signed
 * (R-SEC-1..4, R-SEC-8).
 *
 * Private halves lie in the key store (keys/key_store.h).  A change of the keys of a zone that is
 * signed is stored, signed and published in one go: what cannot be signed is not stored.  The one
 * exception is a key that is added while another one cannot be used (R-SEC-4, ACTION_NEEDED): the
 * published keys then stay as they are until that one can be used again or is deactivated.
 * Every change comes with a struct change, because the API gives each a ChangeInfo.  Zones are
 * public ones that control_find_zone_id has found.  Control thread only.
 */
#ifndef SIGNPOST_CONTROL_KEY_SIGNING_KEYS_H
#define SIGNPOST_CONTROL_KEY_SIGNING_KEYS_H

#include "signpost/control/control.h"
#include "signpost/model/signing.h"

/* What keeps a zone from being deleted (A-ZON-27). */
struct zone_blockers {
    bool has_keys;        /* key-signing keys */
    bool has_protections; /* of record sets */
};
int control_zone_blockers(struct control *control, const struct hosted_zone *zone,
                          struct zone_blockers *out_blockers, struct problem *out_problem);

/* A key of that name with the ARN's pair of keys, which the key store makes where there is none.
 * SP_EINVAL: the name or the ARN, or that the key store has no such key or cannot use it;
 * SP_EEXIST: the name or the ARN is another key's of the zone; SP_ELIMIT: it has as many as it may
 * (R-QTA-9).
 */
int control_create_key(struct control *control, const struct hosted_zone *zone, const char *name,
                       const char *arn, bool active, struct key_signing_key *out_key,
                       struct change *out_change, struct problem *out_problem);

/* SP_ENOENT without words. */
int control_find_key(struct control *control, const struct hosted_zone *zone, const char *name,
                     struct key_signing_key *out_key, struct problem *out_problem);

/* In the order in which they were made. */
int control_list_keys(struct control *control, const struct hosted_zone *zone,
                      struct key_signing_key out_keys[KEY_SIGNING_KEYS_MAX], unsigned *out_count,
                      struct problem *out_problem);

/* Being in that state already is success (A-KSK-3).  SP_ENOENT without words; SP_ECONFLICT: it is
 * the last active key of a zone that shall be signed, or its DS record is in a parent that is
 * hosted here (R-SEC-8); SP_EINVAL: a key that would have to sign then cannot be used. A lost key
 * goes in spite of its DS, once that of another active key is beside it. */
int control_set_key_active(struct control *control, const struct hosted_zone *zone,
                           const char *name, bool active, struct change *out_change,
                           struct problem *out_problem);

/* SP_ENOENT without words; SP_ECONFLICT: the key is active (R-SEC-8). */
int control_delete_key(struct control *control, const struct hosted_zone *zone, const char *name,
                       struct change *out_change, struct problem *out_problem);

int control_signing_status(struct control *control, const struct hosted_zone *zone,
                           enum signing_status *out_status, struct problem *out_problem);

/* Being in that state already is success.  To sign: SP_ECONFLICT: no key is active; SP_EINVAL: one
 * that is cannot be used.  Not to: SP_ENOENT: the zone has no DNSSEC that could be disabled,
 * neither a key nor a status; SP_ECONFLICT: a parent that is hosted here has a DS record (R-SEC-8).
 */
int control_set_signing(struct control *control, const struct hosted_zone *zone, bool sign,
                        struct change *out_change, struct problem *out_problem);

/* What others publish of a key (R-SEC-3); texts with a zero. */
struct key_texts {
    uint16_t tag;
    char digest[2 * KEY_DIGEST_SIZE + 1]; /* in upper-case hexadecimal digits */
    char public_key[96];                  /* in base64 */
    char ds_record[96];                   /* RDATA: "tag 13 2 digest" */
    char dnskey_record[112];              /* RDATA: "257 3 13 key" */
};
int control_key_texts(const struct hosted_zone *zone, const struct key_signing_key *key,
                      struct key_texts *out_texts, struct problem *out_problem);

#endif
