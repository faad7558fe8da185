/*
 * route53/shapes.h - what the API's requests and responses hold: the structures of the API model,
 * with its names in lower case, as xml/shape.h describes them.
 *
 * For an operation there are up to three: its query arguments (..._query), its body (..._request)
 * and its response (..._response).  Variables of the path are in none of them, headers neither.
 */
#ifndef ROUTE53_SHAPES_H
#define ROUTE53_SHAPES_H

#include "signpost/xml/shape.h"

struct r53_vpc {
    const char *vpc_region;
    const char *vpc_id;
};

struct r53_hosted_zone_config {
    const char *comment;
    struct xml_boolean private_zone;
};

struct r53_create_hosted_zone_request {
    const char *name;
    struct r53_vpc *vpc;
    const char *caller_reference;
    struct r53_hosted_zone_config *hosted_zone_config;
    const char *delegation_set_id;
};

struct r53_linked_service {
    const char *service_principal;
    const char *description;
};

struct r53_hosted_zone {
    const char *id;
    const char *name;
    const char *caller_reference;
    struct r53_hosted_zone_config *config;
    struct xml_integer resource_record_set_count;
    struct r53_linked_service *linked_service;
};

struct r53_change_info {
    const char *id;
    const char *status;
    struct xml_time submitted_at;
    const char *comment;
};

struct r53_delegation_set {
    const char *id;
    const char *caller_reference;
    struct xml_list name_servers; /* of const char * */
};

struct r53_create_hosted_zone_response {
    struct r53_hosted_zone *hosted_zone;
    struct r53_change_info *change_info;
    struct r53_delegation_set *delegation_set;
    struct r53_vpc *vpc;
};

struct r53_get_hosted_zone_response {
    struct r53_hosted_zone *hosted_zone;
    struct r53_delegation_set *delegation_set;
    struct xml_list vpcs; /* of struct r53_vpc */
};

struct r53_list_hosted_zones_query {
    const char *marker;
    const char *max_items;
    const char *delegation_set_id;
    const char *hosted_zone_type;
};

struct r53_list_hosted_zones_response {
    struct xml_list hosted_zones; /* of struct r53_hosted_zone */
    const char *marker;
    struct xml_boolean is_truncated;
    const char *next_marker;
    const char *max_items;
};

struct r53_list_hosted_zones_by_name_query {
    const char *dns_name;
    const char *hosted_zone_id;
    const char *max_items;
};

struct r53_list_hosted_zones_by_name_response {
    struct xml_list hosted_zones; /* of struct r53_hosted_zone */
    const char *dns_name;
    const char *hosted_zone_id;
    struct xml_boolean is_truncated;
    const char *next_dns_name;
    const char *next_hosted_zone_id;
    const char *max_items;
};

struct r53_get_hosted_zone_count_response {
    struct xml_integer hosted_zone_count;
};

struct r53_update_hosted_zone_comment_request {
    const char *comment;
};

struct r53_update_hosted_zone_comment_response {
    struct r53_hosted_zone *hosted_zone;
};

struct r53_delete_hosted_zone_response {
    struct r53_change_info *change_info;
};

struct r53_geo_location {
    const char *continent_code;
    const char *country_code;
    const char *subdivision_code;
};

struct r53_resource_record {
    const char *value;
};

struct r53_alias_target {
    const char *hosted_zone_id;
    const char *dns_name;
    struct xml_boolean evaluate_target_health;
};

struct r53_cidr_routing_config {
    const char *collection_id;
    const char *location_name;
};

struct r53_coordinates {
    const char *latitude;
    const char *longitude;
};

struct r53_geo_proximity_location {
    const char *aws_region;
    const char *local_zone_group;
    struct r53_coordinates *coordinates;
    struct xml_integer bias;
};

struct r53_resource_record_set {
    const char *name;
    const char *type;
    const char *set_identifier;
    struct xml_integer weight;
    const char *region;
    struct r53_geo_location *geo_location;
    const char *failover;
    struct xml_boolean multi_value_answer;
    struct xml_integer ttl;
    struct xml_list resource_records; /* of struct r53_resource_record */
    struct r53_alias_target *alias_target;
    const char *health_check_id;
    const char *traffic_policy_instance_id;
    struct r53_cidr_routing_config *cidr_routing_config;
    struct r53_geo_proximity_location *geo_proximity_location;
};

