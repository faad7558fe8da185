/* How explanations and simulations look, and that long runs add up. */
#include "../../../src/cmd/client/client.h"

#include "signpost/base/chi_square.h"

#include "tests.h"

static const struct style plain = { false, false, false };
static const struct style unicode = { true, false, false };
static const struct style coloured = { true, true, true };

/* JSON with single quotes for double ones. */
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

static void assert_explained(const char *reply, const struct style *style, const char *expect)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    json_t *document = parse(reply);
    explain_print(out, document, style);
    fclose(out);
    assert_string_equal(text, expect);
    json_decref(document);
    free(text);
}

/* ---- explain ---- */

static const char tree[] =
    "{'name':'www.lab.test.','type':'A','client':{'prefix':'203.0.113.0/25','source':"
    "'client-subnet','used':true,'place_source':'table','assumed':false,'continent':'EU',"
    "'country':'DE','latitude':50.11,'longitude':8.68,'region':'eu-central-1'},'rcode':'NOERROR',"
    "'authoritative':true,'answer':[{'name':'www.lab.test.','ttl':60,'type':'A','value':"
    "'192.0.2.22'}],'scope':24,'groups':["
    "{'owner':'www.lab.test.','type':'A','policy':'geolocation','last_resort':false,'outcome':"
    "'found','candidates':["
    "{'label':'DE','state':'left','reason':'nothing behind it is healthy','set_identifier':'de',"
    "'target':'de.lab.test.','groups':["
    "{'owner':'de.lab.test.','type':'A','policy':'weighted','last_resort':false,'outcome':"
    "'nothing','candidates':["
    "{'label':'blue','state':'left','reason':'its health check is down','set_identifier':'blue',"
    "'weight':70,'draw':{'draw':12,'total':70},'check':{'id':'b-1','up':false,'since':"
    "'2026-11-21T03:00:00Z','seconds':7300},'values':['192.0.2.11']}]}]},"
    "{'label':'*','state':'taken','set_identifier':'rest','target':'rest.lab.test.','groups':["
    "{'owner':'rest.lab.test.','type':'A','policy':'failover','last_resort':false,'outcome':"
    "'found','candidates':["
    "{'label':'PRIMARY','state':'left','reason':'its health check is down','set_identifier':'p',"
    "'check':{'id':'p-1','up':false,'supposed':true},'values':['192.0.2.21']},"
    "{'label':'SECONDARY','state':'taken','set_identifier':'s','values':['192.0.2.22']}]}]},"
    "{'label':'US-NY','state':'not needed','reason':'a better one answers','set_identifier':'ny',"
    "'values':['1','2','3','4','5','6']}]}],'complete':true,'seed':7}";

static void a_tree_reads_from_its_root(void **state)
{
    (void)state;
    assert_explained(
        tree, &unicode,
        "www.lab.test. A\n"
        "client 203.0.113.0/25 (client-subnet): DE in EU, at 50.11 8.68, nearest Region "
        "eu-central-1 (location table)\n"
        "\n"
        "www.lab.test. A, geolocation\n"
        "├─ ✗ DE (de)     left, nothing behind it is healthy → de.lab.test.\n"
        "│  └─ de.lab.test. A, weighted: nothing healthy answers\n"
        "│     └─ ✗ blue  left, its health check is down: weight 70, draw 12 of 70, check b-1 down "
        "since 2026-11-21T03:00:00Z (2 h) → 192.0.2.11\n"
        "├─ ✓ * (rest)    taken → rest.lab.test.\n"
        "│  └─ rest.lab.test. A, failover\n"
        "│     ├─ ✗ PRIMARY (p)    left, its health check is down: check p-1 down (supposed) → "
        "192.0.2.21\n"
        "│     └─ ✓ SECONDARY (s)  taken → 192.0.2.22\n"
        "└─ · US-NY (ny)  not needed → 1 2 3 4 and 2 more\n"
        "\n"
        "answer NOERROR, scope /24\n"
        "  www.lab.test.  60  A  192.0.2.22\n"
        "  drawn with --seed 7\n");
}

