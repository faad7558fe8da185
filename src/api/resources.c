#include "call.h"

#include "signpost/base/log.h"
#include "signpost/control/resources.h"

#include <string.h>

/* ---- list ---- */

/* The addresses of one zone stand in a row. */
static json_t *zone_list(const struct resource_entry *entry)
{
    char text[PREFIX_TEXT_SIZE];
    json_t *list = json_array(), *addresses = NULL;
    for (uint32_t i = 0; i < entry->address_count; i++) {
        const struct resource_address *address = &entry->addresses[i];
        if (i == 0 || strcmp(address->zone, address[-1].zone) != 0) {
            addresses = json_array();
            json_array_append_new(
                list, json_pack("{s:s,s:o}", "name", address->zone, "addresses", addresses));
        }
        json_array_append_new(addresses, json_string(prefix_to_text(text, &address->address)));
    }
    return list;
}

static json_t *target_list(const struct resource_entry *entry)
{
    json_t *list = json_array();
    for (uint32_t i = 0; i < entry->target_count; i++)
        json_array_append_new(list,
                              json_pack("{s:s,s:I,s:I}", "name", entry->targets[i].name, "healthy",
                                        (json_int_t)entry->targets[i].healthy, "registered",
                                        (json_int_t)entry->targets[i].registered));
    return list;
}

static json_t *resource_object(const struct resource_entry *entry)
{
    return json_pack("{s:o,s:s,s:I,s:o,s:o,s:b,s:b}", "name", api_json_name(entry->name), "kind",
                     resource_kind_name(entry->kind), "ttl", (json_int_t)entry->ttl_s, "zones",
                     zone_list(entry), "target_groups", target_list(entry), "down", entry->is_down,
                     "healthy", resource_is_healthy(entry));
}

static int write_resource(void *context, const struct resource_entry *entry)
{
    return api_list_add(context, resource_object(entry));
}

int api_resources_list_end(struct api_call *call)
{
    struct api_list list;
    struct store_object_visitor visitor = { .resource = write_resource, .context = &list };
    api_list_open(&list, call, "resources");
    int rc = control_list_resources(api_call_control(call), &visitor, &call->problem);
    return rc == 0 ? api_list_close(&list) : rc;
}

static bool has_zone(const struct resource_entry *entry, const char *zone)
{
    for (uint32_t i = 0; i < entry->address_count; i++)
        if (strcmp(entry->addresses[i].zone, zone) == 0)
            return true;
    return false;
}

/* Zones whose addresses a drill or a zonal shift has taken out of the answers. */
static json_t *left_list(const struct resource_entry *entry, const struct resource_entry *answering)
{
    json_t *list = json_array();
    for (uint32_t i = 0; i < entry->address_count; i++) {
        const char *zone = entry->addresses[i].zone;
        bool is_first = i == 0 || strcmp(zone, entry->addresses[i - 1].zone) != 0;
        if (is_first && !has_zone(answering, zone))
            json_array_append_new(list, json_string(zone));
    }
    return list;
}

int api_resource_read_end(struct api_call *call)
{
    struct control *control = api_call_control(call);
    uint8_t name[DNS_NAME_SIZE_MAX];
    struct resource_entry entry, answering;
    int rc = api_call_name(call, "resource", call->id, name);
    if (rc == 0)
        rc = control_read_resource(control, name, &entry, &call->problem);
    if (rc == 0)
        rc = control_read_answering_resource(control, name, &answering, &call->problem);
    if (rc != 0)
        return rc;
    json_t *document = resource_object(&entry), *left = left_list(&entry, &answering);
    json_object_set_new(document, "left_zones", left);
    return api_call_json(call, document);
}

/* ---- put ---- */

static int fault(struct api_call *call, const char *where, const char *reason)
{
    return problem_set(&call->problem, SP_EINVAL, "%s: %s", where, reason);
}

static int read_kind(struct api_call *call, const json_t *value, struct resource_entry *entry)
{
    if (!json_is_string(value))
        return fault(call, "kind", "it must be a string, such as \"application-load-balancer\"");
    return resource_kind_find(json_string_value(value), &entry->kind, &call->problem);
}

static int read_ttl(struct api_call *call, const json_t *value, struct resource_entry *entry)
{
    json_int_t ttl = json_integer_value(value);
    entry->ttl_s = value == NULL ? resource_kind_ttl(entry->kind) : (uint32_t)ttl;
    if (value != NULL && (!json_is_integer(value) || ttl < 0 || ttl > (json_int_t)DNS_TTL_MAX))
        return fault(call, "ttl", "it must be a number of seconds from 0 to 2147483647");
    return 0;
}

