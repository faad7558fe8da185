/* Health checks, CIDR collections and resources: what is stored comes back, whole or not at all. */
#include "scratch.h"

#include "internal.h"

#include <signal.h>
#include <sys/wait.h>

/* ---- as text ---- */

static int dump_check(void *context, const struct health_check *check)
{
    fprintf(context, "check %s %s since %llu created %lld uses %u%s\n", check->id,
            check->up ? "up" : "down", (unsigned long long)check->since_ms,
            (long long)check->created_at, check->use_count, check->is_deleted ? " deleted" : "");
    return 0;
}

static int dump_collection(void *context, const struct cidr_collection *collection)
{
    char text[PREFIX_TEXT_SIZE];
    fprintf(context, "collection %s %s version %llu created %lld", collection->name, collection->id,
            (unsigned long long)collection->version, (long long)collection->created_at);
    for (uint32_t i = 0; i < collection->block_count; i++)
        fprintf(context, " %s=%s", collection->blocks[i].location,
                prefix_to_text(text, &collection->blocks[i].prefix));
    fprintf(context, "\n");
    return 0;
}

static int dump_resource(void *context, const struct resource_entry *entry)
{
    char name[DNS_NAME_TEXT_SIZE], text[PREFIX_TEXT_SIZE];
    dns_name_to_text(name, entry->name);
    fprintf(context, "resource %s %s ttl %u%s", name, resource_kind_name(entry->kind), entry->ttl_s,
            entry->is_down ? " down" : "");
    for (uint32_t i = 0; i < entry->address_count; i++)
        fprintf(context, " %s=%s", entry->addresses[i].zone,
                prefix_to_text(text, &entry->addresses[i].address));
    for (uint32_t i = 0; i < entry->target_count; i++)
        fprintf(context, " %s=%u/%u", entry->targets[i].name, entry->targets[i].healthy,
                entry->targets[i].registered);
    fprintf(context, "\n");
    return 0;
}

/* Everything that this test is about; the caller frees. */
static char *dump_objects(struct store *store)
{
    struct problem problem = { 0 };
    char *text = NULL;
    size_t size;
    FILE *to = open_memstream(&text, &size);
    assert_non_null(to);
    struct store_object_visitor visitor = { dump_check, dump_collection, dump_resource, to };
    if (store_visit_checks(store, &visitor, &problem) != 0 ||
        store_visit_collections(store, &visitor, &problem) != 0 ||
        store_visit_resources(store, &visitor, &problem) != 0)
        fail_msg("%s", problem.text);
    fclose(to);
    return text;
}

static void assert_objects(struct store *store, const char *expect)
{
    char *text = dump_objects(store);
    assert_string_equal(text, expect);
    free(text);
}

/* ---- made in one line ---- */

static int put_check(struct store *store, const char *id, bool up, uint64_t since_ms)
{
    struct health_check check = {
        .up = up, .since_ms = since_ms, .created_at = 1700000000, .version = 1
    };
    strcpy(check.id, id);
    begin(store);
    return store_commit_check(store, &check, NULL);
}

/* Blocks as "L1 192.0.2.0/24", ended by NULL. */
static struct cidr_collection collection_of(unsigned number, const char *name, uint64_t version,
                                            const char *const *blocks)
{
    struct cidr_collection collection = { .version = version - 1, .created_at = 1700000000 };
    snprintf(collection.id, sizeof collection.id, "00000000-0000-4000-8000-%012u", number);
    strcpy(collection.name, name);
    struct cidr_change items[4];
    struct cidr_batch batch = { .items = items };
    for (; *blocks != NULL; blocks++) {
        char location[20], prefix[50];
        struct cidr_change *item = &items[batch.count++];
        assert_int_equal(sscanf(*blocks, "%19s %49s", location, prefix), 2);
        item->action = CIDR_PUT;
        assert_int_equal(cidr_block_from_text(&item->block, location, prefix, NULL), 0);
    }
    assert_int_equal(cidr_collection_apply(&collection, &batch, NULL), 0);
    return collection;
}

