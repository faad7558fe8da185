#include "privileges.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

int identity_find(const char *user, struct identity *out_identity, struct problem *out_problem)
{
    *out_identity = (struct identity){ .uid = geteuid(), .gid = getegid() };
    if (user[0] == '\0')
        return 0;
    errno = 0;
    const struct passwd *entry = getpwnam(user);
    if (entry == NULL)
        return problem_set(
            out_problem, SP_ENOENT,
            "user: there is no user \"%s\"%s%s; make one with 'adduser --system --group "
            "%s', or leave the key out",
            user, errno != 0 ? ": " : "", errno != 0 ? strerror(errno) : "", user);
    if (entry->pw_uid == geteuid())
        return 0;
    if (geteuid() != 0)
        return problem_set(out_problem, SP_EINVAL,
                           "user: only root can become \"%s\"; start as root, or leave the key out",
                           user);
    out_identity->uid = entry->pw_uid;
    out_identity->gid = entry->pw_gid;
    snprintf(out_identity->name, sizeof(out_identity->name), "%s", user);
    return 0;
}

void identity_make_directory(const struct identity *identity, const char *file)
{
    char path[1024];
    const char *slash = strrchr(file, '/');
    if (slash == NULL || slash == file || (size_t)(slash - file) >= sizeof(path))
        return;
    snprintf(path, sizeof(path), "%.*s", (int)(slash - file), file);
    if (mkdir(path, 0750) == 0 && identity->name[0] != '\0' &&
        chown(path, identity->uid, identity->gid) != 0)
        rmdir(path);
}

int identity_assume(const struct identity *identity, struct problem *out_problem)
{
    uid_t real, effective, saved;
    if (identity->name[0] == '\0')
        return 0;
    /* The groups first: afterwards we may not any more. */
    if (initgroups(identity->name, identity->gid) != 0 || setgid(identity->gid) != 0 ||
        setuid(identity->uid) != 0)
        return problem_set(out_problem, SP_EIO, "user: cannot become \"%s\": %s", identity->name,
                           strerror(errno));
    if (getresuid(&real, &effective, &saved) != 0 || real != identity->uid ||
        effective != identity->uid || saved != identity->uid || setuid(0) == 0)
        return problem_set(out_problem, SP_EIO, "user: became \"%s\", but not for good",
                           identity->name);
    return 0;
}
