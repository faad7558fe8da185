/* What zone-signing keys do as time goes by (R-SEC-6, R-SEC-7). */
#include "tests.h"

#include "signpost/model/key_schedule.h"

#define START_H 500000 /* hours since 1970, some day in 2027 */

static const struct signing_options usual = {
    .dnskey_ttl_s = 3600,
    .dnskey_interval_s = 86400,
    .signature_validity_s = 86400,
    .zsk_lifetime_s = 14 * 86400,
};
static const struct signing_options by_hand = {
    .dnskey_ttl_s = 3600,
    .dnskey_interval_s = 86400,
    .signature_validity_s = 86400,
};
static const struct signing_options long_ttl = {
    .dnskey_ttl_s = 86400,
    .dnskey_interval_s = 86400,
    .signature_validity_s = 86400,
};
static const struct signing_options short_ttl = {
    .dnskey_ttl_s = 60,
    .dnskey_interval_s = 86400,
    .signature_validity_s = 86400,
};
static const struct signing_options week_long = {
    .dnskey_ttl_s = 3600,
    .dnskey_interval_s = 86400,
    .signature_validity_s = 7 * 86400,
};
static const struct signing_options with_cds = {
    .dnskey_ttl_s = 3600,
    .dnskey_interval_s = 86400,
    .signature_validity_s = 86400,
    .publish_cds = true,
};
static const struct signing_options hasty = {
    .dnskey_ttl_s = 3600,
    .dnskey_interval_s = 86400,
    .signature_validity_s = 86400,
    .zsk_lifetime_s = 3600,
};

static uint64_t at(double hour)
{
    return (uint64_t)((START_H + hour) * 3600000);
}

/* "R1 A2 P3": the keys in their order, numbered as they were made. */
static const char *describe(const struct key_ring *ring, char out[64])
{
    static const char letters[] = {
        [ZSK_PUBLISHED] = 'P', [ZSK_ACTIVE] = 'A', [ZSK_RETIRED] = 'R'
    };
    int size = 0;
    out[0] = '\0';
    for (unsigned i = 0; i < ring->count; i++)
        size += snprintf(out + size, 64 - (size_t)size, "%s%c%u", i == 0 ? "" : " ",
                         letters[ring->keys[i].state], ring->keys[i].tag);
    return out;
}

static void add(struct key_ring *ring, const struct signing_options *options, uint64_t now_ms)
{
    struct zsk key = { .tag = 1 };
    for (unsigned i = 0; i < ring->count; i++)
        if (ring->keys[i].tag >= key.tag)
            key.tag = (uint16_t)(ring->keys[i].tag + 1);
    key_ring_add(ring, &key, options, now_ms);
}

/* What control does with it.  "s": the sets were signed; "c": the ring was changed. */
static const char *play(struct key_ring *ring, const struct signing_options *options, bool usable,
                        uint64_t now_ms)
{
    struct keys_due due = key_ring_turn(ring, options, usable, now_ms);
    if (!usable) {
        assert_false(due.make);
        return due.sign ? "s" : "";
    }
    if (due.make)
        add(ring, options, now_ms);
    if (due.sign)
        key_ring_note_signed(ring, options, now_ms);
    return due.sign ? "s" : due.changed ? "c" : "";
}

enum what { TURN, BROKEN, ADD, STOP };

struct row {
    const char *why;
    double hour;
    const struct signing_options *options;
    enum what what;
    const char *does;
    const char *ring;
};

static void play_rows(const struct row *rows, size_t count)
{
    struct key_ring ring = { .count = 0 };
    char text[64];
    for (size_t i = 0; i < count; i++) {
        const struct row *row = &rows[i];
        const char *does = "";
        uint64_t now_ms = at(row->hour);
        if (row->what == STOP)
            key_ring_stop(&ring, now_ms);
        if (row->what == ADD) {
            add(&ring, row->options, now_ms);
            key_ring_note_signed(&ring, row->options, now_ms);
        }
        if (row->what == TURN || row->what == BROKEN)
            does = play(&ring, row->options, row->what == TURN, now_ms);
        if (strcmp(does, row->does) != 0 || strcmp(describe(&ring, text), row->ring) != 0)
            fail_msg("%zu, %s: \"%s\", %s", i, row->why, does, describe(&ring, text));
        if (row->what == TURN && key_ring_next(&ring, row->options) <= now_ms)
            fail_msg("%zu, %s: it is due again at once", i, row->why);
    }
}

