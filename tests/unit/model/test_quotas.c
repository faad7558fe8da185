/* Quotas: none, Route 53's, and single ones (R-QTA). */
#include "tests.h"

#include "signpost/model/quotas.h"

static void those_of_route_53_are_as_its_documentation_has_them(void **state)
{
    static const struct row {
        const char *name;
        unsigned route53;
        unsigned none;
    } rows[] = {
        { "hosted-zones", 500, QUOTA_UNLIMITED },                 /* R-QTA-1 */
        { "record-sets-per-zone", 10000, QUOTA_UNLIMITED },       /* R-QTA-2 */
        { "values-per-record-set", 400, QUOTA_UNLIMITED },        /* R-QTA-3 */
        { "group-members", 100, 100 },                            /* R-QTA-4 */
        { "geoproximity-members", 30, 30 },                       /* R-QTA-5 */
        { "zones-per-delegation-set", 100, QUOTA_UNLIMITED },     /* R-QTA-6 */
        { "delegation-sets", 100, QUOTA_UNLIMITED },              /* R-QTA-6 */
        { "vpcs-per-zone", 300, QUOTA_UNLIMITED },                /* R-QTA-7 */
        { "vpc-authorizations-per-zone", 1000, QUOTA_UNLIMITED }, /* R-QTA-7 */
        { "key-signing-keys-per-zone", 2, 2 },                    /* R-QTA-9, R-SEC-1 */
        { "cidr-collections", 5, QUOTA_UNLIMITED },               /* R-QTA-10 */
        { "cidr-blocks-per-collection", 1000, 1000 },             /* R-QTA-10, R-CID-3 */
        { "health-checks", 200, 65536 },                          /* R-QTA-11 */
        { "health-check-children", 255, 256 },                    /* R-QTA-12, R-HCC-1 */
        { "query-logging-per-zone", 1, 1 },                       /* R-QTA-15, R-LOG-1 */
        { "traffic-policies", 50, QUOTA_UNLIMITED },              /* R-QTA-16 */
        { "traffic-policy-versions", 1000, 1000 },                /* R-QTA-16 */
        { "traffic-policy-instances", 5, QUOTA_UNLIMITED },       /* R-QTA-16 */
    };
    struct quotas route53 = quotas_route53(), none = quotas_none();
    (void)state;
    assert_int_equal(quota_row_count, COUNT_OF(rows));
    for (unsigned i = 0; i < COUNT_OF(rows); i++) {
        assert_string_equal(quota_rows[i].name, rows[i].name);
        assert_int_equal(quotas_value(&route53, &quota_rows[i]), rows[i].route53);
        assert_int_equal(quotas_value(&none, &quota_rows[i]), rows[i].none);
    }
}

static void one_is_changed_by_its_name(void **state)
{
    static const struct row {
        const char *assignment;
        const char *expect; /* NULL: it is right */
    } rows[] = {
        { "hosted-zones=1", NULL },
        { "hosted-zones=2147483647", NULL },
        { "group-members=100", NULL },
        { "hosted-zones=0", "hosted-zones is a number from 1 to 2147483647" },
        { "hosted-zones=2147483648", "hosted-zones is a number from 1 to 2147483647" },
        { "hosted-zones=99999999999999999999", "hosted-zones is a number from 1 to 2147483647" },
        { "hosted-zones=-1", "hosted-zones is a number from 1 to 2147483647" },
        { "hosted-zones=10x", "hosted-zones is a number from 1 to 2147483647" },
        { "hosted-zones=", "hosted-zones is a number from 1 to 2147483647" },
        { "hosted-zones", "hosted-zones is a number from 1 to 2147483647" },
        { "group-members=101", "group-members is a number from 1 to 100" },
        { "hosted-zone=1", "there is no quota \"hosted-zone\"" },
        { "=1", "there is no quota \"\"" },
        { "", "there is no quota \"\"" },
    };
    (void)state;
    for (unsigned i = 0; i < COUNT_OF(rows); i++) {
        struct quotas quotas = quotas_route53(), before = quotas;
        struct problem problem = { 0 };
        int rc = quotas_set(&quotas, rows[i].assignment, &problem);
        assert_int_equal(rc, rows[i].expect == NULL ? 0 : SP_EINVAL);
        assert_string_equal(problem.text, rows[i].expect == NULL ? "" : rows[i].expect);
        if (rc != 0)
            assert_memory_equal(&quotas, &before, sizeof quotas);
    }
    struct quotas quotas = quotas_route53();
    assert_int_equal(quotas_set(&quotas, "cidr-collections=7", NULL), 0);
    assert_int_equal(quotas.cidr_collections, 7);
    assert_int_equal(quotas.hosted_zones, 500);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(those_of_route_53_are_as_its_documentation_has_them),
    cmocka_unit_test(one_is_changed_by_its_name),
};

RUN_TESTS(tests)
