/* From a request's record sets to the model's and back: A-CHG-5, A-CHG-10 to A-CHG-17, A-TRP-30. */
#include "tests.h"

#include "batch.h"

#include "signpost/dns/types.h"

#define CONTENT                                                                                    \
    "Invalid request: Expected exactly one of [AliasTarget, all of [TTL, and ResourceRecords], "   \
    "or TrafficPolicyInstanceId], but found "
#define ROUTINGS                                                                                   \
    "Invalid request: Expected exactly one of [Weight, Region, Failover, GeoLocation, "            \
    "MultiValueAnswer, GeoProximityLocation, or CidrRoutingConfig], but found "

static struct route53_call new_call(void)
{
    struct route53_call call = { .arena = arena_create() };
    assert_non_null(call.arena);
    return call;
}

static struct r53_resource_record address[] = { { "192.0.2.1" } };
static struct r53_alias_target target = { "/hostedzone/ZHARBOR",
                                          "WWW.harbor.test",
                                          { true, true } };
static struct r53_geo_location germany = { NULL, "DE", NULL };
static struct r53_geo_location nowhere = { NULL, "\xc3\xbc\xc3\xbc", NULL };
static struct r53_coordinates seattle = { "47.60", "-122.33" };
static struct r53_geo_proximity_location near = { NULL, NULL, &seattle, { true, 0 } };
static struct r53_geo_proximity_location region = { "us-east-1", NULL, NULL, { true, -99 } };
static struct r53_cidr_routing_config cidr = { "6f1e2a5c-0d3b-4c8e-9a71-2b54c0e8d913", "*" };

/* What is the same in most rows. */
#define PLAIN .name = "www.harbor.test", .type = "A"
#define TTL   .ttl = { true, 60 }
#define ONE   .resource_records = { true, 1, address }

static struct change_item read_one(struct route53_call *call, const char *action,
                                   const struct r53_resource_record_set *set)
{
    struct r53_change change = { action, (struct r53_resource_record_set *)set };
    struct r53_change_batch given = { NULL, { true, 1, &change } };
    struct change_batch batch;
    assert_int_equal(route53_read_batch(call, &given, &batch), 0);
    assert_int_equal(batch.count, 1);
    return batch.items[0];
}

static void shapes_that_cannot_be_are_noted(void **state)
{
    static const struct row {
        const char *why;
        struct r53_resource_record_set set;
        const char *fault; /* NULL: none */
    } rows[] = {
        { "values and their TTL", { PLAIN, TTL, ONE }, NULL },
        { "a TTL of 0 is one", { PLAIN, .ttl = { true, 0 }, ONE }, NULL },
        { "an alias", { PLAIN, .alias_target = &target }, NULL },
        { "nothing", { PLAIN }, CONTENT "none" },
        { "a TTL alone", { PLAIN, TTL }, CONTENT "none" },
        { "values alone", { PLAIN, ONE }, CONTENT "none" },
        { "an alias with a TTL of 0",
          { PLAIN, .ttl = { true, 0 }, .alias_target = &target },
          CONTENT "more than one" },
        { "an alias with values",
          { PLAIN, ONE, .alias_target = &target },
          CONTENT "more than one" },
        { "an instance with a TTL",
          { PLAIN, TTL, .traffic_policy_instance_id = "x" },
          CONTENT "more than one" },
        { "an instance (A-CHG-15)",
          { PLAIN, .traffic_policy_instance_id = "x" },
          "Invalid request: TrafficPolicyInstanceId is set by CreateTrafficPolicyInstance only" },
        { "an identifier alone", { PLAIN, TTL, ONE, .set_identifier = "s" }, ROUTINGS "none" },
        { "false counts as absent (A-CHG-13)",
          { PLAIN, TTL, ONE, .set_identifier = "s", .multi_value_answer = { true, false } },
          ROUTINGS "none" },
        { "and needs no identifier",
          { PLAIN, TTL, ONE, .multi_value_answer = { true, false } },
          NULL },
        { "a weight of 0 is one",
          { PLAIN, TTL, ONE, .set_identifier = "s", .weight = { true, 0 } },
          NULL },
        { "a weight without an identifier",
          { PLAIN, TTL, ONE, .weight = { true, 0 } },
          "Invalid request: Missing field 'SetIdentifier'" },
        { "two policies",
          { PLAIN, TTL, ONE, .set_identifier = "s", .weight = { true, 0 }, .region = "us-east-1" },
          ROUTINGS "more than one" },
        { "a place that no code could be",
          { PLAIN, TTL, ONE, .set_identifier = "s", .geo_location = &nowhere },
          "there is no place \"\xc3\xbc\xc3\xbc\"" },
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct route53_call call = new_call();
        struct change_item item = read_one(&call, "CREATE", &rows[i].set);
        const char *fault = item.reading.shape_fault;
        if ((fault == NULL) != (rows[i].fault == NULL) ||
            (fault != NULL && strcmp(fault, rows[i].fault) != 0))
            fail_msg("%s\nexpected: %s\n     got: %s", rows[i].why, rows[i].fault, fault);
        assert_string_equal(item.reading.name, "www.harbor.test");
        arena_destroy(call.arena);
    }
}

