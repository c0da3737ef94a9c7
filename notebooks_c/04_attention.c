/* The exercises of chapter 4: chapters/04_attention.md. Write a function's body in place of
 * NOT_WRITTEN_YET(), then:
 *   make exercise-04     what is right, what is not, and what to do next
 *   make hint-04         a hint for the next function to write
 * The functions may call each other, and everything in ../src/04_attention.h. */
#include "../src/04_attention.h"

/* Exercise 1: how much does each query want each key?
 *
 * T       how many tokens; 1 or more
 * D       how many numbers in a query or a key; 1 or more
 * q, k    [T, D]: row t is the query, or the key, of token t
 * scores  [T, T], to be written: scores[t][s] is the dot product of the query of token t
 *         and the key of token s, divided by the square root of D
 *
 * The square root of a float is sqrtf(x), from <math.h>.
 *
 * Example, T = 2, D = 4, so the root is 2:
 * q = {{1, 0, 2, 0}, {0, 1, 0, 0}}, k = {{2, 0, 1, 0}, {4, 6, 0, 0}}
 * scores = {{2, 2}, {0, 3}} */
void attention_scores(int T, int D, float scores[restrict T][T], const float q[T][D],
                      const float k[T][D])
{
    NOT_WRITTEN_YET();
}

/* Exercise 2: scores into shares.
 *
 * n  how many; 1 or more
 * s  [n], the scores: any numbers, large and small; minus infinity may be among them, but
 *    not in all places
 * p  [n], to be written: p[i] = e^s[i] / (e^s[0] + … + e^s[n - 1])
 *
 * Whatever the scores are, no power may overflow: e^89 is infinity for a float. Taking the
 * same number off every score changes no share.
 * e^x is expf(x), from <math.h>; expf(-INFINITY) is 0.
 *
 * Example: {0, 0} → {0.5, 0.5}. {1000, 1000} → {0.5, 0.5}. {0, 1.0986} → {0.25, 0.75}. */
void softmax(int n, float p[restrict n], const float s[n])
{
    NOT_WRITTEN_YET();
}

/* Exercise 3: what each token takes along.
 *
 * T        how many tokens; 1 or more
 * D        how many numbers in a value; 1 or more
 * weights  [T, T]: weights[t][s] says how much token t takes of token s; a row sums to 1
 * v        [T, D]: row s is the value of token s
 * context  [T, D], to be written: row t is the sum over all s of weights[t][s] times row s
 *          of v
 *
 * Example, T = 2, D = 3: weights = {{1, 0}, {0.25, 0.75}}, v = {{4, 0, 8}, {0, 4, 8}}
 * context = {{4, 0, 8}, {1, 3, 8}} */
void weighted_sum(int T, int D, float context[restrict T][D], const float weights[T][T],
                  const float v[T][D])
{
    NOT_WRITTEN_YET();
}

/* Exercise 4: one token's softmax and weighted sum in one pass over the tokens.
 *
 * Pretend that scores and values come one after the other, and each is gone when the next
 * one comes: look at scores[s] and v[s] for s = 0, 1, …, T - 1, each once, and never go
 * back. You may keep what you like that does not grow with T: the largest score so far, a
 * sum, and D sums.
 *
 * T        how many tokens; 1 or more
 * D        how many numbers in a value; 1 or more
 * scores   [T], of one token that asks; finite, and they may be as large as 1000
 * v        [T, D]
 * context  [D], to be written: the sum of all p[s] * v[s], where p is the softmax of scores
 *
 * Example, T = 2, D = 2: scores = {1000, 1000}, v = {{4, 0}, {0, 8}} → {2, 4}. */
void attend_in_passing(int T, int D, float context[restrict D], const float scores[T],
                       const float v[T][D])
{
    NOT_WRITTEN_YET();
}
