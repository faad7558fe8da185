/*
 * What a user wants of a health check, read from JSON.  One table says which fields there are and
 * of what kind; which type has them, and whether they make a check together, is for the model to
 * say.
 */
#include "health_json.h"

#include <stddef.h>
#include <string.h>

struct field;
typedef int read_field(struct api_call *call, const struct field *field, json_t *value,
                       struct health_check_config *config);

struct field {
    const char *name;
    read_field *read;
    size_t offset; /* in the config */
    size_t size;   /* of a text, with its zero */
    int least, most;
};

static int fault(struct api_call *call, const char *name, const char *reason)
{
    return problem_set(&call->problem, SP_EINVAL, "%s: %s", name, reason);
}

/* Puts the name of the field in front of what the model said. */
static int locate(struct api_call *call, const char *name, int rc)
{
    struct problem inner = call->problem;
    if (rc == 0)
        return 0;
    return problem_set(&call->problem, rc, "%s: %.900s", name, inner.text);
}

/* ---- plain values ---- */

static int read_text(struct api_call *call, const struct field *field, json_t *value,
                     struct health_check_config *config)
{
    const char *text = json_string_value(value);
    if (text == NULL || text[0] == '\0')
        return fault(call, field->name, "it must be a string, and not an empty one");
    if (strlen(text) >= field->size)
        return problem_set(&call->problem, SP_EINVAL,
                           "%s: \"%.100s\" is too long; it has at most %zu octets", field->name,
                           text, field->size - 1);
    memcpy((char *)config + field->offset, text, strlen(text) + 1);
    return 0;
}

static int read_flag(struct api_call *call, const struct field *field, json_t *value,
                     struct health_check_config *config)
{
    bool flag = json_is_true(value);
    if (!json_is_boolean(value))
        return fault(call, field->name, "it must be true or false");
    memcpy((char *)config + field->offset, &flag, sizeof(flag));
    return 0;
}

static int read_whole(struct api_call *call, const struct field *field, const json_t *value,
                      uint16_t *out_number)
{
    json_int_t number = json_integer_value(value);
    if (!json_is_integer(value) || number < field->least || number > field->most)
        return problem_set(&call->problem, SP_EINVAL, "%s: it must be a whole number from %d to %d",
                           field->name, field->least, field->most);
    *out_number = (uint16_t)number;
    return 0;
}

static int read_number(struct api_call *call, const struct field *field, json_t *value,
                       struct health_check_config *config)
{
    uint16_t number = 0;
    int rc = read_whole(call, field, value, &number);
    if (rc == 0)
        memcpy((char *)config + field->offset, &number, sizeof(number));
    return rc;
}

static int read_small_number(struct api_call *call, const struct field *field, json_t *value,
                             struct health_check_config *config)
{
    uint16_t number = 0;
    int rc = read_whole(call, field, value, &number);
    uint8_t small = rc == 0 ? (uint8_t)number : 0;
    if (rc == 0)
        memcpy((char *)config + field->offset, &small, sizeof(small));
    return rc;
}

/* ---- values with rules of their own ---- */

static int read_interval(struct api_call *call, const struct field *field, json_t *value,
                         struct health_check_config *config)
{
    json_int_t seconds = json_integer_value(value);
    if (seconds != 10 && seconds != 30)
        return fault(call, field->name, "it must be 10 or 30 (seconds)");
    config->request_interval_s = (uint8_t)seconds;
    return 0;
}

static int read_address(struct api_call *call, const struct field *field, json_t *value,
                        struct health_check_config *config)
{
    const char *text = json_string_value(value);
    struct ip_prefix address;
    if (text == NULL)
        return fault(call, field->name, "it must be a string, such as \"192.0.2.1\"");
    const char *why = strchr(text, '/') != NULL ? "a check has one address, no prefix"
                                                : prefix_from_text(&address, text);
    if (why != NULL)
        return problem_set(&call->problem, SP_EINVAL, "%s: \"%.60s\" is no address: %s",
                           field->name, text, why);
    config->has_address = true;
    config->address = address;
    return 0;
}

int health_json_read_regions(struct api_call *call, const json_t *value, uint8_t *out_regions)
{
    const json_t *item;
    size_t index;
    uint8_t regions = 0;
    if (json_array_size(value) == 0)
        return fault(call, "regions", "it must be a list of Regions, such as [\"us-east-1\"]");
    json_array_foreach(value, index, item)
    {
        unsigned region;
        if (!json_is_string(item))
            return fault(call, "regions", "it must be a list of strings");
        int rc = checker_region_find(json_string_value(item), &region, &call->problem);
        if (rc != 0)
            return locate(call, "regions", rc);
        if ((regions >> region & 1) != 0)
            return problem_set(&call->problem, SP_EINVAL, "regions: %s is named twice",
                               json_string_value(item));
        regions |= (uint8_t)(1u << region);
    }
    *out_regions = regions;
    return 0;
}

static int read_regions(struct api_call *call, const struct field *field, json_t *value,
                        struct health_check_config *config)
{
    (void)field;
    return health_json_read_regions(call, value, &config->regions);
}

static int read_children(struct api_call *call, const struct field *field, json_t *value,
                         struct health_check_config *config)
{
    const json_t *item;
    size_t index;
    if (!json_is_array(value))
        return fault(call, field->name, "it must be a list of ids of health checks");
    if (json_array_size(value) > HEALTH_CHECK_CHILDREN_MAX)
        return problem_set(&call->problem, SP_EINVAL, "%s: these are %zu, and at most %d can be",
                           field->name, json_array_size(value), HEALTH_CHECK_CHILDREN_MAX);
    json_array_foreach(value, index, item)
    {
        const char *id = json_string_value(item);
        if (id == NULL)
            return fault(call, field->name, "it must be a list of strings");
        int rc = health_check_id_check(id, &call->problem);
        if (rc != 0)
            return locate(call, field->name, rc);
        memcpy(config->children[index], id, strlen(id) + 1);
    }
    config->child_count = (uint16_t)json_array_size(value);
    return 0;
}

