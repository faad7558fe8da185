/*
 * One table of all options.  To add one: a row here (FLAG takes nothing, TEXT something, EACH may
 * be given several times; a row in full where it has a letter too), its name among the `options` of
 * each verb that takes it (verbs.c), and a paragraph under OPTIONS of the manual page.  The verb
 * asks for it with option_given, option_text, option_number or option_each.  An option means the
 * same to every verb that takes it, and the rows stand in the order in which the help of a verb
 * shows them.
 */
#include "client.h"

#include "../config.h"

#include <errno.h>
#include <getopt.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct option_row {
    const char *name;
    const char *argument; /* what the help calls it; NULL: it takes none */
    const char *help;     /* lines are set off by '\n' */
    bool repeats;         /* may be given several times */
    char letter;          /* the same in short; 0: there is none */
};

#define FLAG(option, words)                                                                        \
    {                                                                                              \
        .name = (option), .help = (words)                                                          \
    }
#define TEXT(option, what, words)                                                                  \
    {                                                                                              \
        .name = (option), .argument = (what), .help = (words)                                      \
    }
#define EACH(option, what, words)                                                                  \
    {                                                                                              \
        .name = (option), .argument = (what), .help = (words), .repeats = true                     \
    }

static const struct option_row rows[] = {
    /* zones */
    FLAG("replace", "replace a zone that is there already"),
    FLAG("force", "zone: delete its records too; dev-cert: write over a certificate"),

    /* records */
    TEXT("name", "NAME", "only the records of this name"),
    TEXT("type", "TYPE", "only the records of this type"),
    TEXT("ttl", "N", "seconds that resolvers may keep it"),
    TEXT("id", "TEXT", "the set identifier: which of a group"),
    FLAG("all", "the whole group"),
    TEXT("policy", "POLICY",
         "weighted, latency, failover, geolocation, geoproximity, multivalue\n"
         "or cidr; the other options tell it, except for geoproximity with\na Region and no bias"),
    TEXT("weight", "N", "0 to 255: the share of a weighted set"),
    TEXT("region", "REGION", "AWS Region, such as eu-west-1"),
    TEXT("failover", "ROLE", "PRIMARY or SECONDARY"),
    TEXT("continent", "CODE", "clients there: AF, AN, AS, EU, NA, OC or SA"),
    TEXT("country", "CODE", "clients there, two letters; '*' is the default"),
    TEXT("subdivision", "CODE", "only the clients there, such as CA with --country US"),
    TEXT("local-zone", "GROUP", "Local Zone group, such as us-west-2-den-1"),
    TEXT("coordinates", "LAT,LON", "degrees, such as 47.60,-122.33"),
    TEXT("bias", "N", "-99 to 99: draws more clients to a place, or fewer"),
    FLAG("multivalue", "one of several that are answered together"),
    TEXT("collection", "NAME", "CIDR collection, by its name or its id"),
    TEXT("location", "NAME", "clients there; '*' is the default"),
    TEXT("check", "ID", "health check of the set"),
    TEXT("alias", "NAME", "answer with what NAME has, instead of values"),
    TEXT("alias-zone", "ID",
         "hosted zone id of NAME; left out, it is the zone itself when NAME\n"
         "lies in it, and a registered resource otherwise"),
    FLAG("evaluate-health", "the alias is as healthy as what it leads to"),

    /* signed zones */
    FLAG("dnskey", "the DNSKEY records instead, for parents that want those"),
    FLAG("anchor", "the keys to trust where no parent is, as BIND and delv read them"),
    FLAG("zsk", "the zone-signing key, not the key-signing key"),
    FLAG("finish", "the parent has the new DS record: delete the old key"),
    FLAG("parent-changed", "with --finish: believe that of a parent that is elsewhere"),
    FLAG("cancel", "the parent never got the new DS record: delete the new key"),
    FLAG("parent-unchanged", "with --cancel: believe that of a parent that is elsewhere"),

    /* resources */
    TEXT("kind", "KIND", "what it is, such as application-load-balancer"),
    EACH("zone", "ZONE",
         "resource: AZ=ADDRESS, an availability zone and its addresses, set\n"
         "off by commas; key and audit: a hosted zone, lab.test"),
    EACH("targets", "GROUP=COUNTS",
         "a target group, and how many of its targets are healthy:\nweb=2/3"),
    FLAG("unhealthy", "it is down, whatever its targets are"),

    /* health checks */
    TEXT("domain", "NAME", "name in the Host header and in TLS, beside an address"),
    TEXT("address", "ADDRESS", "where to connect instead"),
    TEXT("port", "N", "port to connect to"),
    TEXT("path", "PATH", "what to ask for, such as /health"),
    TEXT("search", "TEXT", "text that must be in the first 5120 octets of the body"),
    TEXT("interval", "SECONDS", "time between two looks of a checker, 10 or 30; without it 30"),
    TEXT("threshold", "N", "results in a row that turn a checker, 1 to 10"),
    FLAG("measure-latency", "keep the times of connections and first octets"),
    TEXT("regions", "REGIONS", "of checkers: us-east-1,eu-west-1,...; a check has at least 3"),
    FLAG("sni", "name the host in TLS, which is so from the start"),
    FLAG("no-sni", "do not name the host in TLS"),
    TEXT("of", "IDS", "up when all of these checks are: web-1,web-2"),
    TEXT("any", "IDS", "up when one of these checks is"),
    TEXT("at-least", "N", "so many of them, instead of all"),
    TEXT("alarm", "NAME", "as healthy as this alarm, of --region or us-east-1"),
    TEXT("no-data", "STATE", "while the alarm has no data: healthy, unhealthy or last"),
    TEXT("control", "NAME", "as healthy as this routing control is on"),
    FLAG("invert", "down counts as up, and up as down; a rule wants the opposite"),
    FLAG("no-invert", "count as it is seen"),
    FLAG("disable", "stop looking; it counts as up"),
    FLAG("enable", "look again"),
    EACH("reset", "FIELD",
         "back to nothing: fully_qualified_domain_name, resource_path,\n"
         "regions or child_health_checks"),
    TEXT("version-seen", "N", "only if nobody has changed it since version N"),
    TEXT("every", "N",
         "health watch: seconds until the screen is drawn again;\n"
         "drill: milliseconds until a question is asked again, 100"),

    /* routing controls and zonal shifts */
    TEXT("panel", "PANEL", "control panel; without it \"default\""),
    TEXT("assert", "CONTROLS", "what must be on after each change of them: cell-1,cell-2"),
    TEXT("gate", "CONTROLS", "what must be on before a target may change"),
    TEXT("target", "CONTROLS", "what the gate is for"),
    FLAG("all-of", "all of the controls must be on"),
    FLAG("any-of", "one of the controls must be on"),
    TEXT("wait", "MS", "milliseconds between two changes; without it 5000"),
    EACH("break-glass", "RULE", "do it although this safety rule refuses"),
    TEXT("away-from", "AZ", "availability zone that is left"),
    TEXT("comment", "TEXT", "what to remember of it"),

    /* what is done for a while */
    TEXT("for", "TIME", "how long, such as 10m or 2h; undone afterwards"),
    TEXT("owner", "NAME", "whose doing it is; without it the login name"),
    TEXT("reason", "TEXT", "what it is for"),

    /* drills */
    EACH("break", "WHAT",
         "what breaks: check=ID[:up|down], region=REGION, zone=AZ,\n"
         "control=NAME[:On|Off] or hook=COMMAND"),
    EACH("restore", "COMMAND", "what restores the hook before it"),
    EACH("turns", "ID", "a check that the hook before it is to turn"),
    EACH("watch", "QUESTION", "what is asked all the time: 'NAME TYPE' or\n'NAME TYPE PREFIX'"),
    TEXT("settle", "TIME", "how long to go on asking at most once all is restored"),
    TEXT("turned-within", "TIME", "objective: other answers so soon after the break"),
    TEXT("back-within", "TIME", "objective: the answers of before so soon after restoring"),
    TEXT("cached-within", "TIME", "objective: so soon no cache holds an old answer"),
    FLAG("never-empty", "objective: never an answer without records"),
    TEXT("server", "ADDRESS", "ADDRESS@PORT of DNS; without it the daemon says where"),
    FLAG("predict", "tell what is to be expected, and break nothing"),
    TEXT("report", "FILE", "write the report as a page, HTML"),
    TEXT("html", "FILE", "write the report as a page, HTML"),
    TEXT("svg", "FILE", "write the timeline as a picture, SVG"),

    /* access keys and certificates */
    FLAG("read-only", "the key may look at everything and change nothing"),
    TEXT("key", "ID", "only what was done with this access key"),
    TEXT("limit", "N", "so many lines, 1 to 1000; without it 100"),
    FLAG("new-key", "make an access key for it"),
    TEXT("directory", "DIR", "where the files go; without it signpost-tls"),
    EACH("host", "NAME", "another name or address that the certificate is for"),

    /* why, and what if */
    TEXT("from", "PREFIX", "the client's network, such as 198.51.100.0/24"),
    TEXT("clients", "FILE", "the clients' networks, one a line; a label may follow"),
    { .name = "count",
      .argument = "N",
      .help = "how often each client asks; without it 10000",
      .letter = 'n' },
    EACH("down", "ID", "suppose that this health check is down"),
    EACH("up", "ID", "suppose that this health check is up"),
    TEXT("seed", "N", "roll the dice as in the run that had this seed"),
    FLAG("csv", "print comma-separated values"),

    /* every verb */
    EACH("api", "WHERE",
         "unix:PATH, http://... or https://...; without it the environment\n"
         "variable SIGNPOST_API counts, then\nunix:" CONFIG_SOCKET_DEFAULT),
    TEXT("ca", "FILE",
         "certificates to trust at https://..., PEM; without it AWS_CA_BUNDLE\n"
         "counts, then what the system trusts"),
    TEXT("key-file", "FILE",
         "access key that signs requests over TCP, written as in\n"
         "~/.aws/credentials; without it AWS_ACCESS_KEY_ID and\n"
         "AWS_SECRET_ACCESS_KEY count"),
    FLAG("json", "print JSON instead of text"),
    { .name = "help", .help = "print this and exit", .letter = 'h' },
    FLAG("version", "print the version and exit"),
};

