/*
 * What is written and read again is the same, whatever octets it is made of; and ldns, an outsider,
 * reads every value that we write as we meant it.
 */
#include "signpost/base/dice.h"
#include "signpost/dns/rdata.h"
#include "signpost/geo/places.h"

#include "drafts.h"

#include <ldns/ldns.h>

struct builder {
    struct dice dice;
    uint8_t data[DNS_RDATA_SIZE_MAX];
    size_t size;
};

static void put(struct builder *b, const void *octets, size_t size)
{
    assert_true(b->size + size <= sizeof b->data);
    memcpy(b->data + b->size, octets, size);
    b->size += size;
}

static void put_number(struct builder *b, uint32_t number, unsigned size)
{
    uint8_t octets[4];
    put_u32(octets, number);
    put(b, octets + 4 - size, size);
}

/* Octets that are special somewhere come often, all others too.  Never upper case: what is stored
 * is not. */
static uint8_t odd_octet(struct dice *dice)
{
    static const char odd[] = "*@$.\\\"();# \t\r\n;=,/-_0aAz\177\200\377";
    uint8_t octet = (uint8_t)dice_next(dice);
    if (dice_below(dice, 2) == 0)
        octet = (uint8_t)odd[dice_below(dice, sizeof odd)];
    return octet >= 'A' && octet <= 'Z' ? (uint8_t)(octet + 32) : octet;
}

/* A name of that many octets at most, above the zone when that is given. */
static size_t odd_name(struct dice *dice, uint8_t *out, size_t most, const uint8_t *zone)
{
    size_t zone_size = zone == NULL ? 1 : dns_name_size(zone);
    size_t size = 0;
    uint32_t labels = dice_below(dice, 8) == 0 ? 127 : dice_below(dice, 4);
    while (labels-- > 0) {
        size_t label = dice_below(dice, 4) == 0 ? 63 : 1 + dice_below(dice, 5);
        if (size + 1 + label + zone_size > most)
            label = most - zone_size - size - 1; /* 255 octets exactly, where it can be */
        if (label == 0 || label > 63)
            break;
        out[size] = (uint8_t)label;
        for (size_t i = 1; i <= label; i++)
            out[size + i] = odd_octet(dice);
        size += 1 + label;
        if (size + zone_size + 2 > most)
            break;
    }
    memcpy(out + size, zone == NULL ? (const uint8_t *)"" : zone, zone_size);
    return size + zone_size;
}

static void put_name(struct builder *b)
{
    uint8_t name[DNS_NAME_SIZE_MAX];
    put(b, name, odd_name(&b->dice, name, sizeof name, NULL));
}

static void put_octets(struct builder *b, size_t size)
{
    while (size-- > 0) {
        uint8_t octet = odd_octet(&b->dice);
        put(b, &octet, 1);
    }
}

static void put_string(struct builder *b)
{
    uint32_t size = dice_below(&b->dice, 3) == 0 ? 255 : dice_below(&b->dice, 20);
    put_number(b, size, 1);
    put_octets(b, size);
}

static void put_strings(struct builder *b)
{
    uint32_t count = dice_below(&b->dice, 50) == 0 ? 255 : 1 + dice_below(&b->dice, 3);
    while (count-- > 0)
        put_string(b);
}

static void put_param(struct builder *b, uint32_t key, uint32_t size)
{
    put_number(b, key, 2);
    put_number(b, size, 2);
}

/* mandatory lists the port; every key comes or does not. */
static void put_params(struct builder *b)
{
    uint32_t keys = dice_below(&b->dice, 512);
    if (keys & 1)
        keys |= 8;
    if (keys & 4)
        keys |= 2;
    for (uint32_t key = 0; key < 9; key++) {
        uint32_t count = 1 + dice_below(&b->dice, 3);
        if ((keys & 1u << key) == 0)
            continue;
        if (key == 0) {
            put_param(b, key, 2);
            put_number(b, 3, 2);
        } else if (key == 1) {
            put_param(b, key, count * 10);
            for (uint32_t i = 0; i < count; i++) {
                put_number(b, 9, 1);
                put_octets(b, 9);
            }
        } else if (key == 2 || key == 8) {
            put_param(b, key, 0);
        } else {
            uint32_t unit = key == 4 ? 4 : key == 6 ? 16 : 1;
            put_param(b, key, key == 3 ? 2 : count * unit);
            put_octets(b, key == 3 ? 2 : count * unit);
        }
    }
}

