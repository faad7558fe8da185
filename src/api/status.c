#include "call.h"

#include "signpost/control/locations.h"

#include <stdio.h>
#include <unistd.h>

/* The second number of statm: pages that are in memory now. */
static uint64_t resident_kib(void)
{
    unsigned long pages = 0;
    FILE *file = fopen("/proc/self/statm", "re");
    if (file == NULL)
        return 0;
    if (fscanf(file, "%*u %lu", &pages) != 1)
        pages = 0;
    fclose(file);
    return (uint64_t)pages * ((uint64_t)sysconf(_SC_PAGESIZE) / 1024);
}

static json_t *counter_object(const struct api_counter *counters, uint64_t *out_total)
{
    json_t *object = json_object();
    *out_total = 0;
    for (; counters->name != NULL; counters++) {
        *out_total += counters->value;
        json_object_set_new(object, counters->name, json_integer((json_int_t)counters->value));
    }
    return object;
}

/* What record sets name. */
static int add_objects(struct api_call *call, json_t *status)
{
    struct store_object_counts counts;
    int rc = control_count_objects(api_call_control(call), &counts, &call->problem);
    if (rc != 0)
        return rc;
    json_object_set_new(status, "health_checks",
                        json_pack("{s:I,s:I}", "up", (json_int_t)counts.checks_up, "down",
                                  (json_int_t)counts.checks_down));
    json_object_set_new(status, "collections", json_integer((json_int_t)counts.collections));
    json_object_set_new(status, "resources", json_integer((json_int_t)counts.resources));
    return 0;
}

static json_t *probes_object(const struct prober_figures *probes)
{
    return json_pack("{s:I,s:I,s:I,s:I,s:I,s:I,s:I,s:I}", "started", (json_int_t)probes->started,
                     "passed", (json_int_t)probes->passed, "failed", (json_int_t)probes->failed,
                     "under_way", (json_int_t)probes->under_way, "waiting",
                     (json_int_t)probes->waiting, "lateness_ms_sum",
                     (json_int_t)probes->lateness_ms_sum, "lateness_ms_max",
                     (json_int_t)probes->lateness_ms_max, "cpu_us", (json_int_t)probes->cpu_us);
}

static json_t *signatures_object(const struct api_status *status)
{
    return json_pack("{s:I,s:I,s:I,s:I}", "made", (json_int_t)status->signatures_made, "made_other",
                     (json_int_t)status->signatures_made_other, "remembered",
                     (json_int_t)status->signatures_remembered, "refused",
                     (json_int_t)status->signatures_refused);
}

static json_t *listen_list(const struct api_status *status)
{
    json_t *list = json_array();
    for (unsigned i = 0; status->listen[i] != NULL; i++)
        json_array_append_new(list, json_string(status->listen[i]));
    return list;
}

static json_t *endpoint_list(const struct api_status *status)
{
    json_t *list = json_array();
    for (const struct api_endpoint *at = status->endpoints; at->url != NULL; at++)
        json_array_append_new(
            list, json_pack("{s:s,s:b}", "url", at->url, "signatures", (int)at->signatures));
    return list;
}

/* What is known of clients. */
static void add_places(const struct control *control, json_t *status)
{
    const struct geography *geography = control_snapshot(control)->geography;
    const struct mmdb_info *mmdb = control_mmdb_info(control);
    json_object_set_new(status, "locations",
                        json_integer((json_int_t)geography_location_count(geography)));
    json_object_set_new(status, "latencies",
                        json_integer((json_int_t)geography_latency_count(geography)));
    json_object_set_new(status, "mmdb", mmdb == NULL ? json_null() : api_json_text(mmdb->type));
}

int api_healthz_end(struct api_call *call)
{
    http_buffer_add_text(&call->exchange->response.body, "ok\n");
    return api_call_answer(call, "text/plain");
}

int api_status_end(struct api_call *call)
{
    const struct api_settings *settings = &call->api->settings;
    const struct snapshot *snapshot = control_snapshot(settings->control);
    struct api_status status = { 0 };
    uint64_t total, ignored;
    settings->read_status(settings->context, &status);
    json_t *types = counter_object(status.types, &ignored);
    json_t *rcodes = counter_object(status.rcodes, &ignored);
    json_t *queries = counter_object(status.transports, &total);
    json_object_set_new(queries, "total", json_integer((json_int_t)total));
    json_t *tcp = json_pack("{s:I,s:I,s:I,s:I}", "open", (json_int_t)status.tcp_open, "accepted",
                            (json_int_t)status.tcp_accepted, "closed_idle",
                            (json_int_t)status.tcp_closed_idle, "closed_crowded",
                            (json_int_t)status.tcp_closed_crowded);
    json_t *document = json_pack(
        "{s:s,s:i,s:I,s:i,s:I,s:I,s:I,s:{s:I},s:o,s:o,s:o,s:I,s:I,s:I,s:o}", "version",
        SIGNPOST_VERSION, "pid", (int)getpid(), "uptime_s", (json_int_t)status.uptime_s, "workers",
        (int)status.workers, "serial", (json_int_t)control_serial(settings->control), "zones",
        (json_int_t)snapshot->zone_count, "records", (json_int_t)snapshot->record_count, "memory",
        "resident_kib", (json_int_t)resident_kib(), "queries", queries, "types", types, "rcodes",
        rcodes, "truncated", (json_int_t)status.truncated, "ignored", (json_int_t)status.ignored,
        "send_failed", (json_int_t)status.send_failed, "tcp", tcp);
    json_object_set_new(document, "signatures", signatures_object(&status));
    json_object_set_new(document, "listen", listen_list(&status));
    json_object_set_new(document, "api", endpoint_list(&status));
    json_object_set_new(document, "probes", probes_object(&status.probes));
    add_places(settings->control, document);
    int rc = add_objects(call, document);
    if (rc == 0)
        return api_call_json(call, document);
    json_decref(document);
    return rc;
}
