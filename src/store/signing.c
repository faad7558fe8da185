/*
 * Key-signing keys, which zones shall be signed, and what they are signed with.
 */
#include "internal.h"

#include "signpost/dns/rdata.h"
#include "signpost/store/signing.h"

#include <assert.h>
#include <string.h>

/* The columns of KEYS_OF_ZONE, OLD_PAIRS_ALL, KEY_SETS_OF_ZONE and, with their parameters by number
 * plus one, of KEY_RING_COLUMNS and ZSK_COLUMNS (statements.c). */
enum { K_NAME, K_ARN, K_ACTIVE, K_CREATED, K_CHANGED, K_TROUBLE, K_PUBLIC };
enum { P_ARN, P_PUBLIC, P_PRIVATE };
enum { S_SET_TYPE, S_SET_TTL, S_SET_VALUES, S_SET_SIGNATURES, S_SET_ZONE };
enum { R_SIGNED, R_INTERVAL, R_VALIDITY, R_RING_TTL, R_HAS_CDS, R_CACHED_UNTIL, R_ZONE };
enum { Z_TAG, Z_STATE, Z_CREATED, Z_CHANGED, Z_WAIT, Z_VALIDITY, Z_PUBLIC, Z_SEALED, Z_ZONE };

static const char *const state_names[] = {
    [ZSK_PUBLISHED] = "PUBLISHED",
    [ZSK_ACTIVE] = "ACTIVE",
    [ZSK_RETIRED] = "RETIRED",
};

static void bind_text(sqlite3_stmt *statement, int index, const char *text)
{
    store__bind_text(statement, index, text, strlen(text));
}

static bool copy_octets(void *to, size_t size, sqlite3_stmt *statement, int column)
{
    struct span octets = store__column_span(statement, column);
    if (octets.size != size)
        return false;
    memcpy(to, octets.data, size);
    return true;
}

static uint64_t column_ms(sqlite3_stmt *statement, int column)
{
    return (uint64_t)sqlite3_column_int64(statement, column);
}

/* ---- what ARNs stand for ---- */

int store_find_key_pair(struct store *store, const char *arn, uint8_t out_public[KEY_PUBLIC_SIZE],
                        struct problem *out_problem)
{
    bool row;
    sqlite3_stmt *statement = store->statements[KEY_PAIR_READ];
    bind_text(statement, 1, arn);
    int rc = store__step(store, statement, &row, out_problem);
    if (rc == 0 && !row)
        rc = SP_ENOENT;
    if (rc == 0 && !copy_octets(out_public, KEY_PUBLIC_SIZE, statement, 0))
        rc = store__no_sense(store, "key pair", arn, out_problem);
    sqlite3_reset(statement);
    sqlite3_clear_bindings(statement);
    return rc;
}

static int check_room(struct store *store, const char *arn, struct problem *out_problem)
{
    uint8_t public_key[KEY_PUBLIC_SIZE];
    uint64_t count = 0;
    int rc = store_find_key_pair(store, arn, public_key, out_problem);
    if (rc != SP_ENOENT)
        return rc;
    rc = store__read_count(store, KEY_PAIRS_COUNT, &count, out_problem);
    if (rc == 0 && count >= KEY_PAIRS_MAX)
        rc = problem_set(out_problem, SP_ELIMIT,
                         "there are %d keys already: name one of them, other zones may use it",
                         KEY_PAIRS_MAX);
    return rc;
}

int store_put_key_pair(struct store *store, const char *arn,
                       const uint8_t public_key[KEY_PUBLIC_SIZE], struct problem *out_problem)
{
    sqlite3_stmt *statement = store->statements[KEY_PAIR_PUT];
    assert(!sqlite3_get_autocommit(store->db));
    int rc = check_room(store, arn, out_problem);
    if (rc != 0)
        return rc;
    bind_text(statement, 1, arn);
    store__bind_blob(statement, 2, public_key, KEY_PUBLIC_SIZE);
    rc = store__run_for_one(store, KEY_PAIR_PUT, SP_ECONFLICT, out_problem);
    if (rc == SP_ECONFLICT)
        problem_set(out_problem, rc, "zones have a key of %s, but it was another one then", arn);
    return rc;
}

