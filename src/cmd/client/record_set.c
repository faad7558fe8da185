/* "record set": options become the members of one UPSERT, and the server judges them. */
#include "client.h"

#include <stdlib.h>
#include <string.h>

/* What an option says of the set: a member of it, or of an object in it. */
static const struct member {
    const char *option;
    const char *object; /* NULL: of the set itself */
    const char *name;
    enum { TEXT, NUMBER, FLAG } kind;
} members[] = {
    { "ttl", NULL, "ttl", NUMBER },
    { "id", NULL, "set_identifier", TEXT },
    { "policy", NULL, "policy", TEXT },
    { "weight", NULL, "weight", NUMBER },
    { "failover", NULL, "failover", TEXT },
    { "continent", "geolocation", "continent", TEXT },
    { "country", "geolocation", "country", TEXT },
    { "subdivision", "geolocation", "subdivision", TEXT },
    { "local-zone", "geoproximity", "local_zone_group", TEXT },
    { "bias", "geoproximity", "bias", NUMBER },
    { "multivalue", NULL, "multivalue_answer", FLAG },
    { "location", "cidr", "location", TEXT },
    { "check", NULL, "health_check", TEXT },
    { "alias", "alias", "name", TEXT },
    { "alias-zone", "alias", "zone_id", TEXT },
    { "evaluate-health", "alias", "evaluate_target_health", FLAG },
};

/* A member of the object of that name within the set, which is made when it is not there.  false:
 * the value is none, as of a text that is not UTF-8. */
static bool put(json_t *set, const char *object_name, const char *name, json_t *value)
{
    json_t *object = set;
    if (object_name != NULL && (object = json_object_get(set, object_name)) == NULL) {
        object = json_object();
        json_object_set_new(set, object_name, object);
    }
    return json_object_set_new(object, name, value) == 0;
}

static int put_member(const struct invocation *invocation, const struct member *member, json_t *set,
                      bool *ok)
{
    json_int_t number = 0;
    int rc = EXIT_DONE;
    if (!option_given(invocation, member->option))
        return EXIT_DONE;
    if (member->kind == NUMBER)
        rc = option_number(invocation, member->option, &number);
    if (rc != EXIT_DONE)
        return rc;
    json_t *value = member->kind == NUMBER ? json_integer(number)
                    : member->kind == FLAG ? json_true()
                                           : json_string(option_text(invocation, member->option));
    *ok = put(set, member->object, member->name, value) && *ok;
    return EXIT_DONE;
}

/* Latency routing names a Region too. */
static bool is_proximity(const struct invocation *invocation)
{
    const char *policy = option_text(invocation, "policy");
    return option_given(invocation, "bias") || option_given(invocation, "local-zone") ||
           option_given(invocation, "coordinates") ||
           (policy != NULL && strcmp(policy, "geoproximity") == 0);
}

static int put_coordinates(const char *text, json_t *set, bool *ok)
{
    const char *comma = strchr(text, ',');
    if (comma == NULL || comma == text || comma[1] == '\0') {
        complain("--coordinates must be LATITUDE,LONGITUDE, such as 47.60,-122.33");
        return EXIT_USAGE;
    }
    *ok = put(set, "geoproximity", "latitude", json_stringn(text, (size_t)(comma - text))) && *ok;
    *ok = put(set, "geoproximity", "longitude", json_string(comma + 1)) && *ok;
    return EXIT_DONE;
}

/* Collections are named by their id or their name, record sets name the id. */
static int put_collection(const struct invocation *invocation, const char *text, json_t *set,
                          bool *ok)
{
    char *path = client_path("collections/%s", text);
    struct request request = { .method = "GET", .path = path };
    json_t *reply = client_ask(invocation, &request);
    free(path);
    if (reply == NULL)
        return EXIT_REFUSED;
    *ok = put(set, "cidr", "collection", json_string(text_of(reply, "id"))) && *ok;
    json_decref(reply);
    return EXIT_DONE;
}

static bool put_values(const struct invocation *invocation, json_t *set)
{
    json_t *values = json_array();
    bool ok = true;
    for (int i = 3; i < invocation->word_count; i++)
        ok = json_array_append_new(values, json_string(invocation->words[i])) == 0 && ok;
    return json_object_set_new(set, "values", values) == 0 && ok;
}

/* Everything the options say; *ok is false when something is not valid UTF-8. */
static int put_all(const struct invocation *invocation, json_t *set, bool *ok)
{
    const char *region = option_text(invocation, "region");
    const char *coordinates = option_text(invocation, "coordinates");
    const char *collection = option_text(invocation, "collection");
    int rc = EXIT_DONE;
    for (size_t i = 0; rc == EXIT_DONE && i < sizeof(members) / sizeof(members[0]); i++)
        rc = put_member(invocation, &members[i], set, ok);
    if (region != NULL)
        *ok = put(set, is_proximity(invocation) ? "geoproximity" : NULL, "region",
                  json_string(region)) &&
              *ok;
    if (rc == EXIT_DONE && coordinates != NULL)
        rc = put_coordinates(coordinates, set, ok);
    if (rc == EXIT_DONE && collection != NULL)
        rc = put_collection(invocation, collection, set, ok);
    if (invocation->word_count > 3)
        *ok = put_values(invocation, set) && *ok;
    return rc;
}

/* What the server would say in words of its own, not of this command. */
static int check_usage(const struct invocation *invocation)
{
    bool has_alias = option_given(invocation, "alias");
    const char *why = NULL;
    if (!has_alias && invocation->word_count == 3)
        why = "record set needs values, or --alias NAME";
    else if (has_alias && invocation->word_count > 3)
        why = "record set takes either values or --alias NAME";
    else if (!has_alias && !option_given(invocation, "ttl"))
        why = "record set needs --ttl N, a number of seconds from 0 to 2147483647";
    else if (has_alias && option_given(invocation, "ttl"))
        why = "an alias has no TTL of its own: leave --ttl out";
    else if (!has_alias && (option_given(invocation, "alias-zone") ||
                            option_given(invocation, "evaluate-health")))
        why = "--alias-zone and --evaluate-health go with --alias NAME";
    if (why == NULL)
        return EXIT_DONE;
    complain("%s", why);
    return EXIT_USAGE;
}

int record_build(const struct invocation *invocation, json_t **out_change)
{
    bool ok = true;
    int rc = check_usage(invocation);
    if (rc != EXIT_DONE)
        return rc;
    json_t *set = json_object();
    ok = put(set, NULL, "action", json_string("UPSERT"));
    ok = put(set, NULL, "name", json_string(invocation->words[1])) && ok;
    ok = put(set, NULL, "type", json_string(invocation->words[2])) && ok;
    rc = put_all(invocation, set, &ok);
    if (rc == EXIT_DONE && !ok)
        rc = complain("an argument is not valid UTF-8; write such octets as \\DDD, in decimal");
    if (rc == EXIT_DONE)
        *out_change = set;
    else
        json_decref(set);
    return rc;
}

int verb_record_set(const struct invocation *invocation)
{
    char which[160] = "";
    json_t *change = NULL;
    const char *id = option_text(invocation, "id");
    int rc = record_build(invocation, &change);
    if (rc != EXIT_DONE)
        return rc;
    if (id != NULL)
        snprintf(which, sizeof(which), "\"%.128s\"", id);
    return record_report(invocation, record_send(invocation, json_pack("[o]", change)), "set",
                         which);
}
