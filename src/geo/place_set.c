#include "signpost/geo/place_set.h"

#include <stdlib.h>
#include <string.h>

static uint32_t hash_place(const struct place *place)
{
    uint64_t words[2];
    _Static_assert(sizeof *place == sizeof words, "a place has no padding");
    memcpy(words, place, sizeof words);
    uint64_t mixed =
        (words[0] ^ (words[1] * 0x9e3779b97f4a7c15u) ^ words[1] >> 29) * 0xbf58476d1ce4e5b9u;
    return (uint32_t)(mixed >> 32);
}

/* The slot that has the place, or the free one where it belongs. */
static uint32_t *find_slot(const struct place_set *set, const struct place *place)
{
    uint32_t mask = set->slot_count - 1;
    uint32_t slot = hash_place(place) & mask;
    while (set->slots[slot] != 0 &&
           memcmp(&set->places[set->slots[slot] - 1], place, sizeof *place) != 0)
        slot = (slot + 1) & mask;
    return &set->slots[slot];
}

static int grow(struct place_set *set)
{
    uint32_t room = set->room == 0 ? 64 : set->room * 2;
    uint32_t *slots = calloc((size_t)room * 2, sizeof *slots);
    struct place *places = slots == NULL ? NULL : realloc(set->places, room * sizeof *places);
    if (places == NULL) {
        free(slots);
        return SP_ENOMEM;
    }
    free(set->slots);
    *set = (struct place_set){ places, set->count, room, slots, room * 2 };
    for (uint32_t i = 0; i < set->count; i++)
        *find_slot(set, &places[i]) = i + 1;
    return 0;
}

int place_set_number(struct place_set *set, const struct place *place, uint32_t *out_number)
{
    if (set->count == set->room && grow(set) != 0)
        return SP_ENOMEM;
    uint32_t *slot = find_slot(set, place);
    if (*slot == 0) {
        set->places[set->count++] = *place;
        *slot = set->count;
    }
    *out_number = *slot - 1;
    return 0;
}

struct place *place_set_take(struct place_set *set, uint32_t *out_count)
{
    struct place *places = set->places;
    *out_count = set->count;
    if (set->count > 0) {
        struct place *fitting = realloc(places, set->count * sizeof *fitting);
        places = fitting != NULL ? fitting : places;
    }
    set->places = NULL;
    place_set_finish(set);
    return places;
}

void place_set_finish(struct place_set *set)
{
    free(set->places);
    free(set->slots);
    *set = (struct place_set){ 0 };
}
