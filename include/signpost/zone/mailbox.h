/*
 * zone/mailbox.h - how a snapshot reaches the workers without a lock.
 *
 * Each worker has one letter box.  Control puts the newest snapshot into every box and wakes the
 * owners; a worker empties its box between two packets and writes down the serial it has seen.  A
 * snapshot is freed, on the control thread, once every worker has seen a newer one: the last to
 * hold it is always control.
 */
#ifndef SIGNPOST_ZONE_MAILBOX_H
#define SIGNPOST_ZONE_MAILBOX_H

#include "signpost/zone/snapshot.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

struct mailbox;

struct mailbox *mailbox_create(unsigned worker_count); /* NULL: no memory */
/* Frees what is still held; no worker may be running.  NULL is fine. */
void mailbox_destroy(struct mailbox *mailbox);

/* How a worker is woken: called on the control thread after each publication, once per worker.  Set
 * before the first publication that workers shall notice by themselves. */
void mailbox_set_wake(struct mailbox *mailbox, void (*wake)(void *context, unsigned worker),
                      void *context);

/* Takes over the caller's reference and puts the snapshot into every box.  Control thread. */
void mailbox_publish(struct mailbox *mailbox, struct snapshot *snapshot);

/* The newest snapshot, or NULL when nothing new has come since the last call.  Worker's thread.  It
 * lives until this worker's next call that returns another. */
const struct snapshot *mailbox_receive(struct mailbox *mailbox, unsigned worker);

/* The lowest serial that all workers have seen.  Any thread. */
uint64_t mailbox_slowest(const struct mailbox *mailbox);

/* Frees the snapshots that every worker has left behind.  Control thread. */
void mailbox_collect(struct mailbox *mailbox);

#endif
