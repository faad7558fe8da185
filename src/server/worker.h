/*
 * worker.h - one worker, as the files of server/ see it.
 *
 * Everything in a worker is its own thread's, but for the counters, which any thread may read, and
 * what is marked below.
 */
#ifndef SIGNPOST_SERVER_WORKER_H
#define SIGNPOST_SERVER_WORKER_H

#include "signpost/answer/answer.h"
#include "signpost/server/server.h"

#include <stdatomic.h>
#include <sys/socket.h>
#include <uv.h>

struct figures_page {
    counter queries[TRANSPORT_COUNT];
    counter qtypes[QTYPE_COUNT];
    counter rcodes[RCODE_COUNT];
    counter truncated;
    counter ignored;
    counter send_failed;
    counter tcp_accepted;
    counter tcp_closed_idle;
    counter tcp_closed_crowded;
    counter tcp_open;
    struct signer_figures signatures;
};

struct udp_socket {
    uv_poll_t poll;
    struct worker *worker;
    int fd;
    enum transport transport;
    bool is_wildcard; /* replies must name the address that the query came to */
};

struct tcp_listener {
    uv_tcp_t handle;
    struct worker *worker;
    enum transport transport;
    bool waiting; /* a connection is to be accepted as soon as a slot is free */
};

struct connection {
    uv_tcp_t handle;
    uv_write_t write;
    struct worker *worker;
    struct connection *prev, *next; /* by last activity, the idlest first; or the free list */
    enum transport transport;
    struct sockaddr_storage peer;
    bool is_open; /* in the list of open ones; false: closing or free */
    bool is_writing;
    bool is_ended;  /* the client has sent all it will send */
    bool is_paused; /* its turn was over before its queries were; in the line of those that wait */
    struct connection *next_paused;
    uint64_t accepted_ms;
    uint64_t active_ms; /* last whole message, in or out */
    uint8_t *in;
    uint8_t *out;
    size_t in_size;
    size_t out_size;
    size_t
        touched; /* how far the buffers were used: given back to the system when the client goes */
};

struct udp_batch;

struct worker {
    struct server *server;
    unsigned index;
    uv_loop_t loop;
    uv_thread_t thread;
    uv_async_t wake; /* any thread may send: a letter is there, or stopping is set */
    _Atomic bool stopping;
    bool is_draining;
    const struct snapshot *snapshot;
    struct dice dice;
    struct signer *signer; /* NULL: nothing is signed */
    uint64_t now_ms;       /* Unix milliseconds, as of the packets that are being answered */
    struct udp_batch *batch;
    struct udp_socket udp[LISTEN_ADDRESSES_MAX];
    struct tcp_listener tcp[LISTEN_ADDRESSES_MAX];
    uv_timer_t tcp_timer;
    uv_idle_t tcp_turn; /* runs while there are paused connections */
    struct connection *first_paused, *last_paused;
    struct connection *connections;
    unsigned connection_count;
    uint8_t *connection_memory;
    struct connection *free_connections;
    struct connection *idlest, *busiest; /* both ends of the list of open ones */
    unsigned open_count;
    _Alignas(64) struct figures_page figures; /* read by any thread */
};

struct server {
    struct server_settings settings;
    struct mailbox *mailbox;
    struct worker *workers;
    void (*seen)(void *context);
    void *seen_context;
    bool is_started;
    _Atomic unsigned tcp_idle_timeout_s;  /* any thread */
    _Atomic unsigned tcp_total_timeout_s; /* any thread */
};

/* udp.c */
struct udp_batch *udp__batch_create(void);
void udp__batch_destroy(struct udp_batch *batch);
int udp__start(struct udp_socket *udp);  /* 0 or a libuv error */
void udp__drain(struct udp_socket *udp); /* answers what the kernel still holds */

/* tcp.c */
int tcp__pool_create(struct worker *worker, unsigned connection_count);
void tcp__pool_destroy(struct worker *worker);
int tcp__start(struct tcp_listener *listener);
void tcp__stop(struct worker *worker); /* no more clients; those there get what is under way */

/* worker.c: set up on the main thread, run on its own, finished on the main thread again.
 * The int results are libuv errors. */
int worker__init(struct worker *worker);
int worker__add_sockets(struct worker *worker, unsigned index,
                        const struct sockaddr_storage *address, int udp_fd, int tcp_fd);
int worker__start_sockets(struct worker *worker);
int worker__run(struct worker *worker);
void worker__stop(struct worker *worker);       /* drains, then joins */
void worker__finish(struct worker *worker);     /* closes what is still open */
void worker__read_clock(struct worker *worker); /* before packets that have come are answered */
size_t worker__answer(struct worker *worker, enum transport transport,
                      const struct sockaddr_storage *source, struct span packet, uint8_t *reply);

/* socket.c: the descriptors of one address, both transports.  A port of 0 is filled in. */
int socket__open_pair(struct sockaddr_storage *address, int *out_udp, int *out_tcp,
                      struct problem *out_problem);
/* Whether the address is free: SO_REUSEPORT alone would let two daemons share it unnoticed. */
int socket__probe(const struct sockaddr_storage *address, struct problem *out_problem);

#endif
