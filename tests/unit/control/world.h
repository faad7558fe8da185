/*
 * world.h - a control with all that it stands on, in a directory of its own, made for each test and
 * able to be stopped and started again.
 *
 * The file that includes it says what is there: `#define WORLD_SLOTS` (of the health table), and
 * `#define WORLD_SIGNING`, the options of signed zones, when there is a key store.
 */
#ifndef CONTROL_TEST_WORLD_H
#define CONTROL_TEST_WORLD_H

#include "boards.h"
#include "scratch.h"

#include "signpost/control/control.h"
#ifdef WORLD_SIGNING
#include "signpost/control/signing.h"
#endif

#ifndef WORLD_SLOTS
#define WORLD_SLOTS 8
#endif

struct world {
    struct scratch *scratch;
    struct store *store;
    struct mailbox *mailbox;
    struct health_table *health;
    struct board *board; /* with one checker; nobody probes */
    struct control *control;
#ifdef WORLD_SIGNING
    struct key_store *keys; /* in files beside the database */
#endif
};

static const struct answer_options options = { .edns_size = 1232, .minimal_responses = true };
static struct zone_defaults defaults;

#ifdef WORLD_SIGNING
static void open_signing(struct world *world)
{
    struct problem problem = { 0 };
    struct key_store_settings settings = { world->scratch->directory, "", "", "", "" };
    if (key_store_open(&settings, &world->keys, &problem) != 0 ||
        control_open_signing(world->control, world->keys, &WORLD_SIGNING, &problem) != 0)
        fail_msg("%s", problem.text);
}
#endif

static void start(struct world *world)
{
    struct problem problem = { 0 };
    struct dice dice;
    dice_init_seeded(&dice, 1); /* the same after every start: ids must not collide */
    world->store = open_store(world->scratch->path);
    world->mailbox = mailbox_create(1);
    world->health = health_table_create(WORLD_SLOTS);
    world->board = board_of_one_checker(world->health);
    if (control_create(world->store, world->mailbox, world->board, &defaults, &options, &dice,
                       &world->control, &problem) != 0)
        fail_msg("%s", problem.text);
#ifdef WORLD_SIGNING
    open_signing(world);
#endif
}

static void stop(struct world *world)
{
    control_destroy(world->control);
    mailbox_destroy(world->mailbox);
    board_destroy(world->board);
    health_table_destroy(world->health);
    store_close(world->store);
#ifdef WORLD_SIGNING
    key_store_close(world->keys);
#endif
}

static inline void restart(struct world *world)
{
    stop(world);
    start(world);
}

static int world_setup(void **state)
{
    struct world *world = calloc(1, sizeof *world);
    void *scratch;
    if (world == NULL || scratch_setup(&scratch) != 0)
        return -1;
    world->scratch = scratch;
    wire(defaults.server_domain, "ns.test.");
    wire(defaults.hostmaster, "hostmaster.ns.test.");
    start(world);
    *state = world;
    return 0;
}

static int world_teardown(void **state)
{
    struct world *world = *state;
    void *scratch = world->scratch;
    stop(world);
    free(world);
    return scratch_teardown(&scratch);
}

#define WORLD_TEST(test) cmocka_unit_test_setup_teardown(test, world_setup, world_teardown)

#endif
