/*
 * Key-signing keys and the signing status of zones (A-KSK, A-SEC-1).
 */
#include "operations.h"
#include "zones.h"

#include "signpost/control/key_signing_keys.h"
#include "signpost/control/signing.h"

#include <string.h>

/* ---- what is told ---- */

static struct xml_integer number(int64_t value)
{
    return (struct xml_integer){ true, value };
}

static struct xml_time when(uint64_t unix_ms)
{
    return (struct xml_time){ true, (int64_t)unix_ms };
}

/* R-SEC-4. */
static const char *key_status(const struct key_signing_key *key)
{
    if (!key->is_active)
        return "INACTIVE";
    return key->trouble[0] == '\0' ? "ACTIVE" : "ACTION_NEEDED";
}

/* A-KSK-2. */
static int tell_key(struct route53_call *call, const struct hosted_zone *zone,
                    const struct key_signing_key *key, struct r53_key_signing_key *out_told)
{
    struct key_texts *texts = ROUTE53_NEW(call, struct key_texts);
    int rc = texts == NULL ? SP_ENOMEM : control_key_texts(zone, key, texts, &call->problem);
    if (rc != 0)
        return route53_pass(call, rc);
    *out_told = (struct r53_key_signing_key){
        .name = route53_copy(call, key->name),
        .kms_arn = route53_copy(call, key->arn),
        .flag = number(KEY_FLAGS),
        .signing_algorithm_mnemonic = "ECDSAP256SHA256",
        .signing_algorithm_type = number(KEY_ALGORITHM),
        .digest_algorithm_mnemonic = "SHA-256",
        .digest_algorithm_type = number(KEY_DIGEST_TYPE),
        .key_tag = number(texts->tag),
        .digest_value = texts->digest,
        .public_key = texts->public_key,
        .ds_record = texts->ds_record,
        .dnskey_record = texts->dnskey_record,
        .status = key_status(key),
        .created_date = when(key->created_ms),
        .last_modified_date = when(key->changed_ms),
    };
    if (key->is_active && key->trouble[0] != '\0')
        out_told->status_message = route53_copy(call, key->trouble);
    return out_told->name == NULL || out_told->kms_arn == NULL ? route53_no_memory(call) : 0;
}

static int tell_change(struct route53_call *call, const struct change *change,
                       struct r53_change_info **out_info)
{
    *out_info = route53_change_info(call, change);
    return *out_info == NULL ? route53_no_memory(call) : 0;
}

/* ---- which zone, which key ---- */

/* R-SEC-1; clients look for the words "Operation is unsupported for private" (5.2). */
static int find_public_zone(struct route53_call *call, const char *id, struct hosted_zone *out_zone)
{
    int rc = route53_find_zone(call, id, out_zone);
    if (rc == 0 && out_zone->is_private)
        rc = route53_refuse(call, INVALID_ARGUMENT,
                            "Operation is unsupported for private hosted zones.");
    return rc;
}

static int no_such_key(struct route53_call *call)
{
    return route53_refuse(call, NO_SUCH_KEY_SIGNING_KEY,
                          "Key Signing Key with name %s does not exist in hosted zone %s.",
                          call->name, call->zone);
}

/* The zone that the path names together with a key: where there is no zone, there is no key. */
static int find_zone_of_key(struct route53_call *call, struct hosted_zone *out_zone)
{
    int rc = control_find_zone_id(call->control, call->zone, out_zone, &call->problem);
    return rc == SP_ENOENT ? no_such_key(call)
           : rc == 0       ? find_public_zone(call, call->zone, out_zone)
                           : route53_pass(call, rc);
}

/* ---- GetDNSSEC ---- */

static int tell_keys(struct route53_call *call, const struct hosted_zone *zone,
                     const struct signing_report *report, struct xml_list *out_list)
{
    int rc = 0;
    struct r53_key_signing_key *told =
        arena_alloc(call->arena, KEY_SIGNING_KEYS_MAX * sizeof *told);
    if (told == NULL)
        return route53_no_memory(call);
    for (unsigned i = 0; rc == 0 && i < report->ksk_count; i++)
        rc = tell_key(call, zone, &report->ksks[i].key, &told[i]);
    *out_list = (struct xml_list){ true, report->ksk_count, told };
    return rc;
}

