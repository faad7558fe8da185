/*
 * broken_log.h - a write-ahead log that cannot be brought to the disk any more, as when the disk
 * fails.
 *
 * Whatever SQLite has open as "...-wal" becomes a pipe, which fdatasync(2) refuses.
 */
#ifndef TEST_BROKEN_LOG_H
#define TEST_BROKEN_LOG_H

#include <stdio.h>
#include <string.h>
#include <unistd.h>

struct broken_log {
    int descriptor; /* SQLite's */
    int kept;       /* the log itself */
};

static inline struct broken_log break_log(void)
{
    struct broken_log broken = { -1, -1 };
    int ends[2];
    for (int fd = 3; fd < 256; fd++) {
        char link[32], path[512] = "";
        snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
        ssize_t size = readlink(link, path, sizeof path - 1);
        if (size > 4 && strcmp(path + size - 4, "-wal") == 0)
            broken.descriptor = fd;
    }
    assert_true(broken.descriptor >= 0);
    broken.kept = dup(broken.descriptor);
    assert_int_equal(pipe(ends), 0);
    dup2(ends[1], broken.descriptor);
    close(ends[0]);
    close(ends[1]);
    return broken;
}

static inline void mend_log(const struct broken_log *broken)
{
    dup2(broken->kept, broken->descriptor);
    close(broken->kept);
}

#endif
