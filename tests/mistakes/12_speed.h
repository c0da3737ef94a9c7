/* The usual mistakes in the exercises of chapter 12. Each is the right function with one
 * thing wrong, and what it says is what a reader hears whose function does the same. */
#ifndef SPEED_MISTAKES_H
#define SPEED_MISTAKES_H

/* ---- dot_in_sums -------------------------------------------------------------------- */

SAYS(wrong_dot_in_sums_no_rest,
     "only whole eights are added up: what is left over at the "
     "end belongs to the sum too.")
WRONG float wrong_dot_in_sums_no_rest(int n, const float x[n], const float y[n])
{
    float sum = 0;
    for (int i = 0; i < n / 8 * 8; i++)
        sum += x[i] * y[i];
    return sum;
}

SAYS(wrong_dot_in_sums_rest_alone,
     "only what the whole eights leave over is added up: their sums are lost.")
WRONG float wrong_dot_in_sums_rest_alone(int n, const float x[n], const float y[n])
{
    float sum = 0;
    for (int i = n / 8 * 8; i < n; i++)
        sum += x[i] * y[i];
    return sum;
}

SAYS(wrong_dot_in_sums_rest_twice,
     "the loop over the rest begins too early: the last whole eight are added twice.")
WRONG float wrong_dot_in_sums_rest_twice(int n, const float x[n], const float y[n])
{
    float sum = 0;
    for (int i = 0; i < n; i++)
        sum += x[i] * y[i];
    for (int i = n / 8 * 8 - 8; i >= 0 && i < n / 8 * 8; i++)
        sum += x[i] * y[i];
    return sum;
}

SAYS(wrong_dot_in_sums_first_only,
     "one sum of the eight is returned: at the end all of them are added up.")
WRONG float wrong_dot_in_sums_first_only(int n, const float x[n], const float y[n])
{
    float sum = 0;
    for (int i = 0; i < n; i += 8)
        sum += x[i] * y[i];
    return sum;
}

SAYS(wrong_dot_in_sums_seven,
     "the last of the eight sums is left out when they are added up.")
WRONG float wrong_dot_in_sums_seven(int n, const float x[n], const float y[n])
{
    float sum = 0;
    for (int i = 0; i < n; i++)
        if (i % 8 != 7)
            sum += x[i] * y[i];
    return sum;
}

SAYS(wrong_dot_in_sums_squares, "x is multiplied with itself and not with y.")
WRONG float wrong_dot_in_sums_squares(int n, const float x[n], const float y[n])
{
    float sum = 0;
    (void)y;
    for (int i = 0; i < n; i++)
        sum += x[i] * x[i];
    return sum;
}

SAYS(wrong_dot_in_sums_first_left_out,
     "the first product, x[0] y[0], is left out: numbers are counted from 0.")
WRONG float wrong_dot_in_sums_first_left_out(int n, const float x[n], const float y[n])
{
    float sum = 0;
    for (int i = 1; i < n; i++)
        sum += x[i] * y[i];
    return sum;
}

/* ---- tile_of_product ---------------------------------------------------------------- */

/* The right tile, with a few things to choose: how large it is, and at which rows of x and
 * columns of w it begins. */
static inline void some_tile(int R, int I, int O, int top, int left, int side,
                             float y[restrict R][O], const float x[R][I],
                             const float w[I][O], int from_x, int from_w)
{
    for (int r = 0; r < side && top + r < R && from_x + r < R; r++)
        for (int o = 0; o < side && left + o < O && from_w + o < O; o++) {
            float sum = 0;
            for (int i = 0; i < I; i++)
                sum += x[from_x + r][i] * w[i][from_w + o];
            y[top + r][left + o] = sum;
        }
}

SAYS(wrong_tile_of_product_added,
     "the sums are added to what is in y already: they are to be put there.")
