/* Health checks, collections and resources over HTTP: what goes in, what comes out, and what each
 * mistake is told. */
#include "bench.h"

#include "signpost/model/cidr.h"

#define V1 "/signpost/v1/"

/* Asks with single quotes for double ones; the reply without ids and times, quotes made single. */
static unsigned ask_quoted(struct bench *bench, const char *method, const char *path,
                           const char *body)
{
    char target[128], text[1000];
    snprintf(target, sizeof(target), V1 "%s", path);
    snprintf(text, sizeof(text), "%s", body);
    quote(text);
    return ask(bench, method, target, text);
}

/* What every object has and no test can know. */
static void drop_unknown(json_t *value)
{
    static const char *const unknown[] = { "created_at", "since_ms" };
    const char *name;
    json_t *member;
    size_t index;
    for (size_t i = 0; i < COUNT_OF(unknown); i++) {
        const json_t *there = json_object_get(value, unknown[i]);
        assert_true(there == NULL || json_is_string(there) || json_integer_value(there) > 0);
        json_object_del(value, unknown[i]);
    }
    json_object_foreach(value, name, member) drop_unknown(member);
    json_array_foreach(value, index, member) drop_unknown(member);
}

static void assert_reply(struct bench *bench, const char *expect)
{
    json_t *document = reply_of(bench);
    drop_unknown(document);
    char *text = json_dumps(document, JSON_COMPACT);
    for (char *at = text; *at != '\0'; at++)
        *at = *at == '"' ? '\'' : *at;
    assert_string_equal(text, expect);
    free(text);
    json_decref(document);
}

static void ok(struct bench *bench, const char *method, const char *path, const char *body,
               const char *expect)
{
    unsigned status = ask_quoted(bench, method, path, body);
    if (status != 200)
        fail_msg("%s %s: %u %s", method, path, status, bench->exchange.response.body.data);
    assert_reply(bench, expect);
}

#define A_CHECK(id, up)                                                                            \
    "{'id':'" id "','version':1,'type':'MANUAL','inverted':false,'disabled':false,'up':" up        \
    ",'observed':" up ",'reason':'','healthy_count':0,'watched_count':0,'override':null,"          \
    "'record_sets':0,'warnings':[]"

static void a_check_lives_its_life(void **state)
{
    struct bench *bench = *state;
    ok(bench, "GET", "health-checks", "", "{'health_checks':[]}");
    ok(bench, "POST", "health-checks", "{'id':'web-1'}",
       A_CHECK("web-1", "true") ",'checkers':[]}");
    ok(bench, "POST", "health-checks", "{'id':'a.b','up':false}",
       A_CHECK("a.b", "false") ",'checkers':[]}");
    ok(bench, "GET", "health-checks/web%2D1", "", A_CHECK("web-1", "true") ",'checkers':[]}");
    ok(bench, "GET", "health-checks", "",
       "{'health_checks':[" A_CHECK("a.b", "false") "}," A_CHECK("web-1", "true") "}]}");
    ok(bench, "DELETE", "health-checks/a.b", "", "{'id':'a.b','deleted':true}");
    assert_int_equal(ask_quoted(bench, "GET", "health-checks/a.b", ""), 404);
}

static void a_check_without_an_id_gets_one(void **state)
{
    struct bench *bench = *state;
    assert_int_equal(ask_quoted(bench, "POST", "health-checks", "{}"), 200);
    json_t *document = reply_of(bench);
    const char *id = json_string_value(json_object_get(document, "id"));
    assert_int_equal(strlen(id), 36);
    assert_true(json_is_true(json_object_get(document, "up")));
    json_decref(document);
}

/* The id of a new collection; the caller frees. */
static char *create_collection(struct bench *bench, const char *body)
{
    assert_int_equal(ask_quoted(bench, "POST", "collections", body), 200);
    json_t *document = reply_of(bench);
    char *id = strdup(json_string_value(json_object_get(document, "id")));
    json_decref(document);
    return id;
}

