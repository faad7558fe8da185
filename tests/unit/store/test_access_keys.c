/* Access keys and the audit: what is stored of them, and that a change and its row are one. */
#include "scratch.h"

#include "internal.h"

#include "signpost/store/access_keys.h"

static int64_t ask(struct store *store, const char *sql)
{
    int64_t number;
    struct problem problem = { 0 };
    assert_int_equal(store__query_number(store->db, store->path, sql, &number, &problem), 0);
    return number;
}

static struct access_key new_key(const char *id, uint64_t created_ms)
{
    struct access_key key = { .created_ms = created_ms };
    snprintf(key.id, sizeof key.id, "%s", id);
    snprintf(key.secret, sizeof key.secret, "secret of %s", id);
    return key;
}

static int add(struct store *store, const struct access_key *key)
{
    struct problem problem = { 0 };
    begin(store);
    int rc = store_add_access_key(store, key, &problem);
    if (rc == 0)
        return store_commit_transaction(store, &problem);
    store_rollback(store);
    return rc;
}

static int write_key(void *context, const struct access_key *key)
{
    char zone[DNS_NAME_TEXT_SIZE], *text = context;
    sprintf(text + strlen(text), "%s %s%s", key->id, key->secret, key->read_only ? " read" : "");
    for (unsigned i = 0; i < key->zone_count; i++) {
        dns_name_to_text(zone, key->zones[i]);
        sprintf(text + strlen(text), " %s", zone);
    }
    sprintf(text + strlen(text), " \"%s\"\n", key->comment);
    return 0;
}

static void assert_keys(struct store *store, const char *expect)
{
    char text[1024] = "";
    struct problem problem = { 0 };
    assert_int_equal(store_visit_access_keys(store, write_key, text, &problem), 0);
    assert_string_equal(text, expect);
}

static void keys_come_back_as_they_were_stored(void **state)
{
    struct scratch *scratch = *state;
    struct store *store = open_store(scratch->path);
    struct access_key first = new_key("AKFIRST", 5), second = new_key("AKSECOND", 4), found;
    struct problem problem = { 0 };
    first.read_only = true;
    strcpy(first.comment, "of the build");
    wire(second.zones[0], "b.test.");
    wire(second.zones[1], "lab.a.");
    second.zone_count = 2;
    assert_int_equal(add(store, &first), 0);
    assert_int_equal(add(store, &second), 0);
    assert_int_equal(add(store, &second), SP_EEXIST);
    store_close(store);

    store = open_store(scratch->path);
    assert_keys(store, "AKSECOND secret of AKSECOND lab.a. b.test. \"\"\n"
                       "AKFIRST secret of AKFIRST read \"of the build\"\n");
    assert_int_equal(store_find_access_key(store, "AKSECOND", &found, &problem), 0);
    assert_string_equal(found.secret, "secret of AKSECOND");
    assert_int_equal(found.created_ms, 4);
    assert_int_equal(found.zone_count, 2);
    assert_int_equal(store_find_access_key(store, "akfirst", &found, &problem), SP_ENOENT);
    begin(store);
    assert_int_equal(store_remove_access_key(store, "AKSECOND", &problem), 0);
    assert_int_equal(store_remove_access_key(store, "AKSECOND", &problem), SP_ENOENT);
    assert_int_equal(store_commit_transaction(store, &problem), 0);
    assert_keys(store, "AKFIRST secret of AKFIRST read \"of the build\"\n");
    assert_int_equal(ask(store, "SELECT count(*) FROM access_key_zone"), 0);
    store_close(store);
}

/* ---- the audit ---- */

static struct audit_entry new_entry(const char *key, const char *operation, const char *zone)
{
    struct audit_entry entry = { .time_ms = 1700000000123,
                                 .source = "192.0.2.1",
                                 .result = "ok",
                                 .request_id = "6f1e2a5c-0d3b-4c8e-9a71-2b54c0e8d913" };
    strcpy(entry.key_id, key);
    strcpy(entry.operation, operation);
    strcpy(entry.zone, zone);
    return entry;
}

static int write_entry(void *context, const struct audit_entry *entry)
{
    char *text = context;
    assert_int_equal(entry->time_ms, 1700000000123);
    assert_string_equal(entry->source, "192.0.2.1");
    assert_string_equal(entry->request_id, "6f1e2a5c-0d3b-4c8e-9a71-2b54c0e8d913");
    sprintf(text + strlen(text), "%d %s %s %s %s\n", (int)entry->id, entry->key_id,
            entry->operation, entry->zone, entry->result);
    return 0;
}

static void assert_audit(struct store *store, struct audit_query query, const char *expect)
{
    char text[2048] = "";
    struct problem problem = { 0 };
    query.limit = query.limit == 0 ? 100 : query.limit;
    assert_int_equal(store_visit_audit(store, &query, write_entry, text, &problem), 0);
    assert_string_equal(text, expect);
}

