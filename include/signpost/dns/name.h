/*
 * dns/name.h - domain names in wire form: length octet, label, ..., zero octet (RFC 1035 §3.1).
 *
 * A "wire name" is uncompressed and valid: at most 255 octets, labels of 1 to 63.  Whoever takes
 * one from outside checks it once, with one of the functions below; nobody checks it again.
 */
#ifndef SIGNPOST_DNS_NAME_H
#define SIGNPOST_DNS_NAME_H

#include "signpost/base/limits.h"
#include "signpost/base/span.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Room for any name as text: 253 octets, each as \DDD, and the final zero. */
#define DNS_NAME_TEXT_SIZE 1024

/* Octets of the wire name at name, its zero octet counted.  It must be valid. */
size_t dns_name_size(const uint8_t *name);

/* Labels of a valid wire name, the root not counted. */
unsigned dns_name_label_count(const uint8_t *name);

/* Whether data begins with a valid uncompressed wire name; its size if so, else 0. */
size_t dns_name_check(const uint8_t *data, size_t size);

/* Copies size octets with A-Z made a-z.  Length octets are below 'A', so a whole wire name may be
 * given.  The two places may be the same. */
void dns_name_lower(uint8_t *to, const uint8_t *from, size_t size);

/* Whether two wire names are equal, letter case aside (RFC 4343). */
bool dns_name_equal(const uint8_t *a, const uint8_t *b);

/* Whether name is origin or below it, letter case aside. */
bool dns_name_is_within(const uint8_t *name, const uint8_t *origin);

/* The name without its leftmost count labels; a pointer into name. */
const uint8_t *dns_name_skip(const uint8_t *name, unsigned count);

/* Canonical order, RFC 4034 §6.1: <0, 0, >0.  Letter case aside. */
int dns_name_compare(const uint8_t *a, const uint8_t *b);

/* Text to wire.  Escapes are a backslash and the octet, or a backslash and three digits, decimal as
 * in master files (RFC 1035 §5.1).  Without a final dot the name is taken below origin, or as
 * absolute when origin is NULL.  "@" alone is the origin.  Letter case is kept.
 * The size of the wire name, or 0 when the text is no name; then *out_why says why (a constant). */
size_t dns_name_from_text(uint8_t out[DNS_NAME_SIZE_MAX], const char *text, size_t text_size,
                          const uint8_t *origin, const char **out_why);

/* Wire to master-file text, with its final dot.  Every octet that is not a letter, a digit, '-',
 * '_', '*' or '/' is escaped: printable ones with a backslash, others as \DDD in decimal.
 * The length of the text without its final zero. */
size_t dns_name_to_text(char out[DNS_NAME_TEXT_SIZE], const uint8_t *name);

/* Wire to text as Route 53 writes names: lower case, with the final dot, every octet but a-z 0-9 -
 * _ as a backslash and three octal digits (R-NAM-6).  The length without the final zero. */
size_t dns_name_to_octal(char out[DNS_NAME_TEXT_SIZE], const uint8_t *name);

/* A text key under which names sort as Route 53 lists them: labels reversed, each followed by a
 * dot, every octet but a-z 0-9 - _ as a backslash and three octal digits (R-NAM-6); so letter case
 * is kept.  www.example.com. -> "com.example.www."   The root is "".  The length without the final
 * zero. */
size_t dns_name_to_key(char out[DNS_NAME_TEXT_SIZE], const uint8_t *name);

/* Back from the key; the size of the wire name, 0 when the text is no such key. */
size_t dns_name_from_key(uint8_t out[DNS_NAME_SIZE_MAX], const char *key, size_t key_size);

/* Whether the leftmost label is "*" alone (R-NAM-8). */
static inline bool dns_name_is_wildcard(const uint8_t *name)
{
    return name[0] == 1 && name[1] == '*';
}

#endif
