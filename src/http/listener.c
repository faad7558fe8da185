/*
 * How the two engines fit together: libmicrohttpd waits on an epoll descriptor of its own and says
 * how long it wants to sleep at most.  The loop watches the descriptor and a timer; whichever
 * fires, we let libmicrohttpd run and ask again.  A second timer, only while there are connections,
 * looks once a second for clients that have used up their patience; libmicrohttpd itself counts
 * silence only, and a client that sends one octet every few seconds is never silent.
 */
#include "signpost/http/listener.h"

#include "tls.h"

#include "signpost/base/address.h"
#include "signpost/base/clock.h"
#include "signpost/base/limits.h"

#include <microhttpd.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define NEVER UINT64_MAX

/* A connection, which carries one conversation after the other. */
struct peer {
    struct peer *next;
    struct peer **link; /* what points to this one */
    int fd;
    bool idle;
    uint64_t deadline_ms;
};

enum stage { STAGE_TARGET, STAGE_BODY, STAGE_WAITING, STAGE_ANSWERED };

struct conversation {
    struct http_exchange exchange;
    struct http_listener *listener;
    struct MHD_Connection *connection;
    struct peer *peer;
    struct conversation *next;
    struct conversation **link;
    enum stage stage;
    bool begun;
    uint64_t body_size;
};

struct http_listener {
    struct MHD_Daemon *daemon;
    struct http_handler handler;
    enum http_listener_kind kind;
    bool is_loopback;
    bool quiet; /* takes no more connections */
    uv_poll_t poll;
    uv_timer_t due;  /* when libmicrohttpd wants to run again */
    uv_idle_t soon;  /* the same when it wants that at once */
    bool progressed; /* in its last run something came of it */
    unsigned pause_ms;
    uv_timer_t tick; /* once a second, while there are peers */
    unsigned open_handles;
    unsigned busy;
    struct peer *peers;
    struct conversation *conversations;
};

/* ---- turning libmicrohttpd ---- */

static void on_due(uv_timer_t *timer);
static void on_soon(uv_idle_t *idle);

static bool is_sending(const struct http_listener *listener)
{
    const struct conversation *at = listener->conversations;
    while (at != NULL && at->stage != STAGE_ANSWERED)
        at = at->next;
    return at != NULL;
}

/* Version 0.9.75 wants to run at once for as long as half a handshake has come, and would turn this
 * loop like mad for a client that sends no more.  When nothing came of it we let it wait, longer
 * and longer: what really arrives makes its descriptor readable, and that we always heed. */
static void pause_longer(struct http_listener *listener)
{
    unsigned longer = listener->pause_ms == 0 ? 1 : 2 * listener->pause_ms;
    listener->pause_ms = longer < HTTP_PAUSE_MAX_MS ? longer : HTTP_PAUSE_MAX_MS;
    uv_timer_start(&listener->due, on_due, listener->pause_ms, 0);
}

/* "At once" is when others have had their turn: a timer of no time would run again before that. */
static void schedule(struct http_listener *listener)
{
    MHD_UNSIGNED_LONG_LONG timeout_ms;
    bool wants = MHD_get_timeout(listener->daemon, &timeout_ms) == MHD_YES;
    uv_timer_stop(&listener->due);
    uv_idle_stop(&listener->soon);
    if (wants && timeout_ms == 0 && !listener->progressed && !is_sending(listener)) {
        pause_longer(listener);
        return;
    }
    listener->pause_ms = 0;
    if (wants && timeout_ms == 0)
        uv_idle_start(&listener->soon, on_soon);
    else if (wants)
        uv_timer_start(&listener->due, on_due, timeout_ms, 0);
}

static void run(struct http_listener *listener)
{
    listener->progressed = false;
    MHD_run(listener->daemon);
    schedule(listener);
}

static void on_soon(uv_idle_t *idle)
{
    run(idle->data);
}

static void on_due(uv_timer_t *timer)
{
    run(timer->data);
}

static void on_readable(uv_poll_t *poll, int status, int events)
{
    (void)status;
    (void)events;
    run(poll->data);
}

/* ---- patience ---- */

static void grant(struct peer *peer, uint64_t size)
{
    peer->deadline_ms = clock_monotonic_ms() + HTTP_PATIENCE_S * 1000 + size * 1000 / HTTP_RATE_MIN;
}

