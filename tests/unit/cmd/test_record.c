/* Record sets on the command line: what the options of "record set" say, and what a listing shows.
 */
#include "built.h"

#define WWW     "{'action':'UPSERT','name':'www','type':'A',"
#define ADDRESS ",'values':['192.0.2.1']}"

static void options_become_the_members_of_a_set(void **state)
{
    static const struct row {
        const char *line, *expect;
    } rows[] = {
        { "z www A --ttl 60 192.0.2.1", WWW "'ttl':60" ADDRESS },
        { "z www A --ttl 60 192.0.2.1 192.0.2.2",
          WWW "'ttl':60,'values':['192.0.2.1','192.0.2.2']}" },
        { "z www A --ttl 60 --id blue --weight 70 192.0.2.1",
          WWW "'ttl':60,'set_identifier':'blue','weight':70" ADDRESS },
        { "z www A --ttl 60 --id us --region us-east-1 192.0.2.1",
          WWW "'ttl':60,'set_identifier':'us','region':'us-east-1'" ADDRESS },
        { "z www A --ttl 60 --id us --region us-east-1 --bias 5 192.0.2.1", WWW
          "'ttl':60,'set_identifier':'us','geoproximity':{'bias':5,'region':'us-east-1'}" ADDRESS },
        { "z www A --ttl 60 --id us --region us-east-1 --policy geoproximity 192.0.2.1",
          WWW "'ttl':60,'set_identifier':'us','policy':'geoproximity',"
              "'geoproximity':{'region':'us-east-1'}" ADDRESS },
        { "z www A --ttl 60 --id us --coordinates 47.60,-122.33 192.0.2.1",
          WWW "'ttl':60,'set_identifier':'us','geoproximity':{'latitude':'47.60',"
              "'longitude':'-122.33'}" ADDRESS },
        { "z www A --ttl 60 --id us --local-zone us-west-2-den-1 192.0.2.1",
          WWW "'ttl':60,'set_identifier':'us',"
              "'geoproximity':{'local_zone_group':'us-west-2-den-1'}" ADDRESS },
        { "z www A --ttl 60 --id p --failover PRIMARY --check c1 192.0.2.1",
          WWW "'ttl':60,'set_identifier':'p','failover':'PRIMARY','health_check':'c1'" ADDRESS },
        { "z www A --ttl 60 --id ca --country US --subdivision CA 192.0.2.1",
          WWW "'ttl':60,'set_identifier':'ca','geolocation':{'country':'US','subdivision':'CA'"
              "}" ADDRESS },
        { "z www A --ttl 60 --id eu --continent EU 192.0.2.1",
          WWW "'ttl':60,'set_identifier':'eu','geolocation':{'continent':'EU'}" ADDRESS },
        { "z www A --ttl 60 --id 1 --multivalue 192.0.2.1",
          WWW "'ttl':60,'set_identifier':'1','multivalue_answer':true" ADDRESS },
        { "z www A --alias lb", WWW "'alias':{'name':'lb'}}" },
        { "z www A --alias lb --alias-zone Z1 --evaluate-health",
          WWW "'alias':{'name':'lb','zone_id':'Z1','evaluate_target_health':true}}" },
        /* What does not go together is for the server to say. */
        { "z www A --ttl 60 --id a --weight 1 --failover PRIMARY 192.0.2.1",
          WWW "'ttl':60,'set_identifier':'a','weight':1,'failover':'PRIMARY'" ADDRESS },
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        int rc;
        char *text = built(record_build, rows[i].line, &rc);
        assert_int_equal(rc, EXIT_DONE);
        for (char *at = text; *at != '\0'; at++)
            *at = *at == '"' ? '\'' : *at;
        assert_string_equal(text, rows[i].expect);
        free(text);
    }
}

static void what_cannot_be_meant_is_wrong_usage(void **state)
{
    static const struct row {
        const char *line;
        int rc;
    } rows[] = {
        { "z www A --ttl 60", EXIT_USAGE },
        { "z www A 192.0.2.1", EXIT_USAGE },
        { "z www A --ttl x 192.0.2.1", EXIT_USAGE },
        { "z www A --ttl 60 --weight heavy 192.0.2.1", EXIT_USAGE },
        { "z www A --alias lb 192.0.2.1", EXIT_USAGE },
        { "z www A --alias lb --ttl 60", EXIT_USAGE },
        { "z www A --ttl 60 --alias-zone Z1 192.0.2.1", EXIT_USAGE },
        { "z www A --ttl 60 --evaluate-health 192.0.2.1", EXIT_USAGE },
        { "z www A --ttl 60 --coordinates 47.60 192.0.2.1", EXIT_USAGE },
        { "z www A --ttl 60 --coordinates 47.60, 192.0.2.1", EXIT_USAGE },
        { "z www A --ttl 60 --coordinates ,1 192.0.2.1", EXIT_USAGE },
        { "z www A --ttl 60 --id \xff 192.0.2.1", EXIT_REFUSED },
        { "z www A --ttl 60 --country \xff 192.0.2.1", EXIT_REFUSED },
        { "z www TXT --ttl 60 \xff", EXIT_REFUSED },
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        int rc;
        char *text = built(record_build, rows[i].line, &rc);
        if (rc != rows[i].rc || text != NULL)
            fail_msg("%s: %d", rows[i].line, rc);
    }
}

