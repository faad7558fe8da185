/* What options make of a drill, and how its report looks. */
#include "../../../src/cmd/client/drill.h"

#include "built.h"

static const struct style plain = { false, false, false };
static const struct style coloured = { true, true, true };

/* ---- what shall happen ---- */

/* Words are set off by blanks, so "_" stands for one inside a word. */
static int define(const struct invocation *invocation, json_t **out_document)
{
    for (int i = 0; i < invocation->given_count; i++) {
        char *text = (char *)invocation->given[i].text;
        for (; text != NULL && *text != '\0'; text++)
            *text = *text == '_' ? ' ' : *text;
    }
    return drill_define(invocation, out_document);
}

static void options_make_a_definition(void **state)
{
    static const struct row {
        const char *why, *line, *expect;
    } rows[] = {
        { "a check goes down for a minute", "--break check=web-1 --watch www.lab.test_A",
          "{'for':'1m','break':[{'check':'web-1','state':'down'}],"
          "'watch':[{'name':'www.lab.test','type':'A'}],'objectives':{}}" },
        { "all there is",
          "--break check=a:up --break region=eu-west-1 --break zone=eu-west-1a "
          "--break control=cell-1 --for 90 --settle 2m --watch w.test_A_::/0",
          "{'for':'90','break':[{'check':'a','state':'up'},{'region':'eu-west-1'},"
          "{'zone':'eu-west-1a'},{'control':'cell-1','state':'Off'}],"
          "'watch':[{'name':'w.test','type':'A','client':'::/0'}],'objectives':{},'settle':'2m'}" },
        { "a control may be switched on, in any case of letters",
          "--break control=cell-1:on --watch w.test_A",
          "{'for':'1m','break':[{'control':'cell-1','state':'On'}],"
          "'watch':[{'name':'w.test','type':'A'}],'objectives':{}}" },
        { "safety rules that a control's switching overrides",
          "--break control=c --break-glass one --break-glass two --watch w.test_A",
          "{'for':'1m','break':[{'control':'c','state':'Off','break_glass':['one','two']}],"
          "'watch':[{'name':'w.test','type':'A'}],'objectives':{}}" },
        { "hooks, each with what belongs to it",
          "--break hook=stop_a --restore start_a --turns web-1 --turns web-2 --break hook=b=1 "
          "--restore b=0 --watch w.test_A",
          "{'for':'1m','break':[{'hook':{'start':'stop a','restore':'start a','checks':['web-1',"
          "'web-2']}},{'hook':{'start':'b=1','restore':'b=0'}}],"
          "'watch':[{'name':'w.test','type':'A'}],'objectives':{}}" },
        { "objectives",
          "--break check=a --watch w.test_A --turned-within 5s --back-within 1m "
          "--cached-within 2m --never-empty",
          "{'for':'1m','break':[{'check':'a','state':'down'}],"
          "'watch':[{'name':'w.test','type':'A'}],'objectives':{'never_empty':true,"
          "'turned_within':'5s','back_within':'1m','cached_within':'2m'}}" },
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        int rc;
        char *text = built(define, rows[i].line, &rc);
        for (char *at = text; at != NULL && *at != '\0'; at++)
            *at = *at == '"' ? '\'' : *at;
        if (text == NULL || strcmp(text, rows[i].expect) != 0)
            fail_msg("%s: %s", rows[i].why, text != NULL ? text : "refused");
        free(text);
    }
}

static void wrong_options_are_refused(void **state)
{
    static const char *const lines[] = {
        "--watch w.test_A",                                    /* nothing breaks */
        "--break check=a",                                     /* nothing is watched */
        "--break check --watch w.test_A",                      /* which? */
        "--break check= --watch w.test_A",                     /* which? */
        "--break thing=a --watch w.test_A",                    /* nobody knows it */
        "--break check=a:sideways --watch w.test_A",           /* no state */
        "--break check=a --restore b --watch w.test_A",        /* not of a hook */
        "--break check=a --turns b --watch w.test_A",          /* not of a hook */
        "--break check=a --break-glass b --watch w.test_A",    /* not of a control */
        "--restore b --break hook=a --watch w.test_A",         /* of the hook before it */
        "--break hook=a --restore b --restore c --watch w_A",  /* twice */
        "--break check=a --watch w.test",                      /* no type */
        "--break check=a --watch w.test_A_::/0_more",          /* too much */
        "--break check=a --watch w.test_A --for long",         /* no time */
        "--break check=a --watch w.test_A --turned-within 5x", /* no time */
        "drill.json --break check=a",                          /* the file says it */
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(lines); i++) {
        int rc;
        char *text = built(define, lines[i], &rc);
        if (text != NULL || rc != EXIT_USAGE)
            fail_msg("%s: %s", lines[i], text != NULL ? text : "not refused as wrong usage");
    }
}

