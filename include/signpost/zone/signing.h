/*
 * zone/signing.h - what a signed zone is signed with.
 *
 * Everything but the keys of the apex is signed when it is asked for, with the zone-signing key
 * (R-SEC-5).  What key-signing keys sign, DNSKEY and its kin, is signed ahead on the control plane
 * and only looked up here: those keys never come near the query path.
 * Immutable once it hangs in a zone, and shared by the zone's versions.  Making and freeing is the
 * control thread's; any thread may read.
 */
#ifndef SIGNPOST_ZONE_SIGNING_H
#define SIGNPOST_ZONE_SIGNING_H

#include "signpost/zone/zone.h"

#include <stdbool.h>
#include <stdint.h>

#define SIGNING_PRIVATE_SIZE 32     /* a scalar on P-256 */
#define SIGNING_TTL_MAX      604800 /* R-SEC-9 */

/* The zone-signing key in use. */
struct signing_key {
    uint64_t id; /* a keyed hash of the key: remembered signatures are found by it */
    uint16_t tag;
    uint8_t private_key[SIGNING_PRIVATE_SIZE]; /* big-endian */
};

/* Signatures of a set, used from that time on until the next one's: RRSIG records, one of each
 * active key-signing key. */
struct signature_ahead {
    int64_t from_s; /* Unix seconds */
    struct dns_records records;
};

/* A set of the apex that key-signing keys have signed: DNSKEY, CDS or CDNSKEY. */
struct signed_set {
    struct rrset set;
    unsigned signature_count;                 /* at least one */
    const struct signature_ahead *signatures; /* in order of time */
};

#define SIGNED_SETS_MAX 3

struct zone_signing {
    uint32_t refs; /* control thread only */
    struct signing_key key;
    unsigned set_count;
    struct signed_set sets[SIGNED_SETS_MAX]; /* in order of type */
};

/* ---- making (control thread) ---- */

/* What the sets are made of; values are packed as in dns/rdata.h. */
struct signature_source {
    int64_t from_s;
    uint32_t value_count;
    struct span values; /* RDATA of RRSIG records */
};
struct signed_set_source {
    uint16_t type;
    uint32_t ttl_s;
    uint32_t value_count;
    struct span values;
    unsigned signature_count;
    const struct signature_source *signatures; /* in order of time */
};

/* One reference; everything is copied.  The key's id is set here.  NULL: no memory. */
struct zone_signing *zone_signing_create(const struct signing_key *key,
                                         const struct signed_set_source *sources, unsigned count);

/* Wipes the private key before it frees; NULL is fine. */
void zone_signing_unref(struct zone_signing *signing);

/* Signs an unpublished zone with that from now on, NULL: no longer.  Takes over the reference. */
void zone_set_signing(struct zone *zone, struct zone_signing *signing);

/* ---- reading (any thread) ---- */

/* NULL: key-signing keys sign no such set here. */
const struct signed_set *zone_signing_set(const struct zone_signing *signing, uint16_t type);

/* The signatures of the set for that time; past the last one's time still the last. */
const struct dns_records *signed_set_signatures(const struct signed_set *set, int64_t now_s);

#endif
