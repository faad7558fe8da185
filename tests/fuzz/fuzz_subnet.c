/* needs: policy */
/*
 * The EDNS options of a query, client-subnet first of all: the input is what the OPT record holds.
 * ldns does not look into options, so the judge is a second reader of RFC 7871 §6, written here the
 * slow way, bit by bit.  What is accepted comes back in the reply, octet for octet.
 */
#include "signpost/dns/query.h"
#include "signpost/dns/writer.h"

#include <stdlib.h>
#include <string.h>

#define OPTIONS_SIZE_MAX 2000

static void require(int condition)
{
    if (!condition)
        abort();
}

static int bit(const uint8_t *octets, unsigned index)
{
    return octets[index / 8] >> (7 - index % 8) & 1;
}

/* Whether these octets are a client-subnet option that a query may hold. */
static int is_right(const uint8_t *at, size_t size)
{
    static const unsigned bits_max[] = { 0, 32, 128 };
    if (size < 4 || at[0] != 0 || at[1] > 2 || at[3] != 0 || at[2] > bits_max[at[1]])
        return 0;
    size_t octets = size - 4;
    if (octets * 8 < at[2] || (octets > 0 && (octets - 1) * 8 >= at[2]))
        return 0;
    for (unsigned i = at[2]; i < octets * 8; i++)
        if (bit(at + 4, i))
            return 0;
    return 1;
}

/* DNS_NOERROR or DNS_FORMERR; where the one client-subnet option is, if there is any. */
static int judge(const uint8_t *at, const uint8_t *end, const uint8_t **out_subnet)
{
    int count = 0;
    *out_subnet = NULL;
    while (at < end) {
        if (end - at < 4 || end - at < 4 + at[2] * 256 + at[3])
            return DNS_FORMERR;
        size_t size = at[2] * 256u + at[3];
        if (at[0] == 0 && at[1] == 8) {
            if (count++ > 0 || !is_right(at + 4, size))
                return DNS_FORMERR;
            *out_subnet = at;
        }
        at += 4 + size;
    }
    return DNS_NOERROR;
}

/* The reply's only record is OPT, and the option is its only one. */
static void check_echo(const struct dns_query *query, const uint8_t *subnet)
{
    uint8_t reply[4096];
    struct dns_writer writer;
    const struct span no_nsid = { NULL, 0 };
    dns_writer_open(&writer, reply, sizeof reply, query, 1232, no_nsid);
    writer.subnet_scope = 17;
    size_t size = dns_writer_close(&writer, DNS_NOERROR, true, false);
    size_t option_size = 4u + subnet[3];
    const uint8_t *echo = reply + size - option_size;
    require(memcmp(echo, subnet, 7) == 0);
    require(echo[7] == 17);
    require(memcmp(echo + 8, subnet + 8, option_size - 8) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const uint8_t head[] = { 0, 1,   0,   0, 0, 1, 0, 0, 0, 0, 0,
                                    1, 1,   'a', 0, 0, 1, 0, 1, 0, 0, DNS_TYPE_OPT,
                                    4, 208, 0,   0, 0, 0 };
    uint8_t packet[sizeof head + 2 + OPTIONS_SIZE_MAX];
    struct dns_query query;
    const uint8_t *subnet;
    if (size > OPTIONS_SIZE_MAX)
        return 0;
    memcpy(packet, head, sizeof head);
    put_u16(packet + sizeof head, (uint16_t)size);
    memcpy(packet + sizeof head + 2, data, size);
    int verdict = dns_query_parse(&query, (struct span){ packet, sizeof head + 2 + size });
    require(verdict == judge(data, data + size, &subnet));
    if (verdict != DNS_NOERROR)
        return 0;
    require(query.has_subnet == (subnet != NULL));
    if (subnet == NULL)
        return 0;
    struct ip_prefix masked = query.subnet;
    require(query.subnet.length == subnet[6]);
    if (query.subnet.family != 0) {
        prefix_mask(&masked);
        require(memcmp(masked.octets, query.subnet.octets, sizeof masked.octets) == 0);
    }
    query.wants_nsid = false;
    check_echo(&query, subnet);
    return 0;
}
