/*
 * The timeline of a drill as SVG: a lane for each check, and for each question a lane for every
 * answer, that goes on hatched as long as caches keep it; below them the clocks, what was predicted
 * as a thin bracket and what was measured as a diamond.
 *
 * By itself it has its own colours and a white ground; in a page it has the page's.
 */
#include "drill.h"

#include <inttypes.h>
#include <string.h>

#define WIDTH         1000
#define PLOT_LEFT     240
#define PLOT_RIGHT    970
#define TOP           64
#define TOP_IN_PAGE   34
#define LABEL_SIZE    30 /* characters that fit beside the plot */
#define TITLE_SIZE    120
#define TICKS_MAX     10
#define CHECK_HEIGHT  22
#define TITLE_HEIGHT  28
#define ANSWER_HEIGHT 20
#define CLOCK_HEIGHT  18
#define GAP_HEIGHT    10
#define LEGEND_HEIGHT 46
#define ANSWERS_DRAWN 12
#define SERIES        6 /* colours of answers, in turn */

/* ---- colours ---- */

enum paint {
    PAINT_GROUND,
    PAINT_TEXT,
    PAINT_FAINT,
    PAINT_GRID,
    PAINT_UP,
    PAINT_DOWN,
    PAINT_BREAK,
    PAINT_RESTORE,
    PAINT_EMPTY,
    PAINT_SILENT,
    PAINT_SERIES
};

struct drawing {
    FILE *out;
    bool in_page;
    int64_t from_ms, to_ms;
    int height;
    int y; /* where the next lane begins */
};

static const char *const light[PAINT_SERIES + SERIES] = {
    "#ffffff", "#1d2733", "#667382", "#e4e8ed", "#3a9d6c", "#d1553d", "#b3261e", "#1f7a4d",
    "#c2185b", "#98a2ae", "#2f6fb5", "#dd8a1f", "#7a55b8", "#14919b", "#a8553a", "#5c7a29",
};
static const char *const dark[PAINT_SERIES + SERIES] = {
    "#14181d", "#e6eaef", "#97a3b0", "#2a323b", "#4bb581", "#e0705a", "#f2867b", "#67c795",
    "#ee5f95", "#76828f", "#5b9be0", "#e8a24a", "#a687e0", "#3fb6c0", "#cf8163", "#93b355",
};

/* A colour by itself; in a page the page's variable of that number, so that it follows light and
 * dark. */
static const char *ink(const struct drawing *drawing, unsigned paint, char out[24])
{
    if (!drawing->in_page)
        return light[paint];
    snprintf(out, 24, "var(--c%u)", paint);
    return out;
}

void svg_print_variables(FILE *out, bool is_dark)
{
    for (unsigned i = 0; i < PAINT_SERIES + SERIES; i++)
        fprintf(out, "--c%u:%s;", i, (is_dark ? dark : light)[i]);
}

/* ---- shapes ---- */

static double x_of(const struct drawing *drawing, int64_t ms)
{
    double length = (double)(drawing->to_ms - drawing->from_ms);
    double x = PLOT_LEFT + (double)(ms - drawing->from_ms) * (PLOT_RIGHT - PLOT_LEFT) / length;
    return x < PLOT_LEFT ? PLOT_LEFT : x > PLOT_RIGHT ? PLOT_RIGHT : x;
}

static void line(const struct drawing *drawing, double x1, double y1, double x2, double y2,
                 unsigned paint, const char *more)
{
    char colour[24];
    fprintf(drawing->out,
            "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"%s\"%s/>\n", x1, y1, x2,
            y2, ink(drawing, paint, colour), more);
}

/* A text that is cut to so many characters; the whole of it shows when one points at it. */
static void label(const struct drawing *drawing, double x, double y, const char *more,
                  unsigned paint, const char *text, int most)
{
    char colour[24];
    fprintf(drawing->out, "<text x=\"%.1f\" y=\"%.1f\" fill=\"%s\"%s>", x, y,
            ink(drawing, paint, colour), more);
    if (text_width(text) > most) {
        fputs("<title>", drawing->out);
        print_xml(drawing->out, text, INT32_MAX);
        fputs("</title>", drawing->out);
        print_xml(drawing->out, text, most - 1);
        fputs("…", drawing->out);
    } else {
        print_xml(drawing->out, text, most);
    }
    fputs("</text>\n", drawing->out);
}

