/* What health checks are comes back, whole or not at all. */
#include "check_stage.h"

/* ---- configs ---- */

static void checks_of_every_type_come_back_after_a_restart(void **state)
{
    struct scratch *scratch = *state;
    struct store *store = open_store(scratch->path);
    struct health_check check = full_check("c-full");
    assert_int_equal(put(store, &check), 0);
    check = new_check("d-tcp", HEALTH_CHECK_TCP);
    check.config.port = 25;
    FILL(check.config.domain_name, "mail.example");
    assert_int_equal(put(store, &check), 0);
    check = new_check("e-alarm", HEALTH_CHECK_CLOUDWATCH_METRIC);
    FILL(check.config.alarm_region, "eu-west-1");
    FILL(check.config.alarm_name, "\xc3\xa9rreurs");
    check.config.insufficient_data = INSUFFICIENT_DATA_UNHEALTHY;
    assert_int_equal(put(store, &check), 0);
    check = new_check("f-control", HEALTH_CHECK_RECOVERY_CONTROL);
    FILL(check.config.routing_control, "cell-1");
    assert_int_equal(put(store, &check), 0);
    check = calculated("b-all", "f-control", "c-full");
    check.up = false;
    assert_int_equal(put(store, &check), 0);
    put_manual(store, "a-manual");
    store_close(store);

    store = open_store(scratch->path);
    assert_checks(
        store,
        "a-manual () version 1 created 1700000000 up since 1700000000123 uses 0: MANUAL - port 0 "
        "path \"\" domain \"\" search \"\" every 0 after 0 regions 00 threshold 0 children alarm "
        "\"\" \"\" LastKnownStatus control \"\"\n"
        "b-all () version 1 created 1700000000 down since 1700000000123 uses 0: CALCULATED - port "
        "0 path \"\" domain \"\" search \"\" every 0 after 0 regions 00 threshold 1 children "
        "f-control c-full alarm \"\" \"\" LastKnownStatus control \"\"\n"
        "c-full (made by hand) version 1 created 1700000000 up since 1700000000123 uses 0: "
        "HTTPS_STR_MATCH 2001:db8::80 port 8443 path \"/status?deep=1\" domain \"www.example.com\" "
        "search \"it's \"fine\" \xff\xc3\xa9\" every 10 after 10 latency inverted disabled sni "
        "regions e0 threshold 0 children alarm \"\" \"\" LastKnownStatus control \"\"\n"
        "d-tcp () version 1 created 1700000000 up since 1700000000123 uses 0: TCP - port 25 path "
        "\"\" domain \"mail.example\" search \"\" every 30 after 3 regions 00 threshold 0 children "
        "alarm \"\" \"\" LastKnownStatus control \"\"\n"
        "e-alarm () version 1 created 1700000000 up since 1700000000123 uses 0: CLOUDWATCH_METRIC "
        "- port 0 path \"\" domain \"\" search \"\" every 0 after 0 regions 00 threshold 0 "
        "children alarm \"eu-west-1\" \"\xc3\xa9rreurs\" Unhealthy control \"\"\n"
        "f-control () version 1 created 1700000000 up since 1700000000123 uses 0: "
        "RECOVERY_CONTROL - port 0 path \"\" domain \"\" search \"\" every 0 after 0 regions 00 "
        "threshold 0 children alarm \"\" \"\" LastKnownStatus control \"cell-1\"\n");
    store_close(store);
}

/* R-HCC-1: 256 of them, in the order that they were given in. */
static void a_check_has_many_children(void **state)
{
    struct scratch *scratch = *state;
    struct store *store = open_store(scratch->path);
    static struct health_check check, found;
    check = new_check("all", HEALTH_CHECK_CALCULATED);
    check.config.child_count = HEALTH_CHECK_CHILDREN_MAX;
    for (unsigned i = 0; i < HEALTH_CHECK_CHILDREN_MAX; i++)
        snprintf(check.config.children[i], sizeof check.config.children[i], "c%u", 999 - i);
    assert_int_equal(put(store, &check), 0);
    assert_int_equal(store_read_check(store, "all", &found, NULL), 0);
    assert_int_equal(found.config.child_count, HEALTH_CHECK_CHILDREN_MAX);
    for (unsigned i = 0; i < HEALTH_CHECK_CHILDREN_MAX; i++)
        assert_string_equal(found.config.children[i], check.config.children[i]);
    store_close(store);
}

