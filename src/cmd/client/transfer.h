/*
 * cmd/client/transfer.h - a request as libcurl knows it, for whoever has a loop of his own.
 */
#ifndef SIGNPOST_CMD_CLIENT_TRANSFER_H
#define SIGNPOST_CMD_CLIENT_TRANSFER_H

#include "client.h"

#include <curl/curl.h>

struct transfer {
    CURL *curl;
    struct curl_slist *headers;
    char *url;
};

/* Makes it ready.  What the request and the reply point to must outlive it; out of memory ends the
 * process. */
void transfer_open(struct transfer *transfer, const struct invocation *invocation,
                   const struct request *request, struct reply *reply);
void transfer_close(struct transfer *transfer);

/* Tells the user what went wrong, if anything; details: of CURLOPT_ERRORBUFFER. */
int transfer_complain(const struct invocation *invocation, CURLcode code, const char *details,
                      const struct reply *reply);

#endif
