/*
 * Explanations and simulations over random trees: they must be of the very answers that the network
 * gets.  Seeds are fixed, so a run repeats.
 */
#include "signpost/control/explain.h"

#include "signpost/answer/answer.h"

#include "reply_text.h"
#include "stage.h"

#define TREES 3000

static struct explanation *explain(struct stage *stage, const struct question *question,
                                   uint64_t seed)
{
    struct explanation *explanation = NULL;
    struct problem problem = { 0 };
    if (control_explain(&stage->control, question, NULL, seed, &explanation, &problem) != 0)
        fail_msg("%s", problem.text);
    return explanation;
}

/* ---- the same answer ---- */

/* The same question as a resolver would send it. */
static size_t write_query(uint8_t *out, const struct question *question)
{
    const struct ip_prefix *subnet = &question->subnet;
    size_t name_size = dns_name_size(question->name), octets = (subnet->length + 7u) / 8;
    uint8_t *to = out;
    memcpy(to, (const uint8_t[]){ 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1 }, 12);
    memcpy(to + 12, question->name, name_size);
    to += 12 + name_size;
    memcpy(to, (const uint8_t[]){ 0, 1, 0, 1, 0, 0, 41, 4, 208, 0, 0, 0, 0, 0 }, 14);
    to[14] = (uint8_t)(8 + octets);
    memcpy(to + 15, (const uint8_t[]){ 0, 8, 0 }, 3);
    to[18] = (uint8_t)(4 + octets);
    to[19] = 0;
    to[20] = subnet->family == IP_V4 ? 1 : 2;
    to[21] = subnet->length;
    to[22] = 0;
    memcpy(to + 23, subnet->octets, octets);
    return (size_t)(to - out) + 23 + octets;
}

/* What the network would get for the same roll of the dice: nobody traces. */
static size_t answer_untraced(const struct stage *stage, const struct question *question,
                              uint64_t seed, uint8_t *reply)
{
    uint8_t query[600];
    struct sockaddr_storage source = { .ss_family = AF_INET };
    struct dice dice;
    struct answer_note note;
    struct view view = { .snapshot = stage->control.published,
                         .health = stage->control.health,
                         .dice = &dice,
                         .source = &source,
                         .over_tcp = true };
    dice_init_seeded(&dice, seed);
    return answer_query(&view, (struct span){ query, write_query(query, question) }, reply, &note);
}

static void tracing_changes_no_octet(void **state)
{
    static uint8_t reply[ANSWER_SIZE_MAX_TCP];
    (void)state;
    for (uint64_t seed = 1; seed <= TREES; seed++) {
        struct stage stage;
        stage_draw(&stage, seed);
        for (unsigned group = 0; group < stage.tree.group_count; group++) {
            struct question question = stage_question(&stage, group);
            struct explanation *explanation = explain(&stage, &question, seed + group);
            size_t size = answer_untraced(&stage, &question, seed + group, reply);
            assert_int_equal(explanation->reply.size, size);
            assert_memory_equal(explanation->reply.data, reply, size);
            explanation_destroy(explanation);
        }
        stage_strike(&stage);
    }
}

/* ---- the same records ---- */

/* The addresses, by leaf number, of the members that the trace says were taken. */
static unsigned mark_taken(const struct explanation *explanation, bool out_leaves[TREE_LEAVES_MAX])
{
    const struct trace *trace = explanation->trace;
    unsigned taken = 0;
    assert_false(trace->is_cut);
    for (unsigned i = 0; i < trace->count; i++) {
        const struct trace_step *step = &trace->steps[i];
        if (step->kind != TRACE_TAKEN)
            continue;
        taken++;
        const struct rrset *leaf = explanation_leaf(explanation, step->group, step->member);
        if (leaf != NULL)
            out_leaves[get_u16(leaf->records.data + RRSET_FIXED_SIZE + 2)] = true;
    }
    return taken;
}

