/* Rules: A-XML-1, A-XML-8, A-XML-10. */
#include "tests.h"

#include "sets.h"

static struct arena *arena;

static int open_arena(void **state)
{
    (void)state;
    arena = arena_create();
    return arena == NULL;
}

static int close_arena(void **state)
{
    (void)state;
    arena_destroy(arena);
    return 0;
}

#define HEAD "<?xml version=\"1.0\" encoding=\"UTF-8\"?>"
#define SET  HEAD "<Set xmlns=\"" XMLNS "\">"

struct output {
    size_t size, room;
    char *data;
    int rc; /* what the sink returns */
};

static int take(void *context, const void *data, size_t size)
{
    struct output *output = context;
    if (output->rc != 0)
        return output->rc;
    if (output->size + size + 1 > output->room) {
        output->room = 2 * (output->size + size + 1);
        output->data = realloc(output->data, output->room);
        assert_non_null(output->data);
    }
    memcpy(output->data + output->size, data, size);
    output->size += size;
    output->data[output->size] = '\0';
    return 0;
}

static const char *written(const struct xml_shape *shape, const void *in)
{
    struct output output = { 0 };
    assert_int_equal(xml_write(shape, "Set", XMLNS, in, take, &output), 0);
    const char *text = arena_copy(arena, output.data, output.size + 1);
    free(output.data);
    return text;
}

static void members_are_written_in_the_order_of_the_shape(void **state)
{
    (void)state;
    static const char *const values[] = { "a", "" };
    static const struct target targets[] = { { "x", { true, true } }, { "y", { true, false } } };
    static struct target alias = { "z", { false, false } };
    const struct row {
        const char *why;
        struct set set;
        const char *expect;
    } rows[] = {
        { "what is absent is left out; a required list never is (A-XML-8)",
          { 0 },
          SET "<Tags></Tags></Set>" },
        { "zero is not absent", { .ttl = { true, 0 } }, SET "<TTL>0</TTL><Tags></Tags></Set>" },
        { "an optional list without items is left out (A-XML-8)",
          { .values = { .set = true } },
          SET "<Tags></Tags></Set>" },
        { "every kind (A-XML-10)",
          { .name = "www",
            .type = "TXT",
            .ttl = { true, -5 },
            .values = { true, 2, (void *)values },
            .targets = { true, 2, (void *)targets },
            .alias = &alias,
            .changed_at = { true, 1767323045678 } },
          SET "<Name>www</Name><Type>TXT</Type><TTL>-5</TTL><Values><Value>a</Value><Value></Value>"
              "</Values><Targets><Target><Name>x</Name><Evaluates>true</Evaluates></Target><Target>"
              "<Name>y</Name><Evaluates>false</Evaluates></Target></Targets><Alias><Name>z</Name>"
              "</Alias><Tags></Tags><ChangedAt>2026-01-02T03:04:05.678Z</ChangedAt></Set>" },
        { "milliseconds have three digits",
          { .changed_at = { true, 7 } },
          SET "<Tags></Tags><ChangedAt>1970-01-01T00:00:00.007Z</ChangedAt></Set>" },
        { "a time before 1970",
          { .changed_at = { true, -1 } },
          SET "<Tags></Tags><ChangedAt>1969-12-31T23:59:59.999Z</ChangedAt></Set>" },
        { "what XML would read as markup is escaped (A-XML-5)",
          { .name = "<a href=\"x\">'&amp;'</a>" },
          SET "<Name>&lt;a "
              "href=&quot;x&quot;&gt;&apos;&amp;amp;&apos;&lt;/a&gt;</Name><Tags></Tags></Set>" },
        { "blanks are kept, a carriage return by its number",
          { .name = " a\t\n\r " },
          SET "<Name> a\t\n&#13; </Name><Tags></Tags></Set>" },
        { "other characters stand as they are",
          { .name = "\xc3\xa9\xf0\x9f\x98\x80\x7f" },
          SET "<Name>\xc3\xa9\xf0\x9f\x98\x80\x7f</Name><Tags></Tags></Set>" },
        { "what XML cannot carry becomes U+FFFD, octet by octet",
          { .name = "a\x01<\xff\xed\xa0\x80\xe2\x82" },
          SET "<Name>a\xef\xbf\xbd&lt;\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"
              "\xef\xbf\xbd</Name><Tags></Tags></Set>" },
    };
    for (unsigned i = 0; i < COUNT_OF(rows); i++) {
        const char *text = written(&set_shape, &rows[i].set);
        if (strcmp(text, rows[i].expect) != 0)
            fail_msg("%s: %s\n  expected %s", rows[i].why, text, rows[i].expect);
    }
}

static void without_a_shape_the_root_is_empty(void **state)
{
    (void)state;
    assert_string_equal(written(NULL, NULL), HEAD "<Set xmlns=\"" XMLNS "\"/>");
}

static void a_text_alone_is_escaped_as_in_a_document(void **state)
{
    (void)state;
    struct output output = { 0 };
    assert_int_equal(xml_write_text("a<\xff", take, &output), 0);
    assert_string_equal(output.data, "a&lt;\xef\xbf\xbd");
    free(output.data);
}

static void texts_may_be_longer_than_any_buffer(void **state)
{
    (void)state;
    enum { LENGTH = 20000 };
    char *name = arena_alloc(arena, LENGTH + 1);
    memset(name, 'a', LENGTH);
    struct set set = { .name = name };
    const char *expect = arena_format(arena, SET "<Name>%s</Name><Tags></Tags></Set>", name);
    assert_string_equal(written(&set_shape, &set), expect);
}

static void what_the_sink_returns_ends_the_writing(void **state)
{
    (void)state;
    struct output output = { .rc = SP_EIO };
    struct set set = { .name = "www" };
    assert_int_equal(xml_write(&set_shape, "Set", XMLNS, &set, take, &output), SP_EIO);
    assert_int_equal(output.size, 0);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test_setup_teardown(members_are_written_in_the_order_of_the_shape, open_arena,
                                    close_arena),
    cmocka_unit_test_setup_teardown(without_a_shape_the_root_is_empty, open_arena, close_arena),
    cmocka_unit_test(a_text_alone_is_escaped_as_in_a_document),
    cmocka_unit_test_setup_teardown(texts_may_be_longer_than_any_buffer, open_arena, close_arena),
    cmocka_unit_test_setup_teardown(what_the_sink_returns_ends_the_writing, open_arena,
                                    close_arena),
};

RUN_TESTS(tests)
