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
#define SET_IDENTIFIER_LENGTH_MAX   128     /* R-REC-1: characters */
#define SET_IDENTIFIER_SIZE_MAX     512     /* of them in UTF-8: octets */
#define HEALTH_CHECK_ID_SIZE_MAX    64      /* as the API's HealthCheckId */
#define HEALTH_SLOTS_MAX            65536   /* health checks, one word each: 512 KiB */
#define CIDR_BLOCKS_MAX             1000    /* of one collection (R-CID-3) */
#define KEY_SIGNING_KEYS_MAX        2       /* of one zone (R-SEC-1) */
#define KEY_PAIRS_MAX               100000  /* behind them; the ones that no zone uses stay */
#define ZONE_SIGNING_KEYS_MAX       4       /* of one zone: one of each state, and one to spare */
#define SIGNATURES_AHEAD            15      /* of a set that key-signing keys sign (R-SEC-6) */
#define KEY_CREDENTIAL_SIZE_MIN     32      /* as many octets as the AES keys that come from it */
#define KEY_CREDENTIAL_SIZE_MAX     1048576 /* what systemd takes for all credentials of a unit */
#define PKCS11_PIN_SIZE_MAX         255     /* no standard has a bound; tokens end at 64 or 255 */
#define PKCS11_SLOTS_MAX            256     /* with a token in them; the largest modules have 100 */
#define QUERY_LOGGING_CONFIGS_MAX   1       /* of one zone (R-LOG-1) */
#define TRAFFIC_POLICY_VERSIONS_MAX 1000    /* of one policy, R-QTA-16: also the highest number */
#define TRAFFIC_ID_SIZE_MAX         128     /* of a rule or an endpoint: no source has a limit */
#define LOCATIONS_MAX               4000000 /* rows of the location table */
#define LATENCIES_MAX               1000000 /* rows of the latency table */
#define RESOURCE_ADDRESSES_MAX      64      /* of one family, over all availability zones */
#define RESOURCE_TARGETS_MAX        100     /* target groups of one resource */

/* The Route 53 API. */
#define ROUTE53_ID_LENGTH_MAX 32  /* A-ID-3: characters of a zone's or a delegation set's id */
#define ROUTE53_PAGE_SIZE     100 /* A-XML-11: of a list that has no other, at most and by default */
#define ROUTE53_BODY_SIZE_MAX (4u << 20) /* A-HTTP-4 */

/* Health checks. */
#define HEALTH_CHECK_TEXT_SIZE_MAX   255    /* R-HCE: path, domain name, search string; octets */
#define HEALTH_CHECK_CHILDREN_MAX    256    /* R-HCC-1: what the API's list takes */
#define CALLER_REFERENCE_SIZE_MAX    256    /* the API's HealthCheckNonce: 64 characters of UTF-8 */
#define CHECKS_REMEMBERED            100000 /* deleted ones, for A-HCK-2 and A-HCK-13 */
#define TAGS_PER_RESOURCE_MAX        50     /* A-TAG-3 */
#define HEALTH_CHECKS_PER_PAGE       100    /* A-XML-11: unless the request says, and at most */
#define GEO_LOCATIONS_PER_PAGE       100    /* A-XML-11, unless the request says */
#define GEO_LOCATIONS_PER_PAGE_MAX   500    /* A-XML-11 */
#define ALARM_NAME_SIZE_MAX          256    /* R-HCW-1 */
#define REGION_NAME_SIZE             33     /* of an AWS Region or zone, with a zero */
#define ROUTING_CONTROL_ARN_SIZE_MAX 255    /* as the API's RoutingControlArn */
#define CHECKERS_MAX                 64     /* simulated ones; a mask of them is one word */
#define CHECKERS_PER_REGION          2      /* R-HCE-1: without a list of them */
#define CHECKER_REGIONS_MIN          3      /* of the eight, where a check chooses (11.2) */
#define HEALTH_REASON_SIZE           192 /* why a check turned, with a zero; the rest is cut off */
#define OVERRIDE_OWNER_SIZE_MAX      64
#define OVERRIDE_REASON_SIZE_MAX     256
#define OVERRIDE_REASON_TOLD_MAX     100  /* octets of it in the history */
#define PROBE_BODY_SEARCHED          5120 /* R-HCE-13 */
#define PROBE_BODY_READ_MAX          65536 /* octets of a compressed body; 5,120 never need as many */
#define PROBE_HEADERS_SIZE_MAX       16384 /* R-HCE-15 */
#define PROBES_UNDER_WAY_MAX         16384 /* sockets at once; others wait, and are late */
#define PROBES_UNDER_WAY_LEAST       16    /* of them, however few files may be open */
#define PROBES_BEGUN_AT_ONCE         64 /* in one turn of the loop, so that answers are seen in time */
#define PROBE_RESOLVE_MS             4000 /* for an address of a name; no rule has a limit for it */
#define PROBE_CONNECT_MS             4000 /* R-HCE-11 */
#define PROBE_CONNECT_TCP_MS         10000 /* R-HCE-10 */
#define PROBE_STATUS_MS              2000  /* R-HCE-11, from the connection on */
#define PROBE_REST_MS                2000  /* R-HCE-13, from the status on; for headers and body */
#define HEALTH_EVENTS_WAITING_MAX    8192  /* turns that control has not stored yet */
#define NEWS_GATHER_MS               10    /* turns of so many milliseconds are stored together */
#define HEALTH_EVENTS_PER_CHECK      100   /* kept; older ones go */