static void build(struct builder *b, uint16_t type)
{
    b->size = 0;
    switch (type) {
    case DNS_TYPE_A:
        put_octets(b, 4);
        break;
    case DNS_TYPE_AAAA:
        put_octets(b, 16);
        break;
    case DNS_TYPE_SOA:
        put_name(b);
        put_name(b);
        put_octets(b, 20);
        break;
    case DNS_TYPE_MX:
        put_octets(b, 2);
        put_name(b);
        break;
    case DNS_TYPE_SRV:
        put_octets(b, 6);
        put_name(b);
        break;
    case DNS_TYPE_TXT:
    case DNS_TYPE_SPF:
        put_strings(b);
        break;
    case DNS_TYPE_NAPTR:
        put_octets(b, 4);
        put_string(b);
        put_string(b);
        put_number(b, 0, 1);
        put_name(b);
        break;
    case DNS_TYPE_DS:
        put_octets(b, 3);
        put_number(b, 9, 1);
        put_octets(b, 1 + dice_below(&b->dice, 100));
        break;
    case DNS_TYPE_SSHFP:
        put_number(b, 4, 1);
        put_number(b, 2, 1);
        put_octets(b, 32);
        break;
    case DNS_TYPE_TLSA:
        put_number(b, 0x030100, 3);
        put_octets(b, 1 + dice_below(&b->dice, 5000));
        break;
    case DNS_TYPE_CAA:
        put_octets(b, 1);
        put(b, "\5issue", 6);
        put_octets(b, dice_below(&b->dice, 600));
        break;
    case DNS_TYPE_SVCB:
    case DNS_TYPE_HTTPS:
        put_number(b, 1 + dice_below(&b->dice, 32767), 2);
        put_name(b);
        put_params(b);
        break;
    default:
        put_name(b);
    }
    assert_null(dns_rdata_check(type, (struct span){ b->data, b->size }));
}

static struct draft *odd_draft(struct builder *b)
{
    struct draft *draft = lab_draft(true);
    for (unsigned i = 0; i < 40; i++) {
        uint8_t owner[DNS_NAME_SIZE_MAX];
        uint16_t type = dns_type_at(i % DNS_TYPE_COUNT)->type;
        size_t size = odd_name(&b->dice, owner, sizeof owner, draft->zone.name);
        bool fits_any_name = type != DNS_TYPE_CNAME && type != DNS_TYPE_NS && type != DNS_TYPE_SOA;
        bool added;
        struct draft_name *name = draft_name(draft, owner);
        assert_int_equal(size, dns_name_size(owner));
        if (!fits_any_name && (name->sets != NULL || size == 10 || dns_name_is_wildcard(owner)))
            continue;
        if (record_set_find(name->sets, DNS_TYPE_CNAME) != NULL || type == DNS_TYPE_SOA)
            continue;
        for (unsigned values = type == DNS_TYPE_CNAME ? 1 : 1 + dice_below(&b->dice, 4); values > 0;
             values--) {
            build(b, type);
            draft_add_value(draft, name, type, (uint32_t)dice_next(&b->dice) & 0x7fffffff,
                            (struct span){ b->data, b->size }, 0, &added);
        }
    }
    return draft;
}

/* Any printable text, with what is special in quotes. */
static void odd_text(struct dice *dice, char *out, size_t size)
{
    static const char *const pieces[] = { "\"", "\\", " ", ";",        "(",
                                          "=",  "a",  "7", "\xc3\xa4", "\xe2\x82\xac" };
    size_t most = 1 + dice_below(dice, (uint32_t)size - 4), used = 0;
    while (used < most) {
        const char *piece = pieces[dice_below(dice, COUNT_OF(pieces))];
        memcpy(out + used, piece, strlen(piece));
        used += strlen(piece);
    }
    out[used] = '\0';
}

