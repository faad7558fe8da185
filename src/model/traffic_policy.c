/*
 * A document is read in three rounds: endpoints, then rules, whose references name rules that may
 * stand further down, and at last the way from rule to rule, which must end and not be too long.
 * Reading goes on behind a fault, so that all of them are told at once.
 */
#include "signpost/model/traffic_policy.h"

#include "check.h"
#include "traffic_reader.h"

#include "signpost/dns/types.h"
#include "signpost/geo/places.h"
#include "signpost/model/zone_file.h"

#include <limits.h>
#include <string.h>

struct reading {
    struct traffic_reader *reader;
    struct traffic_document *document;
    traffic_value_reader *read_value;
    json_t *endpoints, *rules; /* objects, or NULL */
    bool has_locations;        /* the format of 2023-05-09 */
};

/* The index of a key in an object, in the order of the text; -1: it is not there. */
static int find_index(json_t *object, const char *id)
{
    const char *key;
    json_t *value;
    int index = 0;
    json_object_foreach(object, key, value)
    {
        if (strcmp(key, id) == 0)
            return index;
        index++;
    }
    return -1;
}

/* ---- endpoints ---- */

static const struct endpoint_kind {
    const char *name;
    bool is_value;
    enum resource_kind kind;
} endpoint_kinds[] = {
    { "value", true, RESOURCE_OTHER },
    { "cloudfront", false, RESOURCE_CLOUDFRONT },
    { "application-load-balancer", false, RESOURCE_APPLICATION_LOAD_BALANCER },
    { "elastic-load-balancer", false, RESOURCE_CLASSIC_LOAD_BALANCER },
    { "network-load-balancer", false, RESOURCE_NETWORK_LOAD_BALANCER },
    { "elastic-beanstalk", false, RESOURCE_BEANSTALK },
    { "s3-website", false, RESOURCE_S3_WEBSITE },
};
#define ENDPOINT_KINDS                                                                             \
    "value, cloudfront, application-load-balancer, elastic-load-balancer, network-load-balancer, " \
    "elastic-beanstalk or s3-website"

static const struct endpoint_kind *find_kind(const char *name)
{
    for (size_t i = 0; i < sizeof endpoint_kinds / sizeof *endpoint_kinds; i++)
        if (strcmp(endpoint_kinds[i].name, name) == 0)
            return &endpoint_kinds[i];
    return NULL;
}

static const char *read_zone_file_value(struct arena *arena, uint16_t type, const char *text,
                                        struct span *out_rdata)
{
    struct problem problem;
    if (rdata_from_text(arena, type, text, NULL, out_rdata, &problem) == 0)
        return NULL;
    return arena_format(arena, "%s", problem.text);
}

static void read_rdata(struct reading *reading, const char *path, const char *value,
                       struct traffic_endpoint *endpoint)
{
    uint16_t type = reading->document->type;
    if (type == 0)
        return; /* told already */
    const char *why = reading->read_value(reading->reader->arena, type, value, &endpoint->rdata);
    if (why != NULL)
        traffic__fault(reading->reader, path, "%s", why);
    else if (endpoint->rdata.data == NULL)
        reading->reader->rc = SP_ENOMEM;
}

static void read_resource(struct reading *reading, const char *path, const char *value,
                          struct traffic_endpoint *endpoint)
{
    uint8_t name[DNS_NAME_SIZE_MAX];
    const char *why = "";
    uint16_t type = reading->document->type;
    size_t size = dns_name_from_text(name, value, strlen(value), NULL, &why);
    if (size == 0) {
        traffic__fault(reading->reader, path, "\"%s\" is no domain name: %s",
                       traffic__show(reading->reader, value), why);
        return;
    }
    dns_name_lower(name, name, size);
    endpoint->name = traffic__keep(reading->reader, name, size);
    if (type != 0 && !resource_kind_accepts_type(endpoint->kind, type))
        traffic__fault(reading->reader, path, "a resource of the kind %s has no records of type %s",
                       resource_kind_name(endpoint->kind), dns_type_find(type)->name);
}

