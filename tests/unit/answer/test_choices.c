/*
 * Replies whose records a policy has chosen: sections, client-subnet option, reason.
 */
#include "signpost/answer/answer.h"

#include "reply_text.h"
#include "trees.h"

#define GROUP(how, count, ...)                                                                     \
    {                                                                                              \
        .policy = (how), .member_count = (count), .members = { __VA_ARGS__ }                       \
    }

/* g0 asks where the client is, g1 is drawn by weight, g2 is an alias of g1, g3 has nothing for
 * anybody, g4 is an alias of a resource. */
static const struct tree tree = {
    .group_count = 5,
    .groups = {
        GROUP(ROUTING_GEOLOCATION, 2,
              { .leaf = 1, .continent = "", .country = "DE", .subdivision = "" },
              { .leaf = 9, .continent = "", .country = "*", .subdivision = "" }),
        GROUP(ROUTING_WEIGHTED, 1, { .leaf = 2, .weight = 1 }),
        GROUP(ROUTING_SIMPLE, 1, { .kind = MEMBER_ALIAS, .target = 1 }),
        GROUP(ROUTING_GEOLOCATION, 1,
              { .leaf = 3, .continent = "", .country = "FR", .subdivision = "" }),
        GROUP(ROUTING_SIMPLE, 1, { .kind = MEMBER_RESOURCE, .target = 0 }),
    },
    .resources = { { true, true, true, 8 } },
};

static struct snapshot *snapshot;
static struct health_table *health;

static int set_up(void **state)
{
    (void)state;
    snapshot = tree_compile(&tree);
    snapshot->options.minimal_responses = true;
    health = health_table_create(TREE_CHECKS + 1);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    health_table_destroy(health);
    snapshot_unref(snapshot);
    return 0;
}

static size_t make_query(uint8_t *out, const char *name, const char *subnet)
{
    static const uint8_t header[] = { 0x12, 0x34, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1 };
    static const uint8_t opt[] = { 0, 0, DNS_TYPE_OPT, 4, 208, 0, 0, 0, 0, 0, 0 };
    uint8_t *to = out;
    memcpy(to, header, sizeof header);
    to += sizeof header;
    to += test_raw_name(to, name);
    put_u32(to, DNS_TYPE_A << 16 | DNS_CLASS_IN);
    memcpy(to + 4, opt, sizeof opt);
    to += 4 + sizeof opt;
    if (subnet != NULL) {
        struct ip_prefix prefix;
        assert_null(prefix_from_text(&prefix, subnet));
        unsigned octets = (prefix.length + 7u) / 8;
        to[-1] = (uint8_t)(8 + octets);
        put_u32(to, 8 << 16 | (4 + octets));
        put_u32(to + 4, (prefix.family == IP_V4 ? 1u : 2u) << 16 | (unsigned)prefix.length << 8);
        memcpy(to + 8, prefix.octets, octets);
        to += 8 + octets;
    }
    return (size_t)(to - out);
}

struct asked {
    uint8_t reply[4096];
    size_t size;
    char text[4096];
};

static void ask_from(struct asked *asked, const char *name, const char *subnet, const char *source)
{
    uint8_t query[600];
    struct sockaddr_storage storage = { 0 };
    struct sockaddr_in *address = (struct sockaddr_in *)&storage;
    struct dice dice;
    struct answer_note note;
    address->sin_family = AF_INET;
    assert_int_equal(inet_pton(AF_INET, source, &address->sin_addr), 1);
    dice_init_seeded(&dice, 1);
    struct view view = {
        .snapshot = snapshot, .health = health, .dice = &dice, .source = &storage
    };
    size_t size = make_query(query, name, subnet);
    asked->size = answer_query(&view, (struct span){ query, size }, asked->reply, &note);
    reply_text(asked->text, sizeof asked->text, asked->reply, asked->size);
}

/* The option with that code in the reply's OPT record, which is its last; NULL: none. */
static const uint8_t *find_option(const struct asked *asked, uint16_t code, unsigned *out_size)
{
    for (size_t at = asked->size - 11;; at--) {
        const uint8_t *opt = asked->reply + at;
        if (opt[0] != 0 || get_u16(opt + 1) != DNS_TYPE_OPT || get_u16(opt + 3) != 1232 ||
            at + 11 + get_u16(opt + 9) != asked->size)
            continue;
        const uint8_t *option = opt + 11;
        while (option < asked->reply + asked->size && get_u16(option) != code)
            option += 4 + get_u16(option + 2);
        if (option == asked->reply + asked->size)
            return NULL;
        *out_size = get_u16(option + 2);
        return option + 4;
    }
}

#define SOA_TEXT "lab.test 900 SOA ns.lab.test host.lab.test 1 7200 900 1209600 86400"

