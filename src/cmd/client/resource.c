#include "client.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* ---- set ---- */

/* Adds "us-east-1a=192.0.2.1,192.0.2.2" to the list of zones.  false: the user has been told. */
static bool add_zone(json_t *zones, const char *text)
{
    const char *equals = strchr(text, '=');
    json_t *addresses = json_array();
    if (equals == NULL || equals == text || equals[1] == '\0') {
        json_decref(addresses);
        complain("--zone must be followed by AZ=ADDRESS[,ADDRESS...], not by \"%s\"", text);
        return false;
    }
    for (const char *at = equals; *at != '\0';) {
        at++; /* the '=' or the comma */
        size_t size = strcspn(at, ",");
        json_array_append_new(addresses, json_stringn(at, size));
        at += size;
    }
    json_t *zone =
        json_pack("{s:s%,s:o}", "name", text, (size_t)(equals - text), "addresses", addresses);
    json_array_append_new(zones, zone);
    return true;
}

/* A number that ends at `end`; its text moves on behind it. */
static bool take_number(const char **text, char end, json_int_t *out_number)
{
    char *stop = NULL;
    errno = 0;
    unsigned long long number = strtoull(*text, &stop, 10);
    if (**text < '0' || **text > '9' || *stop != end || errno != 0 || number > UINT32_MAX)
        return false;
    *out_number = (json_int_t)number;
    *text = stop + (end != '\0');
    return true;
}

/* Adds "web=2/3" to the list of target groups.  false: the user has been told. */
static bool add_targets(json_t *groups, const char *text)
{
    const char *equals = strchr(text, '=');
    const char *at = equals != NULL ? equals + 1 : text;
    json_int_t healthy, registered;
    if (equals == NULL || equals == text || !take_number(&at, '/', &healthy) ||
        !take_number(&at, '\0', &registered)) {
        complain("--targets must be followed by GROUP=HEALTHY/REGISTERED, not by \"%s\"", text);
        return false;
    }
    json_array_append_new(groups, json_pack("{s:s%,s:I,s:I}", "name", text, (size_t)(equals - text),
                                            "healthy", healthy, "registered", registered));
    return true;
}

/* Each of an option that may be repeated, as a member that is a list. */
static bool read_list(const struct invocation *invocation, const char *option, const char *member,
                      bool (*add)(json_t *list, const char *text), json_t *document)
{
    json_t *list = json_array();
    const char *text;
    int cursor = 0;
    json_object_set_new(document, member, list);
    while ((text = option_each(invocation, option, &cursor)) != NULL)
        if (!add(list, text))
            return false;
    return true;
}

static bool read_ttl(const struct invocation *invocation, json_t *document)
{
    json_int_t ttl;
    if (!option_given(invocation, "ttl"))
        return true;
    if (option_number(invocation, "ttl", &ttl) != EXIT_DONE)
        return false;
    json_object_set_new(document, "ttl", json_integer(ttl));
    return true;
}

int resource_build(const struct invocation *invocation, json_t **out_document)
{
    const char *kind = option_text(invocation, "kind");
    if (kind == NULL) {
        complain("resource set needs --kind KIND, such as --kind application-load-balancer");
        return EXIT_USAGE;
    }
    if (!client_is_utf8(invocation))
        return EXIT_REFUSED;
    json_t *document =
        json_pack("{s:s,s:b}", "kind", kind, "down", option_given(invocation, "unhealthy"));
    if (read_ttl(invocation, document) &&
        read_list(invocation, "zone", "zones", add_zone, document) &&
        read_list(invocation, "targets", "target_groups", add_targets, document)) {
        *out_document = document;
        return EXIT_DONE;
    }
    json_decref(document);
    return EXIT_USAGE;
}

int verb_resource_set(const struct invocation *invocation)
{
    json_t *document = NULL, *reply;
    int rc = resource_build(invocation, &document);
    if (rc != EXIT_DONE)
        return rc;
    rc = client_exchange(invocation, "PUT", client_path("resources/%s", invocation->words[0]),
                         document, &reply);
    if (reply != NULL)
        printf("set %s (%s, in sync)\n", text_of(reply, "name"), text_of(reply, "kind"));
    json_decref(reply);
    return rc;
}