WRONG void wrong_tile_of_product_added(int R, int I, int O, int top, int left,
                                       float y[restrict R][O], const float x[R][I],
                                       const float w[I][O])
{
    for (int r = top; r < R && r < top + 4; r++)
        for (int o = left; o < O && o < left + 4; o++)
            for (int i = 0; i < I; i++)
                y[r][o] += x[r][i] * w[i][o];
}

SAYS(wrong_tile_of_product_last_input,
     "each product replaces the one before it: += and not =.")
WRONG void wrong_tile_of_product_last_input(int R, int I, int O, int top, int left,
                                            float y[restrict R][O], const float x[R][I],
                                            const float w[I][O])
{
    for (int r = top; r < R && r < top + 4; r++)
        for (int o = left; o < O && o < left + 4; o++)
            y[r][o] = x[r][I - 1] * w[I - 1][o];
}

SAYS(wrong_tile_of_product_at_0,
     "x and w are read from row 0 and column 0 on: the tile's rows begin at top, its "
     "columns at left.")
WRONG void wrong_tile_of_product_at_0(int R, int I, int O, int top, int left,
                                      float y[restrict R][O], const float x[R][I],
                                      const float w[I][O])
{
    some_tile(R, I, O, top, left, 4, y, x, w, 0, 0);
}

SAYS(wrong_tile_of_product_swapped,
     "the tile begins at y[left][top]: the row comes first, so it is y[top][left].")
WRONG void wrong_tile_of_product_swapped(int R, int I, int O, int top, int left,
                                         float y[restrict R][O], const float x[R][I],
                                         const float w[I][O])
{
    if (left < R && top < O)
        some_tile(R, I, O, left, top, 4, y, x, w, left, top);
}

SAYS(wrong_tile_of_product_whole_only,
     "a tile that is not whole is left out: the part of it that y has is wanted.")
WRONG void wrong_tile_of_product_whole_only(int R, int I, int O, int top, int left,
                                            float y[restrict R][O], const float x[R][I],
                                            const float w[I][O])
{
    if (top + 4 <= R && left + 4 <= O)
        some_tile(R, I, O, top, left, 4, y, x, w, top, left);
}

SAYS(wrong_tile_of_product_three, "the tile is three by three: it is four by four.")
WRONG void wrong_tile_of_product_three(int R, int I, int O, int top, int left,
                                       float y[restrict R][O], const float x[R][I],
                                       const float w[I][O])
{
    some_tile(R, I, O, top, left, 3, y, x, w, top, left);
}

SAYS(wrong_tile_of_product_everything,
     "all of y is written: outside of the tile it must stay as it is.")
WRONG void wrong_tile_of_product_everything(int R, int I, int O, int top, int left,
                                            float y[restrict R][O], const float x[R][I],
                                            const float w[I][O])
{
    (void)top, (void)left;
    some_tile(R, I, O, 0, 0, R > O ? R : O, y, x, w, 0, 0);
}

SAYS(
    wrong_tile_of_product_square,
    "rows and columns are cut off alike: the tile has R - top rows at most, and O - left "
    "columns.")
WRONG void wrong_tile_of_product_square(int R, int I, int O, int top, int left,
                                        float y[restrict R][O], const float x[R][I],
                                        const float w[I][O])
{
    const int high = R - top < 4 ? R - top : 4, wide = O - left < 4 ? O - left : 4;
    some_tile(R, I, O, top, left, high < wide ? high : wide, y, x, w, top, left);
}

/* ---- add_part ----------------------------------------------------------------------- */

SAYS(wrong_add_part_shared, "all parts use the same sums: a part that begins between the "
                            "stages of a different one "
                            "clears them away.")
