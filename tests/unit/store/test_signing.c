/* What is stored of signed zones comes back, goes with its zone, and private keys of old leave. */
#include "scratch.h"

#include "internal.h"

#include "signpost/store/signing.h"

#define ARN   "arn:aws:kms:us-east-1:111122223333:key/00000000-0000-0000-0000-00000000000"
#define ARN_1 ARN "1"
#define ARN_2 ARN "2"

static const char *const addresses[] = { "192.0.2.1", NULL };

static int64_t ask(const char *path, const char *sql)
{
    sqlite3 *db = NULL;
    int64_t number = -1;
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(store__query_number(db, path, sql, &number, NULL), 0);
    sqlite3_close(db);
    return number;
}

static void end(struct store *store)
{
    struct problem problem = { 0 };
    if (store_commit_transaction(store, &problem) != 0)
        fail_msg("%s", problem.text);
}

static struct key_ring make_ring(void)
{
    struct key_ring ring = {
        .count = 2,
        .keys = { { .tag = 65535,
                    .state = ZSK_RETIRED,
                    .created_ms = 1,
                    .changed_ms = 2,
                    .wait_ms = 3,
                    .validity_s = 4,
                    .public_key = { 5 },
                    .sealed_key = { 6 } },
                  { .tag = 7, .state = ZSK_ACTIVE, .created_ms = 8, .changed_ms = 9 } },
        .signed_ms = 10,
        .interval_s = 11,
        .validity_s = 12,
        .ttl_s = 13,
        .has_cds = true,
        .cached_until_ms = 14,
    };
    return ring;
}

static void fill_set(struct key_set *set, uint16_t type, uint8_t value)
{
    static const struct rrsig rrsig = { 1, 2, 3 };
    static const uint8_t name[] = "\3lab\4test";
    uint8_t signature[KEY_SIGNATURE_SIZE] = { value };
    *set = (struct key_set){ .type = type, .ttl_s = 60 };
    key_set_add(set, (struct span){ &value, 1 });
    key_set_begin_signatures(set, 1000);
    key_set_add_signature(set, name, &rrsig, signature);
}

static void a_ring_and_its_sets_come_back(void **state)
{
    struct scratch *scratch = *state;
    struct store *store = open_store(scratch->path);
    struct hosted_zone zone = add_zone(store, "lab.test.", addresses);
    struct key_ring ring = make_ring(), found;
    static struct key_sets sets, found_sets;
    assert_int_equal(store_read_key_ring(store, zone.id, &found, NULL), 0);
    assert_int_equal(found.count + found.signed_ms, 0);
    sets.count = 2;
    fill_set(&sets.items[0], DNS_TYPE_DNSKEY, 1);
    fill_set(&sets.items[1], DNS_TYPE_CDS, 2);
    begin(store);
    for (unsigned times = 0; times < 2; times++) { /* the second in the place of the first */
        assert_int_equal(store_put_key_ring(store, zone.id, &ring, NULL), 0);
        assert_int_equal(store_put_key_sets(store, zone.id, &sets, NULL), 0);
    }
    end(store);
    store_close(store);

    store = open_store(scratch->path);
    assert_int_equal(store_read_key_ring(store, zone.id, &found, NULL), 0);
    assert_int_equal(store_read_key_sets(store, zone.id, &found_sets, NULL), 0);
    assert_int_equal(found.count, 2);
    assert_memory_equal(&found.keys[0].public_key, &ring.keys[0].public_key, KEY_PUBLIC_SIZE);
    assert_memory_equal(&found.keys[0].sealed_key, &ring.keys[0].sealed_key, ZSK_SEALED_SIZE);
    assert_int_equal(found.keys[0].tag, 65535);
    assert_int_equal(found.keys[0].state, ZSK_RETIRED);
    assert_int_equal(found.keys[0].created_ms * 1000 + found.keys[0].changed_ms * 100 +
                         found.keys[0].wait_ms * 10 + found.keys[0].validity_s,
                     1234);
    assert_int_equal(found.keys[1].state, ZSK_ACTIVE);
    assert_int_equal(found.signed_ms + found.interval_s + found.validity_s + found.ttl_s +
                         found.cached_until_ms,
                     10 + 11 + 12 + 13 + 14);
    assert_true(found.has_cds);
    assert_int_equal(found_sets.count, 2);
    assert_int_equal(found_sets.items[1].type, DNS_TYPE_CDS);
    assert_int_equal(found_sets.items[1].value_count, 1);
    assert_memory_equal(found_sets.items[1].values, sets.items[1].values, 3);
    assert_int_equal(found_sets.items[1].signatures_size, sets.items[1].signatures_size);
    assert_memory_equal(found_sets.items[1].signatures, sets.items[1].signatures,
                        sets.items[1].signatures_size);
    store_close(store);
}