static void a_root_may_be_deleted_by_its_id(void **state)
{
    static const struct r53_resource_record_set set = { PLAIN, .traffic_policy_instance_id = "x" };
    struct route53_call call = new_call();
    struct change_item item = read_one(&call, "DELETE", &set);
    (void)state;
    assert_null(item.reading.shape_fault);
    assert_string_equal(item.set.traffic_policy_instance, "x");
    arena_destroy(call.arena);
}

/* A-LST-8, R-TPF-3. */
static void a_root_is_listed_with_its_instance_alone(void **state)
{
    static const struct r53_resource_record_set alias = { PLAIN, .alias_target = &target };
    struct route53_call call = new_call();
    struct r53_resource_record_set got = { 0 };
    struct change_item item = read_one(&call, "CREATE", &alias);
    (void)state;
    item.set.traffic_policy_instance = "x";
    assert_int_equal(route53_write_set(&call, item.owner, &item.set, &got), 0);
    assert_string_equal(got.name, "www.harbor.test.");
    assert_string_equal(got.traffic_policy_instance_id, "x");
    assert_null(got.alias_target);
    arena_destroy(call.arena);
}

static void what_cannot_be_read_is_noted(void **state)
{
    static struct r53_resource_record bad[] = { { "192.0.2.1" }, { "x" }, { "y" } };
    static struct r53_alias_target nameless = { "Z1", "a..b", { true, false } };
    static const struct row {
        struct r53_resource_record_set set;
        const char *name_fault, *value_fault;
    } rows[] = {
        { { .name = "a..b", .type = "A", TTL, ONE },
          "FATAL problem: DomainLabelEmpty (Domain label is empty) encountered with 'a..b'",
          NULL },
        { { PLAIN, TTL, .resource_records = { true, 3, bad } },
          NULL,
          "Invalid Resource Record: 'FATAL problem: ARRDATAIllegalIPv4Address (Value is not a "
          "valid IPv4 address) encountered with 'x''" },
        { { PLAIN, .alias_target = &nameless },
          NULL,
          "FATAL problem: DomainLabelEmpty (Domain label is empty) encountered with 'a..b'" },
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct route53_call call = new_call();
        struct change_reading got = read_one(&call, "UPSERT", &rows[i].set).reading;
        const char *const pairs[][2] = { { got.name_fault, rows[i].name_fault },
                                         { got.value_fault, rows[i].value_fault } };
        for (size_t k = 0; k < COUNT_OF(pairs); k++) {
            assert_int_equal(pairs[k][0] == NULL, pairs[k][1] == NULL);
            if (pairs[k][1] != NULL)
                assert_string_equal(pairs[k][0], pairs[k][1]);
        }
        arena_destroy(call.arena);
    }
}

/* ---- there and back ---- */

