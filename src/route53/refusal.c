#include "call.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

static const struct {
    const char *name;
    unsigned status;
} codes[ROUTE53_CODE_COUNT] = {
    [ROUTE53_NO_CODE] = { "InternalFailure", 500 },
    [MALFORMED_INPUT] = { "MalformedInput", 400 },
    [INVALID_INPUT] = { "InvalidInput", 400 },
    [INVALID_ARGUMENT] = { "InvalidArgument", 400 },
    [INCOMPATIBLE_VERSION] = { "IncompatibleVersion", 400 },
    [UNKNOWN_OPERATION] = { "UnknownOperationException", 404 },
    [THROTTLING] = { "Throttling", 400 },
    [PRIOR_REQUEST_NOT_COMPLETE] = { "PriorRequestNotComplete", 400 },
    [INTERNAL_FAILURE] = { "InternalFailure", 500 },
    [SERVICE_UNAVAILABLE] = { "ServiceUnavailable", 503 },
    [INVALID_CHANGE_BATCH] = { "InvalidChangeBatch", 400 },
    [NO_SUCH_CHANGE] = { "NoSuchChange", 404 },
    [NO_SUCH_HOSTED_ZONE] = { "NoSuchHostedZone", 404 },
    [HOSTED_ZONE_ALREADY_EXISTS] = { "HostedZoneAlreadyExists", 409 },
    [HOSTED_ZONE_NOT_EMPTY] = { "HostedZoneNotEmpty", 400 },
    [HOSTED_ZONE_NOT_FOUND] = { "HostedZoneNotFound", 400 },
    [HOSTED_ZONE_NOT_PRIVATE] = { "HostedZoneNotPrivate", 400 },
    [HOSTED_ZONE_PARTIALLY_DELEGATED] = { "HostedZonePartiallyDelegated", 400 },
    [INVALID_DOMAIN_NAME] = { "InvalidDomainName", 400 },
    [TOO_MANY_HOSTED_ZONES] = { "TooManyHostedZones", 400 },
    [CONFLICTING_DOMAIN_EXISTS] = { "ConflictingDomainExists", 400 },
    [DELEGATION_SET_NOT_AVAILABLE] = { "DelegationSetNotAvailable", 400 },
    [NO_SUCH_DELEGATION_SET] = { "NoSuchDelegationSet", 400 },
    [DELEGATION_SET_NOT_REUSABLE] = { "DelegationSetNotReusable", 400 },
    [DELEGATION_SET_ALREADY_REUSABLE] = { "DelegationSetAlreadyReusable", 400 },
    [DELEGATION_SET_ALREADY_CREATED] = { "DelegationSetAlreadyCreated", 400 },
    [DELEGATION_SET_IN_USE] = { "DelegationSetInUse", 400 },
    [INVALID_VPC_ID] = { "InvalidVPCId", 400 },
    [PUBLIC_ZONE_VPC_ASSOCIATION] = { "PublicZoneVPCAssociation", 400 },
    [LAST_VPC_ASSOCIATION] = { "LastVPCAssociation", 400 },
    [VPC_ASSOCIATION_NOT_FOUND] = { "VPCAssociationNotFound", 404 },
    [VPC_ASSOCIATION_AUTHORIZATION_NOT_FOUND] = { "VPCAssociationAuthorizationNotFound", 404 },
    [TOO_MANY_VPC_ASSOCIATION_AUTHORIZATIONS] = { "TooManyVPCAssociationAuthorizations", 400 },
    [LIMITS_EXCEEDED] = { "LimitsExceeded", 400 },
    [NO_SUCH_HEALTH_CHECK] = { "NoSuchHealthCheck", 404 },
    [HEALTH_CHECK_ALREADY_EXISTS] = { "HealthCheckAlreadyExists", 409 },
    [HEALTH_CHECK_VERSION_MISMATCH] = { "HealthCheckVersionMismatch", 409 },
    [HEALTH_CHECK_IN_USE] = { "HealthCheckInUse", 400 },
    [TOO_MANY_HEALTH_CHECKS] = { "TooManyHealthChecks", 400 },
    [NO_SUCH_GEO_LOCATION] = { "NoSuchGeoLocation", 404 },
    [INVALID_PAGINATION_TOKEN] = { "InvalidPaginationToken", 400 },
    [NO_SUCH_QUERY_LOGGING_CONFIG] = { "NoSuchQueryLoggingConfig", 404 },
    [QUERY_LOGGING_CONFIG_ALREADY_EXISTS] = { "QueryLoggingConfigAlreadyExists", 409 },
    [NO_SUCH_CLOUD_WATCH_LOGS_LOG_GROUP] = { "NoSuchCloudWatchLogsLogGroup", 404 },
    [NO_SUCH_KEY_SIGNING_KEY] = { "NoSuchKeySigningKey", 404 },
    [KEY_SIGNING_KEY_ALREADY_EXISTS] = { "KeySigningKeyAlreadyExists", 409 },
    [KEY_SIGNING_KEY_WITH_ACTIVE_STATUS_NOT_FOUND] = { "KeySigningKeyWithActiveStatusNotFound",
                                                       400 },
    [INVALID_KEY_SIGNING_KEY_STATUS] = { "InvalidKeySigningKeyStatus", 400 },
    [INVALID_KEY_SIGNING_KEY_NAME] = { "InvalidKeySigningKeyName", 400 },
    [INVALID_KMS_ARN] = { "InvalidKMSArn", 400 },
    [INVALID_SIGNING_STATUS] = { "InvalidSigningStatus", 400 },
    [KEY_SIGNING_KEY_IN_USE] = { "KeySigningKeyInUse", 400 },
    [KEY_SIGNING_KEY_IN_PARENT_DS_RECORD] = { "KeySigningKeyInParentDSRecord", 400 },
    [TOO_MANY_KEY_SIGNING_KEYS] = { "TooManyKeySigningKeys", 400 },
    [DNSSEC_NOT_FOUND] = { "DNSSECNotFound", 400 },
    [CONCURRENT_MODIFICATION] = { "ConcurrentModification", 400 },
    [NO_SUCH_CIDR_COLLECTION] = { "NoSuchCidrCollectionException", 404 },
    [NO_SUCH_CIDR_LOCATION] = { "NoSuchCidrLocationException", 404 },
    [CIDR_COLLECTION_VERSION_MISMATCH] = { "CidrCollectionVersionMismatchException", 409 },
    [CIDR_COLLECTION_ALREADY_EXISTS] = { "CidrCollectionAlreadyExistsException", 400 },
    [CIDR_COLLECTION_IN_USE] = { "CidrCollectionInUseException", 400 },
    [CIDR_BLOCK_IN_USE] = { "CidrBlockInUseException", 400 },
    [NO_SUCH_TRAFFIC_POLICY] = { "NoSuchTrafficPolicy", 404 },
    [NO_SUCH_TRAFFIC_POLICY_INSTANCE] = { "NoSuchTrafficPolicyInstance", 404 },
    [TRAFFIC_POLICY_ALREADY_EXISTS] = { "TrafficPolicyAlreadyExists", 409 },
    [TRAFFIC_POLICY_INSTANCE_ALREADY_EXISTS] = { "TrafficPolicyInstanceAlreadyExists", 409 },
    [TRAFFIC_POLICY_IN_USE] = { "TrafficPolicyInUse", 400 },
    [TOO_MANY_TRAFFIC_POLICIES] = { "TooManyTrafficPolicies", 400 },
    [TOO_MANY_TRAFFIC_POLICY_INSTANCES] = { "TooManyTrafficPolicyInstances", 400 },
    [TOO_MANY_TRAFFIC_POLICY_VERSIONS] = { "TooManyTrafficPolicyVersionsForCurrentPolicy", 400 },
    [INVALID_TRAFFIC_POLICY_DOCUMENT] = { "InvalidTrafficPolicyDocument", 400 },
    [CONFLICTING_TYPES] = { "ConflictingTypes", 400 },
    [PROTECTION_ALREADY_EXISTS] = { "ProtectionAlreadyExists", 409 },
    [INVALID_PROTECTION_BATCH] = { "InvalidResourceRecordSetProtectionBatch", 400 },
    [THROTTLING_EXCEPTION] = { "ThrottlingException", 400 },
};

const char *route53_code_name(enum route53_code code)
{
    return codes[code].name;
}

unsigned route53_code_status(enum route53_code code)
{
    return codes[code].status;
}

static const char *format_message(struct arena *arena, const char *format, va_list arguments)
    __attribute__((format(printf, 2, 0)));

static const char *format_message(struct arena *arena, const char *format, va_list arguments)
{
    char *text = NULL;
    const char *copy = NULL;
    int size = vasprintf(&text, format, arguments);
    if (size >= 0)
        copy = arena_copy(arena, text, (size_t)size + 1);
    free(size >= 0 ? text : NULL);
    return copy == NULL ? "" : copy;
}

int route53_refuse(struct route53_call *call, enum route53_code code, const char *format, ...)
{
    va_list arguments;
    if (call->refusal.code != ROUTE53_NO_CODE)
        return SP_EINVAL;
    va_start(arguments, format);
    call->refusal.code = code;
    call->refusal.message = format_message(call->arena, format, arguments);
    va_end(arguments);
    return SP_EINVAL;
}
