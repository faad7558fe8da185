/* Changes from start to finish: stored, visible in the next snapshot, and only together. */
#include "world.h"

/* The import of a zone with "www A 192.0.2.1" and the defaults; its draft, the caller's. */
static struct draft *import_draft(struct world *world, const char *zone_name, bool replace)
{
    uint8_t name[DNS_NAME_SIZE_MAX];
    char owner[128];
    struct draft *draft = NULL;
    struct problem problem = { 0 };
    wire(name, zone_name);
    if (control_draft_import(world->control, name, replace, &draft, &problem) != 0)
        fail_msg("%s", problem.text);
    snprintf(owner, sizeof owner, "www.%s", zone_name);
    put_address(draft, owner, 60, "192.0.2.1");
    assert_int_equal(draft_add_defaults(draft, control_defaults(world->control)), 0);
    return draft;
}

static struct change import_zone(struct world *world, const char *zone_name)
{
    struct problem problem = { 0 };
    struct change change = { 0 };
    struct draft *draft = import_draft(world, zone_name, false);
    if (control_import(world->control, draft, false, &change, &problem) != 0)
        fail_msg("%s", problem.text);
    draft_destroy(draft);
    return change;
}

/* "TYPE/TTL/values " of each set at a name, as the workers see it; "-" where nothing is. */
static void assert_published(const struct world *world, const char *zone_name,
                             const char *owner_text, const char *expect)
{
    uint8_t name[DNS_NAME_SIZE_MAX], owner[DNS_NAME_SIZE_MAX];
    struct name_path path;
    char text[256] = "-";
    wire(name, zone_name);
    wire(owner, owner_text);
    dns_path_init(&path, owner, dns_name_size(owner));
    const struct zone *zone = snapshot_zone(control_snapshot(world->control), name);
    const struct zone_name *found = zone == NULL ? NULL : zone_find_glue(zone, &path);
    size_t size = 0;
    for (unsigned i = 0; found != NULL && i < DNS_TYPE_COUNT; i++) {
        const struct rrset *set = zone_name_set(found, dns_type_at(i)->type);
        if (set != NULL)
            size += (size_t)snprintf(text + size, sizeof text - size, "%s/%u/%u ",
                                     dns_type_at(i)->name, set->ttl_s, set->records.count);
    }
    assert_string_equal(text, expect);
}

static struct change_item item(enum change_action action, const char *owner, uint32_t ttl_s,
                               const char *packed, size_t size)
{
    struct change_item made = { .action = action };
    wire(made.owner, owner);
    made.set = (struct record_set){
        .type = DNS_TYPE_A,
        .set_identifier = "",
        .ttl_s = ttl_s,
        .value_count = (uint32_t)(size / 6),
        .values = { (const uint8_t *)packed, size },
    };
    return made;
}

#define ADDRESS_1                          "\0\4\300\0\2\1"
#define ADDRESS_2                          "\0\4\300\0\2\2"
#define ITEM(action, owner, ttl_s, packed) item(action, owner, ttl_s, packed, sizeof(packed) - 1)

static int change_zone(struct world *world, const char *zone_name, const struct change_item *items,
                       uint32_t count, struct problem *out_problem)
{
    uint8_t name[DNS_NAME_SIZE_MAX];
    struct change_batch batch = { count, items };
    struct change change = { 0 };
    uint64_t serial = control_serial(world->control);
    wire(name, zone_name);
    int rc = control_change(world->control, name, &batch, &change, out_problem);
    assert_int_equal(control_serial(world->control), serial + (rc == 0));
    assert_int_equal(rc == 0, change.sequence > 0);
    return rc;
}

static int delete_zone(struct world *world, const char *zone_name, bool force,
                       struct problem *out_problem)
{
    uint8_t name[DNS_NAME_SIZE_MAX];
    struct change change;
    wire(name, zone_name);
    return control_delete_zone(world->control, name, force, &change, out_problem);
}

