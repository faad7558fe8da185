/*
 * base/hash.h - a keyed 64-bit hash for names that strangers choose.
 *
 * The key is drawn once per process, so nobody outside can aim at one bucket.  The state is the
 * hash itself: hashing label after label from the root gives the hash of every suffix on the way.
 */
#ifndef SIGNPOST_BASE_HASH_H
#define SIGNPOST_BASE_HASH_H

#include <stdint.h>
#include <string.h>

/* Draws the key; hash_key is constant from then on.  Call once, before any other thread starts. */
void hash_init(void);

extern uint64_t hash_key[2];

static inline uint64_t hash_fold(uint64_t a, uint64_t b)
{
    unsigned __int128 product = (unsigned __int128)a * b;
    return (uint64_t)product ^ (uint64_t)(product >> 64);
}

/* Hashes size octets (at most 64 at a time are read in words of eight) into state. */
static inline uint64_t hash_bytes(uint64_t state, const uint8_t *data, unsigned size)
{
    uint64_t word;
    while (size > 8) {
        memcpy(&word, data, 8);
        state = hash_fold(state ^ word, hash_key[1]);
        data += 8;
        size -= 8;
    }
    word = 0;
    switch (size) { /* a switch of fixed sizes: memcpy of a variable size would be a call */
    case 8:
        memcpy(&word, data, 8);
        break;
    case 7:
        word |= (uint64_t)data[6] << 48; /* fall through */
    case 6:
        word |= (uint64_t)data[5] << 40; /* fall through */
    case 5:
        word |= (uint64_t)data[4] << 32; /* fall through */
    case 4:
        word |= (uint64_t)data[3] << 24; /* fall through */
    case 3:
        word |= (uint64_t)data[2] << 16; /* fall through */
    case 2:
        word |= (uint64_t)data[1] << 8; /* fall through */
    case 1:
        word |= data[0];
        break;
    default:
        break;
    }
    return hash_fold(state ^ word, hash_key[1]);
}

#endif
