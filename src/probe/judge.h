/*
 * judge.h - one look at an endpoint, from its start to its verdict: R-HCE-10 to R-HCE-17.
 *
 * The judge is told what happens, and when, in microseconds of any clock that does not go back; it
 * opens no socket and reads no clock.  Every event returns whether the look goes on; once it does
 * not, judge->result is the verdict (but for at_ms), and further events change nothing.  An event
 * that comes after the deadline comes too late, whatever it is.  Any thread.
 */
#ifndef PROBE_JUDGE_H
#define PROBE_JUDGE_H

#include "body.h"

#include "signpost/model/health_status.h"

/* What the endpoint is to show. */
struct judge_task {
    bool is_name; /* its address must be found first */
    bool speaks_http;
    const char *search_string; /* NULL: none is wanted; must outlive the judge */
};

enum judge_phase {
    JUDGE_RESOLVING,
    JUDGE_CONNECTING,
    JUDGE_WAITING, /* for a status; the TLS handshake is in this time too */
    JUDGE_IN_HEADERS,
    JUDGE_IN_BODY,
    JUDGE_DONE,
};

struct judge {
    struct judge_task task;
    enum judge_phase phase;
    uint64_t deadline_us; /* by when something must have happened */
    uint64_t connect_us;  /* when the connection was begun */
    uint64_t secure_us;   /* when the TLS handshake was */
    size_t head_size;
    bool in_interim;   /* among the headers of a 1xx response */
    bool has_field;    /* so that a line may continue it */
    bool has_encoding; /* a Content-Encoding was there already */
    enum body_encoding encoding;
    struct body body;
    struct probe_result result;
};

bool judge__begin(struct judge *judge, const struct judge_task *task, uint64_t now_us);
void judge__finish(struct judge *judge); /* frees what the body needed; a zeroed judge is fine */

/* The name has that address; connecting begins. */
bool judge__on_resolved(struct judge *judge, const struct ip_prefix *address, uint64_t now_us);
bool judge__on_connected(struct judge *judge, uint64_t now_us);
/* The handshake is done; or it begins once more on another connection, in the time that is left. */
bool judge__on_secured(struct judge *judge, uint64_t now_us);
bool judge__on_reconnect(struct judge *judge, uint64_t now_us);
bool judge__on_first_octet(struct judge *judge, uint64_t now_us); /* may be told late */
/* One line before the body, its line feed with it. */
bool judge__on_line(struct judge *judge, const char *line, size_t size, uint64_t now_us);
bool judge__on_body(struct judge *judge, struct span piece, uint64_t now_us);
/* The response has ended, or the connection; why may be NULL. */
bool judge__on_closed(struct judge *judge, const char *why, uint64_t now_us);
/* Something else has gone wrong; why may be NULL. */
bool judge__on_failure(struct judge *judge, enum probe_outcome outcome, const char *why,
                       uint64_t now_us);
bool judge__on_time(struct judge *judge, uint64_t now_us);

#endif
