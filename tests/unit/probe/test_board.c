/* What checks say, worked out from results with times as data: sections 11.1 to 11.6. */
#include "tests.h"

#include "signpost/probe/board.h"

#define SLOTS 16

struct lab {
    struct health_table *table;
    struct board *board;
    unsigned woken; /* for news */
    unsigned ordered;
};

static void count_wake(void *context)
{
    (*(unsigned *)context)++;
}

/* A board with that many checkers in each of that many Regions. */
static void open_lab(struct lab *lab, unsigned regions, unsigned each)
{
    struct checker_list list = { 0 };
    for (unsigned region = 0; region < regions; region++)
        for (unsigned i = 0; i < each; i++)
            assert_int_equal(checker_list_add(&list, checker_region_name(region), NULL), 0);
    lab->table = health_table_create(SLOTS);
    lab->board = board_create(lab->table, &list);
    lab->woken = lab->ordered = 0;
    board_on_news(lab->board, count_wake, &lab->woken);
    board_on_orders(lab->board, count_wake, &lab->ordered);
}

static void close_lab(struct lab *lab)
{
    board_destroy(lab->board);
    health_table_destroy(lab->table);
}

static struct health_check_config config_of(enum health_check_type type)
{
    struct health_check_config config;
    health_check_config_init(&config, type);
    if (health_check_type_is_endpoint(type)) {
        config.has_address = true;
        assert_null(prefix_from_text(&config.address, "192.0.2.1"));
        config.port = 80;
    }
    return config;
}

static void put(struct lab *lab, health_slot slot, const struct health_check_config *config,
                const health_slot *children)
{
    char id[8];
    snprintf(id, sizeof id, "c%u", slot);
    struct board_check check = { .slot = slot, .id = id, .config = config, .children = children };
    assert_int_equal(board_put(lab->board, &check, 1000), 0);
}

/* The generation that the prober has been told. */
static uint32_t take_generation(struct lab *lab, health_slot slot)
{
    struct board_order order;
    uint32_t generation = 0;
    while (board_take_order(lab->board, &order))
        if (order.slot == slot)
            generation = order.generation;
    return generation;
}

static void report(struct lab *lab, health_slot slot, uint32_t generation, unsigned checker,
                   bool passed, uint64_t at_ms)
{
    struct probe_result result = { .outcome = passed ? PROBE_PASSED : PROBE_HTTP_STATUS,
                                   .http_status = passed ? 200 : 503,
                                   .at_ms = at_ms,
                                   .connection_ms = 2,
                                   .tls_ms = -1,
                                   .first_byte_ms = 5 };
    board_report(lab->board, slot, generation, checker, &result);
}

static bool is_up(const struct lab *lab, health_slot slot)
{
    return health_is_up(lab->table, slot);
}

/* ---- one checker, many checkers ---- */

static void a_checker_turns_after_so_many_results_in_a_row(void **state)
{
    static const struct row {
        const char *why;
        uint8_t threshold;
        const char *results, *states;
    } rows[] = {
        { "S-26a: three in a row, a pass in between starts anew", 3, "FFPFFFPPP", "+++++---+" },
        { "S-26b: a threshold of one follows every result", 1, "FPF", "-+-" },
        { "R-HCK-4: healthy until there is enough data", 10, "FFFFFFFFF", "+++++++++" },
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct lab lab;
        struct health_check_config config = config_of(HEALTH_CHECK_HTTP);
        open_lab(&lab, 1, 1);
        config.failure_threshold = rows[i].threshold;
        put(&lab, 1, &config, NULL);
        uint32_t generation = take_generation(&lab, 1);
        for (size_t j = 0; rows[i].results[j] != '\0'; j++) {
            report(&lab, 1, generation, 0, rows[i].results[j] == 'P', 2000 + j);
            if (is_up(&lab, 1) != (rows[i].states[j] == '+'))
                fail_msg("%s: result %zu", rows[i].why, j);
        }
        close_lab(&lab);
    }
}

