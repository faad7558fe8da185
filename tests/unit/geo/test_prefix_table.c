#include "signpost/base/dice.h"
#include "signpost/base/status.h"
#include "signpost/geo/prefix_table.h"

#include "tests.h"

#define ROWS_MAX 1500

static struct ip_prefix prefix_of(const char *text)
{
    struct ip_prefix prefix;
    const char *why = prefix_from_text(&prefix, text);
    if (why != NULL)
        fail_msg("%s %s", text, why);
    return prefix;
}

static struct prefix_table *make_table(struct prefix_row *rows, size_t count)
{
    struct prefix_table *prefixes = NULL;
    uint32_t twice;
    assert_int_equal(prefix_table_create(rows, count, &prefixes, &twice), 0);
    assert_int_equal(prefix_table_count(prefixes), count);
    return prefixes;
}

/* What the prefixes must find, by looking at every row.  -1: none. */
static int find_slowly(const struct prefix_row *rows, size_t count, const struct ip_prefix *client)
{
    int best = -1;
    for (size_t i = 0; i < count; i++)
        if (prefix_contains(&rows[i].prefix, client) &&
            (best < 0 || rows[i].prefix.length > rows[best].prefix.length))
            best = (int)i;
    return best;
}

static void assert_finds_the_same(const struct prefix_table *prefixes,
                                  const struct prefix_row *rows, size_t count,
                                  const struct ip_prefix *client)
{
    struct prefix_match match = { 0 };
    int expect = find_slowly(rows, count, client);
    bool found = prefix_table_find(prefixes, client, &match);
    char text[PREFIX_TEXT_SIZE];
    if (found != (expect >= 0) || (found && (match.value != rows[expect].value ||
                                             match.length != rows[expect].prefix.length)))
        fail_msg("%s: found /%d, should find /%d", prefix_to_text(text, client),
                 found ? match.length : -1, expect < 0 ? -1 : rows[expect].prefix.length);
}

/* ---- random tables ---- */

static struct ip_prefix random_prefix(struct dice *dice, unsigned most)
{
    struct ip_prefix prefix = { .family = dice_below(dice, 2) == 0 ? IP_V4 : IP_V6 };
    unsigned bits = prefix_bits(prefix.family);
    prefix.length = (uint8_t)dice_below(dice, (bits < most ? bits : most) + 1);
    for (unsigned i = 0; i < bits / 8; i++)
        prefix.octets[i] = (uint8_t)dice_next(dice);
    prefix_mask(&prefix);
    return prefix;
}

/* One that lies in another, contains it, or is its neighbour. */
static struct ip_prefix related_prefix(struct dice *dice, struct ip_prefix prefix, unsigned most)
{
    unsigned bits = prefix_bits(prefix.family);
    unsigned first = dice_below(dice, bits);
    prefix.length = (uint8_t)dice_below(dice, (bits < most ? bits : most) + 1);
    for (unsigned bit = first; bit < bits; bit++)
        if (dice_below(dice, 4) == 0)
            prefix.octets[bit / 8] ^= (uint8_t)(0x80 >> bit % 8);
    prefix_mask(&prefix);
    return prefix;
}

static bool is_new(const struct prefix_row *rows, size_t count, const struct ip_prefix *prefix)
{
    for (size_t i = 0; i < count; i++)
        if (prefix_compare(&rows[i].prefix, prefix) == 0)
            return false;
    return true;
}

struct kind {
    const char *why;
    size_t size;
    unsigned one_in; /* how many start a heap of their own; the others are relatives of one */
    unsigned most;   /* the longest length */
    uint8_t above;   /* the least first octet: addresses below it come before all rows */
};

static size_t random_rows(struct dice *dice, struct prefix_row *rows, const struct kind *kind)
{
    size_t filled = 0;
    for (size_t i = 0; i < kind->size; i++) {
        struct ip_prefix prefix =
            filled == 0 || dice_below(dice, kind->one_in) == 0
                ? random_prefix(dice, kind->most)
                : related_prefix(dice, rows[dice_below(dice, (uint32_t)filled)].prefix, kind->most);
        if (prefix.octets[0] >= kind->above && is_new(rows, filled, &prefix))
            rows[filled++] = (struct prefix_row){ prefix, dice_below(dice, PREFIX_VALUE_MAX) };
    }
    return filled;
}

static void check_table(struct dice *dice, const struct kind *kind)
{
    static struct prefix_row rows[ROWS_MAX];
    size_t count = random_rows(dice, rows, kind);
    struct prefix_table *prefixes = make_table(rows, count);
    for (unsigned i = 0; i < 1500; i++) {
        const struct prefix_row *near = &rows[count == 0 ? 0 : dice_below(dice, (uint32_t)count)];
        struct ip_prefix client = i % 4 == 0 || count == 0
                                      ? random_prefix(dice, 128)
                                      : related_prefix(dice, near->prefix, 128);
        assert_finds_the_same(prefixes, rows, count, &client);
        client.length = (uint8_t)prefix_bits(client.family);
        assert_finds_the_same(prefixes, rows, count, &client);
    }
    for (size_t i = 0; i < count; i++)
        assert_finds_the_same(prefixes, rows, count, &rows[i].prefix);
    prefix_table_destroy(prefixes);
}

