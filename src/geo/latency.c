#include "internal.h"

#include <stdlib.h>

/* The model, where nothing was measured. */
#define MODEL_BASE_MS   5.0
#define MODEL_MS_PER_KM 0.02

static int compare_origins(const struct latency_row *a, const struct latency_row *b)
{
    bool a_has_prefix = a->from_region == GEO_REGION_NONE;
    bool b_has_prefix = b->from_region == GEO_REGION_NONE;
    if (a_has_prefix != b_has_prefix)
        return a_has_prefix ? -1 : 1;
    return a_has_prefix ? prefix_compare(&a->prefix, &b->prefix) : a->from_region - b->from_region;
}

int latency_row_compare(const struct latency_row *a, const struct latency_row *b)
{
    int order = compare_origins(a, b);
    return order != 0 ? order : a->to_region - b->to_region;
}

static int compare(const void *a, const void *b)
{
    return latency_row_compare(a, b);
}

/* Making. */

static int fail_twice(const struct latency_row *row, struct problem *out_problem)
{
    char text[PREFIX_TEXT_SIZE];
    return problem_set(out_problem, SP_EINVAL, "the latency table has %s to %s twice",
                       row->from_region == GEO_REGION_NONE ? prefix_to_text(text, &row->prefix)
                                                           : geo_region_at(row->from_region)->name,
                       geo_region_at(row->to_region)->name);
}

static int no_memory(struct problem *out_problem)
{
    return problem_set(out_problem, SP_ENOMEM, "there is not enough memory for the latencies");
}

/* Copies the sorted rows; what they start from goes into origins or by_region. */
static int fill_entries(struct latency_table *table, const struct latency_row *rows, size_t count,
                        struct prefix_row *origins, size_t *out_origin_count,
                        struct problem *out_problem)
{
    for (size_t i = 0; i < count; i++) {
        bool is_first = i == 0 || compare_origins(&rows[i - 1], &rows[i]) != 0;
        if (!is_first && rows[i - 1].to_region == rows[i].to_region)
            return fail_twice(&rows[i], out_problem);
        table->entries[i] = (struct latency_entry){
            .milliseconds = rows[i].milliseconds,
            .to_region = rows[i].to_region,
            .is_last = i + 1 == count || compare_origins(&rows[i], &rows[i + 1]) != 0,
        };
        if (is_first && rows[i].from_region == GEO_REGION_NONE)
            origins[(*out_origin_count)++] = (struct prefix_row){ rows[i].prefix, (uint32_t)i };
        else if (is_first)
            table->by_region[rows[i].from_region] = (uint32_t)i;
    }
    return 0;
}

int geo__fill_latencies(struct latency_table *table, struct latency_row *rows, size_t count,
                        struct problem *out_problem)
{
    uint32_t ignored;
    size_t origin_count = 0;
    for (unsigned region = 0; region < GEO_REGION_COUNT; region++)
        table->by_region[region] = NO_LATENCIES;
    if (count == 0)
        return 0;
    qsort(rows, count, sizeof *rows, compare);
    struct prefix_row *origins = calloc(count, sizeof *origins);
    table->entries = calloc(count, sizeof *table->entries);
    table->count = (uint32_t)count;
    int rc = origins == NULL || table->entries == NULL
                 ? no_memory(out_problem)
                 : fill_entries(table, rows, count, origins, &origin_count, out_problem);
    if (rc == 0 && prefix_table_create(origins, origin_count, &table->by_prefix, &ignored) != 0)
        rc = no_memory(out_problem);
    free(origins);
    return rc;
}

void geo__finish_latencies(struct latency_table *table)
{
    prefix_table_destroy(table->by_prefix);
    free(table->entries);
}

size_t geo__latency_memory(const struct latency_table *table)
{
    return table->count * sizeof *table->entries + prefix_table_memory(table->by_prefix);
}

/* Asking. */

struct latency_origin geography_origin(const struct geography *geography,
                                       const struct ip_prefix *client, const struct place *place,
                                       bool *out_assumed)
{
    struct latency_origin origin = { .point = geography_point(place, out_assumed) };
    const struct latency_table *table = geography == NULL ? NULL : &geography->tables->latencies;
    struct ip_prefix address = geo__address(client);
    struct prefix_match match;
    if (table == NULL || table->count == 0)
        return origin;
    unsigned region =
        place->region != GEO_REGION_NONE ? place->region : geo_region_nearest(&origin.point);
    if (prefix_table_find(table->by_prefix, &address, &match))
        origin.by_prefix = &table->entries[match.value];
    if (table->by_region[region] != NO_LATENCIES)
        origin.by_region = &table->entries[table->by_region[region]];
    return origin;
}

/* NULL: nothing was measured to that Region. */
static const struct latency_entry *find_entry(const struct latency_entry *entry, unsigned region)
{
    while (entry != NULL && entry->to_region != region)
        entry = entry->is_last ? NULL : entry + 1;
    return entry;
}

double geography_latency_ms(const struct latency_origin *origin, unsigned region,
                            bool *out_measured)
{
    const struct latency_entry *entry = find_entry(origin->by_prefix, region);
    if (entry == NULL)
        entry = find_entry(origin->by_region, region);
    *out_measured = entry != NULL;
    if (entry != NULL)
        return (double)entry->milliseconds;
    return MODEL_BASE_MS +
           MODEL_MS_PER_KM * geo_distance_km(&origin->point, geo_region_point(region));
}
