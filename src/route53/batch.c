/*
 * A change is read as far as it can be.  The first thing wrong with its shape, its name and its
 * values is noted beside it: which of them is told depends on the other changes, and the model
 * knows.
 */
#include "batch.h"

#include "values.h"
#include "zones.h"

#include "signpost/base/limits.h"
#include "signpost/dns/rdata.h"
#include "signpost/dns/types.h"
#include "signpost/model/zone_file.h"

struct change_reader {
    struct route53_call *call;
    const struct r53_resource_record_set *given;
    struct change_item *item;
};

/* ---- limits of a request (A-CHG-5) ---- */

static uint64_t count_characters(const char *text)
{
    uint64_t count = 0;
    for (; *text != '\0'; text++)
        count += ((uint8_t)*text & 0xc0) != 0x80;
    return count;
}

static void count_change(const struct r53_change *change, uint64_t *records, uint64_t *characters)
{
    const struct r53_resource_record_set *set = change->resource_record_set;
    const struct r53_resource_record *values = set->resource_records.items;
    unsigned times = strcmp(change->action, "UPSERT") == 0 ? 2 : 1;
    *records += times * (uint64_t)(set->resource_records.count + (set->alias_target != NULL));
    for (unsigned i = 0; i < set->resource_records.count; i++)
        *characters += times * count_characters(values[i].value);
}

static int check_limits(struct route53_call *call, const struct r53_change_batch *given)
{
    const struct r53_change *changes = given->changes.items;
    uint64_t records = 0, characters = 0;
    for (unsigned i = 0; i < given->changes.count; i++)
        count_change(&changes[i], &records, &characters);
    bool has_records = records > CHANGES_PER_BATCH_MAX;
    bool has_characters = characters > CHANGE_CHARACTERS_MAX;
    if (!has_records && !has_characters)
        return 0;
    return route53_refuse(call, INVALID_CHANGE_BATCH, "[%s%s%s]",
                          has_records ? "Number of records limit of 1000 exceeded." : "",
                          has_records && has_characters ? ", " : "",
                          has_characters ? "Number of characters limit of 32000 exceeded." : "");
}

/* ---- shape (A-CHG-10 to A-CHG-15) ---- */

static void fault_shape(struct change_reader *reader, const char *why)
{
    if (reader->item->reading.shape_fault == NULL)
        reader->item->reading.shape_fault = why;
}

static void check_content(struct change_reader *reader)
{
    const struct r53_resource_record_set *given = reader->given;
    bool has_records = given->resource_records.count > 0;
    unsigned kinds = (given->alias_target != NULL) + (given->ttl.set || has_records) +
                     (given->traffic_policy_instance_id != NULL);
    if (kinds > 1)
        fault_shape(reader,
                    "Invalid request: Expected exactly one of [AliasTarget, all of [TTL, and "
                    "ResourceRecords], or TrafficPolicyInstanceId], but found more than one");
    else if (kinds == 0 || given->ttl.set != has_records)
        fault_shape(reader,
                    "Invalid request: Expected exactly one of [AliasTarget, all of [TTL, and "
                    "ResourceRecords], or TrafficPolicyInstanceId], but found none");
    else if (given->traffic_policy_instance_id != NULL && reader->item->action != CHANGE_DELETE)
        fault_shape(reader, "Invalid request: TrafficPolicyInstanceId is set by "
                            "CreateTrafficPolicyInstance only");
}

static bool is_multivalue(const struct r53_resource_record_set *given)
{
    return given->multi_value_answer.set && given->multi_value_answer.value;
}

