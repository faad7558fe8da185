#include "signpost/model/delegation_set.h"

#include <string.h>

#define FAMILY_SIZE (ZONE_SERVER_NUMBERS / ZONE_SERVER_COUNT)

void delegation_set_draw(struct delegation_set *set, struct dice *dice)
{
    public_id_draw(set->id, 'N', dice);
    name_servers_draw(set->name_servers, dice);
}

void delegation_set_reserved(uint16_t out_servers[ZONE_SERVER_COUNT])
{
    for (unsigned family = 0; family < ZONE_SERVER_COUNT; family++)
        out_servers[family] = (uint16_t)(family * FAMILY_SIZE);
}

bool delegation_sets_overlap(const uint16_t a[ZONE_SERVER_COUNT],
                             const uint16_t b[ZONE_SERVER_COUNT])
{
    for (unsigned family = 0; family < ZONE_SERVER_COUNT; family++)
        if (a[family] == b[family])
            return true;
    return false;
}

static bool is_used(const uint64_t *used, unsigned number)
{
    return used[number / 64] >> number % 64 & 1;
}

void servers_in_use_add(struct servers_in_use *in_use, const uint16_t servers[ZONE_SERVER_COUNT],
                        bool same_name)
{
    for (unsigned family = 0; family < ZONE_SERVER_COUNT; family++) {
        unsigned number = servers[family] % ZONE_SERVER_NUMBERS;
        in_use->of_family[number / 64] |= UINT64_C(1) << number % 64;
        if (same_name)
            in_use->of_name[number / 64] |= UINT64_C(1) << number % 64;
    }
}

/* One of the family that is not used, every one equally likely; 0 within the family: there is none,
 * since that number is reserved. */
static unsigned draw_unused(const uint64_t *used, unsigned family, struct dice *dice)
{
    uint16_t unused[FAMILY_SIZE];
    unsigned count = 0;
    for (unsigned within = 1; within < FAMILY_SIZE; within++)
        if (!is_used(used, family * FAMILY_SIZE + within))
            unused[count++] = (uint16_t)within;
    return count == 0 ? 0 : unused[dice_below(dice, count)];
}

int servers_in_use_avoid(const struct servers_in_use *in_use, uint16_t servers[ZONE_SERVER_COUNT],
                         struct dice *dice)
{
    uint16_t drawn[ZONE_SERVER_COUNT];
    memcpy(drawn, servers, sizeof drawn);
    for (unsigned family = 0; family < ZONE_SERVER_COUNT; family++) {
        if (!is_used(in_use->of_family, drawn[family]))
            continue;
        unsigned within = draw_unused(in_use->of_family, family, dice);
        if (within == 0)
            within = draw_unused(in_use->of_name, family, dice);
        if (within == 0)
            return SP_ELIMIT;
        drawn[family] = (uint16_t)(family * FAMILY_SIZE + within);
    }
    memcpy(servers, drawn, sizeof drawn);
    return 0;
}
