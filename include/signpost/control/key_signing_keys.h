/*
 * control/key_signing_keys.h - the key-signing keys of zones, and whether a zone shall be signed
 * (R-SEC-1..4, R-SEC-8).
 *
 * States only: answers are not signed.  The keys are real all the same, so that the DS record that
 * a parent gets is the true one.  Their private halves lie in the database and leave it through
 * nothing in this header.  Every change comes with a struct change, because the API gives each a
 * ChangeInfo.  Zones are public ones that control_find_zone_id has found.  Control thread only.
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

/* A key of that name, and a pair of keys for that ARN unless it stands for one already.
 * SP_EINVAL: the name; SP_EEXIST: the name or the ARN is another key's of the zone; SP_ELIMIT: it
 * has as many as it may (R-QTA-9). */
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
 * the last active key of a zone that shall be signed (R-SEC-8). */
int control_set_key_active(struct control *control, const struct hosted_zone *zone,
                           const char *name, bool active, struct change *out_change,
                           struct problem *out_problem);

/* SP_ENOENT without words; SP_ECONFLICT: the key is active (R-SEC-8). */
int control_delete_key(struct control *control, const struct hosted_zone *zone, const char *name,
                       struct change *out_change, struct problem *out_problem);

int control_signing_status(struct control *control, const struct hosted_zone *zone,
                           enum signing_status *out_status, struct problem *out_problem);

/* Being in that state already is success.  SP_ECONFLICT: no key is active; SP_ENOENT: the zone has
 * no DNSSEC that could be disabled, neither a key nor a status. */
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
