/* The shapes of what belongs to zones besides their records, as the API model has them. */
#include "fields.h"

/* clang-format off: one field, one line */

static const char *const words_rr_type[] = { "SOA",   "A",    "TXT",   "NS",   "CNAME", "MX",
                                             "NAPTR", "PTR",  "SRV",   "SPF",  "AAAA",  "CAA",
                                             "DS",    "TLSA", "SSHFP", "SVCB", "HTTPS", NULL };
static const char *const words_account_limit_type[] = { "MAX_HEALTH_CHECKS_BY_OWNER",
                                                        "MAX_HOSTED_ZONES_BY_OWNER",
                                                        "MAX_TRAFFIC_POLICY_INSTANCES_BY_OWNER",
                                                        "MAX_REUSABLE_DELEGATION_SETS_BY_OWNER",
                                                        "MAX_TRAFFIC_POLICIES_BY_OWNER",
                                                        NULL };
static const char *const words_hosted_zone_limit_type[] = { "MAX_RRSETS_BY_ZONE",
                                                            "MAX_VPCS_ASSOCIATED_BY_ZONE", NULL };
static const char *const words_reusable_delegation_set_limit_type[] = {
    "MAX_ZONES_BY_REUSABLE_DELEGATION_SET", NULL
};

static const struct xml_field item_vpcs = ITEM_STRUCTURE("VPC", VPC, vpc);
static const struct xml_field item_delegation_sets =
    ITEM_STRUCTURE("DelegationSet", DelegationSet, delegation_set);
static const struct xml_field item_hosted_zone_summaries =
    ITEM_STRUCTURE("HostedZoneSummary", HostedZoneSummary, hosted_zone_summary);
static const struct xml_field item_key_signing_keys =
    ITEM_STRUCTURE("member", KeySigningKey, key_signing_key);
static const struct xml_field item_record_data =
    ITEM_TEXT("RecordDataEntry", RecordDataEntry, 0, 512, ANY);
static const struct xml_field item_query_logging_configs =
    ITEM_STRUCTURE("QueryLoggingConfig", QueryLoggingConfig, query_logging_config);
static const struct xml_field item_resource_record_set_protection_configs =
    ITEM_STRUCTURE("ResourceRecordSetProtectionConfig", ResourceRecordSetProtectionConfig,
                   resource_record_set_protection_config);
static const struct xml_field item_resource_record_set_protections = ITEM_STRUCTURE(
    "ResourceRecordSetProtection", ResourceRecordSetProtection, resource_record_set_protection);
static const struct xml_field item_resource_record_set_protection_keys =
    ITEM_STRUCTURE("ResourceRecordSetProtectionKey", ResourceRecordSetProtectionKey,
                   resource_record_set_protection_key);

static const struct xml_field create_reusable_delegation_set_request_fields[] = {
    TEXT(create_reusable_delegation_set_request, "CallerReference", caller_reference, REQUIRED,
         Nonce, 1, 128, ANY),
    TEXT(create_reusable_delegation_set_request, "HostedZoneId", hosted_zone_id, OPTIONAL,
         ResourceId, 0, XML_UNBOUNDED, ANY),
};
SHAPE(create_reusable_delegation_set_request, CreateReusableDelegationSetRequest)

static const struct xml_field create_reusable_delegation_set_response_fields[] = {
    STRUCTURE(create_reusable_delegation_set_response, "DelegationSet", delegation_set, REQUIRED,
              DelegationSet, delegation_set),
};
SHAPE(create_reusable_delegation_set_response, CreateReusableDelegationSetResponse)

static const struct xml_field get_reusable_delegation_set_response_fields[] = {
    STRUCTURE(get_reusable_delegation_set_response, "DelegationSet", delegation_set, REQUIRED,
              DelegationSet, delegation_set),
};
SHAPE(get_reusable_delegation_set_response, GetReusableDelegationSetResponse)

static const struct xml_field list_reusable_delegation_sets_query_fields[] = {
    TEXT(list_reusable_delegation_sets_query, "marker", marker, OPTIONAL, PageMarker, 0, 64, ANY),
    TEXT(list_reusable_delegation_sets_query, "maxitems", max_items, OPTIONAL, PageMaxItems, 0,
         XML_UNBOUNDED, ANY),
};
SHAPE(list_reusable_delegation_sets_query, ListReusableDelegationSetsQuery)

