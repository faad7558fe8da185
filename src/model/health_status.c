#include "signpost/model/health_status.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* ---- one probe ---- */

bool probe_passed(const struct probe_result *result)
{
    return result->outcome == PROBE_PASSED;
}

/* Like snprintf, at the end of what is there. */
static void append(char out[PROBE_TEXT_SIZE], const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static void append(char out[PROBE_TEXT_SIZE], const char *format, ...)
{
    size_t size = strlen(out);
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(out + size, PROBE_TEXT_SIZE - size, format, arguments);
    va_end(arguments);
}

/* Details come from endpoints, which may say anything. */
static void copy_printable(char out[PROBE_DETAIL_SIZE], const char *text)
{
    size_t size = strnlen(text, PROBE_DETAIL_SIZE - 1);
    for (size_t i = 0; i < size; i++)
        out[i] = (char)(text[i] >= ' ' && text[i] <= '~' ? text[i] : '?');
    out[size] = '\0';
}

/* R-HCS-3, as far as it has words.  Which of these are of a response with a status tells
 * put_outcome. */
static const char *const outcome_texts[PROBE_OUTCOME_COUNT] = {
    [PROBE_PASSED] = "Connection established",
    [PROBE_HTTP_STATUS] = "The response has no usable status code",
    [PROBE_STRING_MISSING] = "The search string is not in the first 5120 bytes of the body",
    [PROBE_BODY_LATE] = "The search string did not come within 2 seconds of the status code",
    [PROBE_CONNECT_TIMEOUT] =
        "Connection timed out. The endpoint or the internet connection is down, or requests are "
        "being blocked by your firewall.",
    [PROBE_CONNECT_REFUSED] = "The connection could not be established",
    [PROBE_RESPONSE_TIMEOUT] = "No status code came within 2 seconds of the connection",
    [PROBE_CONNECTION_CLOSED] = "The connection was closed before a status code came",
    [PROBE_MALFORMED] = "The response is not well-formed HTTP",
    [PROBE_HEADERS_TOO_LONG] = "The headers of the response are longer than 16384 bytes",
    [PROBE_TLS_FAILED] = "The TLS handshake failed",
    [PROBE_RESOLUTION_FAILED] = "DNS resolution failed",
    [PROBE_TARGET_DENIED] = "The address is private, loopback or otherwise special, and this "
                            "server is set to refuse these",
    [PROBE_NOT_STARTED] = "The probe could not be started, which is not the endpoint's fault",
};

/* What went wrong behind a status that was right. */
static const char *text_behind_status(enum probe_outcome outcome)
{
    if (outcome == PROBE_RESPONSE_TIMEOUT)
        return "The headers did not end within 2 seconds of the status code";
    if (outcome == PROBE_CONNECTION_CLOSED)
        return "The connection was closed before the headers ended";
    return outcome_texts[outcome];
}

static void put_outcome(char out[PROBE_TEXT_SIZE], const struct probe_result *result,
                        const char *detail)
{
    const char *text = outcome_texts[result->outcome];
    if (result->http_status != 0) {
        append(out, "HTTP Status Code %u%s%s", result->http_status, detail[0] != '\0' ? ", " : "",
               detail);
        if (result->outcome != PROBE_PASSED && result->outcome != PROBE_HTTP_STATUS)
            append(out, ". %s", text_behind_status(result->outcome));
    } else if (result->outcome == PROBE_TLS_FAILED && strncmp(detail, "SSL alert", 9) == 0) {
        append(out, "%s", detail);
    } else {
        append(out, "%s%s%s", text, detail[0] != '\0' ? ": " : "", detail);
    }
}

const char *probe_result_text(char out[PROBE_TEXT_SIZE], const struct probe_result *result)
{
    char detail[PROBE_DETAIL_SIZE], address[PREFIX_TEXT_SIZE];
    copy_printable(detail, result->detail);
    out[0] = '\0';
    append(out, "%s: ", probe_passed(result) ? "Success" : "Failure");
    put_outcome(out, result, detail);
    if (result->has_resolved)
        append(out, "%s Resolved IP: %s", out[strlen(out) - 1] == '.' ? "" : ".",
               prefix_to_text(address, &result->resolved));
    return out;
}

/* ---- checkers ---- */

void checker_list_init(struct checker_list *list)
{
    *list = (struct checker_list){ 0 };
    for (uint8_t region = 0; region < CHECKER_REGION_COUNT; region++)
        for (uint8_t number = 1; number <= CHECKERS_PER_REGION; number++)
            list->at[list->count++] = (struct checker){ .region = region, .number = number };
}

/* As Linux takes them: no ".", no "..", no slash, colon or blank. */
static bool is_interface_name(const char *text)
{
    size_t size = strlen(text);
    if (size == 0 || size >= sizeof((struct checker *)0)->interface || strcmp(text, ".") == 0 ||
        strcmp(text, "..") == 0)
        return false;
    for (; *text != '\0'; text++)
        if (*text <= ' ' || *text > '~' || *text == '/' || *text == ':')
            return false;
    return true;
}

/* What stands behind "@": an address to send from, or an interface. */
static int read_source(struct checker *checker, const char *text, struct problem *out_problem)
{
    if (strchr(text, '/') == NULL && prefix_from_text(&checker->source, text) == NULL) {
        checker->has_source = true;
        return 0;
    }
    checker->source = (struct ip_prefix){ 0 };
    if (!is_interface_name(text))
        return problem_set(out_problem, SP_EINVAL,
                           "\"%.60s\" is neither an address nor the name of a network interface: a "
                           "checker is REGION, REGION@ADDRESS or REGION@INTERFACE",
                           text);
    memcpy(checker->interface, text, strlen(text) + 1);
    return 0;
}

int checker_list_add(struct checker_list *list, const char *text, struct problem *out_problem)
{
    struct checker checker = { .number = 1 };
    unsigned region;
    char name[REGION_NAME_SIZE] = "";
    size_t size = strcspn(text, "@");
    memcpy(name, text, size < sizeof name ? size : sizeof name - 1);
    int rc = checker_region_find(name, &region, out_problem);
    if (rc == 0 && text[size] == '@')
        rc = read_source(&checker, text + size + 1, out_problem);
    if (rc != 0)
        return rc;
    if (list->count == CHECKERS_MAX)
        return problem_set(out_problem, SP_ELIMIT, "there are more than %d checkers", CHECKERS_MAX);
    for (unsigned i = 0; i < list->count; i++)
        checker.number += list->at[i].region == region;
    checker.region = (uint8_t)region;
    list->at[list->count++] = checker;
    return 0;
}

uint64_t checker_list_select(const struct checker_list *list, uint8_t regions)
{
    uint64_t all = 0, chosen = 0;
    for (unsigned i = 0; i < list->count; i++) {
        all |= 1ull << i;
        if ((regions & 1u << list->at[i].region) != 0)
            chosen |= 1ull << i;
    }
    return chosen != 0 ? chosen : all;
}

/* ---- the whole of a check ---- */

static const char *const cause_names[HEALTH_CAUSE_COUNT] = {
    "created", "probes", "children", "alarm", "control", "config", "override",
};

const char *health_cause_name(enum health_cause cause)
{
    return cause_names[cause];
}

int health_cause_find(const char *name, enum health_cause *out_cause)
{
    for (unsigned i = 0; i < HEALTH_CAUSE_COUNT; i++)
        if (strcmp(cause_names[i], name) == 0) {
            *out_cause = (enum health_cause)i;
            return 0;
        }
    return SP_EINVAL;
}

bool health_aggregate(unsigned healthy_count, unsigned checker_count)
{
    return checker_count == 0 || 100 * healthy_count > 18 * checker_count;
}

bool health_effective(bool observed, bool disabled, bool inverted)
{
    return (disabled || observed) != inverted;
}