static void an_import_is_stored_and_published(void **state)
{
    struct world *world = *state;
    assert_int_equal(control_serial(world->control), 1);
    assert_int_equal(control_snapshot(world->control)->zone_count, 0);
    struct change change = import_zone(world, "lab.test.");
    assert_int_equal(change.sequence, 1);
    assert_int_equal(control_serial(world->control), 2);
    for (int restarted = 0; restarted <= 1; restarted++) {
        const struct snapshot *snapshot = control_snapshot(world->control);
        assert_int_equal(snapshot->zone_count, 1);
        assert_int_equal(snapshot->record_count, 6);
        assert_int_equal(snapshot->options.edns_size, 1232);
        assert_published(world, "lab.test.", "lab.test.", "NS/172800/4 SOA/900/1 ");
        assert_published(world, "lab.test.", "www.lab.test.", "A/60/1 ");
        restart(world);
    }
}

static void a_change_is_stored_and_published(void **state)
{
    struct world *world = *state;
    import_zone(world, "lab.test.");
    struct change_item items[] = {
        ITEM(CHANGE_CREATE, "new.lab.test.", 5, ADDRESS_1 ADDRESS_2),
        ITEM(CHANGE_UPSERT, "www.lab.test.", 6, ADDRESS_2),
        ITEM(CHANGE_CREATE, "gone.lab.test.", 7, ADDRESS_1),
    };
    struct change_item removal = ITEM(CHANGE_DELETE, "gone.lab.test.", 7, ADDRESS_1);
    assert_int_equal(change_zone(world, "lab.test.", items, COUNT_OF(items), NULL), 0);
    assert_published(world, "lab.test.", "gone.lab.test.", "A/7/1 ");
    assert_int_equal(change_zone(world, "lab.test.", &removal, 1, NULL), 0);
    for (int restarted = 0; restarted <= 1; restarted++) {
        assert_published(world, "lab.test.", "new.lab.test.", "A/5/2 ");
        assert_published(world, "lab.test.", "www.lab.test.", "A/6/1 ");
        assert_published(world, "lab.test.", "gone.lab.test.", "-");
        assert_published(world, "lab.test.", "lab.test.", "NS/172800/4 SOA/900/1 ");
        assert_int_equal(control_snapshot(world->control)->record_count, 8);
        restart(world);
    }
}

static void a_batch_with_a_fault_changes_nothing(void **state)
{
    struct world *world = *state;
    import_zone(world, "lab.test.");
    char *before = dump(world->store);
    struct change_item good = ITEM(CHANGE_CREATE, "new.lab.test.", 5, ADDRESS_1);
    const struct row {
        const char *why;
        struct change_item bad;
        const char *words;
    } rows[] = {
        { "it is there", ITEM(CHANGE_CREATE, "www.lab.test.", 60, ADDRESS_1), "www.lab.test." },
        { "it is not there", ITEM(CHANGE_DELETE, "x.lab.test.", 60, ADDRESS_1), "x.lab.test." },
        { "it is another", ITEM(CHANGE_DELETE, "www.lab.test.", 61, ADDRESS_1),
          "do not match the current values" },
        { "outside the zone", ITEM(CHANGE_UPSERT, "www.test.", 60, ADDRESS_1), "www.test." },
        { "twice the same value", ITEM(CHANGE_UPSERT, "y.lab.test.", 60, ADDRESS_1 ADDRESS_1),
          "Duplicate" },
    };
    for (unsigned i = 0; i < COUNT_OF(rows); i++) {
        struct problem problem = { 0 };
        struct change_item items[] = { good, rows[i].bad };
        assert_int_equal(change_zone(world, "lab.test.", items, 2, &problem), SP_EINVAL);
        if (strstr(problem.text, rows[i].words) == NULL)
            fail_msg("%s: \"%s\"", rows[i].why, problem.text);
        assert_published(world, "lab.test.", "new.lab.test.", "-");
        assert_published(world, "lab.test.", "www.lab.test.", "A/60/1 ");
        assert_dump(world->store, before);
    }
    /* R-ZON-4: the apex keeps its records. */
    struct draft *draft = NULL;
    uint8_t name[DNS_NAME_SIZE_MAX];
    wire(name, "lab.test.");
    assert_int_equal(control_read_zone(world->control, name, &draft, NULL), 0);
    struct change_item removal = { .action = CHANGE_DELETE };
    memcpy(removal.owner, name, sizeof name);
    removal.set = *record_set_find(draft_find(draft, name)->sets, DNS_TYPE_SOA);
    assert_int_equal(change_zone(world, "lab.test.", &removal, 1, NULL), SP_EINVAL);
    assert_published(world, "lab.test.", "lab.test.", "NS/172800/4 SOA/900/1 ");
    draft_destroy(draft);
    free(before);
}

