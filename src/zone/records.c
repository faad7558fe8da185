#include "signpost/base/hash.h"
#include "signpost/dns/rdata.h"

#include "zone_internal.h"

#include <string.h>

size_t zone__records_size(struct span values, uint32_t count)
{
    return values.size + (size_t)count * (RRSET_FIXED_SIZE - 2);
}

uint8_t *zone__encode_records(uint8_t *to, uint16_t type, uint32_t ttl_s, struct span values)
{
    struct span rdata;
    while (dns_values_next(&values, &rdata)) {
        put_u16(to, type);
        put_u16(to + 2, DNS_CLASS_IN);
        put_u32(to + 4, ttl_s);
        put_u16(to + 8, (uint16_t)rdata.size);
        memcpy(to + RRSET_FIXED_SIZE, rdata.data, rdata.size);
        to += RRSET_FIXED_SIZE + rdata.size;
    }
    return to;
}

uint64_t records_content(const struct dns_records *records)
{
    return hash_bytes(DNS_ROOT_HASH, records->data, records->size);
}

static bool holds(const struct dns_records *records, const uint8_t *wanted)
{
    const uint8_t *record = records->data;
    size_t size = 2 + (size_t)get_u16(wanted + 8);
    for (uint32_t i = 0; i < records->count; i++) {
        if (memcmp(record + 8, wanted + 8, 2) == 0 && memcmp(record + 8, wanted + 8, size) == 0)
            return true;
        record += RRSET_FIXED_SIZE + get_u16(record + 8);
    }
    return false;
}

bool records_are_among(const struct dns_records *records, const struct dns_records *those)
{
    const uint8_t *record = records->data;
    for (uint32_t i = 0; i < records->count; i++) {
        if (!holds(those, record))
            return false;
        record += RRSET_FIXED_SIZE + get_u16(record + 8);
    }
    return true;
}
