/*
 * cmd/client/health.h - what the files of `signpost health` share.
 */
#ifndef SIGNPOST_CMD_CLIENT_HEALTH_H
#define SIGNPOST_CMD_CLIENT_HEALTH_H

#include "client.h"

/* What the words and options of "health create" ask for.  EXIT_USAGE, EXIT_REFUSED: the user has
 * been told. */
int health_build(const struct invocation *invocation, json_t **out_document);

/* The same of "health update". */
int health_build_update(const struct invocation *invocation, json_t **out_document);

/* "up", "down (set)": and what else there is behind it. */
const char *health_state(const json_t *check, char out[32]);

/* What the check looks at: "http://192.0.2.1:8080/health", "2 of web-1, web-2, web-3". */
#define HEALTH_TARGET_SIZE 512
const char *health_target(const json_t *check, char out[HEALTH_TARGET_SIZE]);

/* "13/16": healthy of watched; "-": nothing is watched. */
const char *health_share(const json_t *object, char out[32]);

/* Texts of endpoints and of users: what octets are fit for a terminal.  Returns out. */
#define HEALTH_TEXT_SIZE 512
const char *health_text(const char *text, char out[HEALTH_TEXT_SIZE]);

void health_print_list(FILE *out, const json_t *checks);
/* now_ms: Unix milliseconds. */
void health_print_check(FILE *out, const json_t *check, json_int_t now_ms);
/* The newest `most` of them. */
void health_print_events(FILE *out, const json_t *events, size_t most);
/* How the table of watch stands on a screen: lines are cut, never wrapped; when they do not all
 * fit, checks that are down come first, and the others are counted.  Writes over the `drawn` lines
 * above and returns how many there are now. */
struct screen {
    int columns, lines;
    bool colour; /* lines of checks that are down are red */
};
unsigned health_draw(FILE *out, const json_t *checks, json_int_t now_ms,
                     const struct screen *screen, unsigned drawn);

/* One turn on one line: an event of a history with its "id". */
void health_print_turn(FILE *out, const json_t *event);

#endif
