/* Health checks: their ids, and which configs may stand (section 11.2). */
#include "tests.h"

#include "signpost/model/health_check.h"
#include "signpost/model/uuid.h"

static void an_id_is_a_word_of_64_characters_at_most(void **state)
{
    static const struct row {
        const char *id;
        bool right;
    } rows[] = {
        { "a", true },
        { "web-1", true },
        { "eu_west.1.WEB", true },
        { "6f1e2a5c-0d3b-4c8e-9a71-2b54c0e8d913", true },
        { "0123456789012345678901234567890123456789012345678901234567890123", true },
        { "01234567890123456789012345678901234567890123456789012345678901234", false },
        { "", false },
        { "web 1", false },
        { "web/1", false },
        { "web\n", false },
        { "w\xc3\xa9", false },
        { "*", false },
    };
    struct problem problem = { 0 };
    (void)state;
    for (unsigned i = 0; i < COUNT_OF(rows); i++)
        assert_int_equal(health_check_id_check(rows[i].id, &problem),
                         rows[i].right ? 0 : SP_EINVAL);
    health_check_id_check("web 1", &problem);
    assert_string_equal(problem.text, "\"web 1\" cannot be the id of a health check: it must be 1 "
                                      "to 64 letters, digits, \"-\", \"_\" and \".\"");
}

static void a_drawn_id_is_a_random_uuid(void **state)
{
    char first[UUID_TEXT_SIZE], second[UUID_TEXT_SIZE], again[UUID_TEXT_SIZE];
    struct dice dice, same;
    (void)state;
    dice_init_seeded(&dice, 5);
    dice_init_seeded(&same, 5);
    uuid_draw(first, &dice);
    uuid_draw(second, &dice);
    uuid_draw(again, &same);
    assert_string_equal(first, again);
    assert_string_not_equal(first, second);
    for (unsigned draw = 0; draw < 1000; draw++) {
        uuid_draw(first, &dice);
        assert_int_equal(strlen(first), 36);
        assert_int_equal(strspn(first, "0123456789abcdef-"), 36);
        assert_true(first[8] == '-' && first[13] == '-' && first[18] == '-' && first[23] == '-');
        assert_int_equal(first[14], '4');
        assert_non_null(strchr("89ab", first[19]));
        assert_int_equal(health_check_id_check(first, NULL), 0);
    }
}

/* ---- configs ---- */

static void put(char *to, size_t room, const char *text)
{
    size_t size = strlen(text);
    assert_true(size < room);
    memcpy(to, text, size + 1);
}
#define PUT(field, text) put(field, sizeof(field), text)

static void put_address(struct health_check_config *config, const char *address)
{
    config->has_address = true;
    assert_null(prefix_from_text(&config->address, address));
}

/* The least that each type needs. */
static struct health_check_config least(enum health_check_type type)
{
    struct health_check_config config;
    health_check_config_init(&config, type);
    if (health_check_type_is_endpoint(type))
        put_address(&config, "192.0.2.1");
    if (health_check_type_searches(type))
        PUT(config.search_string, "ok");
    if (type == HEALTH_CHECK_TCP)
        config.port = 25;
    if (type == HEALTH_CHECK_CLOUDWATCH_METRIC) {
        PUT(config.alarm_region, "us-east-1");
        PUT(config.alarm_name, "too slow");
    }
    if (type == HEALTH_CHECK_RECOVERY_CONTROL)
        PUT(config.routing_control, "cell-1");
    return config;
}

/* Whether the config may stand; it must be said why not. */
static void assert_checked(struct health_check_config *config, const char *expect_words)
{
    struct problem problem = { 0 };
    int rc = health_check_config_check(config, false, &problem);
    if (expect_words == NULL && rc != 0)
        fail_msg("refused: %s", problem.text);
    if (expect_words == NULL)
        return;
    assert_int_equal(rc, SP_EINVAL);
    if (strstr(problem.text, expect_words) == NULL)
        fail_msg("\"%s\" does not say \"%s\"", problem.text, expect_words);
}