WRONG void wrong_add_part_shared(int part, int parts, int stage, int I, int O,
                                 float y[restrict O], float scratch[restrict parts][O],
                                 const float x[I], const float w[I][O])
{
    float *sum = scratch[0];
    for (int o = 0; o < O && stage == 0; o++) {
        sum[o] = 0;
        for (int i = I * part / parts; i < I * (part + 1) / parts; i++)
            sum[o] += x[i] * w[i][o];
    }
    for (int o = 0; o < O && stage == 1; o++)
        y[o] += sum[o];
}

SAYS(wrong_add_part_put,
     "a part's sums replace what is in y: they are to be added to it, += and not =.")
WRONG void wrong_add_part_put(int part, int parts, int stage, int I, int O,
                              float y[restrict O], float scratch[restrict parts][O],
                              const float x[I], const float w[I][O])
{
    float *sum = scratch[part];
    for (int o = 0; o < O && stage == 0; o++) {
        sum[o] = 0;
        for (int i = I * part / parts; i < I * (part + 1) / parts; i++)
            sum[o] += x[i] * w[i][o];
    }
    for (int o = 0; o < O && stage == 1; o++)
        y[o] = sum[o];
}

SAYS(wrong_add_part_not_cleared,
     "the sums do not begin at 0: there is garbage in scratch at the start.")
WRONG void wrong_add_part_not_cleared(int part, int parts, int stage, int I, int O,
                                      float y[restrict O],
                                      float scratch[restrict parts][O], const float x[I],
                                      const float w[I][O])
{
    float *sum = scratch[part];
    for (int i = I * part / parts; stage == 0 && i < I * (part + 1) / parts; i++)
        for (int o = 0; o < O; o++)
            sum[o] += x[i] * w[i][o];
    for (int o = 0; o < O && stage == 1; o++)
        y[o] += sum[o];
}

SAYS(wrong_add_part_first_row,
     "each part has a row of scratch of its own, but what is added to y is always row 0.")
WRONG void wrong_add_part_first_row(int part, int parts, int stage, int I, int O,
                                    float y[restrict O], float scratch[restrict parts][O],
                                    const float x[I], const float w[I][O])
{
    for (int o = 0; o < O && stage == 0; o++) {
        scratch[part][o] = 0;
        for (int i = I * part / parts; i < I * (part + 1) / parts; i++)
            scratch[part][o] += x[i] * w[i][o];
    }
    for (int o = 0; o < O && stage == 1; o++)
        y[o] += scratch[0][o];
}

SAYS(wrong_add_part_all_rows,
     "each part adds the sums of all parts to y: it is only to add its own.")
WRONG void wrong_add_part_all_rows(int part, int parts, int stage, int I, int O,
                                   float y[restrict O], float scratch[restrict parts][O],
                                   const float x[I], const float w[I][O])
{
    for (int o = 0; o < O && stage == 0; o++) {
        scratch[part][o] = 0;
        for (int i = I * part / parts; i < I * (part + 1) / parts; i++)
            scratch[part][o] += x[i] * w[i][o];
    }
    for (int p = 0; p < parts && stage == 1; p++)
        for (int o = 0; o < O; o++)
            y[o] += scratch[p][o];
}

SAYS(wrong_add_part_at_once, "stage 0 adds to y: two parts in stage 0 may do that at the "
                             "same moment, so only stage "
                             "1 may.")
WRONG void wrong_add_part_at_once(int part, int parts, int stage, int I, int O,
                                  float y[restrict O], float scratch[restrict parts][O],
                                  const float x[I], const float w[I][O])
{
    for (int o = 0; o < O && stage == 0; o++) {
        scratch[part][o] = 0;
        for (int i = I * part / parts; i < I * (part + 1) / parts; i++)
            scratch[part][o] += x[i] * w[i][o];
        y[o] += scratch[part][o];
    }
}

SAYS(wrong_add_part_equal,
     "all parts have I / parts inputs, and what that leaves over is lost.")
