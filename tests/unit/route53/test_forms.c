/* Rules: section 15 of the API's specification, and R-GPX-2, A-XML-9. */
#include "tests.h"

#include "forms.h"

static void texts_have_their_forms(void **state)
{
    (void)state;
    static const struct row {
        bool (*fits)(const char *text);
        const char *text;
        bool expect;
    } rows[] = {
        { fits_ip_address, "192.0.2.1", true },
        { fits_ip_address, "2001:db8::1", true },
        { fits_ip_address, "::ffff:192.0.2.1", true },
        { fits_ip_address, "192.0.2", false },
        { fits_ip_address, "192.0.2.256", false },
        { fits_ip_address, "192.0.2.1 ", false },
        { fits_ip_address, "2001:db8:::1", false },
        { fits_ip_address, "", false },
        { fits_latitude, "0", true },
        { fits_latitude, "-90.00", true },
        { fits_latitude, "+9.5", true },
        { fits_latitude, "9.", true },
        { fits_latitude, "100", false },
        { fits_latitude, "9.123", false },
        { fits_latitude, ".5", false },
        { fits_latitude, "-", false },
        { fits_latitude, "9.5N", false },
        { fits_latitude, "9.-5", false },
        { fits_longitude, "-179.99", true },
        { fits_longitude, "100", true },
        { fits_longitude, "1000", false },
        { fits_uuid, "6f1e2a5c-0d3b-4c8e-9a71-2b54c0e8d913", true },
        { fits_uuid, "6F1E2A5C-0d3b-4c8e-9a71-2b54c0e8d913", false },
        { fits_uuid, "6f1e2a5c0d3b4c8e9a712b54c0e8d913", false },
        { fits_uuid, "6f1e2a5c-0d3b-4c8e-9a71-2b54c0e8d91", false },
        { fits_uuid, "6f1e2a5c-0d3b-4c8e-9a71-2b54c0e8d9133", false },
        { fits_uuid, "", false },
        { fits_name, "Office_1-a", true },
        { fits_name, "*", false },
        { fits_name, "a b", false },
        { fits_name, "\xc3\xa9", false },
        { fits_name, "", false },
        { fits_name_or_default, "*", true },
        { fits_name_or_default, "a.b", false },
        { fits_ascii, "any text: even this!", true },
        { fits_ascii, "\xc3\xa9", false },
        { fits_ascii, "", false },
        { fits_text, " a ", true },
        { fits_text, " \t", false },
        { fits_region, "eu-west-1", true },
        { fits_region, "us-gov-east-1", true },
        { fits_region, "xx-laboratory-9", true },
        { fits_region, "eusc-de-east-1", true },
        { fits_region, "eusx-de-east-1", false },
        { fits_region, "eu-1", false },
        { fits_region, "eu-west-10", false },
        { fits_region, "eu-west", false },
        { fits_region, "eu-west-", false },
        { fits_region, "eu--west-1", false },
        { fits_region, "EU-west-1", false },
        { fits_region, "eu-west-1a", false },
        { fits_region, "", false },
    };
    for (unsigned i = 0; i < COUNT_OF(rows); i++)
        if (rows[i].fits(rows[i].text) != rows[i].expect)
            fail_msg("row %u: \"%s\"", i, rows[i].text);
}

static const struct CMUnitTest tests[] = { cmocka_unit_test(texts_have_their_forms) };

RUN_TESTS(tests)
