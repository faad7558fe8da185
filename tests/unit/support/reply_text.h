/*
 * reply_text.h - a reply as one line of text: a reader of its own, so that a mistake of the writer
 * does not cancel out.  Every name must be complete, every pointer lead backwards, every octet be
 * used.
 */
#ifndef SIGNPOST_TEST_REPLY_TEXT_H
#define SIGNPOST_TEST_REPLY_TEXT_H

#include "zones.h"

struct reply_reader {
    const uint8_t *data;
    size_t size;
    size_t at;
};

/* Reads a name that may be compressed, as text without its final dot. */
static inline void reply_read_name(struct reply_reader *reader, char *out)
{
    uint8_t wire[DNS_NAME_SIZE_MAX + 64];
    size_t wire_size = 0, at = reader->at, lowest = reader->at;
    bool jumped = false;
    for (;;) {
        assert_true(at < reader->size);
        unsigned label = reader->data[at];
        if (label >= 0xc0) {
            assert_true(at + 1 < reader->size);
            size_t target = (label & 63u) << 8 | reader->data[at + 1];
            if (!jumped)
                reader->at = at + 2;
            jumped = true;
            assert_true(target < lowest);
            at = lowest = target;
            continue;
        }
        assert_true(label <= 63);
        assert_true(wire_size + 1 + label <= DNS_NAME_SIZE_MAX);
        assert_true(at + 1 + label <= reader->size);
        memcpy(wire + wire_size, reader->data + at, 1 + label);
        wire_size += 1 + label;
        at += 1 + label;
        if (label == 0)
            break;
    }
    if (!jumped)
        reader->at = at;
    char text[DNS_NAME_TEXT_SIZE];
    size_t length = dns_name_to_text(text, wire);
    if (length > 1)
        text[length - 1] = 0;
    strcpy(out, text);
}

static inline void reply_read_rdata(struct reply_reader *reader, uint16_t type, size_t size,
                                    char *out)
{
    const uint8_t *rdata = reader->data + reader->at;
    size_t end = reader->at + size;
    char name[DNS_NAME_TEXT_SIZE], second[DNS_NAME_TEXT_SIZE];
    switch (type) {
    case DNS_TYPE_A:
        inet_ntop(AF_INET, rdata, out, 100);
        reader->at = end;
        break;
    case DNS_TYPE_AAAA:
        inet_ntop(AF_INET6, rdata, out, 100);
        reader->at = end;
        break;
    case DNS_TYPE_NS:
    case DNS_TYPE_CNAME:
    case DNS_TYPE_PTR:
        reply_read_name(reader, out);
        break;
    case DNS_TYPE_MX:
        reader->at += 2;
        reply_read_name(reader, name);
        sprintf(out, "%u %s", get_u16(rdata), name);
        break;
    case DNS_TYPE_SRV:
        assert_true(dns_name_check(rdata + 6, size - 6) == size - 6); /* RFC 2782: not compressed */
        reader->at += 6;
        reply_read_name(reader, name);
        sprintf(out, "%u %u %u %s", get_u16(rdata), get_u16(rdata + 2), get_u16(rdata + 4), name);
        break;
    case DNS_TYPE_SOA:
        reply_read_name(reader, name);
        reply_read_name(reader, second);
        rdata = reader->data + reader->at;
        sprintf(out, "%s %s %u %u %u %u %u", name, second, get_u32(rdata), get_u32(rdata + 4),
                get_u32(rdata + 8), get_u32(rdata + 12), get_u32(rdata + 16));
        reader->at += 20;
        break;
    default:
        for (; reader->at < end; reader->at++, out += 2)
            sprintf(out, "%02x", reader->data[reader->at]);
        *out = 0;
    }
    assert_int_equal(reader->at, end);
}

static inline int reply_compare_lines(const void *a, const void *b)
{
    return strcmp(a, b);
}

static inline void reply_read_section(struct reply_reader *reader, unsigned count, char *out,
                                      bool *out_has_opt)
{
    static char lines[256][700];
    unsigned line_count = 0;
    for (unsigned i = 0; i < count; i++) {
        char owner[DNS_NAME_TEXT_SIZE], rdata[66000];
        reply_read_name(reader, owner);
        assert_true(reader->at + 10 <= reader->size);
        const uint8_t *fixed = reader->data + reader->at;
        uint16_t type = get_u16(fixed);
        size_t size = get_u16(fixed + 8);
        reader->at += 10;
        assert_true(reader->at + size <= reader->size);
        if (type == DNS_TYPE_OPT) {
            assert_string_equal(owner, ".");
            *out_has_opt = true;
            reader->at += size;
            continue;
        }
        const struct dns_type_info *info = dns_type_find(type);
        assert_non_null(info);
        assert_int_equal(get_u16(fixed + 2), DNS_CLASS_IN);
        reply_read_rdata(reader, type, size, rdata);
        assert_true(line_count < COUNT_OF(lines));
        snprintf(lines[line_count++], sizeof lines[0], "%.300s %u %.10s %.300s", owner,
                 get_u32(fixed + 4), info->name, rdata);
    }
    qsort(lines, line_count, sizeof lines[0], reply_compare_lines);
    for (unsigned i = 0; i < line_count; i++)
        out += sprintf(out, "%s%s", i == 0 ? "" : "; ", lines[i]);
    *out = 0;
}

static inline void reply_text(char *out, size_t out_size, const uint8_t *data, size_t size)
{
    static const char *const rcodes[16] = { "NOERROR",  "FORMERR", "SERVFAIL",
                                            "NXDOMAIN", "NOTIMP",  "REFUSED" };
    static char sections[3][40000];
    struct reply_reader reader = { data, size, DNS_HEADER_SIZE };
    bool has_opt = false;
    assert_true(size >= DNS_HEADER_SIZE);
    for (unsigned i = 0; i < get_u16(data + 4); i++) {
        char name[DNS_NAME_TEXT_SIZE];
        reply_read_name(&reader, name);
        reader.at += 4;
    }
    for (unsigned i = 0; i < 3; i++)
        reply_read_section(&reader, get_u16(data + 6 + 2 * i), sections[i], &has_opt);
    assert_int_equal(reader.at, size);
    int length = snprintf(out, out_size, "%s%s%s%s |%s%s |%s%s | %s", rcodes[data[3] & 15],
                          (data[2] & 4) != 0 ? " aa" : "", (data[2] & 2) != 0 ? " tc" : "",
                          (data[2] & 1) != 0 ? " rd" : "", *sections[0] != 0 ? " " : "",
                          sections[0], *sections[1] != 0 ? " " : "", sections[1], sections[2]);
    assert_true(length > 0 && (size_t)length < out_size);
}

#endif
