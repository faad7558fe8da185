/*
 * full_disk.h - a disk without room, for tests of what then has not happened.
 */
#ifndef CONTROL_TEST_FULL_DISK_H
#define CONTROL_TEST_FULL_DISK_H

#include "tests.h"

#include <signal.h>
#include <sys/resource.h>

/* No file may grow beyond a few octets: the next transaction meets a full disk. */
static inline void fill_disk(bool full)
{
    struct rlimit limit;
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
    limit.rlim_cur = full ? 64 : limit.rlim_max;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

#endif