static const struct xml_field list_reusable_delegation_sets_response_fields[] = {
    LIST(list_reusable_delegation_sets_response, "DelegationSets", delegation_sets, REQUIRED,
         DelegationSets, 0, XML_UNBOUNDED, item_delegation_sets),
    TEXT(list_reusable_delegation_sets_response, "Marker", marker, REQUIRED, PageMarker, 0, 64,
         ANY),
    BOOLEAN(list_reusable_delegation_sets_response, "IsTruncated", is_truncated, REQUIRED,
            PageTruncated),
    TEXT(list_reusable_delegation_sets_response, "NextMarker", next_marker, OPTIONAL, PageMarker, 0,
         64, ANY),
    TEXT(list_reusable_delegation_sets_response, "MaxItems", max_items, REQUIRED, PageMaxItems, 0,
         XML_UNBOUNDED, ANY),
};
SHAPE(list_reusable_delegation_sets_response, ListReusableDelegationSetsResponse)

static const struct xml_field associate_vpc_with_hosted_zone_request_fields[] = {
    STRUCTURE(associate_vpc_with_hosted_zone_request, "VPC", vpc, REQUIRED, VPC, vpc),
    TEXT(associate_vpc_with_hosted_zone_request, "Comment", comment, OPTIONAL, AssociateVPCComment,
         0, XML_UNBOUNDED, ANY),
};
SHAPE(associate_vpc_with_hosted_zone_request, AssociateVPCWithHostedZoneRequest)

static const struct xml_field associate_vpc_with_hosted_zone_response_fields[] = {
    STRUCTURE(associate_vpc_with_hosted_zone_response, "ChangeInfo", change_info, REQUIRED,
              ChangeInfo, change_info),
};
SHAPE(associate_vpc_with_hosted_zone_response, AssociateVPCWithHostedZoneResponse)

static const struct xml_field disassociate_vpc_from_hosted_zone_request_fields[] = {
    STRUCTURE(disassociate_vpc_from_hosted_zone_request, "VPC", vpc, REQUIRED, VPC, vpc),
    TEXT(disassociate_vpc_from_hosted_zone_request, "Comment", comment, OPTIONAL,
         DisassociateVPCComment, 0, XML_UNBOUNDED, ANY),
};
SHAPE(disassociate_vpc_from_hosted_zone_request, DisassociateVPCFromHostedZoneRequest)

static const struct xml_field disassociate_vpc_from_hosted_zone_response_fields[] = {
    STRUCTURE(disassociate_vpc_from_hosted_zone_response, "ChangeInfo", change_info, REQUIRED,
              ChangeInfo, change_info),
};
SHAPE(disassociate_vpc_from_hosted_zone_response, DisassociateVPCFromHostedZoneResponse)

static const struct xml_field list_hosted_zones_by_vpc_query_fields[] = {
    TEXT(list_hosted_zones_by_vpc_query, "vpcid", vpc_id, REQUIRED, VPCId, 0, 1024, ANY),
    TEXT(list_hosted_zones_by_vpc_query, "vpcregion", vpc_region, REQUIRED, VPCRegion, 1, 64,
         fits_region),
    TEXT(list_hosted_zones_by_vpc_query, "maxitems", max_items, OPTIONAL, PageMaxItems, 0,
         XML_UNBOUNDED, ANY),
    TEXT(list_hosted_zones_by_vpc_query, "nexttoken", next_token, OPTIONAL, PaginationToken, 0,
         1024, ANY),
};
SHAPE(list_hosted_zones_by_vpc_query, ListHostedZonesByVPCQuery)

