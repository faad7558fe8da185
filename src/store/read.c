#include "internal.h"

#include <assert.h>
#include <string.h>

/* The columns of ZONE_COLUMNS, in their order there (statements.c). */
enum {
    Z_ID,
    Z_PUBLIC_ID,
    Z_NAME,
    Z_SERVER,
    Z_CREATED_AT = Z_SERVER + 4,
    Z_SEQUENCE,
    Z_RECORD_COUNT,
    Z_COMMENT,
    Z_DIGEST,
    Z_SET_COUNT,
    Z_PRIVATE,
    Z_REFERENCE,
    Z_DELEGATION_SET
};

/* From now on nothing is written to the file, so that it stays as it is for whoever repairs it. */
#define damaged(store, out_problem, ...)                                                           \
    ((store)->damaged = true, store__damaged((store)->path, out_problem, __VA_ARGS__))

struct span store__column_span(sqlite3_stmt *statement, int column)
{
    const void *data = sqlite3_column_blob(statement, column);
    return (struct span){ data, (size_t)sqlite3_column_bytes(statement, column) };
}

bool store__copy_text(char *to, size_t to_size, sqlite3_stmt *statement, int column)
{
    struct span text = store__column_span(statement, column);
    if (text.size >= to_size || (text.size > 0 && memchr(text.data, 0, text.size) != NULL))
        return false;
    if (text.size > 0)
        memcpy(to, text.data, text.size);
    to[text.size] = 0;
    return true;
}

static int decode_zone(struct store *store, sqlite3_stmt *statement, struct hosted_zone *out_zone,
                       uint64_t *out_digest, struct problem *out_problem)
{
    struct hosted_zone zone = { .id = sqlite3_column_int64(statement, Z_ID) };
    struct span name = store__column_span(statement, Z_NAME);
    int64_t record_count = sqlite3_column_int64(statement, Z_RECORD_COUNT);
    int64_t set_count = sqlite3_column_int64(statement, Z_SET_COUNT);
    if (name.size == 0 || dns_name_check(name.data, name.size) != name.size ||
        !store__copy_text(zone.public_id, sizeof zone.public_id, statement, Z_PUBLIC_ID) ||
        !store__copy_text(zone.comment, sizeof zone.comment, statement, Z_COMMENT) ||
        !store__copy_text(zone.caller_reference, sizeof zone.caller_reference, statement,
                          Z_REFERENCE) ||
        !store__copy_text(zone.delegation_set, sizeof zone.delegation_set, statement,
                          Z_DELEGATION_SET) ||
        record_count < 0 || record_count > UINT32_MAX || set_count < 0 || set_count > UINT32_MAX)
        return damaged(store, out_problem, "row %lld of hosted_zone makes no sense",
                       (long long)zone.id);
    memcpy(zone.name, name.data, name.size);
    for (int i = 0; i < 4; i++)
        zone.name_servers[i] = (uint16_t)sqlite3_column_int(statement, Z_SERVER + i);
    zone.created_at = sqlite3_column_int64(statement, Z_CREATED_AT);
    zone.sequence = sqlite3_column_int64(statement, Z_SEQUENCE);
    zone.record_count = (uint32_t)record_count;
    zone.set_count = (uint32_t)set_count;
    zone.is_private = sqlite3_column_int(statement, Z_PRIVATE) != 0;
    *out_zone = zone;
    *out_digest = (uint64_t)sqlite3_column_int64(statement, Z_DIGEST);
    return 0;
}

int store__read_zone_row(struct store *store, enum statement_id id, struct hosted_zone *out_zone,
                         uint64_t *out_digest, struct problem *out_problem)
{
    bool row;
    sqlite3_stmt *statement = store->statements[id];
    int rc = store__step(store, statement, &row, out_problem);
    if (rc == 0)
        rc = row ? decode_zone(store, statement, out_zone, out_digest, out_problem) : SP_ENOENT;
    sqlite3_reset(statement);
    sqlite3_clear_bindings(statement);
    return rc;
}

int store_find_zone(struct store *store, const uint8_t *name, struct hosted_zone *out_zone,
                    struct problem *out_problem)
{
    uint64_t digest;
    char key[DNS_NAME_TEXT_SIZE];
    size_t size = dns_name_to_key(key, name);
    store__bind_text(store->statements[ZONE_BY_NAME], 1, key, size);
    return store__read_zone_row(store, ZONE_BY_NAME, out_zone, &digest, out_problem);
}

