#include "call.h"

#include "signpost/base/limits.h"
#include "signpost/base/log.h"
#include "signpost/dns/rdata.h"

#include <inttypes.h>
#include <string.h>
#include <strings.h>

/* ---- list ---- */

/* What the caller wants to see of a zone. */
struct filter {
    bool by_name;
    uint8_t name[DNS_NAME_SIZE_MAX];
    uint16_t type; /* 0: every type */
};

static int read_filter(struct api_call *call, struct filter *out_filter)
{
    const char *name = http_target_argument(&call->target, "name");
    const char *type = http_target_argument(&call->target, "type");
    int rc = 0;
    *out_filter = (struct filter){ .by_name = name != NULL };
    if (name != NULL)
        rc = api_call_name(call, "argument name", name, out_filter->name);
    if (rc == 0 && type != NULL)
        rc = api_call_type(call, type, &out_filter->type);
    return rc;
}

/* Texts are made in an arena of the set's own: a zone of a million records would fill a big one. */
static json_t *value_list(uint16_t type, struct span packed)
{
    struct arena *arena = arena_create();
    json_t *list = json_array();
    struct span rdata;
    while (arena != NULL && list != NULL && dns_values_next(&packed, &rdata)) {
        const char *text = rdata_to_text(arena, type, rdata);
        if (text == NULL || json_array_append_new(list, api_json_text(text)) != 0) {
            json_decref(list);
            list = NULL;
        }
    }
    if (arena == NULL) {
        json_decref(list);
        list = NULL;
    }
    arena_destroy(arena);
    return list;
}

static int write_sets(struct http_buffer *body, const struct draft_name *name, uint16_t type,
                      bool *begun)
{
    int rc = 0;
    for (const struct record_set *set = name->sets; set != NULL && rc == 0; set = set->next) {
        if (type != 0 && set->type != type)
            continue;
        if (*begun)
            http_buffer_add_text(body, ",");
        *begun = true;
        rc = api_write_json(body, json_pack("{s:o,s:s,s:I,s:o}", "name", api_json_name(name->owner),
                                            "type", dns_type_find(set->type)->name, "ttl",
                                            (json_int_t)set->ttl_s, "values",
                                            value_list(set->type, set->values)));
    }
    return rc;
}

static int write_zone(struct api_call *call, struct draft *draft, const struct filter *filter)
{
    struct http_buffer *body = &call->exchange->response.body;
    bool begun = false;
    int rc = 0;
    http_buffer_add_text(body, "{\"zone\":");
    rc = api_write_json(body, json_sprintf("%s", call->zone_text));
    http_buffer_add_text(body, ",\"record_sets\":[");
    if (filter->by_name) {
        const struct draft_name *name = draft_find(draft, filter->name);
        if (rc == 0 && name != NULL)
            rc = write_sets(body, name, filter->type, &begun);
    } else {
        draft_sort(draft);
        for (uint32_t i = 0; i < draft->name_count && rc == 0; i++)
            rc = write_sets(body, draft->names[i], filter->type, &begun);
    }
    http_buffer_add_text(body, "]}\n");
    return rc;
}

int api_records_list_end(struct api_call *call)
{
    struct filter filter;
    struct draft *draft = NULL;
    int rc = read_filter(call, &filter);
    if (rc == 0)
        rc = control_read_zone(api_call_control(call), call->zone, &draft, &call->problem);
    if (rc == 0)
        rc = write_zone(call, draft, &filter);
    draft_destroy(draft);
    return rc == 0 ? api_call_answer(call, "application/json") : rc;
}

/* ---- change ---- */

/* Where a fault is: "changes[3]". */
struct place {
    struct api_call *call;
    size_t index;
};

static int fault(const struct place *place, const char *member, const char *reason)
{
    return problem_set(&place->call->problem, SP_EINVAL, "changes[%zu].%s: %s", place->index,
                       member, reason);
}

/* Puts "changes[3]: " in front of words that were written deeper down. */
static int locate(const struct place *place, int rc)
{
    struct problem inner = place->call->problem;
    if (inner.text[0] == '\0')
        return rc;
    return problem_set(&place->call->problem, rc, "changes[%zu]: %.900s", place->index, inner.text);
}

static int read_action(const struct place *place, const json_t *value, enum change_action *out)
{
    static const char *const names[] = { "CREATE", "DELETE", "UPSERT" };
    const char *text = json_string_value(value);
    for (unsigned i = 0; text != NULL && i < 3; i++)
        if (strcmp(text, names[i]) == 0) {
            *out = (enum change_action)i;
            return 0;
        }
    return fault(place, "action", "it must be \"CREATE\", \"UPSERT\" or \"DELETE\"");
}

static int read_owner(const struct place *place, const json_t *value, uint8_t *out_owner)
{
    struct api_call *call = place->call;
    if (!json_is_string(value))
        return fault(place, "name", "it must be a string, such as \"www.example.com\"");
    int rc = api_call_name(call, "name", json_string_value(value), out_owner);
    if (rc != 0)
        return locate(place, rc);
    if (!dns_name_is_within(out_owner, call->zone))
        return problem_set(
            &call->problem, SP_EINVAL,
            "changes[%zu].name: \"%.300s\" is not in the zone %s; names are written in "
            "full",
            place->index, json_string_value(value), call->zone_text);
    return 0;
}

