/* Right answers of other kinds to the exercises of chapter 2, as readers write them. */
#ifndef CHECKPOINT_RIGHT_H
#define CHECKPOINT_RIGHT_H

/* ---- parameter_count --------------------------------------------------------------- */

/* Tensor by tensor, with the chapter's own list of them. */
RIGHT_ANSWER size_t right_parameter_count_every_tensor(const struct config *c)
{
    size_t sum = 0;
    for (int i = 0; i < tensor_count(c); i++) {
        struct tensor_place p = tensor_place(c, i);
        sum += (size_t)p.shape[0] * (size_t)p.shape[1];
    }
    return sum;
}

/* All in one formula. */
RIGHT_ANSWER size_t right_parameter_count_formula(const struct config *c)
{
    const size_t C = (size_t)c->C, F = (size_t)c->F;
    return C * (size_t)(c->V + c->positions + 2) +
           (size_t)c->L * (4 * C * C + 9 * C + (2 * C + 1) * F);
}

static inline size_t linear_size(size_t in, size_t out)
{
    return (in + 1) * out;
}

/* A helper function for what is there several times, and a loop over the blocks. */
RIGHT_ANSWER size_t right_parameter_count_helpers(const struct config *c)
{
    const size_t C = (size_t)c->C, F = (size_t)c->F;
    size_t sum = (size_t)c->V * C;
    sum += (size_t)c->positions * C;
    for (int l = 0; l < c->L; l++) {
        sum += 2 * C + linear_size(C, 3 * C) + linear_size(C, C);
        sum += 2 * C + linear_size(C, F) + linear_size(F, C);
    }
    return sum + 2 * C;
}

/* In double: exact up to 2^53. */
RIGHT_ANSWER size_t right_parameter_count_double(const struct config *c)
{
    const double V = c->V, P = c->positions, C = c->C, F = c->F, L = c->L;
    double block = 12 * C * C + 13 * C + (F - 4 * C) * (2 * C + 1);
    return (size_t)(V * C + P * C + L * block + 2 * C);
}

/* What the hints say. */
RIGHT_ANSWER size_t right_parameter_count_hints(const struct config *c)
{
    size_t V = (size_t)c->V, positions = (size_t)c->positions, C = (size_t)c->C;
    size_t F = (size_t)c->F, L = (size_t)c->L;
    size_t block =
        2 * (C + C) + (C * 3 * C + 3 * C) + (C * C + C) + (C * F + F) + (F * C + C);
    return V * C + positions * C + L * block + (C + C);
}

/* ---- bfloat16_to_float ------------------------------------------------------------- */

/* A union. */
RIGHT_ANSWER float right_bfloat16_to_float_union(uint16_t bits)
{
    union {
        uint32_t all;
        float number;
    } both = {.all = (uint32_t)bits * 65536u};
    return both.number;
}

/* By arithmetic. */
RIGHT_ANSWER float right_bfloat16_to_float_computed(uint16_t bits)
{
    const int e = bits >> 7 & 255, f = bits & 127;
    double size;
    if (e == 255)
        size = f == 0 ? (double)INFINITY : (double)NAN;
    else if (e == 0)
        size = f * pow(2, -133);
    else
        size = (128 + f) * pow(2, e - 134);
    return (float)(bits & 0x8000 ? -size : size);
}

/* Part by part into a float's bits. */
RIGHT_ANSWER float right_bfloat16_to_float_parts(uint16_t bits)
{
    uint32_t sign = bits >> 15, exponent = bits >> 7 & 0xFF, fraction = bits & 0x7F;
    uint32_t all = sign << 31 | exponent << 23 | fraction << 16;
    float number;
    memcpy(&number, &all, sizeof all);
    return number;
}

/* What the hints say. */
RIGHT_ANSWER float right_bfloat16_to_float_hints(uint16_t bits)
{
    uint32_t all = (uint32_t)bits << 16;
    float number;
    memcpy(&number, &all, 4);
    return number;
}

/* ---- half_to_float ----------------------------------------------------------------- */

/* Into a float's bits; the tiny numbers are shifted until there is a 1 in front. */
RIGHT_ANSWER float right_half_to_float_moved(uint16_t bits)
{
    uint32_t sign = (uint32_t)(bits & 0x8000) << 16, e = bits >> 10 & 0x1F,
             f = bits & 0x3FF, all;
    if (e == 31)
        all = sign | 0x7F800000u | f << 13;
    else if (e != 0)
        all = sign | (e + 112) << 23 | f << 13;
    else if (f == 0)
        all = sign;
    else {
        e = 113;
        while (!(f & 0x400)) {
            f <<= 1;
            e--;
        }
        all = sign | e << 23 | (f & 0x3FF) << 13;
    }
    float number;
    memcpy(&number, &all, sizeof number);
    return number;
}

/* 1.fraction, doubled or halved as often as the exponent says. */
RIGHT_ANSWER float right_half_to_float_doubled(uint16_t bits)
{
    const int e = (bits & 0x7C00) / 1024, f = bits % 1024;
    float number = (float)f / 1024;
    if (e == 31)
        number = f ? NAN : INFINITY;
    else {
        if (e > 0)
            number += 1;
        for (int i = 15; i < e; i++)
            number *= 2;
        for (int i = e > 0 ? e : 1; i < 15; i++)
            number /= 2;
    }
    return bits >= 0x8000 ? -number : number;
}

