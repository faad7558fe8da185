/* The document and the table of routes say the same: every route is described with its arguments,
 * and nothing else is. */
#include "call.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
/* cmocka.h wants the three above before it */
#include <cmocka.h>
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

extern const unsigned char openapi_document[];
extern const size_t openapi_document_size;

static json_t *load(void)
{
    json_error_t error;
    json_t *document = json_loadb((const char *)openapi_document, openapi_document_size,
                                  JSON_REJECT_DUPLICATES, &error);
    if (document == NULL)
        fail_msg("openapi.json:%d: %s", error.line, error.text);
    return document;
}

static json_t *operation_of(const json_t *document, const struct api_route *route)
{
    char path[128], method[8] = "";
    snprintf(path, sizeof path, "/signpost/v1/%s", route->pattern);
    for (unsigned i = 0; route->method[i] != '\0' && i < sizeof method - 1; i++)
        method[i] = (char)tolower((unsigned char)route->method[i]);
    return json_object_get(json_object_get(json_object_get(document, "paths"), path), method);
}

static bool has_parameter(const json_t *operation, const char *in, const char *name)
{
    size_t i;
    json_t *parameter;
    json_array_foreach(
        json_object_get(operation, "parameters"), i,
        parameter) if (strcmp(json_string_value(json_object_get(parameter, "in")), in) == 0 &&
                       strcmp(json_string_value(json_object_get(parameter, "name")), name) ==
                           0) return true;
    return false;
}

static size_t count_arguments(const struct api_route *route)
{
    size_t count = 0;
    while (route->arguments[count] != NULL)
        count++;
    return count;
}

static void every_route_is_described_with_its_arguments(void **state)
{
    size_t count;
    const struct api_route *routes = api_routes(&count);
    json_t *document = load();
    (void)state;
    for (size_t i = 0; i < count; i++) {
        const struct api_route *route = &routes[i];
        const json_t *operation = operation_of(document, route);
        bool zone = strstr(route->pattern, "{zone}") != NULL;
        bool id = strstr(route->pattern, "{id}") != NULL;
        if (operation == NULL)
            fail_msg("%s %s is not described", route->method, route->pattern);
        for (size_t n = 0; n < count_arguments(route); n++)
            if (!has_parameter(operation, "query", route->arguments[n]))
                fail_msg("%s %s: the argument %s is not described", route->method, route->pattern,
                         route->arguments[n]);
        assert_int_equal(has_parameter(operation, "path", "zone"), zone);
        assert_int_equal(has_parameter(operation, "path", "id"), id);
        assert_int_equal(json_array_size(json_object_get(operation, "parameters")),
                         count_arguments(route) + zone + id);
    }
    json_decref(document);
}

static void nothing_is_described_that_is_no_route(void **state)
{
    size_t count, described = 0;
    const char *path, *method;
    json_t *operations, *operation;
    json_t *document = load();
    (void)state;
    api_routes(&count);
    json_object_foreach(json_object_get(document, "paths"), path, operations)
        json_object_foreach(operations, method, operation) described++;
    assert_int_equal(described, count); /* and each route is among them */
    json_decref(document);
}

/* Every "$ref" below value leads to a schema that is there. */
static void check_references(const json_t *schemas, json_t *value)
{
    static const char start[] = "#/components/schemas/";
    const char *name;
    size_t i;
    json_t *inner;
    const char *reference = json_string_value(json_object_get(value, "$ref"));
    if (reference != NULL) {
        assert_memory_equal(reference, start, sizeof start - 1);
        if (json_object_get(schemas, reference + sizeof start - 1) == NULL)
            fail_msg("there is no schema for %s", reference);
    }
    if (json_is_object(value))
        json_object_foreach(value, name, inner) check_references(schemas, inner);
    json_array_foreach(value, i, inner) check_references(schemas, inner);
}

static void every_reference_leads_somewhere(void **state)
{
    json_t *document = load();
    (void)state;
    check_references(json_object_get(json_object_get(document, "components"), "schemas"), document);
    assert_string_equal(json_string_value(json_object_get(document, "openapi")), "3.1.0");
    json_decref(document);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_route_is_described_with_its_arguments),
        cmocka_unit_test(nothing_is_described_that_is_no_route),
        cmocka_unit_test(every_reference_leads_somewhere),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
