/*
 * model/hosted_zone.h - hosted zones and record sets as people mean them: what is stored, listed,
 * exported and compiled.
 */
#ifndef SIGNPOST_MODEL_HOSTED_ZONE_H
#define SIGNPOST_MODEL_HOSTED_ZONE_H

#include "signpost/base/arena.h"
#include "signpost/base/dice.h"
#include "signpost/base/limits.h"
#include "signpost/base/routing.h"
#include "signpost/base/span.h"
#include "signpost/base/status.h"
#include "signpost/dns/name.h"

#include <stdbool.h>
#include <stdint.h>

#define ZONE_ID_TEXT_SIZE       33 /* "Z" and up to 31 of A-Z 0-9, and a zero */
#define ROUTING_REGION_SIZE     32 /* of Regions and Local Zone groups, with a zero */
#define ROUTING_COLLECTION_SIZE 37 /* a UUID and a zero */
#define ROUTING_LOCATION_SIZE   17 /* R-CID-1, with a zero */

#define ZONE_SERVER_COUNT   4    /* name servers of a zone, one of each suffix family */
#define ZONE_SERVER_NUMBERS 2048 /* of them altogether (R-ZON-5) */
#define ZONE_COMMENT_SIZE   1025 /* 256 characters of UTF-8 and a zero */
#define ZONE_REFERENCE_SIZE 513  /* 128 characters of UTF-8 and a zero */

/* The hosted zone id of aliases to resources that belong to no AWS service: a registry entry with a
 * name of the user's own choice. */
#define RESOURCE_ZONE_ID "ZSIGNPOSTRESOURCES"

/* What a zone is, apart from its records.  Plain data; strings belong to whoever made it. */
struct hosted_zone {
    int64_t id;                               /* the store's; 0 while it has none */
    char public_id[ZONE_ID_TEXT_SIZE];        /* "Z0123456789ABC", as Route 53 writes them */
    uint8_t name[DNS_NAME_SIZE_MAX];          /* wire, lower case */
    uint16_t name_servers[ZONE_SERVER_COUNT]; /* the numbers of its delegation set (R-ZON-5) */
    int64_t created_at;                       /* Unix seconds */
    int64_t sequence;                         /* the journal's number of its newest change */
    uint32_t record_count;                    /* resource records (values) */
    uint32_t set_count; /* record sets; hidden ones are not counted (A-ZON-21) */
    bool is_private;    /* stored and listed; never answered from */
    char caller_reference[ZONE_REFERENCE_SIZE]; /* "": it was not made through the Route 53 API */
    char delegation_set[ZONE_ID_TEXT_SIZE];     /* the reusable one it uses; "": one of its own */
    char comment[ZONE_COMMENT_SIZE];
};

/* Where an alias leads (R-ALI-1). */
struct alias_target {
    char zone_id[ZONE_ID_TEXT_SIZE]; /* the zone's own public id; any other: a resource */
    const uint8_t *name;             /* wire, lower case */
    bool evaluate_health;
};

/* What the policies other than simple choose by; only the fields of the set's policy count, all
 * others are zero.  Texts end with a zero and are as Route 53 writes them. */
struct routing {
    uint8_t weight;
    char region[ROUTING_REGION_SIZE]; /* latency; geoproximity's AWSRegion */
    bool is_primary;                  /* failover: else secondary */
    char continent[3];                /* geolocation (R-GEO-1) */
    char country[3];                  /* "*": the default */
    char subdivision[4];
    char local_zone_group[ROUTING_REGION_SIZE]; /* geoproximity (R-GPX-1) */
    char latitude[8], longitude[8];             /* as given, at most two decimals (R-GPX-2) */
    int8_t bias;
    char collection[ROUTING_COLLECTION_SIZE]; /* CIDR: the collection's id */
    char location[ROUTING_LOCATION_SIZE];     /* "*": the default */
};

/* One record set.  (owner, type, set identifier) is its identity (R-REC-1).  It has values and a
 * TTL, or else an alias target (R-REC-3). */
struct record_set {
    struct record_set *next; /* of the same owner, in order of type, then of set identifier */
    uint16_t type;
    enum routing_policy policy;
    const char *set_identifier;       /* never NULL; "" only when the policy is simple */
    uint32_t ttl_s;                   /* 0 for an alias */
    uint32_t value_count;             /* 0 for an alias */
    struct span values;               /* packed, see dns/rdata.h; in the order the user gave */
    const struct alias_target *alias; /* NULL: it has values */
    const struct routing *routing;    /* NULL when the policy is simple or multivalue */
    const char *health_check;         /* the check's public id; NULL: none */
    /* The values as the user wrote them, packed like them and in their order; empty when each is
     * what rdata_to_text makes of it (A-CHG-25). */
    struct span texts;
    const char *traffic_policy_instance; /* whose root it is (R-TPF-3); NULL: nobody's */
    uint32_t line; /* of the zone file it came from, 0 when it came otherwise */
};

/* Resource records that the set counts for: an alias counts as one (R-QTA-17). */
static inline uint32_t record_set_count(const struct record_set *set)
{
    return set->alias != NULL ? 1 : set->value_count;
}

/* The defaults that every zone starts with (R-ZON-1, R-ZON-2, R-ZON-5). */
struct zone_defaults {
    uint8_t server_domain[DNS_NAME_SIZE_MAX]; /* below it stand the name-server names */
    uint8_t hostmaster[DNS_NAME_SIZE_MAX];    /* RNAME of the default SOA */
};

/* Whether an owner is one of the hidden names that the trees of traffic policy instances hang on
 * (R-TPF-3): its first label holds an upper-case letter, so no question ever matches it.  Hidden
 * names are neither listed nor exported nor counted. */
static inline bool record_owner_is_hidden(const uint8_t *owner)
{
    for (unsigned i = 1; i <= owner[0]; i++)
        if (owner[i] >= 'A' && owner[i] <= 'Z')
            return true;
    return false;
}

/* Draws a public id: that letter and 20 of A-Z 0-9. */
void public_id_draw(char out_id[ZONE_ID_TEXT_SIZE], char kind, struct dice *dice);

/* Draws four name servers, one from each suffix family; none of the reserved ones (R-ZON-6). */
void name_servers_draw(uint16_t out_servers[ZONE_SERVER_COUNT], struct dice *dice);

/* Draws a public id and name servers. */
void hosted_zone_draw(struct hosted_zone *zone, struct dice *dice);

/* The wire name of name server number 0..2047, e.g. ns-155.awsdns-19.com.<server_domain>.
 * Its size, 0 when the server domain leaves no room. */
size_t hosted_zone_server_name(uint8_t out[DNS_NAME_SIZE_MAX], const struct zone_defaults *defaults,
                               uint16_t number);

#endif
