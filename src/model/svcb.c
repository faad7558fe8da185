/*
 * The parameters of SVCB and HTTPS records (RFC 9460 §2.1, §7, appendix A; RFC 9461; RFC 9540).
 *
 * A value has two layers of escapes: those of any string in a master file, and inside a list of
 * protocol ids a backslash before a comma or a backslash that belongs to an id.
 */
#include "rdata_fields.h"

#include <arpa/inet.h>
#include <ldns/ldns.h>
#include <stdlib.h>
#include <string.h>

enum {
    KEY_MANDATORY,
    KEY_ALPN,
    KEY_NO_DEFAULT_ALPN,
    KEY_PORT,
    KEY_IPV4HINT,
    KEY_ECH,
    KEY_IPV6HINT,
    KEY_DOHPATH,
    KEY_OHTTP,
    KEY_COUNT,
};

typedef void value_reader(struct rdata_parse *parse, const struct token *word, struct span value);
typedef void value_writer(struct text *text, struct span value);

static value_reader read_mandatory, read_alpn, read_port, read_ipv4hint, read_ipv6hint, read_ech,
    read_plain;
static value_writer write_mandatory, write_alpn, write_port, write_ipv4hint, write_ipv6hint,
    write_ech, write_plain;

/* In order of their numbers.  A NULL reader: the key stands alone. */
static const struct key {
    const char *name;
    value_reader *read;
    value_writer *write;
} keys[KEY_COUNT] = {
    { "mandatory", read_mandatory, write_mandatory },
    { "alpn", read_alpn, write_alpn },
    { "no-default-alpn", NULL, NULL },
    { "port", read_port, write_port },
    { "ipv4hint", read_ipv4hint, write_ipv4hint },
    { "ech", read_ech, write_ech },
    { "ipv6hint", read_ipv6hint, write_ipv6hint },
    { "dohpath", read_plain, write_plain },
    { "ohttp", NULL, NULL },
};

/* One word of parameters, cut in two. */
struct param {
    const struct token *word;
    bool has_value;
    bool is_generic; /* written keyNNNNN: its value is the octets themselves */
    const char *value;
    size_t value_size;
};

/* The number of a key, KEY_COUNT when it is none of ours. */
static unsigned find_key(const char *name, size_t size, bool *out_generic)
{
    uint32_t number;
    *out_generic = false;
    for (unsigned key = 0; key < KEY_COUNT; key++)
        if (strlen(keys[key].name) == size && memcmp(keys[key].name, name, size) == 0)
            return key;
    if (size < 4 || memcmp(name, "key", 3) != 0)
        return KEY_COUNT;
    *out_generic = true;
    return rdata__number(name + 3, size - 3, KEY_COUNT - 1, &number) ? number : KEY_COUNT;
}

/* The next piece of a list, up to a comma or the end.  Advances *list past the comma. */
static struct span next_item(struct span *list)
{
    const uint8_t *comma = memchr(list->data, ',', list->size);
    size_t size = comma == NULL ? list->size : (size_t)(comma - list->data);
    struct span item = { list->data, size };
    size_t taken = comma == NULL ? size : size + 1;
    list->data += taken;
    list->size -= taken;
    return item;
}

/* A list that is empty or ends with a comma has an empty item, which no key allows. */
static bool is_list(struct rdata_parse *parse, const struct token *word, struct span value)
{
    if (value.size > 0 && value.data[value.size - 1] != ',')
        return true;
    rdata__fail_word(parse, word, "has an empty item in its list");
    return false;
}

static void read_mandatory(struct rdata_parse *parse, const struct token *word, struct span value)
{
    unsigned seen = 0;
    if (!is_list(parse, word, value))
        return;
    while (value.size > 0) {
        bool generic;
        struct span item = next_item(&value);
        unsigned key = find_key((const char *)item.data, item.size, &generic);
        if (key == KEY_COUNT) {
            rdata__fail_word(parse, word, "lists a key that is not known");
            return;
        }
        if (seen & 1u << key) {
            rdata__fail_word(parse, word, "lists a key twice");
            return;
        }
        seen |= 1u << key;
    }
    for (unsigned key = 0; key < KEY_COUNT; key++)
        if (seen & 1u << key)
            rdata__put_u16(parse, (uint16_t)key);
}

static void write_mandatory(struct text *text, struct span value)
{
    for (size_t at = 0; at + 2 <= value.size; at += 2) {
        unsigned key = get_u16(value.data + at);
        if (at > 0)
            text_put(text, ",", 1);
        if (key < KEY_COUNT && key != KEY_OHTTP) {
            text_put_string(text, keys[key].name);
        } else {
            text_put_string(text, "key");
            text_put_number(text, key);
        }
    }
}