static void check_region(struct reading *reading, const char *path, const char *region)
{
    if (region != NULL && geo_region_find(region) == GEO_REGION_NONE)
        traffic__fault(reading->reader, path,
                       "there is no Region \"%s\" (they are written as eu-west-1)",
                       traffic__show(reading->reader, region));
}

static void read_endpoint(struct reading *reading, json_t *object, const char *path,
                          struct traffic_endpoint *endpoint)
{
    struct traffic_reader *reader = reading->reader;
    static const char *const keys[] = { "Type", "Region", "Value", NULL };
    if (!traffic__keys(reader, object, path, keys))
        return;
    const char *type = traffic__need(reader, object, path, "Type");
    const char *value = traffic__need(reader, object, path, "Value");
    const char *region = traffic__text(reader, object, path, "Region");
    const struct endpoint_kind *kind = type == NULL ? NULL : find_kind(type);
    check_region(reading, traffic__below(reader, path, "Region"), region);
    if (type != NULL && kind == NULL)
        traffic__fault(reading->reader, traffic__below(reader, path, "Type"),
                       "\"%s\" is not one of %s", traffic__show(reader, type), ENDPOINT_KINDS);
    if (kind == NULL)
        return;
    endpoint->is_value = kind->is_value;
    endpoint->kind = kind->kind;
    if (kind->kind == RESOURCE_S3_WEBSITE && region == NULL)
        traffic__fault(reading->reader, path,
                       "an endpoint of the type s3-website needs its Region");
    if (value == NULL)
        return;
    path = traffic__below(reader, path, "Value");
    if (kind->is_value)
        read_rdata(reading, path, value, endpoint);
    else
        read_resource(reading, path, value, endpoint);
}

static void read_endpoints(struct reading *reading)
{
    struct traffic_document *document = reading->document;
    const char *id;
    json_t *object;
    size_t count = json_object_size(reading->endpoints);
    document->endpoints =
        traffic__alloc(reading->reader, (count + 1) * sizeof *document->endpoints);
    if (document->endpoints == NULL)
        return;
    json_object_foreach(reading->endpoints, id, object)
    {
        struct traffic_endpoint *endpoint = &document->endpoints[document->endpoint_count++];
        const char *path = traffic__entry(reading->reader, "Endpoints", id);
        endpoint->id = traffic__keep(reading->reader, id, strlen(id) + 1);
        read_endpoint(reading, object, path, endpoint);
    }
}

/* ---- references ---- */

static void read_reference(struct reading *reading, json_t *object, const char *path,
                           const char *endpoint_key, const char *rule_key,
                           struct traffic_reference *out_reference)
{
    struct traffic_reader *reader = reading->reader;
    const char *endpoint = traffic__text(reader, object, path, endpoint_key);
    const char *rule = traffic__text(reader, object, path, rule_key);
    const char *id = rule != NULL ? rule : endpoint;
    if ((endpoint == NULL) == (rule == NULL)) {
        traffic__fault(reading->reader, path, "it needs exactly one of %s and %s", endpoint_key,
                       rule_key);
        return;
    }
    int index = find_index(rule != NULL ? reading->rules : reading->endpoints, id);
    if (index < 0)
        traffic__fault(
            reading->reader, traffic__below(reader, path, rule != NULL ? rule_key : endpoint_key),
            "there is no %s \"%s\"", rule != NULL ? "rule" : "endpoint", traffic__show(reader, id));
    else
        *out_reference = (struct traffic_reference){ rule != NULL, (unsigned)index };
}

/* What a reference leads to; NULL: a rule, or nothing right. */
static const struct traffic_endpoint *endpoint_of(const struct reading *reading,
                                                  const struct traffic_reference *reference)
{
    return reference->is_rule || reference->index >= reading->document->endpoint_count
               ? NULL
               : &reading->document->endpoints[reference->index];
}