static int read_zone(struct api_call *call, const json_t *zone, struct resource_entry *entry)
{
    const char *name = json_string_value(json_object_get(zone, "name"));
    const json_t *addresses = json_object_get(zone, "addresses");
    const json_t *address;
    size_t index;
    int rc = 0;
    if (name == NULL || json_object_size(zone) != 2 || json_array_size(addresses) == 0)
        return fault(call, "zones",
                     "each must be {\"name\":\"us-east-1a\",\"addresses\":[\"192.0.2.1\"]}");
    json_array_foreach(addresses, index, address)
    {
        if (rc == 0 && !json_is_string(address))
            rc = fault(call, "zones", "addresses must be strings");
        if (rc == 0)
            rc = resource_add_address(entry, name, json_string_value(address), &call->problem);
    }
    return rc;
}

static int read_targets(struct api_call *call, const json_t *group, struct resource_entry *entry)
{
    const char *name = json_string_value(json_object_get(group, "name"));
    const json_t *healthy = json_object_get(group, "healthy");
    const json_t *registered = json_object_get(group, "registered");
    if (name == NULL || json_object_size(group) != 3 || !json_is_integer(healthy) ||
        !json_is_integer(registered) || json_integer_value(healthy) < 0 ||
        json_integer_value(registered) < 0)
        return fault(call, "target_groups",
                     "each must be {\"name\":\"web\",\"healthy\":1,\"registered\":2}");
    return resource_add_targets(entry, name, (uint64_t)json_integer_value(healthy),
                                (uint64_t)json_integer_value(registered), &call->problem);
}

/* A list whose items are read one by one; it may be left out. */
static int read_list(struct api_call *call, const json_t *document, const char *member,
                     int (*read)(struct api_call *call, const json_t *item,
                                 struct resource_entry *entry),
                     struct resource_entry *entry)
{
    const json_t *list = json_object_get(document, member);
    const json_t *item;
    size_t index;
    int rc = list == NULL || json_is_array(list) ? 0 : fault(call, member, "it must be a list");
    json_array_foreach(list, index, item)
    {
        if (rc == 0)
            rc = read(call, item, entry);
    }
    return rc;
}

static int read_entry(struct api_call *call, json_t *document, struct resource_entry *entry)
{
    static const char *const known[] = { "kind", "ttl", "zones", "target_groups", "down", NULL };
    const json_t *down = json_object_get(document, "down");
    int rc = api_check_members(call, document, "", known);
    if (rc == 0)
        rc = read_kind(call, json_object_get(document, "kind"), entry);
    if (rc == 0)
        rc = read_ttl(call, json_object_get(document, "ttl"), entry);
    if (rc == 0)
        rc = read_list(call, document, "zones", read_zone, entry);
    if (rc == 0)
        rc = read_list(call, document, "target_groups", read_targets, entry);
    if (rc == 0 && down != NULL && !json_is_boolean(down))
        rc = fault(call, "down", "it must be true or false");
    entry->is_down = json_is_true(down);
    return rc;
}

static void log_change(const char *what, const struct resource_entry *entry)
{
    char name[DNS_NAME_TEXT_SIZE];
    dns_name_to_text(name, entry->name);
    log_write(LOG_LEVEL_INFO, what, "resource", name, NULL);
}

int api_resource_put_end(struct api_call *call)
{
    struct resource_entry entry = { 0 };
    json_t *document = NULL;
    int rc = api_call_name(call, "resource", call->id, entry.name);
    if (rc == 0)
        rc = api_call_document(call, &document);
    if (rc == 0)
        rc = read_entry(call, document, &entry);
    json_decref(document);
    if (rc == 0)
        rc = control_put_resource(api_call_control(call), &entry, &call->problem);
    if (rc != 0)
        return rc;
    log_change("resource registered", &entry);
    api_call_wait(call);
    return api_call_json(call, resource_object(&entry));
}

int api_resource_delete_end(struct api_call *call)
{
    struct resource_entry entry;
    int rc = api_call_name(call, "resource", call->id, entry.name);
    if (rc == 0)
        rc = control_delete_resource(api_call_control(call), entry.name, &call->problem);
    if (rc != 0)
        return rc;
    log_change("resource deleted", &entry);
    api_call_wait(call);
    return api_call_json(
        call, json_pack("{s:o,s:b}", "resource", api_json_name(entry.name), "deleted", 1));
}