static void mark_answered(const struct explanation *explanation, bool out_leaves[TREE_LEAVES_MAX])
{
    for (unsigned i = 0; i < explanation->answer_count; i++) {
        assert_int_equal(explanation->answers[i].type, DNS_TYPE_A);
        assert_int_equal(explanation->answers[i].rdata.size, 4);
        out_leaves[get_u16(explanation->answers[i].rdata.data + 2)] = true;
    }
}

static void what_is_taken_is_what_is_answered(void **state)
{
    unsigned empty = 0, full = 0;
    (void)state;
    for (uint64_t seed = 1; seed <= TREES; seed++) {
        struct stage stage;
        stage_draw(&stage, seed);
        for (unsigned group = 0; group < stage.tree.group_count; group++) {
            bool taken[TREE_LEAVES_MAX] = { false }, answered[TREE_LEAVES_MAX] = { false };
            struct question question = stage_question(&stage, group);
            struct explanation *explanation = explain(&stage, &question, seed * group);
            mark_answered(explanation, answered);
            unsigned taken_count = mark_taken(explanation, taken);
            assert_int_equal(explanation->rcode, DNS_NOERROR);
            if (stage.tree.groups[group].is_plain)
                assert_int_equal(explanation->trace->count, 0);
            else if (memcmp(taken, answered, sizeof taken) != 0)
                fail_msg("tree %llu, group %u: the trace is of another answer",
                         (unsigned long long)seed, group);
            assert_true((taken_count > 0) == (explanation->answer_count > 0) ||
                        stage.tree.groups[group].is_plain);
            empty += explanation->answer_count == 0;
            full += explanation->answer_count > 0;
            explanation_destroy(explanation);
        }
        stage_strike(&stage);
    }
    assert_true(empty > TREES / 20 && full > TREES);
}

/* ---- the shape of a trace ---- */

struct walk {
    const struct trace *trace;
    unsigned at;
};

/* Reads one pass over a group, and below its branches theirs. */
static void walk_pass(struct walk *walk, unsigned depth)
{
    const struct trace_step *steps = walk->trace->steps, *first = &steps[walk->at++];
    unsigned seen = 0, taken = 0;
    assert_int_equal(first->kind, TRACE_GROUP);
    assert_int_equal(first->depth, depth);
    for (;; walk->at++) {
        assert_true(walk->at < walk->trace->count);
        const struct trace_step *step = &steps[walk->at];
        while (step->kind == TRACE_GROUP && step->depth > depth) {
            assert_true(seen > 0 && steps[walk->at - 1].depth >= depth);
            walk_pass(walk, depth + 1);
            step = &steps[walk->at];
        }
        assert_true(step->group == first->group);
        assert_int_equal(step->depth, depth);
        if (step->kind != TRACE_LEFT && step->kind != TRACE_TAKEN)
            break;
        seen++;
        taken += step->kind == TRACE_TAKEN;
    }
    assert_int_equal(seen, first->group->member_count);
    assert_int_equal(steps[walk->at++].kind, taken > 0 ? TRACE_FOUND : TRACE_NOTHING);
    assert_true(taken <= 1 || first->group->policy == ROUTING_MULTIVALUE);
}

static void every_member_of_every_group_is_told_once(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= TREES; seed++) {
        struct stage stage;
        stage_draw(&stage, seed);
        struct question question = stage_question(&stage, 0);
        struct explanation *explanation = explain(&stage, &question, seed);
        struct walk walk = { explanation->trace, 0 };
        while (walk.at < walk.trace->count)
            walk_pass(&walk, 0);
        explanation_destroy(explanation);
        stage_strike(&stage);
    }
}

/* ---- whom it is asked for ---- */

