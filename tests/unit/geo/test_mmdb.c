#include "signpost/base/dice.h"
#include "signpost/geo/mmdb.h"

#include "tests.h"

#include "mmdb_file.h"

#include <unistd.h>

static char path[64];

static int setup(void **state)
{
    (void)state;
    strcpy(path, "/tmp/signpost-test-XXXXXX");
    int file = mkstemp(path);
    return file < 0 ? -1 : close(file);
}

static int teardown(void **state)
{
    (void)state;
    return unlink(path);
}

static struct mmdb *open_mmdb(void)
{
    struct problem problem = { 0 };
    struct mmdb *mmdb = NULL;
    if (mmdb_open(path, &mmdb, &problem) != 0)
        fail_msg("%s", problem.text);
    return mmdb;
}

static struct ip_prefix prefix_of(const char *text)
{
    struct ip_prefix prefix;
    if (prefix_from_text(&prefix, text) != NULL)
        fail_msg("%s", text);
    return prefix;
}

/* "NA US CA 37.77,-122.42 /24", with "-" for what is unknown; "unknown" for an address that is. */
static void place_text(const struct mmdb *mmdb, const char *address, char out[64])
{
    struct ip_prefix client = prefix_of(address);
    struct place place;
    uint8_t length = 0;
    strcpy(out, "unknown");
    if (!mmdb_locate(mmdb, &client, &place, &length))
        return;
    int size =
        snprintf(out, 64, "%s %.2s %.3s ",
                 place.continent == GEO_CONTINENT_NONE ? "-" : geo_continent_code(place.continent),
                 place.country[0] == '\0' ? "-" : place.country,
                 place.subdivision[0] == '\0' ? "-" : place.subdivision);
    if (place.has_point)
        size += snprintf(out + size, 64 - (size_t)size, "%.2f,%.2f", (double)place.latitude,
                         (double)place.longitude);
    snprintf(out + size, 64 - (size_t)size, " /%u", length);
}

static void assert_place(const struct mmdb *mmdb, const char *address, const char *expect)
{
    char text[64];
    place_text(mmdb, address, text);
    if (strcmp(text, expect) != 0)
        fail_msg("%s: \"%s\" instead of \"%s\"", address, text, expect);
}

/* ---- schemas ---- */

/* As GeoLite2-City has it, and DB-IP. */
static void put_nested(struct mmdb_file *file, const char *prefix, const char *continent,
                       const char *country, const char *subdivision, double latitude,
                       double longitude)
{
    size_t offset = file->data_size;
    put_map(file, subdivision == NULL ? 3 : 4);
    put_string(file, "continent");
    put_map(file, 1);
    put_pair(file, "code", continent);
    put_string(file, "country");
    put_map(file, 2);
    put_pair(file, "iso_code", country);
    put_string(file, "names");
    put_map(file, 1);
    put_pair(file, "en", "a country");
    put_string(file, "location");
    put_map(file, 2);
    put_string(file, "latitude");
    put_double(file, latitude);
    put_string(file, "longitude");
    put_double(file, longitude);
    if (subdivision != NULL) {
        put_string(file, "subdivisions");
        put_array(file, 1);
        put_map(file, 1);
        put_pair(file, "iso_code", subdivision);
    }
    put_prefix(file, prefix, offset);
}

static void write_nested(void)
{
    struct mmdb_file file = new_mmdb_file(6);
    put_nested(&file, "198.51.100.0/24", "NA", "US", "CA", 37.77, -122.42);
    put_nested(&file, "203.0.113.0/25", "EU", "DE", "BY", 48.14, 11.58);
    put_nested(&file, "203.0.113.128/25", "AS", "TR", NULL, 41.01, 28.98);
    put_nested(&file, "2001:db8:1::/48", "SA", "BR", NULL, -23.55, -46.63);
    write_mmdb_file(&file, path, "GeoLite2-City");
}

static void a_nested_city_file_is_understood(void **state)
{
    (void)state;
    write_nested();
    struct mmdb *mmdb = open_mmdb();
    const struct mmdb_info *info = mmdb_info(mmdb);
    assert_true(info->has_continent && info->has_country && info->has_subdivision &&
                info->has_point && info->has_ipv6);
    assert_string_equal(info->type, "GeoLite2-City");
    assert_int_equal(info->built_at, 1700000000);
    assert_place(mmdb, "198.51.100.7", "NA US CA 37.77,-122.42 /24");
    assert_place(mmdb, "203.0.113.1", "EU DE - 48.14,11.58 /25");
    assert_place(mmdb, "203.0.113.200", "AS TR - 41.01,28.98 /25");
    assert_place(mmdb, "2001:db8:1::1", "SA BR - -23.55,-46.63 /48");
    assert_place(mmdb, "192.0.2.1", "unknown");
    assert_place(mmdb, "2001:db8:2::1", "unknown");
    mmdb_unref(mmdb);
}

