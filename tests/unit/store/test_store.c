/* What goes in comes out again: zones, record sets, and the columns that are kept by difference. */
#include "scratch.h"

#include "internal.h"

static void zones_and_sets_come_back_as_they_were_stored(void **state)
{
    struct scratch *scratch = *state;
    struct store *store = open_store(scratch->path);
    struct hosted_zone zone = new_zone_named("lab.test.");
    struct draft *draft = open_draft(&zone, true);
    put_apex(draft, "lab.test.");
    put_address(draft, "www.lab.test.", 60, "192.0.2.2");
    put_address(draft, "www.lab.test.", 60, "192.0.2.1");
    put_text(draft, "www.lab.test.", 5, "x");
    put_address(draft, "*.lab.test.", 0, "192.0.2.3");
    put_address(draft, "a\\.b\\000\\255.lab.test.", 2147483647, "192.0.2.4");
    begin(store);
    struct change change = commit(store, draft, 1700000005);
    assert_int_equal(change.sequence, 1);
    assert_int_equal(change.submitted_at, 1700000005);
    assert_int_equal(draft->zone.id, 1);
    assert_int_equal(draft->zone.sequence, 1);
    assert_int_equal(draft->zone.record_count, 7);
    draft_destroy(draft);

    /* Route 53's order: the apex, then names by key ("\052" and "a\056b\000\377" before "www"),
     * types by their names; values in the order in which they were given. */
    static const char expect[] =
        "1 Z108010 lab.test. 155 935 1337 1842 created 1700000000 sequence 1 records 7 "
        "\"the zone lab.test.\"\n"
        "  lab.test. 172800 NS 1 0009026e73047465737400\n"
        "  lab.test. 900 SOA 1 0028026e730474657374000"
        "4726f6f74047465737400"
        "0000000100001c2000000384001275000"
        "0015180\n"
        "  *.lab.test. 0 A 1 0004c0000203\n"
        "  a\\.b\\000\\255.lab.test. 2147483647 A 1 0004c0000204\n"
        "  www.lab.test. 60 A 2 0004c00002020004c0000201\n"
        "  www.lab.test. 5 TXT 1 00020178\n";
    assert_dump(store, expect);
    store_close(store);

    store = open_store(scratch->path);
    assert_dump(store, expect);
    store_close(store);
    assert_false(file_exists(scratch->path, "-wal"));
}

static void zones_are_loaded_oldest_first_and_listed_by_name(void **state)
{
    struct scratch *scratch = *state;
    struct store *store = open_store(scratch->path);
    add_zone(store, "zz.test.", NULL);
    add_zone(store, "lab.aa.", NULL);
    add_zone(store, "b.test.", NULL);

    char *loaded = dump(store);
    char *first = strstr(loaded, " zz.test. 155"), *last = strstr(loaded, " b.test. 155");
    assert_non_null(first);
    assert_true(first < last);
    free(loaded);

    char *text = NULL;
    size_t size;
    FILE *to = open_memstream(&text, &size);
    struct store_visitor visitor = { dump_zone, NULL, to };
    assert_int_equal(store_list_zones(store, &visitor, NULL), 0);
    fclose(to);
    /* aa. before test., and below test. b before zz: labels compare from the right. */
    char *aa = strstr(text, " lab.aa. "), *b = strstr(text, " b.test. "),
         *zz = strstr(text, " zz.test. ");
    assert_true(aa != NULL && aa < b && b < zz);
    free(text);
    store_close(store);
}

static void a_zone_is_found_by_name_and_by_public_id(void **state)
{
    struct scratch *scratch = *state;
    struct store *store = open_store(scratch->path);
    struct hosted_zone made = add_zone(store, "lab.test.", NULL);
    struct hosted_zone found;
    uint8_t other[DNS_NAME_SIZE_MAX];

    assert_int_equal(store_find_zone(store, made.name, &found, NULL), 0);
    assert_memory_equal(&found.id, &made.id, sizeof found.id);
    assert_string_equal(found.public_id, made.public_id);
    assert_int_equal(found.sequence, made.sequence);
    assert_int_equal(found.record_count, 2);
    assert_int_equal(store_find_public_id(store, made.public_id, &found, NULL), 0);
    assert_int_equal(found.id, made.id);

    wire(other, "test.");
    assert_int_equal(store_find_zone(store, other, &found, NULL), SP_ENOENT);
    assert_int_equal(store_find_public_id(store, "ZNONE", &found, NULL), SP_ENOENT);
    store_close(store);
}

