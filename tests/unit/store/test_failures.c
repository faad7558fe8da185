/* When the system says no: a full disk, a lock held elsewhere, a rollback.  Nothing may be half
 * done. */
#include "scratch.h"

#include "broken_log.h"

#include "internal.h"

#include <signal.h>
#include <sys/resource.h>

static const char *const addresses[] = { "192.0.2.1", "192.0.2.2", NULL };

/* A new zone of so many names, not yet stored. */
static struct draft *big_draft(const char *zone_name, unsigned name_count)
{
    struct hosted_zone zone = new_zone_named(zone_name);
    struct draft *draft = open_draft(&zone, true);
    put_apex(draft, zone_name);
    for (unsigned i = 0; i < name_count; i++) {
        char owner[64];
        snprintf(owner, sizeof owner, "host%u.%s", i, zone_name);
        put_text(draft, owner, 300, "as much text as it takes to fill some pages");
    }
    return draft;
}

static void assert_commit_fails(struct store *store, struct draft *draft, int status,
                                const char *words)
{
    struct problem problem = { 0 };
    struct change change = { .sequence = -1, .submitted_at = -1 };
    struct hosted_zone before = draft->zone;
    begin(store);
    assert_int_equal(store_commit(store, draft, 9, &change, &problem), status);
    assert_int_equal(problem.status, status);
    if (strstr(problem.text, words) == NULL || strstr(problem.text, store->path) == NULL)
        fail_msg("\"%s\" lacks \"%s\" or the file", problem.text, words);
    assert_int_equal(change.sequence, -1);
    assert_int_equal(draft->zone.id, before.id);
    assert_int_equal(draft->zone.sequence, before.sequence);
    assert_int_equal(draft->zone.record_count, before.record_count);
    assert_true(sqlite3_get_autocommit(store->db));
}

static void assert_commit_works(struct store *store, struct draft *draft)
{
    char name[DNS_NAME_TEXT_SIZE];
    begin(store);
    commit(store, draft, 10);
    dns_name_to_text(name, draft->zone.name);
    char *text = dump(store);
    assert_non_null(strstr(text, name));
    free(text);
}

/* Two ways to run out of room: SQLite's own bound, and the system's for a file. */

static void limit_pages(struct store *store, bool limited)
{
    const char *sql = limited ? "PRAGMA max_page_count = 40" : "PRAGMA max_page_count = 1000000";
    assert_int_equal(sqlite3_exec(store->db, sql, NULL, NULL, NULL), SQLITE_OK);
}

