/* needs: route53 */
/*
 * Requests of the Route 53 API: any XML.  The first line of the input names the operation, the rest
 * is the body.  What is no document has its words; what is read without faults is written, and what
 * was written is read again as the same.
 */
#include "../../src/route53/operations.h"

#include "signpost/base/limits.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void require(bool condition, const char *what)
{
    if (condition)
        return;
    fprintf(stderr, "not so: %s\n", what);
    abort();
}

struct output {
    uint8_t *data;
    size_t size;
};

static int take(void *context, const void *data, size_t size)
{
    struct output *output = context;
    output->data = realloc(output->data, output->size + size);
    require(output->data != NULL, "there is memory");
    memcpy(output->data + output->size, data, size);
    output->size += size;
    return 0;
}

static const struct route53_operation *find(const uint8_t *name, size_t size)
{
    for (unsigned i = 0; i < route53_operation_count; i++) {
        const struct route53_operation *operation = &route53_operations[i];
        if (strlen(operation->name) == size && memcmp(operation->name, name, size) == 0)
            return operation;
    }
    return NULL;
}

static int read_body(struct arena *arena, const struct route53_operation *operation,
                     struct span text, void **out_body, struct xml_faults *faults)
{
    struct problem problem = { 0 };
    *faults = (struct xml_faults){ .arena = arena };
    *out_body = arena_alloc(arena, operation->request->size);
    const char *root = arena_format(arena, "%sRequest", operation->name);
    int rc =
        xml_read(arena, text, operation->request, root, ROUTE53_XMLNS, *out_body, faults, &problem);
    require(rc == 0 || rc == SP_EINVAL, "nothing else goes wrong");
    require(rc == problem.status, "the status is in the problem");
    require((rc == 0) == (problem.text[0] == '\0'), "it has words");
    require(faults->count <= XML_FAULTS_MAX, "the faults are bounded");
    require(xml_faults_join(faults) != NULL, "they can be joined");
    return rc;
}

static struct output written(struct arena *arena, const struct route53_operation *operation,
                             const void *body)
{
    struct output output = { 0 };
    const char *root = arena_format(arena, "%sRequest", operation->name);
    int rc = xml_write(operation->request, root, ROUTE53_XMLNS, body, take, &output);
    require(rc == 0, "what was read is written");
    return output;
}

static void fuzz_body(struct arena *arena, const struct route53_operation *operation,
                      struct span text)
{
    struct xml_faults faults;
    void *body, *again;
    if (read_body(arena, operation, text, &body, &faults) != 0 || faults.count > 0)
        return;
    struct output one = written(arena, operation, body);
    int rc = read_body(arena, operation, (struct span){ one.data, one.size }, &again, &faults);
    require(rc == 0, "what was written is read");
    require(faults.count == 0, "without faults");
    struct output other = written(arena, operation, again);
    require(one.size == other.size && memcmp(one.data, other.data, one.size) == 0,
            "and is the same");
    free(one.data);
    free(other.data);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const uint8_t *end = memchr(data, '\n', size);
    if (end == NULL)
        return 0;
    const struct route53_operation *operation = find(data, (size_t)(end - data));
    if (operation == NULL || operation->request == NULL)
        return 0;
    struct arena *arena = arena_create();
    require(arena != NULL, "there is memory");
    fuzz_body(arena, operation, (struct span){ end + 1, size - (size_t)(end + 1 - data) });
    arena_destroy(arena);
    return 0;
}