static void every_type_has_a_name_and_a_least_config(void **state)
{
    static const struct row {
        const char *name;
        bool endpoint, http, tls, searches;
        uint16_t port;
        unsigned interval, threshold;
    } rows[HEALTH_CHECK_TYPE_COUNT] = {
        { "MANUAL", false, false, false, false, 0, 0, 0 },
        { "HTTP", true, true, false, false, 80, 30, 3 },
        { "HTTPS", true, true, true, false, 443, 30, 3 },
        { "HTTP_STR_MATCH", true, true, false, true, 80, 30, 3 },
        { "HTTPS_STR_MATCH", true, true, true, true, 443, 30, 3 },
        { "TCP", true, false, false, false, 25, 30, 3 },
        { "CALCULATED", false, false, false, false, 0, 0, 0 },
        { "CLOUDWATCH_METRIC", false, false, false, false, 0, 0, 0 },
        { "RECOVERY_CONTROL", false, false, false, false, 0, 0, 0 },
    };
    enum health_check_type found;
    struct problem problem = { 0 };
    (void)state;
    for (unsigned i = 0; i < HEALTH_CHECK_TYPE_COUNT; i++) {
        struct health_check_config config = least(i);
        assert_int_equal(health_check_type_find(rows[i].name, &found, NULL), 0);
        assert_int_equal(found, i);
        assert_string_equal(health_check_type_name(i), rows[i].name);
        assert_int_equal(health_check_type_is_endpoint(i), rows[i].endpoint);
        assert_int_equal(health_check_type_speaks_http(i), rows[i].http);
        assert_int_equal(health_check_type_is_tls(i), rows[i].tls);
        assert_int_equal(health_check_type_searches(i), rows[i].searches);
        assert_int_equal(health_check_port(&config), rows[i].port);
        assert_int_equal(config.request_interval_s, rows[i].interval);
        assert_int_equal(config.failure_threshold, rows[i].threshold);
        assert_int_equal(config.enable_sni, rows[i].tls);
        assert_checked(&config, NULL);
        config.inverted = config.disabled = true; /* goes with all of them */
        assert_checked(&config, NULL);
    }
    assert_int_equal(health_check_type_find("http", &found, &problem), SP_EINVAL);
    assert_string_equal(
        problem.text, "unknown type of health check \"http\"; it may be one of: MANUAL HTTP HTTPS "
                      "HTTP_STR_MATCH HTTPS_STR_MATCH TCP CALCULATED CLOUDWATCH_METRIC "
                      "RECOVERY_CONTROL");
}

static void give_address(struct health_check_config *config)
{
    put_address(config, "192.0.2.1");
}
static void give_port(struct health_check_config *config)
{
    config->port = 81;
}
static void give_path(struct health_check_config *config)
{
    PUT(config->resource_path, "/up");
}
static void give_domain(struct health_check_config *config)
{
    config->has_address = false;
    PUT(config->domain_name, "www.example.com");
}
static void give_search(struct health_check_config *config)
{
    PUT(config->search_string, "ok");
}
static void give_interval(struct health_check_config *config)
{
    config->request_interval_s = 10;
}
static void give_failures(struct health_check_config *config)
{
    config->failure_threshold = 1;
}
static void give_latency(struct health_check_config *config)
{
    config->measure_latency = true;
}
static void give_sni(struct health_check_config *config)
{
    config->enable_sni = true;
}
static void give_regions(struct health_check_config *config)
{
    config->regions = 7;
}
static void give_threshold(struct health_check_config *config)
{
    config->health_threshold = 1;
}
static void give_child(struct health_check_config *config)
{
    config->child_count = 1;
    PUT(config->children[0], "web-1");
}
static void give_alarm(struct health_check_config *config)
{
    PUT(config->alarm_name, "too slow");
}
static void give_no_data(struct health_check_config *config)
{
    config->insufficient_data = INSUFFICIENT_DATA_UNHEALTHY;
}
static void give_control(struct health_check_config *config)
{
    PUT(config->routing_control, "cell-1");
}

/* A-HCK-6: + goes with the type, - does not. */
static void a_type_takes_its_own_fields_only(void **state)
{
    static const struct row {
        const char *field;
        void (*give)(struct health_check_config *config);
        const char *takes; /* MANUAL HTTP HTTPS HTTP_STR HTTPS_STR TCP CALC CLOUDWATCH RECOVERY */
    } rows[] = {
        { "ip_address", give_address, "-+++++---" },
        { "port", give_port, "-+++++---" },
        { "resource_path", give_path, "-++++----" },
        { "fully_qualified_domain_name", give_domain, "-+++++---" },
        { "search_string", give_search, "---++----" },
        { "request_interval", give_interval, "-+++++---" },
        { "failure_threshold", give_failures, "-+++++---" },
        { "measure_latency", give_latency, "-+++++---" },
        { "enable_sni", give_sni, "--+-+----" },
        { "regions", give_regions, "-+++++---" },
        { "health_threshold", give_threshold, "------+--" },
        { "child_health_checks", give_child, "------+--" },
        { "alarm", give_alarm, "-------+-" },
        { "insufficient_data_health_status", give_no_data, "-------+-" },
        { "routing_control", give_control, "--------+" },
    };
    (void)state;
    for (unsigned i = 0; i < COUNT_OF(rows); i++)
        for (unsigned type = 0; type < HEALTH_CHECK_TYPE_COUNT; type++) {
            struct health_check_config config = least(type);
            char words[128];
            snprintf(words, sizeof words, "%s: %s health checks must not have ", rows[i].field,
                     health_check_type_name(type));
            rows[i].give(&config);
            assert_checked(&config, rows[i].takes[type] == '+' ? NULL : words);
        }
}