static void more_than_18_percent_of_the_checkers_decide(void **state)
{
    static const struct row {
        const char *why;
        unsigned regions, each, healthy;
        bool up;
    } rows[] = {
        { "S-25a", 8, 2, 2, false },
        { "S-25b", 8, 2, 3, true },
        { "S-25c, one of six", 3, 2, 1, false },
        { "S-25c, two of six", 3, 2, 2, true },
        { "S-25e", 1, 1, 1, true },
        { "none of one", 1, 1, 0, false },
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct lab lab;
        struct health_check_config config = config_of(HEALTH_CHECK_TCP);
        open_lab(&lab, rows[i].regions, rows[i].each);
        config.failure_threshold = 1;
        put(&lab, 1, &config, NULL);
        uint32_t generation = take_generation(&lab, 1);
        unsigned count = rows[i].regions * rows[i].each;
        for (unsigned checker = 0; checker < count; checker++)
            report(&lab, 1, generation, checker, checker < rows[i].healthy, 2000);
        if (is_up(&lab, 1) != rows[i].up)
            fail_msg("%s", rows[i].why);
        close_lab(&lab);
    }
}

static void only_the_regions_of_a_check_look_at_it(void **state)
{
    struct lab lab;
    struct probe_target target;
    struct board_order order;
    struct health_check_config config = config_of(HEALTH_CHECK_HTTP);
    (void)state;
    open_lab(&lab, 8, 2);
    config.regions = 0x07;
    put(&lab, 1, &config, NULL);
    assert_true(board_take_order(lab.board, &order));
    assert_true(board_read_target(lab.board, &order, &target));
    assert_int_equal(target.checkers, 0x3f); /* two in each of the first three */
    assert_string_equal(target.resource_path, "/");
    report(&lab, 1, order.generation, 15, false, 2000); /* nobody asked that one */
    assert_true(is_up(&lab, 1));
    close_lab(&lab);
}

/* ---- Disabled, Inverted ---- */

static void disabled_and_inverted_stand_above_what_is_observed(void **state)
{
    static const struct row {
        const char *why;
        bool observed, disabled, inverted, up;
    } rows[] = {
        { "S-27a", false, false, false, false },     { "S-27b", false, true, false, true },
        { "S-27c", true, false, true, false },       { "S-27d, up", true, true, true, false },
        { "S-27d, down", false, true, true, false },
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct lab lab;
        struct health_check_config config = config_of(HEALTH_CHECK_MANUAL);
        open_lab(&lab, 1, 1);
        put(&lab, 1, &config, NULL);
        board_observe(lab.board, 1, rows[i].observed, "told", 2000);
        config.disabled = rows[i].disabled;
        config.inverted = rows[i].inverted;
        put(&lab, 1, &config, NULL);
        if (is_up(&lab, 1) != rows[i].up)
            fail_msg("%s", rows[i].why);
        close_lab(&lab);
    }
}

static void without_data_a_check_is_healthy_and_an_inverted_one_is_not(void **state)
{
    struct lab lab;
    struct health_check_config config = config_of(HEALTH_CHECK_HTTP);
    (void)state;
    open_lab(&lab, 8, 2);
    put(&lab, 1, &config, NULL);
    config.inverted = true;
    put(&lab, 2, &config, NULL);
    assert_true(is_up(&lab, 1)); /* S-27e */
    assert_false(is_up(&lab, 2));
    close_lab(&lab);
}

static void what_is_disabled_is_not_probed_and_begins_anew_when_enabled(void **state)
{
    struct lab lab;
    struct board_order order;
    struct health_check_config config = config_of(HEALTH_CHECK_HTTP);
    (void)state;
    open_lab(&lab, 1, 1);
    config.failure_threshold = 1;
    put(&lab, 1, &config, NULL);
    uint32_t before = take_generation(&lab, 1);
    report(&lab, 1, before, 0, false, 2000);
    assert_false(is_up(&lab, 1));

    config.disabled = true;
    put(&lab, 1, &config, NULL);
    assert_true(is_up(&lab, 1));
    assert_true(board_take_order(lab.board, &order));
    assert_true(order.is_gone); /* R-HCK-6 */
    report(&lab, 1, before, 0, false, 3000);
    assert_true(is_up(&lab, 1));

    config.disabled = false;
    put(&lab, 1, &config, NULL);
    assert_true(is_up(&lab, 1)); /* until there is data */
    report(&lab, 1, take_generation(&lab, 1), 0, false, 4000);
    assert_false(is_up(&lab, 1));
    close_lab(&lab);
}

