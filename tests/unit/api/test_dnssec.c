/* Signed zones over HTTP: what goes in, what comes out, and what each mistake is told. */
#include "bench.h"

#include "signpost/control/signing.h"
#include "signpost/keys/key_store.h"

#define V1 "/signpost/v1/"

static struct key_store *keys;

static int set_up(void **state)
{
    static const struct signing_options options = { .dnskey_ttl_s = 3600,
                                                    .dnskey_interval_s = 86400,
                                                    .signature_validity_s = 86400,
                                                    .zsk_lifetime_s = 1209600 };
    struct key_store_settings settings = {
        .credential = "", .pkcs11_module = "", .pkcs11_token = "", .pkcs11_pin = ""
    };
    struct problem problem = { 0 };
    char directory[64];
    bench_set_up(state);
    struct bench *bench = *state;
    snprintf(directory, sizeof(directory), "%s/keys", bench->directory);
    settings.directory = directory;
    assert_int_equal(key_store_open(&settings, &keys, &problem), 0);
    if (control_open_signing(bench->control, keys, &options, &problem) != 0)
        fail_msg("%s", problem.text);
    return 0;
}

static int tear_down(void **state)
{
    int rc = bench_tear_down(state);
    key_store_close(keys);
    return rc;
}

#define WITH_KEYS(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

/* Asks with single quotes for double ones. */
static unsigned ask_quoted(struct bench *bench, const char *method, const char *path,
                           const char *body)
{
    char target[200], text[2000];
    snprintf(target, sizeof(target), V1 "%s", path);
    snprintf(text, sizeof(text), "%s", body);
    quote(text);
    return ask(bench, method, target, text);
}

static json_t *ask_well(struct bench *bench, const char *method, const char *path, const char *body)
{
    unsigned status = ask_quoted(bench, method, path, body);
    if (status != 200)
        fail_msg("%s %s: %u %s", method, path, status, bench->exchange.response.body.data);
    return reply_of(bench);
}

static void import_zones(struct bench *bench)
{
    assert_int_equal(ask_quoted(bench, "POST", "zones/lab.test/import", "www 60 A 192.0.2.1\n"),
                     200);
    assert_int_equal(ask_quoted(bench, "POST", "zones/shop.lab.test/import", "a 60 A 192.0.2.2\n"),
                     200);
}

static const char *text_in(const json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));
    return text != NULL ? text : "null";
}

static const json_t *key_of(const json_t *report, const char *list, size_t index)
{
    return json_array_get(json_object_get(report, list), index);
}

/* ---- what is told ---- */

static void a_zone_without_dnssec_says_so(void **state)
{
    struct bench *bench = *state;
    import_zones(bench);
    json_t *report = ask_well(bench, "GET", "zones/shop.lab.test/dnssec", "");
    json_object_del(report, "id");
    char *text = json_dumps(report, JSON_COMPACT | JSON_SORT_KEYS);
    assert_string_equal(text, "{\"keys\":[],\"message\":\"\",\"parent\":{\"other_ds\":false,"
                              "\"state\":\"UNSIGNED\",\"zone\":\"lab.test.\"},\"publishes_cds\":"
                              "false,\"refresh_at\":null,"
                              "\"signed_until\":null,\"signing\":false,\"status\":\"NOT_SIGNING\","
                              "\"zone\":\"shop.lab.test.\",\"zone_signing_keys\":[]}");
    free(text);
    json_decref(report);
}

static void assert_signed(const json_t *report)
{
    const json_t *key = key_of(report, "keys", 0);
    const json_t *zsk = key_of(report, "zone_signing_keys", 0);
    char start[24];
    assert_true(json_is_true(json_object_get(report, "signing")));
    assert_string_equal(text_in(report, "status"), "SIGNING");
    assert_string_equal(text_in(report, "message"), "");
    assert_int_equal(json_array_size(json_object_get(report, "keys")), 1);
    assert_string_equal(text_in(key, "status"), "ACTIVE");
    snprintf(start, sizeof(start), "%lld 13 2 ",
             (long long)json_integer_value(json_object_get(key, "tag")));
    assert_memory_equal(text_in(key, "ds_record"), start, strlen(start));
    assert_memory_equal(text_in(key, "dnskey_record"), "257 3 13 ", 9);
    assert_string_equal(text_in(zsk, "state"), "ACTIVE");
    assert_true(strcmp(text_in(zsk, "since"), text_in(zsk, "until")) < 0);
    assert_true(strcmp(text_in(report, "refresh_at"), text_in(report, "signed_until")) < 0);
}

static void a_zone_is_signed_and_no_longer(void **state)
{
    struct bench *bench = *state;
    import_zones(bench);
    json_t *report = ask_well(bench, "PUT", "zones/lab.test/dnssec", "{'signing':true}");
    assert_signed(report);
    assert_string_equal(text_in(json_object_get(report, "parent"), "state"), "ELSEWHERE");
    assert_true(json_is_null(json_object_get(key_of(report, "keys", 0), "in_parent")));
    json_t *again = ask_well(bench, "GET", "zones/LAB.test./dnssec", "");
    assert_true(json_equal(report, again));
    json_decref(report);
    json_decref(again);
    report = ask_well(bench, "PUT", "zones/lab.test/dnssec", "{'signing':false}");
    assert_string_equal(text_in(report, "status"), "NOT_SIGNING");
    assert_int_equal(json_array_size(json_object_get(report, "keys")), 1);
    json_decref(report);
}