static void read_alpn(struct rdata_parse *parse, const struct token *word, struct span value)
{
    uint8_t id[1 + UINT8_MAX];
    size_t size = 0;
    for (size_t at = 0; at <= value.size; at++) {
        if (at == value.size || value.data[at] == ',') {
            if (size == 0) {
                rdata__fail_word(parse, word, "has an empty protocol id");
                return;
            }
            id[0] = (uint8_t)size;
            rdata__put(parse, id, 1 + size);
            size = 0;
            continue;
        }
        if (value.data[at] == '\\') {
            at++;
            if (at == value.size || (value.data[at] != ',' && value.data[at] != '\\')) {
                rdata__fail_word(parse, word,
                                 "has a backslash before something else than a comma or backslash");
                return;
            }
        }
        if (size == UINT8_MAX) {
            rdata__fail_word(parse, word, "has a protocol id of more than 255 octets");
            return;
        }
        id[1 + size++] = value.data[at];
    }
}

static void write_alpn(struct text *text, struct span value)
{
    text_put(text, "\"", 1);
    for (size_t at = 0; at < value.size; at += 1u + value.data[at]) {
        if (at > 0)
            text_put(text, ",", 1);
        for (size_t i = 1; i <= value.data[at] && at + i < value.size; i++) {
            const uint8_t *octet = value.data + at + i;
            if (*octet == ',' || *octet == '\\')
                text_put(text, "\\\\", 2); /* one backslash of the list, written as a string does */
            text_put_escaped(text, (struct span){ octet, 1 });
        }
    }
    text_put(text, "\"", 1);
}

static void read_port(struct rdata_parse *parse, const struct token *word, struct span value)
{
    uint32_t port;
    if (rdata__number((const char *)value.data, value.size, UINT16_MAX, &port))
        rdata__put_u16(parse, (uint16_t)port);
    else
        rdata__fail_word(parse, word, "is not a port from 0 to 65535");
}

static void write_port(struct text *text, struct span value)
{
    if (value.size == 2)
        text_put_number(text, get_u16(value.data));
}

static void read_hints(struct rdata_parse *parse, const struct token *word, struct span value,
                       int family, const char *predicate)
{
    uint8_t address[16];
    char text[INET6_ADDRSTRLEN];
    if (!is_list(parse, word, value))
        return;
    while (value.size > 0) {
        struct span item = next_item(&value);
        size_t size = item.size < sizeof text ? item.size : 0;
        memcpy(text, item.data, size);
        text[size] = '\0';
        if (memchr(text, '\0', size) != NULL || inet_pton(family, text, address) != 1) {
            rdata__fail_word(parse, word, predicate);
            return;
        }
        rdata__put(parse, address, family == AF_INET ? 4 : 16);
    }
}

static void read_ipv4hint(struct rdata_parse *parse, const struct token *word, struct span value)
{
    read_hints(parse, word, value, AF_INET, "is not a list of IPv4 addresses");
}

static void read_ipv6hint(struct rdata_parse *parse, const struct token *word, struct span value)
{
    read_hints(parse, word, value, AF_INET6, "is not a list of IPv6 addresses");
}

static void write_hints(struct text *text, struct span value, int family, size_t size)
{
    for (size_t at = 0; at + size <= value.size; at += size) {
        char address[INET6_ADDRSTRLEN];
        inet_ntop(family, value.data + at, address, sizeof address);
        if (at > 0)
            text_put(text, ",", 1);
        text_put_string(text, address);
    }
}

static void write_ipv4hint(struct text *text, struct span value)
{
    write_hints(text, value, AF_INET, 4);
}

static void write_ipv6hint(struct text *text, struct span value)
{
    write_hints(text, value, AF_INET6, 16);
}

