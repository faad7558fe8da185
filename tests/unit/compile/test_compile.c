#include "signpost/compile/compile.h"

#include "signpost/dns/types.h"

#include "zones.h"

static struct hosted_zone lab(void)
{
    struct hosted_zone zone = { .id = 1 };
    test_name(zone.name, "lab.test");
    return zone;
}

static void add(struct draft *draft, const struct test_record *record)
{
    uint8_t owner[DNS_NAME_SIZE_MAX], rdata[512];
    bool added;
    test_name(owner, record->owner);
    size_t size = test_rdata(rdata, record->type, record->value);
    struct draft_name *name = draft_name(draft, owner);
    assert_non_null(name);
    assert_int_equal(draft_add_value(draft, name, record->type, record->ttl_s,
                                     (struct span){ rdata, size }, 0, &added),
                     0);
}

static const struct test_record whole[] = {
    { "lab.test", DNS_TYPE_SOA, 900, "ns.test host.test 1 2 3 4 60" },
    { "lab.test", DNS_TYPE_NS, 900, "ns.test" },
    { "www.lab.test", DNS_TYPE_A, 60, "192.0.2.1" },
    { "www.lab.test", DNS_TYPE_TXT, 60, "text" },
    { "a.b.lab.test", DNS_TYPE_A, 60, "192.0.2.2" },
};

static struct snapshot *compile_whole(const struct snapshot *base)
{
    struct hosted_zone zone = lab();
    struct draft *draft = draft_create(&zone, true);
    struct snapshot *snapshot = NULL;
    for (unsigned i = 0; i < COUNT_OF(whole); i++)
        add(draft, &whole[i]);
    assert_int_equal(compile_next(base, draft, &snapshot, NULL), 0);
    draft_destroy(draft);
    return snapshot;
}

static const struct zone_name *find(const struct snapshot *snapshot, const char *text)
{
    struct name_path path;
    const struct zone *zone = snapshot_find(snapshot, test_path(&path, text));
    return zone == NULL ? NULL : zone_find(zone, &path).name;
}

static void compiled_zone_holds_every_set(void **state)
{
    (void)state;
    struct snapshot *empty = snapshot_create();
    struct snapshot *snapshot = compile_whole(empty);
    assert_int_equal(empty->zone_count, 0);
    assert_int_equal(snapshot->zone_count, 1);
    assert_int_equal(snapshot->record_count, COUNT_OF(whole));
    const struct zone_name *www = find(snapshot, "www.lab.test");
    assert_int_equal(www->set_count, 2);
    const struct rrset *a = zone_name_set(www, DNS_TYPE_A);
    assert_memory_equal(a->records.data, "\0\1\0\1\0\0\0\x3c\0\4\300\0\2\1", 14);
    assert_int_equal(a->records.size, 14);
    snapshot_unref(empty);
    snapshot_unref(snapshot);
}

static void change_replaces_the_names_it_touches_and_shares_the_others(void **state)
{
    (void)state;
    static const struct test_record fresh = { "www.lab.test", DNS_TYPE_A, 5, "192.0.2.9" };
    struct snapshot *empty = snapshot_create();
    struct snapshot *old = compile_whole(empty);
    struct snapshot *next = NULL;
    struct hosted_zone zone = lab();
    struct draft *draft = draft_create(&zone, false);
    uint8_t owner[DNS_NAME_SIZE_MAX];
    add(draft, &fresh);
    test_name(owner, "a.b.lab.test");
    assert_non_null(draft_name(draft, owner)); /* nothing will be there */
    assert_int_equal(compile_next(old, draft, &next, NULL), 0);
    draft_destroy(draft);

    assert_int_equal(find(next, "www.lab.test")->set_count, 1);
    assert_int_equal(find(next, "www.lab.test")->sets[0].ttl_s, 5);
    assert_null(find(next, "a.b.lab.test"));
    assert_null(find(next, "b.lab.test"));
    assert_int_equal(find(old, "www.lab.test")->set_count, 2);
    assert_non_null(find(old, "b.lab.test"));
    assert_int_equal(next->record_count, 3);

    struct snapshot *unchanged = NULL;
    draft = draft_create(&zone, false);
    assert_int_equal(compile_next(next, draft, &unchanged, NULL), 0);
    draft_destroy(draft);
    assert_ptr_equal(find(next, "www.lab.test"), find(unchanged, "www.lab.test"));
    snapshot_unref(empty);
    snapshot_unref(old);
    assert_int_equal(find(next, "www.lab.test")->sets[0].ttl_s, 5);
    snapshot_unref(next);
    snapshot_unref(unchanged);
}

