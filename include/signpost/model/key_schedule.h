/*
 * model/key_schedule.h - what the keys of a signed zone do as time goes by (R-SEC-6, R-SEC-7).
 *
 * A key ring is a zone's zone-signing keys, and when its published sets were made and signed.  Key
 * after key goes the way of pre-publication (RFC 6781 §4.1.1.1): it is in the DNSKEY set before it
 * signs, for every cache to know it by then, and after it has signed, for as long as caches may
 * hold what it signed.  How long that is, is written down when the wait begins, so that other
 * options cannot cut it short.  Everything here is data and takes the time as an argument (Unix
 * milliseconds); it may leap, forwards or back.  Any thread.
 */
#ifndef SIGNPOST_MODEL_KEY_SCHEDULE_H
#define SIGNPOST_MODEL_KEY_SCHEDULE_H

#include "signpost/model/signing.h"

struct signing_options {
    uint32_t dnskey_ttl_s;
    uint32_t dnskey_interval_s;    /* that one stored DNSKEY signature is used for; 15 are stored */
    uint32_t signature_validity_s; /* of signatures made on the spot, as in answer_options */
    uint32_t zsk_lifetime_s;       /* R-SEC-7; 0: they are rolled when somebody says so, only */
    bool publish_cds;              /* CDS and CDNSKEY (RFC 7344); not before the zone is signed */
};

enum zsk_state {
    ZSK_PUBLISHED, /* in the DNSKEY set, for caches to know it before it signs */
    ZSK_ACTIVE,    /* signs */
    ZSK_RETIRED,   /* in the DNSKEY set, while caches may hold its signatures */
};

#define ZSK_SEALED_SIZE 60 /* the private half as the key store seals it */

struct zsk {
    uint16_t tag;
    enum zsk_state state;
    uint64_t created_ms;
    uint64_t changed_ms; /* when it entered its state */
    uint64_t wait_ms;    /* how long it stays there; not of ZSK_ACTIVE */
    uint32_t validity_s; /* of the longest signatures that it may have made */
    uint8_t public_key[KEY_PUBLIC_SIZE];
    uint8_t sealed_key[ZSK_SEALED_SIZE];
};

/* Starts as zeros. */
struct key_ring {
    unsigned count;
    struct zsk keys[ZONE_SIGNING_KEYS_MAX]; /* in the order in which they were made */

    /* Of the published sets. */
    uint64_t signed_ms;  /* when they were signed; 0: there are none */
    uint32_t interval_s; /* what they were signed with */
    uint32_t validity_s;
    uint32_t ttl_s;
    bool has_cds;
    uint64_t cached_until_ms; /* by then no cache has a set from before them */
};

/* What is to be done now besides what key_ring_turn has done. */
struct keys_due {
    bool changed; /* the ring is another than before */
    bool make;    /* a key is to be made: key_ring_add */
    bool sign;    /* the sets are to be made anew and signed: key_ring_note_signed */
};

/* Turns the ring on to that time: what has waited long enough is activated, retired or removed.
 * usable: whether every active key-signing key can sign; else nobody rolls (R-SEC-7), and of what
 * follows only `sign` can be due. */
struct keys_due key_ring_turn(struct key_ring *ring, const struct signing_options *options,
                              bool usable, uint64_t now_ms);

/* When key_ring_turn will have something to do next, once all of it is done and while keys are
 * usable. */
uint64_t key_ring_next(const struct key_ring *ring, const struct signing_options *options);

/* Whether a key waits to become active, and whether there is no room for another. */
bool key_ring_is_rolling(const struct key_ring *ring);
bool key_ring_is_full(const struct key_ring *ring);

/* Adds a fresh key, of which tag and keys are set, to a ring with room: active where none is, else
 * published.  The sets must then be signed anew. */
void key_ring_add(struct key_ring *ring, const struct zsk *key,
                  const struct signing_options *options, uint64_t now_ms);

void key_ring_note_signed(struct key_ring *ring, const struct signing_options *options,
                          uint64_t now_ms);

/* The zone is not signed any more: its sets are gone, and so is a key that has never signed.  The
 * others stay for the case that it is signed again soon, when caches still know them. */
void key_ring_stop(struct key_ring *ring, uint64_t now_ms);

/* The key that signs, or NULL. */
const struct zsk *key_ring_active(const struct key_ring *ring);

/* When the key leaves its state; 0: nobody knows. */
uint64_t key_ring_leaves(const struct key_ring *ring, const struct zsk *key,
                         const struct signing_options *options);

#endif
