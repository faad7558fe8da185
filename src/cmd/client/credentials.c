/*
 * libcurl could sign by itself, but version 7.88 takes path and query as they are: zone names hold
 * escapes, which A-SIG-5 wants escaped once more, and A-SIG-6 wants the arguments sorted.
 */
#include "credentials.h"

#include "signpost/sigv4/sigv4.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define SERVICE "route53"

/* ---- the key ---- */

/* The text without blanks around it. */
static char *trimmed(char *text)
{
    static const char blanks[] = " \t\r\n";
    text += strspn(text, blanks);
    size_t size = strlen(text);
    while (size > 0 && strchr(blanks, text[size - 1]) != NULL)
        size--;
    text[size] = '\0';
    return text;
}

/* Whether "[NAME]" or "[profile NAME]" is that profile. */
static bool is_profile(char *line, const char *profile)
{
    static const char prefix[] = "profile ";
    line[strcspn(line, "]")] = '\0';
    char *name = trimmed(line + 1);
    if (strncmp(name, prefix, sizeof(prefix) - 1) == 0)
        name = trimmed(name + sizeof(prefix) - 1);
    return strcmp(name, profile) == 0;
}

static void take_setting(char *line, struct credentials *credentials)
{
    char *value = strchr(line, '=');
    if (value == NULL)
        return;
    *value++ = '\0';
    const char *name = trimmed(line);
    char **member = strcmp(name, "aws_access_key_id") == 0       ? &credentials->key
                    : strcmp(name, "aws_secret_access_key") == 0 ? &credentials->secret
                                                                 : NULL;
    value = trimmed(value);
    if (member != NULL && *member == NULL && value[0] != '\0')
        *member = strdup(value);
}

bool credentials_parse(FILE *file, const char *profile, struct credentials *out_credentials)
{
    struct credentials found = { 0 };
    bool is_ours = strcmp(profile, "default") == 0;
    char *line = NULL;
    size_t room = 0;
    while (getline(&line, &room, file) >= 0) {
        char *text = trimmed(line);
        if (text[0] == '[')
            is_ours = is_profile(text, profile);
        else if (is_ours && text[0] != '#' && text[0] != ';')
            take_setting(text, &found);
    }
    free(line);
    if (found.key == NULL || found.secret == NULL) {
        credentials_finish(&found);
        return false;
    }
    *out_credentials = found;
    return true;
}

static bool read_key_file(const char *path, struct credentials *out_credentials)
{
    const char *profile = getenv("AWS_PROFILE");
    if (profile == NULL || profile[0] == '\0')
        profile = "default";
    FILE *file = fopen(path, "re");
    if (file == NULL) {
        complain("--key-file: cannot read %s: %s", path, strerror(errno));
        return false;
    }
    bool found = credentials_parse(file, profile, out_credentials);
    fclose(file);
    if (!found)
        complain("--key-file: %s has no lines aws_access_key_id = ID and aws_secret_access_key = "
                 "SECRET for the profile %s",
                 path, profile);
    return found;
}

bool credentials_find(const struct invocation *invocation, struct credentials *out_credentials)
{
    const char *path = option_text(invocation, "key-file");
    if (path != NULL)
        return read_key_file(path, out_credentials);
    const char *key = getenv("AWS_ACCESS_KEY_ID"), *secret = getenv("AWS_SECRET_ACCESS_KEY");
    bool has_key = key != NULL && key[0] != '\0', has_secret = secret != NULL && secret[0] != '\0';
    if (has_key != has_secret && !client_is_local(invocation)) {
        complain("%s is set, and %s is not; set both or none",
                 has_key ? "AWS_ACCESS_KEY_ID" : "AWS_SECRET_ACCESS_KEY",
                 has_key ? "AWS_SECRET_ACCESS_KEY" : "AWS_ACCESS_KEY_ID");
        return false;
    }
    if (has_key && has_secret)
        *out_credentials = (struct credentials){ strdup(key), strdup(secret) };
    return true;
}

void credentials_finish(struct credentials *credentials)
{
    free(credentials->key);
    free(credentials->secret);
    *credentials = (struct credentials){ 0 };
}

/* ---- the signature ---- */

/* Where the path begins in "https://HOST:PORT/PATH". */
static const char *target_of(const char *url)
{
    const char *host = strstr(url, "://");
    host = host != NULL ? host + 3 : url;
    return host + strcspn(host, "/");
}

static const char *host_of(struct arena *arena, const char *url)
{
    const char *end = target_of(url);
    const char *host = strstr(url, "://") + 3;
    return arena_format(arena, "%.*s", (int)(end - host), host);
}

const char **signing_headers(struct arena *arena, const struct credentials *credentials,
                             const struct signing *signing)
{
    char time[SIGV4_TIME_SIZE];
    sigv4_time(signing->unix_s, time);
    struct sigv4_header headers[] = {
        { "Host", host_of(arena, signing->url) },
        { "X-Amz-Date", time },
        { "X-Amz-Content-Sha256", signing->payload_hash },
        { "Content-Type", signing->content_type },
    };
    struct sigv4_request request = {
        .method = signing->method,
        .target = target_of(signing->url),
        .headers = headers,
        .header_count = sizeof(headers) / sizeof(headers[0]),
        .payload_hash = signing->payload_hash,
    };
    const char **lines = arena_alloc(arena, 5 * sizeof(*lines));
    const char *authorization =
        headers[0].value == NULL || lines == NULL
            ? NULL
            : sigv4_authorization(arena, &request, credentials->key, credentials->secret,
                                  signing->region, SERVICE);
    if (authorization == NULL)
        return NULL;
    for (int i = 0; i < 3; i++)
        lines[i] = arena_format(arena, "%s: %s", headers[i].name, headers[i].value);
    lines[3] = arena_format(arena, "Authorization: %s", authorization);
    return lines[0] != NULL && lines[1] != NULL && lines[2] != NULL && lines[3] != NULL ? lines
                                                                                        : NULL;
}

/* The file is a regular one (client_upload), and is read from where it stands. */
static bool hash_file(FILE *file, char out[SIGV4_HEX_SIZE])
{
    uint8_t piece[65536];
    size_t size;
    off_t from = ftello(file);
    struct sigv4_digest *digest = sigv4_digest_create();
    if (digest == NULL || from < 0)
        return false;
    while ((size = fread(piece, 1, sizeof(piece), file)) > 0)
        sigv4_digest_add(digest, (struct span){ piece, size });
    bool done = !ferror(file) && fseeko(file, from, SEEK_SET) == 0;
    sigv4_digest_end(digest, out);
    sigv4_digest_destroy(digest);
    return done;
}

const char *signing_payload(struct arena *arena, const struct request *request, bool is_tls)
{
    char hash[SIGV4_HEX_SIZE];
    const char *text = request->text != NULL ? request->text : "";
    if (request->upload != NULL && is_tls)
        return SIGV4_UNSIGNED_PAYLOAD;
    if (request->upload == NULL)
        sigv4_hash((struct span){ (const uint8_t *)text, strlen(text) }, hash);
    else if (!hash_file(request->upload, hash))
        return NULL;
    return arena_copy(arena, hash, sizeof(hash));
}
