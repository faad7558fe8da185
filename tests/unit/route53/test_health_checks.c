/* Configs of health checks, from the API's structure to the model's and back. */
#include "health_config.h"

#include "tests.h"

typedef struct r53_health_check_config given;

#define INT(number)                                                                                \
    {                                                                                              \
        true, number                                                                               \
    }
#define FLAG(truth)                                                                                \
    {                                                                                              \
        true, truth                                                                                \
    }
#define LIST(strings)                                                                              \
    {                                                                                              \
        true, COUNT_OF(strings), (void *)(strings)                                                 \
    }

static struct r53_alarm_identifier alarm = { "eu-west-1", "load" };
static const char *const children[] = { "b", "a" };
static const char *const three_regions[] = { "sa-east-1", "us-east-1", "eu-west-1" };

/* ---- as text: every element that would be written, in the model's order ---- */

struct text {
    char all[1024];
};

static void add(struct text *text, const char *name, const char *value)
{
    size_t size = strlen(text->all);
    if (value != NULL)
        snprintf(text->all + size, sizeof text->all - size, "%s%s=%s", size > 0 ? " " : "", name,
                 value);
}

static void add_number(struct text *text, const char *name, struct xml_integer number)
{
    char value[24];
    snprintf(value, sizeof value, "%lld", (long long)number.value);
    add(text, name, number.set ? value : NULL);
}

static void add_flag(struct text *text, const char *name, struct xml_boolean flag)
{
    add(text, name, flag.set ? (flag.value ? "true" : "false") : NULL);
}

static void add_list(struct text *text, const char *name, struct xml_list list)
{
    const char *const *items = list.items;
    char value[256] = "";
    for (unsigned i = 0; i < list.count; i++) {
        strcat(value, i > 0 ? "," : "");
        strcat(value, items[i]);
    }
    add(text, name, list.set ? value : NULL);
}

static struct text text_of(const given *config)
{
    struct text text = { "" };
    add(&text, "IPAddress", config->ip_address);
    add_number(&text, "Port", config->port);
    add(&text, "Type", config->type);
    add(&text, "ResourcePath", config->resource_path);
    add(&text, "FullyQualifiedDomainName", config->fully_qualified_domain_name);
    add(&text, "SearchString", config->search_string);
    add_number(&text, "RequestInterval", config->request_interval);
    add_number(&text, "FailureThreshold", config->failure_threshold);
    add_flag(&text, "MeasureLatency", config->measure_latency);
    add_flag(&text, "Inverted", config->inverted);
    add_flag(&text, "Disabled", config->disabled);
    add_number(&text, "HealthThreshold", config->health_threshold);
    add_list(&text, "ChildHealthChecks", config->child_health_checks);
    add_flag(&text, "EnableSNI", config->enable_sni);
    add_list(&text, "Regions", config->regions);
    if (config->alarm_identifier != NULL) {
        add(&text, "Alarm", config->alarm_identifier->name);
        add(&text, "Region", config->alarm_identifier->region);
    }
    add(&text, "InsufficientDataHealthStatus", config->insufficient_data_health_status);
    add(&text, "RoutingControlArn", config->routing_control_arn);
    return text;
}

static void assert_written(const char *why, const struct health_check_config *config,
                           const char *expected)
{
    struct arena *arena = arena_create();
    given *written = route53_write_health_config(arena, config, "arn:aws:x");
    assert_non_null(written);
    struct text text = text_of(written);
    if (strcmp(text.all, expected) != 0)
        fail_msg("%s:\n  %s\nand not\n  %s", why, text.all, expected);
    arena_destroy(arena);
}

/* ---- creating ---- */

