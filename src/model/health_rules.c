/*
 * What makes the config of a health check valid (table 11.2 and its rules): first which fields go
 * with its type, from one table, then what each of them may say.
 */
#include "signpost/model/health_check.h"

#include "word.h"

#include <stdarg.h>
#include <stdio.h>

/* ---- fields and types ---- */

/* In the order of the table below.  Inverted and Disabled go with every type. */
enum field {
    FIELD_ADDRESS,
    FIELD_PORT,
    FIELD_PATH,
    FIELD_DOMAIN,
    FIELD_SEARCH,
    FIELD_INTERVAL,
    FIELD_FAILURES,
    FIELD_LATENCY,
    FIELD_SNI,
    FIELD_REGIONS,
    FIELD_THRESHOLD,
    FIELD_CHILDREN,
    FIELD_ALARM,
    FIELD_NO_DATA,
    FIELD_CONTROL,
    FIELD_COUNT
};

/* As the API calls them, and in words. */
static const struct field_name {
    const char *name;
    const char *words;
} fields[FIELD_COUNT] = {
    { "ip_address", "an IP address" },
    { "port", "a port" },
    { "resource_path", "a resource path" },
    { "fully_qualified_domain_name", "a fully qualified domain name" },
    { "search_string", "a search string" },
    { "request_interval", "a request interval" },
    { "failure_threshold", "a failure threshold" },
    { "measure_latency", "a measurement of latency" },
    { "enable_sni", "SNI" },
    { "regions", "Regions" },
    { "health_threshold", "a health threshold" },
    { "child_health_checks", "children" },
    { "alarm", "an alarm" },
    { "insufficient_data_health_status", "a status for insufficient data" },
    { "routing_control", "a routing control" },
};

#define BIT(field) (1u << (field))
#define OF_TCP                                                                                     \
    (BIT(FIELD_ADDRESS) | BIT(FIELD_PORT) | BIT(FIELD_DOMAIN) | BIT(FIELD_INTERVAL) |              \
     BIT(FIELD_FAILURES) | BIT(FIELD_LATENCY) | BIT(FIELD_REGIONS))
#define OF_HTTP (OF_TCP | BIT(FIELD_PATH))

/* What each type takes, and what of that it needs. */
static const struct type_fields {
    uint32_t takes;
    uint32_t needs;
} type_fields[HEALTH_CHECK_TYPE_COUNT] = {
    [HEALTH_CHECK_HTTP] = { OF_HTTP, 0 },
    [HEALTH_CHECK_HTTPS] = { OF_HTTP | BIT(FIELD_SNI), 0 },
    [HEALTH_CHECK_HTTP_STR_MATCH] = { OF_HTTP | BIT(FIELD_SEARCH), BIT(FIELD_SEARCH) },
    [HEALTH_CHECK_HTTPS_STR_MATCH] = { OF_HTTP | BIT(FIELD_SNI) | BIT(FIELD_SEARCH),
                                       BIT(FIELD_SEARCH) },
    [HEALTH_CHECK_TCP] = { OF_TCP, BIT(FIELD_PORT) },
    [HEALTH_CHECK_CALCULATED] = { BIT(FIELD_THRESHOLD) | BIT(FIELD_CHILDREN), 0 },
    [HEALTH_CHECK_CLOUDWATCH_METRIC] = { BIT(FIELD_ALARM) | BIT(FIELD_NO_DATA), BIT(FIELD_ALARM) },
    [HEALTH_CHECK_RECOVERY_CONTROL] = { BIT(FIELD_CONTROL), BIT(FIELD_CONTROL) },
};

/* The fields that say something. */
static uint32_t given_fields(const struct health_check_config *config)
{
    const bool given[FIELD_COUNT] = {
        [FIELD_ADDRESS] = config->has_address,
        [FIELD_PORT] = config->port != 0,
        [FIELD_PATH] = config->resource_path[0] != '\0',
        [FIELD_DOMAIN] = config->domain_name[0] != '\0',
        [FIELD_SEARCH] = config->search_string[0] != '\0',
        [FIELD_INTERVAL] = config->request_interval_s != 0,
        [FIELD_FAILURES] = config->failure_threshold != 0,
        [FIELD_LATENCY] = config->measure_latency,
        [FIELD_SNI] = config->enable_sni,
        [FIELD_REGIONS] = config->regions != 0,
        [FIELD_THRESHOLD] = config->health_threshold != 0,
        [FIELD_CHILDREN] = config->child_count != 0,
        [FIELD_ALARM] = config->alarm_region[0] != '\0' || config->alarm_name[0] != '\0',
        [FIELD_NO_DATA] = config->insufficient_data != INSUFFICIENT_DATA_LAST_KNOWN,
        [FIELD_CONTROL] = config->routing_control[0] != '\0',
    };
    uint32_t mask = 0;
    for (unsigned i = 0; i < FIELD_COUNT; i++)
        mask |= given[i] ? BIT(i) : 0;
    return mask;
}