static void what_a_type_needs_must_be_there(void **state)
{
    struct health_check_config config;
    (void)state;
    for (unsigned type = HEALTH_CHECK_HTTP; type <= HEALTH_CHECK_TCP; type++) {
        config = least(type);
        config.has_address = false;
        assert_checked(&config, "must have an IP address or a fully qualified domain name "
                                "specified");
    }
    config = least(HEALTH_CHECK_TCP);
    config.port = 0;
    assert_checked(&config, "port: TCP health checks must have a port specified");
    config = least(HEALTH_CHECK_TCP);
    PUT(config.domain_name, "www.example.com");
    assert_checked(&config, "fully_qualified_domain_name: TCP health checks that have IP address "
                            "must not have a fully qualified domain name specified.");
    config = least(HEALTH_CHECK_HTTPS_STR_MATCH);
    config.search_string[0] = '\0';
    assert_checked(&config, "search_string: HTTPS_STR_MATCH health checks must have a search "
                            "string specified");
    config = least(HEALTH_CHECK_CLOUDWATCH_METRIC);
    config.alarm_name[0] = '\0';
    assert_checked(&config, "alarm: its name must be");
    config = least(HEALTH_CHECK_CLOUDWATCH_METRIC);
    config.alarm_region[0] = '\0';
    assert_checked(&config, "alarm: its region must be");
    config.alarm_name[0] = '\0';
    assert_checked(&config, "alarm: CLOUDWATCH_METRIC health checks must have an alarm specified");
    config = least(HEALTH_CHECK_RECOVERY_CONTROL);
    config.routing_control[0] = '\0';
    assert_checked(&config, "routing_control: RECOVERY_CONTROL health checks must have a routing "
                            "control specified");
    config = least(HEALTH_CHECK_HTTP);
    PUT(config.domain_name, "www.example.com"); /* R-HCE-3: both are fine */
    assert_checked(&config, NULL);
}

static void numbers_have_their_bounds(void **state)
{
    static const struct row {
        unsigned interval, threshold, regions;
        const char *words;
    } rows[] = {
        { 10, 1, 0, NULL },
        { 30, 10, 0xff, NULL },
        { 30, 3, 0x07, NULL },
        { 30, 3, 0xe0, NULL },
        { 0, 3, 0, "request_interval: 0 seconds: it must be 10 or 30" },
        { 20, 3, 0, "request_interval: 20 seconds: it must be 10 or 30" },
        { 30, 0, 0, "failure_threshold: 0: it must be 1 to 10" },
        { 30, 11, 0, "failure_threshold: 11: it must be 1 to 10" },
        { 30, 3, 0x01, "regions: 1 of them: give at least 3 of the 8, or none for all of them" },
        { 30, 3, 0x81, "regions: 2 of them" },
    };
    (void)state;
    for (unsigned i = 0; i < COUNT_OF(rows); i++) {
        struct health_check_config config = least(HEALTH_CHECK_HTTP);
        config.request_interval_s = (uint8_t)rows[i].interval;
        config.failure_threshold = (uint8_t)rows[i].threshold;
        config.regions = (uint8_t)rows[i].regions;
        assert_checked(&config, rows[i].words);
    }
}

