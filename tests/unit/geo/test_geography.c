#include "signpost/geo/geography.h"
#include "signpost/geo/mmdb.h"

#include "tests.h"

#include "mmdb_file.h"

#include <math.h>
#include <unistd.h>

static struct ip_prefix prefix_of(const char *text)
{
    struct ip_prefix prefix;
    if (prefix_from_text(&prefix, text) != NULL)
        fail_msg("%s", text);
    return prefix;
}

static struct place empty_place(void)
{
    return (struct place){ .continent = GEO_CONTINENT_NONE, .region = GEO_REGION_NONE };
}

/* NULL stands for what is not said. */
static struct location_row location(const char *prefix, const char *continent, const char *country,
                                    const char *subdivision, const char *region)
{
    struct location_row row = { .prefix = prefix_of(prefix), .place = empty_place() };
    if (continent != NULL)
        row.place.continent = (uint8_t)geo_continent_find(continent);
    if (country != NULL)
        memcpy(row.place.country, country, 2);
    if (subdivision != NULL)
        memcpy(row.place.subdivision, subdivision, 2);
    if (region != NULL)
        row.place.region = (uint8_t)geo_region_find(region);
    return row;
}

static struct location_row located_at(const char *prefix, float latitude, float longitude)
{
    struct location_row row = location(prefix, NULL, NULL, NULL, NULL);
    row.place.has_point = true;
    row.place.latitude = latitude;
    row.place.longitude = longitude;
    return row;
}

/* from: a prefix or a Region. */
static struct latency_row latency(const char *from, const char *to, float milliseconds)
{
    struct latency_row row = { .from_region = (uint8_t)geo_region_find(from),
                               .to_region = (uint8_t)geo_region_find(to),
                               .milliseconds = milliseconds };
    if (row.from_region == GEO_REGION_NONE)
        row.prefix = prefix_of(from);
    return row;
}

static struct geography *make(struct location_row *locations, size_t location_count,
                              struct latency_row *latencies, size_t latency_count,
                              struct mmdb *mmdb)
{
    struct problem problem = { 0 };
    struct geography *geography = NULL;
    if (geography_create(locations, location_count, latencies, latency_count, mmdb, &geography,
                         &problem) != 0)
        fail_msg("%s", problem.text);
    return geography;
}

/* ---- places ---- */

static void the_longest_prefix_says_where_a_client_is(void **state)
{
    (void)state;
    struct location_row table[] = {
        location("192.0.2.0/24", NULL, "CA", NULL, NULL),
        location("192.0.2.0/25", NULL, "US", "CA", NULL),
        location("203.0.113.0/24", "AS", "TR", NULL, NULL),
        location("198.51.100.0/24", "EU", NULL, NULL, NULL),
        location("10.0.0.0/8", NULL, NULL, NULL, NULL),
        location("2001:db8::/32", NULL, "BR", NULL, NULL),
    };
    static const struct row {
        const char *why, *client;
        enum place_source source;
        const char *continent, *country, *subdivision, *prefix;
    } rows[] = {
        { "the longer one", "192.0.2.1", PLACE_TABLE, "NA", "US", "CA", "192.0.2.0/25" },
        { "the other half", "192.0.2.129", PLACE_TABLE, "NA", "CA", "", "192.0.2.0/24" },
        { "a wide client's first address", "192.0.2.0/23", PLACE_TABLE, "NA", "US", "CA",
          "192.0.2.0/25" },
        { "the row's own continent (R-GEO-10)", "203.0.113.1", PLACE_TABLE, "AS", "TR", "",
          "203.0.113.0/24" },
        { "a continent alone (R-ECS-10)", "198.51.100.1", PLACE_TABLE, "EU", "", "",
          "198.51.100.0/24" },
        { "a row that says nothing", "10.1.2.3", PLACE_TABLE, NULL, "", "", "10.0.0.0/8" },
        { "IPv6", "2001:db8::/56", PLACE_TABLE, "SA", "BR", "", "2001:db8::/32" },
        { "no row", "127.0.0.1", PLACE_UNLOCATED, NULL, "", "", NULL },
    };
    struct geography *geography = make(table, COUNT_OF(table), NULL, 0, NULL);
    assert_int_equal(geography_location_count(geography), COUNT_OF(table));
    for (unsigned i = 0; i < COUNT_OF(rows); i++) {
        struct ip_prefix client = prefix_of(rows[i].client), prefix;
        struct place place;
        char text[PREFIX_TEXT_SIZE];
        if (geography_locate_prefix(geography, &client, &place, &prefix) != rows[i].source)
            fail_msg("%s", rows[i].why);
        assert_int_equal(place.continent, rows[i].continent == NULL
                                              ? GEO_CONTINENT_NONE
                                              : geo_continent_find(rows[i].continent));
        assert_memory_equal(place.country, rows[i].country, strlen(rows[i].country));
        assert_string_equal(rows[i].subdivision, place.subdivision[0] == '\0' ? "" : "CA");
        if (rows[i].prefix != NULL)
            assert_string_equal(prefix_to_text(text, &prefix), rows[i].prefix);
    }
    geography_unref(geography);
}

