#include "signpost/zone/zone.h"

#include "signpost/base/dice.h"

#include "zones.h"

static const struct test_record records[] = {
    { "lab.test", DNS_TYPE_SOA, 900, "ns.lab.test host.lab.test 1 7200 900 1209600 86400" },
    { "lab.test", DNS_TYPE_NS, 172800, "ns.lab.test" },
    { "www.lab.test", DNS_TYPE_A, 60, "192.0.2.1" },
    { "www.lab.test", DNS_TYPE_A, 60, "192.0.2.2" },
    { "a.b.c.lab.test", DNS_TYPE_A, 60, "192.0.2.3" },
    { "*.w.lab.test", DNS_TYPE_A, 60, "192.0.2.4" },
    { "x.w.lab.test", DNS_TYPE_TXT, 60, "x" },
    { "sub.lab.test", DNS_TYPE_NS, 60, "ns.sub.lab.test" },
    { "ns.sub.lab.test", DNS_TYPE_A, 60, "192.0.2.5" },
};

static struct zone *zone;

static int set_up(void **state)
{
    (void)state;
    zone = test_zone("lab.test", records, COUNT_OF(records));
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    zone_unref(zone);
    return 0;
}

static struct zone_match find(const struct zone *in, const char *name)
{
    struct name_path path;
    return zone_find(in, test_path(&path, name));
}

static void zone_find_follows_rfc_4592(void **state)
{
    (void)state;
    static const struct row {
        const char *why, *name;
        enum zone_match_kind kind;
        const char *owner;
    } rows[] = {
        { "the apex", "lab.test", ZONE_MATCH_NAME, "lab.test" },
        { "a name with records", "www.lab.test", ZONE_MATCH_NAME, "www.lab.test" },
        { "letter case does not matter", "WWW.LAB.TEST", ZONE_MATCH_NAME, "www.lab.test" },
        { "R-ANS-6: an empty non-terminal exists", "c.lab.test", ZONE_MATCH_NAME, "c.lab.test" },
        { "and so does one further down", "b.c.lab.test", ZONE_MATCH_NAME, "b.c.lab.test" },
        { "its sibling does not", "x.c.lab.test", ZONE_MATCH_NONE, NULL },
        { "nothing below a leaf", "x.www.lab.test", ZONE_MATCH_NONE, NULL },
        { "R-ANS-7: a wildcard covers its siblings", "y.w.lab.test", ZONE_MATCH_WILDCARD,
          "*.w.lab.test" },
        { "at any depth", "p.q.y.w.lab.test", ZONE_MATCH_WILDCARD, "*.w.lab.test" },
        { "R-ANS-5: but not a name that exists", "x.w.lab.test", ZONE_MATCH_NAME, "x.w.lab.test" },
        { "nor the names below that one", "q.x.w.lab.test", ZONE_MATCH_NONE, NULL },
        { "R-ANS-8: nor its own parent", "w.lab.test", ZONE_MATCH_NAME, "w.lab.test" },
        { "the wildcard can be asked for by name", "*.w.lab.test", ZONE_MATCH_NAME,
          "*.w.lab.test" },
        { "R-ANS-13: the cut itself", "sub.lab.test", ZONE_MATCH_CUT, "sub.lab.test" },
        { "a name below the cut that exists", "ns.sub.lab.test", ZONE_MATCH_CUT, "sub.lab.test" },
        { "and one that does not", "p.q.sub.lab.test", ZONE_MATCH_CUT, "sub.lab.test" },
    };
    for (unsigned i = 0; i < COUNT_OF(rows); i++) {
        struct zone_match match = find(zone, rows[i].name);
        uint8_t owner[DNS_NAME_SIZE_MAX];
        bool same = match.kind == rows[i].kind && (match.name == NULL) == (rows[i].owner == NULL);
        if (same && rows[i].owner != NULL) {
            test_name(owner, rows[i].owner);
            same = dns_name_equal(owner, match.name->owner);
        }
        if (!same)
            fail_msg("%s: %s", rows[i].name, rows[i].why);
    }
}

static void zone_counts_its_records_and_cuts(void **state)
{
    (void)state;
    assert_int_equal(zone->record_count, COUNT_OF(records));
    assert_int_equal(zone->cut_count, 1);
    assert_int_equal(zone->negative_ttl_s, 900);
    assert_int_equal(zone->ns->records.count, 1);
}

