#include "signpost/dns/path.h"

#include "zones.h"

static void path_folds_case_and_finds_labels(void **state)
{
    (void)state;
    struct name_path path;
    uint8_t lower[DNS_NAME_SIZE_MAX];
    size_t size = test_name(lower, "wWw.Lab.TEST");
    test_path(&path, "wWw.Lab.TEST");
    assert_int_equal(path.size, size);
    assert_int_equal(path.label_count, 3);
    assert_memory_equal(path.name, lower, size);
    static const uint8_t starts[] = { 0, 4, 8, 13 };
    assert_memory_equal(path.starts, starts, sizeof starts);
}

/* Only A to Z are letters to DNS (RFC 4343 §3). */
static void path_folds_no_octet_but_letters(void **state)
{
    (void)state;
    for (unsigned octet = 0; octet < 256; octet++) {
        uint8_t wire[20] = { 9, 'X', 'X', 'X', 'X', 'X', 'X', 'X', 'X', (uint8_t)octet, 0 };
        struct name_path path;
        assert_int_equal(dns_path_read(&path, wire, 11), 11);
        uint8_t expected = octet >= 'A' && octet <= 'Z' ? (uint8_t)(octet + 32) : (uint8_t)octet;
        assert_int_equal(path.name[9], expected);
        assert_int_equal(path.name[1], 'x');
        assert_int_equal(dns_path_read(&path, wire, sizeof wire), 11);
        assert_int_equal(path.name[9], expected);
    }
}

static void path_hashes_are_those_of_the_suffixes(void **state)
{
    (void)state;
    struct name_path whole, suffix;
    test_path(&whole, "a.b.Lab.test");
    test_path(&suffix, "lab.TEST");
    assert_int_equal(whole.hashes[2], suffix.hashes[0]);
    assert_int_equal(whole.hashes[4], suffix.hashes[2]);
    assert_int_not_equal(whole.hashes[0], whole.hashes[1]);
    test_path(&suffix, "ab.lab.test"); /* "ab" is not "a" and "b" */
    assert_int_not_equal(whole.hashes[0], suffix.hashes[0]);
}

static void path_refuses_what_is_no_name(void **state)
{
    (void)state;
    struct name_path path;
    uint8_t long_name[300];
    for (unsigned i = 0; i < sizeof long_name; i += 2)
        memcpy(long_name + i, "\1a", 2);
    assert_int_equal(dns_path_read(&path, long_name, sizeof long_name), 0);
    assert_int_equal(dns_path_read(&path, (const uint8_t *)"", 0), 0);
    assert_int_equal(dns_path_read(&path, (const uint8_t *)"\3ww", 3), 0);
    assert_int_equal(dns_path_read(&path, (const uint8_t *)"\3www", 4), 0);
    assert_int_equal(dns_path_read(&path, (const uint8_t *)"\xc0\x0c", 2), 0);
    assert_int_equal(dns_path_read(&path, (const uint8_t *)"\x40", 2), 0);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(path_folds_case_and_finds_labels),
    cmocka_unit_test(path_folds_no_octet_but_letters),
    cmocka_unit_test(path_hashes_are_those_of_the_suffixes),
    cmocka_unit_test(path_refuses_what_is_no_name),
};

RUN_TESTS(tests)
