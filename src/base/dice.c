#include "signpost/base/dice.h"

#include <stdlib.h>
#include <sys/random.h>

void dice_init(struct dice *dice)
{
    do {
        if (getrandom(dice->state, sizeof dice->state, 0) != sizeof dice->state)
            abort(); /* only a kernel older than 3.17 can refuse 16 octets */
    } while (dice->state[0] == 0 && dice->state[1] == 0);
}

/* SplitMix64 spreads a small seed over the whole state (Steele, Lea and Flood 2014). */
static uint64_t spread(uint64_t *seed)
{
    uint64_t mixed = *seed += 0x9e3779b97f4a7c15u;
    mixed = (mixed ^ mixed >> 30) * 0xbf58476d1ce4e5b9u;
    mixed = (mixed ^ mixed >> 27) * 0x94d049bb133111ebu;
    return mixed ^ mixed >> 31;
}

void dice_init_seeded(struct dice *dice, uint64_t seed)
{
    dice->state[0] = spread(&seed);
    dice->state[1] = spread(&seed);
}
