/* Record sets of every kind over HTTP: what goes in comes out, and what makes no sense is named. */
#include "bench.h"

#define CHANGES "/signpost/v1/zones/lab.test/changes"
#define RECORDS "/signpost/v1/zones/lab.test/records"

/* One change, its JSON in single quotes; COLLECTION is replaced by the id of a collection that is
 * there.  The status of the response. */
static unsigned change(struct bench *bench, const char *collection, const char *text)
{
    char body[1024];
    const char *at = strstr(text, "COLLECTION");
    if (at == NULL)
        snprintf(body, sizeof(body), "{'changes':[%s]}", text);
    else
        snprintf(body, sizeof(body), "{'changes':[%.*s%s%s]}", (int)(at - text), text, collection,
                 at + strlen("COLLECTION"));
    quote(body);
    return ask(bench, "POST", CHANGES, body);
}

/* A zone, two health checks, a collection with a location L1; the id of the collection. */
static void prepare(struct bench *bench, char collection[40])
{
    assert_int_equal(ask(bench, "POST", "/signpost/v1/zones/lab.test/import",
                         "$TTL 60\nlb A 192.0.2.1\nplain A 192.0.2.1\n"),
                     200);
    assert_int_equal(ask(bench, "POST", "/signpost/v1/health-checks", "{\"id\":\"web-1\"}"), 200);
    assert_int_equal(ask(bench, "POST", "/signpost/v1/collections", "{\"name\":\"office\"}"), 200);
    json_t *document = reply_of(bench);
    snprintf(collection, 40, "%s", json_string_value(json_object_get(document, "id")));
    json_decref(document);
    assert_int_equal(ask(bench, "POST", "/signpost/v1/collections/office/changes",
                         "{\"changes\":[{\"action\":\"PUT\",\"location\":\"L1\","
                         "\"blocks\":[\"192.0.2.0/24\"]}]}"),
                     200);
}

/* The only set at w.lab.test.; the caller's reference. */
static json_t *only_set(struct bench *bench)
{
    assert_int_equal(ask(bench, "GET", RECORDS "?name=w.lab.test", NULL), 200);
    json_t *document = reply_of(bench);
    json_t *sets = json_object_get(document, "record_sets");
    assert_int_equal(json_array_size(sets), 1);
    json_t *set = json_incref(json_array_get(sets, 0));
    json_decref(document);
    return set;
}

#define W      "'name':'w.lab.test.','type':'A',"
#define VALUES "'ttl':60,'values':['192.0.2.1','192.0.2.2'],"

static void sets_of_every_kind_come_out_as_they_went_in(void **state)
{
    static const char *const rows[] = {
        W VALUES "'policy':'simple'",
        W VALUES "'policy':'simple','health_check':'web-1'",
        W VALUES "'policy':'weighted','set_identifier':'blue','weight':70",
        W VALUES "'policy':'weighted','set_identifier':'bl\xc3\xbc','weight':0",
        W VALUES "'policy':'latency','set_identifier':'us','region':'us-east-1'",
        W VALUES "'policy':'failover','set_identifier':'p','failover':'PRIMARY',"
                 "'health_check':'web-1'",
        W VALUES "'policy':'failover','set_identifier':'s','failover':'SECONDARY'",
        W VALUES "'policy':'geolocation','set_identifier':'eu','geolocation':{'continent':'EU'}",
        W VALUES "'policy':'geolocation','set_identifier':'us','geolocation':{'country':'US',"
                 "'subdivision':'CA'}",
        W VALUES "'policy':'geolocation','set_identifier':'*','geolocation':{'country':'*'}",
        W VALUES "'policy':'geoproximity','set_identifier':'us','geoproximity':{"
                 "'region':'us-east-1','bias':0}",
        W VALUES "'policy':'geoproximity','set_identifier':'us','geoproximity':{"
                 "'local_zone_group':'us-west-2-den-1','bias':-99}",
        W VALUES "'policy':'geoproximity','set_identifier':'us','geoproximity':{"
                 "'latitude':'47.60','longitude':'-122.33','bias':99}",
        W VALUES "'policy':'multivalue','set_identifier':'1','multivalue_answer':true",
        W VALUES "'policy':'cidr','set_identifier':'l1','cidr':{'collection':'COLLECTION',"
                 "'location':'L1'}",
        W VALUES "'policy':'cidr','set_identifier':'l1','cidr':{'collection':'COLLECTION',"
                 "'location':'*'}",
        W "'policy':'simple','alias':{'zone_id':'Z35SXDOTRQ7X7K',"
          "'name':'lb1.us-east-1.elb.amazonaws.com.',"
          "'evaluate_target_health':false}",
        W "'policy':'weighted','set_identifier':'a','weight':1,'alias':{"
          "'zone_id':'ZSIGNPOSTRESOURCES','name':'lb1.example.','evaluate_target_health':true}",
    };
    struct bench *bench = *state;
    char collection[40];
    prepare(bench, collection);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char text[512], expect[512];
        const char *at = strstr(rows[i], "COLLECTION");
        snprintf(text, sizeof(text), "{'action':'UPSERT',%s}", rows[i]);
        if (change(bench, collection, text) != 200)
            fail_msg("%s -> %s", text, bench->exchange.response.body.data);
        if (at == NULL)
            snprintf(expect, sizeof(expect), "{%s}", rows[i]);
        else
            snprintf(expect, sizeof(expect), "{%.*s%s%s}", (int)(at - rows[i]), rows[i], collection,
                     at + strlen("COLLECTION"));
        quote(expect);
        json_t *wanted = json_loads(expect, 0, NULL);
        json_t *set = only_set(bench);
        assert_non_null(wanted);
        if (!json_equal(set, wanted))
            fail_msg("%s -> %s", expect, bench->exchange.response.body.data);
        json_decref(wanted);
        json_decref(set);
        /* And what is listed can be quoted to delete it. */
        snprintf(text, sizeof(text), "{'action':'DELETE',%s}", rows[i]);
        if (change(bench, collection, text) != 200)
            fail_msg("%s -> %s", text, bench->exchange.response.body.data);
    }
}

