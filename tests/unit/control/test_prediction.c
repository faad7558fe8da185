/*
 * What is predicted of a drill: by thresholds, intervals and TTLs, and by the code that answers.
 * Nothing of it is seen by anybody else.
 */
#include "drilling.h"

#include "signpost/control/collections.h"

#include "internal.h"

static struct drill_prediction *predict(struct world *world, const struct drill_plan *plan)
{
    struct problem problem = { 0 };
    struct drill_prediction *prediction = NULL;
    must(control_predict_drill(world->control, plan, &prediction, &problem), &problem);
    return prediction;
}

/* ---- as text ---- */

/* "192.0.2.1 192.0.2.2 | 192.0.2.1": the values of each answer. */
static void put_answers(char *out, const struct predicted_answer *answers, unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        strcat(out, i == 0 ? "" : " | ");
        if (answers[i].value_count == 0)
            strcat(out, "nothing");
        for (unsigned j = 0; j < answers[i].value_count; j++)
            sprintf(out + strlen(out), "%s%s", j == 0 ? "" : " ", answers[i].values[j]);
    }
}

static void put_times(char *out, const char *what, const struct drill_times *times)
{
    sprintf(out + strlen(out), "; %s %g..%g", what, (double)times->least_ms / 1000,
            (double)times->most_ms / 1000);
}

/* "192.0.2.1 -> 192.0.2.9 [web-1]; turned 0..0; cached 60..60; back ...", or "192.0.2.1 []" when
 * nothing changes; times are seconds. */
static const char *text_of(const struct predicted_watch *watch)
{
    static char text[2000];
    text[0] = '\0';
    put_answers(text, watch->before, watch->before_count);
    if (watch->changes) {
        strcat(text, " -> ");
        put_answers(text, watch->during, watch->during_count);
    }
    strcat(text, " [");
    for (unsigned i = 0; i < watch->check_count; i++)
        sprintf(text + strlen(text), "%s%s", i == 0 ? "" : " ", watch->checks[i]);
    strcat(text, "]");
    if (watch->changes) {
        put_times(text, "turned", &watch->turned);
        put_times(text, "cached", &watch->cached);
        put_times(text, "back", &watch->back);
        put_times(text, "cached", &watch->back_cached);
    }
    return text;
}

static void assert_prediction(struct world *world, const char *breaks, const char *name,
                              const char *expect)
{
    struct drill_prediction *prediction = predict(world, plan_of(breaks, name));
    assert_int_equal(prediction->watch_count, 1);
    const char *text = text_of(&prediction->watches[0]);
    if (strcmp(text, expect) != 0)
        fail_msg("%s, watching %s\n  is       %s\n  expected %s", breaks, name, text, expect);
    drill_prediction_destroy(prediction);
}

/* ---- times ---- */

/* R-HCE-2, R-HCE-10, R-HCE-11, R-HCE-18. */
static void a_check_takes_its_threshold_times_its_interval(void **state)
{
    static const struct row {
        const char *why;
        enum health_check_type type;
        uint8_t interval_s, threshold;
        uint64_t down[2], back[2]; /* seconds */
    } rows[] = {
        { "the default", HEALTH_CHECK_HTTP, 30, 3, { 60, 102 }, { 60, 94 } },
        { "the quickest: one look", HEALTH_CHECK_HTTP, 10, 1, { 0, 14 }, { 0, 14 } },
        { "fast, three looks", HEALTH_CHECK_HTTPS, 10, 3, { 20, 42 }, { 20, 34 } },
        { "TCP waits longer for a connection", HEALTH_CHECK_TCP, 10, 3, { 20, 60 }, { 20, 40 } },
        { "a string changes nothing", HEALTH_CHECK_HTTP_STR_MATCH, 10, 2, { 10, 28 }, { 10, 24 } },
        { "the slowest", HEALTH_CHECK_TCP, 30, 10, { 270, 400 }, { 270, 310 } },
    };
    (void)state;
    for (unsigned i = 0; i < COUNT_OF(rows); i++) {
        struct health_check_config config;
        health_check_config_init(&config, rows[i].type);
        config.request_interval_s = rows[i].interval_s;
        config.failure_threshold = rows[i].threshold;
        struct drill_times down = drill_turning_times(&config, true);
        struct drill_times back = drill_turning_times(&config, false);
        if (down.least_ms != rows[i].down[0] * 1000 || down.most_ms != rows[i].down[1] * 1000 ||
            back.least_ms != rows[i].back[0] * 1000 || back.most_ms != rows[i].back[1] * 1000)
            fail_msg("%s: down %llu..%llu, back %llu..%llu", rows[i].why,
                     (unsigned long long)down.least_ms, (unsigned long long)down.most_ms,
                     (unsigned long long)back.least_ms, (unsigned long long)back.most_ms);
    }
}

