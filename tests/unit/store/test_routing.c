/* Record sets that are more than a TTL and values: stored, changed, told, and brought along from a
 * database of the first version. */
#include "scratch.h"

#include "internal.h"

#define VALUES(octet) .value_count = 1, .values = { (const uint8_t[]){ 0, 4, 192, 0, 2, octet }, 6 }
#define ROUTING(...)                                                                               \
    .routing = &(const struct routing)                                                             \
    {                                                                                              \
        __VA_ARGS__                                                                                \
    }
#define ALIAS(zone, wire_name, evaluated)                                                          \
    .alias = &(const struct alias_target)                                                          \
    {                                                                                              \
        zone, (const uint8_t *)wire_name, evaluated                                                \
    }

/* One set of every kind, all with another owner, in the order in which they are listed. */
static const struct kind {
    const char *owner;
    struct record_set set;
    const char *expect; /* of the dump */
    const char *attributes;
} kinds[] = {
    { "a.lab.test.",
      { .type = DNS_TYPE_A,
        .policy = ROUTING_WEIGHTED,
        .set_identifier = "blue",
        .ttl_s = 60,
        VALUES(1),
        ROUTING(.weight = 70),
        .health_check = "web-1" },
      "60 A 1 0004c0000201 weighted \"blue\" weight 70 primary 0 bias 0 check web-1",
      "policy=weighted weight=70 check=web-1" },
    { "b.lab.test.",
      { .type = DNS_TYPE_A,
        .policy = ROUTING_WEIGHTED,
        .set_identifier = "off",
        .ttl_s = 0,
        VALUES(2),
        ROUTING(.weight = 0) },
      "0 A 1 0004c0000202 weighted \"off\" weight 0 primary 0 bias 0",
      "policy=weighted weight=0" },
    { "c.lab.test.",
      { .type = DNS_TYPE_A,
        .policy = ROUTING_LATENCY,
        .set_identifier = "us",
        .ttl_s = 60,
        VALUES(3),
        ROUTING(.region = "us-east-1") },
      "60 A 1 0004c0000203 latency \"us\" weight 0 primary 0 bias 0 region us-east-1",
      "policy=latency region=us-east-1" },
    { "d.lab.test.",
      { .type = DNS_TYPE_A,
        .policy = ROUTING_FAILOVER,
        .set_identifier = "p",
        .ttl_s = 60,
        VALUES(4),
        ROUTING(.is_primary = true) },
      "60 A 1 0004c0000204 failover \"p\" weight 0 primary 1 bias 0",
      "policy=failover role=PRIMARY" },
    { "e.lab.test.",
      { .type = DNS_TYPE_A,
        .policy = ROUTING_FAILOVER,
        .set_identifier = "s",
        ROUTING(.is_primary = false),
        ALIAS("ZSIGNPOSTRESOURCES", "\2lb\4test", true) },
      "0 A 0  failover \"s\" weight 0 primary 0 bias 0 alias lb.test. of ZSIGNPOSTRESOURCES "
      "evaluated",
      "policy=failover role=SECONDARY alias=lb.test. zone=ZSIGNPOSTRESOURCES "
      "evaluate-health=yes" },
    { "f.lab.test.",
      { .type = DNS_TYPE_A,
        .policy = ROUTING_GEOLOCATION,
        .set_identifier = "ca",
        .ttl_s = 60,
        VALUES(5),
        ROUTING(.country = "US", .subdivision = "CA") },
      "60 A 1 0004c0000205 geolocation \"ca\" weight 0 primary 0 bias 0 country US subdivision CA",
      "policy=geolocation country=US subdivision=CA" },
    { "g.lab.test.",
      { .type = DNS_TYPE_A,
        .policy = ROUTING_GEOLOCATION,
        .set_identifier = "eu",
        .ttl_s = 60,
        VALUES(6),
        ROUTING(.continent = "EU") },
      "60 A 1 0004c0000206 geolocation \"eu\" weight 0 primary 0 bias 0 continent EU",
      "policy=geolocation continent=EU" },
    { "h.lab.test.",
      { .type = DNS_TYPE_A,
        .policy = ROUTING_MULTIVALUE,
        .set_identifier = "1",
        .ttl_s = 60,
        VALUES(7),
        .health_check = "web-2" },
      "60 A 1 0004c0000207 multivalue \"1\" check web-2",
      "policy=multivalue check=web-2" },
    { "i.lab.test.",
      { .type = DNS_TYPE_A,
        .policy = ROUTING_CIDR,
        .set_identifier = "default",
        .ttl_s = 60,
        VALUES(8),
        ROUTING(.collection = "12345678-1234-1234-1234-123456789abc", .location = "*") },
      "60 A 1 0004c0000208 cidr \"default\" weight 0 primary 0 bias 0 "
      "collection 12345678-1234-1234-1234-123456789abc location *",
      "policy=cidr collection=12345678-1234-1234-1234-123456789abc location=*" },
    { "j.lab.test.",
      { .type = DNS_TYPE_A,
        .policy = ROUTING_GEOPROXIMITY,
        .set_identifier = "west",
        .ttl_s = 60,
        VALUES(9),
        ROUTING(.latitude = "47.60", .longitude = "-122.33", .bias = -99) },
      "60 A 1 0004c0000209 geoproximity \"west\" weight 0 primary 0 bias -99 latitude 47.60 "
      "longitude -122.33",
      "policy=geoproximity latitude=47.60 longitude=-122.33 bias=-99" },
    { "k.lab.test.",
      { .type = DNS_TYPE_A,
        .policy = ROUTING_GEOPROXIMITY,
        .set_identifier = "den \"1\"",
        .ttl_s = 60,
        VALUES(10),
        ROUTING(.local_zone_group = "us-west-2-den-1") },
      "60 A 1 0004c000020a geoproximity \"den \"1\"\" weight 0 primary 0 bias 0 "
      "local-zone us-west-2-den-1",
      "policy=geoproximity local-zone=us-west-2-den-1" },
    { "l.lab.test.",
      { .type = DNS_TYPE_A, .set_identifier = "", ALIAS("Z108010", "\1a\3lab\4test", false) },
      "0 A 0  alias a.lab.test. of Z108010",
      "alias=a.lab.test. zone=Z108010 evaluate-health=no" },
    { "m.lab.test.",
      { .type = DNS_TYPE_A,
        .set_identifier = "",
        .ttl_s = 60,
        VALUES(11),
        .health_check = "web-1" },
      "60 A 1 0004c000020b check web-1",
      "check=web-1" },
};

