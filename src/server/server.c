#include "worker.h"

#include "signpost/base/address.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int fail(struct problem *out_problem, int uv_error, const char *what)
{
    int status = uv_error == UV_ENOMEM ? SP_ENOMEM : SP_EIO;
    return problem_set(out_problem, status, "cannot %s: %s", what, uv_strerror(uv_error));
}

static void seed_dice(struct worker *worker)
{
    const struct server_settings *settings = &worker->server->settings;
    if (settings->seeded)
        dice_init_seeded(&worker->dice, settings->seed + worker->index);
    else
        dice_init(&worker->dice);
}

static int open_sockets(struct worker *worker, struct problem *out_problem)
{
    struct server_settings *settings = &worker->server->settings;
    for (unsigned i = 0; i < settings->listen_count; i++) {
        int udp, tcp;
        int rc = socket__open_pair(&settings->listen[i], &udp, &tcp, out_problem);
        if (rc != 0)
            return rc;
        rc = worker__add_sockets(worker, i, &settings->listen[i], udp, tcp);
        if (rc != 0)
            return fail(out_problem, rc, "watch a socket");
    }
    return 0;
}

static int create_worker(struct server *server, unsigned index, struct problem *out_problem)
{
    const struct server_settings *settings = &server->settings;
    struct worker *worker = &server->workers[index];
    unsigned connections = settings->tcp_connections / settings->worker_count;
    worker->server = server;
    worker->index = index;
    atomic_init(&worker->stopping, false);
    seed_dice(worker);
    if (settings->signer.remembered > 0)
        worker->signer = signer_create(&settings->signer, &worker->figures.signatures);
    worker->batch = udp__batch_create();
    bool lacks_signer = settings->signer.remembered > 0 && worker->signer == NULL;
    int rc = worker->batch == NULL || lacks_signer ? UV_ENOMEM : worker__init(worker);
    if (rc == 0)
        rc = tcp__pool_create(worker, connections > 0 ? connections : 1);
    if (rc != 0)
        return fail(out_problem, rc, "set up a worker");
    return open_sockets(worker, out_problem);
}

static void wake_worker(void *context, unsigned worker)
{
    struct server *server = context;
    uv_async_send(&server->workers[worker].wake);
}

int server_create(const struct server_settings *settings, struct mailbox *mailbox,
                  struct server **out_server, struct problem *out_problem)
{
    struct server *server = calloc(1, sizeof *server);
    if (server == NULL)
        return fail(out_problem, UV_ENOMEM, "set up the server");
    server->settings = *settings;
    server->mailbox = mailbox;
    server_set_tcp_timeouts(server, settings->tcp_idle_timeout_s, settings->tcp_total_timeout_s);
    size_t workers_size = settings->worker_count * sizeof *server->workers;
    server->workers = aligned_alloc(_Alignof(struct worker), workers_size);
    int rc = server->workers == NULL ? fail(out_problem, UV_ENOMEM, "set up the server") : 0;
    if (rc == 0)
        memset(server->workers, 0, workers_size);
    for (unsigned i = 0; rc == 0 && i < settings->listen_count; i++)
        rc = socket__probe(&settings->listen[i], out_problem);
    for (unsigned i = 0; rc == 0 && i < settings->worker_count; i++)
        rc = create_worker(server, i, out_problem);
    if (rc != 0) {
        server_destroy(server);
        return rc;
    }
    mailbox_set_wake(mailbox, wake_worker, server);
    *out_server = server;
    return 0;
}

void server_on_seen(struct server *server, void (*seen)(void *context), void *context)
{
    server->seen = seen;
    server->seen_context = context;
}

int server_start(struct server *server, struct problem *out_problem)
{
    unsigned count = server->settings.worker_count;
    int rc = 0;
    for (unsigned i = 0; rc == 0 && i < count; i++)
        rc = worker__start_sockets(&server->workers[i]);
    if (rc != 0)
        return fail(out_problem, rc, "start listening");
    for (unsigned started = 0; started < count; started++) {
        rc = worker__run(&server->workers[started]);
        if (rc != 0) {
            for (unsigned i = 0; i < started; i++)
                worker__stop(&server->workers[i]);
            return fail(out_problem, rc, "start a worker's thread");
        }
    }
    server->is_started = true;
    return 0;
}

void server_stop(struct server *server)
{
    if (!server->is_started)
        return;
    for (unsigned i = 0; i < server->settings.worker_count; i++)
        worker__stop(&server->workers[i]);
    server->is_started = false;
}

static void destroy_worker(struct worker *worker)
{
    if (worker->server == NULL)
        return; /* creation did not get that far */
    worker__finish(worker);
    for (unsigned i = 0; i < worker->server->settings.listen_count; i++)
        if (worker->udp[i].worker != NULL)
            close(worker->udp[i].fd); /* a uv_poll_t does not own its descriptor */
    tcp__pool_destroy(worker);
    udp__batch_destroy(worker->batch);
    signer_destroy(worker->signer);
}

void server_destroy(struct server *server)
{
    if (server == NULL)
        return;
    server_stop(server);
    mailbox_set_wake(server->mailbox, NULL, NULL);
    for (unsigned i = 0; server->workers != NULL && i < server->settings.worker_count; i++)
        destroy_worker(&server->workers[i]);
    free(server->workers);
    free(server);
}

static void add_page(struct server_figures *sum, const struct figures_page *page)
{
    for (unsigned i = 0; i < TRANSPORT_COUNT; i++)
        sum->queries[i] += counter_read(&page->queries[i]);
    for (unsigned i = 0; i < QTYPE_COUNT; i++)
        sum->qtypes[i] += counter_read(&page->qtypes[i]);
    for (unsigned i = 0; i < RCODE_COUNT; i++)
        sum->rcodes[i] += counter_read(&page->rcodes[i]);
    sum->truncated += counter_read(&page->truncated);
    sum->ignored += counter_read(&page->ignored);
    sum->send_failed += counter_read(&page->send_failed);
    sum->tcp_accepted += counter_read(&page->tcp_accepted);
    sum->tcp_closed_idle += counter_read(&page->tcp_closed_idle);
    sum->tcp_closed_crowded += counter_read(&page->tcp_closed_crowded);
    sum->signatures_made += counter_read(&page->signatures.made);
    sum->signatures_made_other += counter_read(&page->signatures.made_other);
    sum->signatures_remembered += counter_read(&page->signatures.remembered);
    sum->signatures_refused += counter_read(&page->signatures.refused);
    sum->tcp_open += (unsigned)counter_read(&page->tcp_open);
}

void server_read_figures(const struct server *server, struct server_figures *out_figures)
{
    memset(out_figures, 0, sizeof *out_figures);
    for (unsigned i = 0; i < server->settings.worker_count; i++)
        add_page(out_figures, &server->workers[i].figures);
}

void server_set_tcp_timeouts(struct server *server, unsigned idle_s, unsigned total_s)
{
    atomic_store(&server->tcp_idle_timeout_s, idle_s);
    atomic_store(&server->tcp_total_timeout_s, total_s);
}

uint16_t server_port(const struct server *server, unsigned index)
{
    return address_port(&server->settings.listen[index]);
}