/* ---- members ---- */

static void read_failover(struct reading *reading, json_t *object, const char *path,
                          struct traffic_member *member)
{
    (void)reading, (void)object, (void)path;
    member->label = member->routing.is_primary ? "PRIMARY" : "SECONDARY";
}

/* Copies a code into a field of the routing; too long a one cannot be right. */
static void copy_code(struct reading *reading, json_t *object, const char *path, const char *key,
                      char *out, size_t out_size)
{
    const char *text = traffic__text(reading->reader, object, path, key);
    if (text != NULL && strlen(text) < out_size)
        strcpy(out, text);
    else if (text != NULL)
        traffic__fault(reading->reader, traffic__below(reading->reader, path, key),
                       "there is no %s \"%s\"", key, traffic__show(reading->reader, text));
}

/* R-TPF-8: the default may be written in two ways. */
static void read_geolocation(struct reading *reading, json_t *object, const char *path,
                             struct traffic_member *member)
{
    struct traffic_reader *reader = reading->reader;
    struct routing *routing = &member->routing;
    bool is_default = false;
    copy_code(reading, object, path, "Continent", routing->continent, sizeof routing->continent);
    copy_code(reading, object, path, "Country", routing->country, sizeof routing->country);
    copy_code(reading, object, path, "Subdivision", routing->subdivision,
              sizeof routing->subdivision);
    traffic__boolean(reader, object, path, "IsDefault", &is_default);
    bool has_place = routing->continent[0] != '\0' || routing->subdivision[0] != '\0' ||
                     (routing->country[0] != '\0' && strcmp(routing->country, "*") != 0);
    if (is_default && has_place)
        traffic__fault(reading->reader, path, "the default has no place, or * as its Country");
    else if (is_default)
        strcpy(routing->country, "*");
    member->label =
        traffic__format(reader, "%s%s%s%s", routing->continent, routing->country,
                        routing->subdivision[0] == '\0' ? "" : "-", routing->subdivision);
}

static void read_latency(struct reading *reading, json_t *object, const char *path,
                         struct traffic_member *member)
{
    const char *region = traffic__need(reading->reader, object, path, "Region");
    if (region == NULL)
        return;
    if (geo_region_find(region) == GEO_REGION_NONE)
        check_region(reading, traffic__below(reading->reader, path, "Region"), region);
    else
        strcpy(member->routing.region, region);
    member->label = member->routing.region;
}

/* "aws:route53:us-east-1" */
static void copy_place(struct reading *reading, const char *path, const char *key, const char *text,
                       char out[ROUTING_REGION_SIZE])
{
    static const char prefix[] = "aws:route53:";
    size_t prefix_size = sizeof prefix - 1;
    if (strncmp(text, prefix, prefix_size) != 0 || strlen(text) - prefix_size == 0 ||
        strlen(text) - prefix_size >= ROUTING_REGION_SIZE)
        traffic__fault(reading->reader, traffic__below(reading->reader, path, key),
                       "\"%s\" is not written as aws:route53:us-east-1",
                       traffic__show(reading->reader, text));
    else
        strcpy(out, text + prefix_size);
}

static void read_coordinates(struct reading *reading, json_t *object, const char *path,
                             struct routing *routing)
{
    traffic__coordinate(reading->reader, object, path, "Latitude", GEO_LATITUDE_MAX,
                        routing->latitude);
    traffic__coordinate(reading->reader, object, path, "Longitude", GEO_LONGITUDE_MAX,
                        routing->longitude);
}