static void what_was_set_comes_back_with_the_defaults_and_nothing_else(void **state)
{
    static const struct row {
        const char *why;
        given given;
        const char *written;
    } rows[] = {
        { "A-HCK-3: HTTP, and no Port, path, name or Regions that nobody gave",
          { .type = "HTTP", .ip_address = "192.0.2.1" },
          "IPAddress=192.0.2.1 Type=HTTP RequestInterval=30 FailureThreshold=3 "
          "MeasureLatency=false Inverted=false Disabled=false EnableSNI=false" },
        { "A-HCK-3: HTTPS has SNI unless it is said",
          { .type = "HTTPS", .fully_qualified_domain_name = "www.harbor.test" },
          "Type=HTTPS FullyQualifiedDomainName=www.harbor.test RequestInterval=30 "
          "FailureThreshold=3 MeasureLatency=false Inverted=false Disabled=false EnableSNI=true" },
        { "A-HCK-6: SNI is ignored without TLS",
          { .type = "HTTP", .ip_address = "192.0.2.1", .enable_sni = FLAG(true) },
          "IPAddress=192.0.2.1 Type=HTTP RequestInterval=30 FailureThreshold=3 "
          "MeasureLatency=false Inverted=false Disabled=false EnableSNI=false" },
        { "everything that an endpoint may have",
          { .type = "HTTPS_STR_MATCH",
            .ip_address = "192.0.2.1",
            .port = INT(8443),
            .resource_path = "/a?b=c",
            .fully_qualified_domain_name = "www.harbor.test",
            .search_string = "all is <well>",
            .request_interval = INT(10),
            .failure_threshold = INT(1),
            .measure_latency = FLAG(true),
            .inverted = FLAG(true),
            .disabled = FLAG(true),
            .enable_sni = FLAG(false),
            .regions = LIST(three_regions) },
          "IPAddress=192.0.2.1 Port=8443 Type=HTTPS_STR_MATCH ResourcePath=/a?b=c "
          "FullyQualifiedDomainName=www.harbor.test SearchString=all is <well> "
          "RequestInterval=10 FailureThreshold=1 MeasureLatency=true Inverted=true Disabled=true "
          "EnableSNI=false Regions=us-east-1,eu-west-1,sa-east-1" },
        { "A-HCK-8: a path without its slash is accepted, and gets it",
          { .type = "HTTP", .ip_address = "192.0.2.1", .resource_path = "up" },
          "IPAddress=192.0.2.1 Type=HTTP ResourcePath=/up RequestInterval=30 FailureThreshold=3 "
          "MeasureLatency=false Inverted=false Disabled=false EnableSNI=false" },
        { "A-HCK-8: loopback addresses are no fault",
          { .type = "TCP", .ip_address = "127.0.0.1", .port = INT(25) },
          "IPAddress=127.0.0.1 Port=25 Type=TCP RequestInterval=30 FailureThreshold=3 "
          "MeasureLatency=false Inverted=false Disabled=false EnableSNI=false" },
        { "A-HCK-5",
          { .type = "TCP", .ip_address = "2001:DB8::1", .port = INT(25) },
          "IPAddress=2001:db8:0:0:0:0:0:1 Port=25 Type=TCP RequestInterval=30 FailureThreshold=3 "
          "MeasureLatency=false Inverted=false Disabled=false EnableSNI=false" },
        { "A-HCK-6: children may come later; A-TRP-30: 0 is a threshold",
          { .type = "CALCULATED", .health_threshold = INT(0) },
          "Type=CALCULATED Inverted=false Disabled=false HealthThreshold=0" },
        { "children keep their order",
          { .type = "CALCULATED",
            .health_threshold = INT(256),
            .child_health_checks = LIST(children) },
          "Type=CALCULATED Inverted=false Disabled=false HealthThreshold=256 "
          "ChildHealthChecks=b,a" },
        { "an alarm",
          { .type = "CLOUDWATCH_METRIC",
            .alarm_identifier = &alarm,
            .insufficient_data_health_status = "Unhealthy" },
          "Type=CLOUDWATCH_METRIC Inverted=false Disabled=false Alarm=load Region=eu-west-1 "
          "InsufficientDataHealthStatus=Unhealthy" },
        { "a routing control",
          { .type = "RECOVERY_CONTROL", .routing_control_arn = "arn:aws:x" },
          "Type=RECOVERY_CONTROL Inverted=false Disabled=false RoutingControlArn=arn:aws:x" },
        { "an empty text or list is none",
          { .type = "CALCULATED",
            .health_threshold = INT(1),
            .resource_path = "",
            .regions = { .set = true } },
          "Type=CALCULATED Inverted=false Disabled=false HealthThreshold=1" },
    };
    (void)state;
    for (unsigned i = 0; i < COUNT_OF(rows); i++) {
        static struct health_check_config config;
        struct problem problem = { 0 };
        if (route53_read_health_config(&rows[i].given, &config, &problem) != 0)
            fail_msg("%s: %s", rows[i].why, problem.text);
        assert_written(rows[i].why, &config, rows[i].written);
    }
}

