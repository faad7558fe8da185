/* Alarms, routing controls, safety rules and zonal shifts over HTTP: what goes in, what comes out,
 * and what each mistake is told. */
#include "bench.h"

#define V1 "/signpost/v1/"

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

/* What no test can know: times, which must be there all the same, and drawn ids. */
static void drop_unknown(json_t *value)
{
    static const char *const unknown[] = { "since_ms", "started_ms", "expires_ms", "ended_ms" };
    const char *name;
    json_t *member;
    size_t index;
    for (size_t i = 0; i < COUNT_OF(unknown); i++) {
        const json_t *there = json_object_get(value, unknown[i]);
        assert_true(there == NULL || json_integer_value(there) > 0);
        json_object_del(value, unknown[i]);
    }
    const char *id = json_string_value(json_object_get(value, "id"));
    if (id != NULL && strlen(id) == 36)
        json_object_del(value, "id");
    json_object_foreach(value, name, member) drop_unknown(member);
    json_array_foreach(value, index, member) drop_unknown(member);
}

/* Compares the reply without what is unknown, its quotes made single. */
static void ok(struct bench *bench, const char *method, const char *path, const char *body,
               const char *expect)
{
    unsigned status = ask_quoted(bench, method, path, body);
    if (status != 200)
        fail_msg("%s %s: %u %s", method, path, status, bench->exchange.response.body.data);
    json_t *document = reply_of(bench);
    drop_unknown(document);
    char *text = json_dumps(document, JSON_COMPACT);
    for (char *at = text; *at != '\0'; at++)
        *at = *at == '"' ? '\'' : *at;
    assert_string_equal(text, expect);
    free(text);
    json_decref(document);
}

/* ---- alarms ---- */

#define AN_ALARM(name, state) "{'name':'" name "','region':'us-east-1','state':'" state "'}"

static void an_alarm_lives_its_life(void **state)
{
    struct bench *bench = *state;
    ok(bench, "GET", "alarms", "", "{'alarms':[]}");
    ok(bench, "PUT", "alarms/high%20load?region=us-east-1", "{'state':'ALARM'}",
       AN_ALARM("high load", "ALARM"));
    ok(bench, "PUT", "alarms/a%2Fb?region=us-east-1", "{'state':'INSUFFICIENT_DATA'}",
       AN_ALARM("a/b", "INSUFFICIENT_DATA"));
    ok(bench, "GET", "alarms/high%20load?region=us-east-1", "", AN_ALARM("high load", "ALARM"));
    ok(bench, "GET", "alarms", "",
       "{'alarms':[" AN_ALARM("a/b", "INSUFFICIENT_DATA") "," AN_ALARM("high load", "ALARM") "]}");
    ok(bench, "DELETE", "alarms/a%2Fb?region=us-east-1", "", "{'alarm':'a/b','deleted':true}");
    assert_int_equal(ask_quoted(bench, "GET", "alarms/a%2Fb?region=us-east-1", ""), 404);
}

static bool is_up(struct bench *bench, const char *path)
{
    assert_int_equal(ask_quoted(bench, "GET", path, ""), 200);
    json_t *document = reply_of(bench);
    bool up = json_is_true(json_object_get(document, "up"));
    json_decref(document);
    return up;
}

static void a_check_turns_with_its_alarm(void **state)
{
    struct bench *bench = *state;
    assert_int_equal(ask_quoted(bench, "POST", "health-checks",
                                "{'id':'load','type':'CLOUDWATCH_METRIC','alarm':{'region':"
                                "'us-east-1','name':'high-load'}}"),
                     200);
    assert_true(is_up(bench, "health-checks/load"));
    ok(bench, "PUT", "alarms/high-load?region=eu-west-1", "{'state':'ALARM'}",
       "{'name':'high-load','region':'eu-west-1','state':'ALARM'}");
    assert_true(is_up(bench, "health-checks/load"));
    ok(bench, "PUT", "alarms/high-load?region=us-east-1", "{'state':'ALARM'}",
       AN_ALARM("high-load", "ALARM"));
    assert_false(is_up(bench, "health-checks/load"));
}

/* ---- routing controls ---- */

