/*
 * A definition:
 *
 *     {"name": TEXT?, "for": TIME, "settle": TIME?,
 *      "break": [{"check": ID, "state": "up|down"} | {"region": NAME} | {"zone": NAME}
 *                | {"control": NAME, "state": "On|Off", "break_glass": [RULE...]?}
 *                | {"hook": {"start": COMMAND, "restore": COMMAND?, "checks": [ID...]?}}...],
 *      "watch": [{"name": NAME, "type": TYPE, "client": PREFIX?}...]?,
 *      "objectives": {"turned_within": TIME?, "back_within": TIME?, "cached_within": TIME?,
 *                     "never_empty": BOOL?}?}
 */
#include "drill_json.h"

#include <math.h>
#include <string.h>

/* Where in the definition reading stands: "break[2]", "" at its top. */
struct spot {
    struct api_call *call;
    char text[48];
};

static int fault(const struct spot *place, const char *member, const char *reason)
{
    return problem_set(&place->call->problem, SP_EINVAL, "%s%s%s: %s", place->text,
                       place->text[0] != '\0' && member[0] != '\0' ? "." : "", member, reason);
}

/* Puts where it was in front of what somebody else found wrong. */
static int locate(const struct spot *place, const char *member, int rc)
{
    struct problem inner = place->call->problem;
    if (rc == 0 || inner.text[0] == '\0')
        return rc;
    return problem_set(&place->call->problem, rc, "%s%s%s: %.900s", place->text,
                       place->text[0] != '\0' ? "." : "", member, inner.text);
}

/* ---- members ---- */

static int copy_text(const struct spot *place, const char *member, const json_t *value,
                     const char **out_text)
{
    const char *text = json_string_value(value);
    if (text == NULL)
        return fault(place, member, "it must be a string");
    *out_text = arena_copy(place->call->exchange->arena, text, strlen(text) + 1);
    return *out_text != NULL ? 0 : SP_ENOMEM;
}

/* Leaves what is there when there is none. */
static int read_text(const struct spot *place, const json_t *object, const char *member,
                     const char **text)
{
    const json_t *value = json_object_get(object, member);
    return value != NULL ? copy_text(place, member, value, text) : 0;
}

static int read_time(const struct spot *place, const json_t *object, const char *member,
                     uint64_t *ms)
{
    const json_t *value = json_object_get(object, member);
    double seconds = json_number_value(value);
    if (value == NULL)
        return 0;
    if (json_is_string(value))
        return locate(place, member,
                      drill_time_read(json_string_value(value), ms, &place->call->problem));
    if (!json_is_number(value) || seconds < 0 || seconds * 1000 > (double)DRILL_MS_MAX)
        return fault(place, member,
                     "it must be a time such as \"90s\", \"2m\" or \"1h\", or a number of seconds, "
                     "and at most a day");
    *ms = (uint64_t)llround(seconds * 1000);
    return 0;
}

static int read_names(const struct spot *place, const json_t *object, const char *member,
                      struct drill_break *part)
{
    const json_t *list = json_object_get(object, member), *item;
    size_t count = json_array_size(list), index;
    int rc = 0;
    if (list != NULL && !json_is_array(list))
        return fault(place, member, "it must be a list of strings");
    const char **names =
        arena_alloc(place->call->exchange->arena, (count + 1) * sizeof(const char *));
    if (names == NULL)
        return SP_ENOMEM;
    json_array_foreach(list, index, item)
    {
        if (rc == 0)
            rc = copy_text(place, member, item, &names[index]);
    }
    part->names = names;
    part->name_count = (unsigned)count;
    return rc;
}

/* ---- what breaks ---- */

/* "state": the first of the words is what `up` means. */
static int read_state(const struct spot *place, const json_t *object, const char *up,
                      const char *down, struct drill_break *part)
{
    const char *state = json_string_value(json_object_get(object, "state"));
    if (state != NULL && (strcmp(state, up) == 0 || strcmp(state, down) == 0)) {
        part->up = strcmp(state, up) == 0;
        return 0;
    }
    return problem_set(&place->call->problem, SP_EINVAL, "%s.state: it must be \"%s\" or \"%s\"",
                       place->text, up, down);
}

