/*
 * A prefix is stored as one blob: family, all octets of an address, length.  Its order is that of
 * prefix_compare, so a table of a million rows is written and read in one sweep.
 */
#include "signpost/store/locations.h"

#include "internal.h"

#include "signpost/geo/place_set.h"

#include <stdio.h>
#include <stdlib.h>

#define PREFIX_BLOB_SIZE 18

/* A write this big goes to the log once, and not again and again as pages are needed (KiB). */
#define REPLACE_CACHE_KIB 65536
#define USUAL_CACHE_KIB   2000 /* SQLite's own choice */

/* The columns of PLACE_COLUMNS, LOCATIONS_ALL and LATENCIES_ALL (statements.c). */
enum { P_ID, P_CONTINENT, P_COUNTRY, P_SUBDIVISION, P_LATITUDE, P_LONGITUDE, P_REGION };
enum { L_PREFIX, L_PLACE };
enum { M_FROM, M_REGION, M_MILLISECONDS };

/* What client_table says of a table. */
struct total {
    uint64_t row_count;
    uint64_t digest; /* a sum, so that the order does not matter */
};

/* ---- prefixes ---- */

static struct span pack_prefix(uint8_t out[PREFIX_BLOB_SIZE], const struct ip_prefix *prefix)
{
    size_t octets = prefix_bits(prefix->family) / 8;
    out[0] = prefix->family;
    memcpy(out + 1, prefix->octets, octets);
    out[1 + octets] = prefix->length;
    return (struct span){ out, octets + 2 };
}

static bool unpack_prefix(struct ip_prefix *out_prefix, struct span blob)
{
    if (blob.size < 2 || (blob.data[0] != IP_V4 && blob.data[0] != IP_V6) ||
        blob.size != prefix_bits(blob.data[0]) / 8 + 2 ||
        blob.data[blob.size - 1] > prefix_bits(blob.data[0]))
        return false;
    *out_prefix = (struct ip_prefix){ .family = blob.data[0], .length = blob.data[blob.size - 1] };
    memcpy(out_prefix->octets, blob.data + 1, blob.size - 2);
    struct ip_prefix masked = *out_prefix;
    prefix_mask(&masked);
    return memcmp(masked.octets, out_prefix->octets, sizeof masked.octets) == 0;
}

/* ---- places ---- */

/* An absent code is NULL. */
static void bind_code(sqlite3_stmt *statement, int index, const char *code, size_t size)
{
    size = strnlen(code, size);
    if (size > 0)
        store__bind_text(statement, index, code, size);
    else
        sqlite3_bind_null(statement, index);
}

static const char *region_name(uint8_t region)
{
    return region == GEO_REGION_NONE ? "" : geo_region_at(region)->name;
}

static const char *continent_code(uint8_t continent)
{
    return continent == GEO_CONTINENT_NONE ? "" : geo_continent_code(continent);
}

static int insert_place(struct store *store, uint32_t number, const struct place *place,
                        struct problem *out_problem)
{
    sqlite3_stmt *statement = store->statements[PLACE_INSERT];
    sqlite3_bind_int64(statement, 1 + P_ID, number);
    bind_code(statement, 1 + P_CONTINENT, continent_code(place->continent), 2);
    bind_code(statement, 1 + P_COUNTRY, place->country, sizeof place->country);
    bind_code(statement, 1 + P_SUBDIVISION, place->subdivision, sizeof place->subdivision);
    bind_code(statement, 1 + P_REGION, region_name(place->region), GEO_REGION_NAME_SIZE);
    if (place->has_point) { /* else they are NULL: see store__run */
        sqlite3_bind_double(statement, 1 + P_LATITUDE, (double)place->latitude);
        sqlite3_bind_double(statement, 1 + P_LONGITUDE, (double)place->longitude);
    }
    return store__run(store, PLACE_INSERT, out_problem);
}

/* A code of at most size letters; false when there is more. */
static bool read_code(char *out, size_t size, sqlite3_stmt *statement, int column)
{
    struct span text = store__column_span(statement, column);
    if (text.size > size)
        return false;
    memset(out, 0, size);
    if (text.size > 0)
        memcpy(out, text.data, text.size);
    return true;
}

static bool read_region(uint8_t *out_region, sqlite3_stmt *statement, int column)
{
    char name[GEO_REGION_NAME_SIZE] = "";
    if (!read_code(name, sizeof name - 1, statement, column))
        return false;
    *out_region = (uint8_t)geo_region_find(name);
    return *out_region != GEO_REGION_NONE || name[0] == '\0';
}