#define ROW_COUNT   (sizeof(rows) / sizeof(rows[0]))
#define HELP_COLUMN 30 /* where the help of an option begins; "--coordinates LAT,LON" fits */
#define FIRST_VALUE 256

/* Whether a list such as "name type ttl" has the word. */
static bool has_word(const char *list, const char *word)
{
    size_t size = strlen(word);
    for (const char *at = list; (at = strstr(at, word)) != NULL; at += size)
        if ((at == list || at[-1] == ' ') && (at[size] == ' ' || at[size] == '\0'))
            return true;
    return false;
}

/* ---- reading ---- */

static void list_for_getopt(struct option out_list[ROW_COUNT + 1])
{
    for (size_t i = 0; i < ROW_COUNT; i++)
        out_list[i] =
            (struct option){ .name = rows[i].name,
                             .has_arg = rows[i].argument != NULL ? required_argument : no_argument,
                             .val = FIRST_VALUE + (int)i };
    out_list[ROW_COUNT] = (struct option){ 0 };
}

/* "hn:" and so on. */
static void letters_for_getopt(char out_letters[2 * ROW_COUNT + 1])
{
    for (size_t i = 0; i < ROW_COUNT; i++) {
        if (rows[i].letter == 0)
            continue;
        *out_letters++ = rows[i].letter;
        if (rows[i].argument != NULL)
            *out_letters++ = ':';
    }
    *out_letters = '\0';
}

