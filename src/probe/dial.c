#include "dial.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <unistd.h>

/* What an endpoint that never stops sending can make the system keep for us. */
#define RECEIVE_BUFFER_SIZE 32768

static socklen_t make_address(struct sockaddr_storage *out, const struct ip_prefix *address,
                              uint16_t port)
{
    memset(out, 0, sizeof *out);
    if (address->family == IP_V4) {
        struct sockaddr_in *v4 = (struct sockaddr_in *)out;
        v4->sin_family = AF_INET;
        v4->sin_port = htons(port);
        memcpy(&v4->sin_addr, address->octets, 4);
        return sizeof *v4;
    }
    struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)out;
    v6->sin6_family = AF_INET6;
    v6->sin6_port = htons(port);
    memcpy(&v6->sin6_addr, address->octets, 16);
    return sizeof *v6;
}

/* The port is chosen by connect, which knows the other side and so has far more of them. */
static bool bind_source(int fd, const struct ip_prefix *source)
{
    struct sockaddr_storage address;
    socklen_t size = make_address(&address, source, 0);
    setsockopt(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &(int){ 1 }, sizeof(int));
    return bind(fd, (struct sockaddr *)&address, size) == 0;
}

static bool prepare(int fd, const struct checker *checker, uint8_t family)
{
    setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &(int){ RECEIVE_BUFFER_SIZE }, sizeof(int));
    if (checker->interface[0] != '\0' &&
        setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, checker->interface,
                   (socklen_t)strlen(checker->interface)) != 0)
        return false;
    return !checker->has_source || checker->source.family != family ||
           bind_source(fd, &checker->source);
}

static bool is_our_fault(int error)
{
    return error == EAGAIN || error == EADDRNOTAVAIL || error == EADDRINUSE || error == ENOBUFS ||
           error == ENOMEM;
}

static enum dial_outcome give_up(int fd, enum dial_outcome outcome, int *out_error)
{
    *out_error = errno;
    if (fd >= 0)
        close(fd);
    return outcome;
}

enum dial_outcome dial__open(const struct checker *checker, const struct ip_prefix *address,
                             uint16_t port, int *out_fd, int *out_error)
{
    struct sockaddr_storage to;
    socklen_t size = make_address(&to, address, port);
    int fd = socket(to.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return give_up(fd, errno == EAFNOSUPPORT ? DIAL_REFUSED : DIAL_IMPOSSIBLE, out_error);
    if (!prepare(fd, checker, address->family))
        return give_up(fd, DIAL_IMPOSSIBLE, out_error);
    if (connect(fd, (struct sockaddr *)&to, size) != 0 && errno != EINPROGRESS)
        return give_up(fd, is_our_fault(errno) ? DIAL_IMPOSSIBLE : DIAL_REFUSED, out_error);
    *out_fd = fd;
    return DIAL_UNDER_WAY;
}

int dial__error(int fd)
{
    int error = 0;
    socklen_t size = sizeof error;
    if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size) != 0)
        return errno;
    return error;
}
