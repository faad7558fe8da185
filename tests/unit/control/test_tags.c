/* Changes of tags (A-TAG-2, A-TAG-3): all of one, or nothing. */
#include "signpost/control/tags.h"

#include "world.h"

#include "signpost/control/checks.h"

static int write_tag(void *context, const struct tag *tag)
{
    fprintf(context, "%s=%s ", tag->key, tag->value);
    return 0;
}

static void assert_tags(struct world *world, const char *expected)
{
    char text[4096] = "";
    FILE *to = fmemopen(text, sizeof text, "w");
    assert_int_equal(
        control_list_tags(world->control, TAGGED_HEALTH_CHECK, "web", write_tag, to, NULL), 0);
    fclose(to);
    assert_string_equal(text, expected);
}

static int change(struct world *world, const struct tag_change *change, struct problem *problem)
{
    return control_change_tags(world->control, TAGGED_HEALTH_CHECK, "web", change, problem);
}

static void create_web(struct world *world)
{
    struct health_check_config config;
    struct check_view view;
    health_check_config_init(&config, HEALTH_CHECK_MANUAL);
    assert_int_equal(control_create_check(world->control, "web", &config, true, &view, NULL), 0);
}

static void a_change_removes_first_and_is_whole_or_nothing(void **state)
{
    static const struct tag both[] = { { "b", "2" }, { "a", "1" } };
    static const struct tag bad[] = { { "c", "3" }, { "d", "<" } };
    static const char *const keys[] = { "b", "z" };
    const struct tag_change add = { .added = both, .added_count = 2 };
    const struct tag_change swap = {
        .added = both, .added_count = 1, .removed = keys, .removed_count = 2
    };
    const struct tag_change mixed = {
        .added = bad, .added_count = 2, .removed = keys, .removed_count = 2
    };
    struct world *world = *state;
    struct problem problem = { 0 };
    assert_int_equal(change(world, &add, &problem), SP_ENOENT);
    create_web(world);
    assert_int_equal(change(world, &add, &problem), 0);
    assert_int_equal(change(world, &swap, &problem), 0);
    assert_tags(world, "a=1 b=2 ");
    assert_int_equal(change(world, &mixed, &problem), SP_EINVAL);
    assert_tags(world, "a=1 b=2 ");
    restart(world);
    assert_tags(world, "a=1 b=2 ");
}

static void there_are_fifty_at_most(void **state)
{
    static char keys[TAGS_PER_RESOURCE_MAX + 1][8];
    struct tag tags[TAGS_PER_RESOURCE_MAX + 1];
    struct tag_change all = { .added = tags, .added_count = TAGS_PER_RESOURCE_MAX + 1 };
    struct world *world = *state;
    struct problem problem = { 0 };
    create_web(world);
    for (unsigned i = 0; i <= TAGS_PER_RESOURCE_MAX; i++) {
        snprintf(keys[i], sizeof keys[i], "k%02u", i);
        tags[i] = (struct tag){ keys[i], "" };
    }
    assert_int_equal(change(world, &all, &problem), SP_ELIMIT);
    assert_string_equal(problem.text, "web would have 51 tags: a resource has at most 50");
    assert_tags(world, "");
    all.added_count--;
    assert_int_equal(change(world, &all, &problem), 0);
}

static const struct CMUnitTest tests[] = {
    WORLD_TEST(a_change_removes_first_and_is_whole_or_nothing),
    WORLD_TEST(there_are_fifty_at_most),
};

RUN_TESTS(tests)
