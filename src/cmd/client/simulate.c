#include "client.h"

#include "signpost/base/prefix.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define QUERIES_DEFAULT     10000
#define QUERIES_MAX         1000000000 /* a client, in one run */
#define QUERIES_PER_REQUEST 20000      /* so that others come in between, and progress shows */
#define SEED_MAX            ((1ll << 53) - 1)

/* ---- the clients ---- */

/* Those of zones/lab.locations.csv: the laboratory's own, one of each continent that these leave
 * out, and one that is nowhere. */
static json_t *default_clients(void)
{
    static const struct row {
        const char *prefix, *label;
    } rows[] = {
        { "198.51.100.0/24", "us-ca" }, { "192.0.2.0/25", "us" },    { "192.0.2.128/25", "ca" },
        { "2001:db8:1::/48", "br" },    { "203.0.113.0/25", "de" },  { "2001:db8:3::/48", "ke" },
        { "203.0.113.128/25", "cn" },   { "2001:db8:4::/48", "au" }, { "2001:db8:6::/48", "aq" },
        { "198.18.0.0/24", "nowhere" },
    };
    json_t *list = json_array();
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        json_array_append_new(
            list, json_pack("{s:s,s:s}", "client", rows[i].prefix, "label", rows[i].label));
    return list;
}

/* One line of a file of clients.  false: the user has been told. */
static bool add_line(json_t *clients, char *line, const char *file_name, unsigned number)
{
    struct ip_prefix prefix;
    char text[PREFIX_TEXT_SIZE], *rest = NULL;
    line[strcspn(line, "#\r\n")] = '\0';
    const char *first = strtok_r(line, " \t", &rest);
    if (first == NULL)
        return true;
    const char *why = prefix_from_text(&prefix, first);
    if (why != NULL) {
        complain("%s:%u: \"%.100s\" %s", file_name, number, first, why);
        return false;
    }
    rest += strspn(rest, " \t");
    for (size_t size = strlen(rest); size > 0 && strchr(" \t", rest[size - 1]) != NULL; size--)
        rest[size - 1] = '\0';
    json_t *client = json_pack("{s:s,s:s}", "client", prefix_to_text(text, &prefix), "label", rest);
    if (client == NULL)
        complain("%s:%u: the label is not valid UTF-8", file_name, number);
    return client != NULL && json_array_append_new(clients, client) == 0;
}

/* Some editors put U+FEFF in front of a file. */
static char *behind_mark(char *line)
{
    static const char mark[] = "\xef\xbb\xbf";
    return strncmp(line, mark, sizeof(mark) - 1) == 0 ? line + sizeof(mark) - 1 : line;
}

static bool read_lines(json_t *clients, FILE *file, const char *file_name)
{
    char *line = NULL;
    size_t room = 0;
    bool right = true;
    for (unsigned number = 1; right && getline(&line, &room, file) != -1; number++)
        right = add_line(clients, number == 1 ? behind_mark(line) : line, file_name, number);
    free(line);
    if (right && ferror(file)) {
        complain("cannot read %s: %s", file_name, strerror(errno));
        right = false;
    }
    if (right && json_array_size(clients) == 0) {
        complain("%s names no client", file_name);
        right = false;
    }
    return right;
}

/* NULL: the user has been told. */
static json_t *read_clients(const char *path)
{
    bool is_stdin = strcmp(path, "-") == 0;
    FILE *file = is_stdin ? stdin : fopen(path, "re");
    if (file == NULL) {
        complain("cannot read %s: %s", path, strerror(errno));
        return NULL;
    }
    json_t *clients = json_array();
    bool right = read_lines(clients, file, is_stdin ? "standard input" : path);
    if (!is_stdin)
        fclose(file);
    if (right)
        return clients;
    json_decref(clients);
    return NULL;
}

/* ---- the requests ---- */

struct run {
    const struct invocation *invocation;
    const json_t *clients;
    json_t *document; /* of the request, apart from what changes from one to the next */
    json_int_t queries_each;
    struct tally tally;
    struct progress progress;
    uint64_t done;
};

