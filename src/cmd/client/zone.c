#include "client.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* ---- import ---- */

static void say_imported(const json_t *reply)
{
    char records[32], names[32];
    const json_t *value;
    size_t index;
    json_array_foreach(json_object_get(reply, "warnings"), index, value)
        fprintf(stderr, "signpost: warning: %s\n", json_string_value(value));
    printf("%s %s: %s records at %s names\n",
           json_is_true(json_object_get(reply, "created")) ? "imported" : "replaced",
           text_of(reply, "zone"), grouped(number_of(reply, "records"), records),
           grouped(number_of(reply, "names"), names));
}

int verb_zone_import(const struct invocation *invocation)
{
    const char *path = invocation->words[1];
    json_t *reply;
    char *url =
        client_path(option_given(invocation, "replace") ? "zones/%s/import?replace=1&file=%s"
                                                        : "zones/%s/import?file=%s",
                    invocation->words[0], client_file_name(path));
    int rc = client_upload(invocation, url, path, invocation->words[0], &reply);
    if (reply == NULL)
        return rc;
    say_imported(reply);
    json_decref(reply);
    return EXIT_DONE;
}

/* ---- export ---- */

static int write_text(const struct invocation *invocation, const struct reply *reply)
{
    const char *text = reply->body != NULL ? reply->body : "";
    if (invocation->json)
        print_json(json_pack("{s:s,s:s}", "zone", invocation->words[0], "text", text));
    else
        fwrite(text, 1, reply->size, stdout);
    return fflush(stdout) == 0 ? EXIT_DONE : complain("cannot write: %s", strerror(errno));
}

int verb_zone_export(const struct invocation *invocation)
{
    struct reply reply;
    char *path = client_path("zones/%s/export", invocation->words[0]);
    struct request request = { .method = "GET", .path = path };
    int rc = client_send(invocation, &request, &reply);
    if (rc == EXIT_DONE)
        rc = write_text(invocation, &reply);
    reply_finish(&reply);
    free(path);
    return rc;
}

/* ---- list and delete ---- */

int verb_zone_list(const struct invocation *invocation)
{
    struct request request = { .method = "GET", .path = "zones" };
    struct table table = { .columns = 6, .right = 1 << 2 | 1 << 3 };
    json_t *reply = client_ask(invocation, &request);
    const json_t *zone;
    size_t index;
    if (reply == NULL)
        return EXIT_REFUSED;
    if (invocation->json) {
        print_json(reply);
        return EXIT_DONE;
    }
    const json_t *zones = json_object_get(reply, "zones");
    if (json_array_size(zones) == 0) {
        fprintf(stderr,
                "There are no zones yet; 'signpost zone import ORIGIN FILE' brings one in.\n");
    } else {
        static const char *const heads[] = { "ZONE", "KIND", "RECORDS", "CHANGE", "CREATED", "ID" };
        for (unsigned i = 0; i < table.columns; i++)
            table_add(&table, heads[i]);
        json_array_foreach(zones, index, zone)
        {
            bool is_private = json_is_true(json_object_get(zone, "private"));
            table_add(&table, text_of(zone, "name"));
            table_add(&table, is_private ? "private" : "public");
            table_add_number(&table, number_of(zone, "records"));
            table_add_number(&table, number_of(zone, "sequence"));
            table_add(&table, text_of(zone, "created_at"));
            table_add(&table, text_of(zone, "id"));
        }
        table_print(&table, stdout);
    }
    json_decref(reply);
    return EXIT_DONE;
}

int verb_zone_delete(const struct invocation *invocation)
{
    char *path = client_path(option_given(invocation, "force") ? "zones/%s?force=1" : "zones/%s",
                             invocation->words[0]);
    struct request request = { .method = "DELETE", .path = path };
    json_t *reply = client_ask(invocation, &request);
    free(path);
    if (reply == NULL)
        return EXIT_REFUSED;
    if (invocation->json) {
        print_json(reply);
        return EXIT_DONE;
    }
    printf("deleted %s\n", text_of(reply, "zone"));
    json_decref(reply);
    return EXIT_DONE;
}
