/*
 * What a drill will do is asked of the code that answers, at four moments: as it is; broken at once
 * (forced checks, routing controls, lost zones); broken for good, when checks have seen what hooks
 * did; and restored at once, when they have not seen yet that hooks are undone.  Where there are no
 * hooks, or nothing else, moments coincide.
 *
 * Answers are drawn, so each moment is asked until nothing new has come for a while.  The dice are
 * seeded alike every time: the same definition predicts the same.
 */
#include "asker.h"
#include "checks.h"
#include "drill_parts.h"

#include "signpost/control/checks.h"
#include "signpost/control/routing_controls.h"
#include "signpost/dns/name.h"

#include <stdlib.h>
#include <string.h>

#define SEED 1

enum moment { BEFORE, AT_ONCE, BROKEN, HALF_BACK };
#define MOMENT_COUNT 4

/* A check that a hook is to turn, and how long that takes. */
struct hook_cause {
    health_slot slot;
    struct drill_times down, back;
};

/* What is handed out, and what it stands on. */
struct predicted {
    struct drill_prediction prediction; /* must stay the first member */
    struct arena *arena;
};

struct predicting {
    struct control *control;
    const struct drill_plan *plan;
    struct arena *arena;   /* of the results */
    struct arena *scratch; /* of one question */
    struct problem *problem;
    bool has_instant;       /* something breaks at once */
    unsigned instant_count; /* of those supposed: they come first, hooks behind them */
    unsigned supposed_count;
    struct supposed_slot *supposed; /* room for each slot */
    unsigned hook_count;
    struct hook_cause *hooks;           /* the same */
    struct asker *askers[MOMENT_COUNT]; /* NULL: the moment coincides with another one */
    uint64_t steps_left;
};

/* ---- times ---- */

/*
 * A checker looks every interval, counted from the end of its last look (R-HCE-2), and turns after
 * threshold looks in a row that say so (R-HCE-18).  With T the threshold, I the interval, and D the
 * longest that a look at an endpoint takes with which no connection comes about (R-HCE-10,
 * R-HCE-11; nothing at all when it refuses):
 *
 *   down, least: (T - 1) * I.  It looks the very moment after the break, and is refused each time.
 *   down, most: T * (I + D).  It has just looked, and every look takes as long as it may.
 *   back, least: (T - 1) * I, as above.
 *   back, most: T * I + D.  A look that began before the restoring fails as late as it may; those
 *   after it pass, at once.
 *
 * The check follows when at most 18 % of its checkers are still up, or more than 18 % are up again
 * (R-HCE-19).  Checkers do not know of each other, so whichever of them decides turns within the
 * limits that hold for every single one: their number does not count.
 */
struct drill_times drill_turning_times(const struct health_check_config *config, bool goes_down)
{
    uint64_t threshold = config->failure_threshold;
    uint64_t interval_ms = config->request_interval_s * 1000ull;
    uint64_t longest_ms =
        health_check_type_speaks_http(config->type) ? PROBE_CONNECT_MS : PROBE_CONNECT_TCP_MS;
    struct drill_times times = { .least_ms = (threshold - 1) * interval_ms };
    times.most_ms =
        goes_down ? threshold * (interval_ms + longest_ms) : threshold * interval_ms + longest_ms;
    return times;
}

static void widen(struct drill_times *times, const struct drill_times *other, bool *is_set)
{
    if (!*is_set || other->least_ms < times->least_ms)
        times->least_ms = other->least_ms;
    if (!*is_set || other->most_ms > times->most_ms)
        times->most_ms = other->most_ms;
    *is_set = true;
}

/* Checks that no probe turns, alarms and the like, turn in the call that tells them. */
static struct drill_times times_of(const struct health_check_config *config, bool goes_down)
{
    static const struct drill_times at_once;
    return health_check_type_is_endpoint(config->type) ? drill_turning_times(config, goes_down)
                                                       : at_once;
}