static void a_zone_that_is_not_there_is_said_to_be_missing(void **state)
{
    struct world *world = *state;
    struct problem problem = { 0 };
    struct draft *draft = NULL;
    uint8_t name[DNS_NAME_SIZE_MAX];
    struct change_item created = ITEM(CHANGE_CREATE, "www.lab.test.", 5, ADDRESS_1);
    wire(name, "lab.test.");
    import_zone(world, "test.");
    assert_int_equal(change_zone(world, "lab.test.", &created, 1, &problem), SP_ENOENT);
    assert_non_null(strstr(problem.text, "there is no zone lab.test."));
    assert_int_equal(delete_zone(world, "lab.test.", true, NULL), SP_ENOENT);
    assert_int_equal(control_read_zone(world->control, name, &draft, NULL), SP_ENOENT);
    assert_null(draft);
    import_zone(world, "lab.test."); /* no transaction was left open */
}

static void importing_again_needs_leave_and_keeps_the_identity(void **state)
{
    struct world *world = *state;
    struct problem problem = { 0 };
    struct draft *draft = NULL;
    struct hosted_zone before, after;
    struct change change;
    uint8_t name[DNS_NAME_SIZE_MAX];
    wire(name, "lab.test.");
    import_zone(world, "lab.test.");
    assert_int_equal(store_find_zone(world->store, name, &before, NULL), 0);

    assert_int_equal(control_draft_import(world->control, name, false, &draft, &problem),
                     SP_EEXIST);
    assert_non_null(strstr(problem.text, "--replace"));
    assert_null(draft);
    draft = import_draft(world, "lab.test.", true);
    put_address(draft, "second.lab.test.", 30, "192.0.2.9");
    assert_int_equal(control_import(world->control, draft, true, &change, &problem), 0);
    draft_destroy(draft);

    assert_int_equal(store_find_zone(world->store, name, &after, NULL), 0);
    assert_int_equal(after.id, before.id);
    assert_string_equal(after.public_id, before.public_id);
    assert_memory_equal(after.name_servers, before.name_servers, sizeof after.name_servers);
    assert_int_equal(after.created_at, before.created_at);
    assert_int_equal(after.sequence, change.sequence);
    assert_int_equal(after.record_count, 7);
    assert_published(world, "lab.test.", "second.lab.test.", "A/30/1 ");
}

