/*
 * signpost: one table of verbs, one table of options (options.c).  Options may stand before,
 * between and after the words; "--" ends them, for values that begin with a dash.
 */
#include "client.h"

#include "../config.h"

#include <curl/curl.h>
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
      .options = "replace",
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
      .options = "force",
      .least = 1,
      .most = 1,
      .run = verb_zone_delete },
    { .words = { "record", "list" },
      .synopsis = "ZONE [--name NAME] [--type TYPE] [--id TEXT]",
      .summary = "list the records of a zone",
      .help = "",
      .options = "name type id",
      .least = 1,
      .most = 1,
      .run = verb_record_list },
    { .words = { "record", "set" },
      .synopsis = "ZONE NAME TYPE [OPTION]... [VALUE]...",
      .summary = "make a record set, or replace the one that is there",
      .help =
          "NAME is written in full.  Each VALUE is written as in a master file, names in full:\n"
          "  signpost record set lab.test www.lab.test A --ttl 60 192.0.2.1 192.0.2.2\n"
          "  signpost record set lab.test lab.test MX --ttl 300 '10 mail.lab.test'\n"
          "  signpost record set lab.test lab.test TXT --ttl 300 '\"v=spf1 -all\"'\n"
          "An alias has no TTL and no values, but another name:\n"
          "  signpost record set lab.test lab.test A --alias www.lab.test\n"
          "Sets of one name and type are a group when each has an --id, and options that say when\n"
          "it is the answer:\n"
          "  signpost record set lab.test www.lab.test A --ttl 60 --id blue --weight 70 192.0.2.1\n"
          "  signpost record set lab.test www.lab.test A --ttl 60 --id red --weight 30 192.0.2.2\n"
          "  signpost record set lab.test eu.lab.test A --ttl 60 --id main --failover PRIMARY \\\n"
          "      --check eu-1 192.0.2.3\n"
          "  signpost record set lab.test geo.lab.test A --ttl 60 --id de --country DE 192.0.2.4\n",
      .options = "ttl id policy weight region failover continent country subdivision local-zone "
                 "coordinates bias multivalue collection location check alias alias-zone "
                 "evaluate-health",
      .least = 3,
      .most = -1,
      .run = verb_record_set },
    { .words = { "record", "delete" },
      .synopsis = "ZONE NAME TYPE [--id TEXT] [--all]",
      .summary = "delete a record set with all its values",
      .help = "Of a group it deletes the set with that --id, or with --all every one.\n",
      .options = "id all",
      .least = 3,
      .most = 3,
      .run = verb_record_delete },
    { .words = { "health", "create" },
      .synopsis = "[ID [up|down]]",
      .summary = "make a health check",
      .help = "Without an ID one is drawn.  A check is up until something else is said.\n",
      .options = "",
      .least = 0,
      .most = 2,
      .run = verb_health_create },
    { .words = { "health", "list" },
      .synopsis = "",
      .summary = "list the health checks",
      .help = "",
      .options = "",
      .least = 0,
      .most = 0,
      .run = verb_health_list },
    { .words = { "health", "show" },
      .synopsis = "ID",
      .summary = "show one health check",
      .help = "",
      .options = "",
      .least = 1,
      .most = 1,
      .run = verb_health_show },
    { .words = { "health", "set" },
      .synopsis = "ID up|down",
      .summary = "say that a health check is up or down",
      .help = "Answers follow at once.\n",
      .options = "",
      .least = 2,
      .most = 2,
      .run = verb_health_set },
    { .words = { "health", "delete" },
      .synopsis = "ID",
      .summary = "delete a health check",
      .help = "Record sets that name it go on doing so, and it counts as up.\n",
      .options = "",
      .least = 1,
      .most = 1,
      .run = verb_health_delete },
    { .words = { "collection", "create" },
      .synopsis = "NAME",
      .summary = "make a CIDR collection",
      .help = "",
      .options = "",
      .least = 1,
      .most = 1,
      .run = verb_collection_create },
    { .words = { "collection", "list" },
      .synopsis = "",
      .summary = "list the CIDR collections",
      .help = "",
      .options = "",
      .least = 0,
      .most = 0,
      .run = verb_collection_list },
    { .words = { "collection", "show" },
      .synopsis = "COLLECTION",
      .summary = "show the locations of a collection and their blocks",
      .help = "COLLECTION is its id or its name.\n",
      .options = "",
      .least = 1,
      .most = 1,
      .run = verb_collection_show },
    { .words = { "collection", "put" },
      .synopsis = "COLLECTION LOCATION PREFIX...",
      .summary = "add blocks to a location of a collection",
      .help = "COLLECTION is its id or its name; the location is made when it is new:\n"
              "  signpost collection put office berlin 192.0.2.0/24 2001:db8::/32\n",
      .options = "",
      .least = 3,
      .most = -1,
      .run = verb_collection_put },
    { .words = { "collection", "remove" },
      .synopsis = "COLLECTION LOCATION PREFIX...",
      .summary = "take blocks away from a location",
      .help = "A location that record sets name keeps its last block.\n",
      .options = "",
      .least = 3,
      .most = -1,
      .run = verb_collection_remove },
    { .words = { "collection", "delete" },
      .synopsis = "COLLECTION",
      .summary = "delete a collection with all its blocks",
      .help = "One that record sets name is not deleted.\n",
      .options = "",
      .least = 1,
      .most = 1,
      .run = verb_collection_delete },
    { .words = { "resource", "set" },
      .synopsis = "NAME --kind KIND --zone AZ=ADDRESS... [OPTION]...",
      .summary = "register a simulated resource, or replace it",
      .help =
          "Aliases to NAME get its addresses:\n"
          "  signpost resource set lb1.example --kind application-load-balancer \\\n"
          "      --zone us-east-1a=192.0.2.1,2001:db8::1 --zone us-east-1b=192.0.2.2 \\\n"
          "      --targets web=2/3\n"
          "KIND is application-load-balancer, network-load-balancer, classic-load-balancer,\n"
          "cloudfront, s3-website, api-gateway, beanstalk, vpc-endpoint, global-accelerator or\n"
          "other.\n",
      .options = "kind ttl zone targets unhealthy",
      .least = 1,
      .most = 1,
      .run = verb_resource_set },
    { .words = { "resource", "list" },
      .synopsis = "",
      .summary = "list the simulated resources",
      .help = "",
      .options = "",
      .least = 0,
      .most = 0,
      .run = verb_resource_list },
    { .words = { "resource", "show" },
      .synopsis = "NAME",
      .summary = "show one simulated resource",
      .help = "",
      .options = "",
      .least = 1,
      .most = 1,
      .run = verb_resource_show },
    { .words = { "resource", "delete" },
      .synopsis = "NAME",
      .summary = "delete a simulated resource",
      .help = "Aliases that lead to it find nothing from then on.\n",
      .options = "",
      .least = 1,
      .most = 1,
      .run = verb_resource_delete },
    { .words = { "location", "import" },
      .synopsis = "FILE",
      .summary = "bring in where clients are, in the place of what was known",
      .help = "FILE is CSV whose first line names its columns: prefix, and any of continent, "
              "country,\n"
              "subdivision, latitude, longitude and region; \"-\" is standard input.  It is taken "
              "as a\n"
              "whole or not at all:\n"
              "  signpost location import zones/lab.locations.csv\n",
      .options = "",
      .least = 1,
      .most = 1,
      .run = verb_location_import },
    { .words = { "location", "export" },
      .synopsis = "",
      .summary = "print the location table as CSV",
      .help = "Importing what was exported gives the same table again.\n",
      .options = "",
      .least = 0,
      .most = 0,
      .run = verb_location_export },
    { .words = { "location", "show" },
      .synopsis = "PREFIX",
      .summary = "show what is known of a client, and which Regions are near",
      .help = "PREFIX is an address, or a prefix such as 203.0.113.0/25.\n",
      .options = "",
      .least = 1,
      .most = 1,
      .run = verb_location_show },
    { .words = { "latency", "import" },
      .synopsis = "FILE",
      .summary = "bring in measured latencies, in the place of those that were there",
      .help = "FILE is CSV with the columns from, region and milliseconds; from is a client's "
              "prefix, or the\n"
              "AWS Region that it is nearest to.  It is taken as a whole or not at all.\n",
      .options = "",
      .least = 1,
      .most = 1,
      .run = verb_latency_import },
    { .words = { "latency", "export" },
      .synopsis = "",
      .summary = "print the measured latencies as CSV",
      .help = "",
      .options = "",
      .least = 0,
      .most = 0,
      .run = verb_latency_export },
    { .words = { "explain" },
      .synopsis = "NAME TYPE [--from PREFIX] [--down ID]... [--up ID]...",
      .summary = "answer a question and say why: which records stood, and who left",
      .help = "The very code that answers the network is asked, as a resolver would ask it for a "
              "client in\n"
              "PREFIX (EDNS client-subnet); without --from the client is 127.0.0.1.  Nothing is "
              "changed by\n"
              "--down and --up:\n"
              "  signpost explain www.lab.test A --from 203.0.113.0/25 --down web-1\n",
      .options = "from down up seed",
      .least = 2,
      .most = 2,
      .run = verb_explain },
    { .words = { "simulate" },
      .synopsis = "NAME TYPE [--clients FILE] [-n N] [--down ID]... [--up ID]...",
      .summary = "ask a question many times, as many clients, and count the answers",
      .help = "FILE has a client's network in each line, and behind it a label if you like; what "
              "follows a\n"
              "'#' is a comment, and \"-\" is standard input.  Without FILE the clients are those "
              "of\n"
              "zones/lab.locations.csv, one of each continent, and one that is nowhere.  What "
              "weighted sets\n"
              "got is set against their weights (chi-square).\n",
      .options = "clients count down up seed csv",
      .least = 2,
      .most = 2,
      .run = verb_simulate },
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