/* A calculated check follows one of its children, whichever decides. */
static int times_of_children(struct predicting *predicting,
                             const struct health_check_config *config, struct hook_cause *cause,
                             bool goes_down)
{
    struct check_view *child = malloc(sizeof *child); /* large */
    bool has_down = false, has_back = false;
    int rc = child == NULL ? SP_ENOMEM : 0;
    for (unsigned i = 0; rc == 0 && i < config->child_count; i++) {
        if (!control_has_check(predicting->control, config->children[i]))
            continue;
        rc = control_read_check(predicting->control, config->children[i], child,
                                predicting->problem);
        struct drill_times down = times_of(&child->check.config, goes_down);
        struct drill_times back = times_of(&child->check.config, !goes_down);
        widen(&cause->down, &down, &has_down);
        widen(&cause->back, &back, &has_back);
    }
    free(child);
    return rc;
}

/* ---- what breaks ---- */

static bool is_supposed(const struct predicting *predicting, health_slot slot)
{
    for (unsigned i = 0; i < predicting->supposed_count; i++)
        if (predicting->supposed[i].slot == slot)
            return true;
    return false;
}

static void suppose(struct predicting *predicting, health_slot slot, bool up, bool is_observation)
{
    if (slot != HEALTH_NO_CHECK && !is_supposed(predicting, slot))
        predicting->supposed[predicting->supposed_count++] =
            (struct supposed_slot){ slot, up, is_observation };
}

struct control_turn {
    struct predicting *predicting;
    bool is_on;
};

static int suppose_follower(void *context, const char *check_id)
{
    const struct control_turn *turn = context;
    suppose(turn->predicting, control_check_slot(turn->predicting->control, check_id), turn->is_on,
            true);
    return 0;
}

static int suppose_control(struct predicting *predicting, const struct drill_break *part)
{
    struct routing_control found;
    struct control_turn turn = { predicting, part->up };
    int rc = control_read_routing_control(predicting->control, part->target, &found,
                                          predicting->problem);
    return rc == 0 ? control_list_control_checks(predicting->control, &found, suppose_follower,
                                                 &turn, predicting->problem)
                   : rc;
}

static int suppose_instant(struct predicting *predicting)
{
    int rc = 0;
    for (unsigned i = 0; rc == 0 && i < predicting->plan->break_count; i++) {
        const struct drill_break *part = &predicting->plan->breaks[i];
        predicting->has_instant = predicting->has_instant || part->kind != DRILL_BREAK_HOOK;
        if (part->kind == DRILL_BREAK_CHECK)
            suppose(predicting, control_check_slot(predicting->control, part->target), part->up,
                    false);
        if (part->kind == DRILL_BREAK_CONTROL)
            rc = suppose_control(predicting, part);
    }
    predicting->instant_count = predicting->supposed_count;
    return rc;
}

/* A check turns to what is not observed now.  One that is forced, too, is as it is forced. */
static int suppose_hooked(struct predicting *predicting, const char *id)
{
    struct check_view *view = malloc(sizeof *view); /* large */
    health_slot slot = control_check_slot(predicting->control, id);
    int rc = view == NULL ? SP_ENOMEM
                          : control_read_check(predicting->control, id, view, predicting->problem);
    if (rc == 0 && !is_supposed(predicting, slot)) {
        const struct health_check_config *config = &view->check.config;
        bool goes_down = view->status.observed;
        struct hook_cause *cause = &predicting->hooks[predicting->hook_count++];
        *cause = (struct hook_cause){ .slot = slot,
                                      .down = times_of(config, goes_down),
                                      .back = times_of(config, !goes_down) };
        suppose(predicting, slot, !goes_down, true);
        if (config->type == HEALTH_CHECK_CALCULATED)
            rc = times_of_children(predicting, config, cause, goes_down);
    }
    free(view);
    return rc;
}

static int suppose_hooks(struct predicting *predicting)
{
    int rc = 0;
    for (unsigned i = 0; i < predicting->plan->break_count; i++) {
        const struct drill_break *part = &predicting->plan->breaks[i];
        for (unsigned j = 0; rc == 0 && part->kind == DRILL_BREAK_HOOK && j < part->name_count; j++)
            rc = suppose_hooked(predicting, part->names[j]);
    }
    return rc;
}

/* ---- the four moments ---- */

