/*
 * Query logging configurations.
 */
#include "internal.h"

#include "signpost/store/query_logging.h"

#include <assert.h>

/* The columns of QUERY_LOGGING_COLUMNS (statements.c). */
enum { Q_NUMBER, Q_ID, Q_ZONE, Q_LOG_GROUP };

static int decode(struct store *store, sqlite3_stmt *statement,
                  struct query_logging_config *out_config, struct problem *out_problem)
{
    struct query_logging_config config = { .number = sqlite3_column_int64(statement, Q_NUMBER) };
    if (!store__copy_text(config.id, sizeof config.id, statement, Q_ID) ||
        !store__copy_text(config.zone_id, sizeof config.zone_id, statement, Q_ZONE) ||
        !store__copy_text(config.log_group_arn, sizeof config.log_group_arn, statement,
                          Q_LOG_GROUP))
        return store__no_sense(store, "query logging configuration", config.id, out_problem);
    *out_config = config;
    return 0;
}

int store_find_query_logging(struct store *store, const char *id,
                             struct query_logging_config *out_config, struct problem *out_problem)
{
    bool row;
    sqlite3_stmt *statement = store->statements[QUERY_LOGGING_BY_ID];
    store__bind_text(statement, 1, id, strlen(id));
    int rc = store__step(store, statement, &row, out_problem);
    if (rc == 0)
        rc = row ? decode(store, statement, out_config, out_problem) : SP_ENOENT;
    sqlite3_reset(statement);
    sqlite3_clear_bindings(statement);
    return rc;
}

int store_visit_query_logging(struct store *store, int64_t zone_id, int64_t from, unsigned count,
                              int (*visit)(void *context,
                                           const struct query_logging_config *config),
                              void *context, struct problem *out_problem)
{
    struct query_logging_config config;
    bool row;
    sqlite3_stmt *statement = store->statements[QUERY_LOGGING_FROM];
    int rc;
    sqlite3_bind_int64(statement, 1, from);
    sqlite3_bind_int64(statement, 2, zone_id);
    sqlite3_bind_int64(statement, 3, count);
    while ((rc = store__step(store, statement, &row, out_problem)) == 0 && row) {
        rc = decode(store, statement, &config, out_problem);
        if (rc == 0)
            rc = visit(context, &config);
        if (rc != 0)
            break;
    }
    sqlite3_reset(statement);
    return rc;
}

int store_add_query_logging(struct store *store, int64_t zone_id,
                            const struct query_logging_config *config, struct problem *out_problem)
{
    sqlite3_stmt *statement = store->statements[QUERY_LOGGING_INSERT];
    assert(!sqlite3_get_autocommit(store->db));
    store__bind_text(statement, 1, config->id, strlen(config->id));
    sqlite3_bind_int64(statement, 2, zone_id);
    store__bind_text(statement, 3, config->log_group_arn, strlen(config->log_group_arn));
    return store__run(store, QUERY_LOGGING_INSERT, out_problem);
}

int store_delete_query_logging(struct store *store, const char *id, struct problem *out_problem)
{
    assert(!sqlite3_get_autocommit(store->db));
    store__bind_text(store->statements[QUERY_LOGGING_DELETE], 1, id, strlen(id));
    return store__run_for_one(store, QUERY_LOGGING_DELETE, SP_ENOENT, out_problem);
}
