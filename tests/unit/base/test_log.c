#include "signpost/base/log.h"

#include "signpost/base/status.h"

#include "tests.h"

#include <fcntl.h>
#include <unistd.h>

static char path[64];

static int set_up(void **state)
{
    (void)state;
    snprintf(path, sizeof path, "/tmp/signpost-log-test-%d", getpid());
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    unlink(path);
    return 0;
}

static void read_log(char *out, size_t size)
{
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    out[fread(out, 1, size - 1, file)] = 0;
    fclose(file);
}

static void log_lines_carry_level_message_and_pairs(void **state)
{
    (void)state;
    char text[4096];
    assert_int_equal(log_open(path, LOG_LEVEL_INFO, false), 0);
    log_write(LOG_LEVEL_INFO, "zone imported", "zone", "lab.test.", "why", "two words", NULL);
    log_write(LOG_LEVEL_DEBUG, "not to be seen", NULL);
    read_log(text, sizeof text);
    assert_non_null(strstr(text, "Z info zone imported zone=lab.test. why=\"two words\"\n"));
    assert_null(strstr(text, "not to be seen"));
}

static void log_values_cannot_forge_a_line(void **state)
{
    (void)state;
    char text[4096];
    assert_int_equal(log_open(path, LOG_LEVEL_INFO, false), 0);
    log_write(LOG_LEVEL_ERROR, "bad", "input", "a\nb\"c", NULL);
    read_log(text, sizeof text);
    assert_non_null(strstr(text, "input=\"a\\u000ab\\\"c\"\n"));
}

static void log_json_lines_are_json(void **state)
{
    (void)state;
    char text[4096];
    assert_int_equal(log_open(path, LOG_LEVEL_INFO, true), 0);
    log_write(LOG_LEVEL_WARNING, "odd \"name\"", "name", "caf\xe9\t", NULL);
    read_log(text, sizeof text);
    assert_non_null(strstr(text, "\"level\":\"warning\",\"message\":\"odd \\\"name\\\"\","
                                 "\"name\":\"caf\\ufffd\\u0009\"}\n"));
}

static void log_lines_stay_whole_however_long_a_value_is(void **state)
{
    (void)state;
    static char value[5000], text[20000];
    memset(value, '"', sizeof value - 1); /* each takes two octets */
    assert_int_equal(log_open(path, LOG_LEVEL_INFO, true), 0);
    log_write(LOG_LEVEL_INFO, "long", "a", value, "b", value, "c", "end", NULL);
    read_log(text, sizeof text);
    size_t size = strlen(text);
    assert_true(size < 10000);
    assert_non_null(strstr(text, "...\",\"b\":\""));
    assert_string_equal(text + size - 12, ",\"c\":\"end\"}\n");
}

static unsigned count_open_files(void)
{
    unsigned count = 0;
    for (int fd = 0; fd < 256; fd++)
        count += fcntl(fd, F_GETFD) >= 0;
    return count;
}

static void log_keeps_one_file_open_at_most(void **state)
{
    (void)state;
    assert_int_equal(log_open(path, LOG_LEVEL_ERROR, false), 0);
    unsigned before = count_open_files();
    for (unsigned i = 0; i < 5; i++) {
        assert_int_equal(log_open(NULL, LOG_LEVEL_ERROR, false), 0);
        assert_int_equal(log_open(path, LOG_LEVEL_ERROR, false), 0);
    }
    assert_int_equal(count_open_files(), before);
}

static void log_reopens_after_rotation_and_keeps_the_old_file_when_it_cannot(void **state)
{
    (void)state;
    char text[4096], moved[80];
    snprintf(moved, sizeof moved, "%s.1", path);
    assert_int_equal(log_open(path, LOG_LEVEL_INFO, false), 0);
    log_write(LOG_LEVEL_INFO, "before", NULL);
    rename(path, moved);
    assert_int_equal(log_open(path, LOG_LEVEL_INFO, false), 0);
    log_write(LOG_LEVEL_INFO, "after", NULL);
    assert_int_equal(log_open("/nonexistent/log", LOG_LEVEL_INFO, false), SP_EIO);
    log_write(LOG_LEVEL_INFO, "still here", NULL);
    read_log(text, sizeof text);
    assert_null(strstr(text, "before"));
    assert_non_null(strstr(text, "after"));
    assert_non_null(strstr(text, "still here"));
    unlink(moved);
}

static void log_levels_have_names(void **state)
{
    (void)state;
    enum log_level level;
    assert_true(log_level_from_text("debug", &level));
    assert_int_equal(level, LOG_LEVEL_DEBUG);
    assert_false(log_level_from_text("loud", &level));
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test_setup_teardown(log_lines_carry_level_message_and_pairs, set_up, tear_down),
    cmocka_unit_test_setup_teardown(log_values_cannot_forge_a_line, set_up, tear_down),
    cmocka_unit_test_setup_teardown(log_json_lines_are_json, set_up, tear_down),
    cmocka_unit_test_setup_teardown(
        log_reopens_after_rotation_and_keeps_the_old_file_when_it_cannot, set_up, tear_down),
    cmocka_unit_test_setup_teardown(log_lines_stay_whole_however_long_a_value_is, set_up,
                                    tear_down),
    cmocka_unit_test_setup_teardown(log_keeps_one_file_open_at_most, set_up, tear_down),
    cmocka_unit_test(log_levels_have_names),
};

RUN_TESTS(tests)
