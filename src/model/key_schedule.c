#include "signpost/model/key_schedule.h"

#include <assert.h>
#include <string.h>

#define ROOM_FOR_DOUBT 2 /* TTLs that a new key is known before it signs */

static uint64_t ms(uint64_t seconds)
{
    return seconds * 1000;
}

static uint64_t later(uint64_t a_ms, uint64_t b_ms)
{
    return a_ms > b_ms ? a_ms : b_ms;
}

static struct zsk *find(struct key_ring *ring, enum zsk_state state)
{
    for (unsigned i = 0; i < ring->count; i++)
        if (ring->keys[i].state == state)
            return &ring->keys[i];
    return NULL;
}

const struct zsk *key_ring_active(const struct key_ring *ring)
{
    return find((struct key_ring *)ring, ZSK_ACTIVE);
}

bool key_ring_is_rolling(const struct key_ring *ring)
{
    return find((struct key_ring *)ring, ZSK_PUBLISHED) != NULL;
}

bool key_ring_is_full(const struct key_ring *ring)
{
    return ring->count == ZONE_SIGNING_KEYS_MAX;
}

/* ---- the clock ---- */

static void enter(struct zsk *key, enum zsk_state state, uint64_t wait_ms, uint64_t now_ms)
{
    key->state = state;
    key->changed_ms = now_ms;
    key->wait_ms = wait_ms;
}

static bool has_waited(const struct zsk *key, uint64_t now_ms)
{
    return now_ms >= key->changed_ms + key->wait_ms;
}

/* A time that is still to come was written by a clock that has been put back since.  Whoever waits
 * then waits once more from now on: too long harms nobody. */
static bool mend_times(struct key_ring *ring, uint64_t now_ms)
{
    bool changed = false;
    for (unsigned i = 0; i < ring->count; i++)
        if (ring->keys[i].changed_ms > now_ms) {
            ring->keys[i].changed_ms = now_ms;
            changed = true;
        }
    if (ring->cached_until_ms > now_ms + ms(DNSKEY_TTL_MAX)) {
        ring->cached_until_ms = now_ms + ms(DNSKEY_TTL_MAX);
        changed = true;
    }
    return changed;
}

/* ---- the roll ---- */

static bool remove_retired(struct key_ring *ring, uint64_t now_ms)
{
    unsigned kept = 0;
    for (unsigned i = 0; i < ring->count; i++)
        if (ring->keys[i].state != ZSK_RETIRED || !has_waited(&ring->keys[i], now_ms))
            ring->keys[kept++] = ring->keys[i];
    bool removed = kept < ring->count;
    ring->count = kept;
    return removed;
}

/* The last signatures of the old key may be cached until they expire, and beside them a DNSKEY set
 * for its TTL. */
static bool activate(struct key_ring *ring, const struct signing_options *options, uint64_t now_ms)
{
    struct zsk *next = find(ring, ZSK_PUBLISHED);
    struct zsk *old = find(ring, ZSK_ACTIVE);
    if (next == NULL || (old != NULL && !has_waited(next, now_ms)))
        return false;
    if (old != NULL)
        enter(old, ZSK_RETIRED, ms(old->validity_s) + ms(later(ring->ttl_s, options->dnskey_ttl_s)),
              now_ms);
    enter(next, ZSK_ACTIVE, 0, now_ms);
    next->validity_s = options->signature_validity_s;
    return true;
}

static bool needs_key(const struct key_ring *ring, const struct signing_options *options,
                      uint64_t now_ms)
{
    const struct zsk *active = key_ring_active(ring);
    if (active == NULL)
        return true;
    return options->zsk_lifetime_s > 0 && !key_ring_is_rolling(ring) && !key_ring_is_full(ring) &&
           now_ms >= active->changed_ms + ms(options->zsk_lifetime_s);
}

static bool lengthen_validity(struct key_ring *ring, const struct signing_options *options)
{
    struct zsk *active = find(ring, ZSK_ACTIVE);
    if (active == NULL || active->validity_s >= options->signature_validity_s)
        return false;
    active->validity_s = options->signature_validity_s;
    return true;
}

static bool needs_signatures(const struct key_ring *ring, const struct signing_options *options,
                             uint64_t now_ms)
{
    return ring->signed_ms == 0 || ring->signed_ms > now_ms ||
           now_ms >= ring->signed_ms + ms(ring->interval_s) ||
           ring->interval_s != options->dnskey_interval_s ||
           ring->validity_s != options->signature_validity_s ||
           ring->ttl_s != options->dnskey_ttl_s || ring->has_cds != options->publish_cds;
}

