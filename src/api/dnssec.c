/*
 * Signed zones: how one is doing, whether it shall be signed, and new keys in place of old ones.
 */
#include "call.h"

#include "signpost/base/log.h"
#include "signpost/control/key_signing_keys.h"
#include "signpost/control/signing.h"

#include <string.h>

/* ---- the report ---- */

/* null: nobody knows. */
static json_t *time_of(uint64_t unix_ms)
{
    return unix_ms != 0 ? api_json_time((int64_t)(unix_ms / 1000)) : json_null();
}

static const char *serves_text(enum serve_signature serves)
{
    static const char *const texts[] = {
        [SERVE_NOT_SIGNING] = "NOT_SIGNING",
        [SERVE_SIGNING] = "SIGNING",
        [SERVE_ACTION_NEEDED] = "ACTION_NEEDED",
        [SERVE_INTERNAL_FAILURE] = "INTERNAL_FAILURE",
    };
    return texts[serves];
}

static json_t *parent_object(const struct signing_report *report)
{
    static const char *const states[] = {
        [PARENT_ELSEWHERE] = "ELSEWHERE", [PARENT_UNSIGNED] = "UNSIGNED",
        [PARENT_NO_CUT] = "NO_CUT",       [PARENT_NO_DS] = "NO_DS",
        [PARENT_OTHER_DS] = "OTHER_DS",   [PARENT_HAS_DS] = "HAS_DS",
    };
    bool is_known = report->parent != PARENT_ELSEWHERE;
    return json_pack("{s:o,s:s,s:o}", "zone",
                     is_known ? api_json_name(report->parent_name) : json_null(), "state",
                     states[report->parent], "other_ds",
                     is_known ? json_boolean(report->parent_has_strange_ds) : json_null());
}

/* R-SEC-4: a key that cannot be used says so only while it has to be. */
static const char *ksk_status(const struct ksk_report *ksk)
{
    return !ksk->key.is_active ? "INACTIVE" : ksk->is_usable ? "ACTIVE" : "ACTION_NEEDED";
}

static json_t *ksk_object(const struct ksk_report *ksk, const struct key_texts *texts,
                          bool is_parent_known)
{
    return json_pack("{s:s,s:s,s:s,s:o,s:i,s:s,s:s,s:o,s:o,s:o}", "name", ksk->key.name, "arn",
                     ksk->key.arn, "status", ksk_status(ksk), "message",
                     api_json_text(ksk->message), "tag", (int)texts->tag, "ds_record",
                     texts->ds_record, "dnskey_record", texts->dnskey_record, "in_parent",
                     is_parent_known ? json_boolean(ksk->is_in_parent) : json_null(), "created_at",
                     time_of(ksk->key.created_ms), "changed_at", time_of(ksk->key.changed_ms));
}

static int add_ksks(struct api_call *call, const struct hosted_zone *zone,
                    const struct signing_report *report, json_t *document)
{
    json_t *list = json_array();
    int rc = 0;
    for (unsigned i = 0; rc == 0 && i < report->ksk_count; i++) {
        struct key_texts texts;
        rc = control_key_texts(zone, &report->ksks[i].key, &texts, &call->problem);
        if (rc == 0)
            json_array_append_new(
                list, ksk_object(&report->ksks[i], &texts, report->parent != PARENT_ELSEWHERE));
    }
    json_object_set_new(document, "keys", list);
    return rc;
}

static json_t *zsk_list(const struct signing_report *report)
{
    static const char *const states[] = {
        [ZSK_PUBLISHED] = "PUBLISHED", [ZSK_ACTIVE] = "ACTIVE", [ZSK_RETIRED] = "RETIRED"
    };
    json_t *list = json_array();
    for (unsigned i = 0; i < report->zsk_count; i++) {
        const struct zsk_report *zsk = &report->zsks[i];
        json_array_append_new(
            list, json_pack("{s:i,s:s,s:o,s:o,s:o}", "tag", (int)zsk->tag, "state",
                            states[zsk->state], "created_at", time_of(zsk->created_ms), "since",
                            time_of(zsk->changed_ms), "until", time_of(zsk->due_ms)));
    }
    return list;
}

