/*
 * When answers turned, from sequences of replies.  A sequence has a letter for the answer of every
 * tenth of a second ("." for none, "0" for one without records), "|" where something broke and "^"
 * where it was restored.  Every answer has a TTL of one second.
 */
#include "../../../src/cmd/client/drill.h"

#include "tests.h"

#define STEP_MS 100

/* What a prediction says of answers that are letters: "ab" before, "b" during. */
static json_t *watch_of(const char *before, const char *during)
{
    json_t *lists[] = { json_array(), json_array() };
    const char *texts[] = { before, during };
    for (int i = 0; i < 2; i++)
        for (const char *at = texts[i]; *at != '\0'; at++)
            json_array_append_new(lists[i], json_pack("[s%]", at, (size_t)1));
    return json_pack("{s:s,s:s,s:o,s:o,s:b}", "name", "www.lab.test.", "type", "A", "before",
                     lists[0], "during", lists[1], "changes", strcmp(before, during) != 0);
}

static void see(struct drill_lane *lane, enum drill_phase phase, int64_t ms, char letter)
{
    char text[] = { letter, '\0' };
    const char *values[] = { text };
    if (letter == '.')
        lane_silence(lane, ms);
    else if (letter == '0')
        lane_reply(lane, phase, ms, lane_empty_item(lane, "NODATA"), 0);
    else
        lane_reply(lane, phase, ms, lane_items(lane, values, 1), 1);
}

/* Plays a sequence; when it was restored, NEVER: it was not. */
static int64_t play(struct drill_lane *lane, const char *sequence)
{
    int64_t ms = -(int64_t)strcspn(sequence, "|") * STEP_MS, restore_ms = NEVER;
    enum drill_phase phase = PHASE_BEFORE;
    for (const char *at = sequence; *at != '\0'; at++) {
        if (*at == '|') {
            phase = PHASE_BROKEN;
        } else if (*at == '^') {
            phase = PHASE_AFTER;
            restore_ms = ms;
        } else {
            see(lane, phase, ms, *at);
            ms += STEP_MS;
        }
    }
    return restore_ms;
}

static void clocks_follow_the_answers(void **state)
{
    static const struct row {
        const char *why, *before, *during, *sequence;
        bool changed;
        int64_t turned, cached, back, back_cached;
    } rows[] = {
        { "failover and back", "a", "b", "aaa|aabbbb^bbaaaa", true, 200, 1100, 800, 1700 },
        { "at once: the first reply is another already", "a", "b", "aaa|bbbb^aaaa", true, 0, 900,
          400, 1300 },
        { "the old one once more: it had not turned", "a", "b", "aaa|abbabb^aa", true, 400, 1300,
          600, 1500 },
        { "it never turns", "a", "b", "aaa|aaaaaa^aaa", true, NEVER, NEVER, NEVER, NEVER },
        { "it turns with the restoring only", "a", "b", "aaa|aaa^bbaa", true, NEVER, NEVER, 500,
          1400 },
        { "it never comes back", "a", "b", "aaa|abbb^bbbb", true, 100, 1000, NEVER, NEVER },
        { "nothing is known after the restoring", "a", "b", "aaa|abbb^", true, 100, 1000, NEVER,
          NEVER },
        { "not restored yet", "a", "b", "aaa|abbb", true, 100, 1000, NEVER, NEVER },
        { "missing replies are no answers", "a", "b", "aaa|a..bb^b.aa", true, 300, 1000, 700,
          1500 },
        { "an answer without records is one", "a", "b", "aaa|a0bb^baa", true, 100, 1000, 500,
          1400 },
        { "one that nobody predicted is not the old one either", "a", "b", "aaa|accbb^caa", true,
          100, 1000, 600, 1500 },
        { "weighted: one of two leaves", "ab", "b", "abab|babbbbb^bbabab", true, 200, 1100, 900,
          NEVER },
        { "weighted: both make way for a third", "ab", "c", "abab|abcccc^ccabab", true, 200, 1100,
          800, 1700 },
        { "multivalue: one more comes, and no cache holds a wrong answer", "a", "ab",
          "aaaa|aababa^abaaaa", true, 200, NEVER, 800, 1700 },
        { "all stays, as predicted", "a", "a", "aaa|aaaa^aaa", false, NEVER, NEVER, NEVER, NEVER },
        { "weighted stays as it was", "ab", "ab", "abab|abaabba^abba", false, NEVER, NEVER, NEVER,
          NEVER },
        { "a change that nobody predicted", "a", "a", "aaaa|aabbbbbbbbbbbbbbbbbb^bbaa", true, 200,
          1100, 2200, 3100 },
        { "a short run of luck in a weighted group is no change", "ab", "ab",
          "abababab|abbbbbbbbbb^abab", false, NEVER, NEVER, NEVER, NEVER },
        { "one too long to be luck is one", "ab", "ab",
          "abababab|abbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb^abab", true, 100, 1000, 4100, NEVER },
    };
    static struct drill_lane lane;
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        json_t *watch = watch_of(rows[i].before, rows[i].during);
        struct drill_clocks clocks;
        lane_init(&lane, watch, STEP_MS);
        lane_clocks(&lane, play(&lane, rows[i].sequence), &clocks);
        if (clocks.changed != rows[i].changed || clocks.turned_ms != rows[i].turned ||
            clocks.cached_ms != rows[i].cached || clocks.back_ms != rows[i].back ||
            clocks.back_cached_ms != rows[i].back_cached)
            fail_msg("%s: changed %d, turned %lld, cached %lld, back %lld, back cached %lld",
                     rows[i].why, clocks.changed, (long long)clocks.turned_ms,
                     (long long)clocks.cached_ms, (long long)clocks.back_ms,
                     (long long)clocks.back_cached_ms);
        lane_finish(&lane);
        json_decref(watch);
    }
}

