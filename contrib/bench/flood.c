/*
 * flood - asks for names that do not exist and never repeat, at a steady rate, whatever comes back.
 *
 * Every question sets the DO bit.  No answer is waited for, so a server that cannot keep up gets no
 * rest.  `signing` runs it:
 *
 *     flood PORT ZONE RATE SECONDS      RATE questions a second to 127.0.0.1@PORT
 *
 * and prints, a second after the last question, how many were sent and what became of them.  What
 * is in no other number than `sent` was lost.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <time.h>

#define BATCH       64
#define QUERY_SIZE  512 /* room for any zone's name */
#define REPLY_SIZE  1500
#define HEADER_SIZE 12
#define LABEL_SIZE  14     /* letters of a name: enough never to draw the same one again */
#define TICK_NS     100000 /* between two bursts; shorter ones are no burst to speak of */
#define SECOND_NS   1000000000
#define BUFFER_SIZE (4 << 20)
#define DENIAL_SIZE 4 /* records in the authority section: SOA, NSEC, and their signatures */

struct counts {
    uint64_t sent, denied, truncated, servfail, other;
};

static uint8_t queries[BATCH][QUERY_SIZE], replies[BATCH][REPLY_SIZE];
static struct iovec query_pieces[BATCH], reply_pieces[BATCH];
static struct mmsghdr query_messages[BATCH], reply_messages[BATCH];
static uint64_t dice;

static uint64_t now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * SECOND_NS + (uint64_t)now.tv_nsec;
}

/* xorshift64 (Marsaglia, 2003); the seed is the kernel's, so that no two runs ask the same. */
static uint64_t roll(void)
{
    dice ^= dice << 13;
    dice ^= dice >> 7;
    dice ^= dice << 17;
    return dice;
}

static void draw_label(uint8_t *letters)
{
    for (unsigned i = 0; i < LABEL_SIZE; i++)
        letters[i] = (uint8_t)('a' + (roll() >> 32) % 26);
}

/* false: not a name.  What follows the first label of every query: zone, type A, class, OPT. */
static bool write_queries(const char *zone)
{
    static const uint8_t rest[] = { 0, 0, 1,  0,    1,                           /* root, A, IN */
                                    0, 0, 41, 0x04, 0xd0, 0, 0, 0x80, 0, 0, 0 }; /* 1232, DO */
    uint8_t *query = queries[0];
    size_t size = HEADER_SIZE + 1 + LABEL_SIZE;
    query[5] = query[11] = 1; /* one question, one additional record */
    query[HEADER_SIZE] = LABEL_SIZE;
    for (const char *label = zone; *label != '\0';) {
        size_t length = strcspn(label, ".");
        if (length == 0 || length > 63 || size + 1 + length + sizeof(rest) > QUERY_SIZE)
            return false;
        query[size] = (uint8_t)length;
        memcpy(query + size + 1, label, length);
        size += 1 + length;
        label += length + (label[length] == '.');
    }
    memcpy(query + size, rest, sizeof(rest));
    size += sizeof(rest);
    for (unsigned i = 0; i < BATCH; i++) {
        memcpy(queries[i], query, size);
        query_pieces[i] = (struct iovec){ .iov_base = queries[i], .iov_len = size };
        query_messages[i].msg_hdr = (struct msghdr){ .msg_iov = &query_pieces[i], .msg_iovlen = 1 };
        reply_pieces[i] = (struct iovec){ .iov_base = replies[i], .iov_len = REPLY_SIZE };
        reply_messages[i].msg_hdr = (struct msghdr){ .msg_iov = &reply_pieces[i], .msg_iovlen = 1 };
    }
    return true;
}

static int open_socket(uint16_t port)
{
    struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons(port) };
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    int size = BUFFER_SIZE; /* the kernel gives what it allows */
    if (fd < 0 || connect(fd, (struct sockaddr *)&address, sizeof(address)) != 0) {
        perror("flood");
        return -1;
    }
    setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size));
    return fd;
}

/* What the kernel refuses to take is not sent again: it counts as lost. */
static void send_burst(int fd, uint64_t count, struct counts *counts)
{
    while (count > 0) {
        unsigned batch = count < BATCH ? (unsigned)count : BATCH;
        for (unsigned i = 0; i < batch; i++)
            draw_label(queries[i] + HEADER_SIZE + 1);
        sendmmsg(fd, query_messages, batch, 0);
        counts->sent += batch;
        count -= batch;
    }
}

static void count_reply(const uint8_t *reply, unsigned size, struct counts *counts)
{
    if (size < HEADER_SIZE)
        counts->other++;
    else if ((reply[2] & 2) != 0) /* TC */
        counts->truncated++;
    else if ((reply[3] & 15) == 2) /* RCODE */
        counts->servfail++;
    else if (reply[9] == DENIAL_SIZE)
        counts->denied++;
    else
        counts->other++;
}

static void receive_all(int fd, struct counts *counts)
{
    int count;
    while ((count = recvmmsg(fd, reply_messages, BATCH, 0, NULL)) > 0) {
        for (int i = 0; i < count; i++)
            count_reply(replies[i], reply_messages[i].msg_len, counts);
    }
}

static void wait_a_tick(int fd, bool for_replies)
{
    struct pollfd wanted = { .fd = fd, .events = POLLIN };
    struct timespec tick = { .tv_nsec = TICK_NS };
    ppoll(&wanted, for_replies ? 1 : 0, &tick, NULL);
}

static void run(int fd, uint64_t rate, uint64_t seconds, struct counts *counts)
{
    uint64_t start_ns = now_ns(), end_ns = seconds * SECOND_NS, elapsed_ns;
    while ((elapsed_ns = now_ns() - start_ns) < end_ns) {
        send_burst(fd, elapsed_ns * rate / SECOND_NS - counts->sent, counts);
        receive_all(fd, counts);
        wait_a_tick(fd, false);
    }
    while (now_ns() - start_ns < end_ns + SECOND_NS) {
        wait_a_tick(fd, true);
        receive_all(fd, counts);
    }
}

int main(int argc, char **argv)
{
    if (argc != 5 || !write_queries(argv[2])) {
        fprintf(stderr, "usage: flood PORT ZONE RATE SECONDS\n");
        return 2;
    }
    if (getrandom(&dice, sizeof(dice), 0) != sizeof(dice)) {
        perror("flood");
        return 1;
    }
    dice |= 1; /* never zero, where xorshift stays */
    int fd = open_socket((uint16_t)atoi(argv[1]));
    if (fd < 0)
        return 1;
    struct counts counts = { 0 };
    run(fd, strtoull(argv[3], NULL, 10), strtoull(argv[4], NULL, 10), &counts);
    printf("sent %llu denied %llu truncated %llu servfail %llu other %llu\n",
           (unsigned long long)counts.sent, (unsigned long long)counts.denied,
           (unsigned long long)counts.truncated, (unsigned long long)counts.servfail,
           (unsigned long long)counts.other);
    return 0;
}
