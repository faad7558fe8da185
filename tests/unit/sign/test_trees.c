/*
 * Whole zones of random names, record sets and denials, thousands of them, the same in every run:
 * ldns believes each signature, and nothing fits between a name and the one after it.
 */
#include "signpost/sign/nsec.h"
#include "signpost/sign/signer.h"

#include "signpost/base/dice.h"

#include "signed.h"

#define SEED        20260914
#define SETS        4000
#define DENIALS     2000
#define NEIGHBOURS  100000
#define ZONES       5
#define RDATA_SHORT 40

static uint8_t random_octet(struct dice *dice)
{
    static const uint8_t usual[] = "abcxyz0189-_*\0\1@[`{\177\200\376\377.";
    uint8_t octet = dice_below(dice, 4) == 0 ? (uint8_t)dice_below(dice, 256)
                                             : usual[dice_below(dice, sizeof usual)];
    return octet >= 'A' && octet <= 'Z' ? 'a' : octet;
}

static unsigned random_label(struct dice *dice, uint8_t *out, unsigned size_max)
{
    unsigned size =
        1 + (dice_below(dice, 8) == 0 ? dice_below(dice, DNS_LABEL_SIZE_MAX) : dice_below(dice, 6));
    if (size > size_max)
        size = size_max;
    out[0] = (uint8_t)size;
    for (unsigned i = 1; i <= size; i++)
        out[i] = random_octet(dice);
    return size + 1;
}

/* A name at or below the zone, of at most so many labels more. */
static unsigned random_name(struct dice *dice, uint8_t out[DNS_NAME_SIZE_MAX], const uint8_t *zone,
                            unsigned labels)
{
    unsigned zone_size = (unsigned)dns_name_size(zone), size = 0;
    if (dice_below(dice, 6) == 0) {
        memcpy(out, "\1*", 2);
        size = 2;
    }
    for (unsigned count = dice_below(dice, labels + 1); count > 0; count--)
        if (size + zone_size + 2 <= DNS_NAME_SIZE_MAX)
            size += random_label(dice, out + size, DNS_NAME_SIZE_MAX - size - zone_size - 1);
    memcpy(out + size, zone, zone_size);
    return size + zone_size;
}

static void random_zones(struct dice *dice, struct signed_zone zones[ZONES])
{
    static const char *const names[ZONES] = { "lab.test", "example.net", "xn--a.test", "test",
                                              "." };
    for (unsigned i = 0; i < ZONES; i++) {
        struct test_key key;
        make_key(&key);
        zones[i] = make_signed_zone(names[dice_below(dice, ZONES)], &key);
    }
}

/* ---- record sets ---- */

/* RDATA whose form ldns does not mind: an address, a name, strings. */
static size_t random_rdata(struct dice *dice, uint8_t *out, uint16_t type, const uint8_t *zone)
{
    size_t size = 0;
    switch (type) {
    case DNS_TYPE_A:
        put_u32(out, dice_below(dice, 2) ? dice_below(dice, 4) : (uint32_t)dice_next(dice));
        return 4;
    case DNS_TYPE_MX:
        put_u16(out, (uint16_t)dice_below(dice, 3));
        return 2 + random_name(dice, out + 2, zone, 2);
    case DNS_TYPE_NS:
        return random_name(dice, out, zone, 3);
    default: /* TXT */
        do {
            out[size] = (uint8_t)dice_below(dice, RDATA_SHORT / 4);
            for (unsigned i = 1; i <= out[size]; i++)
                out[size + i] = (uint8_t)dice_next(dice);
            size += 1u + out[size];
        } while (dice_below(dice, 3) > 0 && size < RDATA_SHORT);
        return size;
    }
}

