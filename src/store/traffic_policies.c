#include "internal.h"

#include "signpost/store/traffic_policies.h"

#include <string.h>

/* The columns of POLICY_COLUMNS, VERSION_COLUMNS and INSTANCE_COLUMNS (statements.c). */
enum { P_NUMBER, P_ID, P_NAME, P_TYPE, P_LATEST, P_NEWEST, P_COUNT };
enum { V_POLICY, V_VERSION, V_NAME, V_TYPE, V_DOCUMENT, V_COMMENT };
enum {
    I_NUMBER,
    I_ID,
    I_ZONE,
    I_OWNER_KEY,
    I_TYPE,
    I_TTL,
    I_POLICY,
    I_VERSION,
    I_GENERATION,
    I_MESSAGE
};

static void reset(sqlite3_stmt *statement)
{
    sqlite3_reset(statement);
    sqlite3_clear_bindings(statement);
}

static bool read_type(sqlite3_stmt *statement, int column, uint16_t *out_type)
{
    char name[16];
    const struct dns_type_info *info =
        store__copy_text(name, sizeof name, statement, column) ? dns_type_find_name(name) : NULL;
    if (info != NULL)
        *out_type = info->type;
    return info != NULL;
}

/* In SQLite's memory, until the statement moves on. */
static const char *text_at(sqlite3_stmt *statement, int column)
{
    const char *text = (const char *)sqlite3_column_text(statement, column);
    return text == NULL ? "" : text;
}

/* ---- policies ---- */

static int decode_policy(struct store *store, sqlite3_stmt *statement,
                         struct traffic_policy *out_policy, struct problem *out_problem)
{
    struct traffic_policy policy = { .number = sqlite3_column_int64(statement, P_NUMBER) };
    if (!store__copy_text(policy.id, sizeof policy.id, statement, P_ID) ||
        !read_type(statement, P_TYPE, &policy.type))
        return store__no_sense(store, "traffic policy", policy.id, out_problem);
    policy.name = text_at(statement, P_NAME);
    policy.latest_version = (uint32_t)sqlite3_column_int64(statement, P_LATEST);
    policy.newest_version = (uint32_t)sqlite3_column_int64(statement, P_NEWEST);
    policy.version_count = (uint32_t)sqlite3_column_int64(statement, P_COUNT);
    *out_policy = policy;
    return 0;
}

int store_visit_traffic_policies(struct store *store, int64_t from, unsigned count,
                                 int (*visit)(void *context, const struct traffic_policy *policy),
                                 void *context, struct problem *out_problem)
{
    struct traffic_policy policy;
    bool row;
    sqlite3_stmt *statement = store->statements[POLICIES_FROM];
    int rc;
    sqlite3_bind_int64(statement, 1, from);
    sqlite3_bind_int64(statement, 2, count);
    while ((rc = store__step(store, statement, &row, out_problem)) == 0 && row) {
        rc = decode_policy(store, statement, &policy, out_problem);
        if (rc == 0)
            rc = visit(context, &policy);
        if (rc != 0)
            break;
    }
    reset(statement);
    return rc;
}

static int keep_name(struct arena *arena, struct traffic_policy *policy,
                     struct problem *out_problem)
{
    policy->name = arena == NULL ? "" : arena_copy(arena, policy->name, strlen(policy->name) + 1);
    return policy->name != NULL
               ? 0
               : problem_set(out_problem, SP_ENOMEM, "no memory to read the traffic policy");
}

int store_find_traffic_policy(struct store *store, const char *id, struct arena *arena,
                              struct traffic_policy *out_policy, struct problem *out_problem)
{
    bool row;
    sqlite3_stmt *statement = store->statements[POLICY_READ];
    store__bind_text(statement, 1, id, strlen(id));
    int rc = store__step(store, statement, &row, out_problem);
    if (rc == 0)
        rc = row ? decode_policy(store, statement, out_policy, out_problem) : SP_ENOENT;
    if (rc == 0)
        rc = keep_name(arena, out_policy, out_problem);
    reset(statement);
    return rc;
}

int store_has_traffic_policy_name(struct store *store, const char *name, bool *out_has,
                                  struct problem *out_problem)
{
    uint64_t count;
    store__bind_text(store->statements[POLICY_OF_NAME], 1, name, strlen(name));
    int rc = store__read_count(store, POLICY_OF_NAME, &count, out_problem);
    if (rc == 0)
        *out_has = count > 0;
    return rc;
}

int store_count_traffic_policies(struct store *store, uint64_t *out_count,
                                 struct problem *out_problem)
{
    return store__read_count(store, POLICIES_COUNT, out_count, out_problem);
}

int store_add_traffic_policy(struct store *store, const char *id, const char *name,
                             struct problem *out_problem)
{
    sqlite3_stmt *statement = store->statements[POLICY_INSERT];
    store__bind_text(statement, 1, id, strlen(id));
    store__bind_text(statement, 2, name, strlen(name));
    return store__run(store, POLICY_INSERT, out_problem);
}

