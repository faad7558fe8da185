/* Explanations and simulations over HTTP: the tree of each policy, what is supposed, and what each
 * mistake is told. */
#include "bench.h"

#include <math.h>

#define V1 "/signpost/v1/"

static const char zone_text[] =
    "$TTL 60\n"
    "plain A 192.0.2.1\n"
    "plain A 192.0.2.2\n"
    "mail MX 10 plain\n"
    "chain CNAME share\n"
    "sub NS ns.example.\n"
    ";@ share 60 IN A weighted id=\"all\" weight=1 check=c1 value 192.0.2.11\n"
    ";@ share 60 IN A weighted id=\"none\" weight=0 value 192.0.2.12\n"
    ";@ pair 60 IN A failover id=\"p\" role=PRIMARY check=c1 value 192.0.2.21\n"
    ";@ pair 60 IN A failover id=\"s\" role=SECONDARY check=c2 value 192.0.2.22\n"
    ";@ top IN A geolocation id=\"de\" country=DE alias pair evaluate-health=yes\n"
    ";@ top IN A geolocation id=\"us-ny\" country=US subdivision=NY alias plain "
    "evaluate-health=no\n"
    ";@ top IN A geolocation id=\"rest\" country=* alias share evaluate-health=yes\n"
    ";@ fast 60 IN A latency id=\"fra\" region=eu-central-1 value 192.0.2.31\n"
    ";@ near 60 IN A geoproximity id=\"fra\" region=eu-central-1 bias=50 value 192.0.2.41\n"
    ";@ near 60 IN A geoproximity id=\"pole\" coordinates=-90,0 value 192.0.2.42\n"
    ";@ many 60 IN A multivalue id=\"m1\" check=c1 value 192.0.2.51\n"
    ";@ many 60 IN A multivalue id=\"m2\" value 192.0.2.52\n"
    ";@ gone IN A simple alias lost.example. zone=ZSIGNPOSTRESOURCES evaluate-health=yes\n"
    ";@ half 60 IN A weighted id=\"heads\" weight=50 value 192.0.2.61\n"
    ";@ half 60 IN A weighted id=\"tails\" weight=50 value 192.0.2.62\n";

static const char locations_text[] =
    "prefix,continent,country,subdivision,latitude,longitude,region\n"
    "203.0.113.0/24,EU,DE,,50.11,8.68,eu-central-1\n"
    "198.51.100.0/24,NA,US,NY,40.71,-74.01,us-east-1\n";

static unsigned post(struct bench *bench, const char *path, const char *body)
{
    char target[128], text[4096];
    snprintf(target, sizeof(target), V1 "%s", path);
    snprintf(text, sizeof(text), "%s", body);
    quote(text);
    return ask(bench, "POST", target, text);
}

static void post_well(struct bench *bench, const char *path, const char *body)
{
    if (post(bench, path, body) != 200)
        fail_msg("%s: %s", path, bench->exchange.response.body.data);
}

static int set_up(void **state)
{
    bench_set_up(state);
    struct bench *bench = *state;
    post_well(bench, "health-checks", "{'id':'c1'}");
    post_well(bench, "health-checks", "{'id':'c2','up':false}");
    assert_int_equal(ask(bench, "POST", V1 "zones/lab.test/import", zone_text), 200);
    assert_int_equal(ask(bench, "POST", V1 "locations/import", locations_text), 200);
    return 0;
}

/* ---- explain ---- */

/* Times, which no test can know, become one word. */
static void mask_times(json_t *value)
{
    const char *name;
    json_t *member;
    size_t index;
    void *next;
    json_object_foreach_safe(value, next, name, member)
    {
        if (strcmp(name, "since") == 0) {
            assert_int_equal(json_string_length(member), strlen("2026-11-21T03:00:00Z"));
            json_object_set_new(value, name, json_string("then"));
        } else if (strcmp(name, "seconds") == 0) {
            assert_in_range(json_integer_value(member), 0, 3600);
            json_object_del(value, name);
        } else {
            mask_times(member);
        }
    }
    json_array_foreach(value, index, member) mask_times(member);
}

/* A part of the reply as text, its quotes made single. */
static void assert_json(json_t *value, const char *why, const char *expect)
{
    mask_times(value);
    char *text = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY | JSON_REAL_PRECISION(15));
    assert_non_null(text);
    for (char *at = text; *at != '\0'; at++)
        *at = *at == '"' ? '\'' : *at;
    if (strcmp(text, expect) != 0)
        fail_msg("%s\n  is       %s\n  expected %s", why, text, expect);
    free(text);
}

