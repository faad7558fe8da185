/* Key-signing keys: their names, the ARNs behind them, and what a DNSKEY record says. */
#include "tests.h"

#include "signpost/base/span.h"
#include "signpost/model/signing.h"

static void a_name_is_3_to_128_letters_digits_and_underscores(void **state)
{
    char longest[130];
    (void)state;
    memset(longest, 'k', sizeof longest);
    longest[129] = '\0';
    assert_int_equal(key_name_check(longest, NULL), SP_EINVAL);
    longest[128] = '\0';
    assert_int_equal(key_name_check(longest, NULL), 0);
    const char *const wrong[] = { "", "ab", "a-b", "a b", "a.b", "k\xc3\xa9y", "key*" };
    for (unsigned i = 0; i < COUNT_OF(wrong); i++)
        assert_int_equal(key_name_check(wrong[i], NULL), SP_EINVAL);
    assert_int_equal(key_name_check("abc", NULL), 0);
    assert_int_equal(key_name_check("Lab_key_2", NULL), 0);
}

#define UUID "1234abcd-12ab-34cd-56ef-1234567890ab"

/* A-KSK-1. */
static void an_arn_names_a_key_in_us_east_1(void **state)
{
    static const struct row {
        const char *arn;
        bool is_right;
    } rows[] = {
        { "arn:aws:kms:us-east-1:111122223333:key/" UUID, true },
        { "arn:aws:kms:us-east-1:111122223333:key/" UUID "0", false },
        { "arn:aws:kms:us-east-1:111122223333:key/1234ABCD-12ab-34cd-56ef-1234567890ab", false },
        { "arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef", false },
        { "arn:aws:kms:us-east-1:111122223333:key/", false },
        { "arn:aws:kms:us-east-1:111122223333:alias/" UUID, false },
        { "arn:aws:kms:eu-west-1:111122223333:key/" UUID, false },
        { "arn:aws:kms:us-east-1:11112222333:key/" UUID, false },
        { "arn:aws:kms:us-east-1:1111222233334:key/" UUID, false },
        { "arn:aws:kms:us-east-1::key/" UUID, false },
        { "arn:aws:logs:us-east-1:111122223333:key/" UUID, false },
        { UUID, false },
        { "", false },
    };
    (void)state;
    for (unsigned i = 0; i < COUNT_OF(rows); i++)
        if (key_arn_is_right(rows[i].arn) != rows[i].is_right)
            fail_msg("%s", rows[i].arn);
}

/* The key of RFC 6605 §6.1. */
static void the_key_tag_is_that_of_the_rfc(void **state)
{
    static const struct key_signing_key key = {
        .public_key = { 0x1a, 0x88, 0xc8, 0x86, 0x15, 0xd4, 0x37, 0xfb, 0xb8, 0xbf, 0x9e,
                        0x19, 0x42, 0xa1, 0x92, 0x9f, 0x28, 0x56, 0x27, 0x06, 0xae, 0x6c,
                        0x2b, 0xd3, 0x99, 0xe7, 0xb1, 0xbf, 0xb6, 0xd1, 0xe9, 0xe7, 0x5b,
                        0x92, 0xb4, 0xaa, 0x42, 0x91, 0x7a, 0xe1, 0xc6, 0x1b, 0x70, 0x1e,
                        0xf0, 0x35, 0xc3, 0xfe, 0x7b, 0xe3, 0x00, 0x9c, 0xba, 0xfe, 0x5a,
                        0x2f, 0x71, 0x31, 0x6c, 0x90, 0x2d, 0xcf, 0x0d, 0x00 },
    };
    uint8_t rdata[DNSKEY_RDATA_SIZE];
    (void)state;
    key_dnskey_rdata(&key, rdata);
    assert_int_equal(get_u16(rdata), 257);
    assert_int_equal(rdata[2], 3);
    assert_int_equal(rdata[3], 13);
    assert_memory_equal(rdata + 4, key.public_key, sizeof key.public_key);
    assert_int_equal(key_tag(rdata), 55648);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(a_name_is_3_to_128_letters_digits_and_underscores),
    cmocka_unit_test(an_arn_names_a_key_in_us_east_1),
    cmocka_unit_test(the_key_tag_is_that_of_the_rfc),
};

RUN_TESTS(tests)
