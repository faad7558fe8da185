/* Drills over HTTP: a definition read, what is predicted, started, told and restored, and what each
 * mistake is told. */
#include "bench.h"

#include "signpost/base/clock.h"

#define V1 "/signpost/v1/"

static const char zone_text[] =
    "$TTL 60\n"
    ";@ www 60 IN A failover id=\"1\" role=PRIMARY check=web-1 value 192.0.2.1\n"
    ";@ www 60 IN A failover id=\"2\" role=SECONDARY value 192.0.2.9\n"
    ";@ lb IN A simple alias lb1.example. zone=ZSIGNPOSTRESOURCES evaluate-health=yes\n";

static unsigned send_json(struct bench *bench, const char *method, const char *path,
                          const char *body)
{
    char target[128], text[4096];
    snprintf(target, sizeof(target), V1 "%s", path);
    snprintf(text, sizeof(text), "%s", body);
    quote(text);
    return ask(bench, method, target, text);
}

static json_t *must_send(struct bench *bench, const char *method, const char *path,
                         const char *body)
{
    if (send_json(bench, method, path, body) != 200)
        fail_msg("%s %s: %s", method, path, bench->exchange.response.body.data);
    return reply_of(bench);
}

static int set_up(void **state)
{
    bench_set_up(state);
    struct bench *bench = *state;
    json_decref(must_send(bench, "POST", "health-checks",
                          "{'id':'web-1','type':'HTTP','ip_address':'192.0.2.1',"
                          "'request_interval':10,'failure_threshold':3}"));
    json_decref(must_send(bench, "PUT", "resources/lb1.example",
                          "{'kind':'application-load-balancer','zones':["
                          "{'name':'eu-west-1a','addresses':['192.0.2.11']},"
                          "{'name':'eu-west-1b','addresses':['192.0.2.12']}]}"));
    assert_int_equal(ask(bench, "POST", V1 "zones/lab.test/import", zone_text), 200);
    return 0;
}

#define DRILL_TEST(test) cmocka_unit_test_setup_teardown(test, set_up, bench_tear_down)

/* A part of the reply as text, its quotes made single. */
static void assert_json(const json_t *value, const char *expect)
{
    char *text = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY);
    assert_non_null(text);
    for (char *at = text; *at != '\0'; at++)
        *at = *at == '"' ? '\'' : *at;
    assert_string_equal(text, expect);
    free(text);
}

static json_int_t number(const json_t *object, const char *member)
{
    return json_integer_value(json_object_get(object, member));
}

#define BREAKS "'break':[{'check':'web-1','state':'down'}]"
#define WATCH  "'watch':[{'name':'WWW.lab.test','type':'a'}]"
#define FIRST  "{'for':'2m'," BREAKS "," WATCH "}"

/* ---- predicting ---- */

static void a_prediction_tells_answers_checks_and_times(void **state)
{
    json_t *reply = must_send(*state, "POST", "drills/predict", FIRST);
    assert_json(reply, "{'watches':[{'name':'www.lab.test.','type':'A','before':[['192.0.2.1']],"
                       "'during':[['192.0.2.9']],'changes':true,'ttl_s':60,'checks':['web-1'],"
                       "'turned_ms':{'least':0,'most':0},'cached_ms':{'least':60000,'most':60000},"
                       "'back_ms':{'least':0,'most':0},'back_cached_ms':{'least':60000,'most':"
                       "60000}}]}");
    json_decref(reply);
}

static void what_does_not_change_has_no_times(void **state)
{
    json_t *reply = must_send(*state, "POST", "drills/predict",
                              "{'for':60,'break':[{'zone':'eu-west-1a'}],'watch':[{'name':"
                              "'www.lab.test','type':'A','client':'203.0.113.0/25'}]}");
    assert_json(reply, "{'watches':[{'name':'www.lab.test.','type':'A','client':'203.0.113.0/25',"
                       "'before':[['192.0.2.1']],'during':[['192.0.2.1']],'changes':false,"
                       "'ttl_s':60,'checks':[],'turned_ms':null,'cached_ms':null,'back_ms':null,"
                       "'back_cached_ms':null}]}");
    json_decref(reply);
}