static void a_country_file_is_filled_in_from_our_tables(void **state)
{
    (void)state;
    struct mmdb_file file = new_mmdb_file(4);
    size_t germany = file.data_size;
    put_map(&file, 1);
    put_string(&file, "country");
    put_map(&file, 1);
    put_pair(&file, "iso_code", "DE");
    size_t nowhere = file.data_size;
    put_map(&file, 1);
    put_string(&file, "country");
    put_map(&file, 1);
    put_pair(&file, "iso_code", "ZZ");
    put_prefix(&file, "203.0.113.0/24", germany);
    put_prefix(&file, "192.0.2.0/24", nowhere);
    write_mmdb_file(&file, path, "GeoLite2-Country");
    struct mmdb *mmdb = open_mmdb();
    assert_false(mmdb_info(mmdb)->has_point);
    assert_place(mmdb, "203.0.113.1", "EU DE - 52.50,13.37 /24");
    assert_place(mmdb, "192.0.2.1", "unknown");
    assert_place(mmdb, "2001:db8::1", "unknown");
    mmdb_unref(mmdb);
}

/* As the ip-location-db files have it: flat, the state by its name. */
static void put_flat(struct mmdb_file *file, const char *prefix, const char *country,
                     const char *state, const char *latitude, const char *longitude)
{
    size_t offset = file->data_size;
    put_map(file, 5);
    put_pair(file, "city", "a city");
    put_pair(file, "country_code", country);
    put_pair(file, "latitude", latitude);
    put_pair(file, "longitude", longitude);
    put_pair(file, "state1", state);
    put_prefix(file, prefix, offset);
}

static void a_flat_file_with_names_of_states_is_understood(void **state)
{
    (void)state;
    struct mmdb_file file = new_mmdb_file(4);
    put_flat(&file, "198.51.100.0/24", "US", "California", "37.77", "-122.42");
    put_flat(&file, "203.0.113.0/24", "DE", "Bavaria", "48.14", "11.58");
    put_flat(&file, "192.0.2.0/25", "US", "Nowhere", "", "");
    put_flat(&file, "192.0.2.128/25", "US", "New Mexico", "95.0", "0");
    write_mmdb_file(&file, path, "city");
    struct mmdb *mmdb = open_mmdb();
    assert_place(mmdb, "198.51.100.7", "NA US CA 37.77,-122.42 /24");
    assert_place(mmdb, "203.0.113.1", "EU DE - 48.14,11.58 /24");
    assert_place(mmdb, "192.0.2.1", "NA US - 40.71,-74.01 /25");
    assert_place(mmdb, "192.0.2.200", "NA US NM 35.08,-106.65 /25");
    mmdb_unref(mmdb);
}

static void codes_right_at_the_top_are_understood(void **state)
{
    (void)state;
    struct mmdb_file file = new_mmdb_file(4);
    put_map(&file, 5);
    put_pair(&file, "continent", "NA");
    put_pair(&file, "country", "US");
    put_pair(&file, "region", "New York");
    put_pair(&file, "lat", "42.65");
    put_pair(&file, "lng", "-73.75");
    put_prefix(&file, "192.0.2.0/24", 0);
    write_mmdb_file(&file, path, "generic");
    struct mmdb *mmdb = open_mmdb();
    assert_place(mmdb, "192.0.2.1", "NA US NY 42.65,-73.75 /24");
    mmdb_unref(mmdb);
}

/* ---- what is no use ---- */

static void assert_refused(int status, const char *words)
{
    struct problem problem = { 0 };
    struct mmdb *mmdb = NULL;
    assert_int_equal(mmdb_open(path, &mmdb, &problem), status);
    assert_null(mmdb);
    if (strstr(problem.text, path) == NULL || strstr(problem.text, words) == NULL)
        fail_msg("%s", problem.text);
}

static void a_file_that_says_nothing_of_places_is_refused(void **state)
{
    (void)state;
    struct mmdb_file file = new_mmdb_file(4);
    put_map(&file, 1);
    put_pair(&file, "autonomous_system_organization", "Example");
    put_prefix(&file, "192.0.2.0/24", 0);
    write_mmdb_file(&file, path, "GeoLite2-ASN");
    assert_refused(SP_EINVAL, "its type is \"GeoLite2-ASN\"");
}

