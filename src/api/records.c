#include "record_json.h"

#include "signpost/base/limits.h"
#include "signpost/base/log.h"

#include <inttypes.h>
#include <string.h>

/* ---- list ---- */

/* What the caller wants to see of a zone. */
struct filter {
    bool by_name;
    uint8_t name[DNS_NAME_SIZE_MAX];
    uint16_t type;              /* 0: every type */
    const char *set_identifier; /* NULL: all of them */
};

static int read_filter(struct api_call *call, struct filter *out_filter)
{
    const char *name = http_target_argument(&call->target, "name");
    const char *type = http_target_argument(&call->target, "type");
    int rc = 0;
    *out_filter =
        (struct filter){ .by_name = name != NULL,
                         .set_identifier = http_target_argument(&call->target, "set_identifier") };
    if (name != NULL)
        rc = api_call_name(call, "argument name", name, out_filter->name);
    if (rc == 0 && type != NULL)
        rc = api_call_type(call, type, &out_filter->type);
    return rc;
}

static bool is_wanted(const struct filter *filter, const struct record_set *set)
{
    return (filter->type == 0 || set->type == filter->type) &&
           (filter->set_identifier == NULL ||
            strcmp(set->set_identifier, filter->set_identifier) == 0);
}

static int write_sets(struct http_buffer *body, const struct draft_name *name,
                      const struct filter *filter, bool *begun)
{
    int rc = 0;
    for (const struct record_set *set = name->sets; set != NULL && rc == 0; set = set->next) {
        if (!is_wanted(filter, set))
            continue;
        if (*begun)
            http_buffer_add_text(body, ",");
        *begun = true;
        rc = api_write_json(body, api_json_record_set(name->owner, set));
    }
    return rc;
}

static int write_zone(struct api_call *call, struct draft *draft, const struct filter *filter)
{
    struct http_buffer *body = &call->exchange->response.body;
    bool begun = false;
    int rc = 0;
    http_buffer_add_text(body, "{\"zone\":");
    rc = api_write_json(body, json_string(call->zone_text));
    http_buffer_add_text(body, ",\"id\":");
    if (rc == 0)
        rc = api_write_json(body, json_string(draft->zone.public_id));
    http_buffer_add_text(body, ",\"record_sets\":[");
    if (filter->by_name) {
        const struct draft_name *name = draft_find(draft, filter->name);
        if (rc == 0 && name != NULL)
            rc = write_sets(body, name, filter, &begun);
    } else {
        draft_sort(draft);
        for (uint32_t i = 0; i < draft->name_count && rc == 0; i++)
            rc = write_sets(body, draft->names[i], filter, &begun);
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

static int read_batch(struct api_call *call, const struct hosted_zone *zone, json_t *document,
                      struct change_batch *out_batch)
{
    static const char *const known[] = { "changes", NULL };
    json_t *list = json_object_get(document, "changes");
    size_t count = json_array_size(list);
    int rc = api_check_members(call, document, "", known);
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
        rc = api_read_change(call, i, zone, json_array_get(list, i), &items[i]);
    *out_batch = (struct change_batch){ (uint32_t)count, items };
    return rc;
}

static int parse_batch(struct api_call *call, const struct hosted_zone *zone,
                       struct change_batch *out_batch)
{
    json_t *document = NULL;
    int rc = api_call_document(call, &document);
    if (rc == 0)
        rc = read_batch(call, zone, document, out_batch);
    json_decref(document);
    return rc;
}

int api_records_change_end(struct api_call *call)
{
    struct change_batch batch;
    struct change change;
    struct hosted_zone zone;
    char count[24];
    int rc = control_find_zone(api_call_control(call), call->zone, &zone, &call->problem);
    if (rc == 0)
        rc = parse_batch(call, &zone, &batch);
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
