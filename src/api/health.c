/*
 * Health checks: made, changed, overridden, looked at.  Answers take a state from the health table,
 * so nothing is published, and nobody waits.
 */
#include "health_json.h"

#include "signpost/base/clock.h"
#include "signpost/base/log.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static int answer(struct api_call *call, const struct check_view *view)
{
    struct board *board = control_board(api_call_control(call));
    return api_call_json(call, health_json_view(view, board_checkers(board)));
}

static void log_check(const char *what, const struct check_view *view)
{
    log_write(LOG_LEVEL_INFO, what, "check", view->check.id, "type",
              health_check_type_name(view->check.config.type), "state",
              view->status.up ? "up" : "down", NULL);
}

/* ---- read ---- */

static int write_check(void *context, const struct check_view *view)
{
    return api_list_add(context, health_json_view(view, NULL));
}

int api_checks_list_end(struct api_call *call)
{
    struct api_list list;
    api_list_open(&list, call, "health_checks");
    int rc = control_list_checks(api_call_control(call), write_check, &list, &call->problem);
    return rc == 0 ? api_list_close(&list) : rc;
}

int api_check_read_end(struct api_call *call)
{
    struct check_view view;
    int rc = control_read_check(api_call_control(call), call->id, &view, &call->problem);
    return rc == 0 ? answer(call, &view) : rc;
}

/* ---- create and update ---- */

static int read_up(struct api_call *call, const json_t *document, bool *out_up)
{
    const json_t *up = json_object_get(document, "up");
    if (!json_is_boolean(up))
        return problem_set(&call->problem, SP_EINVAL, "up: it must be true or false");
    *out_up = json_is_true(up);
    return 0;
}

/* What a check is to say from the start: only one that nothing else tells can be told. */
static int read_first_up(struct api_call *call, const json_t *document, enum health_check_type type,
                         bool *out_up)
{
    *out_up = true;
    if (json_object_get(document, "up") == NULL)
        return 0;
    if (type != HEALTH_CHECK_MANUAL)
        return problem_set(&call->problem, SP_EINVAL,
                           "up: a health check of the type %s finds out for itself; \"signpost "
                           "health set\" overrides it",
                           health_check_type_name(type));
    return read_up(call, document, out_up);
}

static int create(struct api_call *call, json_t *document, struct check_view *out_view)
{
    static const char *const others[] = { "id", "type", "up", NULL };
    const json_t *id = json_object_get(document, "id");
    struct health_check_config config;
    enum health_check_type type = HEALTH_CHECK_MANUAL;
    bool up = true;
    int rc = health_json_type(call, document, others, &type);
    if (rc == 0 && id != NULL && !json_is_string(id))
        rc = problem_set(&call->problem, SP_EINVAL, "id: it must be a string");
    if (rc == 0)
        rc = read_first_up(call, document, type, &up);
    if (rc == 0 && type == HEALTH_CHECK_CALCULATED &&
        json_object_get(document, "health_threshold") == NULL)
        rc = problem_set(&call->problem, SP_EINVAL,
                         "health_threshold: say how many of its children must be up");
    health_check_config_init(&config, type);
    if (rc == 0)
        rc = health_json_read(call, document, &config);
    if (rc == 0)
        rc = control_create_check(api_call_control(call), json_string_value(id), &config, up,
                                  out_view, &call->problem);
    return rc;
}

int api_check_create_end(struct api_call *call)
{
    struct check_view view;
    json_t *document = NULL;
    int rc = api_call_document(call, &document);
    if (rc == 0)
        rc = create(call, document, &view);
    json_decref(document);
    if (rc != 0)
        return rc;
    log_check("health check created", &view);
    return answer(call, &view);
}

static int read_version(struct api_call *call, const json_t *document, uint32_t *out_version)
{
    const json_t *version = json_object_get(document, "version");
    json_int_t number = json_integer_value(version);
    *out_version = (uint32_t)number;
    if (version != NULL && (!json_is_integer(version) || number < 1 || number > UINT32_MAX))
        return problem_set(&call->problem, SP_EINVAL,
                           "version: it must be a number, that of the health check as you know it");
    return 0;
}

static int update(struct api_call *call, json_t *document, struct check_view *out_view)
{
    static const char *const others[] = { "version", "reset", NULL };
    struct control *control = api_call_control(call);
    enum health_check_type ignored;
    uint32_t version = 0;
    int rc = control_read_check(control, call->id, out_view, &call->problem);
    if (rc == 0 && json_object_get(document, "type") != NULL)
        rc = problem_set(&call->problem, SP_EINVAL,
                         "type: a health check keeps the type it was created with");
    if (rc == 0)
        rc = health_json_type(call, document, others, &ignored);
    if (rc == 0)
        rc = read_version(call, document, &version);
    if (rc == 0)
        rc = health_json_reset(call, document, &out_view->check.config);
    if (rc == 0)
        rc = health_json_read(call, document, &out_view->check.config);
    if (rc != 0)
        return rc;
    struct health_check_config config = out_view->check.config;
    return control_update_check(control, call->id, version, &config, out_view, &call->problem);
}

