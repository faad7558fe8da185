/*
 * A value is cut into words, each word is looked at as the kind of field it stands for and written
 * anew as a zone file has it, and then the model reads it.  What the model does not know of is
 * settled here: escapes, names, quotes, and Route 53's own words for what is wrong.
 */
#include "values.h"

#include "call.h"
#include "fatal.h"

#include "signpost/dns/types.h"
#include "signpost/model/zone_file.h"

#include <ctype.h>
#include <stdio.h>

enum field {
    NO_FIELD,
    NAME,
    U8,
    U16,
    U32,
    WORD,    /* letters and digits */
    STRING,  /* in quotes */
    STRINGS, /* one or more of them, up to the end */
    HEX,     /* up to the end */
    PARAMS,  /* key=value, up to the end */
};

/* The types of several fields; those of one are read as a whole. */
static const struct form {
    uint16_t type;
    const char *count_word;
    enum field fields[8];
} forms[] = {
    { DNS_TYPE_SOA, "Seven", { NAME, NAME, U32, U32, U32, U32, U32 } },
    { DNS_TYPE_MX, "Two", { U16, NAME } },
    { DNS_TYPE_SRV, "Four", { U16, U16, U16, NAME } },
    { DNS_TYPE_NAPTR, "Six", { U16, U16, STRING, STRING, STRING, NAME } },
    { DNS_TYPE_CAA, "Three", { U8, WORD, STRING } },
    { DNS_TYPE_DS, "Four", { U16, U8, U8, HEX } },
    { DNS_TYPE_SSHFP, "Three", { U8, U8, HEX } },
    { DNS_TYPE_TLSA, "Four", { U8, U8, U8, HEX } },
    { DNS_TYPE_SVCB, "Two", { U16, NAME, PARAMS } },
    { DNS_TYPE_HTTPS, "Two", { U16, NAME, PARAMS } },
    { DNS_TYPE_TXT, "One", { STRINGS } },
    { DNS_TYPE_SPF, "One", { STRINGS } },
    { DNS_TYPE_CNAME, "One", { NAME } },
    { DNS_TYPE_NS, "One", { NAME } },
    { DNS_TYPE_PTR, "One", { NAME } },
};

struct value_reading {
    struct arena *arena;
    uint16_t type;
    const char *text;  /* of the value */
    char *to;          /* where its zone-file form goes on */
    const char *fault; /* NULL while all is well */
};

/* A piece of a text between blanks; quotes hold blanks together. */
struct word {
    const char *text;
    size_t size;
};

static const struct form *find_form(uint16_t type)
{
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++)
        if (forms[i].type == type)
            return &forms[i];
    return NULL;
}

/* Fields that a value must have; PARAMS may be none. */
static unsigned field_count(const struct form *form)
{
    unsigned count = 0;
    while (count < 8 && form->fields[count] != NO_FIELD && form->fields[count] != PARAMS)
        count++;
    return count;
}

static bool goes_on(enum field field)
{
    return field == STRINGS || field == HEX || field == PARAMS;
}

/* ---- faults ---- */

static void fail(struct value_reading *reading, const char *kind, const char *why)
{
    if (reading->fault == NULL)
        reading->fault =
            route53_fatal(reading->arena, kind, why, reading->text, strlen(reading->text));
}

/* "MXRRDATA..." */
static void fail_type(struct value_reading *reading, const char *what, const char *why)
{
    char kind[64];
    snprintf(kind, sizeof kind, "%sRRDATA%s", dns_type_find(reading->type)->name, what);
    fail(reading, kind, why);
}

static void fail_characters(struct value_reading *reading)
{
    fail(reading, "UnsupportedCharacter", "Value contains unsupported characters");
}

static void fail_quotes(struct value_reading *reading)
{
    fail(reading, "InvalidCharacterString", "Value should be enclosed in quotation marks");
}