static const struct xml_field list_hosted_zones_by_vpc_response_fields[] = {
    LIST(list_hosted_zones_by_vpc_response, "HostedZoneSummaries", hosted_zone_summaries, REQUIRED,
         HostedZoneSummaries, 0, XML_UNBOUNDED, item_hosted_zone_summaries),
    TEXT(list_hosted_zones_by_vpc_response, "MaxItems", max_items, REQUIRED, PageMaxItems, 0,
         XML_UNBOUNDED, ANY),
    TEXT(list_hosted_zones_by_vpc_response, "NextToken", next_token, OPTIONAL, PaginationToken, 0,
         1024, ANY),
};
SHAPE(list_hosted_zones_by_vpc_response, ListHostedZonesByVPCResponse)

static const struct xml_field dnssec_status_fields[] = {
    TEXT(dnssec_status, "ServeSignature", serve_signature, OPTIONAL, ServeSignature, 1, 1024, ANY),
    TEXT(dnssec_status, "StatusMessage", status_message, OPTIONAL, SigningKeyStatusMessage, 0, 512,
         ANY),
};
SHAPE(dnssec_status, DNSSECStatus)

static const struct xml_field key_signing_key_fields[] = {
    TEXT(key_signing_key, "Name", name, OPTIONAL, SigningKeyName, 3, 128, ANY),
    TEXT(key_signing_key, "KmsArn", kms_arn, OPTIONAL, SigningKeyString, 0, XML_UNBOUNDED, ANY),
    INTEGER(key_signing_key, "Flag", flag, OPTIONAL, SigningKeyInteger, INT64_MIN, XML_UNBOUNDED),
    TEXT(key_signing_key, "SigningAlgorithmMnemonic", signing_algorithm_mnemonic, OPTIONAL,
         SigningKeyString, 0, XML_UNBOUNDED, ANY),
    INTEGER(key_signing_key, "SigningAlgorithmType", signing_algorithm_type, OPTIONAL,
            SigningKeyInteger, INT64_MIN, XML_UNBOUNDED),
    TEXT(key_signing_key, "DigestAlgorithmMnemonic", digest_algorithm_mnemonic, OPTIONAL,
         SigningKeyString, 0, XML_UNBOUNDED, ANY),
    INTEGER(key_signing_key, "DigestAlgorithmType", digest_algorithm_type, OPTIONAL,
            SigningKeyInteger, INT64_MIN, XML_UNBOUNDED),
    INTEGER(key_signing_key, "KeyTag", key_tag, OPTIONAL, SigningKeyTag, 0, 65536),
    TEXT(key_signing_key, "DigestValue", digest_value, OPTIONAL, SigningKeyString, 0, XML_UNBOUNDED,
         ANY),
    TEXT(key_signing_key, "PublicKey", public_key, OPTIONAL, SigningKeyString, 0, XML_UNBOUNDED,
         ANY),
    TEXT(key_signing_key, "DSRecord", ds_record, OPTIONAL, SigningKeyString, 0, XML_UNBOUNDED, ANY),
    TEXT(key_signing_key, "DNSKEYRecord", dnskey_record, OPTIONAL, SigningKeyString, 0,
         XML_UNBOUNDED, ANY),
    TEXT(key_signing_key, "Status", status, OPTIONAL, SigningKeyStatus, 5, 150, ANY),
    TEXT(key_signing_key, "StatusMessage", status_message, OPTIONAL, SigningKeyStatusMessage, 0,
         512, ANY),
    TIME(key_signing_key, "CreatedDate", created_date, OPTIONAL, TimeStamp),
    TIME(key_signing_key, "LastModifiedDate", last_modified_date, OPTIONAL, TimeStamp),
};
SHAPE(key_signing_key, KeySigningKey)

static const struct xml_field get_dnssec_response_fields[] = {
    STRUCTURE(get_dnssec_response, "Status", status, REQUIRED, DNSSECStatus, dnssec_status),
    LIST(get_dnssec_response, "KeySigningKeys", key_signing_keys, REQUIRED, KeySigningKeys, 0,
         XML_UNBOUNDED, item_key_signing_keys),
};
SHAPE(get_dnssec_response, GetDNSSECResponse)

