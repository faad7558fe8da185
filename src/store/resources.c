#include "internal.h"

#include <assert.h>

/* The columns of RESOURCE_COLUMNS, ADDRESSES_OF_RESOURCE and TARGETS_OF_RESOURCE (statements.c). */
enum { R_ROW, R_NAME_KEY, R_KIND, R_TTL, R_DOWN };
enum { A_ZONE, A_ADDRESS };
enum { T_NAME, T_HEALTHY, T_REGISTERED };

static int no_sense(struct store *store, const struct resource_entry *entry,
                    struct problem *out_problem)
{
    char text[DNS_NAME_TEXT_SIZE];
    dns_name_to_text(text, entry->name);
    return store__no_sense(store, "resource", text, out_problem);
}

static bool decode_kind(sqlite3_stmt *statement, enum resource_kind *out_kind)
{
    char kind[64];
    return store__copy_text(kind, sizeof kind, statement, R_KIND) &&
           resource_kind_find(kind, out_kind, NULL) == 0;
}

static int read_addresses(struct store *store, int64_t row_id, struct resource_entry *entry,
                          struct problem *out_problem)
{
    bool row;
    sqlite3_stmt *statement = store->statements[ADDRESSES_OF_RESOURCE];
    int rc;
    sqlite3_bind_int64(statement, 1, row_id);
    while ((rc = store__step(store, statement, &row, out_problem)) == 0 && row) {
        struct resource_address *address = &entry->addresses[entry->address_count];
        if (entry->address_count == 2 * RESOURCE_ADDRESSES_MAX ||
            !store__copy_text(address->zone, sizeof address->zone, statement, A_ZONE) ||
            !store__column_address(statement, A_ADDRESS, &address->address)) {
            rc = no_sense(store, entry, out_problem);
            break;
        }
        entry->address_count++;
    }
    sqlite3_reset(statement);
    return rc;
}

static int read_targets(struct store *store, int64_t row_id, struct resource_entry *entry,
                        struct problem *out_problem)
{
    bool row;
    sqlite3_stmt *statement = store->statements[TARGETS_OF_RESOURCE];
    int rc;
    sqlite3_bind_int64(statement, 1, row_id);
    while ((rc = store__step(store, statement, &row, out_problem)) == 0 && row) {
        struct resource_targets *targets = &entry->targets[entry->target_count];
        if (entry->target_count == RESOURCE_TARGETS_MAX ||
            !store__copy_text(targets->name, sizeof targets->name, statement, T_NAME)) {
            rc = no_sense(store, entry, out_problem);
            break;
        }
        targets->healthy = (uint32_t)sqlite3_column_int64(statement, T_HEALTHY);
        targets->registered = (uint32_t)sqlite3_column_int64(statement, T_REGISTERED);
        entry->target_count++;
    }
    sqlite3_reset(statement);
    return rc;
}

static int decode(struct store *store, sqlite3_stmt *statement, struct resource_entry *out_entry,
                  struct problem *out_problem)
{
    int64_t row_id = sqlite3_column_int64(statement, R_ROW);
    int64_t ttl_s = sqlite3_column_int64(statement, R_TTL);
    struct span key = store__column_span(statement, R_NAME_KEY);
    *out_entry = (struct resource_entry){ .is_down = sqlite3_column_int(statement, R_DOWN) != 0 };
    if (dns_name_from_key(out_entry->name, (const char *)key.data, key.size) == 0)
        return store__no_sense(store, "a resource", "without a right name", out_problem);
    if (!decode_kind(statement, &out_entry->kind) || ttl_s < 0 || ttl_s > DNS_TTL_MAX)
        return no_sense(store, out_entry, out_problem);
    out_entry->ttl_s = (uint32_t)ttl_s;
    int rc = read_addresses(store, row_id, out_entry, out_problem);
    return rc == 0 ? read_targets(store, row_id, out_entry, out_problem) : rc;
}

int store_visit_resources(struct store *store, const struct store_object_visitor *visitor,
                          struct problem *out_problem)
{
    struct resource_entry entry;
    bool row;
    sqlite3_stmt *statement = store->statements[RESOURCES_BY_NAME];
    int rc;
    while ((rc = store__step(store, statement, &row, out_problem)) == 0 && row) {
        rc = decode(store, statement, &entry, out_problem);
        if (rc == 0)
            rc = visitor->resource(visitor->context, &entry);
        if (rc != 0)
            break;
    }
    sqlite3_reset(statement);
    return rc;
}

/* Puts RESOURCE_BY_NAME on the row of that name.  0 or SP_ENOENT; the caller ends with close_row.
 */
