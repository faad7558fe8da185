/* Alarms: what they are called, and what a check that follows one is (R-HCW-1, R-HCW-2). */
#include "tests.h"

#include "signpost/model/alarm.h"

static void a_check_follows_its_alarm(void **state)
{
    static const struct row {
        const char *why;
        enum alarm_state state;
        enum insufficient_data without_data;
        bool says, up;
    } rows[] = {
        { "OK is healthy", ALARM_OK, INSUFFICIENT_DATA_UNHEALTHY, true, true },
        { "ALARM is unhealthy", ALARM_ALARM, INSUFFICIENT_DATA_HEALTHY, true, false },
        { "S-29a", ALARM_INSUFFICIENT_DATA, INSUFFICIENT_DATA_HEALTHY, true, true },
        { "S-29a", ALARM_INSUFFICIENT_DATA, INSUFFICIENT_DATA_UNHEALTHY, true, false },
        { "S-29b", ALARM_INSUFFICIENT_DATA, INSUFFICIENT_DATA_LAST_KNOWN, false, false },
        { "data comes before the setting", ALARM_OK, INSUFFICIENT_DATA_LAST_KNOWN, true, true },
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        bool up = false;
        bool says = alarm_says(rows[i].state, rows[i].without_data, &up);
        if (says != rows[i].says || up != rows[i].up)
            fail_msg("%s (row %zu)", rows[i].why, i);
    }
}

static void the_states_have_the_names_of_cloudwatch(void **state)
{
    static const char *const names[ALARM_STATE_COUNT] = { "OK", "ALARM", "INSUFFICIENT_DATA" };
    struct problem problem = { 0 };
    enum alarm_state found;
    (void)state;
    for (unsigned i = 0; i < ALARM_STATE_COUNT; i++) {
        assert_string_equal(alarm_state_name((enum alarm_state)i), names[i]);
        assert_int_equal(alarm_state_find(names[i], &found, NULL), 0);
        assert_int_equal(found, i);
    }
    assert_int_equal(alarm_state_find("ok", &found, &problem), SP_EINVAL);
    assert_string_equal(problem.text, "unknown state of an alarm \"ok\"; it may be one of: OK "
                                      "ALARM INSUFFICIENT_DATA");
}

static void an_alarm_has_a_region_and_a_name(void **state)
{
    static char long_name[ALARM_NAME_SIZE_MAX + 2];
    static const struct row {
        const char *region, *name;
        int status;
    } rows[] = {
        { "us-east-1", "high load / 5xx \"web\"", 0 },
        { "us-east-1", "", SP_EINVAL },
        { "us-east-1", "a\tb", SP_EINVAL },
        { "", "high-load", SP_EINVAL },
        { "us east", "high-load", SP_EINVAL },
        { "us-east-1", long_name + 1, 0 },
        { "us-east-1", long_name, SP_EINVAL },
        { "a-region-with-33-characters-in-it", "high-load", SP_EINVAL },
    };
    (void)state;
    memset(long_name, 'a', ALARM_NAME_SIZE_MAX + 1);
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        if (alarm_check(rows[i].region, rows[i].name, NULL) != rows[i].status)
            fail_msg("\"%s\" in \"%s\"", rows[i].name, rows[i].region);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(a_check_follows_its_alarm),
    cmocka_unit_test(the_states_have_the_names_of_cloudwatch),
    cmocka_unit_test(an_alarm_has_a_region_and_a_name),
};
RUN_TESTS(tests)