/* The Location object of 2023-05-09. */
static void read_location(struct reading *reading, json_t *object, const char *path,
                          struct routing *routing)
{
    struct traffic_reader *reader = reading->reader;
    static const char *const point_keys[] = { "Type", "Latitude", "Longitude", NULL };
    static const char *const name_keys[] = { "Type", "LocationName", NULL };
    const char *type = json_is_object(object) ? traffic__need(reader, object, path, "Type") : "";
    bool is_point = type != NULL && strcmp(type, "Coordinate") == 0;
    bool is_region = type != NULL && strcmp(type, "Region") == 0;
    if (type == NULL || !traffic__keys(reader, object, path, is_point ? point_keys : name_keys))
        return;
    if (!is_point && !is_region && strcmp(type, "LocalZone") != 0) {
        traffic__fault(reading->reader, traffic__below(reader, path, "Type"),
                       "\"%s\" is not one of Region, LocalZone and Coordinate",
                       traffic__show(reader, type));
        return;
    }
    if (is_point) {
        read_coordinates(reading, object, path, routing);
        return;
    }
    const char *name = traffic__need(reader, object, path, "LocationName");
    if (name != NULL)
        copy_place(reading, path, "LocationName", name,
                   is_region ? routing->region : routing->local_zone_group);
}

static void read_proximity(struct reading *reading, json_t *object, const char *path,
                           struct traffic_member *member)
{
    struct traffic_reader *reader = reading->reader;
    struct routing *routing = &member->routing;
    int bias = 0;
    traffic__integer(reader, object, path, "Bias", -99, 99, &bias);
    routing->bias = (int8_t)bias;
    if (reading->has_locations) {
        json_t *location = json_object_get(object, "Location");
        if (location == NULL)
            traffic__fault(reading->reader, path, "it needs its Location");
        else
            read_location(reading, location, traffic__below(reader, path, "Location"), routing);
    } else {
        const char *region = traffic__text(reader, object, path, "Region");
        if (region != NULL)
            copy_place(reading, path, "Region", region, routing->region);
        read_coordinates(reading, object, path, routing);
    }
    member->label = traffic__format(reader, "%s%s%s%s%s", routing->region,
                                    routing->local_zone_group, routing->latitude,
                                    routing->latitude[0] == '\0' ? "" : ",", routing->longitude);
}

static void read_weighted(struct reading *reading, json_t *object, const char *path,
                          struct traffic_member *member)
{
    int weight = 0;
    if (json_object_get(object, "Weight") == NULL)
        traffic__fault(reading->reader, path, "it needs its Weight");
    traffic__integer(reading->reader, object, path, "Weight", 0, 255, &weight);
    member->routing.weight = (uint8_t)weight;
}

/* R-MVA-1: records, and nothing that stands for records. */
static void read_multivalue(struct reading *reading, json_t *object, const char *path,
                            struct traffic_member *member)
{
    const struct traffic_endpoint *endpoint = endpoint_of(reading, &member->to);
    (void)object;
    if (member->to.is_rule)
        traffic__fault(reading->reader, path, "a multivalue rule refers to endpoints alone");
    else if (endpoint != NULL && !endpoint->is_value && endpoint->name != NULL)
        traffic__fault(reading->reader, path,
                       "a multivalue rule refers to endpoints of the type value alone");
}

/* ---- rules ---- */

#define REFERENCES "EndpointReference", "RuleReference"
#define HEALTH     "EvaluateTargetHealth", "HealthCheck"

static const char *const failover_keys[] = { REFERENCES, HEALTH, NULL };
static const char *const geo_keys[] = { REFERENCES,    "IsDefault", "Continent", "Country",
                                        "Subdivision", HEALTH,      NULL };
static const char *const proximity_keys[] = { REFERENCES, "Region", "Latitude", "Longitude",
                                              "Bias",     HEALTH,   NULL };
static const char *const location_keys[] = { REFERENCES, "Location", "Bias", HEALTH, NULL };
static const char *const latency_keys[] = { REFERENCES, "Region", HEALTH, NULL };
static const char *const weighted_keys[] = { REFERENCES, "Weight", HEALTH, NULL };
static const char *const multivalue_keys[] = { REFERENCES, "HealthCheck", NULL };

