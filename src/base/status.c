#include "signpost/base/status.h"

#include <stdarg.h>
#include <stdio.h>

int problem_set(struct problem *problem, int status, const char *format, ...)
{
    if (problem == NULL)
        return status;
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(problem->text, sizeof problem->text, format, arguments);
    va_end(arguments);
    problem->status = status;
    return status;
}

const char *status_text(int status)
{
    switch (status) {
    case 0:
        return "done";
    case SP_ENOMEM:
        return "no memory";
    case SP_EINVAL:
        return "invalid input";
    case SP_ENOENT:
        return "not found";
    case SP_EEXIST:
        return "exists already";
    case SP_ECONFLICT:
        return "conflicts with what is there";
    case SP_ELIMIT:
        return "over a limit";
    case SP_EBUSY:
        return "the database is busy";
    case SP_EFULL:
        return "no room on the disk";
    case SP_EDAMAGED:
        return "the database is damaged";
    case SP_ENEWER:
        return "the database was written by a newer version";
    case SP_EIO:
        return "the system refused";
    case SP_EAGAIN:
        return "not now";
    default:
        return "unknown error";
    }
}
