/* Simulated resources: what each kind is like, and when an alias finds it healthy. */
#include "tests.h"

#include "signpost/dns/name.h"
#include "signpost/dns/types.h"
#include "signpost/model/resource.h"

static void every_kind_has_its_manners(void **state)
{
    static const struct row {
        const char *kind;
        uint32_t ttl_s;
        bool aaaa, may_evaluate, gives_one;
    } rows[RESOURCE_KIND_COUNT] = {
        { "application-load-balancer", 60, true, true, false },
        { "network-load-balancer", 60, true, true, false },
        { "classic-load-balancer", 60, true, true, false },
        { "cloudfront", 60, true, false, false },
        { "s3-website", 5, false, true, true },
        { "api-gateway", 60, false, true, false },
        { "beanstalk", 60, false, true, false },
        { "vpc-endpoint", 60, false, true, false },
        { "global-accelerator", 300, true, true, false },
        { "other", 60, true, true, false },
    };
    (void)state;
    for (unsigned i = 0; i < COUNT_OF(rows); i++) {
        enum resource_kind kind;
        assert_int_equal(resource_kind_find(rows[i].kind, &kind, NULL), 0);
        assert_string_equal(resource_kind_name(kind), rows[i].kind);
        assert_int_equal(resource_kind_ttl(kind), rows[i].ttl_s);
        assert_true(resource_kind_accepts_type(kind, DNS_TYPE_A));
        assert_int_equal(resource_kind_accepts_type(kind, DNS_TYPE_AAAA), rows[i].aaaa);
        assert_false(resource_kind_accepts_type(kind, DNS_TYPE_TXT));
        assert_int_equal(resource_kind_may_evaluate(kind), rows[i].may_evaluate);
        assert_int_equal(resource_kind_gives_one(kind), rows[i].gives_one);
    }
}

static void an_unknown_kind_is_told_the_others(void **state)
{
    enum resource_kind kind;
    struct problem problem = { 0 };
    (void)state;
    assert_int_equal(resource_kind_find("elb", &kind, &problem), SP_EINVAL);
    assert_string_equal(problem.text,
                        "unknown kind of resource \"elb\"; it may be one of: "
                        "application-load-balancer network-load-balancer classic-load-balancer "
                        "cloudfront s3-website api-gateway beanstalk vpc-endpoint "
                        "global-accelerator other");
}

static struct resource_entry entry_named(const char *name, const char *kind)
{
    const char *why = "";
    struct resource_entry entry = { .ttl_s = 60 };
    if (dns_name_from_text(entry.name, name, strlen(name), NULL, &why) == 0)
        fail_msg("%s: %s", name, why);
    assert_int_equal(resource_kind_find(kind, &entry.kind, NULL), 0);
    return entry;
}

static void health_is_what_the_kind_makes_of_its_targets(void **state)
{
    static const struct row {
        const char *why;
        const char *kind;
        unsigned groups;
        unsigned targets[2][2]; /* healthy of registered */
        bool down;
        bool healthy;
    } rows[] = {
        { "every group needs one",
          "application-load-balancer",
          2,
          { { 2, 3 }, { 1, 1 } },
          false,
          true },
        { "one group has none",
          "application-load-balancer",
          2,
          { { 2, 3 }, { 0, 1 } },
          false,
          false },
        { "one group is empty", "network-load-balancer", 2, { { 2, 3 }, { 0, 0 } }, false, false },
        { "nothing is known of targets", "application-load-balancer", 0, { { 0 } }, false, true },
        { "it is down itself", "application-load-balancer", 1, { { 1, 1 } }, true, false },
        { "a classic one needs any",
          "classic-load-balancer",
          2,
          { { 0, 2 }, { 1, 1 } },
          false,
          true },
        { "a classic one has none", "classic-load-balancer", 1, { { 0, 2 } }, false, false },
        { "a classic one is down", "classic-load-balancer", 1, { { 2, 2 } }, true, false },
        { "an environment as its load balancer", "beanstalk", 1, { { 0, 2 } }, false, false },
        { "an environment of one instance", "beanstalk", 0, { { 0 } }, false, true },
        { "a website", "s3-website", 0, { { 0 } }, false, true },
        { "a website that is down", "s3-website", 0, { { 0 } }, true, false },
        { "a distribution", "cloudfront", 0, { { 0 } }, false, true },
        { "anything else", "other", 1, { { 0, 1 } }, false, false },
    };
    (void)state;
    for (unsigned i = 0; i < COUNT_OF(rows); i++) {
        struct resource_entry entry = entry_named("lb1.example", rows[i].kind);
        entry.is_down = rows[i].down;
        for (unsigned j = 0; j < rows[i].groups; j++)
            assert_int_equal(resource_add_targets(&entry, j == 0 ? "web" : "api",
                                                  rows[i].targets[j][0], rows[i].targets[j][1],
                                                  NULL),
                             0);
        if (resource_is_healthy(&entry) != rows[i].healthy)
            fail_msg("%s", rows[i].why);
    }
}