static int check_members(const struct spot *place, json_t *object, const char *const *known)
{
    char where[sizeof(place->text) + 2];
    snprintf(where, sizeof(where), "%s: ", place->text);
    return api_check_members(place->call, object, place->text[0] != '\0' ? where : "", known);
}

static int read_check(const struct spot *place, json_t *object, struct drill_break *part)
{
    static const char *const known[] = { "check", "state", NULL };
    int rc = check_members(place, object, known);
    return rc == 0 ? read_state(place, object, "up", "down", part) : rc;
}

static int read_control(const struct spot *place, json_t *object, struct drill_break *part)
{
    static const char *const known[] = { "control", "state", "break_glass", NULL };
    int rc = check_members(place, object, known);
    if (rc == 0)
        rc = read_state(place, object, "On", "Off", part);
    return rc == 0 ? read_names(place, object, "break_glass", part) : rc;
}

static int read_hook(const struct spot *place, json_t *object, struct drill_break *part)
{
    static const char *const known[] = { "start", "restore", "checks", NULL };
    struct spot inner = { .call = place->call };
    json_t *hook = json_object_get(object, "hook");
    if (!json_is_object(hook) || json_object_size(object) != 1)
        return fault(place, "hook",
                     "it must be {\"start\":\"COMMAND\",\"restore\":\"COMMAND\",\"checks\":[...]}");
    snprintf(inner.text, sizeof(inner.text), "%.40s.hook", place->text);
    part->start = part->restore = "";
    int rc = check_members(&inner, hook, known);
    if (rc == 0)
        rc = read_text(&inner, hook, "start", &part->start);
    if (rc == 0)
        rc = read_text(&inner, hook, "restore", &part->restore);
    return rc == 0 ? read_names(&inner, hook, "checks", part) : rc;
}

/* The kind is the one member that names what breaks. */
static int read_kind(const struct spot *place, const json_t *object, enum drill_break_kind *out)
{
    unsigned found = 0;
    for (unsigned i = 0; i < DRILL_BREAK_KIND_COUNT; i++)
        if (json_object_get(object, drill_break_kind_name((enum drill_break_kind)i)) != NULL) {
            *out = (enum drill_break_kind)i;
            found++;
        }
    if (found == 1)
        return 0;
    return fault(
        place, "",
        "it must be an object with one of \"check\", \"region\", \"zone\", \"control\" and "
        "\"hook\"");
}

static int read_break(const struct spot *place, json_t *object, struct drill_break *part)
{
    int rc = read_kind(place, object, &part->kind);
    if (rc != 0)
        return rc;
    const char *kind = drill_break_kind_name(part->kind);
    const char *const known[] = { kind, NULL };
    if (part->kind == DRILL_BREAK_HOOK)
        return read_hook(place, object, part);
    rc = read_text(place, object, kind, &part->target);
    if (rc != 0)
        return rc;
    if (part->kind == DRILL_BREAK_CHECK)
        return read_check(place, object, part);
    if (part->kind == DRILL_BREAK_CONTROL)
        return read_control(place, object, part);
    return check_members(place, object, known);
}

/* A list that is there and not too long; its items are read one after the other. */
static int read_list(const struct spot *top, const json_t *definition, const char *member,
                     size_t most, const json_t **out_list)
{
    const json_t *list = json_object_get(definition, member);
    *out_list = list;
    if (list != NULL && !json_is_array(list))
        return fault(top, member, "it must be a list");
    if (json_array_size(list) <= most)
        return 0;
    return problem_set(&top->call->problem, SP_ELIMIT, "%s: %zu are too many; at most %zu", member,
                       json_array_size(list), most);
}

