/* Health checks on the command line: what options ask for, and how checks look. */
#include "../../../src/cmd/client/health.h"

#include "built.h"

/* ---- what is asked for ---- */

static char *build_quoted(built_by *build, const char *text, int *out_rc)
{
    char *out = built(build, text, out_rc);
    for (char *at = out; at != NULL && *at != '\0'; at++)
        *at = *at == '"' ? '\'' : *at;
    return out;
}

/* What follows "health create" or "health update"; NULL: it is wrong usage. */
struct line {
    const char *words, *expect;
};

static void assert_built(built_by *build, const struct line *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        int rc;
        char *text = build_quoted(build, rows[i].words, &rc);
        if (rows[i].expect == NULL && rc != EXIT_USAGE)
            fail_msg("%s is %s, expected wrong usage", rows[i].words, text);
        if (rows[i].expect != NULL && (text == NULL || strcmp(text, rows[i].expect) != 0))
            fail_msg("%s is %s, expected %s", rows[i].words, text, rows[i].expect);
        free(text);
    }
}

/* As verbs see them, the words of the verb are gone; built() leaves them, so none are given. */
static void words_and_options_become_a_check(void **state)
{
    static const struct line rows[] = {
        { "", "{}" },
        { "web", "{'id':'web'}" },
        { "web up", "{'id':'web','up':true}" },
        { "web down --invert", "{'id':'web','up':false,'inverted':true}" },
        { "web http://192.0.2.1", "{'id':'web','type':'HTTP','ip_address':'192.0.2.1'}" },
        { "web http://192.0.2.1/", "{'id':'web','type':'HTTP','ip_address':'192.0.2.1'}" },
        { "web http://192.0.2.1:8080/a/../b?x=1&y=%20",
          "{'id':'web','type':'HTTP','ip_address':'192.0.2.1','resource_path':'/a/../b?x=1&y=%20',"
          "'port':8080}" },
        { "web https://[2001:db8::1]:8443/x --domain www.test --no-sni",
          "{'id':'web','type':'HTTPS','ip_address':'2001:db8::1','resource_path':'/x','port':8443,"
          "'fully_qualified_domain_name':'www.test','enable_sni':false}" },
        { "web https://www.test --search ok --interval 10 --threshold 2 --measure-latency",
          "{'id':'web','type':'HTTPS_STR_MATCH','fully_qualified_domain_name':'www.test',"
          "'search_string':'ok','request_interval':10,'failure_threshold':2,'measure_latency':"
          "true}" },
        { "web http://www.test --search ok --regions us-east-1,eu-west-1,sa-east-1 --disable",
          "{'id':'web','type':'HTTP_STR_MATCH','fully_qualified_domain_name':'www.test',"
          "'search_string':'ok','regions':['us-east-1','eu-west-1','sa-east-1'],'disabled':true}" },
        { "db tcp://db.test:5432",
          "{'id':'db','type':'TCP','fully_qualified_domain_name':'db.test','port':5432}" },
        { "db tcp://[::1]:25", "{'id':'db','type':'TCP','ip_address':'::1','port':25}" },
        { "all --of a,b,c", "{'id':'all','type':'CALCULATED','child_health_checks':['a','b','c'],"
                            "'health_threshold':3}" },
        { "some --of a,b,c --at-least 2",
          "{'id':'some','type':'CALCULATED','child_health_checks':['a','b','c'],"
          "'health_threshold':2}" },
        { "one --any a,b", "{'id':'one','type':'CALCULATED','child_health_checks':['a','b'],"
                           "'health_threshold':1}" },
        { "al --alarm high", "{'id':'al','type':'CLOUDWATCH_METRIC','alarm':{'region':'us-east-1',"
                             "'name':'high'}}" },
        { "al --alarm high --region eu-west-1 --no-data unhealthy",
          "{'id':'al','type':'CLOUDWATCH_METRIC','alarm':{'region':'eu-west-1','name':'high'},"
          "'insufficient_data_health_status':'Unhealthy'}" },
        { "al --alarm high --no-data last",
          "{'id':'al','type':'CLOUDWATCH_METRIC','alarm':{'region':'us-east-1','name':'high'},"
          "'insufficient_data_health_status':'LastKnownStatus'}" },
        { "cell --control cell-1",
          "{'id':'cell','type':'RECOVERY_CONTROL','routing_control':'cell-1'}" },

        { "web sideways", NULL },
        { "web ftp://192.0.2.1", NULL },
        { "web http://", NULL },
        { "web http://user@192.0.2.1/", NULL },
        { "web http://192.0.2.1/#x", NULL },
        { "web http://192.0.2.1:99999/", NULL },
        { "web http://www.test --domain other.test", NULL },
        { "web http://192.0.2.1 --of a,b", NULL },
        { "web up --control c", NULL },
        { "web --alarm a --control c", NULL },
        { "web --any a --of b", NULL },
        { "web --any a --at-least 1", NULL },
        { "web --of a --at-least x", NULL },
        { "web --of a --region eu-west-1", NULL },
        { "web --alarm a --no-data green", NULL },
        { "web http://192.0.2.1 --interval ten", NULL },
    };
    (void)state;
    assert_built(health_build, rows, COUNT_OF(rows));
}

