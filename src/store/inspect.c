/*
 * The look before the first write.  A database that is damaged, foreign or newer must stay byte for
 * byte as it is, and SQLite opened for writing makes no such promise: it checkpoints and rolls
 * back. So the file is first opened for reading only.  Where nothing stands beside it, it is even
 * opened as immutable, or SQLite would leave a log and an index of it behind.
 */
#include "internal.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* The database file's header (https://www.sqlite.org/fileformat.html §1.3). */
#define HEADER_SIZE           100
#define HEADER_PAGE_SIZE      16
#define HEADER_USER_VERSION   60
#define HEADER_APPLICATION_ID 68

struct look {
    const char *path;
    sqlite3 *db;
    bool has_log;     /* the -wal that a killed process left: the newest changes are there */
    bool has_journal; /* the -journal that a creation cut short left */
};

/* The size of the file at path with suffix, -1 when there is none. */
static int size_beside(const char *path, const char *suffix, int64_t *out_size,
                       struct problem *out_problem)
{
    struct stat status;
    char *name = sqlite3_mprintf("%s%s", path, suffix);
    if (name == NULL)
        return problem_set(out_problem, SP_ENOMEM, "%s: no memory", path);
    int failed = stat(name, &status);
    int error = errno;
    sqlite3_free(name);
    if (failed != 0 && error != ENOENT)
        return problem_set(out_problem, SP_EIO, "%s%s: cannot be read: %s", path, suffix,
                           strerror(error));
    if (failed == 0 && !S_ISREG(status.st_mode))
        return problem_set(out_problem, SP_EIO,
                           "%s%s: is no regular file: name another as database", path, suffix);
    *out_size = failed == 0 ? status.st_size : -1;
    return 0;
}

/* file:PATH?immutable=1, the path's own '?', '#' and '%' escaped. */
static char *make_uri(const char *path, bool immutable)
{
    static const char options[] = "?immutable=1";
    char *uri = malloc(strlen(path) * 3 + sizeof "file://" + sizeof options);
    if (uri == NULL)
        return NULL;
    char *to = uri + sprintf(uri, path[0] == '/' ? "file://" : "file:");
    for (; *path != 0; path++) {
        if (strchr("?#%", *path) != NULL)
            to += sprintf(to, "%%%02x", (unsigned char)*path);
        else
            *to++ = *path;
    }
    strcpy(to, immutable ? options : "");
    return uri;
}

