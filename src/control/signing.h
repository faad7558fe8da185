/*
 * control/signing.h - signed zones, as the files of this module share them.
 *
 * Keys are read, changed in memory and then *settled*: the ring is turned on to the present, what
 * is due is signed, and both the store and a snapshot get what comes of it, inside the transaction
 * of whatever changed the keys.
 */
#ifndef CONTROL_SIGNING_INTERNAL_H
#define CONTROL_SIGNING_INTERNAL_H

#include "internal.h"

#include "signpost/control/signing.h"
#include "signpost/model/key_sets.h"
#include "signpost/zone/signing.h"

/* A zone that shall be signed, as the clock sees it. */
struct watched_zone {
    int64_t id;
    uint64_t due_ms;   /* when its keys are looked at again */
    unsigned failures; /* in a row */
};

struct signing {
    struct key_store *keys;
    struct signing_options options;
    uint64_t last_ms;     /* when keys were looked at last */
    uint64_t next_ms;     /* nothing is due before */
    uint64_t takeover_ms; /* when taking over old pairs is tried again; 0: there are none */
    unsigned count, room;
    struct watched_zone *zones;
};

/* All that a zone has of keys. */
struct zone_keys {
    const struct hosted_zone *zone;
    enum signing_status status;
    unsigned ksk_count;
    struct key_signing_key ksks[KEY_SIGNING_KEYS_MAX];
    struct key_ring ring;
};

int control__read_zone_keys(struct control *control, const struct hosted_zone *zone,
                            struct zone_keys *out_keys, struct problem *out_problem);

/* The first active key-signing key that cannot be used, or NULL. */
const struct key_signing_key *control__find_trouble(const struct zone_keys *keys);

/* When something that fails so often in a row is tried again, from then on: a minute, and at most
 * an hour. */
uint64_t control__retry_after_ms(unsigned failures);

/* Moves the private halves that older versions kept in the database into the key store.  What that
 * does not take is logged and tried again later. */
int control__take_over_pairs(struct control *control, uint64_t now_ms, struct problem *out_problem);

/* ---- making: signing_keys.c ---- */

/* Asks the key store for every active key-signing key, and writes down which cannot be used. */
void control__try_ksks(struct control *control, struct zone_keys *keys);

/* Adds a fresh zone-signing key to the ring, which has room. */
int control__add_zsk(struct control *control, struct zone_keys *keys, uint64_t now_ms,
                     struct problem *out_problem);

/* The private half of the active zone-signing key: from what is published, where that has it.
 * SP_EDAMAGED: it was sealed with another credential. */
int control__open_zsk(struct control *control, const struct zone_keys *keys,
                      struct signing_key *out_key, struct problem *out_problem);

/* The sets as the keys are now, signed from that time on.  Not 0 with the trouble of a key-signing
 * key written down: it cannot be used. */
int control__sign_sets(struct control *control, struct zone_keys *keys, uint64_t now_ms,
                       struct key_sets *out_sets, struct problem *out_problem);

/* Digest of a DS record (R-SEC-3). */
int control__ds_digest(const uint8_t *zone_name, const uint8_t rdata[DNSKEY_RDATA_SIZE],
                       uint8_t out_digest[KEY_DIGEST_SIZE], struct problem *out_problem);

/* ---- settling: signing_turns.c ---- */

struct settling {
    bool is_behind;        /* a key-signing key cannot be used: the sets stay as they are */
    struct snapshot *next; /* what is to be published after the commit; NULL: nothing */
    bool is_news[KEY_SIGNING_KEYS_MAX]; /* that this key cannot be used, or can again */
};

/* For a zone that shall be signed, inside a transaction; anew: the sets are signed again whether
 * they are due or not.  Troubles of keys are written down and stored too. */
int control__settle_keys(struct control *control, struct zone_keys *keys, bool anew,
                         uint64_t now_ms, struct settling *out_settling,
                         struct problem *out_problem);

/* Says in the log what is news of keys; after the commit. */
void control__log_troubles(const struct zone_keys *keys, const struct settling *settling);

