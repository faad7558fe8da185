/*
 * Simulations: what they count, and that the counts are as the weights say.  Seeds are fixed, so a
 * run repeats.
 */
#include "signpost/control/simulate.h"

#include "signpost/base/chi_square.h"

#include "stage.h"

#include <math.h>

#define TREES        1200 /* every eighth has weights at its root */
#define QUERIES_EACH 100

/* Members as tests write them. */
#define VALUES(number, ...)                                                                        \
    {                                                                                              \
        .kind = MEMBER_VALUES, .leaf = (number), __VA_ARGS__                                       \
    }
#define ALIAS(group, ...)                                                                          \
    {                                                                                              \
        .kind = MEMBER_ALIAS, .target = (group), __VA_ARGS__                                       \
    }

static struct simulation_plan plan_of_group(const struct stage *stage, unsigned group,
                                            struct ip_prefix clients[TREE_CLIENT_COUNT])
{
    for (size_t i = 0; i < TREE_CLIENT_COUNT; i++)
        assert_null(prefix_from_text(&clients[i], tree_clients[i].prefix));
    return (struct simulation_plan){
        .question = stage_question(stage, group),
        .clients = clients,
        .client_count = TREE_CLIENT_COUNT,
        .queries_each = QUERIES_EACH,
        .seed = 7,
    };
}

static struct simulation *simulate(struct stage *stage, const struct simulation_plan *plan)
{
    struct simulation *simulation = NULL;
    struct problem problem = { 0 };
    if (control_simulate(&stage->control, plan, &simulation, &problem) != 0)
        fail_msg("%s", problem.text);
    return simulation;
}

/* ---- random trees ---- */

static void check_sums(const struct simulation *simulation, unsigned queries_each)
{
    for (unsigned i = 0; i < simulation->client_count; i++) {
        const struct simulated_client *client = &simulation->clients[i];
        unsigned sum = client->other_count;
        for (unsigned k = 0; k < client->share_count; k++) {
            assert_true(client->shares[k].answer < simulation->answer_count);
            sum += client->shares[k].count;
        }
        assert_int_equal(sum, queries_each);
    }
}

/* What the chi-square tests of many simulations said. */
struct verdicts {
    unsigned count, below_a_half, below_a_twentieth;
    double least;
};

static void judge(const struct simulated_group *group, struct verdicts *verdicts)
{
    struct chi_cell cells[GROUP_MEMBERS_MAX];
    double observed = 0, expected = 0;
    for (unsigned i = 0; i < group->member_count; i++) {
        const struct simulated_member *member = &group->members[i];
        cells[i] = (struct chi_cell){ (double)member->observed, member->expected };
        observed += cells[i].observed;
        expected += cells[i].expected;
    }
    assert_true(observed == (double)group->draw_count);
    assert_true(fabs(observed - expected) < 1e-6 * observed);
    struct chi_square result = chi_square_test(cells, group->member_count);
    if (result.degrees == 0)
        return;
    verdicts->count++;
    verdicts->below_a_half += result.p < 0.5;
    verdicts->below_a_twentieth += result.p < 0.05;
    if (result.p < verdicts->least)
        verdicts->least = result.p;
}

/* If the expectations were wrong by a little, far more than one in twenty would stray. */
static void draws_are_as_the_weights_say(void **state)
{
    struct verdicts verdicts = { .least = 1 };
    (void)state;
    for (uint64_t seed = 1; seed <= TREES; seed++) {
        struct stage stage;
        struct ip_prefix clients[TREE_CLIENT_COUNT];
        stage_draw(&stage, seed);
        struct simulation_plan plan = plan_of_group(&stage, 0, clients);
        plan.seed = seed;
        struct simulation *simulation = simulate(&stage, &plan);
        assert_int_equal(simulation->query_count, TREE_CLIENT_COUNT * QUERIES_EACH);
        assert_false(simulation->lacks_groups);
        check_sums(simulation, QUERIES_EACH);
        for (unsigned i = 0; i < simulation->group_count; i++)
            judge(&simulation->groups[i], &verdicts);
        simulation_destroy(simulation);
        stage_strike(&stage);
    }
    assert_true(verdicts.count > 100);
    assert_in_range(verdicts.below_a_half, verdicts.count / 3, verdicts.count * 2 / 3);
    assert_in_range(verdicts.below_a_twentieth, 1, verdicts.count / 10);
    assert_true(verdicts.least > 1e-5);
}

/* ---- one tree ---- */

