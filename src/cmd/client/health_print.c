/*
 * Health checks as a person likes to read them.
 */
#include "health.h"

#include <stdlib.h>
#include <string.h>

/* ---- words ---- */

static bool is_up(const json_t *object)
{
    return json_is_true(json_object_get(object, "up"));
}

const char *health_state(const json_t *check, char out[32])
{
    const char *why = "";
    if (json_is_object(json_object_get(check, "override")))
        why = " (set)";
    else if (json_is_true(json_object_get(check, "disabled")))
        why = " (disabled)";
    else if (json_is_true(json_object_get(check, "inverted")))
        why = " (inverted)";
    snprintf(out, 32, "%s%s", is_up(check) ? "up" : "down", why);
    return out;
}

const char *health_text(const char *text, char out[HEALTH_TEXT_SIZE])
{
    size_t size = 0;
    for (; *text != '\0' && size + 1 < HEALTH_TEXT_SIZE; text++)
        out[size++] = (char)((unsigned char)*text < ' ' || *text == 0x7f ? '?' : *text);
    if (((unsigned char)*text & 0xc0) == 0x80) { /* no half character at the end */
        while (size > 0 && ((unsigned char)out[size - 1] & 0xc0) == 0x80)
            size--;
        size -= size > 0;
    }
    out[size] = '\0';
    return out;
}

const char *health_share(const json_t *object, char out[32])
{
    json_int_t watched = number_of(object, "watched_count");
    if (watched == 0)
        return "-";
    snprintf(out, 32, "%" JSON_INTEGER_FORMAT "/%" JSON_INTEGER_FORMAT,
             number_of(object, "healthy_count"), watched);
    return out;
}

/* "http://192.0.2.1:8080/health" */
static void endpoint_target(const json_t *check, char out[HEALTH_TARGET_SIZE])
{
    const char *type = text_of(check, "type"), *address = text_of(check, "ip_address");
    const char *scheme = strncmp(type, "HTTPS", 5) == 0  ? "https"
                         : strncmp(type, "HTTP", 4) == 0 ? "http"
                                                         : "tcp";
    const char *host = address[0] != '\0' ? address : text_of(check, "fully_qualified_domain_name");
    bool in_brackets = strchr(host, ':') != NULL;
    json_int_t port = number_of(check, "port");
    int size = snprintf(out, HEALTH_TARGET_SIZE, "%s://%s%.255s%s", scheme, in_brackets ? "[" : "",
                        host, in_brackets ? "]" : "");
    if (port != 0)
        size +=
            snprintf(out + size, HEALTH_TARGET_SIZE - (size_t)size, ":%" JSON_INTEGER_FORMAT, port);
    snprintf(out + size, HEALTH_TARGET_SIZE - (size_t)size, "%.200s",
             text_of(check, "resource_path"));
}

/* "2 of web-1, web-2, web-3", as far as there is room. */
static void children_target(const json_t *check, char out[HEALTH_TARGET_SIZE])
{
    const json_t *children = json_object_get(check, "child_health_checks"), *child;
    size_t index, count = json_array_size(children);
    size_t size = (size_t)snprintf(out, HEALTH_TARGET_SIZE, "%" JSON_INTEGER_FORMAT " of",
                                   number_of(check, "health_threshold"));
    json_array_foreach(children, index, child)
    {
        if (size > HEALTH_TARGET_SIZE - 100) {
            snprintf(out + size, HEALTH_TARGET_SIZE - size, " and %zu more", count - index);
            return;
        }
        size += (size_t)snprintf(out + size, HEALTH_TARGET_SIZE - size, "%s %.64s",
                                 index > 0 ? "," : "", json_string_value(child));
    }
    if (count == 0)
        snprintf(out + size, HEALTH_TARGET_SIZE - size, " none");
}

