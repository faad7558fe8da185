/* CIDR collections: what a block may be, and what a batch makes of a collection. */
#include "tests.h"

#include "signpost/model/cidr.h"

static void a_name_is_letters_digits_and_dashes(void **state)
{
    static const char text_of_64[] =
        "aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffff-_-9";
    char too_long[CIDR_NAME_SIZE + 1];
    struct problem problem;
    (void)state;
    assert_int_equal(cidr_name_check("o", &problem), 0);
    assert_int_equal(cidr_name_check(text_of_64, &problem), 0);
    snprintf(too_long, sizeof too_long, "%sx", text_of_64);
    const char *const wrong[] = { "", "two words", "a.b", "*", "na\xc3\xafve", too_long };
    for (unsigned i = 0; i < COUNT_OF(wrong); i++)
        assert_int_equal(cidr_name_check(wrong[i], &problem), SP_EINVAL);
    cidr_name_check("a.b", &problem);
    assert_string_equal(problem.text, "\"a.b\" cannot be the name of a collection: it must be 1 to "
                                      "64 letters, digits, \"-\" and \"_\"");
}

static void a_block_is_as_long_as_it_may_be(void **state)
{
    static const struct row {
        const char *location;
        const char *prefix;
        const char *expect; /* NULL: it is right */
    } rows[] = {
        { "L1", "128.0.0.0/1", NULL },
        { "L1", "198.51.100.0/24", NULL },
        { "L_1-abcdefghijkl", "2001:db8::/32", NULL },
        { "L1", "2001:db8:1::/48", NULL },
        { "L1", "8000::/1", NULL },
        { "L1", "192.0.2.0/25", "192.0.2.0/25: an IPv4 block is at most /24 long, not /25" },
        { "L1", "192.0.2.1", "192.0.2.1: an IPv4 block is at most /24 long, not /32" },
        { "L1", "2001:db8::/49", "2001:db8::/49: an IPv6 block is at most /48 long, not /49" },
        { "L1", "0.0.0.0/0",
          "0.0.0.0/0: a block of every address is the location \"*\", which needs no block" },
        { "L1", "::/0",
          "::/0: a block of every address is the location \"*\", which needs no block" },
        { "L1", "198.51.100.7/24", "\"198.51.100.7/24\" has bits set behind its length" },
        { "L1", "office", "\"office\" is no IPv4 or IPv6 address" },
        { "L1", "", "\"\" is no IPv4 or IPv6 address" },
        { "*", "192.0.2.0/24",
          "location \"*\" has no blocks: it is everything that is in no other" },
        { "", "192.0.2.0/24",
          "\"\" cannot be a location: it must be 1 to 16 letters, digits, \"-\" and \"_\"" },
        { "12345678901234567", "192.0.2.0/24",
          "\"12345678901234567\" cannot be a location: it must be 1 to 16 letters, digits, \"-\" "
          "and \"_\"" },
        { "a b", "192.0.2.0/24",
          "\"a b\" cannot be a location: it must be 1 to 16 letters, digits, \"-\" and \"_\"" },
    };
    (void)state;
    for (unsigned i = 0; i < COUNT_OF(rows); i++) {
        struct cidr_block block = { 0 };
        struct problem problem = { 0 };
        int rc = cidr_block_from_text(&block, rows[i].location, rows[i].prefix, &problem);
        assert_string_equal(problem.text, rows[i].expect != NULL ? rows[i].expect : "");
        assert_int_equal(rc, rows[i].expect != NULL ? SP_EINVAL : 0);
        if (rc == 0) {
            char text[PREFIX_TEXT_SIZE];
            assert_string_equal(prefix_to_text(text, &block.prefix), rows[i].prefix);
            assert_string_equal(block.location, rows[i].location);
        }
    }
}

/* Batches as text: "+L1 192.0.2.0/24" puts, "-L1 192.0.2.0/24" removes. */
static int apply(struct cidr_collection *collection, uint64_t version, const char *const *lines,
                 struct problem *out_problem)
{
    struct cidr_change items[8];
    struct cidr_batch batch = { .version = version, .items = items };
    for (; *lines != NULL; lines++) {
        char location[20], prefix[50];
        struct cidr_change *item = &items[batch.count++];
        assert_int_equal(sscanf(*lines + 1, "%19s %49s", location, prefix), 2);
        item->action = **lines == '+' ? CIDR_PUT : CIDR_REMOVE;
        assert_int_equal(cidr_block_from_text(&item->block, location, prefix, NULL), 0);
    }
    return cidr_collection_apply(collection, &batch, out_problem);
}

/* "L1 192.0.2.0/24; L2 ..." */
static void assert_blocks(const struct cidr_collection *collection, const char *expect)
{
    char all[1000] = "", text[PREFIX_TEXT_SIZE];
    size_t size = 0;
    for (uint32_t i = 0; i < collection->block_count; i++)
        size += (size_t)snprintf(all + size, sizeof all - size, "%s%s %s", i == 0 ? "" : "; ",
                                 collection->blocks[i].location,
                                 prefix_to_text(text, &collection->blocks[i].prefix));
    assert_string_equal(all, expect);
}

