/*
 * cmd/client/client.h - the command line, piece by piece: verbs, one HTTP request, output.
 *
 * A verb returns what the process exits with: EXIT_DONE, EXIT_REFUSED or EXIT_USAGE.
 */
#ifndef SIGNPOST_CMD_CLIENT_H
#define SIGNPOST_CMD_CLIENT_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum { EXIT_DONE = 0, EXIT_REFUSED = 1, EXIT_USAGE = 2 };

/* ---- what the user asked ---- */

struct invocation {
    const char *api; /* "unix:PATH", "http://..." or "https://..." */
    bool json;
    bool replace;
    bool force;
    const char *ttl;  /* --ttl, as text */
    const char *name; /* --name */
    const char *type; /* --type */
    char **words;     /* what follows the verb */
    int word_count;
};

struct verb {
    const char *words[2]; /* "zone", "import"; the second may be NULL */
    const char *synopsis; /* what follows the verb */
    const char *summary;  /* one line */
    const char *help;     /* the rest of its --help */
    const char *options;  /* letters of main.c's table that it takes */
    int least, most;      /* words after the verb; most < 0: any number */
    int (*run)(const struct invocation *invocation);
};

int verb_zone_import(const struct invocation *invocation);
int verb_zone_export(const struct invocation *invocation);
int verb_zone_list(const struct invocation *invocation);
int verb_zone_delete(const struct invocation *invocation);
int verb_record_list(const struct invocation *invocation);
int verb_record_set(const struct invocation *invocation);
int verb_record_delete(const struct invocation *invocation);
int verb_status(const struct invocation *invocation);
int verb_check_config(const struct invocation *invocation);

/* ---- one request ---- */

struct progress;

struct request {
    const char *method;
    const char *path; /* below /signpost/v1/, escaped */
    FILE *upload;     /* body from a file, or NULL */
    int64_t upload_size;
    struct progress *progress; /* NULL: none */
    const char *text;          /* body as text, or NULL */
};

struct reply {
    long status; /* of HTTP; 0: nobody answered, and the user has been told */
    char *body;  /* ended by a zero */
    size_t size;
    size_t room;
};

/* Sends and receives.  EXIT_DONE when the server said 2xx; otherwise the reason has been printed
 * (with --json its error object, on stdout).  The reply is the caller's to finish in any case. */
int client_send(const struct invocation *invocation, const struct request *request,
                struct reply *out_reply);
void reply_finish(struct reply *reply);

/* The same, and the reply read as JSON; NULL: it failed, and the user has been told. */
json_t *client_ask(const struct invocation *invocation, const struct request *request);

/* A path: printf with every %s argument percent-encoded.  The caller frees it; never NULL. */
char *client_path(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* ---- output ---- */

/* "signpost: " and the words, on stderr; returns EXIT_REFUSED. */
int complain(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Prints a document on one line; takes over the reference. */
void print_json(json_t *document);

/* A table whose columns are as wide as their widest cell; the last one is not padded. */
struct table {
    unsigned columns;
    unsigned right; /* a bit for each column that is set flush right */
    char **cells;   /* row by row */
    size_t count;
    size_t room;
};

void table_add(struct table *table, const char *cell); /* copies; NULL prints as "-" */
void table_add_number(struct table *table, json_int_t number);
void table_print(struct table *table, FILE *out); /* and frees the cells */

/* "1,234,567" */
const char *grouped(json_int_t number, char out[32]);

/* Members of a reply; a missing one is "" or 0. */
const char *text_of(const json_t *object, const char *name);
json_int_t number_of(const json_t *object, const char *name);

/* ---- progress ---- */

/* One line on a terminal that is written over; silent when out is no terminal. */
struct progress {
    FILE *out;
    const char *what;
    int64_t total;
    int shown;   /* percent on the screen, -1: none yet, 101: "storing" */
    bool active; /* something stands on the line */
    int width;   /* of the terminal */
};

void progress_init(struct progress *progress, FILE *out, const char *what, int64_t total);
void progress_show(struct progress *progress, int64_t done);
void progress_finish(struct progress *progress); /* clears the line */

/* The line itself, for a given width; shown apart so that it can be tested. */
void progress_format(char *out, size_t size, const char *what, int64_t done, int64_t total,
                     int width);

#endif
