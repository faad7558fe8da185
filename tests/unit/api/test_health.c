/* Health checks over HTTP: what is asked for and shown, overrides, histories, figures. */
#include "bench.h"

#include "signpost/control/checks.h"

#define V1 "/signpost/v1/"

/* Asks with single quotes for double ones. */
static unsigned ask_quoted(struct bench *bench, const char *method, const char *path,
                           const char *body)
{
    char target[128], text[1000];
    snprintf(target, sizeof(target), V1 "%s", path);
    snprintf(text, sizeof(text), "%s", body);
    quote(text);
    return ask(bench, method, target, text);
}

/* The reply to what must go well; the caller's. */
static json_t *done(struct bench *bench, const char *method, const char *path, const char *body)
{
    unsigned status = ask_quoted(bench, method, path, body);
    if (status != 200)
        fail_msg("%s %s %s: %u %s", method, path, body, status, bench->exchange.response.body.data);
    return reply_of(bench);
}

static json_t *create(struct bench *bench, const char *body)
{
    return done(bench, "POST", "health-checks", body);
}

static void make(struct bench *bench, const char *body)
{
    json_decref(create(bench, body));
}

static json_t *parse(const char *quoted)
{
    char text[1000];
    json_error_t error;
    snprintf(text, sizeof(text), "%s", quoted);
    quote(text);
    json_t *value = json_loads(text, JSON_DECODE_ANY, &error);
    if (value == NULL)
        fail_msg("%s: %s", error.text, text);
    return value;
}

static void assert_json(const json_t *value, const char *expect)
{
    json_t *expected = parse(expect);
    char *text = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY);
    if (!json_equal(value, expected))
        fail_msg("is       %s\n  expected %s", text, expect);
    free(text);
    json_decref(expected);
}

/* Each member of the expected object, whatever else there is. */
static void assert_members(const json_t *object, const char *expect)
{
    json_t *expected = parse(expect), *value;
    const char *name;
    json_object_foreach(expected, name, value)
    {
        char *text = json_dumps(json_object_get(object, name), JSON_COMPACT | JSON_ENCODE_ANY);
        if (!json_equal(json_object_get(object, name), value))
            fail_msg("%s is %s, expected %s", name, text != NULL ? text : "not there", expect);
        free(text);
    }
    json_decref(expected);
}

static void ask_and_expect(struct bench *bench, const char *method, const char *path,
                           const char *body, const char *expect)
{
    json_t *reply = done(bench, method, path, body);
    assert_members(reply, expect);
    json_decref(reply);
}

/* What the user decided: everything but how it is doing. */
static void keep_config(json_t *check)
{
    static const char *const others[] = { "id",
                                          "version",
                                          "created_at",
                                          "up",
                                          "since_ms",
                                          "observed",
                                          "reason",
                                          "healthy_count",
                                          "watched_count",
                                          "percentage_healthy",
                                          "override",
                                          "record_sets",
                                          "warnings",
                                          "checkers" };
    for (size_t i = 0; i < COUNT_OF(others); i++)
        json_object_del(check, others[i]);
}

struct refusal {
    const char *method, *path, *body;
    unsigned status;
    const char *expect;
};

static void assert_refusals(struct bench *bench, const struct refusal *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        unsigned status = ask_quoted(bench, rows[i].method, rows[i].path, rows[i].body);
        json_t *document = reply_of(bench);
        assert_string_equal(message_of(document), rows[i].expect);
        assert_int_equal(status, rows[i].status);
        json_decref(document);
    }
}

/* ---- what is looked at ---- */

