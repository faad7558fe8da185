/*
 * signpost: one table of verbs, one table of options.  Options may stand before, between and after
 * the words; "--" ends them, for values that begin with a dash.
 */
#include "client.h"

#include "../config.h"

#include <curl/curl.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

static const struct verb verbs[] = {
    { .words = { "zone", "import" },
      .synopsis = "ORIGIN FILE [--replace]",
      .summary = "bring a zone file in, as a whole or not at all",
      .help = "FILE is a master file (RFC 1035); \"-\" is standard input.  A zone that is there "
              "already is\n"
              "replaced only with --replace, and keeps its id and its name servers.  The default "
              "SOA and\n"
              "name servers are added where the file has none.\n",
      .options = "r",
      .least = 2,
      .most = 2,
      .run = verb_zone_import },
    { .words = { "zone", "export" },
      .synopsis = "ORIGIN",
      .summary = "print a zone as a master file",
      .help = "Importing what was exported gives the same zone again.\n",
      .options = "",
      .least = 1,
      .most = 1,
      .run = verb_zone_export },
    { .words = { "zone", "list" },
      .synopsis = "",
      .summary = "list the zones",
      .help = "",
      .options = "",
      .least = 0,
      .most = 0,
      .run = verb_zone_list },
    { .words = { "zone", "delete" },
      .synopsis = "ORIGIN [--force]",
      .summary = "delete a zone",
      .help =
          "A zone that holds more than its SOA and name servers is deleted only with --force.\n",
      .options = "f",
      .least = 1,
      .most = 1,
      .run = verb_zone_delete },
    { .words = { "record", "list" },
      .synopsis = "ZONE [--name NAME] [--type TYPE]",
      .summary = "list the records of a zone",
      .help = "",
      .options = "nt",
      .least = 1,
      .most = 1,
      .run = verb_record_list },
    { .words = { "record", "set" },
      .synopsis = "ZONE NAME TYPE --ttl N VALUE...",
      .summary = "make a record set, or replace the one that is there",
      .help =
          "NAME is written in full.  Each VALUE is written as in a master file, names in full:\n"
          "  signpost record set lab.test www.lab.test A --ttl 60 192.0.2.1 192.0.2.2\n"
          "  signpost record set lab.test lab.test MX --ttl 300 '10 mail.lab.test'\n"
          "  signpost record set lab.test lab.test TXT --ttl 300 '\"v=spf1 -all\"'\n",
      .options = "T",
      .least = 4,
      .most = -1,
      .run = verb_record_set },
    { .words = { "record", "delete" },
      .synopsis = "ZONE NAME TYPE",
      .summary = "delete a record set with all its values",
      .help = "",
      .options = "",
      .least = 3,
      .most = 3,
      .run = verb_record_delete },
    { .words = { "status" },
      .synopsis = "",
      .summary = "show version, uptime, zones, memory and what was answered",
      .help = "",
      .options = "",
      .least = 0,
      .most = 0,
      .run = verb_status },
    { .words = { "check-config" },
      .synopsis = "[FILE]",
      .summary = "check a configuration file without starting anything",
      .help = "FILE is " CONFIG_PATH_DEFAULT " when it is left out.\n",
      .options = "",
      .least = 0,
      .most = 1,
      .run = verb_check_config },
};

#define VERB_COUNT (sizeof(verbs) / sizeof(verbs[0]))

static const char common_help[] =
    "      --api WHERE   unix:PATH, http://... or https://...; without it the environment "
    "variable\n"
    "                    SIGNPOST_API counts, then unix:" CONFIG_SOCKET_DEFAULT "\n"
    "      --json        print JSON instead of text\n"
    "      --help        print this and exit\n";

/* What each option letter of a verb means in its help. */
static const struct option_help {
    char letter;
    const char *text;
} option_helps[] = {
    { 'r', "      --replace     replace a zone that is there already\n" },
    { 'f', "      --force       delete its records too\n" },
    { 'n', "      --name NAME   only the records of this name\n" },
    { 't', "      --type TYPE   only the records of this type\n" },
    { 'T', "      --ttl N       seconds that resolvers may keep it\n" },
};

/* "zone import ORIGIN FILE [--replace]" */
static const char *usage_line(const struct verb *verb, char out[128])
{
    snprintf(out, 128, "%s%s%s%s%s", verb->words[0], verb->words[1] != NULL ? " " : "",
             verb->words[1] != NULL ? verb->words[1] : "", verb->synopsis[0] != '\0' ? " " : "",
             verb->synopsis);
    return out;
}

static void print_help(void)
{
    char line[128];
    printf("Usage: signpost VERB [ARGUMENT]... [OPTION]...\n"
           "Manages the zones of a running signpostd.\n\n");
    for (size_t i = 0; i < VERB_COUNT; i++)
        printf("  %-46s %s\n", usage_line(&verbs[i], line), verbs[i].summary);
    printf("\n%s      --version     print the version and exit\n", common_help);
    printf("\n'signpost VERB --help' says more of one verb.  Exit status: 0 done, 1 refused or "
           "failed,\n"
           "2 wrong usage.\n");
}

static void print_verb_help(const struct verb *verb)
{
    char line[128];
    printf("Usage: signpost %s\n%c%s.\n\n%s%s", usage_line(verb, line),
           verb->summary[0] - 'a' + 'A', verb->summary + 1, verb->help,
           verb->help[0] != '\0' ? "\n" : "");
    for (size_t i = 0; i < sizeof(option_helps) / sizeof(option_helps[0]); i++)
        if (strchr(verb->options, option_helps[i].letter) != NULL)
            fputs(option_helps[i].text, stdout);
    fputs(common_help, stdout);
}

