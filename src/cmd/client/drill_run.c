/*
 * One drill from end to end, in one loop that never blocks: it asks, reads what was answered, sends
 * one HTTP request at a time, sees to the hooks, and goes from stage to stage.
 *
 *     before -> breaking -> broken -> restoring -> settling -> looking -> done
 *
 * When the break happened is known only once its reply is there, and that somebody else has
 * restored only once we have looked.  So what was answered goes to the lanes with a delay, when it
 * is clear to which phase it belongs.
 */
#include "drill.h"

#include "signpost/base/clock.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#define BEFORE_MS  1000 /* for the answers of before, and twice the time between two questions */
#define SILENT_MS  5000 /* a question without any answer for so long is not watched at all */
#define LOOK_MS    500
#define DELAY_MS   1500 /* more than patience for a reply, and than between two looks */
#define TURN_MS    50   /* of the loop, at most */
#define SETTLE_MS  (5 * 60 * 1000)
#define CALL_AGAIN 500

enum stage { BEFORE, BREAKING, BROKEN, RESTORING, SETTLING, LOOKING, DONE, FAILED };

struct run {
    const struct drill_options *options;
    json_t *definition;
    const json_t *prediction;
    enum stage stage;
    int64_t for_ms, settle_ms;
    int64_t begun_at, break_at, restore_at, call_at; /* call_at: the next request */
    int64_t skew_ms;

    struct drill_lane *lanes;
    unsigned lane_count;
    const char *now[DRILL_WATCHES_MAX]; /* the latest answer of each lane */
    uint64_t told[DRILL_WATCHES_MAX];   /* items that an event has named */
    struct drill_sample *waiting;       /* in the order of their times */
    size_t waiting_count, waiting_room;

    struct drill_asker *asker;
    struct drill_calls *calls;
    struct drill_hooks hooks;
    struct drill_live live;
    int signals;

    json_t *begun, *latest, *events;
    size_t turns_told;
    const char *interrupted;
    bool is_gone;     /* the daemon does not answer */
    bool is_restored; /* the daemon says so */
    bool has_looked;
};

static int64_t since_break(const struct run *run, int64_t at)
{
    return run->break_at == NEVER ? NEVER : at - run->break_at;
}

/* An event that the report tells too. */
static void happen(struct run *run, int64_t at, const char *text)
{
    int64_t ms = since_break(run, at);
    live_event(&run->live, ms, "%s", text);
    if (ms != NEVER && json_array_size(run->events) < DRILL_EVENTS_MAX)
        json_array_append_new(run->events,
                              json_pack("{s:I,s:s}", "at_ms", (json_int_t)ms, "text", text));
}

/* ---- answers ---- */

static enum drill_phase phase_of(const struct run *run, int64_t at)
{
    if (at < run->break_at)
        return PHASE_BEFORE;
    return at < run->restore_at ? PHASE_BROKEN : PHASE_AFTER;
}

/* Hands on what is older than that. */
static void settle_samples(struct run *run, int64_t older_than)
{
    size_t done = 0;
    if (run->break_at == NEVER)
        return;
    for (; done < run->waiting_count && run->waiting[done].at < older_than; done++) {
        const struct drill_sample *sample = &run->waiting[done];
        struct drill_lane *lane = &run->lanes[sample->lane];
        int64_t ms = sample->at - run->break_at;
        if (sample->is_silence)
            lane_silence(lane, ms);
        else
            lane_reply(lane, phase_of(run, sample->at), ms, sample->items, sample->ttl_s);
    }
    run->waiting_count -= done;
    memmove(run->waiting, run->waiting + done, run->waiting_count * sizeof(*run->waiting));
}

/* A question that was given up was asked earlier than others that have their replies already. */
static void keep_sample(struct run *run, const struct drill_sample *sample)
{
    if (run->waiting_count == run->waiting_room) {
        run->waiting_room = run->waiting_room == 0 ? 1024 : run->waiting_room * 2;
        run->waiting = realloc(run->waiting, run->waiting_room * sizeof(*run->waiting));
        if (run->waiting == NULL) {
            complain("no memory");
            exit(EXIT_REFUSED);
        }
    }
    size_t at = run->waiting_count++;
    for (; at > 0 && run->waiting[at - 1].at > sample->at; at--)
        run->waiting[at] = run->waiting[at - 1];
    run->waiting[at] = *sample;
}

