#include "signpost/dns/types.h"

#include <stddef.h>
#include <strings.h>

static const struct dns_type_info types[DNS_TYPE_COUNT] = {
    { DNS_TYPE_A, "A", 0, 0, false },
    { DNS_TYPE_NS, "NS", 0, 1, true },
    { DNS_TYPE_CNAME, "CNAME", 0, 1, true },
    { DNS_TYPE_SOA, "SOA", 0, 2, true },
    { DNS_TYPE_PTR, "PTR", 0, 1, true },
    { DNS_TYPE_MX, "MX", 2, 1, true },
    { DNS_TYPE_TXT, "TXT", 0, 0, false },
    { DNS_TYPE_AAAA, "AAAA", 0, 0, false },
    { DNS_TYPE_SRV, "SRV", 6, 1, false },
    { DNS_TYPE_NAPTR, "NAPTR", 4, 0, false }, /* its name follows three strings: dns/rdata.c */
    { DNS_TYPE_DS, "DS", 0, 0, false },
    { DNS_TYPE_SSHFP, "SSHFP", 0, 0, false },
    { DNS_TYPE_TLSA, "TLSA", 0, 0, false },
    { DNS_TYPE_SVCB, "SVCB", 2, 1, false },
    { DNS_TYPE_HTTPS, "HTTPS", 2, 1, false },
    { DNS_TYPE_SPF, "SPF", 0, 0, false },
    { DNS_TYPE_CAA, "CAA", 0, 0, false },
};

unsigned dns_type_index(uint16_t type)
{
    /* Codes below 100 find their place by one look; only CAA is above. */
    static const uint8_t place[100] = {
        [DNS_TYPE_A] = 1,     [DNS_TYPE_NS] = 2,     [DNS_TYPE_CNAME] = 3,  [DNS_TYPE_SOA] = 4,
        [DNS_TYPE_PTR] = 5,   [DNS_TYPE_MX] = 6,     [DNS_TYPE_TXT] = 7,    [DNS_TYPE_AAAA] = 8,
        [DNS_TYPE_SRV] = 9,   [DNS_TYPE_NAPTR] = 10, [DNS_TYPE_DS] = 11,    [DNS_TYPE_SSHFP] = 12,
        [DNS_TYPE_TLSA] = 13, [DNS_TYPE_SVCB] = 14,  [DNS_TYPE_HTTPS] = 15, [DNS_TYPE_SPF] = 16,
    };
    if (type < sizeof place)
        return place[type] == 0 ? DNS_TYPE_COUNT : place[type] - 1u;
    return type == DNS_TYPE_CAA ? DNS_TYPE_COUNT - 1 : DNS_TYPE_COUNT;
}

const struct dns_type_info *dns_type_find(uint16_t type)
{
    unsigned index = dns_type_index(type);
    return index < DNS_TYPE_COUNT ? &types[index] : NULL;
}

const struct dns_type_info *dns_type_find_name(const char *name)
{
    for (unsigned i = 0; i < DNS_TYPE_COUNT; i++)
        if (strcasecmp(types[i].name, name) == 0)
            return &types[i];
    return NULL;
}

const struct dns_type_info *dns_type_at(unsigned index)
{
    return index < DNS_TYPE_COUNT ? &types[index] : NULL;
}
