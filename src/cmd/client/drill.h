/*
 * cmd/client/drill.h - a failover drill as its user sees it, piece by piece.
 *
 *     drill_define.c  words, options or a file -> what shall happen
 *     drill_ask.c     the questions, over DNS
 *     drill_lane.c    what was answered, one lane for each question
 *     drill_clocks.c  lanes -> when answers turned, and how long old ones lived on
 *     drill_hooks.c   shell hooks, and the guardian that undoes them
 *     drill_call.c    HTTP beside everything else
 *     drill_run.c     the loop that does it all
 *     drill_live.c    what is shown meanwhile
 *     drill_report.c  the report as JSON; drill_text.c, drill_svg.c and drill_html.c are its forms
 *
 * Times are milliseconds: "at" on the monotonic clock, "ms" since the break, below 0 before it.
 */
#ifndef SIGNPOST_CMD_CLIENT_DRILL_H
#define SIGNPOST_CMD_CLIENT_DRILL_H

#include "client.h"

#include "signpost/base/limits.h"
#include "signpost/base/prefix.h"

#include <sys/types.h>

#define NEVER INT64_MAX

/* ---- what shall happen: drill_define.c ---- */

/* The definition that the words and options ask for; a file is read, "-" is standard input. */
int drill_define(const struct invocation *invocation, json_t **out_definition);

/* A time in a definition, such as "for": a number of seconds, or a text such as "2m".  In
 * milliseconds; `otherwise` when there is none, -1: it is no time. */
int64_t drill_time(const json_t *definition, const char *name, int64_t otherwise);

/* ---- what was answered: drill_lane.c ---- */

enum drill_phase { PHASE_BEFORE, PHASE_BROKEN, PHASE_AFTER, PHASE_COUNT };

/* How one thing was seen in one phase; count 0: it was not. */
struct drill_sighting {
    uint64_t count;
    int64_t first_ms, last_ms;
    int64_t next_ms;    /* the first reply of the phase behind last_ms; NEVER: there was none */
    int64_t expires_ms; /* when the last cache forgets it */
};

/* An answer, or of a question with many answers a value, that was seen or is expected. */
struct drill_item {
    char *text; /* "192.0.2.1 192.0.2.2", "NXDOMAIN" */
    bool is_empty;
    bool expected_before, expected_during;
    struct drill_sighting seen[PHASE_COUNT];
    int open; /* its segment that may grow on; -1: none */
};

#define ITEM_NONE UINT8_MAX /* as that of a segment: unanswered */

struct drill_segment {
    int64_t from_ms, to_ms; /* of the first and the last reply */
    uint8_t item;
};

struct drill_lane {
    const char *name, *type, *client; /* of the watch; client may be "" */
    bool by_value;                    /* items are values: there are too many answers */
    bool alternates;                  /* several answers at the same time are nothing special */
    bool expects_change;
    int64_t
        gap_ms; /* an item that was not seen for longer begins a new segment, if it alternates */

    struct drill_item items[DRILL_ITEMS_MAX];
    unsigned item_count;
    struct drill_segment segments[DRILL_SEGMENTS_MAX];
    unsigned segment_count;
    bool is_cut; /* there were more segments than that */
    int silence; /* the segment of missing replies that may grow on; -1: none */

    uint64_t asked, unanswered, empty;
    uint64_t replies[PHASE_COUNT];
    int64_t first_reply_ms[PHASE_COUNT];
};

/* watch: its part of a prediction, which must outlive the lane. */
void lane_init(struct drill_lane *lane, const json_t *watch, int64_t every_ms);
void lane_finish(struct drill_lane *lane);

/* The items that an answer is made of, as a mask; new ones are made for what is seen the first
 * time, and the last one is for whatever there is no room for.  Sorts the values. */
uint64_t lane_items(struct drill_lane *lane, const char **values, unsigned count);
/* The same for an answer without records: "NODATA", "NXDOMAIN" ... */
uint64_t lane_empty_item(struct drill_lane *lane, const char *word);

/* A reply, and a question that got none; in the order of their times, phase by phase. */
void lane_reply(struct drill_lane *lane, enum drill_phase phase, int64_t ms, uint64_t items,
                uint32_t ttl_s);
void lane_silence(struct drill_lane *lane, int64_t ms);

/* ---- when it turned: drill_clocks.c ---- */

/* NEVER: it did not. */
struct drill_clocks {
    bool changed;
    int64_t turned_ms, cached_ms;    /* since the break */
    int64_t back_ms, back_cached_ms; /* since the break too */
};

