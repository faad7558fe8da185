#include "signpost/dns/message.h"

#include "signpost/dns/name.h"

#include <string.h>

#define FIXED_SIZE    10 /* TYPE CLASS TTL RDLENGTH */
#define OPTION_SUBNET 8  /* RFC 7871 §6 */
#define SCOPE_AT      3  /* in that option: behind family and source prefix length */

/* ---- questions ---- */

/* An OPT record (RFC 6891 §6.1.2), without options so far. */
static uint8_t *put_opt(uint8_t *to, uint16_t edns_size)
{
    memset(to, 0, 11);
    put_u16(to + 1, DNS_TYPE_OPT);
    put_u16(to + 3, edns_size);
    return to + 11;
}

/* The option of an OPT record that ends here (RFC 7871 §6). */
static uint8_t *put_subnet(uint8_t *to, const struct ip_prefix *subnet)
{
    size_t octets = (subnet->length + 7u) / 8;
    put_u16(to - 2, (uint16_t)(8 + octets));
    put_u16(to, OPTION_SUBNET);
    put_u16(to + 2, (uint16_t)(4 + octets));
    put_u16(to + 4, subnet->family == IP_V4 ? 1 : 2);
    to[6] = subnet->length;
    to[7] = 0;
    memcpy(to + 8, subnet->octets, octets);
    return to + 8 + octets;
}

size_t dns_question_write(uint8_t out[DNS_QUESTION_SIZE_MAX], const struct dns_question *question)
{
    bool has_opt = question->edns_size > 0 || question->subnet != NULL;
    size_t name_size = dns_name_size(question->name);
    uint8_t *to = out + DNS_HEADER_SIZE;
    memset(out, 0, DNS_HEADER_SIZE);
    put_u16(out, question->id);
    put_u16(out + 4, 1);
    put_u16(out + 10, has_opt);
    memcpy(to, question->name, name_size);
    to += name_size;
    put_u16(to, question->type);
    put_u16(to + 2, DNS_CLASS_IN);
    to += 4;
    if (has_opt)
        to = put_opt(to, question->edns_size > 0 ? question->edns_size : EDNS_SIZE_DEFAULT);
    if (question->subnet != NULL)
        to = put_subnet(to, question->subnet);
    return (size_t)(to - out);
}

/* ---- replies ---- */

/* Where reading stands.  Whatever is wrong is remembered; reading on is then harmless. */
struct reader {
    struct span reply;
    size_t at;
    struct arena *arena;
    int rc;
};

static bool fail(struct reader *reader, int rc)
{
    if (reader->rc == 0)
        reader->rc = rc;
    return false;
}

/* The next octets, or NULL: there are not so many. */
static const uint8_t *take(struct reader *reader, size_t size)
{
    if (reader->rc != 0 || reader->reply.size - reader->at < size) {
        fail(reader, SP_EDAMAGED);
        return NULL;
    }
    reader->at += size;
    return reader->reply.data + reader->at - size;
}

/* A name, its pointers followed, each of which must lead backwards (RFC 1035 §4.1.4).  Its size;
 * 0: it is none. */
static size_t read_name(struct reader *reader, uint8_t out[DNS_NAME_SIZE_MAX])
{
    const uint8_t *data = reader->reply.data;
    size_t size = 0, at = reader->at, lowest = reader->at, end = 0;
    while (reader->rc == 0) {
        size_t left = reader->reply.size - at;
        unsigned label = left > 0 ? data[at] : DNS_NAME_SIZE_MAX;
        if (label >= 0xc0 && left >= 2) {
            at = get_u16(data + at) & 0x3fffu;
            end = end == 0 ? reader->reply.size - left + 2 : end;
            if (at >= lowest)
                break;
            lowest = at;
            continue;
        }
        if (label > DNS_LABEL_SIZE_MAX || left < 1 + label || size + 1 + label > DNS_NAME_SIZE_MAX)
            break;
        memcpy(out + size, data + at, 1 + label);
        size += 1 + label;
        at += 1 + label;
        if (label > 0)
            continue;
        reader->at = end == 0 ? at : end;
        return size;
    }
    fail(reader, SP_EDAMAGED);
    return 0;
}

static const void *keep(struct reader *reader, const void *data, size_t size)
{
    const void *piece = reader->rc == 0 ? arena_copy(reader->arena, data, size) : NULL;
    if (piece == NULL)
        fail(reader, SP_ENOMEM);
    return piece;
}

/* RDATA of a type whose names may be compressed: octets, names, octets. */
static bool read_names_in_rdata(struct reader *reader, const struct dns_type_info *info, size_t end,
                                struct span *out_rdata)
{
    uint8_t rdata[2 * DNS_NAME_SIZE_MAX + 64];
    size_t size = info->octets_before;
    const uint8_t *octets = take(reader, size);
    if (octets == NULL)
        return false;
    memcpy(rdata, octets, size);
    for (unsigned i = 0; i < info->name_count; i++)
        size += read_name(reader, rdata + size);
    if (reader->rc != 0 || reader->at > end || end - reader->at > sizeof rdata - size)
        return fail(reader, SP_EDAMAGED);
    size_t rest = end - reader->at;
    memcpy(rdata + size, reader->reply.data + reader->at, rest);
    reader->at = end;
    *out_rdata = (struct span){ keep(reader, rdata, size + rest), size + rest };
    return reader->rc == 0;
}

