/*
 * Flipped bits.  Wherever one falls, either the database is refused and stays as it is, or what is
 * loaded is exactly what was stored (the bit was in free space, or in something that is not
 * loaded).  Health checks have no digest as zones have: a flipped bit may make another check of
 * one, but always one that may stand.
 */
#include "scratch.h"

#include "internal.h"

/* A prime, so that over the file every place within a record is hit. */
#define STEP 1499

/* A check of each kind of row: children, checkers and events. */
static void add_checks(struct store *store)
{
    struct health_check check = { .up = true, .version = 1 };
    struct health_status status = { .watched_count = 4, .checker_count = 4 };
    struct health_event event = { .at_ms = 5, .cause = HEALTH_CAUSE_PROBES, .reason = "it broke" };
    strcpy(check.id, "web-1");
    health_check_config_init(&check.config, HEALTH_CHECK_HTTP_STR_MATCH);
    strcpy(check.config.domain_name, "www.example.com");
    strcpy(check.config.resource_path, "/status");
    strcpy(check.config.search_string, "fine");
    begin(store);
    assert_int_equal(store_commit_check(store, &check, NULL), 0);
    strcpy(check.id, "all");
    health_check_config_init(&check.config, HEALTH_CHECK_CALCULATED);
    check.config.child_count = 1;
    strcpy(check.config.children[0], "web-1");
    begin(store);
    assert_int_equal(store_commit_check(store, &check, NULL), 0);
    for (uint8_t i = 0; i < 4; i++) {
        status.checkers[i] = (struct checker_status){ .region = i, .number = 1 };
        status.checkers[i].last.has_resolved = true;
        prefix_from_text(&status.checkers[i].last.resolved, "192.0.2.1");
        strcpy(status.checkers[i].last.detail, "Connection refused");
    }
    begin(store);
    assert_int_equal(store_put_check_status(store, "web-1", &status, true, NULL), 0);
    for (unsigned i = 0; i < 10; i++)
        assert_int_equal(store_add_check_event(store, "web-1", &event, NULL), 0);
    assert_int_equal(store_commit_transaction(store, NULL), 0);
}

static int look_at_event(void *context, const struct health_event *event)
{
    (void)context;
    assert_true(event->cause < HEALTH_CAUSE_COUNT);
    return 0;
}

struct check_reading {
    struct store *store;
    struct problem *problem;
};

static int look_at_check(void *context, const struct health_check *check)
{
    struct check_reading *reading = context;
    struct health_check_config config = check->config;
    struct health_status status;
    assert_int_equal(health_check_config_check(&config, false, NULL), 0);
    int rc = store_read_check_status(reading->store, check->id, &status, reading->problem);
    if (rc == 0)
        rc = store_visit_check_events(reading->store, check->id, 0, look_at_event, NULL,
                                      reading->problem);
    return rc == SP_ENOENT ? 0 : rc; /* it has become a deleted one */
}

static int read_checks(struct store *store, struct problem *out_problem)
{
    struct check_reading reading = { store, out_problem };
    struct store_object_visitor visitor = { .check = look_at_check, .context = &reading };
    return store_visit_checks(store, &visitor, out_problem);
}

static void make_database(const char *path)
{
    static const char *const addresses[] = { "192.0.2.1", "192.0.2.2", "192.0.2.3", NULL };
    struct store *store = open_store(path);
    add_zone(store, "a.test.", addresses);
    add_checks(store);
    struct hosted_zone zone = new_zone_named("many.test.");
    struct draft *draft = open_draft(&zone, true);
    put_apex(draft, "many.test.");
    for (unsigned i = 0; i < 200; i++) {
        char owner[64];
        snprintf(owner, sizeof owner, "host%u.many.test.", i);
        put_text(draft, owner, 300 + i, "some text that takes room");
    }
    begin(store);
    commit(store, draft, 1700000001);
    draft_destroy(draft);
    struct hosted_zone gone = add_zone(store, "gone.test.", addresses);
    struct change change = { 0 };
    begin(store);
    assert_int_equal(store_commit_delete(store, &gone, 1700000002, &change, NULL), 0);
    store_close(store);
}

struct flips {
    const char *path;
    uint8_t *data; /* as it is on the disk, undamaged */
    size_t size;
    char *expect; /* what it holds */
    unsigned refused, loaded;
};

static void try_flip(struct flips *flips, size_t at, uint8_t bit)
{
    struct problem problem = { 0 };
    struct store *store = NULL;
    size_t after_size;
    flips->data[at] ^= bit;
    write_file(flips->path, flips->data, flips->size);
    char *text = NULL;
    int rc = store_open(flips->path, &store, &problem);
    if (rc == 0)
        text = try_dump(store, &problem);
    if (text != NULL && read_checks(store, &problem) != 0) {
        free(text);
        text = NULL;
    }
    if (text != NULL && strcmp(text, flips->expect) != 0)
        fail_msg("octet %zu, bit %u: loaded something else:\n%s", at, bit, text);
    if (text == NULL && problem.status != SP_EDAMAGED && problem.status != SP_ENEWER)
        fail_msg("octet %zu, bit %u: status %d: %s", at, bit, problem.status, problem.text);
    if (text != NULL)
        flips->loaded++;
    else
        flips->refused++;
    free(text);
    store_close(store);

    /* A bit in the header that chooses the journal mode is set right again when all else is. */
    uint8_t *after = read_file(flips->path, &after_size);
    bool same = after_size == flips->size && memcmp(after, flips->data, after_size) == 0;
    if (!same && !(text != NULL && (at == 18 || at == 19)))
        fail_msg("octet %zu, bit %u: the file was changed", at, bit);
    free(after);
    flips->data[at] ^= bit;
}

