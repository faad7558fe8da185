/*
 * dns/query.h - reading a question: everything a packet may hold, and nothing believed unchecked.
 */
#ifndef SIGNPOST_DNS_QUERY_H
#define SIGNPOST_DNS_QUERY_H

#include "signpost/base/prefix.h"
#include "signpost/base/span.h"
#include "signpost/dns/path.h"
#include "signpost/dns/types.h"

#include <stdbool.h>
#include <stdint.h>

struct dns_query {
    struct span packet;
    uint16_t id;
    uint8_t opcode;
    bool recursion_desired;
    bool checking_disabled;
    uint16_t
        question_size; /* octets behind the header that hold the question; 0: it was not readable */
    uint16_t type;
    uint16_t class;
    bool has_edns;
    uint8_t edns_version;
    bool dnssec_ok;
    bool compact_ok; /* CO: NXDOMAIN may come with a compact denial (RFC 9824 §5.1) */
    bool wants_nsid;
    bool has_subnet; /* a client-subnet option (RFC 7871) */
    struct ip_prefix
        subnet;            /* what it holds; family 0: "/0" of no family, as dig +subnet=0 sends */
    uint16_t udp_size;     /* what the client takes over UDP: at least 512 */
    struct name_path path; /* hashes not filled in */
};

enum dns_verdict {
    DNS_SILENCE = -1, /* too short for a reply, or itself a reply: answering could loop */
    /* and 0 or the enum dns_rcode to reply with */
};

/* Reads the packet, which must outlive the query.  DNS_NOERROR: all of it is well formed and it
 * asks one question.  Otherwise what could be read is there for the reply. QDCOUNT other than 1:
 * FORMERR (RFC 9619).  EDNS as RFC 6891; a second OPT: FORMERR (§6.1.1).  A client-subnet option
 * that RFC 7871 §6 and §7.1.2 do not allow: FORMERR (R-ECS-4). */
int dns_query_parse(struct dns_query *query, struct span packet);

#endif