static void execute(struct store *store, const char *sql)
{
    char *why = NULL;
    if (sqlite3_exec(store->db, sql, NULL, NULL, &why) != SQLITE_OK)
        fail_msg("%s: %s", sql, why);
}

static void add_check(struct store *store, const char *id)
{
    char *sql =
        sqlite3_mprintf("INSERT INTO health_check (public_id, created_at) VALUES (%Q, 1)", id);
    execute(store, sql);
    sqlite3_free(sql);
}

static struct store *open_with_checks(const char *path)
{
    struct store *store = open_store(path);
    add_check(store, "web-1");
    add_check(store, "web-2");
    return store;
}

/* lab.test. with one set of every kind. */
static struct hosted_zone add_kinds(struct store *store)
{
    struct hosted_zone zone = new_zone_named("lab.test.");
    struct draft *draft = open_draft(&zone, true);
    put_apex(draft, "lab.test.");
    for (unsigned i = 0; i < COUNT_OF(kinds); i++)
        put_set(draft, kinds[i].owner, &kinds[i].set);
    begin(store);
    commit(store, draft, 1700000001);
    zone = draft->zone;
    draft_destroy(draft);
    return zone;
}

static void assert_kinds(struct store *store)
{
    char *text = dump(store), *at = text;
    for (unsigned i = 0; i < COUNT_OF(kinds); i++) {
        char line[512];
        snprintf(line, sizeof line, "\n  %s %s\n", kinds[i].owner, kinds[i].expect);
        at = strstr(at, line);
        if (at == NULL)
            fail_msg("not there, or not in its place: %s%s", line, text);
    }
    free(text);
}