static int open_for_reading(struct look *look, struct problem *out_problem)
{
    char *uri = make_uri(look->path, !look->has_log && !look->has_journal);
    if (uri == NULL)
        return problem_set(out_problem, SP_ENOMEM, "%s: no memory", look->path);
    int code = sqlite3_open_v2(uri, &look->db,
                               SQLITE_OPEN_READONLY | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX, NULL);
    free(uri);
    if (look->db == NULL)
        return problem_set(out_problem, SP_ENOMEM, "%s: no memory", look->path);
    if (code != SQLITE_OK)
        return store__problem(look->db, look->path, out_problem);
    sqlite3_busy_timeout(look->db, STORE_BUSY_TIMEOUT_MS);
    /* What this connection cannot do to the file it shall not try either. */
    sqlite3_db_config(look->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
    return 0;
}

static int check_version(const char *path, int64_t application_id, int64_t version,
                         struct problem *out_problem)
{
    if (application_id != STORE_APPLICATION_ID)
        return problem_set(
            out_problem, SP_EDAMAGED,
            "%s: is the database of another program: it was left as it is; name another "
            "file as database",
            path);
    if (version > store__schema_version)
        return store__newer(path, version, out_problem);
    if (version < 0)
        return store__damaged(path, out_problem, "its schema has the number %lld",
                              (long long)version);
    return 0;
}

/* The file's first octets, past SQLite: what it would refuse or undo can still be told from them.
 */
static int check_header(struct look *look, struct problem *out_problem)
{
    uint8_t header[HEADER_SIZE];
    sqlite3_file *file = NULL;
    sqlite3_int64 size = 0;
    sqlite3_file_control(look->db, "main", SQLITE_FCNTL_FILE_POINTER, &file);
    if (file == NULL || file->pMethods == NULL ||
        file->pMethods->xFileSize(file, &size) != SQLITE_OK)
        return problem_set(out_problem, SP_EIO, "%s: the file cannot be read", look->path);
    int code = file->pMethods->xRead(file, header, sizeof header, 0);
    if (code != SQLITE_OK && code != SQLITE_IOERR_SHORT_READ)
        return problem_set(out_problem, SP_EIO,
                           "%s: the file cannot be read: look for errors of the "
                           "disk",
                           look->path);
    if (code != SQLITE_OK || memcmp(header, "SQLite format 3", 16) != 0)
        return problem_set(
            out_problem, SP_EDAMAGED,
            "%s: is no SQLite database, or its beginning is damaged: it was left as it "
            "is; restore a backup, or name another file as database",
            look->path);
    int rc = check_version(look->path, (int32_t)get_u32(header + HEADER_APPLICATION_ID),
                           (int32_t)get_u32(header + HEADER_USER_VERSION), out_problem);
    if (rc != 0)
        return rc;
    unsigned page_size = get_u16(header + HEADER_PAGE_SIZE);
    page_size = page_size == 1 ? 65536 : page_size; /* the format's way to write it in 16 bits */
    /* SQLite reads a last page that was cut short as if zeros followed.  Only a killed process's
     * log still has what such a page lacks. */
    if (!look->has_log && !look->has_journal && (page_size == 0 || size % page_size != 0))
        return store__damaged(look->path, out_problem, "the file ends within a page");
    return 0;
}

/* SQLite's own search for damage: every page, every index. */
static int check_integrity(struct look *look, struct problem *out_problem)
{
    sqlite3_stmt *statement = NULL;
    int64_t page_count = 0, page_size = 0;
    int rc =
        store__query_number(look->db, look->path, "PRAGMA page_count", &page_count, out_problem);
    if (rc == 0)
        rc = store__query_number(look->db, look->path, "PRAGMA page_size", &page_size, out_problem);
    if (rc != 0 || page_count * page_size > STORE_CHECK_SIZE_MAX)
        return rc;
    if (sqlite3_prepare_v2(look->db, "PRAGMA integrity_check(1)", -1, &statement, NULL) !=
            SQLITE_OK ||
        sqlite3_step(statement) != SQLITE_ROW) {
        rc = store__problem(look->db, look->path, out_problem);
    } else {
        const char *verdict = (const char *)sqlite3_column_text(statement, 0);
        if (verdict == NULL || strcmp(verdict, "ok") != 0)
            rc = store__damaged(look->path, out_problem, "%s", verdict != NULL ? verdict : "?");
    }
    sqlite3_finalize(statement);
    return rc;
}

/* The same as SQLite sees it: with what a killed process left in its log. */
static int check_content(struct look *look, enum store_file *out_file, struct problem *out_problem)
{
    int64_t application_id, version;
    int rc = store__query_number(look->db, look->path, "PRAGMA application_id", &application_id,
                                 out_problem);
    if (rc != 0 && look->has_journal &&
        sqlite3_extended_errcode(look->db) == SQLITE_READONLY_ROLLBACK) {
        problem_set(out_problem, 0, "%s", "");
        *out_file = STORE_FILE_UNFINISHED;
        return 0;
    }
    if (rc == 0)
        rc =
            store__query_number(look->db, look->path, "PRAGMA user_version", &version, out_problem);
    if (rc == 0)
        rc = check_version(look->path, application_id, version, out_problem);
    if (rc == 0)
        rc = store__check_schema(look->db, look->path, (int)version, out_problem);
    if (rc == 0)
        rc = check_integrity(look, out_problem);
    if (rc == 0)
        *out_file = STORE_FILE_READY;
    return rc;
}

int store__inspect(const char *path, enum store_file *out_file, struct problem *out_problem)
{
    struct look look = { .path = path };
    int64_t size, log_size, journal_size;
    int rc = size_beside(path, "", &size, out_problem);
    if (rc == 0)
        rc = size_beside(path, "-wal", &log_size, out_problem);
    if (rc == 0)
        rc = size_beside(path, "-journal", &journal_size, out_problem);
    if (rc != 0)
        return rc;
    look.has_log = log_size > 0;
    look.has_journal = journal_size > 0;
    if (size <= 0 && look.has_log)
        return problem_set(
            out_problem, SP_EDAMAGED,
            "%s: is missing or empty, but %s-wal beside it has changes of that database: "
            "put the file back, restore a backup, or move the log away to start with an "
            "empty database",
            path, path);
    if (size <= 0) {
        *out_file = STORE_FILE_NONE;
        return 0;
    }
    rc = open_for_reading(&look, out_problem);
    if (rc == 0)
        rc = check_header(&look, out_problem);
    if (rc == 0)
        rc = check_content(&look, out_file, out_problem);
    sqlite3_close(look.db);
    return rc;
}
