#include "signpost/base/map.h"

#include "signpost/base/dice.h"
#include "signpost/base/status.h"

#include "tests.h"

struct item {
    struct map_entry entry;
    unsigned key;
    unsigned value;
};

static int live_items;

static struct item *item_create(uint64_t hash, unsigned key, unsigned value)
{
    struct item *item = malloc(sizeof *item);
    *item = (struct item){ { hash, 1 }, key, value };
    live_items++;
    return item;
}

static bool same(const struct map_entry *a, const struct map_entry *b)
{
    return ((const struct item *)a)->key == ((const struct item *)b)->key;
}

static struct map_entry *clone(const struct map_entry *entry)
{
    const struct item *item = (const struct item *)entry;
    return &item_create(entry->hash, item->key, item->value)->entry;
}

static void destroy(struct map_entry *entry)
{
    live_items--;
    free(entry);
}

static const struct map_type type = { same, clone, destroy };

static bool matches(const struct map_entry *entry, const void *key)
{
    return ((const struct item *)entry)->key == *(const unsigned *)key;
}

/* How keys are hashed decides the shape of the trie, so each test runs with all of these. */
static uint64_t hash_spread(unsigned key)
{
    return key * 0x9e3779b97f4a7c15u;
}

static uint64_t hash_upper_bits_only(unsigned key)
{
    return (uint64_t)key << 50; /* equal for the first eight levels */
}

static uint64_t hash_all_equal(unsigned key)
{
    (void)key;
    return 42; /* nothing but collisions */
}

typedef uint64_t hash_function(unsigned key);
static hash_function *const hashes[] = { hash_spread, hash_upper_bits_only, hash_all_equal };

static void put(struct map_node **root, hash_function *hash, unsigned key, unsigned value)
{
    assert_int_equal(map_put(&type, root, &item_create(hash(key), key, value)->entry), 0);
}

static const struct item *find(const struct map_node *root, hash_function *hash, unsigned key)
{
    return (const struct item *)map_find(root, hash(key), matches, &key);
}

static int remove_key(struct map_node **root, hash_function *hash, unsigned key)
{
    struct item probe = { { hash(key), 1 }, key, 0 };
    return map_remove(&type, root, &probe.entry);
}

static void map_finds_what_was_put_and_nothing_else(void **state)
{
    (void)state;
    for (unsigned h = 0; h < COUNT_OF(hashes); h++) {
        struct map_node *root = NULL;
        assert_null(find(root, hashes[h], 1));
        for (unsigned key = 0; key < 300; key++)
            put(&root, hashes[h], key, key + 1);
        for (unsigned key = 0; key < 300; key++)
            assert_int_equal(find(root, hashes[h], key)->value, key + 1);
        assert_null(find(root, hashes[h], 300));
        put(&root, hashes[h], 7, 1000);
        assert_int_equal(find(root, hashes[h], 7)->value, 1000);
        assert_int_equal(live_items, 300);
        map_unref(&type, root);
        assert_int_equal(live_items, 0);
    }
}

static void map_of_one_owner_stays_as_it_was_when_another_writes(void **state)
{
    (void)state;
    for (unsigned h = 0; h < COUNT_OF(hashes); h++) {
        struct map_node *old = NULL;
        for (unsigned key = 0; key < 200; key++)
            put(&old, hashes[h], key, 1);
        struct map_node *fresh = map_ref(old);
        put(&fresh, hashes[h], 50, 2);
        put(&fresh, hashes[h], 500, 2);
        assert_int_equal(remove_key(&fresh, hashes[h], 60), 0);
        struct item probe = { { hashes[h](70), 1 }, 70, 0 };
        ((struct item *)map_own(&type, &fresh, &probe.entry))->value = 2;

        assert_int_equal(find(old, hashes[h], 50)->value, 1);
        assert_int_equal(find(old, hashes[h], 60)->value, 1);
        assert_int_equal(find(old, hashes[h], 70)->value, 1);
        assert_null(find(old, hashes[h], 500));
        assert_int_equal(find(fresh, hashes[h], 50)->value, 2);
        assert_null(find(fresh, hashes[h], 60));
        assert_int_equal(find(fresh, hashes[h], 70)->value, 2);
        assert_int_equal(find(fresh, hashes[h], 500)->value, 2);
        map_unref(&type, old);
        assert_int_equal(find(fresh, hashes[h], 100)->value, 1);
        map_unref(&type, fresh);
        assert_int_equal(live_items, 0);
    }
}

