/*
 * signpost aws-env: what a shell must export so that Route 53 clients talk to a signpostd.
 */
#include "client.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#define PLACEHOLDER "signpost" /* where signatures are not required, any key is taken */
#define REGION      "us-east-1"

/* Of the addresses that the daemon names: the first with TLS, or the first without, and when there
 * is none such the first of all.  NULL: it has none. */
static const json_t *choose(const json_t *endpoints, bool with_tls)
{
    const json_t *endpoint, *other = NULL;
    size_t index;
    json_array_foreach(endpoints, index, endpoint)
    {
        bool is_tls = strncmp(text_of(endpoint, "url"), "https:", 6) == 0;
        if (is_tls == with_tls)
            return endpoint;
        if (other == NULL)
            other = endpoint;
    }
    return other;
}

static bool must_sign(const json_t *endpoint)
{
    return json_is_true(json_object_get(endpoint, "signatures"));
}

/* Where the clients shall go, and whether they must sign.  The status of a daemon that was asked
 * over TCP has shown what it wants. */
static int find_endpoint(const struct invocation *invocation, char *out_url, size_t size,
                         bool *out_signed)
{
    struct request request = { .method = "GET", .path = "status" };
    json_t *status = client_ask(invocation, &request);
    int rc = EXIT_DONE;
    if (status == NULL)
        return EXIT_REFUSED;
    bool with_tls = option_given(invocation, "ca"); /* a variable is there for others too */
    const json_t *endpoint = choose(json_object_get(status, "api"), with_tls);
    if (!client_is_local(invocation)) {
        snprintf(out_url, size, "%s", invocation->api);
        *out_signed = false;
    } else if (endpoint != NULL) {
        snprintf(out_url, size, "%s", text_of(endpoint, "url"));
        *out_signed = must_sign(endpoint);
    } else {
        rc = complain("this signpostd serves HTTP on no address; add one to api-listen in its "
                      "configuration, such as 127.0.0.1@5380");
    }
    json_decref(status);
    return rc;
}

/* {"AWS_ACCESS_KEY_ID": ..., "AWS_SECRET_ACCESS_KEY": ...} */
static int add_key(const struct invocation *invocation, bool must, json_t *variables)
{
    const char *id = invocation->credentials.key, *secret = invocation->credentials.secret;
    json_t *key = NULL;
    int rc = EXIT_DONE;
    if (option_given(invocation, "new-key")) {
        struct invocation quiet = *invocation;
        quiet.json = false; /* the reply is for us */
        rc = key_make(&quiet, &key);
        id = text_of(key, "id");
        secret = text_of(key, "secret");
    } else if (must && (id == NULL || strcmp(id, PLACEHOLDER) == 0)) {
        rc = complain("requests must be signed there: --new-key makes an access key, --key-file "
                      "FILE takes one that there is");
    } else if (id == NULL) {
        id = secret = PLACEHOLDER;
    }
    if (rc == EXIT_DONE) {
        json_object_set_new(variables, "AWS_ACCESS_KEY_ID", json_string(id));
        json_object_set_new(variables, "AWS_SECRET_ACCESS_KEY", json_string(secret));
    }
    json_decref(key);
    return rc;
}

static int add_ca(const struct invocation *invocation, json_t *variables)
{
    char whole[PATH_MAX];
    if (realpath(invocation->ca, whole) == NULL)
        return complain("--ca: there is no file %s", invocation->ca);
    json_object_set_new(variables, "AWS_CA_BUNDLE", json_string(whole));
    return EXIT_DONE;
}

static void print_export(const char *name, const char *value)
{
    printf("export %s=", name);
    print_quoted(stdout, value);
    putchar('\n');
}

static void print_exports(json_t *variables, bool lacks_ca)
{
    const char *name, *url = text_of(variables, "AWS_ENDPOINT_URL");
    json_t *value;
    printf("# For this shell: eval \"$(signpost aws-env)\"\n");
    json_object_foreach(variables, name, value) print_export(name, json_string_value(value));
    if (lacks_ca)
        printf("# A certificate of your own, such as one of 'signpost dev-cert', is trusted with\n"
               "# signpost aws-env --ca FILE\n");
    printf("# AWS CLI before 2.13 and boto3 before 1.28 (Debian 12 has such) want the address "
           "said:\n"
           "#   aws --endpoint-url %s route53 list-hosted-zones\n"
           "#   boto3.client(\"route53\", endpoint_url=\"%s\")\n",
           url, url);
}

int verb_aws_env(const struct invocation *invocation)
{
    char url[512] = "";
    bool must = false;
    json_t *variables = json_object();
    int rc = find_endpoint(invocation, url, sizeof(url), &must);
    bool is_tls = strncmp(url, "https:", 6) == 0;
    if (rc == EXIT_DONE) {
        json_object_set_new(variables, "AWS_ENDPOINT_URL", json_string(url));
        json_object_set_new(variables, "AWS_ENDPOINT_URL_ROUTE_53", json_string(url));
        json_object_set_new(variables, "AWS_REGION", json_string(REGION));
        json_object_set_new(variables, "AWS_DEFAULT_REGION", json_string(REGION));
        rc = add_key(invocation, must, variables);
    }
    if (rc == EXIT_DONE && is_tls && invocation->ca != NULL)
        rc = add_ca(invocation, variables);
    if (rc == EXIT_DONE && invocation->json)
        print_json(json_incref(variables));
    else if (rc == EXIT_DONE)
        print_exports(variables, is_tls && invocation->ca == NULL);
    json_decref(variables);
    return rc;
}
