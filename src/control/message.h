/*
 * control/message.h - reads a reply that our own code has written.
 */
#ifndef CONTROL_MESSAGE_H
#define CONTROL_MESSAGE_H

#include "signpost/base/arena.h"
#include "signpost/control/explain.h"

struct message {
    uint8_t rcode;
    bool is_authoritative, is_truncated;
    unsigned answer_count;
    const struct reply_record *answers;
    bool has_scope; /* a client-subnet option */
    uint8_t scope;
};

/* What it points to is in the arena.  Strict: SP_EDAMAGED for whatever is not as it must be, down
 * to the last octet; SP_ENOMEM. */
int message__read(struct message *out_message, struct span reply, struct arena *arena,
                  struct problem *out_problem);

#endif
