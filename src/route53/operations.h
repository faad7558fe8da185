/*
 * route53/operations.h - the table of operations, and the functions in it.
 *
 * Each function reads call->query, call->body and the variables of the path, fills call->response
 * (zeroed, of the row's shape) and returns 0; or it ends with route53_refuse.  Control thread only.
 */
#ifndef ROUTE53_OPERATIONS_H
#define ROUTE53_OPERATIONS_H

#include "call.h"
#include "shapes.h"

struct route53_operation {
    const char *name;
    const char *method;
    const char *pattern; /* below /2013-04-01/; {zone} {id} {name} {version} {type} are variables */
    unsigned status;     /* of success */
    const struct xml_shape *query;    /* NULL: none */
    const struct xml_shape *request;  /* of the body; NULL: there is none */
    const struct xml_shape *response; /* NULL: an empty root element */
    int (*run)(struct route53_call *call);
};

extern const struct route53_operation route53_operations[];
extern const unsigned route53_operation_count;

/* hosted_zones.c */
int route53_create_hosted_zone(struct route53_call *call);
int route53_get_hosted_zone(struct route53_call *call);
int route53_list_hosted_zones(struct route53_call *call);
int route53_list_hosted_zones_by_name(struct route53_call *call);
int route53_get_hosted_zone_count(struct route53_call *call);
int route53_update_hosted_zone_comment(struct route53_call *call);
int route53_delete_hosted_zone(struct route53_call *call);
int route53_update_hosted_zone_features(struct route53_call *call);

/* vpcs.c */
int route53_associate_vpc_with_hosted_zone(struct route53_call *call);
int route53_disassociate_vpc_from_hosted_zone(struct route53_call *call);
int route53_list_hosted_zones_by_vpc(struct route53_call *call);
int route53_create_vpc_association_authorization(struct route53_call *call);
int route53_delete_vpc_association_authorization(struct route53_call *call);
int route53_list_vpc_association_authorizations(struct route53_call *call);

/* delegation_sets.c */
int route53_create_reusable_delegation_set(struct route53_call *call);
int route53_get_reusable_delegation_set(struct route53_call *call);
int route53_list_reusable_delegation_sets(struct route53_call *call);
int route53_delete_reusable_delegation_set(struct route53_call *call);

/* record_sets.c */
int route53_change_resource_record_sets(struct route53_call *call);
int route53_list_resource_record_sets(struct route53_call *call);

/* changes.c */
int route53_get_change(struct route53_call *call);

/* tags.c */
int route53_change_tags_for_resource(struct route53_call *call);
int route53_list_tags_for_resource(struct route53_call *call);
int route53_list_tags_for_resources(struct route53_call *call);

/* health_checks.c */
int route53_create_health_check(struct route53_call *call);
int route53_get_health_check(struct route53_call *call);
int route53_list_health_checks(struct route53_call *call);
int route53_get_health_check_count(struct route53_call *call);
int route53_update_health_check(struct route53_call *call);
int route53_delete_health_check(struct route53_call *call);
int route53_get_health_check_status(struct route53_call *call);
int route53_get_health_check_last_failure_reason(struct route53_call *call);
int route53_get_checker_ip_ranges(struct route53_call *call);

/* geo_locations.c */
int route53_get_geo_location(struct route53_call *call);
int route53_list_geo_locations(struct route53_call *call);

/* test_answer.c */
int route53_test_dns_answer(struct route53_call *call);

/* cidr_collections.c */
int route53_create_cidr_collection(struct route53_call *call);
int route53_change_cidr_collection(struct route53_call *call);
int route53_delete_cidr_collection(struct route53_call *call);
int route53_list_cidr_collections(struct route53_call *call);
int route53_list_cidr_locations(struct route53_call *call);
int route53_list_cidr_blocks(struct route53_call *call);

/* dnssec.c */
int route53_get_dnssec(struct route53_call *call);
int route53_create_key_signing_key(struct route53_call *call);
int route53_activate_key_signing_key(struct route53_call *call);
int route53_deactivate_key_signing_key(struct route53_call *call);
int route53_delete_key_signing_key(struct route53_call *call);
int route53_enable_hosted_zone_dnssec(struct route53_call *call);
int route53_disable_hosted_zone_dnssec(struct route53_call *call);

/* query_logging.c */
int route53_create_query_logging_config(struct route53_call *call);
int route53_get_query_logging_config(struct route53_call *call);
int route53_list_query_logging_configs(struct route53_call *call);
int route53_delete_query_logging_config(struct route53_call *call);

/* traffic_policies.c */
int route53_create_traffic_policy(struct route53_call *call);
int route53_create_traffic_policy_version(struct route53_call *call);
int route53_get_traffic_policy(struct route53_call *call);
int route53_update_traffic_policy_comment(struct route53_call *call);
int route53_delete_traffic_policy(struct route53_call *call);
int route53_list_traffic_policies(struct route53_call *call);
int route53_list_traffic_policy_versions(struct route53_call *call);

/* traffic_policy_instances.c */
int route53_create_traffic_policy_instance(struct route53_call *call);
int route53_get_traffic_policy_instance(struct route53_call *call);
int route53_update_traffic_policy_instance(struct route53_call *call);
int route53_delete_traffic_policy_instance(struct route53_call *call);
int route53_list_traffic_policy_instances(struct route53_call *call);
int route53_list_traffic_policy_instances_by_hosted_zone(struct route53_call *call);
int route53_list_traffic_policy_instances_by_policy(struct route53_call *call);
int route53_get_traffic_policy_instance_count(struct route53_call *call);

/* limits.c */
int route53_get_account_limit(struct route53_call *call);
int route53_get_hosted_zone_limit(struct route53_call *call);
int route53_get_reusable_delegation_set_limit(struct route53_call *call);

/* protections.c */
int route53_create_resource_record_set_protections(struct route53_call *call);
int route53_list_resource_record_set_protections(struct route53_call *call);
int route53_delete_resource_record_set_protections(struct route53_call *call);

#endif
