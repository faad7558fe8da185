/*
 * model/health_check.h - a health check as people mean it: what is looked at, and how.
 *
 * Record sets name checks by their id.  How a check is doing stands in model/health_status.h.
 * Plain data.  Any thread.
 */
#ifndef SIGNPOST_MODEL_HEALTH_CHECK_H
#define SIGNPOST_MODEL_HEALTH_CHECK_H

#include "signpost/base/limits.h"
#include "signpost/base/prefix.h"
#include "signpost/base/status.h"

#include <stdbool.h>
#include <stdint.h>

enum health_check_type { /* R-HCK-1, and one that nothing looks at */
                         HEALTH_CHECK_MANUAL,
                         HEALTH_CHECK_HTTP,
                         HEALTH_CHECK_HTTPS,
                         HEALTH_CHECK_HTTP_STR_MATCH,
                         HEALTH_CHECK_HTTPS_STR_MATCH,
                         HEALTH_CHECK_TCP,
                         HEALTH_CHECK_CALCULATED,
                         HEALTH_CHECK_CLOUDWATCH_METRIC,
                         HEALTH_CHECK_RECOVERY_CONTROL,
};
#define HEALTH_CHECK_TYPE_COUNT 9

enum insufficient_data { /* R-HCW-2 */
                         INSUFFICIENT_DATA_LAST_KNOWN,
                         INSUFFICIENT_DATA_HEALTHY,
                         INSUFFICIENT_DATA_UNHEALTHY,
};
#define INSUFFICIENT_DATA_COUNT 3

/* R-HCE-1.  A set of them is a mask: bit N is the Region of that number; 0 means all. */
#define CHECKER_REGION_COUNT 8

/* What a user decides.  "" and 0 are "not given", unless a line says otherwise. */
struct health_check_config {
    enum health_check_type type;
    bool has_address;
    struct ip_prefix address;                           /* in full length */
    uint16_t port;                                      /* 0: the type's own */
    char resource_path[HEALTH_CHECK_TEXT_SIZE_MAX + 1]; /* as given, or with "/" put in front */
    char domain_name[HEALTH_CHECK_TEXT_SIZE_MAX + 1];   /* FullyQualifiedDomainName */
    char search_string[HEALTH_CHECK_TEXT_SIZE_MAX + 1];
    uint8_t request_interval_s; /* 10 or 30 */
    uint8_t failure_threshold;  /* 1 to 10 */
    bool measure_latency;
    bool inverted;
    bool disabled;
    bool enable_sni;
    uint8_t regions;           /* a mask */
    uint16_t health_threshold; /* CALCULATED: 0 to 256 */
    uint16_t child_count;
    char children[HEALTH_CHECK_CHILDREN_MAX][HEALTH_CHECK_ID_SIZE_MAX + 1];
    char alarm_region[REGION_NAME_SIZE];
    char alarm_name[ALARM_NAME_SIZE_MAX + 1];
    enum insufficient_data insufficient_data;
    char routing_control[ROUTING_CONTROL_ARN_SIZE_MAX + 1]; /* its name or its ARN */
};

struct health_check {
    char id[HEALTH_CHECK_ID_SIZE_MAX + 1];
    char caller_reference[CALLER_REFERENCE_SIZE_MAX + 1];
    struct health_check_config config;
    uint32_t version;   /* R-HCK-3 */
    int64_t created_at; /* Unix seconds */
    bool up;            /* the effective status (R-HCK-5), as the health table has it */
    uint64_t since_ms;  /* Unix milliseconds of its last turn, at first of the creation */
    bool is_deleted;    /* it is there only because record sets still name it (R-REC-10) */
    uint32_t use_count; /* record sets that name it */
};

/* Whether a user may choose that id: 1 to 64 of letters, digits, '-', '_' and '.'.  SP_EINVAL. */
int health_check_id_check(const char *id, struct problem *out_problem);

/* What a check of that type has before the user says anything: interval 30, threshold 3, SNI for
 * the HTTPS types. */
void health_check_config_init(struct health_check_config *config, enum health_check_type type);

/* Whether checks of that type have the field, called as in the API ("port"), whatever it says.
 * SP_EINVAL; a name that is no field is none of a wrong type. */
int health_check_field_check(enum health_check_type type, const char *name,
                             struct problem *out_problem);

/* What a field is called in a sentence: "a port" for "port"; NULL: there is no such field. */
const char *health_check_field_words(const char *name);

/* Takes away what a field says, as far as an update may (R-HCK-7): Regions become all of them.
 * false: it is no field that can be reset. */
bool health_check_field_reset(struct health_check_config *config, const char *name);

/* Whether both say the same; what does not count for their types is the same in all. */
bool health_check_config_equal(const struct health_check_config *a,
                               const struct health_check_config *b);

/* Whether the config as a whole may stand, and what is missing in it that its type needs (section
 * 11.2); the message names the field as the API does ("port: ...").  Puts "/" in front of a
 * resource path that lacks it, and takes the final dot off a domain name.  deny_special: refuse the
 * addresses of R-HCE-6.  SP_EINVAL. */
int health_check_config_check(struct health_check_config *config, bool deny_special,
                              struct problem *out_problem);

/* Whether `after` may come in the place of `before` (R-HCK-2).  SP_EINVAL. */
int health_check_config_may_become(const struct health_check_config *before,
                                   const struct health_check_config *after,
                                   struct problem *out_problem);

/* "HTTP_STR_MATCH" and so on; MANUAL is ours. */
const char *health_check_type_name(enum health_check_type type);
int health_check_type_find(const char *name, enum health_check_type *out_type,
                           struct problem *out_problem); /* SP_EINVAL with those that there are */
bool health_check_type_is_endpoint(enum health_check_type type); /* HTTP... and TCP */
bool health_check_type_is_tls(enum health_check_type type);
bool health_check_type_searches(enum health_check_type type); /* ..._STR_MATCH */
bool health_check_type_speaks_http(enum health_check_type type);

/* The port that is used: the given one, else 80 or 443. */
uint16_t health_check_port(const struct health_check_config *config);

/* "Healthy", "Unhealthy", "LastKnownStatus". */
const char *insufficient_data_name(enum insufficient_data value);
int insufficient_data_find(const char *name, enum insufficient_data *out_value,
                           struct problem *out_problem);

const char *checker_region_name(unsigned region); /* of number 0 to 7: "us-east-1" */
int checker_region_find(const char *name, unsigned *out_region, struct problem *out_problem);

/* R-HCE-6: private, loopback, link-local, multicast and other special addresses (RFC 6890). */
bool address_is_special(const struct ip_prefix *address);

#endif