static void what_a_zone_has_goes_with_it(void **state)
{
    static const char *const tables[] = { "key_signing_key", "zone_signing", "key_ring",
                                          "zone_signing_key", "key_set" };
    struct scratch *scratch = *state;
    struct store *store = open_store(scratch->path);
    struct hosted_zone zone = add_zone(store, "lab.test.", addresses);
    struct key_ring ring = make_ring();
    static struct key_sets sets = { .count = 1 };
    struct key_signing_key key = { .name = "key", .arn = ARN_1, .trouble = "it is lost" };
    struct key_signing_key keys[KEY_SIGNING_KEYS_MAX];
    struct change change = { .id = "C1" };
    unsigned count = 0;
    fill_set(&sets.items[0], DNS_TYPE_DNSKEY, 1);
    begin(store);
    assert_int_equal(store_put_key_pair(store, ARN_1, key.public_key, NULL), 0);
    assert_int_equal(store_put_key(store, zone.id, &key, NULL), 0);
    assert_int_equal(store_put_signing(store, zone.id, SIGNING_ON, NULL), 0);
    assert_int_equal(store_put_key_ring(store, zone.id, &ring, NULL), 0);
    assert_int_equal(store_put_key_sets(store, zone.id, &sets, NULL), 0);
    end(store);
    assert_int_equal(store_read_keys(store, zone.id, keys, &count, NULL), 0);
    assert_string_equal(keys[0].trouble, "it is lost");
    key.trouble[0] = '\0';
    begin(store);
    assert_int_equal(store_put_key(store, zone.id, &key, NULL), 0);
    assert_int_equal(store_read_keys(store, zone.id, keys, &count, NULL), 0);
    assert_string_equal(keys[0].trouble, "");
    assert_int_equal(store_commit_delete(store, &zone, 10, &change, NULL), 0);
    store_close(store);
    for (size_t i = 0; i < COUNT_OF(tables); i++) {
        char sql[64];
        snprintf(sql, sizeof sql, "SELECT count(*) FROM %s", tables[i]);
        assert_int_equal(ask(scratch->path, sql), 0);
    }
}

static void an_arn_in_use_stands_for_one_key(void **state)
{
    static const uint8_t one[KEY_PUBLIC_SIZE] = { 1 }, other[KEY_PUBLIC_SIZE] = { 2 };
    struct scratch *scratch = *state;
    struct store *store = open_store(scratch->path);
    struct hosted_zone zone = add_zone(store, "lab.test.", addresses);
    struct key_signing_key key = { .name = "key", .arn = ARN_1 };
    uint8_t found[KEY_PUBLIC_SIZE];
    assert_int_equal(store_find_key_pair(store, ARN_1, found, NULL), SP_ENOENT);
    begin(store);
    assert_int_equal(store_put_key_pair(store, ARN_1, one, NULL), 0);
    assert_int_equal(store_put_key_pair(store, ARN_1, other, NULL), 0); /* nobody uses it */
    assert_int_equal(store_put_key(store, zone.id, &key, NULL), 0);
    assert_int_equal(store_put_key_pair(store, ARN_1, one, NULL), SP_ECONFLICT);
    assert_int_equal(store_put_key_pair(store, ARN_1, other, NULL), 0);
    end(store);
    assert_int_equal(store_find_key_pair(store, ARN_1, found, NULL), 0);
    assert_memory_equal(found, other, sizeof found);
    store_close(store);
}

/* ---- a database of before ---- */

#define BEFORE 13 /* its version */

