/* How health checks were doing comes back, whole or not at all. */
#include "check_stage.h"

#include <signal.h>
#include <sys/wait.h>

/* ---- statuses ---- */

static void a_new_check_has_a_status_from_what_it_says_first(void **state)
{
    static const struct row {
        bool up, inverted, disabled;
        const char *expect;
    } rows[] = {
        { true, false, false, "up since 1700000000123 observed 1 \"\" 0 of 0\n" },
        { false, false, false, "down since 1700000000123 observed 0 \"\" 0 of 0\n" },
        { false, true, false, "down since 1700000000123 observed 1 \"\" 0 of 0\n" },
        { false, true, true, "down since 1700000000123 observed 1 \"\" 0 of 0\n" },
    };
    struct scratch *scratch = *state;
    struct store *store = open_store(scratch->path);
    for (unsigned i = 0; i < COUNT_OF(rows); i++) {
        char id[8];
        snprintf(id, sizeof id, "c%u", i);
        struct health_check check = new_check(id, HEALTH_CHECK_MANUAL);
        check.up = rows[i].up;
        check.config.inverted = rows[i].inverted;
        check.config.disabled = rows[i].disabled;
        assert_int_equal(put(store, &check), 0);
        assert_status(store, id, rows[i].expect);
    }
    store_close(store);
}

static void a_status_comes_back_with_its_checkers_and_override(void **state)
{
    struct scratch *scratch = *state;
    struct store *store = open_store(scratch->path);
    struct health_status status = full_status();
    struct text text;
    put_manual(store, "other");
    struct health_check check = full_check("web-1");
    assert_int_equal(put(store, &check), 0);
    assert_int_equal(put_status(store, "web-1", &status, true), 0);
    store_close(store);
    store = open_store(scratch->path);
    dump_status(open_text(&text), &status);
    fclose(text.to);
    assert_status(store, "web-1", text.data);
    assert_status(store, "other", "up since 1700000000123 observed 1 \"\" 0 of 0\n");
    free(text.data);

    /* Without its checkers: those that are there stay.  An override that has gone is gone. */
    status.up = true;
    status.override = (struct health_override){ 0 };
    assert_int_equal(put_status(store, "web-1", &status, false), 0);
    dump_status(open_text(&text), &status);
    fclose(text.to);
    assert_status(store, "web-1", text.data);
    free(text.data);

    /* With fewer of them: the others go. */
    status = plain_status(true, 7);
    assert_int_equal(put_status(store, "web-1", &status, true), 0);
    assert_status(store, "web-1",
                  "up since 7 observed 1 \"2 of 2 say healthy\" 2 of 2\n"
                  "  us-east-1 1 up 0 since 1700000000000 [0 7 0 \"\" - -1 -1 -1]"
                  " [0 0 0 \"\" - -1 -1 -1]\n"
                  "  us-west-1 1 up 0 since 1700000000000 [0 7 0 \"\" - -1 -1 -1]"
                  " [0 0 0 \"\" - -1 -1 -1]\n");
    store_close(store);
}

static void statuses_are_stored_together_or_not_at_all(void **state)
{
    struct scratch *scratch = *state;
    struct store *store = open_store(scratch->path);
    struct health_status down = plain_status(false, 9);
    struct health_status status;
    down.checker_count = 0;
    put_manual(store, "web-1");
    put_manual(store, "web-2");
    begin(store);
    assert_int_equal(store_put_check_status(store, "web-1", &down, true, NULL), 0);
    assert_int_equal(store_put_check_status(store, "none", &down, true, NULL), SP_ENOENT);
    assert_int_equal(store_put_check_status(store, "web-2", &down, true, NULL), 0);
    store_rollback(store);
    assert_status(store, "web-1", "up since 1700000000123 observed 1 \"\" 0 of 0\n");
    begin(store);
    assert_int_equal(store_put_check_status(store, "web-1", &down, true, NULL), 0);
    assert_int_equal(store_put_check_status(store, "none", &down, true, NULL), SP_ENOENT);
    assert_int_equal(store_put_check_status(store, "web-2", &down, true, NULL), 0);
    assert_int_equal(store_commit_transaction(store, NULL), 0);
    assert_status(store, "web-1", "down since 9 observed 0 \"0 of 2 say healthy\" 0 of 2\n");
    assert_status(store, "web-2", "down since 9 observed 0 \"0 of 2 say healthy\" 0 of 2\n");
    assert_int_equal(store_read_check_status(store, "none", &status, NULL), SP_ENOENT);
    struct store_object_counts counts;
    assert_int_equal(store_count_objects(store, &counts, NULL), 0);
    assert_int_equal(counts.checks_up, 0);
    assert_int_equal(counts.checks_down, 2);
    store_close(store);
}

