/* The shapes of health checks, tags, places and CIDR collections, as the API model has them. */
#include "fields.h"

/* clang-format off: one field, one line */

static const char *const words_tag_resource_type[] = { "healthcheck", "hostedzone", NULL };
static const char *const words_health_check_type[] = {
    "HTTP", "HTTPS",      "HTTP_STR_MATCH",    "HTTPS_STR_MATCH",
    "TCP",  "CALCULATED", "CLOUDWATCH_METRIC", "RECOVERY_CONTROL",
    NULL
};
static const char *const words_health_check_region[] = {
    "us-east-1",      "us-west-1",      "us-west-2", "eu-west-1", "ap-southeast-1",
    "ap-southeast-2", "ap-northeast-1", "sa-east-1", NULL
};
static const char *const words_cloud_watch_region[] = { "us-east-1",
                                                        "us-east-2",
                                                        "us-west-1",
                                                        "us-west-2",
                                                        "ca-central-1",
                                                        "eu-central-1",
                                                        "eu-central-2",
                                                        "eu-west-1",
                                                        "eu-west-2",
                                                        "eu-west-3",
                                                        "ap-east-1",
                                                        "me-south-1",
                                                        "me-central-1",
                                                        "ap-south-1",
                                                        "ap-south-2",
                                                        "ap-southeast-1",
                                                        "ap-southeast-2",
                                                        "ap-southeast-3",
                                                        "ap-northeast-1",
                                                        "ap-northeast-2",
                                                        "ap-northeast-3",
                                                        "eu-north-1",
                                                        "sa-east-1",
                                                        "cn-northwest-1",
                                                        "cn-north-1",
                                                        "af-south-1",
                                                        "eu-south-1",
                                                        "eu-south-2",
                                                        "us-gov-west-1",
                                                        "us-gov-east-1",
                                                        "us-iso-east-1",
                                                        "us-iso-west-1",
                                                        "us-isob-east-1",
                                                        "ca-west-1",
                                                        "mx-central-1",
                                                        "eusc-de-east-1",
                                                        "il-central-1",
                                                        "ap-southeast-4",
                                                        "ap-southeast-5",
                                                        "ap-southeast-6",
                                                        "ap-southeast-7",
                                                        "ap-east-2",
                                                        "us-isob-west-1",
                                                        "us-isof-south-1",
                                                        "us-isof-east-1",
                                                        "eu-isoe-west-1",
                                                        NULL };
static const char *const words_insufficient_data_health_status[] = { "Healthy", "Unhealthy",
                                                                     "LastKnownStatus", NULL };
static const char *const words_resettable_element_name[] = { "FullyQualifiedDomainName", "Regions",
                                                             "ResourcePath", "ChildHealthChecks",
                                                             NULL };
static const char *const words_cidr_collection_change_action[] = { "PUT", "DELETE_IF_EXISTS",
                                                                   NULL };

static const struct xml_field item_tag_list = ITEM_STRUCTURE("Tag", Tag, tag);
static const struct xml_field item_tag_key_list = ITEM_TEXT("Key", TagKey, 0, 128, ANY);
static const struct xml_field item_tag_resource_id_list =
    ITEM_TEXT("ResourceId", TagResourceId, 0, 64, ANY);
static const struct xml_field item_resource_tag_set_list =
    ITEM_STRUCTURE("ResourceTagSet", ResourceTagSet, resource_tag_set);
static const struct xml_field item_child_health_check_list =
    ITEM_TEXT("ChildHealthCheck", HealthCheckId, 0, 64, ANY);
static const struct xml_field item_health_check_region_list =
    ITEM_WORD("Region", HealthCheckRegion, words_health_check_region);
static const struct xml_field item_health_checks =
    ITEM_STRUCTURE("HealthCheck", HealthCheck, health_check);
static const struct xml_field item_resettable_element_name_list =
    ITEM_WORD("ResettableElementName", ResettableElementName, words_resettable_element_name);
