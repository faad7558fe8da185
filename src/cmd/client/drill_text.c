/*
 * The report of a drill for a person in a terminal.
 */
#include "drill.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define BAR_COLUMNS   60
#define LABEL_COLUMNS 28
#define ANSWERS_SHOWN 12

/* ---- words ---- */

static const char *tick(const struct style *style, bool met)
{
    if (style->utf8)
        return met ? "✓" : "✗";
    return met ? "*" : "x";
}

static const char *mark_of(const struct style *style, const json_t *objective)
{
    if (!objective_applies(objective))
        return style->utf8 ? "·" : "-";
    return tick(style, json_is_true(json_object_get(objective, "met")));
}

static void colour(FILE *out, const struct style *style, const char *code)
{
    if (style->colour)
        fprintf(out, "\033[%sm", code);
}

static void verdict_colour(FILE *out, const struct style *style, bool met)
{
    colour(out, style, met ? "32" : "31");
}

static void heading(FILE *out, const struct style *style, const char *words)
{
    fputc('\n', out);
    colour(out, style, "1");
    print_text(out, words);
    colour(out, style, "0");
    fputc('\n', out);
}

static void print_headline(FILE *out, const json_t *report, const struct style *style)
{
    char line[512], when[32], length[32];
    const char *name = text_of(report, "name");
    const json_t *restore = json_object_get(report, "restore_ms");
    bool good = report_is_good(report);
    verdict_colour(out, style, good);
    fprintf(out, "%s drill %s", tick(style, good), text_of(report, "id"));
    snprintf(line, sizeof(line), "%s%.200s: %s", name[0] != '\0' ? ", " : "", name,
             report_verdict(report));
    print_text(out, line);
    colour(out, style, "0");
    fprintf(out, "\nbroken at %s", local_time(ms_of(report, "started_ms"), when));
    if (json_is_integer(restore))
        fprintf(out, ", %s %s later", restore_word(report), time_text(ms_value(restore), length));
    fprintf(out, "; %s was asked every %s\n", text_of(report, "server"),
            time_text(ms_of(report, "every_ms"), length));
    breaks_text(json_object_get(report, "definition"), line, sizeof(line));
    if (line[0] != '\0') {
        fputs("what was broken: ", out);
        print_text(out, line);
        fputc('\n', out);
    }
}

/* ---- questions ---- */

static void add_clock(struct table *table, const char *words, const json_t *question,
                      const char *clock)
{
    const json_t *measured = json_object_get(question, "measured");
    const json_t *predicted = json_object_get(question, "predicted");
    static const char *const phases[] = { "broken", "restored" };
    char text[80];
    table_add(table, words);
    for (int i = 0; i < 2; i++) {
        table_add(table,
                  range_text(json_object_get(json_object_get(measured, phases[i]), clock), text));
        table_add(table,
                  range_text(json_object_get(json_object_get(predicted, phases[i]), clock), text));
    }
}

static void print_clocks(FILE *out, const json_t *question)
{
    static const char *const heads[] = { "", "AFTER THE BREAK", "PREDICTED", "AFTER THE RESTORING",
                                         "PREDICTED" };
    struct table table = { .columns = 5 };
    const json_t *measured = json_object_get(question, "measured");
    table_add(&table, " ");
    for (int i = 1; i < 5; i++)
        table_add(&table, heads[i]);
    if (json_is_integer(json_object_get(json_object_get(measured, "broken"), "check_ms")) ||
        json_is_integer(json_object_get(json_object_get(measured, "restored"), "check_ms")))
        add_clock(&table, "  check turned", question, "check_ms");
    add_clock(&table, "  answer turned", question, "answer_ms");
    add_clock(&table, "  last cached answer gone", question, "cached_ms");
    table_print(&table, out);
}

/* "192.0.2.1 -> 192.0.2.2", of what has turned. */
static void print_roles(FILE *out, const json_t *question, const char *role, const char *words)
{
    const json_t *answers = json_object_get(question, "answers"), *answer;
    size_t index;
    unsigned shown = 0;
    json_array_foreach(answers, index, answer)
    {
        if (strcmp(text_of(answer, "role"), role) != 0 || ++shown > ANSWERS_SHOWN)
            continue;
        fputs(shown == 1 ? words : ", ", out);
        print_text(out, text_of(answer, "text"));
    }
    if (shown > ANSWERS_SHOWN)
        fprintf(out, " and %u more", shown - ANSWERS_SHOWN);
    if (shown > 0)
        fputc('\n', out);
}

static void print_question(FILE *out, const json_t *question, const struct style *style)
{
    char title[2048], asked[32], silent[32], empty[32];
    heading(out, style, question_title(question, title, sizeof(title)));
    if (json_is_true(json_object_get(question, "changed"))) {
        print_roles(out, question, "old", "  left:  ");
        print_roles(out, question, "new", "  came:  ");
        print_clocks(out, question);
    } else {
        fputs("  the answer did not change, as predicted\n", out);
    }
    fprintf(out, "  asked %s times: %s unanswered, %s without records\n",
            grouped(number_of(question, "asked"), asked),
            grouped(number_of(question, "unanswered"), silent),
            grouped(number_of(question, "empty"), empty));
}