/* R-HCK-1, A-HCK-3: what nobody chose is not made up, but for the defaults of table 11.2. */
static void every_type_is_shown_as_it_was_given(void **state)
{
    static const struct row {
        const char *given, *shown;
    } rows[] = {
        { "{}", "{'type':'MANUAL','inverted':false,'disabled':false}" },
        { "{'type':'HTTP','ip_address':'192.0.2.1'}",
          "{'type':'HTTP','ip_address':'192.0.2.1','request_interval':30,'failure_threshold':3,"
          "'measure_latency':false,'inverted':false,'disabled':false}" },
        { "{'type':'HTTPS','fully_qualified_domain_name':'www.lab.test','port':8443,"
          "'resource_path':'health?x=1','request_interval':10,'failure_threshold':1,"
          "'measure_latency':true,'inverted':true,'enable_sni':false,"
          "'regions':['sa-east-1','us-east-1','eu-west-1']}",
          "{'type':'HTTPS','fully_qualified_domain_name':'www.lab.test','port':8443,"
          "'resource_path':'/health?x=1','request_interval':10,'failure_threshold':1,"
          "'measure_latency':true,'inverted':true,'disabled':false,'enable_sni':false,"
          "'regions':['us-east-1','eu-west-1','sa-east-1']}" },
        { "{'type':'HTTP_STR_MATCH','ip_address':'2001:db8:0:0:0:0:0:1','search_string':'ok'}",
          "{'type':'HTTP_STR_MATCH','ip_address':'2001:db8::1','search_string':'ok',"
          "'request_interval':30,'failure_threshold':3,'measure_latency':false,'inverted':false,"
          "'disabled':false}" },
        { "{'type':'HTTPS_STR_MATCH','ip_address':'192.0.2.1','search_string':'\\u00e9'}",
          "{'type':'HTTPS_STR_MATCH','ip_address':'192.0.2.1','search_string':'\\u00e9',"
          "'request_interval':30,'failure_threshold':3,'measure_latency':false,'enable_sni':true,"
          "'inverted':false,'disabled':false}" },
        { "{'type':'TCP','ip_address':'192.0.2.1','port':25,'disabled':true}",
          "{'type':'TCP','ip_address':'192.0.2.1','port':25,'request_interval':30,"
          "'failure_threshold':3,'measure_latency':false,'inverted':false,'disabled':true}" },
        { "{'type':'CALCULATED','health_threshold':2,'child_health_checks':['b','a']}",
          "{'type':'CALCULATED','health_threshold':2,'child_health_checks':['b','a'],"
          "'inverted':false,'disabled':false}" },
        { "{'type':'CALCULATED','health_threshold':0}",
          "{'type':'CALCULATED','health_threshold':0,'child_health_checks':[],'inverted':false,"
          "'disabled':false}" },
        { "{'type':'CLOUDWATCH_METRIC','alarm':{'region':'eu-west-1','name':'high load'},"
          "'insufficient_data_health_status':'Unhealthy'}",
          "{'type':'CLOUDWATCH_METRIC','alarm':{'region':'eu-west-1','name':'high load'},"
          "'insufficient_data_health_status':'Unhealthy','inverted':false,'disabled':false}" },
    };
    struct bench *bench = *state;
    make(bench, "{'id':'a'}");
    make(bench, "{'id':'b'}");
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        json_t *check = create(bench, rows[i].given);
        keep_config(check);
        assert_json(check, rows[i].shown);
        json_decref(check);
    }
}

/* R-HCK-4, and R-HCK-5 of inverted and disabled ones. */
static void a_new_check_is_up_unless_it_is_inverted_or_told_otherwise(void **state)
{
    struct bench *bench = *state;
    json_t *check = create(bench, "{'id':'m'}");
    assert_members(check, "{'id':'m','version':1,'up':true,'observed':true,'override':null,"
                          "'record_sets':0,'warnings':[],'checkers':[],'watched_count':0}");
    assert_null(json_object_get(check, "percentage_healthy"));
    json_decref(check);
    ask_and_expect(bench, "POST", "health-checks", "{'up':false}", "{'up':false}");
    ask_and_expect(bench, "POST", "health-checks", "{'up':true,'inverted':true}", "{'up':false}");
    ask_and_expect(bench, "POST", "health-checks",
                   "{'type':'HTTP','ip_address':'192.0.2.1','inverted':true}",
                   "{'up':false,'observed':true,'healthy_count':1,'watched_count':1,"
                   "'percentage_healthy':100.0}");
    check = create(bench, "{'type':'HTTP','ip_address':'192.0.2.1','disabled':true}");
    assert_members(check, "{'up':true}");
    assert_null(json_object_get(check, "percentage_healthy")); /* R-HCK-6 */
    json_decref(check);
}

