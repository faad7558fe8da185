#include "asking.h"

#define TEN_OR_MORE 12

/* Members 1..count, the check of member n is n. */
static struct snapshot *make_group(unsigned count, const uint32_t *ttls)
{
    static const struct test_record apex[] = {
        { "lab.test", DNS_TYPE_SOA, 900, "ns.lab.test host.lab.test 1 7200 900 1209600 86400" },
    };
    struct zone *zone = test_zone("lab.test", apex, COUNT_OF(apex));
    struct snapshot *snapshot = snapshot_create();
    struct rrset_source sources[TEN_OR_MORE];
    struct member members[TEN_OR_MORE];
    uint8_t packed[TEN_OR_MORE][6], owner[DNS_NAME_SIZE_MAX];
    for (unsigned i = 0; i < count; i++) {
        memcpy(packed[i], (uint8_t[]){ 0, 4, 10, 0, 0, (uint8_t)(i + 1) }, 6);
        members[i] = (struct member){ .check = i + 1, .identifier = "m", .check_id = "c" };
        sources[i] = (struct rrset_source){ .type = DNS_TYPE_A,
                                            .ttl_s = ttls == NULL ? 60 : ttls[i],
                                            .value_count = 1,
                                            .values = { packed[i], 6 },
                                            .member = &members[i],
                                            .policy = ROUTING_MULTIVALUE };
    }
    test_name(owner, "g0.lab.test");
    assert_int_equal(zone_put_name(zone, zone_name_create(zone, owner, sources, count)), 0);
    zone_finish(zone);
    assert_int_equal(snapshot_put_zone(snapshot, zone), 0);
    return snapshot;
}

static void up_to_eight_of_those_that_may_answer(void **state)
{
    (void)state;
    static const struct row {
        const char *why;
        unsigned count, first_down, answers, candidates; /* checks from first_down on are down */
    } rows[] = {
        { "S-17a", 5, 99, 5, 5 },
        { "S-17b", 10, 99, 8, 10 },
        { "S-17c", 10, 6, 5, 5 },
        { "S-17d: last resort", 3, 1, 3, 3 },
        { "S-17e: last resort", 12, 1, 8, 12 },
        { "S-17f", 3, 2, 1, 1 },
    };
    for (unsigned i = 0; i < COUNT_OF(rows); i++) {
        struct snapshot *snapshot = make_group(rows[i].count, NULL);
        struct health_table *health = health_table_create(TEN_OR_MORE + 1);
        unsigned seen[TEN_OR_MORE + 1] = { 0 };
        struct dice dice;
        dice_init_seeded(&dice, 7);
        for (unsigned check = rows[i].first_down; check <= rows[i].count; check++)
            health_report(health, check, false, 1);
        for (unsigned k = 0; k < ASKED_OFTEN; k++) {
            struct evaluation evaluation;
            struct choice choice;
            unsigned times[TEN_OR_MORE + 1] = { 0 };
            begin_asking(&evaluation, snapshot, health, &dice, US);
            assert_int_equal(ask_once(&evaluation, snapshot, &choice), CHOICE_FOUND);
            if (choice.set_count != rows[i].answers)
                fail_msg("%s: %u answers", rows[i].why, choice.set_count);
            for (unsigned s = 0; s < choice.set_count; s++)
                assert_int_equal(++times[leaf_of(choice.sets[s])], 1);
            for (unsigned m = 1; m <= TEN_OR_MORE; m++)
                seen[m] += times[m];
        }
        for (unsigned m = 1; m <= rows[i].count; m++)
            if ((seen[m] > 0) != (m <= rows[i].candidates))
                fail_msg("%s: member %u answered %u times", rows[i].why, m, seen[m]);
        health_table_destroy(health);
        snapshot_unref(snapshot);
    }
}