static void an_import_asks_again_whether_it_may(void **state)
{
    struct world *world = *state;
    struct problem problem = { 0 };
    struct change change = { 0 };
    uint8_t name[DNS_NAME_SIZE_MAX];
    wire(name, "lab.test.");
    struct draft *first = import_draft(world, "lab.test.", false);
    struct draft *second = import_draft(world, "lab.test.", true);
    assert_int_equal(control_import(world->control, first, false, &change, NULL), 0);
    uint64_t serial = control_serial(world->control);

    /* The same zone came in between: with other name servers than this draft has. */
    assert_int_equal(control_import(world->control, second, false, &change, &problem), SP_EEXIST);
    assert_int_equal(control_import(world->control, second, true, &change, &problem), SP_ECONFLICT);
    assert_non_null(strstr(problem.text, "created anew"));
    draft_destroy(first);
    draft_destroy(second);

    /* The zone to be replaced was deleted in between. */
    first = import_draft(world, "lab.test.", true);
    assert_int_equal(control_serial(world->control), serial);
    assert_int_equal(delete_zone(world, "lab.test.", true, NULL), 0);
    assert_int_equal(control_import(world->control, first, true, &change, &problem), SP_ECONFLICT);
    assert_non_null(strstr(problem.text, "was deleted"));
    draft_destroy(first);
    assert_int_equal(control_snapshot(world->control)->zone_count, 0);
}

static void some_names_cannot_be_zones(void **state)
{
    struct world *world = *state;
    struct problem problem = { 0 };
    struct draft *draft = NULL;
    uint8_t name[DNS_NAME_SIZE_MAX];
    wire(name, "*.test.");
    assert_int_equal(control_draft_import(world->control, name, false, &draft, &problem),
                     SP_EINVAL);
    assert_null(draft);
    import_zone(world, "lab.");
    import_zone(world, "a.*.test.");
}

static void only_a_bare_zone_is_deleted_without_force(void **state)
{
    struct world *world = *state;
    struct problem problem = { 0 };
    import_zone(world, "lab.test.");
    import_zone(world, "other.test.");
    assert_int_equal(delete_zone(world, "lab.test.", false, &problem), SP_ECONFLICT);
    assert_non_null(strstr(problem.text, "--force"));
    assert_published(world, "lab.test.", "www.lab.test.", "A/60/1 ");

    struct change_item removal = ITEM(CHANGE_DELETE, "www.lab.test.", 60, ADDRESS_1);
    assert_int_equal(change_zone(world, "lab.test.", &removal, 1, NULL), 0);
    assert_int_equal(delete_zone(world, "lab.test.", false, &problem), 0);
    assert_published(world, "lab.test.", "lab.test.", "-");
    assert_published(world, "other.test.", "www.other.test.", "A/60/1 ");
    assert_int_equal(delete_zone(world, "other.test.", true, &problem), 0);
    assert_int_equal(control_snapshot(world->control)->zone_count, 0);
    assert_dump(world->store, "");
}

static void zones_made_after_a_restart_have_ids_of_their_own(void **state)
{
    struct world *world = *state;
    struct hosted_zone a, b;
    uint8_t name[DNS_NAME_SIZE_MAX];
    import_zone(world, "a.test.");
    restart(world); /* the dice are seeded as before */
    import_zone(world, "b.test.");
    wire(name, "a.test.");
    assert_int_equal(store_find_zone(world->store, name, &a, NULL), 0);
    wire(name, "b.test.");
    assert_int_equal(store_find_zone(world->store, name, &b, NULL), 0);
    assert_string_not_equal(a.public_id, b.public_id);
}

static void options_travel_with_the_zones(void **state)
{
    struct world *world = *state;
    struct answer_options other = { .edns_size = 4096, .minimal_responses = true };
    import_zone(world, "lab.test.");
    assert_int_equal(control_set_options(world->control, &other, NULL), 0);
    assert_int_equal(control_snapshot(world->control)->options.edns_size, 4096);
    assert_published(world, "lab.test.", "www.lab.test.", "A/60/1 ");
    import_zone(world, "next.test.");
    assert_int_equal(control_snapshot(world->control)->options.edns_size, 4096);
    assert_true(control_snapshot(world->control)->options.minimal_responses);
}

