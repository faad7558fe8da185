#include "internal.h"

#include "signpost/store/delegation_sets.h"

#include <string.h>

/* The columns of DELEGATION_SET_COLUMNS (statements.c). */
enum { D_ID, D_REFERENCE, D_SERVER, D_CREATED_AT = D_SERVER + ZONE_SERVER_COUNT };

static int decode(struct store *store, sqlite3_stmt *statement, struct delegation_set *out_set,
                  struct problem *out_problem)
{
    out_set->id[0] = '\0';
    if (!store__copy_text(out_set->id, sizeof out_set->id, statement, D_ID) ||
        !store__copy_text(out_set->caller_reference, sizeof out_set->caller_reference, statement,
                          D_REFERENCE))
        return store__no_sense(store, "delegation set", out_set->id, out_problem);
    for (int i = 0; i < ZONE_SERVER_COUNT; i++)
        out_set->name_servers[i] = (uint16_t)sqlite3_column_int(statement, D_SERVER + i);
    out_set->created_at = sqlite3_column_int64(statement, D_CREATED_AT);
    return 0;
}

int store_visit_delegation_sets(struct store *store, const char *from_id, unsigned count,
                                const struct delegation_set_visitor *visitor,
                                struct problem *out_problem)
{
    struct delegation_set set;
    bool row;
    sqlite3_stmt *statement = store->statements[DELEGATION_SETS_FROM];
    int rc;
    store__bind_text(statement, 1, from_id, strlen(from_id));
    sqlite3_bind_int64(statement, 2, count);
    while ((rc = store__step(store, statement, &row, out_problem)) == 0 && row) {
        rc = decode(store, statement, &set, out_problem);
        if (rc == 0)
            rc = visitor->set(visitor->context, &set);
        if (rc != 0)
            break;
    }
    sqlite3_reset(statement);
    sqlite3_clear_bindings(statement);
    return rc;
}

int store_count_delegation_sets(struct store *store, uint64_t *out_count,
                                struct problem *out_problem)
{
    return store__read_count(store, DELEGATION_SETS_COUNT, out_count, out_problem);
}

int store_find_delegation_set(struct store *store, const char *id, struct delegation_set *out_set,
                              struct problem *out_problem)
{
    bool row;
    sqlite3_stmt *statement = store->statements[DELEGATION_SET_READ];
    store__bind_text(statement, 1, id, strlen(id));
    int rc = store__step(store, statement, &row, out_problem);
    if (rc == 0)
        rc = row ? decode(store, statement, out_set, out_problem) : SP_ENOENT;
    sqlite3_reset(statement);
    sqlite3_clear_bindings(statement);
    return rc;
}

int store_is_delegation_set_known(struct store *store, const char *id, const char *reference,
                                  bool *out_known, struct problem *out_problem)
{
    uint64_t count = 0;
    sqlite3_stmt *statement = store->statements[DELEGATION_SET_KNOWN];
    store__bind_text(statement, 1, id, strlen(id));
    store__bind_text(statement, 2, reference, strlen(reference));
    int rc = store__read_count(store, DELEGATION_SET_KNOWN, &count, out_problem);
    if (rc == 0)
        *out_known = count > 0;
    return rc;
}

int store_count_delegation_set_users(struct store *store, const char *id, uint64_t *out_count,
                                     struct problem *out_problem)
{
    store__bind_text(store->statements[DELEGATION_SET_USERS], 1, id, strlen(id));
    return store__read_count(store, DELEGATION_SET_USERS, out_count, out_problem);
}

int store_add_delegation_set(struct store *store, const struct delegation_set *set,
                             struct problem *out_problem)
{
    sqlite3_stmt *statement = store->statements[DELEGATION_SET_INSERT];
    store__bind_text(statement, 1 + D_ID, set->id, strlen(set->id));
    store__bind_text(statement, 1 + D_REFERENCE, set->caller_reference,
                     strlen(set->caller_reference));
    for (int i = 0; i < ZONE_SERVER_COUNT; i++)
        sqlite3_bind_int(statement, 1 + D_SERVER + i, set->name_servers[i]);
    sqlite3_bind_int64(statement, 1 + D_CREATED_AT, set->created_at);
    return store__run(store, DELEGATION_SET_INSERT, out_problem);
}

int store_remove_delegation_set(struct store *store, const char *id, int64_t now_s,
                                struct problem *out_problem)
{
    sqlite3_stmt *statement = store->statements[DELEGATION_SET_DELETE];
    store__bind_text(statement, 1, id, strlen(id));
    sqlite3_bind_int64(statement, 2, now_s);
    return store__run_for_one(store, DELEGATION_SET_DELETE, SP_ENOENT, out_problem);
}
