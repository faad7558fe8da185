#include "health_config.h"

#include <stdio.h>
#include <string.h>

/* ---- what is given, and whether the type has it ---- */

/* As the model calls a field, and as the API does. */
static const struct field_name {
    const char *name;
    const char *element;
} field_names[] = {
    { "ip_address", "IPAddress" },
    { "port", "Port" },
    { "resource_path", "ResourcePath" },
    { "fully_qualified_domain_name", "FullyQualifiedDomainName" },
    { "search_string", "SearchString" },
    { "request_interval", "RequestInterval" },
    { "failure_threshold", "FailureThreshold" },
    { "measure_latency", "MeasureLatency" },
    { "enable_sni", "EnableSNI" },
    { "regions", "Regions" },
    { "health_threshold", "HealthThreshold" },
    { "child_health_checks", "ChildHealthChecks" },
    { "alarm", "AlarmIdentifier" },
    { "insufficient_data_health_status", "InsufficientDataHealthStatus" },
    { "routing_control", "RoutingControlArn" },
};
#define FIELD_COUNT (sizeof field_names / sizeof field_names[0])

static bool has_text(const char *text)
{
    return text != NULL && text[0] != '\0';
}

/* In the order of the names.  An empty text or list is none. */
static void find_given(const struct r53_health_check_config *from, bool out_given[FIELD_COUNT])
{
    const bool given[FIELD_COUNT] = {
        has_text(from->ip_address),
        from->port.set,
        has_text(from->resource_path),
        has_text(from->fully_qualified_domain_name),
        has_text(from->search_string),
        from->request_interval.set,
        from->failure_threshold.set,
        from->measure_latency.set,
        from->enable_sni.set,
        from->regions.count > 0,
        from->health_threshold.set,
        from->child_health_checks.count > 0,
        from->alarm_identifier != NULL,
        has_text(from->insufficient_data_health_status),
        has_text(from->routing_control_arn),
    };
    memcpy(out_given, given, sizeof given);
}

/* What Route 53 calls the checks of a type: "Basic" are those that look at an endpoint. */
static const char *kind_of(enum health_check_type type)
{
    if (health_check_type_is_endpoint(type))
        return type == HEALTH_CHECK_TCP ? "TCP" : "Basic";
    if (type == HEALTH_CHECK_CALCULATED)
        return "Calculated";
    return type == HEALTH_CHECK_CLOUDWATCH_METRIC ? "CloudWatch metric" : "Recovery control";
}

/* A-HCK-7. */
static int refuse_field(enum health_check_type type, const char *name, struct problem *out_problem)
{
    if (strcmp(name, "alarm") == 0 && health_check_type_is_endpoint(type))
        return problem_set(out_problem, SP_EINVAL,
                           "Invalid parameter : Basic health checks must not have an metric region "
                           "specified.");
    return problem_set(out_problem, SP_EINVAL,
                       "Invalid parameter : %s health checks must not have %s specified.",
                       kind_of(type), health_check_field_words(name));
}

/* A-HCK-6.  EnableSNI goes with every endpoint, and counts for TLS alone. */
static int check_given(const struct r53_health_check_config *from, enum health_check_type type,
                       struct problem *out_problem)
{
    bool given[FIELD_COUNT];
    find_given(from, given);
    for (unsigned i = 0; i < FIELD_COUNT; i++) {
        const char *name = field_names[i].name;
        bool is_taken = health_check_field_check(type, name, NULL) == 0 ||
                        (strcmp(name, "enable_sni") == 0 && health_check_type_is_endpoint(type));
        if (given[i] && !is_taken)
            return refuse_field(type, name, out_problem);
    }
    return 0;
}

void route53_restyle_problem(struct problem *problem)
{
    char why[PROBLEM_TEXT_SIZE];
    size_t size = strcspn(problem->text, ":");
    for (unsigned i = 0; i < FIELD_COUNT; i++) {
        const struct field_name *field = &field_names[i];
        if (strlen(field->name) != size || strncmp(field->name, problem->text, size) != 0 ||
            strncmp(problem->text + size, ": ", 2) != 0)
            continue;
        strcpy(why, problem->text + size + 2);
        bool is_whole = why[0] != '\0' && why[strlen(why) - 1] == '.';
        problem_set(problem, problem->status, "%s%s%.900s", is_whole ? "" : field->element,
                    is_whole ? "" : ": ", why);
        return;
    }
}

