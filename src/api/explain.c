#include "question.h"
#include "trace_json.h"

#include "signpost/base/clock.h"
#include "signpost/model/zone_file.h"

#include <math.h>
#include <string.h>

/* ---- the client ---- */

/* Stored as float: six digits are what it holds, and what coordinates need. */
static json_t *degrees(float value)
{
    return json_real(round((double)value * 1e4) / 1e4);
}

static void set_place(json_t *object, const struct place *place)
{
    if (place->continent != GEO_CONTINENT_NONE)
        json_object_set_new(object, "continent", json_string(geo_continent_code(place->continent)));
    if (place->country[0] != '\0')
        json_object_set_new(object, "country", json_stringn(place->country, 2));
    if (place->subdivision[0] != '\0')
        json_object_set_new(object, "subdivision",
                            json_stringn(place->subdivision, strnlen(place->subdivision, 3)));
    if (place->has_point) {
        json_object_set_new(object, "latitude", degrees(place->latitude));
        json_object_set_new(object, "longitude", degrees(place->longitude));
    }
    if (place->region != GEO_REGION_NONE)
        json_object_set_new(object, "region", json_string(geo_region_at(place->region)->name));
}

static json_t *client_object(const struct explanation *explanation, const struct question *question)
{
    static const char *const sources[] = {
        [PLACE_UNLOCATED] = "unlocated", [PLACE_TABLE] = "table", [PLACE_MMDB] = "mmdb"
    };
    char prefix[PREFIX_TEXT_SIZE];
    bool by_subnet = question->has_subnet && question->subnet.length > 0;
    json_t *object = json_pack(
        "{s:s,s:s,s:b,s:s,s:b}", "prefix", prefix_to_text(prefix, explanation->client), "source",
        by_subnet ? "client-subnet" : "address", "used", explanation->trace->has_client,
        "place_source", sources[explanation->place_source], "assumed",
        explanation->trace->client_assumed);
    if (explanation->place_source != PLACE_UNLOCATED)
        set_place(object, &explanation->place);
    return object;
}

/* ---- the answer ---- */

static json_t *record_object(struct arena *arena, const struct reply_record *record)
{
    const char *value = rdata_to_text(arena, record->type, record->rdata);
    return json_pack("{s:o,s:I,s:s,s:o}", "name", api_json_name(record->owner), "ttl",
                     (json_int_t)record->ttl_s, "type", dns_type_find(record->type)->name, "value",
                     value != NULL ? api_json_text(value) : NULL);
}

static json_t *answer_list(struct arena *arena, const struct explanation *explanation)
{
    json_t *list = json_array();
    for (unsigned i = 0; i < explanation->answer_count; i++)
        if (json_array_append_new(list, record_object(arena, &explanation->answers[i])) != 0) {
            json_decref(list);
            return NULL;
        }
    return list;
}

static json_t *explanation_object(const struct api_call *call, const struct asked *asked,
                                  const struct explanation *explanation)
{
    char line[EXPLANATION_SIZE];
    const struct trace *trace = explanation->trace;
    size_t line_size = trace->count > 0 ? trace_line(trace, line, sizeof(line)) : 0;
    json_t *object = json_pack(
        "{s:o,s:s,s:o,s:s,s:b,s:b,s:o,s:o,s:o,s:b,s:I}", "name",
        api_json_name(asked->question.name), "type", dns_type_find(asked->question.type)->name,
        "client", client_object(explanation, &asked->question), "rcode",
        asked_rcode_name(explanation->rcode), "authoritative", explanation->is_authoritative,
        "truncated", explanation->is_truncated, "answer",
        answer_list(call->exchange->arena, explanation), "line", json_stringn(line, line_size),
        "groups",
        trace_json(api_call_control(call), explanation, &asked->supposition, clock_unix_s()),
        "complete", !trace->is_cut, "seed", (json_int_t)asked->seed);
    if (explanation->has_scope)
        json_object_set_new(object, "scope", json_integer(explanation->scope));
    return object;
}

/* ---- the request ---- */

static int read_request(struct api_call *call, json_t *document, struct asked *out_asked)
{
    static const char *const known[] = { "name", "type", "client", "source",
                                         "down", "up",   "seed",   NULL };
    const json_t *client = json_object_get(document, "client");
    int rc = api_check_members(call, document, "", known);
    if (rc == 0)
        rc = asked_read(call, document, out_asked);
    if (rc == 0 && client != NULL) {
        out_asked->question.has_subnet = true;
        rc = asked_read_prefix(call, "client", client, &out_asked->question.subnet);
    }
    return rc;
}

int api_explain_end(struct api_call *call)
{
    struct asked asked;
    struct explanation *explanation;
    json_t *document = NULL;
    int rc = api_call_document(call, &document);
    if (rc == 0)
        rc = read_request(call, document, &asked);
    json_decref(document);
    if (rc == 0)
        rc = control_explain(api_call_control(call), &asked.question, &asked.supposition,
                             asked.seed, &explanation, &call->problem);
    if (rc != 0)
        return rc;
    rc = api_call_json(call, explanation_object(call, &asked, explanation));
    explanation_destroy(explanation);
    return rc;
}
