/*
 * Quotas, and how much of them is used (A-LIM-1).
 */
#include "operations.h"

#include "zones.h"

#include "signpost/control/delegation_sets.h"
#include "signpost/control/traffic_policies.h"
#include "signpost/control/vpcs.h"
#include "signpost/control/zones.h"

#include <string.h>

/* The type of the path must be one of the words of that shape's first field, Type. */
static int check_type(struct route53_call *call, const struct xml_shape *shape)
{
    const char *const *words = shape->fields[0].words;
    const char *all = words[0];
    for (unsigned i = 0; words[i] != NULL; i++)
        if (strcmp(words[i], call->type) == 0)
            return 0;
    for (unsigned i = 1; all != NULL && words[i] != NULL; i++)
        all = arena_format(call->arena, "%s, %s", all, words[i]);
    return route53_refuse(call, INVALID_INPUT,
                          "1 validation error detected: Value '%s' at 'type' failed to satisfy "
                          "constraint: Member must satisfy enum value set: [%s]",
                          call->type, all == NULL ? "" : all);
}

static struct xml_integer number(uint64_t value)
{
    return (struct xml_integer){ true, (int64_t)value };
}

/* ---- of the account ---- */

typedef int counter(struct control *control, uint64_t *out_count, struct problem *out_problem);

static int count_health_checks(struct control *control, uint64_t *out_count,
                               struct problem *out_problem)
{
    struct store_object_counts counts;
    int rc = control_count_objects(control, &counts, out_problem);
    if (rc == 0)
        *out_count = counts.checks_up + counts.checks_down;
    return rc;
}

struct account_limit {
    const char *type;
    size_t offset; /* of the member of struct quotas */
    counter *count;
};

static const struct account_limit account_limits[] = {
    { "MAX_HEALTH_CHECKS_BY_OWNER", offsetof(struct quotas, health_checks), count_health_checks },
    { "MAX_HOSTED_ZONES_BY_OWNER", offsetof(struct quotas, hosted_zones), control_count_zones },
    { "MAX_TRAFFIC_POLICY_INSTANCES_BY_OWNER", offsetof(struct quotas, traffic_policy_instances),
      control_count_traffic_instances },
    { "MAX_REUSABLE_DELEGATION_SETS_BY_OWNER", offsetof(struct quotas, delegation_sets),
      control_count_delegation_sets },
    { "MAX_TRAFFIC_POLICIES_BY_OWNER", offsetof(struct quotas, traffic_policies),
      control_count_traffic_policies },
};

static const struct account_limit *find_account_limit(const char *type)
{
    const struct account_limit *row = account_limits;
    while (strcmp(row->type, type) != 0)
        row++;
    return row;
}

int route53_get_account_limit(struct route53_call *call)
{
    struct r53_get_account_limit_response *response = call->response;
    uint64_t count;
    int rc = check_type(call, &route53_account_limit_shape);
    if (rc != 0)
        return rc;
    const struct account_limit *row = find_account_limit(call->type);
    rc = row->count(call->control, &count, &call->problem);
    if (rc != 0)
        return route53_pass(call, rc);
    const char *quotas = (const char *)control_quotas(call->control);
    response->count = number(count);
    response->limit = ROUTE53_NEW(call, struct r53_account_limit);
    if (response->limit == NULL)
        return route53_no_memory(call);
    response->limit->type = row->type;
    response->limit->value = number(*(const unsigned *)(const void *)(quotas + row->offset));
    return 0;
}

/* ---- of a hosted zone ---- */

static int count_in_zone(struct route53_call *call, const struct hosted_zone *zone, bool of_vpcs,
                         uint64_t *out_count)
{
    if (of_vpcs && !zone->is_private)
        return route53_refuse(call, HOSTED_ZONE_NOT_PRIVATE,
                              "The hosted zone is public: it has no VPCs.");
    *out_count = zone->set_count;
    int rc = of_vpcs ? control_count_vpcs(call->control, zone, out_count, &call->problem) : 0;
    return rc == 0 ? 0 : route53_pass(call, rc);
}

int route53_get_hosted_zone_limit(struct route53_call *call)
{
    struct r53_get_hosted_zone_limit_response *response = call->response;
    const struct quotas *quotas = control_quotas(call->control);
    bool of_vpcs = strcmp(call->type, "MAX_VPCS_ASSOCIATED_BY_ZONE") == 0;
    struct hosted_zone zone;
    uint64_t count = 0;
    int rc = check_type(call, &route53_hosted_zone_limit_shape);
    if (rc == 0)
        rc = route53_find_zone(call, call->zone, &zone);
    if (rc == 0)
        rc = count_in_zone(call, &zone, of_vpcs, &count);
    if (rc != 0)
        return rc;
    response->count = number(count);
    response->limit = ROUTE53_NEW(call, struct r53_hosted_zone_limit);
    if (response->limit == NULL)
        return route53_no_memory(call);
    response->limit->type = call->type;
    response->limit->value = number(of_vpcs ? quotas->vpcs_per_zone : quotas->record_sets_per_zone);
    return 0;
}

/* ---- of a delegation set ---- */

int route53_get_reusable_delegation_set_limit(struct route53_call *call)
{
    struct r53_get_reusable_delegation_set_limit_response *response = call->response;
    struct delegation_set set;
    uint64_t count = 0;
    int rc = check_type(call, &route53_reusable_delegation_set_limit_shape);
    if (rc == 0)
        rc = route53_find_delegation_set(call, call->id, &set);
    if (rc != 0)
        return rc;
    rc = control_count_delegation_set_users(call->control, call->id, &count, &call->problem);
    if (rc != 0)
        return route53_pass(call, rc);
    response->count = number(count);
    response->limit = ROUTE53_NEW(call, struct r53_reusable_delegation_set_limit);
    if (response->limit == NULL)
        return route53_no_memory(call);
    response->limit->type = call->type;
    response->limit->value = number(control_quotas(call->control)->zones_per_delegation_set);
    return 0;
}
