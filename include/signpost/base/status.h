/*
 * base/status.h - the one list of what can go wrong, and the words for the user.
 *
 * A function that can fail returns 0 or one of these.  Where the cause is known, it also fills a
 * struct problem: what happened, where (file and line, zone, record), and what to do next.
 * Everyone in between passes the problem on untouched; who owns a loop prints it.
 */
#ifndef SIGNPOST_BASE_STATUS_H
#define SIGNPOST_BASE_STATUS_H

enum {
    SP_ENOMEM = -1,    /* no memory */
    SP_EINVAL = -2,    /* the input is wrong; the problem says where and why */
    SP_ENOENT = -3,    /* no such zone, record set, file ... */
    SP_EEXIST = -4,    /* it is there already */
    SP_ECONFLICT = -5, /* right in itself, but not together with what is there */
    SP_ELIMIT = -6,    /* a bound of base/limits.h */
    SP_EBUSY = -7,     /* another process holds the database */
    SP_EFULL = -8,     /* no room on the disk */
    SP_EDAMAGED = -9,  /* the database cannot be trusted */
    SP_ENEWER = -10,   /* the database was written by a newer Signpost */
    SP_EIO = -11,      /* the system refused */
    SP_EAGAIN = -12,   /* not now: a budget is used up */
};

#define PROBLEM_TEXT_SIZE 1024

struct problem {
    int status;                   /* 0 while nothing has gone wrong */
    char text[PROBLEM_TEXT_SIZE]; /* one sentence without a final newline, "" when status is 0 */
};

/* Writes the sentence (cut off at the size above) and returns status, so that a caller can
 * `return problem_set(...)`.  A NULL problem is fine.  Any thread. */
int problem_set(struct problem *problem, int status, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* "no memory", "not found" ...: for a status that came without words. */
const char *status_text(int status);

#endif