/* ---- versions ---- */

static int decode_version(struct store *store, sqlite3_stmt *statement,
                          struct traffic_version *out_version, struct problem *out_problem)
{
    struct traffic_version version = { .version =
                                           (uint32_t)sqlite3_column_int64(statement, V_VERSION) };
    if (!store__copy_text(version.policy_id, sizeof version.policy_id, statement, V_POLICY) ||
        !read_type(statement, V_TYPE, &version.type))
        return store__no_sense(store, "a version of traffic policy", version.policy_id,
                               out_problem);
    version.name = text_at(statement, V_NAME);
    version.document = text_at(statement, V_DOCUMENT);
    version.comment = text_at(statement, V_COMMENT);
    *out_version = version;
    return 0;
}

int store_visit_traffic_versions(struct store *store, const char *policy_id, uint32_t from,
                                 unsigned count,
                                 int (*visit)(void *context, const struct traffic_version *version),
                                 void *context, struct problem *out_problem)
{
    struct traffic_version version;
    bool row;
    sqlite3_stmt *statement = store->statements[VERSIONS_FROM];
    int rc;
    store__bind_text(statement, 1, policy_id, strlen(policy_id));
    sqlite3_bind_int64(statement, 2, from);
    sqlite3_bind_int64(statement, 3, count);
    while ((rc = store__step(store, statement, &row, out_problem)) == 0 && row) {
        rc = decode_version(store, statement, &version, out_problem);
        if (rc == 0)
            rc = visit(context, &version);
        if (rc != 0)
            break;
    }
    reset(statement);
    return rc;
}

static void bind_version(sqlite3_stmt *statement, const char *policy_id, uint32_t version)
{
    store__bind_text(statement, 1, policy_id, strlen(policy_id));
    sqlite3_bind_int64(statement, 2, version);
}

int store_add_traffic_version(struct store *store, const struct traffic_version *version,
                              struct problem *out_problem)
{
    sqlite3_stmt *insert = store->statements[VERSION_INSERT];
    const char *type = dns_type_find(version->type)->name;
    bind_version(insert, version->policy_id, version->version);
    store__bind_text(insert, 3, type, strlen(type));
    store__bind_text(insert, 4, version->document, strlen(version->document));
    store__bind_text(insert, 5, version->comment, strlen(version->comment));
    int rc = store__run(store, VERSION_INSERT, out_problem);
    if (rc != 0)
        return rc;
    bind_version(store->statements[POLICY_SET_NEWEST], version->policy_id, version->version);
    return store__run(store, POLICY_SET_NEWEST, out_problem);
}

int store_set_traffic_comment(struct store *store, const char *policy_id, uint32_t version,
                              const char *comment, struct problem *out_problem)
{
    sqlite3_stmt *statement = store->statements[VERSION_SET_COMMENT];
    bind_version(statement, policy_id, version);
    store__bind_text(statement, 3, comment, strlen(comment));
    return store__run_for_one(store, VERSION_SET_COMMENT, SP_ENOENT, out_problem);
}

int store_remove_traffic_version(struct store *store, const char *policy_id, uint32_t version,
                                 struct problem *out_problem)
{
    sqlite3_stmt *statement = store->statements[POLICY_DELETE_EMPTY];
    bind_version(store->statements[VERSION_DELETE], policy_id, version);
    int rc = store__run_for_one(store, VERSION_DELETE, SP_ENOENT, out_problem);
    if (rc != 0)
        return rc;
    store__bind_text(statement, 1, policy_id, strlen(policy_id));
    return store__run(store, POLICY_DELETE_EMPTY, out_problem);
}

/* ---- instances ---- */

static int decode_instance(struct store *store, sqlite3_stmt *statement,
                           struct traffic_instance *out_instance, struct problem *out_problem)
{
    struct traffic_instance instance = { .number = sqlite3_column_int64(statement, I_NUMBER) };
    const char *key = text_at(statement, I_OWNER_KEY); /* the root's is the empty text */
    if (!store__copy_text(instance.id, sizeof instance.id, statement, I_ID) ||
        !store__copy_text(instance.zone_id, sizeof instance.zone_id, statement, I_ZONE) ||
        !store__copy_text(instance.policy_id, sizeof instance.policy_id, statement, I_POLICY) ||
        !store__copy_text(instance.message, sizeof instance.message, statement, I_MESSAGE) ||
        !read_type(statement, I_TYPE, &instance.type) ||
        dns_name_from_key(instance.name, key, strlen(key)) == 0)
        return store__no_sense(store, "traffic policy instance", instance.id, out_problem);
    instance.ttl_s = (uint32_t)sqlite3_column_int64(statement, I_TTL);
    instance.version = (uint32_t)sqlite3_column_int64(statement, I_VERSION);
    instance.generation = (uint32_t)sqlite3_column_int64(statement, I_GENERATION);
    *out_instance = instance;
    return 0;
}

