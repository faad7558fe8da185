/*
 * The verbs of failover drills: what goes to which file, and what the process exits with.
 */
#include "drill.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define EVERY_MS 100

/* ---- predictions ---- */

/* What is to be expected of a definition; NULL: the user has been told why not. */
static json_t *ask_prediction(const struct invocation *invocation, const json_t *definition)
{
    char *text = json_dumps(definition, JSON_COMPACT);
    struct request request = { .method = "POST", .path = "drills/predict", .text = text };
    json_t *prediction = client_ask(invocation, &request);
    free(text);
    return prediction;
}

static int predict(const struct invocation *invocation, const json_t *definition)
{
    json_t *prediction = ask_prediction(invocation, definition);
    struct style style = style_of(stdout);
    if (prediction == NULL)
        return EXIT_REFUSED;
    if (invocation->json)
        print_json(json_incref(prediction));
    else
        prediction_print(stdout, prediction, &style);
    json_decref(prediction);
    return EXIT_DONE;
}

int verb_drill_predict(const struct invocation *invocation)
{
    json_t *definition = NULL;
    if (!client_is_utf8(invocation))
        return EXIT_USAGE;
    int rc = drill_define(invocation, &definition);
    if (rc == EXIT_DONE)
        rc = predict(invocation, definition);
    json_decref(definition);
    return rc;
}

/* ---- forms ---- */

static void print_svg(FILE *out, const json_t *report)
{
    report_print_svg(out, report, false);
}

/* Writes a form to a file; "-" is standard output. */
static int write_form(const char *path, const json_t *report,
                      void (*print)(FILE *out, const json_t *report))
{
    if (strcmp(path, "-") == 0) {
        print(stdout, report);
        return EXIT_DONE;
    }
    FILE *file = fopen(path, "we");
    if (file == NULL)
        return complain("cannot write %s: %s", path, strerror(errno));
    print(file, report);
    bool failed = ferror(file) != 0;
    if (fclose(file) != 0 || failed)
        return complain("cannot write %s: %s", path, strerror(errno));
    return EXIT_DONE;
}

static bool is_output(const char *path)
{
    return path != NULL && strcmp(path, "-") == 0;
}

/* Standard output holds one form, so that a program can read it.  false: the user has been told. */
static bool forms_are_apart(const struct invocation *invocation, const char *html)
{
    unsigned count = invocation->json;
    count += is_output(option_text(invocation, html));
    count += is_output(option_text(invocation, "svg"));
    if (count > 1)
        complain("standard output is for one form: --json, --%s - or --svg -", html);
    return count <= 1;
}

/* A drill takes long, so whether its files can be written is seen to before it breaks anything.
 * false: the user has been told. */
static bool is_writable(const char *path)
{
    if (path == NULL || is_output(path))
        return true;
    struct stat status;
    const char *slash = strrchr(path, '/');
    char *folder = slash == NULL ? strdup(".") : strndup(path, (size_t)(slash - path) + 1);
    bool is_there = stat(path, &status) == 0;
    int error = 0;
    if (is_there && S_ISDIR(status.st_mode))
        error = EISDIR;
    else if (folder != NULL && access(is_there ? path : folder, W_OK) != 0)
        error = errno;
    if (error != 0)
        complain("cannot write %s: %s; nothing was broken", path, strerror(error));
    free(folder);
    return error == 0;
}

static int write_files(const struct invocation *invocation, const char *html, const json_t *report)
{
    const char *page = option_text(invocation, html), *svg = option_text(invocation, "svg");
    int rc = EXIT_DONE;
    if (page != NULL && write_form(page, report, report_print_html) != EXIT_DONE)
        rc = EXIT_REFUSED;
    if (svg != NULL && write_form(svg, report, print_svg) != EXIT_DONE)
        rc = EXIT_REFUSED;
    return rc;
}

static void show(const struct invocation *invocation, const char *html, json_t *report)
{
    struct style style = style_of(stdout);
    if (invocation->json)
        print_json(json_incref(report));
    else if (!is_output(option_text(invocation, html)) &&
             !is_output(option_text(invocation, "svg")))
        report_print(stdout, report, &style);
}

/* ---- run ---- */

/* The first address that the daemon listens on, where --server does not say another.  The caller
 * frees; NULL: the user has been told. */
static char *find_server(const struct invocation *invocation)
{
    const char *given = option_text(invocation, "server");
    struct request request = { .method = "GET", .path = "status" };
    if (given != NULL)
        return strdup(given);
    json_t *status = client_ask(invocation, &request);
    const char *listen = json_string_value(json_array_get(json_object_get(status, "listen"), 0));
    char *server = listen != NULL ? strdup(listen) : NULL;
    if (status != NULL && listen == NULL)
        complain("the daemon does not say where it listens; say it with --server ADDRESS@PORT");
    json_decref(status);
    return server;
}

