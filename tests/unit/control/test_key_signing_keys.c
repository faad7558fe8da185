/* Key-signing keys: what may follow what, and what becomes of it (R-SEC-1, R-SEC-8, A-KSK). */
#define WORLD_SIGNING options_of_signing
#include "signpost/model/key_schedule.h"

static const struct signing_options options_of_signing = {
    .dnskey_ttl_s = 3600,
    .dnskey_interval_s = 86400,
    .signature_validity_s = 86400,
};

#include "world.h"

#include "signpost/control/key_signing_keys.h"

#define ARN_1 "arn:aws:kms:us-east-1:111122223333:key/00000000-0000-0000-0000-000000000001"
#define ARN_2 "arn:aws:kms:us-east-1:111122223333:key/00000000-0000-0000-0000-000000000002"
#define ARN_3 "arn:aws:kms:us-east-1:111122223333:key/00000000-0000-0000-0000-000000000003"

static struct hosted_zone create_zone(struct world *world, const char *text)
{
    uint8_t name[DNS_NAME_SIZE_MAX];
    struct hosted_zone zone = { 0 };
    struct change change;
    struct problem problem = { 0 };
    wire(name, text);
    struct zone_wish wish = { .name = name, .caller_reference = text, .comment = "" };
    if (control_create_zone(world->control, &wish, &zone, &change, &problem) != 0)
        fail_msg("%s", problem.text);
    return zone;
}

/* "SIGNING one+ two-": the zone's status and its keys, active ones with "+". */
static const char *describe(struct world *world, const struct hosted_zone *zone, char out[512])
{
    static const char *const names[] = { "NEVER", "OFF", "SIGNING" };
    struct key_signing_key keys[KEY_SIGNING_KEYS_MAX];
    enum signing_status status;
    unsigned count;
    assert_int_equal(control_signing_status(world->control, zone, &status, NULL), 0);
    assert_int_equal(control_list_keys(world->control, zone, keys, &count, NULL), 0);
    int size = snprintf(out, 512, "%s", names[status]);
    for (unsigned i = 0; i < count; i++)
        size += snprintf(out + size, 512 - (size_t)size, " %s%s", keys[i].name,
                         keys[i].is_active ? "+" : "-");
    return out;
}

enum step { CREATE, CREATE_INACTIVE, ACTIVATE, DEACTIVATE, DELETE, ENABLE, DISABLE, RESTART };

static int run(struct world *world, const struct hosted_zone *zone, enum step step,
               const char *name, const char *arn, struct change *out_change)
{
    struct control *control = world->control;
    struct key_signing_key key;
    switch (step) {
    case CREATE:
    case CREATE_INACTIVE:
        return control_create_key(control, zone, name, arn, step == CREATE, &key, out_change, NULL);
    case ACTIVATE:
    case DEACTIVATE:
        return control_set_key_active(control, zone, name, step == ACTIVATE, out_change, NULL);
    case DELETE:
        return control_delete_key(control, zone, name, out_change, NULL);
    case RESTART:
        restart(world);
        return 0;
    default:
        return control_set_signing(control, zone, step == ENABLE, out_change, NULL);
    }
}

static void what_may_follow_what(void **state)
{
    static const struct row {
        const char *why;
        enum step step;
        const char *name, *arn;
        int rc;
        const char *after;
    } rows[] = {
        { "A-KSK-4: without a key there is nothing to enable", ENABLE, "", "", SP_ECONFLICT,
          "NEVER" },
        { "A-KSK-4: nor to disable", DISABLE, "", "", SP_ENOENT, "NEVER" },
        { "A-KSK-1", CREATE_INACTIVE, "one", ARN_1, 0, "NEVER one-" },
        { "A-KSK-1: the name", CREATE, "one", ARN_2, SP_EEXIST, "NEVER one-" },
        { "A-KSK-1: the ARN", CREATE, "two", ARN_1, SP_EEXIST, "NEVER one-" },
        { "A-KSK-1: another ARN", CREATE, "two", "arn:aws:kms:x", SP_EINVAL, "NEVER one-" },
        { "R-SEC-1: a name too short", CREATE, "tw", ARN_2, SP_EINVAL, "NEVER one-" },
        { "R-SEC-1: no active key", ENABLE, "", "", SP_ECONFLICT, "NEVER one-" },
        { "A-KSK-3", ACTIVATE, "one", "", 0, "NEVER one+" },
        { "A-KSK-3: already so", ACTIVATE, "one", "", 0, "NEVER one+" },
        { "R-SEC-1", ENABLE, "", "", 0, "SIGNING one+" },
        { "A-KSK-3: already so", ENABLE, "", "", 0, "SIGNING one+" },
        { "R-SEC-8: the last one", DEACTIVATE, "one", "", SP_ECONFLICT, "SIGNING one+" },
        { "A-KSK-3: a second", CREATE, "two", ARN_2, 0, "SIGNING one+ two+" },
        { "R-QTA-9: a third", CREATE, "three", ARN_3, SP_ELIMIT, "SIGNING one+ two+" },
        { "R-SEC-8: another is active", DEACTIVATE, "one", "", 0, "SIGNING one- two+" },
        { "R-SEC-8: now that one is the last", DEACTIVATE, "two", "", SP_ECONFLICT,
          "SIGNING one- two+" },
        { "R-SEC-8: an active key stays", DELETE, "two", "", SP_ECONFLICT, "SIGNING one- two+" },
        { "everything is stored", RESTART, "", "", 0, "SIGNING one- two+" },
        { "R-SEC-8: an inactive one goes", DELETE, "one", "", 0, "SIGNING two+" },
        { "no such key", DELETE, "one", "", SP_ENOENT, "SIGNING two+" },
        { "no such key", ACTIVATE, "one", "", SP_ENOENT, "SIGNING two+" },
        { "A-KSK-4", DISABLE, "", "", 0, "OFF two+" },
        { "A-KSK-3: already so", DISABLE, "", "", 0, "OFF two+" },
        { "R-SEC-8: it does not sign any more", DEACTIVATE, "two", "", 0, "OFF two-" },
        { "R-SEC-8", DELETE, "two", "", 0, "OFF" },
    };
    struct world *world = *state;
    struct hosted_zone zone = create_zone(world, "lab.test.");
    char text[512];
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct change change = { .id = "" };
        int rc = run(world, &zone, rows[i].step, rows[i].name, rows[i].arn, &change);
        if (rc != rows[i].rc || strcmp(describe(world, &zone, text), rows[i].after) != 0)
            fail_msg("%zu, %s: %d, %s", i, rows[i].why, rc, describe(world, &zone, text));
        struct change found;
        bool in_sync;
        if (rc == 0 && rows[i].step != RESTART) /* every one of them has a ChangeInfo */
            assert_int_equal(control_read_change(world->control, change.id, &found, &in_sync, NULL),
                             0);
    }
}

