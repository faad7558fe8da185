#include "signpost/zone/mailbox.h"
#include "signpost/zone/snapshot.h"

#include "signpost/base/status.h"

#include "zones.h"

static struct zone *empty_zone(const char *origin)
{
    static const char soa[] = "ns.test host.test 1 2 3 4 5";
    struct test_record record = { origin, DNS_TYPE_SOA, 900, soa };
    return test_zone(origin, &record, 1);
}

static void put(struct snapshot *snapshot, const char *origin)
{
    assert_int_equal(snapshot_put_zone(snapshot, empty_zone(origin)), 0);
}

static const char *found(const struct snapshot *snapshot, const char *name)
{
    static char text[DNS_NAME_TEXT_SIZE];
    struct name_path path;
    const struct zone *zone = snapshot_find(snapshot, test_path(&path, name));
    if (zone == NULL)
        return "none";
    dns_name_to_text(text, zone->name);
    return text;
}

static void snapshot_finds_the_most_specific_enclosing_zone(void **state)
{
    (void)state;
    struct snapshot *snapshot = snapshot_create();
    assert_string_equal(found(snapshot, "www.lab.test"), "none");
    put(snapshot, "lab.test");
    put(snapshot, "deep.sub.lab.test");
    put(snapshot, "other.test");
    assert_string_equal(found(snapshot, "lab.test"), "lab.test.");
    assert_string_equal(found(snapshot, "a.b.c.LAB.test"), "lab.test.");
    assert_string_equal(found(snapshot, "sub.lab.test"), "lab.test.");
    assert_string_equal(found(snapshot, "x.deep.sub.lab.test"), "deep.sub.lab.test.");
    assert_string_equal(found(snapshot, "xlab.test"), "none");
    assert_string_equal(found(snapshot, "test"), "none");
    put(snapshot, ".");
    assert_string_equal(found(snapshot, "test"), ".");
    struct name_path path;
    const struct zone *deep = snapshot_find(snapshot, test_path(&path, "deep.sub.lab.test"));
    const struct zone *lab = snapshot_find_above(snapshot, &path, deep);
    assert_int_equal(lab->depth, 2);
    assert_int_equal(snapshot_find_above(snapshot, &path, lab)->depth, 0);
    assert_null(snapshot_find_above(snapshot, &path, snapshot_find_above(snapshot, &path, lab)));
    snapshot_unref(snapshot);
}

static void snapshot_copies_share_zones_and_keep_their_own_list(void **state)
{
    (void)state;
    uint8_t wire[DNS_NAME_SIZE_MAX];
    struct snapshot *old = snapshot_create();
    put(old, "a.test");
    put(old, "b.test");
    struct snapshot *fresh = snapshot_copy(old);
    test_name(wire, "a.test");
    assert_int_equal(snapshot_remove_zone(fresh, wire), 0);
    assert_int_equal(snapshot_remove_zone(fresh, wire), SP_ENOENT);
    put(fresh, "c.d.test");
    assert_string_equal(found(old, "a.test"), "a.test.");
    assert_string_equal(found(fresh, "a.test"), "none");
    assert_int_equal(old->zone_count, 2);
    assert_int_equal(fresh->zone_count, 2);
    assert_int_equal(fresh->record_count, 2);
    test_name(wire, "b.test");
    assert_ptr_equal(snapshot_zone(old, wire), snapshot_zone(fresh, wire));
    snapshot_unref(old);
    assert_string_equal(found(fresh, "x.b.test"), "b.test.");
    snapshot_unref(fresh);
}

static unsigned wakes;

static void count_wake(void *context, unsigned worker)
{
    (void)context;
    (void)worker;
    wakes++;
}

static void mailbox_delivers_the_newest_letter_once_to_each_worker(void **state)
{
    (void)state;
    struct mailbox *mailbox = mailbox_create(2);
    struct snapshot *first = snapshot_create(), *second = snapshot_create();
    mailbox_set_wake(mailbox, count_wake, NULL);
    assert_null(mailbox_receive(mailbox, 0));
    mailbox_publish(mailbox, first);
    mailbox_publish(mailbox, second);
    assert_int_equal(wakes, 4);
    assert_int_equal(mailbox_slowest(mailbox), 0);
    assert_ptr_equal(mailbox_receive(mailbox, 0), second);
    assert_null(mailbox_receive(mailbox, 0));
    assert_int_equal(mailbox_slowest(mailbox), 0);
    assert_ptr_equal(mailbox_receive(mailbox, 1), second);
    assert_int_equal(mailbox_slowest(mailbox), 2);
    mailbox_collect(mailbox);
    mailbox_destroy(mailbox);
    mailbox_destroy(NULL);
}

/* A snapshot that a worker may still read stays; LeakSanitizer and ASan tell about the rest. */
static void mailbox_frees_a_snapshot_only_when_every_worker_has_left_it(void **state)
{
    (void)state;
    struct mailbox *mailbox = mailbox_create(2);
    struct snapshot *first = snapshot_create();
    put(first, "a.test");
    mailbox_publish(mailbox, first);
    const struct snapshot *held = mailbox_receive(mailbox, 0);
    mailbox_receive(mailbox, 1);
    for (unsigned i = 0; i < 100; i++) {
        mailbox_publish(mailbox, snapshot_copy(held));
        mailbox_receive(mailbox, 1); /* worker 0 is asleep */
        mailbox_collect(mailbox);
        assert_string_equal(found(held, "a.test"), "a.test.");
    }
    assert_int_equal(mailbox_receive(mailbox, 0)->serial, 101);
    mailbox_collect(mailbox);
    mailbox_destroy(mailbox);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(snapshot_finds_the_most_specific_enclosing_zone),
    cmocka_unit_test(snapshot_copies_share_zones_and_keep_their_own_list),
    cmocka_unit_test(mailbox_delivers_the_newest_letter_once_to_each_worker),
    cmocka_unit_test(mailbox_frees_a_snapshot_only_when_every_worker_has_left_it),
};

RUN_TESTS(tests)
