#include "../../../src/cmd/config.h"

#include "signpost/base/address.h"

#include "signpost/dns/name.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static char path[] = "/tmp/signpost-config-XXXXXX";

static void write_file(const char *text)
{
    FILE *file = fopen(path, "we");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

static int read_text(struct config *config, const char *text, struct problem *out_problem)
{
    write_file(text);
    config_init(config);
    *out_problem = (struct problem){ 0 };
    return config_read(config, path, out_problem);
}

static void a_mistake_names_line_key_and_what_would_be_right(void **state)
{
    static const struct row {
        const char *text;
        const char *expect; /* what stands behind the file's name */
    } rows[] = {
        { "edns-siz = 1232\n", ":1: unknown key \"edns-siz\"; the nearest one is \"edns-size\"" },
        { "# one\n# two\n\nlissen = ::1\n",
          ":4: unknown key \"lissen\"; the nearest one is \"listen\"" },
        { "/* one\n two */\nwokers = 1\n",
          ":3: unknown key \"wokers\"; the nearest one is \"workers\"" },
        { "edns-size = 9000\n",
          ":1: edns-size: \"9000\" is not right: it must be a number of octets from 512 to 4096" },
        { "edns-size = -1\n", ":1: edns-size: \"-1\" is not right" },
        { "edns-size = 1232x\n", ":1: edns-size: \"1232x\" is not right" },
        { "minimal-any = maybe\n",
          ":1: minimal-any: \"maybe\" is not right: it must be yes or no" },
        { "log-level = loud\n",
          ":1: log-level: \"loud\" is not right: it must be error, warning, info or debug" },
        { "quotas = route54\n", ":1: quotas: \"route54\" is not right: there is no quota "
                                "\"route54\"; it must be none or route53" },
        { "quotas = { 'hosted-zones=1', none }\n",
          ":1: quotas: \"none\" is not right: this word comes first" },
        { "quotas = { route53, 'key-signing-keys-per-zone=3' }\n",
          ":1: quotas: \"key-signing-keys-per-zone=3\" is not right: "
          "key-signing-keys-per-zone is a number from 1 to 2; it must be" },
        { "denial-of-existence = nsec3\n",
          ":1: denial-of-existence: \"nsec3\" is not right: it must be route53 or compact" },
        { "signature-validity = 1\n",
          ":1: signature-validity: \"1\" is not right: it must be a number of seconds from 2" },
        { "signatures-remembered = 63\n", ":1: signatures-remembered: \"63\" is not right" },
        { "dnskey-ttl = 0\n", ":1: dnskey-ttl: \"0\" is not right" },
        { "dnskey-interval = 604801\n", ":1: dnskey-interval: \"604801\" is not right" },
        { "zsk-lifetime = never\n",
          ":1: zsk-lifetime: \"never\" is not right: it must be a number of "
          "seconds from 0 (rolled by hand)" },
        { "publish-cds = 1\n", ":1: publish-cds: \"1\" is not right: it must be yes or no" },
        { "pkcs11-token = 'a label of more than 32 characters'\n",
          ":1: pkcs11-token: \"a label of more than 32 characters\" is not right: it is too long" },
        { "log-format = xml\n", ":1: log-format: \"xml\" is not right: it must be text or json" },
        { "listen = 127.0.0.1:5300\n", ":1: listen: \"127.0.0.1:5300\" is not right: it must be an "
                                       "address such as 127.0.0.1@5300" },
        { "listen = '127.0.0.1@53 tls'\n", ":1: listen: \"127.0.0.1@53 tls\" is not right" },
        { "api-listen = tls\n", ":1: api-listen: \"tls\" is not right" },
        { "api-listen = '127.0.0.1@443tls'\n",
          ":1: api-listen: \"127.0.0.1@443tls\" is not right" },
        { "listen = localhost\n", ":1: listen: \"localhost\" is not right" },
        { "listen = 127.1\n", ":1: listen: \"127.1\" is not right" },
        { "require-signature = perhaps\n",
          ":1: require-signature: \"perhaps\" is not right: it must be yes or no" },
        { "signature-skew = 0\n", ":1: signature-skew: \"0\" is not right: it must be a number" },
        { "listen = 127.0.0.1@70000\n", ":1: listen: \"127.0.0.1@70000\" is not right" },
        { "listen = { 127.0.0.1@53, # one\n  127.0.0.1@53 }\n",
          ":2: listen: \"127.0.0.1@53\" is not right: this address is in the list already" },
        { "\nserver-domain = \"a..b\"\n", ":2: server-domain: \"a..b\" is not right" },
        { "database = \"\"\n", ":1: database: \"\" is not right: it must be the path of a file" },
        { "workers = 257\n", ":1: workers: \"257\" is not right" },
        { "seed = abc\n", ":1: seed: \"abc\" is not right" },
        { "workers = 1\n\nworkers = 2\n", ":3: workers is given twice; keep one of the two" },
        { "edns-size\n= 512 }", ":2: unexpected closing brace" },
        { "edns-size 1232\n", ":1: missing equal sign after option 'edns-size'" },
        { "nsid = \"open\n", ":1: the file ends inside a setting" },
        { "\nlisten = { 127.0.0.1", ":2: the file ends inside a setting" },
        { "listen = {}\n", ": listen: the list is empty" },
        { "include(\"/etc/passwd\")\n", ":1: unknown key \"include\"" },
    };
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct config config;
        struct problem problem;
        char text[256];
        snprintf(text, sizeof(text), "%s%s", rows[i].expect[0] == ':' ? path : "", rows[i].expect);
        if (read_text(&config, rows[i].text, &problem) != SP_EINVAL ||
            strstr(problem.text, text) == NULL)
            fail_msg("%s-> %s", rows[i].text, problem.text);
    }
}

