/*
 * sign/nsec.h - the one NSEC record that says no (R-SEC-11, R-SEC-12, R-SEC-15; RFC 9824).
 *
 * "Black lies": the record is the name's own, and what follows it is the first name that could
 * follow at all.  So it proves that a type is missing there, and says nothing of any other name.
 */
#ifndef SIGNPOST_SIGN_NSEC_H
#define SIGNPOST_SIGN_NSEC_H

#include "signpost/dns/writer.h"
#include "signpost/zone/signing.h"

#include <stdint.h>

enum nsec_form {
    NSEC_BARE,     /* nothing but RRSIG and NSEC: no such name, or none with records (R-SEC-11) */
    NSEC_NXNAME,   /* the same and NXNAME: no such name, said clearly (RFC 9824 §3.2) */
    NSEC_LACKS,    /* every type that records may have but one (R-SEC-12) */
    NSEC_ALIAS,    /* CNAME alone: a name that is one denies no type (RFC 6840 §4.3) */
    NSEC_INSECURE, /* a delegation without DS: NS alone (R-SEC-15) */
};

/* Windows 0 and 1 of the bitmap (RFC 4034 §4.1.2), and the longest next name. */
#define NSEC_RECORD_SIZE_MAX (RRSET_FIXED_SIZE + DNS_NAME_SIZE_MAX + 2 * (2 + 32))

/* Writes the record of that owner (wire, lower case) in a signed zone.  lacking: the type that was
 * asked for, read for NSEC_LACKS alone.  out_records points into room.
 *
 * The bitmap of R-SEC-12 leaves out what would make it say something else: CNAME (RFC 6840 §4.3:
 * no proof against any type), NS without SOA (a delegation) and DS.  At the apex it has NS, SOA and
 * DNSKEY, and CDS and CDNSKEY where they are published. */
void nsec_write(uint8_t room[NSEC_RECORD_SIZE_MAX], const struct zone *zone, const uint8_t *owner,
                enum nsec_form form, uint16_t lacking, uint32_t ttl_s,
                struct dns_records *out_records);

/* The first name after the owner in canonical order (RFC 4034 §6.1) that can exist: "\000." before
 * it, or, where that is too long, what comes next (RFC 4471 §3.1.2); the zone's name after the last
 * one.  Its size. */
unsigned nsec_next_name(uint8_t out[DNS_NAME_SIZE_MAX], const uint8_t *owner, const uint8_t *zone);

#endif
