/*
 * The questions of a drill, over one UDP socket that never blocks.  Each question has its turn
 * every so many milliseconds, all of them spread over that time; the id of a query is the place of
 * what is known about it in a ring, so that replies may come in any order, or never.
 */
#include "drill.h"

#include "signpost/base/address.h"
#include "signpost/base/dice.h"
#include "signpost/dns/message.h"
#include "signpost/dns/name.h"
#include "signpost/model/zone_file.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A power of two, and more than are asked before the oldest is given up. */
#define RING_SIZE 16384
_Static_assert(RING_SIZE > DRILL_WATCHES_MAX * DRILL_PATIENCE_MS / DRILL_EVERY_MS_MIN,
               "every question that waits has a place");

/* One query on its way. */
struct waiting {
    int64_t sent_at;
    uint16_t id;
    uint8_t lane;
    bool waits;
};

struct asked {
    uint8_t packet[DNS_QUESTION_SIZE_MAX];
    size_t size, question_size;
    uint16_t type;
    int64_t next_at;
};

struct drill_asker {
    int fd;
    int64_t every_ms;
    struct drill_lane *lanes;
    unsigned lane_count;
    struct asked asked[DRILL_WATCHES_MAX];
    struct waiting ring[RING_SIZE];
    uint16_t next_id, oldest_id; /* those in between have been sent */
    struct arena *arena;         /* of one reply */
};

/* ---- the server's address ---- */

static bool read_address(const char *text, struct sockaddr_storage *out_address)
{
    struct addrinfo hints = { .ai_flags = AI_NUMERICHOST | AI_NUMERICSERV,
                              .ai_socktype = SOCK_DGRAM };
    struct addrinfo *found;
    char host[ADDRESS_TEXT_SIZE];
    const char *at = strchr(text, '@');
    size_t size = at != NULL ? (size_t)(at - text) : strlen(text);
    if (size == 0 || size >= sizeof(host))
        return false;
    memcpy(host, text, size);
    host[size] = '\0';
    if (getaddrinfo(host, at != NULL ? at + 1 : "53", &hints, &found) != 0)
        return false;
    memset(out_address, 0, sizeof(*out_address));
    memcpy(out_address, found->ai_addr, found->ai_addrlen);
    freeaddrinfo(found);
    return address_port(out_address) != 0;
}

/* A server that listens everywhere listens here. */
static void prefer_loopback(struct sockaddr_storage *address)
{
    if (!address_is_wildcard(address))
        return;
    if (address->ss_family == AF_INET)
        ((struct sockaddr_in *)address)->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    else
        ((struct sockaddr_in6 *)address)->sin6_addr = in6addr_loopback;
}

static int open_socket(const char *server)
{
    struct sockaddr_storage address;
    if (!read_address(server, &address)) {
        complain("--server must be ADDRESS@PORT such as 127.0.0.1@53, not \"%s\"", server);
        return -1;
    }
    prefer_loopback(&address);
    int fd = socket(address.ss_family, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd >= 0 && connect(fd, (struct sockaddr *)&address, address_size(&address)) == 0)
        return fd;
    complain("cannot ask %s: %s", server, strerror(errno));
    if (fd >= 0)
        close(fd);
    return -1;
}

/* ---- packets ---- */

/* A lane's names come from the server, which has checked them; but not every server is ours. */
static bool write_packet(struct asked *asked, const struct drill_lane *lane)
{
    uint8_t name[DNS_NAME_SIZE_MAX];
    struct ip_prefix subnet;
    const char *why;
    const struct dns_type_info *type = dns_type_find_name(lane->type);
    bool has_subnet = lane->client[0] != '\0';
    size_t name_size = dns_name_from_text(name, lane->name, strlen(lane->name), NULL, &why);
    if (type == NULL || name_size == 0 ||
        (has_subnet && prefix_from_text(&subnet, lane->client) != NULL)) {
        complain("the question %s %s cannot be asked", lane->name, lane->type);
        return false;
    }
    struct dns_question question = { .name = name,
                                     .type = type->type,
                                     .edns_size = EDNS_SIZE_MAX,
                                     .subnet = has_subnet ? &subnet : NULL };
    asked->size = dns_question_write(asked->packet, &question);
    asked->question_size = name_size + 4;
    asked->type = type->type;
    return true;
}

static bool write_packets(struct drill_asker *asker)
{
    bool right = true;
    for (unsigned i = 0; i < asker->lane_count && right; i++) {
        right = write_packet(&asker->asked[i], &asker->lanes[i]);
        asker->asked[i].next_at = (int64_t)i * asker->every_ms / (int64_t)asker->lane_count;
    }
    return right;
}

struct drill_asker *asker_create(const char *server, struct drill_lane *lanes, unsigned lane_count,
                                 int64_t every_ms)
{
    struct drill_asker *asker = calloc(1, sizeof(*asker));
    struct dice dice;
    if (asker == NULL || (asker->arena = arena_create()) == NULL) {
        complain("no memory");
        free(asker);
        return NULL;
    }
    dice_init(&dice);
    asker->next_id = asker->oldest_id = (uint16_t)dice_below(&dice, 65536);
    asker->every_ms = every_ms;
    asker->lanes = lanes;
    asker->lane_count = lane_count;
    asker->fd = -1;
    if (write_packets(asker))
        asker->fd = open_socket(server);
    if (asker->fd >= 0)
        return asker;
    asker_destroy(asker);
    return NULL;
}

void asker_destroy(struct drill_asker *asker)
{
    if (asker == NULL)
        return;
    if (asker->fd >= 0)
        close(asker->fd);
    arena_destroy(asker->arena);
    free(asker);
}

int asker_fd(const struct drill_asker *asker)
{
    return asker->fd;
}

