/*
 * The report of a drill as one page that needs nothing else: no script, no font and no picture from
 * anywhere.  It follows the reader's choice of light and dark, and prints on white.
 */
#include "drill.h"

#include <stdlib.h>
#include <string.h>

static const char style_sheet[] =
    "*{box-sizing:border-box}"
    "body{margin:0 auto;max-width:1080px;padding:28px 24px 60px;background:var(--c0);"
    "color:var(--c1);font:15px/1.5 system-ui,-apple-system,'Segoe UI',Roboto,Helvetica,Arial,"
    "sans-serif}"
    "h1{font-size:24px;line-height:1.25;margin:0 0 4px}"
    "h2{font-size:17px;margin:34px 0 8px}"
    "h3{font-size:15px;margin:24px 0 6px}"
    ".faint{color:var(--c2)}"
    ".badge{display:inline-block;padding:1px 10px;border-radius:12px;color:var(--c0);"
    "font-weight:600;font-size:14px;vertical-align:3px;margin-left:8px}"
    ".good{background:var(--c7)}.bad{background:var(--c6)}"
    "li b{display:inline-block;width:1.4em}li .good,li .bad{background:none}"
    "li .good{color:var(--c7)}li .bad{color:var(--c6)}"
    "ul{list-style:none;padding:0;margin:0}li{margin:3px 0}"
    "table{border-collapse:collapse;margin:6px 0;font-variant-numeric:tabular-nums}"
    "th,td{text-align:left;padding:5px 18px 5px 0;border-bottom:1px solid var(--c3);"
    "vertical-align:top}"
    ".when{white-space:nowrap}th{font-weight:600}thead th{color:var(--c2);font-size:13px}"
    "code,pre{font:13px/1.45 ui-monospace,Menlo,Consolas,monospace;overflow-wrap:anywhere}"
    "pre{white-space:pre-wrap;background:var(--c3);padding:12px 14px;border-radius:6px}"
    ".drawing{overflow-x:auto}"
    ".drawing svg{max-width:100%;min-width:680px;height:auto;display:block}"
    "@media print{body{padding:0;max-width:none}details{display:none}h2,h3{break-after:avoid}"
    "table,svg{break-inside:avoid}.drawing svg{min-width:0}}";

static void put(FILE *out, const char *text)
{
    print_xml(out, text, INT32_MAX);
}

static void print_head(FILE *out, const json_t *report)
{
    fputs("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n"
          "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n"
          "<title>Drill ",
          out);
    put(out, text_of(report, "id"));
    fputs(": ", out);
    put(out, text_of(report, "name"));
    fputs("</title>\n<style>:root{color-scheme:light dark;", out);
    svg_print_variables(out, false);
    fputs("}@media screen and (prefers-color-scheme:dark){:root{", out);
    svg_print_variables(out, true);
    fprintf(out, "}}%s</style>\n</head>\n<body>\n", style_sheet);
}

static void print_summary(FILE *out, const json_t *report)
{
    char when[32], length[32], words[2048];
    const json_t *restore = json_object_get(report, "restore_ms");
    bool good = report_is_good(report);
    fprintf(out, "<h1>Drill %s: ", text_of(report, "id"));
    put(out, text_of(report, "name"));
    fprintf(out, " <span class=\"badge %s\">", good ? "good" : "bad");
    put(out, report_verdict(report));
    fprintf(out, "</span></h1>\n<p class=\"faint\">Broken at %s by ",
            local_time(ms_of(report, "started_ms"), when));
    put(out, text_of(report, "owner"));
    if (json_is_integer(restore))
        fprintf(out, ", %s %s later", restore_word(report), time_text(ms_value(restore), length));
    fputs("; ", out);
    put(out, text_of(report, "server"));
    fprintf(out, " was asked every %s.</p>\n", time_text(ms_of(report, "every_ms"), length));
    breaks_text(json_object_get(report, "definition"), words, sizeof(words));
    if (words[0] != '\0') {
        fputs("<p><strong>What was broken:</strong> ", out);
        put(out, words);
        fputs("</p>\n", out);
    }
}

