/* What the sets of a group are chosen by: each policy has a member of its own, and a row here. */
#include "record_json.h"

#include <stddef.h>
#include <string.h>

/* A text of an object within a record set, and where it goes. */
struct text_member {
    const char *name;
    size_t offset, size;
};

#define ROUTING_TEXT(name)                                                                         \
    {                                                                                              \
#name, offsetof(struct routing, name), sizeof(((struct routing *)0)->name)                 \
    }

static const struct text_member geolocation_texts[] = {
    ROUTING_TEXT(continent), ROUTING_TEXT(country), ROUTING_TEXT(subdivision), { 0 }
};
static const struct text_member geoproximity_texts[] = { ROUTING_TEXT(region),
                                                         ROUTING_TEXT(local_zone_group),
                                                         ROUTING_TEXT(latitude),
                                                         ROUTING_TEXT(longitude),
                                                         { 0 } };
static const struct text_member cidr_texts[] = { ROUTING_TEXT(collection),
                                                 ROUTING_TEXT(location),
                                                 { 0 } };

/* Those of the texts that are there; which of them belong together is for the model to say. */
static int read_texts(const struct reading *reading, const json_t *object, const char *member,
                      const struct text_member *texts, struct routing *routing)
{
    int rc = 0;
    for (; rc == 0 && texts->name != NULL; texts++) {
        char path[64];
        const json_t *value = json_object_get(object, texts->name);
        snprintf(path, sizeof(path), "%s.%s", member, texts->name);
        if (value != NULL)
            rc = reading_text(reading, value, path, (char *)routing + texts->offset, texts->size);
    }
    return rc;
}

static json_t *write_texts(const struct text_member *texts, const struct routing *routing)
{
    json_t *object = json_object();
    for (; texts->name != NULL; texts++) {
        const char *text = (const char *)routing + texts->offset;
        if (text[0] != '\0')
            json_object_set_new(object, texts->name, api_json_text(text));
    }
    return object;
}

static int read_weight(const struct reading *reading, json_t *value, struct routing *routing)
{
    int weight = 0;
    int rc = reading_number(reading, value, "weight", 0, 255, &weight);
    routing->weight = (uint8_t)weight;
    return rc;
}

static json_t *write_weight(const struct routing *routing)
{
    return json_integer(routing->weight);
}

static int read_region(const struct reading *reading, json_t *value, struct routing *routing)
{
    return reading_text(reading, value, "region", routing->region, sizeof(routing->region));
}

static json_t *write_region(const struct routing *routing)
{
    return api_json_text(routing->region);
}

static int read_failover(const struct reading *reading, json_t *value, struct routing *routing)
{
    const char *role = json_string_value(value);
    if (role == NULL || (strcmp(role, "PRIMARY") != 0 && strcmp(role, "SECONDARY") != 0))
        return reading_fault(reading, "failover", "it must be \"PRIMARY\" or \"SECONDARY\"");
    routing->is_primary = role[0] == 'P';
    return 0;
}

static json_t *write_failover(const struct routing *routing)
{
    return json_string(routing->is_primary ? "PRIMARY" : "SECONDARY");
}

static int read_geolocation(const struct reading *reading, json_t *value, struct routing *routing)
{
    static const char *const known[] = { "continent", "country", "subdivision", NULL };
    int rc = reading_object(reading, value, "geolocation", known);
    return rc == 0 ? read_texts(reading, value, "geolocation", geolocation_texts, routing) : rc;
}

static json_t *write_geolocation(const struct routing *routing)
{
    return write_texts(geolocation_texts, routing);
}

static int read_geoproximity(const struct reading *reading, json_t *value, struct routing *routing)
{
    static const char *const known[] = { "region",   "local_zone_group",
                                         "latitude", "longitude",
                                         "bias",     NULL };
    const json_t *bias = json_object_get(value, "bias");
    int number = 0;
    int rc = reading_object(reading, value, "geoproximity", known);
    if (rc == 0)
        rc = read_texts(reading, value, "geoproximity", geoproximity_texts, routing);
    if (rc == 0 && bias != NULL)
        rc = reading_number(reading, bias, "geoproximity.bias", -99, 99, &number);
    routing->bias = (int8_t)number;
    return rc;
}

static json_t *write_geoproximity(const struct routing *routing)
{
    json_t *object = write_texts(geoproximity_texts, routing);
    json_object_set_new(object, "bias", json_integer(routing->bias));
    return object;
}

