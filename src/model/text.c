#include "text.h"

#include "signpost/dns/name.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void text_finish(struct text *text)
{
    free(text->data);
    memset(text, 0, sizeof *text);
}

static bool make_room(struct text *text, size_t size)
{
    if (text->failed)
        return false;
    if (text->size + size <= text->capacity)
        return true;
    size_t capacity = 2 * (text->size + size) + 256;
    char *grown = realloc(text->data, capacity);
    if (grown == NULL) {
        text->failed = true;
        return false;
    }
    text->data = grown;
    text->capacity = capacity;
    return true;
}

void text_put(struct text *text, const char *data, size_t size)
{
    if (size == 0 || !make_room(text, size))
        return;
    memcpy(text->data + text->size, data, size);
    text->size += size;
}

void text_put_string(struct text *text, const char *string)
{
    text_put(text, string, strlen(string));
}

void text_put_number(struct text *text, uint32_t number)
{
    char digits[10];
    size_t at = sizeof digits;
    do {
        digits[--at] = (char)('0' + number % 10);
        number /= 10;
    } while (number > 0);
    text_put(text, digits + at, sizeof digits - at);
}

void text_put_name(struct text *text, const uint8_t *name)
{
    if (make_room(text, DNS_NAME_TEXT_SIZE))
        text->size += dns_name_to_text(text->data + text->size, name);
}

void text_put_hex(struct text *text, struct span octets)
{
    static const char digits[] = "0123456789abcdef";
    if (!make_room(text, 2 * octets.size))
        return;
    for (size_t i = 0; i < octets.size; i++) {
        text->data[text->size++] = digits[octets.data[i] >> 4];
        text->data[text->size++] = digits[octets.data[i] & 15];
    }
}

void text_put_escaped(struct text *text, struct span octets)
{
    if (octets.size == 0 || !make_room(text, 4 * octets.size))
        return;
    char *to = text->data + text->size;
    for (size_t i = 0; i < octets.size; i++) {
        uint8_t octet = octets.data[i];
        if (octet == '"' || octet == '\\') {
            *to++ = '\\';
            *to++ = (char)octet;
        } else if (octet >= ' ' && octet < 0x7f) {
            *to++ = (char)octet;
        } else {
            *to++ = '\\';
            *to++ = (char)('0' + octet / 100);
            *to++ = (char)('0' + octet / 10 % 10);
            *to++ = (char)('0' + octet % 10);
        }
    }
    text->size = (size_t)(to - text->data);
}

void text_put_quoted(struct text *text, struct span octets)
{
    text_put(text, "\"", 1);
    text_put_escaped(text, octets);
    text_put(text, "\"", 1);
}

static bool is_digit(char character)
{
    return character >= '0' && character <= '9';
}

/* What follows a backslash: three decimal digits up to 255, or one other character.  How many
 * characters that is; 0 when it is neither. */
static size_t read_escape(uint8_t *out_octet, const char *text, size_t size)
{
    if (size == 0)
        return 0;
    if (!is_digit(text[0])) {
        *out_octet = (uint8_t)text[0];
        return 1;
    }
    if (size < 3 || !is_digit(text[1]) || !is_digit(text[2]))
        return 0;
    unsigned value = (unsigned)(text[0] - '0') * 100 + (unsigned)(text[1] - '0') * 10 +
                     (unsigned)(text[2] - '0');
    *out_octet = (uint8_t)value;
    return value > 255 ? 0 : 3;
}

size_t text_unescape(uint8_t *out, size_t out_size, const char *text, size_t size)
{
    size_t count = 0;
    for (size_t at = 0; at < size;) {
        uint8_t octet = (uint8_t)text[at++];
        if (octet == '\\') {
            size_t taken = read_escape(&octet, text + at, size - at);
            if (taken == 0)
                return SIZE_MAX;
            at += taken;
        }
        if (count == out_size)
            return out_size + 1;
        out[count++] = octet;
    }
    return count;
}
