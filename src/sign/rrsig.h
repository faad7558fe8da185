/*
 * rrsig.h - RRSIG records (RFC 4034 §3) and the octets that they sign.
 */
#ifndef SIGNPOST_SIGN_RRSIG_H
#define SIGNPOST_SIGN_RRSIG_H

#include "ecdsa.h"

#include "signpost/sign/signer.h"

#include <stdint.h>

/* Room to bring the records of a set into order. */
struct rrsig_order {
    const uint8_t *records[DNS_RECORDS_PER_MESSAGE_MAX]; /* each at its RDLENGTH */
};

/* Writes the record up to where its signature goes; the octets written. */
unsigned rrsig_write(uint8_t room[RRSIG_RECORD_SIZE_MAX], const struct zone *zone,
                     const struct sign_subject *subject, uint64_t made_ms, uint32_t validity_s);

/* Adds to what is to be signed the first `size` octets of that record and the set in canonical form
 * (RFC 4034 §3.1.8.1 and §6).  SP_ELIMIT: more records than any message holds. */
int rrsig_digest(struct ecdsa *ecdsa, const uint8_t *record, unsigned size,
                 const struct sign_subject *subject, struct rrsig_order *order);

#endif
