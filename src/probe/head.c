#include "head.h"

#include <string.h>
#include <strings.h>

struct span head__trim(const char *line, size_t size)
{
    if (size > 0 && line[size - 1] == '\n')
        size--;
    if (size > 0 && line[size - 1] == '\r')
        size--;
    return (struct span){ (const uint8_t *)line, size };
}

static bool is_blank(uint8_t octet)
{
    return octet == ' ' || octet == '\t';
}

static bool is_digit(uint8_t octet)
{
    return octet >= '0' && octet <= '9';
}

/* What a value or a reason may have in it: VCHAR, obs-text, blanks. */
static bool is_text(const uint8_t *text, size_t size)
{
    for (size_t i = 0; i < size; i++)
        if ((text[i] < ' ' && text[i] != '\t') || text[i] == 0x7f)
            return false;
    return true;
}

bool head__read_status(struct span line, unsigned *out_status, struct span *out_reason)
{
    const uint8_t *at = line.data;
    if (line.size < 12 || memcmp(at, "HTTP/1.", 7) != 0 || !is_digit(at[7]) || at[8] != ' ' ||
        !is_digit(at[9]) || !is_digit(at[10]) || !is_digit(at[11]) || at[9] == '0')
        return false;
    if (line.size > 12 && at[12] != ' ')
        return false;
    size_t skipped = line.size > 12 ? 13 : 12;
    if (!is_text(at + skipped, line.size - skipped))
        return false;
    *out_status = (at[9] - '0') * 100u + (at[10] - '0') * 10u + (at[11] - '0');
    *out_reason = (struct span){ at + skipped, line.size - skipped };
    return true;
}

/* RFC 7230 §3.2.6: tchar. */
static bool is_token_octet(uint8_t octet)
{
    return is_digit(octet) || (octet >= 'A' && octet <= 'Z') || (octet >= 'a' && octet <= 'z') ||
           (octet != '\0' && strchr("!#$%&'*+-.^_`|~", octet) != NULL);
}

static size_t name_size(struct span line)
{
    size_t size = 0;
    while (size < line.size && is_token_octet(line.data[size]))
        size++;
    return size;
}

bool head__is_field(struct span line, bool may_continue)
{
    if (line.size > 0 && is_blank(line.data[0]))
        return may_continue && is_text(line.data, line.size);
    size_t size = name_size(line);
    return size > 0 && size < line.size && line.data[size] == ':' &&
           is_text(line.data + size, line.size - size);
}

bool head__read_field(struct span line, const char *name, struct span *out_value)
{
    size_t size = strlen(name);
    if (line.size <= size || line.data[size] != ':' ||
        strncasecmp((const char *)line.data, name, size) != 0)
        return false;
    const uint8_t *from = line.data + size + 1, *to = line.data + line.size;
    while (from < to && is_blank(*from))
        from++;
    while (from < to && is_blank(to[-1]))
        to--;
    *out_value = (struct span){ from, (size_t)(to - from) };
    return true;
}

bool head__says(struct span text, const char *word)
{
    return text.size == strlen(word) && strncasecmp((const char *)text.data, word, text.size) == 0;
}
