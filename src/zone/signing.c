#include "signpost/zone/signing.h"

#include "signpost/base/hash.h"

#include "zone_internal.h"

#include <stdlib.h>
#include <string.h>

/* ---- making ---- */

static size_t signatures_size(const struct signed_set_source *source)
{
    size_t size = source->signature_count * sizeof(struct signature_ahead);
    for (unsigned i = 0; i < source->signature_count; i++)
        size += zone__records_size(source->signatures[i].values, source->signatures[i].value_count);
    return size;
}

/* The structs come first, since they want to be aligned, then the records of all of them. */
static size_t piece_size(const struct signed_set_source *sources, unsigned count)
{
    size_t size = sizeof(struct zone_signing);
    for (unsigned i = 0; i < count; i++)
        size += zone__records_size(sources[i].values, sources[i].value_count) +
                signatures_size(&sources[i]);
    return size;
}

static struct dns_records encode(uint8_t **to, uint16_t type, uint32_t ttl_s, struct span values,
                                 uint32_t count)
{
    uint8_t *start = *to;
    *to = zone__encode_records(start, type, ttl_s, values);
    return (struct dns_records){ type, count, (uint32_t)(*to - start), start };
}

static void encode_set(struct signed_set *set, struct signature_ahead *signatures, uint8_t **to,
                       const struct signed_set_source *source)
{
    set->set.records = encode(to, source->type, source->ttl_s, source->values, source->value_count);
    set->set.content = records_content(&set->set.records);
    set->set.ttl_s = source->ttl_s;
    set->signature_count = source->signature_count;
    set->signatures = signatures;
    for (unsigned i = 0; i < source->signature_count; i++) {
        const struct signature_source *signature = &source->signatures[i];
        signatures[i] = (struct signature_ahead){
            signature->from_s,
            encode(to, DNS_TYPE_RRSIG, source->ttl_s, signature->values, signature->value_count),
        };
    }
}

struct zone_signing *zone_signing_create(const struct signing_key *key,
                                         const struct signed_set_source *sources, unsigned count)
{
    struct zone_signing *signing = malloc(piece_size(sources, count));
    if (signing == NULL)
        return NULL;
    unsigned signature_count = 0;
    for (unsigned i = 0; i < count; i++)
        signature_count += sources[i].signature_count;
    struct signature_ahead *signatures = (struct signature_ahead *)(signing + 1);
    uint8_t *to = (uint8_t *)(signatures + signature_count);
    memset(signing, 0, sizeof *signing);
    signing->refs = 1;
    signing->key = *key;
    signing->key.id = hash_bytes(DNS_ROOT_HASH, key->private_key, sizeof key->private_key);
    for (unsigned i = 0; i < count; i++) {
        encode_set(&signing->sets[i], signatures, &to, &sources[i]);
        signatures += sources[i].signature_count;
    }
    signing->set_count = count;
    return signing;
}

struct zone_signing *zone__signing_ref(struct zone_signing *signing)
{
    if (signing != NULL)
        signing->refs++;
    return signing;
}

void zone_signing_unref(struct zone_signing *signing)
{
    if (signing == NULL || --signing->refs > 0)
        return;
    explicit_bzero(&signing->key, sizeof signing->key);
    free(signing);
}

void zone_set_signing(struct zone *zone, struct zone_signing *signing)
{
    zone_signing_unref(zone->signing);
    zone->signing = signing;
}

/* ---- reading ---- */

const struct signed_set *zone_signing_set(const struct zone_signing *signing, uint16_t type)
{
    for (unsigned i = 0; i < signing->set_count; i++)
        if (signing->sets[i].set.records.type == type)
            return &signing->sets[i];
    return NULL;
}

const struct dns_records *signed_set_signatures(const struct signed_set *set, int64_t now_s)
{
    unsigned at = set->signature_count - 1;
    while (at > 0 && set->signatures[at].from_s > now_s)
        at--;
    return &set->signatures[at].records;
}
