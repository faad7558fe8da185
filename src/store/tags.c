#include "signpost/store/tags.h"

#include "internal.h"

#include <assert.h>

static const struct tag_statements {
    enum statement_id all, put, remove;
} statements_of[TAGGED_COUNT] = {
    [TAGGED_HEALTH_CHECK] = { CHECK_TAGS, CHECK_TAG_PUT, CHECK_TAG_DELETE },
    [TAGGED_HOSTED_ZONE] = { ZONE_TAGS, ZONE_TAG_PUT, ZONE_TAG_DELETE },
};

int store_visit_tags(struct store *store, enum tagged tagged, const char *id,
                     int (*visit)(void *context, const struct tag *tag), void *context,
                     struct problem *out_problem)
{
    bool row;
    sqlite3_stmt *statement = store->statements[statements_of[tagged].all];
    int rc;
    store__bind_text(statement, 1, id, strlen(id));
    while ((rc = store__step(store, statement, &row, out_problem)) == 0 && row) {
        struct tag tag = { (const char *)sqlite3_column_text(statement, 0),
                           (const char *)sqlite3_column_text(statement, 1) };
        rc = tag.key == NULL || tag.value == NULL ? SP_ENOMEM : visit(context, &tag);
        if (rc != 0)
            break;
    }
    sqlite3_reset(statement);
    sqlite3_clear_bindings(statement);
    return rc;
}

int store_put_tag(struct store *store, enum tagged tagged, const char *id, const struct tag *tag,
                  struct problem *out_problem)
{
    enum statement_id put = statements_of[tagged].put;
    sqlite3_stmt *statement = store->statements[put];
    assert(!sqlite3_get_autocommit(store->db));
    store__bind_text(statement, 1, id, strlen(id));
    store__bind_text(statement, 2, tag->key, strlen(tag->key));
    store__bind_text(statement, 3, tag->value, strlen(tag->value));
    return store__run_for_one(store, put, SP_ENOENT, out_problem);
}

int store_remove_tag(struct store *store, enum tagged tagged, const char *id, const char *key,
                     struct problem *out_problem)
{
    enum statement_id remove = statements_of[tagged].remove;
    sqlite3_stmt *statement = store->statements[remove];
    assert(!sqlite3_get_autocommit(store->db));
    store__bind_text(statement, 1, id, strlen(id));
    store__bind_text(statement, 2, key, strlen(key));
    return store__run(store, remove, out_problem);
}