static int lose_zones(struct predicting *predicting, struct asker *asker)
{
    const char *zones[DRILL_STEPS_MAX];
    struct snapshot *lost;
    unsigned count = control__drill_zones(predicting->plan, zones);
    if (count == 0)
        return 0;
    int rc =
        control__outage_snapshot(predicting->control, zones, count, &lost, predicting->problem);
    if (rc != 0)
        return rc;
    lost->options = asker->snapshot->options;
    snapshot_unref(asker->snapshot);
    asker->snapshot = lost;
    return 0;
}

/* An asker of what would be with those things broken that come at once, those of hooks, or both. */
static int create_asker(struct predicting *predicting, enum moment moment, bool instant, bool hooks)
{
    unsigned first = instant ? 0 : predicting->instant_count;
    unsigned end = hooks ? predicting->supposed_count : predicting->instant_count;
    struct asker **asker = &predicting->askers[moment];
    int rc = asker__create(predicting->control, NULL, SEED, asker, predicting->problem);
    if (rc == 0 && end > first) {
        (*asker)->supposed =
            board_suppose(predicting->control->board, predicting->supposed + first, end - first);
        (*asker)->health = (*asker)->supposed;
        rc = (*asker)->supposed == NULL ? SP_ENOMEM : 0;
    }
    return rc == 0 && instant ? lose_zones(predicting, *asker) : rc;
}

static int create_askers(struct predicting *predicting)
{
    bool both = predicting->has_instant && predicting->hook_count > 0;
    int rc = create_asker(predicting, BEFORE, false, false);
    if (rc == 0)
        rc = create_asker(predicting, BROKEN, true, true);
    if (rc == 0 && both)
        rc = create_asker(predicting, AT_ONCE, true, false);
    if (rc == 0 && both)
        rc = create_asker(predicting, HALF_BACK, false, true);
    return rc;
}

/* ---- answers ---- */

/* Those of one moment, in sorted order. */
struct answers {
    unsigned count;
    uint32_t ttl_s; /* the longest */
    struct predicted_answer at[DRILL_ANSWERS_MAX];
};