int api_check_update_end(struct api_call *call)
{
    struct check_view view;
    json_t *document = NULL;
    int rc = api_call_document(call, &document);
    if (rc == 0)
        rc = update(call, document, &view);
    json_decref(document);
    if (rc != 0)
        return rc;
    log_check("health check updated", &view);
    return answer(call, &view);
}

int api_check_delete_end(struct api_call *call)
{
    int rc = control_delete_check(api_call_control(call), call->id, &call->problem);
    if (rc != 0)
        return rc;
    log_write(LOG_LEVEL_INFO, "health check deleted", "check", call->id, NULL);
    return api_call_json(call, json_pack("{s:s,s:b}", "id", call->id, "deleted", 1));
}

/* ---- overrides ---- */

static int read_words(struct api_call *call, const json_t *document, const char *name, char *out,
                      size_t size, bool is_needed)
{
    const json_t *value = json_object_get(document, name);
    const char *text = json_string_value(value);
    if (value == NULL && !is_needed)
        return 0;
    if (text == NULL || (is_needed && text[0] == '\0'))
        return problem_set(&call->problem, SP_EINVAL, "%s: it must be a string%s", name,
                           is_needed ? ", and not an empty one" : "");
    if (strlen(text) >= size)
        return problem_set(&call->problem, SP_EINVAL, "%s: it has more than %zu octets", name,
                           size - 1);
    memcpy(out, text, strlen(text) + 1);
    return 0;
}

static int read_expiry(struct api_call *call, const json_t *document, uint64_t *out_expires_ms)
{
    const json_t *value = json_object_get(document, "expires_in");
    json_int_t seconds = json_integer_value(value);
    if (value == NULL)
        return 0;
    if (!json_is_integer(value) || seconds < 1 || seconds > INT32_MAX)
        return problem_set(&call->problem, SP_EINVAL,
                           "expires_in: it must be a number of seconds from 1 to %d", INT32_MAX);
    *out_expires_ms = clock_unix_ms() + (uint64_t)seconds * 1000;
    return 0;
}

static int read_override(struct api_call *call, json_t *document,
                         struct health_override *out_override)
{
    static const char *const known[] = { "up", "owner", "reason", "expires_in", "regions", NULL };
    const json_t *regions = json_object_get(document, "regions");
    *out_override = (struct health_override){ .given = true };
    int rc = api_check_members(call, document, "", known);
    if (rc == 0)
        rc = read_up(call, document, &out_override->up);
    if (rc == 0)
        rc = read_words(call, document, "owner", out_override->owner, sizeof(out_override->owner),
                        true);
    if (rc == 0)
        rc = read_words(call, document, "reason", out_override->reason,
                        sizeof(out_override->reason), false);
    if (rc == 0)
        rc = read_expiry(call, document, &out_override->expires_ms);
    if (rc == 0 && regions != NULL)
        rc = health_json_read_regions(call, regions, &out_override->regions);
    return rc;
}

static void log_override(const struct check_view *view)
{
    const struct health_override *override = &view->status.override;
    char seconds[24]; /* a moment has passed since the expiry was worked out */
    snprintf(seconds, sizeof(seconds), "%llu",
             (unsigned long long)(override->expires_ms - override->since_ms + 999) / 1000);
    log_write(LOG_LEVEL_INFO, "health check override set", "check", view->check.id, "state",
              override->up ? "up" : "down", "owner", override->owner, "reason", override->reason,
              "seconds", override->expires_ms > 0 ? seconds : "until cleared", NULL);
}

int api_check_override_end(struct api_call *call)
{
    struct health_override override;
    struct check_view view;
    json_t *document = NULL;
    int rc = api_call_document(call, &document);
    if (rc == 0)
        rc = read_override(call, document, &override);
    json_decref(document);
    if (rc == 0)
        rc = control_override_check(api_call_control(call), call->id, &override, &view,
                                    &call->problem);
    if (rc != 0)
        return rc;
    log_override(&view);
    return answer(call, &view);
}

int api_check_clear_end(struct api_call *call)
{
    struct check_view view;
    int rc = control_clear_check(api_call_control(call), call->id, &view, &call->problem);
    if (rc != 0)
        return rc;
    log_check("health check override cleared", &view);
    return answer(call, &view);
}

/* ---- history ---- */

static int write_event(void *context, const struct health_event *event)
{
    return api_list_add(context, health_json_event(event));
}

static int read_after(struct api_call *call, uint64_t *out_after_ms)
{
    const char *text = http_target_argument(&call->target, "after_ms");
    char *end = NULL;
    *out_after_ms = 0;
    if (text == NULL)
        return 0;
    errno = 0;
    *out_after_ms = strtoull(text, &end, 10);
    if (text[0] < '0' || text[0] > '9' || *end != '\0' || errno != 0 || *out_after_ms > INT64_MAX)
        return problem_set(&call->problem, SP_EINVAL,
                           "argument after_ms: \"%.100s\" is no time in milliseconds since 1970",
                           text);
    return 0;
}

int api_check_history_end(struct api_call *call)
{
    struct api_list list;
    uint64_t after_ms;
    int rc = read_after(call, &after_ms);
    if (rc != 0)
        return rc;
    api_list_open(&list, call, "events");
    rc = control_list_check_events(api_call_control(call), call->id, after_ms, write_event, &list,
                                   &call->problem);
    return rc == 0 ? api_list_close(&list) : rc;
}