static void check_policies(struct change_reader *reader)
{
    const struct r53_resource_record_set *given = reader->given;
    unsigned count = given->weight.set + (given->region != NULL) + (given->failover != NULL) +
                     (given->geo_location != NULL) + is_multivalue(given) +
                     (given->geo_proximity_location != NULL) + (given->cidr_routing_config != NULL);
    if (given->set_identifier == NULL && count > 0)
        fault_shape(reader, "Invalid request: Missing field 'SetIdentifier'");
    else if (given->set_identifier != NULL && count == 0)
        fault_shape(reader, "Invalid request: Expected exactly one of [Weight, Region, Failover, "
                            "GeoLocation, MultiValueAnswer, GeoProximityLocation, or "
                            "CidrRoutingConfig], but found none");
    else if (count > 1)
        fault_shape(reader, "Invalid request: Expected exactly one of [Weight, Region, Failover, "
                            "GeoLocation, MultiValueAnswer, GeoProximityLocation, or "
                            "CidrRoutingConfig], but found more than one");
}

/* ---- routing ---- */

/* What is too long for its place is no such place. */
static void copy_place(struct change_reader *reader, char *to, size_t size, const char *text)
{
    if (text == NULL)
        return;
    if (strlen(text) < size) {
        strcpy(to, text);
        return;
    }
    const char *why = arena_format(reader->call->arena, "there is no place \"%s\"", text);
    fault_shape(reader, why == NULL ? "there is no such place" : why);
}

static void read_geolocation(struct change_reader *reader, struct routing *routing)
{
    const struct r53_geo_location *place = reader->given->geo_location;
    reader->item->set.policy = ROUTING_GEOLOCATION;
    copy_place(reader, routing->continent, sizeof routing->continent, place->continent_code);
    copy_place(reader, routing->country, sizeof routing->country, place->country_code);
    copy_place(reader, routing->subdivision, sizeof routing->subdivision, place->subdivision_code);
}

static void read_proximity(struct change_reader *reader, struct routing *routing)
{
    const struct r53_geo_proximity_location *place = reader->given->geo_proximity_location;
    reader->item->set.policy = ROUTING_GEOPROXIMITY;
    copy_place(reader, routing->region, sizeof routing->region, place->aws_region);
    copy_place(reader, routing->local_zone_group, sizeof routing->local_zone_group,
               place->local_zone_group);
    routing->bias = (int8_t)place->bias.value;
    if (place->coordinates == NULL)
        return;
    copy_place(reader, routing->latitude, sizeof routing->latitude, place->coordinates->latitude);
    copy_place(reader, routing->longitude, sizeof routing->longitude,
               place->coordinates->longitude);
}

static void read_cidr(struct change_reader *reader, struct routing *routing)
{
    const struct r53_cidr_routing_config *config = reader->given->cidr_routing_config;
    reader->item->set.policy = ROUTING_CIDR;
    copy_place(reader, routing->collection, sizeof routing->collection, config->collection_id);
    copy_place(reader, routing->location, sizeof routing->location, config->location_name);
}

static void read_policy(struct change_reader *reader, struct routing *routing)
{
    const struct r53_resource_record_set *given = reader->given;
    struct record_set *set = &reader->item->set;
    set->routing = routing;
    if (given->weight.set) {
        set->policy = ROUTING_WEIGHTED;
        routing->weight = (uint8_t)given->weight.value;
    } else if (given->region != NULL) {
        set->policy = ROUTING_LATENCY;
        copy_place(reader, routing->region, sizeof routing->region, given->region);
    } else if (given->failover != NULL) {
        set->policy = ROUTING_FAILOVER;
        routing->is_primary = strcmp(given->failover, "PRIMARY") == 0;
    } else if (given->geo_location != NULL) {
        read_geolocation(reader, routing);
    } else if (given->geo_proximity_location != NULL) {
        read_proximity(reader, routing);
    } else if (given->cidr_routing_config != NULL) {
        read_cidr(reader, routing);
    } else {
        set->policy = is_multivalue(given) ? ROUTING_MULTIVALUE : ROUTING_SIMPLE;
        set->routing = NULL;
    }
}

/* ---- content ---- */