/* base64 by ldns, which would also take "0" and white space for some. */
static void read_ech(struct rdata_parse *parse, const struct token *word, struct span value)
{
    static const char letters[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=";
    const char *encoded = (const char *)value.data;
    ldns_rdf *rdf = NULL;
    if (value.size < 2 || strspn(encoded, letters) != value.size ||
        ldns_str2rdf_b64(&rdf, encoded) != LDNS_STATUS_OK)
        rdata__fail_word(parse, word, "is not base64");
    else
        rdata__put(parse, ldns_rdf_data(rdf), ldns_rdf_size(rdf));
    ldns_rdf_deep_free(rdf);
}

static void write_ech(struct text *text, struct span value)
{
    ldns_rdf *rdf = ldns_rdf_new_frm_data(LDNS_RDF_TYPE_B64, value.size, value.data);
    char *encoded = rdf == NULL ? NULL : ldns_rdf2str(rdf);
    if (encoded == NULL)
        text->failed = true;
    else
        text_put_string(text, encoded);
    free(encoded);
    ldns_rdf_deep_free(rdf);
}

static void read_plain(struct rdata_parse *parse, const struct token *word, struct span value)
{
    (void)word;
    rdata__put(parse, value.data, value.size);
}

static void write_plain(struct text *text, struct span value)
{
    text_put_quoted(text, value);
}

/* key, key=value or key="value" */
static unsigned split(struct rdata_parse *parse, const struct token *word, struct param *out)
{
    const char *equals = memchr(word->text, '=', word->size);
    size_t key_size = equals == NULL ? word->size : (size_t)(equals - word->text);
    memset(out, 0, sizeof *out);
    out->word = word;
    unsigned key = find_key(word->text, key_size, &out->is_generic);
    if (word->quoted || key == KEY_COUNT) {
        rdata__fail_word(parse, word,
                         "is not a parameter: mandatory, alpn, no-default-alpn, port, ipv4hint, "
                         "ech, ipv6hint, dohpath, ohttp");
        return KEY_COUNT;
    }
    if (equals == NULL)
        return key;
    out->has_value = true;
    out->value = equals + 1;
    out->value_size = word->size - key_size - 1;
    if (word->quote_inside) {
        const char *last = word->text + word->size - 1;
        const char *second = memchr(out->value + 1, '"', out->value_size - 1);
        while (second != NULL && second < last && second[-1] == '\\')
            second = memchr(second + 1, '"', (size_t)(last - second));
        if (out->value[0] != '"' || second != last) {
            rdata__fail_word(parse, word, "has its quotes in the wrong place");
            return KEY_COUNT;
        }
        out->value++;
        out->value_size -= 2;
    }
    return key;
}

static void read_value(struct rdata_parse *parse, unsigned key, const struct param *param)
{
    value_reader *read = param->is_generic ? read_plain : keys[key].read;
    if (read == NULL && param->has_value) {
        rdata__fail_word(parse, param->word, "takes no value");
        return;
    }
    if (!param->has_value) {
        if (keys[key].read != NULL)
            rdata__fail_word(parse, param->word, "needs a value");
        return;
    }
    size_t size =
        text_unescape(parse->scratch, DNS_RDATA_SIZE_MAX, param->value, param->value_size);
    if (size > DNS_RDATA_SIZE_MAX) {
        rdata__fail_word(parse, param->word, "has a broken escape, or is too long");
        return;
    }
    parse->scratch[size] = '\0'; /* for read_ech */
    read(parse, param->word, (struct span){ parse->scratch, size });
}

static void read_param(struct rdata_parse *parse, unsigned key, const struct param *param)
{
    size_t start = parse->size;
    rdata__put_u16(parse, (uint16_t)key);
    rdata__put_u16(parse, 0);
    if (parse->why == NULL)
        read_value(parse, key, param);
    if (parse->why == NULL)
        put_u16(parse->data + start + 2, (uint16_t)(parse->size - start - 4));
}

/* Text has them in any order, the wire in that of their numbers. */
static void read_params(struct rdata_parse *parse)
{
    struct param params[KEY_COUNT] = { 0 };
    for (; parse->next < parse->end; parse->next++) {
        struct param param;
        unsigned key = split(parse, parse->next, &param);
        if (key == KEY_COUNT)
            return;
        if (params[key].word != NULL) {
            rdata__fail_word(parse, parse->next, "is a second parameter of that key");
            return;
        }
        params[key] = param;
    }
    for (unsigned key = 0; key < KEY_COUNT && parse->why == NULL; key++)
        if (params[key].word != NULL)
            read_param(parse, key, &params[key]);
}

static void write_param(struct text *text, unsigned key, struct span value)
{
    bool is_known = key < KEY_COUNT && key != KEY_OHTTP; /* few tools know "ohttp" by name */
    if (is_known) {
        text_put_string(text, keys[key].name);
    } else {
        text_put_string(text, "key");
        text_put_number(text, key);
    }
    if (is_known && keys[key].write == NULL)
        return;
    if (!is_known && value.size == 0)
        return;
    text_put(text, "=", 1);
    (is_known ? keys[key].write : write_plain)(text, value);
}

static bool next_param(struct span *params, unsigned *out_key, struct span *out_value)
{
    if (params->size < 4 || params->size - 4 < get_u16(params->data + 2))
        return false;
    *out_key = get_u16(params->data);
    *out_value = (struct span){ params->data + 4, get_u16(params->data + 2) };
    params->data += 4 + out_value->size;
    params->size -= 4 + out_value->size;
    return true;
}

static void write_params(struct text *text, struct span *rdata)
{
    unsigned key;
    struct span value;
    for (bool first = true; next_param(rdata, &key, &value); first = false) {
        if (!first)
            text_put(text, " ", 1);
        write_param(text, key, value);
    }
}

const struct field field_params = { read_params, write_params };