const char *health_target(const json_t *check, char out[HEALTH_TARGET_SIZE])
{
    const char *type = text_of(check, "type");
    const json_t *alarm = json_object_get(check, "alarm");
    out[0] = '\0';
    if (strcmp(type, "CALCULATED") == 0)
        children_target(check, out);
    else if (alarm != NULL)
        snprintf(out, HEALTH_TARGET_SIZE, "alarm %.256s (%.32s)", text_of(alarm, "name"),
                 text_of(alarm, "region"));
    else if (strcmp(type, "RECOVERY_CONTROL") == 0)
        snprintf(out, HEALTH_TARGET_SIZE, "routing control %.255s",
                 text_of(check, "routing_control"));
    else if (strcmp(type, "MANUAL") != 0)
        endpoint_target(check, out);
    return out;
}

/* ---- cells ---- */

static void add_clean(struct table *table, const char *text)
{
    char clean[HEALTH_TEXT_SIZE];
    table_add(table, health_text(text, clean));
}

static void add_line(struct table *table, const char *what, const char *text)
{
    table_add(table, what);
    add_clean(table, text);
}

/* "12.3", or "-" where there is no such time. */
static void add_milliseconds(struct table *table, const json_t *object, const char *name)
{
    const json_t *value = json_object_get(object, name);
    char text[32] = "";
    if (value != NULL)
        snprintf(text, sizeof(text), "%.1f", json_number_value(value));
    table_add(table, text);
}

/* ---- list ---- */

void health_print_list(FILE *out, const json_t *checks)
{
    static const char *const heads[] = { "ID",     "TYPE",   "STATE",      "SINCE",
                                         "CHECKS", "TARGET", "RECORD SETS" };
    struct table table = { .columns = 7, .right = 1 << 4 };
    const json_t *check;
    size_t index;
    char state[32], since[32], share[32], target[HEALTH_TARGET_SIZE];
    table_add_row(&table, heads);
    json_array_foreach(checks, index, check)
    {
        table_add(&table, text_of(check, "id"));
        table_add(&table, text_of(check, "type"));
        table_add(&table, health_state(check, state));
        table_add(&table, local_time(number_of(check, "since_ms"), since));
        table_add(&table, health_share(check, share));
        add_clean(&table, health_target(check, target));
        table_add_number(&table, number_of(check, "record_sets"));
    }
    table_print(&table, out);
}

/* ---- one check ---- */

/* "every 30 s; 3 results in a row turn a checker; inverted" */
static void add_settings(struct table *table, const json_t *check)
{
    char line[256];
    if (json_object_get(check, "request_interval") == NULL)
        return;
    snprintf(line, sizeof(line),
             "every %" JSON_INTEGER_FORMAT " s from each checker, %" JSON_INTEGER_FORMAT
             " result%s in a row turn%s it",
             number_of(check, "request_interval"), number_of(check, "failure_threshold"),
             number_of(check, "failure_threshold") == 1 ? "" : "s",
             number_of(check, "failure_threshold") == 1 ? "s" : "");
    add_line(table, "how", line);
    if (text_of(check, "ip_address")[0] != '\0' &&
        text_of(check, "fully_qualified_domain_name")[0] != '\0')
        add_line(table, "host name", text_of(check, "fully_qualified_domain_name"));
    if (text_of(check, "search_string")[0] != '\0')
        add_line(table, "searches", text_of(check, "search_string"));
}

/* "a, b, c" */
static void add_list(struct table *table, const char *what, const json_t *list)
{
    char line[HEALTH_TEXT_SIZE] = "";
    const json_t *item;
    size_t index, size = 0;
    json_array_foreach(list, index, item)
    {
        if (size < sizeof(line) - 80)
            size += (size_t)snprintf(line + size, sizeof(line) - size, "%s%.64s",
                                     index > 0 ? ", " : "", json_string_value(item));
    }
    if (size > 0)
        add_line(table, what, line);
}