/* Alarms, routing controls, zonal shifts, drills. */
#define ALARMS_MAX              10000
#define RECOVERY_NAME_SIZE_MAX  64 /* of a routing control, a panel or a safety rule */
#define ROUTING_CONTROLS_MAX    1000
#define SAFETY_RULES_MAX        1000
#define RULE_WAIT_MS_MAX        (3600 * 1000) /* between changes, an hour is a long wait already */
#define RULE_CONTROLS_MAX       32  /* asserted, gating or target controls of one safety rule */
#define SHIFT_COMMENT_SIZE_MAX  128 /* R-ZSH-1 */
#define SHIFT_MS_MAX            (72ull * 3600 * 1000) /* R-ZSH-1 */
#define SHIFTS_KEPT             1000                  /* ended ones that are remembered */
#define DRILL_STEPS_MAX         64                    /* things that one drill breaks */
#define DRILL_WATCHES_MAX       64                    /* questions that one drill watches */
#define DRILL_MS_MAX            (24ull * 3600 * 1000)
#define DRILL_NAME_SIZE_MAX     128
#define DRILL_TARGET_SIZE_MAX   64   /* the name of what breaks */
#define DRILL_REMARKS_SIZE      1024 /* what could not be restored, with a zero */
#define DRILL_NAMES_MAX         100  /* health checks that a hook turns, or rules overridden */
#define DRILL_COMMAND_SIZE_MAX  4096 /* octets of a hook's command */
#define DRILL_ASKED_MAX         1024 /* questions that the prediction for one watch asks each time */
#define DRILL_ASKED_QUIET       64   /* in a row without a new answer: there is none, most likely */
#define DRILL_ANSWERS_MAX       64   /* different ones of one watch that a prediction tells */
#define DRILL_GROUPS_MAX        1000 /* of one question's tree that are searched for checks */
#define DRILL_DOCUMENT_SIZE_MAX (256u << 10) /* octets of a definition */
#define DRILL_REPORT_SIZE_MAX   (4u << 20)   /* octets of a report */
#define DRILLS_KEPT             100
#define DRILL_ITEMS_MAX         64 /* different answers of one question that its watcher tells apart */
#define DRILL_ANSWERS_WHOLE_MAX 16    /* a question that has more is watched value by value */
#define DRILL_SEGMENTS_MAX      400   /* of one question's time, for the report to stay readable */
#define DRILL_HOOK_OUTPUT_SIZE  512   /* what a hook said that the report keeps, with a zero */
#define DRILL_EVENTS_MAX        1000  /* that a report tells */
#define DRILL_EVERY_MS_MIN      10    /* between two askings of a question */
#define DRILL_PATIENCE_MS       1000  /* for a reply; then the question is unanswered */
#define DRILL_RESTORE_MS        60000 /* for a command that restores */
#define DRILL_TERM_MS           2000  /* for a command to end once it is told to */
#define DRILL_CALL_MS           10000 /* for a reply of the HTTP interface during a drill */

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