/* ---- objectives ---- */

/* JSON with single quotes for double ones. */
static json_t *parse(const char *text)
{
    char *copy = strdup(text);
    json_error_t error;
    for (char *at = copy; *at != '\0'; at++)
        *at = *at == '\'' ? '"' : *at;
    json_t *value = json_loads(copy, 0, &error);
    if (value == NULL)
        fail_msg("%s near \"%.60s\"", error.text, copy + error.position);
    free(copy);
    return value;
}

#define MEASURED(changed, turned, cached, back)                                                    \
    "{'changed':" changed ",'empty':0,'measured':{'broken':{'answer_ms':" turned                   \
    ",'cached_ms':" cached "},'restored':{'answer_ms':" back "}}}"

static void limits_are_met_or_missed(void **state)
{
    static const struct row {
        const char *why, *objectives, *questions;
        bool met, applies;
        const char *words;
    } rows[] = {
        { "within", "{'turned_within':'5s'}", MEASURED("true", "5000", "9000", "100"), true, true,
          "answers turned within 5 s: 5.0 s" },
        { "beyond", "{'turned_within':'5s'}", MEASURED("true", "5001", "9000", "100"), false, true,
          "answers turned within 5 s: 5.0 s" },
        { "never", "{'turned_within':'5s'}", MEASURED("true", "null", "null", "null"), false, true,
          "answers turned within 5 s: not at all" },
        { "a number is seconds", "{'back_within':90}", MEASURED("true", "1", "2", "90001"), false,
          true, "answers back within 90 s: 1 min 30 s" },
        { "what never went cannot come back", "{'back_within':'5s'}",
          MEASURED("true", "null", "null", "null"), true, false,
          "answers back within 5 s: no question changes, so there is nothing to measure" },
        { "away for good", "{'back_within':'5s'}", MEASURED("true", "100", "200", "null"), false,
          true, "answers back within 5 s: not at all" },
        { "the worst question counts", "{'cached_within':'2m'}",
          MEASURED("true", "1", "119000", "1") "," MEASURED("true", "1", "121000", "1"), false,
          true, "no old answer cached after 2 min: 2 min 1 s" },
        { "no cache can hold a wrong answer", "{'cached_within':'2m'}",
          MEASURED("true", "100", "null", "1"), true, false,
          "no old answer cached after 2 min: no question changes, so there is nothing to measure" },
        { "what does not change is not measured", "{'turned_within':'5s'}",
          MEASURED("false", "null", "null", "null"), true, false,
          "answers turned within 5 s: no question changes, so there is nothing to measure" },
        { "no empty answer", "{'never_empty':true}", MEASURED("true", "1", "1", "1"), true, true,
          "never an answer without records: 0 were" },
        { "two of them", "{'never_empty':true}", "{'empty':2},{'empty':0}", false, true,
          "never an answer without records: 2 were" },
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char text[2048], words[512];
        bool met;
        snprintf(text, sizeof(text), "{'objectives':%s,'questions':[%s]}", rows[i].objectives,
                 rows[i].questions);
        json_t *document = parse(text);
        json_t *list = report_judge(document, json_object_get(document, "questions"), &met);
        const json_t *objective = json_array_get(list, 0);
        assert_int_equal(json_array_size(list), 1);
        objective_text(objective, words, sizeof(words));
        if (met != rows[i].met ||
            json_is_true(json_object_get(objective, "applies")) != rows[i].applies ||
            strcmp(words, rows[i].words) != 0)
            fail_msg("%s: %s, \"%s\"", rows[i].why, met ? "met" : "missed", words);
        json_decref(list);
        json_decref(document);
    }
}

