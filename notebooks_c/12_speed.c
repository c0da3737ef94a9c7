/* The exercises of chapter 12: chapters/12_speed.md. Write a function's body in place of
 * NOT_WRITTEN_YET(). Then:
 *   make exercise-12     what is right, what is not, and what to do next
 *   make hint-12         a hint for the next function to write
 * The functions may call each other, and everything in ../src/12_speed.h. */
#include "../src/12_speed.h"

/* Exercise 4: a float as a BF16 number, which is the upper half of a float's 32 bits.
 *
 * x        any float
 * returns  the bits of the BF16 number nearest to x. If two are equally near, the one whose
 *          lowest bit is 0. Beyond the largest, bits 0x7F7F, counts as if the numbers went on
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
