#include "signpost/model/uuid.h"

#include <stdio.h>

void uuid_draw(char out[UUID_TEXT_SIZE], struct dice *dice)
{
    uint64_t high = dice_next(dice), low = dice_next(dice);
    /* Version 4, and the variant of RFC 4122. */
    high = (high & ~UINT64_C(0xf000)) | UINT64_C(0x4000);
    low = (low & ~(UINT64_C(3) << 62)) | UINT64_C(2) << 62;
    snprintf(out, UUID_TEXT_SIZE, "%08x-%04x-%04x-%04x-%04x%08x", (unsigned)(high >> 32),
             (unsigned)(high >> 16 & 0xffff), (unsigned)(high & 0xffff), (unsigned)(low >> 48),
             (unsigned)(low >> 32 & 0xffff), (unsigned)(low & 0xffffffff));
}
