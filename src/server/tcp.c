/*
 * server/tcp.c - queries over TCP (RFC 7766): pipelined, answered in the order of their arrival.
 *
 * Every connection has its own room for one whole message in and more than one out, set aside as
 * address space at the start; the system gives it memory only as far as it is used.  A client that
 * does not read its replies is not read from either, so it holds up nobody but itself; its time
 * runs out like that of any idle one.  A client that reads and asks as fast as it can gets a turn
 * of a few queries at a time, and waits in line for the next: UDP, the mailbox and the others come
 * between.
 */
#include "worker.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#define LENGTH_SIZE 2                                        /* RFC 1035 §4.2.2 */
#define IN_ROOM     (LENGTH_SIZE + DNS_MESSAGE_SIZE_MAX + 7) /* a multiple of eight */
#define OUT_ROOM    (2 * IN_ROOM)
#define SPARE_COUNT 16 /* slots of connections that are still closing */

#define TURN_QUERIES     16          /* of one connection */
#define TURN_OCTETS      (64u << 10) /* of replies, likewise: large ones take longer */
#define TURN_CONNECTIONS 16          /* that continue in one turn of the loop */
#define TURN_NS          2000000 /* after which a turn ends: answers from huge trees take long */

#define LISTEN_BACKLOG  511
#define SWEEP_PERIOD_MS 250
#define DRAIN_LIMIT_MS                                                                             \
    1000 /* how long a stopping server waits for clients to take their replies                     \
          */
#define KEEP_TOUCHED (16u << 10)

/* ---- the slots ---- */

int tcp__pool_create(struct worker *worker, unsigned connection_count)
{
    unsigned slot_count = connection_count + SPARE_COUNT;
    size_t memory_size = (size_t)slot_count * (IN_ROOM + OUT_ROOM);
    worker->connections = calloc(slot_count, sizeof *worker->connections);
    if (worker->connections == NULL)
        return UV_ENOMEM;
    void *memory = mmap(NULL, memory_size, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory == MAP_FAILED)
        return UV_ENOMEM;
    worker->connection_memory = memory;
    worker->connection_count = connection_count;
    for (unsigned i = 0; i < slot_count; i++) {
        struct connection *connection = &worker->connections[i];
        connection->worker = worker;
        connection->in = worker->connection_memory + (size_t)i * (IN_ROOM + OUT_ROOM);
        connection->out = connection->in + IN_ROOM;
        connection->next = worker->free_connections;
        worker->free_connections = connection;
    }
    return 0;
}

void tcp__pool_destroy(struct worker *worker)
{
    if (worker->connection_memory != NULL)
        munmap(worker->connection_memory,
               (size_t)(worker->connection_count + SPARE_COUNT) * (IN_ROOM + OUT_ROOM));
    free(worker->connections);
}

static void list_remove(struct connection *connection)
{
    struct worker *worker = connection->worker;
    *(connection->prev != NULL ? &connection->prev->next : &worker->idlest) = connection->next;
    *(connection->next != NULL ? &connection->next->prev : &worker->busiest) = connection->prev;
}

static void list_append(struct connection *connection)
{
    struct worker *worker = connection->worker;
    connection->next = NULL;
    connection->prev = worker->busiest;
    *(worker->busiest != NULL ? &worker->busiest->next : &worker->idlest) = connection;
    worker->busiest = connection;
}

static void mark_active(struct connection *connection)
{
    connection->active_ms = uv_now(&connection->worker->loop);
    list_remove(connection);
    list_append(connection);
}

/* ---- turns ---- */

static void serve(struct connection *connection);
static void read_on(struct connection *connection);

static struct connection *take_paused(struct worker *worker)
{
    struct connection *connection = worker->first_paused;
    worker->first_paused = connection->next_paused;
    connection->is_paused = false;
    return connection;
}

