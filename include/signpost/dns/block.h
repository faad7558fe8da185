/*
 * dns/block.h - the records of a zone's apex, compressed once for all replies.
 *
 * Nearly every reply ends in the zone's NS or its SOA.  Their order is fixed, so their names can be
 * compressed among themselves and against the apex beforehand; where a reply holds them is all that
 * is left open, and a short list of places says what to add it to.
 */
#ifndef SIGNPOST_DNS_BLOCK_H
#define SIGNPOST_DNS_BLOCK_H

#include "signpost/dns/writer.h"

#include <stddef.h>
#include <stdint.h>

#define DNS_BLOCK_FROM_APEX                                                                        \
    0x8000 /* in a fixup's target: counted from the apex in the question                           \
            */

struct dns_block_fixup {
    uint16_t at;     /* of a pointer in the block */
    uint16_t target; /* from the block's start, or with the bit above from the apex's */
};

struct dns_block {
    uint16_t size;
    uint16_t record_count;
    uint16_t fixup_count;
    struct dns_block_fixup fixups[];
    /* size octets follow */
};

/* Octets that dns_block_write may need at most for these records; 0: the set is too large for a
 * block and is written the general way. */
size_t dns_block_size_max(const struct dns_records *records);

/* Lays the records out at block, all owned by the apex (wire, lower case), with that TTL.  Octets
 * used.  block is aligned for uint16_t. */
size_t dns_block_write(struct dns_block *block, const struct dns_records *records,
                       const uint8_t *apex, uint32_t ttl_s);

/* Whether a block that is put now would lie where pointers can reach it. */
static inline bool dns_block_is_in_reach(const struct dns_writer *writer,
                                         const struct dns_block *block)
{
    return writer->size + block->size <= DNS_POINTER_REACH;
}

/* Puts a block, which must be in reach, into a section as dns_writer_put does.  apex_offset: where
 * the question has the apex, in lower case letter for letter.  false: no room, and nothing was
 * written. */
bool dns_writer_put_block(struct dns_writer *writer, enum dns_section section,
                          const struct dns_block *block, uint16_t apex_offset);

#endif
