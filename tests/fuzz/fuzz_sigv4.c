/* needs: sigv4 */
/*
 * Signatures: any target, headers and claim, as strangers send them.  Lines of the input are
 * METHOD, target, then headers as "name: value" up to an empty line; what follows is the body.
 * Reading a claim and making the canonical form must survive all of it.  Then the same request is
 * signed, and what we sign we must find right, both in the header and presigned.
 */
#include "signpost/sigv4/sigv4.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define HEADERS_MAX 16
#define SECRET      "lighthouse"
#define SERVICE     "route53"
#define TIME        "20260102T030405Z"
#define NOW_S       1767323045u

static void require(bool condition, const char *what)
{
    if (condition)
        return;
    fprintf(stderr, "not so: %s\n", what);
    abort();
}

/* The text up to the line's end, which becomes a zero. */
static char *next_line(char **at)
{
    char *line = *at;
    size_t size = strcspn(line, "\n");
    *at += size + (line[size] == '\n');
    line[size] = '\0';
    return line;
}

static unsigned read_headers(char **at, struct sigv4_header *headers)
{
    unsigned count = 0;
    while (**at != '\0' && count < HEADERS_MAX) {
        char *line = next_line(at);
        char *colon = strchr(line, ':');
        if (colon == NULL)
            break;
        *colon = '\0';
        headers[count++] = (struct sigv4_header){ line, colon + 1 + (colon[1] == ' ') };
    }
    return count;
}

static bool is_named(const struct sigv4_header *header, const char *name)
{
    return strcasecmp(header->name, name) == 0;
}

/* The request without what its own claim says, host and date put in front. */
static unsigned prepare(struct sigv4_header *out, const struct sigv4_header *headers,
                        unsigned header_count)
{
    unsigned count = 0;
    out[count++] = (struct sigv4_header){ "Host", "127.0.0.1:8053" };
    out[count++] = (struct sigv4_header){ "X-Amz-Date", TIME };
    for (unsigned i = 0; i < header_count; i++)
        if (!is_named(&headers[i], "authorization") && !is_named(&headers[i], "x-amz-date") &&
            headers[i].name[0] != '\0' && strpbrk(headers[i].name, ";, \t") == NULL)
            out[count++] = headers[i];
    return count;
}

static void verify(struct arena *arena, const struct sigv4_request *request)
{
    struct sigv4_claim claim;
    const char *why = "";
    char signature[SIGV4_HEX_SIZE];
    enum sigv4_fault fault = sigv4_read_claim(arena, request, SERVICE, &claim, &why);
    require(fault == SIGV4_NO_FAULT, why);
    require(sigv4_check_time(arena, &claim, NOW_S, 0) == NULL, "our own time is right");
    require(sigv4_signature(arena, request, &claim, SECRET, signature) == 0, "memory");
    require(sigv4_equal(signature, claim.signature), "what we sign is right");
}

static void sign_header(struct arena *arena, struct sigv4_request request)
{
    struct sigv4_header headers[HEADERS_MAX + 3];
    unsigned count = prepare(headers, request.headers, request.header_count);
    request.headers = headers;
    request.header_count = count;
    const char *value =
        sigv4_authorization(arena, &request, "AKSIGNPOST", SECRET, "mars-1", SERVICE);
    require(value != NULL, "memory");
    headers[count] = (struct sigv4_header){ "Authorization", value };
    request.header_count = count + 1;
    verify(arena, &request);
}

static void sign_query(struct arena *arena, struct sigv4_request request)
{
    struct sigv4_header headers[HEADERS_MAX + 3];
    struct sigv4_claim claim = { .day = "20260102",
                                 .region = "mars-1",
                                 .service = SERVICE,
                                 .time = TIME,
                                 .signed_headers = "host",
                                 .is_presigned = true };
    char signature[SIGV4_HEX_SIZE];
    const char *mark = strchr(request.target, '?');
    size_t path_size = mark == NULL ? strlen(request.target) : (size_t)(mark - request.target);
    request.header_count = prepare(headers, request.headers, request.header_count);
    request.headers = headers;
    request.target = arena_format(
        arena,
        "%.*s?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Date=" TIME "&X-Amz-Expires=60&"
        "X-Amz-SignedHeaders=host&X-Amz-Credential=AKSIGNPOST%%2F20260102%%2Fmars-1%%2F" SERVICE
        "%%2Faws4_request",
        (int)path_size, request.target);
    if (mark != NULL)
        request.target = arena_format(arena, "%s&%s", request.target, mark + 1);
    require(sigv4_signature(arena, &request, &claim, SECRET, signature) == 0, "memory");
    /* In front, where no other argument of the input can stand before it. */
    mark = strchr(request.target, '?');
    request.target = arena_format(arena, "%.*s?X-Amz-Signature=%s&%s", (int)(mark - request.target),
                                  request.target, signature, mark + 1);
    verify(arena, &request);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_create();
    struct sigv4_header headers[HEADERS_MAX];
    char hash[SIGV4_HEX_SIZE];
    char *text = arena_alloc(arena, size + 1);
    require(text != NULL, "memory");
    if (size > 0)
        memcpy(text, data, size);
    struct sigv4_request request = { .headers = headers };
    request.method = next_line(&text);
    request.target = next_line(&text);
    request.header_count = read_headers(&text, headers);
    sigv4_hash((struct span){ (const uint8_t *)text, strlen(text) }, hash);
    request.payload_hash = hash;

    struct sigv4_claim claim;
    const char *why;
    char signature[SIGV4_HEX_SIZE];
    if (sigv4_read_claim(arena, &request, SERVICE, &claim, &why) == SIGV4_NO_FAULT) {
        sigv4_check_time(arena, &claim, NOW_S, 300);
        require(sigv4_signature(arena, &request, &claim, SECRET, signature) == 0, "memory");
    }
    sign_header(arena, request);
    sign_query(arena, request);
    arena_destroy(arena);
    return 0;
}
