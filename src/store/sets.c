/*
 * Rows of record_set, and what the digest and the journal take of a set besides its TTL and values.
 *
 * The attributes are one text: "policy=weighted weight=70 check=web-1 alias=lb.test. zone=Z1
 * evaluate-health=no".  Of these only what the set has stands there, in this order, with the texts
 * of the table below behind the weight; none of them can hold a blank.  A plain set has the empty
 * text, which is why databases from before there were attributes keep their digests; and since they
 * go into digests, neither names nor order may ever change.
 */
#include "internal.h"

#include "signpost/dns/rdata.h"
#include "signpost/model/uuid.h"

#include <stddef.h>
#include <string.h>

#define FIELD(name) offsetof(struct routing, name), sizeof(((struct routing *)0)->name)

static const struct text_field {
    enum set_column column;
    const char *name;
    size_t offset, size;
} text_fields[] = {
    { S_REGION, "region", FIELD(region) },
    { S_CONTINENT, "continent", FIELD(continent) },
    { S_COUNTRY, "country", FIELD(country) },
    { S_SUBDIVISION, "subdivision", FIELD(subdivision) },
    { S_COLLECTION, "collection", FIELD(collection) },
    { S_LOCATION, "location", FIELD(location) },
    { S_LOCAL_ZONE, "local-zone", FIELD(local_zone_group) },
    { S_LATITUDE, "latitude", FIELD(latitude) },
    { S_LONGITUDE, "longitude", FIELD(longitude) },
};

#define TEXT_FIELD_COUNT (sizeof text_fields / sizeof text_fields[0])

/* ---- reading ---- */

/* The number of packed values; 0 for a broken packing, as no set is without values. */
static uint32_t count_values(struct span packed)
{
    struct span rdata;
    uint32_t count = 0;
    while (dns_values_next(&packed, &rdata))
        count++;
    return packed.size == 0 ? count : 0;
}

static bool decode_values(sqlite3_stmt *statement, struct record_set *set)
{
    int64_t ttl_s = sqlite3_column_int64(statement, S_TTL);
    set->values = store__column_span(statement, S_VALUES);
    set->value_count = count_values(set->values);
    set->ttl_s = (uint32_t)ttl_s;
    set->texts = store__column_span(statement, S_TEXTS);
    return set->value_count > 0 && ttl_s >= 0 && ttl_s <= DNS_TTL_MAX &&
           (set->texts.size == 0 || count_values(set->texts) == set->value_count);
}

static bool decode_alias(sqlite3_stmt *statement, struct set_row *row)
{
    struct span name = store__column_span(statement, S_ALIAS_NAME);
    row->alias.name = name.data;
    row->alias.evaluate_health = sqlite3_column_int(statement, S_EVALUATE_HEALTH) != 0;
    row->set.alias = &row->alias;
    return name.size > 0 && dns_name_check(name.data, name.size) == name.size &&
           store__copy_text(row->alias.zone_id, sizeof row->alias.zone_id, statement, S_ALIAS_ZONE);
}

static bool decode_routing(sqlite3_stmt *statement, struct set_row *row)
{
    struct span failover = store__column_span(statement, S_FAILOVER);
    row->routing = (struct routing){
        .weight = (uint8_t)sqlite3_column_int(statement, S_WEIGHT),
        .is_primary = failover.size == 7 && memcmp(failover.data, "PRIMARY", 7) == 0,
        .bias = (int8_t)sqlite3_column_int(statement, S_BIAS),
    };
    row->set.routing = &row->routing;
    for (unsigned i = 0; i < TEXT_FIELD_COUNT; i++)
        if (!store__copy_text((char *)&row->routing + text_fields[i].offset, text_fields[i].size,
                              statement, text_fields[i].column))
            return false;
    return true;
}

/* A text column where it lies, in SQLite's memory; NULL when it is not one string of at most so
 * many octets. */
static const char *column_string(sqlite3_stmt *statement, int column, size_t size_max)
{
    const char *text = (const char *)sqlite3_column_text(statement, column);
    size_t size = (size_t)sqlite3_column_bytes(statement, column);
    return text != NULL && size <= size_max && strlen(text) == size ? text : NULL;
}

bool store__is_plain_set(sqlite3_stmt *statement)
{
    return sqlite3_column_int(statement, S_POLICY) == ROUTING_SIMPLE &&
           sqlite3_column_type(statement, S_VALUES) != SQLITE_NULL &&
           sqlite3_column_type(statement, S_CHECK) == SQLITE_NULL;
}

