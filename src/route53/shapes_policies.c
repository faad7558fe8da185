/* The shapes of traffic policies and their instances, as the API model has them. */
#include "fields.h"

/* clang-format off: one field, one line */

static const char *const words_rr_type[] = { "SOA",   "A",    "TXT",   "NS",   "CNAME", "MX",
                                             "NAPTR", "PTR",  "SRV",   "SPF",  "AAAA",  "CAA",
                                             "DS",    "TLSA", "SSHFP", "SVCB", "HTTPS", NULL };

static const struct xml_field item_traffic_policy_summaries =
    ITEM_STRUCTURE("TrafficPolicySummary", TrafficPolicySummary, traffic_policy_summary);
static const struct xml_field item_traffic_policies =
    ITEM_STRUCTURE("TrafficPolicy", TrafficPolicy, traffic_policy);
static const struct xml_field item_traffic_policy_instances =
    ITEM_STRUCTURE("TrafficPolicyInstance", TrafficPolicyInstance, traffic_policy_instance);

static const struct xml_field create_traffic_policy_request_fields[] = {
    TEXT(create_traffic_policy_request, "Name", name, REQUIRED, TrafficPolicyName, 0, 512, ANY),
    TEXT(create_traffic_policy_request, "Document", document, REQUIRED, TrafficPolicyDocument, 0,
         102400, ANY),
    TEXT(create_traffic_policy_request, "Comment", comment, OPTIONAL, TrafficPolicyComment, 0, 1024,
         ANY),
};
SHAPE(create_traffic_policy_request, CreateTrafficPolicyRequest)

static const struct xml_field traffic_policy_fields[] = {
    TEXT(traffic_policy, "Id", id, REQUIRED, TrafficPolicyId, 1, 36, ANY),
    INTEGER(traffic_policy, "Version", version, REQUIRED, TrafficPolicyVersion, 1, 1000),
    TEXT(traffic_policy, "Name", name, REQUIRED, TrafficPolicyName, 0, 512, ANY),
    WORD(traffic_policy, "Type", type, REQUIRED, RRType, words_rr_type),
    TEXT(traffic_policy, "Document", document, REQUIRED, TrafficPolicyDocument, 0, 102400, ANY),
    TEXT(traffic_policy, "Comment", comment, OPTIONAL, TrafficPolicyComment, 0, 1024, ANY),
};
SHAPE(traffic_policy, TrafficPolicy)

static const struct xml_field create_traffic_policy_response_fields[] = {
    STRUCTURE(create_traffic_policy_response, "TrafficPolicy", traffic_policy, REQUIRED,
              TrafficPolicy, traffic_policy),
};
SHAPE(create_traffic_policy_response, CreateTrafficPolicyResponse)

static const struct xml_field create_traffic_policy_version_request_fields[] = {
    TEXT(create_traffic_policy_version_request, "Document", document, REQUIRED,
         TrafficPolicyDocument, 0, 102400, ANY),
    TEXT(create_traffic_policy_version_request, "Comment", comment, OPTIONAL, TrafficPolicyComment,
         0, 1024, ANY),
};
SHAPE(create_traffic_policy_version_request, CreateTrafficPolicyVersionRequest)

static const struct xml_field create_traffic_policy_version_response_fields[] = {
    STRUCTURE(create_traffic_policy_version_response, "TrafficPolicy", traffic_policy, REQUIRED,
              TrafficPolicy, traffic_policy),
};
SHAPE(create_traffic_policy_version_response, CreateTrafficPolicyVersionResponse)

static const struct xml_field get_traffic_policy_response_fields[] = {
    STRUCTURE(get_traffic_policy_response, "TrafficPolicy", traffic_policy, REQUIRED, TrafficPolicy,
              traffic_policy),
};
SHAPE(get_traffic_policy_response, GetTrafficPolicyResponse)

static const struct xml_field update_traffic_policy_comment_request_fields[] = {
    TEXT(update_traffic_policy_comment_request, "Comment", comment, REQUIRED, TrafficPolicyComment,
         0, 1024, ANY),
};
SHAPE(update_traffic_policy_comment_request, UpdateTrafficPolicyCommentRequest)

