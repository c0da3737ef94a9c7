/* The exercises of chapter 2: chapters/02_checkpoint.md. Write a function's body in place of
 * NOT_WRITTEN_YET(), then:
 *   make exercise-02     what is right, what is not, and what to do next
 *   make hint-02         a hint for the next function to write
 * The functions may call each other, and everything in ../src/02_checkpoint.h. */
#include "../src/02_checkpoint.h"

/* Exercise 1: how many parameters does a GPT-2 have? */
size_t parameter_count(const struct config *c)
{
    NOT_WRITTEN_YET();
}

/* Exercise 2: a BF16 number as a float. */
float bfloat16_to_float(uint16_t bits)
{
    NOT_WRITTEN_YET();
}

/* Exercise 3: an F16 number as a float. */
float half_to_float(uint16_t bits)
{
    NOT_WRITTEN_YET();
}

/* Exercise 4: where in the file does a number lie? */
size_t element_place(size_t header, size_t begin, size_t columns, size_t size, size_t row,
                     size_t column)
{
    NOT_WRITTEN_YET();
}
