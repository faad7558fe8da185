/*
 * Taking a signature apart.  Everything that is wrong with one is told at once, in the words of the
 * real service as far as they are known, since people debug their clients by them.
 */
#include "internal.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#define ALGORITHM     "AWS4-HMAC-SHA256"
#define EXPIRES_MAX_S 604800 /* a week, as everywhere in AWS */

struct reading {
    struct arena *arena;
    const struct sigv4_request *request;
    struct sigv4_claim *claim;
    const char *why; /* NULL while nothing is wrong */
    bool no_memory;
};

/* Adds a sentence; `text` is cut off where it is longer than anybody wants to read. */
static void complain(struct reading *reading, const char *before, const char *text,
                     const char *after)
{
    const char *why = reading->why == NULL ? "" : reading->why;
    reading->why = arena_format(reading->arena, "%s%s%s%.200s%s", why, *why == '\0' ? "" : " ",
                                before, text, after);
    reading->no_memory = reading->no_memory || reading->why == NULL;
}

static const char *keep(struct reading *reading, const char *text, size_t size)
{
    char *copy = arena_alloc(reading->arena, size + 1);
    if (copy == NULL)
        reading->no_memory = true;
    else
        memcpy(copy, text, size);
    return copy;
}

/* ---- parts ---- */

/* "KEY/20260102/eu-west-1/route53/aws4_request" */
static void read_credential(struct reading *reading, const char *text, const char *service)
{
    const char *parts[5];
    const char *at = text;
    for (unsigned i = 0; i < 5; i++) {
        size_t size = strcspn(at, "/");
        if (size == 0 || (at[size] == '/') != (i < 4)) {
            complain(reading,
                     "Credential must have exactly 5 slash-delimited elements, e.g. "
                     "keyid/date/region/service/term, got '",
                     text, "'.");
            return;
        }
        parts[i] = keep(reading, at, size);
        at += size + 1;
    }
    if (reading->no_memory)
        return;
    reading->claim->access_key = parts[0];
    reading->claim->day = parts[1];
    reading->claim->region = parts[2];
    reading->claim->service = parts[3];
    if (strcmp(parts[3], service) != 0)
        complain(reading, "Credential should be scoped to correct service: '", service, "'.");
    if (strcmp(parts[4], "aws4_request") != 0)
        complain(reading,
                 "Credential should be scoped with a valid terminator: 'aws4_request', not '",
                 parts[4], "'.");
}

static void read_signature(struct reading *reading, const char *text)
{
    reading->claim->signature = text;
    if (strlen(text) != SIGV4_HEX_SIZE - 1 ||
        strspn(text, "0123456789abcdef") != SIGV4_HEX_SIZE - 1)
        complain(reading, "Signature must be 64 hexadecimal digits in lower case, got '", text,
                 "'.");
}

static bool is_listed(const char *list, const char *name)
{
    for (size_t size; *list != '\0'; list += size + (list[size] == ';')) {
        size = strcspn(list, ";");
        if (strlen(name) == size && strncasecmp(list, name, size) == 0)
            return true;
    }
    return false;
}

static void require_signed(struct reading *reading, const char *name)
{
    if (!is_listed(reading->claim->signed_headers, name))
        complain(reading, "'", name, "' must be a 'SignedHeader' in the AWS Authorization.");
}

/* "20260102T030405Z" */
static bool is_time(const char *text)
{
    static const char digits[] = "0123456789";
    return strlen(text) == SIGV4_TIME_SIZE - 1 && strspn(text, digits) == 8 && text[8] == 'T' &&
           strspn(text + 9, digits) == 6 && text[15] == 'Z';
}

/* Seconds of a time that is_time has found to be one; false: there is no such day. */
static bool time_of(const char *text, uint64_t *out_unix_s)
{
    struct tm utc = { 0 };
    const char *end = strptime(text, "%Y%m%dT%H%M%SZ", &utc);
    time_t seconds = end != NULL && *end == '\0' ? timegm(&utc) : -1;
    if (seconds < 0)
        return false;
    *out_unix_s = (uint64_t)seconds;
    return true;
}

