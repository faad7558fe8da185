#include "tests.h"

#include "signpost/model/delegation_set.h"

static void a_set_is_drawn_like_the_servers_of_a_zone(void **state)
{
    struct delegation_set set = { 0 };
    struct dice dice;
    (void)state;
    dice_init_seeded(&dice, 53);
    delegation_set_draw(&set, &dice);
    assert_int_equal(strlen(set.id), 21);
    assert_int_equal(set.id[0], 'N');
    assert_int_equal(strspn(set.id, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"), 21);
    for (unsigned family = 0; family < ZONE_SERVER_COUNT; family++)
        assert_int_equal(set.name_servers[family] / 512, family);
}

static void private_zones_have_the_first_server_of_each_family(void **state)
{
    uint16_t servers[ZONE_SERVER_COUNT];
    (void)state;
    delegation_set_reserved(servers); /* R-ZON-6 */
    assert_memory_equal(servers, ((const uint16_t[]){ 0, 512, 1024, 1536 }), sizeof servers);
}

static void one_common_server_is_an_overlap(void **state)
{
    static const uint16_t mine[ZONE_SERVER_COUNT] = { 1, 513, 1025, 1537 };
    static const struct row {
        uint16_t servers[ZONE_SERVER_COUNT];
        bool expect;
    } rows[] = {
        { { 1, 513, 1025, 1537 }, true },
        { { 1, 514, 1026, 1538 }, true },
        { { 2, 514, 1026, 1537 }, true },
        { { 2, 514, 1026, 1538 }, false },
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        assert_int_equal(delegation_sets_overlap(mine, rows[i].servers), rows[i].expect);
}

static void servers_that_nobody_has_stay(void **state)
{
    struct servers_in_use in_use = { 0 };
    uint16_t servers[ZONE_SERVER_COUNT] = { 5, 600, 1030, 1540 };
    struct dice dice, before;
    (void)state;
    dice_init_seeded(&dice, 53);
    before = dice;
    servers_in_use_add(&in_use, (const uint16_t[]){ 6, 601, 1031, 1541 }, true);
    assert_int_equal(servers_in_use_avoid(&in_use, servers, &dice), 0);
    assert_memory_equal(servers, ((const uint16_t[]){ 5, 600, 1030, 1540 }), sizeof servers);
    assert_memory_equal(&dice, &before, sizeof dice); /* nothing was drawn */
}

/* Takes the numbers from first to last of each family. */
static void take_range(struct servers_in_use *in_use, unsigned first, unsigned last, bool same_name)
{
    for (unsigned within = first; within <= last; within++) {
        uint16_t servers[ZONE_SERVER_COUNT];
        for (unsigned family = 0; family < ZONE_SERVER_COUNT; family++)
            servers[family] = (uint16_t)(family * 512 + within);
        servers_in_use_add(in_use, servers, same_name);
    }
}

static void servers_that_are_taken_are_drawn_again(void **state)
{
    static const struct row {
        const char *why;
        unsigned same_last;   /* numbers from 1 up to here: of zones of the name */
        unsigned others_last; /* from there on up to here: of zones above and below */
        unsigned low, high;   /* where the draw must lie; 0: there is none */
    } rows[] = {
        { "all but one are of zones below", 0, 510, 511, 511 },
        { "of the name and below", 255, 510, 511, 511 },
        { "none is left but by sharing with zones below", 300, 511, 301, 511 },
        { "all are of zones of that name: R-ZON-7", 511, 511, 0, 0 },
    };
    struct dice dice;
    (void)state;
    dice_init_seeded(&dice, 53);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct servers_in_use in_use = { 0 };
        uint16_t servers[ZONE_SERVER_COUNT] = { 7, 519, 1031, 1543 };
        take_range(&in_use, 1, rows[i].same_last, true);
        take_range(&in_use, rows[i].same_last + 1, rows[i].others_last, false);
        int rc = servers_in_use_avoid(&in_use, servers, &dice);
        assert_int_equal(rc, rows[i].high == 0 ? SP_ELIMIT : 0);
        for (unsigned family = 0; family < ZONE_SERVER_COUNT; family++) {
            unsigned within = servers[family] - family * 512;
            if (rc != 0)
                assert_int_equal(within, 7); /* as it was */
            else if (within < rows[i].low || within > rows[i].high)
                fail_msg("%s: %u", rows[i].why, within);
        }
    }
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(a_set_is_drawn_like_the_servers_of_a_zone),
    cmocka_unit_test(private_zones_have_the_first_server_of_each_family),
    cmocka_unit_test(one_common_server_is_an_overlap),
    cmocka_unit_test(servers_that_nobody_has_stay),
    cmocka_unit_test(servers_that_are_taken_are_drawn_again),
};
RUN_TESTS(tests)
