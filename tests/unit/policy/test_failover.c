#include "asking.h"

static void primary_unless_only_the_secondary_is_healthy(void **state)
{
    (void)state;
    static const struct tree pair = {
        .group_count = 1,
        .groups = { GROUP(ROUTING_FAILOVER, 2, VALUES(1, .is_primary = true, .check = 1),
                          VALUES(2, .check = 2)) },
    };
    static const struct tree unchecked_secondary = {
        .group_count = 1,
        .groups = { GROUP(ROUTING_FAILOVER, 2, VALUES(1, .is_primary = true, .check = 1),
                          VALUES(2)) },
    };
    static const struct tree unchecked_primary = {
        .group_count = 1,
        .groups = { GROUP(ROUTING_FAILOVER, 2, VALUES(1, .is_primary = true),
                          VALUES(2, .check = 2)) },
    };
    static const struct tree lonely = {
        .group_count = 1,
        .groups = { GROUP(ROUTING_FAILOVER, 1, VALUES(2, .check = 2)) },
    };
    static const struct asking both[] = {
        { "S-10a", US, { 0 }, { 1 } },
        { "S-10b", US, { 2 }, { 1 } },
        { "S-10c", US, { 1 }, { 2 } },
        { "S-10d", US, { 1, 2 }, { 1 } },
    };
    static const struct asking e = { "S-10e", US, { 1 }, { 2 } };
    static const struct asking f = { "S-10f", US, { 0 }, { 1 } };
    static const struct asking g = { "R-FLO-1: a role alone answers always", US, { 2 }, { 2 } };
    check_askings(&pair, both, COUNT_OF(both));
    check_askings(&unchecked_secondary, &e, 1);
    check_askings(&unchecked_primary, &f, 1);
    check_askings(&lonely, &g, 1);
}

static void a_role_is_healthy_while_one_behind_it_is(void **state)
{
    (void)state;
    static const struct tree tree = {
        .group_count = 3,
        .groups = { GROUP(ROUTING_FAILOVER, 2, ALIAS(1, .is_primary = true, .evaluates = true),
                          ALIAS(2, .evaluates = true)),
                    GROUP(ROUTING_WEIGHTED, 2, VALUES(1, .weight = 1, .check = 1),
                          VALUES(2, .weight = 1, .check = 2)),
                    GROUP(ROUTING_WEIGHTED, 1, VALUES(3, .weight = 1, .check = 3)) },
    };
    static const struct asking rows[] = {
        { "S-11a", US, { 1 }, { 2 } },
        { "S-11b", US, { 1, 2 }, { 3 } },
        { "S-11c", US, { 1, 2, 3 }, { 1, 2 } },
    };
    check_askings(&tree, rows, COUNT_OF(rows));
}

/* S-21, the health of the load balancer given. */
static void a_resource_counts_by_its_registered_health(void **state)
{
    (void)state;
    static struct tree tree = {
        .group_count = 1,
        .groups = { GROUP(ROUTING_FAILOVER, 2, RESOURCE(0, .is_primary = true, .evaluates = true),
                          VALUES(2)) },
        .resources = { { true, true, true, 9 } },
    };
    static const struct asking well = { "S-21a", US, { 0 }, { 9 } };
    static const struct asking ill = { "S-21b", US, { 0 }, { 2 } };
    check_askings(&tree, &well, 1);
    tree.resources[0].is_healthy = false;
    check_askings(&tree, &ill, 1);
    tree.groups[0].members[0].evaluates = false;
    check_askings(&tree, &well, 1);
    tree.resources[0].is_registered = false;
    check_askings(&tree, &ill, 1);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(primary_unless_only_the_secondary_is_healthy),
    cmocka_unit_test(a_role_is_healthy_while_one_behind_it_is),
    cmocka_unit_test(a_resource_counts_by_its_registered_health),
};
RUN_TESTS(tests)
