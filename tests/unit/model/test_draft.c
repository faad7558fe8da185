#include "signpost/dns/rdata.h"

#include "drafts.h"

static struct draft_name *name_of(struct draft *draft, const char *text)
{
    uint8_t owner[DNS_NAME_SIZE_MAX];
    wire_name(owner, text);
    struct draft_name *name = draft_name(draft, owner);
    assert_non_null(name);
    return name;
}

static bool add_address(struct draft *draft, struct draft_name *name, uint32_t address)
{
    uint8_t rdata[4];
    bool added = false;
    put_u32(rdata, address);
    assert_int_equal(
        draft_add_value(draft, name, DNS_TYPE_A, 60, (struct span){ rdata, 4 }, 7, &added), 0);
    return added;
}

static void a_name_is_made_once_and_found_again(void **state)
{
    struct draft *draft = lab_draft(true);
    uint8_t owner[DNS_NAME_SIZE_MAX];
    struct draft_name *names[3000];
    char text[64];
    (void)state;
    wire_name(owner, "h0.lab.test.");
    assert_null(draft_find(draft, owner));
    for (unsigned i = 0; i < COUNT_OF(names); i++) {
        snprintf(text, sizeof text, "h%u.lab.test.", i);
        names[i] = name_of(draft, text);
    }
    assert_int_equal(draft->name_count, COUNT_OF(names));
    for (unsigned i = 0; i < COUNT_OF(names); i++) {
        snprintf(text, sizeof text, "h%u.lab.test.", i);
        wire_name(owner, text);
        assert_ptr_equal(draft_find(draft, owner), names[i]);
        assert_ptr_equal(draft_name(draft, owner), names[i]);
        assert_memory_equal(names[i]->owner, owner, dns_name_size(owner));
    }
    assert_int_equal(draft->name_count, COUNT_OF(names));
    wire_name(owner, "h3000.lab.test.");
    assert_null(draft_find(draft, owner));
    draft_destroy(draft);
}

static void names_are_sorted_canonically_the_apex_first(void **state)
{
    static const char *const expect[] = {
        "lab.test.",         "a.lab.test.",      "yljkjljk.a.lab.test.",
        "z.a.lab.test.",     "zabc.a.lab.test.", "z.lab.test.",
        "\\001.z.lab.test.", "*.z.lab.test.",    "\\200.z.lab.test."
    };
    struct draft *draft = lab_draft(true);
    (void)state;
    for (size_t i = COUNT_OF(expect); i > 0; i--) /* the order of RFC 4034 §6.1, backwards */
        name_of(draft, expect[i - 1]);
    draft_sort(draft);
    for (size_t i = 0; i < COUNT_OF(expect); i++) {
        char text[DNS_NAME_TEXT_SIZE];
        dns_name_to_text(text, draft->names[i]->owner);
        assert_string_equal(text, expect[i]);
    }
    draft_destroy(draft);
}

static void sets_stand_in_order_of_type_whatever_came_first(void **state)
{
    static const uint16_t types[] = { DNS_TYPE_TXT, DNS_TYPE_CAA, DNS_TYPE_SPF, DNS_TYPE_AAAA };
    static const uint16_t expect[] = { DNS_TYPE_TXT, DNS_TYPE_AAAA, DNS_TYPE_SPF, DNS_TYPE_CAA };
    struct draft *draft = lab_draft(true);
    struct draft_name *name = name_of(draft, "a.lab.test.");
    bool added;
    (void)state;
    for (size_t i = 0; i < COUNT_OF(types); i++)
        draft_add_value(draft, name, types[i], 1, (struct span){ (const uint8_t *)"\1x", 2 }, 1,
                        &added);
    const struct record_set *set = name->sets;
    for (size_t i = 0; i < COUNT_OF(expect); i++, set = set->next)
        assert_int_equal(set->type, expect[i]);
    assert_null(set);
    assert_ptr_equal(record_set_find(name->sets, DNS_TYPE_TXT), name->sets);
    assert_null(record_set_find(name->sets, DNS_TYPE_A));
    draft_destroy(draft);
}

static void sets_of_one_type_stand_in_order_of_their_identifiers(void **state)
{
    static const char *const ids[] = { "b", "", "a", "\xc3\xa4", "B" };
    static const char *const expect[] = { "", "B", "a", "b", "\xc3\xa4" };
    struct draft *draft = lab_draft(true);
    struct draft_name *name = name_of(draft, "a.lab.test.");
    (void)state;
    add_address(draft, name, 1);
    for (size_t i = 0; i < COUNT_OF(ids); i++) {
        struct record_set set = { .type = DNS_TYPE_AAAA, .set_identifier = ids[i] };
        assert_non_null(draft_add_set(draft, name, &set));
    }
    struct record_set *set = record_set_find(name->sets, DNS_TYPE_AAAA);
    assert_ptr_equal(set, name->sets->next);
    for (size_t i = 0; i < COUNT_OF(expect); i++, set = set->next) {
        assert_string_equal(set->set_identifier, expect[i]);
        assert_ptr_equal(record_set_find_identity(name->sets, DNS_TYPE_AAAA, expect[i]), set);
    }
    assert_null(set);
    assert_null(record_set_find_identity(name->sets, DNS_TYPE_AAAA, "c"));
    assert_null(record_set_find_identity(name->sets, DNS_TYPE_A, "a"));
    assert_null(record_set_find_identity(name->sets, DNS_TYPE_TXT, ""));
    draft_destroy(draft);
}