static void a_collection_lives_its_life(void **state)
{
    struct bench *bench = *state;
    char path[100], expect[1000];
    ok(bench, "GET", "collections", "", "{'collections':[]}");
    char *id = create_collection(bench, "{'name':'office'}");
    uint64_t serial = control_serial(bench->control);
    snprintf(path, sizeof(path), "collections/%s/changes", id);
    snprintf(expect, sizeof(expect),
             "{'id':'%s','name':'office','version':2,'location_count':2,'block_count':3,"
             "'locations':[{'name':'L1','blocks':['198.51.100.0/24','2001:db8::/32']},"
             "{'name':'L2','blocks':['198.51.0.0/16']}]}",
             id);
    ok(bench, "POST", path,
       "{'version':1,'changes':[{'action':'PUT','location':'L2','blocks':['198.51.0.0/16']},"
       "{'action':'PUT','location':'L1','blocks':['2001:db8::/32','198.51.100.0/24']}]}",
       expect);
    assert_int_equal(control_serial(bench->control), serial + 1);
    ok(bench, "GET", "collections/office", "", expect);
    snprintf(expect, sizeof(expect),
             "{'id':'%s','name':'office','version':3,'location_count':1,'block_count':2,"
             "'locations':[{'name':'L1','blocks':['198.51.100.0/24','2001:db8::/32']}]}",
             id);
    ok(bench, "POST", "collections/office/changes",
       "{'changes':[{'action':'DELETE_IF_EXISTS','location':'L2','blocks':['198.51.0.0/16',"
       "'10.0.0.0/8']}]}",
       expect);
    snprintf(expect, sizeof(expect),
             "{'collections':[{'id':'%s','name':'office','version':3,'location_count':1,"
             "'block_count':2}]}",
             id);
    ok(bench, "GET", "collections", "", expect);
    ok(bench, "DELETE", "collections/office", "", "{'collection':'office','deleted':true}");
    ok(bench, "GET", "collections", "", "{'collections':[]}");
    free(id);
}

#define LB1 "{" LB1_MEMBERS "}"
#define LB1_MEMBERS                                                                                \
    "'name':'lb1.example.','kind':'application-load-balancer','ttl':60,"                           \
    "'zones':[{'name':'us-east-1a','addresses':['192.0.2.1','2001:db8::1']},"                      \
    "{'name':'us-east-1b','addresses':['192.0.2.2']}],"                                            \
    "'target_groups':[{'name':'web','healthy':2,'registered':3}],'down':false,'healthy':true"

static void a_resource_lives_its_life(void **state)
{
    struct bench *bench = *state;
    ok(bench, "GET", "resources", "", "{'resources':[]}");
    ok(bench, "PUT", "resources/LB1.example",
       "{'kind':'application-load-balancer','zones':[{'name':'us-east-1a','addresses':["
       "'192.0.2.1']},{'name':'us-east-1b','addresses':['192.0.2.2']},"
       "{'name':'us-east-1a','addresses':['2001:db8::1']}],"
       "'target_groups':[{'name':'web','healthy':2,'registered':3}]}",
       LB1);
    ok(bench, "GET", "resources/lb1.example.", "", "{" LB1_MEMBERS ",'left_zones':[]}");
    ok(bench, "PUT", "resources/www.example",
       "{'kind':'s3-website','zones':[{'name':'a','addresses':['192.0.2.9']}],'down':true,"
       "'ttl':0}",
       "{'name':'www.example.','kind':'s3-website','ttl':0,'zones':[{'name':'a','addresses':["
       "'192.0.2.9']}],'target_groups':[],'down':true,'healthy':false}");
    ok(bench, "DELETE", "resources/www.example", "", "{'resource':'www.example.','deleted':true}");
    ok(bench, "GET", "resources", "", "{'resources':[" LB1 "]}");
}