/* What stands in a request line must not be able to end it. */
static void a_path_is_printable_and_begins_with_a_slash(void **state)
{
    static const struct row {
        const char *given;
        const char *becomes; /* NULL: refused */
    } rows[] = {
        { "", "" },
        { "/", "/" },
        { "status", "/status" },
        { "/status?deep=1&x=%20", "/status?deep=1&x=%20" },
        { "?deep=1", "/?deep=1" },
        { "/a b", NULL },
        { "/a\r\nHost: other", NULL },
        { "/a\tb", NULL },
        { "/\xc3\xa9", NULL },
        { "/\x7f", NULL },
    };
    struct health_check_config config;
    struct problem problem = { 0 };
    (void)state;
    for (unsigned i = 0; i < COUNT_OF(rows); i++) {
        config = least(HEALTH_CHECK_HTTP);
        PUT(config.resource_path, rows[i].given);
        assert_checked(&config, rows[i].becomes == NULL ? "resource_path: octet " : NULL);
        if (rows[i].becomes != NULL)
            assert_string_equal(config.resource_path, rows[i].becomes);
    }
    config = least(HEALTH_CHECK_HTTP);
    PUT(config.resource_path, "/a b");
    assert_int_equal(health_check_config_check(&config, false, &problem), SP_EINVAL);
    assert_string_equal(problem.text, "resource_path: octet 3 is a blank, a control character or "
                                      "not ASCII: write it as %20");
    memset(config.resource_path, 'a', HEALTH_CHECK_TEXT_SIZE_MAX);
    assert_checked(&config, "longer than 255 characters");
    config.resource_path[0] = '/';
    assert_checked(&config, NULL);
}

static void a_domain_name_is_a_host_name(void **state)
{
#define LABEL_63 "123456789012345678901234567890123456789012345678901234567890abc"
    static const struct row {
        const char *name;
        const char *words; /* NULL: accepted */
    } rows[] = {
        { "www.example.com", NULL },
        { "localhost", NULL },
        { "a_b.1.2.example", NULL },
        { "xn--bcher-kva.example", NULL },
        { LABEL_63 ".example", NULL },
        { LABEL_63 "d.example", "1 to 63 characters" },
        { LABEL_63 "." LABEL_63 "." LABEL_63 "." LABEL_63, "at most 253 characters" },
        { ".", "1 to 63 characters" },
        { "a..b", "1 to 63 characters" },
        { "a..", "1 to 63 characters" },
        { ".a", "1 to 63 characters" },
        { "-a.example", "begin nor end with \"-\"" },
        { "a-.example", "begin nor end with \"-\"" },
        { "*.example", "letters, digits" },
        { "a b", "letters, digits" },
        { "a\r\nX: y", "a name only" },
        { "a\nb", "letters, digits" },
        { "b\xc3\xbc"
          "cher.example",
          "xn--" },
        { "www.example.com:80", "its port as the port" },
        { "http://www.example.com/", "a name only" },
        { "192.0.2.1", "is an address: give it as the ip_address" },
        { "2001:db8::1", "is an address: give it as the ip_address" },
        { "192.0.2", "ends in a number" },
        { "127.1", "ends in a number" },
        { "0x7f000001", "ends in a number" },
        { "a.0X1", "ends in a number" },
        { "2130706433", "ends in a number" },
    };
    (void)state;
    for (unsigned i = 0; i < COUNT_OF(rows); i++) {
        struct health_check_config config = least(HEALTH_CHECK_HTTPS);
        PUT(config.domain_name, rows[i].name);
        assert_checked(&config, rows[i].words);
        if (rows[i].words == NULL)
            assert_string_equal(config.domain_name, rows[i].name);
    }
    struct health_check_config config = least(HEALTH_CHECK_HTTPS);
    PUT(config.domain_name, "www.example.com.");
    assert_checked(&config, NULL);
    assert_string_equal(config.domain_name, "www.example.com");
}

static void children_are_other_checks_once_each(void **state)
{
    static struct health_check_config config;
    (void)state;
    health_check_config_init(&config, HEALTH_CHECK_CALCULATED);
    config.child_count = HEALTH_CHECK_CHILDREN_MAX;
    config.health_threshold = 256;
    for (unsigned i = 0; i < HEALTH_CHECK_CHILDREN_MAX; i++)
        snprintf(config.children[i], sizeof config.children[i], "child-%u", i);
    assert_checked(&config, NULL);
    PUT(config.children[255], "child-7");
    assert_checked(&config, "child_health_checks: child-7 is there twice");
    PUT(config.children[255], "child 7");
    assert_checked(&config, "child_health_checks: \"child 7\" cannot be the id");
    config.child_count = 0; /* they may be absent at creation */
    assert_checked(&config, NULL);
    config.health_threshold = 257;
    assert_checked(&config, "health_threshold: 257: it must be 0 to 256");
    config.child_count = 257;
    assert_checked(&config, "child_health_checks: 257 of them");
}

