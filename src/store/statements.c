#include "internal.h"

/* In the order in which store__read_zone_row and the set reader of read.c expect them. */
#define ZONE_COLUMNS                                                                               \
    "id, public_id, name, server_1, server_2, server_3, server_4, created_at, sequence, "          \
    "record_count, comment, digest"
#define SET_COLUMNS  "zone_id, owner_key, type, set_identifier, policy, ttl_s, record_values"
#define SET_IDENTITY "zone_id = ?1 AND owner_key = ?2 AND type = ?3 AND set_identifier = ''"

static const char *const texts[STATEMENT_COUNT] = {
    [BEGIN_READ] = "BEGIN",
    [BEGIN_WRITE] = "BEGIN IMMEDIATE",
    [COMMIT] = "COMMIT",
    [ROLLBACK] = "ROLLBACK",

    [ZONES_OLDEST_FIRST] = "SELECT " ZONE_COLUMNS " FROM hosted_zone ORDER BY id",
    [ZONES_BY_NAME] = "SELECT " ZONE_COLUMNS " FROM hosted_zone ORDER BY name_key, id",
    [ZONE_BY_ID] = "SELECT " ZONE_COLUMNS " FROM hosted_zone WHERE id = ?1",
    [ZONE_BY_NAME] = "SELECT " ZONE_COLUMNS " FROM hosted_zone WHERE name_key = ?1"
                     " ORDER BY id LIMIT 1",
    [ZONE_BY_PUBLIC_ID] = "SELECT " ZONE_COLUMNS " FROM hosted_zone WHERE public_id = ?1",
    [ZONE_INSERT] =
        "INSERT INTO hosted_zone (public_id, name, name_key, server_1, server_2, server_3,"
        " server_4, created_at, comment, sequence, record_count, digest)"
        " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, 0, 0, 0)",
    [ZONE_UPDATE] = "UPDATE hosted_zone SET sequence = ?2, record_count = ?3, digest = ?4"
                    " WHERE id = ?1",
    [ZONE_DELETE] = "DELETE FROM hosted_zone WHERE id = ?1",

    [SETS_OF_ALL] = "SELECT " SET_COLUMNS " FROM record_set"
                    " ORDER BY zone_id, owner_key, type, set_identifier",
    [SETS_OF_ZONE] = "SELECT " SET_COLUMNS " FROM record_set WHERE zone_id = ?1"
                     " ORDER BY owner_key, type, set_identifier",
    [SETS_OF_NAME] = "SELECT " SET_COLUMNS " FROM record_set WHERE zone_id = ?1 AND owner_key = ?2"
                     " ORDER BY type, set_identifier",
    [SETS_BEYOND_APEX] = "SELECT EXISTS (SELECT 1 FROM record_set WHERE zone_id = ?1"
                         " AND NOT (owner_key = ?2 AND type IN ('NS', 'SOA')))",
    [SETS_DELETE] = "DELETE FROM record_set WHERE zone_id = ?1",
    [SET_INSERT] = "INSERT INTO record_set (zone_id, owner_key, type, ttl_s, record_values)"
                   " VALUES (?1, ?2, ?3, ?4, ?5)",
    [SET_UPDATE] = "UPDATE record_set SET ttl_s = ?4, record_values = ?5 WHERE " SET_IDENTITY,
    [SET_DELETE] = "DELETE FROM record_set WHERE " SET_IDENTITY,

    [JOURNAL_INSERT] = "INSERT INTO journal (previous, zone_id, zone_name, kind, made_at)"
                       " VALUES (?1, ?2, ?3, ?4, ?5)",
    [JOURNAL_SET_INSERT] = "INSERT INTO journal_set (sequence, owner_key, type, before_ttl_s,"
                           " before_values, after_ttl_s, after_values)"
                           " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    [JOURNAL_PRUNE] = "DELETE FROM journal WHERE zone_id = ?1 AND sequence <="
                      " (SELECT sequence FROM journal WHERE zone_id = ?1"
                      " ORDER BY sequence DESC LIMIT 1 OFFSET ?2)",
    [JOURNAL_FORGET] = "DELETE FROM journal WHERE zone_id = ?1 AND sequence < ?2",
    [JOURNAL_FORGET_DELETED] = "DELETE FROM journal WHERE kind = 'deleted' AND sequence <= ?1",
    [CHANGE_INSERT] = "INSERT INTO change (sequence, zone_id, submitted_at) VALUES (?1, ?2, ?3)",
    [CHANGE_PRUNE] = "DELETE FROM change WHERE sequence <= ?1",
};

int store__prepare(struct store *store, struct problem *out_problem)
{
    for (unsigned i = 0; i < STATEMENT_COUNT; i++)
        if (sqlite3_prepare_v3(store->db, texts[i], -1, SQLITE_PREPARE_PERSISTENT,
                               &store->statements[i], NULL) != SQLITE_OK)
            return store__problem(store->db, store->path, out_problem);
    return 0;
}

void store__finalize(struct store *store)
{
    for (unsigned i = 0; i < STATEMENT_COUNT; i++)
        sqlite3_finalize(store->statements[i]);
}

int store__step(struct store *store, sqlite3_stmt *statement, bool *out_row,
                struct problem *out_problem)
{
    int code = sqlite3_step(statement);
    if (code == SQLITE_ROW || code == SQLITE_DONE) {
        *out_row = code == SQLITE_ROW;
        return 0;
    }
    int rc = store__problem(store->db, store->path, out_problem);
    store->damaged = store->damaged || rc == SP_EDAMAGED;
    return rc;
}

int store__run(struct store *store, enum statement_id id, struct problem *out_problem)
{
    bool row = true;
    int rc = 0;
    while (rc == 0 && row)
        rc = store__step(store, store->statements[id], &row, out_problem);
    sqlite3_reset(store->statements[id]);
    sqlite3_clear_bindings(store->statements[id]);
    return rc;
}

void store__bind_text(sqlite3_stmt *statement, int index, const char *text, size_t size)
{
    sqlite3_bind_text64(statement, index, text, size, SQLITE_STATIC, SQLITE_UTF8);
}

void store__bind_blob(sqlite3_stmt *statement, int index, const void *data, size_t size)
{
    sqlite3_bind_blob64(statement, index, data, size, SQLITE_STATIC);
}
