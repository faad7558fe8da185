/*
 * What is seen while a drill runs.  On a terminal a few lines are drawn over and over, and events
 * scroll by above them; elsewhere there are only the events, a line each.
 */
#include "drill.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define DRAW_MS 200

void live_init(struct drill_live *live, FILE *out)
{
    *live = (struct drill_live){ .out = out, .style = style_of(out), .drawn_at = -DRAW_MS };
}

/* ---- lines ---- */

/* "1:05", "-0:02" */
static const char *clock_text(int64_t ms, char out[32])
{
    int64_t seconds = (ms < 0 ? -ms : ms) / 1000;
    snprintf(out, 32, "%s%" PRId64 ":%02" PRId64, ms < 0 && seconds > 0 ? "-" : "", seconds / 60,
             seconds % 60);
    return out;
}

/* A line of its own, cut where the screen ends: a line that goes on below could not be drawn
 * over. */
static void put_line(FILE *out, const char *line, int width)
{
    for (const char *at = line; *at != '\0'; at++) {
        if (((unsigned char)*at & 0xc0) != 0x80 && width-- <= 1)
            break;
        fputc((unsigned char)*at < ' ' || *at == 0x7f ? '?' : *at, out);
    }
    fputc('\n', out);
}

static void print_title(FILE *out, const struct live_view *view, int width)
{
    char line[512], now[32], of[32];
    if (view->of_ms > 0)
        snprintf(line, sizeof(line), "%.200s: %s, %s of %s", view->title, view->stage,
                 clock_text(view->ms, now), clock_text(view->of_ms, of));
    else
        snprintf(line, sizeof(line), "%.200s: %s, %s", view->title, view->stage,
                 clock_text(view->ms, now));
    put_line(out, line, width);
}

/* The last turn of a check, NULL: it has not turned. */
static const json_t *last_turn(const json_t *turns, const char *check)
{
    const json_t *turn, *last = NULL;
    size_t index;
    json_array_foreach(turns, index, turn)
    {
        if (strcmp(text_of(turn, "check"), check) == 0)
            last = turn;
    }
    return last;
}

static void print_check(FILE *out, const struct live_view *view, const char *check, int width)
{
    char line[512], since[32];
    const json_t *turn = last_turn(json_object_get(view->latest, "turns"), check);
    if (turn == NULL)
        snprintf(line, sizeof(line), "  check %.100s: has not turned", check);
    else
        snprintf(
            line, sizeof(line), "  check %.100s: %s since %s", check,
            json_is_true(json_object_get(turn, "up")) ? "up" : "down",
            clock_text(number_of(turn, "at_ms") - number_of(view->latest, "started_ms"), since));
    put_line(out, line, width);
}

/* Those that the prediction names, and others that turn. */
static int print_checks(FILE *out, const struct live_view *view, int width)
{
    json_t *known = json_object();
    const json_t *watch, *check, *turn;
    size_t i, j;
    int rows = 0;
    json_array_foreach(json_object_get(view->prediction, "watches"), i, watch)
        json_array_foreach(json_object_get(watch, "checks"), j, check)
            json_object_set_new(known, json_string_value(check), json_null());
    json_array_foreach(json_object_get(view->latest, "turns"), i, turn)
        json_object_set_new(known, text_of(turn, "check"), json_null());
    const char *name;
    json_t *nothing;
    json_object_foreach(known, name, nothing)
    {
        print_check(out, view, name, width);
        rows++;
    }
    json_decref(known);
    return rows;
}

static void print_question(FILE *out, const struct live_view *view, unsigned index, int width)
{
    const struct drill_lane *lane = &view->lanes[index];
    struct drill_clocks clocks;
    char line[1024], when[32];
    const char *now = view->now[index];
    size_t size = (size_t)snprintf(line, sizeof(line), "  %.200s %s%s%s: %.200s", lane->name,
                                   lane->type, lane->client[0] != '\0' ? " from " : "",
                                   lane->client, now != NULL ? now : "nothing yet");
    lane_clocks(lane, view->restore_ms, &clocks);
    if (clocks.back_ms != NEVER)
        size += (size_t)snprintf(line + size, sizeof(line) - size, ", back at %s",
                                 clock_text(clocks.back_ms, when));
    else if (clocks.turned_ms != NEVER)
        size += (size_t)snprintf(line + size, sizeof(line) - size, ", turned at %s",
                                 clock_text(clocks.turned_ms, when));
    snprintf(line + size, sizeof(line) - size,
             "; asked %" PRIu64 ", %" PRIu64 " unanswered, %" PRIu64 " empty", lane->asked,
             lane->unanswered, lane->empty);
    put_line(out, line, width);
}

int live_print(FILE *out, const struct live_view *view, const struct style *style, int width)
{
    if (style->colour)
        fputs("\033[1m", out);
    print_title(out, view, width);
    if (style->colour)
        fputs("\033[0m", out);
    int rows = 1 + print_checks(out, view, width);
    for (unsigned i = 0; i < view->lane_count; i++)
        print_question(out, view, i, width);
    return rows + (int)view->lane_count;
}

/* ---- the screen ---- */

void live_clear(struct drill_live *live)
{
    if (live->rows > 0)
        fprintf(live->out, "\033[%dA\r\033[J", live->rows);
    live->rows = 0;
    fflush(live->out);
}

void live_event(struct drill_live *live, int64_t ms, const char *format, ...)
{
    va_list arguments;
    char line[1200], when[32] = "";
    live_clear(live);
    live->drawn_at = -DRAW_MS;
    va_start(arguments, format);
    vsnprintf(line, sizeof(line), format, arguments);
    va_end(arguments);
    if (ms != NEVER)
        snprintf(when, sizeof(when), "%+.1f s", (double)ms / 1000);
    fprintf(live->out, "%10s  ", when);
    print_text(live->out, line);
    fputc('\n', live->out);
    fflush(live->out);
}

void live_draw(struct drill_live *live, const struct live_view *view, int64_t now)
{
    struct winsize window = { 0 };
    if (!live->style.terminal || now - live->drawn_at < DRAW_MS)
        return;
    bool is_known = ioctl(fileno(live->out), TIOCGWINSZ, &window) == 0;
    int width = is_known && window.ws_col > 0 ? window.ws_col : 80;
    char *text = NULL;
    size_t size = 0;
    FILE *buffer = open_memstream(&text, &size);
    if (buffer == NULL)
        return;
    int rows = live_print(buffer, view, &live->style, width);
    fclose(buffer);
    live_clear(live);
    /* More rows than the screen has could not be drawn over. */
    if (!is_known || window.ws_row == 0 || rows < window.ws_row) {
        fwrite(text, 1, size, live->out);
        live->rows = rows;
    }
    fflush(live->out);
    live->drawn_at = now;
    free(text);
}