static int read_ttl(const struct place *place, const json_t *value, uint32_t *out_ttl)
{
    json_int_t ttl = json_integer_value(value);
    if (!json_is_integer(value) || ttl < 0 || ttl > (json_int_t)DNS_TTL_MAX)
        return fault(place, "ttl", "it must be a number of seconds from 0 to 2147483647");
    *out_ttl = (uint32_t)ttl;
    return 0;
}

/* Each value as RDATA, packed one behind the other. */
static int read_values(const struct place *place, const json_t *list, struct record_set *set)
{
    struct api_call *call = place->call;
    struct arena *arena = call->exchange->arena;
    size_t count = json_array_size(list), size = 0, at = 0;
    struct span *rdata = arena_alloc(arena, (count + 1) * sizeof(*rdata));
    if (count == 0)
        return fault(place, "values", "it must be a list of at least one string");
    for (size_t i = 0; i < count && rdata != NULL; i++) {
        const char *text = json_string_value(json_array_get(list, i));
        if (text == NULL)
            return fault(place, "values", "it must be a list of strings");
        int rc = rdata_from_text(arena, set->type, text, NULL, &rdata[i], &call->problem);
        if (rc != 0)
            return locate(place, rc);
        size += 2 + rdata[i].size;
    }
    uint8_t *packed = rdata == NULL ? NULL : arena_alloc(arena, size);
    if (packed == NULL)
        return SP_ENOMEM;
    for (size_t i = 0; i < count; i++) {
        put_u16(packed + at, (uint16_t)rdata[i].size);
        memcpy(packed + at + 2, rdata[i].data, rdata[i].size);
        at += 2 + rdata[i].size;
    }
    set->values = (struct span){ packed, size };
    set->value_count = (uint32_t)count;
    return 0;
}

static int check_members(struct api_call *call, json_t *object, const char *where,
                         const char *const *known)
{
    const char *name;
    json_t *value;
    json_object_foreach(object, name, value)
    {
        const char *const *at = known;
        while (*at != NULL && strcmp(*at, name) != 0)
            at++;
        if (*at == NULL)
            return problem_set(&call->problem, SP_EINVAL, "%sunknown member \"%.100s\"", where,
                               name);
    }
    return 0;
}

static int read_item(const struct place *place, json_t *change, struct change_item *item)
{
    static const char *const known[] = { "action", "name", "type", "ttl", "values", NULL };
    char where[40];
    struct api_call *call = place->call;
    const char *type = json_string_value(json_object_get(change, "type"));
    snprintf(where, sizeof(where), "changes[%zu]: ", place->index);
    if (!json_is_object(change))
        return problem_set(&call->problem, SP_EINVAL, "%sit must be an object", where);
    int rc = check_members(call, change, where, known);
    if (rc == 0)
        rc = read_action(place, json_object_get(change, "action"), &item->action);
    if (rc == 0)
        rc = read_owner(place, json_object_get(change, "name"), item->owner);
    if (rc == 0 && type == NULL)
        rc = fault(place, "type", "it must be a string, such as \"A\"");
    if (rc == 0 && (rc = api_call_type(call, type, &item->set.type)) != 0)
        rc = locate(place, rc);
    if (rc == 0)
        rc = read_ttl(place, json_object_get(change, "ttl"), &item->set.ttl_s);
    if (rc == 0)
        rc = read_values(place, json_object_get(change, "values"), &item->set);
    return rc;
}

static int read_batch(struct api_call *call, json_t *document, struct change_batch *out_batch)
{
    static const char *const known[] = { "changes", NULL };
    json_t *list = json_object_get(document, "changes");
    size_t count = json_array_size(list);
    int rc = check_members(call, document, "", known);
    if (rc != 0)
        return rc;
    if (count == 0)
        return problem_set(&call->problem, SP_EINVAL,
                           "the body must be {\"changes\":[...]} with at least one change");
    if (count > CHANGES_PER_BATCH_MAX)
        return problem_set(&call->problem, SP_ELIMIT,
                           "%zu changes are too many; at most %d at a time", count,
                           CHANGES_PER_BATCH_MAX);
    struct change_item *items = arena_alloc(call->exchange->arena, count * sizeof(*items));
    if (items == NULL)
        return SP_ENOMEM;
    for (size_t i = 0; i < count && rc == 0; i++)
        rc = read_item(&(struct place){ call, i }, json_array_get(list, i), &items[i]);
    *out_batch = (struct change_batch){ (uint32_t)count, items };
    return rc;
}

static int parse_batch(struct api_call *call, struct change_batch *out_batch)
{
    json_error_t error;
    json_t *document = json_loadb(call->text.data != NULL ? call->text.data : "", call->text.size,
                                  JSON_REJECT_DUPLICATES, &error);
    if (document == NULL)
        return problem_set(&call->problem, SP_EINVAL, "the body is not JSON: line %d: %s",
                           error.line, error.text);
    int rc = read_batch(call, document, out_batch);
    json_decref(document);
    return rc;
}

int api_records_change_end(struct api_call *call)
{
    struct change_batch batch;
    struct change change;
    char count[24];
    int rc = parse_batch(call, &batch);
    if (rc == 0)
        rc = control_change(api_call_control(call), call->zone, &batch, &change, &call->problem);
    if (rc != 0)
        return rc;
    snprintf(count, sizeof(count), "%" PRIu32, batch.count);
    log_write(LOG_LEVEL_INFO, "records changed", "zone", call->zone_text, "changes", count, NULL);
    api_call_wait(call);
    return api_call_json(call, json_pack("{s:I,s:I,s:s}", "sequence", (json_int_t)change.sequence,
                                         "serial", (json_int_t)call->serial, "status", "INSYNC"));
}