static void a_list_may_be_emptied(void **state)
{
    struct config config;
    struct problem problem;
    (void)state;
    assert_int_equal(read_text(&config, "", &problem), 0);
    assert_int_equal(config.explain_clients.count, 2);
    assert_int_equal(config.client_subnet.count, 2);
    assert_int_equal(read_text(&config, "explain-clients = {}\nclient-subnet = { }\n", &problem),
                     0);
    assert_int_equal(config.explain_clients.count, 0);
    assert_int_equal(config.client_subnet.count, 0);
}

static void every_key_is_read(void **state)
{
    static const char text[] = "listen = { 127.0.0.1@5300, '::1@5301', 192.0.2.1 } # three\n"
                               "api-listen = 127.0.0.1\n"
                               "control-socket = /tmp/a/b//c.sock // a path may hold slashes\n"
                               "database = \"/tmp/with space # and hash.db\"\n"
                               "workers = 3\nuser = nobody\n"
                               "server-domain = NS.Lab.Test\nhostmaster = host\\.master.lab.test.\n"
                               "edns-size = 4096\nminimal-responses = yes\nminimal-any = on\n"
                               "nsid = one\nseed = 0xffffffffffffffff\ntcp-connections = 10\n"
                               "tcp-idle-timeout = 1\ntcp-total-timeout = 86400\n"
                               "log-file = /tmp/log\nlog-level = debug\nlog-format = json\n";
    struct config config;
    struct problem problem;
    char name[DNS_NAME_TEXT_SIZE];
    (void)state;
    if (read_text(&config, text, &problem) != 0)
        fail_msg("%s", problem.text);
    assert_int_equal(config.listen.count, 3);
    assert_int_equal(ntohs(((struct sockaddr_in *)&config.listen.at[0])->sin_port), 5300);
    assert_int_equal(config.listen.at[1].ss_family, AF_INET6);
    assert_int_equal(ntohs(((struct sockaddr_in6 *)&config.listen.at[1])->sin6_port), 5301);
    assert_int_equal(ntohs(((struct sockaddr_in *)&config.listen.at[2])->sin_port), 53);
    assert_int_equal(config.api_listen.count, 1);
    assert_int_equal(ntohs(((struct sockaddr_in *)&config.api_listen.at[0])->sin_port), 5380);
    assert_string_equal(config.control_socket, "/tmp/a/b//c.sock");
    assert_string_equal(config.database, "/tmp/with space # and hash.db");
    assert_int_equal(config.workers, 3);
    assert_string_equal(config.user, "nobody");
    dns_name_to_text(name, config.defaults.server_domain);
    assert_string_equal(name, "ns.lab.test.");
    assert_int_equal(config.edns_size, 4096);
    assert_true(config.minimal_responses && config.minimal_any);
    assert_int_equal(config.nsid.size, 3);
    assert_true(config.seed.given && config.seed.value == UINT64_MAX);
    assert_int_equal(config.tcp_connections, 10);
    assert_int_equal(config.tcp_idle_timeout_s, 1);
    assert_int_equal(config.tcp_total_timeout_s, 86400);
    assert_string_equal(config.log_file, "/tmp/log");
    assert_int_equal(config.log_level, LOG_LEVEL_DEBUG);
    assert_true(config.log_json);
}