static void what_may_not_be_is_refused_in_the_words_of_route_53(void **state)
{
#define NAMED "www.harbor.test"
    static const struct row {
        const char *why;
        given given;
        const char *words;
    } rows[] = {
        { "A-HCK-7, seen",
          { .type = "TCP",
            .ip_address = "192.0.2.1",
            .port = INT(25),
            .fully_qualified_domain_name = NAMED },
          "TCP health checks that have IP address must not have a fully qualified domain name "
          "specified." },
        { "A-HCK-7, seen",
          { .type = "HTTP", .ip_address = "192.0.2.1", .alarm_identifier = &alarm },
          "Invalid parameter : Basic health checks must not have an metric region specified." },
        { "A-HCK-6",
          { .type = "TCP", .ip_address = "192.0.2.1", .port = INT(25), .resource_path = "/" },
          "Invalid parameter : TCP health checks must not have a resource path specified." },
        { "A-HCK-6",
          { .type = "HTTP", .ip_address = "192.0.2.1", .search_string = "x" },
          "Invalid parameter : Basic health checks must not have a search string specified." },
        { "A-HCK-6: 0 is something that is given",
          { .type = "HTTP", .ip_address = "192.0.2.1", .health_threshold = INT(0) },
          "Invalid parameter : Basic health checks must not have a health threshold specified." },
        { "A-HCK-6: so is false",
          { .type = "CALCULATED", .health_threshold = INT(1), .measure_latency = FLAG(false) },
          "Invalid parameter : Calculated health checks must not have a measurement of latency "
          "specified." },
        { "A-HCK-6",
          { .type = "RECOVERY_CONTROL",
            .routing_control_arn = "arn:aws:x",
            .request_interval = INT(30) },
          "Invalid parameter : Recovery control health checks must not have a request interval "
          "specified." },
        { "A-HCK-6",
          { .type = "CLOUDWATCH_METRIC", .alarm_identifier = &alarm, .enable_sni = FLAG(true) },
          "Invalid parameter : CloudWatch metric health checks must not have SNI specified." },
        { "A-HCK-6: required",
          { .type = "CALCULATED" },
          "Invalid parameter : Calculated health checks must have a health threshold specified." },
        { "A-HCK-6: required",
          { .type = "TCP", .ip_address = "192.0.2.1" },
          "Port: TCP health checks must have a port specified" },
        { "A-HCK-6: required",
          { .type = "HTTP_STR_MATCH", .ip_address = "192.0.2.1" },
          "SearchString: HTTP_STR_MATCH health checks must have a search string specified" },
        { "A-HCK-6: required",
          { .type = "CLOUDWATCH_METRIC" },
          "AlarmIdentifier: CLOUDWATCH_METRIC health checks must have an alarm specified" },
        { "A-HCK-6: required",
          { .type = "RECOVERY_CONTROL" },
          "RoutingControlArn: RECOVERY_CONTROL health checks must have a routing control "
          "specified" },
        { "A-HCK-6: required",
          { .type = "HTTP" },
          "IPAddress: HTTP health checks must have an IP address or a fully qualified domain name "
          "specified" },
        { "A-HCK-8",
          { .type = "HTTP", .ip_address = "192.0.2.1", .request_interval = INT(20) },
          "RequestInterval: 20 seconds: it must be 10 or 30" },
    };
    (void)state;
    for (unsigned i = 0; i < COUNT_OF(rows); i++) {
        static struct health_check_config config;
        struct problem problem = { 0 };
        assert_int_equal(route53_read_health_config(&rows[i].given, &config, &problem), SP_EINVAL);
        if (strcmp(problem.text, rows[i].words) != 0)
            fail_msg("%s: \"%s\" and not \"%s\"", rows[i].why, problem.text, rows[i].words);
    }
}

