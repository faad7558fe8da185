/* The shapes of hosted zones and their record sets, as the API model has them. */
#include "fields.h"

/* clang-format off: one field, one line */

static const char *const words_change_status[] = { "PENDING", "INSYNC", NULL };
static const char *const words_hosted_zone_type[] = { "PrivateHostedZone", NULL };
static const char *const words_change_action[] = { "CREATE", "DELETE", "UPSERT", NULL };
static const char *const words_rr_type[] = { "SOA",   "A",    "TXT",   "NS",   "CNAME", "MX",
                                             "NAPTR", "PTR",  "SRV",   "SPF",  "AAAA",  "CAA",
                                             "DS",    "TLSA", "SSHFP", "SVCB", "HTTPS", NULL };
static const char *const words_resource_record_set_region[] = {
    "us-east-1",      "us-east-2",      "us-west-1",      "us-west-2",      "ca-central-1",
    "eu-west-1",      "eu-west-2",      "eu-west-3",      "eu-central-1",   "eu-central-2",
    "ap-southeast-1", "ap-southeast-2", "ap-southeast-3", "ap-northeast-1", "ap-northeast-2",
    "ap-northeast-3", "eu-north-1",     "sa-east-1",      "cn-north-1",     "cn-northwest-1",
    "ap-east-1",      "me-south-1",     "me-central-1",   "ap-south-1",     "ap-south-2",
    "af-south-1",     "eu-south-1",     "eu-south-2",     "us-gov-east-1",  "us-gov-west-1",
    "ca-west-1",      "mx-central-1",   "eusc-de-east-1", "il-central-1",   "ap-southeast-4",
    "ap-southeast-5", "ap-southeast-6", "ap-southeast-7", "ap-east-2",      NULL
};
static const char *const words_resource_record_set_failover[] = { "PRIMARY", "SECONDARY", NULL };

static const struct xml_field item_delegation_set_name_servers =
    ITEM_TEXT("NameServer", DNSName, 0, 1024, ANY);
static const struct xml_field item_vpcs = ITEM_STRUCTURE("VPC", VPC, vpc);
static const struct xml_field item_hosted_zones =
    ITEM_STRUCTURE("HostedZone", HostedZone, hosted_zone);
static const struct xml_field item_changes = ITEM_STRUCTURE("Change", Change, change);
static const struct xml_field item_resource_records =
    ITEM_STRUCTURE("ResourceRecord", ResourceRecord, resource_record);
static const struct xml_field item_resource_record_sets =
    ITEM_STRUCTURE("ResourceRecordSet", ResourceRecordSet, resource_record_set);

static const struct xml_field vpc_fields[] = {
    TEXT(vpc, "VPCRegion", vpc_region, OPTIONAL, VPCRegion, 1, 64, fits_region),
    TEXT(vpc, "VPCId", vpc_id, OPTIONAL, VPCId, 0, 1024, ANY),
};
SHAPE(vpc, VPC)

static const struct xml_field hosted_zone_config_fields[] = {
    TEXT(hosted_zone_config, "Comment", comment, OPTIONAL, ResourceDescription, 0, 256, ANY),
    BOOLEAN(hosted_zone_config, "PrivateZone", private_zone, OPTIONAL, IsPrivateZone),
};
SHAPE(hosted_zone_config, HostedZoneConfig)

static const struct xml_field create_hosted_zone_request_fields[] = {
    TEXT(create_hosted_zone_request, "Name", name, REQUIRED, DNSName, 0, 1024, ANY),
    STRUCTURE(create_hosted_zone_request, "VPC", vpc, OPTIONAL, VPC, vpc),
    TEXT(create_hosted_zone_request, "CallerReference", caller_reference, REQUIRED, Nonce, 1, 128,
         ANY),
    STRUCTURE(create_hosted_zone_request, "HostedZoneConfig", hosted_zone_config, OPTIONAL,
              HostedZoneConfig, hosted_zone_config),
    TEXT(create_hosted_zone_request, "DelegationSetId", delegation_set_id, OPTIONAL, ResourceId, 0,
         XML_UNBOUNDED, ANY),
};
SHAPE(create_hosted_zone_request, CreateHostedZoneRequest)

static const struct xml_field linked_service_fields[] = {
    TEXT(linked_service, "ServicePrincipal", service_principal, OPTIONAL, ServicePrincipal, 0, 128,
         ANY),
    TEXT(linked_service, "Description", description, OPTIONAL, ResourceDescription, 0, 256, ANY),
};
SHAPE(linked_service, LinkedService)

