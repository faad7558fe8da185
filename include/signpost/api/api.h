/*
 * api/api.h - what is served over HTTP: the Route 53 API, Signpost's own interface (JSON under
 * /signpost/v1/), and figures at /metrics.
 *
 * A change is answered only when every worker has it (INSYNC): until then its exchange waits, while
 * other requests go on.  Everything on the control thread.
 */
#ifndef SIGNPOST_API_API_H
#define SIGNPOST_API_API_H

#include "signpost/control/control.h"
#include "signpost/http/exchange.h"
#include "signpost/probe/prober.h"

#include <stdint.h>

/* A figure and what it is called in JSON; a list of them ends with a NULL name. */
struct api_counter {
    const char *name;
    uint64_t value;
};

#define API_COUNTERS_MAX 32 /* with the ending NULL */

/* Where HTTP is served over TCP. */
struct api_endpoint {
    const char *url; /* "https://127.0.0.1:443"; one that this machine can use */
    bool signatures; /* required there */
};

/* What only the daemon knows of itself. */
struct api_status {
    unsigned workers;
    uint64_t uptime_s;
    struct api_counter transports[API_COUNTERS_MAX];
    struct api_counter types[API_COUNTERS_MAX];
    struct api_counter rcodes[API_COUNTERS_MAX]; /* only those that are not zero */
    uint64_t truncated, ignored, send_failed;
    uint64_t tcp_open, tcp_accepted, tcp_closed_idle, tcp_closed_crowded;
    uint64_t signatures_made, signatures_made_other; /* of sets that zones hold, of others */
    uint64_t signatures_remembered, signatures_refused;
    const char *listen[LISTEN_ADDRESSES_MAX + 1]; /* where DNS is answered: "127.0.0.1@53", NULL */
    struct api_endpoint endpoints[API_LISTENERS_MAX + 1]; /* the last has no URL */
    struct prober_figures probes;
};

struct api;

/* Where signatures are required: beyond loopback (`require-signature` is not set), everywhere but
 * on the control socket, nowhere. */
enum door_rule { DOOR_BEYOND_LOOPBACK, DOOR_EVERYWHERE, DOOR_NOWHERE };

/* The texts must outlive the api. */
struct api_settings {
    struct control *control;
    enum door_rule signatures;
    unsigned skew_s;           /* how far a client's clock may be off (A-SIG-3) */
    const char *account_id;    /* 12 digits, in ARNs; NULL: "000000000000" */
    const char *location_base; /* of Location headers (A-HTTP-7); NULL: Route 53's own */
    void (*read_status)(void *context, struct api_status *out_status); /* given zeroed */
    void *context;
};

struct api *api_create(const struct api_settings *settings); /* NULL: no memory */

/* No exchange may be left.  NULL is fine. */
void api_destroy(struct api *api);

/* What http calls for every request; its context is the api. */
struct http_handler api_handler(struct api *api);

/* Call when workers may have taken a new snapshot, and before the loop sleeps while
 * control_has_unsynced: makes what is stored last (control_sync) and answers the changes that are
 * INSYNC now.  Requests of one turn of the loop share one wait for the disk. */
void api_on_seen(struct api *api);

#endif
