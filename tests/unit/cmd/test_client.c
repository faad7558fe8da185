#include "../../../src/cmd/client/client.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void paths_carry_any_name(void **state)
{
    static const struct row {
        const char *zone;
        const char *expect;
    } rows[] = {
        { "lab.test", "zones/lab.test/export" },
        { "0/25.2.0.192.in-addr.arpa", "zones/0%2F25.2.0.192.in-addr.arpa/export" },
        { "a\\046b?&#%", "zones/a%5C046b%3F%26%23%25/export" },
        { "*.x", "zones/%2A.x/export" },
        { "\xe4", "zones/%E4/export" },
        { "", "zones//export" },
    };
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char *path = client_path("zones/%s/export", rows[i].zone);
        assert_string_equal(path, rows[i].expect);
        free(path);
    }
}

static void arguments_follow_a_path(void **state)
{
    (void)state;
    char *path = client_path("zones/%s/records", "a?b");
    path = client_path_argument(path, "name", NULL);
    path = client_path_argument(path, "type", "A&B");
    path = client_path_argument(path, "set_identifier", "blue 1");
    assert_string_equal(path, "zones/a%3Fb/records?type=A%26B&set_identifier=blue%201");
    free(path);
}

static void the_progress_line_fits_the_terminal(void **state)
{
    static const struct row {
        const char *why;
        int64_t done, total;
        int width;
        const char *expect;
    } rows[] = {
        { "nothing yet", 0, 100, 31, "lab.test [.............]   0%" },
        { "half", 50, 100, 31, "lab.test [#######......]  50%" },
        { "everything", 100, 100, 31, "lab.test [#############] 100%" },
        { "an empty file is done at once", 0, 0, 31, "lab.test [#############] 100%" },
        { "no room for a bar", 50, 100, 20, "lab.test  50%" },
        { "never wider than is useful", 1, 200, 200,
          "lab.test [........................................]   0%" },
        { "no overflow with a big file", 1ll << 40, 1ll << 41, 31,
          "lab.test [#######......]  50%" },
    };
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char line[256];
        progress_format(line, sizeof(line), "lab.test", rows[i].done, rows[i].total, rows[i].width);
        if (strcmp(line, rows[i].expect) != 0)
            fail_msg("%s: \"%s\"", rows[i].why, line);
        assert_true((int)strlen(line) < rows[i].width);
    }
}

static void progress_is_silent_when_nobody_looks(void **state)
{
    struct progress progress;
    char *text = NULL;
    size_t size = 0;
    FILE *file = tmpfile();
    (void)state;
    progress_init(&progress, file, "lab.test", 100);
    progress_show(&progress, 50);
    progress_show(&progress, 100);
    progress_finish(&progress);
    assert_int_equal(ftell(file), 0);
    fclose(file);

    file = open_memstream(&text, &size);
    progress.out = file; /* as if it were a terminal */
    progress_show(&progress, 50);
    progress_show(&progress, 50);
    progress_show(&progress, 100);
    progress_finish(&progress);
    fclose(file);
    assert_non_null(strstr(text, " 50%"));
    assert_null(strstr(strstr(text, " 50%") + 1, " 50%"));
    assert_non_null(strstr(text, "lab.test: storing ..."));
    free(text);
}

static void tables_line_up(void **state)
{
    static const char *const cells[] = { "ZONE", "RECORDS", "ID", "lab.test.", "7",
                                         "Z1",   "b.",      NULL, "Z2" };
    struct table table = { .columns = 3, .right = 1 << 1 };
    char *text = NULL;
    size_t size = 0;
    FILE *file = open_memstream(&text, &size);
    (void)state;
    for (size_t i = 0; i < 9; i++)
        table_add(&table, cells[i]);
    table_add(&table, "c.");
    table_add_number(&table, 1234567);
    table_add(&table, "");
    table_add(&table, "b\xc3\xbc"
                      "cher."); /* a character is one, whatever its octets */
    table_add(&table, "\xc3\xbc");
    table_add(&table, "Z3");
    table_print(&table, file);
    fclose(file);
    assert_string_equal(text, "ZONE         RECORDS  ID\n"
                              "lab.test.          7  Z1\n"
                              "b.                 -  Z2\n"
                              "c.         1,234,567  -\n"
                              "b\xc3\xbc"
                              "cher.            \xc3\xbc  Z3\n");
    free(text);
}

static void big_numbers_are_grouped(void **state)
{
    static const struct row {
        json_int_t number;
        const char *expect;
    } rows[] = { { 0, "0" },
                 { 999, "999" },
                 { 1000, "1,000" },
                 { 123456, "123,456" },
                 { -123456, "-123,456" },
                 { 1000000000, "1,000,000,000" } };
    char text[32];
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        assert_string_equal(grouped(rows[i].number, text), rows[i].expect);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(paths_carry_any_name),
        cmocka_unit_test(arguments_follow_a_path),
        cmocka_unit_test(the_progress_line_fits_the_terminal),
        cmocka_unit_test(progress_is_silent_when_nobody_looks),
        cmocka_unit_test(tables_line_up),
        cmocka_unit_test(big_numbers_are_grouped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