static int put_collection(struct store *store, const struct cidr_collection *collection,
                          struct problem *out_problem)
{
    begin(store);
    return store_commit_collection(store, collection, out_problem);
}

static struct resource_entry load_balancer(const char *name)
{
    struct resource_entry entry = { .ttl_s = 60 };
    wire(entry.name, name);
    assert_int_equal(resource_add_address(&entry, "us-east-1b", "192.0.2.2", NULL), 0);
    assert_int_equal(resource_add_address(&entry, "us-east-1a", "2001:db8::1", NULL), 0);
    assert_int_equal(resource_add_targets(&entry, "web", 2, 3, NULL), 0);
    assert_int_equal(resource_add_targets(&entry, "api", 1, 1, NULL), 0);
    return entry;
}

static int put_resource(struct store *store, const struct resource_entry *entry,
                        struct problem *out_problem)
{
    begin(store);
    return store_commit_resource(store, entry, out_problem);
}

static const char *const two_blocks[] = { "L2 198.51.0.0/16", "L1 2001:db8::/32", NULL };
static const char *const nested_blocks[] = { "L1 10.0.0.0/8", "L1 10.1.0.0/16", "L2 10.0.0.0/16",
                                             NULL };
static const char *const no_block[] = { NULL };

/* A zone with a set that names a check and one that names a location. */
static void add_zone_that_names(struct store *store, const char *check, unsigned collection,
                                const char *location)
{
    static const uint8_t values[] = { 0, 4, 192, 0, 2, 1 };
    struct hosted_zone zone = new_zone_named("lab.test.");
    struct draft *draft = open_draft(&zone, true);
    struct routing routing = { .weight = 1 };
    struct record_set set = { .type = DNS_TYPE_A,
                              .policy = ROUTING_WEIGHTED,
                              .set_identifier = "a",
                              .ttl_s = 60,
                              .value_count = 1,
                              .values = { values, sizeof values },
                              .routing = &routing,
                              .health_check = check };
    put_apex(draft, "lab.test.");
    put_set(draft, "www.lab.test.", &set);
    snprintf(routing.collection, sizeof routing.collection, "00000000-0000-4000-8000-%012u",
             collection);
    strcpy(routing.location, location);
    routing.weight = 0;
    set.policy = ROUTING_CIDR;
    set.health_check = NULL;
    put_set(draft, "cidr.lab.test.", &set);
    begin(store);
    commit(store, draft, 1700000001);
    draft_destroy(draft);
}

static void delete_zone(struct store *store)
{
    struct hosted_zone zone;
    struct change change = { 0 };
    uint8_t name[DNS_NAME_SIZE_MAX];
    wire(name, "lab.test.");
    assert_int_equal(store_find_zone(store, name, &zone, NULL), 0);
    begin(store);
    assert_int_equal(store_commit_delete(store, &zone, 1700000002, &change, NULL), 0);
}

/* ---- the tests ---- */

static void what_is_stored_comes_back_after_a_restart(void **state)
{
    struct scratch *scratch = *state;
    struct store *store = open_store(scratch->path);
    struct cidr_collection office = collection_of(1, "office", 2, two_blocks);
    struct cidr_collection bare = collection_of(2, "bare", 1, no_block);
    struct resource_entry lb = load_balancer("lb1.example.");
    struct resource_entry site = { .kind = RESOURCE_S3_WEBSITE, .ttl_s = 5, .is_down = true };
    wire(site.name, "a\\000.www.example.");
    assert_int_equal(resource_add_address(&site, "z", "192.0.2.9", NULL), 0);
    assert_objects(store, "");
    assert_int_equal(put_check(store, "web-2", false, 1700000000123), 0);
    assert_int_equal(put_check(store, "web-1", true, 1700000000001), 0);
    assert_int_equal(put_collection(store, &office, NULL), 0);
    assert_int_equal(put_collection(store, &bare, NULL), 0);
    assert_int_equal(put_resource(store, &lb, NULL), 0);
    assert_int_equal(put_resource(store, &site, NULL), 0);
    store_close(store);

    store = open_store(scratch->path);
    assert_objects(
        store,
        "check web-1 up since 1700000000001 created 1700000000 uses 0\n"
        "check web-2 down since 1700000000123 created 1700000000 uses 0\n"
        "collection bare 00000000-0000-4000-8000-000000000002 version 1 created 1700000000\n"
        "collection office 00000000-0000-4000-8000-000000000001 version 2 created 1700000000 "
        "L1=2001:db8::/32 L2=198.51.0.0/16\n"
        "resource lb1.example. application-load-balancer ttl 60 us-east-1b=192.0.2.2 "
        "us-east-1a=2001:db8::1 web=2/3 api=1/1\n"
        "resource a\\000.www.example. s3-website ttl 5 down z=192.0.2.9\n");
    struct store_object_counts counts;
    assert_int_equal(store_count_objects(store, &counts, NULL), 0);
    assert_int_equal(counts.checks_up, 1);
    assert_int_equal(counts.checks_down, 1);
    assert_int_equal(counts.collections, 2);
    assert_int_equal(counts.resources, 2);
    store_close(store);
}

