/*
 * tests.h - what every cmocka test includes, in the order that cmocka asks for.
 */
#ifndef SIGNPOST_TESTS_H
#define SIGNPOST_TESTS_H

/* clang-format off */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
/* clang-format on */

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Runs the tests whose names match the first argument (with * and ?), or all of them. */
#define RUN_TESTS(tests)                                                                           \
    int main(int argc, char **argv)                                                                \
    {                                                                                              \
        if (argc > 1)                                                                              \
            cmocka_set_test_filter(argv[1]);                                                       \
        return cmocka_run_group_tests(tests, NULL, NULL);                                          \
    }

#define COUNT_OF(array) (sizeof(array) / sizeof *(array))

#endif
