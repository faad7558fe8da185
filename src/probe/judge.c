#include "judge.h"

#include "head.h"

#include <stdio.h>
#include <string.h>

static void set_detail(struct judge *judge, const char *text, size_t size)
{
    if (size >= PROBE_DETAIL_SIZE)
        size = text_whole_size(text, PROBE_DETAIL_SIZE - 1);
    memcpy(judge->result.detail, text, size);
    judge->result.detail[size] = '\0';
}

/* Where there is a status, the detail is its reason phrase, and stays. */
static bool decide(struct judge *judge, enum probe_outcome outcome, const char *why)
{
    judge->phase = JUDGE_DONE;
    judge->result.outcome = outcome;
    if (judge->result.http_status == 0 && why != NULL)
        set_detail(judge, why, strlen(why));
    return false;
}

static void allow(struct judge *judge, uint64_t from_us, uint64_t ms)
{
    judge->deadline_us = from_us + ms * 1000;
}

static bool decide_late(struct judge *judge)
{
    switch (judge->phase) {
    case JUDGE_RESOLVING:
        return decide(judge, PROBE_RESOLUTION_FAILED, "no answer in time");
    case JUDGE_CONNECTING:
        return decide(judge, PROBE_CONNECT_TIMEOUT, NULL);
    case JUDGE_IN_BODY:
        return decide(judge, PROBE_BODY_LATE, NULL);
    default:
        return decide(judge, PROBE_RESPONSE_TIMEOUT, NULL);
    }
}

bool judge__on_time(struct judge *judge, uint64_t now_us)
{
    if (judge->phase == JUDGE_DONE)
        return false;
    return now_us <= judge->deadline_us || decide_late(judge);
}

/* ---- connecting ---- */

static bool begin_connecting(struct judge *judge, uint64_t now_us)
{
    judge->phase = JUDGE_CONNECTING;
    judge->connect_us = now_us;
    allow(judge, now_us, judge->task.speaks_http ? PROBE_CONNECT_MS : PROBE_CONNECT_TCP_MS);
    return true;
}

bool judge__begin(struct judge *judge, const struct judge_task *task, uint64_t now_us)
{
    *judge = (struct judge){
        .task = *task,
        .phase = JUDGE_RESOLVING,
        .result = { .connection_ms = -1, .tls_ms = -1, .first_byte_ms = -1 },
    };
    if (!task->is_name)
        return begin_connecting(judge, now_us);
    allow(judge, now_us, PROBE_RESOLVE_MS);
    return true;
}

void judge__finish(struct judge *judge)
{
    body__finish(&judge->body);
}

bool judge__on_resolved(struct judge *judge, const struct ip_prefix *address, uint64_t now_us)
{
    if (!judge__on_time(judge, now_us))
        return false;
    judge->result.has_resolved = true;
    judge->result.resolved = *address;
    return begin_connecting(judge, now_us);
}

static float ms_between(uint64_t from_us, uint64_t to_us)
{
    return to_us > from_us ? (float)(to_us - from_us) / 1000 : 0;
}

bool judge__on_connected(struct judge *judge, uint64_t now_us)
{
    if (!judge__on_time(judge, now_us))
        return false;
    judge->result.connection_ms = ms_between(judge->connect_us, now_us);
    if (!judge->task.speaks_http)
        return decide(judge, PROBE_PASSED, NULL);
    judge->phase = JUDGE_WAITING;
    judge->secure_us = now_us;
    allow(judge, now_us, PROBE_STATUS_MS);
    return true;
}

bool judge__on_secured(struct judge *judge, uint64_t now_us)
{
    if (!judge__on_time(judge, now_us))
        return false;
    judge->result.tls_ms = ms_between(judge->secure_us, now_us);
    return true;
}

bool judge__on_reconnect(struct judge *judge, uint64_t now_us)
{
    judge->secure_us = now_us;
    return judge__on_time(judge, now_us);
}

/* ---- status and headers ---- */

bool judge__on_first_octet(struct judge *judge, uint64_t now_us)
{
    if (judge->result.first_byte_ms < 0)
        judge->result.first_byte_ms = ms_between(judge->connect_us, now_us);
    return judge->phase != JUDGE_DONE;
}