/* DNSSEC, as the configuration may set it. */
#define SIGNATURE_VALIDITY_DEFAULT    86400    /* seconds (R-SEC-6) */
#define SIGNATURE_VALIDITY_MAX        2592000  /* 30 days; a signature cannot be taken back */
#define SIGNATURES_REMEMBERED_DEFAULT 65536    /* of each worker, 8 MiB */
#define SIGNATURES_REMEMBERED_MIN     64       /* those of one small zone */
#define SIGNATURES_REMEMBERED_MAX     16777216 /* 2 GiB */
#define SIGNATURES_PER_SECOND_DEFAULT 8000     /* of each worker, a quarter of its time or so */
#define SIGNATURES_PER_SECOND_MAX     1000000  /* more than any processor makes */
#define DNSKEY_TTL_DEFAULT            3600     /* seconds, as Route 53 serves it */
#define DNSKEY_TTL_MAX                86400    /* a roll waits three times as long */
#define DNSKEY_INTERVAL_DEFAULT       86400    /* seconds (R-SEC-6) */
#define DNSKEY_INTERVAL_MAX           604800   /* R-SEC-6: remade every 7 days at least */
#define ZSK_LIFETIME_DEFAULT          1209600  /* 14 days; R-SEC-7 has 7 to 30 */
#define ZSK_LIFETIME_MAX              31536000 /* a year; 0 is for ever */
#define SIGNED_ZONES_AT_ONCE          4        /* whose keys one tick sees to; others wait */
#define SIGNED_ZONES_AT_START         64       /* before the first question; others soon after */
#define PKCS11_LABEL_SIZE             33       /* PKCS #11, CK_TOKEN_INFO: 32 octets, and a zero */

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
#define HTTP_PATH_SEGMENTS_MAX 8  /* parts between slashes; ours have at most six */
#define HTTP_ARGUMENTS_MAX     16 /* of a query; ours take 6 at most, a presigned one adds 8 */
#define API_LISTENERS_MAX      8  /* addresses of api-listen */
#define HTTP_PAUSE_MAX_MS      64 /* between two looks at connections that have not come further */
#define TLS_FILE_SIZE_MAX      65536  /* of PEM; a chain of four with RSA-4096 has 10 KB */
#define TLS_CHAIN_MAX          8      /* certificates up to the CA; public ones need three */
#define SIGNATURE_SKEW_DEFAULT 300    /* A-SIG-3 */
#define ACCESS_KEYS_MAX        10000  /* a team has some; each request reads one by its id */
#define ACCESS_KEY_ZONES_MAX   64     /* of one key, 16 KB; who has more to do gets a whole one */
#define AUDIT_ROWS_KEPT        100000 /* about 20 MB */
#define AUDIT_PAGE_MAX         1000   /* rows of one answer; 100 when the request does not say */
#define AUDIT_WAITING_MAX                                                                          \
    256 /* rows without a transaction of their own; more are stored at once                        \
         */
#define AUDIT_REFUSED_MAX                                                                          \
    60 /* a minute, of the door; more are counted, so that nobody can wash                         \
          the audit or the log away */
#define XML_DEPTH_MAX        16   /* elements that a shape nests; ours have at most eight */
#define XML_TAG_SIZE_MAX     2048 /* octets of one start tag: libxml2 compares attributes in pairs */
#define XML_FAULTS_MAX       1000      /* told of one document: as many as a batch has changes */
#define XML_FAULT_TEXT_MAX   4096      /* octets of a refused text that its fault repeats */
#define CONFIG_FILE_SIZE_MAX (1 << 20) /* octets */
#define JOURNAL_ROWS_PER_ZONE                                                                      \
    1000 /* older rows go; a follower that far behind takes the whole zone */
#define CHANGES_KEPT          100000 /* change records, and what is remembered of deleted zones */
#define CHANGES_UNSEEN_MAX    256    /* changes whose way to the workers is followed one by one */
#define CHANGES_KEPT_S        (24 * 3600) /* A-CHN-2: so long at least, as far as there is room */
#define CHANGES_KEPT_MAX      1000000     /* of them; about 100 MB */
#define CHANGES_PER_BATCH_MAX 1000        /* R-QTA-17 */
#define CHANGE_CHARACTERS_MAX 32000       /* R-QTA-18: of all values of one request */
#define CHANGES_WAITING_MAX                                                                        \
    32 /* of one zone, for workers to have them: half the connections of a listener stay free */
#define STORE_BUSY_TIMEOUT_MS 3000 /* how long another program may hold the database locked */
#define STORE_CHECK_SIZE_MAX                                                                       \
    (256ll << 20)                      /* larger files (about 3 million records, 1 s) are not      \
                                          searched for damage at start */
#define STORE_WAL_SIZE_KEPT (16 << 20) /* what an import's long log shrinks to afterwards */

#endif
