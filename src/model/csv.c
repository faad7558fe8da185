#include "csv.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int csv__init(struct csv *csv, const struct csv_type *type, void *context, const char *file_name)
{
    csv->type = type;
    csv->context = context;
    csv->line = 1;
    csv->file_name = strdup(file_name);
    return csv->file_name == NULL ? SP_ENOMEM : 0;
}

void csv__finish(struct csv *csv)
{
    free(csv->file_name);
}

int csv__fault(struct csv *csv, int status, uint32_t line, const char *format, ...)
{
    char reason[PROBLEM_TEXT_SIZE];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(reason, sizeof reason, format, arguments);
    va_end(arguments);
    return problem_set(&csv->problem, status, "%s:%u: %s", csv->file_name, line, reason);
}

/* What a stranger wrote is shown without the octets that would upset a terminal. */
int csv__fault_field(struct csv *csv, const char *text, const char *reason)
{
    char shown[64];
    size_t size = strlen(text);
    snprintf(shown, sizeof shown, "%.50s%s", text, size > 50 ? "..." : "");
    for (char *at = shown; *at != '\0'; at++)
        if ((unsigned char)*at < ' ' || *at == 0x7f)
            *at = '?';
    return csv__fault(csv, SP_EINVAL, csv->line, "\"%s\" %s", shown, reason);
}

/* One line taken apart. */

static char *skip_blanks(char *at)
{
    return at + strspn(at, " \t");
}

/* A field without quotes, up to *end; its blanks are cut off. */
static char *plain_field(char *at, char **end)
{
    char *last = at + strcspn(at, ",");
    *end = last;
    while (last > at && (last[-1] == ' ' || last[-1] == '\t'))
        last--;
    if (last != *end)
        *last = '\0';
    return at;
}

/* A field in quotes, `at` behind the first; two quotes in it are one.  NULL: it does not end, or
 * something stands behind it. */
static char *quoted_field(char *at, char **end)
{
    char *to = at, *from = at;
    while (*from != '\0' && (from[0] != '"' || from[1] == '"')) {
        from += from[0] == '"' ? 1 : 0;
        *to++ = *from++;
    }
    if (*from == '\0')
        return NULL;
    *end = skip_blanks(from + 1);
    *to = '\0';
    return **end == ',' || **end == '\0' ? at : NULL;
}

/* Splits the line, which is written over; how many fields it has, of which those beyond the last
 * place are only counted.  0: it cannot be split, and csv->problem says why. */
static unsigned split(struct csv *csv, char *fields[CSV_COLUMNS_MAX])
{
    char *at = csv->text;
    unsigned count = 0;
    for (;;) {
        char *end;
        char *field = skip_blanks(at);
        field = *field == '"' ? quoted_field(field + 1, &end) : plain_field(field, &end);
        if (field == NULL) {
            csv__fault(csv, SP_EINVAL, csv->line,
                       "a quoted field ends with a quote, and a comma or the end of the line "
                       "follows it");
            return 0;
        }
        if (count < CSV_COLUMNS_MAX)
            fields[count] = field;
        count++;
        if (*end == '\0')
            return count;
        *end = '\0';
        at = end + 1;
    }
}

/* The line that names the columns. */

static int fault_column(struct csv *csv, const char *name, const char *reason)
{
    char text[160] = "";
    size_t size = (size_t)snprintf(text, sizeof text, "%s", reason);
    for (unsigned i = 0; csv->type->columns[i] != NULL && size < sizeof text; i++)
        size += (size_t)snprintf(text + size, sizeof text - size, "%s %s", i > 0 ? "," : "",
                                 csv->type->columns[i]);
    return csv__fault_field(csv, name, text);
}

static int name_column(struct csv *csv, unsigned place, const char *name, unsigned *seen)
{
    const char *const *columns = csv->type->columns;
    unsigned column = 0;
    while (columns[column] != NULL && strcmp(columns[column], name) != 0)
        column++;
    if (columns[column] == NULL)
        return fault_column(csv, name, "is no column; the first line names them, out of:");
    if ((*seen >> column & 1) != 0)
        return csv__fault_field(csv, name, "is named twice");
    *seen |= 1u << column;
    csv->places[place] = (uint8_t)column;
    return 0;
}

