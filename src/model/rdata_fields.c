#include "rdata_fields.h"

#include "signpost/dns/name.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <ldns/ldns.h>
#include <string.h>

static void note(struct rdata_parse *parse, const struct token *word, const char *joint,
                 const char *why)
{
    if (parse->why != NULL)
        return;
    parse->why = why;
    parse->culprit = word;
    parse->joint = joint;
}

void rdata__fail_word(struct rdata_parse *parse, const struct token *word, const char *predicate)
{
    note(parse, word, " ", predicate);
}

void rdata__fail_at(struct rdata_parse *parse, const struct token *word, const char *reason)
{
    note(parse, word, ": ", reason);
}

void rdata__fail(struct rdata_parse *parse, const char *reason)
{
    note(parse, NULL, "", reason);
}

void rdata__put(struct rdata_parse *parse, const void *octets, size_t size)
{
    if (size > sizeof parse->data - parse->size) {
        rdata__fail(parse, "a record's data has at most 65535 octets");
        return;
    }
    memcpy(parse->data + parse->size, octets, size);
    parse->size += size;
}

static void put_number(struct rdata_parse *parse, uint32_t number, unsigned size)
{
    uint8_t octets[4];
    put_u32(octets, number);
    rdata__put(parse, octets + 4 - size, size);
}

void rdata__put_u16(struct rdata_parse *parse, uint16_t number)
{
    put_number(parse, number, 2);
}

/* The next word, or NULL when there is none. */
static const struct token *take_word(struct rdata_parse *parse)
{
    if (parse->next == parse->end) {
        rdata__fail(parse, "the value ends too early");
        return NULL;
    }
    return parse->next++;
}

/* The next word, which must stand without quotes: only strings may have them. */
static const struct token *take_plain(struct rdata_parse *parse)
{
    const struct token *word = take_word(parse);
    if (word != NULL && (word->quoted || word->quote_inside)) {
        rdata__fail_word(parse, word, "must stand without quotes");
        return NULL;
    }
    return word;
}

/* Takes size octets off the front. */
static struct span take_octets(struct span *rdata, size_t size)
{
    struct span taken = { rdata->data, size };
    rdata->data += size;
    rdata->size -= size;
    return taken;
}

/* Addresses. */

static void read_ipv4(struct rdata_parse *parse)
{
    uint8_t address[4];
    const struct token *word = take_plain(parse);
    if (word == NULL)
        return;
    if (inet_pton(AF_INET, word->text, address) != 1)
        rdata__fail_word(parse, word, "is not an IPv4 address");
    else
        rdata__put(parse, address, sizeof address);
}

static void write_ipv4(struct text *text, struct span *rdata)
{
    char address[INET_ADDRSTRLEN];
    inet_ntop(AF_INET, take_octets(rdata, 4).data, address, sizeof address);
    text_put_string(text, address);
}

static void read_ipv6(struct rdata_parse *parse)
{
    uint8_t address[16];
    const struct token *word = take_plain(parse);
    if (word == NULL)
        return;
    if (inet_pton(AF_INET6, word->text, address) != 1)
        rdata__fail_word(parse, word, "is not an IPv6 address");
    else
        rdata__put(parse, address, sizeof address);
}

static void write_ipv6(struct text *text, struct span *rdata)
{
    char address[INET6_ADDRSTRLEN];
    inet_ntop(AF_INET6, take_octets(rdata, 16).data, address, sizeof address);
    text_put_string(text, address);
}

/* Names. */

bool rdata__repeats_origin(const struct token *word, const uint8_t *name, size_t size,
                           const uint8_t *origin)
{
    size_t origin_size = dns_name_size(origin);
    if (word->text[word->size - 1] == '.' || origin_size == 1 || size < 2 * origin_size - 1)
        return false;
    unsigned count = dns_name_label_count(name);
    unsigned origin_count = dns_name_label_count(origin);
    if (count < 2 * origin_count)
        return false;

    uint8_t before[DNS_NAME_SIZE_MAX];
    const uint8_t *start = dns_name_skip(name, count - 2 * origin_count);
    const uint8_t *end = dns_name_skip(name, count - origin_count);
    memcpy(before, start, (size_t)(end - start));
    before[end - start] = 0;
    return dns_name_equal(before, origin);
}

static void read_name(struct rdata_parse *parse)
{
    uint8_t name[DNS_NAME_SIZE_MAX];
    const char *why = NULL;
    const struct token *word = take_plain(parse);
    if (word == NULL)
        return;
    size_t size = dns_name_from_text(name, word->text, word->size, parse->origin, &why);
    if (size == 0) {
        rdata__fail_at(parse, word, why);
        return;
    }
    if (parse->origin != NULL && rdata__repeats_origin(word, name, size, parse->origin))
        parse->dotless = word;
    rdata__put(parse, name, size);
}

static void write_name(struct text *text, struct span *rdata)
{
    text_put_name(text, take_octets(rdata, dns_name_size(rdata->data)).data);
}