/* The system then reports the connection as closed, and libmicrohttpd cleans up in its usual way.
 */
static void hang_up(struct peer *peer)
{
    shutdown(peer->fd, SHUT_RDWR);
    peer->deadline_ms = NEVER;
}

static void on_tick(uv_timer_t *timer)
{
    struct http_listener *listener = timer->data;
    uint64_t now_ms = clock_monotonic_ms();
    for (struct peer *peer = listener->peers; peer != NULL; peer = peer->next)
        if (peer->deadline_ms < now_ms)
            hang_up(peer);
}

static void add_peer(struct http_listener *listener, struct MHD_Connection *connection,
                     void **socket_context)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    struct peer *peer = info == NULL ? NULL : calloc(1, sizeof(*peer));
    *socket_context = peer; /* without one every request of the connection is refused */
    if (peer == NULL)
        return;
    peer->fd = info->connect_fd;
    peer->idle = true;
    grant(peer, 0);
    if (listener->peers == NULL)
        uv_timer_start(&listener->tick, on_tick, 1000, 1000);
    else
        listener->peers->link = &peer->next;
    peer->next = listener->peers;
    peer->link = &listener->peers;
    listener->peers = peer;
}

static void remove_peer(struct http_listener *listener, struct peer *peer)
{
    if (peer == NULL)
        return;
    *peer->link = peer->next;
    if (peer->next != NULL)
        peer->next->link = peer->link;
    free(peer);
    if (listener->peers == NULL)
        uv_timer_stop(&listener->tick);
}

/* ---- one conversation ---- */

/* libmicrohttpd may be asked to send only from within its own run, so a response that has become
 * ready lets it run soon. */
static void resume(struct http_exchange *exchange)
{
    struct conversation *conversation = (struct conversation *)exchange;
    struct http_listener *listener = conversation->listener;
    exchange->waiting = false;
    MHD_resume_connection(conversation->connection);
    uv_timer_start(&listener->due, on_due, 0, 0);
}

static struct peer *peer_of(struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    return info == NULL ? NULL : info->socket_context;
}

/* The one moment at which libmicrohttpd shows the whole target untouched: it has seen the first
 * line, the headers are still to come.  What is returned comes back as *request_context. */
static void *on_target(void *context, const char *target, struct MHD_Connection *connection)
{
    struct http_listener *listener = context;
    listener->progressed = true;
    struct peer *peer = peer_of(connection);
    struct conversation *conversation = peer == NULL ? NULL : calloc(1, sizeof(*conversation));
    if (conversation == NULL)
        return NULL;
    struct arena *arena = arena_create();
    conversation->exchange.arena = arena;
    if (arena == NULL || (conversation->exchange.request.target =
                              arena_copy(arena, target, strlen(target) + 1)) == NULL) {
        arena_destroy(arena);
        free(conversation);
        return NULL;
    }
    conversation->exchange.resume = resume;
    conversation->listener = listener;
    conversation->connection = connection;
    conversation->peer = peer;
    peer->idle = false;
    grant(peer, 0);
    conversation->next = listener->conversations;
    conversation->link = &listener->conversations;
    if (conversation->next != NULL)
        conversation->next->link = &conversation->next;
    listener->conversations = conversation;
    listener->busy++;
    return conversation;
}

static void forget(struct conversation *conversation)
{
    struct http_listener *listener = conversation->listener;
    if (conversation->begun)
        listener->handler.gone(listener->handler.context, &conversation->exchange);
    *conversation->link = conversation->next;
    if (conversation->next != NULL)
        conversation->next->link = conversation->link;
    listener->busy--;
    http_buffer_finish(&conversation->exchange.response.body);
    arena_destroy(conversation->exchange.arena);
    free(conversation);
}

static void on_completed(void *context, struct MHD_Connection *connection, void **request_context,
                         enum MHD_RequestTerminationCode code)
{
    struct http_listener *listener = context;
    struct conversation *conversation = *request_context;
    (void)connection;
    (void)code;
    if (conversation == NULL)
        return;
    *request_context = NULL;
    conversation->peer->idle = true;
    if (listener->quiet)
        hang_up(conversation->peer);
    else
        grant(conversation->peer, 0);
    forget(conversation);
}