static void it_reads_on_any_terminal(void **state)
{
    (void)state;
    assert_explained(
        tree, &plain,
        "www.lab.test. A\n"
        "client 203.0.113.0/25 (client-subnet): DE in EU, at 50.11 8.68, nearest Region "
        "eu-central-1 (location table)\n"
        "\n"
        "www.lab.test. A, geolocation\n"
        "|- x DE (de)     left, nothing behind it is healthy -> de.lab.test.\n"
        "|  `- de.lab.test. A, weighted: nothing healthy answers\n"
        "|     `- x blue  left, its health check is down: weight 70, draw 12 of 70, check b-1 down "
        "since 2026-11-21T03:00:00Z (2 h) -> 192.0.2.11\n"
        "|- * * (rest)    taken -> rest.lab.test.\n"
        "|  `- rest.lab.test. A, failover\n"
        "|     |- x PRIMARY (p)    left, its health check is down: check p-1 down (supposed) -> "
        "192.0.2.21\n"
        "|     `- * SECONDARY (s)  taken -> 192.0.2.22\n"
        "`- - US-NY (ny)  not needed -> 1 2 3 4 and 2 more\n"
        "\n"
        "answer NOERROR, scope /24\n"
        "  www.lab.test.  60  A  192.0.2.22\n"
        "  drawn with --seed 7\n");
}

static void who_set_a_check_is_named(void **state)
{
    static const struct row {
        const char *check, *expect;
    } rows[] = {
        { "'set':true,'owner':'maria','reason':'new kernel'", "(set by maria: new kernel)" },
        { "'set':true,'owner':'maria','reason':''", "(set by maria)" },
        { "'set':true,'owner':'a\\u001b[31m','reason':'b\\n'", "(set by a?[31m: b?)" },
        { "'set':true", "(set)" },
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char reply[600], expect[300];
        snprintf(reply, sizeof(reply),
                 "{'name':'w.test.','type':'A','client':{'prefix':'127.0.0.1','source':'address',"
                 "'used':false,'place_source':'unlocated','assumed':false},'rcode':'NOERROR',"
                 "'authoritative':true,'answer':[],'groups':[{'owner':'w.test.','type':'A',"
                 "'policy':'failover','last_resort':false,'outcome':'found','candidates':["
                 "{'label':'PRIMARY','state':'taken','check':{'id':'c','up':true,%s}}]}],"
                 "'complete':true}",
                 rows[i].check);
        snprintf(expect, sizeof(expect),
                 "w.test. A\nclient 127.0.0.1 (address): nobody knows where it is; no policy "
                 "asked\n\nw.test. A, failover\n`- * PRIMARY  taken: check c up %s\n\n"
                 "answer NOERROR: no records of this type for this client\n",
                 rows[i].expect);
        assert_explained(reply, &plain, expect);
    }
}

static void both_passes_over_a_group_are_shown(void **state)
{
    (void)state;
    assert_explained(
        "{'name':'w.test.','type':'A','client':{'prefix':'127.0.0.1','source':'address','used':"
        "true,'place_source':'unlocated','assumed':true},'rcode':'NOERROR','authoritative':true,"
        "'answer':[],'groups':["
        "{'owner':'w.test.','type':'A','policy':'geoproximity','last_resort':false,'outcome':"
        "'nothing','candidates':[{'label':'a','state':'left','reason':'it is down','distance':"
        "{'km':10.0,'biased_km':5.0}}]},"
        "{'owner':'w.test.','type':'A','policy':'cidr','last_resort':true,'outcome':'found',"
        "'candidates':[{'label':'L','state':'taken','block_length':24}]},"
        "{'owner':'w.test.','type':'A','policy':'latency','last_resort':true,'outcome':'nothing',"
        "'candidates':[{'label':'r','state':'left','reason':'it is down','latency':{'ms':12.4,"
        "'source':'measured'},'resource':'lb.test.'}]},"
        "{'owner':'w.test.','type':'A','policy':'weighted','last_resort':false,'outcome':"
        "'cut short','candidates':[{'label':'w','state':'not needed','weight':3}]}],"
        "'complete':false,'seed':7}",
        &plain,
        "w.test. A\n"
        "client 127.0.0.1 (address): nobody knows where it is, so it counts as at us-east-1\n"
        "\n"
        "w.test. A, geoproximity: nothing healthy answers\n"
        "`- x a  left, it is down: 10 km counted as 5\n"
        "w.test. A, cidr, last resort: health is not looked at\n"
        "`- * L  taken: block /24\n"
        "w.test. A, latency, last resort: nothing answers\n"
        "`- x r  left, it is down: 12 ms measured -> resource lb.test.\n"
        "w.test. A, weighted: the rest is cut short\n"
        "`- - w  not drawn: weight 3\n"
        "the tree is too large to be told in full\n"
        "\n"
        "answer NOERROR: no records of this type for this client\n");
}

