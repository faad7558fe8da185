#include "dev_cert.h"

#include <arpa/inet.h>
#include <openssl/ec.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>
#include <string.h>

#define CA_DAYS     3650
#define SERVER_DAYS 825 /* the longest that Apple's systems take from a CA of one's own */
#define SERIAL_SIZE 16  /* octets; RFC 5280 §4.1.2.2 allows 20 */
#define CA_NAME     "Signpost lab CA"

/* ---- pieces ---- */

/* From an hour ago on, since clocks of clients differ. */
static bool set_life(X509 *certificate, int days)
{
    return X509_gmtime_adj(X509_getm_notBefore(certificate), -3600L) != NULL &&
           X509_time_adj_ex(X509_getm_notAfter(certificate), days, 0, NULL) != NULL;
}

static bool set_serial(X509 *certificate)
{
    unsigned char octets[SERIAL_SIZE];
    if (RAND_bytes(octets, sizeof(octets)) != 1)
        return false;
    octets[0] = (octets[0] & 0x7f) | 0x40; /* positive, and always of the same size */
    BIGNUM *number = BN_bin2bn(octets, sizeof(octets), NULL);
    bool done =
        number != NULL && BN_to_ASN1_INTEGER(number, X509_get_serialNumber(certificate)) != NULL;
    BN_free(number);
    return done;
}

static bool set_subject(X509 *certificate, const char *common_name)
{
    return X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate), "CN", MBSTRING_UTF8,
                                      (const unsigned char *)common_name, -1, -1, 0) == 1;
}

/* issuer: whose identifiers an extension may take over. */
static bool add_extension(X509 *certificate, X509 *issuer, int nid, const char *value)
{
    X509V3_CTX context;
    X509V3_set_ctx(&context, issuer, certificate, NULL, NULL, 0);
    X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, &context, nid, value);
    bool done = extension != NULL && X509_add_ext(certificate, extension, -1) == 1;
    X509_EXTENSION_free(extension);
    return done;
}

/* A key and a certificate for it, to which extensions and a signature are still to come. */
static bool begin(struct identity_pair *pair, const char *common_name, int days)
{
    *pair = (struct identity_pair){ EVP_EC_gen("P-256"), X509_new() };
    return pair->key != NULL && pair->certificate != NULL &&
           X509_set_version(pair->certificate, X509_VERSION_3) == 1 &&
           set_serial(pair->certificate) && set_life(pair->certificate, days) &&
           set_subject(pair->certificate, common_name) &&
           X509_set_pubkey(pair->certificate, pair->key) == 1;
}

void identity_pair_finish(struct identity_pair *pair)
{
    EVP_PKEY_free(pair->key);
    X509_free(pair->certificate);
    *pair = (struct identity_pair){ 0 };
}

/* ---- the CA ---- */

bool dev_ca_make(struct identity_pair *out_ca)
{
    struct identity_pair ca;
    bool done = begin(&ca, CA_NAME, CA_DAYS);
    X509 *own = ca.certificate;
    done = done && X509_set_issuer_name(own, X509_get_subject_name(own)) == 1 &&
           add_extension(own, own, NID_basic_constraints, "critical,CA:TRUE,pathlen:0") &&
           add_extension(own, own, NID_key_usage, "critical,keyCertSign,cRLSign") &&
           add_extension(own, own, NID_subject_key_identifier, "hash") &&
           add_extension(own, own, NID_authority_key_identifier, "keyid:always") &&
           X509_sign(own, ca.key, EVP_sha256()) > 0;
    if (done)
        *out_ca = ca;
    else
        identity_pair_finish(&ca);
    return done;
}

/* ---- a server ---- */

static bool is_address(const char *name)
{
    struct in6_addr address;
    return inet_pton(AF_INET, name, &address) == 1 || inet_pton(AF_INET6, name, &address) == 1;
}

bool dev_cert_name_is_right(const char *name)
{
    static const char letters[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_";
    if (is_address(name))
        return true;
    if (strlen(name) > 253)
        return false;
    if (strncmp(name, "*.", 2) == 0)
        name += 2;
    for (;;) {
        size_t size = strspn(name, letters);
        if (size == 0 || size > 63)
            return false;
        if (name[size] == '\0')
            return true;
        if (name[size] != '.')
            return false;
        name += size + 1;
    }
}

static bool add_name(GENERAL_NAMES *names, const char *text)
{
    bool by_address = is_address(text);
    GENERAL_NAME *name = GENERAL_NAME_new();
    ASN1_STRING *value = by_address ? a2i_IPADDRESS(text) : ASN1_IA5STRING_new();
    if (name == NULL || value == NULL || (!by_address && ASN1_STRING_set(value, text, -1) != 1)) {
        GENERAL_NAME_free(name);
        ASN1_STRING_free(value);
        return false;
    }
    GENERAL_NAME_set0_value(name, by_address ? GEN_IPADD : GEN_DNS, value);
    if (sk_GENERAL_NAME_push(names, name) > 0)
        return true;
    GENERAL_NAME_free(name);
    return false;
}

static bool add_names(X509 *certificate, const char *const *texts)
{
    GENERAL_NAMES *names = sk_GENERAL_NAME_new_null();
    bool done = names != NULL;
    for (; done && *texts != NULL; texts++)
        done = add_name(names, *texts);
    done = done &&
           X509_add1_ext_i2d(certificate, NID_subject_alt_name, names, 0, X509V3_ADD_DEFAULT) == 1;
    GENERAL_NAMES_free(names);
    return done;
}

bool dev_cert_make(const struct identity_pair *ca, const char *const *names,
                   struct identity_pair *out_pair)
{
    struct identity_pair pair;
    bool done = begin(&pair, "Signpost", SERVER_DAYS);
    X509 *own = pair.certificate;
    done = done && X509_set_issuer_name(own, X509_get_subject_name(ca->certificate)) == 1 &&
           add_extension(own, ca->certificate, NID_basic_constraints, "critical,CA:FALSE") &&
           add_extension(own, ca->certificate, NID_key_usage, "critical,digitalSignature") &&
           add_extension(own, ca->certificate, NID_ext_key_usage, "serverAuth") &&
           add_extension(own, ca->certificate, NID_subject_key_identifier, "hash") &&
           add_extension(own, ca->certificate, NID_authority_key_identifier, "keyid:always") &&
           add_names(own, names) && X509_sign(own, ca->key, EVP_sha256()) > 0;
    if (done)
        *out_pair = pair;
    else
        identity_pair_finish(&pair);
    return done;
}
