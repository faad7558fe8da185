#include "asking.h"

/* The client is BR's, at 23.55 S 46.63 W; a degree of latitude is 111.2 km. */
static struct tree make_tree(int bias_a, int bias_b)
{
    struct tree tree = {
        .group_count = 1,
        .groups = { GROUP(ROUTING_GEOPROXIMITY, 2,
                          VALUES(1, .latitude = -23.55 + 1.35, .longitude = -46.63, .check = 1),
                          VALUES(2, .latitude = -23.55 + 0.9, .longitude = -46.63)) },
    };
    tree.groups[0].members[0].bias = bias_a;
    tree.groups[0].members[1].bias = bias_b;
    return tree;
}

static void the_nearest_by_biased_distance_answers(void **state)
{
    (void)state;
    static const struct row {
        int a, b;
        struct asking asking;
    } rows[] = {
        { 0, 0, { "S-16a", BR, { 0 }, { 2 } } },   { 50, 0, { "S-16b", BR, { 0 }, { 1 } } },
        { 50, 0, { "S-16c", BR, { 1 }, { 2 } } },  { 0, -40, { "S-16d", BR, { 0 }, { 2 } } },
        { 0, -60, { "S-16e", BR, { 0 }, { 1 } } },
    };
    for (unsigned i = 0; i < COUNT_OF(rows); i++) {
        struct tree tree = make_tree(rows[i].a, rows[i].b);
        check_askings(&tree, &rows[i].asking, 1);
    }
}

static void the_older_formula_divides_by_a_negative_bias(void **state)
{
    (void)state;
    static const struct asking asking = { "S-16d of 2023", BR, { 0 }, { 0 } };
    struct tree tree = make_tree(0, -40);
    struct snapshot *snapshot = tree_compile(&tree);
    unsigned seen[TREE_LEAVES_MAX];
    snapshot->options.divide_negative_bias = true;
    count_answers(snapshot, &asking, 1, seen);
    assert_int_equal(seen[1], 1);
    snapshot_unref(snapshot);
}

static void a_client_from_nowhere_is_at_us_east_1(void **state)
{
    (void)state;
    static const struct tree tree = {
        .group_count = 1,
        .groups = { GROUP(ROUTING_GEOPROXIMITY, 2, VALUES(1, .latitude = 40, .longitude = -80),
                          VALUES(2, .latitude = 50, .longitude = 8)) },
    };
    static const struct asking asking = { "R-GPX-8", NOWHERE, { 0 }, { 1 } };
    check_askings(&tree, &asking, 1);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(the_nearest_by_biased_distance_answers),
    cmocka_unit_test(the_older_formula_divides_by_a_negative_bias),
    cmocka_unit_test(a_client_from_nowhere_is_at_us_east_1),
};
RUN_TESTS(tests)