static void sets_of_every_kind_come_back_as_they_were_stored(void **state)
{
    struct scratch *scratch = *state;
    struct store *store = open_with_checks(scratch->path);
    struct hosted_zone zone = add_kinds(store);
    assert_int_equal(zone.record_count, 2 + COUNT_OF(kinds)); /* an alias counts as one */
    assert_kinds(store);
    store_close(store);
    store = open_store(scratch->path);
    assert_kinds(store);

    /* The same, read for a listing. */
    struct draft *draft = open_draft(&zone, true);
    assert_int_equal(store_read_zone(store, draft, NULL), 0);
    for (unsigned i = 0; i < COUNT_OF(kinds); i++) {
        uint8_t owner[DNS_NAME_SIZE_MAX];
        wire(owner, kinds[i].owner);
        assert_true(record_set_equal(draft_find(draft, owner)->sets, &kinds[i].set));
    }
    draft_destroy(draft);
    store_close(store);
}

static void what_the_journal_says_of_a_set_is_one_text(void **state)
{
    (void)state;
    for (unsigned i = 0; i < COUNT_OF(kinds); i++) {
        char text[SET_ATTRIBUTES_SIZE];
        assert_string_equal(store__set_attributes(text, &kinds[i].set), kinds[i].attributes);
    }
}

/* Changes that SQLite itself cannot know to be wrong: every column counts. */
static void a_forged_column_is_found(void **state)
{
    struct scratch *scratch = *state;
    static const char *const changes[] = {
        "UPDATE record_set SET set_identifier = 'red' WHERE set_identifier = 'blue'",
        "UPDATE record_set SET weight = 71 WHERE set_identifier = 'blue'",
        "UPDATE record_set SET policy = 3 WHERE set_identifier = 'us'",
        "UPDATE record_set SET region = 'us-east-2' WHERE set_identifier = 'us'",
        "UPDATE record_set SET region = NULL WHERE set_identifier = 'us'",
        "UPDATE record_set SET region = 'a region with a name that is too long'"
        " WHERE set_identifier = 'us'",
        "UPDATE record_set SET failover = 'SECONDARY' WHERE set_identifier = 'p'",
        "UPDATE record_set SET alias_zone = 'ZOTHER' WHERE set_identifier = 's'",
        "UPDATE record_set SET alias_name = x'026c63047465737400' WHERE set_identifier = 's'",
        "UPDATE record_set SET alias_name = x'026c6204746573' WHERE set_identifier = 's'",
        "UPDATE record_set SET alias_evaluate_health = 0 WHERE set_identifier = 's'",
        "UPDATE record_set SET subdivision = 'CO' WHERE set_identifier = 'ca'",
        "UPDATE record_set SET country = 'UA' WHERE set_identifier = 'ca'",
        "UPDATE record_set SET continent = 'NA' WHERE set_identifier = 'eu'",
        "UPDATE record_set SET cidr_collection = '22345678' WHERE policy = 6",
        "UPDATE record_set SET cidr_location = 'L1' WHERE policy = 6",
        "UPDATE record_set SET latitude = '47.61' WHERE set_identifier = 'west'",
        "UPDATE record_set SET longitude = '122.33' WHERE set_identifier = 'west'",
        "UPDATE record_set SET bias = 99 WHERE set_identifier = 'west'",
        "UPDATE record_set SET local_zone_group = 'us-west-2-lax-1'"
        " WHERE policy = 7 AND latitude IS NULL",
        "UPDATE record_set SET health_check_id = NULL WHERE set_identifier = '1'",
        "UPDATE record_set SET health_check_id = 1 WHERE set_identifier = '1'",
        "UPDATE record_set SET health_check_id = 77 WHERE set_identifier = '1'",
        "UPDATE health_check SET public_id = 'web-3' WHERE id = 2",
    };
    size_t size;
    struct store *store = open_with_checks(scratch->path);
    add_kinds(store);
    store_close(store);
    uint8_t *data = read_file(scratch->path, &size);
    for (unsigned i = 0; i < COUNT_OF(changes); i++) {
        struct problem problem = { 0 };
        sqlite3 *db = NULL;
        write_file(scratch->path, data, size);
        assert_int_equal(sqlite3_open(scratch->path, &db), SQLITE_OK);
        if (sqlite3_exec(db, changes[i], NULL, NULL, NULL) != SQLITE_OK ||
            sqlite3_total_changes(db) != 1)
            fail_msg("%s: %s", changes[i], sqlite3_errmsg(db));
        sqlite3_close(db);
        store = open_store(scratch->path);
        if (try_dump(store, &problem) != NULL)
            fail_msg("not found: %s", changes[i]);
        assert_int_equal(problem.status, SP_EDAMAGED);
        store_close(store);
    }
    free(data);
}

