/*
 * Drills.  What was predicted when a drill began is kept with it, and so is its definition; both
 * are texts to the control, which knows the plan.
 */
#include "drill_json.h"

#include "signpost/base/clock.h"
#include "signpost/base/log.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* ---- what is told of a drill ---- */

static json_t *drill_object(const struct drill_record *drill)
{
    char id[24];
    snprintf(id, sizeof(id), "%" PRId64, drill->id);
    json_t *object = json_pack("{s:s,s:o,s:o,s:s,s:I,s:I,s:b}", "id", id, "name",
                               api_json_text(drill->name), "owner", api_json_text(drill->owner),
                               "state", drill->state == DRILL_RESTORED ? "restored" : "running",
                               "started_ms", (json_int_t)drill->started_ms, "ends_ms",
                               (json_int_t)drill->ends_ms, "has_report", drill->has_report);
    if (drill->state == DRILL_RESTORED) {
        json_object_set_new(object, "restored_ms", json_integer((json_int_t)drill->restored_ms));
        json_object_set_new(object, "restored_by", json_string(drill_end_name(drill->restored_by)));
    }
    if (drill->remarks[0] != '\0')
        json_object_set_new(object, "remarks", api_json_text(drill->remarks));
    return object;
}

static int read_id(struct api_call *call, int64_t *out_id)
{
    char *end = NULL;
    errno = 0;
    long long id = strtoll(call->id, &end, 10);
    if (call->id[0] < '0' || call->id[0] > '9' || *end != '\0' || errno != 0)
        return problem_set(&call->problem, SP_ENOENT,
                           "there is no drill \"%.40s\": drills have numbers, and \"signpost drill "
                           "list\" shows them",
                           call->id);
    *out_id = id;
    return 0;
}

/* A text that is kept, as the JSON that it is. */
static int load_text(struct api_call *call, int64_t id, enum drill_text which,
                     json_t **out_document)
{
    char *text = NULL;
    int rc = control_read_drill_text(api_call_control(call), id, which, &text, &call->problem);
    if (rc != 0)
        return rc;
    *out_document = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
    free(text);
    return *out_document != NULL
               ? 0
               : problem_set(&call->problem, SP_ENOMEM, "no memory for the response");
}

/* ---- reading ---- */

static int write_drill(void *context, const struct drill_record *drill)
{
    return api_list_add(context, drill_object(drill));
}

int api_drills_list_end(struct api_call *call)
{
    struct api_list list;
    api_list_open(&list, call, "drills");
    int rc = control_list_drills(api_call_control(call), write_drill, &list, &call->problem);
    return rc == 0 ? api_list_close(&list) : rc;
}

static json_t *turn_list(const struct drill_turn *turns, size_t count)
{
    json_t *list = json_array();
    for (size_t i = 0; i < count; i++) {
        const struct health_event *event = &turns[i].event;
        json_array_append_new(list, json_pack("{s:s,s:I,s:b,s:s,s:o}", "check", turns[i].check,
                                              "at_ms", (json_int_t)event->at_ms, "up", event->up,
                                              "cause", health_cause_name(event->cause), "reason",
                                              api_json_text(event->reason)));
    }
    return list;
}

/* Which checks matter stands in the definition. */
static int set_turns(struct api_call *call, const struct drill_record *drill, json_t *definition,
                     json_t *object)
{
    struct drill_plan plan;
    struct drill_turn *turns = NULL;
    size_t count = 0;
    int rc = drill_json_read(call, definition, &plan);
    if (rc == 0)
        rc = control_read_drill_turns(api_call_control(call), drill, &plan, &turns, &count,
                                      &call->problem);
    if (rc == 0)
        json_object_set_new(object, "turns", turn_list(turns, count));
    free(turns);
    return rc;
}

int api_drill_read_end(struct api_call *call)
{
    struct drill_record drill;
    json_t *definition = NULL, *prediction = NULL, *object = NULL;
    int64_t id;
    int rc = read_id(call, &id);
    if (rc == 0)
        rc = control_read_drill(api_call_control(call), id, &drill, &call->problem);
    if (rc == 0)
        rc = load_text(call, id, DRILL_TEXT_DEFINITION, &definition);
    if (rc == 0)
        rc = load_text(call, id, DRILL_TEXT_PREDICTION, &prediction);
    if (rc == 0) {
        object = drill_object(&drill);
        json_object_set(object, "definition", definition);
        json_object_set(object, "prediction", prediction);
        rc = set_turns(call, &drill, definition, object);
    }
    json_decref(definition);
    json_decref(prediction);
    if (rc == 0)
        return api_call_json(call, object);
    json_decref(object);
    return rc;
}

/* ---- running ---- */

static int predict(struct api_call *call, json_t *definition, struct drill_plan *out_plan,
                   json_t **out_prediction)
{
    struct drill_prediction *prediction = NULL;
    int rc = drill_json_read(call, definition, out_plan);
    if (rc == 0)
        rc = control_predict_drill(api_call_control(call), out_plan, &prediction, &call->problem);
    if (rc == 0)
        *out_prediction = drill_json_prediction(prediction);
    drill_prediction_destroy(prediction);
    return rc == 0 && *out_prediction == NULL ? SP_ENOMEM : rc;
}

