/*
 * The report of a drill as JSON, from which all its other forms are made.
 *
 *     {"format":1, "id","name","owner", "server","every_ms", "started_ms" (since 1970, the daemon's
 *      clock), "skew_ms"?, "definition", "prediction",
 *      "from_ms","to_ms" (what was watched), "restore_ms" (null: not restored),
 *      "restored", "restored_by"?, "remarks"?, "interrupted"?, "complete", "met",
 *      "checks":[{"id","turns":[{"at_ms","up","cause","reason"}]}],
 *      "hooks":[{"start","restore","started_ms","start_ended_ms","start_status",
 *                "restore_started_ms","restore_ended_ms","restore_status","output"?}],
 *      "questions":[{"name","type","client"?, "by_value", "changed",
 *          "asked","unanswered","empty",
 *          "answers":[{"text","role":"old|new|other","empty","before","broken","after"}],
 *          "segments":[[FROM,TO,ANSWER|null]], "cut"?, "tails":[[FROM,TO,ANSWER]],
 *          "measured":{"broken":{"check_ms","answer_ms","cached_ms"},"restored":{the same}},
 *          "predicted":{"changes","ttl_s", and the same with {"least","most"}}}],
 *      "objectives":[{"objective","limit_ms"?,"measured_ms"?,"empty"?,"applies","met",
 *                     "questions":[{"question":INDEX,"measured_ms"?,"empty"?,"met"}]}],
 *      "events":[{"at_ms","text"}]}
 *
 * Times are milliseconds since the break, but what stands under "restored" counts from the
 * restoring.  An answer without records is called by its response code.  null: it did not happen.
 */
#include "drill.h"

#include <string.h>

#define FORMAT 1

/* NEVER is null. */
static json_t *time_value(int64_t ms)
{
    return ms == NEVER ? json_null() : json_integer((json_int_t)ms);
}

static int64_t since(int64_t ms, int64_t start_ms)
{
    return ms == NEVER || start_ms == NEVER ? NEVER : ms > start_ms ? ms - start_ms : 0;
}

/* ---- checks ---- */

/* When a check first turned from that time on, up to the other; NEVER: it did not. */
static int64_t turn_between(const struct drill_facts *facts, const char *check, int64_t from_ms,
                            int64_t to_ms)
{
    const json_t *turns = json_object_get(facts->latest, "turns"), *turn;
    size_t index;
    json_array_foreach(turns, index, turn)
    {
        int64_t ms = since(number_of(turn, "at_ms"), number_of(facts->begun, "started_ms"));
        if (strcmp(text_of(turn, "check"), check) == 0 && ms >= from_ms && ms < to_ms)
            return ms;
    }
    return NEVER;
}

/* When the last of a question's checks turned. */
static int64_t checks_turned(const struct drill_facts *facts, const json_t *watch, int64_t from_ms,
                             int64_t to_ms)
{
    const json_t *checks = json_object_get(watch, "checks"), *check;
    int64_t last_ms = NEVER;
    size_t index;
    json_array_foreach(checks, index, check)
    {
        const char *id = json_is_string(check) ? json_string_value(check) : "";
        int64_t ms = turn_between(facts, id, from_ms, to_ms);
        if (ms != NEVER && (last_ms == NEVER || ms > last_ms))
            last_ms = ms;
    }
    return last_ms;
}

static void add_turn(json_t *checks, const json_t *turn, json_int_t started_ms)
{
    json_t *check = json_object_get(checks, text_of(turn, "check"));
    json_int_t at_ms = number_of(turn, "at_ms");
    json_array_append_new(json_object_get(check, "turns"),
                          json_pack("{s:I,s:b,s:s,s:s}", "at_ms",
                                    at_ms > started_ms ? at_ms - started_ms : 0, "up",
                                    json_is_true(json_object_get(turn, "up")), "cause",
                                    text_of(turn, "cause"), "reason", text_of(turn, "reason")));
}

static void know_check(json_t *checks, const char *id)
{
    if (json_object_get(checks, id) == NULL)
        json_object_set_new(checks, id, json_pack("{s:s,s:[]}", "id", id, "turns"));
}

