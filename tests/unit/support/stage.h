/*
 * stage.h - a control that has nothing but what it would have published: a tree of trees.h.
 */
#ifndef SIGNPOST_TEST_STAGE_H
#define SIGNPOST_TEST_STAGE_H

#include "internal.h"
#include "trees.h"

#include "signpost/control/explain.h"

struct stage {
    struct tree tree;
    struct health_table *health;
    struct control control;
};

static inline void stage_raise(struct stage *stage, const struct tree *tree)
{
    memset(stage, 0, sizeof *stage);
    stage->tree = *tree;
    stage->control.published = tree_compile(tree);
    stage->health = tree_health(tree);
    stage->control.health = stage->health;
}

/* The same with a random tree. */
static inline void stage_draw(struct stage *stage, uint64_t seed)
{
    struct tree tree;
    tree_make(&tree, seed);
    stage_raise(stage, &tree);
}

static inline void stage_strike(struct stage *stage)
{
    snapshot_unref(stage->control.published);
    health_table_destroy(stage->health);
}

/* The addresses at that group's name, asked for by the tree's client. */
static inline struct question stage_question(const struct stage *stage, unsigned group)
{
    struct question question = { .type = DNS_TYPE_A, .has_subnet = true };
    char name[32];
    snprintf(name, sizeof name, "g%u.lab.test", group);
    test_name(question.name, name);
    assert_null(prefix_from_text(&question.subnet, tree_clients[stage->tree.client].prefix));
    assert_null(prefix_from_text(&question.source, "127.0.0.1"));
    return question;
}

#endif