static void a_batch_goes_in_order_and_the_result_is_sorted(void **state)
{
    static struct cidr_collection collection = { .version = 1 };
    struct problem problem = { 0 };
    (void)state;
    static const char *const first[] = { "+L2 198.51.0.0/16", "+L1 2001:db8::/32",
                                         "+L1 198.51.100.0/24", NULL };
    assert_int_equal(apply(&collection, 1, first, &problem), 0);
    assert_blocks(&collection, "L1 198.51.100.0/24; L1 2001:db8::/32; L2 198.51.0.0/16");
    assert_int_equal(collection.version, 2);

    static const char *const moved[] = { "-L2 198.51.0.0/16", "+L1 198.51.0.0/16", NULL };
    assert_int_equal(apply(&collection, 0, moved, &problem), 0);
    assert_blocks(&collection, "L1 198.51.0.0/16; L1 198.51.100.0/24; L1 2001:db8::/32");
    assert_true(cidr_collection_has_location(&collection, "L1"));
    assert_false(cidr_collection_has_location(&collection, "L2"));

    static const char *const idle[] = { "+L1 198.51.0.0/16", "-L1 192.0.2.0/24",
                                        "-L2 198.51.0.0/16", NULL };
    assert_int_equal(apply(&collection, 0, idle, &problem), 0);
    assert_blocks(&collection, "L1 198.51.0.0/16; L1 198.51.100.0/24; L1 2001:db8::/32");
    assert_int_equal(collection.version, 4);

    static const char *const rest[] = { "-L1 198.51.0.0/16", "-L1 198.51.100.0/24",
                                        "-L1 2001:db8::/32", NULL };
    assert_int_equal(apply(&collection, 0, rest, &problem), 0);
    assert_blocks(&collection, "");
}

static void a_block_is_in_one_location_only(void **state)
{
    static struct cidr_collection collection = { .version = 1 };
    struct problem problem = { 0 };
    (void)state;
    static const char *const twice[] = { "+L1 192.0.2.0/24", "+L2 192.0.2.0/24", NULL };
    assert_int_equal(apply(&collection, 0, twice, &problem), SP_ECONFLICT);
    assert_string_equal(problem.text,
                        "the block 192.0.2.0/24 is in location L1 already: a block is in one "
                        "location only; remove it there first");
    collection = (struct cidr_collection){ .version = 1 };
    static const char *const nested[] = { "+L1 192.0.0.0/24", "+L2 192.0.0.0/16", "+L3 192.0.0.0/8",
                                          NULL };
    assert_int_equal(apply(&collection, 0, nested, &problem), 0);
    assert_blocks(&collection, "L1 192.0.0.0/24; L2 192.0.0.0/16; L3 192.0.0.0/8");
}

static void another_version_is_refused(void **state)
{
    static struct cidr_collection collection = { .version = 7 };
    static const char *const lines[] = { "+L1 192.0.2.0/24", NULL };
    struct problem problem = { 0 };
    (void)state;
    assert_int_equal(apply(&collection, 6, lines, &problem), SP_ECONFLICT);
    assert_string_equal(problem.text, "the collection is at version 7, not 6: somebody else has "
                                      "changed it; look at it again");
}

static void a_thousand_blocks_fit_and_no_more(void **state)
{
    static struct cidr_collection collection = { .version = 1 };
    static struct cidr_change items[CIDR_BLOCKS_MAX + 1];
    struct problem problem = { 0 };
    (void)state;
    for (unsigned i = 0; i <= CIDR_BLOCKS_MAX; i++) {
        char text[32], location[8];
        snprintf(text, sizeof text, "10.%u.%u.0/24", i % 251, i / 251);
        snprintf(location, sizeof location, "L%u", i % 7);
        items[i].action = CIDR_PUT;
        assert_int_equal(cidr_block_from_text(&items[i].block, location, text, NULL), 0);
    }
    struct cidr_batch batch = { .count = CIDR_BLOCKS_MAX + 1, .items = items };
    assert_int_equal(cidr_collection_apply(&collection, &batch, &problem), SP_ELIMIT);
    assert_string_equal(problem.text, "1001 blocks are too many; at most 1000 at a time");

    batch.count = CIDR_BLOCKS_MAX;
    assert_int_equal(cidr_collection_apply(&collection, &batch, &problem), 0);
    assert_int_equal(collection.block_count, CIDR_BLOCKS_MAX);
    unsigned locations = 0, blocks = 0;
    for (uint32_t at = 0, size; (size = cidr_location_size(&collection, at)) > 0; at += size) {
        locations++;
        blocks += size;
    }
    assert_int_equal(locations, 7);
    assert_int_equal(blocks, CIDR_BLOCKS_MAX);

    struct cidr_batch one_more = { .count = 1, .items = &items[CIDR_BLOCKS_MAX] };
    assert_int_equal(cidr_collection_apply(&collection, &one_more, &problem), SP_ELIMIT);
    assert_string_equal(problem.text, "a collection holds at most 1000 blocks");
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(a_name_is_letters_digits_and_dashes),
    cmocka_unit_test(a_block_is_as_long_as_it_may_be),
    cmocka_unit_test(a_batch_goes_in_order_and_the_result_is_sorted),
    cmocka_unit_test(a_block_is_in_one_location_only),
    cmocka_unit_test(another_version_is_refused),
    cmocka_unit_test(a_thousand_blocks_fit_and_no_more),
};

RUN_TESTS(tests)
