/*
 * cmd/client/dev_cert.h - a lab's own CA, and certificates of it.
 *
 * Keys are ECDSA P-256.  Errors leave their reason in OpenSSL's queue.
 */
#ifndef SIGNPOST_CMD_CLIENT_DEV_CERT_H
#define SIGNPOST_CMD_CLIENT_DEV_CERT_H

#include <openssl/evp.h>
#include <openssl/x509.h>
#include <stdbool.h>

struct identity_pair {
    EVP_PKEY *key;
    X509 *certificate;
};

/* A CA that may issue certificates of servers and nothing below them. */
bool dev_ca_make(struct identity_pair *out_ca);

/* Whether a name is an address or a host name that a certificate can be for; "*." may lead. */
bool dev_cert_name_is_right(const char *name);

/* A server's certificate for these names, all of which are right; a NULL ends them. */
bool dev_cert_make(const struct identity_pair *ca, const char *const *names,
                   struct identity_pair *out_pair);

/* Does not touch what was never set. */
void identity_pair_finish(struct identity_pair *pair);

#endif
