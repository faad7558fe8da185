#include "signpost/http/target.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* Segments joined by "|", then for each argument "?name=value". */
static void write_target(const struct http_target *target, char *out)
{
    *out = '\0';
    for (unsigned i = 0; i < target->segment_count; i++) {
        strcat(out, i > 0 ? "|" : "");
        strcat(out, target->segments[i]);
    }
    for (unsigned i = 0; i < target->argument_count; i++) {
        strcat(out, "?");
        strcat(out, target->arguments[i].name);
        strcat(out, "=");
        strcat(out, target->arguments[i].value);
    }
}

static void target_is_split_before_escapes_are_undone(void **state)
{
    static const struct row {
        const char *why;
        const char *target;
        const char *expect; /* NULL: refused */
    } rows[] = {
        { "a plain path", "/signpost/v1/zones", "signpost|v1|zones" },
        { "a final slash is an empty segment", "/a/", "a|" },
        { "the root has one empty segment", "/", "" },
        { "an escaped slash splits nothing", "/zones/0%2F25.2.0.192.in-addr.arpa/export",
          "zones|0/25.2.0.192.in-addr.arpa|export" },
        { "an escaped question mark begins no query", "/a%3Fb", "a?b" },
        { "escapes in both letter cases", "/%2a%2A", "**" },
        { "a plus stays a plus in a path", "/a+b", "a+b" },
        { "A-SIG-6: and in a query", "/a?file=my+zone", "a?file=my+zone" },
        { "a blank is %20 there", "/a?file=my%20zone", "a?file=my zone" },
        { "an escaped ampersand splits nothing", "/a?x=1%262&y=3", "a?x=1&2?y=3" },
        { "a name without a value", "/a?replace", "a?replace=" },
        { "only the first equals sign counts", "/a?x=1=2", "a?x=1=2" },
        { "empty arguments are passed over", "/a?&&x=1&", "a?x=1" },
        { "the second question mark is text", "/a?x=?", "a?x=?" },
        { "no slash in front", "zones", NULL },
        { "nothing at all", "", NULL },
        { "the asterisk of OPTIONS", "*", NULL },
        { "an absolute target", "http://localhost/a", NULL },
        { "an escape cut off", "/a%2", NULL },
        { "an escape cut off at its percent sign", "/a%", NULL },
        { "an escape that runs into the next segment", "/a%2/b", NULL },
        { "an escape that is none", "/%zz", NULL },
        { "a zero octet would cut the text short", "/a%00b", NULL },
        { "a bad escape in a query", "/a?x=%G1", NULL },
        { "more parts than any path of ours", "/1/2/3/4/5/6/7/8/9", NULL },
        { "more arguments than any query of ours", "/a?1&2&3&4&5&6&7&8&9&a&b&c&d&e&f&g&h", NULL },
    };
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct arena *arena = arena_create();
        struct http_target target;
        char text[512] = "refused";
        if (http_target_parse(arena, rows[i].target, &target) == NULL)
            write_target(&target, text);
        if (strcmp(text, rows[i].expect != NULL ? rows[i].expect : "refused") != 0)
            fail_msg("%s: %s -> %s", rows[i].why, rows[i].target, text);
        arena_destroy(arena);
    }
}

static void arguments_are_found_by_name(void **state)
{
    struct arena *arena = arena_create();
    struct http_target target;
    (void)state;
    assert_null(http_target_parse(arena, "/a?replace=1&file=x", &target));
    assert_string_equal(http_target_argument(&target, "file"), "x");
    assert_string_equal(http_target_argument(&target, "replace"), "1");
    assert_null(http_target_argument(&target, "force"));
    arena_destroy(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(target_is_split_before_escapes_are_undone),
        cmocka_unit_test(arguments_are_found_by_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
