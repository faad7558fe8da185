/*
 * Protected record sets.
 */
#include "internal.h"

#include "signpost/store/protections.h"

#include <assert.h>

/* The columns of PROTECTIONS_FROM and PROTECTION_READ (statements.c). */
enum { T_OWNER_KEY, T_TYPE, T_COMMENT };

static bool decode_row(sqlite3_stmt *statement, struct protection *out_protection)
{
    struct span key = store__column_span(statement, T_OWNER_KEY);
    char name[16];
    const struct dns_type_info *type =
        store__copy_text(name, sizeof name, statement, T_TYPE) ? dns_type_find_name(name) : NULL;
    if (type == NULL)
        return false;
    *out_protection = (struct protection){ .type = type->type };
    return dns_name_from_key(out_protection->owner, (const char *)key.data, key.size) > 0 &&
           store__copy_text(out_protection->comment, sizeof out_protection->comment, statement,
                            T_COMMENT);
}

static int decode(struct store *store, sqlite3_stmt *statement, struct protection *out_protection,
                  struct problem *out_problem)
{
    return decode_row(statement, out_protection)
               ? 0
               : store__no_sense(store, "a row of", "record_set_protection", out_problem);
}

int store_visit_protections(struct store *store, int64_t zone_id, const char *owner_key,
                            const char *type, unsigned count,
                            int (*visit)(void *context, const struct protection *protection),
                            void *context, struct problem *out_problem)
{
    struct protection protection;
    bool row;
    sqlite3_stmt *statement = store->statements[PROTECTIONS_FROM];
    int rc;
    sqlite3_bind_int64(statement, 1, zone_id);
    store__bind_text(statement, 2, owner_key, strlen(owner_key));
    store__bind_text(statement, 3, type, strlen(type));
    sqlite3_bind_int64(statement, 4, count);
    while ((rc = store__step(store, statement, &row, out_problem)) == 0 && row) {
        rc = decode(store, statement, &protection, out_problem);
        if (rc == 0)
            rc = visit(context, &protection);
        if (rc != 0)
            break;
    }
    sqlite3_reset(statement);
    sqlite3_clear_bindings(statement);
    return rc;
}

/* Binds the primary key; `key` must live until the statement has run. */
static void bind_identity(sqlite3_stmt *statement, int64_t zone_id, char key[DNS_NAME_TEXT_SIZE],
                          const uint8_t *owner, uint16_t type)
{
    const char *name = dns_type_find(type)->name;
    sqlite3_bind_int64(statement, 1, zone_id);
    store__bind_text(statement, 2, key, dns_name_to_key(key, owner));
    store__bind_text(statement, 3, name, strlen(name));
}

int store_find_protection(struct store *store, int64_t zone_id, const uint8_t *owner, uint16_t type,
                          struct protection *out_protection, struct problem *out_problem)
{
    char key[DNS_NAME_TEXT_SIZE];
    bool row;
    sqlite3_stmt *statement = store->statements[PROTECTION_READ];
    bind_identity(statement, zone_id, key, owner, type);
    int rc = store__step(store, statement, &row, out_problem);
    if (rc == 0)
        rc = row ? decode(store, statement, out_protection, out_problem) : SP_ENOENT;
    sqlite3_reset(statement);
    sqlite3_clear_bindings(statement);
    return rc;
}

int store_add_protection(struct store *store, int64_t zone_id, const struct protection *protection,
                         struct problem *out_problem)
{
    char key[DNS_NAME_TEXT_SIZE];
    sqlite3_stmt *statement = store->statements[PROTECTION_INSERT];
    assert(!sqlite3_get_autocommit(store->db));
    bind_identity(statement, zone_id, key, protection->owner, protection->type);
    store__bind_text(statement, 4, protection->comment, strlen(protection->comment));
    return store__run_for_one(store, PROTECTION_INSERT, SP_EEXIST, out_problem);
}

int store_delete_protection(struct store *store, int64_t zone_id, const uint8_t *owner,
                            uint16_t type, struct problem *out_problem)
{
    char key[DNS_NAME_TEXT_SIZE];
    assert(!sqlite3_get_autocommit(store->db));
    bind_identity(store->statements[PROTECTION_DELETE], zone_id, key, owner, type);
    return store__run_for_one(store, PROTECTION_DELETE, SP_ENOENT, out_problem);
}