static const struct xml_field test_dns_answer_query_fields[] = {
    TEXT(test_dns_answer_query, "hostedzoneid", hosted_zone_id, REQUIRED, ResourceId, 0,
         XML_UNBOUNDED, ANY),
    TEXT(test_dns_answer_query, "recordname", record_name, REQUIRED, DNSName, 0, 1024, ANY),
    WORD(test_dns_answer_query, "recordtype", record_type, REQUIRED, RRType, words_rr_type),
    TEXT(test_dns_answer_query, "resolverip", resolver_ip, OPTIONAL, IPAddress, 0, 45,
         fits_ip_address),
    TEXT(test_dns_answer_query, "edns0clientsubnetip", edns0_client_subnet_ip, OPTIONAL, IPAddress,
         0, 45, fits_ip_address),
    TEXT(test_dns_answer_query, "edns0clientsubnetmask", edns0_client_subnet_mask, OPTIONAL,
         SubnetMask, 0, 3, ANY),
};
SHAPE(test_dns_answer_query, TestDNSAnswerQuery)

static const struct xml_field test_dns_answer_response_fields[] = {
    TEXT(test_dns_answer_response, "Nameserver", nameserver, REQUIRED, Nameserver, 0, 255, ANY),
    TEXT(test_dns_answer_response, "RecordName", record_name, REQUIRED, DNSName, 0, 1024, ANY),
    WORD(test_dns_answer_response, "RecordType", record_type, REQUIRED, RRType, words_rr_type),
    LIST(test_dns_answer_response, "RecordData", record_data, REQUIRED, RecordData, 0,
         XML_UNBOUNDED, item_record_data),
    TEXT(test_dns_answer_response, "ResponseCode", response_code, REQUIRED, DNSRCode, 0,
         XML_UNBOUNDED, ANY),
    TEXT(test_dns_answer_response, "Protocol", protocol, REQUIRED, TransportProtocol, 0,
         XML_UNBOUNDED, ANY),
};
SHAPE(test_dns_answer_response, TestDNSAnswerResponse)

static const struct xml_field create_key_signing_key_request_fields[] = {
    TEXT(create_key_signing_key_request, "CallerReference", caller_reference, REQUIRED, Nonce, 1,
         128, ANY),
    TEXT(create_key_signing_key_request, "HostedZoneId", hosted_zone_id, REQUIRED, ResourceId, 0,
         XML_UNBOUNDED, ANY),
    TEXT(create_key_signing_key_request, "KeyManagementServiceArn", key_management_service_arn,
         REQUIRED, SigningKeyString, 0, XML_UNBOUNDED, ANY),
    TEXT(create_key_signing_key_request, "Name", name, REQUIRED, SigningKeyName, 3, 128, ANY),
    TEXT(create_key_signing_key_request, "Status", status, REQUIRED, SigningKeyStatus, 5, 150, ANY),
};
SHAPE(create_key_signing_key_request, CreateKeySigningKeyRequest)

static const struct xml_field create_key_signing_key_response_fields[] = {
    STRUCTURE(create_key_signing_key_response, "ChangeInfo", change_info, REQUIRED, ChangeInfo,
              change_info),
    STRUCTURE(create_key_signing_key_response, "KeySigningKey", key_signing_key, REQUIRED,
              KeySigningKey, key_signing_key),
};
SHAPE(create_key_signing_key_response, CreateKeySigningKeyResponse)

static const struct xml_field activate_key_signing_key_response_fields[] = {
    STRUCTURE(activate_key_signing_key_response, "ChangeInfo", change_info, REQUIRED, ChangeInfo,
              change_info),
};
SHAPE(activate_key_signing_key_response, ActivateKeySigningKeyResponse)

static const struct xml_field deactivate_key_signing_key_response_fields[] = {
    STRUCTURE(deactivate_key_signing_key_response, "ChangeInfo", change_info, REQUIRED, ChangeInfo,
              change_info),
};
SHAPE(deactivate_key_signing_key_response, DeactivateKeySigningKeyResponse)

static const struct xml_field delete_key_signing_key_response_fields[] = {
    STRUCTURE(delete_key_signing_key_response, "ChangeInfo", change_info, REQUIRED, ChangeInfo,
              change_info),
};
SHAPE(delete_key_signing_key_response, DeleteKeySigningKeyResponse)