static void results_of_a_check_that_is_another_one_now_are_dropped(void **state)
{
    struct lab lab;
    struct health_check_config config = config_of(HEALTH_CHECK_HTTP);
    (void)state;
    open_lab(&lab, 1, 1);
    config.failure_threshold = 1;
    put(&lab, 1, &config, NULL);
    uint32_t old = take_generation(&lab, 1);
    put(&lab, 1, &config, NULL);
    report(&lab, 1, old, 0, false, 2000);
    assert_true(is_up(&lab, 1));
    board_remove(lab.board, 1, 3000);
    report(&lab, 1, old + 1, 0, false, 3000);
    assert_true(is_up(&lab, 1));
    close_lab(&lab);
}

/* ---- calculated ---- */

static void a_calculated_check_counts_its_children(void **state)
{
    static const struct row {
        const char *why;
        uint16_t threshold;
        const char *children; /* d: disabled */
        bool inverted, up;
    } rows[] = {
        { "S-28a", 2, "++-", false, true },        { "S-28b", 2, "+--", false, false },
        { "S-28c", 0, "---", false, true },        { "S-28d", 4, "+++", false, false },
        { "S-28e", 2, "+-d", false, true },        { "S-28f", 2, "++-", true, false },
        { "R-HCC-3: AND", 3, "+++", false, true }, { "R-HCC-3: OR", 1, "--+", false, true },
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        static const health_slot children[] = { 1, 2, 3 };
        struct lab lab;
        struct health_check_config parent = config_of(HEALTH_CHECK_CALCULATED);
        open_lab(&lab, 1, 1);
        for (health_slot child = 1; child <= 3; child++) {
            struct health_check_config config = config_of(HEALTH_CHECK_MANUAL);
            config.disabled = rows[i].children[child - 1] == 'd';
            put(&lab, child, &config, NULL);
        }
        parent.health_threshold = rows[i].threshold;
        parent.inverted = rows[i].inverted;
        parent.child_count = 3;
        put(&lab, 4, &parent, children);
        for (health_slot child = 1; child <= 3; child++)
            board_observe(lab.board, child, rows[i].children[child - 1] == '+', "told", 2000);
        if (is_up(&lab, 4) != rows[i].up)
            fail_msg("%s", rows[i].why);
        close_lab(&lab);
    }
}

static void a_child_that_turns_turns_its_parents_in_the_same_call(void **state)
{
    static const health_slot children[] = { 1, 2 };
    struct lab lab;
    health_slot slot;
    struct health_event event;
    struct health_check_config child = config_of(HEALTH_CHECK_HTTP);
    struct health_check_config parent = config_of(HEALTH_CHECK_CALCULATED);
    (void)state;
    open_lab(&lab, 1, 1);
    child.failure_threshold = 1;
    put(&lab, 1, &child, NULL);
    uint32_t generation = take_generation(&lab, 1);
    put(&lab, 2, &child, NULL);
    parent.child_count = 2;
    parent.health_threshold = 2;
    put(&lab, 3, &parent, children);
    parent.inverted = true;
    put(&lab, 4, &parent, children);
    while (board_take_event(lab.board, &slot, &event))
        ;
    report(&lab, 1, generation, 0, false, 2000);
    assert_false(is_up(&lab, 3));
    assert_true(is_up(&lab, 4));
    assert_true(board_take_event(lab.board, &slot, &event));
    assert_int_equal(slot, 1);
    assert_int_equal(event.cause, HEALTH_CAUSE_PROBES);
    assert_true(board_take_event(lab.board, &slot, &event));
    assert_int_equal(slot, 3);
    assert_int_equal(event.cause, HEALTH_CAUSE_CHILDREN);
    assert_string_equal(event.reason, "c1 is down");
    assert_int_equal(event.at_ms, 2000);
    close_lab(&lab);
}

