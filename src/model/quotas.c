#include "signpost/model/quotas.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define MEMBER(name) offsetof(struct quotas, name)

/* clang-format off: one quota, one line */
const struct quota_row quota_rows[] = {
    { "hosted-zones", MEMBER(hosted_zones), 500, QUOTA_UNLIMITED },
    { "record-sets-per-zone", MEMBER(record_sets_per_zone), 10000, QUOTA_UNLIMITED },
    { "values-per-record-set", MEMBER(values_per_record_set), 400, QUOTA_UNLIMITED },
    { "group-members", MEMBER(group_members), 100, GROUP_MEMBERS_MAX },
    { "geoproximity-members", MEMBER(geoproximity_members), 30, GROUP_MEMBERS_MAX_PROXIMITY },
    { "zones-per-delegation-set", MEMBER(zones_per_delegation_set), 100, QUOTA_UNLIMITED },
    { "delegation-sets", MEMBER(delegation_sets), 100, QUOTA_UNLIMITED },
    { "vpcs-per-zone", MEMBER(vpcs_per_zone), 300, QUOTA_UNLIMITED },
    { "vpc-authorizations-per-zone", MEMBER(vpc_authorizations_per_zone), 1000, QUOTA_UNLIMITED },
    { "key-signing-keys-per-zone", MEMBER(key_signing_keys_per_zone), 2, KEY_SIGNING_KEYS_MAX },
    { "cidr-collections", MEMBER(cidr_collections), 5, QUOTA_UNLIMITED },
    { "cidr-blocks-per-collection", MEMBER(cidr_blocks_per_collection), 1000, CIDR_BLOCKS_MAX },
    { "health-checks", MEMBER(health_checks), 200, HEALTH_SLOTS_MAX },
    { "health-check-children", MEMBER(health_check_children), 255, HEALTH_CHECK_CHILDREN_MAX },
    { "query-logging-per-zone", MEMBER(query_logging_per_zone), 1, QUERY_LOGGING_CONFIGS_MAX },
    { "traffic-policies", MEMBER(traffic_policies), 50, QUOTA_UNLIMITED },
    { "traffic-policy-versions", MEMBER(traffic_policy_versions), 1000,
      TRAFFIC_POLICY_VERSIONS_MAX },
    { "traffic-policy-instances", MEMBER(traffic_policy_instances), 5, QUOTA_UNLIMITED },
};
/* clang-format on */

const unsigned quota_row_count = sizeof(quota_rows) / sizeof(quota_rows[0]);

_Static_assert(sizeof(quota_rows) / sizeof(quota_rows[0]) ==
                   sizeof(struct quotas) / sizeof(unsigned),
               "a row for each member");

static unsigned *member(struct quotas *quotas, const struct quota_row *row)
{
    return (unsigned *)(void *)((char *)quotas + row->offset);
}

struct quotas quotas_none(void)
{
    struct quotas quotas;
    for (unsigned i = 0; i < quota_row_count; i++)
        *member(&quotas, &quota_rows[i]) = quota_rows[i].most;
    return quotas;
}

struct quotas quotas_route53(void)
{
    struct quotas quotas;
    for (unsigned i = 0; i < quota_row_count; i++)
        *member(&quotas, &quota_rows[i]) = quota_rows[i].route53;
    return quotas;
}

unsigned quotas_value(const struct quotas *quotas, const struct quota_row *row)
{
    return *(const unsigned *)(const void *)((const char *)quotas + row->offset);
}

static const struct quota_row *find_row(const char *name, size_t size)
{
    for (unsigned i = 0; i < quota_row_count; i++)
        if (strlen(quota_rows[i].name) == size && memcmp(quota_rows[i].name, name, size) == 0)
            return &quota_rows[i];
    return NULL;
}

int quotas_set(struct quotas *quotas, const char *assignment, struct problem *out_problem)
{
    size_t size = strcspn(assignment, "=");
    const struct quota_row *row = find_row(assignment, size);
    if (row == NULL)
        return problem_set(out_problem, SP_EINVAL, "there is no quota \"%.*s\"",
                           (int)(size < 64 ? size : 64), assignment);
    const char *text = assignment[size] == '=' ? assignment + size + 1 : "";
    char *end;
    errno = 0;
    unsigned long value = strtoul(text, &end, 10);
    if (text[0] < '0' || text[0] > '9' || *end != '\0' || errno != 0 || value < 1 ||
        value > row->most)
        return problem_set(out_problem, SP_EINVAL, "%s is a number from 1 to %u", row->name,
                           row->most);
    *member(quotas, row) = (unsigned)value;
    return 0;
}