static void a_point_comes_from_what_the_row_says_best(void **state)
{
    (void)state;
    struct location_row both = location("192.0.2.3", NULL, "US", "CA", NULL);
    both.place.has_point = true;
    both.place.latitude = 37.77f;
    both.place.longitude = -122.42f;
    struct location_row table[] = {
        location("192.0.2.1", NULL, "US", NULL, NULL),
        location("192.0.2.2", NULL, "US", "CA", NULL),
        both,
        location("192.0.2.4", NULL, "US", "CA", "us-west-2"),
        location("192.0.2.5", "EU", NULL, NULL, NULL),
    };
    static const struct row {
        const char *why, *client;
        double latitude, longitude;
        bool assumed;
    } rows[] = {
        { "the country's main city", "192.0.2.1", 40.71, -74.01, false },
        { "the state's largest city", "192.0.2.2", 34.05, -118.24, false },
        { "its own coordinates", "192.0.2.3", 37.77, -122.42, false },
        { "its Region", "192.0.2.4", 45.84, -119.70, false },
        { "a continent has no point: us-east-1", "192.0.2.5", 38.95, -77.45, true },
        { "unlocated: us-east-1", "127.0.0.1", 38.95, -77.45, true },
    };
    struct geography *geography = make(table, COUNT_OF(table), NULL, 0, NULL);
    for (unsigned i = 0; i < COUNT_OF(rows); i++) {
        struct ip_prefix client = prefix_of(rows[i].client);
        struct place place;
        bool assumed;
        geography_locate(geography, &client, &place);
        struct geo_point point = geography_point(&place, &assumed);
        struct geo_point expect = geo_point_of(rows[i].latitude, rows[i].longitude);
        if (geo_distance_km(&point, &expect) > 0.1 || assumed != rows[i].assumed)
            fail_msg("%s", rows[i].why);
    }
    geography_unref(geography);
}

static void without_tables_everybody_is_unlocated(void **state)
{
    (void)state;
    struct ip_prefix client = prefix_of("192.0.2.1");
    struct place place;
    struct geography *empty = make(NULL, 0, NULL, 0, NULL);
    struct geography *geographies[] = { empty, NULL };
    for (unsigned i = 0; i < COUNT_OF(geographies); i++) {
        assert_int_equal(geography_locate(geographies[i], &client, &place), PLACE_UNLOCATED);
        assert_int_equal(place.continent, GEO_CONTINENT_NONE);
        assert_int_equal(place.region, GEO_REGION_NONE);
        assert_false(place.has_point);
        assert_int_equal(geography_location_count(geographies[i]), 0);
        assert_int_equal(geography_latency_count(geographies[i]), 0);
    }
    geography_unref(empty);
}

