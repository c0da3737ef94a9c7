/* The exercises of chapter 4: chapters/04_attention.md. Write each function's body in place of
 * NOT_WRITTEN_YET(); the last function is there, but broken: mend it. Then:
 *   make exercise-04     what is right, what is not, and what to do next
 *   make hint-04         a hint for the next function (FUNCTION=name: for that one)
 * The functions may call each other, and everything in ../src/04_attention.h. Each is graded
 * with the book's functions in place of the others. */
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

/* Exercise 2: turn scores into shares.
 *
 * n  how many; 1 or more
 * s  [n], the scores: any numbers, large and small. Some may be minus infinity, but not all
 * p  [n], to be written: p[i] = e^s[i] / (e^s[0] + … + e^s[n - 1])
 *
 * Whatever the scores are, no power may overflow: for a float, e^89 is infinity. Subtracting
 * the same number from every score changes no share.
 * e^x is expf(x), from <math.h>; expf(-INFINITY) is 0.
 *
 * Example: {0, 0} → {0.5, 0.5}. {1000, 1000} → {0.5, 0.5}. {0, 1.0986} → {0.25, 0.75}. */
void softmax(int n, float p[restrict n], const float s[n])
{
    NOT_WRITTEN_YET();
}

/* Exercise 3: the context of each token.
 *
 * T        how many tokens; 1 or more
 * D        how many numbers in a value; 1 or more
 * weights  [T, T]: weights[t][s] says how much token t takes from token s; it is 0 or more, and
 *          a row sums to 1
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
 * Pretend that scores and values arrive one by one, and each is gone when the next one
 * arrives: look at scores[s] and v[s] for s = 0, 1, …, T - 1, each once, and never go back.
 * You may keep what you like, as long as it does not grow with T.
 *
 * T        how many tokens; 1 or more
 * D        how many numbers in a value; 1 or more
 * scores   [T], of one token that asks; each from -1000 to 1000
 * v        [T, D]
 * context  [D], to be written: the sum of all p[s] * v[s], where p is the softmax of scores
 *
 * Example, T = 2, D = 2: scores = {1000, 1000}, v = {{4, 0}, {0, 8}} → {2, 4}. */
void attend_in_passing(int T, int D, float context[restrict D], const float scores[T],
                       const float v[T][D])
{
    NOT_WRITTEN_YET();
}

/* Exercise 5, to mend: the tokens of one text look at those of a second.
 *
 * N        how many tokens ask; 1 or more
 * T        how many tokens are asked; 1 or more
 * D        how many numbers in a query, a key or a value; 1 or more
 * q        [N, D], the queries of the first text
 * k, v     [T, D], the keys and values of the second
 * context  [N, D], to be written: row n is the weighted sum of all rows of v. The weights of
 *          row n are the softmax of the scores of query n: its dot products with all keys,
 *          divided by the square root of D. A score may be as large as 1000, or as small as
 *          -1000
 *
 * Example, N = 2, T = 2, D = 1: q = {{1}, {0}}, k = {{0}, {1.0986}}, v = {{0}, {4}}
 * The scores are {0, 1.0986} and {0, 0}, the weights {0.25, 0.75} and {0.5, 0.5}, so
 * context = {{3}, {2}}
 *
 * Symptoms: with a single query it is right, whichever query that is. For the example it
 * writes {{3}, {0.67}}, and with the two queries exchanged {{2}, {1.2}} and not {{2}, {3}}. */
void attend_across(int N, int T, int D, float context[restrict N][D], const float q[N][D],
                   const float k[T][D], const float v[T][D])
{
    float weight[T], largest = -INFINITY, sum = 0;
    for (int n = 0; n < N; n++) {
        for (int s = 0; s < T; s++) {
            float dot = 0;
            for (int i = 0; i < D; i++)
                dot += q[n][i] * k[s][i];
            weight[s] = dot / sqrtf((float)D);
            largest = weight[s] > largest ? weight[s] : largest;
        }
        for (int s = 0; s < T; s++) {
            weight[s] = expf(weight[s] - largest);
            sum += weight[s];
        }
        for (int i = 0; i < D; i++) {
            context[n][i] = 0;
            for (int s = 0; s < T; s++)
                context[n][i] += weight[s] / sum * v[s][i];
        }
    }
}
