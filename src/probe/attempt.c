/*
 * One look: an address, a connection, for HTTP a conversation, a verdict.  Whatever happens is told
 * to the judge, and after every step it is the judge who says whether there is a next one.
 *
 * The connection has one uv_poll_t for its whole life, ours while it is being established and
 * libcurl's after that.  libuv gives such a handle back a little after it is closed, so an attempt
 * that is over is idle again a turn of the loop later.
 */
#include "dial.h"
#include "internal.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void dial(struct attempt *attempt);

/* ---- the end ---- */

static void on_closed(uv_handle_t *handle)
{
    struct attempt *attempt = handle->data;
    attempt->is_polled = false;
    if (attempt->reconnects) {
        attempt->reconnects = false;
        dial(attempt);
    } else {
        prober__put_back(attempt->prober, attempt);
    }
}

static void drop_connection(struct attempt *attempt)
{
    if (attempt->stage == ATTEMPT_TALKING)
        http__end(attempt->prober->http, attempt);
    attempt->stage = ATTEMPT_CLOSING;
    if (attempt->is_polled && !uv_is_closing((uv_handle_t *)&attempt->poll))
        uv_close((uv_handle_t *)&attempt->poll, on_closed);
    if (attempt->fd >= 0)
        close(attempt->fd);
    attempt->fd = -1;
}

static void finish(struct attempt *attempt)
{
    attempt->reconnects = false;
    drop_connection(attempt);
    uv_timer_stop(&attempt->deadline);
    resolver__forget(attempt->query);
    judge__finish(&attempt->judge);
    *attempt->link = attempt->next;
    if (attempt->next != NULL)
        attempt->next->link = attempt->link;
}

static void retire(struct attempt *attempt)
{
    if (!attempt->is_polled)
        prober__put_back(attempt->prober, attempt);
}

static void report(struct attempt *attempt)
{
    finish(attempt);
    prober__look_ended(attempt->prober, attempt);
    retire(attempt);
}

void attempt__cancel(struct attempt *attempt)
{
    finish(attempt);
    retire(attempt);
}

static void fail(struct attempt *attempt, enum probe_outcome outcome, const char *why)
{
    judge__on_failure(&attempt->judge, outcome, why, attempt__time(attempt));
    report(attempt);
}

/* ---- time ---- */

static void on_deadline(uv_timer_t *timer);

static void arm(struct attempt *attempt)
{
    uint64_t now = now_us(), deadline_us = attempt->judge.deadline_us;
    uint64_t left_us = deadline_us > now ? deadline_us - now : 0;
    uv_timer_start(&attempt->deadline, on_deadline, (left_us + 999) / 1000, 0);
}

static void on_event(struct attempt *attempt, int events);

/* A loop that was busy elsewhere, or a machine that was asleep, must not make an endpoint late:
 * what the system has for us by now is looked at first. */
static void look_once_more(struct attempt *attempt)
{
    struct pollfd last = { .fd = attempt->fd,
                           .events = (short)((attempt->events & UV_READABLE ? POLLIN : 0) |
                                             (attempt->events & UV_WRITABLE ? POLLOUT : 0)) };
    if (attempt->fd < 0 || poll(&last, 1, 0) <= 0)
        return;
    if ((last.revents & ~(POLLIN | POLLOUT | POLLHUP)) != 0)
        on_event(attempt, 0);
    else
        on_event(attempt, (last.revents & (POLLIN | POLLHUP) ? UV_READABLE : 0) |
                              (last.revents & POLLOUT ? UV_WRITABLE : 0));
}

static bool is_over(const struct attempt *attempt)
{
    return attempt->stage == ATTEMPT_CLOSING && !attempt->reconnects;
}

static void on_deadline(uv_timer_t *timer)
{
    struct attempt *attempt = timer->data;
    if (now_us() > attempt->judge.deadline_us)
        look_once_more(attempt);
    if (is_over(attempt))
        return;
    if (judge__on_time(&attempt->judge, now_us()))
        arm(attempt);
    else
        report(attempt);
}

/* ---- the connection ---- */