int store_find_public_id(struct store *store, const char *public_id, struct hosted_zone *out_zone,
                         struct problem *out_problem)
{
    uint64_t digest;
    store__bind_text(store->statements[ZONE_BY_PUBLIC_ID], 1, public_id, strlen(public_id));
    return store__read_zone_row(store, ZONE_BY_PUBLIC_ID, out_zone, &digest, out_problem);
}

int store_find_next_zone(struct store *store, const struct hosted_zone *zone,
                         struct hosted_zone *out_next, struct problem *out_problem)
{
    uint64_t digest;
    char key[DNS_NAME_TEXT_SIZE];
    sqlite3_stmt *statement = store->statements[ZONE_BY_NAME_WITHOUT];
    size_t size = dns_name_to_key(key, zone->name);
    store__bind_text(statement, 1, key, size);
    sqlite3_bind_int64(statement, 2, zone->id);
    return store__read_zone_row(store, ZONE_BY_NAME_WITHOUT, out_next, &digest, out_problem);
}

int store__visit_zone_rows(struct store *store, enum statement_id id,
                           const struct store_visitor *visitor, struct problem *out_problem)
{
    struct hosted_zone zone;
    uint64_t digest;
    bool row;
    sqlite3_stmt *statement = store->statements[id];
    int rc;
    while ((rc = store__step(store, statement, &row, out_problem)) == 0 && row) {
        rc = decode_zone(store, statement, &zone, &digest, out_problem);
        if (rc == 0)
            rc = visitor->zone(visitor->context, &zone);
        if (rc != 0)
            break;
    }
    sqlite3_reset(statement);
    sqlite3_clear_bindings(statement);
    return rc;
}

int store_list_zones(struct store *store, const struct store_visitor *visitor,
                     struct problem *out_problem)
{
    return store__visit_zone_rows(store, ZONES_BY_NAME, visitor, out_problem);
}

/* Walks over rows of record_set; sets of one owner share the decoded owner. */
struct set_walk {
    struct store *store;
    sqlite3_stmt *statement;
    sqlite3_stmt *in_full; /* NULL: the statement itself has all columns */
    bool row;              /* whether the statement stands on a row, which is then decoded below */
    int64_t zone_id;
    struct span key; /* of the row, in SQLite's memory */
    struct set_row decoded;
    size_t owner_key_size; /* of owner, as a key */
    char owner_key[DNS_NAME_TEXT_SIZE];
    uint8_t owner[DNS_NAME_SIZE_MAX];
};

static int decode_owner(struct set_walk *walk, struct problem *out_problem)
{
    struct span key = walk->key;
    if (key.size == walk->owner_key_size && memcmp(key.data, walk->owner_key, key.size) == 0)
        return 0;
    if (key.size >= sizeof walk->owner_key ||
        dns_name_from_key(walk->owner, (const char *)key.data, key.size) == 0)
        return damaged(walk->store, out_problem, "a record set of zone %lld has no right name",
                       (long long)walk->zone_id);
    memcpy(walk->owner_key, key.data, key.size);
    walk->owner_key_size = key.size;
    return 0;
}

/* Nearly all sets of a large database are plain, and columns that are NULL take time all the same.
 * So at start-up one statement goes through all sets with the few columns of a plain one, and one
 * with all columns beside it, in the same order, through those that are more. */
static int decode_row(struct set_walk *walk, struct problem *out_problem)
{
    sqlite3_stmt *statement = walk->statement;
    bool row = true;
    int rc = 0;
    if (walk->in_full != NULL && !store__is_plain_set(statement)) {
        statement = walk->in_full;
        rc = store__step(walk->store, statement, &row, out_problem);
    }
    if (rc == 0 && (!row || !store__decode_set(statement, &walk->decoded)))
        rc = damaged(walk->store, out_problem, "a record set of zone %lld makes no sense",
                     (long long)walk->zone_id);
    return rc;
}

static int walk_next(struct set_walk *walk, struct problem *out_problem)
{
    int rc = store__step(walk->store, walk->statement, &walk->row, out_problem);
    if (rc != 0 || !walk->row)
        return rc;
    walk->zone_id = sqlite3_column_int64(walk->statement, S_ZONE_ID);
    walk->key = store__column_span(walk->statement, S_OWNER_KEY);
    if (walk->key.data == NULL) /* the root's key is the empty text */
        walk->key = (struct span){ (const uint8_t *)"", 0 };
    rc = decode_row(walk, out_problem);
    return rc == 0 ? decode_owner(walk, out_problem) : rc;
}