/* Other than 0: the call is refused, or there is no memory. */
static int read_target(struct change_reader *reader)
{
    const struct r53_alias_target *given = reader->given->alias_target;
    struct route53_call *call = reader->call;
    struct alias_target *target = ROUTE53_NEW(call, struct alias_target);
    uint8_t name[DNS_NAME_SIZE_MAX] = { 0 };
    const char *zone_id;
    int rc = route53_read_id(call, given->hosted_zone_id, "hostedzone", ID_OF_BODY, &zone_id);
    if (rc != 0)
        return rc;
    reader->item->reading.value_fault =
        route53_read_name(call->arena, given->dns_name, false, name);
    if (target == NULL ||
        (target->name = arena_copy(call->arena, name, dns_name_size(name))) == NULL)
        return SP_ENOMEM;
    strcpy(target->zone_id, zone_id);
    target->evaluate_health = given->evaluate_target_health.value;
    reader->item->set.alias = target;
    return 0;
}

/* Packs one piece behind the others. */
static void pack(struct span *packed, uint8_t *room, struct span piece)
{
    put_u16(room + packed->size, (uint16_t)piece.size);
    memcpy(room + packed->size + 2, piece.data, piece.size);
    packed->data = room;
    packed->size += 2 + piece.size;
}

static struct span span_of(const char *text)
{
    return (struct span){ (const uint8_t *)text, strlen(text) };
}

struct value_read {
    struct span rdata;
    bool is_canonical; /* its text is the one that we would write, here and elsewhere */
};

/* SP_EINVAL: it is noted what is wrong. */
static int read_value(struct change_reader *reader, const char *text, struct value_read *out_value)
{
    struct arena *arena = reader->call->arena;
    uint16_t type = reader->item->set.type;
    const char *fault = route53_read_value(arena, type, text, &out_value->rdata);
    if (fault != NULL) {
        reader->item->reading.value_fault =
            arena_format(arena, "Invalid Resource Record: '%s'", fault);
        return reader->item->reading.value_fault == NULL ? SP_ENOMEM : SP_EINVAL;
    }
    const char *ours = route53_value_text(arena, type, out_value->rdata);
    const char *plain = rdata_to_text(arena, type, out_value->rdata);
    if (ours == NULL || plain == NULL)
        return SP_ENOMEM;
    out_value->is_canonical = strcmp(ours, text) == 0 && strcmp(plain, text) == 0;
    return 0;
}

/* Room for what the values need behind one another, in wire form or as text. */
static uint8_t *make_room(struct change_reader *reader, const struct value_read *values,
                          bool as_texts)
{
    const struct xml_list *given = &reader->given->resource_records;
    const struct r53_resource_record *records = given->items;
    size_t size = 0;
    for (unsigned i = 0; i < given->count; i++)
        size += 2 + (as_texts ? strlen(records[i].value) : values[i].rdata.size);
    return arena_alloc(reader->call->arena, size + 1);
}

static int pack_values(struct change_reader *reader, const struct value_read *values,
                       bool keeps_texts)
{
    const struct r53_resource_record *records = reader->given->resource_records.items;
    struct record_set *set = &reader->item->set;
    uint8_t *room = make_room(reader, values, false);
    uint8_t *texts = keeps_texts ? make_room(reader, values, true) : NULL;
    if (room == NULL || (keeps_texts && texts == NULL))
        return SP_ENOMEM;
    for (unsigned i = 0; i < set->value_count; i++) {
        pack(&set->values, room, values[i].rdata);
        if (keeps_texts)
            pack(&set->texts, texts, span_of(records[i].value));
    }
    return 0;
}

static int read_values(struct change_reader *reader)
{
    const struct xml_list *given = &reader->given->resource_records;
    const struct r53_resource_record *records = given->items;
    struct value_read *values =
        arena_alloc(reader->call->arena, (given->count + (size_t)1) * sizeof *values);
    bool keeps_texts = false;
    int rc = values == NULL ? SP_ENOMEM : 0;
    reader->item->set.ttl_s = (uint32_t)reader->given->ttl.value;
    reader->item->set.value_count = given->count;
    for (unsigned i = 0; rc == 0 && i < given->count; i++) {
        rc = read_value(reader, records[i].value, &values[i]);
        keeps_texts |= rc == 0 && !values[i].is_canonical;
    }
    if (rc == 0)
        rc = pack_values(reader, values, keeps_texts);
    return rc == SP_EINVAL ? 0 : rc;
}

