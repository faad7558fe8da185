#include "signpost/dns/query.h"

#include "signpost/base/limits.h"

#include "edns.h"

#include <string.h>

/* Where the RR at `at` keeps its fixed fields, 0 when its owner name is malformed.  An owner may be
 * compressed; where its pointer leads does not matter to anyone. */
static size_t skip_owner(struct span packet, size_t at)
{
    while (at < packet.size) {
        unsigned label = packet.data[at];
        if (label == 0)
            return at + 1;
        if ((label & 0xc0) == 0xc0)
            return at + 2;
        if (label > DNS_LABEL_SIZE_MAX)
            return 0;
        at += 1 + label;
    }
    return 0;
}

/* RFC 7871 §6: family, source and scope prefix length, as many octets as the source's bits need,
 * and no bit set behind them.  A query's scope is 0 (§7.1.2), and it holds the option once. */
static bool read_subnet(struct dns_query *query, const uint8_t *option, size_t size)
{
    static const uint8_t families[] = { 0, IP_V4, IP_V6 };
    if (query->has_subnet || size < EDNS_SUBNET_FIXED || get_u16(option) > 2 || option[3] != 0)
        return false;
    struct ip_prefix subnet = { .family = families[get_u16(option)], .length = option[2] };
    size_t octets = (subnet.length + 7u) / 8;
    unsigned bits_max = subnet.family == 0 ? 0 : prefix_bits(subnet.family);
    if (subnet.length > bits_max || size != EDNS_SUBNET_FIXED + octets)
        return false;
    memcpy(subnet.octets, option + EDNS_SUBNET_FIXED, octets);
    if (subnet.length % 8 != 0 && (uint8_t)(subnet.octets[octets - 1] << subnet.length % 8) != 0)
        return false;
    query->has_subnet = true;
    query->subnet = subnet;
    return true;
}

/* The options of an OPT record: pairs of code and length (RFC 6891 §6.1.2).  Unknown ones are
 * ignored (R-ANS-4), but their lengths must add up. */
static bool read_options(struct dns_query *query, const uint8_t *at, const uint8_t *end)
{
    while (at < end) {
        if (end - at < 4 || end - at - 4 < get_u16(at + 2))
            return false;
        uint16_t code = get_u16(at);
        if (code == EDNS_OPTION_NSID)
            query->wants_nsid = true;
        else if (code == EDNS_OPTION_SUBNET && !read_subnet(query, at + 4, get_u16(at + 2)))
            return false;
        at += 4 + get_u16(at + 2);
    }
    return true;
}

/* fixed points at TYPE. */
static bool read_opt(struct dns_query *query, const uint8_t *fixed, bool owner_is_root)
{
    if (query->has_edns || !owner_is_root)
        return false;
    query->has_edns = true;
    if (get_u16(fixed + 2) > DNS_UDP_SIZE_MIN)
        query->udp_size = get_u16(fixed + 2);
    query->edns_version = fixed[5];
    query->dnssec_ok = (get_u16(fixed + 6) & EDNS_FLAG_DO) != 0;
    query->compact_ok = (get_u16(fixed + 6) & EDNS_FLAG_CO) != 0;
    /* Only of version 0 is known what its options look like; others get BADVERS in any case. */
    return query->edns_version > 0 ||
           read_options(query, fixed + 10, fixed + 10 + get_u16(fixed + 8));
}

/* The records behind the question; in a query that can only be what ARCOUNT says, and for IXFR the
 * client's SOA in Authority (RFC 1995 §3). */
static bool read_records(struct dns_query *query, size_t at, unsigned count)
{
    struct span packet = query->packet;
    for (; count > 0; count--) {
        size_t fixed = skip_owner(packet, at);
        if (fixed == 0 || packet.size < fixed + 10)
            return false;
        size_t next = fixed + 10 + get_u16(packet.data + fixed + 8);
        if (next > packet.size)
            return false;
        if (get_u16(packet.data + fixed) == DNS_TYPE_OPT &&
            !read_opt(query, packet.data + fixed, packet.data[at] == 0))
            return false;
        at = next;
    }
    return at == packet.size; /* whatever stands behind the last record is no DNS */
}

static bool read_question(struct dns_query *query)
{
    const uint8_t *at = query->packet.data + DNS_HEADER_SIZE;
    size_t left = query->packet.size - DNS_HEADER_SIZE;
    unsigned name_size = dns_path_read(&query->path, at, left);
    if (name_size == 0 || left < name_size + 4)
        return false;
    query->type = get_u16(at + name_size);
    query->class = get_u16(at + name_size + 2);
    query->question_size = (uint16_t)(name_size + 4);
    return true;
}

int dns_query_parse(struct dns_query *query, struct span packet)
{
    const uint8_t *header = packet.data;
    if (packet.size < DNS_HEADER_SIZE || (header[2] & 0x80) != 0)
        return DNS_SILENCE;
    query->packet = packet;
    query->id = get_u16(header);
    query->opcode = header[2] >> 3 & 15;
    query->recursion_desired = (header[2] & 1) != 0;
    query->checking_disabled = (header[3] & 0x10) != 0;
    query->question_size = 0;
    query->has_edns = false;
    query->edns_version = 0;
    query->dnssec_ok = false;
    query->compact_ok = false;
    query->wants_nsid = false;
    query->has_subnet = false;
    query->udp_size = DNS_UDP_SIZE_MIN;

    if (query->opcode != DNS_OPCODE_QUERY)
        return DNS_NOTIMP; /* R-ANS-1, R-ANS-2 */
    if (get_u16(header + 4) != 1 || !read_question(query))
        return DNS_FORMERR;
    unsigned answers = get_u16(header + 6);
    unsigned authorities = get_u16(header + 8);
    unsigned additionals = get_u16(header + 10);
    if (answers > 0 || (authorities > 0 && query->type != DNS_TYPE_IXFR))
        return DNS_FORMERR;
    if (!read_records(query, DNS_HEADER_SIZE + query->question_size, authorities + additionals))
        return DNS_FORMERR;
    return query->edns_version > 0 ? DNS_BADVERS : DNS_NOERROR;
}