/* "maria: deploy, until 2026-11-21T07:00:00+01:00 (3 min left)" */
static void add_override(struct table *table, const json_t *check, json_int_t now_ms)
{
    const json_t *override = json_object_get(check, "override");
    json_int_t expires_ms = number_of(override, "expires_ms");
    char line[HEALTH_TEXT_SIZE], until[32], left[32];
    if (!json_is_object(override))
        return;
    int size =
        snprintf(line, sizeof(line), "%s, by %.64s%s%.256s", is_up(override) ? "up" : "down",
                 text_of(override, "owner"), text_of(override, "reason")[0] != '\0' ? ": " : "",
                 text_of(override, "reason"));
    if (expires_ms == 0)
        snprintf(line + size, sizeof(line) - (size_t)size, ", until it is cleared");
    else
        snprintf(line + size, sizeof(line) - (size_t)size, ", until %s (%s left)",
                 local_time(expires_ms, until),
                 span_of_time(expires_ms > now_ms ? (expires_ms - now_ms) / 1000 : 0, left));
    add_line(table, "set", line);
    add_list(table, "  in Regions", json_object_get(override, "regions"));
}

/* The mean over what the checkers measured last; false: none did. */
static bool find_mean(const json_t *check, const char *name, double *out_mean)
{
    const json_t *checkers = json_object_get(check, "checkers"), *checker;
    size_t index;
    double sum = 0;
    unsigned count = 0;
    json_array_foreach(checkers, index, checker)
    {
        const json_t *value = json_object_get(json_object_get(checker, "last"), name);
        if (value == NULL)
            continue;
        sum += json_number_value(value);
        count++;
    }
    *out_mean = count > 0 ? sum / count : 0;
    return count > 0;
}

static void add_metrics(struct table *table, const json_t *check)
{
    static const struct row {
        const char *member, *name;
    } rows[] = { { "connection_ms", "connection" },
                 { "tls_ms", "TLS" },
                 { "first_byte_ms", "first octet" } };
    const json_t *percentage = json_object_get(check, "percentage_healthy");
    char line[HEALTH_TEXT_SIZE] = "", share[32];
    size_t size = 0;
    double mean;
    if (percentage != NULL)
        snprintf(line, sizeof(line), "%s checkers, %.1f %%", health_share(check, share),
                 json_number_value(percentage));
    else if (number_of(check, "watched_count") > 0)
        snprintf(line, sizeof(line), "%s", health_share(check, share));
    if (line[0] != '\0')
        add_line(table, "healthy", line);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        if (find_mean(check, rows[i].member, &mean))
            size += (size_t)snprintf(line + size, sizeof(line) - size, "%s%s %.1f ms",
                                     size > 0 ? ", " : "", rows[i].name, mean);
    if (size > 0)
        add_line(table, "mean times", line);
}

static void add_state(struct table *table, const json_t *check, json_int_t now_ms)
{
    json_int_t since_ms = number_of(check, "since_ms");
    char line[128], state[32], since[32], ago[32];
    snprintf(line, sizeof(line), "%s since %s (%s)", health_state(check, state),
             local_time(since_ms, since),
             span_of_time(now_ms > since_ms ? (now_ms - since_ms) / 1000 : 0, ago));
    add_line(table, "state", line);
    if (text_of(check, "reason")[0] != '\0')
        add_line(table, json_is_object(json_object_get(check, "override")) ? "sees" : "why",
                 text_of(check, "reason"));
}

static void print_head(FILE *out, const json_t *check, json_int_t now_ms)
{
    struct table table = { .columns = 2 };
    char target[HEALTH_TARGET_SIZE], number[32];
    add_line(&table, "id", text_of(check, "id"));
    add_line(&table, "type", text_of(check, "type"));
    if (health_target(check, target)[0] != '\0')
        add_line(&table, "looks at", target);
    add_settings(&table, check);
    add_list(&table, "Regions", json_object_get(check, "regions"));
    add_state(&table, check, now_ms);
    add_override(&table, check, now_ms);
    add_metrics(&table, check);
    add_line(&table, "record sets", grouped(number_of(check, "record_sets"), number));
    add_line(&table, "version", grouped(number_of(check, "version"), number));
    add_line(&table, "created", text_of(check, "created_at"));
    add_list(&table, "warning", json_object_get(check, "warnings"));
    table_print(&table, out);
}