static int walk_open(struct set_walk *walk, struct store *store, enum statement_id id,
                     struct problem *out_problem)
{
    walk->store = store;
    walk->statement = store->statements[id];
    walk->in_full = id == SETS_OF_ALL ? store->statements[SETS_OF_ALL_IN_FULL] : NULL;
    walk->owner_key_size = 0; /* the root, until a row says otherwise */
    walk->owner[0] = 0;
    return walk_next(walk, out_problem);
}

static void walk_close(struct set_walk *walk)
{
    sqlite3_reset(walk->statement);
    sqlite3_clear_bindings(walk->statement);
    if (walk->in_full != NULL)
        sqlite3_reset(walk->in_full);
}

/* Hands out the sets of one zone and holds them against the digest of its row. */
static int load_sets(struct set_walk *walk, const struct hosted_zone *zone, uint64_t digest,
                     const struct store_visitor *visitor, struct problem *out_problem)
{
    int rc = 0;
    uint64_t record_count = 0, set_count = 0;
    uint64_t sum = store__zone_digest(zone);
    while (rc == 0 && walk->row && walk->zone_id == zone->id) {
        sum += store__set_digest(zone->id, walk->key, &walk->decoded.set);
        record_count += record_set_count(&walk->decoded.set);
        set_count += !record_owner_is_hidden(walk->owner);
        rc = visitor->set(visitor->context, zone, walk->owner, &walk->decoded.set);
        if (rc == 0)
            rc = walk_next(walk, out_problem);
    }
    if (rc == 0 &&
        (sum != digest || record_count != zone->record_count || set_count != zone->set_count)) {
        char name[DNS_NAME_TEXT_SIZE];
        dns_name_to_text(name, zone->name);
        rc = damaged(walk->store, out_problem, "what is stored of zone %s is not what was written",
                     name);
    }
    return rc;
}

/* Both tables are in order of zone, so one pass over each is enough. */
static int load_zones(struct store *store, const struct store_visitor *visitor,
                      struct problem *out_problem)
{
    struct set_walk walk;
    struct hosted_zone zone;
    uint64_t digest;
    bool row = true;
    sqlite3_stmt *zones = store->statements[ZONES_OLDEST_FIRST];
    int rc = walk_open(&walk, store, SETS_OF_ALL, out_problem);
    while (rc == 0 && (rc = store__step(store, zones, &row, out_problem)) == 0 && row) {
        rc = decode_zone(store, zones, &zone, &digest, out_problem);
        if (rc == 0)
            rc = visitor->zone(visitor->context, &zone);
        if (rc == 0)
            rc = load_sets(&walk, &zone, digest, visitor, out_problem);
    }
    if (rc == 0 && walk.row)
        rc = damaged(store, out_problem, "record sets of zone %lld are there, but not the zone",
                     (long long)walk.zone_id);
    sqlite3_reset(zones);
    walk_close(&walk);
    return rc;
}

int store_load(struct store *store, const struct store_visitor *visitor,
               struct problem *out_problem)
{
    assert(sqlite3_get_autocommit(store->db));
    int rc = store__run(store, BEGIN_READ, out_problem);
    if (rc == 0)
        rc = load_zones(store, visitor, out_problem);
    if (rc == 0)
        rc = store__run(store, COMMIT, out_problem);
    store_rollback(store);
    return rc;
}

/* The set that the draft has now, also as what was there before; what it points to is shared. */
static int add_before(struct draft *draft, struct draft_name *name, const struct record_set *set)
{
    struct record_set **link = &name->before;
    struct record_set *copy = arena_copy(draft->arena, set, sizeof *set);
    if (copy == NULL)
        return SP_ENOMEM;
    while (*link != NULL && ((*link)->type < set->type ||
                             ((*link)->type == set->type &&
                              strcmp((*link)->set_identifier, set->set_identifier) < 0)))
        link = &(*link)->next;
    copy->next = *link;
    *link = copy;
    return 0;
}

/* The walk's set becomes the draft's own: in sets, and where the draft is a change, in before. */
static int keep_set(struct draft *draft, struct draft_name *name, const struct set_walk *walk)
{
    const struct record_set *kept = draft_add_set(draft, name, &walk->decoded.set);
    if (kept == NULL)
        return SP_ENOMEM;
    return draft->whole ? 0 : add_before(draft, name, kept);
}

