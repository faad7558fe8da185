/*
 * floor - the least that any UDP server on an ordinary socket can spend on a query.
 *
 * It takes datagrams in batches, sets the QR bit, sends them back and looks at nothing else, so its
 * CPU time is the kernel's share plus one system call per batch each way.  `compare` runs it:
 *
 *     floor PORT        answers on 127.0.0.1@PORT until it is killed
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#define BATCH         64   /* as many as signpostd takes at once, so that the two compare */
#define DATAGRAM_SIZE 1500 /* what dnsperf sends is far smaller */
#define HEADER_SIZE   12

static uint8_t packets[BATCH][DATAGRAM_SIZE];
static struct sockaddr_in clients[BATCH];
static struct iovec pieces[BATCH];
static struct mmsghdr messages[BATCH];

static int open_socket(const char *port_text)
{
    char *end = NULL;
    unsigned long port = strtoul(port_text, &end, 10);
    if (*port_text == '\0' || *end != '\0' || port == 0 || port > 65535) {
        fprintf(stderr, "floor: %s is not a port\n", port_text);
        return -1;
    }
    struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port) };
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd < 0 || bind(fd, (struct sockaddr *)&address, sizeof(address)) != 0) {
        perror("floor");
        return -1;
    }
    return fd;
}

/* The kernel has written into every header; what one batch changed, the next must not inherit. */
static void prepare_batch(void)
{
    for (unsigned i = 0; i < BATCH; i++) {
        pieces[i] = (struct iovec){ .iov_base = packets[i], .iov_len = DATAGRAM_SIZE };
        messages[i].msg_hdr = (struct msghdr){
            .msg_name = &clients[i],
            .msg_namelen = sizeof(clients[i]),
            .msg_iov = &pieces[i],
            .msg_iovlen = 1,
        };
    }
}

static void flip_batch(unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        pieces[i].iov_len = messages[i].msg_len;
        if (messages[i].msg_len >= HEADER_SIZE)
            packets[i][2] |= 0x80;
    }
}

static void send_batch(int fd, unsigned count)
{
    unsigned sent = 0;
    while (sent < count) {
        int rc = sendmmsg(fd, messages + sent, count - sent, 0);
        sent += rc > 0 ? (unsigned)rc : 1; /* a datagram that the kernel refuses is left out */
    }
}

int main(int argc, char **argv)
{
    if (argc != 2) {
        fprintf(stderr, "usage: floor PORT\n");
        return 2;
    }
    int fd = open_socket(argv[1]);
    if (fd < 0)
        return 1;
    for (;;) {
        prepare_batch();
        int count = recvmmsg(fd, messages, BATCH, MSG_WAITFORONE, NULL);
        if (count > 0) {
            flip_batch((unsigned)count);
            send_batch(fd, (unsigned)count);
        } else if (errno != EINTR) {
            perror("floor: recvmmsg");
            return 1;
        }
    }
}