/* A bar of at least a hair's breadth, so that a single reply is seen too. */
static void bar(const struct drawing *drawing, int64_t from_ms, int64_t to_ms, double y,
                double height, unsigned paint, bool hatched)
{
    double x = x_of(drawing, from_ms), width = x_of(drawing, to_ms) - x;
    char colour[24], fill[40];
    if (to_ms < drawing->from_ms || from_ms > drawing->to_ms)
        return;
    if (width < 1.5)
        width = 1.5;
    if (hatched)
        snprintf(fill, sizeof(fill), "url(#hatch%u)", paint);
    else
        snprintf(fill, sizeof(fill), "%s", ink(drawing, paint, colour));
    fprintf(drawing->out,
            "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" fill=\"%s\"/>\n", x, y,
            width, height, fill);
}

/* ---- frame ---- */

/* What is written once: hatchings in the colours of answers. */
static void print_patterns(const struct drawing *drawing)
{
    char colour[24];
    fputs("<defs>\n", drawing->out);
    for (unsigned i = PAINT_EMPTY; i < PAINT_SERIES + SERIES; i++)
        fprintf(drawing->out,
                "<pattern id=\"hatch%u\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\" "
                "patternTransform=\"rotate(45)\"><line x1=\"0\" y1=\"0\" x2=\"0\" y2=\"6\" "
                "stroke=\"%s\" stroke-width=\"4\" stroke-opacity=\"0.55\"/></pattern>\n",
                i, ink(drawing, i, colour));
    fputs("</defs>\n", drawing->out);
}

/* The smallest step between ticks that leaves few enough of them. */
static int64_t tick_step(const struct drawing *drawing)
{
    static const int64_t steps[] = { 100,     200,     500,     1000,     2000,     5000,    10000,
                                     15000,   30000,   60000,   120000,   300000,   600000,  900000,
                                     1800000, 3600000, 7200000, 10800000, 21600000, 43200000 };
    size_t i = 0;
    while (i + 1 < sizeof(steps) / sizeof(steps[0]) &&
           (drawing->to_ms - drawing->from_ms) / steps[i] >= TICKS_MAX)
        i++;
    int64_t step = steps[i];
    while ((drawing->to_ms - drawing->from_ms) / step >= TICKS_MAX)
        step *= 2;
    return step;
}

/* "0", "500 ms", "30 s", "1:30", "2 h 5 min" */
static void tick_text(int64_t ms, int64_t step_ms, char out[40])
{
    int64_t seconds = ms / 1000, rest = seconds % 60;
    if (ms == 0)
        snprintf(out, 40, "0");
    else if (step_ms < 1000)
        snprintf(out, 40, "%.1f s", (double)ms / 1000);
    else if (ms < 60000)
        snprintf(out, 40, "%" PRId64 " s", seconds);
    else if (ms < 3600000)
        snprintf(out, 40, rest != 0 ? "%" PRId64 ":%02" PRId64 : "%" PRId64 " min", seconds / 60,
                 rest);
    else
        snprintf(out, 40, "%" PRId64 " h %02" PRId64 " min", seconds / 3600, seconds / 60 % 60);
}

static void print_axis(const struct drawing *drawing, int top, int bottom)
{
    int64_t step = tick_step(drawing);
    int64_t first = drawing->from_ms / step * step; /* towards 0: within what is shown */
    char text[40], negative[41];
    for (int64_t ms = first; ms <= drawing->to_ms; ms += step) {
        double x = x_of(drawing, ms);
        line(drawing, x, top, x, bottom, PAINT_GRID, "");
        tick_text(ms < 0 ? -ms : ms, step, text);
        snprintf(negative, sizeof(negative), "%s%s", ms < 0 ? "-" : "", text);
        label(drawing, x, bottom + 14, " text-anchor=\"middle\" font-size=\"11\"", PAINT_FAINT,
              negative, 40);
    }
}

static void print_marker(const struct drawing *drawing, int64_t ms, int top, int bottom,
                         unsigned paint, const char *words)
{
    double x = x_of(drawing, ms);
    bool turns = x > PLOT_RIGHT - 70;
    line(drawing, x, top - 12, x, bottom, paint, " stroke-width=\"1.5\" stroke-dasharray=\"5 4\"");
    label(drawing, turns ? x - 5 : x + 5, top - 5,
          turns ? " text-anchor=\"end\" font-size=\"12\" font-weight=\"600\""
                : " font-size=\"12\" font-weight=\"600\"",
          paint, words, 40);
}

/* ---- checks ---- */

