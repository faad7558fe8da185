/*
 * Keys and what they sign ahead.
 */
#include "signing.h"

#include "signpost/dns/types.h"
#include "signpost/store/signing.h"

#include <stdio.h>
#include <string.h>

#define BACKDATE_S 3600 /* R-SEC-6 */
#define RETRY_MS   60000
#define RETRIES    6 /* after which an hour has come */

_Static_assert(ZSK_SEALED_SIZE == KEY_PRIVATE_SIZE + KEY_SEAL_EXTRA, "a sealed key");

int control__read_zone_keys(struct control *control, const struct hosted_zone *zone,
                            struct zone_keys *out_keys, struct problem *out_problem)
{
    out_keys->zone = zone;
    int rc = store_read_signing(control->store, zone->id, &out_keys->status, out_problem);
    if (rc == 0)
        rc = store_read_keys(control->store, zone->id, out_keys->ksks, &out_keys->ksk_count,
                             out_problem);
    if (rc == 0)
        rc = store_read_key_ring(control->store, zone->id, &out_keys->ring, out_problem);
    return rc;
}

const struct key_signing_key *control__find_trouble(const struct zone_keys *keys)
{
    for (unsigned i = 0; i < keys->ksk_count; i++)
        if (keys->ksks[i].is_active && keys->ksks[i].trouble[0] != '\0')
            return &keys->ksks[i];
    return NULL;
}

uint64_t control__retry_after_ms(unsigned failures)
{
    return failures > RETRIES ? 60 * RETRY_MS : RETRY_MS << (failures > 0 ? failures - 1 : 0);
}

int control__ds_digest(const uint8_t *zone_name, const uint8_t rdata[DNSKEY_RDATA_SIZE],
                       uint8_t out_digest[KEY_DIGEST_SIZE], struct problem *out_problem)
{
    uint8_t data[KEY_DS_DATA_SIZE];
    struct span whole = { data, key_ds_data(zone_name, rdata, data) };
    return key_digest(whole, out_digest, out_problem);
}

/* ---- key-signing keys ---- */

static void note_trouble(struct key_signing_key *key, int rc, const struct problem *problem)
{
    const char *why = problem->text[0] != '\0' ? problem->text : status_text(rc);
    size_t size = strlen(why);
    if (size >= sizeof key->trouble)
        size = text_whole_size(why, sizeof key->trouble - 1);
    memcpy(key->trouble, why, size);
    key->trouble[size] = '\0';
}

/* What others have in their hands is the DS of the public half that was published. */
static int find_ksk(struct control *control, const struct key_signing_key *key,
                    struct problem *out_problem)
{
    uint8_t public_key[KEY_PUBLIC_SIZE];
    int rc = key_store_find(control->signing->keys, key->arn, public_key, out_problem);
    if (rc == 0 && memcmp(public_key, key->public_key, sizeof public_key) != 0)
        rc = problem_set(out_problem, SP_EDAMAGED,
                         "the key store has another key for %s than the one that was published: "
                         "bring back the file or the token's key from before",
                         key->arn);
    return rc;
}

void control__try_ksks(struct control *control, struct zone_keys *keys)
{
    for (unsigned i = 0; i < keys->ksk_count; i++) {
        struct key_signing_key *key = &keys->ksks[i];
        struct problem problem = { .status = 0 };
        key->trouble[0] = '\0';
        int rc = key->is_active ? find_ksk(control, key, &problem) : 0;
        if (rc != 0)
            note_trouble(key, rc, &problem);
    }
}

/* ---- zone-signing keys ---- */

static void write_label(const struct zone_keys *keys, uint16_t tag, char out[ZONE_ID_TEXT_SIZE + 8])
{
    snprintf(out, ZONE_ID_TEXT_SIZE + 8, "%s/%u", keys->zone->public_id, tag);
}

static uint16_t zsk_tag(const uint8_t public_key[KEY_PUBLIC_SIZE])
{
    uint8_t rdata[DNSKEY_RDATA_SIZE];
    key_rdata(ZSK_FLAGS, public_key, rdata);
    return key_tag(rdata);
}

