#include "tests.h"

#include "signpost/model/vpc.h"

static void a_vpc_has_an_id_of_one_form_and_a_region(void **state)
{
    static char long_region[VPC_REGION_SIZE + 1], longest_region[VPC_REGION_SIZE];
    const struct row {
        const char *id, *region;
        const char *expect; /* the Region; NULL: there is no such VPC */
    } rows[] = {
        { "vpc-0a1b2c3d", "eu-west-1", "eu-west-1" },
        { "vpc-0a1b2c3d4e5f60718", "eu-west-1", "eu-west-1" },
        { "vpc-0A1B2C3D", NULL, "us-east-1" },
        { "vpc-0a1b2c3d", "", "us-east-1" },
        { "vpc-0a1b2c3d", longest_region, longest_region },
        { "vpc-0a1b2c3d", long_region, NULL },
        { "", "eu-west-1", NULL },
        { "vpc-", "eu-west-1", NULL },
        { "vpc-0a1b2c3", "eu-west-1", NULL },
        { "vpc-0a1b2c3d4", "eu-west-1", NULL },
        { "vpc-0a1b2c3d4e5f607181", "eu-west-1", NULL },
        { "vpc-0a1b2c3g", "eu-west-1", NULL },
        { "VPC-0a1b2c3d", "eu-west-1", NULL },
        { "vpc-0a1b2c3d ", "eu-west-1", NULL },
        { "subnet-0a1b2c3d", "eu-west-1", NULL },
    };
    (void)state;
    memset(long_region, 'x', sizeof long_region - 1);
    memset(longest_region, 'x', sizeof longest_region - 1);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct vpc vpc;
        bool made = vpc_make(&vpc, rows[i].id, rows[i].region);
        if (made != (rows[i].expect != NULL))
            fail_msg("\"%s\" is %s", rows[i].id, made ? "taken" : "not taken");
        if (made) {
            assert_string_equal(vpc.id, rows[i].id);
            assert_string_equal(vpc.region, rows[i].expect);
        }
    }
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(a_vpc_has_an_id_of_one_form_and_a_region),
};
RUN_TESTS(tests)