/* Nothing was there to be disabled, and it is as it was wished. */
static void what_was_never_signed_may_be_disabled(void **state)
{
    struct bench *bench = *state;
    import_zones(bench);
    json_t *report = ask_well(bench, "PUT", "zones/lab.test/dnssec", "{'signing':false}");
    assert_string_equal(text_in(report, "status"), "NOT_SIGNING");
    assert_int_equal(json_array_size(json_object_get(report, "keys")), 0);
    json_decref(report);
}

static void rolls_tell_which_key(void **state)
{
    struct bench *bench = *state;
    import_zones(bench);
    json_decref(ask_well(bench, "PUT", "zones/lab.test/dnssec", "{'signing':true}"));
    json_t *begun =
        ask_well(bench, "POST", "zones/lab.test/dnssec/rotate", "{'key':'ksk','step':'begin'}");
    const json_t *report = json_object_get(begun, "dnssec");
    assert_int_equal(json_array_size(json_object_get(report, "keys")), 2);
    assert_string_equal(text_in(begun, "name"), text_in(key_of(report, "keys", 1), "name"));
    json_t *finished = ask_well(bench, "POST", "zones/lab.test/dnssec/rotate",
                                "{'key':'ksk','step':'finish','parent_changed':true}");
    assert_string_equal(text_in(finished, "name"), text_in(key_of(report, "keys", 0), "name"));
    report = json_object_get(finished, "dnssec");
    assert_string_equal(text_in(begun, "name"), text_in(key_of(report, "keys", 0), "name"));
    json_t *zsk = ask_well(bench, "POST", "zones/lab.test/dnssec/rotate", "{'key':'zsk'}");
    assert_null(json_object_get(zsk, "step"));
    report = json_object_get(zsk, "dnssec");
    assert_string_equal(text_in(key_of(report, "zone_signing_keys", 1), "state"), "PUBLISHED");
    json_decref(begun);
    json_decref(finished);
    json_decref(zsk);
}

/* ---- mistakes ---- */

static void every_mistake_is_named(void **state)
{
    static const struct row {
        const char *method, *path, *body;
        unsigned status;
        const char *expect;
    } rows[] = {
        { "DELETE", "lab.test/dnssec", "", 405, "this path takes GET, PUT only" },
        { "GET", "lab.test/dnssec/rotate", "", 405, "this path takes POST only" },
        { "GET", "lab.test/dnssec?all=1", "", 400, "unknown query argument \"all\"" },
        { "GET", "no.test/dnssec", "", 404, "no.test." },
        { "PUT", "no.test/dnssec", "{'signing':true}", 404, "no.test." },
        { "POST", "no.test/dnssec/rotate", "{'key':'zsk'}", 404, "no.test." },
        { "PUT", "lab.test/dnssec", "", 400, "the body is not JSON" },
        { "PUT", "lab.test/dnssec", "{}", 400, "signing: it must be true or false" },
        { "PUT", "lab.test/dnssec", "{'signing':'yes'}", 400, "signing: it must be true or false" },
        { "PUT", "lab.test/dnssec", "{'signing':true,'key':'a'}", 400, "unknown member \"key\"" },
        { "POST", "lab.test/dnssec/rotate", "{}", 400, "key: it must be \"zsk\" or \"ksk\"" },
        { "POST", "lab.test/dnssec/rotate", "{'key':'csk'}", 400, "key: it must be \"zsk\" or" },
        { "POST", "lab.test/dnssec/rotate", "{'key':'zsk','step':'begin'}", 400,
          "unknown member \"step\"" },
        { "POST", "lab.test/dnssec/rotate", "{'key':'ksk'}", 400,
          "step: it must be \"begin\", \"finish\" or \"cancel\"" },
        { "POST", "lab.test/dnssec/rotate", "{'key':'ksk','step':'undo'}", 400,
          "step: it must be \"begin\", \"finish\" or \"cancel\"" },
        { "POST", "lab.test/dnssec/rotate", "{'key':'ksk','step':'begin','parent_changed':true}",
          400, "parent_changed: it goes with the step \"finish\"" },
        { "POST", "lab.test/dnssec/rotate", "{'key':'ksk','step':'finish','parent_unchanged':true}",
          400, "parent_unchanged: it goes with the step \"cancel\"" },
        { "POST", "lab.test/dnssec/rotate", "{'key':'ksk','step':'finish','parent_changed':1}", 400,
          "parent_changed: it must be true or false" },
        { "POST", "lab.test/dnssec/rotate", "{'key':'zsk'}", 409, "" },
        { "POST", "lab.test/dnssec/rotate", "{'key':'ksk','step':'begin'}", 409, "" },
        { "POST", "lab.test/dnssec/rotate", "{'key':'ksk','step':'finish'}", 409, "" },
    };
    struct bench *bench = *state;
    char path[100];
    import_zones(bench);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        snprintf(path, sizeof(path), "zones/%s", rows[i].path);
        unsigned status = ask_quoted(bench, rows[i].method, path, rows[i].body);
        json_t *reply = reply_of(bench);
        if (status != rows[i].status || message_of(reply)[0] == '\0' ||
            strstr(message_of(reply), rows[i].expect) == NULL)
            fail_msg("%s %s %s: %u %s", rows[i].method, rows[i].path, rows[i].body, status,
                     message_of(reply));
        json_decref(reply);
    }
}

static const struct CMUnitTest tests[] = {
    WITH_KEYS(a_zone_without_dnssec_says_so),
    WITH_KEYS(a_zone_is_signed_and_no_longer),
    WITH_KEYS(what_was_never_signed_may_be_disabled),
    WITH_KEYS(rolls_tell_which_key),
    WITH_KEYS(every_mistake_is_named),
};

RUN_TESTS(tests)