static void fail_count(struct value_reading *reading, const struct form *form)
{
    char what[32], why[64];
    unsigned count = field_count(form);
    snprintf(what, sizeof what, "Not%sField%s", form->count_word, count == 1 ? "" : "s");
    snprintf(why, sizeof why, "%s record doesn't have %u field%s",
             dns_type_find(reading->type)->name, count, count == 1 ? "" : "s");
    fail_type(reading, what, why);
}

/* ---- words ---- */

/* Takes the next word off the front of the text.  false: there is none. */
static bool next_word(const char **text, struct word *out_word)
{
    bool is_quoted = false;
    const char *at = *text + strspn(*text, " ");
    out_word->text = at;
    while (*at != '\0' && (is_quoted || *at != ' ')) {
        if (*at == '\\' && at[1] != '\0')
            at++;
        else if (*at == '"')
            is_quoted = !is_quoted;
        at++;
    }
    out_word->size = (size_t)(at - out_word->text);
    *text = at;
    return out_word->size > 0;
}

/* ---- one field ---- */

static void put_octet(struct value_reading *reading, uint8_t octet)
{
    bool is_plain =
        octet == ' ' || (route53_is_plain((char)octet) && octet != '"' && octet != '\\');
    reading->to += sprintf(reading->to, is_plain ? "%c" : "\\%03u", octet);
}

static void read_name(struct value_reading *reading, const struct word *word)
{
    uint8_t name[DNS_NAME_SIZE_MAX];
    const char *text = arena_format(reading->arena, "%.*s", (int)word->size, word->text);
    const char *fault = text == NULL ? "FATAL problem: there is not enough memory"
                                     : route53_read_name(reading->arena, text, false, name);
    if (fault == NULL)
        reading->to += dns_name_to_text(reading->to, name);
    else if (reading->fault == NULL)
        reading->fault = fault;
}

static void read_number(struct value_reading *reading, const struct word *word, uint32_t most)
{
    char why[96];
    uint64_t number = 0;
    bool is_number = word->size <= 10;
    for (size_t i = 0; i < word->size && is_number; i++) {
        is_number = isdigit((unsigned char)word->text[i]);
        number = number * 10 + (uint64_t)(word->text[i] - '0');
    }
    if (is_number && number <= most) {
        reading->to += sprintf(reading->to, "%u", (unsigned)number);
        return;
    }
    snprintf(why, sizeof why, "a field is not a number from 0 to %u", most);
    fail_type(reading, "IllegalNumber", why);
}

static void read_digits(struct value_reading *reading, const struct word *word, bool hex)
{
    for (size_t i = 0; i < word->size; i++) {
        unsigned char digit = (unsigned char)word->text[i];
        if (digit >= 0x80 || !(hex ? isxdigit(digit) : isalnum(digit)))
            fail_type(reading, "IllegalFormat",
                      hex ? "a field has other than hexadecimal digits"
                          : "a field has other than letters and digits");
    }
    if (reading->fault == NULL)
        reading->to += sprintf(reading->to, "%.*s", (int)word->size, word->text);
}

/* What stands between two quotes; where the second one is. */
static const char *read_quoted(struct value_reading *reading, const char *at, size_t *out_size)
{
    for (*out_size = 0; *at != '"'; (*out_size)++) {
        uint8_t octet;
        char character = *at == '\\' ? at[1] : *at;
        size_t taken = *at == '\0' ? 0 : route53_take_octet(at, &octet);
        if (taken == 0)
            fail_quotes(reading);
        else if (character != ' ' && !route53_is_plain(character))
            fail_characters(reading);
        if (reading->fault != NULL)
            return at;
        put_octet(reading, octet);
        at += taken;
    }
    return at;
}

