/*
 * libcurl speaks HTTP and TLS, and nothing else is left to it: the connection is ours, there before
 * libcurl hears of it and closed after; names are resolved, times are kept and headers are judged
 * elsewhere.  So the host and port of its URL lead nowhere; what counts is the scheme and, where a
 * name is to be sent in the ClientHello (R-HCE-17), the name.
 *
 * As soon as there is a verdict the callbacks fail, which is how a transfer ends early.
 *
 * Each connection has a handle of its own.  One that is used again is cheaper, but versions before
 * 8.1 remember the last header of a response beyond its end, and join to it the first line of the
 * next one if that begins with a blank: memory that is free by then, and hostile endpoints know.
 */
#include "internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BUFFER_SIZE 4096L /* octets that libcurl reads at a time, for each look under way */

/* Old servers have old ciphers and short keys (R-HCE-16). */
#define CIPHERS "DEFAULT:@SECLEVEL=0"

struct http_client {
    CURLM *multi;
    uv_timer_t timer; /* when libcurl wants to be called */
    struct curl_slist *route;
};

/* ---- libcurl's callbacks, for one transfer ---- */

static curl_socket_t give_socket(void *context, curlsocktype purpose, struct curl_sockaddr *address)
{
    struct attempt *attempt = context;
    (void)purpose;
    (void)address;
    return attempt->fd;
}

static int tell_connected(void *context, curl_socket_t fd, curlsocktype purpose)
{
    (void)context;
    (void)fd;
    (void)purpose;
    return CURL_SOCKOPT_ALREADY_CONNECTED;
}

static int keep_socket(void *context, curl_socket_t fd)
{
    (void)context;
    (void)fd;
    return 0;
}

/* Before the request: with a certificate for other names there will be another connection. */
static int before_request(void *context, char *remote, char *local, int remote_port, int local_port)
{
    struct attempt *attempt = context;
    (void)remote;
    (void)local;
    (void)remote_port;
    (void)local_port;
    return attempt->is_misnamed ? CURL_PREREQFUNC_ABORT : CURL_PREREQFUNC_OK;
}

/* Microseconds from when libcurl got the connection to the first octet of the response; 0: none has
 * come. */
static uint64_t first_octet_us(const struct attempt *attempt)
{
    curl_off_t since_us = 0;
    curl_easy_getinfo(attempt->easy, CURLINFO_STARTTRANSFER_TIME_T, &since_us);
    return (uint64_t)since_us;
}

bool http__has_answer(const struct attempt *attempt)
{
    return first_octet_us(attempt) > 0;
}

static void note_first_octet(struct attempt *attempt)
{
    if (attempt->judge.result.first_byte_ms < 0)
        judge__on_first_octet(&attempt->judge, attempt->talk_us + first_octet_us(attempt));
}

static size_t take_line(char *line, size_t one, size_t size, void *context)
{
    struct attempt *attempt = context;
    (void)one;
    note_first_octet(attempt);
    return judge__on_line(&attempt->judge, line, size, attempt__time(attempt)) ? size : 0;
}

static size_t take_body(char *data, size_t one, size_t size, void *context)
{
    struct attempt *attempt = context;
    struct span piece = { (const uint8_t *)data, size };
    (void)one;
    return judge__on_body(&attempt->judge, piece, attempt__time(attempt)) ? size : 0;
}

static CURLcode take_tls_context(CURL *easy, void *tls_context, void *context)
{
    (void)easy;
    return tls__watch(tls_context, context) == 0 ? CURLE_OK : CURLE_ABORTED_BY_CALLBACK;
}

/* ---- one transfer ---- */

