#include "internal.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

int store__damaged(const char *path, struct problem *out_problem, const char *format, ...)
{
    char what[256];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(what, sizeof what, format, arguments);
    va_end(arguments);
    return problem_set(
        out_problem, SP_EDAMAGED,
        "%s: the database is damaged (%s): restore a backup, or move the file and those "
        "beside it away to start with an empty one",
        path, what);
}

static int full(const char *path, struct problem *out_problem)
{
    return problem_set(out_problem, SP_EFULL,
                       "%s: no room on the disk: nothing was changed; make room and try again",
                       path);
}

/* A quota and a limit on the size of files are a full disk by another name. */
static bool means_full(int error)
{
    return error == ENOSPC || error == EDQUOT || error == EFBIG;
}

/* SQLite does not keep the system's error when a COMMIT meets it: then errno still has it, unless
 * undoing the transaction met another. */
static int input_output(sqlite3 *db, int code, const char *path, struct problem *out_problem)
{
    int last_error = errno;
    int error = sqlite3_system_errno(db);
    if (code == SQLITE_IOERR_NOMEM)
        return problem_set(out_problem, SP_ENOMEM, "%s: no memory", path);
    if (code == SQLITE_IOERR_SHORT_READ)
        return store__damaged(path, out_problem, "the file ends too early");
    if (means_full(error) || (error == 0 && means_full(last_error)))
        return full(path, out_problem);
    return problem_set(out_problem, SP_EIO,
                       "%s: reading or writing failed: %s: look for errors of the disk or the file "
                       "system",
                       path, error != 0 ? strerror(error) : sqlite3_errstr(code));
}

static int refused(sqlite3 *db, const char *path, struct problem *out_problem)
{
    int error = sqlite3_system_errno(db);
    return problem_set(
        out_problem, SP_EIO,
        "%s: the file cannot be opened for writing%s%s: check that its directory exists "
        "and that the user who runs this may write there",
        path, error != 0 ? ": " : "", error != 0 ? strerror(error) : "");
}

int store__problem(sqlite3 *db, const char *path, struct problem *out_problem)
{
    int code = sqlite3_extended_errcode(db);
    switch (code & 0xff) {
    case SQLITE_NOMEM:
        return problem_set(out_problem, SP_ENOMEM, "%s: no memory", path);
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return problem_set(out_problem, SP_EBUSY,
                           "%s: another program holds the database locked: end it, or its "
                           "transaction, and try again",
                           path);
    case SQLITE_FULL:
        return full(path, out_problem);
    case SQLITE_IOERR:
        return input_output(db, code, path, out_problem);
    case SQLITE_CANTOPEN:
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_AUTH:
        return refused(db, path, out_problem);
    case SQLITE_TOOBIG:
        return problem_set(out_problem, SP_ELIMIT, "%s: a value is too large to be stored", path);
    case SQLITE_CONSTRAINT:
        return problem_set(out_problem, SP_ECONFLICT,
                           "%s: the change contradicts what is stored: %s", path,
                           sqlite3_errmsg(db));
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
    case SQLITE_ERROR: /* our statements fit our schema: the schema is not what it was */
        return store__damaged(path, out_problem, "%s", sqlite3_errmsg(db));
    default:
        return problem_set(out_problem, SP_EIO, "%s: SQLite reports: %s", path, sqlite3_errmsg(db));
    }
}
