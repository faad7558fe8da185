/*
 * geo/geography.h - where a client is, and how long it has to each Region.
 *
 * A place comes from our own location table, longest prefix first; then from an MMDB file; else the
 * client is unlocated (R-ECS-9).  Latency comes from a table (measured) where the user has one,
 * else from a model: 5 ms and 0.02 ms for each kilometre of great circle.
 * A geography never changes once it is made; snapshots share it.  Making, ref and unref are the
 * control thread's; any thread may look up.  Looking up allocates nothing and makes no system call.
 */
#ifndef SIGNPOST_GEO_GEOGRAPHY_H
#define SIGNPOST_GEO_GEOGRAPHY_H

#include "signpost/base/prefix.h"
#include "signpost/base/status.h"
#include "signpost/geo/places.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What is known of a place; any part may be missing (R-ECS-10). */
struct place {
    uint8_t continent;   /* GEO_CONTINENT_NONE: unknown */
    uint8_t region;      /* the nearest AWS Region; GEO_REGION_NONE: not said */
    char country[2];     /* zeros: unknown */
    char subdivision[3]; /* zeros behind; all zero: unknown */
    bool has_point;      /* latitude and longitude are set */
    float latitude, longitude;
};

struct location_row {
    struct ip_prefix prefix;
    uint32_t line; /* of the file it came from, 0 when it came otherwise */
    struct place place;
};

/* A client's latency to one Region: by the client's prefix, or by the client's own nearest Region
 * (then from_region is set and prefix is not read). */
struct latency_row {
    struct ip_prefix prefix;
    uint8_t from_region; /* GEO_REGION_NONE: by prefix */
    uint8_t to_region;
    float milliseconds;
    uint32_t line; /* as above */
};

/* The order in which rows are stored and exported: by what they are about.  0: about the same. */
int location_row_compare(const struct location_row *a, const struct location_row *b);
int latency_row_compare(const struct latency_row *a, const struct latency_row *b);

struct mmdb; /* geo/mmdb.h */
struct geography;

/* One reference.  Rows are the caller's; latencies are sorted in place.  The file is referenced.
 * Any of the three may be missing.  Where a row says a country and no continent, the country's is
 * filled in; where it says neither a point nor a Region, the point of its subdivision or else of
 * its country is.  SP_EINVAL for what is there twice, SP_ELIMIT, SP_ENOMEM. */
int geography_create(const struct location_row *locations, size_t location_count,
                     struct latency_row *latencies, size_t latency_count, struct mmdb *mmdb,
                     struct geography **out_geography, struct problem *out_problem);
/* The same tables with another file (NULL: none), sharing what did not change.  NULL: no memory. */
struct geography *geography_with_mmdb(struct geography *geography, struct mmdb *mmdb);
/* The same tables and file, but whoever they do not know is at that place, as if a table said so; a
 * NULL geography knows nobody.  NULL: no memory. */
struct geography *geography_with_strangers(struct geography *geography, const struct place *place);
struct geography *geography_ref(struct geography *geography);         /* NULL is fine */
void geography_unref(struct geography *geography);                    /* NULL is fine */
const struct mmdb *geography_mmdb(const struct geography *geography); /* NULL: none */
size_t geography_location_count(const struct geography *geography);
size_t geography_latency_count(const struct geography *geography);
size_t geography_memory(const struct geography *geography); /* octets */

enum place_source { PLACE_UNLOCATED, PLACE_TABLE, PLACE_MMDB };

/* Where a client is.  Its address decides: a row longer than the client's prefix may match, as the
 * prefix's first address is looked up.  *out_place is empty when unlocated. A NULL geography knows
 * nobody. */
enum place_source geography_locate(const struct geography *geography,
                                   const struct ip_prefix *client, struct place *out_place);

/* The same, with the prefix that the row has, or that the file gives the place to; not set when
 * unlocated. */
enum place_source geography_locate_prefix(const struct geography *geography,
                                          const struct ip_prefix *client, struct place *out_place,
                                          struct ip_prefix *out_prefix);

/* What latency lookups of one client have in common: found once, asked for each Region. */
struct latency_origin {
    const void *by_prefix; /* rows of the table; NULL: none */
    const void *by_region;
    struct geo_point point; /* where the model measures from */
};

/* The rows of the longest prefix that contains the client's address come first, then those of the
 * client's nearest Region: the one its place says, else the one nearest to its point.  An unlocated
 * client, and one that has neither a point nor a Region, counts as at us-east-1 (R-LAT-5, R-GPX-8):
 * then *out_assumed. */
struct latency_origin geography_origin(const struct geography *geography,
                                       const struct ip_prefix *client, const struct place *place,
                                       bool *out_assumed);

/* The latency to a Region in milliseconds; *out_measured: it stands in the table. */
double geography_latency_ms(const struct latency_origin *origin, unsigned region,
                            bool *out_measured);

/* Where distances are measured from (geoproximity): the place's point, else its Region's, else
 * us-east-1 (then *out_assumed). */
struct geo_point geography_point(const struct place *place, bool *out_assumed);

#endif
