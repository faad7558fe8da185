/*
 * keys/disk.h - files with secrets in them: read whole, written whole or not at all.
 */
#ifndef KEYS_DISK_H
#define KEYS_DISK_H

#include "signpost/base/span.h"
#include "signpost/base/status.h"

#include <stdint.h>

/* A file's octets; wiped when they are freed. */
struct secret {
    uint8_t *data;
    size_t size;
};

void secret_free(struct secret *secret); /* what is all zeros is fine */

enum disk_rule {
    DISK_CIPHER, /* written by us, worth nothing alone: its mode does not matter, but no links */
    DISK_SECRET, /* written by people: links are theirs to make, but it must not be everybody's */
};

/* The whole of a file that has at most size_max octets.  `what` is its name for people ("the
 * credential").  SP_ENOENT, SP_ENOMEM, SP_EIO; what is no such file although we
 * wrote it is SP_EDAMAGED. */
int disk_read(const char *path, const char *what, size_t size_max, enum disk_rule rule,
              struct secret *out_secret, struct problem *out_problem);

/* Makes directory/name with mode 0600, and the directory (0700) when it is missing: after a crash
 * it is there whole or not at all, and a file that is there already is never replaced (SP_EEXIST).
 * SP_EFULL, SP_EIO. */
int disk_write_new(const char *directory, const char *name, struct span data,
                   struct problem *out_problem);

#endif