static void names_of_alarms_and_controls_have_no_control_characters(void **state)
{
    struct health_check_config config = least(HEALTH_CHECK_CLOUDWATCH_METRIC);
    (void)state;
    PUT(config.alarm_name, "erreurs \xc3\xa9lev\xc3\xa9"
                           "es");
    assert_checked(&config, NULL);
    PUT(config.alarm_name, "a\nb");
    assert_checked(&config, "alarm: its name");
    PUT(config.alarm_name, "a");
    PUT(config.alarm_region, "us east");
    assert_checked(&config, "alarm: its region");
    config = least(HEALTH_CHECK_RECOVERY_CONTROL);
    PUT(config.routing_control,
        "arn:aws:route53-recovery-control::111122223333:controlpanel/abc/routingcontrol/def");
    assert_checked(&config, NULL);
    PUT(config.routing_control, "cell\x7f");
    assert_checked(&config, "routing_control: it has control characters");
}

static void a_block_is_no_endpoint(void **state)
{
    struct health_check_config config = least(HEALTH_CHECK_HTTP);
    (void)state;
    put_address(&config, "192.0.2.0/24");
    assert_checked(&config, "ip_address: 192.0.2.0/24 is a block");
}

/* R-HCE-6, and the borders of each block. */
static void special_addresses_are_refused_where_that_is_set(void **state)
{
    static const struct row {
        const char *address;
        bool special;
    } rows[] = {
        { "0.0.0.0", true },
        { "0.255.255.255", true },
        { "1.0.0.0", false },
        { "9.255.255.255", false },
        { "10.0.0.0", true },
        { "10.255.255.255", true },
        { "11.0.0.0", false },
        { "100.63.255.255", false },
        { "100.64.0.0", true },
        { "100.127.255.255", true },
        { "100.128.0.0", false },
        { "127.0.0.1", true },
        { "128.0.0.0", false },
        { "169.254.169.254", true },
        { "169.253.255.255", false },
        { "172.15.255.255", false },
        { "172.16.0.0", true },
        { "172.31.255.255", true },
        { "172.32.0.0", false },
        { "192.0.0.8", true },
        { "192.0.1.0", false },
        { "192.0.2.1", true },
        { "192.88.99.1", true },
        { "192.167.255.255", false },
        { "192.168.0.1", true },
        { "192.169.0.0", false },
        { "198.17.255.255", false },
        { "198.18.0.0", true },
        { "198.19.255.255", true },
        { "198.20.0.0", false },
        { "198.51.100.7", true },
        { "203.0.113.7", true },
        { "223.255.255.255", false },
        { "224.0.0.1", true },
        { "239.255.255.255", true },
        { "240.0.0.0", true },
        { "255.255.255.255", true },
        { "8.8.8.8", false },
        { "::", true },
        { "::1", true },
        { "::ffff:8.8.8.8", true },
        { "64:ff9b::808:808", true },
        { "64:ff9b:1::1", true },
        { "64:ff9b:2::1", false },
        { "100::1", true },
        { "100:0:0:1::1", false },
        { "2001::1", true },
        { "2001:1ff:ffff::1", true },
        { "2001:200::1", false },
        { "2001:db7:ffff::1", false },
        { "2001:db8::1", true },
        { "2001:db9::1", false },
        { "2002:808:808::1", true },
        { "2003::1", false },
        { "2606:4700::1111", false },
        { "3fff:fff::1", true },
        { "3fff:1000::1", false },
        { "fbff::1", false },
        { "fc00::1", true },
        { "fdff::1", true },
        { "fe80::1", true },
        { "febf::1", true },
        { "fec0::1", true },
        { "ff02::1", true },
    };
    (void)state;
    for (unsigned i = 0; i < COUNT_OF(rows); i++) {
        struct health_check_config config = least(HEALTH_CHECK_HTTP);
        struct problem problem = { 0 };
        put_address(&config, rows[i].address);
        if (address_is_special(&config.address) != rows[i].special)
            fail_msg("%s", rows[i].address);
        assert_int_equal(health_check_config_check(&config, false, NULL), 0);
        assert_int_equal(health_check_config_check(&config, true, &problem),
                         rows[i].special ? SP_EINVAL : 0);
        if (rows[i].special)
            assert_int_equal(strncmp(problem.text, "ip_address: ", 12), 0);
    }
}

