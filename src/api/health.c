#include "call.h"

#include "signpost/base/log.h"
#include "signpost/control/checks.h"

static json_t *check_object(const struct health_check *check)
{
    return json_pack("{s:s,s:b,s:I,s:o,s:I}", "id", check->id, "up", check->up, "since_ms",
                     (json_int_t)check->since_ms, "created_at", api_json_time(check->created_at),
                     "record_sets", (json_int_t)check->use_count);
}

/* ---- list ---- */

static int write_check(void *context, const struct health_check *check)
{
    struct api_list *list = context;
    return api_list_add(list, check_object(check));
}

int api_checks_list_end(struct api_call *call)
{
    struct api_list list;
    struct store_object_visitor visitor = { .check = write_check, .context = &list };
    api_list_open(&list, call, "health_checks");
    int rc = control_list_checks(api_call_control(call), &visitor, &call->problem);
    return rc == 0 ? api_list_close(&list) : rc;
}

int api_check_read_end(struct api_call *call)
{
    struct health_check check;
    int rc = control_read_check(api_call_control(call), call->id, &check, &call->problem);
    return rc == 0 ? api_call_json(call, check_object(&check)) : rc;
}

/* ---- change ---- */

/* Answers take a state from the health table, so nothing is published, and nobody waits. */
static int answer_change(struct api_call *call, const char *what, const struct health_check *check)
{
    log_write(LOG_LEVEL_INFO, what, "check", check->id, "state", check->up ? "up" : "down", NULL);
    return api_call_json(call, check_object(check));
}

static int read_up(struct api_call *call, const json_t *document, bool *out_up)
{
    const json_t *up = json_object_get(document, "up");
    if (!json_is_boolean(up))
        return problem_set(&call->problem, SP_EINVAL, "up: it must be true or false");
    *out_up = json_is_true(up);
    return 0;
}

static int create(struct api_call *call, json_t *document, struct health_check *out_check)
{
    static const char *const known[] = { "id", "up", NULL };
    const json_t *id = json_object_get(document, "id");
    bool up = true;
    int rc = api_check_members(call, document, "", known);
    if (rc == 0 && id != NULL && !json_is_string(id))
        rc = problem_set(&call->problem, SP_EINVAL, "id: it must be a string");
    if (rc == 0 && json_object_get(document, "up") != NULL)
        rc = read_up(call, document, &up);
    if (rc == 0)
        rc = control_create_check(api_call_control(call), json_string_value(id), up, out_check,
                                  &call->problem);
    return rc;
}

int api_check_create_end(struct api_call *call)
{
    struct health_check check;
    json_t *document = NULL;
    int rc = api_call_document(call, &document);
    if (rc == 0)
        rc = create(call, document, &check);
    json_decref(document);
    return rc == 0 ? answer_change(call, "health check created", &check) : rc;
}

int api_check_set_end(struct api_call *call)
{
    static const char *const known[] = { "up", NULL };
    struct health_check check;
    json_t *document = NULL;
    bool up = false;
    int rc = api_call_document(call, &document);
    if (rc == 0)
        rc = api_check_members(call, document, "", known);
    if (rc == 0)
        rc = read_up(call, document, &up);
    json_decref(document);
    if (rc == 0)
        rc = control_set_check(api_call_control(call), call->id, up, &check, &call->problem);
    return rc == 0 ? answer_change(call, "health check set", &check) : rc;
}

int api_check_delete_end(struct api_call *call)
{
    int rc = control_delete_check(api_call_control(call), call->id, &call->problem);
    if (rc != 0)
        return rc;
    log_write(LOG_LEVEL_INFO, "health check deleted", "check", call->id, NULL);
    return api_call_json(call, json_pack("{s:s,s:b}", "id", call->id, "deleted", 1));
}
