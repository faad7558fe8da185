#include "endpoint.h"

#include "signpost/base/status.h"

#include <stdio.h>
#include <string.h>

#define HEADER_SIZE 320 /* the longest is that of a host: 255 octets, its name and a port */

/* R-HCE-3, R-HCE-5. */
static void write_host(char out[HEADER_SIZE], const struct endpoint *endpoint)
{
    const struct probe_target *target = &endpoint->target;
    char address[PREFIX_TEXT_SIZE], port[8] = "";
    bool has_name = target->domain_name[0] != '\0';
    bool needs_brackets = !has_name && target->address.family == IP_V6;
    const char *host = has_name ? target->domain_name : prefix_to_text(address, &target->address);
    if (target->port != (endpoint->is_tls ? 443 : 80))
        snprintf(port, sizeof port, ":%u", target->port);
    snprintf(out, HEADER_SIZE, "Host: %s%s%s%s", needs_brackets ? "[" : "", host,
             needs_brackets ? "]" : "", port);
}

/* R-HCE-7. */
static int write_headers(struct endpoint *endpoint)
{
    char host[HEADER_SIZE], agent[HEADER_SIZE];
    write_host(host, endpoint);
    snprintf(agent, sizeof agent, "User-Agent: Signpost-Health-Check-Service (ref %s)",
             endpoint->target.id);
    const char *lines[] = { host, agent, "Accept: */*", "Connection: close" };
    for (unsigned i = 0; i < sizeof lines / sizeof *lines; i++) {
        struct curl_slist *longer = curl_slist_append(endpoint->headers, lines[i]);
        if (longer == NULL)
            return SP_ENOMEM;
        endpoint->headers = longer;
    }
    return 0;
}

int endpoint__init(struct endpoint *endpoint, const struct probe_target *target)
{
    *endpoint = (struct endpoint){
        .target = *target,
        .task = { .is_name = !target->has_address,
                  .speaks_http = health_check_type_speaks_http(target->type) },
        .is_tls = health_check_type_is_tls(target->type),
        .sends_sni = target->enable_sni && target->domain_name[0] != '\0',
    };
    if (health_check_type_searches(target->type))
        endpoint->task.search_string = endpoint->target.search_string;
    int rc = endpoint->task.speaks_http ? write_headers(endpoint) : 0;
    if (rc != 0)
        endpoint__finish(endpoint);
    return rc;
}

void endpoint__finish(struct endpoint *endpoint)
{
    curl_slist_free_all(endpoint->headers);
    endpoint->headers = NULL;
}
