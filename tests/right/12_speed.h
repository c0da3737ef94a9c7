/* Right answers to the exercises of chapter 12, of other kinds than the book's: each must pass,
 * with any compiler. Those that are called …_as_hinted do what the hints say, to the letter. */
#ifndef SPEED_RIGHT_H
#define SPEED_RIGHT_H

/* ---- dot_in_sums -------------------------------------------------------------------- */

RIGHT_ANSWER float right_dot_in_sums_as_hinted(int n, const float x[n], const float y[n])
{
    float sum[8] = {0}, all = 0;
    int i = 0;
    for (; i + 8 <= n; i += 8)
        for (int s = 0; s < 8; s++)
            sum[s] += x[i + s] * y[i + s];
    for (; i < n; i++)
        sum[0] += x[i] * y[i];
    for (int s = 0; s < 8; s++)
        all += sum[s];
    return all;
}

/* One sum: as right, and slow. */
RIGHT_ANSWER float right_dot_in_sums_plain(int n, const float x[n], const float y[n])
{
    float sum = 0;
    for (int i = 0; i < n; i++)
        sum += x[i] * y[i];
    return sum;
}

/* Four sums, each over a quarter. */
RIGHT_ANSWER float right_dot_in_sums_four(int n, const float x[n], const float y[n])
{
    const int m = n / 4;
    float a = 0, b = 0, c = 0, d = 0;
    for (int i = 0; i < m; i++) {
        a += x[i] * y[i];
        b += x[m + i] * y[m + i];
        c += x[2 * m + i] * y[2 * m + i];
        d += x[3 * m + i] * y[3 * m + i];
    }
    for (int i = 4 * m; i < n; i++)
        d += x[i] * y[i];
    return a + b + c + d;
}

RIGHT_ANSWER float right_dot_in_sums_in_double(int n, const float x[n], const float y[n])
{
    double sum = 0;
    for (int i = n - 1; i >= 0; i--)
        sum += (double)x[i] * (double)y[i];
    return (float)sum;
}

/* ---- tile_of_product ---------------------------------------------------------------- */

RIGHT_ANSWER void right_tile_of_product_as_hinted(int R, int I, int O, int top, int left,
                                                  float y[restrict R][O],
                                                  const float x[R][I],
                                                  const float w[I][O])
{
    float sum[4][4] = {{0}};
    int high = R - top < 4 ? R - top : 4, wide = O - left < 4 ? O - left : 4;
    for (int i = 0; i < I; i++)
        for (int r = 0; r < high; r++)
            for (int o = 0; o < wide; o++)
                sum[r][o] += x[top + r][i] * w[i][left + o];
    for (int r = 0; r < high; r++)
        for (int o = 0; o < wide; o++)
            y[top + r][left + o] = sum[r][o];
}

RIGHT_ANSWER void right_tile_of_product_dots(int R, int I, int O, int top, int left,
                                             float y[restrict R][O], const float x[R][I],
                                             const float w[I][O])
{
    for (int r = top; r < R && r < top + 4; r++)
        for (int o = left; o < O && o < left + 4; o++) {
            float sum = 0;
            for (int i = I - 1; i >= 0; i--)
                sum += x[r][i] * w[i][o];
            y[r][o] = sum;
        }
}

RIGHT_ANSWER void right_tile_of_product_in_double(int R, int I, int O, int top, int left,
                                                  float y[restrict R][O],
                                                  const float x[R][I],
                                                  const float w[I][O])
{
    for (int r = top; r < R && r < top + 4; r++)
        for (int o = left; o < O && o < left + 4; o++) {
            double sum = 0;
            for (int i = 0; i < I; i++)
                sum += (double)x[r][i] * (double)w[i][o];
            y[r][o] = (float)sum;
        }
}

/* Without sums of its own: in y, which is cleared first. */
RIGHT_ANSWER void right_tile_of_product_in_place(int R, int I, int O, int top, int left,
                                                 float y[restrict R][O],
                                                 const float x[R][I], const float w[I][O])
{
    const int below = top + 4 < R ? top + 4 : R, beside = left + 4 < O ? left + 4 : O;
    for (int r = top; r < below; r++)
        for (int o = left; o < beside; o++)
            y[r][o] = 0;
    for (int i = 0; i < I; i++)
        for (int r = top; r < below; r++)
            for (int o = left; o < beside; o++)
                y[r][o] += x[r][i] * w[i][o];
}

/* ---- add_part ----------------------------------------------------------------------- */