static void an_update_has_what_changes(void **state)
{
    static const struct line rows[] = {
        { "web --path /ready --port 81 --address 192.0.2.2 --version-seen 3",
          "{'ip_address':'192.0.2.2','port':81,'resource_path':'/ready','version':3}" },
        { "web --enable --no-invert --sni",
          "{'enable_sni':true,'inverted':false,'disabled':false}" },
        { "web --reset regions --reset resource_path", "{'reset':['regions','resource_path']}" },
        { "calc --of a,b", "{'child_health_checks':['a','b'],'health_threshold':2}" },
        { "calc --at-least 1", "{'health_threshold':1}" },
        { "al --no-data healthy", "{'insufficient_data_health_status':'Healthy'}" },
        { "web", NULL },
        { "web --enable --disable", NULL },
        { "web --sni --no-sni", NULL },
    };
    (void)state;
    assert_built(health_build_update, rows, COUNT_OF(rows));
}

static void durations_have_units(void **state)
{
    static const struct row {
        const char *text;
        json_int_t seconds; /* -1: it is no duration */
    } rows[] = {
        { "90", 90 },
        { "90s", 90 },
        { "10m", 600 },
        { "2h", 7200 },
        { "1d", 86400 },
        { "0", 0 },
        { "007s", 7 },
        { "2147483647", 2147483647 },
        { "2147483648", -1 },
        { "35791395m", -1 },
        { "", -1 },
        { "m", -1 },
        { "-1", -1 },
        { " 1", -1 },
        { "1 m", -1 },
        { "1m ", -1 },
        { "1.5h", -1 },
        { "10ms", -1 },
        { "1h30m", -1 },
        { "1M", -1 },
        { "99999999999999999999", -1 },
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        json_int_t seconds = -1;
        assert_int_equal(duration_read(rows[i].text, &seconds), rows[i].seconds >= 0);
        assert_int_equal(seconds, rows[i].seconds);
    }
}

/* ---- how checks look ---- */

static json_t *parse(const char *text)
{
    char *copy = strdup(text);
    json_error_t error;
    for (char *at = copy; *at != '\0'; at++)
        *at = *at == '\'' ? '"' : *at;
    json_t *value = json_loads(copy, 0, &error);
    if (value == NULL)
        fail_msg("%s near \"%.40s\"", error.text, copy + error.position);
    free(copy);
    return value;
}

