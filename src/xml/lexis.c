/* The octets of a document, before anything is made of them. */
#include "internal.h"

#include "signpost/base/limits.h"

#include <limits.h>
#include <stdbool.h>
#include <string.h>

static bool is_allowed(uint32_t character)
{
    if (character < ' ')
        return character == '\t' || character == '\n' || character == '\r';
    bool is_surrogate = character >> 11 == 27;
    return !is_surrogate && character <= 0x10ffff && character != 0xfffe && character != 0xffff;
}

size_t xml__character_size(const uint8_t *at, size_t size)
{
    static const uint32_t least[5] = { 0, 0, 0x80, 0x800, 0x10000 };
    if (at[0] < 0x80)
        return is_allowed(at[0]) ? 1 : 0;
    size_t length = at[0] >> 5 == 6 ? 2 : at[0] >> 4 == 14 ? 3 : at[0] >> 3 == 30 ? 4 : 0;
    if (length == 0 || length > size)
        return 0;
    uint32_t character = at[0] & (0x7fu >> length);
    for (size_t i = 1; i < length; i++) {
        if (at[i] >> 6 != 2)
            return 0;
        character = character << 6 | (at[i] & 0x3f);
    }
    return character >= least[length] && is_allowed(character) ? length : 0;
}

static bool is_text(struct span text)
{
    size_t size;
    for (size_t i = 0; i < text.size; i += size) {
        size = xml__character_size(text.data + i, text.size - i);
        if (size == 0)
            return false;
    }
    return true;
}

/* Behind the first `close` from `at` on; the end where there is none. */
static const uint8_t *find_behind(const uint8_t *at, const uint8_t *end, const char *close)
{
    size_t size = strlen(close);
    const uint8_t *found = memmem(at, (size_t)(end - at), close, size);
    return found == NULL ? end : found + size;
}

static bool begins_with(const uint8_t *at, const uint8_t *end, const char *text)
{
    size_t size = strlen(text);
    return (size_t)(end - at) >= size && memcmp(at, text, size) == 0;
}

/* Behind a tag; its attributes' values may hold a '>'. */
static const uint8_t *skip_tag(const uint8_t *at, const uint8_t *end)
{
    uint8_t quote = '\0';
    for (; at < end; at++) {
        if (quote != '\0')
            quote = *at == quote ? '\0' : quote;
        else if (*at == '>')
            return at + 1;
        else if (*at == '"' || *at == '\'')
            quote = *at;
    }
    return end;
}

static bool has_huge_tag(struct span text)
{
    const uint8_t *end = text.data + text.size;
    const uint8_t *at = text.data, *next;
    for (; (at = memchr(at, '<', (size_t)(end - at))) != NULL; at = next) {
        if (begins_with(at, end, "<!--"))
            next = find_behind(at + 4, end, "-->");
        else if (begins_with(at, end, "<![CDATA["))
            next = find_behind(at + 9, end, "]]>");
        else if (begins_with(at, end, "<?"))
            next = find_behind(at + 2, end, "?>");
        else if ((next = skip_tag(at, end)) - at > XML_TAG_SIZE_MAX)
            return true;
    }
    return false;
}

const char *xml__look_over(struct span text)
{
    if (text.size == 0)
        return "it is empty";
    if (text.size > INT_MAX)
        return "it is too long";
    if (!is_text(text))
        return "it holds an octet that is no character of UTF-8 or not allowed in XML";
    if (has_huge_tag(text))
        return "it holds a tag that is too long";
    return NULL;
}