/* RFC 2181 §5; a client would count two, and ldns would not verify their signature. */
static void a_value_that_two_members_have_is_sent_once(void **state)
{
    (void)state;
    static const struct test_record apex[] = {
        { "lab.test", DNS_TYPE_SOA, 900, "ns.lab.test host.lab.test 1 7200 900 1209600 86400" },
    };
    static const uint8_t one[] = { 0, 4, 10, 0, 0, 1 };
    static const uint8_t two[] = { 0, 4, 10, 0, 0, 2 };
    static const struct row {
        const char *why;
        struct span values[3];
        unsigned sets;
    } rows[] = {
        { "the same address", { { one, 6 }, { one, 6 }, { one, 6 } }, 1 },
        { "beside another one", { { one, 6 }, { one, 6 }, { two, 6 } }, 2 },
    };
    for (unsigned i = 0; i < COUNT_OF(rows); i++) {
        struct zone *zone = test_zone("lab.test", apex, COUNT_OF(apex));
        struct snapshot *snapshot = snapshot_create();
        struct health_table *health = health_table_create(2);
        struct rrset_source sources[3];
        struct member member = { .identifier = "m", .check_id = "" };
        uint8_t owner[DNS_NAME_SIZE_MAX];
        struct dice dice;
        for (unsigned m = 0; m < 3; m++)
            sources[m] = (struct rrset_source){ .type = DNS_TYPE_A,
                                                .ttl_s = 60,
                                                .value_count = 1,
                                                .values = rows[i].values[m],
                                                .member = &member,
                                                .policy = ROUTING_MULTIVALUE };
        test_name(owner, "g0.lab.test");
        assert_int_equal(zone_put_name(zone, zone_name_create(zone, owner, sources, 3)), 0);
        zone_finish(zone);
        assert_int_equal(snapshot_put_zone(snapshot, zone), 0);
        dice_init_seeded(&dice, 7);
        for (unsigned k = 0; k < ASKED_OFTEN; k++) {
            struct evaluation evaluation;
            struct choice choice;
            begin_asking(&evaluation, snapshot, health, &dice, US);
            assert_int_equal(ask_once(&evaluation, snapshot, &choice), CHOICE_FOUND);
            if (choice.set_count != rows[i].sets)
                fail_msg("%s: %u sets", rows[i].why, choice.set_count);
        }
        health_table_destroy(health);
        snapshot_unref(snapshot);
    }
}

/* Each of three must come first about as often: chi-square with two degrees of freedom exceeds
 * 27.6 once in a million seeds, and the seed is fixed. */
static void every_member_comes_first_as_often(void **state)
{
    (void)state;
    struct snapshot *snapshot = make_group(3, NULL);
    struct health_table *health = health_table_create(TEN_OR_MORE + 1);
    struct dice dice;
    double sum = 0;
    unsigned first[4] = { 0 };
    dice_init_seeded(&dice, 7);
    for (unsigned k = 0; k < 9000; k++) {
        struct evaluation evaluation;
        struct choice choice;
        begin_asking(&evaluation, snapshot, health, &dice, US);
        ask_once(&evaluation, snapshot, &choice);
        first[leaf_of(choice.sets[0])]++;
    }
    for (unsigned m = 1; m <= 3; m++)
        sum += ((double)first[m] - 3000) * ((double)first[m] - 3000) / 3000;
    assert_true(sum < 27.6);
    health_table_destroy(health);
    snapshot_unref(snapshot);
}

static void the_smallest_ttl_of_the_chosen_is_sent(void **state)
{
    (void)state;
    static const uint32_t ttls[] = { 300, 20, 60 };
    static const struct row {
        unsigned down;
        uint32_t ttl_s;
    } rows[] = { { 99, 20 }, { 2, 60 } };
    struct snapshot *snapshot = make_group(3, ttls);
    for (unsigned i = 0; i < COUNT_OF(rows); i++) {
        struct health_table *health = health_table_create(100);
        struct evaluation evaluation;
        struct choice choice;
        struct dice dice;
        dice_init_seeded(&dice, 7);
        health_report(health, rows[i].down, false, 1);
        begin_asking(&evaluation, snapshot, health, &dice, US);
        ask_once(&evaluation, snapshot, &choice);
        assert_int_equal(choice.ttl_s, rows[i].ttl_s);
        health_table_destroy(health);
    }
    snapshot_unref(snapshot);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(up_to_eight_of_those_that_may_answer),
    cmocka_unit_test(a_value_that_two_members_have_is_sent_once),
    cmocka_unit_test(every_member_comes_first_as_often),
    cmocka_unit_test(the_smallest_ttl_of_the_chosen_is_sent),
};
RUN_TESTS(tests)
