#include "asking.h"

/* trees.h's collection: west 198.51.100.0/24 in wide 198.51.0.0/16, euro 203.0.113.0/24 with
 * unused 203.0.113.128/25 in it, six 2001:db8::/32. */
static const struct tree tree = {
    .group_count = 1,
    .groups = { GROUP(ROUTING_CIDR, 4, VALUES(1, .location = "west", .check = 1),
                      VALUES(2, .location = "wide", .check = 2), VALUES(3, .location = "six"),
                      VALUES(9, .location = "*", .check = 9)) },
};

static void the_longest_block_around_the_client_answers(void **state)
{
    (void)state;
    static const struct row {
        const char *why, *prefix;
        bool is_subnet;
        unsigned down[4], leaf, scope;
    } rows[] = {
        { "S-18a", "198.51.100.7", true, { 0 }, 1, 24 },
        { "S-18b", "198.51.7.0/24", true, { 0 }, 2, 16 },
        { "S-18c: wider than any block", "198.50.0.0/15", true, { 0 }, 9, 15 },
        { "S-18d", "2001:db8:0:1200::/56", true, { 0 }, 3, 32 },
        { "S-18e: no option, no scope", "198.51.100.53", false, { 0 }, 1, 0 },
        { "S-18f", "198.18.0.0/24", true, { 0 }, 9, 24 },
        { "R-CID-5: a block must contain the client", "198.51.0.0/17", true, { 0 }, 2, 16 },
        { "R-CID-10: no member for the location", "203.0.113.200", true, { 0 }, 9, 25 },
        { "R-CID-11: down, the default", "198.51.100.7", true, { 1 }, 9, 24 },
        { "R-CID-11: both down, the match", "198.51.100.7", true, { 1, 9 }, 1, 24 },
    };
    struct snapshot *snapshot = tree_compile(&tree);
    for (unsigned i = 0; i < COUNT_OF(rows); i++) {
        struct health_table *health = health_with_down(rows[i].down);
        struct evaluation evaluation;
        struct choice choice;
        struct dice dice;
        dice_init_seeded(&dice, 1);
        begin_asking(&evaluation, snapshot, health, &dice, US);
        prefix_from_text(&evaluation.client.prefix, rows[i].prefix);
        evaluation.client.is_from_subnet = rows[i].is_subnet;
        ask_once(&evaluation, snapshot, &choice);
        if (choice.kind != CHOICE_FOUND || leaf_of(choice.sets[0]) != rows[i].leaf ||
            evaluation.scope != rows[i].scope)
            fail_msg("%s: leaf %u, scope %u", rows[i].why,
                     choice.kind == CHOICE_FOUND ? leaf_of(choice.sets[0]) : 0, evaluation.scope);
        health_table_destroy(health);
    }
    snapshot_unref(snapshot);
}

static void without_a_match_and_a_default_there_is_no_answer(void **state)
{
    (void)state;
    static const struct tree bare = {
        .group_count = 1,
        .groups = { GROUP(ROUTING_CIDR, 1, VALUES(1, .location = "west")) },
    };
    static const struct asking rows[] = {
        { "S-18f", NOWHERE, { 0 }, { 0 } },
        { "R-CID-9", BR, { 0 }, { 0 } },
        { "the match still answers", US_CA, { 0 }, { 1 } },
    };
    check_askings(&bare, rows, COUNT_OF(rows));
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(the_longest_block_around_the_client_answers),
    cmocka_unit_test(without_a_match_and_a_default_there_is_no_answer),
};
RUN_TESTS(tests)
