/*
 * signpost health watch: a table on a terminal, drawn again and again in its place; anywhere else,
 * and with --json, a line for every turn.  A turn that is over before we look again is told too:
 * the server keeps them.
 */
#include "health.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

/* ---- asking ---- */

static json_t *get(const struct invocation *invocation, char *path)
{
    struct request request = { .method = "GET", .path = path };
    json_t *reply = client_ask(invocation, &request);
    free(path);
    return reply;
}

/* The checks that are watched: those that were named, or all.  NULL: the user has been told. */
static json_t *fetch(const struct invocation *invocation)
{
    if (invocation->word_count == 0) {
        json_t *reply = get(invocation, client_path("health-checks"));
        json_t *checks = json_incref(json_object_get(reply, "health_checks"));
        json_decref(reply);
        return checks;
    }
    json_t *checks = json_array();
    for (int i = 0; i < invocation->word_count; i++) {
        json_t *check = get(invocation, client_path("health-checks/%s", invocation->words[i]));
        if (check == NULL) {
            json_decref(checks);
            return NULL;
        }
        json_array_append_new(checks, check);
    }
    return checks;
}

/* ---- turns, line by line ---- */

/* Adds what has happened since the last time that is known; false: the user has been told. */
static bool add_turns(const struct invocation *invocation, const char *id, json_t *known,
                      json_t *turns)
{
    char after[32];
    const json_t *event;
    size_t index;
    snprintf(after, sizeof(after), "%" JSON_INTEGER_FORMAT, number_of(known, id));
    char *path = client_path("health-checks/%s/history", id);
    json_t *reply = get(invocation, client_path_argument(path, "after_ms", after));
    const json_t *events = json_object_get(reply, "events");
    if (json_array_size(events) > 0) /* the newest comes first */
        json_object_set(known, id, json_object_get(json_array_get(events, 0), "at_ms"));
    json_array_foreach(events, index, event)
    {
        json_t *turn = json_pack("{s:s}", "id", id);
        json_object_update(turn, (json_t *)event);
        json_array_append_new(turns, turn);
    }
    json_decref(reply);
    return reply != NULL;
}

/* The first turn first; what turns its parents in the same moment comes before them. */
static int compare_turns(const void *a, const void *b)
{
    const json_t *const *x = a, *const *y = b;
    json_int_t x_ms = number_of(*x, "at_ms"), y_ms = number_of(*y, "at_ms");
    if (x_ms != y_ms)
        return x_ms < y_ms ? -1 : 1;
    return (strcmp(text_of(*x, "cause"), "children") == 0) -
           (strcmp(text_of(*y, "cause"), "children") == 0);
}

static void tell(const struct invocation *invocation, const json_t *turns)
{
    size_t count = json_array_size(turns);
    json_t **sorted = calloc(count + 1, sizeof(json_t *));
    if (sorted == NULL) {
        complain("no memory");
        exit(EXIT_REFUSED);
    }
    for (size_t i = 0; i < count; i++)
        sorted[i] = json_array_get(turns, i);
    qsort(sorted, count, sizeof(json_t *), compare_turns);
    for (size_t i = 0; i < count; i++)
        if (invocation->json)
            print_json(json_incref(sorted[i]));
        else
            health_print_turn(stdout, sorted[i]);
    fflush(stdout);
    free(sorted);
}

/* known: by id, until when its turns are known. */
static bool tell_changes(const struct invocation *invocation, const json_t *checks, bool is_first,
                         json_t *known)
{
    json_t *turns = json_array();
    const json_t *check;
    size_t index;
    bool right = true;
    json_array_foreach(checks, index, check)
    {
        const char *id = text_of(check, "id");
        json_t *since = json_object_get(check, "since_ms");
        if (is_first)
            json_object_set(known, id, since);
        else if (right && json_integer_value(since) > number_of(known, id))
            right = add_turns(invocation, id, known, turns);
    }
    tell(invocation, turns);
    json_decref(turns);
    return right;
}

static int watch_turns(const struct invocation *invocation, unsigned every_s)
{
    json_t *known = json_object(), *checks;
    bool right = true;
    for (bool is_first = true; right; is_first = false) {
        if (!is_first)
            sleep(every_s);
        checks = fetch(invocation);
        right = checks != NULL && tell_changes(invocation, checks, is_first, known);
        json_decref(checks);
    }
    json_decref(known);
    return EXIT_REFUSED;
}

/* ---- the table ---- */

#define CURSOR_OFF "\033[?25l"
#define CURSOR_ON  "\r\033[K\033[?25h"

/* Whatever we are at, even waiting for a server that hangs: the terminal gets its cursor back. */
static void on_end(int number)
{
    ssize_t ignored = write(STDOUT_FILENO, CURSOR_ON, sizeof(CURSOR_ON) - 1);
    (void)ignored;
    if (number == SIGINT)
        _exit(EXIT_DONE);
    signal(number, SIG_DFL);
    raise(number);
}

static struct screen measure(void)
{
    struct winsize window = { 0 };
    struct screen screen = { 80, 24, style_of(stdout).colour };
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &window) == 0 && window.ws_col > 0 && window.ws_row > 0) {
        screen.columns = window.ws_col;
        screen.lines = window.ws_row;
    }
    return screen;
}

static int watch_screen(const struct invocation *invocation, unsigned every_s)
{
    unsigned drawn = 0;
    json_t *checks;
    signal(SIGINT, on_end);
    signal(SIGTERM, on_end);
    signal(SIGHUP, on_end);
    fputs(CURSOR_OFF, stdout);
    while ((checks = fetch(invocation)) != NULL) {
        struct screen screen = measure();
        drawn = health_draw(stdout, checks, client_now_ms(), &screen, drawn);
        fflush(stdout);
        json_decref(checks);
        sleep(every_s);
    }
    fputs(CURSOR_ON, stdout);
    return EXIT_REFUSED;
}

/* ---- the verb ---- */

static void on_interrupt(int number)
{
    (void)number;
    _exit(EXIT_DONE);
}

int verb_health_watch(const struct invocation *invocation)
{
    json_int_t every_s = 1;
    if (option_given(invocation, "every") &&
        option_duration(invocation, "every", &every_s) != EXIT_DONE)
        return EXIT_USAGE;
    if (style_of(stdout).terminal && !invocation->json)
        return watch_screen(invocation, (unsigned)every_s);
    signal(SIGINT, on_interrupt);
    return watch_turns(invocation, (unsigned)every_s);
}