/* How the zone is doing; the caller's reference. */
static int report_object(struct api_call *call, const struct hosted_zone *zone,
                         json_t **out_document)
{
    struct signing_report *report = arena_alloc(call->exchange->arena, sizeof(*report));
    if (report == NULL)
        return SP_ENOMEM;
    int rc = control_signing_report(api_call_control(call), zone, report, &call->problem);
    if (rc != 0)
        return rc;
    json_t *document = json_pack(
        "{s:s,s:s,s:b,s:s,s:o,s:o,s:o,s:o,s:o,s:b}", "zone", call->zone_text, "id", zone->public_id,
        "signing", report->wanted == SIGNING_ON, "status", serves_text(report->serves), "message",
        api_json_text(report->message), "zone_signing_keys", zsk_list(report), "signed_until",
        time_of(report->signed_until_s > 0 ? (uint64_t)report->signed_until_s * 1000 : 0),
        "refresh_at", time_of(report->refresh_ms), "parent", parent_object(report), "publishes_cds",
        report->publishes_cds);
    rc = document == NULL ? SP_ENOMEM : add_ksks(call, zone, report, document);
    if (rc == 0)
        *out_document = document;
    else
        json_decref(document);
    return rc;
}

int api_dnssec_read_end(struct api_call *call)
{
    struct hosted_zone zone;
    json_t *document = NULL;
    int rc = control_find_zone(api_call_control(call), call->zone, &zone, &call->problem);
    if (rc == 0)
        rc = report_object(call, &zone, &document);
    return rc == 0 ? api_call_json(call, document) : rc;
}

/* ---- enable and disable ---- */

static int read_wish(struct api_call *call, bool *out_sign)
{
    static const char *const known[] = { "signing", NULL };
    json_t *document = NULL;
    int rc = api_call_document(call, &document);
    if (rc != 0)
        return rc;
    const json_t *signing = json_object_get(document, "signing");
    rc = api_check_members(call, document, "", known);
    if (rc == 0 && !json_is_boolean(signing))
        rc = problem_set(&call->problem, SP_EINVAL, "signing: it must be true or false");
    if (rc == 0)
        *out_sign = json_is_true(signing);
    json_decref(document);
    return rc;
}

/* Adds what to do to a conflict's words.  NULL: no memory for it. */
static int advise(struct api_call *call, const char *advice)
{
    struct problem inner = call->problem;
    if (advice == NULL)
        return SP_ENOMEM;
    return problem_set(&call->problem, SP_ECONFLICT, "%.600s; %s", inner.text, advice);
}

/* R-SEC-8: the parent that is hosted here has a DS record. */
static int refuse_disabling(struct api_call *call, const struct hosted_zone *zone)
{
    struct signing_report *report = arena_alloc(call->exchange->arena, sizeof(*report));
    char parent[DNS_NAME_TEXT_SIZE];
    int rc = report == NULL ? SP_ENOMEM
                            : control_signing_report(api_call_control(call), zone, report, NULL);
    if (rc != 0 || report->parent == PARENT_ELSEWHERE)
        return SP_ECONFLICT;
    dns_name_to_text(parent, report->parent_name);
    return advise(call, arena_format(call->exchange->arena,
                                     "\"signpost record delete %s %s DS\" deletes it", parent,
                                     call->zone_text));
}

/* A zone that never had any DNSSEC is as unsigned as anybody may wish. */
static int set_signing(struct api_call *call, const struct hosted_zone *zone, bool sign)
{
    struct control *control = api_call_control(call);
    struct change change;
    if (sign)
        return control_enable_signing(control, zone, &change, &call->problem);
    int rc = control_set_signing(control, zone, false, &change, &call->problem);
    return rc == SP_ECONFLICT ? refuse_disabling(call, zone) : rc == SP_ENOENT ? 0 : rc;
}

int api_dnssec_put_end(struct api_call *call)
{
    struct hosted_zone zone;
    json_t *document = NULL;
    bool sign = false;
    int rc = read_wish(call, &sign);
    if (rc == 0)
        rc = control_find_zone(api_call_control(call), call->zone, &zone, &call->problem);
    if (rc == 0)
        rc = set_signing(call, &zone, sign);
    if (rc != 0)
        return rc;
    log_write(LOG_LEVEL_INFO, sign ? "zone is to be signed" : "zone is not to be signed", "zone",
              call->zone_text, NULL);
    rc = report_object(call, &zone, &document);
    if (rc != 0)
        return rc;
    api_call_wait(call);
    return api_call_json(call, document);
}

/* ---- rotate ---- */

enum rotation_step { STEP_BEGIN, STEP_FINISH, STEP_CANCEL };

static const char *const step_names[] = { "begin", "finish", "cancel" };

struct rotation {
    bool is_ksk;
    enum rotation_step step;
    bool is_vouched_for;        /* what the parent has */
    struct key_signing_key key; /* that was made, or deleted */
};