/* Asks for `count` clients from first on, `queries` times each. */
static int ask(struct run *run, size_t first, size_t count, json_int_t queries)
{
    json_t *prefixes = json_array();
    for (size_t i = first; i < first + count; i++)
        json_array_append(prefixes, json_object_get(json_array_get(run->clients, i), "client"));
    json_object_set_new(run->document, "clients", prefixes);
    json_object_set_new(run->document, "queries", json_integer(queries));
    char *text = json_dumps(run->document, JSON_COMPACT);
    struct request request = { .method = "POST", .path = "simulate", .text = text };
    json_t *reply = client_ask(run->invocation, &request);
    free(text);
    if (reply == NULL)
        return EXIT_REFUSED;
    bool right = tally_add(&run->tally, reply, first);
    /* The next request rolls other dice, in a way that can be repeated. */
    json_object_set_new(run->document, "seed",
                        json_integer((number_of(reply, "seed") + 1) & SEED_MAX));
    json_decref(reply);
    run->done += count * (uint64_t)queries;
    return right ? EXIT_DONE : complain("the reply makes no sense; is that a signpostd?");
}

/* One client in many pieces, or many clients at once. */
static int ask_all(struct run *run)
{
    size_t client_count = json_array_size(run->clients);
    json_int_t per_request =
        run->queries_each < QUERIES_PER_REQUEST ? run->queries_each : QUERIES_PER_REQUEST;
    size_t clients_at_once = (size_t)(QUERIES_PER_REQUEST / per_request);
    int rc = EXIT_DONE;
    progress_init(&run->progress, stderr, run->invocation->words[0],
                  (json_int_t)client_count * run->queries_each);
    for (size_t first = 0; first < client_count && rc == EXIT_DONE; first += clients_at_once) {
        size_t count =
            client_count - first < clients_at_once ? client_count - first : clients_at_once;
        for (json_int_t left = run->queries_each; left > 0 && rc == EXIT_DONE;
             left -= per_request) {
            if (run->done > 0)
                progress_show(&run->progress, (int64_t)run->done);
            rc = ask(run, first, count, left < per_request ? left : per_request);
        }
    }
    progress_finish(&run->progress);
    return rc;
}

static int show(const struct run *run)
{
    if (run->invocation->json) {
        print_json(json_incref(run->tally.result));
    } else if (option_given(run->invocation, "csv")) {
        simulate_print_csv(stdout, run->tally.result);
    } else {
        struct style style = style_of(stdout);
        simulate_print(stdout, run->tally.result, &style);
    }
    return EXIT_DONE;
}

static bool read_count(const struct invocation *invocation, json_int_t *out_count)
{
    *out_count = QUERIES_DEFAULT;
    if (!option_given(invocation, "count"))
        return true;
    if (option_number(invocation, "count", out_count) != EXIT_DONE)
        return false;
    if (*out_count >= 1 && *out_count <= QUERIES_MAX)
        return true;
    complain("--count must be from 1 to %d", QUERIES_MAX);
    return false;
}

int verb_simulate(const struct invocation *invocation)
{
    struct run run = { .invocation = invocation };
    const char *file = option_text(invocation, "clients");
    if (invocation->json && option_given(invocation, "csv")) {
        complain("--json and --csv do not go together");
        return EXIT_USAGE;
    }
    if (!client_is_utf8(invocation) || !read_count(invocation, &run.queries_each) ||
        (run.document = question_document(invocation)) == NULL)
        return EXIT_USAGE;
    json_t *clients = file != NULL ? read_clients(file) : default_clients();
    int rc = EXIT_REFUSED;
    if (clients != NULL) {
        run.clients = clients;
        tally_init(&run.tally, clients);
        rc = ask_all(&run);
        if (rc == EXIT_DONE)
            rc = show(&run);
        tally_finish(&run.tally);
    }
    json_decref(clients);
    json_decref(run.document);
    return rc;
}
