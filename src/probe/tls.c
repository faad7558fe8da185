/*
 * Certificates are looked at in one respect only: whether they cover the name that was offered
 * (R-HCE-16, R-HCE-17).  Building and checking chains would be the larger part of a handshake's
 * cost, so all of that is replaced.
 */
#include "internal.h"

#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <string.h>

static int attempt_index = -1; /* of SSL_CTX's extra data */

int tls__set_up(void)
{
    if (attempt_index < 0)
        attempt_index = SSL_CTX_get_ex_new_index(0, NULL, NULL, NULL, NULL);
    return attempt_index < 0 ? SP_ENOMEM : 0;
}

/* "handshake failure" becomes "SSL alert handshake_failure" (R-HCE-17). */
static void note_alert(struct attempt *attempt, int alert)
{
    char *text = attempt->tls_alert;
    snprintf(text, PROBE_DETAIL_SIZE, "SSL alert %s", SSL_alert_desc_string_long(alert));
    for (char *c = text + strlen("SSL alert "); *c != '\0'; c++)
        if (*c == ' ')
            *c = '_';
}

static void on_info(const SSL *ssl, int where, int value)
{
    struct attempt *attempt = SSL_CTX_get_ex_data(SSL_get_SSL_CTX(ssl), attempt_index);
    if (where == SSL_CB_READ_ALERT && value >> 8 == SSL3_AL_FATAL)
        note_alert(attempt, value);
    if (where == SSL_CB_HANDSHAKE_DONE && attempt->judge.result.tls_ms < 0)
        judge__on_secured(&attempt->judge, attempt__time(attempt));
}

static int on_certificate(X509_STORE_CTX *store, void *context)
{
    struct attempt *attempt = context;
    X509 *certificate = X509_STORE_CTX_get0_cert(store);
    attempt->is_misnamed =
        attempt->offers_name &&
        (certificate == NULL ||
         X509_check_host(certificate, attempt->watch->endpoint.target.domain_name, 0, 0, NULL) !=
             1);
    return 1;
}

int tls__watch(void *context, struct attempt *attempt)
{
    if (SSL_CTX_set_ex_data(context, attempt_index, attempt) != 1)
        return SP_ENOMEM;
    SSL_CTX_set_info_callback(context, on_info);
    SSL_CTX_set_cert_verify_callback(context, on_certificate, attempt);
    return 0;
}
