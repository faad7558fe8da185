#include "operations.h"

int route53_get_change(struct route53_call *call)
{
    struct r53_get_change_response *response = call->response;
    struct change change;
    bool in_sync = false;
    int rc = control_read_change(call->control, call->id, &change, &in_sync, &call->problem);
    if (rc == SP_ENOENT)
        return route53_refuse(call, NO_SUCH_CHANGE, "Could not find resource with ID: %s",
                              call->id);
    if (rc != 0)
        return route53_pass(call, rc);
    response->change_info = route53_change_info(call, &change);
    if (response->change_info == NULL)
        return route53_no_memory(call);
    if (in_sync)
        response->change_info->status = "INSYNC";
    return 0;
}