static const struct xml_field item_health_check_observations =
    ITEM_STRUCTURE("HealthCheckObservation", HealthCheckObservation, health_check_observation);
static const struct xml_field item_geo_location_details_list =
    ITEM_STRUCTURE("GeoLocationDetails", GeoLocationDetails, geo_location_details);
static const struct xml_field item_cidr_collection_changes =
    ITEM_STRUCTURE("member", CidrCollectionChange, cidr_collection_change);
static const struct xml_field item_cidr_list = ITEM_TEXT("Cidr", Cidr, 1, 50, fits_text);
static const struct xml_field item_collection_summaries =
    ITEM_STRUCTURE("member", CollectionSummary, collection_summary);
static const struct xml_field item_location_summaries =
    ITEM_STRUCTURE("member", LocationSummary, location_summary);
static const struct xml_field item_cidr_block_summaries =
    ITEM_STRUCTURE("member", CidrBlockSummary, cidr_block_summary);
static const struct xml_field item_checker_ip_ranges =
    ITEM_TEXT("member", IPAddressCidr, 0, XML_UNBOUNDED, ANY);

static const struct xml_field tag_fields[] = {
    TEXT(tag, "Key", key, OPTIONAL, TagKey, 0, 128, ANY),
    TEXT(tag, "Value", value, OPTIONAL, TagValue, 0, 256, ANY),
};
SHAPE(tag, Tag)

static const struct xml_field change_tags_for_resource_request_fields[] = {
    LIST(change_tags_for_resource_request, "AddTags", add_tags, OPTIONAL, TagList, 1, 10,
         item_tag_list),
    LIST(change_tags_for_resource_request, "RemoveTagKeys", remove_tag_keys, OPTIONAL, TagKeyList,
         1, 10, item_tag_key_list),
};
SHAPE(change_tags_for_resource_request, ChangeTagsForResourceRequest)

static const struct xml_field resource_tag_set_fields[] = {
    WORD(resource_tag_set, "ResourceType", resource_type, OPTIONAL, TagResourceType,
         words_tag_resource_type),
    TEXT(resource_tag_set, "ResourceId", resource_id, OPTIONAL, TagResourceId, 0, 64, ANY),
    LIST(resource_tag_set, "Tags", tags, REQUIRED, TagList, 1, 10, item_tag_list),
};
SHAPE(resource_tag_set, ResourceTagSet)

static const struct xml_field list_tags_for_resource_response_fields[] = {
    STRUCTURE(list_tags_for_resource_response, "ResourceTagSet", resource_tag_set, REQUIRED,
              ResourceTagSet, resource_tag_set),
};
SHAPE(list_tags_for_resource_response, ListTagsForResourceResponse)

static const struct xml_field list_tags_for_resources_request_fields[] = {
    LIST(list_tags_for_resources_request, "ResourceIds", resource_ids, REQUIRED, TagResourceIdList,
         1, 10, item_tag_resource_id_list),
};
SHAPE(list_tags_for_resources_request, ListTagsForResourcesRequest)

static const struct xml_field list_tags_for_resources_response_fields[] = {
    LIST(list_tags_for_resources_response, "ResourceTagSets", resource_tag_sets, REQUIRED,
         ResourceTagSetList, 0, XML_UNBOUNDED, item_resource_tag_set_list),
};
SHAPE(list_tags_for_resources_response, ListTagsForResourcesResponse)

static const struct xml_field alarm_identifier_fields[] = {
    WORD(alarm_identifier, "Region", region, REQUIRED, CloudWatchRegion, words_cloud_watch_region),
    TEXT(alarm_identifier, "Name", name, REQUIRED, AlarmName, 1, 256, ANY),
};
SHAPE(alarm_identifier, AlarmIdentifier)

