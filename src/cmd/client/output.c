#include "client.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

int complain(const char *format, ...)
{
    va_list arguments;
    fputs("signpost: ", stderr);
    va_start(arguments, format);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
    fputc('\n', stderr);
    return EXIT_REFUSED;
}

void print_json(json_t *document)
{
    json_dumpf(document, stdout, JSON_COMPACT | JSON_ENCODE_ANY | JSON_REAL_PRECISION(15));
    putchar('\n');
    json_decref(document);
}

void print_quoted(FILE *out, const char *text)
{
    fputc('\'', out);
    for (; *text != '\0'; text++)
        if (*text == '\'')
            fputs("'\\''", out);
        else
            fputc(*text, out);
    fputc('\'', out);
}

const char *text_of(const json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));
    return text != NULL ? text : "";
}

json_int_t number_of(const json_t *object, const char *name)
{
    return json_integer_value(json_object_get(object, name));
}

/* ---- tables ---- */

void table_add(struct table *table, const char *cell)
{
    if (table->count == table->room) {
        table->room = table->room == 0 ? 256 : table->room * 2;
        table->cells = realloc(table->cells, table->room * sizeof(*table->cells));
    }
    char *copy = table->cells == NULL ? NULL : strdup(cell != NULL && *cell != '\0' ? cell : "-");
    if (copy == NULL) {
        complain("no memory");
        exit(EXIT_REFUSED);
    }
    table->cells[table->count++] = copy;
}

const char *grouped(json_int_t number, char out[32])
{
    char digits[32];
    int length = snprintf(digits, sizeof(digits), "%" JSON_INTEGER_FORMAT, number);
    char *to = out;
    for (int i = 0; i < length; i++) {
        if (i > 0 && (length - i) % 3 == 0 && digits[i - 1] != '-')
            *to++ = ',';
        *to++ = digits[i];
    }
    *to = '\0';
    return out;
}

void table_add_number(struct table *table, json_int_t number)
{
    char text[32];
    table_add(table, grouped(number, text));
}

void table_add_row(struct table *table, const char *const *cells)
{
    for (unsigned i = 0; i < table->columns; i++)
        table_add(table, cells[i]);
}

/* Octets that do not go on with a character. */
int text_width(const char *text)
{
    int width = 0;
    for (; *text != '\0'; text++)
        width += ((unsigned char)*text & 0xc0) != 0x80;
    return width;
}

void table_print(struct table *table, FILE *out)
{
    int widths[16] = { 0 };
    for (size_t i = 0; i < table->count; i++) {
        int width = text_width(table->cells[i]);
        if (width > widths[i % table->columns])
            widths[i % table->columns] = width;
    }
    for (size_t i = 0; i < table->count; i++) {
        unsigned column = (unsigned)(i % table->columns);
        bool last = column == table->columns - 1;
        int padding = widths[column] - text_width(table->cells[i]);
        if ((table->right >> column & 1) != 0)
            fprintf(out, "%*s%s", padding, "", table->cells[i]);
        else
            fprintf(out, "%s%*s", table->cells[i], last ? 0 : padding, "");
        fputs(last ? "\n" : "  ", out);
        free(table->cells[i]);
    }
    free(table->cells);
    *table = (struct table){ 0 };
}

/* ---- progress ---- */

static int percent_of(int64_t done, int64_t total)
{
    if (total <= 0 || done >= total)
        return 100;
    return (int)(done * 100 / total);
}

void progress_format(char *out, size_t size, const char *what, int64_t done, int64_t total,
                     int width)
{
    int percent = percent_of(done, total);
    char bar[64];
    /* What else stands on the line: two spaces, brackets, " 100%", and one column that stays free.
     */
    int room = width - (int)strlen(what) - 10;
    if (room > 40)
        room = 40;
    if (room < 5) {
        snprintf(out, size, "%s %3d%%", what, percent);
        return;
    }
    for (int i = 0; i < room; i++)
        bar[i] = i * 100 < percent * room ? '#' : '.';
    bar[room] = '\0';
    snprintf(out, size, "%s [%s] %3d%%", what, bar, percent);
}

void progress_init(struct progress *progress, FILE *out, const char *what, int64_t total)
{
    struct winsize window = { 0 };
    *progress = (struct progress){ .what = what, .total = total, .shown = -1, .width = 80 };
    if (!isatty(fileno(out)))
        return;
    progress->out = out;
    if (ioctl(fileno(out), TIOCGWINSZ, &window) == 0 && window.ws_col > 0)
        progress->width = window.ws_col;
}

/* The server reads the file while it takes it, so what is sent is what is parsed; what remains
 * after the last octet is storing and publishing. */
void progress_show(struct progress *progress, int64_t done)
{
    char line[512];
    if (progress == NULL || progress->out == NULL)
        return;
    bool sent = done >= progress->total;
    int percent = sent ? 101 : percent_of(done, progress->total);
    if (percent == progress->shown)
        return;
    progress->shown = percent;
    progress->active = true;
    if (sent)
        snprintf(line, sizeof(line), "%s: storing ...", progress->what);
    else
        progress_format(line, sizeof(line), progress->what, done, progress->total, progress->width);
    fprintf(progress->out, "\r\033[K%s", line);
    fflush(progress->out);
}

void progress_finish(struct progress *progress)
{
    if (progress == NULL || !progress->active)
        return;
    fputs("\r\033[K", progress->out);
    fflush(progress->out);
    progress->active = false;
}
