/* numbers.h: numbers for what a probe gives to a function: without a pattern, the same on every
 * machine, and exact in a float, as are their sums. */
#ifndef NUMBERS_H
#define NUMBERS_H

#include "../src/00_book.h"

/* From -4 to 4, a multiple of 1/64, never 0. */
static inline float a_number(unsigned seed, unsigned i)
{
    unsigned x = seed * 40503u + i * 2654435761u + 12345u;
    x = (x ^ x >> 15) * 2246822519u;
    x = (x ^ x >> 13) * 3266489917u;
    const int n = (int)(x >> 16 & 511) - 256;
    return (float)(n < 0 ? n : n + 1) / 64;
}

/* Many of them; the caller frees them. */
static inline float *some_numbers(int n, unsigned seed)
{
    float *x = grab((size_t)n, sizeof *x);
    for (int i = 0; i < n; i++)
        x[i] = a_number(seed, (unsigned)i);
    return x;
}

#endif