static bool decode_old_pair(sqlite3_stmt *statement, struct key_pair *out_pair)
{
    struct span private_key = store__column_span(statement, P_PRIVATE);
    if (!store__copy_text(out_pair->arn, sizeof out_pair->arn, statement, P_ARN) ||
        !copy_octets(out_pair->public_key, sizeof out_pair->public_key, statement, P_PUBLIC) ||
        private_key.size == 0 || private_key.size > sizeof out_pair->private_key)
        return false;
    memcpy(out_pair->private_key, private_key.data, private_key.size);
    out_pair->private_size = private_key.size;
    return true;
}

int store_visit_old_pairs(struct store *store,
                          int (*visit)(void *context, const struct key_pair *pair), void *context,
                          struct problem *out_problem)
{
    struct key_pair pair = { .arn = "" };
    bool row;
    sqlite3_stmt *statement = store->statements[OLD_PAIRS_ALL];
    int rc;
    while ((rc = store__step(store, statement, &row, out_problem)) == 0 && row) {
        rc = decode_old_pair(statement, &pair)
                 ? visit(context, &pair)
                 : store__no_sense(store, "a row of", "key_pair_before", out_problem);
        if (rc != 0)
            break;
    }
    sqlite3_reset(statement);
    explicit_bzero(&pair, sizeof pair);
    return rc;
}

/* Emptied as a whole, every page of the table is overwritten, and with it what older versions of
 * its rows have left there. */
static int overwrite_old_pairs(struct store *store, struct problem *out_problem)
{
    int64_t secure = 0;
    int rc =
        store__query_number(store->db, store->path, "PRAGMA secure_delete", &secure, out_problem);
    if (rc == 0 &&
        sqlite3_exec(store->db, "PRAGMA secure_delete = ON", NULL, NULL, NULL) != SQLITE_OK)
        rc = store__problem(store->db, store->path, out_problem);
    if (rc == 0)
        rc = store_begin(store, out_problem);
    if (rc == 0)
        rc = store__finish(store, store__run(store, OLD_PAIRS_DELETE, out_problem), out_problem);
    if (secure == 0)
        sqlite3_exec(store->db, "PRAGMA secure_delete = OFF", NULL, NULL, NULL);
    return rc;
}

/* The log has those pages too, and is cut off; a reader may be in its way, and then the next
 * checkpoint takes it along. */