static void on_turn(uv_idle_t *idle)
{
    struct worker *worker = idle->data;
    struct connection *last = worker->last_paused; /* who pauses again comes behind it */
    struct connection *served = NULL;
    uint64_t started_ns = uv_hrtime();
    for (unsigned i = 0; i < TURN_CONNECTIONS && served != last && worker->first_paused != NULL;
         i++) {
        if (i > 0 && uv_hrtime() - started_ns > TURN_NS)
            break;
        served = take_paused(worker);
        if (served->is_open) {
            serve(served);
            read_on(served);
        }
    }
    if (worker->first_paused == NULL)
        uv_idle_stop(idle);
}

/* Not read from meanwhile, so what waits is at most one buffer. */
static void pause_connection(struct connection *connection)
{
    struct worker *worker = connection->worker;
    uv_read_stop((uv_stream_t *)&connection->handle);
    if (connection->is_paused)
        return;
    connection->is_paused = true;
    connection->next_paused = NULL;
    if (worker->first_paused == NULL) {
        worker->first_paused = connection;
        uv_idle_start(&worker->tcp_turn, on_turn);
    } else {
        worker->last_paused->next_paused = connection;
    }
    worker->last_paused = connection;
}

/* A slot must not be used again while the line still holds it. */
static void forget_paused(struct connection *connection)
{
    struct worker *worker = connection->worker;
    struct connection **at = &worker->first_paused, *before = NULL;
    while (connection->is_paused && *at != connection) {
        before = *at;
        at = &before->next_paused;
    }
    if (!connection->is_paused)
        return;
    *at = connection->next_paused;
    if (worker->last_paused == connection)
        worker->last_paused = before;
    connection->is_paused = false;
}

/* ---- closing ---- */

static void accept_waiting(struct worker *worker);

/* Gives memory that a busy client has touched back to the system. */
static void forget_touched(struct connection *connection)
{
    const uintptr_t page = 4096;
    uintptr_t from = ((uintptr_t)connection->in + page - 1) & ~(page - 1);
    uintptr_t to = ((uintptr_t)connection->out + OUT_ROOM) & ~(page - 1);
    if (connection->touched > KEEP_TOUCHED)
        madvise((void *)from, to - from, MADV_DONTNEED);
    connection->touched = 0;
}

static void on_closed(uv_handle_t *handle)
{
    struct connection *connection = handle->data;
    struct worker *worker = connection->worker;
    forget_touched(connection);
    connection->next = worker->free_connections;
    worker->free_connections = connection;
    accept_waiting(worker);
}

/* With these the loop of a draining worker has nothing left to run for. */
static void close_pool_handles(struct worker *worker)
{
    uv_handle_t *const handles[] = { (uv_handle_t *)&worker->tcp_timer,
                                     (uv_handle_t *)&worker->tcp_turn };
    for (unsigned i = 0; i < 2; i++)
        if (!uv_is_closing(handles[i]))
            uv_close(handles[i], NULL);
}

static void close_connection(struct connection *connection)
{
    struct worker *worker = connection->worker;
    if (!connection->is_open)
        return;
    connection->is_open = false;
    forget_paused(connection);
    list_remove(connection);
    worker->open_count--;
    counter_add(&worker->figures.tcp_open, (uint64_t)-1);
    uv_close((uv_handle_t *)&connection->handle, on_closed);
    if (worker->open_count == 0) {
        uv_timer_stop(&worker->tcp_timer);
        if (worker->is_draining)
            close_pool_handles(worker);
    }
}

/* ---- replies ---- */

static void on_readable(uv_stream_t *stream, ssize_t size, const uv_buf_t *buffer);
static void give_room(uv_handle_t *handle, size_t suggested, uv_buf_t *out_buffer);

/* Unless something else has to happen first. */
static void read_on(struct connection *connection)
{
    if (connection->is_open && !connection->is_writing && !connection->is_paused &&
        !connection->is_ended)
        uv_read_start((uv_stream_t *)&connection->handle, give_room, on_readable);
}

static void on_written(uv_write_t *write, int status)
{
    struct connection *connection = write->data;
    connection->is_writing = false;
    connection->out_size = 0;
    if (!connection->is_open)
        return;
    if (status != 0) {
        close_connection(connection);
        return;
    }
    mark_active(connection);
    serve(connection);
    read_on(connection);
}