int store_visit_traffic_instances(struct store *store, const struct traffic_instance_filter *filter,
                                  int64_t from, unsigned count,
                                  int (*visit)(void *context,
                                               const struct traffic_instance *instance),
                                  void *context, struct problem *out_problem)
{
    struct traffic_instance instance;
    bool row;
    sqlite3_stmt *statement = store->statements[INSTANCES_FROM];
    int rc;
    sqlite3_bind_int64(statement, 1, from);
    if (filter->zone_id != NULL)
        store__bind_text(statement, 2, filter->zone_id, strlen(filter->zone_id));
    if (filter->policy_id != NULL)
        store__bind_text(statement, 3, filter->policy_id, strlen(filter->policy_id));
    sqlite3_bind_int64(statement, 4, filter->version);
    sqlite3_bind_int64(statement, 5, count);
    while ((rc = store__step(store, statement, &row, out_problem)) == 0 && row) {
        rc = decode_instance(store, statement, &instance, out_problem);
        if (rc == 0)
            rc = visit(context, &instance);
        if (rc != 0)
            break;
    }
    reset(statement);
    return rc;
}

/* Reads the one row of a statement that is bound already. */
static int read_instance(struct store *store, enum statement_id id,
                         struct traffic_instance *out_instance, struct problem *out_problem)
{
    bool row;
    sqlite3_stmt *statement = store->statements[id];
    int rc = store__step(store, statement, &row, out_problem);
    if (rc == 0)
        rc = row ? decode_instance(store, statement, out_instance, out_problem) : SP_ENOENT;
    reset(statement);
    return rc;
}

int store_find_traffic_instance(struct store *store, const char *id,
                                struct traffic_instance *out_instance, struct problem *out_problem)
{
    store__bind_text(store->statements[INSTANCE_READ], 1, id, strlen(id));
    return read_instance(store, INSTANCE_READ, out_instance, out_problem);
}

int store_find_traffic_instance_at(struct store *store, const char *zone_id, const uint8_t *name,
                                   uint16_t type, struct traffic_instance *out_instance,
                                   struct problem *out_problem)
{
    char key[DNS_NAME_TEXT_SIZE];
    const char *type_name = dns_type_find(type)->name;
    sqlite3_stmt *statement = store->statements[INSTANCE_AT];
    store__bind_text(statement, 1, zone_id, strlen(zone_id));
    store__bind_text(statement, 2, key, dns_name_to_key(key, name));
    store__bind_text(statement, 3, type_name, strlen(type_name));
    return read_instance(store, INSTANCE_AT, out_instance, out_problem);
}

int store_count_traffic_instances(struct store *store, uint64_t *out_count,
                                  struct problem *out_problem)
{
    return store__read_count(store, INSTANCES_COUNT, out_count, out_problem);
}

int store_count_instances_of_version(struct store *store, const char *policy_id, uint32_t version,
                                     uint64_t *out_count, struct problem *out_problem)
{
    bind_version(store->statements[INSTANCES_OF_VERSION], policy_id, version);
    return store__read_count(store, INSTANCES_OF_VERSION, out_count, out_problem);
}

/* What may change; the instance must live until the statement has run. */
static void bind_wish(sqlite3_stmt *statement, const struct traffic_instance *instance)
{
    store__bind_text(statement, 1, instance->id, strlen(instance->id));
    sqlite3_bind_int64(statement, 5, instance->ttl_s);
    store__bind_text(statement, 6, instance->policy_id, strlen(instance->policy_id));
    sqlite3_bind_int64(statement, 7, instance->version);
    sqlite3_bind_int64(statement, 8, instance->generation);
    if (instance->message[0] != '\0')
        store__bind_text(statement, 9, instance->message, strlen(instance->message));
}

int store_add_traffic_instance(struct store *store, struct traffic_instance *instance,
                               struct problem *out_problem)
{
    char key[DNS_NAME_TEXT_SIZE];
    const char *type = dns_type_find(instance->type)->name;
    sqlite3_stmt *statement = store->statements[INSTANCE_INSERT];
    bind_wish(statement, instance);
    store__bind_text(statement, 2, instance->zone_id, strlen(instance->zone_id));
    store__bind_text(statement, 3, key, dns_name_to_key(key, instance->name));
    store__bind_text(statement, 4, type, strlen(type));
    int rc = store__run(store, INSTANCE_INSERT, out_problem);
    if (rc == 0)
        instance->number = sqlite3_last_insert_rowid(store->db);
    return rc;
}

int store_change_traffic_instance(struct store *store, const struct traffic_instance *instance,
                                  struct problem *out_problem)
{
    bind_wish(store->statements[INSTANCE_UPDATE], instance);
    return store__run_for_one(store, INSTANCE_UPDATE, SP_ENOENT, out_problem);
}

int store_remove_traffic_instance(struct store *store, const char *id, struct problem *out_problem)
{
    store__bind_text(store->statements[INSTANCE_DELETE], 1, id, strlen(id));
    return store__run_for_one(store, INSTANCE_DELETE, SP_ENOENT, out_problem);
}