static int read_breaks(const struct spot *top, const json_t *definition, struct drill_plan *plan)
{
    const json_t *list;
    int rc = read_list(top, definition, "break", DRILL_STEPS_MAX, &list);
    if (rc != 0)
        return rc;
    size_t count = json_array_size(list);
    struct drill_break *parts =
        arena_alloc(top->call->exchange->arena, (count + 1) * sizeof(*parts));
    for (size_t i = 0; parts != NULL && rc == 0 && i < count; i++) {
        struct spot place = { .call = top->call };
        snprintf(place.text, sizeof(place.text), "break[%zu]", i);
        rc = read_break(&place, json_array_get(list, i), &parts[i]);
    }
    plan->breaks = parts;
    plan->break_count = (unsigned)count;
    return parts != NULL ? rc : SP_ENOMEM;
}

/* ---- what is watched ---- */

static int read_client(const struct spot *place, const json_t *value, struct drill_watch *watch)
{
    const char *text = json_string_value(value);
    if (value == NULL)
        return 0;
    if (text == NULL)
        return fault(place, "client", "it must be a string, such as \"203.0.113.0/25\"");
    const char *why = prefix_from_text(&watch->client, text);
    if (why != NULL)
        return problem_set(&place->call->problem, SP_EINVAL, "%s.client: \"%.100s\" %s",
                           place->text, text, why);
    watch->has_client = true;
    return 0;
}

static int read_watch(const struct spot *place, json_t *object, struct drill_watch *watch)
{
    static const char *const known[] = { "name", "type", "client", NULL };
    const char *name = json_string_value(json_object_get(object, "name"));
    const char *type = json_string_value(json_object_get(object, "type"));
    char what[sizeof(place->text) + 8];
    if (!json_is_object(object))
        return fault(place, "", "it must be {\"name\":\"www.example.com\",\"type\":\"A\"}");
    snprintf(what, sizeof(what), "%s.name", place->text);
    int rc = check_members(place, object, known);
    if (rc == 0 && name == NULL)
        rc = fault(place, "name", "it must be a string, such as \"www.example.com\"");
    if (rc == 0 && type == NULL)
        rc = fault(place, "type", "it must be a string, such as \"A\"");
    if (rc == 0)
        rc = api_call_name(place->call, what, name, watch->name);
    if (rc == 0)
        rc = locate(place, "type", api_call_type(place->call, type, &watch->type));
    return rc == 0 ? read_client(place, json_object_get(object, "client"), watch) : rc;
}

static int read_watches(const struct spot *top, const json_t *definition, struct drill_plan *plan)
{
    const json_t *list;
    int rc = read_list(top, definition, "watch", DRILL_WATCHES_MAX, &list);
    if (rc != 0)
        return rc;
    size_t count = json_array_size(list);
    struct drill_watch *watches =
        arena_alloc(top->call->exchange->arena, (count + 1) * sizeof(*watches));
    for (size_t i = 0; watches != NULL && rc == 0 && i < count; i++) {
        struct spot place = { .call = top->call };
        snprintf(place.text, sizeof(place.text), "watch[%zu]", i);
        rc = read_watch(&place, json_array_get(list, i), &watches[i]);
    }
    plan->watches = watches;
    plan->watch_count = (unsigned)count;
    return watches != NULL ? rc : SP_ENOMEM;
}

/* ---- the whole ---- */

static int read_objectives(const struct spot *top, json_t *definition,
                           struct drill_objectives *objectives)
{
    static const char *const known[] = { "turned_within", "back_within", "cached_within",
                                         "never_empty", NULL };
    json_t *object = json_object_get(definition, "objectives");
    const json_t *empty = json_object_get(object, "never_empty");
    struct spot place = { .call = top->call, .text = "objectives" };
    if (object == NULL)
        return 0;
    if (!json_is_object(object))
        return fault(&place, "", "it must be an object");
    int rc = check_members(&place, object, known);
    if (rc == 0)
        rc = read_time(&place, object, "turned_within", &objectives->turned_within_ms);
    if (rc == 0)
        rc = read_time(&place, object, "back_within", &objectives->back_within_ms);
    if (rc == 0)
        rc = read_time(&place, object, "cached_within", &objectives->cached_within_ms);
    if (rc == 0 && empty != NULL && !json_is_boolean(empty))
        rc = fault(&place, "never_empty", "it must be true or false");
    objectives->never_empty = json_is_true(empty);
    return rc;
}