static void a_zone_of_the_root_is_a_zone_like_any_other(void **state)
{
    struct scratch *scratch = *state;
    struct store *store = open_store(scratch->path);
    struct hosted_zone zone = new_zone_named(".");
    struct draft *draft = open_draft(&zone, true);
    put_apex(draft, ".");
    put_address(draft, "www.", 60, "192.0.2.1");
    begin(store);
    commit(store, draft, 1);
    draft_destroy(draft);
    char *text = dump(store);
    assert_non_null(strstr(text, "\n  . 172800 NS 1 "));
    assert_non_null(strstr(text, "\n  www. 60 A 1 "));
    free(text);
    store_close(store);
}

static int count_to_two(void *context, const struct hosted_zone *zone)
{
    int *seen = context;
    (void)zone;
    return ++*seen == 2 ? SP_ELIMIT : 0;
}

static int ignore_set(void *context, const struct hosted_zone *zone, const uint8_t *owner,
                      const struct record_set *set)
{
    (void)context, (void)zone, (void)owner, (void)set;
    return 0;
}

static void a_visitor_that_has_enough_ends_the_reading(void **state)
{
    struct scratch *scratch = *state;
    struct store *store = open_store(scratch->path);
    int seen = 0;
    struct store_visitor visitor = { count_to_two, ignore_set, &seen };
    add_zone(store, "a.test.", NULL);
    add_zone(store, "b.test.", NULL);
    add_zone(store, "c.test.", NULL);
    assert_int_equal(store_load(store, &visitor, NULL), SP_ELIMIT);
    assert_int_equal(seen, 2);
    seen = 0;
    assert_int_equal(store_list_zones(store, &visitor, NULL), SP_ELIMIT);
    assert_int_equal(seen, 2);
    /* Nothing is left open: a transaction can begin. */
    begin(store);
    store_rollback(store);
    store_close(store);
}

/* A list of sets as text, in its own order. */
static void assert_sets(const struct record_set *sets, const char *expect)
{
    char text[256] = "";
    for (; sets != NULL; sets = sets->next) {
        size_t size = strlen(text);
        snprintf(text + size, sizeof text - size, "%s/%u/%u ", dns_type_find(sets->type)->name,
                 sets->ttl_s, sets->value_count);
    }
    assert_string_equal(text, expect);
}

static void a_change_sees_the_names_it_asks_for(void **state)
{
    struct scratch *scratch = *state;
    struct store *store = open_store(scratch->path);
    static const char *const addresses[] = { "192.0.2.1", "192.0.2.2", NULL };
    struct hosted_zone zone = add_zone(store, "lab.test.", addresses);
    struct draft *draft = open_draft(&zone, false);
    static const struct row {
        const char *why;
        const char *owner;
        const char *sets;
    } rows[] = {
        { "types stand in order of their codes", "lab.test.", "NS/172800/1 SOA/900/1 " },
        { "a name below", "a1.lab.test.", "A/300/1 " },
        { "a name with nothing is in the draft too", "none.lab.test.", "" },
        { "asking twice changes nothing", "a1.lab.test.", "A/300/1 " },
    };
    begin(store);
    for (unsigned i = 0; i < COUNT_OF(rows); i++) {
        uint8_t owner[DNS_NAME_SIZE_MAX];
        wire(owner, rows[i].owner);
        assert_int_equal(store_fetch_name(store, draft, owner, NULL), 0);
        struct draft_name *name = draft_find(draft, owner);
        assert_non_null(name);
        assert_sets(name->before, rows[i].sets);
        assert_sets(name->sets, rows[i].sets);
        assert_true(name->sets == NULL || name->before != name->sets);
    }
    assert_int_equal(draft->name_count, 3);
    store_rollback(store);
    draft_destroy(draft);
    store_close(store);
}

static void a_zone_can_be_read_whole(void **state)
{
    struct scratch *scratch = *state;
    struct store *store = open_store(scratch->path);
    static const char *const addresses[] = { "192.0.2.1", "192.0.2.2", NULL };
    add_zone(store, "other.test.", addresses);
    struct hosted_zone zone = add_zone(store, "lab.test.", addresses);
    struct draft *draft = open_draft(&zone, true);
    uint8_t owner[DNS_NAME_SIZE_MAX];
    assert_int_equal(store_read_zone(store, draft, NULL), 0);
    assert_int_equal(draft->name_count, 3);
    wire(owner, "a0.lab.test.");
    assert_sets(draft_find(draft, owner)->sets, "A/300/1 ");
    assert_null(draft_find(draft, owner)->before);
    draft_destroy(draft);
    store_close(store);
}

