/*
 * kill -9 in the middle of a stream of changes.  The child tells each acknowledgement through a
 * pipe; the parent kills it after a few, opens the database and looks: every acknowledged change is
 * there, at most the one that was under way besides, and no zone is half.
 */
#include "scratch.h"

#include "internal.h"

#include <signal.h>
#include <sys/wait.h>

#define SETS_PER_ZONE 60
#define ROUNDS        12

static void name_zone(char out[32], unsigned number)
{
    snprintf(out, 32, "z%u.test.", number);
}

static struct draft *numbered_draft(unsigned number)
{
    char name[32], owner[64], address[32];
    name_zone(name, number);
    struct hosted_zone zone = new_zone_named(name);
    snprintf(zone.public_id, sizeof zone.public_id, "Z%u", number);
    struct draft *draft = open_draft(&zone, true);
    put_apex(draft, name);
    for (unsigned i = 0; i < SETS_PER_ZONE; i++) {
        snprintf(owner, sizeof owner, "a%u.%s", i, name);
        snprintf(address, sizeof address, "10.%u.%u.%u", number >> 8, number & 255, i);
        put_address(draft, owner, number, address);
    }
    return draft;
}

/* The child: zone after zone, the number of each told once it is stored.  Never returns. */
static void store_zones(const char *path, unsigned first, int acknowledged)
{
    struct store *store = NULL;
    struct change change = { 0 };
    if (store_open(path, &store, NULL) != 0)
        _exit(1);
    for (unsigned number = first;; number++) {
        struct draft *draft = numbered_draft(number);
        if (store_begin(store, NULL) != 0 || store_commit(store, draft, 1, &change, NULL) != 0 ||
            write(acknowledged, &number, sizeof number) != sizeof number)
            _exit(2);
        draft_destroy(draft);
    }
}

/* The number of the last zone that the child, killed after `count` of them, has acknowledged. */
static unsigned run_and_kill(const char *path, unsigned first, unsigned count)
{
    int ends[2];
    int status;
    unsigned number, last = first;
    assert_int_equal(pipe(ends), 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        close(ends[0]);
        store_zones(path, first, ends[1]);
    }
    close(ends[1]);
    for (unsigned i = 0; i < count; i++)
        assert_int_equal(read(ends[0], &last, sizeof last), sizeof last);
    assert_int_equal(kill(child, SIGKILL), 0);
    /* What it wrote before the signal reached it was acknowledged, too. */
    while (read(ends[0], &number, sizeof number) == sizeof number)
        last = number;
    close(ends[0]);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
    return last;
}

struct census {
    unsigned zones;
    unsigned sets; /* of the last zone */
    bool whole;
};

static int count_zone(void *context, const struct hosted_zone *zone)
{
    struct census *census = context;
    char name[32], found[DNS_NAME_TEXT_SIZE];
    census->whole = census->whole && (census->zones == 0 || census->sets == SETS_PER_ZONE);
    name_zone(name, census->zones);
    dns_name_to_text(found, zone->name);
    assert_string_equal(found, name);
    assert_int_equal(zone->record_count, SETS_PER_ZONE + 2);
    census->zones++;
    census->sets = 0;
    return 0;
}

static int count_set(void *context, const struct hosted_zone *zone, const uint8_t *owner,
                     const struct record_set *set)
{
    struct census *census = context;
    unsigned number = census->zones - 1;
    (void)zone, (void)owner;
    if (set->type != DNS_TYPE_A)
        return 0;
    assert_int_equal(set->ttl_s, number);
    assert_int_equal(set->values.data[3], number >> 8);
    assert_int_equal(set->values.data[4], number & 255);
    census->sets++;
    return 0;
}

static void every_acknowledged_zone_survives_kill_9(void **state)
{
    struct scratch *scratch = *state;
    unsigned expect = 0; /* zones that must be there */
    bool seen_log = false;
    for (unsigned round = 0; round < ROUNDS; round++) {
        expect = run_and_kill(scratch->path, expect, 1 + round * 3) + 1;
        seen_log = seen_log || file_exists(scratch->path, "-wal");
        struct problem problem = { 0 };
        struct census census = { 0, 0, true };
        struct store_visitor visitor = { count_zone, count_set, &census };
        struct store *store = open_store(scratch->path);
        if (store_load(store, &visitor, &problem) != 0)
            fail_msg("%s", problem.text);
        store_close(store);
        assert_true(census.whole && census.sets == SETS_PER_ZONE);
        assert_in_range(census.zones, expect, expect + 1);
        expect = census.zones;
    }
    assert_true(seen_log);
}

/* Killed as early as can be: a database that is being created is there whole or not at all. */
static void a_killed_creation_can_be_opened(void **state)
{
    struct scratch *scratch = *state;
    for (unsigned round = 0; round < 40; round++) {
        int status;
        pid_t child = fork();
        assert_true(child >= 0);
        if (child == 0) {
            struct store *store = NULL;
            _exit(store_open(scratch->path, &store, NULL) == 0 ? 0 : 1);
        }
        /* Each round lets it come a little further: the file, then its journal, then its log. */
        static const char *const suffixes[] = { "-lock", "", "-journal", "-wal" };
        while (!file_exists(scratch->path, suffixes[round % 4]) &&
               waitpid(child, &status, WNOHANG) == 0)
            ;
        kill(child, SIGKILL);
        waitpid(child, &status, 0);
        struct store *store = open_store(scratch->path);
        assert_dump(store, "");
        store_close(store);
        assert_int_equal(unlink(scratch->path), 0);
    }
}

static const struct CMUnitTest tests[] = {
    SCRATCH_TEST(every_acknowledged_zone_survives_kill_9),
    SCRATCH_TEST(a_killed_creation_can_be_opened),
};

RUN_TESTS(tests)
