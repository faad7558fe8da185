/* Drills: what is stored of them comes back, and old ones go. */
#include "scratch.h"

#include "signpost/store/drills.h"

#include "internal.h"

static struct drill_record new_drill(const char *name)
{
    struct drill_record drill = { .started_ms = 1700000000123, .ends_ms = 1700000120123 };
    strcpy(drill.name, name);
    strcpy(drill.owner, "ops");
    return drill;
}

static void must(int rc, const struct problem *problem)
{
    if (rc != 0)
        fail_msg("%d: %s", rc, problem->text);
}

static struct drill_record add(struct store *store, const char *name)
{
    static const struct drill_step steps[] = {
        { .kind = DRILL_BREAK_CHECK, .target = "web-1" },
        { .kind = DRILL_BREAK_ZONE, .target = "eu-west-1a" },
        { .kind = DRILL_BREAK_CONTROL, .target = "cell-1", .was_on = true },
    };
    struct problem problem = { 0 };
    struct drill_record drill = new_drill(name);
    must(store_add_drill(store, &drill, "{\"for\":\"2m\"}", "{}", steps, COUNT_OF(steps), &problem),
         &problem);
    return drill;
}

static void set_state(struct store *store, struct drill_record *drill, enum drill_state state)
{
    struct problem problem = { 0 };
    drill->state = state;
    must(store_set_drill_state(store, drill, &problem), &problem);
}

static int append(void *context, const struct drill_record *drill)
{
    static const char *const states[] = { "breaking", "running", "restoring", "restored" };
    char *list = context;
    sprintf(list + strlen(list), "%lld %s %s %s %llu-%llu %llu %s%s \"%s\"\n", (long long)drill->id,
            drill->name, drill->owner, states[drill->state],
            (unsigned long long)(drill->started_ms - 1700000000000),
            (unsigned long long)(drill->ends_ms - 1700000000000),
            (unsigned long long)drill->restored_ms, drill_end_name(drill->restored_by),
            drill->has_report ? " report" : "", drill->remarks);
    return 0;
}

static void assert_drills(struct store *store, const char *expect)
{
    struct problem problem = { 0 };
    char list[2000] = "";
    must(store_visit_drills(store, append, list, &problem), &problem);
    assert_string_equal(list, expect);
}

static void a_drill_comes_back_as_it_was_stored(void **state)
{
    struct scratch *scratch = *state;
    struct problem problem = { 0 };
    struct drill_step steps[DRILL_STEPS_MAX];
    struct drill_record drill;
    unsigned count;
    struct store *store = open_store(scratch->path);
    drill = add(store, "spring");
    assert_int_equal(drill.id, 1);
    set_state(store, &drill, DRILL_RUNNING);
    store_close(store);

    store = open_store(scratch->path);
    assert_drills(store, "1 spring ops running 123-120123 0  \"\"\n");
    must(store_read_drill_steps(store, 1, steps, &count, &problem), &problem);
    assert_int_equal(count, 3);
    assert_int_equal(steps[0].kind, DRILL_BREAK_CHECK);
    assert_string_equal(steps[0].target, "web-1");
    assert_int_equal(steps[1].kind, DRILL_BREAK_ZONE);
    assert_string_equal(steps[1].target, "eu-west-1a");
    assert_false(steps[1].was_on);
    assert_int_equal(steps[2].kind, DRILL_BREAK_CONTROL);
    assert_true(steps[2].was_on);
    store_close(store);
}

static void the_open_one_is_found_until_it_is_restored(void **state)
{
    struct scratch *scratch = *state;
    struct problem problem = { 0 };
    struct drill_record drill, found;
    struct store *store = open_store(scratch->path);
    assert_int_equal(store_find_open_drill(store, &found, &problem), SP_ENOENT);
    drill = add(store, "spring");
    must(store_find_open_drill(store, &found, &problem), &problem);
    assert_int_equal(found.state, DRILL_BREAKING);
    set_state(store, &drill, DRILL_RESTORING);
    must(store_find_open_drill(store, &found, &problem), &problem);
    assert_int_equal(found.state, DRILL_RESTORING);
    drill.restored_ms = 1700000060000;
    drill.restored_by = DRILL_END_CLIENT;
    strcpy(drill.remarks, "the health check web-1 has been deleted");
    set_state(store, &drill, DRILL_RESTORED);
    assert_int_equal(store_find_open_drill(store, &found, &problem), SP_ENOENT);
    assert_drills(store, "1 spring ops restored 123-120123 1700000060000 client "
                         "\"the health check web-1 has been deleted\"\n");
    store_close(store);
}

static void assert_text(struct store *store, int64_t id, enum drill_text which, const char *expect)
{
    struct problem problem = { 0 };
    char *text = NULL;
    int rc = store_read_drill_text(store, id, which, &text, &problem);
    assert_int_equal(rc, expect != NULL ? 0 : SP_ENOENT);
    if (expect != NULL)
        assert_string_equal(text, expect);
    free(text);
}