struct keys_due key_ring_turn(struct key_ring *ring, const struct signing_options *options,
                              bool usable, uint64_t now_ms)
{
    struct keys_due due = { .changed = mend_times(ring, now_ms) };
    due.changed |= lengthen_validity(ring, options);
    if (usable) {
        due.sign = remove_retired(ring, now_ms);
        due.changed |= due.sign | activate(ring, options, now_ms);
        due.make = needs_key(ring, options, now_ms);
    }
    due.sign |= due.make || needs_signatures(ring, options, now_ms);
    return due;
}

/* ---- when ---- */

/* Both may be 0: never. */
static uint64_t sooner(uint64_t a_ms, uint64_t b_ms)
{
    if (a_ms == 0 || b_ms == 0)
        return a_ms + b_ms;
    return a_ms < b_ms ? a_ms : b_ms;
}

static uint64_t roll_begins(const struct key_ring *ring, const struct zsk *active,
                            const struct signing_options *options)
{
    if (options->zsk_lifetime_s == 0 || key_ring_is_rolling(ring) || key_ring_is_full(ring))
        return 0;
    return active->changed_ms + ms(options->zsk_lifetime_s);
}

uint64_t key_ring_next(const struct key_ring *ring, const struct signing_options *options)
{
    uint64_t next_ms = ring->signed_ms + ms(ring->interval_s);
    for (unsigned i = 0; i < ring->count; i++) {
        const struct zsk *key = &ring->keys[i];
        next_ms = sooner(next_ms, key->state == ZSK_ACTIVE ? roll_begins(ring, key, options)
                                                           : key->changed_ms + key->wait_ms);
    }
    return next_ms;
}

/* The active key leaves when its successor is active, which may not even be made. */
uint64_t key_ring_leaves(const struct key_ring *ring, const struct zsk *key,
                         const struct signing_options *options)
{
    if (key->state != ZSK_ACTIVE)
        return key->changed_ms + key->wait_ms;
    const struct zsk *next = find((struct key_ring *)ring, ZSK_PUBLISHED);
    if (next != NULL)
        return next->changed_ms + next->wait_ms;
    uint64_t begins_ms = roll_begins(ring, key, options);
    return begins_ms == 0 ? 0 : begins_ms + ROOM_FOR_DOUBT * ms(options->dnskey_ttl_s);
}

/* ---- what happens to the ring ---- */

/* Caches may hold the set that is replaced now, or one from before it with a longer TTL. */
static uint64_t cached_until(const struct key_ring *ring, uint64_t now_ms)
{
    uint64_t replaced_ms = ring->signed_ms == 0 ? now_ms : now_ms + ms(ring->ttl_s);
    return later(ring->cached_until_ms, replaced_ms);
}

void key_ring_add(struct key_ring *ring, const struct zsk *key,
                  const struct signing_options *options, uint64_t now_ms)
{
    assert(!key_ring_is_full(ring));
    struct zsk *added = &ring->keys[ring->count];
    *added = *key;
    added->created_ms = now_ms;
    added->validity_s = options->signature_validity_s;
    if (key_ring_active(ring) == NULL)
        enter(added, ZSK_ACTIVE, 0, now_ms);
    else
        enter(
            added, ZSK_PUBLISHED,
            later(ROOM_FOR_DOUBT * ms(options->dnskey_ttl_s), cached_until(ring, now_ms) - now_ms),
            now_ms);
    ring->count++;
}

void key_ring_note_signed(struct key_ring *ring, const struct signing_options *options,
                          uint64_t now_ms)
{
    ring->cached_until_ms = cached_until(ring, now_ms);
    ring->signed_ms = now_ms;
    ring->interval_s = options->dnskey_interval_s;
    ring->validity_s = options->signature_validity_s;
    ring->ttl_s = options->dnskey_ttl_s;
    ring->has_cds = options->publish_cds;
}

void key_ring_stop(struct key_ring *ring, uint64_t now_ms)
{
    unsigned kept = 0;
    for (unsigned i = 0; i < ring->count; i++)
        if (ring->keys[i].state != ZSK_PUBLISHED)
            ring->keys[kept++] = ring->keys[i];
    ring->count = kept;
    ring->cached_until_ms = cached_until(ring, now_ms);
    ring->signed_ms = 0;
}