static void any_table_finds_what_a_look_at_every_row_finds(void **state)
{
    (void)state;
    static const struct kind kinds[] = {
        { "no rows", 0, 1, 128, 0 },
        { "one row", 1, 1, 128, 0 },
        { "a leaf's worth", 5, 2, 128, 0 },
        { "spread out", 1000, 1, 128, 0 },
        { "a few heaps", 1000, 200, 128, 0 },
        { "one deep heap", 1000, 1000000, 128, 0 },
        { "nothing longer than /64", 1000, 20, 64, 0 },
        { "nothing longer than /67", 1000, 20, 67, 0 },
        { "most addresses come before all", ROWS_MAX, 10, 48, 0xa0 },
        { "some of all", ROWS_MAX, 10, 128, 0 },
    };
    for (uint64_t seed = 1; seed <= 5; seed++)
        for (unsigned i = 0; i < COUNT_OF(kinds); i++) {
            struct dice dice;
            dice_init_seeded(&dice, seed * 100 + i);
            check_table(&dice, &kinds[i]);
        }
}

/* ---- by hand ---- */

static void the_longest_prefix_that_contains_all_of_the_client_wins(void **state)
{
    (void)state;
    static const char *const texts[] = { "198.51.0.0/16", "198.51.100.0/24", "198.51.100.7",
                                         "2001:db8::/32", "2001:db8:1::/48" };
    static const struct row {
        const char *why, *client, *match;
    } rows[] = {
        { "an address in three of them", "198.51.100.7", "198.51.100.7" },
        { "its neighbour, in two", "198.51.100.6", "198.51.100.0/24" },
        { "a prefix that is there", "198.51.100.0/24", "198.51.100.0/24" },
        { "a block does not match a wider client", "198.51.100.0/23", "198.51.0.0/16" },
        { "wider than any block", "198.50.0.0/15", NULL },
        { "before all", "1.2.3.4", NULL },
        { "behind all", "203.0.113.1", NULL },
        { "IPv6", "2001:db8:1:2::/64", "2001:db8:1::/48" },
        { "the wider block of IPv6", "2001:db8:2::1", "2001:db8::/32" },
        { "the same bits in the other family", "c633:6407::1", NULL },
    };
    struct prefix_row table[COUNT_OF(texts)];
    for (unsigned i = 0; i < COUNT_OF(texts); i++)
        table[i] = (struct prefix_row){ prefix_of(texts[i]), i };
    struct prefix_table *prefixes = make_table(table, COUNT_OF(table));
    for (unsigned i = 0; i < COUNT_OF(rows); i++) {
        struct ip_prefix client = prefix_of(rows[i].client);
        struct prefix_match match;
        bool found = prefix_table_find(prefixes, &client, &match);
        if (found != (rows[i].match != NULL))
            fail_msg("%s: %s", rows[i].why, found ? "found" : "not found");
        if (!found)
            continue;
        assert_string_equal(texts[match.value], rows[i].match);
        assert_int_equal(match.length, prefix_of(rows[i].match).length);
    }
    assert_int_equal(prefix_table_longest(prefixes, IP_V4), 32);
    assert_int_equal(prefix_table_longest(prefixes, IP_V6), 48);
    prefix_table_destroy(prefixes);
}

static void every_length_of_one_address_may_be_there(void **state)
{
    (void)state;
    struct prefix_row rows[129];
    for (unsigned i = 0; i < COUNT_OF(rows); i++)
        rows[i] = (struct prefix_row){ { .family = IP_V6, .length = (uint8_t)(128 - i) }, 128 - i };
    struct prefix_table *prefixes = make_table(rows, COUNT_OF(rows));
    for (unsigned length = 0; length <= 128; length++) {
        struct ip_prefix client = { .family = IP_V6, .length = (uint8_t)length };
        struct prefix_match match;
        assert_true(prefix_table_find(prefixes, &client, &match));
        assert_int_equal(match.value, length);
    }
    prefix_table_destroy(prefixes);
}

static void an_empty_table_finds_nothing(void **state)
{
    (void)state;
    struct ip_prefix client = prefix_of("192.0.2.1");
    struct prefix_match match;
    struct prefix_table *prefixes = make_table(NULL, 0);
    assert_false(prefix_table_find(prefixes, &client, &match));
    assert_false(prefix_table_find(NULL, &client, &match));
    assert_int_equal(prefix_table_longest(prefixes, IP_V4), 0);
    assert_int_equal(prefix_table_longest(NULL, IP_V6), 0);
    prefix_table_destroy(prefixes);
}

static void a_prefix_that_is_there_twice_is_refused(void **state)
{
    (void)state;
    struct prefix_row rows[] = {
        { prefix_of("192.0.2.0/25"), 7 },
        { prefix_of("192.0.2.0/24"), 9 },
        { prefix_of("::/0"), 3 },
        { prefix_of("192.0.2.0/25"), 8 },
    };
    struct prefix_table *prefixes = NULL;
    uint32_t twice = 0;
    assert_int_equal(prefix_table_create(rows, COUNT_OF(rows), &prefixes, &twice), SP_EEXIST);
    assert_int_equal(twice, 8);
    assert_null(prefixes);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(any_table_finds_what_a_look_at_every_row_finds),
    cmocka_unit_test(the_longest_prefix_that_contains_all_of_the_client_wins),
    cmocka_unit_test(every_length_of_one_address_may_be_there),
    cmocka_unit_test(an_empty_table_finds_nothing),
    cmocka_unit_test(a_prefix_that_is_there_twice_is_refused),
};

RUN_TESTS(tests)
