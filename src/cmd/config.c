/*
 * libconfuse splits the text into keys and values; what a value may be is ours, in one table.  All
 * values are strings to libconfuse, and a callback hands each to its key's own reader as soon as it
 * is scanned: only then is the line known.
 *
 * Comments are blanked out before libconfuse sees them: version 3.3 counts the lines of a comment
 * more than once, and refuses comments inside a list.
 */
#include "config.h"

#include "signpost/base/address.h"
#include "signpost/base/prefix.h"

#include <arpa/inet.h>
#include <confuse.h>
#include <errno.h>
#include <limits.h>
#include <netdb.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/un.h>

struct key;

/* Reads one value; NULL: done, else what is wrong or "" for key->right. */
typedef const char *key_reader(struct config *config, const struct key *key, const char *text);

struct key {
    const char *name;
    key_reader *read;
    size_t offset; /* of the member of struct config */
    size_t size;
    const char *right;    /* what a value must be */
    unsigned least, most; /* of a number, or of the count of a list */
    bool live;            /* a reread configuration can change it */
    bool list;
};

static void *member(struct config *config, const struct key *key)
{
    return (char *)config + key->offset;
}

/* ---- one reader for each kind of value ---- */

static const char *read_number(struct config *config, const struct key *key, const char *text)
{
    char *end;
    errno = 0;
    unsigned long value = strtoul(text, &end, 10);
    if (text[0] < '0' || text[0] > '9' || *end != '\0' || errno != 0 || value < key->least ||
        value > key->most)
        return "";
    *(unsigned *)member(config, key) = (unsigned)value;
    return NULL;
}