static void what_is_there_twice_is_refused(void **state)
{
    (void)state;
    struct location_row locations[] = {
        location("192.0.2.0/24", NULL, "CA", NULL, NULL),
        location("10.0.0.0/8", NULL, "US", NULL, NULL),
        location("192.0.2.0/24", NULL, "US", NULL, NULL),
    };
    struct latency_row by_prefix[] = { latency("10.0.0.0/8", "us-east-1", 1),
                                       latency("10.0.0.0/8", "us-east-2", 2),
                                       latency("10.0.0.0/8", "us-east-1", 3) };
    struct latency_row by_region[] = { latency("eu-west-1", "us-east-1", 1),
                                       latency("eu-west-1", "us-east-1", 3) };
    struct problem problem = { 0 };
    struct geography *geography = NULL;
    assert_int_equal(
        geography_create(locations, COUNT_OF(locations), NULL, 0, NULL, &geography, &problem),
        SP_EINVAL);
    assert_string_equal(problem.text, "the location table has the prefix 192.0.2.0/24 twice");
    assert_int_equal(
        geography_create(NULL, 0, by_prefix, COUNT_OF(by_prefix), NULL, &geography, &problem),
        SP_EINVAL);
    assert_string_equal(problem.text, "the latency table has 10.0.0.0/8 to us-east-1 twice");
    assert_int_equal(
        geography_create(NULL, 0, by_region, COUNT_OF(by_region), NULL, &geography, &problem),
        SP_EINVAL);
    assert_string_equal(problem.text, "the latency table has eu-west-1 to us-east-1 twice");
    assert_null(geography);
}

/* ---- latencies ---- */

static void a_measured_latency_counts_before_the_model(void **state)
{
    (void)state;
    struct location_row locations[] = {
        location("203.0.113.0/25", NULL, "DE", NULL, NULL),
        location("198.51.100.0/24", NULL, "US", NULL, "eu-west-1"),
        located_at("192.0.2.0/24", 53.35f, -6.26f),
    };
    struct latency_row latencies[] = {
        latency("eu-west-1", "us-east-1", 70),      latency("203.0.113.0/25", "us-east-1", 90),
        latency("203.0.113.0/25", "eu-west-1", 20), latency("eu-central-1", "eu-west-1", 25),
        latency("eu-central-1", "sa-east-1", 200),  latency("us-east-1", "us-west-2", 60),
    };
    static const struct row {
        const char *why, *client, *region;
        double ms; /* 0: modelled */
    } rows[] = {
        { "by prefix", "203.0.113.1", "us-east-1", 90 },
        { "by prefix rather than by Region", "203.0.113.1", "eu-west-1", 20 },
        { "by the nearest Region, Frankfurt to Berlin", "203.0.113.1", "sa-east-1", 200 },
        { "not measured", "203.0.113.1", "ap-south-1", 0 },
        { "by the Region that the row says", "198.51.100.1", "us-east-1", 70 },
        { "by the Region nearest to the row's point", "192.0.2.1", "us-east-1", 70 },
        { "an unlocated client is at us-east-1", "127.0.0.1", "us-west-2", 60 },
        { "and what is not measured from there is modelled", "127.0.0.1", "eu-west-1", 0 },
    };
    struct geography *geography =
        make(locations, COUNT_OF(locations), latencies, COUNT_OF(latencies), NULL);
    assert_int_equal(geography_latency_count(geography), COUNT_OF(latencies));
    for (unsigned i = 0; i < COUNT_OF(rows); i++) {
        struct ip_prefix client = prefix_of(rows[i].client);
        struct place place;
        bool assumed, measured;
        geography_locate(geography, &client, &place);
        struct latency_origin origin = geography_origin(geography, &client, &place, &assumed);
        double ms = geography_latency_ms(&origin, geo_region_find(rows[i].region), &measured);
        if (measured != (rows[i].ms > 0) || (measured && ms != rows[i].ms))
            fail_msg("%s: %f", rows[i].why, ms);
    }
    geography_unref(geography);
}

static void the_model_is_5_ms_and_20_ms_a_thousand_km(void **state)
{
    (void)state;
    struct location_row locations[] = { located_at("192.0.2.0/24", 38.95f, -77.45f) };
    struct geography *geography = make(locations, COUNT_OF(locations), NULL, 0, NULL);
    struct ip_prefix client = prefix_of("192.0.2.1");
    struct place place;
    bool assumed, measured;
    geography_locate(geography, &client, &place);
    struct latency_origin origin = geography_origin(geography, &client, &place, &assumed);
    assert_false(assumed);
    assert_true(fabs(geography_latency_ms(&origin, geo_region_find("us-east-1"), &measured) - 5) <
                0.01);
    assert_false(measured);
    struct geo_point here = geo_point_of(38.95, -77.45);
    unsigned tokyo = geo_region_find("ap-northeast-1");
    double expect = 5 + 0.02 * geo_distance_km(&here, geo_region_point(tokyo));
    assert_true(fabs(geography_latency_ms(&origin, tokyo, &measured) - expect) < 0.01);
    geography_unref(geography);
}

