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
