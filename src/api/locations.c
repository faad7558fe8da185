/*
 * Where clients are: the location table and the latency table, each brought in as a whole.
 */
#include "call.h"

#include "signpost/base/limits.h"
#include "signpost/base/log.h"
#include "signpost/control/locations.h"
#include "signpost/model/location_file.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* ---- import ---- */

struct import {
    struct location_reader *locations; /* one of the two */
    struct latency_reader *latencies;
};

static const char *file_name(const struct api_call *call, const char *otherwise)
{
    const char *name = http_target_argument(&call->target, "file");
    return name != NULL && name[0] != '\0' ? name : otherwise;
}

static int begin_import(struct api_call *call, bool is_latency)
{
    struct import *import = arena_alloc(call->exchange->arena, sizeof(*import));
    if (import == NULL)
        return SP_ENOMEM;
    call->state = import;
    if (is_latency)
        import->latencies = latency_reader_create(file_name(call, "latency file"));
    else
        import->locations = location_reader_create(file_name(call, "location file"));
    return import->latencies == NULL && import->locations == NULL ? SP_ENOMEM : 0;
}

int api_locations_import_begin(struct api_call *call)
{
    return begin_import(call, false);
}

int api_latencies_import_begin(struct api_call *call)
{
    return begin_import(call, true);
}

int api_locations_import_body(struct api_call *call, struct span piece)
{
    struct import *import = call->state;
    return import->latencies != NULL
               ? latency_reader_feed(import->latencies, piece, &call->problem)
               : location_reader_feed(import->locations, piece, &call->problem);
}

void api_locations_import_gone(struct api_call *call)
{
    struct import *import = call->state;
    if (import == NULL)
        return;
    location_reader_destroy(import->locations);
    latency_reader_destroy(import->latencies);
    *import = (struct import){ 0 };
}

static int import_locations(struct api_call *call, size_t *out_count)
{
    struct import *import = call->state;
    int rc = location_reader_finish(import->locations, &call->problem);
    if (rc != 0)
        return rc;
    struct location_row *rows = location_reader_rows(import->locations, out_count);
    return control_import_locations(api_call_control(call), rows, *out_count, &call->problem);
}

static int import_latencies(struct api_call *call, size_t *out_count)
{
    struct import *import = call->state;
    int rc = latency_reader_finish(import->latencies, &call->problem);
    if (rc != 0)
        return rc;
    struct latency_row *rows = latency_reader_rows(import->latencies, out_count);
    return control_import_latencies(api_call_control(call), rows, *out_count, &call->problem);
}

int api_locations_import_end(struct api_call *call)
{
    const struct import *import = call->state;
    bool is_latency = import->latencies != NULL;
    size_t count = 0;
    char rows[24];
    int rc = is_latency ? import_latencies(call, &count) : import_locations(call, &count);
    api_locations_import_gone(call); /* a big table need not wait for the workers */
    if (rc != 0)
        return rc;
    snprintf(rows, sizeof(rows), "%zu", count);
    log_write(LOG_LEVEL_INFO, is_latency ? "latencies imported" : "locations imported", "rows",
              rows, NULL);
    api_call_wait(call);
    return api_call_json(call, json_pack("{s:I}", "rows", (json_int_t)count));
}

/* ---- export ---- */

int api_locations_export_end(struct api_call *call)
{
    struct http_buffer *body = &call->exchange->response.body;
    struct location_row *rows = NULL;
    size_t count = 0;
    char line[LOCATION_LINE_SIZE];
    int rc = control_read_locations(api_call_control(call), &rows, &count, &call->problem);
    http_buffer_add_text(body, LOCATION_FILE_HEADER);
    for (size_t i = 0; rc == 0 && i < count; i++)
        http_buffer_add(body, line, location_line(line, &rows[i]));
    free(rows);
    return rc == 0 ? api_call_answer(call, "text/csv") : rc;
}