int api_drill_predict_end(struct api_call *call)
{
    struct drill_plan plan;
    json_t *definition = NULL, *prediction = NULL;
    int rc = api_call_document(call, &definition);
    if (rc == 0)
        rc = predict(call, definition, &plan, &prediction);
    json_decref(definition);
    return rc == 0 ? api_call_json(call, prediction) : rc;
}

static void log_started(const struct drill_record *drill)
{
    char id[24], seconds[24];
    snprintf(id, sizeof(id), "%" PRId64, drill->id);
    snprintf(seconds, sizeof(seconds), "%" PRIu64, (drill->ends_ms - drill->started_ms) / 1000);
    log_write(LOG_LEVEL_INFO, "drill started", "drill", id, "name", drill->name, "owner",
              drill->owner, "seconds", seconds, NULL);
}

/* Starts what the plan says, with the texts that are kept. */
static int start(struct api_call *call, const struct drill_plan *plan, const char *owner,
                 const json_t *definition, const json_t *prediction, struct drill_record *out_drill)
{
    char *definition_text = json_dumps(definition, JSON_COMPACT | JSON_REAL_PRECISION(15));
    char *prediction_text = json_dumps(prediction, JSON_COMPACT | JSON_REAL_PRECISION(15));
    struct drill_order order = {
        .plan = plan, .owner = owner, .definition = definition_text, .prediction = prediction_text
    };
    int rc = definition_text == NULL || prediction_text == NULL
                 ? SP_ENOMEM
                 : control_start_drill(api_call_control(call), &order, clock_unix_ms(), out_drill,
                                       &call->problem);
    free(definition_text);
    free(prediction_text);
    return rc;
}

static int read_order(struct api_call *call, json_t *document, const char **out_owner)
{
    static const char *const known[] = { "definition", "owner", NULL };
    int rc = api_check_members(call, document, "", known);
    *out_owner = json_string_value(json_object_get(document, "owner"));
    if (rc == 0 && *out_owner == NULL)
        rc = problem_set(&call->problem, SP_EINVAL,
                         "owner: it must be a string that says who runs the drill");
    return rc;
}

static int answer_start(struct api_call *call, const struct drill_record *drill, json_t *prediction)
{
    json_t *object = drill_object(drill);
    json_object_set(object, "prediction", prediction);
    log_started(drill);
    api_call_wait(call);
    return api_call_json(call, object);
}

int api_drill_start_end(struct api_call *call)
{
    struct drill_plan plan;
    struct drill_record drill;
    json_t *document = NULL, *prediction = NULL;
    const char *owner = NULL;
    int rc = api_call_document(call, &document);
    json_t *definition = json_object_get(document, "definition");
    if (rc == 0)
        rc = read_order(call, document, &owner);
    if (rc == 0)
        rc = predict(call, definition, &plan, &prediction);
    if (rc == 0)
        rc = start(call, &plan, owner, definition, prediction, &drill);
    if (rc == 0)
        rc = answer_start(call, &drill, prediction);
    json_decref(prediction);
    json_decref(document);
    return rc;
}

int api_drill_restore_end(struct api_call *call)
{
    struct drill_record drill;
    int64_t id;
    int rc = read_id(call, &id);
    if (rc == 0)
        rc = control_restore_drill(api_call_control(call), id, clock_unix_ms(), &drill,
                                   &call->problem);
    if (rc != 0)
        return rc;
    api_call_wait(call);
    return api_call_json(call, drill_object(&drill));
}

/* ---- reports ---- */

/* Kept as it comes, octet for octet. */
static int store_report(struct api_call *call, int64_t id)
{
    char *text = strndup(call->text.data, call->text.size);
    int rc = text == NULL
                 ? SP_ENOMEM
                 : control_set_drill_report(api_call_control(call), id, text, &call->problem);
    free(text);
    return rc;
}

int api_drill_report_put_end(struct api_call *call)
{
    json_t *report = NULL;
    int64_t id;
    int rc = read_id(call, &id);
    if (rc == 0)
        rc = api_call_document(call, &report);
    json_decref(report);
    if (rc == 0)
        rc = store_report(call, id);
    return rc == 0 ? api_call_json(call, json_pack("{s:s,s:b}", "id", call->id, "has_report", 1))
                   : rc;
}

int api_drill_report_read_end(struct api_call *call)
{
    char *text = NULL;
    int64_t id;
    int rc = read_id(call, &id);
    if (rc == 0)
        rc = control_read_drill_text(api_call_control(call), id, DRILL_TEXT_REPORT, &text,
                                     &call->problem);
    if (rc != 0)
        return rc;
    http_buffer_add_text(&call->exchange->response.body, text);
    free(text);
    return api_call_answer(call, "application/json");
}