static void the_option_decides_and_comes_back_with_its_scope(void **state)
{
    (void)state;
    static const struct row {
        const char *why, *name, *subnet, *source, *expected;
        int scope; /* -1: no option in the reply */
    } rows[] = {
        { "R-ECS-2: the option before the source", "g0.lab.test", "203.0.113.0/25", "192.0.2.1",
          "NOERROR aa | g0.lab.test 60 A 10.0.0.1 | | ", 24 },
        { "R-ECS-2: the source without it", "g0.lab.test", NULL, "203.0.113.9",
          "NOERROR aa | g0.lab.test 60 A 10.0.0.1 | | ", -1 },
        { "S-22c, R-ECS-3: /0 asks for privacy", "g0.lab.test", "0.0.0.0/0", "203.0.113.9",
          "NOERROR aa | g0.lab.test 60 A 10.0.0.1 | | ", 0 },
        { "R-ECS-5: never more than was given", "g0.lab.test", "203.0.0.0/16", "203.0.113.9",
          "NOERROR aa | g0.lab.test 60 A 10.0.0.9 | | ", 16 },
        { "S-22d: nobody looked", "g1.lab.test", "203.0.113.0/25", "192.0.2.1",
          "NOERROR aa | g1.lab.test 60 A 10.0.0.2 | | ", 0 },
        { "R-ANS-27: an alias shows as itself", "g2.lab.test", NULL, "192.0.2.1",
          "NOERROR aa | g2.lab.test 60 A 10.0.0.2 | | ", -1 },
        { "R-GEO-6: no answer", "g3.lab.test", "203.0.113.0/25", "192.0.2.1",
          "NOERROR aa | | " SOA_TEXT " | ", 24 },
        { "R-ALI-5: a resource's TTL", "g4.lab.test", NULL, "192.0.2.1",
          "NOERROR aa | g4.lab.test 60 A 10.0.0.8 | | ", -1 },
    };
    for (unsigned i = 0; i < COUNT_OF(rows); i++) {
        struct asked asked;
        unsigned size;
        ask_from(&asked, rows[i].name, rows[i].subnet, rows[i].source);
        if (strcmp(asked.text, rows[i].expected) != 0)
            fail_msg("%s:\n  is       %s\n  expected %s", rows[i].why, asked.text,
                     rows[i].expected);
        const uint8_t *option = find_option(&asked, 8, &size);
        if ((option == NULL ? -1 : option[3]) != rows[i].scope)
            fail_msg("%s: scope is %d", rows[i].why, option == NULL ? -1 : option[3]);
        if (option != NULL) {
            struct ip_prefix given;
            prefix_from_text(&given, rows[i].subnet);
            assert_int_equal(get_u16(option), 1);
            assert_int_equal(option[2], given.length);
            assert_memory_equal(option + 4, given.octets, size - 4);
        }
    }
}

static void who_is_not_believed_gets_no_option_back(void **state)
{
    (void)state;
    struct asked asked;
    unsigned size;
    snapshot->options.client_subnet.count = 1;
    prefix_from_text(&snapshot->options.client_subnet.items[0], "192.0.2.0/24");
    ask_from(&asked, "g0.lab.test", "203.0.113.0/25", "192.0.2.1");
    assert_string_equal(asked.text, "NOERROR aa | g0.lab.test 60 A 10.0.0.1 | | ");
    assert_non_null(find_option(&asked, 8, &size));
    ask_from(&asked, "g0.lab.test", "203.0.113.0/25", "198.18.0.1");
    assert_string_equal(asked.text, "NOERROR aa | g0.lab.test 60 A 10.0.0.9 | | ");
    assert_null(find_option(&asked, 8, &size));
}

static void the_reason_goes_to_those_who_may_know_it(void **state)
{
    (void)state;
    static const struct row {
        const char *why, *name, *source, *reason; /* NULL: none */
    } rows[] = {
        { "a policy", "g1.lab.test", "127.0.0.1", "weighted m2 1/1" },
        { "an alias", "g2.lab.test", "127.0.0.1", "alias g1.lab.test. -> weighted m2 1/1" },
        { "no answer has its reason too", "g3.lab.test", "127.0.0.1",
          "geolocation: no answer, FR: the client is elsewhere; client 127.0.0.1 not located" },
        { "a stranger", "g1.lab.test", "192.0.2.1", NULL },
        { "nothing was chosen", "lab.test", "127.0.0.1", NULL },
    };
    snapshot->options.explain_clients.count = 1;
    prefix_from_text(&snapshot->options.explain_clients.items[0], "127.0.0.0/8");
    for (unsigned i = 0; i < COUNT_OF(rows); i++) {
        struct asked asked;
        unsigned size = 0;
        ask_from(&asked, rows[i].name, NULL, rows[i].source);
        const uint8_t *option = find_option(&asked, 15, &size);
        if ((option != NULL) != (rows[i].reason != NULL))
            fail_msg("%s", rows[i].why);
        if (option == NULL)
            continue;
        assert_int_equal(get_u16(option), 0); /* RFC 8914 §4.1 */
        assert_int_equal(size - 2, strlen(rows[i].reason));
        assert_memory_equal(option + 2, rows[i].reason, size - 2);
    }
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)
static const struct CMUnitTest tests[] = {
    TEST(the_option_decides_and_comes_back_with_its_scope),
    TEST(who_is_not_believed_gets_no_option_back),
    TEST(the_reason_goes_to_those_who_may_know_it),
};
RUN_TESTS(tests)