static const struct xml_field enable_hosted_zone_dnssec_response_fields[] = {
    STRUCTURE(enable_hosted_zone_dnssec_response, "ChangeInfo", change_info, REQUIRED, ChangeInfo,
              change_info),
};
SHAPE(enable_hosted_zone_dnssec_response, EnableHostedZoneDNSSECResponse)

static const struct xml_field disable_hosted_zone_dnssec_response_fields[] = {
    STRUCTURE(disable_hosted_zone_dnssec_response, "ChangeInfo", change_info, REQUIRED, ChangeInfo,
              change_info),
};
SHAPE(disable_hosted_zone_dnssec_response, DisableHostedZoneDNSSECResponse)

static const struct xml_field create_query_logging_config_request_fields[] = {
    TEXT(create_query_logging_config_request, "HostedZoneId", hosted_zone_id, REQUIRED, ResourceId,
         0, XML_UNBOUNDED, ANY),
    TEXT(create_query_logging_config_request, "CloudWatchLogsLogGroupArn",
         cloud_watch_logs_log_group_arn, REQUIRED, CloudWatchLogsLogGroupArn, 0, XML_UNBOUNDED,
         ANY),
};
SHAPE(create_query_logging_config_request, CreateQueryLoggingConfigRequest)

static const struct xml_field query_logging_config_fields[] = {
    TEXT(query_logging_config, "Id", id, REQUIRED, QueryLoggingConfigId, 1, 36, ANY),
    TEXT(query_logging_config, "HostedZoneId", hosted_zone_id, REQUIRED, ResourceId, 0, 32, ANY),
    TEXT(query_logging_config, "CloudWatchLogsLogGroupArn", cloud_watch_logs_log_group_arn,
         REQUIRED, CloudWatchLogsLogGroupArn, 0, XML_UNBOUNDED, ANY),
};
SHAPE(query_logging_config, QueryLoggingConfig)

static const struct xml_field create_query_logging_config_response_fields[] = {
    STRUCTURE(create_query_logging_config_response, "QueryLoggingConfig", query_logging_config,
              REQUIRED, QueryLoggingConfig, query_logging_config),
};
SHAPE(create_query_logging_config_response, CreateQueryLoggingConfigResponse)

static const struct xml_field get_query_logging_config_response_fields[] = {
    STRUCTURE(get_query_logging_config_response, "QueryLoggingConfig", query_logging_config,
              REQUIRED, QueryLoggingConfig, query_logging_config),
};
SHAPE(get_query_logging_config_response, GetQueryLoggingConfigResponse)

static const struct xml_field list_query_logging_configs_query_fields[] = {
    TEXT(list_query_logging_configs_query, "hostedzoneid", hosted_zone_id, OPTIONAL, ResourceId, 0,
         XML_UNBOUNDED, ANY),
    TEXT(list_query_logging_configs_query, "nexttoken", next_token, OPTIONAL, PaginationToken, 0,
         1024, ANY),
    TEXT(list_query_logging_configs_query, "maxresults", max_results, OPTIONAL, MaxResults, 0,
         XML_UNBOUNDED, ANY),
};
SHAPE(list_query_logging_configs_query, ListQueryLoggingConfigsQuery)

static const struct xml_field list_query_logging_configs_response_fields[] = {
    LIST(list_query_logging_configs_response, "QueryLoggingConfigs", query_logging_configs,
         REQUIRED, QueryLoggingConfigs, 0, XML_UNBOUNDED, item_query_logging_configs),
    TEXT(list_query_logging_configs_response, "NextToken", next_token, OPTIONAL, PaginationToken, 0,
         1024, ANY),
};
SHAPE(list_query_logging_configs_response, ListQueryLoggingConfigsResponse)

static const struct xml_field create_vpc_association_authorization_request_fields[] = {
    STRUCTURE(create_vpc_association_authorization_request, "VPC", vpc, REQUIRED, VPC, vpc),
};
SHAPE(create_vpc_association_authorization_request, CreateVPCAssociationAuthorizationRequest)

