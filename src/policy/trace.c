#include "signpost/policy/trace.h"

#include <string.h>

void trace_init(struct trace *trace, struct trace_step *steps, unsigned room)
{
    memset(trace, 0, sizeof *trace);
    trace->steps = steps;
    trace->room = room;
}

struct trace_step *trace_add(struct trace *trace, enum trace_kind kind, unsigned depth,
                             bool is_last_resort, const struct group *group)
{
    if (trace == NULL)
        return NULL;
    if (trace->count == trace->room) {
        trace->is_cut = true;
        return NULL;
    }
    struct trace_step *step = &trace->steps[trace->count++];
    memset(step, 0, sizeof *step);
    step->kind = (uint8_t)kind;
    step->reason = TRACE_NOT_NEEDED;
    step->depth = (uint8_t)depth;
    step->is_last_resort = is_last_resort;
    step->group = group;
    return step;
}

const char *trace_reason_text(enum trace_reason reason)
{
    static const char *const texts[] = {
        [TRACE_NOT_NEEDED] = "a better one answers",
        [TRACE_CHECK_DOWN] = "its health check is down",
        [TRACE_TARGET_DOWN] = "nothing behind it is healthy",
        [TRACE_RESOURCE_DOWN] = "the resource is unhealthy",
        [TRACE_TARGET_MISSING] = "its target does not exist",
        [TRACE_RESOURCE_MISSING] = "no such resource is registered",
        [TRACE_RESOURCE_EMPTY] = "the resource has no address of this type",
        [TRACE_TARGET_EMPTY] = "nothing behind it applies to this client",
        [TRACE_WEIGHT_ZERO] = "weight 0 while others stand",
        [TRACE_ELSEWHERE] = "the client is elsewhere",
        [TRACE_TOO_DEEP] = "the tree is too deep, or too large",
    };
    return texts[reason];
}
