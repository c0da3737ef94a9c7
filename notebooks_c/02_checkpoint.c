/* The exercises of chapter 2: chapters/02_checkpoint.md. Write a function's body in place of
 * NOT_WRITTEN_YET(), or mend it, then:
 *   make exercise-02     what is right, what is not, and what to do next
 *   make hint-02         a hint for the next function (FUNCTION=name: for that one)
 * The functions may call each other, and everything in ../src/02_checkpoint.h. Each is graded
 * with the book's functions in place of the others. */
#include "../src/02_checkpoint.h"

/* Exercise 1: how many parameters does a GPT-2 have?
 *
 * c        V, positions, C, F and L of a model: see struct config in src/02_checkpoint.h. Each
 *          is 1 or more, and F need not be 4 * C
 * returns  how many numbers were learned, altogether
 *
 * The chapter counts a model by hand; its recap has every tensor and its shape. The output head
 * is wte again, so it is not counted twice. A count can be larger than an int can hold.
 *
 * Example: V = 3, positions = 2, C = 2, F = 8, L = 1 gives 88. With L = 2 it is 162. */
size_t parameter_count(const struct config *c)
{
    NOT_WRITTEN_YET();
}

/* Exercise 2: a BF16 number as a float.
 *
 * A float has 32 bits: the sign, 8 of exponent, 23 of fraction. A BF16 number is its upper 16
 * bits: the sign, 8 of exponent, 7 of fraction. The others are 0.
 *
 * bits     the 16 bits, as a whole number
 * returns  the number that they mean
 *
 * Example: 1.0f has the bits 0x3F800000, so bfloat16_to_float(0x3F80) is 1.
 * bfloat16_to_float(0xC040) is -3. */
float bfloat16_to_float(uint16_t bits)
{
    NOT_WRITTEN_YET();
}

/* Exercise 3: an F16 number as a float.
 *
 * bits     bit 15 is the sign, bits 14 to 10 the exponent, bits 9 to 0 the fraction. Each
 *          means what it means in a float, with fewer bits: see "Three ways to write a number"
 * returns  the number that they mean. Every one of them is a float, too, so nothing is
 *          rounded
 *
 * The lowest exponent is for zero and the tiniest numbers: they continue in equal steps from the
 * smallest number of the next exponent, 0x0400, down to zero. The highest is for infinity
 * (fraction 0) and for NAN, not a number (any other fraction).
 *
 * Example: 0x3C00 is 1, 0x3C01 is 1 + 1/1024, 0xC100 is -2.5, 0x7BFF is 65504. The smallest
 * are 0x0001, 2^-24, and 0x0002, 2^-23; 0x0400 is 2^-14. 0x8000 is -0, 0xFC00 is -INFINITY. */
float half_to_float(uint16_t bits)
{
    NOT_WRITTEN_YET();
}

/* Exercise 4: where in the file is a number?
 *
 * A safetensors file is 8 bytes with the header's length; the header; the numbers. A tensor's
 * data_offsets are counted from where the numbers begin. A matrix is stored row after row.
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

/* Exercise 5, to mend: which tensor does a byte belong to?
 *
 * A file's tensors follow one another without a gap, and each has one byte at least.
 *
 * n           how many tensors; 1 or more
 * begins [n]  the first of each tensor's data_offsets, in the order of the file: begins[0] is 0,
 *             and each is larger than the one before it
 * length      how many bytes all tensors have together: the last one ends there
 * byte        which byte, counted from where the numbers begin; the first is byte 0
 * returns     the tensor that it belongs to, 0 to n - 1; -1 if byte is length or more
 *
 * There may be many tensors, so the function halves the range it searches, again and again.
 *
 * Example: begins {0, 16, 40}, length 48. Bytes 0 to 15 belong to tensor 0, bytes 16 to 39 to
 * tensor 1.
 *
 * Symptoms: asked for bytes of ln_f.bias, at the end of our model's file, it answers that they
 * belong to ln_f.weight. */
int tensor_at(int n, const size_t begins[n], size_t length, size_t byte)
{
    if (byte >= length)
        return -1;
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
