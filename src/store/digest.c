/*
 * SQLite notices damage to its own structure, not a flipped bit inside a value.  So each zone
 * carries a digest: the sum, modulo 2^64, of one hash for the zone's own row and one for each
 * record set.  A sum can be kept by difference, so a change of one set in a zone of a million costs
 * no more than the set; and at start-up, when everything is read anyway, it tells whether each zone
 * is what was stored: no set altered, lost, doubled or strayed in from another zone.
 *
 * These numbers are in every database, so the hash may never change.  A column that comes later
 * must add to it only where it differs from its default: so a record set adds its identifier and
 * its attributes (sets.c) only when it has any.
 */
#include "internal.h"

#include "signpost/base/hash.h"

#include <endian.h>

#define DIGEST_SEED       UINT64_C(0x9e3779b97f4a7c15)
#define DIGEST_MULTIPLIER UINT64_C(0xd6e8feb86659fd93)

static uint64_t add_number(uint64_t state, uint64_t number)
{
    return hash_fold(state ^ number, DIGEST_MULTIPLIER) + DIGEST_SEED;
}

static uint64_t add_bytes(uint64_t state, struct span bytes)
{
    uint64_t word;
    state = add_number(state, bytes.size);
    for (; bytes.size >= sizeof word; bytes.data += sizeof word, bytes.size -= sizeof word) {
        memcpy(&word, bytes.data, sizeof word);
        state = add_number(state, le64toh(word));
    }
    if (bytes.size == 0)
        return state;
    word = 0;
    memcpy(&word, bytes.data, bytes.size);
    return add_number(state, le64toh(word));
}

static uint64_t add_text(uint64_t state, const char *text)
{
    return add_bytes(state, (struct span){ (const uint8_t *)text, strlen(text) });
}

uint64_t store__zone_digest(const struct hosted_zone *zone)
{
    uint64_t state = add_number(DIGEST_SEED, (uint64_t)zone->id);
    state = add_text(state, zone->public_id);
    state = add_bytes(state, (struct span){ zone->name, dns_name_size(zone->name) });
    for (unsigned i = 0; i < 4; i++)
        state = add_number(state, zone->name_servers[i]);
    state = add_number(state, (uint64_t)zone->created_at);
    state = add_number(state, (uint64_t)zone->sequence);
    state = add_number(state, zone->record_count);
    state = add_text(state, zone->comment);
    if (zone->is_private)
        state = add_number(state, 1);
    if (zone->caller_reference[0] != '\0')
        state = add_text(state, zone->caller_reference);
    return zone->delegation_set[0] == '\0' ? state : add_text(state, zone->delegation_set);
}

uint64_t store__set_digest(int64_t zone_id, struct span owner_key, const struct record_set *set)
{
    char attributes[SET_ATTRIBUTES_SIZE];
    uint64_t state = add_number(DIGEST_SEED, (uint64_t)zone_id);
    state = add_bytes(state, owner_key);
    state = add_number(state, set->type);
    state = add_number(state, set->ttl_s);
    state = add_bytes(state, set->values);
    if (set->texts.size > 0)
        state = add_bytes(state, set->texts);
    if (store__set_attributes(attributes, set)[0] == '\0')
        return state;
    return add_text(add_text(state, set->set_identifier), attributes);
}

uint64_t store__bytes_digest(uint64_t state, struct span bytes)
{
    return add_bytes(add_number(DIGEST_SEED, state), bytes);
}