static void what_makes_no_check_is_refused(void **state)
{
    static const struct refusal rows[] = {
        { "POST", "health-checks", "{'name':'x'}", 400, "unknown member \"name\"" },
        { "POST", "health-checks", "{'version':1}", 400, "unknown member \"version\"" },
        { "POST", "health-checks", "{'type':1}", 400,
          "type: it must be a string, such as \"HTTP\"" },
        { "POST", "health-checks", "{'type':'ICMP'}", 400,
          "type: unknown type of health check \"ICMP\"; it may be one of: MANUAL HTTP HTTPS "
          "HTTP_STR_MATCH HTTPS_STR_MATCH TCP CALCULATED CLOUDWATCH_METRIC RECOVERY_CONTROL" },
        { "POST", "health-checks", "{'type':'HTTP','up':false}", 400,
          "up: a health check of the type HTTP finds out for itself; \"signpost health set\" "
          "overrides it" },
        { "POST", "health-checks", "{'type':'HTTP'}", 400,
          "ip_address: HTTP health checks must have an IP address or a fully qualified domain "
          "name specified" },
        { "POST", "health-checks", "{'type':'HTTP','ip_address':4}", 400,
          "ip_address: it must be a string, such as \"192.0.2.1\"" },
        { "POST", "health-checks", "{'type':'HTTP','ip_address':'192.0.2.0/24'}", 400,
          "ip_address: \"192.0.2.0/24\" is no address: a check has one address, no prefix" },
        { "POST", "health-checks", "{'type':'HTTP','ip_address':'192.0.2.1','port':0}", 400,
          "port: it must be a whole number from 1 to 65535" },
        { "POST", "health-checks", "{'type':'HTTP','ip_address':'192.0.2.1','port':'80'}", 400,
          "port: it must be a whole number from 1 to 65535" },
        { "POST", "health-checks", "{'type':'HTTP','ip_address':'192.0.2.1','resource_path':''}",
          400, "resource_path: it must be a string, and not an empty one" },
        { "POST", "health-checks", "{'type':'HTTP','ip_address':'192.0.2.1','request_interval':20}",
          400, "request_interval: it must be 10 or 30 (seconds)" },
        { "POST", "health-checks",
          "{'type':'HTTP','ip_address':'192.0.2.1','failure_threshold':11}", 400,
          "failure_threshold: it must be a whole number from 1 to 10" },
        { "POST", "health-checks", "{'type':'HTTP','ip_address':'192.0.2.1','measure_latency':1}",
          400, "measure_latency: it must be true or false" },
        { "POST", "health-checks", "{'type':'HTTP','ip_address':'192.0.2.1','regions':[]}", 400,
          "regions: it must be a list of Regions, such as [\"us-east-1\"]" },
        { "POST", "health-checks", "{'type':'HTTP','ip_address':'192.0.2.1','regions':[1]}", 400,
          "regions: it must be a list of strings" },
        { "POST", "health-checks",
          "{'type':'HTTP','ip_address':'192.0.2.1','regions':['eu-west-1','eu-west-1']}", 400,
          "regions: eu-west-1 is named twice" },
        { "POST", "health-checks",
          "{'type':'HTTP','ip_address':'192.0.2.1','regions':['eu-west-1','us-east-1']}", 400,
          "regions: 2 of them: give at least 3 of the 8, or none for all of them" },
        { "POST", "health-checks", "{'type':'CALCULATED','child_health_checks':['a']}", 400,
          "health_threshold: say how many of its children must be up" },
        { "POST", "health-checks",
          "{'type':'CALCULATED','health_threshold':257,'child_health_checks':['a']}", 400,
          "health_threshold: it must be a whole number from 0 to 256" },
        { "POST", "health-checks",
          "{'type':'CALCULATED','health_threshold':1,'child_health_checks':'a'}", 400,
          "child_health_checks: it must be a list of ids of health checks" },
        { "POST", "health-checks",
          "{'type':'CALCULATED','health_threshold':1,'child_health_checks':['a b']}", 400,
          "child_health_checks: \"a b\" cannot be the id of a health check: it must be 1 to 64 "
          "letters, digits, \"-\", \"_\" and \".\"" },
        { "POST", "health-checks", "{'type':'CLOUDWATCH_METRIC','alarm':'x'}", 400,
          "alarm: it must be {\"region\":\"us-east-1\",\"name\":\"...\"}" },
        { "POST", "health-checks", "{'type':'CLOUDWATCH_METRIC','alarm':{'nam':'x'}}", 400,
          "alarm: unknown member \"nam\"" },
        { "POST", "health-checks", "{'type':'CLOUDWATCH_METRIC','alarm':{'name':'x'}}", 400,
          "alarm.region: it must be a string, and not an empty one" },
        { "POST", "health-checks",
          "{'type':'CLOUDWATCH_METRIC','alarm':{'name':'x','region':'a'},"
          "'insufficient_data_health_status':'healthy'}",
          400,
          "insufficient_data_health_status: unknown status for insufficient data \"healthy\"; it "
          "may be one of: LastKnownStatus Healthy Unhealthy" },
    };
    assert_refusals(*state, rows, COUNT_OF(rows));
}

