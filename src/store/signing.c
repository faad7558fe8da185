/*
 * Key-signing keys, the pairs behind them, and which zones shall be signed.
 */
#include "internal.h"

#include "signpost/store/signing.h"

#include <assert.h>
#include <stdio.h>

/* The columns of KEYS_OF_ZONE and KEY_PAIR_READ (statements.c). */
enum { K_NAME, K_ARN, K_ACTIVE, K_CREATED, K_CHANGED, K_PUBLIC };
enum { P_PUBLIC, P_PRIVATE };

static void bind_text(sqlite3_stmt *statement, int index, const char *text)
{
    store__bind_text(statement, index, text, strlen(text));
}

/* ---- pairs ---- */

static bool decode_pair(sqlite3_stmt *statement, struct key_pair *out_pair)
{
    struct span public_key = store__column_span(statement, P_PUBLIC);
    struct span private_key = store__column_span(statement, P_PRIVATE);
    if (public_key.size != sizeof out_pair->public_key || private_key.size == 0 ||
        private_key.size > sizeof out_pair->private_key)
        return false;
    memcpy(out_pair->public_key, public_key.data, public_key.size);
    memcpy(out_pair->private_key, private_key.data, private_key.size);
    out_pair->private_size = private_key.size;
    return true;
}

int store_find_key_pair(struct store *store, const char *arn, struct key_pair *out_pair,
                        struct problem *out_problem)
{
    struct key_pair pair = { .private_size = 0 };
    bool row;
    sqlite3_stmt *statement = store->statements[KEY_PAIR_READ];
    bind_text(statement, 1, arn);
    int rc = store__step(store, statement, &row, out_problem);
    if (rc == 0 && !row)
        rc = SP_ENOENT;
    if (rc == 0 && !decode_pair(statement, &pair))
        rc = store__no_sense(store, "key pair", arn, out_problem);
    if (rc == 0) {
        snprintf(pair.arn, sizeof pair.arn, "%s", arn);
        *out_pair = pair;
    }
    sqlite3_reset(statement);
    sqlite3_clear_bindings(statement);
    return rc;
}

static int count_pairs(struct store *store, int64_t *out_count, struct problem *out_problem)
{
    bool row;
    sqlite3_stmt *statement = store->statements[KEY_PAIRS_COUNT];
    int rc = store__step(store, statement, &row, out_problem);
    if (rc == 0)
        *out_count = sqlite3_column_int64(statement, 0);
    sqlite3_reset(statement);
    return rc;
}

int store_add_key_pair(struct store *store, const struct key_pair *pair,
                       struct problem *out_problem)
{
    int64_t count = 0;
    sqlite3_stmt *statement = store->statements[KEY_PAIR_INSERT];
    assert(!sqlite3_get_autocommit(store->db));
    int rc = count_pairs(store, &count, out_problem);
    if (rc == 0 && count >= KEY_PAIRS_MAX)
        rc = problem_set(out_problem, SP_ELIMIT, "there are %d key pairs already", KEY_PAIRS_MAX);
    if (rc != 0)
        return rc;
    bind_text(statement, 1, pair->arn);
    store__bind_blob(statement, 2, pair->public_key, sizeof pair->public_key);
    store__bind_blob(statement, 3, pair->private_key, pair->private_size);
    return store__run(store, KEY_PAIR_INSERT, out_problem);
}

/* ---- keys of zones ---- */

static bool decode_key(sqlite3_stmt *statement, struct key_signing_key *out_key)
{
    struct span public_key = store__column_span(statement, K_PUBLIC);
    *out_key = (struct key_signing_key){
        .is_active = sqlite3_column_int(statement, K_ACTIVE) != 0,
        .created_ms = (uint64_t)sqlite3_column_int64(statement, K_CREATED),
        .changed_ms = (uint64_t)sqlite3_column_int64(statement, K_CHANGED),
    };
    if (!store__copy_text(out_key->name, sizeof out_key->name, statement, K_NAME) ||
        !store__copy_text(out_key->arn, sizeof out_key->arn, statement, K_ARN) ||
        public_key.size != sizeof out_key->public_key)
        return false;
    memcpy(out_key->public_key, public_key.data, public_key.size);
    return true;
}

int store_read_keys(struct store *store, int64_t zone_id,
                    struct key_signing_key out_keys[KEY_SIGNING_KEYS_MAX], unsigned *out_count,
                    struct problem *out_problem)
{
    unsigned count = 0;
    bool row;
    sqlite3_stmt *statement = store->statements[KEYS_OF_ZONE];
    int rc;
    sqlite3_bind_int64(statement, 1, zone_id);
    while ((rc = store__step(store, statement, &row, out_problem)) == 0 && row) {
        if (count == KEY_SIGNING_KEYS_MAX || !decode_key(statement, &out_keys[count++])) {
            rc = store__no_sense(store, "a row of", "key_signing_key", out_problem);
            break;
        }
    }
    sqlite3_reset(statement);
    if (rc == 0)
        *out_count = count;
    return rc;
}

int store_put_key(struct store *store, int64_t zone_id, const struct key_signing_key *key,
                  struct problem *out_problem)
{
    sqlite3_stmt *statement = store->statements[KEY_PUT];
    assert(!sqlite3_get_autocommit(store->db));
    sqlite3_bind_int64(statement, 1, zone_id);
    bind_text(statement, 2, key->name);
    bind_text(statement, 3, key->arn);
    sqlite3_bind_int(statement, 4, key->is_active);
    sqlite3_bind_int64(statement, 5, (int64_t)key->created_ms);
    sqlite3_bind_int64(statement, 6, (int64_t)key->changed_ms);
    return store__run(store, KEY_PUT, out_problem);
}

int store_delete_key(struct store *store, int64_t zone_id, const char *name,
                     struct problem *out_problem)
{
    sqlite3_stmt *statement = store->statements[KEY_DELETE];
    assert(!sqlite3_get_autocommit(store->db));
    sqlite3_bind_int64(statement, 1, zone_id);
    bind_text(statement, 2, name);
    return store__run_for_one(store, KEY_DELETE, SP_ENOENT, out_problem);
}

/* ---- zones ---- */

int store_read_signing(struct store *store, int64_t zone_id, enum signing_status *out_status,
                       struct problem *out_problem)
{
    bool row;
    sqlite3_stmt *statement = store->statements[SIGNING_READ];
    sqlite3_bind_int64(statement, 1, zone_id);
    int rc = store__step(store, statement, &row, out_problem);
    if (rc == 0)
        *out_status = !row                                    ? SIGNING_NEVER
                      : sqlite3_column_int(statement, 0) != 0 ? SIGNING_ON
                                                              : SIGNING_OFF;
    sqlite3_reset(statement);
    return rc;
}

int store_put_signing(struct store *store, int64_t zone_id, enum signing_status status,
                      struct problem *out_problem)
{
    sqlite3_stmt *statement = store->statements[SIGNING_PUT];
    assert(!sqlite3_get_autocommit(store->db) && status != SIGNING_NEVER);
    sqlite3_bind_int64(statement, 1, zone_id);
    sqlite3_bind_int(statement, 2, status == SIGNING_ON);
    return store__run(store, SIGNING_PUT, out_problem);
}