/* Sends what is in `out`: now if the client takes it, else when it does. */
static void flush(struct connection *connection)
{
    uv_stream_t *stream = (uv_stream_t *)&connection->handle;
    uv_buf_t buffer = uv_buf_init((char *)connection->out, (unsigned)connection->out_size);
    if (connection->out_size == 0)
        return;
    int sent = uv_try_write(stream, &buffer, 1);
    if (sent == (int)connection->out_size) {
        connection->out_size = 0;
        return;
    }
    if (sent < 0 && sent != UV_EAGAIN) {
        close_connection(connection);
        return;
    }
    if (sent > 0) {
        buffer.base += sent;
        buffer.len -= (size_t)sent;
    }
    uv_read_stop(stream);
    connection->is_writing = true;
    connection->write.data = connection;
    if (uv_write(&connection->write, stream, &buffer, 1, on_written) != 0)
        close_connection(connection);
}

/* ---- queries ---- */

static void answer_message(struct connection *connection, struct span message)
{
    uint8_t *to = connection->out + connection->out_size;
    size_t size = worker__answer(connection->worker, connection->transport, &connection->peer,
                                 message, to + LENGTH_SIZE);
    if (size == 0)
        return; /* too short, or a reply: silence, as over UDP */
    put_u16(to, (uint16_t)size);
    connection->out_size += LENGTH_SIZE + size;
    if (connection->out_size > connection->touched)
        connection->touched = connection->out_size;
}

/* Whether the octets from `at` on hold a whole message. */
static bool message_is_whole(const struct connection *connection, size_t at)
{
    size_t left = connection->in_size - at;
    return left >= LENGTH_SIZE && left - LENGTH_SIZE >= get_u16(connection->in + at);
}

/* Answers whole messages, as far as the turn goes; the octets that they took. */
static size_t answer_messages(struct connection *connection)
{
    size_t at = 0;
    uint64_t started_ns = uv_hrtime();
    worker__read_clock(connection->worker);
    for (unsigned i = 0; i < TURN_QUERIES && connection->out_size < TURN_OCTETS; i++) {
        if (!message_is_whole(connection, at) || (i > 0 && uv_hrtime() - started_ns > TURN_NS))
            break;
        size_t size = get_u16(connection->in + at);
        struct span message = { connection->in + at + LENGTH_SIZE, size };
        answer_message(connection, message);
        at += LENGTH_SIZE + size;
    }
    return at;
}

/* One turn: answers, sends, and settles how the connection goes on. */
static void serve(struct connection *connection)
{
    if (connection->is_writing)
        return; /* until the client has taken what it asked for */
    size_t taken = answer_messages(connection);
    if (taken > 0) {
        memmove(connection->in, connection->in + taken, connection->in_size - taken);
        connection->in_size -= taken;
        mark_active(connection);
    }
    flush(connection);
    if (!connection->is_open || connection->is_writing)
        return;
    /* A client may close its half and still wait for replies (RFC 7766 §6.2.4). */
    bool is_over = connection->is_ended || connection->worker->is_draining;
    if (message_is_whole(connection, 0))
        pause_connection(connection);
    else if (is_over)
        close_connection(connection);
}

static void give_room(uv_handle_t *handle, size_t suggested, uv_buf_t *out_buffer)
{
    struct connection *connection = handle->data;
    (void)suggested;
    *out_buffer = uv_buf_init((char *)connection->in + connection->in_size,
                              (unsigned)(IN_ROOM - connection->in_size));
}

static void on_readable(uv_stream_t *stream, ssize_t size, const uv_buf_t *buffer)
{
    struct connection *connection = stream->data;
    (void)buffer;
    if (size == UV_EOF) {
        connection->is_ended = true;
        uv_read_stop(stream);
        serve(connection);
    } else if (size < 0) {
        close_connection(connection);
    } else if (size > 0) {
        connection->in_size += (size_t)size;
        if (connection->in_size > connection->touched)
            connection->touched = connection->in_size;
        serve(connection);
    }
}

