/*
 * What is remembered, for how long, and what a flood may cost: times are data, and the figures tell
 * whether a signature was made.
 */
#include "memory.h"

#include "signpost/base/status.h"

#include "signed.h"

#define DAY_MS (VALIDITY_S * 1000u)

/* ---- the memory itself ---- */

static struct signature_key numbered_key(uint64_t number)
{
    return (struct signature_key){ .owner_hash = (number + 1) * 0x9e3779b97f4a7c15u,
                                   .content = number,
                                   .key_id = 1,
                                   .ttl_s = 60,
                                   .type = DNS_TYPE_A };
}

static struct signature *look(struct signature_memory *memory, struct signature_key key)
{
    return signature_memory_find(memory, &key, signature_hash(&key));
}

static void keep(struct signature_memory *memory, struct signature_key key)
{
    struct signature *signature = signature_memory_put(memory, &key, signature_hash(&key));
    signature->made_ms = key.content;
}

static unsigned count_kept(struct signature_memory *memory, uint64_t from, uint64_t to)
{
    unsigned count = 0;
    for (; from < to; from++) {
        const struct signature *signature = look(memory, numbered_key(from));
        assert_true(signature == NULL || signature->made_ms == from);
        count += signature != NULL;
    }
    return count;
}

static void a_memory_holds_as_many_as_it_was_made_for(void **state)
{
    static const struct {
        unsigned count, most;
    } rows[] = { { 8, 8 }, { 9, 16 }, { 64, 64 }, { 1000, 1000 }, { 65536, 65536 } };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct signature_memory *memory = signature_memory_create(rows[i].count);
        uint64_t many = 6 * rows[i].most;
        assert_non_null(memory);
        assert_int_equal(count_kept(memory, 0, 100), 0);
        for (uint64_t number = 0; number < many; number++)
            keep(memory, numbered_key(number));
        assert_int_equal(count_kept(memory, 0, many), rows[i].most);
        signature_memory_destroy(memory);
    }
}

static void a_signature_is_found_by_all_of_its_key(void **state)
{
    struct signature_memory *memory = signature_memory_create(8);
    struct signature_key other[5];
    (void)state;
    keep(memory, numbered_key(7));
    for (size_t i = 0; i < COUNT_OF(other); i++)
        other[i] = numbered_key(7);
    other[0].owner_hash ^= 1;
    other[1].content ^= 1;
    other[2].key_id ^= 2;
    other[3].ttl_s ^= 1;
    other[4].type ^= 1;
    for (size_t i = 0; i < COUNT_OF(other); i++) {
        assert_null(look(memory, other[i]));
        /* Nor with a hash that happens to be the same. */
        struct signature_key key = numbered_key(7);
        assert_null(signature_memory_find(memory, &other[i], signature_hash(&key)));
    }
    assert_non_null(look(memory, numbered_key(7)));
    signature_memory_destroy(memory);
}

/* A quarter of the memory is asked for now and then, while thirty times its size runs through. */
static void what_is_asked_again_survives_what_is_asked_once(void **state)
{
    enum { SIZE = 4096, OFTEN = SIZE / 4, ONCE = 30 * SIZE };
    struct signature_memory *memory = signature_memory_create(SIZE);
    unsigned missing = 0;
    (void)state;
    for (uint64_t i = 0; i < ONCE; i++) {
        keep(memory, numbered_key(1000000 + i));
        if (look(memory, numbered_key(i % OFTEN)) != NULL)
            continue;
        keep(memory, numbered_key(i % OFTEN));
        missing++;
    }
    /* At first all of them; then where by chance more than eight of them fall together. */
    assert_in_range(missing, OFTEN, OFTEN + ONCE / 200);
    signature_memory_destroy(memory);
}