/* One change of one zone, worked on the draft by hand as the model does it. */
static void change_name(struct store *store, struct hosted_zone *zone, const char *owner_text,
                        void (*work)(struct draft *draft, struct draft_name *name))
{
    uint8_t owner[DNS_NAME_SIZE_MAX];
    struct draft *draft = open_draft(zone, false);
    wire(owner, owner_text);
    begin(store);
    assert_int_equal(store_fetch_name(store, draft, owner, NULL), 0);
    work(draft, draft_find(draft, owner));
    commit(store, draft, 1700000100);
    *zone = draft->zone;
    draft_destroy(draft);
}

static void remove_all(struct draft *draft, struct draft_name *name)
{
    (void)draft;
    name->sets = NULL;
}

static void change_ttl(struct draft *draft, struct draft_name *name)
{
    (void)draft;
    name->sets->ttl_s = 7;
}

static void add_two_texts(struct draft *draft, struct draft_name *name)
{
    bool added;
    assert_int_equal(draft_add_value(draft, name, DNS_TYPE_TXT, 9,
                                     (struct span){ (const void *)"\1x", 2 }, 0, &added),
                     0);
    assert_int_equal(draft_add_value(draft, name, DNS_TYPE_TXT, 9,
                                     (struct span){ (const void *)"\1y", 2 }, 0, &added),
                     0);
}

static void a_change_writes_the_difference_and_keeps_the_counts(void **state)
{
    struct scratch *scratch = *state;
    struct store *store = open_store(scratch->path);
    static const char *const addresses[] = { "192.0.2.1", "192.0.2.2", NULL };
    struct hosted_zone zone = add_zone(store, "lab.test.", addresses);
    static const struct row {
        const char *why;
        const char *owner;
        void (*work)(struct draft *draft, struct draft_name *name);
        uint32_t record_count;
        const char *there;
    } rows[] = {
        { "a TTL alone", "a0.lab.test.", change_ttl, 4, "\n  a0.lab.test. 7 A 1 0004c0000201\n" },
        { "a set beside another", "a0.lab.test.", add_two_texts, 6,
          "\n  a0.lab.test. 9 TXT 2 0002017800020179\n" },
        { "a new name", "new.lab.test.", add_two_texts, 8, "\n  new.lab.test. 9 TXT 2 " },
        { "all sets of a name", "a0.lab.test.", remove_all, 5, "1337 1842 created" },
    };
    for (unsigned i = 0; i < COUNT_OF(rows); i++) {
        change_name(store, &zone, rows[i].owner, rows[i].work);
        assert_int_equal(zone.record_count, rows[i].record_count);
        assert_int_equal(zone.sequence, i + 2);
        char *text = dump(store); /* which also holds every zone against its digest */
        assert_non_null(strstr(text, rows[i].there));
        free(text);
    }
    char *text = dump(store);
    assert_null(strstr(text, "a0.lab.test."));
    free(text);
    store_close(store);
}

static void a_replaced_zone_keeps_its_identity_and_nothing_else(void **state)
{
    struct scratch *scratch = *state;
    struct store *store = open_store(scratch->path);
    static const char *const addresses[] = { "192.0.2.1", "192.0.2.2", NULL };
    struct hosted_zone zone = add_zone(store, "lab.test.", addresses);
    struct draft *draft = open_draft(&zone, true);
    put_apex(draft, "lab.test.");
    put_address(draft, "only.lab.test.", 60, "192.0.2.9");
    begin(store);
    struct change change = commit(store, draft, 1700000200);
    assert_int_equal(draft->zone.id, zone.id);
    assert_int_equal(draft->zone.record_count, 3);
    assert_true(change.sequence > zone.sequence);
    draft_destroy(draft);
    char *text = dump(store);
    assert_null(strstr(text, "a0.lab.test."));
    assert_non_null(strstr(text, "  only.lab.test. 60 A 1 0004c0000209\n"));
    assert_int_equal(strncmp(text, "1 Z108010 lab.test. 155 ", 24), 0);
    free(text);
    store_close(store);
}

