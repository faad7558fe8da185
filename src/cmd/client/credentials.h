/*
 * cmd/client/credentials.h - the access key that requests over TCP are signed with, and what they
 * look like then.
 */
#ifndef SIGNPOST_CMD_CLIENT_CREDENTIALS_H
#define SIGNPOST_CMD_CLIENT_CREDENTIALS_H

#include "client.h"

#include "signpost/base/arena.h"

/* Reads the key of a profile from a file as the AWS tools keep it: "aws_access_key_id = ..." and
 * "aws_secret_access_key = ..." below "[PROFILE]"; what stands above all profiles counts as
 * "default".  false: one of the two is not there. */
bool credentials_parse(FILE *file, const char *profile, struct credentials *out_credentials);

/* What a signature is made of, beside the key. */
struct signing {
    const char *method;
    const char *url; /* whole, as it goes to libcurl */
    const char *content_type;
    const char *payload_hash;
    const char *region;
    uint64_t unix_s;
};

/* The header lines of a signed request, ended by NULL: "Host: ...", "Authorization: ..." and what
 * else is signed, but for the content type, which the caller sends.  In the arena; NULL: no memory.
 */
const char **signing_headers(struct arena *arena, const struct credentials *credentials,
                             const struct signing *signing);

/* What is said of a request's body: its hash, or over TLS "UNSIGNED-PAYLOAD" for a file, which
 * nobody can change on the way.  In the arena; NULL: no memory, or the file cannot be read. */
const char *signing_payload(struct arena *arena, const struct request *request, bool is_tls);

#endif
