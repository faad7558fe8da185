/*
 * A block must say what the general way says.  Both write the same records into a reply; a reader
 * of its own turns both into text.
 */
#include "signpost/dns/block.h"

#include "signpost/base/dice.h"

#include "reply_text.h"

#define QUESTION "www.lab.test"
#define APEX     "lab.test"

struct sample {
    struct dns_records records;
    uint8_t data[16384];
};

static void add_record(struct sample *sample, uint16_t type, const char *value)
{
    uint8_t *to = sample->data + sample->records.size;
    size_t size = test_rdata(to + 10, type, value);
    put_u16(to, type);
    put_u16(to + 2, DNS_CLASS_IN);
    put_u32(to + 4, 300);
    put_u16(to + 8, (uint16_t)size);
    sample->records.type = type;
    sample->records.data = sample->data;
    sample->records.count++;
    sample->records.size += 10 + (uint32_t)size;
}

static void make_query(struct dns_query *query, uint8_t *packet)
{
    static const uint8_t header[] = { 0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0 };
    memcpy(packet, header, sizeof header);
    size_t size = sizeof header + test_raw_name(packet + sizeof header, QUESTION);
    memcpy(packet + size, "\0\1\0\1", 4);
    assert_int_equal(dns_query_parse(query, (struct span){ packet, size + 4 }), 0);
    dns_path_hash(&query->path);
}

/* Writes the sample both ways and compares. */
static void compare_ways(const struct sample *sample)
{
    static uint8_t block_memory[32768];
    static char block_text[100000], general_text[100000];
    struct dns_block *block = (struct dns_block *)block_memory;
    struct dns_query query;
    struct dns_writer writer;
    uint8_t packet[100], reply[16384], apex[DNS_NAME_SIZE_MAX];
    test_name(apex, APEX);
    make_query(&query, packet);
    size_t size_max = dns_block_size_max(&sample->records);
    assert_true(size_max > 0 && size_max <= sizeof block_memory);
    assert_true(dns_block_write(block, &sample->records, apex, 77) <= size_max);

    dns_writer_open(&writer, reply, sizeof reply, &query, 1232, (struct span){ NULL, 0 });
    assert_true(dns_block_is_in_reach(&writer, block));
    assert_true(dns_writer_put_block(&writer, DNS_AUTHORITY, block, 12 + 4));
    size_t block_size = dns_writer_close(&writer, DNS_NOERROR, true, false);
    reply_text(block_text, sizeof block_text, reply, block_size);

    dns_writer_open(&writer, reply, sizeof reply, &query, 1232, (struct span){ NULL, 0 });
    assert_true(dns_writer_put(&writer, DNS_AUTHORITY, dns_owner_in_question(&query, 1),
                               &sample->records, NULL, 77));
    size_t general_size = dns_writer_close(&writer, DNS_NOERROR, true, false);
    reply_text(general_text, sizeof general_text, reply, general_size);
    assert_string_equal(block_text, general_text);
    assert_true(block_size <= general_size);
}

static void block_of_route_53_defaults(void **state)
{
    (void)state;
    struct sample ns = { .records = { .count = 0 } }, soa = { .records = { .count = 0 } };
    add_record(&ns, DNS_TYPE_NS, "ns-1.awsdns-00.com.signpost.test");
    add_record(&ns, DNS_TYPE_NS, "ns-600.awsdns-10.net.signpost.test");
    add_record(&ns, DNS_TYPE_NS, "ns-1100.awsdns-20.org.signpost.test");
    add_record(&ns, DNS_TYPE_NS, "ns-1700.awsdns-30.co.uk.signpost.test");
    compare_ways(&ns);
    add_record(&soa, DNS_TYPE_SOA,
               "ns-1.awsdns-00.com.signpost.test awsdns-hostmaster.amazon.com 1 2 3 4 5");
    compare_ways(&soa);
}

static void block_of_odd_names(void **state)
{
    (void)state;
    struct sample ns = { .records = { .count = 0 } }, soa = { .records = { .count = 0 } };
    add_record(&ns, DNS_TYPE_NS, "lab.test");
    add_record(&ns, DNS_TYPE_NS, "test");
    add_record(&ns, DNS_TYPE_NS, ".");
    add_record(&ns, DNS_TYPE_NS, "a.lab.test");
    add_record(&ns, DNS_TYPE_NS, "b.a.lab.test");
    add_record(&ns, DNS_TYPE_NS, "b.a.lab.test");
    compare_ways(&ns);
    add_record(&soa, DNS_TYPE_SOA, ". . 1 2 3 4 5");
    compare_ways(&soa);
}

static void blocks_of_random_names_say_what_the_general_way_says(void **state)
{
    (void)state;
    static const char *const labels[] = { "a", "bb", "lab", "test", "example", "ns" };
    struct dice dice;
    dice_init_seeded(&dice, 5);
    for (unsigned round = 0; round < 2000; round++) {
        struct sample sample = { .records = { .count = 0 } };
        unsigned count = 1 + dice_below(&dice, 16);
        for (unsigned i = 0; i < count; i++) {
            char name[200] = "";
            unsigned label_count = dice_below(&dice, 5);
            for (unsigned n = 0; n < label_count; n++) {
                strcat(name, labels[dice_below(&dice, COUNT_OF(labels))]);
                strcat(name, ".");
            }
            add_record(&sample, DNS_TYPE_NS, label_count == 0 ? "." : name);
        }
        compare_ways(&sample);
    }
}

static void block_that_does_not_fit_writes_nothing(void **state)
{
    (void)state;
    uint8_t block_memory[1024], packet[100], reply[512], apex[DNS_NAME_SIZE_MAX];
    struct dns_block *block = (struct dns_block *)block_memory;
    struct dns_query query;
    struct dns_writer writer;
    struct sample ns = { .records = { .count = 0 } };
    test_name(apex, APEX);
    add_record(&ns, DNS_TYPE_NS, "ns.example");
    dns_block_write(block, &ns.records, apex, 300);
    make_query(&query, packet);
    size_t exact = 12 + query.question_size + block->size;
    dns_writer_open(&writer, reply, exact - 1, &query, 1232, (struct span){ NULL, 0 });
    assert_false(dns_writer_put_block(&writer, DNS_AUTHORITY, block, 12 + 4));
    assert_int_equal(dns_writer_close(&writer, DNS_NOERROR, true, false), exact - block->size);
    dns_writer_open(&writer, reply, exact, &query, 1232, (struct span){ NULL, 0 });
    assert_true(dns_writer_put_block(&writer, DNS_AUTHORITY, block, 12 + 4));
    assert_int_equal(dns_writer_close(&writer, DNS_NOERROR, true, false), exact);
}

static void sets_too_large_for_a_block_are_none(void **state)
{
    (void)state;
    struct sample ns = { .records = { .count = 0 } };
    for (unsigned i = 0; i < 17; i++)
        add_record(&ns, DNS_TYPE_NS, "ns.example");
    assert_int_equal(dns_block_size_max(&ns.records), 0);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(block_of_route_53_defaults),
    cmocka_unit_test(block_of_odd_names),
    cmocka_unit_test(blocks_of_random_names_say_what_the_general_way_says),
    cmocka_unit_test(block_that_does_not_fit_writes_nothing),
    cmocka_unit_test(sets_too_large_for_a_block_are_none),
};

RUN_TESTS(tests)