static int read_columns(struct csv *csv, char *const fields[], unsigned count)
{
    unsigned seen = 0;
    int rc = 0;
    for (unsigned i = 0; rc == 0 && i < count && i < CSV_COLUMNS_MAX; i++)
        rc = name_column(csv, i, fields[i], &seen);
    for (unsigned i = 0; rc == 0 && csv->type->columns[i] != NULL; i++)
        if ((csv->type->required >> i & ~seen >> i & 1) != 0)
            rc = csv__fault_field(csv, csv->type->columns[i],
                                  "must be among the columns that the first line names");
    csv->place_count = count;
    return rc;
}

/* Lines. */

static int read_row(struct csv *csv, char *const fields[], unsigned count)
{
    char nothing[] = "";
    char *by_column[CSV_COLUMNS_MAX];
    if (count != csv->place_count)
        return csv__fault(csv, SP_EINVAL, csv->line,
                          "has %u fields where the first line names %u columns", count,
                          csv->place_count);
    for (unsigned i = 0; i < CSV_COLUMNS_MAX; i++)
        by_column[i] = nothing;
    for (unsigned i = 0; i < count; i++)
        by_column[csv->places[i]] = fields[i];
    return csv->type->row(csv->context, csv, by_column);
}

static int read_line(struct csv *csv)
{
    char *fields[CSV_COLUMNS_MAX];
    if (csv->size > 0 && csv->text[csv->size - 1] == '\r')
        csv->size--;
    csv->text[csv->size] = '\0';
    if (strlen(csv->text) != csv->size)
        return csv__fault(csv, SP_EINVAL, csv->line, "has an octet 0: this is no text");
    csv->size = 0;
    const char *first = skip_blanks(csv->text);
    if (*first == '\0' || *first == '#')
        return 0;
    unsigned count = split(csv, fields);
    if (count == 0)
        return csv->problem.status;
    return csv->place_count == 0 ? read_columns(csv, fields, count) : read_row(csv, fields, count);
}

/* Adds to the line; spreadsheets put a byte order mark before the first. */
static int add_text(struct csv *csv, const uint8_t *text, size_t size)
{
    if (csv->size + size > CSV_LINE_MAX)
        return csv__fault(csv, SP_EINVAL, csv->line,
                          "has more than %d octets: this is no such file", CSV_LINE_MAX);
    memcpy(csv->text + csv->size, text, size);
    csv->size += size;
    return 0;
}

static void drop_byte_order_mark(struct csv *csv)
{
    if (csv->line == 1 && csv->size >= 3 && memcmp(csv->text, "\xef\xbb\xbf", 3) == 0) {
        csv->size -= 3;
        memmove(csv->text, csv->text + 3, csv->size);
    }
}

static int end_line(struct csv *csv)
{
    drop_byte_order_mark(csv);
    int rc = read_line(csv);
    csv->line++;
    return rc;
}

static int hand_out(const struct csv *csv, struct problem *out_problem)
{
    if (csv->problem.status != 0 && out_problem != NULL)
        *out_problem = csv->problem;
    return csv->problem.status;
}

int csv__feed(struct csv *csv, struct span text, struct problem *out_problem)
{
    const uint8_t *at = text.data, *end = text.data + text.size;
    int rc = csv->problem.status;
    csv->octets += text.size;
    if (rc == 0 && csv->octets > CSV_FILE_SIZE_MAX)
        rc = csv__fault(csv, SP_ELIMIT, csv->line, "the file is longer than %llu octets",
                        CSV_FILE_SIZE_MAX);
    while (rc == 0 && at < end) {
        const uint8_t *newline = memchr(at, '\n', (size_t)(end - at));
        rc = add_text(csv, at, (size_t)((newline != NULL ? newline : end) - at));
        if (rc == 0 && newline != NULL)
            rc = end_line(csv);
        at = newline != NULL ? newline + 1 : end;
    }
    return hand_out(csv, out_problem);
}

int csv__end(struct csv *csv, struct problem *out_problem)
{
    if (csv->problem.status == 0 && csv->size > 0)
        end_line(csv);
    if (csv->problem.status == 0 && csv->place_count == 0)
        csv__fault(csv, SP_EINVAL, csv->line, "the file ends before a line names its columns");
    return hand_out(csv, out_problem);
}
