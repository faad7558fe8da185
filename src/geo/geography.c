#include "internal.h"

#include "signpost/base/limits.h"
#include "signpost/geo/mmdb.h"
#include "signpost/geo/place_set.h"

#include <stdlib.h>
#include <string.h>

/* Filling in. */

static void set_point(struct place *place, float latitude, float longitude)
{
    place->has_point = true;
    place->latitude = latitude;
    place->longitude = longitude;
}

void geo__complete_place(struct place *place)
{
    char code[3] = { place->country[0], place->country[1], '\0' };
    char part[4] = { 0 };
    memcpy(part, place->subdivision, sizeof place->subdivision);
    const struct geo_country *country = code[0] == '\0' ? NULL : geo_country_find(code);
    if (country == NULL)
        return;
    const struct geo_subdivision *subdivision =
        part[0] == '\0' ? NULL : geo_subdivision_find(code, part);
    if (place->continent == GEO_CONTINENT_NONE)
        place->continent = country->continent;
    if (place->has_point || place->region != GEO_REGION_NONE)
        return;
    if (subdivision != NULL)
        set_point(place, subdivision->latitude, subdivision->longitude);
    else
        set_point(place, country->latitude, country->longitude);
}

struct ip_prefix geo__address(const struct ip_prefix *prefix)
{
    struct ip_prefix address = *prefix;
    address.length = (uint8_t)prefix_bits(prefix->family);
    return address;
}

/* Making. */

/* Numbers the place of every row. */
static int number_places(const struct location_row *locations, size_t count,
                         struct prefix_row *rows, struct place_set *set)
{
    int rc = 0;
    for (size_t i = 0; rc == 0 && i < count; i++) {
        struct place place = locations[i].place;
        geo__complete_place(&place);
        rows[i].prefix = locations[i].prefix;
        rc = place_set_number(set, &place, &rows[i].value);
    }
    return rc;
}

static int no_memory(struct problem *out_problem)
{
    return problem_set(out_problem, SP_ENOMEM, "there is not enough memory for the locations");
}

/* Rows that prefix_table_create refused are sorted. */
static int name_the_twice(const struct prefix_row *rows, size_t count, struct problem *out_problem)
{
    char text[PREFIX_TEXT_SIZE];
    size_t i = 1;
    while (i < count - 1 && prefix_compare(&rows[i - 1].prefix, &rows[i].prefix) != 0)
        i++;
    return problem_set(out_problem, SP_EINVAL, "the location table has the prefix %s twice",
                       prefix_to_text(text, &rows[i].prefix));
}

static int fill_locations(struct geo_tables *tables, const struct location_row *locations,
                          size_t count, struct problem *out_problem)
{
    uint32_t ignored;
    struct place_set set = { 0 };
    struct prefix_row *rows = calloc(count > 0 ? count : 1, sizeof *rows);
    int rc = rows == NULL ? SP_ENOMEM : number_places(locations, count, rows, &set);
    if (rc == 0)
        rc = prefix_table_create(rows, count, &tables->locations, &ignored);
    if (rc == SP_EEXIST)
        rc = name_the_twice(rows, count, out_problem);
    else if (rc != 0)
        rc = no_memory(out_problem);
    free(rows);
    tables->places = place_set_take(&set, &tables->place_count);
    return rc;
}

static void unref_tables(struct geo_tables *tables)
{
    if (tables == NULL || --tables->refs > 0)
        return;
    prefix_table_destroy(tables->locations);
    free(tables->places);
    geo__finish_latencies(&tables->latencies);
    free(tables);
}

/* Takes over the reference to the tables. */
static struct geography *combine(struct geo_tables *tables, struct mmdb *mmdb)
{
    struct geography *geography = calloc(1, sizeof *geography);
    if (geography == NULL) {
        unref_tables(tables);
        return NULL;
    }
    *geography = (struct geography){ .refs = 1, .tables = tables, .mmdb = mmdb_ref(mmdb) };
    return geography;
}

static int check_counts(size_t location_count, size_t latency_count, struct problem *out_problem)
{
    if (location_count > LOCATIONS_MAX)
        return problem_set(out_problem, SP_ELIMIT, "there are more than %d locations",
                           LOCATIONS_MAX);
    if (latency_count > LATENCIES_MAX)
        return problem_set(out_problem, SP_ELIMIT, "there are more than %d latencies",
                           LATENCIES_MAX);
    return 0;
}