#define VERB_COUNT     (sizeof(verbs) / sizeof(verbs[0]))
#define SUMMARY_COLUMN 49 /* of the help */

/* "zone import ORIGIN FILE [--replace]" */
static const char *usage_line(const struct verb *verb, char out[128])
{
    snprintf(out, 128, "%s%s%s%s%s", verb->words[0], verb->words[1] != NULL ? " " : "",
             verb->words[1] != NULL ? verb->words[1] : "", verb->synopsis[0] != '\0' ? " " : "",
             verb->synopsis);
    return out;
}

/* The verbs of a group such as "zone", or with NULL all.  The summary stands beside its verb, or
 * below a long one. */
static void print_help(const char *group)
{
    char line[128];
    printf("Usage: signpost VERB [ARGUMENT]... [OPTION]...\n"
           "Manages the zones of a running signpostd.\n\n");
    for (size_t i = 0; i < VERB_COUNT; i++) {
        if (group != NULL && strcmp(verbs[i].words[0], group) != 0)
            continue;
        int width = printf("  %s", usage_line(&verbs[i], line));
        printf("%s%*s%s\n", width > SUMMARY_COLUMN - 2 ? "\n" : "",
               width > SUMMARY_COLUMN - 2 ? SUMMARY_COLUMN : SUMMARY_COLUMN - width, "",
               verbs[i].summary);
    }
    putchar('\n');
    options_print(OPTIONS_OF_EVERY_VERB);
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
    options_print(verb->options);
    options_print("api json help");
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

static bool api_is_right(const char *api)
{
    return (strncmp(api, "unix:", 5) == 0 && api[5] != '\0') || strncmp(api, "http://", 7) == 0 ||
           strncmp(api, "https://", 8) == 0;
}

static int run(const struct verb *verb, const struct invocation *invocation)
{
    if (!options_check(invocation, verb->options))
        return usage(verb);
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

/* What the words ask for: a verb, or its help. */
static int obey(struct invocation *invocation)
{
    bool wants_help = option_given(invocation, "help");
    int used = 0;
    if (invocation->word_count == 0 && !wants_help)
        return usage(NULL);
    if (wants_help && (invocation->word_count == 0 ||
                       (invocation->word_count == 1 && is_group(invocation->words[0])))) {
        print_help(invocation->word_count > 0 ? invocation->words[0] : NULL);
        return EXIT_DONE;
    }
    const struct verb *verb = find_verb(invocation->words, invocation->word_count, &used);
    if (verb == NULL)
        return usage(NULL);
    if (wants_help) {
        print_verb_help(verb);
        return EXIT_DONE;
    }
    invocation->words += used;
    invocation->word_count -= used;
    curl_global_init(CURL_GLOBAL_DEFAULT);
    int rc = run(verb, invocation);
    curl_global_cleanup();
    return rc;
}

int main(int argc, char **argv)
{
    const char *environment = getenv("SIGNPOST_API");
    struct invocation invocation = { .api = "unix:" CONFIG_SOCKET_DEFAULT };
    int rc = EXIT_DONE;
    if (environment != NULL && environment[0] != '\0')
        invocation.api = environment;
    if (!options_read(argc, argv, &invocation))
        rc = usage(NULL);
    else if (option_given(&invocation, "version"))
        printf("signpost %s\n", SIGNPOST_VERSION);
    else
        rc = obey(&invocation);
    free(invocation.given);
    if (fflush(stdout) != 0 && rc == EXIT_DONE)
        rc = complain("cannot write the output");
    return rc;
}