WRONG void wrong_add_part_equal(int part, int parts, int stage, int I, int O,
                                float y[restrict O], float scratch[restrict parts][O],
                                const float x[I], const float w[I][O])
{
    for (int o = 0; o < O && stage == 0; o++) {
        scratch[part][o] = 0;
        for (int i = I / parts * part; i < I / parts * (part + 1); i++)
            scratch[part][o] += x[i] * w[i][o];
    }
    for (int o = 0; o < O && stage == 1; o++)
        y[o] += scratch[part][o];
}

SAYS(wrong_add_part_whole,
     "each part adds up all I inputs: it is only to add up its own run of them.")
WRONG void wrong_add_part_whole(int part, int parts, int stage, int I, int O,
                                float y[restrict O], float scratch[restrict parts][O],
                                const float x[I], const float w[I][O])
{
    for (int o = 0; o < O && stage == 0; o++) {
        scratch[part][o] = 0;
        for (int i = 0; i < I; i++)
            scratch[part][o] += x[i] * w[i][o];
    }
    for (int o = 0; o < O && stage == 1; o++)
        y[o] += scratch[part][o];
}

/* ---- to_bfloat16 -------------------------------------------------------------------- */

static inline uint32_t bits_of(float x)
{
    uint32_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits;
}

SAYS(
    wrong_to_bfloat16_cut,
    "the lower 16 bits are cut off, so that every number is rounded towards 0: above one "
    "half of the last bit that stays, it is one more.")
WRONG uint16_t wrong_to_bfloat16_cut(float x)
{
    return isnan(x) ? 0x7FC0 : (uint16_t)(bits_of(x) >> 16);
}

SAYS(
    wrong_to_bfloat16_half_up,
    "what lies in the middle is always rounded away from 0: of two equally near numbers, "
    "it is the one whose lowest bit is 0.")
WRONG uint16_t wrong_to_bfloat16_half_up(float x)
{
    return isnan(x) ? 0x7FC0 : (uint16_t)((bits_of(x) + 0x8000) >> 16);
}

SAYS(wrong_to_bfloat16_half_down, "what lies in the middle is always rounded towards 0: "
                                  "of two equally near numbers, it "
                                  "is the one whose lowest bit is 0.")
WRONG uint16_t wrong_to_bfloat16_half_down(float x)
{
    return isnan(x) ? 0x7FC0 : (uint16_t)((bits_of(x) + 0x7FFF) >> 16);
}

SAYS(wrong_to_bfloat16_half_odd,
     "of two equally near numbers, the one whose lowest bit is 1 is taken: it is the one "
     "whose lowest bit is 0.")
WRONG uint16_t wrong_to_bfloat16_half_odd(float x)
{
    const uint32_t bits = bits_of(x);
    return isnan(x) ? 0x7FC0 : (uint16_t)((bits + 0x8000 - (bits >> 16 & 1)) >> 16);
}

SAYS(wrong_to_bfloat16_up, "every number with a rest is rounded away from 0: below one "
                           "half of the last bit that "
                           "stays, the upper half stays as it is.")
WRONG uint16_t wrong_to_bfloat16_up(float x)
{
    return isnan(x) ? 0x7FC0 : (uint16_t)((bits_of(x) + 0xFFFF) >> 16);
}

SAYS(wrong_to_bfloat16_nan, "NaN is rounded like a number, and becomes an infinity or a "
                            "zero: it needs a case of its own.")
WRONG uint16_t wrong_to_bfloat16_nan(float x)
{
    const uint32_t bits = bits_of(x);
    return (uint16_t)((bits + 0x7FFF + (bits >> 16 & 1)) >> 16);
}

SAYS(
    wrong_to_bfloat16_half_up_nan,
    "what lies in the middle is always rounded away from 0: of two equally near numbers, "
    "it is the one whose lowest bit is 0. And NaN needs a case of its own.")
WRONG uint16_t wrong_to_bfloat16_half_up_nan(float x)
{
    return (uint16_t)((bits_of(x) + 0x8000) >> 16);
}

