#include "signpost/dns/name.h"

#include <string.h>

size_t dns_name_size(const uint8_t *name)
{
    size_t size = 0;
    while (name[size] != 0)
        size += 1u + name[size];
    return size + 1;
}

unsigned dns_name_label_count(const uint8_t *name)
{
    unsigned count = 0;
    for (; *name != 0; name += 1 + *name)
        count++;
    return count;
}

size_t dns_name_check(const uint8_t *data, size_t size)
{
    size_t at = 0;
    if (size > DNS_NAME_SIZE_MAX)
        size = DNS_NAME_SIZE_MAX;
    while (at < size) {
        unsigned label = data[at];
        if (label == 0)
            return at + 1;
        if (label > DNS_LABEL_SIZE_MAX)
            return 0;
        at += 1 + label;
    }
    return 0;
}

static uint8_t lower(uint8_t octet)
{
    return octet >= 'A' && octet <= 'Z' ? (uint8_t)(octet | 0x20) : octet;
}

void dns_name_lower(uint8_t *to, const uint8_t *from, size_t size)
{
    for (size_t i = 0; i < size; i++)
        to[i] = lower(from[i]);
}

static bool equal_octets(const uint8_t *a, const uint8_t *b, size_t size)
{
    for (size_t i = 0; i < size; i++)
        if (lower(a[i]) != lower(b[i]))
            return false;
    return true;
}

bool dns_name_equal(const uint8_t *a, const uint8_t *b)
{
    size_t size = dns_name_size(a);
    return size == dns_name_size(b) && equal_octets(a, b, size);
}

bool dns_name_is_within(const uint8_t *name, const uint8_t *origin)
{
    size_t name_size = dns_name_size(name);
    size_t origin_size = dns_name_size(origin);
    /* Only a label's start may line up with the origin: "xlab.test" is not within "lab.test". */
    while (name_size > origin_size) {
        name_size -= 1u + *name;
        name += 1 + *name;
    }
    return name_size == origin_size && equal_octets(name, origin, origin_size);
}

const uint8_t *dns_name_skip(const uint8_t *name, unsigned count)
{
    while (count-- > 0)
        name += 1 + *name;
    return name;
}

static int compare_labels(const uint8_t *a, const uint8_t *b)
{
    unsigned shorter = *a < *b ? *a : *b;
    for (unsigned i = 1; i <= shorter; i++) {
        int difference = lower(a[i]) - lower(b[i]);
        if (difference != 0)
            return difference;
    }
    return *a - *b;
}

static unsigned label_starts(const uint8_t *name, uint8_t out_starts[DNS_LABEL_COUNT_MAX])
{
    unsigned count = 0;
    for (unsigned at = 0; name[at] != 0; at += 1u + name[at])
        out_starts[count++] = (uint8_t)at;
    return count;
}

int dns_name_compare(const uint8_t *a, const uint8_t *b)
{
    uint8_t a_starts[DNS_LABEL_COUNT_MAX], b_starts[DNS_LABEL_COUNT_MAX];
    unsigned a_count = label_starts(a, a_starts);
    unsigned b_count = label_starts(b, b_starts);
    while (a_count > 0 && b_count > 0) {
        int difference = compare_labels(a + a_starts[--a_count], b + b_starts[--b_count]);
        if (difference != 0)
            return difference;
    }
    return (int)a_count - (int)b_count;
}

/* One octet of text, its escape undone; the octets of text it took, 0 for a broken escape. */
static unsigned read_octet(const char *text, size_t size, uint8_t *out_octet)
{
    *out_octet = (uint8_t)text[0];
    if (text[0] != '\\')
        return 1;
    if (size < 2)
        return 0;
    if (text[1] < '0' || text[1] > '9') {
        *out_octet = (uint8_t)text[1];
        return 2;
    }
    unsigned value = 0;
    for (unsigned i = 1; i <= 3; i++) {
        if (i >= size || text[i] < '0' || text[i] > '9')
            return 0;
        value = value * 10 + (unsigned)(text[i] - '0');
    }
    *out_octet = (uint8_t)value;
    return value > 255 ? 0 : 4;
}

/* Puts the origin behind the labels so far. */
static size_t append_origin(uint8_t out[DNS_NAME_SIZE_MAX], size_t size, const uint8_t *origin,
                            const char **out_why)
{
    static const uint8_t root[1] = { 0 };
    if (origin == NULL)
        origin = root;
    size_t origin_size = dns_name_size(origin);
    if (size + origin_size > DNS_NAME_SIZE_MAX) {
        *out_why = "a name has at most 255 octets";
        return 0;
    }
    memcpy(out + size, origin, origin_size);
    return size + origin_size;
}