/* Tells of an answer that is not the one before it; where several take turns, of each once. */
static void tell_answer(struct run *run, const struct drill_sample *sample)
{
    struct drill_lane *lane = &run->lanes[sample->lane];
    uint64_t *told = &run->told[sample->lane];
    if (!lane->alternates && *told != sample->items)
        *told = 0;
    for (unsigned i = 0; i < lane->item_count; i++) {
        if ((sample->items >> i & 1) == 0)
            continue;
        run->now[sample->lane] = lane->items[i].text;
        if ((*told >> i & 1) == 0)
            live_event(&run->live, since_break(run, sample->at), "%s %s: %s", lane->name,
                       lane->type, lane->items[i].text);
        *told |= 1ull << i;
    }
}

static void take_samples(struct run *run, int64_t now)
{
    struct drill_sample sample;
    while (asker_take(run->asker, now, &sample)) {
        keep_sample(run, &sample);
        if (!sample.is_silence)
            tell_answer(run, &sample);
    }
    settle_samples(run, now - DELAY_MS);
}

/* ---- the daemon ---- */

static void tell_turns(struct run *run)
{
    const json_t *turns = json_object_get(run->latest, "turns");
    json_int_t started_ms = number_of(run->begun, "started_ms");
    for (; run->turns_told < json_array_size(turns); run->turns_told++) {
        const json_t *turn = json_array_get(turns, run->turns_told);
        live_event(&run->live, number_of(turn, "at_ms") - started_ms, "check %s turned %s: %s",
                   text_of(turn, "check"),
                   json_is_true(json_object_get(turn, "up")) ? "up" : "down",
                   text_of(turn, "reason"));
    }
}

/* What the daemon says of the drill; when it restored counts by its own clock. */
static void learn(struct run *run, json_t *latest)
{
    const char *remarks = text_of(latest, "remarks");
    if (remarks[0] != '\0' && text_of(run->latest, "remarks")[0] == '\0')
        happen(run, (int64_t)clock_monotonic_ms(), remarks);
    json_decref(run->latest);
    run->latest = json_incref(latest);
    tell_turns(run);
    if (strcmp(text_of(latest, "state"), "restored") != 0)
        return;
    int64_t restored_at =
        run->break_at + number_of(latest, "restored_ms") - number_of(run->begun, "started_ms");
    if (!run->is_restored)
        happen(run, restored_at, "restored by the daemon");
    run->is_restored = true;
    if (restored_at < run->restore_at)
        run->restore_at = restored_at;
}

/* The break is when the daemon says, unless its clock is another one than ours. */
static void set_break(struct run *run, const struct call_end *end, int64_t now)
{
    int64_t started_ms = number_of(run->begun, "started_ms");
    int64_t now_ms = (int64_t)clock_unix_ms();
    int64_t middle_ms = (end->sent_unix_ms + now_ms) / 2;
    bool is_ours = started_ms >= end->sent_unix_ms - 1 && started_ms <= now_ms + 1;
    run->skew_ms = is_ours ? 0 : started_ms - middle_ms;
    run->break_at = now - (now_ms - (is_ours ? started_ms : middle_ms));
}

static void end_begin(struct run *run, struct call_end *end, int64_t now)
{
    if (end->status == 0)
        complain("whether the drill has begun is not known; 'signpost drill list' tells it");
    if (end->status < 200 || end->status > 299 || end->reply == NULL) {
        run->stage = FAILED;
        return;
    }
    run->begun = json_incref(end->reply);
    set_break(run, end, now);
    run->stage = BROKEN;
    happen(run, run->break_at, "broken");
    if (run->skew_ms != 0)
        happen(run, now, "the daemon's clock is not ours; its times are taken by its own");
}

static void end_restore(struct run *run, const struct call_end *end, int64_t now)
{
    if (end->status >= 200 && end->status <= 299) {
        run->is_restored = true;
        happen(run, now, "restored");
    } else if (end->status != 0) {
        char text[600];
        const json_t *error = json_object_get(end->reply, "error");
        snprintf(text, sizeof(text), "the daemon does not restore: %.500s",
                 text_of(error, "message"));
        happen(run, now, text);
        run->call_at = now + 4 * CALL_AGAIN;
    }
}