/* Version 0.9.75 never completes a request whose query had more arguments than its memory has room
 * for: it has given up the connection by then. */
static void forget_all_of(struct http_listener *listener, const struct peer *peer)
{
    struct conversation *next;
    for (struct conversation *at = listener->conversations; at != NULL; at = next) {
        next = at->next;
        if (at->peer == peer)
            forget(at);
    }
}

static void on_connection(void *context, struct MHD_Connection *connection, void **socket_context,
                          enum MHD_ConnectionNotificationCode code)
{
    if (code == MHD_CONNECTION_NOTIFY_STARTED) {
        add_peer(context, connection, socket_context);
        return;
    }
    forget_all_of(context, *socket_context);
    remove_peer(context, *socket_context);
}

/* We undo escapes ourselves, after splitting, so libmicrohttpd must leave the target alone. */
static size_t leave_escapes(void *context, struct MHD_Connection *connection, char *text)
{
    (void)context;
    (void)connection;
    return strlen(text);
}

struct header_list {
    struct http_header *headers;
    unsigned count;
};

static enum MHD_Result keep_header(void *context, enum MHD_ValueKind kind, const char *name,
                                   const char *value)
{
    struct header_list *list = context;
    (void)kind;
    if (list->count == HTTP_HEADERS_MAX)
        return MHD_NO;
    list->headers[list->count++] = (struct http_header){ name, value != NULL ? value : "" };
    return MHD_YES;
}

