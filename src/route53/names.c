/*
 * Names as requests write them: absolute whether or not they end in a dot, with octal escapes.
 */
#include "call.h"
#include "fatal.h"

#include <stdio.h>

const char *route53_fatal(struct arena *arena, const char *kind, const char *text,
                          const char *value, size_t size)
{
    const char *fault = arena_format(arena, "FATAL problem: %s (%s) encountered with '%.*s'", kind,
                                     text, (int)size, value);
    return fault == NULL ? "FATAL problem: there is not enough memory" : fault;
}

const char *route53_fatal_character(struct arena *arena, const char *character)
{
    size_t size = *character == '\0' ? 0 : 1;
    while (size > 0 && ((uint8_t)character[size] & 0xc0) == 0x80)
        size++;
    return route53_fatal(arena, "UnsupportedCharacter", "Value contains unsupported characters",
                         character, size);
}

struct name_reading {
    struct arena *arena;
    const char *text;
    bool lenient;
    size_t size; /* octets of the name so far, whether or not there was room for them */
    uint8_t *name;
};

static const char *fault_of(const struct name_reading *reading, const char *kind, const char *why)
{
    return route53_fatal(reading->arena, kind, why, reading->text, strlen(reading->text));
}

static void put(struct name_reading *reading, uint8_t octet)
{
    if (reading->size < DNS_NAME_SIZE_MAX)
        reading->name[reading->size] = octet;
    reading->size++;
}

/* The character that must not stand where it does; NULL: none begins there. */
static const char *find_unsupported(const struct name_reading *reading, const char *at)
{
    const char *character = *at == '\\' ? at + 1 : at;
    bool is_high = (uint8_t)*character > '~';
    if (*character == '\0')
        return at;
    if (route53_is_plain(*character) || (is_high && reading->lenient))
        return NULL;
    return character;
}

/* Reads up to a dot or the end.  NULL, or what is wrong. */
static const char *read_label(struct name_reading *reading, const char **at)
{
    const char *start = *at;
    size_t before = reading->size, label_size;
    put(reading, 0);
    while (**at != '\0' && **at != '.') {
        uint8_t octet;
        const char *unsupported = find_unsupported(reading, *at);
        if (unsupported != NULL)
            return route53_fatal_character(reading->arena, unsupported);
        *at += route53_take_octet(*at, &octet);
        put(reading, octet);
    }
    label_size = reading->size - before - 1;
    if (label_size == 0)
        return fault_of(reading, "DomainLabelEmpty", "Domain label is empty");
    if (label_size > DNS_LABEL_SIZE_MAX)
        return route53_fatal(reading->arena, "DomainLabelTooLong", "Domain label is too long",
                             start, (size_t)(*at - start));
    if (before < DNS_NAME_SIZE_MAX)
        reading->name[before] = (uint8_t)label_size;
    return NULL;
}

const char *route53_read_name(struct arena *arena, const char *text, bool lenient,
                              uint8_t out_name[DNS_NAME_SIZE_MAX])
{
    uint8_t name[DNS_NAME_SIZE_MAX];
    struct name_reading reading = {
        .arena = arena, .text = text, .lenient = lenient, .name = name
    };
    const char *at = strcmp(text, ".") == 0 ? text + 1 : text, *fault = NULL;
    if (*text == '\0')
        return fault_of(&reading, "DomainNameEmpty", "Domain name is empty");
    while (*at != '\0' && fault == NULL) {
        fault = read_label(&reading, &at);
        at += *at == '.';
    }
    put(&reading, 0);
    if (fault == NULL && reading.size > DNS_NAME_SIZE_MAX)
        fault = fault_of(&reading, "DomainNameTooLong", "Domain name is too long");
    if (fault == NULL)
        dns_name_lower(out_name, name, reading.size);
    return fault;
}
