/*
 * geo/tables.h - the tables of the world as places.c searches them; each is sorted by its codes.
 */
#ifndef GEO_TABLES_H
#define GEO_TABLES_H

#include "signpost/geo/places.h"

/* The continents in the order of geo_continent_code: what the tables are written with. */
enum { AF, AN, AS, EU, NA, OC, SA };

extern const struct geo_country geo__countries[];
extern const unsigned geo__country_count;
extern const struct geo_subdivision geo__subdivisions[];
extern const unsigned geo__subdivision_count;
extern const struct geo_region geo__regions[GEO_REGION_COUNT];
extern const struct geo_point geo__region_points[GEO_REGION_COUNT];
extern const struct geo_local_zone geo__local_zones[];
extern const unsigned geo__local_zone_count;

#endif