static void an_answer_without_records_says_why(void **state)
{
    static const struct row {
        const char *members, *expect;
    } rows[] = {
        { "'rcode':'NXDOMAIN','authoritative':true", "answer NXDOMAIN: there is no such name\n" },
        { "'rcode':'REFUSED','authoritative':false",
          "answer REFUSED: it is in no zone of this server\n" },
        { "'rcode':'SERVFAIL','authoritative':false",
          "answer SERVFAIL: the records lead in circles, or too deep\n" },
        { "'rcode':'NOERROR','authoritative':true", "answer NOERROR: no records of this type\n" },
        { "'rcode':'NOERROR','authoritative':false",
          "answer NOERROR: the name is delegated to other servers\n" },
        { "'rcode':'NOERROR','authoritative':true,'truncated':true",
          "answer NOERROR: there are more records than any reply can hold\n" },
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char reply[512], expect[512];
        snprintf(reply, sizeof(reply),
                 "{'name':'a.','type':'A','client':{'prefix':'::1','source':'address','used':false,"
                 "'place_source':'mmdb','continent':'AS'},'answer':[],'groups':[],%s}",
                 rows[i].members);
        snprintf(expect, sizeof(expect),
                 "a. A\nclient ::1 (address): AS (MMDB file); no policy asked\n\n"
                 "no routing policy at this name\n\n%s",
                 rows[i].expect);
        assert_explained(reply, &plain, expect);
    }
}

static void colours_and_strange_labels_stay_within_their_line(void **state)
{
    (void)state;
    assert_explained(
        "{'name':'a.','type':'A','client':{'prefix':'::1','source':'address','used':true,"
        "'place_source':'mmdb','continent':'AS'},'answer':[],'rcode':'NOERROR','authoritative':"
        "true,'groups':[{'owner':'a.','type':'A','policy':'multivalue','last_resort':false,"
        "'outcome':'found','candidates':["
        "{'label':'','set_identifier':'x\\u001b[31m\\n\\u00e4','state':'taken'},"
        "{'label':'b','state':'left','reason':'why'},{'label':'c','state':'not needed'}]}]}",
        &coloured,
        "a. A\nclient ::1 (address): AS (MMDB file)\n\n"
        "a. A, multivalue\n"
        "├─ \033[32m✓ x?[31m?ä  taken\033[0m\n"
        "├─ \033[31m✗ b         left, why\033[0m\n"
        "└─ \033[2m· c         not needed\033[0m\n"
        "\nanswer NOERROR: no records of this type for this client\n");
}

/* A label is plain ASCII, and the user's own word need not be. */
static void a_set_is_called_by_the_users_word_once(void **state)
{
    (void)state;
    assert_explained(
        "{'name':'a.','type':'A','client':{'prefix':'::1','source':'address','used':false,"
        "'place_source':'unlocated'},"
        "'answer':[],'rcode':'NOERROR','authoritative':true,'groups':[{'owner':'a.','type':'A',"
        "'policy':'weighted','last_resort':false,'outcome':'found','candidates':["
        "{'label':'gr??n','set_identifier':'gr\\u00fcn','state':'taken'},"
        "{'label':'violet','set_identifier':'violet','state':'not needed'},"
        "{'label':'gr?','set_identifier':'gray','state':'not needed'}]}]}",
        &unicode,
        "a. A\n"
        "client ::1 (address): nobody knows where it is; no policy asked\n"
        "\n"
        "a. A, weighted\n"
        "├─ ✓ grün        taken\n"
        "├─ · violet      not drawn\n"
        "└─ · gr? (gray)  not drawn\n"
        "\n"
        "answer NOERROR: no records of this type for this client\n");
}

/* ---- simulate ---- */