static const struct xml_field hosted_zone_fields[] = {
    TEXT(hosted_zone, "Id", id, REQUIRED, ResourceId, 0, 32, ANY),
    TEXT(hosted_zone, "Name", name, REQUIRED, DNSName, 0, 1024, ANY),
    TEXT(hosted_zone, "CallerReference", caller_reference, REQUIRED, Nonce, 1, 128, ANY),
    STRUCTURE(hosted_zone, "Config", config, OPTIONAL, HostedZoneConfig, hosted_zone_config),
    INTEGER(hosted_zone, "ResourceRecordSetCount", resource_record_set_count, OPTIONAL,
            HostedZoneRRSetCount, INT64_MIN, XML_UNBOUNDED),
    STRUCTURE(hosted_zone, "LinkedService", linked_service, OPTIONAL, LinkedService,
              linked_service),
};
SHAPE(hosted_zone, HostedZone)

static const struct xml_field change_info_fields[] = {
    TEXT(change_info, "Id", id, REQUIRED, ResourceId, 0, 32, ANY),
    WORD(change_info, "Status", status, REQUIRED, ChangeStatus, words_change_status),
    TIME(change_info, "SubmittedAt", submitted_at, REQUIRED, TimeStamp),
    TEXT(change_info, "Comment", comment, OPTIONAL, ResourceDescription, 0, 256, ANY),
};
SHAPE(change_info, ChangeInfo)

static const struct xml_field delegation_set_fields[] = {
    TEXT(delegation_set, "Id", id, OPTIONAL, ResourceId, 0, 32, ANY),
    TEXT(delegation_set, "CallerReference", caller_reference, OPTIONAL, Nonce, 1, 128, ANY),
    LIST(delegation_set, "NameServers", name_servers, REQUIRED, DelegationSetNameServers, 1,
         XML_UNBOUNDED, item_delegation_set_name_servers),
};
SHAPE(delegation_set, DelegationSet)

static const struct xml_field create_hosted_zone_response_fields[] = {
    STRUCTURE(create_hosted_zone_response, "HostedZone", hosted_zone, REQUIRED, HostedZone,
              hosted_zone),
    STRUCTURE(create_hosted_zone_response, "ChangeInfo", change_info, REQUIRED, ChangeInfo,
              change_info),
    STRUCTURE(create_hosted_zone_response, "DelegationSet", delegation_set, REQUIRED, DelegationSet,
              delegation_set),
    STRUCTURE(create_hosted_zone_response, "VPC", vpc, OPTIONAL, VPC, vpc),
};
SHAPE(create_hosted_zone_response, CreateHostedZoneResponse)

static const struct xml_field get_hosted_zone_response_fields[] = {
    STRUCTURE(get_hosted_zone_response, "HostedZone", hosted_zone, REQUIRED, HostedZone,
              hosted_zone),
    STRUCTURE(get_hosted_zone_response, "DelegationSet", delegation_set, OPTIONAL, DelegationSet,
              delegation_set),
    LIST(get_hosted_zone_response, "VPCs", vpcs, OPTIONAL, VPCs, 1, XML_UNBOUNDED, item_vpcs),
};
SHAPE(get_hosted_zone_response, GetHostedZoneResponse)

static const struct xml_field list_hosted_zones_query_fields[] = {
    TEXT(list_hosted_zones_query, "marker", marker, OPTIONAL, PageMarker, 0, 64, ANY),
    TEXT(list_hosted_zones_query, "maxitems", max_items, OPTIONAL, PageMaxItems, 0, XML_UNBOUNDED,
         ANY),
    TEXT(list_hosted_zones_query, "delegationsetid", delegation_set_id, OPTIONAL, ResourceId, 0,
         XML_UNBOUNDED, ANY),
    WORD(list_hosted_zones_query, "hostedzonetype", hosted_zone_type, OPTIONAL, HostedZoneType,
         words_hosted_zone_type),
};
SHAPE(list_hosted_zones_query, ListHostedZonesQuery)

static const struct xml_field list_hosted_zones_response_fields[] = {
    LIST(list_hosted_zones_response, "HostedZones", hosted_zones, REQUIRED, HostedZones, 0,
         XML_UNBOUNDED, item_hosted_zones),
    TEXT(list_hosted_zones_response, "Marker", marker, REQUIRED, PageMarker, 0, 64, ANY),
    BOOLEAN(list_hosted_zones_response, "IsTruncated", is_truncated, REQUIRED, PageTruncated),
    TEXT(list_hosted_zones_response, "NextMarker", next_marker, OPTIONAL, PageMarker, 0, 64, ANY),
    TEXT(list_hosted_zones_response, "MaxItems", max_items, REQUIRED, PageMaxItems, 0,
         XML_UNBOUNDED, ANY),
};
SHAPE(list_hosted_zones_response, ListHostedZonesResponse)

