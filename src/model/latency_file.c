#include "csv.h"
#include "decimal.h"

#include "signpost/model/location_file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum column { FROM, REGION, MILLISECONDS };
static const char *const columns[] = {
    [FROM] = "from", [REGION] = "region", [MILLISECONDS] = "milliseconds", NULL
};

struct latency_reader {
    struct csv csv;
    struct latency_row *rows;
    size_t count, room;
};

/* One row. */

/* What has a point, a colon or a slash is meant as a prefix. */
static int read_from(struct csv *csv, const char *text, struct latency_row *row)
{
    row->from_region = GEO_REGION_NONE;
    if (strpbrk(text, ".:/") != NULL) {
        const char *why = prefix_from_text(&row->prefix, text);
        return why == NULL ? 0 : csv__fault_field(csv, text, why);
    }
    row->from_region = (uint8_t)geo_region_find(text);
    return row->from_region != GEO_REGION_NONE
               ? 0
               : csv__fault_field(csv, text, "is neither a prefix nor an AWS Region");
}

static int read_to(struct csv *csv, const char *text, struct latency_row *row)
{
    row->to_region = (uint8_t)geo_region_find(text);
    return row->to_region != GEO_REGION_NONE ? 0 : csv__fault_field(csv, text, "is no AWS Region");
}

static int read_milliseconds(struct csv *csv, const char *text, struct latency_row *row)
{
    if (!geo_decimal_read(text, strlen(text), LATENCY_MS_MAX, &row->milliseconds) ||
        row->milliseconds < 0)
        return csv__fault_field(csv, text, "is no latency: milliseconds from 0 to 60000");
    return 0;
}

static struct latency_row *add_row(struct latency_reader *reader)
{
    if (reader->count == reader->room) {
        size_t room = reader->room == 0 ? 1024 : reader->room * 2;
        struct latency_row *rows = realloc(reader->rows, room * sizeof *rows);
        if (rows == NULL)
            return NULL;
        reader->rows = rows;
        reader->room = room;
    }
    return &reader->rows[reader->count++];
}

static int take_row(void *context, struct csv *csv, char *const fields[])
{
    struct latency_reader *reader = context;
    if (reader->count == LATENCIES_MAX)
        return csv__fault(csv, SP_ELIMIT, csv->line, "there are more than %d latencies",
                          LATENCIES_MAX);
    struct latency_row *row = add_row(reader);
    if (row == NULL)
        return csv__fault(csv, SP_ENOMEM, csv->line, "%s", status_text(SP_ENOMEM));
    *row = (struct latency_row){ .line = csv->line };
    int rc = read_from(csv, fields[FROM], row);
    if (rc == 0)
        rc = read_to(csv, fields[REGION], row);
    if (rc == 0)
        rc = read_milliseconds(csv, fields[MILLISECONDS], row);
    return rc;
}

/* The reader. */

static const struct csv_type type = {
    .columns = columns,
    .required = 1 << FROM | 1 << REGION | 1 << MILLISECONDS,
    .row = take_row,
};

struct latency_reader *latency_reader_create(const char *file_name)
{
    struct latency_reader *reader = calloc(1, sizeof *reader);
    if (reader != NULL && csv__init(&reader->csv, &type, reader, file_name) != 0) {
        free(reader);
        reader = NULL;
    }
    return reader;
}

void latency_reader_destroy(struct latency_reader *reader)
{
    if (reader == NULL)
        return;
    csv__finish(&reader->csv);
    free(reader->rows);
    free(reader);
}

int latency_reader_feed(struct latency_reader *reader, struct span text,
                        struct problem *out_problem)
{
    return csv__feed(&reader->csv, text, out_problem);
}

/* Of equal ones the earlier line first, so that the later one is the one too many. */
static int compare(const void *a, const void *b)
{
    const struct latency_row *one = a, *other = b;
    int order = latency_row_compare(one, other);
    return order != 0 ? order : (one->line > other->line) - (one->line < other->line);
}

static int check_twice(struct latency_reader *reader)
{
    for (size_t i = 1; i < reader->count; i++) {
        const struct latency_row *row = &reader->rows[i];
        if (latency_row_compare(row - 1, row) == 0)
            return csv__fault(&reader->csv, SP_EINVAL, row->line,
                              "this latency to %s is there twice: first in line %u",
                              geo_region_at(row->to_region)->name, row[-1].line);
    }
    return 0;
}

int latency_reader_finish(struct latency_reader *reader, struct problem *out_problem)
{
    int rc = csv__end(&reader->csv, out_problem);
    if (rc != 0 || reader->count == 0)
        return rc;
    qsort(reader->rows, reader->count, sizeof *reader->rows, compare);
    rc = check_twice(reader);
    return rc == 0 ? 0 : csv__end(&reader->csv, out_problem);
}

struct latency_row *latency_reader_rows(struct latency_reader *reader, size_t *out_count)
{
    *out_count = reader->count;
    return reader->rows;
}

/* Writing. */

size_t latency_line(char out[LOCATION_LINE_SIZE], const struct latency_row *row)
{
    char from[PREFIX_TEXT_SIZE], milliseconds[DECIMAL_SIZE];
    decimal__write(milliseconds, row->milliseconds);
    return (size_t)snprintf(out, LOCATION_LINE_SIZE, "%s,%s,%s\n",
                            row->from_region == GEO_REGION_NONE
                                ? prefix_to_text(from, &row->prefix)
                                : geo_region_at(row->from_region)->name,
                            geo_region_at(row->to_region)->name, milliseconds);
}