static bool find_step(const char *name, enum rotation_step *out_step)
{
    for (unsigned i = 0; name != NULL && i < sizeof(step_names) / sizeof(step_names[0]); i++)
        if (strcmp(name, step_names[i]) == 0) {
            *out_step = i;
            return true;
        }
    return false;
}

/* What the caller says of the parent, which goes with one of the steps. */
static int read_word(struct api_call *call, const json_t *document, const char *name,
                     enum rotation_step of, struct rotation *rotation)
{
    const json_t *word = json_object_get(document, name);
    if (word == NULL)
        return 0;
    if (!json_is_boolean(word))
        return problem_set(&call->problem, SP_EINVAL, "%s: it must be true or false", name);
    if (rotation->step != of)
        return problem_set(&call->problem, SP_EINVAL, "%s: it goes with the step \"%s\"", name,
                           step_names[of]);
    rotation->is_vouched_for = json_is_true(word);
    return 0;
}

static int read_step(struct api_call *call, const json_t *document, struct rotation *rotation)
{
    if (!find_step(json_string_value(json_object_get(document, "step")), &rotation->step))
        return problem_set(&call->problem, SP_EINVAL,
                           "step: it must be \"begin\", \"finish\" or \"cancel\"");
    int rc = read_word(call, document, "parent_changed", STEP_FINISH, rotation);
    return rc == 0 ? read_word(call, document, "parent_unchanged", STEP_CANCEL, rotation) : rc;
}

static int read_members(struct api_call *call, json_t *document, struct rotation *rotation)
{
    static const char *const of_zsk[] = { "key", NULL };
    static const char *const of_ksk[] = { "key", "step", "parent_changed", "parent_unchanged",
                                          NULL };
    const char *key = json_string_value(json_object_get(document, "key"));
    if (key == NULL || (strcmp(key, "zsk") != 0 && strcmp(key, "ksk") != 0))
        return problem_set(&call->problem, SP_EINVAL, "key: it must be \"zsk\" or \"ksk\"");
    rotation->is_ksk = strcmp(key, "ksk") == 0;
    int rc = api_check_members(call, document, "", rotation->is_ksk ? of_ksk : of_zsk);
    return rc == 0 && rotation->is_ksk ? read_step(call, document, rotation) : rc;
}

static int read_rotation(struct api_call *call, struct rotation *rotation)
{
    json_t *document = NULL;
    int rc = api_call_document(call, &document);
    if (rc == 0)
        rc = read_members(call, document, rotation);
    json_decref(document);
    return rc;
}

static int rotate(struct api_call *call, const struct hosted_zone *zone, struct rotation *rotation)
{
    struct control *control = api_call_control(call);
    struct change change;
    if (!rotation->is_ksk)
        return control_rotate_zsk(control, zone, &change, &call->problem);
    if (rotation->step == STEP_BEGIN)
        return control_begin_ksk_rotation(control, zone, &rotation->key, &change, &call->problem);
    return (rotation->step == STEP_FINISH ? control_finish_ksk_rotation
                                          : control_cancel_ksk_rotation)(
        control, zone, rotation->is_vouched_for, &rotation->key, &change, &call->problem);
}

static json_t *rotation_object(const struct rotation *rotation, json_t *report)
{
    json_t *document =
        json_pack("{s:s,s:o}", "key", rotation->is_ksk ? "ksk" : "zsk", "dnssec", report);
    if (document == NULL || !rotation->is_ksk)
        return document;
    json_object_set_new(document, "step", json_string(step_names[rotation->step]));
    json_object_set_new(document, "name", json_string(rotation->key.name));
    return document;
}

int api_dnssec_rotate_end(struct api_call *call)
{
    struct hosted_zone zone;
    struct rotation rotation = { 0 };
    json_t *report = NULL;
    int rc = read_rotation(call, &rotation);
    if (rc == 0)
        rc = control_find_zone(api_call_control(call), call->zone, &zone, &call->problem);
    if (rc == 0)
        rc = rotate(call, &zone, &rotation);
    if (rc == SP_ECONFLICT)
        rc = advise(call, arena_format(call->exchange->arena,
                                       "\"signpost dnssec status %s\" says what is next",
                                       call->zone_text));
    if (rc != 0)
        return rc;
    log_write(LOG_LEVEL_INFO, "key roll", "zone", call->zone_text, "key",
              rotation.is_ksk ? "key-signing key" : "zone-signing key", "step",
              step_names[rotation.step], NULL);
    rc = report_object(call, &zone, &report);
    if (rc != 0)
        return rc;
    api_call_wait(call);
    return api_call_json(call, rotation_object(&rotation, report));
}
