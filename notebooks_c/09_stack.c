/* The exercises of chapter 9: chapters/09_stack.md. Write a function's body in place of
 * NOT_WRITTEN_YET(), then:
 *   make exercise-09     what is right, what is not, and what to do next
 *   make hint-09         a hint for the next function to write
 * The functions may call each other, and everything in ../src/09_stack.h. */
#include "../src/09_stack.h"

/* Exercise 1: a score for every token of the vocabulary, at each place.
 *
 * x [T, C]       the rows after the final norm
 * head [V, C]    a vector for each token
 * logits [T, V]  set logits[t][v] to the dot product of x[t] and head[v]
 *
 * Example, T = 1, C = 2, V = 2: x {{1, 2}}, head {{3, 4}, {5, 6}} → logits {{11, 17}}. */
void final_logits(int T, int C, int V, float logits[T][V], const float x[T][C],
                  const float head[V][C])
{
    NOT_WRITTEN_YET();
}