static void zone_without_cuts_finds_the_same(void **state)
{
    (void)state;
    uint8_t owner[DNS_NAME_SIZE_MAX];
    struct zone *copy = zone_copy(zone);
    test_name(owner, "sub.lab.test");
    assert_int_equal(zone_remove_name(copy, owner), 0);
    zone_finish(copy);
    assert_int_equal(copy->cut_count, 0);
    assert_int_equal(find(copy, "www.lab.test").kind, ZONE_MATCH_NAME);
    assert_int_equal(find(copy, "sub.lab.test").kind, ZONE_MATCH_NAME); /* empty, above ns.sub */
    assert_int_equal(find(copy, "sub.lab.test").name->set_count, 0);
    assert_int_equal(find(copy, "ns.sub.lab.test").kind, ZONE_MATCH_NAME);
    assert_int_equal(find(copy, "y.w.lab.test").kind, ZONE_MATCH_WILDCARD);
    assert_int_equal(find(zone, "ns.sub.lab.test").kind, ZONE_MATCH_CUT);
    zone_unref(copy);
}

static void zone_forgets_empty_non_terminals_with_their_last_child(void **state)
{
    (void)state;
    uint8_t owner[DNS_NAME_SIZE_MAX];
    struct zone *copy = zone_copy(zone);
    test_name(owner, "a.b.c.lab.test");
    assert_int_equal(zone_remove_name(copy, owner), 0);
    assert_int_equal(find(copy, "c.lab.test").kind, ZONE_MATCH_NONE);
    assert_int_equal(find(zone, "c.lab.test").kind, ZONE_MATCH_NAME);
    test_name(owner, "*.w.lab.test");
    assert_int_equal(zone_remove_name(copy, owner), 0);
    assert_int_equal(find(copy, "y.w.lab.test").kind, ZONE_MATCH_NONE);
    assert_int_equal(find(copy, "w.lab.test").kind, ZONE_MATCH_NAME); /* above x.w */
    assert_int_equal(zone_remove_name(copy, owner), 0);               /* twice is harmless */
    test_name(owner, "lab.test");
    assert_int_equal(zone_remove_name(copy, owner), 0);
    zone_finish(copy);
    assert_null(copy->soa);
    assert_int_equal(find(copy, "lab.test").kind, ZONE_MATCH_NAME);
    assert_non_null(zone->soa);
    zone_unref(copy);
}

static void zone_copy_shares_names(void **state)
{
    (void)state;
    static const struct test_record fresh[] = { { "www.lab.test", DNS_TYPE_A, 5, "192.0.2.9" } };
    struct zone *copy = zone_copy(zone);
    assert_int_equal(zone_put_name(copy, test_zone_name(copy, fresh, 1, "www.lab.test")), 0);
    zone_finish(copy);
    assert_ptr_equal(find(copy, "a.b.c.lab.test").name, find(zone, "a.b.c.lab.test").name);
    assert_int_equal(find(copy, "www.lab.test").name->sets[0].ttl_s, 5);
    assert_int_equal(find(zone, "www.lab.test").name->sets[0].ttl_s, 60);
    assert_int_equal(copy->record_count, zone->record_count - 1);
    zone_unref(copy);
}

/* Names are put and removed at random; existence must follow RFC 4592's definition, worked out here
 * the slow way: a name exists when it or anything below it has records. */
static void zone_existence_agrees_with_the_definition_over_random_histories(void **state)
{
    (void)state;
    static const char *const labels[] = { "a", "b", "*" };
    enum { NAMES = 3 + 9 + 27 };
    char names[NAMES][40];
    unsigned count = 0;
    for (unsigned i = 0; i < 3; i++) {
        snprintf(names[count++], 40, "%s.z", labels[i]);
        for (unsigned j = 0; j < 3; j++) {
            snprintf(names[count++], 40, "%s.%s.z", labels[j], labels[i]);
            for (unsigned k = 0; k < 3; k++)
                snprintf(names[count++], 40, "%s.%s.%s.z", labels[k], labels[j], labels[i]);
        }
    }
    struct dice dice;
    dice_init_seeded(&dice, 3);
    bool has_records[NAMES] = { false };
    uint8_t wires[NAMES][DNS_NAME_SIZE_MAX], apex[DNS_NAME_SIZE_MAX];
    for (unsigned i = 0; i < NAMES; i++)
        test_name(wires[i], names[i]);
    test_name(apex, "z");
    struct zone *current = zone_create(apex);
    for (unsigned round = 0; round < 400; round++) {
        struct zone *next = zone_copy(current);
        unsigned i = dice_below(&dice, NAMES);
        struct test_record record = { names[i], DNS_TYPE_A, 1, "192.0.2.1" };
        has_records[i] = dice_below(&dice, 2) == 0;
        if (has_records[i])
            assert_int_equal(zone_put_name(next, test_zone_name(next, &record, 1, names[i])), 0);
        else
            assert_int_equal(zone_remove_name(next, wires[i]), 0);
        zone_finish(next);
        zone_unref(current);
        current = next;
        for (unsigned n = 0; n < NAMES; n++) {
            bool exists = false;
            for (unsigned m = 0; m < NAMES; m++)
                exists = exists || (has_records[m] && dns_name_is_within(wires[m], wires[n]));
            struct zone_match match = find(current, names[n]);
            assert_int_equal(match.kind == ZONE_MATCH_NAME, exists);
            if (exists)
                assert_int_equal(match.name->set_count, has_records[n]);
        }
    }
    zone_unref(current);
}

