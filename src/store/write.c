#include "internal.h"

#include <assert.h>
#include <string.h>

/* What one transaction knows of its zone: the row as it stood, and what becomes of it. */
struct writing {
    struct store *store;
    struct problem *problem;
    struct hosted_zone before; /* its id is 0 while the zone is being created */
    struct hosted_zone after;
    uint64_t digest;      /* of the row before; kept by difference until it fits the row after */
    int64_t record_count; /* of the row after */
    int64_t set_count;
    struct change *change; /* its id and comment go into its record */
    int64_t now_s;
    const char *kind;
};

static int begin_writing(struct writing *writing, struct store *store,
                         const struct hosted_zone *zone, int64_t now_s, struct change *change,
                         struct problem *out_problem)
{
    assert(!sqlite3_get_autocommit(store->db));
    *writing = (struct writing){
        .store = store, .problem = out_problem, .after = *zone, .now_s = now_s, .change = change
    };
    store__audit_zone(store, zone->name);
    if (zone->id == 0)
        return 0;
    sqlite3_bind_int64(store->statements[ZONE_BY_ID], 1, zone->id);
    int rc =
        store__read_zone_row(store, ZONE_BY_ID, &writing->before, &writing->digest, out_problem);
    if (rc == SP_ENOENT)
        return problem_set(out_problem, SP_ENOENT, "the zone has been deleted in the meantime");
    if (rc != 0)
        return rc;
    writing->digest -= store__zone_digest(&writing->before);
    writing->after = writing->before; /* the caller's copy may be older than the row */
    writing->record_count = writing->before.record_count;
    writing->set_count = writing->before.set_count;
    return 0;
}

static int run(struct writing *writing, enum statement_id id)
{
    return store__run(writing->store, id, writing->problem);
}

static void bind_unless_empty(sqlite3_stmt *statement, int index, const char *text)
{
    if (text[0] != '\0')
        store__bind_text(statement, index, text, strlen(text));
}

/* A caller reference is never taken twice, not even when its zone is gone (A-ZON-5). */
static int keep_reference(struct writing *writing)
{
    const char *reference = writing->after.caller_reference;
    if (reference[0] == '\0')
        return 0;
    store__bind_text(writing->store->statements[ZONE_REFERENCE_INSERT], 1, reference,
                     strlen(reference));
    int rc = run(writing, ZONE_REFERENCE_INSERT);
    if (rc == 0 && sqlite3_changes64(writing->store->db) == 0)
        rc = problem_set(writing->problem, SP_EEXIST,
                         "A hosted zone has already been created with the specified caller "
                         "reference.");
    return rc;
}

static int insert_zone(struct writing *writing)
{
    char key[DNS_NAME_TEXT_SIZE];
    struct hosted_zone *zone = &writing->after;
    sqlite3_stmt *statement = writing->store->statements[ZONE_INSERT];
    size_t key_size = dns_name_to_key(key, zone->name);
    store__bind_text(statement, 1, zone->public_id, strlen(zone->public_id));
    store__bind_blob(statement, 2, zone->name, dns_name_size(zone->name));
    store__bind_text(statement, 3, key, key_size);
    for (int i = 0; i < 4; i++)
        sqlite3_bind_int(statement, 4 + i, zone->name_servers[i]);
    sqlite3_bind_int64(statement, 8, zone->created_at);
    store__bind_text(statement, 9, zone->comment, strlen(zone->comment));
    sqlite3_bind_int(statement, 10, zone->is_private);
    bind_unless_empty(statement, 11, zone->caller_reference);
    bind_unless_empty(statement, 12, zone->delegation_set);
    int rc = run(writing, ZONE_INSERT);
    if (rc == 0)
        zone->id = sqlite3_last_insert_rowid(writing->store->db);
    return rc == 0 ? keep_reference(writing) : rc;
}

