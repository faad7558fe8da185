/*
 * Trees: branches that are backed out of, last resorts, and what is too deep.
 */
#include "asking.h"

/* S-13: latency over two weighted groups, for a client next to us-east-1. */
static const struct tree two_regions = {
    .group_count = 3,
    .groups = { GROUP(ROUTING_LATENCY, 2, ALIAS(1, .region = "us-east-1", .evaluates = true),
                      ALIAS(2, .region = "ap-southeast-1", .evaluates = true)),
                GROUP(ROUTING_WEIGHTED, 2, VALUES(1, .weight = 1, .check = 1),
                      VALUES(2, .weight = 1, .check = 2)),
                GROUP(ROUTING_WEIGHTED, 2, VALUES(3, .weight = 1, .check = 3),
                      VALUES(4, .weight = 1, .check = 4)) },
};

static void an_unhealthy_branch_is_backed_out_of(void **state)
{
    (void)state;
    static const struct asking rows[] = {
        { "S-13a", US, { 0 }, { 1, 2 } },          { "S-13b", US, { 1 }, { 2 } },
        { "S-13c", US, { 1, 2 }, { 3, 4 } },       { "S-13d", US, { 1, 2, 3 }, { 4 } },
        { "S-13e", US, { 1, 2, 3, 4 }, { 1, 2 } },
    };
    check_askings(&two_regions, rows, COUNT_OF(rows));
}

static void without_evaluation_there_is_no_backing_out(void **state)
{
    (void)state;
    struct tree tree = two_regions;
    static const struct asking f = { "S-13f", US, { 1, 2 }, { 1, 2 } };
    tree.groups[0].members[0].evaluates = false;
    check_askings(&tree, &f, 1);
}

static void a_leaf_without_a_check_keeps_its_branch(void **state)
{
    (void)state;
    struct tree tree = two_regions;
    static const struct asking g = { "S-13g", US, { 1 }, { 2 } };
    tree.groups[1].members[1].check = TREE_NO_CHECK;
    check_askings(&tree, &g, 1);
}

static void a_check_on_the_alias_hides_the_branch(void **state)
{
    (void)state;
    struct tree tree = two_regions;
    static const struct asking rows[] = {
        { "S-13h", US, { 5 }, { 3, 4 } },
        { "S-13i: the last resort prefers what is healthy below", US, { 5, 1, 3, 4 }, { 2 } },
    };
    tree.groups[0].members[0].check = 5;
    check_askings(&tree, rows, COUNT_OF(rows));
}

static void branches_without_a_match_are_skipped(void **state)
{
    (void)state;
    static const struct tree tree = {
        .group_count = 2,
        .groups = { GROUP(ROUTING_FAILOVER, 2, ALIAS(1, .is_primary = true, .evaluates = true),
                          VALUES(2)),
                    GROUP(ROUTING_GEOLOCATION, 1,
                          VALUES(1, .continent = "", .country = "DE", .subdivision = "")) },
    };
    static const struct asking rows[] = {
        { "R-HLT-17: a match", DE, { 0 }, { 1 } },
        { "R-HLT-17: none, the next", BR, { 0 }, { 2 } },
    };
    check_askings(&tree, rows, COUNT_OF(rows));
}

static void cidr_over_geography(void **state)
{
    (void)state;
    static const struct tree tree = {
        .group_count = 2,
        .groups = { GROUP(ROUTING_CIDR, 2, VALUES(3, .location = "west"),
                          ALIAS(1, .location = "*")),
                    GROUP(ROUTING_GEOLOCATION, 2,
                          VALUES(4, .continent = "", .country = "DE", .subdivision = ""),
                          VALUES(9, .continent = "", .country = "*", .subdivision = "")) },
    };
    static const struct asking rows[] = {
        { "S-19a", US_CA, { 0 }, { 3 } },
        { "S-19b", DE, { 0 }, { 4 } },
        { "S-19: nowhere in particular", NOWHERE, { 0 }, { 9 } },
    };
    check_askings(&tree, rows, COUNT_OF(rows));
}

/* ---- chains of aliases ---- */