/* false: it is no such word. */
static bool flag_from_text(const char *text, bool *out_flag)
{
    static const char *const words[] = { "no", "yes", "false", "true", "off", "on" };
    for (unsigned i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        if (strcasecmp(text, words[i]) == 0) {
            *out_flag = i % 2 == 1;
            return true;
        }
    return false;
}

static const char *read_flag(struct config *config, const struct key *key, const char *text)
{
    return flag_from_text(text, member(config, key)) ? NULL : "";
}

static const char *read_signature(struct config *config, const struct key *key, const char *text)
{
    struct config_signature *signature = member(config, key);
    signature->given = flag_from_text(text, &signature->required);
    return signature->given ? NULL : "";
}

/* least: the shortest that is right. */
static const char *read_text(struct config *config, const struct key *key, const char *text)
{
    size_t size = strlen(text);
    if (size < key->least)
        return "";
    if (size >= key->size)
        return "it is too long";
    char *to = member(config, key);
    memset(to, 0, key->size); /* so that equal texts are equal octets */
    memcpy(to, text, size);
    return NULL;
}

static const char *read_socket_path(struct config *config, const struct key *key, const char *text)
{
    if (strlen(text) >= sizeof(((struct sockaddr_un *)0)->sun_path))
        return "it is too long for a Unix socket";
    return read_text(config, key, text);
}

static const char *read_name(struct config *config, const struct key *key, const char *text)
{
    uint8_t name[DNS_NAME_SIZE_MAX] = { 0 };
    const char *why;
    size_t size = text[0] == '\0' ? 0 : dns_name_from_text(name, text, strlen(text), NULL, &why);
    if (size == 0)
        return "";
    dns_name_lower(name, name, size);
    memset(member(config, key), 0, key->size);
    memcpy(member(config, key), name, size);
    return NULL;
}

static const char *read_nsid(struct config *config, const struct key *key, const char *text)
{
    struct config_nsid *nsid = member(config, key);
    size_t size = strlen(text);
    if (size > NSID_SIZE_MAX)
        return "";
    *nsid = (struct config_nsid){ .size = (uint8_t)size };
    memcpy(nsid->octets, text, size);
    return NULL;
}

static const char *read_seed(struct config *config, const struct key *key, const char *text)
{
    struct config_seed *seed = member(config, key);
    char *end;
    errno = 0;
    unsigned long long value = strtoull(text, &end, 0);
    if (text[0] < '0' || text[0] > '9' || *end != '\0' || errno != 0)
        return "";
    memset(seed, 0, sizeof(*seed));
    seed->given = true;
    seed->value = value;
    return NULL;
}

static const char *read_level(struct config *config, const struct key *key, const char *text)
{
    return log_level_from_text(text, member(config, key)) ? NULL : "";
}

static const char *read_format(struct config *config, const struct key *key, const char *text)
{
    bool json = strcasecmp(text, "json") == 0;
    if (!json && strcasecmp(text, "text") != 0)
        return "";
    *(bool *)member(config, key) = json;
    return NULL;
}

static const char *read_prefix(struct config *config, const struct key *key, const char *text)
{
    struct prefix_list *list = member(config, key);
    if (list->count == key->most)
        return "there are too many prefixes";
    const char *why = prefix_from_text(&list->items[list->count], text);
    if (why == NULL)
        list->count++;
    return why;
}

/* The words of the problem are gone with the next call; one thread reads configurations. */
static const char *read_checker(struct config *config, const struct key *key, const char *text)
{
    static struct problem problem;
    int rc = checker_list_add(member(config, key), text, &problem);
    return rc == 0 ? NULL : problem.text;
}

/* "none" or "route53", then single ones; the words of a problem live until the next. */
static const char *read_quota(struct config *config, const struct key *key, const char *text)
{
    static struct problem problem;
    struct config_quotas *quotas = member(config, key);
    bool is_first = quotas->word_count == 0;
    bool route53 = strcmp(text, "route53") == 0;
    if (is_first)
        quotas->values = route53 ? quotas_route53() : quotas_none();
    if (route53 || strcmp(text, "none") == 0) {
        if (!is_first)
            return "this word comes first";
    } else if (quotas_set(&quotas->values, text, &problem) != 0) {
        return problem.text;
    }
    quotas->word_count++;
    return NULL;
}

static const char *parse_address(const char *text, const char *default_port,
                                 struct sockaddr_storage *out);

static const char *read_name_server(struct config *config, const struct key *key, const char *text)
{
    struct sockaddr_storage ignored;
    const char *why = text[0] != '\0' ? parse_address(text, "53", &ignored) : NULL;
    return why != NULL ? why : read_text(config, key, text);
}

/* R-GPX-4: what a negative bias does to a distance. */
static const char *read_bias(struct config *config, const struct key *key, const char *text)
{
    bool divide = strcasecmp(text, "divide") == 0;
    if (!divide && strcasecmp(text, "multiply") != 0)
        return "";
    *(bool *)member(config, key) = divide;
    return NULL;
}

/* R-ALI-9: whether aliases to names of AWS services need an entry in the registry. */
static const char *read_targets(struct config *config, const struct key *key, const char *text)
{
    bool registered = strcasecmp(text, "registered") == 0;
    if (!registered && strcasecmp(text, "lenient") != 0)
        return "";
    *(bool *)member(config, key) = registered;
    return NULL;
}

/* How a signed zone says that a name does not exist: R-SEC-11, or RFC 9824. */
static const char *read_denial(struct config *config, const struct key *key, const char *text)
{
    bool compact = strcasecmp(text, "compact") == 0;
    if (!compact && strcasecmp(text, "route53") != 0)
        return "";
    *(enum denial_form *)member(config, key) = compact ? DENIAL_COMPACT : DENIAL_ROUTE53;
    return NULL;
}

/* "127.0.0.1@5300", "::1@5300", or without the port. */
static const char *parse_address(const char *text, const char *default_port,
                                 struct sockaddr_storage *out)
{
    struct addrinfo hints = { .ai_flags = AI_NUMERICHOST | AI_NUMERICSERV | AI_PASSIVE,
                              .ai_socktype = SOCK_DGRAM };
    struct addrinfo *found;
    char host[80], *end;
    const char *at = strchr(text, '@');
    const char *port = at != NULL ? at + 1 : default_port;
    size_t size = at != NULL ? (size_t)(at - text) : strlen(text);
    unsigned long number = strtoul(port, &end, 10);
    if (size == 0 || size >= sizeof(host) || port[0] < '0' || port[0] > '9' || *end != '\0' ||
        number > 65535)
        return "";
    memcpy(host, text, size);
    host[size] = '\0';
    /* getaddrinfo would take "127.1" and "0x7f000001", which mean what nobody expects. */
    struct in_addr four_numbers;
    if (strchr(host, ':') == NULL && inet_pton(AF_INET, host, &four_numbers) != 1)
        return "";
    if (getaddrinfo(host, port, &hints, &found) != 0)
        return "";
    memset(out, 0, sizeof(*out));
    memcpy(out, found->ai_addr, found->ai_addrlen);
    freeaddrinfo(found);
    return NULL;
}

/* Whether a word follows the text, set off by blanks; the text then ends before it. */
static bool cut_word(char *text, const char *word)
{
    size_t size = strlen(text), word_size = strlen(word);
    if (size <= word_size || strcmp(text + size - word_size, word) != 0 ||
        text[size - word_size - 1] != ' ')
        return false;
    size -= word_size;
    while (size > 0 && text[size - 1] == ' ')
        size--;
    text[size] = '\0';
    return true;
}

static const char *read_address(struct config *config, const struct key *key, const char *whole)
{
    struct config_addresses *list = member(config, key);
    char port[8], text[80];
    struct sockaddr_storage address;
    bool dns = list == &config->listen;
    if (list->count == key->most)
        return "there are too many addresses";
    if ((size_t)snprintf(text, sizeof(text), "%s", whole) >= sizeof(text))
        return "";
    bool tls = !dns && cut_word(text, "tls");
    snprintf(port, sizeof(port), "%d",
             dns   ? CONFIG_DNS_PORT
             : tls ? CONFIG_API_TLS_PORT
                   : CONFIG_API_PORT);
    const char *why = parse_address(text, port, &address);
    if (why != NULL)
        return why;
    for (unsigned i = 0; i < list->count; i++)
        if (memcmp(&list->at[i], &address, sizeof(address)) == 0 && strstr(text, "@0") == NULL)
            return "this address is in the list already";
    list->tls[list->count] = tls;
    list->at[list->count++] = address;
    return NULL;
}

/* ---- the table ---- */

#define MEMBER(name) offsetof(struct config, name), sizeof(((struct config *)0)->name)
#define YES_OR_NO    "yes or no"

static const struct key keys[] = {
    { "listen", read_address, MEMBER(listen),
      "an address such as 127.0.0.1@5300 or ::1@53 (without @, the port is 53)", 1,
      LISTEN_ADDRESSES_MAX, false, true },
    { "api-listen", read_address, MEMBER(api_listen),
      "an address such as 127.0.0.1@5380 or \"::1@443 tls\" (without @, the port is 5380, with tls "
      "443)",
      0, API_LISTENERS_MAX, false, true },
    { "api-tls-certificate", read_text, MEMBER(api_tls_certificate),
      "the path of a file, or nothing for none", 0, 0, true, false },
    { "api-tls-key", read_text, MEMBER(api_tls_key), "the path of a file, or nothing for none", 0,
      0, true, false },
    { "require-signature", read_signature, MEMBER(require_signature), YES_OR_NO, 0, 0, false,
      false },
    { "signature-skew", read_number, MEMBER(signature_skew_s),
      "a number of seconds from 1 to 86400", 1, 86400, false, false },
    { "control-socket", read_socket_path, MEMBER(control_socket), "the path of a Unix socket", 1, 0,
      false, false },
    { "database", read_text, MEMBER(database), "the path of a file", 1, 0, false, false },
    { "workers", read_number, MEMBER(workers), "a number from 0 (one per CPU) to 256", 0,
      WORKERS_MAX, false, false },
    { "user", read_text, MEMBER(user), "the name of a user", 0, 0, false, false },
    { "server-domain", read_name, MEMBER(defaults.server_domain),
      "a domain name such as signpost.test", 0, 0, false, false },
    { "hostmaster", read_name, MEMBER(defaults.hostmaster),
      "a mailbox written as a domain name, such as hostmaster.example.com", 0, 0, false, false },
    { "edns-size", read_number, MEMBER(edns_size), "a number of octets from 512 to 4096",
      DNS_UDP_SIZE_MIN, EDNS_SIZE_MAX, true, false },
    { "minimal-responses", read_flag, MEMBER(minimal_responses), YES_OR_NO, 0, 0, true, false },
    { "minimal-any", read_flag, MEMBER(minimal_any), YES_OR_NO, 0, 0, true, false },
    { "nsid", read_nsid, MEMBER(nsid), "a text of at most 128 octets", 0, 0, true, false },
    { "explain-clients", read_prefix, MEMBER(explain_clients),
      "an address prefix such as 127.0.0.0/8 or ::1", 0, PREFIX_LIST_MAX, true, true },
    { "client-subnet", read_prefix, MEMBER(client_subnet),
      "an address prefix such as 0.0.0.0/0 or 2001:db8::/32", 0, PREFIX_LIST_MAX, true, true },
    { "geoip-database", read_text, MEMBER(geoip_database),
      "the path of an MMDB file, or nothing for none", 0, 0, true, false },
    { "negative-bias", read_bias, MEMBER(divide_negative_bias), "multiply or divide", 0, 0, true,
      false },
    { "checkers", read_checker, MEMBER(checkers),
      "REGION, REGION@ADDRESS or REGION@INTERFACE, such as us-east-1", 1, CHECKERS_MAX, false,
      true },
    { "check-resolver", read_name_server, MEMBER(check_resolver),
      "the address of a name server such as 127.0.0.1@5300, or nothing for the system's", 0, 0,
      false, false },
    { "deny-special-targets", read_flag, MEMBER(deny_special_targets), YES_OR_NO, 0, 0, false,
      false },
    { "alias-targets", read_targets, MEMBER(registered_targets), "lenient or registered", 0, 0,
      true, false },
    { "change-delay", read_number, MEMBER(change_delay_s), "a number of seconds from 0 to 86400", 0,
      86400, true, false },
    { "quotas", read_quota, MEMBER(quotas),
      "none or route53, behind it single ones such as hosted-zones=100", 0, 0, true, true },
    { "key-directory", read_text, MEMBER(key_directory),
      "the path of a directory, or nothing for the folder keys beside the database", 0, 0, false,
      false },
    { "key-credential", read_text, MEMBER(key_credential),
      "the path of a file, the name of a credential of systemd, or nothing", 0, 0, false, false },
    { "pkcs11-module", read_text, MEMBER(pkcs11_module),
      "the path of a library, or nothing for none", 0, 0, false, false },
    { "pkcs11-token", read_text, MEMBER(pkcs11_token),
      "the label of a token, which has at most 32 octets", 0, 0, false, false },
    { "pkcs11-pin", read_text, MEMBER(pkcs11_pin),
      "the path of a file, the name of a credential of systemd, or nothing for none", 0, 0, false,
      false },
    { "denial-of-existence", read_denial, MEMBER(denial_of_existence), "route53 or compact", 0, 0,
      true, false },
    { "signature-validity", read_number, MEMBER(signature_validity_s),
      "a number of seconds from 2 to 2592000", 2, SIGNATURE_VALIDITY_MAX, true, false },
    { "signatures-remembered", read_number, MEMBER(signatures_remembered),
      "a number from 64 to 16777216", SIGNATURES_REMEMBERED_MIN, SIGNATURES_REMEMBERED_MAX, false,
      false },
    { "signatures-per-second", read_number, MEMBER(signatures_per_second),
      "a number from 0 to 1000000", 0, SIGNATURES_PER_SECOND_MAX, false, false },
    { "dnskey-ttl", read_number, MEMBER(dnskey_ttl_s), "a number of seconds from 1 to 86400", 1,
      DNSKEY_TTL_MAX, true, false },
    { "dnskey-interval", read_number, MEMBER(dnskey_interval_s),
      "a number of seconds from 1 to 604800", 1, DNSKEY_INTERVAL_MAX, true, false },
    { "zsk-lifetime", read_number, MEMBER(zsk_lifetime_s),
      "a number of seconds from 0 (rolled by hand) to 31536000", 0, ZSK_LIFETIME_MAX, true, false },
    { "publish-cds", read_flag, MEMBER(publish_cds), YES_OR_NO, 0, 0, true, false },
    { "seed", read_seed, MEMBER(seed), "a number from 0 to 18446744073709551615", 0, 0, false,
      false },
    { "tcp-connections", read_number, MEMBER(tcp_connections), "a number from 1 to 1000000", 1,
      1000000, false, false },
    { "tcp-idle-timeout", read_number, MEMBER(tcp_idle_timeout_s),
      "a number of seconds from 1 to 3600", 1, 3600, true, false },
    { "tcp-total-timeout", read_number, MEMBER(tcp_total_timeout_s),
      "a number of seconds from 1 to 86400", 1, 86400, true, false },
    { "log-file", read_text, MEMBER(log_file), "the path of a file, or nothing for stderr", 0, 0,
      true, false },
    { "log-level", read_level, MEMBER(log_level), "error, warning, info or debug", 0, 0, true,
      false },
    { "log-format", read_format, MEMBER(log_json), "text or json", 0, 0, true, false },
};

#define KEY_COUNT (sizeof(keys) / sizeof(keys[0]))

_Static_assert(KEY_COUNT <= 64, "a bit for each key: struct reading, struct config");

static const struct key *find_key(const char *name, size_t size)
{
    for (size_t i = 0; i < KEY_COUNT; i++)
        if (strlen(keys[i].name) == size && memcmp(keys[i].name, name, size) == 0)
            return &keys[i];
    return NULL;
}

void config_init(struct config *config)
{
    static const char *const defaults[] = {
        "listen=127.0.0.1@53",
        ("control-socket=" CONFIG_SOCKET_DEFAULT),
        "database=/var/lib/signpost/signpost.db",
        "server-domain=signpost.test",
        "hostmaster=awsdns-hostmaster.amazon.com",
        "explain-clients=127.0.0.0/8,::1",
        "client-subnet=0.0.0.0/0,::/0",
        "quotas=none",
    };
    memset(config, 0, sizeof(*config));
    for (size_t i = 0; i < sizeof(defaults) / sizeof(defaults[0]); i++)
        config_set(config, defaults[i], NULL);
    checker_list_init(&config->checkers);
    config->signature_skew_s = SIGNATURE_SKEW_DEFAULT;
    config->edns_size = EDNS_SIZE_DEFAULT;
    config->signature_validity_s = SIGNATURE_VALIDITY_DEFAULT;
    config->signatures_remembered = SIGNATURES_REMEMBERED_DEFAULT;
    config->signatures_per_second = SIGNATURES_PER_SECOND_DEFAULT;
    config->dnskey_ttl_s = DNSKEY_TTL_DEFAULT;
    config->dnskey_interval_s = DNSKEY_INTERVAL_DEFAULT;
    config->zsk_lifetime_s = ZSK_LIFETIME_DEFAULT;
    config->tcp_connections = TCP_CONNECTIONS_DEFAULT;
    config->tcp_idle_timeout_s = TCP_IDLE_TIMEOUT_DEFAULT;
    config->tcp_total_timeout_s = TCP_TOTAL_TIMEOUT_DEFAULT;
    config->log_level = LOG_LEVEL_INFO;
    config->overridden = 0;
}

/* ---- the nearest key ---- */

#define WORD_MAX 32

static unsigned least_of(unsigned a, unsigned b, unsigned c)
{
    unsigned least = a < b ? a : b;
    return least < c ? least : c;
}

/* How many letters must be put in, taken out or changed to make one word of the other
 * (Levenshtein). */
static unsigned distance(const char *a, const char *b)
{
    unsigned row[WORD_MAX + 1];
    size_t width = strnlen(b, WORD_MAX);
    for (unsigned j = 0; j <= width; j++)
        row[j] = j;
    for (unsigned i = 0; a[i] != '\0' && i < WORD_MAX; i++) {
        unsigned diagonal = row[0];
        row[0] = i + 1;
        for (unsigned j = 0; j < width; j++) {
            unsigned above = row[j + 1];
            row[j + 1] = least_of(above + 1, row[j] + 1, diagonal + (a[i] != b[j]));
            diagonal = above;
        }
    }
    return row[width];
}

static const char *nearest_key(const char *name)
{
    const char *nearest = keys[0].name;
    for (size_t i = 1; i < KEY_COUNT; i++)
        if (distance(name, keys[i].name) < distance(name, nearest))
            nearest = keys[i].name;
    return nearest;
}

/* ---- a file ---- */

/* What libconfuse's callbacks need to know; they get no context of ours. */
static struct reading {
    struct config *config;
    const char *path;
    struct problem *problem;
    unsigned last_line;
    uint64_t seen;
} * reading;

static int wrong_value(struct problem *out_problem, const char *where, const struct key *key,
                       const char *text, const char *why)
{
    return problem_set(out_problem, SP_EINVAL, "%s%s: \"%.200s\" is not right: %s%s%s", where,
                       key->name, text, why, why[0] != '\0' ? "; it must be " : "it must be ",
                       key->right);
}

static void on_error(cfg_t *cfg, const char *format, va_list arguments)
{
    char text[512];
    static const char unknown[] = "no such option '";
    if (reading->problem->status != 0)
        return; /* the first mistake is the one to mend first */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
    vsnprintf(text, sizeof(text), format, arguments);
#pragma GCC diagnostic pop
    if (strncmp(text, unknown, sizeof(unknown) - 1) == 0) {
        char *name = text + sizeof(unknown) - 1;
        name[strcspn(name, "'")] = '\0';
        problem_set(reading->problem, SP_EINVAL,
                    "%s:%d: unknown key \"%.100s\"; the nearest one is \"%s\"", reading->path,
                    cfg->line, name, nearest_key(name));
    } else if (strstr(text, "premature end") != NULL) {
        /* cfg->line is a line or two beyond the last one by then. */
        problem_set(
            reading->problem, SP_EINVAL,
            "%s:%u: the file ends inside a setting; is a quote, a brace or a value missing?",
            reading->path, reading->last_line);
    } else {
        problem_set(reading->problem, SP_EINVAL, "%s:%d: %s", reading->path, cfg->line, text);
    }
}

/* Runs after every value; a list is read anew from its first value on, because this is also called
 * once more at its end. */
static int on_value(cfg_t *cfg, cfg_opt_t *option)
{
    const struct key *key = find_key(cfg_opt_name(option), strlen(cfg_opt_name(option)));
    uint64_t bit = 1ull << (key - keys);
    unsigned count = cfg_opt_size(option);
    char where[CONFIG_PATH_SIZE + 32];
    snprintf(where, sizeof(where), "%s:%d: ", reading->path, cfg->line);
    if (!key->list && (reading->seen & bit) != 0) {
        problem_set(reading->problem, SP_EINVAL, "%s%s is given twice; keep one of the two", where,
                    key->name);
        return -1;
    }
    reading->seen |= bit;
    if (key->list)
        memset(member(reading->config, key), 0, key->size);
    for (unsigned i = 0; i < count; i++) {
        const char *text = cfg_opt_getnstr(option, i);
        const char *why = key->read(reading->config, key, text);
        if (why != NULL) {
            wrong_value(reading->problem, where, key, text, why);
            return -1;
        }
    }
    return 0;
}

/* Comments become blanks: "#" and "//" up to the end of the line, and C comments.  The latter two
 * count only where a word may begin, since paths and URLs hold slashes too. */
static void blank_comments(char *text)
{
    char quote = '\0';
    bool fresh = true;
    for (char *at = text; *at != '\0'; at++) {
        if (quote != '\0') {
            if (*at == '\\' && at[1] != '\0')
                at++;
            else if (*at == quote)
                quote = '\0';
            continue;
        }
        if (*at == '"' || *at == '\'') {
            quote = *at;
        } else if (*at == '#' || (fresh && at[0] == '/' && at[1] == '/')) {
            while (at[1] != '\0' && at[1] != '\n')
                *at++ = ' ';
            *at = ' ';
        } else if (fresh && at[0] == '/' && at[1] == '*') {
            const char *end = strstr(at + 2, "*/");
            for (; end != NULL && at < end + 1; at++)
                if (*at != '\n')
                    *at = ' ';
            if (end != NULL)
                *at = ' ';
        }
        fresh = strchr(" \t\r\n{}=,", *at) != NULL;
    }
}

/* The whole file as a string of its own.  NULL: the problem says why. */
static char *load_text(const char *path, struct problem *out_problem)
{
    struct stat status;
    FILE *file = fopen(path, "re");
    if (file == NULL) {
        problem_set(out_problem, errno == ENOENT ? SP_ENOENT : SP_EINVAL, "cannot read %s: %s",
                    path, strerror(errno));
        return NULL;
    }
    char *text = NULL;
    if (fstat(fileno(file), &status) != 0 || S_ISDIR(status.st_mode)) {
        problem_set(out_problem, SP_EINVAL, "%s is a directory; it must be a file", path);
    } else if ((text = calloc(1, CONFIG_FILE_SIZE_MAX + 2)) == NULL) {
        problem_set(out_problem, SP_ENOMEM, "no memory to read %s", path);
    } else {
        size_t size = fread(text, 1, CONFIG_FILE_SIZE_MAX, file);
        int more = getc(file);
        text[size] = '\n';
        if (ferror(file) || more != EOF || strlen(text) != size + 1) {
            problem_set(out_problem, SP_EINVAL, "%s is no configuration file: %s", path,
                        more != EOF ? "it is too big" : "it cannot be read as text");
            free(text);
            text = NULL;
        }
    }
    fclose(file);
    return text;
}

/* load_text has put one line end behind the text, whether or not it had its own. */
static unsigned count_lines(const char *text)
{
    unsigned count = 0;
    for (const char *at = text; *at != '\0'; at++)
        if (*at == '\n' && (at[1] != '\0' || at == text || at[-1] != '\n'))
            count++;
    return count;
}

/* libconfuse calls on_value for each value of a list, so for none of an empty one. */
static void take_empty_lists(cfg_t *cfg)
{
    for (size_t i = 0; i < KEY_COUNT; i++) {
        const cfg_opt_t *option = cfg_getopt(cfg, keys[i].name);
        if (!keys[i].list || (option->flags & CFGF_MODIFIED) == 0 || option->nvalues > 0)
            continue;
        memset(member(reading->config, &keys[i]), 0, keys[i].size);
        if (keys[i].least > 0)
            problem_set(reading->problem, SP_EINVAL, "%s: %s: the list is empty; it must be %s",
                        reading->path, keys[i].name, keys[i].right);
    }
}

static int parse_text(char *text)
{
    cfg_opt_t options[KEY_COUNT + 1];
    cfg_opt_t end = CFG_END();
    for (size_t i = 0; i < KEY_COUNT; i++) {
        cfg_opt_t one = CFG_STR(keys[i].name, NULL, CFGF_NODEFAULT);
        cfg_opt_t many = CFG_STR_LIST(keys[i].name, NULL, CFGF_NODEFAULT);
        options[i] = keys[i].list ? many : one;
    }
    options[KEY_COUNT] = end;
    cfg_t *cfg = cfg_init(options, CFGF_NONE);
    if (cfg == NULL)
        return problem_set(reading->problem, SP_ENOMEM, "no memory to read %s", reading->path);
    cfg_set_error_function(cfg, on_error);
    for (size_t i = 0; i < KEY_COUNT; i++)
        cfg_set_validate_func(cfg, keys[i].name, on_value);
    blank_comments(text);
    int rc = cfg_parse_buf(cfg, text);
    if (rc == CFG_SUCCESS)
        take_empty_lists(cfg);
    cfg_free(cfg);
    if (rc != CFG_SUCCESS && reading->problem->status == 0)
        problem_set(reading->problem, SP_EINVAL, "cannot read %s", reading->path);
    return reading->problem->status;
}

int config_read(struct config *config, const char *path, struct problem *out_problem)
{
    struct problem problem = { 0 };
    struct reading now = { .config = config, .path = path, .problem = &problem };
    char *text = load_text(path, &problem);
    if (text != NULL) {
        reading = &now;
        now.last_line = count_lines(text);
        parse_text(text);
        reading = NULL;
        free(text);
    }
    if (problem.status != 0 && out_problem != NULL)
        *out_problem = problem;
    return problem.status;
}

/* ---- the command line ---- */

static int set_one(struct config *config, const struct key *key, const char *text,
                   struct problem *out_problem)
{
    const char *why = key->read(config, key, text);
    return why == NULL ? 0 : wrong_value(out_problem, "-o ", key, text, why);
}

static int set_list(struct config *config, const struct key *key, const char *text,
                    struct problem *out_problem)
{
    uint64_t bit = 1ull << (key - keys);
    char value[128];
    int rc = 0;
    if ((config->overridden & bit) == 0)
        memset(member(config, key), 0, key->size);
    while (*text != '\0' && rc == 0) {
        size_t size = strcspn(text, ",");
        snprintf(value, sizeof(value), "%.*s", (int)(size < 127 ? size : 127), text);
        rc = set_one(config, key, value, out_problem);
        text += size;
        if (*text == ',')
            text++;
    }
    const struct config_addresses *list = member(config, key); /* others may be empty */
    if (rc == 0 && key->least > 0 && list->count < key->least)
        rc = wrong_value(out_problem, "-o ", key, "", "");
    return rc;
}

int config_set(struct config *config, const char *assignment, struct problem *out_problem)
{
    size_t size = strcspn(assignment, "=");
    const struct key *key = find_key(assignment, size);
    char name[WORD_MAX + 1];
    snprintf(name, sizeof(name), "%.*s", (int)(size < WORD_MAX ? size : WORD_MAX), assignment);
    if (assignment[size] != '=')
        return problem_set(out_problem, SP_EINVAL, "-o %.100s: it must be written key=value",
                           assignment);
    if (key == NULL)
        return problem_set(out_problem, SP_EINVAL, "-o %s: unknown key; the nearest one is \"%s\"",
                           name, nearest_key(name));
    const char *text = assignment + size + 1;
    int rc = key->list ? set_list(config, key, text, out_problem)
                       : set_one(config, key, text, out_problem);
    config->overridden |= 1ull << (key - keys);
    return rc;
}

/* ---- use ---- */

void config_compare(const struct config *old, const struct config *new,
                    void (*differs)(void *context, const char *key, bool live), void *context)
{
    for (size_t i = 0; i < KEY_COUNT; i++) {
        const struct key *key = &keys[i];
        if (memcmp((const char *)old + key->offset, (const char *)new + key->offset, key->size) !=
            0)
            differs(context, key->name, key->live);
    }
}

static int check_tls(const struct config *config, struct problem *out_problem)
{
    char text[ADDRESS_TEXT_SIZE];
    bool has_certificate = config->api_tls_certificate[0] != '\0';
    bool has_key = config->api_tls_key[0] != '\0';
    if (has_certificate != has_key)
        return problem_set(out_problem, SP_EINVAL, "%s is set, and %s is not; TLS needs both",
                           has_key ? "api-tls-key" : "api-tls-certificate",
                           has_key ? "api-tls-certificate" : "api-tls-key");
    for (unsigned i = 0; i < config->api_listen.count; i++)
        if (config->api_listen.tls[i] && !has_certificate)
            return problem_set(out_problem, SP_EINVAL,
                               "api-listen: %s shall speak TLS; set api-tls-certificate and "
                               "api-tls-key ('signpost dev-cert' makes them for a lab)",
                               address_to_text(text, &config->api_listen.at[i]));
    return 0;
}

static int check_token(const struct config *config, struct problem *out_problem)
{
    bool has_module = config->pkcs11_module[0] != '\0';
    bool has_token = config->pkcs11_token[0] != '\0';
    if (has_module != has_token)
        return problem_set(out_problem, SP_EINVAL, "%s is set, and %s is not; a token needs both",
                           has_module ? "pkcs11-module" : "pkcs11-token",
                           has_module ? "pkcs11-token" : "pkcs11-module");
    if (config->pkcs11_pin[0] != '\0' && !has_token)
        return problem_set(out_problem, SP_EINVAL,
                           "pkcs11-pin is set, and no token is; set pkcs11-module and "
                           "pkcs11-token, or leave it out");
    return 0;
}

int config_check(const struct config *config, struct problem *out_problem)
{
    char text[ADDRESS_TEXT_SIZE];
    int rc = check_tls(config, out_problem);
    if (rc == 0)
        rc = check_token(config, out_problem);
    if (rc != 0)
        return rc;
    if (!config->require_signature.given || config->require_signature.required)
        return 0;
    for (unsigned i = 0; i < config->api_listen.count; i++)
        if (!address_is_loopback(&config->api_listen.at[i]))
            return problem_set(
                out_problem, SP_EINVAL,
                "api-listen: %s is no loopback address, and with require-signature = no whoever "
                "reaches it could change every zone; leave require-signature out, or listen on "
                "127.0.0.1 or ::1",
                address_to_text(text, &config->api_listen.at[i]));
    return 0;
}

struct quotas config_quotas(const struct config *config)
{
    return config->quotas.word_count != 0 ? config->quotas.values : quotas_none();
}

void config_answer_options(const struct config *config, struct answer_options *out_options)
{
    *out_options = (struct answer_options){
        .edns_size = (uint16_t)config->edns_size,
        .minimal_responses = config->minimal_responses,
        .minimal_any = config->minimal_any,
        .nsid_size = config->nsid.size,
        .explain_clients = config->explain_clients,
        .client_subnet = config->client_subnet,
        .divide_negative_bias = config->divide_negative_bias,
        .denial = (uint8_t)config->denial_of_existence,
        .signature_validity_s = config->signature_validity_s,
    };
    memcpy(out_options->nsid, config->nsid.octets, config->nsid.size);
}