bool store__decode_set(sqlite3_stmt *statement, struct set_row *out_row)
{
    const char *type_name = (const char *)sqlite3_column_text(statement, S_TYPE);
    const struct dns_type_info *type = type_name != NULL ? dns_type_find_name(type_name) : NULL;
    int policy = sqlite3_column_int(statement, S_POLICY);
    struct record_set *set = &out_row->set;
    if (type == NULL || policy < 0 || policy >= ROUTING_POLICY_COUNT)
        return false;
    *set = (struct record_set){
        .type = type->type,
        .policy = (enum routing_policy)policy,
        .set_identifier = column_string(statement, S_SET_IDENTIFIER, SET_IDENTIFIER_SIZE_MAX),
    };
    if (set->set_identifier == NULL ||
        (policy == ROUTING_SIMPLE) != (set->set_identifier[0] == '\0'))
        return false;
    if (sqlite3_column_type(statement, S_INSTANCE) != SQLITE_NULL &&
        (set->traffic_policy_instance = column_string(statement, S_INSTANCE, UUID_TEXT_SIZE - 1)) ==
            NULL)
        return false;
    if (store__is_plain_set(statement))
        return decode_values(statement, set);
    if (sqlite3_column_type(statement, S_CHECK) != SQLITE_NULL &&
        (set->health_check = column_string(statement, S_CHECK, HEALTH_CHECK_ID_SIZE_MAX)) == NULL)
        return false;
    if (policy != ROUTING_SIMPLE && policy != ROUTING_MULTIVALUE &&
        !decode_routing(statement, out_row))
        return false;
    return sqlite3_column_type(statement, S_VALUES) != SQLITE_NULL
               ? decode_values(statement, set)
               : decode_alias(statement, out_row);
}

/* ---- writing ---- */

static void bind_routing(sqlite3_stmt *statement, enum routing_policy policy,
                         const struct routing *routing)
{
    for (unsigned i = 0; i < TEXT_FIELD_COUNT; i++) {
        const char *text = (const char *)routing + text_fields[i].offset;
        if (text[0] != '\0')
            store__bind_text(statement, text_fields[i].column + 1, text, strlen(text));
    }
    if (policy == ROUTING_WEIGHTED)
        sqlite3_bind_int(statement, S_WEIGHT + 1, routing->weight);
    if (policy == ROUTING_GEOPROXIMITY)
        sqlite3_bind_int(statement, S_BIAS + 1, routing->bias);
    if (policy == ROUTING_FAILOVER)
        store__bind_text(statement, S_FAILOVER + 1, routing->is_primary ? "PRIMARY" : "SECONDARY",
                         routing->is_primary ? 7 : 9);
}

void store__bind_set(sqlite3_stmt *statement, const struct record_set *set, int64_t check_id)
{
    const struct alias_target *alias = set->alias;
    sqlite3_bind_int(statement, S_POLICY + 1, set->policy);
    if (alias != NULL) {
        store__bind_text(statement, S_ALIAS_ZONE + 1, alias->zone_id, strlen(alias->zone_id));
        store__bind_blob(statement, S_ALIAS_NAME + 1, alias->name, dns_name_size(alias->name));
        sqlite3_bind_int(statement, S_EVALUATE_HEALTH + 1, alias->evaluate_health);
    } else {
        sqlite3_bind_int64(statement, S_TTL + 1, set->ttl_s);
        store__bind_blob(statement, S_VALUES + 1, set->values.data, set->values.size);
        if (set->texts.size > 0)
            store__bind_blob(statement, S_TEXTS + 1, set->texts.data, set->texts.size);
    }
    if (set->traffic_policy_instance != NULL)
        store__bind_text(statement, S_INSTANCE + 1, set->traffic_policy_instance,
                         strlen(set->traffic_policy_instance));
    if (set->routing != NULL)
        bind_routing(statement, set->policy, set->routing);
    if (check_id != 0)
        sqlite3_bind_int64(statement, S_CHECK + 1, check_id);
}

/* ---- attributes ---- */

struct attributes {
    char *text;
    size_t size;
};

static void add(struct attributes *to, const char *name, const char *value)
{
    if (value[0] == '\0')
        return;
    sqlite3_snprintf((int)(SET_ATTRIBUTES_SIZE - to->size), to->text + to->size, "%s%s=%s",
                     to->size > 0 ? " " : "", name, value);
    to->size += strlen(to->text + to->size);
}

static void add_number(struct attributes *to, const char *name, int number)
{
    char text[16];
    sqlite3_snprintf(sizeof text, text, "%d", number);
    add(to, name, text);
}

static void add_routing(struct attributes *to, enum routing_policy policy,
                        const struct routing *routing)
{
    if (policy == ROUTING_WEIGHTED)
        add_number(to, "weight", routing->weight);
    if (policy == ROUTING_FAILOVER)
        add(to, "role", routing->is_primary ? "PRIMARY" : "SECONDARY");
    for (unsigned i = 0; i < TEXT_FIELD_COUNT; i++)
        add(to, text_fields[i].name, (const char *)routing + text_fields[i].offset);
    if (policy == ROUTING_GEOPROXIMITY && routing->bias != 0)
        add_number(to, "bias", routing->bias);
}

const char *store__set_attributes(char out[SET_ATTRIBUTES_SIZE], const struct record_set *set)
{
    struct attributes to = { out, 0 };
    char name[DNS_NAME_TEXT_SIZE];
    out[0] = '\0';
    if (set->policy != ROUTING_SIMPLE)
        add(&to, "policy", routing_policy_name(set->policy));
    if (set->routing != NULL)
        add_routing(&to, set->policy, set->routing);
    if (set->health_check != NULL)
        add(&to, "check", set->health_check);
    if (set->alias != NULL) {
        dns_name_to_text(name, set->alias->name);
        add(&to, "alias", name);
        add(&to, "zone", set->alias->zone_id);
        add(&to, "evaluate-health", set->alias->evaluate_health ? "yes" : "no");
    }
    if (set->traffic_policy_instance != NULL)
        add(&to, "instance", set->traffic_policy_instance);
    return out;
}
