/*
 * geo/place_set.h - each place once: millions of prefixes lie in a few thousand places.
 *
 * One thread at a time.
 */
#ifndef SIGNPOST_GEO_PLACE_SET_H
#define SIGNPOST_GEO_PLACE_SET_H

#include "signpost/geo/geography.h"

struct place_set {
    struct place *places; /* count of them, by their numbers */
    uint32_t count, room;
    uint32_t *slots; /* a place's number and one, or 0; a power of two of them, half at most used */
    uint32_t slot_count;
};

/* A zeroed set is empty.  Places are equal when all their octets are.  SP_ENOMEM. */
int place_set_number(struct place_set *set, const struct place *place, uint32_t *out_number);

/* Hands out the places in a piece that is no larger than they are, for the caller to free, and
 * frees all else. */
struct place *place_set_take(struct place_set *set, uint32_t *out_count);
void place_set_finish(struct place_set *set);

#endif