static bool decode_place(sqlite3_stmt *statement, struct place *out_place)
{
    char continent[3] = "";
    struct place place = { .has_point = sqlite3_column_type(statement, P_LATITUDE) != SQLITE_NULL };
    if (!read_code(continent, 2, statement, P_CONTINENT) ||
        !read_code(place.country, sizeof place.country, statement, P_COUNTRY) ||
        !read_code(place.subdivision, sizeof place.subdivision, statement, P_SUBDIVISION) ||
        !read_region(&place.region, statement, P_REGION))
        return false;
    place.continent = (uint8_t)geo_continent_find(continent);
    place.latitude = (float)sqlite3_column_double(statement, P_LATITUDE);
    place.longitude = (float)sqlite3_column_double(statement, P_LONGITUDE);
    *out_place = place;
    return place.continent != GEO_CONTINENT_NONE || continent[0] == '\0';
}

static uint64_t add_code(uint64_t digest, const char *code, size_t size)
{
    return store__bytes_digest(digest, (struct span){ (const uint8_t *)code, strnlen(code, size) });
}

static uint32_t bits_of(float number)
{
    uint32_t bits;
    memcpy(&bits, &number, sizeof bits);
    return bits;
}

/* By the codes and not by their numbers, which another version may count otherwise. */
static uint64_t place_digest(const struct place *place)
{
    uint64_t digest =
        place->has_point ? (uint64_t)bits_of(place->latitude) << 32 | bits_of(place->longitude) : 1;
    digest = add_code(digest, continent_code(place->continent), 2);
    digest = add_code(digest, place->country, sizeof place->country);
    digest = add_code(digest, place->subdivision, sizeof place->subdivision);
    return add_code(digest, region_name(place->region), GEO_REGION_NAME_SIZE);
}

static uint64_t latency_digest(struct span client, const struct latency_row *row)
{
    uint64_t digest = store__bytes_digest(bits_of(row->milliseconds), client);
    return add_code(digest, region_name(row->to_region), GEO_REGION_NAME_SIZE);
}

/* The digest of each place; NULL: no memory. */
static uint64_t *digest_places(const struct place *places, uint32_t count)
{
    uint64_t *digests = calloc(count > 0 ? count : 1, sizeof *digests);
    for (uint32_t i = 0; digests != NULL && i < count; i++)
        digests[i] = place_digest(&places[i]);
    return digests;
}

/* ---- totals ---- */

static int put_total(struct store *store, const char *table, struct total total,
                     struct problem *out_problem)
{
    sqlite3_stmt *statement = store->statements[CLIENT_TABLE_PUT];
    store__bind_text(statement, 1, table, strlen(table));
    sqlite3_bind_int64(statement, 2, (int64_t)total.row_count);
    sqlite3_bind_int64(statement, 3, (int64_t)total.digest);
    return store__run(store, CLIENT_TABLE_PUT, out_problem);
}

/* Whether what was read is what was written. */
static int check_total(struct store *store, const char *table, struct total found,
                       struct problem *out_problem)
{
    sqlite3_stmt *statement = store->statements[CLIENT_TABLE_READ];
    struct total expected = { 0, 0 };
    bool row;
    store__bind_text(statement, 1, table, strlen(table));
    int rc = store__step(store, statement, &row, out_problem);
    if (rc == 0 && row) {
        expected.row_count = (uint64_t)sqlite3_column_int64(statement, 0);
        expected.digest = (uint64_t)sqlite3_column_int64(statement, 1);
    }
    sqlite3_reset(statement);
    sqlite3_clear_bindings(statement);
    if (rc == 0 && (found.row_count != expected.row_count || found.digest != expected.digest))
        rc = store__no_sense(store, "the table", table, out_problem);
    return rc;
}

static int no_memory(struct problem *out_problem)
{
    return problem_set(out_problem, SP_ENOMEM,
                       "there is not enough memory for the locations or latencies");
}

/* ---- writing ---- */

static int step_row(struct store *store, enum statement_id id, struct problem *out_problem)
{
    bool row;
    int rc = store__step(store, store->statements[id], &row, out_problem);
    sqlite3_reset(store->statements[id]);
    return rc;
}

static int insert_location(struct store *store, const struct location_row *row,
                           struct place_set *places, struct problem *out_problem)
{
    sqlite3_stmt *statement = store->statements[LOCATION_INSERT];
    uint8_t blob[PREFIX_BLOB_SIZE];
    uint32_t number;
    struct span prefix = pack_prefix(blob, &row->prefix);
    if (place_set_number(places, &row->place, &number) != 0)
        return no_memory(out_problem);
    store__bind_blob(statement, 1 + L_PREFIX, prefix.data, prefix.size);
    sqlite3_bind_int64(statement, 1 + L_PLACE, number);
    return step_row(store, LOCATION_INSERT, out_problem);
}

