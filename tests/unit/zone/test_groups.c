/*
 * What zones name and do not hold: collections and resources; and names that carry groups.
 */
#include "trees.h"

static void the_longest_block_that_holds_the_prefix_wins(void **state)
{
    (void)state;
    static const struct row {
        const char *prefix, *location;
        uint8_t length;
    } rows[] = {
        { "198.51.100.7", "west", 24 },    { "198.51.100.0/24", "west", 24 },
        { "198.51.7.0/24", "wide", 16 },   { "198.50.0.0/15", NULL, 0 },
        { "203.0.113.200", "unused", 25 }, { "2001:db8:1:2::/64", "six", 32 },
        { "2001:db8::/31", NULL, 0 },      { "10.0.0.1", NULL, 0 },
    };
    struct tree tree;
    tree_make(&tree, 1);
    struct snapshot *snapshot = tree_compile(&tree);
    const struct collection *collection =
        snapshot_collection(snapshot, TREE_COLLECTION_ID, collection_hash(TREE_COLLECTION_ID));
    assert_non_null(collection);
    for (unsigned i = 0; i < COUNT_OF(rows); i++) {
        struct ip_prefix prefix;
        uint8_t length = 0;
        assert_null(prefix_from_text(&prefix, rows[i].prefix));
        const char *location = collection_find(collection, &prefix, &length);
        if ((location == NULL) != (rows[i].location == NULL) || length != rows[i].length ||
            (location != NULL && strcmp(location, rows[i].location) != 0))
            fail_msg("%s: %s /%u", rows[i].prefix, location == NULL ? "nothing" : location, length);
    }
    snapshot_unref(snapshot);
}

static void a_copy_of_a_snapshot_keeps_what_the_first_one_loses(void **state)
{
    (void)state;
    struct tree tree = { .group_count = 0 };
    struct name_path path;
    tree.resources[0] = (struct tree_resource){ true, true, true, 5 };
    struct snapshot *first = tree_compile(&tree);
    struct snapshot *copy = snapshot_copy(first);
    test_path(&path, "r0.resource.test");
    assert_int_equal(snapshot_remove_resource(first, path.name), 0);
    assert_int_equal(snapshot_remove_collection(first, TREE_COLLECTION_ID), 0);
    snapshot_set_geography(first, NULL);
    assert_null(snapshot_resource(first, path.name, path.hashes[0]));
    snapshot_unref(first);

    const struct resource *resource = snapshot_resource(copy, path.name, path.hashes[0]);
    assert_non_null(resource);
    assert_null(resource->sets[1]);
    assert_memory_equal(resource->sets[0]->records.data, "\0\1\0\1\0\0\0\x3c\0\4\12\0\0\5", 14);
    assert_non_null(
        snapshot_collection(copy, TREE_COLLECTION_ID, collection_hash(TREE_COLLECTION_ID)));
    assert_int_equal(geography_location_count(copy->geography), TREE_CLIENT_COUNT - 1);
    snapshot_unref(copy);
}

/* Names are one piece of memory with pointers into itself; a copy must point into the copy, which
 * shows when the original is gone. */
static void copied_names_carry_their_groups_with_them(void **state)
{
    (void)state;
    struct tree tree;
    struct name_path path;
    tree_make(&tree, 11);
    tree.groups[0] = (struct tree_group){
        .policy = ROUTING_CIDR,
        .member_count = 2,
        .members = { { .leaf = 1, .location = "west", .check = 3 },
                     { .kind = MEMBER_RESOURCE, .target = 1, .leaf = 2, .location = "*" } },
    };
    struct snapshot *snapshot = tree_compile(&tree);
    const struct zone *old = snapshot_find(snapshot, test_path(&path, "g0.lab.test"));
    struct zone *zone = zone_copy(old);
    /* A new child of g0 makes the copy's g0 its own. */
    uint8_t child[DNS_NAME_SIZE_MAX], packed[] = { 0, 4, 10, 0, 0, 1 };
    struct rrset_source source = {
        .type = DNS_TYPE_A, .ttl_s = 1, .value_count = 1, .values = { packed, sizeof packed }
    };
    test_name(child, "child.g0.lab.test");
    assert_int_equal(zone_put_name(zone, zone_name_create(zone, child, &source, 1)), 0);
    zone_finish(zone);
    const struct zone_name *name = zone_find_exact(zone, path.name, path.hashes[0]);
    assert_ptr_not_equal(name, zone_find_exact(old, path.name, path.hashes[0]));
    snapshot_unref(snapshot);

    const struct group *group = zone_name_set(name, DNS_TYPE_A)->group;
    assert_memory_equal(group->owner, path.name, path.size);
    assert_string_equal(group->collection, TREE_COLLECTION_ID);
    assert_int_equal(group->member_count, 2);
    assert_string_equal(group->members[0].identifier, "m1");
    assert_string_equal(group->members[0].check_id, "c3");
    assert_memory_equal(group->members[0].values.records.data + RRSET_FIXED_SIZE, "\12\0\0\1", 4);
    test_path(&path, "r1.resource.test");
    assert_memory_equal(group->members[1].target, path.name, path.size);
    assert_int_equal(group->members[1].target_hash, path.hashes[0]);
    assert_int_equal(name->record_count, 2);
    zone_unref(zone);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(the_longest_block_that_holds_the_prefix_wins),
    cmocka_unit_test(a_copy_of_a_snapshot_keeps_what_the_first_one_loses),
    cmocka_unit_test(copied_names_carry_their_groups_with_them),
};
RUN_TESTS(tests)