static void replaced_zone_keeps_nothing_of_the_old_one(void **state)
{
    (void)state;
    struct snapshot *empty = snapshot_create();
    struct snapshot *old = compile_whole(empty);
    struct snapshot *next = NULL, *gone = NULL;
    struct hosted_zone zone = lab();
    struct draft *draft = draft_create(&zone, true);
    add(draft, &whole[0]);
    add(draft, &whole[1]);
    assert_int_equal(compile_next(old, draft, &next, NULL), 0);
    draft_destroy(draft);
    assert_null(find(next, "www.lab.test"));
    assert_int_equal(next->record_count, 2);
    assert_int_equal(compile_without(next, zone.name, &gone, NULL), 0);
    assert_int_equal(gone->zone_count, 0);
    assert_int_equal(gone->record_count, 0);
    snapshot_unref(empty);
    snapshot_unref(old);
    snapshot_unref(next);
    snapshot_unref(gone);
}

/* What start-up loads answers like what the changes had published. */
static void compiler_gives_what_the_drafts_gave(void **state)
{
    (void)state;
    static const struct {
        const char *owner;
        unsigned index;
    } order[] = { { "lab.test", 1 },
                  { "lab.test", 0 },
                  { "a.b.lab.test", 4 },
                  { "www.lab.test", 3 },
                  { "www.lab.test", 2 } };
    struct compiler *compiler = compiler_create();
    struct hosted_zone zone = lab();
    for (unsigned twice = 0; twice < 2; twice++) { /* the older of two equal names answers */
        assert_int_equal(compiler_add_zone(compiler, &zone), 0);
        for (unsigned i = 0; i < COUNT_OF(order) - twice; i++) {
            uint8_t owner[DNS_NAME_SIZE_MAX], packed[512];
            const struct test_record *record = &whole[order[i].index];
            struct rrset_source source =
                test_source(record, 1, record->owner, record->type, packed);
            struct record_set set = { .type = source.type,
                                      .ttl_s = source.ttl_s,
                                      .value_count = 1,
                                      .values = source.values };
            test_name(owner, order[i].owner);
            assert_int_equal(compiler_add_set(compiler, owner, &set), 0);
        }
    }
    struct snapshot *loaded = NULL;
    assert_int_equal(compiler_finish(compiler, &loaded), 0);
    compiler_destroy(compiler);

    struct snapshot *empty = snapshot_create();
    struct snapshot *compiled = compile_whole(empty);
    static const char *const names[] = { "lab.test", "b.lab.test", "a.b.lab.test", "www.lab.test" };
    assert_int_equal(loaded->record_count, compiled->record_count);
    for (unsigned i = 0; i < COUNT_OF(names); i++) {
        const struct zone_name *a = find(loaded, names[i]), *b = find(compiled, names[i]);
        assert_int_equal(a->set_count, b->set_count);
        for (unsigned s = 0; s < a->set_count; s++) {
            const struct rrset *other = &b->sets[s];
            assert_int_equal(a->sets[s].records.type, other->records.type);
            assert_int_equal(a->sets[s].records.size, other->records.size);
            assert_memory_equal(a->sets[s].records.data, other->records.data, other->records.size);
        }
    }
    snapshot_unref(loaded);
    snapshot_unref(empty);
    snapshot_unref(compiled);
    compiler_destroy(NULL);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(compiled_zone_holds_every_set),
    cmocka_unit_test(change_replaces_the_names_it_touches_and_shares_the_others),
    cmocka_unit_test(replaced_zone_keeps_nothing_of_the_old_one),
    cmocka_unit_test(compiler_gives_what_the_drafts_gave),
};

RUN_TESTS(tests)
