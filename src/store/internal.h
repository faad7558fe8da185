/*
 * store/internal.h - what the files of this module share.
 *
 * Statements are prepared once, when the database is opened, and their texts stand in one table
 * (statements.c).  Every SQLite error becomes a status and a sentence in one place (problem.c).
 */
#ifndef STORE_INTERNAL_H
#define STORE_INTERNAL_H

#include "signpost/dns/types.h"
#include "signpost/store/store.h"

#include <sqlite3.h>
#include <stdbool.h>

/* In the file's header: who made it ("SgnP"). */
#define STORE_APPLICATION_ID 0x53676e50

enum statement_id {
    BEGIN_READ,
    BEGIN_WRITE,
    COMMIT,
    ROLLBACK,
    ZONES_OLDEST_FIRST,
    ZONES_BY_NAME,
    ZONE_BY_ID,
    ZONE_BY_NAME,
    ZONE_BY_PUBLIC_ID,
    ZONE_INSERT,
    ZONE_UPDATE,
    ZONE_DELETE,
    SETS_OF_ALL,
    SETS_OF_ZONE,
    SETS_OF_NAME,
    SETS_BEYOND_APEX,
    SETS_DELETE,
    SET_INSERT,
    SET_UPDATE,
    SET_DELETE,
    JOURNAL_INSERT,
    JOURNAL_SET_INSERT,
    JOURNAL_PRUNE,
    JOURNAL_FORGET,
    JOURNAL_FORGET_DELETED,
    CHANGE_INSERT,
    CHANGE_PRUNE,
    STATEMENT_COUNT
};

struct store {
    sqlite3 *db;
    char *path;
    int lock;     /* descriptor of the lock file, -1 while it is not held */
    bool damaged; /* found so while reading: nothing more is written, not even a checkpoint */
    sqlite3_stmt *statements[STATEMENT_COUNT];
};

/* statements.c */
int store__prepare(struct store *store, struct problem *out_problem);
void store__finalize(struct store *store);

/* Runs one statement to its end and makes it ready for the next time. */
int store__run(struct store *store, enum statement_id id, struct problem *out_problem);

/* The next row: *out_row is false at the end.  The statement must be reset after the last row that
 * the caller wants. */
int store__step(struct store *store, sqlite3_stmt *statement, bool *out_row,
                struct problem *out_problem);

/* Binding whole numbers, and text or blobs that stay the caller's, cannot fail. */
void store__bind_text(sqlite3_stmt *statement, int index, const char *text, size_t size);
void store__bind_blob(sqlite3_stmt *statement, int index, const void *data, size_t size);

/* problem.c: the words for what SQLite reported last on that connection. */
int store__problem(sqlite3 *db, const char *path, struct problem *out_problem);
int store__damaged(const char *path, struct problem *out_problem, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* schema.c: one step takes a database from its index in the table to the next version. */
struct migration {
    const char *sql;
};
extern const struct migration store__migrations[];
extern const int store__schema_version; /* how many there are, and what user_version comes to */

/* Brings the database up to date, one transaction a step. */
int store__migrate(sqlite3 *db, const char *path, const struct migration *migrations,
                   int migration_count, struct problem *out_problem);

/* The words for a database of a later version. */
int store__newer(const char *path, int64_t version, struct problem *out_problem);

/* Whether the tables are exactly those that the first `version` steps make. */
int store__check_schema(sqlite3 *db, const char *path, int version, struct problem *out_problem);

/* One whole number from a query without parameters. */
int store__query_number(sqlite3 *db, const char *path, const char *sql, int64_t *out_number,
                        struct problem *out_problem);

/* inspect.c: a look at the file that changes nothing in it. */
enum store_file {
    STORE_FILE_NONE,       /* missing or empty: may be created */
    STORE_FILE_UNFINISHED, /* its creation was cut short: SQLite will undo that when it may write */
    STORE_FILE_READY
};
int store__inspect(const char *path, enum store_file *out_file, struct problem *out_problem);

/* digest.c: what a zone's digest column adds up from. */
uint64_t store__zone_digest(const struct hosted_zone *zone);
uint64_t store__set_digest(int64_t zone_id, struct span owner_key, const struct record_set *set);

/* read.c: the stored row of a zone, with its digest.  SP_ENOENT without words. */
int store__read_zone_row(struct store *store, enum statement_id id, struct hosted_zone *out_zone,
                         uint64_t *out_digest, struct problem *out_problem);

#endif