/* ---- checkers that look, by hand ---- */

/* A deterministic check whose checkers have these phases; one probe at a time, each as the limits
 * allow.  When the board has turned the check, seconds after the break. */
struct play {
    unsigned checker_count;
    const unsigned *phases_s; /* the first look of each after the break */
    unsigned look_s;          /* how long a failing look takes */
};

static uint64_t play_down(const struct play *play, const struct health_check_config *config)
{
    struct health_table *table = health_table_create(4);
    struct checker_list list = { .count = 0 };
    for (unsigned i = 0; i < play->checker_count; i++)
        assert_int_equal(checker_list_add(&list, "us-east-1", NULL), 0);
    struct board *board = board_create(table, &list);
    struct board_check check = { .slot = 1, .id = "c", .config = config };
    struct board_order order;
    uint64_t turned_s = 0;
    assert_int_equal(board_put(board, &check, 1), 0);
    assert_true(board_take_order(board, &order));
    for (uint64_t now_s = 0; turned_s == 0 && now_s < 1000; now_s++) {
        for (unsigned i = 0; i < play->checker_count; i++) {
            uint64_t end_s = play->phases_s[i] + play->look_s, every_s = play->look_s;
            every_s +=
                config->request_interval_s; /* from the end of a look to the next (R-HCE-2) */
            if (now_s < end_s || (now_s - end_s) % every_s != 0)
                continue;
            struct probe_result result = { .outcome = PROBE_CONNECT_TIMEOUT,
                                           .at_ms = 1 + now_s * 1000 };
            board_report(board, 1, order.generation, i, &result);
        }
        if (!health_is_up(table, 1))
            turned_s = now_s == 0 ? 1 : now_s;
    }
    board_destroy(board);
    health_table_destroy(table);
    return turned_s;
}

/* R-HCE-19: whichever checker decides, with how many others, the limits hold; and they are
 * reached. */
static void the_limits_hold_whichever_checker_decides(void **state)
{
    static const unsigned at_once[16] = { 0 };
    static const unsigned late[16] = { 10, 10, 10, 10, 10, 10, 10, 10,
                                       10, 10, 10, 10, 10, 10, 10, 10 };
    static const unsigned spread[16] = { 0, 1, 1, 2, 3, 3, 4, 5, 5, 6, 6, 7, 8, 8, 9, 10 };
    static const struct row {
        const char *why;
        struct play play;
        unsigned threshold;
        uint64_t expect_s;
    } rows[] = {
        { "one checker, at once and refused", { 1, at_once, 0 }, 3, 20 },
        { "one that has just looked, and waits", { 1, late, 4 }, 3, 42 },
        { "16 in step, refused", { 16, at_once, 0 }, 3, 20 },
        { "16 in step, that wait", { 16, late, 4 }, 3, 42 },
        { "14 of 16 decide: the one that begins 8 s late", { 16, spread, 0 }, 3, 28 },
        { "5 of 6 decide", { 6, spread, 4 }, 2, 21 },
    };
    (void)state;
    for (unsigned i = 0; i < COUNT_OF(rows); i++) {
        struct health_check_config config = endpoint(HEALTH_CHECK_HTTP);
        config.failure_threshold = (uint8_t)rows[i].threshold;
        uint64_t turned_s = play_down(&rows[i].play, &config);
        struct drill_times times = drill_turning_times(&config, true);
        if (turned_s != rows[i].expect_s || turned_s * 1000 < times.least_ms ||
            turned_s * 1000 > times.most_ms)
            fail_msg("%s: turned after %llu s", rows[i].why, (unsigned long long)turned_s);
    }
}

/* ---- answers ---- */

