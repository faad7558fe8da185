#include "signpost/health/table.h"

#include "tests.h"

static void a_fresh_table_is_all_up(void **state)
{
    (void)state;
    struct health_table *table = health_table_create(4);
    for (health_slot slot = 0; slot < 4; slot++)
        assert_true(health_is_up(table, slot));
    assert_int_equal(health_state(table, 3).since_ms, 0);
    assert_int_equal(health_table_size(table), 4);
    health_table_destroy(table);
    health_table_destroy(NULL);
}

static void a_turn_keeps_its_time_until_the_next_turn(void **state)
{
    (void)state;
    static const struct row {
        const char *why;
        bool up;
        uint64_t now_ms, since_ms;
    } rows[] = {
        { "down", false, 1000, 1000 },
        { "still down", false, 2000, 1000 },
        { "up", true, 3000, 3000 },
        { "still up", true, 4000, 3000 },
        { "down in the far future", false, UINT64_C(4102444800000), UINT64_C(4102444800000) },
    };
    struct health_table *table = health_table_create(2);
    for (unsigned i = 0; i < COUNT_OF(rows); i++) {
        health_report(table, 1, rows[i].up, rows[i].now_ms);
        struct health_state found = health_state(table, 1);
        if (found.up != rows[i].up || found.since_ms != rows[i].since_ms)
            fail_msg("%s: since %llu", rows[i].why, (unsigned long long)found.since_ms);
        assert_int_equal(health_is_up(table, 1), rows[i].up);
    }
    health_table_destroy(table);
}

static void the_slot_of_no_check_cannot_go_down(void **state)
{
    (void)state;
    struct health_table *table = health_table_create(2);
    health_report(table, HEALTH_NO_CHECK, false, 1000);
    assert_true(health_is_up(table, HEALTH_NO_CHECK));
    health_table_destroy(table);
}

static void a_copy_lives_on_its_own(void **state)
{
    (void)state;
    struct health_table *table = health_table_create(3);
    health_restore(table, 1, (struct health_state){ .since_ms = 77 });
    struct health_table *copy = health_table_copy(table);
    health_report(copy, 2, false, 99);
    assert_int_equal(health_state(copy, 1).since_ms, 77);
    assert_false(health_is_up(copy, 1));
    assert_true(health_is_up(table, 2));
    health_table_destroy(copy);
    health_table_destroy(table);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(a_fresh_table_is_all_up),
    cmocka_unit_test(a_turn_keeps_its_time_until_the_next_turn),
    cmocka_unit_test(the_slot_of_no_check_cannot_go_down),
    cmocka_unit_test(a_copy_lives_on_its_own),
};
RUN_TESTS(tests)