static void one_arn_is_one_pair_wherever_it_is_named(void **state)
{
    struct world *world = *state;
    struct hosted_zone one = create_zone(world, "one.test."), two = create_zone(world, "two.test.");
    struct key_signing_key first, second, again, other;
    struct change change;
    struct control *control = world->control;
    assert_int_equal(control_create_key(control, &one, "key", ARN_1, false, &first, &change, NULL),
                     0);
    assert_int_equal(control_create_key(control, &two, "key", ARN_1, false, &second, &change, NULL),
                     0);
    assert_int_equal(control_create_key(control, &two, "new", ARN_2, false, &other, &change, NULL),
                     0);
    assert_memory_equal(first.public_key, second.public_key, KEY_PUBLIC_SIZE);
    assert_memory_not_equal(first.public_key, other.public_key, KEY_PUBLIC_SIZE);

    assert_int_equal(control_delete_key(control, &one, "key", &change, NULL), 0);
    assert_int_equal(control_delete_zone_id(control, &two, &change, NULL), 0);
    restart(world);
    assert_int_equal(
        control_create_key(world->control, &one, "again", ARN_1, true, &again, &change, NULL), 0);
    assert_memory_equal(first.public_key, again.public_key, KEY_PUBLIC_SIZE);
}

static void a_key_keeps_its_zone_from_being_deleted(void **state)
{
    struct world *world = *state;
    struct hosted_zone zone = create_zone(world, "lab.test.");
    struct zone_blockers blockers;
    struct key_signing_key key;
    struct change change;
    assert_int_equal(control_zone_blockers(world->control, &zone, &blockers, NULL), 0);
    assert_false(blockers.has_keys || blockers.has_protections);
    assert_int_equal(
        control_create_key(world->control, &zone, "key", ARN_1, false, &key, &change, NULL), 0);
    assert_int_equal(control_zone_blockers(world->control, &zone, &blockers, NULL), 0);
    assert_true(blockers.has_keys && !blockers.has_protections);
}

/* The key and the DS record of RFC 6605 §6.1. */
static void the_ds_record_is_that_of_the_rfc(void **state)
{
    static const struct key_signing_key key = {
        .public_key = { 0x1a, 0x88, 0xc8, 0x86, 0x15, 0xd4, 0x37, 0xfb, 0xb8, 0xbf, 0x9e,
                        0x19, 0x42, 0xa1, 0x92, 0x9f, 0x28, 0x56, 0x27, 0x06, 0xae, 0x6c,
                        0x2b, 0xd3, 0x99, 0xe7, 0xb1, 0xbf, 0xb6, 0xd1, 0xe9, 0xe7, 0x5b,
                        0x92, 0xb4, 0xaa, 0x42, 0x91, 0x7a, 0xe1, 0xc6, 0x1b, 0x70, 0x1e,
                        0xf0, 0x35, 0xc3, 0xfe, 0x7b, 0xe3, 0x00, 0x9c, 0xba, 0xfe, 0x5a,
                        0x2f, 0x71, 0x31, 0x6c, 0x90, 0x2d, 0xcf, 0x0d, 0x00 },
    };
    struct hosted_zone zone = { .id = 1 };
    struct key_texts texts;
    (void)state;
    wire(zone.name, "example.net.");
    assert_int_equal(control_key_texts(&zone, &key, &texts, NULL), 0);
    assert_int_equal(texts.tag, 55648);
    assert_string_equal(texts.ds_record,
                        "55648 13 2 "
                        "B4C8C1FE2E7477127B27115656AD6256F424625BF5C1E2770CE6D6E37DF61D17");
    assert_string_equal(texts.dnskey_record,
                        "257 3 13 GojIhhXUN/u4v54ZQqGSnyhWJwaubCvTmeexv7bR6edbkrSqQpF64cYbcB7wNcP+"
                        "e+MAnLr+Wi9xMWyQLc8NAA==");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WORLD_TEST(what_may_follow_what),
        WORLD_TEST(one_arn_is_one_pair_wherever_it_is_named),
        WORLD_TEST(a_key_keeps_its_zone_from_being_deleted),
        cmocka_unit_test(the_ds_record_is_that_of_the_rfc),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