static void a_key_lives(void **state)
{
    static const struct row rows[] = {
        { "the first key signs at once", 0, &usual, TURN, "s", "A1" },
        { "nothing is due", 0, &usual, TURN, "", "A1" },
        { "R-SEC-6: nothing is due yet", 23.9, &usual, TURN, "", "A1" },
        { "R-SEC-6: signed anew once an interval", 24, &usual, TURN, "s", "A1" },
        { "R-SEC-7: the next one is published", 14 * 24, &usual, TURN, "s", "A1 P2" },
        { "caches may not know it", 14 * 24 + 1.9, &usual, TURN, "", "A1 P2" },
        { "now they do, with room for doubt", 14 * 24 + 2, &usual, TURN, "c", "R1 A2" },
        { "the old one's signatures are still about", 15 * 24 + 2.9, &usual, TURN, "s", "R1 A2" },
        { "now they have expired", 15 * 24 + 3, &usual, TURN, "s", "A2" },
        { "the next is counted from when this one began to sign", 28 * 24 + 1.9, &usual, TURN, "s",
          "A2" },
        { "and so on", 28 * 24 + 2, &usual, TURN, "s", "A2 P3" },
    };
    (void)state;
    play_rows(rows, COUNT_OF(rows));
}

static void time_leaps(void **state)
{
    static const struct row rows[] = {
        { "at first", 0, &usual, TURN, "s", "A1" },
        { "published", 14 * 24, &usual, TURN, "s", "A1 P2" },
        { "three weeks off: one step at a time", 35 * 24, &usual, TURN, "s", "R1 A2" },
        { "three more: what is over goes, what is due comes", 56 * 24, &usual, TURN, "s", "A2 P3" },
        { "the clock is put back a month: everything waits once more", 26 * 24, &usual, TURN, "s",
          "A2 P3" },
        { "as long as ever", 26 * 24 + 1.9, &usual, TURN, "", "A2 P3" },
        { "but no longer", 26 * 24 + 2, &usual, TURN, "c", "R2 A3" },
        { "back by an hour: the signatures are of the future", 26 * 24 - 1, &usual, TURN, "s",
          "R2 A3" },
        { "so is the retirement, which waits from then on", 27 * 24 - 0.1, &usual, TURN, "s",
          "R2 A3" },
        { "as long as ever", 27 * 24, &usual, TURN, "s", "A3" },
    };
    (void)state;
    play_rows(rows, COUNT_OF(rows));
}

static void a_key_that_cannot_be_used_stops_everything(void **state)
{
    static const struct row rows[] = {
        { "at first", 0, &usual, TURN, "s", "A1" },
        { "nothing to do without it", 1, &usual, BROKEN, "", "A1" },
        { "signatures are wanted", 24, &usual, BROKEN, "s", "A1" },
        { "R-SEC-7: nobody rolls", 14 * 24, &usual, BROKEN, "s", "A1" },
        { "it is back", 15 * 24, &usual, TURN, "s", "A1 P2" },
        { "lost again: a roll stands still", 16 * 24, &usual, BROKEN, "s", "A1 P2" },
        { "back again", 17 * 24, &usual, TURN, "s", "R1 A2" },
        { "lost: nobody is removed", 20 * 24, &usual, BROKEN, "s", "R1 A2" },
    };
    (void)state;
    play_rows(rows, COUNT_OF(rows));
}

static void options_change(void **state)
{
    static const struct row rows[] = {
        { "at first", 0, &long_ttl, TURN, "s", "A1" },
        { "other sets are signed at once", 1, &short_ttl, TURN, "s", "A1" },
        { "by hand", 1.1, &short_ttl, ADD, "", "A1 P2" },
        { "two new TTLs are not enough: caches have the set of before", 2, &short_ttl, TURN, "",
          "A1 P2" },
        { "a day after it was replaced", 25, &short_ttl, TURN, "c", "R1 A2" },
        { "longer signatures are longer from now on", 26, &week_long, TURN, "s", "R1 A2" },
        { "the first key has made none of these", 25 + 25, &week_long, TURN, "s", "A2" },
        { "shorter again", 52, &by_hand, TURN, "s", "A2" },
        { "by hand", 53, &by_hand, ADD, "", "A2 P3" },
        { "it is known", 55, &by_hand, TURN, "c", "R2 A3" },
        { "but the longest signatures of the second are about", 55 + 7 * 24, &by_hand, TURN, "s",
          "R2 A3" },
        { "until now", 55 + 7 * 24 + 1, &by_hand, TURN, "s", "A3" },
        { "CDS", 300, &with_cds, TURN, "s", "A3" },
        { "CDS are there", 301, &with_cds, TURN, "", "A3" },
        { "no CDS", 302, &by_hand, TURN, "s", "A3" },
        { "a lifetime of 0: only by hand", 10000, &by_hand, TURN, "s", "A3" },
        { "a lifetime", 10001, &usual, TURN, "s", "A3 P4" },
    };
    (void)state;
    play_rows(rows, COUNT_OF(rows));
}