/* Who reads nothing else must not think that something was shown when nothing was. */
static void a_verdict_says_what_was_found(void **state)
{
    static const struct row {
        const char *report, *verdict;
    } rows[] = {
        { "{'restored':false}", "whether everything is restored is not known" },
        { "{'restored':true,'complete':false,'interrupted':'INT'}", "it was cut short" },
        { "{'restored':true,'complete':false}", "a command of a hook failed" },
        { "{'restored':true,'complete':false,'interrupted':'a hook that failed'}",
          "a command of a hook failed" },
        { "{'restored':true,'complete':true,'met':false}", "an objective was missed" },
        { "{'restored':true,'complete':true,'met':true,'objectives':[]}",
          "done, and no objective was set" },
        { "{'restored':true,'complete':true,'met':true,'objectives':[{'applies':true}]}",
          "every objective was met" },
        { "{'restored':true,'complete':true,'met':true,'objectives':[{'applies':false},"
          "{'applies':true}]}",
          "no objective was missed, and some had nothing to measure" },
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        json_t *document = parse(rows[i].report);
        assert_string_equal(report_verdict(document), rows[i].verdict);
        json_decref(document);
    }
}

static void what_broke_has_words(void **state)
{
    static const struct row {
        const char *definition, *words;
    } rows[] = {
        { "{}", "" },
        { "{'break':[{'check':'web-1','state':'down'}]}", "health check web-1 down" },
        { "{'break':[{'region':'eu-west-1'},{'zone':'eu-west-1a'},{'control':'c','state':'Off'}]}",
          "Region eu-west-1, zone eu-west-1a, routing control c Off" },
        { "{'break':[{'hook':{'start':'stop it'}},5,{}]}", "hook stop it" },
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char words[200];
        json_t *definition = parse(rows[i].definition);
        assert_string_equal(breaks_text(definition, words, sizeof(words)), rows[i].words);
        /* What is too long is cut, and says so. */
        assert_true(strlen(breaks_text(definition, words, 12)) < 12);
        json_decref(definition);
    }
}

/* ---- forms ---- */

static const char report[] =
    "{'format':1,'id':'7','name':'web-1 down','owner':'root','server':'127.0.0.1@53',"
    "'every_ms':100,'started_ms':1000,'definition':{'break':[{'check':'web-1','state':'down'}]},"
    "'from_ms':-1000,'to_ms':9000,"
    "'restore_ms':5000,'restored':true,'complete':true,'met':false,"
    "'checks':[{'id':'web-1','turns':[{'at_ms':1000,'up':false,'cause':'override','reason':'r'},"
    "{'at_ms':6000,'up':true,'cause':'override','reason':'r'}]},{'id':'web-2','turns':[]}],"
    "'hooks':[{'start':'stop it','restore':'start it','started_ms':1,'start_status':3,"
    "'restore_started_ms':null,'restore_status':0,'output':'no such service'}],"
    "'events':[{'at_ms':0,'text':'broken'}],'questions':["
    "{'name':'www.lab.test.','type':'A','client':'203.0.113.0/25','by_value':false,'changed':true,"
    "'asked':1234,'unanswered':3,'empty':0,'answers':["
    "{'text':'192.0.2.1','role':'old','empty':false,'before':10,'broken':10,'after':30},"
    "{'text':'192.0.2.2','role':'new','empty':false,'before':0,'broken':40,'after':10}],"
    "'segments':[[-1000,950,'192.0.2.1'],[1050,5950,'192.0.2.2'],[6050,9000,'192.0.2.1'],"
    "[2000,2500,null]],'tails':[[950,2950,'192.0.2.1'],[5950,7950,'192.0.2.2']],"
    "'measured':{'broken':{'check_ms':1000,'answer_ms':1050,'cached_ms':2950},"
    "'restored':{'check_ms':1000,'answer_ms':1050,'cached_ms':2950}},"
    "'predicted':{'changes':true,'ttl_s':2,'broken':{'check_ms':{'least':500,'most':1500},"
    "'answer_ms':{'least':500,'most':1500},'cached_ms':{'least':2500,'most':3500}},"
    "'restored':{'check_ms':null,'answer_ms':null,'cached_ms':null}}},"
    "{'name':'static.lab.test.','type':'TXT','by_value':false,'changed':false,'asked':90,"
    "'unanswered':0,'empty':0,'answers':[{'text':'\\\"x\\\"','role':'other','empty':false,"
    "'before':10,'broken':50,'after':30}],'segments':[[-1000,9000,'\\\"x\\\"']],'tails':[],"
    "'measured':{'broken':{},'restored':{}},'predicted':{'changes':false}}],"
    "'objectives':[{'objective':'turned_within','limit_ms':3000,'measured_ms':1050,'applies':true,"
    "'met':true,'questions':[]},{'objective':'back_within','limit_ms':1000,'measured_ms':1050,"
    "'applies':true,'met':false,'questions':[]},{'objective':'cached_within','limit_ms':5000,"
    "'measured_ms':null,'applies':false,'met':true,'questions':[]}]}";

