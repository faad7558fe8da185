/*
 * base/span.h - a piece of somebody else's memory, and a place to write.
 *
 * Neither owns anything.  A span lives as long as what it points into.
 */
#ifndef SIGNPOST_BASE_SPAN_H
#define SIGNPOST_BASE_SPAN_H

#include <stddef.h>
#include <stdint.h>

struct span {
    const uint8_t *data;
    size_t size;
};

struct room {
    uint8_t *data;
    size_t size;
};

/* How much of the first `size` octets of a text in UTF-8, which is longer, are whole characters. */
static inline size_t text_whole_size(const char *text, size_t size)
{
    while (size > 0 && ((uint8_t)text[size] & 0xc0) == 0x80)
        size--;
    return size;
}

/* DNS is big-endian throughout (RFC 1035 §2.3.2). */
static inline uint16_t get_u16(const uint8_t *at)
{
    return (uint16_t)(at[0] << 8 | at[1]);
}

static inline uint32_t get_u32(const uint8_t *at)
{
    return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

static inline void put_u16(uint8_t *at, uint16_t value)
{
    at[0] = (uint8_t)(value >> 8);
    at[1] = (uint8_t)value;
}

static inline void put_u32(uint8_t *at, uint32_t value)
{
    put_u16(at, (uint16_t)(value >> 16));
    put_u16(at + 2, (uint16_t)value);
}

#endif
