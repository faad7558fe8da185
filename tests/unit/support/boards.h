/*
 * boards.h - a board for tests that need one: it has one checker, and nobody probes.
 */
#ifndef SIGNPOST_TEST_BOARDS_H
#define SIGNPOST_TEST_BOARDS_H

#include "signpost/probe/board.h"

static inline struct board *board_of_one_checker(struct health_table *table)
{
    struct checker_list checkers = { .count = 0 };
    checker_list_add(&checkers, "us-east-1", NULL);
    return board_create(table, &checkers);
}

#endif
