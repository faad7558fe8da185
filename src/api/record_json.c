#include "record_json.h"

#include "signpost/base/limits.h"
#include "signpost/dns/rdata.h"

#include <string.h>

/* ---- what a set holds ---- */

static int read_ttl(const struct reading *reading, const json_t *value, uint32_t *out_ttl)
{
    json_int_t ttl = json_integer_value(value);
    if (!json_is_integer(value) || ttl < 0 || ttl > (json_int_t)DNS_TTL_MAX)
        return reading_fault(reading, "ttl", "it must be a number of seconds from 0 to 2147483647");
    *out_ttl = (uint32_t)ttl;
    return 0;
}

/* Each value as RDATA, packed one behind the other. */
static int read_values(const struct reading *reading, const json_t *list, struct record_set *set)
{
    struct api_call *call = reading->call;
    struct arena *arena = call->exchange->arena;
    size_t count = json_array_size(list), size = 0, at = 0;
    struct span *rdata = arena_alloc(arena, (count + 1) * sizeof(*rdata));
    if (count == 0)
        return reading_fault(reading, "values", "it must be a list of at least one string");
    for (size_t i = 0; i < count && rdata != NULL; i++) {
        const char *text = json_string_value(json_array_get(list, i));
        if (text == NULL)
            return reading_fault(reading, "values", "it must be a list of strings");
        int rc = rdata_from_text(arena, set->type, text, NULL, &rdata[i], &call->problem);
        if (rc != 0)
            return reading_locate(reading, rc);
        size += 2 + rdata[i].size;
    }
    uint8_t *packed = rdata == NULL ? NULL : arena_alloc(arena, size);
    if (packed == NULL)
        return SP_ENOMEM;
    for (size_t i = 0; i < count; i++) {
        put_u16(packed + at, (uint16_t)rdata[i].size);
        memcpy(packed + at + 2, rdata[i].data, rdata[i].size);
        at += 2 + rdata[i].size;
    }
    set->values = (struct span){ packed, size };
    set->value_count = (uint32_t)count;
    return 0;
}

/* Without a zone it is this zone when the name lies in it, and a resource otherwise. */
static int read_alias_zone(const struct reading *reading, const json_t *value,
                           struct alias_target *alias)
{
    bool is_within = dns_name_is_within(alias->name, reading->zone->name);
    if (value != NULL)
        return reading_text(reading, value, "alias.zone_id", alias->zone_id,
                            sizeof(alias->zone_id));
    strcpy(alias->zone_id, is_within ? reading->zone->public_id : RESOURCE_ZONE_ID);
    return 0;
}

static int read_alias_name(const struct reading *reading, const json_t *value,
                           struct alias_target *alias)
{
    uint8_t name[DNS_NAME_SIZE_MAX];
    struct api_call *call = reading->call;
    if (!json_is_string(value))
        return reading_fault(reading, "alias.name",
                             "it must be a string, such as \"lb.example.com\"");
    int rc = api_call_name(call, "alias.name", json_string_value(value), name);
    if (rc != 0)
        return reading_locate(reading, rc);
    alias->name = arena_copy(call->exchange->arena, name, dns_name_size(name));
    return alias->name != NULL ? 0 : SP_ENOMEM;
}

static int read_alias(const struct reading *reading, json_t *value, struct record_set *set)
{
    static const char *const known[] = { "zone_id", "name", "evaluate_target_health", NULL };
    struct alias_target *alias = arena_alloc(reading->call->exchange->arena, sizeof(*alias));
    const json_t *evaluate = json_object_get(value, "evaluate_target_health");
    int rc = alias == NULL ? SP_ENOMEM : reading_object(reading, value, "alias", known);
    if (rc == 0)
        rc = read_alias_name(reading, json_object_get(value, "name"), alias);
    if (rc == 0)
        rc = read_alias_zone(reading, json_object_get(value, "zone_id"), alias);
    if (rc == 0 && evaluate != NULL)
        rc = reading_flag(reading, evaluate, "alias.evaluate_target_health",
                          &alias->evaluate_health);
    set->alias = alias;
    return rc;
}

/* A-CHG-10. */
static int read_content(const struct reading *reading, const json_t *change, struct record_set *set)
{
    json_t *alias = json_object_get(change, "alias");
    const json_t *ttl = json_object_get(change, "ttl");
    const json_t *values = json_object_get(change, "values");
    if (alias == NULL) {
        int rc = read_ttl(reading, ttl, &set->ttl_s);
        return rc == 0 ? read_values(reading, values, set) : rc;
    }
    if (ttl != NULL)
        return reading_fault(reading, "ttl", "an alias has none of its own; leave it out");
    if (values != NULL)
        return reading_fault(reading, "values", "a set has either values or an alias");
    return read_alias(reading, alias, set);
}

/* ---- the change ---- */

static int read_action(const struct reading *reading, const json_t *value, enum change_action *out)
{
    static const char *const names[] = { "CREATE", "DELETE", "UPSERT" };
    const char *text = json_string_value(value);
    for (unsigned i = 0; text != NULL && i < 3; i++)
        if (strcmp(text, names[i]) == 0) {
            *out = (enum change_action)i;
            return 0;
        }
    return reading_fault(reading, "action", "it must be \"CREATE\", \"UPSERT\" or \"DELETE\"");
}