/* The journal row and the change record; the sequence of both goes into the zone. */
static int write_journal(struct writing *writing)
{
    struct store *store = writing->store;
    struct hosted_zone *zone = &writing->after;
    sqlite3_stmt *journal = store->statements[JOURNAL_INSERT];
    sqlite3_stmt *change = store->statements[CHANGE_INSERT];
    sqlite3_bind_int64(journal, 1, writing->before.sequence);
    sqlite3_bind_int64(journal, 2, zone->id);
    store__bind_blob(journal, 3, zone->name, dns_name_size(zone->name));
    store__bind_text(journal, 4, writing->kind, strlen(writing->kind));
    sqlite3_bind_int64(journal, 5, writing->now_s);
    int rc = run(writing, JOURNAL_INSERT);
    if (rc != 0)
        return rc;
    zone->sequence = sqlite3_last_insert_rowid(store->db);
    sqlite3_bind_int64(change, 1, zone->sequence);
    sqlite3_bind_int64(change, 2, zone->id);
    sqlite3_bind_int64(change, 3, writing->now_s);
    bind_unless_empty(change, 4, writing->change->id);
    sqlite3_bind_int64(change, 5, (int64_t)writing->change->submitted_ms);
    store__bind_text(change, 6, writing->change->comment, strlen(writing->change->comment));
    return run(writing, CHANGE_INSERT);
}

/* Forgets the zone's journal beyond its bound, and change records beyond theirs. */
static int prune(struct writing *writing)
{
    sqlite3_stmt **statements = writing->store->statements;
    sqlite3_bind_int64(statements[JOURNAL_PRUNE], 1, writing->after.id);
    sqlite3_bind_int64(statements[JOURNAL_PRUNE], 2, JOURNAL_ROWS_PER_ZONE);
    sqlite3_bind_int64(statements[CHANGE_PRUNE], 1, writing->after.sequence - CHANGES_KEPT);
    sqlite3_bind_int64(statements[CHANGE_PRUNE], 2, writing->after.sequence - CHANGES_KEPT_MAX);
    sqlite3_bind_int64(statements[CHANGE_PRUNE], 3, writing->now_s - CHANGES_KEPT_S);
    int rc = run(writing, JOURNAL_PRUNE);
    return rc == 0 ? run(writing, CHANGE_PRUNE) : rc;
}

/* Whoever follows takes a replaced zone whole and a deleted one not at all: older rows of it tell
 * nothing any more.  The row of a deletion itself goes when its change record does. */
static int forget_older(struct writing *writing)
{
    sqlite3_stmt **statements = writing->store->statements;
    sqlite3_bind_int64(statements[JOURNAL_FORGET], 1, writing->after.id);
    sqlite3_bind_int64(statements[JOURNAL_FORGET], 2, writing->after.sequence);
    return run(writing, JOURNAL_FORGET);
}

static int update_zone(struct writing *writing)
{
    struct hosted_zone *zone = &writing->after;
    sqlite3_stmt *statement = writing->store->statements[ZONE_UPDATE];
    if (writing->record_count < 0 || writing->record_count > UINT32_MAX)
        return problem_set(writing->problem, SP_ELIMIT, "a zone holds at most %u records",
                           UINT32_MAX);
    zone->record_count = (uint32_t)writing->record_count;
    zone->set_count = (uint32_t)writing->set_count;
    writing->digest += store__zone_digest(zone);
    sqlite3_bind_int64(statement, 1, zone->id);
    sqlite3_bind_int64(statement, 2, zone->sequence);
    sqlite3_bind_int64(statement, 3, zone->record_count);
    sqlite3_bind_int64(statement, 4, (int64_t)writing->digest);
    sqlite3_bind_int64(statement, 5, zone->set_count);
    store__bind_text(statement, 6, zone->comment, strlen(zone->comment));
    bind_unless_empty(statement, 7, zone->delegation_set);
    return run(writing, ZONE_UPDATE);
}

/* One set as it was and as it will be; either may be NULL. */
struct set_change {
    struct span owner_key;
    bool hidden; /* its owner is */
    const struct record_set *before;
    const struct record_set *after;
};