static void a_change_is_in_sync_when_the_worker_has_seen_it(void **state)
{
    struct world *world = *state;
    import_zone(world, "lab.test.");
    uint64_t serial = control_serial(world->control);
    assert_false(control_is_in_sync(world->control, serial));
    const struct snapshot *received = mailbox_receive(world->mailbox, 0);
    assert_ptr_equal(received, control_snapshot(world->control));
    assert_true(control_is_in_sync(world->control, serial));
    assert_null(mailbox_receive(world->mailbox, 0));

    import_zone(world, "other.test.");
    control_collect(world->control); /* the worker still reads the one before */
    assert_true(control_is_in_sync(world->control, serial));
    assert_false(control_is_in_sync(world->control, control_serial(world->control)));
    assert_int_equal(received->zone_count, 1);
    received = mailbox_receive(world->mailbox, 0);
    control_collect(world->control);
    assert_int_equal(received->zone_count, 2);
    assert_ptr_equal(received, control_snapshot(world->control));
}

static void damage_found_while_loading_ends_the_start(void **state)
{
    struct world *world = *state;
    struct problem problem = { 0 };
    struct control *control = NULL;
    import_zone(world, "lab.test.");
    stop(world);
    size_t size;
    uint8_t *data = read_file(world->scratch->path, &size);
    static const uint8_t address[] = { 0, 4, 192, 0, 2, 1 };
    uint8_t *at = memmem(data, size, address, sizeof address);
    assert_non_null(at);
    at[5] ^= 2;
    write_file(world->scratch->path, data, size);

    struct store *store = open_store(world->scratch->path);
    struct mailbox *mailbox = mailbox_create(1);
    struct health_table *health = health_table_create(HEALTH_SLOTS_MAX);
    struct board *board = board_of_one_checker(health);
    assert_int_equal(
        control_create(store, mailbox, board, &defaults, &options, NULL, &control, &problem),
        SP_EDAMAGED);
    assert_null(control);
    assert_non_null(strstr(problem.text, "lab.test."));
    assert_null(mailbox_receive(mailbox, 0));
    mailbox_destroy(mailbox);
    board_destroy(board);
    health_table_destroy(health);
    store_close(store);

    at[5] ^= 2;
    write_file(world->scratch->path, data, size);
    free(data);
    start(world);
    assert_published(world, "lab.test.", "www.lab.test.", "A/60/1 ");
}

static int note_zone(void *context, const struct hosted_zone *zone)
{
    char name[DNS_NAME_TEXT_SIZE];
    dns_name_to_text(name, zone->name);
    strcat(strcat(context, name), " ");
    return 0;
}

static void zones_are_listed_by_name(void **state)
{
    struct world *world = *state;
    char names[128] = "";
    struct store_visitor visitor = { note_zone, NULL, names };
    import_zone(world, "z.test.");
    import_zone(world, "a.test.");
    import_zone(world, "test.");
    assert_int_equal(control_list_zones(world->control, &visitor, NULL), 0);
    assert_string_equal(names, "test. a.test. z.test. ");
}

static const struct CMUnitTest tests[] = {
    WORLD_TEST(an_import_is_stored_and_published),
    WORLD_TEST(a_change_is_stored_and_published),
    WORLD_TEST(a_batch_with_a_fault_changes_nothing),
    WORLD_TEST(a_zone_that_is_not_there_is_said_to_be_missing),
    WORLD_TEST(importing_again_needs_leave_and_keeps_the_identity),
    WORLD_TEST(an_import_asks_again_whether_it_may),
    WORLD_TEST(some_names_cannot_be_zones),
    WORLD_TEST(only_a_bare_zone_is_deleted_without_force),
    WORLD_TEST(zones_made_after_a_restart_have_ids_of_their_own),
    WORLD_TEST(options_travel_with_the_zones),
    WORLD_TEST(a_change_is_in_sync_when_the_worker_has_seen_it),
    WORLD_TEST(damage_found_while_loading_ends_the_start),
    WORLD_TEST(zones_are_listed_by_name),
};

RUN_TESTS(tests)
