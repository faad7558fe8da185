#include "signpost/control/protections.h"

#include "internal.h"

#include "signpost/dns/types.h"

#include <string.h>

typedef int protection_step(struct store *store, int64_t zone_id,
                            const struct protection *protection, struct problem *out_problem);

static int take_away(struct store *store, int64_t zone_id, const struct protection *protection,
                     struct problem *out_problem)
{
    return store_delete_protection(store, zone_id, protection->owner, protection->type,
                                   out_problem);
}

static int run(struct control *control, const struct hosted_zone *zone, protection_step *step,
               const struct protection *protections, unsigned count, struct problem *out_problem)
{
    int rc = store_begin(control->store, out_problem);
    for (unsigned i = 0; rc == 0 && i < count; i++)
        rc = step(control->store, zone->id, &protections[i], out_problem);
    if (rc == 0)
        rc = store_commit_transaction(control->store, out_problem);
    if (rc != 0)
        store_rollback(control->store);
    return rc;
}

int control_add_protections(struct control *control, const struct hosted_zone *zone,
                            const struct protection *protections, unsigned count,
                            struct problem *out_problem)
{
    return run(control, zone, store_add_protection, protections, count, out_problem);
}

int control_delete_protections(struct control *control, const struct hosted_zone *zone,
                               const struct protection *protections, unsigned count,
                               struct problem *out_problem)
{
    return run(control, zone, take_away, protections, count, out_problem);
}

int control_find_protection(struct control *control, const struct hosted_zone *zone,
                            const uint8_t *owner, uint16_t type, struct protection *out_protection,
                            struct problem *out_problem)
{
    return store_find_protection(control->store, zone->id, owner, type, out_protection,
                                 out_problem);
}

int control_visit_protections(struct control *control, const struct hosted_zone *zone,
                              const char *owner_key, const char *type, unsigned count,
                              int (*visit)(void *context, const struct protection *protection),
                              void *context, struct problem *out_problem)
{
    return store_visit_protections(control->store, zone->id, owner_key, type, count, visit, context,
                                   out_problem);
}

/* ---- a zone that is replaced as a whole ---- */

struct replacement {
    struct control *control;
    const struct draft *draft;
    struct draft *stored; /* of the names that are protected */
    struct problem *problem;
};

/* Whether every set of that type in one list is in the other as well. */
static bool has_all(struct record_set *sets, struct record_set *others, uint16_t type)
{
    for (const struct record_set *set = sets; set != NULL; set = set->next) {
        const struct record_set *other =
            set->type != type ? set : record_set_find_identity(others, type, set->set_identifier);
        if (other == NULL || !record_set_equal(set, other))
            return false;
    }
    return true;
}

static int check_kept(void *context, const struct protection *protection)
{
    struct replacement *replacement = context;
    int rc = store_fetch_name(replacement->control->store, replacement->stored, protection->owner,
                              replacement->problem);
    if (rc != 0)
        return rc;
    const struct draft_name *before = draft_find(replacement->stored, protection->owner);
    const struct draft_name *after = draft_find(replacement->draft, protection->owner);
    struct record_set *sets_before = before == NULL ? NULL : before->sets;
    struct record_set *sets_after = after == NULL ? NULL : after->sets;
    if (has_all(sets_before, sets_after, protection->type) &&
        has_all(sets_after, sets_before, protection->type))
        return 0;
    char text[DNS_NAME_TEXT_SIZE];
    dns_name_to_text(text, protection->owner);
    return problem_set(replacement->problem, SP_ECONFLICT, "%s %s is protected: %.600s", text,
                       dns_type_find(protection->type)->name, protection->comment);
}

int control__check_replacement(struct control *control, const struct draft *draft,
                               struct problem *out_problem)
{
    struct replacement replacement = { control, draft, NULL, out_problem };
    if (draft->zone.id == 0)
        return 0;
    replacement.stored = draft_create(&draft->zone, false);
    int rc = replacement.stored == NULL
                 ? control__no_memory(out_problem)
                 : store_visit_protections(control->store, draft->zone.id, "", "", UINT32_MAX,
                                           check_kept, &replacement, out_problem);
    draft_destroy(replacement.stored);
    return rc;
}
