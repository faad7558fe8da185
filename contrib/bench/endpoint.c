/*
 * endpoint - as many endpoints for health checks as loopback has addresses, at little cost.
 *
 * It listens on one port of every address.  A connection that says nothing is a TCP check: it is
 * held until the other side closes.  One that sends a request gets an empty 200 and is closed.
 *
 *     endpoint PORT     serves until it is killed
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#define EVENTS  256
#define BACKLOG 4096

static const char response[] =
    "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";

static int fail(const char *what)
{
    perror(what);
    exit(1);
}

static int open_listener(const char *port_text)
{
    int yes = 1;
    struct sockaddr_in address = { .sin_family = AF_INET };
    address.sin_port = htons((unsigned short)atoi(port_text));
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes)) != 0 ||
        bind(fd, (struct sockaddr *)&address, sizeof(address)) != 0 || listen(fd, BACKLOG) != 0)
        fail("endpoint: listen");
    return fd;
}

static void allow_many_files(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
        limit.rlim_cur = limit.rlim_max;
        setrlimit(RLIMIT_NOFILE, &limit);
    }
}

static void watch(int epoll, int fd)
{
    struct epoll_event event = { .events = EPOLLIN, .data.fd = fd };
    if (epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event) != 0)
        fail("endpoint: epoll_ctl");
}

static void accept_all(int epoll, int listener)
{
    int fd;
    while ((fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0)
        watch(epoll, fd);
}

/* Whatever comes in one piece is a whole request: checkers send short ones. */
static void serve(int fd)
{
    char request[2048];
    ssize_t size = recv(fd, request, sizeof(request), 0);
    if (size > 0)
        (void)!send(fd, response, sizeof(response) - 1, MSG_NOSIGNAL);
    close(fd);
}

int main(int argc, char **argv)
{
    struct epoll_event events[EVENTS];
    if (argc != 2) {
        fprintf(stderr, "usage: endpoint PORT\n");
        return 2;
    }
    allow_many_files();
    int listener = open_listener(argv[1]);
    int epoll = epoll_create1(EPOLL_CLOEXEC);
    if (epoll < 0)
        fail("endpoint: epoll_create1");
    watch(epoll, listener);
    for (;;) {
        int count = epoll_wait(epoll, events, EVENTS, -1);
        if (count < 0 && errno != EINTR)
            fail("endpoint: epoll_wait");
        for (int i = 0; i < count; i++)
            if (events[i].data.fd == listener)
                accept_all(epoll, listener);
            else
                serve(events[i].data.fd);
    }
}