static void check_same(const struct r53_resource_record_set *set)
{
    struct route53_call call = new_call();
    struct r53_resource_record_set got = { 0 };
    struct change_item item = read_one(&call, "CREATE", set);
    assert_null(item.reading.shape_fault);
    assert_null(item.reading.value_fault);
    assert_int_equal(route53_write_set(&call, item.owner, &item.set, &got), 0);
    assert_string_equal(got.name, "www.harbor.test.");
    assert_string_equal(got.type, set->type);
    assert_int_equal(got.weight.set, set->weight.set);
    assert_int_equal(got.weight.value, set->weight.value);
    assert_int_equal(got.ttl.set, set->ttl.set);
    assert_int_equal(got.ttl.value, set->ttl.value);
    assert_int_equal(got.multi_value_answer.value, set->multi_value_answer.value);
    const char *const texts[][2] = { { got.set_identifier, set->set_identifier },
                                     { got.region, set->region },
                                     { got.failover, set->failover },
                                     { got.health_check_id, set->health_check_id } };
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        assert_int_equal(texts[i][0] == NULL, texts[i][1] == NULL);
        if (texts[i][1] != NULL)
            assert_string_equal(texts[i][0], texts[i][1]);
    }
    assert_int_equal(got.resource_records.count, set->resource_records.count);
    const struct r53_resource_record *values = got.resource_records.items;
    const struct r53_resource_record *given = set->resource_records.items;
    for (unsigned i = 0; i < got.resource_records.count; i++)
        assert_string_equal(values[i].value, given[i].value);
    arena_destroy(call.arena);
}

static void sets_come_back_as_they_were_given(void **state)
{
    static struct r53_resource_record texts[] = { { "\"a\"  \"\\344 & \\\"q\\\"\" " },
                                                  { "\"b\"" } };
    static struct r53_resource_record names[] = { { "10 Mail.Harbor.Test" } };
    static const struct r53_resource_record_set sets[] = {
        { PLAIN, TTL, ONE },
        { PLAIN, .ttl = { true, 0 }, ONE, .health_check_id = "web-1" },
        { .name = "WWW.harbor.test.", .type = "TXT", TTL, .resource_records = { true, 2, texts } },
        { .name = "www.harbor.test.", .type = "MX", TTL, .resource_records = { true, 1, names } },
        { PLAIN, TTL, ONE, .set_identifier = "<a & b>", .weight = { true, 0 } },
        { PLAIN, TTL, ONE, .set_identifier = "s", .weight = { true, 255 } },
        { PLAIN, TTL, ONE, .set_identifier = "s", .region = "eu-west-1" },
        { PLAIN, TTL, ONE, .set_identifier = "s", .failover = "PRIMARY" },
        { PLAIN, TTL, ONE, .set_identifier = "s", .failover = "SECONDARY" },
        { PLAIN, TTL, ONE, .set_identifier = "s", .multi_value_answer = { true, true } },
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(sets); i++)
        check_same(&sets[i]);
}

static void aliases_are_listed_in_one_form(void **state)
{
    static const struct r53_resource_record_set set = { PLAIN, .alias_target = &target };
    struct route53_call call = new_call();
    struct r53_resource_record_set got = { 0 };
    struct change_item item = read_one(&call, "CREATE", &set);
    (void)state;
    assert_int_equal(route53_write_set(&call, item.owner, &item.set, &got), 0);
    assert_string_equal(got.alias_target->hosted_zone_id, "ZHARBOR");
    assert_string_equal(got.alias_target->dns_name, "www.harbor.test.");
    assert_true(got.alias_target->evaluate_target_health.value);
    assert_false(got.ttl.set);
    assert_false(got.resource_records.set);
    arena_destroy(call.arena);
}

