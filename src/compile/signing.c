#include "signpost/compile/signing.h"

/* The signatures of one set, as many as there may be. */
struct signatures {
    unsigned count;
    struct signature_source items[SIGNATURES_AHEAD];
};

static bool read_signatures(const struct key_set *set, struct signatures *out)
{
    struct span left = { set->signatures, set->signatures_size };
    out->count = 0;
    while (left.size > 0) {
        struct signature_source *to = &out->items[out->count++];
        unsigned value_count;
        if (!key_set_next_signatures(&left, &to->from_s, &value_count, &to->values))
            return false;
        to->value_count = value_count;
        if (out->count == SIGNATURES_AHEAD)
            break;
    }
    return left.size == 0 && out->count > 0;
}

int compile_signing(const struct signing_key *key, const struct key_sets *sets,
                    struct zone_signing **out_signing, struct problem *out_problem)
{
    struct signed_set_source sources[KEY_SETS_MAX];
    struct signatures signatures[KEY_SETS_MAX];
    for (unsigned i = 0; i < sets->count; i++) {
        const struct key_set *set = &sets->items[i];
        if (!read_signatures(set, &signatures[i]))
            return problem_set(out_problem, SP_EDAMAGED,
                               "the stored signatures of the zone's keys make no sense");
        sources[i] = (struct signed_set_source){
            .type = set->type,
            .ttl_s = set->ttl_s,
            .value_count = set->value_count,
            .values = { set->values, set->values_size },
            .signature_count = signatures[i].count,
            .signatures = signatures[i].items,
        };
    }
    struct zone_signing *signing = zone_signing_create(key, sources, sets->count);
    if (signing == NULL)
        return problem_set(out_problem, SP_ENOMEM, "there is not enough memory for signing");
    *out_signing = signing;
    return 0;
}