static void what_we_break_ourselves_turns_answers_at_once(void **state)
{
    struct world *world = *state;
    assert_prediction(world, "check web-1 down", "www",
                      "192.0.2.1 -> 192.0.2.9 [web-1]; turned 0..0; cached 60..60; back 0..0; "
                      "cached 60..60");
    assert_prediction(world, "check web-1 down", "site",
                      "192.0.2.3 -> 192.0.2.9 [all web-1]; turned 0..0; cached 60..60; back 0..0; "
                      "cached 60..60");
    assert_prediction(world, "zone eu-west-1a", "lb",
                      "192.0.2.11 192.0.2.12 -> 192.0.2.12 []; turned 0..0; cached 60..60; back "
                      "0..0; cached 60..60");
    assert_prediction(world, "control c1 Off", "cell",
                      "192.0.2.21 -> 192.0.2.9 [cell]; turned 0..0; cached 60..60; back 0..0; "
                      "cached 60..60");
}

static void what_does_not_concern_a_question_changes_nothing(void **state)
{
    struct world *world = *state;
    assert_prediction(world, "check web-1 down", "plain", "192.0.2.99 []");
    assert_prediction(world, "check web-2 down", "www", "192.0.2.1 []");
    assert_prediction(world, "check web-1 up", "www", "192.0.2.1 []");
    assert_prediction(world, "control c2 Off", "cell", "192.0.2.21 []");
    assert_prediction(world, "control c1 On", "cell", "192.0.2.21 []");
    assert_prediction(world, "hook", "www", "192.0.2.1 []");
}

static void all_answers_that_may_be_drawn_are_told(void **state)
{
    struct world *world = *state;
    assert_prediction(world, "check web-1 down", "both",
                      "192.0.2.1 | 192.0.2.2 -> 192.0.2.2 [web-1]; turned 0..0; cached 60..60; "
                      "back 0..0; cached 60..60");
    /* Nothing is healthy: as if everything were (R-HLT-9). */
    assert_prediction(world, "check web-1 down\ncheck web-2 down", "both",
                      "192.0.2.1 | 192.0.2.2 [web-1 web-2]");
}

/* An answer that comes once in 256 times is among them. */
static void a_rare_answer_is_found(void **state)
{
    struct world *world = *state;
    import(world, ";@ rare 60 IN A weighted id=\"1\" weight=255 value 192.0.2.1\n"
                  ";@ rare 60 IN A weighted id=\"2\" weight=5 check=web-1 value 192.0.2.2\n");
    assert_prediction(world, "check web-1 down", "rare",
                      "192.0.2.1 | 192.0.2.2 -> 192.0.2.1 [web-1]; turned 0..0; cached 60..60; "
                      "back 0..0; cached 60..60");
}

/* The longest TTL on the way is what a cache may hold on to. */
static void a_chain_is_followed(void **state)
{
    struct world *world = *state;
    assert_prediction(world, "check web-1 down", "chain",
                      "192.0.2.1 -> 192.0.2.9 [web-1]; turned 0..0; cached 300..300; back 0..0; "
                      "cached 300..300");
}

static void an_empty_answer_is_cached_as_the_zone_says(void **state)
{
    struct world *world = *state;
    struct drill_prediction *prediction = predict(world, plan_of("region eu-west-1", "lb"));
    const struct predicted_watch *watch = &prediction->watches[0];
    assert_int_equal(watch->during_count, 1);
    assert_int_equal(watch->during[0].value_count, 0);
    assert_int_equal(watch->cached.most_ms, 60000);
    assert_int_equal(watch->back_cached.most_ms, 900000); /* R-ANS-21 */
    drill_prediction_destroy(prediction);
}

/* ---- hooks ---- */

static void what_a_hook_breaks_turns_when_its_check_has_seen_it(void **state)
{
    struct world *world = *state;
    assert_prediction(world, "hook web-1", "www",
                      "192.0.2.1 -> 192.0.2.9 [web-1]; turned 20..42; cached 80..102; back 20..34; "
                      "cached 80..94");
    assert_prediction(world, "hook web-1", "site",
                      "192.0.2.3 -> 192.0.2.9 [all web-1]; turned 20..42; cached 80..102; back "
                      "20..34; cached 80..94");
    assert_prediction(world, "hook all", "site",
                      "192.0.2.3 -> 192.0.2.9 [all]; turned 20..42; cached 80..102; back 20..34; "
                      "cached 80..94");
    /* What nothing probes turns when the hook tells it. */
    assert_prediction(world, "hook cell", "cell",
                      "192.0.2.21 -> 192.0.2.9 [cell]; turned 0..0; cached 60..60; back 0..0; "
                      "cached 60..60");
}

