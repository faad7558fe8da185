/*
 * sign/rrsig.c - see the header for the promises.
 *
 * Records are never copied to be signed.  They stand in canonical form already, but for their TTL
 * and their order: pointers to them are sorted, and what is hashed is put together piece by piece.
 */
#include "rrsig.h"

#include "signpost/base/status.h"
#include "signpost/dns/name.h"

#include <string.h>

#define ALGORITHM_ECDSAP256SHA256 13 /* RFC 6605 §3 */

/* RFC 4034 §3.1.3: a leftmost "*" is not counted. */
static uint8_t labels_field(const uint8_t *owner)
{
    return (uint8_t)(dns_name_label_count(owner) - dns_name_is_wildcard(owner));
}

unsigned rrsig_write(uint8_t room[RRSIG_RECORD_SIZE_MAX], const struct zone *zone,
                     const struct sign_subject *subject, uint64_t made_ms, uint32_t validity_s)
{
    uint32_t made_s = (uint32_t)(made_ms / 1000); /* RFC 4034 §3.1.5: modulo 2^32 */
    uint8_t *rdata = room + RRSET_FIXED_SIZE;
    put_u16(room, DNS_TYPE_RRSIG);
    put_u16(room + 2, DNS_CLASS_IN);
    put_u32(room + 4, subject->ttl_s);
    put_u16(room + 8, (uint16_t)(RRSIG_FIXED_SIZE + zone->name_size + RRSIG_SIGNATURE_SIZE));
    put_u16(rdata, subject->type);
    rdata[2] = ALGORITHM_ECDSAP256SHA256;
    rdata[3] = labels_field(subject->owner);
    put_u32(rdata + 4, subject->ttl_s);
    put_u32(rdata + 8, made_s + validity_s);
    put_u32(rdata + 12, made_s - SIGNATURE_BACKDATE_S);
    put_u16(rdata + 16, zone->signing->key.tag);
    memcpy(rdata + RRSIG_FIXED_SIZE, zone->name, zone->name_size);
    return RRSET_FIXED_SIZE + RRSIG_FIXED_SIZE + zone->name_size;
}

/* ---- the order of RFC 4034 §6.3 ---- */

/* As octet strings, where a missing octet comes before a zero one. */
static int compare_rdata(const uint8_t *a, const uint8_t *b)
{
    int a_size = get_u16(a), b_size = get_u16(b);
    int difference = memcmp(a + 2, b + 2, (size_t)(a_size < b_size ? a_size : b_size));
    return difference != 0 ? difference : a_size - b_size;
}

static void swap(const uint8_t **records, unsigned a, unsigned b)
{
    const uint8_t *kept = records[a];
    records[a] = records[b];
    records[b] = kept;
}

static void sift_down(const uint8_t **records, unsigned at, unsigned count)
{
    for (unsigned child; (child = 2 * at + 1) < count; at = child) {
        if (child + 1 < count && compare_rdata(records[child], records[child + 1]) < 0)
            child++;
        if (compare_rdata(records[at], records[child]) >= 0)
            return;
        swap(records, at, child);
    }
}

/* A heapsort: qsort may allocate, and strangers may choose what is sorted. */
static void sort_records(const uint8_t **records, unsigned count)
{
    for (unsigned at = count / 2; at-- > 0;)
        sift_down(records, at, count);
    for (unsigned end = count; end-- > 1;) {
        swap(records, 0, end);
        sift_down(records, 0, end);
    }
}

/* The records of all parts; their number, DNS_RECORDS_PER_MESSAGE_MAX + 1 when there are more. */
static unsigned collect_records(const struct sign_subject *subject, const uint8_t **records)
{
    unsigned count = 0;
    for (unsigned i = 0; i < subject->part_count; i++) {
        const struct dns_records *part = subject->parts[i];
        const uint8_t *record = part->data;
        if (part->count > DNS_RECORDS_PER_MESSAGE_MAX - count)
            return DNS_RECORDS_PER_MESSAGE_MAX + 1;
        for (uint32_t j = 0; j < part->count; j++) {
            records[count++] = record + RRSET_FIXED_SIZE - 2;
            record += RRSET_FIXED_SIZE + get_u16(record + RRSET_FIXED_SIZE - 2);
        }
    }
    return count;
}

/* ---- what is signed ---- */

/* Owner, TYPE, CLASS and TTL are the same for every record; their size. */
static unsigned write_head(uint8_t *to, const struct sign_subject *subject)
{
    unsigned size = (unsigned)dns_name_size(subject->owner);
    memcpy(to, subject->owner, size);
    put_u16(to + size, subject->type);
    put_u16(to + size + 2, DNS_CLASS_IN);
    put_u32(to + size + 4, subject->ttl_s);
    return size + RRSET_FIXED_SIZE - 2;
}

int rrsig_digest(struct ecdsa *ecdsa, const uint8_t *record, unsigned size,
                 const struct sign_subject *subject, struct rrsig_order *order)
{
    uint8_t head[DNS_NAME_SIZE_MAX + RRSET_FIXED_SIZE];
    unsigned head_size = write_head(head, subject);
    const uint8_t **records = order->records;
    unsigned count = collect_records(subject, records);
    if (count > DNS_RECORDS_PER_MESSAGE_MAX)
        return SP_ELIMIT;
    sort_records(records, count);
    ecdsa_add(ecdsa, record + RRSET_FIXED_SIZE, size - RRSET_FIXED_SIZE);
    for (unsigned i = 0; i < count; i++) {
        if (i > 0 && compare_rdata(records[i - 1], records[i]) == 0)
            continue;
        ecdsa_add(ecdsa, head, head_size);
        ecdsa_add(ecdsa, records[i], 2u + get_u16(records[i]));
    }
    return 0;
}
