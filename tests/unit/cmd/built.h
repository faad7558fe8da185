/*
 * built.h - what a verb makes of the options on a command line before it sends anything.
 */
#ifndef CMD_TEST_BUILT_H
#define CMD_TEST_BUILT_H

#include "../../../src/cmd/client/client.h"

#include "tests.h"

#include <getopt.h>

#define WORDS_MAX 24

typedef int built_by(const struct invocation *invocation, json_t **out_document);

/* The document that a command line asks for, as compact JSON; NULL and *out_rc when it asks for
 * none.  The caller frees. */
static char *built(built_by *build, const char *text, int *out_rc)
{
    char buffer[256], *words[WORDS_MAX + 1] = { (char *)"signpost" };
    struct invocation invocation = { 0 };
    json_t *document = NULL;
    char *rest = NULL, *out = NULL;
    int count = 1;
    strcpy(buffer, text);
    for (char *word = strtok_r(buffer, " ", &rest); word != NULL; word = strtok_r(NULL, " ", &rest))
        words[count++] = word;
    optind = 0;
    assert_true(options_read(count, words, &invocation));
    *out_rc = build(&invocation, &document);
    if (*out_rc == EXIT_DONE)
        out = json_dumps(document, JSON_COMPACT);
    json_decref(document);
    free(invocation.given);
    return out;
}

#endif