static void what_is_not_there_is_not_found(void **state)
{
    struct scratch *scratch = *state;
    struct store *store = open_store(scratch->path);
    struct store_object_visitor visitor = { 0 };
    struct health_check check;
    struct cidr_collection collection;
    struct resource_entry entry;
    enum resource_kind kind;
    uint8_t name[DNS_NAME_SIZE_MAX];
    wire(name, "lb1.example.");
    assert_int_equal(store_read_check(store, "web-1", &check, NULL), SP_ENOENT);
    assert_int_equal(store_find_collection(store, "office", &collection, NULL), SP_ENOENT);
    assert_int_equal(store_find_resource(store, name, &entry, NULL), SP_ENOENT);
    assert_int_equal(store_find_resource_kind(store, name, &kind, NULL), SP_ENOENT);
    begin(store);
    assert_int_equal(store_commit_delete_check(store, "web-1", 1, &visitor, NULL), SP_ENOENT);
    begin(store);
    assert_int_equal(store_commit_delete_resource(store, name, NULL), SP_ENOENT);
    assert_true(sqlite3_get_autocommit(store->db));
    store_close(store);
}

static void delete_check(struct store *store, const char *id, const char *expect_gone)
{
    char *gone = NULL;
    size_t size;
    FILE *to = open_memstream(&gone, &size);
    struct store_object_visitor visitor = { .check = dump_check, .context = to };
    begin(store);
    assert_int_equal(store_commit_delete_check(store, id, 1700000009, &visitor, NULL), 0);
    fclose(to);
    assert_string_equal(gone, expect_gone);
    free(gone);
}

static void a_deleted_check_stays_while_it_is_named(void **state)
{
    struct scratch *scratch = *state;
    struct store *store = open_store(scratch->path);
    put_check(store, "other", true, 1);
    put_check(store, "web-1", false, 2);
    add_zone_that_names(store, "web-1", 1, "L1");
    delete_check(store, "web-1", "");
    assert_objects(store, "check other up since 1 created 1700000000 uses 0\n"
                          "check web-1 up since 1700000009000 created 1700000000 uses 1 deleted\n");
    struct store_object_counts counts;
    assert_int_equal(store_count_objects(store, &counts, NULL), 0);
    assert_int_equal(counts.checks_down, 0);

    /* Made anew, it is the one that the set names. */
    assert_int_equal(put_check(store, "web-1", true, 5), 0);
    assert_objects(store, "check other up since 1 created 1700000000 uses 0\n"
                          "check web-1 up since 5 created 1700000000 uses 1\n");

    /* The row goes once nobody names it, with the next deletion. */
    delete_check(store, "web-1", "");
    delete_zone(store);
    delete_check(store, "other",
                 "check other up since 1700000009000 created 1700000000 uses 0 deleted\n"
                 "check web-1 up since 1700000009000 created 1700000000 uses 0 deleted\n");
    assert_objects(store, "");
    store_close(store);
}