/* Names fall into places by chance; yet each finds one in the end, while nine of ten are taken. */
static void a_memory_nearly_full_keeps_them_all(void **state)
{
    enum { SIZE = 4096, NAMES = SIZE * 9 / 10, ROUNDS = 30 };
    struct signature_memory *memory = signature_memory_create(SIZE);
    unsigned missing = NAMES;
    (void)state;
    for (unsigned round = 0; round < ROUNDS; round++) {
        missing = 0;
        for (uint64_t i = 0; i < NAMES; i++) {
            if (look(memory, numbered_key(i)) != NULL)
                continue;
            keep(memory, numbered_key(i));
            missing++;
        }
    }
    assert_int_equal(missing, 0);
    signature_memory_destroy(memory);
}

static void what_nobody_asks_for_any_more_gives_way(void **state)
{
    enum { SIZE = 1024 };
    struct signature_memory *memory = signature_memory_create(SIZE);
    (void)state;
    for (uint64_t i = 0; i < SIZE; i++)
        keep(memory, numbered_key(i));
    for (unsigned round = 0; round < 100; round++)
        count_kept(memory, 0, SIZE);
    for (uint64_t i = 0; i < 50 * SIZE; i++)
        keep(memory, numbered_key(SIZE + i));
    assert_int_equal(count_kept(memory, 0, SIZE), 0);
    signature_memory_destroy(memory);
}

/* ---- how long a signature is used ---- */

static const struct signer_settings roomy = { .remembered = 8192, .per_second = 1000 };

static void open_number(struct signing_test *test, unsigned number, bool is_foreseen)
{
    char owner[40];
    snprintf(owner, sizeof owner, "n%u.lab.test", number);
    sample_one(&test->sample, owner, DNS_TYPE_A, 60, "192.0.2.1");
    test->sample.subject.is_foreseen = is_foreseen;
}

/* Whether a signature had to be made for the sample. */
static bool makes(struct signing_test *test, uint64_t now_ms, uint32_t validity_s)
{
    uint64_t made = counter_read(&test->figures.made) + counter_read(&test->figures.made_other);
    uint64_t remembered = counter_read(&test->figures.remembered);
    assert_int_equal(sign_at(test, now_ms, validity_s), 0);
    uint64_t made_now =
        counter_read(&test->figures.made) + counter_read(&test->figures.made_other) - made;
    uint64_t remembered_now = counter_read(&test->figures.remembered) - remembered;
    assert_int_equal(made_now + remembered_now, 1);
    return made_now == 1;
}

static void a_signature_is_used_until_its_time(void **state)
{
    static const struct row {
        const char *why;
        int64_t after_ms;
        bool made;
        uint32_t validity_s;
    } rows[] = {
        { "at once", 0, false, VALIDITY_S },
        { "a millisecond later", 1, false, VALIDITY_S },
        { "just before a quarter of its time", DAY_MS / 4 - 1, false, VALIDITY_S },
        { "after three eighths", DAY_MS / 8 * 3, true, VALIDITY_S },
        { "just before it expires", DAY_MS - 1000, true, VALIDITY_S },
        { "when it has expired", DAY_MS, true, VALIDITY_S },
        { "years later", DAY_MS * 1000ll, true, VALIDITY_S },
        { "2^32 seconds later", 4294967296000ll, true, VALIDITY_S },
        { "the clock went back by a millisecond", -1, true, VALIDITY_S },
        { "by an hour", -3600000, true, VALIDITY_S },
        { "to 1970", -(int64_t)NOW_MS, true, VALIDITY_S },
        { "the shortest validity: just before a quarter", 499, false, 2 },
        { "after three eighths", 750, true, 2 },
        { "the longest validity", 2592000000ll / 4 - 1, false, 2592000 },
        { "after three eighths", 2592000000ll / 8 * 3, true, 2592000 },
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows) * 2; i++) {
        const struct row *row = &rows[i / 2];
        struct signing_test *test = open_signing(&roomy, "lab.test");
        open_number(test, 0, i % 2 == 0);
        assert_true(makes(test, NOW_MS, row->validity_s));
        uint64_t then_ms = NOW_MS + (uint64_t)row->after_ms;
        if (makes(test, then_ms, row->validity_s) != row->made)
            fail_msg("%s", row->why);
        if (then_ms > 0 && row->after_ms < 100 * (int64_t)DAY_MS)
            assert_true(is_believed(test, then_ms));
        assert_false(makes(test, then_ms, row->validity_s));
        close_signing(test);
    }
}

