#include "internal.h"

#include "signpost/base/log.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

/*
 * What is published lives in the memory of one process, so a second one that writes to the same
 * database would leave the first with a stale picture of it.  SQLite's own locks are held for a
 * transaction at a time and cannot tell; a lock on a file beside it can, and leaves the database
 * open to other programs that read it.  The kernel drops the lock with the process, however that
 * ends.
 */
static int take_lock(struct store *store, struct problem *out_problem)
{
    char *name = sqlite3_mprintf("%s-lock", store->path);
    if (name == NULL)
        return problem_set(out_problem, SP_ENOMEM, "%s: no memory", store->path);
    store->lock = open(name, O_RDWR | O_CREAT | O_CLOEXEC, 0640);
    int error = errno;
    sqlite3_free(name);
    if (store->lock < 0)
        return problem_set(
            out_problem, SP_EIO,
            "%s-lock: cannot be created: %s: check that the directory exists and that "
            "the user who runs this may write there",
            store->path, strerror(error));
    if (flock(store->lock, LOCK_EX | LOCK_NB) != 0)
        return problem_set(
            out_problem, SP_EBUSY,
            "%s: another signpostd uses this database: stop it first, or give this one a "
            "database of its own",
            store->path);
    return 0;
}

static int open_for_writing(struct store *store, struct problem *out_problem)
{
    static const char settings[] = "PRAGMA cell_size_check = ON;"
                                   "PRAGMA foreign_keys = ON; PRAGMA synchronous = FULL;";
    int code =
        sqlite3_open_v2(store->path, &store->db,
                        SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, NULL);
    if (store->db == NULL)
        return problem_set(out_problem, SP_ENOMEM, "%s: no memory", store->path);
    if (code != SQLITE_OK)
        return store__problem(store->db, store->path, out_problem);
    sqlite3_busy_timeout(store->db, STORE_BUSY_TIMEOUT_MS);
    if (sqlite3_exec(store->db, settings, NULL, NULL, NULL) != SQLITE_OK)
        return store__problem(store->db, store->path, out_problem);
    return 0;
}