/* The environment, proxies above all, must not matter; and no file of certificates is read. */
static CURLcode set_fixed_options(CURL *easy, struct http_client *client)
{
    const struct {
        CURLoption option;
        long value;
    } numbers[] = {
        { CURLOPT_NOSIGNAL, 1 },
        { CURLOPT_FOLLOWLOCATION, 0 },
        { CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1 },
        { CURLOPT_SSL_ENABLE_ALPN, 0 },
        { CURLOPT_FRESH_CONNECT, 1 },
        { CURLOPT_FORBID_REUSE, 1 },
        { CURLOPT_DNS_CACHE_TIMEOUT, 0 },
        { CURLOPT_HTTP_CONTENT_DECODING, 0 },
        { CURLOPT_SSL_VERIFYPEER, 0 },
        { CURLOPT_SSL_VERIFYHOST, 0 },
        { CURLOPT_SSL_SESSIONID_CACHE, 0 },
        { CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_0 },
        { CURLOPT_BUFFERSIZE, BUFFER_SIZE },
    };
    CURLcode code = CURLE_OK;
    for (unsigned i = 0; code == CURLE_OK && i < sizeof numbers / sizeof *numbers; i++)
        code = curl_easy_setopt(easy, numbers[i].option, numbers[i].value);
    const struct {
        CURLoption option;
        const char *value;
    } texts[] = {
        { CURLOPT_PROXY, "" },
        { CURLOPT_NOPROXY, "*" },
        { CURLOPT_CAINFO, NULL },
        { CURLOPT_CAPATH, NULL },
        { CURLOPT_SSL_CIPHER_LIST, CIPHERS },
    };
    for (unsigned i = 0; code == CURLE_OK && i < sizeof texts / sizeof *texts; i++)
        code = curl_easy_setopt(easy, texts[i].option, texts[i].value);
    return code == CURLE_OK ? curl_easy_setopt(easy, CURLOPT_CONNECT_TO, client->route) : code;
}

static CURLcode set_callbacks(CURL *easy, struct attempt *attempt)
{
    CURLcode code = curl_easy_setopt(easy, CURLOPT_SSL_CTX_FUNCTION, take_tls_context);
    if (code != CURLE_OK) /* the only one that may be missing */
        return code;
    curl_easy_setopt(easy, CURLOPT_SSL_CTX_DATA, attempt);
    curl_easy_setopt(easy, CURLOPT_PRIVATE, attempt);
    curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, attempt->curl_words);
    curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, give_socket);
    curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, attempt);
    curl_easy_setopt(easy, CURLOPT_SOCKOPTFUNCTION, tell_connected);
    curl_easy_setopt(easy, CURLOPT_CLOSESOCKETFUNCTION, keep_socket);
    curl_easy_setopt(easy, CURLOPT_PREREQFUNCTION, before_request);
    curl_easy_setopt(easy, CURLOPT_PREREQDATA, attempt);
    curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, take_line);
    curl_easy_setopt(easy, CURLOPT_HEADERDATA, attempt);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, take_body);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, attempt);
    return CURLE_OK;
}

static CURL *create_easy(struct http_client *client, struct attempt *attempt)
{
    CURL *easy = curl_easy_init();
    if (easy != NULL && set_fixed_options(easy, client) == CURLE_OK &&
        set_callbacks(easy, attempt) == CURLE_OK)
        return easy;
    curl_easy_cleanup(easy);
    return NULL;
}

static void forget_easy(struct attempt *attempt)
{
    curl_easy_cleanup(attempt->easy);
    attempt->easy = NULL;
}

/* An address as the host is what keeps libcurl from sending a name. */
static CURLcode set_request(struct attempt *attempt)
{
    const struct endpoint *endpoint = &attempt->watch->endpoint;
    char url[HEALTH_CHECK_TEXT_SIZE_MAX + 16];
    snprintf(url, sizeof url, "http%s://%s/", endpoint->is_tls ? "s" : "",
             attempt->offers_name ? endpoint->target.domain_name : "127.0.0.1");
    CURLcode code = curl_easy_setopt(attempt->easy, CURLOPT_URL, url);
    if (code == CURLE_OK)
        code =
            curl_easy_setopt(attempt->easy, CURLOPT_REQUEST_TARGET, endpoint->target.resource_path);
    if (code == CURLE_OK)
        code = curl_easy_setopt(attempt->easy, CURLOPT_HTTPHEADER, endpoint->headers);
    return code;
}

/* ---- all transfers ---- */