struct r53_change {
    const char *action;
    struct r53_resource_record_set *resource_record_set;
};

struct r53_change_batch {
    const char *comment;
    struct xml_list changes; /* of struct r53_change */
};

struct r53_change_resource_record_sets_request {
    struct r53_change_batch *change_batch;
};

struct r53_change_resource_record_sets_response {
    struct r53_change_info *change_info;
};

struct r53_list_resource_record_sets_query {
    const char *start_record_name;
    const char *start_record_type;
    const char *start_record_identifier;
    const char *max_items;
};

struct r53_list_resource_record_sets_response {
    struct xml_list resource_record_sets; /* of struct r53_resource_record_set */
    struct xml_boolean is_truncated;
    const char *next_record_name;
    const char *next_record_type;
    const char *next_record_identifier;
    const char *max_items;
};

struct r53_get_change_response {
    struct r53_change_info *change_info;
};

struct r53_tag {
    const char *key;
    const char *value;
};

struct r53_change_tags_for_resource_request {
    struct xml_list add_tags;        /* of struct r53_tag */
    struct xml_list remove_tag_keys; /* of const char * */
};

struct r53_resource_tag_set {
    const char *resource_type;
    const char *resource_id;
    struct xml_list tags; /* of struct r53_tag */
};

struct r53_list_tags_for_resource_response {
    struct r53_resource_tag_set *resource_tag_set;
};

struct r53_list_tags_for_resources_request {
    struct xml_list resource_ids; /* of const char * */
};

struct r53_list_tags_for_resources_response {
    struct xml_list resource_tag_sets; /* of struct r53_resource_tag_set */
};

struct r53_alarm_identifier {
    const char *region;
    const char *name;
};

struct r53_health_check_config {
    const char *ip_address;
    struct xml_integer port;
    const char *type;
    const char *resource_path;
    const char *fully_qualified_domain_name;
    const char *search_string;
    struct xml_integer request_interval;
    struct xml_integer failure_threshold;
    struct xml_boolean measure_latency;
    struct xml_boolean inverted;
    struct xml_boolean disabled;
    struct xml_integer health_threshold;
    struct xml_list child_health_checks; /* of const char * */
    struct xml_boolean enable_sni;
    struct xml_list regions; /* of const char * */
    struct r53_alarm_identifier *alarm_identifier;
    const char *insufficient_data_health_status;
    const char *routing_control_arn;
};

struct r53_create_health_check_request {
    const char *caller_reference;
    struct r53_health_check_config *health_check_config;
};

struct r53_health_check {
    const char *id;
    const char *caller_reference;
    struct r53_linked_service *linked_service;
    struct r53_health_check_config *health_check_config;
    struct xml_integer health_check_version;
};

struct r53_create_health_check_response {
    struct r53_health_check *health_check;
};

struct r53_get_health_check_response {
    struct r53_health_check *health_check;
};

struct r53_list_health_checks_query {
    const char *marker;
    const char *max_items;
};

struct r53_list_health_checks_response {
    struct xml_list health_checks; /* of struct r53_health_check */
    const char *marker;
    struct xml_boolean is_truncated;
    const char *next_marker;
    const char *max_items;
};

struct r53_get_health_check_count_response {
    struct xml_integer health_check_count;
};

struct r53_update_health_check_request {
    struct xml_integer health_check_version;
    const char *ip_address;
    struct xml_integer port;
    const char *resource_path;
    const char *fully_qualified_domain_name;
    const char *search_string;
    struct xml_integer failure_threshold;
    struct xml_boolean inverted;
    struct xml_boolean disabled;
    struct xml_integer health_threshold;
    struct xml_list child_health_checks; /* of const char * */
    struct xml_boolean enable_sni;
    struct xml_list regions; /* of const char * */
    struct r53_alarm_identifier *alarm_identifier;
    const char *insufficient_data_health_status;
    struct xml_list reset_elements; /* of const char * */
};

struct r53_update_health_check_response {
    struct r53_health_check *health_check;
};

struct r53_status_report {
    const char *status;
    struct xml_time checked_time;
};