/* ---- the timeline ---- */

/* What stands in each column of a bar. */
enum cell { CELL_NOTHING, CELL_SEEN, CELL_CACHED, CELL_UP, CELL_DOWN };

struct bars {
    FILE *out;
    const struct style *style;
    int64_t from_ms, to_ms;
    enum cell cells[BAR_COLUMNS];
};

static int column_of(const struct bars *bars, int64_t ms)
{
    int64_t length = bars->to_ms > bars->from_ms ? bars->to_ms - bars->from_ms : 1;
    int64_t column = (ms - bars->from_ms) * BAR_COLUMNS / length;
    return column < 0 ? 0 : column >= BAR_COLUMNS ? BAR_COLUMNS - 1 : (int)column;
}

static void fill(struct bars *bars, int64_t from_ms, int64_t to_ms, enum cell cell)
{
    for (int i = column_of(bars, from_ms); i <= column_of(bars, to_ms); i++)
        if (cell != CELL_CACHED || bars->cells[i] == CELL_NOTHING)
            bars->cells[i] = cell;
}

static void print_bar(struct bars *bars, const char *label, const char *words)
{
    static const char *const unicode[] = { " ", "█", "░", "▀", "▄" };
    static const char *const ascii[] = { " ", "#", "~", "=", "_" };
    char cut[LABEL_COLUMNS + 1];
    snprintf(cut, sizeof(cut), "%s", label);
    fprintf(bars->out, "  ");
    print_text(bars->out, cut);
    fprintf(bars->out, "%*s  ", LABEL_COLUMNS - (int)strlen(cut), "");
    int last = BAR_COLUMNS;
    while (last > 0 && bars->cells[last - 1] == CELL_NOTHING)
        last--;
    for (int i = 0; i < last; i++)
        fputs((bars->style->utf8 ? unicode : ascii)[bars->cells[i]], bars->out);
    fprintf(bars->out, "%s\n", words);
    memset(bars->cells, 0, sizeof(bars->cells));
}

/* Where the break and the restoring are. */
static void print_ruler(struct bars *bars, const json_t *report)
{
    const json_t *restore = json_object_get(report, "restore_ms");
    char line[BAR_COLUMNS + 40];
    memset(line, ' ', sizeof(line));
    int at = column_of(bars, 0), end = at + 8;
    memcpy(line + at, "| broken", 8);
    if (json_is_integer(restore)) {
        at = column_of(bars, ms_value(restore));
        end = at + snprintf(line + at, sizeof(line) - (size_t)at, "| %s", restore_word(report));
    }
    fprintf(bars->out, "%*s%.*s\n", LABEL_COLUMNS + 4, "", end, line);
}

static void print_check_bar(struct bars *bars, const json_t *check)
{
    const json_t *turns = json_object_get(check, "turns"), *turn;
    int64_t from_ms = bars->from_ms;
    size_t index;
    char label[200];
    bool up = true;
    snprintf(label, sizeof(label), "check %.100s", text_of(check, "id"));
    json_array_foreach(turns, index, turn)
    {
        up = json_is_true(json_object_get(turn, "up"));
        fill(bars, from_ms, ms_of(turn, "at_ms"), up ? CELL_DOWN : CELL_UP);
        from_ms = ms_of(turn, "at_ms");
    }
    if (index > 0)
        fill(bars, from_ms, bars->to_ms, up ? CELL_UP : CELL_DOWN);
    print_bar(bars, label, index > 0 ? "" : "has not turned");
}

static void print_answer_bar(struct bars *bars, const json_t *question, const char *answer)
{
    static const char *const lists[] = { "segments", "tails" };
    static const enum cell cells[] = { CELL_SEEN, CELL_CACHED };
    const json_t *piece;
    size_t index;
    char label[200];
    for (int i = 0; i < 2; i++)
        json_array_foreach(json_object_get(question, lists[i]), index, piece)
        {
            const char *text = json_string_value(json_array_get(piece, 2));
            if (answer == NULL ? text == NULL : text != NULL && strcmp(text, answer) == 0)
                fill(bars, ms_value(json_array_get(piece, 0)), ms_value(json_array_get(piece, 1)),
                     cells[i]);
        }
    snprintf(label, sizeof(label), "  %.100s", answer != NULL ? answer : "unanswered");
    print_bar(bars, label, "");
}

static void print_question_bars(struct bars *bars, const json_t *question)
{
    const json_t *answers = json_object_get(question, "answers"), *answer;
    char title[2048];
    size_t index;
    unsigned shown = 0;
    fputs("  ", bars->out);
    print_text(bars->out, question_title(question, title, sizeof(title)));
    fputc('\n', bars->out);
    json_array_foreach(answers, index, answer)
    {
        if (answer_was_seen(answer) && shown++ < ANSWERS_SHOWN)
            print_answer_bar(bars, question, text_of(answer, "text"));
    }
    if (shown > ANSWERS_SHOWN)
        fprintf(bars->out, "    and %u more\n", shown - ANSWERS_SHOWN);
    if (number_of(question, "unanswered") > 0)
        print_answer_bar(bars, question, NULL);
}