static bool take_status(struct judge *judge, struct span line, uint64_t now_us)
{
    unsigned status;
    struct span reason;
    if (!head__read_status(line, &status, &reason))
        return decide(judge, PROBE_MALFORMED, "no status line");
    judge->has_field = false;
    judge->in_interim = status < 200;
    if (judge->in_interim)
        return true;
    judge->result.http_status = (uint16_t)status;
    set_detail(judge, (const char *)reason.data, reason.size);
    if (status > 399)
        return decide(judge, PROBE_HTTP_STATUS, NULL);
    judge->phase = JUDGE_IN_HEADERS;
    allow(judge, now_us, PROBE_REST_MS);
    return true;
}

/* Two encodings, one upon the other, are another one (R-HCE-14). */
static void note_encoding(struct judge *judge, struct span line)
{
    struct span value;
    if (!head__read_field(line, "content-encoding", &value))
        return;
    if (judge->has_encoding)
        judge->encoding = BODY_AS_IT_IS;
    else if (head__says(value, "gzip") || head__says(value, "x-gzip"))
        judge->encoding = BODY_GZIP;
    else if (head__says(value, "deflate"))
        judge->encoding = BODY_DEFLATE;
    judge->has_encoding = true;
}

static bool take_headers_end(struct judge *judge)
{
    if (judge->in_interim) {
        judge->in_interim = false;
        return true;
    }
    if (judge->task.search_string == NULL)
        return decide(judge, PROBE_PASSED, NULL);
    judge->phase = JUDGE_IN_BODY;
    body__init(&judge->body, judge->encoding, judge->task.search_string);
    return true;
}

static bool take_field(struct judge *judge, struct span line)
{
    if (line.size == 0)
        return take_headers_end(judge);
    if (!head__is_field(line, judge->has_field))
        return decide(judge, PROBE_MALFORMED, "a line is no header field");
    judge->has_field = true;
    note_encoding(judge, line);
    return true;
}

/* Interim responses count as headers too, so that their number has an end (R-HCE-15). */
bool judge__on_line(struct judge *judge, const char *text, size_t size, uint64_t now_us)
{
    if (!judge__on_time(judge, now_us))
        return false;
    if (judge->phase == JUDGE_IN_BODY) /* a trailer */
        return true;
    judge__on_first_octet(judge, now_us);
    judge->head_size += size;
    if (judge->head_size > PROBE_HEADERS_SIZE_MAX)
        return decide(judge, PROBE_HEADERS_TOO_LONG, NULL);
    struct span line = head__trim(text, size);
    if (judge->phase == JUDGE_IN_HEADERS || judge->in_interim)
        return take_field(judge, line);
    return take_status(judge, line, now_us);
}

/* ---- body and end ---- */

bool judge__on_body(struct judge *judge, struct span piece, uint64_t now_us)
{
    if (!judge__on_time(judge, now_us))
        return false;
    if (judge->phase != JUDGE_IN_BODY)
        return decide(judge, PROBE_MALFORMED, "a body without a status");
    switch (body__add(&judge->body, piece)) {
    case BODY_FOUND:
        return decide(judge, PROBE_PASSED, NULL);
    case BODY_MISSING:
        return decide(judge, PROBE_STRING_MISSING, NULL);
    case BODY_NO_MEMORY:
        return decide(judge, PROBE_NOT_STARTED, NULL);
    default:
        return true;
    }
}

bool judge__on_closed(struct judge *judge, const char *why, uint64_t now_us)
{
    if (!judge__on_time(judge, now_us))
        return false;
    if (judge->phase == JUDGE_IN_BODY)
        return decide(judge, PROBE_STRING_MISSING, NULL);
    return decide(judge, PROBE_CONNECTION_CLOSED, why);
}

bool judge__on_failure(struct judge *judge, enum probe_outcome outcome, const char *why,
                       uint64_t now_us)
{
    return judge__on_time(judge, now_us) && decide(judge, outcome, why);
}
