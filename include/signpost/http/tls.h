/*
 * http/tls.h - the certificate that listeners with TLS show to their clients.
 *
 * There is one for the whole process: GnuTLS asks for it by a callback that it hands no context to.
 * One thread, that of the loop.
 */
#ifndef SIGNPOST_HTTP_TLS_H
#define SIGNPOST_HTTP_TLS_H

#include "signpost/base/status.h"

#include <time.h>

/* What is known of a certificate. */
struct http_tls_info {
    time_t expires; /* Unix seconds */
};

/* Reads a certificate, behind which those that lead to its CA may stand, and its key, both PEM.
 * Handshakes that begin from now on show it; when it cannot be used the one before stays.
 * SP_EINVAL: the problem names the file and why; SP_ENOMEM. */
int http_tls_load(const char *certificate_path, const char *key_path,
                  struct http_tls_info *out_info, struct problem *out_problem);

/* Forgets key and certificate; no listener may be left. */
void http_tls_finish(void);

#endif
