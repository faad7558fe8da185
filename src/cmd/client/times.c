/*
 * Times as people write and read them.
 */
#include "client.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

const char *local_time(json_int_t unix_ms, char out[32])
{
    char offset[8];
    time_t seconds = (time_t)(unix_ms / 1000);
    struct tm local;
    if (unix_ms == 0 || localtime_r(&seconds, &local) == NULL)
        return "-";
    size_t size = strftime(out, 20, "%Y-%m-%dT%H:%M:%S", &local);
    strftime(offset, sizeof(offset), "%z", &local);
    snprintf(out + size, 32 - size, "%.3s:%.2s", offset, offset + 3);
    return out;
}

json_int_t client_now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (json_int_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

const char *span_of_time(json_int_t seconds, char out[32])
{
    static const struct unit {
        json_int_t seconds;
        const char *name;
    } units[] = { { 2 * 86400, "days" }, { 2 * 3600, "h" }, { 120, "min" }, { 0, "s" } };
    static const json_int_t sizes[] = { 86400, 3600, 60, 1 };
    unsigned i = 0;
    while (seconds < units[i].seconds && i < 3)
        i++;
    snprintf(out, 32, "%" JSON_INTEGER_FORMAT " %s", seconds / sizes[i], units[i].name);
    return out;
}

json_int_t utc_seconds(const char *text)
{
    struct tm utc = { 0 };
    const char *end = strptime(text, "%Y-%m-%dT%H:%M:%SZ", &utc);
    return end != NULL && *end == '\0' ? (json_int_t)timegm(&utc) : 0;
}

const char *time_ahead(json_int_t seconds, char out[40])
{
    char span[32];
    if (seconds == 0)
        snprintf(out, 40, "now");
    else if (seconds > 0)
        snprintf(out, 40, "in %s", span_of_time(seconds, span));
    else
        snprintf(out, 40, "%s ago", span_of_time(-seconds, span));
    return out;
}

bool duration_read(const char *text, json_int_t *out_seconds)
{
    static const struct unit {
        const char *name;
        json_int_t seconds;
    } units[] = { { "", 1 }, { "s", 1 }, { "m", 60 }, { "h", 3600 }, { "d", 86400 } };
    char *end = NULL;
    errno = 0;
    long long number = strtoll(text, &end, 10);
    if (text[0] < '0' || text[0] > '9' || errno != 0)
        return false;
    for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++)
        if (strcmp(end, units[i].name) == 0 && number <= INT32_MAX / units[i].seconds) {
            *out_seconds = number * units[i].seconds;
            return true;
        }
    return false;
}

int option_duration(const struct invocation *invocation, const char *name, json_int_t *out_seconds)
{
    const char *text = option_text(invocation, name);
    json_int_t seconds;
    if (text == NULL || !duration_read(text, &seconds) || seconds == 0) {
        complain("--%s must be a time such as 90s, 10m, 2h or 1d, and more than nothing", name);
        return EXIT_USAGE;
    }
    *out_seconds = seconds;
    return EXIT_DONE;
}