static const struct xml_field create_vpc_association_authorization_response_fields[] = {
    TEXT(create_vpc_association_authorization_response, "HostedZoneId", hosted_zone_id, REQUIRED,
         ResourceId, 0, 32, ANY),
    STRUCTURE(create_vpc_association_authorization_response, "VPC", vpc, REQUIRED, VPC, vpc),
};
SHAPE(create_vpc_association_authorization_response, CreateVPCAssociationAuthorizationResponse)

static const struct xml_field delete_vpc_association_authorization_request_fields[] = {
    STRUCTURE(delete_vpc_association_authorization_request, "VPC", vpc, REQUIRED, VPC, vpc),
};
SHAPE(delete_vpc_association_authorization_request, DeleteVPCAssociationAuthorizationRequest)

static const struct xml_field list_vpc_association_authorizations_query_fields[] = {
    TEXT(list_vpc_association_authorizations_query, "nexttoken", next_token, OPTIONAL,
         PaginationToken, 0, 1024, ANY),
    TEXT(list_vpc_association_authorizations_query, "maxresults", max_results, OPTIONAL, MaxResults,
         0, XML_UNBOUNDED, ANY),
};
SHAPE(list_vpc_association_authorizations_query, ListVPCAssociationAuthorizationsQuery)

static const struct xml_field list_vpc_association_authorizations_response_fields[] = {
    TEXT(list_vpc_association_authorizations_response, "HostedZoneId", hosted_zone_id, REQUIRED,
         ResourceId, 0, 32, ANY),
    TEXT(list_vpc_association_authorizations_response, "NextToken", next_token, OPTIONAL,
         PaginationToken, 0, 1024, ANY),
    LIST(list_vpc_association_authorizations_response, "VPCs", vpcs, REQUIRED, VPCs, 1,
         XML_UNBOUNDED, item_vpcs),
};
SHAPE(list_vpc_association_authorizations_response, ListVPCAssociationAuthorizationsResponse)

static const struct xml_field account_limit_fields[] = {
    WORD(account_limit, "Type", type, REQUIRED, AccountLimitType, words_account_limit_type),
    INTEGER(account_limit, "Value", value, REQUIRED, LimitValue, 1, XML_UNBOUNDED),
};
SHAPE(account_limit, AccountLimit)

static const struct xml_field get_account_limit_response_fields[] = {
    STRUCTURE(get_account_limit_response, "Limit", limit, REQUIRED, AccountLimit, account_limit),
    INTEGER(get_account_limit_response, "Count", count, REQUIRED, UsageCount, 0, XML_UNBOUNDED),
};
SHAPE(get_account_limit_response, GetAccountLimitResponse)

static const struct xml_field hosted_zone_limit_fields[] = {
    WORD(hosted_zone_limit, "Type", type, REQUIRED, HostedZoneLimitType,
         words_hosted_zone_limit_type),
    INTEGER(hosted_zone_limit, "Value", value, REQUIRED, LimitValue, 1, XML_UNBOUNDED),
};
SHAPE(hosted_zone_limit, HostedZoneLimit)

static const struct xml_field get_hosted_zone_limit_response_fields[] = {
    STRUCTURE(get_hosted_zone_limit_response, "Limit", limit, REQUIRED, HostedZoneLimit,
              hosted_zone_limit),
    INTEGER(get_hosted_zone_limit_response, "Count", count, REQUIRED, UsageCount, 0, XML_UNBOUNDED),
};
SHAPE(get_hosted_zone_limit_response, GetHostedZoneLimitResponse)

static const struct xml_field reusable_delegation_set_limit_fields[] = {
    WORD(reusable_delegation_set_limit, "Type", type, REQUIRED, ReusableDelegationSetLimitType,
         words_reusable_delegation_set_limit_type),
    INTEGER(reusable_delegation_set_limit, "Value", value, REQUIRED, LimitValue, 1, XML_UNBOUNDED),
};
SHAPE(reusable_delegation_set_limit, ReusableDelegationSetLimit)

static const struct xml_field get_reusable_delegation_set_limit_response_fields[] = {
    STRUCTURE(get_reusable_delegation_set_limit_response, "Limit", limit, REQUIRED,
              ReusableDelegationSetLimit, reusable_delegation_set_limit),
    INTEGER(get_reusable_delegation_set_limit_response, "Count", count, REQUIRED, UsageCount, 0,
            XML_UNBOUNDED),
};
SHAPE(get_reusable_delegation_set_limit_response, GetReusableDelegationSetLimitResponse)

