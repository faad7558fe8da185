#include "forms.h"

#include <arpa/inet.h>
#include <string.h>

#define DIGITS     "0123456789"
#define LOWER_CASE "abcdefghijklmnopqrstuvwxyz"
#define UPPER_CASE "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

static bool is_made_of(const char *text, const char *characters)
{
    return *text != '\0' && text[strspn(text, characters)] == '\0';
}

bool fits_ip_address(const char *text)
{
    struct in6_addr address;
    return inet_pton(AF_INET, text, &address) == 1 || inet_pton(AF_INET6, text, &address) == 1;
}

static bool is_coordinate(const char *text, size_t most_digits)
{
    if (*text == '-' || *text == '+')
        text++;
    size_t digits = strspn(text, DIGITS);
    if (digits == 0 || digits > most_digits)
        return false;
    text += digits;
    if (*text == '\0')
        return true;
    return *text == '.' && strlen(text + 1) <= 2 && text[1 + strspn(text + 1, DIGITS)] == '\0';
}

bool fits_latitude(const char *text)
{
    return is_coordinate(text, 2);
}

bool fits_longitude(const char *text)
{
    return is_coordinate(text, 3);
}

bool fits_uuid(const char *text)
{
    static const size_t parts[] = { 8, 4, 4, 4, 12 };
    for (unsigned i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        if (i > 0 && *text++ != '-')
            return false;
        if (strspn(text, DIGITS "abcdef") != parts[i])
            return false;
        text += parts[i];
    }
    return *text == '\0';
}

bool fits_name(const char *text)
{
    return is_made_of(text, DIGITS UPPER_CASE LOWER_CASE "_-");
}

bool fits_name_or_default(const char *text)
{
    return is_made_of(text, DIGITS UPPER_CASE LOWER_CASE "_-*");
}

bool fits_ascii(const char *text)
{
    for (const char *at = text; *at != '\0'; at++)
        if ((unsigned char)*at > 0x7f)
            return false;
    return *text != '\0';
}

bool fits_text(const char *text)
{
    return text[strspn(text, " \t\r\n")] != '\0';
}

bool fits_region(const char *text)
{
    if (strcmp(text, "eusc-de-east-1") == 0)
        return true;
    if (strspn(text, LOWER_CASE) != 2)
        return false;
    unsigned words = 0;
    for (text += 2; text[0] == '-' && strspn(text + 1, LOWER_CASE) > 0; words++)
        text += 1 + strspn(text + 1, LOWER_CASE);
    return words > 0 && text[0] == '-' && strspn(text + 1, DIGITS) == 1 && text[2] == '\0';
}