static int insert_places(struct store *store, const struct place_set *places,
                         struct problem *out_problem)
{
    int rc = 0;
    for (uint32_t i = 0; rc == 0 && i < places->count; i++)
        rc = insert_place(store, i, &places->places[i], out_problem);
    return rc;
}

/* The rows' places are in the set already. */
static int put_location_total(struct store *store, const struct location_row *rows, size_t count,
                              struct place_set *places, struct problem *out_problem)
{
    struct total total = { .row_count = count };
    uint64_t *digests = digest_places(places->places, places->count);
    int rc = digests == NULL ? no_memory(out_problem) : 0;
    for (size_t i = 0; rc == 0 && i < count; i++) {
        uint8_t blob[PREFIX_BLOB_SIZE];
        uint32_t number = 0;
        place_set_number(places, &rows[i].place, &number);
        total.digest += store__bytes_digest(digests[number], pack_prefix(blob, &rows[i].prefix));
    }
    free(digests);
    return rc == 0 ? put_total(store, "location", total, out_problem) : rc;
}

static int write_locations(struct store *store, const struct location_row *rows, size_t count,
                           struct problem *out_problem)
{
    struct place_set places = { 0 };
    int rc = store__run(store, LOCATIONS_CLEAR, out_problem);
    if (rc == 0)
        rc = store__run(store, PLACES_CLEAR, out_problem);
    for (size_t i = 0; rc == 0 && i < count; i++)
        rc = insert_location(store, &rows[i], &places, out_problem);
    if (rc == 0)
        rc = insert_places(store, &places, out_problem);
    if (rc == 0)
        rc = put_location_total(store, rows, count, &places, out_problem);
    place_set_finish(&places);
    return rc;
}

/* A page cache for big writes; what it costs when the pragma fails is time. */
static void set_cache(struct store *store, int kib)
{
    char pragma[48];
    snprintf(pragma, sizeof pragma, "PRAGMA cache_size = -%d", kib);
    sqlite3_exec(store->db, pragma, NULL, NULL, NULL);
}

int store_replace_locations(struct store *store, const struct location_row *rows, size_t count,
                            struct problem *out_problem)
{
    set_cache(store, REPLACE_CACHE_KIB);
    int rc = store_begin(store, out_problem);
    if (rc == 0)
        rc = write_locations(store, rows, count, out_problem);
    rc = store__finish(store, rc, out_problem);
    set_cache(store, USUAL_CACHE_KIB);
    sqlite3_db_release_memory(store->db);
    return rc;
}

/* A client is a prefix, or the name of its own Region; *out_digest: of the row. */
static int insert_latency(struct store *store, const struct latency_row *row, uint64_t *out_digest,
                          struct problem *out_problem)
{
    sqlite3_stmt *statement = store->statements[LATENCY_INSERT];
    uint8_t blob[PREFIX_BLOB_SIZE];
    const char *from = region_name(row->from_region);
    const char *to = region_name(row->to_region);
    struct span client = { (const uint8_t *)from, strlen(from) };
    if (row->from_region == GEO_REGION_NONE) {
        client = pack_prefix(blob, &row->prefix);
        store__bind_blob(statement, 1 + M_FROM, client.data, client.size);
    } else {
        store__bind_text(statement, 1 + M_FROM, from, client.size);
    }
    store__bind_text(statement, 1 + M_REGION, to, strlen(to));
    sqlite3_bind_double(statement, 1 + M_MILLISECONDS, (double)row->milliseconds);
    *out_digest = latency_digest(client, row);
    return step_row(store, LATENCY_INSERT, out_problem);
}

int store_replace_latencies(struct store *store, const struct latency_row *rows, size_t count,
                            struct problem *out_problem)
{
    struct total total = { .row_count = count };
    int rc = store_begin(store, out_problem);
    if (rc == 0)
        rc = store__run(store, LATENCIES_CLEAR, out_problem);
    for (size_t i = 0; rc == 0 && i < count; i++) {
        uint64_t digest;
        rc = insert_latency(store, &rows[i], &digest, out_problem);
        total.digest += digest;
    }
    if (rc == 0)
        rc = put_total(store, "latency", total, out_problem);
    return store__finish(store, rc, out_problem);
}

/* ---- reading ---- */

/* Rows as they come; the data is the caller's. */
struct rows {
    char *data;
    size_t row_size, count, room;
};

static void *add_row(struct rows *rows)
{
    if (rows->count == rows->room) {
        size_t room = rows->room == 0 ? 64 : rows->room * 2;
        char *data = realloc(rows->data, room * rows->row_size);
        if (data == NULL)
            return NULL;
        rows->data = data;
        rows->room = room;
    }
    return rows->data + rows->count++ * rows->row_size;
}