typedef void print_form(FILE *out, const json_t *report);

static void print_svg(FILE *out, const json_t *document)
{
    report_print_svg(out, document, false);
}

static void print_coloured(FILE *out, const json_t *document)
{
    report_print(out, document, &coloured);
}

static char *printed(print_form *print, const char *text)
{
    char *out = NULL;
    size_t size = 0;
    FILE *file = open_memstream(&out, &size);
    json_t *document = parse(text);
    print(file, document);
    fclose(file);
    json_decref(document);
    return out;
}

static void print_plain(FILE *out, const json_t *document)
{
    report_print(out, document, &plain);
}

static void a_report_reads_on_any_terminal(void **state)
{
    (void)state;
    char *text = printed(print_plain, report);
    static const char first[] = "x drill 7, web-1 down: an objective was missed\nbroken at ";
    assert_memory_equal(text, first, strlen(first));
    assert_string_equal(
        strstr(text, "\n\n"),
        "\n\nwww.lab.test. A from 203.0.113.0/25\n"
        "  left:  192.0.2.1\n"
        "  came:  192.0.2.2\n"
        "                           AFTER THE BREAK  PREDICTED        AFTER THE RESTORING  "
        "PREDICTED\n"
        "  check turned             1.0 s            500 ms to 1.5 s  1.0 s                -\n"
        "  answer turned            1.1 s            500 ms to 1.5 s  1.1 s                -\n"
        "  last cached answer gone  3.0 s            2.5 s to 3.5 s   3.0 s                -\n"
        "  asked 1,234 times: 3 unanswered, 0 without records\n"
        "\n"
        "static.lab.test. TXT\n"
        "  the answer did not change, as predicted\n"
        "  asked 90 times: 0 unanswered, 0 without records\n"
        "\n"
        "timeline, -1.0 s to 9.0 s (= up, _ down, # answered, ~ cached)\n"
        "                                      | broken                      | restored\n"
        "  check web-1                   ============______________________________"
        "==================\n"
        "  check web-2                   has not turned\n"
        "  www.lab.test. A from 203.0.113.0/25\n"
        "    192.0.2.1                   ############~~~~~~~~~~~~                  "
        "##################\n"
        "    192.0.2.2                               ##############################"
        "~~~~~~~~~~~~\n"
        "    unanswered                                    ####\n"
        "  static.lab.test. TXT\n"
        "    \"x\"                         #########################################"
        "###################\n"
        "\n"
        "objectives\n"
        "  * answers turned within 3 s: 1.1 s\n"
        "  x answers back within 1 s: 1.1 s\n"
        "  - no old answer cached after 5 s: no question changes, so there is nothing to measure\n"
        "\n"
        "events\n"
        "        0 ms  broken\n");
    free(text);
}

static void a_terminal_has_colours_and_bars(void **state)
{
    (void)state;
    char *text = printed(print_coloured, report);
    assert_non_null(strstr(text, "\033[31m✗ drill 7, web-1 down: an objective was missed\033[0m"));
    assert_non_null(strstr(text, "\033[32m  ✓ answers turned within 3 s: 1.1 s\033[0m\n"));
    assert_non_null(strstr(text, "every 100 ms\nwhat was broken: health check web-1 down\n"));
    assert_non_null(strstr(text, "\n  · no old answer cached after 5 s: no question changes"));
    assert_non_null(strstr(text, "████████████░░░░░░░░░░░░"));
    free(text);
}

