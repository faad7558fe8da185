/* Zonal shifts: how long, and whether they move anything (R-ZSH-1, R-ZSH-4, R-ZSH-5, S-32). */
#include "tests.h"

#include "signpost/model/zonal_shift.h"

#define MINUTE_MS 60000ull
#define HOUR_MS   3600000ull

static void a_time_is_minutes_or_hours(void **state)
{
    static const struct row {
        const char *text;
        uint64_t ms; /* 0: refused */
    } rows[] = {
        { "2h", 2 * HOUR_MS },
        { "1m", MINUTE_MS },
        { "90m", 90 * MINUTE_MS },
        { "72h", 72 * HOUR_MS },
        { "4320m", 72 * HOUR_MS },
        { "4321m", 0 },
        { "73h", 0 }, /* S-32b */
        { "90s", 0 },
        { "0h", 0 },
        { "02h", 0 },
        { "2", 0 },
        { "h", 0 },
        { "", 0 },
        { "-2h", 0 },
        { "1.5h", 0 },
        { "2H", 0 },
        { "18446744073709551617m", 0 },
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        uint64_t ms = 0;
        int rc = shift_time_from_text(rows[i].text, &ms, NULL);
        if (rc != (rows[i].ms == 0 ? SP_EINVAL : 0) || ms != rows[i].ms)
            fail_msg("%s: %d %llu", rows[i].text, rc, (unsigned long long)ms);
    }
}

/* A load balancer with an address in each zone of the list. */
static struct resource_entry entry_in(const char *zones)
{
    struct resource_entry entry = { .kind = RESOURCE_APPLICATION_LOAD_BALANCER };
    char zone[RESOURCE_ZONE_SIZE], address[32];
    int size, number = 1;
    for (; sscanf(zones, "%32s%n", zone, &size) == 1; zones += size) {
        snprintf(address, sizeof address, "192.0.2.%d", number++);
        assert_int_equal(resource_add_address(&entry, zone, address, NULL), 0);
    }
    return entry;
}

static void a_shift_moves_where_there_is_somewhere_to_go(void **state)
{
    static const struct row {
        const char *why, *zones, *away_from;
        bool is_down, has_targets;
        uint32_t healthy;
        bool applies;
    } rows[] = {
        { "S-32a", "az1 az2 az3", "az2", false, false, 0, true },
        { "S-32d", "az1", "az1", false, false, 0, false },
        { "it is not there", "az1 az2", "az3", false, false, 0, false },
        { "a Region is no zone", "eu-west-1a eu-west-1b", "eu-west-1", false, false, 0, false },
        { "some targets are healthy", "az1 az2", "az1", false, true, 1, true },
        { "no target is healthy", "az1 az2", "az1", false, true, 0, false },
        { "it is down as a whole", "az1 az2", "az1", true, false, 0, false },
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct resource_entry entry = entry_in(rows[i].zones);
        entry.is_down = rows[i].is_down;
        if (rows[i].has_targets)
            assert_int_equal(resource_add_targets(&entry, "web", rows[i].healthy, 2, NULL), 0);
        if (shift_applies(&entry, rows[i].away_from) != rows[i].applies)
            fail_msg("%s", rows[i].why);
    }
}

static void assert_zones(const struct resource_entry *entry, const char *expect)
{
    char list[200] = "";
    for (uint32_t i = 0; i < entry->address_count; i++)
        sprintf(list + strlen(list), "%s%s", i > 0 ? " " : "", entry->addresses[i].zone);
    assert_string_equal(list, expect);
}

static void a_place_is_a_zone_or_a_region(void **state)
{
    static const struct row {
        const char *why, *zones, *place, *left;
    } rows[] = {
        { "a zone", "eu-west-1a eu-west-1b", "eu-west-1a", "eu-west-1b" },
        { "all zones of a Region", "eu-west-1a eu-west-1b eu-west-2a", "eu-west-1", "eu-west-2a" },
        { "no Region whose name is longer", "eu-west-1a eu-west-12a", "eu-west-1", "eu-west-12a" },
        { "nor a Local Zone", "us-west-2a us-west-2-lax-1a", "us-west-2", "us-west-2-lax-1a" },
        { "what ends in a letter is a zone", "a ab", "a", "ab" },
        { "nothing there", "az1", "az2", "az1" },
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct resource_entry entry = entry_in(rows[i].zones);
        resource_lose_place(&entry, rows[i].place);
        assert_zones(&entry, rows[i].left);
    }
    struct resource_entry shifted = entry_in("eu-west-1 eu-west-1a");
    resource_leave_zone(&shifted, "eu-west-1");
    assert_zones(&shifted, "eu-west-1a");
}

static void a_comment_is_short_and_plain(void **state)
{
    char text[SHIFT_COMMENT_SIZE_MAX + 2] = "";
    (void)state;
    assert_int_equal(shift_comment_check(text, NULL), 0);
    memset(text, 'x', SHIFT_COMMENT_SIZE_MAX);
    assert_int_equal(shift_comment_check(text, NULL), 0);
    text[SHIFT_COMMENT_SIZE_MAX] = 'x';
    assert_int_equal(shift_comment_check(text, NULL), SP_EINVAL);
    assert_int_equal(shift_comment_check("two\nlines", NULL), SP_EINVAL);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(a_time_is_minutes_or_hours),
    cmocka_unit_test(a_shift_moves_where_there_is_somewhere_to_go),
    cmocka_unit_test(a_place_is_a_zone_or_a_region),
    cmocka_unit_test(a_comment_is_short_and_plain),
};
RUN_TESTS(tests)