static void addresses_of_a_zone_stay_together(void **state)
{
    static const char *const given[][2] = {
        { "a", "192.0.2.1" }, { "b", "192.0.2.2" }, { "a", "2001:db8::1" }, { "b", "192.0.2.4" }
    };
    static const char *const expect[] = { "a 192.0.2.1", "a 2001:db8::1", "b 192.0.2.2",
                                          "b 192.0.2.4" };
    struct resource_entry entry = entry_named("lb1.example", "other");
    char text[PREFIX_TEXT_SIZE], line[100];
    (void)state;
    for (unsigned i = 0; i < COUNT_OF(given); i++)
        assert_int_equal(resource_add_address(&entry, given[i][0], given[i][1], NULL), 0);
    assert_int_equal(entry.address_count, COUNT_OF(expect));
    for (unsigned i = 0; i < COUNT_OF(expect); i++) {
        snprintf(line, sizeof line, "%s %s", entry.addresses[i].zone,
                 prefix_to_text(text, &entry.addresses[i].address));
        assert_string_equal(line, expect[i]);
    }
}

static void bad_addresses_are_refused(void **state)
{
    static const struct row {
        const char *zone, *address, *expect;
    } rows[] = {
        { "a", "192.0.2.0/24",
          "\"192.0.2.0/24\" is a block: a resource has single addresses, such as 192.0.2.1" },
        { "a", "192.0.2.256",
          "\"192.0.2.256\" is no IPv4 or IPv6 address: a resource has single addresses, such as "
          "192.0.2.1" },
        { "a", "192.0.2.1", "the address 192.0.2.1 is there twice" },
        { "b", "192.0.2.1", "the address 192.0.2.1 is there twice" },
        { "", "192.0.2.2",
          "\"\" cannot be an availability zone: it must be 1 to 32 letters, digits, \"-\" and "
          "\"_\"" },
        { "us east", "192.0.2.2",
          "\"us east\" cannot be an availability zone: it must be 1 to 32 letters, digits, \"-\" "
          "and \"_\"" },
    };
    struct resource_entry entry = entry_named("lb1.example", "other");
    (void)state;
    assert_int_equal(resource_add_address(&entry, "a", "192.0.2.1", NULL), 0);
    for (unsigned i = 0; i < COUNT_OF(rows); i++) {
        struct problem problem = { 0 };
        assert_int_equal(resource_add_address(&entry, rows[i].zone, rows[i].address, &problem),
                         SP_EINVAL);
        assert_string_equal(problem.text, rows[i].expect);
    }
    assert_int_equal(entry.address_count, 1);
}

static void each_family_has_room_for_64_addresses(void **state)
{
    struct resource_entry entry = entry_named("lb1.example", "other");
    struct problem problem = { 0 };
    char text[40];
    (void)state;
    for (unsigned i = 0; i < RESOURCE_ADDRESSES_MAX; i++) {
        snprintf(text, sizeof text, "192.0.2.%u", i);
        assert_int_equal(resource_add_address(&entry, "a", text, &problem), 0);
        snprintf(text, sizeof text, "2001:db8::%x", i + 1);
        assert_int_equal(resource_add_address(&entry, "b", text, &problem), 0);
    }
    assert_int_equal(resource_add_address(&entry, "a", "192.0.2.200", &problem), SP_ELIMIT);
    assert_string_equal(problem.text, "a resource has at most 64 addresses of a family");
    assert_int_equal(resource_add_address(&entry, "a", "2001:db8::ff", &problem), SP_ELIMIT);
    assert_int_equal(resource_check(&entry, &problem), 0);
}