static const struct tree sheds = {
    .group_count = 2,
    .groups = { { .policy = ROUTING_WEIGHTED,
                  .member_count = 4,
                  .members = { VALUES(1, .weight = 10), VALUES(2, .weight = 20),
                               VALUES(3, .weight = 20, .check = 1), VALUES(4, .weight = 0) } },
                { .policy = ROUTING_GEOLOCATION,
                  .member_count = 2,
                  .members = { ALIAS(0, .country = "DE", .continent = "", .subdivision = ""),
                               VALUES(9, .country = "CN", .continent = "", .subdivision = "") } } },
    .is_up = { true, false, true, true, true, true, true, true, true, true, true, true, true },
};

/* S-07d: 10/20/20 with the third down is 10/30 and 20/30; weight 0 is not in play. */
static void what_is_down_is_not_in_play(void **state)
{
    struct stage stage;
    struct ip_prefix clients[TREE_CLIENT_COUNT];
    (void)state;
    stage_raise(&stage, &sheds);
    struct simulation_plan plan = plan_of_group(&stage, 0, clients);
    struct simulation *simulation = simulate(&stage, &plan);
    assert_int_equal(simulation->group_count, 1);
    const struct simulated_group *group = &simulation->groups[0];
    assert_int_equal(group->draw_count, simulation->query_count);
    assert_int_equal(group->member_count, 2);
    assert_string_equal(group->members[0].member->identifier, "m1");
    assert_true(fabs(group->members[0].expected - TREE_CLIENT_COUNT * QUERIES_EACH / 3.0) < 1e-6);
    assert_string_equal(group->members[1].member->identifier, "m2");
    assert_int_equal(simulation->answer_count, 2);
    simulation_destroy(simulation);
    stage_strike(&stage);
}

/* In the last resort all with a weight are, up or down. */
static void in_the_last_resort_all_with_a_weight_are_in_play(void **state)
{
    struct tree tree = sheds;
    struct stage stage;
    struct ip_prefix clients[TREE_CLIENT_COUNT];
    (void)state;
    for (unsigned i = 0; i < 4; i++)
        tree.groups[0].members[i].check = 1;
    stage_raise(&stage, &tree);
    struct simulation_plan plan = plan_of_group(&stage, 0, clients);
    struct simulation *simulation = simulate(&stage, &plan);
    assert_int_equal(simulation->group_count, 1);
    assert_true(simulation->groups[0].is_last_resort);
    assert_int_equal(simulation->groups[0].member_count, 3);
    simulation_destroy(simulation);
    stage_strike(&stage);
}

static const struct simulated_answer *answer_of(const struct simulation *simulation,
                                                unsigned client, unsigned share)
{
    return &simulation->answers[simulation->clients[client].shares[share].answer];
}

static void answers_are_told_client_by_client(void **state)
{
    struct stage stage;
    struct ip_prefix clients[TREE_CLIENT_COUNT];
    enum { US_CA, US, DE, CN };
    (void)state;
    stage_raise(&stage, &sheds);
    struct simulation_plan plan = plan_of_group(&stage, 1, clients);
    struct simulation *simulation = simulate(&stage, &plan);
    assert_int_equal(simulation->clients[CN].share_count, 1);
    assert_string_equal(answer_of(simulation, CN, 0)->members, "CN");
    assert_int_equal(answer_of(simulation, CN, 0)->value_count, 1);
    assert_string_equal(answer_of(simulation, CN, 0)->values[0], "10.0.0.9");

    assert_int_equal(simulation->clients[US].share_count, 1);
    assert_string_equal(answer_of(simulation, US, 0)->members, "");
    assert_int_equal(answer_of(simulation, US, 0)->rcode, DNS_NOERROR);
    assert_int_equal(answer_of(simulation, US, 0)->value_count, 0);
    assert_ptr_equal(answer_of(simulation, US_CA, 0), answer_of(simulation, US, 0));

    assert_int_equal(simulation->clients[DE].share_count, 2);
    for (unsigned i = 0; i < 2; i++) {
        const struct simulated_answer *answer = answer_of(simulation, DE, i);
        bool is_first = strcmp(answer->members, "DE -> m1") == 0;
        assert_string_equal(answer->members, is_first ? "DE -> m1" : "DE -> m2");
        assert_string_equal(answer->values[0], is_first ? "10.0.0.1" : "10.0.0.2");
    }
    simulation_destroy(simulation);
    stage_strike(&stage);
}

static void names_that_are_not_there_are_answers_too(void **state)
{
    struct stage stage;
    struct ip_prefix clients[TREE_CLIENT_COUNT];
    (void)state;
    stage_raise(&stage, &sheds);
    struct simulation_plan plan = plan_of_group(&stage, 5, clients);
    struct simulation *simulation = simulate(&stage, &plan);
    assert_int_equal(simulation->answer_count, 1);
    assert_int_equal(simulation->answers[0].rcode, DNS_NXDOMAIN);
    assert_int_equal(simulation->answers[0].value_count, 0);
    assert_int_equal(simulation->group_count, 0);
    simulation_destroy(simulation);
    stage_strike(&stage);
}