/* R-QTA-30, but that there are none until somebody asks for them. */
static void quotas_are_none_or_those_of_route_53_and_single_ones(void **state)
{
    static const struct row {
        const char *text;
        unsigned hosted_zones, delegation_sets, key_signing_keys;
    } rows[] = {
        { "", QUOTA_UNLIMITED, QUOTA_UNLIMITED, 2 },
        { "quotas = none\n", QUOTA_UNLIMITED, QUOTA_UNLIMITED, 2 },
        { "quotas = {}\n", QUOTA_UNLIMITED, QUOTA_UNLIMITED, 2 },
        { "quotas = route53\n", 500, 100, 2 },
        { "quotas = { route53, 'hosted-zones=2000' }\n", 2000, 100, 2 },
        { "quotas = { none, 'delegation-sets=3' }\n", QUOTA_UNLIMITED, 3, 2 },
        { "quotas = 'key-signing-keys-per-zone=1'\n", QUOTA_UNLIMITED, QUOTA_UNLIMITED, 1 },
    };
    struct config config;
    struct problem problem;
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        if (read_text(&config, rows[i].text, &problem) != 0)
            fail_msg("%s-> %s", rows[i].text, problem.text);
        struct quotas quotas = config_quotas(&config);
        assert_int_equal(quotas.hosted_zones, rows[i].hosted_zones);
        assert_int_equal(quotas.delegation_sets, rows[i].delegation_sets);
        assert_int_equal(quotas.key_signing_keys_per_zone, rows[i].key_signing_keys);
    }
}

static void the_keys_of_dnssec_are_read(void **state)
{
    static const char text[] = "key-directory = keys\nkey-credential = zone-keys\n"
                               "pkcs11-module = /usr/lib/token.so\npkcs11-token = 'lab token'\n"
                               "pkcs11-pin = /etc/signpost/pin\ndenial-of-existence = Compact\n"
                               "signature-validity = 2\nsignatures-remembered = 64\n"
                               "signatures-per-second = 0\ndnskey-ttl = 1\ndnskey-interval = 1\n"
                               "zsk-lifetime = 0\npublish-cds = yes\n";
    struct config config;
    struct answer_options options;
    struct problem problem;
    (void)state;
    if (read_text(&config, text, &problem) != 0)
        fail_msg("%s", problem.text);
    assert_string_equal(config.key_directory, "keys");
    assert_string_equal(config.key_credential, "zone-keys");
    assert_string_equal(config.pkcs11_module, "/usr/lib/token.so");
    assert_string_equal(config.pkcs11_token, "lab token");
    assert_string_equal(config.pkcs11_pin, "/etc/signpost/pin");
    assert_int_equal(config.signatures_remembered, 64);
    assert_int_equal(config.signatures_per_second, 0);
    assert_int_equal(config.dnskey_ttl_s, 1);
    assert_int_equal(config.dnskey_interval_s, 1);
    assert_int_equal(config.zsk_lifetime_s, 0);
    assert_true(config.publish_cds);
    config_answer_options(&config, &options);
    assert_int_equal(options.denial, DENIAL_COMPACT);
    assert_int_equal(options.signature_validity_s, 2);
}

