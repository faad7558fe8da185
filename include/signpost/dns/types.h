/*
 * dns/types.h - codes of the protocol, and the seventeen types that records may have.
 */
#ifndef SIGNPOST_DNS_TYPES_H
#define SIGNPOST_DNS_TYPES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum dns_type {
    DNS_TYPE_A = 1,
    DNS_TYPE_NS = 2,
    DNS_TYPE_CNAME = 5,
    DNS_TYPE_SOA = 6,
    DNS_TYPE_PTR = 12,
    DNS_TYPE_MX = 15,
    DNS_TYPE_TXT = 16,
    DNS_TYPE_AAAA = 28,
    DNS_TYPE_SRV = 33,
    DNS_TYPE_NAPTR = 35,
    DNS_TYPE_OPT = 41,
    DNS_TYPE_DS = 43,
    DNS_TYPE_SSHFP = 44,
    DNS_TYPE_RRSIG = 46,
    DNS_TYPE_NSEC = 47,
    DNS_TYPE_DNSKEY = 48,
    DNS_TYPE_TLSA = 52,
    DNS_TYPE_CDS = 59,
    DNS_TYPE_CDNSKEY = 60,
    DNS_TYPE_SVCB = 64,
    DNS_TYPE_HTTPS = 65,
    DNS_TYPE_SPF = 99,
    DNS_TYPE_NXNAME = 128, /* RFC 9824 §3.2: in bitmaps only */
    DNS_TYPE_IXFR = 251,
    DNS_TYPE_AXFR = 252,
    DNS_TYPE_ANY = 255,
    DNS_TYPE_CAA = 257,
};

enum { DNS_CLASS_IN = 1 };

enum dns_opcode { DNS_OPCODE_QUERY = 0, DNS_OPCODE_NOTIFY = 4, DNS_OPCODE_UPDATE = 5 };

enum dns_rcode {
    DNS_NOERROR = 0,
    DNS_FORMERR = 1,
    DNS_SERVFAIL = 2,
    DNS_NXDOMAIN = 3,
    DNS_NOTIMP = 4,
    DNS_REFUSED = 5,
    DNS_BADVERS = 16, /* RFC 6891 §6.1.3: needs the OPT record for its upper bits */
};

/* Where names stand inside RDATA: what is lower-cased when stored, and compressed when sent. */
struct dns_type_info {
    uint16_t type;
    const char *name;
    uint8_t octets_before; /* fixed octets before the first name */
    uint8_t name_count;    /* names that follow one another directly */
    bool compressible;     /* only the types of RFC 1035 may be (RFC 3597 §4) */
};

/* The entry of one of the seventeen types of R-TYP, NULL for any other.  Any thread. */
const struct dns_type_info *dns_type_find(uint16_t type);

/* The entry of a type whose names are compressed when they are sent; NULL for any other type. */
static inline const struct dns_type_info *dns_type_compressible(uint16_t type)
{
    const struct dns_type_info *info = dns_type_find(type);
    return info != NULL && info->compressible ? info : NULL;
}

/* By its name, upper or lower case.  NULL: not one of the seventeen. */
const struct dns_type_info *dns_type_find_name(const char *name);

/* Their number, and the entry at index 0..count-1, in order of their codes. */
#define DNS_TYPE_COUNT 17
const struct dns_type_info *dns_type_at(unsigned index);

/* The index of a type in that order, DNS_TYPE_COUNT for any other: rows of counters. */
unsigned dns_type_index(uint16_t type);

#endif