/* RFC 9110 §5.6.7: "Fri, 02 Jan 2026 03:04:05 GMT". */
static const char *from_http_date(struct reading *reading, const char *text)
{
    struct tm utc = { 0 };
    char form[SIGV4_TIME_SIZE];
    const char *end = strptime(text, "%a, %d %b %Y %H:%M:%S GMT", &utc);
    time_t seconds = end != NULL && *end == '\0' ? timegm(&utc) : -1;
    if (seconds < 0)
        return text;
    sigv4_time((uint64_t)seconds, form);
    return keep(reading, form, sizeof(form) - 1);
}

static void read_time(struct reading *reading, const char *text)
{
    uint64_t ignored;
    reading->claim->time = text;
    if (text != NULL && (!is_time(text) || !time_of(text, &ignored)))
        complain(reading, "Date must be in ISO-8601 'basic format'. Got '", text, "'.");
}

/* ---- the Authorization header (A-SIG-1) ---- */

/* The value of "NAME=..." among the parts, up to the next comma or blank; NULL: not there. */
static const char *part_of(struct reading *reading, const char *parts, const char *name)
{
    size_t length = strlen(name);
    while (*parts != '\0') {
        parts += strspn(parts, ", \t");
        size_t size = strcspn(parts, ", \t");
        if (size > length && strncmp(parts, name, length) == 0 && parts[length] == '=')
            return keep(reading, parts + length + 1, size - length - 1);
        parts += size;
    }
    if (!reading->no_memory)
        complain(reading, "Authorization header requires '", name, "' parameter.");
    return NULL;
}

static void read_header(struct reading *reading, const char *parts, const char *service)
{
    const char *credential = part_of(reading, parts, "Credential");
    const char *headers = part_of(reading, parts, "SignedHeaders");
    const char *signature = part_of(reading, parts, "Signature");
    const char *amz_date = sigv4_header(reading->request, "x-amz-date");
    const char *date = sigv4_header(reading->request, "date");
    if (amz_date != NULL || date != NULL)
        read_time(reading, amz_date != NULL ? amz_date : from_http_date(reading, date));
    else
        complain(reading, "Authorization header requires existence of either a ",
                 "'X-Amz-Date' or a 'Date'", " header.");
    if (credential != NULL)
        read_credential(reading, credential, service);
    if (signature != NULL)
        read_signature(reading, signature);
    reading->claim->signed_headers = headers;
    if (headers == NULL)
        return;
    require_signed(reading, "host");
    if (amz_date != NULL || date != NULL)
        require_signed(reading, amz_date != NULL ? "x-amz-date" : "date");
}

/* ---- the query (A-SIG-12) ---- */

static const char *argument(struct reading *reading, const char *name)
{
    const char *value = sigv4__argument(reading->arena, reading->request->target, name);
    if (value == NULL)
        complain(reading, "AWS query-string parameters must include '", name, "'.");
    return value;
}

static void read_expires(struct reading *reading, const char *text)
{
    char *end;
    unsigned long value = strtoul(text, &end, 10);
    if (text[0] < '0' || text[0] > '9' || *end != '\0' || value < 1 || value > EXPIRES_MAX_S)
        complain(reading, "X-Amz-Expires must be a number from 1 to 604800, got '", text, "'.");
    else
        reading->claim->expires_s = value;
}