static void what_publishes_is_answered_when_the_worker_has_it(void **state)
{
    static const struct row {
        const char *method, *path, *body;
        bool publishes;
    } rows[] = {
        { "POST", "health-checks", "{'id':'web-1'}", false },
        { "PATCH", "health-checks/web-1", "{'inverted':true}", false },
        { "PUT", "health-checks/web-1/override", "{'up':false,'owner':'o'}", false },
        { "DELETE", "health-checks/web-1/override", "", false },
        { "POST", "collections", "{'name':'office'}", true },
        { "POST", "collections/office/changes",
          "{'changes':[{'action':'PUT','location':'a','blocks':['10.0.0.0/8']}]}", true },
        { "DELETE", "collections/office", "", true },
        { "PUT", "resources/a.test",
          "{'kind':'other','zones':[{'name':'a','addresses':['192.0.2.9']}]}", true },
        { "DELETE", "resources/a.test", "", true },
    };
    struct bench *bench = *state;
    let_worker_see(bench);
    bench->asleep = true;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        assert_int_equal(ask_quoted(bench, rows[i].method, rows[i].path, rows[i].body), 200);
        assert_true(bench->exchange.waiting); /* for the disk */
        api_on_seen(bench->api);
        assert_int_equal(bench->exchange.waiting, rows[i].publishes);
        let_worker_see(bench);
        assert_false(bench->exchange.waiting);
    }
}

#define A_ZONE "'zones':[{'name':'a','addresses':['192.0.2.9']}]"