static const struct xml_field resource_record_set_protection_config_fields[] = {
    TEXT(resource_record_set_protection_config, "RecordName", record_name, REQUIRED, DNSName, 0,
         1024, ANY),
    WORD(resource_record_set_protection_config, "RecordType", record_type, REQUIRED, RRType,
         words_rr_type),
    TEXT(resource_record_set_protection_config, "Comment", comment, OPTIONAL,
         RecordSetProtectionComment, 0, 256, ANY),
};
SHAPE(resource_record_set_protection_config, ResourceRecordSetProtectionConfig)

static const struct xml_field create_resource_record_set_protections_request_fields[] = {
    LIST(create_resource_record_set_protections_request, "Protections", protections, REQUIRED,
         ResourceRecordSetProtectionConfigs, 1, 100, item_resource_record_set_protection_configs),
};
SHAPE(create_resource_record_set_protections_request, CreateResourceRecordSetProtectionsRequest)

static const struct xml_field list_resource_record_set_protections_query_fields[] = {
    TEXT(list_resource_record_set_protections_query, "name", name, OPTIONAL, DNSName, 0, 1024, ANY),
    WORD(list_resource_record_set_protections_query, "type", type, OPTIONAL, RRType, words_rr_type),
    TEXT(list_resource_record_set_protections_query, "maxresults", max_results, OPTIONAL,
         MaxResults, 0, XML_UNBOUNDED, ANY),
    TEXT(list_resource_record_set_protections_query, "nexttoken", next_token, OPTIONAL,
         PaginationToken, 0, 1024, ANY),
};
SHAPE(list_resource_record_set_protections_query, ListResourceRecordSetProtectionsQuery)

static const struct xml_field resource_record_set_protection_fields[] = {
    TEXT(resource_record_set_protection, "RecordName", record_name, REQUIRED, DNSName, 0, 1024,
         ANY),
    WORD(resource_record_set_protection, "RecordType", record_type, REQUIRED, RRType,
         words_rr_type),
    TEXT(resource_record_set_protection, "Comment", comment, OPTIONAL, RecordSetProtectionComment,
         0, 256, ANY),
};
SHAPE(resource_record_set_protection, ResourceRecordSetProtection)

static const struct xml_field list_resource_record_set_protections_response_fields[] = {
    LIST(list_resource_record_set_protections_response, "ResourceRecordSetProtections",
         resource_record_set_protections, REQUIRED, ResourceRecordSetProtections, 0, XML_UNBOUNDED,
         item_resource_record_set_protections),
    TEXT(list_resource_record_set_protections_response, "NextToken", next_token, OPTIONAL,
         PaginationToken, 0, 1024, ANY),
};
SHAPE(list_resource_record_set_protections_response, ListResourceRecordSetProtectionsResponse)

static const struct xml_field resource_record_set_protection_key_fields[] = {
    TEXT(resource_record_set_protection_key, "RecordName", record_name, REQUIRED, DNSName, 0, 1024,
         ANY),
    WORD(resource_record_set_protection_key, "RecordType", record_type, REQUIRED, RRType,
         words_rr_type),
};
SHAPE(resource_record_set_protection_key, ResourceRecordSetProtectionKey)

static const struct xml_field delete_resource_record_set_protections_request_fields[] = {
    LIST(delete_resource_record_set_protections_request, "Protections", protections, REQUIRED,
         ResourceRecordSetProtectionKeys, 1, 100, item_resource_record_set_protection_keys),
};
SHAPE(delete_resource_record_set_protections_request, DeleteResourceRecordSetProtectionsRequest)

static const struct xml_field update_hosted_zone_features_request_fields[] = {
    BOOLEAN(update_hosted_zone_features_request, "EnableAcceleratedRecovery",
            enable_accelerated_recovery, OPTIONAL, EnableAcceleratedRecovery),
};
SHAPE(update_hosted_zone_features_request, UpdateHostedZoneFeaturesRequest)
