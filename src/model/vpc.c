#include "signpost/model/vpc.h"

#include <string.h>

#define PREFIX "vpc-"

static bool is_id(const char *text)
{
    size_t prefix = sizeof PREFIX - 1;
    if (strncmp(text, PREFIX, prefix) != 0)
        return false;
    size_t digits = strspn(text + prefix, "0123456789abcdefABCDEF");
    return text[prefix + digits] == '\0' && (digits == 8 || digits == 17);
}

bool vpc_make(struct vpc *out_vpc, const char *id, const char *region)
{
    if (region == NULL || region[0] == '\0')
        region = VPC_REGION_DEFAULT;
    if (!is_id(id) || strlen(region) >= sizeof out_vpc->region)
        return false;
    memcpy(out_vpc->id, id, strlen(id) + 1);
    memcpy(out_vpc->region, region, strlen(region) + 1);
    return true;
}