static const struct rule_kind {
    const char *name;
    enum routing_policy policy;
    const char *list; /* NULL: the two members stand by themselves */
    const char *const *keys;
    const char *const *keys_2023;
    void (*read)(struct reading *reading, json_t *object, const char *path,
                 struct traffic_member *member);
} rule_kinds[] = {
    { "failover", ROUTING_FAILOVER, NULL, failover_keys, failover_keys, read_failover },
    { "geo", ROUTING_GEOLOCATION, "Locations", geo_keys, geo_keys, read_geolocation },
    { "geoproximity", ROUTING_GEOPROXIMITY, "GeoproximityLocations", proximity_keys, location_keys,
      read_proximity },
    { "latency", ROUTING_LATENCY, "Regions", latency_keys, latency_keys, read_latency },
    { "weighted", ROUTING_WEIGHTED, "Items", weighted_keys, weighted_keys, read_weighted },
    { "multivalue", ROUTING_MULTIVALUE, "Items", multivalue_keys, multivalue_keys,
      read_multivalue },
};

static const struct rule_kind *find_rule_kind(const char *name)
{
    for (size_t i = 0; i < sizeof rule_kinds / sizeof *rule_kinds; i++)
        if (strcmp(rule_kinds[i].name, name) == 0)
            return &rule_kinds[i];
    return NULL;
}

/* ---- members, whatever their rule ---- */

static void read_health(struct reading *reading, json_t *object, const char *path,
                        struct traffic_member *member)
{
    const char *check = traffic__text(reading->reader, object, path, "HealthCheck");
    traffic__boolean(reading->reader, object, path, "EvaluateTargetHealth",
                     &member->evaluate_health);
    if (check != NULL)
        member->health_check = traffic__keep(reading->reader, check, strlen(check) + 1);
}

/* A-CHG-56, R-ALI-12. */
static void check_target(struct reading *reading, const char *path,
                         const struct traffic_member *member)
{
    const struct traffic_endpoint *endpoint = endpoint_of(reading, &member->to);
    if (endpoint != NULL && !endpoint->is_value && member->evaluate_health &&
        !resource_kind_may_evaluate(endpoint->kind))
        traffic__fault(
            reading->reader, traffic__below(reading->reader, path, "EvaluateTargetHealth"),
            "it must be false for a resource of the kind %s", resource_kind_name(endpoint->kind));
}

/* What any record set of that policy must be (A-CHG-17). */
static void check_shape(struct reading *reading, const char *path, enum routing_policy policy,
                        const struct traffic_member *member)
{
    struct record_set set = { .type = DNS_TYPE_A,
                              .policy = policy,
                              .set_identifier = "any",
                              .value_count = 1,
                              .routing = &member->routing,
                              .health_check = member->health_check };
    struct reason reason;
    check__shape(&set, &reason);
    if (reason_is_set(&reason))
        traffic__fault(reading->reader, path, "%s", reason.text);
}

static const char *const *keys_of(const struct reading *reading, const struct rule_kind *kind)
{
    return reading->has_locations ? kind->keys_2023 : kind->keys;
}

static void read_member(struct reading *reading, const struct rule_kind *kind, json_t *object,
                        const char *path, struct traffic_member *member)
{
    uint32_t faults_before = reading->reader->faults.count;
    member->to.index = UINT_MAX; /* until it is known */
    if (!traffic__keys(reading->reader, object, path, keys_of(reading, kind)))
        return;
    read_reference(reading, object, path, "EndpointReference", "RuleReference", &member->to);
    read_health(reading, object, path, member);
    kind->read(reading, object, path, member);
    check_target(reading, path, member);
    if (reading->reader->faults.count == faults_before)
        check_shape(reading, path, kind->policy, member);
}

/* ---- rules ---- */

