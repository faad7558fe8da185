/*
 * Where clients are, from start to finish: what is imported is published and there after a restart;
 * what is refused leaves everything as it was.
 */
#include "world.h"

#include "mmdb_file.h"

#include "signpost/control/locations.h"
#include "signpost/model/location_file.h"

/* Where that world may put an MMDB file. */
static const char *mmdb_path(const struct world *world)
{
    static char path[128];
    snprintf(path, sizeof path, "%s/clients.mmdb", world->scratch->directory);
    return path;
}

static struct span span_of(const char *text)
{
    return (struct span){ (const uint8_t *)text, strlen(text) };
}

static int import_locations(struct world *world, const char *text, struct problem *out_problem)
{
    struct location_reader *reader = location_reader_create("test");
    size_t count;
    assert_int_equal(location_reader_feed(reader, span_of(text), NULL), 0);
    assert_int_equal(location_reader_finish(reader, NULL), 0);
    struct location_row *rows = location_reader_rows(reader, &count);
    int rc = control_import_locations(world->control, rows, count, out_problem);
    location_reader_destroy(reader);
    return rc;
}

static int import_latencies(struct world *world, const char *text, struct problem *out_problem)
{
    struct latency_reader *reader = latency_reader_create("test");
    size_t count;
    assert_int_equal(latency_reader_feed(reader, span_of(text), NULL), 0);
    assert_int_equal(latency_reader_finish(reader, NULL), 0);
    struct latency_row *rows = latency_reader_rows(reader, &count);
    int rc = control_import_latencies(world->control, rows, count, out_problem);
    latency_reader_destroy(reader);
    return rc;
}

/* "table DE", "mmdb FR", "nowhere": what a worker would find for the address now. */
static void assert_place(const struct world *world, const char *address, const char *expect)
{
    static const char *const sources[] = {
        [PLACE_UNLOCATED] = "nowhere", [PLACE_TABLE] = "table ", [PLACE_MMDB] = "mmdb "
    };
    struct ip_prefix client;
    struct place place;
    char text[32];
    assert_null(prefix_from_text(&client, address));
    enum place_source source =
        geography_locate(control_snapshot(world->control)->geography, &client, &place);
    snprintf(text, sizeof text, "%s%.2s", sources[source], place.country);
    assert_string_equal(text, expect);
}

/* 0: only modelled. */
static double measured_ms(const struct world *world, const char *address, const char *region)
{
    const struct geography *geography = control_snapshot(world->control)->geography;
    struct ip_prefix client;
    struct place place;
    bool assumed, measured;
    assert_null(prefix_from_text(&client, address));
    geography_locate(geography, &client, &place);
    struct latency_origin origin = geography_origin(geography, &client, &place, &assumed);
    double ms = geography_latency_ms(&origin, geo_region_find(region), &measured);
    return measured ? ms : 0;
}

static void write_country(const struct world *world, const char *country)
{
    struct mmdb_file file = new_mmdb_file(4);
    put_map(&file, 1);
    put_pair(&file, "country_code", country);
    put_prefix(&file, "192.0.2.0/24", 0);
    unlink(mmdb_path(world)); /* as whoever renames a new file into its place does */
    write_mmdb_file(&file, mmdb_path(world), "country");
}

static void imports_are_published_and_survive_a_restart(void **state)
{
    struct world *world = *state;
    uint64_t serial = control_serial(world->control);
    assert_place(world, "203.0.113.1", "nowhere");
    assert_int_equal(import_locations(world, "prefix,country\n203.0.113.0/24,DE\n", NULL), 0);
    assert_int_equal(
        import_latencies(world, "from,region,milliseconds\n203.0.113.0/25,us-east-1,90\n", NULL),
        0);
    assert_int_equal(control_serial(world->control), serial + 2);
    for (unsigned restarts = 0; restarts < 2; restarts++) {
        assert_place(world, "203.0.113.1", "table DE");
        assert_true(measured_ms(world, "203.0.113.1", "us-east-1") == 90);
        assert_true(measured_ms(world, "203.0.113.200", "us-east-1") == 0);
        restart(world);
    }
    assert_int_equal(import_locations(world, "prefix,country\n198.51.100.0/24,US\n", NULL), 0);
    assert_place(world, "203.0.113.1", "nowhere");
    assert_place(world, "198.51.100.1", "table US");
    assert_true(measured_ms(world, "203.0.113.1", "us-east-1") == 90);
}

