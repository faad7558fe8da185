/*
 * What went wrong with a request, in words that say what to do.
 */
#include "transfer.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

/* ---- when nobody answers ---- */

static int complain_of_rights(const char *path)
{
    struct stat status;
    if (stat(path, &status) != 0)
        return complain("you may not open %s: %s; try it with sudo", path, strerror(errno));
    const struct passwd *user = getpwuid(status.st_uid);
    const struct group *group = getgrgid(status.st_gid);
    return complain(
        "you may not open %s: it is for user %s and group %s only; try it with sudo, or "
        "join the group",
        path, user != NULL ? user->pw_name : "?", group != NULL ? group->gr_name : "?");
}

static int complain_of_silence(const char *where)
{
    return complain("no signpostd answers on %s; start it with 'systemctl start signpostd' or "
                    "'signpostd -c FILE', or say where it is with --api unix:PATH",
                    where);
}

/* libcurl only says that it could not connect; we try once more to learn why. */
static int complain_of_socket(const char *path)
{
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    if (strlen(path) >= sizeof(address.sun_path))
        return complain("--api: the path %s is too long for a socket", path);
    memcpy(address.sun_path, path, strlen(path) + 1);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    int cause =
        fd >= 0 && connect(fd, (struct sockaddr *)&address, sizeof(address)) == 0 ? 0 : errno;
    if (fd >= 0)
        close(fd);
    if (cause == EACCES || cause == EPERM)
        return complain_of_rights(path);
    return complain_of_silence(path);
}

static int complain_of_port(const char *url)
{
    return complain("no signpostd answers on %s; is it running, and is that address in its "
                    "api-listen?  On its own machine --api unix:PATH works too",
                    url);
}

static int complain_of_trust(const struct invocation *invocation, const char *details)
{
    if (invocation->ca != NULL)
        return complain("the certificate of %s is not trusted by %s: %s", invocation->api,
                        invocation->ca, details);
    return complain("the certificate of %s is not trusted: %s.  If it is your own (such as one of "
                    "'signpost dev-cert'), name the file of its CA with --ca FILE or in the "
                    "environment variable AWS_CA_BUNDLE",
                    invocation->api, details);
}

static int complain_of_curl(const struct invocation *invocation, CURLcode code, const char *details)
{
    bool is_local = client_is_local(invocation);
    bool is_tls = strncmp(invocation->api, "https:", 6) == 0;
    if (details[0] == '\0')
        details = curl_easy_strerror(code);
    if (code == CURLE_COULDNT_CONNECT)
        return is_local ? complain_of_socket(invocation->api + 5)
                        : complain_of_port(invocation->api);
    if (code == CURLE_PEER_FAILED_VERIFICATION)
        return complain_of_trust(invocation, details);
    if (code == CURLE_SSL_CACERT_BADFILE)
        return complain("--ca: %s cannot be read as certificates in PEM", invocation->ca);
    if (code == CURLE_SSL_CONNECT_ERROR)
        return complain("%s did not answer with TLS; if that address is without, write http://: %s",
                        invocation->api, details);
    if (!is_local && !is_tls && (code == CURLE_GOT_NOTHING || code == CURLE_RECV_ERROR))
        return complain("%s hung up; if that address speaks TLS, write https://", invocation->api);
    return complain("the request to %s failed: %s", invocation->api, details);
}

/* ---- when the answer is no ---- */

/* No verb lets its user write more than one change, so the number of it would only puzzle. */
static const char *without_index(const char *message)
{
    static const char index[] = "changes[0]";
    if (strncmp(message, index, sizeof(index) - 1) != 0)
        return message;
    message += sizeof(index) - 1;
    return message + strspn(message, ".: ");
}

/* What the user of a key can do about a refusal, beside what the server says. */
static void advise(const struct invocation *invocation, const char *code)
{
    const char *key = invocation->credentials.key != NULL ? invocation->credentials.key : "";
    if (strcmp(code, "MissingAuthenticationToken") == 0)
        fprintf(stderr,
                "Requests must be signed there.  'signpost key create' on that machine makes a "
                "key; put it\ninto AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or into a file "
                "for --key-file.\n");
    else if (strcmp(code, "InvalidClientTokenId") == 0)
        fprintf(stderr,
                "There is no access key %s; 'signpost key list' on that machine shows "
                "which there are.\n",
                key);
    else if (strcmp(code, "SignatureDoesNotMatch") == 0)
        fprintf(stderr,
                "The secret is not that of %s, or the clock of one of the two machines is "
                "wrong.\n",
                key);
    else if (strcmp(code, "AccessDenied") == 0 && key[0] != '\0')
        fprintf(stderr,
                "'signpost key list' on that machine shows what %s may do; 'signpost key create' "
                "makes\nanother key.\n",
                key);
}

static int complain_of_reply(const struct invocation *invocation, const struct reply *reply)
{
    json_t *document = json_loadb(reply->body != NULL ? reply->body : "", reply->size, 0, NULL);
    const json_t *error = json_object_get(document, "error");
    const char *message = text_of(error, "message");
    if (message[0] != '\0')
        complain("%s", without_index(message));
    else
        complain("%s answered with HTTP status %ld; is that a signpostd?", invocation->api,
                 reply->status);
    advise(invocation, text_of(error, "code"));
    if (invocation->json && message[0] != '\0')
        print_json(json_incref(document));
    json_decref(document);
    return EXIT_REFUSED;
}

int transfer_complain(const struct invocation *invocation, CURLcode code, const char *details,
                      const struct reply *reply)
{
    if (code != CURLE_OK)
        return complain_of_curl(invocation, code, details);
    if (reply->status < 200 || reply->status > 299)
        return complain_of_reply(invocation, reply);
    return EXIT_DONE;
}