static void a_deleted_check_forgets_how_it_was_doing(void **state)
{
    struct scratch *scratch = *state;
    struct store *store = open_store(scratch->path);
    struct health_status status = full_status();
    struct health_check check = calculated("web-1", "a", "b");
    assert_int_equal(put(store, &check), 0);
    add_zone_that_names(store, "web-1");
    assert_int_equal(put_status(store, "web-1", &status, true), 0);
    assert_int_equal(add_event(store, "web-1", 4, HEALTH_CAUSE_PROBES), 0);
    assert_int_equal(delete_check(store, "web-1"), 0);
    assert_int_equal(count_rows(store, "health_check"), 1); /* a set names it */
    assert_int_equal(count_rows(store, "health_check_child"), 0);
    assert_int_equal(count_rows(store, "health_check_checker"), 0);
    assert_int_equal(count_rows(store, "health_check_event"), 0);
    assert_int_equal(store_read_check_status(store, "web-1", &status, NULL), SP_ENOENT);
    assert_int_equal(put_status(store, "web-1", &status, false), SP_ENOENT);
    assert_int_equal(add_event(store, "web-1", 5, HEALTH_CAUSE_PROBES), SP_ENOENT);
    assert_int_equal(delete_check(store, "web-1"), SP_ENOENT);

    /* Made anew, it has nothing of what it was. */
    check = new_check("web-1", HEALTH_CHECK_MANUAL);
    assert_int_equal(put(store, &check), 0);
    assert_status(store, "web-1", "up since 1700000000123 observed 1 \"\" 0 of 0\n");
    assert_events(store, "web-1", 0, "");
    assert_checks(store,
                  "web-1 () version 1 created 1700000000 up since 1700000000123 uses 1: MANUAL - "
                  "port 0 path \"\" domain \"\" search \"\" every 0 after 0 regions 00 threshold 0 "
                  "children alarm \"\" \"\" LastKnownStatus control \"\"\n");
    store_close(store);
}

/* ---- events ---- */

static void events_come_newest_first(void **state)
{
    struct scratch *scratch = *state;
    struct store *store = open_store(scratch->path);
    put_manual(store, "web-1");
    put_manual(store, "web-2");
    assert_int_equal(add_event(store, "web-1", 1000, HEALTH_CAUSE_CREATED), 0);
    assert_int_equal(add_event(store, "web-2", 1001, HEALTH_CAUSE_CONTROL), 0);
    assert_int_equal(add_event(store, "web-1", 2001, HEALTH_CAUSE_PROBES), 0);
    assert_int_equal(add_event(store, "web-1", 2001, HEALTH_CAUSE_OVERRIDE), 0);
    assert_int_equal(add_event(store, "none", 2001, HEALTH_CAUSE_OVERRIDE), SP_ENOENT);
    store_close(store);
    store = open_store(scratch->path);
    assert_events(store, "web-1", 0,
                  "2001 down override \"reason 2001\" 1 of 16 0.25 -1 12.5\n"
                  "2001 down probes \"reason 2001\" 1 of 16 0.25 -1 12.5\n"
                  "1000 up created \"reason 1000\" 1 of 16 0.25 -1 12.5\n");
    assert_events(store, "web-1", 1000,
                  "2001 down override \"reason 2001\" 1 of 16 0.25 -1 12.5\n"
                  "2001 down probes \"reason 2001\" 1 of 16 0.25 -1 12.5\n");
    assert_events(store, "web-1", 2001, "");
    assert_events(store, "web-1", UINT64_MAX, "");
    assert_events(store, "web-2", 0, "1001 down control \"reason 1001\" 1 of 16 0.25 -1 12.5\n");
    assert_int_equal(store_visit_check_events(store, "none", 0, dump_event, NULL, NULL), SP_ENOENT);
    store_close(store);
}

static int stop_at_event(void *context, const struct health_event *event)
{
    see_event(context, event);
    return SP_ENOMEM;
}