static void targets_are_what_was_typed(void **state)
{
    static const struct row {
        const char *check, *target;
    } rows[] = {
        { "{'type':'HTTP','ip_address':'192.0.2.1','port':8080,'resource_path':'/x?y'}",
          "http://192.0.2.1:8080/x?y" },
        { "{'type':'HTTPS_STR_MATCH','ip_address':'2001:db8::1'}", "https://[2001:db8::1]" },
        { "{'type':'HTTP','ip_address':'192.0.2.1','fully_qualified_domain_name':'w.test'}",
          "http://192.0.2.1" },
        { "{'type':'TCP','fully_qualified_domain_name':'db.test','port':25}", "tcp://db.test:25" },
        { "{'type':'CALCULATED','health_threshold':2,'child_health_checks':['a','b','c']}",
          "2 of a, b, c" },
        { "{'type':'CALCULATED','health_threshold':0,'child_health_checks':[]}", "0 of none" },
        { "{'type':'CLOUDWATCH_METRIC','alarm':{'region':'eu-west-1','name':'high'}}",
          "alarm high (eu-west-1)" },
        { "{'type':'RECOVERY_CONTROL','routing_control':'c-1'}", "routing control c-1" },
        { "{'type':'MANUAL'}", "" },
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char target[HEALTH_TARGET_SIZE];
        json_t *check = parse(rows[i].check);
        assert_string_equal(health_target(check, target), rows[i].target);
        json_decref(check);
    }
}

static void many_children_are_cut_and_counted(void **state)
{
    (void)state;
    char id[65], target[HEALTH_TARGET_SIZE];
    json_t *children = json_array();
    memset(id, 'x', 64);
    id[64] = '\0';
    for (unsigned i = 0; i < 256; i++)
        json_array_append_new(children, json_string(id));
    json_t *check = json_pack("{s:s,s:i,s:o}", "type", "CALCULATED", "health_threshold", 1,
                              "child_health_checks", children);
    health_target(check, target);
    assert_non_null(strstr(target, " and 249 more"));
    json_decref(check);
}

static void states_say_what_is_special(void **state)
{
    static const struct row {
        const char *check, *text;
    } rows[] = {
        { "{'up':true,'override':null,'disabled':false,'inverted':false}", "up" },
        { "{'up':false}", "down" },
        { "{'up':false,'override':{'up':false},'inverted':true}", "down (set)" },
        { "{'up':true,'override':null,'disabled':true,'inverted':false}", "up (disabled)" },
        { "{'up':true,'inverted':true}", "up (inverted)" },
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char text[32];
        json_t *check = parse(rows[i].check);
        assert_string_equal(health_state(check, text), rows[i].text);
        json_decref(check);
    }
}

/* Endpoints may say anything, and reasons are anybody's. */
static void no_text_reaches_the_terminal_as_it_likes(void **state)
{
    (void)state;
    char out[HEALTH_TEXT_SIZE], text[2 * HEALTH_TEXT_SIZE + 1];
    assert_string_equal(health_text("a\033[2Jb\r\n\x7f", out), "a?[2Jb???");
    assert_string_equal(health_text("Gr\xc3\xbc\xc3\x9f"
                                    "e",
                                    out),
                        "Gr\xc3\xbc\xc3\x9f"
                        "e");
    text[0] = 'x'; /* so that the last character would be cut in the middle */
    for (size_t i = 1; i + 1 < sizeof(text); i += 2)
        memcpy(text + i, "\xc3\xbc", 2);
    text[sizeof(text) - 1] = '\0';
    health_text(text, out);
    assert_int_equal(strlen(out), HEALTH_TEXT_SIZE - 1);
    memmove(text, text + 1, sizeof(text) - 1);
    health_text(text, out);
    assert_int_equal(strlen(out), HEALTH_TEXT_SIZE - 2);
}

/* Times are local; these tests run in UTC. */
static int in_utc(void **state)
{
    (void)state;
    setenv("TZ", "UTC", 1);
    return 0;
}