static void account(struct writing *writing, const struct set_change *change)
{
    if (change->before != NULL) {
        writing->digest -= store__set_digest(writing->after.id, change->owner_key, change->before);
        writing->record_count -= record_set_count(change->before);
        writing->set_count -= !change->hidden;
    }
    if (change->after != NULL) {
        writing->digest += store__set_digest(writing->after.id, change->owner_key, change->after);
        writing->record_count += record_set_count(change->after);
        writing->set_count += !change->hidden;
    }
}

/* number: what the first column of the table counts, zones or changes. */
static void bind_key(sqlite3_stmt *statement, int64_t number, const struct set_change *change)
{
    const struct record_set *set = change->before != NULL ? change->before : change->after;
    const char *type = dns_type_find(set->type)->name;
    sqlite3_bind_int64(statement, 1, number);
    store__bind_text(statement, 2, (const char *)change->owner_key.data, change->owner_key.size);
    store__bind_text(statement, 3, type, strlen(type));
    store__bind_text(statement, 4, set->set_identifier, strlen(set->set_identifier));
}

/* The number of the health check that the set names, 0 when it names none.  A check that has been
 * deleted is still there for the sets that go on naming it. */
static int find_check(struct writing *writing, const struct record_set *set, int64_t *out_id)
{
    bool row = false;
    sqlite3_stmt *statement = writing->store->statements[CHECK_BY_PUBLIC_ID];
    *out_id = 0;
    if (set->health_check == NULL)
        return 0;
    store__bind_text(statement, 1, set->health_check, strlen(set->health_check));
    int rc = store__step(writing->store, statement, &row, writing->problem);
    if (rc == 0 && row)
        *out_id = sqlite3_column_int64(statement, 0);
    else if (rc == 0)
        rc = problem_set(writing->problem, SP_ENOENT,
                         "there is no health check \"%.100s\": create it first, with \"signpost "
                         "health create\"",
                         set->health_check);
    sqlite3_reset(statement);
    sqlite3_clear_bindings(statement);
    return rc;
}

static int write_set(struct writing *writing, const struct set_change *change)
{
    enum statement_id id = change->before == NULL  ? SET_INSERT
                           : change->after == NULL ? SET_DELETE
                                                   : SET_UPDATE;
    sqlite3_stmt *statement = writing->store->statements[id];
    int64_t check_id = 0;
    int rc = change->after != NULL ? find_check(writing, change->after, &check_id) : 0;
    if (rc != 0)
        return rc;
    bind_key(statement, writing->after.id, change);
    if (change->after != NULL)
        store__bind_set(statement, change->after, check_id);
    rc = run(writing, id);
    if (rc == 0 && sqlite3_changes64(writing->store->db) != 1) {
        writing->store->damaged = true;
        rc = store__damaged(writing->store->path, writing->problem,
                            "a record set that was there is gone");
    }
    if (rc == 0)
        account(writing, change);
    return rc;
}

/* TTL, values and attributes as the journal has them; attributes must live until it has run. */
static void bind_journal_set(sqlite3_stmt *statement, int index, const struct record_set *set,
                             char attributes[SET_ATTRIBUTES_SIZE])
{
    if (set == NULL)
        return; /* unbound is NULL */
    if (set->alias == NULL) {
        sqlite3_bind_int64(statement, index, set->ttl_s);
        store__bind_blob(statement, index + 1, set->values.data, set->values.size);
        if (set->texts.size > 0)
            store__bind_blob(statement, index + 3, set->texts.data, set->texts.size);
    }
    if (store__set_attributes(attributes, set)[0] != '\0')
        store__bind_text(statement, index + 2, attributes, strlen(attributes));
}

static int write_journal_set(struct writing *writing, const struct set_change *change)
{
    char before[SET_ATTRIBUTES_SIZE], after[SET_ATTRIBUTES_SIZE];
    sqlite3_stmt *statement = writing->store->statements[JOURNAL_SET_INSERT];
    bind_key(statement, writing->after.sequence, change);
    bind_journal_set(statement, 5, change->before, before);
    bind_journal_set(statement, 9, change->after, after);
    return run(writing, JOURNAL_SET_INSERT);
}

