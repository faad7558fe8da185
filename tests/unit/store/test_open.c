/* Which files are opened, created, or refused and left exactly as they are. */
#include "scratch.h"

#include "internal.h"

#include <sys/stat.h>

static const char *const addresses[] = { "192.0.2.1", "192.0.2.2", "192.0.2.3", NULL };

/* Runs SQL on the file, past the store. */
static void execute(const char *path, const char *sql)
{
    sqlite3 *db = NULL;
    char *why = NULL;
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    if (sqlite3_exec(db, sql, NULL, NULL, &why) != SQLITE_OK)
        fail_msg("%s: %s", sql, why);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

static int64_t ask(const char *path, const char *sql)
{
    sqlite3 *db = NULL;
    int64_t number = -1;
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(store__query_number(db, path, sql, &number, NULL), 0);
    sqlite3_close(db);
    return number;
}

static void make_database(const char *path)
{
    struct store *store = open_store(path);
    add_zone(store, "lab.test.", addresses);
    add_zone(store, "other.test.", addresses);
    store_close(store);
}

/* Opening must fail so, say so, and change no octet of the file nor leave one beside it. */
static void assert_refused(const char *path, int status, const char *words)
{
    struct problem problem = { 0 };
    struct store *store = NULL;
    size_t before_size, after_size;
    bool had_log = file_exists(path, "-wal");
    bool had_lock = file_exists(path, "-lock");
    uint8_t *before = read_file(path, &before_size);
    assert_int_equal(store_open(path, &store, &problem), status);
    assert_null(store);
    assert_int_equal(problem.status, status);
    assert_non_null(strstr(problem.text, path));
    if (strstr(problem.text, words) == NULL)
        fail_msg("\"%s\" does not say \"%s\"", problem.text, words);
    uint8_t *after = read_file(path, &after_size);
    assert_int_equal(before_size, after_size);
    assert_memory_equal(before, after, after_size);
    assert_int_equal(file_exists(path, "-wal"), had_log);
    assert_int_equal(file_exists(path, "-lock"), had_lock);
    free(before);
    free(after);
}

static void a_missing_or_empty_file_becomes_a_database(void **state)
{
    struct scratch *scratch = *state;
    for (int empty = 0; empty <= 1; empty++) {
        struct stat status;
        if (empty)
            write_file(scratch->path, "", 0);
        struct store *store = open_store(scratch->path);
        assert_dump(store, "");
        store_close(store);
        assert_int_equal(stat(scratch->path, &status), 0);
        assert_int_equal(status.st_mode & 0777, 0600);
        assert_int_equal(ask(scratch->path, "PRAGMA application_id"), STORE_APPLICATION_ID);
        assert_int_equal(ask(scratch->path, "PRAGMA user_version"), store__schema_version);
        assert_int_equal(unlink(scratch->path), 0);
    }
}

static unsigned mode_of(const char *path, const char *ending)
{
    struct stat status;
    char name[128];
    snprintf(name, sizeof name, "%s%s", path, ending);
    assert_int_equal(stat(name, &status), 0);
    return status.st_mode & 0777;
}

static void a_database_is_its_owners_alone(void **state)
{
    static const char *const endings[] = { "", "-wal", "-shm" };
    struct scratch *scratch = *state;
    mode_t mask = umask(0);
    struct store *store = open_store(scratch->path);
    add_zone(store, "lab.test.", NULL);
    for (size_t i = 0; i < COUNT_OF(endings); i++)
        assert_int_equal(mode_of(scratch->path, endings[i]), 0600);
    store_close(store);
    umask(mask);
    /* As earlier versions made it, or somebody else. */
    assert_int_equal(chmod(scratch->path, 0644), 0);
    store = open_store(scratch->path);
    add_zone(store, "port.test.", NULL);
    for (size_t i = 0; i < COUNT_OF(endings); i++)
        assert_int_equal(mode_of(scratch->path, endings[i]), 0600);
    store_close(store);
}

static void a_path_with_special_characters_is_only_a_path(void **state)
{
    struct scratch *scratch = *state;
    char path[160];
    snprintf(path, sizeof path, "%s/a b?mode=memory#%%41.db", scratch->directory);
    make_database(path);
    struct store *store = open_store(path);
    char *text = dump(store);
    assert_non_null(strstr(text, "other.test."));
    free(text);
    store_close(store);
}

static void what_cannot_be_opened_is_said_with_its_reason(void **state)
{
    struct scratch *scratch = *state;
    struct problem problem = { 0 };
    struct store *store = NULL;
    char path[160];
    snprintf(path, sizeof path, "%s/no/such.db", scratch->directory);
    assert_int_equal(store_open(path, &store, &problem), SP_EIO);
    assert_non_null(strstr(problem.text, "check that the directory exists"));
    assert_int_equal(store_open(scratch->directory, &store, &problem), SP_EIO);
    assert_non_null(strstr(problem.text, "no regular file"));
    assert_null(store);
}

static void a_foreign_or_newer_database_is_left_alone(void **state)
{
    struct scratch *scratch = *state;
    static const struct row {
        const char *why;
        const char *sql;
        int status;
        const char *words;
    } rows[] = {
        { "another program's number", "PRAGMA application_id = 1", SP_EDAMAGED,
          "database of another program" },
        { "no number, no tables of ours", "PRAGMA application_id = 0", SP_EDAMAGED,
          "database of another program" },
        { "a newer schema", "PRAGMA user_version = 1000", SP_ENEWER,
          "newer Signpost (schema 1000" },
        { "a schema that cannot be", "PRAGMA user_version = -1", SP_EDAMAGED, "number -1" },
        { "tables are there, but none are expected", "PRAGMA user_version = 0", SP_EDAMAGED,
          "not ours" },
        { "a table is missing", "DROP TABLE journal_set", SP_EDAMAGED, "journal_set" },
        { "a table is another", "ALTER TABLE change ADD COLUMN x INTEGER", SP_EDAMAGED, "change" },
        { "a table too many", "CREATE TABLE x (y)", SP_EDAMAGED, "not ours" },
        { "a trigger, which would write behind our back",
          "CREATE TRIGGER t AFTER INSERT ON change BEGIN DELETE FROM change; END", SP_EDAMAGED,
          "not ours" },
    };
    for (unsigned i = 0; i < COUNT_OF(rows); i++) {
        make_database(scratch->path);
        execute(scratch->path, rows[i].sql);
        assert_refused(scratch->path, rows[i].status, rows[i].words);
        assert_int_equal(unlink(scratch->path), 0);
    }
    execute(scratch->path, "CREATE TABLE x (y)");
    assert_refused(scratch->path, SP_EDAMAGED, "database of another program");
}

/* A newer version was killed just after its migration: only the log says so. */
static void a_newer_schema_is_seen_in_the_log_too(void **state)
{
    struct scratch *scratch = *state;
    char copy[160], log[176], copy_log[176];
    size_t size;
    make_database(scratch->path);
    sqlite3 *db = NULL;
    assert_int_equal(sqlite3_open(scratch->path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, "PRAGMA user_version = 99", NULL, NULL, NULL), SQLITE_OK);
    snprintf(log, sizeof log, "%s-wal", scratch->path);
    snprintf(copy, sizeof copy, "%s/copy.db", scratch->directory);
    snprintf(copy_log, sizeof copy_log, "%s-wal", copy);
    uint8_t *data = read_file(scratch->path, &size);
    write_file(copy, data, size);
    free(data);
    data = read_file(log, &size);
    write_file(copy_log, data, size);
    sqlite3_close(db);

    assert_refused(copy, SP_ENEWER, "schema 99");
    size_t after_size;
    uint8_t *after = read_file(copy_log, &after_size);
    assert_int_equal(after_size, size);
    assert_memory_equal(after, data, size);
    free(after);
    free(data);
}

static void a_file_that_is_no_database_is_left_alone(void **state)
{
    struct scratch *scratch = *state;
    static const char text[] = "www 300 A 192.0.2.1\n";
    uint8_t zeros[8192] = { 0 };
    write_file(scratch->path, text, sizeof text - 1);
    assert_refused(scratch->path, SP_EDAMAGED, "no SQLite database");
    write_file(scratch->path, zeros, sizeof zeros);
    assert_refused(scratch->path, SP_EDAMAGED, "no SQLite database");
}

static void a_truncated_database_is_left_alone(void **state)
{
    struct scratch *scratch = *state;
    size_t size;
    make_database(scratch->path);
    uint8_t *data = read_file(scratch->path, &size);
    for (size_t kept = 1; kept < size; kept += kept < 200 ? 13 : 1361) {
        write_file(scratch->path, data, kept);
        assert_refused(scratch->path, SP_EDAMAGED, "");
    }
    write_file(scratch->path, data, size - 1);
    assert_refused(scratch->path, SP_EDAMAGED, "ends within a page");
    free(data);
}

static void a_log_without_its_database_is_not_thrown_away(void **state)
{
    struct scratch *scratch = *state;
    struct problem problem = { 0 };
    struct store *store = NULL;
    char log[128];
    snprintf(log, sizeof log, "%s-wal", scratch->path);
    write_file(log, "frames", 6);
    assert_int_equal(store_open(scratch->path, &store, &problem), SP_EDAMAGED);
    assert_non_null(strstr(problem.text, "is missing or empty"));
    assert_false(file_exists(scratch->path, ""));
    write_file(scratch->path, "", 0);
    assert_refused(scratch->path, SP_EDAMAGED, "is missing or empty");
    assert_true(file_exists(scratch->path, "-wal"));
}

/* A process was killed while it created the database: what is there are its first pages and the
 * journal that undoes them. */
static void a_creation_cut_short_is_undone_and_begun_again(void **state)
{
    struct scratch *scratch = *state;
    char journal[128];
    size_t size, journal_size;
    sqlite3 *db = NULL;
    snprintf(journal, sizeof journal, "%s-journal", scratch->path);
    assert_int_equal(sqlite3_open(scratch->path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, "BEGIN; PRAGMA user_version = 1", NULL, NULL, NULL),
                     SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, "PRAGMA application_id = 1399287376", NULL, NULL, NULL),
                     SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, store__migrations[0].sql, NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_db_cacheflush(db), SQLITE_OK); /* which writes the journal first */
    uint8_t *undo = read_file(journal, &journal_size);
    assert_int_equal(sqlite3_exec(db, "COMMIT", NULL, NULL, NULL), SQLITE_OK);
    uint8_t *data = read_file(scratch->path, &size);
    sqlite3_close(db);
    write_file(scratch->path, data, size / 2);
    write_file(journal, undo, journal_size);
    free(data);
    free(undo);

    struct store *store = open_store(scratch->path);
    add_zone(store, "lab.test.", addresses);
    store_close(store);
    store = open_store(scratch->path);
    char *text = dump(store);
    assert_non_null(strstr(text, "a2.lab.test. 300 A"));
    free(text);
    store_close(store);
    assert_false(file_exists(scratch->path, "-journal"));
}