/* ---- reading ---- */

/* Characters were counted already; here octets count. */
static int read_text(const char *element, const char *text, char *out, size_t size,
                     struct problem *out_problem)
{
    if (text == NULL)
        return 0;
    if (strlen(text) >= size)
        return problem_set(out_problem, SP_EINVAL, "%s: it has more than %zu octets", element,
                           size - 1);
    memcpy(out, text, strlen(text) + 1);
    return 0;
}

static int read_texts(const struct r53_health_check_config *from, struct health_check_config *to,
                      struct problem *out_problem)
{
    const struct r53_alarm_identifier *alarm = from->alarm_identifier;
    const struct {
        const char *element, *text;
        char *out;
        size_t size;
    } texts[] = {
        { "ResourcePath", from->resource_path, to->resource_path, sizeof to->resource_path },
        { "FullyQualifiedDomainName", from->fully_qualified_domain_name, to->domain_name,
          sizeof to->domain_name },
        { "SearchString", from->search_string, to->search_string, sizeof to->search_string },
        { "Region", alarm != NULL ? alarm->region : NULL, to->alarm_region,
          sizeof to->alarm_region },
        { "Name", alarm != NULL ? alarm->name : NULL, to->alarm_name, sizeof to->alarm_name },
        { "RoutingControlArn", from->routing_control_arn, to->routing_control,
          sizeof to->routing_control },
    };
    int rc = 0;
    for (unsigned i = 0; rc == 0 && i < sizeof texts / sizeof texts[0]; i++)
        rc = read_text(texts[i].element, texts[i].text, texts[i].out, texts[i].size, out_problem);
    return rc;
}

/* Shapes have bounded the numbers. */
static void read_numbers(const struct r53_health_check_config *from, struct health_check_config *to)
{
    if (from->port.set)
        to->port = (uint16_t)from->port.value;
    if (from->request_interval.set)
        to->request_interval_s = (uint8_t)from->request_interval.value;
    if (from->failure_threshold.set)
        to->failure_threshold = (uint8_t)from->failure_threshold.value;
    if (from->health_threshold.set)
        to->health_threshold = (uint16_t)from->health_threshold.value;
    if (from->measure_latency.set)
        to->measure_latency = from->measure_latency.value;
    if (from->inverted.set)
        to->inverted = from->inverted.value;
    if (from->disabled.set)
        to->disabled = from->disabled.value;
    if (from->enable_sni.set && health_check_type_is_tls(to->type))
        to->enable_sni = from->enable_sni.value;
}

static int read_address(const char *text, struct health_check_config *to,
                        struct problem *out_problem)
{
    if (!has_text(text)) {
        to->has_address = to->has_address && text == NULL;
        return 0;
    }
    if (prefix_from_text(&to->address, text) != NULL)
        return problem_set(out_problem, SP_EINVAL, "IPAddress: '%.60s' is no IP address", text);
    to->has_address = true;
    return 0;
}

static int read_regions(const struct xml_list *list, struct health_check_config *to,
                        struct problem *out_problem)
{
    const char *const *names = list->items;
    unsigned region;
    int rc = 0;
    if (list->set)
        to->regions = 0;
    for (unsigned i = 0; rc == 0 && i < list->count; i++) {
        rc = checker_region_find(names[i], &region, out_problem);
        if (rc == 0)
            to->regions |= (uint8_t)(1u << region);
    }
    return rc;
}

static int read_children(const struct xml_list *list, struct health_check_config *to,
                         struct problem *out_problem)
{
    const char *const *ids = list->items;
    int rc = 0;
    if (!list->set)
        return 0;
    if (list->count > HEALTH_CHECK_CHILDREN_MAX)
        return problem_set(out_problem, SP_EINVAL, "ChildHealthChecks: there may be %d at most",
                           HEALTH_CHECK_CHILDREN_MAX);
    to->child_count = (uint16_t)list->count;
    for (unsigned i = 0; rc == 0 && i < list->count; i++)
        rc = read_text("ChildHealthCheck", ids[i], to->children[i], sizeof to->children[i],
                       out_problem);
    return rc;
}

