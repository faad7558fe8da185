#include "signpost/control/locations.h"

#include "signpost/store/locations.h"

#include "internal.h"

#include <stdlib.h>

/* Both tables as they are stored. */
struct tables {
    struct location_row *locations;
    size_t location_count;
    struct latency_row *latencies;
    size_t latency_count;
};

static void free_tables(struct tables *tables)
{
    free(tables->locations);
    free(tables->latencies);
}

static int read_tables(struct control *control, struct tables *tables, struct problem *out_problem)
{
    int rc = store_read_locations(control->store, &tables->locations, &tables->location_count,
                                  out_problem);
    if (rc == 0)
        rc = store_read_latencies(control->store, &tables->latencies, &tables->latency_count,
                                  out_problem);
    return rc;
}

static int compile(const struct control *control, const struct tables *tables,
                   struct geography **out_geography, struct problem *out_problem)
{
    return geography_create(tables->locations, tables->location_count, tables->latencies,
                            tables->latency_count, control->mmdb, out_geography, out_problem);
}

int control__load_locations(struct control *control, struct snapshot *first,
                            struct problem *out_problem)
{
    struct tables tables = { 0 };
    struct geography *geography = NULL;
    int rc = read_tables(control, &tables, out_problem);
    if (rc == 0)
        rc = compile(control, &tables, &geography, out_problem);
    if (rc == 0)
        snapshot_set_geography(first, geography);
    free_tables(&tables);
    return rc;
}

/* The next snapshot with that geography, whose reference it takes over.  NULL: no memory. */
static struct snapshot *with_geography(const struct control *control, struct geography *geography)
{
    struct snapshot *next = snapshot_copy(control->published);
    if (next == NULL)
        geography_unref(geography);
    else
        snapshot_set_geography(next, geography);
    return next;
}

/* What cannot be compiled is never stored, and once it is stored nothing can fail. */
static int prepare(struct control *control, const struct tables *tables, struct snapshot **out_next,
                   struct problem *out_problem)
{
    struct geography *geography = NULL;
    int rc = compile(control, tables, &geography, out_problem);
    if (rc != 0)
        return rc;
    *out_next = with_geography(control, geography);
    return *out_next == NULL ? control__no_memory(out_problem) : 0;
}

static int finish(struct control *control, struct snapshot *next, int rc)
{
    if (rc == 0)
        control__publish(control, next);
    else
        snapshot_unref(next);
    return rc;
}

int control_import_locations(struct control *control, struct location_row *rows, size_t count,
                             struct problem *out_problem)
{
    struct tables tables = { .locations = rows, .location_count = count };
    struct snapshot *next = NULL;
    int rc =
        store_read_latencies(control->store, &tables.latencies, &tables.latency_count, out_problem);
    if (rc == 0)
        rc = prepare(control, &tables, &next, out_problem);
    if (rc == 0)
        rc = store_replace_locations(control->store, rows, count, out_problem);
    free(tables.latencies);
    return finish(control, next, rc);
}

int control_import_latencies(struct control *control, struct latency_row *rows, size_t count,
                             struct problem *out_problem)
{
    struct tables tables = { .latencies = rows, .latency_count = count };
    struct snapshot *next = NULL;
    int rc = store_read_locations(control->store, &tables.locations, &tables.location_count,
                                  out_problem);
    if (rc == 0)
        rc = prepare(control, &tables, &next, out_problem);
    if (rc == 0)
        rc = store_replace_latencies(control->store, rows, count, out_problem);
    free(tables.locations);
    return finish(control, next, rc);
}

int control_read_locations(struct control *control, struct location_row **out_rows,
                           size_t *out_count, struct problem *out_problem)
{
    return store_read_locations(control->store, out_rows, out_count, out_problem);
}

int control_read_latencies(struct control *control, struct latency_row **out_rows,
                           size_t *out_count, struct problem *out_problem)
{
    return store_read_latencies(control->store, out_rows, out_count, out_problem);
}

int control_set_mmdb(struct control *control, const char *path, struct problem *out_problem)
{
    struct mmdb *mmdb = NULL;
    int rc = path == NULL ? 0 : mmdb_open(path, &mmdb, out_problem);
    if (rc != 0)
        return rc;
    struct geography *geography = geography_with_mmdb(control->published->geography, mmdb);
    struct snapshot *next = geography == NULL ? NULL : with_geography(control, geography);
    if (next == NULL) {
        mmdb_unref(mmdb);
        return control__no_memory(out_problem);
    }
    mmdb_unref(control->mmdb);
    control->mmdb = mmdb;
    control__publish(control, next);
    return 0;
}

const struct mmdb_info *control_mmdb_info(const struct control *control)
{
    return control->mmdb == NULL ? NULL : mmdb_info(control->mmdb);
}