/* Tells when the daemon goes and when it comes back. */
static void notice(struct run *run, bool answers, int64_t now)
{
    if (run->is_gone == !answers)
        return;
    run->is_gone = !answers;
    happen(run, now,
           answers ? "the daemon is back"
                   : "the daemon does not answer; it restores by itself at the drill's end");
}

static void take_call(struct run *run, int64_t now)
{
    struct call_end end = calls_end(run->calls, run->stage == BREAKING);
    if (end.kind == CALL_NONE)
        return;
    run->call_at = now + (end.status == 0 ? CALL_AGAIN : LOOK_MS);
    if (end.kind == CALL_BEGIN) {
        end_begin(run, &end, now);
    } else {
        notice(run, end.status != 0, now);
        if (end.kind == CALL_RESTORE)
            end_restore(run, &end, now);
        else if (end.status == 200 && end.reply != NULL)
            learn(run, end.reply);
        run->has_looked = end.kind == CALL_LOOK;
    }
    json_decref(end.reply);
}

static void call(struct run *run, int64_t now)
{
    bool restores = run->stage == RESTORING && !run->is_restored;
    if (now < run->call_at || run->stage < BROKEN || run->stage >= DONE)
        return;
    calls_begin(
        run->calls, restores ? CALL_RESTORE : CALL_LOOK, restores ? "POST" : "GET",
        client_path(restores ? "drills/%s/restore" : "drills/%s", text_of(run->begun, "id")),
        restores ? strdup("{}") : NULL);
}

/* ---- stages ---- */

/* Whether every question has had an answer; or has had time enough for one. */
static bool knows_answers(struct run *run, int64_t now)
{
    for (unsigned i = 0; i < run->lane_count; i++) {
        if (run->now[i] != NULL)
            continue;
        if (now - run->begun_at > SILENT_MS + 2 * run->options->every_ms) {
            complain("%s does not answer %s %s; nothing was broken.  Say with --server where DNS "
                     "is asked",
                     run->options->server, run->lanes[i].name, run->lanes[i].type);
            run->stage = FAILED;
        }
        return false;
    }
    return now - run->begun_at >= BEFORE_MS + 2 * run->options->every_ms;
}

static void break_it(struct run *run)
{
    json_t *document =
        json_pack("{s:O,s:s}", "definition", run->definition, "owner", run->options->owner);
    if (!hooks_guard(&run->hooks)) {
        run->stage = FAILED;
    } else {
        run->stage = BREAKING;
        calls_begin(run->calls, CALL_BEGIN, "POST", client_path("drills"),
                    json_dumps(document, JSON_COMPACT));
    }
    json_decref(document);
}

/* `said` is what the command has printed: why it failed, as a rule. */
static void tell_hook(struct run *run, const char *which, const char *command, int status,
                      const char *said, int64_t now)
{
    char text[1000];
    snprintf(text, sizeof(text), "the %s command of a hook ended with status %d: %.300s%s%.500s",
             which, status, command, said[0] != '\0' ? "; it said: " : "", said);
    happen(run, now, text);
}

static void stay_broken(struct run *run, int64_t now)
{
    if (run->interrupted == NULL)
        hooks_start(&run->hooks, now);
    for (unsigned i = 0; i < run->hooks.count && run->hooks.failed; i++)
        if (run->hooks.hook[i].start_status != 0) {
            const struct drill_hook *hook = &run->hooks.hook[i];
            tell_hook(run, "start", hook->start, hook->start_status, hook->said, now);
            run->interrupted = DRILL_HOOK_FAILED;
        }
    if (run->interrupted == NULL && !run->is_restored && now < run->break_at + run->for_ms)
        return;
    run->stage = RESTORING;
    run->call_at = now;
    run->restore_at = now < run->restore_at ? now : run->restore_at;
    if (!run->is_restored || run->hooks.count > 0)
        happen(run, run->restore_at, "restoring");
}