static void texts_are_kept_as_they_come(void **state)
{
    struct scratch *scratch = *state;
    struct problem problem = { 0 };
    struct store *store = open_store(scratch->path);
    add(store, "spring");
    assert_text(store, 1, DRILL_TEXT_DEFINITION, "{\"for\":\"2m\"}");
    assert_text(store, 1, DRILL_TEXT_PREDICTION, "{}");
    assert_text(store, 1, DRILL_TEXT_REPORT, NULL);
    assert_text(store, 2, DRILL_TEXT_DEFINITION, NULL);
    assert_int_equal(store_set_drill_report(store, 2, "{}", &problem), SP_ENOENT);
    must(store_set_drill_report(store, 1, "{ \"met\" : true }", &problem), &problem);
    must(store_set_drill_report(store, 1, "{ \"met\" : false }", &problem), &problem);
    assert_text(store, 1, DRILL_TEXT_REPORT, "{ \"met\" : false }");
    assert_drills(store, "1 spring ops breaking 123-120123 0  report \"\"\n");
    store_close(store);
}

static void a_drill_that_never_was_leaves_nothing(void **state)
{
    struct scratch *scratch = *state;
    struct problem problem = { 0 };
    struct drill_record drill;
    struct drill_step steps[DRILL_STEPS_MAX];
    unsigned count = 7;
    struct store *store = open_store(scratch->path);
    drill = add(store, "spring");
    must(store_remove_drill(store, drill.id, &problem), &problem);
    assert_drills(store, "");
    must(store_read_drill_steps(store, drill.id, steps, &count, &problem), &problem);
    assert_int_equal(count, 0);
    drill = add(store, "summer");
    assert_int_equal(drill.id, 2); /* numbers are not used again */
    assert_int_equal(store_remove_drill(store, 1, &problem), SP_ENOENT);
    store_close(store);
}

static int count_drill(void *context, const struct drill_record *drill)
{
    int64_t *figures = context; /* how many, and the lowest number */
    figures[0]++;
    figures[1] = drill->id;
    return 0;
}

static void old_ones_go_but_never_one_that_is_open(void **state)
{
    struct scratch *scratch = *state;
    struct problem problem = { 0 };
    int64_t figures[2] = { 0 };
    struct store *store = open_store(scratch->path);
    struct drill_record first = add(store, "first");
    for (unsigned i = 0; i < DRILLS_KEPT + 1; i++) {
        struct drill_record drill = add(store, "next");
        set_state(store, &drill, DRILL_RESTORED);
    }
    must(store_visit_drills(store, count_drill, figures, &problem), &problem);
    assert_int_equal(figures[0], DRILLS_KEPT + 1);
    assert_int_equal(figures[1], first.id);
    set_state(store, &first, DRILL_RESTORED);
    add(store, "last");
    memset(figures, 0, sizeof figures);
    must(store_visit_drills(store, count_drill, figures, &problem), &problem);
    assert_int_equal(figures[0], DRILLS_KEPT);
    store_close(store);
}

static void forget(const struct scratch *scratch)
{
    static const char *const suffixes[] = { "", "-wal", "-shm" };
    char path[128];
    for (unsigned i = 0; i < COUNT_OF(suffixes); i++) {
        snprintf(path, sizeof path, "%s%s", scratch->path, suffixes[i]);
        unlink(path);
    }
}

static void a_row_that_nobody_has_written_so_is_damage(void **state)
{
    static const char *const edits[] = {
        "UPDATE drill SET restored_by = 'nobody'",
        "UPDATE drill SET owner = printf('%.*c', 65, 'x')",
        "UPDATE drill_step SET kind = 'moon'",
        "UPDATE drill_step SET target = printf('%.*c', 65, 'x')",
    };
    struct scratch *scratch = *state;
    for (unsigned i = 0; i < COUNT_OF(edits); i++) {
        struct problem problem = { 0 };
        struct drill_record drill;
        struct drill_step steps[DRILL_STEPS_MAX];
        unsigned count;
        struct store *store = open_store(scratch->path);
        int64_t id = add(store, "spring").id;
        assert_int_equal(sqlite3_exec(store->db, edits[i], NULL, NULL, NULL), SQLITE_OK);
        int rc = store_read_drill(store, id, &drill, &problem);
        if (rc == 0)
            rc = store_read_drill_steps(store, id, steps, &count, &problem);
        assert_int_equal(rc, SP_EDAMAGED);
        store_close(store);
        forget(scratch);
    }
}

static const struct CMUnitTest tests[] = {
    SCRATCH_TEST(a_drill_comes_back_as_it_was_stored),
    SCRATCH_TEST(the_open_one_is_found_until_it_is_restored),
    SCRATCH_TEST(texts_are_kept_as_they_come),
    SCRATCH_TEST(a_drill_that_never_was_leaves_nothing),
    SCRATCH_TEST(old_ones_go_but_never_one_that_is_open),
    SCRATCH_TEST(a_row_that_nobody_has_written_so_is_damage),
};

RUN_TESTS(tests)
