#include "client.h"

#include <langinfo.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* What the user's locale writes; ours stays "C", in which numbers have points. */
static bool locale_is_utf8(void)
{
    locale_t locale = newlocale(LC_CTYPE_MASK, "", (locale_t)0);
    if (locale == (locale_t)0)
        return false;
    bool is_utf8 = strcmp(nl_langinfo_l(CODESET, locale), "UTF-8") == 0;
    freelocale(locale);
    return is_utf8;
}

struct style style_of(FILE *out)
{
    const char *no_colour = getenv("NO_COLOR"), *terminal = getenv("TERM");
    bool is_terminal = isatty(fileno(out)) != 0;
    bool is_dumb = terminal == NULL || strcmp(terminal, "dumb") == 0;
    return (struct style){
        .utf8 = locale_is_utf8(),
        .colour = is_terminal && !is_dumb && (no_colour == NULL || no_colour[0] == '\0'),
        .terminal = is_terminal,
    };
}

void print_text(FILE *out, const char *text)
{
    for (; *text != '\0'; text++)
        fputc((unsigned char)*text < ' ' || *text == 0x7f ? '?' : *text, out);
}
