/*
 * model/rdata_fields.h - the fields that RDATA is made of, each read from words and written as
 * text.
 *
 * ldns 1.8.3 could read RDATA too, and the tests hold it against what we write.  But it cuts
 * numbers that are too large down to their low bits, fills up odd hexadecimal digits, reads an
 * "alpn" other than it writes it (RFC 9460 §A.1), takes lines of at most 10 KiB and writes one
 * octet past its buffer for an "ipv6hint" of 46 characters.  What an import must refuse with a
 * reason is therefore read here; ldns lends its names for numbers (RSASHA256, PKIX-TA ...) and
 * base64.
 */
#ifndef SIGNPOST_MODEL_RDATA_FIELDS_H
#define SIGNPOST_MODEL_RDATA_FIELDS_H

#include "scanner.h"
#include "text.h"

#include "signpost/base/limits.h"

/* One value being read: words in, octets out.  The first fault ends it. */
struct rdata_parse {
    const struct token *next;
    const struct token *end;
    const uint8_t *origin; /* NULL: names without a final dot are absolute */

    size_t size;
    uint8_t data[DNS_RDATA_SIZE_MAX];
    uint8_t scratch[DNS_RDATA_SIZE_MAX + 1]; /* a string without its escapes */

    const char *why;             /* NULL while all is well */
    const struct token *culprit; /* the word that is wrong, where it is one */
    const char *joint;           /* between the two in a message: " " or ": " */
    const struct token *dotless; /* a name that seems to lack its final dot; a warning */
};

/* Note the fault: `"word" is not a number`, `"word": a label has ...`, or the reason alone. */
void rdata__fail_word(struct rdata_parse *parse, const struct token *word, const char *predicate);
void rdata__fail_at(struct rdata_parse *parse, const struct token *word, const char *reason);
void rdata__fail(struct rdata_parse *parse, const char *reason);

void rdata__put(struct rdata_parse *parse, const void *octets, size_t size);
void rdata__put_u16(struct rdata_parse *parse, uint16_t number);

/* Decimal digits and nothing else, at most max.  false: something else. */
bool rdata__number(const char *text, size_t size, uint32_t max, uint32_t *out_number);

/* Seconds: digits, or digits with units as in "1h30m".  false: something else, or above max. */
bool rdata__period(const char *text, size_t size, uint32_t max, uint32_t *out_s);

/* Whether a name without a final dot got its origin twice: "www.lab.test" below lab.test. means
 * www.lab.test.lab.test., and hardly ever on purpose. */
bool rdata__repeats_origin(const struct token *word, const uint8_t *name, size_t size,
                           const uint8_t *origin);

struct field {
    void (*read)(struct rdata_parse *parse);
    /* Takes its octets off the front of *rdata, which is well formed. */
    void (*write)(struct text *text, struct span *rdata);
};

extern const struct field field_ipv4, field_ipv6, field_name, field_u8, field_u16, field_u32,
    field_period, field_string, field_strings, field_tag, field_text, field_hex, field_algorithm,
    field_usage, field_selector, field_matching, field_params;

/* The words of a hexadecimal field up to the last one. */
void rdata__read_hex(struct rdata_parse *parse);

#endif