static void a_switch_of_ours_is_told_as_a_routing_control(void **state)
{
    static struct health_check_config config;
    (void)state;
    health_check_config_init(&config, HEALTH_CHECK_MANUAL);
    config.inverted = true;
    assert_written(
        "MANUAL", &config,
        "Type=RECOVERY_CONTROL Inverted=true Disabled=false RoutingControlArn=arn:aws:x");
}

/* ---- updating ---- */

static const char *const reset_all[] = { "FullyQualifiedDomainName", "Regions", "ResourcePath" };
static const char *const reset_path[] = { "ResourcePath" };
static const char *const reset_children[] = { "ChildHealthChecks" };

static void an_update_changes_what_it_names(void **state)
{
    static const given http = { .type = "HTTP",
                                .ip_address = "192.0.2.1",
                                .port = INT(81),
                                .resource_path = "/up",
                                .fully_qualified_domain_name = NAMED,
                                .regions = LIST(three_regions) };
    static const given all = { .type = "CALCULATED",
                               .health_threshold = INT(2),
                               .child_health_checks = LIST(children) };
    static const char rest[] = "RequestInterval=30 FailureThreshold=3 MeasureLatency=false "
                               "Inverted=false Disabled=false EnableSNI=false";
    static const struct row {
        const char *why;
        const given *before;
        struct r53_update_health_check_request update;
        const char *after; /* `rest` stands behind that of an endpoint */
        const char *refused;
    } rows[] = {
        { "A-HCK-10: one element",
          &http,
          { .port = INT(82) },
          "IPAddress=192.0.2.1 Port=82 Type=HTTP ResourcePath=/up "
          "FullyQualifiedDomainName=" NAMED " @ Regions=us-east-1,eu-west-1,sa-east-1",
          NULL },
        { "A-HCK-10: another address, by value",
          &http,
          { .ip_address = "2001:db8::2" },
          "IPAddress=2001:db8:0:0:0:0:0:2 Port=81 Type=HTTP ResourcePath=/up "
          "FullyQualifiedDomainName=" NAMED " @ Regions=us-east-1,eu-west-1,sa-east-1",
          NULL },
        { "an empty text takes away",
          &http,
          { .resource_path = "" },
          "IPAddress=192.0.2.1 Port=81 Type=HTTP FullyQualifiedDomainName=" NAMED
          " @ Regions=us-east-1,eu-west-1,sa-east-1",
          NULL },
        { "R-HCK-7",
          &http,
          { .reset_elements = LIST(reset_all) },
          "IPAddress=192.0.2.1 Port=81 Type=HTTP @",
          NULL },
        { "R-HCK-7",
          &all,
          { .reset_elements = LIST(reset_children) },
          "Type=CALCULATED Inverted=false Disabled=false HealthThreshold=2",
          NULL },
        { "A-TRP-30",
          &all,
          { .health_threshold = INT(0), .disabled = FLAG(true) },
          "Type=CALCULATED Inverted=false Disabled=true HealthThreshold=0 ChildHealthChecks=b,a",
          NULL },
        { "A-HCK-11",
          &http,
          { .resource_path = "/x", .reset_elements = LIST(reset_path) },
          NULL,
          "Invalid parameter : ResourcePath is both specified and reset." },
        { "A-HCK-10: a field of another type",
          &http,
          { .health_threshold = INT(1) },
          NULL,
          "Invalid parameter : Basic health checks must not have a health threshold specified." },
        { "A-HCK-10: a reset of one",
          &all,
          { .reset_elements = LIST(reset_path) },
          NULL,
          "Invalid parameter : Calculated health checks must not have a resource path "
          "specified." },
    };
    (void)state;
    for (unsigned i = 0; i < COUNT_OF(rows); i++) {
        static struct health_check_config config;
        struct problem problem = { 0 };
        char after[1024] = "";
        assert_int_equal(route53_read_health_config(rows[i].before, &config, &problem), 0);
        int rc = route53_update_health_config(&rows[i].update, &config, &problem);
        if (rc != (rows[i].refused != NULL ? SP_EINVAL : 0))
            fail_msg("%s: %d %s", rows[i].why, rc, problem.text);
        if (rows[i].refused != NULL) {
            assert_string_equal(problem.text, rows[i].refused);
            continue;
        }
        const char *at = strchr(rows[i].after, '@');
        if (at == NULL)
            strcpy(after, rows[i].after);
        else
            snprintf(after, sizeof after, "%.*s%s%s", (int)(at - rows[i].after), rows[i].after,
                     rest, at + 1);
        assert_written(rows[i].why, &config, after);
    }
}