struct r53_health_check_observation {
    const char *region;
    const char *ip_address;
    struct r53_status_report *status_report;
};

struct r53_get_health_check_status_response {
    struct xml_list health_check_observations; /* of struct r53_health_check_observation */
};

struct r53_get_health_check_last_failure_reason_response {
    struct xml_list health_check_observations; /* of struct r53_health_check_observation */
};

struct r53_create_reusable_delegation_set_request {
    const char *caller_reference;
    const char *hosted_zone_id;
};

struct r53_create_reusable_delegation_set_response {
    struct r53_delegation_set *delegation_set;
};

struct r53_get_reusable_delegation_set_response {
    struct r53_delegation_set *delegation_set;
};

struct r53_list_reusable_delegation_sets_query {
    const char *marker;
    const char *max_items;
};

struct r53_list_reusable_delegation_sets_response {
    struct xml_list delegation_sets; /* of struct r53_delegation_set */
    const char *marker;
    struct xml_boolean is_truncated;
    const char *next_marker;
    const char *max_items;
};

struct r53_associate_vpc_with_hosted_zone_request {
    struct r53_vpc *vpc;
    const char *comment;
};

struct r53_associate_vpc_with_hosted_zone_response {
    struct r53_change_info *change_info;
};

struct r53_disassociate_vpc_from_hosted_zone_request {
    struct r53_vpc *vpc;
    const char *comment;
};

struct r53_disassociate_vpc_from_hosted_zone_response {
    struct r53_change_info *change_info;
};

struct r53_list_hosted_zones_by_vpc_query {
    const char *vpc_id;
    const char *vpc_region;
    const char *max_items;
    const char *next_token;
};

struct r53_hosted_zone_owner {
    const char *owning_account;
    const char *owning_service;
};

struct r53_hosted_zone_summary {
    const char *hosted_zone_id;
    const char *name;
    struct r53_hosted_zone_owner *owner;
};

struct r53_list_hosted_zones_by_vpc_response {
    struct xml_list hosted_zone_summaries; /* of struct r53_hosted_zone_summary */
    const char *max_items;
    const char *next_token;
};

struct r53_dnssec_status {
    const char *serve_signature;
    const char *status_message;
};

struct r53_key_signing_key {
    const char *name;
    const char *kms_arn;
    struct xml_integer flag;
    const char *signing_algorithm_mnemonic;
    struct xml_integer signing_algorithm_type;
    const char *digest_algorithm_mnemonic;
    struct xml_integer digest_algorithm_type;
    struct xml_integer key_tag;
    const char *digest_value;
    const char *public_key;
    const char *ds_record;
    const char *dnskey_record;
    const char *status;
    const char *status_message;
    struct xml_time created_date;
    struct xml_time last_modified_date;
};

struct r53_get_dnssec_response {
    struct r53_dnssec_status *status;
    struct xml_list key_signing_keys; /* of struct r53_key_signing_key */
};

struct r53_test_dns_answer_query {
    const char *hosted_zone_id;
    const char *record_name;
    const char *record_type;
    const char *resolver_ip;
    const char *edns0_client_subnet_ip;
    const char *edns0_client_subnet_mask;
};

struct r53_test_dns_answer_response {
    const char *nameserver;
    const char *record_name;
    const char *record_type;
    struct xml_list record_data; /* of const char * */
    const char *response_code;
    const char *protocol;
};

struct r53_get_geo_location_query {
    const char *continent_code;
    const char *country_code;
    const char *subdivision_code;
};

struct r53_geo_location_details {
    const char *continent_code;
    const char *continent_name;
    const char *country_code;
    const char *country_name;
    const char *subdivision_code;
    const char *subdivision_name;
};

struct r53_get_geo_location_response {
    struct r53_geo_location_details *geo_location_details;
};

struct r53_list_geo_locations_query {
    const char *start_continent_code;
    const char *start_country_code;
    const char *start_subdivision_code;
    const char *max_items;
};

struct r53_list_geo_locations_response {
    struct xml_list geo_location_details_list; /* of struct r53_geo_location_details */
    struct xml_boolean is_truncated;
    const char *next_continent_code;
    const char *next_country_code;
    const char *next_subdivision_code;
    const char *max_items;
};