static const struct xml_field health_check_config_fields[] = {
    TEXT(health_check_config, "IPAddress", ip_address, OPTIONAL, IPAddress, 0, 45, fits_ip_address),
    INTEGER(health_check_config, "Port", port, OPTIONAL, Port, 1, 65535),
    WORD(health_check_config, "Type", type, REQUIRED, HealthCheckType, words_health_check_type),
    TEXT(health_check_config, "ResourcePath", resource_path, OPTIONAL, ResourcePath, 0, 255, ANY),
    TEXT(health_check_config, "FullyQualifiedDomainName", fully_qualified_domain_name, OPTIONAL,
         FullyQualifiedDomainName, 0, 255, ANY),
    TEXT(health_check_config, "SearchString", search_string, OPTIONAL, SearchString, 0, 255, ANY),
    INTEGER(health_check_config, "RequestInterval", request_interval, OPTIONAL, RequestInterval, 10,
            30),
    INTEGER(health_check_config, "FailureThreshold", failure_threshold, OPTIONAL, FailureThreshold,
            1, 10),
    BOOLEAN(health_check_config, "MeasureLatency", measure_latency, OPTIONAL, MeasureLatency),
    BOOLEAN(health_check_config, "Inverted", inverted, OPTIONAL, Inverted),
    BOOLEAN(health_check_config, "Disabled", disabled, OPTIONAL, Disabled),
    INTEGER(health_check_config, "HealthThreshold", health_threshold, OPTIONAL, HealthThreshold, 0,
            256),
    LIST(health_check_config, "ChildHealthChecks", child_health_checks, OPTIONAL,
         ChildHealthCheckList, 0, 256, item_child_health_check_list),
    BOOLEAN(health_check_config, "EnableSNI", enable_sni, OPTIONAL, EnableSNI),
    LIST(health_check_config, "Regions", regions, OPTIONAL, HealthCheckRegionList, 3, 64,
         item_health_check_region_list),
    STRUCTURE(health_check_config, "AlarmIdentifier", alarm_identifier, OPTIONAL, AlarmIdentifier,
              alarm_identifier),
    WORD(health_check_config, "InsufficientDataHealthStatus", insufficient_data_health_status,
         OPTIONAL, InsufficientDataHealthStatus, words_insufficient_data_health_status),
    TEXT(health_check_config, "RoutingControlArn", routing_control_arn, OPTIONAL, RoutingControlArn,
         1, 255, ANY),
};
SHAPE(health_check_config, HealthCheckConfig)

static const struct xml_field create_health_check_request_fields[] = {
    TEXT(create_health_check_request, "CallerReference", caller_reference, REQUIRED,
         HealthCheckNonce, 1, 64, ANY),
    STRUCTURE(create_health_check_request, "HealthCheckConfig", health_check_config, REQUIRED,
              HealthCheckConfig, health_check_config),
};
SHAPE(create_health_check_request, CreateHealthCheckRequest)

static const struct xml_field health_check_fields[] = {
    TEXT(health_check, "Id", id, REQUIRED, HealthCheckId, 0, 64, ANY),
    TEXT(health_check, "CallerReference", caller_reference, REQUIRED, HealthCheckNonce, 1, 64, ANY),
    STRUCTURE(health_check, "LinkedService", linked_service, OPTIONAL, LinkedService,
              linked_service),
    STRUCTURE(health_check, "HealthCheckConfig", health_check_config, REQUIRED, HealthCheckConfig,
              health_check_config),
    INTEGER(health_check, "HealthCheckVersion", health_check_version, REQUIRED, HealthCheckVersion,
            1, XML_UNBOUNDED),
};
SHAPE(health_check, HealthCheck)

static const struct xml_field create_health_check_response_fields[] = {
    STRUCTURE(create_health_check_response, "HealthCheck", health_check, REQUIRED, HealthCheck,
              health_check),
};
SHAPE(create_health_check_response, CreateHealthCheckResponse)

static const struct xml_field get_health_check_response_fields[] = {
    STRUCTURE(get_health_check_response, "HealthCheck", health_check, REQUIRED, HealthCheck,
              health_check),
};
SHAPE(get_health_check_response, GetHealthCheckResponse)

