/*
 * http/exchange.h - one request and its response, whatever carried them.
 *
 * Who answers requests sees only what stands here, so a test or a fuzzer can be the client without
 * a socket.  An exchange goes: begin (the head is there), body (any number of pieces), end (nothing
 * more will come), gone.  A response may be set in any of the first three; once it is set, further
 * pieces of the body are not shown any more and end is not called.  All on one thread, the one of
 * the loop.
 */
#ifndef SIGNPOST_HTTP_EXCHANGE_H
#define SIGNPOST_HTTP_EXCHANGE_H

#include "signpost/base/arena.h"
#include "signpost/base/span.h"
#include "signpost/http/buffer.h"

#include <stdbool.h>

struct http_header {
    const char *name;
    const char *value;
};

struct http_request {
    const char *method;
    const char *target; /* path and query exactly as they came, escapes and all */
    const struct http_header *headers;
    unsigned header_count;
    const char *source; /* the client's address, "192.0.2.1"; "socket" for the control socket */
    bool is_local;      /* came over the control socket: who may open that may do everything */
    bool is_tls;        /* came over TLS */
    bool is_loopback;   /* came over that, or over a listener that only this machine can reach */
};

#define HTTP_RESPONSE_HEADERS_MAX 4

struct http_response {
    unsigned status;          /* 0 while there is no response */
    const char *content_type; /* a constant, or in the arena; NULL: no body, no type */
    /* Further ones (Allow, Location ...): constants, or in the arena. */
    struct http_header headers[HTTP_RESPONSE_HEADERS_MAX];
    unsigned header_count;
    struct http_buffer body;
};

struct http_exchange {
    struct arena *arena; /* lives as long as the exchange */
    struct http_request request;
    struct http_response response;
    bool waiting; /* set by end: the response comes later, followed by resume */
    void *user;   /* the handler's own */

    /* The carrier's: sends the response that a waiting exchange has now got. */
    void (*resume)(struct http_exchange *exchange);
};

struct http_handler {
    void (*begin)(void *context, struct http_exchange *exchange);
    void (*body)(void *context, struct http_exchange *exchange, struct span piece);
    void (*end)(void *context, struct http_exchange *exchange);
    /* Frees what hangs on user.  Called once for every begin, at any time after it: the client may
     * have hung up in the middle, or while the exchange was waiting. */
    void (*gone)(void *context, struct http_exchange *exchange);
    void *context;
};

/* Adds a header to the response; there is room for HTTP_RESPONSE_HEADERS_MAX. */
void http_response_header(struct http_response *response, const char *name, const char *value);

/* The value of a header field, its name in any letter case; NULL: not there. */
const char *http_request_header(const struct http_request *request, const char *name);

/* Why a request that came over TCP must not be served, or NULL: it may.  A browser on this machine
 * would send us what a foreign page tells it to; then Host is not a loopback name (a name rebound
 * to 127.0.0.1) nor the Route 53 endpoint's, which a line in /etc/hosts leads to us, or Origin is
 * not ourselves.  Over TLS any Host will do: for a name that was rebound we have no certificate. */
const char *http_request_is_foreign(const struct http_request *request);

#endif
