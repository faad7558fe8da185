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
    assert_int_equal(compile_next(base, draft, NULL, &snapshot, NULL), 0);
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
    assert_int_equal(compile_next(old, draft, NULL, &next, NULL), 0);
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
    assert_int_equal(compile_next(next, draft, NULL, &unchanged, NULL), 0);
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
    assert_int_equal(compile_next(old, draft, NULL, &next, NULL), 0);
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
    struct compiler *compiler = compiler_create(NULL);
    struct hosted_zone zone = lab();
    for (unsigned twice = 0; twice < 2; twice++) { /* the older of two equal names answers */
        assert_int_equal(compiler_add_zone(compiler, &zone), 0);
        for (unsigned i = 0; i < COUNT_OF(order) - twice; i++) {
            uint8_t owner[DNS_NAME_SIZE_MAX], packed[512];
            const struct test_record *record = &whole[order[i].index];
            struct rrset_source source =
                test_source(record, 1, record->owner, record->type, packed);
            struct record_set set = { .type = source.type,
                                      .set_identifier = "",
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

/* ---- groups ---- */

static health_slot find_check(void *context, const char *public_id)
{
    (void)context;
    return strcmp(public_id, "web-1") == 0 ? 7 : HEALTH_NO_CHECK;
}

static const struct compile_checks checks = { find_check, NULL };

struct made_set {
    struct record_set set;
    struct routing routing;
    struct alias_target alias;
    uint8_t target[DNS_NAME_SIZE_MAX];
};

static uint8_t address[] = { 0, 4, 192, 0, 2, 1 };

/* A member with an address; the caller changes what it wants otherwise. */
static struct record_set *make_set(struct made_set *made, enum routing_policy policy,
                                   const char *identifier)
{
    memset(made, 0, sizeof *made);
    made->set = (struct record_set){ .type = DNS_TYPE_A,
                                     .policy = policy,
                                     .set_identifier = identifier,
                                     .ttl_s = 60,
                                     .value_count = 1,
                                     .values = { address, sizeof address },
                                     .routing = &made->routing };
    return &made->set;
}

static void make_alias(struct made_set *made, const char *zone_id, const char *target)
{
    test_name(made->target, target);
    strcpy(made->alias.zone_id, zone_id);
    made->alias.name = made->target;
    made->alias.evaluate_health = true;
    made->set.alias = &made->alias;
    made->set.ttl_s = made->set.value_count = 0;
    made->set.values = (struct span){ NULL, 0 };
}

/* Those sets at www.lab.test, by way of a draft or, as at start-up, of the compiler. */
static struct snapshot *compile_sets(struct record_set *sets, bool at_start)
{
    struct hosted_zone zone = lab();
    struct snapshot *base = snapshot_create(), *snapshot = NULL;
    uint8_t owner[DNS_NAME_SIZE_MAX];
    strcpy(zone.public_id, "ZLAB");
    test_name(owner, "www.lab.test");
    if (at_start) {
        struct compiler *compiler = compiler_create(&checks);
        assert_int_equal(compiler_add_zone(compiler, &zone), 0);
        for (; sets != NULL; sets = sets->next)
            assert_int_equal(compiler_add_set(compiler, owner, sets), 0);
        assert_int_equal(compiler_finish(compiler, &snapshot), 0);
        compiler_destroy(compiler);
    } else {
        struct draft *draft = draft_create(&zone, true);
        draft_name(draft, owner)->sets = sets;
        assert_int_equal(compile_next(base, draft, &checks, &snapshot, NULL), 0);
        draft_destroy(draft);
    }
    snapshot_unref(base);
    return snapshot;
}

/* "id check kind" of each member in the order of the group. */
static void check_members(const struct snapshot *snapshot, const char *expected)
{
    char text[256] = "";
    const struct group *group = zone_name_set(find(snapshot, "www.lab.test"), DNS_TYPE_A)->group;
    assert_non_null(group);
    for (unsigned i = 0; i < group->member_count; i++) {
        const struct member *member = &group->members[i];
        size_t size = strlen(text);
        snprintf(text + size, sizeof text - size, "%s%s %u %u", i > 0 ? ", " : "",
                 member->identifier, member->check, member->kind);
    }
    assert_string_equal(text, expected);
}

static void groups_are_compiled_in_the_order_their_policy_wants(void **state)
{
    (void)state;
    for (unsigned at_start = 0; at_start < 2; at_start++) {
        struct made_set made[4];
        struct snapshot *snapshot;
        make_set(&made[0], ROUTING_GEOLOCATION, "a")->next = &made[1].set;
        strcpy(made[0].routing.country, "*");
        make_set(&made[1], ROUTING_GEOLOCATION, "b")->next = &made[2].set;
        strcpy(made[1].routing.continent, "EU");
        make_set(&made[2], ROUTING_GEOLOCATION, "c")->next = &made[3].set;
        strcpy(made[2].routing.country, "US");
        made[2].set.health_check = "web-1";
        make_set(&made[3], ROUTING_GEOLOCATION, "d");
        strcpy(made[3].routing.country, "US");
        strcpy(made[3].routing.subdivision, "CA");
        made[3].set.health_check = "unheard-of";
        snapshot = compile_sets(&made[0].set, at_start);
        check_members(snapshot, "d 0 0, c 7 0, b 0 0, a 0 0");
        snapshot_unref(snapshot);

        make_set(&made[0], ROUTING_FAILOVER, "a")->next = &made[1].set;
        make_set(&made[1], ROUTING_FAILOVER, "b");
        made[1].routing.is_primary = true;
        make_alias(&made[0], "ZLAB", "other.lab.test");
        make_alias(&made[1], "ZELSEWHERE", "lb.example");
        snapshot = compile_sets(&made[0].set, at_start);
        check_members(snapshot, "b 0 2, a 0 1");
        snapshot_unref(snapshot);

        make_set(&made[0], ROUTING_LATENCY, "a")->next = &made[1].set;
        strcpy(made[0].routing.region, "us-east-1");
        make_set(&made[1], ROUTING_LATENCY, "b");
        strcpy(made[1].routing.region, "eu-west-1");
        snapshot = compile_sets(&made[0].set, at_start);
        check_members(snapshot, "b 0 0, a 0 0");
        snapshot_unref(snapshot);
    }
}

static void a_simple_set_is_a_group_only_when_there_is_something_to_look_at(void **state)
{
    (void)state;
    struct made_set made;
    make_set(&made, ROUTING_SIMPLE, "");
    made.set.routing = NULL;
    struct snapshot *snapshot = compile_sets(&made.set, false);
    assert_null(zone_name_set(find(snapshot, "www.lab.test"), DNS_TYPE_A)->group);
    snapshot_unref(snapshot);
    made.set.health_check = "web-1";
    snapshot = compile_sets(&made.set, true);
    check_members(snapshot, " 7 0");
    snapshot_unref(snapshot);
    static uint8_t server[] = { 0, 4, 2, 'n', 's', 0 };
    made.set.type = DNS_TYPE_NS; /* a referral needs its records, checked or not */
    made.set.values = (struct span){ server, sizeof server };
    snapshot = compile_sets(&made.set, true);
    assert_int_equal(zone_name_set(find(snapshot, "www.lab.test"), DNS_TYPE_NS)->records.count, 1);
    snapshot_unref(snapshot);
    made.set.type = DNS_TYPE_A;
    made.set.values = (struct span){ address, sizeof address };
    made.set.health_check = NULL;
    make_alias(&made, "ZLAB", "other.lab.test");
    snapshot = compile_sets(&made.set, true);
    check_members(snapshot, " 0 1");
    assert_int_equal(snapshot->record_count, 1);
    snapshot_unref(snapshot);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(groups_are_compiled_in_the_order_their_policy_wants),
    cmocka_unit_test(a_simple_set_is_a_group_only_when_there_is_something_to_look_at),
    cmocka_unit_test(compiled_zone_holds_every_set),
    cmocka_unit_test(change_replaces_the_names_it_touches_and_shares_the_others),
    cmocka_unit_test(replaced_zone_keeps_nothing_of_the_old_one),
    cmocka_unit_test(compiler_gives_what_the_drafts_gave),
};

RUN_TESTS(tests)