static void map_shares_all_but_the_way_to_the_place_written(void **state)
{
    (void)state;
    struct map_node *old = NULL;
    for (unsigned key = 0; key < 10000; key++)
        put(&old, hash_spread, key, 1);
    struct map_node *fresh = map_ref(old);
    int before = live_items;
    put(&fresh, hash_spread, 5000, 2);
    assert_int_equal(live_items, before + 1);
    assert_ptr_equal(find(old, hash_spread, 1), find(fresh, hash_spread, 1));
    map_unref(&type, fresh);
    map_unref(&type, old);
    assert_int_equal(live_items, 0);
}

static void map_remove_of_a_missing_key_says_so(void **state)
{
    (void)state;
    for (unsigned h = 0; h < COUNT_OF(hashes); h++) {
        struct map_node *root = NULL;
        assert_int_equal(remove_key(&root, hashes[h], 1), SP_ENOENT);
        put(&root, hashes[h], 1, 1);
        put(&root, hashes[h], 2, 1);
        assert_int_equal(remove_key(&root, hashes[h], 3), SP_ENOENT);
        assert_int_equal(remove_key(&root, hashes[h], 1), 0);
        assert_int_equal(remove_key(&root, hashes[h], 1), SP_ENOENT);
        assert_int_equal(remove_key(&root, hashes[h], 2), 0);
        assert_null(root);
    }
}

/* Against an array, through many versions held at once. */
static void map_agrees_with_an_array_over_random_histories(void **state)
{
    (void)state;
    enum { KEYS = 64, VERSIONS = 40, STEPS = 50 };
    for (unsigned h = 0; h < COUNT_OF(hashes); h++) {
        struct map_node *roots[VERSIONS] = { NULL };
        unsigned expected[VERSIONS][KEYS] = { { 0 } };
        struct dice dice;
        dice_init_seeded(&dice, h);
        for (unsigned version = 0; version < VERSIONS; version++) {
            if (version > 0) {
                unsigned from = dice_below(&dice, version);
                roots[version] = map_ref(roots[from]);
                memcpy(expected[version], expected[from], sizeof expected[from]);
            }
            for (unsigned step = 0; step < STEPS; step++) {
                unsigned key = dice_below(&dice, KEYS);
                if (dice_below(&dice, 3) > 0) {
                    unsigned value = 1 + dice_below(&dice, 1000);
                    put(&roots[version], hashes[h], key, value);
                    expected[version][key] = value;
                } else {
                    int rc = remove_key(&roots[version], hashes[h], key);
                    assert_int_equal(rc, expected[version][key] == 0 ? SP_ENOENT : 0);
                    expected[version][key] = 0;
                }
            }
        }
        for (unsigned version = 0; version < VERSIONS; version++) {
            for (unsigned key = 0; key < KEYS; key++) {
                const struct item *item = find(roots[version], hashes[h], key);
                assert_int_equal(item == NULL ? 0 : item->value, expected[version][key]);
            }
            map_unref(&type, roots[version]);
        }
        assert_int_equal(live_items, 0);
    }
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(map_finds_what_was_put_and_nothing_else),
    cmocka_unit_test(map_of_one_owner_stays_as_it_was_when_another_writes),
    cmocka_unit_test(map_shares_all_but_the_way_to_the_place_written),
    cmocka_unit_test(map_remove_of_a_missing_key_says_so),
    cmocka_unit_test(map_agrees_with_an_array_over_random_histories),
};

RUN_TESTS(tests)