static const struct xml_field list_hosted_zones_by_name_query_fields[] = {
    TEXT(list_hosted_zones_by_name_query, "dnsname", dns_name, OPTIONAL, DNSName, 0, 1024, ANY),
    TEXT(list_hosted_zones_by_name_query, "hostedzoneid", hosted_zone_id, OPTIONAL, ResourceId, 0,
         XML_UNBOUNDED, ANY),
    TEXT(list_hosted_zones_by_name_query, "maxitems", max_items, OPTIONAL, PageMaxItems, 0,
         XML_UNBOUNDED, ANY),
};
SHAPE(list_hosted_zones_by_name_query, ListHostedZonesByNameQuery)

static const struct xml_field list_hosted_zones_by_name_response_fields[] = {
    LIST(list_hosted_zones_by_name_response, "HostedZones", hosted_zones, REQUIRED, HostedZones, 0,
         XML_UNBOUNDED, item_hosted_zones),
    TEXT(list_hosted_zones_by_name_response, "DNSName", dns_name, OPTIONAL, DNSName, 0, 1024, ANY),
    TEXT(list_hosted_zones_by_name_response, "HostedZoneId", hosted_zone_id, OPTIONAL, ResourceId,
         0, 32, ANY),
    BOOLEAN(list_hosted_zones_by_name_response, "IsTruncated", is_truncated, REQUIRED,
            PageTruncated),
    TEXT(list_hosted_zones_by_name_response, "NextDNSName", next_dns_name, OPTIONAL, DNSName, 0,
         1024, ANY),
    TEXT(list_hosted_zones_by_name_response, "NextHostedZoneId", next_hosted_zone_id, OPTIONAL,
         ResourceId, 0, 32, ANY),
    TEXT(list_hosted_zones_by_name_response, "MaxItems", max_items, REQUIRED, PageMaxItems, 0,
         XML_UNBOUNDED, ANY),
};
SHAPE(list_hosted_zones_by_name_response, ListHostedZonesByNameResponse)

static const struct xml_field get_hosted_zone_count_response_fields[] = {
    INTEGER(get_hosted_zone_count_response, "HostedZoneCount", hosted_zone_count, REQUIRED,
            HostedZoneCount, INT64_MIN, XML_UNBOUNDED),
};
SHAPE(get_hosted_zone_count_response, GetHostedZoneCountResponse)

static const struct xml_field update_hosted_zone_comment_request_fields[] = {
    TEXT(update_hosted_zone_comment_request, "Comment", comment, OPTIONAL, ResourceDescription, 0,
         256, ANY),
};
SHAPE(update_hosted_zone_comment_request, UpdateHostedZoneCommentRequest)

static const struct xml_field update_hosted_zone_comment_response_fields[] = {
    STRUCTURE(update_hosted_zone_comment_response, "HostedZone", hosted_zone, REQUIRED, HostedZone,
              hosted_zone),
};
SHAPE(update_hosted_zone_comment_response, UpdateHostedZoneCommentResponse)

static const struct xml_field delete_hosted_zone_response_fields[] = {
    STRUCTURE(delete_hosted_zone_response, "ChangeInfo", change_info, REQUIRED, ChangeInfo,
              change_info),
};
SHAPE(delete_hosted_zone_response, DeleteHostedZoneResponse)

static const struct xml_field geo_location_fields[] = {
    TEXT(geo_location, "ContinentCode", continent_code, OPTIONAL, GeoLocationContinentCode, 2, 2,
         ANY),
    TEXT(geo_location, "CountryCode", country_code, OPTIONAL, GeoLocationCountryCode, 1, 2, ANY),
    TEXT(geo_location, "SubdivisionCode", subdivision_code, OPTIONAL, GeoLocationSubdivisionCode, 1,
         3, ANY),
};
SHAPE(geo_location, GeoLocation)

static const struct xml_field resource_record_fields[] = {
    TEXT(resource_record, "Value", value, REQUIRED, RData, 0, 4000, ANY),
};
SHAPE(resource_record, ResourceRecord)

static const struct xml_field alias_target_fields[] = {
    TEXT(alias_target, "HostedZoneId", hosted_zone_id, REQUIRED, ResourceId, 0, XML_UNBOUNDED, ANY),
    TEXT(alias_target, "DNSName", dns_name, REQUIRED, DNSName, 0, 1024, ANY),
    BOOLEAN(alias_target, "EvaluateTargetHealth", evaluate_target_health, REQUIRED,
            AliasHealthEnabled),
};
SHAPE(alias_target, AliasTarget)

