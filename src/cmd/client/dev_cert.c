/*
 * signpost dev-cert: the files of a lab's own CA, and of a certificate for a signpostd.
 */
#include "dev_cert.h"

#include "client.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define DIRECTORY_DEFAULT "signpost-tls"
#define NAMES_MAX         64 /* of one certificate, with those that are always in it and a NULL */

enum file { FILE_CA, FILE_CA_KEY, FILE_SERVER, FILE_SERVER_KEY, FILE_COUNT };

static const char *const file_names[FILE_COUNT] = { "ca.pem", "ca-key.pem", "server.pem",
                                                    "server-key.pem" };

struct paths {
    char at[FILE_COUNT][PATH_MAX];
};

static int complain_of_openssl(const char *what)
{
    char reason[256];
    ERR_error_string_n(ERR_get_error(), reason, sizeof(reason));
    return complain("cannot %s: %s", what, reason);
}

/* ---- files ---- */

/* Makes the directory unless it is there, and says where the files are in it, in full. */
static int find_paths(const char *directory, struct paths *out_paths)
{
    char whole[PATH_MAX];
    if (mkdir(directory, 0755) != 0 && errno != EEXIST)
        return complain("cannot make the directory %s: %s", directory, strerror(errno));
    if (realpath(directory, whole) == NULL)
        return complain("cannot use the directory %s: %s", directory, strerror(errno));
    for (int i = 0; i < FILE_COUNT; i++)
        if (snprintf(out_paths->at[i], PATH_MAX, "%s/%s", whole, file_names[i]) >= PATH_MAX)
            return complain("the path of %s is too long", directory);
    return EXIT_DONE;
}

static bool is_there(const char *path)
{
    return access(path, F_OK) == 0;
}

/* Writes beside the place and moves it there, so that no half of a file is ever seen.  Of key and
 * certificate one is given. */
static int write_pem(const char *path, EVP_PKEY *key, X509 *certificate)
{
    char fresh[PATH_MAX + 8];
    snprintf(fresh, sizeof(fresh), "%s.new", path);
    unlink(fresh);
    int fd = open(fresh, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, key != NULL ? 0600 : 0644);
    FILE *file = fd >= 0 ? fdopen(fd, "w") : NULL;
    bool done =
        file != NULL && (key != NULL ? PEM_write_PrivateKey(file, key, NULL, NULL, 0, NULL, NULL)
                                     : PEM_write_X509(file, certificate)) == 1;
    int cause = errno;
    if (file != NULL && fclose(file) != 0 && done) {
        cause = errno;
        done = false;
    }
    if (done && rename(fresh, path) == 0)
        return EXIT_DONE;
    cause = done ? errno : cause;
    unlink(fresh);
    return complain("cannot write %s: %s", path, strerror(cause));
}

/* The certificate last: whoever finds it finds its key too. */
static int write_pair(const struct identity_pair *pair, const char *path, const char *key_path)
{
    int rc = write_pem(key_path, pair->key, NULL);
    return rc != EXIT_DONE ? rc : write_pem(path, NULL, pair->certificate);
}

/* ---- the CA ---- */

static int read_ca(const struct paths *paths, struct identity_pair *out_ca)
{
    FILE *certificate = fopen(paths->at[FILE_CA], "re"), *key = fopen(paths->at[FILE_CA_KEY], "re");
    struct identity_pair ca = { 0 };
    if (certificate != NULL && key != NULL) {
        ca.certificate = PEM_read_X509(certificate, NULL, NULL, NULL);
        ca.key = PEM_read_PrivateKey(key, NULL, NULL, NULL);
    }
    bool fits = ca.certificate != NULL && ca.key != NULL &&
                X509_check_private_key(ca.certificate, ca.key) == 1;
    if (certificate != NULL)
        fclose(certificate);
    if (key != NULL)
        fclose(key);
    if (fits) {
        *out_ca = ca;
        return EXIT_DONE;
    }
    identity_pair_finish(&ca);
    return complain("%s and %s are not a certificate and its key that can be read; remove both for "
                    "a new CA",
                    paths->at[FILE_CA], paths->at[FILE_CA_KEY]);
}

/* Clients trust it, so one that is there stays. */
static int find_ca(const struct paths *paths, struct identity_pair *out_ca, bool *out_is_new)
{
    *out_is_new = !is_there(paths->at[FILE_CA]) && !is_there(paths->at[FILE_CA_KEY]);
    if (!*out_is_new)
        return read_ca(paths, out_ca);
    if (!dev_ca_make(out_ca))
        return complain_of_openssl("make a CA");
    int rc = write_pair(out_ca, paths->at[FILE_CA], paths->at[FILE_CA_KEY]);
    if (rc != EXIT_DONE)
        identity_pair_finish(out_ca);
    return rc;
}

/* ---- what comes next ---- */