static void on_poll(uv_poll_t *poll, int status, int events)
{
    struct attempt *attempt = poll->data;
    on_event(attempt, status == 0 ? events : 0);
    /* libuv does not wait on after an error; libcurl may have more to read before it sees it. */
    if (status != 0 && attempt->stage == ATTEMPT_TALKING)
        attempt__await(attempt, attempt->events);
}

void attempt__await(struct attempt *attempt, int events)
{
    attempt->events = events;
    if (events == 0)
        uv_poll_stop(&attempt->poll);
    else
        uv_poll_start(&attempt->poll, events, on_poll);
}

static void talk(struct attempt *attempt)
{
    attempt->stage = ATTEMPT_TALKING;
    if (http__begin(attempt->prober->http, attempt) == 0)
        return;
    attempt->stage = ATTEMPT_DIALLING; /* libcurl has not got it */
    fail(attempt, PROBE_NOT_STARTED, "no memory");
}

/* A reset says that there was a connection before. */
static void on_dialled(struct attempt *attempt)
{
    int error = dial__error(attempt->fd);
    bool was_connected = error == 0 || error == ECONNRESET || error == EPIPE;
    if (!was_connected) {
        fail(attempt, PROBE_CONNECT_REFUSED, strerror(error));
        return;
    }
    bool is_first = attempt->judge.phase == JUDGE_CONNECTING;
    bool goes_on = is_first ? judge__on_connected(&attempt->judge, attempt__time(attempt))
                            : judge__on_reconnect(&attempt->judge, attempt__time(attempt));
    if (goes_on && error != 0)
        goes_on = judge__on_closed(&attempt->judge, strerror(error), attempt__time(attempt));
    if (!goes_on) {
        report(attempt);
        return;
    }
    arm(attempt);
    talk(attempt);
}

static void on_event(struct attempt *attempt, int events)
{
    if (attempt->stage == ATTEMPT_DIALLING)
        on_dialled(attempt);
    else if (attempt->stage == ATTEMPT_TALKING)
        http__continue(attempt->prober->http, attempt, events);
}

static void dial(struct attempt *attempt)
{
    const struct prober *prober = attempt->prober;
    int error;
    enum dial_outcome outcome =
        dial__open(&prober->checkers->at[attempt->checker], &attempt->address,
                   attempt->watch->endpoint.target.port, &attempt->fd, &error);
    attempt->stage = ATTEMPT_DIALLING;
    if (outcome != DIAL_UNDER_WAY) {
        fail(attempt, outcome == DIAL_REFUSED ? PROBE_CONNECT_REFUSED : PROBE_NOT_STARTED,
             strerror(error));
    } else if (uv_poll_init(attempt->deadline.loop, &attempt->poll, attempt->fd) != 0) {
        fail(attempt, PROBE_NOT_STARTED, "no memory");
    } else {
        attempt->poll.data = attempt;
        attempt->is_polled = true;
        attempt__await(attempt, UV_WRITABLE);
    }
}

/* ---- the conversation ---- */

/* "OpenSSL/3.0.11: error:0A00010B:SSL routines::wrong version number", "Recv failure: Connection
 * reset by peer": the last part will do, but for "... in connection to 127.0.0.1:443", which is no
 * place that anybody knows, and for names of numbers, "SSL_ERROR_SYSCALL". */
static const char *last_words(struct attempt *attempt)
{
    char *place = strstr(attempt->curl_words, " in connection to ");
    if (place != NULL)
        *place = '\0';
    const char *colon = strrchr(attempt->curl_words, ':');
    const char *last = colon == NULL ? attempt->curl_words : colon + 1 + strspn(colon + 1, " ");
    return strncmp(last, "SSL_ERROR_", strlen("SSL_ERROR_")) == 0 ? "the connection was closed"
                                                                  : last;
}