/* The client's address without its port.  NULL: no memory. */
static const char *source_of(const struct conversation *conversation)
{
    char text[ADDRESS_TEXT_SIZE];
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(conversation->connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    if (conversation->listener->kind == HTTP_LISTENER_LOCAL || info == NULL)
        return "socket";
    struct sockaddr_storage address = { 0 };
    memcpy(&address, info->client_addr,
           info->client_addr->sa_family == AF_INET ? sizeof(struct sockaddr_in)
                                                   : sizeof(struct sockaddr_in6));
    address_to_text(text, &address);
    size_t size = strcspn(text, "@");
    return arena_format(conversation->exchange.arena, "%.*s", (int)size, text);
}

/* Header strings live in libmicrohttpd's buffers, which last as long as the request. */
static bool take_head(struct conversation *conversation, const char *method)
{
    struct http_exchange *exchange = &conversation->exchange;
    struct header_list list = {
        .headers = arena_alloc(exchange->arena, HTTP_HEADERS_MAX * sizeof(struct http_header)),
    };
    exchange->request.method = arena_copy(exchange->arena, method, strlen(method) + 1);
    exchange->request.source = source_of(conversation);
    if (list.headers == NULL || exchange->request.method == NULL ||
        exchange->request.source == NULL)
        return false;
    MHD_get_connection_values(conversation->connection, MHD_HEADER_KIND, keep_header, &list);
    exchange->request.headers = list.headers;
    exchange->request.header_count = list.count;
    exchange->request.is_local = conversation->listener->kind == HTTP_LISTENER_LOCAL;
    exchange->request.is_tls = conversation->listener->kind == HTTP_LISTENER_TLS;
    exchange->request.is_loopback = conversation->listener->is_loopback;
    return true;
}

static enum MHD_Result answer(struct conversation *conversation)
{
    static const char no_memory[] =
        "{\"error\":{\"code\":\"Internal\",\"message\":\"no memory\"}}\n";
    struct http_response *response = &conversation->exchange.response;
    struct http_buffer *body = &response->body;
    struct MHD_Response *reply;
    if (body->failed || response->status == 0) {
        response->status = MHD_HTTP_INTERNAL_SERVER_ERROR;
        response->content_type = "application/json";
        http_buffer_finish(body);
        http_buffer_add_text(body, no_memory);
    }
    grant(conversation->peer, body->size);
    reply = MHD_create_response_from_buffer(body->size, body->data, MHD_RESPMEM_MUST_FREE);
    if (reply == NULL)
        return MHD_NO;
    *body = (struct http_buffer){ 0 }; /* it is the reply's now */
    if (response->content_type != NULL)
        MHD_add_response_header(reply, "Content-Type", response->content_type);
    MHD_add_response_header(reply, "Cache-Control", "no-store");
    MHD_add_response_header(reply, "X-Content-Type-Options", "nosniff");
    for (unsigned i = 0; i < response->header_count; i++)
        MHD_add_response_header(reply, response->headers[i].name, response->headers[i].value);
    if (conversation->listener->quiet)
        MHD_add_response_header(reply, "Connection", "close");
    conversation->stage = STAGE_ANSWERED;
    enum MHD_Result result = MHD_queue_response(conversation->connection, response->status, reply);
    MHD_destroy_response(reply);
    return result;
}

/* A client that asked "may I send?" can be refused before it does.  All others are let finish: were
 * the connection closed under their hands, they would see a reset instead of the reason. */
static enum MHD_Result begin(struct conversation *conversation, const char *method)
{
    const struct http_handler *handler = &conversation->listener->handler;
    struct http_exchange *exchange = &conversation->exchange;
    if (!take_head(conversation, method))
        return MHD_NO;
    conversation->begun = true;
    conversation->stage = STAGE_BODY;
    handler->begin(handler->context, exchange);
    if (exchange->response.status != 0 && http_request_header(&exchange->request, "Expect") != NULL)
        return answer(conversation);
    return MHD_YES;
}

static enum MHD_Result take_body(struct conversation *conversation, const char *data, size_t size)
{
    const struct http_handler *handler = &conversation->listener->handler;
    conversation->body_size += size;
    if (conversation->body_size > ZONE_FILE_SIZE_MAX)
        return MHD_NO; /* refused long ago, and still sending */
    conversation->peer->deadline_ms += size * 1000 / HTTP_RATE_MIN;
    if (conversation->exchange.response.status == 0)
        handler->body(handler->context, &conversation->exchange,
                      (struct span){ (const uint8_t *)data, size });
    return MHD_YES;
}

static enum MHD_Result end(struct conversation *conversation)
{
    const struct http_handler *handler = &conversation->listener->handler;
    struct http_exchange *exchange = &conversation->exchange;
    if (exchange->response.status == 0)
        handler->end(handler->context, exchange);
    if (!exchange->waiting)
        return answer(conversation);
    conversation->stage = STAGE_WAITING;
    conversation->peer->deadline_ms = NEVER; /* it is we who are slow now */
    MHD_suspend_connection(conversation->connection);
    return MHD_YES;
}

static enum MHD_Result on_request(void *context, struct MHD_Connection *connection, const char *url,
                                  const char *method, const char *version, const char *data,
                                  size_t *data_size, void **request_context)
{
    struct conversation *conversation = *request_context;
    struct http_listener *listener = context;
    (void)connection;
    (void)url;
    (void)version;
    listener->progressed = true;
    if (conversation == NULL)
        return MHD_NO;
    if (conversation->stage == STAGE_TARGET)
        return begin(conversation, method);
    if (*data_size > 0) {
        size_t size = *data_size;
        *data_size = 0;
        return take_body(conversation, data, size);
    }
    if (conversation->stage == STAGE_BODY)
        return end(conversation);
    if (conversation->stage == STAGE_WAITING && !conversation->exchange.waiting)
        return answer(conversation);
    return MHD_YES;
}

/* ---- life ---- */

static struct MHD_Daemon *start_daemon(struct http_listener *listener, int socket)
{
    unsigned flags = MHD_USE_EPOLL | MHD_USE_SUSPEND_RESUME;
    struct MHD_OptionItem tls[] = {
        { MHD_OPTION_HTTPS_PRIORITIES, 0, (void *)HTTP_TLS_PRIORITIES },
        { MHD_OPTION_HTTPS_CERT_CALLBACK2, 0, (void *)http__tls_choose },
        { MHD_OPTION_END, 0, NULL },
    };
    if (listener->kind == HTTP_LISTENER_TLS)
        flags |= MHD_USE_TLS;
    else
        tls[0].option = MHD_OPTION_END;
    /* clang-format off */
    return MHD_start_daemon(
        flags, 0, NULL, NULL, on_request, listener,
        MHD_OPTION_LISTEN_SOCKET, socket,
        MHD_OPTION_CONNECTION_LIMIT, (unsigned)HTTP_CONNECTIONS_MAX,
        MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)HTTP_PATIENCE_S,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)HTTP_CONNECTION_MEMORY,
        MHD_OPTION_CONNECTION_MEMORY_INCREMENT, (size_t)HTTP_CONNECTION_MEMORY / 4,
        MHD_OPTION_STRICT_FOR_CLIENT, 1,
        MHD_OPTION_SIGPIPE_HANDLED_BY_APP, 1,
        MHD_OPTION_URI_LOG_CALLBACK, on_target, listener,
        MHD_OPTION_UNESCAPE_CALLBACK, leave_escapes, NULL,
        MHD_OPTION_NOTIFY_COMPLETED, on_completed, listener,
        MHD_OPTION_NOTIFY_CONNECTION, on_connection, listener,
        MHD_OPTION_ARRAY, tls,
        MHD_OPTION_END);
    /* clang-format on */
}

