#include "signpost/geo/places.h"

#include "tables.h"

#include <math.h>
#include <string.h>
#include <strings.h>

#define EARTH_RADIUS_KM 6371.0 /* R-GPX-5 */

static const struct continent {
    char code[3];
    const char *name;
} continents[GEO_CONTINENT_COUNT] = {
    { "AF", "Africa" },        { "AN", "Antarctica" },    { "AS", "Asia" },
    { "EU", "Europe" },        { "NA", "North America" }, { "OC", "Oceania" },
    { "SA", "South America" },
};

const char *geo_continent_code(unsigned index)
{
    return continents[index].code;
}

const char *geo_continent_name(unsigned index)
{
    return continents[index].name;
}

unsigned geo_continent_find(const char *code)
{
    for (unsigned i = 0; i < GEO_CONTINENT_COUNT; i++)
        if (strcmp(continents[i].code, code) == 0)
            return i;
    return GEO_CONTINENT_NONE;
}

/* Where in a sorted table the key is; count: nowhere.  compare: the key with an entry. */
static inline unsigned search(unsigned count, int (*compare)(const void *key, unsigned index),
                              const void *key)
{
    unsigned first = 0, last = count;
    while (first < last) {
        unsigned middle = (first + last) / 2;
        int order = compare(key, middle);
        if (order == 0)
            return middle;
        if (order < 0)
            last = middle;
        else
            first = middle + 1;
    }
    return count;
}

static int compare_country(const void *key, unsigned index)
{
    return strcmp(key, geo__countries[index].code);
}

const struct geo_country *geo_country_find(const char *code)
{
    unsigned index = search(geo__country_count, compare_country, code);
    return index == geo__country_count ? NULL : &geo__countries[index];
}

const struct geo_country *geo_country_at(unsigned index)
{
    return &geo__countries[index];
}

unsigned geo_country_count(void)
{
    return geo__country_count;
}

static int compare_subdivision(const void *key, unsigned index)
{
    const char *const *codes = key;
    int order = strcmp(codes[0], geo__subdivisions[index].country);
    return order != 0 ? order : strcmp(codes[1], geo__subdivisions[index].code);
}

const struct geo_subdivision *geo_subdivision_find(const char *country, const char *code)
{
    const char *const codes[] = { country, code };
    unsigned index = search(geo__subdivision_count, compare_subdivision, codes);
    return index == geo__subdivision_count ? NULL : &geo__subdivisions[index];
}

const struct geo_subdivision *geo_subdivision_named(const char *country, const char *name,
                                                    size_t name_size)
{
    for (unsigned i = 0; i < geo__subdivision_count; i++) {
        const struct geo_subdivision *subdivision = &geo__subdivisions[i];
        if (strcmp(subdivision->country, country) == 0 &&
            strncasecmp(subdivision->name, name, name_size) == 0 &&
            subdivision->name[name_size] == '\0')
            return subdivision;
    }
    return NULL;
}

const struct geo_subdivision *geo_subdivision_at(unsigned index)
{
    return &geo__subdivisions[index];
}

unsigned geo_subdivision_count(void)
{
    return geo__subdivision_count;
}

static int compare_region(const void *key, unsigned index)
{
    return strcmp(key, geo__regions[index].name);
}

unsigned geo_region_find(const char *name)
{
    unsigned index = search(GEO_REGION_COUNT, compare_region, name);
    return index == GEO_REGION_COUNT ? GEO_REGION_NONE : index;
}

const struct geo_region *geo_region_at(unsigned index)
{
    return &geo__regions[index];
}

static int compare_local_zone(const void *key, unsigned index)
{
    return strcmp(key, geo__local_zones[index].name);
}

const struct geo_local_zone *geo_local_zone_find(const char *group)
{
    unsigned index = search(geo__local_zone_count, compare_local_zone, group);
    return index == geo__local_zone_count ? NULL : &geo__local_zones[index];
}

/* Points and distances. */

static double radians(double degrees)
{
    return degrees * (M_PI / 180);
}

struct geo_point geo_point_of(double latitude, double longitude)
{
    double across = cos(radians(latitude));
    return (struct geo_point){ across * cos(radians(longitude)), across * sin(radians(longitude)),
                               sin(radians(latitude)) };
}

const struct geo_point *geo_region_point(unsigned index)
{
    return &geo__region_points[index];
}

/* The square of the straight line through the earth: it grows as the great circle does. */
static double chord_squared(const struct geo_point *a, const struct geo_point *b)
{
    double x = a->x - b->x, y = a->y - b->y, z = a->z - b->z;
    return x * x + y * y + z * z;
}

double geo_distance_km(const struct geo_point *a, const struct geo_point *b)
{
    double half = sqrt(chord_squared(a, b)) / 2;
    return 2 * EARTH_RADIUS_KM * asin(half < 1 ? half : 1);
}

static bool is_public(const char *region)
{
    return strncmp(region, "us-gov-", 7) != 0 && strncmp(region, "cn-", 3) != 0 &&
           strncmp(region, "eusc-", 5) != 0;
}

unsigned geo_region_nearest(const struct geo_point *point)
{
    unsigned nearest = GEO_REGION_NONE;
    double least = INFINITY;
    for (unsigned i = 0; i < GEO_REGION_COUNT; i++) {
        double chord = chord_squared(point, &geo__region_points[i]);
        if (chord < least && is_public(geo__regions[i].name)) {
            least = chord;
            nearest = i;
        }
    }
    return nearest;
}

bool geo_decimal_read(const char *text, size_t size, float most, float *out_number)
{
    double value = 0, place = 1;
    bool has_point = false, has_digit = false;
    size_t at = size > 0 && (text[0] == '-' || text[0] == '+') ? 1 : 0;
    if (size > 24)
        return false;
    for (; at < size; at++) {
        if (text[at] == '.' && !has_point) {
            has_point = true;
        } else if (text[at] >= '0' && text[at] <= '9') {
            has_digit = true;
            value = value * 10 + (text[at] - '0');
            place *= has_point ? 10 : 1;
        } else {
            return false;
        }
    }
    if (!has_digit)
        return false;
    value = (text[0] == '-' ? -value : value) / place;
    if (value < -most || value > most)
        return false;
    *out_number = (float)value;
    return true;
}
