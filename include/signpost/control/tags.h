/*
 * control/tags.h - tags of hosted zones and health checks (A-TAG).  Control thread only.
 */
#ifndef SIGNPOST_CONTROL_TAGS_H
#define SIGNPOST_CONTROL_TAGS_H

#include "signpost/control/control.h"
#include "signpost/model/tag.h"

struct tag_change {
    const struct tag *added; /* they take the place of those with their keys */
    unsigned added_count;
    const char *const *removed; /* keys; they need not be there */
    unsigned removed_count;
};

/* First removes, then adds; all of it or nothing.  id: public and bare.  SP_ENOENT without words:
 * nobody has that id; SP_EINVAL: see tag_check; SP_ELIMIT. */
int control_change_tags(struct control *control, enum tagged tagged, const char *id,
                        const struct tag_change *change, struct problem *out_problem);

/* In the order of their keys.  What is visited is the callee's for the call only.  SP_ENOENT
 * without words. */
int control_list_tags(struct control *control, enum tagged tagged, const char *id,
                      int (*visit)(void *context, const struct tag *tag), void *context,
                      struct problem *out_problem);

#endif
