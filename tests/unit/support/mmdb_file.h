/*
 * mmdb_file.h - makes small MMDB files (MaxMind DB format 2.0), so that a test says itself what is
 * in them.  Values are written one after the other: a map of n is followed by n names and values.
 */
#ifndef SIGNPOST_TESTS_MMDB_FILE_H
#define SIGNPOST_TESTS_MMDB_FILE_H

#include "tests.h"

#include "signpost/base/prefix.h"

#define MMDB_FILE __attribute__((unused)) static

struct mmdb_file {
    unsigned ip_version;
    uint8_t data[4096];
    size_t data_size;
    uint32_t nodes[2048][2]; /* 0: nothing; the topmost bit: an offset into data; else a node */
    uint32_t node_count;
};

MMDB_FILE struct mmdb_file new_mmdb_file(unsigned ip_version)
{
    return (struct mmdb_file){ .ip_version = ip_version, .node_count = 1 };
}

/* Values. */

MMDB_FILE void put_octets(struct mmdb_file *file, const void *octets, size_t size)
{
    assert_true(file->data_size + size <= sizeof file->data);
    memcpy(file->data + file->data_size, octets, size);
    file->data_size += size;
}

/* Types beyond 7 have a second octet. */
MMDB_FILE void put_head(struct mmdb_file *file, unsigned type, size_t size)
{
    unsigned shown = size < 29 ? (unsigned)size : 29;
    uint8_t octets[3] = { (uint8_t)((type > 7 ? 0 : type) << 5 | shown) };
    size_t count = 1;
    if (type > 7)
        octets[count++] = (uint8_t)(type - 7);
    if (shown == 29)
        octets[count++] = (uint8_t)(size - 29);
    put_octets(file, octets, count);
}

MMDB_FILE void put_map(struct mmdb_file *file, size_t pairs)
{
    put_head(file, 7, pairs);
}

MMDB_FILE void put_array(struct mmdb_file *file, size_t items)
{
    put_head(file, 11, items);
}

MMDB_FILE void put_string(struct mmdb_file *file, const char *text)
{
    put_head(file, 2, strlen(text));
    put_octets(file, text, strlen(text));
}

MMDB_FILE void put_pair(struct mmdb_file *file, const char *name, const char *value)
{
    put_string(file, name);
    put_string(file, value);
}

/* The last `size` octets of a number, the highest first. */
MMDB_FILE void put_number(struct mmdb_file *file, unsigned type, size_t size, uint64_t number)
{
    put_head(file, type, size);
    for (size_t i = size; i > 0; i--) {
        uint8_t octet = (uint8_t)(number >> (i - 1) * 8);
        put_octets(file, &octet, 1);
    }
}

MMDB_FILE void put_double(struct mmdb_file *file, double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    put_number(file, 3, 8, bits);
}

/* The tree. */

/* Gives the prefix, which must not lie in another, the value that begins at that offset. */
MMDB_FILE void put_prefix(struct mmdb_file *file, const char *text, size_t offset)
{
    struct ip_prefix prefix;
    uint32_t node = 0;
    if (prefix_from_text(&prefix, text) != NULL)
        fail_msg("%s", text);
    unsigned zeros = file->ip_version == 6 && prefix.family == IP_V4 ? 96 : 0;
    for (unsigned i = 0; i < zeros + prefix.length; i++) {
        unsigned bit = i < zeros ? 0 : prefix.octets[(i - zeros) / 8] >> (7 - (i - zeros) % 8) & 1;
        uint32_t *next = &file->nodes[node][bit];
        if (i + 1 == zeros + prefix.length) {
            *next = (uint32_t)offset | 0x80000000u;
            return;
        }
        if (*next == 0)
            *next = file->node_count++;
        assert_true(file->node_count < COUNT_OF(file->nodes));
        node = *next;
    }
}

MMDB_FILE void write_record(FILE *to, const struct mmdb_file *file, uint32_t record)
{
    uint32_t value = record;
    if (record == 0)
        value = file->node_count;
    else if ((record & 0x80000000u) != 0)
        value = file->node_count + 16 + (record & 0x7fffffffu);
    for (unsigned i = 4; i > 0; i--)
        fputc((int)(value >> (i - 1) * 8 & 0xff), to);
}

MMDB_FILE void write_metadata(FILE *to, const struct mmdb_file *file, const char *type)
{
    struct mmdb_file metadata = { 0 };
    put_map(&metadata, 9);
    put_string(&metadata, "node_count");
    put_number(&metadata, 6, 4, file->node_count);
    put_string(&metadata, "record_size");
    put_number(&metadata, 5, 2, 32);
    put_string(&metadata, "ip_version");
    put_number(&metadata, 5, 2, file->ip_version);
    put_pair(&metadata, "database_type", type);
    put_string(&metadata, "languages");
    put_array(&metadata, 0);
    put_string(&metadata, "binary_format_major_version");
    put_number(&metadata, 5, 2, 2);
    put_string(&metadata, "binary_format_minor_version");
    put_number(&metadata, 5, 2, 0);
    put_string(&metadata, "build_epoch");
    put_number(&metadata, 9, 8, 1700000000);
    put_string(&metadata, "description");
    put_map(&metadata, 0);
    fwrite("\xab\xcd\xefMaxMind.com", 1, 14, to);
    fwrite(metadata.data, 1, metadata.data_size, to);
}

MMDB_FILE void write_mmdb_file(const struct mmdb_file *file, const char *path, const char *type)
{
    FILE *to = fopen(path, "wb");
    assert_non_null(to);
    for (uint32_t i = 0; i < file->node_count; i++) {
        write_record(to, file, file->nodes[i][0]);
        write_record(to, file, file->nodes[i][1]);
    }
    for (unsigned i = 0; i < 16; i++)
        fputc(0, to);
    fwrite(file->data, 1, file->data_size, to);
    write_metadata(to, file, type);
    assert_int_equal(fclose(to), 0);
}

#endif
