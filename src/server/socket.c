#include "worker.h"

#include "signpost/base/address.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <unistd.h>

#define SOCKET_BUFFER_SIZE (4 << 20) /* asks for room for bursts; the system may grant less */
#define PORT_TRIES         32        /* for a port of 0 that is free for UDP and TCP alike */

static const char *advice(int error)
{
    switch (error) {
    case EADDRINUSE:
        return "; another server uses this address and port: stop it or change \"listen\"";
    case EACCES:
        return "; ports below 1024 need root or CAP_NET_BIND_SERVICE";
    case EADDRNOTAVAIL:
        return "; this machine has no such address";
    case EMFILE:
        return "; raise the limit of open files (ulimit -n)";
    default:
        return "";
    }
}

static int refuse(const struct sockaddr_storage *address, int error, struct problem *out_problem)
{
    char text[ADDRESS_TEXT_SIZE];
    return problem_set(out_problem, SP_EIO, "cannot listen on %s: %s%s",
                       address_to_text(text, address), strerror(error), advice(error));
}

static bool set_flag(int fd, int level, int option)
{
    return setsockopt(fd, level, option, &(int){ 1 }, sizeof(int)) == 0;
}

static int open_bound(const struct sockaddr_storage *address, int type, bool shared)
{
    int fd = socket(address->ss_family, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return -1;
    bool ready = !shared || set_flag(fd, SOL_SOCKET, SO_REUSEPORT);
    if (address->ss_family == AF_INET6) /* an IPv4 client of [::] would look like none of either */
        ready = ready && set_flag(fd, IPPROTO_IPV6, IPV6_V6ONLY);
    if (type == SOCK_STREAM) /* old connections in TIME_WAIT do not keep a restart waiting */
        ready = ready && set_flag(fd, SOL_SOCKET, SO_REUSEADDR);
    if (!ready || bind(fd, (const struct sockaddr *)address, address_size(address)) != 0) {
        int error = errno;
        close(fd);
        errno = error;
        return -1;
    }
    return fd;
}

/* None of these is worth a failure: without them the server is slower, or trusts path MTU messages
 * that anybody can forge (the reason for PMTUDISC_OMIT). */
static void tune_udp(int fd, const struct sockaddr_storage *address)
{
    setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &(int){ SOCKET_BUFFER_SIZE }, sizeof(int));
    setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &(int){ SOCKET_BUFFER_SIZE }, sizeof(int));
    if (address->ss_family == AF_INET)
        setsockopt(fd, IPPROTO_IP, IP_MTU_DISCOVER, &(int){ IP_PMTUDISC_OMIT }, sizeof(int));
    else
        setsockopt(fd, IPPROTO_IPV6, IPV6_MTU_DISCOVER, &(int){ IPV6_PMTUDISC_OMIT }, sizeof(int));
}

static int open_udp(struct sockaddr_storage *address)
{
    int fd = open_bound(address, SOCK_DGRAM, true);
    if (fd < 0)
        return -1;
    tune_udp(fd, address);
    if (address_is_wildcard(address)) {
        bool v4 = address->ss_family == AF_INET;
        set_flag(fd, v4 ? IPPROTO_IP : IPPROTO_IPV6, v4 ? IP_PKTINFO : IPV6_RECVPKTINFO);
    }
    return fd;
}

static int open_tcp(const struct sockaddr_storage *address)
{
    int fd = open_bound(address, SOCK_STREAM, true);
    if (fd >= 0)
        set_flag(fd, IPPROTO_TCP, TCP_NODELAY); /* accepted connections inherit it */
    return fd;
}

int socket__open_pair(struct sockaddr_storage *address, int *out_udp, int *out_tcp,
                      struct problem *out_problem)
{
    bool any_port = address_port(address) == 0;
    int error = 0;
    for (int tries = 0; tries < (any_port ? PORT_TRIES : 1); tries++) {
        if (any_port)
            address_set_port(address, 0);
        int udp = open_udp(address);
        if (udp < 0)
            return refuse(address, errno, out_problem);
        socklen_t size = sizeof *address;
        getsockname(udp, (struct sockaddr *)address, &size);
        int tcp = open_tcp(address);
        if (tcp >= 0) {
            *out_udp = udp;
            *out_tcp = tcp;
            return 0;
        }
        error = errno;
        close(udp);
    }
    return refuse(address, error, out_problem);
}

int socket__probe(const struct sockaddr_storage *address, struct problem *out_problem)
{
    static const int types[] = { SOCK_DGRAM, SOCK_STREAM };
    for (unsigned i = 0; address_port(address) != 0 && i < 2; i++) {
        int fd = open_bound(address, types[i], false);
        if (fd < 0)
            return refuse(address, errno, out_problem);
        close(fd);
    }
    return 0;
}
