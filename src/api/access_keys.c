/*
 * Access keys and the audit.  A secret is told once, to whoever creates its key.
 */
#include "call.h"

#include "signpost/control/access_keys.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static json_t *key_object(const struct access_key *key)
{
    json_t *zones = json_array();
    for (unsigned i = 0; i < key->zone_count; i++)
        json_array_append_new(zones, api_json_name(key->zones[i]));
    return json_pack("{s:s,s:b,s:o,s:s,s:o}", "id", key->id, "read_only", key->read_only, "zones",
                     zones, "comment", key->comment, "created_at",
                     api_json_time((int64_t)(key->created_ms / 1000)));
}

/* ---- create ---- */

static int read_zones(struct api_call *call, const json_t *zones, struct access_key *key)
{
    uint8_t name[DNS_NAME_SIZE_MAX];
    const json_t *zone;
    size_t index;
    int rc = 0;
    if (zones != NULL && !json_is_array(zones))
        return problem_set(&call->problem, SP_EINVAL, "zones: it must be a list of names");
    json_array_foreach(zones, index, zone)
    {
        if (!json_is_string(zone))
            return problem_set(&call->problem, SP_EINVAL, "zones[%zu]: it must be a name", index);
        rc = api_call_name(call, "zones", json_string_value(zone), name);
        if (rc == 0)
            rc = access_key_add_zone(key, name, &call->problem);
        if (rc != 0)
            return rc;
    }
    return 0;
}

static int read_key(struct api_call *call, json_t *document, struct access_key *key)
{
    static const char *const known[] = { "read_only", "zones", "comment", NULL };
    const json_t *read_only = json_object_get(document, "read_only");
    const json_t *comment = json_object_get(document, "comment");
    int rc = api_check_members(call, document, "", known);
    if (rc == 0 && read_only != NULL && !json_is_boolean(read_only))
        rc = problem_set(&call->problem, SP_EINVAL, "read_only: it must be true or false");
    if (rc == 0 && comment != NULL && !json_is_string(comment))
        rc = problem_set(&call->problem, SP_EINVAL, "comment: it must be a string");
    if (rc == 0 && comment != NULL)
        rc = access_key_set_comment(key, json_string_value(comment), &call->problem);
    key->read_only = json_is_true(read_only);
    return rc == 0 ? read_zones(call, json_object_get(document, "zones"), key) : rc;
}

int api_key_create_end(struct api_call *call)
{
    json_t *document;
    struct access_key key = { 0 };
    int rc = api_call_document(call, &document);
    if (rc != 0)
        return rc;
    rc = read_key(call, document, &key);
    json_decref(document);
    if (rc == 0)
        rc = control_create_access_key(api_call_control(call), &key, &call->problem);
    if (rc != 0)
        return rc;
    json_t *reply = key_object(&key);
    json_object_set_new(reply, "secret", json_string(key.secret));
    explicit_bzero(&key, sizeof(key));
    return api_call_json(call, reply);
}

/* ---- list, delete ---- */

static int write_key(void *context, const struct access_key *key)
{
    return api_list_add(context, key_object(key));
}

int api_keys_list_end(struct api_call *call)
{
    struct api_list list;
    api_list_open(&list, call, "keys");
    int rc = control_visit_access_keys(api_call_control(call), write_key, &list, &call->problem);
    return rc == 0 ? api_list_close(&list) : rc;
}

int api_key_delete_end(struct api_call *call)
{
    int rc = control_delete_access_key(api_call_control(call), call->id, &call->problem);
    return rc == 0 ? api_call_json(call, json_pack("{s:o}", "id", api_json_text(call->id))) : rc;
}

/* ---- the audit ---- */

/* "2026-01-02T03:04:05.678Z" */
static json_t *time_text(uint64_t unix_ms)
{
    char seconds[32] = "";
    time_t unix_s = (time_t)(unix_ms / 1000);
    struct tm utc;
    if (gmtime_r(&unix_s, &utc) != NULL)
        strftime(seconds, sizeof(seconds), "%Y-%m-%dT%H:%M:%S", &utc);
    return json_sprintf("%s.%03uZ", seconds, (unsigned)(unix_ms % 1000));
}

static int write_entry(void *context, const struct audit_entry *entry)
{
    return api_list_add(
        context, json_pack("{s:I,s:o,s:o,s:s,s:o,s:o,s:s,s:s}", "id", (json_int_t)entry->id, "time",
                           time_text(entry->time_ms), "key", api_json_text(entry->key_id), "source",
                           entry->source, "operation", api_json_text(entry->operation), "zone",
                           api_json_text(entry->zone), "result", entry->result, "request_id",
                           entry->request_id));
}

/* Not there: the fallback. */
static int read_number(struct api_call *call, const char *name, long long fallback, long long least,
                       long long *out_number)
{
    const char *text = http_target_argument(&call->target, name);
    char *end;
    *out_number = fallback;
    if (text == NULL || *text == '\0')
        return 0;
    *out_number = strtoll(text, &end, 10);
    if (text[0] >= '0' && text[0] <= '9' && *end == '\0' && *out_number >= least)
        return 0;
    return problem_set(&call->problem, SP_EINVAL,
                       "argument %s: \"%.40s\" must be a number from %lld on", name, text, least);
}

static int read_query(struct api_call *call, struct audit_query *query)
{
    uint8_t name[DNS_NAME_SIZE_MAX];
    char text[DNS_NAME_TEXT_SIZE];
    const char *zone = http_target_argument(&call->target, "zone");
    long long after, limit;
    int rc = read_number(call, "after", 0, 0, &after);
    if (rc == 0)
        rc = read_number(call, "limit", 100, 1, &limit);
    if (rc == 0 && zone != NULL)
        rc = api_call_name(call, "argument zone", zone, name);
    if (rc != 0)
        return rc;
    *query =
        (struct audit_query){ .after = after,
                              .limit = limit < AUDIT_PAGE_MAX ? (unsigned)limit : AUDIT_PAGE_MAX,
                              .key = http_target_argument(&call->target, "key") };
    if (zone == NULL)
        return 0;
    size_t size = dns_name_to_text(text, name);
    query->zone = arena_copy(call->exchange->arena, text, size + 1);
    return query->zone == NULL ? SP_ENOMEM : 0;
}

int api_audit_list_end(struct api_call *call)
{
    struct api_list list;
    struct audit_query query;
    int rc = read_query(call, &query);
    if (rc != 0)
        return rc;
    api_list_open(&list, call, "entries");
    rc = control_visit_audit(api_call_control(call), &query, write_entry, &list, &call->problem);
    return rc == 0 ? api_list_close(&list) : rc;
}