static int refuse(struct problem *out_problem, enum field field, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static int refuse(struct problem *out_problem, enum field field, const char *format, ...)
{
    char why[PROBLEM_TEXT_SIZE];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(why, sizeof why, format, arguments);
    va_end(arguments);
    return problem_set(out_problem, SP_EINVAL, "%s: %.900s", fields[field].name, why);
}

static int refuse_field(enum health_check_type type, enum field field, struct problem *out_problem)
{
    return refuse(out_problem, field, "%s health checks must not have %s specified: leave it out",
                  health_check_type_name(type), fields[field].words);
}

static int check_fields(const struct health_check_config *config, uint32_t given,
                        struct problem *out_problem)
{
    const struct type_fields *rule = &type_fields[config->type];
    for (unsigned i = 0; i < FIELD_COUNT; i++) {
        if ((given & ~rule->takes & BIT(i)) != 0)
            return refuse_field(config->type, i, out_problem);
        if ((rule->needs & ~given & BIT(i)) != 0)
            return refuse(out_problem, i, "%s health checks must have %s specified",
                          health_check_type_name(config->type), fields[i].words);
    }
    return 0;
}

int health_check_field_check(enum health_check_type type, const char *name,
                             struct problem *out_problem)
{
    for (unsigned i = 0; i < FIELD_COUNT; i++)
        if (strcmp(fields[i].name, name) == 0 && (type_fields[type].takes & BIT(i)) == 0)
            return refuse_field(type, i, out_problem);
    return 0;
}

const char *health_check_field_words(const char *name)
{
    for (unsigned i = 0; i < FIELD_COUNT; i++)
        if (strcmp(fields[i].name, name) == 0)
            return fields[i].words;
    return NULL;
}

bool health_check_field_reset(struct health_check_config *config, const char *name)
{
    if (strcmp(name, fields[FIELD_DOMAIN].name) == 0)
        config->domain_name[0] = '\0';
    else if (strcmp(name, fields[FIELD_PATH].name) == 0)
        config->resource_path[0] = '\0';
    else if (strcmp(name, fields[FIELD_REGIONS].name) == 0)
        config->regions = 0;
    else if (strcmp(name, fields[FIELD_CHILDREN].name) == 0)
        config->child_count = 0;
    else
        return false;
    return true;
}

/* ---- endpoints ---- */

static int check_address(const struct ip_prefix *address, bool deny_special,
                         struct problem *out_problem)
{
    char text[PREFIX_TEXT_SIZE];
    prefix_to_text(text, address);
    if (address->length != prefix_bits(address->family))
        return refuse(out_problem, FIELD_ADDRESS,
                      "%s is a block: give a single address, such as 192.0.2.1", text);
    if (deny_special && address_is_special(address))
        return refuse(out_problem, FIELD_ADDRESS,
                      "%s is a private, loopback, multicast or otherwise special address, and this "
                      "server is set to refuse these: give a public one",
                      text);
    return 0;
}

static bool is_host_character(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_';
}

/* Labels of letters, digits, "-" and "_"; such as neither begin nor end with "-". */
static const char *find_label_fault(const char *name)
{
    for (;;) {
        size_t size = strcspn(name, ".");
        for (size_t i = 0; i < size; i++)
            if (!is_host_character(name[i]))
                return "is no host name, which has letters, digits, \"-\", \"_\" and dots "
                       "(international names in their xn-- form)";
        if (size == 0 || size > DNS_LABEL_SIZE_MAX || name[0] == '-' || name[size - 1] == '-')
            return "is no host name: between its dots stand 1 to 63 characters, which neither "
                   "begin nor end with \"-\"";
        if (name[size] == '\0')
            return NULL;
        name += size + 1;
    }
}

/* What ends in a number is an address, to many a resolver (1.2, 0x7f.1). */
static bool ends_in_number(const char *name)
{
    const char *last = strrchr(name, '.');
    last = last != NULL ? last + 1 : name;
    size_t digits = strspn(last, "0123456789");
    return last[digits] == '\0' || strncasecmp(last, "0x", 2) == 0;
}

/* R-HCE-3, R-HCE-4; the name also stands in a header and in a ClientHello, where it has no final
 * dot. */
static int check_domain(struct health_check_config *config, struct problem *out_problem)
{
    char *name = config->domain_name;
    struct ip_prefix ignored;
    size_t size = strlen(name);
    if (prefix_from_text(&ignored, name) == NULL)
        return refuse(out_problem, FIELD_DOMAIN,
                      "\"%.60s\" is an address: give it as the ip_address", name);
    if (size > 1 && name[size - 1] == '.')
        name[--size] = '\0';
    if (strchr(name, ':') != NULL)
        return refuse(out_problem, FIELD_DOMAIN,
                      "\"%.60s\" has a \":\" in it: give a name only, and its port as the port",
                      name);
    const char *why = find_label_fault(name);
    if (why == NULL && size > DNS_NAME_SIZE_MAX - 2)
        why = "is too long: a name has at most 253 characters";
    if (why == NULL && ends_in_number(name))
        why = "ends in a number, as no domain name does: an address in full goes into the "
              "ip_address";
    return why == NULL ? 0 : refuse(out_problem, FIELD_DOMAIN, "\"%.80s\" %s", name, why);
}

/* It becomes part of a request line. */
static int check_path(struct health_check_config *config, struct problem *out_problem)
{
    char *path = config->resource_path;
    size_t size = strlen(path);
    for (const char *c = path; *c != '\0'; c++)
        if (*c <= ' ' || *c > '~')
            return refuse(out_problem, FIELD_PATH,
                          "octet %zu is a blank, a control character or not ASCII: write it as "
                          "%%%02X",
                          (size_t)(c - path) + 1, (unsigned)(uint8_t)*c);
    if (size == 0 || path[0] == '/')
        return 0;
    if (size == HEALTH_CHECK_TEXT_SIZE_MAX)
        return refuse(out_problem, FIELD_PATH,
                      "with the \"/\" that must begin it, it is longer than %d characters",
                      HEALTH_CHECK_TEXT_SIZE_MAX);
    memmove(path + 1, path, size + 1);
    path[0] = '/';
    return 0;
}

static int check_schedule(const struct health_check_config *config, struct problem *out_problem)
{
    int regions = __builtin_popcount(config->regions);
    if (config->request_interval_s != 10 && config->request_interval_s != 30)
        return refuse(out_problem, FIELD_INTERVAL, "%u seconds: it must be 10 or 30",
                      config->request_interval_s);
    if (config->failure_threshold < 1 || config->failure_threshold > 10)
        return refuse(out_problem, FIELD_FAILURES, "%u: it must be 1 to 10",
                      config->failure_threshold);
    if (regions != 0 && regions < CHECKER_REGIONS_MIN)
        return refuse(out_problem, FIELD_REGIONS,
                      "%d of them: give at least %d of the %d, or none for all of them", regions,
                      CHECKER_REGIONS_MIN, CHECKER_REGION_COUNT);
    return 0;
}

static int check_endpoint(struct health_check_config *config, bool deny_special,
                          struct problem *out_problem)
{
    int rc = 0;
    bool has_domain = config->domain_name[0] != '\0';
    if (!config->has_address && !has_domain)
        return refuse(out_problem, FIELD_ADDRESS,
                      "%s health checks must have an IP address or a fully qualified domain name "
                      "specified",
                      health_check_type_name(config->type));
    if (config->has_address && has_domain && config->type == HEALTH_CHECK_TCP)
        return refuse(out_problem, FIELD_DOMAIN,
                      "TCP health checks that have IP address must not have a fully qualified "
                      "domain name specified.");
    if (config->has_address)
        rc = check_address(&config->address, deny_special, out_problem);
    if (rc == 0 && has_domain)
        rc = check_domain(config, out_problem);
    if (rc == 0)
        rc = check_path(config, out_problem);
    return rc == 0 ? check_schedule(config, out_problem) : rc;
}

/* ---- the others ---- */

/* R-HCC-1. */
static int check_children(const struct health_check_config *config, struct problem *out_problem)
{
    if (config->child_count > HEALTH_CHECK_CHILDREN_MAX)
        return refuse(out_problem, FIELD_CHILDREN, "%u of them: there may be %d at most",
                      config->child_count, HEALTH_CHECK_CHILDREN_MAX);
    for (unsigned i = 0; i < config->child_count; i++) {
        struct problem why = { 0 };
        if (health_check_id_check(config->children[i], &why) != 0)
            return refuse(out_problem, FIELD_CHILDREN, "%s", why.text);
        for (unsigned k = 0; k < i; k++)
            if (strcmp(config->children[i], config->children[k]) == 0)
                return refuse(out_problem, FIELD_CHILDREN, "%s is there twice: name it once",
                              config->children[i]);
    }
    if (config->health_threshold > HEALTH_CHECK_CHILDREN_MAX)
        return refuse(out_problem, FIELD_THRESHOLD, "%u: it must be 0 to %d",
                      config->health_threshold, HEALTH_CHECK_CHILDREN_MAX);
    return 0;
}

/* R-HCW-1. */
static int check_alarm(const struct health_check_config *config, struct problem *out_problem)
{
    if (config->alarm_name[0] == '\0' || word_has_control(config->alarm_name))
        return refuse(out_problem, FIELD_ALARM,
                      "its name must be 1 to %d characters, and no control characters",
                      ALARM_NAME_SIZE_MAX);
    if (!word_is_right(config->alarm_region, REGION_NAME_SIZE - 1, "-"))
        return refuse(out_problem, FIELD_ALARM, "its region must be a Region, such as us-east-1");
    return 0;
}

int health_check_config_check(struct health_check_config *config, bool deny_special,
                              struct problem *out_problem)
{
    int rc = check_fields(config, given_fields(config), out_problem);
    if (rc != 0)
        return rc;
    if (health_check_type_is_endpoint(config->type))
        return check_endpoint(config, deny_special, out_problem);
    if (config->type == HEALTH_CHECK_CALCULATED)
        return check_children(config, out_problem);
    if (config->type == HEALTH_CHECK_CLOUDWATCH_METRIC)
        return check_alarm(config, out_problem);
    if (word_has_control(config->routing_control))
        return refuse(out_problem, FIELD_CONTROL, "it has control characters in it");
    return 0;
}

int health_check_config_may_become(const struct health_check_config *before,
                                   const struct health_check_config *after,
                                   struct problem *out_problem)
{
    static const char fixed[] = "is fixed when a health check is created: make another one";
    if (before->type != after->type)
        return problem_set(out_problem, SP_EINVAL, "type: it is %s, which %s",
                           health_check_type_name(before->type), fixed);
    if (before->request_interval_s != after->request_interval_s)
        return refuse(out_problem, FIELD_INTERVAL, "it is %u seconds, which %s",
                      before->request_interval_s, fixed);
    if (before->measure_latency != after->measure_latency)
        return refuse(out_problem, FIELD_LATENCY, "it is %s, which %s",
                      before->measure_latency ? "true" : "false", fixed);
    if (before->has_address != after->has_address)
        return refuse(out_problem, FIELD_ADDRESS, "whether there is one %s", fixed);
    return 0;
}

/* ---- comparing ---- */

static bool has_same_texts(const struct health_check_config *a, const struct health_check_config *b)
{
    return strcmp(a->resource_path, b->resource_path) == 0 &&
           strcmp(a->domain_name, b->domain_name) == 0 &&
           strcmp(a->search_string, b->search_string) == 0 &&
           strcmp(a->alarm_region, b->alarm_region) == 0 &&
           strcmp(a->alarm_name, b->alarm_name) == 0 &&
           strcmp(a->routing_control, b->routing_control) == 0;
}

static bool has_same_numbers(const struct health_check_config *a,
                             const struct health_check_config *b)
{
    return a->port == b->port && a->request_interval_s == b->request_interval_s &&
           a->failure_threshold == b->failure_threshold &&
           a->measure_latency == b->measure_latency && a->inverted == b->inverted &&
           a->disabled == b->disabled && a->enable_sni == b->enable_sni &&
           a->regions == b->regions && a->health_threshold == b->health_threshold &&
           a->insufficient_data == b->insufficient_data;
}

static bool has_same_children(const struct health_check_config *a,
                              const struct health_check_config *b)
{
    if (a->child_count != b->child_count)
        return false;
    for (unsigned i = 0; i < a->child_count; i++)
        if (strcmp(a->children[i], b->children[i]) != 0)
            return false;
    return true;
}

bool health_check_config_equal(const struct health_check_config *a,
                               const struct health_check_config *b)
{
    bool same_address = a->has_address == b->has_address &&
                        (!a->has_address || prefix_compare(&a->address, &b->address) == 0);
    return a->type == b->type && same_address && has_same_numbers(a, b) && has_same_texts(a, b) &&
           has_same_children(a, b);
}