/* Those of the prediction, whether they turned or not, and all others that turned. */
static json_t *checks_of(const struct drill_facts *facts)
{
    const json_t *watch, *check, *turn;
    json_t *found = json_object(), *list = json_array(), *value;
    const char *id;
    size_t i, j;
    json_array_foreach(json_object_get(facts->prediction, "watches"), i, watch)
        json_array_foreach(json_object_get(watch, "checks"), j, check) if (json_is_string(check))
            know_check(found, json_string_value(check));
    json_array_foreach(json_object_get(facts->latest, "turns"), i, turn)
    {
        know_check(found, text_of(turn, "check"));
        add_turn(found, turn, number_of(facts->begun, "started_ms"));
    }
    json_object_foreach(found, id, value) json_array_append(list, value);
    json_decref(found);
    return list;
}

/* ---- hooks ---- */

static json_t *hook_time(const struct drill_facts *facts, int64_t at)
{
    return time_value(at == 0 ? NEVER : at - facts->break_at);
}

static json_t *hooks_of(const struct drill_facts *facts)
{
    json_t *list = json_array();
    for (unsigned i = 0; i < facts->hooks->count; i++) {
        const struct drill_hook *hook = &facts->hooks->hook[i];
        json_t *object = json_pack(
            "{s:s,s:s,s:o,s:o,s:i,s:o,s:o,s:i}", "start", hook->start, "restore", hook->restore,
            "started_ms", hook_time(facts, hook->started_at), "start_ended_ms",
            hook_time(facts, hook->start_ended_at), "start_status", hook->start_status,
            "restore_started_ms", hook_time(facts, hook->restore_started_at), "restore_ended_ms",
            hook_time(facts, hook->restore_ended_at), "restore_status", hook->restore_status);
        if (hook->said[0] != '\0')
            json_object_set_new(object, "output", json_string(hook->said));
        json_array_append_new(list, object);
    }
    return list;
}

/* ---- questions ---- */

static json_t *answers_of(const struct drill_lane *lane)
{
    static const char *const roles[] = { "other", "old", "new" };
    json_t *list = json_array();
    for (unsigned i = 0; i < lane->item_count; i++) {
        const struct drill_item *item = &lane->items[i];
        json_array_append_new(list,
                              json_pack("{s:s,s:s,s:b,s:I,s:I,s:I}", "text", item->text, "role",
                                        roles[lane_role(lane, i)], "empty", item->is_empty,
                                        "before", (json_int_t)item->seen[PHASE_BEFORE].count,
                                        "broken", (json_int_t)item->seen[PHASE_BROKEN].count,
                                        "after", (json_int_t)item->seen[PHASE_AFTER].count));
    }
    return list;
}

static json_t *segments_of(const struct drill_lane *lane)
{
    json_t *list = json_array();
    for (unsigned i = 0; i < lane->segment_count; i++) {
        const struct drill_segment *segment = &lane->segments[i];
        json_array_append_new(
            list, json_pack("[I,I,s?]", (json_int_t)segment->from_ms, (json_int_t)segment->to_ms,
                            segment->item == ITEM_NONE ? NULL : lane->items[segment->item].text));
    }
    return list;
}

static void add_tail(json_t *list, const struct drill_item *item, const struct drill_sighting *seen)
{
    if (seen->count > 0)
        json_array_append_new(list, json_pack("[I,I,s]", (json_int_t)seen->last_ms,
                                              (json_int_t)seen->expires_ms, item->text));
}

/* How long caches keep what is not answered any more. */
static json_t *tails_of(const struct drill_lane *lane, const struct drill_clocks *clocks)
{
    json_t *list = json_array();
    for (unsigned i = 0; i < lane->item_count; i++) {
        const struct drill_item *item = &lane->items[i];
        enum item_role role = lane_role(lane, i);
        bool broken = item->seen[PHASE_BROKEN].count > 0, after = item->seen[PHASE_AFTER].count > 0;
        if (role == ITEM_OLD && clocks->turned_ms != NEVER)
            add_tail(list, item, &item->seen[broken ? PHASE_BROKEN : PHASE_BEFORE]);
        if (role == ITEM_NEW && clocks->back_ms != NEVER)
            add_tail(list, item, &item->seen[after ? PHASE_AFTER : PHASE_BROKEN]);
    }
    return list;
}