/* Whoever made the set may forget all of it. */
static void a_set_is_copied_with_all_that_it_points_to(void **state)
{
    struct draft *source = read_lines(";@ a 60 A weighted id=x weight=7 check=c value 192.0.2.1\n"
                                      ";@ b A latency id=y region=us-east-1 alias www zone=ZELB");
    struct draft *kept = read_lines(";@ a 60 A weighted id=x weight=7 check=c value 192.0.2.1\n"
                                    ";@ b A latency id=y region=us-east-1 alias www zone=ZELB");
    struct draft *draft = lab_draft(true);
    (void)state;
    for (uint32_t i = 0; i < source->name_count; i++)
        assert_non_null(draft_add_set(draft, draft_name(draft, source->names[i]->owner),
                                      source->names[i]->sets));
    draft_destroy(source);
    assert_same_drafts(draft, kept);
    draft_destroy(draft);
    draft_destroy(kept);
}

static void values_are_equal_in_any_order_but_each_as_often(void **state)
{
    static const uint32_t sizes[] = { 1, 2, 16, 17, 1000 };
    static uint8_t forward[6 * 1000], backward[6 * 1000];
    (void)state;
    for (size_t i = 0; i < COUNT_OF(sizes); i++) {
        uint32_t count = sizes[i];
        struct record_set a = { .type = DNS_TYPE_A, .set_identifier = "", .value_count = count };
        struct record_set b = a;
        a.values = (struct span){ forward, 6 * count };
        b.values = (struct span){ backward, 6 * count };
        for (uint32_t j = 0; j < count; j++) {
            put_u16(forward + 6 * j, 4);
            put_u32(forward + 6 * j + 2, j / 2);
            memcpy(backward + 6 * (count - 1 - j), forward + 6 * j, 6);
        }
        assert_true(record_set_equal(&a, &b));
        if (count > 1) { /* 0 0 1 1 ... and 0 1 1 1 ... have the same values, but not as often */
            put_u32(backward + 6 * (count - 1) + 2, 1);
            assert_false(record_set_equal(&a, &b));
            assert_false(record_set_equal(&b, &a));
        }
        b.value_count = count - 1;
        b.values.size -= 6;
        assert_false(record_set_equal(&a, &b));
    }
}

static void a_value_given_twice_counts_once_in_a_set_of_any_size(void **state)
{
    static const uint32_t sizes[] = { 1, 2, 15, 16, 17, 31, 32, 33, 1000, 20000 };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(sizes); i++) {
        struct draft *draft = lab_draft(true);
        struct draft_name *name = name_of(draft, "pool.lab.test.");
        for (uint32_t round = 0; round < 2; round++)
            for (uint32_t address = 0; address < sizes[i]; address++)
                assert_int_equal(add_address(draft, name, address * 7), round == 0);
        assert_int_equal(name->sets->value_count, sizes[i]);
        assert_int_equal(name->sets->values.size, sizes[i] * 6);
        assert_int_equal(name->sets->ttl_s, 60);
        assert_int_equal(name->sets->line, 7);

        struct span packed = name->sets->values, value;
        for (uint32_t address = 0; address < sizes[i]; address++) { /* in the order given */
            assert_true(dns_values_next(&packed, &value));
            assert_int_equal(get_u32(value.data), address * 7);
        }
        draft_destroy(draft);
    }
}

static void values_that_only_begin_alike_are_different(void **state)
{
    struct draft *draft = lab_draft(true);
    struct draft_name *name = name_of(draft, "t.lab.test.");
    bool added;
    (void)state;
    for (unsigned size = 0; size < 100; size++) {
        uint8_t rdata[101] = { (uint8_t)size };
        draft_add_value(draft, name, DNS_TYPE_TXT, 1, (struct span){ rdata, 1 + size }, 1, &added);
        assert_true(added);
    }
    assert_int_equal(name->sets->value_count, 100);
    draft_destroy(draft);
}