/* ---- the file ---- */

static struct mmdb *open_file_of(const char *prefix, const char *country)
{
    char path[] = "/tmp/signpost-test-XXXXXX";
    struct mmdb_file file = new_mmdb_file(4);
    struct problem problem = { 0 };
    struct mmdb *mmdb = NULL;
    assert_true(close(mkstemp(path)) == 0);
    put_map(&file, 1);
    put_pair(&file, "country_code", country);
    put_prefix(&file, prefix, 0);
    write_mmdb_file(&file, path, "country");
    if (mmdb_open(path, &mmdb, &problem) != 0)
        fail_msg("%s", problem.text);
    unlink(path);
    return mmdb;
}

static void the_file_is_asked_where_the_table_has_no_row(void **state)
{
    (void)state;
    struct location_row locations[] = { location("192.0.2.0/25", NULL, "US", NULL, NULL) };
    struct mmdb *french = open_file_of("192.0.2.0/24", "FR");
    struct mmdb *chilean = open_file_of("192.0.2.0/24", "CL");
    struct geography *first = make(locations, 1, NULL, 0, french);
    struct geography *second = geography_with_mmdb(first, chilean);
    struct geography *third = geography_with_mmdb(second, NULL);
    mmdb_unref(french);
    mmdb_unref(chilean);
    assert_ptr_equal(geography_mmdb(third), NULL);
    const struct row {
        const char *client;
        const struct geography *geography;
        enum place_source source;
        const char *country;
    } rows[] = {
        { "192.0.2.1", first, PLACE_TABLE, "US" },
        { "192.0.2.200", first, PLACE_MMDB, "FR" },
        { "192.0.2.200", second, PLACE_MMDB, "CL" },
        { "192.0.2.1", third, PLACE_TABLE, "US" },
        { "192.0.2.200", third, PLACE_UNLOCATED, "\0" },
        { "203.0.113.1", first, PLACE_UNLOCATED, "\0" },
    };
    for (unsigned i = 0; i < COUNT_OF(rows); i++) {
        struct ip_prefix client = prefix_of(rows[i].client);
        struct place place;
        assert_int_equal(geography_locate(rows[i].geography, &client, &place), rows[i].source);
        assert_memory_equal(place.country, rows[i].country, 2);
    }
    geography_unref(first);
    geography_unref(geography_ref(second));
    geography_unref(second);
    geography_unref(third);
}

static void strangers_are_where_they_are_said_to_be(void **state)
{
    struct location_row rows[] = { location("192.0.2.0/24", "EU", "DE", NULL, NULL) };
    struct place place = location("::/0", NULL, "US", "VA", "us-east-1").place, found;
    struct ip_prefix known = prefix_of("192.0.2.1"), stranger = prefix_of("198.51.100.1");
    struct geography *without = make(rows, 1, NULL, 0, NULL);
    (void)state;
    for (unsigned i = 0; i < 2; i++) {
        struct geography *with = geography_with_strangers(i == 0 ? without : NULL, &place);
        assert_non_null(with);
        assert_int_equal(geography_locate(with, &stranger, &found), PLACE_TABLE);
        assert_memory_equal(found.country, "US", 2);
        assert_memory_equal(found.subdivision, "VA", 3);
        assert_string_equal(geo_continent_code(found.continent), "NA");
        assert_int_equal(found.region, geo_region_find("us-east-1"));
        geography_locate(with, &known, &found);
        assert_memory_equal(found.country, i == 0 ? "DE" : "US", 2);
        geography_unref(with);
    }
    assert_int_equal(geography_locate(without, &stranger, &found), PLACE_UNLOCATED);
    geography_unref(without);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(the_longest_prefix_says_where_a_client_is),
    cmocka_unit_test(a_point_comes_from_what_the_row_says_best),
    cmocka_unit_test(without_tables_everybody_is_unlocated),
    cmocka_unit_test(what_is_there_twice_is_refused),
    cmocka_unit_test(a_measured_latency_counts_before_the_model),
    cmocka_unit_test(the_model_is_5_ms_and_20_ms_a_thousand_km),
    cmocka_unit_test(the_file_is_asked_where_the_table_has_no_row),
    cmocka_unit_test(strangers_are_where_they_are_said_to_be),
};

RUN_TESTS(tests)