/* A child with another config must go on being one. */
static void a_child_that_is_changed_keeps_its_parents(void **state)
{
    static const health_slot children[] = { 1 };
    struct lab lab;
    struct health_check_config child = config_of(HEALTH_CHECK_MANUAL);
    struct health_check_config parent = config_of(HEALTH_CHECK_CALCULATED);
    (void)state;
    open_lab(&lab, 1, 1);
    put(&lab, 1, &child, NULL);
    parent.child_count = 1;
    parent.health_threshold = 1;
    put(&lab, 2, &parent, children);
    put(&lab, 2, &parent, children);
    child.inverted = true;
    put(&lab, 1, &child, NULL);
    assert_false(is_up(&lab, 2));
    parent.child_count = 0;
    parent.health_threshold = 0;
    put(&lab, 2, &parent, NULL);
    assert_true(is_up(&lab, 2));
    child.inverted = false;
    put(&lab, 1, &child, NULL);
    board_remove(lab.board, 2, 3000);
    board_observe(lab.board, 1, false, "told", 4000);
    assert_false(is_up(&lab, 1));
    close_lab(&lab);
}

/* ---- overrides ---- */

static struct health_override override_of(bool up, uint8_t regions, uint64_t expires_ms)
{
    struct health_override override = {
        .given = true, .up = up, .regions = regions, .since_ms = 2000, .expires_ms = expires_ms
    };
    strcpy(override.owner, "alice");
    strcpy(override.reason, "drill");
    return override;
}

static void an_override_stands_above_everything_until_it_expires(void **state)
{
    struct lab lab;
    struct health_check_config config = config_of(HEALTH_CHECK_HTTP);
    struct health_override down = override_of(false, 0, 5000);
    (void)state;
    open_lab(&lab, 1, 1);
    config.failure_threshold = 1;
    put(&lab, 1, &config, NULL);
    uint32_t generation = take_generation(&lab, 1);
    assert_int_equal(board_override(lab.board, 1, &down, 2000), 0);
    report(&lab, 1, generation, 0, true, 3000);
    assert_false(is_up(&lab, 1));
    assert_true(health_state(lab.table, 1).is_set);
    assert_int_equal(health_state(lab.table, 1).since_ms, 2000);
    assert_int_equal(board_expire(lab.board, 4999), 5000);
    assert_false(is_up(&lab, 1));
    assert_int_equal(board_expire(lab.board, 5000), 0);
    assert_true(is_up(&lab, 1));
    assert_false(health_state(lab.table, 1).is_set);
    close_lab(&lab);
}

static void a_long_reason_is_cut_between_characters(void **state)
{
    struct lab lab;
    health_slot slot;
    struct health_event event;
    struct health_check_config config = config_of(HEALTH_CHECK_MANUAL);
    struct health_override down = override_of(false, 0, 0);
    (void)state;
    open_lab(&lab, 1, 1);
    put(&lab, 1, &config, NULL);
    for (unsigned i = 0; i < 60; i++)
        strcpy(down.reason + 3 * i, "…"); /* three octets */
    assert_int_equal(board_override(lab.board, 1, &down, 2000), 0);
    while (board_take_event(lab.board, &slot, &event))
        ;
    const char *reason = strstr(event.reason, "…");
    assert_non_null(reason);
    assert_int_equal(strlen(reason), 99);
    close_lab(&lab);
}

static void an_override_that_changes_nothing_is_visible_and_keeps_the_time(void **state)
{
    struct lab lab;
    struct health_check_config config = config_of(HEALTH_CHECK_MANUAL);
    struct health_override up = override_of(true, 0, 0);
    static const struct health_override none;
    (void)state;
    open_lab(&lab, 1, 1);
    put(&lab, 1, &config, NULL);
    assert_int_equal(board_override(lab.board, 1, &up, 2000), 0);
    assert_true(health_state(lab.table, 1).is_set);
    assert_int_equal(health_state(lab.table, 1).since_ms, 1000);
    board_observe(lab.board, 1, false, "told", 3000);
    assert_true(is_up(&lab, 1));
    assert_int_equal(board_override(lab.board, 1, &none, 4000), 0);
    assert_false(is_up(&lab, 1));
    close_lab(&lab);
}