static void bad_target_groups_are_refused(void **state)
{
    static const struct row {
        const char *name;
        uint64_t healthy, registered;
        const char *expect;
    } rows[] = {
        { "api", 3, 2, "target group api: 3 healthy of 2 registered targets cannot be" },
        { "api", 0, 1ull << 32,
          "target group api: 0 healthy of 4294967296 registered targets cannot be" },
        { "web", 1, 1, "target group web is there twice" },
        { "a=b", 1, 1,
          "\"a=b\" cannot be a target group: it must be 1 to 32 letters, digits, \"-\", \"_\" and "
          "\".\"" },
    };
    struct resource_entry entry = entry_named("lb1.example", "other");
    struct problem problem = { 0 };
    char name[16];
    (void)state;
    assert_int_equal(resource_add_targets(&entry, "web", 0, 0, NULL), 0);
    for (unsigned i = 0; i < COUNT_OF(rows); i++) {
        assert_int_equal(resource_add_targets(&entry, rows[i].name, rows[i].healthy,
                                              rows[i].registered, &problem),
                         SP_EINVAL);
        assert_string_equal(problem.text, rows[i].expect);
    }
    for (unsigned i = 1; i < RESOURCE_TARGETS_MAX; i++) {
        snprintf(name, sizeof name, "group%u", i);
        assert_int_equal(resource_add_targets(&entry, name, 1, 1, NULL), 0);
    }
    assert_int_equal(resource_add_targets(&entry, "last", 1, 1, &problem), SP_ELIMIT);
    assert_string_equal(problem.text, "a resource has at most 100 target groups");
}

static void the_whole_must_fit_together(void **state)
{
    static const struct row {
        const char *name, *kind, *address;
        bool targets;
        const char *expect;
    } rows[] = {
        { "lb1.example", "other", "192.0.2.1", false, "" },
        { "lb1.example", "cloudfront", "2001:db8::1", false, "" },
        { "lb1.example", "beanstalk", "192.0.2.1", true, "" },
        { "lb1.example", "other", NULL, false,
          "resource lb1.example. (other): it has no address: give at least one availability zone "
          "with an address" },
        { "*.example", "other", "192.0.2.1", false,
          "resource *.example. (other): its name begins with *" },
        { ".", "other", "192.0.2.1", false, "resource . (other): the root cannot be a resource" },
        { "www.example", "s3-website", "2001:db8::1", false,
          "resource www.example. (s3-website): its kind has IPv4 addresses only" },
        { "d1.example", "cloudfront", "192.0.2.1", true,
          "resource d1.example. (cloudfront): its kind has no target groups: say that it is down "
          "instead" },
    };
    (void)state;
    for (unsigned i = 0; i < COUNT_OF(rows); i++) {
        struct resource_entry entry = entry_named(rows[i].name, rows[i].kind);
        struct problem problem = { 0 };
        if (rows[i].address != NULL)
            assert_int_equal(resource_add_address(&entry, "a", rows[i].address, NULL), 0);
        if (rows[i].targets)
            assert_int_equal(resource_add_targets(&entry, "web", 1, 1, NULL), 0);
        int rc = resource_check(&entry, &problem);
        assert_string_equal(problem.text, rows[i].expect);
        assert_int_equal(rc, *rows[i].expect != '\0' ? SP_EINVAL : 0);
    }
    struct resource_entry entry = entry_named("lb1.example", "other");
    entry.ttl_s = 0x80000000u;
    assert_int_equal(resource_check(&entry, NULL), SP_EINVAL);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(every_kind_has_its_manners),
    cmocka_unit_test(an_unknown_kind_is_told_the_others),
    cmocka_unit_test(health_is_what_the_kind_makes_of_its_targets),
    cmocka_unit_test(addresses_of_a_zone_stay_together),
    cmocka_unit_test(bad_addresses_are_refused),
    cmocka_unit_test(each_family_has_room_for_64_addresses),
    cmocka_unit_test(bad_target_groups_are_refused),
    cmocka_unit_test(the_whole_must_fit_together),
};

RUN_TESTS(tests)