static void limit_file_size(struct store *store, bool limited)
{
    struct rlimit limit;
    (void)store;
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
    limit.rlim_cur = limited ? 256 << 10 : limit.rlim_max;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

static void a_full_disk_changes_nothing(void **state)
{
    static const struct row {
        const char *why;
        void (*limit)(struct store *store, bool limited);
    } rows[] = {
        { "the database may not grow", limit_pages },
        { "the log cannot be written", limit_file_size },
    };
    for (unsigned i = 0; i < COUNT_OF(rows); i++) {
        void *own;
        assert_int_equal(scratch_setup(&own), 0);
        struct scratch *scratch = own;
        struct store *store = open_store(scratch->path);
        add_zone(store, "a.test.", addresses);
        char *before = dump(store);
        struct draft *draft = big_draft("big.test.", 20000);

        rows[i].limit(store, true);
        assert_commit_fails(store, draft, SP_EFULL, "make room");
        assert_dump(store, before);
        rows[i].limit(store, false);
        assert_commit_works(store, draft);
        store_close(store);

        store = open_store(scratch->path);
        store_close(store);
        free(before);
        draft_destroy(draft);
        scratch_teardown(&own);
    }
    (void)state;
}

static void a_database_that_finds_no_room_is_not_created(void **state)
{
    struct scratch *scratch = *state;
    struct problem problem = { 0 };
    struct store *store = NULL;
    struct rlimit limit;
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
    limit.rlim_cur = 6000;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
    int rc = store_open(scratch->path, &store, &problem);
    limit.rlim_cur = limit.rlim_max;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
    assert_int_equal(rc, SP_EFULL);
    assert_null(store);
    store = open_store(scratch->path);
    assert_dump(store, "");
    store_close(store);
}

static void a_lock_held_elsewhere_is_told_and_passes(void **state)
{
    struct scratch *scratch = *state;
    struct problem problem = { 0 };
    struct store *store = open_store(scratch->path);
    sqlite3 *other = NULL;
    add_zone(store, "a.test.", addresses);
    char *before = dump(store);
    assert_int_equal(sqlite3_open(scratch->path, &other), SQLITE_OK);
    assert_int_equal(sqlite3_exec(other, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK);

    sqlite3_busy_timeout(store->db, 0); /* the waiting itself is SQLite's */
    assert_int_equal(store_begin(store, &problem), SP_EBUSY);
    assert_non_null(strstr(problem.text, "another program holds the database locked"));
    assert_non_null(strstr(problem.text, scratch->path));
    assert_dump(store, before); /* readers are not held up */

    sqlite3_close(other);
    add_zone(store, "b.test.", addresses);
    free(before);
    store_close(store);
}

static void a_rollback_leaves_no_trace(void **state)
{
    struct scratch *scratch = *state;
    struct store *store = open_store(scratch->path);
    add_zone(store, "a.test.", addresses);
    char *before = dump(store);
    store_rollback(store); /* nothing begun: nothing happens */
    begin(store);
    assert_int_equal(sqlite3_exec(store->db, "DELETE FROM record_set", NULL, NULL, NULL),
                     SQLITE_OK);
    store_rollback(store);
    assert_dump(store, before);

    begin(store);
    assert_int_equal(sqlite3_exec(store->db, "DELETE FROM record_set", NULL, NULL, NULL),
                     SQLITE_OK);
    store_close(store); /* rolls back, too */
    store = open_store(scratch->path);
    assert_dump(store, before);
    free(before);
    store_close(store);
}

static void what_contradicts_the_schema_is_refused(void **state)
{
    struct scratch *scratch = *state;
    struct store *store = open_store(scratch->path);
    struct draft *draft = big_draft("b.test.", 1);
    add_zone(store, "a.test.", addresses);
    char *before = dump(store);

    strcpy(draft->zone.public_id, "Z97008"); /* that of a.test. */
    assert_commit_fails(store, draft, SP_ECONFLICT, "public_id");
    strcpy(draft->zone.public_id, "ZB");
    draft->zone.name_servers[2] = 2048;
    assert_commit_fails(store, draft, SP_ECONFLICT, "server_3");
    draft->zone.name_servers[2] = 2047;
    draft->zone.id = 77; /* deleted by somebody else */
    struct change change = { 0 };
    struct problem problem = { 0 };
    begin(store);
    assert_int_equal(store_commit(store, draft, 9, &change, &problem), SP_ENOENT);
    assert_non_null(strstr(problem.text, "deleted in the meantime"));
    assert_dump(store, before);
    draft->zone.id = 0;
    assert_commit_works(store, draft);
    free(before);
    draft_destroy(draft);
    store_close(store);
}

/* The draft says that a set was there which is not: what is stored is not what was read. */
static void a_set_that_has_vanished_is_damage(void **state)
{
    struct scratch *scratch = *state;
    struct store *store = open_store(scratch->path);
    struct hosted_zone zone = add_zone(store, "a.test.", addresses);
    struct draft *draft = open_draft(&zone, false);
    uint8_t owner[DNS_NAME_SIZE_MAX];
    char *before = dump(store);
    wire(owner, "a0.a.test.");
    begin(store);
    assert_int_equal(store_fetch_name(store, draft, owner, NULL), 0);
    store_rollback(store);
    struct draft_name *name = draft_find(draft, owner);
    name->before->type = name->sets->type = DNS_TYPE_TXT;
    name->sets->ttl_s = 1;
    assert_commit_fails(store, draft, SP_EDAMAGED, "restore a backup");
    assert_dump(store, before);
    free(before);
    draft_destroy(draft);
    store_close(store);
}

static void what_the_disk_does_not_confirm_ends_all_changes(void **state)
{
    struct scratch *scratch = *state;
    struct store *store = open_store(scratch->path);
    struct problem problem = { 0 };
    assert_int_equal(store_sync(store, &problem), 0); /* nothing is waiting */
    add_zone(store, "one.test.", addresses);
    assert_true(store_has_unsynced(store));
    assert_int_equal(store_sync(store, &problem), 0);
    assert_false(store_has_unsynced(store));

    add_zone(store, "two.test.", addresses);
    struct broken_log broken = break_log();
    assert_int_equal(store_sync(store, &problem), SP_EIO);
    mend_log(&broken);
    assert_non_null(strstr(problem.text, "restart signpostd"));
    assert_int_equal(store_sync(store, &problem), SP_EIO); /* a second try would prove nothing */
    assert_false(store_has_unsynced(store));
    assert_int_equal(store_begin(store, &problem), SP_EIO);
    store_close(store);

    store = open_store(scratch->path); /* what came before is there */
    char *text = dump(store);
    assert_non_null(strstr(text, "one.test."));
    free(text);
    store_close(store);
}

static const struct CMUnitTest tests[] = {
    SCRATCH_TEST(a_full_disk_changes_nothing),
    SCRATCH_TEST(a_database_that_finds_no_room_is_not_created),
    SCRATCH_TEST(a_lock_held_elsewhere_is_told_and_passes),
    SCRATCH_TEST(a_rollback_leaves_no_trace),
    SCRATCH_TEST(what_contradicts_the_schema_is_refused),
    SCRATCH_TEST(a_set_that_has_vanished_is_damage),
    SCRATCH_TEST(what_the_disk_does_not_confirm_ends_all_changes),
};

RUN_TESTS(tests)
