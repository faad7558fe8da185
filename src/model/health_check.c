#include "signpost/model/health_check.h"

#include "word.h"

int health_check_id_check(const char *id, struct problem *out_problem)
{
    if (word_is_right(id, HEALTH_CHECK_ID_SIZE_MAX, "-_."))
        return 0;
    return problem_set(out_problem, SP_EINVAL,
                       "\"%.80s\" cannot be the id of a health check: it must be 1 to %d letters, "
                       "digits, \"-\", \"_\" and \".\"",
                       id, HEALTH_CHECK_ID_SIZE_MAX);
}