static void random_set(struct dice *dice, struct sample *sample, const uint8_t *zone)
{
    static const uint16_t types[] = { DNS_TYPE_A, DNS_TYPE_MX, DNS_TYPE_NS, DNS_TYPE_TXT };
    static const uint32_t ttls[] = { 0, 1, 60, 604800, 2147483647 };
    uint8_t owner[DNS_NAME_SIZE_MAX], rdata[DNS_NAME_SIZE_MAX + RDATA_SHORT];
    random_name(dice, owner, zone, 4);
    sample_open(sample, owner, types[dice_below(dice, COUNT_OF(types))],
                ttls[dice_below(dice, COUNT_OF(ttls))]);
    for (unsigned part = 1 + dice_below(dice, MULTIVALUE_MAX); part > 0; part--) {
        sample_add_part(sample);
        for (unsigned count = 1 + dice_below(dice, 5); count > 0; count--)
            sample_add(sample, rdata, random_rdata(dice, rdata, sample->subject.type, zone));
    }
    sample_close(sample);
    sample->subject.is_foreseen = dice_below(dice, 2) == 0;
}

static void sign_and_ask(struct signing_test *test, struct dice *dice, uint64_t now_ms)
{
    static uint8_t first[RRSIG_RECORD_SIZE_MAX];
    assert_int_equal(sign_at(test, now_ms, VALIDITY_S), 0);
    if (!is_believed(test, now_ms))
        fail_msg("a %s set is not believed", dns_type_find(test->sample.subject.type)->name);
    memcpy(first, test->room, test->rrsig.size);
    assert_int_equal(sign_at(test, now_ms + dice_below(dice, VALIDITY_S / 4 * 1000), VALIDITY_S),
                     0);
    assert_memory_equal(first, test->room, test->rrsig.size);
}

static void every_random_set_is_believed(void **state)
{
    static const struct signer_settings settings = { .remembered = 64, .per_second = 1000000 };
    struct signing_test *test = open_signing(&settings, "lab.test");
    struct signed_zone own = test->zone, zones[ZONES];
    struct dice dice;
    (void)state;
    dice_init_seeded(&dice, SEED);
    random_zones(&dice, zones);
    for (unsigned i = 0; i < SETS; i++) {
        test->zone = zones[dice_below(&dice, ZONES)];
        random_set(&dice, &test->sample, test->zone.zone->name);
        sign_and_ask(test, &dice, NOW_MS + i * 1000u);
    }
    for (unsigned i = 0; i < ZONES; i++)
        free_signed_zone(&zones[i]);
    test->zone = own;
    close_signing(test);
}

/* ---- denials ---- */

static void every_random_denial_is_believed(void **state)
{
    static const struct signer_settings settings = { .remembered = 64, .per_second = 1000000 };
    static const enum nsec_form forms[] = { NSEC_BARE, NSEC_NXNAME, NSEC_LACKS, NSEC_INSECURE };
    struct signing_test *test = open_signing(&settings, "lab.test");
    struct dice dice;
    (void)state;
    dice_init_seeded(&dice, SEED);
    for (unsigned i = 0; i < DENIALS; i++) {
        uint8_t owner[DNS_NAME_SIZE_MAX], room[NSEC_RECORD_SIZE_MAX];
        struct dns_records records;
        random_name(&dice, owner, test->zone.zone->name, dice_below(&dice, 12));
        nsec_write(room, test->zone.zone, owner, forms[i % COUNT_OF(forms)],
                   (uint16_t)dice_below(&dice, 300), 60, &records);
        sample_open(&test->sample, owner, DNS_TYPE_NSEC, 60);
        sample_add_part(&test->sample);
        sample_add(&test->sample, room + RRSET_FIXED_SIZE, records.size - RRSET_FIXED_SIZE);
        sample_close(&test->sample);
        test->sample.subject.is_foreseen = false;
        assert_int_equal(sign_at(test, NOW_MS + i * 1000u, VALIDITY_S), 0);
        assert_true(is_believed(test, NOW_MS + i * 1000u));
    }
    close_signing(test);
}

/* ---- names ---- */

