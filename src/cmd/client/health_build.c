/*
 * What a health check is to look at, from a URL and options to JSON.  Whether it makes sense is for
 * the server to say; here is only what the server could not see, such as two things at once.
 */
#include "health.h"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <stdlib.h>
#include <string.h>

/* ---- options that are one field ---- */

enum kind { KIND_TEXT, KIND_NUMBER, KIND_LIST, KIND_TRUE, KIND_FALSE };

static const struct plain_option {
    const char *option;
    const char *member;
    enum kind kind;
} plain_options[] = {
    { "domain", "fully_qualified_domain_name", KIND_TEXT },
    { "address", "ip_address", KIND_TEXT },
    { "port", "port", KIND_NUMBER },
    { "path", "resource_path", KIND_TEXT },
    { "search", "search_string", KIND_TEXT },
    { "interval", "request_interval", KIND_NUMBER },
    { "threshold", "failure_threshold", KIND_NUMBER },
    { "measure-latency", "measure_latency", KIND_TRUE },
    { "regions", "regions", KIND_LIST },
    { "sni", "enable_sni", KIND_TRUE },
    { "no-sni", "enable_sni", KIND_FALSE },
    { "control", "routing_control", KIND_TEXT },
    { "invert", "inverted", KIND_TRUE },
    { "no-invert", "inverted", KIND_FALSE },
    { "disable", "disabled", KIND_TRUE },
    { "enable", "disabled", KIND_FALSE },
    { "version-seen", "version", KIND_NUMBER },
};

static json_t *plain_value(const struct invocation *invocation, const struct plain_option *option)
{
    json_int_t number;
    switch (option->kind) {
    case KIND_TEXT:
        return json_string(option_text(invocation, option->option));
    case KIND_NUMBER:
        return option_number(invocation, option->option, &number) == EXIT_DONE
                   ? json_integer(number)
                   : NULL;
    case KIND_LIST:
        return option_list(invocation, option->option);
    default:
        return json_boolean(option->kind == KIND_TRUE);
    }
}

/* false: the user has been told. */
static bool set_member(json_t *document, const char *member, json_t *value)
{
    bool is_new = json_object_get(document, member) == NULL;
    if (value != NULL && is_new)
        json_object_set_new(document, member, value);
    else if (value != NULL)
        json_decref(value);
    if (!is_new)
        complain("what is given for %s contradicts itself", member);
    return value != NULL && is_new;
}

static bool add_plain(const struct invocation *invocation, json_t *document)
{
    for (size_t i = 0; i < sizeof(plain_options) / sizeof(plain_options[0]); i++) {
        const struct plain_option *option = &plain_options[i];
        if (option_given(invocation, option->option) &&
            !set_member(document, option->member, plain_value(invocation, option)))
            return false;
    }
    return true;
}

/* ---- other checks, and alarms ---- */

/* How many of the children must be up: those of --at-least, else all, or with --any one. */
static bool add_children(const struct invocation *invocation, json_t *document)
{
    bool any = option_given(invocation, "any"), of = option_given(invocation, "of");
    bool at_least = option_given(invocation, "at-least");
    json_int_t threshold = 1;
    if (any && (of || at_least)) {
        complain("--any stands alone: it is --of with --at-least 1");
        return false;
    }
    if (at_least && option_number(invocation, "at-least", &threshold) != EXIT_DONE)
        return false;
    json_t *children = any || of ? option_list(invocation, any ? "any" : "of") : NULL;
    if (of && !at_least)
        threshold = (json_int_t)json_array_size(children);
    if (children != NULL)
        json_object_set_new(document, "child_health_checks", children);
    if (children != NULL || at_least)
        json_object_set_new(document, "health_threshold", json_integer(threshold));
    return true;
}

static bool add_without_data(const struct invocation *invocation, json_t *document)
{
    static const struct word {
        const char *given, *means;
    } words[] = { { "healthy", "Healthy" },
                  { "unhealthy", "Unhealthy" },
                  { "last", "LastKnownStatus" } };
    const char *text = option_text(invocation, "no-data");
    if (text == NULL)
        return true;
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        if (strcmp(text, words[i].given) == 0) {
            json_object_set_new(document, "insufficient_data_health_status",
                                json_string(words[i].means));
            return true;
        }
    complain("--no-data must be healthy, unhealthy or last, not \"%s\"", text);
    return false;
}

static bool add_alarm(const struct invocation *invocation, json_t *document)
{
    const char *alarm = option_text(invocation, "alarm");
    const char *region = option_text(invocation, "region");
    if (alarm == NULL && region != NULL) {
        complain("--region goes with --alarm; where to look from is --regions");
        return false;
    }
    if (alarm != NULL)
        json_object_set_new(document, "alarm",
                            json_pack("{s:s,s:s}", "region",
                                      region != NULL ? region : ALARM_REGION_DEFAULT, "name",
                                      alarm));
    return add_without_data(invocation, document);
}

/* Everything that "create" and "update" have in common. */
static bool add_options(const struct invocation *invocation, json_t *document)
{
    return add_plain(invocation, document) && add_children(invocation, document) &&
           add_alarm(invocation, document);
}

/* ---- URLs ---- */

/* The part of a URL, "" when it has none; curl's to free. */
static char *part_of(CURLU *url, CURLUPart part)
{
    char *text = NULL;
    return curl_url_get(url, part, &text, 0) == CURLUE_OK ? text : NULL;
}

static bool is_address(const char *host)
{
    uint8_t octets[16];
    return inet_pton(AF_INET, host, octets) == 1 || inet_pton(AF_INET6, host, octets) == 1;
}

