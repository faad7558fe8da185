/*
 * The line that dig shows behind EDE.
 */
#include "asking.h"

#define STEPS 256

/* set_by_hand: a check that is as it is because somebody says so; 0: none. */
static void trace_with(const struct tree *tree, const struct asking *row, unsigned set_by_hand,
                       struct trace *trace, struct snapshot **out_snapshot)
{
    struct health_table *health = health_with_down(row->down);
    struct health_state state = health_state(health, set_by_hand);
    state.is_set = true;
    health_restore(health, set_by_hand, state);
    struct evaluation evaluation;
    struct choice choice;
    struct dice dice;
    dice_init_seeded(&dice, 3);
    *out_snapshot = tree_compile(tree);
    begin_asking(&evaluation, *out_snapshot, health, &dice, row->client);
    evaluation.trace = trace;
    ask_once(&evaluation, *out_snapshot, &choice);
    health_table_destroy(health);
}

static void trace_of(const struct tree *tree, const struct asking *row, struct trace *trace,
                     struct snapshot **out_snapshot)
{
    trace_with(tree, row, 0, trace, out_snapshot);
}

static void check_line(const struct tree *tree, const struct asking *row, const char *expected)
{
    static struct trace_step steps[STEPS];
    struct trace trace;
    struct snapshot *snapshot;
    char line[512];
    trace_init(&trace, steps, STEPS);
    trace_of(tree, row, &trace, &snapshot);
    size_t line_size = trace_line(&trace, line, sizeof line);
    assert_int_equal(line_size, strlen(line));
    if (strcmp(line, expected) != 0)
        fail_msg("%s:\n  is       %s\n  expected %s", row->why, line, expected);
    for (size_t size = 1; size < 40; size++) { /* whatever room there is, it is kept to */
        char small[40];
        memset(small, 'x', sizeof small);
        assert_in_range(trace_line(&trace, small, size), 0, size - 1);
        assert_memory_equal(small, line, strlen(small));
        assert_int_equal(small[size], 'x');
    }
    snapshot_unref(snapshot);
}

static void lines_say_how_the_answer_came_about(void **state)
{
    (void)state;
    static const struct tree world = {
        .group_count = 2,
        .groups = { GROUP(ROUTING_GEOLOCATION, 2,
                          ALIAS(1, .continent = "", .country = "DE", .subdivision = ""),
                          VALUES(9, .continent = "", .country = "*", .subdivision = "")),
                    GROUP(ROUTING_WEIGHTED, 2, VALUES(1, .weight = 70, .check = 1),
                          VALUES(2, .weight = 30, .check = 2)) },
    };
    static const struct tree pair = {
        .group_count = 1,
        .groups = { GROUP(ROUTING_FAILOVER, 2, VALUES(1, .is_primary = true, .check = 1),
                          VALUES(2)) },
    };
    static const struct tree lone = {
        .group_count = 1,
        .groups = { GROUP(ROUTING_GEOLOCATION, 1,
                          VALUES(1, .continent = "", .country = "DE", .subdivision = "")) },
    };
    static const struct tree fast = {
        .group_count = 1,
        .groups = { GROUP(ROUTING_LATENCY, 2, VALUES(1, .region = "us-east-1"),
                          VALUES(2, .region = "eu-west-1")) },
    };
    static const struct tree many = {
        .group_count = 1,
        .groups = { GROUP(ROUTING_MULTIVALUE, 3, VALUES(1, .check = 1), VALUES(2), VALUES(3)) },
    };
    static const struct tree resource = {
        .group_count = 1,
        .groups = { GROUP(ROUTING_FAILOVER, 2, RESOURCE(0, .is_primary = true, .evaluates = true),
                          RESOURCE(1)) },
        .resources = { { true, false, true, 9 }, { true, true, true, 8 } },
    };
    static const struct row {
        const struct tree *tree;
        struct asking asking;
        const char *line;
    } rows[] = {
        { &world,
          { "a branch and its leaf", DE, { 2 }, { 0 } },
          "geolocation DE -> weighted m1 70/100, check up; client 203.0.113.0/25 in DE by table" },
        { &world,
          { "the default", NOWHERE, { 0 }, { 0 } },
          "geolocation *; client 198.18.0.0/24 not located" },
        { &world,
          { "last resort", DE, { 1, 2 }, { 0 } },
          "geolocation DE -> weighted m1 70/100, check down, last resort; client 203.0.113.0/25 "
          "in DE by table" },
        { &pair,
          { "passed over", US, { 1 }, { 0 } },
          "failover SECONDARY (PRIMARY: check c1 down)" },
        { &lone,
          { "nobody", US_CA, { 0 }, { 0 } },
          "geolocation: no answer, DE: the client is elsewhere; client 198.51.100.0/24 in US-CA "
          "by table" },
        { &fast,
          { "measured", DE, { 0 }, { 0 } },
          "latency us-east-1 3 ms measured; client 203.0.113.0/25 in DE by table" },
        { &fast,
          { "assumed", NOWHERE, { 0 }, { 0 } },
          "latency us-east-1 5 ms modelled; client 198.18.0.0/24 not located, taken as at "
          "us-east-1" },
        { &many, { "several", US, { 1 }, { 0 } }, "multivalue 2 of 3" },
        { &resource,
          { "a resource", US, { 0 }, { 0 } },
          "failover SECONDARY (PRIMARY: the resource is unhealthy) -> resource "
          "r1.resource.test." },
    };
    for (unsigned i = 0; i < COUNT_OF(rows); i++)
        check_line(rows[i].tree, &rows[i].asking, rows[i].line);
}

