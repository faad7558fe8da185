#include "internal.h"

#include <assert.h>

/* The columns of COLLECTION_COLUMNS and of BLOCKS_OF_COLLECTION (statements.c). */
enum { C_ROW, C_ID, C_NAME, C_VERSION, C_CREATED_AT, C_REFERENCE };
enum { B_LOCATION, B_ADDRESS, B_LENGTH };

static bool decode_block(sqlite3_stmt *statement, struct cidr_block *out_block)
{
    int64_t length = sqlite3_column_int64(statement, B_LENGTH);
    if (!store__copy_text(out_block->location, sizeof out_block->location, statement, B_LOCATION) ||
        !store__column_address(statement, B_ADDRESS, &out_block->prefix) || length < 1 ||
        length > out_block->prefix.length)
        return false;
    out_block->prefix.length = (uint8_t)length;
    return true;
}

static int read_blocks(struct store *store, int64_t row_id, struct cidr_collection *collection,
                       struct problem *out_problem)
{
    bool row;
    sqlite3_stmt *statement = store->statements[BLOCKS_OF_COLLECTION];
    int rc;
    sqlite3_bind_int64(statement, 1, row_id);
    while ((rc = store__step(store, statement, &row, out_problem)) == 0 && row) {
        if (collection->block_count == CIDR_BLOCKS_MAX ||
            !decode_block(statement, &collection->blocks[collection->block_count++])) {
            rc = store__no_sense(store, "a block of collection", collection->id, out_problem);
            break;
        }
    }
    sqlite3_reset(statement);
    return rc;
}

static int decode(struct store *store, sqlite3_stmt *statement,
                  struct cidr_collection *out_collection, struct problem *out_problem)
{
    out_collection->version = (uint64_t)sqlite3_column_int64(statement, C_VERSION);
    out_collection->created_at = sqlite3_column_int64(statement, C_CREATED_AT);
    out_collection->block_count = 0;
    out_collection->id[0] = '\0';
    if (!store__copy_text(out_collection->id, sizeof out_collection->id, statement, C_ID) ||
        !store__copy_text(out_collection->name, sizeof out_collection->name, statement, C_NAME) ||
        !store__copy_text(out_collection->caller_reference, sizeof out_collection->caller_reference,
                          statement, C_REFERENCE))
        return store__no_sense(store, "collection", out_collection->id, out_problem);
    return read_blocks(store, sqlite3_column_int64(statement, C_ROW), out_collection, out_problem);
}

int store_visit_collections(struct store *store, const struct store_object_visitor *visitor,
                            struct problem *out_problem)
{
    struct cidr_collection collection;
    bool row;
    sqlite3_stmt *statement = store->statements[COLLECTIONS_BY_NAME];
    int rc;
    while ((rc = store__step(store, statement, &row, out_problem)) == 0 && row) {
        rc = decode(store, statement, &collection, out_problem);
        if (rc == 0)
            rc = visitor->collection(visitor->context, &collection);
        if (rc != 0)
            break;
    }
    sqlite3_reset(statement);
    return rc;
}

int store_find_collection(struct store *store, const char *key,
                          struct cidr_collection *out_collection, struct problem *out_problem)
{
    bool row;
    sqlite3_stmt *statement = store->statements[COLLECTION_BY_KEY];
    store__bind_text(statement, 1, key, strlen(key));
    int rc = store__step(store, statement, &row, out_problem);
    if (rc == 0)
        rc = row ? decode(store, statement, out_collection, out_problem) : SP_ENOENT;
    sqlite3_reset(statement);
    sqlite3_clear_bindings(statement);
    return rc;
}

int store_count_location_users(struct store *store, const char *id, const char *location,
                               uint64_t *out_count, struct problem *out_problem)
{
    bool row;
    sqlite3_stmt *statement = store->statements[COLLECTION_USERS];
    store__bind_text(statement, 1, id, strlen(id));
    if (location != NULL)
        store__bind_text(statement, 2, location, strlen(location));
    int rc = store__step(store, statement, &row, out_problem);
    if (rc == 0)
        *out_count = (uint64_t)sqlite3_column_int64(statement, 0);
    sqlite3_reset(statement);
    sqlite3_clear_bindings(statement);
    return rc;
}

static int put_row(struct store *store, const struct cidr_collection *collection,
                   int64_t *out_row_id, struct problem *out_problem)
{
    bool row;
    sqlite3_stmt *statement = store->statements[COLLECTION_PUT];
    store__bind_text(statement, 1, collection->id, strlen(collection->id));
    store__bind_text(statement, 2, collection->name, strlen(collection->name));
    sqlite3_bind_int64(statement, 3, (int64_t)collection->version);
    sqlite3_bind_int64(statement, 4, collection->created_at);
    store__bind_text(statement, 5, collection->caller_reference,
                     strlen(collection->caller_reference));
    int rc = store__step(store, statement, &row, out_problem);
    if (rc == 0)
        *out_row_id = sqlite3_column_int64(statement, 0);
    sqlite3_reset(statement);
    sqlite3_clear_bindings(statement);
    return rc;
}

static int put_block(struct store *store, int64_t row_id, const struct cidr_block *block,
                     struct problem *out_problem)
{
    sqlite3_stmt *statement = store->statements[BLOCK_INSERT];
    sqlite3_bind_int64(statement, 1, row_id);
    store__bind_text(statement, 2, block->location, strlen(block->location));
    store__bind_address(statement, 3, &block->prefix);
    sqlite3_bind_int(statement, 4, block->prefix.length);
    return store__run(store, BLOCK_INSERT, out_problem);
}

/* A thousand blocks are few enough to be written anew with every change. */
static int put_blocks(struct store *store, int64_t row_id, const struct cidr_collection *collection,
                      struct problem *out_problem)
{
    sqlite3_bind_int64(store->statements[BLOCKS_DELETE], 1, row_id);
    int rc = store__run(store, BLOCKS_DELETE, out_problem);
    for (uint32_t i = 0; rc == 0 && i < collection->block_count; i++)
        rc = put_block(store, row_id, &collection->blocks[i], out_problem);
    return rc;
}

int store_commit_collection(struct store *store, const struct cidr_collection *collection,
                            struct problem *out_problem)
{
    int64_t row_id = 0;
    assert(!sqlite3_get_autocommit(store->db));
    int rc = put_row(store, collection, &row_id, out_problem);
    if (rc == 0)
        rc = put_blocks(store, row_id, collection, out_problem);
    return store__finish(store, rc, out_problem);
}

int store_commit_delete_collection(struct store *store, const char *id, struct problem *out_problem)
{
    assert(!sqlite3_get_autocommit(store->db));
    store__bind_text(store->statements[COLLECTION_DELETE], 1, id, strlen(id));
    return store__finish(store, store__run(store, COLLECTION_DELETE, out_problem), out_problem);
}
