/*
 * A step that fails, whichever it is: nothing is stored, nothing is published, and the next change
 * works.  control.c is built into this test with the steps after model_apply replaced.
 */
#include "signpost/compile/compile.h"
#include "signpost/store/store.h"

static int fallible_compile_next(const struct snapshot *base, const struct draft *draft,
                                 const struct compile_checks *checks,
                                 struct snapshot **out_snapshot, struct problem *out_problem);
static int fallible_compile_without(const struct snapshot *base, const uint8_t *name,
                                    struct snapshot **out_snapshot, struct problem *out_problem);
static int fallible_store_put_draft(struct store *store, struct draft *draft, int64_t now_s,
                                    struct change *out_change, struct problem *out_problem);
static int fallible_store_commit_delete(struct store *store, const struct hosted_zone *zone,
                                        int64_t now_s, struct change *out_change,
                                        struct problem *out_problem);

#define compile_next        fallible_compile_next
#define compile_without     fallible_compile_without
#define store_put_draft     fallible_store_put_draft
#define store_commit_delete fallible_store_commit_delete
#include "control.c"
#undef compile_next
#undef compile_without
#undef store_put_draft
#undef store_commit_delete

#include "boards.h"
#include "scratch.h"

enum step { STEP_NONE, STEP_COMPILE, STEP_STORE };
static enum step failing;

static int fallible_compile_next(const struct snapshot *base, const struct draft *draft,
                                 const struct compile_checks *checks,
                                 struct snapshot **out_snapshot, struct problem *out_problem)
{
    return failing == STEP_COMPILE ? problem_set(out_problem, SP_ENOMEM, "no memory")
                                   : compile_next(base, draft, checks, out_snapshot, out_problem);
}

static int fallible_compile_without(const struct snapshot *base, const uint8_t *name,
                                    struct snapshot **out_snapshot, struct problem *out_problem)
{
    return failing == STEP_COMPILE ? problem_set(out_problem, SP_ENOMEM, "no memory")
                                   : compile_without(base, name, out_snapshot, out_problem);
}

/* As the real one fails: the transaction is over. */
static int fail_store(struct store *store, struct problem *out_problem)
{
    store_rollback(store);
    return problem_set(out_problem, SP_EFULL, "no room");
}

static int fallible_store_put_draft(struct store *store, struct draft *draft, int64_t now_s,
                                    struct change *out_change, struct problem *out_problem)
{
    return failing == STEP_STORE ? fail_store(store, out_problem)
                                 : store_put_draft(store, draft, now_s, out_change, out_problem);
}

static int fallible_store_commit_delete(struct store *store, const struct hosted_zone *zone,
                                        int64_t now_s, struct change *out_change,
                                        struct problem *out_problem)
{
    return failing == STEP_STORE ? fail_store(store, out_problem)
                                 : store_commit_delete(store, zone, now_s, out_change, out_problem);
}

static int do_import(struct control *control, bool replace, const char *zone_name,
                     struct change *out_change, struct problem *out_problem)
{
    uint8_t name[DNS_NAME_SIZE_MAX];
    struct draft *draft = NULL;
    wire(name, zone_name);
    assert_int_equal(control_draft_import(control, name, replace, &draft, NULL), 0);
    assert_int_equal(draft_add_defaults(draft, control_defaults(control)), 0);
    int rc = control_import(control, draft, replace, out_change, out_problem);
    draft_destroy(draft);
    return rc;
}

static int create_other(struct control *control, struct change *out_change,
                        struct problem *out_problem)
{
    return do_import(control, false, "other.test.", out_change, out_problem);
}

static int replace_lab(struct control *control, struct change *out_change,
                       struct problem *out_problem)
{
    return do_import(control, true, "lab.test.", out_change, out_problem);
}

static int change_lab(struct control *control, struct change *out_change,
                      struct problem *out_problem)
{
    static const uint8_t values[] = { 0, 4, 192, 0, 2, 1 };
    struct change_item item = { .action = CHANGE_CREATE };
    struct change_batch batch = { 1, &item };
    uint8_t name[DNS_NAME_SIZE_MAX];
    wire(name, "lab.test.");
    wire(item.owner, "new.lab.test.");
    item.set = (struct record_set){
        .type = DNS_TYPE_A,
        .set_identifier = "",
        .ttl_s = 5,
        .value_count = 1,
        .values = { values, sizeof values },
    };
    return control_change(control, name, &batch, out_change, out_problem);
}

static int delete_lab(struct control *control, struct change *out_change,
                      struct problem *out_problem)
{
    uint8_t name[DNS_NAME_SIZE_MAX];
    wire(name, "lab.test.");
    return control_delete_zone(control, name, true, out_change, out_problem);
}

static void what_fails_is_neither_stored_nor_published(void **state)
{
    static const struct row {
        const char *why;
        int (*work)(struct control *control, struct change *out_change,
                    struct problem *out_problem);
    } rows[] = {
        { "a new zone", create_other },
        { "a replaced zone", replace_lab },
        { "a change", change_lab },
        { "a deletion", delete_lab },
    };
    static const struct {
        enum step step;
        int status;
    } failures[] = { { STEP_COMPILE, SP_ENOMEM }, { STEP_STORE, SP_EFULL } };
    static const struct answer_options options = { .edns_size = 1232 };
    struct scratch *scratch = *state;
    struct zone_defaults defaults;
    struct control *control = NULL;
    struct change change;
    wire(defaults.server_domain, "ns.test.");
    wire(defaults.hostmaster, "hostmaster.ns.test.");
    struct store *store = open_store(scratch->path);
    struct mailbox *mailbox = mailbox_create(1);
    struct health_table *health = health_table_create(HEALTH_SLOTS_MAX);
    struct board *board = board_of_one_checker(health);
    failing = STEP_NONE;
    assert_int_equal(
        control_create(store, mailbox, board, &defaults, &options, NULL, &control, NULL), 0);
    assert_int_equal(do_import(control, false, "lab.test.", &change, NULL), 0);

    for (unsigned i = 0; i < COUNT_OF(rows); i++) {
        char *before = dump(store);
        const struct snapshot *published = control_snapshot(control);
        uint64_t serial = control_serial(control);
        mailbox_receive(mailbox, 0);
        for (unsigned j = 0; j < COUNT_OF(failures); j++) {
            struct problem problem = { 0 };
            failing = failures[j].step;
            assert_int_equal(rows[i].work(control, &change, &problem), failures[j].status);
            assert_int_equal(problem.status, failures[j].status);
            assert_ptr_equal(control_snapshot(control), published);
            assert_int_equal(control_serial(control), serial);
            assert_null(mailbox_receive(mailbox, 0));
            assert_dump(store, before);
        }
        failing = STEP_NONE;
        assert_int_equal(rows[i].work(control, &change, NULL), 0);
        assert_int_equal(control_serial(control), serial + 1);
        assert_non_null(mailbox_receive(mailbox, 0));
        char *after = dump(store);
        assert_string_not_equal(after, before);
        free(after);
        free(before);
    }
    control_destroy(control);
    mailbox_destroy(mailbox);
    board_destroy(board);
    health_table_destroy(health);
    store_close(store);
}

static const struct CMUnitTest tests[] = {
    SCRATCH_TEST(what_fails_is_neither_stored_nor_published),
};

RUN_TESTS(tests)
