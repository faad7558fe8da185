/*
 * What is kept is the text of both files.  Each handshake gets its own copy, read anew and freed by
 * GnuTLS, so that a certificate can be replaced while another handshake is still using it; next to
 * the arithmetic of a handshake the reading is nothing.
 */
#include "tls.h"

#include "signpost/base/limits.h"
#include "signpost/http/tls.h"

#include <errno.h>
#include <gnutls/x509.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* PEM, each ended by a zero that does not count. */
struct pair {
    gnutls_datum_t chain;
    gnutls_datum_t key;
};

static struct pair shown;

static void finish_datum(gnutls_datum_t *datum)
{
    if (datum->data != NULL)
        explicit_bzero(datum->data, datum->size);
    free(datum->data);
    *datum = (gnutls_datum_t){ 0 };
}

static void finish_pair(struct pair *pair)
{
    finish_datum(&pair->chain);
    finish_datum(&pair->key);
}

void http_tls_finish(void)
{
    finish_pair(&shown);
}

/* ---- reading ---- */

static int read_file(const char *name, const char *path, gnutls_datum_t *out_text,
                     struct problem *out_problem)
{
    FILE *file = fopen(path, "re");
    gnutls_datum_t text = { .data = malloc(TLS_FILE_SIZE_MAX + 1) };
    if (file != NULL && text.data != NULL)
        text.size = (unsigned)fread(text.data, 1, TLS_FILE_SIZE_MAX + 1, file);
    int rc = 0;
    if (text.data == NULL)
        rc = problem_set(out_problem, SP_ENOMEM, "no memory to read %s", path);
    else if (file == NULL || ferror(file))
        rc = problem_set(out_problem, SP_EINVAL,
                         "%s: cannot read %s: %s: check that it is there, and that the user who "
                         "runs this may read it",
                         name, path, strerror(errno));
    else if (text.size > TLS_FILE_SIZE_MAX)
        rc = problem_set(out_problem, SP_EINVAL, "%s: %s is too big for a file of PEM", name, path);
    if (file != NULL)
        fclose(file);
    if (rc != 0) {
        finish_datum(&text);
        return rc;
    }
    text.data[text.size] = '\0';
    *out_text = text;
    return 0;
}

static int check_chain(const char *path, const gnutls_datum_t *text, struct http_tls_info *out_info,
                       struct problem *out_problem)
{
    gnutls_x509_crt_t *chain = NULL;
    unsigned count = 0;
    int code = gnutls_x509_crt_list_import2(&chain, &count, text, GNUTLS_X509_FMT_PEM, 0);
    if (code < 0)
        return problem_set(out_problem, SP_EINVAL,
                           "api-tls-certificate: %s holds no certificate in PEM: %s", path,
                           gnutls_strerror(code));
    time_t expires = gnutls_x509_crt_get_expiration_time(chain[0]);
    for (unsigned i = 0; i < count; i++)
        gnutls_x509_crt_deinit(chain[i]);
    gnutls_free(chain);
    if (count > TLS_CHAIN_MAX)
        return problem_set(out_problem, SP_EINVAL,
                           "api-tls-certificate: %s holds more than %d certificates", path,
                           TLS_CHAIN_MAX);
    out_info->expires = expires;
    return 0;
}

static int check_key(const char *path, const gnutls_datum_t *text, struct problem *out_problem)
{
    gnutls_x509_privkey_t key = NULL;
    int code = gnutls_x509_privkey_init(&key);
    if (code == 0)
        code = gnutls_x509_privkey_import2(key, text, GNUTLS_X509_FMT_PEM, NULL, 0);
    gnutls_x509_privkey_deinit(key);
    if (code == GNUTLS_E_DECRYPTION_FAILED)
        return problem_set(out_problem, SP_EINVAL,
                           "api-tls-key: the key in %s is encrypted; it must stand there as it is",
                           path);
    if (code < 0)
        return problem_set(out_problem, SP_EINVAL,
                           "api-tls-key: %s holds no private key in PEM: %s", path,
                           gnutls_strerror(code));
    return 0;
}

