#include "signpost/base/chi_square.h"

#include <math.h>
#include <stdbool.h>

#define ITERATIONS_MAX 10000
#define PRECISION      1e-15
#define TINY           1e-300 /* in the place of a zero that would be divided by */

/* x^a e^-x / gamma(a), which both expansions below have in front. */
static double front(double a, double x)
{
    int sign;
    return exp(a * log(x) - x - lgamma_r(a, &sign));
}

/* The regularised incomplete gamma function from below, by its series; good for x < a + 1. */
static double gamma_below(double a, double x)
{
    double term = 1 / a, sum = term;
    for (unsigned i = 1; i < ITERATIONS_MAX && term > sum * PRECISION; i++) {
        term *= x / (a + i);
        sum += term;
    }
    return sum * front(a, x);
}

/* The same from above, by its continued fraction as Lentz evaluates it; good for all other x. */
static double gamma_above(double a, double x)
{
    double b = x + 1 - a, c = 1 / TINY, d = 1 / b, value = d;
    for (unsigned i = 1; i < ITERATIONS_MAX; i++) {
        double step = i * (a - i);
        b += 2;
        d = step * d + b;
        d = 1 / (fabs(d) < TINY ? TINY : d);
        c = b + step / c;
        c = fabs(c) < TINY ? TINY : c;
        value *= c * d;
        if (fabs(c * d - 1) < PRECISION)
            break;
    }
    return value * front(a, x);
}

double chi_square_p(double statistic, unsigned degrees)
{
    double a = degrees / 2.0, x = statistic / 2;
    if (degrees == 0 || x <= 0)
        return 1;
    return x < a + 1 ? 1 - gamma_below(a, x) : gamma_above(a, x);
}

static void add(struct chi_cell *to, struct chi_cell cell)
{
    to->observed += cell.observed;
    to->expected += cell.expected;
}

static double stray(struct chi_cell cell)
{
    double difference = cell.observed - cell.expected;
    return difference * difference / cell.expected;
}

/* The cell that expects least of those that expect enough; count: there is none. */
static size_t find_least(const struct chi_cell *cells, size_t count)
{
    size_t least = count;
    for (size_t i = 0; i < count; i++)
        if (cells[i].expected >= CHI_SQUARE_EXPECTED_MIN &&
            (least == count || cells[i].expected < cells[least].expected))
            least = i;
    return least;
}

struct chi_square chi_square_test(const struct chi_cell *cells, size_t count)
{
    struct chi_square result = { 0, 0, 1 };
    struct chi_cell rest = { 0, 0 };
    size_t least = find_least(cells, count), cell_count = 0;
    for (size_t i = 0; i < count; i++)
        if (cells[i].expected < CHI_SQUARE_EXPECTED_MIN)
            add(&rest, cells[i]);
    bool joins = rest.expected < CHI_SQUARE_EXPECTED_MIN && least < count;
    if (joins)
        add(&rest, cells[least]);
    for (size_t i = 0; i < count; i++) {
        if (cells[i].expected < CHI_SQUARE_EXPECTED_MIN || (joins && i == least))
            continue;
        result.statistic += stray(cells[i]);
        cell_count++;
    }
    if (rest.expected >= CHI_SQUARE_EXPECTED_MIN) {
        result.statistic += stray(rest);
        cell_count++;
    }
    if (cell_count < 2)
        return (struct chi_square){ 0, 0, 1 };
    result.degrees = (unsigned)cell_count - 1;
    result.p = chi_square_p(result.statistic, result.degrees);
    return result;
}
