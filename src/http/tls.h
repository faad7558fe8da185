/*
 * http/tls.h (inside) - what the listener hands to libmicrohttpd.
 */
#ifndef SIGNPOST_HTTP_TLS_INTERNAL_H
#define SIGNPOST_HTTP_TLS_INTERNAL_H

#include <gnutls/abstract.h>
#include <gnutls/gnutls.h>

/* TLS 1.2 and 1.3; what came before is deprecated (RFC 8996). */
#define HTTP_TLS_PRIORITIES "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2"

/* The certificate of a handshake (MHD_OPTION_HTTPS_CERT_CALLBACK2). */
int http__tls_choose(gnutls_session_t session, const struct gnutls_cert_retr_st *info,
                     gnutls_pcert_st **out_chain, unsigned *out_count,
                     gnutls_ocsp_data_st **out_ocsp, unsigned *out_ocsp_count,
                     gnutls_privkey_t *out_key, unsigned *out_flags);

#endif
