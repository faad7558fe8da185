#include "signpost/model/query_logging.h"

#include "arn.h"
#include "word.h"

bool log_group_arn_is_right(const char *arn)
{
    static const char prefix[] = "log-group:";
    char name[LOG_GROUP_NAME_MAX + 1];
    const char *resource = arn_resource(arn, "logs");
    if (resource == NULL || strncmp(resource, prefix, sizeof prefix - 1) != 0)
        return false;
    const char *from = resource + sizeof prefix - 1;
    size_t size = strcspn(from, ":");
    if (size > LOG_GROUP_NAME_MAX || (from[size] != '\0' && strcmp(from + size, ":*") != 0))
        return false;
    memcpy(name, from, size);
    name[size] = '\0';
    return word_is_right(name, LOG_GROUP_NAME_MAX, "-_/.#");
}
