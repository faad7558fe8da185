#include "call.h"

#include "signpost/base/log.h"
#include "signpost/control/collections.h"

#include <string.h>

/* ---- list ---- */

static uint32_t count_locations(const struct cidr_collection *collection)
{
    uint32_t count = 0;
    for (uint32_t at = 0; at < collection->block_count; at += cidr_location_size(collection, at))
        count++;
    return count;
}

static json_t *summary_object(const struct cidr_collection *collection)
{
    return json_pack("{s:s,s:s,s:I,s:o,s:I,s:I}", "id", collection->id, "name", collection->name,
                     "version", (json_int_t)collection->version, "created_at",
                     api_json_time(collection->created_at), "location_count",
                     (json_int_t)count_locations(collection), "block_count",
                     (json_int_t)collection->block_count);
}

static json_t *block_list(const struct cidr_collection *collection, uint32_t from, uint32_t to)
{
    char text[PREFIX_TEXT_SIZE];
    json_t *list = json_array();
    for (uint32_t i = from; i < to; i++)
        json_array_append_new(list,
                              json_string(prefix_to_text(text, &collection->blocks[i].prefix)));
    return list;
}

static json_t *collection_object(const struct cidr_collection *collection)
{
    json_t *object = summary_object(collection);
    json_t *locations = json_array();
    uint32_t next;
    for (uint32_t at = 0; at < collection->block_count; at = next) {
        next = at + cidr_location_size(collection, at);
        json_array_append_new(locations,
                              json_pack("{s:s,s:o}", "name", collection->blocks[at].location,
                                        "blocks", block_list(collection, at, next)));
    }
    json_object_set_new(object, "locations", locations);
    return object;
}

static int write_collection(void *context, const struct cidr_collection *collection)
{
    return api_list_add(context, summary_object(collection));
}

int api_collections_list_end(struct api_call *call)
{
    struct api_list list;
    struct store_object_visitor visitor = { .collection = write_collection, .context = &list };
    api_list_open(&list, call, "collections");
    int rc = control_list_collections(api_call_control(call), &visitor, &call->problem);
    return rc == 0 ? api_list_close(&list) : rc;
}

int api_collection_read_end(struct api_call *call)
{
    struct cidr_collection collection;
    int rc = control_read_collection(api_call_control(call), call->id, &collection, &call->problem);
    return rc == 0 ? api_call_json(call, collection_object(&collection)) : rc;
}

/* ---- change ---- */

static int answer_change(struct api_call *call, const char *what,
                         const struct cidr_collection *collection)
{
    log_write(LOG_LEVEL_INFO, what, "collection", collection->name, "id", collection->id, NULL);
    api_call_wait(call);
    return api_call_json(call, collection_object(collection));
}

static int create(struct api_call *call, json_t *document, struct cidr_collection *out_collection)
{
    static const char *const known[] = { "name", NULL };
    const char *name = json_string_value(json_object_get(document, "name"));
    int rc = api_check_members(call, document, "", known);
    if (rc == 0 && name == NULL)
        rc = problem_set(&call->problem, SP_EINVAL, "name: it must be a string");
    if (rc == 0)
        rc =
            control_create_collection(api_call_control(call), name, out_collection, &call->problem);
    return rc;
}

int api_collection_create_end(struct api_call *call)
{
    struct cidr_collection collection;
    json_t *document = NULL;
    int rc = api_call_document(call, &document);
    if (rc == 0)
        rc = create(call, document, &collection);
    json_decref(document);
    return rc == 0 ? answer_change(call, "collection created", &collection) : rc;
}

/* The changes of a request as they are read: each gives as many items as it has blocks. */
struct reading {
    struct api_call *call;
    size_t index; /* of the change that is being read */
    struct cidr_change *items;
    uint32_t count;
};

static int fault(const struct reading *reading, const char *member, const char *reason)
{
    return problem_set(&reading->call->problem, SP_EINVAL, "changes[%zu].%s: %s", reading->index,
                       member, reason);
}

static int read_action(const struct reading *reading, const char *text, enum cidr_action *out)
{
    if (text != NULL && strcmp(text, "PUT") == 0)
        *out = CIDR_PUT;
    else if (text != NULL && strcmp(text, "DELETE_IF_EXISTS") == 0)
        *out = CIDR_REMOVE;
    else
        return fault(reading, "action", "it must be \"PUT\" or \"DELETE_IF_EXISTS\"");
    return 0;
}

