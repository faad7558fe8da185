/*
 * Zonal shifts.
 */
#include "internal.h"

#include "signpost/store/recovery.h"

#include <assert.h>

/* The columns of SHIFT_COLUMNS (statements.c), and by number plus one the parameters of SHIFT_PUT.
 */
enum { H_ID, H_RESOURCE, H_AWAY_FROM, H_COMMENT, H_STATUS, H_STARTED, H_EXPIRES, H_ENDED };

static bool decode_row(sqlite3_stmt *statement, struct zonal_shift *out_shift)
{
    char status[16];
    struct span key = store__column_span(statement, H_RESOURCE);
    *out_shift = (struct zonal_shift){
        .started_ms = (uint64_t)sqlite3_column_int64(statement, H_STARTED),
        .expires_ms = (uint64_t)sqlite3_column_int64(statement, H_EXPIRES),
        .ended_ms = (uint64_t)sqlite3_column_int64(statement, H_ENDED),
    };
    return store__copy_text(out_shift->id, sizeof out_shift->id, statement, H_ID) &&
           dns_name_from_key(out_shift->resource, (const char *)key.data, key.size) > 0 &&
           store__copy_text(out_shift->away_from, sizeof out_shift->away_from, statement,
                            H_AWAY_FROM) &&
           store__copy_text(out_shift->comment, sizeof out_shift->comment, statement, H_COMMENT) &&
           store__copy_text(status, sizeof status, statement, H_STATUS) &&
           shift_status_find(status, &out_shift->status) == 0;
}

static int decode(struct store *store, sqlite3_stmt *statement, struct zonal_shift *out_shift,
                  struct problem *out_problem)
{
    struct zonal_shift shift;
    if (!decode_row(statement, &shift))
        return store__no_sense(store, "zonal shift", shift.id, out_problem);
    *out_shift = shift;
    return 0;
}

int store_visit_shifts(struct store *store,
                       int (*visit)(void *context, const struct zonal_shift *shift), void *context,
                       struct problem *out_problem)
{
    struct zonal_shift shift;
    bool row;
    sqlite3_stmt *statement = store->statements[SHIFTS_ALL];
    int rc;
    while ((rc = store__step(store, statement, &row, out_problem)) == 0 && row) {
        rc = decode(store, statement, &shift, out_problem);
        if (rc == 0)
            rc = visit(context, &shift);
        if (rc != 0)
            break;
    }
    sqlite3_reset(statement);
    return rc;
}

/* The row of a statement that finds one at most, and whose parameters are bound. */
static int find(struct store *store, enum statement_id id, struct zonal_shift *out_shift,
                struct problem *out_problem)
{
    bool row;
    sqlite3_stmt *statement = store->statements[id];
    int rc = store__step(store, statement, &row, out_problem);
    if (rc == 0)
        rc = row ? decode(store, statement, out_shift, out_problem) : SP_ENOENT;
    sqlite3_reset(statement);
    sqlite3_clear_bindings(statement);
    return rc;
}

int store_find_shift(struct store *store, const char *id, struct zonal_shift *out_shift,
                     struct problem *out_problem)
{
    store__bind_text(store->statements[SHIFT_READ], 1, id, strlen(id));
    return find(store, SHIFT_READ, out_shift, out_problem);
}

int store_find_active_shift(struct store *store, const uint8_t *resource,
                            struct zonal_shift *out_shift, struct problem *out_problem)
{
    char key[DNS_NAME_TEXT_SIZE];
    size_t size = dns_name_to_key(key, resource);
    store__bind_text(store->statements[SHIFT_OF_RESOURCE], 1, key, size);
    return find(store, SHIFT_OF_RESOURCE, out_shift, out_problem);
}

int store_find_next_shift(struct store *store, struct zonal_shift *out_shift,
                          struct problem *out_problem)
{
    return find(store, SHIFT_NEXT, out_shift, out_problem);
}

static void bind_text(sqlite3_stmt *statement, int column, const char *text)
{
    store__bind_text(statement, column + 1, text, strlen(text));
}

int store_put_shift(struct store *store, const struct zonal_shift *shift,
                    struct problem *out_problem)
{
    char key[DNS_NAME_TEXT_SIZE];
    size_t size = dns_name_to_key(key, shift->resource);
    sqlite3_stmt *statement = store->statements[SHIFT_PUT];
    assert(!sqlite3_get_autocommit(store->db));
    bind_text(statement, H_ID, shift->id);
    store__bind_text(statement, H_RESOURCE + 1, key, size);
    bind_text(statement, H_AWAY_FROM, shift->away_from);
    bind_text(statement, H_COMMENT, shift->comment);
    bind_text(statement, H_STATUS, shift_status_name(shift->status));
    sqlite3_bind_int64(statement, H_STARTED + 1, (int64_t)shift->started_ms);
    sqlite3_bind_int64(statement, H_EXPIRES + 1, (int64_t)shift->expires_ms);
    sqlite3_bind_int64(statement, H_ENDED + 1, (int64_t)shift->ended_ms);
    int rc = store__run(store, SHIFT_PUT, out_problem);
    sqlite3_bind_int(store->statements[SHIFTS_PRUNE], 1, SHIFTS_KEPT);
    return rc == 0 ? store__run(store, SHIFTS_PRUNE, out_problem) : rc;
}