static bool is_bound_to_loopback(int socket)
{
    struct sockaddr_storage address = { 0 };
    socklen_t size = sizeof(address);
    return getsockname(socket, (struct sockaddr *)&address, &size) == 0 &&
           address.ss_family != AF_UNIX && address_is_loopback(&address);
}

int http_listener_create(uv_loop_t *loop, int socket, enum http_listener_kind kind,
                         const struct http_handler *handler, struct http_listener **out_listener,
                         struct problem *out_problem)
{
    struct http_listener *listener = calloc(1, sizeof(*listener));
    if (listener == NULL) {
        close(socket);
        return problem_set(out_problem, SP_ENOMEM, "no memory for an HTTP listener");
    }
    listener->handler = *handler;
    listener->kind = kind;
    listener->is_loopback = kind == HTTP_LISTENER_LOCAL || is_bound_to_loopback(socket);
    listener->daemon = start_daemon(listener, socket);
    if (listener->daemon == NULL) {
        close(socket);
        free(listener);
        return problem_set(out_problem, SP_EIO, "cannot start the HTTP server");
    }
    const union MHD_DaemonInfo *info =
        MHD_get_daemon_info(listener->daemon, MHD_DAEMON_INFO_EPOLL_FD);
    uv_timer_init(loop, &listener->due);
    uv_timer_init(loop, &listener->tick);
    uv_idle_init(loop, &listener->soon);
    listener->poll.data = listener->due.data = listener->tick.data = listener;
    listener->soon.data = listener;
    listener->open_handles = 3;
    if (info == NULL || uv_poll_init(loop, &listener->poll, info->epoll_fd) != 0) {
        http_listener_destroy(listener);
        return problem_set(out_problem, SP_EIO, "cannot watch the HTTP server");
    }
    listener->poll.data = listener; /* uv_poll_init leaves it alone, but does not say so */
    listener->open_handles = 4;
    uv_poll_start(&listener->poll, UV_READABLE, on_readable);
    schedule(listener);
    *out_listener = listener;
    return 0;
}

void http_listener_quiesce(struct http_listener *listener)
{
    if (listener->quiet)
        return;
    listener->quiet = true;
    int fd = MHD_quiesce_daemon(listener->daemon);
    if (fd >= 0)
        close(fd);
    for (struct peer *peer = listener->peers; peer != NULL; peer = peer->next)
        if (peer->idle)
            hang_up(peer);
}

unsigned http_listener_busy(const struct http_listener *listener)
{
    return listener->busy;
}

static void on_closed(uv_handle_t *handle)
{
    struct http_listener *listener = handle->data;
    if (--listener->open_handles == 0)
        free(listener);
}

void http_listener_destroy(struct http_listener *listener)
{
    if (listener == NULL)
        return;
    bool polling = listener->open_handles == 4;
    if (polling)
        uv_poll_stop(&listener->poll); /* before its descriptor goes */
    uv_timer_stop(&listener->due);
    uv_idle_stop(&listener->soon);
    http_listener_quiesce(listener);
    /* A daemon with suspended connections must not be stopped. */
    for (struct conversation *at = listener->conversations; at != NULL; at = at->next)
        if (at->stage == STAGE_WAITING && at->exchange.waiting)
            MHD_resume_connection(at->connection);
    MHD_run(listener->daemon);
    MHD_stop_daemon(listener->daemon);
    if (polling)
        uv_close((uv_handle_t *)&listener->poll, on_closed);
    uv_close((uv_handle_t *)&listener->due, on_closed);
    uv_close((uv_handle_t *)&listener->soon, on_closed);
    uv_close((uv_handle_t *)&listener->tick, on_closed);
}