static void a_check_keeps_its_last_events(void **state)
{
    struct scratch *scratch = *state;
    struct store *store = open_store(scratch->path);
    struct seen seen = { 0 };
    put_manual(store, "web-1");
    put_manual(store, "web-2");
    assert_int_equal(add_event(store, "web-2", 1, HEALTH_CAUSE_CREATED), 0);
    for (unsigned i = 1; i <= HEALTH_EVENTS_PER_CHECK + 7; i++)
        assert_int_equal(add_event(store, "web-1", i, HEALTH_CAUSE_PROBES), 0);
    assert_int_equal(store_visit_check_events(store, "web-1", 0, see_event, &seen, NULL), 0);
    assert_int_equal(seen.count, HEALTH_EVENTS_PER_CHECK);
    assert_int_equal(seen.first_ms, HEALTH_EVENTS_PER_CHECK + 7);
    assert_int_equal(seen.last_ms, 8);
    assert_events(store, "web-2", 0, "1 down created \"reason 1\" 1 of 16 0.25 -1 12.5\n");
    seen.count = 0;
    assert_int_equal(store_visit_check_events(store, "web-1", 0, stop_at_event, &seen, NULL),
                     SP_ENOMEM);
    assert_int_equal(seen.count, 1);
    store_close(store);
}

/* ---- kill -9 ---- */

/* The child: turn after turn, each a status with its checkers and an event in one transaction. */
static void store_turns(const char *path, int acknowledged)
{
    struct store *store = NULL;
    if (store_open(path, &store, NULL) != 0)
        _exit(1);
    for (uint64_t turn = 1;; turn++) {
        struct health_status status = plain_status(turn % 2 == 0, turn);
        if (put_status(store, "web-2", &status, false) != 0 || store_begin(store, NULL) != 0)
            _exit(2);
        struct health_event event = { .at_ms = turn, .up = status.up };
        if (store_put_check_status(store, "web-1", &status, true, NULL) != 0 ||
            store_add_check_event(store, "web-1", &event, NULL) != 0 ||
            store_commit_transaction(store, NULL) != 0 ||
            write(acknowledged, &turn, sizeof turn) != sizeof turn)
            _exit(3);
    }
}

/* Turns are numbered by their times, so what belongs together can be told. */
static void assert_one_turn(struct store *store, uint64_t acknowledged)
{
    struct health_status status;
    struct seen seen = { 0 };
    assert_int_equal(store_read_check_status(store, "web-1", &status, NULL), 0);
    assert_true(status.since_ms >= acknowledged);
    assert_int_equal(status.up, status.since_ms % 2 == 0);
    assert_int_equal(status.checker_count, 2);
    for (unsigned i = 0; i < 2; i++)
        assert_int_equal(status.checkers[i].last.at_ms, status.since_ms);
    assert_int_equal(store_visit_check_events(store, "web-1", 0, see_event, &seen, NULL), 0);
    assert_int_equal(seen.first_ms, status.since_ms);
}

static void a_turn_is_whole_after_kill_9(void **state)
{
    struct scratch *scratch = *state;
    for (unsigned round = 0; round < 5; round++) {
        int ends[2], wait_status;
        uint64_t turn = 0;
        struct store *store = open_store(scratch->path);
        put_manual(store, "web-1");
        put_manual(store, "web-2");
        store_close(store);
        assert_int_equal(pipe(ends), 0);
        pid_t child = fork();
        assert_true(child >= 0);
        if (child == 0) {
            close(ends[0]);
            store_turns(scratch->path, ends[1]);
        }
        close(ends[1]);
        for (unsigned i = 0; i < 3 + 11 * round; i++)
            assert_int_equal(read(ends[0], &turn, sizeof turn), sizeof turn);
        assert_int_equal(kill(child, SIGKILL), 0);
        close(ends[0]);
        assert_int_equal(waitpid(child, &wait_status, 0), child);
        assert_true(WIFSIGNALED(wait_status));
        store = open_store(scratch->path);
        assert_one_turn(store, turn);
        store_close(store);
        assert_int_equal(unlink(scratch->path), 0);
    }
}

static const struct CMUnitTest tests[] = {
    SCRATCH_TEST(a_new_check_has_a_status_from_what_it_says_first),
    SCRATCH_TEST(a_status_comes_back_with_its_checkers_and_override),
    SCRATCH_TEST(statuses_are_stored_together_or_not_at_all),
    SCRATCH_TEST(a_deleted_check_forgets_how_it_was_doing),
    SCRATCH_TEST(events_come_newest_first),
    SCRATCH_TEST(a_check_keeps_its_last_events),
    SCRATCH_TEST(a_turn_is_whole_after_kill_9),
};

RUN_TESTS(tests)
