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

struct given_option {
    const char *name;
    const char *text; /* what follows it; NULL: it takes nothing */
};

/* An access key; both NULL: requests go unsigned. */
struct credentials {
    char *key;
    char *secret;
};

struct invocation {
    const char *api; /* "unix:PATH", "http://..." or "https://..." */
    const char *ca;  /* file with the certificates to trust; NULL: the system's */
    struct credentials credentials;
    bool json;
    struct given_option *given; /* in the order given */
    int given_count;
    char **words; /* what follows the verb */
    int word_count;
};

struct verb {
    const char *words[2]; /* "zone", "import"; the second may be NULL */
    const char *synopsis; /* what follows the verb */
    const char *summary;  /* one line */
    const char *help;     /* the rest of its --help */
    const char *options;  /* names of those it takes, with blanks between: "ttl name" */
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
int verb_dnssec_enable(const struct invocation *invocation);
int verb_dnssec_status(const struct invocation *invocation);
int verb_dnssec_ds(const struct invocation *invocation);
int verb_dnssec_rotate(const struct invocation *invocation);
int verb_dnssec_disable(const struct invocation *invocation);
int verb_health_create(const struct invocation *invocation);
int verb_health_list(const struct invocation *invocation);
int verb_health_show(const struct invocation *invocation);
int verb_health_update(const struct invocation *invocation);
int verb_health_watch(const struct invocation *invocation);
int verb_health_history(const struct invocation *invocation);
int verb_health_set(const struct invocation *invocation);
int verb_health_clear(const struct invocation *invocation);
int verb_health_delete(const struct invocation *invocation);
int verb_collection_create(const struct invocation *invocation);
int verb_collection_list(const struct invocation *invocation);
int verb_collection_show(const struct invocation *invocation);
int verb_collection_put(const struct invocation *invocation);
int verb_collection_remove(const struct invocation *invocation);
int verb_collection_delete(const struct invocation *invocation);
int verb_resource_set(const struct invocation *invocation);
int verb_resource_list(const struct invocation *invocation);
int verb_resource_show(const struct invocation *invocation);
int verb_resource_delete(const struct invocation *invocation);
int verb_alarm_set(const struct invocation *invocation);
int verb_alarm_list(const struct invocation *invocation);
int verb_alarm_delete(const struct invocation *invocation);
int verb_control_create(const struct invocation *invocation);
int verb_control_set(const struct invocation *invocation);
int verb_control_list(const struct invocation *invocation);
int verb_control_delete(const struct invocation *invocation);
int verb_rule_create(const struct invocation *invocation);
int verb_rule_list(const struct invocation *invocation);
int verb_rule_delete(const struct invocation *invocation);
int verb_shift_start(const struct invocation *invocation);
int verb_shift_list(const struct invocation *invocation);
int verb_shift_update(const struct invocation *invocation);
int verb_shift_cancel(const struct invocation *invocation);
int verb_location_import(const struct invocation *invocation);
int verb_location_export(const struct invocation *invocation);
int verb_location_show(const struct invocation *invocation);
int verb_latency_import(const struct invocation *invocation);
int verb_latency_export(const struct invocation *invocation);
int verb_explain(const struct invocation *invocation);
int verb_simulate(const struct invocation *invocation);
int verb_drill_run(const struct invocation *invocation);
int verb_drill_predict(const struct invocation *invocation);
int verb_drill_list(const struct invocation *invocation);
int verb_drill_restore(const struct invocation *invocation);
int verb_drill_report(const struct invocation *invocation);
int verb_key_create(const struct invocation *invocation);
int verb_key_list(const struct invocation *invocation);
int verb_key_delete(const struct invocation *invocation);
int verb_audit(const struct invocation *invocation);
int verb_aws_env(const struct invocation *invocation);
int verb_dev_cert(const struct invocation *invocation);
int verb_status(const struct invocation *invocation);
int verb_check_config(const struct invocation *invocation);

/* The table of them is in verbs.c. */
extern const struct verb verbs[];
extern const size_t verb_count;

/* ---- options: the table of them is in options.c ---- */

#define OPTIONS_OF_EVERY_VERB "api ca key-file json help version"

/* Reads all options, and leaves the words.  false: the user has been told what is wrong.  The
 * caller frees invocation->given in any case. */
bool options_read(int argc, char **argv, struct invocation *invocation);

/* Whether a verb that takes these options takes all that were given; false: the user was told. */
bool options_check(const struct invocation *invocation, const char *taken);

/* The help of the options named in the list, on stdout. */
void options_print(const char *names);

bool option_given(const struct invocation *invocation, const char *name);

/* What follows the option, never empty; NULL when it was not given. */
const char *option_text(const struct invocation *invocation, const char *name);

/* The next of an option that may be given several times; NULL: no more.  *cursor begins at 0. */
const char *option_each(const struct invocation *invocation, const char *name, int *cursor);

/* The whole number that follows it.  EXIT_USAGE: it is none, or not given; the user was told. */
int option_number(const struct invocation *invocation, const char *name, json_int_t *out_number);

/* "a,b,c" as a list; several times the option are one list.  The caller's reference. */
json_t *option_list(const struct invocation *invocation, const char *name);

/* Who does this, for what keeps its owner's name: --owner, else the login name. */
const char *option_owner(const struct invocation *invocation);

/* ---- access keys: credentials.c ---- */

/* The key that --key-file names or the environment has, or none.  false: the user has been told
 * what is wrong.  The caller finishes it. */
bool credentials_find(const struct invocation *invocation, struct credentials *out_credentials);
void credentials_finish(struct credentials *credentials);

/* Makes an access key as --read-only, --zone and --comment say; the reply as of
 * client_ask_or_print. */
int key_make(const struct invocation *invocation, json_t **out_key);

/* ---- times: times.c ---- */

/* Milliseconds since 1970 as "2026-11-21T07:00:00+01:00", in the time zone of whoever looks; "-"
 * for 0. */
const char *local_time(json_int_t unix_ms, char out[32]);

json_int_t client_now_ms(void); /* Unix milliseconds */

/* "90 s", "3 min", "2 days". */
const char *span_of_time(json_int_t seconds, char out[32]);

/* "2026-11-21T03:00:00Z" as seconds since 1970; 0: it is no such time. */
json_int_t utc_seconds(const char *text);

/* "in 3 days", "now", or "5 min ago" for a number of seconds below 0. */
const char *time_ahead(json_int_t seconds, char out[40]);

/* "90" and "90s" are seconds, "10m" minutes, "2h" hours, "1d" a day.  false: it is none of these,
 * or more than 68 years. */
bool duration_read(const char *text, json_int_t *out_seconds);

/* The time that follows an option, more than 0 seconds.  EXIT_USAGE: it is none, or not given; the
 * user was told. */
int option_duration(const struct invocation *invocation, const char *name, json_int_t *out_seconds);

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

/* The same; with --json the reply has been printed, and *out_reply is NULL, as it is when it
 * failed; the caller then ends with the result. */
int client_ask_or_print(const struct invocation *invocation, const struct request *request,
                        json_t **out_reply);

/* The whole of a plain verb: sends the document (NULL: no body) and does that.  Takes over the
 * path and the document. */
int client_exchange(const struct invocation *invocation, const char *method, char *path,
                    json_t *document, json_t **out_reply);

/* The same for a verb that sends a file ("-": standard input), with progress under that title. */
int client_upload(const struct invocation *invocation, char *url, const char *path,
                  const char *title, json_t **out_reply);

/* Whether requests go over a socket of this machine; they are never signed then. */
bool client_is_local(const struct invocation *invocation);

/* What the server shall call the file in its messages. */
const char *client_file_name(const char *path);

/* Whether the words and options can stand in JSON; false: the user has been told. */
bool client_is_utf8(const struct invocation *invocation);

/* A path: printf with every %s argument percent-encoded.  The caller frees it; never NULL. */
char *client_path(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Adds "?NAME=VALUE" or "&NAME=VALUE" to a path that was made so, and returns it in its place;
 * nothing when the value is NULL. */
char *client_path_argument(char *path, const char *name, const char *value);

/* The AWS Region of an alarm that is given without one. */
#define ALARM_REGION_DEFAULT "us-east-1"

/* ---- record sets: record.c, record_set.c ---- */

/* Sends a list of changes, whose reference it takes over, to the zone of the first word. */
json_t *record_send(const struct invocation *invocation, json_t *changes);

/* Says what has been done to the records of the second and third word, or prints the JSON; takes
 * over the reply.  which: more about them, or "". */
int record_report(const struct invocation *invocation, json_t *reply, const char *done,
                  const char *which);

/* The UPSERT that the words and options of "record set" ask for. */
int record_build(const struct invocation *invocation, json_t **out_change);

/* A listing of record sets as a table. */
void record_print(const json_t *reply, FILE *out);

/* ---- signed zones: dnssec_print.c ---- */

/* The key-signing keys that sign, or should, in the order in which they were made. */
unsigned dnssec_active_keys(const json_t *report, const json_t *out_keys[2]);

/* Their DS or DNSKEY records as lines of a zone file, or what a validator's configuration holds of
 * keys that it trusts without asking a parent. */
enum dnssec_form { DNSSEC_DS, DNSSEC_DNSKEY, DNSSEC_ANCHOR };
void dnssec_print_records(FILE *out, const json_t *report, enum dnssec_form form);

/* The whole report, for a person; and the end of it alone: what is left to do.  The report may have
 * a member that is not the server's: "name_servers" of the zone, for a parent without NS. */
void dnssec_print_page(FILE *out, const json_t *report, json_int_t now_s);
void dnssec_print_advice(FILE *out, const json_t *report);

/* ---- resources: resource.c ---- */

/* The entry that the options of "resource set" ask for. */
int resource_build(const struct invocation *invocation, json_t **out_document);

/* ---- output ---- */

/* "signpost: " and the words, on stderr; returns EXIT_REFUSED. */
int complain(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Prints a document on one line; takes over the reference. */
void print_json(json_t *document);

/* Prints the text in single quotes, as every shell reads it. */
void print_quoted(FILE *out, const char *text);

/* How many characters of UTF-8 the text has: as many columns as most texts take. */
int text_width(const char *text);

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
void table_add_row(struct table *table,
                   const char *const *cells);     /* as many as there are columns */
void table_print(struct table *table, FILE *out); /* and frees the cells */

/* "1,234,567" */
const char *grouped(json_int_t number, char out[32]);

/* Members of a reply; a missing one is "" or 0. */
const char *text_of(const json_t *object, const char *name);
json_int_t number_of(const json_t *object, const char *name);

/* How a person's screen is written on. */
struct style {
    bool utf8;     /* lines, ticks and bars of Unicode, as far as the locale has them */
    bool colour;   /* on a terminal, unless NO_COLOR is set */
    bool terminal; /* somebody looks at it */
};
struct style style_of(FILE *out);

/* Prints what octets of a text are fit for a terminal; others become question marks. */
void print_text(FILE *out, const char *text);

/* What explain and simulate send alike: {"name","type","down","up"}, and "seed" where it is given.
 * NULL: the seed is no number; the user has been told. */
json_t *question_document(const struct invocation *invocation);

/* A reply of the server to explain as a tree; shown apart so that it can be tested. */
void explain_print(FILE *out, const json_t *reply, const struct style *style);

/* ---- simulations ---- */

/* Replies of the server to one question, added up. */
struct tally {
    json_t *result;   /* as one reply would be, and with the labels of the clients */
    json_t *answers;  /* index of each answer, by its text */
    json_t *weighted; /* each group, by what tells it from the others */
};

/* clients: [{"client","label"}]; one reference stays the caller's. */
void tally_init(struct tally *tally, const json_t *clients);
/* Adds a reply whose clients are those from first on.  false: it is not what it should be. */
bool tally_add(struct tally *tally, const json_t *reply, size_t first);
void tally_finish(struct tally *tally);

void simulate_print(FILE *out, const json_t *result, const struct style *style);
void simulate_print_csv(FILE *out, const json_t *result);

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