static void an_id_and_a_caller_reference_are_taken_once(void **state)
{
    struct scratch *scratch = *state;
    struct store *store = open_store(scratch->path);
    struct problem problem = { 0 };
    struct health_check check = full_check("one");
    assert_int_equal(put(store, &check), 0);
    assert_int_equal(put(store, &check), SP_EEXIST);
    FILL(check.id, "two");
    begin(store);
    assert_int_equal(store_commit_check(store, &check, &problem), SP_ECONFLICT);
    assert_int_equal(problem.status, SP_ECONFLICT);
    assert_int_equal(count_rows(store, "health_check"), 1);
    put_manual(store, "three"); /* those without a reference do not share one */
    put_manual(store, "four");
    store_close(store);
}

static void a_new_config_takes_the_place_of_the_old_one(void **state)
{
    struct scratch *scratch = *state;
    struct store *store = open_store(scratch->path);
    struct health_status status = plain_status(false, 1700000005000);
    struct health_check check = calculated("all", "web-1", "web-2");
    assert_int_equal(put(store, &check), 0);
    assert_int_equal(put_status(store, "all", &status, false), 0);
    check = calculated("all", "web-3", "web-1");
    check.version = 2;
    check.up = true; /* what is no config is not looked at */
    check.created_at = 5;
    check.config.health_threshold = 256;
    check.config.inverted = true;
    begin(store);
    assert_int_equal(store_commit_check_config(store, &check, NULL), 0);
    assert_checks(
        store, "all () version 2 created 1700000000 down since 1700000005000 uses 0: CALCULATED - "
               "port 0 path \"\" domain \"\" search \"\" every 0 after 0 inverted regions 00 "
               "threshold 256 children web-3 web-1 alarm \"\" \"\" LastKnownStatus control \"\"\n");

    check.version = 3;
    check.config.child_count = 0;
    begin(store);
    assert_int_equal(store_commit_check_config(store, &check, NULL), 0);
    assert_int_equal(count_rows(store, "health_check_child"), 0);
    FILL(check.id, "other");
    begin(store);
    assert_int_equal(store_commit_check_config(store, &check, NULL), SP_ENOENT);
    assert_int_equal(delete_check(store, "all"), 0);
    FILL(check.id, "all");
    begin(store);
    assert_int_equal(store_commit_check_config(store, &check, NULL), SP_ENOENT);
    assert_true(sqlite3_get_autocommit(store->db));
    store_close(store);
}

/* R-HCK-8. */
static void a_parent_is_found_by_its_child(void **state)
{
    struct scratch *scratch = *state;
    struct store *store = open_store(scratch->path);
    char id[HEALTH_CHECK_ID_SIZE_MAX + 1];
    struct health_check check = calculated("z-any", "web-1", "web-2");
    put_manual(store, "web-1");
    assert_int_equal(put(store, &check), 0);
    check = calculated("all", "web-3", "web-1");
    assert_int_equal(put(store, &check), 0);
    assert_int_equal(store_find_parent_check(store, "web-1", id, NULL), 0);
    assert_string_equal(id, "all");
    assert_int_equal(store_find_parent_check(store, "all", id, NULL), 0);
    assert_string_equal(id, "");
    assert_int_equal(delete_check(store, "all"), 0);
    assert_int_equal(store_find_parent_check(store, "web-3", id, NULL), 0);
    assert_string_equal(id, "");
    assert_int_equal(store_find_parent_check(store, "web-1", id, NULL), 0);
    assert_string_equal(id, "z-any");
    store_close(store);
}

/* R-HCK-9. */
static void the_names_that_name_a_check_are_known(void **state)
{
    static const struct row {
        const char *check, *name;
        bool expect;
    } rows[] = {
        { "web-1", "www.lab.test.", true },
        { "web-1", "lab.test.", false },
        { "web-2", "www.lab.test.", false },
        { "none", "www.lab.test.", false },
    };
    struct scratch *scratch = *state;
    struct store *store = open_store(scratch->path);
    put_manual(store, "web-1");
    put_manual(store, "web-2");
    add_zone_that_names(store, "web-1");
    for (unsigned i = 0; i < COUNT_OF(rows); i++) {
        uint8_t name[DNS_NAME_SIZE_MAX];
        bool is = !rows[i].expect;
        wire(name, rows[i].name);
        assert_int_equal(store_is_check_of_name(store, rows[i].check, name, &is, NULL), 0);
        assert_int_equal(is, rows[i].expect);
    }
    store_close(store);
}