static void it_is_over_when_no_cache_remembers(void **state)
{
    static const struct row {
        const char *why, *sequence;
        int64_t now_ms;
        bool settled;
    } rows[] = {
        { "the answer is not back", "aa|abb^bb", 5000, false },
        { "it is, but caches hold the other one", "aa|abb^ba", 1200, false },
        { "they have forgotten it", "aa|abb^ba", 1300, true },
    };
    static struct drill_lane lane;
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        json_t *watch = watch_of("a", "b");
        lane_init(&lane, watch, STEP_MS);
        int64_t restore_ms = play(&lane, rows[i].sequence);
        if (lane_is_settled(&lane, restore_ms, rows[i].now_ms) != rows[i].settled)
            fail_msg("%s", rows[i].why);
        lane_finish(&lane);
        json_decref(watch);
    }
}

/* "a-200..0 b100..300": what a lane has kept of its time. */
static void print_segments(const struct drill_lane *lane, char *out, size_t size)
{
    size_t used = 0;
    out[0] = '\0';
    for (unsigned i = 0; i < lane->segment_count; i++) {
        const struct drill_segment *segment = &lane->segments[i];
        used += (size_t)snprintf(out + used, size - used, "%s%s%lld..%lld", i > 0 ? " " : "",
                                 segment->item == ITEM_NONE ? "." : lane->items[segment->item].text,
                                 (long long)segment->from_ms, (long long)segment->to_ms);
    }
}

static void stretches_of_equal_answers_are_one(void **state)
{
    static const struct row {
        const char *before, *during, *sequence, *expect;
    } rows[] = {
        { "a", "b", "aa|abb^ba", "a-200..0 b100..300 a400..400" },
        { "a", "b", "aa|a..b^a", "a-200..0 .100..200 b300..300 a400..400" },
        { "ab", "b", "ab|abbb^ab", "a-200..400 b-100..500" },
    };
    static struct drill_lane lane;
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        json_t *watch = watch_of(rows[i].before, rows[i].during);
        char text[200];
        lane_init(&lane, watch, STEP_MS);
        play(&lane, rows[i].sequence);
        print_segments(&lane, text, sizeof(text));
        assert_string_equal(text, rows[i].expect);
        lane_finish(&lane);
        json_decref(watch);
    }
}

/* A day of replies, and more answers than anybody can tell apart. */
static void memory_has_an_end(void **state)
{
    static struct drill_lane lane;
    json_t *watch = watch_of("a", "b");
    char text[16];
    const char *values[] = { text };
    (void)state;
    lane_init(&lane, watch, STEP_MS);
    for (int i = 0; i < 2000; i++) {
        snprintf(text, sizeof(text), "%d", i % 300);
        lane_reply(&lane, PHASE_BROKEN, (int64_t)i * 60000, lane_items(&lane, values, 1), 1);
    }
    assert_int_equal(lane.item_count, DRILL_ITEMS_MAX);
    assert_string_equal(lane.items[DRILL_ITEMS_MAX - 1].text, "(others)");
    assert_int_equal(lane.segment_count, DRILL_SEGMENTS_MAX);
    assert_true(lane.is_cut);
    assert_int_equal(lane.asked, 2000);
    lane_finish(&lane);
    json_decref(watch);
}

/* Eight of many: hardly any two answers are alike, so values are what is watched. */
static void many_alternatives_are_watched_by_value(void **state)
{
    static struct drill_lane lane;
    json_t *before = json_array(), *during = json_array();
    struct drill_clocks clocks;
    (void)state;
    for (int i = 0; i < 20; i++) {
        char text[16];
        snprintf(text, sizeof(text), "v%d", i);
        json_array_append_new(before, json_pack("[ss]", "gone", text));
        json_array_append_new(during, json_pack("[s]", text));
    }
    json_t *watch = json_pack("{s:o,s:o,s:b}", "before", before, "during", during, "changes", 1);
    lane_init(&lane, watch, STEP_MS);
    assert_true(lane.by_value);
    for (int i = 0; i < 10; i++) {
        const char *with[] = { "v3", "gone" }, *without[] = { "v3", "v4" };
        lane_reply(&lane, PHASE_BROKEN, i * STEP_MS, lane_items(&lane, i < 4 ? with : without, 2),
                   1);
    }
    lane_clocks(&lane, NEVER, &clocks);
    assert_int_equal(clocks.turned_ms, 400);
    assert_int_equal(clocks.cached_ms, 1300);
    lane_finish(&lane);
    json_decref(watch);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(clocks_follow_the_answers),
    cmocka_unit_test(it_is_over_when_no_cache_remembers),
    cmocka_unit_test(stretches_of_equal_answers_are_one),
    cmocka_unit_test(memory_has_an_end),
    cmocka_unit_test(many_alternatives_are_watched_by_value),
};
RUN_TESTS(tests)
