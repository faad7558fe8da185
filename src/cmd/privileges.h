/*
 * cmd/privileges.h - from root to a user that may do little, for good.
 */
#ifndef SIGNPOST_CMD_PRIVILEGES_H
#define SIGNPOST_CMD_PRIVILEGES_H

#include "signpost/base/status.h"

#include <sys/types.h>

struct identity {
    uid_t uid;
    gid_t gid;
    char name[64]; /* "": nothing is to change */
};

/* Looks the user up; "" leaves everything as it is.  SP_ENOENT no such user, SP_EINVAL when we are
 * not root and not that user either. */
int identity_find(const char *user, struct identity *out_identity, struct problem *out_problem);

/* Makes the directory of that file, when only it is missing, and gives it to the user.  What fails
 * here is reported by whoever then opens the file. */
void identity_make_directory(const struct identity *identity, const char *file);

/* Becomes the user, groups and all, and makes sure that there is no way back.  SP_EIO. */
int identity_assume(const struct identity *identity, struct problem *out_problem);

#endif
