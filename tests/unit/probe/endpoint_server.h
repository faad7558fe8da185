/*
 * endpoint_server.h - something to look at: a server on loopback with a thread of its own, which
 * does one thing with every connection.
 */
#ifndef SIGNPOST_TESTS_ENDPOINT_SERVER_H
#define SIGNPOST_TESTS_ENDPOINT_SERVER_H

#include "tests.h"

#include <netinet/in.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <pthread.h>
#include <stdatomic.h>
#include <unistd.h>

#define AND_ON "\1"

enum manner {
    ANSWER,      /* read a request, send the reply, close */
    SEND,        /* the reply, without waiting for a request */
    SEND_ON,     /* the reply, and then `again`, or the reply, over and over */
    HANG_UP,     /* close at once */
    RESET,       /* the same, rudely */
    STAY_SILENT, /* and keep the connection */
};

struct server {
    enum manner manner;
    const char *reply;
    SSL_CTX *tls; /* NULL: plain */
    uint16_t port;
    int fd;
    pthread_t thread;
    pthread_mutex_t lock; /* for what follows */
    unsigned accepted;
    char request[2048]; /* the last one */
    char names[256];    /* of all ClientHellos, "-" for none */
};

/* ---- its certificate: self-signed, for that name ---- */

static SSL_CTX *create_tls(const char *name)
{
    char entry[300];
    EVP_PKEY *key = EVP_RSA_gen(2048);
    X509 *certificate = X509_new();
    SSL_CTX *tls = SSL_CTX_new(TLS_server_method());
    snprintf(entry, sizeof entry, "DNS:%s", name);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
    X509_gmtime_adj(X509_getm_notBefore(certificate), -7200);
    X509_gmtime_adj(X509_getm_notAfter(certificate), -3600); /* it has expired, too */
    X509_set_pubkey(certificate, key);
    X509_set_version(certificate, 2);
    X509_EXTENSION *names = X509V3_EXT_conf_nid(NULL, NULL, NID_subject_alt_name, entry);
    X509_add_ext(certificate, names, -1);
    X509_EXTENSION_free(names);
    assert_true(X509_sign(certificate, key, EVP_sha256()) > 0);
    assert_int_equal(SSL_CTX_use_certificate(tls, certificate), 1);
    assert_int_equal(SSL_CTX_use_PrivateKey(tls, key), 1);
    X509_free(certificate);
    EVP_PKEY_free(key);
    return tls;
}

/* ---- one connection ---- */

static void note_request(struct server *server, const char *text, size_t size)
{
    pthread_mutex_lock(&server->lock);
    memcpy(server->request, text, size);
    server->request[size] = '\0';
    pthread_mutex_unlock(&server->lock);
}

static void read_request(struct server *server, int fd, SSL *ssl)
{
    char text[sizeof server->request];
    size_t size = 0;
    while (size < sizeof text - 1) {
        int got = ssl != NULL ? SSL_read(ssl, text + size, (int)(sizeof text - 1 - size))
                              : (int)read(fd, text + size, sizeof text - 1 - size);
        if (got <= 0)
            break;
        size += (size_t)got;
        text[size] = '\0';
        if (strstr(text, "\r\n\r\n") != NULL)
            break;
    }
    note_request(server, text, size);
}

static bool send_text(const char *text, size_t size, int fd, SSL *ssl)
{
    if (ssl != NULL)
        return SSL_write(ssl, text, (int)size) > 0;
    return send(fd, text, size, MSG_NOSIGNAL) > 0;
}

static void note_name(struct server *server, SSL *ssl)
{
    const char *name = SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name);
    pthread_mutex_lock(&server->lock);
    size_t size = strlen(server->names);
    snprintf(server->names + size, sizeof server->names - size, "%s ", name != NULL ? name : "-");
    pthread_mutex_unlock(&server->lock);
}

static void converse(struct server *server, int fd, SSL *ssl)
{
    if (server->manner == ANSWER)
        read_request(server, fd, ssl);
    const char *mark = strchr(server->reply, AND_ON[0]);
    const char *again = mark != NULL ? mark + 1 : server->reply;
    size_t size = mark != NULL ? (size_t)(mark - server->reply) : strlen(server->reply);
    bool sent = send_text(server->reply, size, fd, ssl);
    while (sent && server->manner == SEND_ON)
        sent = send_text(again, strlen(again), fd, ssl);
}

static void serve_tls(struct server *server, int fd)
{
    SSL *ssl = SSL_new(server->tls);
    SSL_set_fd(ssl, fd);
    bool done = SSL_accept(ssl) == 1;
    note_name(server, ssl);
    if (done) {
        converse(server, fd, ssl);
        SSL_shutdown(ssl);
    }
    SSL_free(ssl);
}

static void *serve(void *context)
{
    struct server *server = context;
    int fd;
    while ((fd = accept(server->fd, NULL, NULL)) >= 0) {
        pthread_mutex_lock(&server->lock);
        server->accepted++;
        pthread_mutex_unlock(&server->lock);
        if (server->manner == STAY_SILENT)
            continue; /* closed when the test ends */
        if (server->manner == RESET)
            setsockopt(fd, SOL_SOCKET, SO_LINGER, &(struct linger){ 1, 0 }, sizeof(struct linger));
        else if (server->manner == HANG_UP)
            ;
        else if (server->tls != NULL)
            serve_tls(server, fd);
        else
            converse(server, fd, NULL);
        close(fd);
    }
    return NULL;
}

/* ---- life ---- */

static int listen_on(int family, uint16_t *out_port)
{
    struct sockaddr_in6 v6 = { .sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT };
    struct sockaddr_in v4 = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    struct sockaddr *address = family == AF_INET6 ? (struct sockaddr *)&v6 : (struct sockaddr *)&v4;
    socklen_t size = family == AF_INET6 ? sizeof v6 : sizeof v4;
    int fd = socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(fd, address, size), 0);
    assert_int_equal(listen(fd, 100), 0);
    getsockname(fd, address, &size);
    *out_port = ntohs(family == AF_INET6 ? v6.sin6_port : v4.sin_port);
    return fd;
}

static void server_start(struct server *server, int family)
{
    pthread_mutex_init(&server->lock, NULL);
    server->fd = listen_on(family, &server->port);
    assert_int_equal(pthread_create(&server->thread, NULL, serve, server), 0);
}

static void server_stop(struct server *server)
{
    shutdown(server->fd, SHUT_RDWR); /* accept returns */
    pthread_join(server->thread, NULL);
    close(server->fd);
    pthread_mutex_destroy(&server->lock);
    SSL_CTX_free(server->tls);
}

#endif
