/*
 * Settling keys, and what is due by the clock.
 *
 * Whatever changes keys comes through control__settle_keys, inside its transaction: what is stored,
 * what is signed and what is published are of one moment.  A key-signing key that cannot be used
 * leaves everything as it is, but for being written down.
 */
#include "signing.h"

#include "signpost/base/log.h"
#include "signpost/compile/signing.h"
#include "signpost/store/signing.h"

#include <stdlib.h>
#include <string.h>

/* ---- settling ---- */

static void log_trouble(const struct zone_keys *keys, const struct key_signing_key *key)
{
    char name[DNS_NAME_TEXT_SIZE];
    dns_name_to_text(name, keys->zone->name);
    if (key->trouble[0] != '\0')
        log_write(LOG_LEVEL_ERROR, "a key-signing key cannot be used: action is needed", "zone",
                  name, "key", key->name, "why", key->trouble, NULL);
    else
        log_write(LOG_LEVEL_INFO, "a key-signing key can be used again", "zone", name, "key",
                  key->name, NULL);
}

void control__log_troubles(const struct zone_keys *keys, const struct settling *settling)
{
    for (unsigned i = 0; i < keys->ksk_count; i++)
        if (settling->is_news[i])
            log_trouble(keys, &keys->ksks[i]);
}

/* before: as they are stored, in the same order. */
static int store_troubles(struct control *control, const struct zone_keys *keys,
                          const struct key_signing_key *before, struct settling *settling,
                          struct problem *out_problem)
{
    int rc = 0;
    for (unsigned i = 0; rc == 0 && i < keys->ksk_count; i++) {
        settling->is_news[i] = strcmp(keys->ksks[i].trouble, before[i].trouble) != 0;
        if (settling->is_news[i])
            rc = store_put_key(control->store, keys->zone->id, &keys->ksks[i], out_problem);
    }
    return rc;
}

/* The zone as it is served, NULL: another one of its name is. */
static int find_served(struct control *control, const struct hosted_zone *zone,
                       const struct zone **out_zone, struct problem *out_problem)
{
    bool served;
    int rc = control__is_served(control, zone, &served, out_problem);
    *out_zone = rc == 0 && served ? snapshot_zone(control->published, zone->name) : NULL;
    return rc;
}

static int prepare_publication(struct control *control, const struct zone_keys *keys,
                               struct zone_signing *signing, struct snapshot **out_next,
                               struct problem *out_problem)
{
    struct snapshot *next = snapshot_copy(control->published);
    if (next == NULL) {
        zone_signing_unref(signing);
        return control__no_memory(out_problem);
    }
    int rc = control__sign_zone_in(next, keys->zone->name, signing, out_problem);
    if (rc == 0)
        *out_next = next;
    else
        snapshot_unref(next);
    return rc;
}

/* The key that signs already need not be unsealed, which without its credential would not work. */
static int open_zsk(struct control *control, const struct zone_keys *keys,
                    const struct zone *served, struct signing_key *out_key,
                    struct problem *out_problem)
{
    const struct zsk *active = key_ring_active(&keys->ring);
    if (served->signing == NULL || served->signing->key.tag != active->tag)
        return control__open_zsk(control, keys, out_key, out_problem);
    *out_key = served->signing->key;
    return 0;
}

static int publish_sets(struct control *control, const struct zone_keys *keys,
                        const struct zone *served, const struct key_sets *sets,
                        struct snapshot **out_next, struct problem *out_problem)
{
    struct signing_key key = { .id = 0 };
    struct zone_signing *signing = NULL;
    int rc = open_zsk(control, keys, served, &key, out_problem);
    if (rc == 0)
        rc = compile_signing(&key, sets, &signing, out_problem);
    explicit_bzero(&key, sizeof key);
    return rc == 0 ? prepare_publication(control, keys, signing, out_next, out_problem) : rc;
}

/* Makes and signs the sets.  A key-signing key that fails only now undoes it all. */
static int sign(struct control *control, struct zone_keys *keys, bool make, uint64_t now_ms,
                struct key_sets *sets, struct problem *out_problem)
{
    int rc = make ? control__add_zsk(control, keys, now_ms, out_problem) : 0;
    if (rc == 0)
        rc = control__sign_sets(control, keys, now_ms, sets, out_problem);
    if (rc == 0)
        key_ring_note_signed(&keys->ring, &control->signing->options, now_ms);
    return rc;
}

/* Turns the ring and signs what is due.  out_sets is set when out_due says that they were signed,
 * which then is stored. */