/* A name that is as long as names can be or nearly so, most of its octets the highest or all. */
static void long_name(struct dice *dice, uint8_t out[DNS_NAME_SIZE_MAX], const uint8_t *zone)
{
    unsigned zone_size = (unsigned)dns_name_size(zone);
    unsigned at = DNS_NAME_SIZE_MAX - zone_size - dice_below(dice, 4);
    bool is_full = dice_below(dice, 4) == 0;
    memcpy(out + at, zone, zone_size);
    while (at > 0) {
        unsigned label = DNS_LABEL_SIZE_MAX - dice_below(dice, 8) / 7;
        if (label > at - 1)
            label = at - 1;
        if (at - label - 1 == 1) /* which is no label */
            label--;
        at -= label + 1;
        out[at] = (uint8_t)label;
        for (unsigned i = 1; i <= label; i++)
            out[at + i] = !is_full && dice_below(dice, 3) == 0 ? random_octet(dice) : 0xff;
    }
}

/* Another name close to it: an octet changed, a label cut short or left out. */
static bool neighbour(struct dice *dice, uint8_t out[DNS_NAME_SIZE_MAX], const uint8_t *name,
                      const uint8_t *zone)
{
    unsigned depth = dns_name_label_count(name) - dns_name_label_count(zone);
    if (depth == 0)
        return false;
    name = dns_name_skip(name, dice_below(dice, depth));
    unsigned size = (unsigned)dns_name_size(name), label = name[0];
    unsigned kept = dice_below(dice, 2) ? label : 1 + dice_below(dice, label);
    unsigned added = dice_below(dice, 3);
    if (kept + added > DNS_LABEL_SIZE_MAX || size - label + kept + added > DNS_NAME_SIZE_MAX)
        added = 0;
    out[0] = (uint8_t)(kept + added);
    memcpy(out + 1, name + 1, kept);
    for (unsigned i = 0; i < added; i++)
        out[1 + kept + i] = random_octet(dice);
    if (dice_below(dice, 2))
        out[1 + dice_below(dice, kept)] = random_octet(dice);
    memcpy(out + 1 + kept + added, name + 1 + label, size - 1 - label);
    return dns_name_check(out, DNS_NAME_SIZE_MAX) != 0;
}

static int ldns_order(const uint8_t *a, const uint8_t *b)
{
    ldns_rdf *left = ldns_rdf_new_frm_data(LDNS_RDF_TYPE_DNAME, dns_name_size(a), a);
    ldns_rdf *right = ldns_rdf_new_frm_data(LDNS_RDF_TYPE_DNAME, dns_name_size(b), b);
    int order = ldns_dname_compare(left, right);
    ldns_rdf_deep_free(left);
    ldns_rdf_deep_free(right);
    return order;
}

static void nothing_fits_between_a_name_and_the_next(void **state)
{
    static const char *const names[] = { "lab.test", ".", "a.b.c.d" };
    uint8_t zone[DNS_NAME_SIZE_MAX], owner[DNS_NAME_SIZE_MAX], next[DNS_NAME_SIZE_MAX],
        other[DNS_NAME_SIZE_MAX];
    unsigned wrapped = 0, tried = 0;
    struct dice dice;
    (void)state;
    dice_init_seeded(&dice, SEED);
    for (unsigned i = 0; i < NEIGHBOURS; i++) {
        test_name(zone, names[i % COUNT_OF(names)]);
        long_name(&dice, owner, zone);
        unsigned size = nsec_next_name(next, owner, zone);
        assert_int_equal(dns_name_check(next, size), size);
        assert_true(dns_name_is_within(next, zone));
        bool is_last = size == dns_name_size(zone);
        wrapped += is_last;
        if (!is_last)
            assert_true(ldns_order(owner, next) < 0);
        if (!neighbour(&dice, other, i % 2 ? owner : is_last ? owner : next, zone))
            continue;
        tried++;
        if (ldns_order(other, owner) > 0 && (is_last || ldns_order(other, next) < 0))
            fail_msg("a name fits between, at %u", i);
    }
    assert_true(tried > NEIGHBOURS / 2);
    assert_in_range(wrapped, 1, NEIGHBOURS / 2);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(every_random_set_is_believed),
    cmocka_unit_test(every_random_denial_is_believed),
    cmocka_unit_test(nothing_fits_between_a_name_and_the_next),
};

RUN_TESTS(tests)
