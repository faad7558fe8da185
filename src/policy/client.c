/*
 * Where the client is, found when the first policy asks and kept for the whole tree (R-ECS-7).
 */
#include "internal.h"

/* R-ECS-5: what a location decides is told to hold for networks of these sizes. */
#define SCOPE_V4 24
#define SCOPE_V6 48

void client__widen_scope(struct evaluation *evaluation, unsigned length)
{
    const struct client *client = &evaluation->client;
    if (length > client->prefix.length)
        length = client->prefix.length;
    if (client->is_from_subnet && length > evaluation->scope)
        evaluation->scope = (uint8_t)length;
}

void client__tell(const struct evaluation *evaluation)
{
    struct trace *trace = evaluation->trace;
    const struct client *client = &evaluation->client;
    if (trace == NULL)
        return;
    trace->has_client = true;
    trace->client_from_subnet = client->is_from_subnet;
    trace->client_assumed = client->is_assumed;
    trace->client = client->prefix;
    trace->is_located = client->is_located;
    if (client->is_located) {
        trace->source = client->source;
        trace->place = client->place;
    }
}

const struct place *client__place(struct evaluation *evaluation)
{
    struct client *client = &evaluation->client;
    client__widen_scope(evaluation, client->prefix.family == IP_V4 ? SCOPE_V4 : SCOPE_V6);
    if (!client->is_located) {
        client->source =
            geography_locate(evaluation->snapshot->geography, &client->prefix, &client->place);
        client->is_located = true;
        client__tell(evaluation);
    }
    return &client->place;
}

const struct latency_origin *client__origin(struct evaluation *evaluation)
{
    struct client *client = &evaluation->client;
    const struct place *place = client__place(evaluation);
    if (!client->has_origin) {
        client->origin = geography_origin(evaluation->snapshot->geography, &client->prefix, place,
                                          &client->is_assumed);
        client->has_origin = true;
        client__tell(evaluation);
    }
    return &client->origin;
}