/* When the signature of that name, made at NOW_MS, is made again; in milliseconds after that. */
static uint64_t end_of_use(struct signing_test *test, unsigned number)
{
    uint64_t used = 0, ended = DAY_MS / 2;
    while (ended - used > 1) {
        uint64_t middle = (used + ended) / 2;
        open_number(test, number, true);
        bool made = makes(test, NOW_MS + middle, VALIDITY_S);
        *(made ? &ended : &used) = middle;
        /* Back to where it was made at NOW_MS: a moment earlier, nothing remembered is of use. */
        if (made) {
            assert_true(makes(test, NOW_MS - 1, VALIDITY_S));
            assert_true(makes(test, NOW_MS + DAY_MS, VALIDITY_S));
            assert_true(makes(test, NOW_MS, VALIDITY_S));
        }
    }
    return ended;
}

static void signatures_of_one_moment_are_not_remade_in_one(void **state)
{
    enum { COUNT = 60, BINS = 4 };
    struct signing_test *test = open_signing(&roomy, "lab.test");
    unsigned bins[BINS] = { 0 };
    (void)state;
    for (unsigned i = 0; i < COUNT; i++) {
        open_number(test, i, true);
        makes(test, NOW_MS, VALIDITY_S);
        uint64_t end_ms = end_of_use(test, i);
        assert_in_range(end_ms, DAY_MS / 4, DAY_MS / 8 * 3);
        bins[(end_ms - DAY_MS / 4) * BINS / (DAY_MS / 8 + 1)]++;
    }
    for (unsigned i = 0; i < BINS; i++)
        assert_in_range(bins[i], 3, 30); /* 15 each, more or less */
    close_signing(test);
}

static void what_has_changed_is_signed_again(void **state)
{
    struct signing_test *test = open_signing(&roomy, "lab.test");
    struct sign_subject *subject = &test->sample.subject;
    struct test_key key;
    (void)state;
    open_number(test, 0, true);
    assert_true(makes(test, NOW_MS, VALIDITY_S));
    assert_false(makes(test, NOW_MS, VALIDITY_S));

    subject->ttl_s = 61;
    assert_true(makes(test, NOW_MS, VALIDITY_S));
    assert_true(is_believed(test, NOW_MS));
    subject->ttl_s = 60;
    assert_false(makes(test, NOW_MS, VALIDITY_S));

    sample_one(&test->sample, "n0.lab.test", DNS_TYPE_A, 60, "192.0.2.2");
    assert_true(makes(test, NOW_MS, VALIDITY_S));
    assert_true(is_believed(test, NOW_MS));
    sample_one(&test->sample, "n0.lab.test", DNS_TYPE_AAAA, 60, "2001:db8::1");
    assert_true(makes(test, NOW_MS, VALIDITY_S));

    open_number(test, 0, true);
    assert_false(makes(test, NOW_MS, VALIDITY_S));
    make_key(&key);
    sign_zone(&test->zone, &key, NULL, 0); /* R-SEC-7: a new zone-signing key */
    assert_true(makes(test, NOW_MS, VALIDITY_S));
    assert_true(is_believed(test, NOW_MS));
    assert_false(makes(test, NOW_MS, VALIDITY_S));

    assert_true(makes(test, NOW_MS, VALIDITY_S / 2)); /* the configuration was read again */
    assert_true(is_believed(test, NOW_MS + VALIDITY_S / 2 * 1000u));
    assert_false(is_believed(test, NOW_MS + VALIDITY_S / 2 * 1000u + 1000));
    close_signing(test);
}