/* ---- asking ---- */

static void ask_one(struct drill_asker *asker, unsigned lane, int64_t now)
{
    struct asked *asked = &asker->asked[lane];
    uint16_t id = asker->next_id++;
    put_u16(asked->packet, id);
    asker->ring[id % RING_SIZE] = (struct waiting){ now, id, (uint8_t)lane, true };
    /* The first attempt may get the error of an earlier packet that nobody wanted.  What cannot be
     * sent is left to wait in vain. */
    for (int attempt = 0; attempt < 2; attempt++)
        if (send(asker->fd, asked->packet, asked->size, 0) >= 0 || errno != ECONNREFUSED)
            break;
}

void asker_ask(struct drill_asker *asker, int64_t now)
{
    for (unsigned i = 0; i < asker->lane_count; i++) {
        struct asked *asked = &asker->asked[i];
        if (asked->next_at < now - asker->every_ms) /* at first, or this machine was asleep */
            asked->next_at += (now - asked->next_at) / asker->every_ms * asker->every_ms;
        if (asked->next_at > now)
            continue;
        ask_one(asker, i, now);
        asked->next_at += asker->every_ms;
    }
}

int64_t asker_next_at(const struct drill_asker *asker)
{
    int64_t next_at = NEVER;
    for (unsigned i = 0; i < asker->lane_count; i++)
        if (asker->asked[i].next_at < next_at)
            next_at = asker->asked[i].next_at;
    return next_at;
}

/* ---- replies ---- */

static const char *value_text(struct arena *arena, const struct reply_record *record, uint16_t type)
{
    const struct dns_type_info *info = dns_type_find(record->type);
    const char *text = rdata_to_text(arena, record->type, record->rdata);
    if (text == NULL || info == NULL || record->type == type)
        return text;
    return arena_format(arena, "%s %s", info->name, text);
}

static const char *rcode_text(uint8_t rcode)
{
    static const char *const texts[] = { "NODATA",   "FORMERR", "SERVFAIL",
                                         "NXDOMAIN", "NOTIMP",  "REFUSED" };
    return rcode < sizeof(texts) / sizeof(texts[0]) ? texts[rcode] : "an error";
}

/* What the reply says, as items of its lane.  false: it cannot be read. */
static bool read_answer(struct drill_asker *asker, unsigned lane, const struct dns_message *message,
                        struct drill_sample *out)
{
    unsigned first = dns_message_final_set(message), count = message->answer_count - first;
    const char **values = arena_alloc(asker->arena, (count + 1) * sizeof(*values));
    if (message->is_truncated && count == 0) {
        const char *truncated[] = { "(too large for UDP)" };
        out->items = lane_items(&asker->lanes[lane], truncated, 1);
        return true;
    }
    if (message->rcode != 0 || count == 0) {
        out->items = lane_empty_item(&asker->lanes[lane], rcode_text(message->rcode));
        return true;
    }
    for (unsigned i = 0; i < count; i++) {
        const struct reply_record *record = &message->answers[first + i];
        if (values == NULL ||
            (values[i] = value_text(asker->arena, record, asker->asked[lane].type)) == NULL)
            return false;
        out->ttl_s = record->ttl_s > out->ttl_s ? record->ttl_s : out->ttl_s;
    }
    out->items = lane_items(&asker->lanes[lane], values, count);
    return true;
}

/* The query that a packet replies to; NULL: none that still waits. */
static struct waiting *find_waiting(struct drill_asker *asker, const struct dns_message *message)
{
    struct waiting *waiting = &asker->ring[message->id % RING_SIZE];
    const struct asked *asked = &asker->asked[waiting->lane];
    if (!message->is_reply || !waiting->waits || waiting->id != message->id ||
        message->question.size != asked->question_size ||
        memcmp(message->question.data, asked->packet + DNS_HEADER_SIZE, asked->question_size) != 0)
        return NULL;
    return waiting;
}

static bool take_packet(struct drill_asker *asker, struct span packet, int64_t now,
                        struct drill_sample *out_sample)
{
    struct dns_message message;
    arena_clear(asker->arena);
    if (dns_message_read(&message, packet, asker->arena, NULL) != 0)
        return false;
    struct waiting *waiting = find_waiting(asker, &message);
    if (waiting == NULL)
        return false;
    *out_sample = (struct drill_sample){ .at = now, .lane = waiting->lane };
    if (!read_answer(asker, waiting->lane, &message, out_sample))
        return false;
    waiting->waits = false;
    return true;
}

/* The oldest query that has waited too long. */
static bool take_silence(struct drill_asker *asker, int64_t now, struct drill_sample *out_sample)
{
    while (asker->oldest_id != asker->next_id) {
        struct waiting *waiting = &asker->ring[asker->oldest_id % RING_SIZE];
        if (waiting->waits && now - waiting->sent_at < DRILL_PATIENCE_MS)
            return false;
        asker->oldest_id++;
        if (!waiting->waits)
            continue;
        waiting->waits = false;
        *out_sample = (struct drill_sample){ .at = waiting->sent_at,
                                             .lane = waiting->lane,
                                             .is_silence = true };
        return true;
    }
    return false;
}

bool asker_take(struct drill_asker *asker, int64_t now, struct drill_sample *out_sample)
{
    static uint8_t packet[DNS_MESSAGE_SIZE_MAX];
    for (;;) {
        ssize_t size = recv(asker->fd, packet, sizeof(packet), 0);
        if (size < 0 && errno != ECONNREFUSED && errno != EINTR)
            break;
        if (size > 0 && take_packet(asker, (struct span){ packet, (size_t)size }, now, out_sample))
            return true;
    }
    return take_silence(asker, now, out_sample);
}