/* Answers follow their checks at once, so what is predicted of the one holds for the other. */
static json_t *predicted_of(const json_t *watch)
{
    bool has_checks = json_array_size(json_object_get(watch, "checks")) > 0;
    json_t *turned = json_object_get(watch, "turned_ms"), *back = json_object_get(watch, "back_ms");
    return json_pack(
        "{s:b,s:O?,s:{s:O?,s:O?,s:O?},s:{s:O?,s:O?,s:O?}}", "changes",
        json_is_true(json_object_get(watch, "changes")), "ttl_s", json_object_get(watch, "ttl_s"),
        "broken", "check_ms", has_checks ? turned : NULL, "answer_ms", turned, "cached_ms",
        json_object_get(watch, "cached_ms"), "restored", "check_ms", has_checks ? back : NULL,
        "answer_ms", back, "cached_ms", json_object_get(watch, "back_cached_ms"));
}

static json_t *measured_of(const struct drill_facts *facts, const json_t *watch,
                           const struct drill_clocks *clocks)
{
    int64_t restore_ms = facts->restore_ms;
    return json_pack("{s:{s:o,s:o,s:o},s:{s:o,s:o,s:o}}", "broken", "check_ms",
                     time_value(checks_turned(facts, watch, 0, restore_ms)), "answer_ms",
                     time_value(clocks->turned_ms), "cached_ms",
                     time_value(since(clocks->cached_ms, 0)), "restored", "check_ms",
                     time_value(since(checks_turned(facts, watch, restore_ms, NEVER), restore_ms)),
                     "answer_ms", time_value(since(clocks->back_ms, restore_ms)), "cached_ms",
                     time_value(since(clocks->back_cached_ms, restore_ms)));
}

static json_t *question_of(const struct drill_facts *facts, unsigned index)
{
    const struct drill_lane *lane = &facts->lanes[index];
    const json_t *watch = json_array_get(json_object_get(facts->prediction, "watches"), index);
    struct drill_clocks clocks;
    lane_clocks(lane, facts->restore_ms, &clocks);
    json_t *question = json_pack("{s:s,s:s}", "name", lane->name, "type", lane->type);
    if (lane->client[0] != '\0')
        json_object_set_new(question, "client", json_string(lane->client));
    json_t *rest =
        json_pack("{s:b,s:b,s:I,s:I,s:I,s:o,s:o,s:o,s:o,s:o}", "by_value", lane->by_value,
                  "changed", clocks.changed, "asked", (json_int_t)lane->asked, "unanswered",
                  (json_int_t)lane->unanswered, "empty", (json_int_t)lane->empty, "answers",
                  answers_of(lane), "segments", segments_of(lane), "tails", tails_of(lane, &clocks),
                  "predicted", predicted_of(watch), "measured", measured_of(facts, watch, &clocks));
    json_object_update_new(question, rest);
    if (lane->is_cut)
        json_object_set_new(question, "cut", json_true());
    return question;
}

/* ---- objectives ---- */

/* A limit on one measured time. */
struct objective {
    const char *name, *phase, *clock;
};

/* Its limit against one question; NULL: the question does not change, so there is nothing to
 * measure. */
static json_t *judge_time(const struct objective *objective, int64_t limit_ms,
                          const json_t *question, size_t index)
{
    const json_t *measured = json_object_get(question, "measured");
    const json_t *turned = json_object_get(json_object_get(measured, "broken"), "answer_ms");
    const json_t *value =
        json_object_get(json_object_get(measured, objective->phase), objective->clock);
    bool is_back = strcmp(objective->phase, "restored") == 0;
    bool has_clock = json_is_integer(value);
    if (!json_is_true(json_object_get(question, "changed")) ||
        (is_back && !has_clock && !json_is_integer(turned)))
        return NULL;
    /* Where no answer of before is wrong during the break, no cache can hold a wrong one. */
    if (!has_clock && strcmp(objective->clock, "cached_ms") == 0 && json_is_integer(turned))
        return NULL;
    return json_pack("{s:I,s:O?,s:b}", "question", (json_int_t)index, "measured_ms", value, "met",
                     has_clock && json_integer_value(value) <= limit_ms);
}