static void print_check(struct drawing *drawing, const json_t *check)
{
    const json_t *turns = json_object_get(check, "turns"), *turn;
    int64_t from_ms = drawing->from_ms;
    double y = drawing->y + 5;
    size_t index;
    bool up = true;
    label(drawing, 16, y + 10, " font-weight=\"600\"", PAINT_TEXT, text_of(check, "id"),
          LABEL_SIZE);
    json_array_foreach(turns, index, turn)
    {
        up = json_is_true(json_object_get(turn, "up"));
        bar(drawing, from_ms, ms_of(turn, "at_ms"), y, 12, up ? PAINT_DOWN : PAINT_UP, false);
        from_ms = ms_of(turn, "at_ms");
    }
    if (index > 0)
        bar(drawing, from_ms, drawing->to_ms, y, 12, up ? PAINT_UP : PAINT_DOWN, false);
    else
        label(drawing, PLOT_LEFT, y + 10, " font-size=\"12\"", PAINT_FAINT, "has not turned", 40);
    drawing->y += CHECK_HEIGHT;
}

/* ---- questions ---- */

static void print_pieces(const struct drawing *drawing, const json_t *pieces, const char *answer,
                         unsigned paint, bool hatched)
{
    const json_t *piece;
    size_t index;
    json_array_foreach(pieces, index, piece)
    {
        const char *text = json_string_value(json_array_get(piece, 2));
        if (answer == NULL ? text == NULL : text != NULL && strcmp(text, answer) == 0)
            bar(drawing, ms_value(json_array_get(piece, 0)), ms_value(json_array_get(piece, 1)),
                drawing->y + 3, ANSWER_HEIGHT - 6, paint, hatched);
    }
}

/* answer NULL: what was not answered. */
static void print_answer(struct drawing *drawing, const json_t *question, const char *answer,
                         unsigned paint)
{
    const char *text = answer != NULL ? answer : "unanswered";
    label(drawing, 28, drawing->y + 14,
          answer != NULL ? " font-family=\"ui-monospace,Menlo,Consolas,monospace\" "
                           "font-size=\"11.5\""
                         : " font-size=\"12\"",
          PAINT_TEXT, text, LABEL_SIZE - 2);
    if (answer != NULL)
        print_pieces(drawing, json_object_get(question, "tails"), answer, paint, true);
    print_pieces(drawing, json_object_get(question, "segments"), answer, paint, false);
    drawing->y += ANSWER_HEIGHT;
}

/* From where to where something is drawn. */
struct extent {
    double left, right;
};

/* A thin bracket around what was predicted; one that goes on beyond the picture has no end.
 * *out_extent is set where there is one. */
static void print_bracket(const struct drawing *drawing, const json_t *range, int64_t start_ms,
                          struct extent *out_extent)
{
    double y = drawing->y + CLOCK_HEIGHT / 2.0;
    int64_t least_ms = start_ms + ms_of(range, "least"), most_ms = start_ms + ms_of(range, "most");
    if (!json_is_object(range) || least_ms > drawing->to_ms)
        return;
    double left = x_of(drawing, least_ms), right = x_of(drawing, most_ms);
    if (right < left + 2)
        right = left + 2;
    line(drawing, left, y, right, y, PAINT_FAINT, "");
    line(drawing, left, y - 4, left, y + 4, PAINT_FAINT, "");
    if (most_ms <= drawing->to_ms)
        line(drawing, right, y - 4, right, y + 4, PAINT_FAINT, "");
    *out_extent = (struct extent){ left, right };
}

/* What was measured, with its time beside the bracket.  What came to pass only after the end of the
 * picture has an arrow instead of a diamond. */
static void print_diamond(const struct drawing *drawing, const json_t *value, int64_t start_ms,
                          const struct extent *bracket)
{
    double y = drawing->y + CLOCK_HEIGHT / 2.0;
    double x = x_of(drawing, start_ms + ms_value(value));
    double left = bracket->left < x ? bracket->left : x;
    double right = bracket->right > x ? bracket->right : x;
    char colour[24], text[32], beyond[40];
    if (!json_is_integer(value))
        return;
    if (start_ms + ms_value(value) > drawing->to_ms) {
        bool has_bracket = bracket->left < bracket->right;
        snprintf(beyond, sizeof(beyond), "%s →", time_text(ms_value(value), text));
        label(drawing, has_bracket ? bracket->left - 8 : x_of(drawing, start_ms) + 8, y + 4,
              has_bracket ? " text-anchor=\"end\" font-size=\"11\"" : " font-size=\"11\"",
              PAINT_TEXT, beyond, 40);
        return;
    }
    fprintf(drawing->out, "<path d=\"M%.1f %.1fl4.5 4.5l-4.5 4.5l-4.5 -4.5z\" fill=\"%s\"/>\n", x,
            y - 4.5, ink(drawing, PAINT_TEXT, colour));
    time_text(ms_value(value), text);
    if (right > PLOT_RIGHT - 60)
        label(drawing, left - 8, y + 4, " text-anchor=\"end\" font-size=\"11\"", PAINT_TEXT, text,
              40);
    else
        label(drawing, right + 8, y + 4, " font-size=\"11\"", PAINT_TEXT, text, 40);
}