static void print_timeline(FILE *out, const json_t *report, const struct style *style)
{
    struct bars bars = { .out = out, .style = style };
    const json_t *item;
    size_t index;
    char from[32], to[32], words[160];
    bars.from_ms = ms_of(report, "from_ms");
    bars.to_ms = ms_of(report, "to_ms");
    snprintf(words, sizeof(words), "timeline, %s to %s (%s up, %s down, %s answered, %s cached)",
             time_text(bars.from_ms, from), time_text(bars.to_ms, to), style->utf8 ? "▀" : "=",
             style->utf8 ? "▄" : "_", style->utf8 ? "█" : "#", style->utf8 ? "░" : "~");
    heading(out, style, words);
    print_ruler(&bars, report);
    json_array_foreach(json_object_get(report, "checks"), index, item) print_check_bar(&bars, item);
    json_array_foreach(json_object_get(report, "questions"), index, item)
        print_question_bars(&bars, item);
}

/* ---- objectives ---- */

static void print_objectives(FILE *out, const json_t *report, const struct style *style)
{
    const json_t *objectives = json_object_get(report, "objectives"), *objective;
    size_t index;
    char words[512];
    if (json_array_size(objectives) > 0)
        heading(out, style, "objectives");
    json_array_foreach(objectives, index, objective)
    {
        if (objective_applies(objective))
            verdict_colour(out, style, json_is_true(json_object_get(objective, "met")));
        fprintf(out, "  %s ", mark_of(style, objective));
        print_text(out, objective_text(objective, words, sizeof(words)));
        colour(out, style, "0");
        fputc('\n', out);
    }
}

static void print_events(FILE *out, const json_t *report, const struct style *style)
{
    const json_t *events = json_object_get(report, "events"), *event;
    size_t index;
    char when[32];
    if (json_array_size(events) > 0)
        heading(out, style, "events");
    json_array_foreach(events, index, event)
    {
        fprintf(out, "  %10s  ", time_text(ms_of(event, "at_ms"), when));
        print_text(out, text_of(event, "text"));
        fputc('\n', out);
    }
}

void report_print(FILE *out, const json_t *report, const struct style *style)
{
    const json_t *question;
    size_t index;
    print_headline(out, report, style);
    json_array_foreach(json_object_get(report, "questions"), index, question)
        print_question(out, question, style);
    print_timeline(out, report, style);
    print_objectives(out, report, style);
    print_events(out, report, style);
}

/* ---- predictions ---- */

/* "192.0.2.1 192.0.2.2", or "NODATA". */
static void print_values(FILE *out, const json_t *values)
{
    size_t index;
    const json_t *value;
    json_array_foreach(values, index, value)
    {
        fputs(index > 0 ? " " : "", out);
        print_text(out, json_is_string(value) ? json_string_value(value) : "?");
    }
    if (json_array_size(values) == 0)
        fputs("no records", out);
}

static void print_answers(FILE *out, const char *words, const json_t *answers)
{
    size_t index;
    const json_t *values;
    fputs(words, out);
    json_array_foreach(answers, index, values)
    {
        if (index == ANSWERS_SHOWN)
            break;
        fputs(index > 0 ? " | " : "", out);
        print_values(out, values);
    }
    if (json_array_size(answers) > ANSWERS_SHOWN)
        fprintf(out, " and %zu more", json_array_size(answers) - ANSWERS_SHOWN);
    fputc('\n', out);
}

static void print_expected(FILE *out, const json_t *watch, const char *words, const char *clock)
{
    char text[80];
    fprintf(out, "  %-34s%s\n", words, range_text(json_object_get(watch, clock), text));
}

static void print_watch(FILE *out, const json_t *watch, const struct style *style)
{
    const json_t *checks = json_object_get(watch, "checks"), *check;
    char title[2048];
    size_t index;
    heading(out, style, question_title(watch, title, sizeof(title)));
    print_answers(out, "  before  ", json_object_get(watch, "before"));
    if (!json_is_true(json_object_get(watch, "changes"))) {
        fputs("  the answer does not change\n", out);
        return;
    }
    print_answers(out, "  broken  ", json_object_get(watch, "during"));
    if (json_array_size(checks) > 0)
        fputs("  checks that turn: ", out);
    json_array_foreach(checks, index, check)
    {
        fputs(index > 0 ? ", " : "", out);
        print_text(out, json_is_string(check) ? json_string_value(check) : "?");
    }
    if (json_array_size(checks) > 0)
        fputc('\n', out);
    print_expected(out, watch, "answer turned after the break", "turned_ms");
    print_expected(out, watch, "last cached answer gone", "cached_ms");
    print_expected(out, watch, "answer back after the restoring", "back_ms");
    print_expected(out, watch, "last cached answer gone", "back_cached_ms");
}

void prediction_print(FILE *out, const json_t *prediction, const struct style *style)
{
    const json_t *watch;
    size_t index;
    fputs("By thresholds, intervals and TTLs alone; nothing is broken.\n", out);
    json_array_foreach(json_object_get(prediction, "watches"), index, watch)
        print_watch(out, watch, style);
}