static void members_can_be_left_out_where_they_are_clear(void **state)
{
    static const struct row {
        const char *change, *path[2], *expect;
    } rows[] = {
        { "'alias':{'name':'LB.lab.test'}", { "alias", "zone_id" }, NULL /* the zone's own */ },
        { "'alias':{'name':'lb.lab.test'}", { "alias", "name" }, "lb.lab.test." },
        { "'alias':{'name':'elsewhere.test'}", { "alias", "zone_id" }, "ZSIGNPOSTRESOURCES" },
        { VALUES "'set_identifier':'a','weight':1", { "policy" }, "weighted" },
        { VALUES "'set_identifier':'a','multivalue_answer':true", { "policy" }, "multivalue" },
        { VALUES "'multivalue_answer':false", { "policy" }, "simple" },
    };
    struct bench *bench = *state;
    char collection[40], zone_id[40];
    prepare(bench, collection);
    assert_int_equal(ask(bench, "GET", "/signpost/v1/zones", NULL), 200);
    json_t *zones = reply_of(bench);
    const json_t *zone = json_array_get(json_object_get(zones, "zones"), 0);
    snprintf(zone_id, sizeof(zone_id), "%s", json_string_value(json_object_get(zone, "id")));
    json_decref(zones);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char text[256];
        snprintf(text, sizeof(text), "{'action':'UPSERT'," W "%s}", rows[i].change);
        if (change(bench, collection, text) != 200)
            fail_msg("%s -> %s", text, bench->exchange.response.body.data);
        json_t *set = only_set(bench);
        const json_t *value = json_object_get(set, rows[i].path[0]);
        if (rows[i].path[1] != NULL)
            value = json_object_get(value, rows[i].path[1]);
        assert_string_equal(json_string_value(value),
                            rows[i].expect != NULL ? rows[i].expect : zone_id);
        json_object_set_new(set, "action", json_string("DELETE"));
        json_t *changes = json_pack("{s:[o]}", "changes", set);
        char *body = json_dumps(changes, 0);
        assert_int_equal(ask(bench, "POST", CHANGES, body), 200);
        free(body);
        json_decref(changes);
    }
}