/* {"region":"us-east-1","name":"..."} */
static int read_alarm(struct api_call *call, const struct field *field, json_t *value,
                      struct health_check_config *config)
{
    static const char *const known[] = { "region", "name", NULL };
    static const struct field name = { .name = "alarm.name",
                                       .offset = offsetof(struct health_check_config, alarm_name),
                                       .size = sizeof(config->alarm_name) };
    static const struct field region = { .name = "alarm.region",
                                         .offset =
                                             offsetof(struct health_check_config, alarm_region),
                                         .size = sizeof(config->alarm_region) };
    if (!json_is_object(value))
        return fault(call, field->name, "it must be {\"region\":\"us-east-1\",\"name\":\"...\"}");
    int rc = api_check_members(call, value, "alarm: ", known);
    if (rc == 0)
        rc = read_text(call, &name, json_object_get(value, "name"), config);
    if (rc == 0)
        rc = read_text(call, &region, json_object_get(value, "region"), config);
    return rc;
}

static int read_without_data(struct api_call *call, const struct field *field, json_t *value,
                             struct health_check_config *config)
{
    const char *text = json_string_value(value);
    if (text == NULL)
        return fault(call, field->name,
                     "it must be \"Healthy\", \"Unhealthy\" or \"LastKnownStatus\"");
    int rc = insufficient_data_find(text, &config->insufficient_data, &call->problem);
    return locate(call, field->name, rc);
}

/* ---- the table ---- */

#define AT(member)   .offset = offsetof(struct health_check_config, member)
#define SIZE(member) .size = sizeof(((struct health_check_config *)NULL)->member)

static const struct field fields[] = {
    { .name = "ip_address", .read = read_address },
    { .name = "port", .read = read_number, AT(port), .least = 1, .most = 65535 },
    { .name = "resource_path", .read = read_text, AT(resource_path), SIZE(resource_path) },
    { .name = "fully_qualified_domain_name",
      .read = read_text,
      AT(domain_name),
      SIZE(domain_name) },
    { .name = "search_string", .read = read_text, AT(search_string), SIZE(search_string) },
    { .name = "request_interval", .read = read_interval },
    { .name = "failure_threshold",
      .read = read_small_number,
      AT(failure_threshold),
      .least = 1,
      .most = 10 },
    { .name = "measure_latency", .read = read_flag, AT(measure_latency) },
    { .name = "enable_sni", .read = read_flag, AT(enable_sni) },
    { .name = "regions", .read = read_regions },
    { .name = "health_threshold", .read = read_number, AT(health_threshold), .most = 256 },
    { .name = "child_health_checks", .read = read_children },
    { .name = "alarm", .read = read_alarm },
    { .name = "insufficient_data_health_status", .read = read_without_data },
    { .name = "routing_control", .read = read_text, AT(routing_control), SIZE(routing_control) },
    { .name = "inverted", .read = read_flag, AT(inverted) },
    { .name = "disabled", .read = read_flag, AT(disabled) },
};

#define FIELD_COUNT (sizeof(fields) / sizeof(fields[0]))

static const struct field *find_field(const char *name)
{
    for (const struct field *field = fields; field < fields + FIELD_COUNT; field++)
        if (strcmp(field->name, name) == 0)
            return field;
    return NULL;
}

static bool is_listed(const char *const *list, const char *name)
{
    while (*list != NULL && strcmp(*list, name) != 0)
        list++;
    return *list != NULL;
}

/* ---- documents ---- */

int health_json_type(struct api_call *call, json_t *document, const char *const *others,
                     enum health_check_type *out_type)
{
    const json_t *type = json_object_get(document, "type");
    const char *name;
    json_t *value;
    json_object_foreach(document, name, value)
    {
        if (find_field(name) == NULL && !is_listed(others, name))
            return problem_set(&call->problem, SP_EINVAL, "unknown member \"%.100s\"", name);
    }
    *out_type = HEALTH_CHECK_MANUAL;
    if (type == NULL)
        return 0;
    if (!json_is_string(type))
        return fault(call, "type", "it must be a string, such as \"HTTP\"");
    return locate(call, "type",
                  health_check_type_find(json_string_value(type), out_type, &call->problem));
}

int health_json_read(struct api_call *call, json_t *document, struct health_check_config *config)
{
    int rc = 0;
    for (const struct field *field = fields; field < fields + FIELD_COUNT && rc == 0; field++) {
        json_t *value = json_object_get(document, field->name);
        if (value == NULL)
            continue;
        rc = health_check_field_check(config->type, field->name, &call->problem);
        if (rc == 0)
            rc = field->read(call, field, value, config);
    }
    return rc;
}

int health_json_reset(struct api_call *call, json_t *document, struct health_check_config *config)
{
    const json_t *reset = json_object_get(document, "reset"), *item;
    size_t index;
    if (reset != NULL && !json_is_array(reset))
        return fault(call, "reset", "it must be a list of names of fields");
    json_array_foreach(reset, index, item)
    {
        const char *name = json_is_string(item) ? json_string_value(item) : "";
        if (!health_check_field_reset(config, name))
            return fault(call, "reset",
                         "it may list fully_qualified_domain_name, resource_path, regions and "
                         "child_health_checks");
        if (json_object_get(document, name) != NULL)
            return fault(call, name, "it is both given and reset");
    }
    return 0;
}
