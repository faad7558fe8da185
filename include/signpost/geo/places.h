/*
 * geo/places.h - the tables of the world: continents, countries, their subdivisions, AWS Regions,
 * Local Zones; and how far apart two points are.
 *
 * Codes are those that Route 53 takes (R-GEO-8, R-GEO-9).  Coordinates are ours: a city of the
 * Region, the main city of the country (from public-domain time zone data).  Any thread.
 */
#ifndef SIGNPOST_GEO_PLACES_H
#define SIGNPOST_GEO_PLACES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The seven continents by index 0..6, in order of their codes: AF AN AS EU NA OC SA. */
#define GEO_CONTINENT_COUNT 7
#define GEO_CONTINENT_NONE  0xff
const char *geo_continent_code(unsigned index);
const char *geo_continent_name(unsigned index);
unsigned geo_continent_find(const char *code); /* GEO_CONTINENT_NONE: no such continent */

struct geo_country {
    char code[3];
    uint8_t continent;
    const char *name;
    float latitude, longitude; /* of its main city */
};
const struct geo_country *geo_country_find(const char *code); /* NULL: Route 53 has no such code */
const struct geo_country *geo_country_at(unsigned index);     /* sorted by code */
unsigned geo_country_count(void);

/* US states with DC, and Ukraine's (R-GEO-2); NULL: no such subdivision. */
struct geo_subdivision {
    char country[3];
    char code[4];
    const char *name;
    float latitude, longitude; /* of its largest city */
};
const struct geo_subdivision *geo_subdivision_find(const char *country, const char *code);
/* The same by its name, in any letter case; name_size octets of it. */
const struct geo_subdivision *geo_subdivision_named(const char *country, const char *name,
                                                    size_t name_size);
const struct geo_subdivision *geo_subdivision_at(unsigned index); /* by country, then code */
unsigned geo_subdivision_count(void);

/* The 39 Regions of latency and geoproximity routing, sorted by name; the index is also how a
 * compiled record names its Region. */
#define GEO_REGION_COUNT     39
#define GEO_REGION_NONE      0xff
#define GEO_REGION_NAME_SIZE 32
struct geo_region {
    const char *name; /* "us-east-1" */
    const char *city;
    float latitude, longitude;
    uint8_t continent;
    char country[3];
    char subdivision[4]; /* of US Regions, else "" */
};
const struct geo_region *geo_region_at(unsigned index);
unsigned geo_region_find(const char *name); /* GEO_REGION_NONE: no such Region */

struct geo_local_zone {
    const char *name; /* the group: "us-west-2-den-1" (R-GPX-1) */
    float latitude, longitude;
};
const struct geo_local_zone *geo_local_zone_find(const char *group); /* NULL: none */

/* A point on the unit sphere: distances between two of them cost one arc sine. */
struct geo_point {
    double x, y, z;
};
struct geo_point geo_point_of(double latitude, double longitude); /* degrees */
/* The precomputed point of a Region. */
const struct geo_point *geo_region_point(unsigned index);
/* The Region nearest to a point, of those that anyone may have an account in: GovCloud, China and
 * the European sovereign cloud are nobody's nearest. */
unsigned geo_region_nearest(const struct geo_point *point);
/* Along the great circle, radius 6371 km (R-GPX-5). */
double geo_distance_km(const struct geo_point *a, const struct geo_point *b);

/* Reads a decimal number such as "-122.42": size octets, digits with at most one point among them,
 * and at most `most` either way.  false: it is something else. */
bool geo_decimal_read(const char *text, size_t size, float most, float *out_number);
#define GEO_LATITUDE_MAX  90
#define GEO_LONGITUDE_MAX 180

#endif
