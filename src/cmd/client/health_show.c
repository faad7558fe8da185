/*
 * signpost health: what only looks.
 */
#include "health.h"

#define TURNS_SHOWN 10

int verb_health_list(const struct invocation *invocation)
{
    json_t *reply;
    int rc = client_exchange(invocation, "GET", client_path("health-checks"), NULL, &reply);
    const json_t *checks = json_object_get(reply, "health_checks");
    if (json_array_size(checks) > 0)
        health_print_list(stdout, checks);
    else if (reply != NULL)
        fprintf(stderr, "There are no health checks yet; 'signpost health create' makes one.\n");
    json_decref(reply);
    return rc;
}

int verb_health_show(const struct invocation *invocation)
{
    json_t *check, *history;
    const char *id = invocation->words[0];
    int rc = client_exchange(invocation, "GET", client_path("health-checks/%s", id), NULL, &check);
    if (check == NULL)
        return rc;
    rc = client_exchange(invocation, "GET", client_path("health-checks/%s/history", id), NULL,
                         &history);
    const json_t *events = json_object_get(history, "events");
    if (rc == EXIT_DONE)
        health_print_check(stdout, check, client_now_ms());
    if (json_array_size(events) > 0) {
        printf("\nLast turns:\n");
        health_print_events(stdout, events, TURNS_SHOWN);
    }
    json_decref(history);
    json_decref(check);
    return rc;
}

int verb_health_history(const struct invocation *invocation)
{
    json_t *reply;
    int rc = client_exchange(invocation, "GET",
                             client_path("health-checks/%s/history", invocation->words[0]), NULL,
                             &reply);
    const json_t *events = json_object_get(reply, "events");
    if (json_array_size(events) > 0)
        health_print_events(stdout, events, json_array_size(events));
    else if (reply != NULL)
        fprintf(stderr, "The check has not turned yet.\n");
    json_decref(reply);
    return rc;
}