struct r53_create_cidr_collection_request {
    const char *name;
    const char *caller_reference;
};

struct r53_cidr_collection {
    const char *arn;
    const char *id;
    const char *name;
    struct xml_integer version;
};

struct r53_create_cidr_collection_response {
    struct r53_cidr_collection *collection;
};

struct r53_cidr_collection_change {
    const char *location_name;
    const char *action;
    struct xml_list cidr_list; /* of const char * */
};

struct r53_change_cidr_collection_request {
    struct xml_integer collection_version;
    struct xml_list changes; /* of struct r53_cidr_collection_change */
};

struct r53_change_cidr_collection_response {
    const char *id;
};

struct r53_list_cidr_collections_query {
    const char *next_token;
    const char *max_results;
};

struct r53_collection_summary {
    const char *arn;
    const char *id;
    const char *name;
    struct xml_integer version;
};

struct r53_list_cidr_collections_response {
    const char *next_token;
    struct xml_list cidr_collections; /* of struct r53_collection_summary */
};

struct r53_list_cidr_locations_query {
    const char *next_token;
    const char *max_results;
};

struct r53_location_summary {
    const char *location_name;
};

struct r53_list_cidr_locations_response {
    const char *next_token;
    struct xml_list cidr_locations; /* of struct r53_location_summary */
};

struct r53_list_cidr_blocks_query {
    const char *location_name;
    const char *next_token;
    const char *max_results;
};

struct r53_cidr_block_summary {
    const char *cidr_block;
    const char *location_name;
};

struct r53_list_cidr_blocks_response {
    const char *next_token;
    struct xml_list cidr_blocks; /* of struct r53_cidr_block_summary */
};

struct r53_create_key_signing_key_request {
    const char *caller_reference;
    const char *hosted_zone_id;
    const char *key_management_service_arn;
    const char *name;
    const char *status;
};

struct r53_create_key_signing_key_response {
    struct r53_change_info *change_info;
    struct r53_key_signing_key *key_signing_key;
};

struct r53_activate_key_signing_key_response {
    struct r53_change_info *change_info;
};

struct r53_deactivate_key_signing_key_response {
    struct r53_change_info *change_info;
};

struct r53_delete_key_signing_key_response {
    struct r53_change_info *change_info;
};

struct r53_enable_hosted_zone_dnssec_response {
    struct r53_change_info *change_info;
};

struct r53_disable_hosted_zone_dnssec_response {
    struct r53_change_info *change_info;
};

struct r53_create_query_logging_config_request {
    const char *hosted_zone_id;
    const char *cloud_watch_logs_log_group_arn;
};

struct r53_query_logging_config {
    const char *id;
    const char *hosted_zone_id;
    const char *cloud_watch_logs_log_group_arn;
};

struct r53_create_query_logging_config_response {
    struct r53_query_logging_config *query_logging_config;
};

struct r53_get_query_logging_config_response {
    struct r53_query_logging_config *query_logging_config;
};

struct r53_list_query_logging_configs_query {
    const char *hosted_zone_id;
    const char *next_token;
    const char *max_results;
};

struct r53_list_query_logging_configs_response {
    struct xml_list query_logging_configs; /* of struct r53_query_logging_config */
    const char *next_token;
};

struct r53_create_traffic_policy_request {
    const char *name;
    const char *document;
    const char *comment;
};

struct r53_traffic_policy {
    const char *id;
    struct xml_integer version;
    const char *name;
    const char *type;
    const char *document;
    const char *comment;
};

struct r53_create_traffic_policy_response {
    struct r53_traffic_policy *traffic_policy;
};

struct r53_create_traffic_policy_version_request {
    const char *document;
    const char *comment;
};

struct r53_create_traffic_policy_version_response {
    struct r53_traffic_policy *traffic_policy;
};

struct r53_get_traffic_policy_response {
    struct r53_traffic_policy *traffic_policy;
};

struct r53_update_traffic_policy_comment_request {
    const char *comment;
};

struct r53_update_traffic_policy_comment_response {
    struct r53_traffic_policy *traffic_policy;
};

struct r53_list_traffic_policies_query {
    const char *traffic_policy_id_marker;
    const char *max_items;
};