static void a_flipped_bit_is_found_or_harmless(void **state)
{
    struct scratch *scratch = *state;
    struct flips flips = { .path = scratch->path };
    make_database(scratch->path);
    flips.data = read_file(scratch->path, &flips.size);
    struct store *store = open_store(scratch->path);
    flips.expect = dump(store);
    store_close(store);

    for (size_t at = 0; at < 100; at++) /* the header: every octet */
        try_flip(&flips, at, (uint8_t)(1u << at % 8));
    for (size_t at = 100; at < flips.size; at += STEP)
        try_flip(&flips, at, (uint8_t)(1u << at % 8));
    assert_true(flips.refused > 20);
    assert_true(flips.loaded > 20);
    free(flips.expect);
    free(flips.data);
}

/* Changes that SQLite itself cannot know to be wrong. */
static void a_consistent_forgery_is_found(void **state)
{
    struct scratch *scratch = *state;
    static const char *const changes[] = {
        "UPDATE record_set SET ttl_s = ttl_s + 1 WHERE owner_key = 'test.many.host7.'",
        "UPDATE record_set SET record_values = x'00020178' WHERE owner_key = 'test.many.host7.'",
        "UPDATE record_set SET owner_key = 'test.many.hostx.' WHERE owner_key = 'test.many.host7.'",
        "UPDATE record_set SET type = 'SPF' WHERE owner_key = 'test.many.host7.'",
        "UPDATE record_set SET zone_id = 1 WHERE owner_key = 'test.many.host7.'",
        "DELETE FROM record_set WHERE owner_key = 'test.many.host7.'",
        "DELETE FROM record_set WHERE zone_id = 1",
        "DELETE FROM hosted_zone WHERE id = 1",
        "UPDATE hosted_zone SET name = x'0162047465737400' WHERE id = 1",
        "UPDATE hosted_zone SET public_id = 'ZOTHER' WHERE id = 1",
        "UPDATE hosted_zone SET record_count = record_count + 1 WHERE id = 1",
        "UPDATE hosted_zone SET server_3 = 1111 WHERE id = 1",
        "UPDATE hosted_zone SET comment = '' WHERE id = 1",
        "UPDATE hosted_zone SET name = x'ff' WHERE id = 1",
        "INSERT INTO record_set (zone_id, owner_key, type, ttl_s, record_values)"
        " VALUES (1, 'test.a.x.', 'A', 1, x'0004c0000201')",
        "INSERT INTO record_set (zone_id, owner_key, type, ttl_s, record_values)"
        " VALUES (1, 'no key', 'A', 1, x'0004c0000201')",
        "INSERT INTO record_set (zone_id, owner_key, type, ttl_s, record_values)"
        " VALUES (1, 'test.a.x.', 'MD', 1, x'0004c0000201')",
        "INSERT INTO record_set (zone_id, owner_key, type, ttl_s, record_values)"
        " VALUES (1, 'test.a.x.', 'A', 1, x'0005c0000201')",
    };
    make_database(scratch->path);
    size_t size;
    uint8_t *data = read_file(scratch->path, &size);
    for (unsigned i = 0; i < COUNT_OF(changes); i++) {
        struct problem problem = { 0 };
        sqlite3 *db = NULL;
        write_file(scratch->path, data, size);
        assert_int_equal(sqlite3_open(scratch->path, &db), SQLITE_OK);
        assert_int_equal(sqlite3_exec(db, changes[i], NULL, NULL, NULL), SQLITE_OK);
        assert_int_equal(sqlite3_total_changes(db) > 0, 1);
        sqlite3_close(db);
        struct store *store = open_store(scratch->path);
        if (try_dump(store, &problem) != NULL)
            fail_msg("not found: %s", changes[i]);
        assert_int_equal(problem.status, SP_EDAMAGED);
        assert_non_null(strstr(problem.text, "restore a backup"));
        store_close(store);
    }
    free(data);
}

static void copy_file(const char *from, const char *to)
{
    size_t size;
    uint8_t *data = read_file(from, &size);
    write_file(to, data, size);
    free(data);
}

static void assert_same_files(const char *a, const char *b)
{
    size_t a_size, b_size;
    uint8_t *a_data = read_file(a, &a_size), *b_data = read_file(b, &b_size);
    assert_int_equal(a_size, b_size);
    assert_memory_equal(a_data, b_data, a_size);
    free(a_data);
    free(b_data);
}

/* Closing a database takes its log into it; not so when what was loaded is wrong. */
static void a_damaged_database_keeps_its_log_apart(void **state)
{
    struct scratch *scratch = *state;
    struct problem problem = { 0 };
    char log[128], copy[128], copy_log[144];
    sqlite3 *db = NULL;
    snprintf(log, sizeof log, "%s-wal", scratch->path);
    snprintf(copy, sizeof copy, "%s/copy.db", scratch->directory);
    snprintf(copy_log, sizeof copy_log, "%s-wal", copy);
    make_database(scratch->path);
    assert_int_equal(sqlite3_open(scratch->path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, "UPDATE record_set SET ttl_s = ttl_s + 1", NULL, NULL, NULL),
                     SQLITE_OK);
    copy_file(scratch->path, copy);
    copy_file(log, copy_log);

    struct store *store = open_store(copy);
    assert_null(try_dump(store, &problem));
    assert_int_equal(problem.status, SP_EDAMAGED);
    store_close(store);
    assert_same_files(copy, scratch->path);
    assert_same_files(copy_log, log);
    sqlite3_close(db);
}

static const struct CMUnitTest tests[] = {
    SCRATCH_TEST(a_flipped_bit_is_found_or_harmless),
    SCRATCH_TEST(a_consistent_forgery_is_found),
    SCRATCH_TEST(a_damaged_database_keeps_its_log_apart),
};

RUN_TESTS(tests)
