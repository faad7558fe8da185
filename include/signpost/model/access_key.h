/*
 * model/access_key.h - who may ask for what over TCP.
 *
 * The secret must be kept as it is: a signature is verified by computing it again.  Any thread.
 */
#ifndef SIGNPOST_MODEL_ACCESS_KEY_H
#define SIGNPOST_MODEL_ACCESS_KEY_H

#include "signpost/base/limits.h"
#include "signpost/base/status.h"
#include "signpost/dns/name.h"

#include <stdbool.h>
#include <stdint.h>

#define ACCESS_KEY_ID_SIZE      21  /* "AK", 18 of A-Z 2-7, and a zero */
#define ACCESS_KEY_SECRET_SIZE  41  /* 40 of A-Z a-z 0-9 + /, and a zero */
#define ACCESS_KEY_COMMENT_SIZE 257 /* with a zero */

struct access_key {
    char id[ACCESS_KEY_ID_SIZE];
    char secret[ACCESS_KEY_SECRET_SIZE];
    bool read_only;
    /* What it may change, by name (wire, lower case); none: everything. */
    unsigned zone_count;
    uint8_t zones[ACCESS_KEY_ZONES_MAX][DNS_NAME_SIZE_MAX];
    uint64_t created_ms; /* Unix milliseconds */
    char comment[ACCESS_KEY_COMMENT_SIZE];
};

/* Draws id and secret from the kernel's random source: the dice of a test make no secrets. */
void access_key_draw(struct access_key *key);

/* Adds a name to the zones, unless it is there.  SP_ELIMIT. */
int access_key_add_zone(struct access_key *key, const uint8_t *name, struct problem *out_problem);

/* SP_EINVAL: more than 256 octets, or control characters. */
int access_key_set_comment(struct access_key *key, const char *comment,
                           struct problem *out_problem);

/* What a request is about, as far as permissions go. */
struct access_wish {
    bool writes;         /* it changes something */
    bool is_guarded;     /* keys and the audit: for keys that may do everything only */
    const uint8_t *zone; /* what it changes hangs on this zone alone; NULL: on more, or on none */
};

bool access_key_may(const struct access_key *key, const struct access_wish *wish);

#endif