/* The word, which may be several strings without a blank between them; how many. */
static unsigned read_strings(struct value_reading *reading, const struct word *word, bool has_limit)
{
    const char *at = word->text, *end = word->text + word->size;
    unsigned count = 0;
    for (; at < end && reading->fault == NULL; count++) {
        size_t size;
        if (*at != '"') {
            fail_quotes(reading);
            break;
        }
        *reading->to++ = '"';
        at = read_quoted(reading, at + 1, &size) + 1;
        *reading->to++ = '"';
        *reading->to++ = ' ';
        if (size > UINT8_MAX && has_limit)
            fail(reading, "CharacterStringTooLong", "Value is too long");
    }
    return count;
}

static void read_string(struct value_reading *reading, const struct word *word)
{
    if (read_strings(reading, word, reading->type != DNS_TYPE_CAA) != 1)
        fail_quotes(reading);
}

/* R-TYP-5: keys go by name only. */
static bool is_numbered_key(const struct word *word)
{
    return word->size > 3 && memcmp(word->text, "key", 3) == 0 &&
           isdigit((unsigned char)word->text[3]);
}

/* Here a backslash before another character is for the model to undo: "alpn" has a second layer. */
static void read_param(struct value_reading *reading, const struct word *word)
{
    const char *at = word->text, *end = word->text + word->size;
    if (is_numbered_key(word))
        fail_type(reading, "IllegalFormat", "parameters go by their names, not by numbers");
    while (at < end && reading->fault == NULL) {
        uint8_t octet;
        char character = *at == '\\' ? at[1] : *at;
        size_t taken = route53_take_octet(at, &octet);
        if (taken == 0 || (character != ' ' && !route53_is_plain(character)))
            fail_characters(reading);
        else if (taken == 4 || (taken == 2 && isdigit((unsigned char)octet)))
            reading->to += sprintf(reading->to, "\\%03u", octet);
        else if (taken == 2 || strchr(";()", octet) != NULL)
            reading->to += sprintf(reading->to, "\\%c", octet);
        else
            *reading->to++ = (char)octet;
        at += taken;
    }
}

static void read_field(struct value_reading *reading, enum field field, const struct word *word)
{
    switch (field) {
    case NAME:
        read_name(reading, word);
        break;
    case U8:
        read_number(reading, word, UINT8_MAX);
        break;
    case U16:
        read_number(reading, word, UINT16_MAX);
        break;
    case U32:
        read_number(reading, word, UINT32_MAX);
        break;
    case WORD:
    case HEX:
        read_digits(reading, word, field == HEX);
        break;
    case STRING:
        read_string(reading, word);
        break;
    case STRINGS:
        read_strings(reading, word, true);
        break;
    case PARAMS:
        read_param(reading, word);
        break;
    case NO_FIELD:
        break;
    }
    *reading->to++ = ' ';
}

/* ---- whole values ---- */

static void read_fields(struct value_reading *reading, const struct form *form)
{
    const char *at = reading->text;
    struct word word;
    unsigned i = 0, count = 0;
    for (; next_word(&at, &word); count++) {
        if (form->fields[i] == NO_FIELD) {
            fail_count(reading, form);
            return;
        }
        read_field(reading, form->fields[i], &word);
        if (!goes_on(form->fields[i]))
            i++;
    }
    if (count < field_count(form)) {
        reading->fault = NULL; /* what is missing comes first */
        fail_count(reading, form);
    }
}

/* A blank or an empty value is not text in quotes, nor a name. */
static void read_whole(struct value_reading *reading, const struct form *form)
{
    struct word whole = { reading->text, strlen(reading->text) };
    if (form->fields[0] == NAME && form->fields[1] == NO_FIELD)
        read_name(reading, &whole);
    else if (form->fields[0] == STRINGS && whole.size == strspn(whole.text, " "))
        fail_quotes(reading);
    else
        read_fields(reading, form);
}

static void fail_address(struct value_reading *reading)
{
    if (reading->type == DNS_TYPE_A)
        fail(reading, "ARRDATAIllegalIPv4Address", "Value is not a valid IPv4 address");
    else
        fail(reading, "AAAARRDATAIllegalIPv6Address", "Value is not a valid IPv6 address");
}