static int usage(const struct verb *verb)
{
    char line[128];
    if (verb == NULL)
        fprintf(stderr, "Try 'signpost --help'.\n");
    else
        fprintf(stderr, "Usage: signpost %s\n", usage_line(verb, line));
    return EXIT_USAGE;
}

/* The verb that the words begin with; NULL: none, and the user has been told. */
static const struct verb *find_verb(char **words, int count, int *out_used)
{
    bool known_first = false;
    char line[128];
    for (size_t i = 0; i < VERB_COUNT; i++) {
        const struct verb *verb = &verbs[i];
        if (strcmp(verb->words[0], words[0]) != 0)
            continue;
        known_first = true;
        if (verb->words[1] == NULL || (count > 1 && strcmp(verb->words[1], words[1]) == 0)) {
            *out_used = verb->words[1] == NULL ? 1 : 2;
            return verb;
        }
    }
    if (!known_first) {
        complain("\"%s\" is no verb", words[0]);
        return NULL;
    }
    complain("\"%s\" must be followed by one of:", words[0]);
    for (size_t i = 0; i < VERB_COUNT; i++)
        if (strcmp(verbs[i].words[0], words[0]) == 0)
            fprintf(stderr, "  %s\n", usage_line(&verbs[i], line));
    return NULL;
}

/* "zone", "record": a word that verbs begin with, and no verb by itself. */
static bool is_group(const char *word)
{
    for (size_t i = 0; i < VERB_COUNT; i++)
        if (verbs[i].words[1] != NULL && strcmp(verbs[i].words[0], word) == 0)
            return true;
    return false;
}

struct wish {
    bool help;
    bool version;
    char letters[16]; /* of the verbs' own options that were given */
};

/* false: the user has been told what is wrong. */
static bool read_options(int argc, char **argv, struct invocation *invocation, struct wish *wish)
{
    static const struct option options[] = {
        { "api", required_argument, NULL, 'a' },  { "json", no_argument, NULL, 'j' },
        { "help", no_argument, NULL, 'h' },       { "version", no_argument, NULL, 'v' },
        { "replace", no_argument, NULL, 'r' },    { "force", no_argument, NULL, 'f' },
        { "name", required_argument, NULL, 'n' }, { "type", required_argument, NULL, 't' },
        { "ttl", required_argument, NULL, 'T' },  { 0 },
    };
    int letter;
    while ((letter = getopt_long(argc, argv, "h", options, NULL)) != -1) {
        size_t given = strlen(wish->letters);
        switch (letter) {
        case 'a':
            invocation->api = optarg;
            continue;
        case 'j':
            invocation->json = true;
            continue;
        case 'h':
            wish->help = true;
            continue;
        case 'v':
            wish->version = true;
            continue;
        case 'r':
            invocation->replace = true;
            break;
        case 'f':
            invocation->force = true;
            break;
        case 'n':
            invocation->name = optarg;
            break;
        case 't':
            invocation->type = optarg;
            break;
        case 'T':
            invocation->ttl = optarg;
            break;
        default:
            return false;
        }
        if (strchr(wish->letters, letter) == NULL && given + 1 < sizeof(wish->letters))
            wish->letters[given] = (char)letter;
    }
    return true;
}

static bool api_is_right(const char *api)
{
    return (strncmp(api, "unix:", 5) == 0 && api[5] != '\0') || strncmp(api, "http://", 7) == 0 ||
           strncmp(api, "https://", 8) == 0;
}

static int run(const struct verb *verb, struct invocation *invocation, const struct wish *wish)
{
    for (const char *letter = wish->letters; *letter != '\0'; letter++)
        if (strchr(verb->options, *letter) == NULL) {
            complain("this verb does not take that option");
            return usage(verb);
        }
    if (invocation->word_count < verb->least ||
        (verb->most >= 0 && invocation->word_count > verb->most)) {
        complain(invocation->word_count < verb->least ? "something is missing"
                                                      : "there are too many arguments");
        return usage(verb);
    }
    for (int i = 0; i < invocation->word_count; i++)
        if (invocation->words[i][0] == '\0') {
            complain("an argument is empty");
            return usage(verb);
        }
    if (!api_is_right(invocation->api)) {
        complain("--api must be unix:PATH, http://... or https://..., not \"%s\"", invocation->api);
        return EXIT_USAGE;
    }
    return verb->run(invocation);
}

int main(int argc, char **argv)
{
    const char *environment = getenv("SIGNPOST_API");
    struct invocation invocation = { .api = "unix:" CONFIG_SOCKET_DEFAULT };
    struct wish wish = { 0 };
    int used = 0;
    if (environment != NULL && environment[0] != '\0')
        invocation.api = environment;
    if (!read_options(argc, argv, &invocation, &wish))
        return usage(NULL);
    if (wish.version) {
        printf("signpost %s\n", SIGNPOST_VERSION);
        return EXIT_DONE;
    }
    if (optind == argc) {
        if (!wish.help)
            return usage(NULL);
        print_help();
        return EXIT_DONE;
    }
    if (wish.help && argc - optind == 1 && is_group(argv[optind])) {
        print_help();
        return EXIT_DONE;
    }
    const struct verb *verb = find_verb(argv + optind, argc - optind, &used);
    if (verb == NULL)
        return usage(NULL);
    if (wish.help) {
        print_verb_help(verb);
        return EXIT_DONE;
    }
    invocation.words = argv + optind + used;
    invocation.word_count = argc - optind - used;
    curl_global_init(CURL_GLOBAL_DEFAULT);
    int rc = run(verb, &invocation, &wish);
    curl_global_cleanup();
    if (fflush(stdout) != 0 && rc == EXIT_DONE)
        rc = complain("cannot write the output");
    return rc;
}
