/*
 * Known values are those of the printed tables and, where a closed form exists, of that.
 */
#include "signpost/base/chi_square.h"

#include "tests.h"

#include <math.h>

static void the_chance_is_that_of_the_tables(void **state)
{
    static const struct row {
        double statistic;
        unsigned degrees;
        double p;
    } rows[] = {
        /* Critical values as every table has them. */
        { 3.841, 1, 0.05 },    { 6.635, 1, 0.01 },    { 5.991, 2, 0.05 },   { 9.210, 2, 0.01 },
        { 16.919, 9, 0.05 },   { 3.325, 9, 0.95 },    { 43.773, 30, 0.05 }, { 124.342, 100, 0.05 },
        { 77.929, 100, 0.95 }, { 90, 1, 2.3816e-21 },
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        double p = chi_square_p(rows[i].statistic, rows[i].degrees);
        if (fabs(p - rows[i].p) > 0.001 * rows[i].p + 5e-5 * (rows[i].p > 1e-6))
            fail_msg("%g with %u: %g, not %g", rows[i].statistic, rows[i].degrees, p, rows[i].p);
    }
}

/* Of one degree it is the complementary error function, of an even number a short sum. */
static void the_chance_is_that_of_the_closed_forms(void **state)
{
    (void)state;
    for (double x = 0.01; x < 60; x *= 1.3) {
        double two = exp(-x / 2), four = two * (1 + x / 2), six = two * (1 + x / 2 + x * x / 8);
        assert_true(fabs(chi_square_p(x, 1) / erfc(sqrt(x / 2)) - 1) < 1e-9);
        assert_true(fabs(chi_square_p(x, 2) / two - 1) < 1e-9);
        assert_true(fabs(chi_square_p(x, 4) / four - 1) < 1e-9);
        assert_true(fabs(chi_square_p(x, 6) / six - 1) < 1e-9);
    }
    assert_true(chi_square_p(0, 3) == 1);
    assert_true(chi_square_p(7, 0) == 1);
}

static void counts_are_compared_cell_by_cell(void **state)
{
    static const struct row {
        const char *why;
        struct chi_cell cells[4];
        size_t count;
        double statistic;
        unsigned degrees;
    } rows[] = {
        { "as expected", { { 50, 50 }, { 50, 50 } }, 2, 0, 1 },
        { "a die of four sides", { { 30, 25 }, { 20, 25 }, { 25, 25 }, { 25, 25 } }, 4, 2, 3 },
        { "a small cell joins the least of the others",
          { { 84, 90 }, { 4, 3 }, { 12, 7 } },
          3,
          4,
          1 },
        { "small cells count as one", { { 85, 91 }, { 5, 4 }, { 9, 4 }, { 0, 0 } }, 4, 4.8956, 1 },
        { "a member that may not be drawn was", { { 90, 100 }, { 10, 0 } }, 2, 0, 0 },
        { "too few draws", { { 3, 4 }, { 5, 4 } }, 2, 0, 0 },
        { "one member has no choice", { { 9, 9 } }, 1, 0, 0 },
        { "nothing at all", { { 0, 0 } }, 0, 0, 0 },
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct chi_square result = chi_square_test(rows[i].cells, rows[i].count);
        if (result.degrees != rows[i].degrees || fabs(result.statistic - rows[i].statistic) > 0.001)
            fail_msg("%s: %g with %u", rows[i].why, result.statistic, result.degrees);
        assert_true(result.p == chi_square_p(result.statistic, result.degrees));
    }
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(the_chance_is_that_of_the_tables),
    cmocka_unit_test(the_chance_is_that_of_the_closed_forms),
    cmocka_unit_test(counts_are_compared_cell_by_cell),
};
RUN_TESTS(tests)