int route53_get_dnssec(struct route53_call *call)
{
    static const char *const states[] = {
        [SERVE_NOT_SIGNING] = "NOT_SIGNING",
        [SERVE_SIGNING] = "SIGNING",
        [SERVE_ACTION_NEEDED] = "ACTION_NEEDED",
        [SERVE_INTERNAL_FAILURE] = "INTERNAL_FAILURE",
    };
    struct r53_get_dnssec_response *response = call->response;
    struct hosted_zone zone;
    struct signing_report report;
    int rc = find_public_zone(call, call->zone, &zone);
    if (rc != 0)
        return rc;
    rc = control_signing_report(call->control, &zone, &report, &call->problem);
    if (rc != 0)
        return route53_pass(call, rc);
    response->status = ROUTE53_NEW(call, struct r53_dnssec_status);
    if (response->status == NULL)
        return route53_no_memory(call);
    response->status->serve_signature = states[report.serves];
    if (report.message[0] != '\0')
        response->status->status_message = route53_copy(call, report.message);
    return tell_keys(call, &zone, &report, &response->key_signing_keys);
}

/* ---- keys ---- */

/* A-KSK-1. */
static int check_key(struct route53_call *call,
                     const struct r53_create_key_signing_key_request *request)
{
    if (key_name_check(request->name, &call->problem) != 0)
        return route53_refuse(call, INVALID_KEY_SIGNING_KEY_NAME, "%s", call->problem.text);
    if (!key_arn_is_right(request->key_management_service_arn))
        return route53_refuse(
            call, INVALID_KMS_ARN,
            "The KeyManagementServiceArn %s is not the ARN of a key in us-east-1.",
            request->key_management_service_arn);
    if (strcmp(request->status, "ACTIVE") != 0 && strcmp(request->status, "INACTIVE") != 0)
        return route53_refuse(
            call, INVALID_KEY_SIGNING_KEY_STATUS,
            "A key signing key is created with the status ACTIVE or INACTIVE, not "
            "%s.",
            request->status);
    return 0;
}

/* Whatever else may be wrong was looked at before: the key store lacks the key, or cannot use it.
 */
static int refuse_arn(struct route53_call *call, int rc)
{
    return rc == SP_EINVAL ? route53_refuse(call, INVALID_KMS_ARN, "%s", call->problem.text)
                           : route53_pass(call, rc);
}

static int refuse_key(struct route53_call *call, int rc)
{
    if (rc == SP_EEXIST)
        return route53_refuse(call, KEY_SIGNING_KEY_ALREADY_EXISTS, "%s", call->problem.text);
    if (rc == SP_ELIMIT)
        return route53_refuse(call, TOO_MANY_KEY_SIGNING_KEYS, "%s", call->problem.text);
    return refuse_arn(call, rc);
}

int route53_create_key_signing_key(struct route53_call *call)
{
    const struct r53_create_key_signing_key_request *request = call->body;
    struct r53_create_key_signing_key_response *response = call->response;
    struct hosted_zone zone;
    struct key_signing_key key;
    struct change change;
    const char *id;
    int rc = route53_read_id(call, request->hosted_zone_id, "hostedzone", ID_OF_BODY, &id);
    if (rc == 0)
        rc = find_public_zone(call, id, &zone);
    if (rc == 0)
        rc = check_key(call, request);
    if (rc != 0)
        return rc;
    rc =
        control_create_key(call->control, &zone, request->name, request->key_management_service_arn,
                           strcmp(request->status, "ACTIVE") == 0, &key, &change, &call->problem);
    if (rc != 0)
        return refuse_key(call, rc);
    call->location = arena_format(call->arena, "keysigningkey/%s/%s", zone.public_id, key.name);
    response->key_signing_key = ROUTE53_NEW(call, struct r53_key_signing_key);
    if (call->location == NULL || response->key_signing_key == NULL)
        return route53_no_memory(call);
    rc = tell_key(call, &zone, &key, response->key_signing_key);
    return rc == 0 ? tell_change(call, &change, &response->change_info) : rc;
}

int route53_activate_key_signing_key(struct route53_call *call)
{
    struct r53_activate_key_signing_key_response *response = call->response;
    struct hosted_zone zone;
    struct change change;
    int rc = find_zone_of_key(call, &zone);
    if (rc != 0)
        return rc;
    rc = control_set_key_active(call->control, &zone, call->name, true, &change, &call->problem);
    if (rc != 0)
        return rc == SP_ENOENT ? no_such_key(call) : refuse_arn(call, rc);
    return tell_change(call, &change, &response->change_info);
}

