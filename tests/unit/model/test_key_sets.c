/* Sets that key-signing keys sign, and their signatures; that ldns believes them, control's units
 * see. */
#include "tests.h"

#include "signpost/dns/rdata.h"
#include "signpost/dns/types.h"
#include "signpost/model/key_sets.h"

static const uint8_t zone_name[] = "\3lab\4test";

static void add(struct key_set *set, const char *text)
{
    key_set_add(set, (struct span){ (const uint8_t *)text, strlen(text) });
}

/* RFC 4034 §6.3, and its packing. */
static void values_stand_in_canonical_order(void **state)
{
    static struct key_set set;
    (void)state;
    add(&set, "bb");
    add(&set, "c");
    add(&set, "b");
    add(&set, "a\xff");
    assert_int_equal(set.value_count, 4);
    assert_int_equal(set.values_size, 14);
    assert_memory_equal(set.values, "\0\2a\xff\0\1b\0\2bb\0\1c", 14);
}

/* RFC 4034 §3.1.8.1. */
static void what_is_signed_is_the_head_and_the_records(void **state)
{
    static struct key_set set = { .type = DNS_TYPE_CDS, .ttl_s = 60 };
    static const struct rrsig rrsig = { 513, 0x100000001, 0x100000002 };
    uint8_t data[KEY_SET_DATA_SIZE];
    (void)state;
    add(&set, "b");
    add(&set, "a");
    size_t size = key_set_signed_data(&set, zone_name, &rrsig, data);
    static const char expect[] = "\0\73\15\2\0\0\0\74\0\0\0\2\0\0\0\1\2\1\3lab\4test\0"
                                 "\3lab\4test\0\0\73\0\1\0\0\0\74\0\1a"
                                 "\3lab\4test\0\0\73\0\1\0\0\0\74\0\1b";
    assert_int_equal(size, sizeof expect - 1);
    assert_memory_equal(data, expect, size);
}

static void signatures_are_read_as_they_were_added(void **state)
{
    static struct key_set set = { .type = DNS_TYPE_DNSKEY, .ttl_s = 60 };
    static const struct rrsig rrsig = { 1, 2, 3 };
    static const uint8_t signature[KEY_SIGNATURE_SIZE] = { 4 };
    int64_t from_s;
    unsigned count;
    struct span values;
    (void)state;
    for (int64_t at = 0; at < SIGNATURES_AHEAD; at++) {
        key_set_begin_signatures(&set, 5000000000 + at);
        for (int64_t key = 0; key <= at % 2; key++)
            key_set_add_signature(&set, zone_name, &rrsig, signature);
    }
    struct span left = { set.signatures, set.signatures_size };
    for (int64_t at = 0; at < SIGNATURES_AHEAD; at++) {
        assert_true(key_set_next_signatures(&left, &from_s, &count, &values));
        assert_int_equal(from_s, 5000000000 + at);
        assert_int_equal(count, 1 + at % 2);
        assert_int_equal(values.size, count * (2 + 18 + sizeof zone_name + KEY_SIGNATURE_SIZE));
    }
    assert_false(key_set_next_signatures(&left, &from_s, &count, &values));
    assert_int_equal(left.size, 0);

    for (size_t size = 1; size < set.signatures_size; size++) { /* cut off anywhere */
        left = (struct span){ set.signatures, size };
        while (key_set_next_signatures(&left, &from_s, &count, &values))
            assert_true(values.data + values.size <= set.signatures + size);
    }
    left = (struct span){ set.signatures, 20 };
    assert_false(key_set_next_signatures(&left, &from_s, &count, &values));
    assert_int_equal(left.size, 20);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_stand_in_canonical_order),
        cmocka_unit_test(what_is_signed_is_the_head_and_the_records),
        cmocka_unit_test(signatures_are_read_as_they_were_added),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