static const char *const replies[] = {
    "{'name':'w.test.','type':'A','seed':5,'queries':30,'clients':["
    "{'client':'10.0.0.0/8','answers':[{'answer':0,'count':14},{'answer':1,'count':6}],'others':0},"
    "{'client':'::/0','answers':[{'answer':1,'count':10}],'others':0}],"
    "'answers':[{'rcode':'NOERROR','members':'blue','values':['192.0.2.1','192.0.2.2']},"
    "{'rcode':'NXDOMAIN','members':'','values':[]}],"
    "'weighted':[{'owner':'w.test.','type':'A','last_resort':false,'draws':20,'members':["
    "{'set_identifier':'blue','weight':3,'observed':14,'expected':15.0},"
    "{'set_identifier':'green','weight':1,'observed':6,'expected':5.0}],"
    "'chi_square':0.5,'degrees_of_freedom':1,'p_value':0.5}],'complete':true}",

    "{'name':'w.test.','type':'A','seed':6,'queries':10,'clients':["
    "{'client':'::/0','answers':[{'answer':0,'count':4},{'answer':1,'count':3}],'others':3}],"
    "'answers':[{'rcode':'NXDOMAIN','members':'','values':[]},"
    "{'rcode':'NOERROR','members':'green','values':['192.0.2.9']}],"
    "'weighted':[{'owner':'w.test.','type':'A','last_resort':false,'draws':40,'members':["
    "{'set_identifier':'blue','weight':3,'observed':26,'expected':30.0},"
    "{'set_identifier':'green','weight':1,'observed':14,'expected':10.0}],"
    "'chi_square':0.5,'degrees_of_freedom':1,'p_value':0.5},"
    "{'owner':'w.test.','type':'A','last_resort':true,'draws':7,'members':["
    "{'set_identifier':'blue','weight':3,'observed':7,'expected':7.0}],"
    "'chi_square':0,'degrees_of_freedom':0,'p_value':1}],'complete':true}",
};

/* Two replies, the second of which has only the second client. */
static void add_up(struct tally *tally)
{
    json_t *list = json_pack("[{s:s,s:s},{s:s,s:s}]", "client", "10.0.0.0/8", "label",
                             "office, \"old\"", "client", "::/0", "label", "");
    tally_init(tally, list);
    json_decref(list);
    for (size_t i = 0; i < COUNT_OF(replies); i++) {
        json_t *reply = parse(replies[i]);
        assert_true(tally_add(tally, reply, i));
        json_decref(reply);
    }
}

static void replies_add_up(void **state)
{
    struct tally tally;
    (void)state;
    add_up(&tally);
    json_t *group = json_array_get(json_object_get(tally.result, "weighted"), 0);
    struct chi_square sum = chi_square_test((struct chi_cell[]){ { 40, 45 }, { 20, 15 } }, 2);
    assert_true(json_real_value(json_object_get(group, "chi_square")) == sum.statistic);
    assert_true(json_real_value(json_object_get(group, "p_value")) == sum.p);
    json_object_del(group, "chi_square");
    json_object_del(group, "p_value");
    json_t *expect =
        parse("{'name':'w.test.','type':'A','seed':5,'queries':40,'clients':["
              "{'client':'10.0.0.0/8','label':'office, \\u0022old\\u0022','answers':["
              "{'answer':0,'count':14},{'answer':1,'count':6}],'others':0},"
              "{'client':'::/0','label':'','answers':["
              "{'answer':1,'count':14},{'answer':2,'count':3}],'others':3}],"
              "'answers':[{'rcode':'NOERROR','members':'blue','values':['192.0.2.1','192.0.2.2']},"
              "{'rcode':'NXDOMAIN','members':'','values':[]},"
              "{'rcode':'NOERROR','members':'green','values':['192.0.2.9']}],"
              "'weighted':[{'owner':'w.test.','type':'A','last_resort':false,'draws':60,'members':["
              "{'set_identifier':'blue','weight':3,'observed':40,'expected':45.0},"
              "{'set_identifier':'green','weight':1,'observed':20,'expected':15.0}],"
              "'degrees_of_freedom':1},"
              "{'owner':'w.test.','type':'A','last_resort':true,'draws':7,'members':["
              "{'set_identifier':'blue','weight':3,'observed':7,'expected':7.0}],"
              "'chi_square':0.0,'degrees_of_freedom':0,'p_value':1.0}],'complete':true}");
    assert_true(json_equal(tally.result, expect));
    json_decref(expect);
    tally_finish(&tally);
}