struct r53_traffic_policy_summary {
    const char *id;
    const char *name;
    const char *type;
    struct xml_integer latest_version;
    struct xml_integer traffic_policy_count;
};

struct r53_list_traffic_policies_response {
    struct xml_list traffic_policy_summaries; /* of struct r53_traffic_policy_summary */
    struct xml_boolean is_truncated;
    const char *traffic_policy_id_marker;
    const char *max_items;
};

struct r53_list_traffic_policy_versions_query {
    const char *traffic_policy_version_marker;
    const char *max_items;
};

struct r53_list_traffic_policy_versions_response {
    struct xml_list traffic_policies; /* of struct r53_traffic_policy */
    struct xml_boolean is_truncated;
    const char *traffic_policy_version_marker;
    const char *max_items;
};

struct r53_create_traffic_policy_instance_request {
    const char *hosted_zone_id;
    const char *name;
    struct xml_integer ttl;
    const char *traffic_policy_id;
    struct xml_integer traffic_policy_version;
};

struct r53_traffic_policy_instance {
    const char *id;
    const char *hosted_zone_id;
    const char *name;
    struct xml_integer ttl;
    const char *state;
    const char *message;
    const char *traffic_policy_id;
    struct xml_integer traffic_policy_version;
    const char *traffic_policy_type;
};

struct r53_create_traffic_policy_instance_response {
    struct r53_traffic_policy_instance *traffic_policy_instance;
};

struct r53_get_traffic_policy_instance_response {
    struct r53_traffic_policy_instance *traffic_policy_instance;
};

struct r53_update_traffic_policy_instance_request {
    struct xml_integer ttl;
    const char *traffic_policy_id;
    struct xml_integer traffic_policy_version;
};

struct r53_update_traffic_policy_instance_response {
    struct r53_traffic_policy_instance *traffic_policy_instance;
};

struct r53_list_traffic_policy_instances_query {
    const char *hosted_zone_id_marker;
    const char *traffic_policy_instance_name_marker;
    const char *traffic_policy_instance_type_marker;
    const char *max_items;
};

struct r53_list_traffic_policy_instances_response {
    struct xml_list traffic_policy_instances; /* of struct r53_traffic_policy_instance */
    const char *hosted_zone_id_marker;
    const char *traffic_policy_instance_name_marker;
    const char *traffic_policy_instance_type_marker;
    struct xml_boolean is_truncated;
    const char *max_items;
};

struct r53_list_traffic_policy_instances_by_hosted_zone_query {
    const char *hosted_zone_id;
    const char *traffic_policy_instance_name_marker;
    const char *traffic_policy_instance_type_marker;
    const char *max_items;
};

struct r53_list_traffic_policy_instances_by_hosted_zone_response {
    struct xml_list traffic_policy_instances; /* of struct r53_traffic_policy_instance */
    const char *traffic_policy_instance_name_marker;
    const char *traffic_policy_instance_type_marker;
    struct xml_boolean is_truncated;
    const char *max_items;
};

struct r53_list_traffic_policy_instances_by_policy_query {
    const char *traffic_policy_id;
    struct xml_integer traffic_policy_version;
    const char *hosted_zone_id_marker;
    const char *traffic_policy_instance_name_marker;
    const char *traffic_policy_instance_type_marker;
    const char *max_items;
};

struct r53_list_traffic_policy_instances_by_policy_response {
    struct xml_list traffic_policy_instances; /* of struct r53_traffic_policy_instance */
    const char *hosted_zone_id_marker;
    const char *traffic_policy_instance_name_marker;
    const char *traffic_policy_instance_type_marker;
    struct xml_boolean is_truncated;
    const char *max_items;
};

struct r53_get_traffic_policy_instance_count_response {
    struct xml_integer traffic_policy_instance_count;
};

struct r53_create_vpc_association_authorization_request {
    struct r53_vpc *vpc;
};

struct r53_create_vpc_association_authorization_response {
    const char *hosted_zone_id;
    struct r53_vpc *vpc;
};

struct r53_delete_vpc_association_authorization_request {
    struct r53_vpc *vpc;
};

struct r53_list_vpc_association_authorizations_query {
    const char *next_token;
    const char *max_results;
};