static void tell_ended(struct http_client *client)
{
    CURLMsg *message;
    int left;
    while ((message = curl_multi_info_read(client->multi, &left)) != NULL) {
        CURLcode code = message->data.result; /* the message goes with its transfer */
        struct attempt *attempt = NULL;
        curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, (char **)&attempt);
        attempt__on_talked(attempt, code);
    }
}

static void act(struct http_client *client, curl_socket_t fd, int events)
{
    int running;
    curl_multi_socket_action(client->multi, fd, events, &running);
    tell_ended(client);
}

int http__begin(struct http_client *client, struct attempt *attempt)
{
    attempt->easy = create_easy(client, attempt);
    attempt->curl_words[0] = '\0';
    attempt->tls_alert[0] = '\0';
    attempt->is_misnamed = false;
    attempt->talk_us = now_us();
    if (attempt->easy == NULL || set_request(attempt) != CURLE_OK ||
        curl_multi_add_handle(client->multi, attempt->easy) != CURLM_OK) {
        forget_easy(attempt);
        return SP_ENOMEM;
    }
    act(client, CURL_SOCKET_TIMEOUT, 0); /* it sends at once */
    return 0;
}

void http__continue(struct http_client *client, struct attempt *attempt, int events)
{
    int wanted = (events & UV_READABLE ? CURL_CSELECT_IN : 0) |
                 (events & UV_WRITABLE ? CURL_CSELECT_OUT : 0);
    act(client, attempt->fd,
        events != 0 ? wanted : CURL_CSELECT_IN | CURL_CSELECT_OUT | CURL_CSELECT_ERR);
}

void http__end(struct http_client *client, struct attempt *attempt)
{
    curl_multi_remove_handle(client->multi, attempt->easy);
    forget_easy(attempt);
}

static void on_timer(uv_timer_t *timer)
{
    act(timer->data, CURL_SOCKET_TIMEOUT, 0);
}

static int on_timeout_wanted(CURLM *multi, long timeout_ms, void *context)
{
    struct http_client *client = context;
    (void)multi;
    if (timeout_ms < 0)
        uv_timer_stop(&client->timer);
    else
        uv_timer_start(&client->timer, on_timer, (uint64_t)timeout_ms, 0);
    return 0;
}

static int on_socket_wanted(CURL *easy, curl_socket_t fd, int what, void *context,
                            void *socket_context)
{
    struct attempt *attempt = NULL;
    (void)fd;
    (void)context;
    (void)socket_context;
    curl_easy_getinfo(easy, CURLINFO_PRIVATE, (char **)&attempt);
    attempt__await(attempt, what == CURL_POLL_REMOVE
                                ? 0
                                : (what & CURL_POLL_IN ? UV_READABLE : 0) |
                                      (what & CURL_POLL_OUT ? UV_WRITABLE : 0));
    return 0;
}

int http__create(struct prober *prober, struct http_client **out_client,
                 struct problem *out_problem)
{
    struct http_client *client = calloc(1, sizeof *client);
    if (client == NULL)
        return problem_set(out_problem, SP_ENOMEM, "no memory for HTTP probes");
    uv_timer_init(&prober->loop, &client->timer); /* cannot fail */
    client->timer.data = client;
    client->multi = curl_multi_init();
    client->route = curl_slist_append(NULL, "::127.0.0.1:");
    if (client->multi == NULL || client->route == NULL || tls__set_up() != 0) {
        http__destroy(client);
        return problem_set(out_problem, SP_ENOMEM, "no memory for HTTP probes");
    }
    curl_multi_setopt(client->multi, CURLMOPT_SOCKETFUNCTION, on_socket_wanted);
    curl_multi_setopt(client->multi, CURLMOPT_TIMERFUNCTION, on_timeout_wanted);
    curl_multi_setopt(client->multi, CURLMOPT_TIMERDATA, client);
    *out_client = client;
    return 0;
}

static void on_timer_closed(uv_handle_t *handle)
{
    struct http_client *client = handle->data;
    curl_slist_free_all(client->route);
    free(client);
}

void http__destroy(struct http_client *client)
{
    if (client == NULL)
        return;
    curl_multi_cleanup(client->multi);
    uv_close((uv_handle_t *)&client->timer, on_timer_closed);
}