/* a0 is an alias of a1, that of a2, ... and the last one of itself or of an address. */
static struct snapshot *make_chain(unsigned length, bool is_loop)
{
    static const struct test_record apex[] = {
        { "lab.test", DNS_TYPE_SOA, 900, "ns.lab.test host.lab.test 1 7200 900 1209600 86400" },
    };
    struct zone *zone = test_zone("lab.test", apex, COUNT_OF(apex));
    struct snapshot *snapshot = snapshot_create();
    for (unsigned i = 0; i <= length; i++) {
        char owner_text[32], target_text[32];
        uint8_t owner[DNS_NAME_SIZE_MAX], target[DNS_NAME_SIZE_MAX];
        uint8_t address[] = { 0, 4, 10, 0, 0, 1 };
        bool is_alias = i < length || is_loop;
        snprintf(owner_text, sizeof owner_text, "g%u.lab.test", i);
        snprintf(target_text, sizeof target_text, "g%u.lab.test", i < length ? i + 1 : 0);
        test_name(owner, owner_text);
        test_name(target, target_text);
        struct member member = { .kind = is_alias ? MEMBER_ALIAS : MEMBER_VALUES,
                                 .target = is_alias ? target : NULL,
                                 .evaluates_target = true,
                                 .identifier = "",
                                 .check_id = "" };
        struct rrset_source source = { .type = DNS_TYPE_A,
                                       .ttl_s = 60,
                                       .value_count = !is_alias,
                                       .values = { address, is_alias ? 0 : sizeof address },
                                       .member = &member };
        assert_int_equal(zone_put_name(zone, zone_name_create(zone, owner, &source, 1)), 0);
    }
    zone_finish(zone);
    assert_int_equal(snapshot_put_zone(snapshot, zone), 0);
    return snapshot;
}

static void chains_end_at_the_limit(void **state)
{
    (void)state;
    static const struct row {
        unsigned length;
        bool is_loop;
        enum choice_kind expected;
    } rows[] = {
        { 1, false, CHOICE_FOUND },
        { ALIAS_DEPTH_MAX, false, CHOICE_FOUND },
        { ALIAS_DEPTH_MAX + 1, false, CHOICE_BROKEN },
        { 0, true, CHOICE_BROKEN },
        { 3, true, CHOICE_BROKEN },
    };
    struct health_table *health = health_table_create(1);
    for (unsigned i = 0; i < COUNT_OF(rows); i++) {
        struct snapshot *snapshot = make_chain(rows[i].length, rows[i].is_loop);
        struct evaluation evaluation;
        struct choice choice;
        struct dice dice;
        dice_init_seeded(&dice, 1);
        begin_asking(&evaluation, snapshot, health, &dice, US);
        assert_int_equal(ask_once(&evaluation, snapshot, &choice), rows[i].expected);
        snapshot_unref(snapshot);
    }
    health_table_destroy(health);
}

/* Nine groups of five aliases each, all leading to the next group, and everything down at the end:
 * walking every way would look at 5^9 members, two million. */
static void branches_that_meet_again_are_searched_once(void **state)
{
    (void)state;
    struct tree tree = { .group_count = TREE_GROUPS_MAX };
    for (unsigned g = 0; g < TREE_GROUPS_MAX; g++) {
        tree.groups[g].policy = ROUTING_WEIGHTED;
        tree.groups[g].member_count = TREE_MEMBERS_MAX;
        for (unsigned m = 0; m < TREE_MEMBERS_MAX; m++)
            tree.groups[g].members[m] = (struct tree_member){
                .kind = g + 1 < TREE_GROUPS_MAX ? MEMBER_ALIAS : MEMBER_VALUES,
                .target = (int)g + 1,
                .evaluates = true,
                .leaf = m + 1,
                .weight = 1,
                .check = g + 1 < TREE_GROUPS_MAX ? TREE_NO_CHECK : 1,
            };
    }
    static const struct asking asking = { "all down", US, { 1 }, { 0 } };
    struct snapshot *snapshot = tree_compile(&tree);
    struct health_table *health = health_with_down(asking.down);
    struct evaluation evaluation;
    struct choice choice;
    struct dice dice;
    dice_init_seeded(&dice, 1);
    begin_asking(&evaluation, snapshot, health, &dice, US);
    assert_int_equal(ask_once(&evaluation, snapshot, &choice), CHOICE_FOUND);
    assert_in_range(POLICY_STEPS_MAX - evaluation.steps_left, 1, 200);
    health_table_destroy(health);
    snapshot_unref(snapshot);
}