/* What is given takes the place of what is there. */
static int read_given(const struct r53_health_check_config *from, struct health_check_config *to,
                      struct problem *out_problem)
{
    int rc = check_given(from, to->type, out_problem);
    if (rc == 0)
        rc = read_texts(from, to, out_problem);
    if (rc == 0)
        rc = read_address(from->ip_address, to, out_problem);
    if (rc == 0)
        rc = read_regions(&from->regions, to, out_problem);
    if (rc == 0)
        rc = read_children(&from->child_health_checks, to, out_problem);
    if (rc == 0 && has_text(from->insufficient_data_health_status))
        rc = insufficient_data_find(from->insufficient_data_health_status, &to->insufficient_data,
                                    out_problem);
    read_numbers(from, to);
    return rc;
}

static int check_whole(struct health_check_config *config, struct problem *out_problem)
{
    int rc = health_check_config_check(config, false, out_problem);
    if (rc != 0)
        route53_restyle_problem(out_problem);
    return rc;
}

int route53_read_health_config(const struct r53_health_check_config *from,
                               struct health_check_config *out_config, struct problem *out_problem)
{
    enum health_check_type type;
    int rc = health_check_type_find(from->type, &type, out_problem);
    if (rc != 0)
        return rc;
    health_check_config_init(out_config, type);
    rc = read_given(from, out_config, out_problem);
    if (rc == 0 && type == HEALTH_CHECK_CALCULATED && !from->health_threshold.set)
        rc = problem_set(out_problem, SP_EINVAL,
                         "Invalid parameter : Calculated health checks must have a health "
                         "threshold specified.");
    return rc == 0 ? check_whole(out_config, out_problem) : rc;
}

/* ---- updating ---- */

static void as_config(const struct r53_update_health_check_request *from,
                      struct r53_health_check_config *out_config)
{
    *out_config = (struct r53_health_check_config){
        .ip_address = from->ip_address,
        .port = from->port,
        .resource_path = from->resource_path,
        .fully_qualified_domain_name = from->fully_qualified_domain_name,
        .search_string = from->search_string,
        .failure_threshold = from->failure_threshold,
        .inverted = from->inverted,
        .disabled = from->disabled,
        .health_threshold = from->health_threshold,
        .child_health_checks = from->child_health_checks,
        .enable_sni = from->enable_sni,
        .regions = from->regions,
        .alarm_identifier = from->alarm_identifier,
        .insufficient_data_health_status = from->insufficient_data_health_status,
    };
}

/* A-HCK-11, R-HCK-7. */
static int reset(const char *element, const struct r53_health_check_config *from,
                 struct health_check_config *config, struct problem *out_problem)
{
    bool given[FIELD_COUNT];
    unsigned i = 0;
    find_given(from, given);
    while (i < FIELD_COUNT - 1 && strcmp(field_names[i].element, element) != 0)
        i++;
    if (given[i])
        return problem_set(out_problem, SP_EINVAL,
                           "Invalid parameter : %s is both specified and reset.", element);
    if (health_check_field_check(config->type, field_names[i].name, NULL) != 0)
        return refuse_field(config->type, field_names[i].name, out_problem);
    health_check_field_reset(config, field_names[i].name);
    return 0;
}

int route53_update_health_config(const struct r53_update_health_check_request *from,
                                 struct health_check_config *config, struct problem *out_problem)
{
    struct r53_health_check_config given;
    const char *const *elements = from->reset_elements.items;
    int rc = 0;
    as_config(from, &given);
    for (unsigned i = 0; rc == 0 && i < from->reset_elements.count; i++)
        rc = reset(elements[i], &given, config, out_problem);
    if (rc == 0)
        rc = read_given(&given, config, out_problem);
    return rc == 0 ? check_whole(config, out_problem) : rc;
}

/* ---- writing ---- */

const char *route53_address_text(struct arena *arena, const struct ip_prefix *address)
{
    const uint8_t *o = address->octets;
    if (address->family == IP_V4)
        return arena_format(arena, "%u.%u.%u.%u", o[0], o[1], o[2], o[3]);
    return arena_format(arena, "%x:%x:%x:%x:%x:%x:%x:%x", o[0] << 8 | o[1], o[2] << 8 | o[3],
                        o[4] << 8 | o[5], o[6] << 8 | o[7], o[8] << 8 | o[9], o[10] << 8 | o[11],
                        o[12] << 8 | o[13], o[14] << 8 | o[15]);
}