static void of_two_hooks_the_first_and_the_last_count(void **state)
{
    static struct health_check_config config;
    struct world *world = *state;
    config = endpoint(HEALTH_CHECK_TCP);
    config.request_interval_s = 30;
    config.failure_threshold = 2;
    create_check(world, "slow", &config);
    import(world, ";@ two 60 IN A weighted id=\"1\" weight=1 check=web-1 value 192.0.2.1\n"
                  ";@ two 60 IN A weighted id=\"2\" weight=1 check=slow value 192.0.2.2\n"
                  ";@ two 60 IN A weighted id=\"3\" weight=1 value 192.0.2.3\n");
    assert_prediction(world, "hook web-1 slow", "two",
                      "192.0.2.1 | 192.0.2.2 | 192.0.2.3 -> 192.0.2.3 [slow web-1]; turned 20..80; "
                      "cached 80..140; back 20..70; cached 80..130");
}

static void what_breaks_at_once_comes_before_what_a_hook_breaks(void **state)
{
    struct world *world = *state;
    /* Each alone changes the answer. */
    import(world, ";@ three 60 IN A weighted id=\"1\" weight=1 check=web-1 value 192.0.2.1\n"
                  ";@ three 60 IN A weighted id=\"2\" weight=1 check=web-2 value 192.0.2.2\n"
                  ";@ three 60 IN A weighted id=\"3\" weight=1 value 192.0.2.3\n"
                  ";@ www 60 IN A failover id=\"1\" role=PRIMARY check=web-1 value 192.0.2.1\n"
                  ";@ www 60 IN A failover id=\"2\" role=SECONDARY check=web-2 value 192.0.2.9\n");
    assert_prediction(world, "check web-1 down\nhook web-2", "three",
                      "192.0.2.1 | 192.0.2.2 | 192.0.2.3 -> 192.0.2.3 [web-1 web-2]; turned 0..42; "
                      "cached 60..102; back 20..34; cached 80..94");
    /* The hook's check turns, and does not matter while the primary stands. */
    assert_prediction(world, "check idle down\nhook web-2", "www", "192.0.2.1 [web-2]");
    /* A check that is forced, too, is as it is forced. */
    assert_prediction(world, "check web-1 down\nhook web-1", "three",
                      "192.0.2.1 | 192.0.2.2 | 192.0.2.3 -> 192.0.2.2 | 192.0.2.3 [web-1]; turned "
                      "0..0; cached 60..60; back 0..0; cached 60..60");
}

/* R-HCK-5, R-HCK-6: what is disabled does not see the hook; what is inverted turns the other way.
 */
static void disabled_and_inverted_checks_are_as_they_are(void **state)
{
    static struct health_check_config config;
    struct world *world = *state;
    struct problem problem = { 0 };
    config = endpoint(HEALTH_CHECK_HTTP);
    config.disabled = true;
    must(control_update_check(world->control, "web-1", 0, &config, &view, &problem), &problem);
    assert_prediction(world, "hook web-1", "www", "192.0.2.1 []");
    config.disabled = false;
    config.inverted = true;
    must(control_update_check(world->control, "web-1", 0, &config, &view, &problem), &problem);
    assert_prediction(world, "hook web-1", "www",
                      "192.0.2.9 -> 192.0.2.1 [web-1]; turned 20..42; cached 80..102; back 20..34; "
                      "cached 80..94");
}

/* ---- what is not changed by it ---- */

static void a_prediction_breaks_nothing_and_is_the_same_each_time(void **state)
{
    struct world *world = *state;
    static const char breaks[] = "check web-1 down\nzone eu-west-1a\ncontrol c1 Off\nhook web-2";
    char first[2000];
    for (unsigned i = 0; i < 2; i++) {
        struct drill_prediction *prediction = predict(world, plan_of(breaks, "both"));
        const char *text = text_of(&prediction->watches[0]);
        if (i == 0)
            strcpy(first, text);
        assert_string_equal(text, first);
        drill_prediction_destroy(prediction);
    }
    assert_string_equal(answer_to(world, "www"), "192.0.2.1");
    assert_string_equal(answer_to(world, "lb"), "192.0.2.11 192.0.2.12");
    assert_string_equal(answer_to(world, "cell"), "192.0.2.21");
}