RIGHT_ANSWER void right_add_part_as_hinted(int part, int parts, int stage, int I, int O,
                                           float y[restrict O],
                                           float scratch[restrict parts][O],
                                           const float x[I], const float w[I][O])
{
    for (int o = 0; o < O && stage == 1; o++)
        y[o] += scratch[part][o];
    for (int o = 0; o < O && stage == 0; o++)
        scratch[part][o] = 0;
    for (int i = I * part / parts; i < I * (part + 1) / parts && stage == 0; i++)
        for (int o = 0; o < O; o++)
            scratch[part][o] += x[i] * w[i][o];
}

/* All of it in stage 1, without scratch. */
RIGHT_ANSWER void right_add_part_late(int part, int parts, int stage, int I, int O,
                                      float y[restrict O],
                                      float scratch[restrict parts][O], const float x[I],
                                      const float w[I][O])
{
    (void)scratch;
    for (int i = I * part / parts; i < I * (part + 1) / parts && stage == 1; i++)
        for (int o = 0; o < O; o++)
            y[o] += x[i] * w[i][o];
}

/* The rows of scratch from the end. */
RIGHT_ANSWER void right_add_part_other_row(int part, int parts, int stage, int I, int O,
                                           float y[restrict O],
                                           float scratch[restrict parts][O],
                                           const float x[I], const float w[I][O])
{
    float *sum = scratch[parts - 1 - part];
    if (stage == 1) {
        for (int o = 0; o < O; o++)
            y[o] += sum[o];
        return;
    }
    memset(sum, 0, (size_t)O * sizeof *sum);
    for (int i = I * (part + 1) / parts - 1; i >= I * part / parts; i--)
        for (int o = 0; o < O; o++)
            sum[o] += x[i] * w[i][o];
}

/* Output after output, in double. */
RIGHT_ANSWER void right_add_part_by_outputs(int part, int parts, int stage, int I, int O,
                                            float y[restrict O],
                                            float scratch[restrict parts][O],
                                            const float x[I], const float w[I][O])
{
    for (int o = 0; o < O; o++) {
        double sum = 0;
        for (int i = I * part / parts; i < I * (part + 1) / parts; i++)
            sum += (double)x[i] * (double)w[i][o];
        if (stage == 0)
            scratch[part][o] = (float)sum;
        else
            y[o] += scratch[part][o];
    }
}

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

/* ---- quantize_group ----------------------------------------------------------------- */

RIGHT_ANSWER float right_quantize_group_as_hinted(int n, int8_t q[restrict n],
                                                  const float w[n])
{
    float largest = 0;
    for (int i = 0; i < n; i++)
        if (fabsf(w[i]) > largest)
            largest = fabsf(w[i]);
    float scale = largest / 127;
    for (int i = 0; i < n; i++) {
        if (scale == 0) {
            q[i] = 0;
            continue;
        }
        float x = rintf(w[i] / scale);
        if (x > 127)
            x = 127;
        if (x < -127)
            x = -127;
        q[i] = (int8_t)x;
    }
    return scale;
}

RIGHT_ANSWER float right_quantize_group_in_double(int n, int8_t q[restrict n],
                                                  const float w[n])
{
    double largest = 0;
    for (int i = 0; i < n; i++)
        largest = fmax(largest, fabs((double)w[i]));
    const float scale = (float)(largest / 127);
    for (int i = 0; i < n; i++)
        q[i] =
            scale > 0
                ? (int8_t)nearbyint(fmax(-127, fmin(127, (double)w[i] / (double)scale)))
                : 0;
    return scale;
}

/* Without the library: the rest after the whole number below decides. */
RIGHT_ANSWER float right_quantize_group_by_hand(int n, int8_t q[restrict n],
                                                const float w[n])
{
    float largest = 0;
    for (int i = n - 1; i >= 0; i--) {
        const float size = w[i] < 0 ? -w[i] : w[i];
        largest = size > largest ? size : largest;
    }
    const float scale = largest / 127;
    for (int i = 0; i < n; i++) {
        float x = scale == 0 ? 0 : w[i] / scale;
        const int sign = x < 0 ? -1 : 1;
        x *= (float)sign;
        int whole = x > 127 ? 127 : (int)x;
        const float rest = x > 127 ? 0 : x - (float)whole;
        if (rest > 0.5f || (rest == 0.5f && whole % 2 == 1))
            whole++;
        q[i] = (int8_t)(sign * whole);
    }
    return scale;
}

#endif
