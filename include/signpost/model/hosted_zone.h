/*
 * model/hosted_zone.h - hosted zones and record sets as people mean them: what is stored, listed,
 * exported and compiled.
 */
#ifndef SIGNPOST_MODEL_HOSTED_ZONE_H
#define SIGNPOST_MODEL_HOSTED_ZONE_H

#include "signpost/base/arena.h"
#include "signpost/base/dice.h"
#include "signpost/base/span.h"
#include "signpost/base/status.h"
#include "signpost/dns/name.h"

#include <stdbool.h>
#include <stdint.h>

#define ZONE_ID_TEXT_SIZE 33 /* "Z" and up to 31 of A-Z 0-9, and a zero */

/* What a zone is, apart from its records.  Plain data; strings belong to whoever made it. */
struct hosted_zone {
    int64_t id;                        /* the store's; 0 while it has none */
    char public_id[ZONE_ID_TEXT_SIZE]; /* "Z0123456789ABC", as Route 53 writes them */
    uint8_t name[DNS_NAME_SIZE_MAX];   /* wire, lower case */
    uint16_t name_servers[4];          /* the numbers of its delegation set (R-ZON-5) */
    int64_t created_at;                /* Unix seconds */
    int64_t sequence;                  /* the journal's number of its newest change */
    uint32_t record_count;             /* resource records (values) */
    char comment[257];
};

/* One record set: one owner name, one type, a TTL and its values.  (name, type) is its identity
 * until set identifiers come. */
struct record_set {
    struct record_set *next; /* of the same owner name, in order of type */
    uint16_t type;
    uint32_t ttl_s;
    uint32_t value_count;
    struct span values; /* packed, see dns/rdata.h; in the order the user gave */
    uint32_t line;      /* of the zone file it came from, 0 when it came otherwise */
};

/* The defaults that every zone starts with (R-ZON-1, R-ZON-2, R-ZON-5). */
struct zone_defaults {
    uint8_t server_domain[DNS_NAME_SIZE_MAX]; /* below it stand the name-server names */
    uint8_t hostmaster[DNS_NAME_SIZE_MAX];    /* RNAME of the default SOA */
};

/* Draws a public id and four name-server numbers, one from each suffix family. */
void hosted_zone_draw(struct hosted_zone *zone, struct dice *dice);

/* The wire name of name server number 0..2047, e.g. ns-155.awsdns-19.com.<server_domain>.
 * Its size, 0 when the server domain leaves no room. */
size_t hosted_zone_server_name(uint8_t out[DNS_NAME_SIZE_MAX], const struct zone_defaults *defaults,
                               uint16_t number);

#endif
