#include "internal.h"

#include <openssl/crypto.h>
#include <string.h>
#include <time.h>

#define ALGORITHM  "AWS4-HMAC-SHA256"
#define TERMINATOR "aws4_request"

void sigv4_time(uint64_t unix_s, char out[SIGV4_TIME_SIZE])
{
    time_t seconds = (time_t)unix_s;
    struct tm utc;
    if (gmtime_r(&seconds, &utc) == NULL ||
        strftime(out, SIGV4_TIME_SIZE, "%Y%m%dT%H%M%SZ", &utc) != SIGV4_TIME_SIZE - 1)
        memcpy(out, "19700101T000000Z", SIGV4_TIME_SIZE);
}

/* A-SIG-10: each step's result is the key of the next. */
static void derive_key(const char *secret_with_prefix, const struct sigv4_claim *claim,
                       uint8_t out[SHA256_SIZE])
{
    const char *const steps[] = { claim->region, claim->service, TERMINATOR };
    struct span key = { (const uint8_t *)secret_with_prefix, strlen(secret_with_prefix) };
    uint8_t next[SHA256_SIZE];
    sigv4__hmac(key, claim->day, out);
    for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
        sigv4__hmac((struct span){ out, SHA256_SIZE }, steps[i], next);
        memcpy(out, next, SHA256_SIZE);
    }
    OPENSSL_cleanse(next, sizeof(next));
}

static const char *text_to_sign(struct arena *arena, const struct sigv4_request *request,
                                const struct sigv4_claim *claim)
{
    char hash[SIGV4_HEX_SIZE];
    const char *canonical =
        sigv4_canonical_request(arena, request, claim->signed_headers, claim->is_presigned);
    if (canonical == NULL)
        return NULL;
    sigv4_hash((struct span){ (const uint8_t *)canonical, strlen(canonical) }, hash);
    return arena_format(arena, ALGORITHM "\n%s\n%s/%s/%s/" TERMINATOR "\n%s", claim->time,
                        claim->day, claim->region, claim->service, hash);
}

int sigv4_signature(struct arena *arena, const struct sigv4_request *request,
                    const struct sigv4_claim *claim, const char *secret, char out[SIGV4_HEX_SIZE])
{
    uint8_t key[SHA256_SIZE], mac[SHA256_SIZE];
    const char *text = text_to_sign(arena, request, claim);
    char *prefixed = arena_format(arena, "AWS4%s", secret);
    if (text == NULL || prefixed == NULL)
        return SP_ENOMEM;
    derive_key(prefixed, claim, key);
    sigv4__hmac((struct span){ key, sizeof(key) }, text, mac);
    sigv4__hex(out, mac);
    OPENSSL_cleanse(key, sizeof(key));
    OPENSSL_cleanse(prefixed, strlen(prefixed));
    return 0;
}

/* Every header of the request, lower case, sorted. */
static const char *all_headers(struct arena *arena, const struct sigv4_request *request)
{
    const char **names = arena_alloc(arena, (request->header_count + 1) * sizeof(*names));
    for (unsigned i = 0; names != NULL && i < request->header_count; i++)
        names[i] = request->headers[i].name;
    const char *list =
        names == NULL ? NULL : sigv4__join_names(arena, names, request->header_count);
    unsigned count;
    names = list == NULL ? NULL : sigv4__header_names(arena, list, &count);
    return names == NULL ? NULL : sigv4__join_names(arena, names, count);
}

const char *sigv4_authorization(struct arena *arena, const struct sigv4_request *request,
                                const char *access_key, const char *secret, const char *region,
                                const char *service)
{
    char signature[SIGV4_HEX_SIZE];
    struct sigv4_claim claim = { .access_key = access_key,
                                 .region = region,
                                 .service = service,
                                 .time = sigv4_header(request, "x-amz-date"),
                                 .signed_headers = all_headers(arena, request) };
    claim.day = claim.time == NULL ? NULL : arena_format(arena, "%.8s", claim.time);
    if (claim.day == NULL || claim.signed_headers == NULL ||
        sigv4_signature(arena, request, &claim, secret, signature) != 0)
        return NULL;
    return arena_format(
        arena, ALGORITHM " Credential=%s/%s/%s/%s/" TERMINATOR ", SignedHeaders=%s, Signature=%s",
        access_key, claim.day, region, service, claim.signed_headers, signature);
}