static void replies_without_sense_are_noticed(void **state)
{
    static const char *const bad[] = {
        "{'clients':[{'answers':[{'answer':0,'count':1}]}],'answers':[]}",
        "{'clients':[{'answers':[{'answer':-1,'count':1}]}],'answers':[{}]}",
        "{'clients':[{'answers':[]},{'answers':[]}],'answers':[]}",
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        struct tally tally;
        json_t *list = parse("[{'client':'::/0'}]"), *reply = parse(bad[i]);
        tally_init(&tally, list);
        assert_false(tally_add(&tally, reply, 0));
        tally_finish(&tally);
        json_decref(list);
        json_decref(reply);
    }
}

static void a_simulation_is_a_table(void **state)
{
    struct tally tally;
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    (void)state;
    add_up(&tally);
    simulate_print(out, tally.result, &plain);
    fclose(out);
    assert_string_equal(text,
                        "w.test. A, 40 questions (--seed 5)\n"
                        "\n"
                        "CLIENT      LABEL          ANSWER               THROUGH  COUNT  SHARE\n"
                        "10.0.0.0/8  office, \"old\"  192.0.2.1 192.0.2.2  blue        14  70.0%\n"
                        "10.0.0.0/8  office, \"old\"  NXDOMAIN             -            6  30.0%\n"
                        "::/0        -              NXDOMAIN             -           14  70.0%\n"
                        "::/0        -              192.0.2.9            green        3  15.0%\n"
                        "::/0        -              other answers        -            3  15.0%\n"
                        "\n"
                        "weighted w.test. A, 60 draws\n"
                        "  SET    WEIGHT  TAKEN  EXPECTED\n"
                        "  blue        3     40      45.0\n"
                        "  green       1     20      15.0\n"
                        "  chi-square 2.22, 1 degree of freedom, p = 0.136: as the weights say\n"
                        "\n"
                        "weighted w.test. A, last resort, 7 draws\n"
                        "  SET   WEIGHT  TAKEN  EXPECTED\n"
                        "  blue       3      7       7.0\n"
                        "  no other was in play\n");
    free(text);
    tally_finish(&tally);
}

static void a_terminal_has_bars(void **state)
{
    struct tally tally;
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    (void)state;
    add_up(&tally);
    simulate_print(out, tally.result, &coloured);
    fclose(out);
    assert_non_null(strstr(text, "70.0%  ██████████████\n"));
    assert_non_null(strstr(text, "15.0%  ███\n"));
    free(text);
    tally_finish(&tally);
}

static void the_csv_is_quoted(void **state)
{
    struct tally tally;
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    (void)state;
    add_up(&tally);
    simulate_print_csv(out, tally.result);
    fclose(out);
    assert_string_equal(text, "client,label,answer,through,count\n"
                              "10.0.0.0/8,\"office, \"\"old\"\"\",192.0.2.1 192.0.2.2,blue,14\n"
                              "10.0.0.0/8,\"office, \"\"old\"\"\",NXDOMAIN,,6\n"
                              "::/0,,NXDOMAIN,,14\n"
                              "::/0,,192.0.2.9,green,3\n"
                              "::/0,,other answers,,3\n");
    free(text);
    tally_finish(&tally);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(a_tree_reads_from_its_root),
    cmocka_unit_test(it_reads_on_any_terminal),
    cmocka_unit_test(who_set_a_check_is_named),
    cmocka_unit_test(both_passes_over_a_group_are_shown),
    cmocka_unit_test(an_answer_without_records_says_why),
    cmocka_unit_test(colours_and_strange_labels_stay_within_their_line),
    cmocka_unit_test(a_set_is_called_by_the_users_word_once),
    cmocka_unit_test(replies_add_up),
    cmocka_unit_test(replies_without_sense_are_noticed),
    cmocka_unit_test(a_simulation_is_a_table),
    cmocka_unit_test(a_terminal_has_bars),
    cmocka_unit_test(the_csv_is_quoted),
};
RUN_TESTS(tests)