static void an_override_of_regions_is_what_their_checkers_say(void **state)
{
    struct lab lab;
    struct health_status *status = calloc(1, sizeof *status);
    struct health_check_config config = config_of(HEALTH_CHECK_HTTP);
    struct health_override few = override_of(false, 0x3f, 0), all = override_of(false, 0x7f, 0);
    (void)state;
    open_lab(&lab, 8, 2);
    put(&lab, 1, &config, NULL);
    assert_int_equal(board_override(lab.board, 1, &few, 2000), 0);
    assert_true(is_up(&lab, 1)); /* four of sixteen: R-HCE-19, R-HCE-20 */
    assert_int_equal(board_override(lab.board, 1, &all, 2000), 0);
    assert_false(is_up(&lab, 1));
    board_read(lab.board, 1, status);
    assert_string_equal(status->observed_reason, "2 of 16 checkers say healthy");
    assert_false(health_state(lab.table, 1).is_set);
    free(status);
    close_lab(&lab);
}

/* ---- what a restart brings back ---- */

static void a_restart_neither_flips_a_check_nor_forgets_a_failure(void **state)
{
    struct lab lab;
    struct health_status *status = calloc(1, sizeof *status);
    struct health_check_config config = config_of(HEALTH_CHECK_HTTP);
    (void)state;
    open_lab(&lab, 8, 2);
    put(&lab, 1, &config, NULL);
    uint32_t generation = take_generation(&lab, 1);
    for (unsigned checker = 0; checker < 16; checker++)
        for (unsigned i = 0; i < 3; i++)
            report(&lab, 1, generation, checker, false, 2000 + i);
    report(&lab, 1, generation, 0, true, 3000);
    assert_false(is_up(&lab, 1));
    board_read(lab.board, 1, status);
    close_lab(&lab);

    open_lab(&lab, 1, 1); /* with fewer checkers than before */
    struct board_check check = { .slot = 1, .id = "c1", .config = &config, .restored = status };
    assert_int_equal(board_put(lab.board, &check, 9000), 0);
    assert_false(is_up(&lab, 1));
    assert_int_equal(health_state(lab.table, 1).since_ms, 2002);
    generation = take_generation(&lab, 1);
    report(&lab, 1, generation, 0, true, 9500);
    assert_false(is_up(&lab, 1)); /* two passes by now, the first from before the restart */
    report(&lab, 1, generation, 0, true, 9600);
    assert_true(is_up(&lab, 1));
    board_read(lab.board, 1, status);
    assert_int_equal(status->checkers[0].last_failure.at_ms, 2002);
    free(status);
    close_lab(&lab);
}

static void news_tells_what_to_store_and_how_soon(void **state)
{
    struct lab lab;
    struct health_check_config config = config_of(HEALTH_CHECK_HTTP);
    (void)state;
    open_lab(&lab, 1, 1);
    put(&lab, 1, &config, NULL);
    uint32_t generation = take_generation(&lab, 1);
    assert_int_equal(board_take_news(lab.board, true), 1);
    assert_int_equal(board_take_news(lab.board, true), HEALTH_NO_CHECK);
    unsigned woken = lab.woken;
    report(&lab, 1, generation, 0, true, 2000);
    assert_int_equal(board_take_news(lab.board, false), HEALTH_NO_CHECK);
    report(&lab, 1, generation, 0, false, 3000); /* a failure, and no turn yet */
    assert_int_equal(lab.woken, woken);
    assert_int_equal(board_take_news(lab.board, true), HEALTH_NO_CHECK);
    assert_int_equal(board_take_news(lab.board, false), 1);
    report(&lab, 1, generation, 0, false, 4000);
    report(&lab, 1, generation, 0, false, 5000);
    assert_int_equal(lab.woken, woken + 1);
    assert_int_equal(board_take_news(lab.board, true), 1);
    board_return_news(lab.board, 1, true);
    assert_int_equal(board_take_news(lab.board, true), 1);
    close_lab(&lab);
}

static void turns_that_nobody_takes_are_lost_oldest_first(void **state)
{
    struct lab lab;
    health_slot slot;
    struct health_event event;
    struct health_check_config config = config_of(HEALTH_CHECK_MANUAL);
    unsigned count = 0;
    (void)state;
    open_lab(&lab, 1, 1);
    put(&lab, 1, &config, NULL);
    for (unsigned i = 0; i < HEALTH_EVENTS_WAITING_MAX + 9; i++)
        board_observe(lab.board, 1, i % 2 == 1, "told", 2000 + i);
    assert_true(board_take_event(lab.board, &slot, &event));
    assert_int_equal(event.at_ms, 2009);
    for (count = 1; board_take_event(lab.board, &slot, &event);)
        count++;
    assert_int_equal(count, HEALTH_EVENTS_WAITING_MAX);
    assert_int_equal(event.at_ms, 2000 + HEALTH_EVENTS_WAITING_MAX + 8);
    close_lab(&lab);
}

