#include "signpost/model/location_file.h"

#include "csv.h"
#include "decimal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum column { PREFIX, CONTINENT, COUNTRY, SUBDIVISION, LATITUDE, LONGITUDE, REGION };
static const char *const columns[] = {
    [PREFIX] = "prefix",     [CONTINENT] = "continent",
    [COUNTRY] = "country",   [SUBDIVISION] = "subdivision",
    [LATITUDE] = "latitude", [LONGITUDE] = "longitude",
    [REGION] = "region",     NULL,
};

struct location_reader {
    struct csv csv;
    struct location_row *rows;
    size_t count, room;
};

/* One row. */

static int read_continent(struct csv *csv, const char *text, struct place *place)
{
    if (text[0] == '\0')
        return 0;
    place->continent = (uint8_t)geo_continent_find(text);
    return place->continent != GEO_CONTINENT_NONE
               ? 0
               : csv__fault_field(csv, text,
                                  "is none of the continents AF, AN, AS, EU, NA, OC, SA");
}

static int read_country(struct csv *csv, const char *text, struct place *place)
{
    if (text[0] == '\0')
        return 0;
    if (geo_country_find(text) == NULL)
        return csv__fault_field(csv, text,
                                "is no country that Route 53 has: two capital letters (ISO 3166)");
    memcpy(place->country, text, sizeof place->country);
    return 0;
}

static int read_subdivision(struct csv *csv, const char *text, struct place *place)
{
    const char country[3] = { place->country[0], place->country[1] };
    if (text[0] == '\0')
        return 0;
    const struct geo_subdivision *subdivision = geo_subdivision_find(country, text);
    if (subdivision == NULL)
        return csv__fault_field(csv, text,
                                "is no subdivision of its country that Route 53 has: states of US "
                                "(two capital letters) and regions of UA (two digits)");
    memcpy(place->subdivision, subdivision->code, sizeof place->subdivision);
    return 0;
}

static int read_point(struct csv *csv, const char *latitude, const char *longitude,
                      struct place *place)
{
    if (latitude[0] == '\0' && longitude[0] == '\0')
        return 0;
    if (!geo_decimal_read(latitude, strlen(latitude), GEO_LATITUDE_MAX, &place->latitude))
        return csv__fault_field(csv, latitude, "is no latitude from -90 to 90");
    if (!geo_decimal_read(longitude, strlen(longitude), GEO_LONGITUDE_MAX, &place->longitude))
        return csv__fault_field(csv, longitude, "is no longitude from -180 to 180");
    place->has_point = true;
    return 0;
}

static int read_region(struct csv *csv, const char *text, struct place *place)
{
    if (text[0] == '\0')
        return 0;
    place->region = (uint8_t)geo_region_find(text);
    return place->region != GEO_REGION_NONE ? 0 : csv__fault_field(csv, text, "is no AWS Region");
}

static struct location_row *add_row(struct location_reader *reader)
{
    if (reader->count == reader->room) {
        size_t room = reader->room == 0 ? 1024 : reader->room * 2;
        struct location_row *rows = realloc(reader->rows, room * sizeof *rows);
        if (rows == NULL)
            return NULL;
        reader->rows = rows;
        reader->room = room;
    }
    return &reader->rows[reader->count++];
}

