/* What the journal says of each change, read past the store as a follower would. */
#include "scratch.h"

#include "internal.h"

/* The rows of a query, columns separated by "|", rows by a newline.  The caller frees. */
static char *rows_of(struct store *store, const char *sql)
{
    char *text = NULL;
    size_t size;
    sqlite3_stmt *statement = NULL;
    FILE *to = open_memstream(&text, &size);
    assert_int_equal(sqlite3_prepare_v2(store->db, sql, -1, &statement, NULL), SQLITE_OK);
    while (sqlite3_step(statement) == SQLITE_ROW)
        for (int i = 0; i < sqlite3_column_count(statement); i++) {
            const char *column = (const char *)sqlite3_column_text(statement, i);
            fprintf(to, "%s%s", column != NULL ? column : "-",
                    i + 1 < sqlite3_column_count(statement) ? "|" : "\n");
        }
    sqlite3_finalize(statement);
    fclose(to);
    return text;
}

static void assert_rows(struct store *store, const char *sql, const char *expect)
{
    char *text = rows_of(store, sql);
    assert_string_equal(text, expect);
    free(text);
}

#define JOURNAL                                                                                    \
    "SELECT sequence, previous, zone_id, hex(zone_name), kind, made_at FROM journal"               \
    " ORDER BY sequence"
#define JOURNAL_SETS                                                                               \
    "SELECT sequence, owner_key, type, before_ttl_s, hex(before_values), after_ttl_s,"             \
    " hex(after_values) FROM journal_set ORDER BY sequence, owner_key, type"

static struct draft_name *fetch(struct store *store, struct draft *draft, const char *owner_text)
{
    uint8_t owner[DNS_NAME_SIZE_MAX];
    wire(owner, owner_text);
    assert_int_equal(store_fetch_name(store, draft, owner, NULL), 0);
    return draft_find(draft, owner);
}

static void each_change_has_a_row_with_what_differs(void **state)
{
    struct scratch *scratch = *state;
    static const char *const addresses[] = { "192.0.2.1", "192.0.2.2", NULL };
    struct store *store = open_store(scratch->path);
    struct hosted_zone zone = add_zone(store, "lab.test.", addresses);
    add_zone(store, "b.test.", NULL);

    struct draft *draft = open_draft(&zone, false);
    begin(store);
    fetch(store, draft, "lab.test."); /* fetched, not changed: not in the journal */
    fetch(store, draft, "a0.lab.test.")->sets = NULL;
    fetch(store, draft, "a1.lab.test.")->sets->ttl_s = 7;
    fetch(store, draft, "new.lab.test.");
    put_text(draft, "new.lab.test.", 9, "x");
    commit(store, draft, 1700000100);
    zone = draft->zone;
    draft_destroy(draft);

    assert_rows(store, JOURNAL,
                "1|0|1|036C6162047465737400|created|1700000001\n"
                "2|0|2|0162047465737400|created|1700000001\n"
                "3|1|1|036C6162047465737400|changed|1700000100\n");
    assert_rows(store, JOURNAL_SETS,
                "3|test.lab.a0.|A|300|0004C0000201|-|\n"
                "3|test.lab.a1.|A|300|0004C0000202|7|0004C0000202\n"
                "3|test.lab.new.|TXT|-||9|00020178\n");
    assert_rows(store, "SELECT sequence, zone_id, submitted_at FROM change",
                "1|1|1700000001\n2|2|1700000001\n3|1|1700000100\n");
    store_close(store);
}

static void a_change_of_nothing_is_still_a_change(void **state)
{
    struct scratch *scratch = *state;
    struct store *store = open_store(scratch->path);
    struct hosted_zone zone = add_zone(store, "lab.test.", NULL);
    struct draft *draft = open_draft(&zone, false);
    begin(store);
    fetch(store, draft, "lab.test.");
    assert_int_equal(commit(store, draft, 5).sequence, 2);
    draft_destroy(draft);
    assert_rows(store, "SELECT sequence, previous, kind FROM journal",
                "1|0|created\n2|1|changed\n");
    assert_rows(store, JOURNAL_SETS, "");
    store_close(store);
}

