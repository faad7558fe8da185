/*
 * dns/writer.h - writing a reply: sections in order, names compressed, the size kept.
 *
 * A record set that does not fit is taken back whole, never cut; the answer decides what that means
 * for its section (RFC 2181 §9).
 * Names inside RDATA are compressed for the types of RFC 1035 only (RFC 3597 §4), and only where
 * the letters are the same, case included: they are sent as stored (R-NAM-2).
 */
#ifndef SIGNPOST_DNS_WRITER_H
#define SIGNPOST_DNS_WRITER_H

#include "signpost/dns/query.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum dns_section { DNS_ANSWER, DNS_AUTHORITY, DNS_ADDITIONAL, DNS_SECTION_COUNT };

#define DNS_COMPRESSION_SLOTS 64 /* a power of two */

/* A pointer has fourteen bits for its offset (RFC 1035 §4.1.4). */
#define DNS_POINTER_REACH 0x4000

struct dns_compression {
    uint32_t tag;    /* upper half of the suffix's hash */
    uint16_t offset; /* in the message; 0: a free slot */
};

struct dns_writer {
    uint8_t *data;
    uint32_t size;
    uint32_t limit; /* where records must end: the client's size less what the OPT needs */
    const struct dns_query *query;
    uint16_t counts[DNS_SECTION_COUNT];
    bool compression_ready; /* the table below is filled at the first name that could use it */
    uint8_t compression_used;
    uint8_t opt_size;
    struct span nsid;
    uint16_t edns_size;
    uint8_t subnet_scope;    /* set before closing: RFC 7871 §7.2.1; 0 from the start */
    bool compact_ok;         /* set before closing: the CO flag of our OPT (RFC 9824 §5.1) */
    struct span explanation; /* set before closing: text of an extended error (RFC 8914) */
    struct dns_compression compression[DNS_COMPRESSION_SLOTS];
};

/* An owner name: where it stands in the message already, or else the name to write. */
struct dns_owner {
    uint16_t offset;     /* 0: not in the message */
    const uint8_t *name; /* wire, lower case; not read when offset is set */
};

/* The owner that is the query name without its first skipped_labels labels. */
static inline struct dns_owner dns_owner_in_question(const struct dns_query *query,
                                                     unsigned skipped_labels)
{
    return (struct dns_owner){ (uint16_t)(DNS_HEADER_SIZE + query->path.starts[skipped_labels]),
                               NULL };
}

/* Records of one set as zone/ keeps them: count times TYPE CLASS TTL RDLENGTH RDATA, names in RDATA
 * uncompressed. */
struct dns_records {
    uint16_t type;
    uint32_t count;
    uint32_t size;
    const uint8_t *data;
};

/* More records than this never fit into a message: each takes a pointer and ten fixed octets. */
#define DNS_RECORDS_PER_MESSAGE_MAX ((DNS_MESSAGE_SIZE_MAX - DNS_HEADER_SIZE) / 12)

/* Copies the question (when it was readable) and keeps room for the OPT record.  size_max: what
 * this transport and client take.  edns_size: what our OPT advertises.  nsid may be empty. */
void dns_writer_open(struct dns_writer *writer, uint8_t *data, size_t size_max,
                     const struct dns_query *query, uint16_t edns_size, struct span nsid);

/* Whether there may be room for a set: false is certain, and spares the attempt. */
static inline bool dns_writer_may_hold(const struct dns_writer *writer,
                                       const struct dns_records *records)
{
    /* Owner pointer, fixed octets, and of compressible RDATA at least a pointer or the root. */
    uint64_t least = dns_type_compressible(records->type) != NULL
                         ? (uint64_t)records->count * 13
                         : (uint64_t)records->size + 2 * (uint64_t)records->count;
    return records->count <= DNS_RECORDS_PER_MESSAGE_MAX && least <= writer->limit - writer->size;
}

/* Writes a set into a section; sections must come in their order.  order: a permutation of the
 * records, NULL for the stored one.  ttl_s replaces the stored TTL unless it is DNS_TTL_STORED.
 * false: no room, and nothing was written. */
#define DNS_TTL_STORED UINT32_MAX
bool dns_writer_put(struct dns_writer *writer, enum dns_section section, struct dns_owner owner,
                    const struct dns_records *records, const uint16_t *order, uint32_t ttl_s);

/* Forgets every record written so far: an error, or TC. */
void dns_writer_rewind(struct dns_writer *writer);

/* Where records end now, and going back there: for several sets that stand or fall together. */
struct dns_writer_mark {
    uint32_t size;
    uint16_t count;
};
struct dns_writer_mark dns_writer_mark(const struct dns_writer *writer, enum dns_section section);
void dns_writer_return(struct dns_writer *writer, enum dns_section section,
                       struct dns_writer_mark mark);

/* Header and OPT (RFC 6891: only when the query had one, R-ANS-24); the size of the reply.  A
 * client-subnet option is echoed with the scope (R-ECS-5).  The explanation goes in as far as there
 * is room: it never takes any from records. */
size_t dns_writer_close(struct dns_writer *writer, enum dns_rcode rcode, bool authoritative,
                        bool truncated);

#endif
