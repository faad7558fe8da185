#include "internal.h"

#include "signpost/store/access_keys.h"

#include <assert.h>
#include <string.h>

/* The columns of AUDIT_COLUMNS (statements.c), and by number the parameters of AUDIT_INSERT. */
enum { A_ID, A_TIME, A_KEY, A_SOURCE, A_OPERATION, A_ZONE, A_RESULT, A_REQUEST };

void store_set_audit(struct store *store, const struct audit_entry *entry)
{
    store->audited = entry != NULL;
    if (entry != NULL)
        store->audit = *entry;
}

bool store_awaits_audit(const struct store *store)
{
    return store->audited;
}

void store__audit_zone(struct store *store, const uint8_t *name)
{
    if (store->audited && store->audit.zone[0] == '\0')
        dns_name_to_text(store->audit.zone, name);
}

static void bind_text(sqlite3_stmt *statement, int index, const char *text)
{
    store__bind_text(statement, index, text, strlen(text));
}

int store_gather_audit(struct store *store, const struct audit_entry *entry)
{
    if (store->gathered_count == AUDIT_WAITING_MAX)
        return SP_ELIMIT;
    store->gathered[store->gathered_count++] = *entry;
    return 0;
}

unsigned store_gathered_audit(const struct store *store)
{
    return store->gathered_count;
}

static int put(struct store *store, const struct audit_entry *entry, struct problem *out_problem)
{
    sqlite3_stmt *statement = store->statements[AUDIT_INSERT];
    assert(!sqlite3_get_autocommit(store->db));
    sqlite3_bind_int64(statement, A_TIME, (int64_t)entry->time_ms);
    bind_text(statement, A_KEY, entry->key_id);
    bind_text(statement, A_SOURCE, entry->source);
    bind_text(statement, A_OPERATION, entry->operation);
    bind_text(statement, A_ZONE, entry->zone);
    bind_text(statement, A_RESULT, entry->result);
    bind_text(statement, A_REQUEST, entry->request_id);
    sqlite3_bind_int64(store->statements[AUDIT_PRUNE], 1, AUDIT_ROWS_KEPT);
    int rc = store__run(store, AUDIT_INSERT, out_problem);
    return rc == 0 ? store__run(store, AUDIT_PRUNE, out_problem) : rc;
}

int store__commit(struct store *store, struct problem *out_problem)
{
    int rc = 0;
    for (unsigned i = 0; rc == 0 && i < store->gathered_count; i++)
        rc = put(store, &store->gathered[i], out_problem);
    if (rc == 0 && store->audited)
        rc = put(store, &store->audit, out_problem);
    if (rc == 0)
        rc = store__run(store, COMMIT, out_problem);
    if (rc != 0)
        return rc;
    store->gathered_count = 0;
    store->audited = false;
    store->unsynced = true;
    return 0;
}

/* ---- reading ---- */

static bool decode(sqlite3_stmt *statement, struct audit_entry *out_entry)
{
    *out_entry = (struct audit_entry){
        .id = sqlite3_column_int64(statement, A_ID),
        .time_ms = (uint64_t)sqlite3_column_int64(statement, A_TIME),
    };
    return store__copy_text(out_entry->key_id, sizeof out_entry->key_id, statement, A_KEY) &&
           store__copy_text(out_entry->source, sizeof out_entry->source, statement, A_SOURCE) &&
           store__copy_text(out_entry->operation, sizeof out_entry->operation, statement,
                            A_OPERATION) &&
           store__copy_text(out_entry->zone, sizeof out_entry->zone, statement, A_ZONE) &&
           store__copy_text(out_entry->result, sizeof out_entry->result, statement, A_RESULT) &&
           store__copy_text(out_entry->request_id, sizeof out_entry->request_id, statement,
                            A_REQUEST);
}

static sqlite3_stmt *open_query(struct store *store, const struct audit_query *query)
{
    enum statement_id id = query->zone != NULL  ? AUDIT_OF_ZONE
                           : query->key != NULL ? AUDIT_OF_KEY
                                                : AUDIT_NEWEST_FIRST;
    sqlite3_stmt *statement = store->statements[id];
    sqlite3_bind_int64(statement, 1, query->after > 0 ? query->after : INT64_MAX);
    sqlite3_bind_int64(statement, 2, query->limit);
    if (query->zone != NULL)
        bind_text(statement, 3, query->zone);
    if (query->key != NULL)
        bind_text(statement, 4, query->key);
    return statement;
}

int store_visit_audit(struct store *store, const struct audit_query *query,
                      int (*visit)(void *context, const struct audit_entry *entry), void *context,
                      struct problem *out_problem)
{
    struct audit_entry entry;
    bool row;
    int rc;
    sqlite3_stmt *statement = open_query(store, query);
    while ((rc = store__step(store, statement, &row, out_problem)) == 0 && row) {
        rc = decode(statement, &entry) ? visit(context, &entry)
                                       : store__no_sense(store, "audit row", "", out_problem);
        if (rc != 0)
            break;
    }
    sqlite3_reset(statement);
    sqlite3_clear_bindings(statement);
    return rc;
}