/* What a listing of these sets of zone Z1 prints; they are JSON with single quotes.  The caller
 * frees. */
static char *print(const char *sets_text)
{
    char quoted[2048], *text = NULL;
    size_t size = 0;
    FILE *file = open_memstream(&text, &size);
    strcpy(quoted, sets_text);
    for (char *at = quoted; *at != '\0'; at++)
        *at = *at == '\'' ? '"' : *at;
    json_t *sets = json_loads(quoted, 0, NULL);
    json_t *reply =
        json_pack("{s:s,s:s,s:o}", "zone", "lab.test.", "id", "Z1", "record_sets", sets);
    assert_non_null(reply);
    record_print(reply, file);
    fclose(file);
    json_decref(reply);
    return text;
}

static void assert_printed(const char *sets_text, const char *expect)
{
    char *text = print(sets_text);
    assert_string_equal(text, expect);
    free(text);
}

static void plain_sets_are_listed_value_by_value(void **state)
{
    (void)state;
    assert_printed("[]", "");
    assert_printed("[{'name':'lab.test.','type':'NS','ttl':172800,'policy':'simple',"
                   "'values':['a.','b.']},"
                   "{'name':'www.lab.test.','type':'A','ttl':0,'policy':'simple',"
                   "'values':['192.0.2.1']}]",
                   "lab.test.      172800  NS  a.\n"
                   "lab.test.      172800  NS  b.\n"
                   "www.lab.test.       0  A   192.0.2.1\n");
}

static void a_group_is_understood_at_a_glance(void **state)
{
    (void)state;
    assert_printed(
        "[{'name':'l.','type':'A','ttl':5,'policy':'simple','values':['192.0.2.9']},"
        "{'name':'w.','type':'A','ttl':60,'policy':'weighted','set_identifier':'blue',"
        "'weight':70,'health_check':'web-1','values':['192.0.2.1','192.0.2.2']},"
        "{'name':'w.','type':'A','policy':'weighted','set_identifier':'green','weight':0,"
        "'alias':{'zone_id':'Z1','name':'lb.','evaluate_target_health':true}},"
        "{'name':'x.','type':'A','policy':'simple','alias':{'zone_id':'Z35','name':'elb.',"
        "'evaluate_target_health':false}}]",
        "NAME  TTL  TYPE  POLICY    ID     BY  CHECK  VALUE\n"
        "l.      5  A     simple    -      -   -      192.0.2.9\n"
        "w.     60  A     weighted  blue   70  web-1  192.0.2.1\n"
        "                                             192.0.2.2\n"
        "w.      -  A     weighted  green  0   -      alias lb., with its health\n"
        "x.      -  A     simple    -      -   -      alias elb. of Z35\n");
}

static void every_policy_says_what_it_chooses_by(void **state)
{
    static const struct row {
        const char *members, *expect;
    } rows[] = {
        { "'policy':'latency','region':'us-east-1'", "latency  1  us-east-1" },
        { "'policy':'failover','failover':'SECONDARY'", "failover  1  SECONDARY" },
        { "'policy':'multivalue','multivalue_answer':true", "multivalue  1  -" },
        { "'policy':'geolocation','geolocation':{'continent':'EU'}",
          "geolocation  1  continent EU" },
        { "'policy':'geolocation','geolocation':{'country':'US'}", "geolocation  1  US" },
        { "'policy':'geolocation','geolocation':{'country':'US','subdivision':'CA'}",
          "geolocation  1  US-CA" },
        { "'policy':'geolocation','geolocation':{'country':'*'}", "geolocation  1  default" },
        { "'policy':'geoproximity','geoproximity':{'region':'us-east-1','bias':-5}",
          "geoproximity  1  us-east-1 bias -5" },
        { "'policy':'geoproximity','geoproximity':{'latitude':'1','longitude':'-2','bias':0}",
          "geoproximity  1  1,-2" },
        { "'policy':'geoproximity','geoproximity':{'local_zone_group':'us-west-2-den-1'}",
          "geoproximity  1  us-west-2-den-1" },
        { "'policy':'cidr','cidr':{'collection':'C','location':'L1'}", "cidr  1  L1 of C" },
        { "'policy':'cidr','cidr':{'collection':'C','location':'*'}", "cidr  1  default of C" },
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char sets[512];
        snprintf(sets, sizeof(sets),
                 "[{'name':'w.','type':'A','ttl':60,'set_identifier':'1','values':['x'],%s}]",
                 rows[i].members);
        char *text = print(sets);
        /* The cells are as wide as their heads: blanks are squeezed to two. */
        char squeezed[512], *to = squeezed;
        for (const char *at = strchr(text, '\n'); *at != '\0'; at++)
            if (strncmp(at, "   ", 3) != 0)
                *to++ = *at;
        *to = '\0';
        if (strstr(squeezed, rows[i].expect) == NULL)
            fail_msg("%s lacks \"%s\"", squeezed, rows[i].expect);
        free(text);
    }
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(options_become_the_members_of_a_set),
    cmocka_unit_test(what_cannot_be_meant_is_wrong_usage),
    cmocka_unit_test(plain_sets_are_listed_value_by_value),
    cmocka_unit_test(a_group_is_understood_at_a_glance),
    cmocka_unit_test(every_policy_says_what_it_chooses_by),
};

RUN_TESTS(tests)
