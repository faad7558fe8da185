/*
 * The names of what health checks are made of.  What makes one valid stands in health_rules.c.
 */
#include "signpost/model/health_check.h"

#include "word.h"

int health_check_id_check(const char *id, struct problem *out_problem)
{
    if (word_is_right(id, HEALTH_CHECK_ID_SIZE_MAX, "-_."))
        return 0;
    return problem_set(out_problem, SP_EINVAL,
                       "\"%.80s\" cannot be the id of a health check: it must be 1 to %d letters, "
                       "digits, \"-\", \"_\" and \".\"",
                       id, HEALTH_CHECK_ID_SIZE_MAX);
}

/* ---- types ---- */

enum { ENDPOINT = 1, SPEAKS_HTTP = 2, TLS = 4, SEARCHES = 8 };

static const char *const type_names[HEALTH_CHECK_TYPE_COUNT] = {
    [HEALTH_CHECK_MANUAL] = "MANUAL",
    [HEALTH_CHECK_HTTP] = "HTTP",
    [HEALTH_CHECK_HTTPS] = "HTTPS",
    [HEALTH_CHECK_HTTP_STR_MATCH] = "HTTP_STR_MATCH",
    [HEALTH_CHECK_HTTPS_STR_MATCH] = "HTTPS_STR_MATCH",
    [HEALTH_CHECK_TCP] = "TCP",
    [HEALTH_CHECK_CALCULATED] = "CALCULATED",
    [HEALTH_CHECK_CLOUDWATCH_METRIC] = "CLOUDWATCH_METRIC",
    [HEALTH_CHECK_RECOVERY_CONTROL] = "RECOVERY_CONTROL",
};

static const uint8_t type_traits[HEALTH_CHECK_TYPE_COUNT] = {
    [HEALTH_CHECK_HTTP] = ENDPOINT | SPEAKS_HTTP,
    [HEALTH_CHECK_HTTPS] = ENDPOINT | SPEAKS_HTTP | TLS,
    [HEALTH_CHECK_HTTP_STR_MATCH] = ENDPOINT | SPEAKS_HTTP | SEARCHES,
    [HEALTH_CHECK_HTTPS_STR_MATCH] = ENDPOINT | SPEAKS_HTTP | TLS | SEARCHES,
    [HEALTH_CHECK_TCP] = ENDPOINT,
};

const char *health_check_type_name(enum health_check_type type)
{
    return type_names[type];
}

int health_check_type_find(const char *name, enum health_check_type *out_type,
                           struct problem *out_problem)
{
    unsigned number;
    int rc = word_find(type_names, HEALTH_CHECK_TYPE_COUNT, "type of health check", name, &number,
                       out_problem);
    if (rc == 0)
        *out_type = (enum health_check_type)number;
    return rc;
}

bool health_check_type_is_endpoint(enum health_check_type type)
{
    return (type_traits[type] & ENDPOINT) != 0;
}

bool health_check_type_is_tls(enum health_check_type type)
{
    return (type_traits[type] & TLS) != 0;
}

bool health_check_type_searches(enum health_check_type type)
{
    return (type_traits[type] & SEARCHES) != 0;
}

bool health_check_type_speaks_http(enum health_check_type type)
{
    return (type_traits[type] & SPEAKS_HTTP) != 0;
}

void health_check_config_init(struct health_check_config *config, enum health_check_type type)
{
    *config = (struct health_check_config){ .type = type };
    if (!health_check_type_is_endpoint(type))
        return;
    config->request_interval_s = 30;
    config->failure_threshold = 3;
    config->enable_sni = health_check_type_is_tls(type);
}

uint16_t health_check_port(const struct health_check_config *config)
{
    if (config->port != 0 || !health_check_type_speaks_http(config->type))
        return config->port;
    return health_check_type_is_tls(config->type) ? 443 : 80;
}

/* ---- other names ---- */

static const char *const insufficient_data_names[INSUFFICIENT_DATA_COUNT] = {
    "LastKnownStatus",
    "Healthy",
    "Unhealthy",
};

const char *insufficient_data_name(enum insufficient_data value)
{
    return insufficient_data_names[value];
}

int insufficient_data_find(const char *name, enum insufficient_data *out_value,
                           struct problem *out_problem)
{
    unsigned number;
    int rc = word_find(insufficient_data_names, INSUFFICIENT_DATA_COUNT,
                       "status for insufficient data", name, &number, out_problem);
    if (rc == 0)
        *out_value = (enum insufficient_data)number;
    return rc;
}

static const char *const region_names[CHECKER_REGION_COUNT] = {
    "us-east-1",      "us-west-1",      "us-west-2",      "eu-west-1",
    "ap-southeast-1", "ap-southeast-2", "ap-northeast-1", "sa-east-1",
};

const char *checker_region_name(unsigned region)
{
    return region_names[region];
}

int checker_region_find(const char *name, unsigned *out_region, struct problem *out_problem)
{
    return word_find(region_names, CHECKER_REGION_COUNT, "Region of checkers", name, out_region,
                     out_problem);
}
