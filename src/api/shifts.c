/*
 * Zonal shifts.
 */
#include "call.h"

#include "signpost/base/clock.h"
#include "signpost/base/log.h"
#include "signpost/control/zonal_shifts.h"

static json_t *weights_object(const struct shift_view *view)
{
    json_t *object = json_object();
    for (unsigned i = 0; i < view->zone_count; i++)
        json_object_set_new(object, view->zones[i].name, json_integer(!view->zones[i].is_left));
    return object;
}

static json_t *shift_object(const struct shift_view *view)
{
    const struct zonal_shift *shift = &view->shift;
    json_t *object = json_pack(
        "{s:s,s:o,s:s,s:s,s:s,s:o,s:o,s:I,s:I}", "id", shift->id, "resource",
        api_json_name(shift->resource), "away_from", shift->away_from, "status",
        shift_status_name(shift->status), "applied", view->is_applied ? "APPLIED" : "NOT_APPLIED",
        "comment", api_json_text(shift->comment), "applied_weights", weights_object(view),
        "started_ms", (json_int_t)shift->started_ms, "expires_ms", (json_int_t)shift->expires_ms);
    if (shift->status != SHIFT_ACTIVE)
        json_object_set_new(object, "ended_ms", json_integer((json_int_t)shift->ended_ms));
    return object;
}

/* ---- reading ---- */

static int write_shift(void *context, const struct shift_view *view)
{
    return api_list_add(context, shift_object(view));
}

int api_shifts_list_end(struct api_call *call)
{
    struct api_list list;
    api_list_open(&list, call, "zonal_shifts");
    int rc = control_list_shifts(api_call_control(call), write_shift, &list, &call->problem);
    return rc == 0 ? api_list_close(&list) : rc;
}

int api_shift_read_end(struct api_call *call)
{
    struct shift_view view;
    int rc = control_read_shift(api_call_control(call), call->id, &view, &call->problem);
    return rc == 0 ? api_call_json(call, shift_object(&view)) : rc;
}

/* ---- changing ---- */

/* What a request says; a member that is not there is NULL. */
struct request {
    const char *resource, *away_from, *expires_in, *comment;
};

static int read_text(struct api_call *call, const json_t *document, const char *member,
                     const char **out_text)
{
    const json_t *value = json_object_get(document, member);
    *out_text = json_string_value(value);
    return value == NULL || *out_text != NULL
               ? 0
               : problem_set(&call->problem, SP_EINVAL, "%s: it must be a string", member);
}

static int read_request(struct api_call *call, json_t *document, const char *const *known,
                        struct request *out_request)
{
    int rc = api_check_members(call, document, "", known);
    if (rc == 0)
        rc = read_text(call, document, "resource", &out_request->resource);
    if (rc == 0)
        rc = read_text(call, document, "away_from", &out_request->away_from);
    if (rc == 0)
        rc = read_text(call, document, "expires_in", &out_request->expires_in);
    if (rc == 0)
        rc = read_text(call, document, "comment", &out_request->comment);
    return rc;
}

static int answer_change(struct api_call *call, const char *what, const struct shift_view *view)
{
    char name[DNS_NAME_TEXT_SIZE];
    dns_name_to_text(name, view->shift.resource);
    log_write(LOG_LEVEL_INFO, what, "resource", name, "away-from", view->shift.away_from, "id",
              view->shift.id, NULL);
    api_call_wait(call);
    return api_call_json(call, shift_object(view));
}

static int start(struct api_call *call, json_t *document, struct shift_view *out_view)
{
    static const char *const known[] = { "resource", "away_from", "expires_in", "comment", NULL };
    struct request request = { 0 };
    uint8_t name[DNS_NAME_SIZE_MAX];
    uint64_t time_ms = 0;
    int rc = read_request(call, document, known, &request);
    if (rc == 0 &&
        (request.resource == NULL || request.away_from == NULL || request.expires_in == NULL))
        rc = problem_set(&call->problem, SP_EINVAL,
                         "resource, away_from and expires_in must be there");
    if (rc == 0)
        rc = api_call_name(call, "resource", request.resource, name);
    if (rc == 0)
        rc = shift_time_from_text(request.expires_in, &time_ms, &call->problem);
    if (rc == 0)
        rc = control_start_shift(api_call_control(call), name, request.away_from, time_ms,
                                 request.comment != NULL ? request.comment : "", clock_unix_ms(),
                                 out_view, &call->problem);
    return rc;
}

int api_shift_start_end(struct api_call *call)
{
    struct shift_view view;
    json_t *document = NULL;
    int rc = api_call_document(call, &document);
    if (rc == 0)
        rc = start(call, document, &view);
    json_decref(document);
    return rc == 0 ? answer_change(call, "zonal shift started", &view) : rc;
}

static int update(struct api_call *call, json_t *document, struct shift_view *out_view)
{
    static const char *const known[] = { "expires_in", "comment", NULL };
    struct request request = { 0 };
    uint64_t time_ms = 0;
    int rc = read_request(call, document, known, &request);
    if (rc == 0 && request.expires_in == NULL && request.comment == NULL)
        rc = problem_set(&call->problem, SP_EINVAL, "expires_in or comment must be there");
    if (rc == 0 && request.expires_in != NULL)
        rc = shift_time_from_text(request.expires_in, &time_ms, &call->problem);
    if (rc == 0)
        rc = control_update_shift(api_call_control(call), call->id, time_ms, request.comment,
                                  clock_unix_ms(), out_view, &call->problem);
    return rc;
}

int api_shift_update_end(struct api_call *call)
{
    struct shift_view view;
    json_t *document = NULL;
    int rc = api_call_document(call, &document);
    if (rc == 0)
        rc = update(call, document, &view);
    json_decref(document);
    return rc == 0 ? answer_change(call, "zonal shift updated", &view) : rc;
}

int api_shift_cancel_end(struct api_call *call)
{
    struct shift_view view;
    int rc = control_cancel_shift(api_call_control(call), call->id, clock_unix_ms(), &view,
                                  &call->problem);
    return rc == 0 ? answer_change(call, "zonal shift canceled", &view) : rc;
}