static const struct xml_field list_health_checks_query_fields[] = {
    TEXT(list_health_checks_query, "marker", marker, OPTIONAL, PageMarker, 0, 64, ANY),
    TEXT(list_health_checks_query, "maxitems", max_items, OPTIONAL, PageMaxItems, 0, XML_UNBOUNDED,
         ANY),
};
SHAPE(list_health_checks_query, ListHealthChecksQuery)

static const struct xml_field list_health_checks_response_fields[] = {
    LIST(list_health_checks_response, "HealthChecks", health_checks, REQUIRED, HealthChecks, 0,
         XML_UNBOUNDED, item_health_checks),
    TEXT(list_health_checks_response, "Marker", marker, REQUIRED, PageMarker, 0, 64, ANY),
    BOOLEAN(list_health_checks_response, "IsTruncated", is_truncated, REQUIRED, PageTruncated),
    TEXT(list_health_checks_response, "NextMarker", next_marker, OPTIONAL, PageMarker, 0, 64, ANY),
    TEXT(list_health_checks_response, "MaxItems", max_items, REQUIRED, PageMaxItems, 0,
         XML_UNBOUNDED, ANY),
};
SHAPE(list_health_checks_response, ListHealthChecksResponse)

static const struct xml_field get_health_check_count_response_fields[] = {
    INTEGER(get_health_check_count_response, "HealthCheckCount", health_check_count, REQUIRED,
            HealthCheckCount, INT64_MIN, XML_UNBOUNDED),
};
SHAPE(get_health_check_count_response, GetHealthCheckCountResponse)

static const struct xml_field update_health_check_request_fields[] = {
    INTEGER(update_health_check_request, "HealthCheckVersion", health_check_version, OPTIONAL,
            HealthCheckVersion, 1, XML_UNBOUNDED),
    TEXT(update_health_check_request, "IPAddress", ip_address, OPTIONAL, IPAddress, 0, 45,
         fits_ip_address),
    INTEGER(update_health_check_request, "Port", port, OPTIONAL, Port, 1, 65535),
    TEXT(update_health_check_request, "ResourcePath", resource_path, OPTIONAL, ResourcePath, 0, 255,
         ANY),
    TEXT(update_health_check_request, "FullyQualifiedDomainName", fully_qualified_domain_name,
         OPTIONAL, FullyQualifiedDomainName, 0, 255, ANY),
    TEXT(update_health_check_request, "SearchString", search_string, OPTIONAL, SearchString, 0, 255,
         ANY),
    INTEGER(update_health_check_request, "FailureThreshold", failure_threshold, OPTIONAL,
            FailureThreshold, 1, 10),
    BOOLEAN(update_health_check_request, "Inverted", inverted, OPTIONAL, Inverted),
    BOOLEAN(update_health_check_request, "Disabled", disabled, OPTIONAL, Disabled),
    INTEGER(update_health_check_request, "HealthThreshold", health_threshold, OPTIONAL,
            HealthThreshold, 0, 256),
    LIST(update_health_check_request, "ChildHealthChecks", child_health_checks, OPTIONAL,
         ChildHealthCheckList, 0, 256, item_child_health_check_list),
    BOOLEAN(update_health_check_request, "EnableSNI", enable_sni, OPTIONAL, EnableSNI),
    LIST(update_health_check_request, "Regions", regions, OPTIONAL, HealthCheckRegionList, 3, 64,
         item_health_check_region_list),
    STRUCTURE(update_health_check_request, "AlarmIdentifier", alarm_identifier, OPTIONAL,
              AlarmIdentifier, alarm_identifier),
    WORD(update_health_check_request, "InsufficientDataHealthStatus",
         insufficient_data_health_status, OPTIONAL, InsufficientDataHealthStatus,
         words_insufficient_data_health_status),
    LIST(update_health_check_request, "ResetElements", reset_elements, OPTIONAL,
         ResettableElementNameList, 0, 64, item_resettable_element_name_list),
};
SHAPE(update_health_check_request, UpdateHealthCheckRequest)