static void only_one_store_at_a_time(void **state)
{
    struct scratch *scratch = *state;
    struct problem problem = { 0 };
    struct store *second = NULL;
    struct store *store = open_store(scratch->path);
    assert_int_equal(store_open(scratch->path, &second, &problem), SP_EBUSY);
    assert_null(second);
    assert_non_null(strstr(problem.text, "another signpostd uses this database"));
    add_zone(store, "lab.test.", addresses); /* the refusal has not disturbed the first */
    store_close(store);
    second = open_store(scratch->path);
    store_close(second);
}

static void others_may_read_meanwhile(void **state)
{
    struct scratch *scratch = *state;
    struct store *store = open_store(scratch->path);
    add_zone(store, "lab.test.", addresses);
    assert_int_equal(ask(scratch->path, "SELECT count(*) FROM record_set"), 5);
    add_zone(store, "other.test.", addresses);
    assert_int_equal(ask(scratch->path, "SELECT count(*) FROM record_set"), 10);
    store_close(store);
}

static void migrations_run_in_order_and_each_wholly_or_not_at_all(void **state)
{
    struct scratch *scratch = *state;
    static const struct migration broken[] = {
        { "CREATE TABLE a (x); INSERT INTO a VALUES (1);" },
        { "ALTER TABLE a ADD COLUMN y DEFAULT 2; CREATE TABLE b (x); INSERT INTO c VALUES (1);" },
    };
    static const struct migration mended[] = {
        { "this one is done and is not run again" },
        { "ALTER TABLE a ADD COLUMN y DEFAULT 2; CREATE TABLE b (x);" },
        { "INSERT INTO b SELECT x + y FROM a;" },
    };
    struct problem problem = { 0 };
    sqlite3 *db = NULL;
    int64_t number = -1;
    assert_int_equal(sqlite3_open(scratch->path, &db), SQLITE_OK);
    assert_int_not_equal(store__migrate(db, scratch->path, broken, 2, &problem), 0);
    assert_non_null(strstr(problem.text, "no such table: c"));
    assert_true(sqlite3_get_autocommit(db));
    assert_int_equal(store__query_number(db, "", "PRAGMA user_version", &number, NULL), 0);
    assert_int_equal(number, 1);
    store__query_number(db, "", "SELECT count(*) FROM sqlite_schema", &number, NULL);
    assert_int_equal(number, 1);

    assert_int_equal(store__migrate(db, scratch->path, mended, 3, &problem), 0);
    store__query_number(db, "", "PRAGMA user_version", &number, NULL);
    assert_int_equal(number, 3);
    store__query_number(db, "", "SELECT x FROM b", &number, NULL);
    assert_int_equal(number, 3);
    assert_int_equal(store__migrate(db, scratch->path, mended, 3, &problem), 0);
    store__query_number(db, "", "SELECT count(*) FROM b", &number, NULL);
    assert_int_equal(number, 1);
    sqlite3_close(db);
}

static const struct CMUnitTest tests[] = {
    SCRATCH_TEST(a_missing_or_empty_file_becomes_a_database),
    SCRATCH_TEST(a_database_is_its_owners_alone),
    SCRATCH_TEST(a_path_with_special_characters_is_only_a_path),
    SCRATCH_TEST(what_cannot_be_opened_is_said_with_its_reason),
    SCRATCH_TEST(a_foreign_or_newer_database_is_left_alone),
    SCRATCH_TEST(a_newer_schema_is_seen_in_the_log_too),
    SCRATCH_TEST(a_file_that_is_no_database_is_left_alone),
    SCRATCH_TEST(a_truncated_database_is_left_alone),
    SCRATCH_TEST(a_log_without_its_database_is_not_thrown_away),
    SCRATCH_TEST(a_creation_cut_short_is_undone_and_begun_again),
    SCRATCH_TEST(only_one_store_at_a_time),
    SCRATCH_TEST(others_may_read_meanwhile),
    SCRATCH_TEST(migrations_run_in_order_and_each_wholly_or_not_at_all),
};

RUN_TESTS(tests)