static void a_zone_is_signed_as_route_53_does_it_unless_somebody_says_otherwise(void **state)
{
    struct config config;
    struct answer_options options;
    (void)state;
    config_init(&config);
    config_answer_options(&config, &options);
    assert_int_equal(options.denial, DENIAL_ROUTE53);
    assert_int_equal(options.signature_validity_s, 86400);
    assert_int_equal(config.dnskey_ttl_s, 3600);
    assert_int_equal(config.dnskey_interval_s, 86400);
    assert_int_equal(config.zsk_lifetime_s, 14 * 86400);
    assert_false(config.publish_cds);
}

static void a_token_needs_its_library_and_its_label(void **state)
{
    static const struct row {
        const char *text;
        const char *expect; /* NULL: it is right */
    } rows[] = {
        { "pkcs11-module = /a.so\npkcs11-token = lab\n", NULL },
        { "pkcs11-module = /a.so\npkcs11-token = lab\npkcs11-pin = /pin\n", NULL },
        { "pkcs11-module = /a.so\n", "pkcs11-module is set, and pkcs11-token is not" },
        { "pkcs11-token = lab\n", "pkcs11-token is set, and pkcs11-module is not" },
        { "pkcs11-pin = /pin\n", "pkcs11-pin is set, and no token is" },
    };
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct config config;
        struct problem problem;
        assert_int_equal(read_text(&config, rows[i].text, &problem), 0);
        int rc = config_check(&config, &problem);
        if (rows[i].expect == NULL ? rc != 0 : strstr(problem.text, rows[i].expect) == NULL)
            fail_msg("%s -> %s", rows[i].text, problem.text);
    }
}

static void an_empty_file_leaves_the_defaults(void **state)
{
    static const char *const texts[] = { "", "\n", "# nothing", "\n\n/* nothing */\n" };
    struct config config, defaults;
    struct problem problem;
    (void)state;
    config_init(&defaults);
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        assert_int_equal(read_text(&config, texts[i], &problem), 0);
        assert_memory_equal(&config, &defaults, sizeof(config));
    }
    assert_int_equal(defaults.edns_size, 1232);
    assert_string_equal(defaults.control_socket, "/run/signpost/control.sock");
}

/* libconfuse has one scanner per process: what an open quote left behind must not spoil the next.
 */
static void a_bad_file_does_not_spoil_the_next(void **state)
{
    static const char *const bad[] = { "nsid = \"open\n", "nsid = 'open\n", "listen = {\n", "x\n",
                                       "edns-size = 1\n" };
    struct config config;
    struct problem problem;
    (void)state;
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        assert_int_equal(read_text(&config, bad[i], &problem), SP_EINVAL);
        assert_int_equal(read_text(&config, "edns-size = 512\n", &problem), 0);
        assert_int_equal(config.edns_size, 512);
    }
}

static void the_command_line_counts_more(void **state)
{
    struct config config;
    struct problem problem;
    (void)state;
    assert_int_equal(read_text(&config, "edns-size = 512\nlisten = 192.0.2.1\n", &problem), 0);
    assert_int_equal(config_set(&config, "edns-size=1000", &problem), 0);
    assert_int_equal(config_set(&config, "listen=127.0.0.1@1,::1@2", &problem), 0);
    assert_int_equal(config_set(&config, "listen=127.0.0.1@3", &problem), 0);
    assert_int_equal(config.edns_size, 1000);
    assert_int_equal(config.listen.count, 3);
    assert_int_equal(config_set(&config, "api-listen=", &problem), 0);
    assert_int_equal(config.api_listen.count, 0);
}

