#include "client.h"

#include <string.h>

static json_t *key_document(const struct invocation *invocation)
{
    const char *comment = option_text(invocation, "comment"), *zone;
    json_t *zones = json_array();
    int cursor = 0;
    while ((zone = option_each(invocation, "zone", &cursor)) != NULL)
        json_array_append_new(zones, json_string(zone));
    json_t *document =
        json_pack("{s:b,s:o}", "read_only", option_given(invocation, "read-only"), "zones", zones);
    if (comment != NULL)
        json_object_set_new(document, "comment", json_string(comment));
    return document;
}

int key_make(const struct invocation *invocation, json_t **out_key)
{
    if (!client_is_utf8(invocation))
        return EXIT_REFUSED;
    return client_exchange(invocation, "POST", client_path("keys"), key_document(invocation),
                           out_key);
}

/* The key itself goes to stdout as the AWS tools keep it, so that a file takes it. */
static void print_key(const json_t *key)
{
    const char *id = text_of(key, "id"), *secret = text_of(key, "secret");
    printf("[default]\naws_access_key_id = %s\naws_secret_access_key = %s\n", id, secret);
    fflush(stdout);
    fprintf(stderr,
            "\n"
            "The secret is not shown again.  To use the key, export both lines:\n"
            "  export AWS_ACCESS_KEY_ID=%s\n"
            "  export AWS_SECRET_ACCESS_KEY=%s\n"
            "or keep what stands above the empty line in a FILE of mode 0600:\n"
            "  signpost --key-file FILE --api http://... zone list\n"
            "  AWS_SHARED_CREDENTIALS_FILE=FILE aws --region us-east-1 --endpoint-url http://... "
            "\\\n    route53 list-hosted-zones\n",
            id, secret);
}

int verb_key_create(const struct invocation *invocation)
{
    json_t *key = NULL;
    int rc = key_make(invocation, &key);
    if (key != NULL)
        print_key(key);
    json_decref(key);
    return rc;
}

/* "a.test. b.test.", or "all". */
static const char *zones_of(const json_t *key, char out[400])
{
    const json_t *zone;
    size_t index, size = 0;
    snprintf(out, 400, "all");
    json_array_foreach(json_object_get(key, "zones"), index, zone)
    {
        if (size < 400)
            size += (size_t)snprintf(out + size, 400 - size, "%s%s", index > 0 ? " " : "",
                                     json_string_value(zone));
    }
    return out;
}

int verb_key_list(const struct invocation *invocation)
{
    static const char *const heads[] = { "ID", "MAY", "ZONES", "CREATED", "COMMENT" };
    struct table table = { .columns = 5 };
    json_t *reply;
    const json_t *key;
    size_t index;
    char zones[400];
    int rc = client_exchange(invocation, "GET", client_path("keys"), NULL, &reply);
    const json_t *keys = json_object_get(reply, "keys");
    if (json_array_size(keys) > 0)
        table_add_row(&table, heads);
    else if (reply != NULL)
        fprintf(stderr, "There are no access keys yet; 'signpost key create' makes one.\n");
    json_array_foreach(keys, index, key)
    {
        const char *cells[] = { text_of(key, "id"),
                                json_is_true(json_object_get(key, "read_only")) ? "read"
                                                                                : "read, change",
                                zones_of(key, zones), text_of(key, "created_at"),
                                text_of(key, "comment") };
        table_add_row(&table, cells);
    }
    table_print(&table, stdout);
    json_decref(reply);
    return rc;
}

int verb_key_delete(const struct invocation *invocation)
{
    json_t *reply;
    int rc = client_exchange(invocation, "DELETE", client_path("keys/%s", invocation->words[0]),
                             NULL, &reply);
    if (reply != NULL)
        printf("deleted %s\n", invocation->words[0]);
    json_decref(reply);
    return rc;
}
