/* Right answers to the exercises of chapter 12, of other kinds than the book's: each must pass,
 * with any compiler. Those that are called …_as_hinted do what the hints say, to the letter. */
#ifndef SPEED_RIGHT_H
#define SPEED_RIGHT_H

/* ---- to_bfloat16 -------------------------------------------------------------------- */

RIGHT_ANSWER uint16_t right_to_bfloat16_as_hinted(float x)
{
    uint32_t bits;
    memcpy(&bits, &x, 4);
    if (isnan(x))
        return (uint16_t)(bits >> 16 | 0x40);
    const uint32_t rest = bits & 0xFFFF, upper = bits >> 16;
    if (rest > 0x8000 || (rest == 0x8000 && upper % 2 == 1))
        return (uint16_t)(upper + 1);
    return (uint16_t)upper;
}

/* By arithmetic: the number is divided by the step at its size, and rounded whole. */
RIGHT_ANSWER uint16_t right_to_bfloat16_by_steps(float x)
{
    const uint16_t sign = signbit(x) ? 0x8000 : 0;
    if (isnan(x))
        return 0x7FFF;
    if (isinf(x))
        return sign | 0x7F80;
    int e;
    const double size = fabs((double)x);
    frexp(size, &e); /* size is 0.5 to 1 times 2^e */
    e = size == 0 || e < -125 ? -125 : e;
    double steps = ldexp(size, 8 - e); /* 128 to 256, or below 128 for the tiniest */
    double whole = floor(steps);
    if (steps - whole > 0.5 || (steps - whole == 0.5 && fmod(whole, 2) == 1))
        whole++;
    return (uint16_t)(sign | ((e + 125) * 128 + (int)whole));
}

/* Tries the two candidates, and takes the nearer one. */
RIGHT_ANSWER uint16_t right_to_bfloat16_nearer(float x)
{
    uint32_t bits;
    memcpy(&bits, &x, 4);
    const uint16_t low = (uint16_t)(bits >> 16), high = (uint16_t)(low + 1);
    if (isnan(x))
        return 0xFFC1;
    if (isinf(x))
        return low;
    const double a = (double)bfloat16_to_float(low),
                 b = isinf(bfloat16_to_float(high)) ? copysign(ldexp(1, 128), (double)x)
                                                    : (double)bfloat16_to_float(high);
    const double down = fabs((double)x - a), up = fabs((double)x - b);
    return down < up || (down == up && low % 2 == 0) ? low : high;
}

#endif
