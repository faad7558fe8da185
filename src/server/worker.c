/*
 * server/worker.c - a worker's thread: its loop, its letters, its end.
 */
#include "worker.h"

#include "signpost/base/address.h"
#include "signpost/base/clock.h"

#include <string.h>

static unsigned qtype_row(uint16_t qtype)
{
    if (qtype == DNS_TYPE_ANY)
        return QTYPE_ANY;
    unsigned row = dns_type_index(qtype);
    return row < DNS_TYPE_COUNT ? row : QTYPE_OTHER;
}

static void count_answer(struct figures_page *figures, enum transport transport,
                         const struct answer_note *note)
{
    counter_add(&figures->queries[transport], 1);
    counter_add(&figures->qtypes[qtype_row(note->qtype)], 1);
    counter_add(&figures->rcodes[note->rcode < RCODE_COUNT ? note->rcode : 0], 1);
    if (note->truncated)
        counter_add(&figures->truncated, 1);
}

void worker__read_clock(struct worker *worker)
{
    worker->now_ms = clock_unix_ms();
}

size_t worker__answer(struct worker *worker, enum transport transport,
                      const struct sockaddr_storage *source, struct span packet, uint8_t *reply)
{
    struct view view = {
        .snapshot = worker->snapshot,
        .health = worker->server->settings.health,
        .source = source,
        .dice = &worker->dice,
        .over_tcp = transport == TRANSPORT_TCP4 || transport == TRANSPORT_TCP6,
        .signer = worker->signer,
        .now_ms = worker->now_ms,
    };
    struct answer_note note;
    size_t size = answer_query(&view, packet, reply, &note);
    if (size == 0)
        counter_add(&worker->figures.ignored, 1);
    else
        count_answer(&worker->figures, transport, &note);
    return size;
}

static void read_letter(struct worker *worker)
{
    const struct snapshot *fresh = mailbox_receive(worker->server->mailbox, worker->index);
    if (fresh == NULL)
        return; /* two wakes, one letter: already read */
    worker->snapshot = fresh;
    if (worker->server->seen != NULL)
        worker->server->seen(worker->server->seen_context);
}

static void close_handle(uv_handle_t *handle, void *unused)
{
    (void)unused;
    if (!uv_is_closing(handle))
        uv_close(handle, NULL);
}

/* What has arrived is answered, then everything is closed but the connections with a reply still on
 * its way; they close themselves, or the timer closes them. */
static void begin_drain(struct worker *worker)
{
    const unsigned count = worker->server->settings.listen_count;
    worker->is_draining = true;
    for (unsigned i = 0; i < count; i++) {
        udp__drain(&worker->udp[i]);
        close_handle((uv_handle_t *)&worker->udp[i].poll, NULL);
    }
    close_handle((uv_handle_t *)&worker->wake, NULL);
    tcp__stop(worker);
}

static void on_wake(uv_async_t *wake)
{
    struct worker *worker = wake->data;
    read_letter(worker);
    if (atomic_load(&worker->stopping) && !worker->is_draining)
        begin_drain(worker);
}

static int start_sockets(struct worker *worker)
{
    for (unsigned i = 0; i < worker->server->settings.listen_count; i++) {
        int rc = udp__start(&worker->udp[i]);
        if (rc == 0)
            rc = tcp__start(&worker->tcp[i]);
        if (rc != 0)
            return rc;
    }
    return 0;
}

int worker__init(struct worker *worker)
{
    int rc = uv_loop_init(&worker->loop);
    if (rc != 0)
        return rc;
    worker->wake.data = worker;
    rc = uv_async_init(&worker->loop, &worker->wake, on_wake);
    if (rc == 0)
        rc = uv_timer_init(&worker->loop, &worker->tcp_timer);
    if (rc == 0)
        rc = uv_idle_init(&worker->loop, &worker->tcp_turn);
    worker->tcp_timer.data = worker;
    worker->tcp_turn.data = worker;
    return rc;
}

int worker__add_sockets(struct worker *worker, unsigned index,
                        const struct sockaddr_storage *address, int udp_fd, int tcp_fd)
{
    struct udp_socket *udp = &worker->udp[index];
    struct tcp_listener *listener = &worker->tcp[index];
    bool v4 = address->ss_family == AF_INET;
    udp->worker = worker;
    udp->fd = udp_fd;
    udp->transport = v4 ? TRANSPORT_UDP4 : TRANSPORT_UDP6;
    udp->is_wildcard = address_is_wildcard(address);
    listener->worker = worker;
    listener->transport = v4 ? TRANSPORT_TCP4 : TRANSPORT_TCP6;
    listener->handle.data = listener;
    int rc = uv_poll_init(&worker->loop, &udp->poll, udp_fd);
    if (rc == 0)
        rc = uv_tcp_init(&worker->loop, &listener->handle);
    if (rc == 0)
        rc = uv_tcp_open(&listener->handle, tcp_fd);
    return rc;
}

int worker__start_sockets(struct worker *worker)
{
    worker->snapshot = mailbox_receive(worker->server->mailbox, worker->index);
    return worker->snapshot == NULL ? UV_EINVAL : start_sockets(worker);
}

static void run(void *context)
{
    struct worker *worker = context;
    uv_run(&worker->loop, UV_RUN_DEFAULT);
}

int worker__run(struct worker *worker)
{
    return uv_thread_create(&worker->thread, run, worker);
}

void worker__stop(struct worker *worker)
{
    atomic_store(&worker->stopping, true);
    uv_async_send(&worker->wake);
    uv_thread_join(&worker->thread);
}

void worker__finish(struct worker *worker)
{
    uv_walk(&worker->loop, close_handle, NULL);
    uv_run(&worker->loop, UV_RUN_DEFAULT);
    uv_loop_close(&worker->loop);
}