static int turn(struct control *control, struct zone_keys *keys, bool anew, uint64_t now_ms,
                struct key_sets *out_sets, struct keys_due *out_due, struct settling *settling,
                struct problem *out_problem)
{
    struct key_ring before = keys->ring;
    struct keys_due due = { .changed = false };
    control__try_ksks(control, keys);
    bool usable = control__find_trouble(keys) == NULL;
    due = key_ring_turn(&keys->ring, &control->signing->options, usable, now_ms);
    due.sign |= anew;
    int rc = 0;
    if (usable && due.sign) {
        rc = sign(control, keys, due.make, now_ms, out_sets, out_problem);
        usable = control__find_trouble(keys) == NULL;
    }
    settling->is_behind = !usable;
    if (!usable) {
        keys->ring = before;
        *out_due = (struct keys_due){ .changed = false };
        return 0;
    }
    *out_due = due;
    return rc;
}

static int store_turn(struct control *control, const struct zone_keys *keys,
                      const struct keys_due *due, const struct key_sets *sets,
                      struct problem *out_problem)
{
    int rc = 0;
    if (due->changed || due->sign)
        rc = store_put_key_ring(control->store, keys->zone->id, &keys->ring, out_problem);
    if (rc == 0 && due->sign)
        rc = store_put_key_sets(control->store, keys->zone->id, sets, out_problem);
    return rc;
}

/* Unless DNS has all of it already. */
static int publish_turn(struct control *control, const struct zone_keys *keys,
                        const struct keys_due *due, struct key_sets *sets,
                        struct snapshot **out_next, struct problem *out_problem)
{
    const struct zone *served;
    int rc = find_served(control, keys->zone, &served, out_problem);
    bool is_new = due->changed || due->sign || (served != NULL && served->signing == NULL);
    if (rc != 0 || served == NULL || !is_new || keys->ring.signed_ms == 0)
        return rc;
    if (!due->sign)
        rc = store_read_key_sets(control->store, keys->zone->id, sets, out_problem);
    return rc == 0 ? publish_sets(control, keys, served, sets, out_next, out_problem) : rc;
}

int control__settle_keys(struct control *control, struct zone_keys *keys, bool anew,
                         uint64_t now_ms, struct settling *out_settling,
                         struct problem *out_problem)
{
    struct key_signing_key before[KEY_SIGNING_KEYS_MAX];
    struct key_sets sets;
    struct keys_due due;
    memcpy(before, keys->ksks, sizeof before);
    *out_settling = (struct settling){ .next = NULL };
    int rc = turn(control, keys, anew, now_ms, &sets, &due, out_settling, out_problem);
    if (rc == 0)
        rc = store_turn(control, keys, &due, &sets, out_problem);
    if (rc == 0)
        rc = store_troubles(control, keys, before, out_settling, out_problem);
    if (rc == 0) {
        rc = publish_turn(control, keys, &due, &sets, &out_settling->next, out_problem);
        if (out_settling->is_behind) /* nothing is lost: it is tried again together */
            rc = 0;
    }
    return rc == 0 ? control__watch_zone(control, keys->zone->id, out_problem) : rc;
}

int control__stop_signing(struct control *control, struct zone_keys *keys, uint64_t now_ms,
                          struct settling *out_settling, struct problem *out_problem)
{
    static const struct key_sets none = { .count = 0 };
    const struct zone *served;
    *out_settling = (struct settling){ .next = NULL };
    key_ring_stop(&keys->ring, now_ms);
    int rc = store_put_key_ring(control->store, keys->zone->id, &keys->ring, out_problem);
    if (rc == 0)
        rc = store_put_key_sets(control->store, keys->zone->id, &none, out_problem);
    if (rc == 0)
        rc = find_served(control, keys->zone, &served, out_problem);
    if (rc != 0 || served == NULL || served->signing == NULL)
        return rc;
    return prepare_publication(control, keys, NULL, &out_settling->next, out_problem);
}

/* ---- watching ---- */

int control__add_watched(struct control *control, int64_t zone_id, struct problem *out_problem)
{
    struct signing *signing = control->signing;
    if (signing->count == signing->room) {
        unsigned room = signing->room == 0 ? 16 : 2 * signing->room;
        struct watched_zone *zones = realloc(signing->zones, room * sizeof *zones);
        if (zones == NULL)
            return control__no_memory(out_problem);
        signing->zones = zones;
        signing->room = room;
    }
    signing->zones[signing->count++] = (struct watched_zone){ .id = zone_id };
    signing->next_ms = 0;
    return 0;
}

int control__watch_zone(struct control *control, int64_t zone_id, struct problem *out_problem)
{
    struct signing *signing = control->signing;
    for (unsigned i = 0; i < signing->count; i++)
        if (signing->zones[i].id == zone_id) {
            signing->zones[i].due_ms = 0;
            signing->next_ms = 0;
            return 0;
        }
    return control__add_watched(control, zone_id, out_problem);
}

/* The one that is due first, or NULL. */
static struct watched_zone *find_first(struct signing *signing)
{
    struct watched_zone *first = signing->count == 0 ? NULL : signing->zones;
    for (unsigned i = 1; i < signing->count; i++)
        if (signing->zones[i].due_ms < first->due_ms)
            first = &signing->zones[i];
    return first;
}