static void a_hook_is_predicted_by_its_checks(void **state)
{
    json_t *reply = must_send(*state, "POST", "drills/predict",
                              "{'for':'2m','break':[{'hook':{'start':'x','restore':'y','checks':"
                              "['web-1']}}]," WATCH "}");
    json_t *watch = json_array_get(json_object_get(reply, "watches"), 0);
    assert_json(json_object_get(watch, "turned_ms"), "{'least':20000,'most':42000}");
    assert_json(json_object_get(watch, "cached_ms"), "{'least':80000,'most':102000}");
    assert_json(json_object_get(watch, "back_ms"), "{'least':20000,'most':34000}");
    assert_json(json_object_get(watch, "back_cached_ms"), "{'least':80000,'most':94000}");
    json_decref(reply);
}

/* ---- running ---- */

static json_t *begin_drill(struct bench *bench, const char *definition)
{
    char body[4096];
    snprintf(body, sizeof(body), "{'definition':%s,'owner':'ops'}", definition);
    return must_send(bench, "POST", "drills", body);
}

static void assert_check(struct bench *bench, bool up)
{
    json_t *reply = must_send(bench, "GET", "health-checks/web-1", "");
    assert_int_equal(json_is_true(json_object_get(reply, "up")), up);
    json_decref(reply);
}

static void a_drill_is_told_from_its_start_to_its_end(void **state)
{
    struct bench *bench = *state;
    uint64_t now_ms = clock_unix_ms();
    json_t *begun = begin_drill(bench, "{'name':'spring','for':'2m'," BREAKS "," WATCH "}");
    assert_string_equal(json_string_value(json_object_get(begun, "id")), "1");
    assert_string_equal(json_string_value(json_object_get(begun, "name")), "spring");
    assert_true(number(begun, "started_ms") >= (json_int_t)now_ms);
    assert_int_equal(number(begun, "ends_ms") - number(begun, "started_ms"), 120000);
    assert_check(bench, false);

    json_t *told = must_send(bench, "GET", "drills/1", "");
    assert_json(json_object_get(told, "state"), "'running'");
    assert_json(json_object_get(told, "owner"), "'ops'");
    assert_null(json_object_get(told, "restored_ms"));
    assert_json(json_object_get(told, "has_report"), "false");
    assert_json(json_object_get(told, "definition"),
                "{'name':'spring','for':'2m'," BREAKS "," WATCH "}");
    assert_true(
        json_equal(json_object_get(told, "prediction"), json_object_get(begun, "prediction")));
    json_decref(told);
    json_decref(begun);

    json_t *restored = must_send(bench, "POST", "drills/1/restore", "{}");
    assert_json(json_object_get(restored, "state"), "'restored'");
    json_int_t restored_ms = number(restored, "restored_ms");
    assert_true(restored_ms > 0);
    json_decref(restored);
    assert_check(bench, true);

    restored = must_send(bench, "POST", "drills/1/restore", "");
    assert_int_equal(number(restored, "restored_ms"), restored_ms);
    json_decref(restored);

    told = must_send(bench, "GET", "drills/1", "");
    assert_json(json_object_get(told, "restored_by"), "'client'");
    json_t *turns = json_object_get(told, "turns");
    assert_int_equal(json_array_size(turns), 2);
    json_t *turn = json_array_get(turns, 0);
    assert_true(number(turn, "at_ms") >= number(told, "started_ms"));
    json_object_del(turn, "at_ms");
    json_object_del(turn, "reason");
    assert_json(turn, "{'check':'web-1','up':false,'cause':'override'}");
    assert_json(json_object_get(json_array_get(turns, 1), "up"), "true");
    json_decref(told);
}

