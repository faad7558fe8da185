#include "disk.h"

#include <openssl/crypto.h>

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

void secret_free(struct secret *secret)
{
    if (secret->data != NULL)
        OPENSSL_cleanse(secret->data, secret->size);
    free(secret->data);
    *secret = (struct secret){ NULL, 0 };
}

/* ---- reading ---- */

static int tell_unreadable(const char *path, const char *what, struct problem *out_problem)
{
    switch (errno) {
    case ENOENT:
        return problem_set(out_problem, SP_ENOENT, "%s: there is no file %s", what, path);
    case ELOOP:
        return problem_set(out_problem, SP_EDAMAGED,
                           "%s: %s is a symbolic link, and must be the file itself", what, path);
    case EACCES:
        return problem_set(out_problem, SP_EIO,
                           "%s: user number %u may not read %s; give the file, and its directory, "
                           "to the user that signpostd runs as",
                           what, (unsigned)geteuid(), path);
    default:
        return problem_set(out_problem, SP_EIO, "%s: cannot read %s: %s", what, path,
                           strerror(errno));
    }
}

static int check_kind(int file, const char *path, const char *what, size_t size_max,
                      enum disk_rule rule, struct problem *out_problem)
{
    struct stat status;
    if (fstat(file, &status) != 0)
        return tell_unreadable(path, what, out_problem);
    int wrong = rule == DISK_CIPHER ? SP_EDAMAGED : SP_EIO;
    if (!S_ISREG(status.st_mode))
        return problem_set(out_problem, wrong, "%s: %s is no regular file", what, path);
    if ((uintmax_t)status.st_size > size_max)
        return problem_set(out_problem, wrong, "%s: %s has %jd octets; at most %zu make sense",
                           what, path, (intmax_t)status.st_size, size_max);
    if (rule == DISK_SECRET && (status.st_mode & S_IRWXO) != 0)
        return problem_set(out_problem, SP_EIO,
                           "%s: everybody on this machine has rights on %s; take them away with "
                           "'chmod o= %s'",
                           what, path, path);
    return 0;
}

static int read_all(int file, const char *path, const char *what, struct secret *secret,
                    struct problem *out_problem)
{
    size_t room = secret->size;
    secret->size = 0;
    while (secret->size < room) {
        ssize_t size = read(file, secret->data + secret->size, room - secret->size);
        if (size < 0 && errno == EINTR)
            continue;
        if (size < 0)
            return tell_unreadable(path, what, out_problem);
        if (size == 0)
            return 0;
        secret->size += (size_t)size;
    }
    return problem_set(out_problem, SP_EIO, "%s: %s grew while it was read", what, path);
}

static int read_open(int file, const char *path, const char *what, size_t size_max,
                     enum disk_rule rule, struct secret *out_secret, struct problem *out_problem)
{
    int rc = check_kind(file, path, what, size_max, rule, out_problem);
    if (rc != 0)
        return rc;
    struct secret secret = { malloc(size_max + 1), size_max + 1 };
    if (secret.data == NULL)
        return SP_ENOMEM;
    rc = read_all(file, path, what, &secret, out_problem);
    if (rc == 0)
        *out_secret = secret;
    else
        secret_free(&secret);
    return rc;
}

int disk_read(const char *path, const char *what, size_t size_max, enum disk_rule rule,
              struct secret *out_secret, struct problem *out_problem)
{
    /* Not blocking: what turns out to be a pipe must not hold the daemon. */
    int flags = O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK;
    int file = open(path, flags | (rule == DISK_CIPHER ? O_NOFOLLOW : 0));
    if (file < 0)
        return tell_unreadable(path, what, out_problem);
    int rc = read_open(file, path, what, size_max, rule, out_secret, out_problem);
    close(file);
    return rc;
}

/* ---- writing ---- */

static int tell_unwritable(const char *directory, const char *name, struct problem *out_problem)
{
    switch (errno) {
    case EEXIST:
        return problem_set(out_problem, SP_EEXIST, "%s/%s is there already", directory, name);
    case ENOSPC:
    case EDQUOT:
        return problem_set(out_problem, SP_EFULL, "cannot write %s/%s: %s", directory, name,
                           strerror(errno));
    case EACCES:
    case EROFS:
        return problem_set(out_problem, SP_EIO,
                           "user number %u may not write %s/%s: %s; give the directory "
                           "(key-directory) to the user that signpostd runs as, or name another",
                           (unsigned)geteuid(), directory, name, strerror(errno));
    default:
        return problem_set(out_problem, SP_EIO, "cannot write %s/%s: %s", directory, name,
                           strerror(errno));
    }
}

/* A directory's entry of a new file is on the disk when the directory has been brought there. */
static bool sync_directory(const char *path)
{
    int directory = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (directory < 0)
        return false;
    bool done = fsync(directory) == 0;
    int error = errno;
    close(directory);
    errno = error;
    return done;
}

static bool sync_parent(const char *path)
{
    char *parent = NULL;
    if (asprintf(&parent, "%s/..", path) < 0)
        return false;
    bool done = sync_directory(parent);
    int error = errno;
    free(parent);
    errno = error;
    return done;
}

/* Who runs as another user than the parent's owner may not read the parent: then its entry has to
 * go without a wait for the disk. */
static bool make_directory(const char *path)
{
    if (mkdir(path, 0700) != 0)
        return errno == EEXIST;
    return sync_parent(path) || errno == EACCES;
}

static bool write_all(int file, struct span data)
{
    while (data.size > 0) {
        ssize_t size = write(file, data.data, data.size);
        if (size < 0 && errno == EINTR)
            continue;
        if (size < 0)
            return false;
        data.data += size;
        data.size -= (size_t)size;
    }
    return fsync(file) == 0;
}

static bool write_file(const char *path, struct span data)
{
    unlink(path); /* what a crash left */
    int file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (file < 0)
        return false;
    bool done = write_all(file, data);
    int error = errno;
    done = close(file) == 0 && done;
    errno = done ? 0 : error;
    return done;
}

/* The second name is given with link(2), which, unlike rename(2), replaces nothing. */
static bool write_as(const char *fresh, const char *path, struct span data)
{
    bool done = write_file(fresh, data) && link(fresh, path) == 0;
    int error = errno;
    unlink(fresh);
    errno = error;
    return done;
}

int disk_write_new(const char *directory, const char *name, struct span data,
                   struct problem *out_problem)
{
    char *path = NULL, *fresh = NULL;
    int rc = 0;
    if (asprintf(&path, "%s/%s", directory, name) < 0)
        return SP_ENOMEM;
    if (asprintf(&fresh, "%s.new", path) < 0)
        rc = SP_ENOMEM;
    else if (!make_directory(directory) || !write_as(fresh, path, data) ||
             !sync_directory(directory))
        rc = tell_unwritable(directory, name, out_problem);
    free(path);
    free(fresh);
    return rc;
}
