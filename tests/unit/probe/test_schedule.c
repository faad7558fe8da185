#include "schedule.h"

#include "tests.h"

#include "signpost/base/dice.h"

static void add(struct schedule *schedule, uint64_t due_ms, uint32_t checker)
{
    struct look look = { .due_ms = due_ms, .slot = 7, .generation = 3, .checker = checker };
    assert_int_equal(schedule__reserve(schedule, 1), 0);
    schedule__add(schedule, &look);
}

static void looks_come_in_order_and_not_before_their_time(void **state)
{
    (void)state;
    struct schedule schedule = { 0 };
    struct look look;
    uint64_t due_ms;
    assert_false(schedule__peek(&schedule, &due_ms));
    add(&schedule, 300, 3);
    add(&schedule, 100, 1);
    add(&schedule, 200, 2);
    assert_true(schedule__peek(&schedule, &due_ms));
    assert_int_equal(due_ms, 100);
    assert_false(schedule__take(&schedule, 99, &look));
    for (unsigned checker = 1; checker <= 3; checker++) {
        assert_true(schedule__take(&schedule, checker * 100, &look));
        assert_int_equal(look.checker, checker);
        assert_int_equal(look.generation, 3);
        assert_false(schedule__take(&schedule, checker * 100, &look));
    }
    schedule__finish(&schedule);
}

static void many_looks_come_sorted(void **state)
{
    (void)state;
    struct schedule schedule = { 0 };
    struct dice dice;
    struct look look;
    uint64_t last_ms = 0;
    dice_init_seeded(&dice, 4);
    for (unsigned i = 0; i < 5000; i++)
        add(&schedule, dice_below(&dice, 1000), i);
    assert_int_equal(schedule__count_due(&schedule, 999), 5000);
    for (unsigned i = 0; i < 20000; i++) { /* each is put back, as after a look */
        assert_true(schedule__take(&schedule, UINT64_MAX, &look));
        assert_true(look.due_ms >= last_ms);
        last_ms = look.due_ms;
        add(&schedule, last_ms + dice_below(&dice, 1000), look.checker);
    }
    unsigned due = schedule__count_due(&schedule, last_ms + 500), taken = 0;
    while (schedule__take(&schedule, last_ms + 500, &look))
        taken++;
    assert_int_equal(taken, due);
    assert_in_range(taken, 1, 4999);
    schedule__finish(&schedule);
}

/* R-HCE-2: each checker on its own, and none of them soon after another. */
static void first_looks_of_a_check_are_spread_evenly(void **state)
{
    (void)state;
    static const struct row {
        unsigned checkers;
        uint32_t interval_ms;
    } rows[] = { { 16, 10000 }, { 16, 30000 }, { 1, 10000 }, { 64, 10000 }, { 3, 10000 } };
    for (unsigned i = 0; i < COUNT_OF(rows); i++)
        for (uint32_t phase = 0; phase < 100000; phase += 997) {
            uint32_t share_ms = rows[i].interval_ms / rows[i].checkers;
            uint64_t last_ms = 0;
            for (unsigned n = 0; n < rows[i].checkers; n++) {
                uint64_t due_ms =
                    schedule__first_look(5000, rows[i].interval_ms, n, rows[i].checkers, phase);
                assert_in_range(due_ms, 5000, 5000 + rows[i].interval_ms - 1);
                if (n == 0)
                    assert_in_range(due_ms, 5000, 5000 + share_ms);
                else
                    assert_in_range(due_ms - last_ms, share_ms, share_ms + 1);
                last_ms = due_ms;
            }
        }
}

static void checks_of_one_moment_make_no_burst(void **state)
{
    (void)state;
    unsigned begun[100] = { 0 };
    struct dice dice;
    dice_init_seeded(&dice, 9);
    for (unsigned check = 0; check < 10000; check++) {
        uint64_t due_ms = schedule__first_look(0, 10000, 0, 1, (uint32_t)(dice_next(&dice) >> 32));
        begun[due_ms / 100]++;
    }
    for (unsigned i = 0; i < 100; i++)
        assert_in_range(begun[i], 50, 150); /* 100 each, and 5 standard deviations */
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(looks_come_in_order_and_not_before_their_time),
    cmocka_unit_test(many_looks_come_sorted),
    cmocka_unit_test(first_looks_of_a_check_are_spread_evenly),
    cmocka_unit_test(checks_of_one_moment_make_no_burst),
};
RUN_TESTS(tests)