/* Changes of a group. */

static struct draft_name *fetch(struct store *store, struct draft *draft, const char *owner_text)
{
    uint8_t owner[DNS_NAME_SIZE_MAX];
    wire(owner, owner_text);
    assert_int_equal(store_fetch_name(store, draft, owner, NULL), 0);
    return draft_find(draft, owner);
}

static struct record_set member(const char *identifier, uint8_t weight)
{
    static const uint8_t values[] = { 0, 4, 192, 0, 2, 1, 0, 4, 192, 0, 2, 2 };
    static struct routing routings[256];
    routings[weight].weight = weight;
    return (struct record_set){ .type = DNS_TYPE_A,
                                .policy = ROUTING_WEIGHTED,
                                .set_identifier = identifier,
                                .ttl_s = 60,
                                .value_count = 2,
                                .values = { values, sizeof values },
                                .routing = &routings[weight] };
}

/* A zone with the group a, b, c (of weights 1, 2 and 3) at www, and a text beside it. */
static struct hosted_zone add_group(struct store *store)
{
    struct hosted_zone zone = new_zone_named("lab.test.");
    struct draft *draft = open_draft(&zone, true);
    struct record_set c = member("c", 3), a = member("a", 1), b = member("b", 2);
    put_apex(draft, "lab.test.");
    put_text(draft, "www.lab.test.", 5, "x");
    put_set(draft, "www.lab.test.", &c);
    put_set(draft, "www.lab.test.", &a);
    put_set(draft, "www.lab.test.", &b);
    begin(store);
    commit(store, draft, 1700000001);
    zone = draft->zone;
    draft_destroy(draft);
    return zone;
}

static void remove_b(struct draft_name *www)
{
    www->sets->next = www->sets->next->next;
}

static void reweigh_b(struct draft_name *www)
{
    www->sets->next->routing = member("b", 9).routing;
}

static void check_b(struct draft_name *www)
{
    www->sets->next->health_check = "web-2";
}

static void turn_b_into_an_alias(struct draft_name *www)
{
    static const struct alias_target alias = { "Z1", (const uint8_t *)"\2lb\4test", true };
    struct record_set *b = www->sets->next;
    b->alias = &alias;
    b->ttl_s = b->value_count = 0;
    b->values = (struct span){ NULL, 0 };
}

static void reorder_b(struct draft_name *www)
{
    static const uint8_t values[] = { 0, 4, 192, 0, 2, 2, 0, 4, 192, 0, 2, 1 };
    www->sets->next->values.data = values;
}

static void leave_it(struct draft_name *www)
{
    (void)www;
}

static void rename_b(struct draft_name *www)
{
    www->sets->next->set_identifier = "bb";
}

#define GROUP_SETS                                                                                 \
    "SELECT group_concat(type || set_identifier || coalesce(weight, ''), ' ') FROM record_set"     \
    " WHERE owner_key = 'test.lab.www.'"
#define JOURNAL_SETS                                                                               \
    "SELECT group_concat(type || '/' || set_identifier || '/' || coalesce(before_ttl_s, '-') ||"   \
    " '/' || coalesce(hex(before_values), '-') || '/' || coalesce(before_attributes, '-') || '>'"  \
    " || coalesce(after_ttl_s, '-') || '/' || coalesce(hex(after_values), '-') || '/' ||"          \
    " coalesce(after_attributes, '-'), ' | ') FROM journal_set"

