/*
 * base/limits.h - every bound in one place, with the reason for its size.
 */
#ifndef SIGNPOST_BASE_LIMITS_H
#define SIGNPOST_BASE_LIMITS_H

/* The protocol's own. */
#define DNS_NAME_SIZE_MAX    255         /* RFC 1035 §2.3.4, with the root's zero octet */
#define DNS_LABEL_SIZE_MAX   63          /* RFC 1035 §2.3.4 */
#define DNS_LABEL_COUNT_MAX  127         /* what fits into 255 octets, the root not counted */
#define DNS_HEADER_SIZE      12          /* RFC 1035 §4.1.1 */
#define DNS_UDP_SIZE_MIN     512         /* RFC 1035 §4.2.1: what every client takes */
#define DNS_MESSAGE_SIZE_MAX 65535       /* RFC 1035 §4.2.2: the TCP length field */
#define DNS_TTL_MAX          0x7fffffffu /* RFC 2181 §8; Route 53 takes up to 2147483647 (R-REC-3) */
#define DNS_RDATA_SIZE_MAX   65535       /* RFC 1035 §3.2.1: the RDLENGTH field */
#define EDNS_SIZE_MAX        4096        /* R-ANS-22 */
#define EDNS_SIZE_DEFAULT    1232 /* what crosses every path unfragmented (DNS flag day 2020) */
#define NSID_SIZE_MAX        128  /* RFC 5001 sets none; a reply must have room for it */

/* Answering. */
#define CNAME_CHAIN_MAX 16 /* R-ANS-11 */
#define ALIAS_DEPTH_MAX 32 /* R-HLT-18 */
#define POLICY_STEPS_MAX                                                                           \
    16384 /* members of the groups that one question may search, 3 ms at worst */
#define POLICY_STEPS_RESERVED                                                                      \
    4096 /* of those, for last resorts: a way down of 32 full groups, so that an answer is found   \
          */
#define POLICY_FAILURES_KEPT                                                                       \
    64 /* groups a question remembers to hold nothing; further ones are searched again */
#define EXPLANATION_SIZE 400 /* octets of the reason in a reply: most of them stay far below */
#define EXPLANATION_STEPS                                                                          \
    64                     /* of a tree that such a reason is made from; later ones are left out */
#define MULTIVALUE_MAX  8  /* R-MVA-2 */
#define PREFIX_LIST_MAX 16 /* of explain-clients and of client-subnet */

/* Groups and what they name. */
#define GROUP_MEMBERS_MAX           100     /* R-QTA-4 */
#define GROUP_MEMBERS_MAX_PROXIMITY 30      /* R-QTA-5 */
#define SET_IDENTIFIER_SIZE_MAX     128     /* R-REC-1 */
#define HEALTH_CHECK_ID_SIZE_MAX    64      /* as the API's HealthCheckId */
#define HEALTH_SLOTS_MAX            65536   /* health checks, one word each: 512 KiB */
#define CIDR_BLOCKS_MAX             1000    /* of one collection (R-CID-3) */
#define LOCATIONS_MAX               4000000 /* rows of the location table */
#define LATENCIES_MAX               1000000 /* rows of the latency table */
#define RESOURCE_ADDRESSES_MAX      64      /* of one family, over all availability zones */
#define RESOURCE_TARGETS_MAX        100     /* target groups of one resource */

/* Asking why and what if. */
#define TRACE_STEPS_MAX        4096     /* of one explanation; a tree that has more is cut short */
#define SIMULATION_QUERIES_MAX 200000   /* of one request; about half a second */
#define SIMULATION_STEPS_MAX   50000000 /* of their traces together, whatever the tree: seconds */
#define SIMULATION_ANSWERS_MAX 1000     /* different ones of one request; others are only counted */
#define SIMULATION_GROUPS_MAX  1000     /* weighted groups whose shares one request tells */
#define SUPPOSED_CHECKS_MAX    1000     /* of one request */

/* Server. */
#define WORKERS_MAX             256
#define LISTEN_ADDRESSES_MAX    64
#define UDP_BATCH               64 /* datagrams for one recvmmsg; more did not lower the CPU per query */
#define TCP_CONNECTIONS_DEFAULT 1024 /* over all workers */
#define TCP_IDLE_TIMEOUT_DEFAULT                                                                   \
    10 /* seconds; RFC 7766 §6.2.3 leaves it to us, "a few seconds"                               \
        */
#define TCP_TOTAL_TIMEOUT_DEFAULT 300 /* seconds one connection may live at all */

/* Control plane. */
#define ZONE_FILE_LINE_MAX     (1 << 20)    /* octets of one entry, parentheses and all */
#define ZONE_FILE_SIZE_MAX     (1ull << 31) /* octets of one import */
#define ZONE_FILE_WARNINGS_MAX 20           /* that one import tells; the others are counted */
#define CSV_FILE_SIZE_MAX      (1ull << 31) /* octets of one import of locations or latencies */
#define CSV_LINE_MAX           1000         /* octets; the longest row that makes sense has 100 */
#define CSV_COLUMNS_MAX        16
#define LATENCY_MS_MAX         60000      /* beyond any round trip that still is one */
#define HTTP_BODY_SIZE_MAX     (8u << 20) /* any other request */
#define HTTP_CONNECTIONS_MAX   64
#define HTTP_CONNECTION_MEMORY                                                                     \
    (128u << 10)                  /* octets of buffers each: headers, and a piece of a body */
#define HTTP_PATIENCE_S        30 /* seconds for a request's head, between requests, for a reply */
#define HTTP_RATE_MIN          1024 /* octets a second; a body or a reply may take that much longer */
#define HTTP_DRAIN_S           10   /* seconds that requests under way get when we stop */
#define HTTP_HEADERS_MAX       64 /* header fields of one request; further ones are not looked at */
#define HTTP_PATH_SEGMENTS_MAX 8  /* parts between slashes; ours have at most five */
#define HTTP_ARGUMENTS_MAX     8  /* of a query */
#define API_LISTENERS_MAX      8  /* addresses of api-listen */
#define CONFIG_FILE_SIZE_MAX   (1 << 20) /* octets */
#define JOURNAL_ROWS_PER_ZONE                                                                      \
    1000 /* older rows go; a follower that far behind takes the whole zone */
#define CHANGES_KEPT          100000 /* change records, and what is remembered of deleted zones */
#define CHANGES_PER_BATCH_MAX 1000   /* R-QTA-17 */
#define STORE_BUSY_TIMEOUT_MS 3000   /* how long another program may hold the database locked */
#define STORE_CHECK_SIZE_MAX                                                                       \
    (256ll << 20)                      /* larger files (about 3 million records, 1 s) are not      \
                                          searched for damage at start */
#define STORE_WAL_SIZE_KEPT (16 << 20) /* what an import's long log shrinks to afterwards */

#endif