/* ---- list and show ---- */

static const char *state_of(const json_t *resource)
{
    if (json_is_true(json_object_get(resource, "down")))
        return "down";
    return json_is_true(json_object_get(resource, "healthy")) ? "healthy" : "unhealthy";
}

static json_int_t count_addresses(const json_t *resource)
{
    const json_t *zone;
    size_t index, count = 0;
    json_array_foreach(json_object_get(resource, "zones"), index, zone)
    {
        count += json_array_size(json_object_get(zone, "addresses"));
    }
    return (json_int_t)count;
}

int verb_resource_list(const struct invocation *invocation)
{
    static const char *const heads[] = { "NAME", "TTL", "ADDRESSES", "STATE", "KIND" };
    struct table table = { .columns = 5, .right = 1 << 1 | 1 << 2 };
    json_t *reply;
    const json_t *resource;
    size_t index;
    char ttl[32];
    int rc = client_exchange(invocation, "GET", client_path("resources"), NULL, &reply);
    const json_t *resources = json_object_get(reply, "resources");
    if (json_array_size(resources) > 0)
        table_add_row(&table, heads);
    else if (reply != NULL)
        fprintf(stderr, "There are no resources yet; 'signpost resource set' registers one.\n");
    json_array_foreach(resources, index, resource)
    {
        snprintf(ttl, sizeof(ttl), "%" JSON_INTEGER_FORMAT, number_of(resource, "ttl"));
        table_add(&table, text_of(resource, "name"));
        table_add(&table, ttl);
        table_add_number(&table, count_addresses(resource));
        table_add(&table, state_of(resource));
        table_add(&table, text_of(resource, "kind"));
    }
    table_print(&table, stdout);
    json_decref(reply);
    return rc;
}

/* Whether the addresses of that zone are out of the answers. */
static bool is_left(const json_t *resource, const char *zone)
{
    const json_t *left;
    size_t index;
    json_array_foreach(json_object_get(resource, "left_zones"), index, left)
    {
        if (strcmp(json_string_value(left), zone) == 0)
            return true;
    }
    return false;
}

static void print_details(const json_t *resource)
{
    const json_t *item, *address;
    size_t i, j;
    json_array_foreach(json_object_get(resource, "zones"), i, item)
    {
        json_array_foreach(json_object_get(item, "addresses"), j, address)
        {
            printf("zone     %s %s%s\n", text_of(item, "name"), json_string_value(address),
                   is_left(resource, text_of(item, "name")) ? " (left: by a shift or a drill)"
                                                            : "");
        }
    }
    json_array_foreach(json_object_get(resource, "target_groups"), i, item)
    {
        printf("targets  %s %" JSON_INTEGER_FORMAT "/%" JSON_INTEGER_FORMAT "\n",
               text_of(item, "name"), number_of(item, "healthy"), number_of(item, "registered"));
    }
}

int verb_resource_show(const struct invocation *invocation)
{
    json_t *reply;
    int rc = client_exchange(invocation, "GET", client_path("resources/%s", invocation->words[0]),
                             NULL, &reply);
    if (reply == NULL)
        return rc;
    printf("name     %s\n", text_of(reply, "name"));
    printf("kind     %s\n", text_of(reply, "kind"));
    printf("ttl      %" JSON_INTEGER_FORMAT "\n", number_of(reply, "ttl"));
    printf("state    %s\n", state_of(reply));
    print_details(reply);
    json_decref(reply);
    return rc;
}

int verb_resource_delete(const struct invocation *invocation)
{
    json_t *reply;
    int rc = client_exchange(invocation, "DELETE",
                             client_path("resources/%s", invocation->words[0]), NULL, &reply);
    if (reply != NULL)
        printf("deleted %s\n", text_of(reply, "resource"));
    json_decref(reply);
    return rc;
}