/* Numbers. */

bool rdata__number(const char *text, size_t size, uint32_t max, uint32_t *out_number)
{
    uint64_t number = 0;
    if (size == 0)
        return false;
    for (size_t i = 0; i < size; i++) {
        if (text[i] < '0' || text[i] > '9')
            return false;
        number = number * 10 + (unsigned)(text[i] - '0');
        if (number > max)
            return false;
    }
    *out_number = (uint32_t)number;
    return true;
}

static uint32_t unit_seconds(char unit)
{
    switch (unit) {
    case 's':
    case 'S':
        return 1;
    case 'm':
    case 'M':
        return 60;
    case 'h':
    case 'H':
        return 3600;
    case 'd':
    case 'D':
        return 86400;
    case 'w':
    case 'W':
        return 604800;
    default:
        return 0;
    }
}

bool rdata__period(const char *text, size_t size, uint32_t max, uint32_t *out_s)
{
    uint64_t total = 0;
    for (size_t at = 0; at < size;) {
        size_t digits = at;
        uint32_t number, unit = 1;
        while (digits < size && text[digits] >= '0' && text[digits] <= '9')
            digits++;
        if (!rdata__number(text + at, digits - at, max, &number))
            return false;
        if (digits < size)
            unit = unit_seconds(text[digits++]);
        if (unit == 0)
            return false;
        total += (uint64_t)number * unit;
        if (total > max)
            return false;
        at = digits;
    }
    *out_s = (uint32_t)total;
    return size > 0;
}

static void read_number(struct rdata_parse *parse, uint32_t max, unsigned size,
                        const char *predicate)
{
    uint32_t number;
    const struct token *word = take_plain(parse);
    if (word == NULL)
        return;
    if (!rdata__number(word->text, word->size, max, &number))
        rdata__fail_word(parse, word, predicate);
    else
        put_number(parse, number, size);
}

static void read_u8(struct rdata_parse *parse)
{
    read_number(parse, UINT8_MAX, 1, "is not a number from 0 to 255");
}

static void read_u16(struct rdata_parse *parse)
{
    read_number(parse, UINT16_MAX, 2, "is not a number from 0 to 65535");
}

static void read_u32(struct rdata_parse *parse)
{
    read_number(parse, UINT32_MAX, 4, "is not a number from 0 to 4294967295");
}

static void read_period(struct rdata_parse *parse)
{
    uint32_t seconds;
    const struct token *word = take_plain(parse);
    if (word == NULL)
        return;
    if (!rdata__period(word->text, word->size, UINT32_MAX, &seconds))
        rdata__fail_word(parse, word, "is not a number of seconds, nor a time such as 1h30m");
    else
        put_number(parse, seconds, 4);
}

static void write_u8(struct text *text, struct span *rdata)
{
    text_put_number(text, take_octets(rdata, 1).data[0]);
}

static void write_u16(struct text *text, struct span *rdata)
{
    text_put_number(text, get_u16(take_octets(rdata, 2).data));
}

static void write_u32(struct text *text, struct span *rdata)
{
    text_put_number(text, get_u32(take_octets(rdata, 4).data));
}

/* Numbers of eight bits that also have names; ldns knows them. */

typedef ldns_status mnemonic_reader(ldns_rdf **out, const char *text);

static void read_mnemonic(struct rdata_parse *parse, mnemonic_reader *reader, const char *predicate)
{
    ldns_rdf *rdf = NULL;
    if (parse->next == parse->end || !isalpha((unsigned char)parse->next->text[0])) {
        read_u8(parse);
        return;
    }
    const struct token *word = take_plain(parse);
    if (word == NULL)
        return;
    if (reader(&rdf, word->text) != LDNS_STATUS_OK || ldns_rdf_size(rdf) != 1)
        rdata__fail_word(parse, word, predicate);
    else
        rdata__put(parse, ldns_rdf_data(rdf), 1);
    ldns_rdf_deep_free(rdf);
}

static void read_algorithm(struct rdata_parse *parse)
{
    read_mnemonic(parse, ldns_str2rdf_alg, "is not the number or name of a DNSSEC algorithm");
}

static void read_usage(struct rdata_parse *parse)
{
    read_mnemonic(parse, ldns_str2rdf_certificate_usage,
                  "is not a certificate usage (0 to 3, or PKIX-TA, PKIX-EE, DANE-TA, DANE-EE)");
}

static void read_selector(struct rdata_parse *parse)
{
    read_mnemonic(parse, ldns_str2rdf_selector, "is not a selector (0 or 1, or Cert, SPKI)");
}

static void read_matching(struct rdata_parse *parse)
{
    read_mnemonic(parse, ldns_str2rdf_matching_type,
                  "is not a matching type (0 to 2, or Full, SHA2-256, SHA2-512)");
}

/* Strings. */