static void many_sets_grow_side_by_side(void **state)
{
    struct draft *draft = lab_draft(true);
    char text[64];
    (void)state;
    for (uint32_t round = 0; round < 40; round++)
        for (unsigned i = 0; i < 200; i++) {
            snprintf(text, sizeof text, "h%u.lab.test.", i);
            assert_true(add_address(draft, name_of(draft, text), round * 1000 + i));
        }
    for (unsigned i = 0; i < 200; i++) {
        snprintf(text, sizeof text, "h%u.lab.test.", i);
        struct span packed = name_of(draft, text)->sets->values, value;
        for (uint32_t round = 0; round < 40; round++) {
            assert_true(dns_values_next(&packed, &value));
            assert_int_equal(get_u32(value.data), round * 1000 + i);
        }
    }
    draft_destroy(draft);
}

static void a_set_that_somebody_else_packed_can_grow(void **state)
{
    static const uint32_t sizes[] = { 1, 5, 16, 500 };
    static uint8_t packed[6 * 500];
    (void)state;
    for (uint32_t i = 0; i < 500; i++) {
        put_u16(packed + 6 * i, 4);
        put_u32(packed + 6 * i + 2, i);
    }
    for (size_t i = 0; i < COUNT_OF(sizes); i++) {
        struct record_set set = { .type = DNS_TYPE_A,
                                  .set_identifier = "",
                                  .value_count = sizes[i],
                                  .values = { packed, 6 * sizes[i] } };
        struct draft *draft = lab_draft(false);
        struct draft_name *name = name_of(draft, "a.lab.test.");
        name->sets = &set;
        assert_false(add_address(draft, name, sizes[i] - 1));
        assert_true(add_address(draft, name, 1000));
        assert_false(add_address(draft, name, 1000));
        assert_int_equal(set.value_count, sizes[i] + 1);
        draft_destroy(draft);
    }
}

static void a_value_longer_than_a_record_is_refused(void **state)
{
    static const uint8_t rdata[65536];
    struct draft *draft = lab_draft(true);
    struct draft_name *name = name_of(draft, "a.lab.test.");
    bool added;
    (void)state;
    assert_int_equal(draft_add_value(draft, name, DNS_TYPE_TXT, 1,
                                     (struct span){ rdata, sizeof rdata }, 1, &added),
                     SP_ELIMIT);
    assert_null(name->sets);
    assert_int_equal(draft_add_value(draft, name, DNS_TYPE_TXT, 1,
                                     (struct span){ rdata, sizeof rdata - 1 }, 1, &added),
                     0);
    draft_destroy(draft);
}

static void defaults_are_the_soa_and_four_servers_of_route_53(void **state)
{
    struct draft *draft = lab_draft(true);
    (void)state;
    assert_int_equal(draft_add_defaults(draft, &lab_defaults), 0);
    char *text = write_text(draft);
    assert_string_equal(text, "$ORIGIN lab.test.\n$TTL 300\n"
                              "@ 900 IN SOA ns-155.awsdns-19.com.ns.test. hostmaster.test. "
                              "1 7200 900 1209600 86400\n"
                              "@ 172800 IN NS ns-155.awsdns-19.com.ns.test.\n"
                              "@ 172800 IN NS ns-935.awsdns-52.net.ns.test.\n"
                              "@ 172800 IN NS ns-1337.awsdns-39.org.ns.test.\n"
                              "@ 172800 IN NS ns-1842.awsdns-38.co.uk.ns.test.\n");
    free(text);
    draft_destroy(draft);
}

static void defaults_leave_what_is_there(void **state)
{
    struct draft *draft = read_good("@ 60 NS ns.example.\n");
    (void)state;
    assert_int_equal(draft_add_defaults(draft, &lab_defaults), 0);
    const struct record_set *ns = record_set_find(draft->names[0]->sets, DNS_TYPE_NS);
    assert_int_equal(ns->value_count, 1);
    assert_int_equal(ns->ttl_s, 60);
    assert_non_null(record_set_find(draft->names[0]->sets, DNS_TYPE_SOA));
    draft_destroy(draft);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(a_name_is_made_once_and_found_again),
    cmocka_unit_test(names_are_sorted_canonically_the_apex_first),
    cmocka_unit_test(sets_stand_in_order_of_type_whatever_came_first),
    cmocka_unit_test(sets_of_one_type_stand_in_order_of_their_identifiers),
    cmocka_unit_test(a_set_is_copied_with_all_that_it_points_to),
    cmocka_unit_test(values_are_equal_in_any_order_but_each_as_often),
    cmocka_unit_test(a_value_given_twice_counts_once_in_a_set_of_any_size),
    cmocka_unit_test(values_that_only_begin_alike_are_different),
    cmocka_unit_test(many_sets_grow_side_by_side),
    cmocka_unit_test(a_set_that_somebody_else_packed_can_grow),
    cmocka_unit_test(a_value_longer_than_a_record_is_refused),
    cmocka_unit_test(defaults_are_the_soa_and_four_servers_of_route_53),
    cmocka_unit_test(defaults_leave_what_is_there),
};

RUN_TESTS(tests)