static void print_objectives(FILE *out, const json_t *report)
{
    const json_t *objectives = json_object_get(report, "objectives"), *objective;
    size_t index;
    char words[512];
    if (json_array_size(objectives) == 0)
        return;
    fputs("<h2>Objectives</h2>\n<ul>\n", out);
    json_array_foreach(objectives, index, objective)
    {
        bool met = json_is_true(json_object_get(objective, "met"));
        if (objective_applies(objective))
            fprintf(out, "<li><b class=\"%s\">%s</b>", met ? "good" : "bad", met ? "✓" : "✗");
        else
            fputs("<li><b class=\"faint\">·</b>", out);
        put(out, objective_text(objective, words, sizeof(words)));
        fputs("</li>\n", out);
    }
    fputs("</ul>\n", out);
}

/* ---- questions ---- */

static void print_cell(FILE *out, const json_t *value)
{
    char text[80];
    fprintf(out, "<td class=\"when\">%s</td>", range_text(value, text));
}

static void print_clock(FILE *out, const json_t *question, const char *clock, const char *words)
{
    static const char *const phases[] = { "broken", "restored" };
    fprintf(out, "<tr><th>%s</th>", words);
    for (int i = 0; i < 2; i++) {
        const json_t *measured = json_object_get(json_object_get(question, "measured"), phases[i]);
        const json_t *predicted =
            json_object_get(json_object_get(question, "predicted"), phases[i]);
        print_cell(out, json_object_get(measured, clock));
        print_cell(out, json_object_get(predicted, clock));
    }
    fputs("</tr>\n", out);
}

static void print_clocks(FILE *out, const json_t *question)
{
    fputs("<table>\n<thead><tr><th></th><th>after the break</th><th>predicted</th>"
          "<th>after the restoring</th><th>predicted</th></tr></thead>\n<tbody>\n",
          out);
    print_clock(out, question, "check_ms", "check turned");
    print_clock(out, question, "answer_ms", "answer turned");
    print_clock(out, question, "cached_ms", "last cached answer gone");
    fputs("</tbody>\n</table>\n", out);
}

static void print_answers(FILE *out, const json_t *question)
{
    const json_t *answers = json_object_get(question, "answers"), *answer;
    static const char *const phases[] = { "before", "broken", "after" };
    size_t index;
    char number[32];
    fprintf(out,
            "<table>\n<thead><tr><th>%s</th><th>before</th><th>broken</th><th>after</th></tr>"
            "</thead>\n<tbody>\n",
            json_is_true(json_object_get(question, "by_value")) ? "value seen" : "answer seen");
    json_array_foreach(answers, index, answer)
    {
        fputs("<tr><td><code>", out);
        put(out, text_of(answer, "text"));
        fputs("</code></td>", out);
        for (int i = 0; i < 3; i++)
            fprintf(out, "<td>%s</td>", grouped(number_of(answer, phases[i]), number));
        fputs("</tr>\n", out);
    }
    fputs("</tbody>\n</table>\n", out);
}

static void print_question(FILE *out, const json_t *question)
{
    char title[2048], asked[32], silent[32], empty[32];
    fputs("<h3>", out);
    put(out, question_title(question, title, sizeof(title)));
    fputs("</h3>\n", out);
    if (json_is_true(json_object_get(question, "changed")))
        print_clocks(out, question);
    else
        fputs("<p>The answer did not change, as predicted.</p>\n", out);
    print_answers(out, question);
    fprintf(out, "<p class=\"faint\">Asked %s times: %s unanswered, %s without records.</p>\n",
            grouped(number_of(question, "asked"), asked),
            grouped(number_of(question, "unanswered"), silent),
            grouped(number_of(question, "empty"), empty));
}

/* ---- what happened besides ---- */

/* A command that was not run has no status. */
static void print_command(FILE *out, const json_t *hook, const char *member, const char *time,
                          const char *status)
{
    const json_t *at = json_object_get(hook, time);
    char text[80];
    fprintf(out, "<tr><td class=\"when\">%s</td><td><code>", range_text(at, text));
    put(out, text_of(hook, member));
    fputs("</code></td><td>", out);
    if (json_is_integer(at))
        fprintf(out, "%" JSON_INTEGER_FORMAT, number_of(hook, status));
    else
        fputc('-', out);
    fputs("</td></tr>\n", out);
}