/* A-HCK-6: also when it says what is so anyway. */
static void a_field_of_another_type_is_refused(void **state)
{
    static const struct refusal rows[] = {
        { "POST", "health-checks", "{'request_interval':30}", 400,
          "request_interval: MANUAL health checks must not have a request interval specified: "
          "leave it out" },
        { "POST", "health-checks",
          "{'type':'TCP','ip_address':'192.0.2.1','port':1,'resource_path':'/'}", 400,
          "resource_path: TCP health checks must not have a resource path specified: leave it "
          "out" },
        { "POST", "health-checks", "{'type':'HTTP','ip_address':'192.0.2.1','enable_sni':false}",
          400, "enable_sni: HTTP health checks must not have SNI specified: leave it out" },
        { "POST", "health-checks", "{'type':'HTTP','ip_address':'192.0.2.1','search_string':'x'}",
          400,
          "search_string: HTTP health checks must not have a search string specified: leave it "
          "out" },
        { "POST", "health-checks", "{'type':'HTTP','ip_address':'192.0.2.1','health_threshold':0}",
          400,
          "health_threshold: HTTP health checks must not have a health threshold specified: leave "
          "it out" },
        { "POST", "health-checks",
          "{'type':'CALCULATED','health_threshold':0,'measure_latency':false}", 400,
          "measure_latency: CALCULATED health checks must not have a measurement of latency "
          "specified: leave it out" },
    };
    assert_refusals(*state, rows, COUNT_OF(rows));
}

/* ---- changes ---- */

/* R-HCK-3, R-HCK-7, A-HCK-10. */
static void an_update_changes_what_it_names(void **state)
{
    struct bench *bench = *state;
    make(bench, "{'id':'w','type':'HTTP','ip_address':'192.0.2.1','resource_path':'/a',"
                "'fully_qualified_domain_name':'a.test','port':81,"
                "'regions':['sa-east-1','us-east-1','eu-west-1']}");
    ask_and_expect(bench, "PATCH", "health-checks/w",
                   "{'version':1,'ip_address':'2001:db8::9','failure_threshold':5}",
                   "{'version':2,'ip_address':'2001:db8::9','failure_threshold':5,'port':81,"
                   "'resource_path':'/a','request_interval':30}");
    json_t *check = done(bench, "PATCH", "health-checks/w",
                         "{'reset':['resource_path','fully_qualified_domain_name','regions'],"
                         "'inverted':true}");
    assert_members(check, "{'version':3,'inverted':true,'up':false,'port':81}");
    keep_config(check);
    assert_json(check, "{'type':'HTTP','ip_address':'2001:db8::9','port':81,"
                       "'request_interval':30,'failure_threshold':5,'measure_latency':false,"
                       "'inverted':true,'disabled':false}");
    json_decref(check);
}

