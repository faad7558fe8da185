#include "signpost/http/exchange.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

const char *http_request_header(const struct http_request *request, const char *name)
{
    for (unsigned i = 0; i < request->header_count; i++)
        if (strcasecmp(request->headers[i].name, name) == 0)
            return request->headers[i].value;
    return NULL;
}

void http_response_header(struct http_response *response, const char *name, const char *value)
{
    assert(response->header_count < HTTP_RESPONSE_HEADERS_MAX);
    response->headers[response->header_count++] = (struct http_header){ name, value };
}

/* Octets of the host in "host", "host:port" or "[v6]:port"; 0 when it is none of these. */
static size_t host_size(const char *text)
{
    size_t size = text[0] == '[' ? strcspn(text, "]") + 1 : strcspn(text, ":");
    if (size > strlen(text))
        return 0;
    const char *port = text + size;
    if (*port == ':')
        port += 1 + strspn(port + 1, "0123456789");
    return *port == '\0' ? size : 0;
}

/* 127.0.0.0/8 in four decimal numbers; a name such as 127.0.0.1.example.com is not. */
static bool is_loopback_v4(const char *host, size_t size)
{
    unsigned part[4];
    int end = 0;
    char text[16];
    if (size == 0 || size >= sizeof(text))
        return false;
    memcpy(text, host, size);
    text[size] = '\0';
    if (strspn(text, "0123456789.") != size ||
        sscanf(text, "%3u.%3u.%3u.%3u%n", &part[0], &part[1], &part[2], &part[3], &end) != 4)
        return false;
    return (size_t)end == size && part[0] == 127;
}

static bool is_loopback_host(const char *host)
{
    size_t size = host_size(host);
    return (size == 9 && strncasecmp(host, "localhost", 9) == 0) ||
           (size == 21 && strncasecmp(host, "route53.amazonaws.com", 21) == 0) ||
           (size == 5 && strncmp(host, "[::1]", 5) == 0) || is_loopback_v4(host, size);
}

const char *http_request_is_foreign(const struct http_request *request)
{
    const char *host = NULL;
    for (unsigned i = 0; i < request->header_count; i++) {
        if (strcasecmp(request->headers[i].name, "Host") != 0)
            continue;
        if (host != NULL)
            return "more than one Host header";
        host = request->headers[i].value;
    }
    if (host == NULL || (!request->is_tls && !is_loopback_host(host)))
        return "the Host header must name a loopback address or localhost";
    const char *origin = http_request_header(request, "Origin");
    const char *scheme = request->is_tls ? "https://" : "http://";
    size_t size = strlen(scheme);
    if (origin != NULL &&
        (strncasecmp(origin, scheme, size) != 0 || strcasecmp(origin + size, host) != 0))
        return "requests of web pages from elsewhere are not served";
    return NULL;
}