static void print_checkers(FILE *out, const json_t *checkers)
{
    static const char *const heads[] = { "CHECKER", "STATE",       "LAST LOOK", "CONNECT MS",
                                         "TLS MS",  "FIRST OCTET", "RESULT" };
    struct table table = { .columns = 7, .right = 7 << 3 };
    const json_t *checker;
    size_t index;
    char name[64], at[32];
    if (json_array_size(checkers) == 0)
        return;
    fputc('\n', out);
    table_add_row(&table, heads);
    json_array_foreach(checkers, index, checker)
    {
        const json_t *last = json_object_get(checker, "last");
        snprintf(name, sizeof(name), "%.32s %" JSON_INTEGER_FORMAT, text_of(checker, "region"),
                 number_of(checker, "number"));
        table_add(&table, name);
        table_add(&table, is_up(checker) ? "up" : "down");
        table_add(&table, local_time(number_of(last, "at_ms"), at));
        add_milliseconds(&table, last, "connection_ms");
        add_milliseconds(&table, last, "tls_ms");
        add_milliseconds(&table, last, "first_byte_ms");
        add_clean(&table, json_is_object(last) ? text_of(last, "text") : "not looked yet");
    }
    table_print(&table, out);
}

static void print_failures(FILE *out, const json_t *checkers)
{
    struct table table = { .columns = 3 };
    const json_t *checker;
    size_t index;
    char name[64], at[32];
    json_array_foreach(checkers, index, checker)
    {
        const json_t *failure = json_object_get(checker, "last_failure");
        if (!json_is_object(failure))
            continue;
        if (table.count == 0)
            fputs("\nLast failures:\n", out);
        snprintf(name, sizeof(name), "%.32s %" JSON_INTEGER_FORMAT, text_of(checker, "region"),
                 number_of(checker, "number"));
        table_add(&table, name);
        table_add(&table, local_time(number_of(failure, "at_ms"), at));
        add_clean(&table, text_of(failure, "text"));
    }
    table_print(&table, out);
}

void health_print_check(FILE *out, const json_t *check, json_int_t now_ms)
{
    const json_t *checkers = json_object_get(check, "checkers");
    print_head(out, check, now_ms);
    print_checkers(out, checkers);
    print_failures(out, checkers);
}

/* ---- turns ---- */

void health_print_events(FILE *out, const json_t *events, size_t most)
{
    static const char *const heads[] = { "WHEN", "STATE", "CAUSE", "CHECKS", "REASON" };
    struct table table = { .columns = 5, .right = 1 << 3 };
    const json_t *event;
    size_t index;
    char at[32], share[32];
    table_add_row(&table, heads);
    json_array_foreach(events, index, event)
    {
        if (index == most)
            break;
        table_add(&table, local_time(number_of(event, "at_ms"), at));
        table_add(&table, is_up(event) ? "up" : "down");
        table_add(&table, text_of(event, "cause"));
        table_add(&table, health_share(event, share));
        add_clean(&table, text_of(event, "reason"));
    }
    table_print(&table, out);
}

void health_print_turn(FILE *out, const json_t *event)
{
    char at[32], reason[HEALTH_TEXT_SIZE];
    fprintf(out, "%s  %s  %s  %s", local_time(number_of(event, "at_ms"), at), text_of(event, "id"),
            is_up(event) ? "up" : "down", text_of(event, "cause"));
    if (text_of(event, "reason")[0] != '\0')
        fprintf(out, ": %s", health_text(text_of(event, "reason"), reason));
    fputc('\n', out);
}
