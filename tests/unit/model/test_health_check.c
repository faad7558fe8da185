/* Health checks: the ids that users choose, and those that are drawn. */
#include "tests.h"

#include "signpost/model/health_check.h"
#include "signpost/model/uuid.h"

static void an_id_is_a_word_of_64_characters_at_most(void **state)
{
    static const struct row {
        const char *id;
        bool right;
    } rows[] = {
        { "a", true },
        { "web-1", true },
        { "eu_west.1.WEB", true },
        { "6f1e2a5c-0d3b-4c8e-9a71-2b54c0e8d913", true },
        { "0123456789012345678901234567890123456789012345678901234567890123", true },
        { "01234567890123456789012345678901234567890123456789012345678901234", false },
        { "", false },
        { "web 1", false },
        { "web/1", false },
        { "web\n", false },
        { "w\xc3\xa9", false },
        { "*", false },
    };
    struct problem problem = { 0 };
    (void)state;
    for (unsigned i = 0; i < COUNT_OF(rows); i++)
        assert_int_equal(health_check_id_check(rows[i].id, &problem),
                         rows[i].right ? 0 : SP_EINVAL);
    health_check_id_check("web 1", &problem);
    assert_string_equal(problem.text, "\"web 1\" cannot be the id of a health check: it must be 1 "
                                      "to 64 letters, digits, \"-\", \"_\" and \".\"");
}

static void a_drawn_id_is_a_random_uuid(void **state)
{
    char first[UUID_TEXT_SIZE], second[UUID_TEXT_SIZE], again[UUID_TEXT_SIZE];
    struct dice dice, same;
    (void)state;
    dice_init_seeded(&dice, 5);
    dice_init_seeded(&same, 5);
    uuid_draw(first, &dice);
    uuid_draw(second, &dice);
    uuid_draw(again, &same);
    assert_string_equal(first, again);
    assert_string_not_equal(first, second);
    for (unsigned draw = 0; draw < 1000; draw++) {
        uuid_draw(first, &dice);
        assert_int_equal(strlen(first), 36);
        assert_int_equal(strspn(first, "0123456789abcdef-"), 36);
        assert_true(first[8] == '-' && first[13] == '-' && first[18] == '-' && first[23] == '-');
        assert_int_equal(first[14], '4');
        assert_non_null(strchr("89ab", first[19]));
        assert_int_equal(health_check_id_check(first, NULL), 0);
    }
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(an_id_is_a_word_of_64_characters_at_most),
    cmocka_unit_test(a_drawn_id_is_a_random_uuid),
};

RUN_TESTS(tests)