/* restore_ms: when it was restored; NEVER: not yet. */
void lane_clocks(const struct drill_lane *lane, int64_t restore_ms,
                 struct drill_clocks *out_clocks);

/* How an item is told apart: an old one has left with the break, a new one has come with it. */
enum item_role { ITEM_OTHER, ITEM_OLD, ITEM_NEW };
enum item_role lane_role(const struct drill_lane *lane, unsigned item);

/* Whether everything is as it was before, and no cache remembers anything else. */
bool lane_is_settled(const struct drill_lane *lane, int64_t restore_ms, int64_t now_ms);

/* ---- asking: drill_ask.c ---- */

struct drill_asker;

/* One question's answer, as it arrives. */
struct drill_sample {
    int64_t at;
    uint16_t lane;
    bool is_silence; /* at: when the question was sent */
    uint32_t ttl_s;
    uint64_t items;
};

/* server: ADDRESS@PORT.  NULL: the user has been told why not. */
struct drill_asker *asker_create(const char *server, struct drill_lane *lanes, unsigned lane_count,
                                 int64_t every_ms);
void asker_destroy(struct drill_asker *asker);          /* NULL is fine */
int asker_fd(const struct drill_asker *asker);          /* wants to be read when it is readable */
void asker_ask(struct drill_asker *asker, int64_t now); /* the questions whose turn it is */
int64_t asker_next_at(
    const struct drill_asker *asker); /* when asker_ask has work again; NEVER: no lane */

/* The next reply that is there, or the next question that waits in vain.  false: none. */
bool asker_take(struct drill_asker *asker, int64_t now, struct drill_sample *out_sample);

/* ---- hooks: drill_hooks.c ---- */

enum hook_stage { HOOK_WAITS, HOOK_STARTS, HOOK_STARTED, HOOK_RESTORES, HOOK_RESTORED };

struct drill_hook {
    const char *start, *restore; /* commands; restore may be "" */
    enum hook_stage stage;
    pid_t pid;  /* of the command that runs; 0: none */
    int output; /* a temporary file with what it says */
    int64_t started_at, start_ended_at, restore_started_at, restore_ended_at; /* 0: not yet */
    int start_status, restore_status; /* exit status, 128 + N after signal N */
    char said[DRILL_HOOK_OUTPUT_SIZE];
    size_t said_before; /* of this, by the start command */
};

/* What "interrupted" is in a report when the start command of a hook failed. */
#define DRILL_HOOK_FAILED "a hook that failed"

struct drill_hooks {
    struct drill_hook hook[DRILL_STEPS_MAX];
    unsigned count;
    int guardian; /* a pipe to it; -1: there is none */
    pid_t guardian_pid;
    bool failed; /* a command ended with another status than 0 */
};

void hooks_init(struct drill_hooks *hooks, const json_t *definition);
/* Starts the guardian where there are hooks.  false: the user has been told why not. */
bool hooks_guard(struct drill_hooks *hooks);

/* Goes on with what there is to do, one command after the other, and never waits.  True when all
 * of them have been started, or restored.  Restoring ends a command that still starts, and gives
 * each its time. */
bool hooks_start(struct drill_hooks *hooks, int64_t now);
bool hooks_restore(struct drill_hooks *hooks, int64_t now);

/* Lets the guardian go: there is nothing left to undo. */
void hooks_finish(struct drill_hooks *hooks);

/* ---- HTTP beside everything else: drill_call.c ---- */

struct drill_calls;

enum call_kind { CALL_NONE, CALL_BEGIN, CALL_LOOK, CALL_RESTORE };

/* The end of a request.  status: of HTTP, 0: nobody answered. */
struct call_end {
    enum call_kind kind;
    long status;
    json_t *reply; /* the caller's to let go; NULL: no JSON */
    int64_t sent_unix_ms;
};

struct drill_calls *calls_create(const struct invocation *invocation);
void calls_destroy(struct drill_calls *calls); /* NULL is fine */

/* Begins a request, unless one is under way.  Takes over path and text. */
bool calls_begin(struct drill_calls *calls, enum call_kind kind, const char *method, char *path,
                 char *text);
/* Waits for anything to happen on the network or on one of these two, or for the time to pass. */
void calls_wait(struct drill_calls *calls, const int fds[2], int64_t timeout_ms);
/* The request that has ended since; kind CALL_NONE: none.  complain: tell the user of failures. */
struct call_end calls_end(struct drill_calls *calls, bool complain_too);

