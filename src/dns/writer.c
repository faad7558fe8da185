/*
 * dns/writer.c - see the header for the promises.
 *
 * Two ways to write a record.  Where RDATA holds no name that may be compressed, records are copied
 * as they are stored, one memcpy each.  Otherwise names go through a small table of the suffixes
 * that the message holds already, keyed by the same hashes that lookups use.
 */
#include "signpost/dns/writer.h"

#include "signpost/base/limits.h"
#include "signpost/dns/name.h"

#include "edns.h"

#include <string.h>

#define OPT_FIXED_SIZE   11
#define RR_FIXED_SIZE    10 /* TYPE CLASS TTL RDLENGTH */
#define COMPRESSION_FILL (DNS_COMPRESSION_SLOTS * 3 / 4)

/* Shorter explanations than this say nothing. */
#define EXPLANATION_LEAST 16

static size_t subnet_octets(const struct dns_query *query)
{
    return (query->subnet.length + 7u) / 8;
}

/* What the OPT record needs in any case. */
static uint8_t opt_size(const struct dns_writer *writer)
{
    const struct dns_query *query = writer->query;
    size_t size = OPT_FIXED_SIZE;
    if (!query->has_edns)
        return 0;
    if (writer->nsid.size > 0)
        size += EDNS_OPTION_HEADER + writer->nsid.size;
    if (query->has_subnet)
        size += EDNS_OPTION_HEADER + EDNS_SUBNET_FIXED + subnet_octets(query);
    return (uint8_t)size;
}

void dns_writer_open(struct dns_writer *writer, uint8_t *data, size_t size_max,
                     const struct dns_query *query, uint16_t edns_size, struct span nsid)
{
    writer->data = data;
    writer->query = query;
    writer->compression_ready = false;
    writer->edns_size = edns_size;
    writer->nsid = query->wants_nsid ? nsid : (struct span){ NULL, 0 };
    writer->subnet_scope = 0;
    writer->compact_ok = false;
    writer->explanation.size = 0;
    writer->opt_size = opt_size(writer);
    writer->limit = (uint32_t)size_max - writer->opt_size;
    memset(writer->counts, 0, sizeof writer->counts);
    memcpy(data + DNS_HEADER_SIZE, query->packet.data + DNS_HEADER_SIZE, query->question_size);
    writer->size = DNS_HEADER_SIZE + query->question_size;
}

void dns_writer_rewind(struct dns_writer *writer)
{
    writer->size = DNS_HEADER_SIZE + writer->query->question_size;
    writer->compression_ready = false;
    memset(writer->counts, 0, sizeof writer->counts);
}

static bool has_room(const struct dns_writer *writer, size_t size)
{
    return size <= writer->limit - writer->size;
}

/* ---- compression ---- */

static struct dns_compression *find_slot(struct dns_writer *writer, uint64_t hash)
{
    uint32_t tag = (uint32_t)(hash >> 32);
    unsigned i = (unsigned)hash % DNS_COMPRESSION_SLOTS;
    while (writer->compression[i].offset != 0 && writer->compression[i].tag != tag)
        i = (i + 1) % DNS_COMPRESSION_SLOTS;
    return &writer->compression[i];
}

static void learn_suffix(struct dns_writer *writer, uint64_t hash, uint32_t offset)
{
    if (offset >= DNS_POINTER_REACH || writer->compression_used == COMPRESSION_FILL)
        return;
    struct dns_compression *slot = find_slot(writer, hash);
    if (slot->offset != 0)
        return;
    *slot = (struct dns_compression){ (uint32_t)(hash >> 32), (uint16_t)offset };
    writer->compression_used++;
}

struct labels {
    unsigned count;
    uint8_t starts[DNS_LABEL_COUNT_MAX];
    uint64_t hashes[DNS_LABEL_COUNT_MAX];
};

/* The hashes of a name's suffixes, its letters taken as they are. */
static void hash_labels(struct labels *labels, const uint8_t *name)
{
    unsigned count = 0;
    for (unsigned at = 0; name[at] != 0; at += 1u + name[at])
        labels->starts[count++] = (uint8_t)at;
    labels->count = count;
    uint64_t hash = DNS_ROOT_HASH ^ hash_key[0];
    while (count-- > 0) {
        hash = dns_label_hash(hash, name + labels->starts[count]);
        labels->hashes[count] = hash;
    }
}

/* The question's name is in every reply and is the first thing to point at. */
static void learn_question(struct dns_writer *writer)
{
    struct labels labels;
    memset(writer->compression, 0, sizeof writer->compression);
    writer->compression_used = 0;
    writer->compression_ready = true;
    hash_labels(&labels, writer->data + DNS_HEADER_SIZE);
    for (unsigned i = 0; i < labels.count; i++)
        learn_suffix(writer, labels.hashes[i], DNS_HEADER_SIZE + labels.starts[i]);
}

/* Whether the name that begins at offset in the message is this one, octet for octet.  Pointers in
 * the message are ours and lead backwards. */