static const struct xml_field update_traffic_policy_comment_response_fields[] = {
    STRUCTURE(update_traffic_policy_comment_response, "TrafficPolicy", traffic_policy, REQUIRED,
              TrafficPolicy, traffic_policy),
};
SHAPE(update_traffic_policy_comment_response, UpdateTrafficPolicyCommentResponse)

static const struct xml_field list_traffic_policies_query_fields[] = {
    TEXT(list_traffic_policies_query, "trafficpolicyid", traffic_policy_id_marker, OPTIONAL,
         TrafficPolicyId, 1, 36, ANY),
    TEXT(list_traffic_policies_query, "maxitems", max_items, OPTIONAL, PageMaxItems, 0,
         XML_UNBOUNDED, ANY),
};
SHAPE(list_traffic_policies_query, ListTrafficPoliciesQuery)

static const struct xml_field traffic_policy_summary_fields[] = {
    TEXT(traffic_policy_summary, "Id", id, REQUIRED, TrafficPolicyId, 1, 36, ANY),
    TEXT(traffic_policy_summary, "Name", name, REQUIRED, TrafficPolicyName, 0, 512, ANY),
    WORD(traffic_policy_summary, "Type", type, REQUIRED, RRType, words_rr_type),
    INTEGER(traffic_policy_summary, "LatestVersion", latest_version, REQUIRED, TrafficPolicyVersion,
            1, 1000),
    INTEGER(traffic_policy_summary, "TrafficPolicyCount", traffic_policy_count, REQUIRED,
            TrafficPolicyVersion, 1, 1000),
};
SHAPE(traffic_policy_summary, TrafficPolicySummary)

static const struct xml_field list_traffic_policies_response_fields[] = {
    LIST(list_traffic_policies_response, "TrafficPolicySummaries", traffic_policy_summaries,
         REQUIRED, TrafficPolicySummaries, 0, XML_UNBOUNDED, item_traffic_policy_summaries),
    BOOLEAN(list_traffic_policies_response, "IsTruncated", is_truncated, REQUIRED, PageTruncated),
    TEXT(list_traffic_policies_response, "TrafficPolicyIdMarker", traffic_policy_id_marker,
         REQUIRED, TrafficPolicyId, 1, 36, ANY),
    TEXT(list_traffic_policies_response, "MaxItems", max_items, REQUIRED, PageMaxItems, 0,
         XML_UNBOUNDED, ANY),
};
SHAPE(list_traffic_policies_response, ListTrafficPoliciesResponse)

static const struct xml_field list_traffic_policy_versions_query_fields[] = {
    TEXT(list_traffic_policy_versions_query, "trafficpolicyversion", traffic_policy_version_marker,
         OPTIONAL, TrafficPolicyVersionMarker, 0, 4, ANY),
    TEXT(list_traffic_policy_versions_query, "maxitems", max_items, OPTIONAL, PageMaxItems, 0,
         XML_UNBOUNDED, ANY),
};
SHAPE(list_traffic_policy_versions_query, ListTrafficPolicyVersionsQuery)

static const struct xml_field list_traffic_policy_versions_response_fields[] = {
    LIST(list_traffic_policy_versions_response, "TrafficPolicies", traffic_policies, REQUIRED,
         TrafficPolicies, 0, XML_UNBOUNDED, item_traffic_policies),
    BOOLEAN(list_traffic_policy_versions_response, "IsTruncated", is_truncated, REQUIRED,
            PageTruncated),
    TEXT(list_traffic_policy_versions_response, "TrafficPolicyVersionMarker",
         traffic_policy_version_marker, REQUIRED, TrafficPolicyVersionMarker, 0, 4, ANY),
    TEXT(list_traffic_policy_versions_response, "MaxItems", max_items, REQUIRED, PageMaxItems, 0,
         XML_UNBOUNDED, ANY),
};
SHAPE(list_traffic_policy_versions_response, ListTrafficPolicyVersionsResponse)