static const struct xml_field update_health_check_response_fields[] = {
    STRUCTURE(update_health_check_response, "HealthCheck", health_check, REQUIRED, HealthCheck,
              health_check),
};
SHAPE(update_health_check_response, UpdateHealthCheckResponse)

static const struct xml_field status_report_fields[] = {
    TEXT(status_report, "Status", status, OPTIONAL, Status, 0, XML_UNBOUNDED, ANY),
    TIME(status_report, "CheckedTime", checked_time, OPTIONAL, TimeStamp),
};
SHAPE(status_report, StatusReport)

static const struct xml_field health_check_observation_fields[] = {
    WORD(health_check_observation, "Region", region, OPTIONAL, HealthCheckRegion,
         words_health_check_region),
    TEXT(health_check_observation, "IPAddress", ip_address, OPTIONAL, IPAddress, 0, 45,
         fits_ip_address),
    STRUCTURE(health_check_observation, "StatusReport", status_report, OPTIONAL, StatusReport,
              status_report),
};
SHAPE(health_check_observation, HealthCheckObservation)

static const struct xml_field get_health_check_status_response_fields[] = {
    LIST(get_health_check_status_response, "HealthCheckObservations", health_check_observations,
         REQUIRED, HealthCheckObservations, 0, XML_UNBOUNDED, item_health_check_observations),
};
SHAPE(get_health_check_status_response, GetHealthCheckStatusResponse)

static const struct xml_field get_health_check_last_failure_reason_response_fields[] = {
    LIST(get_health_check_last_failure_reason_response, "HealthCheckObservations",
         health_check_observations, REQUIRED, HealthCheckObservations, 0, XML_UNBOUNDED,
         item_health_check_observations),
};
SHAPE(get_health_check_last_failure_reason_response, GetHealthCheckLastFailureReasonResponse)

static const struct xml_field get_geo_location_query_fields[] = {
    TEXT(get_geo_location_query, "continentcode", continent_code, OPTIONAL,
         GeoLocationContinentCode, 2, 2, ANY),
    TEXT(get_geo_location_query, "countrycode", country_code, OPTIONAL, GeoLocationCountryCode, 1,
         2, ANY),
    TEXT(get_geo_location_query, "subdivisioncode", subdivision_code, OPTIONAL,
         GeoLocationSubdivisionCode, 1, 3, ANY),
};
SHAPE(get_geo_location_query, GetGeoLocationQuery)

static const struct xml_field geo_location_details_fields[] = {
    TEXT(geo_location_details, "ContinentCode", continent_code, OPTIONAL, GeoLocationContinentCode,
         2, 2, ANY),
    TEXT(geo_location_details, "ContinentName", continent_name, OPTIONAL, GeoLocationContinentName,
         1, 32, ANY),
    TEXT(geo_location_details, "CountryCode", country_code, OPTIONAL, GeoLocationCountryCode, 1, 2,
         ANY),
    TEXT(geo_location_details, "CountryName", country_name, OPTIONAL, GeoLocationCountryName, 1, 64,
         ANY),
    TEXT(geo_location_details, "SubdivisionCode", subdivision_code, OPTIONAL,
         GeoLocationSubdivisionCode, 1, 3, ANY),
    TEXT(geo_location_details, "SubdivisionName", subdivision_name, OPTIONAL,
         GeoLocationSubdivisionName, 1, 64, ANY),
};
SHAPE(geo_location_details, GeoLocationDetails)

static const struct xml_field get_geo_location_response_fields[] = {
    STRUCTURE(get_geo_location_response, "GeoLocationDetails", geo_location_details, REQUIRED,
              GeoLocationDetails, geo_location_details),
};
SHAPE(get_geo_location_response, GetGeoLocationResponse)

