#include "client.h"

#include <string.h>
#include <time.h>

/* Milliseconds since 1970 as "2026-11-21T07:00:00+01:00", in the time zone of whoever looks. */
static const char *local_time(json_int_t unix_ms, char out[32])
{
    char offset[8];
    time_t seconds = (time_t)(unix_ms / 1000);
    struct tm local;
    if (unix_ms == 0 || localtime_r(&seconds, &local) == NULL)
        return "-";
    size_t size = strftime(out, 20, "%Y-%m-%dT%H:%M:%S", &local);
    strftime(offset, sizeof(offset), "%z", &local);
    snprintf(out + size, 32 - size, "%.3s:%.2s", offset, offset + 3);
    return out;
}

static const char *state_of(const json_t *check)
{
    return json_is_true(json_object_get(check, "up")) ? "up" : "down";
}

/* Whether the word is "up" or "down".  false: the user has been told. */
static bool read_state(const char *word, bool *out_up)
{
    *out_up = strcmp(word, "up") == 0;
    if (*out_up || strcmp(word, "down") == 0)
        return true;
    complain("a health check is \"up\" or \"down\", not \"%s\"", word);
    return false;
}

static int say(int rc, const char *done, json_t *check)
{
    if (check != NULL)
        printf("%s %s: %s\n", done, text_of(check, "id"), state_of(check));
    json_decref(check);
    return rc;
}

int verb_health_create(const struct invocation *invocation)
{
    json_t *reply;
    bool up = true;
    if (!client_is_utf8(invocation))
        return EXIT_REFUSED;
    if (invocation->word_count > 1 && !read_state(invocation->words[1], &up))
        return EXIT_USAGE;
    json_t *document = json_pack("{s:b}", "up", up);
    if (invocation->word_count > 0)
        json_object_set_new(document, "id", json_string(invocation->words[0]));
    int rc = client_exchange(invocation, "POST", client_path("health-checks"), document, &reply);
    return say(rc, "created", reply);
}

int verb_health_set(const struct invocation *invocation)
{
    json_t *reply;
    bool up;
    if (!read_state(invocation->words[1], &up))
        return EXIT_USAGE;
    int rc = client_exchange(invocation, "PUT",
                             client_path("health-checks/%s/state", invocation->words[0]),
                             json_pack("{s:b}", "up", up), &reply);
    return say(rc, "set", reply);
}

int verb_health_list(const struct invocation *invocation)
{
    static const char *const heads[] = { "ID", "STATE", "SINCE", "RECORD SETS" };
    struct table table = { .columns = 4 };
    json_t *reply;
    const json_t *check;
    size_t index;
    char since[32], count[32];
    int rc = client_exchange(invocation, "GET", client_path("health-checks"), NULL, &reply);
    const json_t *checks = json_object_get(reply, "health_checks");
    if (json_array_size(checks) > 0)
        table_add_row(&table, heads);
    else if (reply != NULL)
        fprintf(stderr, "There are no health checks yet; 'signpost health create' makes one.\n");
    json_array_foreach(checks, index, check)
    {
        const char *cells[] = { text_of(check, "id"), state_of(check),
                                local_time(number_of(check, "since_ms"), since),
                                grouped(number_of(check, "record_sets"), count) };
        table_add_row(&table, cells);
    }
    table_print(&table, stdout);
    json_decref(reply);
    return rc;
}

int verb_health_show(const struct invocation *invocation)
{
    json_t *reply;
    char since[32];
    int rc = client_exchange(invocation, "GET",
                             client_path("health-checks/%s", invocation->words[0]), NULL, &reply);
    if (reply == NULL)
        return rc;
    printf("id           %s\n", text_of(reply, "id"));
    printf("state        %s\n", state_of(reply));
    printf("since        %s\n", local_time(number_of(reply, "since_ms"), since));
    printf("created      %s\n", text_of(reply, "created_at"));
    printf("record sets  %" JSON_INTEGER_FORMAT "\n", number_of(reply, "record_sets"));
    json_decref(reply);
    return rc;
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