/* What one row of a statement becomes; false: it makes no sense. */
typedef bool (*decoder)(void *context, sqlite3_stmt *statement, void *out_row);

static int read_rows(struct store *store, enum statement_id id, decoder decode, void *context,
                     struct rows *rows, struct problem *out_problem)
{
    bool row;
    sqlite3_stmt *statement = store->statements[id];
    int rc;
    while ((rc = store__step(store, statement, &row, out_problem)) == 0 && row) {
        void *to = add_row(rows);
        if (to == NULL)
            rc = no_memory(out_problem);
        else if (!decode(context, statement, to))
            rc = store__no_sense(store, "a row of", "locations or latencies", out_problem);
        if (rc != 0)
            break;
    }
    sqlite3_reset(statement);
    return rc;
}

/* The places that the rows name by their numbers, and what the rows add up to. */
struct location_walk {
    struct rows places;
    uint64_t *digests;
    struct total total;
};

/* Numbers begin at 0 and leave none out. */
static bool take_place(void *context, sqlite3_stmt *statement, void *out_row)
{
    const struct location_walk *walk = context;
    return sqlite3_column_int64(statement, P_ID) == (int64_t)walk->places.count - 1 &&
           decode_place(statement, out_row);
}

static bool take_location(void *context, sqlite3_stmt *statement, void *out_row)
{
    struct location_walk *walk = context;
    struct location_row *row = out_row;
    struct span prefix = store__column_span(statement, L_PREFIX);
    int64_t number = sqlite3_column_int64(statement, L_PLACE);
    if (number < 0 || (uint64_t)number >= walk->places.count ||
        !unpack_prefix(&row->prefix, prefix))
        return false;
    row->line = 0;
    row->place = ((const struct place *)(const void *)walk->places.data)[number];
    walk->total.row_count++;
    walk->total.digest += store__bytes_digest(walk->digests[number], prefix);
    return true;
}

static int walk_locations(struct store *store, struct location_walk *walk, struct rows *rows,
                          struct problem *out_problem)
{
    int rc = read_rows(store, PLACES_ALL, take_place, walk, &walk->places, out_problem);
    if (rc != 0)
        return rc;
    walk->digests = digest_places((const struct place *)(const void *)walk->places.data,
                                  (uint32_t)walk->places.count);
    if (walk->digests == NULL)
        return no_memory(out_problem);
    rc = read_rows(store, LOCATIONS_ALL, take_location, walk, rows, out_problem);
    return rc == 0 ? check_total(store, "location", walk->total, out_problem) : rc;
}

int store_read_locations(struct store *store, struct location_row **out_rows, size_t *out_count,
                         struct problem *out_problem)
{
    struct location_walk walk = { .places.row_size = sizeof(struct place) };
    struct rows rows = { .row_size = sizeof(struct location_row) };
    int rc = walk_locations(store, &walk, &rows, out_problem);
    free(walk.places.data);
    free(walk.digests);
    if (rc != 0) {
        free(rows.data);
        return rc;
    }
    *out_rows = (struct location_row *)(void *)rows.data;
    *out_count = rows.count;
    return 0;
}

static bool take_latency(void *context, sqlite3_stmt *statement, void *out_row)
{
    struct total *total = context;
    struct latency_row row = { .from_region = GEO_REGION_NONE };
    struct span client = store__column_span(statement, M_FROM);
    if (sqlite3_column_type(statement, M_FROM) == SQLITE_TEXT) {
        if (!read_region(&row.from_region, statement, M_FROM) || row.from_region == GEO_REGION_NONE)
            return false;
    } else if (!unpack_prefix(&row.prefix, client)) {
        return false;
    }
    if (!read_region(&row.to_region, statement, M_REGION) || row.to_region == GEO_REGION_NONE)
        return false;
    row.milliseconds = (float)sqlite3_column_double(statement, M_MILLISECONDS);
    total->row_count++;
    total->digest += latency_digest(client, &row);
    memcpy(out_row, &row, sizeof row);
    return true;
}

int store_read_latencies(struct store *store, struct latency_row **out_rows, size_t *out_count,
                         struct problem *out_problem)
{
    struct total total = { 0, 0 };
    struct rows rows = { .row_size = sizeof(struct latency_row) };
    int rc = read_rows(store, LATENCIES_ALL, take_latency, &total, &rows, out_problem);
    if (rc == 0)
        rc = check_total(store, "latency", total, out_problem);
    if (rc != 0) {
        free(rows.data);
        return rc;
    }
    *out_rows = (struct latency_row *)(void *)rows.data;
    *out_count = rows.count;
    return 0;
}
