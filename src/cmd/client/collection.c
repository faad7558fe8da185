#include "client.h"

#include <string.h>

static void print_summary(const json_t *collection)
{
    json_int_t blocks = number_of(collection, "block_count");
    json_int_t locations = number_of(collection, "location_count");
    printf("%s %s: version %" JSON_INTEGER_FORMAT ", %" JSON_INTEGER_FORMAT
           " block%s in %" JSON_INTEGER_FORMAT " location%s\n",
           text_of(collection, "name"), text_of(collection, "id"), number_of(collection, "version"),
           blocks, blocks == 1 ? "" : "s", locations, locations == 1 ? "" : "s");
}

/* What every change says of the collection. */
static int say(int rc, json_t *reply)
{
    if (reply != NULL)
        print_summary(reply);
    json_decref(reply);
    return rc;
}

int verb_collection_create(const struct invocation *invocation)
{
    json_t *reply;
    if (!client_is_utf8(invocation))
        return EXIT_REFUSED;
    int rc = client_exchange(invocation, "POST", client_path("collections"),
                             json_pack("{s:s}", "name", invocation->words[0]), &reply);
    return say(rc, reply);
}

int verb_collection_list(const struct invocation *invocation)
{
    static const char *const heads[] = { "NAME", "LOCATIONS", "BLOCKS", "VERSION", "ID" };
    struct table table = { .columns = 5, .right = 1 << 1 | 1 << 2 | 1 << 3 };
    json_t *reply;
    const json_t *collection;
    size_t index;
    int rc = client_exchange(invocation, "GET", client_path("collections"), NULL, &reply);
    const json_t *collections = json_object_get(reply, "collections");
    if (json_array_size(collections) > 0)
        table_add_row(&table, heads);
    else if (reply != NULL)
        fprintf(stderr, "There are no collections yet; 'signpost collection create NAME' makes "
                        "one.\n");
    json_array_foreach(collections, index, collection)
    {
        table_add(&table, text_of(collection, "name"));
        table_add_number(&table, number_of(collection, "location_count"));
        table_add_number(&table, number_of(collection, "block_count"));
        table_add_number(&table, number_of(collection, "version"));
        table_add(&table, text_of(collection, "id"));
    }
    table_print(&table, stdout);
    json_decref(reply);
    return rc;
}

static void print_blocks(const json_t *collection)
{
    static const char *const heads[] = { "LOCATION", "BLOCK" };
    struct table table = { .columns = 2 };
    const json_t *location, *block;
    size_t i, j;
    if (number_of(collection, "block_count") > 0)
        table_add_row(&table, heads);
    json_array_foreach(json_object_get(collection, "locations"), i, location)
    {
        json_array_foreach(json_object_get(location, "blocks"), j, block)
        {
            table_add(&table, text_of(location, "name"));
            table_add(&table, json_string_value(block));
        }
    }
    table_print(&table, stdout);
}

int verb_collection_show(const struct invocation *invocation)
{
    json_t *reply;
    int rc = client_exchange(invocation, "GET", client_path("collections/%s", invocation->words[0]),
                             NULL, &reply);
    if (reply == NULL)
        return rc;
    print_summary(reply);
    print_blocks(reply);
    json_decref(reply);
    return rc;
}

static int change(const struct invocation *invocation, const char *action)
{
    json_t *reply;
    if (!client_is_utf8(invocation))
        return EXIT_REFUSED;
    json_t *blocks = json_array();
    for (int i = 2; i < invocation->word_count; i++)
        json_array_append_new(blocks, json_string(invocation->words[i]));
    json_t *document = json_pack("{s:[{s:s,s:s,s:o}]}", "changes", "action", action, "location",
                                 invocation->words[1], "blocks", blocks);
    int rc = client_exchange(invocation, "POST",
                             client_path("collections/%s/changes", invocation->words[0]), document,
                             &reply);
    return say(rc, reply);
}

int verb_collection_put(const struct invocation *invocation)
{
    return change(invocation, "PUT");
}

int verb_collection_remove(const struct invocation *invocation)
{
    return change(invocation, "DELETE_IF_EXISTS");
}

int verb_collection_delete(const struct invocation *invocation)
{
    json_t *reply;
    int rc = client_exchange(invocation, "DELETE",
                             client_path("collections/%s", invocation->words[0]), NULL, &reply);
    if (reply != NULL)
        printf("deleted %s\n", text_of(reply, "collection"));
    json_decref(reply);
    return rc;
}