/* ---- one change ---- */

static enum change_action read_action(const char *action)
{
    return strcmp(action, "CREATE") == 0   ? CHANGE_CREATE
           : strcmp(action, "DELETE") == 0 ? CHANGE_DELETE
                                           : CHANGE_UPSERT;
}

static int read_change(struct route53_call *call, const struct r53_change *given,
                       struct change_item *item)
{
    const struct r53_resource_record_set *set = given->resource_record_set;
    struct change_reader reader = { call, set, item };
    struct routing *routing = ROUTE53_NEW(call, struct routing);
    if (routing == NULL)
        return SP_ENOMEM;
    item->action = read_action(given->action);
    item->set.type = dns_type_find_name(set->type)->type;
    item->set.set_identifier = set->set_identifier == NULL ? "" : set->set_identifier;
    item->set.health_check = set->health_check_id;
    item->set.traffic_policy_instance = set->traffic_policy_instance_id;
    item->reading.name = set->name;
    item->reading.name_fault = route53_read_name(call->arena, set->name, false, item->owner);
    check_content(&reader);
    check_policies(&reader);
    read_policy(&reader, routing);
    if (item->reading.shape_fault != NULL)
        return 0;
    if (set->alias_target != NULL)
        return read_target(&reader);
    return set->resource_records.count > 0 ? read_values(&reader) : 0;
}

int route53_read_batch(struct route53_call *call, const struct r53_change_batch *given,
                       struct change_batch *out_batch)
{
    const struct r53_change *changes = given->changes.items;
    unsigned count = given->changes.count;
    int rc = check_limits(call, given);
    if (rc != 0)
        return rc;
    struct change_item *items = arena_alloc(call->arena, (count + (size_t)1) * sizeof *items);
    rc = items == NULL ? SP_ENOMEM : 0;
    for (unsigned i = 0; rc == 0 && i < count; i++)
        rc = read_change(call, &changes[i], &items[i]);
    if (rc != 0)
        return call->refusal.code != ROUTE53_NO_CODE ? rc : route53_no_memory(call);
    *out_batch = (struct change_batch){ count, items };
    return 0;
}

/* ---- back ---- */

static const char *copy(struct route53_call *call, const char *text)
{
    return arena_copy(call->arena, text, strlen(text) + 1);
}

static int write_geolocation(struct route53_call *call, const struct routing *routing,
                             struct r53_resource_record_set *out)
{
    struct r53_geo_location *place = out->geo_location = ROUTE53_NEW(call, struct r53_geo_location);
    if (place == NULL)
        return SP_ENOMEM;
    place->continent_code = *routing->continent == '\0' ? NULL : copy(call, routing->continent);
    place->country_code = *routing->country == '\0' ? NULL : copy(call, routing->country);
    place->subdivision_code =
        *routing->subdivision == '\0' ? NULL : copy(call, routing->subdivision);
    return 0;
}

static int write_proximity(struct route53_call *call, const struct routing *routing,
                           struct r53_resource_record_set *out)
{
    struct r53_geo_proximity_location *place = out->geo_proximity_location =
        ROUTE53_NEW(call, struct r53_geo_proximity_location);
    struct r53_coordinates *coordinates = ROUTE53_NEW(call, struct r53_coordinates);
    if (place == NULL || coordinates == NULL)
        return SP_ENOMEM;
    place->bias = (struct xml_integer){ true, routing->bias };
    place->aws_region = *routing->region == '\0' ? NULL : copy(call, routing->region);
    place->local_zone_group =
        *routing->local_zone_group == '\0' ? NULL : copy(call, routing->local_zone_group);
    if (*routing->latitude != '\0') {
        coordinates->latitude = copy(call, routing->latitude);
        coordinates->longitude = copy(call, routing->longitude);
        place->coordinates = coordinates;
    }
    return 0;
}

