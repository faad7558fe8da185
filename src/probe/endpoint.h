/*
 * endpoint.h - what is looked at, made ready once for many looks.
 *
 * The prober's thread.
 */
#ifndef PROBE_ENDPOINT_H
#define PROBE_ENDPOINT_H

#include "judge.h"

#include "signpost/probe/board.h"

#include <curl/curl.h>

struct endpoint {
    struct probe_target target;
    struct judge_task task;
    bool is_tls;
    bool sends_sni;             /* R-HCE-17 */
    struct curl_slist *headers; /* of the request, but for its first line */
};

/* Copies the target; the endpoint must stay where it is.  SP_ENOMEM. */
int endpoint__init(struct endpoint *endpoint, const struct probe_target *target);
void endpoint__finish(struct endpoint *endpoint);

#endif