/* The daemon restores by itself when we cannot reach it, so there is an end to our attempts. */
static void restore_it(struct run *run, int64_t now)
{
    bool hooks_done = hooks_restore(&run->hooks, now);
    int64_t most_ms = run->settle_ms;
    if (run->interrupted != NULL && most_ms > DRILL_CALL_MS)
        most_ms = DRILL_CALL_MS; /* whoever interrupts waits for us */
    bool gives_up = now - run->restore_at > most_ms;
    if (!hooks_done || (!run->is_restored && !gives_up))
        return;
    for (unsigned i = 0; i < run->hooks.count; i++) {
        const struct drill_hook *hook = &run->hooks.hook[i];
        if (hook->restore_status != 0)
            tell_hook(run, "restore", hook->restore, hook->restore_status,
                      hook->said + hook->said_before, now);
    }
    hooks_finish(&run->hooks);
    run->stage = SETTLING;
}

/* Whether each check that has turned has turned back. */
static bool checks_are_back(const json_t *turns)
{
    const json_t *turn, *other;
    size_t i, j;
    json_array_foreach(turns, i, turn)
    {
        bool first = true, is_back = false;
        json_array_foreach(turns, j, other)
        {
            if (strcmp(text_of(turn, "check"), text_of(other, "check")) != 0)
                continue;
            first = first && j >= i;
            is_back = json_is_true(json_object_get(turn, "up")) !=
                      json_is_true(json_object_get(other, "up"));
        }
        if (first && !is_back)
            return false;
    }
    return true;
}

static void settle(struct run *run, int64_t now)
{
    bool is_settled = checks_are_back(json_object_get(run->latest, "turns"));
    for (unsigned i = 0; i < run->lane_count && is_settled; i++)
        is_settled = lane_is_settled(&run->lanes[i], since_break(run, run->restore_at),
                                     since_break(run, now) - DELAY_MS);
    if (!is_settled && run->interrupted == NULL && now - run->restore_at < run->settle_ms)
        return;
    run->stage = LOOKING;
    run->call_at = now;
    run->has_looked = false;
}

static void advance(struct run *run, int64_t now)
{
    switch (run->stage) {
    case BEFORE:
        if (run->interrupted != NULL)
            run->stage = FAILED;
        else if (knows_answers(run, now))
            break_it(run);
        break;
    case BROKEN:
        stay_broken(run, now);
        break;
    case RESTORING:
        restore_it(run, now);
        break;
    case SETTLING:
        settle(run, now);
        break;
    case LOOKING:
        if (run->has_looked)
            run->stage = DONE;
        break;
    default: /* BREAKING waits for its reply */
        break;
    }
}

/* ---- the loop ---- */

static void take_signals(struct run *run, int64_t now)
{
    struct signalfd_siginfo info;
    while (read(run->signals, &info, sizeof(info)) == (ssize_t)sizeof(info)) {
        if (info.ssi_signo == SIGCHLD)
            continue; /* only to wake us */
        if (run->interrupted == NULL)
            happen(run, now,
                   run->stage == BEFORE ? "interrupted: nothing was broken"
                                        : "interrupted: everything will be restored");
        run->interrupted = info.ssi_signo == SIGINT    ? "INT"
                           : info.ssi_signo == SIGTERM ? "TERM"
                                                       : "HUP";
    }
}

static void draw(struct run *run, int64_t now)
{
    static const char *const stages[] = { "before the break", "breaking", "broken",
                                          "restoring",        "settling", "settling" };
    struct live_view view = {
        .title = text_of(run->begun, "name"),
        .stage = stages[run->stage < LOOKING ? run->stage : LOOKING],
        .ms = run->break_at == NEVER ? now - run->begun_at : now - run->break_at,
        .restore_ms = run->restore_at == NEVER ? NEVER : run->restore_at - run->break_at,
        .of_ms = run->stage == BROKEN ? run->for_ms : 0,
        .prediction = run->prediction,
        .latest = run->latest,
        .lanes = run->lanes,
        .lane_count = run->lane_count,
        .now = run->now,
    };
    if (view.title[0] == '\0')
        view.title = "drill";
    live_draw(&run->live, &view, now);
}

