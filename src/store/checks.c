/*
 * Health checks.  A check that is deleted while record sets name it keeps its row, so that they can
 * go on naming it and are the same again when it comes back; the row goes with the last of them, at
 * the next deletion.  How checks are doing stands in check_status.c.
 */
#include "internal.h"

#include <assert.h>

/* The columns of CHECK_COLUMNS (statements.c), those of CHECK_CONFIG last. */
enum {
    C_ROW,
    C_ID,
    C_UP,
    C_SINCE,
    C_CREATED_AT,
    C_IS_DELETED,
    C_USE_COUNT,
    C_CALLER_REFERENCE,
    C_VERSION,
    C_TYPE,
    C_ADDRESS,
    C_PORT,
    C_PATH,
    C_DOMAIN,
    C_SEARCH,
    C_INTERVAL,
    C_FAILURES,
    C_LATENCY,
    C_INVERTED,
    C_DISABLED,
    C_SNI,
    C_REGIONS,
    C_THRESHOLD,
    C_ALARM_REGION,
    C_ALARM_NAME,
    C_NO_DATA,
    C_CONTROL
};

/* The parameters by which CHECK_CONFIG is written: ?3 is its first. */
#define PARAMETER(column) ((column)-C_TYPE + 3)

/* ---- reading ---- */

static bool decode_numbers(sqlite3_stmt *statement, struct health_check_config *config)
{
    const struct {
        int column, most;
    } bounds[] = { { C_PORT, UINT16_MAX },
                   { C_INTERVAL, UINT8_MAX },
                   { C_FAILURES, UINT8_MAX },
                   { C_REGIONS, UINT8_MAX },
                   { C_THRESHOLD, UINT16_MAX } };
    for (unsigned i = 0; i < sizeof bounds / sizeof bounds[0]; i++) {
        int64_t number = sqlite3_column_int64(statement, bounds[i].column);
        if (number < 0 || number > bounds[i].most)
            return false;
    }
    config->port = (uint16_t)sqlite3_column_int(statement, C_PORT);
    config->request_interval_s = (uint8_t)sqlite3_column_int(statement, C_INTERVAL);
    config->failure_threshold = (uint8_t)sqlite3_column_int(statement, C_FAILURES);
    config->regions = (uint8_t)sqlite3_column_int(statement, C_REGIONS);
    config->health_threshold = (uint16_t)sqlite3_column_int(statement, C_THRESHOLD);
    config->measure_latency = sqlite3_column_int(statement, C_LATENCY) != 0;
    config->inverted = sqlite3_column_int(statement, C_INVERTED) != 0;
    config->disabled = sqlite3_column_int(statement, C_DISABLED) != 0;
    config->enable_sni = sqlite3_column_int(statement, C_SNI) != 0;
    return true;
}

static bool decode_texts(sqlite3_stmt *statement, struct health_check_config *config)
{
    char type[32], no_data[32];
    const struct {
        int column;
        char *text;
        size_t size;
    } texts[] = {
        { C_TYPE, type, sizeof type },
        { C_PATH, config->resource_path, sizeof config->resource_path },
        { C_DOMAIN, config->domain_name, sizeof config->domain_name },
        { C_SEARCH, config->search_string, sizeof config->search_string },
        { C_ALARM_REGION, config->alarm_region, sizeof config->alarm_region },
        { C_ALARM_NAME, config->alarm_name, sizeof config->alarm_name },
        { C_NO_DATA, no_data, sizeof no_data },
        { C_CONTROL, config->routing_control, sizeof config->routing_control },
    };
    for (unsigned i = 0; i < sizeof texts / sizeof texts[0]; i++)
        if (!store__copy_text(texts[i].text, texts[i].size, statement, texts[i].column))
            return false;
    return health_check_type_find(type, &config->type, NULL) == 0 &&
           insufficient_data_find(no_data, &config->insufficient_data, NULL) == 0;
}

static int read_children(struct store *store, int64_t row_id, struct health_check_config *config,
                         bool *out_sense, struct problem *out_problem)
{
    bool row;
    sqlite3_stmt *statement = store->statements[CHILDREN_OF_CHECK];
    int rc;
    sqlite3_bind_int64(statement, 1, row_id);
    *out_sense = true;
    while ((rc = store__step(store, statement, &row, out_problem)) == 0 && row && *out_sense) {
        *out_sense = config->child_count < HEALTH_CHECK_CHILDREN_MAX &&
                     store__copy_text(config->children[config->child_count],
                                      sizeof config->children[0], statement, 0);
        config->child_count++;
    }
    sqlite3_reset(statement);
    return rc;
}