/* libcurl says that memory is short when a line is longer than 100 KiB, too. */
static void tell_judge(struct attempt *attempt, CURLcode code)
{
    struct judge *judge = &attempt->judge;
    uint64_t now = attempt__time(attempt);
    switch (code) {
    case CURLE_OK:
    case CURLE_GOT_NOTHING:
    case CURLE_PARTIAL_FILE:
        judge__on_closed(judge, NULL, now);
        break;
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_SSL_CIPHER:
    case CURLE_PEER_FAILED_VERIFICATION:
        judge__on_failure(judge, PROBE_TLS_FAILED,
                          attempt->tls_alert[0] != '\0' ? attempt->tls_alert : last_words(attempt),
                          now);
        break;
    case CURLE_OUT_OF_MEMORY:
        if (http__has_answer(attempt))
            judge__on_failure(judge, PROBE_HEADERS_TOO_LONG, NULL, now);
        else
            judge__on_failure(judge, PROBE_NOT_STARTED, "no memory", now);
        break;
    case CURLE_WEIRD_SERVER_REPLY:
    case CURLE_UNSUPPORTED_PROTOCOL:
    case CURLE_BAD_CONTENT_ENCODING:
    case CURLE_BAD_FUNCTION_ARGUMENT: /* a first header line that begins with a blank */
        judge__on_failure(judge, PROBE_MALFORMED, NULL, now);
        break;
    default:
        judge__on_closed(judge, last_words(attempt), now);
        break;
    }
}

void attempt__on_talked(struct attempt *attempt, CURLcode code)
{
    if (attempt->judge.phase != JUDGE_DONE && attempt->is_misnamed &&
        code == CURLE_ABORTED_BY_CALLBACK) {
        attempt->offers_name = false;
        attempt->reconnects = true;
        drop_connection(attempt);
        return;
    }
    tell_judge(attempt, code);
    report(attempt);
}

/* ---- the beginning ---- */

static void on_resolved(void *context, const struct ip_prefix *address, const char *why)
{
    struct attempt *attempt = context;
    if (address == NULL) {
        fail(attempt, why != NULL ? PROBE_RESOLUTION_FAILED : PROBE_NOT_STARTED,
             why != NULL ? why : "no socket to resolve its name with");
        return;
    }
    attempt->address = *address;
    if (!judge__on_resolved(&attempt->judge, address, attempt__time(attempt)))
        report(attempt);
    else if (attempt->prober->deny_special && address_is_special(address))
        fail(attempt, PROBE_TARGET_DENIED, NULL);
    else {
        arm(attempt);
        dial(attempt);
    }
}

static void link_to_watch(struct attempt *attempt, struct watch *watch)
{
    attempt->watch = watch;
    attempt->next = watch->attempts;
    attempt->link = &watch->attempts;
    if (attempt->next != NULL)
        attempt->next->link = &attempt->next;
    watch->attempts = attempt;
}

void attempt__start(struct attempt *attempt, struct watch *watch, unsigned checker)
{
    const struct endpoint *endpoint = &watch->endpoint;
    link_to_watch(attempt, watch);
    attempt->checker = checker;
    attempt->stage = ATTEMPT_RESOLVING;
    attempt->offers_name = endpoint->sends_sni;
    attempt->address = endpoint->target.address;
    judge__begin(&attempt->judge, &endpoint->task, now_us());
    arm(attempt);
    if (!endpoint->task.is_name)
        dial(attempt);
    else if (resolver__ask(attempt->prober->resolver, endpoint->target.domain_name, on_resolved,
                           attempt, &attempt->query) != 0)
        fail(attempt, PROBE_NOT_STARTED, "no memory");
}

struct attempt *attempt__create(struct prober *prober)
{
    struct attempt *attempt = calloc(1, sizeof *attempt);
    if (attempt == NULL)
        return NULL;
    attempt->prober = prober;
    attempt->stage = ATTEMPT_CLOSING;
    attempt->fd = -1;
    uv_timer_init(&prober->loop, &attempt->deadline); /* cannot fail */
    attempt->deadline.data = attempt;
    return attempt;
}

static void on_deadline_closed(uv_handle_t *handle)
{
    free(handle->data);
}

void attempt__destroy(struct attempt *attempt)
{
    uv_close((uv_handle_t *)&attempt->deadline, on_deadline_closed);
}