static void a_change_and_its_row_are_stored_together_or_not_at_all(void **state)
{
    struct scratch *scratch = *state;
    struct store *store = open_store(scratch->path);
    struct audit_entry entry = new_entry("AK1", "CreateHostedZone", "");
    struct problem problem = { 0 };

    store_set_audit(store, &entry);
    begin(store);
    store_rollback(store);
    assert_true(store_awaits_audit(store));
    assert_audit(store, (struct audit_query){ 0 }, "");

    struct hosted_zone zone = new_zone_named("lab.test.");
    struct draft *draft = open_draft(&zone, true);
    put_apex(draft, "lab.test.");
    begin(store);
    commit(store, draft, 1700000000);
    draft_destroy(draft);
    assert_false(store_awaits_audit(store));
    assert_audit(store, (struct audit_query){ 0 }, "1 AK1 CreateHostedZone lab.test. ok\n");

    begin(store); /* what comes next is nobody's */
    assert_int_equal(store_commit_transaction(store, &problem), 0);
    assert_audit(store, (struct audit_query){ 0 }, "1 AK1 CreateHostedZone lab.test. ok\n");

    entry = new_entry("AK1", "DeleteHealthCheck", "");
    store_set_audit(store, &entry);
    begin(store);
    assert_int_equal(store_commit_transaction(store, &problem), 0);
    entry = new_entry("AK2", "DELETE zones/{zone}", "given.test.");
    store_set_audit(store, &entry);
    assert_int_equal(store_find_zone(store, zone.name, &zone, &problem), 0);
    begin(store);
    struct change change = { 0 };
    assert_int_equal(store_commit_delete(store, &zone, 1700000001, &change, &problem), 0);
    assert_audit(store, (struct audit_query){ 0 },
                 "3 AK2 DELETE zones/{zone} given.test. ok\n"
                 "2 AK1 DeleteHealthCheck  ok\n"
                 "1 AK1 CreateHostedZone lab.test. ok\n");
    store_set_audit(store, &entry);
    store_set_audit(store, NULL);
    assert_false(store_awaits_audit(store));
    store_close(store);
}

static void flush(struct store *store)
{
    struct problem problem = { 0 };
    begin(store);
    assert_int_equal(store_commit_transaction(store, &problem), 0);
    assert_int_equal(store_gathered_audit(store), 0);
}

static void put(struct store *store, const struct audit_entry *entry)
{
    if (store_gather_audit(store, entry) == 0)
        return;
    flush(store);
    assert_int_equal(store_gather_audit(store, entry), 0);
}

static void rows_without_a_change_go_with_the_next_one(void **state)
{
    struct scratch *scratch = *state;
    struct store *store = open_store(scratch->path);
    const struct audit_entry first = new_entry("AK1", "a", ""), then = new_entry("AK2", "b", "");
    assert_int_equal(store_gather_audit(store, &first), 0);
    store_set_audit(store, &then);
    begin(store);
    store_rollback(store);
    assert_int_equal(store_gathered_audit(store), 1);
    assert_audit(store, (struct audit_query){ 0 }, "");
    flush(store);
    assert_audit(store, (struct audit_query){ 0 }, "2 AK2 b  ok\n1 AK1 a  ok\n");
    for (unsigned i = 0; i < AUDIT_WAITING_MAX; i++)
        assert_int_equal(store_gather_audit(store, &first), 0);
    assert_int_equal(store_gather_audit(store, &first), SP_ELIMIT);
    store_close(store);
}

static void the_audit_is_read_newest_first_in_pages(void **state)
{
    static const struct row {
        const char *why;
        struct audit_query query;
        const char *expect;
    } rows[] = {
        { "all of it",
          { 0 },
          "4  d b.test. ok\n3 AK1 c a.test. ok\n2 AK2 b a.test. ok\n"
          "1 AK1 a  ok\n" },
        { "the first page", { .limit = 2 }, "4  d b.test. ok\n3 AK1 c a.test. ok\n" },
        { "the page after that", { .after = 3, .limit = 2 }, "2 AK2 b a.test. ok\n1 AK1 a  ok\n" },
        { "of a zone", { .zone = "a.test." }, "3 AK1 c a.test. ok\n2 AK2 b a.test. ok\n" },
        { "of a key", { .key = "AK1" }, "3 AK1 c a.test. ok\n1 AK1 a  ok\n" },
        { "of both", { .key = "AK2", .zone = "a.test." }, "2 AK2 b a.test. ok\n" },
        { "of a zone, after a row", { .after = 3, .zone = "a.test." }, "2 AK2 b a.test. ok\n" },
        { "of nothing there", { .key = "AK3" }, "" },
    };
    struct scratch *scratch = *state;
    struct store *store = open_store(scratch->path);
    const struct audit_entry entries[] = { new_entry("AK1", "a", ""),
                                           new_entry("AK2", "b", "a.test."),
                                           new_entry("AK1", "c", "a.test."),
                                           new_entry("", "d", "b.test.") };
    for (size_t i = 0; i < COUNT_OF(entries); i++)
        put(store, &entries[i]);
    flush(store);
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        assert_audit(store, rows[i].query, rows[i].expect);
    store_close(store);
}

static void the_oldest_rows_go(void **state)
{
    struct scratch *scratch = *state;
    struct store *store = open_store(scratch->path);
    struct audit_entry entry = new_entry("AK1", "a", "");
    for (unsigned i = 0; i < AUDIT_ROWS_KEPT + 5; i++)
        put(store, &entry);
    flush(store);
    assert_int_equal(ask(store, "SELECT count(*) FROM audit"), AUDIT_ROWS_KEPT);
    assert_int_equal(ask(store, "SELECT min(id) FROM audit"), 6);
    store_close(store);
}

static const struct CMUnitTest tests[] = {
    SCRATCH_TEST(keys_come_back_as_they_were_stored),
    SCRATCH_TEST(a_change_and_its_row_are_stored_together_or_not_at_all),
    SCRATCH_TEST(rows_without_a_change_go_with_the_next_one),
    SCRATCH_TEST(the_audit_is_read_newest_first_in_pages),
    SCRATCH_TEST(the_oldest_rows_go),
};

RUN_TESTS(tests)
