/*
 * internal.h - the prober's parts, as its files see them.
 *
 * Everything here is the prober's thread's, but for what is marked.
 */
#ifndef PROBE_INTERNAL_H
#define PROBE_INTERNAL_H

#include "endpoint.h"
#include "resolve.h"
#include "schedule.h"

#include "signpost/base/counters.h"
#include "signpost/probe/prober.h"

#include <stdatomic.h>
#include <uv.h>

struct attempt;
struct http_client;

/* A check that is looked at. */
struct watch {
    struct endpoint endpoint;
    struct attempt *attempts; /* under way */
};

struct prober_counters { /* any thread may read */
    counter started, passed, failed, not_started, under_way, waiting, lateness_ms_sum,
        lateness_ms_max;
};

struct prober {
    struct board *board;
    const struct checker_list *checkers;
    unsigned probes_max;
    bool deny_special;
    struct dice dice;
    uv_loop_t loop;
    uv_async_t wake; /* any thread may send: there are orders, or stopping is set */
    uv_timer_t due;
    uv_thread_t thread;
    bool is_running; /* control thread's */
    _Atomic bool stopping;
    struct resolver *resolver;
    struct http_client *http;
    struct schedule schedule; /* always has room for the looks under way too */
    struct watch **watches;   /* by slot */
    uint32_t watch_count;
    struct attempt *idle; /* to be used again */
    unsigned under_way;
    uint64_t counted_waiting_ms; /* when it was last */
    uint64_t complained_ms;      /* that a look could not be started; 0: never */
    struct prober_counters counters;
};

/* The time of all that is judged. */
static inline uint64_t now_us(void)
{
    return uv_hrtime() / 1000;
}

/* ---- attempt.c: one look from its start to its report ---- */

/* What becomes of its connection. */
enum attempt_stage {
    ATTEMPT_RESOLVING, /* there is no connection yet */
    ATTEMPT_DIALLING,
    ATTEMPT_TALKING, /* libcurl has it */
    ATTEMPT_CLOSING, /* the verdict is there */
};

struct attempt {
    struct prober *prober;
    struct watch *watch;
    struct attempt *next, **link; /* among those of the watch, or the idle ones */
    unsigned checker;
    enum attempt_stage stage;
    struct judge judge;
    struct resolver_query *query; /* while it is open */
    struct ip_prefix address;     /* where to */
    int fd;                       /* below 0: none */
    uv_poll_t poll;               /* of fd */
    bool is_polled;               /* poll is open */
    int events;                   /* that poll waits for */
    uv_timer_t deadline;
    CURL *easy;       /* while libcurl has the connection */
    uint64_t talk_us; /* when libcurl got the connection */
    bool offers_name; /* SNI, on this connection */
    bool is_misnamed; /* the certificate does not cover the name */
    bool reconnects;  /* once the connection is closed */
    char tls_alert[PROBE_DETAIL_SIZE];
    char curl_words[CURL_ERROR_SIZE];
};

/* NULL: no memory. */
struct attempt *attempt__create(struct prober *prober);
/* Must be idle.  Closes its handles, which the loop must still be run for, and then frees it. */
void attempt__destroy(struct attempt *attempt);

/* Reports to prober__look_ended, maybe before it returns. */
void attempt__start(struct attempt *attempt, struct watch *watch, unsigned checker);
void attempt__cancel(struct attempt *attempt); /* no report */

/* When what is being worked on has happened.  The loop may be late, and what it then finds was
 * there before: it counts as in time until the timer of the deadline has had its turn. */
static inline uint64_t attempt__time(const struct attempt *attempt)
{
    uint64_t now = now_us();
    return now < attempt->judge.deadline_us ? now : attempt->judge.deadline_us;
}

/* For libcurl: what it waits for on the connection, UV_READABLE and so on. */
void attempt__await(struct attempt *attempt, int events);
/* libcurl is done with the connection. */
void attempt__on_talked(struct attempt *attempt, CURLcode code);

/* ---- http.c: HTTP and TLS over a connection that is there, by libcurl ---- */

/* SP_ENOMEM, SP_EIO. */
int http__create(struct prober *prober, struct http_client **out_client,
                 struct problem *out_problem);
void http__destroy(struct http_client *client); /* closes its handle; NULL is fine */

/* attempt->fd is connected.  The attempt may be over before this returns.  SP_ENOMEM: nothing has
 * begun. */
int http__begin(struct http_client *client, struct attempt *attempt);
/* The connection has become readable or writable (UV_READABLE ...), or failed (0). */
void http__continue(struct http_client *client, struct attempt *attempt, int events);
/* Whether any of the response has come. */
bool http__has_answer(const struct attempt *attempt);
/* Lets go of the connection, whatever its state. */
void http__end(struct http_client *client, struct attempt *attempt);

/* ---- tls.c: what libcurl leaves to us of TLS ---- */

/* Once, before anything is looked at: SP_ENOMEM. */
int tls__set_up(void);
/* Makes the context's connections tell the attempt about the handshake.  context is an SSL_CTX.
 * SP_ENOMEM. */
int tls__watch(void *context, struct attempt *attempt);

/* ---- prober.c ---- */

void prober__look_ended(struct prober *prober, struct attempt *attempt);
void prober__put_back(struct prober *prober, struct attempt *attempt); /* it is idle again */

#endif
