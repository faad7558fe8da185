#include "client.h"

#include "../config.h"

#include <string.h>

/* "3 days 2:05:09" */
static const char *duration(json_int_t seconds, char out[48])
{
    int length = 0;
    if (seconds >= 86400)
        length = snprintf(out, 48, "%lld day%s ", (long long)(seconds / 86400),
                          seconds >= 2 * 86400 ? "s" : "");
    snprintf(out + length, 48 - (size_t)length, "%lld:%02lld:%02lld",
             (long long)(seconds / 3600 % 24), (long long)(seconds / 60 % 60),
             (long long)(seconds % 60));
    return out;
}

static void add_line(struct table *table, const char *what, const char *text)
{
    table_add(table, what);
    table_add(table, text);
}

static void add_figure(struct table *table, const char *what, json_int_t number)
{
    char text[32];
    add_line(table, what, grouped(number, text));
}

/* "A 1,204  AAAA 310": the members of an object, as long as they fit. */
static void add_object(struct table *table, const char *what, json_t *object)
{
    char line[512] = "", text[32];
    size_t size = 0;
    const char *name;
    json_t *value;
    json_object_foreach(object, name, value)
    {
        if (strcmp(name, "total") == 0 || size > sizeof(line) - 80)
            continue;
        size +=
            (size_t)snprintf(line + size, sizeof(line) - size, "%s%.32s %s", size > 0 ? "  " : "",
                             name, grouped(json_integer_value(value), text));
    }
    if (size > 0)
        add_line(table, what, line);
}

/* "12,000, 11,990 passed, 4 under way, 0.3 ms late" */
static void add_probes(struct table *table, const json_t *probes)
{
    char line[160], started[32], passed[32], under_way[32];
    json_int_t count = number_of(probes, "started");
    double late = count > 0 ? (double)number_of(probes, "lateness_ms_sum") / (double)count : 0;
    snprintf(line, sizeof(line), "%s, %s passed, %s under way, %.1f ms late on average",
             grouped(count, started), grouped(number_of(probes, "passed"), passed),
             grouped(number_of(probes, "under_way"), under_way), late);
    add_line(table, "probes", line);
}

/* "127.0.0.1@53, ::1@53" */
static void add_addresses(struct table *table, const json_t *listen)
{
    char line[512] = "";
    const json_t *item;
    size_t index, size = 0;
    json_array_foreach(listen, index, item)
    {
        if (size < sizeof(line) - 80)
            size += (size_t)snprintf(line + size, sizeof(line) - size, "%s%.60s",
                                     index > 0 ? ", " : "", json_string_value(item));
    }
    if (size > 0)
        add_line(table, "listens on", line);
}

/* "1,200 made, 30 of them for what no zone holds, 90,000 remembered, 0 refused" */
static void add_signatures(struct table *table, const json_t *signatures)
{
    char line[160], made[32], other[32], remembered[32], refused[32];
    json_int_t made_other = number_of(signatures, "made_other");
    snprintf(line, sizeof(line),
             "%s made, %s of them for what no zone holds, %s remembered, %s refused",
             grouped(number_of(signatures, "made") + made_other, made), grouped(made_other, other),
             grouped(number_of(signatures, "remembered"), remembered),
             grouped(number_of(signatures, "refused"), refused));
    add_line(table, "signatures", line);
}

static void print_status(const json_t *status)
{
    struct table table = { .columns = 2 };
    char line[128], text[48], other[32];
    const json_t *tcp = json_object_get(status, "tcp");
    const json_t *checks = json_object_get(status, "health_checks");
    json_t *queries = json_object_get(status, "queries");
    snprintf(line, sizeof(line), "%.40s, process %lld", text_of(status, "version"),
             (long long)number_of(status, "pid"));
    add_line(&table, "version", line);
    add_line(&table, "up for", duration(number_of(status, "uptime_s"), text));
    add_addresses(&table, json_object_get(status, "listen"));
    add_figure(&table, "workers", number_of(status, "workers"));
    add_figure(&table, "serial", number_of(status, "serial"));
    add_figure(&table, "zones", number_of(status, "zones"));
    add_figure(&table, "records", number_of(status, "records"));
    snprintf(line, sizeof(line), "%s up, %s down", grouped(number_of(checks, "up"), text),
             grouped(number_of(checks, "down"), other));
    add_line(&table, "health checks", line);
    add_probes(&table, json_object_get(status, "probes"));
    add_figure(&table, "collections", number_of(status, "collections"));
    add_figure(&table, "resources", number_of(status, "resources"));
    add_figure(&table, "locations", number_of(status, "locations"));
    add_figure(&table, "latencies", number_of(status, "latencies"));
    if (json_is_string(json_object_get(status, "mmdb")))
        add_line(&table, "MMDB file", text_of(status, "mmdb"));
    snprintf(line, sizeof(line), "%s KiB",
             grouped(number_of(json_object_get(status, "memory"), "resident_kib"), text));
    add_line(&table, "memory", line);
    add_figure(&table, "queries", number_of(queries, "total"));
    add_object(&table, "  by transport", queries);
    add_object(&table, "  by type", json_object_get(status, "types"));
    add_object(&table, "  by rcode", json_object_get(status, "rcodes"));
    add_figure(&table, "  truncated", number_of(status, "truncated"));
    add_figure(&table, "  ignored", number_of(status, "ignored"));
    add_figure(&table, "  not sent", number_of(status, "send_failed"));
    add_signatures(&table, json_object_get(status, "signatures"));
    add_figure(&table, "TCP connections", number_of(tcp, "open"));
    add_figure(&table, "  accepted", number_of(tcp, "accepted"));
    add_figure(&table, "  closed, too slow", number_of(tcp, "closed_idle"));
    add_figure(&table, "  closed, too many", number_of(tcp, "closed_crowded"));
    table_print(&table, stdout);
}

int verb_status(const struct invocation *invocation)
{
    struct request request = { .method = "GET", .path = "status" };
    json_t *reply = client_ask(invocation, &request);
    if (reply == NULL)
        return EXIT_REFUSED;
    if (invocation->json) {
        print_json(reply);
        return EXIT_DONE;
    }
    print_status(reply);
    json_decref(reply);
    return EXIT_DONE;
}

int verb_check_config(const struct invocation *invocation)
{
    const char *path = invocation->word_count > 0 ? invocation->words[0] : CONFIG_PATH_DEFAULT;
    static struct config config;
    struct problem problem = { 0 };
    config_init(&config);
    int rc = config_read(&config, path, &problem);
    if (rc == 0)
        rc = config_check(&config, &problem);
    if (invocation->json)
        print_json(rc == 0 ? json_pack("{s:s,s:b}", "file", path, "right", 1)
                           : json_pack("{s:s,s:b,s:{s:s,s:s}}", "file", path, "right", 0, "error",
                                       "code", rc == SP_ENOENT ? "NotFound" : "Invalid", "message",
                                       problem.text));
    if (rc != 0)
        return complain("%s", problem.text);
    if (!invocation->json)
        printf("%s: the configuration is right\n", path);
    return EXIT_DONE;
}