static const struct xml_field list_geo_locations_query_fields[] = {
    TEXT(list_geo_locations_query, "startcontinentcode", start_continent_code, OPTIONAL,
         GeoLocationContinentCode, 2, 2, ANY),
    TEXT(list_geo_locations_query, "startcountrycode", start_country_code, OPTIONAL,
         GeoLocationCountryCode, 1, 2, ANY),
    TEXT(list_geo_locations_query, "startsubdivisioncode", start_subdivision_code, OPTIONAL,
         GeoLocationSubdivisionCode, 1, 3, ANY),
    TEXT(list_geo_locations_query, "maxitems", max_items, OPTIONAL, PageMaxItems, 0, XML_UNBOUNDED,
         ANY),
};
SHAPE(list_geo_locations_query, ListGeoLocationsQuery)

static const struct xml_field list_geo_locations_response_fields[] = {
    LIST(list_geo_locations_response, "GeoLocationDetailsList", geo_location_details_list, REQUIRED,
         GeoLocationDetailsList, 0, XML_UNBOUNDED, item_geo_location_details_list),
    BOOLEAN(list_geo_locations_response, "IsTruncated", is_truncated, REQUIRED, PageTruncated),
    TEXT(list_geo_locations_response, "NextContinentCode", next_continent_code, OPTIONAL,
         GeoLocationContinentCode, 2, 2, ANY),
    TEXT(list_geo_locations_response, "NextCountryCode", next_country_code, OPTIONAL,
         GeoLocationCountryCode, 1, 2, ANY),
    TEXT(list_geo_locations_response, "NextSubdivisionCode", next_subdivision_code, OPTIONAL,
         GeoLocationSubdivisionCode, 1, 3, ANY),
    TEXT(list_geo_locations_response, "MaxItems", max_items, REQUIRED, PageMaxItems, 0,
         XML_UNBOUNDED, ANY),
};
SHAPE(list_geo_locations_response, ListGeoLocationsResponse)

static const struct xml_field create_cidr_collection_request_fields[] = {
    TEXT(create_cidr_collection_request, "Name", name, REQUIRED, CollectionName, 1, 64, fits_name),
    TEXT(create_cidr_collection_request, "CallerReference", caller_reference, REQUIRED, CidrNonce,
         1, 64, fits_ascii),
};
SHAPE(create_cidr_collection_request, CreateCidrCollectionRequest)

static const struct xml_field cidr_collection_fields[] = {
    TEXT(cidr_collection, "Arn", arn, OPTIONAL, ARN, 20, 2048, ANY),
    TEXT(cidr_collection, "Id", id, OPTIONAL, UUID, 0, XML_UNBOUNDED, fits_uuid),
    TEXT(cidr_collection, "Name", name, OPTIONAL, CollectionName, 1, 64, fits_name),
    INTEGER(cidr_collection, "Version", version, OPTIONAL, CollectionVersion, 1, XML_UNBOUNDED),
};
SHAPE(cidr_collection, CidrCollection)

static const struct xml_field create_cidr_collection_response_fields[] = {
    STRUCTURE(create_cidr_collection_response, "Collection", collection, OPTIONAL, CidrCollection,
              cidr_collection),
};
SHAPE(create_cidr_collection_response, CreateCidrCollectionResponse)

static const struct xml_field cidr_collection_change_fields[] = {
    TEXT(cidr_collection_change, "LocationName", location_name, REQUIRED,
         CidrLocationNameDefaultNotAllowed, 1, 16, fits_name),
    WORD(cidr_collection_change, "Action", action, REQUIRED, CidrCollectionChangeAction,
         words_cidr_collection_change_action),
    LIST(cidr_collection_change, "CidrList", cidr_list, REQUIRED, CidrList, 1, 1000,
         item_cidr_list),
};
SHAPE(cidr_collection_change, CidrCollectionChange)

static const struct xml_field change_cidr_collection_request_fields[] = {
    INTEGER(change_cidr_collection_request, "CollectionVersion", collection_version, OPTIONAL,
            CollectionVersion, 1, XML_UNBOUNDED),
    LIST(change_cidr_collection_request, "Changes", changes, REQUIRED, CidrCollectionChanges, 1,
         1000, item_cidr_collection_changes),
};
SHAPE(change_cidr_collection_request, ChangeCidrCollectionRequest)