static const struct xml_field cidr_routing_config_fields[] = {
    TEXT(cidr_routing_config, "CollectionId", collection_id, REQUIRED, UUID, 0, XML_UNBOUNDED,
         fits_uuid),
    TEXT(cidr_routing_config, "LocationName", location_name, REQUIRED,
         CidrLocationNameDefaultAllowed, 1, 16, fits_name_or_default),
};
SHAPE(cidr_routing_config, CidrRoutingConfig)

static const struct xml_field coordinates_fields[] = {
    TEXT(coordinates, "Latitude", latitude, REQUIRED, Latitude, 1, 6, fits_latitude),
    TEXT(coordinates, "Longitude", longitude, REQUIRED, Longitude, 1, 7, fits_longitude),
};
SHAPE(coordinates, Coordinates)

static const struct xml_field geo_proximity_location_fields[] = {
    TEXT(geo_proximity_location, "AWSRegion", aws_region, OPTIONAL, AWSRegion, 1, 64, ANY),
    TEXT(geo_proximity_location, "LocalZoneGroup", local_zone_group, OPTIONAL, LocalZoneGroup, 1,
         64, ANY),
    STRUCTURE(geo_proximity_location, "Coordinates", coordinates, OPTIONAL, Coordinates,
              coordinates),
    INTEGER(geo_proximity_location, "Bias", bias, OPTIONAL, Bias, -99, 99),
};
SHAPE(geo_proximity_location, GeoProximityLocation)

static const struct xml_field resource_record_set_fields[] = {
    TEXT(resource_record_set, "Name", name, REQUIRED, DNSName, 0, 1024, ANY),
    WORD(resource_record_set, "Type", type, REQUIRED, RRType, words_rr_type),
    TEXT(resource_record_set, "SetIdentifier", set_identifier, OPTIONAL,
         ResourceRecordSetIdentifier, 1, 128, ANY),
    INTEGER(resource_record_set, "Weight", weight, OPTIONAL, ResourceRecordSetWeight, 0, 255),
    WORD(resource_record_set, "Region", region, OPTIONAL, ResourceRecordSetRegion,
         words_resource_record_set_region),
    STRUCTURE(resource_record_set, "GeoLocation", geo_location, OPTIONAL, GeoLocation,
              geo_location),
    WORD(resource_record_set, "Failover", failover, OPTIONAL, ResourceRecordSetFailover,
         words_resource_record_set_failover),
    BOOLEAN(resource_record_set, "MultiValueAnswer", multi_value_answer, OPTIONAL,
            ResourceRecordSetMultiValueAnswer),
    INTEGER(resource_record_set, "TTL", ttl, OPTIONAL, TTL, 0, 2147483647),
    LIST(resource_record_set, "ResourceRecords", resource_records, OPTIONAL, ResourceRecords, 1,
         XML_UNBOUNDED, item_resource_records),
    STRUCTURE(resource_record_set, "AliasTarget", alias_target, OPTIONAL, AliasTarget,
              alias_target),
    TEXT(resource_record_set, "HealthCheckId", health_check_id, OPTIONAL, HealthCheckId, 0, 64,
         ANY),
    TEXT(resource_record_set, "TrafficPolicyInstanceId", traffic_policy_instance_id, OPTIONAL,
         TrafficPolicyInstanceId, 1, 36, ANY),
    STRUCTURE(resource_record_set, "CidrRoutingConfig", cidr_routing_config, OPTIONAL,
              CidrRoutingConfig, cidr_routing_config),
    STRUCTURE(resource_record_set, "GeoProximityLocation", geo_proximity_location, OPTIONAL,
              GeoProximityLocation, geo_proximity_location),
};
SHAPE(resource_record_set, ResourceRecordSet)

static const struct xml_field change_fields[] = {
    WORD(change, "Action", action, REQUIRED, ChangeAction, words_change_action),
    STRUCTURE(change, "ResourceRecordSet", resource_record_set, REQUIRED, ResourceRecordSet,
              resource_record_set),
};
SHAPE(change, Change)

static const struct xml_field change_batch_fields[] = {
    TEXT(change_batch, "Comment", comment, OPTIONAL, ResourceDescription, 0, 256, ANY),
    LIST(change_batch, "Changes", changes, REQUIRED, Changes, 1, XML_UNBOUNDED, item_changes),
};
SHAPE(change_batch, ChangeBatch)