static void a_picture_has_all_that_happened(void **state)
{
    static const char *const pieces[] = {
        "<svg xmlns=\"http://www.w3.org/2000/svg\"",
        "fill=\"#ffffff\"/>", /* a ground of its own */
        ">Drill 7: web-1 down</text>",
        ">an objective was missed</text>",
        ">web-2</text>",
        ">has not turned</text>",
        ">www.lab.test. A from 203.0.113.0/25</text>",
        ">192.0.2.2</text>",
        ">unanswered</text>",
        "fill=\"url(#hatch10)\"",
        ">broken</text>",
        ">restored</text>",
        ">1.1 s</text>",
        ">8 s</text>",
        "</svg>\n",
    };
    (void)state;
    char *text = printed(print_svg, report);
    for (size_t i = 0; i < COUNT_OF(pieces); i++)
        if (strstr(text, pieces[i]) == NULL)
            fail_msg("it lacks %s", pieces[i]);
    assert_null(strstr(text, "var("));
    free(text);
}

/* The daemon was gone, and nobody knows. */
static void what_is_not_known_to_be_restored_is_not_said_to_be(void **state)
{
    static const char lost[] = "{'from_ms':0,'to_ms':9000,'restore_ms':5000,'restored':false}";
    static print_form *const forms[] = { report_print_html, print_svg, print_plain };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(forms); i++) {
        char *text = printed(forms[i], lost);
        assert_non_null(strstr(text, "restoring tried"));
        assert_null(strstr(text, ", restored"));
        assert_null(strstr(text, "| restored"));
        assert_null(strstr(text, ">restored"));
        free(text);
    }
}

/* Caches may hold an answer for longer than anybody watched; a diamond at the edge would lie. */
static void what_comes_after_the_picture_has_an_arrow(void **state)
{
    static const char late[] =
        "{'from_ms':0,'to_ms':9000,'restore_ms':5000,'questions':[{'name':'a','type':'A',"
        "'changed':true,'answers':[],'segments':[],'tails':[],'measured':{'broken':"
        "{'cached_ms':60000},'restored':{'cached_ms':70000}},'predicted':{'broken':"
        "{'cached_ms':{'least':4000,'most':60000}}}}]}";
    (void)state;
    char *text = printed(print_svg, late);
    assert_non_null(strstr(text, ">1 min 0 s →</text>"));
    assert_non_null(strstr(text, ">1 min 10 s →</text>"));
    assert_null(strstr(text, "<path d=\"M970.0")); /* the edge of the plot */
    free(text);
}

static void a_page_needs_nothing_from_elsewhere(void **state)
{
    static const char *const absent[] = { "<script", "<link",   "<img", "src=",
                                          "href=",   "@import", "url(h" };
    (void)state;
    char *text = printed(report_print_html, report);
    for (size_t i = 0; i < COUNT_OF(absent); i++)
        if (strstr(text, absent[i]) != NULL &&
            strncmp(strstr(text, absent[i]), "url(hatch", 5) != 0)
            fail_msg("it has %s", absent[i]);
    assert_non_null(strstr(text, "prefers-color-scheme:dark"));
    assert_non_null(strstr(text, "@media print"));
    assert_non_null(strstr(text, "<b class=\"bad\">✗</b>answers back within 1 s: 1.1 s"));
    assert_non_null(strstr(text, "<b class=\"faint\">·</b>no old answer cached after 5 s: no "));
    assert_non_null(strstr(text, "<td><code>stop it</code></td><td>3</td>"));
    assert_non_null(
        strstr(text, "<td class=\"when\">-</td><td><code>start it</code></td><td>-</td>"));
    assert_non_null(strstr(text, "<td>no such service</td>"));
    assert_non_null(strstr(text, "health check web-1 down"));
    free(text);
}

static void strange_words_stay_text(void **state)
{
    static const char hostile[] =
        "{'id':'1','name':'<script>alert(1)</script>','owner':'a\\\"b&c\\u0007','server':'</"
        "title>',"
        "'started_ms':1,'from_ms':0,'to_ms':0,'restore_ms':null,'restored':true,'met':true,"
        "'complete':true,'definition':{'x':'</pre><b>'},'objectives':[{'objective':'<o>'}],"
        "'checks':[{'id':'<c>','turns':[{'at_ms':5,'up':false,'reason':'<r>\\uffff'}]}],"
        "'events':[{'at_ms':1,'text':'<e>\\u001b[2J'}],'hooks':[{'start':'<h>','restore':'&'}],"
        "'questions':[{'name':'<n>','type':'<t>','changed':true,'unanswered':1,'answers':[{'text':"
        "'\\u001b]0;x<a>','before':1}],'segments':[[0,9,'\\u001b]0;x<a>'],[1,2,null],['x']],"
        "'tails':[[0,5,'\\u001b]0;x<a>'],5]}]}";
    static print_form *const forms[] = { report_print_html, print_svg };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(forms); i++) {
        char *text = printed(forms[i], hostile);
        static const char *const tags[] = { "<script", "<b>", "<c>", "<n>", "<a>",
                                            "<e>",     "<h>", "<r>", "<o>", "\033" };
        for (size_t j = 0; j < COUNT_OF(tags); j++)
            if (strstr(text, tags[j]) != NULL)
                fail_msg("it has %s", tags[j]);
        assert_non_null(strstr(text, "&lt;script&gt;alert(1)&lt;/script&gt;"));
        assert_non_null(strstr(text, "?]0;x&lt;a&gt;"));
        assert_null(strstr(text, "\xef\xbf\xbf"));
        free(text);
    }
    char *text = printed(print_plain, hostile);
    assert_null(strchr(text, '\033'));
    free(text);
}