static void what_cannot_be_changed_is_refused(void **state)
{
    static const struct refusal rows[] = {
        { "PATCH", "health-checks/none", "{'port':1}", 404,
          "there is no health check \"none\": \"signpost health list\" shows those that are "
          "there" },
        { "PATCH", "health-checks/w", "{'version':2,'port':1}", 409,
          "the health check w is at version 1, and the change is meant for version 2: look at it "
          "again" },
        { "PATCH", "health-checks/w", "{'version':'1'}", 400,
          "version: it must be a number, that of the health check as you know it" },
        { "PATCH", "health-checks/w", "{'type':'HTTPS'}", 400,
          "type: a health check keeps the type it was created with" },
        { "PATCH", "health-checks/w", "{'id':'v'}", 400, "unknown member \"id\"" },
        { "PATCH", "health-checks/w", "{'up':false}", 400, "unknown member \"up\"" },
        { "PATCH", "health-checks/w", "{'port':99999}", 400,
          "port: it must be a whole number from 1 to 65535" },
        { "PATCH", "health-checks/w", "{'search_string':'x'}", 400,
          "search_string: HTTP health checks must not have a search string specified: leave it "
          "out" },
        { "PATCH", "health-checks/w", "{'reset':'regions'}", 400,
          "reset: it must be a list of names of fields" },
        { "PATCH", "health-checks/w", "{'reset':['port']}", 400,
          "reset: it may list fully_qualified_domain_name, resource_path, regions and "
          "child_health_checks" },
        { "PATCH", "health-checks/w", "{'reset':['resource_path'],'resource_path':'/b'}", 400,
          "resource_path: it is both given and reset" },
    };
    struct bench *bench = *state;
    make(bench, "{'id':'w','type':'HTTP','ip_address':'192.0.2.1'}");
    assert_refusals(bench, rows, COUNT_OF(rows));
    assert_int_equal(ask_quoted(bench, "PATCH", "health-checks/w", "{'request_interval':10}"), 400);
    assert_int_equal(ask_quoted(bench, "PATCH", "health-checks/w", "{'measure_latency':true}"),
                     400);
    ask_and_expect(bench, "GET", "health-checks/w", "", "{'version':1}");
}

/* R-HCK-8, R-HCK-9. */
static void children_stay_and_circles_are_warned_of(void **state)
{
    struct bench *bench = *state;
    make(bench, "{'id':'a'}");
    make(bench, "{'id':'c','type':'CALCULATED','health_threshold':1,'child_health_checks':['a']}");
    assert_int_equal(ask_quoted(bench, "DELETE", "health-checks/a", ""), 409);
    ask_and_expect(bench, "DELETE", "health-checks/c", "", "{'id':'c','deleted':true}");
    ask_and_expect(bench, "DELETE", "health-checks/a", "", "{'id':'a','deleted':true}");
    make(bench, "{'id':'self','type':'HTTP','fully_qualified_domain_name':'www.a.test'}");
    json_decref(done(bench, "POST", "zones/a.test/import", ""));
    json_decref(done(bench, "POST", "zones/a.test/changes",
                     "{'changes':[{'action':'CREATE','name':'www.a.test','type':'A','ttl':60,"
                     "'values':['192.0.2.1'],'health_check':'self'}]}"));
    json_t *check = done(bench, "GET", "health-checks/self", "");
    assert_members(check, "{'record_sets':1}");
    assert_int_equal(json_array_size(json_object_get(check, "warnings")), 1);
    json_decref(check);
}

/* ---- overrides and histories ---- */