static void a_deleted_zone_is_gone_and_its_id_is_not_used_again(void **state)
{
    struct scratch *scratch = *state;
    struct store *store = open_store(scratch->path);
    static const char *const addresses[] = { "192.0.2.1", NULL };
    struct hosted_zone zone = add_zone(store, "lab.test.", addresses);
    struct change change = { 0 };
    begin(store);
    assert_int_equal(store_commit_delete(store, &zone, 1700000300, &change, NULL), 0);
    assert_int_equal(change.sequence, 2);
    assert_dump(store, "");
    struct hosted_zone again = add_zone(store, "lab.test.", addresses);
    assert_int_equal(again.id, zone.id + 1);

    begin(store);
    assert_int_equal(store_commit_delete(store, &zone, 1700000300, &change, NULL), SP_ENOENT);
    begin(store); /* that one is over */
    store_rollback(store);
    store_close(store);
}

static void a_bare_zone_has_only_its_soa_and_ns(void **state)
{
    struct scratch *scratch = *state;
    struct store *store = open_store(scratch->path);
    static const char *const addresses[] = { "192.0.2.1", NULL };
    struct hosted_zone bare = add_zone(store, "bare.test.", NULL);
    struct hosted_zone more = add_zone(store, "more.test.", addresses);
    struct hosted_zone apex = add_zone(store, "apexa.test.", NULL);
    bool answer;
    change_name(store, &apex, "apexa.test.", add_two_texts);
    assert_int_equal(store_zone_is_bare(store, &bare, &answer, NULL), 0);
    assert_true(answer);
    assert_int_equal(store_zone_is_bare(store, &more, &answer, NULL), 0);
    assert_false(answer);
    assert_int_equal(store_zone_is_bare(store, &apex, &answer, NULL), 0);
    assert_false(answer);
    store_close(store);
}

static void digests_never_change_from_version_to_version(void **state)
{
    (void)state;
    struct hosted_zone zone = new_zone_named("lab.test.");
    static const uint8_t values[] = { 0, 4, 192, 0, 2, 1, 0, 4, 192, 0, 2, 2 };
    struct record_set set = { .type = DNS_TYPE_A,
                              .set_identifier = "",
                              .ttl_s = 300,
                              .value_count = 2,
                              .values = { values, sizeof values } };
    struct routing routing = { .weight = 70 };
    struct alias_target alias = { "Z1", (const uint8_t *)"\2lb\4test", true };
    zone.id = 7;
    zone.sequence = 9;
    zone.record_count = 2;
    struct span key = { (const uint8_t *)"test.lab.www.", 13 };
    assert_int_equal(store__zone_digest(&zone), UINT64_C(0xffea4e8ffc515f9c));
    assert_int_equal(store__set_digest(7, key, &set), UINT64_C(0x4e41ca709534065));

    set.policy = ROUTING_WEIGHTED;
    set.set_identifier = "blue";
    set.routing = &routing;
    set.health_check = "web-1";
    assert_int_equal(store__set_digest(7, key, &set), UINT64_C(0x9f2dbe03c82c295c));
    set = (struct record_set){ .type = DNS_TYPE_A, .set_identifier = "", .alias = &alias };
    assert_int_equal(store__set_digest(7, key, &set), UINT64_C(0x78b70f00f9be339c));
}

static const struct CMUnitTest tests[] = {
    SCRATCH_TEST(zones_and_sets_come_back_as_they_were_stored),
    SCRATCH_TEST(zones_are_loaded_oldest_first_and_listed_by_name),
    SCRATCH_TEST(a_zone_is_found_by_name_and_by_public_id),
    SCRATCH_TEST(a_zone_of_the_root_is_a_zone_like_any_other),
    SCRATCH_TEST(a_visitor_that_has_enough_ends_the_reading),
    SCRATCH_TEST(a_change_sees_the_names_it_asks_for),
    SCRATCH_TEST(a_zone_can_be_read_whole),
    SCRATCH_TEST(a_change_writes_the_difference_and_keeps_the_counts),
    SCRATCH_TEST(a_replaced_zone_keeps_its_identity_and_nothing_else),
    SCRATCH_TEST(a_deleted_zone_is_gone_and_its_id_is_not_used_again),
    SCRATCH_TEST(a_bare_zone_has_only_its_soa_and_ns),
    cmocka_unit_test(digests_never_change_from_version_to_version),
};

RUN_TESTS(tests)