static void what_others_reach_must_be_signed(void **state)
{
    static const struct row {
        const char *text;
        bool right;
    } rows[] = {
        { "api-listen = 192.0.2.1@5380\n", true },
        { "api-listen = { 192.0.2.1, 127.0.0.1 }\nrequire-signature = yes\n", true },
        { "api-listen = { 127.0.0.1, ::1 }\nrequire-signature = no\n", true },
        { "require-signature = no\napi-listen = { 127.0.0.1, 192.0.2.1 }\n", false },
        { "require-signature = no\napi-listen = 0.0.0.0\n", false },
        { "require-signature = no\n", true },
    };
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct config config;
        struct problem problem = { 0 };
        assert_int_equal(read_text(&config, rows[i].text, &problem), 0);
        if (config_check(&config, &problem) != (rows[i].right ? 0 : SP_EINVAL))
            fail_msg("%s: %s", rows[i].text, problem.text);
        if (!rows[i].right)
            assert_non_null(strstr(problem.text, "require-signature = no"));
    }
}

static void each_address_of_the_api_says_whether_it_speaks_tls(void **state)
{
    static const struct row {
        const char *text;
        unsigned count;
        struct {
            unsigned port;
            bool tls;
        } expect[2];
    } rows[] = {
        { "api-listen = 127.0.0.1\n", 1, { { 5380, false } } },
        { "api-listen = '127.0.0.1 tls'\n", 1, { { 443, true } } },
        { "api-listen = { 127.0.0.1@80, '127.0.0.1@8443   tls' }\n",
          2,
          { { 80, false }, { 8443, true } } },
        { "api-listen = { \"::1@1 tls\", ::1@2 }\n", 2, { { 1, true }, { 2, false } } },
    };
    struct config config;
    struct problem problem;
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        if (read_text(&config, rows[i].text, &problem) != 0)
            fail_msg("%s -> %s", rows[i].text, problem.text);
        assert_int_equal(config.api_listen.count, rows[i].count);
        for (unsigned at = 0; at < rows[i].count; at++) {
            assert_int_equal(address_port(&config.api_listen.at[at]), rows[i].expect[at].port);
            assert_int_equal(config.api_listen.tls[at], rows[i].expect[at].tls);
        }
    }
}

static void tls_needs_a_certificate_and_its_key(void **state)
{
    static const struct row {
        const char *text;
        const char *expect; /* NULL: it is right */
    } rows[] = {
        { "api-listen = '127.0.0.1@443 tls'\napi-tls-certificate = /a\napi-tls-key = /b\n", NULL },
        { "api-tls-certificate = /a\napi-tls-key = /b\n", NULL },
        { "api-listen = '127.0.0.1@443 tls'\n", "api-listen: 127.0.0.1@443 shall speak TLS" },
        { "api-tls-certificate = /a\n", "api-tls-certificate is set, and api-tls-key is not" },
        { "api-tls-key = /b\n", "api-tls-key is set, and api-tls-certificate is not" },
    };
    struct config config;
    struct problem problem;
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        assert_int_equal(read_text(&config, rows[i].text, &problem), 0);
        int rc = config_check(&config, &problem);
        if (rows[i].expect == NULL ? rc != 0 : strstr(problem.text, rows[i].expect) == NULL)
            fail_msg("%s -> %s", rows[i].text, problem.text);
    }
}

static void a_wrong_word_on_the_command_line_is_explained(void **state)
{
    static const struct row {
        const char *assignment;
        const char *expect;
    } rows[] = {
        { "edns-size", "-o edns-size: it must be written key=value" },
        { "ends-size=3", "-o ends-size: unknown key; the nearest one is \"edns-size\"" },
        { "edns-size=3", "-o edns-size: \"3\" is not right: it must be a number of octets" },
        { "listen=", "-o listen: \"\" is not right" },
        { "=", "-o : unknown key" },
    };
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct config config;
        struct problem problem = { 0 };
        config_init(&config);
        if (config_set(&config, rows[i].assignment, &problem) != SP_EINVAL ||
            strstr(problem.text, rows[i].expect) != problem.text)
            fail_msg("%s -> %s", rows[i].assignment, problem.text);
    }
}