static json_t *explain(struct bench *bench, const char *body)
{
    post_well(bench, "explain", body);
    return reply_of(bench);
}

static void a_plain_name_has_no_tree(void **state)
{
    json_t *reply = explain(*state, "{'name':'PLAIN.lab.test','type':'a','seed':1}");
    json_t *answer = json_object_get(reply, "answer");
    assert_int_equal(json_array_size(answer), 2);
    json_object_del(reply, "answer");
    assert_json(reply, "all but the records",
                "{'name':'plain.lab.test.','type':'A','client':{'prefix':'127.0.0.1','source':"
                "'address','used':false,'place_source':'unlocated','assumed':false},'rcode':"
                "'NOERROR','authoritative':true,'truncated':false,'line':'','groups':[],"
                "'complete':true,'seed':1}");
    json_decref(reply);
}

static void a_tree_is_told_from_its_root(void **state)
{
    json_t *reply = explain(*state, "{'name':'top.lab.test','type':'A','client':'203.0.113.0/25',"
                                    "'down':['c1'],'seed':5}");
    assert_json(json_object_get(reply, "client"), "the client",
                "{'prefix':'203.0.113.0/25','source':'client-subnet','used':true,'place_source':"
                "'table','assumed':false,'continent':'EU','country':'DE','latitude':50.11,"
                "'longitude':8.68,'region':'eu-central-1'}");
    assert_json(json_object_get(reply, "answer"), "the answer",
                "[{'name':'top.lab.test.','ttl':60,'type':'A','value':'192.0.2.12'}]");
    assert_int_equal(json_integer_value(json_object_get(reply, "scope")), 24);
    assert_string_equal(
        json_string_value(json_object_get(reply, "line")),
        "geolocation * (DE: nothing behind it is healthy) -> weighted none 1 of 1 of weight 0 "
        "(all: check c1 down); client 203.0.113.0/25 in DE by table");
    assert_json(
        json_object_get(reply, "groups"), "the tree",
        "[{'owner':'top.lab.test.','type':'A','policy':'geolocation','last_resort':false,"
        "'outcome':'found','candidates':["
        "{'label':'DE','state':'left','reason':'nothing behind it is healthy','set_identifier':"
        "'de','geolocation':{'country':'DE'},'target':'pair.lab.test.',"
        "'evaluate_target_health':true,'groups':["
        "{'owner':'pair.lab.test.','type':'A','policy':'failover','last_resort':false,'outcome':"
        "'nothing','candidates':["
        "{'label':'PRIMARY','state':'left','reason':'its health check is down','set_identifier':"
        "'p','failover':'PRIMARY','check':{'id':'c1','up':false,'supposed':true},'ttl':60,"
        "'values':['192.0.2.21']},"
        "{'label':'SECONDARY','state':'left','reason':'its health check is down',"
        "'set_identifier':'s','failover':'SECONDARY','check':{'id':'c2','up':false,'since':'then'},"
        "'ttl':60,'values':['192.0.2.22']}]}]},"
        "{'label':'*','state':'taken','set_identifier':'rest','geolocation':{'country':'*'},"
        "'target':'share.lab.test.','evaluate_target_health':true,'groups':["
        "{'owner':'share.lab.test.','type':'A','policy':'weighted','last_resort':false,'outcome':"
        "'found','candidates':["
        "{'label':'all','state':'left','reason':'its health check is down','set_identifier':'all',"
        "'weight':1,'draw':{'draw':0,'total':1},'check':{'id':'c1','up':false,'supposed':true},"
        "'ttl':60,'values':['192.0.2.11']},"
        "{'label':'none','state':'taken','set_identifier':'none','weight':0,'draw':{'draw':0,"
        "'total':1},'ttl':60,'values':['192.0.2.12']}]}]},"
        "{'label':'US-NY','state':'left','reason':'the client is elsewhere','set_identifier':"
        "'us-ny','geolocation':{'country':'US','subdivision':'NY'},'target':'plain.lab.test.',"
        "'evaluate_target_health':false,'ttl':60,'values':['192.0.2.1','192.0.2.2']}]}]");
    json_decref(reply);
}

