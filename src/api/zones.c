#include "call.h"

#include "signpost/base/limits.h"
#include "signpost/base/log.h"

#include <inttypes.h>

/* ---- list ---- */

static int write_zone(void *context, const struct hosted_zone *zone)
{
    struct api_list *list = context;
    return api_list_add(list, json_pack("{s:o,s:s,s:b,s:I,s:o,s:o,s:I}", "name",
                                        api_json_name(zone->name), "id", zone->public_id, "private",
                                        zone->is_private, "records", (json_int_t)zone->record_count,
                                        "name_servers", api_json_name_servers(list->call, zone),
                                        "created_at", api_json_time(zone->created_at), "sequence",
                                        (json_int_t)zone->sequence));
}

int api_zones_list_end(struct api_call *call)
{
    struct api_list list;
    struct store_visitor visitor = { .zone = write_zone, .context = &list };
    api_list_open(&list, call, "zones");
    int rc = control_list_zones(api_call_control(call), &visitor, &call->problem);
    return rc == 0 ? api_list_close(&list) : rc;
}

/* ---- import ---- */

struct import {
    struct draft *draft;
    struct zone_reader *reader;
    bool replace;
};

int api_zone_import_begin(struct api_call *call)
{
    const char *file = http_target_argument(&call->target, "file");
    struct import *import = arena_alloc(call->exchange->arena, sizeof(*import));
    if (import == NULL)
        return SP_ENOMEM;
    call->state = import;
    int rc = api_call_flag(call, "replace", &import->replace);
    if (rc == 0)
        rc = control_draft_import(api_call_control(call), call->zone, import->replace,
                                  &import->draft, &call->problem);
    if (rc != 0)
        return rc;
    import->reader =
        zone_reader_create(import->draft, file != NULL && file[0] != '\0' ? file : "zone file");
    return import->reader == NULL ? SP_ENOMEM : 0;
}

int api_zone_import_body(struct api_call *call, struct span piece)
{
    struct import *import = call->state;
    if (call->body_size > ZONE_FILE_SIZE_MAX)
        return problem_set(&call->problem, SP_ELIMIT, "the zone file has more than %llu octets",
                           ZONE_FILE_SIZE_MAX);
    return zone_reader_feed(import->reader, piece, &call->problem);
}

static json_t *warning_list(const struct import *import)
{
    json_t *list = json_array();
    const char *const *warning = zone_reader_warnings(import->reader);
    while (warning != NULL && *warning != NULL)
        json_array_append_new(list, api_json_text(*warning++));
    return list;
}

static int answer_import(struct api_call *call, bool created, const struct change *change)
{
    const struct import *import = call->state;
    const struct hosted_zone *zone = &import->draft->zone;
    char records[24];
    snprintf(records, sizeof(records), "%" PRIu32, zone->record_count);
    log_write(LOG_LEVEL_INFO, created ? "zone imported" : "zone replaced", "zone", call->zone_text,
              "records", records, NULL);
    api_call_wait(call);
    return api_call_json(
        call, json_pack("{s:s,s:s,s:I,s:I,s:o,s:b,s:I,s:o}", "zone", call->zone_text, "id",
                        zone->public_id, "records", (json_int_t)zone->record_count, "names",
                        (json_int_t)import->draft->name_count, "name_servers",
                        api_json_name_servers(call, zone), "created", created, "sequence",
                        (json_int_t)change->sequence, "warnings", warning_list(import)));
}

int api_zone_import_end(struct api_call *call)
{
    struct import *import = call->state;
    struct change change;
    bool created = import->draft->zone.id == 0;
    /* What a failed generator writes; to empty a zone on purpose, delete it. */
    if (import->replace && !created && import->draft->name_count == 0)
        return problem_set(
            &call->problem, SP_EINVAL,
            "the file holds no record, and replacing the zone with nothing is surely "
            "a mistake; \"signpost zone delete\" removes a zone");
    struct control *control = api_call_control(call);
    int rc = zone_reader_finish(import->reader, control_defaults(control),
                                control_references(control), &call->problem);
    if (rc == 0)
        rc = control_import(control, import->draft, import->replace, &change, &call->problem);
    if (rc == 0)
        rc = answer_import(call, created, &change);
    api_zone_import_gone(call); /* a big draft need not wait for the workers */
    return rc;
}

void api_zone_import_gone(struct api_call *call)
{
    struct import *import = call->state;
    if (import == NULL)
        return;
    zone_reader_destroy(import->reader);
    draft_destroy(import->draft);
    *import = (struct import){ 0 };
}

/* ---- export and delete ---- */

static int add_text(void *context, struct span text)
{
    struct http_buffer *body = context;
    http_buffer_add(body, text.data, text.size);
    return body->failed ? SP_ENOMEM : 0;
}

int api_zone_export_end(struct api_call *call)
{
    struct draft *draft = NULL;
    int rc = control_read_zone(api_call_control(call), call->zone, &draft, &call->problem);
    if (rc == 0)
        rc = zone_file_write(draft, add_text, &call->exchange->response.body);
    draft_destroy(draft);
    return rc == 0 ? api_call_answer(call, "text/dns") : rc;
}

int api_zone_delete_end(struct api_call *call)
{
    struct change change;
    bool force;
    int rc = api_call_flag(call, "force", &force);
    if (rc == 0)
        rc =
            control_delete_zone(api_call_control(call), call->zone, force, &change, &call->problem);
    if (rc != 0)
        return rc;
    log_write(LOG_LEVEL_INFO, "zone deleted", "zone", call->zone_text, NULL);
    api_call_wait(call);
    return api_call_json(call, json_pack("{s:s,s:b,s:I}", "zone", call->zone_text, "deleted", 1,
                                         "sequence", (json_int_t)change.sequence));
}