/* ---- older databases ---- */

static void make_old_database(const char *path, int version, const char *sql)
{
    struct problem problem = { 0 };
    sqlite3 *db = NULL;
    char *why = NULL;
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    if (store__migrate(db, path, store__migrations, version, &problem) != 0)
        fail_msg("%s", problem.text);
    if (sqlite3_exec(db, sql, NULL, NULL, &why) != SQLITE_OK)
        fail_msg("%s", why);
    sqlite3_close(db);
}

/* A set that names the check of that number. */
#define NAMING(set, check)                                                                         \
    "INSERT INTO record_set (zone_id, owner_key, type, set_identifier, policy, ttl_s,"             \
    " record_values, health_check_id, weight)"                                                     \
    " VALUES (1, 'test.lab.www.', 'A', '" set "', 1, 60, x'0004c0000201', " check ", 1);"

static void a_check_of_an_older_version_says_what_it_said(void **state)
{
    static const char a_zone[] =
        "INSERT INTO hosted_zone (public_id, name, name_key, server_1, server_2, server_3,"
        " server_4, created_at, sequence, record_count, digest)"
        " VALUES ('Z1', x'036c6162047465737400', 'test.lab.', 1, 2, 3, 4, 5, 6, 0, 0);";
    static const char before_states[] =
        "INSERT INTO health_check (id, public_id, config, created_at)"
        " VALUES (7, 'old', '{}', 1600000000);" NAMING("a", "7");
    static const char with_states[] =
        "INSERT INTO health_check (id, public_id, config, created_at, up, since_ms)"
        " VALUES (7, 'old', '{}', 1600000000, 0, 1600000005000);"
        "INSERT INTO health_check (id, public_id, config, created_at, deleted_at)"
        " VALUES (8, 'past', '{}', 1600000000, 1600000001);" NAMING("a", "7") NAMING("b", "8");
    static const struct row {
        int version;
        const char *sql;
        const char *status;
        unsigned past_use_count; /* of the deleted one; 0: there is none */
    } rows[] = {
        { 1, before_states, "up since 0 observed 1 \"\" 0 of 0\n", 0 },
        { 2, before_states, "up since 0 observed 1 \"\" 0 of 0\n", 0 },
        { 3, with_states, "down since 1600000005000 observed 0 \"\" 0 of 0\n", 1 },
        { 4, with_states, "down since 1600000005000 observed 0 \"\" 0 of 0\n", 1 },
    };
    struct scratch *scratch = *state;
    struct health_check check;
    for (unsigned i = 0; i < COUNT_OF(rows); i++) {
        char sql[2048];
        snprintf(sql, sizeof sql, "%s%s", a_zone, rows[i].sql);
        make_old_database(scratch->path, rows[i].version, sql);
        store_close(open_store(scratch->path));
        struct store *store = open_store(scratch->path); /* what was made is found to be ours */
        assert_status(store, "old", rows[i].status);
        assert_int_equal(store_read_check(store, "old", &check, NULL), 0);
        assert_int_equal(check.config.type, HEALTH_CHECK_MANUAL);
        assert_int_equal(check.version, 1);
        assert_int_equal(check.created_at, 1600000000);
        assert_int_equal(check.use_count, 1);
        int rc = store_read_check(store, "past", &check, NULL);
        assert_int_equal(rc, rows[i].past_use_count == 0 ? SP_ENOENT : 0);
        assert_int_equal(rc == 0 ? check.use_count : 0, rows[i].past_use_count);
        assert_true(rc != 0 || check.is_deleted);
        assert_int_equal(count_rows(store, "pragma_foreign_key_check"), 0);
        store_close(store);
        assert_int_equal(unlink(scratch->path), 0);
    }
}

/* ---- damage ---- */