/* The first candidate of the last pass over the first group. */
static void every_policy_says_what_it_went_by(void **state)
{
    static const struct row {
        const char *body, *outcome, *expect;
    } rows[] = {
        { "'name':'fast.lab.test','client':'203.0.113.9'", "found",
          "{'label':'eu-central-1','state':'taken','set_identifier':'fra','region':'eu-central-1',"
          "'latency':{'ms':5.0,'source':'modelled'},'ttl':60,'values':['192.0.2.31']}" },
        { "'name':'near.lab.test','client':'203.0.113.9'", "found",
          "{'label':'fra','state':'taken','set_identifier':'fra','geoproximity':{'latitude':50.11,"
          "'longitude':8.68,'bias':50},'distance':{'km':0.0,'biased_km':0.0},'ttl':60,'values':"
          "['192.0.2.41']}" },
        { "'name':'near.lab.test','source':'192.0.2.7'", "found",
          "{'label':'fra','state':'taken','set_identifier':'fra','geoproximity':{'latitude':50.11,"
          "'longitude':8.68,'bias':50},'distance':{'km':6553.0,'biased_km':3277.0},'ttl':60,"
          "'values':['192.0.2.41']}" },
        { "'name':'many.lab.test','down':['c1']", "found",
          "{'label':'m1','state':'left','reason':'its health check is down','set_identifier':'m1',"
          "'check':{'id':'c1','up':false,'supposed':true},'ttl':60,'values':['192.0.2.51']}" },
        { "'name':'pair.lab.test','up':['c2']", "found",
          "{'label':'PRIMARY','state':'taken','set_identifier':'p','failover':'PRIMARY','check':"
          "{'id':'c1','up':true,'since':'then'},'ttl':60,'values':['192.0.2.21']}" },
        { "'name':'gone.lab.test'", "nothing",
          "{'label':'lost.example.','state':'left','reason':'no such resource is registered',"
          "'resource':'lost.example.','evaluate_target_health':true}" },
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char body[256];
        snprintf(body, sizeof(body), "{'type':'A',%s}", rows[i].body);
        json_t *reply = explain(*state, body), *groups = json_object_get(reply, "groups");
        json_t *group = json_array_get(groups, json_array_size(groups) - 1);
        assert_string_equal(json_string_value(json_object_get(group, "outcome")), rows[i].outcome);
        assert_json(json_array_get(json_object_get(group, "candidates"), 0), rows[i].body,
                    rows[i].expect);
        json_decref(reply);
    }
}

static void what_is_searched_twice_is_told_twice(void **state)
{
    json_t *reply = explain(*state, "{'name':'pair.lab.test','type':'A','down':['c1']}");
    json_t *groups = json_object_get(reply, "groups");
    assert_int_equal(json_array_size(groups), 2);
    assert_json(json_object_get(json_array_get(groups, 0), "outcome"), "healthy", "'nothing'");
    assert_json(json_object_get(json_array_get(groups, 0), "last_resort"), "healthy", "false");
    assert_json(json_object_get(json_array_get(groups, 1), "outcome"), "last resort", "'found'");
    assert_json(json_object_get(json_array_get(groups, 1), "last_resort"), "last resort", "true");
    json_decref(reply);
}

static void answers_are_told_record_by_record(void **state)
{
    static const struct row {
        const char *body, *rcode, *expect;
        bool is_authoritative;
    } rows[] = {
        { "'name':'chain.lab.test','type':'A'", "NOERROR",
          "[{'name':'chain.lab.test.','ttl':60,'type':'CNAME','value':'share.lab.test.'},"
          "{'name':'share.lab.test.','ttl':60,'type':'A','value':'192.0.2.11'}]",
          true },
        { "'name':'mail.lab.test','type':'MX'", "NOERROR",
          "[{'name':'mail.lab.test.','ttl':60,'type':'MX','value':'10 plain.lab.test.'}]", true },
        { "'name':'mail.lab.test','type':'A'", "NOERROR", "[]", true },
        { "'name':'none.lab.test','type':'A'", "NXDOMAIN", "[]", true },
        { "'name':'www.sub.lab.test','type':'A'", "NOERROR", "[]", false },
        { "'name':'other.test','type':'A'", "REFUSED", "[]", false },
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char body[256];
        snprintf(body, sizeof(body), "{%s}", rows[i].body);
        json_t *reply = explain(*state, body);
        assert_string_equal(json_string_value(json_object_get(reply, "rcode")), rows[i].rcode);
        assert_true(json_is_true(json_object_get(reply, "authoritative")) ==
                    rows[i].is_authoritative);
        assert_json(json_object_get(reply, "answer"), rows[i].body, rows[i].expect);
        json_decref(reply);
    }
}

