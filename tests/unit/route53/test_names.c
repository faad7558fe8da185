/* Names of requests: A-NAM-1, A-NAM-2, A-NAM-4, A-NAM-5, R-NAM. */
#include "tests.h"

#include "call.h"

#define FATAL(kind, text, value) "FATAL problem: " kind " (" text ") encountered with '" value "'"
#define UNSUPPORTED(value)                                                                         \
    FATAL("UnsupportedCharacter", "Value contains unsupported characters", value)
#define L63 "abcdefghijklmnopqrstuvwxyz0123456789abcdefghijklmnopqrstuvwxyz0"
#define L61 "abcdefghijklmnopqrstuvwxyz0123456789abcdefghijklmnopqrstuvwxy"

struct row {
    const char *why;
    const char *given;
    const char *listed; /* NULL: see fault */
    const char *fault;
};

static void check_rows(const struct row *rows, size_t count, bool lenient)
{
    for (size_t i = 0; i < count; i++) {
        struct arena *arena = arena_create();
        uint8_t name[DNS_NAME_SIZE_MAX];
        char text[DNS_NAME_TEXT_SIZE] = "";
        const char *fault = route53_read_name(arena, rows[i].given, lenient, name);
        if (fault == NULL)
            dns_name_to_octal(text, name);
        const char *got = rows[i].listed != NULL && fault == NULL ? text : fault;
        const char *expect = rows[i].listed != NULL ? rows[i].listed : rows[i].fault;
        if (got == NULL || strcmp(got, expect) != 0)
            fail_msg("%s\nexpected: %s\n     got: %s", rows[i].why, expect,
                     got == NULL ? text : got);
        arena_destroy(arena);
    }
}

static void names_are_absolute_and_lower_case(void **state)
{
    static const struct row rows[] = {
        { "the dot at the end is added", "www.harbor.test", "www.harbor.test.", NULL },
        { "or is there", "www.harbor.test.", "www.harbor.test.", NULL },
        { "letters become small", "WwW.Harbor.TEST", "www.harbor.test.", NULL },
        { "also those that were escaped (R-NAM-2)", "\\127ww.test", "www.test.", NULL },
        { "what is not plain is listed in octal (A-NAM-3)", "*.a/b@c_d-e!",
          "\\052.a\\057b\\100c_d-e\\041.", NULL },
        { "octal escapes are octets", "a\\344\\000\\040\\056.test", "a\\344\\000\\040\\056.test.",
          NULL },
        { "a backslash before anything else is that character", "a\\.b\\\\c\\9.test",
          "a\\056b\\134c9.test.", NULL },
        { "digits above 377 are no escape", "\\400.test", "400.test.", NULL },
        { "the root", ".", ".", NULL },
        { "a label of 63", L63 ".test", L63 ".test.", NULL },
        { "a name of 255 octets", L63 "." L63 "." L63 "." L61, L63 "." L63 "." L63 "." L61 ".",
          NULL },
    };
    (void)state;
    check_rows(rows, COUNT_OF(rows), false);
}

static void what_is_no_name_is_said_in_route_53s_words(void **state)
{
    static const struct row rows[] = {
        { "nothing", "", NULL, FATAL("DomainNameEmpty", "Domain name is empty", "") },
        { "an empty label", "a..b", NULL,
          FATAL("DomainLabelEmpty", "Domain label is empty", "a..b") },
        { "an empty first label", ".a", NULL,
          FATAL("DomainLabelEmpty", "Domain label is empty", ".a") },
        { "two dots at the end", "a..", NULL,
          FATAL("DomainLabelEmpty", "Domain label is empty", "a..") },
        { "a label of 64", "a." L63 "1.test", NULL,
          FATAL("DomainLabelTooLong", "Domain label is too long", L63 "1") },
        { "a name of 256 octets", L63 "." L63 "." L63 "." L61 "1", NULL,
          FATAL("DomainNameTooLong", "Domain name is too long", L63 "." L63 "." L63 "." L61 "1") },
        { "a blank", "a b.test", NULL, UNSUPPORTED(" ") },
        { "a tab", "a\tb.test", NULL, UNSUPPORTED("\t") },
        { "a control character", "a\177.test", NULL, UNSUPPORTED("\177") },
        { "UTF-8, whole",
          "b\xc3\xbc"
          "cher.test",
          NULL, UNSUPPORTED("\xc3\xbc") },
        { "UTF-8 behind a backslash", "\\\xe2\x82\xac.test", NULL, UNSUPPORTED("\xe2\x82\xac") },
        { "a backslash at the end", "a\\", NULL, UNSUPPORTED("\\") },
    };
    (void)state;
    check_rows(rows, COUNT_OF(rows), false);
}

static void starts_of_lists_may_hold_raw_octets(void **state)
{
    static const struct row rows[] = {
        { "UTF-8 counts as escaped (A-NAM-2)", "b\xc3\xbc.test", "b\\303\\274.test.", NULL },
        { "either form of a wildcard (A-NAM-4)", "\\052.x", "\\052.x.", NULL },
        { "a blank is refused all the same", "a b", NULL, UNSUPPORTED(" ") },
    };
    (void)state;
    check_rows(rows, COUNT_OF(rows), true);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(names_are_absolute_and_lower_case),
    cmocka_unit_test(what_is_no_name_is_said_in_route_53s_words),
    cmocka_unit_test(starts_of_lists_may_hold_raw_octets),
};

RUN_TESTS(tests)