/* What may not be created cannot have been stored: it would be looked at as it stands. */
static int decode_config(struct store *store, sqlite3_stmt *statement,
                         struct health_check_config *config, bool *out_sense,
                         struct problem *out_problem)
{
    config->has_address = sqlite3_column_type(statement, C_ADDRESS) != SQLITE_NULL;
    *out_sense =
        decode_numbers(statement, config) && decode_texts(statement, config) &&
        (!config->has_address || store__column_address(statement, C_ADDRESS, &config->address));
    if (!*out_sense)
        return 0;
    int rc = 0;
    if (config->type == HEALTH_CHECK_CALCULATED)
        rc = read_children(store, sqlite3_column_int64(statement, C_ROW), config, out_sense,
                           out_problem);
    if (rc == 0 && *out_sense)
        *out_sense = health_check_config_check(config, false, NULL) == 0;
    return rc;
}

static int decode(struct store *store, sqlite3_stmt *statement, struct health_check *out_check,
                  struct problem *out_problem)
{
    int64_t version = sqlite3_column_int64(statement, C_VERSION);
    bool sense;
    *out_check = (struct health_check){
        .up = sqlite3_column_int(statement, C_UP) != 0,
        .since_ms = (uint64_t)sqlite3_column_int64(statement, C_SINCE),
        .created_at = sqlite3_column_int64(statement, C_CREATED_AT),
        .is_deleted = sqlite3_column_int(statement, C_IS_DELETED) != 0,
        .use_count = (uint32_t)sqlite3_column_int64(statement, C_USE_COUNT),
        .version = (uint32_t)version,
    };
    if (!store__copy_text(out_check->id, sizeof out_check->id, statement, C_ID) ||
        health_check_id_check(out_check->id, NULL) != 0 || version < 1 || version > UINT32_MAX ||
        !store__copy_text(out_check->caller_reference, sizeof out_check->caller_reference,
                          statement, C_CALLER_REFERENCE))
        return store__no_sense(store, "health check", out_check->id, out_problem);
    int rc = decode_config(store, statement, &out_check->config, &sense, out_problem);
    if (rc == 0 && !sense)
        rc = store__no_sense(store, "health check", out_check->id, out_problem);
    return rc;
}

static int visit(struct store *store, enum statement_id id,
                 const struct store_object_visitor *visitor, struct problem *out_problem)
{
    struct health_check check;
    bool row;
    sqlite3_stmt *statement = store->statements[id];
    int rc;
    while ((rc = store__step(store, statement, &row, out_problem)) == 0 && row) {
        rc = decode(store, statement, &check, out_problem);
        if (rc == 0)
            rc = visitor->check(visitor->context, &check);
        if (rc != 0)
            break;
    }
    sqlite3_reset(statement);
    return rc;
}

int store_visit_checks(struct store *store, const struct store_object_visitor *visitor,
                       struct problem *out_problem)
{
    return visit(store, CHECKS_ALL, visitor, out_problem);
}

/* Where a check stands in the order of creation, also one that is deleted. */
static int find_place(struct store *store, const char *id, int64_t *out_number,
                      struct problem *out_problem)
{
    bool row;
    sqlite3_stmt *statement = store->statements[CHECK_PLACE];
    store__bind_text(statement, 1, id, strlen(id));
    int rc = store__step(store, statement, &row, out_problem);
    if (rc == 0 && row)
        *out_number = sqlite3_column_int64(statement, 0);
    sqlite3_reset(statement);
    sqlite3_clear_bindings(statement);
    return rc == 0 && !row ? SP_ENOENT : rc;
}

int store_read_check(struct store *store, const char *id, struct health_check *out_check,
                     struct problem *out_problem)
{
    bool row;
    sqlite3_stmt *statement = store->statements[CHECK_READ];
    store__bind_text(statement, 1, id, strlen(id));
    int rc = store__step(store, statement, &row, out_problem);
    if (rc == 0)
        rc = row ? decode(store, statement, out_check, out_problem) : SP_ENOENT;
    sqlite3_reset(statement);
    sqlite3_clear_bindings(statement);
    return rc;
}

int store__find_check_row(struct store *store, const char *id, int64_t *out_row_id,
                          struct problem *out_problem)
{
    bool row;
    sqlite3_stmt *statement = store->statements[CHECK_LIVE];
    store__bind_text(statement, 1, id, strlen(id));
    int rc = store__step(store, statement, &row, out_problem);
    if (rc == 0 && row)
        *out_row_id = sqlite3_column_int64(statement, 0);
    sqlite3_reset(statement);
    sqlite3_clear_bindings(statement);
    return rc == 0 && !row ? SP_ENOENT : rc;
}

