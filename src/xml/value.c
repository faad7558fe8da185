/* One text: what its kind makes of it, and what is wrong with it, in the words of a validating
 * parser (A-XML-9). */
#include "internal.h"

#include "signpost/base/limits.h"

#include <assert.h>
#include <inttypes.h>
#include <string.h>

#define DIGITS_MAX 18 /* all of them fit into 64 bits */

/* How much of a text a fault repeats. */
static int told_size(const char *text)
{
    size_t size = strlen(text);
    if (size > XML_FAULT_TEXT_MAX)
        size = text_whole_size(text, XML_FAULT_TEXT_MAX);
    return (int)size;
}

/* ---- texts and words ---- */

static size_t character_count(const char *text)
{
    size_t count = 0;
    for (; *text != '\0'; text++)
        count += ((uint8_t)*text & 0xc0) != 0x80;
    return count;
}

static int refuse_length(const struct xml_field *field, const char *text, const char *facet,
                         int64_t bound, struct xml_faults *faults)
{
    return xml_fault(faults,
                     INVALID_XML "cvc-%s-valid: Value '%.*s' with length = '%zu' is not "
                                 "facet-valid with respect to %s '%" PRId64 "' for type '%s'.",
                     facet, told_size(text), text, character_count(text), facet, bound,
                     field->type);
}

static int check_text(const struct xml_field *field, const char *text, struct xml_faults *faults)
{
    int64_t length = (int64_t)character_count(text);
    if (length < field->least)
        return refuse_length(field, text, "minLength", field->least, faults);
    if (length > field->most)
        return refuse_length(field, text, "maxLength", field->most, faults);
    if (field->fits != NULL && !field->fits(text))
        return xml_fault(faults,
                         INVALID_XML "cvc-pattern-valid: Value '%.*s' is not facet-valid with "
                                     "respect to pattern for type '%s'.",
                         told_size(text), text, field->type);
    return 0;
}

static int refuse_word(const struct xml_field *field, const char *text, struct xml_faults *faults)
{
    const char *list = "";
    for (const char *const *word = field->words; *word != NULL; word++) {
        list = arena_format(faults->arena, "%s%s%s", list, *list == '\0' ? "" : ", ", *word);
        if (list == NULL)
            return SP_ENOMEM;
    }
    return xml_fault(faults,
                     INVALID_XML "cvc-enumeration-valid: Value '%.*s' is not facet-valid with "
                                 "respect to enumeration '[%s]'. It must be a value from the "
                                 "enumeration.",
                     told_size(text), text, list);
}

static int check_word(const struct xml_field *field, const char *text, struct xml_faults *faults)
{
    for (const char *const *word = field->words; *word != NULL; word++)
        if (strcmp(*word, text) == 0)
            return 0;
    return refuse_word(field, text, faults);
}

static int store_string(struct arena *arena, const char *text, const char **member)
{
    const char *copy = arena_copy(arena, text, strlen(text) + 1);
    if (copy == NULL)
        return SP_ENOMEM;
    *member = copy;
    return 0;
}

/* ---- numbers and truths ---- */

static struct span without_blanks(const char *text)
{
    static const char blanks[] = " \t\r\n";
    text += strspn(text, blanks);
    size_t size = strlen(text);
    while (size > 0 && strchr(blanks, text[size - 1]) != NULL)
        size--;
    return (struct span){ (const uint8_t *)text, size };
}

static int refuse_datum(const char *type, const char *text, struct xml_faults *faults)
{
    return xml_fault(faults,
                     INVALID_XML "cvc-datatype-valid.1.2.1: '%.*s' is not a valid value for '%s'.",
                     told_size(text), text, type);
}

static int refuse_range(const struct xml_field *field, const char *text, const char *facet,
                        int64_t bound, struct xml_faults *faults)
{
    return xml_fault(faults,
                     INVALID_XML "cvc-%s-valid: Value '%.*s' is not facet-valid with respect to "
                                 "%s '%" PRId64 "' for type '%s'.",
                     facet, told_size(text), text, facet, bound, field->type);
}

static bool read_integer(struct span text, int64_t *out_value)
{
    bool is_negative = text.size > 0 && text.data[0] == '-';
    size_t first = is_negative ? 1 : 0;
    if (text.size == first || text.size > first + DIGITS_MAX)
        return false;
    int64_t value = 0;
    for (size_t i = first; i < text.size; i++) {
        if (text.data[i] < '0' || text.data[i] > '9')
            return false;
        value = value * 10 + (text.data[i] - '0');
    }
    *out_value = is_negative ? -value : value;
    return true;
}

static int store_integer(const struct xml_field *field, const char *text,
                         struct xml_integer *member, struct xml_faults *faults)
{
    int64_t value;
    if (!read_integer(without_blanks(text), &value))
        return refuse_datum("integer", text, faults);
    if (value < field->least)
        return refuse_range(field, text, "minInclusive", field->least, faults);
    if (value > field->most)
        return refuse_range(field, text, "maxInclusive", field->most, faults);
    *member = (struct xml_integer){ true, value };
    return 0;
}

static bool is_word(struct span text, const char *word)
{
    return text.size == strlen(word) && memcmp(text.data, word, text.size) == 0;
}

static int store_boolean(const char *text, struct xml_boolean *member, struct xml_faults *faults)
{
    struct span word = without_blanks(text);
    bool is_true = is_word(word, "true") || is_word(word, "1");
    if (!is_true && !is_word(word, "false") && !is_word(word, "0"))
        return refuse_datum("boolean", text, faults);
    *member = (struct xml_boolean){ true, is_true };
    return 0;
}

int xml_read_text(struct arena *arena, const struct xml_field *field, const char *text,
                  void *member, struct xml_faults *faults)
{
    int rc = 0;
    switch (field->kind) {
    case XML_TEXT:
        rc = check_text(field, text, faults);
        return rc != 0 ? rc : store_string(arena, text, member);
    case XML_WORD:
        rc = check_word(field, text, faults);
        return rc != 0 ? rc : store_string(arena, text, member);
    case XML_INTEGER:
        return store_integer(field, text, member, faults);
    case XML_BOOLEAN:
        return store_boolean(text, member, faults);
    case XML_TIME:
    case XML_STRUCTURE:
    case XML_LIST:
        break;
    }
    assert(!"a kind that is not read from one text");
    return SP_EINVAL;
}
