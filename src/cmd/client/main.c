/*
 * signpost: one table of verbs, one table of options (options.c).  Options may stand before,
 * between and after the words; "--" ends them, for values that begin with a dash.
 */
#include "client.h"

#include "../config.h"

#include <curl/curl.h>
#include <stdlib.h>
#include <string.h>

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
    for (size_t i = 0; i < verb_count; i++) {
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
    options_print("api ca key-file json help");
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
    for (size_t i = 0; i < verb_count; i++) {
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
    for (size_t i = 0; i < verb_count; i++)
        if (strcmp(verbs[i].words[0], words[0]) == 0)
            fprintf(stderr, "  %s\n", usage_line(&verbs[i], line));
    return NULL;
}

/* "zone", "record": a word that verbs begin with, and no verb by itself. */
static bool is_group(const char *word)
{
    for (size_t i = 0; i < verb_count; i++)
        if (verbs[i].words[1] != NULL && strcmp(verbs[i].words[0], word) == 0)
            return true;
    return false;
}

/* A URL has no name of a user in it, and nothing behind the path. */
static bool api_is_right(const char *api)
{
    return (strncmp(api, "unix:", 5) == 0 && api[5] != '\0') ||
           ((strncmp(api, "http://", 7) == 0 || strncmp(api, "https://", 8) == 0) &&
            strpbrk(api, "@?#") == NULL);
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

/* The certificates to trust; NULL: the system's. */
static const char *trusted(const struct invocation *invocation)
{
    const char *ca = option_text(invocation, "ca");
    if (ca == NULL)
        ca = getenv("AWS_CA_BUNDLE");
    return ca != NULL && ca[0] != '\0' ? ca : NULL;
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
    int rc = EXIT_REFUSED;
    invocation->ca = trusted(invocation);
    if (credentials_find(invocation, &invocation->credentials))
        rc = run(verb, invocation);
    credentials_finish(&invocation->credentials);
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