/* Two pairs, one of them named by a zone. */
static void make_old_database(const char *path)
{
    static const char rows[] =
        "INSERT INTO hosted_zone (public_id, name, name_key, server_1, server_2, server_3,"
        " server_4, created_at, sequence, record_count, digest)"
        " VALUES ('Z1', x'00', '', 1, 2, 3, 4, 5, 0, 0, 0);"
        "INSERT INTO key_pair VALUES ('" ARN_1
        "', zeroblob(64), CAST('the private half of one' AS BLOB));"
        "INSERT INTO key_pair VALUES ('" ARN_2
        "', zeroblob(64), CAST('the private half of two' AS BLOB));"
        "INSERT INTO key_signing_key VALUES (5, 1, 'key', '" ARN_1 "', 1, 6, 7);"
        "INSERT INTO zone_signing VALUES (1, 1);"
        "PRAGMA user_version = 13; PRAGMA journal_mode = WAL;";
    sqlite3 *db = NULL;
    char *why = NULL;
    char id[64];
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    for (int i = 0; i < BEFORE; i++)
        assert_int_equal(sqlite3_exec(db, store__migrations[i].sql, NULL, NULL, NULL), SQLITE_OK);
    snprintf(id, sizeof id, "PRAGMA application_id = %d", STORE_APPLICATION_ID);
    assert_int_equal(sqlite3_exec(db, id, NULL, NULL, NULL), SQLITE_OK);
    if (sqlite3_exec(db, rows, NULL, NULL, &why) != SQLITE_OK)
        fail_msg("%s", why);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

static unsigned count_text(const char *path, const char *suffix, const char *text)
{
    char name[128];
    size_t size;
    unsigned count = 0;
    snprintf(name, sizeof name, "%s%s", path, suffix);
    if (!file_exists(path, suffix))
        return 0;
    uint8_t *data = read_file(name, &size);
    for (uint8_t *at = data;
         (at = memmem(at, size - (size_t)(at - data), text, strlen(text))) != NULL; at++)
        count++;
    free(data);
    return count;
}

static int note_pair(void *context, const struct key_pair *pair)
{
    char *text = context;
    sprintf(text + strlen(text), "%c %.*s; ", pair->arn[74], (int)pair->private_size,
            (const char *)pair->private_key);
    return 0;
}

static void private_keys_leave_the_database_and_leave_nothing_behind(void **state)
{
    struct scratch *scratch = *state;
    struct key_signing_key keys[KEY_SIGNING_KEYS_MAX];
    char text[256] = "";
    unsigned count = 0;
    make_old_database(scratch->path);
    struct store *store = open_store(scratch->path);
    assert_int_equal(store_visit_old_pairs(store, note_pair, text, NULL), 0);
    assert_string_equal(text, "1 the private half of one; 2 the private half of two; ");
    store_close(store);
    store = open_store(scratch->path); /* they wait until they are wiped */
    assert_true(count_text(scratch->path, "", "the private half") >= 2);
    assert_int_equal(store_wipe_old_pairs(store, NULL), 0);
    assert_int_equal(count_text(scratch->path, "", "the private half"), 0);
    assert_int_equal(count_text(scratch->path, "-wal", "the private half"), 0);
    text[0] = '\0';
    assert_int_equal(store_visit_old_pairs(store, note_pair, text, NULL), 0);
    assert_string_equal(text, "");
    assert_int_equal(store_read_keys(store, 1, keys, &count, NULL), 0);
    assert_int_equal(count, 1);
    assert_string_equal(keys[0].name, "key");
    assert_string_equal(keys[0].arn, ARN_1);
    assert_true(keys[0].is_active && keys[0].created_ms == 6 && keys[0].changed_ms == 7);
    store_close(store);
    assert_int_equal(ask(scratch->path, "SELECT count(*) FROM key_pair"), 2);
    store = open_store(scratch->path); /* and the tables are ours */
    store_close(store);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SCRATCH_TEST(a_ring_and_its_sets_come_back),
        SCRATCH_TEST(what_a_zone_has_goes_with_it),
        SCRATCH_TEST(an_arn_in_use_stands_for_one_key),
        SCRATCH_TEST(private_keys_leave_the_database_and_leave_nothing_behind),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