/* NULL for an empty text; *failed when there is no memory. */
static const char *copy(struct arena *arena, const char *text, bool *failed)
{
    if (text[0] == '\0')
        return NULL;
    const char *made = arena_copy(arena, text, strlen(text) + 1);
    *failed = *failed || made == NULL;
    return made;
}

static struct xml_integer whole(int64_t value)
{
    return (struct xml_integer){ true, value };
}

static struct xml_boolean truth(bool value)
{
    return (struct xml_boolean){ true, value };
}

static void write_regions(struct arena *arena, uint8_t regions, struct xml_list *out_list,
                          bool *failed)
{
    if (regions == 0)
        return;
    const char **names = arena_alloc(arena, CHECKER_REGION_COUNT * sizeof *names);
    if (names == NULL) {
        *failed = true;
        return;
    }
    for (unsigned i = 0; i < CHECKER_REGION_COUNT; i++)
        if ((regions >> i & 1) != 0)
            names[out_list->count++] = checker_region_name(i);
    out_list->items = names;
    out_list->set = true;
}

static void write_children(struct arena *arena, const struct health_check_config *config,
                           struct xml_list *out_list, bool *failed)
{
    if (config->child_count == 0)
        return;
    const char **ids = arena_alloc(arena, config->child_count * sizeof *ids);
    if (ids == NULL) {
        *failed = true;
        return;
    }
    for (unsigned i = 0; i < config->child_count; i++)
        ids[i] = copy(arena, config->children[i], failed);
    *out_list = (struct xml_list){ true, config->child_count, ids };
}

static void write_endpoint(struct arena *arena, const struct health_check_config *config,
                           struct r53_health_check_config *to, bool *failed)
{
    if (config->has_address) {
        to->ip_address = route53_address_text(arena, &config->address);
        *failed = *failed || to->ip_address == NULL;
    }
    if (config->port != 0)
        to->port = whole(config->port);
    to->resource_path = copy(arena, config->resource_path, failed);
    to->fully_qualified_domain_name = copy(arena, config->domain_name, failed);
    to->search_string = copy(arena, config->search_string, failed);
    to->request_interval = whole(config->request_interval_s);
    to->failure_threshold = whole(config->failure_threshold);
    to->measure_latency = truth(config->measure_latency);
    to->enable_sni = truth(config->enable_sni);
    write_regions(arena, config->regions, &to->regions, failed);
}

/* Whether the status for insufficient data was set is not known: it is always told. */
static void write_alarm(struct arena *arena, const struct health_check_config *config,
                        struct r53_health_check_config *to, bool *failed)
{
    to->alarm_identifier = arena_alloc(arena, sizeof *to->alarm_identifier);
    if (to->alarm_identifier == NULL) {
        *failed = true;
        return;
    }
    to->alarm_identifier->region = copy(arena, config->alarm_region, failed);
    to->alarm_identifier->name = copy(arena, config->alarm_name, failed);
    to->insufficient_data_health_status = insufficient_data_name(config->insufficient_data);
}

struct r53_health_check_config *route53_write_health_config(
    struct arena *arena, const struct health_check_config *config, const char *control_arn)
{
    struct r53_health_check_config *to = arena_alloc(arena, sizeof *to);
    bool failed = false;
    if (to == NULL)
        return NULL;
    to->type = health_check_type_name(
        config->type == HEALTH_CHECK_MANUAL ? HEALTH_CHECK_RECOVERY_CONTROL : config->type);
    to->inverted = truth(config->inverted);
    to->disabled = truth(config->disabled);
    if (health_check_type_is_endpoint(config->type)) {
        write_endpoint(arena, config, to, &failed);
    } else if (config->type == HEALTH_CHECK_CALCULATED) {
        to->health_threshold = whole(config->health_threshold);
        write_children(arena, config, &to->child_health_checks, &failed);
    } else if (config->type == HEALTH_CHECK_CLOUDWATCH_METRIC) {
        write_alarm(arena, config, to, &failed);
    } else {
        to->routing_control_arn = copy(arena, control_arn, &failed);
    }
    return failed ? NULL : to;
}