/* A place for member number i that no other member has. */
static struct routing odd_routing(struct dice *dice, enum routing_policy policy, unsigned i)
{
    struct routing routing = { 0 };
    switch (policy) {
    case ROUTING_WEIGHTED:
        routing.weight = (uint8_t)dice_next(dice);
        break;
    case ROUTING_LATENCY:
        strcpy(routing.region, geo_region_at(i)->name);
        break;
    case ROUTING_FAILOVER:
        routing.is_primary = i == 0;
        break;
    case ROUTING_GEOLOCATION:
        if (i == 0) {
            strcpy(routing.country, "*");
        } else if (i == 1) {
            strcpy(routing.continent, geo_continent_code(dice_below(dice, GEO_CONTINENT_COUNT)));
        } else if (i == 2) {
            strcpy(routing.country, "US");
            strcpy(routing.subdivision, "CA");
        } else {
            strcpy(routing.country, geo_country_at(i)->code);
        }
        break;
    case ROUTING_GEOPROXIMITY:
        if (i == 0) {
            strcpy(routing.region, "us-east-1");
        } else if (i == 1) {
            strcpy(routing.local_zone_group, "us-west-2-den-1");
        } else {
            snprintf(routing.latitude, sizeof routing.latitude, "-%u.%u", i, dice_below(dice, 100));
            snprintf(routing.longitude, sizeof routing.longitude, "%u", dice_below(dice, 181));
        }
        routing.bias = (int8_t)((int)dice_below(dice, 199) - 99);
        break;
    case ROUTING_CIDR:
        strcpy(routing.collection, "6f1e2a5c-0d3b-4c8e-9a71-2b54c0e8d913");
        snprintf(routing.location, sizeof routing.location, i == 0 ? "*" : "L_%u", i);
        break;
    default:
        break;
    }
    return routing;
}

/* To a set of the zone, or to a resource. */
static struct alias_target odd_alias(struct builder *b, const struct draft *draft, uint8_t *name)
{
    struct alias_target alias = { .name = name, .evaluate_health = dice_below(&b->dice, 2) == 0 };
    if (dice_below(&b->dice, 2) == 0) {
        strcpy(alias.zone_id, draft->zone.public_id);
        wire_name(name, "target.lab.test.");
    } else {
        strcpy(alias.zone_id, RESOURCE_ZONE_ID);
        odd_name(&b->dice, name, DNS_NAME_SIZE_MAX, NULL);
    }
    return alias;
}

static void add_values(struct builder *b, struct draft *draft, struct record_set *set)
{
    for (unsigned values = set->type == DNS_TYPE_CNAME ? 1 : 1 + dice_below(&b->dice, 3);
         values > 0; values--) {
        bool added;
        build(b, set->type);
        draft_add_to_set(draft, set, (struct span){ b->data, b->size }, &added);
    }
}

static void add_member(struct builder *b, struct draft *draft, struct draft_name *name,
                       enum routing_policy policy, uint16_t type, unsigned i)
{
    char identifier[80] = "", check[HEALTH_CHECK_ID_SIZE_MAX + 1];
    uint8_t target[DNS_NAME_SIZE_MAX];
    struct routing routing = odd_routing(&b->dice, policy, i);
    struct alias_target alias = odd_alias(b, draft, target);
    struct record_set set = { .type = type, .policy = policy, .set_identifier = identifier };
    bool is_alias = policy != ROUTING_MULTIVALUE && dice_below(&b->dice, 3) == 0;
    odd_text(&b->dice, check, sizeof check);
    if (policy != ROUTING_SIMPLE) {
        odd_text(&b->dice, identifier, 64);
        snprintf(identifier + strlen(identifier), 8, "%u", i); /* nobody else's */
        if (policy != ROUTING_MULTIVALUE)
            set.routing = &routing;
    }
    if (dice_below(&b->dice, 2) == 0 || (policy == ROUTING_SIMPLE && !is_alias))
        set.health_check = check;
    if (is_alias)
        set.alias = &alias;
    else
        set.ttl_s = policy == ROUTING_WEIGHTED ? 60 : dice_below(&b->dice, 100000);
    struct record_set *added = draft_add_set(draft, name, &set);
    assert_non_null(added);
    if (!is_alias)
        add_values(b, draft, added);
}

/* A group of every policy, each of a type of its own; and a target for their aliases. */
static void add_groups(struct builder *b, struct draft *draft)
{
    static const uint16_t types[] = { DNS_TYPE_A,   DNS_TYPE_AAAA, DNS_TYPE_TXT,
                                      DNS_TYPE_CAA, DNS_TYPE_MX,   DNS_TYPE_HTTPS };
    uint8_t owner[DNS_NAME_SIZE_MAX];
    wire_name(owner, "target.lab.test.");
    struct draft_name *name = draft_name(draft, owner);
    for (size_t i = 0; i < COUNT_OF(types); i++) {
        struct record_set set = { .type = types[i], .set_identifier = "" };
        add_values(b, draft, draft_add_set(draft, name, &set));
    }
    for (enum routing_policy policy = 0; policy < ROUTING_POLICY_COUNT; policy++) {
        unsigned members = policy == ROUTING_SIMPLE     ? 1
                           : policy == ROUTING_FAILOVER ? 2
                                                        : 1 + dice_below(&b->dice, 8);
        char text[64];
        snprintf(text, sizeof text, "group-%u.lab.test.", policy);
        wire_name(owner, text);
        for (unsigned i = 0; i < members; i++)
            add_member(b, draft, draft_name(draft, owner), policy,
                       types[(policy + draft->name_count) % COUNT_OF(types)], i);
    }
}

