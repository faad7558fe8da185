/*
 * base/chi_square.h - whether counts are as they were expected to be: Pearson's test.
 *
 * Any thread.
 */
#ifndef SIGNPOST_BASE_CHI_SQUARE_H
#define SIGNPOST_BASE_CHI_SQUARE_H

#include <stddef.h>

struct chi_cell {
    double observed, expected;
};

struct chi_square {
    double statistic;
    unsigned degrees; /* of freedom; 0: too little to test, and then p is 1 */
    double p;         /* how often chance alone strays at least so far */
};

/* The test says little of a cell that expects less than this. */
#define CHI_SQUARE_EXPECTED_MIN 5

/* Cells that expect less than the minimum count as one, and when that is still too few together
 * with the least of the others.  The sums of both columns must be equal. */
struct chi_square chi_square_test(const struct chi_cell *cells, size_t count);

/* The chance of a statistic of at least that size; 1 for no degrees of freedom. */
double chi_square_p(double statistic, unsigned degrees);

#endif