static void every_mistake_is_named(void **state)
{
    static const struct row {
        const char *method, *path, *body;
        unsigned status;
        const char *expect;
    } rows[] = {
        { "PUT", "health-checks", "", 405, "this path takes GET, POST only" },
        { "POST", "health-checks/x", "", 405, "this path takes GET, PATCH, DELETE only" },
        { "GET", "health-checks/x/override", "", 405, "this path takes PUT, DELETE only" },
        { "POST", "resources/x", "", 405, "this path takes GET, PUT, DELETE only" },
        { "GET", "health-checks/", "", 404, "there is nothing at this path" },
        { "GET", "health-checks?a=1", "", 400, "unknown query argument \"a\"" },

        { "POST", "health-checks", "", 400,
          "the body is not JSON: line 1: '[' or '{' expected near end of file" },
        { "POST", "health-checks", "['web-1']", 400, "the body must be an object: {...}" },
        { "POST", "health-checks", "{'name':'web-1'}", 400, "unknown member \"name\"" },
        { "POST", "health-checks", "{'id':1}", 400, "id: it must be a string" },
        { "POST", "health-checks", "{'up':1}", 400, "up: it must be true or false" },
        { "POST", "health-checks", "{'id':'taken'}", 409,
          "the health check taken exists already: \"signpost health update\" changes what it looks "
          "at, \"signpost health set\" what it says" },
        { "POST", "health-checks", "{'id':''}", 400,
          "\"\" cannot be the id of a health check: it must be 1 to 64 letters, digits, \"-\", "
          "\"_\" and \".\"" },
        { "GET", "health-checks/a%20b", "", 404,
          "there is no health check \"a b\": \"signpost health list\" shows those that are there" },
        { "DELETE", "health-checks/none", "", 404,
          "there is no health check \"none\": \"signpost health list\" shows those that are "
          "there" },

        { "POST", "collections", "{}", 400, "name: it must be a string" },
        { "POST", "collections", "{'name':'a','version':1}", 400, "unknown member \"version\"" },
        { "POST", "collections", "{'name':'office'}", 409,
          "the collection office exists already: \"signpost collection put\" adds blocks to it" },
        { "POST", "collections/office/changes", "{}", 400,
          "the body must be {\"changes\":[...]} with at least one change" },
        { "POST", "collections/office/changes", "{'version':0,'changes':[1]}", 400,
          "version: it must be a number, that of the collection as you know it" },
        { "POST", "collections/office/changes", "{'changes':[1]}", 400,
          "changes[0].action: it must be \"PUT\" or \"DELETE_IF_EXISTS\"" },
        { "POST", "collections/office/changes",
          "{'changes':[{'action':'PUT','location':'a','blocks':['10.0.0.0/8']},"
          "{'action':'DELETE'}]}",
          400, "changes[1].action: it must be \"PUT\" or \"DELETE_IF_EXISTS\"" },
        { "POST", "collections/office/changes", "{'changes':[{'action':'PUT','block':1}]}", 400,
          "changes[0]: unknown member \"block\"" },
        { "POST", "collections/office/changes", "{'changes':[{'action':'PUT'}]}", 400,
          "changes[0].location: it must be a string" },
        { "POST", "collections/office/changes",
          "{'changes':[{'action':'PUT','location':'a','blocks':[]}]}", 400,
          "changes[0].blocks: it must be a list of at least one block" },
        { "POST", "collections/office/changes",
          "{'changes':[{'action':'PUT','location':'a','blocks':[1]}]}", 400,
          "changes[0].blocks: it must be a list of strings" },
        { "POST", "collections/office/changes",
          "{'changes':[{'action':'PUT','location':'a','blocks':['10.0.0.0/25']}]}", 400,
          "changes[0]: 10.0.0.0/25: an IPv4 block is at most /24 long, not /25" },
        { "POST", "collections/office/changes",
          "{'version':7,'changes':[{'action':'PUT','location':'a','blocks':['10.0.0.0/8']}]}", 409,
          "the collection is at version 1, not 7: somebody else has changed it; look at it "
          "again" },
        { "GET", "collections/none", "", 404,
          "there is no collection \"none\": \"signpost collection list\" shows those that are "
          "there" },
        { "DELETE", "collections/none", "", 404,
          "there is no collection \"none\": \"signpost collection list\" shows those that are "
          "there" },

        { "PUT", "resources/a..b", "{'kind':'other'," A_ZONE "}", 400,
          "resource: \"a..b\" is no domain name: a name cannot have an empty label" },
        { "PUT", "resources/a.test", "{" A_ZONE "}", 400,
          "kind: it must be a string, such as \"application-load-balancer\"" },
        { "PUT", "resources/a.test", "{'kind':'elb'}", 400,
          "unknown kind of resource \"elb\"; it may be one of: application-load-balancer "
          "network-load-balancer classic-load-balancer cloudfront s3-website api-gateway "
          "beanstalk vpc-endpoint global-accelerator other" },
        { "PUT", "resources/a.test", "{'kind':'other','ttl':-1," A_ZONE "}", 400,
          "ttl: it must be a number of seconds from 0 to 2147483647" },
        { "PUT", "resources/a.test", "{'kind':'other','ttl':2147483648," A_ZONE "}", 400,
          "ttl: it must be a number of seconds from 0 to 2147483647" },
        { "PUT", "resources/a.test", "{'kind':'other'}", 400,
          "resource a.test. (other): it has no address: give at least one availability zone with "
          "an address" },
        { "PUT", "resources/a.test", "{'kind':'other','zones':{}}", 400,
          "zones: it must be a list" },
        { "PUT", "resources/a.test", "{'kind':'other','zones':[{'name':'a'}]}", 400,
          "zones: each must be {\"name\":\"us-east-1a\",\"addresses\":[\"192.0.2.1\"]}" },
        { "PUT", "resources/a.test", "{'kind':'other','zones':[{'name':'a','addresses':[1]}]}", 400,
          "zones: addresses must be strings" },
        { "PUT", "resources/a.test", "{'kind':'other','zones':[{'name':'a','addresses':['x']}]}",
          400,
          "\"x\" is no IPv4 or IPv6 address: a resource has single addresses, such as 192.0.2.1" },
        { "PUT", "resources/a.test",
          "{'kind':'other'," A_ZONE ",'target_groups':[{'name':'a','healthy':-1,"
          "'registered':1}]}",
          400, "target_groups: each must be {\"name\":\"web\",\"healthy\":1,\"registered\":2}" },
        { "PUT", "resources/a.test",
          "{'kind':'other'," A_ZONE ",'target_groups':[{'name':'a','healthy':2,'registered':1}]}",
          400, "target group a: 2 healthy of 1 registered targets cannot be" },
        { "PUT", "resources/a.test", "{'kind':'other'," A_ZONE ",'down':0}", 400,
          "down: it must be true or false" },
        { "PUT", "resources/a.test", "{'kind':'other'," A_ZONE ",'healthy':true}", 400,
          "unknown member \"healthy\"" },
        { "GET", "resources/none.test", "", 404,
          "there is no resource none.test.: \"signpost resource list\" shows those that are "
          "registered" },
        { "DELETE", "resources/none.test", "", 404,
          "there is no resource none.test.: \"signpost resource list\" shows those that are "
          "registered" },
    };
    struct bench *bench = *state;
    free(create_collection(bench, "{'name':'office'}"));
    ok(bench, "POST", "health-checks", "{'id':'taken'}",
       A_CHECK("taken", "true") ",'checkers':[]}");
    uint64_t serial = control_serial(bench->control);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        unsigned status = ask_quoted(bench, rows[i].method, rows[i].path, rows[i].body);
        json_t *document = reply_of(bench);
        assert_string_equal(message_of(document), rows[i].expect);
        assert_int_equal(status, rows[i].status);
        json_decref(document);
    }
    assert_int_equal(control_serial(bench->control), serial);
}