/* The row of what getopt_long has found. */
static const struct option_row *row_of(int value)
{
    if (value >= FIRST_VALUE)
        return &rows[value - FIRST_VALUE];
    const struct option_row *row = rows;
    while (row->letter != value)
        row++;
    return row;
}

/* false: the user has been told what is wrong. */
static bool take(struct invocation *invocation, const struct option_row *row, const char *text)
{
    if (text != NULL && text[0] == '\0') {
        complain("what follows --%s is empty", row->name);
        return false;
    }
    if (row->argument != NULL && !row->repeats && option_given(invocation, row->name)) {
        complain("--%s is given twice", row->name);
        return false;
    }
    invocation->given[invocation->given_count++] = (struct given_option){ row->name, text };
    return true;
}

bool options_read(int argc, char **argv, struct invocation *invocation)
{
    struct option list[ROW_COUNT + 1];
    char letters[2 * ROW_COUNT + 1];
    int value;
    list_for_getopt(list);
    letters_for_getopt(letters);
    invocation->given = calloc((size_t)argc + 1, sizeof(*invocation->given));
    if (invocation->given == NULL) {
        complain("no memory");
        return false;
    }
    while ((value = getopt_long(argc, argv, letters, list, NULL)) != -1)
        if (value == '?' || !take(invocation, row_of(value), optarg))
            return false;
    invocation->words = argv + optind;
    invocation->word_count = argc - optind;
    if (option_given(invocation, "api"))
        invocation->api = option_text(invocation, "api");
    invocation->json = option_given(invocation, "json");
    return true;
}

