#include "decimal.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>

/* printf would do for each number of digits, ten times slower; a table has millions of them. */
size_t decimal__write(char out[DECIMAL_SIZE], float number)
{
    double size = fabs((double)number), scale = 1;
    unsigned places = 0;
    while (places < 9 && (float)(round(size * scale) / scale) != (float)size) {
        scale *= 10;
        places++;
    }
    long long scaled = llround(size * scale);
    const char *sign = number < 0 && scaled != 0 ? "-" : "";
    long long whole = scaled / (long long)scale;
    if (places == 0)
        return (size_t)snprintf(out, DECIMAL_SIZE, "%s%lld", sign, whole);
    return (size_t)snprintf(out, DECIMAL_SIZE, "%s%lld.%0*lld", sign, whole, (int)places,
                            scaled % (long long)scale);
}