static bool unescape_word(struct rdata_parse *parse, const struct token *word, size_t *out_size)
{
    if (word->quote_inside) {
        rdata__fail_word(parse, word,
                         "has a quote inside; put quotes around all of it, or write \\\"");
        return false;
    }
    size_t size = text_unescape(parse->scratch, DNS_RDATA_SIZE_MAX, word->text, word->size);
    if (size == SIZE_MAX) {
        rdata__fail_at(parse, word,
                       "an escape is a backslash and a character, or a backslash and three "
                       "decimal digits up to 255");
        return false;
    }
    *out_size = size;
    return true;
}

static void read_string(struct rdata_parse *parse)
{
    size_t size;
    const struct token *word = take_word(parse);
    if (word == NULL || !unescape_word(parse, word, &size))
        return;
    if (size > UINT8_MAX) {
        rdata__fail_at(parse, word,
                       "a string has at most 255 octets; split it into several: \"...\" \"...\"");
        return;
    }
    put_number(parse, (uint32_t)size, 1);
    rdata__put(parse, parse->scratch, size);
}

static void write_string(struct text *text, struct span *rdata)
{
    size_t size = take_octets(rdata, 1).data[0];
    text_put_quoted(text, take_octets(rdata, size));
}

static void read_strings(struct rdata_parse *parse)
{
    do
        read_string(parse);
    while (parse->why == NULL && parse->next < parse->end);
}

static void write_strings(struct text *text, struct span *rdata)
{
    write_string(text, rdata);
    while (rdata->size > 0) {
        text_put(text, " ", 1);
        write_string(text, rdata);
    }
}

/* CAA: a tag with its length before it, then text that takes all the rest (RFC 8659 §4.1). */

static void read_tag(struct rdata_parse *parse)
{
    const struct token *word = take_plain(parse);
    if (word == NULL)
        return;
    if (word->size > UINT8_MAX)
        rdata__fail_word(parse, word, "is too long for a tag, which has at most 255 letters");
    put_number(parse, word->size, 1);
    rdata__put(parse, word->text, word->size);
}

static void write_tag(struct text *text, struct span *rdata)
{
    struct span tag = take_octets(rdata, take_octets(rdata, 1).data[0]);
    text_put(text, (const char *)tag.data, tag.size);
}

static void read_text(struct rdata_parse *parse)
{
    size_t size;
    const struct token *word = take_word(parse);
    if (word == NULL || !unescape_word(parse, word, &size))
        return;
    if (size > DNS_RDATA_SIZE_MAX)
        rdata__fail(parse, "a record's data has at most 65535 octets");
    else
        rdata__put(parse, parse->scratch, size);
}

static void write_text(struct text *text, struct span *rdata)
{
    text_put_quoted(text, take_octets(rdata, rdata->size));
}

/* Hexadecimal digits; white space may stand between any two of them. */

static int digit_value(char digit)
{
    if (digit >= '0' && digit <= '9')
        return digit - '0';
    if (digit >= 'a' && digit <= 'f')
        return digit - 'a' + 10;
    if (digit >= 'A' && digit <= 'F')
        return digit - 'A' + 10;
    return -1;
}

void rdata__read_hex(struct rdata_parse *parse)
{
    unsigned digits = 0;
    uint8_t octet = 0;
    while (parse->next < parse->end && parse->why == NULL) {
        const struct token *word = take_plain(parse);
        for (uint32_t i = 0; word != NULL && i < word->size && parse->why == NULL; i++) {
            int value = digit_value(word->text[i]);
            if (value < 0) {
                rdata__fail_word(parse, word, "is not made of hexadecimal digits");
                return;
            }
            octet = (uint8_t)(octet << 4 | value);
            if (++digits % 2 == 0)
                rdata__put(parse, &octet, 1);
        }
    }
    if (digits % 2 != 0)
        rdata__fail(parse, "the number of hexadecimal digits is odd");
}

static void read_hex(struct rdata_parse *parse)
{
    if (parse->next == parse->end)
        rdata__fail(parse, "the value ends too early");
    rdata__read_hex(parse);
}

static void write_hex(struct text *text, struct span *rdata)
{
    text_put_hex(text, take_octets(rdata, rdata->size));
}

const struct field field_ipv4 = { read_ipv4, write_ipv4 };
const struct field field_ipv6 = { read_ipv6, write_ipv6 };
const struct field field_name = { read_name, write_name };
const struct field field_u8 = { read_u8, write_u8 };
const struct field field_u16 = { read_u16, write_u16 };
const struct field field_u32 = { read_u32, write_u32 };
const struct field field_period = { read_period, write_u32 };
const struct field field_string = { read_string, write_string };
const struct field field_strings = { read_strings, write_strings };
const struct field field_tag = { read_tag, write_tag };
const struct field field_text = { read_text, write_text };
const struct field field_hex = { read_hex, write_hex };
const struct field field_algorithm = { read_algorithm, write_u8 };
const struct field field_usage = { read_usage, write_u8 };
const struct field field_selector = { read_selector, write_u8 };
const struct field field_matching = { read_matching, write_u8 };