/* R-TPF-3: an alias finds an owner with an upper-case letter, and no question does; it comes and
 * goes like any other. */
static void owners_in_upper_case_are_found_as_they_are_written_alone(void **state)
{
    (void)state;
    uint8_t values[] = { 0, 4, 10, 0, 0, 1 }, owner[DNS_NAME_SIZE_MAX];
    const struct rrset_source source = {
        .type = DNS_TYPE_A, .ttl_s = 60, .value_count = 1, .values = { values, sizeof values }
    };
    struct name_path path;
    struct zone *copy = zone_copy(zone);
    uint32_t children = zone->apex->child_count;
    test_path(&path, "t1.lab.test");
    test_raw_name(owner, "T1.lab.test");
    for (int i = 0; i < 2; i++) /* the second takes the place of the first */
        assert_int_equal(zone_put_name(copy, zone_name_create(copy, owner, &source, 1)), 0);
    assert_int_equal(copy->apex->child_count, children + 1);
    assert_int_equal(copy->record_count, zone->record_count + 1);
    assert_non_null(zone_find_exact(copy, owner, path.hashes[0]));
    assert_null(zone_find_exact(copy, (const uint8_t *)"\2t1\3lab\4test", path.hashes[0]));
    assert_int_equal(find(copy, "t1.lab.test").kind, ZONE_MATCH_NONE);
    assert_int_equal(find(copy, "T1.lab.test").kind, ZONE_MATCH_NONE);
    assert_int_equal(zone_remove_name(copy, owner), 0);
    assert_null(zone_find_exact(copy, owner, path.hashes[0]));
    assert_int_equal(copy->apex->child_count, children);
    assert_int_equal(copy->record_count, zone->record_count);
    zone_unref(copy);
}

static const char *ns_digits(const struct zone *in, unsigned index)
{
    const uint8_t *record = in->ns->records.data;
    for (; index > 0; index--)
        record += RRSET_FIXED_SIZE + get_u16(record + 8);
    return (const char *)record + RRSET_FIXED_SIZE + 1;
}

/* R-ANS-14.  Sets beyond any sensible size are not sorted: a thousandfold one must not cost
 * seconds. */
static void apex_ns_are_sorted_up_to_sixteen(void **state)
{
    (void)state;
    static struct test_record ns[17];
    static char names[17][8];
    for (unsigned count = 16; count <= 17; count++) {
        for (unsigned i = 0; i < count; i++) {
            snprintf(names[i], sizeof names[i], "n%02u.x", 99 - i);
            ns[i] = (struct test_record){ "z", DNS_TYPE_NS, 60, names[i] };
        }
        struct zone *many = test_zone("z", ns, count);
        assert_memory_equal(ns_digits(many, 0), count == 16 ? "n84" : "n99", 3);
        assert_memory_equal(ns_digits(many, count - 1), count == 16 ? "n99" : "n83", 3);
        zone_unref(many);
    }
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(apex_ns_are_sorted_up_to_sixteen),
    cmocka_unit_test(zone_find_follows_rfc_4592),
    cmocka_unit_test(zone_counts_its_records_and_cuts),
    cmocka_unit_test(zone_without_cuts_finds_the_same),
    cmocka_unit_test(zone_forgets_empty_non_terminals_with_their_last_child),
    cmocka_unit_test(zone_copy_shares_names),
    cmocka_unit_test(owners_in_upper_case_are_found_as_they_are_written_alone),
    cmocka_unit_test(zone_existence_agrees_with_the_definition_over_random_histories),
};

int main(int argc, char **argv)
{
    if (argc > 1)
        cmocka_set_test_filter(argv[1]);
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