int drill_json_read(struct api_call *call, json_t *definition, struct drill_plan *out_plan)
{
    static const char *const known[] = { "name",  "for",        "settle", "break",
                                         "watch", "objectives", NULL };
    struct spot top = { .call = call };
    *out_plan = (struct drill_plan){ .name = "", .settle_ms = DRILL_SETTLE_MS_DEFAULT };
    if (!json_is_object(definition))
        return fault(&top, "definition", "it must be an object");
    int rc = check_members(&top, definition, known);
    if (rc == 0 && json_object_get(definition, "for") == NULL)
        rc = fault(&top, "for", "it must say for how long things are broken, such as \"2m\"");
    if (rc == 0)
        rc = read_text(&top, definition, "name", &out_plan->name);
    if (rc == 0)
        rc = read_time(&top, definition, "for", &out_plan->for_ms);
    if (rc == 0)
        rc = read_time(&top, definition, "settle", &out_plan->settle_ms);
    if (rc == 0)
        rc = read_breaks(&top, definition, out_plan);
    if (rc == 0)
        rc = read_watches(&top, definition, out_plan);
    return rc == 0 ? read_objectives(&top, definition, &out_plan->objectives) : rc;
}

/* ---- predictions ---- */

static json_t *answer_list(const struct predicted_answer *answers, unsigned count)
{
    json_t *list = json_array();
    for (unsigned i = 0; i < count; i++) {
        json_t *values = json_array();
        for (unsigned j = 0; j < answers[i].value_count; j++)
            json_array_append_new(values, api_json_text(answers[i].values[j]));
        json_array_append_new(list, values);
    }
    return list;
}

static json_t *times(const struct predicted_watch *watch, const struct drill_times *range)
{
    if (!watch->changes)
        return json_null();
    return json_pack("{s:I,s:I}", "least", (json_int_t)range->least_ms, "most",
                     (json_int_t)range->most_ms);
}

static json_t *watch_object(const struct predicted_watch *watch)
{
    char client[PREFIX_TEXT_SIZE];
    json_t *checks = json_array();
    json_t *object = json_pack("{s:o,s:s}", "name", api_json_name(watch->watch->name), "type",
                               dns_type_find(watch->watch->type)->name);
    for (unsigned i = 0; i < watch->check_count; i++)
        json_array_append_new(checks, json_string(watch->checks[i]));
    if (watch->watch->has_client)
        json_object_set_new(object, "client",
                            json_string(prefix_to_text(client, &watch->watch->client)));
    json_object_set_new(object, "before", answer_list(watch->before, watch->before_count));
    json_object_set_new(object, "during", answer_list(watch->during, watch->during_count));
    json_object_set_new(object, "changes", json_boolean(watch->changes));
    json_object_set_new(object, "ttl_s", json_integer(watch->ttl_s));
    json_object_set_new(object, "checks", checks);
    json_object_set_new(object, "turned_ms", times(watch, &watch->turned));
    json_object_set_new(object, "cached_ms", times(watch, &watch->cached));
    json_object_set_new(object, "back_ms", times(watch, &watch->back));
    json_object_set_new(object, "back_cached_ms", times(watch, &watch->back_cached));
    return object;
}

json_t *drill_json_prediction(const struct drill_prediction *prediction)
{
    json_t *watches = json_array();
    for (unsigned i = 0; i < prediction->watch_count; i++)
        json_array_append_new(watches, watch_object(&prediction->watches[i]));
    return json_pack("{s:o}", "watches", watches);
}
