/*
 * Where clients are, stored and read again; and what a row that nobody wrote so is found by.
 */
#include "scratch.h"

#include "internal.h"

#include "signpost/model/location_file.h"
#include "signpost/store/locations.h"

static const char locations_text[] =
    LOCATION_FILE_HEADER "10.0.0.0/8,,,,,,\n"
                         "10.1.0.0/16,NA,US,CA,37.77,-122.42,us-west-1\n"
                         "10.2.0.0/16,NA,US,CA,37.77,-122.42,us-west-1\n"
                         "192.0.2.1,EU,,,,,\n"
                         "2001:db8::/32,SA,BR,,-23.55,-46.63,\n"
                         "2001:db8:1::/48,,UA,05,,,eu-central-1\n";

static const char latencies_text[] = LATENCY_FILE_HEADER "10.0.0.0/8,eu-west-1,20\n"
                                                         "10.0.0.0/8,us-east-1,90.5\n"
                                                         "2001:db8::/32,us-east-1,0.25\n"
                                                         "eu-central-1,eu-west-1,25\n";

static struct span span_of(const char *text)
{
    return (struct span){ (const uint8_t *)text, strlen(text) };
}

static int put_locations(struct store *store, const char *text, struct problem *out_problem)
{
    struct location_reader *reader = location_reader_create("test");
    size_t count;
    assert_int_equal(location_reader_feed(reader, span_of(text), NULL), 0);
    assert_int_equal(location_reader_finish(reader, NULL), 0);
    struct location_row *rows = location_reader_rows(reader, &count);
    int rc = store_replace_locations(store, rows, count, out_problem);
    location_reader_destroy(reader);
    return rc;
}

static int put_latencies(struct store *store, const char *text, struct problem *out_problem)
{
    struct latency_reader *reader = latency_reader_create("test");
    size_t count;
    assert_int_equal(latency_reader_feed(reader, span_of(text), NULL), 0);
    assert_int_equal(latency_reader_finish(reader, NULL), 0);
    struct latency_row *rows = latency_reader_rows(reader, &count);
    int rc = store_replace_latencies(store, rows, count, out_problem);
    latency_reader_destroy(reader);
    return rc;
}

/* Both tables as they are exported; out: room for 4096.  0, or why they cannot be read. */
static int read_tables(struct store *store, char *out, struct problem *out_problem)
{
    struct location_row *locations = NULL;
    struct latency_row *latencies = NULL;
    size_t location_count = 0, latency_count = 0;
    size_t size = (size_t)sprintf(out, "%s", LOCATION_FILE_HEADER);
    int rc = store_read_locations(store, &locations, &location_count, out_problem);
    for (size_t i = 0; i < location_count; i++)
        size += location_line(out + size, &locations[i]);
    size += (size_t)sprintf(out + size, "%s", LATENCY_FILE_HEADER);
    if (rc == 0)
        rc = store_read_latencies(store, &latencies, &latency_count, out_problem);
    for (size_t i = 0; i < latency_count; i++)
        size += latency_line(out + size, &latencies[i]);
    free(locations);
    free(latencies);
    return rc;
}

static void assert_tables(struct store *store, const char *locations, const char *latencies)
{
    char text[4096], expect[4096];
    struct problem problem = { 0 };
    if (read_tables(store, text, &problem) != 0)
        fail_msg("%s", problem.text);
    snprintf(expect, sizeof expect, "%s%s", locations, latencies);
    /* Latencies may come in any order; SQLite has text before blobs. */
    assert_int_equal(strlen(text), strlen(expect));
    for (char *line = strtok(expect, "\n"); line != NULL; line = strtok(NULL, "\n"))
        assert_non_null(strstr(text, line));
}

static void a_new_database_knows_nobody(void **state)
{
    struct scratch *scratch = *state;
    struct store *store = open_store(scratch->path);
    assert_tables(store, LOCATION_FILE_HEADER, LATENCY_FILE_HEADER);
    store_close(store);
}

static void what_was_stored_is_there_after_a_restart(void **state)
{
    struct scratch *scratch = *state;
    struct store *store = open_store(scratch->path);
    assert_int_equal(put_locations(store, locations_text, NULL), 0);
    assert_int_equal(put_latencies(store, latencies_text, NULL), 0);
    store_close(store);
    store = open_store(scratch->path);
    assert_tables(store, locations_text, latencies_text);
    store_close(store);
}

static void an_import_takes_the_place_of_the_whole_table(void **state)
{
    struct scratch *scratch = *state;
    static const char other[] = LOCATION_FILE_HEADER "10.1.0.0/16,,DE,,,,\n";
    struct store *store = open_store(scratch->path);
    assert_int_equal(put_locations(store, locations_text, NULL), 0);
    assert_int_equal(put_latencies(store, latencies_text, NULL), 0);
    assert_int_equal(put_locations(store, other, NULL), 0);
    assert_tables(store, other, latencies_text);
    assert_int_equal(put_latencies(store, LATENCY_FILE_HEADER, NULL), 0);
    assert_tables(store, other, LATENCY_FILE_HEADER);
    assert_int_equal(put_locations(store, LOCATION_FILE_HEADER, NULL), 0);
    assert_tables(store, LOCATION_FILE_HEADER, LATENCY_FILE_HEADER);
    store_close(store);
}