/* R-TPF-8, R-REC-8: one default, one member for each place. */
static void check_labels(struct reading *reading, const char *path, const struct traffic_rule *rule)
{
    for (unsigned i = 0; i < rule->member_count; i++)
        for (unsigned other = 0; other < i; other++) {
            const char *label = rule->members[i].label;
            if (label == NULL || *label == '\0' || rule->members[other].label == NULL ||
                strcmp(rule->members[other].label, label) != 0)
                continue;
            traffic__fault(reading->reader, traffic__format(reading->reader, "%s[%u]", path, i),
                           "%s is there already", label);
            return;
        }
}

static void read_list(struct reading *reading, const struct rule_kind *kind, json_t *object,
                      const char *path, struct traffic_rule *rule)
{
    struct traffic_reader *reader = reading->reader;
    json_t *members = json_object_get(object, kind->list);
    size_t count = json_array_size(members);
    path = traffic__below(reader, path, kind->list);
    if (!json_is_array(members) || count == 0 || count > check__group_limit(kind->policy)) {
        traffic__fault(reader, path, "it is not a list of 1 to %u members",
                       check__group_limit(kind->policy));
        return;
    }
    rule->members = traffic__alloc(reader, count * sizeof *rule->members);
    for (unsigned i = 0; i < count && rule->members != NULL; i++)
        read_member(reading, kind, json_array_get(members, i),
                    traffic__format(reader, "%s[%u]", path, i),
                    &rule->members[rule->member_count++]);
    check_labels(reading, path, rule);
}

static bool is_cloudfront(const struct reading *reading, const struct traffic_member *member)
{
    const struct traffic_endpoint *endpoint = endpoint_of(reading, &member->to);
    return endpoint != NULL && !endpoint->is_value && endpoint->kind == RESOURCE_CLOUDFRONT;
}

static void read_pair(struct reading *reading, const struct rule_kind *kind, json_t *object,
                      const char *path, struct traffic_rule *rule)
{
    static const char *const roles[] = { "Primary", "Secondary" };
    struct traffic_reader *reader = reading->reader;
    rule->members = traffic__alloc(reader, 2 * sizeof *rule->members);
    for (unsigned i = 0; i < 2 && rule->members != NULL; i++) {
        struct traffic_member *member = &rule->members[rule->member_count];
        json_t *role = json_object_get(object, roles[i]);
        member->routing.is_primary = i == 0;
        if (role == NULL)
            traffic__fault(reader, path, "it needs its %s", roles[i]);
        else
            read_member(reading, kind, role, traffic__below(reader, path, roles[i]), member);
        rule->member_count++;
    }
    if (rule->member_count == 2 && is_cloudfront(reading, &rule->members[0]) &&
        is_cloudfront(reading, &rule->members[1]))
        traffic__fault(reader, path,
                       "CloudFront distributions cannot be both the primary and the secondary");
}

static void read_rule(struct reading *reading, json_t *object, const char *path,
                      struct traffic_rule *rule)
{
    struct traffic_reader *reader = reading->reader;
    const char *type =
        json_is_object(object) ? traffic__need(reader, object, path, "RuleType") : "failover";
    const struct rule_kind *kind = type == NULL ? NULL : find_rule_kind(type);
    if (type != NULL && kind == NULL)
        traffic__fault(reader, traffic__below(reader, path, "RuleType"),
                       "\"%s\" is not one of failover, geo, geoproximity, latency, weighted and "
                       "multivalue",
                       traffic__show(reader, type));
    if (kind == NULL)
        return;
    const char *const pair_keys[] = { "RuleType", "Primary", "Secondary", NULL };
    const char *const list_keys[] = { "RuleType", kind->list, NULL };
    if (!traffic__keys(reader, object, path, kind->list == NULL ? pair_keys : list_keys))
        return;
    rule->policy = kind->policy;
    if (kind->list == NULL)
        read_pair(reading, kind, object, path, rule);
    else
        read_list(reading, kind, object, path, rule);
}