static void a_collection_is_found_by_id_and_by_name(void **state)
{
    struct scratch *scratch = *state;
    struct store *store = open_store(scratch->path);
    struct cidr_collection collection = collection_of(1, "office", 1, no_block), found;
    put_collection(store, &collection, NULL);
    /* Its name is the id of the other. */
    collection = collection_of(2, "00000000-0000-4000-8000-000000000001", 1, no_block);
    put_collection(store, &collection, NULL);
    assert_int_equal(store_find_collection(store, "office", &found, NULL), 0);
    assert_string_equal(found.id, "00000000-0000-4000-8000-000000000001");
    assert_int_equal(store_find_collection(store, found.id, &found, NULL), 0);
    assert_string_equal(found.name, "office");
    assert_int_equal(
        store_find_collection(store, "00000000-0000-4000-8000-000000000002", &found, NULL), 0);
    assert_string_equal(found.name, "00000000-0000-4000-8000-000000000001");
    begin(store);
    assert_int_equal(
        store_commit_delete_collection(store, "00000000-0000-4000-8000-000000000001", NULL), 0);
    assert_int_equal(store_find_collection(store, "office", &found, NULL), SP_ENOENT);
    store_close(store);
}

static void users_of_a_location_are_counted(void **state)
{
    static const struct row {
        unsigned collection;
        const char *location;
        unsigned expect;
    } rows[] = { { 1, "L1", 1 }, { 1, "L2", 0 }, { 1, NULL, 1 }, { 2, "L1", 0 }, { 2, NULL, 0 } };
    struct scratch *scratch = *state;
    struct store *store = open_store(scratch->path);
    put_check(store, "web-1", true, 1);
    add_zone_that_names(store, "web-1", 1, "L1");
    for (unsigned i = 0; i < COUNT_OF(rows); i++) {
        struct cidr_collection collection = collection_of(rows[i].collection, "n", 1, no_block);
        uint64_t count = 99;
        assert_int_equal(
            store_count_location_users(store, collection.id, rows[i].location, &count, NULL), 0);
        assert_int_equal(count, rows[i].expect);
    }
    store_close(store);
}

static void a_change_replaces_the_blocks_and_the_addresses(void **state)
{
    struct scratch *scratch = *state;
    struct store *store = open_store(scratch->path);
    struct cidr_collection collection = collection_of(1, "office", 2, two_blocks);
    struct resource_entry entry = load_balancer("lb1.example.");
    put_collection(store, &collection, NULL);
    put_resource(store, &entry, NULL);
    collection = collection_of(1, "office", 3, nested_blocks);
    entry = (struct resource_entry){ .kind = RESOURCE_OTHER, .ttl_s = 7 };
    wire(entry.name, "lb1.example.");
    resource_add_address(&entry, "a", "192.0.2.77", NULL);
    assert_int_equal(put_collection(store, &collection, NULL), 0);
    assert_int_equal(put_resource(store, &entry, NULL), 0);
    assert_objects(store, "collection office 00000000-0000-4000-8000-000000000001 version 3 "
                          "created 1700000000 L1=10.0.0.0/8 L1=10.1.0.0/16 L2=10.0.0.0/16\n"
                          "resource lb1.example. other ttl 7 a=192.0.2.77\n");
    begin(store);
    assert_int_equal(store_commit_delete_resource(store, entry.name, NULL), 0);
    assert_objects(store, "collection office 00000000-0000-4000-8000-000000000001 version 3 "
                          "created 1700000000 L1=10.0.0.0/8 L1=10.1.0.0/16 L2=10.0.0.0/16\n");
    int64_t left = -1;
    assert_int_equal(store__query_number(store->db, store->path,
                                         "SELECT (SELECT count(*) FROM resource_address)"
                                         " + (SELECT count(*) FROM resource_target)",
                                         &left, NULL),
                     0);
    assert_int_equal(left, 0);
    store_close(store);
}

