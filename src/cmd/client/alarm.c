#include "client.h"

#include <string.h>

static char *alarm_path(const struct invocation *invocation)
{
    const char *region = option_text(invocation, "region");
    return client_path_argument(client_path("alarms/%s", invocation->words[0]), "region",
                                region != NULL ? region : ALARM_REGION_DEFAULT);
}

int verb_alarm_set(const struct invocation *invocation)
{
    json_t *reply;
    if (!client_is_utf8(invocation))
        return EXIT_REFUSED;
    int rc = client_exchange(invocation, "PUT", alarm_path(invocation),
                             json_pack("{s:s}", "state", invocation->words[1]), &reply);
    if (reply != NULL)
        printf("set %s (%s): %s\n", text_of(reply, "name"), text_of(reply, "region"),
               text_of(reply, "state"));
    json_decref(reply);
    return rc;
}

int verb_alarm_list(const struct invocation *invocation)
{
    static const char *const heads[] = { "NAME", "REGION", "STATE", "SINCE" };
    struct table table = { .columns = 4 };
    json_t *reply;
    const json_t *alarm;
    size_t index;
    char since[32];
    int rc = client_exchange(invocation, "GET", client_path("alarms"), NULL, &reply);
    const json_t *alarms = json_object_get(reply, "alarms");
    if (json_array_size(alarms) > 0)
        table_add_row(&table, heads);
    else if (reply != NULL)
        fprintf(stderr, "No alarm has been set yet; 'signpost alarm set NAME STATE' sets one.\n");
    json_array_foreach(alarms, index, alarm)
    {
        const char *cells[] = { text_of(alarm, "name"), text_of(alarm, "region"),
                                text_of(alarm, "state"),
                                local_time(number_of(alarm, "since_ms"), since) };
        table_add_row(&table, cells);
    }
    table_print(&table, stdout);
    json_decref(reply);
    return rc;
}

int verb_alarm_delete(const struct invocation *invocation)
{
    json_t *reply;
    int rc = client_exchange(invocation, "DELETE", alarm_path(invocation), NULL, &reply);
    if (reply != NULL)
        printf("deleted %s\n", text_of(reply, "alarm"));
    json_decref(reply);
    return rc;
}
