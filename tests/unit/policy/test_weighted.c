#include "asking.h"

#include <math.h>

static const struct tree one_three_none = {
    .group_count = 1,
    .groups = { GROUP(ROUTING_WEIGHTED, 3, VALUES(1, .weight = 1, .check = 1),
                      VALUES(2, .weight = 3, .check = 2), VALUES(3, .weight = 0)) },
};

static const struct tree zero_weight_checked = {
    .group_count = 1,
    .groups = { GROUP(ROUTING_WEIGHTED, 3, VALUES(1, .weight = 1, .check = 1),
                      VALUES(2, .weight = 1, .check = 2), VALUES(3, .weight = 0, .check = 3)) },
};

static const struct tree all_zero = {
    .group_count = 1,
    .groups = { GROUP(ROUTING_WEIGHTED, 3, VALUES(1, .check = 1), VALUES(2, .check = 2),
                      VALUES(3, .check = 3)) },
};

static void weight_and_health_decide_who_is_drawn(void **state)
{
    (void)state;
    static const struct asking first[] = {
        { "S-07a: weight 0 is never drawn", US, { 0 }, { 1, 2 } },
        { "S-07b: what is down leaves", US, { 2 }, { 1 } },
        { "S-07c: a healthy zero weight takes over", US, { 1, 2 }, { 3 } },
    };
    static const struct asking second[] = {
        { "S-08a", US, { 1, 2 }, { 3 } },
        { "S-08b: in the last resort weight 0 stays out", US, { 1, 2, 3 }, { 1, 2 } },
        { "S-08c", US, { 1, 3 }, { 2 } },
        { "S-08d", US, { 3 }, { 1, 2 } },
        { "S-08e", US, { 0 }, { 1, 2 } },
    };
    static const struct asking third[] = {
        { "S-09a: all zero, all alike", US, { 0 }, { 1, 2, 3 } },
        { "S-09b", US, { 2 }, { 1, 3 } },
        { "S-09c", US, { 1, 2, 3 }, { 1, 2, 3 } },
    };
    check_askings(&one_three_none, first, COUNT_OF(first));
    check_askings(&zero_weight_checked, second, COUNT_OF(second));
    check_askings(&all_zero, third, COUNT_OF(third));
}

/* Pearson's statistic of counts against shares. */
static double chi_square(const unsigned *seen, const double *shares, unsigned count, unsigned total)
{
    double sum = 0;
    for (unsigned i = 0; i < count; i++) {
        double expected = shares[i] * total;
        if (shares[i] == 0)
            assert_int_equal(seen[i], 0);
        else
            sum += pow(seen[i] - expected, 2) / expected;
    }
    return sum;
}

/* The seed is fixed, so the outcome is too; with another seed one in a million would exceed the
 * bound (chi-square at 1e-6: 23.9 for one degree of freedom, 27.6 for two). */
static void answers_come_as_often_as_their_weights_say(void **state)
{
    (void)state;
    static const struct tree tens = {
        .group_count = 1,
        .groups = { GROUP(ROUTING_WEIGHTED, 3, VALUES(1, .weight = 10), VALUES(2, .weight = 20),
                          VALUES(3, .weight = 20, .check = 1)) },
    };
    static const struct row {
        const struct tree *tree;
        struct asking asking;
        double shares[3], bound;
    } rows[] = {
        { &one_three_none, { "S-07a", US, { 0 }, { 0 } }, { 0.25, 0.75, 0 }, 23.9 },
        { &tens, { "S-07d", US, { 1 }, { 0 } }, { 1.0 / 3, 2.0 / 3, 0 }, 23.9 },
        { &tens, { "R-WGT-1", US, { 0 }, { 0 } }, { 0.2, 0.4, 0.4 }, 27.6 },
        { &all_zero, { "S-09a", US, { 0 }, { 0 } }, { 1.0 / 3, 1.0 / 3, 1.0 / 3 }, 27.6 },
        { &all_zero, { "S-09b", US, { 2 }, { 0 } }, { 0.5, 0, 0.5 }, 23.9 },
        { &zero_weight_checked, { "S-08b", US, { 1, 2, 3 }, { 0 } }, { 0.5, 0.5, 0 }, 23.9 },
    };
    for (unsigned i = 0; i < COUNT_OF(rows); i++) {
        unsigned seen[TREE_LEAVES_MAX];
        struct snapshot *snapshot = tree_compile(rows[i].tree);
        count_answers(snapshot, &rows[i].asking, 20000, seen);
        double found = chi_square(seen + 1, rows[i].shares, 3, 20000);
        if (found > rows[i].bound)
            fail_msg("%s: chi-square is %f", rows[i].asking.why, found);
        snapshot_unref(snapshot);
    }
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(weight_and_health_decide_who_is_drawn),
    cmocka_unit_test(answers_come_as_often_as_their_weights_say),
};
RUN_TESTS(tests)