static void what_is_no_file_is_refused(void **state)
{
    struct config config;
    struct problem problem = { 0 };
    (void)state;
    config_init(&config);
    assert_int_equal(config_read(&config, "/nonexistent/signpost.conf", &problem), SP_ENOENT);
    assert_int_equal(config_read(&config, "/tmp", &problem), SP_EINVAL);
    assert_string_equal(problem.text, "/tmp is a directory; it must be a file");
    assert_int_equal(config_read(&config, "/dev/zero", &problem), SP_EINVAL);
}

struct differences {
    char live[128];
    char dead[128];
};

static void note(void *context, const char *key, bool live)
{
    struct differences *differences = context;
    strcat(live ? differences->live : differences->dead, key);
    strcat(live ? differences->live : differences->dead, " ");
}

static void differences_tell_what_needs_a_restart(void **state)
{
    struct config old, new;
    struct problem problem;
    struct differences differences = { "", "" };
    (void)state;
    config_init(&old);
    assert_int_equal(read_text(&new,
                               "listen = ::1@53\nnsid = x\nlog-format = json\nseed = 0\n"
                               "edns-size = 1232\n",
                               &problem),
                     0);
    config_compare(&old, &new, note, &differences);
    assert_string_equal(differences.live, "nsid log-format ");
    assert_string_equal(differences.dead, "listen seed ");
}

/* The sample in contrib/ promises to show every key at its default. */
static void the_sample_shows_the_defaults(void **state)
{
    struct config config, defaults;
    struct problem problem = { 0 };
    char text[32768] = "", *line, *rest = text;
    static char live[32768];
    FILE *file = fopen("contrib/signpost.conf", "re");
    (void)state;
    assert_non_null(file);
    assert_true(fread(text, 1, sizeof(text) - 1, file) > 0);
    fclose(file);
    unsigned count = 0;
    while ((line = strsep(&rest, "\n")) != NULL)
        if (line[0] == '#' && line[1] >= 'a' && line[1] <= 'z' && strstr(line, " = ") != NULL) {
            strcat(live, line + 1);
            strcat(live, "\n");
            count++;
        }
    config_init(&defaults);
    if (read_text(&config, live, &problem) != 0)
        fail_msg("%s", problem.text);
    assert_int_equal(count, 40); /* all but seed and require-signature, which have no default,
                                    checkers, which has many, and examples */
    assert_memory_equal(&config, &defaults, sizeof(config));
}

static int make_path(void **state)
{
    (void)state;
    int fd = mkstemp(path);
    return fd < 0 ? -1 : close(fd);
}

static int remove_path(void **state)
{
    (void)state;
    return unlink(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_mistake_names_line_key_and_what_would_be_right),
        cmocka_unit_test(a_list_may_be_emptied),
        cmocka_unit_test(every_key_is_read),
        cmocka_unit_test(quotas_are_none_or_those_of_route_53_and_single_ones),
        cmocka_unit_test(the_keys_of_dnssec_are_read),
        cmocka_unit_test(a_zone_is_signed_as_route_53_does_it_unless_somebody_says_otherwise),
        cmocka_unit_test(a_token_needs_its_library_and_its_label),
        cmocka_unit_test(an_empty_file_leaves_the_defaults),
        cmocka_unit_test(a_bad_file_does_not_spoil_the_next),
        cmocka_unit_test(the_command_line_counts_more),
        cmocka_unit_test(what_others_reach_must_be_signed),
        cmocka_unit_test(each_address_of_the_api_says_whether_it_speaks_tls),
        cmocka_unit_test(tls_needs_a_certificate_and_its_key),
        cmocka_unit_test(a_wrong_word_on_the_command_line_is_explained),
        cmocka_unit_test(what_is_no_file_is_refused),
        cmocka_unit_test(differences_tell_what_needs_a_restart),
        cmocka_unit_test(the_sample_shows_the_defaults),
    };
    return cmocka_run_group_tests(tests, make_path, remove_path);
}