static void the_client_is_located_even_when_no_policy_asks(void **state)
{
    struct stage stage;
    (void)state;
    stage_draw(&stage, 1);
    stage.tree = (struct tree){ .group_count = 1 };
    struct question question = stage_question(&stage, 99);
    struct explanation *explanation = explain(&stage, &question, 1);
    assert_int_equal(explanation->rcode, DNS_NXDOMAIN);
    assert_int_equal(explanation->trace->count, 0);
    assert_int_equal(explanation->place_source, PLACE_TABLE);
    assert_memory_equal(explanation->place.country, "US", 2);
    assert_true(explanation->has_scope);
    assert_int_equal(explanation->scope, 0);
    explanation_destroy(explanation);

    question.has_subnet = false;
    explanation = explain(&stage, &question, 1);
    assert_int_equal(explanation->place_source, PLACE_UNLOCATED);
    assert_int_equal(explanation->client->length, 32);
    assert_false(explanation->has_scope);
    explanation_destroy(explanation);
    stage_strike(&stage);
}

static void who_asks_is_believed_whatever_the_configuration(void **state)
{
    struct stage stage;
    (void)state;
    stage_draw(&stage, 1);
    stage.control.published->options.client_subnet.count = 0;
    struct question question = stage_question(&stage, 0);
    struct explanation *explanation = explain(&stage, &question, 1);
    assert_true(explanation->has_scope);
    explanation_destroy(explanation);
    assert_int_equal(stage.control.published->options.client_subnet.count, 0);
    stage_strike(&stage);
}

/* ---- names in replies ---- */

static const struct test_record mail_records[] = {
    { "lab.test", DNS_TYPE_SOA, 900, "ns.lab.test host.lab.test 1 2 3 4 5" },
    { "lab.test", DNS_TYPE_MX, 60, "10 mail.lab.test" },
    { "alias.lab.test", DNS_TYPE_CNAME, 60, "www.lab.test" },
    { "www.lab.test", DNS_TYPE_TXT, 30, "hello" },
};

static void names_of_the_answer_are_whole(void **state)
{
    struct health_table *health = health_table_create(1);
    struct control control = { .published = snapshot_create(), .health = health };
    struct explanation *explanation;
    struct question question = { .type = DNS_TYPE_MX };
    uint8_t name[DNS_NAME_SIZE_MAX];
    (void)state;
    snapshot_put_zone(control.published,
                      test_zone("lab.test", mail_records, COUNT_OF(mail_records)));
    prefix_from_text(&question.source, "::1");
    test_raw_name(question.name, "LAB.test");
    assert_int_equal(control_explain(&control, &question, NULL, 1, &explanation, NULL), 0);
    assert_int_equal(explanation->answer_count, 1);
    assert_int_equal(explanation->answers[0].rdata.size, 2 + test_name(name, "mail.lab.test"));
    assert_true(dns_name_equal(explanation->answers[0].rdata.data + 2, name));
    explanation_destroy(explanation);

    test_name(question.name, "alias.lab.test");
    question.type = DNS_TYPE_TXT;
    assert_int_equal(control_explain(&control, &question, NULL, 1, &explanation, NULL), 0);
    assert_int_equal(explanation->answer_count, 2);
    assert_int_equal(explanation->answers[0].type, DNS_TYPE_CNAME);
    test_name(name, "www.lab.test");
    assert_true(dns_name_equal(explanation->answers[0].rdata.data, name));
    assert_true(dns_name_equal(explanation->answers[1].owner, name));
    assert_int_equal(explanation->answers[1].ttl_s, 30);
    assert_memory_equal(explanation->answers[1].rdata.data, "\5hello", 6);
    explanation_destroy(explanation);
    snapshot_unref(control.published);
    health_table_destroy(health);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(tracing_changes_no_octet),
    cmocka_unit_test(what_is_taken_is_what_is_answered),
    cmocka_unit_test(every_member_of_every_group_is_told_once),
    cmocka_unit_test(the_client_is_located_even_when_no_policy_asks),
    cmocka_unit_test(who_asks_is_believed_whatever_the_configuration),
    cmocka_unit_test(names_of_the_answer_are_whole),
};
RUN_TESTS(tests)