static void what_is_no_mmdb_file_is_refused(void **state)
{
    (void)state;
    assert_refused(SP_EINVAL, "damaged"); /* still empty */
    FILE *to = fopen(path, "w");
    assert_non_null(to);
    for (unsigned i = 0; i < 1000; i++)
        fprintf(to, "this is no MMDB file\n");
    fclose(to);
    assert_refused(SP_EINVAL, "damaged");
    strcat(path, "-gone");
    assert_refused(SP_ENOENT, "No such file");
    path[strlen(path) - 5] = '\0';
}

/* ---- damage ---- */

static const char *const addresses[] = { "198.51.100.7", "203.0.113.1", "2001:db8:1::1",
                                         "192.0.2.1",    "::",          "255.255.255.255" };

/* Opens what stands in path, and asks: whatever is the matter, nothing worse happens than a refusal
 * or a wrong answer. */
static bool try_damaged(void)
{
    struct problem problem = { 0 };
    struct mmdb *mmdb = NULL;
    char text[64];
    if (mmdb_open(path, &mmdb, &problem) != 0) {
        assert_true(problem.text[0] != '\0');
        return false;
    }
    for (unsigned i = 0; i < COUNT_OF(addresses); i++)
        place_text(mmdb, addresses[i], text);
    mmdb_unref(mmdb);
    return true;
}

static size_t read_all(uint8_t *out, size_t size)
{
    FILE *from = fopen(path, "rb");
    assert_non_null(from);
    size = fread(out, 1, size, from);
    fclose(from);
    return size;
}

static void write_all(const uint8_t *data, size_t size)
{
    FILE *to = fopen(path, "wb");
    assert_non_null(to);
    assert_int_equal(fwrite(data, 1, size, to), size);
    fclose(to);
}

static void a_truncated_file_is_refused(void **state)
{
    (void)state;
    uint8_t data[16384];
    write_nested();
    size_t size = read_all(data, sizeof data);
    for (size_t left = 0; left < size; left += left < size - 300 ? 37 : 1) {
        write_all(data, left);
        if (try_damaged())
            fail_msg("%zu of %zu octets were taken", left, size);
    }
}

/* As "cp" over a file does it: first it is empty. */
static void what_becomes_of_the_file_later_does_not_matter(void **state)
{
    (void)state;
    write_nested();
    struct mmdb *mmdb = open_mmdb();
    write_all((const uint8_t *)"", 0);
    assert_place(mmdb, "203.0.113.1", "EU DE - 48.14,11.58 /25");
    mmdb_unref(mmdb);
}

static void a_damaged_file_never_does_harm(void **state)
{
    (void)state;
    uint8_t data[16384];
    struct dice dice;
    unsigned refused = 0;
    dice_init_seeded(&dice, 1);
    write_nested();
    size_t size = read_all(data, sizeof data);
    for (unsigned i = 0; i < 3000; i++) {
        size_t at = dice_below(&dice, (uint32_t)size);
        uint8_t before = data[at];
        data[at] = (uint8_t)dice_next(&dice);
        write_all(data, size);
        refused += !try_damaged();
        data[at] = before;
    }
    assert_true(refused > 0);
}

static void a_tree_that_points_outside_is_refused(void **state)
{
    (void)state;
    uint8_t data[16384];
    write_nested();
    size_t size = read_all(data, sizeof data);
    memset(data, 0xff, 8); /* both records of the root */
    write_all(data, size);
    assert_refused(SP_EINVAL, "damaged");
}

#define MMDB_TEST(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

static const struct CMUnitTest tests[] = {
    MMDB_TEST(a_nested_city_file_is_understood),
    MMDB_TEST(a_country_file_is_filled_in_from_our_tables),
    MMDB_TEST(a_flat_file_with_names_of_states_is_understood),
    MMDB_TEST(codes_right_at_the_top_are_understood),
    MMDB_TEST(a_file_that_says_nothing_of_places_is_refused),
    MMDB_TEST(what_is_no_mmdb_file_is_refused),
    MMDB_TEST(a_truncated_file_is_refused),
    MMDB_TEST(what_becomes_of_the_file_later_does_not_matter),
    MMDB_TEST(a_damaged_file_never_does_harm),
    MMDB_TEST(a_tree_that_points_outside_is_refused),
};

RUN_TESTS(tests)
