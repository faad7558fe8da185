#include "client.h"

#include <stdlib.h>
#include <string.h>

/* ---- asking and changing ---- */

/* The sets of a zone; name, type and id narrow them down and may be NULL. */
static json_t *ask_records(const struct invocation *invocation, const char *name, const char *type,
                           const char *id)
{
    char *path = client_path("zones/%s/records", invocation->words[0]);
    path = client_path_argument(path, "name", name);
    path = client_path_argument(path, "type", type);
    path = client_path_argument(path, "set_identifier", id);
    struct request request = { .method = "GET", .path = path };
    json_t *reply = client_ask(invocation, &request);
    free(path);
    return reply;
}

json_t *record_send(const struct invocation *invocation, json_t *changes)
{
    json_t *document = json_pack("{s:o}", "changes", changes);
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

int record_report(const struct invocation *invocation, json_t *reply, const char *done,
                  const char *which)
{
    if (reply == NULL)
        return EXIT_REFUSED;
    if (invocation->json) {
        print_json(reply);
        return EXIT_DONE;
    }
    printf("%s %s %s%s%s (change %" JSON_INTEGER_FORMAT ", in sync)\n", done, invocation->words[1],
           invocation->words[2], which[0] != '\0' ? " " : "", which, number_of(reply, "sequence"));
    json_decref(reply);
    return EXIT_DONE;
}

/* ---- list ---- */

static bool is_plain(const json_t *set)
{
    return json_object_get(set, "set_identifier") == NULL &&
           json_object_get(set, "alias") == NULL && json_object_get(set, "health_check") == NULL &&
           json_object_get(set, "traffic_policy_instance") == NULL;
}

static bool all_are_plain(const json_t *sets)
{
    const json_t *set;
    size_t index;
    json_array_foreach(sets, index, set)
    {
        if (!is_plain(set))
            return false;
    }
    return true;
}

/* "US-CA", "US", "default", "continent EU" */
static void describe_geolocation(const json_t *place, char *out, size_t size)
{
    const char *country = text_of(place, "country");
    const char *subdivision = text_of(place, "subdivision");
    if (country[0] == '\0')
        snprintf(out, size, "continent %s", text_of(place, "continent"));
    else if (strcmp(country, "*") == 0)
        snprintf(out, size, "default");
    else
        snprintf(out, size, "%s%s%s", country, subdivision[0] != '\0' ? "-" : "", subdivision);
}

/* "us-east-1 bias 10", "47.60,-122.33" */
static void describe_geoproximity(const json_t *place, char *out, size_t size)
{
    char bias[32] = "";
    const char *longitude = text_of(place, "longitude");
    if (number_of(place, "bias") != 0)
        snprintf(bias, sizeof(bias), " bias %" JSON_INTEGER_FORMAT, number_of(place, "bias"));
    snprintf(out, size, "%s%s%s%s%s%s", text_of(place, "region"),
             text_of(place, "local_zone_group"), text_of(place, "latitude"),
             longitude[0] != '\0' ? "," : "", longitude, bias);
}

/* "L1 of 12345678-...", "default of 12345678-..." */
static void describe_cidr(const json_t *cidr, char *out, size_t size)
{
    const char *location = text_of(cidr, "location");
    snprintf(out, size, "%s of %s", strcmp(location, "*") == 0 ? "default" : location,
             text_of(cidr, "collection"));
}

/* What the set is chosen by, apart from its policy. */
static void describe_routing(const json_t *set, char *out, size_t size)
{
    const json_t *weight = json_object_get(set, "weight");
    const json_t *place = json_object_get(set, "geolocation");
    const json_t *point = json_object_get(set, "geoproximity");
    const json_t *cidr = json_object_get(set, "cidr");
    if (weight != NULL)
        snprintf(out, size, "%" JSON_INTEGER_FORMAT, json_integer_value(weight));
    else if (place != NULL)
        describe_geolocation(place, out, size);
    else if (point != NULL)
        describe_geoproximity(point, out, size);
    else if (cidr != NULL)
        describe_cidr(cidr, out, size);
    else
        snprintf(out, size, "%s%s", text_of(set, "region"), text_of(set, "failover"));
}

/* "alias lb.lab.test., with its health", "alias lb1.example. of ZSIGNPOSTRESOURCES" */
static void add_alias(struct table *table, const json_t *alias, const char *zone_id)
{
    char line[2048];
    const char *id = text_of(alias, "zone_id");
    bool is_own = strcmp(id, zone_id) == 0;
    bool evaluates = json_is_true(json_object_get(alias, "evaluate_target_health"));
    snprintf(line, sizeof(line), "alias %.1100s%s%.40s%s", text_of(alias, "name"),
             is_own ? "" : " of ", is_own ? "" : id, evaluates ? ", with its health" : "");
    table_add(table, line);
}

static void add_instance(struct table *table, const char *id)
{
    char line[64];
    snprintf(line, sizeof(line), "traffic policy instance %.36s", id);
    table_add(table, line);
}

static void add_plain_cells(struct table *table, const json_t *set)
{
    char ttl[24] = "";
    if (json_object_get(set, "ttl") != NULL)
        snprintf(ttl, sizeof(ttl), "%" JSON_INTEGER_FORMAT, number_of(set, "ttl"));
    table_add(table, text_of(set, "name"));
    table_add(table, ttl);
    table_add(table, text_of(set, "type"));
}

/* A line for each value. */
static void add_plain_set(struct table *table, const json_t *set)
{
    const json_t *value;
    size_t index;
    json_array_foreach(json_object_get(set, "values"), index, value)
    {
        add_plain_cells(table, set);
        table_add(table, json_string_value(value));
    }
}

/* A line for the set, and below it one for each further value. */
static void add_set(struct table *table, const json_t *set, const char *zone_id)
{
    char routing[128];
    const json_t *alias = json_object_get(set, "alias");
    const json_t *value;
    size_t index;
    add_plain_cells(table, set);
    describe_routing(set, routing, sizeof(routing));
    table_add(table, text_of(set, "policy"));
    table_add(table, text_of(set, "set_identifier"));
    table_add(table, routing);
    table_add(table, text_of(set, "health_check"));
    if (alias != NULL)
        add_alias(table, alias, zone_id);
    if (json_object_get(set, "traffic_policy_instance") != NULL)
        add_instance(table, text_of(set, "traffic_policy_instance"));
    json_array_foreach(json_object_get(set, "values"), index, value)
    {
        for (unsigned i = 0; index > 0 && i < table->columns - 1; i++)
            table_add(table, " ");
        table_add(table, json_string_value(value));
    }
}

static void add_heads(struct table *table)
{
    static const char *const heads[] = { "NAME", "TTL", "TYPE",  "POLICY",
                                         "ID",   "BY",  "CHECK", "VALUE" };
    for (unsigned i = 0; i < table->columns; i++)
        table_add(table, heads[i]);
}

/* Where nothing but plain sets is listed, their four columns are enough. */
void record_print(const json_t *reply, FILE *out)
{
    const json_t *sets = json_object_get(reply, "record_sets");
    bool plain = all_are_plain(sets);
    struct table table = { .columns = plain ? 4 : 8, .right = 1 << 1 };
    const json_t *set;
    size_t index;
    if (!plain)
        add_heads(&table);
    json_array_foreach(sets, index, set)
    {
        if (plain)
            add_plain_set(&table, set);
        else
            add_set(&table, set, text_of(reply, "id"));
    }
    table_print(&table, out);
}

int verb_record_list(const struct invocation *invocation)
{
    json_t *reply = ask_records(invocation, option_text(invocation, "name"),
                                option_text(invocation, "type"), option_text(invocation, "id"));
    if (reply == NULL)
        return EXIT_REFUSED;
    if (invocation->json) {
        print_json(reply);
        return EXIT_DONE;
    }
    if (json_array_size(json_object_get(reply, "record_sets")) == 0)
        fprintf(stderr, "No such records.\n");
    record_print(reply, stdout);
    json_decref(reply);
    return EXIT_DONE;
}

/* ---- delete ---- */

static int complain_of_none(const struct invocation *invocation, const char *id)
{
    return complain("%s has no %s records at %s%s%s; 'signpost record list %s' shows what there is",
                    invocation->words[0], invocation->words[2], invocation->words[1],
                    id != NULL ? " with the identifier " : "", id != NULL ? id : "",
                    invocation->words[0]);
}

static int complain_of_several(const struct invocation *invocation, const json_t *sets)
{
    const json_t *set;
    size_t index;
    complain("%s %s is a group of %zu sets; name one of them with --id, or delete them with --all:",
             invocation->words[1], invocation->words[2], json_array_size(sets));
    json_array_foreach(sets, index, set) fprintf(stderr, "  %s\n", text_of(set, "set_identifier"));
    return EXIT_REFUSED;
}

/* Deletes the listed sets, whose reference it takes over: a deletion quotes what is there. */
static int delete_sets(const struct invocation *invocation, json_t *sets)
{
    char which[160] = "";
    json_t *set;
    size_t index;
    const char *id = text_of(json_array_get(sets, 0), "set_identifier");
    if (json_array_size(sets) > 1)
        snprintf(which, sizeof(which), "with %zu sets", json_array_size(sets));
    else if (id[0] != '\0')
        snprintf(which, sizeof(which), "\"%.128s\"", id);
    json_array_foreach(sets, index, set) json_object_set_new(set, "action", json_string("DELETE"));
    return record_report(invocation, record_send(invocation, sets), "deleted", which);
}

int verb_record_delete(const struct invocation *invocation)
{
    const char *id = option_text(invocation, "id");
    int rc;
    if (id != NULL && option_given(invocation, "all")) {
        complain("record delete takes either --id TEXT or --all");
        return EXIT_USAGE;
    }
    json_t *reply = ask_records(invocation, invocation->words[1], invocation->words[2], id);
    if (reply == NULL)
        return EXIT_REFUSED;
    json_t *sets = json_incref(json_object_get(reply, "record_sets"));
    json_decref(reply);
    if (json_array_size(sets) > 1 && !option_given(invocation, "all"))
        rc = complain_of_several(invocation, sets);
    else if (json_array_size(sets) > 0)
        return delete_sets(invocation, sets);
    else
        rc = complain_of_none(invocation, id);
    json_decref(sets);
    return rc;
}