/* The worst of its questions speaks for an objective. */
static json_t *judge_times(const struct objective *objective, int64_t limit_ms,
                           const json_t *questions)
{
    json_t *list = json_array(), *worst = json_null();
    const json_t *question;
    bool met = true;
    size_t index;
    json_array_foreach(questions, index, question)
    {
        json_t *verdict = judge_time(objective, limit_ms, question, index);
        json_t *measured = json_object_get(verdict, "measured_ms");
        bool is_first = json_array_size(list) == 0;
        if (verdict == NULL)
            continue;
        met = met && json_is_true(json_object_get(verdict, "met"));
        if (is_first || !json_is_integer(measured) ||
            (json_is_integer(worst) && json_integer_value(measured) > json_integer_value(worst)))
            worst = measured;
        json_array_append_new(list, verdict);
    }
    return json_pack("{s:s,s:I,s:O,s:b,s:b,s:o}", "objective", objective->name, "limit_ms",
                     (json_int_t)limit_ms, "measured_ms", worst, "applies",
                     json_array_size(list) > 0, "met", met, "questions", list);
}

static json_t *judge_empty(const json_t *questions)
{
    json_t *list = json_array();
    const json_t *question;
    json_int_t total = 0;
    size_t index;
    json_array_foreach(questions, index, question)
    {
        json_int_t empty = number_of(question, "empty");
        json_array_append_new(list, json_pack("{s:I,s:I,s:b}", "question", (json_int_t)index,
                                              "empty", empty, "met", empty == 0));
        total += empty;
    }
    return json_pack("{s:s,s:I,s:b,s:b,s:o}", "objective", "never_empty", "empty", total, "applies",
                     json_array_size(list) > 0, "met", total == 0, "questions", list);
}

json_t *report_judge(const json_t *definition, const json_t *questions, bool *out_met)
{
    static const struct objective timed[] = {
        { "turned_within", "broken", "answer_ms" },
        { "back_within", "restored", "answer_ms" },
        { "cached_within", "broken", "cached_ms" },
    };
    const json_t *wanted = json_object_get(definition, "objectives");
    json_t *list = json_array(), *objective;
    size_t index;
    for (size_t i = 0; i < sizeof(timed) / sizeof(timed[0]); i++) {
        int64_t limit_ms = drill_time(wanted, timed[i].name, -1);
        if (limit_ms >= 0)
            json_array_append_new(list, judge_times(&timed[i], limit_ms, questions));
    }
    if (json_is_true(json_object_get(wanted, "never_empty")))
        json_array_append_new(list, judge_empty(questions));
    *out_met = true;
    json_array_foreach(list, index, objective)
    {
        *out_met = *out_met && json_is_true(json_object_get(objective, "met"));
    }
    return list;
}

/* ---- the whole ---- */

/* What only some drills have to tell. */
static void add_mishaps(json_t *report, const struct drill_facts *facts)
{
    const char *by = text_of(facts->latest, "restored_by");
    const char *remarks = text_of(facts->latest, "remarks");
    if (by[0] != '\0')
        json_object_set_new(report, "restored_by", json_string(by));
    if (remarks[0] != '\0')
        json_object_set_new(report, "remarks", json_string(remarks));
    if (facts->interrupted != NULL)
        json_object_set_new(report, "interrupted", json_string(facts->interrupted));
    if (facts->skew_ms != 0)
        json_object_set_new(report, "skew_ms", json_integer((json_int_t)facts->skew_ms));
}

json_t *report_build(const struct drill_facts *facts)
{
    json_t *questions = json_array();
    bool met, complete = facts->is_restored && facts->interrupted == NULL && !facts->hooks->failed;
    for (unsigned i = 0; i < facts->lane_count; i++)
        json_array_append_new(questions, question_of(facts, i));
    json_t *objectives = report_judge(facts->definition, questions, &met);
    json_t *report = json_pack(
        "{s:i,s:O?,s:s,s:s,s:s,s:I,s:I,s:O,s:O,s:I,s:I,s:o,s:b}", "format", FORMAT, "id",
        json_object_get(facts->begun, "id"), "name", text_of(facts->begun, "name"), "owner",
        facts->options->owner, "server", facts->options->server, "every_ms",
        (json_int_t)facts->options->every_ms, "started_ms", number_of(facts->begun, "started_ms"),
        "definition", facts->definition, "prediction", facts->prediction, "from_ms",
        (json_int_t)facts->from_ms, "to_ms", (json_int_t)facts->to_ms, "restore_ms",
        time_value(facts->restore_ms), "restored", facts->is_restored);
    add_mishaps(report, facts);
    json_object_update_new(report, json_pack("{s:b,s:b,s:o,s:o,s:o,s:o,s:O}", "complete", complete,
                                             "met", met, "checks", checks_of(facts), "hooks",
                                             hooks_of(facts), "questions", questions, "objectives",
                                             objectives, "events", facts->events));
    return report;
}