static void assert_text(struct store *store, const char *why, const char *sql, const char *expect)
{
    sqlite3_stmt *statement = NULL;
    assert_int_equal(sqlite3_prepare_v2(store->db, sql, -1, &statement, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
    const char *text = (const char *)sqlite3_column_text(statement, 0);
    if (strcmp(text != NULL ? text : "", expect) != 0)
        fail_msg("%s:\n%s", why, text != NULL ? text : "");
    sqlite3_finalize(statement);
}

#define V "0004C00002010004C0000202"

static void one_member_is_written_and_told_not_its_group(void **state)
{
    static const struct row {
        const char *why;
        void (*work)(struct draft_name *www);
        uint32_t record_count;
        const char *sets, *journal;
    } rows[] = {
        { "a member goes", remove_b, 7, "Aa1 Ac3 TXT",
          "A/b/60/" V "/policy=weighted weight=2>-//-" },
        { "another weight", reweigh_b, 9, "Aa1 Ab9 Ac3 TXT",
          "A/b/60/" V "/policy=weighted weight=2>60/" V "/policy=weighted weight=9" },
        { "a health check", check_b, 9, "Aa1 Ab2 Ac3 TXT",
          "A/b/60/" V "/policy=weighted weight=2>60/" V "/policy=weighted weight=2 check=web-2" },
        { "an alias instead of values", turn_b_into_an_alias, 8, "Aa1 Ab2 Ac3 TXT",
          "A/b/60/" V "/policy=weighted weight=2>-//policy=weighted weight=2 alias=lb.test. "
          "zone=Z1 evaluate-health=yes" },
        { "the order of the values is part of it", reorder_b, 9, "Aa1 Ab2 Ac3 TXT",
          "A/b/60/" V "/policy=weighted weight=2>60/0004C00002020004C0000201/policy=weighted "
          "weight=2" },
        { "nothing", leave_it, 9, "Aa1 Ab2 Ac3 TXT", "" },
        { "another identifier is another set", rename_b, 9, "Aa1 Abb2 Ac3 TXT",
          "A/b/60/" V "/policy=weighted weight=2>-//- | A/bb/-//->60/" V
          "/policy=weighted weight=2" },
    };
    (void)state;
    for (unsigned i = 0; i < COUNT_OF(rows); i++) {
        void *own;
        assert_int_equal(scratch_setup(&own), 0);
        struct store *store = open_with_checks(((struct scratch *)own)->path);
        struct hosted_zone zone = add_group(store);
        struct draft *draft = open_draft(&zone, false);
        begin(store);
        rows[i].work(fetch(store, draft, "www.lab.test."));
        commit(store, draft, 1700000100);
        assert_int_equal(draft->zone.record_count, rows[i].record_count);
        draft_destroy(draft);
        assert_text(store, rows[i].why, GROUP_SETS, rows[i].sets);
        assert_text(store, rows[i].why, JOURNAL_SETS, rows[i].journal);
        free(dump(store)); /* which holds the zone against its digest */
        store_close(store);
        scratch_teardown(&own);
    }
}

static void a_group_is_fetched_in_order_of_its_identifiers(void **state)
{
    struct scratch *scratch = *state;
    struct store *store = open_store(scratch->path);
    struct hosted_zone zone = add_group(store);
    struct draft *draft = open_draft(&zone, false);
    begin(store);
    struct draft_name *www = fetch(store, draft, "www.lab.test.");
    static const char *const expect[] = { "a", "b", "c", "" };
    struct record_set *before = www->before, *set = www->sets;
    for (unsigned i = 0; i < COUNT_OF(expect); i++, set = set->next, before = before->next) {
        assert_string_equal(set->set_identifier, expect[i]);
        assert_string_equal(before->set_identifier, expect[i]);
        assert_ptr_not_equal(before, set);
    }
    assert_null(set);
    assert_null(before);
    store_rollback(store);
    draft_destroy(draft);
    store_close(store);
}

/* R-REC-10: a check must be there when a set names it, and may be deleted afterwards. */
static void a_health_check_must_exist(void **state)
{
    struct scratch *scratch = *state;
    struct problem problem = { 0 };
    struct change change = { 0 };
    struct store *store = open_with_checks(scratch->path);
    struct hosted_zone zone = add_group(store);
    char *before = dump(store);
    struct draft *draft = open_draft(&zone, false);
    begin(store);
    fetch(store, draft, "www.lab.test.")->sets->health_check = "web-3";
    assert_int_equal(store_commit(store, draft, 9, &change, &problem), SP_ENOENT);
    assert_non_null(strstr(problem.text, "no health check \"web-3\""));
    assert_dump(store, before);

    execute(store, "UPDATE health_check SET deleted_at = 1 WHERE public_id = 'web-2'");
    draft_find(draft, draft->names[0]->owner)->sets->health_check = "web-2";
    begin(store);
    commit(store, draft, 10);
    char *after = dump(store);
    assert_non_null(strstr(after, "\"a\" weight 1 primary 0 bias 0 check web-2\n"));
    free(after);
    free(before);
    draft_destroy(draft);
    store_close(store);
}

/* A database as version 1 wrote it: its tables, and in them nothing but plain sets. */
static void make_version_1(const char *path, const char *model_path)
{
    static const char copy[] =
        "INSERT INTO hosted_zone SELECT id, public_id, name, name_key, caller_reference, comment,"
        " server_1, server_2, server_3, server_4, private, created_at, sequence, record_count, "
        "digest"
        " FROM model.hosted_zone;"
        "INSERT INTO record_set (zone_id, owner_key, type, ttl_s, record_values)"
        " SELECT zone_id, owner_key, type, ttl_s, record_values FROM model.record_set;"
        "INSERT INTO journal SELECT * FROM model.journal;"
        "INSERT INTO journal_set (sequence, owner_key, type, before_ttl_s, before_values)"
        " VALUES (1, 'test.lab.gone.', 'A', 60, x'0004c0000201');"
        "INSERT INTO change SELECT sequence, zone_id, submitted_at, comment FROM model.change;"
        "PRAGMA user_version = 1; PRAGMA journal_mode = WAL;";
    sqlite3 *db = NULL;
    char *why = NULL;
    char *sql = sqlite3_mprintf("ATTACH %Q AS model; PRAGMA application_id = %d;", model_path,
                                STORE_APPLICATION_ID);
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, store__migrations[0].sql, NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
    if (sqlite3_exec(db, copy, NULL, NULL, &why) != SQLITE_OK)
        fail_msg("%s", why);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
    sqlite3_free(sql);
}

static void a_database_of_version_1_is_brought_along(void **state)
{
    struct scratch *scratch = *state;
    static const char *const addresses[] = { "192.0.2.1", "192.0.2.2", NULL };
    char model_path[128];
    int64_t number;
    snprintf(model_path, sizeof model_path, "%s/model.db", scratch->directory);
    struct store *store = open_store(model_path);
    struct hosted_zone zone = add_zone(store, "lab.test.", addresses);
    char *expect = dump(store);
    store_close(store);
    make_version_1(scratch->path, model_path);

    store = open_store(scratch->path);
    assert_dump(store, expect); /* and the digests of that time still hold */
    assert_int_equal(
        store__query_number(store->db, scratch->path, "PRAGMA user_version", &number, NULL), 0);
    assert_int_equal(number, store__schema_version);
    assert_text(store, "its journal is still there", JOURNAL_SETS, "A//60/0004C0000201/->-//-");

    /* And it takes what is new. */
    struct draft *draft = open_draft(&zone, false);
    struct record_set set = kinds[9].set;
    begin(store);
    fetch(store, draft, "www.lab.test.");
    put_set(draft, "www.lab.test.", &set);
    commit(store, draft, 1700000100);
    draft_destroy(draft);
    store_close(store);
    store = open_store(scratch->path);
    char *text = dump(store);
    assert_non_null(strstr(text, "latitude 47.60 longitude -122.33\n"));
    free(text);
    free(expect);
    store_close(store);
}

static const struct CMUnitTest tests[] = {
    SCRATCH_TEST(sets_of_every_kind_come_back_as_they_were_stored),
    SCRATCH_TEST(what_the_journal_says_of_a_set_is_one_text),
    SCRATCH_TEST(a_forged_column_is_found),
    SCRATCH_TEST(one_member_is_written_and_told_not_its_group),
    SCRATCH_TEST(a_group_is_fetched_in_order_of_its_identifiers),
    SCRATCH_TEST(a_health_check_must_exist),
    SCRATCH_TEST(a_database_of_version_1_is_brought_along),
};

RUN_TESTS(tests)
