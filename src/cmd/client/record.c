#include "client.h"

#include "signpost/base/limits.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* ---- list ---- */

/* The path of a listing; name and type may be NULL. */
static char *list_path(const char *zone, const char *name, const char *type)
{
    if (name != NULL && type != NULL)
        return client_path("zones/%s/records?name=%s&type=%s", zone, name, type);
    if (name != NULL)
        return client_path("zones/%s/records?name=%s", zone, name);
    if (type != NULL)
        return client_path("zones/%s/records?type=%s", zone, type);
    return client_path("zones/%s/records", zone);
}

static json_t *ask_records(const struct invocation *invocation, const char *name, const char *type)
{
    char *path = list_path(invocation->words[0], name, type);
    struct request request = { .method = "GET", .path = path };
    json_t *reply = client_ask(invocation, &request);
    free(path);
    return reply;
}

static void add_set(struct table *table, const json_t *set)
{
    const json_t *value;
    size_t index;
    char ttl[24];
    snprintf(ttl, sizeof(ttl), "%" JSON_INTEGER_FORMAT, number_of(set, "ttl"));
    json_array_foreach(json_object_get(set, "values"), index, value)
    {
        table_add(table, text_of(set, "name"));
        table_add(table, ttl);
        table_add(table, text_of(set, "type"));
        table_add(table, json_string_value(value));
    }
}

int verb_record_list(const struct invocation *invocation)
{
    struct table table = { .columns = 4, .right = 1 << 1 };
    json_t *reply = ask_records(invocation, invocation->name, invocation->type);
    const json_t *set;
    size_t index;
    if (reply == NULL)
        return EXIT_REFUSED;
    if (invocation->json) {
        print_json(reply);
        return EXIT_DONE;
    }
    const json_t *sets = json_object_get(reply, "record_sets");
    if (json_array_size(sets) == 0)
        fprintf(stderr, "No such records.\n");
    json_array_foreach(sets, index, set) add_set(&table, set);
    table_print(&table, stdout);
    json_decref(reply);
    return EXIT_DONE;
}

/* ---- set and delete ---- */

/* Sends one change, whose reference it takes over. */
static json_t *send_change(const struct invocation *invocation, json_t *change)
{
    json_t *document = json_pack("{s:[o]}", "changes", change);
    char *text = document == NULL ? NULL : json_dumps(document, JSON_COMPACT);
    json_decref(document);
    if (text == NULL) {
        complain("a value is not valid UTF-8; write such octets as \\DDD, in decimal");
        return NULL;
    }
    char *path = client_path("zones/%s/changes", invocation->words[0]);
    struct request request = { .method = "POST", .path = path, .text = text };
    json_t *reply = client_ask(invocation, &request);
    free(path);
    free(text);
    return reply;
}

static int report(const struct invocation *invocation, json_t *reply, const char *done)
{
    if (reply == NULL)
        return EXIT_REFUSED;
    if (invocation->json) {
        print_json(reply);
        return EXIT_DONE;
    }
    printf("%s %s %s (change %" JSON_INTEGER_FORMAT ", in sync)\n", done, invocation->words[1],
           invocation->words[2], number_of(reply, "sequence"));
    json_decref(reply);
    return EXIT_DONE;
}

static int read_ttl(const struct invocation *invocation, json_int_t *out_ttl)
{
    char *end = NULL;
    errno = 0;
    const char *text = invocation->ttl != NULL ? invocation->ttl : "";
    unsigned long long ttl = strtoull(text, &end, 10);
    if (text[0] < '0' || text[0] > '9' || *end != '\0' || errno != 0 || ttl > DNS_TTL_MAX) {
        complain("record set needs --ttl N, a number of seconds from 0 to 2147483647");
        return EXIT_USAGE;
    }
    *out_ttl = (json_int_t)ttl;
    return EXIT_DONE;
}

int verb_record_set(const struct invocation *invocation)
{
    json_int_t ttl;
    int rc = read_ttl(invocation, &ttl);
    if (rc != EXIT_DONE)
        return rc;
    json_t *values = json_array();
    for (int i = 3; i < invocation->word_count; i++)
        if (json_array_append_new(values, json_string(invocation->words[i])) != 0) {
            json_decref(values);
            values = NULL;
            break;
        }
    json_t *change = values == NULL ? NULL
                                    : json_pack("{s:s,s:s,s:s,s:I,s:o}", "action", "UPSERT", "name",
                                                invocation->words[1], "type", invocation->words[2],
                                                "ttl", ttl, "values", values);
    return report(invocation, send_change(invocation, change), "set");
}

/* A deletion must quote what is there, so we look first. */
int verb_record_delete(const struct invocation *invocation)
{
    json_t *reply = ask_records(invocation, invocation->words[1], invocation->words[2]);
    if (reply == NULL)
        return EXIT_REFUSED;
    json_t *change = json_incref(json_array_get(json_object_get(reply, "record_sets"), 0));
    json_decref(reply);
    if (change == NULL)
        return complain("%s has no %s records at %s; 'signpost record list %s' shows what there is",
                        invocation->words[0], invocation->words[2], invocation->words[1],
                        invocation->words[0]);
    json_object_set_new(change, "action", json_string("DELETE"));
    return report(invocation, send_change(invocation, change), "deleted");
}
