/* The exercises of chapter 5: chapters/05_masking.md. Write a function's body in place of
 * NOT_WRITTEN_YET(), then:
 *   make exercise-05     what is right, what is not, and what to do next
 *   make hint-05         a hint for the next function to write
 * The functions may call each other, and everything in ../src/05_masking.h. */
#include "../src/05_masking.h"

/* Exercise 1: the mask. A token must not see what comes after it.
 *
 * T       how many tokens; 1 or more
 * scores  [T, T], changed in place: scores[t][s] says how much token t wants token s.
 *         Where s is later than t, it becomes minus infinity; all others stay as they are
 *
 * Minus infinity is -INFINITY, from <math.h>.
 *
 * Example: {{1, 2}, {3, 4}} becomes {{1, -inf}, {3, 4}}. */
void hide_future(int T, float scores[T][T])
{
    NOT_WRITTEN_YET();
}

/* Exercise 2: masked softmax, without a mask and without infinity.
 *
 * T        how many tokens; 1 or more
 * scores   [T, T]; what stands above the diagonal may be anything: huge, infinite, NaN.
 *          It must not matter
 * weights  [T, T], to be written: row t is the softmax of the scores of tokens 0 to t, as if
 *          there were no others; the weights of later tokens are 0
 *
 * softmax(n, p, s) of chapter 4 turns n scores into n weights.
 *
 * Example: {{5, 900}, {2, 2}} becomes {{1, 0}, {0.5, 0.5}}. */
void softmax_past(int T, float weights[restrict T][T], const float scores[T][T])
{
    NOT_WRITTEN_YET();
}

/* Exercise 3: a window. A token sees no further back than `window` tokens, itself counted.
 *
 * T       how many tokens; 1 or more
 * window  how many tokens can be seen: itself and the window - 1 just before it; 1 or more,
 *         and it may be larger than T
 * scores  [T, T], changed in place: minus infinity where token s is too far back for token
 *         t. All others stay, those of the future too: they are hide_future's business
 *
 * Example: with window 1, {{1, 2}, {3, 4}} becomes {{1, 2}, {-inf, 4}}. With window 2 it
 * stays as it is. */
void hide_distant(int T, int window, float scores[T][T])
{
    NOT_WRITTEN_YET();
}