static void change_type(struct health_check_config *config)
{
    *config = least(HEALTH_CHECK_HTTPS);
}
static void drop_address(struct health_check_config *config)
{
    config->has_address = false;
}
static void change_address(struct health_check_config *config)
{
    put_address(config, "2001:db8::1");
}
static void change_much(struct health_check_config *config)
{
    config->port = 8080;
    config->failure_threshold = 1;
    config->inverted = config->disabled = true;
    config->regions = 7;
    PUT(config->resource_path, "/other");
    PUT(config->domain_name, "other.example");
}

/* R-HCK-2. */
static void what_is_fixed_at_the_creation_stays(void **state)
{
    static const struct row {
        void (*change)(struct health_check_config *config);
        const char *words; /* NULL: it may become that */
    } rows[] = {
        { change_type, "type: it is HTTP, which is fixed" },
        { give_interval, "request_interval: it is 30 seconds, which is fixed" },
        { give_latency, "measure_latency: it is false, which is fixed" },
        { drop_address, "ip_address: whether there is one is fixed" },
        { change_address, NULL },
        { change_much, NULL },
    };
    (void)state;
    for (unsigned i = 0; i < COUNT_OF(rows); i++) {
        struct health_check_config before = least(HEALTH_CHECK_HTTP), after = before;
        struct problem problem = { 0 };
        rows[i].change(&after);
        assert_int_equal(health_check_config_may_become(&before, &after, &problem),
                         rows[i].words == NULL ? 0 : SP_EINVAL);
        if (rows[i].words != NULL && strstr(problem.text, rows[i].words) == NULL)
            fail_msg("\"%s\" does not say \"%s\"", problem.text, rows[i].words);
    }
    struct health_check_config named = least(HEALTH_CHECK_HTTP), after = named;
    give_domain(&named);
    assert_int_equal(health_check_config_may_become(&named, &after, NULL), SP_EINVAL);
}

/* R-HCE-1, R-HCW-2. */
static void regions_and_statuses_have_names(void **state)
{
    static const char *const regions[CHECKER_REGION_COUNT] = {
        "us-east-1",      "us-west-1",      "us-west-2",      "eu-west-1",
        "ap-southeast-1", "ap-southeast-2", "ap-northeast-1", "sa-east-1",
    };
    static const char *const statuses[INSUFFICIENT_DATA_COUNT] = { "LastKnownStatus", "Healthy",
                                                                   "Unhealthy" };
    struct problem problem = { 0 };
    enum insufficient_data status;
    unsigned region;
    (void)state;
    for (unsigned i = 0; i < CHECKER_REGION_COUNT; i++) {
        assert_string_equal(checker_region_name(i), regions[i]);
        assert_int_equal(checker_region_find(regions[i], &region, NULL), 0);
        assert_int_equal(region, i);
    }
    for (unsigned i = 0; i < INSUFFICIENT_DATA_COUNT; i++) {
        assert_string_equal(insufficient_data_name(i), statuses[i]);
        assert_int_equal(insufficient_data_find(statuses[i], &status, NULL), 0);
        assert_int_equal(status, i);
    }
    assert_int_equal(checker_region_find("eu-north-1", &region, &problem), SP_EINVAL);
    assert_non_null(strstr(problem.text, "unknown Region of checkers \"eu-north-1\""));
    assert_non_null(strstr(problem.text, " us-east-1 us-west-1 "));
    assert_int_equal(insufficient_data_find("healthy", &status, &problem), SP_EINVAL);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(an_id_is_a_word_of_64_characters_at_most),
    cmocka_unit_test(a_drawn_id_is_a_random_uuid),
    cmocka_unit_test(every_type_has_a_name_and_a_least_config),
    cmocka_unit_test(a_type_takes_its_own_fields_only),
    cmocka_unit_test(what_a_type_needs_must_be_there),
    cmocka_unit_test(numbers_have_their_bounds),
    cmocka_unit_test(a_path_is_printable_and_begins_with_a_slash),
    cmocka_unit_test(a_domain_name_is_a_host_name),
    cmocka_unit_test(children_are_other_checks_once_each),
    cmocka_unit_test(names_of_alarms_and_controls_have_no_control_characters),
    cmocka_unit_test(a_block_is_no_endpoint),
    cmocka_unit_test(special_addresses_are_refused_where_that_is_set),
    cmocka_unit_test(what_is_fixed_at_the_creation_stays),
    cmocka_unit_test(regions_and_statuses_have_names),
};

RUN_TESTS(tests)
