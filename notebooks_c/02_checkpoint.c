/* The exercises of chapter 2: chapters/02_checkpoint.md. Write a function's body in place of
 * NOT_WRITTEN_YET(), then:
 *   make exercise-02     what is right, what is not, and what to do next
 *   make hint-02         a hint for the next function to write
 * The functions may call each other, and everything in ../src/02_checkpoint.h. */
#include "../src/02_checkpoint.h"

/* Exercise 1: how many parameters does a GPT-2 have?
 *
 * c        V, positions, C, F and L of a model: see struct config in src/02_checkpoint.h
 * returns  how many numbers were learned, all in all
 *
 * wte [V, C] and wpe [positions, C]; L blocks; at the end a layer norm, ln_f: weight [C] and
 * bias [C]. In each block two layer norms, ln_1 and ln_2, the same; and four layers, each with
 * a matrix [in, out] and a bias [out]: c_attn C → 3C, c_proj C → C, c_fc C → F, and the other
 * c_proj F → C. The head is wte once more and adds nothing.
 *
 * Example: V = 3, positions = 2, C = 2, F = 8, L = 1. wte 6, wpe 4; ln_1 4, c_attn 12 + 6,
 * c_proj 4 + 2, ln_2 4, c_fc 16 + 8, c_proj 16 + 2; ln_f 4: in all 88.
 *
 * Multiply and add in size_t: an int ends at two billion, and models do not. */
size_t parameter_count(const struct config *c)
{
    NOT_WRITTEN_YET();
}

/* Exercise 2: a BF16 number as a float.
 *
 * A float has 32 bits: sign, 8 bits exponent, 23 bits fraction. A BF16 number is its upper 16
 * bits: sign, 8 bits exponent, 7 bits fraction. The others are 0.
 *
 * bits     the 16 bits, as a whole number
 * returns  the number that they stand for
 *
 * Example: 1.0f has the bits 0x3F800000, so bfloat16_to_float(0x3F80) is 1.
 * bfloat16_to_float(0xC040) is -3. */
float bfloat16_to_float(uint16_t bits)
{
    NOT_WRITTEN_YET();
}

/* Exercise 3: an F16 number as a float.
 *
 * bits     bit 15 is the sign s; bits 14 to 10 the exponent e, 0 to 31; bits 9 to 0 the
 *          fraction f, 0 to 1023
 * returns  the number that they stand for:
 *            e from 1 to 30   (1024 + f) * 2^(e - 25)
 *            e = 0            f * 2^-24              (the small ones, and zero)
 *            e = 31           infinity where f is 0, else not a number (INFINITY, NAN)
 *          and its negative where s is 1
 *
 * ldexpf(x, n) is x * 2^n.
 *
 * Example: 0x3C00 has e = 15 and f = 0: 1024 * 2^-10 is 1. 0xC100 has s = 1, e = 16, f = 256:
 * -1280 * 2^-9 is -2.5. */
float half_to_float(uint16_t bits)
{
    NOT_WRITTEN_YET();
}

/* Exercise 4: where in the file does a number lie?
 *
 * A safetensors file is 8 bytes with the header's length; the header; the numbers. A tensor's
 * data_offsets are counted from where the numbers begin. A matrix lies there row after row.
 *
 * header       how many bytes the header has
 * begin        the first of the tensor's two data_offsets
 * columns      how many columns the matrix has
 * size         how many bytes a number has
 * row, column  which element, counted from 0
 * returns      the byte of the file at which that number begins; the first byte is byte 0
 *
 * Example: header 80, begin 16, columns 2, size 4. Element [0][0] begins at 8 + 80 + 16 = 104,
 * [0][1] at 108, [1][0] at 112. */
size_t element_place(size_t header, size_t begin, size_t columns, size_t size, size_t row,
                     size_t column)
{
    NOT_WRITTEN_YET();
}
