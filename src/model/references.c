/*
 * What a set names beyond its zone: whether it is there, and whether the set may name it.
 */
#include "check.h"

#include "signpost/dns/types.h"
#include "signpost/model/service_zones.h"

/* Every CloudFront distribution has this zone, registered or not. */
static bool is_in_cloudfront(const struct alias_target *alias)
{
    struct service_zone zone;
    return service_zone_find(alias->zone_id, &zone) && zone.kind == RESOURCE_CLOUDFRONT;
}

static bool has_collection(const struct model_references *references, const char *id)
{
    return references->has_collection == NULL ||
           references->has_collection(references->context, id);
}

static bool has_location(const struct model_references *references, const struct routing *routing)
{
    return references->has_location == NULL ||
           references->has_location(references->context, routing->collection, routing->location);
}

/* A-CHG-17. */
static void check_collection(const struct model_references *references,
                             const struct routing *routing, struct reason *reason)
{
    if (!has_collection(references, routing->collection))
        reason_set(reason,
                   "there is no CIDR collection with the id %s: \"signpost collection list\" shows "
                   "those that are there",
                   routing->collection);
    else if (strcmp(routing->location, "*") != 0 && !has_location(references, routing))
        reason_set(
            reason,
            "the CIDR collection %s has no location %s: \"signpost collection put\" makes it",
            routing->collection, routing->location);
}

static int find_kind(const struct model_references *references, const struct alias_target *alias,
                     bool *out_known, enum resource_kind *out_kind, struct problem *out_problem)
{
    *out_known = is_in_cloudfront(alias);
    *out_kind = RESOURCE_CLOUDFRONT;
    if (*out_known || references == NULL || references->find_resource == NULL)
        return 0;
    return references->find_resource(references->context, alias->name, out_known, out_kind,
                                     out_problem);
}

/* R-ALI-12, R-ALI-15, A-CHG-56. */
static int check_resource(const struct model_references *references, const struct record_set *set,
                          struct reason *reason, struct problem *out_problem)
{
    enum resource_kind kind;
    bool is_known;
    int rc = find_kind(references, set->alias, &is_known, &kind, out_problem);
    if (rc != 0 || !is_known)
        return rc;
    if (set->alias->evaluate_health && !resource_kind_may_evaluate(kind))
        reason_set(reason, "EvaluateTargetHealth must be false for %s, a resource of the kind %s",
                   name_text_of(set->alias->name).text, resource_kind_name(kind));
    else if (!resource_kind_accepts_type(kind, set->type))
        reason_set(reason, "an alias of type %s cannot lead to %s, a resource of the kind %s",
                   dns_type_find(set->type)->name, name_text_of(set->alias->name).text,
                   resource_kind_name(kind));
    return 0;
}

int check__references(const struct model_references *references, const struct hosted_zone *zone,
                      const struct record_set *set, struct reason *out_reason,
                      struct problem *out_problem)
{
    out_reason->text[0] = '\0';
    if (set->policy == ROUTING_CIDR && references != NULL && set->routing != NULL)
        check_collection(references, set->routing, out_reason);
    if (reason_is_set(out_reason) || set->alias == NULL || leads_inside(set, zone))
        return 0;
    return check_resource(references, set, out_reason, out_problem);
}

static int is_cloudfront(const struct model_references *references, const struct hosted_zone *zone,
                         const struct record_set *set, bool *out_is, struct problem *out_problem)
{
    enum resource_kind kind;
    bool is_known;
    *out_is = false;
    if (set->policy != ROUTING_FAILOVER || set->alias == NULL || leads_inside(set, zone))
        return 0;
    int rc = find_kind(references, set->alias, &is_known, &kind, out_problem);
    *out_is = rc == 0 && is_known && kind == RESOURCE_CLOUDFRONT;
    return rc;
}

int check__both_roles(const struct model_references *references, const struct hosted_zone *zone,
                      const struct record_set *sets, const struct record_set *set,
                      struct reason *out_reason, struct problem *out_problem)
{
    bool is_here, is_there = false;
    out_reason->text[0] = '\0';
    int rc = is_cloudfront(references, zone, set, &is_here, out_problem);
    for (; rc == 0 && is_here && !is_there && sets != NULL; sets = sets->next)
        if (sets != set && sets->type == set->type)
            rc = is_cloudfront(references, zone, sets, &is_there, out_problem);
    if (is_there)
        reason_set(out_reason,
                   "CloudFront distributions cannot be both the primary and the secondary");
    return rc;
}

void check__health_check(const struct model_references *references, const struct record_set *set,
                         struct reason *out_reason)
{
    out_reason->text[0] = '\0';
    if (set->health_check != NULL && references != NULL && references->has_health_check != NULL &&
        !references->has_health_check(references->context, set->health_check))
        reason_set(out_reason,
                   "A health check with id %s does not exist. \"signpost health create %s\" makes "
                   "it.",
                   set->health_check, set->health_check);
}