static void print_configuration(const struct paths *paths)
{
    printf("\nIn signpost.conf, beside what api-listen has already:\n"
           "  api-listen = { \"127.0.0.1@443 tls\" }\n"
           "  api-tls-certificate = \"%s\"\n"
           "  api-tls-key = \"%s\"\n"
           "\nThe user that signpostd runs as must be able to read the key; for the service:\n"
           "  chown signpost %s\n",
           paths->at[FILE_SERVER], paths->at[FILE_SERVER_KEY], paths->at[FILE_SERVER_KEY]);
}

static void print_clients(const char *ca)
{
    printf("\nClients that ask no other address (lego, certbot) find it by a line in /etc/hosts:\n"
           "  127.0.0.1 route53.amazonaws.com\n"
           "\nClients trust the CA by an environment variable:\n"
           "  AWS_CA_BUNDLE=%s        AWS CLI, boto3, certbot, AWS SDK for Go, signpost\n"
           "  SSL_CERT_FILE=%s        other programs in Go, such as external-dns\n"
           "  REQUESTS_CA_BUNDLE=%s   other programs in Python\n"
           "  NODE_EXTRA_CA_CERTS=%s  AWS SDK for JavaScript\n"
           "'signpost aws-env --ca %s' prints what a shell needs.\n"
           "An ACME server of the lab is another matter; lego trusts it by LEGO_CA_CERTIFICATES,\n"
           "with LEGO_CA_SYSTEM_CERT_POOL=true beside the system's.\n",
           ca, ca, ca, ca, ca);
}

static int report(const struct invocation *invocation, const struct paths *paths,
                  const char *const *names, bool ca_is_new)
{
    if (invocation->json) {
        json_t *list = json_array();
        for (; *names != NULL; names++)
            json_array_append_new(list, json_string(*names));
        print_json(json_pack("{s:s,s:b,s:s,s:s,s:o}", "ca", paths->at[FILE_CA], "ca_is_new",
                             ca_is_new, "certificate", paths->at[FILE_SERVER], "key",
                             paths->at[FILE_SERVER_KEY], "names", list));
        return EXIT_DONE;
    }
    printf("%s the CA %s\nmade the certificate %s for", ca_is_new ? "made" : "kept",
           paths->at[FILE_CA], paths->at[FILE_SERVER]);
    for (; *names != NULL; names++)
        printf(" %s", *names);
    putchar('\n');
    print_configuration(paths);
    print_clients(paths->at[FILE_CA]);
    return EXIT_DONE;
}

/* ---- the verb ---- */

/* The names that are always in it, and those that were asked for. */
static int list_names(const struct invocation *invocation, const char *out_names[NAMES_MAX])
{
    static const char *const always[] = { "route53.amazonaws.com", "localhost", "127.0.0.1",
                                          "::1" };
    const char *name;
    int count = sizeof(always) / sizeof(always[0]), cursor = 0;
    memcpy(out_names, always, sizeof(always));
    while ((name = option_each(invocation, "host", &cursor)) != NULL) {
        if (!dev_cert_name_is_right(name)) {
            complain("--host: \"%s\" is no host name and no address", name);
            return EXIT_USAGE;
        }
        if (count == NAMES_MAX - 1) {
            complain("--host: there are too many names");
            return EXIT_USAGE;
        }
        out_names[count++] = name;
    }
    out_names[count] = NULL;
    return EXIT_DONE;
}

static int refuse_to_overwrite(const struct invocation *invocation, const struct paths *paths)
{
    for (int i = FILE_SERVER; i <= FILE_SERVER_KEY; i++)
        if (is_there(paths->at[i]) && !option_given(invocation, "force"))
            return complain("%s is there already; --force replaces it, and keeps the CA",
                            paths->at[i]);
    return EXIT_DONE;
}

static int make_certificate(const struct paths *paths, const char *const *names,
                            bool *out_ca_is_new)
{
    struct identity_pair ca = { 0 }, server = { 0 };
    int rc = find_ca(paths, &ca, out_ca_is_new);
    if (rc == EXIT_DONE && !dev_cert_make(&ca, names, &server))
        rc = complain_of_openssl("make the certificate");
    if (rc == EXIT_DONE)
        rc = write_pair(&server, paths->at[FILE_SERVER], paths->at[FILE_SERVER_KEY]);
    identity_pair_finish(&server);
    identity_pair_finish(&ca);
    return rc;
}

int verb_dev_cert(const struct invocation *invocation)
{
    const char *directory = option_text(invocation, "directory"), *names[NAMES_MAX];
    struct paths paths;
    bool ca_is_new = false;
    int rc = list_names(invocation, names);
    if (rc == EXIT_DONE)
        rc = find_paths(directory != NULL ? directory : DIRECTORY_DEFAULT, &paths);
    if (rc == EXIT_DONE)
        rc = refuse_to_overwrite(invocation, &paths);
    if (rc == EXIT_DONE)
        rc = make_certificate(&paths, names, &ca_is_new);
    return rc == EXIT_DONE ? report(invocation, &paths, names, ca_is_new) : rc;
}