static void read_rules(struct reading *reading)
{
    struct traffic_document *document = reading->document;
    const char *id;
    json_t *object;
    size_t count = json_object_size(reading->rules);
    document->rules = traffic__alloc(reading->reader, (count + 1) * sizeof *document->rules);
    if (document->rules == NULL)
        return;
    json_object_foreach(reading->rules, id, object)
    {
        struct traffic_rule *rule = &document->rules[document->rule_count++];
        rule->id = traffic__keep(reading->reader, id, strlen(id) + 1);
        read_rule(reading, object, traffic__entry(reading->reader, "Rules", id), rule);
    }
}

/* ---- from rule to rule ---- */

enum state { UNSEEN, OPEN, DONE };

struct way {
    struct traffic_reader *reader;
    struct traffic_document *document;
    uint8_t *states;  /* enum state of each rule */
    uint8_t *heights; /* of each that is done: rules on the longest way down from it */
    unsigned ordered; /* rules in document->order so far */
};

static bool refuse_depth(struct way *way, const char *path)
{
    traffic__fault(way->reader, path, "more than %d rules follow one another here",
                   ALIAS_DEPTH_MAX);
    return false;
}

/* Goes down from a rule, depth first; false: a fault was told, which is enough. */
static bool walk(struct way *way, unsigned index, unsigned depth)
{
    struct traffic_rule *rule = &way->document->rules[index];
    const char *path = traffic__below(way->reader, "Rules", rule->id);
    unsigned height = 1;
    if (depth > ALIAS_DEPTH_MAX)
        return refuse_depth(way, path);
    way->states[index] = OPEN;
    for (unsigned i = 0; i < rule->member_count; i++) {
        unsigned next = rule->members[i].to.index;
        if (!rule->members[i].to.is_rule)
            continue;
        if (way->states[next] == OPEN) {
            traffic__fault(way->reader, path, "its reference to the rule %s closes a circle",
                           way->document->rules[next].id);
            return false;
        }
        if (way->states[next] == UNSEEN && !walk(way, next, depth + 1))
            return false;
        if (height < way->heights[next] + 1u)
            height = way->heights[next] + 1u;
    }
    if (depth + height - 1 > ALIAS_DEPTH_MAX)
        return refuse_depth(way, path);
    way->states[index] = DONE;
    way->heights[index] = (uint8_t)height;
    way->document->order[way->ordered++] = index;
    return true;
}

/* What the start leads to, from the top down. */
static void mark_used(struct traffic_document *document)
{
    if (document->start.is_rule)
        document->rules[document->start.index].is_used = true;
    for (unsigned i = document->rule_count; i-- > 0;) {
        const struct traffic_rule *rule = &document->rules[document->order[i]];
        for (unsigned m = 0; rule->is_used && m < rule->member_count; m++)
            if (rule->members[m].to.is_rule)
                document->rules[rule->members[m].to.index].is_used = true;
    }
}

/* R-TPF-7.  Every rule is looked at, whether the start leads there or not. */
static void find_order(struct traffic_reader *reader, struct traffic_document *document)
{
    size_t count = document->rule_count + 1u;
    struct way way = { .reader = reader, .document = document };
    document->order = traffic__alloc(reader, count * sizeof *document->order);
    way.states = traffic__alloc(reader, count);
    way.heights = traffic__alloc(reader, count);
    if (reader->rc != 0)
        return;
    for (unsigned i = 0; i < document->rule_count; i++)
        if (way.states[i] == UNSEEN && !walk(&way, i, 1))
            return;
    mark_used(document);
}

/* ---- the whole ---- */

static void read_format(struct reading *reading, json_t *root)
{
    const char *version = traffic__need(reading->reader, root, "", "AWSPolicyFormatVersion");
    reading->has_locations = version != NULL && strcmp(version, "2023-05-09") == 0;
    if (version != NULL && !reading->has_locations && strcmp(version, "2015-10-01") != 0)
        traffic__fault(reading->reader, "AWSPolicyFormatVersion",
                       "\"%s\" is neither 2015-10-01 nor 2023-05-09",
                       traffic__show(reading->reader, version));
}

