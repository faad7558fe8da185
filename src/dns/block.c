#include "signpost/dns/block.h"

#include "signpost/base/limits.h"
#include "signpost/dns/name.h"

#include <string.h>

#define BLOCK_RECORDS_MAX 16   /* no zone needs more name servers; larger sets go the general way */
#define BLOCK_SIZE_MAX    4096 /* far below the reach of pointers */
#define POINTER_SIZE      2
#define RR_FIXED_SIZE     10

/* Laying out: the block's octets grow in a buffer of their own, since the number of fixups before
 * them is known only at the end. */
struct layout {
    uint8_t octets[BLOCK_SIZE_MAX];
    unsigned size;
    struct dns_block_fixup fixups[BLOCK_RECORDS_MAX * 3];
    unsigned fixup_count;
    unsigned names[BLOCK_RECORDS_MAX * 2]; /* where names inside RDATA begin */
    unsigned name_count;
};

static void put_pointer(struct layout *layout, unsigned target)
{
    layout->fixups[layout->fixup_count++] =
        (struct dns_block_fixup){ (uint16_t)layout->size, (uint16_t)target };
    layout->size += POINTER_SIZE;
}

static const struct dns_block_fixup *pointer_at(const struct layout *layout, unsigned at)
{
    for (unsigned i = 0; i < layout->fixup_count; i++)
        if (layout->fixups[i].at == at)
            return &layout->fixups[i];
    return NULL;
}

/* Whether the name laid out at `at` is this one. */
static bool stands_at(const struct layout *layout, unsigned at, const uint8_t *name,
                      const uint8_t *apex)
{
    for (;;) {
        const struct dns_block_fixup *pointer = pointer_at(layout, at);
        if (pointer != NULL && (pointer->target & DNS_BLOCK_FROM_APEX) != 0)
            return dns_name_equal(apex + (pointer->target & ~DNS_BLOCK_FROM_APEX), name);
        if (pointer != NULL) {
            at = pointer->target;
            continue;
        }
        unsigned label = layout->octets[at];
        if (memcmp(layout->octets + at, name, 1 + label) != 0)
            return false;
        if (label == 0)
            return true;
        at += 1 + label;
        name += 1 + label;
    }
}

/* Where a suffix of an earlier name, or of the apex, equals this name; -1: nowhere. */
static int find_known(const struct layout *layout, const uint8_t *name, const uint8_t *apex)
{
    if (*name == 0)
        return -1;
    for (const uint8_t *at = apex; *at != 0; at += 1 + *at)
        if (dns_name_equal(at, name))
            return (int)(at - apex) | DNS_BLOCK_FROM_APEX;
    for (unsigned i = 0; i < layout->name_count; i++) {
        unsigned at = layout->names[i];
        while (pointer_at(layout, at) == NULL && layout->octets[at] != 0) {
            if (stands_at(layout, at, name, apex))
                return (int)at;
            at += 1u + layout->octets[at];
        }
    }
    return -1;
}

static void put_name(struct layout *layout, const uint8_t *name, const uint8_t *apex)
{
    unsigned start = layout->size;
    for (;;) {
        int known = find_known(layout, name, apex);
        if (known >= 0) {
            put_pointer(layout, (unsigned)known);
            break;
        }
        memcpy(layout->octets + layout->size, name, 1u + *name);
        layout->size += 1u + *name;
        if (*name == 0)
            break;
        name += 1 + *name;
    }
    layout->names[layout->name_count++] = start;
}

static void put_octets(struct layout *layout, const uint8_t *from, size_t size)
{
    memcpy(layout->octets + layout->size, from, size);
    layout->size += (unsigned)size;
}

static void put_record(struct layout *layout, const uint8_t *record, const uint8_t *apex,
                       uint32_t ttl_s)
{
    const struct dns_type_info *info = dns_type_find(get_u16(record));
    const uint8_t *end = record + RR_FIXED_SIZE + get_u16(record + 8);
    put_pointer(layout, DNS_BLOCK_FROM_APEX);
    unsigned fixed = layout->size;
    put_octets(layout, record, RR_FIXED_SIZE + info->octets_before);
    put_u32(layout->octets + fixed + 4, ttl_s);
    const uint8_t *at = record + RR_FIXED_SIZE + info->octets_before;
    for (unsigned i = 0; i < info->name_count; i++) {
        put_name(layout, at, apex);
        at += dns_name_size(at);
    }
    put_octets(layout, at, (size_t)(end - at));
    put_u16(layout->octets + fixed + 8, (uint16_t)(layout->size - fixed - RR_FIXED_SIZE));
}

size_t dns_block_size_max(const struct dns_records *records)
{
    size_t octets = records->size + (size_t)records->count * POINTER_SIZE;
    if (records->count > BLOCK_RECORDS_MAX || octets > BLOCK_SIZE_MAX)
        return 0;
    return sizeof(struct dns_block) + (size_t)records->count * 3 * sizeof(struct dns_block_fixup) +
           octets;
}

size_t dns_block_write(struct dns_block *block, const struct dns_records *records,
                       const uint8_t *apex, uint32_t ttl_s)
{
    struct layout layout = { .size = 0 };
    const uint8_t *record = records->data;
    for (uint32_t i = 0; i < records->count; i++) {
        put_record(&layout, record, apex, ttl_s);
        record += RR_FIXED_SIZE + get_u16(record + 8);
    }
    size_t fixups_size = layout.fixup_count * sizeof *layout.fixups;
    block->size = (uint16_t)layout.size;
    block->record_count = (uint16_t)records->count;
    block->fixup_count = (uint16_t)layout.fixup_count;
    memcpy(block->fixups, layout.fixups, fixups_size);
    memcpy(&block->fixups[layout.fixup_count], layout.octets, layout.size);
    return sizeof *block + fixups_size + layout.size;
}

bool dns_writer_put_block(struct dns_writer *writer, enum dns_section section,
                          const struct dns_block *block, uint16_t apex_offset)
{
    uint32_t start = writer->size;
    if (block->size > writer->limit - start)
        return false;
    uint8_t *to = writer->data + start;
    memcpy(to, &block->fixups[block->fixup_count], block->size);
    for (unsigned i = 0; i < block->fixup_count; i++) {
        uint16_t target = block->fixups[i].target;
        uint32_t base = (target & DNS_BLOCK_FROM_APEX) != 0 ? apex_offset : start;
        put_u16(to + block->fixups[i].at,
                (uint16_t)(0xc000 | (base + (target & ~DNS_BLOCK_FROM_APEX))));
    }
    writer->size = start + block->size;
    writer->counts[section] = (uint16_t)(writer->counts[section] + block->record_count);
    return true;
}