static bool stands_at(const struct dns_writer *writer, unsigned offset, const uint8_t *name)
{
    for (;;) {
        const uint8_t *label = writer->data + offset;
        if (*label >= 0xc0) {
            offset = get_u16(label) & (DNS_POINTER_REACH - 1);
            continue;
        }
        if (memcmp(label, name, 1u + *label) != 0)
            return false;
        if (*label == 0)
            return true;
        offset += 1u + *label;
        name += 1 + *name;
    }
}

/* Writes a name, its longest known suffix as a pointer.  false: no room, and part may be written.
 */
static bool put_name(struct dns_writer *writer, const uint8_t *name)
{
    struct labels labels;
    if (!writer->compression_ready)
        learn_question(writer);
    hash_labels(&labels, name);

    unsigned plain = 0; /* labels to write out before the pointer */
    unsigned target = 0;
    for (; plain < labels.count; plain++) {
        target = find_slot(writer, labels.hashes[plain])->offset;
        if (target != 0 && stands_at(writer, target, name + labels.starts[plain]))
            break;
        target = 0;
    }
    unsigned plain_size =
        plain < labels.count ? labels.starts[plain] : (unsigned)dns_name_size(name) - 1;
    if (!has_room(writer, plain_size + 2))
        return false;
    for (unsigned i = 0; i < plain; i++)
        learn_suffix(writer, labels.hashes[i], writer->size + labels.starts[i]);
    memcpy(writer->data + writer->size, name, plain_size);
    writer->size += plain_size;
    if (target != 0) {
        put_u16(writer->data + writer->size, (uint16_t)(0xc000 | target));
        writer->size += 2;
    } else {
        writer->data[writer->size++] = 0;
    }
    return true;
}

/* ---- records ---- */

/* Owner of each record after the first: where the first one's stands. */
static bool put_owner(struct dns_writer *writer, struct dns_owner *owner)
{
    if (owner->offset != 0) {
        if (!has_room(writer, 2))
            return false;
        put_u16(writer->data + writer->size, (uint16_t)(0xc000 | owner->offset));
        writer->size += 2;
        return true;
    }
    uint32_t start = writer->size;
    if (!put_name(writer, owner->name))
        return false;
    if (writer->size - start == 2 && writer->data[start] >= 0xc0)
        owner->offset = get_u16(writer->data + start) & (DNS_POINTER_REACH - 1);
    else if (start < DNS_POINTER_REACH)
        owner->offset = (uint16_t)start;
    return true;
}

static uint32_t record_size(const uint8_t *record)
{
    return RR_FIXED_SIZE + (uint32_t)get_u16(record + 8);
}

static bool put_octets(struct dns_writer *writer, const uint8_t *from, size_t size)
{
    if (!has_room(writer, size))
        return false;
    memcpy(writer->data + writer->size, from, size);
    writer->size += (uint32_t)size;
    return true;
}

/* A record with names that may be compressed: fixed octets, names, fixed octets. */
static bool put_compressed(struct dns_writer *writer, const uint8_t *record,
                           const struct dns_type_info *info)
{
    const uint8_t *at = record + RR_FIXED_SIZE + info->octets_before;
    const uint8_t *end = record + record_size(record);
    uint32_t start = writer->size;
    if (!put_octets(writer, record, RR_FIXED_SIZE + info->octets_before))
        return false;
    for (unsigned i = 0; i < info->name_count; i++) {
        if (!put_name(writer, at))
            return false;
        at += dns_name_size(at);
    }
    if (!put_octets(writer, at, (size_t)(end - at)))
        return false;
    put_u16(writer->data + start + 8, (uint16_t)(writer->size - start - RR_FIXED_SIZE));
    return true;
}

/* Where each record begins, for picking them in another order than the stored one. */
static void find_records(const struct dns_records *records, uint32_t *out_starts)
{
    uint32_t at = 0;
    for (uint32_t i = 0; i < records->count; i++) {
        out_starts[i] = at;
        at += record_size(records->data + at);
    }
}

static bool put_record(struct dns_writer *writer, struct dns_owner *owner, const uint8_t *record,
                       const struct dns_type_info *compressible, uint32_t ttl_s)
{
    if (!put_owner(writer, owner))
        return false;
    uint32_t start = writer->size;
    bool put = compressible != NULL ? put_compressed(writer, record, compressible)
                                    : put_octets(writer, record, record_size(record));
    if (put && ttl_s != DNS_TTL_STORED)
        put_u32(writer->data + start + 4, ttl_s);
    return put;
}

static bool put_records(struct dns_writer *writer, struct dns_owner owner,
                        const struct dns_records *records, const uint16_t *order, uint32_t ttl_s)
{
    const struct dns_type_info *compressible = dns_type_compressible(records->type);
    if (order == NULL) {
        const uint8_t *record = records->data;
        for (uint32_t i = 0; i < records->count; i++, record += record_size(record))
            if (!put_record(writer, &owner, record, compressible, ttl_s))
                return false;
        return true;
    }
    uint32_t starts[DNS_RECORDS_PER_MESSAGE_MAX];
    find_records(records, starts);
    for (uint32_t i = 0; i < records->count; i++)
        if (!put_record(writer, &owner, records->data + starts[order[i]], compressible, ttl_s))
            return false;
    return true;
}