static int take_row(void *context, struct csv *csv, char *const fields[])
{
    struct location_reader *reader = context;
    if (reader->count == LOCATIONS_MAX)
        return csv__fault(csv, SP_ELIMIT, csv->line, "there are more than %d locations",
                          LOCATIONS_MAX);
    struct location_row *row = add_row(reader);
    if (row == NULL)
        return csv__fault(csv, SP_ENOMEM, csv->line, "%s", status_text(SP_ENOMEM));
    *row = (struct location_row){ .line = csv->line };
    row->place.continent = GEO_CONTINENT_NONE;
    row->place.region = GEO_REGION_NONE;
    const char *why = prefix_from_text(&row->prefix, fields[PREFIX]);
    int rc = why != NULL ? csv__fault_field(csv, fields[PREFIX], why) : 0;
    if (rc == 0)
        rc = read_continent(csv, fields[CONTINENT], &row->place);
    if (rc == 0)
        rc = read_country(csv, fields[COUNTRY], &row->place);
    if (rc == 0)
        rc = read_subdivision(csv, fields[SUBDIVISION], &row->place);
    if (rc == 0)
        rc = read_point(csv, fields[LATITUDE], fields[LONGITUDE], &row->place);
    if (rc == 0)
        rc = read_region(csv, fields[REGION], &row->place);
    return rc;
}

/* The reader. */

static const struct csv_type type = { .columns = columns,
                                      .required = 1 << PREFIX,
                                      .row = take_row };

struct location_reader *location_reader_create(const char *file_name)
{
    struct location_reader *reader = calloc(1, sizeof *reader);
    if (reader != NULL && csv__init(&reader->csv, &type, reader, file_name) != 0) {
        free(reader);
        reader = NULL;
    }
    return reader;
}

void location_reader_destroy(struct location_reader *reader)
{
    if (reader == NULL)
        return;
    csv__finish(&reader->csv);
    free(reader->rows);
    free(reader);
}

int location_reader_feed(struct location_reader *reader, struct span text,
                         struct problem *out_problem)
{
    return csv__feed(&reader->csv, text, out_problem);
}

/* Of equal ones the earlier line first, so that the later one is the one too many. */
static int compare(const void *a, const void *b)
{
    const struct location_row *one = a, *other = b;
    int order = location_row_compare(one, other);
    return order != 0 ? order : (one->line > other->line) - (one->line < other->line);
}

/* An export is sorted already. */
static bool is_sorted(const struct location_reader *reader)
{
    size_t i = 1;
    while (i < reader->count && location_row_compare(&reader->rows[i - 1], &reader->rows[i]) < 0)
        i++;
    return i >= reader->count;
}

static int check_twice(struct location_reader *reader)
{
    char text[PREFIX_TEXT_SIZE];
    for (size_t i = 1; i < reader->count; i++) {
        const struct location_row *row = &reader->rows[i];
        if (location_row_compare(row - 1, row) == 0)
            return csv__fault(&reader->csv, SP_EINVAL, row->line,
                              "the prefix %s is there twice: first in line %u",
                              prefix_to_text(text, &row->prefix), row[-1].line);
    }
    return 0;
}

int location_reader_finish(struct location_reader *reader, struct problem *out_problem)
{
    int rc = csv__end(&reader->csv, out_problem);
    if (rc != 0 || is_sorted(reader))
        return rc;
    qsort(reader->rows, reader->count, sizeof *reader->rows, compare);
    rc = check_twice(reader);
    return rc == 0 ? 0 : csv__end(&reader->csv, out_problem);
}

struct location_row *location_reader_rows(struct location_reader *reader, size_t *out_count)
{
    *out_count = reader->count;
    return reader->rows;
}

/* Writing. */

size_t location_line(char out[LOCATION_LINE_SIZE], const struct location_row *row)
{
    const struct place *place = &row->place;
    char prefix[PREFIX_TEXT_SIZE], latitude[DECIMAL_SIZE] = "", longitude[DECIMAL_SIZE] = "";
    if (place->has_point) {
        decimal__write(latitude, place->latitude);
        decimal__write(longitude, place->longitude);
    }
    return (size_t)snprintf(
        out, LOCATION_LINE_SIZE, "%s,%s,%.2s,%.3s,%s,%s,%s\n", prefix_to_text(prefix, &row->prefix),
        place->continent == GEO_CONTINENT_NONE ? "" : geo_continent_code(place->continent),
        place->country, place->subdivision, latitude, longitude,
        place->region == GEO_REGION_NONE ? "" : geo_region_at(place->region)->name);
}