static void places_come_back(void **state)
{
    static const struct r53_resource_record_set sets[] = {
        { PLAIN, TTL, ONE, .set_identifier = "s", .geo_location = &germany },
        { PLAIN, TTL, ONE, .set_identifier = "s", .geo_proximity_location = &near },
        { PLAIN, TTL, ONE, .set_identifier = "s", .geo_proximity_location = &region },
        { PLAIN, TTL, ONE, .set_identifier = "s", .cidr_routing_config = &cidr },
    };
    struct route53_call call = new_call();
    struct r53_resource_record_set got[COUNT_OF(sets)] = { 0 };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(sets); i++) {
        struct change_item item = read_one(&call, "CREATE", &sets[i]);
        assert_int_equal(route53_write_set(&call, item.owner, &item.set, &got[i]), 0);
    }
    assert_null(got[0].geo_location->continent_code);
    assert_string_equal(got[0].geo_location->country_code, "DE");
    assert_string_equal(got[1].geo_proximity_location->coordinates->latitude, "47.60");
    assert_string_equal(got[1].geo_proximity_location->coordinates->longitude, "-122.33");
    assert_true(got[1].geo_proximity_location->bias.set);
    assert_string_equal(got[2].geo_proximity_location->aws_region, "us-east-1");
    assert_int_equal(got[2].geo_proximity_location->bias.value, -99);
    assert_null(got[2].geo_proximity_location->coordinates);
    assert_string_equal(got[3].cidr_routing_config->collection_id, cidr.collection_id);
    assert_string_equal(got[3].cidr_routing_config->location_name, "*");
    arena_destroy(call.arena);
}

/* ---- limits ---- */

#define RECORDS    "Number of records limit of 1000 exceeded."
#define CHARACTERS "Number of characters limit of 32000 exceeded."

static void large_batches_are_refused(void **state)
{
    static char four_thousand[4001];
    static struct r53_resource_record values[1001];
    static const struct row {
        const char *action;
        unsigned values;
        bool has_alias;      /* one more change, an alias */
        bool is_long;        /* each value has 4,000 characters */
        const char *refusal; /* NULL: none */
    } rows[] = {
        { "CREATE", 1000, false, false, NULL },
        { "CREATE", 1001, false, false, "[" RECORDS "]" },
        { "DELETE", 1001, false, false, "[" RECORDS "]" },
        { "CREATE", 999, true, false, NULL },
        { "CREATE", 1000, true, false, "[" RECORDS "]" },
        { "UPSERT", 500, false, false, NULL },
        { "UPSERT", 501, false, false, "[" RECORDS "]" },
        { "CREATE", 8, false, true, NULL },
        { "CREATE", 9, false, true, "[" CHARACTERS "]" },
        { "UPSERT", 4, false, true, NULL },
        { "UPSERT", 5, false, true, "[" CHARACTERS "]" },
        { "CREATE", 1001, false, true, "[" RECORDS ", " CHARACTERS "]" },
    };
    (void)state;
    memset(four_thousand, '1', 4000);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct route53_call call = new_call();
        for (size_t k = 0; k < COUNT_OF(values); k++)
            values[k].value = rows[i].is_long ? four_thousand : "192.0.2.1";
        struct r53_resource_record_set set = {
            PLAIN, TTL, .resource_records = { true, rows[i].values, values }
        };
        struct r53_resource_record_set alias = { PLAIN, .alias_target = &target };
        struct r53_change changes[] = { { rows[i].action, &set }, { "CREATE", &alias } };
        struct r53_change_batch given = { NULL, { true, rows[i].has_alias ? 2 : 1, changes } };
        struct change_batch batch;
        int rc = route53_read_batch(&call, &given, &batch);
        assert_int_equal(rc == 0, rows[i].refusal == NULL);
        if (rc != 0) {
            assert_int_equal(call.refusal.code, INVALID_CHANGE_BATCH);
            assert_string_equal(call.refusal.message, rows[i].refusal);
        }
        arena_destroy(call.arena);
    }
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(shapes_that_cannot_be_are_noted),
    cmocka_unit_test(a_root_may_be_deleted_by_its_id),
    cmocka_unit_test(a_root_is_listed_with_its_instance_alone),
    cmocka_unit_test(what_cannot_be_read_is_noted),
    cmocka_unit_test(sets_come_back_as_they_were_given),
    cmocka_unit_test(aliases_are_listed_in_one_form),
    cmocka_unit_test(places_come_back),
    cmocka_unit_test(large_batches_are_refused),
};

RUN_TESTS(tests)