static void print_hooks(FILE *out, const json_t *report)
{
    const json_t *hooks = json_object_get(report, "hooks"), *hook;
    size_t index;
    if (json_array_size(hooks) == 0)
        return;
    fputs("<h2>Hooks</h2>\n<table>\n<thead><tr><th>at</th><th>command</th><th>status</th></tr>"
          "</thead>\n<tbody>\n",
          out);
    json_array_foreach(hooks, index, hook)
    {
        print_command(out, hook, "start", "started_ms", "start_status");
        print_command(out, hook, "restore", "restore_started_ms", "restore_status");
        if (text_of(hook, "output")[0] == '\0')
            continue;
        fputs("<tr class=\"faint\"><td>output</td><td>", out);
        put(out, text_of(hook, "output"));
        fputs("</td><td></td></tr>\n", out);
    }
    fputs("</tbody>\n</table>\n", out);
}

/* One line of what happened. */
struct happening {
    json_int_t at_ms;
    const json_t *what, *check; /* check NULL: an event, otherwise its turn */
};

static int compare_happenings(const void *a, const void *b)
{
    const struct happening *left = a, *right = b;
    return (left->at_ms > right->at_ms) - (left->at_ms < right->at_ms);
}

static void print_happening(FILE *out, const struct happening *happening)
{
    char when[32];
    fprintf(out, "<tr><td class=\"when\">%s</td><td>", time_text(happening->at_ms, when));
    if (happening->check == NULL) {
        put(out, text_of(happening->what, "text"));
    } else {
        fputs("check ", out);
        put(out, text_of(happening->check, "id"));
        fprintf(out, " turned %s: ",
                json_is_true(json_object_get(happening->what, "up")) ? "up" : "down");
        put(out, text_of(happening->what, "reason"));
    }
    fputs("</td></tr>\n", out);
}

/* Adds each of a list to those that have room. */
static size_t gather(struct happening *happenings, size_t count, const json_t *list,
                     const json_t *check)
{
    const json_t *what;
    size_t index;
    json_array_foreach(list, index, what)
    {
        if (count < DRILL_EVENTS_MAX)
            happenings[count++] = (struct happening){ ms_of(what, "at_ms"), what, check };
    }
    return count;
}

static void print_events(FILE *out, const json_t *report)
{
    struct happening happenings[DRILL_EVENTS_MAX];
    const json_t *check;
    size_t index, count = gather(happenings, 0, json_object_get(report, "events"), NULL);
    json_array_foreach(json_object_get(report, "checks"), index, check)
    {
        count = gather(happenings, count, json_object_get(check, "turns"), check);
    }
    qsort(happenings, count, sizeof(happenings[0]), compare_happenings);
    fputs("<h2>Events</h2>\n<table>\n<tbody>\n", out);
    for (size_t i = 0; i < count; i++)
        print_happening(out, &happenings[i]);
    fputs("</tbody>\n</table>\n", out);
}

static void print_definition(FILE *out, const json_t *report)
{
    char *text = json_dumps(json_object_get(report, "definition"), JSON_INDENT(2));
    fputs("<details>\n<summary>What the drill was told to do</summary>\n<pre>", out);
    for (char *at = text, *end; at != NULL && *at != '\0'; at = end) {
        end = at + strcspn(at, "\n");
        bool more = *end == '\n';
        *end = '\0';
        put(out, at);
        end += more;
        if (more)
            fputc('\n', out);
    }
    fputs("</pre>\n</details>\n", out);
    free(text);
}

void report_print_html(FILE *out, const json_t *report)
{
    const json_t *questions = json_object_get(report, "questions"), *question;
    size_t index;
    print_head(out, report);
    print_summary(out, report);
    print_objectives(out, report);
    fputs("<h2>Timeline</h2>\n<div class=\"drawing\">\n", out);
    report_print_svg(out, report, true);
    fputs("</div>\n<h2>Questions</h2>\n", out);
    json_array_foreach(questions, index, question) print_question(out, question);
    print_hooks(out, report);
    print_events(out, report);
    print_definition(out, report);
    fputs("</body>\n</html>\n", out);
}