size_t dns_name_from_text(uint8_t out[DNS_NAME_SIZE_MAX], const char *text, size_t text_size,
                          const uint8_t *origin, const char **out_why)
{
    size_t label = 0; /* where the current label's length octet goes */
    size_t size = 1;  /* octets written, that length octet counted */
    if (text_size == 1 && text[0] == '@')
        return append_origin(out, 0, origin, out_why);
    if (text_size == 1 && text[0] == '.')
        return append_origin(out, 0, NULL, out_why);
    if (text_size == 0) {
        *out_why = "a name cannot be empty";
        return 0;
    }
    for (size_t at = 0; at < text_size;) {
        if (text[at] == '.') {
            if (size == label + 1) {
                *out_why = "a name cannot have an empty label";
                return 0;
            }
            out[label] = (uint8_t)(size - label - 1);
            label = size++;
            at++;
            if (at == text_size)
                return append_origin(out, label, NULL, out_why);
            continue;
        }
        uint8_t octet;
        unsigned taken = read_octet(text + at, text_size - at, &octet);
        if (taken == 0) {
            *out_why = "an escape is a backslash and a character, or a backslash and three decimal "
                       "digits up to 255";
            return 0;
        }
        if (size - label > DNS_LABEL_SIZE_MAX) {
            *out_why = "a label has at most 63 octets";
            return 0;
        }
        if (size >= DNS_NAME_SIZE_MAX - 1) {
            *out_why = "a name has at most 255 octets";
            return 0;
        }
        out[size++] = octet;
        at += taken;
    }
    out[label] = (uint8_t)(size - label - 1);
    return append_origin(out, size, origin, out_why);
}

static bool is_plain(uint8_t octet)
{
    return (octet >= 'a' && octet <= 'z') || (octet >= 'A' && octet <= 'Z') ||
           (octet >= '0' && octet <= '9') || octet == '-' || octet == '_';
}

static char *put_digits(char *to, uint8_t octet, unsigned base)
{
    *to++ = '\\';
    *to++ = (char)('0' + octet / (base * base));
    *to++ = (char)('0' + octet / base % base);
    *to++ = (char)('0' + octet % base);
    return to;
}

size_t dns_name_to_text(char out[DNS_NAME_TEXT_SIZE], const uint8_t *name)
{
    char *to = out;
    for (; *name != 0; name += 1 + *name) {
        for (unsigned i = 1; i <= *name; i++) {
            uint8_t octet = name[i];
            if (is_plain(octet) || octet == '*' || octet == '/') {
                *to++ = (char)octet;
            } else if (octet > ' ' && octet < 0x7f) {
                *to++ = '\\';
                *to++ = (char)octet;
            } else {
                to = put_digits(to, octet, 10);
            }
        }
        *to++ = '.';
    }
    if (to == out)
        *to++ = '.';
    *to = 0;
    return (size_t)(to - out);
}

/* An octet as Route 53 writes it in names. */
static char *put_octal(char *to, uint8_t octet)
{
    if (!is_plain(octet) || lower(octet) != octet)
        return put_digits(to, octet, 8);
    *to++ = (char)octet;
    return to;
}

size_t dns_name_to_octal(char out[DNS_NAME_TEXT_SIZE], const uint8_t *name)
{
    char *to = out;
    for (; *name != 0; name += 1 + *name) {
        for (unsigned i = 1; i <= *name; i++)
            to = put_octal(to, lower(name[i]));
        *to++ = '.';
    }
    if (to == out)
        *to++ = '.';
    *to = 0;
    return (size_t)(to - out);
}

size_t dns_name_to_key(char out[DNS_NAME_TEXT_SIZE], const uint8_t *name)
{
    uint8_t starts[DNS_LABEL_COUNT_MAX];
    unsigned count = label_starts(name, starts);
    char *to = out;
    while (count > 0) {
        const uint8_t *label = name + starts[--count];
        for (unsigned i = 1; i <= *label; i++)
            to = put_octal(to, label[i]);
        *to++ = '.';
    }
    *to = 0;
    return (size_t)(to - out);
}

/* Undoes put_digits(…, 8) at text; false when it is something else. */
static bool read_octal(const char *text, const char *end, uint8_t *out_octet)
{
    unsigned value = 0;
    if (end - text < 4)
        return false;
    for (unsigned i = 1; i <= 3; i++) {
        if (text[i] < '0' || text[i] > '7')
            return false;
        value = value * 8 + (unsigned)(text[i] - '0');
    }
    *out_octet = (uint8_t)value;
    return value <= 255;
}

/* Labels come first-to-last from the root, so the wire name grows from its end. */
size_t dns_name_from_key(uint8_t out[DNS_NAME_SIZE_MAX], const char *key, size_t key_size)
{
    uint8_t wire[DNS_NAME_SIZE_MAX];
    size_t start = sizeof wire - 1;
    const char *end = key + key_size;
    wire[start] = 0;
    while (key < end) {
        uint8_t label[DNS_LABEL_SIZE_MAX];
        unsigned size = 0;
        for (; key < end && *key != '.'; key++) {
            uint8_t octet = (uint8_t)*key;
            if (size == sizeof label)
                return 0;
            if (octet == '\\') {
                if (!read_octal(key, end, &octet))
                    return 0;
                key += 3;
            }
            label[size++] = octet;
        }
        if (key == end || size == 0 || start < size + 1)
            return 0;
        key++;
        start -= size;
        memcpy(wire + start, label, size);
        wire[--start] = (uint8_t)size;
    }
    size_t size = sizeof wire - start;
    memcpy(out, wire + start, size);
    return size;
}