/* ---- what if ---- */

static void what_is_supposed_turns_calculated_checks_and_nobody_sees_it(void **state)
{
    static const health_slot children[] = { 1, 2 };
    static const struct supposed_slot first_down[] = { { .slot = 1 } };
    static const struct supposed_slot observed_down[] = { { .slot = 2, .is_observation = true } };
    struct lab lab;
    struct health_check_config child = config_of(HEALTH_CHECK_MANUAL);
    struct health_check_config parent = config_of(HEALTH_CHECK_CALCULATED);
    (void)state;
    open_lab(&lab, 1, 1);
    put(&lab, 1, &child, NULL);
    child.disabled = true;
    put(&lab, 2, &child, NULL);
    parent.child_count = 2;
    parent.health_threshold = 2;
    put(&lab, 3, &parent, children);
    struct health_table *supposed = board_suppose(lab.board, first_down, 1);
    assert_false(health_is_up(supposed, 1));
    assert_false(health_is_up(supposed, 3));
    assert_true(is_up(&lab, 3));
    health_table_destroy(supposed);
    supposed = board_suppose(lab.board, observed_down, 1);
    assert_true(health_is_up(supposed, 2)); /* it is disabled */
    assert_true(health_is_up(supposed, 3));
    health_table_destroy(supposed);
    close_lab(&lab);
}

static void times_are_added_up_where_they_are_wanted(void **state)
{
    struct lab lab;
    struct latency_sums sums[CHECKER_REGION_COUNT];
    struct health_check_config config = config_of(HEALTH_CHECK_HTTP);
    (void)state;
    open_lab(&lab, 2, 1);
    config.measure_latency = true;
    put(&lab, 1, &config, NULL);
    uint32_t generation = take_generation(&lab, 1);
    report(&lab, 1, generation, 1, true, 2000);
    report(&lab, 1, generation, 1, true, 3000);
    board_read_latencies(lab.board, 1, sums);
    assert_int_equal(sums[0].connection_count, 0);
    assert_int_equal(sums[1].connection_count, 2);
    assert_int_equal((int)sums[1].connection_ms, 4);
    assert_int_equal(sums[1].tls_count, 0);
    assert_int_equal((int)sums[1].first_byte_ms, 10);
    close_lab(&lab);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(a_checker_turns_after_so_many_results_in_a_row),
    cmocka_unit_test(more_than_18_percent_of_the_checkers_decide),
    cmocka_unit_test(only_the_regions_of_a_check_look_at_it),
    cmocka_unit_test(disabled_and_inverted_stand_above_what_is_observed),
    cmocka_unit_test(without_data_a_check_is_healthy_and_an_inverted_one_is_not),
    cmocka_unit_test(what_is_disabled_is_not_probed_and_begins_anew_when_enabled),
    cmocka_unit_test(results_of_a_check_that_is_another_one_now_are_dropped),
    cmocka_unit_test(a_calculated_check_counts_its_children),
    cmocka_unit_test(a_child_that_turns_turns_its_parents_in_the_same_call),
    cmocka_unit_test(a_child_that_is_changed_keeps_its_parents),
    cmocka_unit_test(an_override_stands_above_everything_until_it_expires),
    cmocka_unit_test(a_long_reason_is_cut_between_characters),
    cmocka_unit_test(an_override_that_changes_nothing_is_visible_and_keeps_the_time),
    cmocka_unit_test(an_override_of_regions_is_what_their_checkers_say),
    cmocka_unit_test(a_restart_neither_flips_a_check_nor_forgets_a_failure),
    cmocka_unit_test(news_tells_what_to_store_and_how_soon),
    cmocka_unit_test(turns_that_nobody_takes_are_lost_oldest_first),
    cmocka_unit_test(what_is_supposed_turns_calculated_checks_and_nobody_sees_it),
    cmocka_unit_test(times_are_added_up_where_they_are_wanted),
};
RUN_TESTS(tests)