/* Whether the key is that of the first certificate. */
static int check_pair(const struct pair *pair, const char *certificate_path, const char *key_path,
                      struct problem *out_problem)
{
    gnutls_certificate_credentials_t credentials;
    int code = gnutls_certificate_allocate_credentials(&credentials);
    if (code < 0)
        return problem_set(out_problem, SP_ENOMEM, "no memory for a certificate");
    code = gnutls_certificate_set_x509_key_mem2(credentials, &pair->chain, &pair->key,
                                                GNUTLS_X509_FMT_PEM, NULL, 0);
    gnutls_certificate_free_credentials(credentials);
    if (code == GNUTLS_E_CERTIFICATE_KEY_MISMATCH)
        return problem_set(out_problem, SP_EINVAL,
                           "api-tls-key: %s is not the key of the certificate in %s", key_path,
                           certificate_path);
    if (code < 0)
        return problem_set(out_problem, SP_EINVAL,
                           "api-tls-certificate: %s and %s cannot be used: %s", certificate_path,
                           key_path, gnutls_strerror(code));
    return 0;
}

int http_tls_load(const char *certificate_path, const char *key_path,
                  struct http_tls_info *out_info, struct problem *out_problem)
{
    struct pair fresh = { 0 };
    struct http_tls_info info = { 0 };
    int rc = read_file("api-tls-certificate", certificate_path, &fresh.chain, out_problem);
    if (rc == 0)
        rc = read_file("api-tls-key", key_path, &fresh.key, out_problem);
    if (rc == 0)
        rc = check_chain(certificate_path, &fresh.chain, &info, out_problem);
    if (rc == 0)
        rc = check_key(key_path, &fresh.key, out_problem);
    if (rc == 0)
        rc = check_pair(&fresh, certificate_path, key_path, out_problem);
    if (rc != 0) {
        finish_pair(&fresh);
        return rc;
    }
    finish_pair(&shown);
    shown = fresh;
    *out_info = info;
    return 0;
}

/* ---- a handshake ---- */

static int copy_chain(gnutls_pcert_st **out_chain, unsigned *out_count)
{
    unsigned count = TLS_CHAIN_MAX;
    gnutls_pcert_st *chain = gnutls_calloc(TLS_CHAIN_MAX, sizeof(*chain));
    if (chain == NULL)
        return GNUTLS_E_MEMORY_ERROR;
    int code =
        gnutls_pcert_list_import_x509_raw(chain, &count, &shown.chain, GNUTLS_X509_FMT_PEM, 0);
    if (code < 0) {
        gnutls_free(chain);
        return code;
    }
    *out_chain = chain;
    *out_count = count;
    return 0;
}

static int copy_key(gnutls_privkey_t *out_key)
{
    gnutls_privkey_t key;
    int code = gnutls_privkey_init(&key);
    if (code < 0)
        return code;
    code = gnutls_privkey_import_x509_raw(key, &shown.key, GNUTLS_X509_FMT_PEM, NULL, 0);
    if (code < 0)
        gnutls_privkey_deinit(key);
    else
        *out_key = key;
    return code;
}

int http__tls_choose(gnutls_session_t session, const struct gnutls_cert_retr_st *info,
                     gnutls_pcert_st **out_chain, unsigned *out_count,
                     gnutls_ocsp_data_st **out_ocsp, unsigned *out_ocsp_count,
                     gnutls_privkey_t *out_key, unsigned *out_flags)
{
    gnutls_privkey_t key = NULL;
    (void)session;
    (void)info;
    int code = copy_key(&key);
    if (code == 0)
        code = copy_chain(out_chain, out_count);
    if (code < 0) {
        gnutls_privkey_deinit(key);
        return -1;
    }
    *out_key = key;
    *out_ocsp = NULL;
    *out_ocsp_count = 0;
    *out_flags = GNUTLS_CERT_RETR_DEINIT_ALL;
    return 0;
}