static const struct xml_field create_traffic_policy_instance_request_fields[] = {
    TEXT(create_traffic_policy_instance_request, "HostedZoneId", hosted_zone_id, REQUIRED,
         ResourceId, 0, XML_UNBOUNDED, ANY),
    TEXT(create_traffic_policy_instance_request, "Name", name, REQUIRED, DNSName, 0, 1024, ANY),
    INTEGER(create_traffic_policy_instance_request, "TTL", ttl, REQUIRED, TTL, 0, 2147483647),
    TEXT(create_traffic_policy_instance_request, "TrafficPolicyId", traffic_policy_id, REQUIRED,
         TrafficPolicyId, 1, 36, ANY),
    INTEGER(create_traffic_policy_instance_request, "TrafficPolicyVersion", traffic_policy_version,
            REQUIRED, TrafficPolicyVersion, 1, 1000),
};
SHAPE(create_traffic_policy_instance_request, CreateTrafficPolicyInstanceRequest)

static const struct xml_field traffic_policy_instance_fields[] = {
    TEXT(traffic_policy_instance, "Id", id, REQUIRED, TrafficPolicyInstanceId, 1, 36, ANY),
    TEXT(traffic_policy_instance, "HostedZoneId", hosted_zone_id, REQUIRED, ResourceId, 0, 32, ANY),
    TEXT(traffic_policy_instance, "Name", name, REQUIRED, DNSName, 0, 1024, ANY),
    INTEGER(traffic_policy_instance, "TTL", ttl, REQUIRED, TTL, 0, 2147483647),
    TEXT(traffic_policy_instance, "State", state, REQUIRED, TrafficPolicyInstanceState, 0,
         XML_UNBOUNDED, ANY),
    TEXT(traffic_policy_instance, "Message", message, REQUIRED, Message, 0, 1024, ANY),
    TEXT(traffic_policy_instance, "TrafficPolicyId", traffic_policy_id, REQUIRED, TrafficPolicyId,
         1, 36, ANY),
    INTEGER(traffic_policy_instance, "TrafficPolicyVersion", traffic_policy_version, REQUIRED,
            TrafficPolicyVersion, 1, 1000),
    WORD(traffic_policy_instance, "TrafficPolicyType", traffic_policy_type, REQUIRED, RRType,
         words_rr_type),
};
SHAPE(traffic_policy_instance, TrafficPolicyInstance)

static const struct xml_field create_traffic_policy_instance_response_fields[] = {
    STRUCTURE(create_traffic_policy_instance_response, "TrafficPolicyInstance",
              traffic_policy_instance, REQUIRED, TrafficPolicyInstance, traffic_policy_instance),
};
SHAPE(create_traffic_policy_instance_response, CreateTrafficPolicyInstanceResponse)

static const struct xml_field get_traffic_policy_instance_response_fields[] = {
    STRUCTURE(get_traffic_policy_instance_response, "TrafficPolicyInstance",
              traffic_policy_instance, REQUIRED, TrafficPolicyInstance, traffic_policy_instance),
};
SHAPE(get_traffic_policy_instance_response, GetTrafficPolicyInstanceResponse)

static const struct xml_field update_traffic_policy_instance_request_fields[] = {
    INTEGER(update_traffic_policy_instance_request, "TTL", ttl, REQUIRED, TTL, 0, 2147483647),
    TEXT(update_traffic_policy_instance_request, "TrafficPolicyId", traffic_policy_id, REQUIRED,
         TrafficPolicyId, 1, 36, ANY),
    INTEGER(update_traffic_policy_instance_request, "TrafficPolicyVersion", traffic_policy_version,
            REQUIRED, TrafficPolicyVersion, 1, 1000),
};
SHAPE(update_traffic_policy_instance_request, UpdateTrafficPolicyInstanceRequest)