/* Powers of two in double. */
RIGHT_ANSWER float right_half_to_float_pow(uint16_t bits)
{
    const double sign = bits >> 15 ? -1 : 1;
    const int e = bits >> 10 & 31;
    const double fraction = (bits & 1023) / 1024.0;
    if (e == 31 && fraction > 0)
        return NAN;
    if (e == 31)
        return (float)sign * INFINITY;
    if (e == 0)
        return (float)(sign * fraction * pow(2, -14));
    return (float)(sign * (1 + fraction) * pow(2, e - 15));
}

/* A float of the same bits has another exponent: what is missing is multiplied in. */
RIGHT_ANSWER float right_half_to_float_scaled(uint16_t bits)
{
    uint32_t all = (uint32_t)(bits & 0x7FFF) << 13;
    float size;
    memcpy(&size, &all, sizeof size);
    size *= 0x1p112f;
    if (size >= 65536)
        size = bits & 1023 ? NAN : INFINITY;
    return bits & 0x8000 ? -size : size;
}

/* What the hints say. */
RIGHT_ANSWER float right_half_to_float_hints(uint16_t bits)
{
    int s = bits >> 15, e = bits >> 10 & 31, f = bits & 1023;
    float size;
    if (e == 31)
        size = f == 0 ? INFINITY : NAN;
    else if (e == 0)
        size = ldexpf((float)f, -24);
    else
        size = ldexpf((float)(1024 + f), e - 25);
    return s ? -size : size;
}

/* ---- element_place ----------------------------------------------------------------- */

/* A step for each thing that is in front. */
RIGHT_ANSWER size_t right_element_place_steps(size_t header, size_t begin, size_t columns,
                                              size_t size, size_t row, size_t column)
{
    size_t place = 8;
    place += header;
    place += begin;
    place += row * columns * size;
    place += column * size;
    return place;
}

/* How long a row is first. */
RIGHT_ANSWER size_t right_element_place_row_length(size_t header, size_t begin,
                                                   size_t columns, size_t size,
                                                   size_t row, size_t column)
{
    const size_t row_length = size * columns, numbers = sizeof(uint64_t) + header;
    return column * size + row * row_length + (numbers + begin);
}

/* In unsigned long long. */
RIGHT_ANSWER size_t right_element_place_long(size_t header, size_t begin, size_t columns,
                                             size_t size, size_t row, size_t column)
{
    unsigned long long before = row;
    before *= columns;
    before += column;
    before *= size;
    return (size_t)(before + begin + header + 8ULL);
}

/* What the hints say. */
RIGHT_ANSWER size_t right_element_place_hints(size_t header, size_t begin, size_t columns,
                                              size_t size, size_t row, size_t column)
{
    size_t numbers_before = row * columns + column;
    return 8 + header + begin + numbers_before * size;
}

/* ---- tensor_at --------------------------------------------------------------------- */

/* One after the other. */
RIGHT_ANSWER int right_tensor_at_one_by_one(int n, const size_t begins[n], size_t length,
                                            size_t byte)
{
    for (int i = 0; i < n; i++) {
        size_t end = i + 1 < n ? begins[i + 1] : length;
        if (byte >= begins[i] && byte < end)
            return i;
    }
    return -1;
}

/* Both ends belong to the range. */
RIGHT_ANSWER int right_tensor_at_both_ends(int n, const size_t begins[n], size_t length,
                                           size_t byte)
{
    int low = 0, high = n - 1;
    if (byte >= length)
        return -1;
    while (low < high) {
        int middle = (low + high + 1) / 2;
        if (begins[middle] > byte)
            high = middle - 1;
        else
            low = middle;
    }
    return high;
}

/* The last one by itself. */
RIGHT_ANSWER int right_tensor_at_last_by_itself(int n, const size_t begins[n],
                                                size_t length, size_t byte)
{
    if (byte >= length)
        return -1;
    if (byte >= begins[n - 1])
        return n - 1;
    int low = 0, high = n - 1;
    while (high - low > 1) {
        int middle = low + (high - low) / 2;
        if (begins[middle] <= byte)
            low = middle;
        else
            high = middle;
    }
    return low;
}

/* From the last to the first. */
RIGHT_ANSWER int right_tensor_at_backwards(int n, const size_t begins[n], size_t length,
                                           size_t byte)
{
    if (length <= byte)
        return -1;
    const size_t *at = begins + n;
    while (*--at > byte)
        ;
    return (int)(at - begins);
}

static inline int tensor_between(const size_t *begins, int from, int to, size_t byte)
{
    if (to - from == 1)
        return from;
    int middle = (from + to) / 2;
    return byte < begins[middle] ? tensor_between(begins, from, middle, byte)
                                 : tensor_between(begins, middle, to, byte);
}

/* What the hints say: one of `from` to `to` - 1, by recursion. */
RIGHT_ANSWER int right_tensor_at_hints(int n, const size_t begins[n], size_t length,
                                       size_t byte)
{
    return byte < length ? tensor_between(begins, 0, n, byte) : -1;
}

#endif