struct r53_list_vpc_association_authorizations_response {
    const char *hosted_zone_id;
    const char *next_token;
    struct xml_list vpcs; /* of struct r53_vpc */
};

struct r53_account_limit {
    const char *type;
    struct xml_integer value;
};

struct r53_get_account_limit_response {
    struct r53_account_limit *limit;
    struct xml_integer count;
};

struct r53_hosted_zone_limit {
    const char *type;
    struct xml_integer value;
};

struct r53_get_hosted_zone_limit_response {
    struct r53_hosted_zone_limit *limit;
    struct xml_integer count;
};

struct r53_reusable_delegation_set_limit {
    const char *type;
    struct xml_integer value;
};

struct r53_get_reusable_delegation_set_limit_response {
    struct r53_reusable_delegation_set_limit *limit;
    struct xml_integer count;
};

struct r53_get_checker_ip_ranges_response {
    struct xml_list checker_ip_ranges; /* of const char * */
};

struct r53_resource_record_set_protection_config {
    const char *record_name;
    const char *record_type;
    const char *comment;
};

struct r53_create_resource_record_set_protections_request {
    struct xml_list protections; /* of struct r53_resource_record_set_protection_config */
};

struct r53_list_resource_record_set_protections_query {
    const char *name;
    const char *type;
    const char *max_results;
    const char *next_token;
};

struct r53_resource_record_set_protection {
    const char *record_name;
    const char *record_type;
    const char *comment;
};

struct r53_list_resource_record_set_protections_response {
    struct xml_list
        resource_record_set_protections; /* of struct r53_resource_record_set_protection */
    const char *next_token;
};

struct r53_resource_record_set_protection_key {
    const char *record_name;
    const char *record_type;
};

struct r53_delete_resource_record_set_protections_request {
    struct xml_list protections; /* of struct r53_resource_record_set_protection_key */
};

struct r53_update_hosted_zone_features_request {
    struct xml_boolean enable_accelerated_recovery;
};

