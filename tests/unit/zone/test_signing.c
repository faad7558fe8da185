/*
 * What hangs in a signed zone: which signatures are for when, and who shares it.
 */
#include "signpost/zone/signing.h"

#include "zones.h"

static const struct test_record records[] = {
    { "lab.test", DNS_TYPE_SOA, 900, "ns.lab.test host.lab.test 1 7200 900 1209600 900" },
    { "lab.test", DNS_TYPE_NS, 172800, "ns.lab.test" },
    { "a.lab.test", DNS_TYPE_A, 60, "192.0.2.1" },
    { "b.lab.test", DNS_TYPE_A, 60, "192.0.2.1" },
    { "c.lab.test", DNS_TYPE_A, 61, "192.0.2.1" },
    { "d.lab.test", DNS_TYPE_A, 60, "192.0.2.2" },
};

/* Three signature sets, each one octet of "RDATA" that says which it is. */
static struct zone_signing *make_signing(uint8_t key_octet)
{
    static const uint8_t key_value[] = { 0, 2, 0xaa, 0xbb };
    static const uint8_t values[][3] = { { 0, 1, 'a' }, { 0, 1, 'b' }, { 0, 1, 'c' } };
    struct signature_source signatures[3];
    for (unsigned i = 0; i < 3; i++)
        signatures[i] = (struct signature_source){ 1000 + 100 * (int64_t)i,
                                                   1,
                                                   { values[i], sizeof values[i] } };
    const struct signed_set_source source = {
        DNS_TYPE_DNSKEY, 3600, 1, { key_value, sizeof key_value }, 3, signatures
    };
    struct signing_key key = { .tag = 7 };
    memset(key.private_key, key_octet, sizeof key.private_key);
    struct zone_signing *signing = zone_signing_create(&key, &source, 1);
    assert_non_null(signing);
    return signing;
}

/* R-SEC-6. */
static void each_time_has_its_signatures(void **state)
{
    (void)state;
    static const struct row {
        const char *why;
        int64_t now_s;
        char which;
    } rows[] = {
        { "the clock went back: the first", 10, 'a' },
        { "from its time on", 1000, 'a' },
        { "until the next one's", 1099, 'a' },
        { "which is used at once", 1100, 'b' },
        { "and so on", 1250, 'c' },
        { "a lost key does not hurt at once: the last one stays", 90000, 'c' },
    };
    struct zone_signing *signing = make_signing(1);
    const struct signed_set *set = zone_signing_set(signing, DNS_TYPE_DNSKEY);
    assert_non_null(set);
    assert_null(zone_signing_set(signing, DNS_TYPE_CDS));
    assert_int_equal(set->set.records.size, RRSET_FIXED_SIZE + 2);
    for (unsigned i = 0; i < COUNT_OF(rows); i++) {
        const struct dns_records *found = signed_set_signatures(set, rows[i].now_s);
        assert_int_equal(found->type, DNS_TYPE_RRSIG);
        assert_int_equal(get_u32(found->data + 4), 3600);
        if (found->data[RRSET_FIXED_SIZE] != rows[i].which)
            fail_msg("%s: %c", rows[i].why, found->data[RRSET_FIXED_SIZE]);
    }
    zone_signing_unref(signing);
}

/* A signature that is remembered under a key's id must not be found under another key's. */
static void keys_are_told_apart(void **state)
{
    (void)state;
    struct zone_signing *one = make_signing(1), *same = make_signing(1), *other = make_signing(2);
    assert_true(one->key.id == same->key.id);
    assert_true(one->key.id != other->key.id);
    zone_signing_unref(one);
    zone_signing_unref(same);
    zone_signing_unref(other);
}

/* Versions of a zone are made with every change of a record; leaks are the sanitizer's to find. */
static void versions_of_a_zone_share_it(void **state)
{
    (void)state;
    struct zone *zone = test_zone("lab.test", records, COUNT_OF(records));
    zone_set_signing(zone, make_signing(1));
    struct zone *copy = zone_copy(zone);
    assert_ptr_equal(copy->signing, zone->signing);
    assert_int_equal(zone->signing->refs, 2);
    zone_set_signing(copy, make_signing(2));
    assert_int_equal(zone->signing->refs, 1);
    zone_unref(zone);
    zone_set_signing(copy, NULL);
    zone_unref(copy);
}

static uint64_t content_of(const struct zone *zone, const char *name)
{
    struct name_path path;
    dns_path_hash(test_path(&path, name));
    return zone_name_set(zone_find(zone, &path).name, DNS_TYPE_A)->content;
}

/* Which is what lets a signature outlive the version of the zone that it was made for. */
static void equal_records_have_equal_content(void **state)
{
    (void)state;
    struct zone *zone = test_zone("lab.test", records, COUNT_OF(records));
    assert_true(content_of(zone, "a.lab.test") == content_of(zone, "b.lab.test"));
    assert_true(content_of(zone, "a.lab.test") != content_of(zone, "c.lab.test"));
    assert_true(content_of(zone, "a.lab.test") != content_of(zone, "d.lab.test"));
    zone_unref(zone);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_time_has_its_signatures),
        cmocka_unit_test(keys_are_told_apart),
        cmocka_unit_test(versions_of_a_zone_share_it),
        cmocka_unit_test(equal_records_have_equal_content),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