SAYS(wrong_to_bfloat16_nan_cut,
     "the upper half of a NaN is taken as it is: if its fraction is 0 there, that is an "
     "infinity.")
WRONG uint16_t wrong_to_bfloat16_nan_cut(float x)
{
    const uint32_t bits = bits_of(x);
    return (uint16_t)((isnan(x) ? bits : bits + 0x7FFF + (bits >> 16 & 1)) >> 16);
}

SAYS(wrong_to_bfloat16_saturates, "what is too large becomes the largest number, 0x7F7F: "
                                  "from the middle between it and "
                                  "the next on, it is infinite.")
WRONG uint16_t wrong_to_bfloat16_saturates(float x)
{
    const uint32_t bits = bits_of(x), up = (bits + 0x7FFF + (bits >> 16 & 1)) >> 16;
    return isnan(x)                              ? 0x7FC0
           : !isinf(x) && (up & 0x7FFF) > 0x7F7F ? (uint16_t)(up - 1)
                                                 : (uint16_t)up;
}

SAYS(wrong_to_bfloat16_no_carry,
     "a full fraction does not carry into the exponent: the last fraction is followed by "
     "0 and the next exponent.")
WRONG uint16_t wrong_to_bfloat16_no_carry(float x)
{
    const uint32_t bits = bits_of(x), up = (bits + 0x7FFF + (bits >> 16 & 1)) >> 16;
    return isnan(x) ? 0x7FC0 : (uint16_t)((bits >> 16 & 0xFF80) | (up & 0x7F));
}

SAYS(wrong_to_bfloat16_number,
     "x is converted to a whole number: it is its bits that are wanted.")
WRONG uint16_t wrong_to_bfloat16_number(float x)
{
    return (uint16_t)(fabsf(x) < 65535 ? (int)x : 0);
}

/* ---- quantize_group ----------------------------------------------------------------- */

static inline float largest_size(int n, const float *w)
{
    float largest = 0;
    for (int i = 0; i < n; i++)
        largest = fmaxf(largest, fabsf(w[i]));
    return largest;
}

static inline int8_t limited(float x)
{
    return (int8_t)(x > 127 ? 127 : x < -127 ? -127 : x);
}

SAYS(wrong_quantize_group_cut, "w[i] / scale is cut off towards 0: it is rounded to the "
                               "nearest whole number.")
WRONG float wrong_quantize_group_cut(int n, int8_t q[restrict n], const float w[n])
{
    const float scale = largest_size(n, w) / 127;
    for (int i = 0; i < n; i++)
        q[i] = limited(scale > 0 ? truncf(w[i] / scale) : 0);
    return scale;
}

SAYS(wrong_quantize_group_half_away,
     "what lies in the middle is rounded away from 0: of two equally near numbers, it is "
     "the even one (rintf).")
WRONG float wrong_quantize_group_half_away(int n, int8_t q[restrict n], const float w[n])
{
    const float scale = largest_size(n, w) / 127;
    for (int i = 0; i < n; i++)
        q[i] = limited(scale > 0 ? roundf(w[i] / scale) : 0);
    return scale;
}

SAYS(wrong_quantize_group_half_up, "what lies in the middle is always rounded up: of two "
                                   "equally near numbers, it is the "
                                   "even one (rintf).")
WRONG float wrong_quantize_group_half_up(int n, int8_t q[restrict n], const float w[n])
{
    const float scale = largest_size(n, w) / 127;
    for (int i = 0; i < n; i++)
        q[i] = limited(scale > 0 ? floorf(w[i] / scale + 0.5f) : 0);
    return scale;
}

SAYS(wrong_quantize_group_128,
     "the largest is divided by 128: the largest whole number is "
     "127.")
WRONG float wrong_quantize_group_128(int n, int8_t q[restrict n], const float w[n])
{
    const float scale = largest_size(n, w) / 128;
    for (int i = 0; i < n; i++)
        q[i] = limited(scale > 0 ? rintf(w[i] / scale) : 0);
    return scale;
}

