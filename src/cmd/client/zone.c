#include "client.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* ---- import ---- */

/* What comes through a pipe is first put aside whole: its writer may be slower than the server has
 * patience, and its size is needed for the progress bar. */
static FILE *spool(FILE *from)
{
    char piece[65536];
    size_t size;
    FILE *file = tmpfile();
    while (file != NULL && (size = fread(piece, 1, sizeof(piece), from)) > 0)
        if (fwrite(piece, 1, size, file) != size)
            break;
    if (file == NULL || ferror(from) || ferror(file) || fflush(file) != 0) {
        complain("cannot keep standard input in a temporary file: %s", strerror(errno));
        if (file != NULL)
            fclose(file);
        return NULL;
    }
    rewind(file);
    return file;
}

/* A file whose size is known, or NULL: the user has been told. */
static FILE *open_zone_file(const char *path, int64_t *out_size)
{
    struct stat status = { 0 };
    FILE *file = strcmp(path, "-") == 0 ? stdin : fopen(path, "re");
    if (file == NULL || fstat(fileno(file), &status) != 0) {
        complain("cannot read %s: %s", path, strerror(errno));
    } else if (S_ISDIR(status.st_mode)) {
        complain("%s is a directory; give the zone file itself", path);
    } else if (S_ISREG(status.st_mode)) {
        *out_size = status.st_size - ftello(file);
        return file;
    } else {
        FILE *whole = spool(file);
        if (file != stdin)
            fclose(file);
        if (whole != NULL && fstat(fileno(whole), &status) == 0)
            *out_size = status.st_size;
        return whole;
    }
    if (file != NULL && file != stdin)
        fclose(file);
    return NULL;
}

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
    const char *file_name = strcmp(path, "-") == 0 ? "standard input" : path;
    struct progress progress;
    int64_t size = 0;
    FILE *file = open_zone_file(path, &size);
    if (file == NULL)
        return EXIT_REFUSED;
    char *url = client_path(invocation->replace ? "zones/%s/import?replace=1&file=%s"
                                                : "zones/%s/import?file=%s",
                            invocation->words[0], file_name);
    progress_init(&progress, stderr, invocation->words[0], size);
    struct request request = {
        .method = "POST", .path = url, .upload = file, .upload_size = size, .progress = &progress
    };
    json_t *reply = client_ask(invocation, &request);
    free(url);
    if (file != stdin)
        fclose(file);
    if (reply == NULL)
        return EXIT_REFUSED;
    if (invocation->json) {
        print_json(reply);
        return EXIT_DONE;
    }
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
    struct table table = { .columns = 5, .right = 1 << 1 | 1 << 2 };
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
        static const char *const heads[] = { "ZONE", "RECORDS", "CHANGE", "CREATED", "ID" };
        for (unsigned i = 0; i < table.columns; i++)
            table_add(&table, heads[i]);
        json_array_foreach(zones, index, zone)
        {
            table_add(&table, text_of(zone, "name"));
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
    char *path =
        client_path(invocation->force ? "zones/%s?force=1" : "zones/%s", invocation->words[0]);
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