static int read_everything(struct store *store, struct problem *out_problem)
{
    struct store_object_visitor visitor = { .check = ignore_check };
    struct health_status status;
    struct seen seen = { 0 };
    int rc = store_visit_checks(store, &visitor, out_problem);
    if (rc == 0)
        rc = store_read_check_status(store, "web-1", &status, out_problem);
    if (rc == 0)
        rc = store_visit_check_events(store, "web-1", 0, see_event, &seen, out_problem);
    return rc;
}

static void a_row_that_makes_no_sense_is_damage(void **state)
{
    static const char a_check[] = "health check web-1 makes no sense";
    static const char a_parent[] = "health check all makes no sense";
    static const char a_status[] = "the status of health check web-1 makes no sense";
    static const char an_event[] = "an event of health check web-1 makes no sense";
#define OF_WEB_1 " WHERE public_id = 'web-1'"
    static const struct row {
        const char *sql;
        const char *words;
    } rows[] = {
        { "UPDATE health_check SET type = 'PING'" OF_WEB_1, a_check },
        { "UPDATE health_check SET type = 'TCP'" OF_WEB_1, a_check },
        { "UPDATE health_check SET address = NULL, domain_name = ''" OF_WEB_1, a_check },
        { "UPDATE health_check SET address = x'01'" OF_WEB_1, a_check },
        { "UPDATE health_check SET port = 65536" OF_WEB_1, a_check },
        { "UPDATE health_check SET port = -1" OF_WEB_1, a_check },
        { "UPDATE health_check SET resource_path = '/a b'" OF_WEB_1, a_check },
        { "UPDATE health_check SET resource_path = '/' || char(13, 10)" OF_WEB_1, a_check },
        { "UPDATE health_check SET resource_path = hex(zeroblob(128))" OF_WEB_1, a_check },
        { "UPDATE health_check SET domain_name = 'a b'" OF_WEB_1, a_check },
        { "UPDATE health_check SET search_string = x''" OF_WEB_1, a_check },
        { "UPDATE health_check SET search_string = x'6100'" OF_WEB_1, a_check },
        { "UPDATE health_check SET search_string = zeroblob(999)" OF_WEB_1, a_check },
        { "UPDATE health_check SET request_interval_s = 20" OF_WEB_1, a_check },
        { "UPDATE health_check SET request_interval_s = 286" OF_WEB_1, a_check },
        { "UPDATE health_check SET failure_threshold = 0" OF_WEB_1, a_check },
        { "UPDATE health_check SET failure_threshold = 259" OF_WEB_1, a_check },
        { "UPDATE health_check SET regions = 1" OF_WEB_1, a_check },
        { "UPDATE health_check SET regions = 511" OF_WEB_1, a_check },
        { "UPDATE health_check SET health_threshold = 65537 WHERE public_id = 'all'", a_parent },
        { "UPDATE health_check SET insufficient_data = 'Perhaps'" OF_WEB_1, a_check },
        { "UPDATE health_check SET routing_control = 'cell-1'" OF_WEB_1, a_check },
        { "UPDATE health_check SET alarm_name = hex(zeroblob(129))" OF_WEB_1, a_check },
        { "UPDATE health_check SET version = 0" OF_WEB_1, a_check },
        { "UPDATE health_check SET version = 4294967296" OF_WEB_1, a_check },
        { "UPDATE health_check SET caller_reference = hex(zeroblob(129))" OF_WEB_1, a_check },
        { "UPDATE health_check_child SET child = 'a b' WHERE position = 0", a_parent },
        { "UPDATE health_check_child SET child = 'twice'", a_parent },
        { "UPDATE health_check_child SET child = hex(zeroblob(99))", a_parent },
        { "WITH RECURSIVE n(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < 299)"
          " INSERT INTO health_check_child SELECT id, i, 'x' || i FROM n, health_check"
          " WHERE public_id = 'all'",
          a_parent },
        { "UPDATE health_check SET since_ms = -1" OF_WEB_1, a_status },
        { "UPDATE health_check SET observed_reason = hex(zeroblob(96))" OF_WEB_1, a_status },
        { "UPDATE health_check SET healthy_count = 65536" OF_WEB_1, a_status },
        { "UPDATE health_check SET watched_count = -1" OF_WEB_1, a_status },
        { "UPDATE health_check SET override_regions = 256" OF_WEB_1, a_status },
        { "UPDATE health_check SET override_since_ms = -1" OF_WEB_1, a_status },
        { "UPDATE health_check SET override_expires_ms = -1" OF_WEB_1, a_status },
        { "UPDATE health_check SET override_owner = hex(zeroblob(33))" OF_WEB_1, a_status },
        { "UPDATE health_check SET override_reason = hex(zeroblob(129))" OF_WEB_1, a_status },
        { "UPDATE health_check_checker SET region = 8 WHERE region = 7 AND number = 8", a_status },
        { "UPDATE health_check_checker SET number = 256 WHERE region = 7 AND number = 8",
          a_status },
        { "UPDATE health_check_checker SET streak = 256", a_status },
        { "UPDATE health_check_checker SET started_ms = -1", a_status },
        { "UPDATE health_check_checker SET last_outcome = 99", a_status },
        { "UPDATE health_check_checker SET last_at_ms = -1", a_status },
        { "UPDATE health_check_checker SET last_http_status = 65536", a_status },
        { "UPDATE health_check_checker SET last_detail = hex(zeroblob(32))", a_status },
        { "UPDATE health_check_checker SET failure_outcome = -1", a_status },
        { "UPDATE health_check_checker SET failure_resolved = x'0102030405'", a_status },
        { "INSERT INTO health_check_checker SELECT check_id, region, 77, up, streak, started_ms,"
          " last_outcome, last_at_ms, last_http_status, last_detail, last_resolved,"
          " last_connection_ms, last_tls_ms, last_first_byte_ms, failure_outcome, failure_at_ms,"
          " failure_http_status, failure_detail, failure_resolved, failure_connection_ms,"
          " failure_tls_ms, failure_first_byte_ms FROM health_check_checker WHERE number = 1",
          a_status },
        { "UPDATE health_check_event SET cause = 'whim'", an_event },
        { "UPDATE health_check_event SET reason = hex(zeroblob(96))", an_event },
        { "UPDATE health_check_event SET watched_count = 65536", an_event },
    };
    struct scratch *scratch = *state;
    struct health_status status = full_status();
    for (unsigned i = 0; i < COUNT_OF(rows); i++) {
        struct store *store = open_store(scratch->path);
        struct problem problem = { 0 };
        struct health_check check = full_check("web-1");
        char *why = NULL;
        assert_int_equal(put(store, &check), 0);
        check = calculated("all", "web-1", "web-2");
        assert_int_equal(put(store, &check), 0);
        assert_int_equal(put_status(store, "web-1", &status, true), 0);
        assert_int_equal(add_event(store, "web-1", 4, HEALTH_CAUSE_PROBES), 0);
        assert_int_equal(read_everything(store, NULL), 0);
        sqlite3_exec(store->db, "PRAGMA ignore_check_constraints = 1", NULL, NULL, NULL);
        if (sqlite3_exec(store->db, rows[i].sql, NULL, NULL, &why) != SQLITE_OK)
            fail_msg("%s: %s", rows[i].sql, why);
        assert_int_equal(read_everything(store, &problem), SP_EDAMAGED);
        if (strstr(problem.text, rows[i].words) == NULL)
            fail_msg("%s: \"%s\" lacks \"%s\"", rows[i].sql, problem.text, rows[i].words);
        assert_true(store->damaged);
        store->damaged = false; /* so that the next round finds one file, not one and its log */
        store_close(store);
        unlink(scratch->path);
    }
}

static const struct CMUnitTest tests[] = {
    SCRATCH_TEST(checks_of_every_type_come_back_after_a_restart),
    SCRATCH_TEST(a_check_has_many_children),
    SCRATCH_TEST(an_id_and_a_caller_reference_are_taken_once),
    SCRATCH_TEST(a_new_config_takes_the_place_of_the_old_one),
    SCRATCH_TEST(a_parent_is_found_by_its_child),
    SCRATCH_TEST(the_names_that_name_a_check_are_known),
    SCRATCH_TEST(a_check_of_an_older_version_says_what_it_said),
    SCRATCH_TEST(a_row_that_makes_no_sense_is_damage),
};

RUN_TESTS(tests)
