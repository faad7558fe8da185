#include "signpost/zone/mailbox.h"

#include <assert.h>
#include <stdlib.h>

#define CACHE_LINE 64

struct box {
    _Alignas(CACHE_LINE) _Atomic(struct snapshot *) letter;
    _Atomic uint64_t seen; /* serial */
};

struct mailbox {
    unsigned worker_count;
    void (*wake)(void *context, unsigned worker);
    void *wake_context;
    uint64_t serial;
    struct snapshot **held; /* published and not yet freed, oldest first; control's alone */
    unsigned held_count;
    unsigned held_room;
    struct box *boxes;
};

struct mailbox *mailbox_create(unsigned worker_count)
{
    struct mailbox *mailbox = calloc(1, sizeof *mailbox);
    if (mailbox == NULL)
        return NULL;
    mailbox->worker_count = worker_count;
    mailbox->held_room = 16;
    mailbox->held = calloc(mailbox->held_room, sizeof *mailbox->held);
    mailbox->boxes = aligned_alloc(CACHE_LINE, worker_count * sizeof *mailbox->boxes);
    if (mailbox->held == NULL || mailbox->boxes == NULL) {
        mailbox_destroy(mailbox);
        return NULL;
    }
    for (unsigned i = 0; i < worker_count; i++) {
        atomic_init(&mailbox->boxes[i].letter, NULL);
        atomic_init(&mailbox->boxes[i].seen, 0);
    }
    return mailbox;
}

void mailbox_destroy(struct mailbox *mailbox)
{
    if (mailbox == NULL)
        return;
    for (unsigned i = 0; i < mailbox->held_count; i++)
        snapshot_unref(mailbox->held[i]);
    free(mailbox->held);
    free(mailbox->boxes);
    free(mailbox);
}

void mailbox_set_wake(struct mailbox *mailbox, void (*wake)(void *context, unsigned worker),
                      void *context)
{
    mailbox->wake = wake;
    mailbox->wake_context = context;
}

/* Publishing cannot fail, so the list of what is held must not need memory just then.  When it is
 * full even after collecting, the workers are far behind: room is made twice as large, and should
 * there be none, the oldest waits for them unlisted, which costs its memory and nothing else. */
static void hold(struct mailbox *mailbox, struct snapshot *snapshot)
{
    if (mailbox->held_count == mailbox->held_room) {
        struct snapshot **more = realloc(mailbox->held, 2 * mailbox->held_room * sizeof *more);
        if (more == NULL) {
            for (unsigned i = 1; i < mailbox->held_count; i++)
                mailbox->held[i - 1] = mailbox->held[i];
            mailbox->held_count--;
        } else {
            mailbox->held = more;
            mailbox->held_room *= 2;
        }
    }
    mailbox->held[mailbox->held_count++] = snapshot;
}

void mailbox_publish(struct mailbox *mailbox, struct snapshot *snapshot)
{
    snapshot->serial = ++mailbox->serial;
    mailbox_collect(mailbox);
    hold(mailbox, snapshot);
    for (unsigned i = 0; i < mailbox->worker_count; i++)
        atomic_store_explicit(&mailbox->boxes[i].letter, snapshot, memory_order_release);
    for (unsigned i = 0; mailbox->wake != NULL && i < mailbox->worker_count; i++)
        mailbox->wake(mailbox->wake_context, i);
}

/* Having seen a serial is a promise never to read an older snapshot again, so it is written down
 * with release order, after the last such read. */
const struct snapshot *mailbox_receive(struct mailbox *mailbox, unsigned worker)
{
    struct box *box = &mailbox->boxes[worker];
    struct snapshot *fresh = atomic_exchange_explicit(&box->letter, NULL, memory_order_acquire);
    if (fresh != NULL)
        atomic_store_explicit(&box->seen, fresh->serial, memory_order_release);
    return fresh;
}

uint64_t mailbox_slowest(const struct mailbox *mailbox)
{
    uint64_t slowest = UINT64_MAX;
    for (unsigned i = 0; i < mailbox->worker_count; i++) {
        uint64_t seen = atomic_load_explicit(&mailbox->boxes[i].seen, memory_order_acquire);
        slowest = seen < slowest ? seen : slowest;
    }
    return slowest;
}

void mailbox_collect(struct mailbox *mailbox)
{
    uint64_t slowest = mailbox_slowest(mailbox);
    unsigned gone = 0;
    while (gone < mailbox->held_count && mailbox->held[gone]->serial < slowest)
        snapshot_unref(mailbox->held[gone++]);
    mailbox->held_count -= gone;
    for (unsigned i = 0; gone > 0 && i < mailbox->held_count; i++)
        mailbox->held[i] = mailbox->held[gone + i];
}