static bool is_same_span(struct span a, struct span b)
{
    return a.size == b.size && (a.size == 0 || memcmp(a.data, b.data, a.size) == 0);
}

/* Whether nothing is to be written: neither the order of the values differs nor how they were
 * written. */
static bool is_same(const struct record_set *a, const struct record_set *b)
{
    return record_set_equal(a, b) && is_same_span(a->values, b->values) &&
           is_same_span(a->texts, b->texts);
}

static int write_change(struct writing *writing, const struct set_change *change)
{
    if (change->before != NULL && change->after != NULL && is_same(change->before, change->after))
        return 0;
    int rc = write_set(writing, change);
    return rc == 0 ? write_journal_set(writing, change) : rc;
}

/* In a changed zone, what differs at one name; its journal row is there already. */
static int write_difference(struct writing *writing, struct span owner_key,
                            const struct draft_name *name)
{
    struct record_set *before = name->before, *after = name->sets;
    bool hidden = record_owner_is_hidden(name->owner);
    int rc = 0;
    for (struct record_set *set = before; rc == 0 && set != NULL; set = set->next) {
        struct set_change change = {
            owner_key, hidden, set, record_set_find_identity(after, set->type, set->set_identifier)
        };
        rc = write_change(writing, &change);
    }
    for (struct record_set *set = after; rc == 0 && set != NULL; set = set->next) {
        struct set_change change = { owner_key, hidden, NULL, set };
        if (record_set_find_identity(before, set->type, set->set_identifier) == NULL)
            rc = write_change(writing, &change);
    }
    return rc;
}

static int write_all(struct writing *writing, struct span owner_key, const struct draft_name *name)
{
    const struct record_set *sets = name->sets;
    bool hidden = record_owner_is_hidden(name->owner);
    int rc = 0;
    for (; rc == 0 && sets != NULL; sets = sets->next) {
        struct set_change change = { owner_key, hidden, NULL, sets };
        rc = write_set(writing, &change);
    }
    return rc;
}

static int write_names(struct writing *writing, struct draft *draft)
{
    int rc = 0;
    draft_sort(draft); /* nearly the order of the table: far fewer pages are touched twice */
    for (uint32_t i = 0; rc == 0 && i < draft->name_count; i++) {
        struct draft_name *name = draft->names[i];
        char key[DNS_NAME_TEXT_SIZE];
        struct span owner_key = { (const uint8_t *)key, dns_name_to_key(key, name->owner) };
        rc = draft->whole ? write_all(writing, owner_key, name)
                          : write_difference(writing, owner_key, name);
    }
    return rc;
}

static int clear_zone(struct writing *writing)
{
    sqlite3_bind_int64(writing->store->statements[SETS_DELETE], 1, writing->after.id);
    writing->digest = 0;
    writing->record_count = 0;
    writing->set_count = 0;
    return run(writing, SETS_DELETE);
}

static int write_draft(struct writing *writing, struct draft *draft)
{
    bool is_new = writing->before.id == 0;
    int rc = 0;
    assert(draft->whole || !is_new);
    writing->kind = is_new ? "created" : draft->whole ? "replaced" : "changed";
    if (is_new)
        rc = insert_zone(writing);
    else if (draft->whole)
        rc = clear_zone(writing);
    if (rc == 0)
        rc = write_journal(writing);
    if (rc == 0 && draft->whole)
        rc = forget_older(writing);
    if (rc == 0)
        rc = write_names(writing, draft);
    if (rc == 0)
        rc = update_zone(writing);
    return rc;
}

static void tell_change(const struct writing *writing)
{
    writing->change->sequence = writing->after.sequence;
    writing->change->submitted_at = writing->now_s;
}

static int finish_writing(struct writing *writing, int rc)
{
    if (rc == 0)
        rc = prune(writing);
    if (rc == 0)
        rc = store__commit(writing->store, writing->problem);
    if (rc == 0)
        tell_change(writing);
    else
        store_rollback(writing->store);
    return rc;
}

