/*
 * asking.h - trees.h's trees, asked: one row of a table is one state of health and one client.
 */
#ifndef SIGNPOST_TEST_ASKING_H
#define SIGNPOST_TEST_ASKING_H

#include "trees.h"

#include "signpost/policy/policy.h"

/* Members as tests write them. */
#define VALUES(number, ...)                                                                        \
    {                                                                                              \
        .kind = MEMBER_VALUES, .leaf = (number), __VA_ARGS__                                       \
    }
#define ALIAS(group, ...)                                                                          \
    {                                                                                              \
        .kind = MEMBER_ALIAS, .target = (group), __VA_ARGS__                                       \
    }
#define RESOURCE(number, ...)                                                                      \
    {                                                                                              \
        .kind = MEMBER_RESOURCE, .target = (number), __VA_ARGS__                                   \
    }
#define GROUP(how, count, ...)                                                                     \
    {                                                                                              \
        .policy = (how), .member_count = (count), .members = { __VA_ARGS__ }                       \
    }

enum client_name { US_CA, US, DE, CN, BR, NOWHERE };

/* What the tree is asked with.  down: checks that are down; all others are up. */
struct asking {
    const char *why;
    enum client_name client;
    unsigned down[6];    /* ended by 0 */
    unsigned leaves[12]; /* every one of them answers sooner or later and no other; ended by 0 */
};

#define ASKED_OFTEN 200 /* a member with a chance of a quarter is missed once in 1e25 */

static inline enum choice_kind ask_once(struct evaluation *evaluation,
                                        const struct snapshot *snapshot, struct choice *out_choice)
{
    struct name_path path;
    test_path(&path, "g0.lab.test");
    evaluation->zone = snapshot_find(snapshot, &path);
    const struct rrset *set =
        zone_name_set(zone_find_exact(evaluation->zone, path.name, path.hashes[0]), DNS_TYPE_A);
    policy_choose(evaluation, set->group, out_choice);
    return out_choice->kind;
}

static inline unsigned leaf_of(const struct rrset *set)
{
    return get_u16(set->records.data + RRSET_FIXED_SIZE + 2);
}

static inline void begin_asking(struct evaluation *evaluation, const struct snapshot *snapshot,
                                const struct health_table *health, struct dice *dice,
                                enum client_name client)
{
    evaluation_init(evaluation, snapshot, health, dice, NULL);
    assert_null(prefix_from_text(&evaluation->client.prefix, tree_clients[client].prefix));
    evaluation->client.is_from_subnet = true;
}

static inline struct health_table *health_with_down(const unsigned *down)
{
    struct health_table *health = health_table_create(TREE_CHECKS + 1);
    for (; *down != 0; down++)
        health_report(health, *down, false, 1);
    return health;
}

static inline bool is_listed(const unsigned *list, unsigned leaf)
{
    for (; *list != 0; list++)
        if (*list == leaf)
            return true;
    return false;
}

/* How often each leaf answered in `times` questions. */
static inline void count_answers(const struct snapshot *snapshot, const struct asking *row,
                                 unsigned times, unsigned seen[TREE_LEAVES_MAX])
{
    struct health_table *health = health_with_down(row->down);
    struct dice dice;
    struct choice choice;
    dice_init_seeded(&dice, 42);
    memset(seen, 0, TREE_LEAVES_MAX * sizeof *seen);
    for (unsigned i = 0; i < times; i++) {
        struct evaluation evaluation;
        begin_asking(&evaluation, snapshot, health, &dice, row->client);
        if (ask_once(&evaluation, snapshot, &choice) != CHOICE_FOUND)
            continue;
        for (unsigned s = 0; s < choice.set_count; s++)
            seen[leaf_of(choice.sets[s])]++;
    }
    health_table_destroy(health);
}

static inline void check_askings(const struct tree *tree, const struct asking *rows, unsigned count)
{
    struct snapshot *snapshot = tree_compile(tree);
    for (unsigned i = 0; i < count; i++) {
        unsigned seen[TREE_LEAVES_MAX];
        count_answers(snapshot, &rows[i], ASKED_OFTEN, seen);
        for (unsigned leaf = 1; leaf < TREE_LEAVES_MAX; leaf++)
            if ((seen[leaf] > 0) != is_listed(rows[i].leaves, leaf))
                fail_msg("%s: %u answered %u times", rows[i].why, leaf, seen[leaf]);
    }
    snapshot_unref(snapshot);
}

#endif
