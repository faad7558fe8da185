/* What a tag may hold (A-TAG-3). */
#include "signpost/model/tag.h"

#include "tests.h"

static void a_tag_holds_letters_digits_blanks_and_a_few_signs(void **state)
{
    static const struct row {
        const char *why;
        struct tag tag;
        bool fits;
    } rows[] = {
        { "every sign", { "aZ09 _.:/=+-@", "aZ09 _.:/=+-@" }, true },
        { "an empty value", { "k", "" }, true },
        { "letters of other scripts",
          { "gr\xc3\xb6\xc3\x9f"
            "e",
            "\xe6\xb8\xaf" },
          true },
        { "an empty key", { "", "v" }, false },
        { "a sign that is none of them", { "a;b", "v" }, false },
        { "in the value", { "k", "<v>" }, false },
        { "a tab", { "k", "a\tb" }, false },
    };
    (void)state;
    for (unsigned i = 0; i < COUNT_OF(rows); i++) {
        struct problem problem = { 0 };
        int rc = tag_check(&rows[i].tag, &problem);
        if (rc != (rows[i].fits ? 0 : SP_EINVAL) || problem.status != rc)
            fail_msg("%s: %d %s", rows[i].why, rc, problem.text);
    }
}

/* A-TAG-1. */
static void two_things_have_tags(void **state)
{
    enum tagged tagged = TAGGED_COUNT;
    (void)state;
    assert_int_equal(tagged_find("healthcheck", &tagged), 0);
    assert_int_equal(tagged, TAGGED_HEALTH_CHECK);
    assert_int_equal(tagged_find("hostedzone", &tagged), 0);
    assert_int_equal(tagged, TAGGED_HOSTED_ZONE);
    assert_int_equal(tagged_find("HostedZone", &tagged), SP_EINVAL);
    assert_int_equal(tagged_find("", &tagged), SP_EINVAL);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(a_tag_holds_letters_digits_blanks_and_a_few_signs),
    cmocka_unit_test(two_things_have_tags),
};

RUN_TESTS(tests)