static void read_address(struct value_reading *reading)
{
    static const char characters[] = "0123456789abcdefABCDEF.:";
    size_t size = strlen(reading->text);
    if (strspn(reading->text, characters) != size)
        fail_address(reading);
    else
        reading->to += sprintf(reading->to, "%s", reading->text);
}

/* What the model says against the value. */
static void fail_rest(struct value_reading *reading, const struct problem *problem)
{
    if (reading->type == DNS_TYPE_A || reading->type == DNS_TYPE_AAAA)
        fail_address(reading);
    else
        fail_type(reading, "IllegalFormat", problem->text);
}

/* Room for the zone-file form: each octet as an escape, and two names. */
static size_t room_for(const char *text)
{
    return 5 * strlen(text) + 2 * (size_t)DNS_NAME_TEXT_SIZE + 64;
}

const char *route53_read_value(struct arena *arena, uint16_t type, const char *text,
                               struct span *out_rdata)
{
    const struct form *form = find_form(type);
    char *written = arena_alloc(arena, room_for(text));
    struct value_reading reading = { .arena = arena, .type = type, .text = text, .to = written };
    struct problem problem = { 0 };
    if (written == NULL)
        return "FATAL problem: there is not enough memory";
    if (form == NULL)
        read_address(&reading);
    else
        read_whole(&reading, form);
    *reading.to = '\0';
    if (reading.fault == NULL &&
        rdata_from_text(arena, type, written, NULL, out_rdata, &problem) != 0)
        fail_rest(&reading, &problem);
    return reading.fault;
}

/* ---- the other way ---- */

/* The decimal escapes of a zone file as octal ones; all others mean the same in both. */
static void write_escapes(char **to, const struct word *word)
{
    for (size_t i = 0; i < word->size; i++) {
        const char *at = word->text + i;
        if (*at != '\\') {
            *(*to)++ = *at;
        } else if (isdigit((unsigned char)at[1])) {
            unsigned octet = (unsigned)((at[1] - '0') * 100 + (at[2] - '0') * 10 + at[3] - '0');
            *to += sprintf(*to, "\\%03o", octet);
            i += 3;
        } else {
            *to += sprintf(*to, "\\%c", at[1]);
            i++;
        }
    }
}

static void write_name(char **to, const struct word *word)
{
    uint8_t name[DNS_NAME_SIZE_MAX];
    const char *why;
    if (dns_name_from_text(name, word->text, word->size, NULL, &why) > 0)
        *to += dns_name_to_octal(*to, name);
}

/* The one key that zone files give a number. */
static void write_param(char **to, const struct word *word)
{
    static const char mandatory[] = "mandatory=", key8[] = "key8";
    bool is_list = strncmp(word->text, mandatory, sizeof mandatory - 1) == 0;
    if (!is_list && strncmp(word->text, key8, sizeof key8 - 1) != 0) {
        write_escapes(to, word);
        return;
    }
    for (size_t i = 0; i < word->size;) {
        bool is_key8 = strncmp(word->text + i, key8, sizeof key8 - 1) == 0;
        if (is_key8)
            *to += sprintf(*to, "ohttp");
        else
            *(*to)++ = word->text[i];
        i += is_key8 ? sizeof key8 - 1 : 1;
    }
}

const char *route53_value_text(struct arena *arena, uint16_t type, struct span rdata)
{
    const struct form *form = find_form(type);
    const char *plain = rdata_to_text(arena, type, rdata), *at = plain;
    char *text = plain == NULL ? NULL : arena_alloc(arena, room_for(plain)), *to = text;
    struct word word;
    if (text == NULL || form == NULL)
        return plain;
    for (unsigned i = 0; next_word(&at, &word);) {
        if (to > text)
            *to++ = ' ';
        if (form->fields[i] == NAME)
            write_name(&to, &word);
        else if (form->fields[i] == PARAMS)
            write_param(&to, &word);
        else
            write_escapes(&to, &word);
        if (!goes_on(form->fields[i]))
            i++;
    }
    return text;
}