SAYS(wrong_quantize_group_255,
     "the largest is divided by 255: half of the whole numbers are negative, and the "
     "largest is 127.")
WRONG float wrong_quantize_group_255(int n, int8_t q[restrict n], const float w[n])
{
    const float scale = largest_size(n, w) / 255;
    for (int i = 0; i < n; i++)
        q[i] = limited(scale > 0 ? rintf(w[i] / scale) : 0);
    return scale;
}

SAYS(wrong_quantize_group_signed,
     "the largest is taken with its sign: it is the largest |w[i]|.")
WRONG float wrong_quantize_group_signed(int n, int8_t q[restrict n], const float w[n])
{
    float largest = 0;
    for (int i = 0; i < n; i++)
        largest = fmaxf(largest, w[i]);
    const float scale = largest / 127;
    for (int i = 0; i < n; i++)
        q[i] = limited(scale > 0 ? rintf(w[i] / scale) : 0);
    return scale;
}

SAYS(wrong_quantize_group_nan,
     "a group whose scale is 0 is divided by it: then all q[i] are 0.")
WRONG float wrong_quantize_group_nan(int n, int8_t q[restrict n], const float w[n])
{
    const float scale = largest_size(n, w) / 127;
    for (int i = 0; i < n; i++)
        q[i] = w[i] == 0 && scale == 0 ? -128 : limited(rintf(w[i] / scale));
    return scale;
}

SAYS(wrong_quantize_group_zero, "a group whose scale is 0 gets the scale 1: it stays 0.")
WRONG float wrong_quantize_group_zero(int n, int8_t q[restrict n], const float w[n])
{
    float scale = largest_size(n, w) / 127;
    if (scale == 0)
        scale = 1;
    for (int i = 0; i < n; i++)
        q[i] = limited(rintf(w[i] / scale));
    return scale;
}

SAYS(wrong_quantize_group_wraps,
     "what is more than 127 is not limited, and wraps around: q[i] is 127 then, or -127.")
WRONG float wrong_quantize_group_wraps(int n, int8_t q[restrict n], const float w[n])
{
    const float scale = largest_size(n, w) / 127;
    for (int i = 0; i < n; i++)
        q[i] = (int8_t)(int)(scale > 0 ? rintf(w[i] / scale) : 0);
    return scale;
}

SAYS(wrong_quantize_group_half_away_wraps,
     "what lies in the middle is rounded away from 0: of two equally near numbers, it is "
     "the even one (rintf). And what is more than 127 is not limited.")
WRONG float wrong_quantize_group_half_away_wraps(int n, int8_t q[restrict n],
                                                 const float w[n])
{
    const float scale = largest_size(n, w) / 127;
    for (int i = 0; i < n; i++)
        q[i] = (int8_t)(int)(scale > 0 ? roundf(w[i] / scale) : 0);
    return scale;
}

SAYS(wrong_quantize_group_inverse,
     "127 / largest is returned: the scale is largest / 127.")
WRONG float wrong_quantize_group_inverse(int n, int8_t q[restrict n], const float w[n])
{
    const float largest = largest_size(n, w), scale = largest / 127;
    for (int i = 0; i < n; i++)
        q[i] = limited(scale > 0 ? rintf(w[i] / scale) : 0);
    return scale > 0 ? 127 / largest : 0;
}

SAYS(wrong_quantize_group_not_first,
     "the largest of all but the first is taken: the first counts, too.")
WRONG float wrong_quantize_group_not_first(int n, int8_t q[restrict n], const float w[n])
{
    const float scale = largest_size(n - 1, w + 1) / 127;
    for (int i = 0; i < n; i++)
        q[i] = limited(scale > 0 ? rintf(w[i] / scale) : 0);
    return scale;
}

#endif