static void supposing_changes_nothing(void **state)
{
    struct bench *bench = *state;
    json_decref(explain(bench, "{'name':'pair.lab.test','type':'A','down':['c1'],'up':['c2']}"));
    json_t *reply = explain(bench, "{'name':'pair.lab.test','type':'A'}");
    assert_json(json_object_get(reply, "answer"), "the primary is up as before",
                "[{'name':'pair.lab.test.','ttl':60,'type':'A','value':'192.0.2.21'}]");
    json_decref(reply);
    assert_int_equal(ask(bench, "GET", V1 "health-checks/c1", NULL), 200);
    reply = reply_of(bench);
    assert_true(json_is_true(json_object_get(reply, "up")));
    json_decref(reply);
}

/* Who looks for the reason of an answer finds who is behind it. */
static void a_check_that_is_set_says_who_set_it(void **state)
{
    struct bench *bench = *state;
    char body[] = "{'up':false,'owner':'maria','reason':'new kernel'}";
    quote(body);
    assert_int_equal(ask(bench, "PUT", V1 "health-checks/c1/override", body), 200);
    json_t *reply = explain(bench, "{'name':'share.lab.test','type':'A','seed':1}");
    const json_t *group = json_array_get(json_object_get(reply, "groups"), 0);
    const json_t *first = json_array_get(json_object_get(group, "candidates"), 0);
    assert_json(json_object_get(first, "check"), "the check",
                "{'id':'c1','up':false,'since':'then','set':true,'owner':'maria','reason':"
                "'new kernel'}");
    assert_string_equal(json_string_value(json_object_get(reply, "line")),
                        "weighted none 1 of 1 of weight 0 (all: check c1 down (set))");
    json_decref(reply);
    reply = explain(bench, "{'name':'share.lab.test','type':'A','down':['c1'],'seed':1}");
    group = json_array_get(json_object_get(reply, "groups"), 0);
    first = json_array_get(json_object_get(group, "candidates"), 0);
    assert_json(json_object_get(first, "check"), "supposed, and not set",
                "{'id':'c1','up':false,'supposed':true}");
    json_decref(reply);
}

/* ---- simulate ---- */

static void a_simulation_counts_answers_and_draws(void **state)
{
    struct bench *bench = *state;
    post_well(bench, "simulate",
              "{'name':'top.lab.test','type':'A','clients':['203.0.113.0/24','198.51.100.0/24'],"
              "'queries':50,'up':['c2'],'seed':9}");
    json_t *reply = reply_of(bench);
    assert_json(reply, "certain answers",
                "{'name':'top.lab.test.','type':'A','seed':9,'queries':100,'clients':["
                "{'client':'203.0.113.0/24','answers':[{'answer':0,'count':50}],'others':0},"
                "{'client':'198.51.100.0/24','answers':[{'answer':1,'count':50}],'others':0}],"
                "'answers':[{'rcode':'NOERROR','members':'DE -> PRIMARY','values':['192.0.2.21']},"
                "{'rcode':'NOERROR','members':'US-NY','values':['192.0.2.1','192.0.2.2']}],"
                "'weighted':[],'complete':true}");
    json_decref(reply);

    post_well(bench, "simulate",
              "{'name':'half.lab.test','type':'A','clients':['10.0.0.0/8'],'queries':1000}");
    reply = reply_of(bench);
    json_t *group = json_array_get(json_object_get(reply, "weighted"), 0);
    const char *owner, *type;
    int draws, degrees, last_resort, observed[2], weights[2];
    double statistic, p, expected[2];
    const char *names[2];
    assert_int_equal(
        json_unpack(group,
                    "{s:s,s:s,s:b,s:i,s:[{s:s,s:i,s:i,s:F!},{s:s,s:i,s:i,s:F!}!],s:F,s:i,s:F!}",
                    "owner", &owner, "type", &type, "last_resort", &last_resort, "draws", &draws,
                    "members", "set_identifier", &names[0], "weight", &weights[0], "observed",
                    &observed[0], "expected", &expected[0], "set_identifier", &names[1], "weight",
                    &weights[1], "observed", &observed[1], "expected", &expected[1], "chi_square",
                    &statistic, "degrees_of_freedom", &degrees, "p_value", &p),
        0);
    assert_string_equal(names[0], "heads");
    assert_int_equal(observed[0] + observed[1], 1000);
    assert_true(expected[0] == 500 && expected[1] == 500);
    assert_int_equal(draws, 1000);
    assert_int_equal(degrees, 1);
    double off = observed[0] - 500;
    assert_true(fabs(statistic - 2 * off * off / 500) < 1e-9);
    assert_true(fabs(p - erfc(fabs(off) / sqrt(500))) < 1e-9);
    json_decref(reply);
}

