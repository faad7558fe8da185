#include "signpost/base/hash.h"

#include <stdlib.h>
#include <sys/random.h>

/* Odd constants from the start, so that tests and fuzzers that never call hash_init still hash. */
uint64_t hash_key[2] = { 0x9e3779b97f4a7c15u, 0xd6e8feb86659fd93u };

void hash_init(void)
{
    if (getrandom(hash_key, sizeof hash_key, 0) != sizeof hash_key)
        abort();
    hash_key[1] |= 1;
}