static int read_into(struct store *store, enum statement_id id, struct draft *draft,
                     struct problem *out_problem)
{
    struct set_walk walk;
    struct draft_name *name = NULL;
    int rc = walk_open(&walk, store, id, out_problem);
    while (rc == 0 && walk.row) {
        if (name == NULL || memcmp(name->owner, walk.owner, dns_name_size(walk.owner)) != 0)
            name = draft_name(draft, walk.owner);
        rc = name == NULL ? SP_ENOMEM : keep_set(draft, name, &walk);
        if (rc == SP_ENOMEM)
            problem_set(out_problem, rc, "no memory to read the zone");
        if (rc == 0)
            rc = walk_next(&walk, out_problem);
    }
    walk_close(&walk);
    return rc;
}

int store_read_zone(struct store *store, struct draft *draft, struct problem *out_problem)
{
    assert(draft->whole);
    sqlite3_bind_int64(store->statements[SETS_OF_ZONE], 1, draft->zone.id);
    return read_into(store, SETS_OF_ZONE, draft, out_problem);
}

int store_visit_sets(struct store *store, const struct hosted_zone *zone, const char *owner_key,
                     const char *type, const char *set_identifier, unsigned count,
                     int (*visit)(void *context, const uint8_t *owner,
                                  const struct record_set *set),
                     void *context, struct problem *out_problem)
{
    struct set_walk walk;
    sqlite3_stmt *statement = store->statements[SETS_FROM];
    sqlite3_bind_int64(statement, 1, zone->id);
    store__bind_text(statement, 2, owner_key, strlen(owner_key));
    store__bind_text(statement, 3, type, strlen(type));
    store__bind_text(statement, 4, set_identifier, strlen(set_identifier));
    int rc = walk_open(&walk, store, SETS_FROM, out_problem);
    while (rc == 0 && walk.row && count > 0) {
        if (!record_owner_is_hidden(walk.owner)) {
            rc = visit(context, walk.owner, &walk.decoded.set);
            count--;
        }
        if (rc == 0 && count > 0)
            rc = walk_next(&walk, out_problem);
    }
    walk_close(&walk);
    return rc;
}

int store_fetch_name(struct store *store, struct draft *draft, const uint8_t *owner,
                     struct problem *out_problem)
{
    char key[DNS_NAME_TEXT_SIZE];
    assert(!draft->whole);
    if (draft_find(draft, owner) != NULL)
        return 0; /* a batch may touch one name more than once */
    if (draft_name(draft, owner) == NULL)
        return problem_set(out_problem, SP_ENOMEM, "no memory to read the zone");
    size_t size = dns_name_to_key(key, owner);
    sqlite3_bind_int64(store->statements[SETS_OF_NAME], 1, draft->zone.id);
    store__bind_text(store->statements[SETS_OF_NAME], 2, key, size);
    return read_into(store, SETS_OF_NAME, draft, out_problem);
}

int store_fetch_prefix(struct store *store, struct draft *draft, const char *prefix,
                       struct problem *out_problem)
{
    uint8_t first[DNS_NAME_SIZE_MAX];
    char from[DNS_NAME_TEXT_SIZE], to[DNS_NAME_TEXT_SIZE + 1];
    sqlite3_stmt *statement = store->statements[SETS_BETWEEN];
    size_t label_size = strlen(prefix), zone_size = dns_name_size(draft->zone.name);
    if (1 + label_size + zone_size > sizeof first)
        return 0; /* no name can begin so */
    first[0] = (uint8_t)label_size;
    memcpy(first + 1, prefix, label_size);
    memcpy(first + 1 + label_size, draft->zone.name, zone_size);
    size_t size = dns_name_to_key(from, first) - 1; /* without the dot behind the label */
    memcpy(to, from, size);
    to[size] = '\x7f'; /* beyond whatever a key may hold */
    sqlite3_bind_int64(statement, 1, draft->zone.id);
    store__bind_text(statement, 2, from, size);
    store__bind_text(statement, 3, to, size + 1);
    return read_into(store, SETS_BETWEEN, draft, out_problem);
}

int store_zone_is_bare(struct store *store, const struct hosted_zone *zone, bool *out_bare,
                       struct problem *out_problem)
{
    bool row;
    char key[DNS_NAME_TEXT_SIZE];
    sqlite3_stmt *statement = store->statements[SETS_BEYOND_APEX];
    size_t size = dns_name_to_key(key, zone->name);
    sqlite3_bind_int64(statement, 1, zone->id);
    store__bind_text(statement, 2, key, size);
    int rc = store__step(store, statement, &row, out_problem);
    if (rc == 0)
        *out_bare = sqlite3_column_int(statement, 0) == 0;
    sqlite3_reset(statement);
    sqlite3_clear_bindings(statement);
    return rc;
}