static void other_answers_are_no_records(void **state)
{
    static const struct row {
        const char *name, *expect;
    } rows[] = {
        { "none.lab.test", "[{'rcode':'NXDOMAIN','members':'','values':[]}]" },
        { "gone.lab.test", "[{'rcode':'NOERROR','members':'','values':[]}]" },
        { "chain.lab.test", "[{'rcode':'NOERROR','members':'all','values':['192.0.2.11']}]" },
        { "other.test", "[{'rcode':'REFUSED','members':'','values':[]}]" },
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char body[256];
        snprintf(body, sizeof(body),
                 "{'name':'%s','type':'A','clients':['10.0.0.0/8'],'queries':3}", rows[i].name);
        post_well(*state, "simulate", body);
        json_t *reply = reply_of(*state);
        assert_json(json_object_get(reply, "answers"), rows[i].name, rows[i].expect);
        json_decref(reply);
    }
}

/* ---- too much ---- */

#define CHAIN_LENGTH 25

/* Group number `number` of a chain: all down but an alias to the next, if there is one. */
static void add_group(char **zone, size_t *size, char chain, unsigned number)
{
    FILE *out = open_memstream(zone, size);
    for (unsigned i = 0; i < 99; i++)
        fprintf(out, ";@ %c%u 60 IN A weighted id=\"%u\" weight=1 check=c2 value 192.0.2.%u\n",
                chain, number, i, i);
    if (number + 1 < CHAIN_LENGTH)
        fprintf(out, ";@ %c%u IN A weighted id=\"on\" weight=1 alias %c%u evaluate-health=yes\n",
                chain, number, chain, number + 1);
    fclose(out);
}

/* Two chains of groups, in which nothing at all is healthy, below one name. */
static char *large_zone(void)
{
    char *text = NULL, *piece = NULL;
    size_t size = 0, piece_size = 0;
    FILE *out = open_memstream(&text, &size);
    fputs("$TTL 60\n"
          ";@ root IN A failover id=\"1\" role=PRIMARY alias a0 evaluate-health=yes\n"
          ";@ root IN A failover id=\"2\" role=SECONDARY alias b0 evaluate-health=yes\n",
          out);
    for (unsigned i = 0; i < 2 * CHAIN_LENGTH; i++) {
        add_group(&piece, &piece_size, i < CHAIN_LENGTH ? 'a' : 'b', i % CHAIN_LENGTH);
        fputs(piece, out);
        free(piece);
    }
    fclose(out);
    return text;
}

static void a_tree_that_is_too_large_is_cut_short(void **state)
{
    struct bench *bench = *state;
    char *zone = large_zone();
    assert_int_equal(ask(bench, "POST", V1 "zones/large.test/import", zone), 200);
    free(zone);
    json_t *reply = explain(bench, "{'name':'root.large.test','type':'A'}");
    assert_true(json_is_false(json_object_get(reply, "complete")));
    assert_int_equal(json_array_size(json_object_get(reply, "answer")), 1);
    json_t *group = json_array_get(json_object_get(reply, "groups"), 0);
    assert_json(json_object_get(group, "outcome"), "the first pass", "'cut short'");
    json_decref(reply);

    assert_int_equal(post(bench, "simulate",
                          "{'name':'root.large.test','type':'A','clients':['::/0'],"
                          "'queries':4000}"),
                     413);
    reply = reply_of(bench);
    assert_non_null(strstr(message_of(reply), "ask for fewer"));
    json_decref(reply);
}

/* ---- mistakes ---- */