static void read_query(struct reading *reading, const char *service)
{
    const char *credential = argument(reading, "X-Amz-Credential");
    const char *time = argument(reading, "X-Amz-Date");
    const char *expires = argument(reading, "X-Amz-Expires");
    const char *headers = argument(reading, "X-Amz-SignedHeaders");
    const char *signature = argument(reading, "X-Amz-Signature");
    reading->claim->is_presigned = true;
    read_time(reading, time);
    if (credential != NULL)
        read_credential(reading, credential, service);
    if (expires != NULL)
        read_expires(reading, expires);
    if (signature != NULL)
        read_signature(reading, signature);
    reading->claim->signed_headers = headers;
    if (headers != NULL)
        require_signed(reading, "host");
}

/* What follows the name of the algorithm in the Authorization header; NULL: another method. */
static const char *after_algorithm(const char *text)
{
    text += strspn(text, " \t");
    if (strncmp(text, ALGORITHM, strlen(ALGORITHM)) != 0)
        return NULL;
    text += strlen(ALGORITHM);
    return *text == '\0' || *text == ' ' || *text == '\t' ? text : NULL;
}

enum sigv4_fault sigv4_read_claim(struct arena *arena, const struct sigv4_request *request,
                                  const char *service, struct sigv4_claim *out_claim,
                                  const char **out_why)
{
    struct sigv4_claim claim = { 0 };
    struct reading reading = { .arena = arena, .request = request, .claim = &claim };
    const char *authorization = sigv4_header(request, "authorization");
    const char *parts = authorization != NULL ? after_algorithm(authorization) : NULL;
    const char *algorithm =
        authorization != NULL ? NULL : sigv4__argument(arena, request->target, "X-Amz-Algorithm");
    if (parts != NULL)
        read_header(&reading, parts, service);
    else if (algorithm != NULL && strcmp(algorithm, ALGORITHM) == 0)
        read_query(&reading, service);
    else
        return SIGV4_ABSENT;
    if (reading.no_memory)
        return SIGV4_NO_MEMORY;
    *out_claim = claim;
    if (reading.why == NULL)
        return SIGV4_NO_FAULT;
    *out_why = reading.why;
    return SIGV4_INCOMPLETE;
}

/* ---- the clock (A-SIG-3) ---- */

/* "5 min." or "90 sec." */
static const char *span_text(struct arena *arena, uint64_t seconds)
{
    bool whole = seconds % 60 == 0;
    return arena_format(arena, "%llu %s.", (unsigned long long)(whole ? seconds / 60 : seconds),
                        whole ? "min" : "sec");
}

static const char *clock_text(struct arena *arena, bool is_old, const char *time, uint64_t now_s,
                              uint64_t span_s)
{
    char bound[SIGV4_TIME_SIZE], now[SIGV4_TIME_SIZE];
    const char *span = span_text(arena, span_s);
    sigv4_time(is_old ? now_s - span_s : now_s + span_s, bound);
    sigv4_time(now_s, now);
    const char *text = span == NULL
                           ? NULL
                           : arena_format(arena, "Signature %s %s is %s than %s (%s %c %s)",
                                          is_old ? "expired:" : "not yet current:", time,
                                          is_old ? "now earlier" : "still later", bound, now,
                                          is_old ? '-' : '+', span);
    return text != NULL ? text : "the request's time is too far from the server's";
}

const char *sigv4_check_time(struct arena *arena, const struct sigv4_claim *claim, uint64_t now_s,
                             unsigned skew_s)
{
    uint64_t time_s = 0;
    uint64_t age_s = claim->is_presigned ? claim->expires_s : skew_s;
    if (strncmp(claim->time, claim->day, 8) != 0 || strlen(claim->day) != 8) {
        const char *text = arena_format(
            arena,
            "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from "
            "HTTP: '%.20s' != '%.8s', from '%s'.",
            claim->day, claim->time, claim->time);
        return text != NULL ? text : "the scope is of another day than the request";
    }
    if (!time_of(claim->time, &time_s) || time_s + age_s < now_s)
        return clock_text(arena, true, claim->time, now_s, age_s);
    if (time_s > now_s + skew_s)
        return clock_text(arena, false, claim->time, now_s, skew_s);
    return NULL;
}