/* R-SEC-8: which of the two reasons it was. */
static int refuse_deactivation(struct route53_call *call, const struct hosted_zone *zone)
{
    struct signing_report report;
    unsigned active = 0;
    struct problem ignored;
    int rc = control_signing_report(call->control, zone, &report, &ignored);
    for (unsigned i = 0; rc == 0 && i < report.ksk_count; i++)
        active += report.ksks[i].key.is_active;
    if (rc == 0 && (active > 1 || report.wanted != SIGNING_ON))
        return route53_refuse(call, KEY_SIGNING_KEY_IN_PARENT_DS_RECORD,
                              "Key Signing Key with name %s cannot be deactivated: %s.", call->name,
                              call->problem.text);
    return route53_refuse(call, KEY_SIGNING_KEY_IN_USE,
                          "Key Signing Key with name %s cannot be deactivated because it is the "
                          "last active one of a hosted zone that is signed.",
                          call->name);
}

int route53_deactivate_key_signing_key(struct route53_call *call)
{
    struct r53_deactivate_key_signing_key_response *response = call->response;
    struct hosted_zone zone;
    struct change change;
    int rc = find_zone_of_key(call, &zone);
    if (rc != 0)
        return rc;
    rc = control_set_key_active(call->control, &zone, call->name, false, &change, &call->problem);
    if (rc == SP_ECONFLICT)
        return refuse_deactivation(call, &zone);
    if (rc == SP_EINVAL) /* the one that would be left cannot sign */
        return route53_refuse(call, INVALID_KEY_SIGNING_KEY_STATUS, "%s", call->problem.text);
    if (rc != 0)
        return rc == SP_ENOENT ? no_such_key(call) : route53_pass(call, rc);
    return tell_change(call, &change, &response->change_info);
}

int route53_delete_key_signing_key(struct route53_call *call)
{
    struct r53_delete_key_signing_key_response *response = call->response;
    struct hosted_zone zone;
    struct change change;
    int rc = find_zone_of_key(call, &zone);
    if (rc != 0)
        return rc;
    rc = control_delete_key(call->control, &zone, call->name, &change, &call->problem);
    if (rc == SP_ECONFLICT)
        return route53_refuse(call, INVALID_KEY_SIGNING_KEY_STATUS,
                              "Key Signing Key with name %s cannot be deleted because current "
                              "status is not INACTIVE.",
                              call->name);
    if (rc != 0)
        return rc == SP_ENOENT ? no_such_key(call) : route53_pass(call, rc);
    return tell_change(call, &change, &response->change_info);
}

/* ---- zones ---- */

int route53_enable_hosted_zone_dnssec(struct route53_call *call)
{
    struct r53_enable_hosted_zone_dnssec_response *response = call->response;
    struct hosted_zone zone;
    struct change change;
    int rc = find_public_zone(call, call->zone, &zone);
    if (rc != 0)
        return rc;
    rc = control_set_signing(call->control, &zone, true, &change, &call->problem);
    if (rc == SP_ECONFLICT)
        return route53_refuse(call, KEY_SIGNING_KEY_WITH_ACTIVE_STATUS_NOT_FOUND,
                              "Hosted zone with ID '%s' does not have a Key Signing Key in ACTIVE "
                              "status.",
                              zone.public_id);
    return rc == 0 ? tell_change(call, &change, &response->change_info) : refuse_arn(call, rc);
}

int route53_disable_hosted_zone_dnssec(struct route53_call *call)
{
    struct r53_disable_hosted_zone_dnssec_response *response = call->response;
    struct hosted_zone zone;
    struct change change;
    int rc = find_public_zone(call, call->zone, &zone);
    if (rc != 0)
        return rc;
    rc = control_set_signing(call->control, &zone, false, &change, &call->problem);
    if (rc == SP_ENOENT)
        return route53_refuse(call, DNSSEC_NOT_FOUND, "Hosted zone with ID '%s' has no DNSSEC.",
                              zone.public_id);
    if (rc == SP_ECONFLICT)
        return route53_refuse(call, KEY_SIGNING_KEY_IN_PARENT_DS_RECORD,
                              "DNSSEC signing cannot be disabled in hosted zone '%s': %s.",
                              zone.public_id, call->problem.text);
    return rc == 0 ? tell_change(call, &change, &response->change_info) : route53_pass(call, rc);
}