static const struct xml_field change_cidr_collection_response_fields[] = {
    TEXT(change_cidr_collection_response, "Id", id, REQUIRED, ChangeId, 1, 6500, ANY),
};
SHAPE(change_cidr_collection_response, ChangeCidrCollectionResponse)

static const struct xml_field list_cidr_collections_query_fields[] = {
    TEXT(list_cidr_collections_query, "nexttoken", next_token, OPTIONAL, PaginationToken, 0, 1024,
         ANY),
    TEXT(list_cidr_collections_query, "maxresults", max_results, OPTIONAL, MaxResults, 0,
         XML_UNBOUNDED, ANY),
};
SHAPE(list_cidr_collections_query, ListCidrCollectionsQuery)

static const struct xml_field list_cidr_collections_response_fields[] = {
    TEXT(list_cidr_collections_response, "NextToken", next_token, OPTIONAL, PaginationToken, 0,
         1024, ANY),
    LIST(list_cidr_collections_response, "CidrCollections", cidr_collections, OPTIONAL,
         CollectionSummaries, 0, XML_UNBOUNDED, item_collection_summaries),
};
SHAPE(list_cidr_collections_response, ListCidrCollectionsResponse)

static const struct xml_field list_cidr_locations_query_fields[] = {
    TEXT(list_cidr_locations_query, "nexttoken", next_token, OPTIONAL, PaginationToken, 0, 1024,
         ANY),
    TEXT(list_cidr_locations_query, "maxresults", max_results, OPTIONAL, MaxResults, 0,
         XML_UNBOUNDED, ANY),
};
SHAPE(list_cidr_locations_query, ListCidrLocationsQuery)

static const struct xml_field list_cidr_locations_response_fields[] = {
    TEXT(list_cidr_locations_response, "NextToken", next_token, OPTIONAL, PaginationToken, 0, 1024,
         ANY),
    LIST(list_cidr_locations_response, "CidrLocations", cidr_locations, OPTIONAL, LocationSummaries,
         0, XML_UNBOUNDED, item_location_summaries),
};
SHAPE(list_cidr_locations_response, ListCidrLocationsResponse)

static const struct xml_field list_cidr_blocks_query_fields[] = {
    TEXT(list_cidr_blocks_query, "location", location_name, OPTIONAL,
         CidrLocationNameDefaultNotAllowed, 1, 16, fits_name),
    TEXT(list_cidr_blocks_query, "nexttoken", next_token, OPTIONAL, PaginationToken, 0, 1024, ANY),
    TEXT(list_cidr_blocks_query, "maxresults", max_results, OPTIONAL, MaxResults, 0, XML_UNBOUNDED,
         ANY),
};
SHAPE(list_cidr_blocks_query, ListCidrBlocksQuery)

static const struct xml_field cidr_block_summary_fields[] = {
    TEXT(cidr_block_summary, "CidrBlock", cidr_block, OPTIONAL, Cidr, 1, 50, fits_text),
    TEXT(cidr_block_summary, "LocationName", location_name, OPTIONAL,
         CidrLocationNameDefaultNotAllowed, 1, 16, fits_name),
};
SHAPE(cidr_block_summary, CidrBlockSummary)

static const struct xml_field list_cidr_blocks_response_fields[] = {
    TEXT(list_cidr_blocks_response, "NextToken", next_token, OPTIONAL, PaginationToken, 0, 1024,
         ANY),
    LIST(list_cidr_blocks_response, "CidrBlocks", cidr_blocks, OPTIONAL, CidrBlockSummaries, 0,
         XML_UNBOUNDED, item_cidr_block_summaries),
};
SHAPE(list_cidr_blocks_response, ListCidrBlocksResponse)

static const struct xml_field get_checker_ip_ranges_response_fields[] = {
    LIST(get_checker_ip_ranges_response, "CheckerIpRanges", checker_ip_ranges, REQUIRED,
         CheckerIpRanges, 0, XML_UNBOUNDED, item_checker_ip_ranges),
};
SHAPE(get_checker_ip_ranges_response, GetCheckerIpRangesResponse)
