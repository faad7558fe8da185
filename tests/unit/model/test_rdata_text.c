/* Single values as text: what the API and the command line show and take. */
#include "drafts.h"

static void a_value_may_have_names_with_or_without_a_final_dot(void **state)
{
    static const uint8_t lab[] = "\3lab\4test";
    static const struct row {
        const char *why;
        uint16_t type;
        const char *text;
        const uint8_t *origin;
        const char *expect;
    } rows[] = {
        { "without an origin every name is absolute (R-NAM-3)", DNS_TYPE_MX, "10 Mail.Example",
          NULL, "10 mail.example." },
        { "with one, names without a dot are below it", DNS_TYPE_MX, "10 mail", lab,
          "10 mail.lab.test." },
        { "the origin itself", DNS_TYPE_CNAME, "@", lab, "lab.test." },
        { "blanks around it", DNS_TYPE_A, "  192.0.2.1\t", NULL, "192.0.2.1" },
        { "generic form", DNS_TYPE_A, "\\# 4 c0000201", NULL, "192.0.2.1" },
        { "times with units", DNS_TYPE_SOA, "a b 1 2h 1m 1d 1w", NULL,
          "a. b. 1 7200 60 86400 604800" },
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct arena *arena = arena_create();
        struct problem problem = { 0 };
        struct span rdata;
        if (rdata_from_text(arena, rows[i].type, rows[i].text, rows[i].origin, &rdata, &problem) !=
            0)
            fail_msg("%s: %s", rows[i].why, problem.text);
        assert_string_equal(rdata_to_text(arena, rows[i].type, rdata), rows[i].expect);
        arena_destroy(arena);
    }
}

static void what_is_no_single_value_is_refused(void **state)
{
    static const struct row {
        const char *why;
        uint16_t type;
        const char *text;
        const char *expect;
    } rows[] = {
        { "nothing", DNS_TYPE_A, "", "the value ends too early; it is written: A address" },
        { "a comment", DNS_TYPE_A, " ; x", "the value ends too early; it is written: A address" },
        { "two lines", DNS_TYPE_A, "192.0.2.1\n192.0.2.2", "a value stands in one line" },
        { "an open quote", DNS_TYPE_TXT, "\"x", "the quote is not closed in its line" },
        { "an open parenthesis", DNS_TYPE_TXT, "( x", "the parenthesis is never closed" },
        { "a type that is none", 29, "x", "type 29 is not one that records may have" },
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct arena *arena = arena_create();
        struct problem problem = { 0 };
        struct span rdata;
        int rc = rdata_from_text(arena, rows[i].type, rows[i].text, NULL, &rdata, &problem);
        if (rc != SP_EINVAL)
            fail_msg("%s: %d", rows[i].why, rc);
        assert_string_equal(problem.text, rows[i].expect);
        arena_destroy(arena);
    }
}

static void the_longest_value_has_text_and_one_octet_more_has_none(void **state)
{
    static uint8_t rdata[DNS_RDATA_SIZE_MAX + 1];
    struct arena *arena = arena_create();
    struct problem problem = { 0 };
    struct span again;
    (void)state;
    for (size_t at = 0; at < DNS_RDATA_SIZE_MAX; at += 256)
        rdata[at] = 255;
    rdata[DNS_RDATA_SIZE_MAX - 255] = 254; /* the last string: 255 with its length octet */
    const char *text =
        rdata_to_text(arena, DNS_TYPE_TXT, (struct span){ rdata, DNS_RDATA_SIZE_MAX });
    assert_non_null(text);
    assert_int_equal(rdata_from_text(arena, DNS_TYPE_TXT, text, NULL, &again, &problem), 0);
    assert_int_equal(again.size, DNS_RDATA_SIZE_MAX);
    assert_memory_equal(again.data, rdata, DNS_RDATA_SIZE_MAX);
    const char *longer = arena_format(arena, "%s \"\"", text);
    assert_int_equal(rdata_from_text(arena, DNS_TYPE_TXT, longer, NULL, &again, &problem),
                     SP_EINVAL);
    assert_string_equal(problem.text,
                        "a record's data has at most 65535 octets; it is written: TXT "
                        "\"text\" ...");
    arena_destroy(arena);
}

static void rdata_that_is_not_well_formed_has_no_text(void **state)
{
    struct arena *arena = arena_create();
    (void)state;
    assert_null(rdata_to_text(arena, DNS_TYPE_A, (struct span){ (const uint8_t *)"abc", 3 }));
    assert_null(
        rdata_to_text(arena, DNS_TYPE_MX, (struct span){ (const uint8_t *)"\0\1\300\14", 4 }));
    assert_null(rdata_to_text(arena, 29, (struct span){ (const uint8_t *)"", 0 }));
    arena_destroy(arena);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(a_value_may_have_names_with_or_without_a_final_dot),
    cmocka_unit_test(what_is_no_single_value_is_refused),
    cmocka_unit_test(the_longest_value_has_text_and_one_octet_more_has_none),
    cmocka_unit_test(rdata_that_is_not_well_formed_has_no_text),
};

RUN_TESTS(tests)