bool dns_writer_put(struct dns_writer *writer, enum dns_section section, struct dns_owner owner,
                    const struct dns_records *records, const uint16_t *order, uint32_t ttl_s)
{
    uint32_t mark = writer->size;
    if (!dns_writer_may_hold(writer, records))
        return false;
    if (put_records(writer, owner, records, order, ttl_s)) {
        writer->counts[section] = (uint16_t)(writer->counts[section] + records->count);
        return true;
    }
    writer->size = mark;
    writer->compression_ready = false; /* it may know suffixes that were just taken back */
    return false;
}

/* ---- header and OPT ---- */

struct dns_writer_mark dns_writer_mark(const struct dns_writer *writer, enum dns_section section)
{
    return (struct dns_writer_mark){ writer->size, writer->counts[section] };
}

void dns_writer_return(struct dns_writer *writer, enum dns_section section,
                       struct dns_writer_mark mark)
{
    if (writer->size == mark.size)
        return;
    writer->size = mark.size;
    writer->counts[section] = mark.count;
    writer->compression_ready = false;
}

static uint8_t *put_option(uint8_t *at, uint16_t code, size_t size)
{
    put_u16(at, code);
    put_u16(at + 2, (uint16_t)size);
    return at + EDNS_OPTION_HEADER;
}

static uint8_t *put_subnet(uint8_t *at, const struct dns_query *query, uint8_t scope)
{
    size_t octets = subnet_octets(query);
    at = put_option(at, EDNS_OPTION_SUBNET, EDNS_SUBNET_FIXED + octets);
    put_u16(at, query->subnet.family == IP_V4 ? 1 : query->subnet.family == IP_V6 ? 2 : 0);
    at[2] = query->subnet.length;
    at[3] = scope;
    memcpy(at + EDNS_SUBNET_FIXED, query->subnet.octets, octets);
    return at + EDNS_SUBNET_FIXED + octets;
}

static uint8_t *put_explanation(uint8_t *at, struct span text, size_t room)
{
    const size_t fixed = EDNS_OPTION_HEADER + EDNS_ERROR_FIXED;
    if (text.size == 0 || room < fixed + EXPLANATION_LEAST)
        return at;
    size_t size = text.size < room - fixed ? text.size : room - fixed;
    at = put_option(at, EDNS_OPTION_ERROR, EDNS_ERROR_FIXED + size);
    put_u16(at, EDNS_ERROR_OTHER);
    memcpy(at + EDNS_ERROR_FIXED, text.data, size);
    return at + EDNS_ERROR_FIXED + size;
}

/* RFC 6891 §6.1.2 and §6.1.3; its room was kept from the start. */
static void put_opt(struct dns_writer *writer, enum dns_rcode rcode)
{
    uint8_t *opt = writer->data + writer->size;
    size_t room = writer->limit - writer->size;
    opt[0] = 0; /* the root */
    put_u16(opt + 1, DNS_TYPE_OPT);
    put_u16(opt + 3, writer->edns_size);
    opt[5] = (uint8_t)(rcode >> 4);
    opt[6] = 0; /* our version */
    put_u16(opt + 7, (uint16_t)((writer->query->dnssec_ok ? EDNS_FLAG_DO : 0) |
                                (writer->compact_ok ? EDNS_FLAG_CO : 0)));
    uint8_t *at = opt + OPT_FIXED_SIZE;
    if (writer->nsid.size > 0) {
        at = put_option(at, EDNS_OPTION_NSID, writer->nsid.size);
        memcpy(at, writer->nsid.data, writer->nsid.size);
        at += writer->nsid.size;
    }
    if (writer->query->has_subnet)
        at = put_subnet(at, writer->query, writer->subnet_scope);
    at = put_explanation(at, writer->explanation, room);
    put_u16(opt + 9, (uint16_t)(at - opt - OPT_FIXED_SIZE));
    writer->size += (uint32_t)(at - opt);
}

size_t dns_writer_close(struct dns_writer *writer, enum dns_rcode rcode, bool authoritative,
                        bool truncated)
{
    const struct dns_query *query = writer->query;
    uint8_t *header = writer->data;
    if (writer->opt_size > 0)
        put_opt(writer, rcode);
    put_u16(header, query->id);
    header[2] = (uint8_t)(0x80 | query->opcode << 3 | (authoritative ? 4 : 0) |
                          (truncated ? 2 : 0) | (query->recursion_desired ? 1 : 0));
    header[3] = (uint8_t)((query->checking_disabled ? 0x10 : 0) | (rcode & 15));
    put_u16(header + 4, query->question_size > 0);
    put_u16(header + 6, writer->counts[DNS_ANSWER]);
    put_u16(header + 8, writer->counts[DNS_AUTHORITY]);
    put_u16(header + 10, (uint16_t)(writer->counts[DNS_ADDITIONAL] + (writer->opt_size > 0)));
    return writer->size;
}
