/*
 * GET /metrics: figures in the text form of Prometheus (version 0.0.4).
 *
 * All samples of a metric must stand together, so the checks are read once into rows, and each
 * metric is a pass over them.
 */
#include "call.h"

#include "signpost/control/checks.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

/* What the metrics say of one check. */
struct check_row {
    char id[HEALTH_CHECK_ID_SIZE_MAX + 1];
    health_slot slot;
    bool up;
    bool has_percentage, has_children, has_latencies, has_override;
    uint16_t healthy_count, watched_count;
};

struct page {
    struct http_buffer *out;
    struct control *control;
    struct check_row *rows;
    size_t count, room;
};

/* ---- lines ---- */

static void put(struct page *page, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void put(struct page *page, const char *format, ...)
{
    char line[512];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(line, sizeof(line), format, arguments);
    va_end(arguments);
    http_buffer_add_text(page->out, line);
}

static void put_head(struct page *page, const char *name, const char *type, const char *help)
{
    put(page, "# HELP signpost_%s %s\n# TYPE signpost_%s %s\n", name, help, name, type);
}

/* A metric with one sample. */
static void put_single(struct page *page, const char *name, const char *type, const char *help,
                       double value)
{
    put_head(page, name, type, help);
    put(page, "signpost_%s %.17g\n", name, value);
}

/* {label="value"}; what would end the text or the line is escaped. */
static const char *label(char out[160], const char *name, const char *value)
{
    size_t size = (size_t)snprintf(out, 160, "%.30s=\"", name);
    for (; *value != '\0' && size < 150; value++) {
        if (strchr("\\\"\n", *value) != NULL)
            out[size++] = '\\';
        out[size++] = (char)(*value == '\n' ? 'n' : *value);
    }
    strcpy(out + size, "\"");
    return out;
}

static void put_counters(struct page *page, const char *name, const char *label_name,
                         const struct api_counter *counters)
{
    char text[160];
    for (; counters->name != NULL; counters++)
        put(page, "signpost_%s{%s} %llu\n", name, label(text, label_name, counters->name),
            (unsigned long long)counters->value);
}

/* ---- health checks ---- */

static int add_row(void *context, const struct check_view *view)
{
    struct page *page = context;
    const struct health_check_config *config = &view->check.config;
    const struct health_status *status = &view->status;
    bool is_endpoint = health_check_type_is_endpoint(config->type);
    if (page->count == page->room) {
        size_t room = page->room == 0 ? 64 : page->room * 2;
        struct check_row *rows = realloc(page->rows, room * sizeof(*rows));
        if (rows == NULL)
            return SP_ENOMEM;
        page->rows = rows;
        page->room = room;
    }
    struct check_row *row = &page->rows[page->count++];
    *row = (struct check_row){
        .slot = control_check_slot(page->control, view->check.id),
        .up = status->up,
        .has_percentage = is_endpoint && !config->disabled && status->watched_count > 0,
        .has_children = config->type == HEALTH_CHECK_CALCULATED,
        .has_latencies = is_endpoint && config->measure_latency,
        .has_override = status->override.given,
        .healthy_count = status->healthy_count,
        .watched_count = status->watched_count,
    };
    memcpy(row->id, view->check.id, sizeof(row->id));
    return 0;
}

static void put_check(struct page *page, const char *name, const struct check_row *row,
                      double value)
{
    char id[160];
    put(page, "signpost_health_check_%s{%s} %.6g\n", name, label(id, "check", row->id), value);
}

/* Without a check there are no rows, not even an empty list of them. */
static const struct check_row *end_of_rows(const struct page *page)
{
    return page->count > 0 ? page->rows + page->count : page->rows;
}

static void put_states(struct page *page)
{
    const struct check_row *end = end_of_rows(page);
    put_head(page, "health_check_status", "gauge",
             "Whether the health check is up (1) or down (0), as record sets see it.");
    for (const struct check_row *row = page->rows; row < end; row++)
        put_check(page, "status", row, row->up);
    put_head(page, "health_check_percentage_healthy", "gauge",
             "Share of the checkers that say healthy, in percent; absent while it is disabled.");
    for (const struct check_row *row = page->rows; row < end; row++)
        if (row->has_percentage)
            put_check(page, "percentage_healthy", row,
                      100.0 * row->healthy_count / row->watched_count);
    put_head(page, "health_check_child_healthy_count", "gauge",
             "Children of a calculated health check that are up.");
    for (const struct check_row *row = page->rows; row < end; row++)
        if (row->has_children)
            put_check(page, "child_healthy_count", row, row->healthy_count);
    put_head(page, "health_check_override", "gauge",
             "1 where somebody has set the health check by hand.");
    for (const struct check_row *row = page->rows; row < end; row++)
        if (row->has_override)
            put_check(page, "override", row, 1);
}

/* ---- latencies ---- */

enum latency { LATENCY_CONNECTION, LATENCY_TLS, LATENCY_FIRST_BYTE };

static uint64_t read_sum(const struct latency_sums *sums, enum latency which, double *out_ms)
{
    switch (which) {
    case LATENCY_CONNECTION:
        *out_ms = sums->connection_ms;
        return sums->connection_count;
    case LATENCY_TLS:
        *out_ms = sums->tls_ms;
        return sums->tls_count;
    default:
        *out_ms = sums->first_byte_ms;
        return sums->first_byte_count;
    }
}

/* Regions in which nothing was measured have no samples. */
static void put_latencies_of(struct page *page, const char *name, enum latency which,
                             const struct check_row *row)
{
    struct latency_sums sums[CHECKER_REGION_COUNT];
    char id[160];
    double ms;
    board_read_latencies(control_board(page->control), row->slot, sums);
    label(id, "check", row->id);
    for (unsigned i = 0; i < CHECKER_REGION_COUNT; i++) {
        uint64_t count = read_sum(&sums[i], which, &ms);
        if (count == 0)
            continue;
        put(page, "signpost_%s_sum{%s,region=\"%s\"} %.9g\n", name, id, checker_region_name(i),
            ms / 1000);
        put(page, "signpost_%s_count{%s,region=\"%s\"} %llu\n", name, id, checker_region_name(i),
            (unsigned long long)count);
    }
}

static void put_latencies(struct page *page)
{
    static const struct row {
        const char *name, *help;
    } rows[] = {
        [LATENCY_CONNECTION] = { "health_check_connection_seconds",
                                 "Time until the TCP connection to the endpoint stood." },
        [LATENCY_TLS] = { "health_check_ssl_handshake_seconds", "Time of the TLS handshake." },
        [LATENCY_FIRST_BYTE] = { "health_check_time_to_first_byte_seconds",
                                 "Time from the start of the connection to the first octet of the "
                                 "response." },
    };
    for (unsigned i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        put_head(page, rows[i].name, "summary", rows[i].help);
        for (size_t j = 0; j < page->count; j++)
            if (page->rows[j].has_latencies)
                put_latencies_of(page, rows[i].name, (enum latency)i, &page->rows[j]);
    }
}

/* ---- the prober and the server ---- */

static void put_probes(struct page *page, const struct prober_figures *probes)
{
    put_head(page, "probes_total", "counter", "Probes that have ended, by what came of them.");
    put(page, "signpost_probes_total{result=\"passed\"} %llu\n",
        (unsigned long long)probes->passed);
    put(page, "signpost_probes_total{result=\"failed\"} %llu\n",
        (unsigned long long)probes->failed);
    put_single(page, "probes_under_way", "gauge", "Probes that are under way.",
               (double)probes->under_way);
    put_single(page, "probes_waiting", "gauge", "Probes that are due and wait for a free socket.",
               (double)probes->waiting);
    put_head(page, "probe_lateness_seconds", "summary",
             "Time from when a probe was due to when it began.");
    put(page, "signpost_probe_lateness_seconds_sum %.9g\n", (double)probes->lateness_ms_sum / 1000);
    put(page, "signpost_probe_lateness_seconds_count %llu\n", (unsigned long long)probes->started);
    put_single(page, "probe_lateness_seconds_max", "gauge",
               "The longest time that a probe was late, since the start.",
               (double)probes->lateness_ms_max / 1000);
    put_single(page, "probe_cpu_seconds_total", "counter",
               "Processor time of the thread that looks at endpoints.",
               (double)probes->cpu_us / 1e6);
}

static void put_signatures(struct page *page, const struct api_status *status)
{
    put_head(page, "signatures_made_total", "counter",
             "Signatures made (DNSSEC), for record sets that a zone holds and for others.");
    put(page, "signpost_signatures_made_total{sets=\"zone\"} %llu\n",
        (unsigned long long)status->signatures_made);
    put(page, "signpost_signatures_made_total{sets=\"other\"} %llu\n",
        (unsigned long long)status->signatures_made_other);
    put_single(page, "signatures_remembered_total", "counter",
               "Signatures that did not have to be made, because they were remembered.",
               (double)status->signatures_remembered);
    put_single(page, "signatures_refused_total", "counter",
               "Signatures that were not made, beyond signatures-per-second.",
               (double)status->signatures_refused);
}

static void put_server(struct page *page, const struct api_status *status)
{
    const struct snapshot *snapshot = control_snapshot(page->control);
    put_head(page, "queries_total", "counter", "DNS queries, by transport.");
    put_counters(page, "queries_total", "transport", status->transports);
    put_head(page, "replies_total", "counter", "DNS replies, by response code.");
    put_counters(page, "replies_total", "rcode", status->rcodes);
    put_signatures(page, status);
    put_single(page, "uptime_seconds", "gauge", "Time since the start.", (double)status->uptime_s);
    put_single(page, "zones", "gauge", "Hosted zones.", (double)snapshot->zone_count);
    put_single(page, "records", "gauge", "Records of all zones.", (double)snapshot->record_count);
}

int api_metrics_end(struct api_call *call)
{
    const struct api_settings *settings = &call->api->settings;
    struct api_status status = { 0 };
    struct page page = { .out = &call->exchange->response.body, .control = settings->control };
    int rc = control_list_checks(page.control, add_row, &page, &call->problem);
    if (rc == 0) {
        settings->read_status(settings->context, &status);
        put_states(&page);
        put_latencies(&page);
        put_probes(&page, &status.probes);
        put_server(&page, &status);
        rc = api_call_answer(call, "text/plain; version=0.0.4");
    }
    free(page.rows);
    return rc;
}