int store_find_parent_check(struct store *store, const char *child_id,
                            char out_id[HEALTH_CHECK_ID_SIZE_MAX + 1], struct problem *out_problem)
{
    bool row;
    sqlite3_stmt *statement = store->statements[CHECK_PARENT];
    store__bind_text(statement, 1, child_id, strlen(child_id));
    int rc = store__step(store, statement, &row, out_problem);
    if (rc == 0 && !row)
        out_id[0] = '\0';
    else if (rc == 0 && !store__copy_text(out_id, HEALTH_CHECK_ID_SIZE_MAX + 1, statement, 0))
        rc = store__no_sense(store, "the parent of health check", child_id, out_problem);
    sqlite3_reset(statement);
    sqlite3_clear_bindings(statement);
    return rc;
}

int store_page_checks(struct store *store, const char *first_id, unsigned count,
                      const struct store_object_visitor *visitor, struct problem *out_problem)
{
    int64_t number = 0;
    int rc = first_id == NULL ? 0 : find_place(store, first_id, &number, out_problem);
    if (rc != 0)
        return rc;
    sqlite3_bind_int64(store->statements[CHECKS_FROM], 1, number);
    sqlite3_bind_int64(store->statements[CHECKS_FROM], 2, count);
    return visit(store, CHECKS_FROM, visitor, out_problem);
}

int store_find_check_reference(struct store *store, const char *caller_reference,
                               char out_id[HEALTH_CHECK_ID_SIZE_MAX + 1],
                               struct problem *out_problem)
{
    bool row;
    sqlite3_stmt *statement = store->statements[CHECK_REFERENCE];
    store__bind_text(statement, 1, caller_reference, strlen(caller_reference));
    int rc = store__step(store, statement, &row, out_problem);
    if (rc == 0 && !row)
        rc = SP_ENOENT;
    else if (rc == 0 && !store__copy_text(out_id, HEALTH_CHECK_ID_SIZE_MAX + 1, statement, 0))
        rc = store__no_sense(store, "the health check with the reference", caller_reference,
                             out_problem);
    sqlite3_reset(statement);
    sqlite3_clear_bindings(statement);
    return rc;
}

int store_is_check_of_name(struct store *store, const char *id, const uint8_t *name, bool *out_is,
                           struct problem *out_problem)
{
    char key[DNS_NAME_TEXT_SIZE];
    bool row;
    size_t size = dns_name_to_key(key, name);
    sqlite3_stmt *statement = store->statements[CHECK_IS_OF_NAME];
    store__bind_text(statement, 1, id, strlen(id));
    store__bind_text(statement, 2, key, size);
    int rc = store__step(store, statement, &row, out_problem);
    if (rc == 0)
        *out_is = sqlite3_column_int(statement, 0) != 0;
    sqlite3_reset(statement);
    sqlite3_clear_bindings(statement);
    return rc;
}

/* ---- writing ---- */

