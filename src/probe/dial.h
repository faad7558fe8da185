/*
 * dial.h - a connection on its way, from a checker to an address.
 *
 * Any thread.
 */
#ifndef PROBE_DIAL_H
#define PROBE_DIAL_H

#include "signpost/model/health_status.h"

enum dial_outcome {
    DIAL_UNDER_WAY,  /* *out_fd is writable once there is a verdict; the caller closes it */
    DIAL_REFUSED,    /* the address cannot be reached from here */
    DIAL_IMPOSSIBLE, /* it is we who lack a socket, a port, or the checker's own address */
};

/* The descriptor does not block.  When nothing is under way, *out_error is an errno. */
enum dial_outcome dial__open(const struct checker *checker, const struct ip_prefix *address,
                             uint16_t port, int *out_fd, int *out_error);

/* 0: connected; else the errno.  The descriptor has become writable, or failed. */
int dial__error(int fd);

#endif