int store_put_draft(struct store *store, struct draft *draft, int64_t now_s, struct change *change,
                    struct problem *out_problem)
{
    struct writing writing;
    int rc = begin_writing(&writing, store, &draft->zone, now_s, change, out_problem);
    if (rc == 0)
        rc = write_draft(&writing, draft);
    if (rc == 0)
        rc = prune(&writing);
    if (rc != 0) {
        store_rollback(store);
        return rc;
    }
    tell_change(&writing);
    draft->zone.id = writing.after.id;
    draft->zone.sequence = writing.after.sequence;
    draft->zone.record_count = writing.after.record_count;
    draft->zone.set_count = writing.after.set_count;
    return 0;
}

int store_commit(struct store *store, struct draft *draft, int64_t now_s, struct change *change,
                 struct problem *out_problem)
{
    int rc = store_put_draft(store, draft, now_s, change, out_problem);
    return rc == 0 ? store_commit_transaction(store, out_problem) : rc;
}

static int delete_zone(struct writing *writing)
{
    struct store *store = writing->store;
    writing->kind = "deleted";
    sqlite3_bind_int64(store->statements[ZONE_DELETE], 1, writing->after.id);
    int rc = clear_zone(writing);
    if (rc == 0)
        rc = run(writing, ZONE_DELETE);
    if (rc == 0)
        rc = write_journal(writing);
    if (rc == 0)
        rc = forget_older(writing);
    if (rc != 0)
        return rc;
    sqlite3_bind_int64(store->statements[JOURNAL_FORGET_DELETED], 1,
                       writing->after.sequence - CHANGES_KEPT);
    return run(writing, JOURNAL_FORGET_DELETED);
}

int store_commit_delete(struct store *store, const struct hosted_zone *zone, int64_t now_s,
                        struct change *change, struct problem *out_problem)
{
    struct writing writing;
    int rc = begin_writing(&writing, store, zone, now_s, change, out_problem);
    if (rc == 0)
        rc = delete_zone(&writing);
    return finish_writing(&writing, rc);
}

int store_put_zone(struct store *store, const struct hosted_zone *zone, struct problem *out_problem)
{
    struct writing writing;
    int rc = begin_writing(&writing, store, zone, 0, NULL, out_problem);
    if (rc != 0)
        return rc;
    memcpy(writing.after.comment, zone->comment, sizeof zone->comment);
    memcpy(writing.after.delegation_set, zone->delegation_set, sizeof zone->delegation_set);
    return update_zone(&writing);
}

int store_commit_zone_comment(struct store *store, const struct hosted_zone *zone,
                              struct problem *out_problem)
{
    return store__finish(store, store_put_zone(store, zone, out_problem), out_problem);
}

int store_put_change(struct store *store, const struct hosted_zone *zone, int64_t now_s,
                     struct change *change, struct problem *out_problem)
{
    struct writing writing;
    int rc = begin_writing(&writing, store, zone, now_s, change, out_problem);
    writing.kind = "changed";
    if (rc == 0)
        rc = write_journal(&writing);
    if (rc == 0)
        rc = update_zone(&writing);
    if (rc == 0)
        rc = prune(&writing);
    if (rc == 0)
        tell_change(&writing);
    return rc;
}

int store_read_change(struct store *store, const char *id, struct change *out_change,
                      struct problem *out_problem)
{
    bool row = false;
    sqlite3_stmt *statement = store->statements[CHANGE_READ];
    store__bind_text(statement, 1, id, strlen(id));
    int rc = store__step(store, statement, &row, out_problem);
    if (rc == 0 && row) {
        out_change->sequence = sqlite3_column_int64(statement, 0);
        out_change->submitted_at = sqlite3_column_int64(statement, 1);
        out_change->submitted_ms = (uint64_t)sqlite3_column_int64(statement, 2);
        if (!store__copy_text(out_change->id, sizeof out_change->id, statement, 3) ||
            !store__copy_text(out_change->comment, sizeof out_change->comment, statement, 4))
            rc = store__no_sense(store, "change", id, out_problem);
    }
    sqlite3_reset(statement);
    sqlite3_clear_bindings(statement);
    return rc == 0 && !row ? SP_ENOENT : rc;
}