/* SQLite takes the mode of the files it puts beside the database from the database. */
static int create_file(struct store *store, struct problem *out_problem)
{
    int file = open(store->path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (file < 0)
        return problem_set(
            out_problem, SP_EIO,
            "%s: cannot be created: %s: check that the user who runs this may write there",
            store->path, strerror(errno));
    close(file);
    return 0;
}

/* The secrets of access keys stand in these files, which were made readable for a group once. */
static int narrow_file(const char *path, struct problem *out_problem)
{
    struct stat status;
    if (stat(path, &status) != 0 || (status.st_mode & 077) == 0)
        return 0; /* what cannot be looked at will be complained of when it is opened */
    if (chmod(path, status.st_mode & 0700) != 0)
        return problem_set(out_problem, SP_EIO,
                           "%s: other users may open it, which holds the secrets of access keys, "
                           "and that cannot be changed: %s: chmod 600 it, or give it to the user "
                           "who runs this",
                           path, strerror(errno));
    log_write(LOG_LEVEL_WARNING, "other users could open the database; now they cannot any more",
              "file", path, NULL);
    return 0;
}

static int narrow_files(const struct store *store, struct problem *out_problem)
{
    static const char *const endings[] = { "", "-wal", "-shm", "-journal" };
    int rc = 0;
    for (size_t i = 0; rc == 0 && i < sizeof endings / sizeof *endings; i++) {
        char *path = sqlite3_mprintf("%s%s", store->path, endings[i]);
        rc = path != NULL ? narrow_file(path, out_problem)
                          : problem_set(out_problem, SP_ENOMEM, "%s: no memory", store->path);
        sqlite3_free(path);
    }
    return rc;
}

/* Only after the first migration: created within one rollback journal, the file is either empty or
 * whole, and its header names us from the first moment on. */
static int enter_wal_mode(struct store *store, struct problem *out_problem)
{
    char settings[96];
    sqlite3_stmt *statement = NULL;
    int rc = 0;
    if (sqlite3_prepare_v2(store->db, "PRAGMA journal_mode = WAL", -1, &statement, NULL) !=
            SQLITE_OK ||
        sqlite3_step(statement) != SQLITE_ROW)
        rc = store__problem(store->db, store->path, out_problem);
    else if (strcmp((const char *)sqlite3_column_text(statement, 0), "wal") != 0)
        rc = problem_set(
            out_problem, SP_EIO,
            "%s: its file system cannot share memory between processes, as a write-ahead "
            "log needs: put the database on a local file system",
            store->path);
    sqlite3_finalize(statement);
    sqlite3_snprintf(sizeof settings, settings,
                     "PRAGMA journal_size_limit = %d;"
                     "PRAGMA synchronous = NORMAL;", /* store_sync does the rest */
                     STORE_WAL_SIZE_KEPT);
    if (rc == 0 && sqlite3_exec(store->db, settings, NULL, NULL, NULL) != SQLITE_OK)
        rc = store__problem(store->db, store->path, out_problem);
    return rc;
}

/* Lets SQLite roll back the creation that a killed process began, and looks again. */
static int undo_creation(struct store *store, enum store_file *out_file,
                         struct problem *out_problem)
{
    int64_t ignored;
    int rc = open_for_writing(store, out_problem);
    if (rc == 0)
        rc = store__query_number(store->db, store->path, "SELECT count(*) FROM sqlite_schema",
                                 &ignored, out_problem);
    sqlite3_close(store->db);
    store->db = NULL;
    if (rc == 0)
        rc = store__inspect(store->path, out_file, out_problem);
    if (rc == 0 && *out_file == STORE_FILE_UNFINISHED)
        rc = store__damaged(store->path, out_problem, "its rollback journal cannot be used");
    return rc;
}

static int open_steps(struct store *store, struct problem *out_problem)
{
    enum store_file file = STORE_FILE_NONE;
    int rc = store__inspect(store->path, &file, out_problem);
    if (rc == 0)
        rc = take_lock(store, out_problem);
    if (rc == 0)
        rc = narrow_files(store, out_problem);
    if (rc == 0 && file == STORE_FILE_UNFINISHED)
        rc = undo_creation(store, &file, out_problem);
    if (rc == 0 && file == STORE_FILE_NONE)
        rc = create_file(store, out_problem);
    if (rc == 0)
        rc = open_for_writing(store, out_problem);
    if (rc == 0)
        rc = store__migrate(store->db, store->path, store__migrations, store__schema_version,
                            out_problem);
    if (rc == 0)
        rc = enter_wal_mode(store, out_problem);
    if (rc == 0)
        rc = store__prepare(store, out_problem);
    return rc;
}

int store_open(const char *path, struct store **out_store, struct problem *out_problem)
{
    struct store *store = calloc(1, sizeof *store);
    if (store == NULL)
        return problem_set(out_problem, SP_ENOMEM, "%s: no memory", path);
    store->lock = -1;
    store->path = strdup(path);
    int rc = store->path == NULL ? problem_set(out_problem, SP_ENOMEM, "%s: no memory", path)
                                 : open_steps(store, out_problem);
    if (rc == 0)
        *out_store = store;
    else
        store_close(store);
    return rc;
}

void store_close(struct store *store)
{
    if (store == NULL)
        return;
    if (store->db != NULL) {
        store_rollback(store);
        store__finalize(store);
        if (store->damaged)
            sqlite3_db_config(store->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
        int code = sqlite3_close(store->db);
        assert(code == SQLITE_OK);
        (void)code;
    }
    if (store->lock >= 0)
        close(store->lock);
    free(store->path);
    free(store);
}

static int not_confirmed(const struct store *store, struct problem *out_problem)
{
    return problem_set(
        out_problem, SP_EIO,
        "%s: the disk did not confirm what was written to it: nothing can be changed "
        "any more; see to the disk, then restart signpostd.  DNS goes on",
        store->path);
}

int store_begin(struct store *store, struct problem *out_problem)
{
    assert(sqlite3_get_autocommit(store->db));
    if (store->unsure)
        return not_confirmed(store, out_problem);
    return store__run(store, BEGIN_WRITE, out_problem);
}

/* SQLite may have rolled back by itself already (a full disk); and when the rollback's own run
 * meets an error, the transaction is over all the same. */
void store_rollback(struct store *store)
{
    if (!sqlite3_get_autocommit(store->db))
        store__run(store, ROLLBACK, NULL);
}

bool store_has_unsynced(const struct store *store)
{
    return store->unsynced && !store->unsure;
}

/* In WAL mode SQLite's "journal" is the log.  A second try would prove nothing: after an error the
 * system counts the pages as written (fsync(2)). */
int store_sync(struct store *store, struct problem *out_problem)
{
    sqlite3_file *log = NULL;
    if (!store_has_unsynced(store))
        return store->unsure ? not_confirmed(store, out_problem) : 0;
    if (sqlite3_file_control(store->db, "main", SQLITE_FCNTL_JOURNAL_POINTER, &log) != SQLITE_OK ||
        log == NULL || log->pMethods == NULL ||
        log->pMethods->xSync(log, SQLITE_SYNC_NORMAL) != SQLITE_OK) {
        store->unsure = true;
        return not_confirmed(store, out_problem);
    }
    store->unsynced = false;
    return 0;
}
