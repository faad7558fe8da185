/*
 * What the three files of things that record sets name have in common: checks.c, collections.c and
 * resources.c.
 */
#include "internal.h"

int store__no_sense(struct store *store, const char *what, const char *id,
                    struct problem *out_problem)
{
    store->damaged = true;
    return store__damaged(store->path, out_problem, "%s %.80s makes no sense", what, id);
}

int store__finish(struct store *store, int rc, struct problem *out_problem)
{
    if (rc == 0)
        rc = store__commit(store, out_problem);
    if (rc != 0)
        store_rollback(store);
    return rc;
}

int store__run_for_one(struct store *store, enum statement_id id, int none,
                       struct problem *out_problem)
{
    int rc = store__run(store, id, out_problem);
    return rc == 0 && sqlite3_changes64(store->db) == 0 ? none : rc;
}

int store_commit_transaction(struct store *store, struct problem *out_problem)
{
    return store__finish(store, 0, out_problem);
}

int store__read_count(struct store *store, enum statement_id id, uint64_t *out_count,
                      struct problem *out_problem)
{
    bool row;
    sqlite3_stmt *statement = store->statements[id];
    int rc = store__step(store, statement, &row, out_problem);
    if (rc == 0)
        *out_count = (uint64_t)sqlite3_column_int64(statement, 0);
    sqlite3_reset(statement);
    sqlite3_clear_bindings(statement);
    return rc;
}

bool store__column_address(sqlite3_stmt *statement, int column, struct ip_prefix *out_address)
{
    struct span octets = store__column_span(statement, column);
    *out_address = (struct ip_prefix){ .family = octets.size == 4 ? IP_V4 : IP_V6,
                                       .length = (uint8_t)(octets.size * 8) };
    if (octets.size != 4 && octets.size != 16)
        return false;
    memcpy(out_address->octets, octets.data, octets.size);
    return true;
}

void store__bind_address(sqlite3_stmt *statement, int index, const struct ip_prefix *address)
{
    store__bind_blob(statement, index, address->octets, prefix_bits(address->family) / 8);
}

int store_count_objects(struct store *store, struct store_object_counts *out_counts,
                        struct problem *out_problem)
{
    bool row;
    sqlite3_stmt *statement = store->statements[OBJECTS_COUNT];
    int rc = store__step(store, statement, &row, out_problem);
    if (rc == 0)
        *out_counts = (struct store_object_counts){
            .checks_up = (uint64_t)sqlite3_column_int64(statement, 0),
            .checks_down = (uint64_t)sqlite3_column_int64(statement, 1),
            .collections = (uint64_t)sqlite3_column_int64(statement, 2),
            .resources = (uint64_t)sqlite3_column_int64(statement, 3),
        };
    sqlite3_reset(statement);
    return rc;
}