static int compare_texts(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static int compare_answers(const void *a, const void *b)
{
    const struct predicted_answer *left = a, *right = b;
    for (unsigned i = 0; i < left->value_count && i < right->value_count; i++) {
        int order = strcmp(left->values[i], right->values[i]);
        if (order != 0)
            return order;
    }
    return (left->value_count > right->value_count) - (left->value_count < right->value_count);
}

static bool are_equal(const struct answers *a, const struct answers *b)
{
    if (a->count != b->count)
        return false;
    for (unsigned i = 0; i < a->count; i++)
        if (compare_answers(&a->at[i], &b->at[i]) != 0)
            return false;
    return true;
}

/* With the type in front when it is not the one asked for: a CNAME that leads nowhere we know. */
static const char *value_text(struct arena *arena, const struct reply_record *record, uint16_t type)
{
    const char *text = rdata_to_text(arena, record->type, record->rdata);
    const struct dns_type_info *info = dns_type_find(record->type);
    if (text == NULL || info == NULL || record->type == type)
        return text;
    return arena_format(arena, "%s %s", info->name, text);
}

/* The answer's last record set. */
static int read_values(struct predicting *predicting, const struct dns_message *message,
                       uint16_t type, struct predicted_answer *out_answer)
{
    unsigned first = dns_message_final_set(message);
    unsigned count = message->rcode == DNS_NOERROR ? message->answer_count - first : 0;
    struct arena *arena = predicting->scratch;
    const char **values = arena_alloc(arena, (count + 1) * sizeof *values);
    if (values == NULL)
        return SP_ENOMEM;
    for (unsigned i = 0; i < count; i++)
        if ((values[i] = value_text(arena, &message->answers[first + i], type)) == NULL)
            return SP_ENOMEM;
    qsort(values, count, sizeof *values, compare_texts);
    *out_answer = (struct predicted_answer){ count, values };
    return 0;
}

/* A copy that lives as long as the prediction. */
static int keep_answer(struct arena *arena, const struct predicted_answer *answer,
                       struct predicted_answer *out_kept)
{
    const char **values = arena_alloc(arena, (answer->value_count + 1) * sizeof *values);
    if (values == NULL)
        return SP_ENOMEM;
    for (unsigned i = 0; i < answer->value_count; i++) {
        values[i] = arena_copy(arena, answer->values[i], strlen(answer->values[i]) + 1);
        if (values[i] == NULL)
            return SP_ENOMEM;
    }
    *out_kept = (struct predicted_answer){ answer->value_count, values };
    return 0;
}

/* How long a cache keeps it: every record on the way, or that there is none (R-ANS-21). */
static uint32_t ttl_of(const struct asker *asker, const struct dns_message *message,
                       const struct drill_watch *watch)
{
    struct name_path path;
    uint32_t ttl_s = 0;
    dns_path_init(&path, watch->name, dns_name_size(watch->name));
    const struct zone *zone = snapshot_find(asker->snapshot, &path);
    if (message->answer_count == 0 && zone != NULL)
        return zone->negative_ttl_s;
    for (unsigned i = 0; i < message->answer_count; i++)
        if (message->answers[i].ttl_s > ttl_s)
            ttl_s = message->answers[i].ttl_s;
    return ttl_s;
}

static bool is_known(const struct answers *answers, const struct predicted_answer *answer)
{
    for (unsigned i = 0; i < answers->count; i++)
        if (compare_answers(&answers->at[i], answer) == 0)
            return true;
    return false;
}

static int ask_once(struct predicting *predicting, struct asker *asker,
                    const struct drill_watch *watch, struct answers *answers)
{
    struct dns_message message;
    struct predicted_answer answer;
    arena_clear(predicting->scratch);
    asker__ask(asker);
    int rc = dns_message_read(&message, (struct span){ asker->reply, asker->reply_size },
                              predicting->scratch, predicting->problem);
    if (rc == 0)
        rc = read_values(predicting, &message, watch->type, &answer);
    if (rc != 0)
        return rc;
    uint32_t ttl_s = ttl_of(asker, &message, watch);
    answers->ttl_s = ttl_s > answers->ttl_s ? ttl_s : answers->ttl_s;
    return is_known(answers, &answer)
               ? 0
               : keep_answer(predicting->arena, &answer, &answers->at[answers->count++]);
}

/* Large trees are asked less often, but each of them once. */
static bool may_ask_again(struct predicting *predicting, const struct asker *asker)
{
    uint64_t steps = 1 + (asker->trace.is_cut ? POLICY_STEPS_MAX : asker->trace.count);
    if (steps > predicting->steps_left)
        return false;
    predicting->steps_left -= steps;
    return true;
}

static int ask(struct predicting *predicting, enum moment moment, const struct drill_watch *watch,
               struct answers *out_answers)
{
    struct asker *asker = predicting->askers[moment];
    struct question question = { .type = watch->type,
                                 .has_subnet = watch->has_client,
                                 .subnet = watch->client };
    int rc = 0;
    memcpy(question.name, watch->name, dns_name_size(watch->name));
    prefix_from_text(&question.source, "127.0.0.1");
    asker__prepare(asker, &question);
    dice_init_seeded(&asker->dice, SEED);
    out_answers->count = 0;
    out_answers->ttl_s = 0;
    for (unsigned asked = 0, quiet = 0; rc == 0 && asked < DRILL_ASKED_MAX; asked++) {
        unsigned known = out_answers->count;
        rc = ask_once(predicting, asker, watch, out_answers);
        quiet = out_answers->count > known ? 0 : quiet + 1;
        if (quiet == DRILL_ASKED_QUIET || out_answers->count == DRILL_ANSWERS_MAX ||
            !may_ask_again(predicting, asker))
            break;
    }
    qsort(out_answers->at, out_answers->count, sizeof out_answers->at[0], compare_answers);
    return rc;
}

/* ---- one question ---- */

struct asked_watch {
    struct answers answers[MOMENT_COUNT];
    struct check_set *checks; /* that it depends on */
};

/* Which of the moments that were asked stands for each. */
static const struct answers *answers_at(const struct predicting *predicting,
                                        const struct asked_watch *asked, enum moment moment)
{
    if (predicting->askers[moment] != NULL)
        return &asked->answers[moment];
    bool is_before = (moment == AT_ONCE) != predicting->has_instant;
    return &asked->answers[is_before ? BEFORE : BROKEN];
}

static bool turns(const struct predicting *predicting, health_slot slot)
{
    return health_is_up(predicting->askers[BEFORE]->health, slot) !=
           health_is_up(predicting->askers[BROKEN]->health, slot);
}

static int list_checks(struct predicting *predicting, const struct check_set *set,
                       struct predicted_watch *out_watch)
{
    unsigned count = 0;
    for (health_slot slot = 1; slot < set->slot_count; slot++)
        count += set->has[slot] && turns(predicting, slot);
    const char **checks = arena_alloc(predicting->arena, (count + 1) * sizeof *checks);
    if (checks == NULL)
        return SP_ENOMEM;
    for (health_slot slot = 1; slot < set->slot_count; slot++) {
        const struct known_check *known = set->has[slot] && turns(predicting, slot)
                                              ? control__check_at(predicting->control, slot)
                                              : NULL;
        if (known == NULL)
            continue;
        const char *id = arena_copy(predicting->arena, known->id, strlen(known->id) + 1);
        if (id == NULL)
            return SP_ENOMEM;
        checks[out_watch->check_count++] = id;
    }
    qsort(checks, out_watch->check_count, sizeof *checks, compare_texts);
    out_watch->checks = checks;
    return 0;
}

/* The times of the hooks that a question depends on. */
static void add_hook_times(const struct predicting *predicting, const struct check_set *set,
                           struct drill_times *out_down, struct drill_times *out_back)
{
    bool has_down = false, has_back = false;
    *out_down = *out_back = (struct drill_times){ 0 };
    for (unsigned i = 0; i < predicting->hook_count; i++) {
        const struct hook_cause *cause = &predicting->hooks[i];
        if (!set->has[cause->slot] || !turns(predicting, cause->slot))
            continue;
        widen(out_down, &cause->down, &has_down);
        widen(out_back, &cause->back, &has_back);
    }
}

/* Caches that asked right before the change keep the old answer for its TTL. */
static struct drill_times add_ttl(struct drill_times times, uint32_t ttl_s)
{
    return (struct drill_times){ times.least_ms + ttl_s * 1000ull,
                                 times.most_ms + ttl_s * 1000ull };
}

/* The first other answer comes with what breaks at once, or else with the first hook's check; it is
 * settled with the last of those that still change anything.  Back is what was before. */
static void fill_in_times(const struct predicting *predicting, const struct asked_watch *asked,
                          struct predicted_watch *watch)
{
    const struct answers *before = answers_at(predicting, asked, BEFORE);
    const struct answers *at_once = answers_at(predicting, asked, AT_ONCE);
    const struct answers *broken = answers_at(predicting, asked, BROKEN);
    const struct answers *half_back = answers_at(predicting, asked, HALF_BACK);
    add_hook_times(predicting, asked->checks, &watch->turned, &watch->back);
    if (!are_equal(before, at_once))
        watch->turned.least_ms = 0;
    if (are_equal(at_once, broken))
        watch->turned.most_ms = 0;
    if (are_equal(half_back, before))
        watch->back = (struct drill_times){ 0 };
    watch->cached = add_ttl(watch->turned, before->ttl_s);
    watch->back_cached = add_ttl(watch->back, broken->ttl_s);
}

static int keep_answers(struct predicting *predicting, const struct answers *answers,
                        unsigned *out_count, const struct predicted_answer **out_list)
{
    *out_count = answers->count;
    *out_list = arena_copy(predicting->arena, answers->at, answers->count * sizeof answers->at[0]);
    return *out_list == NULL ? SP_ENOMEM : 0;
}

static int predict_watch(struct predicting *predicting, const struct drill_watch *watch,
                         struct asked_watch *asked, struct predicted_watch *out_watch)
{
    int rc = 0;
    for (int i = 0; rc == 0 && i < MOMENT_COUNT; i++)
        if (predicting->askers[i] != NULL)
            rc = ask(predicting, (enum moment)i, watch, &asked->answers[i]);
    memset(asked->checks->has, 0, asked->checks->slot_count * sizeof asked->checks->has[0]);
    if (rc == 0)
        rc = control__add_checks_of_question(predicting->control, watch, asked->checks,
                                             predicting->problem);
    if (rc == 0)
        rc = list_checks(predicting, asked->checks, out_watch);
    if (rc == 0)
        rc = keep_answers(predicting, &asked->answers[BEFORE], &out_watch->before_count,
                          &out_watch->before);
    if (rc == 0)
        rc = keep_answers(predicting, &asked->answers[BROKEN], &out_watch->during_count,
                          &out_watch->during);
    out_watch->watch = watch;
    out_watch->ttl_s = asked->answers[BEFORE].ttl_s;
    out_watch->changes = !are_equal(&asked->answers[BEFORE], &asked->answers[BROKEN]);
    if (rc == 0 && out_watch->changes)
        fill_in_times(predicting, asked, out_watch);
    return rc;
}

/* ---- the whole ---- */

static int predict_watches(struct predicting *predicting, struct drill_prediction *out_prediction)
{
    unsigned count = predicting->plan->watch_count;
    struct predicted_watch *watches = arena_alloc(predicting->arena, (count + 1) * sizeof *watches);
    struct asked_watch *asked = calloc(1, sizeof *asked);
    int rc = watches == NULL || asked == NULL ? SP_ENOMEM : 0;
    if (rc == 0 && (asked->checks = control__create_check_set(predicting->control)) == NULL)
        rc = SP_ENOMEM;
    for (unsigned i = 0; rc == 0 && i < count; i++)
        rc = predict_watch(predicting, &predicting->plan->watches[i], asked, &watches[i]);
    if (rc == 0)
        *out_prediction = (struct drill_prediction){ count, watches };
    if (asked != NULL)
        free(asked->checks);
    free(asked);
    return rc;
}

static int run(struct predicting *predicting, struct drill_prediction *out_prediction)
{
    uint32_t slot_count = health_table_size(predicting->control->health);
    predicting->scratch = arena_create();
    predicting->supposed = calloc(slot_count, sizeof *predicting->supposed);
    predicting->hooks = calloc(slot_count, sizeof *predicting->hooks);
    if (predicting->scratch == NULL || predicting->supposed == NULL || predicting->hooks == NULL)
        return SP_ENOMEM;
    int rc = suppose_instant(predicting);
    if (rc == 0)
        rc = suppose_hooks(predicting);
    if (rc == 0)
        rc = create_askers(predicting);
    return rc == 0 ? predict_watches(predicting, out_prediction) : rc;
}

static void finish(struct predicting *predicting)
{
    for (unsigned i = 0; i < MOMENT_COUNT; i++)
        asker__destroy(predicting->askers[i]);
    arena_destroy(predicting->scratch);
    free(predicting->supposed);
    free(predicting->hooks);
}

int control_predict_drill(struct control *control, const struct drill_plan *plan,
                          struct drill_prediction **out_prediction, struct problem *out_problem)
{
    struct predicted *predicted = NULL;
    struct predicting predicting = {
        .control = control, .plan = plan, .problem = out_problem, .steps_left = SIMULATION_STEPS_MAX
    };
    int rc = control__check_drill(control, plan, out_problem);
    if (rc == 0 && (predicted = calloc(1, sizeof *predicted)) == NULL)
        rc = SP_ENOMEM;
    if (rc == 0 && (predicting.arena = predicted->arena = arena_create()) == NULL)
        rc = SP_ENOMEM;
    if (rc == 0)
        rc = run(&predicting, &predicted->prediction);
    finish(&predicting);
    if (rc == 0)
        *out_prediction = &predicted->prediction;
    else if (predicted != NULL)
        drill_prediction_destroy(&predicted->prediction);
    return rc;
}

void drill_prediction_destroy(struct drill_prediction *prediction)
{
    struct predicted *predicted = (struct predicted *)prediction;
    if (predicted == NULL)
        return;
    arena_destroy(predicted->arena);
    free(predicted);
}