static int open_row(struct store *store, const uint8_t *name, struct problem *out_problem)
{
    char key[DNS_NAME_TEXT_SIZE];
    bool row;
    size_t size = dns_name_to_key(key, name);
    store__bind_text(store->statements[RESOURCE_BY_NAME], 1, key, size);
    int rc = store__step(store, store->statements[RESOURCE_BY_NAME], &row, out_problem);
    return rc == 0 && !row ? SP_ENOENT : rc;
}

static void close_row(struct store *store)
{
    sqlite3_reset(store->statements[RESOURCE_BY_NAME]);
    sqlite3_clear_bindings(store->statements[RESOURCE_BY_NAME]);
}

int store_find_resource(struct store *store, const uint8_t *name, struct resource_entry *out_entry,
                        struct problem *out_problem)
{
    int rc = open_row(store, name, out_problem);
    if (rc == 0)
        rc = decode(store, store->statements[RESOURCE_BY_NAME], out_entry, out_problem);
    close_row(store);
    return rc;
}

int store_find_resource_kind(struct store *store, const uint8_t *name, enum resource_kind *out_kind,
                             struct problem *out_problem)
{
    char text[DNS_NAME_TEXT_SIZE];
    int rc = open_row(store, name, out_problem);
    if (rc == 0 && !decode_kind(store->statements[RESOURCE_BY_NAME], out_kind)) {
        dns_name_to_text(text, name);
        rc = store__no_sense(store, "resource", text, out_problem);
    }
    close_row(store);
    return rc;
}

static int remove_row(struct store *store, const uint8_t *name, bool *out_removed,
                      struct problem *out_problem)
{
    char key[DNS_NAME_TEXT_SIZE];
    size_t size = dns_name_to_key(key, name);
    store__bind_text(store->statements[RESOURCE_DELETE], 1, key, size);
    int rc = store__run(store, RESOURCE_DELETE, out_problem);
    *out_removed = rc == 0 && sqlite3_changes64(store->db) > 0;
    return rc;
}

static int insert_row(struct store *store, const struct resource_entry *entry,
                      struct problem *out_problem)
{
    char key[DNS_NAME_TEXT_SIZE];
    const char *kind = resource_kind_name(entry->kind);
    sqlite3_stmt *statement = store->statements[RESOURCE_INSERT];
    size_t size = dns_name_to_key(key, entry->name);
    store__bind_text(statement, 1, key, size);
    store__bind_text(statement, 2, kind, strlen(kind));
    sqlite3_bind_int64(statement, 3, entry->ttl_s);
    sqlite3_bind_int(statement, 4, entry->is_down);
    return store__run(store, RESOURCE_INSERT, out_problem);
}

static int insert_address(struct store *store, int64_t row_id, uint32_t position,
                          const struct resource_address *address, struct problem *out_problem)
{
    sqlite3_stmt *statement = store->statements[ADDRESS_INSERT];
    sqlite3_bind_int64(statement, 1, row_id);
    sqlite3_bind_int64(statement, 2, position);
    store__bind_text(statement, 3, address->zone, strlen(address->zone));
    store__bind_address(statement, 4, &address->address);
    return store__run(store, ADDRESS_INSERT, out_problem);
}

static int insert_targets(struct store *store, int64_t row_id, uint32_t position,
                          const struct resource_targets *targets, struct problem *out_problem)
{
    sqlite3_stmt *statement = store->statements[TARGET_INSERT];
    sqlite3_bind_int64(statement, 1, row_id);
    sqlite3_bind_int64(statement, 2, position);
    store__bind_text(statement, 3, targets->name, strlen(targets->name));
    sqlite3_bind_int64(statement, 4, targets->healthy);
    sqlite3_bind_int64(statement, 5, targets->registered);
    return store__run(store, TARGET_INSERT, out_problem);
}

int store_commit_resource(struct store *store, const struct resource_entry *entry,
                          struct problem *out_problem)
{
    bool removed;
    assert(!sqlite3_get_autocommit(store->db));
    int rc = remove_row(store, entry->name, &removed, out_problem);
    if (rc == 0)
        rc = insert_row(store, entry, out_problem);
    int64_t row_id = sqlite3_last_insert_rowid(store->db);
    for (uint32_t i = 0; rc == 0 && i < entry->address_count; i++)
        rc = insert_address(store, row_id, i, &entry->addresses[i], out_problem);
    for (uint32_t i = 0; rc == 0 && i < entry->target_count; i++)
        rc = insert_targets(store, row_id, i, &entry->targets[i], out_problem);
    return store__finish(store, rc, out_problem);
}

int store_commit_delete_resource(struct store *store, const uint8_t *name,
                                 struct problem *out_problem)
{
    bool removed;
    assert(!sqlite3_get_autocommit(store->db));
    int rc = remove_row(store, name, &removed, out_problem);
    if (rc == 0 && !removed)
        rc = SP_ENOENT;
    return store__finish(store, rc, out_problem);
}
