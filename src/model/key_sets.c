#include "signpost/model/key_sets.h"

#include "signpost/dns/name.h"
#include "signpost/dns/rdata.h"
#include "signpost/dns/types.h"

#include <assert.h>
#include <string.h>

/* ---- values ---- */

/* RFC 4034 §6.3: as octets, and what is shorter comes first. */
static int compare(struct span a, struct span b)
{
    int order = memcmp(a.data, b.data, a.size < b.size ? a.size : b.size);
    return order != 0 ? order : (a.size > b.size) - (a.size < b.size);
}

void key_set_add(struct key_set *set, struct span rdata)
{
    struct span left = { set->values, set->values_size }, value;
    size_t at = 0;
    assert(rdata.size <= DNSKEY_RDATA_SIZE &&
           set->values_size + 2 + rdata.size <= sizeof set->values);
    while (dns_values_next(&left, &value) && compare(value, rdata) < 0)
        at += 2 + value.size;
    uint8_t *place = set->values + at;
    memmove(place + 2 + rdata.size, place, set->values_size - at);
    put_u16(place, (uint16_t)rdata.size);
    memcpy(place + 2, rdata.data, rdata.size);
    set->values_size += 2 + rdata.size;
    set->value_count++;
}

/* ---- what is signed ---- */

size_t key_set_rrsig_head(const struct key_set *set, const uint8_t *zone_name,
                          const struct rrsig *rrsig, uint8_t out[RRSIG_HEAD_SIZE_MAX])
{
    size_t name_size = dns_name_size(zone_name);
    put_u16(out, set->type);
    out[2] = KEY_ALGORITHM;
    out[3] = (uint8_t)dns_name_label_count(zone_name);
    put_u32(out + 4, set->ttl_s);
    put_u32(out + 8, (uint32_t)rrsig->expiration_s); /* serial numbers (RFC 4034 §3.1.5) */
    put_u32(out + 12, (uint32_t)rrsig->inception_s);
    put_u16(out + 16, rrsig->tag);
    memcpy(out + 18, zone_name, name_size);
    return 18 + name_size;
}

size_t key_set_signed_data(const struct key_set *set, const uint8_t *zone_name,
                           const struct rrsig *rrsig, uint8_t out[KEY_SET_DATA_SIZE])
{
    struct span left = { set->values, set->values_size }, value;
    size_t name_size = dns_name_size(zone_name);
    uint8_t *to = out + key_set_rrsig_head(set, zone_name, rrsig, out);
    while (dns_values_next(&left, &value)) {
        memcpy(to, zone_name, name_size);
        to += name_size;
        put_u16(to, set->type);
        put_u16(to + 2, DNS_CLASS_IN);
        put_u32(to + 4, set->ttl_s);
        put_u16(to + 8, (uint16_t)value.size);
        memcpy(to + 10, value.data, value.size);
        to += 10 + value.size;
    }
    return (size_t)(to - out);
}

/* ---- signatures ---- */

void key_set_begin_signatures(struct key_set *set, int64_t from_s)
{
    uint8_t *to = set->signatures + set->signatures_size;
    assert(set->signatures_size + 9 <= sizeof set->signatures);
    put_u32(to, (uint32_t)((uint64_t)from_s >> 32));
    put_u32(to + 4, (uint32_t)from_s);
    to[8] = 0;
    set->last_at = set->signatures_size;
    set->signatures_size += 9;
}

void key_set_add_signature(struct key_set *set, const uint8_t *zone_name, const struct rrsig *rrsig,
                           const uint8_t signature[KEY_SIGNATURE_SIZE])
{
    uint8_t *to = set->signatures + set->signatures_size;
    assert(set->signatures_size + 2 + RRSIG_RDATA_SIZE_MAX <= sizeof set->signatures);
    size_t head_size = key_set_rrsig_head(set, zone_name, rrsig, to + 2);
    put_u16(to, (uint16_t)(head_size + KEY_SIGNATURE_SIZE));
    memcpy(to + 2 + head_size, signature, KEY_SIGNATURE_SIZE);
    set->signatures_size += 2 + head_size + KEY_SIGNATURE_SIZE;
    set->signatures[set->last_at + 8]++;
}

bool key_set_next_signatures(struct span *packed, int64_t *out_from_s, unsigned *out_count,
                             struct span *out_values)
{
    struct span left = *packed, value;
    if (packed->size < 9)
        return false;
    left.data += 9;
    left.size -= 9;
    for (unsigned i = 0; i < packed->data[8]; i++)
        if (!dns_values_next(&left, &value))
            return false;
    *out_from_s = (int64_t)((uint64_t)get_u32(packed->data) << 32 | get_u32(packed->data + 4));
    *out_count = packed->data[8];
    *out_values = (struct span){ packed->data + 9, (size_t)(left.data - packed->data) - 9 };
    *packed = left;
    return true;
}