extern const struct xml_shape route53_vpc_shape;
extern const struct xml_shape route53_hosted_zone_config_shape;
extern const struct xml_shape route53_create_hosted_zone_request_shape;
extern const struct xml_shape route53_linked_service_shape;
extern const struct xml_shape route53_hosted_zone_shape;
extern const struct xml_shape route53_change_info_shape;
extern const struct xml_shape route53_delegation_set_shape;
extern const struct xml_shape route53_create_hosted_zone_response_shape;
extern const struct xml_shape route53_get_hosted_zone_response_shape;
extern const struct xml_shape route53_list_hosted_zones_query_shape;
extern const struct xml_shape route53_list_hosted_zones_response_shape;
extern const struct xml_shape route53_list_hosted_zones_by_name_query_shape;
extern const struct xml_shape route53_list_hosted_zones_by_name_response_shape;
extern const struct xml_shape route53_get_hosted_zone_count_response_shape;
extern const struct xml_shape route53_update_hosted_zone_comment_request_shape;
extern const struct xml_shape route53_update_hosted_zone_comment_response_shape;
extern const struct xml_shape route53_delete_hosted_zone_response_shape;
extern const struct xml_shape route53_geo_location_shape;
extern const struct xml_shape route53_resource_record_shape;
extern const struct xml_shape route53_alias_target_shape;
extern const struct xml_shape route53_cidr_routing_config_shape;
extern const struct xml_shape route53_coordinates_shape;
extern const struct xml_shape route53_geo_proximity_location_shape;
extern const struct xml_shape route53_resource_record_set_shape;
extern const struct xml_shape route53_change_shape;
extern const struct xml_shape route53_change_batch_shape;
extern const struct xml_shape route53_change_resource_record_sets_request_shape;
extern const struct xml_shape route53_change_resource_record_sets_response_shape;
extern const struct xml_shape route53_list_resource_record_sets_query_shape;
extern const struct xml_shape route53_list_resource_record_sets_response_shape;
extern const struct xml_shape route53_get_change_response_shape;
extern const struct xml_shape route53_tag_shape;
extern const struct xml_shape route53_change_tags_for_resource_request_shape;
extern const struct xml_shape route53_resource_tag_set_shape;
extern const struct xml_shape route53_list_tags_for_resource_response_shape;
extern const struct xml_shape route53_list_tags_for_resources_request_shape;
extern const struct xml_shape route53_list_tags_for_resources_response_shape;
extern const struct xml_shape route53_alarm_identifier_shape;
extern const struct xml_shape route53_health_check_config_shape;
extern const struct xml_shape route53_create_health_check_request_shape;
extern const struct xml_shape route53_health_check_shape;
extern const struct xml_shape route53_create_health_check_response_shape;
extern const struct xml_shape route53_get_health_check_response_shape;
extern const struct xml_shape route53_list_health_checks_query_shape;
extern const struct xml_shape route53_list_health_checks_response_shape;
extern const struct xml_shape route53_get_health_check_count_response_shape;
extern const struct xml_shape route53_update_health_check_request_shape;
extern const struct xml_shape route53_update_health_check_response_shape;
extern const struct xml_shape route53_status_report_shape;
extern const struct xml_shape route53_health_check_observation_shape;
extern const struct xml_shape route53_get_health_check_status_response_shape;
extern const struct xml_shape route53_get_health_check_last_failure_reason_response_shape;
extern const struct xml_shape route53_create_reusable_delegation_set_request_shape;
extern const struct xml_shape route53_create_reusable_delegation_set_response_shape;
extern const struct xml_shape route53_get_reusable_delegation_set_response_shape;
extern const struct xml_shape route53_list_reusable_delegation_sets_query_shape;
extern const struct xml_shape route53_list_reusable_delegation_sets_response_shape;
extern const struct xml_shape route53_associate_vpc_with_hosted_zone_request_shape;
extern const struct xml_shape route53_associate_vpc_with_hosted_zone_response_shape;
extern const struct xml_shape route53_disassociate_vpc_from_hosted_zone_request_shape;
extern const struct xml_shape route53_disassociate_vpc_from_hosted_zone_response_shape;
extern const struct xml_shape route53_list_hosted_zones_by_vpc_query_shape;
extern const struct xml_shape route53_hosted_zone_owner_shape;
extern const struct xml_shape route53_hosted_zone_summary_shape;
extern const struct xml_shape route53_list_hosted_zones_by_vpc_response_shape;
extern const struct xml_shape route53_dnssec_status_shape;
extern const struct xml_shape route53_key_signing_key_shape;
extern const struct xml_shape route53_get_dnssec_response_shape;
extern const struct xml_shape route53_test_dns_answer_query_shape;
extern const struct xml_shape route53_test_dns_answer_response_shape;
extern const struct xml_shape route53_get_geo_location_query_shape;
extern const struct xml_shape route53_geo_location_details_shape;
extern const struct xml_shape route53_get_geo_location_response_shape;
extern const struct xml_shape route53_list_geo_locations_query_shape;
extern const struct xml_shape route53_list_geo_locations_response_shape;
extern const struct xml_shape route53_create_cidr_collection_request_shape;
extern const struct xml_shape route53_cidr_collection_shape;
extern const struct xml_shape route53_create_cidr_collection_response_shape;
extern const struct xml_shape route53_cidr_collection_change_shape;
extern const struct xml_shape route53_change_cidr_collection_request_shape;
extern const struct xml_shape route53_change_cidr_collection_response_shape;
extern const struct xml_shape route53_list_cidr_collections_query_shape;
extern const struct xml_shape route53_collection_summary_shape;
extern const struct xml_shape route53_list_cidr_collections_response_shape;
extern const struct xml_shape route53_list_cidr_locations_query_shape;
extern const struct xml_shape route53_location_summary_shape;
extern const struct xml_shape route53_list_cidr_locations_response_shape;
extern const struct xml_shape route53_list_cidr_blocks_query_shape;
extern const struct xml_shape route53_cidr_block_summary_shape;
extern const struct xml_shape route53_list_cidr_blocks_response_shape;
extern const struct xml_shape route53_create_key_signing_key_request_shape;
extern const struct xml_shape route53_create_key_signing_key_response_shape;
extern const struct xml_shape route53_activate_key_signing_key_response_shape;
extern const struct xml_shape route53_deactivate_key_signing_key_response_shape;
extern const struct xml_shape route53_delete_key_signing_key_response_shape;
extern const struct xml_shape route53_enable_hosted_zone_dnssec_response_shape;
extern const struct xml_shape route53_disable_hosted_zone_dnssec_response_shape;
extern const struct xml_shape route53_create_query_logging_config_request_shape;
extern const struct xml_shape route53_query_logging_config_shape;
extern const struct xml_shape route53_create_query_logging_config_response_shape;
extern const struct xml_shape route53_get_query_logging_config_response_shape;
extern const struct xml_shape route53_list_query_logging_configs_query_shape;
extern const struct xml_shape route53_list_query_logging_configs_response_shape;
extern const struct xml_shape route53_create_traffic_policy_request_shape;
extern const struct xml_shape route53_traffic_policy_shape;
extern const struct xml_shape route53_create_traffic_policy_response_shape;
extern const struct xml_shape route53_create_traffic_policy_version_request_shape;
extern const struct xml_shape route53_create_traffic_policy_version_response_shape;
extern const struct xml_shape route53_get_traffic_policy_response_shape;
extern const struct xml_shape route53_update_traffic_policy_comment_request_shape;
extern const struct xml_shape route53_update_traffic_policy_comment_response_shape;
extern const struct xml_shape route53_list_traffic_policies_query_shape;
extern const struct xml_shape route53_traffic_policy_summary_shape;
extern const struct xml_shape route53_list_traffic_policies_response_shape;
extern const struct xml_shape route53_list_traffic_policy_versions_query_shape;
extern const struct xml_shape route53_list_traffic_policy_versions_response_shape;
extern const struct xml_shape route53_create_traffic_policy_instance_request_shape;
extern const struct xml_shape route53_traffic_policy_instance_shape;
extern const struct xml_shape route53_create_traffic_policy_instance_response_shape;
extern const struct xml_shape route53_get_traffic_policy_instance_response_shape;
extern const struct xml_shape route53_update_traffic_policy_instance_request_shape;
extern const struct xml_shape route53_update_traffic_policy_instance_response_shape;
extern const struct xml_shape route53_list_traffic_policy_instances_query_shape;
extern const struct xml_shape route53_list_traffic_policy_instances_response_shape;
extern const struct xml_shape route53_list_traffic_policy_instances_by_hosted_zone_query_shape;
extern const struct xml_shape route53_list_traffic_policy_instances_by_hosted_zone_response_shape;
extern const struct xml_shape route53_list_traffic_policy_instances_by_policy_query_shape;
extern const struct xml_shape route53_list_traffic_policy_instances_by_policy_response_shape;
extern const struct xml_shape route53_get_traffic_policy_instance_count_response_shape;
extern const struct xml_shape route53_create_vpc_association_authorization_request_shape;
extern const struct xml_shape route53_create_vpc_association_authorization_response_shape;
extern const struct xml_shape route53_delete_vpc_association_authorization_request_shape;
extern const struct xml_shape route53_list_vpc_association_authorizations_query_shape;
extern const struct xml_shape route53_list_vpc_association_authorizations_response_shape;
extern const struct xml_shape route53_account_limit_shape;
extern const struct xml_shape route53_get_account_limit_response_shape;
extern const struct xml_shape route53_hosted_zone_limit_shape;
extern const struct xml_shape route53_get_hosted_zone_limit_response_shape;
extern const struct xml_shape route53_reusable_delegation_set_limit_shape;
extern const struct xml_shape route53_get_reusable_delegation_set_limit_response_shape;
extern const struct xml_shape route53_get_checker_ip_ranges_response_shape;
extern const struct xml_shape route53_resource_record_set_protection_config_shape;
extern const struct xml_shape route53_create_resource_record_set_protections_request_shape;
extern const struct xml_shape route53_list_resource_record_set_protections_query_shape;
extern const struct xml_shape route53_resource_record_set_protection_shape;
extern const struct xml_shape route53_list_resource_record_set_protections_response_shape;
extern const struct xml_shape route53_resource_record_set_protection_key_shape;
extern const struct xml_shape route53_delete_resource_record_set_protections_request_shape;
extern const struct xml_shape route53_update_hosted_zone_features_request_shape;

#endif