static void add_host(json_t *document, char *host)
{
    size_t size = strlen(host);
    if (host[0] == '[' && size > 2) {
        host[size - 1] = '\0';
        host++;
    }
    json_object_set_new(document, is_address(host) ? "ip_address" : "fully_qualified_domain_name",
                        json_string(host));
}

/* What is asked for; "/" alone is what there is without one. */
static void add_path(json_t *document, const char *path, const char *query)
{
    if (path == NULL || (strcmp(path, "/") == 0 && query == NULL))
        return;
    json_object_set_new(document, "resource_path",
                        query == NULL ? json_string(path) : json_sprintf("%s?%s", path, query));
}

/* "HTTP" and so on; NULL: a scheme that no check speaks. */
static const char *type_of(const char *scheme, bool searches)
{
    if (scheme != NULL && strcmp(scheme, "http") == 0)
        return searches ? "HTTP_STR_MATCH" : "HTTP";
    if (scheme != NULL && strcmp(scheme, "https") == 0)
        return searches ? "HTTPS_STR_MATCH" : "HTTPS";
    return scheme != NULL && strcmp(scheme, "tcp") == 0 ? "TCP" : NULL;
}

static bool add_parts(CURLU *url, bool searches, json_t *document)
{
    char *scheme = part_of(url, CURLUPART_SCHEME), *host = part_of(url, CURLUPART_HOST);
    char *port = part_of(url, CURLUPART_PORT), *path = part_of(url, CURLUPART_PATH);
    char *query = part_of(url, CURLUPART_QUERY), *user = part_of(url, CURLUPART_USER);
    char *fragment = part_of(url, CURLUPART_FRAGMENT);
    const char *type = type_of(scheme, searches);
    bool right = type != NULL && host != NULL && user == NULL && fragment == NULL;
    if (right) {
        json_object_set_new(document, "type", json_string(type));
        add_host(document, host);
        add_path(document, path, query);
        if (port != NULL)
            json_object_set_new(document, "port", json_integer(atoi(port)));
    }
    char *parts[] = { scheme, host, port, path, query, user, fragment };
    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
        curl_free(parts[i]);
    return right;
}

/* false: the user has been told. */
static bool add_url(const char *text, bool searches, json_t *document)
{
    CURLU *url = curl_url();
    bool right = url != NULL &&
                 curl_url_set(url, CURLUPART_URL, text,
                              CURLU_NON_SUPPORT_SCHEME | CURLU_PATH_AS_IS) == CURLUE_OK &&
                 add_parts(url, searches, document);
    curl_url_cleanup(url);
    if (!right)
        complain("\"%s\" is nothing to look at: it must be http://HOST[:PORT][/PATH], "
                 "https://HOST[:PORT][/PATH], tcp://HOST:PORT, or just \"up\" or \"down\"",
                 text);
    return right;
}

/* ---- documents ---- */

/* How many things the check is to look at, and the type that the options make it. */
static unsigned count_targets(const struct invocation *invocation, const char **out_type)
{
    static const struct row {
        const char *option, *type;
    } rows[] = { { "of", "CALCULATED" },
                 { "any", "CALCULATED" },
                 { "alarm", "CLOUDWATCH_METRIC" },
                 { "control", "RECOVERY_CONTROL" } };
    unsigned count = invocation->word_count > 1;
    *out_type = NULL;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        if (option_given(invocation, rows[i].option)) {
            *out_type = rows[i].type;
            count++;
        }
    return count;
}

static bool add_target(const struct invocation *invocation, json_t *document)
{
    const char *word = invocation->word_count > 1 ? invocation->words[1] : NULL, *type;
    if (count_targets(invocation, &type) > 1) {
        complain("a health check looks at one thing: a URL, other checks (--of, --any), an alarm "
                 "or a routing control");
        return false;
    }
    if (type != NULL)
        json_object_set_new(document, "type", json_string(type));
    if (word == NULL)
        return true;
    if (strcmp(word, "up") != 0 && strcmp(word, "down") != 0)
        return add_url(word, option_given(invocation, "search"), document);
    json_object_set_new(document, "up", json_boolean(strcmp(word, "up") == 0));
    return true;
}

int health_build(const struct invocation *invocation, json_t **out_document)
{
    if (!client_is_utf8(invocation))
        return EXIT_REFUSED;
    if (invocation->word_count == 1 && strstr(invocation->words[0], "://") != NULL) {
        complain("an id stands before the URL: signpost health create ID %s", invocation->words[0]);
        return EXIT_USAGE;
    }
    json_t *document = json_object();
    if (invocation->word_count > 0)
        json_object_set_new(document, "id", json_string(invocation->words[0]));
    if (add_target(invocation, document) && add_options(invocation, document)) {
        *out_document = document;
        return EXIT_DONE;
    }
    json_decref(document);
    return EXIT_USAGE;
}

int health_build_update(const struct invocation *invocation, json_t **out_document)
{
    if (!client_is_utf8(invocation))
        return EXIT_REFUSED;
    json_t *document = json_object();
    if (option_given(invocation, "reset"))
        json_object_set_new(document, "reset", option_list(invocation, "reset"));
    bool right = add_options(invocation, document);
    if (right && json_object_size(document) > 0) {
        *out_document = document;
        return EXIT_DONE;
    }
    if (right)
        complain("say what is to change, such as --threshold 2; 'signpost health update --help' "
                 "lists what can");
    json_decref(document);
    return EXIT_USAGE;
}
