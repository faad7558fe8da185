/*
 * control/signing.h - signed zones: what their keys do as time goes by, and how they are doing.
 *
 * Key-signing keys (control/key_signing_keys.h) sign the zone's DNSKEY set ahead, one signature set
 * for each interval of the days to come (R-SEC-6).  Zone-signing keys are made, published, used and
 * retired here (R-SEC-7).  What is due by the clock, control_tick does.  Control thread only.
 */
#ifndef SIGNPOST_CONTROL_SIGNING_H
#define SIGNPOST_CONTROL_SIGNING_H

#include "signpost/control/control.h"
#include "signpost/keys/key_store.h"
#include "signpost/model/key_schedule.h"

/* Lends the key store, which must outlive the control, takes over what older versions kept in the
 * database, and publishes every zone that is to be signed with its keys.  Call once, after
 * control_create and before anybody asks.  What cannot be used is logged, told by the reports
 * below and tried again; it does not stop the start.  SP_EIO, SP_ENOMEM ...: of the database. */
int control_open_signing(struct control *control, struct key_store *keys,
                         const struct signing_options *options, struct problem *out_problem);

/* A reread configuration: what follows from it is done at the next tick. */
void control_set_signing_options(struct control *control, const struct signing_options *options);

/* ---- how a zone is doing ---- */

enum serve_signature { /* R-SEC-4 */
                       SERVE_NOT_SIGNING,
                       SERVE_SIGNING,
                       SERVE_ACTION_NEEDED, /* a key-signing key cannot be used; see the message */
                       SERVE_INTERNAL_FAILURE, /* answers are not signed although they should be */
};

struct zsk_report {
    uint16_t tag;
    enum zsk_state state;
    uint64_t created_ms;
    uint64_t changed_ms; /* when it entered its state */
    uint64_t due_ms;     /* when it leaves it; 0: nobody knows */
};

/* What the parent says of the zone, where the parent is a public zone hosted here too. */
enum parent_state {
    PARENT_ELSEWHERE, /* no zone above is hosted here */
    PARENT_UNSIGNED,  /* it is not signed itself: a DS there is worth nothing yet */
    PARENT_NO_CUT,    /* it has no NS for the zone: a signed parent then denies that it exists */
    PARENT_NO_DS,
    PARENT_OTHER_DS, /* of none of the keys that sign: validating resolvers refuse the zone */
    PARENT_HAS_DS,   /* of a key that signs */
};

#define SIGNING_MESSAGE_SIZE KEY_TROUBLE_SIZE

struct ksk_report {
    struct key_signing_key key;
    bool is_usable;                     /* false: ACTION_NEEDED while it is active */
    bool is_in_parent;                  /* its DS is in a parent that is hosted here */
    char message[SIGNING_MESSAGE_SIZE]; /* why it cannot be used; "" else */
};

struct signing_report {
    enum signing_status wanted;
    enum serve_signature serves;
    char message[SIGNING_MESSAGE_SIZE]; /* "" when all is well */
    unsigned ksk_count, zsk_count;
    struct ksk_report ksks[KEY_SIGNING_KEYS_MAX]; /* in the order in which they were made */
    struct zsk_report zsks[ZONE_SIGNING_KEYS_MAX];
    int64_t signed_until_s; /* when the last stored DNSKEY signature expires; 0: there is none */
    uint64_t refresh_ms;    /* when those signatures are remade; 0: nobody knows */
    enum parent_state parent;
    bool parent_has_strange_ds; /* a DS of none of the zone's keys, perhaps beside others */
    uint8_t parent_name[DNS_NAME_SIZE_MAX]; /* wire; not set for PARENT_ELSEWHERE */
    bool publishes_cds;
};

int control_signing_report(struct control *control, const struct hosted_zone *zone,
                           struct signing_report *out_report, struct problem *out_problem);

/* ---- what people do with one word ---- */

/* Makes an active key-signing key where there is none, with a name and an ARN of our own, and signs
 * the zone.  Zones that are signed already are left as they are.  SP_EINVAL: a private zone. */
int control_enable_signing(struct control *control, const struct hosted_zone *zone,
                           struct change *out_change, struct problem *out_problem);

/* Begins to roll the zone-signing key now: a new one is published, and the rest happens by the
 * clock.  SP_ECONFLICT: the zone is not signed, a roll is under way, or a key-signing key is not
 * usable (R-SEC-7). */
int control_rotate_zsk(struct control *control, const struct hosted_zone *zone,
                       struct change *out_change, struct problem *out_problem);

/* Begins to roll the key-signing key: a second one is made, active, and signs the DNSKEY set beside
 * the first.  SP_ECONFLICT: the zone is not signed, or there are two already. */
int control_begin_ksk_rotation(struct control *control, const struct hosted_zone *zone,
                               struct key_signing_key *out_new, struct change *out_change,
                               struct problem *out_problem);

/* Ends it: the older of the two keys is deactivated and deleted.  parent_is_changed: the caller
 * vouches that the parent has the new key's DS and no longer the old one's.  SP_ECONFLICT: there
 * are no two active keys; without that word: the parent is elsewhere, or lacks the new DS; with or
 * without it: a parent that is hosted here still has the old one (R-SEC-8), unless that key is lost
 * and the new DS is there too.  SP_EINVAL: the new key cannot be used. */
int control_finish_ksk_rotation(struct control *control, const struct hosted_zone *zone,
                                bool parent_is_changed, struct key_signing_key *out_old,
                                struct change *out_change, struct problem *out_problem);

/* Gives it up: the younger of the two keys is deleted.  parent_is_unchanged: the caller vouches
 * that the parent has the old key's DS and not the new one's.  Otherwise as above, the keys
 * exchanged. */
int control_cancel_ksk_rotation(struct control *control, const struct hosted_zone *zone,
                                bool parent_is_unchanged, struct key_signing_key *out_new,
                                struct change *out_change, struct problem *out_problem);

#endif
