/* Query logging: which log groups a configuration may name (A-QLG-1). */
#include "tests.h"

#include "signpost/model/query_logging.h"

#define ARN "arn:aws:logs:us-east-1:111122223333:log-group:"

static void a_log_group_is_named_by_an_arn_in_us_east_1(void **state)
{
    static const struct row {
        const char *arn;
        bool is_right;
    } rows[] = {
        { ARN "/aws/route53/harbor.test", true },
        { ARN "/aws/route53/harbor.test:*", true },
        { ARN "a-Z_0.9#", true },
        { ARN "a:b", false },
        { ARN "a:**", false },
        { ARN "two words", false },
        { ARN ":*", false },
        { ARN, false },
        { "arn:aws:logs:us-east-1:111122223333:log-stream:a", false },
        { "arn:aws:logs:eu-west-1:111122223333:log-group:a", false },
        { "arn:aws:logs:us-east-1:1111:log-group:a", false },
        { "arn:aws:kms:us-east-1:111122223333:log-group:a", false },
        { "log-group:a", false },
        { "", false },
    };
    (void)state;
    for (unsigned i = 0; i < COUNT_OF(rows); i++)
        if (log_group_arn_is_right(rows[i].arn) != rows[i].is_right)
            fail_msg("%s", rows[i].arn);
}

static void a_name_has_at_most_512_characters(void **state)
{
    char arn[LOG_GROUP_ARN_SIZE + 8] = ARN;
    size_t from = strlen(arn);
    (void)state;
    memset(arn + from, 'n', 513);
    assert_false(log_group_arn_is_right(arn));
    arn[from + 512] = '\0';
    assert_true(log_group_arn_is_right(arn));
    strcat(arn, ":*");
    assert_true(log_group_arn_is_right(arn));
    assert_true(strlen(arn) < LOG_GROUP_ARN_SIZE);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(a_log_group_is_named_by_an_arn_in_us_east_1),
    cmocka_unit_test(a_name_has_at_most_512_characters),
};

RUN_TESTS(tests)