/* Looking for a member costs time also where none is proposed: by then each was compared. */
static void groups_cost_their_members(void **state)
{
    (void)state;
    static const struct tree tree = {
        .group_count = 2,
        .groups = { GROUP(ROUTING_FAILOVER, 2, ALIAS(1, .is_primary = true, .evaluates = true),
                          ALIAS(1, .evaluates = true)),
                    GROUP(ROUTING_GEOLOCATION, 3,
                          VALUES(1, .continent = "", .country = "DE", .subdivision = ""),
                          VALUES(2, .continent = "", .country = "FR", .subdivision = ""),
                          VALUES(3, .continent = "SA", .country = "", .subdivision = "")) },
    };
    static const struct row {
        unsigned steps;
        enum choice_kind expected;
    } rows[] = {
        { POLICY_STEPS_RESERVED + 2 + 3, CHOICE_NOTHING },
        { POLICY_STEPS_RESERVED, CHOICE_NOTHING }, /* nothing is left but for the last resort */
        { 2 + 3, CHOICE_NOTHING },
        { 2 + 2, CHOICE_BROKEN },
        { 1, CHOICE_BROKEN },
    };
    struct snapshot *snapshot = tree_compile(&tree);
    struct health_table *health = health_table_create(TREE_CHECKS + 1);
    for (unsigned i = 0; i < COUNT_OF(rows); i++) {
        struct evaluation evaluation;
        struct choice choice;
        struct dice dice;
        dice_init_seeded(&dice, 1);
        begin_asking(&evaluation, snapshot, health, &dice, NOWHERE);
        evaluation.steps_left = rows[i].steps;
        assert_int_equal(ask_once(&evaluation, snapshot, &choice), rows[i].expected);
    }
    health_table_destroy(health);
    snapshot_unref(snapshot);
}

/* R-ANS-29: health never leads to SERVFAIL, however much there is to look at. */
static void a_tree_too_large_to_search_answers_by_its_last_resort(void **state)
{
    (void)state;
    static const struct asking asking = { "all down", US, { 1 }, { 0 } };
    struct tree tree = {
        .group_count = 2,
        .groups = { GROUP(ROUTING_FAILOVER, 1, ALIAS(1, .is_primary = true, .evaluates = true)),
                    GROUP(ROUTING_WEIGHTED, 2, VALUES(1, .weight = 1, .check = 1),
                          VALUES(2, .weight = 1)) },
    };
    struct snapshot *snapshot = tree_compile(&tree);
    struct health_table *health = health_with_down(asking.down);
    struct evaluation evaluation;
    struct choice choice;
    struct dice dice;
    dice_init_seeded(&dice, 1);
    begin_asking(&evaluation, snapshot, health, &dice, US);
    evaluation.steps_left = POLICY_STEPS_RESERVED + 1;
    assert_int_equal(ask_once(&evaluation, snapshot, &choice), CHOICE_FOUND);
    health_table_destroy(health);
    snapshot_unref(snapshot);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(a_tree_too_large_to_search_answers_by_its_last_resort),
    cmocka_unit_test(an_unhealthy_branch_is_backed_out_of),
    cmocka_unit_test(without_evaluation_there_is_no_backing_out),
    cmocka_unit_test(a_leaf_without_a_check_keeps_its_branch),
    cmocka_unit_test(a_check_on_the_alias_hides_the_branch),
    cmocka_unit_test(branches_without_a_match_are_skipped),
    cmocka_unit_test(cidr_over_geography),
    cmocka_unit_test(chains_end_at_the_limit),
    cmocka_unit_test(branches_that_meet_again_are_searched_once),
    cmocka_unit_test(groups_cost_their_members),
};
RUN_TESTS(tests)