/* A collection with one block at "hq", and a record set for it and one for everybody else. */
static void import_near(struct world *world)
{
    struct problem problem = { 0 };
    struct cidr_collection collection;
    struct cidr_change item = { .action = CIDR_PUT };
    struct cidr_batch batch = { .count = 1, .items = &item };
    char text[500];
    assert_int_equal(cidr_block_from_text(&item.block, "hq", "203.0.113.0/24", NULL), 0);
    must(control_create_collection(world->control, "office", &collection, &problem), &problem);
    must(control_change_collection(world->control, "office", &batch, &collection, &problem),
         &problem);
    snprintf(text, sizeof text,
             ";@ near 60 IN A cidr id=\"1\" collection=%s location=hq check=web-1 value 192.0.2.1\n"
             ";@ near 60 IN A cidr id=\"2\" collection=%s location=* value 192.0.2.2\n",
             collection.id, collection.id);
    import(world, text);
}

static void each_client_has_its_own_answers(void **state)
{
    struct world *world = *state;
    struct drill_watch watch = watch_of("near.lab.test.", "203.0.113.0/25");
    import_near(world);
    struct drill_plan plan = *plan_of("check web-1 down", "near");
    plan.watches = &watch;
    struct drill_prediction *prediction = predict(world, &plan);
    assert_string_equal(text_of(&prediction->watches[0]),
                        "192.0.2.1 -> 192.0.2.2 [web-1]; turned 0..0; cached 60..60; back 0..0; "
                        "cached 60..60");
    drill_prediction_destroy(prediction);
    assert_prediction(world, "check web-1 down", "near", "192.0.2.2 [web-1]");
}

static void what_is_not_there_cannot_be_predicted(void **state)
{
    struct world *world = *state;
    struct problem problem = { 0 };
    struct drill_prediction *prediction;
    assert_int_equal(control_predict_drill(world->control, plan_of("check gone down", "www"),
                                           &prediction, &problem),
                     SP_ENOENT);
    assert_string_equal(problem.text, "break[0]: there is no health check \"gone\": \"signpost "
                                      "health list\" shows those that are there");
}

/* CNAMEs that go in circles, and aliases that lead to each other's names. */
static void a_circle_is_walked_once(void **state)
{
    struct world *world = *state;
    import(world, "a 60 CNAME b\nb 60 CNAME a\n"
                  ";@ c 60 IN CNAME weighted id=\"1\" weight=1 check=web-1 value d\n"
                  ";@ c 60 IN CNAME weighted id=\"2\" weight=1 check=web-1 value d\n"
                  ";@ d 60 IN CNAME weighted id=\"1\" weight=1 check=web-2 value c\n");
    struct drill_prediction *prediction =
        predict(world, plan_of("check web-1 down\ncheck web-2 down", "a c"));
    assert_int_equal(prediction->watches[0].check_count, 0);
    assert_int_equal(prediction->watches[1].check_count, 2);
    drill_prediction_destroy(prediction);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(a_check_takes_its_threshold_times_its_interval),
    cmocka_unit_test(the_limits_hold_whichever_checker_decides),
    LAB_TEST(what_we_break_ourselves_turns_answers_at_once),
    LAB_TEST(what_does_not_concern_a_question_changes_nothing),
    LAB_TEST(all_answers_that_may_be_drawn_are_told),
    LAB_TEST(a_rare_answer_is_found),
    LAB_TEST(a_chain_is_followed),
    LAB_TEST(an_empty_answer_is_cached_as_the_zone_says),
    LAB_TEST(what_a_hook_breaks_turns_when_its_check_has_seen_it),
    LAB_TEST(of_two_hooks_the_first_and_the_last_count),
    LAB_TEST(what_breaks_at_once_comes_before_what_a_hook_breaks),
    LAB_TEST(disabled_and_inverted_checks_are_as_they_are),
    LAB_TEST(a_prediction_breaks_nothing_and_is_the_same_each_time),
    LAB_TEST(each_client_has_its_own_answers),
    LAB_TEST(what_is_not_there_cannot_be_predicted),
    LAB_TEST(a_circle_is_walked_once),
};

RUN_TESTS(tests)