/* ---- what is shown meanwhile: drill_live.c ---- */

struct drill_live {
    FILE *out;
    struct style style;
    int rows; /* on the screen, to be drawn over */
    int64_t drawn_at;
};

/* What the lines say. */
struct live_view {
    const char *title, *stage; /* "broken" */
    int64_t ms, of_ms;         /* of_ms 0: no end is known */
    int64_t restore_ms;
    const json_t *prediction, *latest; /* latest: the drill as last seen; may be NULL */
    const struct drill_lane *lanes;
    unsigned lane_count;
    const char *const *now; /* the latest answer to each; NULL: none yet */
};

void live_init(struct drill_live *live, FILE *out);
/* An event, on a line that stays: "+12.3 s  text".  ms NEVER: without a time. */
void live_event(struct drill_live *live, int64_t ms, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void live_draw(struct drill_live *live, const struct live_view *view, int64_t now);
void live_clear(struct drill_live *live);
/* Its lines for a screen of that width; shown apart so that it can be tested.  The number of
 * lines. */
int live_print(FILE *out, const struct live_view *view, const struct style *style, int width);

/* ---- a run: drill_run.c ---- */

struct drill_options {
    const char *server; /* ADDRESS@PORT */
    const char *owner;  /* who runs it */
    int64_t every_ms;
};

/* Everything up to the report, which is the caller's; NULL: the user has been told. */
json_t *drill_perform(const struct invocation *invocation, json_t *definition,
                      const json_t *prediction, const struct drill_options *options);

/* ---- the report: drill_report.c ---- */

struct drill_facts {
    const json_t *definition, *prediction;
    const json_t *begun;  /* the reply to the drill's beginning */
    const json_t *latest; /* the drill as last seen; may be NULL */
    const struct drill_lane *lanes;
    unsigned lane_count;
    const struct drill_hooks *hooks;
    const struct drill_options *options;
    const json_t *events;
    int64_t break_at; /* what hooks' times are relative to */
    int64_t from_ms, to_ms, restore_ms;
    int64_t skew_ms;         /* how far the daemon's clock is ahead of ours; 0: they are one */
    bool is_restored;        /* the daemon says so */
    const char *interrupted; /* by what; NULL: it was not */
};

json_t *report_build(const struct drill_facts *facts);

/* Sets measured times against the limits of the definition; shown apart so that it can be tested.
 */
json_t *report_judge(const json_t *definition, const json_t *questions, bool *out_met);

void report_print(FILE *out, const json_t *report, const struct style *style);
void report_print_svg(FILE *out, const json_t *report, bool in_page);
/* The colours of a drawing in a page, as variables of CSS. */
void svg_print_variables(FILE *out, bool dark);
void report_print_html(FILE *out, const json_t *report);

/* A prediction by itself. */
void prediction_print(FILE *out, const json_t *prediction, const struct style *style);

/* ---- words of all forms: drill_words.c ---- */

/* "www.lab.test A from 203.0.113.0/25" */
const char *question_title(const json_t *question, char *out, size_t size);

/* Whether nothing was missed and nothing went wrong, and that in words. */
bool report_is_good(const json_t *report);
const char *report_verdict(const json_t *report);
/* What happened at restore_ms: "restored", as far as that is known. */
const char *restore_word(const json_t *report);
/* "health check web-1 down, zone eu-west-1a": what a definition breaks; "" when it does not say. */
const char *breaks_text(const json_t *definition, char *out, size_t size);

/* Whether an answer was ever seen, not only expected. */
bool answer_was_seen(const json_t *answer);

/* "answers turned within 60 s: 31.2 s" */
/* false: there was nothing to measure, so it is neither met nor missed. */
bool objective_applies(const json_t *objective);
const char *objective_text(const json_t *objective, char *out, size_t size);

/* A text for HTML and SVG, in an element or an attribute; so many characters of it at most. */
void print_xml(FILE *out, const char *text, int most);

/* "250 ms", "12.3 s", "2 min 5 s" */
const char *time_text(int64_t ms, char out[32]);

/* Milliseconds, within what a drill can have: anybody may have stored the report. */
int64_t ms_value(const json_t *value);
int64_t ms_of(const json_t *object, const char *name);

/* Of a member that holds milliseconds, {"least","most"} or null: "12.3 s", "10 to 12.3 s", "-" */
const char *range_text(const json_t *value, char out[80]);

#endif
