/*
 * geo/internal.h - the tables of a geography, as the files of this module share them.
 */
#ifndef GEO_INTERNAL_H
#define GEO_INTERNAL_H

#include "signpost/geo/geography.h"
#include "signpost/geo/prefix_table.h"

/* One latency; those of one prefix or Region stand side by side. */
struct latency_entry {
    float milliseconds;
    uint8_t to_region;
    bool is_last;
};

#define NO_LATENCIES UINT32_MAX

struct latency_table {
    struct latency_entry *entries;
    uint32_t count;
    struct prefix_table *by_prefix;       /* the value is the number of the first entry */
    uint32_t by_region[GEO_REGION_COUNT]; /* the same, or NO_LATENCIES */
};

/* What geographies with different MMDB files share. */
struct geo_tables {
    uint32_t refs;
    struct prefix_table *locations; /* the value is the number of a place */
    struct place *places;
    uint32_t place_count;
    struct latency_table latencies;
};

struct geography {
    uint32_t refs;
    struct geo_tables *tables;
    struct mmdb *mmdb;
    bool places_strangers; /* whom neither knows is at that place */
    struct place strangers;
};

/* What follows from what is known of a place: see geography_create. */
void geo__complete_place(struct place *place);

/* The whole first address of a prefix. */
struct ip_prefix geo__address(const struct ip_prefix *prefix);

/* latency.c.  Fills an empty table; on an error, too, it is the caller's to finish. */
int geo__fill_latencies(struct latency_table *table, struct latency_row *rows, size_t count,
                        struct problem *out_problem);
void geo__finish_latencies(struct latency_table *table);
size_t geo__latency_memory(const struct latency_table *table);

#endif