/* Takes the octets that every record begins with; the place behind its RDATA, 0: there is none. */
static size_t read_fixed(struct reader *reader, struct reply_record *record)
{
    const uint8_t *fixed = take(reader, FIXED_SIZE);
    if (fixed == NULL || reader->reply.size - reader->at < get_u16(fixed + 8)) {
        fail(reader, SP_EDAMAGED);
        return 0;
    }
    record->type = get_u16(fixed);
    record->ttl_s = get_u32(fixed + 4);
    record->rdata = (struct span){ fixed + FIXED_SIZE, get_u16(fixed + 8) };
    return reader->at + get_u16(fixed + 8);
}

static bool read_answer(struct reader *reader, struct reply_record *record)
{
    uint8_t owner[DNS_NAME_SIZE_MAX];
    size_t owner_size = read_name(reader, owner);
    size_t end = read_fixed(reader, record);
    if (reader->rc != 0)
        return false;
    record->owner = keep(reader, owner, owner_size);
    const struct dns_type_info *info = dns_type_find(record->type);
    if (info != NULL && info->compressible)
        return read_names_in_rdata(reader, info, end, &record->rdata);
    record->rdata.data = keep(reader, record->rdata.data, record->rdata.size);
    reader->at = end;
    return reader->rc == 0;
}

static void read_options(struct dns_message *message, struct reader *reader, struct span options)
{
    while (options.size >= 4 && options.size - 4 >= get_u16(options.data + 2)) {
        size_t size = get_u16(options.data + 2);
        if (get_u16(options.data) == OPTION_SUBNET && size > SCOPE_AT) {
            message->has_scope = true;
            message->scope = options.data[4 + SCOPE_AT];
        }
        options.data += 4 + size;
        options.size -= 4 + size;
    }
    if (options.size > 0)
        fail(reader, SP_EDAMAGED);
}

/* Authority and Additional are of interest for the OPT record only. */
static void read_others(struct dns_message *message, struct reader *reader, unsigned count)
{
    uint8_t owner[DNS_NAME_SIZE_MAX];
    struct reply_record record;
    for (; count > 0 && reader->rc == 0; count--) {
        read_name(reader, owner);
        size_t end = read_fixed(reader, &record);
        if (reader->rc == 0 && record.type == DNS_TYPE_OPT)
            read_options(message, reader, record.rdata);
        reader->at = end;
    }
}

/* Header and question. */
static void read_head(struct dns_message *message, struct reader *reader)
{
    uint8_t name[DNS_NAME_SIZE_MAX];
    const uint8_t *header = take(reader, DNS_HEADER_SIZE);
    if (header == NULL || get_u16(header + 4) != 1 || read_name(reader, name) == 0 ||
        take(reader, 4) == NULL) {
        fail(reader, SP_EDAMAGED);
        return;
    }
    message->id = get_u16(header);
    message->is_reply = (header[2] & 0x80) != 0;
    message->is_authoritative = (header[2] & 4) != 0;
    message->is_truncated = (header[2] & 2) != 0;
    message->rcode = header[3] & 15;
    message->question = (struct span){ header + DNS_HEADER_SIZE, reader->at - DNS_HEADER_SIZE };
    message->answer_count = get_u16(header + 6);
    if (message->answer_count > reader->reply.size / (1 + FIXED_SIZE))
        fail(reader, SP_EDAMAGED); /* said before there is memory for them */
}

static void read_sections(struct dns_message *message, struct reader *reader)
{
    const uint8_t *header = reader->reply.data;
    struct reply_record *answers =
        arena_alloc(reader->arena, message->answer_count * sizeof *answers);
    if (answers == NULL)
        fail(reader, SP_ENOMEM);
    message->answers = answers;
    for (unsigned i = 0; i < message->answer_count && reader->rc == 0; i++)
        read_answer(reader, &answers[i]);
    read_others(message, reader, get_u16(header + 8) + get_u16(header + 10));
}

int dns_message_read(struct dns_message *out_message, struct span reply, struct arena *arena,
                     struct problem *out_problem)
{
    struct reader reader = { reply, 0, arena, 0 };
    struct dns_message message = { 0 };
    read_head(&message, &reader);
    if (reader.rc == 0)
        read_sections(&message, &reader);
    if (reader.rc == 0 && reader.at != reply.size)
        fail(&reader, SP_EDAMAGED);
    if (reader.rc == SP_EDAMAGED)
        return problem_set(out_problem, SP_EDAMAGED, "the reply to this question cannot be read");
    *out_message = message;
    return reader.rc;
}

unsigned dns_message_final_set(const struct dns_message *message)
{
    unsigned first = message->answer_count;
    while (first > 0 && dns_name_equal(message->answers[first - 1].owner,
                                       message->answers[message->answer_count - 1].owner))
        first--;
    return first;
}