/* Its false counts as absent (A-CHG-13), so here it is true. */
static int read_multivalue(const struct reading *reading, json_t *value, struct routing *routing)
{
    bool flag;
    (void)routing;
    return reading_flag(reading, value, "multivalue_answer", &flag);
}

static json_t *write_multivalue(const struct routing *routing)
{
    (void)routing;
    return json_true();
}

static int read_cidr(const struct reading *reading, json_t *value, struct routing *routing)
{
    static const char *const known[] = { "collection", "location", NULL };
    int rc = reading_object(reading, value, "cidr", known);
    return rc == 0 ? read_texts(reading, value, "cidr", cidr_texts, routing) : rc;
}

static json_t *write_cidr(const struct routing *routing)
{
    return write_texts(cidr_texts, routing);
}

/* Each policy but simple has one member that tells it. */
static const struct policy_member {
    const char *name;
    int (*read)(const struct reading *reading, json_t *value, struct routing *routing);
    json_t *(*write)(const struct routing *routing);
} policy_members[ROUTING_POLICY_COUNT] = {
    [ROUTING_WEIGHTED] = { "weight", read_weight, write_weight },
    [ROUTING_LATENCY] = { "region", read_region, write_region },
    [ROUTING_FAILOVER] = { "failover", read_failover, write_failover },
    [ROUTING_GEOLOCATION] = { "geolocation", read_geolocation, write_geolocation },
    [ROUTING_MULTIVALUE] = { "multivalue_answer", read_multivalue, write_multivalue },
    [ROUTING_CIDR] = { "cidr", read_cidr, write_cidr },
    [ROUTING_GEOPROXIMITY] = { "geoproximity", read_geoproximity, write_geoproximity },
};

/* The policy that the members tell; more than one is a fault (A-CHG-11). */
static int find_policy(const struct reading *reading, const json_t *change, unsigned *out_policy)
{
    *out_policy = ROUTING_SIMPLE;
    for (unsigned i = ROUTING_WEIGHTED; i < ROUTING_POLICY_COUNT; i++) {
        const json_t *value = json_object_get(change, policy_members[i].name);
        if (value == NULL || (i == ROUTING_MULTIVALUE && json_is_false(value)))
            continue;
        if (*out_policy != ROUTING_SIMPLE)
            return problem_set(&reading->call->problem, SP_EINVAL,
                               "changes[%zu].%s: a set has one policy, and this one has \"%s\" "
                               "already",
                               reading->index, policy_members[i].name,
                               policy_members[*out_policy].name);
        *out_policy = i;
    }
    return 0;
}

static int check_policy(const struct reading *reading, const json_t *value,
                        enum routing_policy policy)
{
    const char *name = json_string_value(value);
    unsigned named = name != NULL ? routing_policy_find(name) : ROUTING_POLICY_COUNT;
    if (value == NULL || named == policy)
        return 0;
    if (named == ROUTING_POLICY_COUNT)
        return reading_fault(reading, "policy",
                             "it must be \"simple\", \"weighted\", \"latency\", \"failover\", "
                             "\"geolocation\", \"geoproximity\", \"multivalue\" or \"cidr\"");
    return problem_set(&reading->call->problem, SP_EINVAL,
                       "changes[%zu].policy: it says \"%s\", but by its other members the set is "
                       "%s",
                       reading->index, name, routing_policy_name(policy));
}

int record_read_routing(const struct reading *reading, const json_t *change, struct record_set *set)
{
    unsigned policy;
    int rc = find_policy(reading, change, &policy);
    if (rc == 0)
        rc = check_policy(reading, json_object_get(change, "policy"), policy);
    if (rc != 0 || policy == ROUTING_SIMPLE)
        return rc;
    struct routing *routing = arena_alloc(reading->call->exchange->arena, sizeof(*routing));
    if (routing == NULL)
        return SP_ENOMEM;
    set->policy = (enum routing_policy)policy;
    set->routing = policy == ROUTING_MULTIVALUE ? NULL : routing;
    const struct policy_member *member = &policy_members[policy];
    return member->read(reading, json_object_get(change, member->name), routing);
}

int record_write_routing(json_t *object, const struct record_set *set)
{
    const struct policy_member *member = &policy_members[set->policy];
    int failed =
        json_object_set_new(object, "policy", json_string(routing_policy_name(set->policy)));
    if (set->set_identifier[0] != '\0')
        failed |= json_object_set_new(object, "set_identifier", api_json_text(set->set_identifier));
    if (member->write != NULL)
        failed |= json_object_set_new(object, member->name, member->write(set->routing));
    return failed;
}
