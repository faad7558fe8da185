/*
 * sigv4/sigv4.h - AWS Signature Version 4: what is signed, signing it, and taking a signature
 * apart.
 *
 * Pure functions of their arguments: no clock, no keys kept.  Any thread.
 */
#ifndef SIGNPOST_SIGV4_SIGV4_H
#define SIGNPOST_SIGV4_SIGV4_H

#include "signpost/base/arena.h"
#include "signpost/base/span.h"
#include "signpost/base/status.h"

#include <stdbool.h>
#include <stdint.h>

#define SIGV4_HEX_SIZE  65 /* of a SHA-256, with a zero */
#define SIGV4_TIME_SIZE 17 /* "20260102T030405Z", with a zero */

/* What stands for the hash of a body that nobody has hashed (A-SIG-9). */
#define SIGV4_UNSIGNED_PAYLOAD "UNSIGNED-PAYLOAD"

struct sigv4_header {
    const char *name; /* any letter case */
    const char *value;
};

struct sigv4_request {
    const char *method;
    const char *target; /* path and query exactly as they go over the wire */
    const struct sigv4_header *headers;
    unsigned header_count;
    const char *payload_hash; /* hex SHA-256 of the body, or "UNSIGNED-PAYLOAD" */
};

/* SHA-256 in lower-case hex. */
void sigv4_hash(struct span data, char out[SIGV4_HEX_SIZE]);

/* The same of data that comes in pieces. */
struct sigv4_digest;
struct sigv4_digest *sigv4_digest_create(void); /* NULL: no memory */
void sigv4_digest_add(struct sigv4_digest *digest, struct span piece);
void sigv4_digest_end(struct sigv4_digest *digest, char out[SIGV4_HEX_SIZE]); /* once, at the end */
void sigv4_digest_destroy(struct sigv4_digest *digest);                       /* NULL is fine */

/* "20260102T030405Z" */
void sigv4_time(uint64_t unix_s, char out[SIGV4_TIME_SIZE]);

/* The value of a header, its name in any letter case; NULL: it is not there. */
const char *sigv4_header(const struct sigv4_request *request, const char *name);

/* Whose request it says to be: the Authorization header or the query arguments taken apart
 * (A-SIG-1, A-SIG-12).  Texts in the arena. */
struct sigv4_claim {
    const char *access_key;
    const char *day; /* the scope */
    const char *region;
    const char *service;
    const char *time;           /* X-Amz-Date, or Date turned into its form */
    const char *signed_headers; /* "host;x-amz-date" */
    const char *signature;      /* 64 hex digits */
    bool is_presigned;          /* from the query */
    uint64_t expires_s;         /* X-Amz-Expires; 0 when it is not presigned */
};

enum sigv4_fault {
    SIGV4_NO_FAULT,
    SIGV4_ABSENT,     /* the request is not signed, or by another method (A-SIG-12) */
    SIGV4_INCOMPLETE, /* a part is missing or wrong: out_why names every one of them */
    SIGV4_NO_MEMORY
};

/* Reads the claim of a request, whose payload_hash is not looked at.  service: what the scope must
 * name.  The region is free (A-SIG-2); host and the date must be signed (A-SIG-7, A-SIG-8).
 * out_why: in the arena, set with SIGV4_INCOMPLETE only. */
enum sigv4_fault sigv4_read_claim(struct arena *arena, const struct sigv4_request *request,
                                  const char *service, struct sigv4_claim *out_claim,
                                  const char **out_why);

/* NULL when the claim's time is right: of the scope's day, and not further than skew_s from now_s;
 * a presigned one may be older by what it says (A-SIG-3).  Else why not, in the arena; when there
 * is no memory for the words, a constant. */
const char *sigv4_check_time(struct arena *arena, const struct sigv4_claim *claim, uint64_t now_s,
                             unsigned skew_s);

/* The request as it is signed (A-SIG-4 to A-SIG-9); NULL: no memory.  without_signature: the
 * argument X-Amz-Signature is left out of the query (A-SIG-12). */
const char *sigv4_canonical_request(struct arena *arena, const struct sigv4_request *request,
                                    const char *signed_headers, bool without_signature);

/* The signature of a request under that claim (all but its signature is used): lower-case hex.
 * A-SIG-4 to A-SIG-10.  SP_ENOMEM. */
int sigv4_signature(struct arena *arena, const struct sigv4_request *request,
                    const struct sigv4_claim *claim, const char *secret, char out[SIGV4_HEX_SIZE]);

/* Whether two texts are equal; takes as long whichever octet differs. */
bool sigv4_equal(const char *a, const char *b);

/* The value of the Authorization header for a request that is to be sent: every header of it is
 * signed, and host and x-amz-date must be among them.  In the arena; NULL: no memory. */
const char *sigv4_authorization(struct arena *arena, const struct sigv4_request *request,
                                const char *access_key, const char *secret, const char *region,
                                const char *service);

#endif