/* Whoever asks DNS once the response is there sees it broken, and then restored. */
static void a_lost_zone_is_waited_for(void **state)
{
    struct bench *bench = *state;
    bench->asleep = true;
    send_json(bench, "POST", "drills",
              "{'definition':{'for':'2m','break':[{'zone':'eu-west-1a'}]},'owner':'ops'}");
    assert_true(bench->exchange.waiting);
    let_worker_see(bench);
    assert_false(bench->exchange.waiting);
    send_json(bench, "POST", "drills/1/restore", "");
    assert_true(bench->exchange.waiting);
    let_worker_see(bench);
    assert_false(bench->exchange.waiting);
}

static void drills_are_listed_newest_first(void **state)
{
    struct bench *bench = *state;
    json_t *reply = must_send(bench, "GET", "drills", "");
    assert_json(reply, "{'drills':[]}");
    json_decref(reply);
    json_decref(begin_drill(bench, FIRST));
    json_decref(must_send(bench, "POST", "drills/1/restore", ""));
    json_decref(begin_drill(bench, "{'name':'second','for':1.5," BREAKS "}"));
    reply = must_send(bench, "GET", "drills", "");
    json_t *drills = json_object_get(reply, "drills");
    assert_int_equal(json_array_size(drills), 2);
    assert_json(json_object_get(json_array_get(drills, 0), "name"), "'second'");
    assert_json(json_object_get(json_array_get(drills, 0), "state"), "'running'");
    assert_json(json_object_get(json_array_get(drills, 1), "name"), "'web-1 down'");
    assert_json(json_object_get(json_array_get(drills, 1), "state"), "'restored'");
    json_decref(reply);
}

static void what_could_not_be_restored_is_remarked(void **state)
{
    struct bench *bench = *state;
    json_decref(begin_drill(bench, "{'for':'2m'," BREAKS "}"));
    json_decref(must_send(bench, "DELETE", "health-checks/web-1", ""));
    json_t *reply = must_send(bench, "POST", "drills/1/restore", "");
    assert_json(json_object_get(reply, "remarks"), "'the health check web-1 has been deleted'");
    json_decref(reply);
    reply = must_send(bench, "GET", "drills/1", "");
    assert_json(json_object_get(reply, "turns"), "[]");
    json_decref(reply);
}

static void a_report_is_kept_octet_for_octet(void **state)
{
    static const char report[] = "{\"met\": true,  \"pi\": 3.140}";
    struct bench *bench = *state;
    json_decref(begin_drill(bench, FIRST));
    assert_int_equal(ask(bench, "GET", V1 "drills/1/report", ""), 404);
    assert_int_equal(ask(bench, "PUT", V1 "drills/1/report", "[1]"), 400);
    assert_int_equal(ask(bench, "PUT", V1 "drills/9/report", report), 404);
    assert_int_equal(ask(bench, "PUT", V1 "drills/1/report", report), 200);
    assert_int_equal(ask(bench, "GET", V1 "drills/1/report", ""), 200);
    assert_string_equal(bench->exchange.response.body.data, report);
    json_t *reply = must_send(bench, "GET", "drills/1", "");
    assert_json(json_object_get(reply, "has_report"), "true");
    json_decref(reply);
}

/* ---- mistakes ---- */

static void assert_told(struct bench *bench, const char *method, const char *path, const char *body,
                        unsigned expect_status, const char *expect)
{
    unsigned status = send_json(bench, method, path, body);
    json_t *reply = reply_of(bench);
    if (status != expect_status || strcmp(message_of(reply), expect) != 0)
        fail_msg("%s\n  is       %u %s\n  expected %u %s", body, status, message_of(reply),
                 expect_status, expect);
    json_decref(reply);
}

#define TIME_WORDS                                                                                 \
    "it must be a time such as \"90s\", \"2m\" or \"1h\", or a number of seconds, and at most a "  \
    "day"

