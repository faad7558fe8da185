/*
 * The engine against the slow evaluator of reference.h, over thousands of random trees.
 *
 * Seeds are fixed, so a run repeats.  What the evaluator gives no chance must never be answered;
 * what it gives a chance of a quarter must be among ASKED answers: that it is missing although all
 * is right happens once in (3/4)^-ASKED, 1e15 leaves.
 */
#include "reference.h"

#include "signpost/policy/policy.h"

#define TREES 4000
#define ASKED 120

static unsigned leaf_of(const uint8_t *record)
{
    return get_u16(record + RRSET_FIXED_SIZE + 2);
}

static const struct rrset *find_set(const struct snapshot *snapshot, unsigned group,
                                    const struct zone **out_zone)
{
    char text[32];
    struct name_path path;
    snprintf(text, sizeof text, "g%u.lab.test", group);
    test_path(&path, text);
    *out_zone = snapshot_find(snapshot, &path);
    return zone_name_set(zone_find_exact(*out_zone, path.name, path.hashes[0]), DNS_TYPE_A);
}

static void set_client(struct evaluation *evaluation, const struct tree *tree)
{
    assert_null(prefix_from_text(&evaluation->client.prefix, tree_clients[tree->client].prefix));
    evaluation->client.is_from_subnet = true;
}

/* How often each leaf is among the answers; what came of the last choice. */
static enum choice_kind ask(const struct tree *tree, const struct snapshot *snapshot,
                            const struct health_table *health, unsigned group, struct dice *dice,
                            unsigned *seen)
{
    struct choice choice = { .kind = CHOICE_FOUND, .set_count = 1 };
    struct evaluation evaluation;
    const struct zone *zone;
    choice.sets[0] = find_set(snapshot, group, &zone);
    if (choice.sets[0]->group != NULL) {
        evaluation_init(&evaluation, snapshot, health, dice, NULL);
        set_client(&evaluation, tree);
        evaluation.zone = zone;
        policy_choose(&evaluation, choice.sets[0]->group, &choice);
    }
    for (unsigned i = 0; choice.kind == CHOICE_FOUND && i < choice.set_count; i++) {
        assert_int_equal(choice.sets[i]->records.count, 1);
        seen[leaf_of(choice.sets[i]->records.data)]++;
    }
    return choice.kind;
}

static void check_group(const struct tree *tree, uint64_t seed, const struct snapshot *snapshot,
                        const struct health_table *health, unsigned group)
{
    struct reference_chances chances;
    struct dice dice;
    unsigned seen[TREE_LEAVES_MAX] = { 0 }, answered = 0;
    double sum = 0;
    dice_init_seeded(&dice, seed);
    reference_answer(tree, (int)group, &chances);
    for (unsigned i = 0; i < ASKED; i++) {
        enum choice_kind kind = ask(tree, snapshot, health, group, &dice, seen);
        assert_int_not_equal(kind, CHOICE_BROKEN);
        answered += kind == CHOICE_FOUND;
    }
    for (unsigned leaf = 0; leaf < TREE_LEAVES_MAX; leaf++) {
        sum += chances.of[leaf];
        if (seen[leaf] > 0 && chances.of[leaf] == 0)
            fail_msg("tree %llu, group %u: leaf %u must not answer", (unsigned long long)seed,
                     group, leaf);
        if (seen[leaf] == 0 && chances.of[leaf] >= 0.25)
            fail_msg("tree %llu, group %u: leaf %u never answers", (unsigned long long)seed, group,
                     leaf);
    }
    if (answered != (sum > 0 ? ASKED : 0))
        fail_msg("tree %llu, group %u: %u of %u answered", (unsigned long long)seed, group,
                 answered, ASKED);
}

static void the_engine_answers_what_the_rules_say(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= TREES; seed++) {
        struct tree tree;
        tree_make(&tree, seed);
        struct snapshot *snapshot = tree_compile(&tree);
        struct health_table *health = tree_health(&tree);
        for (unsigned group = 0; group < tree.group_count; group++)
            check_group(&tree, seed, snapshot, health, group);
        health_table_destroy(health);
        snapshot_unref(snapshot);
    }
}

/* The evaluator is no use if its trees are all alike. */
static void the_trees_are_of_every_kind(void **state)
{
    unsigned policies[ROUTING_POLICY_COUNT] = { 0 }, empty = 0, certain = 0, split = 0;
    (void)state;
    for (uint64_t seed = 1; seed <= TREES; seed++) {
        struct tree tree;
        struct reference_chances chances;
        double most = 0, sum = 0;
        tree_make(&tree, seed);
        policies[tree.groups[0].policy]++;
        reference_answer(&tree, 0, &chances);
        for (unsigned leaf = 0; leaf < TREE_LEAVES_MAX; leaf++) {
            sum += chances.of[leaf];
            most = chances.of[leaf] > most ? chances.of[leaf] : most;
        }
        empty += sum == 0;
        certain += most == 1;
        split += most > 0 && most < 1;
    }
    for (unsigned i = 0; i < ROUTING_POLICY_COUNT; i++)
        assert_in_range(policies[i], TREES / 12, TREES / 6);
    assert_in_range(empty, TREES / 50, TREES);
    assert_in_range(certain, TREES / 10, TREES);
    assert_in_range(split, TREES / 20, TREES);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(the_engine_answers_what_the_rules_say),
    cmocka_unit_test(the_trees_are_of_every_kind),
};
RUN_TESTS(tests)