static void every_part_of_a_group_is_checked(void **state)
{
    static const struct row {
        const char *members, *expect;
    } rows[] = {
        { VALUES "'policy':1", "changes[0].policy: it must be \"simple\", \"weighted\"" },
        { VALUES "'policy':'round-robin'", "changes[0].policy: it must be" },
        { VALUES "'policy':'weighted','set_identifier':'a'",
          "changes[0].policy: it says \"weighted\", but by its other members the set is simple" },
        { VALUES "'policy':'latency','set_identifier':'a','weight':1",
          "changes[0].policy: it says \"latency\"" },
        { VALUES "'set_identifier':1", "changes[0].set_identifier: it must be a string" },
        { VALUES "'set_identifier':''", "changes[0].set_identifier: it must be a string" },
        { VALUES "'health_check':true", "changes[0].health_check: it must be a string" },
        { VALUES "'weight':'70'", "changes[0].weight: it must be a whole number from 0 to 255" },
        { VALUES "'weight':256", "changes[0].weight" },
        { VALUES "'weight':-1", "changes[0].weight" },
        { VALUES "'weight':0.5", "changes[0].weight" },
        { VALUES "'region':7", "changes[0].region: it must be a string" },
        { VALUES "'region':'a-region-with-a-name-that-is-longer-than-any'",
          "changes[0].region: \"a-region" },
        { VALUES "'failover':'primary'", "changes[0].failover: it must be \"PRIMARY\"" },
        { VALUES "'weight':1,'failover':'PRIMARY'",
          "changes[0].failover: a set has one policy, and this one has \"weight\" already" },
        { VALUES "'geolocation':'US'", "changes[0].geolocation: it must be an object" },
        { VALUES "'geolocation':{'city':'x'}", "changes[0].geolocation: unknown member \"city\"" },
        { VALUES "'geolocation':{'country':1}", "changes[0].geolocation.country: it must be" },
        { VALUES "'geolocation':{'country':'USA'}",
          "changes[0].geolocation.country: \"USA\" is too long" },
        { VALUES "'geoproximity':[]", "changes[0].geoproximity: it must be an object" },
        { VALUES "'geoproximity':{'bias':'1'}",
          "changes[0].geoproximity.bias: it must be a whole number from -99 to 99" },
        { VALUES "'geoproximity':{'bias':100}", "changes[0].geoproximity.bias" },
        { VALUES "'geoproximity':{'latitude':47.6}", "changes[0].geoproximity.latitude" },
        { VALUES "'multivalue_answer':1",
          "changes[0].multivalue_answer: it must be true or false" },
        { VALUES "'cidr':{'collection':'x','location':'L1','block':'x'}",
          "changes[0].cidr: unknown member \"block\"" },
        { VALUES "'cidr':{'location':'a-location-that-is-too-long'}", "changes[0].cidr.location" },
        { "'alias':'lb.lab.test'", "changes[0].alias: it must be an object" },
        { "'alias':{}", "changes[0].alias.name: it must be a string" },
        { "'alias':{'name':'a..b'}", "changes[0]: alias.name: \"a..b\" is no domain name" },
        { "'alias':{'name':'lb.lab.test','zone':'x'}",
          "changes[0].alias: unknown member \"zone\"" },
        { "'alias':{'name':'lb.lab.test','zone_id':1}", "changes[0].alias.zone_id" },
        { "'alias':{'name':'lb.lab.test','evaluate_target_health':'yes'}",
          "changes[0].alias.evaluate_target_health: it must be true or false" },
        { VALUES "'alias':{'name':'lb.lab.test'}", "changes[0].ttl: an alias has none" },
        { "'values':['192.0.2.1'],'alias':{'name':'lb.lab.test'}",
          "changes[0].values: a set has either values or an alias" },
        { "'traffic_policy_instance':'x'",
          "changes[0].traffic_policy_instance: only its instance" },
        /* What the model has to say comes through. */
        { VALUES "'weight':1", "Missing field 'SetIdentifier'" },
        { VALUES "'set_identifier':'a','region':'us-east-9'", "us-east-9" },
        { "'alias':{'name':'none.lab.test'}", "none.lab.test." },
    };
    struct bench *bench = *state;
    char collection[40];
    prepare(bench, collection);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char text[512];
        snprintf(text, sizeof(text), "{'action':'UPSERT'," W "%s}", rows[i].members);
        unsigned status = change(bench, collection, text);
        json_t *document = reply_of(bench);
        if (status != 400 || strstr(message_of(document), rows[i].expect) == NULL)
            fail_msg("%s -> %u %s", text, status, bench->exchange.response.body.data);
        json_decref(document);
    }
}

/* R-REC-10, A-CHG-31. */
static void a_health_check_must_be_there(void **state)
{
    struct bench *bench = *state;
    char collection[40];
    prepare(bench, collection);
    assert_int_equal(
        change(bench, collection, "{'action':'UPSERT'," W VALUES "'health_check':'web-2'}"), 404);
    json_t *document = reply_of(bench);
    assert_non_null(strstr(message_of(document), "web-2"));
    json_decref(document);
}

static void a_group_can_be_narrowed_down_to_one(void **state)
{
    static const struct row {
        const char *query;
        size_t sets;
    } rows[] = {
        { "?name=w.lab.test", 2 },         { "?name=w.lab.test&set_identifier=blue%201", 1 },
        { "?set_identifier=blue%201", 1 }, { "?name=w.lab.test&type=AAAA&set_identifier=green", 0 },
        { "?set_identifier=red", 0 },
    };
    struct bench *bench = *state;
    char collection[40];
    prepare(bench, collection);
    assert_int_equal(change(bench, collection,
                            "{'action':'CREATE'," W VALUES "'set_identifier':'green','weight':1},"
                            "{'action':'CREATE'," W VALUES "'set_identifier':'blue 1','weight':1}"),
                     200);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char target[128];
        snprintf(target, sizeof(target), RECORDS "%s", rows[i].query);
        assert_int_equal(ask(bench, "GET", target, NULL), 200);
        json_t *document = reply_of(bench);
        json_t *sets = json_object_get(document, "record_sets");
        assert_int_equal(json_array_size(sets), rows[i].sets);
        if (rows[i].sets > 0) /* in order of their identifiers */
            assert_string_equal(
                json_string_value(json_object_get(json_array_get(sets, 0), "set_identifier")),
                "blue 1");
        json_decref(document);
    }
}

static const struct CMUnitTest tests[] = {
    WITH_BENCH(sets_of_every_kind_come_out_as_they_went_in),
    WITH_BENCH(members_can_be_left_out_where_they_are_clear),
    WITH_BENCH(every_part_of_a_group_is_checked),
    WITH_BENCH(a_health_check_must_be_there),
    WITH_BENCH(a_group_can_be_narrowed_down_to_one),
};

RUN_TESTS(tests)