/* For one that shall not be signed any more. */
int control__stop_signing(struct control *control, struct zone_keys *keys, uint64_t now_ms,
                          struct settling *out_settling, struct problem *out_problem);

/* Has the keys of a zone looked at in the next tick. */
int control__watch_zone(struct control *control, int64_t zone_id, struct problem *out_problem);

/* The same for one that is not watched yet. */
int control__add_watched(struct control *control, int64_t zone_id, struct problem *out_problem);

/* Does what is due; returns when something is due next (Unix milliseconds), 0: never. */
uint64_t control__turn_keys(struct control *control, uint64_t now_ms);

/* ---- changes that people make: key_signing_keys.c ---- */

/* What one change knows.  A step looks whether it may be, changes the keys in memory and stores
 * their rows, all inside a transaction; then they are settled, and published after the commit. */
struct key_change {
    const struct hosted_zone *zone;
    const char *name; /* of a key */
    const char *arn;
    bool active; /* of a key, or whether the zone shall be signed */
    uint64_t now_ms;
    struct zone_keys keys;
    struct key_signing_key key;          /* the one it is about */
    const struct key_signing_key *added; /* an active key more, in keys; NULL: none */
    bool is_touched;                     /* other keys sign than before */
};
typedef int key_step(struct control *control, struct key_change *change,
                     struct problem *out_problem);
int control__change_keys(struct control *control, key_step *step, struct key_change *change,
                         struct change *out_change, struct problem *out_problem);

/* Steps that others are made of. */
int control__add_ksk(struct control *control, struct key_change *change,
                     struct problem *out_problem);
int control__remove_ksk(struct control *control, struct key_change *change,
                        struct problem *out_problem);
int control__switch_signing(struct control *control, struct key_change *change,
                            struct problem *out_problem);
unsigned control__count_active(const struct zone_keys *keys);

/* ---- in snapshots: signing_snapshots.c ---- */

/* Signs the zone of that name in a snapshot that nobody else sees; takes over the reference, also
 * on an error.  NULL: it is not signed. */
int control__sign_zone_in(struct snapshot *snapshot, const uint8_t *zone_name,
                          struct zone_signing *signing, struct problem *out_problem);

/* The zone was compiled from nothing and is the same hosted zone as before: it stays signed. */
int control__keep_signing(struct control *control, struct snapshot *next, const uint8_t *zone_name,
                          struct problem *out_problem);

/* Another hosted zone takes the place of the one of its name: it is signed as is stored of it.
 * What cannot be used is logged and tried again later. */
int control__take_signing(struct control *control, struct snapshot *next,
                          const struct hosted_zone *zone, struct problem *out_problem);

/* What is stored of a zone that shall be signed, ready to be put into a snapshot.  SP_ENOENT
 * without words: it has not been signed yet.  Errors of the key store. */
int control__load_signing(struct control *control, const struct zone_keys *keys,
                          struct zone_signing **out_signing, struct problem *out_problem);

/* ---- what the parent has: signing_parent.c ---- */

struct parent_view {
    enum parent_state state;
    const struct zone *zone;                 /* NULL: elsewhere */
    bool has_ds;                             /* of whatever key */
    bool has_strange_ds;                     /* of none of the zone's keys */
    bool is_in_parent[KEY_SIGNING_KEYS_MAX]; /* the DS of that key is there */
};
int control__look_at_parent(struct control *control, const struct zone_keys *keys,
                            struct parent_view *out_view, struct problem *out_problem);

/* Whether the key is in the DNSKEY set that is served: one that was added while another could not
 * be used waits. */
bool control__is_published(const struct zone_keys *keys, unsigned which);

/* Whether a key is lost, and the parent has the DS of another active key that is not.  Such a key
 * must be able to go while its own DS is there: without one of the two at a time nobody could
 * validate the zone. */
bool control__is_replaced(const struct zone_keys *keys, unsigned which,
                          const struct parent_view *parent);

#endif
