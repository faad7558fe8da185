/*
 * signpost health: what changes checks.
 */
#include "health.h"

#include <string.h>

/* Whether the word is "up" or "down".  false: the user has been told. */
static bool read_state(const char *word, bool *out_up)
{
    *out_up = strcmp(word, "up") == 0;
    if (*out_up || strcmp(word, "down") == 0)
        return true;
    complain("a health check is \"up\" or \"down\", not \"%s\"", word);
    return false;
}

/* "set web-1: down (set)", and what the server warns of; takes over the check. */
static int say(int rc, const char *done, json_t *check)
{
    const json_t *warning;
    size_t index;
    char state[32];
    if (check != NULL)
        printf("%s %s: %s\n", done, text_of(check, "id"), health_state(check, state));
    json_array_foreach(json_object_get(check, "warnings"), index, warning)
    {
        complain("warning: %s", json_string_value(warning));
    }
    json_decref(check);
    return rc;
}

int verb_health_create(const struct invocation *invocation)
{
    json_t *document = NULL, *reply;
    int rc = health_build(invocation, &document);
    if (rc != EXIT_DONE)
        return rc;
    rc = client_exchange(invocation, "POST", client_path("health-checks"), document, &reply);
    return say(rc, "created", reply);
}

int verb_health_update(const struct invocation *invocation)
{
    json_t *document = NULL, *reply;
    int rc = health_build_update(invocation, &document);
    if (rc != EXIT_DONE)
        return rc;
    rc = client_exchange(invocation, "PATCH", client_path("health-checks/%s", invocation->words[0]),
                         document, &reply);
    return say(rc, "updated", reply);
}

/* ---- overrides ---- */

static int build_override(const struct invocation *invocation, bool up, json_t **out_document)
{
    json_int_t seconds = 0;
    if (option_given(invocation, "for") && option_duration(invocation, "for", &seconds) != 0)
        return EXIT_USAGE;
    json_t *document = json_pack("{s:b,s:s}", "up", up, "owner", option_owner(invocation));
    if (option_given(invocation, "reason"))
        json_object_set_new(document, "reason", json_string(option_text(invocation, "reason")));
    if (seconds > 0)
        json_object_set_new(document, "expires_in", json_integer(seconds));
    if (option_given(invocation, "regions"))
        json_object_set_new(document, "regions", option_list(invocation, "regions"));
    *out_document = document;
    return EXIT_DONE;
}

/* Until when it stands, and how it ends before. */
static void say_override(const json_t *check)
{
    const json_t *override = json_object_get(check, "override");
    json_int_t expires_ms = number_of(override, "expires_ms");
    char until[32];
    if (expires_ms > 0)
        printf("until %s, or 'signpost health clear %s'\n", local_time(expires_ms, until),
               text_of(check, "id"));
    else
        printf("until 'signpost health clear %s'\n", text_of(check, "id"));
}

int verb_health_set(const struct invocation *invocation)
{
    json_t *document = NULL, *reply;
    bool up;
    if (!read_state(invocation->words[1], &up))
        return EXIT_USAGE;
    if (!client_is_utf8(invocation))
        return EXIT_REFUSED;
    int rc = build_override(invocation, up, &document);
    if (rc != EXIT_DONE)
        return rc;
    rc = client_exchange(invocation, "PUT",
                         client_path("health-checks/%s/override", invocation->words[0]), document,
                         &reply);
    json_t *kept = reply != NULL ? json_incref(reply) : NULL;
    rc = say(rc, "set", reply);
    if (kept != NULL)
        say_override(kept);
    json_decref(kept);
    return rc;
}

int verb_health_clear(const struct invocation *invocation)
{
    json_t *reply;
    int rc = client_exchange(invocation, "DELETE",
                             client_path("health-checks/%s/override", invocation->words[0]), NULL,
                             &reply);
    return say(rc, "cleared", reply);
}

int verb_health_delete(const struct invocation *invocation)
{
    json_t *reply;
    int rc = client_exchange(invocation, "DELETE",
                             client_path("health-checks/%s", invocation->words[0]), NULL, &reply);
    if (reply != NULL)
        printf("deleted %s\n", text_of(reply, "id"));
    json_decref(reply);
    return rc;
}
