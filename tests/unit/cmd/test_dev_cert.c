/* A lab's certificates, as OpenSSL judges them. */
#include "../../../src/cmd/client/dev_cert.h"

#include "tests.h"

#include <openssl/x509v3.h>

static void only_host_names_and_addresses_are_certified(void **state)
{
    static const struct row {
        const char *name;
        bool right;
    } rows[] = {
        { "dns.lab.test", true },
        { "localhost", true },
        { "192.0.2.1", true },
        { "2001:db8::1", true },
        { "*.lab.test", true },
        { "a_b-c.test", true },
        { "", false },
        { "a b", false },
        { "a..b", false },
        { ".test", false },
        { "test.", false },
        { "a.*.test", false },
        { "*", false },
        { "*.", false },
        { "a,DNS:b", false },
        { "http://a.test", false },
        { "a.test:443", false },
        { "a123456789012345678901234567890123456789012345678901234567890123.test", false },
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        if (dev_cert_name_is_right(rows[i].name) != rows[i].right)
            fail_msg("\"%s\"", rows[i].name);
}

/* The code of X509_verify_cert, under its strictest rules. */
static int judge(X509 *ca, X509 *certificate)
{
    X509_STORE *store = X509_STORE_new();
    X509_STORE_CTX *context = X509_STORE_CTX_new();
    X509_STORE_add_cert(store, ca);
    X509_STORE_set_flags(store, X509_V_FLAG_X509_STRICT);
    X509_STORE_CTX_init(context, store, certificate, NULL);
    X509_STORE_CTX_set_purpose(context, X509_PURPOSE_SSL_SERVER);
    X509_verify_cert(context);
    int code = X509_STORE_CTX_get_error(context);
    X509_STORE_CTX_free(context);
    X509_STORE_free(store);
    return code;
}

static void a_certificate_is_trusted_for_its_names(void **state)
{
    static const char *const names[] = { "route53.amazonaws.com", "*.lab.test", "127.0.0.1", "::1",
                                         NULL };
    struct identity_pair ca, other, server;
    (void)state;
    assert_true(dev_ca_make(&ca));
    assert_true(dev_ca_make(&other));
    assert_true(dev_cert_make(&ca, names, &server));
    X509 *own = server.certificate;
    assert_int_equal(judge(ca.certificate, own), X509_V_OK);
    assert_int_not_equal(judge(other.certificate, own), X509_V_OK);
    assert_int_equal(X509_check_private_key(own, server.key), 1);
    assert_int_equal(X509_check_ca(ca.certificate), 1);
    assert_int_equal(X509_check_ca(own), 0);
    assert_int_equal(X509_check_host(own, "route53.amazonaws.com", 0, 0, NULL), 1);
    assert_int_equal(X509_check_host(own, "dns.lab.test", 0, 0, NULL), 1);
    assert_int_equal(X509_check_host(own, "amazonaws.com", 0, 0, NULL), 0);
    assert_int_equal(X509_check_ip_asc(own, "127.0.0.1", 0), 1);
    assert_int_equal(X509_check_ip_asc(own, "::1", 0), 1);
    assert_int_equal(X509_check_ip_asc(own, "127.0.0.2", 0), 0);
    identity_pair_finish(&server);
    identity_pair_finish(&other);
    identity_pair_finish(&ca);
}

/* RFC 5280 §4.1.2.2: browsers refuse two certificates of one CA with the same number. */
static void every_certificate_has_a_number_of_its_own(void **state)
{
    static const char *const names[] = { "a.test", NULL };
    struct identity_pair ca, one, two;
    (void)state;
    assert_true(dev_ca_make(&ca));
    assert_true(dev_cert_make(&ca, names, &one));
    assert_true(dev_cert_make(&ca, names, &two));
    assert_int_not_equal(ASN1_INTEGER_cmp(X509_get0_serialNumber(one.certificate),
                                          X509_get0_serialNumber(two.certificate)),
                         0);
    identity_pair_finish(&two);
    identity_pair_finish(&one);
    identity_pair_finish(&ca);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(only_host_names_and_addresses_are_certified),
    cmocka_unit_test(a_certificate_is_trusted_for_its_names),
    cmocka_unit_test(every_certificate_has_a_number_of_its_own),
};

RUN_TESTS(tests)