static const struct xml_field update_traffic_policy_instance_response_fields[] = {
    STRUCTURE(update_traffic_policy_instance_response, "TrafficPolicyInstance",
              traffic_policy_instance, REQUIRED, TrafficPolicyInstance, traffic_policy_instance),
};
SHAPE(update_traffic_policy_instance_response, UpdateTrafficPolicyInstanceResponse)

static const struct xml_field list_traffic_policy_instances_query_fields[] = {
    TEXT(list_traffic_policy_instances_query, "hostedzoneid", hosted_zone_id_marker, OPTIONAL,
         ResourceId, 0, XML_UNBOUNDED, ANY),
    TEXT(list_traffic_policy_instances_query, "trafficpolicyinstancename",
         traffic_policy_instance_name_marker, OPTIONAL, DNSName, 0, 1024, ANY),
    WORD(list_traffic_policy_instances_query, "trafficpolicyinstancetype",
         traffic_policy_instance_type_marker, OPTIONAL, RRType, words_rr_type),
    TEXT(list_traffic_policy_instances_query, "maxitems", max_items, OPTIONAL, PageMaxItems, 0,
         XML_UNBOUNDED, ANY),
};
SHAPE(list_traffic_policy_instances_query, ListTrafficPolicyInstancesQuery)

static const struct xml_field list_traffic_policy_instances_response_fields[] = {
    LIST(list_traffic_policy_instances_response, "TrafficPolicyInstances", traffic_policy_instances,
         REQUIRED, TrafficPolicyInstances, 0, XML_UNBOUNDED, item_traffic_policy_instances),
    TEXT(list_traffic_policy_instances_response, "HostedZoneIdMarker", hosted_zone_id_marker,
         OPTIONAL, ResourceId, 0, 32, ANY),
    TEXT(list_traffic_policy_instances_response, "TrafficPolicyInstanceNameMarker",
         traffic_policy_instance_name_marker, OPTIONAL, DNSName, 0, 1024, ANY),
    WORD(list_traffic_policy_instances_response, "TrafficPolicyInstanceTypeMarker",
         traffic_policy_instance_type_marker, OPTIONAL, RRType, words_rr_type),
    BOOLEAN(list_traffic_policy_instances_response, "IsTruncated", is_truncated, REQUIRED,
            PageTruncated),
    TEXT(list_traffic_policy_instances_response, "MaxItems", max_items, REQUIRED, PageMaxItems, 0,
         XML_UNBOUNDED, ANY),
};
SHAPE(list_traffic_policy_instances_response, ListTrafficPolicyInstancesResponse)

static const struct xml_field list_traffic_policy_instances_by_hosted_zone_query_fields[] = {
    TEXT(list_traffic_policy_instances_by_hosted_zone_query, "id", hosted_zone_id, REQUIRED,
         ResourceId, 0, XML_UNBOUNDED, ANY),
    TEXT(list_traffic_policy_instances_by_hosted_zone_query, "trafficpolicyinstancename",
         traffic_policy_instance_name_marker, OPTIONAL, DNSName, 0, 1024, ANY),
    WORD(list_traffic_policy_instances_by_hosted_zone_query, "trafficpolicyinstancetype",
         traffic_policy_instance_type_marker, OPTIONAL, RRType, words_rr_type),
    TEXT(list_traffic_policy_instances_by_hosted_zone_query, "maxitems", max_items, OPTIONAL,
         PageMaxItems, 0, XML_UNBOUNDED, ANY),
};
SHAPE(list_traffic_policy_instances_by_hosted_zone_query,
      ListTrafficPolicyInstancesByHostedZoneQuery)

