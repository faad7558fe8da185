/*
 * http/listener.h - HTTP/1.1 on one listening socket, turned by a libuv loop.
 *
 * libmicrohttpd speaks the protocol; its epoll descriptor hangs on the loop, so everything happens
 * on the loop's thread.  Slow clients are cut off (HTTP_PATIENCE_S, HTTP_RATE_MIN), and each
 * listener has its own HTTP_CONNECTIONS_MAX: strangers on TCP cannot crowd out the control socket.
 */
#ifndef SIGNPOST_HTTP_LISTENER_H
#define SIGNPOST_HTTP_LISTENER_H

#include "signpost/base/status.h"
#include "signpost/http/exchange.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>
#include <uv.h>

/* Whether nobody answers on that Unix socket: 0 (also when there is no such file), SP_EBUSY when
 * another process does, SP_EINVAL when the path is no socket or too long. */
int http_socket_probe(const char *path, struct problem *out_problem);

/* Listens on a Unix socket of mode 0660; the file that a dead process left is replaced.
 * As above, and SP_EIO. */
int http_socket_unix(const char *path, int *out_socket, struct problem *out_problem);

/* Listens on an address.  SP_EIO. */
int http_socket_tcp(const struct sockaddr_storage *address, int *out_socket,
                    struct problem *out_problem);

/* The port a TCP socket is bound to. */
uint16_t http_socket_port(int socket);

struct http_listener;

enum http_listener_kind {
    HTTP_LISTENER_LOCAL, /* the control socket */
    HTTP_LISTENER_PLAIN,
    HTTP_LISTENER_TLS /* http_tls_load has been called */
};

/* Serves a listening socket, which it takes over also when it fails.  The handler is copied, its
 * context must outlive the listener.  SP_ENOMEM, SP_EIO. */
int http_listener_create(uv_loop_t *loop, int socket, enum http_listener_kind kind,
                         const struct http_handler *handler, struct http_listener **out_listener,
                         struct problem *out_problem);

/* Takes no more connections and hangs up those between two requests. */
void http_listener_quiesce(struct http_listener *listener);

/* Requests that have begun and whose response is not sent yet. */
unsigned http_listener_busy(const struct http_listener *listener);

/* Cuts off what is under way.  The loop must turn once more afterwards, since libuv lets go of its
 * handles only then.  NULL is fine. */
void http_listener_destroy(struct http_listener *listener);

#endif
