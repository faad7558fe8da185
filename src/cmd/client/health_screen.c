/*
 * The table of health watch, and how it stands on a screen.
 */
#include "health.h"

#include <stdlib.h>
#include <string.h>

static bool is_up(const json_t *check)
{
    return json_is_true(json_object_get(check, "up"));
}

static void print_watched(FILE *out, const json_t *checks, json_int_t now_ms)
{
    static const char *const heads[] = { "ID", "STATE", "FOR", "CHECKS", "WHY" };
    struct table table = { .columns = 5, .right = 1 << 2 | 1 << 3 };
    const json_t *check;
    size_t index;
    char state[32], ago[32], share[32];
    table_add_row(&table, heads);
    json_array_foreach(checks, index, check)
    {
        const json_t *override = json_object_get(check, "override");
        json_int_t since_ms = number_of(check, "since_ms");
        char why[HEALTH_TEXT_SIZE], clean[HEALTH_TEXT_SIZE];
        snprintf(why, sizeof(why), "by %.64s%s%.256s", text_of(override, "owner"),
                 text_of(override, "reason")[0] != '\0' ? ": " : "", text_of(override, "reason"));
        table_add(&table, text_of(check, "id"));
        table_add(&table, health_state(check, state));
        table_add(&table, span_of_time(now_ms > since_ms ? (now_ms - since_ms) / 1000 : 0, ago));
        table_add(&table, health_share(check, share));
        table_add(&table,
                  health_text(json_is_object(override) ? why : text_of(check, "reason"), clean));
    }
    table_print(&table, out);
}

/* As many characters of a line as fit into the columns. */
static void put_cut(FILE *out, const char *line, size_t size, int columns)
{
    int width = 0;
    for (size_t i = 0; i < size; i++) {
        width += ((unsigned char)line[i] & 0xc0) != 0x80;
        if (width > columns)
            return;
        fputc(line[i], out);
    }
}

static void put_line(FILE *out, const char *line, size_t size, const struct screen *screen,
                     bool is_red)
{
    bool in_colour = is_red && screen->colour;
    fputs(in_colour ? "\033[31m" : "", out);
    put_cut(out, line, size, screen->columns);
    fputs(in_colour ? "\033[0m\033[K\n" : "\033[K\n", out);
}

/* Those that are down, then the others; a new list. */
static json_t *down_first(const json_t *checks)
{
    json_t *list = json_array(), *check;
    size_t index;
    for (int up = 0; up <= 1; up++)
        json_array_foreach(checks, index, check)
        {
            if (is_up(check) == (up == 1))
                json_array_append(list, check);
        }
    return list;
}

/* The table, a line for each check below its head; the caller frees.  NULL: no memory. */
static char *make_table(const json_t *checks, json_int_t now_ms)
{
    char *text = NULL;
    size_t size = 0;
    FILE *table = open_memstream(&text, &size);
    if (table == NULL)
        return NULL;
    print_watched(table, checks, now_ms);
    fclose(table);
    return text;
}

static void put_lines(FILE *out, const char *line, size_t count, const json_t *checks,
                      const struct screen *screen)
{
    for (size_t i = 0; i < count; i++) {
        const char *end = strchr(line, '\n');
        put_line(out, line, (size_t)(end - line), screen,
                 i > 0 && !is_up(json_array_get(checks, i - 1)));
        line = end + 1;
    }
}

unsigned health_draw(FILE *out, const json_t *checks, json_int_t now_ms,
                     const struct screen *screen, unsigned drawn)
{
    char more[48];
    size_t total = json_array_size(checks) + 1;                      /* with the head */
    size_t room = screen->lines > 2 ? (size_t)screen->lines - 1 : 1; /* the cursor has the last */
    size_t shown = total <= room ? total : room - 1;
    json_t *order = shown < total ? down_first(checks) : json_incref((json_t *)checks);
    char *text = make_table(order, now_ms);
    if (drawn > 0)
        fprintf(out, "\033[%uA\r", drawn);
    if (text != NULL)
        put_lines(out, text, shown, order, screen);
    if (shown < total) {
        snprintf(more, sizeof(more), "and %zu more", total - shown);
        put_line(out, more, strlen(more), screen, false);
    }
    fputs("\033[J", out);
    free(text);
    json_decref(order);
    return (unsigned)(shown + (shown < total));
}