static void print_clock(struct drawing *drawing, const json_t *question, const char *clock,
                        const char *words, const json_t *restore)
{
    static const char *const phases[] = { "broken", "restored" };
    label(drawing, 28, drawing->y + 13, " font-size=\"11\"", PAINT_FAINT, words, 40);
    for (int i = 0; i < 2; i++) {
        int64_t start_ms = i == 0 ? 0 : ms_value(restore);
        const json_t *predicted =
            json_object_get(json_object_get(question, "predicted"), phases[i]);
        const json_t *measured = json_object_get(json_object_get(question, "measured"), phases[i]);
        if (i == 1 && !json_is_integer(restore))
            break;
        struct extent bracket = { PLOT_RIGHT, PLOT_LEFT };
        print_bracket(drawing, json_object_get(predicted, clock), start_ms, &bracket);
        print_diamond(drawing, json_object_get(measured, clock), start_ms, &bracket);
    }
    drawing->y += CLOCK_HEIGHT;
}

static void print_answers(struct drawing *drawing, const json_t *question)
{
    const json_t *answers = json_object_get(question, "answers"), *answer;
    unsigned drawn = 0;
    size_t index;
    char more[64];
    json_array_foreach(answers, index, answer)
    {
        bool is_empty = json_is_true(json_object_get(answer, "empty"));
        if (answer_was_seen(answer) && drawn++ < ANSWERS_DRAWN)
            print_answer(drawing, question, text_of(answer, "text"),
                         is_empty ? PAINT_EMPTY : PAINT_SERIES + (drawn - 1) % SERIES);
    }
    if (drawn > ANSWERS_DRAWN) {
        snprintf(more, sizeof(more), "and %u more", drawn - ANSWERS_DRAWN);
        label(drawing, 28, drawing->y + 14, " font-size=\"11\"", PAINT_FAINT, more, 40);
        drawing->y += ANSWER_HEIGHT;
    }
    if (number_of(question, "unanswered") > 0)
        print_answer(drawing, question, NULL, PAINT_SILENT);
}

static void print_question(struct drawing *drawing, const json_t *question, const json_t *restore)
{
    drawing->y += TITLE_HEIGHT;
    print_answers(drawing, question);
    if (json_is_true(json_object_get(question, "changed"))) {
        print_clock(drawing, question, "answer_ms", "answer turned", restore);
        print_clock(drawing, question, "cached_ms", "last cached answer gone", restore);
    }
    drawing->y += GAP_HEIGHT;
}

/* ---- the whole ---- */

static int question_height(const json_t *question)
{
    const json_t *answers = json_object_get(question, "answers"), *answer;
    int seen = 0, rows = number_of(question, "unanswered") > 0;
    size_t index;
    json_array_foreach(answers, index, answer) seen += answer_was_seen(answer);
    rows += seen > ANSWERS_DRAWN ? ANSWERS_DRAWN + 1 : seen;
    return TITLE_HEIGHT + rows * ANSWER_HEIGHT + GAP_HEIGHT +
           (json_is_true(json_object_get(question, "changed")) ? 2 * CLOCK_HEIGHT : 0);
}

static int lanes_height(const json_t *report)
{
    const json_t *questions = json_object_get(report, "questions"), *question;
    int height = (int)json_array_size(json_object_get(report, "checks")) * CHECK_HEIGHT;
    size_t index;
    json_array_foreach(questions, index, question) height += question_height(question);
    return height;
}

/* They may reach into the plot, so they stand above everything there, with a margin of ground. */
static void print_titles(const struct drawing *drawing, const json_t *report, int y)
{
    const json_t *question;
    size_t index;
    char title[2048], colour[24], more[120];
    snprintf(more, sizeof(more),
             " font-weight=\"600\" paint-order=\"stroke\" stroke=\"%s\" stroke-width=\"4\"",
             ink(drawing, PAINT_GROUND, colour));
    y += (int)json_array_size(json_object_get(report, "checks")) * CHECK_HEIGHT;
    json_array_foreach(json_object_get(report, "questions"), index, question)
    {
        label(drawing, 16, y + 20, more, PAINT_TEXT, question_title(question, title, sizeof(title)),
              TITLE_SIZE);
        y += question_height(question);
    }
}