/* R-SIM-2: some types go with no policy. */
static void read_type(struct reading *reading, json_t *root)
{
    const char *name = traffic__need(reading->reader, root, "", "RecordType");
    const struct dns_type_info *info = name == NULL ? NULL : dns_type_find_name(name);
    bool is_fixed = info != NULL && (info->type == DNS_TYPE_NS || info->type == DNS_TYPE_SOA ||
                                     info->type == DNS_TYPE_DS);
    if (name != NULL && (info == NULL || is_fixed || strcmp(info->name, name) != 0))
        traffic__fault(reading->reader, "RecordType",
                       "\"%s\" is not a type that a traffic policy can have",
                       traffic__show(reading->reader, name));
    else if (info != NULL)
        reading->document->type = info->type;
}

static json_t *read_object(struct reading *reading, json_t *root, const char *key)
{
    json_t *object = json_object_get(root, key);
    if (object != NULL && !json_is_object(object))
        traffic__fault(reading->reader, key, "it is not an object");
    return json_is_object(object) ? object : NULL;
}

/* A CNAME answers with one name (table 4.2). */
static void check_multivalue(struct reading *reading)
{
    const struct traffic_document *document = reading->document;
    for (unsigned i = 0; document->type == DNS_TYPE_CNAME && i < document->rule_count; i++)
        if (document->rules[i].policy == ROUTING_MULTIVALUE)
            traffic__fault(reading->reader,
                           traffic__below(reading->reader, "Rules", document->rules[i].id),
                           "a CNAME cannot be a multivalue answer");
}

static void read_root(struct reading *reading, json_t *root)
{
    static const char *const keys[] = { "AWSPolicyFormatVersion",
                                        "RecordType",
                                        "StartRule",
                                        "StartEndpoint",
                                        "Endpoints",
                                        "Rules",
                                        NULL };
    struct traffic_reader *reader = reading->reader;
    if (!traffic__keys(reader, root, "", keys))
        return;
    read_format(reading, root);
    read_type(reading, root);
    reading->endpoints = read_object(reading, root, "Endpoints");
    reading->rules = read_object(reading, root, "Rules");
    read_reference(reading, root, "", "StartEndpoint", "StartRule", &reading->document->start);
    read_endpoints(reading);
    read_rules(reading);
    check_multivalue(reading);
    if (reader->rc == 0 && reader->faults.count == 0)
        find_order(reader, reading->document);
}

static json_t *parse(struct traffic_reader *reader, const char *text)
{
    json_error_t error;
    json_t *root = json_loads(text, JSON_REJECT_DUPLICATES, &error);
    if (root == NULL && json_error_code(&error) == json_error_out_of_memory)
        reader->rc = SP_ENOMEM;
    else if (root == NULL)
        traffic__fault(reader, "", "line %d: it is not JSON: %s", error.line,
                       traffic__show(reader, error.text));
    return root;
}

int traffic_document_read(struct arena *arena, const char *text, traffic_value_reader *read_value,
                          struct traffic_document *out, struct problem *out_problem)
{
    struct traffic_reader reader = { .arena = arena };
    struct traffic_document document = { .type = 0 };
    struct reading reading = { .reader = &reader,
                               .document = &document,
                               .read_value =
                                   read_value != NULL ? read_value : read_zone_file_value };
    faults_init(&reader.faults, NULL);
    json_t *root = parse(&reader, text);
    if (root != NULL)
        read_root(&reading, root);
    json_decref(root);
    if (reader.rc != 0)
        return problem_set(out_problem, reader.rc, "%s", status_text(reader.rc));
    int rc = faults_report(&reader.faults, out_problem);
    if (rc == 0)
        *out = document;
    return rc;
}