#define A_CONTROL(name, state, checks)                                                             \
    "{'name':'" name "','panel':'default','arn':'arn:aws:route53-recovery-control::000000000000:"  \
    "controlpanel/default/routingcontrol/" name "','state':'" state "','health_checks':[" checks   \
    "]}"

static void create_cells(struct bench *bench)
{
    ok(bench, "POST", "routing-controls", "{'name':'c1'}", A_CONTROL("c1", "Off", ""));
    ok(bench, "POST", "routing-controls", "{'name':'c2','panel':'default'}",
       A_CONTROL("c2", "Off", ""));
    assert_int_equal(ask_quoted(bench, "POST", "health-checks",
                                "{'id':'h1','type':'RECOVERY_CONTROL','routing_control':'c1'}"),
                     200);
}

static void a_control_lives_its_life(void **state)
{
    struct bench *bench = *state;
    ok(bench, "GET", "routing-controls", "", "{'routing_controls':[]}");
    create_cells(bench);
    assert_false(is_up(bench, "health-checks/h1"));
    ok(bench, "PUT", "routing-controls/states",
       "{'changes':[{'name':'c2','state':'Off'},{'name':'c1','state':'On'}]}",
       "{'routing_controls':[" A_CONTROL("c2", "Off", "") "," A_CONTROL("c1", "On", "'h1'") "]}");
    assert_true(is_up(bench, "health-checks/h1"));
    ok(bench, "GET", "routing-controls", "",
       "{'routing_controls':[" A_CONTROL("c1", "On", "'h1'") "," A_CONTROL("c2", "Off", "") "]}");
    ok(bench, "DELETE", "routing-controls/c2", "", "{'routing_control':'c2','deleted':true}");
    ok(bench, "DELETE", "health-checks/h1", "", "{'id':'h1','deleted':true}");
    ok(bench, "DELETE",
       "routing-controls/arn:aws:route53-recovery-control::000000000000:controlpanel%2Fdefault%2F"
       "routingcontrol%2Fc1",
       "",
       "{'routing_control':'arn:aws:route53-recovery-control::000000000000:controlpanel/default/"
       "routingcontrol/c1','deleted':true}");
    ok(bench, "GET", "routing-controls", "", "{'routing_controls':[]}");
}

/* ---- safety rules ---- */

#define MIN_ONE                                                                                    \
    "{'name':'min-one','panel':'default','kind':'ASSERTION','asserted_controls':['c1','c2'],"      \
    "'type':'ATLEAST','threshold':1,'inverted':false,'wait_period_ms':0}"
#define GATE                                                                                       \
    "{'name':'gate','panel':'default','kind':'GATING','gating_controls':['c2'],'type':'OR',"       \
    "'threshold':0,'inverted':true,'wait_period_ms':5000,'target_controls':['c1']}"

static void a_rule_lives_its_life(void **state)
{
    struct bench *bench = *state;
    create_cells(bench);
    ok(bench, "POST", "safety-rules",
       "{'name':'min-one','kind':'ASSERTION','asserted_controls':['c1','c2'],'type':'ATLEAST',"
       "'threshold':1,'wait_period_ms':0}",
       MIN_ONE);
    ok(bench, "POST", "safety-rules",
       "{'name':'gate','panel':'default','kind':'GATING','gating_controls':['c2'],"
       "'target_controls':['c1'],'type':'OR','inverted':true}",
       GATE);
    ok(bench, "GET", "safety-rules", "", "{'safety_rules':[" GATE "," MIN_ONE "]}");
    assert_int_equal(ask_quoted(bench, "PUT", "routing-controls/states",
                                "{'changes':[{'name':'c1','state':'On'},"
                                "{'name':'c2','state':'On'}]}"),
                     200);
    assert_int_equal(ask_quoted(bench, "PUT", "routing-controls/states",
                                "{'changes':[{'name':'c1','state':'Off'}]}"),
                     409);
    ok(bench, "PUT", "routing-controls/states",
       "{'changes':[{'name':'c1','state':'Off'},{'name':'c2','state':'Off'}],"
       "'safety_rules_to_override':['gate','min-one']}",
       "{'routing_controls':[" A_CONTROL("c1", "Off", "'h1'") "," A_CONTROL("c2", "Off", "") "]}");
    ok(bench, "DELETE", "safety-rules/gate", "", "{'safety_rule':'gate','deleted':true}");
    ok(bench, "GET", "safety-rules", "", "{'safety_rules':[" MIN_ONE "]}");
}

