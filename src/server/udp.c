/*
 * server/udp.c - datagrams in batches.
 *
 * One recvmmsg, the answers, one sendmmsg.  All buffers are laid out once; only the fields that the
 * kernel writes are set again.
 */
#include "worker.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

/* Odd multiples of a cache line apart, or every buffer would begin in the same set of the cache. */
#define QUERY_ROOM (EDNS_SIZE_MAX + 64)
#define REPLY_ROOM (ANSWER_SIZE_MAX_UDP + 192)

/* A batch that was this full says that more has probably come meanwhile: look again at once,
 * instead of asking the loop first.  Not forever: TCP and the mailbox want their turn. */
#define UDP_BUSY       (UDP_BATCH / 8)
#define UDP_ROUNDS_MAX 16

union control {
    struct cmsghdr align;
    uint8_t room[CMSG_SPACE(sizeof(struct in6_pktinfo))];
};

struct udp_batch {
    struct mmsghdr in[UDP_BATCH];
    struct mmsghdr out[UDP_BATCH];
    struct iovec in_iov[UDP_BATCH];
    struct iovec out_iov[UDP_BATCH];
    struct sockaddr_storage peers[UDP_BATCH];
    union control controls[UDP_BATCH];
    uint8_t queries[UDP_BATCH][QUERY_ROOM];
    uint8_t replies[UDP_BATCH][REPLY_ROOM];
};

/* Undoes what the kernel wrote into the headers that it filled. */
static void make_ready(struct udp_batch *batch, unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        batch->in[i].msg_hdr.msg_namelen = sizeof batch->peers[i];
        batch->in[i].msg_hdr.msg_controllen = sizeof batch->controls[i];
    }
}

struct udp_batch *udp__batch_create(void)
{
    struct udp_batch *batch = calloc(1, sizeof *batch);
    if (batch == NULL)
        return NULL;
    for (unsigned i = 0; i < UDP_BATCH; i++) {
        batch->in_iov[i] = (struct iovec){ batch->queries[i], QUERY_ROOM };
        batch->out_iov[i] = (struct iovec){ batch->replies[i], 0 };
        batch->in[i].msg_hdr.msg_iov = &batch->in_iov[i];
        batch->in[i].msg_hdr.msg_iovlen = 1;
        batch->in[i].msg_hdr.msg_name = &batch->peers[i];
        batch->in[i].msg_hdr.msg_control = &batch->controls[i];
        batch->out[i].msg_hdr.msg_iov = &batch->out_iov[i];
        batch->out[i].msg_hdr.msg_iovlen = 1;
    }
    make_ready(batch, UDP_BATCH);
    return batch;
}

void udp__batch_destroy(struct udp_batch *batch)
{
    free(batch);
}

/* The same control data sent back makes the reply leave from the address that was asked.  The
 * interface is left to routing, except for link-local IPv6, where the address alone says nothing.
 */
static void turn_around(struct msghdr *header)
{
    struct cmsghdr *control = CMSG_FIRSTHDR(header);
    if (control == NULL)
        return;
    if (control->cmsg_level == IPPROTO_IP && control->cmsg_type == IP_PKTINFO) {
        struct in_pktinfo info;
        memcpy(&info, CMSG_DATA(control), sizeof info);
        info.ipi_ifindex = 0;
        memcpy(CMSG_DATA(control), &info, sizeof info);
    } else if (control->cmsg_level == IPPROTO_IPV6 && control->cmsg_type == IPV6_PKTINFO) {
        struct in6_pktinfo info;
        memcpy(&info, CMSG_DATA(control), sizeof info);
        if (!IN6_IS_ADDR_LINKLOCAL(&info.ipi6_addr))
            info.ipi6_ifindex = 0;
        memcpy(CMSG_DATA(control), &info, sizeof info);
    }
}

/* Answers the first `received` queries; how many replies there are to send. */
static unsigned answer_batch(struct udp_socket *udp, unsigned received)
{
    struct udp_batch *batch = udp->worker->batch;
    unsigned replies = 0;
    for (unsigned i = 0; i < received; i++) {
        struct msghdr *from = &batch->in[i].msg_hdr;
        struct msghdr *to = &batch->out[replies].msg_hdr;
        struct span query = { batch->queries[i], batch->in[i].msg_len };
        size_t size = worker__answer(udp->worker, udp->transport, &batch->peers[i], query,
                                     batch->replies[replies]);
        if (size == 0)
            continue;
        if (udp->is_wildcard)
            turn_around(from);
        to->msg_name = from->msg_name;
        to->msg_namelen = from->msg_namelen;
        to->msg_control = from->msg_control;
        to->msg_controllen = from->msg_controllen;
        batch->out_iov[replies++].iov_len = size;
    }
    return replies;
}

/* A reply that the system will not take (a full queue, a peer that cannot be) is the network's
 * loss, as on any other hop: the client asks again.  The rest of the batch goes on behind it. */
static void send_batch(struct udp_socket *udp, unsigned count)
{
    struct udp_batch *batch = udp->worker->batch;
    unsigned sent = 0;
    while (sent < count) {
        int taken = sendmmsg(udp->fd, batch->out + sent, count - sent, 0);
        if (taken > 0) {
            sent += (unsigned)taken;
        } else if (taken < 0 && errno != EINTR) {
            counter_add(&udp->worker->figures.send_failed, 1);
            sent++;
        }
    }
}

/* How many datagrams there were. */
static unsigned serve_batch(struct udp_socket *udp)
{
    struct udp_batch *batch = udp->worker->batch;
    int received = recvmmsg(udp->fd, batch->in, UDP_BATCH, MSG_DONTWAIT, NULL);
    if (received <= 0)
        return 0;
    worker__read_clock(udp->worker);
    send_batch(udp, answer_batch(udp, (unsigned)received));
    make_ready(batch, (unsigned)received);
    return (unsigned)received;
}

static void on_readable(uv_poll_t *poll, int status, int events)
{
    struct udp_socket *udp = poll->data;
    (void)status; /* an error of an earlier send shows up here; the next receive clears it */
    (void)events;
    for (unsigned round = 0; round < UDP_ROUNDS_MAX; round++)
        if (serve_batch(udp) < UDP_BUSY)
            return;
}

int udp__start(struct udp_socket *udp)
{
    udp->poll.data = udp;
    return uv_poll_start(&udp->poll, UV_READABLE, on_readable);
}

void udp__drain(struct udp_socket *udp)
{
    for (unsigned round = 0; round < UDP_ROUNDS_MAX * 4; round++)
        if (serve_batch(udp) == 0)
            return;
}