/* What a stored report may be, for all that is known of who stored it. */
static void no_report_is_too_strange(void **state)
{
    static const char *const reports[] = {
        "{}",
        "[]",
        "{'questions':5,'checks':{},'events':'x','hooks':7,'objectives':null}",
        "{'questions':[null,5,{'answers':[1],'segments':[1,[2],[3,4,5]],'changed':true}]}",
        "{'from_ms':9,'to_ms':-9,'restore_ms':9223372036854775807}",
        "{'from_ms':-9223372036854775807,'to_ms':9223372036854775807,'restore_ms':5}",
    };
    static print_form *const forms[] = { report_print_html, print_svg, print_plain };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(reports); i++)
        for (size_t j = 0; j < COUNT_OF(forms); j++) {
            char *text = printed(forms[j], reports[i]);
            assert_int_not_equal(strlen(text), 0);
            free(text);
        }
}

/* ---- meanwhile ---- */

static void live_lines_fit_the_screen(void **state)
{
    static struct drill_lane lane;
    json_t *prediction = parse("{'watches':[{'name':'www.lab.test.','type':'A','before':[['a']],"
                               "'during':[['b']],'changes':true,'checks':['web-1','web-2']}]}");
    json_t *latest =
        parse("{'started_ms':1000,'turns':[{'check':'web-1','at_ms':4000,'up':false}]}");
    const char *now[] = { "b" };
    const char *values[] = { "b" };
    char *text = NULL;
    size_t size = 0;
    (void)state;
    lane_init(&lane, json_array_get(json_object_get(prediction, "watches"), 0), 100);
    lane_reply(&lane, PHASE_BROKEN, 3000, lane_items(&lane, values, 1), 60);
    struct live_view view = { .title = "web-1 down",
                              .stage = "broken",
                              .ms = 65000,
                              .of_ms = 90000,
                              .restore_ms = NEVER,
                              .prediction = prediction,
                              .latest = latest,
                              .lanes = &lane,
                              .lane_count = 1,
                              .now = now };
    FILE *out = open_memstream(&text, &size);
    assert_int_equal(live_print(out, &view, &plain, 60), 4);
    fclose(out);
    assert_string_equal(text, "web-1 down: broken, 1:05 of 1:30\n"
                              "  check web-1: down since 0:03\n"
                              "  check web-2: has not turned\n"
                              "  www.lab.test. A: b, turned at 0:03; asked 1, 0 unanswered\n");
    free(text);
    lane_finish(&lane);
    json_decref(prediction);
    json_decref(latest);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(options_make_a_definition),
    cmocka_unit_test(wrong_options_are_refused),
    cmocka_unit_test(limits_are_met_or_missed),
    cmocka_unit_test(a_verdict_says_what_was_found),
    cmocka_unit_test(what_broke_has_words),
    cmocka_unit_test(a_report_reads_on_any_terminal),
    cmocka_unit_test(a_terminal_has_colours_and_bars),
    cmocka_unit_test(a_picture_has_all_that_happened),
    cmocka_unit_test(what_is_not_known_to_be_restored_is_not_said_to_be),
    cmocka_unit_test(what_comes_after_the_picture_has_an_arrow),
    cmocka_unit_test(a_page_needs_nothing_from_elsewhere),
    cmocka_unit_test(strange_words_stay_text),
    cmocka_unit_test(no_report_is_too_strange),
    cmocka_unit_test(live_lines_fit_the_screen),
};
RUN_TESTS(tests)