/* ---- comparing (A-HCK-2) ---- */

static void configs_are_compared_after_the_defaults(void **state)
{
    static const given plain = { .type = "HTTPS", .ip_address = "2001:db8::1" };
    static const struct row {
        const char *why;
        given given;
        bool equal;
    } rows[] = {
        { "the same", { .type = "HTTPS", .ip_address = "2001:db8::1" }, true },
        { "A-HCK-5: an address counts by value",
          { .type = "HTTPS", .ip_address = "2001:0DB8:0:0:0:0:0:1" },
          true },
        { "the defaults, said",
          { .type = "HTTPS",
            .ip_address = "2001:db8::1",
            .request_interval = INT(30),
            .failure_threshold = INT(3),
            .measure_latency = FLAG(false),
            .enable_sni = FLAG(true) },
          true },
        { "a port that is no default to the API",
          { .type = "HTTPS", .ip_address = "2001:db8::1", .port = INT(443) },
          false },
        { "another type", { .type = "HTTP", .ip_address = "2001:db8::1" }, false },
        { "another address", { .type = "HTTPS", .ip_address = "2001:db8::2" }, false },
        { "inverted",
          { .type = "HTTPS", .ip_address = "2001:db8::1", .inverted = FLAG(true) },
          false },
        { "a path", { .type = "HTTPS", .ip_address = "2001:db8::1", .resource_path = "/" }, false },
        { "Regions",
          { .type = "HTTPS", .ip_address = "2001:db8::1", .regions = LIST(three_regions) },
          false },
    };
    static struct health_check_config first, second;
    (void)state;
    assert_int_equal(route53_read_health_config(&plain, &first, NULL), 0);
    for (unsigned i = 0; i < COUNT_OF(rows); i++) {
        assert_int_equal(route53_read_health_config(&rows[i].given, &second, NULL), 0);
        if (health_check_config_equal(&first, &second) != rows[i].equal)
            fail_msg("%s", rows[i].why);
    }
}

/* A-HCK-5: as health checks write addresses, and only they (A-TRP-19). */
static void ipv6_is_written_in_full_groups(void **state)
{
    static const struct row {
        const char *address, *text;
    } rows[] = {
        { "192.0.2.1", "192.0.2.1" },
        { "::", "0:0:0:0:0:0:0:0" },
        { "2001:db8::1", "2001:db8:0:0:0:0:0:1" },
        { "2001:0db8:00ff:0:1:0:0:abcd", "2001:db8:ff:0:1:0:0:abcd" },
    };
    struct arena *arena = arena_create();
    (void)state;
    for (unsigned i = 0; i < COUNT_OF(rows); i++) {
        struct ip_prefix address;
        assert_null(prefix_from_text(&address, rows[i].address));
        assert_string_equal(route53_address_text(arena, &address), rows[i].text);
    }
    arena_destroy(arena);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(what_was_set_comes_back_with_the_defaults_and_nothing_else),
    cmocka_unit_test(what_may_not_be_is_refused_in_the_words_of_route_53),
    cmocka_unit_test(a_switch_of_ours_is_told_as_a_routing_control),
    cmocka_unit_test(an_update_changes_what_it_names),
    cmocka_unit_test(configs_are_compared_after_the_defaults),
    cmocka_unit_test(ipv6_is_written_in_full_groups),
};

RUN_TESTS(tests)