static const struct xml_field change_resource_record_sets_request_fields[] = {
    STRUCTURE(change_resource_record_sets_request, "ChangeBatch", change_batch, REQUIRED,
              ChangeBatch, change_batch),
};
SHAPE(change_resource_record_sets_request, ChangeResourceRecordSetsRequest)

static const struct xml_field change_resource_record_sets_response_fields[] = {
    STRUCTURE(change_resource_record_sets_response, "ChangeInfo", change_info, REQUIRED, ChangeInfo,
              change_info),
};
SHAPE(change_resource_record_sets_response, ChangeResourceRecordSetsResponse)

static const struct xml_field list_resource_record_sets_query_fields[] = {
    TEXT(list_resource_record_sets_query, "name", start_record_name, OPTIONAL, DNSName, 0, 1024,
         ANY),
    WORD(list_resource_record_sets_query, "type", start_record_type, OPTIONAL, RRType,
         words_rr_type),
    TEXT(list_resource_record_sets_query, "identifier", start_record_identifier, OPTIONAL,
         ResourceRecordSetIdentifier, 1, 128, ANY),
    TEXT(list_resource_record_sets_query, "maxitems", max_items, OPTIONAL, PageMaxItems, 0,
         XML_UNBOUNDED, ANY),
};
SHAPE(list_resource_record_sets_query, ListResourceRecordSetsQuery)

static const struct xml_field list_resource_record_sets_response_fields[] = {
    LIST(list_resource_record_sets_response, "ResourceRecordSets", resource_record_sets, REQUIRED,
         ResourceRecordSets, 0, XML_UNBOUNDED, item_resource_record_sets),
    BOOLEAN(list_resource_record_sets_response, "IsTruncated", is_truncated, REQUIRED,
            PageTruncated),
    TEXT(list_resource_record_sets_response, "NextRecordName", next_record_name, OPTIONAL, DNSName,
         0, 1024, ANY),
    WORD(list_resource_record_sets_response, "NextRecordType", next_record_type, OPTIONAL, RRType,
         words_rr_type),
    TEXT(list_resource_record_sets_response, "NextRecordIdentifier", next_record_identifier,
         OPTIONAL, ResourceRecordSetIdentifier, 1, 128, ANY),
    TEXT(list_resource_record_sets_response, "MaxItems", max_items, REQUIRED, PageMaxItems, 0,
         XML_UNBOUNDED, ANY),
};
SHAPE(list_resource_record_sets_response, ListResourceRecordSetsResponse)

static const struct xml_field get_change_response_fields[] = {
    STRUCTURE(get_change_response, "ChangeInfo", change_info, REQUIRED, ChangeInfo, change_info),
};
SHAPE(get_change_response, GetChangeResponse)

static const struct xml_field hosted_zone_owner_fields[] = {
    TEXT(hosted_zone_owner, "OwningAccount", owning_account, OPTIONAL, AWSAccountID, 0,
         XML_UNBOUNDED, ANY),
    TEXT(hosted_zone_owner, "OwningService", owning_service, OPTIONAL, HostedZoneOwningService, 0,
         128, ANY),
};
SHAPE(hosted_zone_owner, HostedZoneOwner)

static const struct xml_field hosted_zone_summary_fields[] = {
    TEXT(hosted_zone_summary, "HostedZoneId", hosted_zone_id, REQUIRED, ResourceId, 0, 32, ANY),
    TEXT(hosted_zone_summary, "Name", name, REQUIRED, DNSName, 0, 1024, ANY),
    STRUCTURE(hosted_zone_summary, "Owner", owner, REQUIRED, HostedZoneOwner, hosted_zone_owner),
};
SHAPE(hosted_zone_summary, HostedZoneSummary)

static const struct xml_field collection_summary_fields[] = {
    TEXT(collection_summary, "Arn", arn, OPTIONAL, ARN, 20, 2048, ANY),
    TEXT(collection_summary, "Id", id, OPTIONAL, UUID, 0, XML_UNBOUNDED, fits_uuid),
    TEXT(collection_summary, "Name", name, OPTIONAL, CollectionName, 1, 64, fits_name),
    INTEGER(collection_summary, "Version", version, OPTIONAL, CollectionVersion, 1, XML_UNBOUNDED),
};
SHAPE(collection_summary, CollectionSummary)

static const struct xml_field location_summary_fields[] = {
    TEXT(location_summary, "LocationName", location_name, OPTIONAL, CidrLocationNameDefaultAllowed,
         1, 16, fits_name_or_default),
};
SHAPE(location_summary, LocationSummary)
