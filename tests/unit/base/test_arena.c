#include "signpost/base/arena.h"

#include "tests.h"

static void arena_pieces_are_zeroed_aligned_and_apart(void **state)
{
    (void)state;
    struct arena *arena = arena_create();
    uint8_t *pieces[500];
    for (unsigned i = 0; i < COUNT_OF(pieces); i++) {
        size_t size = i * 37 % 5000;
        pieces[i] = arena_alloc(arena, size);
        assert_non_null(pieces[i]);
        assert_int_equal((uintptr_t)pieces[i] % _Alignof(max_align_t), 0);
        for (size_t at = 0; at < size; at++)
            assert_int_equal(pieces[i][at], 0);
        memset(pieces[i], (int)i, size);
    }
    for (unsigned i = 0; i < COUNT_OF(pieces); i++)
        for (size_t at = 0; at < i * 37 % 5000; at++)
            assert_int_equal(pieces[i][at], (uint8_t)i);
    arena_destroy(arena);
}

static void arena_gives_big_pieces_too_and_refuses_absurd_ones(void **state)
{
    (void)state;
    struct arena *arena = arena_create();
    uint8_t *big = arena_alloc(arena, 10u << 20);
    assert_non_null(big);
    big[(10u << 20) - 1] = 1;
    assert_null(arena_alloc(arena, SIZE_MAX));
    assert_null(arena_alloc(arena, SIZE_MAX / 2 - 100));
    assert_string_equal(arena_format(arena, "%s %d", "line", 7), "line 7");
    assert_string_equal(arena_copy(arena, "abc", 4), "abc");
    arena_destroy(arena);
    arena_destroy(NULL);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(arena_pieces_are_zeroed_aligned_and_apart),
    cmocka_unit_test(arena_gives_big_pieces_too_and_refuses_absurd_ones),
};

RUN_TESTS(tests)