/* ---- zonal shifts ---- */

static void put_lb1(struct bench *bench)
{
    assert_int_equal(ask_quoted(bench, "PUT", "resources/lb1.test",
                                "{'kind':'application-load-balancer','zones':[{'name':'az1',"
                                "'addresses':['192.0.2.11']},{'name':'az2','addresses':["
                                "'192.0.2.12']}]}"),
                     200);
}

#define A_SHIFT(status, applied, comment, left)                                                    \
    "{'resource':'lb1.test.','away_from':'az2','status':'" status "','applied':'" applied          \
    "','comment':'" comment "','applied_weights':{'az1':1,'az2':" left "}}"

static void a_shift_lives_its_life(void **state)
{
    struct bench *bench = *state;
    char path[100];
    ok(bench, "GET", "zonal-shifts", "", "{'zonal_shifts':[]}");
    put_lb1(bench);
    ok(bench, "POST", "zonal-shifts",
       "{'resource':'LB1.test','away_from':'az2','expires_in':'2h','comment':'rack 7'}",
       A_SHIFT("ACTIVE", "APPLIED", "rack 7", "0"));
    ok(bench, "GET", "zonal-shifts", "",
       "{'zonal_shifts':[" A_SHIFT("ACTIVE", "APPLIED", "rack 7", "0") "]}");
    assert_int_equal(ask(bench, "GET", V1 "zonal-shifts", ""), 200);
    json_t *document = reply_of(bench);
    const json_t *shift = json_array_get(json_object_get(document, "zonal_shifts"), 0);
    snprintf(path, sizeof(path), "zonal-shifts/%s",
             json_string_value(json_object_get(shift, "id")));
    assert_int_equal(json_integer_value(json_object_get(shift, "expires_ms")) -
                         json_integer_value(json_object_get(shift, "started_ms")),
                     2 * 3600 * 1000);
    json_decref(document);
    ok(bench, "PATCH", path, "{'expires_in':'30m'}", A_SHIFT("ACTIVE", "APPLIED", "rack 7", "0"));
    ok(bench, "PATCH", path, "{'comment':'rack 8'}", A_SHIFT("ACTIVE", "APPLIED", "rack 8", "0"));
    ok(bench, "GET", path, "", A_SHIFT("ACTIVE", "APPLIED", "rack 8", "0"));
    ok(bench, "DELETE", path, "", A_SHIFT("CANCELED", "NOT_APPLIED", "rack 8", "1"));
    assert_int_equal(ask_quoted(bench, "DELETE", path, ""), 409);
    assert_int_equal(ask_quoted(bench, "PATCH", path, "{'expires_in':'1h'}"), 409);
}