static void mistakes_are_named(void **state)
{
    static const struct row {
        const char *path, *body;
        unsigned status;
        const char *expect;
    } rows[] = {
        { "explain", "", 400, "the body" },
        { "explain", "[]", 400, "the body" },
        { "explain", "{}", 400, "name: it must be a string" },
        { "explain", "{'name':'a..b','type':'A'}", 400, "name: \"a..b\" is no domain name" },
        { "explain", "{'name':'a'}", 400, "type: it must be a string" },
        { "explain", "{'name':'a','type':'ANY'}", 400, "unknown type \"ANY\"" },
        { "explain", "{'name':'a','type':'A','tpye':1}", 400, "unknown member \"tpye\"" },
        { "explain", "{'name':'a','type':'A','queries':1}", 400, "unknown member \"queries\"" },
        { "explain", "{'name':'a','type':'A','client':7}", 400, "client: it must be a string" },
        { "explain", "{'name':'a','type':'A','client':'10.0.0.1/8'}", 400,
          "client: \"10.0.0.1/8\" has bits set behind its length" },
        { "explain", "{'name':'a','type':'A','source':'10.0.0.0/8'}", 400,
          "source: it must be the address of one host" },
        { "explain", "{'name':'a','type':'A','seed':-1}", 400, "seed: it must be a whole number" },
        { "explain", "{'name':'a','type':'A','seed':9007199254740992}", 400,
          "seed: it must be a whole number" },
        { "explain", "{'name':'a','type':'A','seed':1.5}", 400, "seed: it must be" },
        { "explain", "{'name':'a','type':'A','down':'c1'}", 400, "down: it must be a list" },
        { "explain", "{'name':'a','type':'A','up':[1]}", 400, "up: it must be a list of strings" },
        { "explain", "{'name':'a','type':'A','up':['c1'],'down':['c1']}", 400,
          "up: \"c1\" is named twice" },
        { "explain", "{'name':'a','type':'A','down':['c9']}", 404, "no health check \"c9\"" },
        { "simulate", "{'name':'a','type':'A','queries':1}", 400, "clients: it must be a list" },
        { "simulate", "{'name':'a','type':'A','queries':1,'clients':[]}", 400,
          "clients: it must be a list of at least one" },
        { "simulate", "{'name':'a','type':'A','queries':1,'clients':['::/0','x']}", 400,
          "clients[1]: \"x\" is no IPv4 or IPv6 address" },
        { "simulate", "{'name':'a','type':'A','clients':['::/0']}", 400, "queries: it must be" },
        { "simulate", "{'name':'a','type':'A','clients':['::/0'],'queries':0}", 400,
          "queries: it must be" },
        { "simulate", "{'name':'a','type':'A','clients':['::/0','::/1'],'queries':200000}", 413,
          "400000 queries are too many" },
        { "simulate", "{'name':'a','type':'A','clients':['::/0'],'queries':1,'client':'::'}", 400,
          "unknown member \"client\"" },
        { "simulate", "{'name':'a','type':'A','clients':['::/0'],'queries':1,'up':['c9']}", 404,
          "no health check \"c9\"" },
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        unsigned status = post(*state, rows[i].path, rows[i].body);
        json_t *document = reply_of(*state);
        if (status != rows[i].status || strstr(message_of(document), rows[i].expect) == NULL)
            fail_msg("%s %s: %u %s", rows[i].path, rows[i].body, status, message_of(document));
        json_decref(document);
    }
}

#define WITH_ZONE(test) cmocka_unit_test_setup_teardown(test, set_up, bench_tear_down)

static const struct CMUnitTest tests[] = {
    WITH_ZONE(a_plain_name_has_no_tree),
    WITH_ZONE(a_tree_is_told_from_its_root),
    WITH_ZONE(every_policy_says_what_it_went_by),
    WITH_ZONE(what_is_searched_twice_is_told_twice),
    WITH_ZONE(answers_are_told_record_by_record),
    WITH_ZONE(supposing_changes_nothing),
    WITH_ZONE(a_check_that_is_set_says_who_set_it),
    WITH_ZONE(a_simulation_counts_answers_and_draws),
    WITH_ZONE(other_answers_are_no_records),
    WITH_ZONE(a_tree_that_is_too_large_is_cut_short),
    WITH_ZONE(mistakes_are_named),
};
RUN_TESTS(tests)