/* Each of these meets its error in the middle: something was written before it. */
static void what_fails_in_the_middle_changes_nothing(void **state)
{
    struct scratch *scratch = *state;
    struct store *store = open_store(scratch->path);
    struct problem problem = { 0 };
    struct cidr_collection collection = collection_of(1, "office", 2, two_blocks);
    struct resource_entry entry = load_balancer("lb1.example.");
    put_collection(store, &collection, NULL);
    put_resource(store, &entry, NULL);
    put_check(store, "web-1", true, 1);
    char *before = dump_objects(store);

    collection = collection_of(1, "office", 3, nested_blocks);
    collection.blocks[2] = collection.blocks[1]; /* no table takes a block twice */
    assert_int_equal(put_collection(store, &collection, &problem), SP_ECONFLICT);
    assert_int_equal(problem.status, SP_ECONFLICT);
    assert_objects(store, before);

    collection = collection_of(2, "office", 1, nested_blocks); /* nor a name */
    assert_int_equal(put_collection(store, &collection, &problem), SP_ECONFLICT);
    assert_objects(store, before);

    entry.targets[1].healthy = 9; /* of one */
    assert_int_equal(put_resource(store, &entry, &problem), SP_ECONFLICT);
    assert_objects(store, before);
    assert_true(sqlite3_get_autocommit(store->db));

    entry.targets[1].healthy = 0;
    assert_int_equal(put_resource(store, &entry, &problem), 0);
    free(before);
    store_close(store);
}

static int stop_at_first(void *context, const struct health_check *check)
{
    (void)check;
    *(unsigned *)context += 1;
    return SP_ENOMEM;
}

static void a_visitor_ends_the_reading_and_the_change(void **state)
{
    struct scratch *scratch = *state;
    struct store *store = open_store(scratch->path);
    unsigned visited = 0;
    struct store_object_visitor visitor = { .check = stop_at_first, .context = &visited };
    put_check(store, "web-1", true, 1);
    put_check(store, "web-2", true, 1);
    assert_int_equal(store_visit_checks(store, &visitor, NULL), SP_ENOMEM);
    assert_int_equal(visited, 1);
    begin(store);
    assert_int_equal(store_commit_delete_check(store, "web-1", 2, &visitor, NULL), SP_ENOMEM);
    assert_objects(store, "check web-1 up since 1 created 1700000000 uses 0\n"
                          "check web-2 up since 1 created 1700000000 uses 0\n");
    store_close(store);
}

/* ---- damage ---- */

static void a_row_that_makes_no_sense_is_damage(void **state)
{
    static const struct row {
        const char *sql;
        const char *words;
    } rows[] = {
        { "UPDATE health_check SET public_id = 'a b'", "health check a b makes no sense" },
        { "UPDATE cidr_block SET location = 'x' || char(0)",
          "a block of collection 00000000-0000-4000-8000-000000000001 makes no sense" },
        { "UPDATE resource SET kind = 'toaster'", "resource lb1.example. makes no sense" },
        { "UPDATE resource SET name_key = 'x'", "a resource without a right name makes no sense" },
        { "UPDATE resource_target SET name = hex(zeroblob(99))",
          "resource lb1.example. makes no sense" },
    };
    struct scratch *scratch = *state;
    for (unsigned i = 0; i < COUNT_OF(rows); i++) {
        struct store *store = open_store(scratch->path);
        struct problem problem = { 0 };
        struct cidr_collection collection = collection_of(1, "office", 2, two_blocks);
        struct resource_entry entry = load_balancer("lb1.example.");
        char *text = NULL;
        size_t size;
        FILE *to = open_memstream(&text, &size);
        struct store_object_visitor visitor = { dump_check, dump_collection, dump_resource, to };
        put_check(store, "web-1", true, 1);
        put_collection(store, &collection, NULL);
        put_resource(store, &entry, NULL);
        assert_int_equal(sqlite3_exec(store->db, rows[i].sql, NULL, NULL, NULL), SQLITE_OK);
        int rc = store_visit_checks(store, &visitor, &problem);
        if (rc == 0)
            rc = store_visit_collections(store, &visitor, &problem);
        if (rc == 0)
            rc = store_visit_resources(store, &visitor, &problem);
        fclose(to);
        free(text);
        assert_int_equal(rc, SP_EDAMAGED);
        if (strstr(problem.text, rows[i].words) == NULL)
            fail_msg("\"%s\" lacks \"%s\"", problem.text, rows[i].words);
        assert_true(store->damaged);
        store->damaged = false; /* so that the next round finds one file, not one and its log */
        store_close(store);
        unlink(scratch->path);
    }
}