/* Such a set is the instance's to make, and anybody's to delete (A-CHG-15). */
static int read_instance(const struct reading *reading, const json_t *change,
                         enum change_action action, struct record_set *set)
{
    static const char member[] = "traffic_policy_instance";
    if (action != CHANGE_DELETE)
        return reading_fault(reading, member, "only its instance makes or changes such a set");
    if (json_object_get(change, "ttl") != NULL || json_object_get(change, "values") != NULL ||
        json_object_get(change, "alias") != NULL)
        return reading_fault(reading, member, "such a set has no values, no TTL and no alias");
    return reading_string(reading, json_object_get(change, member), member,
                          &set->traffic_policy_instance);
}

static int read_owner(const struct reading *reading, const json_t *value, uint8_t *out_owner)
{
    struct api_call *call = reading->call;
    if (!json_is_string(value))
        return reading_fault(reading, "name", "it must be a string, such as \"www.example.com\"");
    int rc = api_call_name(call, "name", json_string_value(value), out_owner);
    if (rc != 0)
        return reading_locate(reading, rc);
    if (!dns_name_is_within(out_owner, call->zone))
        return problem_set(
            &call->problem, SP_EINVAL,
            "changes[%zu].name: \"%.300s\" is not in the zone %s; names are written in "
            "full",
            reading->index, json_string_value(value), call->zone_text);
    return 0;
}

static int read_type(const struct reading *reading, const json_t *value, uint16_t *out_type)
{
    if (!json_is_string(value))
        return reading_fault(reading, "type", "it must be a string, such as \"A\"");
    int rc = api_call_type(reading->call, json_string_value(value), out_type);
    return rc == 0 ? 0 : reading_locate(reading, rc);
}

static int read_set(const struct reading *reading, const json_t *change, enum change_action action,
                    struct record_set *set)
{
    *set = (struct record_set){ .set_identifier = "" };
    int rc = read_type(reading, json_object_get(change, "type"), &set->type);
    if (rc == 0)
        rc = json_object_get(change, "traffic_policy_instance") != NULL
                 ? read_instance(reading, change, action, set)
                 : read_content(reading, change, set);
    if (rc == 0)
        rc = record_read_routing(reading, change, set);
    if (rc == 0)
        rc = reading_string(reading, json_object_get(change, "set_identifier"), "set_identifier",
                            &set->set_identifier);
    if (rc == 0)
        rc = reading_string(reading, json_object_get(change, "health_check"), "health_check",
                            &set->health_check);
    return rc;
}

int api_read_change(struct api_call *call, size_t index, const struct hosted_zone *zone,
                    json_t *change, struct change_item *out_item)
{
    static const char *const known[] = {
        "action",
        "name",
        "type",
        "ttl",
        "values",
        "policy",
        "alias",
        "weight",
        "region",
        "failover",
        "geolocation",
        "set_identifier",
        "cidr",
        "health_check",
        "geoproximity",
        "multivalue_answer",
        "traffic_policy_instance",
        NULL,
    };
    struct reading reading = { call, index, zone };
    char where[40];
    snprintf(where, sizeof(where), "changes[%zu]: ", index);
    if (!json_is_object(change))
        return problem_set(&call->problem, SP_EINVAL, "%sit must be an object", where);
    int rc = api_check_members(call, change, where, known);
    if (rc == 0)
        rc = read_action(&reading, json_object_get(change, "action"), &out_item->action);
    if (rc == 0)
        rc = read_owner(&reading, json_object_get(change, "name"), out_item->owner);
    return rc == 0 ? read_set(&reading, change, out_item->action, &out_item->set) : rc;
}

/* ---- out ---- */

/* Texts are made in an arena of the set's own: a zone of a million records would fill a big one. */
static json_t *value_list(uint16_t type, struct span packed)
{
    struct arena *arena = arena_create();
    json_t *list = json_array();
    struct span rdata;
    while (arena != NULL && list != NULL && dns_values_next(&packed, &rdata)) {
        const char *text = rdata_to_text(arena, type, rdata);
        if (text == NULL || json_array_append_new(list, api_json_text(text)) != 0) {
            json_decref(list);
            list = NULL;
        }
    }
    if (arena == NULL) {
        json_decref(list);
        list = NULL;
    }
    arena_destroy(arena);
    return list;
}

static json_t *write_alias(const struct alias_target *alias)
{
    return json_pack("{s:s,s:o,s:b}", "zone_id", alias->zone_id, "name", api_json_name(alias->name),
                     "evaluate_target_health", alias->evaluate_health);
}

json_t *api_json_record_set(const uint8_t *owner, const struct record_set *set)
{
    json_t *object = json_pack("{s:o,s:s}", "name", api_json_name(owner), "type",
                               dns_type_find(set->type)->name);
    int failed = 0;
    if (set->traffic_policy_instance != NULL) { /* what it leads to is hidden (R-TPF-3) */
        failed |= json_object_set_new(object, "traffic_policy_instance",
                                      json_string(set->traffic_policy_instance));
    } else if (set->alias != NULL) {
        failed |= json_object_set_new(object, "alias", write_alias(set->alias));
    } else {
        failed |= json_object_set_new(object, "ttl", json_integer((json_int_t)set->ttl_s));
        failed |= json_object_set_new(object, "values", value_list(set->type, set->values));
    }
    failed |= record_write_routing(object, set);
    if (set->health_check != NULL)
        failed |= json_object_set_new(object, "health_check", api_json_text(set->health_check));
    if (failed == 0)
        return object;
    json_decref(object);
    return NULL;
}
