/*
 * sign/signer.h - signatures made on the spot and remembered (R-SEC-5, R-SEC-6).
 *
 * A signer is one thread's: its memory, its budget and its OpenSSL key belong to the worker that
 * answers, so nothing is locked.  What is remembered is found by the owner, the type, the TTL, what
 * the set holds and the key; a set that changes or a new key simply is not found any more.
 *
 * Sets are *foreseen* when the zone holds them: there are only so many, and their signatures are
 * always made and remembered in a memory of their own.  Everything else (that a name or a type is
 * missing, names that a wildcard answers for, eight addresses drawn from many) is as endless as
 * what strangers think of: its signatures have another, smaller memory and a budget for each
 * moment.
 */
#ifndef SIGNPOST_SIGN_SIGNER_H
#define SIGNPOST_SIGN_SIGNER_H

#include "signpost/base/counters.h"
#include "signpost/dns/writer.h"
#include "signpost/zone/signing.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Octets of a remembered signature, all it takes counted. */
#define SIGNATURE_MEMORY_SIZE 128

#define SIGNATURE_BACKDATE_S 3600 /* inception: for clients whose clock is slow (R-SEC-6) */

/* TYPE CLASS TTL RDLENGTH, then RRSIG RDATA (RFC 4034 §3.1) with the longest signer's name. */
#define RRSIG_SIGNATURE_SIZE 64
#define RRSIG_FIXED_SIZE     18
#define RRSIG_RECORD_SIZE_MAX                                                                      \
    (RRSET_FIXED_SIZE + RRSIG_FIXED_SIZE + DNS_NAME_SIZE_MAX + RRSIG_SIGNATURE_SIZE)

struct signer_settings {
    unsigned remembered; /* signatures of foreseen sets; of others half as many.  At least 64 */
    unsigned per_second; /* signatures of unforeseen sets that may be made */
};

/* Counted by the signer's thread. */
struct signer_figures {
    counter made;       /* signatures made for foreseen sets */
    counter made_other; /* for unforeseen ones */
    counter remembered; /* signatures that did not have to be made */
    counter refused;    /* that the budget did not allow */
};

struct signer;

/* The figures must outlive the signer.  NULL: no memory, or OpenSSL fails. */
struct signer *signer_create(const struct signer_settings *settings,
                             struct signer_figures *figures);
void signer_destroy(struct signer *signer); /* NULL is fine */

/* A record set as it is sent: parts of one type that together are one set. */
struct sign_subject {
    const uint8_t *owner; /* wire, lower case */
    uint64_t owner_hash;  /* as dns_path_hash makes it */
    uint16_t type;
    uint32_t ttl_s; /* sent with it: the original TTL too */
    bool is_foreseen;
    unsigned part_count; /* at most MULTIVALUE_MAX */
    const struct dns_records *const *parts;
    uint64_t content; /* the same for equal records, in whatever order: records_content, added up */
};

/* The time, and how long signatures hold. */
struct sign_time {
    uint64_t now_ms;     /* Unix milliseconds */
    uint32_t validity_s; /* at least 2; signatures made for another validity are not used again */
};

/* The RRSIG record for a set of a signed zone: expires validity_s after it was made, incepted
 * SIGNATURE_BACKDATE_S before.  A remembered one is used again until between a quarter and three
 * eighths of its time has gone by.  out_records points into room, and is one record for
 * dns_writer_put with the set's owner and TTL.  Duplicate records among the parts count once
 * (RFC 4034 §6.3).
 * SP_EAGAIN: not remembered, and no budget is left.  SP_EIO: OpenSSL fails.  SP_ELIMIT: more than
 * DNS_RECORDS_PER_MESSAGE_MAX records, which no message holds. */
int signer_sign(struct signer *signer, const struct zone *zone, const struct sign_subject *subject,
                const struct sign_time *time, uint8_t room[RRSIG_RECORD_SIZE_MAX],
                struct dns_records *out_records);

/* Gives a signer that answers over TCP, where nobody can lie about his address, as much budget
 * again.  Set before each question, false for UDP. */
void signer_set_tcp(struct signer *signer, bool over_tcp);

#endif