static void only_what_publishes_waits_for_the_workers(void **state)
{
    static const struct row {
        const char *method, *path, *body;
        bool publishes;
    } rows[] = {
        { "PUT", "alarms/a?region=us-east-1", "{'state':'OK'}", false },
        { "POST", "routing-controls", "{'name':'c1'}", false },
        { "PUT", "routing-controls/states", "{'changes':[{'name':'c1','state':'On'}]}", false },
        { "POST", "zonal-shifts", "{'resource':'lb1.test','away_from':'az2','expires_in':'2h'}",
          true },
    };
    struct bench *bench = *state;
    put_lb1(bench);
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

/* ---- what goes wrong ---- */

#define STATES "routing-controls/states"

static void every_mistake_is_named(void **state)
{
    static const struct row {
        const char *method, *path, *body;
        unsigned status;
        const char *expect;
    } rows[] = {
        { "POST", "alarms/a?region=us-east-1", "", 405, "this path takes GET, PUT, DELETE only" },
        { "GET", "alarms?region=us-east-1", "", 400, "unknown query argument \"region\"" },
        { "PUT", "alarms/a", "{'state':'OK'}", 400,
          "argument region: it must say in which Region the alarm is, such as us-east-1" },
        { "PUT", "alarms/a?region=mars%20one", "{'state':'OK'}", 400,
          "\"mars one\" cannot be the Region of an alarm: it must be a name such as us-east-1" },
        { "PUT", "alarms/a?region=us-east-1", "{'state':'ok'}", 400,
          "unknown state of an alarm \"ok\"; it may be one of: OK ALARM INSUFFICIENT_DATA" },
        { "PUT", "alarms/a?region=us-east-1", "{}", 400, "state: it must be a string" },
        { "PUT", "alarms/a?region=us-east-1", "{'state':'OK','x':1}", 400, "unknown member \"x\"" },
        { "DELETE", "alarms/a?region=us-east-1", "", 404,
          "there is no alarm \"a\" in us-east-1: \"signpost alarm list\" shows those that have "
          "been set" },

        { "POST", "routing-controls", "{}", 400, "name: it must be a string" },
        { "POST", "routing-controls", "{'name':'c9','panel':1}", 400,
          "panel: it must be a string" },
        { "POST", "routing-controls", "{'name':'c 9'}", 400,
          "\"c 9\" cannot be the name of a routing control: it must be 1 to 64 letters, digits, "
          "\"-\", \"_\" and \".\"" },
        { "POST", "routing-controls", "{'name':'c9','panel':''}", 400,
          "\"\" cannot be the name of a control panel: it must be 1 to 64 letters, digits, \"-\", "
          "\"_\" and \".\"" },
        { "POST", "routing-controls", "{'name':'c1'}", 409,
          "the routing control c1 exists already: \"signpost control set c1=on\" turns it" },
        { "DELETE", "routing-controls/c1", "", 409,
          "the health check h1 follows the routing control c1: delete it first" },
        { "DELETE", "routing-controls/c9", "", 404,
          "there is no routing control \"c9\": \"signpost control list\" shows those that are "
          "there" },
        { "PUT", STATES, "{}", 400, "changes: it must be a list of at least one change" },
        { "PUT", STATES, "{'changes':[]}", 400,
          "changes: it must be a list of at least one change" },
        { "PUT", STATES, "{'changes':[{'name':'c1','state':'On'},{'name':'c2','state':'on'}]}", 400,
          "changes[1]: it must be {\"name\":\"cell-1\",\"state\":\"On\"}, or \"Off\"" },
        { "PUT", STATES, "{'changes':[1]}", 400,
          "changes[0]: it must be {\"name\":\"cell-1\",\"state\":\"On\"}, or \"Off\"" },
        { "PUT", STATES, "{'changes':[{'name':'c1','state':'On','x':1}]}", 400,
          "changes[0]: unknown member \"x\"" },
        { "PUT", STATES, "{'changes':[{'name':'c1','state':'On'}],'safety_rules_to_override':'r'}",
          400, "safety_rules_to_override: it must be a list of names" },
        { "PUT", STATES, "{'changes':[{'name':'c1','state':'On'}],'safety_rules_to_override':[1]}",
          400, "safety_rules_to_override: it must be a list of names" },
        { "PUT", STATES,
          "{'changes':[{'name':'c1','state':'On'}],'safety_rules_to_override':['r']}", 404,
          "there is no safety rule \"r\": \"signpost rule list\" shows those that are there" },

        { "POST", "safety-rules", "{'kind':'ASSERTION','type':'OR'}", 400,
          "name: it must be a string" },
        { "POST", "safety-rules", "{'name':'r','kind':'GATE','type':'OR'}", 400,
          "unknown kind of rule \"GATE\"; it may be one of: ASSERTION GATING" },
        { "POST", "safety-rules", "{'name':'r','kind':'ASSERTION','type':'XOR'}", 400,
          "unknown type of rule \"XOR\"; it may be one of: ATLEAST AND OR" },
        { "POST", "safety-rules",
          "{'name':'r','kind':'ASSERTION','type':'OR','asserted_controls':['c1'],"
          "'target_controls':['c2']}",
          400, "unknown member \"target_controls\"" },
        { "POST", "safety-rules",
          "{'name':'r','kind':'ASSERTION','type':'OR','asserted_controls':'c1'}", 400,
          "asserted_controls: it must be a list of names of routing controls" },
        { "POST", "safety-rules",
          "{'name':'r','kind':'ASSERTION','type':'OR','asserted_controls':[1]}", 400,
          "asserted_controls: it must be a list of names of routing controls" },
        { "POST", "safety-rules",
          "{'name':'r','kind':'ASSERTION','type':'ATLEAST','asserted_controls':['c1'],"
          "'threshold':-1}",
          400, "threshold: it must be a whole number, and not below 0" },
        { "POST", "safety-rules",
          "{'name':'r','kind':'ASSERTION','type':'OR','asserted_controls':['c1'],'inverted':1}",
          400, "inverted: it must be true or false" },
        { "POST", "safety-rules",
          "{'name':'r','kind':'ASSERTION','type':'OR','asserted_controls':['c9']}", 400,
          "there is no routing control \"c9\"" },
        { "DELETE", "safety-rules/r", "", 404,
          "there is no safety rule \"r\": \"signpost rule list\" shows those that are there" },

        { "POST", "zonal-shifts", "{'resource':'lb1.test','away_from':'az2'}", 400,
          "resource, away_from and expires_in must be there" },
        { "POST", "zonal-shifts", "{'resource':1,'away_from':'az2','expires_in':'2h'}", 400,
          "resource: it must be a string" },
        { "POST", "zonal-shifts", "{'resource':'a..b','away_from':'az2','expires_in':'2h'}", 400,
          "resource: \"a..b\" is no domain name: a name cannot have an empty label" },
        { "POST", "zonal-shifts", "{'resource':'lb1.test','away_from':'az2','expires_in':'73h'}",
          400,
          "\"73h\" is no time for a zonal shift: it must be a number of minutes or hours, such as "
          "30m or 2h, and at most 72h" },
        { "POST", "zonal-shifts", "{'resource':'lb2.test','away_from':'az2','expires_in':'2h'}",
          404,
          "there is no resource lb2.test.: \"signpost resource list\" shows those that are "
          "registered" },
        { "POST", "zonal-shifts", "{'resource':'lb1.test','away_from':'az3','expires_in':'2h'}",
          400, "the resource has no address in the zone \"az3\"; it may be one of: az1 az2" },
        { "PATCH", "zonal-shifts/x", "{}", 400, "expires_in or comment must be there" },
        { "PATCH", "zonal-shifts/x", "{'away_from':'az1'}", 400, "unknown member \"away_from\"" },
        { "GET", "zonal-shifts/x", "", 404,
          "there is no zonal shift \"x\": \"signpost shift list\" shows those that are known" },
        { "PUT", "zonal-shifts/x", "", 405, "this path takes GET, PATCH, DELETE only" },
    };
    struct bench *bench = *state;
    create_cells(bench);
    put_lb1(bench);
    uint64_t serial = control_serial(bench->control);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        unsigned status = ask_quoted(bench, rows[i].method, rows[i].path, rows[i].body);
        json_t *document = reply_of(bench);
        assert_string_equal(message_of(document), rows[i].expect);
        assert_int_equal(status, rows[i].status);
        json_decref(document);
    }
    assert_int_equal(control_serial(bench->control), serial);
    ok(bench, "GET", "alarms", "", "{'alarms':[]}");
    ok(bench, "GET", "routing-controls", "",
       "{'routing_controls':[" A_CONTROL("c1", "Off", "'h1'") "," A_CONTROL("c2", "Off", "") "]}");
}

static const struct CMUnitTest tests[] = {
    WITH_BENCH(an_alarm_lives_its_life),  WITH_BENCH(a_check_turns_with_its_alarm),
    WITH_BENCH(a_control_lives_its_life), WITH_BENCH(a_rule_lives_its_life),
    WITH_BENCH(a_shift_lives_its_life),   WITH_BENCH(only_what_publishes_waits_for_the_workers),
    WITH_BENCH(every_mistake_is_named),
};
RUN_TESTS(tests)