/* ---- kill -9 ---- */

/* The child: collection after collection, each with three blocks; then all of them again. */
static void store_collections(const char *path, int acknowledged)
{
    struct store *store = NULL;
    if (store_open(path, &store, NULL) != 0)
        _exit(1);
    for (unsigned number = 0;; number++) {
        char name[32];
        snprintf(name, sizeof name, "c%u", number % 20);
        struct cidr_collection collection =
            collection_of(number % 20, name, 1 + number / 20, nested_blocks);
        if (store_begin(store, NULL) != 0 ||
            store_commit_collection(store, &collection, NULL) != 0 ||
            write(acknowledged, &number, sizeof number) != sizeof number)
            _exit(2);
    }
}

static int check_blocks(void *context, const struct cidr_collection *collection)
{
    unsigned *blocks = context;
    assert_int_equal(collection->block_count, 3);
    *blocks += 1;
    return 0;
}

static void no_collection_is_half_after_kill_9(void **state)
{
    struct scratch *scratch = *state;
    for (unsigned round = 0; round < 6; round++) {
        int ends[2], status;
        unsigned number = 0, count = 0;
        assert_int_equal(pipe(ends), 0);
        pid_t child = fork();
        assert_true(child >= 0);
        if (child == 0) {
            close(ends[0]);
            store_collections(scratch->path, ends[1]);
        }
        close(ends[1]);
        for (unsigned i = 0; i < 5 + 7 * round; i++)
            assert_int_equal(read(ends[0], &number, sizeof number), sizeof number);
        assert_int_equal(kill(child, SIGKILL), 0);
        close(ends[0]);
        assert_int_equal(waitpid(child, &status, 0), child);
        assert_true(WIFSIGNALED(status));
        struct store *store = open_store(scratch->path);
        struct store_object_visitor visitor = { .collection = check_blocks, .context = &count };
        assert_int_equal(store_visit_collections(store, &visitor, NULL), 0);
        assert_true(count > (number < 19 ? number : 19));
        store_close(store);
    }
}

/* ---- from an older database ---- */

static void a_check_of_the_first_version_is_up(void **state)
{
    struct scratch *scratch = *state;
    struct problem problem = { 0 };
    sqlite3 *db = NULL;
    assert_int_equal(sqlite3_open(scratch->path, &db), SQLITE_OK);
    assert_int_equal(store__migrate(db, scratch->path, store__migrations, 1, &problem), 0);
    assert_int_equal(sqlite3_exec(db,
                                  "INSERT INTO health_check (public_id, config, created_at)"
                                  " VALUES ('old', '{}', 1600000000)",
                                  NULL, NULL, NULL),
                     SQLITE_OK);
    sqlite3_close(db);
    struct store *store = open_store(scratch->path);
    assert_objects(store, "check old up since 0 created 1600000000 uses 0\n");
    store_close(store);
}

static const struct CMUnitTest tests[] = {
    SCRATCH_TEST(what_is_stored_comes_back_after_a_restart),
    SCRATCH_TEST(what_is_not_there_is_not_found),
    SCRATCH_TEST(a_deleted_check_stays_while_it_is_named),
    SCRATCH_TEST(a_collection_is_found_by_id_and_by_name),
    SCRATCH_TEST(users_of_a_location_are_counted),
    SCRATCH_TEST(a_change_replaces_the_blocks_and_the_addresses),
    SCRATCH_TEST(what_fails_in_the_middle_changes_nothing),
    SCRATCH_TEST(a_visitor_ends_the_reading_and_the_change),
    SCRATCH_TEST(a_row_that_makes_no_sense_is_damage),
    SCRATCH_TEST(no_collection_is_half_after_kill_9),
    SCRATCH_TEST(a_check_of_the_first_version_is_up),
};

RUN_TESTS(tests)
