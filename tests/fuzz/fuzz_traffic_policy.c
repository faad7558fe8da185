/* needs: model */
/*
 * Any text is read or refused with words; the tree of a document that is read can stand in a zone:
 * model_apply takes it, draft_check finds nothing in it, and all of it but the root hangs on hidden
 * names.
 */
#include "signpost/dns/types.h"
#include "signpost/model/traffic_policy.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Nobody guesses them, so no CNAME leads back to the root. */
static const struct hosted_zone zone = { .public_id = "ZFUZZ", .name = "\10qzx7kw3v\4test" };
static const uint8_t root[] = "\10b5jq9m2h\10qzx7kw3v\4test";

static void require(bool condition, const char *what, const char *more)
{
    if (condition)
        return;
    fprintf(stderr, "broken: %s %s\n", what, more);
    abort();
}

static void require_places(const struct change_batch *batch)
{
    for (uint32_t i = 0; i < batch->count; i++) {
        const struct change_item *item = &batch->items[i];
        bool is_root = i == batch->count - 1;
        require(record_owner_is_hidden(item->owner) == !is_root, "a set at a wrong name", "");
        require((item->set.traffic_policy_instance != NULL) == is_root, "another root", "");
        require(item->set.alias != NULL || item->set.ttl_s == 30, "another TTL", "");
    }
}

static void stand(struct arena *arena, const struct traffic_document *document)
{
    struct traffic_tree tree = {
        .zone = &zone, .name = root, .ttl_s = 30, .instance = "fuzz", .number = 1, .generation = 1
    };
    struct change_batch batch;
    struct problem problem = { 0 };
    struct draft *draft = draft_create(&zone, false);
    require(traffic_tree_make(arena, document, &tree, &batch, &problem) == 0,
            "no tree:", problem.text);
    require_places(&batch);
    require(model_apply(draft, &batch, NULL, NULL, &problem) == 0,
            "the change was refused:", problem.text);
    require(draft_check(draft, NULL, NULL, &problem) == 0, "the tree cannot stand:", problem.text);
    draft_destroy(draft);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_create();
    struct traffic_document document;
    struct problem problem = { 0 };
    char *text = arena_alloc(arena, size + 1);
    memcpy(text, data, size);
    int rc = traffic_document_read(arena, text, NULL, &document, &problem);
    require(rc == 0 || (rc == SP_EINVAL && problem.text[0] != '\0'), "a fault without words", "");
    if (rc == 0)
        stand(arena, &document);
    arena_destroy(arena);
    return 0;
}
