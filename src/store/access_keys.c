#include "internal.h"

#include "signpost/store/access_keys.h"

#include <assert.h>
#include <string.h>

/* The columns of ACCESS_KEY_COLUMNS (statements.c), and by number plus one the parameters of
 * KEY_INSERT. */
enum { K_ID, K_SECRET, K_READ_ONLY, K_CREATED, K_COMMENT };

static bool decode_row(sqlite3_stmt *statement, struct access_key *out_key)
{
    *out_key = (struct access_key){
        .read_only = sqlite3_column_int(statement, K_READ_ONLY) != 0,
        .created_ms = (uint64_t)sqlite3_column_int64(statement, K_CREATED),
    };
    return store__copy_text(out_key->id, sizeof out_key->id, statement, K_ID) &&
           store__copy_text(out_key->secret, sizeof out_key->secret, statement, K_SECRET) &&
           store__copy_text(out_key->comment, sizeof out_key->comment, statement, K_COMMENT);
}

static int read_zones(struct store *store, struct access_key *key, struct problem *out_problem)
{
    sqlite3_stmt *statement = store->statements[ZONES_OF_KEY];
    bool row;
    int rc;
    store__bind_text(statement, 1, key->id, strlen(key->id));
    while ((rc = store__step(store, statement, &row, out_problem)) == 0 && row) {
        struct span name = store__column_span(statement, 0);
        if (key->zone_count == ACCESS_KEY_ZONES_MAX ||
            dns_name_from_key(key->zones[key->zone_count++], (const char *)name.data, name.size) ==
                0) {
            rc = store__no_sense(store, "access key", key->id, out_problem);
            break;
        }
    }
    sqlite3_reset(statement);
    sqlite3_clear_bindings(statement);
    return rc;
}

static int decode(struct store *store, sqlite3_stmt *statement, struct access_key *out_key,
                  struct problem *out_problem)
{
    if (!decode_row(statement, out_key))
        return store__no_sense(store, "access key", out_key->id, out_problem);
    return read_zones(store, out_key, out_problem);
}

int store_find_access_key(struct store *store, const char *id, struct access_key *out_key,
                          struct problem *out_problem)
{
    bool row;
    struct access_key key;
    sqlite3_stmt *statement = store->statements[KEY_READ];
    store__bind_text(statement, 1, id, strlen(id));
    int rc = store__step(store, statement, &row, out_problem);
    if (rc == 0)
        rc = row ? decode(store, statement, &key, out_problem) : SP_ENOENT;
    if (rc == 0)
        *out_key = key;
    sqlite3_reset(statement);
    sqlite3_clear_bindings(statement);
    return rc;
}

int store_visit_access_keys(struct store *store,
                            int (*visit)(void *context, const struct access_key *key),
                            void *context, struct problem *out_problem)
{
    struct access_key key;
    bool row;
    sqlite3_stmt *statement = store->statements[KEYS_BY_AGE];
    int rc;
    while ((rc = store__step(store, statement, &row, out_problem)) == 0 && row) {
        rc = decode(store, statement, &key, out_problem);
        if (rc == 0)
            rc = visit(context, &key);
        if (rc != 0)
            break;
    }
    sqlite3_reset(statement);
    return rc;
}

static int insert_zone(struct store *store, const struct access_key *key, const uint8_t *name,
                       struct problem *out_problem)
{
    char text[DNS_NAME_TEXT_SIZE];
    size_t size = dns_name_to_key(text, name);
    sqlite3_stmt *statement = store->statements[ZONE_OF_KEY_INSERT];
    store__bind_text(statement, 1, key->id, strlen(key->id));
    store__bind_text(statement, 2, text, size);
    return store__run(store, ZONE_OF_KEY_INSERT, out_problem);
}

static int insert_key(struct store *store, const struct access_key *key,
                      struct problem *out_problem)
{
    sqlite3_stmt *statement = store->statements[KEY_INSERT];
    store__bind_text(statement, K_ID + 1, key->id, strlen(key->id));
    store__bind_text(statement, K_SECRET + 1, key->secret, strlen(key->secret));
    sqlite3_bind_int(statement, K_READ_ONLY + 1, key->read_only);
    sqlite3_bind_int64(statement, K_CREATED + 1, (int64_t)key->created_ms);
    store__bind_text(statement, K_COMMENT + 1, key->comment, strlen(key->comment));
    return store__run_for_one(store, KEY_INSERT, SP_EEXIST, out_problem);
}

int store_add_access_key(struct store *store, const struct access_key *key,
                         struct problem *out_problem)
{
    uint64_t count;
    assert(!sqlite3_get_autocommit(store->db));
    int rc = store__read_count(store, KEYS_COUNT, &count, out_problem);
    if (rc == 0 && count >= ACCESS_KEYS_MAX)
        rc = problem_set(out_problem, SP_ELIMIT, "there are %d access keys already",
                         ACCESS_KEYS_MAX);
    if (rc == 0)
        rc = insert_key(store, key, out_problem);
    for (unsigned i = 0; rc == 0 && i < key->zone_count; i++)
        rc = insert_zone(store, key, key->zones[i], out_problem);
    return rc;
}

int store_remove_access_key(struct store *store, const char *id, struct problem *out_problem)
{
    assert(!sqlite3_get_autocommit(store->db));
    store__bind_text(store->statements[KEY_REMOVE], 1, id, strlen(id));
    return store__run_for_one(store, KEY_REMOVE, SP_ENOENT, out_problem);
}
