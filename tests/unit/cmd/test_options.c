/* Options, before a verb has seen them. */
#include "../../../src/cmd/client/client.h"

#include "tests.h"

#include <getopt.h>

#define WORDS_MAX 12

struct line {
    char *words[WORDS_MAX + 1]; /* getopt moves them about */
    struct invocation invocation;
};

/* Reads "signpost" and the words of a text that are set off by blanks; "''" is an empty one. */
static bool read_line(struct line *line, char *buffer, const char *text)
{
    int count = 1;
    char *rest = NULL;
    *line = (struct line){ .words = { (char *)"signpost" } };
    strcpy(buffer, text);
    for (char *word = strtok_r(buffer, " ", &rest); word != NULL; word = strtok_r(NULL, " ", &rest))
        line->words[count++] = strcmp(word, "''") == 0 ? word + 2 : word;
    optind = 0; /* from the beginning */
    return options_read(count, line->words, &line->invocation);
}

/* "word word | name=text name" */
static void describe(const struct invocation *invocation, char *out, size_t size)
{
    size_t used = 0;
    out[0] = '\0';
    for (int i = 0; i < invocation->word_count; i++)
        used += (size_t)snprintf(out + used, size - used, "%s ", invocation->words[i]);
    used += (size_t)snprintf(out + used, size - used, "|");
    for (int i = 0; i < invocation->given_count; i++) {
        const struct given_option *given = &invocation->given[i];
        used += (size_t)snprintf(out + used, size - used, " %s%s%s", given->name,
                                 given->text != NULL ? "=" : "",
                                 given->text != NULL ? given->text : "");
    }
}

static void options_stand_anywhere(void **state)
{
    static const struct row {
        const char *line, *expect;
    } rows[] = {
        { "", "|" },
        { "zone list", "zone list |" },
        { "zone delete --force lab.test", "zone delete lab.test | force" },
        { "--ttl 60 record set --id=blue z n A 192.0.2.1", "record set z n A 192.0.2.1 | ttl=60 "
                                                           "id=blue" },
        { "record set --bias -10 --coordinates -33.9,151", "record set | bias=-10 "
                                                           "coordinates=-33.9,151" },
        { "record set -- --ttl -x", "record set --ttl -x |" },
        { "-h --version", "| help version" },
        { "--zone a=1 --zone b=2", "| zone=a=1 zone=b=2" },
        { "simulate w A -n 5 --down a --down b", "simulate w A | count=5 down=a down=b" },
        { "--api http://a --api http://b", "| api=http://a api=http://b" },
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct line line;
        char buffer[128], text[256];
        assert_true(read_line(&line, buffer, rows[i].line));
        describe(&line.invocation, text, sizeof(text));
        assert_string_equal(text, rows[i].expect);
        free(line.invocation.given);
    }
}

static void what_is_no_option_is_refused(void **state)
{
    static const char *const rows[] = {
        "--no-such-option", "-x", "--ttl", "--ttl 1 --ttl 2", "--force=1", "--name ''", "--name=",
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct line line;
        char buffer[128];
        if (read_line(&line, buffer, rows[i]))
            fail_msg("%s", rows[i]);
        free(line.invocation.given);
    }
}

static void a_verb_takes_its_own_options_and_the_common_ones(void **state)
{
    static const struct row {
        const char *line, *taken;
        bool expect;
    } rows[] = {
        { "--ttl 1", "ttl", true },
        { "--ttl 1 --id a", "id ttl", true },
        { "--ttl 1", "", false },
        { "--alias a", "alias-zone", false }, /* a part of a name is not the name */
        { "--zone a=1", "alias-zone", false },
        { "--json --api unix:x", "", true },
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct line line;
        char buffer[128];
        assert_true(read_line(&line, buffer, rows[i].line));
        if (options_check(&line.invocation, rows[i].taken) != rows[i].expect)
            fail_msg("%s of \"%s\"", rows[i].line, rows[i].taken);
        free(line.invocation.given);
    }
}

static void options_can_be_asked_for(void **state)
{
    struct line line;
    char buffer[128];
    int cursor = 0;
    (void)state;
    assert_true(read_line(&line, buffer, "--zone a=1 --json --zone b=2 --api unix:1 --api unix:2"));
    const struct invocation *invocation = &line.invocation;
    assert_string_equal(option_each(invocation, "zone", &cursor), "a=1");
    assert_string_equal(option_each(invocation, "zone", &cursor), "b=2");
    assert_null(option_each(invocation, "zone", &cursor));
    assert_string_equal(invocation->api, "unix:2"); /* the last one counts */
    assert_true(invocation->json);
    assert_true(option_given(invocation, "zone"));
    assert_false(option_given(invocation, "ttl"));
    assert_null(option_text(invocation, "ttl"));
    free(line.invocation.given);
}

static void a_number_is_a_number(void **state)
{
    static const struct row {
        const char *line;
        int rc;
        json_int_t expect;
    } rows[] = {
        { "--ttl 0", EXIT_DONE, 0 },   { "--ttl 2147483647", EXIT_DONE, 2147483647 },
        { "--ttl -5", EXIT_DONE, -5 }, { "--ttl 99999999999999999999", EXIT_USAGE, 0 },
        { "--ttl 1s", EXIT_USAGE, 0 }, { "--ttl -", EXIT_USAGE, 0 },
        { "--ttl +1", EXIT_USAGE, 0 }, { "--ttl 1.5", EXIT_USAGE, 0 },
        { "", EXIT_USAGE, 0 },
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct line line;
        char buffer[128];
        json_int_t number = 0;
        assert_true(read_line(&line, buffer, rows[i].line));
        if (option_number(&line.invocation, "ttl", &number) != rows[i].rc ||
            number != rows[i].expect)
            fail_msg("%s: %lld", rows[i].line, (long long)number);
        free(line.invocation.given);
    }
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(options_stand_anywhere),
    cmocka_unit_test(what_is_no_option_is_refused),
    cmocka_unit_test(a_verb_takes_its_own_options_and_the_common_ones),
    cmocka_unit_test(options_can_be_asked_for),
    cmocka_unit_test(a_number_is_a_number),
};

RUN_TESTS(tests)