/* A set of several parts is the same in whatever order they come (R-MVA-2). */
static void the_order_of_the_parts_does_not_matter(void **state)
{
    static const uint8_t values[3][4] = { { 192, 0, 2, 1 }, { 192, 0, 2, 2 }, { 192, 0, 2, 3 } };
    static const unsigned orders[][3] = { { 0, 1, 2 }, { 2, 1, 0 }, { 1, 2, 0 } };
    struct signing_test *test = open_signing(&roomy, "lab.test");
    uint8_t owner[DNS_NAME_SIZE_MAX];
    (void)state;
    test_name(owner, "lab.test");
    for (size_t i = 0; i < COUNT_OF(orders); i++) {
        sample_open(&test->sample, owner, DNS_TYPE_A, 60);
        for (unsigned j = 0; j < 3; j++) {
            sample_add_part(&test->sample);
            sample_add(&test->sample, values[orders[i][j]], 4);
        }
        sample_close(&test->sample);
        assert_int_equal(makes(test, NOW_MS, VALIDITY_S), i == 0);
        assert_true(is_believed(test, NOW_MS));
    }
    close_signing(test);
}

/* ---- the budget ---- */

/* How many of the next `count` unforeseen names are signed, and nobody else's are refused. */
static unsigned flood(struct signing_test *test, uint64_t now_ms, unsigned count)
{
    static unsigned next = 1000000;
    unsigned made = 0;
    for (unsigned i = 0; i < count; i++) {
        uint64_t refused = counter_read(&test->figures.refused);
        open_number(test, next++, false);
        int rc = sign_at(test, now_ms, VALIDITY_S);
        assert_true(rc == 0 || rc == SP_EAGAIN);
        assert_int_equal(counter_read(&test->figures.refused), refused + (rc != 0));
        made += rc == 0;
    }
    return made;
}

static void a_flood_gets_its_budget_and_no_more(void **state)
{
    static const struct {
        const char *why;
        unsigned per_second;
        uint64_t after_ms[4]; /* since the last flood */
        unsigned made[4];
    } rows[] = {
        { "a slice of a second at first, and as much as has been gathered since",
          800,
          { 0, 0, 10, 20 },
          { 50, 0, 8, 16 } },
        { "never more than a slice", 800, { 0, 1000, 62, 3600000 }, { 50, 50, 49, 50 } },
        { "the clock goes back: nothing is gathered until it goes on",
          800,
          { 0, (uint64_t)-5000, 10, 10 },
          { 50, 0, 8, 8 } },
        { "a small one", 1, { 0, 999, 1, 1000 }, { 1, 0, 1, 1 } },
        { "a slice is one signature at least", 10, { 0, 50, 50, 1000 }, { 1, 0, 1, 1 } },
        { "none at all", 0, { 0, 1000, 1000, 100000 }, { 0, 0, 0, 0 } },
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct signer_settings settings = { .remembered = 64, .per_second = rows[i].per_second };
        struct signing_test *test = open_signing(&settings, "lab.test");
        uint64_t now_ms = NOW_MS;
        for (unsigned j = 0; j < 4; j++) {
            now_ms += rows[i].after_ms[j];
            unsigned made = flood(test, now_ms, 60);
            if (made != rows[i].made[j])
                fail_msg("%s: %u at step %u", rows[i].why, made, j);
        }
        close_signing(test);
    }
}

static void a_long_flood_gets_the_budget_of_each_second(void **state)
{
    static const struct signer_settings settings = { .remembered = 64, .per_second = 333 };
    struct signing_test *test = open_signing(&settings, "lab.test");
    unsigned made = 0;
    (void)state;
    for (uint64_t ms = 0; ms < 3000; ms += 3)
        made += flood(test, NOW_MS + ms, 3);
    assert_in_range(made, 3 * 333, 3 * 333 + 333 / 16 + 1);
    assert_int_equal(counter_read(&test->figures.made_other), made);
    assert_int_equal(counter_read(&test->figures.made), 0);
    close_signing(test);
}