static void an_override_stands_above_what_is_seen(void **state)
{
    struct bench *bench = *state;
    make(bench, "{'id':'w','type':'HTTP','ip_address':'192.0.2.1'}");
    json_t *check = done(bench, "PUT", "health-checks/w/override",
                         "{'up':false,'owner':'maria','reason':'new kernel','expires_in':600}");
    json_t *override = json_object_get(check, "override");
    assert_members(check, "{'up':false,'observed':true}");
    assert_members(override, "{'up':false,'owner':'maria','reason':'new kernel'}");
    json_int_t since = json_integer_value(json_object_get(override, "since_ms"));
    json_int_t expires = json_integer_value(json_object_get(override, "expires_ms"));
    assert_in_range(expires - since, 590000, 600000);
    json_decref(check);
    ask_and_expect(bench, "GET", "health-checks/w", "", "{'up':false}");
    ask_and_expect(bench, "DELETE", "health-checks/w/override", "", "{'up':true,'override':null}");
    ask_and_expect(bench, "DELETE", "health-checks/w/override", "", "{'up':true}");
    check = done(bench, "PUT", "health-checks/w/override",
                 "{'up':false,'owner':'o','regions':['us-east-1']}");
    assert_members(json_object_get(check, "override"),
                   "{'regions':['us-east-1'],'expires_ms':0,'reason':''}");
    assert_members(check, "{'up':false}"); /* there are no checkers but that one */
    json_decref(check);
}

static void what_makes_no_override_is_refused(void **state)
{
    static const struct refusal rows[] = {
        { "PUT", "health-checks/none/override", "{'up':true,'owner':'o'}", 404,
          "there is no health check \"none\": \"signpost health list\" shows those that are "
          "there" },
        { "DELETE", "health-checks/none/override", "", 404,
          "there is no health check \"none\": \"signpost health list\" shows those that are "
          "there" },
        { "PUT", "health-checks/m/override", "{'owner':'o'}", 400, "up: it must be true or false" },
        { "PUT", "health-checks/m/override", "{'up':true}", 400,
          "owner: it must be a string, and not an empty one" },
        { "PUT", "health-checks/m/override", "{'up':true,'owner':''}", 400,
          "owner: it must be a string, and not an empty one" },
        { "PUT", "health-checks/m/override",
          "{'up':true,'owner':'12345678901234567890123456789012345678901234567890123456789012345'}",
          400, "owner: it has more than 64 octets" },
        { "PUT", "health-checks/m/override", "{'up':true,'owner':'o','reason':1}", 400,
          "reason: it must be a string" },
        { "PUT", "health-checks/m/override", "{'up':true,'owner':'o','expires_in':0}", 400,
          "expires_in: it must be a number of seconds from 1 to 2147483647" },
        { "PUT", "health-checks/m/override", "{'up':true,'owner':'o','for':1}", 400,
          "unknown member \"for\"" },
        { "PUT", "health-checks/m/state", "{'up':true}", 404, "there is nothing at this path" },
        { "POST", "health-checks/m/override", "", 405, "this path takes PUT, DELETE only" },
        { "GET", "health-checks/m/history?after_ms=x", "", 400,
          "argument after_ms: \"x\" is no time in milliseconds since 1970" },
        { "GET", "health-checks/none/history", "", 404,
          "there is no health check \"none\": \"signpost health list\" shows those that are "
          "there" },
    };
    struct bench *bench = *state;
    make(bench, "{'id':'m'}");
    assert_refusals(bench, rows, COUNT_OF(rows));
    assert_int_equal(ask_quoted(bench, "PUT", "health-checks/m/override",
                                "{'up':true,'owner':'o','regions':['us-east-1']}"),
                     400); /* nothing looks at it from anywhere */
}

/* What the daemon does when the board says so. */
static void tick(struct bench *bench)
{
    struct problem problem;
    control_tick(bench->control, 1800000000000, &problem);
}

