/* The exercises of chapter 12: chapters/12_speed.md. Write a function's body in place of
 * NOT_WRITTEN_YET(); one function is there, but broken: mend it. Then:
 *   make exercise-12     what is right, what is not, and what to do next
 *   make hint-12         a hint for the next function (FUNCTION=name: for that one)
 * The functions may call each other, and everything in ../src/12_speed.h. Each is graded
 * with the book's functions in place of the others. */
#include "../src/12_speed.h"

/* Exercise 1: a dot product in several sums, none of which waits for the others.
 *
 * n          how many numbers: 1 or more, and not always a multiple of anything
 * x, y [n]   two rows
 * returns    x[0] y[0] + x[1] y[1] + … + x[n - 1] y[n - 1]
 *
 * In one sum, each addition waits for the one before. Eight sums, each of every eighth
 * product, do not wait for each other; at the end they are added up.
 *
 * Example: n = 3, x {1, 2, 3}, y {4, 5, 6} → 32. */
float dot_in_sums(int n, const float x[n], const float y[n])
{
    NOT_WRITTEN_YET();
}

/* Exercise 2: one tile of a product, four rows by four columns.
 *
 * R, I, O       x is [R, I], w is [I, O], y is [R, O]
 * top, left     the tile's upper left corner: top is 0 to R - 1, left is 0 to O - 1
 * y             of y = x · w, the elements y[top + r][left + o] for r, o below 4 are to be
 *               written, as far as y has them; nothing else of y may change
 *
 * Keep sixteen sums in an array of your own while i runs once from 0 to I - 1, and put them
 * into y at the end: then each number of x and of w in the tile's rows and columns is used
 * four times as soon as it has been fetched.
 *
 * Example: R = 2, I = 2, O = 2, top = 1, left = 0: x {{1, 2}, {3, 4}}, w {{5, 6}, {7, 8}}.
 * The tile has one row here, and y[1] becomes {43, 50}; y[0] stays. */
void tile_of_product(int R, int I, int O, int top, int left, float y[restrict R][O],
                     const float x[R][I], const float w[I][O])
{
    NOT_WRITTEN_YET();
}

/* Exercise 3, to mend: a part of one row's product.
 *
 * part, parts   the row's I inputs are cut into `parts` runs; this call is about run `part`,
 *               inputs I * part / parts to I * (part + 1) / parts - 1
 * stage         each part is called twice: in stage 0 it adds up its run, in stage 1 its sums
 *               are added to y
 * scratch       [parts, O]: room for sums; garbage at the start. What a call leaves there
 *               is there in later calls, for any part
 * x [I], w [I, O]   the row and the matrix
 * y [O]         at the start the bias; when both stages of all parts are done: bias + x · w
 *
 * Threads take parts as they come. A part's stage 0 is before its stage 1, and no other
 * order is guaranteed: stage 0 of one part may come between the stages of others. No two parts
 * are in stage 1 at the same moment. Several may be in stage 0, so no stage 0 may touch y.
 *
 * Symptoms: when one part is done after the other, all products are right. With two
 * threads, most of them are wrong, and each time in a different way. */
void add_part(int part, int parts, int stage, int I, int O, float y[restrict O],
              float scratch[restrict parts][O], const float x[I], const float w[I][O])
{
    float *sum = scratch[0];
    if (stage == 0) {
        for (int o = 0; o < O; o++)
            sum[o] = 0;
        for (int i = I * part / parts; i < I * (part + 1) / parts; i++)
            for (int o = 0; o < O; o++)
                sum[o] += x[i] * w[i][o];
    } else {
        for (int o = 0; o < O; o++)
            y[o] += sum[o];
    }
}

/* Exercise 4: a float as a BF16 number, which is the upper half of a float's 32 bits.
 *
 * x        any float
 * returns  the bits of the BF16 number nearest to x. If two are equally near, the one whose
 *          lowest bit is 0. Beyond the largest, bits 0x7F7F, round as if the numbers went on
 *          in the same steps: what would be rounded up to the next is infinite, 0x7F80.
 *          Infinities stay infinite, and the sign stays in every case, that of 0 too. NaN
 *          becomes NaN, with whatever bits.
 *
 * memcpy(&bits, &x, 4) gives the bits of x, as a uint32_t.
 *
 * Example: 1 is 0x3F800000 as a float, and 0x3F80 here. The next BF16 number is 1 + 1/128,
 * 0x3F81. 1.004, 0x3F808312, is nearer to that: 0x3F81. 1 + 1/256, 0x3F808000, is as near to
 * one as to the other: 0x3F80. */
uint16_t to_bfloat16(float x)
{
    NOT_WRITTEN_YET();
}

/* Exercise 5: n weights as whole numbers of 8 bits, with one scale for all of them.
 *
 * n        how many, 1 or more
 * w [n]    the weights, all finite: any float that is not infinite and not NaN
 * q [n]    to be written: q[i] is w[i] / scale, rounded to the nearest whole number. Of two that
 *          are equally near it is the even one. It is never more than 127 or less than -127
 * returns  the scale: the largest of all |w[i]|, divided by 127, as a float. If that is 0, all
 *          q[i] are 0
 *
 * Among the tiniest floats, near 1e-45, the scale is rounded so coarsely that w[i] / scale can
 * be more than 127: then q[i] is 127, or -127.
 *
 * Example: w {254, -100, 3, 5, 1, 0} gives the scale 2 and q {127, -50, 2, 2, 0, 0}: 3 / 2
 * is halfway between 1 and 2, 5 / 2 between 2 and 3, 1 / 2 between 0 and 1. */
float quantize_group(int n, int8_t q[restrict n], const float w[n])
{
    NOT_WRITTEN_YET();
}
