/* Tags of hosted zones and health checks (A-TAG), and what is remembered of deleted checks. */
#include "check_stage.h"

#include "signpost/store/tags.h"

static int write_tag(void *context, const struct tag *tag)
{
    fprintf(context, "%s=%s ", tag->key, tag->value);
    return 0;
}

static void assert_tags(struct store *store, enum tagged tagged, const char *id,
                        const char *expected)
{
    char text[256] = "";
    FILE *to = fmemopen(text, sizeof text, "w");
    assert_int_equal(store_visit_tags(store, tagged, id, write_tag, to, NULL), 0);
    fclose(to);
    assert_string_equal(text, expected);
}

static int put_tag(struct store *store, enum tagged tagged, const char *id, const char *key,
                   const char *value)
{
    const struct tag tag = { key, value };
    begin(store);
    int rc = store_put_tag(store, tagged, id, &tag, NULL);
    assert_int_equal(store_commit_transaction(store, NULL), 0);
    return rc;
}

static void tags_are_kept_by_key_in_their_order(void **state)
{
    struct scratch *scratch = *state;
    struct store *store = open_store(scratch->path);
    struct hosted_zone zone = add_zone(store, "harbor.test.", NULL);
    put_manual(store, "web-1");
    for (unsigned i = 0; i < TAGGED_COUNT; i++) {
        const char *id = i == TAGGED_HOSTED_ZONE ? zone.public_id : "web-1";
        assert_int_equal(put_tag(store, i, id, "b", "1"), 0);
        assert_int_equal(put_tag(store, i, id, "a", ""), 0);
        assert_int_equal(put_tag(store, i, id, "B", "2"), 0);
        assert_int_equal(put_tag(store, i, id, "b", "3"), 0);
        assert_int_equal(put_tag(store, i, "nobody", "b", "3"), SP_ENOENT);
        assert_tags(store, i, id, "B=2 a= b=3 ");
        begin(store);
        assert_int_equal(store_remove_tag(store, i, id, "a", NULL), 0);
        assert_int_equal(store_remove_tag(store, i, id, "not there", NULL), 0);
        assert_int_equal(store_commit_transaction(store, NULL), 0);
    }
    store_close(store);
    store = open_store(scratch->path);
    assert_tags(store, TAGGED_HOSTED_ZONE, zone.public_id, "B=2 b=3 ");
    assert_tags(store, TAGGED_HEALTH_CHECK, "web-1", "B=2 b=3 ");
    store_close(store);
}

/* A-ZON-27, A-HCK-12: a check also when its row stays because record sets name it. */
static void tags_go_with_what_they_belong_to(void **state)
{
    struct scratch *scratch = *state;
    struct store *store = open_store(scratch->path);
    struct hosted_zone zone = add_zone(store, "harbor.test.", NULL);
    struct change change = { 0 };
    put_manual(store, "web-1");
    add_zone_that_names(store, "web-1");
    assert_int_equal(put_tag(store, TAGGED_HOSTED_ZONE, zone.public_id, "a", "1"), 0);
    assert_int_equal(put_tag(store, TAGGED_HEALTH_CHECK, "web-1", "a", "1"), 0);
    assert_int_equal(delete_check(store, "web-1"), 0);
    put_manual(store, "web-1");
    assert_tags(store, TAGGED_HEALTH_CHECK, "web-1", "");
    begin(store);
    assert_int_equal(store_commit_delete(store, &zone, 1700000009, &change, NULL), 0);
    assert_int_equal(count_rows(store, "hosted_zone_tag"), 0);
    assert_int_equal(count_rows(store, "health_check_tag"), 0);
    store_close(store);
}

/* A-HCK-2: a reference stays used. */
static void a_reference_is_known_after_its_check_is_gone(void **state)
{
    struct scratch *scratch = *state;
    struct store *store = open_store(scratch->path);
    struct health_check check = full_check("one");
    char id[HEALTH_CHECK_ID_SIZE_MAX + 1] = "?";
    assert_int_equal(store_find_check_reference(store, "made by hand", id, NULL), SP_ENOENT);
    assert_int_equal(put(store, &check), 0);
    assert_int_equal(store_find_check_reference(store, "made by hand", id, NULL), 0);
    assert_string_equal(id, "one");
    assert_int_equal(delete_check(store, "one"), 0);
    put_manual(store, "one"); /* the same id again, made by somebody without a reference */
    assert_int_equal(delete_check(store, "one"), 0);
    assert_int_equal(store_find_check_reference(store, "made by hand", id, NULL), 0);
    assert_string_equal(id, "");
    assert_int_equal(store_find_check_reference(store, "MADE BY HAND", id, NULL), SP_ENOENT);
    store_close(store);
}

static int write_id(void *context, const struct health_check *check)
{
    strcat(context, check->id);
    return 0;
}

/* A-HCK-13: in the order of creation, whatever the ids; a deleted check keeps its place. */
static void pages_of_checks_are_in_the_order_of_creation(void **state)
{
    static const struct row {
        const char *first;
        unsigned count;
        const char *expected;
    } rows[] = {
        { NULL, 9, "cbde" }, { NULL, 2, "cb" }, { "b", 2, "bd" },
        { "e", 2, "e" },     { "a", 2, "bd" }, /* deleted; it stood between c and b */
        { "z", 9, "" },                        /* deleted; it was the last */
    };
    struct scratch *scratch = *state;
    struct store *store = open_store(scratch->path);
    const char *ids[] = { "c", "a", "b", "d", "e", "z" };
    for (unsigned i = 0; i < COUNT_OF(ids); i++)
        put_manual(store, ids[i]);
    assert_int_equal(delete_check(store, "a"), 0);
    assert_int_equal(delete_check(store, "z"), 0);
    for (unsigned i = 0; i < COUNT_OF(rows); i++) {
        char text[64] = "";
        struct store_object_visitor visitor = { .check = write_id, .context = text };
        assert_int_equal(store_page_checks(store, rows[i].first, rows[i].count, &visitor, NULL), 0);
        assert_string_equal(text, rows[i].expected);
    }
    struct store_object_visitor visitor = { .check = ignore_check };
    assert_int_equal(store_page_checks(store, "none", 9, &visitor, NULL), SP_ENOENT);
    store_close(store);
}

static const struct CMUnitTest tests[] = {
    SCRATCH_TEST(tags_are_kept_by_key_in_their_order),
    SCRATCH_TEST(tags_go_with_what_they_belong_to),
    SCRATCH_TEST(a_reference_is_known_after_its_check_is_gone),
    SCRATCH_TEST(pages_of_checks_are_in_the_order_of_creation),
};

RUN_TESTS(tests)