static void a_history_begins_with_the_newest_turn(void **state)
{
    struct bench *bench = *state;
    char path[80];
    make(bench, "{'id':'m'}");
    json_decref(
        done(bench, "PUT", "health-checks/m/override", "{'up':false,'owner':'o','reason':'r'}"));
    tick(bench);
    json_t *history = done(bench, "GET", "health-checks/m/history", "");
    const json_t *events = json_object_get(history, "events");
    assert_int_equal(json_array_size(events), 2);
    assert_members(json_array_get(events, 0), "{'up':false,'cause':'override'}");
    assert_members(json_array_get(events, 1), "{'up':true,'cause':'created'}");
    snprintf(path, sizeof(path), "health-checks/m/history?after_ms=%lld",
             (long long)json_integer_value(json_object_get(json_array_get(events, 0), "at_ms")));
    json_decref(history);
    history = done(bench, "GET", path, "");
    assert_json(history, "{'events':[]}");
    json_decref(history);
}

/* ---- checkers and figures ---- */

static void report(struct bench *bench, const struct probe_result *result)
{
    struct board_order order;
    struct probe_target target;
    assert_true(board_take_order(bench->board, &order));
    assert_true(board_read_target(bench->board, &order, &target));
    board_report(bench->board, order.slot, order.generation, 0, result);
}

static void a_view_has_what_each_checker_saw(void **state)
{
    struct bench *bench = *state;
    struct probe_result result = { .outcome = PROBE_HTTP_STATUS,
                                   .at_ms = 1795000000000,
                                   .http_status = 503,
                                   .detail = "Busy",
                                   .connection_ms = 1.25f,
                                   .tls_ms = -1,
                                   .first_byte_ms = 8.5f };
    make(bench, "{'id':'w','type':'HTTP','ip_address':'192.0.2.1','failure_threshold':1}");
    report(bench, &result);
    json_t *check = done(bench, "GET", "health-checks/w", "");
    json_t *checker = json_array_get(json_object_get(check, "checkers"), 0);
    static const char last[] = "{'passed':false,'text':'Failure: HTTP Status Code 503, Busy',"
                               "'at_ms':1795000000000,'connection_ms':1.25,'first_byte_ms':8.5}";
    assert_members(check, "{'up':false,'observed':false,'healthy_count':0,'watched_count':1,"
                          "'percentage_healthy':0.0}");
    assert_int_equal(json_array_size(json_object_get(check, "checkers")), 1);
    assert_members(checker, "{'region':'us-east-1','number':1,'up':false,'streak':0}");
    assert_json(json_object_get(checker, "last"), last);
    assert_json(json_object_get(checker, "last_failure"), last);
    json_decref(check);
    json_t *list = done(bench, "GET", "health-checks", "");
    assert_null(
        json_object_get(json_array_get(json_object_get(list, "health_checks"), 0), "checkers"));
    json_decref(list);
}

/* Whether the page has that line, whole. */
static void assert_line(const struct bench *bench, const char *line)
{
    const char *page = bench->exchange.response.body.data, *at = page;
    size_t size = strlen(line);
    for (; (at = strstr(at, line)) != NULL; at++)
        if ((at == page || at[-1] == '\n') && at[size] == '\n')
            return;
    fail_msg("no line %s in\n%s", line, page);
}