static bool tag_is_taken(const struct zone_keys *keys, uint16_t tag)
{
    uint8_t rdata[DNSKEY_RDATA_SIZE];
    for (unsigned i = 0; i < keys->ring.count; i++)
        if (keys->ring.keys[i].tag == tag)
            return true;
    for (unsigned i = 0; i < keys->ksk_count; i++) {
        key_dnskey_rdata(&keys->ksks[i], rdata);
        if (key_tag(rdata) == tag)
            return true;
    }
    return false;
}

int control__add_zsk(struct control *control, struct zone_keys *keys, uint64_t now_ms,
                     struct problem *out_problem)
{
    char label[ZONE_ID_TEXT_SIZE + 8];
    uint8_t private_key[KEY_PRIVATE_SIZE];
    struct zsk key = { .tag = 0 };
    int rc;
    do {
        rc = key_pair_make(private_key, key.public_key, out_problem);
        key.tag = zsk_tag(key.public_key);
    } while (rc == 0 && tag_is_taken(keys, key.tag));
    write_label(keys, key.tag, label);
    if (rc == 0)
        rc = key_store_seal(control->signing->keys, label,
                            (struct span){ private_key, sizeof private_key }, key.sealed_key,
                            out_problem);
    explicit_bzero(private_key, sizeof private_key);
    if (rc == 0)
        key_ring_add(&keys->ring, &key, &control->signing->options, now_ms);
    return rc;
}

int control__open_zsk(struct control *control, const struct zone_keys *keys,
                      struct signing_key *out_key, struct problem *out_problem)
{
    char label[ZONE_ID_TEXT_SIZE + 8];
    const struct zsk *active = key_ring_active(&keys->ring);
    struct span sealed = { active->sealed_key, sizeof active->sealed_key };
    out_key->tag = active->tag;
    write_label(keys, active->tag, label);
    return key_store_unseal(control->signing->keys, label, sealed, out_key->private_key,
                            out_problem);
}

/* ---- sets ---- */

static void begin_set(struct key_sets *sets, uint16_t type, uint32_t ttl_s)
{
    struct key_set *set = &sets->items[sets->count++];
    set->type = type;
    set->ttl_s = ttl_s;
    set->value_count = 0;
    set->values_size = set->signatures_size = 0;
}

/* R-SEC-5: keys that are not active are not published; of the others caches may hold signatures. */
static void fill_dnskey(struct key_set *set, const struct zone_keys *keys, bool with_zsks)
{
    uint8_t rdata[DNSKEY_RDATA_SIZE];
    struct span value = { rdata, sizeof rdata };
    for (unsigned i = 0; i < keys->ksk_count; i++)
        if (keys->ksks[i].is_active) {
            key_dnskey_rdata(&keys->ksks[i], rdata);
            key_set_add(set, value);
        }
    for (unsigned i = 0; with_zsks && i < keys->ring.count; i++) {
        key_rdata(ZSK_FLAGS, keys->ring.keys[i].public_key, rdata);
        key_set_add(set, value);
    }
}

static int fill_cds(struct key_set *set, const struct zone_keys *keys, struct problem *out_problem)
{
    uint8_t dnskey[DNSKEY_RDATA_SIZE], digest[KEY_DIGEST_SIZE], ds[DS_RDATA_SIZE];
    for (unsigned i = 0; i < keys->ksk_count; i++) {
        if (!keys->ksks[i].is_active)
            continue;
        key_dnskey_rdata(&keys->ksks[i], dnskey);
        int rc = control__ds_digest(keys->zone->name, dnskey, digest, out_problem);
        if (rc != 0)
            return rc;
        key_ds_rdata(key_tag(dnskey), digest, ds);
        key_set_add(set, (struct span){ ds, sizeof ds });
    }
    return 0;
}

static int fill_sets(struct control *control, const struct zone_keys *keys, struct key_sets *sets,
                     struct problem *out_problem)
{
    uint32_t ttl_s = control->signing->options.dnskey_ttl_s;
    sets->count = 0;
    begin_set(sets, DNS_TYPE_DNSKEY, ttl_s);
    fill_dnskey(&sets->items[0], keys, true);
    if (!control->signing->options.publish_cds)
        return 0;
    begin_set(sets, DNS_TYPE_CDS, ttl_s);
    begin_set(sets, DNS_TYPE_CDNSKEY, ttl_s);
    fill_dnskey(&sets->items[2], keys, false);
    return fill_cds(&sets->items[1], keys, out_problem);
}