static void tcp_has_a_budget_of_its_own(void **state)
{
    static const struct signer_settings settings = { .remembered = 64, .per_second = 160 };
    struct signing_test *test = open_signing(&settings, "lab.test");
    (void)state;
    assert_int_equal(flood(test, NOW_MS, 20), 10);
    signer_set_tcp(test->signer, true);
    assert_int_equal(flood(test, NOW_MS, 20), 10);
    signer_set_tcp(test->signer, false);
    assert_int_equal(flood(test, NOW_MS, 20), 0);
    assert_int_equal(flood(test, NOW_MS + 1000, 20), 10);
    close_signing(test);
}

static void what_is_remembered_costs_no_budget(void **state)
{
    static const struct signer_settings settings = { .remembered = 64, .per_second = 1 };
    struct signing_test *test = open_signing(&settings, "lab.test");
    (void)state;
    open_number(test, 0, false);
    assert_true(makes(test, NOW_MS, VALIDITY_S));
    for (unsigned i = 0; i < 100; i++)
        assert_false(makes(test, NOW_MS, VALIDITY_S));
    assert_int_equal(flood(test, NOW_MS, 1), 0);
    close_signing(test);
}

/* Every name of a zone has been asked for.  Whatever strangers think of, none is signed again. */
static void a_flood_makes_no_foreseen_signature_again(void **state)
{
    enum { NAMES = 300 };
    static const struct signer_settings settings = { .remembered = 1024, .per_second = 1000000 };
    struct signing_test *test = open_signing(&settings, "lab.test");
    (void)state;
    for (unsigned i = 0; i < NAMES; i++) {
        open_number(test, i, true);
        assert_true(makes(test, NOW_MS, VALIDITY_S));
    }
    assert_int_equal(flood(test, NOW_MS, 8000), 8000);
    assert_true(counter_read(&test->figures.made_other) == 8000);
    for (unsigned i = 0; i < NAMES; i++) {
        open_number(test, i, true);
        assert_false(makes(test, NOW_MS, VALIDITY_S));
        assert_true(i % 50 != 0 || is_believed(test, NOW_MS));
    }
    assert_int_equal(counter_read(&test->figures.made), NAMES);
    close_signing(test);
}

static void foreseen_sets_are_signed_whatever_the_budget(void **state)
{
    static const struct signer_settings settings = { .remembered = 64, .per_second = 0 };
    struct signing_test *test = open_signing(&settings, "lab.test");
    (void)state;
    for (unsigned i = 0; i < 500; i++) {
        assert_int_equal(flood(test, NOW_MS, 1), 0);
        open_number(test, i, true);
        assert_true(makes(test, NOW_MS, VALIDITY_S));
    }
    assert_int_equal(counter_read(&test->figures.refused), 500);
    close_signing(test);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(a_memory_holds_as_many_as_it_was_made_for),
    cmocka_unit_test(a_signature_is_found_by_all_of_its_key),
    cmocka_unit_test(what_is_asked_again_survives_what_is_asked_once),
    cmocka_unit_test(a_memory_nearly_full_keeps_them_all),
    cmocka_unit_test(what_nobody_asks_for_any_more_gives_way),
    cmocka_unit_test(a_signature_is_used_until_its_time),
    cmocka_unit_test(signatures_of_one_moment_are_not_remade_in_one),
    cmocka_unit_test(what_has_changed_is_signed_again),
    cmocka_unit_test(the_order_of_the_parts_does_not_matter),
    cmocka_unit_test(a_flood_gets_its_budget_and_no_more),
    cmocka_unit_test(a_long_flood_gets_the_budget_of_each_second),
    cmocka_unit_test(tcp_has_a_budget_of_its_own),
    cmocka_unit_test(what_is_remembered_costs_no_budget),
    cmocka_unit_test(a_flood_makes_no_foreseen_signature_again),
    cmocka_unit_test(foreseen_sets_are_signed_whatever_the_budget),
};

RUN_TESTS(tests)