static void print_legend(const struct drawing *drawing, int y)
{
    static const struct entry {
        unsigned paint;
        bool hatched;
        const char *words;
    } entries[] = {
        { PAINT_UP, false, "check up" },
        { PAINT_DOWN, false, "check down" },
        { PAINT_SERIES, false, "answered" },
        { PAINT_SERIES, true, "still in caches" },
    };
    double x = PLOT_LEFT;
    char colour[24];
    for (size_t i = 0; i < sizeof(entries) / sizeof(entries[0]); i++) {
        const struct entry *entry = &entries[i];
        fprintf(drawing->out, "<rect x=\"%.1f\" y=\"%d\" width=\"18\" height=\"10\" fill=\"", x,
                y - 9);
        if (entry->hatched)
            fprintf(drawing->out, "url(#hatch%u)\"/>\n", entry->paint);
        else
            fprintf(drawing->out, "%s\"/>\n", ink(drawing, entry->paint, colour));
        label(drawing, x + 24, y, " font-size=\"11\"", PAINT_FAINT, entry->words, 40);
        x += 24 + 7 * (double)strlen(entry->words) + 14;
    }
    line(drawing, x, y - 4, x + 18, y - 4, PAINT_FAINT, "");
    line(drawing, x, y - 8, x, y, PAINT_FAINT, "");
    line(drawing, x + 18, y - 8, x + 18, y, PAINT_FAINT, "");
    label(drawing, x + 24, y, " font-size=\"11\"", PAINT_FAINT, "predicted", 40);
    fprintf(drawing->out, "<path d=\"M%.1f %dl4.5 4.5l-4.5 4.5l-4.5 -4.5z\" fill=\"%s\"/>\n",
            x + 110, y - 8, ink(drawing, PAINT_TEXT, colour));
    label(drawing, x + 122, y, " font-size=\"11\"", PAINT_FAINT, "measured", 40);
}

static void print_heading(const struct drawing *drawing, const json_t *report)
{
    char words[400];
    snprintf(words, sizeof(words), "Drill %s: %.200s", text_of(report, "id"),
             text_of(report, "name"));
    label(drawing, 16, 24, " font-size=\"15\" font-weight=\"600\"", PAINT_TEXT, words, 110);
    snprintf(words, sizeof(words), "%s", report_verdict(report));
    label(drawing, PLOT_RIGHT, 24, " text-anchor=\"end\" font-size=\"13\"",
          report_is_good(report) ? PAINT_RESTORE : PAINT_BREAK, words, 60);
}

static void open_drawing(struct drawing *drawing, const json_t *report)
{
    int top = drawing->in_page ? TOP_IN_PAGE : TOP;
    char colour[24];
    drawing->from_ms = ms_of(report, "from_ms");
    drawing->to_ms = ms_of(report, "to_ms");
    if (drawing->to_ms <= drawing->from_ms)
        drawing->to_ms = drawing->from_ms + 1;
    drawing->y = top;
    drawing->height = top + lanes_height(report) + LEGEND_HEIGHT;
    fprintf(drawing->out,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\" "
            "height=\"%d\" role=\"img\" aria-label=\"Timeline of the drill\" "
            "font-family=\"system-ui,-apple-system,Segoe UI,Roboto,Helvetica,Arial,sans-serif\" "
            "font-size=\"12.5\">\n",
            WIDTH, drawing->height, WIDTH, drawing->height);
    print_patterns(drawing);
    if (drawing->in_page)
        return;
    fprintf(drawing->out, "<rect width=\"%d\" height=\"%d\" fill=\"%s\"/>\n", WIDTH,
            drawing->height, ink(drawing, PAINT_GROUND, colour));
    print_heading(drawing, report);
}

void report_print_svg(FILE *out, const json_t *report, bool in_page)
{
    struct drawing drawing = { .out = out, .in_page = in_page };
    const json_t *restore = json_object_get(report, "restore_ms"), *item;
    size_t index;
    open_drawing(&drawing, report);
    int top = drawing.y, bottom = drawing.height - LEGEND_HEIGHT + 4;
    print_axis(&drawing, top, bottom);
    json_array_foreach(json_object_get(report, "checks"), index, item) print_check(&drawing, item);
    json_array_foreach(json_object_get(report, "questions"), index, item)
        print_question(&drawing, item, restore);
    print_marker(&drawing, 0, top, bottom, PAINT_BREAK, "broken");
    if (json_is_integer(restore))
        print_marker(&drawing, ms_value(restore), top, bottom, PAINT_RESTORE, restore_word(report));
    print_titles(&drawing, report, top);
    print_legend(&drawing, drawing.height - 10);
    fputs("</svg>\n", out);
}
