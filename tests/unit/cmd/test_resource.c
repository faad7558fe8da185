/* Resources on the command line: what the options of "resource set" say. */
#include "built.h"

/* With single quotes, so that what is expected can be written down. */
static char *build_entry(const char *text, int *out_rc)
{
    char *out = built(resource_build, text, out_rc);
    for (char *at = out; at != NULL && *at != '\0'; at++)
        *at = *at == '"' ? '\'' : *at;
    return out;
}

static void options_become_the_members_of_an_entry(void **state)
{
    static const struct row {
        const char *line, *expect;
    } rows[] = {
        { "lb --kind other --zone a=192.0.2.1",
          "{'kind':'other','down':false,'zones':[{'name':'a','addresses':['192.0.2.1']}],"
          "'target_groups':[]}" },
        { "lb --zone a=192.0.2.1,2001:db8::1 --kind other --zone b=192.0.2.2 --unhealthy --ttl 5",
          "{'kind':'other','down':true,'ttl':5,'zones':[{'name':'a','addresses':['192.0.2.1',"
          "'2001:db8::1']},{'name':'b','addresses':['192.0.2.2']}],'target_groups':[]}" },
        { "lb --kind other --targets web=2/3 --targets api=0/0",
          "{'kind':'other','down':false,'zones':[],'target_groups':[{'name':'web','healthy':2,"
          "'registered':3},{'name':'api','healthy':0,'registered':0}]}" },
        /* Whether it can be is for the server to say. */
        { "lb --kind elb --zone a=x, --targets web=3/2 --ttl -1",
          "{'kind':'elb','down':false,'ttl':-1,'zones':[{'name':'a','addresses':['x','']}],"
          "'target_groups':[{'name':'web','healthy':3,'registered':2}]}" },
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        int rc;
        char *text = build_entry(rows[i].line, &rc);
        assert_int_equal(rc, EXIT_DONE);
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
        { "lb --zone a=192.0.2.1", EXIT_USAGE },
        { "lb --kind other --zone 192.0.2.1", EXIT_USAGE },
        { "lb --kind other --zone a=", EXIT_USAGE },
        { "lb --kind other --zone =192.0.2.1", EXIT_USAGE },
        { "lb --kind other --ttl x --zone a=192.0.2.1", EXIT_USAGE },
        { "lb --kind other --targets web", EXIT_USAGE },
        { "lb --kind other --targets web=", EXIT_USAGE },
        { "lb --kind other --targets web=2", EXIT_USAGE },
        { "lb --kind other --targets web=2/", EXIT_USAGE },
        { "lb --kind other --targets web=/2", EXIT_USAGE },
        { "lb --kind other --targets web=2/3x", EXIT_USAGE },
        { "lb --kind other --targets web=-1/3", EXIT_USAGE },
        { "lb --kind other --targets web=1/99999999999", EXIT_USAGE },
        { "lb --kind other --targets =1/1", EXIT_USAGE },
        { "lb --kind \xff", EXIT_REFUSED },
        { "lb --kind other --zone a=\xff", EXIT_REFUSED },
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        int rc;
        char *text = build_entry(rows[i].line, &rc);
        if (rc != rows[i].rc || text != NULL)
            fail_msg("%s: %d", rows[i].line, rc);
    }
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(options_become_the_members_of_an_entry),
    cmocka_unit_test(what_cannot_be_meant_is_wrong_usage),
};

RUN_TESTS(tests)