static void each_mistake_in_a_definition_is_told_where_it_is(void **state)
{
    static const struct row {
        const char *definition, *expect;
    } rows[] = {
        { "{" BREAKS "}", "for: it must say for how long things are broken, such as \"2m\"" },
        { "{'for':'soon'," BREAKS "}",
          "for: \"soon\" is no time: write \"90s\", \"2m\", \"1h\" or a number of seconds" },
        { "{'for':-1," BREAKS "}", "for: " TIME_WORDS },
        { "{'for':86401," BREAKS "}", "for: " TIME_WORDS },
        { "{'for':[1]," BREAKS "}", "for: " TIME_WORDS },
        { "{'for':0," BREAKS "}", "for: it must be at least 1 s" },
        { "{'for':60,'until':9," BREAKS "}", "unknown member \"until\"" },
        { "{'for':60,'name':7," BREAKS "}", "name: it must be a string" },
        { "{'for':60}",
          "break: a drill must break something: a check, a Region or zone, a routing control, or "
          "what a hook does" },
        { "{'for':60,'break':'all'}", "break: it must be a list" },
        { "{'for':60,'break':['all']}",
          "break[0]: it must be an object with one of \"check\", \"region\", \"zone\", \"control\" "
          "and \"hook\"" },
        { "{'for':60,'break':[{'check':'web-1','zone':'a'}]}",
          "break[0]: it must be an object with one of \"check\", \"region\", \"zone\", \"control\" "
          "and \"hook\"" },
        { "{'for':60,'break':[{'check':'web-1'}]}",
          "break[0].state: it must be \"up\" or \"down\"" },
        { "{'for':60,'break':[{'control':'c1','state':'down'}]}",
          "break[0].state: it must be \"On\" or \"Off\"" },
        { "{'for':60,'break':[{'check':7,'state':'down'}]}",
          "break[0].check: it must be a string" },
        { "{'for':60,'break':[{'zone':'a','state':'down'}]}",
          "break[0]: unknown member \"state\"" },
        { "{'for':60,'break':[{'control':'c1','state':'Off','break_glass':'all'}]}",
          "break[0].break_glass: it must be a list of strings" },
        { "{'for':60,'break':[{'hook':'reboot'}]}",
          "break[0].hook: it must be "
          "{\"start\":\"COMMAND\",\"restore\":\"COMMAND\",\"checks\":[...]}" },
        { "{'for':60,'break':[{'hook':{'restore':'y'}}]}",
          "break[0]: a hook needs \"start\", the command that breaks something" },
        { "{'for':60,'break':[{'hook':{'start':'x','stop':'y'}}]}",
          "break[0].hook: unknown member \"stop\"" },
        { "{'for':60,'break':[{'hook':{'start':'x','checks':[7]}}]}",
          "break[0].hook.checks: it must be a string" },
        { "{'for':60," BREAKS ",'watch':{}}", "watch: it must be a list" },
        { "{'for':60," BREAKS ",'watch':['www']}",
          "watch[0]: it must be {\"name\":\"www.example.com\",\"type\":\"A\"}" },
        { "{'for':60," BREAKS ",'watch':[{'type':'A'}]}",
          "watch[0].name: it must be a string, such as \"www.example.com\"" },
        { "{'for':60," BREAKS ",'watch':[{'name':'a..b','type':'A'}]}",
          "watch[0].name: \"a..b\" is no domain name: a name cannot have an empty label" },
        { "{'for':60," BREAKS ",'watch':[{'name':'www.lab.test'}]}",
          "watch[0].type: it must be a string, such as \"A\"" },
        { "{'for':60," BREAKS ",'watch':[{'name':'www.lab.test','type':'A','client':'here'}]}",
          "watch[0].client: \"here\" is no IPv4 or IPv6 address" },
        { "{'for':60," BREAKS ",'watch':[{'name':'www.lab.test','type':'A','from':'x'}]}",
          "watch[0]: unknown member \"from\"" },
        { "{'for':60," BREAKS ",'objectives':[]}", "objectives: it must be an object" },
        { "{'for':60," BREAKS "," WATCH ",'objectives':{'turned_within':'x'}}",
          "objectives.turned_within: \"x\" is no time: write \"90s\", \"2m\", \"1h\" or a number "
          "of seconds" },
        { "{'for':60," BREAKS "," WATCH ",'objectives':{'never_empty':1}}",
          "objectives.never_empty: it must be true or false" },
        { "{'for':60," BREAKS "," WATCH ",'objectives':{'fast':true}}",
          "objectives: unknown member \"fast\"" },
    };
    for (unsigned i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        assert_told(*state, "POST", "drills/predict", rows[i].definition, 400, rows[i].expect);
}

static void a_type_that_nobody_knows_is_told_with_those_that_there_are(void **state)
{
    struct bench *bench = *state;
    assert_int_equal(send_json(bench, "POST", "drills/predict",
                               "{'for':60," BREAKS ",'watch':[{'name':'x.','type':'B'}]}"),
                     400);
    json_t *reply = reply_of(bench);
    assert_non_null(
        strstr(message_of(reply), "watch[0].type: unknown type \"B\"; it may be one of: A "));
    json_decref(reply);
}

static void what_cannot_be_begun_is_refused(void **state)
{
    struct bench *bench = *state;
    assert_told(bench, "POST", "drills", "{'owner':'ops'}", 400,
                "definition: it must be an object");
    assert_told(bench, "POST", "drills", "{'definition':" FIRST "}", 400,
                "owner: it must be a string that says who runs the drill");
    assert_told(bench, "POST", "drills", "{'definition':" FIRST ",'owner':''}", 400,
                "owner: it must be 1 to 64 octets");
    assert_told(bench, "POST", "drills", "{'definition':" FIRST ",'owner':'ops','id':1}", 400,
                "unknown member \"id\"");
    assert_told(bench, "POST", "drills",
                "{'definition':{'for':60,'break':[{'check':'gone','state':'down'}]},'owner':'ops'}",
                404,
                "break[0]: there is no health check \"gone\": \"signpost health list\" shows those "
                "that are there");
    json_decref(begin_drill(bench, FIRST));
    assert_int_equal(send_json(bench, "POST", "drills", "{'definition':" FIRST ",'owner':'ops'}"),
                     409);
    json_t *reply = reply_of(bench);
    assert_non_null(strstr(message_of(reply), "drill 1 (web-1 down, of ops) is not over"));
    json_decref(reply);
}

static void a_drill_that_is_not_there_is_told(void **state)
{
    static const struct row {
        const char *method, *path;
    } rows[] = {
        { "GET", "drills/7" },
        { "GET", "drills/7/report" },
        { "POST", "drills/7/restore" },
    };
    for (unsigned i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        assert_told(*state, rows[i].method, rows[i].path, "", 404,
                    "there is no drill 7: \"signpost drill list\" shows those that are remembered");
    assert_told(*state, "GET", "drills/spring", "", 404,
                "there is no drill \"spring\": drills have numbers, and \"signpost drill list\" "
                "shows them");
    assert_told(*state, "GET", "drills/99999999999999999999", "", 404,
                "there is no drill \"99999999999999999999\": drills have numbers, and \"signpost "
                "drill list\" shows them");
}

static const struct CMUnitTest tests[] = {
    DRILL_TEST(a_prediction_tells_answers_checks_and_times),
    DRILL_TEST(what_does_not_change_has_no_times),
    DRILL_TEST(a_hook_is_predicted_by_its_checks),
    DRILL_TEST(a_drill_is_told_from_its_start_to_its_end),
    DRILL_TEST(a_lost_zone_is_waited_for),
    DRILL_TEST(drills_are_listed_newest_first),
    DRILL_TEST(what_could_not_be_restored_is_remarked),
    DRILL_TEST(a_report_is_kept_octet_for_octet),
    DRILL_TEST(each_mistake_in_a_definition_is_told_where_it_is),
    DRILL_TEST(a_type_that_nobody_knows_is_told_with_those_that_there_are),
    DRILL_TEST(what_cannot_be_begun_is_refused),
    DRILL_TEST(a_drill_that_is_not_there_is_told),
};

RUN_TESTS(tests)
