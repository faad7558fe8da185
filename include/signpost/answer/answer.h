/*
 * answer/answer.h - from a question to its reply.
 *
 * Nothing here allocates, locks, logs or asks the world: the clock, the dice and the zones come in
 * the view, so any answer can be given again.
 */
#ifndef SIGNPOST_ANSWER_ANSWER_H
#define SIGNPOST_ANSWER_ANSWER_H

#include "signpost/base/dice.h"
#include "signpost/base/span.h"
#include "signpost/policy/policy.h"
#include "signpost/sign/signer.h"
#include "signpost/zone/snapshot.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What an answer depends on besides its question. */
struct view {
    const struct snapshot *snapshot;
    const struct health_table *health;
    struct dice *dice;
    const struct sockaddr_storage *source; /* where the packet came from */
    bool over_tcp;         /* replies up to 65535 octets, never truncated for the client's sake */
    struct signer *signer; /* the caller's own; NULL: nothing is signed, whoever asks for it */
    uint64_t now_ms;       /* Unix milliseconds; read when something is signed */
    struct trace *trace;   /* filled in for whoever asks why; NULL: nobody does */
};

/* What the worker counts; qtype is 0 when no question was readable. */
struct answer_note {
    uint16_t qtype;
    uint8_t rcode;
    bool truncated;
};

/* Octets that reply must have room for. */
#define ANSWER_SIZE_MAX_UDP EDNS_SIZE_MAX
#define ANSWER_SIZE_MAX_TCP DNS_MESSAGE_SIZE_MAX

/* Writes the reply to packet and returns its size; 0: no reply is due, and *out_note is not set.
 * reply must not overlap packet.  Any thread, with a view and a reply of its own. */
size_t answer_query(const struct view *view, struct span packet, uint8_t *reply,
                    struct answer_note *out_note);

#endif