/* A follower takes a replaced zone whole, so what came before it need not be kept. */
static void a_replacement_or_deletion_is_all_that_remains_of_a_zone(void **state)
{
    struct scratch *scratch = *state;
    struct store *store = open_store(scratch->path);
    struct change change = { 0 };
    struct hosted_zone zone = add_zone(store, "lab.test.", NULL);
    add_zone(store, "b.test.", NULL);
    struct draft *draft = open_draft(&zone, false);
    begin(store);
    fetch(store, draft, "x.lab.test.");
    put_text(draft, "x.lab.test.", 9, "x");
    commit(store, draft, 6);
    draft_destroy(draft);

    draft = open_draft(&zone, true);
    put_apex(draft, "lab.test.");
    begin(store);
    commit(store, draft, 7);
    assert_rows(store, "SELECT sequence, previous, zone_id, kind FROM journal",
                "2|0|2|created\n4|3|1|replaced\n");
    assert_rows(store, JOURNAL_SETS, "");

    begin(store);
    assert_int_equal(store_commit_delete(store, &draft->zone, 8, &change, NULL), 0);
    draft_destroy(draft);
    assert_rows(store, "SELECT sequence, previous, zone_id, kind FROM journal",
                "2|0|2|created\n5|4|1|deleted\n");
    assert_rows(store, "SELECT count(*), max(sequence) FROM change", "5|5\n");
    store_close(store);
}

static void touch(struct store *store, struct hosted_zone *zone, uint32_t ttl_s)
{
    struct draft *draft = open_draft(zone, false);
    begin(store);
    fetch(store, draft, "a0.lab.test.")->sets->ttl_s = ttl_s;
    commit(store, draft, 5);
    *zone = draft->zone;
    draft_destroy(draft);
}

static void the_journal_of_a_zone_is_bounded(void **state)
{
    struct scratch *scratch = *state;
    static const char *const addresses[] = { "192.0.2.1", NULL };
    char expect[64];
    struct store *store = open_store(scratch->path);
    /* A thousand transactions need not each reach the disk to be counted. */
    assert_int_equal(sqlite3_exec(store->db, "PRAGMA synchronous = OFF", NULL, NULL, NULL),
                     SQLITE_OK);
    add_zone(store, "b.test.", NULL);
    struct hosted_zone zone = add_zone(store, "lab.test.", addresses); /* sequence 2 */
    for (unsigned i = 0; i < JOURNAL_ROWS_PER_ZONE + 5; i++)
        touch(store, &zone, i);
    snprintf(expect, sizeof expect, "1|1|1\n2|%d|8\n", JOURNAL_ROWS_PER_ZONE);
    assert_rows(store, "SELECT zone_id, count(*), min(sequence) FROM journal GROUP BY zone_id",
                expect);
    snprintf(expect, sizeof expect, "%d|8\n", JOURNAL_ROWS_PER_ZONE);
    assert_rows(store, "SELECT count(*), min(sequence) FROM journal_set", expect);
    assert_rows(store,
                "SELECT count(*) FROM journal AS a WHERE zone_id = 2 AND sequence > 8 AND NOT"
                " EXISTS (SELECT 1 FROM journal AS b WHERE b.sequence = a.previous)",
                "0\n");
    store_close(store);
}

