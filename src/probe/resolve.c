/*
 * c-ares on a loop: it says which of its sockets it wants to hear of, and needs to be called now
 * and then while questions are open, to ask again.
 */
#include "resolve.h"

#include "signpost/base/limits.h"

#include <ares.h>
#include <netdb.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define TICK_MS      250  /* how exact the times for asking again are */
#define ASK_AGAIN_MS 1000 /* then twice that, and so on */
#define TRIES        3

struct watched_socket {
    uv_poll_t poll;
    struct resolver *resolver;
    struct watched_socket *next;
    ares_socket_t fd;
};

struct resolver {
    uv_loop_t *loop;
    struct dice *dice;
    ares_channel channel;
    struct watched_socket *sockets;
    uv_timer_t tick;
    unsigned open_count;
};

struct resolver_query {
    struct resolver *resolver;
    struct resolver_query **place;
    resolver_answer answer; /* NULL: forgotten */
    void *context;
};

/* ---- sockets ---- */

static void on_socket(uv_poll_t *poll, int status, int events)
{
    struct watched_socket *socket = poll->data;
    bool failed = status != 0; /* reading and writing tell c-ares why */
    ares_process_fd(socket->resolver->channel,
                    failed || (events & UV_READABLE) != 0 ? socket->fd : ARES_SOCKET_BAD,
                    failed || (events & UV_WRITABLE) != 0 ? socket->fd : ARES_SOCKET_BAD);
}

static void on_socket_closed(uv_handle_t *handle)
{
    free(handle->data);
}

static void forget_socket(struct resolver *resolver, ares_socket_t fd)
{
    struct watched_socket **link = &resolver->sockets;
    while (*link != NULL && (*link)->fd != fd)
        link = &(*link)->next;
    struct watched_socket *socket = *link;
    if (socket == NULL)
        return;
    *link = socket->next;
    uv_close((uv_handle_t *)&socket->poll, on_socket_closed);
}

static struct watched_socket *find_socket(struct resolver *resolver, ares_socket_t fd)
{
    struct watched_socket *socket = resolver->sockets;
    while (socket != NULL && socket->fd != fd)
        socket = socket->next;
    if (socket != NULL)
        return socket;
    socket = calloc(1, sizeof *socket);
    if (socket == NULL || uv_poll_init(resolver->loop, &socket->poll, fd) != 0) {
        free(socket); /* nobody will hear of answers; the questions run out of time */
        return NULL;
    }
    socket->poll.data = socket;
    socket->resolver = resolver;
    socket->fd = fd;
    socket->next = resolver->sockets;
    resolver->sockets = socket;
    return socket;
}

static void on_socket_state(void *context, ares_socket_t fd, int readable, int writable)
{
    struct resolver *resolver = context;
    int events = (readable != 0 ? UV_READABLE : 0) | (writable != 0 ? UV_WRITABLE : 0);
    if (events == 0) {
        forget_socket(resolver, fd);
        return;
    }
    struct watched_socket *socket = find_socket(resolver, fd);
    if (socket != NULL)
        uv_poll_start(&socket->poll, events, on_socket);
}

/* ---- questions ---- */

static void on_tick(uv_timer_t *tick)
{
    struct resolver *resolver = tick->data;
    ares_process_fd(resolver->channel, ARES_SOCKET_BAD, ARES_SOCKET_BAD);
}

static const char *words_of(int status)
{
    switch (status) {
    case ARES_ENOTFOUND:
        return "there is no such name";
    case ARES_ENODATA:
        return "the name has no A record";
    case ARES_ESERVFAIL:
        return "the name server failed";
    case ARES_EREFUSED:
        return "the name server refused";
    case ARES_ECONNREFUSED:
    case ARES_ETIMEOUT:
        return "no name server answers";
    default:
        return ares_strerror(status);
    }
}

/* c-ares tells a name server that cannot be reached and one that could not be asked alike. */
static bool has_no_socket(void)
{
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd >= 0)
        close(fd);
    return fd < 0;
}

static bool draw_address(struct resolver *resolver, const struct hostent *host,
                         struct ip_prefix *out_address)
{
    uint32_t count = 0;
    while (host->h_addr_list[count] != NULL)
        count++;
    if (host->h_addrtype != AF_INET || count == 0)
        return false;
    *out_address = (struct ip_prefix){ .family = IP_V4, .length = 32 };
    memcpy(out_address->octets, host->h_addr_list[dice_below(resolver->dice, count)], 4);
    return true;
}

