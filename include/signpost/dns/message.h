/*
 * dns/message.h - the other side of the wire: a question as a resolver sends it, and a reply read.
 */
#ifndef SIGNPOST_DNS_MESSAGE_H
#define SIGNPOST_DNS_MESSAGE_H

#include "signpost/base/arena.h"
#include "signpost/base/limits.h"
#include "signpost/base/prefix.h"
#include "signpost/base/span.h"
#include "signpost/base/status.h"
#include "signpost/dns/types.h"

#include <stdbool.h>
#include <stdint.h>

/* A header, a question, and an OPT record with a client-subnet option. */
#define DNS_QUESTION_SIZE_MAX                                                                      \
    (DNS_HEADER_SIZE + DNS_NAME_SIZE_MAX + 4 + 11 + 8 + sizeof((struct ip_prefix *)0)->octets)

struct dns_question {
    uint16_t id;
    const uint8_t *name; /* wire */
    uint16_t type;
    uint16_t edns_size; /* what our OPT advertises; 0: no OPT, unless there is a subnet */
    const struct ip_prefix *subnet; /* who asks, as a client-subnet option (RFC 7871); NULL: none */
};

/* Writes the packet, which asks for no recursion; its size. */
size_t dns_question_write(uint8_t out[DNS_QUESTION_SIZE_MAX], const struct dns_question *question);

/* A record of a reply, names in it uncompressed. */
struct reply_record {
    const uint8_t *owner; /* wire */
    uint16_t type;
    uint32_t ttl_s;
    struct span rdata;
};

struct dns_message {
    uint16_t id;
    bool is_reply, is_authoritative, is_truncated;
    uint8_t rcode;
    struct span question; /* name, type and class as they stand behind the header */
    unsigned answer_count;
    const struct reply_record *answers; /* of the Answer section, in its order */
    bool has_scope;                     /* a client-subnet option */
    uint8_t scope;
};

/* What it points to is in the arena, or in the reply.  Strict: SP_EDAMAGED for whatever is not as
 * it must be, down to the last octet, and for anything but one question; SP_ENOMEM. */
int dns_message_read(struct dns_message *out_message, struct span reply, struct arena *arena,
                     struct problem *out_problem);

/* Where the records begin that the question was about in the end: the last ones, which have one
 * owner. */
unsigned dns_message_final_set(const struct dns_message *message);

#endif
