/*
 * route53/fatal.h - what names and values of requests have in common: octal escapes, and the words
 * for what cannot be read.  Any thread.
 */
#ifndef ROUTE53_FATAL_H
#define ROUTE53_FATAL_H

#include "signpost/base/arena.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* "FATAL problem: <kind> (<text>) encountered with '<value>'", in the arena; the value is size
 * octets.  A constant that says so when there is no memory; never NULL. */
const char *route53_fatal(struct arena *arena, const char *kind, const char *text,
                          const char *value, size_t size);

/* The same for a character that stands for nothing (UnsupportedCharacter): the whole of it, when it
 * is one of several octets. */
const char *route53_fatal_character(struct arena *arena, const char *character);

/* Whether the character may stand for itself (R-NAM-4): what is printable in ASCII, the blank
 * apart. */
static inline bool route53_is_plain(char character)
{
    return character > ' ' && character <= '~';
}

static inline bool route53_is_octal(char character)
{
    return character >= '0' && character <= '7';
}

/* The octet that text begins with: three octal digits or any one character after a backslash, or
 * what stands there.  How many characters that is; 0 when a backslash is the last one. */
static inline size_t route53_take_octet(const char *text, uint8_t *out_octet)
{
    *out_octet = (uint8_t)text[0];
    if (text[0] != '\\')
        return 1;
    *out_octet = (uint8_t)text[1];
    if (text[1] >= '0' && text[1] <= '3' && route53_is_octal(text[2]) &&
        route53_is_octal(text[3])) {
        *out_octet = (uint8_t)((text[1] - '0') * 64 + (text[2] - '0') * 8 + text[3] - '0');
        return 4;
    }
    return text[1] == '\0' ? 0 : 2;
}

#endif
