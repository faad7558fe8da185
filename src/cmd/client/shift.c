/*
 * Zonal shifts.
 */
#include "client.h"

#include <string.h>

static bool is_applied(const json_t *shift)
{
    return strcmp(text_of(shift, "applied"), "APPLIED") == 0;
}

/* What a shift is after a change of it. */
static int say(int rc, const char *done, json_t *shift)
{
    char until[32];
    if (shift != NULL && strcmp(text_of(shift, "status"), "ACTIVE") == 0)
        printf("%s %s: %s away from %s until %s (%s)\n", done, text_of(shift, "id"),
               text_of(shift, "resource"), text_of(shift, "away_from"),
               local_time(number_of(shift, "expires_ms"), until),
               is_applied(shift) ? "in sync" : "not applied: nothing usable would be left");
    else if (shift != NULL)
        printf("%s %s: %s has its addresses in %s again (in sync)\n", done, text_of(shift, "id"),
               text_of(shift, "resource"), text_of(shift, "away_from"));
    json_decref(shift);
    return rc;
}

/* --for and --comment, as far as they are given: the server knows which times there are. */
static void add_options(const struct invocation *invocation, json_t *document)
{
    const char *time = option_text(invocation, "for");
    const char *comment = option_text(invocation, "comment");
    if (time != NULL)
        json_object_set_new(document, "expires_in", json_string(time));
    if (comment != NULL)
        json_object_set_new(document, "comment", json_string(comment));
}

int verb_shift_start(const struct invocation *invocation)
{
    json_t *reply;
    const char *zone = option_text(invocation, "away-from");
    if (zone == NULL || !option_given(invocation, "for")) {
        complain("a zonal shift needs --away-from AZ and --for TIME, such as --for 2h");
        return EXIT_USAGE;
    }
    if (!client_is_utf8(invocation))
        return EXIT_REFUSED;
    json_t *document = json_pack("{s:s,s:s}", "resource", invocation->words[0], "away_from", zone);
    add_options(invocation, document);
    int rc = client_exchange(invocation, "POST", client_path("zonal-shifts"), document, &reply);
    return say(rc, "started", reply);
}

int verb_shift_list(const struct invocation *invocation)
{
    static const char *const heads[] = { "ID",      "RESOURCE", "AWAY FROM", "STATUS",
                                         "APPLIED", "UNTIL",    "COMMENT" };
    struct table table = { .columns = 7 };
    json_t *reply;
    const json_t *shift;
    size_t index;
    char until[32];
    int rc = client_exchange(invocation, "GET", client_path("zonal-shifts"), NULL, &reply);
    const json_t *shifts = json_object_get(reply, "zonal_shifts");
    if (json_array_size(shifts) > 0)
        table_add_row(&table, heads);
    else if (reply != NULL)
        fprintf(stderr, "There are no zonal shifts yet; 'signpost shift start' starts one.\n");
    json_array_foreach(shifts, index, shift)
    {
        json_int_t ended_ms = number_of(shift, "ended_ms");
        const char *cells[] = {
            text_of(shift, "id"),
            text_of(shift, "resource"),
            text_of(shift, "away_from"),
            text_of(shift, "status"),
            is_applied(shift) ? "yes" : "no",
            local_time(ended_ms != 0 ? ended_ms : number_of(shift, "expires_ms"), until),
            text_of(shift, "comment")
        };
        table_add_row(&table, cells);
    }
    table_print(&table, stdout);
    json_decref(reply);
    return rc;
}

int verb_shift_update(const struct invocation *invocation)
{
    json_t *reply;
    if (!option_given(invocation, "for") && !option_given(invocation, "comment")) {
        complain("say what is to change: --for TIME or --comment TEXT");
        return EXIT_USAGE;
    }
    if (!client_is_utf8(invocation))
        return EXIT_REFUSED;
    json_t *document = json_object();
    add_options(invocation, document);
    int rc =
        client_exchange(invocation, "PATCH", client_path("zonal-shifts/%s", invocation->words[0]),
                        document, &reply);
    return say(rc, "updated", reply);
}

int verb_shift_cancel(const struct invocation *invocation)
{
    json_t *reply;
    int rc = client_exchange(invocation, "DELETE",
                             client_path("zonal-shifts/%s", invocation->words[0]), NULL, &reply);
    return say(rc, "canceled", reply);
}