static void what_lies_far_back_is_forgotten(void **state)
{
    struct scratch *scratch = *state;
    struct store *store = open_store(scratch->path);
    char sql[128], expect[64];
    struct change change = { 0 };
    struct hosted_zone old = add_zone(store, "old.test.", NULL);
    struct hosted_zone gone = add_zone(store, "gone.test.", NULL);
    begin(store);
    assert_int_equal(store_commit_delete(store, &gone, 8, &change, NULL), 0);
    /* As if that many changes had been made since: the next one has number CHANGES_KEPT + 3. */
    snprintf(sql, sizeof sql, "UPDATE sqlite_sequence SET seq = %d WHERE name = 'journal'",
             CHANGES_KEPT + 2);
    assert_int_equal(sqlite3_exec(store->db, sql, NULL, NULL, NULL), SQLITE_OK);
    struct hosted_zone day = add_zone(store, "day.test.", NULL);
    assert_int_equal(day.sequence, CHANGES_KEPT + 3);
    snprintf(expect, sizeof expect, "1\n2\n%d\n", CHANGES_KEPT + 3); /* 3 was long ago */
    assert_rows(store, "SELECT sequence FROM change", expect); /* A-CHN-2: a day is not over yet */
    assert_int_equal(sqlite3_exec(store->db,
                                  "UPDATE change SET submitted_at = 1 WHERE sequence < 9", NULL,
                                  NULL, NULL),
                     SQLITE_OK);
    begin(store);
    assert_int_equal(store_commit_delete(store, &day, 1700000005, &change, NULL), 0);
    snprintf(sql, sizeof sql, "UPDATE sqlite_sequence SET seq = %d WHERE name = 'journal'",
             CHANGES_KEPT_MAX + CHANGES_KEPT + 5);
    assert_int_equal(sqlite3_exec(store->db, sql, NULL, NULL, NULL), SQLITE_OK);
    struct hosted_zone next = add_zone(store, "next.test.", NULL);
    snprintf(expect, sizeof expect, "%lld\n", (long long)next.sequence);
    assert_rows(store, "SELECT sequence FROM change", expect); /* nor is there room without end */
    begin(store);
    assert_int_equal(store_commit_delete(store, &next, 9, &change, NULL), 0);
    snprintf(expect, sizeof expect, "%lld|created\n%lld|deleted\n", (long long)old.sequence,
             (long long)next.sequence + 1);
    assert_rows(store, "SELECT sequence, kind FROM journal ORDER BY sequence", expect);
    store_close(store);
}

/* The plans that keep one change cheap in a zone of a million records. */
static void no_statement_of_a_change_scans_a_table(void **state)
{
    struct scratch *scratch = *state;
    struct store *store = open_store(scratch->path);
    static const enum statement_id cheap[] = {
        ZONE_BY_ID,   ZONE_BY_NAME,         ZONE_BY_PUBLIC_ID, ZONE_UPDATE,
        ZONE_DELETE,  ZONE_BY_NAME_WITHOUT, SETS_OF_NAME,      SETS_FROM,
        CHANGE_READ,  SETS_OF_ZONE,         SETS_DELETE,       SET_UPDATE,
        SET_DELETE,   JOURNAL_PRUNE,        JOURNAL_FORGET,    JOURNAL_FORGET_DELETED,
        CHANGE_PRUNE, SETS_BEYOND_APEX,
    };
    for (unsigned i = 0; i < COUNT_OF(cheap); i++) {
        char *sql =
            sqlite3_mprintf("EXPLAIN QUERY PLAN %s", sqlite3_sql(store->statements[cheap[i]]));
        char *plan = rows_of(store, sql);
        if (strstr(plan, "SEARCH ") == NULL || strstr(plan, "TEMP B-TREE") != NULL ||
            (strstr(plan, "SCAN ") != NULL && strstr(plan, "SCAN CONSTANT ROW") == NULL))
            fail_msg("%s\n%s", sql, plan);
        free(plan);
        sqlite3_free(sql);
    }
    char *plan = rows_of(store, "EXPLAIN QUERY PLAN SELECT zone_id, owner_key FROM record_set"
                                " ORDER BY zone_id, owner_key, type, set_identifier");
    assert_null(strstr(plan, "TEMP B-TREE"));
    free(plan);
    store_close(store);
}

static const struct CMUnitTest tests[] = {
    SCRATCH_TEST(each_change_has_a_row_with_what_differs),
    SCRATCH_TEST(a_change_of_nothing_is_still_a_change),
    SCRATCH_TEST(a_replacement_or_deletion_is_all_that_remains_of_a_zone),
    SCRATCH_TEST(the_journal_of_a_zone_is_bounded),
    SCRATCH_TEST(what_lies_far_back_is_forgotten),
    SCRATCH_TEST(no_statement_of_a_change_scans_a_table),
};

RUN_TESTS(tests)
