#include "asking.h"

#define AT(c, n, s) .continent = c, .country = n, .subdivision = s

static void the_narrowest_place_that_holds_the_client_answers(void **state)
{
    (void)state;
    static const struct tree tree = {
        .group_count = 1,
        .groups = { GROUP(
            ROUTING_GEOLOCATION, 5, VALUES(1, AT("", "US", "CA"), .check = 1),
            VALUES(2, AT("", "US", ""), .check = 2), VALUES(3, AT("NA", "", ""), .check = 3),
            VALUES(4, AT("", "DE", ""), .check = 4), VALUES(9, AT("", "*", ""), .check = 9)) },
    };
    static const struct asking rows[] = {
        { "S-14a", US_CA, { 0 }, { 1 } },       { "S-14a", US, { 0 }, { 2 } },
        { "S-14a", DE, { 0 }, { 4 } },          { "S-14b", BR, { 0 }, { 9 } },
        { "S-14b", CN, { 0 }, { 9 } },          { "S-14b, R-GEO-7", NOWHERE, { 0 }, { 9 } },
        { "S-14c", US_CA, { 1 }, { 2 } },       { "S-14d", US_CA, { 1, 2 }, { 3 } },
        { "S-14e", US_CA, { 1, 2, 3 }, { 9 } }, { "S-14f", US_CA, { 1, 2, 3, 9 }, { 1 } },
        { "S-14g", DE, { 4, 9 }, { 4 } },
    };
    check_askings(&tree, rows, COUNT_OF(rows));
}

static void without_a_default_some_clients_get_nothing(void **state)
{
    (void)state;
    static const struct tree tree = {
        .group_count = 1,
        .groups = { GROUP(ROUTING_GEOLOCATION, 2, VALUES(1, AT("", "US", "CA"), .check = 1),
                          VALUES(4, AT("", "DE", ""))) },
    };
    static const struct tree aliased = {
        .group_count = 2,
        .groups = { GROUP(ROUTING_SIMPLE, 1, ALIAS(1)),
                    GROUP(ROUTING_GEOLOCATION, 1, VALUES(4, AT("", "DE", ""))) },
    };
    static const struct asking rows[] = {
        { "S-15a", US, { 0 }, { 0 } },
        { "S-15a", NOWHERE, { 0 }, { 0 } },
        { "S-15b", US_CA, { 1 }, { 1 } },
    };
    static const struct asking c = { "S-15c", NOWHERE, { 0 }, { 0 } };
    check_askings(&tree, rows, COUNT_OF(rows));
    check_askings(&aliased, &c, 1);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(the_narrowest_place_that_holds_the_client_answers),
    cmocka_unit_test(without_a_default_some_clients_get_nothing),
};
RUN_TESTS(tests)