static void metrics_tell_checks_apart(void **state)
{
    static const char *const lines[] = {
        "# TYPE signpost_health_check_status gauge",
        "signpost_health_check_status{check=\"calc\"} 1",
        "signpost_health_check_status{check=\"off\"} 1",
        "signpost_health_check_status{check=\"set\"} 0",
        "signpost_health_check_status{check=\"web\"} 0",
        "signpost_health_check_percentage_healthy{check=\"web\"} 100",
        "signpost_health_check_child_healthy_count{check=\"calc\"} 1",
        "signpost_health_check_override{check=\"set\"} 1",
        "# TYPE signpost_health_check_connection_seconds summary",
        "signpost_health_check_connection_seconds_sum{check=\"web\",region=\"us-east-1\"} 0.0025",
        "signpost_health_check_connection_seconds_count{check=\"web\",region=\"us-east-1\"} 1",
        "signpost_health_check_ssl_handshake_seconds_sum{check=\"web\",region=\"us-east-1\"} "
        "0.0305",
        "signpost_health_check_time_to_first_byte_seconds_sum{check=\"web\",region=\"us-east-1\"} "
        "0.125",
        "signpost_probes_total{result=\"passed\"} 5",
        "signpost_probes_total{result=\"failed\"} 3",
        "signpost_probes_under_way 1",
        "signpost_probes_waiting 2",
        "signpost_probe_lateness_seconds_sum 1.5",
        "signpost_probe_lateness_seconds_count 9",
        "signpost_probe_lateness_seconds_max 0.75",
        "signpost_probe_cpu_seconds_total 0.25",
        "signpost_queries_total{transport=\"tcp4\"} 4",
        "signpost_replies_total{rcode=\"NOERROR\"} 7",
        "signpost_signatures_made_total{sets=\"zone\"} 11",
        "signpost_signatures_made_total{sets=\"other\"} 12",
        "signpost_signatures_remembered_total 13",
        "signpost_signatures_refused_total 14",
        "signpost_uptime_seconds 5",
        "signpost_zones 0",
        "signpost_records 0",
    };
    static const char *const absent[] = { "percentage_healthy{check=\"off\"",
                                          "percentage_healthy{check=\"set\"",
                                          "override{check=\"web\"",
                                          "connection_seconds_sum{check=\"off\"" };
    struct probe_result result = { .outcome = PROBE_PASSED,
                                   .at_ms = 1795000000000,
                                   .http_status = 200,
                                   .connection_ms = 2.5f,
                                   .tls_ms = 30.5f,
                                   .first_byte_ms = 125 };
    struct bench *bench = *state;
    make(bench, "{'id':'web','type':'HTTPS','ip_address':'192.0.2.1','measure_latency':true,"
                "'inverted':true}");
    report(bench, &result);
    make(bench, "{'id':'off','type':'HTTPS','ip_address':'192.0.2.1','disabled':true}");
    make(bench, "{'id':'set'}");
    json_decref(done(bench, "PUT", "health-checks/set/override", "{'up':false,'owner':'o'}"));
    make(bench, "{'id':'calc','type':'CALCULATED','health_threshold':1,"
                "'child_health_checks':['set','off']}");
    assert_int_equal(ask(bench, "GET", "/metrics", ""), 200);
    assert_string_equal(bench->exchange.response.content_type, "text/plain; version=0.0.4");
    for (size_t i = 0; i < COUNT_OF(lines); i++)
        assert_line(bench, lines[i]);
    for (size_t i = 0; i < COUNT_OF(absent); i++)
        assert_null(strstr(bench->exchange.response.body.data, absent[i]));
}

static void metrics_stand_at_their_own_path(void **state)
{
    static const struct row {
        const char *method, *target;
        unsigned status;
    } rows[] = {
        { "GET", "/metrics", 200 },       { "POST", "/metrics", 405 },
        { "GET", "/metrics/", 404 },      { "GET", "/metrics/x", 404 },
        { "GET", "/metrics?a=1", 400 },   { "GET", "/signpost/v1/metrics", 404 },
        { "GET", "/health-checks", 404 },
    };
    struct bench *bench = *state;
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        assert_int_equal(ask(bench, rows[i].method, rows[i].target, ""), rows[i].status);
}

static const struct CMUnitTest tests[] = {
    WITH_BENCH(every_type_is_shown_as_it_was_given),
    WITH_BENCH(a_new_check_is_up_unless_it_is_inverted_or_told_otherwise),
    WITH_BENCH(what_makes_no_check_is_refused),
    WITH_BENCH(a_field_of_another_type_is_refused),
    WITH_BENCH(an_update_changes_what_it_names),
    WITH_BENCH(what_cannot_be_changed_is_refused),
    WITH_BENCH(children_stay_and_circles_are_warned_of),
    WITH_BENCH(an_override_stands_above_what_is_seen),
    WITH_BENCH(what_makes_no_override_is_refused),
    WITH_BENCH(a_history_begins_with_the_newest_turn),
    WITH_BENCH(a_view_has_what_each_checker_saw),
    WITH_BENCH(metrics_tell_checks_apart),
    WITH_BENCH(metrics_stand_at_their_own_path),
};

RUN_TESTS(tests)