/* Names that got nothing are not in a file. */
static void drop_empty_names(struct draft *draft)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < draft->name_count; i++)
        if (draft->names[i]->sets != NULL)
            draft->names[count++] = draft->names[i];
    draft->name_count = count;
}

static void any_zone_is_the_same_when_written_and_read_again(void **state)
{
    static struct builder b;
    (void)state;
    dice_init_seeded(&b.dice, 1035);
    for (unsigned round = 0; round < 300; round++) {
        struct draft *draft = odd_draft(&b);
        add_groups(&b, draft);
        draft_add_defaults(draft, &lab_defaults);
        drop_empty_names(draft);
        char *text = write_text(draft);
        struct draft *again = read_good(text);
        assert_same_drafts(draft, again);
        char *text_again = write_text(again);
        assert_string_equal(text, text_again);
        free(text_again);
        free(text);
        draft_destroy(again);
        draft_destroy(draft);
    }
}

static void any_value_is_the_same_as_text_and_back(void **state)
{
    static struct builder b;
    (void)state;
    dice_init_seeded(&b.dice, 3597);
    for (unsigned round = 0; round < 3400; round++) {
        struct arena *arena = arena_create();
        struct problem problem = { 0 };
        struct span rdata;
        uint16_t type = dns_type_at(round % DNS_TYPE_COUNT)->type;
        build(&b, type);
        const char *text = rdata_to_text(arena, type, (struct span){ b.data, b.size });
        assert_non_null(text);
        if (rdata_from_text(arena, type, text, NULL, &rdata, &problem) != 0)
            fail_msg("%s in %s", problem.text, text);
        assert_int_equal(rdata.size, b.size);
        assert_memory_equal(rdata.data, b.data, b.size);
        arena_destroy(arena);
    }
}

/* What ldns 1.8.3 reads otherwise than the RFCs say: a first label "@" (it takes \@ for the
 * origin), backslashes inside lists of parameters, and lines beyond 10 KiB. */
static bool is_beyond_ldns(uint16_t type, const char *text)
{
    bool is_svcb = type == DNS_TYPE_SVCB || type == DNS_TYPE_HTTPS;
    return strstr(text, "\\@.") != NULL || (is_svcb && strstr(text, "\\\\") != NULL) ||
           strlen(text) > 10000;
}

static void ldns_reads_what_is_written(void **state)
{
    static struct builder b;
    unsigned asked[DNS_TYPE_COUNT] = { 0 };
    (void)state;
    dice_init_seeded(&b.dice, 1983);
    for (unsigned round = 0; round < 3400; round++) {
        unsigned index = round % DNS_TYPE_COUNT;
        uint16_t type = dns_type_at(index)->type;
        struct arena *arena = arena_create();
        build(&b, type);
        const char *text = rdata_to_text(arena, type, (struct span){ b.data, b.size });
        if (!is_beyond_ldns(type, text)) {
            ldns_rr *rr = NULL;
            uint8_t *wire = NULL;
            size_t size = 0;
            const char *line = arena_format(arena, ". 1 IN %s %s", dns_type_at(index)->name, text);
            if (ldns_rr_new_frm_str(&rr, line, 0, NULL, NULL) != LDNS_STATUS_OK)
                fail_msg("ldns refuses: %s", line);
            assert_int_equal(ldns_rr2wire(&wire, rr, LDNS_SECTION_ANSWER, &size), LDNS_STATUS_OK);
            assert_int_equal(size, 11 + b.size); /* root, type, class, TTL, length */
            assert_memory_equal(wire + 11, b.data, b.size);
            asked[index]++;
            free(wire);
            ldns_rr_free(rr);
        }
        arena_destroy(arena);
    }
    for (unsigned i = 0; i < DNS_TYPE_COUNT; i++)
        assert_true(asked[i] > 50);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(any_zone_is_the_same_when_written_and_read_again),
    cmocka_unit_test(any_value_is_the_same_as_text_and_back),
    cmocka_unit_test(ldns_reads_what_is_written),
};

RUN_TESTS(tests)
