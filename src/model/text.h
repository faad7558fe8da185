/*
 * model/text.h - text that grows as it is written.
 *
 * A failure is remembered: write on, and look at `failed` once, at the end.
 */
#ifndef SIGNPOST_MODEL_TEXT_H
#define SIGNPOST_MODEL_TEXT_H

#include "signpost/base/span.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct text {
    char *data;
    size_t size;
    size_t capacity;
    bool failed; /* no memory */
};

void text_finish(struct text *text); /* frees it; a text of zeros is an empty one */

void text_put(struct text *text, const char *data, size_t size);
void text_put_string(struct text *text, const char *string);
void text_put_number(struct text *text, uint32_t number);
void text_put_name(struct text *text, const uint8_t *name);
void text_put_hex(struct text *text, struct span octets);

/* In quotes, with the escapes of RFC 1035 §5.1; any octet may stand in it. */
void text_put_quoted(struct text *text, struct span octets);

/* The same without the quotes around it. */
void text_put_escaped(struct text *text, struct span octets);

/* Undoes the escapes of size octets at text into out, which has room for out_size octets.
 * The number of octets written; SIZE_MAX for a broken escape, out_size + 1 when out is too small.
 */
size_t text_unescape(uint8_t *out, size_t out_size, const char *text, size_t size);

#endif