int api_latencies_export_end(struct api_call *call)
{
    struct http_buffer *body = &call->exchange->response.body;
    struct latency_row *rows = NULL;
    size_t count = 0;
    char line[LOCATION_LINE_SIZE];
    int rc = control_read_latencies(api_call_control(call), &rows, &count, &call->problem);
    http_buffer_add_text(body, LATENCY_FILE_HEADER);
    for (size_t i = 0; rc == 0 && i < count; i++)
        http_buffer_add(body, line, latency_line(line, &rows[i]));
    free(rows);
    return rc == 0 ? api_call_answer(call, "text/csv") : rc;
}

/* ---- one client ---- */

static json_t *code(const char *text, size_t size)
{
    size = strnlen(text, size);
    return size == 0 ? json_null() : json_stringn(text, size);
}

/* The Region that counts as the client's own: what its row says, else the one nearest to it. */
static const char *nearest_region(const struct place *place)
{
    unsigned region = place->region;
    bool ignored;
    struct geo_point point = geography_point(place, &ignored);
    if (region == GEO_REGION_NONE && place->has_point)
        region = geo_region_nearest(&point);
    return region == GEO_REGION_NONE ? "" : geo_region_at(region)->name;
}

static json_t *place_document(const struct geography *geography, const struct ip_prefix *client,
                              struct place *out_place)
{
    static const char *const sources[] = {
        [PLACE_UNLOCATED] = "unlocated", [PLACE_TABLE] = "table", [PLACE_MMDB] = "mmdb"
    };
    char text[PREFIX_TEXT_SIZE], matched[PREFIX_TEXT_SIZE] = "";
    struct ip_prefix prefix;
    enum place_source source = geography_locate_prefix(geography, client, out_place, &prefix);
    const struct place *place = out_place;
    const char *continent =
        place->continent == GEO_CONTINENT_NONE ? "" : geo_continent_code(place->continent);
    if (source != PLACE_UNLOCATED)
        prefix_to_text(matched, &prefix);
    return json_pack("{s:s,s:s,s:o,s:o,s:o,s:o,s:o,s:o,s:o}", "client",
                     prefix_to_text(text, client), "source", sources[source], "prefix",
                     code(matched, sizeof matched), "continent", code(continent, 2), "country",
                     code(place->country, sizeof place->country), "subdivision",
                     code(place->subdivision, sizeof place->subdivision), "latitude",
                     place->has_point ? json_real(place->latitude) : json_null(), "longitude",
                     place->has_point ? json_real(place->longitude) : json_null(), "region",
                     code(nearest_region(place), GEO_REGION_NAME_SIZE));
}

/* How far it is to every Region, the nearest first; ties in the order of their names. */
static json_t *latency_list(const struct geography *geography, const struct ip_prefix *client,
                            const struct place *place, bool *out_assumed)
{
    struct latency_origin origin = geography_origin(geography, client, place, out_assumed);
    bool listed[GEO_REGION_COUNT] = { false };
    json_t *list = json_array();
    for (unsigned n = 0; n < GEO_REGION_COUNT; n++) {
        unsigned best = GEO_REGION_COUNT;
        double least = 0;
        bool is_measured, best_is_measured = false;
        for (unsigned i = 0; i < GEO_REGION_COUNT; i++) {
            double ms = listed[i] ? 0 : geography_latency_ms(&origin, i, &is_measured);
            if (!listed[i] && (best == GEO_REGION_COUNT || ms < least)) {
                best = i;
                least = ms;
                best_is_measured = is_measured;
            }
        }
        listed[best] = true;
        json_array_append_new(list, json_pack("{s:s,s:f,s:s}", "region", geo_region_at(best)->name,
                                              "milliseconds", least, "source",
                                              best_is_measured ? "measured" : "modelled"));
    }
    return list;
}

int api_location_read_end(struct api_call *call)
{
    const struct geography *geography = control_snapshot(api_call_control(call))->geography;
    struct ip_prefix client;
    struct place place;
    bool is_assumed = false;
    const char *why = prefix_from_text(&client, call->id);
    if (why != NULL)
        return problem_set(&call->problem, SP_EINVAL, "\"%.60s\" %s", call->id, why);
    json_t *document = place_document(geography, &client, &place);
    json_t *latencies = latency_list(geography, &client, &place, &is_assumed);
    json_object_set_new(document, "assumed", json_boolean(is_assumed));
    json_object_set_new(document, "latencies", latencies);
    return api_call_json(call, document);
}