static int write_cidr(struct route53_call *call, const struct routing *routing,
                      struct r53_resource_record_set *out)
{
    struct r53_cidr_routing_config *config = out->cidr_routing_config =
        ROUTE53_NEW(call, struct r53_cidr_routing_config);
    if (config == NULL)
        return SP_ENOMEM;
    config->collection_id = copy(call, routing->collection);
    config->location_name = copy(call, routing->location);
    return 0;
}

static int write_routing(struct route53_call *call, const struct record_set *set,
                         struct r53_resource_record_set *out)
{
    const struct routing *routing = set->routing;
    switch (set->policy) {
    case ROUTING_WEIGHTED:
        out->weight = (struct xml_integer){ true, routing->weight };
        return 0;
    case ROUTING_LATENCY:
        out->region = copy(call, routing->region);
        return 0;
    case ROUTING_FAILOVER:
        out->failover = routing->is_primary ? "PRIMARY" : "SECONDARY";
        return 0;
    case ROUTING_GEOLOCATION:
        return write_geolocation(call, routing, out);
    case ROUTING_MULTIVALUE:
        out->multi_value_answer = (struct xml_boolean){ true, true };
        return 0;
    case ROUTING_GEOPROXIMITY:
        return write_proximity(call, routing, out);
    case ROUTING_CIDR:
        return write_cidr(call, routing, out);
    default:
        return 0;
    }
}

static int write_target(struct route53_call *call, const struct alias_target *alias,
                        struct r53_resource_record_set *out)
{
    struct r53_alias_target *target = out->alias_target =
        ROUTE53_NEW(call, struct r53_alias_target);
    if (target == NULL)
        return SP_ENOMEM;
    target->hosted_zone_id = copy(call, alias->zone_id);
    target->dns_name = route53_name_text(call, alias->name);
    target->evaluate_target_health = (struct xml_boolean){ true, alias->evaluate_health };
    return target->hosted_zone_id == NULL || target->dns_name == NULL ? SP_ENOMEM : 0;
}

/* As the user wrote them, where it is known (A-CHG-25). */
static int write_values(struct route53_call *call, const struct record_set *set,
                        struct r53_resource_record_set *out)
{
    struct r53_resource_record *records =
        arena_alloc(call->arena, (set->value_count + (size_t)1) * sizeof *records);
    struct span values = set->values, texts = set->texts, value, text;
    if (records == NULL)
        return SP_ENOMEM;
    out->ttl = (struct xml_integer){ true, set->ttl_s };
    out->resource_records = (struct xml_list){ true, 0, records };
    while (dns_values_next(&values, &value)) {
        struct r53_resource_record *record = &records[out->resource_records.count++];
        record->value = dns_values_next(&texts, &text)
                            ? arena_format(call->arena, "%.*s", (int)text.size, text.data)
                            : route53_value_text(call->arena, set->type, value);
        if (record->value == NULL)
            return SP_ENOMEM;
    }
    return 0;
}

int route53_write_set(struct route53_call *call, const uint8_t *owner, const struct record_set *set,
                      struct r53_resource_record_set *out_set)
{
    out_set->name = route53_name_text(call, owner);
    out_set->type = dns_type_find(set->type)->name;
    if (out_set->name == NULL)
        return SP_ENOMEM;
    if (set->traffic_policy_instance != NULL) {
        out_set->traffic_policy_instance_id = copy(call, set->traffic_policy_instance);
        return out_set->traffic_policy_instance_id == NULL ? SP_ENOMEM : 0;
    }
    if (*set->set_identifier != '\0')
        out_set->set_identifier = copy(call, set->set_identifier);
    if (set->health_check != NULL)
        out_set->health_check_id = copy(call, set->health_check);
    int rc = write_routing(call, set, out_set);
    if (rc == 0)
        rc = set->alias != NULL ? write_target(call, set->alias, out_set)
                                : write_values(call, set, out_set);
    return rc;
}