bool options_check(const struct invocation *invocation, const char *taken)
{
    for (int i = 0; i < invocation->given_count; i++) {
        const char *name = invocation->given[i].name;
        if (!has_word(taken, name) && !has_word(OPTIONS_OF_EVERY_VERB, name)) {
            complain("this verb does not take --%s", name);
            return false;
        }
    }
    return true;
}

void options_print(const char *names)
{
    for (size_t i = 0; i < ROW_COUNT; i++) {
        const struct option_row *row = &rows[i];
        if (!has_word(names, row->name))
            continue;
        bool has_letter = row->letter != 0 && row->argument != NULL;
        int width = has_letter ? printf("  -%c, --", row->letter) : printf("      --");
        width += printf("%s%s%s", row->name, row->argument != NULL ? " " : "",
                        row->argument != NULL ? row->argument : "");
        printf("%*s", HELP_COLUMN - width, "");
        for (const char *at = row->help; *at != '\0'; at++) {
            putchar(*at);
            if (*at == '\n')
                printf("%*s", HELP_COLUMN, "");
        }
        putchar('\n');
    }
}

/* ---- asking ---- */

const char *option_each(const struct invocation *invocation, const char *name, int *cursor)
{
    while (*cursor < invocation->given_count) {
        const struct given_option *given = &invocation->given[(*cursor)++];
        if (strcmp(given->name, name) == 0)
            return given->text;
    }
    return NULL;
}

bool option_given(const struct invocation *invocation, const char *name)
{
    for (int i = 0; i < invocation->given_count; i++)
        if (strcmp(invocation->given[i].name, name) == 0)
            return true;
    return false;
}

const char *option_text(const struct invocation *invocation, const char *name)
{
    const char *text = NULL, *last = NULL;
    int cursor = 0;
    while ((text = option_each(invocation, name, &cursor)) != NULL)
        last = text;
    return last;
}

int option_number(const struct invocation *invocation, const char *name, json_int_t *out_number)
{
    const char *text = option_text(invocation, name);
    const char *digits = text != NULL && text[0] == '-' ? text + 1 : text;
    char *end = NULL;
    errno = 0;
    long long number = text != NULL ? strtoll(text, &end, 10) : 0;
    if (text == NULL || digits[0] < '0' || digits[0] > '9' || *end != '\0' || errno != 0) {
        complain("--%s must be a whole number", name);
        return EXIT_USAGE;
    }
    *out_number = number;
    return EXIT_DONE;
}

json_t *option_list(const struct invocation *invocation, const char *name)
{
    json_t *list = json_array();
    const char *text;
    int cursor = 0;
    while ((text = option_each(invocation, name, &cursor)) != NULL)
        for (;;) {
            size_t size = strcspn(text, ",");
            json_array_append_new(list, json_stringn(text, size));
            if (text[size] == '\0')
                break;
            text += size + 1;
        }
    return list;
}

const char *option_owner(const struct invocation *invocation)
{
    const char *owner = option_text(invocation, "owner");
    const struct passwd *user = owner == NULL ? getpwuid(geteuid()) : NULL;
    if (user != NULL)
        owner = user->pw_name;
    return owner != NULL ? owner : "unknown";
}
