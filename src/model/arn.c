#include "arn.h"

#include <string.h>

#define ACCOUNT_DIGITS 12

static const char *skip(const char *text, const char *prefix)
{
    size_t size = strlen(prefix);
    return text != NULL && strncmp(text, prefix, size) == 0 ? text + size : NULL;
}

const char *arn_resource(const char *arn, const char *service)
{
    const char *account = skip(skip(skip(arn, "arn:aws:"), service), ":us-east-1:");
    if (account == NULL || strspn(account, "0123456789") != ACCOUNT_DIGITS)
        return NULL;
    return skip(account + ACCOUNT_DIGITS, ":");
}