int geography_create(const struct location_row *locations, size_t location_count,
                     struct latency_row *latencies, size_t latency_count, struct mmdb *mmdb,
                     struct geography **out_geography, struct problem *out_problem)
{
    int rc = check_counts(location_count, latency_count, out_problem);
    if (rc != 0)
        return rc;
    struct geo_tables *tables = calloc(1, sizeof *tables);
    if (tables == NULL)
        return no_memory(out_problem);
    tables->refs = 1;
    rc = fill_locations(tables, locations, location_count, out_problem);
    if (rc == 0)
        rc = geo__fill_latencies(&tables->latencies, latencies, latency_count, out_problem);
    if (rc != 0) {
        unref_tables(tables);
        return rc;
    }
    *out_geography = combine(tables, mmdb);
    return *out_geography == NULL ? no_memory(out_problem) : 0;
}

struct geography *geography_with_mmdb(struct geography *geography, struct mmdb *mmdb)
{
    geography->tables->refs++;
    return combine(geography->tables, mmdb);
}

struct geography *geography_with_strangers(struct geography *geography, const struct place *place)
{
    struct geography *with = NULL;
    if (geography != NULL)
        with = geography_with_mmdb(geography, geography->mmdb);
    else
        geography_create(NULL, 0, NULL, 0, NULL, &with, NULL);
    if (with == NULL)
        return NULL;
    with->places_strangers = true;
    with->strangers = *place;
    geo__complete_place(&with->strangers);
    return with;
}

struct geography *geography_ref(struct geography *geography)
{
    if (geography != NULL)
        geography->refs++;
    return geography;
}

void geography_unref(struct geography *geography)
{
    if (geography == NULL || --geography->refs > 0)
        return;
    mmdb_unref(geography->mmdb);
    unref_tables(geography->tables);
    free(geography);
}

/* Asking. */

const struct mmdb *geography_mmdb(const struct geography *geography)
{
    return geography == NULL ? NULL : geography->mmdb;
}

size_t geography_location_count(const struct geography *geography)
{
    return geography == NULL ? 0 : prefix_table_count(geography->tables->locations);
}

size_t geography_latency_count(const struct geography *geography)
{
    return geography == NULL ? 0 : geography->tables->latencies.count;
}

size_t geography_memory(const struct geography *geography)
{
    if (geography == NULL)
        return 0;
    const struct geo_tables *tables = geography->tables;
    return sizeof *geography + sizeof *tables + prefix_table_memory(tables->locations) +
           tables->place_count * sizeof *tables->places + geo__latency_memory(&tables->latencies);
}

static const struct place nowhere = { .continent = GEO_CONTINENT_NONE, .region = GEO_REGION_NONE };

/* *out_length: of the prefix that the place was found under. */
static inline enum place_source locate(const struct geography *geography,
                                       const struct ip_prefix *address, struct place *out_place,
                                       uint8_t *out_length)
{
    struct prefix_match match;
    if (geography == NULL) {
        *out_place = nowhere;
        return PLACE_UNLOCATED;
    }
    if (prefix_table_find(geography->tables->locations, address, &match)) {
        *out_place = geography->tables->places[match.value];
        *out_length = match.length;
        return PLACE_TABLE;
    }
    *out_place = nowhere;
    if (geography->mmdb != NULL && mmdb_locate(geography->mmdb, address, out_place, out_length))
        return PLACE_MMDB;
    if (!geography->places_strangers)
        return PLACE_UNLOCATED;
    *out_place = geography->strangers;
    *out_length = 0;
    return PLACE_TABLE;
}

enum place_source geography_locate_prefix(const struct geography *geography,
                                          const struct ip_prefix *client, struct place *out_place,
                                          struct ip_prefix *out_prefix)
{
    struct ip_prefix address = geo__address(client);
    enum place_source source = locate(geography, &address, out_place, &address.length);
    if (source != PLACE_UNLOCATED) {
        prefix_mask(&address);
        *out_prefix = address;
    }
    return source;
}

enum place_source geography_locate(const struct geography *geography,
                                   const struct ip_prefix *client, struct place *out_place)
{
    struct ip_prefix address = geo__address(client);
    uint8_t ignored;
    return locate(geography, &address, out_place, &ignored);
}

struct geo_point geography_point(const struct place *place, bool *out_assumed)
{
    *out_assumed = !place->has_point && place->region == GEO_REGION_NONE;
    if (place->has_point)
        return geo_point_of(place->latitude, place->longitude);
    return *geo_region_point(*out_assumed ? geo_region_find("us-east-1") : place->region);
}

int location_row_compare(const struct location_row *a, const struct location_row *b)
{
    return prefix_compare(&a->prefix, &b->prefix);
}
