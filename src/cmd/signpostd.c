/*
 * signpostd: what stands on the command line, and what is said before there is a log.
 */
#include "daemon.h"

#include "signpost/base/hash.h"
#include "signpost/http/tls.h"

#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#define ASSIGNMENTS_MAX 256

enum { OPTION_CHECK = 256, OPTION_VERSION, OPTION_HELP };

static const char help[] =
    "Usage: signpostd [-c FILE] [-o KEY=VALUE]... [--check]\n"
    "Serves the zones of its database over DNS; 'signpost' talks to it.\n"
    "Stays in the foreground and logs to stderr, unless log-file says otherwise.\n"
    "\n"
    "  -c, --config FILE       read this instead of " CONFIG_PATH_DEFAULT "\n"
    "  -o, --option KEY=VALUE  one setting that counts more than the file's; repeatable\n"
    "      --check             check the configuration and exit: 0 it is right, 1 it is not\n"
    "      --version           print the version and exit\n"
    "      --help              print this and exit\n"
    "\n"
    "Signals: TERM and INT finish what is under way and stop; HUP reopens the log and reads the\n"
    "configuration again.  More in signpostd(8) and signpost.conf(5).\n";

int config_source_read(const struct config_source *source, struct config *out_config,
                       struct problem *out_problem)
{
    config_init(out_config);
    int rc = config_read(out_config, source->path, out_problem);
    if (rc == SP_ENOENT && !source->required) {
        config_init(out_config);
        rc = 0;
    }
    for (unsigned i = 0; i < source->assignment_count && rc == 0; i++)
        rc = config_set(out_config, source->assignments[i], out_problem);
    return rc == 0 ? config_check(out_config, out_problem) : rc;
}

static int say_usage(void)
{
    fprintf(stderr, "Try 'signpostd --help'.\n");
    return 2;
}

/* Also whether the files for TLS can be used, which a reread configuration would take over. */
static int check(const struct config_source *source, const struct config *config)
{
    struct http_tls_info info;
    struct problem problem = { 0 };
    if (config->api_tls_certificate[0] != '\0' &&
        http_tls_load(config->api_tls_certificate, config->api_tls_key, &info, &problem) != 0) {
        fprintf(stderr, "signpostd: %s\n", problem.text);
        return 1;
    }
    http_tls_finish();
    printf("%s: the configuration is right\n", source->path);
    return 0;
}

int main(int argc, char **argv)
{
    static const struct option options[] = {
        { "config", required_argument, NULL, 'c' },
        { "option", required_argument, NULL, 'o' },
        { "check", no_argument, NULL, OPTION_CHECK },
        { "version", no_argument, NULL, OPTION_VERSION },
        { "help", no_argument, NULL, OPTION_HELP },
        { 0 },
    };
    const char *assignments[ASSIGNMENTS_MAX];
    struct config_source source = { .path = CONFIG_PATH_DEFAULT, .assignments = assignments };
    struct problem problem = { 0 };
    struct config config;
    bool only_check = false;
    int option;

    while ((option = getopt_long(argc, argv, "c:o:", options, NULL)) != -1) {
        switch (option) {
        case 'c':
            source.path = optarg;
            source.required = true;
            break;
        case 'o':
            if (source.assignment_count == ASSIGNMENTS_MAX)
                return say_usage();
            assignments[source.assignment_count++] = optarg;
            break;
        case OPTION_CHECK:
            only_check = true;
            break;
        case OPTION_VERSION:
            printf("signpostd %s\n", SIGNPOST_VERSION);
            return 0;
        case OPTION_HELP:
            fputs(help, stdout);
            return 0;
        default:
            return say_usage();
        }
    }
    if (optind < argc) {
        fprintf(stderr, "signpostd: \"%s\" is no option; settings go behind -o\n", argv[optind]);
        return say_usage();
    }
    signal(SIGPIPE, SIG_IGN); /* a client that hangs up is no reason to die */
    signal(SIGXFSZ, SIG_IGN); /* nor is a limit on file sizes: it is a full disk by another name */
    hash_init();
    int rc = config_source_read(&source, &config, &problem);
    if (rc == 0 && only_check)
        return check(&source, &config);
    if (rc == 0)
        rc = daemon_run(&source, &config, &problem);
    if (rc != 0)
        fprintf(stderr, "signpostd: %s\n",
                problem.text[0] != '\0' ? problem.text : status_text(rc));
    return rc == 0 ? 0 : 1;
}