static void a_row_that_is_there_twice_changes_nothing(void **state)
{
    struct scratch *scratch = *state;
    struct store *store = open_store(scratch->path);
    struct problem problem = { 0 };
    struct location_row twice[2] = { { .prefix = { IP_V4, 8, { 11 } } },
                                     { .prefix = { IP_V4, 8, { 11 } } } };
    assert_int_equal(put_locations(store, locations_text, NULL), 0);
    assert_int_equal(put_latencies(store, latencies_text, NULL), 0);
    assert_int_equal(store_replace_locations(store, twice, 2, &problem), SP_ECONFLICT);
    assert_tables(store, locations_text, latencies_text);
    store_close(store);
}

/* Changes that SQLite itself cannot know to be wrong. */
static void a_consistent_forgery_is_found(void **state)
{
    struct scratch *scratch = *state;
    static const char *const changes[] = {
        "DELETE FROM location WHERE prefix = x'040a00000008'",
        "UPDATE location SET prefix = x'040b00000008' WHERE prefix = x'040a00000008'",
        "UPDATE location SET prefix = x'040a00000108' WHERE prefix = x'040a00000008'",
        "UPDATE location SET prefix = x'050a00000008' WHERE prefix = x'040a00000008'",
        "UPDATE location SET prefix = x'040a00000021' WHERE prefix = x'040a00000008'",
        "UPDATE location SET place = place + 1 WHERE prefix = x'040a00000008'",
        "UPDATE location SET place = 99 WHERE prefix = x'040a00000008'",
        "UPDATE location SET place = -1 WHERE prefix = x'040a00000008'",
        "INSERT INTO location VALUES (x'040b00000008', 0)",
        "UPDATE place SET country = 'DE' WHERE country = 'BR'",
        "UPDATE place SET country = 'BRA' WHERE country = 'BR'",
        "UPDATE place SET continent = 'XX' WHERE continent = 'SA'",
        "UPDATE place SET region = 'us-east-1' WHERE region = 'us-west-1'",
        "UPDATE place SET region = 'nowhere' WHERE region = 'us-west-1'",
        "UPDATE place SET latitude = latitude + 1 WHERE latitude IS NOT NULL",
        "UPDATE place SET longitude = 0 WHERE longitude IS NOT NULL",
        "UPDATE place SET latitude = NULL, longitude = NULL",
        "UPDATE place SET subdivision = 'NY' WHERE subdivision = 'CA'",
        "UPDATE place SET id = 77 WHERE id = 1",
        "DELETE FROM place WHERE id = 0",
        "DELETE FROM client_table WHERE name = 'location'",
        "UPDATE client_table SET row_count = row_count + 1 WHERE name = 'latency'",
        "UPDATE client_table SET digest = digest + 1 WHERE name = 'latency'",
        "DELETE FROM latency WHERE client = 'eu-central-1'",
        "UPDATE latency SET client = 'eu-west-2' WHERE client = 'eu-central-1'",
        "UPDATE latency SET client = 'nowhere' WHERE client = 'eu-central-1'",
        "UPDATE latency SET client = x'00' WHERE client = 'eu-central-1'",
        "UPDATE latency SET region = 'us-west-2' WHERE region = 'us-east-1'",
        "UPDATE latency SET region = 'nowhere' WHERE client = 'eu-central-1'",
        "UPDATE latency SET milliseconds = 21 WHERE milliseconds = 20",
    };
    struct store *store = open_store(scratch->path);
    assert_int_equal(put_locations(store, locations_text, NULL), 0);
    assert_int_equal(put_latencies(store, latencies_text, NULL), 0);
    store_close(store);
    size_t size;
    uint8_t *data = read_file(scratch->path, &size);
    for (unsigned i = 0; i < COUNT_OF(changes); i++) {
        struct problem problem = { 0 };
        char text[4096];
        sqlite3 *db = NULL;
        write_file(scratch->path, data, size);
        assert_int_equal(sqlite3_open(scratch->path, &db), SQLITE_OK);
        if (sqlite3_exec(db, changes[i], NULL, NULL, NULL) != SQLITE_OK)
            fail_msg("%s: %s", changes[i], sqlite3_errmsg(db));
        assert_int_equal(sqlite3_total_changes(db) > 0, 1);
        sqlite3_close(db);
        store = open_store(scratch->path);
        if (read_tables(store, text, &problem) == 0)
            fail_msg("not found: %s", changes[i]);
        assert_int_equal(problem.status, SP_EDAMAGED);
        assert_non_null(strstr(problem.text, "restore a backup"));
        store_close(store);
    }
    free(data);
}

static const struct CMUnitTest tests[] = {
    SCRATCH_TEST(a_new_database_knows_nobody),
    SCRATCH_TEST(what_was_stored_is_there_after_a_restart),
    SCRATCH_TEST(an_import_takes_the_place_of_the_whole_table),
    SCRATCH_TEST(a_row_that_is_there_twice_changes_nothing),
    SCRATCH_TEST(a_consistent_forgery_is_found),
};

RUN_TESTS(tests)