static void a_change_has_a_thousand_blocks_at_most(void **state)
{
    struct bench *bench = *state;
    static char body[40000];
    size_t size =
        (size_t)sprintf(body, "{\"changes\":[{\"action\":\"PUT\",\"location\":\"a\",\"blocks\":[");
    free(create_collection(bench, "{'name':'office'}"));
    for (unsigned i = 0; i <= CIDR_BLOCKS_MAX; i++)
        size += (size_t)sprintf(body + size, "%s\"10.%u.%u.0/24\"", i == 0 ? "" : ",", i / 250,
                                i % 250);
    strcpy(body + size, "]}]}");
    assert_int_equal(ask(bench, "POST", V1 "collections/office/changes", body), 413);
    json_t *document = reply_of(bench);
    assert_string_equal(message_of(document), "these are too many blocks; at most 1000 at a time");
    json_decref(document);
}

static void status_counts_them(void **state)
{
    struct bench *bench = *state;
    int up, down, collections, resources;
    ask_quoted(bench, "POST", "health-checks", "{'id':'a'}");
    ask_quoted(bench, "POST", "health-checks", "{'id':'b'}");
    ask_quoted(bench, "POST", "health-checks", "{'id':'c','up':false}");
    ask_quoted(bench, "POST", "collections", "{'name':'office'}");
    ask_quoted(bench, "PUT", "resources/a.test", "{'kind':'other'," A_ZONE "}");
    ask_quoted(bench, "PUT", "resources/b.test", "{'kind':'other'," A_ZONE "}");
    assert_int_equal(ask_quoted(bench, "GET", "status", ""), 200);
    json_t *document = reply_of(bench);
    assert_int_equal(json_unpack(document, "{s:{s:i,s:i!},s:i,s:i}", "health_checks", "up", &up,
                                 "down", &down, "collections", &collections, "resources",
                                 &resources),
                     0);
    assert_int_equal(up, 2);
    assert_int_equal(down, 1);
    assert_int_equal(collections, 1);
    assert_int_equal(resources, 2);
    json_decref(document);
}

static const struct CMUnitTest tests[] = {
    WITH_BENCH(a_check_lives_its_life),
    WITH_BENCH(a_check_without_an_id_gets_one),
    WITH_BENCH(a_collection_lives_its_life),
    WITH_BENCH(a_resource_lives_its_life),
    WITH_BENCH(what_publishes_is_answered_when_the_worker_has_it),
    WITH_BENCH(every_mistake_is_named),
    WITH_BENCH(a_change_has_a_thousand_blocks_at_most),
    WITH_BENCH(status_counts_them),
};

RUN_TESTS(tests)
