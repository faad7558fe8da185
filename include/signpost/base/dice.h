/*
 * base/dice.h - random numbers for the query path: cheap, good, and repeatable when seeded.
 *
 * Each worker owns one.  Not for secrets.  The generator is xoroshiro128++ (Blackman and Vigna).
 */
#ifndef SIGNPOST_BASE_DICE_H
#define SIGNPOST_BASE_DICE_H

#include <stdint.h>

struct dice {
    uint64_t state[2];
};

void dice_init(struct dice *dice);                       /* from getrandom(2) */
void dice_init_seeded(struct dice *dice, uint64_t seed); /* the same seed, the same sequence */

static inline uint64_t dice_next(struct dice *dice)
{
    uint64_t s0 = dice->state[0];
    uint64_t s1 = dice->state[1];
    uint64_t sum = s0 + s1;
    uint64_t result = (sum << 17 | sum >> 47) + s0;
    s1 ^= s0;
    dice->state[0] = (s0 << 49 | s0 >> 15) ^ s1 ^ (s1 << 21);
    dice->state[1] = s1 << 28 | s1 >> 36;
    return result;
}

/* A number from 0 to bound-1, every one equally likely to within 2^-32 (Lemire's multiplication).
 */
static inline uint32_t dice_below(struct dice *dice, uint32_t bound)
{
    return (uint32_t)((dice_next(dice) >> 32) * bound >> 32);
}

#endif