static int read_every(const struct invocation *invocation, int64_t *out_ms)
{
    json_int_t ms = EVERY_MS;
    if (option_given(invocation, "every") && option_number(invocation, "every", &ms) != EXIT_DONE)
        return EXIT_USAGE;
    if (ms < DRILL_EVERY_MS_MIN || ms > 60000) {
        complain("--every must be from %d to 60000 milliseconds", DRILL_EVERY_MS_MIN);
        return EXIT_USAGE;
    }
    *out_ms = ms;
    return EXIT_DONE;
}

/* The report belongs to the drill, so that "drill report" shows it later. */
static int keep_report(const struct invocation *invocation, const json_t *report)
{
    char *path = client_path("drills/%s/report", text_of(report, "id"));
    char *text = json_dumps(report, JSON_COMPACT);
    struct invocation quiet = *invocation;
    struct request request = { .method = "PUT", .path = path, .text = text };
    quiet.json = false; /* standard output is for the report */
    json_t *reply = client_ask(&quiet, &request);
    int rc = reply != NULL ? EXIT_DONE : EXIT_REFUSED;
    json_decref(reply);
    free(path);
    free(text);
    return rc;
}

static int finish(const struct invocation *invocation, json_t *report)
{
    int rc = keep_report(invocation, report);
    if (write_files(invocation, "report", report) != EXIT_DONE)
        rc = EXIT_REFUSED;
    show(invocation, "report", report);
    return report_is_good(report) ? rc : EXIT_REFUSED;
}

static int run(const struct invocation *invocation, json_t *definition,
               struct drill_options *options)
{
    char *server = find_server(invocation);
    json_t *prediction = server != NULL ? ask_prediction(invocation, definition) : NULL;
    json_t *report = NULL;
    int rc = EXIT_REFUSED;
    options->server = server;
    options->owner = option_owner(invocation);
    if (prediction != NULL)
        report = drill_perform(invocation, definition, prediction, options);
    if (report != NULL)
        rc = finish(invocation, report);
    json_decref(report);
    json_decref(prediction);
    free(server);
    return rc;
}

int verb_drill_run(const struct invocation *invocation)
{
    struct drill_options options = { 0 };
    json_t *definition = NULL;
    if (!client_is_utf8(invocation) || read_every(invocation, &options.every_ms) != EXIT_DONE ||
        !forms_are_apart(invocation, "report"))
        return EXIT_USAGE;
    if (!is_writable(option_text(invocation, "report")) ||
        !is_writable(option_text(invocation, "svg")))
        return EXIT_REFUSED;
    int rc = drill_define(invocation, &definition);
    if (rc == EXIT_DONE)
        rc = option_given(invocation, "predict") ? predict(invocation, definition)
                                                 : run(invocation, definition, &options);
    json_decref(definition);
    return rc;
}

/* ---- what has been ---- */

int verb_drill_list(const struct invocation *invocation)
{
    static const char *const heads[] = { "ID", "STATE", "STARTED", "OWNER", "REPORT", "NAME" };
    struct table table = { .columns = 6 };
    json_t *reply;
    const json_t *drill;
    size_t index;
    char when[32];
    int rc = client_exchange(invocation, "GET", client_path("drills"), NULL, &reply);
    const json_t *drills = json_object_get(reply, "drills");
    if (json_array_size(drills) > 0)
        table_add_row(&table, heads);
    else if (reply != NULL)
        fprintf(stderr, "There was no drill yet; 'signpost drill run' makes one.\n");
    json_array_foreach(drills, index, drill)
    {
        bool has_report = json_is_true(json_object_get(drill, "has_report"));
        const char *cells[] = { text_of(drill, "id"),
                                text_of(drill, "state"),
                                local_time(number_of(drill, "started_ms"), when),
                                text_of(drill, "owner"),
                                has_report ? "yes" : "no",
                                text_of(drill, "name") };
        table_add_row(&table, cells);
    }
    table_print(&table, stdout);
    json_decref(reply);
    return rc;
}

/* For a drill whose command was killed: its end would come by itself, but later. */
int verb_drill_restore(const struct invocation *invocation)
{
    json_t *reply;
    int rc = client_exchange(invocation, "POST",
                             client_path("drills/%s/restore", invocation->words[0]), NULL, &reply);
    if (reply != NULL)
        printf("drill %s: %s\n", text_of(reply, "id"), text_of(reply, "state"));
    json_decref(reply);
    return rc;
}

int verb_drill_report(const struct invocation *invocation)
{
    if (!forms_are_apart(invocation, "html"))
        return EXIT_USAGE;
    char *path = client_path("drills/%s/report", invocation->words[0]);
    struct request request = { .method = "GET", .path = path };
    json_t *report = client_ask(invocation, &request);
    free(path);
    if (report == NULL)
        return EXIT_REFUSED;
    int rc = write_files(invocation, "html", report);
    if (invocation->json || (!option_given(invocation, "html") && !option_given(invocation, "svg")))
        show(invocation, "html", report);
    json_decref(report);
    return rc;
}