static int read_block(struct reading *reading, enum cidr_action action, const char *location,
                      const json_t *value)
{
    struct problem inner;
    struct cidr_change item = { .action = action };
    if (!json_is_string(value))
        return fault(reading, "blocks", "it must be a list of strings");
    if (reading->count == CIDR_BLOCKS_MAX)
        return problem_set(&reading->call->problem, SP_ELIMIT,
                           "these are too many blocks; at most %d at a time", CIDR_BLOCKS_MAX);
    int rc = cidr_block_from_text(&item.block, location, json_string_value(value), &inner);
    if (rc != 0)
        return problem_set(&reading->call->problem, rc, "changes[%zu]: %.900s", reading->index,
                           inner.text);
    reading->items[reading->count++] = item;
    return 0;
}

static int read_change(struct reading *reading, json_t *change)
{
    static const char *const known[] = { "action", "location", "blocks", NULL };
    char where[40];
    enum cidr_action action = CIDR_PUT;
    const json_t *value;
    size_t index;
    const char *location = json_string_value(json_object_get(change, "location"));
    const json_t *blocks = json_object_get(change, "blocks");
    snprintf(where, sizeof(where), "changes[%zu]: ", reading->index);
    int rc = api_check_members(reading->call, change, where, known);
    if (rc == 0)
        rc = read_action(reading, json_string_value(json_object_get(change, "action")), &action);
    if (rc == 0 && location == NULL)
        rc = fault(reading, "location", "it must be a string");
    if (rc == 0 && json_array_size(blocks) == 0)
        rc = fault(reading, "blocks", "it must be a list of at least one block");
    json_array_foreach(blocks, index, value)
    {
        if (rc == 0)
            rc = read_block(reading, action, location, value);
    }
    return rc;
}

static int read_version(struct api_call *call, const json_t *value, uint64_t *out_version)
{
    if (value != NULL && (!json_is_integer(value) || json_integer_value(value) < 1))
        return problem_set(&call->problem, SP_EINVAL,
                           "version: it must be a number, that of the collection as you know it");
    *out_version = (uint64_t)json_integer_value(value);
    return 0;
}

static int read_batch(struct api_call *call, json_t *document, struct cidr_batch *out_batch)
{
    static const char *const known[] = { "version", "changes", NULL };
    struct reading reading = { .call = call };
    const json_t *changes = json_object_get(document, "changes");
    json_t *change;
    int rc = api_check_members(call, document, "", known);
    if (rc == 0)
        rc = read_version(call, json_object_get(document, "version"), &out_batch->version);
    if (rc == 0 && json_array_size(changes) == 0)
        rc = problem_set(&call->problem, SP_EINVAL,
                         "the body must be {\"changes\":[...]} with at least one change");
    if (rc == 0)
        reading.items =
            arena_alloc(call->exchange->arena, CIDR_BLOCKS_MAX * sizeof(*reading.items));
    if (rc == 0 && reading.items == NULL)
        rc = SP_ENOMEM;
    json_array_foreach(changes, reading.index, change)
    {
        if (rc == 0)
            rc = read_change(&reading, change);
    }
    out_batch->items = reading.items;
    out_batch->count = reading.count;
    return rc;
}

int api_collection_change_end(struct api_call *call)
{
    struct cidr_collection collection;
    struct cidr_batch batch;
    json_t *document = NULL;
    int rc = api_call_document(call, &document);
    if (rc == 0)
        rc = read_batch(call, document, &batch);
    json_decref(document);
    if (rc == 0)
        rc = control_change_collection(api_call_control(call), call->id, &batch, &collection,
                                       &call->problem);
    return rc == 0 ? answer_change(call, "collection changed", &collection) : rc;
}

int api_collection_delete_end(struct api_call *call)
{
    int rc = control_delete_collection(api_call_control(call), call->id, &call->problem);
    if (rc != 0)
        return rc;
    log_write(LOG_LEVEL_INFO, "collection deleted", "collection", call->id, NULL);
    api_call_wait(call);
    return api_call_json(call, json_pack("{s:s,s:b}", "collection", call->id, "deleted", 1));
}