static void bind_config(sqlite3_stmt *statement, const struct health_check_config *config)
{
    const struct {
        int column;
        const char *text;
    } texts[] = {
        { C_TYPE, health_check_type_name(config->type) },
        { C_PATH, config->resource_path },
        { C_DOMAIN, config->domain_name },
        { C_ALARM_REGION, config->alarm_region },
        { C_ALARM_NAME, config->alarm_name },
        { C_NO_DATA, insufficient_data_name(config->insufficient_data) },
        { C_CONTROL, config->routing_control },
    };
    const struct {
        int column, number;
    } numbers[] = {
        { C_PORT, config->port },
        { C_INTERVAL, config->request_interval_s },
        { C_FAILURES, config->failure_threshold },
        { C_LATENCY, config->measure_latency },
        { C_INVERTED, config->inverted },
        { C_DISABLED, config->disabled },
        { C_SNI, config->enable_sni },
        { C_REGIONS, config->regions },
        { C_THRESHOLD, config->health_threshold },
    };
    for (unsigned i = 0; i < sizeof texts / sizeof texts[0]; i++)
        store__bind_text(statement, PARAMETER(texts[i].column), texts[i].text,
                         strlen(texts[i].text));
    for (unsigned i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
        sqlite3_bind_int(statement, PARAMETER(numbers[i].column), numbers[i].number);
    store__bind_blob(statement, PARAMETER(C_SEARCH), config->search_string,
                     strlen(config->search_string));
    if (config->has_address)
        store__bind_address(statement, PARAMETER(C_ADDRESS), &config->address);
}

static int insert_child(struct store *store, int64_t row_id, unsigned position, const char *child,
                        struct problem *out_problem)
{
    sqlite3_stmt *statement = store->statements[CHILD_INSERT];
    sqlite3_bind_int64(statement, 1, row_id);
    sqlite3_bind_int64(statement, 2, position);
    store__bind_text(statement, 3, child, strlen(child));
    return store__run(store, CHILD_INSERT, out_problem);
}

static int run_for_row(struct store *store, enum statement_id id, int64_t row_id,
                       struct problem *out_problem)
{
    sqlite3_bind_int64(store->statements[id], 1, row_id);
    return store__run(store, id, out_problem);
}

static int replace_children(struct store *store, const struct health_check *check,
                            struct problem *out_problem)
{
    int64_t row_id = 0;
    int rc = store__find_check_row(store, check->id, &row_id, out_problem);
    if (rc == 0)
        rc = run_for_row(store, CHILDREN_DELETE, row_id, out_problem);
    for (unsigned i = 0; rc == 0 && i < check->config.child_count; i++)
        rc = insert_child(store, row_id, i, check->config.children[i], out_problem);
    return rc;
}

/* What is observed follows from what a check says first: nobody has looked yet.  One that comes
 * back has lost everything else when it was deleted. */
int store_commit_check(struct store *store, const struct health_check *check,
                       struct problem *out_problem)
{
    sqlite3_stmt *statement = store->statements[CHECK_INSERT];
    assert(!sqlite3_get_autocommit(store->db));
    store__bind_text(statement, 1, check->id, strlen(check->id));
    sqlite3_bind_int64(statement, 2, check->version);
    bind_config(statement, &check->config);
    if (check->caller_reference[0] != '\0')
        store__bind_text(statement, 21, check->caller_reference, strlen(check->caller_reference));
    sqlite3_bind_int64(statement, 22, check->created_at);
    sqlite3_bind_int(statement, 23, check->up);
    sqlite3_bind_int64(statement, 24, (int64_t)check->since_ms);
    sqlite3_bind_int(statement, 25, check->up != check->config.inverted);
    int rc = store__run_for_one(store, CHECK_INSERT, SP_EEXIST, out_problem);
    if (rc == 0)
        rc = replace_children(store, check, out_problem);
    return store__finish(store, rc, out_problem);
}

int store_commit_check_config(struct store *store, const struct health_check *check,
                              struct problem *out_problem)
{
    sqlite3_stmt *statement = store->statements[CHECK_SET_CONFIG];
    assert(!sqlite3_get_autocommit(store->db));
    store__bind_text(statement, 1, check->id, strlen(check->id));
    sqlite3_bind_int64(statement, 2, check->version);
    bind_config(statement, &check->config);
    int rc = store__run_for_one(store, CHECK_SET_CONFIG, SP_ENOENT, out_problem);
    if (rc == 0)
        rc = replace_children(store, check, out_problem);
    return store__finish(store, rc, out_problem);
}

static int mark_deleted(struct store *store, int64_t row_id, int64_t now_s,
                        struct problem *out_problem)
{
    static const enum statement_id parts[] = { CHILDREN_DELETE, CHECKERS_DELETE, EVENTS_DELETE,
                                               CHECK_TAGS_CLEAR, CHECK_REMEMBER };
    int rc = 0;
    for (unsigned i = 0; rc == 0 && i < sizeof parts / sizeof parts[0]; i++)
        rc = run_for_row(store, parts[i], row_id, out_problem);
    if (rc != 0)
        return rc;
    sqlite3_bind_int64(store->statements[CHECK_DELETE], 1, row_id);
    sqlite3_bind_int64(store->statements[CHECK_DELETE], 2, now_s);
    rc = store__run(store, CHECK_DELETE, out_problem);
    if (rc != 0)
        return rc;
    sqlite3_bind_int64(store->statements[CHECKS_FORGET], 1, CHECKS_REMEMBERED);
    return store__run(store, CHECKS_FORGET, out_problem);
}

int store_commit_delete_check(struct store *store, const char *id, int64_t now_s,
                              const struct store_object_visitor *visitor,
                              struct problem *out_problem)
{
    int64_t row_id = 0;
    assert(!sqlite3_get_autocommit(store->db));
    int rc = store__find_check_row(store, id, &row_id, out_problem);
    if (rc == 0)
        rc = mark_deleted(store, row_id, now_s, out_problem);
    if (rc == 0)
        rc = visit(store, CHECKS_STALE, visitor, out_problem);
    if (rc == 0)
        rc = store__run(store, CHECKS_PURGE, out_problem);
    return store__finish(store, rc, out_problem);
}