static void a_check_that_is_set_by_hand_is_told_from_others(void **state)
{
    (void)state;
    static const struct tree pair = {
        .group_count = 1,
        .groups = { GROUP(ROUTING_FAILOVER, 2, VALUES(1, .is_primary = true, .check = 1),
                          VALUES(2, .check = 2)) },
    };
    static const struct row {
        struct asking asking;
        unsigned set;
        const char *line;
    } rows[] = {
        { { "taken", US, { 0 }, { 0 } }, 1, "failover PRIMARY, check up (set)" },
        { { "passed over", US, { 1 }, { 0 } },
          1,
          "failover SECONDARY, check up (PRIMARY: check c1 down (set))" },
        { { "another", US, { 1 }, { 0 } },
          2,
          "failover SECONDARY, check up (set) (PRIMARY: check c1 down)" },
        { { "last resort", US, { 1, 2 }, { 0 } },
          1,
          "failover PRIMARY, check down (set), last resort" },
    };
    for (unsigned i = 0; i < COUNT_OF(rows); i++) {
        static struct trace_step steps[STEPS];
        struct trace trace;
        struct snapshot *snapshot;
        char line[512];
        trace_init(&trace, steps, STEPS);
        trace_with(&pair, &rows[i].asking, rows[i].set, &trace, &snapshot);
        trace_line(&trace, line, sizeof line);
        assert_string_equal(line, rows[i].line);
        snapshot_unref(snapshot);
    }
}

/* A worker has room for few steps: what is left out is said, the answer stays what it was. */
static void a_trace_without_room_is_cut_and_says_so(void **state)
{
    (void)state;
    struct tree tree;
    struct trace_step step;
    struct trace trace;
    struct snapshot *snapshot;
    static const struct asking asking = { "any", DE, { 0 }, { 0 } };
    tree_make(&tree, 5);
    tree.groups[0] = (struct tree_group)GROUP(ROUTING_WEIGHTED, 2, VALUES(1, .weight = 1),
                                              VALUES(2, .weight = 1));
    trace_init(&trace, &step, 1);
    trace_of(&tree, &asking, &trace, &snapshot);
    assert_int_equal(trace.count, 1);
    assert_true(trace.is_cut);
    snapshot_unref(snapshot);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(lines_say_how_the_answer_came_about),
    cmocka_unit_test(a_check_that_is_set_by_hand_is_told_from_others),
    cmocka_unit_test(a_trace_without_room_is_cut_and_says_so),
};
RUN_TESTS(tests)