static void what_is_refused_changes_nothing(void **state)
{
    struct world *world = *state;
    struct problem problem = { 0 };
    struct location_row twice[2] = { { .prefix = { IP_V4, 8, { 11 } } },
                                     { .prefix = { IP_V4, 8, { 11 } } } };
    assert_int_equal(import_locations(world, "prefix,country\n203.0.113.0/24,DE\n", NULL), 0);
    uint64_t serial = control_serial(world->control);
    assert_int_equal(control_import_locations(world->control, twice, 2, &problem), SP_EINVAL);
    assert_string_equal(problem.text, "the location table has the prefix 11.0.0.0/8 twice");
    assert_int_equal(control_serial(world->control), serial);
    assert_place(world, "203.0.113.1", "table DE");
    restart(world);
    assert_place(world, "203.0.113.1", "table DE");
}

static void a_file_can_be_set_replaced_and_taken_away(void **state)
{
    struct world *world = *state;
    struct problem problem = { 0 };
    assert_null(control_mmdb_info(world->control));
    write_country(world, "FR");
    assert_int_equal(control_set_mmdb(world->control, mmdb_path(world), NULL), 0);
    assert_string_equal(control_mmdb_info(world->control)->type, "country");
    assert_place(world, "192.0.2.1", "mmdb FR");

    assert_int_equal(import_locations(world, "prefix,country\n192.0.2.0/25,DE\n", NULL), 0);
    assert_place(world, "192.0.2.1", "table DE");
    assert_place(world, "192.0.2.200", "mmdb FR");

    write_country(world, "CL");
    assert_place(world, "192.0.2.200", "mmdb FR");
    assert_int_equal(control_set_mmdb(world->control, mmdb_path(world), NULL), 0);
    assert_place(world, "192.0.2.200", "mmdb CL");

    unlink(mmdb_path(world));
    assert_int_equal(control_set_mmdb(world->control, mmdb_path(world), &problem), SP_ENOENT);
    assert_non_null(strstr(problem.text, "cannot be opened"));
    write_file(mmdb_path(world), "no MMDB file", 12);
    assert_int_equal(control_set_mmdb(world->control, mmdb_path(world), &problem), SP_EINVAL);
    assert_place(world, "192.0.2.200", "mmdb CL");

    assert_int_equal(control_set_mmdb(world->control, NULL, NULL), 0);
    assert_null(control_mmdb_info(world->control));
    assert_place(world, "192.0.2.200", "nowhere");
    assert_place(world, "192.0.2.1", "table DE");
}

static void rows_are_read_as_they_were_imported(void **state)
{
    struct world *world = *state;
    static const char text[] = LOCATION_FILE_HEADER "192.0.2.0/24,,US,CA,,,\n"
                                                    "203.0.113.0/24,AS,TR,,41.01,28.98,\n";
    char out[1024] = LOCATION_FILE_HEADER;
    struct location_row *rows = NULL;
    size_t count = 0, size = strlen(out);
    assert_int_equal(import_locations(world, text, NULL), 0);
    assert_int_equal(control_read_locations(world->control, &rows, &count, NULL), 0);
    for (size_t i = 0; i < count; i++)
        size += location_line(out + size, &rows[i]);
    free(rows);
    assert_string_equal(out, text);
}

static const struct CMUnitTest tests[] = {
    WORLD_TEST(imports_are_published_and_survive_a_restart),
    WORLD_TEST(what_is_refused_changes_nothing),
    WORLD_TEST(a_file_can_be_set_replaced_and_taken_away),
    WORLD_TEST(rows_are_read_as_they_were_imported),
};

RUN_TESTS(tests)
