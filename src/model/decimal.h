/*
 * model/decimal.h - numbers with a fraction as text.
 */
#ifndef MODEL_DECIMAL_H
#define MODEL_DECIMAL_H

#include <stddef.h>

#define DECIMAL_SIZE 24

/* The shortest text of a number (at most six digits before the point) that geo_decimal_read reads
 * as the same number; of one too small for nine digits behind the point, the nearest such.  Its
 * length; a zero follows. */
size_t decimal__write(char out[DECIMAL_SIZE], float number);

#endif
