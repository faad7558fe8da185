#include "signpost/geo/places.h"

#include "tests.h"

#include <math.h>

static void every_code_of_the_tables_is_found(void **state)
{
    (void)state;
    assert_int_equal(geo_country_count(), 246);
    for (unsigned i = 0; i < geo_country_count(); i++) {
        const struct geo_country *country = geo_country_at(i);
        assert_ptr_equal(geo_country_find(country->code), country);
        assert_true(country->continent < GEO_CONTINENT_COUNT);
    }
    assert_int_equal(geo_subdivision_count(), 51 + 27);
    for (unsigned i = 0; i < geo_subdivision_count(); i++) {
        const struct geo_subdivision *subdivision = geo_subdivision_at(i);
        assert_ptr_equal(geo_subdivision_find(subdivision->country, subdivision->code),
                         subdivision);
        assert_ptr_equal(geo_subdivision_named(subdivision->country, subdivision->name,
                                               strlen(subdivision->name)),
                         subdivision);
    }
    for (unsigned i = 0; i < GEO_REGION_COUNT; i++) {
        const struct geo_region *region = geo_region_at(i);
        assert_int_equal(geo_region_find(region->name), i);
        assert_non_null(geo_country_find(region->country));
        if (region->subdivision[0] != '\0')
            assert_non_null(geo_subdivision_find(region->country, region->subdivision));
    }
    for (unsigned i = 0; i < GEO_CONTINENT_COUNT; i++)
        assert_int_equal(geo_continent_find(geo_continent_code(i)), i);
}

static void what_route_53_does_not_take_is_not_found(void **state)
{
    (void)state;
    static const char *const no_countries[] = {
        "BV", "CX", "EH", "HM", "UK", "EU", "us", "", "USA"
    };
    for (unsigned i = 0; i < COUNT_OF(no_countries); i++)
        if (geo_country_find(no_countries[i]) != NULL)
            fail_msg("\"%s\" is a country", no_countries[i]);
    static const char *const no_states[][2] = {
        { "US", "PR" }, { "US", "" }, { "UA", "43" }, { "CA", "ON" }, { "", "CA" }, { "US", "ca" },
    };
    for (unsigned i = 0; i < COUNT_OF(no_states); i++)
        if (geo_subdivision_find(no_states[i][0], no_states[i][1]) != NULL)
            fail_msg("%s-%s is a subdivision", no_states[i][0], no_states[i][1]);
    assert_int_equal(geo_continent_find("US"), GEO_CONTINENT_NONE);
    assert_int_equal(geo_region_find("us-east-9"), GEO_REGION_NONE);
    assert_int_equal(geo_region_find(""), GEO_REGION_NONE);
    assert_null(geo_local_zone_find("us-west-2-den-1a"));
}

static void countries_lie_in_their_continents(void **state)
{
    (void)state;
    static const struct row {
        const char *country, *name, *continent;
    } rows[] = {
        { "NA", "Namibia", "AF" },
        { "AS", "American Samoa", "OC" },
        { "SA", "Saudi Arabia", "AS" },
        { "XK", "Kosovo", "EU" },
        { "TR", "Turkey", "EU" },
        { "PR", "Puerto Rico", "NA" },
        { "GS", "South Georgia and South Sandwich Islands", "AN" },
    };
    for (unsigned i = 0; i < COUNT_OF(rows); i++) {
        const struct geo_country *country = geo_country_find(rows[i].country);
        assert_non_null(country);
        assert_string_equal(country->name, rows[i].name);
        assert_string_equal(geo_continent_code(country->continent), rows[i].continent);
    }
    assert_string_equal(geo_continent_name(geo_continent_find("OC")), "Oceania");
}

static void states_are_found_by_name_in_any_case(void **state)
{
    (void)state;
    static const struct row {
        const char *country, *name, *code;
    } rows[] = {
        { "US", "California", "CA" },
        { "US", "new york", "NY" },
        { "US", "WEST VIRGINIA", "WV" },
        { "US", "Virginia", "VA" },
        { "UA", "Odesa", "51" },
        { "US", "Odesa", NULL },
        { "US", "Calif", NULL },
        { "US", "Californias", NULL },
        { "US", "", NULL },
        { "CA", "Ontario", NULL },
    };
    for (unsigned i = 0; i < COUNT_OF(rows); i++) {
        const struct geo_subdivision *found =
            geo_subdivision_named(rows[i].country, rows[i].name, strlen(rows[i].name));
        if (rows[i].code == NULL)
            assert_null(found);
        else
            assert_string_equal(found->code, rows[i].code);
    }
}

