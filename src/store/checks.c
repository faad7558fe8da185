/*
 * Health checks.  A check that is deleted while record sets name it keeps its row, so that they can
 * go on naming it and are the same again when it comes back; the row goes with the last of them, at
 * the next deletion.
 */
#include "internal.h"

#include <assert.h>

/* The columns of CHECK_COLUMNS (statements.c). */
enum { C_ID, C_UP, C_SINCE, C_CREATED_AT, C_IS_DELETED, C_USE_COUNT };

static int decode(struct store *store, sqlite3_stmt *statement, struct health_check *out_check,
                  struct problem *out_problem)
{
    struct health_check check = {
        .up = sqlite3_column_int(statement, C_UP) != 0,
        .since_ms = (uint64_t)sqlite3_column_int64(statement, C_SINCE),
        .created_at = sqlite3_column_int64(statement, C_CREATED_AT),
        .is_deleted = sqlite3_column_int(statement, C_IS_DELETED) != 0,
        .use_count = (uint32_t)sqlite3_column_int64(statement, C_USE_COUNT),
    };
    if (!store__copy_text(check.id, sizeof check.id, statement, C_ID) ||
        health_check_id_check(check.id, NULL) != 0)
        return store__no_sense(store, "health check", check.id, out_problem);
    *out_check = check;
    return 0;
}

static int visit(struct store *store, enum statement_id id,
                 const struct store_object_visitor *visitor, struct problem *out_problem)
{
    struct health_check check;
    bool row;
    sqlite3_stmt *statement = store->statements[id];
    int rc;
    while ((rc = store__step(store, statement, &row, out_problem)) == 0 && row) {
        rc = decode(store, statement, &check, out_problem);
        if (rc == 0)
            rc = visitor->check(visitor->context, &check);
        if (rc != 0)
            break;
    }
    sqlite3_reset(statement);
    return rc;
}

int store_visit_checks(struct store *store, const struct store_object_visitor *visitor,
                       struct problem *out_problem)
{
    return visit(store, CHECKS_ALL, visitor, out_problem);
}

int store_read_check(struct store *store, const char *id, struct health_check *out_check,
                     struct problem *out_problem)
{
    bool row;
    sqlite3_stmt *statement = store->statements[CHECK_READ];
    store__bind_text(statement, 1, id, strlen(id));
    int rc = store__step(store, statement, &row, out_problem);
    if (rc == 0)
        rc = row ? decode(store, statement, out_check, out_problem) : SP_ENOENT;
    sqlite3_reset(statement);
    sqlite3_clear_bindings(statement);
    return rc;
}

/* Runs a statement that must touch one row; `none` is the status when it does not. */
static int run_for_one(struct store *store, enum statement_id id, int none,
                       struct problem *out_problem)
{
    int rc = store__run(store, id, out_problem);
    return rc == 0 && sqlite3_changes64(store->db) == 0 ? none : rc;
}

int store_commit_check(struct store *store, const struct health_check *check,
                       struct problem *out_problem)
{
    sqlite3_stmt *statement = store->statements[CHECK_INSERT];
    assert(!sqlite3_get_autocommit(store->db));
    store__bind_text(statement, 1, check->id, strlen(check->id));
    sqlite3_bind_int64(statement, 2, check->created_at);
    sqlite3_bind_int(statement, 3, check->up);
    sqlite3_bind_int64(statement, 4, (int64_t)check->since_ms);
    return store__finish(store, run_for_one(store, CHECK_INSERT, SP_EEXIST, out_problem),
                         out_problem);
}

int store_commit_check_state(struct store *store, const char *id, bool up, uint64_t since_ms,
                             struct problem *out_problem)
{
    sqlite3_stmt *statement = store->statements[CHECK_SET];
    assert(!sqlite3_get_autocommit(store->db));
    store__bind_text(statement, 1, id, strlen(id));
    sqlite3_bind_int(statement, 2, up);
    sqlite3_bind_int64(statement, 3, (int64_t)since_ms);
    return store__finish(store, run_for_one(store, CHECK_SET, SP_ENOENT, out_problem), out_problem);
}

int store_commit_delete_check(struct store *store, const char *id, int64_t now_s,
                              const struct store_object_visitor *visitor,
                              struct problem *out_problem)
{
    sqlite3_stmt *statement = store->statements[CHECK_DELETE];
    assert(!sqlite3_get_autocommit(store->db));
    store__bind_text(statement, 1, id, strlen(id));
    sqlite3_bind_int64(statement, 2, now_s);
    int rc = run_for_one(store, CHECK_DELETE, SP_ENOENT, out_problem);
    if (rc == 0)
        rc = visit(store, CHECKS_STALE, visitor, out_problem);
    if (rc == 0)
        rc = store__run(store, CHECKS_PURGE, out_problem);
    return store__finish(store, rc, out_problem);
}