static const char shown[] =
    "{'id':'web','version':2,'created_at':'2026-11-21T07:00:00Z','type':'HTTP','ip_address':"
    "'192.0.2.1','fully_qualified_domain_name':'w.test','request_interval':10,"
    "'failure_threshold':1,'measure_latency':true,'inverted':false,'disabled':false,'up':false,"
    "'since_ms':1795244400000,'observed':true,'reason':'1 of 2 checkers says healthy',"
    "'healthy_count':1,'watched_count':2,'percentage_healthy':50.0,'override':{'up':false,"
    "'owner':'maria','reason':'new kernel','since_ms':1795244400000,'expires_ms':1795244700000},"
    "'record_sets':3,'warnings':[],'checkers':["
    "{'region':'us-east-1','number':1,'up':true,'streak':0,'last':{'passed':true,'text':"
    "'Success: HTTP Status Code 200, OK','at_ms':1795244460000,'connection_ms':1.0,"
    "'first_byte_ms':8.04},'last_failure':null,'started_ms':1795244400000},"
    "{'region':'us-east-1','number':2,'up':false,'streak':0,'last':{'passed':false,'text':"
    "'Failure: HTTP Status Code 503, Busy\\u001b','at_ms':1795244461000,'connection_ms':3.0,"
    "'first_byte_ms':9.96},'last_failure':{'passed':false,'text':"
    "'Failure: HTTP Status Code 503, Busy\\u001b','at_ms':1795244461000},'started_ms':"
    "1795244400000},"
    "{'region':'eu-west-1','number':1,'up':true,'streak':0,'last':null,'last_failure':null,"
    "'started_ms':1795244400000}]}";

static void one_check_is_told_in_full(void **state)
{
    (void)state;
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    json_t *check = parse(shown);
    health_print_check(out, check, 1795244580000);
    fclose(out);
    assert_string_equal(
        text,
        "id           web\n"
        "type         HTTP\n"
        "looks at     http://192.0.2.1\n"
        "how          every 10 s from each checker, 1 result in a row turns it\n"
        "host name    w.test\n"
        "state        down (set) since 2026-11-21T07:00:00+00:00 (3 min)\n"
        "sees         1 of 2 checkers says healthy\n"
        "set          down, by maria: new kernel, until 2026-11-21T07:05:00+00:00 (2 min left)\n"
        "healthy      1/2 checkers, 50.0 %\n"
        "mean times   connection 2.0 ms, first octet 9.0 ms\n"
        "record sets  3\n"
        "version      2\n"
        "created      2026-11-21T07:00:00Z\n"
        "\n"
        "CHECKER      STATE  LAST LOOK                  CONNECT MS  TLS MS  FIRST OCTET  RESULT\n"
        "us-east-1 1  up     2026-11-21T07:01:00+00:00         1.0       -          8.0  "
        "Success: HTTP Status Code 200, OK\n"
        "us-east-1 2  down   2026-11-21T07:01:01+00:00         3.0       -         10.0  "
        "Failure: HTTP Status Code 503, Busy?\n"
        "eu-west-1 1  up     -                                   -       -            -  "
        "not looked yet\n"
        "\n"
        "Last failures:\n"
        "us-east-1 2  2026-11-21T07:01:01+00:00  Failure: HTTP Status Code 503, Busy?\n");
    json_decref(check);
    free(text);
}

static void a_list_shows_what_was_set(void **state)
{
    (void)state;
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    json_t *checks = json_pack("[o,o]", parse(shown),
                               parse("{'id':'m','type':'MANUAL','up':true,'since_ms':0,"
                                     "'healthy_count':0,'watched_count':0,'override':null,"
                                     "'record_sets':0}"));
    health_print_list(out, checks);
    fclose(out);
    assert_string_equal(
        text, "ID   TYPE    STATE       SINCE                      CHECKS  TARGET            "
              "RECORD SETS\n"
              "web  HTTP    down (set)  2026-11-21T07:00:00+00:00     1/2  http://192.0.2.1  3\n"
              "m    MANUAL  up          -                               -  -                 0\n");
    json_decref(checks);
    free(text);
}