static void distances_are_great_circles(void **state)
{
    (void)state;
    static const struct row {
        const char *why;
        double from[2], to[2], km, tolerance;
    } rows[] = {
        { "the same place", { 51.51, -0.13 }, { 51.51, -0.13 }, 0, 0.001 },
        { "a degree along the equator", { 0, 0 }, { 0, 1 }, 111.195, 0.001 },
        { "S-16: 150 km", { 0, 0 }, { 0, 1.35 }, 150.113, 0.001 },
        { "across the date line", { 0, 179.5 }, { 0, -179.5 }, 111.195, 0.001 },
        { "pole to pole", { 90, 0 }, { -90, 0 }, 20015.087, 0.001 },
        { "London to New York", { 51.51, -0.13 }, { 40.71, -74.01 }, 5570, 5 },
        { "half way round", { 0, 0 }, { 0, 180 }, 20015.087, 0.001 },
    };
    for (unsigned i = 0; i < COUNT_OF(rows); i++) {
        struct geo_point from = geo_point_of(rows[i].from[0], rows[i].from[1]);
        struct geo_point to = geo_point_of(rows[i].to[0], rows[i].to[1]);
        double km = geo_distance_km(&from, &to);
        if (fabs(km - rows[i].km) > rows[i].tolerance)
            fail_msg("%s: %f km", rows[i].why, km);
    }
}

static void points_of_regions_are_those_of_their_coordinates(void **state)
{
    (void)state;
    for (unsigned i = 0; i < GEO_REGION_COUNT; i++) {
        const struct geo_region *region = geo_region_at(i);
        struct geo_point point = geo_point_of(region->latitude, region->longitude);
        if (geo_distance_km(&point, geo_region_point(i)) > 0.01)
            fail_msg("%s", region->name);
    }
}

static void the_nearest_region_is_one_that_anybody_may_use(void **state)
{
    (void)state;
    static const struct row {
        const char *why;
        double latitude, longitude;
        const char *region;
    } rows[] = {
        { "Seattle, not GovCloud", 47.61, -122.33, "us-west-2" },
        { "Columbus, not GovCloud", 39.96, -83.00, "us-east-2" },
        { "Berlin, not the sovereign cloud", 52.52, 13.40, "eu-central-1" },
        { "Beijing, not China's own", 39.90, 116.41, "ap-northeast-2" },
        { "Wellington", -41.29, 174.78, "ap-southeast-6" },
    };
    for (unsigned i = 0; i < COUNT_OF(rows); i++) {
        struct geo_point point = geo_point_of(rows[i].latitude, rows[i].longitude);
        const struct geo_region *region = geo_region_at(geo_region_nearest(&point));
        if (strcmp(region->name, rows[i].region) != 0)
            fail_msg("%s: %s", rows[i].why, region->name);
    }
}

static void local_zone_groups_have_a_place(void **state)
{
    (void)state;
    const struct geo_local_zone *denver = geo_local_zone_find("us-west-2-den-1");
    assert_non_null(denver);
    assert_true(fabs(denver->latitude - 39.74) < 0.001 && fabs(denver->longitude + 104.99) < 0.001);
    assert_non_null(geo_local_zone_find("af-south-1-los-1"));
    assert_non_null(geo_local_zone_find("us-west-2-sea-1"));
}

static void degrees_are_read(void **state)
{
    (void)state;
    static const struct row {
        const char *text;
        bool right;
        float degrees;
    } rows[] = {
        { "37.77", true, 37.77f },
        { "-122.42", true, -122.42f },
        { "0", true, 0 },
        { "+5.5", true, 5.5f },
        { ".5", true, 0.5f },
        { "5.", true, 5 },
        { "180", true, 180 },
        { "-180.000", true, -180 },
        { "180.001", false, 0 },
        { "-181", false, 0 },
        { "", false, 0 },
        { "-", false, 0 },
        { ".", false, 0 },
        { "1.2.3", false, 0 },
        { "1e2", false, 0 },
        { " 1", false, 0 },
        { "nan", false, 0 },
        { "0x10", false, 0 },
        { "1234567890123456789012345", false, 0 },
    };
    for (unsigned i = 0; i < COUNT_OF(rows); i++) {
        float degrees = 99;
        bool right =
            geo_decimal_read(rows[i].text, strlen(rows[i].text), GEO_LONGITUDE_MAX, &degrees);
        if (right != rows[i].right || (right && degrees != rows[i].degrees))
            fail_msg("\"%s\": %d %f", rows[i].text, right, (double)degrees);
    }
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(every_code_of_the_tables_is_found),
    cmocka_unit_test(what_route_53_does_not_take_is_not_found),
    cmocka_unit_test(countries_lie_in_their_continents),
    cmocka_unit_test(states_are_found_by_name_in_any_case),
    cmocka_unit_test(distances_are_great_circles),
    cmocka_unit_test(points_of_regions_are_those_of_their_coordinates),
    cmocka_unit_test(the_nearest_region_is_one_that_anybody_may_use),
    cmocka_unit_test(local_zone_groups_have_a_place),
    cmocka_unit_test(degrees_are_read),
};

RUN_TESTS(tests)
