/*
 * server/server.h - the workers: one thread per CPU, each with its own loop, sockets and snapshot.
 *
 * Every worker binds every address itself (SO_REUSEPORT), so the kernel deals out the packets and
 * the workers share nothing but the mailbox.  All functions: the main thread.
 */
#ifndef SIGNPOST_SERVER_SERVER_H
#define SIGNPOST_SERVER_SERVER_H

#include "signpost/base/counters.h"
#include "signpost/base/limits.h"
#include "signpost/base/status.h"
#include "signpost/dns/types.h"
#include "signpost/health/table.h"
#include "signpost/sign/signer.h"
#include "signpost/zone/mailbox.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

struct server_settings {
    struct sockaddr_storage listen[LISTEN_ADDRESSES_MAX];
    unsigned listen_count;
    const struct health_table *health; /* must outlive the server */
    unsigned worker_count;             /* 1..WORKERS_MAX; the mailbox must have as many boxes */
    unsigned tcp_connections;          /* over all workers; each gets its share, at least one */
    unsigned tcp_idle_timeout_s;       /* since the last whole message, in or out */
    unsigned tcp_total_timeout_s;      /* since the connection was accepted */
    struct signer_settings signer;     /* of each worker; remembered 0: nothing is signed */
    bool seeded;                       /* whether seed fixes the dice; worker n rolls seed + n */
    uint64_t seed;
};

enum transport { TRANSPORT_UDP4, TRANSPORT_UDP6, TRANSPORT_TCP4, TRANSPORT_TCP6, TRANSPORT_COUNT };

#define RCODE_COUNT 24 /* 0..23; what is above is never sent */
#define QTYPE_ANY   DNS_TYPE_COUNT
#define QTYPE_OTHER (DNS_TYPE_COUNT + 1)
#define QTYPE_COUNT (DNS_TYPE_COUNT + 2)

/* Plain sums over all workers since the start. */
struct server_figures {
    uint64_t queries[TRANSPORT_COUNT]; /* that got a reply */
    uint64_t qtypes[QTYPE_COUNT];      /* by dns_type_index, then ANY, then all others */
    uint64_t rcodes[RCODE_COUNT];
    uint64_t truncated;   /* replies with TC */
    uint64_t ignored;     /* packets that deserved no reply */
    uint64_t send_failed; /* replies that the system did not take */
    uint64_t tcp_accepted;
    uint64_t tcp_closed_idle;    /* by a timeout */
    uint64_t tcp_closed_crowded; /* the idlest, at the connection limit */
    unsigned tcp_open;
    uint64_t signatures_made;       /* of foreseen sets; see sign/signer.h */
    uint64_t signatures_made_other; /* of unforeseen ones */
    uint64_t signatures_remembered; /* that did not have to be made */
    uint64_t signatures_refused;    /* beyond the budget */
};

struct server;

/* Binds every address for every worker, before privileges are dropped; starts nothing.
 * SP_EIO "cannot listen on ADDRESS: reason" with advice where there is some. */
int server_create(const struct server_settings *settings, struct mailbox *mailbox,
                  struct server **out_server, struct problem *out_problem);

/* Called on the main thread's behalf from a worker's thread, whenever a worker has taken a new
 * snapshot; must be quick and thread-safe (uv_async_send).  Set before server_start. */
void server_on_seen(struct server *server, void (*seen)(void *context), void *context);

/* Starts the threads; something must have been published before.  SP_EIO. */
int server_start(struct server *server, struct problem *out_problem);

/* Takes no more connections, answers what has arrived, joins the threads. */
void server_stop(struct server *server);
void server_destroy(struct server *server); /* stops first; NULL is fine */

void server_read_figures(const struct server *server, struct server_figures *out_figures);

/* Changes the timeouts of running workers (a reread configuration). */
void server_set_tcp_timeouts(struct server *server, unsigned idle_s, unsigned total_s);

/* The port really bound to listen address index (a port of 0 lets the system choose). */
uint16_t server_port(const struct server *server, unsigned index);

#endif