static void log_failure(const struct hosted_zone *zone, const struct watched_zone *watched, int rc,
                        const struct problem *problem)
{
    char name[DNS_NAME_TEXT_SIZE];
    dns_name_to_text(name, zone->name);
    if (watched->failures == 0)
        log_write(LOG_LEVEL_ERROR, "the keys of a signed zone cannot be seen to", "zone", name,
                  "why", problem->text[0] != '\0' ? problem->text : status_text(rc), NULL);
}

/* Inside a transaction. */
static int turn_zone(struct control *control, const struct hosted_zone *zone,
                     struct zone_keys *keys, uint64_t now_ms, struct settling *settling,
                     struct problem *out_problem)
{
    int rc = control__read_zone_keys(control, zone, keys, out_problem);
    if (rc != 0 || keys->status != SIGNING_ON)
        return rc;
    return control__settle_keys(control, keys, false, now_ms, settling, out_problem);
}

/* In a transaction of its own, and published. */
static int carry_out_turn(struct control *control, const struct hosted_zone *zone,
                          struct zone_keys *keys, uint64_t now_ms, bool *out_behind,
                          struct problem *out_problem)
{
    struct settling settling = { .next = NULL };
    int rc = store_begin(control->store, out_problem);
    if (rc == 0)
        rc = turn_zone(control, zone, keys, now_ms, &settling, out_problem);
    rc = control__commit(control, rc, out_problem);
    if (rc == 0)
        control__log_troubles(keys, &settling);
    if (rc == 0 && settling.next != NULL)
        control__publish(control, settling.next);
    else
        snapshot_unref(settling.next);
    *out_behind = settling.is_behind;
    return rc;
}

/* As far as it works.  false: nobody needs to look at that zone again. */
static bool turn_watched(struct control *control, struct watched_zone *watched, uint64_t now_ms,
                         uint64_t *out_next_ms)
{
    struct hosted_zone zone = { .id = watched->id };
    struct zone_keys keys = { .status = SIGNING_ON };
    struct problem problem = { .status = 0 };
    bool is_behind = false;
    int rc = store_find_zone_number(control->store, watched->id, &zone, &problem);
    if (rc == SP_ENOENT)
        return false;
    if (rc == 0)
        rc = carry_out_turn(control, &zone, &keys, now_ms, &is_behind, &problem);
    if (rc == 0 && keys.status != SIGNING_ON)
        return false;
    if (rc != 0)
        log_failure(&zone, watched, rc, &problem);
    watched->failures = rc == 0 && !is_behind ? 0 : watched->failures + 1;
    *out_next_ms = watched->failures == 0 ? key_ring_next(&keys.ring, &control->signing->options)
                                          : now_ms + control__retry_after_ms(watched->failures);
    return true;
}

/* Settling watches the zone, which is why its time is written last. */
static void turn_first(struct control *control, struct watched_zone *watched, uint64_t now_ms)
{
    struct signing *signing = control->signing;
    uint64_t next_ms = 0;
    if (turn_watched(control, watched, now_ms, &next_ms))
        watched->due_ms = next_ms;
    else
        *watched = signing->zones[--signing->count];
}

static void turn_due(struct control *control, uint64_t now_ms)
{
    struct signing *signing = control->signing;
    struct watched_zone *first = find_first(signing);
    for (unsigned i = 0; i < SIGNED_ZONES_AT_ONCE && first != NULL && first->due_ms <= now_ms;
         i++) {
        turn_first(control, first, now_ms);
        first = find_first(signing);
    }
    signing->next_ms = first == NULL ? UINT64_MAX : first->due_ms;
}

/* What was due by a clock that has been put back may be long in coming. */
static void mend_times(struct signing *signing, uint64_t now_ms)
{
    if (now_ms < signing->last_ms) {
        for (unsigned i = 0; i < signing->count; i++)
            signing->zones[i].due_ms = 0;
        signing->next_ms = 0;
        signing->takeover_ms = signing->takeover_ms > 0;
    }
    signing->last_ms = now_ms;
}

uint64_t control__turn_keys(struct control *control, uint64_t now_ms)
{
    struct signing *signing = control->signing;
    if (signing == NULL)
        return 0;
    mend_times(signing, now_ms);
    if (signing->takeover_ms > 0 && now_ms >= signing->takeover_ms)
        control__take_over_pairs(control, now_ms, NULL);
    if (now_ms >= signing->next_ms)
        turn_due(control, now_ms);
    uint64_t next_ms = signing->next_ms;
    if (signing->takeover_ms > 0 && signing->takeover_ms < next_ms)
        next_ms = signing->takeover_ms;
    return next_ms == UINT64_MAX ? 0 : next_ms < now_ms ? now_ms : next_ms;
}
