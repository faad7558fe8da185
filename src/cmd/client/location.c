#include "client.h"

#include <errno.h>
#include <string.h>

static int import(const struct invocation *invocation, const char *table, const char *rows)
{
    const char *path = invocation->words[0];
    char count[32];
    json_t *reply;
    char *url = client_path("%s/import?file=%s", table, client_file_name(path));
    int rc = client_upload(invocation, url, path, rows, &reply);
    if (reply == NULL)
        return rc;
    printf("imported %s %s\n", grouped(number_of(reply, "rows"), count), rows);
    json_decref(reply);
    return EXIT_DONE;
}

int verb_location_import(const struct invocation *invocation)
{
    return import(invocation, "locations", "locations");
}

int verb_latency_import(const struct invocation *invocation)
{
    return import(invocation, "latencies", "latencies");
}

static int export(const struct invocation *invocation, const char *path)
{
    struct request request = { .method = "GET", .path = path };
    struct reply reply = { 0 };
    int rc = client_send(invocation, &request, &reply);
    if (rc == EXIT_DONE && invocation->json)
        print_json(json_pack("{s:s}", "text", reply.body != NULL ? reply.body : ""));
    else if (rc == EXIT_DONE)
        fwrite(reply.body != NULL ? reply.body : "", 1, reply.size, stdout);
    if (rc == EXIT_DONE && fflush(stdout) != 0)
        rc = complain("cannot write: %s", strerror(errno));
    reply_finish(&reply);
    return rc;
}

int verb_location_export(const struct invocation *invocation)
{
    return export(invocation, "locations");
}

int verb_latency_export(const struct invocation *invocation)
{
    return export(invocation, "latencies");
}

/* ---- one client ---- */

static void print_member(const json_t *reply, const char *heading, const char *name)
{
    const char *text = text_of(reply, name);
    printf("%-12s %s\n", heading, text[0] != '\0' ? text : "-");
}

static void print_point(const json_t *reply)
{
    const json_t *latitude = json_object_get(reply, "latitude");
    if (json_is_number(latitude))
        printf("%-12s %.2f, %.2f\n", "coordinates", json_number_value(latitude),
               json_number_value(json_object_get(reply, "longitude")));
    else
        printf("%-12s -\n", "coordinates");
}

#define REGIONS_SHOWN 5

static void print_latencies(const json_t *reply)
{
    const json_t *latencies = json_object_get(reply, "latencies"), *latency;
    struct table table = { .columns = 3, .right = 2 };
    char milliseconds[32];
    size_t index;
    printf("\nnearest Regions%s:\n",
           json_is_true(json_object_get(reply, "assumed")) ? " (taken as at us-east-1)" : "");
    json_array_foreach(latencies, index, latency)
    {
        if (index == REGIONS_SHOWN)
            break;
        snprintf(milliseconds, sizeof(milliseconds), "%.0f ms",
                 json_number_value(json_object_get(latency, "milliseconds")));
        table_add(&table, text_of(latency, "region"));
        table_add(&table, milliseconds);
        table_add(&table, text_of(latency, "source"));
    }
    table_print(&table, stdout);
}

int verb_location_show(const struct invocation *invocation)
{
    json_t *reply;
    int rc = client_exchange(invocation, "GET", client_path("locations/%s", invocation->words[0]),
                             NULL, &reply);
    if (reply == NULL)
        return rc;
    print_member(reply, "client", "client");
    print_member(reply, "known by", "source");
    print_member(reply, "prefix", "prefix");
    print_member(reply, "continent", "continent");
    print_member(reply, "country", "country");
    print_member(reply, "subdivision", "subdivision");
    print_point(reply);
    print_member(reply, "Region", "region");
    print_latencies(reply);
    json_decref(reply);
    return EXIT_DONE;
}