/* Eight of a hundred come in more ways than anybody wants to read. */
static void answers_beyond_the_bound_are_counted_together(void **state)
{
    static struct rrset_source sources[GROUP_MEMBERS_MAX];
    static struct member members[GROUP_MEMBERS_MAX];
    static uint8_t packed[GROUP_MEMBERS_MAX][6];
    static char identifiers[GROUP_MEMBERS_MAX][8];
    static const struct test_record apex[] = {
        { "lab.test", DNS_TYPE_SOA, 900, "ns.lab.test host.lab.test 1 2 3 4 5" },
    };
    struct stage stage = { .health = health_table_create(1),
                           .control = { .published = snapshot_create() } };
    struct ip_prefix clients[TREE_CLIENT_COUNT];
    uint8_t owner[DNS_NAME_SIZE_MAX];
    (void)state;
    struct zone *zone = test_zone("lab.test", apex, COUNT_OF(apex));
    for (unsigned i = 0; i < GROUP_MEMBERS_MAX; i++) {
        snprintf(identifiers[i], sizeof identifiers[i], "%03u", i % 1000);
        memcpy(packed[i], (const uint8_t[]){ 0, 4, 10, 0, 0, (uint8_t)i }, 6);
        members[i] = (struct member){ .identifier = identifiers[i], .check_id = "" };
        sources[i] = (struct rrset_source){ .type = DNS_TYPE_A,
                                            .ttl_s = 60,
                                            .value_count = 1,
                                            .values = { packed[i], 6 },
                                            .member = &members[i],
                                            .policy = ROUTING_MULTIVALUE };
    }
    stage.control.health = stage.health;
    test_name(owner, "g0.lab.test");
    zone_put_name(zone, zone_name_create(zone, owner, sources, GROUP_MEMBERS_MAX));
    zone_finish(zone);
    snapshot_put_zone(stage.control.published, zone);
    struct simulation_plan plan = plan_of_group(&stage, 0, clients);
    plan.queries_each = SIMULATION_ANSWERS_MAX;
    struct simulation *simulation = simulate(&stage, &plan);
    assert_int_equal(simulation->answer_count, SIMULATION_ANSWERS_MAX);
    assert_int_equal(simulation->answers[0].value_count, MULTIVALUE_MAX);
    assert_true(simulation->clients[TREE_CLIENT_COUNT - 1].other_count > 0);
    check_sums(simulation, plan.queries_each);
    simulation_destroy(simulation);
    stage_strike(&stage);
}

static void the_same_seed_gives_the_same_counts(void **state)
{
    struct stage stage;
    struct ip_prefix clients[TREE_CLIENT_COUNT];
    (void)state;
    stage_raise(&stage, &sheds);
    struct simulation_plan plan = plan_of_group(&stage, 0, clients);
    struct simulation *first = simulate(&stage, &plan), *again = simulate(&stage, &plan);
    assert_int_equal(first->groups[0].members[0].observed, again->groups[0].members[0].observed);
    simulation_destroy(again);
    plan.seed++;
    again = simulate(&stage, &plan);
    assert_int_not_equal(first->groups[0].members[0].observed,
                         again->groups[0].members[0].observed);
    simulation_destroy(again);
    simulation_destroy(first);
    stage_strike(&stage);
}

static void too_much_for_one_request_is_refused(void **state)
{
    struct stage stage;
    struct ip_prefix clients[TREE_CLIENT_COUNT];
    struct simulation *simulation = NULL;
    struct problem problem = { 0 };
    (void)state;
    stage_raise(&stage, &sheds);
    struct simulation_plan plan = plan_of_group(&stage, 0, clients);
    plan.queries_each = SIMULATION_QUERIES_MAX / TREE_CLIENT_COUNT + 1;
    assert_int_equal(control_simulate(&stage.control, &plan, &simulation, &problem), SP_ELIMIT);
    assert_non_null(strstr(problem.text, "at most 200000"));
    assert_null(simulation);
    plan.queries_each = UINT32_MAX;
    assert_int_equal(control_simulate(&stage.control, &plan, &simulation, &problem), SP_ELIMIT);
    stage_strike(&stage);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(draws_are_as_the_weights_say),
    cmocka_unit_test(what_is_down_is_not_in_play),
    cmocka_unit_test(in_the_last_resort_all_with_a_weight_are_in_play),
    cmocka_unit_test(answers_are_told_client_by_client),
    cmocka_unit_test(names_that_are_not_there_are_answers_too),
    cmocka_unit_test(answers_beyond_the_bound_are_counted_together),
    cmocka_unit_test(the_same_seed_gives_the_same_counts),
    cmocka_unit_test(too_much_for_one_request_is_refused),
};
RUN_TESTS(tests)