static const struct xml_field list_traffic_policy_instances_by_hosted_zone_response_fields[] = {
    LIST(list_traffic_policy_instances_by_hosted_zone_response, "TrafficPolicyInstances",
         traffic_policy_instances, REQUIRED, TrafficPolicyInstances, 0, XML_UNBOUNDED,
         item_traffic_policy_instances),
    TEXT(list_traffic_policy_instances_by_hosted_zone_response, "TrafficPolicyInstanceNameMarker",
         traffic_policy_instance_name_marker, OPTIONAL, DNSName, 0, 1024, ANY),
    WORD(list_traffic_policy_instances_by_hosted_zone_response, "TrafficPolicyInstanceTypeMarker",
         traffic_policy_instance_type_marker, OPTIONAL, RRType, words_rr_type),
    BOOLEAN(list_traffic_policy_instances_by_hosted_zone_response, "IsTruncated", is_truncated,
            REQUIRED, PageTruncated),
    TEXT(list_traffic_policy_instances_by_hosted_zone_response, "MaxItems", max_items, REQUIRED,
         PageMaxItems, 0, XML_UNBOUNDED, ANY),
};
SHAPE(list_traffic_policy_instances_by_hosted_zone_response,
      ListTrafficPolicyInstancesByHostedZoneResponse)

static const struct xml_field list_traffic_policy_instances_by_policy_query_fields[] = {
    TEXT(list_traffic_policy_instances_by_policy_query, "id", traffic_policy_id, REQUIRED,
         TrafficPolicyId, 1, 36, ANY),
    INTEGER(list_traffic_policy_instances_by_policy_query, "version", traffic_policy_version,
            REQUIRED, TrafficPolicyVersion, 1, 1000),
    TEXT(list_traffic_policy_instances_by_policy_query, "hostedzoneid", hosted_zone_id_marker,
         OPTIONAL, ResourceId, 0, XML_UNBOUNDED, ANY),
    TEXT(list_traffic_policy_instances_by_policy_query, "trafficpolicyinstancename",
         traffic_policy_instance_name_marker, OPTIONAL, DNSName, 0, 1024, ANY),
    WORD(list_traffic_policy_instances_by_policy_query, "trafficpolicyinstancetype",
         traffic_policy_instance_type_marker, OPTIONAL, RRType, words_rr_type),
    TEXT(list_traffic_policy_instances_by_policy_query, "maxitems", max_items, OPTIONAL,
         PageMaxItems, 0, XML_UNBOUNDED, ANY),
};
SHAPE(list_traffic_policy_instances_by_policy_query, ListTrafficPolicyInstancesByPolicyQuery)

static const struct xml_field list_traffic_policy_instances_by_policy_response_fields[] = {
    LIST(list_traffic_policy_instances_by_policy_response, "TrafficPolicyInstances",
         traffic_policy_instances, REQUIRED, TrafficPolicyInstances, 0, XML_UNBOUNDED,
         item_traffic_policy_instances),
    TEXT(list_traffic_policy_instances_by_policy_response, "HostedZoneIdMarker",
         hosted_zone_id_marker, OPTIONAL, ResourceId, 0, 32, ANY),
    TEXT(list_traffic_policy_instances_by_policy_response, "TrafficPolicyInstanceNameMarker",
         traffic_policy_instance_name_marker, OPTIONAL, DNSName, 0, 1024, ANY),
    WORD(list_traffic_policy_instances_by_policy_response, "TrafficPolicyInstanceTypeMarker",
         traffic_policy_instance_type_marker, OPTIONAL, RRType, words_rr_type),
    BOOLEAN(list_traffic_policy_instances_by_policy_response, "IsTruncated", is_truncated, REQUIRED,
            PageTruncated),
    TEXT(list_traffic_policy_instances_by_policy_response, "MaxItems", max_items, REQUIRED,
         PageMaxItems, 0, XML_UNBOUNDED, ANY),
};
SHAPE(list_traffic_policy_instances_by_policy_response, ListTrafficPolicyInstancesByPolicyResponse)

static const struct xml_field get_traffic_policy_instance_count_response_fields[] = {
    INTEGER(get_traffic_policy_instance_count_response, "TrafficPolicyInstanceCount",
            traffic_policy_instance_count, REQUIRED, TrafficPolicyInstanceCount, INT64_MIN,
            XML_UNBOUNDED),
};
SHAPE(get_traffic_policy_instance_count_response, GetTrafficPolicyInstanceCountResponse)