static void on_answer(void *context, int status, int timeouts, struct hostent *host)
{
    struct resolver_query query = *(struct resolver_query *)context;
    struct ip_prefix address;
    (void)timeouts;
    free(context);
    if (--query.resolver->open_count == 0)
        uv_timer_stop(&query.resolver->tick);
    if (query.answer == NULL)
        return;
    *query.place = NULL;
    if (status == ARES_SUCCESS && draw_address(query.resolver, host, &address))
        query.answer(query.context, &address, NULL);
    else if (status == ARES_ECONNREFUSED && has_no_socket())
        query.answer(query.context, NULL, NULL);
    else
        query.answer(query.context, NULL, words_of(status != 0 ? status : ARES_ENODATA));
}

int resolver__ask(struct resolver *resolver, const char *name, resolver_answer answer,
                  void *context, struct resolver_query **out_query)
{
    struct resolver_query *query = malloc(sizeof *query);
    if (query == NULL)
        return SP_ENOMEM;
    *query = (struct resolver_query){ resolver, out_query, answer, context };
    *out_query = query;
    if (resolver->open_count++ == 0)
        uv_timer_start(&resolver->tick, on_tick, TICK_MS, TICK_MS);
    ares_gethostbyname(resolver->channel, name, AF_INET, on_answer, query);
    return 0;
}

void resolver__forget(struct resolver_query *query)
{
    if (query == NULL)
        return;
    *query->place = NULL;
    query->answer = NULL;
}

/* ---- life ---- */

static int set_server(ares_channel channel, const char *server, struct problem *out_problem)
{
    char host[PREFIX_TEXT_SIZE], text[PREFIX_TEXT_SIZE + 16];
    struct ip_prefix address;
    const char *at = strchr(server, '@');
    size_t size = at != NULL ? (size_t)(at - server) : strlen(server);
    char *end = NULL;
    unsigned long port = at != NULL ? strtoul(at + 1, &end, 10) : 53;
    snprintf(host, sizeof host, "%.*s", (int)size, server);
    if (size >= sizeof host || prefix_from_text(&address, host) != NULL ||
        address.length != prefix_bits(address.family) || port == 0 || port > 65535 ||
        (end != NULL && (*end != '\0' || at[1] < '0' || at[1] > '9')))
        return problem_set(out_problem, SP_EINVAL,
                           "\"%.80s\" is no name server: give ADDRESS or ADDRESS@PORT", server);
    snprintf(text, sizeof text, address.family == IP_V6 ? "[%s]:%lu" : "%s:%lu", host, port);
    if (ares_set_servers_ports_csv(channel, text) != ARES_SUCCESS)
        return problem_set(out_problem, SP_EIO, "cannot use the name server %s", server);
    return 0;
}

static int open_channel(struct resolver *resolver, const char *server, struct problem *out_problem)
{
    struct ares_options options = {
        .flags = ARES_FLAG_NOSEARCH | ARES_FLAG_NOALIASES,
        .timeout = ASK_AGAIN_MS,
        .tries = TRIES,
        .sock_state_cb = on_socket_state,
        .sock_state_cb_data = resolver,
    };
    int status = ares_init_options(&resolver->channel, &options,
                                   ARES_OPT_FLAGS | ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES |
                                       ARES_OPT_SOCK_STATE_CB);
    if (status != ARES_SUCCESS) {
        resolver->channel = NULL;
        return problem_set(out_problem, status == ARES_ENOMEM ? SP_ENOMEM : SP_EIO,
                           "cannot resolve names: %s", ares_strerror(status));
    }
    return server[0] == '\0' ? 0 : set_server(resolver->channel, server, out_problem);
}

int resolver__create(uv_loop_t *loop, const char *server, struct dice *dice,
                     struct resolver **out_resolver, struct problem *out_problem)
{
    struct resolver *resolver = calloc(1, sizeof *resolver);
    if (resolver == NULL)
        return problem_set(out_problem, SP_ENOMEM, "no memory for a resolver");
    resolver->loop = loop;
    resolver->dice = dice;
    uv_timer_init(loop, &resolver->tick); /* cannot fail */
    resolver->tick.data = resolver;
    int rc = open_channel(resolver, server, out_problem);
    if (rc == 0)
        *out_resolver = resolver;
    else
        resolver__destroy(resolver);
    return rc;
}

static void on_tick_closed(uv_handle_t *handle)
{
    free(handle->data);
}

void resolver__destroy(struct resolver *resolver)
{
    if (resolver == NULL)
        return;
    if (resolver->channel != NULL)
        ares_destroy(resolver->channel);
    uv_close((uv_handle_t *)&resolver->tick, on_tick_closed);
}