static void turn(struct run *run)
{
    int64_t now = (int64_t)clock_monotonic_ms();
    int fds[2] = { asker_fd(run->asker), run->signals };
    asker_ask(run->asker, now);
    advance(run, now);
    call(run, now);
    int64_t wait_ms = asker_next_at(run->asker) - now;
    calls_wait(run->calls, fds, wait_ms > TURN_MS ? TURN_MS : wait_ms < 0 ? 0 : wait_ms);
    now = (int64_t)clock_monotonic_ms();
    take_samples(run, now);
    take_signals(run, now);
    take_call(run, now);
    draw(run, now);
}

/* ---- the whole ---- */

/* Signals come through a descriptor while a drill runs.  false: the user has been told. */
static bool catch_signals(struct run *run, sigset_t *out_before)
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGHUP);
    sigaddset(&set, SIGCHLD);
    signal(SIGPIPE, SIG_IGN); /* a terminal that is gone must not keep us from restoring */
    sigprocmask(SIG_BLOCK, &set, out_before);
    run->signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
    if (run->signals < 0)
        complain("cannot wait for signals: %s", strerror(errno));
    return run->signals >= 0;
}

static bool open_lanes(struct run *run)
{
    const json_t *watches = json_object_get(run->prediction, "watches"), *watch;
    size_t index;
    run->lanes = calloc(DRILL_WATCHES_MAX, sizeof(*run->lanes));
    if (run->lanes == NULL) {
        complain("no memory");
        return false;
    }
    json_array_foreach(watches, index, watch)
    {
        if (run->lane_count < DRILL_WATCHES_MAX)
            lane_init(&run->lanes[run->lane_count++], watch, run->options->every_ms);
    }
    return true;
}

static json_t *report(const struct run *run)
{
    int64_t now = (int64_t)clock_monotonic_ms();
    struct drill_facts facts = {
        .definition = run->definition,
        .prediction = run->prediction,
        .begun = run->begun,
        .latest = run->latest,
        .lanes = run->lanes,
        .lane_count = run->lane_count,
        .hooks = &run->hooks,
        .options = run->options,
        .events = run->events,
        .break_at = run->break_at,
        .from_ms = run->begun_at - run->break_at,
        .to_ms = now - run->break_at,
        .restore_ms = since_break(run, run->restore_at),
        .skew_ms = run->skew_ms,
        .is_restored = run->is_restored,
        .interrupted = run->interrupted,
    };
    return report_build(&facts);
}

static void finish(struct run *run)
{
    hooks_finish(&run->hooks);
    asker_destroy(run->asker);
    calls_destroy(run->calls);
    for (unsigned i = 0; i < run->lane_count; i++)
        lane_finish(&run->lanes[i]);
    free(run->lanes);
    free(run->waiting);
    if (run->signals >= 0)
        close(run->signals);
    json_decref(run->begun);
    json_decref(run->latest);
    json_decref(run->events);
}

json_t *drill_perform(const struct invocation *invocation, json_t *definition,
                      const json_t *prediction, const struct drill_options *options)
{
    struct run run = {
        .options = options,
        .definition = definition,
        .prediction = prediction,
        .for_ms = drill_time(definition, "for", 0),
        .settle_ms = drill_time(definition, "settle", SETTLE_MS),
        .begun_at = (int64_t)clock_monotonic_ms(),
        .break_at = NEVER,
        .restore_at = NEVER,
        .signals = -1,
        .calls = calls_create(invocation),
        .events = json_array(),
    };
    sigset_t before;
    json_t *result = NULL;
    hooks_init(&run.hooks, definition);
    live_init(&run.live, stderr);
    sigprocmask(SIG_BLOCK, NULL, &before);
    if (!catch_signals(&run, &before) || !open_lanes(&run))
        run.stage = FAILED;
    else
        run.asker = asker_create(options->server, run.lanes, run.lane_count, options->every_ms);
    if (run.asker == NULL)
        run.stage = FAILED;
    while (run.stage < DONE)
        turn(&run);
    live_clear(&run.live);
    settle_samples(&run, NEVER);
    if (run.stage == DONE)
        result = report(&run);
    finish(&run);
    sigprocmask(SIG_SETMASK, &before, NULL);
    return result;
}