/* ---- the screen of watch ---- */

static char *drawn(const json_t *checks, const struct screen *screen, unsigned before,
                   unsigned *out_lines)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    *out_lines = health_draw(out, checks, 1795244405000, screen, before);
    fclose(out);
    return text;
}

static json_t *watched(void)
{
    json_t *checks = json_array();
    for (int i = 0; i < 4; i++) {
        char id[16];
        snprintf(id, sizeof(id), "c%d", i);
        json_array_append_new(checks, json_pack("{s:s,s:b,s:I,s:i,s:i,s:s}", "id", id, "up", i != 2,
                                                "since_ms", (json_int_t)1795244400000,
                                                "healthy_count", i, "watched_count", 4, "reason",
                                                "the r\xc3\xa9"
                                                "ason"));
    }
    return checks;
}

static void a_screen_is_drawn_over_itself(void **state)
{
    (void)state;
    static const struct screen wide = { 80, 24, false };
    unsigned lines;
    json_t *checks = watched();
    char *text = drawn(checks, &wide, 0, &lines);
    assert_int_equal(lines, 5);
    assert_string_equal(text, "ID  STATE  FOR  CHECKS  WHY\033[K\n"
                              "c0  up     5 s     0/4  the r\xc3\xa9"
                              "ason\033[K\n"
                              "c1  up     5 s     1/4  the r\xc3\xa9"
                              "ason\033[K\n"
                              "c2  down   5 s     2/4  the r\xc3\xa9"
                              "ason\033[K\n"
                              "c3  up     5 s     3/4  the r\xc3\xa9"
                              "ason\033[K\n"
                              "\033[J");
    free(text);
    text = drawn(checks, &wide, 5, &lines);
    assert_int_equal(strncmp(text, "\033[5A\rID  STATE", 14), 0);
    free(text);
    json_decref(checks);
}

static void a_small_screen_shows_first_what_is_down(void **state)
{
    (void)state;
    static const struct screen small = { 30, 4, true };
    unsigned lines;
    json_t *checks = watched();
    char *text = drawn(checks, &small, 0, &lines);
    assert_int_equal(lines, 3);
    assert_string_equal(text, "ID  STATE  FOR  CHECKS  WHY\033[K\n"
                              "\033[31mc2  down   5 s     2/4  the r\xc3\xa9\033[0m\033[K\n"
                              "and 3 more\033[K\n"
                              "\033[J");
    free(text);
    json_decref(checks);
}

static void a_turn_is_one_line(void **state)
{
    (void)state;
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    json_t *event = parse("{'id':'web','at_ms':1795244400000,'up':false,'cause':'probes',"
                          "'reason':'2 of 16\\ncheckers'}");
    health_print_turn(out, event);
    json_object_set_new(event, "reason", json_string(""));
    health_print_turn(out, event);
    fclose(out);
    assert_string_equal(text, "2026-11-21T07:00:00+00:00  web  down  probes: 2 of 16?checkers\n"
                              "2026-11-21T07:00:00+00:00  web  down  probes\n");
    json_decref(event);
    free(text);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(words_and_options_become_a_check),
    cmocka_unit_test(an_update_has_what_changes),
    cmocka_unit_test(durations_have_units),
    cmocka_unit_test(targets_are_what_was_typed),
    cmocka_unit_test(many_children_are_cut_and_counted),
    cmocka_unit_test(states_say_what_is_special),
    cmocka_unit_test(no_text_reaches_the_terminal_as_it_likes),
    cmocka_unit_test_setup(one_check_is_told_in_full, in_utc),
    cmocka_unit_test_setup(a_list_shows_what_was_set, in_utc),
    cmocka_unit_test(a_screen_is_drawn_over_itself),
    cmocka_unit_test(a_small_screen_shows_first_what_is_down),
    cmocka_unit_test_setup(a_turn_is_one_line, in_utc),
};

RUN_TESTS(tests)
