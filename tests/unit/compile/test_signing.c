/* From stored keys and signatures to what answers are signed with. */
#include "tests.h"

#include "signpost/compile/signing.h"

static const uint8_t zone_name[] = "\3lab\4test";
static const struct signing_key key = { .tag = 7, .private_key = { 1 } };

static void fill(struct key_sets *sets)
{
    static const uint8_t value[] = { 1, 2, 3 }, signature[KEY_SIGNATURE_SIZE] = { 4 };
    static const struct rrsig rrsig = { 5, 6, 7 };
    *sets = (struct key_sets){ .count = 1 };
    struct key_set *set = &sets->items[0];
    set->type = DNS_TYPE_DNSKEY;
    set->ttl_s = 60;
    key_set_add(set, (struct span){ value, sizeof value });
    for (int64_t at = 0; at < SIGNATURES_AHEAD; at++) {
        key_set_begin_signatures(set, 1000 * at);
        key_set_add_signature(set, zone_name, &rrsig, signature);
    }
}

static void every_time_has_its_signature(void **state)
{
    static struct key_sets sets;
    struct zone_signing *signing = NULL;
    (void)state;
    fill(&sets);
    assert_int_equal(compile_signing(&key, &sets, &signing, NULL), 0);
    const struct signed_set *set = zone_signing_set(signing, DNS_TYPE_DNSKEY);
    assert_int_equal(signing->key.tag, 7);
    assert_int_equal(set->set.ttl_s, 60);
    assert_int_equal(set->set.records.count, 1);
    assert_int_equal(set->signature_count, SIGNATURES_AHEAD);
    assert_ptr_equal(signed_set_signatures(set, 3999), &set->signatures[3].records);
    assert_int_equal(set->signatures[3].records.count, 1);
    assert_null(zone_signing_set(signing, DNS_TYPE_CDS));
    zone_signing_unref(signing);
}

static void what_makes_no_sense_is_refused(void **state)
{
    static struct key_sets sets;
    struct zone_signing *signing = NULL;
    (void)state;
    fill(&sets);
    sets.items[0].signatures_size--;
    assert_int_equal(compile_signing(&key, &sets, &signing, NULL), SP_EDAMAGED);
    sets.items[0].signatures_size = 0;
    assert_int_equal(compile_signing(&key, &sets, &signing, NULL), SP_EDAMAGED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_time_has_its_signature),
        cmocka_unit_test(what_makes_no_sense_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
