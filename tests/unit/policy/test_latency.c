#include "asking.h"

/* The table of trees.h says: DE has 3 ms to us-east-1 and 20 to eu-west-1; all else is modelled. */
static void the_fastest_healthy_region_answers(void **state)
{
    (void)state;
    static const struct tree tree = {
        .group_count = 1,
        .groups = { GROUP(ROUTING_LATENCY, 3, VALUES(1, .region = "us-east-1", .check = 1),
                          VALUES(2, .region = "eu-west-1", .check = 2),
                          VALUES(3, .region = "ap-southeast-1", .check = 3)) },
    };
    static const struct asking rows[] = {
        { "measured beats modelled", DE, { 0 }, { 1 } },
        { "S-12b: down, the next", DE, { 1 }, { 2 } },
        { "S-12c: down twice, the third", DE, { 1, 2 }, { 3 } },
        { "S-12d: all down, the fastest again", DE, { 1, 2, 3 }, { 1 } },
        { "modelled by distance", US_CA, { 0 }, { 1 } },
        { "measured from China", CN, { 0 }, { 3 } },
        { "R-LAT-5: from nowhere is from us-east-1", NOWHERE, { 0 }, { 1 } },
        { "R-LAT-5: and its order goes on from there", NOWHERE, { 1 }, { 2 } },
    };
    check_askings(&tree, rows, COUNT_OF(rows));
}

static void china_gets_its_own_region(void **state)
{
    (void)state;
    static const struct tree tree = {
        .group_count = 1,
        .groups = { GROUP(ROUTING_LATENCY, 2, VALUES(3, .region = "ap-southeast-1"),
                          VALUES(4, .region = "cn-north-1", .check = 4)) },
    };
    static const struct asking rows[] = {
        { "S-12e, R-LAT-4", CN, { 0 }, { 4 } },
        { "R-LAT-4: unhealthy, the usual order", CN, { 4 }, { 3 } },
    };
    check_askings(&tree, rows, COUNT_OF(rows));
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(the_fastest_healthy_region_answers),
    cmocka_unit_test(china_gets_its_own_region),
};
RUN_TESTS(tests)