/* ---- clients ---- */

static void on_sweep(uv_timer_t *timer)
{
    struct worker *worker = timer->data;
    uint64_t now = uv_now(&worker->loop);
    uint64_t idle_ms = 1000ull * atomic_load(&worker->server->tcp_idle_timeout_s);
    uint64_t total_ms = 1000ull * atomic_load(&worker->server->tcp_total_timeout_s);
    if (worker->is_draining)
        idle_ms = total_ms = 0;
    struct connection *next;
    for (struct connection *at = worker->idlest; at != NULL; at = next) {
        next = at->next;
        if (now - at->active_ms >= idle_ms || now - at->accepted_ms >= total_ms) {
            counter_add(&worker->figures.tcp_closed_idle, 1);
            close_connection(at);
        }
    }
}

static void open_connection(struct connection *connection, struct tcp_listener *listener)
{
    struct worker *worker = listener->worker;
    connection->transport = listener->transport;
    connection->is_open = true;
    connection->is_writing = false;
    connection->is_ended = false;
    connection->is_paused = false;
    connection->in_size = 0;
    connection->out_size = 0;
    connection->accepted_ms = connection->active_ms = uv_now(&worker->loop);
    list_append(connection);
    counter_add(&worker->figures.tcp_accepted, 1);
    counter_add(&worker->figures.tcp_open, 1);
    if (worker->open_count++ == 0)
        uv_timer_start(&worker->tcp_timer, on_sweep, SWEEP_PERIOD_MS, SWEEP_PERIOD_MS);
}

/* Takes the next client into a free slot; the idlest makes room at the limit (RFC 7766 §6.2.2). */
static void accept_client(struct tcp_listener *listener)
{
    struct worker *worker = listener->worker;
    if (worker->open_count == worker->connection_count) {
        counter_add(&worker->figures.tcp_closed_crowded, 1);
        close_connection(worker->idlest);
    }
    struct connection *connection = worker->free_connections;
    listener->waiting = connection == NULL;
    if (connection == NULL)
        return; /* until a slot has closed; libuv keeps the client and stops listening meanwhile */
    worker->free_connections = connection->next;
    uv_tcp_init(&worker->loop, &connection->handle);
    connection->handle.data = connection;
    open_connection(connection, listener);
    int peer_size = sizeof connection->peer;
    if (uv_accept((uv_stream_t *)&listener->handle, (uv_stream_t *)&connection->handle) != 0 ||
        uv_tcp_getpeername(&connection->handle, (struct sockaddr *)&connection->peer, &peer_size) !=
            0 ||
        uv_read_start((uv_stream_t *)&connection->handle, give_room, on_readable) != 0)
        close_connection(connection);
}

static void accept_waiting(struct worker *worker)
{
    for (unsigned i = 0; i < worker->server->settings.listen_count; i++) {
        struct tcp_listener *listener = &worker->tcp[i];
        if (listener->waiting && !worker->is_draining && worker->free_connections != NULL)
            accept_client(listener);
    }
}

static void on_client(uv_stream_t *stream, int status)
{
    if (status == 0)
        accept_client(stream->data);
}

int tcp__start(struct tcp_listener *listener)
{
    return uv_listen((uv_stream_t *)&listener->handle, LISTEN_BACKLOG, on_client);
}

void tcp__stop(struct worker *worker)
{
    for (unsigned i = 0; i < worker->server->settings.listen_count; i++)
        uv_close((uv_handle_t *)&worker->tcp[i].handle, NULL);
    if (worker->open_count == 0) {
        close_pool_handles(worker);
        return;
    }
    struct connection *next;
    for (struct connection *at = worker->idlest; at != NULL; at = next) {
        next = at->next;
        if (!at->is_writing && !at->is_paused)
            close_connection(at);
    }
    if (worker->open_count > 0)
        uv_timer_start(&worker->tcp_timer, on_sweep, DRAIN_LIMIT_MS, DRAIN_LIMIT_MS);
}