static void there_is_room_for_four(void **state)
{
    static const struct row rows[] = {
        { "at first", 0, &hasty, TURN, "s", "A1" },
        { "a short life", 1, &hasty, TURN, "s", "A1 P2" },
        { "a second one", 3, &hasty, TURN, "c", "R1 A2" },
        { "a third", 4, &hasty, TURN, "s", "R1 A2 P3" },
        { "a third one signs", 6, &hasty, TURN, "c", "R1 R2 A3" },
        { "a fourth", 7, &hasty, TURN, "s", "R1 R2 A3 P4" },
        { "signs", 9, &hasty, TURN, "c", "R1 R2 R3 A4" },
        { "nobody may come before somebody goes", 20, &hasty, TURN, "", "R1 R2 R3 A4" },
        { "and then comes", 28, &hasty, TURN, "s", "R2 R3 A4 P5" },
    };
    (void)state;
    play_rows(rows, COUNT_OF(rows));
}

static void signing_stops_and_begins_again(void **state)
{
    static const struct row rows[] = {
        { "at first", 0, &usual, TURN, "s", "A1" },
        { "a roll", 14 * 24, &usual, TURN, "s", "A1 P2" },
        { "a key that has never signed goes", 14 * 24 + 1, &usual, STOP, "", "A1" },
        { "the other goes on where it was, and is due", 14 * 24 + 2, &usual, TURN, "s", "A1 P2" },
        { "a retired one", 14 * 24 + 4, &usual, TURN, "c", "R1 A2" },
        { "stays, for caches know it", 14 * 24 + 5, &usual, STOP, "", "R1 A2" },
        { "and goes when its time has come", 17 * 24, &usual, TURN, "s", "A2" },
    };
    (void)state;
    play_rows(rows, COUNT_OF(rows));
}

static void it_is_told_when(void **state)
{
    struct key_ring ring = { .count = 0 };
    (void)state;
    play(&ring, &usual, true, at(0));
    assert_int_equal(key_ring_next(&ring, &usual), at(24));
    assert_int_equal(key_ring_leaves(&ring, &ring.keys[0], &usual), at(14 * 24 + 2));
    assert_int_equal(key_ring_leaves(&ring, &ring.keys[0], &by_hand), 0);
    play(&ring, &usual, true, at(14 * 24));
    assert_true(key_ring_is_rolling(&ring));
    assert_int_equal(key_ring_next(&ring, &usual), at(14 * 24 + 2));
    assert_int_equal(key_ring_leaves(&ring, &ring.keys[0], &usual), at(14 * 24 + 2));
    assert_int_equal(key_ring_leaves(&ring, &ring.keys[1], &usual), at(14 * 24 + 2));
    play(&ring, &usual, true, at(14 * 24 + 2));
    assert_false(key_ring_is_rolling(&ring));
    assert_int_equal(key_ring_leaves(&ring, &ring.keys[0], &usual), at(15 * 24 + 3));
    assert_int_equal(key_ring_next(&ring, &usual), at(15 * 24));
}

/* Every minute of half a year, with the clock of caches. */
static void no_cache_ever_meets_a_key_that_it_cannot_know(void **state)
{
    struct key_ring ring = { .count = 0 };
    uint64_t published_ms[256] = { 0 }, signed_ms[256] = { 0 };
    unsigned newest = 0;
    (void)state;
    for (uint64_t now_ms = at(0); now_ms < at(180 * 24); now_ms += 60000) {
        bool in_set[256] = { false };
        if (now_ms >= key_ring_next(&ring, &usual))
            play(&ring, &usual, true, now_ms);
        for (unsigned i = 0; i < ring.count; i++) {
            uint16_t tag = ring.keys[i].tag;
            in_set[tag] = true;
            if (tag > newest) {
                newest = tag;
                published_ms[tag] = now_ms;
            }
            if (ring.keys[i].state != ZSK_ACTIVE)
                continue;
            signed_ms[tag] = now_ms;
            if (tag > 1)
                assert_true(now_ms >= published_ms[tag] + usual.dnskey_ttl_s * 1000ull);
        }
        for (unsigned tag = 1; tag <= newest; tag++)
            if (!in_set[tag])
                assert_true(now_ms >= signed_ms[tag] + usual.signature_validity_s * 1000ull);
    }
    assert_int_equal(newest, 13); /* one every 14 days and two hours */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_key_lives),
        cmocka_unit_test(time_leaps),
        cmocka_unit_test(a_key_that_cannot_be_used_stops_everything),
        cmocka_unit_test(options_change),
        cmocka_unit_test(there_is_room_for_four),
        cmocka_unit_test(signing_stops_and_begins_again),
        cmocka_unit_test(it_is_told_when),
        cmocka_unit_test(no_cache_ever_meets_a_key_that_it_cannot_know),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
