/*
 * cmd/config.h - signpost.conf read, checked and made into plain data.
 *
 * Every value is checked where its line is known, so that a mistake is reported with file, line,
 * key and what would be right.  Main thread only: libconfuse's scanner is one per process.
 */
#ifndef SIGNPOST_CMD_CONFIG_H
#define SIGNPOST_CMD_CONFIG_H

#include "signpost/base/limits.h"
#include "signpost/base/log.h"
#include "signpost/base/status.h"
#include "signpost/model/health_status.h"
#include "signpost/model/hosted_zone.h"
#include "signpost/model/quotas.h"
#include "signpost/zone/snapshot.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

#define CONFIG_PATH_DEFAULT     "/etc/signpost/signpost.conf"
#define CONFIG_SOCKET_DEFAULT   "/run/signpost/control.sock"
#define CONFIG_DNS_PORT         53
#define CONFIG_API_PORT         5380
#define CONFIG_API_TLS_PORT     443 /* clients that think they talk to AWS know no other */
#define CONFIG_PATH_SIZE        1024
#define CONFIG_USER_SIZE        64
#define CONFIG_NAME_SERVER_SIZE 64

struct config_addresses {
    unsigned count;
    struct sockaddr_storage at[LISTEN_ADDRESSES_MAX];
    bool tls[LISTEN_ADDRESSES_MAX]; /* of api-listen: the word "tls" stands behind it */
};

struct config_nsid {
    uint8_t size; /* 0: no NSID */
    uint8_t octets[NSID_SIZE_MAX];
};

struct config_quotas {
    unsigned word_count; /* of the list; 0: it is empty, and the values are not set */
    struct quotas values;
};

/* Where signatures are required of requests over TCP; not given: beyond loopback. */
struct config_signature {
    bool given;
    bool required;
};

struct config_seed {
    bool given;
    uint64_t value;
};

struct config {
    struct config_addresses listen;
    struct config_addresses api_listen; /* at most API_LISTENERS_MAX */
    struct config_signature require_signature;
    unsigned signature_skew_s;                  /* A-SIG-3 */
    char api_tls_certificate[CONFIG_PATH_SIZE]; /* "": no TLS */
    char api_tls_key[CONFIG_PATH_SIZE];
    char control_socket[CONFIG_PATH_SIZE];
    char database[CONFIG_PATH_SIZE];
    unsigned workers;            /* 0: one per CPU */
    char user[CONFIG_USER_SIZE]; /* "": stay who we are */
    struct zone_defaults defaults;
    unsigned edns_size;
    bool minimal_responses;
    bool minimal_any;
    struct config_nsid nsid;
    struct prefix_list explain_clients;
    struct prefix_list client_subnet;
    char geoip_database[CONFIG_PATH_SIZE]; /* an MMDB file; "": none */
    bool divide_negative_bias;             /* R-GPX-4 */
    struct checker_list checkers;
    char
        check_resolver[CONFIG_NAME_SERVER_SIZE]; /* "ADDRESS" or "ADDRESS@PORT"; "": the system's */
    bool deny_special_targets;                   /* R-HCE-6 */
    unsigned change_delay_s;                     /* R-PRP-1 */
    bool registered_targets;                     /* R-ALI-9: else any name of a service will do */
    struct config_quotas quotas;                 /* R-QTA; use config_quotas */
    char key_directory[CONFIG_PATH_SIZE];        /* "": "keys" beside the database */
    char key_credential[CONFIG_PATH_SIZE];       /* "": a file in that directory */
    char pkcs11_module[CONFIG_PATH_SIZE];        /* "": no token */
    char pkcs11_token[PKCS11_LABEL_SIZE];
    char pkcs11_pin[CONFIG_PATH_SIZE]; /* a file; "": the token has none */
    enum denial_form denial_of_existence;
    unsigned signature_validity_s;  /* R-SEC-6 */
    unsigned signatures_remembered; /* by each worker */
    unsigned signatures_per_second; /* that each worker may make of what no zone foresees */
    unsigned dnskey_ttl_s;
    unsigned dnskey_interval_s; /* R-SEC-6 */
    unsigned zsk_lifetime_s;    /* R-SEC-7; 0: rolled by hand only */
    bool publish_cds;           /* RFC 7344 */
    struct config_seed seed;
    unsigned tcp_connections;
    unsigned tcp_idle_timeout_s;
    unsigned tcp_total_timeout_s;
    char log_file[CONFIG_PATH_SIZE]; /* "": stderr */
    enum log_level log_level;
    bool log_json;
    uint64_t overridden; /* keys that config_set has touched, by their place in the table */
};

/* Every key at its default. */
void config_init(struct config *config);

/* Reads a file over what is there.  SP_ENOENT: no such file; SP_EINVAL "FILE:LINE: key: ..."; on an
 * error config holds a mixture and must be thrown away. */
int config_read(struct config *config, const char *path, struct problem *out_problem);

/* One "key=value" of the command line; the values of a list are separated by commas, and the first
 * such assignment of a list replaces what the file said.  SP_EINVAL. */
int config_set(struct config *config, const char *assignment, struct problem *out_problem);

/* Calls differs for every key whose value is not the same in both; live: it can change in a running
 * daemon. */
void config_compare(const struct config *old, const struct config *new,
                    void (*differs)(void *context, const char *key, bool live), void *context);

/* What no value alone can tell.  SP_EINVAL: an address beyond loopback, where anybody could change
 * every zone; TLS without a certificate or its key; half of what a token needs. */
int config_check(const struct config *config, struct problem *out_problem);

/* How many of each thing there may be. */
struct quotas config_quotas(const struct config *config);

/* How questions shall be answered. */
void config_answer_options(const struct config *config, struct answer_options *out_options);

#endif