int store_wipe_old_pairs(struct store *store, struct problem *out_problem)
{
    int rc = overwrite_old_pairs(store, out_problem);
    if (rc == 0)
        rc = store_sync(store, out_problem);
    if (rc == 0)
        sqlite3_wal_checkpoint_v2(store->db, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
    return rc;
}

/* ---- keys of zones ---- */

static bool decode_key(sqlite3_stmt *statement, struct key_signing_key *out_key)
{
    *out_key = (struct key_signing_key){
        .is_active = sqlite3_column_int(statement, K_ACTIVE) != 0,
        .created_ms = column_ms(statement, K_CREATED),
        .changed_ms = column_ms(statement, K_CHANGED),
    };
    return store__copy_text(out_key->name, sizeof out_key->name, statement, K_NAME) &&
           store__copy_text(out_key->arn, sizeof out_key->arn, statement, K_ARN) &&
           store__copy_text(out_key->trouble, sizeof out_key->trouble, statement, K_TROUBLE) &&
           copy_octets(out_key->public_key, sizeof out_key->public_key, statement, K_PUBLIC);
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
    bind_text(statement, 7, key->trouble);
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

int store_visit_signed_zones(struct store *store, int (*visit)(void *context, int64_t zone_id),
                             void *context, struct problem *out_problem)
{
    bool row;
    sqlite3_stmt *statement = store->statements[SIGNED_ZONES];
    int rc;
    while ((rc = store__step(store, statement, &row, out_problem)) == 0 && row) {
        rc = visit(context, sqlite3_column_int64(statement, 0));
        if (rc != 0)
            break;
    }
    sqlite3_reset(statement);
    return rc;
}

int store_find_zone_number(struct store *store, int64_t zone_id, struct hosted_zone *out_zone,
                           struct problem *out_problem)
{
    uint64_t digest;
    sqlite3_bind_int64(store->statements[ZONE_BY_ID], 1, zone_id);
    return store__read_zone_row(store, ZONE_BY_ID, out_zone, &digest, out_problem);
}

/* ---- key rings ---- */

static bool decode_state(sqlite3_stmt *statement, enum zsk_state *out_state)
{
    char name[16];
    if (!store__copy_text(name, sizeof name, statement, Z_STATE))
        return false;
    for (unsigned i = 0; i < sizeof state_names / sizeof *state_names; i++)
        if (strcmp(name, state_names[i]) == 0) {
            *out_state = (enum zsk_state)i;
            return true;
        }
    return false;
}

static bool decode_zsk(sqlite3_stmt *statement, struct zsk *out_key)
{
    *out_key = (struct zsk){
        .tag = (uint16_t)sqlite3_column_int(statement, Z_TAG),
        .created_ms = column_ms(statement, Z_CREATED),
        .changed_ms = column_ms(statement, Z_CHANGED),
        .wait_ms = column_ms(statement, Z_WAIT),
        .validity_s = (uint32_t)sqlite3_column_int64(statement, Z_VALIDITY),
    };
    return decode_state(statement, &out_key->state) &&
           copy_octets(out_key->public_key, sizeof out_key->public_key, statement, Z_PUBLIC) &&
           copy_octets(out_key->sealed_key, sizeof out_key->sealed_key, statement, Z_SEALED);
}

static int read_zsks(struct store *store, int64_t zone_id, struct key_ring *ring,
                     struct problem *out_problem)
{
    bool row;
    sqlite3_stmt *statement = store->statements[ZSKS_OF_ZONE];
    int rc;
    sqlite3_bind_int64(statement, 1, zone_id);
    while ((rc = store__step(store, statement, &row, out_problem)) == 0 && row) {
        if (ring->count == ZONE_SIGNING_KEYS_MAX ||
            !decode_zsk(statement, &ring->keys[ring->count++])) {
            rc = store__no_sense(store, "a row of", "zone_signing_key", out_problem);
            break;
        }
    }
    sqlite3_reset(statement);
    return rc;
}

int store_read_key_ring(struct store *store, int64_t zone_id, struct key_ring *out_ring,
                        struct problem *out_problem)
{
    bool row;
    sqlite3_stmt *statement = store->statements[KEY_RING_READ];
    *out_ring = (struct key_ring){ .count = 0 };
    sqlite3_bind_int64(statement, 1, zone_id);
    int rc = store__step(store, statement, &row, out_problem);
    if (rc == 0 && row) {
        out_ring->signed_ms = column_ms(statement, R_SIGNED);
        out_ring->interval_s = (uint32_t)sqlite3_column_int64(statement, R_INTERVAL);
        out_ring->validity_s = (uint32_t)sqlite3_column_int64(statement, R_VALIDITY);
        out_ring->ttl_s = (uint32_t)sqlite3_column_int64(statement, R_RING_TTL);
        out_ring->has_cds = sqlite3_column_int(statement, R_HAS_CDS) != 0;
        out_ring->cached_until_ms = column_ms(statement, R_CACHED_UNTIL);
    }
    sqlite3_reset(statement);
    return rc == 0 ? read_zsks(store, zone_id, out_ring, out_problem) : rc;
}

static int add_zsk(struct store *store, int64_t zone_id, const struct zsk *key,
                   struct problem *out_problem)
{
    sqlite3_stmt *statement = store->statements[ZSK_INSERT];
    sqlite3_bind_int(statement, Z_TAG + 1, key->tag);
    bind_text(statement, Z_STATE + 1, state_names[key->state]);
    sqlite3_bind_int64(statement, Z_CREATED + 1, (int64_t)key->created_ms);
    sqlite3_bind_int64(statement, Z_CHANGED + 1, (int64_t)key->changed_ms);
    sqlite3_bind_int64(statement, Z_WAIT + 1, (int64_t)key->wait_ms);
    sqlite3_bind_int64(statement, Z_VALIDITY + 1, key->validity_s);
    store__bind_blob(statement, Z_PUBLIC + 1, key->public_key, sizeof key->public_key);
    store__bind_blob(statement, Z_SEALED + 1, key->sealed_key, sizeof key->sealed_key);
    sqlite3_bind_int64(statement, Z_ZONE + 1, zone_id);
    return store__run(store, ZSK_INSERT, out_problem);
}

int store_put_key_ring(struct store *store, int64_t zone_id, const struct key_ring *ring,
                       struct problem *out_problem)
{
    sqlite3_stmt *statement = store->statements[KEY_RING_PUT];
    assert(!sqlite3_get_autocommit(store->db));
    sqlite3_bind_int64(statement, R_SIGNED + 1, (int64_t)ring->signed_ms);
    sqlite3_bind_int64(statement, R_INTERVAL + 1, ring->interval_s);
    sqlite3_bind_int64(statement, R_VALIDITY + 1, ring->validity_s);
    sqlite3_bind_int64(statement, R_RING_TTL + 1, ring->ttl_s);
    sqlite3_bind_int(statement, R_HAS_CDS + 1, ring->has_cds);
    sqlite3_bind_int64(statement, R_CACHED_UNTIL + 1, (int64_t)ring->cached_until_ms);
    sqlite3_bind_int64(statement, R_ZONE + 1, zone_id);
    int rc = store__run(store, KEY_RING_PUT, out_problem);
    sqlite3_bind_int64(store->statements[ZSKS_DELETE], 1, zone_id);
    if (rc == 0)
        rc = store__run(store, ZSKS_DELETE, out_problem);
    for (unsigned i = 0; rc == 0 && i < ring->count; i++)
        rc = add_zsk(store, zone_id, &ring->keys[i], out_problem);
    return rc;
}

/* ---- key sets ---- */

static bool decode_values(struct key_set *set, sqlite3_stmt *statement)
{
    struct span values = store__column_span(statement, S_SET_VALUES), value;
    if (values.size > sizeof set->values)
        return false;
    memcpy(set->values, values.data, values.size);
    set->values_size = values.size;
    set->value_count = 0;
    while (dns_values_next(&values, &value))
        set->value_count++;
    return values.size == 0 && set->value_count > 0;
}

static bool decode_set(struct key_set *set, sqlite3_stmt *statement)
{
    struct span signatures = store__column_span(statement, S_SET_SIGNATURES);
    set->type = (uint16_t)sqlite3_column_int(statement, S_SET_TYPE);
    set->ttl_s = (uint32_t)sqlite3_column_int64(statement, S_SET_TTL);
    if (signatures.size > sizeof set->signatures)
        return false;
    memcpy(set->signatures, signatures.data, signatures.size);
    set->signatures_size = signatures.size;
    return decode_values(set, statement);
}

int store_read_key_sets(struct store *store, int64_t zone_id, struct key_sets *out_sets,
                        struct problem *out_problem)
{
    bool row;
    sqlite3_stmt *statement = store->statements[KEY_SETS_OF_ZONE];
    int rc;
    out_sets->count = 0;
    sqlite3_bind_int64(statement, 1, zone_id);
    while ((rc = store__step(store, statement, &row, out_problem)) == 0 && row) {
        if (out_sets->count == KEY_SETS_MAX ||
            !decode_set(&out_sets->items[out_sets->count++], statement)) {
            rc = store__no_sense(store, "a row of", "key_set", out_problem);
            break;
        }
    }
    sqlite3_reset(statement);
    return rc;
}

int store_put_key_sets(struct store *store, int64_t zone_id, const struct key_sets *sets,
                       struct problem *out_problem)
{
    sqlite3_stmt *statement = store->statements[KEY_SET_INSERT];
    assert(!sqlite3_get_autocommit(store->db));
    sqlite3_bind_int64(store->statements[KEY_SETS_DELETE], 1, zone_id);
    int rc = store__run(store, KEY_SETS_DELETE, out_problem);
    for (unsigned i = 0; rc == 0 && i < sets->count; i++) {
        const struct key_set *set = &sets->items[i];
        sqlite3_bind_int(statement, S_SET_TYPE + 1, set->type);
        sqlite3_bind_int64(statement, S_SET_TTL + 1, set->ttl_s);
        store__bind_blob(statement, S_SET_VALUES + 1, set->values, set->values_size);
        store__bind_blob(statement, S_SET_SIGNATURES + 1, set->signatures, set->signatures_size);
        sqlite3_bind_int64(statement, S_SET_ZONE + 1, zone_id);
        rc = store__run(store, KEY_SET_INSERT, out_problem);
    }
    return rc;
}