/* The key-signing keys while they sign; NULL where one is not active. */
struct signing_hand {
    struct held_key *keys[KEY_SIGNING_KEYS_MAX];
};

static int hold_keys(struct control *control, struct zone_keys *keys, struct signing_hand *hand,
                     struct problem *out_problem)
{
    int rc = 0;
    for (unsigned i = 0; rc == 0 && i < keys->ksk_count; i++) {
        struct key_signing_key *key = &keys->ksks[i];
        if (!key->is_active)
            continue;
        rc = key_store_hold(control->signing->keys, key->arn, &hand->keys[i], out_problem);
        if (rc != 0)
            note_trouble(key, rc, out_problem);
    }
    return rc;
}

static void release_keys(struct signing_hand *hand)
{
    for (unsigned i = 0; i < KEY_SIGNING_KEYS_MAX; i++)
        held_key_release(hand->keys[i]);
}

static int sign_set_with(struct held_key *held, const uint8_t *zone_name, struct key_set *set,
                         struct key_signing_key *key, const struct rrsig *rrsig,
                         struct problem *out_problem)
{
    uint8_t data[KEY_SET_DATA_SIZE], digest[KEY_DIGEST_SIZE], signature[KEY_SIGNATURE_SIZE];
    struct span whole = { data, key_set_signed_data(set, zone_name, rrsig, data) };
    int rc = key_digest(whole, digest, out_problem);
    if (rc != 0)
        return rc;
    rc = held_key_sign(held, digest, signature, out_problem);
    if (rc == 0)
        key_set_add_signature(set, zone_name, rrsig, signature);
    else
        note_trouble(key, rc, out_problem);
    return rc;
}

/* One signature of each active key-signing key, for one interval (R-SEC-6). */
static int sign_set_from(const struct signing_options *options, const struct signing_hand *hand,
                         struct zone_keys *keys, struct key_set *set, int64_t from_s,
                         struct problem *out_problem)
{
    struct rrsig rrsig = {
        .inception_s = from_s - BACKDATE_S,
        .expiration_s = from_s + options->dnskey_interval_s + options->signature_validity_s,
    };
    uint8_t rdata[DNSKEY_RDATA_SIZE];
    int rc = 0;
    key_set_begin_signatures(set, from_s);
    for (unsigned i = 0; rc == 0 && i < keys->ksk_count; i++) {
        if (hand->keys[i] == NULL)
            continue;
        key_dnskey_rdata(&keys->ksks[i], rdata);
        rrsig.tag = key_tag(rdata);
        rc = sign_set_with(hand->keys[i], keys->zone->name, set, &keys->ksks[i], &rrsig,
                           out_problem);
    }
    return rc;
}

/* Each set for now and for the intervals to come. */
static int sign_ahead(const struct signing_options *options, const struct signing_hand *hand,
                      struct zone_keys *keys, uint64_t now_ms, struct key_sets *sets,
                      struct problem *out_problem)
{
    int rc = 0;
    for (unsigned i = 0; rc == 0 && i < sets->count; i++)
        for (int64_t at = 0; rc == 0 && at < SIGNATURES_AHEAD; at++)
            rc = sign_set_from(options, hand, keys, &sets->items[i],
                               (int64_t)(now_ms / 1000) + at * options->dnskey_interval_s,
                               out_problem);
    return rc;
}

int control__sign_sets(struct control *control, struct zone_keys *keys, uint64_t now_ms,
                       struct key_sets *out_sets, struct problem *out_problem)
{
    struct problem problem = { .status = 0 };
    struct signing_hand hand = { { NULL } };
    int rc = fill_sets(control, keys, out_sets, &problem);
    if (rc == 0)
        rc = hold_keys(control, keys, &hand, &problem);
    if (rc == 0)
        rc = sign_ahead(&control->signing->options, &hand, keys, now_ms, out_sets, &problem);
    release_keys(&hand);
    return rc == 0 ? 0 : problem_set(out_problem, rc, "%s", problem.text);
}
